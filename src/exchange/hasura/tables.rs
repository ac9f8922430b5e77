//! Databases, their tables, and what is known of the columns: boundaries, datasets and fields.

use super::Import;
use super::files::Metadata;
use super::filter;
use super::yaml::{Node, Value};
use crate::exchange::NoteKind;
use crate::model::Slug;
use crate::model::data::{Dataset, Field};
use crate::model::reference::{BoundaryLink, DatasetLink};
use crate::model::text::Text;
use crate::model::topology::{Boundary, BoundaryKind, Trust};
use std::collections::BTreeMap;

/// The lists of permissions of a table.
pub const PERMISSIONS: [&str; 4] =
    ["select_permissions", "insert_permissions", "update_permissions", "delete_permissions"];

/// Why a table that stands in the folder alone is out of scope.
pub const UNTRACKED: &str = "Hasura does not track it: no list of tables includes its file.";

/// A table by its database, its schema where the database has schemas, and its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableName {
    /// The name of the source in the metadata.
    pub source: String,
    /// The schema.
    pub schema: Option<String>,
    /// The name in the schema.
    pub name: String,
}

/// A table and the dataset that was made of it.
pub struct Table<'a> {
    /// Which table.
    pub name: TableName,
    /// What kind of database it is in: postgres, mssql ...
    pub kind: &'a str,
    /// What slugs of this database start with.
    pub prefix: String,
    /// The dataset.
    pub dataset: DatasetLink,
    /// What the metadata says of it.
    pub node: &'a Node,
}

/// A database.
pub struct Database<'a> {
    /// The name of the source in the metadata.
    pub name: &'a str,
    /// What kind of database it is: postgres, mssql ...
    pub kind: &'a str,
    /// What the metadata says of it.
    pub node: &'a Node,
    /// What slugs of its tables and functions start with, so that those of several databases differ.
    prefix: String,
}

/// Every database and every table.
pub struct Tables<'a> {
    /// The databases in the order of the file.
    pub databases: Vec<Database<'a>>,
    /// The tables in the order of the files.
    pub list: Vec<Table<'a>>,
    by_name: BTreeMap<TableName, usize>,
}

impl<'a> Tables<'a> {
    /// The table of a name.
    pub fn find(&self, name: &TableName) -> Option<&Table<'a>> {
        self.list.get(*self.by_name.get(name)?)
    }
}

impl Database<'_> {
    /// The name that a node gives to a table or a function.
    pub fn name_of(&self, node: &Node) -> Option<TableName> {
        table_name(self.name, self.kind, node)
    }

    /// What a slug for it is made of: `schema.name`, with the source before it unless that is the default one.
    pub fn qualified(&self, name: &TableName) -> String {
        match &name.schema {
            Some(schema) => format!("{}{schema}.{}", self.prefix, name.name),
            None => format!("{}{}", self.prefix, name.name),
        }
    }
}

/// The name that a node gives to a table: a text, a map, or (data connectors) the parts of a path.
pub fn table_name(source: &str, kind: &str, node: &Node) -> Option<TableName> {
    let default_schema = match kind {
        "postgres" | "pg" | "citus" | "cockroach" | "alloy" => Some("public"),
        "mssql" => Some("dbo"),
        _ => None,
    };
    let (schema, name) = match &node.value {
        Value::Text(name) => (default_schema.map(str::to_owned), name.clone()),
        Value::List(parts) => {
            let (name, schema) = parts.split_last()?;
            let schema = schema.iter().filter_map(Node::text).collect::<Vec<_>>().join(".");
            (Some(schema).filter(|schema| !schema.is_empty()), name.text()?.to_owned())
        }
        _ => {
            let schema = node.text_at("schema").or_else(|| node.text_at("dataset")).or(default_schema);
            (schema.map(str::to_owned), node.text_at("name")?.to_owned())
        }
    };
    Some(TableName { source: source.to_owned(), schema, name }).filter(|table| !table.name.is_empty())
}

/// Makes boundaries of the databases and datasets of their tables.
pub fn read<'a>(import: &mut Import, metadata: &'a Metadata) -> Tables<'a> {
    let several = metadata.sources.len() > 1;
    let mut tables = Tables { databases: Vec::new(), list: Vec::new(), by_name: BTreeMap::new() };
    for node in &metadata.sources {
        let name = node.text_at("name").unwrap_or("default");
        let prefix = if several && name != "default" { format!("{name}.") } else { String::new() };
        let database = Database { name, kind: node.text_at("kind").unwrap_or("postgres"), node, prefix };
        read_database(import, &database, &mut tables);
        tables.databases.push(database);
    }
    for node in &metadata.unlisted {
        read_unlisted(import, &tables, node);
    }
    tables
}

/// A table that stands in the folder, but that Hasura does not track: people take it for exposed, or for protected.
fn read_unlisted(import: &mut Import, tables: &Tables<'_>, node: &Node) {
    let owner = |database: &&Database<'_>| node.file.contains(&format!("databases/{}/", database.name));
    let Some(database) = tables.databases.iter().find(owner).or(tables.databases.first()) else { return };
    let Some(name) = node.get("table").and_then(|table| database.name_of(table)) else { return };
    let wanted = Slug::from_name(&database.qualified(&name));
    if tables.find(&name).is_some() || import.is_node(&wanted) {
        return;
    }
    let around = match &name.schema {
        Some(schema) => Slug::from_name(&format!("db-{}.{schema}", database.name)),
        None => Slug::from_name(&format!("db-{}", database.name)),
    };
    if !import.model.boundaries.contains_key(&around) {
        return;
    }
    let dataset = Dataset {
        out_of_scope: Text::from(UNTRACKED),
        ..read_dataset(node, &database.qualified(&name), BoundaryLink(around))
    };
    import.model.datasets.insert(wanted, dataset);
}

fn read_database<'a>(import: &mut Import, database: &Database<'a>, tables: &mut Tables<'a>) {
    let slug = Slug::from_name(&format!("db-{}", database.name));
    let outer = add_boundary(import, slug, database.name, None, database.node);
    for unread in ["logical_models", "native_queries", "stored_procedures"] {
        if let Some(first) = database.node.items_at(unread).first() {
            let message = format!("`{unread}` are not read: who may reach what they return is not in the model");
            import.note(NoteKind::Incomplete, first, message);
        }
    }
    for node in database.node.items_at("tables") {
        // What stands where an include failed; a note says so already.
        if node.is_null() {
            continue;
        }
        let Some(name) = node.get("table").and_then(|table| database.name_of(table)) else {
            import.note(NoteKind::Incomplete, node, "the name of a table is missing: the entry was left out");
            continue;
        };
        if let Some(first) = tables.find(&name) {
            let place = first.node.source();
            import.note(NoteKind::Incomplete, node, format!("the table was read already at {place}: left out here"));
            continue;
        }
        let boundary = match &name.schema {
            Some(schema) => {
                let slug = Slug::from_name(&format!("db-{}.{schema}", database.name));
                add_boundary(import, slug, schema, Some(outer.clone()), database.node)
            }
            None => outer.clone(),
        };
        let dataset = read_dataset(node, &database.qualified(&name), boundary);
        let slug = Slug::from_name(&database.qualified(&name)).free(|slug| import.is_node(slug));
        import.model.datasets.insert(slug.clone(), dataset);
        tables.by_name.insert(name.clone(), tables.list.len());
        let (kind, prefix) = (database.kind, database.prefix.clone());
        tables.list.push(Table { name, kind, prefix, dataset: DatasetLink(slug), node });
        import.add_platform_secrets(node);
    }
}

fn add_boundary(import: &mut Import, slug: Slug, title: &str, parent: Option<BoundaryLink>, at: &Node) -> BoundaryLink {
    import.model.boundaries.entry(slug.clone()).or_insert_with(|| Boundary {
        title: Text::new(title),
        kind: Some(BoundaryKind::Database),
        parent,
        trust: Some(Trust::Internal),
        source: Some(at.source()),
        // Where a database runs, and who else reaches it, is not in the files.
        assumed: vec![Text::from("trust")],
        ..Boundary::default()
    });
    BoundaryLink(slug)
}

fn read_dataset(node: &Node, qualified: &str, boundary: BoundaryLink) -> Dataset {
    let configuration = node.get("configuration");
    let custom_name = configuration.and_then(|configuration| configuration.text_at("custom_name"));
    let comment = configuration.and_then(|configuration| configuration.text_at("comment"));
    let is_enum = node.get("is_enum").and_then(Node::flag) == Some(true);
    Dataset {
        title: Text::new(custom_name.unwrap_or(qualified)),
        about: Text::new(comment.unwrap_or_default()),
        boundary: Some(boundary),
        fields: read_fields(node),
        // The metadata names columns only where it has something to say of them.
        fields_complete: None,
        notes: Text::from(if is_enum { "The names of its rows are part of the schema (an enum table)." } else { "" }),
        source: Some(node.get("table").unwrap_or(node).source()),
        ..Dataset::default()
    }
}

/// Every column that the metadata of a table names.
fn read_fields(node: &Node) -> BTreeMap<Text, Field> {
    let mut fields: BTreeMap<Text, Field> = BTreeMap::new();
    let mut add = |name: &str| {
        fields.entry(Text::new(name)).or_default();
    };
    for part in ["column_config", "custom_column_names"] {
        let configured = node.at(&["configuration", part]).map_or(&[][..], Node::entries);
        configured.iter().for_each(|(name, _)| add(name));
    }
    for permission in PERMISSIONS.iter().flat_map(|list| node.items_at(list)) {
        let Some(permission) = permission.get("permission") else { continue };
        permission.items_at("columns").iter().filter_map(Node::text).for_each(&mut add);
        permission.get("set").map_or(&[][..], Node::entries).iter().for_each(|(name, _)| add(name));
        let conditions = ["filter", "check"].into_iter().filter_map(|name| permission.get(name));
        conditions.flat_map(filter::columns).for_each(|name| add(&name));
    }
    for (name, configured) in node.at(&["configuration", "column_config"]).map_or(&[][..], Node::entries) {
        if let (Some(comment), Some(field)) = (configured.text_at("comment"), fields.get_mut(name.as_str())) {
            field.notes = Text::new(comment);
        }
    }
    for computed in node.items_at("computed_fields") {
        if let Some(name) = computed.text_at("name") {
            fields.entry(Text::new(name)).or_default().notes = Text::from("Computed by a function.");
        }
    }
    fields
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::exchange::hasura::yaml;

    #[test]
    fn tables_are_named_in_several_ways() {
        for (kind, name, meant) in [
            ("postgres", "users", Some("public users")),
            ("mssql", "users", Some("dbo users")),
            ("sqlite", "users", Some("- users")),
            ("postgres", "{schema: s, name: users}", Some("s users")),
            ("bigquery", "{dataset: d, name: users}", Some("d users")),
            ("sqlite", "[main, users]", Some("main users")),
            ("sqlite", "[users]", Some("- users")),
            ("postgres", "{schema: s}", None),
            ("postgres", "''", None),
            ("sqlite", "[]", None),
        ] {
            let found = table_name("x", kind, &yaml::read("f", name.as_bytes()).unwrap());
            let found = found.map(|table| format!("{} {}", table.schema.as_deref().unwrap_or("-"), table.name));
            assert_eq!(found.as_deref(), meant, "{kind} {name}");
        }
    }
}

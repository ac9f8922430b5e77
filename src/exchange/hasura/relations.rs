//! The ways from a table to others that a query can follow.

use super::Import;
use super::tables::{Table, TableName, Tables, table_name};
use super::yaml::{Node, Value};
use crate::exchange::NoteKind;
use crate::model::data::{Cardinality, Relation};
use crate::model::reference::DatasetLink;
use crate::model::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Where foreign keys lead, as far as the relationships of the tables at their other ends say: by the table and the
/// columns that hold the key.
type ForeignKeys = BTreeMap<(TableName, Vec<String>), BTreeSet<TableName>>;

/// Adds the relations, and the columns on which they join, to the datasets.
pub fn read(import: &mut Import, tables: &Tables) {
    let keys = foreign_keys(tables);
    let mut unresolved: Vec<&Node> = Vec::new();
    let mut incomplete: BTreeSet<&DatasetLink> = BTreeSet::new();
    let mut to_remote_schemas: Vec<&Node> = Vec::new();
    for table in &tables.list {
        for (list, cardinality) in
            [("object_relationships", Cardinality::One), ("array_relationships", Cardinality::Many)]
        {
            for node in table.node.items_at(list) {
                match read_relationship(table, node, &keys) {
                    Some(joined) if add(import, tables, table, node, cardinality, &joined) => {}
                    _ => {
                        unresolved.push(node);
                        incomplete.insert(&table.dataset);
                    }
                }
            }
        }
        for node in table.node.items_at("remote_relationships") {
            match node.at(&["definition", "to_source"]) {
                Some(target) => {
                    let many = target.text_at("relationship_type") == Some("array");
                    let cardinality = if many { Cardinality::Many } else { Cardinality::One };
                    let joined = read_to_source(tables, target);
                    if !joined.is_some_and(|joined| add(import, tables, table, node, cardinality, &joined)) {
                        unresolved.push(node);
                        incomplete.insert(&table.dataset);
                    }
                }
                None => to_remote_schemas.push(node),
            }
        }
    }
    if let Some(first) = unresolved.first() {
        let message = format!(
            "relationships left out, because the files do not say to which tracked table they lead: {}",
            unresolved.len()
        );
        import.note(NoteKind::Warning, first, message);
    }
    for dataset in incomplete {
        if let Some(dataset) = import.model.datasets.get_mut(dataset.slug()) {
            dataset.relations_complete = Some(false);
        }
    }
    if let Some(first) = to_remote_schemas.first() {
        let message = format!(
            "relationships left out, because they lead to remote schemas, whose data is not in the model: {}",
            to_remote_schemas.len()
        );
        import.note(NoteKind::Info, first, message);
    }
}

/// The other end of a relationship where it is known, and the columns that join, as far as they are.
struct Joined {
    to: Option<TableName>,
    here: Vec<String>,
    there: Vec<String>,
}

fn read_relationship(table: &Table, node: &Node, keys: &ForeignKeys) -> Option<Joined> {
    let using = node.get("using")?;
    let table_at = |node| table_name(&table.name.source, table.kind, node);
    if let Some(manual) = using.get("manual_configuration") {
        let to = manual.get("remote_table").and_then(table_at);
        let (here, there) = pairs(manual.get("column_mapping")?);
        return Some(Joined { to, here, there });
    }
    let key = using.get("foreign_key_constraint_on")?;
    if let Some(other) = key.get("table") {
        let there = column_names(key.get("columns").or_else(|| key.get("column"))?);
        return Some(Joined { to: table_at(other), here: Vec::new(), there });
    }
    let here = column_names(key.get("columns").or_else(|| key.get("column")).unwrap_or(key));
    // A column may be part of several keys; then the files do not tell which one is meant.
    let ends: Vec<&TableName> = keys.get(&(table.name.clone(), here.clone())).into_iter().flatten().collect();
    let to = if let [one] = ends[..] { Some(one.clone()) } else { None };
    Some(Joined { to, here, there: Vec::new() })
}

fn read_to_source(tables: &Tables, target: &Node) -> Option<Joined> {
    let source = target.text_at("source")?;
    let database = tables.databases.iter().find(|database| database.name == source)?;
    let (here, there) = pairs(target.get("field_mapping")?);
    Some(Joined { to: database.name_of(target.get("table")?), here, there })
}

/// Adds the columns, and the relation if its other end is known; says whether it is.
fn add(
    import: &mut Import,
    tables: &Tables,
    table: &Table,
    node: &Node,
    cardinality: Cardinality,
    joined: &Joined,
) -> bool {
    add_fields(import, &table.dataset, &joined.here);
    let other = joined.to.as_ref().and_then(|to| tables.find(to));
    let (Some(other), Some(name)) = (other, node.text_at("name")) else { return false };
    let on = match (joined.here.is_empty(), joined.there.is_empty()) {
        (false, false) => {
            joined.here.iter().zip(&joined.there).map(|(here, there)| format!("{here} = {there}")).collect()
        }
        (false, true) => joined.here.clone(),
        _ => joined.there.clone(),
    };
    let relation = Relation {
        to: other.dataset.clone(),
        cardinality: Some(cardinality),
        on: on.into_iter().map(Text::from).collect(),
        source: Some(node.source()),
    };
    if let Some(dataset) = import.model.datasets.get_mut(table.dataset.slug()) {
        dataset.relations.insert(Text::new(name), relation);
    }
    add_fields(import, &other.dataset, &joined.there);
    true
}

fn add_fields(import: &mut Import, dataset: &DatasetLink, columns: &[String]) {
    if let Some(dataset) = import.model.datasets.get_mut(dataset.slug()) {
        for column in columns {
            dataset.fields.entry(Text::new(column)).or_default();
        }
    }
}

/// What the relationships of the tables at the other ends tell of the foreign keys.
fn foreign_keys(tables: &Tables) -> ForeignKeys {
    let mut keys = ForeignKeys::new();
    for table in &tables.list {
        for node in ["array_relationships", "object_relationships"].iter().flat_map(|list| table.node.items_at(list)) {
            let Some(key) = node.at(&["using", "foreign_key_constraint_on"]) else { continue };
            let holder = key.get("table").and_then(|other| table_name(&table.name.source, table.kind, other));
            let columns = key.get("columns").or_else(|| key.get("column")).map(column_names);
            if let (Some(holder), Some(columns)) = (holder, columns) {
                keys.entry((holder, columns)).or_default().insert(table.name.clone());
            }
        }
    }
    keys
}

fn column_names(node: &Node) -> Vec<String> {
    match &node.value {
        Value::Text(name) => vec![name.clone()],
        _ => node.items().iter().filter_map(Node::text).map(str::to_owned).collect(),
    }
}

fn pairs(mapping: &Node) -> (Vec<String>, Vec<String>) {
    let known = mapping.entries().iter().filter_map(|(here, there)| Some((here.clone(), there.text()?.to_owned())));
    known.unzip()
}

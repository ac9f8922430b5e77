//! Permissions on tables: who may do what with which columns of which rows.

use super::tables::{PERMISSIONS, Table, Tables};
use super::yaml::{Node, Value};
use super::{Import, filter, graphql};
use crate::exchange::NoteKind;
use crate::model::access::Grant;
use crate::model::facts::{Certainty, Fields, Limit, Operation, PostCheck, Rows};
use crate::model::text::Text;

/// The direct ways in that Hasura opens unless the permission lists some.
const QUERY_WAYS: [&str; 3] = ["select", "select_by_pk", "select_aggregate"];
const SUBSCRIPTION_WAYS: [&str; 4] = ["select", "select_by_pk", "select_aggregate", "select_stream"];

/// Adds a grant for every entry of every table.
pub fn read(import: &mut Import, tables: &Tables) {
    for table in &tables.list {
        for list in PERMISSIONS {
            for entry in table.node.items_at(list) {
                read_entry(import, table, list, entry);
            }
        }
    }
}

fn read_entry(import: &mut Import, table: &Table, list: &str, entry: &Node) {
    let at = entry.get("role").unwrap_or(entry);
    let Some(role) = import.role(at) else { return };
    let empty = Node::default();
    let permission = entry.get("permission").unwrap_or(&empty);
    if permission.get("validate_input").is_some() {
        let message = "what is written is sent to a webhook for validation: the call is not in the model";
        import.note(NoteKind::Info, at, message);
    }
    let grant = Grant {
        role,
        endpoint: graphql(),
        dataset: Some(table.dataset.clone()),
        presets: permission.get("set").map_or(&[][..], Node::entries).iter().map(|(name, _)| Text::new(name)).collect(),
        certainty: Some(Certainty::Declared),
        notes: Text::new(entry.text_at("comment").unwrap_or_default()),
        source: Some(at.source()),
        ..Grant::default()
    };
    let grant = match list {
        "select_permissions" => select(import, permission, at, grant),
        "insert_permissions" => Grant {
            op: Some(Operation::Create),
            // Hasura takes absent columns for all, in this kind of permission alone.
            fields: Some(fields(permission).unwrap_or(Fields::All)),
            rows: rows(import, permission, "check", at),
            backend_only: Some(flag(permission, "backend_only")),
            ..grant
        },
        "update_permissions" => Grant {
            op: Some(Operation::Update),
            fields: known_fields(import, permission, at),
            rows: rows(import, permission, "filter", at),
            post_check: post_check(import, permission, at),
            backend_only: Some(flag(permission, "backend_only")),
            ..grant
        },
        _ => Grant {
            op: Some(Operation::Delete),
            rows: rows(import, permission, "filter", at),
            backend_only: Some(flag(permission, "backend_only")),
            ..grant
        },
    };
    import.add_grant(table.dataset.slug().as_str(), grant, at);
}

fn select(import: &mut Import, permission: &Node, at: &Node, grant: Grant) -> Grant {
    let aggregates = flag(permission, "allow_aggregations");
    let (root, root_fields) = direct_ways(permission, aggregates);
    let limit = match permission.get("limit").map(Node::count) {
        None => Some(Limit::Unlimited),
        Some(Some(count)) => Some(Limit::AtMost(count)),
        Some(None) => {
            import.note(NoteKind::Incomplete, at, "the limit is not a whole number: left unknown");
            None
        }
    };
    Grant {
        op: Some(Operation::Read),
        fields: known_fields(import, permission, at),
        rows: rows(import, permission, "filter", at),
        limit,
        aggregates: Some(aggregates),
        root: Some(root),
        root_fields,
        ..grant
    }
}

fn flag(permission: &Node, name: &str) -> bool {
    permission.get(name).and_then(Node::flag).unwrap_or(false)
}

/// The columns, then the computed fields.
fn fields(permission: &Node) -> Option<Fields> {
    let columns = permission.get("columns")?;
    match &columns.value {
        Value::Text(star) if star == "*" => Some(Fields::All),
        Value::List(columns) => {
            let names = columns.iter().chain(permission.items_at("computed_fields"));
            Some(Fields::Only(names.filter_map(Node::text).map(Text::new).collect()))
        }
        _ => None,
    }
}

fn known_fields(import: &mut Import, permission: &Node, at: &Node) -> Option<Fields> {
    let fields = fields(permission);
    if fields.is_none() {
        import.note(NoteKind::Incomplete, at, "the permission names no columns: left unknown");
    }
    fields
}

fn rows(import: &mut Import, permission: &Node, name: &str, at: &Node) -> Option<Rows> {
    let rows = permission.get(name).and_then(filter::rows);
    if rows.is_none() {
        let message = format!("the `{name}` is missing or not a condition: the rows are left unknown");
        import.note(NoteKind::Incomplete, permission.get(name).unwrap_or(at), message);
    }
    rows
}

fn post_check(import: &mut Import, permission: &Node, at: &Node) -> Option<PostCheck> {
    match permission.get("check") {
        None => Some(PostCheck::Missing),
        Some(_) => rows(import, permission, "check", at).map(PostCheck::Must),
    }
}

/// Whether the table can be asked for directly, and in which ways where not all are open.
fn direct_ways(permission: &Node, aggregates: bool) -> (bool, Vec<Text>) {
    let queries = permission.get("query_root_fields");
    let subscriptions = permission.get("subscription_root_fields");
    if queries.is_none() && subscriptions.is_none() {
        return (true, Vec::new());
    }
    let open = |listed: Option<&Node>, all: &[&str]| -> Vec<String> {
        match listed {
            Some(listed) => listed.items().iter().filter_map(Node::text).map(str::to_owned).collect(),
            None => all
                .iter()
                .filter(|way| aggregates || **way != "select_aggregate")
                .map(|way| (*way).to_owned())
                .collect(),
        }
    };
    let subscribed = open(subscriptions, &SUBSCRIPTION_WAYS).into_iter().map(|way| format!("subscription:{way}"));
    let ways: Vec<Text> = open(queries, &QUERY_WAYS).into_iter().chain(subscribed).map(Text::from).collect();
    (!ways.is_empty(), ways)
}

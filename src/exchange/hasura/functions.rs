//! Database functions and stored queries that can be called.

use super::files::Metadata;
use super::tables::{Database, Tables};
use super::yaml::Node;
use super::{Import, endpoint_of, quoted};
use crate::exchange::NoteKind;
use crate::model::text::Text;
use crate::model::topology::{Endpoint, EndpointKind};

/// Adds an endpoint for every function and every REST endpoint.
pub fn read(import: &mut Import, metadata: &Metadata, tables: &Tables) {
    for database in &tables.databases {
        for function in database.node.items_at("functions") {
            // What stands where an include failed; a note says so already.
            if !function.is_null() {
                read_function(import, database, function);
            }
        }
    }
    read_rest_endpoints(import, metadata.items("rest_endpoints"));
}

fn read_function(import: &mut Import, database: &Database, function: &Node) {
    let Some(name) = function.get("function").and_then(|name| database.name_of(name)) else {
        import.note(NoteKind::Incomplete, function, "the name of a function is missing: the entry was left out");
        return;
    };
    let configuration = |name: &str| function.at(&["configuration", name]);
    // Where the field is not named, Hasura names it after the function.
    let operation = function
        .at(&["configuration", "custom_root_fields", "function"])
        .or_else(|| configuration("custom_name"))
        .and_then(Node::text)
        .unwrap_or(&name.name);
    let qualified = database.qualified(&name);
    let endpoint = Endpoint {
        title: Text::new(&qualified),
        purpose: Text::new(function.text_at("comment").unwrap_or_default()),
        ..endpoint_of(EndpointKind::Function, operation, function.source())
    };
    let Some(endpoint) = import.add_endpoint(&format!("function-{qualified}"), endpoint, function) else { return };
    let permissions = function.items_at("permissions");
    import.grant_execute(permissions, &endpoint);
    if permissions.is_empty() {
        let exposed_as = configuration("exposed_as").and_then(Node::text);
        let message = if exposed_as == Some("mutation") {
            format!("the function {} has no permissions: only the administrator can call it", quoted(&qualified))
        } else {
            format!(
                "the function {} has no permissions: while functions are inferred (`functions_inferred`, on unless \
                 HASURA_GRAPHQL_INFER_FUNCTION_PERMISSIONS is false) whoever may read the table that it returns can \
                 call it, else nobody",
                quoted(&qualified)
            )
        };
        import.note(NoteKind::Info, function, message);
    }
}

fn read_rest_endpoints(import: &mut Import, entries: &[Node]) {
    if let Some(first) = entries.first() {
        let message = "REST endpoints have no permissions of their own: each runs the stored query that `operation` \
                       names, with the role of the caller";
        import.note(NoteKind::Info, first, message);
    }
    for entry in entries {
        let Some(url) = entry.text_at("url") else {
            import.note(NoteKind::Incomplete, entry, "the url of a REST endpoint is missing: the entry was left out");
            continue;
        };
        let methods: Vec<&str> = entry.items_at("methods").iter().filter_map(Node::text).collect();
        let name = entry.text_at("name").unwrap_or(url);
        let query = entry.at(&["definition", "query"]).and_then(|query| query.text_at("query_name"));
        let endpoint = Endpoint {
            purpose: Text::new(entry.text_at("comment").unwrap_or_default()),
            method: Some(Text::from(methods.join(", "))).filter(|methods| !methods.is_empty()),
            path: Some(Text::from(format!("/api/rest/{}", url.trim_start_matches('/')))),
            operation: query.map(Text::new),
            ..endpoint_of(EndpointKind::Rest, name, entry.source())
        };
        import.add_endpoint(&format!("rest-{name}"), endpoint, entry);
    }
}

//! Calls out of the platform: remote schemas, event triggers, and what runs on a schedule.

use super::files::Metadata;
use super::secrets::safe_address;
use super::tables::{Table, Tables};
use super::yaml::Node;
use super::{Import, endpoint_of, quoted};
use crate::exchange::NoteKind;
use crate::model::Slug;
use crate::model::reference::NodeLink;
use crate::model::text::Text;
use crate::model::topology::{Endpoint, EndpointKind, Flow};

/// Where a call goes to.
pub struct Address {
    /// The address without secrets; an environment variable as `{{NAME}}`.
    pub shown: Text,
    /// Whether the way there is encrypted; unknown where the start of the address is not in the files.
    pub encrypted: Option<bool>,
    /// The protocol, where it is known.
    pub protocol: Option<Text>,
}

/// The address under a name, or the environment variable that holds it.
pub fn address(node: &Node, name: &str) -> Option<Address> {
    let from_env = format!("{name}_from_env");
    let variable = node.text_at(&from_env).or_else(|| node.get(name)?.text_at("from_env"));
    if let Some(variable) = variable {
        let shown = Text::from(format!("{{{{{variable}}}}}"));
        return Some(Address { shown, encrypted: None, protocol: None });
    }
    let text = node.text_at(name)?;
    let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    let (encrypted, protocol) = match scheme.as_deref() {
        Some("https") => (Some(true), Some(Text::from("https"))),
        Some("http") => (Some(false), Some(Text::from("http"))),
        _ => (None, None),
    };
    Some(Address { shown: Text::from(safe_address(text)), encrypted, protocol })
}

/// Adds the endpoints, their grants, and the flows of events.
pub fn read(import: &mut Import, metadata: &Metadata, tables: &Tables) {
    read_remote_schemas(import, metadata.items("remote_schemas"));
    for table in &tables.list {
        for trigger in table.node.items_at("event_triggers") {
            read_event_trigger(import, table, trigger);
        }
    }
    for trigger in metadata.items("cron_triggers") {
        let Some(name) = name_of(import, trigger, "a cron trigger") else { continue };
        let schedule = trigger.text_at("schedule").unwrap_or("unknown");
        let endpoint = Endpoint {
            purpose: Text::new(trigger.text_at("comment").unwrap_or_default()),
            handler: address(trigger, "webhook").map(|webhook| webhook.shown),
            literal_secrets: import.report_secrets(trigger),
            notes: Text::from(format!("Schedule: {schedule}.")),
            ..endpoint_of(EndpointKind::Schedule, name, trigger.source())
        };
        import.add_endpoint(&format!("cron-{name}"), endpoint, trigger);
    }
}

fn name_of<'a>(import: &mut Import, node: &'a Node, what: &str) -> Option<&'a str> {
    let name = node.text_at("name");
    if name.is_none() {
        import.note(NoteKind::Incomplete, node, format!("the name of {what} is missing: the entry was left out"));
    }
    name
}

fn read_remote_schemas(import: &mut Import, schemas: &[Node]) {
    if let Some(first) = schemas.first() {
        let message = "whether permissions on remote schemas are enforced is not in the files: unless \
                       HASURA_GRAPHQL_ENABLE_REMOTE_SCHEMA_PERMISSIONS is true, every role may ask for everything";
        import.note(NoteKind::Warning, first, message);
    }
    for schema in schemas {
        let Some(name) = name_of(import, schema, "a remote schema") else { continue };
        let empty = Node::default();
        let definition = schema.get("definition").unwrap_or(&empty);
        let endpoint = Endpoint {
            purpose: Text::new(schema.text_at("comment").unwrap_or_default()),
            handler: address(definition, "url").map(|url| url.shown),
            forwards_client_headers: Some(
                definition.get("forward_client_headers").and_then(Node::flag).unwrap_or(false),
            ),
            literal_secrets: import.report_secrets(schema),
            ..endpoint_of(EndpointKind::RemoteSchema, name, schema.source())
        };
        let Some(endpoint) = import.add_endpoint(&format!("remote-{name}"), endpoint, schema) else { continue };
        import.grant_execute(schema.items_at("permissions"), &endpoint);
    }
}

/// A change of a table calls a webhook with the old and the new row.
fn read_event_trigger(import: &mut Import, table: &Table, trigger: &Node) {
    let Some(name) = name_of(import, trigger, "an event trigger") else { return };
    let webhook = address(trigger, "webhook");
    if webhook.as_ref().is_some_and(|webhook| webhook.encrypted == Some(false)) {
        let message = format!("the event trigger {} sends rows without encryption: use https", quoted(name));
        import.note(NoteKind::Warning, trigger, message);
    }
    let (encrypted, protocol) = webhook.as_ref().map_or((None, None), |to| (to.encrypted, to.protocol.clone()));
    let endpoint = Endpoint {
        handler: webhook.map(|webhook| webhook.shown),
        literal_secrets: import.report_secrets(trigger),
        ..endpoint_of(EndpointKind::Event, name, trigger.source())
    };
    let wanted = format!("event-{}{name}", table.prefix);
    let Some(endpoint) = import.add_endpoint(&wanted, endpoint, trigger) else { return };
    let flow = Flow {
        from: NodeLink(table.dataset.slug().clone()),
        to: NodeLink(endpoint.slug().clone()),
        data: vec![table.dataset.clone()],
        encrypted,
        protocol,
        notes: Text::from(occasions(trigger)),
        source: Some(trigger.source()),
        ..Flow::default()
    };
    let wanted = Slug::from_name(&format!("{}-to-{endpoint}", table.dataset));
    let slug = wanted.free(|slug| import.model.flows.contains_key(slug));
    import.model.flows.insert(slug, flow);
}

/// On what occasions an event is sent, and with which columns.
fn occasions(trigger: &Node) -> String {
    let mut lines = Vec::new();
    for occasion in ["insert", "update", "delete"] {
        let Some(what) = trigger.at(&["definition", occasion]) else { continue };
        let sent = what.get("payload").or_else(|| what.get("columns"));
        let columns: Vec<&str> = sent.map_or(&[][..], Node::items).iter().filter_map(Node::text).collect();
        let columns = if columns.is_empty() { "all columns".to_owned() } else { columns.join(", ") };
        lines.push(format!("On {occasion}: {columns}."));
    }
    lines.join("\n")
}

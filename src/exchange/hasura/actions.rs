//! Actions: handlers behind the GraphQL endpoint, called with what the caller sends.

use super::callouts::address;
use super::secrets::is_from_session;
use super::yaml::Node;
use super::{Import, endpoint_of, quoted};
use crate::exchange::NoteKind;
use crate::model::text::Text;
use crate::model::topology::{Endpoint, EndpointKind};

/// Adds an endpoint for every action, and a grant for every role that may call it.
pub fn read(import: &mut Import, actions: &[Node]) {
    for action in actions {
        read_action(import, action);
    }
}

fn read_action(import: &mut Import, action: &Node) {
    let Some(name) = action.text_at("name") else {
        import.note(NoteKind::Incomplete, action, "the name of an action is missing: the entry was left out");
        return;
    };
    let empty = Node::default();
    let definition = action.get("definition").unwrap_or(&empty);
    let handler = address(definition, "handler");
    if handler.as_ref().is_some_and(|handler| handler.encrypted == Some(false)) {
        let message = format!("the action {} calls its handler without encryption: use https", quoted(name));
        import.note(NoteKind::Warning, definition.get("handler").unwrap_or(action), message);
    }
    check_headers(import, name, definition);
    let is_asynchronous = definition.text_at("kind") == Some("asynchronous");
    let endpoint = Endpoint {
        purpose: Text::new(action.text_at("comment").unwrap_or_default()),
        handler: handler.map(|handler| handler.shown),
        forwards_client_headers: Some(definition.get("forward_client_headers").and_then(Node::flag).unwrap_or(false)),
        literal_secrets: import.report_secrets(action),
        notes: Text::from(if is_asynchronous { "Runs later: the caller asks for the result." } else { "" }),
        ..endpoint_of(EndpointKind::Action, name, action.source())
    };
    let Some(endpoint) = import.add_endpoint(&format!("action-{name}"), endpoint, action) else { return };
    let permissions = action.items_at("permissions");
    if permissions.is_empty() {
        let message = format!("the action {} has no permissions: only the administrator can call it", quoted(name));
        import.note(NoteKind::Info, action, message);
    }
    import.grant_execute(permissions, &endpoint);
}

/// Reports what a caller knows and the handler gets as a proof.
fn check_headers(import: &mut Import, name: &str, definition: &Node) {
    for header in definition.items_at("headers") {
        let is_authorization = header.text_at("name").is_some_and(|name| name.eq_ignore_ascii_case("authorization"));
        let Some(value) = header.get("value").filter(|value| is_from_session(value)) else { continue };
        let is_bearer = value.text().is_some_and(|text| text.trim_start().to_ascii_lowercase().starts_with("bearer"));
        if is_authorization || is_bearer {
            let message = format!(
                "the action {} passes a session variable as a bearer token: the caller knows its value, and so may \
                 others, so that it proves nothing; sign it, or send a secret of the platform",
                quoted(name)
            );
            import.note(NoteKind::Warning, value, message);
        }
    }
}

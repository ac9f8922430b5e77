//! Secrets that stand in the files as they are. Only their places are kept: no function here returns a value.

use super::yaml::{Node, Value};
use crate::model::conduct::{SecretKind, SecretPlace};
use crate::model::text::{Text, one_line};

/// What the name of a setting contains when it holds a secret; compared without case, `_`, `-` and spaces.
const SECRET_WORDS: [&str; 11] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "apikey",
    "privatekey",
    "accesskey",
    "authorization",
    "credential",
    "bearer",
    "cookie",
];

/// Settings that hold a whole connection string.
const CONNECTION_SETTINGS: [&str; 3] = ["databaseurl", "connectionstring", "connectionuri"];

/// Parts in which names are those of columns and tables, not of settings. Event triggers are read by their own module.
const NAMES_OF_DATA: [&str; 10] = [
    "check",
    "column_config",
    "column_mapping",
    "columns",
    "custom_column_names",
    "custom_root_fields",
    "event_triggers",
    "field_mapping",
    "filter",
    "per_role",
];

/// The places of secrets under a node.
pub fn scan(node: &Node) -> Vec<SecretPlace> {
    let mut found = Vec::new();
    scan_into(node, &mut found);
    found
}

fn scan_into(node: &Node, found: &mut Vec<SecretPlace>) {
    node.items().iter().for_each(|item| scan_into(item, found));
    // Headers are lists of `name` and `value`: the name says what the value is.
    if let (Some(name), Some(value)) = (node.text_at("name"), node.get("value")) {
        found.extend(secret_at(name, value));
    }
    for (name, below) in node.entries() {
        if NAMES_OF_DATA.contains(&name.as_str()) {
            continue;
        }
        found.extend(secret_at(name, below));
        scan_into(below, found);
    }
}

/// The secret that a setting holds, if it does.
fn secret_at(name: &str, value: &Node) -> Option<SecretPlace> {
    let text = value.text().filter(|text| is_literal(text))?;
    let kind = if CONNECTION_SETTINGS.contains(&plain(name).as_str()) || has_password(text) {
        SecretKind::ConnectionString
    } else if names_secret(name) || query_of(text).any(|(name, value)| is_literal(value) && names_secret(name)) {
        SecretKind::Credential
    } else {
        return None;
    };
    Some(SecretPlace { kind: Some(kind), name: Text::from(one_line(name, 80)), source: Some(value.source()) })
}

/// Whether a setting of this name holds a secret.
fn names_secret(name: &str) -> bool {
    let name = plain(name);
    let names = name.ends_with("token") || SECRET_WORDS.iter().any(|word| name.contains(word));
    names && !name.ends_with("fromenv")
}

/// A name without what people write differently.
fn plain(name: &str) -> String {
    name.chars().filter(|ch| ch.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The names and values in the query of an address.
fn query_of(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let query = text.split_once('?').filter(|(address, _)| !address.contains(' ')).map_or("", |(_, query)| query);
    query.split('&').filter_map(|pair| pair.split_once('='))
}

/// Whether a text is a value itself: not empty, not a template, not the name of a session or environment variable.
fn is_literal(text: &str) -> bool {
    let text = text.trim();
    let is_template = text.contains("{{") || text.contains("${") || text.starts_with('$');
    !text.is_empty() && !is_template && !super::filter::is_session_variable(text)
}

/// Whether a text is an address or a connection string with a password in it.
fn has_password(text: &str) -> bool {
    let in_address = user_part(text).is_some_and(|user| user.contains(':') && !user.ends_with(':'));
    let lower = text.to_ascii_lowercase();
    let in_pairs = text.contains(';') && (lower.contains("password=") || lower.contains("pwd="));
    in_address || in_pairs
}

/// What stands before the `@` of an address.
fn user_part(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.rsplit_once('@').map(|(user, _)| user)
}

/// An address that can be shown: without user, password, and the values of its query.
pub fn safe_address(text: &str) -> String {
    let text = match user_part(text) {
        Some(user) => text.replacen(&format!("{user}@"), "", 1),
        None => text.to_owned(),
    };
    match text.split_once('?') {
        // A template may hold a question mark of its own.
        Some((address, _)) if !address.contains("{{") || address.contains("}}") => format!("{address}?…"),
        _ => text,
    }
}

/// Whether a value is a text in which a variable of the caller's session stands.
pub fn is_from_session(node: &Node) -> bool {
    match &node.value {
        Value::Text(text) => text.contains("$session_variables"),
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::exchange::hasura::yaml;

    #[test]
    fn secrets_are_found_by_name_and_by_form() {
        for (yaml, found) in [
            ("admin_secret: abc", "admin_secret Credential"),
            ("adminSecret: abc", "adminSecret Credential"),
            ("admin_secret: '{{SECRET}}'", ""),
            ("admin_secret: ${SECRET}", ""),
            ("admin_secret: ''", ""),
            ("admin_secret: {from_env: SECRET}", ""),
            ("url_from_env: SECRET_URL", ""),
            ("secret_from_env: SECRET", ""),
            ("max_tokens: 3", ""),
            ("use_prepared_statements: true", ""),
            ("database_url: postgres://db/x", "database_url ConnectionString"),
            ("uri: postgres://u:p@db/x", "uri ConnectionString"),
            ("uri: postgres://u:{{P}}@db/x", ""),
            ("handler: https://a.example/b?api_key=abc", "handler Credential"),
            ("handler: https://a.example/b?page=2", ""),
            ("dsn: 'Server=x;Password=y;'", "dsn ConnectionString"),
            ("headers: [{name: Authorization, value: Bearer abc}]", "Authorization Credential"),
            ("headers: [{name: Authorization, value_from_env: TOKEN}]", ""),
            ("headers: [{name: X-Trace, value: abc}]", ""),
            ("custom_column_names: {api_key: apiKey}", ""),
            ("set: {password: X-Hasura-Password}", ""),
        ] {
            let places = scan(&yaml::read("f", yaml.as_bytes()).unwrap());
            let shown: Vec<String> =
                places.iter().map(|place| format!("{} {}", place.name, place.kind.unwrap())).collect();
            assert_eq!(shown.join(", "), found, "{yaml}");
        }
    }

    #[test]
    fn addresses_are_shown_without_secrets() {
        for (address, shown) in [
            ("https://a.example/b", "https://a.example/b"),
            ("https://u:p@a.example/b", "https://a.example/b"),
            ("https://a.example/b?key=abc", "https://a.example/b?…"),
            ("{{BASE}}/b?key=abc", "{{BASE}}/b?…"),
            ("{{BASE}}/b", "{{BASE}}/b"),
        ] {
            assert_eq!(safe_address(address), shown);
        }
    }
}

//! Conditions on rows: Hasura's boolean expressions, simplified, put into words, and told apart by whom they let see
//! what.

use super::yaml::{Node, Value};
use crate::model::facts::Rows;
use crate::model::text::{Text, sanitise};

/// The session variable that holds the caller's own id.
const OWN_ID: &str = "x-hasura-user-id";

/// Words in the name of a session variable that holds the caller's tenant.
const TENANT_WORDS: [&str; 10] =
    ["tenant", "org", "organisation", "organization", "company", "account", "workspace", "team", "orgid", "tenantid"];

/// The rows that a condition lets through; nothing where it is not a condition of Hasura's form.
pub fn rows(node: &Node) -> Option<Rows> {
    Some(Condition::parse(node)?.rows())
}

/// The columns of the table itself that a condition reads.
pub fn columns(node: &Node) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(condition) = Condition::parse(node) {
        condition.own_columns(&mut found);
    }
    found
}

/// Whether a text stands for a variable of the caller's session.
pub fn is_session_variable(text: &str) -> bool {
    text.get(.."x-hasura-".len()).is_some_and(|start| start.eq_ignore_ascii_case("x-hasura-"))
}

/// A condition, simplified as it is built: what is always or never true does not survive inside of another condition.
///
/// Functions over it recurse; the reader's limit on nesting bounds them.
enum Condition<'a> {
    Always,
    Never,
    /// A column against a value.
    Compare {
        column: &'a str,
        operator: &'a str,
        value: &'a Node,
    },
    /// Some related row satisfies it.
    Related {
        relation: &'a str,
        inner: Box<Condition<'a>>,
    },
    /// Some row of a table, related or not, satisfies it.
    Exists {
        table: String,
        inner: Box<Condition<'a>>,
    },
    Not(Box<Condition<'a>>),
    All(Vec<Condition<'a>>),
    Any(Vec<Condition<'a>>),
}

impl<'a> Condition<'a> {
    fn parse(node: &'a Node) -> Option<Condition<'a>> {
        let Value::Map(entries) = &node.value else { return None };
        let parts: Option<Vec<Condition>> =
            entries.iter().map(|(name, value)| Condition::parse_entry(name, value)).collect();
        Some(Condition::all(parts?))
    }

    fn parse_entry(name: &'a str, value: &'a Node) -> Option<Condition<'a>> {
        let list = || match &value.value {
            Value::List(items) => items.iter().map(Condition::parse).collect::<Option<Vec<_>>>(),
            // Hasura takes a single condition for a list of one.
            _ => Some(vec![Condition::parse(value)?]),
        };
        match name {
            "_and" | "$and" => Some(Condition::all(list()?)),
            "_or" | "$or" => Some(Condition::any(list()?)),
            "_not" | "$not" => Some(match Condition::parse(value)? {
                Condition::Always => Condition::Never,
                Condition::Never => Condition::Always,
                inner => Condition::Not(Box::new(inner)),
            }),
            "_exists" | "$exists" => {
                let table = value.get("_table").map(table_name).unwrap_or_default();
                Some(match Condition::parse(value.get("_where")?)? {
                    Condition::Never => Condition::Never,
                    inner => Condition::Exists { table, inner: Box::new(inner) },
                })
            }
            name => Condition::parse_named(name, value),
        }
    }

    /// What stands under the name of a column or of a relationship.
    fn parse_named(name: &'a str, value: &'a Node) -> Option<Condition<'a>> {
        match &value.value {
            Value::Map(entries) if entries.iter().any(|(key, below)| is_operator(key, below)) => {
                let compared = entries.iter().map(|(operator, value)| Condition::compare(name, operator, value));
                Some(Condition::all(compared.collect()))
            }
            Value::Map(_) => Some(match Condition::parse(value)? {
                Condition::Never => Condition::Never,
                inner => Condition::Related { relation: name, inner: Box::new(inner) },
            }),
            // A bare value is short for "equals".
            _ => Some(Condition::compare(name, "_eq", value)),
        }
    }

    fn compare(column: &'a str, operator: &'a str, value: &'a Node) -> Condition<'a> {
        let is_empty_list = matches!(&value.value, Value::List(items) if items.is_empty());
        match operator {
            "_in" | "$in" if is_empty_list => Condition::Never,
            "_nin" | "$nin" if is_empty_list => Condition::Always,
            operator => Condition::Compare { column, operator, value },
        }
    }

    fn all(parts: Vec<Condition<'a>>) -> Condition<'a> {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Condition::Always => {}
                Condition::Never => return Condition::Never,
                Condition::All(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Condition::Always,
            1 => kept.remove(0),
            _ => Condition::All(kept),
        }
    }

    fn any(parts: Vec<Condition<'a>>) -> Condition<'a> {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Condition::Never => {}
                Condition::Always => return Condition::Always,
                Condition::Any(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Condition::Never,
            1 => kept.remove(0),
            _ => Condition::Any(kept),
        }
    }

    fn rows(&self) -> Rows {
        match self {
            Condition::Always => return Rows::All,
            Condition::Never => return Rows::Nobody,
            _ => {}
        }
        if let Some((path, variable)) = self.single_session_match() {
            let variable = variable.to_ascii_lowercase();
            if variable == OWN_ID {
                return Rows::Owner(Text::from(path));
            }
            if variable.split('-').any(|word| TENANT_WORDS.contains(&word)) {
                return Rows::Tenant(Text::from(path));
            }
        }
        let text = Text::from(self.words());
        let session_bound =
            self.any_part(&|part| matches!(part, Condition::Compare { value, .. } if reads_session(value)));
        let looks_elsewhere = self.any_part(&|part| match part {
            Condition::Compare { operator, .. } => column_operator(operator).is_some(),
            Condition::Exists { .. } => true,
            _ => false,
        });
        if session_bound || looks_elsewhere { Rows::Predicate { text, session_bound } } else { Rows::Constant(text) }
    }

    /// The way to the one field that must equal the one session variable, if that is the whole condition.
    fn single_session_match(&self) -> Option<(String, &'a str)> {
        match self {
            Condition::Compare { column, operator: "_eq" | "$eq", value } => {
                let variable = value.text().filter(|text| is_session_variable(text))?;
                Some(((*column).to_owned(), variable))
            }
            Condition::Related { relation, inner } => {
                let (path, variable) = inner.single_session_match()?;
                Some((format!("{relation}.{path}"), variable))
            }
            _ => None,
        }
    }

    /// Whether any part of the condition is such.
    fn any_part(&self, is_such: &dyn Fn(&Condition) -> bool) -> bool {
        is_such(self)
            || match self {
                Condition::Always | Condition::Never | Condition::Compare { .. } => false,
                Condition::Related { inner, .. } | Condition::Exists { inner, .. } | Condition::Not(inner) => {
                    inner.any_part(is_such)
                }
                Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|part| part.any_part(is_such)),
            }
    }

    fn own_columns(&self, found: &mut Vec<String>) {
        match self {
            Condition::Compare { column, .. } => found.push((*column).to_owned()),
            Condition::Not(inner) => inner.own_columns(found),
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| part.own_columns(found)),
            // What stands inside belongs to other tables.
            Condition::Related { .. } | Condition::Exists { .. } | Condition::Always | Condition::Never => {}
        }
    }

    /// The condition on one line.
    fn words(&self) -> String {
        let inside_and = |part: &Condition| match part {
            Condition::Any(_) => format!("({})", part.words()),
            _ => part.words(),
        };
        match self {
            Condition::Always => "true".to_owned(),
            Condition::Never => "false".to_owned(),
            Condition::Compare { column, operator, value } => compare_words(column, operator, value),
            Condition::Related { relation, inner } => match **inner {
                Condition::Always => format!("{relation} exists"),
                Condition::Compare { .. } | Condition::Related { .. } => format!("{relation}.{}", inner.words()),
                _ => format!("{relation}({})", inner.words()),
            },
            Condition::Exists { table, inner } => format!("exists {table}({})", inner.words()),
            Condition::Not(inner) => format!("not ({})", inner.words()),
            Condition::All(parts) => parts.iter().map(inside_and).collect::<Vec<_>>().join(" and "),
            Condition::Any(parts) => parts.iter().map(Condition::words).collect::<Vec<_>>().join(" or "),
        }
    }
}

/// Whether a name under a column is an operator. Columns may start with `_`, too: they have operators of their own
/// below, which operators never have.
fn is_operator(name: &str, below: &Node) -> bool {
    let has_operators =
        !below.entries().is_empty() && below.entries().iter().all(|(key, _)| key.starts_with(['_', '$']));
    let joins = ["_and", "_or", "_not", "_exists", "$and", "$or", "$not", "$exists"];
    name.starts_with(['_', '$']) && !joins.contains(&name) && !has_operators
}

/// The comparison of an operator that compares with another column.
fn column_operator(operator: &str) -> Option<&'static str> {
    Some(match operator.trim_start_matches(['_', '$']) {
        "ceq" => "=",
        "cne" | "cneq" => "!=",
        "cgt" => ">",
        "cgte" => ">=",
        "clt" => "<",
        "clte" => "<=",
        _ => return None,
    })
}

fn compare_words(column: &str, operator: &str, value: &Node) -> String {
    if let Some(sign) = column_operator(operator) {
        // `["$", "name"]` is a column of the table at the top.
        let other = match value.items() {
            [.., last] => last,
            [] => value,
        };
        return format!("{column} {sign} column {}", other.text().unwrap_or_default());
    }
    let bare = operator.trim_start_matches(['_', '$']);
    let sign = match bare {
        "eq" => "=",
        "ne" | "neq" => "!=",
        "gt" => ">",
        "gte" => ">=",
        "lt" => "<",
        "lte" => "<=",
        "nin" => "not in",
        "nlike" => "not like",
        "nilike" => "not ilike",
        "is_null" => match value.flag() {
            Some(true) => return format!("{column} is null"),
            Some(false) => return format!("{column} is not null"),
            None => "is null =",
        },
        other => other,
    };
    format!("{column} {sign} {}", value_words(value))
}

/// A value as in JSON, but for session variables, which stand without quotes.
fn value_words(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(digits) => digits.clone(),
        Value::Text(text) if is_session_variable(text) => text.clone(),
        Value::Text(text) | Value::Include(text) => quoted(text),
        Value::List(items) => format!("[{}]", items.iter().map(value_words).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(name, node)| format!("{name}: {}", value_words(node))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    let safe = sanitise(text, 500).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{safe}\"")
}

fn reads_session(node: &Node) -> bool {
    match &node.value {
        Value::Text(text) => is_session_variable(text),
        Value::List(items) => items.iter().any(reads_session),
        Value::Map(entries) => entries.iter().any(|(_, node)| reads_session(node)),
        _ => false,
    }
}

/// A table as `schema.name`.
fn table_name(node: &Node) -> String {
    match &node.value {
        Value::Text(name) => name.clone(),
        Value::List(parts) => parts.iter().filter_map(Node::text).collect::<Vec<_>>().join("."),
        _ => {
            let schema = node.text_at("schema").or_else(|| node.text_at("dataset"));
            let parts = schema.into_iter().chain(node.text_at("name"));
            parts.collect::<Vec<_>>().join(".")
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::exchange::hasura::yaml;

    fn shown(condition: &str) -> String {
        let node = yaml::read("f", condition.as_bytes()).unwrap();
        match rows(&node) {
            None => "not a condition".to_owned(),
            Some(rows @ Rows::Predicate { session_bound: true, .. }) => format!("session, {rows}"),
            Some(rows) => format!("{}, {rows}", rows.word()),
        }
    }

    #[test]
    fn conditions_are_told_apart() {
        for (condition, meant) in [
            ("{}", "all, all rows"),
            ("{_and: []}", "all, all rows"),
            ("{_and: [{}, {}]}", "all, all rows"),
            ("{_or: []}", "none, no row"),
            ("{_or: [{}, {a: {_eq: 1}}]}", "all, all rows"),
            ("{_not: {}}", "none, no row"),
            ("{a: {_in: []}}", "none, no row"),
            ("{a: {_nin: []}}", "all, all rows"),
            ("{team: {id: {_in: []}}}", "none, no row"),
            ("{user_id: {_eq: X-Hasura-User-Id}}", "owner, own rows by user_id"),
            ("{user_id: x-hasura-user-id}", "owner, own rows by user_id"),
            ("{_and: [{user: {id: {_eq: X-HASURA-USER-ID}}}]}", "owner, own rows by user.id"),
            ("{org_id: {_eq: X-Hasura-Org-Id}}", "tenant, the tenant's rows by org_id"),
            ("{is_public: {_eq: true}}", "constant, rows where is_public = true"),
            ("{state: {_in: [open, \"no\"]}}", "constant, rows where state in [\"open\", \"no\"]"),
            ("{author: {}}", "constant, rows where author exists"),
            (
                "{_or: [{user_id: {_eq: X-Hasura-User-Id}}, {is_public: {_eq: true}}]}",
                "session, rows where user_id = X-Hasura-User-Id or is_public = true",
            ),
            (
                "{a: {_gt: 1, _lt: 9}, _or: [{b: {_is_null: true}}, {c: {_in: [1, X-Hasura-Ids]}}]}",
                "session, rows where a > 1 and a < 9 and (b is null or c in [1, X-Hasura-Ids])",
            ),
            (
                "{members: {user_id: {_eq: X-Hasura-User-Id}, role: {_eq: lead}}}",
                "session, rows where members(user_id = X-Hasura-User-Id and role = \"lead\")",
            ),
            ("{_not: {user_id: {_eq: X-Hasura-User-Id}}}", "session, rows where not (user_id = X-Hasura-User-Id)"),
            ("{a: {_eq: X-Hasura-Role}}", "session, rows where a = X-Hasura-Role"),
            ("{a: {_ceq: b}}", "predicate, rows where a = column b"),
            ("{a: {_ceq: [$, b]}}", "predicate, rows where a = column b"),
            (
                "{_exists: {_table: {schema: s, name: t}, _where: {on: {_eq: true}}}}",
                "predicate, rows where exists s.t(on = true)",
            ),
            ("{_id: {_eq: 1}}", "constant, rows where _id = 1"),
            ("{author: {_id: {_eq: 1}}}", "constant, rows where author._id = 1"),
            ("{doc: {_contains: {k: X-Hasura-Key}}}", "session, rows where doc contains {k: X-Hasura-Key}"),
            ("text", "not a condition"),
            ("{_or: 1}", "not a condition"),
        ] {
            assert_eq!(shown(condition), meant, "{condition}");
        }
    }
}

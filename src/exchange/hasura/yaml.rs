//! A document with line numbers: YAML, and JSON as the subset of YAML that it is, read under a budget.
//!
//! Files of an import are hostile until read: a few lines can stand for gigabytes (aliases of aliases) or nest deep
//! enough to overflow the stack. Both end in an error here, so that all code after this may recurse over a [`Node`].

use crate::model::facts::Source;
use crate::model::text::{Text, one_line};
use serde_saphyr::granit_parser::{self, ErrorKind, Event, Parser, ScalarStyle};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How deep lists and maps may nest. Hasura's own files stay under 20, and so do conditions that people write.
pub const MAX_DEPTH: usize = 96;

/// The largest file that is read. The metadata of a thousand tables takes a few megabytes.
const MAX_BYTES: usize = 32 << 20;

/// How many nodes a file may have: every one costs about a hundred bytes.
const MAX_NODES: usize = 3_000_000;

/// How many nodes anchors and aliases may copy, all together.
const MAX_COPIED: usize = 100_000;

/// A value in a file, and where it stands.
#[derive(Clone, Default)]
pub struct Node {
    /// The file, relative to what was imported.
    pub file: Arc<str>,
    /// The line, 1 for the first.
    pub line: u32,
    /// What stands there.
    pub value: Value,
}

/// What a node holds.
#[derive(Clone, Default)]
pub enum Value {
    /// Nothing, or `null`.
    #[default]
    Null,
    /// `true` or `false`; `yes` and `no` are texts.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A text.
    Text(String),
    /// The path after an unquoted `!include`.
    Include(String),
    /// Nodes in order.
    List(Vec<Node>),
    /// Nodes by name, in the order of the file.
    Map(Vec<(String, Node)>),
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// The line, 1 for the first.
    pub line: u32,
    /// What is wrong; safe to show.
    pub message: String,
}

impl Node {
    /// The place of the node.
    pub fn source(&self) -> Source {
        Source { file: Text::new(&self.file), line: (self.line > 0).then_some(self.line) }
    }

    /// The node under a name of a map. A `null` counts as absent, as it does for Hasura.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries().iter().find(|(key, node)| key == name && !node.is_null()).map(|(_, node)| node)
    }

    /// The node at the end of a way through maps.
    pub fn at(&self, names: &[&str]) -> Option<&Node> {
        names.iter().try_fold(self, |node, name| node.get(name))
    }

    /// The text under a name of a map.
    pub fn text_at(&self, name: &str) -> Option<&str> {
        self.get(name)?.text()
    }

    /// The items under a name of a map; none where there is no list.
    pub fn items_at(&self, name: &str) -> &[Node] {
        self.get(name).map_or(&[], Node::items)
    }

    /// The text of the node, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The truth of the node, if it is one.
    pub fn flag(&self) -> Option<bool> {
        match self.value {
            Value::Bool(flag) => Some(flag),
            _ => None,
        }
    }

    /// The node as a whole number, `0` or more.
    pub fn count(&self) -> Option<u64> {
        match &self.value {
            Value::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of a map; none of anything else.
    pub fn entries(&self) -> &[(String, Node)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// How many levels of lists and maps there are.
    pub fn depth(&self) -> usize {
        measure(self).1
    }

    /// Whether nothing stands there.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }
}

/// Reads one document.
pub fn read(file: &str, bytes: &[u8]) -> Result<Node, ReadError> {
    if bytes.len() > MAX_BYTES {
        return Err(ReadError { line: 1, message: format!("the file is larger than {} MiB", MAX_BYTES >> 20) });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| ReadError {
        line: 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() as u32,
        message: "the file is not UTF-8 text: save it as UTF-8".to_owned(),
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let options = granit_parser::options! {
        // The parser counts the two kinds apart, the builder below counts them together.
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
        emit_comments: false,
    };
    let mut builder = Builder { file: Arc::from(file), ..Builder::default() };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| ReadError {
            line: error.marker().line() as u32,
            message: match error.kind() {
                ErrorKind::RecursionLimitExceeded => too_deep(),
                _ => one_line(&error.info(), 200),
            },
        })?;
        builder.line = span.start.line() as u32;
        builder.take(event)?;
    }
    Ok(builder.root.unwrap_or(Node { file: builder.file, line: 1, value: Value::Null }))
}

/// Builds the tree from the parser's events. It keeps a stack of its own: the call stack does not grow with nesting.
#[derive(Default)]
struct Builder {
    file: Arc<str>,
    /// The line of the event at hand.
    line: u32,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    /// How many nodes there are.
    nodes: usize,
    /// How many of them were copied to be remembered, or stand where an alias stood.
    copied: usize,
    root: Option<Node>,
}

/// A list or a map whose end was not read yet.
struct Open {
    node: Node,
    anchor: usize,
    /// In a map, the name whose value comes next.
    name: Option<String>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>) -> Result<(), ReadError> {
        match event {
            Event::SequenceStart(_, anchor, _) => self.open(Value::List(Vec::new()), anchor),
            Event::MappingStart(_, anchor, _) => self.open(Value::Map(Vec::new()), anchor),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Scalar(text, style, anchor, tag) => {
                if let Some(Open { node: Node { value: Value::Map(_), .. }, name: name @ None, .. }) =
                    self.open.last_mut()
                {
                    *name = Some(text.into_owned());
                    return Ok(());
                }
                let value = match tag {
                    Some(tag) if tag.suffix() == "include" => Value::Include(text.into_owned()),
                    None if style == ScalarStyle::Plain => plain(text.into_owned()),
                    _ => Value::Text(text.into_owned()),
                };
                let node = self.node(value)?;
                self.remember(anchor, &node)?;
                self.put(node)
            }
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor) else {
                    return Err(self.error("an alias inside of what it stands for: write it out"));
                };
                let node = node.clone();
                if self.open.len() + self.copy(&node)? > MAX_DEPTH {
                    return Err(self.error("aliases nest too deep: write the values out"));
                }
                self.put(node)
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                Err(self.error("a second document in the file: keep one document a file"))
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, value: Value, anchor: usize) -> Result<(), ReadError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.error(&too_deep()));
        }
        if let Some(Open { node: Node { value: Value::Map(_), .. }, name: None, .. }) = self.open.last() {
            return Err(self.error("a list or a map as a name: names are texts"));
        }
        let node = self.node(value)?;
        self.open.push(Open { node, anchor, name: None });
        Ok(())
    }

    fn close(&mut self) -> Result<(), ReadError> {
        let Some(Open { mut node, anchor, .. }) = self.open.pop() else { return Ok(()) };
        if let Value::Map(entries) = &mut node.value {
            let mut names = BTreeSet::new();
            if let Some((name, double)) = entries.iter().find(|(name, _)| !names.insert(name.as_str())) {
                let message = format!("`{}` stands twice in the same map: keep one", one_line(name, 60));
                return Err(ReadError { line: double.line, message });
            }
            merge(entries);
        }
        self.remember(anchor, &node)?;
        self.put(node)
    }

    /// Puts a finished node where it belongs: into the innermost list or map, or at the root.
    fn put(&mut self, node: Node) -> Result<(), ReadError> {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open { node: Node { value: Value::List(items), .. }, .. }) => items.push(node),
            Some(Open { node: Node { value: Value::Map(entries), .. }, name, .. }) => match name.take() {
                Some(name) => entries.push((name, node)),
                None => return Err(self.error("an alias as a name: names are texts")),
            },
            Some(_) => {}
        }
        Ok(())
    }

    fn remember(&mut self, anchor: usize, node: &Node) -> Result<(), ReadError> {
        // The parser numbers anchors from 1; 0 says that there is none.
        if anchor > 0 {
            self.copy(node)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(())
    }

    /// Charges a copy of a tree to the budget, and says how deep the tree is.
    fn copy(&mut self, node: &Node) -> Result<usize, ReadError> {
        let (nodes, depth) = measure(node);
        self.copied += nodes;
        if self.copied > MAX_COPIED {
            return Err(self.error("aliases stand for too much: write the values out"));
        }
        Ok(depth)
    }

    fn node(&mut self, value: Value) -> Result<Node, ReadError> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(self.error(&format!("the file has more than {MAX_NODES} values")));
        }
        Ok(Node { file: Arc::clone(&self.file), line: self.line, value })
    }

    fn error(&self, message: &str) -> ReadError {
        ReadError { line: self.line, message: message.to_owned() }
    }
}

fn too_deep() -> String {
    format!("lists and maps nest deeper than {MAX_DEPTH} levels")
}

/// What an unquoted scalar is.
fn plain(text: String) -> Value {
    match text.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if is_number(&text) => Value::Number(text),
        _ => Value::Text(text),
    }
}

fn is_number(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    text.bytes().all(allowed) && text.parse::<f64>().is_ok()
}

/// Carries out `<<: *other`: the entries of the other map, where the map does not have them itself.
fn merge(entries: &mut Vec<(String, Node)>) {
    let Some(place) = entries.iter().position(|(name, node)| name == "<<" && matches!(node.value, Value::Map(_)))
    else {
        return;
    };
    let (_, other) = entries.remove(place);
    let own: BTreeSet<String> = entries.iter().map(|(name, _)| name.clone()).collect();
    entries.extend(other.entries().iter().filter(|(name, _)| !own.contains(name)).cloned());
}

/// How many nodes a tree has, and how deep it is.
fn measure(node: &Node) -> (usize, usize) {
    let children: Box<dyn Iterator<Item = &Node>> = match &node.value {
        Value::List(items) => Box::new(items.iter()),
        Value::Map(entries) => Box::new(entries.iter().map(|(_, node)| node)),
        _ => return (1, 0),
    };
    children.map(measure).fold((1, 1), |(nodes, depth), (more, below)| (nodes + more, depth.max(below + 1)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn show(node: &Node) -> String {
        let value = match &node.value {
            Value::Null => "null".to_owned(),
            Value::Bool(flag) => flag.to_string(),
            Value::Number(digits) => digits.clone(),
            Value::Text(text) => format!("{text:?}"),
            Value::Include(path) => format!("include {path}"),
            Value::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" ")),
            Value::Map(entries) => {
                let entries: Vec<String> = entries.iter().map(|(key, node)| format!("{key}:{}", show(node))).collect();
                format!("{{{}}}", entries.join(" "))
            }
        };
        format!("{}@{value}", node.line)
    }

    #[test]
    fn values_know_their_lines() {
        let yaml =
            "a: 1\nb:\n  - yes\n  - true\n  - !include x.yaml\n  - \"!include y\"\n  - ~\nc: {d: [007, 1.5, -3]}\n";
        let shown =
            r#"1@{a:1@1 b:3@[3@"yes" 4@true 5@include x.yaml 6@"!include y" 7@null] c:8@{d:8@[8@007 8@1.5 8@-3]}}"#;
        assert_eq!(show(&read("f", yaml.as_bytes()).unwrap()), shown);
    }

    #[test]
    fn json_is_read_with_its_lines() {
        let json =
            "{\n\t\"a\": \"\\ud83d\\ude00 \\/ \\u0041\",\n\t\"b\": [\n\t\t{\"c\": null, \"d\":1e3},\n\t\t{}\n\t]\n}";
        let shown = "1@{a:2@\"😀 / A\" b:3@[4@{c:4@null d:4@1e3} 5@{}]}";
        assert_eq!(show(&read("f", json.as_bytes()).unwrap()), shown);
    }

    #[test]
    fn hostile_files_end_in_an_error() {
        let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for level in 1..12 {
            let alias = format!("*a{}", level - 1);
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", [alias.as_str(); 9].join(",")));
        }
        let deep_flow = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let deep_json = "{\"a\":".repeat(100_000);
        let deep_block: String = (0..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        let compact_block = format!("{}x", "- ".repeat(100_000));
        for (shown, bytes) in [
            ("5: aliases stand for too much: write the values out", bomb.as_bytes()),
            ("1: lists and maps nest deeper than 96 levels", deep_flow.as_bytes()),
            ("1: lists and maps nest deeper than 96 levels", deep_json.as_bytes()),
            ("97: lists and maps nest deeper than 96 levels", deep_block.as_bytes()),
            ("1: lists and maps nest deeper than 96 levels", compact_block.as_bytes()),
            ("2: the file is not UTF-8 text: save it as UTF-8", b"a: b\nc: \xe4\n".as_slice()),
            ("2: `a` stands twice in the same map: keep one", b"a: 1\na: 2\n".as_slice()),
            ("2: tabs disallowed within this context (block indentation)", b"a:\n\tb: 1\n".as_slice()),
            ("1: unclosed bracket '['", b"a: [1, 2\n".as_slice()),
            ("1: an alias inside of what it stands for: write it out", b"a: &a [*a]\n".as_slice()),
            ("2: a second document in the file: keep one document a file", b"a: 1\n---\nb: 1\n".as_slice()),
        ] {
            let error = read("f", bytes).map(|_| ()).unwrap_err();
            assert_eq!(format!("{}: {}", error.line, error.message), shown);
        }
        assert!(read("f", "\u{feff}a: 1\n".as_bytes()).is_ok());
    }

    #[test]
    fn merged_maps_give_way_to_own_entries() {
        let yaml = "base: &b {x: 1, y: 2}\nmore: {<<: *b, y: 3}\n";
        let shown = "1@{base:1@{x:1@1 y:1@2} more:2@{y:2@3 x:1@1}}";
        assert_eq!(show(&read("f", yaml.as_bytes()).unwrap()), shown);
    }

    #[test]
    fn nesting_up_to_the_limit_is_read() {
        let levels = MAX_DEPTH - 1;
        let text = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read("f", text.as_bytes()).is_ok());
    }
}

//! From a tree of files to one metadata document: where the metadata folder is, and what is included from where.

use super::yaml::{self, MAX_DEPTH, Node, Value};
use crate::exchange::{FileTree, ImportError, Note, NoteKind};
use crate::model::facts::Source;
use crate::model::text::{Text, one_line};
use std::collections::{BTreeMap, BTreeSet};

const EXPECTED: &str = "Hasura metadata";

/// The parts of the metadata beside the databases: the name of the file, and the key in an export.
const PARTS: [(&str, &str); 11] = [
    ("actions", "actions"),
    ("allow_list", "allowlist"),
    ("api_limits", "api_limits"),
    ("backend_configs", "backend_configs"),
    ("cron_triggers", "cron_triggers"),
    ("graphql_schema_introspection", "graphql_schema_introspection"),
    ("inherited_roles", "inherited_roles"),
    ("network", "network"),
    ("opentelemetry", "opentelemetry"),
    ("remote_schemas", "remote_schemas"),
    ("rest_endpoints", "rest_endpoints"),
];

/// How deep files may include files.
const MAX_INCLUDE_DEPTH: usize = 16;

/// How many includes there may be, and how many bytes they may read together.
const MAX_INCLUDES: usize = 20_000;
const MAX_INCLUDED_BYTES: usize = 64 << 20;

/// The metadata, wherever it came from.
#[derive(Default)]
pub struct Metadata {
    /// The file in which it starts.
    pub file: String,
    /// The databases with their tables and functions.
    pub sources: Vec<Node>,
    /// `config.yaml` of the project.
    pub config: Option<Node>,
    parts: BTreeMap<&'static str, Node>,
    /// What stands in files of databases that no list includes.
    pub unlisted: Vec<Node>,
}

impl Metadata {
    /// A part by the name of its file.
    pub fn part(&self, name: &str) -> Option<&Node> {
        self.parts.get(name)
    }

    /// The items of a part that is a list.
    pub fn items(&self, name: &str) -> &[Node] {
        self.part(name).map_or(&[], Node::items)
    }

    /// Every part.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, &Node)> {
        self.parts.iter().map(|(name, node)| (*name, node))
    }
}

/// Whether there is Hasura metadata in the files.
pub fn recognises(tree: &FileTree) -> bool {
    !folders(tree).is_empty() || exports(tree).any(|(path, bytes)| matches!(read_export(path, bytes), Ok(Some(_))))
}

/// Finds and reads the metadata.
pub fn load(tree: &FileTree, notes: &mut Vec<Note>) -> Result<Metadata, ImportError> {
    let folders = folders(tree);
    if let Some(folder) = folders.first() {
        for other in &folders[1..] {
            let message = "a second metadata folder, not read: import it by itself";
            notes.push(note(NoteKind::Incomplete, other, None, message.to_owned()));
        }
        return Loader::new(tree, notes).load_folder(folder);
    }
    let mut refused = None;
    for (path, bytes) in exports(tree) {
        match read_export(path, bytes) {
            Ok(Some(metadata)) => return Ok(metadata),
            Ok(None) => {}
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    // A file that comes near says more than that there is none.
    let why = "there is no folder with `databases/databases.yaml` and no export with `version` and `sources`";
    Err(refused.unwrap_or(ImportError::WrongFormat { expected: EXPECTED, why: why.to_owned() }))
}

/// The metadata folders, the uppermost first. Each ends with `/`, or is empty where it is what was imported.
fn folders(tree: &FileTree) -> Vec<&str> {
    let mut found = BTreeSet::new();
    for path in tree.files.keys() {
        for ending in ["databases/databases.yaml", "databases/databases.yml", "version.yaml", "version.yml"] {
            let Some(folder) = path.strip_suffix(ending).filter(|folder| folder.is_empty() || folder.ends_with('/'))
            else {
                continue;
            };
            // Many things have a `version.yaml`; what stands beside it tells whether it is Hasura's.
            let beside = ["databases/databases", "tables", "actions", "remote_schemas"];
            if beside.iter().any(|name| find(tree, folder, name).is_some()) {
                found.insert((folder.matches('/').count(), folder));
            }
        }
    }
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// The path of a YAML file of a folder.
fn find<'a>(tree: &'a FileTree, folder: &str, name: &str) -> Option<&'a str> {
    [".yaml", ".yml"].iter().find_map(|ending| {
        let path = format!("{folder}{name}{ending}");
        tree.files.get_key_value(&path).map(|(path, _)| path.as_str())
    })
}

/// The files that may be an export in one piece.
fn exports(tree: &FileTree) -> impl Iterator<Item = (&str, &[u8])> {
    let may_be = |path: &str, bytes: &[u8]| {
        let contains = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
        [".json", ".yaml", ".yml"].iter().any(|ending| path.ends_with(ending))
            && contains(b"version")
            && contains(b"sources")
    };
    tree.files
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
        .filter(move |(path, bytes)| may_be(path, bytes))
}

/// An export in one piece: `{resource_version, metadata: {...}}`, or the metadata itself.
fn read_export(path: &str, bytes: &[u8]) -> Result<Option<Metadata>, ImportError> {
    let root = yaml::read(path, bytes).map_err(|error| ImportError::Broken {
        file: one_line(path, 200),
        line: error.line,
        message: error.message,
    })?;
    let root = root.get("metadata").unwrap_or(&root);
    let (Some(version), Some(sources)) = (root.get("version"), root.get("sources")) else { return Ok(None) };
    check_version(version)?;
    let parts = PARTS.iter().filter_map(|(name, key)| Some((*name, root.get(key)?.clone()))).collect();
    Ok(Some(Metadata {
        file: path.to_owned(),
        sources: sources.items().to_vec(),
        config: None,
        parts,
        unlisted: Vec::new(),
    }))
}

fn check_version(version: &Node) -> Result<(), ImportError> {
    if version.count() == Some(3) {
        return Ok(());
    }
    let message = "only version 3 of the metadata is read: update the project with `hasura scripts update-project-v3`, \
                   or export it from a server of version 2";
    let Source { file, line } = version.source();
    Err(ImportError::Broken { file: file.to_string(), line: line.unwrap_or(1), message: message.to_owned() })
}

fn note(kind: NoteKind, file: &str, line: Option<u32>, message: String) -> Note {
    Note { kind, source: Source { file: Text::new(file), line }, message }
}

/// Reads files and what they include.
struct Loader<'a> {
    tree: &'a FileTree,
    notes: &'a mut Vec<Note>,
    /// The files that are being read, each included by the one before.
    open: Vec<String>,
    /// Every file that was read, or should have been.
    seen: BTreeSet<String>,
    includes_left: usize,
    bytes_left: usize,
}

impl<'a> Loader<'a> {
    fn new(tree: &'a FileTree, notes: &'a mut Vec<Note>) -> Loader<'a> {
        Loader {
            tree,
            notes,
            open: Vec::new(),
            seen: BTreeSet::new(),
            includes_left: MAX_INCLUDES,
            bytes_left: MAX_INCLUDED_BYTES,
        }
    }

    fn load_folder(mut self, folder: &str) -> Result<Metadata, ImportError> {
        match find(self.tree, folder, "version") {
            Some(path) => match self.read(path)?.get("version") {
                Some(version) => check_version(version)?,
                None => self.incomplete(path, None, "the version is missing: taken for 3"),
            },
            None => self.incomplete(folder, None, "`version.yaml` is missing: the version is taken for 3"),
        }
        let mut metadata = Metadata { file: folder.to_owned(), ..Metadata::default() };
        if let Some(path) = find(self.tree, folder, "databases/databases") {
            metadata.file = path.to_owned();
            metadata.sources = self.read(path)?.items().to_vec();
        } else if let Some(path) = find(self.tree, folder, "tables") {
            metadata.file = path.to_owned();
            metadata.sources = vec![self.lone_source(folder, path)?];
        } else {
            self.incomplete(folder, None, "`databases/databases.yaml` is missing: no table was read");
        }
        for (name, _) in PARTS {
            if let Some(path) = find(self.tree, folder, name)
                && let Some(node) = self.read_optional(path)
            {
                // The file of actions holds their custom types, too; an export keeps the two apart.
                let node = node.get(name).cloned().unwrap_or(node);
                metadata.parts.insert(name, node);
            }
        }
        let project = folder.trim_end_matches('/').rsplit_once('/').map_or("", |(above, _)| above);
        let project = if project.is_empty() { String::new() } else { format!("{project}/") };
        if let Some(path) = find(self.tree, &project, "config").filter(|_| !folder.is_empty()) {
            metadata.config = self.read_optional(path);
        }
        metadata.unlisted = self.read_unlisted(folder);
        if let Some(path) = self.tree.files.keys().find(|path| path.starts_with(&project) && path.ends_with(".sql")) {
            let message = "SQL is not read: the types of columns, and columns that the metadata does not name, are not \
                           in the model";
            self.notes.push(note(NoteKind::Info, path, None, message.to_owned()));
        }
        Ok(metadata)
    }

    /// Reads the files of databases that no list includes. Hasura does not apply them; a person who reads the folder
    /// believes that it does.
    fn read_unlisted(&mut self, folder: &str) -> Vec<Node> {
        let databases = format!("{folder}databases/");
        let files = self.tree.files.range(databases.clone()..).map(|(path, _)| path);
        let unlisted: Vec<String> = files
            .take_while(|path| path.starts_with(&databases))
            .filter(|path| !self.seen.contains(*path) && (path.ends_with(".yaml") || path.ends_with(".yml")))
            .cloned()
            .collect();
        let mut nodes = Vec::new();
        for path in unlisted {
            let message = "no list includes this file, so Hasura does not apply it: a table in it is in the model, out \
                           of scope; include or delete the file";
            self.notes.push(note(NoteKind::Warning, &path, None, message.to_owned()));
            nodes.extend(self.read_optional(&path));
        }
        nodes
    }

    /// The one database of a folder that has `tables.yaml` at its top.
    fn lone_source(&mut self, folder: &str, path: &str) -> Result<Node, ImportError> {
        let tables = self.read(path)?;
        let functions = find(self.tree, folder, "functions").and_then(|path| self.read_optional(path));
        let named = |name: &str, node: Node| (name.to_owned(), node);
        let text = |text: &str| Node { value: Value::Text(text.to_owned()), ..tables.clone() };
        let mut entries = vec![named("name", text("default")), named("kind", text("postgres"))];
        entries.extend(functions.map(|functions| named("functions", functions)));
        entries.push(named("tables", tables.clone()));
        Ok(Node { value: Value::Map(entries), ..tables })
    }

    /// Reads a file without which nothing makes sense.
    fn read(&mut self, path: &str) -> Result<Node, ImportError> {
        self.seen.insert(path.to_owned());
        let bytes = self.tree.files.get(path).map_or(&[][..], Vec::as_slice);
        let node = yaml::read(path, bytes).map_err(|error| ImportError::Broken {
            file: one_line(path, 200),
            line: error.line,
            message: error.message,
        })?;
        self.open.push(path.to_owned());
        let node = self.resolve(node, 0);
        self.open.pop();
        Ok(node)
    }

    /// Reads a file without which the rest still makes sense.
    fn read_optional(&mut self, path: &str) -> Option<Node> {
        match self.read(path) {
            Ok(node) => Some(node),
            Err(ImportError::Broken { line, message, .. }) => {
                self.incomplete(path, Some(line), &format!("the file was left out: {message}"));
                None
            }
            Err(other) => {
                self.incomplete(path, None, &other.to_string());
                None
            }
        }
    }

    /// Puts the files in the place of their includes.
    fn resolve(&mut self, node: Node, depth: usize) -> Node {
        let value = match node.value {
            Value::Text(ref text) if text.starts_with("!include ") => {
                let path = text["!include ".len()..].trim().to_owned();
                return self.include(&node, &path, depth);
            }
            Value::Include(ref path) => return self.include(&node, &path.clone(), depth),
            Value::List(items) => Value::List(items.into_iter().map(|item| self.resolve(item, depth + 1)).collect()),
            Value::Map(entries) => {
                let resolved = entries.into_iter().map(|(name, node)| (name, self.resolve(node, depth + 1)));
                Value::Map(resolved.collect())
            }
            other => other,
        };
        Node { value, ..node }
    }

    /// The content of an included file; nothing, and a note, where it can not be had.
    fn include(&mut self, at: &Node, path: &str, depth: usize) -> Node {
        let nothing = Node { value: Value::Null, ..at.clone() };
        match self.includes_left {
            // Said once, when the last one was used up.
            0 => return nothing,
            1 => self.incomplete(&at.file, Some(at.line), "there are too many includes: all after this were left out"),
            _ => {}
        }
        self.includes_left -= 1;
        let shown = one_line(path, 120);
        let result = self.include_checked(at, path, depth);
        result.unwrap_or_else(|(line, why)| {
            let message = format!("`{shown}` was left out: {why}");
            self.incomplete(&at.file, Some(line.unwrap_or(at.line)), &message);
            nothing
        })
    }

    fn include_checked(&mut self, at: &Node, path: &str, depth: usize) -> Result<Node, (Option<u32>, String)> {
        let refuse = |why: &str| Err((None, why.to_owned()));
        let Some(path) = join(&at.file, path) else { return refuse("it lies outside of the imported folder") };
        if self.open.contains(&path) {
            return refuse("it includes itself");
        }
        if self.open.len() >= MAX_INCLUDE_DEPTH {
            return refuse("too many files include one another");
        }
        let Some(bytes) = self.tree.files.get(&path) else { return refuse("there is no such file") };
        self.seen.insert(path.clone());
        let Some(left) = self.bytes_left.checked_sub(bytes.len()) else {
            return refuse("the files that are included are too large all together");
        };
        self.bytes_left = left;
        let node = yaml::read(&path, bytes)
            .map_err(|error| (None, format!("it is broken in line {}: {}", error.line, error.message)))?;
        if node.depth() + depth > MAX_DEPTH {
            return refuse("lists and maps nest too deep");
        }
        self.open.push(path);
        let node = self.resolve(node, depth);
        self.open.pop();
        Ok(node)
    }

    fn incomplete(&mut self, file: &str, line: Option<u32>, message: &str) {
        self.notes.push(note(NoteKind::Incomplete, file, line, message.to_owned()));
    }
}

/// The path of an include, from the file in which it stands; nothing where it leads out of the tree.
fn join(file: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains(['\\', '\0', ':']) {
        return None;
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn includes_stay_inside() {
        for (file, path, joined) in [
            ("a/b.yaml", "c.yaml", Some("a/c.yaml")),
            ("a/b.yaml", "./c/../d.yaml", Some("a/d.yaml")),
            ("a/b.yaml", "../d.yaml", Some("d.yaml")),
            ("a/b.yaml", "../../etc/passwd", None),
            ("b.yaml", "/etc/passwd", None),
            ("b.yaml", "c:\\x", None),
        ] {
            assert_eq!(join(file, path).as_deref(), joined, "{path}");
        }
    }
}

//! Reads the files of an import into memory, within bounds: no links, no devices, no bottomless folders.

use super::disk::shown;
use crate::exchange::FileTree;
use std::fs;
use std::path::{Path, PathBuf};

/// At most so many files are read.
pub const MAX_FILES: usize = 20_000;
/// At most so many bytes are read in all.
pub const MAX_BYTES: u64 = 256 << 20;
/// At most so deep are folders followed.
const MAX_DEPTH: usize = 24;
/// Folders that hold no metadata, and much else.
const SKIPPED: [&str; 4] = [".git", "node_modules", "target", ".venv"];
/// Endings of files that importers read.
const WANTED: [&str; 6] = ["yaml", "yml", "json", "graphql", "sql", "xml"];

/// Why the files of an import can not be read.
#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    /// A file or folder can not be read.
    #[error("{}: {error}", shown(.path))]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// There is too much.
    #[error("{} holds more than {MAX_FILES} files or {} MiB: point at the metadata folder itself", shown(.0), MAX_BYTES >> 20)]
    TooMuch(PathBuf),
    /// There is nothing.
    #[error("{} holds no file that can be imported", shown(.0))]
    Empty(PathBuf),
}

/// Reads a file, or every file of a folder that an importer may want. Links are not followed.
pub fn read_tree(path: &Path) -> Result<FileTree, TreeError> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |error| TreeError::Io { path, error }
    };
    let mut tree = FileTree::default();
    let mut left = MAX_BYTES;
    let about = fs::metadata(path).map_err(fail(path))?;
    if about.is_file() {
        if about.len() > left {
            return Err(TreeError::TooMuch(path.to_owned()));
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        tree.files.insert(name, fs::read(path).map_err(fail(path))?);
        return Ok(tree);
    }
    let mut folders = vec![(path.to_owned(), String::new(), 0usize)];
    while let Some((folder, prefix, depth)) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(fail(&folder))? {
            let entry = entry.map_err(fail(&folder))?;
            let kind = entry.file_type().map_err(fail(&entry.path()))?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let inside = format!("{prefix}{name}");
            if kind.is_dir() {
                if depth < MAX_DEPTH && !SKIPPED.contains(&name.as_str()) {
                    folders.push((entry.path(), format!("{inside}/"), depth + 1));
                }
                continue;
            }
            let wanted = name.rsplit_once('.').is_some_and(|(_, ending)| WANTED.contains(&ending));
            if !kind.is_file() || !wanted {
                continue;
            }
            let size = entry.metadata().map_err(fail(&entry.path()))?.len();
            if size > left || tree.files.len() >= MAX_FILES {
                return Err(TreeError::TooMuch(path.to_owned()));
            }
            left -= size;
            tree.files.insert(inside, fs::read(entry.path()).map_err(fail(&entry.path()))?);
        }
    }
    if tree.files.is_empty() { Err(TreeError::Empty(path.to_owned())) } else { Ok(tree) }
}

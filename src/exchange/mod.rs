//! Formats of others: one module a format, bytes in, a model and notes out. Pure; reading files is the store's work.

pub mod hasura;
pub mod refresh;

use crate::model::Model;
use crate::model::facts::Source;
use std::collections::BTreeMap;

/// The files of an import: their paths relative to what was imported, with `/`, and their bytes.
#[derive(Debug, Clone, Default)]
pub struct FileTree {
    /// Contents by path.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// Worth knowing.
    Info,
    /// Worth acting on: a literal secret, something not understood that may matter.
    Warning,
    /// The import is incomplete: a file is missing or broken.
    Incomplete,
}

/// What an importer has to say about a place in the files.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// How much it matters.
    pub kind: NoteKind,
    /// The place. Never carries a value from the file when that may be a secret.
    pub source: Source,
    /// What, and what to do.
    pub message: String,
}

/// What an importer made of the files.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// The model.
    pub model: Model,
    /// What else there is to say, in the order of the files.
    pub notes: Vec<Note>,
}

/// Why nothing could be imported at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The files are not of this format.
    #[error("this does not look like {expected}: {why}")]
    WrongFormat {
        /// What was looked for.
        expected: &'static str,
        /// What was missing.
        why: String,
    },
    /// A file without which nothing makes sense is broken.
    #[error("{file}:{line}: {message}")]
    Broken {
        /// The file.
        file: String,
        /// The line, 1 for the first.
        line: u32,
        /// What is wrong.
        message: String,
    },
}

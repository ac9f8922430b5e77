//! The journal of edits that are not saved yet: one file a process and model, a line an edit, never rewritten in place.
//!
//! A line that was appended is the system's before [`Journal::append`] returns, so it outlives the program; after
//! [`Journal::sync`] it outlives the machine. A save starts the journal anew. What is found later without the lock that
//! a living process holds on its journal is offered by [`recoverable`].

use super::disk::{DiskError, MAX_FILE, Stamp, Sum, resolve, shown, sync_folder};
use super::places::{Places, PlacesError, key_of, make_private};
pub use super::recovery::{Recovery, recoverable};
use crate::model::Text;
use crate::model::edit::{Edit, Put};
use crate::model::text::one_line;
use crate::model::wording::Rewording;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The version of the form of journals.
pub(super) const FORMAT: u32 = 1;
/// How the names of journals begin and end that are not in their place yet.
pub(super) const FRESH: (&str, &str) = (".new-", ".ronl");
/// The longest name of an edit, in characters.
pub(super) const MAX_NAME: usize = 200;

/// A line of a journal.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Line {
    /// The first: which model, and the checksum of the text on which the edits build.
    Journal { format: u32, path: String, sha256: String, pid: u32, title: String },
    /// An edit.
    Edit {
        name: String,
        title: Option<Text>,
        puts: Vec<Place>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        wordings: Vec<Worded>,
    },
    /// A save is about to give the file this checksum; if it has it, all that stands above is saved.
    Saving(String),
    /// A save gave the file this checksum: all that stands above is saved.
    Saved(String),
}

/// One element of an edit; without its text it goes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) section: String,
    pub(super) slug: String,
    pub(super) element: Option<String>,
}

/// How an element is worded from this edit on; without a text as in the file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Worded {
    pub(super) section: String,
    pub(super) slug: String,
    pub(super) text: Option<String>,
}

/// Why a journal can not be written or replayed.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The model's path means nothing.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// There is no folder for journals.
    #[error(transparent)]
    Places(#[from] PlacesError),
    /// It can not be written or read.
    #[error("{}: the journal of edits can not be used ({source}): save often until that is mended", shown(.path))]
    Io {
        /// The journal.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// More than a journal may hold.
    #[error("{}: the journal of edits is full at {} MiB: save the model", shown(.0), MAX_FILE >> 20)]
    Full(PathBuf),
    /// A line that says nothing, or what no edit can say.
    #[error("{}:{line}: the journal is damaged: {why}: the edits above that line can be recovered", shown(.path))]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// The line, 1 for the first.
        line: usize,
        /// What is wrong.
        why: String,
    },
}

/// The journal of one open model. Dropped with nothing unsaved, it takes its file away; otherwise the file stays.
#[derive(Debug)]
pub struct Journal {
    file: File,
    path: PathBuf,
    model_path: String,
    title: String,
    /// How much of the file is whole lines.
    len: u64,
    /// Lines that the disk did not take yet.
    pending: Vec<u8>,
    unsaved: usize,
    dirty: bool,
    /// Whether its name survives a power cut.
    placed: bool,
}

impl Journal {
    /// Begins a journal for a model file whose text has the checksum `base`.
    pub fn open(places: &Places, path: &Path, base: &Sum, title: &str) -> Result<Journal, JournalError> {
        let resolved = resolve(path)?;
        let folder = places.journals();
        let model_path = resolved.to_string_lossy().into_owned();
        let title = one_line(title, MAX_NAME);
        let header = header(&model_path, base, &title);
        let mut temp = fresh(&folder, &header)?;
        let stem = format!("{}-{}", key_of(&resolved), std::process::id());
        let mut number = 1;
        // Another process may have had this number, and may have left edits.
        loop {
            let name = if number == 1 { format!("{stem}.ronl") } else { format!("{stem}-{number}.ronl") };
            let path = folder.join(name);
            match temp.persist_noclobber(&path) {
                Ok(file) => {
                    let (len, pending) = (header.len() as u64, Vec::new());
                    let (unsaved, dirty, placed) = (0, false, false);
                    return Ok(Journal { file, path, model_path, title, len, pending, unsaved, dirty, placed });
                }
                Err(error) if error.error.kind() == ErrorKind::AlreadyExists && number < 10_000 => {
                    temp = error.file;
                    number += 1;
                }
                Err(error) => return Err(JournalError::Io { path, source: error.error }),
            }
        }
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many edits it holds that are not saved.
    pub fn unsaved(&self) -> usize {
        self.unsaved
    }

    /// Writes an edit. On an error the edit is kept, and written before the next.
    pub fn append(&mut self, edit: &Edit) -> Result<(), JournalError> {
        self.unsaved += 1;
        self.pending.extend(line_text(&edit_line(edit)));
        self.flush()
    }

    /// Makes what was appended outlive a power cut. Costs nothing where nothing was appended.
    pub fn sync(&mut self) -> Result<(), JournalError> {
        self.flush()?;
        // Somebody may have cleared the state folder: what has no name can not be found again.
        if self.dirty && !self.path.exists() {
            return Err(self.failed(ErrorKind::NotFound.into()));
        }
        if self.dirty {
            self.file.sync_data().map_err(|source| self.failed(source))?;
            self.dirty = false;
        }
        if !self.placed {
            let folder = self.path.parent().unwrap_or(Path::new("."));
            sync_folder(folder).map_err(|source| self.failed(source))?;
            self.placed = true;
        }
        Ok(())
    }

    /// Says that a save is about to write a text of this checksum, so that a crash right behind it is understood.
    pub fn saving(&mut self, sum: &Sum) -> Result<(), JournalError> {
        self.pending.extend(line_text(&Line::Saving(sum.to_string())));
        self.sync()
    }

    /// Says that everything is saved: the journal starts anew.
    pub fn saved(&mut self, stamp: &Stamp) -> Result<(), JournalError> {
        if self.rebase(&stamp.sha256, &[]).is_ok() {
            return Ok(());
        }
        // A full disk has no room for a new file, but perhaps for a line.
        self.unsaved = 0;
        self.pending = line_text(&Line::Saved(stamp.sha256.to_string()));
        self.flush()
    }

    /// Starts anew on a text of another checksum, with these edits and no others.
    pub fn rebase(&mut self, base: &Sum, edits: &[Edit]) -> Result<(), JournalError> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut bytes = header(&self.model_path, base, &self.title);
        bytes.extend(edits.iter().flat_map(|edit| line_text(&edit_line(edit))));
        let temp = fresh(folder, &bytes)?;
        if !edits.is_empty() {
            temp.as_file().sync_data().map_err(|source| self.failed(source))?;
        }
        self.file = temp.persist(&self.path).map_err(|error| self.failed(error.error))?;
        self.len = bytes.len() as u64;
        self.pending.clear();
        self.unsaved = edits.len();
        (self.dirty, self.placed) = (false, false);
        Ok(())
    }

    /// Takes the journal away, with the edits in it.
    pub fn discard(mut self) -> Result<(), JournalError> {
        self.unsaved = 0;
        fs::remove_file(&self.path).map_err(|source| self.failed(source))
    }

    /// Writes the pending lines behind the whole ones; what a failed write left behind them is overwritten.
    fn flush(&mut self) -> Result<(), JournalError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        if self.len + self.pending.len() as u64 > MAX_FILE {
            return Err(JournalError::Full(self.path.clone()));
        }
        let start = self.len;
        let written = self.file.seek(SeekFrom::Start(start)).and_then(|_| self.file.write_all(&self.pending));
        if let Err(source) = written {
            let _ = self.file.set_len(start);
            return Err(self.failed(source));
        }
        self.len += self.pending.len() as u64;
        self.pending.clear();
        self.dirty = true;
        Ok(())
    }

    fn failed(&self, source: io::Error) -> JournalError {
        JournalError::Io { path: self.path.clone(), source }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        if self.unsaved == 0 {
            let _ = fs::remove_file(&self.path);
        }
        // Closing alone would not do while a child that is being started still shares the file.
        let _ = self.file.unlock();
    }
}

/// A locked file with these bytes, under no name that is looked for: a journal is never seen without its lock.
fn fresh(folder: &Path, bytes: &[u8]) -> Result<tempfile::NamedTempFile, JournalError> {
    make_private(folder)?;
    let failed = |source| JournalError::Io { path: folder.to_owned(), source };
    let mut temp = tempfile::Builder::new().prefix(FRESH.0).suffix(FRESH.1).tempfile_in(folder).map_err(failed)?;
    temp.as_file().try_lock().map_err(|error| failed(error.into()))?;
    temp.write_all(bytes).map_err(failed)?;
    Ok(temp)
}

fn header(path: &str, base: &Sum, title: &str) -> Vec<u8> {
    let (path, title) = (path.to_owned(), title.to_owned());
    line_text(&Line::Journal { format: FORMAT, path, sha256: base.to_string(), pid: std::process::id(), title })
}

fn edit_line(edit: &Edit) -> Line {
    let place = |put: &Put| Place {
        section: put.id.section.name().to_owned(),
        slug: put.id.slug.to_string(),
        element: put.element.as_ref().map(|element| element.to_ron()),
    };
    let worded = |rewording: &Rewording| Worded {
        section: rewording.id.section.name().to_owned(),
        slug: rewording.id.slug.to_string(),
        text: rewording.after.as_ref().map(|text| text.to_string()),
    };
    Line::Edit {
        name: edit.name.clone(),
        title: edit.title.clone(),
        puts: edit.puts.iter().map(place).collect(),
        wordings: edit.wordings.iter().map(worded).collect(),
    }
}

fn line_text(line: &Line) -> Vec<u8> {
    // Strings are written with their line breaks escaped, and plain data in a String has no way to fail.
    let mut text = ron::to_string(line).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}

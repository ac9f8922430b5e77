//! A model file that is open: the text as it is on disk, the model found in it, and what protects the edits between.

use super::disk::{self, DiskError, FileText, SaveError, Stamp, Sum, read_text, shown};
use super::journal::{Journal, JournalError};
use super::lock::{LockError, ModelLock};
use super::places::Places;
use super::ron::load::element_span;
use super::ron::syntax::{Shape, comments, parse};
use super::ron::wording::wording;
use super::ron::{Diagnostic, Loaded, canonical, load, weave};
use crate::model::edit::Edit;
use crate::model::validate::Severity;
use crate::model::wording::Rewording;
use crate::model::{Element, ElementId, Model};
use std::path::{Path, PathBuf};

/// Why a model file can not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It can not be read.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// It is no model.
    #[error("{}:{diagnostic}", shown(.path))]
    NotAModel {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        diagnostic: Diagnostic,
    },
    /// Somebody else has it open: [`OpenDocument::open_anyway`] opens it all the same.
    #[error(transparent)]
    Held(LockError),
    /// A new file can not be written.
    #[error(transparent)]
    Save(#[from] SaveError),
}

/// A file as somebody else left it, read but not adopted yet.
#[derive(Debug, Clone)]
pub struct Theirs {
    /// The model in it, and what is wrong with it.
    pub loaded: Loaded,
    file: FileText,
}

/// An open model file.
#[derive(Debug)]
pub struct OpenDocument {
    path: PathBuf,
    text: String,
    loaded: Loaded,
    stamp: Stamp,
    journal: Option<Journal>,
    lock: Option<ModelLock>,
    warnings: Vec<String>,
}

impl OpenDocument {
    /// Opens a model file. What can not be locked or journalled for want of a state folder is opened with a warning.
    pub fn open(places: &Places, path: &Path) -> Result<OpenDocument, OpenError> {
        let (lock, warnings) = take_lock(places, path)?;
        OpenDocument::with_lock(places, path, lock, warnings)
    }

    /// Opens a model file that somebody else may have open. A save still refuses to overwrite what they wrote.
    pub fn open_anyway(places: &Places, path: &Path) -> Result<OpenDocument, OpenError> {
        match OpenDocument::open(places, path) {
            Err(OpenError::Held(held)) => OpenDocument::with_lock(places, path, None, vec![held.to_string()]),
            opened => opened,
        }
    }

    /// Writes a model to a file that is not there yet, and opens it.
    pub fn create(places: &Places, path: &Path, model: &Model) -> Result<OpenDocument, OpenError> {
        let (lock, warnings) = take_lock(places, path)?;
        match save_text(path, &canonical(model), model, None) {
            Ok(_) | Err(SaveError::Unconfirmed { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        OpenDocument::with_lock(places, path, lock, warnings)
    }

    fn with_lock(
        places: &Places,
        path: &Path,
        lock: Option<ModelLock>,
        mut warnings: Vec<String>,
    ) -> Result<OpenDocument, OpenError> {
        let path = disk::resolve(path)?;
        let FileText { text, stamp } = read_text(&path)?;
        super::recovery::sweep(path.parent().unwrap_or(Path::new(".")), disk::FRESH);
        let loaded = load(&text).map_err(|diagnostic| OpenError::NotAModel { path: path.clone(), diagnostic })?;
        let journal = Journal::open(places, &path, &stamp.sha256, loaded.model.title.as_str());
        let journal = journal.map_err(|error| warnings.push(error.to_string())).ok();
        Ok(OpenDocument { path, text, loaded, stamp, journal, lock, warnings })
    }

    /// The file, links followed.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The text as it is on disk.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The model as it is on disk.
    pub fn base(&self) -> &Model {
        &self.loaded.model
    }

    /// The model as it is on disk, with the lines of its elements and what is wrong.
    pub fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    /// What is wrong with the text, in the order of the file.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.loaded.diagnostics
    }

    /// The file when it was read or saved last.
    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// Whether nobody else can open it without being told.
    pub fn is_locked(&self) -> bool {
        self.lock.is_some()
    }

    /// Edits in the journal that are not saved.
    pub fn unsaved(&self) -> usize {
        self.journal.as_ref().map_or(0, Journal::unsaved)
    }

    /// What protects less than it should, for people; each is given once.
    pub fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }

    /// Writes an edit to the journal: undo and redo as well, which are edits.
    pub fn record(&mut self, edit: &Edit) -> Result<(), JournalError> {
        self.journal.as_mut().map_or(Ok(()), |journal| journal.append(edit))
    }

    /// Makes what was recorded outlive a power cut; at most once a second.
    pub fn sync(&mut self) -> Result<(), JournalError> {
        self.journal.as_mut().map_or(Ok(()), Journal::sync)
    }

    /// Saves: `model` is woven into the text that was read, which keeps its comments.
    pub fn save(&mut self, model: &Model) -> Result<(), SaveError> {
        let (text, loaded) = self.woven(model)?;
        if let Some(journal) = &mut self.journal
            && let Err(error) = journal.saving(&Sum::of(text.as_bytes()))
        {
            self.warnings.push(error.to_string());
        }
        let (stamp, unconfirmed) = match disk::save(&self.path, &text, Some(&self.stamp)) {
            Ok(stamp) => (stamp, None),
            Err(SaveError::Unconfirmed { path, source, stamp }) => ((*stamp).clone(), Some((path, source, stamp))),
            Err(error) => return Err(error),
        };
        self.text = text;
        self.loaded = loaded;
        self.stamp = stamp;
        if let Some((path, source, stamp)) = unconfirmed {
            // The journal keeps the edits: they may yet be needed.
            return Err(SaveError::Unconfirmed { path, source, stamp });
        }
        if let Some(journal) = &mut self.journal
            && let Err(error) = journal.saved(&self.stamp)
        {
            self.warnings.push(error.to_string());
        }
        Ok(())
    }

    /// Saves to a file that is not there yet; the open file and its journal stay as they are.
    pub fn save_copy(&self, path: &Path, model: &Model) -> Result<Stamp, SaveError> {
        save_text(path, &weave_text(&self.path, &self.text, &self.loaded.model, model)?, model, None)
    }

    /// Whether somebody else changed the file. Cheap where its times say that nobody did.
    pub fn changed_on_disk(&self) -> Result<bool, DiskError> {
        disk::changed_since(&self.path, &self.stamp)
    }

    /// Reads the file as it is now, without adopting it: for a merge of three, with [`OpenDocument::base`].
    pub fn theirs(&self) -> Result<Theirs, OpenError> {
        let file = read_text(&self.path)?;
        let loaded =
            load(&file.text).map_err(|diagnostic| OpenError::NotAModel { path: self.path.clone(), diagnostic })?;
        Ok(Theirs { loaded, file })
    }

    /// Makes what was read the base. `edits` are what stays unsaved: they make the model on screen of the new base.
    pub fn adopt(&mut self, theirs: Theirs, edits: &[Edit]) -> Result<(), JournalError> {
        self.text = theirs.file.text;
        self.stamp = theirs.file.stamp;
        self.loaded = theirs.loaded;
        self.journal.as_mut().map_or(Ok(()), |journal| journal.rebase(&self.stamp.sha256, edits))
    }

    /// Takes the file as it is now. Edits that were not saved are gone.
    pub fn reload(&mut self) -> Result<(), OpenError> {
        let theirs = self.theirs()?;
        if let Err(error) = self.adopt(theirs, &[]) {
            self.warnings.push(error.to_string());
        }
        Ok(())
    }

    /// The text of an element as a save would write it, comments inside of it included.
    pub fn element_text(&self, model: &Model, id: &ElementId) -> Option<String> {
        let text = weave(&self.text, self.base(), model).ok()?;
        Some(text[element_span(&text, id)?].to_owned())
    }

    /// Reads an element's text as a person wrote it: what it says, and how it is worded from then on, comments
    /// included. Nothing is changed by it. The message says what is wrong with the text.
    pub fn read_element_text(
        &self,
        model: &Model,
        id: &ElementId,
        written: &str,
    ) -> Result<(Element, Rewording), String> {
        let written = one_record(written)?;
        let text = weave(&self.text, self.base(), model).map_err(|error| error.to_string())?;
        let span = element_span(&text, id).ok_or_else(|| format!("{id} is not in the file any more"))?;
        let first_line = text[..span.start].matches('\n').count();
        let first_column = text[..span.start].chars().rev().take_while(|ch| *ch != '\n').count();
        let changed = format!("{}{written}{}", &text[..span.start], &text[span.end..]);
        let said = |diagnostic: &Diagnostic| {
            let line = diagnostic.line.saturating_sub(first_line);
            // What was written begins in the middle of a line of the file.
            let column = if line > 1 { diagnostic.column } else { diagnostic.column.saturating_sub(first_column) };
            format!("line {line}, column {column}: {}", diagnostic.message)
        };
        let loaded = load(&changed).map_err(|diagnostic| said(&diagnostic))?;
        let known = &self.loaded.diagnostics;
        let new = loaded
            .diagnostics
            .iter()
            .find(|found| found.severity == Severity::Error && !known.iter().any(|old| old.message == found.message));
        if let Some(diagnostic) = new {
            return Err(said(diagnostic));
        }
        let element = loaded.model.element(id).ok_or_else(|| format!("{id} can not be read"))?;
        let rewording = Rewording { id: id.clone(), before: wording(&text, id), after: wording(&changed, id) };
        Ok((element, rewording))
    }

    /// Closes without saving: the journal goes, and nothing will be offered for recovery.
    pub fn discard_edits(mut self) -> Result<(), JournalError> {
        self.journal.take().map_or(Ok(()), Journal::discard)
    }

    /// The text that would be saved, read again: what does not say what it should is never written.
    fn woven(&self, model: &Model) -> Result<(String, Loaded), SaveError> {
        let text = weave_text(&self.path, &self.text, &self.loaded.model, model)?;
        let loaded = faithful(&self.path, &text, model)?;
        Ok((text, loaded))
    }
}

/// The lock; an error only where somebody else has it. Without a place for locks there is a warning instead.
fn take_lock(places: &Places, path: &Path) -> Result<(Option<ModelLock>, Vec<String>), OpenError> {
    match ModelLock::take(places, path) {
        Ok(lock) => Ok((Some(lock), Vec::new())),
        Err(held @ LockError::Held { .. }) => Err(OpenError::Held(held)),
        Err(LockError::Disk(error)) => Err(error.into()),
        Err(other) => Ok((None, vec![other.to_string()])),
    }
}

/// What a person wrote, if it is one record and nothing else: anything more would become part of the file around it.
fn one_record(written: &str) -> Result<String, String> {
    let written = written.trim_start_matches('\u{feff}').trim();
    let tree = parse(written).map_err(|error| {
        let before = written.get(..error.offset).unwrap_or(written);
        let column = before.chars().rev().take_while(|ch| *ch != '\n').count() + 1;
        format!("line {}, column {column}: {}", before.matches('\n').count() + 1, error.message)
    })?;
    if written.starts_with('#') || !matches!(tree.root.shape, Shape::Record(_)) {
        return Err("line 1, column 1: one element is written as (field: value, ...), and nothing else".to_owned());
    }
    // A comment that reaches to the end of the line would take along what stands behind it in the file.
    let end = tree.root.span.end;
    let open =
        comments(written, end..written.len()).last().is_some_and(|last| written[last.span.clone()].starts_with("//"));
    Ok(if open { format!("{written}\n") } else { written.to_owned() })
}

/// Writes the text of a model, after it was read back and found to say what the model says. With `expected` the file
/// is replaced if it still is what was read; without, it is made and must not be there.
pub fn save_text(path: &Path, text: &str, model: &Model, expected: Option<&Stamp>) -> Result<Stamp, SaveError> {
    faithful(path, text, model)?;
    disk::save(path, text, expected)
}

/// Writes a changed model into the file from which it was read, which keeps its comments; see [`save_text`].
pub fn save_woven(path: &Path, file: &FileText, old: &Model, new: &Model) -> Result<Stamp, SaveError> {
    save_text(path, &weave_text(path, &file.text, old, new)?, new, Some(&file.stamp))
}

fn weave_text(path: &Path, text: &str, old: &Model, new: &Model) -> Result<String, SaveError> {
    weave(text, old, new).map_err(|error| SaveError::Unfaithful { path: path.to_owned(), why: error.message })
}

/// The text as it will be read, if that gives this model.
fn faithful(path: &Path, text: &str, model: &Model) -> Result<Loaded, SaveError> {
    let unfaithful = |why: String| SaveError::Unfaithful { path: path.to_owned(), why };
    let loaded = load(text).map_err(|diagnostic| unfaithful(diagnostic.to_string()))?;
    if loaded.model == *model {
        return Ok(loaded);
    }
    let read = &loaded.model;
    let lost = model.ids().chain(read.ids()).find(|id| model.element(id) != read.element(id));
    let head = if read.title == model.title { "about" } else { "title" };
    Err(unfaithful(lost.map_or(head.to_owned(), |id| id.to_string())))
}

//! Does what `update` wants done outside of the state: files, editor, clipboard, journal.

use crate::analysis::evidence::{Looks, Object};
use crate::app::App;
use crate::app::layer::{Emphasis, Styled};
use crate::app::msg::Msg;
use crate::app::state::Effect;
use crate::model::edit::Edit;
use crate::model::text::one_line;
use crate::model::validate::Severity;
use crate::model::{ElementId, Model};
use crate::store::disk::SaveError;
use crate::store::document::OpenDocument;
use crate::store::evidence::{Root, look_around};
use crate::store::journal::{Recovery, recoverable};
use crate::store::places::Places;
use crate::store::workspace::root_of_evidence;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// At most so often the file is looked at between two keys.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// An open model file with what earlier sessions left of it.
pub struct Session {
    document: OpenDocument,
    recoveries: Vec<Recovery>,
    /// Edits that are in the journal, but not yet surely on the disk.
    unsynced: bool,
    /// What came back from the editor and could not be read, so that it is not lost.
    kept: Option<(ElementId, String)>,
    /// When the file was last looked at, and whether somebody was told that it changed.
    looked_at: Option<(Instant, bool)>,
}

impl Session {
    /// A session on an open file.
    pub fn new(places: &Places, document: OpenDocument) -> Session {
        let recoveries = recoverable(places, document.path()).unwrap_or_default();
        Session { document, recoveries, unsynced: false, kept: None, looked_at: None }
    }

    /// Tells the state about the file: what is wrong in it, which line says what, what was left by the last session.
    pub fn introduce(&mut self, app: &mut App) -> Vec<Msg> {
        self.tell_about_file(app);
        for warning in self.document.take_warnings() {
            app.toasts.say(crate::app::toast::Tone::Warning, warning);
        }
        let names: Vec<String> =
            self.recoveries.iter().flat_map(|recovery| recovery.names()).map(str::to_owned).collect();
        for damage in self.recoveries.iter().filter_map(|recovery| recovery.damage.as_ref()) {
            let what = format!("a journal of unsaved edits is broken in line {}: {}", damage.line, damage.why);
            app.toasts.say(crate::app::toast::Tone::Warning, what);
        }
        let same_file = self.recoveries.iter().all(|recovery| recovery.base_matches);
        if names.is_empty() { Vec::new() } else { vec![Msg::Recoverable(names, same_file)] }
    }

    fn tell_about_file(&self, app: &mut App) {
        app.problems = self
            .document
            .diagnostics()
            .iter()
            .map(|found| {
                let line = Styled::row(format!("{}:{}", found.line, found.column), found.message.clone());
                if found.severity == Severity::Error { line.with(Emphasis::Warning) } else { line }
            })
            .collect();
        self.document.text().clone_into(&mut app.saved_text);
        app.lines = self.document.loaded().lines.clone();
    }

    /// Looks from time to time whether somebody else changed the file, and says so once.
    pub fn look_at_file(&mut self) -> Option<Msg> {
        let told = match self.looked_at {
            Some((when, told)) if when.elapsed() < LOOK_EVERY || told => return None,
            Some((_, told)) => told,
            None => false,
        };
        let changed = self.document.changed_on_disk().unwrap_or(false);
        self.looked_at = Some((Instant::now(), told || changed));
        changed.then(|| Msg::Failed("somebody changed the file on disk; saving will ask what to do".into()))
    }

    /// Whether edits wait to be put on the disk for sure.
    pub fn is_unsynced(&self) -> bool {
        self.unsynced
    }

    /// Puts the journal on the disk for sure.
    pub fn sync(&mut self) -> Option<Msg> {
        self.unsynced = false;
        self.document.sync().err().map(|error| Msg::Failed(error.to_string()))
    }

    /// The edits were dropped on purpose: the next start must not offer them.
    pub fn discard_edits(self) {
        // What can not be removed is offered once more, which loses nothing.
        let _ = self.document.discard_edits();
    }

    /// Does what needs only files. What needs the terminal comes back to the caller.
    pub fn perform(&mut self, effect: Effect, app: &mut App) -> Result<Option<Msg>, Effect> {
        Ok(match effect {
            Effect::Journal(edit) => self.journal(&edit),
            Effect::Save => Some(self.save(app)),
            Effect::SaveCopy(path) => {
                let path = self.beside(&path);
                Some(match self.document.save_copy(&path, &app.model) {
                    Ok(_) => Msg::SavedCopy(shown(&path)),
                    Err(error) => Msg::Failed(error.to_string()),
                })
            }
            Effect::Reload => Some(match self.document.reload() {
                Ok(()) => {
                    self.looked_at = None;
                    app.model = Arc::new(self.document.base().clone());
                    self.tell_about_file(app);
                    Msg::Reloaded(Box::new(self.document.base().clone()))
                }
                Err(error) => Msg::Failed(error.to_string()),
            }),
            Effect::Recover(take) => self.recover(take, app),
            Effect::Hash(draft) => {
                let path = draft.at.clone().unwrap_or_default();
                let sum = match root_of_evidence(self.document.path()) {
                    Some(root) => Root::new(root).hash(&path).map_err(|error| error.to_string()),
                    None => Err("the model lies in no workspace: a git repository, or a folder with models/".into()),
                };
                Some(Msg::Hashed(draft, sum))
            }
            other => return Err(other),
        })
    }

    /// What looks at the evidence of a model: it is run where nobody waits for it.
    pub fn looker(&self, app: &App) -> impl FnOnce() -> Option<Looks> + Send + 'static {
        let (path, objects) = (self.document.path().to_owned(), Object::all(&app.model));
        move || look_around(&path, &objects)
    }

    fn journal(&mut self, edit: &Edit) -> Option<Msg> {
        self.unsynced = true;
        let failed = self.document.record(edit).err()?;
        Some(Msg::Failed(format!("{failed}; save now, edits are not protected")))
    }

    fn save(&mut self, app: &mut App) -> Msg {
        match self.document.save(&app.model) {
            Ok(()) => {
                self.unsynced = false;
                self.looked_at = None;
                self.tell_about_file(app);
                Msg::Saved
            }
            Err(SaveError::ChangedOnDisk(_)) => Msg::ChangedOnDisk,
            Err(error) => Msg::Failed(error.to_string()),
        }
    }

    fn recover(&mut self, take: bool, app: &mut App) -> Option<Msg> {
        let mut model = Model::clone(&app.model);
        let mut count = 0;
        for recovery in std::mem::take(&mut self.recoveries) {
            if take {
                model = recovery.replay_sound(&model);
                count += recovery.count();
                for edit in recovery.edits() {
                    // In this session's journal first, so that they are never in none.
                    if let Some(failed) = self.journal(edit) {
                        return Some(failed);
                    }
                }
            }
            if let Err(error) = recovery.discard() {
                return Some(Msg::Failed(error.to_string()));
            }
        }
        take.then(|| Msg::Recovered(Box::new(model), count))
    }

    /// A path as a person typed it: beside the model, where it names no folder.
    fn beside(&self, path: &Path) -> std::path::PathBuf {
        match (path.parent(), self.document.path().parent()) {
            (Some(own), Some(folder)) if own.as_os_str().is_empty() => folder.join(path),
            _ => path.to_owned(),
        }
    }

    /// Opens an element's text in the person's editor. The terminal was given back before.
    pub fn edit_in_editor(&mut self, app: &App, id: &ElementId) -> Msg {
        let kept = self.kept.take().filter(|(of, _)| of == id).map(|(_, text)| text);
        let Some(text) = kept.or_else(|| self.document.element_text(&app.model, id)) else {
            return Msg::Failed(format!("{id} has no text"));
        };
        match run_editor(&text) {
            Ok(written) if written.trim() == text.trim() => Msg::Edited(id.clone(), None),
            Ok(written) => match self.document.read_element_text(&app.model, id, &written) {
                Ok(read) => Msg::Edited(id.clone(), Some(Box::new(read))),
                Err(why) => {
                    self.kept = Some((id.clone(), written));
                    Msg::EditedBadly(id.clone(), why)
                }
            },
            Err(why) => Msg::Failed(why),
        }
    }
}

fn shown(path: &Path) -> String {
    one_line(&path.display().to_string(), 200)
}

/// Runs `$VISUAL`, `$EDITOR` or `vi` on a text and returns what the person left. The editor comes from the person's
/// own environment, never from a model.
fn run_editor(text: &str) -> Result<String, String> {
    let editor =
        ["VISUAL", "EDITOR"].iter().filter_map(|name| std::env::var(name).ok()).find(|value| !value.trim().is_empty());
    let editor = editor.unwrap_or_else(|| "vi".to_owned());
    let words = shell_words::split(&editor).map_err(|error| format!("$EDITOR can not be read: {error}"))?;
    let (program, arguments) = words.split_first().ok_or("set $EDITOR to your editor")?;
    let file = tempfile::Builder::new()
        .prefix("sandtable-")
        .suffix(".ron")
        .tempfile()
        .map_err(|error| format!("no temporary file can be made: {error}"))?;
    std::fs::write(file.path(), format!("{text}\n"))
        .map_err(|error| format!("the text can not be written: {error}"))?;
    let status =
        std::process::Command::new(program).args(arguments).arg(file.path()).status().map_err(|error| {
            format!("{} can not be run: {error}; set $EDITOR to your editor", one_line(program, 60))
        })?;
    if !status.success() {
        return Err("the editor ended with an error; nothing was changed".into());
    }
    let read = crate::store::disk::read_text(file.path()).map_err(|error| error.to_string())?;
    Ok(read.text)
}

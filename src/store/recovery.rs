//! What a process that ended without saving left behind: found by its journal, whose lock nobody holds any more.
//!
//! A journal is hostile until it is read: every element is typed, every slug and name checked. A last line that was
//! not written to its end is no edit; anything else that makes no sense is damage, and said with its line.

use super::disk::{MAX_FILE, Stamp, Sum, resolve};
use super::journal::{FORMAT, JournalError, Line, MAX_NAME, Place, Worded};
use super::places::{Places, key_of};
use crate::model::edit::{Edit, Put};
use crate::model::text::one_line;
use crate::model::wording::Rewording;
use crate::model::{ElementId, Model, Section, Slug};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A file of a write that takes longer than this belongs to nobody any more.
const ABANDONED: Duration = Duration::from_secs(3_600);

/// Unsaved edits of a process that is gone. While this lives, no other process is offered them.
#[derive(Debug)]
pub struct Recovery {
    /// The journal.
    pub path: PathBuf,
    /// The title of the model.
    pub title: String,
    /// The process that wrote it.
    pub pid: u32,
    /// The checksum of the text on which the edits build.
    pub base: Option<Sum>,
    /// Whether the file is that text now.
    pub base_matches: bool,
    /// When the last edit was made.
    pub last_edit: Option<SystemTime>,
    /// What is wrong behind the edits that could be read.
    pub damage: Option<Damage>,
    edits: Vec<Edit>,
    lock: Option<File>,
}

/// Something wrong with a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The line, 1 for the first.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

/// What dead processes left unsaved of a model file, the oldest first: the order in which the edits are to be made.
/// Journals without edits are cleared away. What builds on another text than the file's ([`Recovery::base_matches`])
/// or is damaged ([`Recovery::damage`]) is for people to judge before its edits are made.
pub fn recoverable(places: &Places, path: &Path) -> Result<Vec<Recovery>, JournalError> {
    let resolved = resolve(path)?;
    let folder = places.journals();
    let prefix = format!("{}-", key_of(&resolved));
    let failed = |source| JournalError::Io { path: folder.clone(), source };
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    sweep(&folder, super::journal::FRESH);
    let now = Stamp::of(&resolved).ok().map(|stamp| stamp.sha256);
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let wanted = name.to_str().is_some_and(|name| name.starts_with(&prefix) && name.ends_with(".ronl"));
        if wanted && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            found.extend(Recovery::claim(entry.path(), &resolved, now));
        }
    }
    found.sort_by_key(|recovery| recovery.last_edit);
    Ok(found)
}

impl Recovery {
    /// How many edits there are.
    pub fn count(&self) -> usize {
        self.edits.len()
    }

    /// The edits, the first first.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// The names of the edits, the first first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.edits.iter().map(|edit| edit.name.as_str())
    }

    /// How long ago the last edit was made.
    pub fn age(&self) -> Option<Duration> {
        SystemTime::now().duration_since(self.last_edit?).ok()
    }

    /// The model with the edits made. A damaged journal is an error; see [`Recovery::replay_sound`].
    pub fn replay(&self, model: &Model) -> Result<Model, JournalError> {
        match &self.damage {
            None => Ok(self.replay_sound(model)),
            Some(Damage { line, why }) => {
                Err(JournalError::Damaged { path: self.path.clone(), line: *line, why: why.clone() })
            }
        }
    }

    /// The model with those edits made that stand before any damage.
    pub fn replay_sound(&self, model: &Model) -> Model {
        let mut model = model.clone();
        for edit in &self.edits {
            edit.apply(&mut model);
        }
        model
    }

    /// Takes the journal away, with the edits in it.
    pub fn discard(self) -> Result<(), JournalError> {
        fs::remove_file(&self.path).map_err(|source| JournalError::Io { path: self.path.clone(), source })
    }

    /// Takes hold of a journal, if its process is gone and it has something to say.
    fn claim(path: PathBuf, resolved: &Path, now: Option<Sum>) -> Option<Recovery> {
        let mut recovery = Recovery {
            path,
            title: String::new(),
            pid: 0,
            base: None,
            base_matches: false,
            last_edit: None,
            damage: None,
            edits: Vec::new(),
            lock: None,
        };
        let mut file = match OpenOptions::new().read(true).write(true).open(&recovery.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return None,
            Err(error) => {
                recovery.damage = Some(Damage { line: 1, why: format!("it can not be read ({error})") });
                return Some(recovery);
            }
        };
        // A save may have put a new journal in the place of this one, between the opening and the locking.
        if file.try_lock().is_err() || !is_at(&file, &recovery.path) {
            return None;
        }
        recovery.last_edit = file.metadata().and_then(|meta| meta.modified()).ok();
        let mut bytes = Vec::new();
        let read = (&mut file).take(MAX_FILE + 1).read_to_end(&mut bytes);
        recovery.lock = Some(file);
        let too_large = bytes.len() as u64 > MAX_FILE;
        match read {
            Err(error) => recovery.damage = Some(Damage { line: 1, why: format!("it can not be read ({error})") }),
            Ok(_) if too_large => {
                recovery.damage = Some(Damage { line: 1, why: format!("it is larger than {} MiB", MAX_FILE >> 20) });
            }
            Ok(_) => recovery.read(&bytes, resolved, now)?,
        }
        recovery.base_matches = recovery.base.is_some() && recovery.base == now;
        if recovery.edits.is_empty() && recovery.damage.is_none() {
            let _ = recovery.discard();
            return None;
        }
        Some(recovery)
    }

    /// Reads all lines, up to the first that is damaged. Nothing where the journal is another file's.
    fn read(&mut self, bytes: &[u8], resolved: &Path, now: Option<Sum>) -> Option<()> {
        // What stands behind the last line break was torn off by the end of the process or of the machine.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
        for (index, line) in bytes[..whole].split(|byte| *byte == b'\n').enumerate() {
            if whole == 0 {
                break;
            }
            let step = std::str::from_utf8(line)
                .map_err(|_| "it is not UTF-8".to_owned())
                .and_then(|line| ron::from_str::<Line>(line).map_err(|error| error.code.to_string()))
                .and_then(|line| match line {
                    Line::Journal { path, .. } if index == 0 && path != resolved.to_string_lossy() => Ok(None),
                    line => self.take(line, index, now).map(Some),
                });
            match step {
                Ok(Some(())) => {}
                Ok(None) => return None,
                Err(why) => {
                    self.damage = Some(Damage { line: index + 1, why: one_line(&why, 300) });
                    break;
                }
            }
        }
        Some(())
    }

    fn take(&mut self, line: Line, index: usize, now: Option<Sum>) -> Result<(), String> {
        let sum = |hex: &str| Sum::parse(hex).ok_or_else(|| "a checksum has 64 digits".to_owned());
        match (line, index) {
            (Line::Journal { format, sha256, pid, title, .. }, 0) => {
                if format != FORMAT {
                    return Err(format!("format {format} is not {FORMAT}, which this program reads"));
                }
                self.base = Some(sum(&sha256)?);
                self.pid = pid;
                self.title = one_line(&title, MAX_NAME);
            }
            (Line::Journal { .. }, _) => return Err("a second journal begins here".into()),
            (_, 0) => return Err("the first line does not say what the journal is of".into()),
            (Line::Edit { name, title, puts, wordings }, _) => {
                let puts = puts.into_iter().map(put).collect::<Result<_, _>>()?;
                let wordings = wordings.into_iter().map(rewording).collect::<Result<_, _>>()?;
                self.edits.push(Edit { name: one_line(&name, MAX_NAME), puts, title, wordings });
            }
            (Line::Saving(hex), _) if now != Some(sum(&hex)?) => {}
            (Line::Saving(hex) | Line::Saved(hex), _) => {
                self.base = Some(sum(&hex)?);
                self.edits.clear();
            }
        }
        Ok(())
    }
}

impl Drop for Recovery {
    fn drop(&mut self) {
        // As for a journal: whoever shares the file by accident keeps nobody out.
        let _ = self.lock.as_ref().map(File::unlock);
    }
}

fn put(place: Place) -> Result<Put, String> {
    let id = name(&place.section, &place.slug)?;
    let element = match place.element {
        None => None,
        Some(ron) => {
            let typed = id.section.element_from_ron(&ron);
            Some(typed.map_err(|error| format!("{id}: {}", error.code))?)
        }
    };
    Ok(Put { id, element })
}

/// The text is read where it is woven into the file, and left out where it is not one of that element.
fn rewording(worded: Worded) -> Result<Rewording, String> {
    let id = name(&worded.section, &worded.slug)?;
    Ok(Rewording { id, before: None, after: worded.text.map(Into::into) })
}

fn name(section: &str, slug: &str) -> Result<ElementId, String> {
    let section =
        Section::from_name(section).ok_or_else(|| format!("there is no section `{}`", one_line(section, 40)))?;
    Ok(ElementId::new(section, Slug::new(slug).map_err(|error| error.to_string())?))
}

/// Clears away the temporary files of writes that were killed, by the form of their names.
pub(super) fn sweep(folder: &Path, (prefix, suffix): (&str, &str)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let random = name.to_str().and_then(|name| name.strip_prefix(prefix)?.strip_suffix(suffix));
        let ours = random.is_some_and(|random| random.len() == 6 && random.bytes().all(|b| b.is_ascii_alphanumeric()));
        let Some(meta) = entry.metadata().ok().filter(|meta| ours && meta.is_file()) else { continue };
        let age = meta.modified().ok().and_then(|modified| SystemTime::now().duration_since(modified).ok());
        if age.is_some_and(|age| age > ABANDONED) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether an open file is the one of this name.
fn is_at(file: &File, path: &Path) -> bool {
    let (Ok(open), Ok(named)) = (file.metadata(), fs::symlink_metadata(path)) else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (open.dev(), open.ino()) == (named.dev(), named.ino())
    }
    #[cfg(not(unix))]
    {
        open.is_file() && named.is_file()
    }
}

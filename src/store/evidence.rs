//! Looks at the evidence of a model: files are hashed, tests are looked up in JUnit reports, commits in the repository.
//!
//! Paths are relative to [`root_of_evidence`]. Nothing outside of it is read, whatever a path or a link says; pipes and devices are not opened; links to
//! the network are never followed. What can not be told is said, and is neither good nor bad.

use super::disk::{Sum, shown};
use super::git::{Commit, look_up};
use super::junit::{Ended, MAX_REPORT, Report};
use super::workspace::root_of_evidence;
use crate::analysis::evidence::{Looks, Object, Seen};
use crate::model::facts::Day;
use crate::model::text::one_line;
use crate::model::threats::EvidenceKind;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

/// The largest file that is hashed, in bytes.
pub const MAX_EVIDENCE: u64 = 64 << 20;
/// The most objects of one look.
const MAX_OBJECTS: usize = 10_000;
/// The most bytes that are read in one look.
const MAX_LOOK: u64 = 512 << 20;

/// Why a file of evidence can not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Nothing is there.
    #[error("there is no file {0}")]
    Missing(String),
    /// The path does not stay inside of the root.
    #[error("{0} leads out of {1}, to which paths of evidence are relative")]
    Outside(String, String),
    /// It is no file.
    #[error("{0} is {1}, not a file")]
    NotAFile(String, &'static str),
    /// It is too large.
    #[error("{0} is larger than {1} MiB")]
    TooLarge(String, u64),
    /// Anything else.
    #[error("{0} can not be read: {1}")]
    Failed(String, String),
}

/// A root under which is looked; every file is read once, and within a budget.
pub struct Root {
    root: PathBuf,
    budget: u64,
    reports: BTreeMap<String, Result<Report, Seen>>,
}

impl Root {
    /// Looks under this folder.
    pub fn new(root: PathBuf) -> Root {
        Root { root, budget: MAX_LOOK, reports: BTreeMap::new() }
    }

    /// The folder to which paths are relative.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The SHA-256 of a file, in hexadecimal.
    pub fn hash(&mut self, path: &str) -> Result<String, Unreadable> {
        Ok(Sum::of(&self.read(path, MAX_EVIDENCE)?).to_string())
    }

    /// Looks at objects. `reports` are JUnit reports that a person named; tests are looked up in these as well.
    pub fn look(&mut self, objects: &BTreeSet<Object>, reports: &[(PathBuf, Report)]) -> Looks {
        let see = |(at, object): (usize, &Object)| {
            let seen = match at < MAX_OBJECTS {
                true => self.see(object, reports)?,
                false => Seen::Untold(format!("the model has more than {MAX_OBJECTS} pieces of evidence")),
            };
            Some((object.clone(), seen))
        };
        objects.iter().enumerate().filter_map(see).collect()
    }

    fn see(&mut self, object: &Object, reports: &[(PathBuf, Report)]) -> Option<Seen> {
        let at = object.at.as_str();
        Some(match object.kind {
            EvidenceKind::File => match self.hash(at) {
                Ok(sum) => Seen::File(sum),
                Err(why) => unreadable(&why),
            },
            EvidenceKind::Commit => match look_up(&self.root, at) {
                Commit::There => Seen::There,
                Commit::Absent => Seen::Missing(format!("there is no commit {at}")),
                Commit::Untold(why) => Seen::Untold(why),
            },
            EvidenceKind::Test => return self.test(object, reports),
            EvidenceKind::Link | EvidenceKind::Review | EvidenceKind::Drill => return None,
        })
    }

    /// Looks a test up in its own report and in those that were named; the worst of what they say counts.
    fn test(&mut self, object: &Object, reports: &[(PathBuf, Report)]) -> Option<Seen> {
        let name = object.at.as_str();
        let mut results: Vec<(Ended, Option<Day>)> =
            reports.iter().filter_map(|(_, report)| report.result(name)).collect();
        let mut without = None;
        if let Some(path) = &object.report {
            match self.report(path.as_str()) {
                Ok(report) => results.extend(report.result(name)),
                // A report that a person named takes the place of one that is not there.
                Err(seen) => without = Some(seen.clone()),
            }
        } else if reports.is_empty() {
            return Some(Seen::Untold("no report was named: --junit FILE, or `report` of the evidence".to_owned()));
        }
        Some(match (results.into_iter().min(), without) {
            (Some((Ended::Failed, _)), _) => Seen::Failed,
            (Some((Ended::Skipped, _)), _) => Seen::Skipped,
            (Some((Ended::Passed, on)), _) => Seen::Passed(on),
            (None, Some(seen)) => seen,
            (None, None) => Seen::Missing(format!("no report has the test {name}")),
        })
    }

    fn report(&mut self, path: &str) -> &Result<Report, Seen> {
        if !self.reports.contains_key(path) {
            let read = self.read(path, MAX_REPORT).map_err(|why| unreadable(&why));
            let report = read.and_then(|bytes| parse(path, &bytes).map_err(Seen::Untold));
            self.reports.insert(path.to_owned(), report);
        }
        &self.reports[path]
    }

    /// Reads a file under the root, at most so many bytes of it.
    fn read(&mut self, path: &str, most: u64) -> Result<Vec<u8>, Unreadable> {
        let name = || one_line(path, 200);
        let outside = || Unreadable::Outside(name(), shown(&self.root));
        let failed = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Unreadable::Missing(name()),
            _ => Unreadable::Failed(name(), error.to_string()),
        };
        let inside = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        if path.is_empty() || !Path::new(path).components().all(inside) {
            return Err(outside());
        }
        let root = fs::canonicalize(&self.root).map_err(failed)?;
        let target = fs::canonicalize(root.join(path)).map_err(failed)?;
        if !target.starts_with(&root) {
            return Err(outside());
        }
        // Asked before it is opened, since opening a pipe waits for a writer.
        let meta = fs::metadata(&target).map_err(failed)?;
        if !meta.is_file() {
            return Err(Unreadable::NotAFile(name(), if meta.is_dir() { "a folder" } else { "a pipe or a device" }));
        }
        let most = most.min(self.budget);
        if meta.len() > most {
            return Err(Unreadable::TooLarge(name(), most >> 20));
        }
        let mut bytes = Vec::new();
        File::open(&target).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)).map_err(failed)?;
        if bytes.len() as u64 > most {
            return Err(Unreadable::TooLarge(name(), most >> 20));
        }
        self.budget -= bytes.len() as u64;
        Ok(bytes)
    }
}

/// What is not there is missing; what can not be read tells nothing.
fn unreadable(why: &Unreadable) -> Seen {
    match why {
        Unreadable::Missing(_) => Seen::Missing(why.to_string()),
        _ => Seen::Untold(why.to_string()),
    }
}

fn parse(path: &str, bytes: &[u8]) -> Result<Report, String> {
    let named = |why: &str| format!("the report {} can not be read: {}", one_line(path, 200), one_line(why, 200));
    Report::read(std::str::from_utf8(bytes).map_err(|_| named("it is not UTF-8"))?).map_err(|why| named(&why))
}

/// Reads a report that a person named on the command line, wherever it lies.
pub fn named_report(path: &Path) -> Result<Report, String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name =
        path.file_name().and_then(|name| name.to_str()).ok_or_else(|| format!("{} names no file", shown(path)))?;
    // A link that a person named is followed; it is only what a model says that may not lead anywhere.
    let target = fs::canonicalize(folder.join(name)).map_err(|error| format!("{}: {error}", shown(path)))?;
    let (folder, name) = (target.parent().unwrap_or(folder), target.file_name().and_then(|name| name.to_str()));
    let mut place = Root::new(folder.to_owned());
    let bytes = place.read(name.unwrap_or_default(), MAX_REPORT).map_err(|error| error.to_string())?;
    parse(&path.to_string_lossy(), &bytes)
}

/// Looks at all evidence of a model file's model; nothing where the file lies in no repository and no workspace.
pub fn look_around(model: &Path, objects: &BTreeSet<Object>) -> Option<Looks> {
    if objects.is_empty() {
        return Some(Looks::new());
    }
    Some(Root::new(root_of_evidence(model)?).look(objects, &[]))
}

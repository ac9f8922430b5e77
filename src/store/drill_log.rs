//! The log of a drill on the disk: appended to, a line an event, each on the disk for sure before it counts.

use super::disk::{DiskError, SaveError, read_text, save, shown};
use crate::drill::event::Event;
use crate::drill::log::{self, Line, Log, LogError, Salt};
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Why a log can not be used.
#[derive(Debug, thiserror::Error)]
pub enum DrillLogError {
    /// It can not be read.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// It can not be written as a whole.
    #[error(transparent)]
    Save(#[from] SaveError),
    /// Somebody else writes it.
    #[error("{}: another program writes this log: let it end, or write a log of your own and merge it", shown(.0))]
    Busy(PathBuf),
    /// Its chain is broken.
    #[error("{}:{what}; sandtable drill verify tells all: restore the log from a copy", shown(.path))]
    Broken {
        /// The log.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// An event can not be made a line.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The system has no random bytes.
    #[error("the system gives no random bytes ({0}): nothing was written")]
    Random(String),
    /// There is one already.
    #[error("{}: there is such a file already: name another, or go on with it (drill run goes on by itself)", shown(.0))]
    Exists(PathBuf),
    /// Anything else.
    #[error("{}: the log can not be written ({source}): free space, or check the folder; the last event was not kept", shown(.path))]
    Io {
        /// The log.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Seconds since 1970 by the clock of the machine, as events note them.
pub fn wall() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A log that is open for writing. One program at a time writes it.
#[derive(Debug)]
pub struct DrillLog {
    file: File,
    path: PathBuf,
    len: u64,
    log: Log,
    /// How many bytes of a torn line were taken off when it was opened.
    pub torn: usize,
}

impl DrillLog {
    /// Makes a new log.
    pub fn create(path: &Path) -> Result<DrillLog, DrillLogError> {
        let file =
            OpenOptions::new().write(true).create_new(true).open(path).map_err(|source| match source.kind() {
                io::ErrorKind::AlreadyExists => DrillLogError::Exists(path.to_owned()),
                _ => DrillLogError::Io { path: path.to_owned(), source },
            })?;
        lock(&file, path)?;
        Ok(DrillLog { file, path: path.to_owned(), len: 0, log: Log::default(), torn: 0 })
    }

    /// Opens a log to go on with it. A line that was torn by a crash is taken off.
    pub fn resume(path: &Path) -> Result<DrillLog, DrillLogError> {
        let io = |source| DrillLogError::Io { path: path.to_owned(), source };
        let file = OpenOptions::new().write(true).open(path).map_err(io)?;
        lock(&file, path)?;
        let text = read_text(path)?.text;
        let log = log::read(&text);
        if let Some(broken) = log.broken.first().filter(|_| !log.lines.is_empty() || log.torn.is_none()) {
            return Err(DrillLogError::Broken { path: path.to_owned(), what: broken.to_string() });
        }
        let whole = log.torn.unwrap_or(text.len());
        let torn = text.len() - whole;
        if torn > 0 {
            file.set_len(whole as u64).and_then(|()| file.sync_all()).map_err(io)?;
        }
        Ok(DrillLog { file, path: path.to_owned(), len: whole as u64, log, torn })
    }

    /// What it holds.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Makes an event the next line; it is not written yet.
    pub fn prepare(&self, event: &Event) -> Result<Line, DrillLogError> {
        let head = self.log.head();
        let prev = if head.is_empty() { Vec::new() } else { vec![head] };
        let mut salts = Salts::default();
        let line = log::encode(event, &prev, &mut || salts.draw());
        salts.checked(line)
    }

    /// Brings another writer's chain into this one.
    pub fn merge(&mut self, other: &Log, merge: &Event) -> Result<usize, DrillLogError> {
        let mut salts = Salts::default();
        let lines = self.log.merge(other, merge, &mut || salts.draw());
        let lines = salts.checked(lines)?;
        let count = lines.len();
        self.append_all(lines)?;
        Ok(count)
    }

    /// Appends a line, and returns when the disk has it.
    pub fn append(&mut self, line: Line) -> Result<(), DrillLogError> {
        self.append_all(vec![line])
    }

    /// Appends several lines in one write.
    pub fn append_all(&mut self, lines: Vec<Line>) -> Result<(), DrillLogError> {
        let text: String = lines.iter().map(|line| format!("{}\n", line.text)).collect();
        let written = self
            .file
            .seek(SeekFrom::Start(self.len))
            .and_then(|_| self.file.write_all(text.as_bytes()))
            .and_then(|()| self.file.sync_data());
        if let Err(source) = written {
            // What was written of it is no event.
            let _ = self.file.set_len(self.len);
            return Err(DrillLogError::Io { path: self.path.clone(), source });
        }
        self.len += text.len() as u64;
        self.log.lines.extend(lines);
        Ok(())
    }
}

fn lock(file: &File, path: &Path) -> Result<(), DrillLogError> {
    file.try_lock().map_err(|_| DrillLogError::Busy(path.to_owned()))
}

/// Reads a log to look at it.
pub fn read(path: &Path) -> Result<Log, DrillLogError> {
    Ok(log::read(&read_text(path)?.text))
}

/// Takes words out of a log: the file is replaced as a whole.
pub fn redact(path: &Path, commit: &str, event: &Event) -> Result<(), DrillLogError> {
    let file = read_text(path)?;
    let log = log::read(&file.text);
    if let Some(broken) = log.broken.first() {
        return Err(DrillLogError::Broken { path: path.to_owned(), what: broken.to_string() });
    }
    let mut salts = Salts::default();
    let text = log.redact(commit, event, &mut || salts.draw());
    let text = salts.checked(text)?;
    save(path, &text, Some(&file.stamp))?;
    Ok(())
}

/// Random bytes from the system, as many as a commitment needs.
#[derive(Debug, Default)]
struct Salts {
    failed: Option<getrandom::Error>,
}

impl Salts {
    fn draw(&mut self) -> Salt {
        let mut salt = Salt::default();
        if let Err(error) = getrandom::fill(&mut salt) {
            self.failed = Some(error);
        }
        salt
    }

    /// What was made with these, unless the system had none to give.
    fn checked<T>(self, made: Result<T, LogError>) -> Result<T, DrillLogError> {
        match self.failed {
            Some(error) => Err(DrillLogError::Random(error.to_string())),
            None => Ok(made?),
        }
    }
}

//! One person at a time: an advisory lock of a model file, so that a second instance is told who has it open.
//!
//! The lock is the system's lock of a file in the state folder; it ends with the process, however that ends. What the
//! file says is only who to name, so it means nothing without the lock. A copy under another user's state folder, or
//! another hard link, is not seen; a save still refuses to overwrite what somebody else wrote.

use super::disk::{DiskError, resolve, shown};
use super::places::{Places, PlacesError, key_of, make_private};
use crate::model::text::one_line;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// As much of a lock file is read; it holds a line.
const MAX_CONTENTS: u64 = 4_096;

/// Who has a model open. What is not known is empty or zero.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Holder {
    /// The name of the machine.
    pub host: String,
    /// The process there.
    pub pid: u32,
    /// The user.
    pub user: String,
    /// Seconds since 1970.
    pub since: u64,
}

impl Holder {
    /// This process, since now.
    pub fn this() -> Holder {
        let user = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|variable| std::env::var(variable).ok());
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let user = one_line(user.as_deref().unwrap_or_default(), 64);
        Holder { host: host_name(), pid: std::process::id(), user, since }
    }

    /// For how long, where that is known.
    pub fn held_for(&self) -> Option<Duration> {
        let since = UNIX_EPOCH.checked_add(Duration::from_secs(self.since)).filter(|_| self.since > 0)?;
        SystemTime::now().duration_since(since).ok()
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pid == 0 {
            return f.write_str("another sandtable");
        }
        write!(f, "process {}", self.pid)?;
        if !self.user.is_empty() {
            write!(f, " of {}", self.user)?;
        }
        if !self.host.is_empty() {
            write!(f, " on {}", self.host)?;
        }
        match self.held_for().map(|held| held.as_secs() / 60) {
            None => Ok(()),
            Some(0) => f.write_str(", since less than a minute"),
            Some(minutes @ 1..120) => write!(f, ", since {minutes} min"),
            Some(minutes) => write!(f, ", since {} h", minutes / 60),
        }
    }
}

/// Why a model can not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Somebody has it.
    #[error("{}: open already, in {by}: close it there, or open it here to look only", shown(.path))]
    Held {
        /// The model file.
        path: PathBuf,
        /// Who has it.
        by: Holder,
    },
    /// The file's path means nothing.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// There is no folder for locks.
    #[error(transparent)]
    Places(#[from] PlacesError),
    /// The lock file can not be made, or the file system has no locks.
    #[error("{}: can not be locked ({source}): see that nobody else has the model open", shown(.path))]
    Io {
        /// The lock file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

/// A model file that this process has open. The lock ends when this is dropped, or with the process.
#[derive(Debug)]
pub struct ModelLock {
    file: File,
}

impl ModelLock {
    /// Takes the lock of a model file, which need not be there yet.
    pub fn take(places: &Places, path: &Path) -> Result<ModelLock, LockError> {
        let resolved = resolve(path)?;
        let folder = places.locks();
        make_private(&folder)?;
        let lock_path = folder.join(format!("{}.lock", key_of(&resolved)));
        let failed = |source| LockError::Io { path: lock_path.clone(), source };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&lock_path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Held { path: resolved, by: read_holder(&file) }),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        // Without the lines the lock holds all the same; it only names nobody.
        let line = ron::to_string(&Holder::this()).unwrap_or_default();
        let _ = file.set_len(0).and_then(|()| file.write_all(line.as_bytes()));
        Ok(ModelLock { file })
    }
}

impl Drop for ModelLock {
    fn drop(&mut self) {
        // The file stays: were it removed, two processes could each hold a lock of a file of this name.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

/// Who wrote the lock file. Another process may be writing it just now, or anything may stand in it.
fn read_holder(file: &File) -> Holder {
    let mut text = String::new();
    if file.take(MAX_CONTENTS).read_to_string(&mut text).is_err() {
        return Holder::default();
    }
    let holder: Holder = ron::from_str(&text).unwrap_or_default();
    Holder { host: one_line(&holder.host, 64), user: one_line(&holder.user, 64), ..holder }
}

/// The name of this machine; letters, digits, dots and dashes only.
fn host_name() -> String {
    let mut name = String::new();
    let known = File::open("/proc/sys/kernel/hostname").and_then(|file| file.take(256).read_to_string(&mut name));
    if known.is_err() {
        name = std::env::var("HOSTNAME").or_else(|_| std::env::var("COMPUTERNAME")).unwrap_or_default();
    }
    name.chars().filter(|ch| ch.is_ascii_alphanumeric() || matches!(ch, '.' | '-' | '_')).take(64).collect()
}

//! Whole text files: read within limits, and written so that at every moment either the old text is there or the new.
//!
//! A save is a temporary file in the folder of the target, synced, then renamed. What a rename can not keep: hard
//! links to the old file go on to name the old text, and access lists beyond the mode are those of a new file.

use crate::model::text::one_line;
use sha2::{Digest, Sha256};
use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The largest file that is read or written, in bytes.
pub const MAX_FILE: u64 = 64 << 20;

/// A file that changed so shortly before it was looked at may change again without its times telling.
const SETTLING: Duration = Duration::from_secs(2);

/// How the names of files begin and end that are not in their place yet.
pub(super) const FRESH: (&str, &str) = (".sandtable-", ".tmp");

/// A path for a message: names of files are hostile too.
pub(super) fn shown(path: &Path) -> String {
    one_line(&path.to_string_lossy(), 400)
}

/// A SHA-256 checksum.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sum([u8; 32]);

impl Sum {
    /// The checksum of these bytes.
    pub fn of(bytes: &[u8]) -> Sum {
        Sum(Sha256::digest(bytes).into())
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(hex: &str) -> Option<Sum> {
        let digits: Vec<u8> = hex.chars().map(|ch| ch.to_digit(16).map(|digit| digit as u8)).collect::<Option<_>>()?;
        let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
        (digits.len() == 64).then_some(Sum(bytes.try_into().ok()?))
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a file was when it was looked at: enough to tell later whether somebody changed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Its length in bytes.
    pub len: u64,
    /// When it was changed, as the file system says.
    pub modified: Option<SystemTime>,
    /// The checksum of its bytes.
    pub sha256: Sum,
    identity: [u64; 4],
    settled: bool,
}

impl Stamp {
    /// The stamp of the file as it is now.
    pub fn of(path: &Path) -> Result<Stamp, DiskError> {
        Ok(read_bytes(path)?.1)
    }

    fn new(bytes: &[u8], meta: &Metadata) -> Stamp {
        let modified = meta.modified().ok();
        let age = modified.and_then(|modified| SystemTime::now().duration_since(modified).ok());
        Stamp {
            len: bytes.len() as u64,
            modified,
            sha256: Sum::of(bytes),
            identity: identity(meta),
            settled: age.is_some_and(|age| age > SETTLING),
        }
    }
}

/// What tells a file from another one of its name, and a write that put the old time back.
fn identity(meta: &Metadata) -> [u64; 4] {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        [meta.dev(), meta.ino(), meta.ctime().cast_unsigned(), meta.ctime_nsec().cast_unsigned()]
    }
    #[cfg(not(unix))]
    {
        let _ = meta;
        [0; 4]
    }
}

/// A text and the file it came from.
#[derive(Debug, Clone)]
pub struct FileText {
    /// All of it.
    pub text: String,
    /// The file at that moment.
    pub stamp: Stamp,
}

/// Why a file can not be read.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// Nothing of that name.
    #[error("{}: there is no such file: check the name", shown(.0))]
    Missing(PathBuf),
    /// The folder is not there, or is none.
    #[error("{}: there is no such folder: make it, or choose another place", shown(.0))]
    NoFolder(PathBuf),
    /// A link that leads nowhere, or in a circle.
    #[error("{}: this link can not be followed ({source}): mend the link, or name the file itself", shown(.path))]
    BadLink {
        /// The link.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A folder, a pipe, a device.
    #[error("{}: this is {kind}, not a file: name a model file", shown(.path))]
    NotAFile {
        /// What was named.
        path: PathBuf,
        /// What it is.
        kind: &'static str,
    },
    /// More than [`MAX_FILE`].
    #[error("{}: larger than {} MiB, which no model is: check the name", shown(.0), MAX_FILE >> 20)]
    TooLarge(PathBuf),
    /// Not UTF-8.
    #[error("{}:{line}: byte {byte} of the file is not UTF-8: save it as UTF-8 and open it again", shown(.path))]
    NotText {
        /// The file.
        path: PathBuf,
        /// The line, 1 for the first.
        line: usize,
        /// The byte, 1 for the first.
        byte: usize,
    },
    /// Anything else.
    #[error("{}: can not be read: {source}", shown(.path))]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Why a file can not be saved. But for [`SaveError::Unconfirmed`] the old file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Somebody wrote it since it was read.
    #[error("{}: somebody changed the file since it was read; nothing was saved: reload it and merge", shown(.0))]
    ChangedOnDisk(PathBuf),
    /// Somebody took it away since it was read.
    #[error("{}: somebody moved or deleted the file; nothing was saved: save it as a new file", shown(.0))]
    Gone(PathBuf),
    /// A new file would overwrite another.
    #[error("{}: there is such a file already; nothing was changed: choose another name", shown(.0))]
    Exists(PathBuf),
    /// The file's mode forbids writing.
    #[error("{}: the file is marked read-only; nothing was changed: allow writing, or save a copy", shown(.0))]
    ReadOnly(PathBuf),
    /// The device or the quota is full.
    #[error("{}: no space left ({source}); nothing was changed: free space and save again", shown(.path))]
    NoSpace {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The folder may not be written.
    #[error("{}: the folder may not be written ({source}); nothing was changed: save a copy elsewhere", shown(.folder))]
    Denied {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// More than [`MAX_FILE`].
    #[error("{}: the text is larger than {} MiB; nothing was changed: split the model", shown(.0), MAX_FILE >> 20)]
    TooLarge(PathBuf),
    /// The file was renamed into place, but the device did not say that it will survive a power cut.
    #[error("{}: saved, but the device did not confirm it ({source}): save again, and keep a copy elsewhere", shown(.path))]
    Unconfirmed {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
        /// The new file.
        stamp: Box<Stamp>,
    },
    /// What would be written does not say what it should.
    #[error("{}: the text to save does not read back as the model ({why}); nothing was changed: mend \
        the errors of the file; if it has none, this is a bug: please report it", shown(.path))]
    Unfaithful {
        /// The file.
        path: PathBuf,
        /// How it differs.
        why: String,
    },
    /// The file that is there can not be read or replaced.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Anything else.
    #[error("{}: can not be saved ({source}); nothing was changed: try again, or save a copy elsewhere", shown(.path))]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Reads a text file.
pub fn read_text(path: &Path) -> Result<FileText, DiskError> {
    let (bytes, stamp) = read_bytes(path)?;
    String::from_utf8(bytes).map(|text| FileText { text, stamp }).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count();
        DiskError::NotText { path: path.to_owned(), line, byte: good + 1 }
    })
}

/// Whether the file's bytes differ from those that were stamped. A file that is gone differs.
pub fn changed_since(path: &Path, stamp: &Stamp) -> Result<bool, DiskError> {
    let meta = match fs::metadata(path) {
        Ok(meta) => meta,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        Err(source) => return Err(DiskError::Io { path: path.to_owned(), source }),
    };
    if meta.len() != stamp.len {
        return Ok(true);
    }
    let untouched = stamp.settled && meta.modified().ok() == stamp.modified && identity(&meta) == stamp.identity;
    Ok(!untouched && Stamp::of(path)?.sha256 != stamp.sha256)
}

/// The file that a path means, links followed. The file itself need not be there yet.
pub fn resolve(path: &Path) -> Result<PathBuf, DiskError> {
    let io = |source| DiskError::Io { path: path.to_owned(), source };
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_symlink() => {
            fs::canonicalize(path).map_err(|source| DiskError::BadLink { path: path.to_owned(), source })
        }
        Ok(_) => fs::canonicalize(path).map_err(io),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            let name = path.file_name().ok_or_else(|| DiskError::Missing(path.to_owned()))?;
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let resolved = fs::canonicalize(folder).ok().filter(|resolved| resolved.is_dir());
            Ok(resolved.ok_or_else(|| DiskError::NoFolder(folder.to_owned()))?.join(name))
        }
        Err(source) => Err(io(source)),
    }
}

/// Writes a whole text file. With `expected` the file is replaced if it still is what was read; without, it is made
/// and must not be there.
pub fn save(path: &Path, text: &str, expected: Option<&Stamp>) -> Result<Stamp, SaveError> {
    let target = resolve(path)?;
    if text.len() as u64 > MAX_FILE {
        return Err(SaveError::TooLarge(target));
    }
    let folder = target.parent().unwrap_or(Path::new("/"));
    let before = check_expected(&target, expected)?;
    let failed = |source| write_error(&target, folder, source);
    let mut builder = tempfile::Builder::new();
    builder.prefix(FRESH.0).suffix(FRESH.1);
    #[cfg(unix)]
    if before.is_none() {
        // The umask takes its part off; what replaces a file is private until it has that file's mode.
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    // Dropped on every way out before the rename, and then removed.
    let mut temp = builder.tempfile_in(folder).map_err(failed)?;
    temp.write_all(text.as_bytes()).map_err(failed)?;
    if let Some(before) = &before {
        keep_mode(temp.as_file(), before).map_err(failed)?;
    }
    temp.as_file().sync_all().map_err(failed)?;
    // Writing took its time: somebody may have come in between.
    check_expected(&target, expected)?;
    let persisted = if before.is_some() { temp.persist(&target) } else { temp.persist_noclobber(&target) };
    let file = persisted.map_err(|error| match error.error.kind() {
        ErrorKind::AlreadyExists => SaveError::Exists(target.clone()),
        _ => write_error(&target, folder, error.error),
    })?;
    let meta = file.metadata().map_err(failed)?;
    let stamp = Stamp::new(text.as_bytes(), &meta);
    match sync_folder(folder) {
        Ok(()) => Ok(stamp),
        Err(source) => Err(SaveError::Unconfirmed { path: target.clone(), source, stamp: Box::new(stamp) }),
    }
}

/// Makes the names in a folder survive a power cut, where the platform and the folder's mode let a program ask.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Ok(()) => Ok(()),
        Err(error) => match error.kind() {
            ErrorKind::InvalidInput | ErrorKind::Unsupported | ErrorKind::PermissionDenied => Ok(()),
            _ => Err(error),
        },
    }
}

fn read_bytes(path: &Path) -> Result<(Vec<u8>, Stamp), DiskError> {
    let failed = |source: io::Error| match source.kind() {
        ErrorKind::NotFound if path.is_symlink() => DiskError::BadLink { path: path.to_owned(), source },
        ErrorKind::NotFound => DiskError::Missing(path.to_owned()),
        _ => DiskError::Io { path: path.to_owned(), source },
    };
    // Asked before it is opened, since opening a pipe waits for a writer; and after, since it may be another by then.
    check_kind(path, &fs::metadata(path).map_err(failed)?)?;
    let file = File::open(path).map_err(failed)?;
    let meta = file.metadata().map_err(failed)?;
    check_kind(path, &meta)?;
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(DiskError::TooLarge(path.to_owned()));
    }
    let stamp = Stamp::new(&bytes, &meta);
    Ok((bytes, stamp))
}

fn check_kind(path: &Path, meta: &Metadata) -> Result<(), DiskError> {
    if !meta.is_file() {
        let kind = if meta.is_dir() { "a folder" } else { "a pipe or a device" };
        return Err(DiskError::NotAFile { path: path.to_owned(), kind });
    }
    if meta.len() > MAX_FILE { Err(DiskError::TooLarge(path.to_owned())) } else { Ok(()) }
}

/// The file that is to be replaced, if it is the expected one and may be replaced.
fn check_expected(target: &Path, expected: Option<&Stamp>) -> Result<Option<Metadata>, SaveError> {
    match (fs::metadata(target), expected) {
        (Err(error), None) if error.kind() == ErrorKind::NotFound => Ok(None),
        (Err(error), Some(_)) if error.kind() == ErrorKind::NotFound => Err(SaveError::Gone(target.to_owned())),
        (Err(source), _) => Err(SaveError::Io { path: target.to_owned(), source }),
        (Ok(_), None) => Err(SaveError::Exists(target.to_owned())),
        (Ok(meta), Some(expected)) => {
            check_kind(target, &meta)?;
            if meta.len() != expected.len || Stamp::of(target)?.sha256 != expected.sha256 {
                return Err(SaveError::ChangedOnDisk(target.to_owned()));
            }
            // A rename would not ask, but whoever took the right to write away meant it.
            if meta.permissions().readonly() {
                return Err(SaveError::ReadOnly(target.to_owned()));
            }
            Ok(Some(meta))
        }
    }
}

/// Gives the new file the old one's mode, and its owner and group where this user may.
fn keep_mode(file: &File, before: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
        let made = file.metadata()?;
        let mut mode = before.mode() & 0o7777;
        if (made.uid(), made.gid()) != (before.uid(), before.gid())
            && fchown(file, Some(before.uid()), Some(before.gid())).is_err()
        {
            // Bits that were given to one owner or group are not given to another.
            let same_group = fchown(file, None, Some(before.gid())).is_ok();
            mode &= if same_group { 0o777 } else { 0o707 | (mode & 0o007) << 3 };
        }
        file.set_permissions(fs::Permissions::from_mode(mode))
    }
    #[cfg(not(unix))]
    file.set_permissions(before.permissions())
}

fn write_error(target: &Path, folder: &Path, source: io::Error) -> SaveError {
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            SaveError::NoSpace { path: target.to_owned(), source }
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            SaveError::Denied { folder: folder.to_owned(), source }
        }
        ErrorKind::NotFound | ErrorKind::NotADirectory => DiskError::NoFolder(folder.to_owned()).into(),
        _ => SaveError::Io { path: target.to_owned(), source },
    }
}

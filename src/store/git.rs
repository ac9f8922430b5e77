//! Whether a commit exists, read from the files of a repository: no process is run, and nothing is unpacked.
//!
//! What is asked is only whether the repository holds an object of that name, or a tag or branch of it. Where that can
//! not be told (a shallow or partial clone, borrowed objects, a form of index that is not known) it is said.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The largest text file of a repository that is read, in bytes.
const MAX_TEXT_FILE: u64 = 16 << 20;
/// The most packs that are looked into.
const MAX_PACKS: usize = 10_000;

/// Whether there is a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Commit {
    /// An object, a tag or a branch has this name.
    There,
    /// None has.
    Absent,
    /// It can not be told, for this reason.
    Untold(String),
}

/// Looks for a commit by its digits (7 or more), or for a tag or a branch, in the repository of a folder.
pub fn look_up(root: &Path, name: &str) -> Commit {
    let untold = |why: &str| Commit::Untold(why.to_owned());
    let Some(folder) = repository(root) else { return untold("this is no git repository") };
    let is_hex = name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex && (7..=40).contains(&name.len()) {
        let name = name.to_ascii_lowercase();
        let objects = folder.join("objects");
        if is_loose(&objects, &name) {
            return Commit::There;
        }
        return match in_packs(&objects, &name) {
            Ok(true) => Commit::There,
            Err(why) => Commit::Untold(why),
            Ok(false) if folder.join("shallow").exists() => untold("the clone is shallow, and has not all commits"),
            Ok(false) if objects.join("info/alternates").exists() => untold("objects are borrowed from elsewhere"),
            Ok(false) => Commit::Absent,
        };
    }
    let good = |part: &str| {
        let plain = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+".contains(&byte));
        plain && !part.is_empty() && !part.starts_with('.')
    };
    if name.len() > 200 || !name.split('/').all(good) {
        return untold("it is neither the digits of a commit nor the name of a tag or branch");
    }
    let known = |kind: &str| {
        let whole = format!("refs/{kind}/{name}");
        let packed = read(&folder.join("packed-refs")).unwrap_or_default();
        folder.join(&whole).is_file()
            || packed.lines().any(|line| line.split_once(' ').is_some_and(|(_, n)| n == whole))
    };
    if known("tags") || known("heads") { Commit::There } else { Commit::Absent }
}

/// The folder that holds the objects and refs: `.git`, or what it points to where the folder is a second worktree.
fn repository(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let own = root.join(read(&git)?.strip_prefix("gitdir: ")?.trim_end());
    let common = read(&own.join("commondir")).map(|common| own.join(common.trim_end()));
    common.or(Some(own)).filter(|folder| folder.join("objects").is_dir())
}

fn read(path: &Path) -> Option<String> {
    let meta = fs::metadata(path).ok()?;
    let mut text = String::new();
    if !meta.is_file() || meta.len() > MAX_TEXT_FILE {
        return None;
    }
    File::open(path).ok()?.take(MAX_TEXT_FILE).read_to_string(&mut text).ok()?;
    Some(text)
}

fn is_loose(objects: &Path, name: &str) -> bool {
    let (first, rest) = name.split_at(2);
    let folder = objects.join(first);
    if name.len() == 40 {
        return folder.join(rest).is_file();
    }
    let begins = |entry: fs::DirEntry| entry.file_name().to_string_lossy().starts_with(rest);
    fs::read_dir(folder).is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(begins)))
}

/// Whether an index of a pack holds an object whose name begins so.
fn in_packs(objects: &Path, name: &str) -> Result<bool, String> {
    let Ok(entries) = fs::read_dir(objects.join("pack")) else { return Ok(false) };
    let mut partial = false;
    for entry in entries.flatten().take(MAX_PACKS) {
        let path = entry.path();
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("promisor") => partial = true,
            Some("idx") if in_index(&path, name).map_err(|_| "a pack can not be read".to_owned())? => return Ok(true),
            _ => {}
        }
    }
    if partial { Err("the clone is partial, and has not all objects".to_owned()) } else { Ok(false) }
}

/// Looks into an index of version 2 (gitformat-pack): a table of 256 counts, then the sorted names of 20 bytes.
fn in_index(path: &Path, name: &str) -> std::io::Result<bool> {
    let unknown = || std::io::Error::from(std::io::ErrorKind::InvalidData);
    if !fs::metadata(path)?.is_file() {
        return Err(unknown());
    }
    let mut file = File::open(path)?;
    let mut head = [0; 8 + 1024];
    file.read_exact(&mut head)?;
    if head[..8] != [0xff, b't', b'O', b'c', 0, 0, 0, 2] {
        return Err(unknown());
    }
    let digit = |at: usize| u8::from_str_radix(&name[at..(at + 2).min(name.len())], 16).map_err(|_| unknown());
    let first = usize::from(digit(0)?);
    let count = |at: usize| {
        let at = 8 + at * 4;
        u64::from(u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]))
    };
    let (mut low, mut high) = (if first == 0 { 0 } else { count(first - 1) }, count(first));
    // The first name that is not before the one that is looked for.
    let mut at_least = |at: u64| -> std::io::Result<String> {
        let mut bytes = [0; 20];
        file.seek(SeekFrom::Start(8 + 1024 + at * 20))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    };
    let end = high;
    while low < high {
        let middle = low + (high - low) / 2;
        if at_least(middle)?.as_str() < name { low = middle + 1 } else { high = middle }
    }
    Ok(low < end && at_least(low)?.starts_with(name))
}

//! The log of a drill: a line an event, each chained to the one before by its hash.
//!
//! A line is the canonical JSON of `{"event", "hash", "prev", "texts"}`. `hash` is the SHA-256 of the canonical
//! `{"event", "prev"}`; `prev` names the line before, or two lines where a second writer's chain comes in, or none for
//! the first. What people wrote stands in `texts`, and the event holds only its commitment, the SHA-256 of the text with
//! a salt: so a text can be taken out later, and the chain still holds. The salt keeps short texts from being guessed.
//!
//! What it proves: whoever holds the head of the chain from an earlier moment, or a seal, sees every change of what came
//! before. What it does not: a line that is cut off at the end, or a whole chain made anew, looks sound to whoever holds
//! nothing; times and authors are what the writer said; and a person who keeps the log may have left things out.

use super::canonical::canonical;
use super::event::{Body, Entry, Event};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Random bytes that go into a commitment.
pub type Salt = [u8; 16];

/// The longest line, in bytes.
pub const MAX_LINE: usize = 1 << 20;

/// The most lines of a log: a drill of a day has some hundreds.
pub const MAX_LINES: usize = 50_000;

/// What a sound log proves, in words for people.
pub const PROVES: &str = "A sound log proves that nothing in it was changed, left out in the middle, put in or reordered since its head was written \
down. Without a seal it does not prove that nothing was cut off at the end, nor that the whole was not written anew. Times and \
authors are what the writer said.";

/// SHA-256 in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |out, byte| out + &format!("{byte:02x}"))
}

/// A line of a log that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its hash, and the name of its event.
    pub hash: String,
    /// The hashes of the lines before.
    pub prev: Vec<String>,
    /// The event.
    pub event: Event,
    /// As it stands in the file, without its end.
    pub text: String,
    /// The commitments of words that were taken out.
    pub missing: Vec<String>,
}

/// Something that is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The line, 1 for the first.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:1: error: {}", self.line, self.what)
    }
}

/// A log as it was read.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// Its lines.
    pub lines: Vec<Line>,
    /// What is wrong with it.
    pub broken: Vec<Broken>,
    /// Where whole lines end, in bytes, if what follows was torn off in the middle of a write.
    pub torn: Option<usize>,
}

/// Count and head of a log at a moment, kept elsewhere: in a signed tag, in a letter, on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// How many lines there were.
    pub lines: usize,
    /// The hash of the last one.
    pub head: String,
}

/// Why an event can not be written, or lines can not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// The event has no canonical form.
    #[error("this event can not be written: {0}")]
    NotCanonical(String),
    /// A chain that is broken.
    #[error("line {0}")]
    Broken(String),
    /// Logs of two drills.
    #[error("the two logs do not begin with the same line: they are of two drills")]
    Strangers,
    /// A fork is another drill.
    #[error(
        "a fork is another way in which a drill could have gone: it can not be brought into the log of what was played"
    )]
    Fork,
    /// Nothing to bring in.
    #[error("the other log holds nothing that this one does not")]
    NothingNew,
    /// No such words.
    #[error("there are no words with the digest `{0}` in the log, or they were taken out already")]
    NoSuchWords(String),
}

/// Writes an event behind others.
pub fn encode(event: &Event, prev: &[&str], salt: &mut impl FnMut() -> Salt) -> Result<Line, LogError> {
    let wrong = |why: &dyn fmt::Display| LogError::NotCanonical(why.to_string());
    let mut value = serde_json::to_value(event).map_err(|error| wrong(&error))?;
    let mut texts = Map::new();
    hide(&mut value, &mut texts, salt).map_err(|error| wrong(&error))?;
    let hashed = json!({"event": value, "prev": prev});
    let hash = sha256(canonical(&hashed).map_err(|error| wrong(&error))?.as_bytes());
    let whole = json!({"event": value, "hash": hash, "prev": prev, "texts": texts});
    let text = canonical(&whole).map_err(|error| wrong(&error))?;
    if text.len() > MAX_LINE {
        return Err(wrong(&"it is too long"));
    }
    let prev = prev.iter().map(|hash| (*hash).to_owned()).collect();
    Ok(Line { hash, prev, event: event.clone(), text, missing: Vec::new() })
}

/// Puts a commitment in the place of all words, and the words into `texts`.
fn hide(
    value: &mut Value,
    texts: &mut Map<String, Value>,
    salt: &mut impl FnMut() -> Salt,
) -> Result<(), super::canonical::NotCanonical> {
    match value {
        Value::Object(members) if members.len() == 1 && members.contains_key("text") => {
            let words = members.get("text").and_then(Value::as_str).unwrap_or_default();
            let salt: String = salt().iter().map(|byte| format!("{byte:02x}")).collect();
            let kept = json!({"salt": salt, "text": words});
            let commit = sha256(canonical(&kept)?.as_bytes());
            *value = json!({"commit": commit});
            texts.insert(commit, kept);
            Ok(())
        }
        Value::Object(members) => members.values_mut().try_for_each(|inner| hide(inner, texts, salt)),
        Value::Array(items) => items.iter_mut().try_for_each(|inner| hide(inner, texts, salt)),
        _ => Ok(()),
    }
}

/// Puts the words back in the place of their commitments; what is not in `texts` is named in `missing`.
fn show(value: &mut Value, texts: &mut BTreeMap<String, String>, missing: &mut Vec<String>) {
    match value {
        Value::Object(members) if members.len() == 1 && members.contains_key("commit") => {
            let commit = members.get("commit").and_then(Value::as_str).unwrap_or_default().to_owned();
            *value = match texts.remove(&commit) {
                Some(words) => json!({"text": words}),
                None => {
                    missing.push(commit);
                    json!({"text": null})
                }
            };
        }
        Value::Object(members) => members.values_mut().for_each(|inner| show(inner, texts, missing)),
        Value::Array(items) => items.iter_mut().for_each(|inner| show(inner, texts, missing)),
        _ => {}
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLine {
    event: Value,
    hash: String,
    prev: Vec<String>,
    texts: BTreeMap<String, RawText>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct RawText {
    salt: String,
    text: String,
}

/// One line, checked by itself.
fn decode(text: &str) -> Result<Line, String> {
    if text.len() > MAX_LINE {
        return Err("the line is longer than any event".to_owned());
    }
    let value: Value = serde_json::from_str(text).map_err(|error| format!("this is no JSON: {error}"))?;
    if canonical(&value).ok().as_deref() != Some(text) {
        return Err("the line is not in its canonical form: it was edited".to_owned());
    }
    let raw: RawLine = serde_json::from_value(value).map_err(|error| format!("this is no line of a log: {error}"))?;
    let hashed = json!({"event": raw.event, "prev": raw.prev});
    let hash = canonical(&hashed).map(|text| sha256(text.as_bytes())).map_err(|error| error.to_string())?;
    if hash != raw.hash {
        return Err("the event does not have the hash that stands beside it: it was edited".to_owned());
    }
    let mut texts = BTreeMap::new();
    for (commit, kept) in raw.texts {
        let written = canonical(&json!({"salt": kept.salt, "text": kept.text})).map_err(|error| error.to_string())?;
        if sha256(written.as_bytes()) != commit {
            return Err("words do not have the digest that the event holds: they were edited".to_owned());
        }
        texts.insert(commit, kept.text);
    }
    let (mut event, mut missing) = (raw.event, Vec::new());
    show(&mut event, &mut texts, &mut missing);
    if !texts.is_empty() {
        return Err("there are words that no event holds: they were put in".to_owned());
    }
    let event =
        serde_json::from_value(event).map_err(|error| format!("this program does not know the event: {error}"))?;
    Ok(Line { hash, prev: raw.prev, event, text: text.to_owned(), missing })
}

/// Reads a log, and checks all of it.
pub fn read(text: &str) -> Log {
    let mut log = Log::default();
    let whole = text.rfind('\n').map_or(0, |at| at + 1);
    if whole < text.len() {
        // A write that did not come to its end: the event was never confirmed to anybody.
        log.torn = Some(whole);
    }
    let mut chain = Chain::default();
    // A carriage return is no end of a line: `str::lines` would take it off.
    for (at, text) in text[..whole].split_terminator('\n').enumerate() {
        let broken = |what: String| Broken { line: at + 1, what };
        if at == MAX_LINES {
            log.broken.push(broken(format!("a log has at most {MAX_LINES} lines: the rest was not read")));
            break;
        }
        match decode(text) {
            Err(what) => {
                log.broken.push(broken(what));
                chain.lost = true;
            }
            Ok(line) => {
                log.broken.extend(chain.take(&line).map(broken));
                let begins = matches!(line.event.body, Body::Begin(_));
                if begins != (at == 0) {
                    let what =
                        if begins { "a drill begins once" } else { "a log begins with the beginning of a drill" };
                    log.broken.push(broken(what.to_owned()));
                }
                log.lines.push(line);
            }
        }
    }
    let last = log.lines.len();
    if let Some(what) = chain.end() {
        log.broken.push(Broken { line: last, what });
    }
    if last == 0 && log.broken.is_empty() {
        log.broken.push(Broken { line: 1, what: "the log is empty".to_owned() });
    }
    let told: BTreeSet<&str> = log
        .lines
        .iter()
        .filter_map(|line| match &line.event.body {
            Body::Redact { commit, .. } => Some(commit.as_str()),
            _ => None,
        })
        .collect();
    let silent: Vec<Broken> = log
        .lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.missing.iter().any(|commit| !told.contains(commit.as_str())))
        .map(|(at, _)| Broken { line: at + 1, what: "words were taken out, and no event says so".to_owned() })
        .collect();
    log.broken.extend(silent);
    log.broken.sort_by_key(|broken| broken.line);
    log
}

/// The order of lines: each names the one before. Where one names an earlier line a second writer's chain begins, which
/// ends with a line that names both.
#[derive(Default)]
struct Chain {
    seen: BTreeSet<String>,
    head: Option<String>,
    /// Heads that wait for the chain beside them to end.
    open: Vec<String>,
    /// A line could not be read, so that what follows can not be judged.
    lost: bool,
}

impl Chain {
    fn take(&mut self, line: &Line) -> Option<String> {
        let lost = std::mem::take(&mut self.lost);
        let fits = match (line.prev.as_slice(), self.head.as_ref()) {
            ([], None) => Ok(()),
            ([before], Some(head)) if before == head => Ok(()),
            ([before], Some(head)) if self.seen.contains(before) => {
                self.open.push(head.clone());
                Ok(())
            }
            ([left, right], Some(head)) if right == head && self.open.last() == Some(left) => {
                self.open.pop();
                if matches!(line.event.body, Body::Merge) {
                    Ok(())
                } else {
                    Err("two lines come together in an event that is no merge")
                }
            }
            _ if lost => Ok(()),
            ([], Some(_)) => Err("a second beginning: lines were put in or reordered"),
            _ => Err("the line before it is not the one that it names: a line was left out, put in or moved"),
        };
        let twice = !self.seen.insert(line.hash.clone());
        self.head = Some(line.hash.clone());
        if twice { Some("this line stands in the log twice".to_owned()) } else { fits.err().map(str::to_owned) }
    }

    fn end(&self) -> Option<String> {
        (!self.open.is_empty()).then(|| {
            "two lines name the same line before them, and nothing brings them together: a line was put in, or a merge was cut off"
                .to_owned()
        })
    }
}

impl Log {
    /// Whether nothing is wrong with it. A torn last line is nothing wrong.
    pub fn is_sound(&self) -> bool {
        self.broken.is_empty()
    }

    /// The hash of the last line.
    pub fn head(&self) -> &str {
        self.lines.last().map_or("", |line| line.hash.as_str())
    }

    /// The beginning of the head in groups, to be read out and written down.
    pub fn head_phrase(&self) -> String {
        let head: Vec<char> = self.head().chars().take(16).collect();
        head.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    /// The events in the order of their times; those of the same second stay in the order of the file.
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> =
            self.lines.iter().map(|line| Entry { id: line.hash.clone(), event: line.event.clone() }).collect();
        entries.sort_by_key(|entry| entry.event.at);
        entries
    }

    /// How many words were taken out.
    pub fn redacted(&self) -> usize {
        self.lines.iter().map(|line| line.missing.len()).sum()
    }

    /// Count and head as they are now.
    pub fn seal(&self) -> Seal {
        Seal { lines: self.lines.len(), head: self.head().to_owned() }
    }

    /// What is wrong with a log by a seal of it. Lines may have come after the seal.
    pub fn against(&self, seal: &Seal) -> Option<Broken> {
        let what = match seal.lines.checked_sub(1).and_then(|last| self.lines.get(last)) {
            None => {
                format!("the seal names {} lines and there are {}: lines were cut off", seal.lines, self.lines.len())
            }
            Some(line) if line.hash != seal.head => {
                "the line is not the one that was sealed: the log was written anew, or lines were cut off or moved"
                    .to_owned()
            }
            Some(_) => return None,
        };
        Some(Broken { line: seal.lines.min(self.lines.len()), what })
    }

    /// The lines that bring another writer's chain into this one: what that one has and this one has not, then a merge.
    pub fn merge(&self, other: &Log, merge: &Event, salt: &mut impl FnMut() -> Salt) -> Result<Vec<Line>, LogError> {
        if let Some(broken) = self.broken.first().or(other.broken.first()) {
            return Err(LogError::Broken(broken.to_string()));
        }
        if self.lines.first().map(|line| &line.hash) != other.lines.first().map(|line| &line.hash) {
            return Err(LogError::Strangers);
        }
        let known: BTreeSet<&str> = self.lines.iter().map(|line| line.hash.as_str()).collect();
        let mut lines: Vec<Line> =
            other.lines.iter().filter(|line| !known.contains(line.hash.as_str())).cloned().collect();
        if lines.iter().any(|line| matches!(line.event.body, Body::Fork { .. })) {
            return Err(LogError::Fork);
        }
        let Some(last) = lines.last() else { return Err(LogError::NothingNew) };
        if lines.first().is_some_and(|line| line.prev == [self.head()]) {
            // The other one only went on from here: there is nothing beside it.
            return Ok(lines);
        }
        let merged = encode(merge, &[self.head(), last.hash.as_str()], salt)?;
        lines.push(merged);
        Ok(lines)
    }

    /// The text of the log without some words, and with an event that says so. The chain still holds.
    pub fn redact(&self, commit: &str, event: &Event, salt: &mut impl FnMut() -> Salt) -> Result<String, LogError> {
        let mut found = false;
        let mut out = String::new();
        for line in &self.lines {
            let mut value: Value =
                serde_json::from_str(&line.text).map_err(|error| LogError::NotCanonical(error.to_string()))?;
            if let Some(texts) = value.get_mut("texts").and_then(Value::as_object_mut) {
                found |= texts.remove(commit).is_some();
            }
            out.push_str(&canonical(&value).map_err(|error| LogError::NotCanonical(error.to_string()))?);
            out.push('\n');
        }
        if !found {
            return Err(LogError::NoSuchWords(commit.to_owned()));
        }
        out.push_str(&encode(event, &[self.head()], salt)?.text);
        out.push('\n');
        Ok(out)
    }

    /// The words of the log with their commitments, for whoever looks for what to take out.
    pub fn words(&self) -> Vec<(usize, String, String)> {
        let mut all = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            if let Ok(raw) = serde_json::from_str::<RawLine>(&line.text) {
                all.extend(raw.texts.into_iter().map(|(commit, kept)| (at + 1, commit, kept.text)));
            }
        }
        all
    }
}

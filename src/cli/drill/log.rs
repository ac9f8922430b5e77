//! `sandtable drill seal`, `verify`, `merge` and `redact`: the log as evidence.

use super::files::begun;
use crate::cli::Format;
use crate::cli::output::{Outcome, complain, print, table};
use crate::drill::event::{Body, Event, Words};
use crate::drill::log::{Broken, PROVES, Seal};
use crate::model::Slug;
use crate::model::reflect::ron_options;
use crate::model::text::counted;
use crate::store::disk::{read_text, save};
use crate::store::drill_log::{self, DrillLog};
use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Write down count and head of a log, to be kept elsewhere
///
/// The seal is a small file beside the log, `NAME.seal.ron`. It is worth as much as the place where it is kept: commit it
/// under a signed tag, or send it to somebody. Whoever holds it sees when lines were cut off or the whole was written anew.
///
/// JSON: {"lines", "head", "file"}
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  sandtable drill seal drills/one.jsonl && git tag -s drill-one")]
pub struct SealArgs {
    /// The log
    log: PathBuf,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Check the chain of a log, and its seal where there is one
///
/// Finds an edit, a line left out, put in or moved; with a seal also lines cut off at the end and a chain that was written
/// anew. Exit code 1 where anything is found.
///
/// JSON: {"sound", "lines", "head", "torn", "redacted", "sealed", "findings": [{"line", "message"}]}
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  sandtable drill verify drills/one.jsonl")]
pub struct VerifyArgs {
    /// The log
    log: PathBuf,
    /// The seal; without it, the one beside the log
    #[arg(long, value_name = "FILE")]
    seal: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Bring a second writer's log into this one
///
/// Two people who go on with copies of one log make two chains. The lines that only the other one has are put behind this
/// one's, and an event with two parents brings both together. What happened takes its place by its time.
///
/// JSON: {"lines", "head"}
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  sandtable drill merge drills/one.jsonl drills/evaluator.jsonl")]
pub struct MergeArgs {
    /// The log that is gone on with
    log: PathBuf,
    /// The other one; it stays as it is
    other: PathBuf,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Take words out of a log, such as a name; the chain still holds
///
/// Without --commit, the words are listed with their digests. An event is added that says that words are gone, and why.
/// A seal from before still fits.
///
/// JSON: {"words": [{"line", "digest", "words"}]}, or with --commit {"redacted", "head"}
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable drill redact drills/one.jsonl\n  sandtable drill redact drills/one.jsonl --commit DIGEST --because \"a name\""
)]
pub struct RedactArgs {
    /// The log
    log: PathBuf,
    /// The digest of the words, or its beginning
    #[arg(long, requires = "because")]
    commit: Option<String>,
    /// Why
    #[arg(long)]
    because: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

fn seal_path(log: &Path) -> PathBuf {
    log.with_extension("seal.ron")
}

fn sound(path: &Path) -> Result<crate::drill::log::Log> {
    let log = drill_log::read(path)?;
    match log.broken.first() {
        Some(broken) => Err(anyhow!("{}:{broken} (sandtable drill verify tells all)", path.display())),
        None => Ok(log),
    }
}

pub fn seal(args: SealArgs) -> Result<Outcome> {
    let log = sound(&args.log)?;
    let seal = log.seal();
    let path = seal_path(&args.log);
    let text = format!(
        "// The seal of {}. Keep it elsewhere, too.\nSeal(\n  lines: {},\n  head: \"{}\",\n)\n",
        name(&args.log),
        seal.lines,
        seal.head
    );
    let before = if path.exists() { Some(read_text(&path)?.stamp) } else { None };
    save(&path, &text, before.as_ref())?;
    match args.format {
        Format::Json => {
            let value = json!({"lines": seal.lines, "head": seal.head, "file": path.display().to_string()});
            print(&format!("{}\n", serde_json::to_string_pretty(&value)?))
        }
        Format::Text => print(&format!(
            "{} with {}, head {}\nIt is worth as much as the place where it is kept: commit it under a signed tag.\n",
            path.display(),
            counted(seal.lines, "line"),
            seal.head
        )),
    }
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| crate::model::text::one_line(&name.to_string_lossy(), 100)).unwrap_or_default()
}

pub fn verify(args: VerifyArgs) -> Result<Outcome> {
    let log = drill_log::read(&args.log)?;
    let beside = seal_path(&args.log);
    let path = args.seal.or_else(|| Some(beside).filter(|path| path.is_file()));
    let seal: Option<Seal> = match &path {
        Some(path) => {
            let text = read_text(path)?.text;
            Some(ron_options().from_str(&text).with_context(|| format!("{}: this is no seal", path.display()))?)
        }
        None => None,
    };
    let mut findings: Vec<Broken> = log.broken.clone();
    findings.extend(seal.as_ref().and_then(|seal| log.against(seal)));
    match args.format {
        Format::Json => {
            let list: Vec<Value> =
                findings.iter().map(|found| json!({"line": found.line, "message": found.what})).collect();
            let value = json!({
                "sound": findings.is_empty(),
                "lines": log.lines.len(),
                "head": log.head(),
                "torn": log.torn.is_some(),
                "redacted": log.redacted(),
                "sealed": seal.as_ref().map(|seal| seal.lines),
                "findings": list,
            });
            print(&format!("{}\n", serde_json::to_string_pretty(&value)?))?;
        }
        Format::Text => {
            findings.iter().for_each(|found| complain(&format!("{}:{found}", args.log.display())));
            let mut text = format!("{}, head {}\n", counted(log.lines.len(), "line"), log.head_phrase());
            if log.torn.is_some() {
                text.push_str("The last line is torn: its event was never confirmed. drill run takes it off.\n");
            }
            if log.redacted() > 0 {
                text.push_str(&format!("{} taken out, and the log says so.\n", counted(log.redacted(), "text")));
            }
            match (&seal, findings.is_empty()) {
                (_, false) => text.push_str("NOT SOUND.\n"),
                (Some(seal), true) => {
                    text.push_str(&format!("Sound, and as it was sealed up to line {}.\n", seal.lines))
                }
                (None, true) => text.push_str("Sound. There is no seal.\n"),
            }
            text.push_str(&format!("{PROVES}\n"));
            print(&text)?;
        }
    }
    Ok(if findings.is_empty() { Outcome::Good } else { Outcome::Closed })
}

/// An event of this program, now.
fn event(body: Body) -> Result<Event> {
    Ok(Event { at: super::run::wall(), by: Slug::new("facilitator")?, body })
}

pub fn merge(args: MergeArgs) -> Result<Outcome> {
    let other = sound(&args.other)?;
    let mut log = DrillLog::resume(&args.log)?;
    // No earlier than what it brings together.
    let mut merge = event(Body::Merge)?;
    let latest = log.log().lines.iter().chain(&other.lines).map(|line| line.event.at).max();
    merge.at = match begun(log.log(), &args.log)?.simulated {
        true => latest.unwrap_or(merge.at),
        false => merge.at.max(latest.unwrap_or(0)),
    };
    let count = log.merge(&other, &merge)?;
    match args.format {
        Format::Json => {
            let json = json!({"lines": count, "head": log.log().head()});
            print(&format!("{}\n", serde_json::to_string_pretty(&json)?))
        }
        Format::Text => print(&format!("{} came into {}\n", counted(count, "line"), args.log.display())),
    }
}

pub fn redact(args: RedactArgs) -> Result<Outcome> {
    let log = sound(&args.log)?;
    let words = log.words();
    let (Some(wanted), Some(because)) = (&args.commit, &args.because) else {
        if args.format == Format::Json {
            let words: Vec<Value> = words
                .iter()
                .map(|(line, commit, text)| json!({"line": line, "digest": commit, "words": text}))
                .collect();
            return print(&format!("{}\n", serde_json::to_string_pretty(&json!({"words": words}))?));
        }
        let rows: Vec<Vec<String>> = words
            .iter()
            .map(|(line, commit, text)| {
                let short: String = commit.chars().take(12).collect();
                vec![line.to_string(), short, crate::model::text::one_line(text, 80)]
            })
            .collect();
        return print(&table(&["line", "digest", "words"], &rows));
    };
    let found: Vec<&String> =
        words.iter().map(|(_, commit, _)| commit).filter(|commit| commit.starts_with(wanted.as_str())).collect();
    let commit = match found.as_slice() {
        [one] if !wanted.is_empty() => *one,
        [] => return Err(anyhow!("no words have the digest `{wanted}`: without --commit all are listed")),
        _ => return Err(anyhow!("several words have a digest that begins with `{wanted}`: write more of it")),
    };
    let mut said = event(Body::Redact { commit: commit.clone(), reason: Words::new(because) })?;
    let latest = log.lines.iter().map(|line| line.event.at).max().unwrap_or(0);
    said.at = if begun(&log, &args.log)?.simulated { latest } else { said.at.max(latest) };
    drill_log::redact(&args.log, commit, &said)?;
    if args.format == Format::Json {
        let head = drill_log::read(&args.log)?.head().to_owned();
        return print(&format!("{}\n", serde_json::to_string_pretty(&json!({"redacted": commit, "head": head}))?));
    }
    print(
        "The words are gone from the log, and the chain holds. They may still be in copies, backups and the history of git.\n",
    )
}

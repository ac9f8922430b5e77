//! `sandtable drill list`, `lint`, `clocks` and `new`: what there is to play, and whether it can be played.

use super::files::{clock_pack, playbook_of, scenario_text};
use crate::cli::Format;
use crate::cli::output::{Outcome, complain, print, table};
use crate::drill::lint::{Finding, lint as check};
use crate::drill::playbook::Playbook;
use crate::drill::scenario::Scenario;
use crate::drill::{bundled, playbook, scenario};
use crate::library::clocks::{Anchor, SHELF_LIFE_DAYS, Span};
use crate::library::located::Problem;
use crate::model::facts::Day;
use crate::model::text::counted;
use crate::store::disk::{read_text, save};
use crate::store::drill_files::own_scenarios;
use anyhow::{Result, anyhow};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// List the scenarios, those that are shipped and those in `scenarios/`
///
/// JSON: {"scenarios": [{"id", "title", "about", "minutes", "injects", "playbook", "starter", "file"}]}
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  sandtable drill list")]
pub struct ListArgs {
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Check scenarios and playbooks before anybody sits down
///
/// That every name leads somewhere, every inject can be sent, every decision has an owner who may decide, nothing hidden
/// is told to players, every clock can start; and for playbooks missing owners, dead ends and single points of failure.
/// Exit code 1 where there is an error, 2 where a file can not be read. Without a file, everything that is shipped is
/// checked.
///
/// JSON: {"findings": [{"file", "line", "column", "severity", "message"}]}
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  sandtable drill lint\n  sandtable drill lint scenarios/mine.ron --strict")]
pub struct LintArgs {
    /// Scenario or playbook files, or names of scenarios
    files: Vec<String>,
    /// Warnings close the gate, too
    #[arg(long)]
    strict: bool,
    /// A clock pack of your own
    #[arg(long, value_name = "FILE")]
    clocks: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// List the legal clocks: by when whom to tell. Not legal advice
///
/// Every rule with its source and the day on which it was checked; with --today, those that are too old are marked.
///
/// JSON: {"clocks": [{"id", "title", "law", "binds", "to", "limits", "note", "standing", "source", "checked_on",
/// "stale"}], "warning"}
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  sandtable drill clocks --today 2027-01-01")]
pub struct ClocksArgs {
    /// A clock pack of your own
    #[arg(long, value_name = "FILE")]
    clocks: Option<PathBuf>,
    /// The day on which age is judged; without it, age is not judged
    #[arg(long, value_name = "DAY")]
    today: Option<Day>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Make a scenario of your own from one that is shipped, or from an attack path of your model
///
/// The file is a copy to edit; its playbook is put beside it where there is none. Nothing that exists is overwritten.
///
/// With --from-path it is a draft: an inject for each step of the path, how it comes to light where nobody watches, what
/// cuts it, and what has to be decided, with the names and numbers of the model. The same path gives the same text.
///
/// JSON: {"file", "scenario", "from", "playbook"}, the playbook null where there was one already
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable drill new scenarios/ours.ron --from s1-open-list\n  sandtable drill new scenarios/ours.ron --model models/clinic.ron --from-path curious-clerk:patients\n  sandtable drill new scenarios/third.ron --model models/clinic.ron --from-path curious-clerk:patients:3"
)]
pub struct NewArgs {
    /// The new file
    path: PathBuf,
    /// The scenario to begin with
    #[arg(long, value_name = "SCENARIO", default_value = "s1-open-list")]
    from: String,
    /// The attacker (of the model, or a profile of the library) and the dataset, as `sandtable paths` lists them; a number
    /// takes another of the likeliest paths
    #[arg(long, value_name = "ATTACKER:DATASET[:N]", requires = "model", conflicts_with = "from")]
    from_path: Option<String>,
    /// The model of the path
    #[arg(long, value_name = "FILE", requires = "from_path")]
    model: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub fn list(args: ListArgs) -> Result<Outcome> {
    let mut found: Vec<(String, Scenario)> = Vec::new();
    for path in own_scenarios(Path::new("")) {
        let file = path.display().to_string();
        match read_text(&path).map_err(anyhow::Error::from).and_then(|text| Ok(scenario::read(&file, &text.text)?)) {
            Ok(read) => found.push((file, read)),
            Err(error) => complain(&error.to_string()),
        }
    }
    for (file, text) in bundled::SCENARIOS {
        let read = scenario::read(file, text)?;
        if !found.iter().any(|(_, own)| own.id == read.id) {
            found.push(("shipped".to_owned(), read));
        }
    }
    match args.format {
        Format::Json => {
            let list: Vec<Value> = found
                .iter()
                .map(|(file, scenario)| {
                    json!({
                        "id": scenario.id.as_str(),
                        "title": scenario.title,
                        "about": scenario.about,
                        "minutes": scenario.minutes,
                        "injects": scenario.injects.len(),
                        "playbook": scenario.playbook.as_str(),
                        "starter": scenario.starter.as_ref().map(|starter| starter.minutes),
                        "file": file,
                    })
                })
                .collect();
            print(&format!("{}\n", serde_json::to_string_pretty(&json!({"scenarios": list}))?))
        }
        Format::Text => {
            let rows: Vec<Vec<String>> = found
                .iter()
                .map(|(file, scenario)| {
                    let starter =
                        scenario.starter.as_ref().map_or(String::new(), |short| format!(", or {}", short.minutes));
                    vec![
                        scenario.id.to_string(),
                        format!("{}{starter} min", scenario.minutes),
                        scenario.playbook.to_string(),
                        file.clone(),
                        scenario.title.to_string(),
                    ]
                })
                .collect();
            print(&table(&["scenario", "takes", "playbook", "from", "title"], &rows))
        }
    }
}

/// Whether a text is a playbook: by the word with which its value begins.
fn is_playbook(text: &str) -> bool {
    let begins =
        text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("//") && !line.starts_with("#!"));
    begins.is_some_and(|line| line.starts_with("Playbook"))
}

pub fn lint(args: LintArgs) -> Result<Outcome> {
    let pack = clock_pack(args.clocks.as_deref())?;
    let mut findings: Vec<Finding> = Vec::new();
    let mut unread = false;
    let mut count = 0;
    let files: Vec<String> = if args.files.is_empty() {
        let playbooks = bundled::PLAYBOOKS.iter().map(|(file, text)| playbook::read(file, text));
        for read in playbooks.collect::<Result<Vec<Playbook>, Problem>>()? {
            findings.extend(playbook::lint(&read));
            count += 1;
        }
        bundled::SCENARIOS.iter().map(|(file, _)| bundled::stem(file).to_owned()).collect()
    } else {
        args.files
    };
    for name in &files {
        count += 1;
        match one(name, &pack) {
            Ok(found) => findings.extend(found),
            Err(error) => {
                unread = true;
                complain(&error.to_string());
            }
        }
    }
    let closes = findings.iter().any(|found| !found.is_warning || args.strict);
    match args.format {
        Format::Json => {
            let list: Vec<Value> = findings
                .iter()
                .map(|found| {
                    let Problem { file, line, column, message } = &found.problem;
                    let severity = if found.is_warning { "warning" } else { "error" };
                    json!({"file": file, "line": line, "column": column, "severity": severity, "message": message})
                })
                .collect();
            print(&format!("{}\n", serde_json::to_string_pretty(&json!({"findings": list}))?))?;
        }
        Format::Text => {
            findings.iter().for_each(|found| complain(&found.to_string()));
            let errors = findings.iter().filter(|found| !found.is_warning).count();
            let warnings = findings.len() - errors;
            print(&format!(
                "{}, {}, {}\n",
                counted(count, "file"),
                counted(errors, "error"),
                counted(warnings, "warning")
            ))?;
        }
    }
    Ok(match (unread, closes) {
        (true, _) => Outcome::Unjudged,
        (false, true) => Outcome::Closed,
        (false, false) => Outcome::Good,
    })
}

/// What is wrong with one file.
fn one(name: &str, pack: &crate::library::clocks::ClockPack) -> Result<Vec<Finding>> {
    let (file, text, own) = scenario_text(name)?;
    if is_playbook(&text) {
        return Ok(playbook::lint(&playbook::read(&file, &text)?));
    }
    let read = scenario::read(&file, &text)?;
    let plays = playbook_of(&read, own.as_deref())?;
    let mut findings = check(&read, &plays, pack);
    findings.extend(read.short().into_iter().flat_map(|short| check(&short, &plays, pack)));
    Ok(crate::drill::lint::in_order(findings))
}

/// A limit in words.
fn span(span: Span) -> String {
    let count = |count: u32, noun: &str| counted(usize::try_from(count).unwrap_or(usize::MAX), noun);
    match span {
        Span::Hours(hours) => count(hours, "hour"),
        Span::Days(days) => count(days, "calendar day"),
        Span::BusinessDays(days) => count(days, "business day"),
        Span::Months(months) => count(months, "month"),
        Span::DaysAfterYearEnd(days) => format!("{} after the end of the year", count(days, "calendar day")),
        Span::WithoutUndueDelay => "without undue delay".to_owned(),
    }
}

pub fn clocks(args: ClocksArgs) -> Result<Outcome> {
    let pack = clock_pack(args.clocks.as_deref())?;
    let limit = |limit: &crate::library::clocks::Limit| match &limit.from {
        Anchor::Event(event) => format!("{} from {event}", span(limit.within)),
        Anchor::Submitted(rule) => format!("{} from when {rule} was submitted", span(limit.within)),
    };
    let stale: Vec<&str> =
        args.today.map(|today| pack.stale(today).iter().map(|rule| rule.id.as_str()).collect()).unwrap_or_default();
    match args.format {
        Format::Json => {
            let list: Vec<Value> = pack
                .rules
                .iter()
                .map(|rule| {
                    json!({
                        "id": rule.id.as_str(),
                        "title": rule.title,
                        "law": rule.law,
                        "binds": rule.binds,
                        "to": rule.to,
                        "limits": rule.limits.iter().map(limit).collect::<Vec<_>>(),
                        "note": rule.note,
                        "standing": rule.standing.words(),
                        "source": rule.source,
                        "checked_on": rule.checked_on,
                        "stale": args.today.map(|_| stale.contains(&rule.id.as_str())),
                    })
                })
                .collect();
            let whole = json!({"clocks": list, "warning": pack.warning});
            print(&format!("{}\n", serde_json::to_string_pretty(&whole)?))
        }
        Format::Text => {
            let rows: Vec<Vec<String>> = pack
                .rules
                .iter()
                .map(|rule| {
                    let limits: Vec<String> = rule.limits.iter().map(limit).collect();
                    let old = if stale.contains(&rule.id.as_str()) { " (OLD)" } else { "" };
                    vec![rule.id.to_string(), format!("{}{old}", rule.checked_on), limits.join(", and ")]
                })
                .collect();
            let mut text = format!("{}\n\n{}", pack.warning, table(&["rule", "checked", "by when"], &rows));
            if !stale.is_empty() {
                text.push_str(&format!(
                    "\n{} checked more than {SHELF_LIFE_DAYS} days ago: have them checked again.\n",
                    counted(stale.len(), "rule")
                ));
            }
            print(&text)
        }
    }
}

pub fn new(args: NewArgs) -> Result<Outcome> {
    if args.path.extension().is_none_or(|ending| ending != "ron") {
        return Err(anyhow!("{}: a scenario is a file that ends in .ron", args.path.display()));
    }
    // A name of its own, so that logs of the two are told apart.
    let name = args.path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let slug = crate::model::Slug::from_title(&name, "scenario");
    let (from, text, own) = match (&args.from_path, &args.model) {
        (Some(path), Some(model)) => (path.clone(), super::draft::drafted(model, path, &slug)?, None),
        _ => {
            let (_, text, own) = scenario_text(&args.from)?;
            (args.from.clone(), text, own)
        }
    };
    let read = scenario::read(&from, &text)?;
    let text = text.replacen(&format!("id: \"{}\"", read.id), &format!("id: \"{slug}\""), 1);
    if let Some(folder) = args.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    save(&args.path, &text, None)?;
    let folder = args.path.parent().unwrap_or(Path::new(".")).join("playbooks");
    let beside = folder.join(format!("{}.ron", read.playbook));
    let plays = playbook_of(&read, own.as_deref())?;
    let from = if args.from_path.is_some() { &from } else { read.id.as_str() };
    let is_new = !beside.exists();
    if is_new {
        std::fs::create_dir_all(&folder)?;
        save(&beside, &plays.source.text, None)?;
    }
    let (file, beside) = (args.path.display().to_string(), is_new.then(|| beside.display().to_string()));
    match args.format {
        Format::Json => {
            let made = json!({"file": file, "scenario": slug.as_str(), "from": from, "playbook": beside});
            print(&format!("{}\n", serde_json::to_string_pretty(&made)?))
        }
        Format::Text => {
            let beside = beside.map_or(String::new(), |beside| format!(", and {beside} beside it"));
            print(&format!("{file} was made from `{from}`{beside}; check it: sandtable drill lint {file}\n"))
        }
    }
}

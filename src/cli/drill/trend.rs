//! `sandtable drill trend`: all drills of a folder together.

use super::Sources;
use super::files::{read_with, same_files};
use crate::cli::Format;
use crate::cli::output::{Outcome, complain, print, read_model, table};
use crate::cli::today::Today;
use crate::drill::after_action::lapse;
use crate::drill::bundled;
use crate::drill::event::Rating;
use crate::drill::programme::{Coverage, Played, Programme, programme};
use crate::drill::scenario::{self, Scenario};
use crate::model::facts::Day;
use crate::model::text::counted;
use crate::store::disk::read_text;
use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Say what all drills of a folder show together, and which one is due next
///
/// Times of each drill, ratings of each task, what goes wrong again and again, how much of what failed was tried again and
/// held, what was never rehearsed: roles, legal rules and, with --model, attack paths. A few drills are no statistics: the
/// median and the range are told with the number of drills. Drills with made-up times do not count.
///
/// JSON: {"drills": [{"log", "scenario", "day", "discover", "acknowledge", "mobilise", "contain", "recover", "breached",
/// "ratings", "unrated", "reliable"}], "rehearsals", "measures", "tasks", "recurring", "closed_loop", "follow_ups",
/// "paths", "regimes", "roles", "next"}, times in seconds
///
/// Exit code 2 where a log could not be read.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  sandtable drill trend\n  sandtable drill trend drills --model models/clinic.ron")]
pub struct Args {
    /// The folder of the logs
    #[arg(default_value = "drills")]
    folder: PathBuf,
    /// The model against which coverage of attack paths is told
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// A clock pack of your own
    #[arg(long, value_name = "FILE")]
    clocks: Option<PathBuf>,
    /// So many drills that could be next
    #[arg(long, value_name = "N", default_value = "3")]
    next: usize,
    #[command(flatten)]
    today: Today,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// The most logs that are read: a drill a day for three years.
const MOST: usize = 1_000;

pub fn run(args: Args) -> Result<Outcome> {
    let today = args.today.day().ok_or_else(|| anyhow!("what is due depends on the day: give --today"))?;
    let model = args.model.as_deref().map(read_model).transpose()?.map(|loaded| loaded.model);
    let mut logs: Vec<PathBuf> = std::fs::read_dir(&args.folder)
        .with_context(|| {
            format!(
                "{}: there is no such folder; a drill run with --log drills/NAME.jsonl makes it",
                args.folder.display()
            )
        })?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    logs.sort();
    let mut unread = logs.len() > MOST;
    logs.truncate(MOST);
    let mut drills = Vec::new();
    for log in logs {
        match played(&log, args.clocks.as_deref()) {
            Ok(drill) => drills.push(drill),
            Err(error) => {
                unread = true;
                complain(&format!("{}: not counted: {error}", log.display()));
            }
        }
    }
    let found = programme(drills, &scenarios()?, model.as_ref(), today);
    match args.format {
        Format::Json => print(&format!("{}\n", serde_json::to_string_pretty(&to_json(&found, args.next))?))?,
        Format::Text => print(&text(&found, args.next))?,
    };
    Ok(if unread { Outcome::Unjudged } else { Outcome::Good })
}

/// A log with its files, as they are now.
fn played(path: &Path, clocks: Option<&Path>) -> Result<Played> {
    let sources = Sources { log: path.to_owned(), scenario: None, clocks: clocks.map(Path::to_owned) };
    let (log, plan, state) = read_with(&sources)?;
    let begin = state.begun.as_ref().ok_or_else(|| anyhow!("the drill has not begun"))?;
    let is_changed = same_files(begin, &plan).is_err();
    if is_changed {
        complain(&format!("{}: its scenario, playbook or clocks changed since; numbers may be off", path.display()));
    }
    if state.forked.is_some() {
        return Err(anyhow!("it is a fork, and was not played so"));
    }
    let at = state.history.first().map_or(0, |happened| happened.entry.event.at / 86_400);
    let day = Day::from_count(i64::try_from(at)?).ok_or_else(|| anyhow!("its day is beyond all calendars"))?;
    let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Played { name, is_sound: log.is_sound(), is_changed, plan, state, day })
}

/// The scenarios that could be played: those of the workspace, then those that are shipped.
fn scenarios() -> Result<Vec<Scenario>> {
    let mut found: Vec<Scenario> = Vec::new();
    for path in crate::store::drill_files::own_scenarios(Path::new("")) {
        let file = path.display().to_string();
        match read_text(&path).map_err(anyhow::Error::from).and_then(|text| Ok(scenario::read(&file, &text.text)?)) {
            Ok(read) => found.push(read),
            Err(error) => complain(&error.to_string()),
        }
    }
    for (file, text) in bundled::SCENARIOS {
        let read = scenario::read(file, text)?;
        if !found.iter().any(|own| own.id == read.id) {
            found.push(read);
        }
    }
    Ok(found)
}

fn maybe(seconds: Option<i64>) -> String {
    seconds.map_or("–".to_owned(), lapse)
}

fn letter(rating: Option<Rating>) -> String {
    rating.map_or("·".to_owned(), |rating| format!("{rating:?}"))
}

fn text(found: &Programme, most: usize) -> String {
    let mut out = String::new();
    let rows: Vec<Vec<String>> = found
        .drills
        .iter()
        .map(|row| {
            let [p, s, m, u] = row.ratings;
            vec![
                row.day.to_string(),
                row.name.clone(),
                row.scenario.to_string(),
                maybe(row.discover),
                maybe(row.acknowledge),
                maybe(row.mobilise),
                maybe(row.contain),
                maybe(row.recover),
                row.breached.to_string(),
                format!("{p} {s} {m} {u}"),
                if row.is_reliable { String::new() } else { "see above".to_owned() },
            ]
        })
        .collect();
    let header = [
        "day",
        "log",
        "scenario",
        "discover",
        "acknowledge",
        "mobilise",
        "contain",
        "recover",
        "breached",
        "P S M U",
        "",
    ];
    out.push_str(&table(&header, &rows));
    if found.rehearsals > 0 {
        out.push_str(&format!("{} with made-up times not counted\n", counted(found.rehearsals, "drill")));
    }
    if !found.spreads.is_empty() {
        let rows: Vec<Vec<String>> = found
            .spreads
            .iter()
            .map(|spread| {
                let range = format!("{} to {}", lapse(spread.least), lapse(spread.most));
                vec![spread.name.to_owned(), counted(spread.count, "drill"), lapse(spread.median), range]
            })
            .collect();
        out.push_str(&format!("\n{}", table(&["time to", "known of", "median", "range"], &rows)));
    }
    let rated: Vec<Vec<String>> = found
        .tasks
        .iter()
        .filter(|task| task.ratings.iter().any(Option::is_some))
        .map(|task| {
            let all: Vec<String> = task.ratings.iter().map(|rating| letter(*rating)).collect();
            vec![task.task.to_string(), all.join(" ")]
        })
        .collect();
    if !rated.is_empty() {
        out.push_str(&format!("\n{}", table(&["task", "ratings, oldest first"], &rated)));
    }
    if !found.recurring.is_empty() {
        out.push_str("\nagain and again\n");
        for again in &found.recurring {
            out.push_str(&format!("  {} ({})\n", again.what, again.drills.join(", ")));
        }
    }
    let (failed, held) = found.closed_loop;
    out.push_str(&format!("\nof {} that failed, {held} held the next time\n", counted(failed, "rating")));
    if let Some((all, done)) = found.follow_ups {
        out.push_str(&format!("of {} in the model, {done} done\n", counted(all, "follow-up")));
    }
    let coverage = |what: &str, coverage: &Coverage| {
        let all = coverage.covered.len() + coverage.missing.len();
        let missing = if coverage.missing.is_empty() {
            String::new()
        } else {
            format!("; not yet: {}", coverage.missing.join(", "))
        };
        format!("{what}: {} of {all}{missing}\n", coverage.covered.len())
    };
    if let Some(paths) = &found.paths {
        out.push_str(&coverage("attack paths to data worth guarding", paths));
        if let Some(first) = paths.missing.first() {
            out.push_str(&format!(
                "  a scenario of one: sandtable drill new scenarios/ours.ron --model M --from-path {first}\n"
            ));
        }
    }
    out.push_str(&coverage("legal rules", &found.regimes));
    if !found.roles.is_empty() {
        let rows: Vec<Vec<String>> = found
            .roles
            .iter()
            .map(|role| {
                let numbers = [role.cast, role.held, role.substituted, role.people];
                std::iter::once(role.role.to_string()).chain(numbers.map(|number| number.to_string())).collect()
            })
            .collect();
        out.push_str(&format!("\n{}", table(&["role", "in the cast", "held it", "stood in", "people"], &rows)));
    }
    out.push_str("\ndue next\n");
    for due in found.next.iter().take(most) {
        out.push_str(&format!("  {} {}\n", due.scenario, due.title));
        due.why.iter().for_each(|why| out.push_str(&format!("    {why}\n")));
    }
    out
}

fn to_json(found: &Programme, most: usize) -> Value {
    let coverage = |coverage: &Coverage| json!({"covered": coverage.covered, "missing": coverage.missing});
    json!({
        "drills": found.drills.iter().map(|row| json!({
            "log": row.name, "scenario": row.scenario.as_str(), "day": row.day, "discover": row.discover,
            "acknowledge": row.acknowledge, "mobilise": row.mobilise, "contain": row.contain, "recover": row.recover,
            "breached": row.breached, "ratings": {"P": row.ratings[0], "S": row.ratings[1], "M": row.ratings[2], "U": row.ratings[3]},
            "unrated": row.unrated, "reliable": row.is_reliable,
        })).collect::<Vec<_>>(),
        "rehearsals": found.rehearsals,
        "measures": found.spreads.iter().map(|spread| json!({
            "name": spread.name, "count": spread.count, "median": spread.median, "least": spread.least, "most": spread.most,
        })).collect::<Vec<_>>(),
        "tasks": found.tasks.iter().map(|task| json!({
            "task": task.task.as_str(), "ratings": task.ratings.iter().map(|rating| rating.map(|rating| format!("{rating:?}"))).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "recurring": found.recurring.iter().map(|again| json!({"what": again.what, "drills": again.drills})).collect::<Vec<_>>(),
        "closed_loop": {"failed": found.closed_loop.0, "held": found.closed_loop.1},
        "follow_ups": found.follow_ups.map(|(all, done)| json!({"all": all, "done": done})),
        "paths": found.paths.as_ref().map(coverage),
        "regimes": coverage(&found.regimes),
        "roles": found.roles.iter().map(|role| json!({
            "role": role.role.as_str(), "cast": role.cast, "held": role.held, "substituted": role.substituted, "people": role.people,
        })).collect::<Vec<_>>(),
        "next": found.next.iter().take(most).map(|due| json!({
            "scenario": due.scenario.as_str(), "title": due.title, "score": due.score, "why": due.why,
        })).collect::<Vec<_>>(),
    })
}

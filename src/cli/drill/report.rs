//! `sandtable drill replay` and `report`: what is made from a log.

use super::Sources;
use super::files::opened;
use crate::cli::Format;
use crate::cli::output::{Outcome, complain, print};
use crate::drill::EXERCISE;
use crate::drill::after_action::{Options, hot_wash, markdown};
use crate::drill::console;
use crate::drill::event::{Body, Event};
use crate::drill::log::Log;
use crate::drill::metrics;
use crate::drill::outcome::verdicts;
use crate::drill::state::{Phase, Plan, State};
use crate::drill::step::replay as fold;
use crate::model::Slug;
use crate::model::facts::Day;
use crate::model::text::counted;
use crate::report::page::page;
use crate::store::disk::save;
use crate::store::drill_log::DrillLog;
use anyhow::{Result, anyhow};
use clap::ValueEnum;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Show where a drill was, after all of its events or the first so many
///
/// With --fork the first so many events become the beginning of a new log, which `drill run` goes on with: what if it had
/// been decided otherwise? The new log says so, and is no evidence; `drill compare` puts both beside each other.
///
/// JSON: {"phase", "events", "play_seconds", "story_seconds", "sent", "met", "decisions", "emitted", "misfits"}
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable drill replay drills/one.jsonl --until 20\n  sandtable drill replay drills/one.jsonl --until 20 --fork drills/what-if.jsonl"
)]
pub struct ReplayArgs {
    #[command(flatten)]
    sources: Sources,
    /// Only the first so many events
    #[arg(long, value_name = "N")]
    until: Option<usize>,
    /// Begin a new log with these events
    #[arg(long, value_name = "NEW", requires = "until")]
    fork: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    /// For people, and for git
    Markdown,
    /// One page for a browser and for paper; it needs nothing else, and runs nothing
    Html,
    /// The script of the talk right after the drill, alone
    HotWash,
    /// The numbers, for programs
    Json,
}

/// Write the after-action report of a drill
///
/// Timeline, decisions with owner and reason, what was expected and seen, ratings, legal clocks, who waited for whom, and
/// what is to change. It rates tasks and roles, never people.
///
/// JSON: {"measures", "work", "roles", "critical_path", "spans", "clocks", "siblings", "ratings", "controls",
/// "containment", "waited", "actions", "sound"}, times in seconds
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable drill report drills/one.jsonl > report.md\n  sandtable drill report drills/one.jsonl --no-persons -o public.md\n  sandtable drill report drills/one.jsonl --format html -o drills/one.html\n  sandtable drill report drills/one.jsonl --format hot-wash"
)]
pub struct ReportArgs {
    #[command(flatten)]
    sources: Sources,
    /// Leave out who played which role, and what was quoted
    #[arg(long)]
    no_persons: bool,
    /// The day, to say which legal rules are old
    #[arg(long, value_name = "DAY")]
    today: Option<Day>,
    /// Write a new file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value = "markdown")]
    format: ReportFormat,
}

/// Says what is wrong with the chain, which is for `verify` to judge: a report of a broken log says so itself.
fn warn(log: &Log, sources: &Sources) {
    log.broken.iter().for_each(|broken| complain(&format!("{}:{broken}", sources.log.display())));
}

pub fn replay(args: ReplayArgs) -> Result<Outcome> {
    let (log, plan, mut state) = opened(&args.sources)?;
    warn(&log, &args.sources);
    if let Some(until) = args.until {
        if until == 0 || until > log.lines.len() {
            return Err(anyhow!("the log has {} events: --until 1 to {0}", log.lines.len()));
        }
        state = fold(&plan, log.entries().into_iter().take(until).collect());
    }
    if let (Some(path), Some(until)) = (&args.fork, args.until) {
        fork(&log, &state, until, path)?;
        complain(&format!("{} begins with {}: drill run goes on with it", path.display(), counted(until, "event")));
    }
    let now = state.last();
    match args.format {
        Format::Text => print(&console::status(&plan, &state, now))?,
        Format::Json => {
            let value = json!({
                "phase": format!("{:?}", state.phase).to_lowercase(),
                "events": state.history.len(),
                "play_seconds": now.play,
                "story_seconds": now.story,
                "sent": plan.scenario.injects.iter().filter(|inject| state.sent(inject.id.as_str()).is_some()).map(|inject| inject.id.as_str()).collect::<Vec<_>>(),
                "met": state.met.keys().map(|id| id.as_str()).collect::<Vec<_>>(),
                "decisions": state.decisions.iter().map(|made| json!({"decision": made.decision.as_str(), "option": made.option.as_str(), "role": made.role.as_str(), "authorised": made.authorised})).collect::<Vec<_>>(),
                "emitted": state.emitted.iter().map(|(event, at)| json!({"event": event.as_str(), "story_seconds": at.story})).collect::<Vec<_>>(),
                "misfits": state.misfits.iter().map(|(_, why)| why).collect::<Vec<_>>(),
            });
            print(&format!("{}\n", serde_json::to_string_pretty(&value)?))?
        }
    };
    Ok(if log.is_sound() { Outcome::Good } else { Outcome::Closed })
}

/// A new log with the first events of another one, and a line that says so.
fn fork(log: &Log, state: &State, until: usize, path: &Path) -> Result<()> {
    if let Some(broken) = log.broken.first() {
        return Err(anyhow!("the log is broken ({broken}): nothing can be begun with it"));
    }
    if state.phase == Phase::Ended {
        return Err(anyhow!("after {until} events the drill is over: fork it earlier"));
    }
    let last = log.lines.get(until - 1).map_or(0, |line| line.event.at);
    let event = Event { at: last, by: Slug::new("fork")?, body: Body::Fork { parent: log.head().to_owned() } };
    let mut new = DrillLog::create(path)?;
    new.append_all(log.lines.iter().take(until).cloned().collect())?;
    let line = new.prepare(&event)?;
    new.append(line)?;
    Ok(())
}

pub fn report(args: ReportArgs) -> Result<Outcome> {
    let (log, plan, state) = opened(&args.sources)?;
    warn(&log, &args.sources);
    let text = match args.format {
        ReportFormat::Markdown => {
            markdown(&plan, &state, &log, Options { no_persons: args.no_persons, today: args.today })
        }
        ReportFormat::Html => {
            let options = Options { no_persons: args.no_persons, today: args.today };
            let title = format!("After-action report: {}", plan.scenario.title);
            page(&title, EXERCISE, &markdown(&plan, &state, &log, options))
        }
        ReportFormat::HotWash => {
            let lines = hot_wash(&plan, &state);
            let minutes: u32 = lines.iter().map(|line| line.minutes).sum();
            let script: String = lines.iter().map(|line| format!("{:>3} min  {}\n", line.minutes, line.say)).collect();
            format!("{EXERCISE}\n{}: the talk afterwards, {minutes} minutes\n\n{script}", plan.scenario.title)
        }
        ReportFormat::Json => format!("{}\n", serde_json::to_string_pretty(&numbers(&plan, &state, &log))?),
    };
    match &args.output {
        Some(path) => {
            save(path, &text, None)?;
            print(&format!("{} was written\n", path.display()))?;
        }
        None => {
            print(&text)?;
        }
    }
    Ok(if log.is_sound() { Outcome::Good } else { Outcome::Closed })
}

fn numbers(plan: &Plan, state: &State, log: &Log) -> Value {
    let work = metrics::work(state);
    let path = metrics::critical_path(state, "detected", "contained");
    json!({
        "measures": metrics::measures(state).iter().map(|found| json!({
            "name": found.name, "of": found.of, "play": found.play, "story": found.story, "jumps": found.jumps,
        })).collect::<Vec<_>>(),
        "work": work.iter().map(|work| json!({
            "item": work.item.as_str(), "owner": work.owner.as_ref().map(|owner| owner.as_str()),
            "blocked": work.blocked, "queue": work.queue, "service": work.service, "orphaned": work.orphaned, "done": work.is_done,
        })).collect::<Vec<_>>(),
        "roles": metrics::by_role(&work).into_iter().map(|(role, (blocked, queue, service))| json!({
            "role": role, "blocked": blocked, "queue": queue, "service": service,
        })).collect::<Vec<_>>(),
        "critical_path": path.map(|path| path.iter().map(|segment| json!({
            "item": segment.item.as_ref().map(|item| item.as_str()), "role": segment.role.as_ref().map(|role| role.as_str()),
            "part": segment.part.word(), "seconds": segment.seconds,
        })).collect::<Vec<_>>()),
        "spans": metrics::spans(state).iter().map(|span| json!({
            "role": span.role.as_str(), "most": span.most, "owner_seconds": span.owner_seconds, "seconds": span.seconds, "above_seven": span.above_seven,
        })).collect::<Vec<_>>(),
        "clocks": metrics::margins(plan, state).into_iter().map(|(rule, standing, margin)| json!({
            "rule": rule.as_str(), "standing": standing, "margin": margin,
        })).collect::<Vec<_>>(),
        "siblings": metrics::siblings(state).iter().map(|found| json!({
            "query": found.binding, "places": found.places, "found": found.found, "beside": found.beside,
        })).collect::<Vec<_>>(),
        "ratings": state.ratings.iter().map(|rated| json!({
            "task": rated.task.as_str(), "rating": format!("{:?}", rated.rating), "observation": rated.observation.shown(),
        })).collect::<Vec<_>>(),
        "controls": verdicts(plan, state).iter().map(|shown| json!({
            "action": shown.action.as_str(), "control": shown.control, "controls": shown.controls.iter().map(Slug::as_str).collect::<Vec<_>>(),
            "verdict": shown.verdict.word(), "strength": shown.strength.name().to_lowercase(), "why": shown.why,
        })).collect::<Vec<_>>(),
        "containment": state.pictures.iter().map(|(at, picture)| json!({"story_seconds": at.story, "picture": picture})).collect::<Vec<_>>(),
        "waited": metrics::waiting(state).iter().map(|waited| json!({
            "decision": waited.decision.as_str(), "story": waited.story, "exposed": waited.exposed,
            "people_seconds": waited.people_seconds, "has_unknown": waited.has_unknown,
        })).collect::<Vec<_>>(),
        "actions": state.follow_ups.iter().map(|action| json!({
            "what": action.what.shown(), "owner": action.owner.as_str(), "due": action.due,
        })).collect::<Vec<_>>(),
        "sound": log.is_sound(),
    })
}

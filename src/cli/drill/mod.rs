//! `sandtable drill`: rehearse an incident, keep its log, and learn from it.

mod apply;
mod compare;
mod draft;
mod files;
mod list;
mod log;
mod report;
mod run;
mod screen;
mod trend;
mod watch;

use super::output::Outcome;
use anyhow::Result;
use std::path::PathBuf;

/// Rehearse an incident on your own model, and learn from the log
///
/// A scenario is a file in `scenarios/`, or one of those that are shipped. A drill leaves a log: a line an event, chained
/// by hashes. All else is made from the log. Everything that people read is labelled EXERCISE.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable drill list\n  sandtable drill run s1-open-list --model models/clinic.ron --log drills/one.jsonl\n  sandtable drill report drills/one.jsonl > report.md\n  sandtable drill apply drills/one.jsonl models/clinic.ron --dry-run\n  sandtable drill seal drills/one.jsonl && sandtable drill verify drills/one.jsonl"
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    List(list::ListArgs),
    Lint(list::LintArgs),
    Clocks(list::ClocksArgs),
    New(list::NewArgs),
    Run(run::Args),
    Watch(watch::WatchArgs),
    Replay(report::ReplayArgs),
    Report(report::ReportArgs),
    Apply(apply::Args),
    Compare(compare::Args),
    Trend(trend::Args),
    Seal(log::SealArgs),
    Verify(log::VerifyArgs),
    Merge(log::MergeArgs),
    Redact(log::RedactArgs),
}

/// Which files a log is read with.
#[derive(Debug, clap::Args)]
struct Sources {
    /// The log
    log: PathBuf,
    /// The scenario, where it is neither shipped nor in `scenarios/`
    #[arg(long, value_name = "FILE")]
    scenario: Option<String>,
    /// A clock pack of your own
    #[arg(long, value_name = "FILE")]
    clocks: Option<PathBuf>,
}

pub fn run(args: Args) -> Result<Outcome> {
    match args.command {
        Command::List(args) => list::list(args),
        Command::Lint(args) => list::lint(args),
        Command::Clocks(args) => list::clocks(args),
        Command::New(args) => list::new(args),
        Command::Run(args) => run::run(args),
        Command::Watch(args) => watch::watch(args),
        Command::Replay(args) => report::replay(args),
        Command::Report(args) => report::report(args),
        Command::Apply(args) => apply::apply(args),
        Command::Compare(args) => compare::run(args),
        Command::Trend(args) => trend::run(args),
        Command::Seal(args) => log::seal(args),
        Command::Verify(args) => log::verify(args),
        Command::Merge(args) => log::merge(args),
        Command::Redact(args) => log::redact(args),
    }
}

//! `sandtable drill watch`: a drill as one role sees it, as an evaluator, or for the room.

use super::Sources;
use super::files::opened;
use super::screen;
use crate::app::drills::{Face, How, Opening};
use crate::cli::output::{Outcome, complain, print};
use crate::drill::player;
use crate::drill::state::{Phase, Plan};
use crate::model::Slug;
use anyhow::{Result, anyhow};
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// Show what one role sees of a drill
///
/// Nothing hidden is in it. On a terminal it is a screen that follows the drill; elsewhere, or with --plain, it is text,
/// and with --follow that is shown again whenever the log grows.
///
/// --evaluate is the board of an evaluator: critical tasks to rate, and notes. What is written goes into a log of its own
/// beside that of the drill, `one.NAME.jsonl`, which `drill merge` brings in. --projector is for everybody in the room.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable drill watch drills/one.jsonl --role privacy\n  sandtable drill watch drills/one.jsonl --role privacy --plain --follow\n  sandtable drill watch drills/one.jsonl --evaluate --writer anna\n  sandtable drill watch drills/one.jsonl --projector"
)]
pub struct WatchArgs {
    #[command(flatten)]
    sources: Sources,
    /// The role
    #[arg(long, required_unless_present_any = ["evaluate", "projector"], conflicts_with_all = ["evaluate", "projector"])]
    role: Option<String>,
    /// Rate critical tasks and write notes
    #[arg(long, conflicts_with = "projector")]
    evaluate: bool,
    /// Who writes, with --evaluate; it names the log
    #[arg(long, value_name = "NAME", default_value = "evaluator", requires = "evaluate")]
    writer: String,
    /// For everybody in the room, in large letters
    #[arg(long)]
    projector: bool,
    /// Text, although there is a terminal
    #[arg(long, conflicts_with_all = ["evaluate", "projector"])]
    plain: bool,
    /// Go on until interrupted, with text
    #[arg(long)]
    follow: bool,
}

pub fn watch(args: WatchArgs) -> Result<Outcome> {
    let (_, plan, _) = opened(&args.sources)?;
    let role = args.role.as_deref().map(|role| known(&plan, role)).transpose()?;
    let is_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let (face, how) = match (role, args.evaluate) {
        (Some(role), _) if args.plain || !is_terminal => return text(&args, role.as_str()),
        (Some(role), _) => (Face::Player(role), How::Follow),
        (None, true) => (Face::Evaluation, How::Beside),
        (None, false) => (Face::Projector, How::Follow),
    };
    let Sources { log, scenario, clocks } = args.sources;
    let opening = Opening { log: log.display().to_string(), how, face, writer: Slug::new(&args.writer)? };
    screen::show(opening, None, scenario, clocks)
}

fn known(plan: &Plan, role: &str) -> Result<Slug> {
    match plan.role(role) {
        Some(found) => Ok(found.id.slug().clone()),
        None => {
            let roles: Vec<&str> = plan.roles().map(|role| role.id.as_str()).collect();
            Err(anyhow!("there is no role `{role}`: there are {}", roles.join(", ")))
        }
    }
}

/// What a role sees as text, and again whenever it changes.
fn text(args: &WatchArgs, role: &str) -> Result<Outcome> {
    let mut shown = String::new();
    loop {
        let (log, plan, state) = opened(&args.sources)?;
        // As of the last event: a view that changes with every second would be shown again with every second.
        let text = player::stream(&plan, &state, role, state.last());
        if text != shown {
            print(&text)?;
            std::io::stdout().flush()?;
            shown = text;
        }
        if let Some(broken) = log.broken.first() {
            complain(&format!("{}:{broken}", args.sources.log.display()));
            return Ok(Outcome::Closed);
        }
        if !args.follow || state.phase == Phase::Ended {
            return Ok(Outcome::Good);
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

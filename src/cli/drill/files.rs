//! The files of a drill as the command line names them: from the folder in which it runs.

use super::Sources;
pub use crate::store::drill_files::{begun, clock_pack, playbook_of, same_files};

use crate::drill::log::Log;
use crate::drill::state::{Plan, State};
use crate::drill::step::replay;
use crate::store::{drill_files, drill_log};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// The text of a scenario, and the file that it is from: a path, a name in `scenarios/`, or a name of those shipped.
pub fn scenario_text(name: &str) -> Result<(String, String, Option<PathBuf>)> {
    Ok(drill_files::scenario_text(Path::new(""), name)?)
}

/// A scenario with all that it needs.
pub fn plan(name: &str, starter: bool, clocks: Option<&Path>) -> Result<Plan> {
    Ok(drill_files::plan(Path::new(""), name, starter, clocks)?)
}

/// A log, its files and its state.
pub fn opened(sources: &Sources) -> Result<(Log, Plan, State)> {
    let (log, plan, state) = read_with(sources)?;
    same_files(&begun(&log, &sources.log)?, &plan)?;
    Ok((log, plan, state))
}

/// A log, and its files as they are now, whether or not they are those of the drill.
pub fn read_with(sources: &Sources) -> Result<(Log, Plan, State)> {
    let log = drill_log::read(&sources.log)?;
    let begin = begun(&log, &sources.log)?;
    let plan = drill_files::plan_of(Path::new(""), &begin, sources.scenario.as_deref(), sources.clocks.as_deref())?;
    let state = replay(&plan, log.entries());
    Ok((log, plan, state))
}

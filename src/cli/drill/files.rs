//! The files of a drill: where a scenario, its playbook and the clocks are found, and whether they are those of a log.

use super::Sources;
use crate::drill::event::{Begin, Body};
use crate::drill::log::{Log, sha256};
use crate::drill::state::{Plan, State};
use crate::drill::step::replay;
use crate::drill::{bundled, playbook, scenario};
use crate::library::clocks::{self, ClockPack};
use crate::model::text::nearest;
use crate::store::disk::read_text;
use crate::store::drill_log;
use anyhow::{Result, anyhow};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The text of a scenario, and the file that it is from: a path, a name in `scenarios/`, or a name of those shipped.
pub fn scenario_text(name: &str) -> Result<(String, String, Option<PathBuf>)> {
    let path = Path::new(name);
    let own = if path.extension().is_some_and(|ending| ending == "ron") {
        Some(path.to_owned())
    } else {
        Some(Path::new("scenarios").join(format!("{name}.ron"))).filter(|path| path.is_file())
    };
    if let Some(path) = own {
        let text = read_text(&path)?.text;
        return Ok((path.display().to_string(), text, Some(path)));
    }
    let shipped = bundled::SCENARIOS.iter().find(|(file, _)| bundled::stem(file) == name);
    if let Some((file, text)) = shipped {
        return Ok(((*file).to_owned(), (*text).to_owned(), None));
    }
    let known = bundled::SCENARIOS.iter().map(|(file, _)| bundled::stem(file));
    let hint = nearest(name, known).map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
    Err(anyhow!("there is no scenario `{name}`{hint} (sandtable drill list shows all; a file of yours ends in .ron)"))
}

/// The playbook of a scenario: in `playbooks/` beside it, or one of those shipped.
pub fn playbook_of(scenario: &scenario::Scenario, beside: Option<&Path>) -> Result<playbook::Playbook> {
    let name = scenario.playbook.as_str();
    let own = beside.and_then(Path::parent).map(|folder| folder.join("playbooks").join(format!("{name}.ron")));
    if let Some(path) = own.filter(|path| path.is_file()) {
        return Ok(playbook::read(&path.display().to_string(), &read_text(&path)?.text)?);
    }
    match bundled::playbook(name) {
        Some(read) => Ok(read?),
        None => Err(anyhow!(scenario.source.problem(
            &scenario.playbook,
            format!("there is no playbook `{name}`: put it into `playbooks/{name}.ron` beside the scenario")
        ))),
    }
}

/// The clock pack of a file, or the one that is shipped.
pub fn clock_pack(path: Option<&Path>) -> Result<ClockPack> {
    Ok(match path {
        Some(path) => clocks::read(&path.display().to_string(), &read_text(path)?.text)?,
        None => clocks::shipped()?,
    })
}

/// A scenario with all that it needs.
pub fn plan(name: &str, starter: bool, clocks: Option<&Path>) -> Result<Plan> {
    let (file, text, own) = scenario_text(name)?;
    let whole = scenario::read(&file, &text)?;
    let playbook = playbook_of(&whole, own.as_deref())?;
    let scenario =
        if starter { whole.short().ok_or_else(|| anyhow!("{} has no short form", whole.id))? } else { whole };
    Ok(Plan { scenario, playbook, clocks: clock_pack(clocks)? })
}

/// The checksums of the files of a plan.
pub fn sums(plan: &Plan) -> BTreeMap<String, String> {
    [
        ("scenario", &plan.scenario.source.text),
        ("playbook", &plan.playbook.source.text),
        ("clocks", &plan.clocks.source.text),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), sha256(text.as_bytes())))
    .collect()
}

/// With what a log says that it began.
pub fn begun(log: &Log, path: &Path) -> Result<Begin> {
    match log.lines.first().map(|line| &line.event.body) {
        Some(Body::Begin(begin)) => Ok((**begin).clone()),
        _ => Err(anyhow!("{}: this is no log of a drill", path.display())),
    }
}

/// A log, its files and its state. Files that are not those of the drill are an error: the log would be read as
/// something that nobody played.
pub fn opened(sources: &Sources) -> Result<(Log, Plan, State)> {
    let (log, plan, state) = read_with(sources)?;
    same_files(&begun(&log, &sources.log)?, &plan)?;
    Ok((log, plan, state))
}

/// A log, and its files as they are now, whether or not they are those of the drill.
pub fn read_with(sources: &Sources) -> Result<(Log, Plan, State)> {
    let log = drill_log::read(&sources.log)?;
    let begin = begun(&log, &sources.log)?;
    let name = match &sources.scenario {
        Some(name) => name.clone(),
        // The short form has the name of the whole with an ending.
        None if begin.starter => begin.scenario.as_str().trim_end_matches("-starter").to_owned(),
        None => begin.scenario.to_string(),
    };
    let plan = plan(&name, begin.starter, sources.clocks.as_deref())?;
    let state = replay(&plan, log.entries());
    Ok((log, plan, state))
}

/// Whether files are those that a log names.
pub fn same_files(begin: &Begin, plan: &Plan) -> Result<()> {
    for (name, sum) in sums(plan) {
        if begin.files.get(&name).is_some_and(|played| *played != sum) {
            let option = if name == "clocks" { "clocks" } else { "scenario" };
            return Err(anyhow!(
                "the {name} is not the one that was played ({} then, {} now): name the old file with --{option}",
                begin.files[&name].chars().take(12).collect::<String>(),
                sum.chars().take(12).collect::<String>(),
            ));
        }
    }
    Ok(())
}

//! The files of a drill: where a scenario, its playbook and the clocks are found, whether they are those of a log, and
//! which scenarios and logs a workspace has.

use super::disk::{DiskError, read_text, shown};
use super::drill_log::{self, DrillLogError};
use crate::drill::begin::{scenario_name, sums};
use crate::drill::event::{Begin, Body};
use crate::drill::log::Log;
use crate::drill::state::Plan;
use crate::drill::{bundled, playbook, scenario};
use crate::library::clocks::{self, ClockPack};
use crate::library::located::Problem;
use crate::model::text::{nearest, one_line};
use std::path::{Path, PathBuf};

/// The folder of scenarios in a workspace.
pub const SCENARIOS: &str = "scenarios";

/// The folder of logs in a workspace.
pub const DRILLS: &str = "drills";

/// A workspace has at most so many scenarios and so many logs that are listed.
const MAX_FILES: usize = 500;

/// Why the files of a drill can not be used.
#[derive(Debug, thiserror::Error)]
pub enum DrillFileError {
    /// A file can not be read.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// A log can not be used.
    #[error(transparent)]
    Log(#[from] DrillLogError),
    /// A file is not written as it must be.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// No such scenario.
    #[error("there is no scenario `{name}`{hint} (sandtable drill list shows all; a file of yours ends in .ron)")]
    NoScenario {
        /// What was asked for.
        name: String,
        /// What may have been meant.
        hint: String,
    },
    /// The scenario can not be played in twenty minutes.
    #[error("{0} has no short form")]
    NoStarter(String),
    /// The file is something else.
    #[error("{}: this is no log of a drill", shown(.0))]
    NoLog(PathBuf),
    /// A file changed since the drill.
    #[error("the {name} is not the one that was played ({then} then, {now} now): name the old file with --{option}")]
    Changed {
        /// Which file.
        name: String,
        /// The beginning of its checksum then.
        then: String,
        /// The beginning of its checksum now.
        now: String,
        /// The option of the command line that names another one.
        option: &'static str,
    },
}

/// The text of a scenario, and the file that it is from: a path, a name in `scenarios/` of a workspace, or a name of
/// those shipped.
pub fn scenario_text(root: &Path, name: &str) -> Result<(String, String, Option<PathBuf>), DrillFileError> {
    let path = Path::new(name);
    let own = if path.extension().is_some_and(|ending| ending == "ron") {
        Some(path.to_owned())
    } else {
        Some(root.join(SCENARIOS).join(format!("{name}.ron"))).filter(|path| path.is_file())
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
    Err(DrillFileError::NoScenario { name: one_line(name, 80), hint })
}

/// The playbook of a scenario: in `playbooks/` beside it, or one of those shipped.
pub fn playbook_of(scenario: &scenario::Scenario, beside: Option<&Path>) -> Result<playbook::Playbook, DrillFileError> {
    let name = scenario.playbook.as_str();
    let own = beside.and_then(Path::parent).map(|folder| folder.join("playbooks").join(format!("{name}.ron")));
    if let Some(path) = own.filter(|path| path.is_file()) {
        return Ok(playbook::read(&path.display().to_string(), &read_text(&path)?.text)?);
    }
    match bundled::playbook(name) {
        Some(read) => Ok(read?),
        None => Err(DrillFileError::Problem(scenario.source.problem(
            &scenario.playbook,
            format!("there is no playbook `{name}`: put it into `playbooks/{name}.ron` beside the scenario"),
        ))),
    }
}

/// The clock pack of a file, or the one that is shipped.
pub fn clock_pack(path: Option<&Path>) -> Result<ClockPack, DrillFileError> {
    Ok(match path {
        Some(path) => clocks::read(&path.display().to_string(), &read_text(path)?.text)?,
        None => clocks::shipped()?,
    })
}

/// A scenario with all that it needs.
pub fn plan(root: &Path, name: &str, starter: bool, clocks: Option<&Path>) -> Result<Plan, DrillFileError> {
    let (file, text, own) = scenario_text(root, name)?;
    let whole = scenario::read(&file, &text)?;
    let playbook = playbook_of(&whole, own.as_deref())?;
    let scenario =
        if starter { whole.short().ok_or_else(|| DrillFileError::NoStarter(whole.id.to_string()))? } else { whole };
    Ok(Plan { scenario, playbook, clocks: clock_pack(clocks)? })
}

/// The plan of a log: of the scenario that it names, or of another file, and only where the files are those of the drill.
/// With others the log would be read as something that nobody played.
pub fn plan_of(
    root: &Path,
    begin: &Begin,
    scenario: Option<&str>,
    clocks: Option<&Path>,
) -> Result<Plan, DrillFileError> {
    let plan = plan(root, scenario.unwrap_or(scenario_name(begin)), begin.starter, clocks)?;
    same_files(begin, &plan)?;
    Ok(plan)
}

/// With what a log says that it began.
pub fn begun(log: &Log, path: &Path) -> Result<Begin, DrillFileError> {
    match log.lines.first().map(|line| &line.event.body) {
        Some(Body::Begin(begin)) => Ok((**begin).clone()),
        _ => Err(DrillFileError::NoLog(path.to_owned())),
    }
}

/// Whether files are those that a log names.
pub fn same_files(begin: &Begin, plan: &Plan) -> Result<(), DrillFileError> {
    for (name, sum) in sums(plan) {
        if let Some(played) = begin.files.get(&name).filter(|played| **played != sum) {
            let option = if name == "clocks" { "clocks" } else { "scenario" };
            let short = |sum: &str| sum.chars().take(12).collect::<String>();
            return Err(DrillFileError::Changed { then: short(played), now: short(&sum), name, option });
        }
    }
    Ok(())
}

/// The workspace of a model: the folder around `models/`, or the one in which it lies.
pub fn root_of(model: &Path) -> PathBuf {
    let model = std::fs::canonicalize(model).unwrap_or_else(|_| model.to_owned());
    let folder = model.parent().unwrap_or(Path::new(""));
    match folder.file_name().is_some_and(|name| name == "models") {
        true => folder.parent().unwrap_or(folder).to_owned(),
        false => folder.to_owned(),
    }
}

/// The files with an ending in a folder of a workspace, sorted.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|own| own == ending) && path.is_file())
        .take(MAX_FILES)
        .collect();
    found.sort();
    found
}

/// The scenario files of a workspace.
pub fn own_scenarios(root: &Path) -> Vec<PathBuf> {
    files(&root.join(SCENARIOS), "ron")
}

/// The logs of a workspace.
pub fn own_logs(root: &Path) -> Vec<PathBuf> {
    files(&root.join(DRILLS), "jsonl")
}

/// The file of a second writer's log: `one.jsonl` of anna is `one.anna.jsonl`.
pub fn log_of_writer(log: &Path, writer: &str) -> PathBuf {
    log.with_extension(format!("{writer}.jsonl"))
}

/// The files beside a log that have the names of second writers' logs, sorted.
pub fn writers_beside(log: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(stem)) = (log.parent(), log.file_stem().and_then(|stem| stem.to_str())) else {
        return Vec::new();
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let is_beside = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.') && rest.len() > ".jsonl".len())
    };
    files(folder, "jsonl").into_iter().filter(is_beside).collect()
}

/// The logs of second writers beside a log: those that begin with the same line.
pub fn logs_beside(log: &Path, first: &str) -> Vec<(PathBuf, Log)> {
    let read = |path: PathBuf| Some((path.clone(), drill_log::read(&path).ok()?));
    let begins = |(_, other): &(PathBuf, Log)| other.lines.first().is_some_and(|line| line.hash == first);
    writers_beside(log).into_iter().filter_map(read).filter(begins).collect()
}

/// The seal of a log.
pub fn seal_path(log: &Path) -> PathBuf {
    log.with_extension("seal.ron")
}

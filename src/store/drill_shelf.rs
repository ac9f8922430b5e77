//! What a workspace has to play, and what was played in it: its scenarios and the shipped ones, and its logs as rows.

use super::drill_files::{begun, own_logs, own_scenarios, plan_of, seal_path};
use super::drill_log;
use crate::drill::bundled;
use crate::drill::scenario::{self, Scenario};
use crate::drill::state::Phase;
use crate::drill::step::replay;
use crate::model::facts::Day;
use crate::model::text::one_line;
use crate::store::disk::read_text;
use std::path::Path;
use std::sync::Arc;

/// A scenario that can be played.
#[derive(Debug, Clone)]
pub struct ShelfScenario {
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// Its file in the workspace; nothing for one that is shipped.
    pub file: Option<String>,
}

/// A drill that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfLog {
    /// Its log, from the folder of the workspace.
    pub path: String,
    /// The name of the scenario.
    pub scenario: String,
    /// The title of the scenario, where its files are still those of the drill.
    pub title: String,
    /// The day on which it began.
    pub day: Option<Day>,
    /// How many events it has.
    pub events: usize,
    /// How many injects were sent, of how many.
    pub sent: Option<(usize, usize)>,
    /// Where it is; nothing where its log can not be read with the files that are there.
    pub phase: Option<Phase>,
    /// Whether a seal lies beside it.
    pub sealed: bool,
    /// The names of second writers whose logs lie beside it.
    pub writers: Vec<String>,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

impl ShelfLog {
    /// How far it is, in a word.
    pub fn word(&self) -> &'static str {
        match (self.phase, self.sealed) {
            (None, _) => "not readable",
            (Some(_), true) => "sealed",
            (Some(Phase::Ended), false) => "over",
            (Some(_), false) => "unfinished",
        }
    }
}

/// What there is.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    /// Scenarios, those of the workspace first.
    pub scenarios: Vec<ShelfScenario>,
    /// Drills that were begun, the newest first.
    pub logs: Vec<ShelfLog>,
    /// What could not be read.
    pub complaints: Vec<String>,
}

/// Looks at a workspace.
pub fn shelf(root: &Path) -> Shelf {
    let mut shelf = Shelf::default();
    for path in own_scenarios(root) {
        let file = relative(root, &path);
        let text = read_text(&path).map_err(|error| error.to_string());
        match text.and_then(|text| scenario::read(&file, &text.text).map_err(|error| error.to_string())) {
            Ok(read) => shelf.scenarios.push(ShelfScenario { scenario: Arc::new(read), file: Some(file) }),
            Err(error) => shelf.complaints.push(error),
        }
    }
    for (file, text) in bundled::SCENARIOS {
        // That every shipped scenario can be read is tested.
        if let Ok(read) = scenario::read(file, text)
            && !shelf.scenarios.iter().any(|own| own.scenario.id == read.id)
        {
            shelf.scenarios.push(ShelfScenario { scenario: Arc::new(read), file: None });
        }
    }
    let mut logs: Vec<(u64, String, ShelfLog)> = Vec::new();
    for path in own_logs(root) {
        let (first, at, log) = one(root, &path);
        logs.push((at, first, log));
    }
    // A second writer's log is no drill of its own.
    let paths: Vec<(String, String)> = logs.iter().map(|(_, first, log)| (first.clone(), log.path.clone())).collect();
    let main_of = |first: &str, path: &str| {
        let is_main = |other: &&(String, String)| {
            let stem = other.1.strip_suffix(".jsonl").unwrap_or(&other.1);
            other.1 != path && other.0 == first && !first.is_empty() && path.starts_with(&format!("{stem}."))
        };
        paths.iter().find(is_main).map(|(_, main)| main.clone())
    };
    let mains: Vec<Option<String>> = logs.iter().map(|(_, first, log)| main_of(first, &log.path)).collect();
    for (at, main) in mains.iter().enumerate() {
        let Some(main) = main else { continue };
        let path = logs[at].2.path.clone();
        let stem = main.strip_suffix(".jsonl").unwrap_or(main);
        let name = path.strip_prefix(stem).and_then(|rest| rest.strip_suffix(".jsonl")).unwrap_or(&path);
        let name = name.trim_start_matches('.').to_owned();
        if let Some((.., log)) = logs.iter_mut().find(|(.., log)| log.path == *main) {
            log.writers.push(name);
        }
    }
    let mut kept: Vec<(u64, ShelfLog)> =
        logs.into_iter().zip(mains).filter(|(_, main)| main.is_none()).map(|((at, _, log), _)| (at, log)).collect();
    kept.sort_by(|(at, log), (other_at, other)| other_at.cmp(at).then_with(|| log.path.cmp(&other.path)));
    shelf.logs = kept.into_iter().map(|(_, log)| log).collect();
    shelf
}

fn relative(root: &Path, path: &Path) -> String {
    one_line(&path.strip_prefix(root).unwrap_or(path).display().to_string(), 200)
}

/// One log: its first hash, when it began, and its row.
fn one(root: &Path, path: &Path) -> (String, u64, ShelfLog) {
    let mut row = ShelfLog {
        path: relative(root, path),
        scenario: String::new(),
        title: String::new(),
        day: None,
        events: 0,
        sent: None,
        phase: None,
        sealed: seal_path(path).is_file(),
        writers: Vec::new(),
        wrong: None,
    };
    let log = match drill_log::read(path) {
        Ok(log) => log,
        Err(error) => return (String::new(), 0, ShelfLog { wrong: Some(error.to_string()), ..row }),
    };
    let (first, at) = log.lines.first().map_or((String::new(), 0), |line| (line.hash.clone(), line.event.at));
    row.events = log.lines.len();
    row.wrong = log.broken.first().map(|broken| format!("{}:{broken}", row.path));
    row.day = i64::try_from(at / 86_400).ok().and_then(Day::from_count);
    match begun(&log, path).map(|begin| (plan_of(root, &begin, None, None), begin)) {
        Err(error) => row.wrong = row.wrong.or(Some(error.to_string())),
        Ok((plan, begin)) => {
            row.scenario = begin.scenario.to_string();
            match plan {
                Err(error) => row.wrong = row.wrong.or(Some(error.to_string())),
                Ok(plan) => {
                    let state = replay(&plan, log.entries());
                    row.title = plan.scenario.title.to_string();
                    row.phase = Some(state.phase);
                    let sent = plan.scenario.injects.iter().filter(|inject| state.sent(inject.id.as_str()).is_some());
                    row.sent = Some((sent.count(), plan.scenario.injects.len()));
                }
            }
        }
    }
    (first, at, row)
}

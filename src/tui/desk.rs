//! Files of drills for the screens: what there is, the log that is written, and the logs of others that are followed.

use crate::analysis::access::effective;
use crate::app::App;
use crate::app::drills::{DrillEffect, DrillMsg, How, Opened, Opening};
use crate::app::msg::Msg;
use crate::drill::begin::{Choices, Ground, begin};
use crate::drill::event::{Body, Entry, Event, Words};
use crate::drill::lint::lint;
use crate::drill::log::{Line, Log, sha256};
use crate::drill::state::{Phase, Plan};
use crate::drill::step::replay;
use crate::model::Slug;
use crate::model::facts::Day;
use crate::model::text::counted;
use crate::store::drill_files::{self, DrillFileError, begun, log_of_writer, logs_beside, plan_of, seal_path};
use crate::store::drill_log::{self, DrillLog, DrillLogError, wall};
use crate::store::drill_shelf::shelf;
use anyhow::{Result, anyhow};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// Where files of drills are, and the log that is open.
pub struct Desk {
    root: PathBuf,
    /// A scenario and a clock pack that are not found by the name in a log.
    scenario: Option<String>,
    clocks: Option<PathBuf>,
    open: Option<Table>,
}

/// The log that is open.
struct Table {
    /// The log of the drill.
    main: PathBuf,
    /// The hash of its first line, with which the logs of second writers begin, too.
    first: String,
    /// The log that is written; nothing where one only looks.
    own: Option<(DrillLog, PathBuf, Slug)>,
    /// Whether the logs of second writers are read, too: what evaluators write is not for players.
    with_writers: bool,
    /// What was seen last of the files that others write.
    seen: Vec<Seen>,
}

/// A file as it was seen last.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    path: PathBuf,
    len: u64,
    changed: Option<SystemTime>,
}

impl Desk {
    /// A desk in a workspace.
    pub fn new(root: PathBuf) -> Desk {
        Desk { root, scenario: None, clocks: None, open: None }
    }

    /// The same for a drill that is named on the command line, with the files that are named there.
    pub fn with(self, scenario: Option<String>, clocks: Option<PathBuf>) -> Desk {
        Desk { scenario, clocks, ..self }
    }

    /// Does what is to be done with files of drills.
    pub fn perform(&mut self, effect: DrillEffect, app: &App) -> Option<Msg> {
        match effect {
            DrillEffect::Look => Some(Msg::Drill(DrillMsg::Shelf(Arc::new(shelf(&self.root))))),
            DrillEffect::Open(opening) => Some(match self.open(&opening, app) {
                Ok(opened) => Msg::Drill(DrillMsg::Opened(Box::new(opened))),
                Err(error) => Msg::Failed(error.to_string()),
            }),
            DrillEffect::Keep(body, at) => Some(match self.keep(*body, at) {
                Ok(message) => Msg::Drill(message),
                Err(error) => Msg::Failed(error.to_string()),
            }),
            DrillEffect::Close => {
                self.open = None;
                None
            }
        }
    }

    /// The time, and what others wrote since it was last looked.
    pub fn tick(&mut self) -> Vec<Msg> {
        let mut messages = vec![Msg::Drill(DrillMsg::Clock(wall()))];
        let Some(table) = &mut self.open else { return messages };
        let now = table.look();
        if now != table.seen {
            table.seen = now;
            match table.others() {
                Ok(entries) => messages.push(Msg::Drill(DrillMsg::Grown(entries))),
                Err(error) => messages.push(Msg::Drill(DrillMsg::Closed(error.to_string()))),
            }
        }
        messages
    }

    /// Puts an event on the disk. It counts when this returns.
    fn keep(&mut self, body: Body, at: Option<u64>) -> Result<DrillMsg> {
        let Some(Table { own: Some((log, path, writer)), main, .. }) = &mut self.open else {
            return Err(anyhow!("no log is open for writing"));
        };
        if path != main && seal_path(main).is_file() {
            return Ok(DrillMsg::Closed("the drill is sealed: nothing is rated any more".into()));
        }
        let entry = append(log, at.unwrap_or_else(wall), writer, body)?;
        Ok(DrillMsg::Kept(Box::new(entry)))
    }

    /// Opens a log.
    pub fn open(&mut self, opening: &Opening, app: &App) -> Result<Opened> {
        // Two drills are never open at once; the lock of the one before goes with it.
        self.open = None;
        let main = self.root.join(&opening.log);
        match &opening.how {
            How::Begin(scenario, choices) => self.begin(opening, main, scenario, choices, app),
            How::Resume => self.resume(opening, main),
            How::Follow => self.follow(opening, main, None),
            How::Beside => self.beside(opening, main),
        }
    }

    fn begin(
        &mut self,
        opening: &Opening,
        main: PathBuf,
        scenario: &str,
        choices: &Choices,
        app: &App,
    ) -> Result<Opened> {
        let plan = drill_files::plan(&self.root, scenario, choices.starter, self.clocks.as_deref())?;
        if let Some(found) = lint(&plan.scenario, &plan.playbook, &plan.clocks).iter().find(|found| !found.is_warning) {
            return Err(anyhow!("the scenario can not be played as it is written: {found}"));
        }
        let now = wall();
        let today = i64::try_from(now / 86_400).ok().and_then(Day::from_count);
        let today = today.ok_or_else(|| anyhow!("the clock is beyond all calendars"))?;
        // A drill that is shown alone need not have a model.
        let sum = sha256(app.saved_text.as_bytes());
        let access = (!app.saved_text.is_empty()).then(|| effective(&app.model));
        let ground = access.as_ref().map(|access| Ground { model: &app.model, access, sum: &sum });
        let beginning = begin(&plan, ground, choices, today)?;
        if let Some(folder) = main.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        let mut log = DrillLog::create(&main)?;
        let zero = u64::try_from(beginning.begin.story_zero.0).unwrap_or(0);
        let at = if choices.simulated { zero } else { now };
        append(&mut log, at, &opening.writer, Body::Begin(Box::new(beginning.begin)))?;
        let path = main.clone();
        Ok(self.opened(opening, main, plan, Some((log, path)), None, beginning.notes))
    }

    fn resume(&mut self, opening: &Opening, main: PathBuf) -> Result<Opened> {
        let mut log = match DrillLog::resume(&main) {
            Ok(log) => log,
            Err(busy @ DrillLogError::Busy(_)) => return self.follow(opening, main, Some(busy.to_string())),
            Err(error) => return Err(error.into()),
        };
        let mut notes = Vec::new();
        if log.torn > 0 {
            let torn = counted(log.torn, "byte");
            notes.push(format!(
                "the last line was torn by a crash ({torn}): its event was never confirmed, and is gone"
            ));
        }
        if log.log().lines.is_empty() {
            return Err(anyhow!("{}: no event is in it; remove it, and begin again", main.display()));
        }
        let begin = begun(log.log(), &main)?;
        let plan = plan_of(&self.root, &begin, self.scenario.as_deref(), self.clocks.as_deref())?;
        let state = replay(&plan, log.log().entries());
        if state.phase == Phase::Running && !begin.simulated {
            // Nobody played while the program was not running.
            let last = log.log().entries().last().map_or(0, |entry| entry.event.at);
            let reason = Words::new("The program was not running.");
            append(&mut log, last, &opening.writer, Body::Pause { reason })?;
            append(&mut log, wall(), &opening.writer, Body::Resume)?;
            notes.push("the drill goes on; the time in which nobody ran it is a pause".into());
        }
        let path = main.clone();
        Ok(self.opened(opening, main, plan, Some((log, path)), None, notes))
    }

    fn follow(&mut self, opening: &Opening, main: PathBuf, why: Option<String>) -> Result<Opened> {
        let log = sound(&main)?;
        let begin = begun(&log, &main)?;
        let plan = plan_of(&self.root, &begin, self.scenario.as_deref(), self.clocks.as_deref())?;
        let mut notes = Vec::new();
        if let Some(why) = &why {
            notes.push(format!("{why}. It is shown as it grows, and nothing can be written here"));
        }
        let read_only = why.unwrap_or_else(|| "this view only follows the log".into());
        Ok(self.opened(opening, main, plan, None, Some(read_only), notes))
    }

    /// A log of one's own beside that of the drill: it begins with the same line, so that it can be merged.
    fn beside(&mut self, opening: &Opening, main: PathBuf) -> Result<Opened> {
        let of_drill = sound(&main)?;
        let begin = begun(&of_drill, &main)?;
        let plan = plan_of(&self.root, &begin, self.scenario.as_deref(), self.clocks.as_deref())?;
        let path = log_of_writer(&main, opening.writer.as_str());
        let first: &Line = of_drill.lines.first().ok_or_else(|| DrillFileError::NoLog(main.clone()))?;
        if seal_path(&main).is_file() {
            return self.follow(opening, main, Some("the drill is sealed: nothing is rated any more".into()));
        }
        let mut log = if path.exists() { DrillLog::resume(&path)? } else { DrillLog::create(&path)? };
        match log.log().lines.first() {
            None => log.append(first.clone())?,
            Some(own) if own.hash == first.hash => {}
            Some(_) => {
                return Err(anyhow!("{} is of another drill: take another name with --writer", path.display()));
            }
        }
        let notes = vec![format!(
            "what you write is in {}; sandtable drill merge brings it into the log of the drill",
            path.display()
        )];
        Ok(self.opened(opening, main, plan, Some((log, path)), None, notes))
    }

    /// Puts together what was opened: with a log that is written, or only to look.
    fn opened(
        &mut self,
        opening: &Opening,
        main: PathBuf,
        plan: Plan,
        log: Option<(DrillLog, PathBuf)>,
        read_only: Option<String>,
        mut notes: Vec<String>,
    ) -> Opened {
        let own: Vec<Entry> = log.as_ref().map(|(log, _)| log.log().entries()).unwrap_or_default();
        let first = own.first().map_or(String::new(), |entry| entry.id.clone());
        let own_log = log.map(|(log, path)| (log, path, opening.writer.clone()));
        let with_writers = own_log.is_some();
        let mut table = Table { main, first, own: own_log, with_writers, seen: Vec::new() };
        table.seen = table.look();
        let others = table.others().unwrap_or_else(|error| {
            notes.push(error.to_string());
            Vec::new()
        });
        self.open = Some(table);
        Opened { opening: opening.clone(), plan: Arc::new(plan), own, others, read_only, now: wall(), notes }
    }
}

impl Table {
    /// Whether a file is the one that is written here.
    fn is_own(&self, path: &Path) -> bool {
        self.own.as_ref().is_some_and(|(_, own, _)| own == path)
    }

    /// The files that others write, as they are now: of each its length and when it was changed.
    fn look(&self) -> Vec<Seen> {
        let mut paths = vec![self.main.clone()];
        if self.with_writers {
            paths.extend(drill_files::writers_beside(&self.main));
        }
        paths.retain(|path| !self.is_own(path));
        let see = |path: PathBuf| {
            let meta = std::fs::metadata(&path).ok()?;
            Some(Seen { path, len: meta.len(), changed: meta.modified().ok() })
        };
        paths.into_iter().filter_map(see).collect()
    }

    /// The events of all logs that others write.
    fn others(&self) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        if !self.is_own(&self.main) {
            entries.extend(sound(&self.main)?.entries());
        }
        let beside = if self.with_writers { logs_beside(&self.main, &self.first) } else { Vec::new() };
        for (path, log) in beside {
            if !self.is_own(&path) && log.is_sound() {
                entries.extend(log.entries());
            }
        }
        Ok(entries)
    }
}

/// Puts an event into a log, and on the disk.
fn append(log: &mut DrillLog, at: u64, by: &Slug, body: Body) -> Result<Entry, DrillLogError> {
    let event = Event { at, by: by.clone(), body };
    let line = log.prepare(&event)?;
    let entry = Entry { id: line.hash.clone(), event };
    log.append(line)?;
    Ok(entry)
}

/// A log to look at, where its chain holds.
fn sound(path: &Path) -> Result<Log, DrillLogError> {
    let log = drill_log::read(path)?;
    match log.broken.first() {
        Some(broken) => Err(DrillLogError::Broken { path: path.to_owned(), what: broken.to_string() }),
        None => Ok(log),
    }
}

//! The drills screen without a screen: what there is to play and what was played, and the board of the drill that is open.

use super::fuzzy;
use super::list::Cursor;
use super::state::{App, Screen};
use crate::drill::begin::Choices;
use crate::drill::binding::Bound;
use crate::drill::board::{Pane, Row, Subject, Tone};
use crate::drill::event::{Body, Entry};
use crate::drill::facilitator::Console;
use crate::drill::player::{Seat, View};
use crate::drill::state::{Phase, Plan, Stamp, State};
use crate::drill::step::replay;
use crate::drill::{evaluation, solo};
use crate::model::Slug;
use crate::store::drill_shelf::{Shelf, ShelfLog, ShelfScenario};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The drills screen.
#[derive(Debug, Clone, Default)]
pub struct Drills {
    /// What there is; nothing before somebody looked.
    pub shelf: Option<Arc<Shelf>>,
    /// The list of it.
    pub list: Cursor,
    /// The name of the row to which the cursor goes when the list is read again.
    pub wanted: Option<String>,
    /// Shows only what matches.
    pub filter: String,
    /// What the scenario under the cursor is bound to, of which revision and which scenario.
    pub bound: Option<(u64, Slug, Arc<Bound>)>,
    /// The drill that is open.
    pub board: Option<Box<Board>>,
    /// Whether the terminal shows this drill alone, and the program ends with it.
    pub alone: bool,
}

/// Who looks at an open drill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Face {
    /// Whoever runs it.
    Console,
    /// Whoever rates it.
    Evaluation,
    /// Everybody in the room.
    Projector,
    /// One role.
    Player(Slug),
    /// Somebody who plays alone.
    Solo,
}

/// How a log is opened.
#[derive(Debug, Clone, PartialEq)]
pub enum How {
    /// A new drill of this scenario, on this model or on none.
    Begin(String, Choices),
    /// A drill that goes on.
    Resume,
    /// Only to look, while another program writes it.
    Follow,
    /// With a log of one's own beside it, for notes and ratings.
    Beside,
}

/// What is to be opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// The log, from the folder of the workspace.
    pub log: String,
    /// How.
    pub how: How,
    /// Who looks.
    pub face: Face,
    /// Who writes.
    pub writer: Slug,
}

/// What is to be done with files of drills.
#[derive(Debug, Clone, PartialEq)]
pub enum DrillEffect {
    /// Look what there is.
    Look,
    /// Open a log.
    Open(Box<Opening>),
    /// Put an event on the disk; with a time where time is made up.
    Keep(Box<Body>, Option<u64>),
    /// Close the log.
    Close,
}

/// A log that was opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// How it was asked for.
    pub opening: Opening,
    /// The files.
    pub plan: Arc<Plan>,
    /// The events of the log that is written here.
    pub own: Vec<Entry>,
    /// Those of other logs.
    pub others: Vec<Entry>,
    /// Why nothing can be written.
    pub read_only: Option<String>,
    /// The time by the wall.
    pub now: u64,
    /// What is to be said about it.
    pub notes: Vec<String>,
}

/// What comes back from files of drills.
#[derive(Debug, Clone)]
pub enum DrillMsg {
    /// What there is.
    Shelf(Arc<Shelf>),
    /// A log is open.
    Opened(Box<Opened>),
    /// An event is on the disk.
    Kept(Box<Entry>),
    /// Other logs grew: all of their events.
    Grown(Vec<Entry>),
    /// Nothing can be written any more, and why.
    Closed(String),
    /// The time by the wall.
    Clock(u64),
}

/// An open drill.
#[derive(Debug, Clone)]
pub struct Board {
    /// Its log.
    pub log: String,
    /// The files.
    pub plan: Arc<Plan>,
    /// Who looks.
    pub face: Face,
    /// Who looked when it was opened.
    pub home: Face,
    /// Who writes.
    pub writer: Slug,
    /// Why nothing can be written.
    pub read_only: Option<String>,
    /// The time by the wall, or the one that was made up.
    pub now: u64,
    /// Whether time is made up.
    pub simulated: bool,
    /// The pane that has the focus.
    pub focus: Pane,
    /// The rows of the cursors.
    pub places: BTreeMap<Pane, usize>,
    /// The inject to look at; nothing for the one that is due.
    pub chosen: Option<Slug>,
    /// Shows only rows that match.
    pub filter: String,
    /// How many hints were given, by inject.
    pub hints: BTreeMap<Slug, usize>,
    own: Vec<Entry>,
    others: Vec<Entry>,
    /// What all events amount to.
    state: State,
    /// What those of the own log amount to, where that is not the same.
    mine: Option<State>,
}

impl Board {
    /// The board of a log that was opened.
    pub fn new(opened: Opened) -> Board {
        let Opened { opening, plan, own, others, read_only, now, .. } = opened;
        let mut board = Board {
            log: opening.log,
            plan,
            focus: panes(&opening.face).first().copied().unwrap_or(Pane::Messages),
            home: opening.face.clone(),
            face: opening.face,
            writer: opening.writer,
            read_only,
            now,
            simulated: false,
            places: BTreeMap::new(),
            chosen: None,
            filter: String::new(),
            hints: BTreeMap::new(),
            own,
            others,
            state: State::default(),
            mine: None,
        };
        board.replay();
        board.simulated = board.state.begun.as_ref().is_some_and(|begin| begin.simulated);
        if board.simulated {
            board.now = board.state.history.last().map_or(now, |happened| happened.entry.event.at);
        }
        board
    }

    fn replay(&mut self) {
        self.state = replay(&self.plan, together(&self.own, &self.others));
        self.mine = (!self.others.is_empty() && !self.own.is_empty()).then(|| replay(&self.plan, self.own.clone()));
    }

    /// What all events amount to.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What the own log amounts to: what an event is checked against before it is written.
    pub fn mine(&self) -> &State {
        self.mine.as_ref().unwrap_or(&self.state)
    }

    /// Takes an event that is on the disk.
    pub fn keep(&mut self, entry: Entry) {
        self.own.push(entry);
        self.replay();
    }

    /// Takes what other logs hold.
    pub fn hear(&mut self, others: Vec<Entry>) {
        self.others = others;
        self.replay();
        if self.simulated {
            self.now = self.state.history.last().map_or(self.now, |happened| happened.entry.event.at);
        }
    }

    /// The point on the clocks.
    pub fn stamp(&self) -> Stamp {
        self.state.stamp(self.now)
    }

    /// The drill with what is hidden.
    pub fn console(&self) -> Console<'_> {
        Console::new(&self.plan, &self.state, self.stamp())
    }

    /// The drill without it.
    pub fn view(&self) -> View<'_> {
        let seat = match &self.face {
            Face::Player(role) => Seat::Role(role.as_str()),
            Face::Solo => Seat::All,
            Face::Console | Face::Evaluation | Face::Projector => Seat::Room,
        };
        View::new(&self.plan, &self.state, seat, self.stamp())
    }

    /// The inject to look at.
    pub fn inject(&self) -> Option<&str> {
        match &self.chosen {
            Some(id) => Some(id.as_str()),
            None => self.console().current().map(|inject| inject.id.as_str()),
        }
    }

    /// The rows of a pane, those that match the filter.
    pub fn rows(&self, pane: Pane) -> Vec<Row> {
        let mut rows = self.all_rows(pane);
        if !self.filter.is_empty() {
            rows.retain(|row| fuzzy::filter_matches(&self.filter, &[&row.left, &row.text]));
        }
        rows
    }

    fn all_rows(&self, pane: Pane) -> Vec<Row> {
        match pane {
            // These have nothing hidden in them, whoever looks.
            Pane::Messages => self.view().messages(),
            Pane::Waiting => self.view().tasks(),
            Pane::Picture => self.view().picture(),
            Pane::Duties => self.view().clocks(),
            Pane::Contacts => self.view().contacts(),
            Pane::Tasks => evaluation::tasks(&self.plan, &self.state)
                .into_iter()
                .chain(evaluation::legend(&self.plan, &self.state))
                .collect(),
            Pane::Observations => evaluation::observations(&self.state),
            // These have.
            Pane::Injects => self.console().injects(),
            Pane::Inject => self.inject().map(|id| self.console().inject(id)).unwrap_or_default(),
            Pane::Work => self.console().work(),
            Pane::Clocks => self.console().clocks(),
            Pane::Roles => self.console().roles(),
            Pane::Attacker => self.console().attacker(),
            Pane::Notes => self.console().notes(),
            Pane::Expected => self.console().expected(),
            Pane::Help if self.state.phase == Phase::Ended => self.console().truth(),
            Pane::Help => {
                let count = |id: &str| self.hints.get(id).copied().unwrap_or(0);
                let mut rows = solo::given(&self.plan, &self.state, count);
                if rows.is_empty() {
                    rows.push(Row::dim(
                        "The key for a hint gives one; questions come first. The truth comes at the end.",
                    ));
                }
                rows
            }
        }
    }

    /// The row of the cursor among the rows of a pane: never a heading, where there is anything else; before anybody moved
    /// it, the first row with which something can be done.
    pub fn cursor(&self, pane: Pane, rows: &[Row]) -> usize {
        let is_row = |at: &usize| rows.get(*at).is_some_and(|row| row.tone != Tone::Heading);
        let has_subject = |at: &usize| is_row(at) && rows[*at].subject.is_some();
        let Some(at) = self.places.get(&pane).copied() else {
            return (0..rows.len()).find(has_subject).or_else(|| (0..rows.len()).find(is_row)).unwrap_or(0);
        };
        let at = at.min(rows.len().saturating_sub(1));
        (at..rows.len()).find(is_row).or_else(|| (0..at).rev().find(is_row)).unwrap_or(at)
    }

    /// What the row under the cursor is about.
    pub fn subject(&self) -> Option<Subject> {
        let rows = self.rows(self.focus);
        rows.get(self.cursor(self.focus, &rows)).and_then(|row| row.subject.clone())
    }

    /// Whether it is run here, and the clock of play goes on.
    pub fn runs(&self) -> bool {
        let is_home = matches!(self.home, Face::Console | Face::Solo);
        is_home && self.read_only.is_none() && self.state.phase == Phase::Running
    }

    /// Whether time passes for it, or others may write: then the screen is brought up to date every second.
    pub fn ticks(&self) -> bool {
        !self.simulated && !matches!(self.state.phase, Phase::Ended | Phase::Before) || !self.others.is_empty()
    }
}

/// Events of several logs, each once, in the order of their times.
fn together(own: &[Entry], others: &[Entry]) -> Vec<Entry> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut all: Vec<Entry> =
        own.iter().chain(others).filter(|entry| seen.insert(entry.id.as_str())).cloned().collect();
    // Of the same second, what is written here comes first; the beginning is in every log.
    all.sort_by_key(|entry| (!matches!(entry.event.body, Body::Begin(_)), entry.event.at));
    all
}

/// The panes of a face, in the order of tab.
pub fn panes(face: &Face) -> &'static [Pane] {
    match face {
        Face::Console => {
            &[Pane::Injects, Pane::Inject, Pane::Work, Pane::Clocks, Pane::Roles, Pane::Attacker, Pane::Notes]
        }
        Face::Evaluation => &[Pane::Tasks, Pane::Expected, Pane::Observations],
        Face::Player(_) => &[Pane::Messages, Pane::Waiting, Pane::Picture, Pane::Duties, Pane::Contacts],
        Face::Solo => &[Pane::Messages, Pane::Waiting, Pane::Help, Pane::Duties, Pane::Contacts],
        Face::Projector => &[],
    }
}

impl Entered<'_> {
    /// What it is called: the name of a scenario, or the file of a log.
    pub fn name(&self) -> &str {
        match self {
            Entered::Scenario(found) => found.scenario.id.as_str(),
            Entered::Log(log) => &log.path,
        }
    }
}

/// Whether the clock of a drill is on the screen.
pub fn ticks(app: &App) -> bool {
    app.screen == Screen::Drills && app.drills.board.as_ref().is_some_and(|board| board.ticks())
}

/// A row of the library.
#[derive(Debug, Clone, Copy)]
pub enum Entered<'s> {
    /// A scenario to play.
    Scenario(&'s ShelfScenario),
    /// A drill that was begun.
    Log(&'s ShelfLog),
}

/// The rows of the library that match the filter: unfinished drills, scenarios, drills that are over.
pub fn entries(app: &App) -> Vec<Entered<'_>> {
    let Some(shelf) = &app.drills.shelf else { return Vec::new() };
    let unfinished = |log: &&ShelfLog| log.word() == "unfinished";
    let first = shelf.logs.iter().filter(unfinished).map(Entered::Log);
    let scenarios = shelf.scenarios.iter().map(Entered::Scenario);
    let rest = shelf.logs.iter().filter(|log| !unfinished(log)).map(Entered::Log);
    let matches = |entry: &Entered<'_>| match entry {
        Entered::Scenario(found) => {
            let scenario = &found.scenario;
            let texts = [scenario.id.as_str(), scenario.title.as_str(), scenario.about.as_str()];
            fuzzy::filter_matches(&app.drills.filter, &texts)
        }
        Entered::Log(log) => {
            fuzzy::filter_matches(&app.drills.filter, &[&log.path, &log.scenario, &log.title, log.word()])
        }
    };
    first.chain(scenarios).chain(rest).filter(matches).collect()
}

/// The row under the cursor.
pub fn current(app: &App) -> Option<Entered<'_>> {
    entries(app).get(app.drills.list.at()).copied()
}

/// A free name for the log of a new drill.
pub fn log_name(app: &App, scenario: &str) -> String {
    let day = app.today.map_or(String::new(), |day| format!("{day}-"));
    let taken =
        |path: &String| app.drills.shelf.as_ref().is_some_and(|shelf| shelf.logs.iter().any(|log| log.path == *path));
    let stem = format!("drills/{day}{scenario}");
    let names = std::iter::once(format!("{stem}.jsonl")).chain((2..).map(|count| format!("{stem}-{count}.jsonl")));
    names.take(1_000).find(|name| !taken(name)).unwrap_or_default()
}

/// Why a row can not be opened.
pub fn no_row(app: &App) -> Option<&'static str> {
    current(app).is_none().then_some("no scenario and no drill matches the filter")
}

/// Why there is no short form.
pub fn no_starter(app: &App) -> Option<&'static str> {
    let has = matches!(current(app), Some(Entered::Scenario(found)) if found.scenario.starter.is_some());
    (!has).then_some("select a scenario that has a short form")
}

/// Why there is no log to look at.
pub fn no_log(app: &App) -> Option<&'static str> {
    (!matches!(current(app), Some(Entered::Log(_)))).then_some("select a drill that was begun")
}

/// Why nothing can be written.
pub fn no_writing(app: &App) -> Option<&'static str> {
    match &app.drills.board {
        None => Some("no drill is open"),
        Some(board) => board.read_only.is_some().then_some("this view only follows the log, it can not write"),
    }
}

/// Why there is no pane.
pub fn no_pane(app: &App) -> Option<&'static str> {
    let face = app.drills.board.as_ref().map(|board| &board.face);
    face.is_none_or(|face| panes(face).is_empty()).then_some("there are no panes here")
}

/// Why time can not be let pass.
pub fn real_time(app: &App) -> Option<&'static str> {
    let simulated = app.drills.board.as_ref().is_some_and(|board| board.simulated);
    (!simulated).then_some("time passes by itself, unless a drill was begun with --simulated")
}

/// Why there is no task to rate.
pub fn no_task(app: &App) -> Option<&'static str> {
    let task = app.drills.board.as_ref().is_some_and(|board| matches!(board.subject(), Some(Subject::Task(_))));
    no_writing(app).or((!task).then_some("select a critical task first"))
}

//! The drills screen: what is chosen, opened, looked at and closed. What is written is in [`super::console`].

use super::console;
use crate::app::boards::places;
use crate::app::command::CommandId;
use crate::app::drills::{
    Board, DrillEffect, DrillMsg, Entered, Face, How, Opened, Opening, current, entries, log_name, panes,
};
use crate::app::forms;
use crate::app::layer::{Agree, Ask, Confirm, Layer, Reader};
use crate::app::list::Motion;
use crate::app::shelf;
use crate::app::state::{App, Effect, Screen};
use crate::app::toast::Tone;
use crate::diagram::{Point, Rect};
use crate::drill::begin::Choices;
use crate::drill::board::{self, Pane, Subject};
use crate::drill::state::Phase;
use crate::model::Slug;

/// Rows of a pane that make a page.
const PAGE: usize = 10;

/// Runs a command of this family. Says whether it was one.
pub fn run(app: &mut App, id: CommandId) -> bool {
    use CommandId as C;
    match id {
        C::DrillOpen => open(app, Face::Console, false),
        C::DrillAlone => open(app, Face::Solo, false),
        C::DrillStarter => open(app, Face::Console, true),
        C::DrillFollow => follow(app),
        C::DrillRead => {
            let lines = shelf::reading(app);
            app.layers.push(Layer::Reader(Reader::new("Drill", lines)));
        }
        C::DrillLook => app.effects.push(Effect::Drill(DrillEffect::Look)),
        C::BoardNext => next_pane(app, true),
        C::BoardPrevious => next_pane(app, false),
        C::BoardRead => read_pane(app),
        C::BoardFilter => super::run(app, C::Filter),
        C::BoardBack => back(app),
        C::BoardClose => ask_to_close(app),
        C::BoardHelp => super::run(app, C::Help),
        C::BoardPalette => super::run(app, C::Palette),
        C::BoardMessages => super::run(app, C::Messages),
        C::BoardTheme => super::run(app, C::ToggleTheme),
        C::BoardSuspend => super::run(app, C::Suspend),
        _ => return false,
    }
    true
}

/// Opens what the cursor is on: a scenario asks for the name of a log, a drill goes on.
fn open(app: &mut App, face: Face, starter: bool) {
    match current(app) {
        Some(Entered::Scenario(found)) => {
            let scenario = found.scenario.id.to_string();
            if app.is_dirty() {
                let how = app.key(CommandId::Save);
                let why = "save the model first: a drill notes the checksum of its file";
                return app.toasts.say(Tone::Warning, format!("{why} ({how} saves)"));
            }
            let title = format!("Begin {}: where is the log?", found.scenario.title);
            let log = log_name(app, &if starter { format!("{scenario}-short") } else { scenario.clone() });
            let choices = Choices { starter, ..Choices::default() };
            let opening = Opening { log: log.clone(), how: How::Begin(scenario, choices), face, writer: facilitator() };
            let hint = "a new file; seats may be given later; every event is on the disk before it is shown";
            app.layers.push(forms::prompt(title, hint, &log, Ask::OpenDrill(Box::new(opening))));
        }
        Some(Entered::Log(log)) => {
            let over = !matches!(log.phase, Some(Phase::Running | Phase::Paused));
            let how = if log.sealed { How::Follow } else { How::Resume };
            let face = if over && face == Face::Solo { Face::Console } else { face };
            begin(app, Opening { log: log.path.clone(), how, face, writer: facilitator() });
        }
        None => {}
    }
}

fn follow(app: &mut App) {
    if let Some(Entered::Log(log)) = current(app) {
        let opening = Opening { log: log.path.clone(), how: How::Follow, face: Face::Console, writer: facilitator() };
        begin(app, opening);
    }
}

/// Has a drill begun whose log has a name that was typed; its ending may be left out, and is put behind it: others are not listed.
pub fn begin_as(app: &mut App, opening: Opening, name: String) {
    let log = if name.ends_with(".jsonl") { name } else { format!("{name}.jsonl") };
    begin(app, Opening { log, ..opening });
}

/// Has a log opened.
fn begin(app: &mut App, opening: Opening) {
    app.effects.push(Effect::Drill(DrillEffect::Open(Box::new(opening))));
}

fn facilitator() -> Slug {
    Slug::from_title("facilitator", "facilitator")
}

/// Takes what came back from files of drills.
pub fn heard(app: &mut App, message: DrillMsg) {
    match message {
        DrillMsg::Shelf(shelf) => {
            if let Some(complaint) = shelf.complaints.first() {
                app.toasts.say(Tone::Warning, complaint);
            }
            let wanted = app.drills.wanted.take().or_else(|| current(app).map(|entry| entry.name().to_owned()));
            app.drills.shelf = Some(shelf);
            if let Some(at) = entries(app).iter().position(|entry| Some(entry.name()) == wanted.as_deref()) {
                app.drills.list.put(at);
            }
        }
        DrillMsg::Opened(opened) => {
            let opened: Opened = *opened;
            for note in &opened.notes {
                app.toasts.say(Tone::Warning, note);
            }
            app.screen = Screen::Drills;
            app.drills.board = Some(Box::new(Board::new(opened)));
        }
        DrillMsg::Kept(entry) => console::kept(app, *entry),
        DrillMsg::Grown(entries) => {
            if let Some(board) = &mut app.drills.board {
                board.hear(entries);
            }
        }
        DrillMsg::Closed(why) => {
            app.toasts.say(Tone::Warning, &why);
            if let Some(board) = &mut app.drills.board {
                board.read_only = Some(why);
            }
        }
        DrillMsg::Clock(now) => {
            if let Some(board) = app.drills.board.as_mut().filter(|board| !board.simulated) {
                board.now = now;
            }
        }
    }
    // One event at a time: the next is asked for when this one is on the disk.
    if !console::adjudicate(app) {
        console::play_on(app);
    }
}

/// Moves among the rows of the pane that has the focus. A heading is stepped over.
pub fn go(app: &mut App, motion: Motion) {
    let Some(board) = &mut app.drills.board else { return };
    let rows = board.rows(board.focus);
    let from = board.cursor(board.focus, &rows);
    let places: Vec<usize> = (0..rows.len()).filter(|at| rows[*at].tone != board::Tone::Heading).collect();
    let here = places.iter().position(|at| *at == from).unwrap_or(0);
    let at = places.get(motion.from(here, PAGE, places.len())).copied();
    board.places.insert(board.focus, at.unwrap_or(from));
    if board.focus == Pane::Injects {
        board.chosen = match board.subject() {
            Some(Subject::Inject(id)) => Some(id),
            _ => board.chosen.take(),
        };
    }
}

/// Moves the focus to the next pane of an open drill, or the one before.
fn next_pane(app: &mut App, forward: bool) {
    let Some(board) = &mut app.drills.board else { return };
    let all = panes(&board.face);
    if all.is_empty() {
        return;
    }
    let at = all.iter().position(|pane| *pane == board.focus).unwrap_or(0);
    let step = if forward { 1 } else { all.len() - 1 };
    board.focus = all[(at + step) % all.len()];
}

fn read_pane(app: &mut App) {
    let Some(board) = &app.drills.board else { return };
    let lines = board.rows(board.focus).iter().map(shelf::styled).collect();
    app.layers.push(Layer::Reader(Reader::new(board.focus.title(), lines)));
}

/// Shows an open drill to somebody else.
pub fn show(app: &mut App, face: Face) {
    // What was said to one who looks may not be for another.
    app.toasts.dismiss();
    if let Some(board) = &mut app.drills.board {
        board.focus = panes(&face).first().copied().unwrap_or(Pane::Messages);
        board.face = face;
        board.filter.clear();
    }
}

fn back(app: &mut App) {
    app.toasts.dismiss();
    let alone = app.drills.alone;
    let Some(board) = &mut app.drills.board else { return };
    if !board.filter.is_empty() {
        board.filter.clear();
    } else if board.face != board.home {
        // A terminal that was opened for a player or for the room has no other face to go to.
        let home = board.home.clone();
        show(app, home);
    } else if alone {
        let key = app.key(CommandId::BoardClose);
        app.toasts.say(Tone::Info, format!("{key} ends it"));
    } else {
        app.screen = Screen::Map;
        let key = app.key(CommandId::ScreenDrills);
        app.toasts.say(Tone::Info, format!("the drill stays open: {key} goes back to it"));
    }
}

fn ask_to_close(app: &mut App) {
    let Some(board) = &app.drills.board else { return };
    if !board.runs() {
        return close(app);
    }
    app.layers.push(Layer::Confirm(Confirm {
        title: "Close the drill?".into(),
        lines: vec![
            format!("It stays in {}, and can be gone on with.", board.log),
            "The clock of play stops while nobody runs it.".into(),
        ],
        then: Agree::CloseDrill,
    }));
}

/// Closes the open drill; a terminal that shows it alone ends.
pub fn close(app: &mut App) {
    app.drills.wanted = app.drills.board.take().map(|board| board.log);
    app.effects.push(Effect::Drill(DrillEffect::Close));
    app.effects.push(match app.drills.alone {
        true => Effect::Quit,
        false => Effect::Drill(DrillEffect::Look),
    });
}

/// A press of the mouse on an open drill: a pane gets the focus.
pub fn press(app: &mut App, main: Rect, at: Point) {
    let Some(board) = &mut app.drills.board else { return };
    let found = places(board, main).panes.into_iter().find(|(_, area)| area.contains(at));
    if let Some((pane, _)) = found {
        board.focus = pane;
    }
}

/// The lists stay in range, and what is under the cursor of the library is worked out.
pub fn keep_in_range(app: &mut App, room: usize) {
    if let Some(board) = &mut app.drills.board {
        for pane in panes(&board.face) {
            let count = board.rows(*pane).len();
            if let Some(at) = board.places.get_mut(pane) {
                *at = (*at).min(count.saturating_sub(1));
            }
        }
        return;
    }
    if app.drills.shelf.is_none() {
        app.effects.push(Effect::Drill(DrillEffect::Look));
        return;
    }
    let lines = shelf::lines(app);
    app.drills.list.settle_lines(&lines, room);
    shelf::bind(app);
}

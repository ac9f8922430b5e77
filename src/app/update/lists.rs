//! The lists of screens, panes and layers: the commands that move in them, the wheel, and a press of the mouse.

use super::{drilling, layers, moving};
use crate::app::command::{CommandId, Scope, scopes, spec};
use crate::app::list::{Cursor, Line, Motion};
use crate::app::state::{App, Screen};
use crate::app::{attackers, controls, shelf};
use crate::diagram::{Point, Rect};

/// Rows of a screen with a list that are no lines of it: two above, heading and line, and the legend below.
pub const EXTRA_ROWS: usize = 3;
/// Those above.
const TOP_ROWS: i32 = 2;

use CommandId as C;

/// The commands that move in a list, each list with its own, in the order of [`Motion::ALL`].
const MOTIONS: [&[CommandId]; 11] = [
    &[C::OutlineDown, C::OutlineUp, C::OutlinePageDown, C::OutlinePageUp, C::OutlineFirst, C::OutlineLast],
    &[C::FieldDown, C::FieldUp, C::FieldPageDown, C::FieldPageUp, C::FieldFirst, C::FieldLast],
    &[C::CellDown, C::CellUp, C::CellPageDown, C::CellPageUp, C::CellFirst, C::CellLast],
    &[C::ThreatDown, C::ThreatUp, C::ThreatPageDown, C::ThreatPageUp, C::ThreatFirst, C::ThreatLast],
    &[C::AttackerDown, C::AttackerUp, C::AttackerPageDown, C::AttackerPageUp, C::AttackerFirst, C::AttackerLast],
    &[C::ControlDown, C::ControlUp, C::ControlPageDown, C::ControlPageUp, C::ControlFirst, C::ControlLast],
    &[C::DrillDown, C::DrillUp, C::DrillPageDown, C::DrillPageUp, C::DrillFirst, C::DrillLast],
    &[C::BoardDown, C::BoardUp, C::BoardPageDown, C::BoardPageUp, C::BoardFirst, C::BoardLast],
    &[C::ReaderDown, C::ReaderUp, C::ReaderPageDown, C::ReaderPageUp, C::ReaderFirst, C::ReaderLast],
    &[C::PickDown, C::PickUp, C::PickPageDown, C::PickPageUp],
    &[C::QueueDown, C::QueueUp],
];

/// Runs a command of this family. Says whether it was one.
pub fn run(app: &mut App, id: CommandId) -> bool {
    let Some(at) = MOTIONS.iter().find_map(|ids| ids.iter().position(|own| *own == id)) else { return false };
    go(app, spec(id).scope, Motion::ALL[at]);
    true
}

/// Moves in the list of a scope.
fn go(app: &mut App, scope: Scope, motion: Motion) {
    match scope {
        Scope::Outline => moving::outline(app, motion),
        Scope::Inspector => app.inspector.list.go(motion),
        Scope::Exposure => app.exposure.datasets.go(motion),
        Scope::Threats | Scope::Attackers | Scope::Controls | Scope::Drills => {
            let Some(list) = list(app) else { return };
            list.go(motion);
            begin_path(app);
        }
        Scope::Board | Scope::Console | Scope::Evaluation | Scope::Solo => drilling::go(app, motion),
        Scope::Picker | Scope::Reader | Scope::Queue => layers::go(app, motion),
        Scope::Global | Scope::Map | Scope::Prompt | Scope::Confirm | Scope::Walk => {}
    }
}

/// The wheel moves so many lines down the list that has the keys, or up.
pub fn wheel(app: &mut App, by: i32) {
    let Some(scope) = scopes(app).into_iter().next() else { return };
    for _ in 0..by.abs() {
        go(app, scope, if by > 0 { Motion::Down } else { Motion::Up });
    }
}

/// A press of the mouse on a screen with a list: a click selects a row, a second one shows all of it.
pub fn press(app: &mut App, main: Rect, at: Point) {
    let Some(list) = list(app) else { return };
    let Some(line) = usize::try_from(at.y - main.y - TOP_ROWS).ok().and_then(|below| list.line(below)) else { return };
    let (row, id) = match app.screen {
        Screen::Threats => (row_at(&app.judged().listing().lines, line), C::ThreatProof),
        Screen::Attackers => (row_at(&attackers::lines(app), line), C::AttackerPaths),
        Screen::Drills => (row_at(&shelf::lines(app), line), C::DrillRead),
        _ => (Some(line).filter(|row| *row < controls::slugs(app).len()), C::ControlRead),
    };
    let (Some(list), Some(row)) = (self::list(app), row) else { return };
    let again = list.at() == row;
    list.put(row);
    begin_path(app);
    if again {
        super::run(app, id);
    }
}

/// The list that is the screen.
fn list(app: &mut App) -> Option<&mut Cursor> {
    match app.screen {
        Screen::Threats => Some(&mut app.threats.list),
        Screen::Attackers => Some(&mut app.attackers.list),
        Screen::Controls => Some(&mut app.controls.list),
        Screen::Drills => Some(&mut app.drills.list),
        Screen::Map | Screen::Exposure => None,
    }
}

/// Of the attacker to whom the cursor went the first path is shown.
fn begin_path(app: &mut App) {
    if app.screen == Screen::Attackers {
        app.attackers.path = 0;
    }
}

/// The row on a line; a heading is none.
fn row_at<H, R>(lines: &[Line<H, R>], line: usize) -> Option<usize> {
    match lines.get(line)? {
        Line::Row(at, _) => Some(*at),
        Line::Heading(_) => None,
    }
}

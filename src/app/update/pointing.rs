//! The mouse: where it was pressed, and which pane its wheel scrolls. What it drags over the map is in [`dragging`].

use super::{dragging, editing, moving};
use crate::app::beyond::target_at;
use crate::app::command::CommandId;
use crate::app::drag::Drag;
use crate::app::layer::Layer;
use crate::app::map::Hit;
use crate::app::msg::{Held, Mouse, MouseAction};
use crate::app::outline::Branch;
use crate::app::state::{App, Frame, Pane, Screen};
use crate::app::threats::Line;
use crate::diagram::{Point, Rect, Side};

/// Lines by which one turn of the wheel scrolls.
const LINES: i32 = 3;
/// Columns by which one turn of the wheel pans to a side: as far for the eye as the lines.
const COLUMNS: i32 = 6;

/// What the mouse did.
pub fn mouse(app: &mut App, mouse: Mouse) {
    if !app.layers.is_empty() {
        dragging::cancel(app);
        return wheel_in_layer(app, mouse);
    }
    let frame = app.frame();
    let at = Point::new(mouse.x, mouse.y);
    match mouse.action {
        MouseAction::Wheel(side) => wheel(app, &frame, at, side, mouse.held),
        MouseAction::Drag => dragging::drag(app, at),
        MouseAction::Release => dragging::release(app, at),
        MouseAction::Press | MouseAction::DoublePress | MouseAction::RightPress => {
            // The release of an earlier drag was lost: nobody knows where that should have ended.
            dragging::cancel(app);
            app.pending.clear();
            press(app, &frame, at, mouse);
        }
    }
}

fn press(app: &mut App, frame: &Frame, at: Point, mouse: Mouse) {
    let inside = |rect: Rect| rect.contains(at);
    if mouse.action == MouseAction::RightPress || (mouse.held.any() && mouse.action == MouseAction::Press) {
        if app.screen == Screen::Map && inside(frame.main) {
            app.wanted = Pane::Main;
            dragging::begin_region(app, at);
        }
    } else if frame.outline.is_some_and(inside) {
        press_outline(app, frame, at);
    } else if frame.inspector.is_some_and(inside) {
        press_inspector(app, frame, at);
    } else if inside(frame.header) {
        press_header(app, at.x);
    } else if inside(frame.main) {
        match app.screen {
            Screen::Map => press_map(app, at, mouse.action == MouseAction::DoublePress),
            Screen::Exposure => press_exposure(app, frame.main, at),
            Screen::Threats => press_threats(app, frame.main, at),
            Screen::Controls => press_controls(app, frame.main, at),
            Screen::Attackers => press_attackers(app, frame.main, at),
            Screen::Drills => super::drilling::press(app, frame.main, at),
        }
    }
}

fn press_map(app: &mut App, at: Point, twice: bool) {
    app.wanted = Pane::Main;
    if app.map.overview.is_some_and(|area| area.contains(dragging::cell_of(app, at))) {
        app.drag = Some(Drag::Overview);
        return dragging::look_at(app, at);
    }
    let cell = dragging::cell_of(app, at);
    if let Some(node) = target_at(app, cell) {
        if let Some(id) = app.map.projection.nodes.get(node).and_then(|drawn| drawn.element()) {
            moving::jump(app, id);
        }
        return;
    }
    let hit = dragging::hit(app, at);
    match &hit {
        Some(Hit::Node(node)) => dragging::take_box(app, *node, at),
        Some(Hit::Element(id)) => {
            // What was clicked is in view: the view stays, and can be dragged from here, too.
            moving::remember(app, id);
            app.select(Some(id.clone()));
            app.drag = Some(Drag::View { last: at, click: false });
        }
        None => app.drag = Some(Drag::View { last: at, click: true }),
    }
    if twice && hit.is_some() {
        app.drag = None;
        super::run(app, CommandId::Fold);
    }
}

fn wheel_in_layer(app: &mut App, mouse: Mouse) {
    use CommandId as C;
    let (id, steps) = match (app.layers.last(), mouse.action) {
        (Some(Layer::Picker(_)), MouseAction::Wheel(Side::Up)) => (C::PickUp, 1),
        (Some(Layer::Picker(_)), MouseAction::Wheel(Side::Down)) => (C::PickDown, 1),
        (Some(Layer::Reader(_)), MouseAction::Wheel(Side::Up)) => (C::ReaderUp, LINES),
        (Some(Layer::Reader(_)), MouseAction::Wheel(Side::Down)) => (C::ReaderDown, LINES),
        (Some(Layer::Queue), MouseAction::Wheel(Side::Up)) => (C::QueueUp, 1),
        (Some(Layer::Queue), MouseAction::Wheel(Side::Down)) => (C::QueueDown, 1),
        _ => return,
    };
    for _ in 0..steps {
        super::run(app, id);
    }
}

/// The wheel scrolls the pane under the pointer, whichever has the focus; over the map it moves the view, with alt it
/// zooms.
fn wheel(app: &mut App, frame: &Frame, at: Point, side: Side, held: Held) {
    // Many terminals tell a wheel with shift, some a wheel that turns sideways.
    let side = match side {
        Side::Up if held.shift => Side::Left,
        Side::Down if held.shift => Side::Right,
        side => side,
    };
    let (dx, dy) = side.delta();
    if frame.outline.is_some_and(|rect| rect.contains(at)) {
        let room = moving::outline_room(frame);
        let count = app.outline.shown(&app.model, app.revision).len();
        scroll(&mut app.outline.scroll, &mut app.outline.row, dy * LINES, count, room);
    } else if frame.inspector.is_some_and(|rect| rect.contains(at)) {
        let room = moving::inspector_room(frame);
        let count = editing::shown_rows(app).len();
        scroll(&mut app.inspector.scroll, &mut app.inspector.row, dy * LINES, count, room);
    } else if app.screen == Screen::Exposure {
        use CommandId as C;
        let (id, steps) = match side {
            Side::Up => (C::CellUp, LINES),
            Side::Down => (C::CellDown, LINES),
            Side::Left => (C::CellLeft, 1),
            Side::Right => (C::CellRight, 1),
        };
        for _ in 0..steps {
            super::run(app, id);
        }
    } else if app.screen == Screen::Threats {
        for _ in 0..LINES * dy.abs() {
            super::run(app, if dy > 0 { CommandId::ThreatDown } else { CommandId::ThreatUp });
        }
    } else if app.screen == Screen::Controls {
        for _ in 0..LINES * dy.abs() {
            super::run(app, if dy > 0 { CommandId::ControlDown } else { CommandId::ControlUp });
        }
    } else if app.screen == Screen::Attackers {
        for _ in 0..LINES * dy.abs() {
            super::run(app, if dy > 0 { CommandId::AttackerDown } else { CommandId::AttackerUp });
        }
    } else if app.screen == Screen::Drills {
        super::drilling::wheel(app, dy > 0, LINES * dy.abs());
    } else if held.alt && dy != 0 {
        zoom_at(app, at, dy < 0);
    } else {
        app.map.pan.x += dx * COLUMNS;
        app.map.pan.y += dy * LINES;
        moving::clamp_pan(app);
    }
}

/// Zooms so that the box under the pointer stays there.
fn zoom_at(app: &mut App, at: Point, nearer: bool) {
    // While something is dragged its picture must not be laid out anew.
    if app.drag.is_some() {
        return;
    }
    if let Some(Hit::Node(node)) = dragging::hit(app, at)
        && let Some(id) = app.map.projection.nodes.get(node).and_then(|drawn| drawn.element())
    {
        app.map.hold = Some((id, dragging::cell_of(app, at)));
    }
    super::run(app, if nearer { CommandId::ZoomIn } else { CommandId::ZoomOut });
}

/// Scrolls a list; its cursor goes along no farther than it must to stay on the screen.
fn scroll(first: &mut usize, row: &mut usize, by: i32, count: usize, room: usize) {
    let last = count.saturating_sub(room.max(1));
    let moved = first.saturating_add_signed(isize::try_from(by).unwrap_or(0)).min(last);
    *first = moved;
    *row = (*row).clamp(moved, moved + room.max(1) - 1).min(count.saturating_sub(1));
}

fn press_header(app: &mut App, x: i32) {
    let places = crate::app::state::tab_places(app);
    if let Some((_, screen, _)) = places.into_iter().find(|(range, ..)| range.contains(&x)) {
        app.screen = screen;
    }
}

fn press_outline(app: &mut App, frame: &Frame, at: Point) {
    app.wanted = Pane::Outline;
    let Some(rect) = frame.outline else { return };
    let rows = app.outline.current(&app.model, app.revision);
    let Ok(line) = usize::try_from(at.y - rect.y - 1) else { return };
    let Some(row) = rows.get(line + app.outline.scroll) else { return };
    let again = app.outline.row == line + app.outline.scroll;
    app.outline.row = line + app.outline.scroll;
    match &row.branch {
        branch if row.has_children && (again || matches!(branch, Branch::Section(_))) => {
            let branch = branch.clone();
            app.outline.toggle(&branch);
        }
        Branch::Element(id) => {
            moving::jump(app, id.clone());
        }
        Branch::Section(_) => {}
    }
}

fn press_inspector(app: &mut App, frame: &Frame, at: Point) {
    // The first click brings the focus; only then a click on the fact under the cursor changes it.
    let focused = app.focus() == Pane::Inspector;
    app.wanted = Pane::Inspector;
    let Some(rect) = frame.inspector else { return };
    let first = i32::try_from(crate::app::state::INSPECTOR_TOP_ROWS).unwrap_or(0);
    let Ok(line) = usize::try_from(at.y - rect.y - first) else { return };
    let row = line + app.inspector.scroll;
    if row >= editing::shown_rows(app).len() {
        return;
    }
    if focused && app.inspector.row == row {
        super::run(app, CommandId::FieldChange);
    }
    app.inspector.row = row;
}

/// A click selects a row, a second one opens it.
fn press_threats(app: &mut App, main: Rect, at: Point) {
    let top = i32::try_from(super::threats::EXTRA_ROWS).unwrap_or(3) - 1;
    let Ok(row) = usize::try_from(at.y - main.y - top) else { return };
    let lines = &app.judged().listing().lines;
    let Some(Line::Entry(at, _)) = lines.get(row + app.threats.scroll).cloned() else { return };
    let again = app.threats.at == at;
    app.threats.at = at;
    if again {
        super::run(app, crate::app::command::CommandId::ThreatProof);
    }
}

fn press_controls(app: &mut App, main: Rect, at: Point) {
    let top = i32::try_from(super::controls::EXTRA_ROWS).unwrap_or(3) - 1;
    let Ok(row) = usize::try_from(at.y - main.y - top) else { return };
    let row = row + app.controls.scroll;
    if row >= crate::app::controls::slugs(app).len() {
        return;
    }
    let again = app.controls.at == row;
    app.controls.at = row;
    if again {
        super::run(app, CommandId::ControlRead);
    }
}

/// A click selects an attacker, a second one shows all of it.
fn press_attackers(app: &mut App, main: Rect, at: Point) {
    use crate::app::attackers::{Line, lines};
    let top = i32::try_from(super::attackers::EXTRA_ROWS).unwrap_or(3) - 1;
    let Ok(row) = usize::try_from(at.y - main.y - top) else { return };
    let Some(Line::Attacker(at, _)) = lines(app).get(row + app.attackers.scroll).cloned() else { return };
    let again = app.attackers.at == at;
    (app.attackers.at, app.attackers.path) = (at, 0);
    if again {
        super::run(app, CommandId::AttackerPaths);
    }
}

fn press_exposure(app: &mut App, main: Rect, at: Point) {
    use super::exposure::{EXTRA_ROWS, ROLE_COLUMNS, name_columns};
    let top = i32::try_from(EXTRA_ROWS).unwrap_or(4) - 1;
    let Ok(row) = usize::try_from(at.y - main.y - top) else { return };
    let before = (app.exposure.role, app.exposure.dataset);
    app.exposure.dataset = row + app.exposure.scroll;
    if let Ok(column) = usize::try_from(at.x - main.x - i32::try_from(name_columns(app)).unwrap_or(28)) {
        app.exposure.role = column / ROLE_COLUMNS + app.exposure.scroll_roles;
    }
    let (roles, datasets) = app.exposure_axes();
    let in_range = app.exposure.role < roles.len() && app.exposure.dataset < datasets.len();
    if in_range && before == (app.exposure.role, app.exposure.dataset) {
        super::run(app, CommandId::CellProof);
    }
}

//! The mouse: where it was pressed, and which pane its wheel scrolls. What it drags over the map is in [`dragging`].

use super::{dragging, editing, lists, moving};
use crate::app::beyond::target_at;
use crate::app::command::CommandId;
use crate::app::drag::Drag;
use crate::app::frame::Frame;
use crate::app::layer::Layer;
use crate::app::map::Hit;
use crate::app::msg::{Held, Mouse, MouseAction};
use crate::app::outline::Branch;
use crate::app::sheet::{row_at, values};
use crate::app::state::{App, Pane, Screen};
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
            Screen::Drills if app.drills.board.is_some() => super::drilling::press(app, frame.main, at),
            Screen::Threats | Screen::Controls | Screen::Attackers | Screen::Drills => {
                lists::press(app, frame.main, at)
            }
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
    if let MouseAction::Wheel(side) = mouse.action {
        let lines = if matches!(app.layers.last(), Some(Layer::Reader(_))) { LINES } else { 1 };
        lists::wheel(app, side.delta().1 * lines);
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
        app.outline.list.roll(dy * LINES);
    } else if frame.inspector.is_some_and(|rect| rect.contains(at)) {
        app.inspector.list.roll(dy * LINES);
    } else if app.screen != Screen::Map {
        lists::wheel(app, dy * LINES);
        if app.screen == Screen::Exposure && dx != 0 {
            super::run(app, if dx > 0 { CommandId::CellRight } else { CommandId::CellLeft });
        }
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
    let Some(line) = app.outline.list.line(line) else { return };
    let Some(row) = rows.get(line) else { return };
    let again = app.outline.list.at() == line;
    app.outline.list.put(line);
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
    let rows = editing::shown_rows(app);
    // Until then, what has room goes on in another line.
    let room = usize::try_from(rect.height).unwrap_or(0).saturating_sub(crate::app::state::INSPECTOR_EXTRA_ROWS);
    let values = values(&rows, rect.width - 3, if focused { 0 } else { room });
    let is_spread = values.len() < values.iter().map(Vec::len).sum();
    let row = if is_spread { row_at(&values, line) } else { app.inspector.list.line(line) };
    let Some(row) = row.filter(|row| *row < rows.len()) else { return };
    if focused && app.inspector.list.at() == row {
        super::run(app, CommandId::FieldChange);
    }
    app.inspector.list.put(row);
}

fn press_exposure(app: &mut App, main: Rect, at: Point) {
    use super::exposure::{EXTRA_ROWS, ROLE_COLUMNS, name_columns};
    let top = i32::try_from(EXTRA_ROWS).unwrap_or(4) - 1;
    let left = i32::try_from(name_columns(app)).unwrap_or(28);
    let below = |cells: i32| usize::try_from(cells).ok();
    let counts = (app.exposure_axes().0.len(), app.exposure_axes().1.len());
    let state = &mut app.exposure;
    let before = (state.roles, state.datasets);
    let row = below(at.y - main.y - top).and_then(|row| state.datasets.line(row));
    let Some(row) = row.filter(|row| *row < counts.1) else { return };
    state.datasets.put(row);
    let column = below(at.x - main.x - left).and_then(|column| state.roles.line(column / ROLE_COLUMNS));
    if let Some(column) = column.filter(|column| *column < counts.0) {
        state.roles.put(column);
    }
    if before == (state.roles, state.datasets) {
        super::run(app, CommandId::CellProof);
    }
}

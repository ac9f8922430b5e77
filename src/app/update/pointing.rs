//! The mouse: click selects, a second click opens, dragging moves a box or the view, the wheel scrolls.

use super::{editing, moving};
use crate::app::map::Hit;
use crate::app::msg::{Mouse, MouseAction};
use crate::app::outline::Branch;
use crate::app::state::{App, Drag, Frame, Pane, Screen};
use crate::diagram::{Point, Rect};

/// What the mouse did.
pub fn mouse(app: &mut App, mouse: Mouse) {
    if !app.layers.is_empty() {
        return wheel_in_layer(app, mouse);
    }
    let frame = app.frame();
    let at = Point { x: mouse.x, y: mouse.y };
    let inside = |rect: Rect| rect.contains(at);
    match mouse.action {
        MouseAction::WheelUp | MouseAction::WheelDown => {
            let by = if mouse.action == MouseAction::WheelUp { -3 } else { 3 };
            wheel(app, &frame, at, by);
        }
        MouseAction::Press if frame.outline.is_some_and(inside) => press_outline(app, &frame, at),
        MouseAction::Press if frame.inspector.is_some_and(inside) => press_inspector(app, &frame, at),
        MouseAction::Press if inside(frame.header) => press_header(app, at.x),
        MouseAction::Press if inside(frame.main) => match app.screen {
            Screen::Map => press_map(app, frame.main, at),
            Screen::Exposure => press_exposure(app, frame.main, at),
        },
        MouseAction::Press => {}
        MouseAction::Drag => drag(app, at),
        MouseAction::Release => release(app),
    }
}

fn wheel_in_layer(app: &mut App, mouse: Mouse) {
    use crate::app::command::CommandId as C;
    let up = match mouse.action {
        MouseAction::WheelUp => true,
        MouseAction::WheelDown => false,
        _ => return,
    };
    let id = match app.layers.last() {
        Some(crate::app::layer::Layer::Picker(_)) => {
            if up {
                C::PickUp
            } else {
                C::PickDown
            }
        }
        Some(crate::app::layer::Layer::Reader(_)) => {
            if up {
                C::ReaderUp
            } else {
                C::ReaderDown
            }
        }
        _ => return,
    };
    super::layers::run(app, id);
}

fn wheel(app: &mut App, frame: &Frame, at: Point, by: i32) {
    use crate::app::command::CommandId as C;
    let steps = by.unsigned_abs();
    let run = |app: &mut App, down: C, up: C| {
        for _ in 0..steps {
            super::run(app, if by > 0 { down } else { up });
        }
    };
    if frame.outline.is_some_and(|rect| rect.contains(at)) {
        run(app, C::OutlineDown, C::OutlineUp);
    } else if frame.inspector.is_some_and(|rect| rect.contains(at)) {
        run(app, C::FieldDown, C::FieldUp);
    } else if app.screen == Screen::Exposure {
        run(app, C::CellDown, C::CellUp);
    } else {
        app.map.pan.y += by;
        moving::clamp_pan(app);
    }
}

fn press_header(app: &mut App, x: i32) {
    let places = crate::app::state::tab_places(app);
    if let Some((_, screen)) = places.into_iter().find(|(range, _)| range.contains(&x)) {
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
        super::run(app, crate::app::command::CommandId::FieldChange);
    }
    app.inspector.row = row;
}

fn press_map(app: &mut App, main: Rect, at: Point) {
    app.wanted = Pane::Main;
    let cell = Point { x: at.x - main.x, y: at.y - main.y };
    let canvas = app.canvas();
    match app.map.element_at(&app.model, cell, canvas) {
        Some(Hit::Node(node)) => {
            let id = app.map.projection.nodes.get(node).and_then(|drawn| drawn.element());
            let again = id.is_some() && app.cursor() == id.as_ref();
            let rect = app.map.diagram.placement.nodes.get(node).copied();
            if let (Some(id), Some(rect)) = (id, rect) {
                let pan = app.map.pan;
                let grip = Point { x: cell.x + pan.x - rect.x, y: cell.y + pan.y - rect.y };
                app.drag = Some(Drag::Box { id: id.clone(), grip, moved: false, again });
                app.select(Some(id));
            }
        }
        Some(Hit::Element(id)) => {
            let again = app.cursor() == Some(&id);
            moving::jump(app, id);
            if again {
                super::run(app, crate::app::command::CommandId::Fold);
            }
        }
        None => app.drag = Some(Drag::View { last: at }),
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
        super::run(app, crate::app::command::CommandId::CellProof);
    }
}

fn drag(app: &mut App, at: Point) {
    let main = app.frame().main;
    match app.drag.take() {
        Some(Drag::View { last }) => {
            app.map.pan.x -= at.x - last.x;
            app.map.pan.y -= at.y - last.y;
            moving::clamp_pan(app);
            app.drag = Some(Drag::View { last: at });
        }
        Some(Drag::Box { id, grip, .. }) => {
            let pan = app.map.pan;
            let (x, y) = (at.x - main.x + pan.x - grip.x, at.y - main.y + pan.y - grip.y);
            let movable =
                app.map.box_of(&id).and_then(|node| app.map.projection.nodes.get(node)).is_some_and(|drawn| {
                    matches!(drawn, crate::app::projection::Drawn::Element(_) | crate::app::projection::Drawn::Zone(_))
                });
            if let (true, Some(node)) = (movable, app.map.box_of(&id)) {
                app.map.drag_box(node, x, y);
            }
            app.drag = Some(Drag::Box { id, grip, moved: movable, again: false });
        }
        None => {}
    }
}

fn release(app: &mut App) {
    let Some(Drag::Box { id, moved, again, .. }) = app.drag.take() else { return };
    if moved {
        if let Some(rect) = app.map.rect_of(&id) {
            editing::pin(app, &id, rect.x, rect.y);
            app.map.reveal = false;
        }
    } else if again {
        super::run(app, crate::app::command::CommandId::Fold);
    }
}

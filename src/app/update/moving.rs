//! Commands that move: over the map, through the outline and the facts, between panes.

use super::editing::shown_rows;
use crate::app::command::CommandId;
use crate::app::forms;
use crate::app::layer::Ask;
use crate::app::list::Motion;
use crate::app::outline::Branch;
use crate::app::projection::{Drawn, Zoom};
use crate::app::state::{App, INSPECTOR_EXTRA_ROWS, Pane, Screen};
use crate::app::steps::Step;
use crate::app::toast::Tone;
use crate::diagram::{Point, Rect, Side, Size};
use crate::model::graph::boundary_of;
use crate::model::reflect::{Kind, from_ron};
use crate::model::{ElementId, Section};

/// Runs a command of this family. Says whether it was one.
pub fn run(app: &mut App, id: CommandId) -> bool {
    use CommandId as C;
    match id {
        C::GoLeft => go(app, Side::Left),
        C::GoRight => go(app, Side::Right),
        C::GoUp => go(app, Side::Up),
        C::GoDown => go(app, Side::Down),
        C::PanLeft => pan(app, -1, 0),
        C::PanRight => pan(app, 1, 0),
        C::PanUp => pan(app, 0, -1),
        C::PanDown => pan(app, 0, 1),
        C::Center => {
            let rect = app.cursor().and_then(|id| app.map.rect_of(id));
            let canvas = app.canvas();
            app.map.center(rect, canvas);
        }
        C::Fit => {
            let room = app.room();
            let rows = app.map.fit(&app.model, app.revision, room);
            let why = why_so_far(app, rows, room.narrow);
            app.toasts.say(Tone::Info, format!("zoom: {}{why}", app.map.view.zoom.name()));
        }
        C::MarkRegion => super::dragging::mark_region(app),
        C::Around => {
            app.map.view.around = match (app.map.view.around.take(), app.cursor()) {
                (Some((old, _)), Some(id)) if old == *id => None,
                (_, Some(id)) => Some((id.clone(), 1)),
                (_, None) => None,
            };
            app.map.reveal = true;
        }
        C::MoreHops | C::FewerHops => hops(app, id == C::MoreHops),
        C::ToggleAccess => {
            app.map.view.access = !app.map.view.access;
            app.map.reveal = true;
            let now = if app.map.view.access { "shown" } else { "hidden" };
            app.toasts.say(Tone::Info, format!("roles and the access that grants imply are {now}"));
        }
        C::GoLabel => {
            let canvas = app.canvas();
            let beyond: Vec<usize> = crate::app::beyond::beyond(app).iter().map(|beyond| beyond.nearest).collect();
            app.map.make_labels(canvas, &beyond);
            app.layers.push(forms::prompt("Go to", "type the two letters of a box", "", Ask::Label));
        }
        C::GoParent => {
            let around = app.cursor().and_then(|id| boundary_of(&app.model, id)).cloned();
            match around {
                Some(slug) => jump(app, ElementId::new(Section::Boundaries, slug)),
                None => app.toasts.say(Tone::Info, "no boundary is around it"),
            }
        }
        C::ToggleMinimap => {
            app.map.minimap = !app.map.minimap;
            let now = match (app.map.minimap, crate::app::overview::place(app)) {
                (false, _) => "the minimap is hidden",
                (true, Some(_)) => "the minimap is shown: click or drag on it to move the view",
                (true, None) => "the minimap is shown where a corner is free and not all boxes are in view",
            };
            app.toasts.say(Tone::Info, now);
        }
        C::JumpBack => jump_list(app, false),
        C::JumpForward => jump_list(app, true),
        C::OutlineOpen => open_branch(app, true),
        C::OutlineClose => open_branch(app, false),
        C::OutlineEnter => enter_branch(app),
        C::FieldGo => field_go(app),
        _ => return false,
    }
    true
}

/// Why the map is not shown from nearer, and what would help.
fn why_so_far(app: &App, rows: Option<Size>, canvas: Size) -> String {
    if app.map.widened {
        return "; the panes beside the map are narrower, so that it fits".into();
    }
    let (Some(rows), true) = (rows, app.map.view.zoom == Zoom::Zones) else { return String::new() };
    let takes = format!("; rows take {} columns and {} lines", rows.width, rows.height);
    let frame = app.frame();
    let panes = [(frame.outline, CommandId::ToggleOutline), (frame.inspector, CommandId::ToggleInspector)];
    let keys: Vec<String> = panes.into_iter().filter(|(pane, _)| pane.is_some()).map(|(_, id)| app.key(id)).collect();
    if !keys.is_empty() && rows.width <= i32::from(app.size.0) && rows.height <= canvas.height {
        return format!("{takes}: there is room without the panes ({})", keys.join(", "));
    }
    format!("{takes}, there are {} and {}", canvas.width, canvas.height)
}

/// Remembers where one is, before another element is selected that may be far away.
pub fn remember(app: &mut App, next: &ElementId) {
    if app.cursor().is_some_and(|from| from != next) {
        push_jump(app);
    }
}

fn push_jump(app: &mut App) {
    if let Some(from) = app.cursor().cloned() {
        app.map.jumps.truncate(app.map.jump_at);
        app.map.jumps.push(from);
        app.map.jump_at = app.map.jumps.len();
    }
}

/// Selects nothing, and remembers what was selected.
pub fn leave(app: &mut App) {
    push_jump(app);
    app.select(None);
}

/// Selects an element and remembers where one came from.
pub fn jump(app: &mut App, id: ElementId) {
    remember(app, &id);
    app.select(Some(id));
    app.map.reveal = true;
}

/// Selects an element and opens what hides it on the map.
pub fn visit(app: &mut App, id: ElementId) {
    app.map.open_way_to(&app.model, &id);
    jump(app, id);
}

fn jump_list(app: &mut App, forward: bool) {
    // What was deleted since can not be gone back to.
    let (before, behind) = app.map.jumps.split_at(app.map.jump_at.min(app.map.jumps.len()));
    let there = |id: &&ElementId| app.model.has(id.section, id.slug.as_str());
    let (before, behind): (Vec<ElementId>, Vec<ElementId>) =
        (before.iter().filter(there).cloned().collect(), behind.iter().filter(there).cloned().collect());
    app.map.jump_at = before.len();
    app.map.jumps = before.into_iter().chain(behind).collect();
    if forward {
        let Some(next) = app.map.jumps.get(app.map.jump_at + 1).cloned() else {
            return app.toasts.say(Tone::Info, "there is nothing to jump forward to");
        };
        app.map.jump_at += 1;
        app.select(Some(next));
    } else {
        if app.map.jump_at == app.map.jumps.len()
            && let Some(here) = app.cursor().cloned()
        {
            app.map.jumps.push(here);
        }
        let Some(at) = app.map.jump_at.checked_sub(1) else {
            return app.toasts.say(Tone::Info, "there is nothing to jump back to");
        };
        app.map.jump_at = at;
        let back = app.map.jumps.get(at).cloned();
        app.select(back);
    }
    app.map.reveal = true;
}

/// Goes to the next box. The view moves no farther than it has to, and not at all for what is in it.
fn go(app: &mut App, side: Side) {
    let here = app.cursor().cloned();
    let next = app.map.step(here.as_ref(), side);
    let id = next.and_then(|at| app.map.projection.nodes.get(at)).and_then(Drawn::element);
    let (Some(at), Some(id)) = (next, id) else {
        if app.map.projection.nodes.is_empty() {
            return app.toasts.say(Tone::Info, "the map is empty: aa adds an actor, ae an endpoint, ad a dataset");
        }
        let place = match side {
            Side::Left => "to the left",
            Side::Right => "to the right",
            Side::Up => "above",
            Side::Down => "below",
        };
        return app.toasts.say(Tone::Info, format!("there is no box {place}"));
    };
    app.select(Some(id.clone()));
    app.map.stepped = here.filter(|from| *from != id).map(|from| Step { from, to: id, side });
    match app.map.is_behind() {
        true => app.map.reveal = true,
        false => app.map.keep_up(at),
    }
}

fn pan(app: &mut App, dx: i32, dy: i32) {
    let canvas = app.canvas();
    app.map.pan.x += dx * (canvas.width / 4).max(2);
    app.map.pan.y += dy * (canvas.height / 4).max(1);
    clamp_pan(app);
}

/// Keeps a part of the picture in the view.
pub fn clamp_pan(app: &mut App) {
    app.map.pan = clamped(app, app.map.pan);
}

/// The place for the view that is nearest to one and keeps a part of the picture in it.
pub fn clamped(app: &App, pan: Point) -> Point {
    let (canvas, bounds) = (app.canvas(), app.map.bounds());
    let (left, top) = (bounds.x - canvas.width + 4, bounds.y - canvas.height + 2);
    Point::new(pan.x.clamp(left, (bounds.right() - 4).max(left)), pan.y.clamp(top, (bounds.bottom() - 2).max(top)))
}

fn hops(app: &mut App, more: bool) {
    let Some(id) = app.cursor().cloned() else { return };
    match &mut app.map.view.around {
        Some((_, hops)) if more => *hops = (*hops + 1).min(9),
        Some((_, hops)) if *hops > 1 => *hops -= 1,
        Some(_) => app.map.view.around = None,
        None if more => app.map.view.around = Some((id, 1)),
        None => {}
    }
    app.map.reveal = true;
}

/// Brings the selection, or the whole picture where it fits, into view.
pub fn reveal(app: &mut App) {
    let canvas = app.canvas();
    if app.map.is_behind() {
        // The next picture is what the person asked for; this one only follows the selection.
        app.map.reveal_next = true;
        if let Some(rect) = app.cursor().and_then(|id| app.map.rect_of(id)) {
            app.map.show(rect, canvas);
        }
        return;
    }
    if let Some((id, cell)) = app.map.hold.take()
        && let Some(rect) = app.map.rect_of(&id)
    {
        let center = rect.center();
        app.map.pan = Point::new(center.x - cell.x, center.y - cell.y);
        return clamp_pan(app);
    }
    let bounds = app.map.bounds();
    let fits = bounds.width <= canvas.width && bounds.height <= canvas.height;
    let rect = app.cursor().and_then(|id| app.map.rect_of(id));
    match (rect, app.map.looked_at.take().and_then(|id| app.map.rect_of(&id))) {
        _ if fits => app.map.center(None, canvas),
        (_, Some(rect)) => {
            app.map.center(Some(rect), canvas);
            crate::app::voids::leave(&mut app.map, rect, canvas);
        }
        (Some(rect), None) => return app.map.show(rect, canvas),
        (None, None) => {
            // Nothing is selected: begin at the top, in the middle of what is wide.
            app.map.center(None, canvas);
            if bounds.height > canvas.height {
                app.map.pan.y = bounds.y;
            }
            if bounds.width > canvas.width && app.map.projection.graph.direction == crate::diagram::Direction::Right {
                app.map.pan.x = bounds.x;
            }
        }
    }
    // Where there are only walls, the nearest box says more.
    let view = Rect::at(app.map.pan, canvas);
    let middle = view.center();
    if !app.map.diagram.placement.nodes.iter().any(|rect| view.overlaps(rect))
        && let Some(rect) =
            app.map.nearest(middle, None).and_then(|at| app.map.diagram.placement.nodes.get(at).copied())
    {
        app.map.show(rect, canvas);
    }
}

/// Moves the focus to the next pane that is shown.
pub fn next_pane(app: &mut App, forward: bool) {
    if app.screen != Screen::Map {
        return app.toasts.say(Tone::Info, "this screen has one pane");
    }
    let frame = app.frame();
    let mut panes = vec![Pane::Main];
    if frame.outline.is_some() {
        panes.insert(0, Pane::Outline);
    }
    if frame.inspector.is_some() {
        panes.push(Pane::Inspector);
    }
    if panes.len() == 1 {
        return app.toasts.say(Tone::Info, "space o shows the outline, space i the facts");
    }
    let at = panes.iter().position(|pane| *pane == app.focus()).unwrap_or(0);
    let step = if forward { 1 } else { panes.len() - 1 };
    app.wanted = panes[(at + step) % panes.len()];
}

/// Goes along the outline, and selects what stands there.
pub fn outline(app: &mut App, motion: Motion) {
    app.outline.list.go(motion);
    select_line(app);
}

fn select_line(app: &mut App) {
    let rows = app.outline.current(&app.model, app.revision);
    if let Some(Branch::Element(id)) = rows.get(app.outline.list.at()).map(|row| row.branch.clone()) {
        // A walk through the outline is one long move, however many its steps.
        if !app.outline.walking {
            remember(app, &id);
            app.outline.walking = true;
        }
        app.select(Some(id));
        app.map.reveal = true;
    }
}

fn open_branch(app: &mut App, open: bool) {
    let rows = app.outline.current(&app.model, app.revision);
    let at = app.outline.list.at();
    let Some(row) = rows.get(at) else { return };
    if row.has_children && row.open != open {
        app.outline.toggle(&row.branch);
    } else if open {
        outline(app, Motion::Down);
    } else if let Some(parent) = rows[..at].iter().rposition(|other| other.depth < row.depth) {
        app.outline.list.put(parent);
        select_line(app);
    }
}

fn enter_branch(app: &mut App) {
    let rows = app.outline.current(&app.model, app.revision);
    let Some(row) = rows.get(app.outline.list.at()) else { return };
    match &row.branch {
        branch if row.has_children => app.outline.toggle(branch),
        Branch::Element(id) if app.map.box_of(id).is_some() => {
            visit(app, id.clone());
            app.wanted = Pane::Main;
        }
        Branch::Element(id) => {
            jump(app, id.clone());
            super::run(app, CommandId::Edit);
        }
        Branch::Section(_) => {}
    }
}

fn field_go(app: &mut App) {
    let Some(row) = shown_rows(app).into_iter().nth(app.inspector.list.at()) else { return };
    let Some(id) = app.cursor().cloned() else { return };
    let ron = app.model.reflect(&id).and_then(|element| element.get_at(&row.path));
    let slug = |ron: &str| from_ron::<String>(ron).ok();
    let found = match (row.kind.inner(), ron.as_deref()) {
        (Kind::Link(target), Some(ron)) => slug(ron).and_then(|slug| app.model.resolve(*target, &slug)),
        (Kind::List(inner), Some(ron)) => match inner.inner() {
            Kind::Link(target) => {
                let first = from_ron::<Vec<String>>(ron).ok().and_then(|slugs| slugs.into_iter().next());
                first.and_then(|slug| app.model.resolve(*target, &slug))
            }
            _ => None,
        },
        _ => None,
    };
    match found {
        Some(id) => jump(app, id),
        None => app.toasts.say(Tone::Info, "this fact refers to no element"),
    }
}

/// After every message: cursors and scroll positions stay inside of what there is.
pub fn keep_in_range(app: &mut App) {
    let frame = app.frame();
    let rows = usize::try_from(frame.main.height).unwrap_or(0);
    if frame.outline.is_some() {
        let lines = app.outline.current(&app.model, app.revision);
        // The outline follows the selection, wherever it was made.
        let selected = app.cursor().cloned();
        if app.focus() != Pane::Outline
            && app.outline.followed != selected
            && let Some(at) = selected.as_ref().and_then(|own| app.outline.line_of(&app.model, &lines, own))
        {
            app.outline.list.put(at);
        }
        app.outline.followed = selected;
        app.outline.walking &= app.focus() == Pane::Outline;
        app.outline.list.settle(lines.len(), rows.saturating_sub(1));
    }
    if frame.inspector.is_some() {
        let count = shown_rows(app).len();
        app.inspector.list.settle(count, rows.saturating_sub(INSPECTOR_EXTRA_ROWS));
    }
    let room = rows.saturating_sub(super::lists::EXTRA_ROWS);
    match app.screen {
        Screen::Map => {}
        Screen::Exposure => super::exposure::keep_in_range(app, rows),
        Screen::Threats => super::threats::keep_in_range(app, room),
        Screen::Controls => super::controls::keep_in_range(app, room),
        Screen::Attackers => super::attackers::keep_in_range(app, room),
        Screen::Drills => super::drilling::keep_in_range(app, room),
    }
}

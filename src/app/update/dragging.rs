//! Drags over the map: a box, a flow from its frame, a rectangle of marks, the view. Escape ends each without a trace.

use super::{editing, moving};
use crate::app::command::CommandId;
use crate::app::drag::{Drag, End, elements_of, end_of_flow, other_boundary, region, spanned};
use crate::app::map::Hit;
use crate::app::overview::world_at;
use crate::app::projection::Drawn;
use crate::app::state::App;
use crate::app::toast::Tone;
use crate::diagram::{Point, Rect};
use crate::model::graph::boundary_of;
use crate::model::text::counted;
use crate::model::{ElementId, Section};
use std::collections::BTreeSet;

/// The cell of the canvas at a cell of the terminal.
pub fn cell_of(app: &App, at: Point) -> Point {
    let main = app.frame().main;
    Point::new(at.x - main.x, at.y - main.y)
}

/// The world cell at a cell of the terminal; outside of the canvas the nearest one in it.
fn world_of(app: &App, at: Point) -> Point {
    let (cell, canvas, pan) = (cell_of(app, at), app.canvas(), app.map.pan);
    Point::new(cell.x.clamp(0, (canvas.width - 1).max(0)) + pan.x, cell.y.clamp(0, (canvas.height - 1).max(0)) + pan.y)
}

/// The left button went down on a box: on its frame begins a flow, inside of it the box is taken.
pub fn take_box(app: &mut App, node: usize, at: Point) {
    let (Some(drawn), Some(rect)) =
        (app.map.projection.nodes.get(node).cloned(), app.map.diagram.placement.nodes.get(node).copied())
    else {
        return;
    };
    let Some(id) = drawn.element() else { return };
    let world = world_of(app, at);
    moving::remember(app, &id);
    app.select(Some(id.clone()));
    if on_frame(&rect, world) && matches!(drawn, Drawn::Element(_)) && id.section.is_node() {
        app.drag = Some(Drag::Flow { from: id, at: None });
        return;
    }
    let movable = |id: &ElementId| {
        let node = app.map.box_of(id)?;
        let drawn = app.map.projection.nodes.get(node)?;
        // A stack has no place of its own in the model.
        if matches!(drawn, Drawn::Stack { .. }) {
            return None;
        }
        let rect = app.map.diagram.placement.nodes.get(node)?;
        Some((id.clone(), Point::new(world.x - rect.x, world.y - rect.y)))
    };
    let taken: Vec<ElementId> =
        if app.marked.contains(&id) { app.marked.iter().cloned().collect() } else { vec![id.clone()] };
    let boxes = taken.iter().filter_map(movable).collect();
    app.drag = Some(Drag::Boxes { boxes, before: None, at: None });
}

/// Whether a cell belongs to the frame of a box; a box on one row has its ends for a frame.
fn on_frame(rect: &Rect, at: Point) -> bool {
    let ends = at.x == rect.x || at.x == rect.right() - 1;
    let edges = at.y == rect.y || at.y == rect.bottom() - 1;
    rect.contains(at) && (ends || (rect.height >= 3 && edges))
}

/// A rectangle of marks begins.
pub fn begin_region(app: &mut App, at: Point) {
    let from = world_of(app, at);
    app.drag = Some(Drag::Region { from, at: None, before: app.marked.clone() });
}

/// The mouse moved with the button down.
pub fn drag(app: &mut App, to: Point) {
    let Some(drag) = app.drag.take() else { return };
    app.drag = Some(match drag {
        Drag::View { last, click } => {
            app.map.pan.x -= to.x - last.x;
            app.map.pan.y -= to.y - last.y;
            moving::clamp_pan(app);
            Drag::View { last: to, click: click && to == last }
        }
        Drag::Overview => {
            look_at(app, to);
            Drag::Overview
        }
        // A mouse that trembles in its cell drags nothing.
        Drag::Boxes { boxes, before, at: None } if stays(app, &boxes, world_of(app, to)) => {
            Drag::Boxes { boxes, before, at: None }
        }
        Drag::Flow { from, at: None } if app.map.rect_of(&from).is_some_and(|own| own.contains(world_of(app, to))) => {
            Drag::Flow { from, at: None }
        }
        Drag::Region { from, at: None, before } if world_of(app, to) == from => Drag::Region { from, at: None, before },
        // A stack has no place of its own: only its click matters.
        Drag::Boxes { boxes, before, .. } if boxes.is_empty() => {
            Drag::Boxes { boxes, before, at: Some(world_of(app, to)) }
        }
        Drag::Boxes { boxes, before, .. } => {
            pan_at_edge(app, to);
            let world = world_of(app, to);
            let places: Vec<(usize, Point)> = boxes
                .iter()
                .filter_map(|(id, grip)| Some((app.map.box_of(id)?, Point::new(world.x - grip.x, world.y - grip.y))))
                .collect();
            let before = before.unwrap_or_else(|| Box::new(app.map.diagram.clone()));
            app.map.move_boxes(&before, &places);
            Drag::Boxes { boxes, before: Some(before), at: Some(world) }
        }
        Drag::Flow { from, .. } => {
            pan_at_edge(app, to);
            Drag::Flow { from, at: Some(world_of(app, to)) }
        }
        Drag::Region { from, before, .. } => {
            pan_at_edge(app, to);
            let at = world_of(app, to);
            mark_in(app, spanned(from, at), &before);
            Drag::Region { from, at: Some(at), before }
        }
    });
}

/// Brings the world cell under the pointer on the minimap to the middle of the view.
pub fn look_at(app: &mut App, at: Point) {
    if let Some(world) = world_at(app, cell_of(app, at)) {
        let canvas = app.canvas();
        app.map.center(Some(Rect::new(world.x, world.y, 1, 1)), canvas);
    }
}

/// Whether the mouse is where it took the boxes.
fn stays(app: &App, boxes: &[(ElementId, Point)], at: Point) -> bool {
    let first = boxes.first().and_then(|(id, grip)| Some((app.map.rect_of(id)?, grip)));
    first.is_some_and(|(rect, grip)| (rect.x + grip.x, rect.y + grip.y) == (at.x, at.y))
}

/// The elements of the boxes that a rectangle touches; those of a stack all of them.
fn boxes_in(app: &App, rect: &Rect) -> Vec<ElementId> {
    if app.map.waiting {
        return Vec::new();
    }
    let boxes = app.map.projection.nodes.iter().zip(&app.map.diagram.placement.nodes);
    let touched = boxes.filter(|(_, place)| place.overlaps(rect)).map(|(drawn, _)| drawn);
    touched.flat_map(elements_of).collect()
}

/// Marks the boxes in a rectangle, besides what was marked before.
fn mark_in(app: &mut App, rect: Rect, before: &BTreeSet<ElementId>) {
    let mut marked = before.clone();
    marked.extend(boxes_in(app, &rect));
    app.marked = marked;
}

/// Begins a region of marks at the selected box, or ends the one that there is.
pub fn mark_region(app: &mut App) {
    match app.cursor().cloned() {
        _ if app.map.region.is_some() => end_region(app, true),
        Some(anchor) => app.map.region = Some((anchor, app.marked.clone())),
        None => {}
    }
}

/// Ends a region of marks: keeps them, or goes back to those before.
pub fn end_region(app: &mut App, keep: bool) {
    let Some((_, before)) = app.map.region.take() else { return };
    if keep {
        return say_marked(app);
    }
    app.marked = before.into_iter().filter(|id| app.model.has(id.section, id.slug.as_str())).collect();
}

/// After every message: the marks follow the region.
pub fn follow_region(app: &mut App) {
    if app.drag.is_some() || app.map.waiting {
        return;
    }
    let Some((_, before)) = app.map.region.clone() else { return };
    match region(app) {
        Some(rect) => mark_in(app, rect, &before),
        // The box at which it began is not drawn any more, or nothing is selected.
        None => app.map.region = None,
    }
}

/// Whether the view would go on if the mouse were told once more to be at this cell of the terminal: something is
/// dragged at the edge of the canvas, and there is more beyond it.
pub fn goes_on(app: &App, at: Point) -> bool {
    let is_moving = match &app.drag {
        Some(Drag::Boxes { boxes, at, .. }) => at.is_some() && !boxes.is_empty(),
        Some(Drag::Flow { at, .. } | Drag::Region { at, .. }) => at.is_some(),
        Some(Drag::View { .. } | Drag::Overview) | None => false,
    };
    is_moving && beyond_edge(app, at) != app.map.pan
}

/// At the edge of the canvas the view goes along: one can drag to what is beyond it.
fn pan_at_edge(app: &mut App, to: Point) {
    app.map.pan = beyond_edge(app, to);
}

/// Where the view goes while something is dragged to a cell of the terminal.
fn beyond_edge(app: &App, to: Point) -> Point {
    let (cell, canvas) = (cell_of(app, to), app.canvas());
    let step = |at: i32, room: i32, by: i32| match at {
        _ if room < 8 => 0,
        at if at <= 0 => -by,
        at if at >= room - 1 => by,
        _ => 0,
    };
    let pan = app.map.pan;
    moving::clamped(app, Point::new(pan.x + step(cell.x, canvas.width, 2), pan.y + step(cell.y, canvas.height, 1)))
}

/// The button went up: what was dragged stays where it is.
pub fn release(app: &mut App, at: Point) {
    let told = match &app.drag {
        Some(Drag::Boxes { at, .. } | Drag::Flow { at, .. } | Drag::Region { at, .. }) => *at,
        _ => None,
    };
    // The last move may not have been told.
    if told != Some(world_of(app, at)) {
        drag(app, at);
    }
    match app.drag.take() {
        Some(Drag::View { click: true, .. }) => moving::leave(app),
        Some(Drag::Boxes { boxes, before, at: Some(at) }) => {
            let places: Vec<(ElementId, Point)> =
                boxes.iter().filter_map(|(id, _)| Some((id.clone(), app.map.rect_of(id)?.origin()))).collect();
            if places.is_empty() {
                return;
            }
            let offer = match boxes.as_slice() {
                [(id, _)] => before.and_then(|before| Some((id.clone(), other_boundary(app, id, &before, at)?))),
                _ => None,
            };
            editing::place(app, &places);
            // It is where the mouse is, so it is in view.
            app.map.reveal = false;
            if let Some((id, there)) = offer {
                say_where_it_belongs(app, &id, there.as_ref());
                app.map.offered = Some((id, there));
            }
        }
        Some(Drag::Flow { from, at: Some(at) }) => match end_of_flow(app, &from, at) {
            End::At(to) => {
                editing::connect(app, &from.slug, &to);
                app.map.reveal = false;
            }
            End::Several(_) => app.toasts.say(Tone::Info, "no flow was drawn: open the box first, it holds several"),
            End::Nowhere => app.toasts.say(Tone::Info, "no flow was drawn: it has to end at another box"),
        },
        Some(Drag::Region { at: Some(_), .. }) => say_marked(app),
        // A click with the right button marks, or takes the mark away.
        Some(Drag::Region { from, at: None, .. }) => {
            let ids = boxes_in(app, &Rect::new(from.x, from.y, 1, 1));
            if ids.is_empty() {
                return;
            }
            let all = ids.iter().all(|id| app.marked.contains(id));
            for id in ids {
                if all {
                    app.marked.remove(&id);
                } else {
                    app.marked.insert(id);
                }
            }
            say_marked(app);
        }
        _ => {}
    }
}

/// Says how many elements are marked, and what can be done with them.
pub fn say_marked(app: &mut App) {
    let count = app.marked.len();
    if count == 0 {
        return app.toasts.say(Tone::Info, "nothing is marked");
    }
    let key = |id| app.key(id);
    let (into, delete, copy) = (key(CommandId::MoveInto), key(CommandId::Delete), key(CommandId::Copy));
    let back = key(CommandId::Back);
    let text =
        format!("{} marked: {into} moves, {delete} deletes, {copy} copies · {back} unmarks", counted(count, "element"));
    app.toasts.say(Tone::Info, text);
}

fn say_where_it_belongs(app: &mut App, id: &ElementId, there: Option<&crate::model::Slug>) {
    let name =
        |slug: &crate::model::Slug| app.model.title_of(&ElementId::new(Section::Boundaries, slug.clone())).to_owned();
    let key = app.key(CommandId::MoveInto);
    let change = match there {
        Some(there) => format!("{key} puts it into {}", name(there)),
        None => format!("{key} takes it out"),
    };
    let stays = match boundary_of(&app.model, id) {
        Some(own) => format!("it still belongs to {}", name(own)),
        None => "it still belongs to no boundary".to_owned(),
    };
    // What can be done comes first: the line may be too short for the rest.
    app.toasts.say(Tone::Info, format!("{change}; {stays}"));
}

/// Ends a drag as if it had not begun. Says whether there was one that did something.
pub fn cancel(app: &mut App) -> bool {
    match app.drag.take() {
        Some(Drag::Boxes { before, at, .. }) => {
            // What was laid out anew meanwhile knows nothing of the drag.
            if let Some(before) = before {
                app.map.put_back(&before);
            }
            at.is_some()
        }
        Some(Drag::Region { before, at, .. }) => {
            app.marked = before;
            at.is_some()
        }
        Some(Drag::Flow { at, .. }) => at.is_some(),
        Some(Drag::View { .. } | Drag::Overview) | None => false,
    }
}

/// What is at a cell of the terminal.
pub fn hit(app: &App, at: Point) -> Option<Hit> {
    app.map.element_at(&app.model, cell_of(app, at), app.canvas())
}

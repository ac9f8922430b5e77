//! Where the flows of what is selected leave the canvas: the other end is named at the edge, once the selection rests.

use super::beyond::Beyond;
use super::state::App;
use super::width::{fit, width};
use crate::diagram::{Ink, Point, Rect, Scene, Side, Traffic};
use crate::model::{ElementId, Section};

/// The end of a flow that is out of sight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// The place of its box.
    pub node: usize,
    /// The cells of the canvas at which it is named.
    pub area: Rect,
    /// What is said.
    pub text: String,
}

/// So many rows before the upper or lower edge an end may be named.
const STEPS: i32 = 4;
/// The longest name at an edge, in columns.
const LONGEST: usize = 24;

/// The ends of flows of the selection that are out of sight, where they can be named without hiding a box. What is said
/// of the edges goes first.
pub fn exits(app: &App, scene: &Scene, beyond: &[Beyond]) -> Vec<Exit> {
    let canvas = app.canvas();
    let view = Rect::at(app.map.pan, canvas);
    // Those of where the selection rested last, as the wires that are lit: while it hurries on, nothing else changes.
    let Some(cursor) = app.map.rested.as_ref().filter(|_| !app.map.waiting) else { return Vec::new() };
    let selected = app.map.box_of(cursor);
    // Where a wire leaves the view, on which side, and what is at its end.
    let mut leaving: Vec<(Point, Side, &str, usize, usize)> = Vec::new();
    let wires = app.map.projection.graph.edges.iter().zip(&app.map.projection.wires).zip(&app.map.diagram.wires);
    for (at, ((edge, drawn), wire)) in wires.enumerate() {
        let is_flow = cursor.section == Section::Flows && drawn.flows.contains(&cursor.slug);
        for (near, far, outward) in [(edge.from, edge.to, true), (edge.to, edge.from, false)] {
            let hidden = app.map.diagram.placement.nodes.get(far).is_some_and(|rect| !rect.overlaps(&view));
            if !hidden || !(is_flow || selected == Some(near)) {
                continue;
            }
            let ordered: Vec<Point> = match outward {
                true => wire.path.clone(),
                false => wire.path.iter().rev().copied().collect(),
            };
            let Some(last) = ordered.iter().rposition(|point| view.contains(*point)) else { continue };
            let side = ordered.get(last + 1).and_then(|next| Side::between(ordered[last], *next));
            if let Some(side) = side {
                leaving.push((ordered[last], side, if outward { "to" } else { "from" }, far, at));
            }
        }
    }
    if leaving.is_empty() {
        return Vec::new();
    }
    leaving.sort_by_key(|(point, side, word, ..)| (*side, point.y, point.x, *word));
    let traffic = app.map.traffic(view);
    let mut taken: Vec<Rect> = beyond.iter().map(|beyond| beyond.area).chain(app.map.overview).collect();
    let mut found = Vec::new();
    // Wires that run together leave together.
    for group in leaving.chunk_by(|one, other| (one.0, one.1, one.2) == (other.0, other.1, other.2)) {
        let (point, side, word, node, _) = group[0];
        let own: Vec<usize> = group.iter().map(|(.., wire)| *wire).collect();
        let cell = Point::new(point.x - view.x, point.y - view.y);
        let free = |area: &Rect, walls: bool| {
            let inside = area.x >= 0 && area.right() <= canvas.width;
            let ink = |x: i32| scene.cell(x, area.y).ink;
            // Beside a text the two would be read as one.
            let stands_alone = ![area.x - 1, area.right()].into_iter().any(|x| is_text(ink(x)));
            inside
                && stands_alone
                && taken.iter().all(|other| !other.overlaps(area))
                && (area.x..area.right()).all(|x| {
                    (walls || ink(x) != Ink::BoundaryWall)
                        && may_cover(app, scene, &traffic, &own, Point::new(x, area.y))
                })
        };
        // Up and down it may stand a little before the edge, as long as the wire runs there.
        let runs = |row: &i32| own.iter().any(|at| app.map.passes(*at, Point::new(point.x, *row)));
        let rows: Vec<i32> = match side {
            Side::Left | Side::Right => vec![point.y],
            Side::Up => (point.y..point.y + STEPS).take_while(runs).collect(),
            Side::Down => (0..STEPS).map(|step| point.y - step).take_while(runs).collect(),
        };
        let others = if group.len() > 1 { format!(" +{}", group.len() - 1) } else { String::new() };
        // As much of the name as there is room for; a few letters of it say nothing.
        let longest = width(&name(app, node)).min(LONGEST);
        let shortest = longest.min(8);
        let area = (shortest..=longest).rev().find_map(|letters| {
            let text = format!(" {word} {}{others} ", fit(&name(app, node), letters));
            let columns = i32::try_from(width(&text)).unwrap_or(i32::MAX / 2);
            let starts: Vec<i32> = match side {
                Side::Left => vec![0],
                Side::Right => vec![canvas.width - columns],
                Side::Up | Side::Down => {
                    // Over the wire, as much in the middle as can be.
                    let middle = cell.x - columns / 2;
                    let mut starts: Vec<i32> = (cell.x - columns + 1..=cell.x).collect();
                    starts.sort_by_key(|x| ((x - middle).abs(), *x));
                    starts
                }
            };
            let areas = rows.iter().flat_map(|row| starts.iter().map(move |x| Rect::new(*x, row - view.y, columns, 1)));
            // A wall is covered where there is no other place.
            let found = [false, true].into_iter().find_map(|walls| areas.clone().find(|area| free(area, walls)));
            found.map(|area| (area, text))
        });
        if let Some((area, text)) = area {
            taken.push(area);
            found.push(Exit { node, area, text });
        }
    }
    found
}

/// Whether a part of a drawing is read.
fn is_text(ink: Ink) -> bool {
    matches!(ink, Ink::WireLabel | Ink::NodeText | Ink::BoundaryTitle | Ink::Badge)
}

/// Whether a cell may be covered by the name of where these wires lead: it is empty, or theirs alone. Over another wire the
/// name would seem to be that of its end.
fn may_cover(app: &App, scene: &Scene, traffic: &Traffic, own: &[usize], cell: Point) -> bool {
    match scene.cell(cell.x, cell.y).ink {
        Ink::Ground | Ink::BoundaryWall => true,
        Ink::Wire => {
            let world = Point::new(cell.x + app.map.pan.x, cell.y + app.map.pan.y);
            let through = own.iter().filter(|wire| app.map.passes(**wire, world)).count();
            traffic.through(world) <= through
        }
        _ => false,
    }
}

fn name(app: &App, node: usize) -> String {
    let id: Option<ElementId> = app.map.projection.nodes.get(node).and_then(|drawn| drawn.element());
    let line = app.map.projection.lines.get(node).and_then(|lines| lines.first());
    line.cloned().or_else(|| id.map(|id| app.model.title_of(&id).to_owned())).unwrap_or_default()
}

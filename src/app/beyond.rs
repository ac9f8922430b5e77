//! What lies beyond the edges of the canvas: how many boxes on each side, where that is said, and which is the nearest.

use super::appearance::Marks;
use super::exits::exits;
use super::state::App;
use crate::diagram::{Charset, Ink, Point, Rect, Scene, Side, Size};
use std::collections::BTreeMap;

/// Boxes beyond one edge of the canvas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beyond {
    /// The edge.
    pub side: Side,
    /// How many boxes, in part or whole; a box is counted at the edge behind which most of it is.
    pub count: usize,
    /// The place of the nearest of them; of those that can be seen in part only where there are no others.
    pub nearest: usize,
    /// The cells of the canvas at which it is said.
    pub area: Rect,
    /// What is said.
    pub text: String,
}

/// Canvases smaller than this have no room for it.
const ROOM: Size = Size::new(16, 5);

/// What lies beyond the edges, for the mouse and the keys.
pub fn beyond(app: &App) -> Vec<Beyond> {
    beyond_scene(app, &scene(app))
}

/// The cells of the canvas; what is marked or dimmed changes nothing of what lies where.
fn scene(app: &App) -> Scene {
    app.map.scene(&app.model, app.canvas(), Marks::default(), Charset::Unicode)
}

/// The box to which a click on a cell of the canvas leads, where something beyond the edges is named.
pub fn target_at(app: &App, cell: Point) -> Option<usize> {
    let scene = scene(app);
    let beyond = beyond_scene(app, &scene);
    let exits = exits(app, &scene, &beyond);
    let edges = beyond.iter().map(|beyond| (beyond.area, beyond.nearest));
    edges.chain(exits.iter().map(|exit| (exit.area, exit.node))).find(|(area, _)| area.contains(cell)).map(|(_, at)| at)
}

/// What lies beyond the edges of a painted scene: it is said where it covers least.
pub fn beyond_scene(app: &App, scene: &Scene) -> Vec<Beyond> {
    let canvas = app.canvas();
    if app.map.waiting || canvas.width < ROOM.width || canvas.height < ROOM.height {
        return Vec::new();
    }
    let view = Rect::at(app.map.pan, canvas);
    // Of each side how many boxes there are, and of these the nearest, those that can be seen in part last.
    let mut beyond: BTreeMap<Side, (usize, (bool, i32, usize))> = BTreeMap::new();
    for (at, rect) in app.map.diagram.placement.nodes.iter().enumerate() {
        let Some(side) = farthest_side(rect, &view) else { continue };
        let this = (rect.overlaps(&view), distance(rect, &view, side), at);
        let (count, nearest) = beyond.entry(side).or_insert((0, this));
        *count += 1;
        *nearest = this.min(*nearest);
    }
    let mut found: Vec<Beyond> = Vec::new();
    let mut taken: Vec<Rect> = app.map.overview.into_iter().collect();
    for side in Side::ALL {
        let Some((count, (.., nearest))) = beyond.get(&side).copied() else { continue };
        let airy = text(side, count, app.settings.ascii);
        let bare = airy.trim().to_owned();
        // Between two boxes there may be no room for air.
        let places = [airy, bare].into_iter().filter_map(|text| {
            let (covered, area) = place(scene, canvas, side, super::width::width(&text), &taken)?;
            Some((covered >= weight(Ink::NodeFrame), area, text))
        });
        if let Some((_, area, text)) = places.min_by_key(|(hides_a_box, ..)| *hides_a_box) {
            taken.push(area);
            found.push(Beyond { side, count, nearest, area, text });
        }
    }
    found
}

/// How far a rectangle reaches over an edge of the view. Rows count twice: a cell is twice as high as wide.
fn over(rect: &Rect, view: &Rect, side: Side) -> i32 {
    match side {
        Side::Up => (view.y - rect.y) * 2,
        Side::Right => rect.right() - view.right(),
        Side::Down => (rect.bottom() - view.bottom()) * 2,
        Side::Left => view.x - rect.x,
    }
}

fn farthest_side(rect: &Rect, view: &Rect) -> Option<Side> {
    // Of two sides that are equally far the first one.
    let far = Side::ALL.into_iter().rev().max_by_key(|side| over(rect, view, *side))?;
    (over(rect, view, far) > 0).then_some(far)
}

/// How far one has to go to see a box: over the edge, and a little less to the side.
fn distance(rect: &Rect, view: &Rect, side: Side) -> i32 {
    let (center, middle) = (rect.center(), view.center());
    let aside = if side.is_horizontal() { (center.y - middle.y).abs() * 2 } else { (center.x - middle.x).abs() };
    over(rect, view, side) + aside / 2
}

fn text(side: Side, count: usize, ascii: bool) -> String {
    match (side, ascii) {
        (Side::Up, false) => format!(" ▲ {count} "),
        (Side::Up, true) => format!(" ^ {count} "),
        (Side::Down, false) => format!(" ▼ {count} "),
        (Side::Down, true) => format!(" v {count} "),
        (Side::Left, false) => format!("◀ {count} "),
        (Side::Left, true) => format!("< {count} "),
        (Side::Right, false) => format!(" {count} ▶"),
        (Side::Right, true) => format!(" {count} >"),
    }
}

/// The cells at an edge that cover least of what is drawn, near its middle, and how much that is; none where everything is
/// taken.
fn place(scene: &Scene, canvas: Size, side: Side, columns: usize, taken: &[Rect]) -> Option<(i32, Rect)> {
    let width = i32::try_from(columns).ok().filter(|width| *width <= canvas.width)?;
    let at = |along: i32| match side {
        Side::Up => Rect::new(along, 0, width, 1),
        Side::Down => Rect::new(along, canvas.height - 1, width, 1),
        Side::Left => Rect::new(0, along, width, 1),
        Side::Right => Rect::new(canvas.width - width, along, width, 1),
    };
    // The rows of the corners belong to the marks above and below.
    let (range, middle) = match side {
        Side::Up | Side::Down => (0..canvas.width - width + 1, (canvas.width - width) / 2),
        Side::Left | Side::Right => (1..canvas.height - 1, canvas.height / 2),
    };
    let covered = |area: &Rect| -> i32 { (area.x..area.right()).map(|x| weight(scene.cell(x, area.y).ink)).sum() };
    // Two arrows in a row would be read together.
    let arrows = |area: &Rect| {
        let beside = [area.x - 1, area.right()].into_iter();
        beside.filter(|x| scene.cell(*x, area.y).ink == Ink::Arrow).map(|_| 6).sum::<i32>()
    };
    range
        .map(|along| (at(along), along))
        .filter(|(area, _)| taken.iter().all(|other| !other.overlaps(area)))
        .map(|(area, along)| (covered(&area), area, along))
        .min_by_key(|(covered, area, along)| (covered + arrows(area)) * 8 + (along - middle).abs())
        .map(|(covered, area, _)| (covered, area))
}

/// How much is lost where a cell is covered.
fn weight(ink: Ink) -> i32 {
    match ink {
        Ink::NodeText | Ink::NodeFrame | Ink::Badge => 20,
        Ink::BoundaryTitle | Ink::WireLabel | Ink::Arrow | Ink::Crossing => 10,
        Ink::Wire => 5,
        Ink::BoundaryWall => 2,
        Ink::Ground => 0,
    }
}

//! The minimap in a corner of the canvas: when it is shown, where it hides least, and which world cell is where in it.

use super::state::App;
use crate::diagram::{Charset, Minimap, Point, Rect, Size};

/// The smallest canvas in which there is room for it.
const ROOM: Size = Size::new(60, 18);
/// On a canvas smaller than this it stands only where it hides nothing but ground and walls.
const AMPLE: Size = Size::new(60, 26);
/// Cells of wires that it may hide more than elsewhere before it moves to another corner.
const PATIENCE: i32 = 4;

/// The minimap of what is drawn, as large as its place.
pub fn minimap(app: &App) -> Option<Minimap> {
    let place = app.map.overview?;
    let view = Rect::at(app.map.pan, app.canvas());
    let charset = if app.settings.ascii { Charset::Ascii } else { Charset::Unicode };
    let chosen = app.cursor().and_then(|id| app.map.box_of(id));
    let size = Size::new(place.width - 2, place.height - 2);
    Minimap::new(&app.map.diagram, app.map.bounds(), view, chosen, size, charset)
}

/// The columns and rows that a minimap has at most in a canvas: where there is room for it, and where there is less.
fn most(canvas: Size) -> [Size; 2] {
    [5, 8].map(|part| Size::new((canvas.width / part).clamp(12, 36), (canvas.height / part).clamp(4, 12)))
}

/// Where it stands in the canvas, its frame included: in the corner where it hides least, smaller where it hides less so.
/// Nothing where all boxes are in view, where there is no room for it, or where it would hide what is selected.
pub fn place(app: &App) -> Option<Rect> {
    let canvas = app.canvas();
    if !app.map.minimap || app.map.waiting || canvas.width < ROOM.width || canvas.height < ROOM.height {
        return None;
    }
    let view = Rect::at(app.map.pan, canvas);
    if app.map.diagram.placement.nodes.iter().all(|rect| view.covers(rect)) {
        return None;
    }
    let boxes: Vec<&Rect> = app.map.diagram.placement.nodes.iter().filter(|rect| rect.overlaps(&view)).collect();
    let selected = app.cursor().and_then(|id| app.map.rect_of(id));
    let sizes = most(canvas).into_iter().filter_map(|most| Minimap::size_of(app.map.bounds(), most));
    let mut places = sizes.flat_map(|size| corners(canvas, size)).filter_map(|area| {
        let world = area.shifted(view.x, view.y);
        Some((area, hidden(&boxes, selected, &world)? + texts(app, &world, view), wires(app, &world)))
    });
    let is_ample = canvas.width >= AMPLE.width && canvas.height >= AMPLE.height;
    if !is_ample {
        return places.find(|(_, told, wires)| *told == 0 && *wires == 0).map(|(area, ..)| area);
    }
    // Where it is it stays, unless it hides something there that is told, and that it does not hide elsewhere; or far
    // fewer wires elsewhere.
    let patience = |area: &Rect| if app.map.overview == Some(*area) { 3 * PATIENCE } else { PATIENCE };
    places.min_by_key(|(area, told, wires)| (*told, wires / patience(area))).map(|(area, ..)| area)
}

/// The corners of a canvas, with room for a minimap of a size and its frame.
fn corners(canvas: Size, size: Size) -> [Rect; 4] {
    let (width, height) = (size.width + 2, size.height + 2);
    let (right, bottom) = (canvas.width - width, canvas.height - height);
    [(right, bottom), (right, 0), (0, bottom), (0, 0)].map(|(x, y)| Rect::new(x, y, width, height))
}

/// How many cells an area of the world hides of labels of wires, and of titles of boundaries that have no room beside it.
fn texts(app: &App, area: &Rect, view: Rect) -> i32 {
    let labels = app.map.diagram.wires.iter().filter_map(|wire| wire.label).map(|label| shared(&label, area));
    let boundaries = app.map.diagram.placement.boundaries.iter().zip(&app.map.diagram.graph.boundaries);
    let titles = boundaries.map(|(walls, boundary)| {
        let title = Rect::new(walls.x, walls.y, boundary.title_width, 1);
        let (left, right) = (walls.x.max(view.x), walls.right().min(view.right()));
        let beside = if area.x > view.x { left..area.x } else { area.right()..right };
        let is_read = beside.end - beside.start >= boundary.title_width + 2;
        if is_read { 0 } else { shared(&title, area) }
    });
    labels.chain(titles).sum()
}

/// How many cells of wires an area of the world hides.
fn wires(app: &App, area: &Rect) -> i32 {
    let traffic = app.map.traffic(*area);
    let cells = (area.y..area.bottom()).flat_map(|y| (area.x..area.right()).map(move |x| Point::new(x, y)));
    i32::try_from(cells.filter(|cell| traffic.through(*cell) > 0).count()).unwrap_or(i32::MAX / 2)
}

/// How many cells two areas have in common.
fn shared(one: &Rect, other: &Rect) -> i32 {
    let columns = one.right().min(other.right()) - one.x.max(other.x);
    let rows = one.bottom().min(other.bottom()) - one.y.max(other.y);
    columns.max(0) * rows.max(0)
}

/// How many cells of boxes an area of the world hides; nothing where it hides a part of what is selected.
fn hidden(boxes: &[&Rect], selected: Option<Rect>, area: &Rect) -> Option<i32> {
    let selected = selected.filter(|rect| rect.width < area.width * 2);
    let spares_it = selected.is_none_or(|rect| shared(&rect, area) == 0);
    spares_it.then(|| boxes.iter().map(|rect| shared(rect, area)).sum())
}

/// The world cell that is shown at a cell of the canvas.
pub fn world_at(app: &App, cell: Point) -> Option<Point> {
    let area = app.map.overview?;
    Some(minimap(app)?.world(cell.x - area.x - 1, cell.y - area.y - 1))
}

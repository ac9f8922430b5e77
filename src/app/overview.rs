//! The minimap in a corner of the canvas: when it is shown, where it hides least, and which world cell is where in it.

use super::state::App;
use crate::diagram::{Charset, Minimap, Point, Rect, Size};

/// The smallest canvas in which there is room for it.
const ROOM: Size = Size::new(60, 18);
/// On a canvas smaller than this it stands only where it hides nothing but ground and walls.
const AMPLE: Size = Size::new(60, 26);
/// Cells of boxes that it may hide more than elsewhere before it moves to another corner.
const PATIENCE: i32 = 4;

/// The minimap of what is drawn, at most as large as a corner of the canvas allows.
pub fn minimap(app: &App) -> Option<Minimap> {
    let canvas = app.canvas();
    let view = Rect::at(app.map.pan, canvas);
    let charset = if app.settings.ascii { Charset::Ascii } else { Charset::Unicode };
    let chosen = app.cursor().and_then(|id| app.map.box_of(id));
    Minimap::new(&app.map.diagram, app.map.bounds(), view, chosen, most(canvas), charset)
}

/// The columns and rows that a minimap has at most in a canvas.
fn most(canvas: Size) -> Size {
    Size::new((canvas.width / 5).clamp(12, 36), (canvas.height / 5).clamp(4, 12))
}

/// Where it stands in the canvas, its frame included; nothing where all boxes are in view, where there is no room for it,
/// or where it would hide what is selected.
pub fn place(app: &App) -> Option<Rect> {
    let canvas = app.canvas();
    if !app.map.minimap || app.map.waiting || canvas.width < ROOM.width || canvas.height < ROOM.height {
        return None;
    }
    let view = Rect::at(app.map.pan, canvas);
    if app.map.diagram.placement.nodes.iter().all(|rect| view.covers(rect)) {
        return None;
    }
    let size = Minimap::size_of(app.map.bounds(), most(canvas))?;
    let (width, height) = (size.width + 2, size.height + 2);
    let (right, bottom) = (canvas.width - width, canvas.height - height);
    let corners = [(right, bottom), (right, 0), (0, bottom), (0, 0)];
    let is_ample = canvas.width >= AMPLE.width && canvas.height >= AMPLE.height;
    let areas = corners.into_iter().map(|(x, y)| Rect::new(x, y, width, height));
    let boxes: Vec<&Rect> = app.map.diagram.placement.nodes.iter().filter(|rect| rect.overlaps(&view)).collect();
    let selected = app.cursor().and_then(|id| app.map.rect_of(id));
    let hidden = |area: &Rect| hidden(&boxes, selected, &area.shifted(view.x, view.y));
    let (hidden, area) = areas.map(|area| (hidden(&area), area)).min_by_key(|(hidden, area)| {
        // A little more does not move it to another corner, and from the one where it is not much moves it.
        let patience = if app.map.overview == Some(*area) { 3 * PATIENCE } else { PATIENCE };
        let boxes = hidden.map(|cells| cells / patience).unwrap_or(i32::MAX);
        (boxes, lines(app, area) / patience)
    })?;
    hidden.filter(|cells| is_ample || *cells == 0 && lines(app, &area) == 0).map(|_| area)
}

/// How many cells of wires, their labels and the titles of boundaries an area of the canvas hides.
fn lines(app: &App, area: &Rect) -> i32 {
    let world = area.shifted(app.map.pan.x, app.map.pan.y);
    let traffic = app.map.traffic(world);
    let cells = (world.y..world.bottom()).flat_map(|y| (world.x..world.right()).map(move |x| Point::new(x, y)));
    let wires = cells.filter(|cell| traffic.through(*cell) > 0).count();
    let labels = app.map.diagram.wires.iter().filter_map(|wire| wire.label);
    let titles = app.map.diagram.placement.boundaries.iter().zip(&app.map.diagram.graph.boundaries);
    let titles = titles.map(|(walls, boundary)| Rect::new(walls.x, walls.y, boundary.title_width, 1));
    let texts: i32 = labels.chain(titles).map(|text| shared(&text, &world)).sum();
    texts + i32::try_from(wires).unwrap_or(i32::MAX / 2)
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

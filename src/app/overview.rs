//! The minimap in a corner of the canvas: when it is shown, where it hides least, and which world cell is where in it.

use super::state::App;
use crate::diagram::{Charset, Minimap, Point, Rect, Size, Traffic};

/// The smallest canvas in which there is room for it.
const ROOM: Size = Size::new(60, 18);
/// On a canvas smaller than this it stands only where it hides nothing but ground and walls.
const AMPLE: Size = Size::new(60, 26);
/// Cells of wires that it may hide more than elsewhere before it moves to another corner.
const PATIENCE: usize = 4;

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

/// Where it stands in the canvas, its frame included: in the corner where it hides least, smaller where it hides less so,
/// and at an edge where something is told in every corner.
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
    let told = Told::new(app, view);
    let sizes: Vec<Size> =
        most(canvas).into_iter().filter_map(|most| Minimap::size_of(app.map.bounds(), most)).collect();
    let corners: Vec<Rect> = sizes.iter().flat_map(|size| corners(canvas, *size)).collect();
    if canvas.width < AMPLE.width || canvas.height < AMPLE.height {
        let mut free = corners.into_iter().filter(|area| told.hidden_by(area) == Some(0) && told.wires(area) == 0);
        return free.clone().find(|area| told.beside(area) == 0).or_else(|| free.next());
    }
    // Where it is it stays, unless it hides something there that is told, and that it does not hide elsewhere; or far
    // fewer wires elsewhere.
    let is_here = |area: &Rect| app.map.overview == Some(*area);
    let cost = |area: &Rect| {
        let beside = if is_here(area) { 0 } else { told.beside(area) };
        Some((told.hidden_by(area)?, beside, told.wires(area) / if is_here(area) { 3 * PATIENCE } else { PATIENCE }))
    };
    let best = |places: &mut dyn Iterator<Item = Rect>| {
        places.filter_map(|area| Some((cost(&area)?, area))).min_by_key(|(cost, _)| *cost)
    };
    let corner = best(&mut corners.iter().copied()).filter(|((hidden, beside, _), _)| (*hidden, *beside) == (0, 0));
    let anywhere =
        || best(&mut corners.iter().copied().chain(sizes.last().into_iter().flat_map(|size| edges(canvas, *size))));
    corner.or_else(anywhere).map(|(_, area)| area)
}

/// The corners of a canvas, with room for a minimap of a size and its frame.
fn corners(canvas: Size, size: Size) -> [Rect; 4] {
    let (width, height) = (size.width + 2, size.height + 2);
    let (right, bottom) = (canvas.width - width, canvas.height - height);
    [(right, bottom), (right, 0), (0, bottom), (0, 0)].map(|(x, y)| Rect::new(x, y, width, height))
}

/// The places along the edges at the sides, for where something stands in every corner.
fn edges(canvas: Size, size: Size) -> impl Iterator<Item = Rect> {
    let (width, height) = (size.width + 2, size.height + 2);
    let right = canvas.width - width;
    (1..canvas.height - height).rev().flat_map(move |y| [right, 0].map(|x| Rect::new(x, y, width, height)))
}

/// What there is to hide in a view.
struct Told {
    view: Rect,
    selected: Option<Rect>,
    /// Boxes and labels of wires.
    texts: Vec<Rect>,
    /// The walls of boundaries, and the columns of their titles.
    titles: Vec<(Rect, i32)>,
    traffic: Traffic,
}

impl Told {
    fn new(app: &App, view: Rect) -> Told {
        let diagram = &app.map.diagram;
        let labels = diagram.wires.iter().filter_map(|wire| wire.label);
        let texts = diagram.placement.nodes.iter().copied().chain(labels).filter(|rect| rect.overlaps(&view)).collect();
        let boundaries = diagram.placement.boundaries.iter().zip(&diagram.graph.boundaries);
        let titles = boundaries.map(|(walls, boundary)| (*walls, boundary.title_width));
        Told {
            view,
            selected: app.cursor().and_then(|id| app.map.rect_of(id)),
            texts,
            titles: titles.filter(|(walls, _)| walls.overlaps(&view)).collect(),
            traffic: app.map.traffic(view),
        }
    }

    /// How many cells an area of the canvas hides of boxes, labels, and titles that have no room beside it; nothing where it
    /// hides a part of what is selected.
    fn hidden_by(&self, area: &Rect) -> Option<i32> {
        let area = area.shifted(self.view.x, self.view.y);
        let selected = self.selected.filter(|rect| rect.width < area.width * 2);
        if selected.is_some_and(|rect| rect.overlaps(&area)) {
            return None;
        }
        let titles = self.titles.iter().map(|(walls, columns)| {
            let title = Rect::new(walls.x, walls.y, *columns, 1);
            let (left, right) = (walls.x.max(self.view.x), walls.right().min(self.view.right()));
            let beside = if area.x > self.view.x { left..area.x } else { area.right()..right };
            if beside.end - beside.start >= columns + 2 { 0 } else { shared(&title, &area) }
        });
        Some(self.texts.iter().map(|text| shared(text, &area)).chain(titles).sum())
    }

    /// How many boxes and labels an area of the canvas touches.
    fn beside(&self, area: &Rect) -> usize {
        let around = area.shifted(self.view.x, self.view.y).grown(1, 1);
        self.texts.iter().filter(|text| text.overlaps(&around)).count()
    }

    /// How many cells of wires it hides.
    fn wires(&self, area: &Rect) -> usize {
        let area = area.shifted(self.view.x, self.view.y);
        let cells = (area.y..area.bottom()).flat_map(|y| (area.x..area.right()).map(move |x| Point::new(x, y)));
        cells.filter(|cell| self.traffic.through(*cell) > 0).count()
    }
}

/// How many cells two areas have in common.
fn shared(one: &Rect, other: &Rect) -> i32 {
    let columns = one.right().min(other.right()) - one.x.max(other.x);
    let rows = one.bottom().min(other.bottom()) - one.y.max(other.y);
    columns.max(0) * rows.max(0)
}

/// The world cell that is shown at a cell of the canvas.
pub fn world_at(app: &App, cell: Point) -> Option<Point> {
    let area = app.map.overview?;
    Some(minimap(app)?.world(cell.x - area.x - 1, cell.y - area.y - 1))
}

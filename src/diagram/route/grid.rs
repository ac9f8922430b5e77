//! The ground wires run on: one entry per cell of the drawing, saying what box, wall or open region it is.

use super::super::Placement;
use super::super::geometry::{Point, Rect};
use super::super::graph::{Boundary, Graph};

/// No boundary, no box.
pub(super) const NONE: u32 = u32::MAX;

/// Free cells kept around everything, so that wires can go around the outside.
const MARGIN: i32 = 6;

/// So much is kept free for a label at either side of everything.
const WIDEST_LABEL: i32 = 32;

/// In areas with more cells than this nothing is routed.
pub(crate) const MAXIMUM_AREA: i64 = 20_000_000;

/// What a cell is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Open ground.
    Free = 0,
    /// Part of a box.
    Node,
    /// Part of a wall that runs left to right: may be pierced vertically.
    LevelWall,
    /// Part of a wall that runs up and down: may be pierced horizontally.
    UprightWall,
    /// Corner or title of a boundary, or something else nobody may enter.
    Blocked,
}

/// One cell of ground.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground {
    /// What it is.
    pub kind: Kind,
    /// Whether it lies right beside a box or wall, where wires look cramped.
    pub cramped: bool,
    /// Whether it lies right before or behind a box of one row, where a wire that runs up or down looks like a part of its text.
    pub beside: bool,
    /// Whether a wire runs here.
    pub busy: bool,
    /// The box, or the boundary of the wall; [`NONE`] on open ground.
    pub owner: u32,
    /// On open ground the innermost boundary around it, elsewhere [`NONE`].
    pub region: u32,
}

/// A cell in memory: from below three bits of kind, one each for cramped, busy and beside, and the number of the owner or region
/// plus one. Open ground outside of all boundaries is zero, so that a large page costs little before it is drawn on.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Packed(u32);

impl Packed {
    const CRAMPED: u32 = 1 << 3;
    const BUSY: u32 = 1 << 4;
    const BESIDE: u32 = 1 << 5;
    const NUMBER: u32 = 6;

    const fn new(kind: Kind, cramped: bool, number: u32) -> Self {
        let cramped = if cramped { Self::CRAMPED } else { 0 };
        Self(kind as u32 | cramped | number.wrapping_add(1) << Self::NUMBER)
    }

    const fn kind(self) -> Kind {
        const KINDS: [Kind; 8] = {
            let mut kinds = [Kind::Blocked; 8];
            kinds[Kind::Free as usize] = Kind::Free;
            kinds[Kind::Node as usize] = Kind::Node;
            kinds[Kind::LevelWall as usize] = Kind::LevelWall;
            kinds[Kind::UprightWall as usize] = Kind::UprightWall;
            kinds
        };
        KINDS[(self.0 & 7) as usize]
    }

    const fn ground(self) -> Ground {
        let (kind, number) = (self.kind(), (self.0 >> Self::NUMBER).wrapping_sub(1));
        let (owner, region) = if matches!(kind, Kind::Free) { (NONE, number) } else { (number, NONE) };
        let (cramped, beside) = (self.0 & Self::CRAMPED != 0, self.0 & Self::BESIDE != 0);
        Ground { kind, cramped, beside, busy: self.0 & Self::BUSY != 0, owner, region }
    }
}

/// Bits of a column, and of a row, within a tile.
const TILE: u32 = 4;

/// The raster. Cell indices run tile by tile, and row by row within a tile: wires run up and down as much as from side to side,
/// and what lies below a cell is near it in memory, too.
pub(super) struct Grid {
    /// The world cells covered.
    pub area: Rect,
    /// Tiles side by side.
    across: usize,
    /// One [`Packed`] per cell.
    cells: Vec<u32>,
}

/// The columns of the top wall a title takes, notches included, given the walls and the width it wants.
pub(crate) fn title_span(walls: &Rect, title_width: i32) -> Rect {
    let room = (walls.width - 2 * Boundary::TITLE_INSET).max(0);
    let width = if title_width > 0 { (title_width + 2).min(room) } else { 0 };
    Rect::new(walls.x + Boundary::TITLE_INSET, walls.y, width, 1)
}

/// How many cells a drawing has to be routed over.
pub(crate) fn cells_to_route(graph: &Graph, placement: &Placement, drafts: &[Vec<Point>]) -> i64 {
    let Rect { width, height, .. } = Grid::whole(graph, placement, drafts);
    i64::from(width) * i64::from(height)
}

impl Grid {
    /// The cells of a drawing and of drafts over it, and some around it: enough at the sides for the longest label.
    pub fn whole(graph: &Graph, placement: &Placement, drafts: &[Vec<Point>]) -> Rect {
        let label = graph.edges.iter().map(|edge| edge.label_width + 2).max().unwrap_or(0).min(WIDEST_LABEL);
        let drafted = drafts.iter().flatten().map(|point| Rect::new(point.x, point.y, 1, 1));
        drafted.fold(placement.bounds(), |sum, cell| sum.union(&cell)).grown(MARGIN.max(label), MARGIN)
    }

    /// Draws boxes and walls; `None` where the area is too large to route in.
    pub fn new(graph: &Graph, placement: &Placement, area: Rect) -> Option<Self> {
        if area.is_empty() || i64::from(area.width) * i64::from(area.height) > MAXIMUM_AREA {
            return None;
        }
        let tiles = |extent: i32| (extent as usize).div_ceil(1 << TILE);
        let across = tiles(area.width);
        let mut grid = Self { area, across, cells: vec![0; (across * tiles(area.height)) << (2 * TILE)] };
        let parents: Vec<Option<usize>> = graph.boundaries.iter().map(|boundary| boundary.parent).collect();
        let mut order: Vec<usize> = (0..graph.boundaries.len()).collect();
        order.sort_by_key(|index| super::super::graph::chain(&parents, Some(*index)).len());
        for index in order {
            grid.draw_boundary(index as u32, &placement.boundaries[index], graph.boundaries[index].title_width);
        }
        for (index, rect) in placement.nodes.iter().enumerate() {
            grid.each(rect, |_, _| Packed::new(Kind::Node, false, index as u32));
            grid.each(&rect.grown(1, 1), |cell, _| Packed(cell.0 | Packed::CRAMPED));
            if rect.height == 1 {
                grid.each(&rect.grown(1, 0), |cell, _| Packed(cell.0 | Packed::BESIDE));
            }
        }
        Some(grid)
    }

    /// Changes all cells of a rectangle that are covered.
    fn each(&mut self, rect: &Rect, mut action: impl FnMut(Packed, Point) -> Packed) {
        for y in rect.y.max(self.area.y)..rect.bottom().min(self.area.bottom()) {
            for x in rect.x.max(self.area.x)..rect.right().min(self.area.right()) {
                let index = self.place(Point::new(x, y));
                self.cells[index] = action(Packed(self.cells[index]), Point::new(x, y)).0;
            }
        }
    }

    fn draw_boundary(&mut self, index: u32, rect: &Rect, title_width: i32) {
        self.each(&rect.grown(1, 1), |cell, _| Packed(cell.0 | Packed::CRAMPED));
        let title = title_span(rect, title_width);
        let (right, bottom) = (rect.right() - 1, rect.bottom() - 1);
        let rect = *rect;
        self.each(&rect, |cell, point| {
            let upright = point.x == rect.x || point.x == right;
            let level = point.y == rect.y || point.y == bottom;
            let wall = match (level, upright) {
                (true, true) => Kind::Blocked,
                (true, false) if title.contains(point) => Kind::Blocked,
                (true, false) => Kind::LevelWall,
                (false, true) => Kind::UprightWall,
                (false, false) => {
                    let beside = point.x == rect.x + 1 || point.x == right - 1;
                    let under = point.y == rect.y + 1 || point.y == bottom - 1;
                    return Packed::new(Kind::Free, beside || under, index);
                }
            };
            // While something is dragged, walls may lie on each other: nobody may pass there.
            let kind = if matches!(cell.kind(), Kind::Free) { wall } else { Kind::Blocked };
            Packed::new(kind, false, index)
        });
    }

    /// How many cells there are, a few of which lie outside of the area.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// The cell with the given index.
    pub fn at(&self, index: usize) -> Ground {
        Packed(self.cells[index]).ground()
    }

    /// Notes whether a wire runs through a cell.
    pub fn occupy(&mut self, index: usize, busy: bool) {
        let cell = self.cells[index] & !Packed::BUSY;
        self.cells[index] = if busy { cell | Packed::BUSY } else { cell };
    }

    /// The index of a cell, if it is covered.
    pub fn index(&self, point: Point) -> Option<usize> {
        self.area.contains(point).then(|| self.place(point))
    }

    /// The index of a cell that is covered.
    fn place(&self, point: Point) -> usize {
        let (x, y) = ((point.x - self.area.x) as usize, (point.y - self.area.y) as usize);
        let tile = (y >> TILE) * self.across + (x >> TILE);
        let within = |place: usize| place & ((1 << TILE) - 1);
        tile << (2 * TILE) | within(y) << TILE | within(x)
    }

    /// Where the cell with the given index is.
    pub fn point(&self, index: usize) -> Point {
        let (tile, within) = (index >> (2 * TILE), |place: usize| place & ((1 << TILE) - 1));
        let x = (tile % self.across) << TILE | within(index);
        let y = (tile / self.across) << TILE | within(index >> TILE);
        Point::new(self.area.x + x as i32, self.area.y + y as i32)
    }
}

//! The whole drawing in a few cells: every box in quadrants of a cell, the outermost boundaries as dots, and a frame
//! around what the view shows.

use super::Diagram;
use super::geometry::{Point, Rect, Side, Size};
use super::glyph::{self, Arm, Arms};
use super::scene::Charset;

/// What a cell of a minimap shows, for colouring.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum MiniInk {
    /// Nothing.
    #[default]
    Ground,
    /// The wall of an outermost boundary.
    Wall,
    /// The frame around the view.
    View,
    /// A part of a box.
    Box,
    /// The chosen box.
    Chosen,
}

/// A cell of a minimap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MiniCell {
    /// What to print.
    pub symbol: &'static str,
    /// What it shows.
    pub ink: MiniInk,
    /// Whether the view shows a part of what it stands for.
    pub in_view: bool,
}

/// A drawing in a few cells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Minimap {
    size: Size,
    extent: Rect,
    scale: Scale,
    cells: Vec<MiniCell>,
}

/// Quadrants by their bits: top left 1, top right 2, bottom left 4, bottom right 8.
const QUADRANTS: [&str; 16] = [" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█"];

/// World cells to a quadrant, as a fraction: the same for both axes, since a quadrant has the shape of a cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Scale {
    cells: i64,
    quadrants: i64,
}

impl Scale {
    /// The scale at which an extent fits into so many cells; nothing is magnified.
    fn new(extent: &Rect, most: Size) -> Self {
        let wide = Self { cells: i64::from(extent.width), quadrants: i64::from(most.width) * 2 };
        let high = Self { cells: i64::from(extent.height), quadrants: i64::from(most.height) * 2 };
        let larger = if wide.cells * high.quadrants >= high.cells * wide.quadrants { wide } else { high };
        if larger.cells <= larger.quadrants { Self { cells: 1, quadrants: 1 } } else { larger }
    }

    fn quadrant(self, from_start: i32) -> i32 {
        i32::try_from(i64::from(from_start) * self.quadrants / self.cells).unwrap_or(i32::MAX / 4)
    }

    fn world(self, quadrant: i32) -> i32 {
        i32::try_from(i64::from(quadrant) * self.cells / self.quadrants).unwrap_or(i32::MAX / 4)
    }
}

/// Which boxes can be seen where.
struct Parts {
    /// The cells of each box that nothing covers.
    left: Vec<usize>,
    /// The boxes of each cell.
    at: Vec<Vec<usize>>,
}

impl Parts {
    /// Covers a cell, as long as a part of each of its boxes stays.
    fn may_cover(&mut self, cell: usize) -> bool {
        if self.at[cell].iter().any(|part| self.left[*part] == 1) {
            return false;
        }
        for part in std::mem::take(&mut self.at[cell]) {
            self.left[part] -= 1;
        }
        true
    }
}

impl Minimap {
    /// The drawing in at most so many cells, with a frame around the part in the view and a mark on the chosen box.
    /// Nothing for an empty drawing, or where there is no cell for it. `extent` is that of the drawing, which an
    /// [`Index`](super::Index) knows.
    pub fn new(
        diagram: &Diagram,
        extent: Rect,
        view: Rect,
        chosen: Option<usize>,
        most: Size,
        charset: Charset,
    ) -> Option<Minimap> {
        let size = Minimap::size_of(extent, most)?;
        let scale = Scale::new(&extent, most);
        let ground = MiniCell { symbol: " ", ink: MiniInk::Ground, in_view: false };
        let count = usize::try_from(size.width).ok()? * usize::try_from(size.height).ok()?;
        let mut map = Minimap { size, extent, scale, cells: vec![ground; count] };
        map.walls(diagram, charset);
        let mut parts = map.boxes(diagram, charset);
        let chosen = chosen.and_then(|at| diagram.placement.nodes.get(at)).and_then(|rect| map.cells_of(rect));
        if let Some(at) = chosen.map(|cells| cells.center()) {
            map.put(at.x, at.y, if charset == Charset::Ascii { "@" } else { "◆" }, MiniInk::Chosen);
        }
        map.view(view, charset, &mut parts);
        Some(map)
    }

    /// The columns and rows of the minimap of a drawing that extends so far; nothing where there is none.
    pub fn size_of(extent: Rect, most: Size) -> Option<Size> {
        if extent.is_empty() || most.width <= 0 || most.height <= 0 {
            return None;
        }
        let scale = Scale::new(&extent, most);
        Some(Size::new(scale.quadrant(extent.width - 1) / 2 + 1, scale.quadrant(extent.height - 1) / 2 + 1))
    }

    /// Columns and rows.
    pub const fn size(&self) -> Size {
        self.size
    }

    /// A cell; outside of it there is nothing.
    pub fn cell(&self, x: i32, y: i32) -> Option<&MiniCell> {
        self.cells.get(self.index(x, y)?)
    }

    /// The world cell in the middle of what a cell stands for; for one outside, that of the nearest one inside.
    pub fn world(&self, x: i32, y: i32) -> Point {
        let middle = |at: i32, cells: i32, start: i32, length: i32| {
            let quadrant = at.clamp(0, cells - 1) * 2 + 1;
            start + self.scale.world(quadrant).min(length - 1)
        };
        Point::new(
            middle(x, self.size.width, self.extent.x, self.extent.width),
            middle(y, self.size.height, self.extent.y, self.extent.height),
        )
    }

    /// The cells that stand for a part of a world rectangle, if there are any.
    pub fn cells_of(&self, rect: &Rect) -> Option<Rect> {
        let quadrants = self.quadrants_of(rect)?;
        let (x, y) = (quadrants.x / 2, quadrants.y / 2);
        Some(Rect::new(x, y, (quadrants.right() - 1) / 2 - x + 1, (quadrants.bottom() - 1) / 2 - y + 1))
    }

    fn quadrants_of(&self, rect: &Rect) -> Option<Rect> {
        if rect.is_empty() || !rect.overlaps(&self.extent) {
            return None;
        }
        let span = |start: i32, end: i32, origin: i32, length: i32| {
            let first = self.scale.quadrant(start.max(origin) - origin);
            let last = self.scale.quadrant(end.min(origin + length) - 1 - origin);
            (first, last - first + 1)
        };
        let (x, width) = span(rect.x, rect.right(), self.extent.x, self.extent.width);
        let (y, height) = span(rect.y, rect.bottom(), self.extent.y, self.extent.height);
        Some(Rect::new(x, y, width, height))
    }

    fn index(&self, x: i32, y: i32) -> Option<usize> {
        let inside = x >= 0 && y >= 0 && x < self.size.width && y < self.size.height;
        inside.then(|| usize::try_from(y * self.size.width + x).ok())?
    }

    fn put(&mut self, x: i32, y: i32, symbol: &'static str, ink: MiniInk) {
        if let Some(index) = self.index(x, y) {
            self.cells[index].symbol = symbol;
            self.cells[index].ink = ink;
        }
    }

    fn walls(&mut self, diagram: &Diagram, charset: Charset) {
        let parents = diagram.graph.parents();
        let dot = if charset == Charset::Ascii { "." } else { "·" };
        for (rect, parent) in diagram.placement.boundaries.iter().zip(&parents) {
            let Some(cells) = self.cells_of(rect).filter(|_| parent.is_none()) else { continue };
            for (x, y) in edges(&cells) {
                self.put(x, y, dot, MiniInk::Wall);
            }
        }
    }

    /// Fills the quadrants of the boxes.
    fn boxes(&mut self, diagram: &Diagram, charset: Charset) -> Parts {
        let mut filled = vec![0_usize; self.cells.len()];
        let mut parts = Parts { left: Vec::new(), at: vec![Vec::new(); self.cells.len()] };
        for rect in &diagram.placement.nodes {
            let Some(quadrants) = self.quadrants_of(rect) else { continue };
            let mut left = 0;
            for y in quadrants.y..quadrants.bottom() {
                for x in quadrants.x..quadrants.right() {
                    let Some(index) = self.index(x / 2, y / 2) else { continue };
                    filled[index] |= 1 << ((x % 2) + 2 * (y % 2));
                    // Boxes come one after the other: a cell that has this one has it last.
                    if parts.at[index].last() != Some(&parts.left.len()) {
                        parts.at[index].push(parts.left.len());
                        left += 1;
                    }
                }
            }
            parts.left.push(left);
        }
        for (cell, bits) in self.cells.iter_mut().zip(filled).filter(|(_, bits)| *bits > 0) {
            cell.symbol = if charset == Charset::Ascii { "#" } else { QUADRANTS[bits % 16] };
            cell.ink = MiniInk::Box;
        }
        parts
    }

    /// Marks what the view shows, and frames it: over boxes, too, as long as a part of each stays.
    fn view(&mut self, view: Rect, charset: Charset, parts: &mut Parts) {
        let Some(cells) = self.cells_of(&view) else { return };
        for y in cells.y..cells.bottom() {
            for x in cells.x..cells.right() {
                if let Some(index) = self.index(x, y) {
                    self.cells[index].in_view = true;
                }
            }
        }
        let (right, bottom) = (cells.right() - 1, cells.bottom() - 1);
        let mut frame = edges(&cells);
        // Corners first: they say most.
        frame.sort_by_key(|(x, y)| !((*x == cells.x || *x == right) && (*y == cells.y || *y == bottom)));
        for (x, y) in frame {
            let Some(index) = self.index(x, y).filter(|index| self.cells[*index].ink != MiniInk::Chosen) else {
                continue;
            };
            if !parts.may_cover(index) {
                continue;
            }
            let mut arms: Arms = [Arm::None; 4];
            let mut arm = |side: Side, is: bool| {
                if is {
                    arms[side.index()] = Arm::Heavy;
                }
            };
            let (level, upright) = (y == cells.y || y == bottom, x == cells.x || x == right);
            arm(Side::Left, level && x > cells.x);
            arm(Side::Right, level && x < right);
            arm(Side::Up, upright && y > cells.y);
            arm(Side::Down, upright && y < bottom);
            let symbol = match (arms == [Arm::None; 4], charset) {
                // A view of a single cell has no sides.
                (true, Charset::Unicode) => "╋",
                (true, Charset::Ascii) => "+",
                (false, Charset::Unicode) => glyph::unicode(&arms, false),
                (false, Charset::Ascii) => glyph::ascii(&arms),
            };
            self.put(x, y, symbol, MiniInk::View);
        }
    }
}

/// The cells at the edges of a rectangle.
fn edges(rect: &Rect) -> Vec<(i32, i32)> {
    let (right, bottom) = (rect.right() - 1, rect.bottom() - 1);
    let rows = (rect.y..rect.bottom()).flat_map(|y| (rect.x..rect.right()).map(move |x| (x, y)));
    rows.filter(|(x, y)| *x == rect.x || *x == right || *y == rect.y || *y == bottom).collect()
}

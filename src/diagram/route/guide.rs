//! A rough map of the ground, one entry per block of cells: how far it is to a box around everything that a wire must
//! not run through. A search on a large page follows it instead of feeling its way along the walls of other boundaries.

use super::super::geometry::{Point, Rect};
use super::grid::{Grid, Kind, NONE};

/// Columns and rows of a block: going through it level or upright costs about the same.
const BLOCK: (i32, i32) = (8, 4);

/// What going through a block costs.
const STEP: u32 = 16;

/// So many blocks beyond the source are measured, too, for ways that begin with a detour.
const BEYOND: u32 = 40;

/// What is not reachable by the rough map may still be by the cells: it is looked at last.
const UNKNOWN: u32 = 4_000;

/// Different regions that are remembered of a block; the rest counts as closed.
const REGIONS: usize = 3;

/// A place of [`Guide::regions`] that is not used. No boundary has this number, and the page has [`NONE`].
const UNUSED: u32 = NONE - 1;

/// The rough map, and the distances to the box that was measured last.
pub(super) struct Guide {
    area: Rect,
    columns: i32,
    rows: i32,
    /// The regions in which a block has open ground.
    regions: Vec<[u32; REGIONS]>,
    /// Blocks to the box, counted from [`Guide::zero`]; what is smaller is left from earlier measurements.
    steps: Vec<u32>,
    zero: u32,
    frontier: Vec<u32>,
    next: Vec<u32>,
}

impl Guide {
    /// The rough map of a grid.
    pub fn new(grid: &Grid) -> Self {
        let area = grid.area;
        let columns = (area.width + BLOCK.0 - 1) / BLOCK.0;
        let rows = (area.height + BLOCK.1 - 1) / BLOCK.1;
        let count = (columns * rows) as usize;
        let mut regions = vec![[UNUSED; REGIONS]; count];
        for (y, line) in grid.cells.chunks(area.width as usize).enumerate() {
            let start = (y as i32 / BLOCK.1 * columns) as usize;
            for (block, cells) in line.chunks(BLOCK.0 as usize).enumerate() {
                let known = &mut regions[start + block];
                for cell in cells.iter().filter(|cell| cell.kind == Kind::Free) {
                    if let Some(place) = known.iter_mut().find(|known| **known == UNUSED || **known == cell.region) {
                        *place = cell.region;
                    }
                }
            }
        }
        let (steps, zero) = (vec![0; count], 1);
        Self { area, columns, rows, regions, steps, zero, frontier: Vec::new(), next: Vec::new() }
    }

    fn block(&self, point: Point) -> (i32, i32) {
        let (x, y) = ((point.x - self.area.x) / BLOCK.0, (point.y - self.area.y) / BLOCK.1);
        (x.clamp(0, self.columns - 1), y.clamp(0, self.rows - 1))
    }

    /// Measures how far it is to `target` from everywhere around `source`, over the given regions alone.
    pub fn measure(&mut self, source: &Rect, target: &Rect, through: &[u32]) {
        self.zero = match self.steps.iter().max() {
            Some(most) if *most > u32::MAX / 2 => {
                self.steps.fill(0);
                1
            }
            _ => self.zero + self.columns as u32 * self.rows as u32 + 1,
        };
        let around = |rect: &Rect| {
            let rect = rect.grown(1, 1);
            (self.block(rect.origin()), self.block(Point::new(rect.right() - 1, rect.bottom() - 1)))
        };
        let ((left, top), (right, bottom)) = around(target);
        let ((own_left, own_top), (own_right, own_bottom)) = around(source);
        self.frontier.clear();
        for y in top..=bottom {
            for x in left..=right {
                let index = y * self.columns + x;
                self.steps[index as usize] = self.zero;
                self.frontier.push(index as u32);
            }
        }
        let mut distance = self.zero;
        let mut last = u32::MAX;
        while !self.frontier.is_empty() && distance < last {
            distance += 1;
            let mut next = std::mem::take(&mut self.next);
            next.clear();
            for index in &self.frontier {
                let (x, y) = (*index as i32 % self.columns, *index as i32 / self.columns);
                if last == u32::MAX && x >= own_left && x <= own_right && y >= own_top && y <= own_bottom {
                    last = distance + BEYOND;
                }
                for (x, y) in [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)] {
                    if x < 0 || y < 0 || x >= self.columns || y >= self.rows {
                        continue;
                    }
                    let other = (y * self.columns + x) as usize;
                    if self.steps[other] < self.zero && self.regions[other].iter().any(|own| through.contains(own)) {
                        self.steps[other] = distance;
                        next.push(other as u32);
                    }
                }
            }
            self.next = std::mem::replace(&mut self.frontier, next);
        }
    }

    /// About what it costs to get from a cell to the box measured last; nothing where it is near enough to be seen.
    pub fn remaining(&self, point: Point) -> u32 {
        let (x, y) = self.block(point);
        let mut least = UNKNOWN;
        for (x, y) in [(x, y), (x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)] {
            if x < 0 || y < 0 || x >= self.columns || y >= self.rows {
                continue;
            }
            let Some(steps) = self.steps[(y * self.columns + x) as usize].checked_sub(self.zero) else { continue };
            if steps <= 2 {
                return 0;
            }
            let middle = (self.area.x + x * BLOCK.0 + BLOCK.0 / 2, self.area.y + y * BLOCK.1 + BLOCK.1 / 2);
            let aside = 2 * (point.x - middle.0).unsigned_abs() + 4 * (point.y - middle.1).unsigned_abs();
            least = least.min(steps * STEP + aside);
        }
        least.saturating_sub(STEP)
    }
}

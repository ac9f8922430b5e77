//! A rough map of the ground, one entry per block of cells: how far it is to a box around everything that a wire must
//! not run through. A search on a large page follows it instead of feeling its way along the walls of other boundaries.

use super::super::geometry::{Point, Rect};
use super::grid::{Grid, Kind, NONE};

/// Columns and rows of a block: going through it level or upright costs about the same.
const BLOCK: (i32, i32) = (8, 4);

/// On more cells than this blocks are twice as wide and high.
const MANY_CELLS: usize = 400_000;

/// What going through a cell of a block costs, in columns.
const COLUMN: u32 = 2;

/// So many columns beyond the source are measured, too, for ways that begin with a detour.
const BEYOND: u32 = 320;

/// What is not reachable by the rough map may still be by the cells: it is looked at last.
const UNKNOWN: u32 = 4_000;

/// Different regions that are remembered of a block; the rest counts as closed.
const REGIONS: usize = 4;

/// A place of [`Guide::regions`] that is not used.
const UNUSED: u32 = 0;

/// The number of a region in a rough map.
fn number(region: u32) -> u32 {
    if region == NONE { 1 } else { region + 2 }
}

/// The rough map, and the distances to the box that was measured last.
pub(super) struct Guide {
    area: Rect,
    /// Columns and rows of a block.
    block: (i32, i32),
    columns: i32,
    rows: i32,
    /// The regions in which a block has open ground.
    regions: Vec<[u32; REGIONS]>,
    /// Blocks to the box, counted from [`Guide::zero`]; what is smaller is left from earlier measurements.
    steps: Vec<u32>,
    zero: u32,
    frontier: Vec<u32>,
    next: Vec<u32>,
    /// Whether a wire may run through each region.
    open: Vec<bool>,
}

impl Guide {
    /// The rough map of a grid.
    pub fn new(grid: &Grid) -> Self {
        let area = grid.area;
        let scale = if grid.len() > MANY_CELLS { 2 } else { 1 };
        let block = (scale * BLOCK.0, scale * BLOCK.1);
        let columns = (area.width + block.0 - 1) / block.0;
        let rows = (area.height + block.1 - 1) / block.1;
        let count = (columns * rows) as usize;
        let mut regions = vec![[UNUSED; REGIONS]; count];
        for index in 0..grid.len() {
            let (cell, point) = (grid.at(index), grid.point(index));
            if cell.kind == Kind::Free && area.contains(point) {
                let (x, y) = (point.x - area.x, point.y - area.y);
                let known = &mut regions[(y / block.1 * columns + x / block.0) as usize];
                let own = number(cell.region);
                if let Some(place) = known.iter_mut().find(|known| **known == UNUSED || **known == own) {
                    *place = own;
                }
            }
        }
        let most = regions.iter().flatten().max().map_or(0, |most| *most as usize);
        let (steps, zero, open) = (vec![0; count], 1, vec![false; most + 1]);
        Self { area, block, columns, rows, regions, steps, zero, frontier: Vec::new(), next: Vec::new(), open }
    }

    fn block(&self, point: Point) -> (i32, i32) {
        let (x, y) = ((point.x - self.area.x) / self.block.0, (point.y - self.area.y) / self.block.1);
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
        self.open.fill(false);
        for region in through {
            if let Some(open) = self.open.get_mut(number(*region) as usize) {
                *open = true;
            }
        }
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
                    last = distance + BEYOND / self.block.0 as u32;
                }
                for (x, y) in [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)] {
                    if x < 0 || y < 0 || x >= self.columns || y >= self.rows {
                        continue;
                    }
                    let other = (y * self.columns + x) as usize;
                    if self.steps[other] < self.zero && self.regions[other].iter().any(|own| self.open[*own as usize]) {
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
        let step = COLUMN * self.block.0 as u32;
        let mut least = UNKNOWN;
        for (x, y) in [(x, y), (x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)] {
            if x < 0 || y < 0 || x >= self.columns || y >= self.rows {
                continue;
            }
            let Some(steps) = self.steps[(y * self.columns + x) as usize].checked_sub(self.zero) else { continue };
            if steps <= 2 {
                return 0;
            }
            let (width, height) = self.block;
            let middle = (self.area.x + x * width + width / 2, self.area.y + y * height + height / 2);
            let aside = 2 * (point.x - middle.0).unsigned_abs() + 4 * (point.y - middle.1).unsigned_abs();
            least = least.min(steps * step + aside);
        }
        least.saturating_sub(step)
    }
}

//! Crooked seams: one cell of every column of a raster, found and taken out again and again.
//!
//! The raster is kept column by column, so that taking out a seam moves what is below it in every column, and little of
//! what was found out about cells has to be found out anew.

/// What a cell holds, as far as distances matter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Content {
    /// Nothing.
    Empty,
    /// An upright wire or wall: may be shortened.
    Upright,
    /// A wire or label.
    Line,
    /// A box or wall.
    Solid,
}

/// Whether a cell may be taken out, given what it and the two cells above and below it hold. If `turned`, rows of the raster
/// are columns of the drawing: those are half as wide as rows are high, so two are left between solid things.
pub(super) fn may_remove(around: impl Fn(i32) -> Content, turned: bool) -> bool {
    match around(0) {
        Content::Solid | Content::Line => return false,
        Content::Upright => return true,
        Content::Empty => {}
    }
    let (above, below) = (around(-1), around(1));
    let (one, two) = (above != Content::Empty, below != Content::Empty);
    if one && two && (turned || above == Content::Solid || below == Content::Solid) {
        return false;
    }
    let narrow = above == Content::Solid && !two && around(2) == Content::Solid
        || below == Content::Solid && !one && around(-2) == Content::Solid;
    !(turned && narrow)
}

/// The columns of a raster, from which seams were taken out.
pub(super) struct Seams {
    width: usize,
    /// Rows at first, and rows left.
    stride: usize,
    height: usize,
    content: Vec<Content>,
    /// Whether a cell and the one to its right have to move together.
    linked: Vec<bool>,
    removable: Vec<bool>,
    /// The row in which each cell was at first.
    origin: Vec<u32>,
    turned: bool,
    /// While a seam is looked for: where it comes from, for every cell.
    from: Vec<u32>,
}

impl Seams {
    /// The columns of a raster that is given row by row.
    pub fn new(width: usize, content: &[Content], linked: &[bool], turned: bool) -> Self {
        let height = content.len().checked_div(width).unwrap_or(0);
        let mut seams = Self {
            width,
            stride: height,
            height,
            content: vec![Content::Empty; content.len()],
            linked: vec![false; content.len()],
            removable: vec![false; content.len()],
            origin: (0..width).flat_map(|_| 0..height as u32).collect(),
            turned,
            from: vec![0; content.len()],
        };
        // A few columns at a time: each line of memory is read once, and each is written soon after the one before.
        const BLOCK: usize = 16;
        for first in (0..width).step_by(BLOCK) {
            for y in 0..height {
                for x in first..(first + BLOCK).min(width) {
                    seams.content[x * height + y] = content[y * width + x];
                    seams.linked[x * height + y] = linked[y * width + x];
                }
            }
        }
        for x in 0..width {
            (0..height).for_each(|y| seams.look(x, y));
        }
        seams
    }

    /// Cells left.
    pub fn area(&self) -> usize {
        self.width * self.height
    }

    /// Finds out whether a cell may be taken out.
    fn look(&mut self, x: usize, y: usize) {
        let start = x * self.stride;
        let column = &self.content[start..start + self.height];
        let at = |step: i32| y.checked_add_signed(step as isize).and_then(|y| column.get(y)).copied();
        let held = self.linked[start + y] || x > 0 && self.linked[start - self.stride + y];
        self.removable[start + y] = !held && may_remove(|step| at(step).unwrap_or(Content::Empty), self.turned);
    }

    /// Takes out the seam with the least change of rows; whether there was one.
    pub fn take(&mut self) -> bool {
        const FAR: u32 = u32::MAX;
        let height = self.height;
        if height == 0 || self.width == 0 {
            return false;
        }
        // What it costs to be in each row of the column before.
        let mut cost = vec![0_u32; height];
        for x in 0..self.width {
            let start = x * self.stride;
            let origin = &mut self.from[start..start + height];
            origin.iter_mut().zip(0..).for_each(|(origin, row)| *origin = row);
            if let Some(before) = start.checked_sub(self.stride) {
                // Along rows that nothing links; the nearest cheap row wins.
                let linked = &self.linked[before..before + height];
                for slot in 1..height {
                    let next = cost[slot - 1].saturating_add(1);
                    if next < cost[slot] && !linked[slot] && !linked[slot - 1] {
                        cost[slot] = next;
                        origin[slot] = origin[slot - 1];
                    }
                }
                for slot in (1..height).rev() {
                    let next = cost[slot].saturating_add(1);
                    if next < cost[slot - 1] && !linked[slot] && !linked[slot - 1] {
                        cost[slot - 1] = next;
                        origin[slot - 1] = origin[slot];
                    }
                }
            }
            let mut is_open = false;
            for (cost, is_removable) in cost.iter_mut().zip(&self.removable[start..start + height]) {
                *cost = if *is_removable { *cost } else { FAR };
                is_open |= *cost != FAR;
            }
            if !is_open {
                return false;
            }
        }
        let Some((mut row, _)) = cost.iter().enumerate().min_by_key(|(_, cost)| **cost) else { return false };
        let mut cut = vec![0; self.width];
        for x in (0..self.width).rev() {
            cut[x] = row;
            row = self.from[x * self.stride + row] as usize;
        }
        self.remove(&cut);
        true
    }

    fn remove(&mut self, cut: &[usize]) {
        for (x, row) in cut.iter().enumerate() {
            let (start, end) = (x * self.stride, x * self.stride + self.height);
            let below = start + row + 1..end;
            self.content.copy_within(below.clone(), start + row);
            self.linked.copy_within(below.clone(), start + row);
            self.removable.copy_within(below.clone(), start + row);
            self.origin.copy_within(below, start + row);
        }
        self.height -= 1;
        // Between the rows of two neighbouring columns nothing is linked: only what is near the seam changed.
        for (x, row) in cut.iter().enumerate() {
            (row.saturating_sub(2)..(row + 2).min(self.height)).for_each(|y| self.look(x, y));
        }
    }

    /// Where every cell is now, column by column: nothing for one that was taken out.
    pub fn rows(&self) -> Vec<Option<u32>> {
        let mut rows = vec![None; self.width * self.stride];
        for x in 0..self.width {
            let start = x * self.stride;
            for (row, origin) in (0..).zip(&self.origin[start..start + self.height]) {
                rows[start + *origin as usize] = Some(row);
            }
        }
        rows
    }
}

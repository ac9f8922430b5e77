//! The ground on which a wire is looked for first: the cells around the course that the layout had in mind for it. There it
//! crosses what the layout could not help, and little else; and little is searched.
//!
//! Only drawings without boundaries have corridors: the layout knows too little of what is around walls, and a search that
//! is free to choose crosses less there.

use super::super::Direction;
use super::super::geometry::{Point, Rect};

/// Cells to either side of the course, along the layers: of drawings downwards and of those to the right.
const ASIDE: (i32, i32) = (10, 5);

/// Cells beyond both boxes, across the layers.
const BEYOND: i32 = 4;

/// For every line across the layers, the cells of it that belong to the corridor.
pub(super) struct Corridor {
    /// Whether the layers follow each other to the right.
    right: bool,
    /// The first line.
    first: i32,
    lines: Vec<(i32, i32)>,
}

impl Corridor {
    /// The corridor from one box over some places to another box.
    pub fn new(direction: Direction, from: &Rect, course: &[Rect], to: &Rect) -> Self {
        let right = direction == Direction::Right;
        // Start and end along the layers, and across.
        let turn = |rect: &Rect| match right {
            true => ((rect.y, rect.bottom()), (rect.x, rect.right())),
            false => ((rect.x, rect.right()), (rect.y, rect.bottom())),
        };
        let aside = if right { ASIDE.1 } else { ASIDE.0 };
        let mut stations: Vec<((i32, i32), (i32, i32))> = [from, to].into_iter().chain(course).map(turn).collect();
        stations.sort_unstable_by_key(|(_, across)| *across);
        let first = stations.iter().map(|(_, across)| across.0).min().unwrap_or(0) - BEYOND;
        let last = stations.iter().map(|(_, across)| across.1).max().unwrap_or(0) + BEYOND;
        let mut lines = vec![(i32::MAX, i32::MIN); (last - first).max(0) as usize];
        let mut open = |(start, end): (i32, i32), (above, below): (i32, i32)| {
            for line in above - first..below - first {
                if let Some(line) = lines.get_mut(line as usize) {
                    *line = (line.0.min(start - aside), line.1.max(end + aside));
                }
            }
        };
        for (along, across) in &stations {
            open(*along, (across.0 - BEYOND, across.1 + BEYOND));
        }
        // Between two layers a wire runs along them.
        for pair in stations.windows(2) {
            let ((one, above), (two, below)) = (pair[0], pair[1]);
            open((one.0.min(two.0), one.1.max(two.1)), (above.1, below.0));
        }
        Self { right, first, lines }
    }

    /// Whether a cell belongs to it.
    pub fn contains(&self, point: Point) -> bool {
        let (along, across) = if self.right { (point.y, point.x) } else { (point.x, point.y) };
        let line = usize::try_from(across - self.first).ok().and_then(|line| self.lines.get(line));
        line.is_some_and(|(start, end)| (*start..*end).contains(&along))
    }
}

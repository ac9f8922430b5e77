//! Compaction of a routed drawing: seams of cells that nobody needs are taken out.
//!
//! A seam runs from the left edge to the right edge through one cell per column; taking it out moves everything below
//! it up by one row. It may change rows between two columns only where nothing level connects them, so boxes, walls,
//! level wires and labels stay in one piece, upright wires and walls get shorter, and nesting, piercings and sharing
//! stay what they were. Columns are taken out the same way with the drawing turned over its diagonal.

use super::geometry::{Point, Rect, Size};
use super::graph::Graph;
use super::layout::{Child, Roomy};
use super::route::title_span;
use super::{Direction, Placement, Wire};

/// Cells that may be looked at for crooked seams before compaction is content with what it has.
const WORK_LIMIT: usize = 2_500_000;

/// Everything that moves.
struct Work {
    nodes: Vec<Rect>,
    boundaries: Vec<Rect>,
    titles: Vec<Rect>,
    labels: Vec<Option<Rect>>,
    paths: Vec<Vec<Point>>,
    crossings: Vec<Vec<(usize, Point)>>,
    /// Whether the drawing is turned: its rows are columns.
    turned: bool,
}

/// What a cell holds, as far as distances matter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Content {
    Empty,
    /// An upright wire or wall: may be shortened.
    Upright,
    /// A wire or label.
    Line,
    /// A box or wall.
    Solid,
}

/// One raster of a drawing.
struct Raster {
    area: Rect,
    content: Vec<Content>,
    /// Whether a cell and the next one in its row have to move together.
    linked: Vec<bool>,
}

impl Raster {
    fn index(&self, x: i32, y: i32) -> Option<usize> {
        self.area
            .contains(Point::new(x, y))
            .then(|| ((y - self.area.y) as usize) * self.area.width as usize + (x - self.area.x) as usize)
    }

    fn fill(&mut self, x: i32, y: i32, content: Content) {
        if let Some(index) = self.index(x, y) {
            self.content[index] = self.content[index].max(content);
        }
    }

    /// Ties the cells `from..=to` of a row together.
    fn link(&mut self, from: i32, to: i32, y: i32) {
        for x in from..to {
            if let Some(index) = self.index(x, y) {
                self.linked[index] = true;
            }
        }
    }

    /// Makes sure that a cell is not taken out.
    fn keep(&mut self, x: i32, y: i32) {
        self.link(x - 1, x + 1, y);
    }

    fn at(&self, x: i32, y: i32) -> Content {
        self.index(x, y).map_or(Content::Empty, |index| self.content[index])
    }

    fn may_remove(&self, x: i32, y: i32, turned: bool) -> bool {
        let Some(index) = self.index(x, y) else { return false };
        if self.linked[index] || (x > self.area.x && self.linked[index - 1]) {
            return false;
        }
        match self.content[index] {
            Content::Solid | Content::Line => return false,
            Content::Upright => return true,
            Content::Empty => {}
        }
        let (above, below) = (self.at(x, y - 1), self.at(x, y + 1));
        let (one, two) = (above != Content::Empty, below != Content::Empty);
        if one && two && (turned || above == Content::Solid || below == Content::Solid) {
            return false;
        }
        // Columns are half as wide as rows are high, so two are left between solid things.
        let narrow = above == Content::Solid && !two && self.at(x, y + 2) == Content::Solid
            || below == Content::Solid && !one && self.at(x, y - 2) == Content::Solid;
        !(turned && narrow)
    }
}

impl Work {
    fn turn(&mut self) {
        let rect = |rect: &mut Rect| *rect = Rect::new(rect.y, rect.x, rect.height, rect.width);
        let point = |point: &mut Point| *point = Point::new(point.y, point.x);
        self.nodes.iter_mut().chain(&mut self.boundaries).chain(&mut self.titles).for_each(rect);
        self.labels.iter_mut().flatten().for_each(rect);
        self.paths.iter_mut().flatten().for_each(point);
        self.crossings.iter_mut().flatten().for_each(|(_, place)| point(place));
        self.turned = !self.turned;
    }

    fn bounds(&self) -> Rect {
        let rects = self.nodes.iter().chain(&self.boundaries).chain(self.labels.iter().flatten());
        let sum = rects.fold(Rect::default(), |sum, rect| sum.union(rect));
        let points = self.paths.iter().flatten().map(|point| Rect::new(point.x, point.y, 1, 1));
        points.fold(sum, |sum, rect| sum.union(&rect))
    }

    fn rect(&self, child: Child) -> Rect {
        match child {
            Child::Node(index) => self.nodes[index],
            Child::Boundary(index) => self.boundaries[index],
        }
    }

    /// `level` lists pieces that stand side by side in the rows as they are now.
    fn raster(&self, level: &[Vec<Child>]) -> Raster {
        let area = self.bounds();
        let count = (area.width.max(0) as usize) * (area.height.max(0) as usize);
        let mut raster = Raster { area, content: vec![Content::Empty; count], linked: vec![false; count] };
        // What stands beside a box or wall within this distance moves with it, so that nothing slips in beside it.
        let halo = if self.turned { 1 } else { 2 };
        for walls in &self.boundaries {
            let (right, bottom) = (walls.right() - 1, walls.bottom() - 1);
            for y in [walls.y, bottom] {
                for x in walls.x - halo..=right + halo {
                    raster.fill(x, y, Content::Solid);
                }
                raster.link(walls.x - halo, right + halo, y);
            }
            for y in walls.y + 1..bottom {
                raster.fill(walls.x, y, Content::Upright);
                raster.fill(right, y, Content::Upright);
            }
        }
        for title in &self.titles {
            // The notches and a cell of wall to either side; an upright title when turned.
            let span = if self.turned { title.grown(0, 1) } else { title.grown(1, 0) };
            for y in span.y..span.bottom() {
                for x in span.x..span.right() {
                    raster.keep(x, y);
                }
            }
        }
        for node in &self.nodes {
            for y in node.y..node.bottom() {
                for x in node.x - halo..node.right() + halo {
                    raster.fill(x, y, Content::Solid);
                }
                raster.link(node.x - halo, node.right() - 1 + halo, y);
            }
        }
        for label in self.labels.iter().flatten() {
            for y in label.y..label.bottom() {
                for x in label.x..label.right() {
                    raster.fill(x, y, Content::Line);
                }
                raster.link(label.x - 1, label.right(), y);
            }
        }
        for path in &self.paths {
            for pair in path.windows(2) {
                if pair[0].y == pair[1].y {
                    raster.link(pair[0].x.min(pair[1].x), pair[0].x.max(pair[1].x), pair[0].y);
                    pair.iter().for_each(|point| raster.fill(point.x, point.y, Content::Line));
                } else {
                    pair.iter().for_each(|point| raster.fill(point.x, point.y, Content::Upright));
                }
            }
            for point in path.first().into_iter().chain(path.last()) {
                raster.keep(point.x, point.y);
                raster.fill(point.x, point.y, Content::Upright);
            }
        }
        for row in level {
            for pair in row.windows(2) {
                let (one, two) = (self.rect(pair[0]), self.rect(pair[1]));
                let (left, right) = if one.x <= two.x { (one, two) } else { (two, one) };
                let smaller = if left.height <= right.height { left } else { right };
                raster.link(left.right() - 1, right.x, smaller.center().y);
            }
        }
        raster
    }

    /// Moves everything: `shift` says how far a cell moves up, or that it is taken out.
    fn apply(&mut self, shift: impl Fn(Point) -> Option<i32>) {
        let by = |point: Point| shift(point).unwrap_or(0);
        for rect in self.nodes.iter_mut().chain(&mut self.titles).chain(self.labels.iter_mut().flatten()) {
            rect.y -= by(rect.origin());
        }
        for walls in &mut self.boundaries {
            let top = walls.y - by(walls.origin());
            let bottom = walls.bottom() - by(Point::new(walls.x, walls.bottom() - 1));
            *walls = Rect::new(walls.x, top, walls.width, bottom - top);
        }
        for path in &mut self.paths {
            path.retain_mut(|point| match shift(*point) {
                Some(rows) => {
                    point.y -= rows;
                    true
                }
                None => false,
            });
        }
        for (_, point) in self.crossings.iter_mut().flatten() {
            point.y -= by(*point);
        }
    }

    /// Takes out straight rows until there are none; whether there were any.
    fn remove_straight(&mut self, level: &[Vec<Child>]) -> bool {
        let mut changed = false;
        loop {
            let raster = self.raster(level);
            let area = raster.area;
            let mut removed: Vec<i32> = Vec::new();
            for y in area.y..area.bottom() {
                // Two neighbouring rows may each be spare but not both: the second one has to wait.
                let waits = removed.last().is_some_and(|last| *last + 2 >= y);
                if !waits && (area.x..area.right()).all(|x| raster.may_remove(x, y, self.turned)) {
                    removed.push(y);
                }
            }
            if removed.is_empty() {
                return changed;
            }
            changed = true;
            self.apply(|point| {
                let slot = removed.partition_point(|row| *row < point.y);
                (removed.get(slot) != Some(&point.y)).then_some(slot as i32)
            });
        }
    }

    /// Takes out crooked seams while there is work left; whether there were any.
    fn remove_crooked(&mut self, level: &[Vec<Child>], work: &mut usize) -> bool {
        let mut changed = false;
        loop {
            let raster = self.raster(level);
            *work = match work.checked_sub(raster.content.len()) {
                Some(left) => left,
                None => return changed,
            };
            let Some(cut) = seam(&raster, self.turned) else { return changed };
            let start = raster.area.x;
            changed = true;
            self.apply(|point| {
                let row = cut[(point.x - start).clamp(0, cut.len() as i32 - 1) as usize];
                (point.y != row).then_some(i32::from(point.y > row))
            });
        }
    }
}

/// So many columns of a raster are turned at a time: its rows are read one after the other, and most searches for a seam end
/// long before the last column.
const COLUMNS: usize = 32;

/// Columns of a raster, one after the other: what a seam may take out, and between which rows it may slide.
struct Columns {
    height: usize,
    removable: Vec<bool>,
    free: Vec<bool>,
}

impl Columns {
    fn read(&mut self, raster: &Raster, first: usize, turned: bool) {
        let (area, width) = (raster.area, raster.area.width as usize);
        for slot in 0..self.height {
            let y = area.y + slot as i32;
            for column in 0..COLUMNS.min(width - first) {
                let at = column * self.height + slot;
                self.removable[at] = raster.may_remove(area.x + (first + column) as i32, y, turned);
                self.free[at] = !raster.linked[slot * width + first + column];
            }
        }
    }
}

/// The seam with the least change of rows: the row it takes out of every column.
fn seam(raster: &Raster, turned: bool) -> Option<Vec<i32>> {
    let (area, width, height) = (raster.area, raster.area.width as usize, raster.area.height as usize);
    if area.is_empty() {
        return None;
    }
    const FAR: u32 = u32::MAX;
    let mut columns = Columns { height, removable: vec![false; COLUMNS * height], free: vec![false; COLUMNS * height] };
    // Of the column before: what it costs to be in a row, and between which rows one may slide.
    let (mut cost, mut free) = (vec![0_u32; height], vec![false; height]);
    let mut from: Vec<u32> = Vec::with_capacity(width * height);
    for x in 0..width {
        if x % COLUMNS == 0 {
            columns.read(raster, x, turned);
        }
        let column = (x % COLUMNS) * height..(x % COLUMNS + 1) * height;
        let start = from.len();
        from.extend(0..height as u32);
        let origin = &mut from[start..];
        // Along rows that nothing links; the nearest cheap row wins.
        for slot in 1..height {
            if free[slot] && free[slot - 1] && cost[slot - 1] != FAR && cost[slot - 1] + 1 < cost[slot] {
                cost[slot] = cost[slot - 1] + 1;
                origin[slot] = origin[slot - 1];
            }
        }
        for slot in (0..height.saturating_sub(1)).rev() {
            if free[slot] && free[slot + 1] && cost[slot + 1] != FAR && cost[slot + 1] + 1 < cost[slot] {
                cost[slot] = cost[slot + 1] + 1;
                origin[slot] = origin[slot + 1];
            }
        }
        let mut is_open = false;
        for (cost, is_removable) in cost.iter_mut().zip(&columns.removable[column.clone()]) {
            if !is_removable {
                *cost = FAR;
            }
            is_open |= *cost != FAR;
        }
        if !is_open {
            return None;
        }
        free.copy_from_slice(&columns.free[column]);
    }
    let (mut slot, _) = cost.iter().enumerate().min_by_key(|(_, cost)| **cost)?;
    let mut cut = vec![area.y + slot as i32];
    for x in (1..width).rev() {
        slot = from[x * height + slot] as usize;
        cut.push(area.y + slot as i32);
    }
    cut.reverse();
    Some(cut)
}

/// Takes out what is not needed.
pub(crate) fn squeeze(graph: &Graph, layout: Roomy, wires: Vec<Wire>) -> (Placement, Vec<Wire>) {
    let Roomy { placement, rows, .. } = layout;
    let titles = placement
        .boundaries
        .iter()
        .zip(&graph.boundaries)
        .map(|(walls, boundary)| title_span(walls, boundary.title_width))
        .collect();
    let mut work = Work {
        nodes: placement.nodes,
        boundaries: placement.boundaries,
        titles,
        labels: wires.iter().map(|wire| wire.label).collect(),
        paths: wires.iter().map(|wire| wire.path.clone()).collect(),
        crossings: wires.iter().map(|wire| wire.crossings.clone()).collect(),
        turned: false,
    };
    let mut budget = WORK_LIMIT;
    let turned_rows = graph.direction == Direction::Right;
    for round in 0..6 {
        let level: &[Vec<Child>] = if work.turned == turned_rows { &rows } else { &[] };
        let straight = work.remove_straight(level);
        let crooked = work.remove_crooked(level, &mut budget);
        work.turn();
        if round % 2 == 1 && !straight && !crooked {
            break;
        }
    }
    if work.turned {
        work.turn();
    }
    let size = work.bounds().size();
    let wires = wires
        .into_iter()
        .zip(work.paths)
        .zip(work.labels.into_iter().zip(work.crossings))
        .map(|((wire, path), (label, crossings))| Wire { path, label, crossings, ..wire })
        .collect();
    (Placement { nodes: work.nodes, boundaries: work.boundaries, size: Size::new(size.width, size.height) }, wires)
}

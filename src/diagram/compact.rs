//! Compaction of a routed drawing: seams of cells that nobody needs are taken out.
//!
//! A seam runs from the left edge to the right edge through one cell per column; taking it out moves everything below
//! it up by one row. It may change rows between two columns only where nothing level connects them, so boxes, walls,
//! level wires and labels stay in one piece, upright wires and walls get shorter, and nesting, piercings and sharing
//! stay what they were. Columns are taken out the same way with the drawing turned over its diagonal.

use super::geometry::{Point, Rect, Size};
use super::graph::Graph;
use super::layout::{Child, Roomy};
use super::route::{settle, title_span};
use super::seams::{Content, Seams, may_remove};
use super::tighten::tighten;
use super::{Direction, Placement, Wire};

/// Cells that may be looked at for crooked seams before compaction is content with what it has; where there are many flows, those
/// leave few.
const WORK_LIMIT: usize = 2_000_000;
const WORK_LIMIT_DRAFTED: usize = 1_200_000;

/// Drawings of more cells than this stay as they are: a few rows in a hundred are not worth a fifth of the time.
const HUGE: usize = 10_000_000;

/// In drawings so large that fewer crooked seams than these could be found, none are looked for.
const FEW_SEAMS: usize = 8;

/// Everything that moves.
#[derive(Clone)]
pub(super) struct Work {
    pub nodes: Vec<Rect>,
    pub boundaries: Vec<Rect>,
    titles: Vec<Rect>,
    pub labels: Vec<Option<Rect>>,
    pub paths: Vec<Vec<Point>>,
    crossings: Vec<Vec<(usize, Point)>>,
    /// Whether the drawing is turned: its rows are columns.
    turned: bool,
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

    /// A row of contents: empty where there is none.
    fn row(&self, row: Option<usize>) -> &[Content] {
        let width = self.area.width.max(0) as usize;
        row.and_then(|row| self.content.get(row * width..(row + 1) * width)).unwrap_or(&[])
    }

    /// Rows that may be taken out one after the other, as places from the top.
    fn spare_rows(&self, turned: bool) -> Vec<usize> {
        let (width, height) = (self.area.width.max(0) as usize, self.area.height.max(0) as usize);
        let mut spare = Vec::new();
        // The last row that stays, and the one before.
        let mut above: [Option<usize>; 2] = [None, None];
        for row in 0..height {
            let around = [above[1], above[0], Some(row), Some(row + 1), Some(row + 2)].map(|row| self.row(row));
            let linked = &self.linked[row * width..(row + 1) * width];
            let may_remove = |x: usize| {
                let held = linked[x] || x > 0 && linked[x - 1];
                let at = |step: i32| around[(step + 2) as usize].get(x).copied().unwrap_or(Content::Empty);
                !held && may_remove(at, turned)
            };
            if (0..width).all(may_remove) {
                spare.push(row);
            } else {
                above = [Some(row), above[0]];
            }
        }
        spare
    }
}

impl Work {
    fn new(graph: &Graph, placement: Placement, wires: &[Wire]) -> Work {
        let walls = placement.boundaries.iter().zip(&graph.boundaries);
        let titles = walls.map(|(walls, boundary)| title_span(walls, boundary.title_width)).collect();
        Work {
            nodes: placement.nodes,
            boundaries: placement.boundaries,
            titles,
            labels: wires.iter().map(|wire| wire.label).collect(),
            paths: wires.iter().map(|wire| wire.path.clone()).collect(),
            crossings: wires.iter().map(|wire| wire.crossings.clone()).collect(),
            turned: false,
        }
    }

    /// What has become of the drawing, given its wires as they were.
    fn drawing(self, wires: Vec<Wire>) -> (Placement, Vec<Wire>) {
        let size = self.bounds().size();
        let moved = self.paths.into_iter().zip(self.labels.into_iter().zip(self.crossings));
        let wires = wires
            .into_iter()
            .zip(moved)
            .map(|(wire, (path, (label, crossings)))| Wire { path, label, crossings, ..wire })
            .collect();
        (Placement { nodes: self.nodes, boundaries: self.boundaries, size: Size::new(size.width, size.height) }, wires)
    }

    fn turn(&mut self) {
        let rect = |rect: &mut Rect| *rect = Rect::new(rect.y, rect.x, rect.height, rect.width);
        let point = |point: &mut Point| *point = Point::new(point.y, point.x);
        self.nodes.iter_mut().chain(&mut self.boundaries).chain(&mut self.titles).for_each(rect);
        self.labels.iter_mut().flatten().for_each(rect);
        self.paths.iter_mut().flatten().for_each(point);
        self.crossings.iter_mut().flatten().for_each(|(_, place)| point(place));
        self.turned = !self.turned;
    }

    pub fn bounds(&self) -> Rect {
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
    pub fn apply(&mut self, shift: impl Fn(Point) -> Option<i32>) {
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

    /// Takes out straight rows until there are none, or `once`; whether there were any.
    fn remove_straight(&mut self, level: &[Vec<Child>], once: bool) -> bool {
        let mut changed = false;
        loop {
            let raster = self.raster(level);
            let top = raster.area.y;
            let removed: Vec<i32> = raster.spare_rows(self.turned).into_iter().map(|row| top + row as i32).collect();
            if removed.is_empty() {
                return changed;
            }
            changed = true;
            self.apply(|point| {
                let slot = removed.partition_point(|row| *row < point.y);
                (removed.get(slot) != Some(&point.y)).then_some(slot as i32)
            });
            if once {
                return true;
            }
        }
    }

    /// Takes out crooked seams while there is work left; whether there were any.
    fn remove_crooked(&mut self, level: &[Vec<Child>], work: &mut usize) -> bool {
        let Raster { area, content, linked } = self.raster(level);
        if area.is_empty() || content.len() > *work {
            return false;
        }
        let mut seams = Seams::new(area.width as usize, &content, &linked, self.turned);
        let mut changed = false;
        while seams.area() <= *work {
            *work -= seams.area();
            if !seams.take() {
                break;
            }
            changed = true;
        }
        if changed {
            let (rows, height) = (seams.rows(), area.height);
            self.apply(|point| {
                let column = (point.x - area.x).clamp(0, area.width - 1);
                let row = (point.y - area.y).clamp(0, height - 1);
                rows[(column * height + row) as usize].map(|now| row - now as i32)
            });
        }
        changed
    }
}

/// Takes out what is not needed.
pub(crate) fn squeeze(graph: &Graph, layout: Roomy, wires: Vec<Wire>) -> (Placement, Vec<Wire>) {
    let Roomy { placement, rows, drafts, .. } = layout;
    let is_drafted = drafts.iter().any(|draft| !draft.is_empty());
    let (mut placement, mut wires) = squeezed(graph, placement, &rows, is_drafted, wires);
    if is_drafted {
        return (placement, wires);
    }
    if let Some(settled) = settle(graph, &placement, &wires) {
        (placement, wires) = squeezed(graph, placement, &rows, is_drafted, settled);
    }
    if let Some(room) = graph.room.filter(|room| placement.size.height > room.height) {
        let mut work = Work::new(graph, placement, &wires);
        tighten(&mut work, room.height);
        (placement, wires) = work.drawing(wires);
    }
    (placement, wires)
}

fn squeezed(
    graph: &Graph,
    placement: Placement,
    rows: &[Vec<Child>],
    is_drafted: bool,
    wires: Vec<Wire>,
) -> (Placement, Vec<Wire>) {
    let mut work = Work::new(graph, placement, &wires);
    let mut budget = if is_drafted { WORK_LIMIT_DRAFTED } else { WORK_LIMIT };
    let turned_rows = graph.direction == Direction::Right;
    // Of a large drawing the first look at rows and at columns finds nearly all that there is.
    let area = work.bounds().size();
    let cells = (area.width.max(0) as usize) * (area.height.max(0) as usize);
    let is_large = cells * FEW_SEAMS > WORK_LIMIT;
    let rounds = if cells > HUGE { 0 } else { [6, 2][usize::from(is_large)] };
    for round in 0..rounds {
        let level: &[Vec<Child>] = if work.turned == turned_rows { rows } else { &[] };
        let straight = work.remove_straight(level, is_large);
        let crooked = !is_large && work.remove_crooked(level, &mut budget);
        work.turn();
        if round % 2 == 1 && !straight && !crooked {
            break;
        }
    }
    if work.turned {
        work.turn();
    }
    work.drawing(wires)
}

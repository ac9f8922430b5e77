//! A drawing prepared to be looked at through a small window: what is in view is found without looking at every cell of
//! every wire.

use super::geometry::{Point, Rect};
use super::{Diagram, Wire};

/// Where the wires of a drawing bend, and how far it extends. It belongs to one drawing, as that was when it was made.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Index {
    bounds: Rect,
    /// The first slot of every straight run of every wire, and the last slot of the wire.
    corners: Vec<Vec<u32>>,
    /// The smallest rectangle around the path and the label of every wire: most are not in a view at all.
    extents: Vec<Rect>,
    /// The ends of the wires that are off the page: the box, whether the flow leaves it, the wire. Sorted, so that those
    /// of a box stand together.
    loose_ends: Vec<(usize, bool, usize)>,
}

/// A drawing and what it is looked at with. To make that takes as long as a key may take, in a large drawing; whoever lays it
/// out makes it, too.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Indexed {
    /// The drawing.
    pub diagram: Diagram,
    /// Its index.
    pub index: Index,
}

impl From<Diagram> for Indexed {
    fn from(diagram: Diagram) -> Indexed {
        Indexed { index: Index::new(&diagram), diagram }
    }
}

/// What of a drawing is in view.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct InView {
    /// Every box, those that are named beside another one included.
    pub nodes: Vec<bool>,
    /// Every wire, its label included. One that is off the page is in view where one of its boxes is, or nearly so: there
    /// is a mark beside it.
    pub wires: Vec<bool>,
}

/// How many wires run through each cell of a view.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Traffic {
    view: Rect,
    cells: Vec<usize>,
}

impl Traffic {
    fn new(view: Rect) -> Self {
        let cells = view.width.max(0) as usize * view.height.max(0) as usize;
        Self { view, cells: vec![0; cells] }
    }

    fn slot(&self, cell: Point) -> Option<usize> {
        let (x, y) = (cell.x - self.view.x, cell.y - self.view.y);
        self.view.contains(cell).then(|| y as usize * self.view.width as usize + x as usize)
    }

    fn count(&mut self, cell: Point) {
        if let Some(slot) = self.slot(cell) {
            self.cells[slot] += 1;
        }
    }

    /// The wires through a cell; none outside of the view.
    pub fn through(&self, cell: Point) -> usize {
        self.slot(cell).map_or(0, |slot| self.cells[slot])
    }
}

/// Columns and rows that a mark beside a box takes at most.
const BESIDE: (i32, i32) = (26, 2);

fn corners(wire: &Wire) -> Vec<u32> {
    let path = &wire.path;
    let Some(last) = path.len().checked_sub(1) else { return Vec::new() };
    let bends = path.windows(3).enumerate().filter(|(_, cells)| {
        let (before, after) = (cells[0], cells[2]);
        before.x != after.x && before.y != after.y
    });
    [0].into_iter().chain(bends.map(|(slot, _)| slot as u32 + 1)).chain([last as u32]).collect()
}

/// The cells from one point to another in the same row or column.
fn between(from: Point, to: Point) -> Rect {
    let (x, y) = (from.x.min(to.x), from.y.min(to.y));
    Rect::new(x, y, (from.x - to.x).abs() + 1, (from.y - to.y).abs() + 1)
}

/// The smallest rectangle around a path, given where it bends, and its label.
fn extent(wire: &Wire, corners: &[u32]) -> Rect {
    let cells = corners.iter().filter_map(|slot| wire.path.get(*slot as usize));
    let path = cells.fold(Rect::default(), |sum, cell| sum.union(&Rect::new(cell.x, cell.y, 1, 1)));
    wire.label.map_or(path, |label| path.union(&label))
}

/// Both ends of every wire that is off the page.
fn loose_ends(diagram: &Diagram) -> Vec<(usize, bool, usize)> {
    let off_page = diagram.wires.iter().enumerate().filter(|(_, wire)| wire.off_page);
    let edges = off_page.filter_map(|(at, wire)| Some((at, diagram.graph.edges.get(wire.edge)?)));
    let mut ends: Vec<(usize, bool, usize)> =
        edges.flat_map(|(at, edge)| [(edge.from, true, at), (edge.to, false, at)]).collect();
    ends.sort_unstable();
    ends
}

impl Index {
    /// Looks at every cell of the drawing once.
    pub fn new(diagram: &Diagram) -> Self {
        let corners: Vec<Vec<u32>> = diagram.wires.iter().map(corners).collect();
        let extents = diagram.wires.iter().zip(&corners).map(|(wire, corners)| extent(wire, corners)).collect();
        let mut index = Self { bounds: Rect::default(), corners, extents, loose_ends: loose_ends(diagram) };
        index.measure(diagram);
        index
    }

    /// Follows a change of the wires listed, and of any box or boundary.
    pub fn update(&mut self, diagram: &Diagram, wires: &[usize]) {
        for at in wires.iter().copied() {
            if let (Some(own), Some(wire)) = (self.corners.get_mut(at), diagram.wires.get(at)) {
                *own = corners(wire);
                self.extents[at] = extent(wire, own);
            }
        }
        // A wire may have left the page, or come back.
        let is_other = |at: &usize| {
            let Some(wire) = diagram.wires.get(*at) else { return false };
            let Some(edge) = diagram.graph.edges.get(wire.edge) else { return false };
            self.loose_ends.binary_search(&(edge.from, true, *at)).is_ok() != wire.off_page
        };
        if wires.iter().any(is_other) {
            self.loose_ends = loose_ends(diagram);
        }
        self.measure(diagram);
    }

    fn measure(&mut self, diagram: &Diagram) {
        self.bounds = self.extents.iter().fold(diagram.placement.bounds(), |sum, rect| sum.union(rect));
    }

    /// The wires off the page that leave, or reach, a box.
    pub(crate) fn loose_ends_of(&self, node: usize) -> &[(usize, bool, usize)] {
        let start = self.loose_ends.partition_point(|end| end.0 < node);
        let length = self.loose_ends[start..].partition_point(|end| end.0 == node);
        &self.loose_ends[start..start + length]
    }

    /// The smallest rectangle around boxes, boundaries, wires and labels.
    pub const fn bounds(&self) -> Rect {
        self.bounds
    }

    /// The straight runs of a wire: slots of its path, and the cells that they cover. A bend belongs to both of its runs.
    pub(crate) fn runs<'a>(
        &'a self,
        diagram: &'a Diagram,
        wire: usize,
    ) -> impl Iterator<Item = (std::ops::RangeInclusive<usize>, Rect)> + 'a {
        let path = diagram.wires.get(wire).map_or(&[][..], |wire| &wire.path);
        let corners = self.corners.get(wire).map_or(&[][..], Vec::as_slice);
        corners.windows(2).filter_map(|pair| {
            let (from, to) = (pair[0] as usize, pair[1] as usize);
            Some((from..=to, between(*path.get(from)?, *path.get(to)?)))
        })
    }

    /// Whether a wire runs through a cell.
    pub fn passes(&self, diagram: &Diagram, wire: usize, cell: Point) -> bool {
        self.extents.get(wire).is_some_and(|extent| extent.contains(cell))
            && self.runs(diagram, wire).any(|(_, cells)| cells.contains(cell))
    }

    /// How many wires run through each cell of the view.
    pub fn traffic(&self, diagram: &Diagram, view: Rect) -> Traffic {
        let mut traffic = Traffic::new(view);
        let wires = diagram.wires.iter().enumerate().zip(&self.extents).filter(|(_, extent)| extent.overlaps(&view));
        for ((at, wire), _) in wires {
            let last = wire.path.len().saturating_sub(1);
            for (slots, _) in self.runs(diagram, at).filter(|(_, cells)| cells.overlaps(&view)) {
                // A bend belongs to two runs: it is counted with the second.
                let end = if *slots.end() == last { last + 1 } else { *slots.end() };
                wire.path[*slots.start()..end].iter().for_each(|cell| traffic.count(*cell));
            }
        }
        traffic
    }

    /// What is in the view.
    pub fn in_view(&self, diagram: &Diagram, view: &Rect) -> InView {
        let near = view.grown(BESIDE.0, BESIDE.1);
        let mut nodes: Vec<bool> = diagram.placement.nodes.iter().map(|rect| rect.overlaps(view)).collect();
        let is_label = |wire: &Wire| wire.label.is_some_and(|label| label.overlaps(view));
        let mut wires: Vec<bool> = self.extents.iter().map(|extent| extent.overlaps(view)).collect();
        for (at, is_in) in wires.iter_mut().enumerate().filter(|(_, is_in)| **is_in) {
            *is_in = diagram.wires.get(at).is_some_and(is_label)
                || self.runs(diagram, at).any(|(_, cells)| cells.overlaps(view));
        }
        for (at, _) in diagram.placement.nodes.iter().enumerate().filter(|(_, rect)| rect.overlaps(&near)) {
            for (_, _, wire) in self.loose_ends_of(at) {
                wires[*wire] = true;
                let edge = diagram.wires.get(*wire).and_then(|wire| diagram.graph.edges.get(wire.edge));
                for end in edge.into_iter().flat_map(|edge| [edge.from, edge.to]) {
                    if let Some(node) = nodes.get_mut(end) {
                        *node = true;
                    }
                }
            }
        }
        InView { nodes, wires }
    }
}

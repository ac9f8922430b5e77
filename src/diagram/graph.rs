//! The graph to be drawn: boxes, nested trust boundaries, flows; and which walls a flow must pierce.

use super::geometry::{Point, Size};
use std::sync::Arc;

/// The direction in which most flows should run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Direction {
    /// Sources at the top, targets at the bottom: narrow and tall.
    #[default]
    Down,
    /// Sources on the left, targets on the right: wide and short.
    Right,
}

/// A compound graph. Indices in it refer to its own vectors; an index out of range counts as absent.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Graph {
    /// Boxes.
    pub nodes: Vec<Node>,
    /// Trust boundaries, which nest through [`Boundary::parent`].
    pub boundaries: Vec<Boundary>,
    /// Flows.
    pub edges: Vec<Edge>,
    /// Preferred direction of flow.
    pub direction: Direction,
    /// The room that there is, if that is known: what is a little higher is drawn with less air, so that it fits, and labels are
    /// given more room where it fits then, too.
    pub room: Option<Size>,
}

/// A box.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Node {
    /// Stable identity; ties are broken by it, so that the input order does not matter.
    pub key: Arc<str>,
    /// Extent in cells, frame included. Kept within [`Node::MAXIMUM`] and at least one cell.
    pub size: Size,
    /// The innermost boundary around it.
    pub boundary: Option<usize>,
    /// The world cell its top left corner is to stay at.
    pub pin: Option<Point>,
}

impl Node {
    /// Larger boxes are cut down to this extent.
    pub const MAXIMUM: Size = Size::new(240, 120);
}

/// A trust boundary: a rectangle with walls one cell thick, its title sits in the top wall.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Boundary {
    /// Stable identity.
    pub key: Arc<str>,
    /// The boundary around it. Boundaries on a cycle of parents count as outermost.
    pub parent: Option<usize>,
    /// Columns the title wants, without its two notches.
    pub title_width: i32,
}

impl Boundary {
    /// Longer titles are cut down to this many columns.
    pub const MAXIMUM_TITLE: i32 = 120;
    /// Columns between the left end of a boundary and the first column of its title notch.
    pub const TITLE_INSET: i32 = 2;
}

/// A flow from one box to another. Loops, parallel flows and cycles are all allowed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Edge {
    /// Stable identity.
    pub key: Arc<str>,
    /// Index of the source box.
    pub from: usize,
    /// Index of the target box.
    pub to: usize,
    /// Columns its label wants; zero means it has none.
    pub label_width: i32,
    /// What its label says, if others that say the same and run with it may say it for this one; empty if not.
    pub label: Arc<str>,
    /// What kind of flow it is: those of different kinds never run together, so that each stays what it is.
    pub strand: u8,
}

impl Edge {
    /// The tree of wires that it may run together with at its source: same box, same strand.
    pub(crate) fn source_tree(&self) -> u32 {
        tree(self.from, self.strand)
    }

    /// The tree of wires that it may run together with at its target: same box, same strand.
    pub(crate) fn target_tree(&self) -> u32 {
        tree(self.to, self.strand)
    }
}

fn tree(node: usize, strand: u8) -> u32 {
    // Boxes are counted in thousands, strands are a handful: the product stays far below the limit.
    u32::try_from(node * 8 + usize::from(strand % 8)).unwrap_or(u32::MAX - 1)
}

/// One piercing of a boundary by a flow.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Wall {
    /// Index of the boundary pierced.
    pub boundary: usize,
    /// Whether the flow goes in (otherwise it goes out).
    pub entered: bool,
}

impl Graph {
    /// The parent of every boundary, with cycles and indices out of range resolved to "none".
    pub fn parents(&self) -> Vec<Option<usize>> {
        let count = self.boundaries.len();
        let raw = |index: usize| self.boundaries[index].parent.filter(|parent| *parent < count);
        (0..count)
            .map(|start| {
                let mut current = raw(start);
                for _ in 0..count {
                    match current {
                        None => return raw(start),
                        Some(index) if index == start => return None,
                        Some(index) => current = raw(index),
                    }
                }
                // The chain runs into a cycle further up that does not contain `start`: those are cut there, not here.
                raw(start)
            })
            .collect()
    }
}

/// The boundaries around a box, innermost first, given the resolved parents.
pub(crate) fn chain(parents: &[Option<usize>], innermost: Option<usize>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut current = innermost.filter(|index| *index < parents.len());
    while let Some(index) = current {
        found.push(index);
        current = parents[index];
    }
    found
}

/// The walls between two boundaries, given the resolved parents: those left, inner to outer, then those entered.
pub(crate) fn walls_between(parents: &[Option<usize>], from: Option<usize>, to: Option<usize>) -> Vec<Wall> {
    let mut left = chain(parents, from);
    let mut entered = chain(parents, to);
    while let (Some(outer), Some(other)) = (left.last(), entered.last())
        && outer == other
    {
        left.pop();
        entered.pop();
    }
    let leaving = left.into_iter().map(|boundary| Wall { boundary, entered: false });
    leaving.chain(entered.into_iter().rev().map(|boundary| Wall { boundary, entered: true })).collect()
}

/// The walls the flow with the given index must pierce, in order: the boundaries it leaves, inner to outer up to the
/// common ancestor of its ends, then those it enters, outer to inner. Empty for an index out of range.
pub fn walls(graph: &Graph, edge: usize) -> Vec<Wall> {
    let ends = graph.edges.get(edge).and_then(|edge| Some((graph.nodes.get(edge.from)?, graph.nodes.get(edge.to)?)));
    match ends {
        Some((from, to)) => walls_between(&graph.parents(), from.boundary, to.boundary),
        None => Vec::new(),
    }
}

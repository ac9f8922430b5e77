//! Placement of boxes and boundaries: one layered drawing of the whole graph, in which boundaries are rectangles.
//!
//! * `nest`: which container holds what.
//! * `blocks`: what is placed as one piece.
//! * `ranks`: the layer of every piece, by `simplex`.
//! * `layers`: the layered graph, with dummies where flows pass and walls where boundaries reach.
//! * `order`, from `starts` and with the costs of `near`: few crossings; what a boundary holds stays together, and
//!   boundaries stay in one order in all layers.
//! * `columns`: places along the layers, by `simplex` from those that `align` proposes; `levels`: places across them;
//!   `room`: what has to stay free.
//! * `pins`: moves what is pinned.
//!
//! The result is roomy on purpose: after routing, the `compact` module takes out every row and column nobody uses.

mod align;
mod blocks;
mod columns;
mod layers;
mod levels;
mod near;
mod nest;
mod order;
mod pins;
mod ranks;
mod room;
mod shuffle;
mod simplex;
mod starts;

pub(crate) use pins::apply as apply_pins;

use std::collections::BTreeMap;

use super::Placement;
use super::geometry::{Point, Rect, Size};
use super::graph::{Boundary, Edge, Graph};
use blocks::{Piece, pieces};
use columns::columns;
use layers::{Flow, Item, Kind, Layered};
use levels::levels;
use nest::Nest;
use order::untangle;
use ranks::ranks;
use room::{Axes, Room};

/// How much room to leave; raised where routing failed.
#[derive(Clone, Debug)]
pub(crate) struct Looseness {
    /// Extra steps of room for the page itself (index 0) and for every boundary (index + 1).
    pub steps: Vec<i32>,
}

/// A placement and what compaction has to respect in it.
pub(crate) struct Roomy {
    /// Where everything is.
    pub placement: Placement,
    /// Lists of pieces that stand side by side in a layer and should stay level.
    pub rows: Vec<Vec<Child>>,
    /// For every edge the cells in which it was thought to pass layers, from the first to the last.
    pub courses: Vec<Vec<Rect>>,
}

/// A child of a container.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Child {
    /// A box.
    Node(usize),
    /// A boundary.
    Boundary(usize),
}

/// The least width of a boundary: corners, the title with its notches, and a cell of wall to either side.
pub(crate) const fn minimum_width(boundary: &Boundary) -> i32 {
    let title = if boundary.title_width > 0 { boundary.title_width + 2 } else { 0 };
    title + 2 * Boundary::TITLE_INSET + 2
}

/// The least height of a boundary.
pub(crate) const MINIMUM_HEIGHT: i32 = 3;

/// The page (index 0) and the boundaries (index + 1) with their children.
fn children_of(graph: &Graph) -> Vec<Vec<Child>> {
    let mut children = vec![Vec::new(); graph.boundaries.len() + 1];
    for (index, node) in graph.nodes.iter().enumerate() {
        children[node.boundary.map_or(0, |at| at + 1)].push(Child::Node(index));
    }
    for (index, boundary) in graph.boundaries.iter().enumerate() {
        children[boundary.parent.map_or(0, |at| at + 1)].push(Child::Boundary(index));
    }
    children
}

/// Flows between pieces; those with one source and one target are one.
fn flows(graph: &Graph, pieces: &[Piece], axes: &Axes) -> Vec<Flow> {
    let mut seat = vec![(0, 0); graph.nodes.len()];
    for (index, piece) in pieces.iter().enumerate() {
        for (member, place) in piece.members.iter().zip(&piece.places) {
            let size = graph.nodes[*member].size;
            seat[*member] = (index, place.0 + (axes.turn(size.width, size.height).0 - 1) / 2);
        }
    }
    let mut flows: BTreeMap<(usize, usize), Flow> = BTreeMap::new();
    for edge in &graph.edges {
        let ((from, own), (to, other)) = (seat[edge.from], seat[edge.to]);
        if from != to {
            let label = if axes.right { edge.label_width } else { 0 };
            let flow = flows.entry((from, to)).or_insert(Flow { from, to, offset: (0, 0), label: 0, flows: 0 });
            flow.offset = (flow.offset.0 + own, flow.offset.1 + other);
            flow.label = flow.label.max(label);
            flow.flows += 1;
        }
    }
    let middle = |flow: Flow| Flow { offset: (flow.offset.0 / flow.flows, flow.offset.1 / flow.flows), ..flow };
    flows.into_values().map(middle).collect()
}

/// Boxes that stand side by side, and should stay level, in each row and in each line of a grid.
fn rows(layered: &Layered, pieces: &[Piece]) -> Vec<Vec<Child>> {
    let mut rows = Vec::new();
    for row in &layered.rows {
        let mut single = Vec::new();
        for item in &row.items {
            match item {
                Item::Vertex(vertex) if layered.kind[*vertex] == Kind::Piece => {
                    let piece = &pieces[*vertex];
                    if let [only] = piece.members.as_slice() {
                        single.push(Child::Node(*only));
                        continue;
                    }
                    let lines: Vec<usize> = (0..piece.members.len()).collect();
                    rows.extend(
                        lines
                            .chunk_by(|one, two| piece.places[*one].1 == piece.places[*two].1)
                            .map(|line| line.iter().map(|slot| Child::Node(piece.members[*slot])).collect()),
                    );
                }
                Item::Vertex(_) => {}
                Item::Row(_) => rows.push(std::mem::take(&mut single)),
            }
        }
        rows.push(single);
    }
    rows
}

/// Places everything without regard to pins. The graph must be canonical.
pub(crate) fn roomy(graph: &Graph, looseness: &Looseness) -> Roomy {
    let axes = Axes::new(graph.direction);
    let nest = Nest::new(graph);
    let pieces = pieces(graph, &nest, &axes);
    if pieces.is_empty() {
        return Roomy {
            placement: Placement::default(),
            rows: Vec::new(),
            courses: vec![Vec::new(); graph.edges.len()],
        };
    }
    let flows = flows(graph, &pieces, &axes);
    let home: Vec<usize> = pieces.iter().map(|piece| piece.container).collect();
    let pairs: Vec<(usize, usize, i32)> = flows.iter().map(|flow| (flow.from, flow.to, flow.flows)).collect();
    let rank = ranks(&nest, &home, &pairs);
    let mut layered = Layered::new(&nest, &home, &rank, &flows);
    untangle(&mut layered, &nest);

    let (along, across) = Room::new(graph, &axes, looseness);
    let extent: Vec<i32> =
        (0..layered.kind.len()).map(|vertex| pieces.get(vertex).map_or(1, |piece| piece.extent.0)).collect();
    let start = columns(&layered, &nest, &along, &extent);
    let thickness = thickness(&layered, &pieces, &rank);
    let levels = levels(&layered, &nest, &across, &start, &thickness, &labels(&layered, &rank, &flows));

    let mut placement = Placement {
        nodes: vec![Rect::default(); graph.nodes.len()],
        boundaries: vec![Rect::default(); graph.boundaries.len()],
        size: Size::default(),
    };
    for (vertex, piece) in pieces.iter().enumerate() {
        let (above, thickness) = levels.layers[rank[vertex]];
        let across = above + (thickness - piece.extent.1) / 2;
        for (member, place) in piece.members.iter().zip(&piece.places) {
            let (x, y) = axes.turn(start[vertex] + place.0, across + place.1);
            placement.nodes[*member] = Rect::at(Point::new(x, y), graph.nodes[*member].size);
        }
    }
    for row in &layered.rows {
        if let Some((left, right)) = row.walls {
            let (x, y) = axes.turn((start[left], start[right] + 1), levels.walls[row.container]);
            placement.boundaries[row.container - 1] = Rect::new(x.0, y.0, x.1 - x.0, y.1 - y.0);
        }
    }
    let passing = |level: usize, dummy: usize| {
        let (above, thickness) = levels.layers[level];
        let (x, y) = axes.turn((start[dummy], 1), (above, thickness));
        Rect::new(x.0, y.0, x.1, y.1)
    };
    let mut courses = courses(graph, &pieces, &flows, &rank, &layered, &passing);
    let bounds = placement.bounds();
    let passed = courses.iter_mut().flatten();
    for rect in placement.nodes.iter_mut().chain(&mut placement.boundaries).chain(passed) {
        *rect = rect.shifted(-bounds.x, -bounds.y);
    }
    placement.size = bounds.size();
    Roomy { placement, rows: rows(&layered, &pieces), courses }
}

/// For every edge the cells in which it passes layers: those of its flow.
fn courses(
    graph: &Graph,
    pieces: &[Piece],
    flows: &[Flow],
    rank: &[usize],
    layered: &Layered,
    passing: &dyn Fn(usize, usize) -> Rect,
) -> Vec<Vec<Rect>> {
    let mut piece_of = vec![0; graph.nodes.len()];
    for (index, piece) in pieces.iter().enumerate() {
        piece.members.iter().for_each(|member| piece_of[*member] = index);
    }
    let course = |edge: &Edge| {
        let (from, to) = (piece_of[edge.from], piece_of[edge.to]);
        // Flows are sorted by their ends.
        let flow = flows.binary_search_by_key(&(from, to), |flow| (flow.from, flow.to));
        let dummies = flow.map_or(&[][..], |flow| layered.courses[flow].as_slice());
        (rank[from].min(rank[to]) + 1..).zip(dummies).map(|(level, dummy)| passing(level, *dummy)).collect()
    };
    graph.edges.iter().map(course).collect()
}

/// The extent of every layer across.
fn thickness(layered: &Layered, pieces: &[Piece], rank: &[usize]) -> Vec<i32> {
    let mut thickness = vec![0; layered.depth];
    for (piece, level) in pieces.iter().zip(rank) {
        thickness[*level] = thickness[*level].max(piece.extent.1);
    }
    thickness
}

/// The room that labels want after every layer.
fn labels(layered: &Layered, rank: &[usize], flows: &[Flow]) -> Vec<i32> {
    let mut labels = vec![0; layered.depth];
    for flow in flows.iter().filter(|flow| flow.label > 0) {
        let (from, to) = (rank[flow.from], rank[flow.to]);
        let level = if from <= to { from } else { from - 1 };
        labels[level] = labels[level].max(flow.label + 2);
    }
    labels
}

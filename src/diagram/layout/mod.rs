//! Placement of boxes and boundaries: one layered drawing of the whole graph, in which boundaries are rectangles.
//!
//! * `nest`: which container holds what.
//! * `blocks`: what is placed as one piece.
//! * `layering`: the layers that promise the fewest crossings; `ranks`: the layer of every piece, by `simplex`, for which
//!   `sequence` puts boundaries closer to what they are joined to.
//! * `layers`: the layered graph, with dummies where flows pass and walls where boundaries reach.
//! * `order`, from `starts` and over `ends`: few crossings; what a boundary holds stays together, and
//!   boundaries stay in one order in all layers.
//! * `columns`: places along the layers, by `simplex` from those that `align` proposes; `levels`: places across them;
//!   `room`: what has to stay free.
//! * `drafts`, where there are many flows: the way of each, with `tracks` between the layers, on which `packing` puts them.
//! * `pins`: moves what is pinned.
//!
//! The result is roomy on purpose: after routing, the `compact` module takes out every row and column nobody uses.

mod align;
mod blocks;
mod columns;
mod drafts;
mod ends;
mod layering;
mod layers;
mod levels;
mod nest;
mod order;
mod packing;
mod pins;
mod ranks;
mod room;
mod sequence;
mod shuffle;
mod sides;
mod simplex;
mod starts;
mod tracks;

pub(crate) use pins::apply as apply_pins;
#[cfg(test)]
pub(crate) use shuffle::Shuffler;

use std::collections::BTreeMap;

use super::Placement;
use super::geometry::{Point, Rect, Size};
use super::graph::{Boundary, Edge, Graph};
use super::route::{MAXIMUM_AREA, cells_to_route};
use blocks::{Piece, pieces};
use columns::columns;
use drafts::{Drafts, Known};
use layering::layering;
use layers::{Flow, Item, Kind, Layered};
use levels::{Between, levels};
use nest::Nest;
use order::untangle;
use room::{Axes, Room};

/// How much room to leave; raised where routing failed.
#[derive(Clone, Debug)]
pub(crate) struct Looseness {
    /// Extra steps of room for the page itself (index 0) and for every boundary (index + 1).
    pub steps: Vec<i32>,
}

/// A placement and what compaction has to respect in it.
#[derive(Default)]
pub(crate) struct Roomy {
    /// Where everything is.
    pub placement: Placement,
    /// Lists of pieces that stand side by side in a layer and should stay level.
    pub rows: Vec<Vec<Child>>,
    /// For every edge the cells in which it was thought to pass layers, from the first to the last.
    pub courses: Vec<Vec<Rect>>,
    /// For every edge the cells of its draft, if it has one.
    pub drafts: Vec<Vec<Point>>,
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

/// With more flows than this the layout drafts their ways. With fewer they are looked for one by one, which takes longer for
/// each, but bundles them, and goes about titles and narrow places with more grace.
const MANY_FLOWS: usize = 120;

/// So many drafted flows with the same ends have ways of their own.
const MOST_PARALLEL: usize = 4;

/// Drawings of more cells than this are drawn closer, though flows cross more often then: larger ones can not be routed.
const LARGEST: i64 = MAXIMUM_AREA / 10 * 9;

/// See [`Drafts::crowd`]: what is tried one after the other while a drawing is too large.
const CROWDING: [usize; 3] = [200, 150, 100];

/// What is so many times too large with all drafts is too large drawn closer, and with some of them, as well.
const HOPELESS: i64 = 4;

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

/// Flows between pieces, and which one each edge belongs to, if any. Edges between two single boxes are flows of their own;
/// those to or from a grid are one flow for each piece at the other end.
fn flows(graph: &Graph, pieces: &[Piece], axes: &Axes, drafted: bool) -> (Vec<Flow>, Vec<Option<usize>>) {
    let mut seat = vec![(0, 0); graph.nodes.len()];
    for (index, piece) in pieces.iter().enumerate() {
        for (member, place) in piece.members.iter().zip(&piece.places) {
            let size = graph.nodes[*member].size;
            seat[*member] = (index, place.0 + (axes.turn(size.width, size.height).0 - 1) / 2);
        }
    }
    let mut edges: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (index, edge) in graph.edges.iter().enumerate() {
        edges.entry((seat[edge.from].0, seat[edge.to].0)).or_default().push(index);
    }
    let mut flows = Vec::new();
    let mut flow_of = vec![None; graph.edges.len()];
    for ((from, to), edges) in edges.into_iter().filter(|((from, to), _)| from != to) {
        let is_single = drafted && pieces[from].members.len() == 1 && pieces[to].members.len() == 1;
        let size = if is_single { edges.len().div_ceil(MOST_PARALLEL) } else { edges.len() };
        for edges in edges.chunks(size) {
            let sum = |offset: &dyn Fn(&Edge) -> i32| edges.iter().map(|edge| offset(&graph.edges[*edge])).sum::<i32>();
            let count = edges.len() as i32;
            let label = edges.iter().map(|edge| graph.edges[*edge].label_width).max().filter(|_| axes.right);
            edges.iter().for_each(|edge| flow_of[*edge] = Some(flows.len()));
            flows.push(Flow {
                from,
                to,
                offset: (sum(&|edge| seat[edge.from].1) / count, sum(&|edge| seat[edge.to].1) / count),
                label: label.unwrap_or(0),
                flows: count,
            });
        }
    }
    (flows, flow_of)
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

/// Which flows get drafts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Drafted {
    /// All: boxes with several neighbours stand in no grids then.
    All,
    /// Those between boxes that stand in no grid. Grids save room.
    Some,
    /// None.
    None,
}

/// Places everything without regard to pins. The graph must be canonical.
pub(crate) fn roomy(graph: &Graph, looseness: &Looseness) -> Roomy {
    let all = if graph.edges.len() > MANY_FLOWS { Drafted::All } else { Drafted::None };
    let roomy = placed(graph, looseness, all);
    // What is too large to be routed is drawn again with less room for drafts, unless that could not help.
    let cells = |roomy: &Roomy| cells_to_route(graph, &roomy.placement, &roomy.drafts);
    if all == Drafted::None || cells(&roomy) <= MAXIMUM_AREA {
        return roomy;
    }
    let grids = (cells(&roomy) <= HOPELESS * MAXIMUM_AREA).then(|| placed(graph, looseness, Drafted::Some));
    grids.filter(|roomy| cells(roomy) <= MAXIMUM_AREA).unwrap_or_else(|| placed(graph, looseness, Drafted::None))
}

fn placed(graph: &Graph, looseness: &Looseness, drafted: Drafted) -> Roomy {
    let axes = Axes::new(graph.direction);
    let nest = Nest::new(graph);
    let pieces = pieces(graph, &nest, &axes, drafted == Drafted::All);
    let drafted = drafted != Drafted::None;
    if pieces.is_empty() {
        let none = graph.edges.len();
        return Roomy { courses: vec![Vec::new(); none], drafts: vec![Vec::new(); none], ..Roomy::default() };
    }
    let (flows, flow_of) = flows(graph, &pieces, &axes, drafted);
    let home: Vec<usize> = pieces.iter().map(|piece| piece.container).collect();
    let (rank, mut layered) = layering(&nest, &home, &flows, drafted);
    untangle(&mut layered, &nest);

    let (along, across) = Room::new(graph, &axes, looseness);
    let extent: Vec<i32> =
        (0..layered.kind.len()).map(|vertex| pieces.get(vertex).map_or(1, |piece| piece.extent.0)).collect();
    let start = columns(&layered, &nest, &along, &extent);
    let known = Known { pieces: &pieces, flows: &flows, flow_of: &flow_of, rank: &rank, start: &start };
    let mut drafts = Drafts::new(graph, &nest, &axes, &layered, &known);
    let (thickness, labels) = (thickness(&layered, &pieces, &rank), labels(&layered, &rank, &flows));
    let others = runs(graph, &layered, &known, &drafts);
    let width = (0..start.len()).map(|vertex| start[vertex] + extent[vertex]).max().unwrap_or(0);
    let find = |drafts: &Drafts| {
        let (thickness, labels, tracks) = (&thickness, &labels, &drafts.tracks);
        levels(&layered, &nest, &across, Between { thickness, labels, tracks, others: &others })
    };
    let mut levels = find(&drafts);
    for crowding in CROWDING {
        let depth = levels.layers.last().map_or(0, |(start, extent)| start + extent);
        let cells = i64::from(width - start.iter().min().unwrap_or(&0)) * i64::from(depth);
        if cells <= LARGEST || cells > HOPELESS * LARGEST {
            break;
        }
        drafts.crowd(crowding);
        levels = find(&drafts);
    }

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
    let mut courses = courses(&known, &layered, &passing);
    let across = |piece: usize| {
        let (above, thickness) = levels.layers[rank[piece]];
        let start = above + (thickness - pieces[piece].extent.1) / 2;
        (start, start + pieces[piece].extent.1)
    };
    let row = |channel: &(usize, usize)| levels.tracks.get(channel).copied().unwrap_or(0);
    let mut drafts = drafts.paths(graph, &axes, across, row);
    let bounds = placement.bounds();
    for point in drafts.iter_mut().flatten() {
        *point = Point::new(point.x - bounds.x, point.y - bounds.y);
    }
    let passed = courses.iter_mut().flatten();
    for rect in placement.nodes.iter_mut().chain(&mut placement.boundaries).chain(passed) {
        *rect = rect.shifted(-bounds.x, -bounds.y);
    }
    placement.size = bounds.size();
    Roomy { placement, rows: rows(&layered, &pieces), courses, drafts }
}

/// For every edge the cells in which it passes layers: those of its flow.
fn courses(known: &Known, layered: &Layered, passing: &dyn Fn(usize, usize) -> Rect) -> Vec<Vec<Rect>> {
    let course = |flow: &Option<usize>| {
        let Some(flow) = *flow else { return Vec::new() };
        let first = known.rank[known.flows[flow].from].min(known.rank[known.flows[flow].to]) + 1;
        (first..).zip(&layered.courses[flow]).map(|(level, dummy)| passing(level, *dummy)).collect()
    };
    known.flow_of.iter().map(course).collect()
}

/// Where flows that need room of their own run along the layers: after each layer the source, and from where to where.
fn runs(graph: &Graph, layered: &Layered, known: &Known, drafts: &Drafts) -> Vec<Vec<(usize, i32, i32)>> {
    let mut level_of = vec![0; layered.kind.len()];
    for level in 0..layered.depth {
        layered.line(level).into_iter().for_each(|vertex| level_of[vertex] = level);
    }
    let settled = drafts.settled(graph, known.flows);
    let mut runs = vec![Vec::new(); layered.depth];
    for segment in layered.segments.iter().filter(|segment| !settled[segment.flow]) {
        let column = |(vertex, offset): (usize, i32)| known.start[vertex] + offset;
        let (one, two) = (column(segment.upper), column(segment.lower));
        runs[level_of[segment.upper.0]].push((known.flows[segment.flow].from, one.min(two), one.max(two)));
    }
    runs
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

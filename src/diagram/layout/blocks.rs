//! What is placed as one piece: a box, or many alike boxes without flows among them, wrapped into a grid of roughly
//! screen shape.

use std::collections::{BTreeMap, BTreeSet};

use super::super::graph::Graph;
use super::nest::Nest;
use super::room::Axes;

/// Fewer alike boxes than this are left in their layer instead of being wrapped into a grid. Where flows get drafts that takes
/// more: flows to grids get none.
const ENOUGH: usize = 6;
const ENOUGH_DRAFTED: usize = 24;

/// A box, or a grid of boxes, or the room that keeps an empty boundary open.
pub(super) struct Piece {
    /// The boxes, row by row.
    pub members: Vec<usize>,
    /// Where each member starts in the piece: along the layer, across the layers.
    pub places: Vec<(i32, i32)>,
    /// Extent: along, across.
    pub extent: (i32, i32),
    /// The container it stands in.
    pub container: usize,
}

/// All pieces, in the order of their first members. Where `tied`, boxes with several neighbours stand in no grids.
pub(super) fn pieces(graph: &Graph, nest: &Nest, axes: &Axes, tied: bool) -> Vec<Piece> {
    let size = |node: usize| axes.turn(graph.nodes[node].size.width, graph.nodes[node].size.height);
    // What a box is joined to in its own container, and whether that is a target.
    let mut near: Vec<Vec<(Option<usize>, usize, bool)>> = vec![Vec::new(); graph.nodes.len()];
    // Whether flows to the outside mostly come in or go out.
    let mut lean = vec![0_i32; graph.nodes.len()];
    for edge in graph.edges.iter().filter(|edge| edge.from != edge.to) {
        for (own, other, target) in [(edge.from, edge.to, true), (edge.to, edge.from, false)] {
            match nest.child_towards(nest.of_node[own], nest.of_node[other]) {
                Some(child) => near[own].push((child, if child.is_some() { 0 } else { other }, target)),
                None => lean[own] += if target { 1 } else { -1 },
            }
        }
    }
    let mut ties: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); graph.nodes.len()];
    for edge in graph.edges.iter().filter(|edge| tied && edge.from != edge.to) {
        ties[edge.from].insert(edge.to);
        ties[edge.to].insert(edge.from);
    }
    let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (node, list) in near.iter_mut().enumerate() {
        list.sort_unstable();
        list.dedup();
        if list.len() <= 1 && ties[node].len() <= 1 {
            let lean = if list.is_empty() { lean[node].signum() } else { 0 };
            alike.entry((nest.of_node[node], list.clone(), lean)).or_default().push(node);
        }
    }
    let enough = if tied { ENOUGH_DRAFTED } else { ENOUGH };
    let mut taken = vec![false; graph.nodes.len()];
    let mut pieces = Vec::new();
    for members in alike.into_values().filter(|members| members.len() >= enough) {
        members.iter().for_each(|node| taken[*node] = true);
        let container = nest.of_node[members[0]];
        let sizes: Vec<(i32, i32)> = members.iter().map(|node| size(*node)).collect();
        let (places, extent) = wrap(&sizes, axes);
        pieces.push(Piece { members, places, extent, container });
    }
    pieces.extend((0..graph.nodes.len()).filter(|node| !taken[*node]).map(|node| Piece {
        members: vec![node],
        places: vec![(0, 0)],
        extent: size(node),
        container: nest.of_node[node],
    }));
    pieces.sort_by_key(|piece| piece.members.first().copied());
    pieces.extend(nest.empty().map(|container| Piece {
        members: Vec::new(),
        places: Vec::new(),
        extent: (1, 1),
        container,
    }));
    pieces
}

/// Where the members of a grid start, and its extent: along the layer, across the layers.
type Grid = (Vec<(i32, i32)>, (i32, i32));

/// The grid of members of these sizes: the number of columns that comes nearest to the shape of a screen.
fn wrap(sizes: &[(i32, i32)], axes: &Axes) -> Grid {
    let mut best: Option<(i64, Grid)> = None;
    for columns in 1..=sizes.len().max(1) {
        let rows = sizes.len().div_ceil(columns);
        // Fewer columns give the same number of rows: the emptier shape is never better.
        if columns > 1 && sizes.len().div_ceil(columns - 1) == rows {
            continue;
        }
        let mut widths = vec![0; columns];
        let mut heights = vec![0; rows];
        for (slot, (along, across)) in sizes.iter().enumerate() {
            widths[slot % columns] = widths[slot % columns].max(*along);
            heights[slot / columns] = heights[slot / columns].max(*across);
        }
        let starts = |extents: &[i32], gap: i32| -> (Vec<i32>, i32) {
            let mut position = 0;
            let starts = extents
                .iter()
                .map(|extent| {
                    let start = position;
                    position += extent + gap;
                    start
                })
                .collect();
            (starts, (position - gap).max(0))
        };
        let (columns_at, along) = starts(&widths, axes.gap.0);
        let (rows_at, across) = starts(&heights, axes.gap.1);
        let (one, two) = (i64::from(along) * 1000, i64::from(across) * axes.ratio);
        let misfit = one.max(two) * 1000 / one.min(two).max(1);
        if best.as_ref().is_none_or(|(least, _)| misfit < *least) {
            let places = (0..sizes.len()).map(|slot| (columns_at[slot % columns], rows_at[slot / columns])).collect();
            best = Some((misfit, (places, (along, across))));
        }
    }
    best.map_or((Vec::new(), (0, 0)), |(_, grid)| grid)
}

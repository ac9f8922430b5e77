//! Coordinates along the layers: one network simplex (Gansner, Koutsofios, North and Vo, 1993) for the places of all
//! vertices, so that flows are short, long ones straight, and boundaries rectangles no wider than they have to be.

use std::collections::BTreeMap;

use super::layers::{Kind, Layered};
use super::nest::Nest;
use super::simplex::{Stretch, earliest, shorten};

/// What a cell of width of a boundary costs, in cells of flows.
static WIDTH: std::sync::LazyLock<i32> = std::sync::LazyLock::new(|| std::env::var("WIDTH").ok().and_then(|s| s.parse().ok()).unwrap_or(1));

/// What a cell beside the straight course costs between pieces, between a piece and a dummy, and between dummies.
const STIFFNESS: [i32; 3] = [1, 4, 16];

/// More cells than any drawing has.
const FAR: i32 = 1 << 24;

/// What has to be known of extents and gaps.
pub(super) struct Room<'a> {
    /// Extent of each vertex along the layer.
    pub extent: &'a [i32],
    /// Free cells between neighbours in each container.
    pub gap: &'a [i32],
    /// Free cells between the walls of each container and what it holds.
    pub padding: &'a [i32],
    /// Least extent of each container, walls included.
    pub least: &'a [i32],
}

/// Free cells between two neighbours in a layer.
fn free_between(graph: &Layered, nest: &Nest, room: &Room<'_>, one: usize, two: usize) -> i32 {
    let outside = |vertex: usize| match graph.kind[vertex] {
        Kind::Wall { .. } => nest.parent[graph.home[vertex]],
        _ => graph.home[vertex],
    };
    match (graph.kind[one], graph.kind[two]) {
        (Kind::Wall { right: false }, Kind::Dummy(_)) | (Kind::Dummy(_), Kind::Wall { right: true }) => 2,
        (Kind::Wall { right: false }, _) => room.padding[graph.home[one]],
        (_, Kind::Wall { right: true }) => room.padding[graph.home[two]],
        // Flows of one source may run together.
        (Kind::Dummy(first), Kind::Dummy(second)) if first == second => -1,
        (Kind::Dummy(_), Kind::Dummy(_)) => 2,
        (Kind::Dummy(_), _) | (_, Kind::Dummy(_)) => 3,
        _ => room.gap[outside(one)],
    }
}

/// Where every vertex starts.
pub(super) fn columns(graph: &Layered, nest: &Nest, room: &Room<'_>) -> Vec<i32> {
    // The walls of a boundary are two unknowns, whatever the number of its layers.
    let mut total = 2 * (nest.parent.len() - 1);
    let wall = |container: usize, right: bool| 2 * (container - 1) + usize::from(right);
    let unknown: Vec<usize> = (0..graph.kind.len())
        .map(|vertex| match graph.kind[vertex] {
            Kind::Wall { right } => wall(graph.home[vertex], right),
            _ => {
                total += 1;
                total - 1
            }
        })
        .collect();
    let lines: Vec<Vec<usize>> = (0..graph.depth).map(|level| graph.line(level)).collect();
    let mut apart: BTreeMap<(usize, usize), i32> = BTreeMap::new();
    let mut keep = |one: usize, two: usize, distance: i32| {
        let known = apart.entry((one, two)).or_insert(distance);
        *known = (*known).max(distance);
    };
    for pair in lines.iter().flat_map(|line| line.windows(2)) {
        let free = free_between(graph, nest, room, pair[0], pair[1]);
        keep(unknown[pair[0]], unknown[pair[1]], room.extent[pair[0]] + free);
    }
    (1..nest.parent.len()).for_each(|own| keep(wall(own, false), wall(own, true), room.least[own] - 1));
    let mut edges: Vec<Stretch> =
        apart.into_iter().map(|((from, to), length)| Stretch { from, to, length, weight: 0 }).collect();
    let mut place = earliest(total, &edges);
    edges.extend((1..nest.parent.len()).map(|own| Stretch {
        from: wall(own, false),
        to: wall(own, true),
        length: 0,
        weight: *WIDTH,
    }));
    // Holds together what no flow joins.
    edges.extend(lines.windows(2).filter_map(|pair| {
        let (from, to) = (unknown[*pair[0].first()?], unknown[*pair[1].first()?]);
        (from != to).then_some(Stretch { from, to, length: -FAR, weight: 0 })
    }));
    for segment in &graph.segments {
        let ends = [segment.upper, segment.lower];
        let dummies = ends.iter().filter(|(vertex, _)| matches!(graph.kind[*vertex], Kind::Dummy(_))).count();
        let weight = segment.flows * STIFFNESS[dummies];
        // An unknown that both ends lie after costs what they are apart.
        place.push(ends.iter().map(|(vertex, offset)| place[unknown[*vertex]] + offset).min().unwrap_or(0));
        edges.extend(ends.map(|(vertex, offset)| Stretch {
            from: place.len() - 1,
            to: unknown[vertex],
            length: -offset,
            weight,
        }));
    }
    let pivots = 4 * place.len() + 200;
    let place = shorten(&edges, place, pivots);
    unknown.into_iter().map(|unknown| place[unknown]).collect()
}

//! Coordinates along the layers: one network simplex (Gansner, Koutsofios, North and Vo, 1993) for the places of all
//! vertices, so that flows are short, long ones straight, and boundaries rectangles no wider than they have to be.

use std::collections::BTreeMap;

use super::align::wishes;
use super::layers::{Kind, Layered};
use super::nest::Nest;
use super::room::Room;
use super::simplex::{Stretch, near, shorten};

/// What a cell of width of a boundary costs, in cells of flows.
const WIDTH: i32 = 4;

/// More cells than any drawing has.
const FAR: i32 = 1 << 28;

/// Free cells between two neighbours in a layer.
fn free_between(graph: &Layered, nest: &Nest, room: &Room, one: usize, two: usize) -> i32 {
    let outside = |vertex: usize| match graph.kind[vertex] {
        Kind::Wall { .. } => nest.parent[graph.home[vertex]],
        _ => graph.home[vertex],
    };
    match (graph.kind[one], graph.kind[two]) {
        (Kind::Wall { right: false }, Kind::Dummy(_)) | (Kind::Dummy(_), Kind::Wall { right: true }) => 2,
        (Kind::Wall { right: false }, _) => room.padding[graph.home[one]],
        (_, Kind::Wall { right: true }) => room.padding[graph.home[two]],
        // Flows of one source may run together; where they have drafts they stay beside each other.
        (Kind::Dummy(first), Kind::Dummy(second)) if first == second => {
            if graph.drafted {
                1
            } else {
                -1
            }
        }
        (Kind::Dummy(_), Kind::Dummy(_)) => 2,
        (Kind::Dummy(_), _) | (_, Kind::Dummy(_)) => 3,
        _ => room.gap[outside(one)],
    }
}

/// Where every vertex starts; `extent` is that of each vertex along its layer.
pub(super) fn columns(graph: &Layered, nest: &Nest, room: &Room, extent: &[i32]) -> Vec<i32> {
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
    let distance = |one: usize, two: usize| extent[one] + free_between(graph, nest, room, one, two);
    for pair in lines.iter().flat_map(|line| line.windows(2)) {
        keep(unknown[pair[0]], unknown[pair[1]], distance(pair[0], pair[1]));
    }
    (1..nest.parent.len()).for_each(|own| keep(wall(own, false), wall(own, true), room.least[own] - 1));
    let mut edges: Vec<Stretch> =
        apart.into_iter().map(|((from, to), length)| Stretch { from, to, length, weight: 0 }).collect();
    let wished = wishes(graph, &distance, &lines);
    let mut wanted: Vec<i32> = (0..total).map(|unknown| if unknown % 2 == 0 { i32::MAX } else { i32::MIN }).collect();
    for vertex in (0..graph.kind.len()).filter(|vertex| !matches!(graph.kind[*vertex], Kind::Wall { .. })) {
        wanted[unknown[vertex]] = wished[vertex];
        for own in nest.around[graph.home[vertex]].iter().copied().filter(|own| *own > 0) {
            let (left, right) = (wall(own, false), wall(own, true));
            wanted[left] = wanted[left].min(wished[vertex]);
            wanted[right] = wanted[right].max(wished[vertex] + extent[vertex]);
        }
    }
    let mut place = near(&edges, &wanted);
    edges.extend((1..nest.parent.len()).map(|own| Stretch {
        from: wall(own, false),
        to: wall(own, true),
        length: 0,
        weight: WIDTH,
    }));
    // Holds together what no flow joins.
    edges.extend(lines.windows(2).filter_map(|pair| {
        let (from, to) = (unknown[*pair[0].first()?], unknown[*pair[1].first()?]);
        (from != to).then_some(Stretch { from, to, length: -FAR, weight: 0 })
    }));
    for segment in &graph.segments {
        let ends = [segment.upper, segment.lower];
        let weight = graph.stiffness(segment);
        // An unknown that both ends lie after costs what they are apart.
        place.push(ends.iter().map(|(vertex, offset)| place[unknown[*vertex]] + offset).min().unwrap_or(0));
        edges.extend(ends.map(|(vertex, offset)| Stretch {
            from: place.len() - 1,
            to: unknown[vertex],
            length: -offset,
            weight,
        }));
    }
    let place = shorten(&edges, place);
    unknown.into_iter().map(|unknown| place[unknown]).collect()
}

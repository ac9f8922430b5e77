//! Layer assignment: which row (or column) every piece goes to, so that flows are short and boundaries low.

use std::collections::BTreeSet;

use super::layers::spans;
use super::nest::Nest;
use super::sequence::resequence;
use super::simplex::{Stretch, earliest, shorten};

/// What a layer more of a boundary costs, in flows that are a layer longer.
const HEIGHT: i32 = 1;

/// What is joined, and by how many flows.
pub(super) type Pair = (usize, usize, i32);

/// How often boundaries may change places in the line, at most.
const ROUNDS: usize = 3;

/// What is known of a vertex while vertices are lined up: those without successors go first, then those without
/// predecessors, then by surplus of successors.
type Claim = (u8, i32, usize);

fn claim(vertex: usize, outgoing: i32, incoming: i32) -> Claim {
    match (outgoing, incoming) {
        (0, 1..) => (0, 0, vertex),
        (_, 0) => (1, 0, vertex),
        _ => (2, incoming - outgoing, vertex),
    }
}

/// Lines up vertices greedily, so that few `pairs` (from, to, weight) point backwards: the place of each (Eades, Lin and
/// Smyth, 1993).
pub(super) fn line_up(count: usize, pairs: &[Pair]) -> Vec<i32> {
    let mut outgoing = vec![Vec::new(); count];
    let mut incoming = vec![Vec::new(); count];
    let (mut out_degree, mut in_degree) = (vec![0; count], vec![0; count]);
    for (from, to, flows) in pairs {
        outgoing[*from].push((*to, *flows));
        incoming[*to].push((*from, *flows));
        out_degree[*from] += flows;
        in_degree[*to] += flows;
    }
    let mut place = vec![0_i32; count];
    let mut left: BTreeSet<Claim> =
        (0..count).map(|vertex| claim(vertex, out_degree[vertex], in_degree[vertex])).collect();
    let (mut head, mut tail) = (0, count as i32);
    let mut gone = vec![false; count];
    while let Some((kind, _, vertex)) = left.pop_first() {
        gone[vertex] = true;
        if kind == 0 {
            tail -= 1;
            place[vertex] = tail;
        } else {
            place[vertex] = head;
            head += 1;
        }
        for (others, leaving) in [(&outgoing[vertex], true), (&incoming[vertex], false)] {
            for &(other, flows) in others.iter().filter(|(other, _)| !gone[*other]) {
                left.remove(&claim(other, out_degree[other], in_degree[other]));
                if leaving {
                    in_degree[other] -= flows;
                } else {
                    out_degree[other] -= flows;
                }
                left.insert(claim(other, out_degree[other], in_degree[other]));
            }
        }
    }
    place
}

/// Vertices that could as well be in several layers go to the emptiest of them.
fn spread(rank: &mut [i32], edges: &[Stretch], count: usize) {
    let mut weight = vec![0_i32; rank.len()];
    let mut near = vec![Vec::new(); rank.len()];
    for (index, edge) in edges.iter().enumerate() {
        weight[edge.from] -= edge.weight;
        weight[edge.to] += edge.weight;
        near[edge.from].push(index);
        near[edge.to].push(index);
    }
    let last = rank.iter().copied().max().unwrap_or(0);
    let mut crowd = vec![0_i32; last as usize + 1];
    for value in &rank[..count] {
        crowd[*value as usize] += 1;
    }
    for vertex in (0..count).filter(|vertex| weight[*vertex] == 0) {
        let (mut low, mut high) = (i32::MIN, i32::MAX);
        for edge in near[vertex].iter().map(|index| edges[*index]) {
            if edge.to == vertex {
                low = low.max(rank[edge.from] + edge.length);
            } else {
                high = high.min(rank[edge.to] - edge.length);
            }
        }
        if low == i32::MIN || high == i32::MAX || low >= high {
            continue;
        }
        // Ranks that are not the best there are may let a top lie above all pieces.
        let (low, high) = (low.max(0), high.min(last));
        let own = rank[vertex];
        crowd[own as usize] -= 1;
        // Staying is free: it has to be clearly emptier elsewhere.
        let best = (low..=high).min_by_key(|level| (crowd[*level as usize] + i32::from(*level != own), *level));
        rank[vertex] = best.unwrap_or(own);
        crowd[rank[vertex] as usize] += 1;
    }
}

/// The layer of every piece. `pairs` are joined pieces with the number of flows between them. Where it is said how many layers
/// of length it is worth that a flow does not point backwards, boundaries are lined up by that; otherwise by direction alone.
pub(super) fn ranks(nest: &Nest, home: &[usize], pairs: &[Pair], backwards: Option<i64>) -> Vec<usize> {
    let count = home.len();
    // What stands on either side of a flow: pieces, or (with numbers from `count` on) the boundaries around them.
    let side = |own: usize, other: usize| match nest.child_towards(nest.common(home[own], home[other]), home[own]) {
        Some(Some(container)) => count + container,
        _ => own,
    };
    let sides: Vec<Pair> = pairs.iter().map(|(from, to, flows)| (side(*from, *to), side(*to, *from), *flows)).collect();
    let mut place = line_up(count + nest.parent.len(), &sides);
    let mut rank = lined_up(nest, home, (pairs, &sides), &place);
    for backwards in backwards.into_iter().flat_map(|backwards| [backwards; ROUNDS]) {
        let before = place.clone();
        resequence(nest, (&sides, count), &spans(nest, home, &rank), backwards, &mut place);
        if place == before {
            break;
        }
        rank = lined_up(nest, home, (pairs, &sides), &place);
    }
    rank
}

/// The layer of every piece, where what stands on the sides of flows has places in a line.
///
/// One network simplex over the graph of flows and nesting (Sander, 1996): every boundary has a top and a bottom, between
/// which all lies that it holds, and what it costs to be high is weighed against the length of flows. Of two boundaries
/// beside each other that flows join, one ends before the other begins: that costs length but is read in one direction, and
/// it crosses less than any other arrangement that was tried.
fn lined_up(nest: &Nest, home: &[usize], (pairs, sides): (&[Pair], &[Pair]), place: &[i32]) -> Vec<usize> {
    let count = home.len();
    let mut edges = Vec::new();
    // The top of the page is before all others and joins what nothing else does; its bottom is not needed.
    let (top, bottom) = (|container: usize| count + 2 * container, |container: usize| count + 2 * container - 1);
    for ((from, to, flows), (one, two, _)) in pairs.iter().zip(sides) {
        let forwards = place[*one] < place[*two];
        let ((from, to), (one, two)) = if forwards { ((from, to), (one, two)) } else { ((to, from), (two, one)) };
        edges.push(Stretch { from: *from, to: *to, length: 1, weight: *flows });
        let last = if *one < count { *one } else { bottom(*one - count) };
        let first = if *two < count { *two } else { top(*two - count) };
        if (last, first) != (*from, *to) {
            edges.push(Stretch { from: last, to: first, length: 1, weight: 0 });
        }
    }
    let mut hold = |outer: usize, first: usize, last: usize| {
        edges.push(Stretch { from: top(outer), to: first, length: 0, weight: 0 });
        if outer > 0 {
            edges.push(Stretch { from: last, to: bottom(outer), length: 0, weight: 0 });
        }
    };
    (0..count).for_each(|piece| hold(home[piece], piece, piece));
    (1..nest.parent.len()).for_each(|own| hold(nest.parent[own], top(own), bottom(own)));
    for own in 1..nest.parent.len() {
        edges.push(Stretch { from: top(own), to: bottom(own), length: 0, weight: HEIGHT });
    }
    let total = count + 2 * nest.parent.len() - 1;
    let rank = earliest(&edges, vec![0; total]);
    let mut rank = shorten(&edges, rank);
    let lowest = rank[..count].iter().copied().min().unwrap_or(0);
    rank.iter_mut().for_each(|value| *value -= lowest);
    spread(&mut rank, &edges, count);
    let mut used: Vec<i32> = rank[..count].to_vec();
    used.sort_unstable();
    used.dedup();
    rank[..count].iter().map(|value| used.binary_search(value).unwrap_or(0)).collect()
}

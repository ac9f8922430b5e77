//! Layer assignment where there are no boundaries: which row (or column) every piece goes to, so that flows are short.

use std::collections::BTreeSet;

use super::simplex::{Stretch, shorten};

/// More vertices than this are not optimised: the first ranks, slid together, have to do.
const MOST_OPTIMISED: usize = 6000;

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

/// The pairs turned so that no cycle is left: vertices are lined up greedily and pairs that point backwards turn.
fn without_cycles(count: usize, pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut outgoing = vec![Vec::new(); count];
    let mut incoming = vec![Vec::new(); count];
    for (from, to) in pairs {
        outgoing[*from].push(*to);
        incoming[*to].push(*from);
    }
    let mut out_degree: Vec<i32> = outgoing.iter().map(|list| list.len() as i32).collect();
    let mut in_degree: Vec<i32> = incoming.iter().map(|list| list.len() as i32).collect();
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
            for &other in others.iter().filter(|other| !gone[**other]) {
                left.remove(&claim(other, out_degree[other], in_degree[other]));
                if leaving {
                    in_degree[other] -= 1;
                } else {
                    out_degree[other] -= 1;
                }
                left.insert(claim(other, out_degree[other], in_degree[other]));
            }
        }
    }
    let forwards = |&(from, to): &(usize, usize)| if place[from] < place[to] { (from, to) } else { (to, from) };
    pairs.iter().map(forwards).collect()
}

/// The least ranks that respect all lengths.
fn earliest(count: usize, edges: &[Stretch]) -> Vec<i32> {
    let mut after = vec![Vec::new(); count];
    let mut missing = vec![0; count];
    for edge in edges {
        after[edge.from].push((edge.to, edge.length));
        missing[edge.to] += 1;
    }
    let mut ready: Vec<usize> = (0..count).filter(|vertex| missing[*vertex] == 0).collect();
    let mut rank = vec![0; count];
    while let Some(vertex) = ready.pop() {
        for &(next, length) in &after[vertex] {
            rank[next] = rank[next].max(rank[vertex] + length);
            missing[next] -= 1;
            if missing[next] == 0 {
                ready.push(next);
            }
        }
    }
    rank
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
        let own = rank[vertex];
        crowd[own as usize] -= 1;
        // Staying is free: it has to be clearly emptier elsewhere.
        let best = (low..=high).min_by_key(|level| (crowd[*level as usize] + i32::from(*level != own), *level));
        rank[vertex] = best.unwrap_or(own);
        crowd[rank[vertex] as usize] += 1;
    }
}

/// The layer of every vertex. `pairs` are joined vertices with the number of flows between them. `lean` pulls vertices
/// without neighbours: positive to the last layer, otherwise to the first.
pub(super) fn layers(count: usize, pairs: &[(usize, usize, i32)], lean: &[i32]) -> Vec<usize> {
    let plain: Vec<(usize, usize)> = pairs.iter().map(|(from, to, _)| (*from, *to)).collect();
    let mut edges: Vec<Stretch> = without_cycles(count, &plain)
        .into_iter()
        .zip(pairs)
        .map(|((from, to), (_, _, flows))| Stretch { from, to, length: 1, weight: *flows })
        .collect();
    let mut alone = vec![true; count];
    for (from, to, _) in pairs {
        alone[*from] = false;
        alone[*to] = false;
    }
    // A vertex before all others joins what nothing else does.
    edges.extend((0..count).map(|vertex| Stretch { from: count, to: vertex, length: 0, weight: 0 }));
    let rank = earliest(count + 1, &edges);
    let mut rank = if count <= MOST_OPTIMISED { shorten(&edges, rank, 8 * count + 200) } else { rank };
    let lowest = rank[..count].iter().copied().min().unwrap_or(0);
    rank.iter_mut().for_each(|value| *value -= lowest);
    spread(&mut rank, &edges, count);
    let last = (0..count).filter(|vertex| !alone[*vertex]).map(|vertex| rank[vertex]).max().unwrap_or(0);
    for vertex in (0..count).filter(|vertex| alone[*vertex]) {
        rank[vertex] = if lean[vertex] > 0 { last } else { 0 };
    }
    let mut used: Vec<i32> = rank[..count].to_vec();
    used.sort_unstable();
    used.dedup();
    rank[..count].iter().map(|value| used.binary_search(value).unwrap_or(0)).collect()
}

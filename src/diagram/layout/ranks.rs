//! Layer assignment: what flows join is lined up, and from the line follows which row (or column) every piece goes to, so that
//! flows are short and boundaries low.

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
pub(super) fn line_up(count: usize, pairs: &[Pair]) -> Line {
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

/// Lines up vertices depth first along the flows: only those of `pairs` point backwards that close a circle on the way. These may
/// be more than others would turn, but what is joined stays near each other.
fn line_up_along(count: usize, pairs: &[Pair]) -> Line {
    let mut outgoing = vec![Vec::new(); count];
    let mut is_entered = vec![false; count];
    for (from, to, _) in pairs {
        outgoing[*from].push(*to);
        is_entered[*to] = true;
    }
    let mut seen = vec![false; count];
    let mut line = vec![0; count];
    let mut last = count as i32;
    for root in (0..count).filter(|vertex| !is_entered[*vertex]).chain(0..count) {
        let mut way: Vec<(usize, usize)> = Vec::new();
        way.extend((!std::mem::replace(&mut seen[root], true)).then_some((root, 0)));
        while let Some((vertex, slot)) = way.pop() {
            match outgoing[vertex].get(slot) {
                Some(next) => {
                    way.push((vertex, slot + 1));
                    way.extend((!std::mem::replace(&mut seen[*next], true)).then_some((*next, 0)));
                }
                // All that follows has its place: this one stands before it.
                None => {
                    last -= 1;
                    line[vertex] = last;
                }
            }
        }
    }
    line
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

/// What is to be put into layers: the pieces of containers, and which of them flows join.
pub(super) struct Joined<'a> {
    nest: &'a Nest,
    home: &'a [usize],
    pairs: &'a [Pair],
    /// What stands on either side of a flow: pieces, or (with numbers from their count on) the boundaries around them.
    sides: Vec<Pair>,
}

/// Places in a line: of pieces, and from their count on of boundaries. A flow points down from what comes first.
pub(super) type Line = Vec<i32>;

/// What a line is to be like.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    /// Whether it goes along the flows from where they begin, instead of turning few of them.
    pub along: bool,
    /// How many layers of length it is worth that a flow does not point backwards; boundaries move to where flows are short
    /// by that.
    pub backwards: Option<i64>,
}

impl<'a> Joined<'a> {
    /// `home` is the container of each piece.
    pub fn new(nest: &'a Nest, home: &'a [usize], pairs: &'a [Pair]) -> Self {
        let count = home.len();
        let side = |own: usize, other: usize| match nest.child_towards(nest.common(home[own], home[other]), home[own]) {
            Some(Some(container)) => count + container,
            _ => own,
        };
        let sides = pairs.iter().map(|(from, to, flows)| (side(*from, *to), side(*to, *from), *flows)).collect();
        Self { nest, home, pairs, sides }
    }

    /// Lines everything up.
    pub fn line(&self, wanted: Wanted) -> Line {
        let count = self.home.len();
        let all = count + self.nest.parent.len();
        let mut line = if wanted.along { line_up_along(all, &self.sides) } else { line_up(all, &self.sides) };
        for backwards in wanted.backwards.into_iter().flat_map(|backwards| [backwards; ROUNDS]) {
            let before = line.clone();
            let span = spans(self.nest, self.home, &self.ranks(&line));
            resequence(self.nest, (&self.sides, count), &span, backwards, &mut line);
            if line == before {
                break;
            }
        }
        line
    }

    /// How many pairs of boundaries are joined one way alone, against the line.
    pub fn turned(&self, line: &Line) -> usize {
        let count = self.home.len();
        let joined: BTreeSet<(usize, usize)> =
            self.sides.iter().map(|(from, to, _)| (*from, *to)).filter(|(from, to)| *from.min(to) >= count).collect();
        let is_turned = |pair: &&(usize, usize)| line[pair.0] > line[pair.1] && !joined.contains(&(pair.1, pair.0));
        joined.iter().filter(is_turned).count()
    }

    /// The lines in which two boundaries that follow each other in one container have changed places.
    pub fn exchanged(&self, line: &Line) -> Vec<Line> {
        let place = |own: usize| self.home.len() + own;
        let mut lines = Vec::new();
        for inner in &self.nest.inner {
            let mut inner = inner.clone();
            inner.sort_by_key(|own| line[place(*own)]);
            for pair in inner.windows(2) {
                let mut other = line.clone();
                other.swap(place(pair[0]), place(pair[1]));
                lines.push(other);
            }
        }
        lines
    }

    /// The layer of every piece.
    pub fn ranks(&self, line: &Line) -> Vec<usize> {
        lined_up(self.nest, self.home, (self.pairs, &self.sides), line)
    }

    /// How many flows point backwards in these layers.
    pub fn backwards(&self, rank: &[usize]) -> i64 {
        let backwards = self.pairs.iter().filter(|(from, to, _)| rank[*from] > rank[*to]);
        backwards.map(|(.., flows)| i64::from(*flows)).sum()
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::layout::shuffle::Shuffler;

    /// Both lines hold everything once; without circles nothing points backwards in either.
    #[test]
    fn what_goes_one_way_is_lined_up_so() {
        let mut dice = Shuffler(17);
        for round in 0..40 {
            let count = 2 + dice.below(30);
            let mut pairs: Vec<Pair> = Vec::new();
            for _ in 0..2 * count {
                let (one, two) = (dice.below(count), dice.below(count));
                // Of every other graph no flow leads to a lower number.
                let (from, to) = if round % 2 == 0 { (one.min(two), one.max(two)) } else { (one, two) };
                pairs.extend((from != to).then(|| (from, to, 1 + dice.below(3) as i32)));
            }
            for line in [line_up(count, &pairs), line_up_along(count, &pairs)] {
                let mut places = line.clone();
                places.sort_unstable();
                assert_eq!(places, (0..count as i32).collect::<Vec<_>>());
                assert!(
                    round % 2 == 1 || pairs.iter().all(|(from, to, _)| line[*from] < line[*to]),
                    "{pairs:?} {line:?}"
                );
            }
        }
    }
}

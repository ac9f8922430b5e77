//! Network simplex: whole numbers for vertices so that the weighted length of all edges is least, none being too short.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// An edge: `to` lies at least `length` after `from`, and every unit beyond costs `weight`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    /// Earlier vertex.
    pub from: usize,
    /// Later vertex.
    pub to: usize,
    /// Least distance.
    pub length: i32,
    /// Cost of a unit of distance.
    pub weight: i32,
}

/// Of so many edges that are better made longer the best one is taken.
const FEW: usize = 30;

/// Work (vertices and edges looked at) after which the ranks have to do. With so many vertices that it would not be nearly
/// enough, what the first of it brings has to do.
const WORK_LIMIT: usize = 3_000_000;
const MANY: usize = 20_000;
const FIRST_WORK: usize = 300_000;

/// Stands for no edge.
const NO_EDGE: usize = usize::MAX;

/// A spanning tree of tight edges. Vertices are numbered in postorder, so that a subtree is a range of `order`.
struct Tree<'a> {
    edges: &'a [Stretch],
    /// Edges at each vertex.
    at: Vec<Vec<usize>>,
    rank: Vec<i32>,
    /// The edge to the parent, none at the root.
    up: Vec<usize>,
    /// Tree edges at each vertex.
    limbs: Vec<Vec<usize>>,
    in_tree: Vec<bool>,
    cut: Vec<i64>,
    /// First and last postorder number of the subtree of each vertex; the last one is its own.
    low: Vec<usize>,
    own: Vec<usize>,
    order: Vec<usize>,
    /// Vertices and edges looked at.
    spent: usize,
}

impl<'a> Tree<'a> {
    /// A tree over at least one vertex, all of which must be joined.
    fn new(edges: &'a [Stretch], rank: Vec<i32>) -> Self {
        let count = rank.len();
        let mut at = vec![Vec::new(); count];
        for (index, edge) in edges.iter().enumerate() {
            at[edge.from].push(index);
            at[edge.to].push(index);
        }
        let mut tree = Self {
            edges,
            at,
            rank,
            up: vec![NO_EDGE; count],
            limbs: vec![Vec::new(); count],
            in_tree: vec![false; edges.len()],
            cut: vec![0; edges.len()],
            low: vec![0; count],
            own: vec![0; count],
            order: vec![0; count],
            spent: 0,
        };
        tree.span();
        tree.number(0, 0);
        tree.measure();
        tree
    }

    fn slack(&self, edge: usize) -> i32 {
        let Stretch { from, to, length, .. } = self.edges[edge];
        self.rank[to] - self.rank[from] - length
    }

    fn other(&self, edge: usize, vertex: usize) -> usize {
        let Stretch { from, to, .. } = self.edges[edge];
        if from == vertex { to } else { from }
    }

    fn holds(&self, root: usize, vertex: usize) -> bool {
        self.low[root] <= self.own[vertex] && self.own[vertex] <= self.own[root]
    }

    /// Grows a tree of tight edges until it spans everything; each time it is stuck it moves as a whole.
    fn span(&mut self) {
        let count = self.rank.len();
        let mut inside = vec![false; count];
        // While they are inside, ranks are those less how far the tree has moved.
        let mut moved = 0;
        let mut members = vec![0];
        inside[0] = true;
        let mut next = 0;
        // Edges that lead out of the tree, to be looked at when it is stuck, by slack less how far it has moved then: those
        // that begin in it get shorter as it moves on, those that end in it longer.
        let mut fringe = [BinaryHeap::new(), BinaryHeap::new()];
        let mut seen = 0;
        while members.len() < count {
            while next < members.len() {
                let vertex = members[next];
                next += 1;
                for slot in 0..self.at[vertex].len() {
                    let edge = self.at[vertex][slot];
                    let other = self.other(edge, vertex);
                    if inside[other] {
                        continue;
                    }
                    let ends = self.edges[edge].to == vertex;
                    let slack = self.slack(edge) + if ends { moved } else { -moved };
                    if slack == 0 {
                        inside[other] = true;
                        self.rank[other] -= moved;
                        members.push(other);
                        self.keep(edge);
                    } else {
                        seen += 1;
                        let side = usize::from(ends);
                        fringe[side].push(Reverse((slack + if ends { -moved } else { moved }, seen, edge)));
                    }
                }
            }
            let nearest = |ends: bool| {
                fringe[usize::from(ends)].peek().map(|Reverse((key, seen, edge))| {
                    let slack = key + if ends { moved } else { -moved };
                    (slack, *seen, *edge, ends)
                })
            };
            let Some((slack, _, edge, ends)) = nearest(false).into_iter().chain(nearest(true)).min() else { break };
            fringe[usize::from(ends)].pop();
            let Stretch { from, to, .. } = self.edges[edge];
            if inside[from] && inside[to] {
                continue;
            }
            moved += if ends { -slack } else { slack };
            let other = if ends { from } else { to };
            inside[other] = true;
            self.rank[other] -= moved;
            members.push(other);
            self.keep(edge);
        }
        members.into_iter().for_each(|vertex| self.rank[vertex] += moved);
    }

    /// Takes an edge into the tree.
    fn keep(&mut self, edge: usize) {
        let Stretch { from, to, .. } = self.edges[edge];
        self.in_tree[edge] = true;
        self.limbs[from].push(edge);
        self.limbs[to].push(edge);
    }

    /// Numbers the subtree of `root` in postorder, starting with `first`.
    fn number(&mut self, root: usize, first: usize) {
        let mut next = first;
        let mut stack = vec![(root, 0)];
        self.low[root] = first;
        while let Some((vertex, slot)) = stack.pop() {
            if let Some(&edge) = self.limbs[vertex].get(slot) {
                stack.push((vertex, slot + 1));
                if edge != self.up[vertex] {
                    let other = self.other(edge, vertex);
                    self.up[other] = edge;
                    self.low[other] = next;
                    stack.push((other, 0));
                }
            } else {
                self.own[vertex] = next;
                self.order[next] = vertex;
                next += 1;
            }
        }
    }

    /// What a unit of length of every tree edge costs: negative where longer is better.
    fn measure(&mut self) {
        // What enters each subtree less what leaves it.
        let mut net = vec![0_i64; self.rank.len()];
        for edge in self.edges {
            net[edge.to] += i64::from(edge.weight);
            net[edge.from] -= i64::from(edge.weight);
        }
        for slot in 0..self.order.len() {
            let vertex = self.order[slot];
            let up = self.up[vertex];
            if up == NO_EDGE {
                continue;
            }
            self.cut[up] = if self.edges[up].to == vertex { net[vertex] } else { -net[vertex] };
            net[self.other(up, vertex)] += net[vertex];
        }
    }

    /// The edge that is best made longer, of the first few from a place in the order on.
    fn leaving(&mut self, start: usize) -> Option<usize> {
        let count = self.order.len();
        let mut seen = 0;
        let mut found = (0..count)
            .inspect(|_| seen += 1)
            .map(|step| self.up[self.order[(start + step) % count]])
            .filter(|edge| *edge != NO_EDGE && self.cut[*edge] < 0);
        let best = found.by_ref().take(FEW).min_by_key(|edge| self.cut[*edge]);
        drop(found);
        self.spent += seen;
        best
    }

    /// Replaces a tree edge by the shortest one that may take its place; the vertex below the change.
    fn pivot(&mut self, leaving: usize) -> Option<usize> {
        let Stretch { from, to, .. } = self.edges[leaving];
        let below = if self.up[from] == leaving { from } else { to };
        // Edges that run the other way across the cut may enter.
        let into_below = below == from;
        let mut best: Option<(i32, usize)> = None;
        for &vertex in &self.order[self.low[below]..=self.own[below]] {
            self.spent += self.at[vertex].len();
            for &edge in &self.at[vertex] {
                let Stretch { from, to, .. } = self.edges[edge];
                let (inner, outer) = if into_below { (to, from) } else { (from, to) };
                if inner == vertex && !self.holds(below, outer) {
                    let found = (self.slack(edge), edge);
                    best = Some(best.map_or(found, |best| best.min(found)));
                }
            }
        }
        let (_, entering) = best?;
        let slack = self.slack(entering);
        let by = if into_below { -slack } else { slack };
        for number in self.low[below]..=self.own[below] {
            self.rank[self.order[number]] += by;
        }
        let change = self.cut[leaving];
        let Stretch { from: tail, to: head, .. } = self.edges[entering];
        // The cuts change along the loop that the entering edge closes.
        let mut top = tail;
        while !self.holds(top, head) {
            top = self.climb(top, change, true);
        }
        let mut vertex = head;
        while vertex != top {
            vertex = self.climb(vertex, change, false);
        }
        self.cut[entering] = -change;
        self.in_tree[leaving] = false;
        self.in_tree[entering] = true;
        for end in [from, to] {
            self.limbs[end].retain(|edge| *edge != leaving);
        }
        for end in [tail, head] {
            self.limbs[end].push(entering);
        }
        let (inner, outer) = if self.holds(below, tail) { (tail, head) } else { (head, tail) };
        self.graft((below, top), entering, (inner, outer));
        Some(below)
    }

    /// Numbers anew what changes where the subtree `below`, turned so that `inner` is its root, becomes the last one under
    /// `outer`: it moves past what lies between its old and its new place. Nothing changes outside of `top`, which holds both.
    fn graft(&mut self, (below, top): (usize, usize), entering: usize, (inner, outer): (usize, usize)) {
        let (first, last) = (self.low[below], self.own[below]);
        let size = last + 1 - first;
        let parent = self.own[outer];
        self.spent += size + parent.abs_diff(first) / 4;
        let start = if parent > last {
            for number in last + 1..parent {
                let vertex = self.order[number];
                self.order[number - size] = vertex;
                self.own[vertex] -= size;
                // Whoever held the subtree begins where it began.
                self.low[vertex] -= if self.low[vertex] > last { size } else { 0 };
            }
            let mut vertex = outer;
            while vertex != top {
                self.low[vertex] -= if self.low[vertex] > last { size } else { 0 };
                vertex = self.other(self.up[vertex], vertex);
            }
            parent - size
        } else {
            for number in (parent..first).rev() {
                let vertex = self.order[number];
                self.order[number + size] = vertex;
                self.own[vertex] += size;
                // Whoever holds `outer` begins where it began.
                self.low[vertex] += if self.low[vertex] > parent { size } else { 0 };
            }
            let mut vertex = self.other(self.up[below], below);
            while vertex != top {
                self.low[vertex] += size;
                vertex = self.other(self.up[vertex], vertex);
            }
            parent
        };
        self.up[inner] = entering;
        self.number(inner, start);
    }

    /// Changes the cut of the edge above a vertex that the loop leaves upwards, and goes there.
    fn climb(&mut self, vertex: usize, change: i64, from_tail: bool) -> usize {
        let up = self.up[vertex];
        let upwards = self.edges[up].from == vertex;
        self.cut[up] += if upwards == from_tail { change } else { -change };
        self.other(up, vertex)
    }
}

/// The ranks, starting with those given, which must respect all lengths. All vertices must be joined. It ends early on
/// large graphs, with the best ranks that it has then.
pub(super) fn shorten(edges: &[Stretch], rank: Vec<i32>) -> Vec<i32> {
    if rank.len() < 2 {
        return rank;
    }
    let limit = if rank.len() > MANY { FIRST_WORK } else { WORK_LIMIT };
    let mut tree = Tree::new(edges, rank);
    let mut start = 0;
    while tree.spent < limit {
        let Some(leaving) = tree.leaving(start) else { break };
        let Some(below) = tree.pivot(leaving) else { break };
        start = tree.own[below];
    }
    tree.rank
}

/// The least ranks from the given ones upwards that respect all lengths, which must not contradict each other.
pub(super) fn earliest(edges: &[Stretch], mut rank: Vec<i32>) -> Vec<i32> {
    let mut after = vec![Vec::new(); rank.len()];
    let mut missing = vec![0; rank.len()];
    for edge in edges {
        after[edge.from].push((edge.to, edge.length));
        missing[edge.to] += 1;
    }
    let mut ready: Vec<usize> = (0..rank.len()).filter(|vertex| missing[*vertex] == 0).collect();
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

/// Ranks near the given ones that respect all lengths: half way between those that are no smaller and those that are no
/// larger.
pub(super) fn near(edges: &[Stretch], rank: &[i32]) -> Vec<i32> {
    let turned: Vec<Stretch> = edges.iter().map(|edge| Stretch { from: edge.to, to: edge.from, ..*edge }).collect();
    let larger = earliest(edges, rank.to_vec());
    let smaller = earliest(&turned, rank.iter().map(|rank| -rank).collect());
    larger.into_iter().zip(smaller).map(|(one, two)| (one - two).div_euclid(2)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::layout::shuffle::Shuffler;

    fn cost(edges: &[Stretch], rank: &[i32]) -> Option<i32> {
        let lengths = edges.iter().map(|edge| (rank[edge.to] - rank[edge.from], edge));
        lengths.map(|(length, edge)| (length >= edge.length).then_some(length * edge.weight)).sum()
    }

    /// The least cost of all ranks up to a limit.
    fn least(edges: &[Stretch], count: usize, limit: i32) -> Option<i32> {
        let ranks = |code: i32| (0..count as u32).map(|vertex| code / limit.pow(vertex) % limit).collect::<Vec<i32>>();
        (0..limit.pow(count as u32)).filter_map(|code| cost(edges, &ranks(code))).min()
    }

    #[test]
    fn ranks_are_the_best_there_are() {
        let mut dice = Shuffler(99);
        for _ in 0..40 {
            let mut edges: Vec<Stretch> = (1..5)
                .map(|to| Stretch { from: dice.below(to), to, length: 1, weight: 1 + dice.below(3) as i32 })
                .collect();
            for _ in 0..dice.below(5) {
                let to = 1 + dice.below(4);
                edges.push(Stretch { from: dice.below(to), to, length: 1, weight: dice.below(4) as i32 });
            }
            let rank = shorten(&edges, earliest(&edges, vec![0; 5]));
            assert_eq!(cost(&edges, &rank), least(&edges, 5, 5), "{edges:?}");
        }
    }

    /// Every subtree is a range of the order, whatever was grafted.
    #[test]
    fn subtrees_stay_numbered_in_one_piece() {
        let mut dice = Shuffler(5);
        for _ in 0..60 {
            let mut edges: Vec<Stretch> = (1..14)
                .map(|to| Stretch { from: dice.below(to), to, length: dice.below(3) as i32, weight: 1 })
                .collect();
            for _ in 0..16 {
                let to = 1 + dice.below(13);
                let (length, weight) = (dice.below(4) as i32, dice.below(9) as i32);
                edges.push(Stretch { from: dice.below(to), to, length, weight });
            }
            let mut tree = Tree::new(&edges, earliest(&edges, vec![0; 14]));
            while let Some(leaving) = tree.leaving(0) {
                assert!(tree.pivot(leaving).is_some());
                let mut known = tree.cut.clone();
                for vertex in 0..14 {
                    assert_eq!(tree.order[tree.own[vertex]], vertex);
                    let below = |mut other: usize| {
                        while other != vertex && tree.up[other] != NO_EDGE {
                            other = tree.other(tree.up[other], other);
                        }
                        other == vertex
                    };
                    let inside: Vec<usize> = (0..14).filter(|number| below(tree.order[*number])).collect();
                    assert_eq!(inside, (tree.low[vertex]..=tree.own[vertex]).collect::<Vec<_>>(), "{edges:?}");
                }
                tree.measure();
                (0..edges.len()).filter(|edge| !tree.in_tree[*edge]).for_each(|edge| known[edge] = tree.cut[edge]);
                assert_eq!(known, tree.cut, "{edges:?}");
            }
        }
    }

    #[test]
    fn ranks_near_others_respect_all_lengths() {
        let mut dice = Shuffler(7);
        for _ in 0..40 {
            let edges: Vec<Stretch> = (0..12)
                .map(|_| {
                    let to = 1 + dice.below(7);
                    Stretch { from: dice.below(to), to, length: dice.below(6) as i32, weight: 1 }
                })
                .collect();
            let wanted: Vec<i32> = (0..8).map(|_| dice.below(30) as i32).collect();
            assert!(cost(&edges, &near(&edges, &wanted)).is_some(), "{edges:?} {wanted:?}");
        }
    }
}

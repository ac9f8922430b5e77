//! Crossing reduction where there are no boundaries: the order of the vertices within every layer.
//!
//! Sweeps sort the vertices of a layer by the median of their neighbours in the layer before (or after); swaps of
//! neighbours follow until none brings anything. Swaps that change nothing are made now and then, which leads out of
//! dead ends (Gansner, Koutsofios, North and Vo, 1993). What was best is sifted in the end.

use super::shuffle::Shuffler;

/// Work (ends looked at) that may be spent: so much for each vertex, and so much at most.
const WORK_EACH: usize = 6000;
const WORK_LIMIT: usize = 12_000_000;

/// How many starts are tried at most, how many sweeps follow each, and how many in a row may bring nothing.
const STARTS: usize = 6;
const SWEEPS: usize = 24;
const PATIENCE: usize = 8;

/// Vertices are sifted over no more than this many others to each side.
const REACH: usize = 40;

/// Steps between two neighbouring places, so that medians can lie between.
const STEP: i64 = 64;

/// The other end of a segment, and how many flows run there; as a vertex in the graph, as a place while sorting.
pub(super) type End = (usize, i64);

/// A layered graph: vertices are pieces and the dummies that stand for wires passing a layer.
pub(super) struct Weighted {
    /// The vertices of each layer, in order.
    pub layers: Vec<Vec<usize>>,
    /// Neighbours of each vertex in the layer before.
    pub before: Vec<Vec<End>>,
    /// Neighbours of each vertex in the layer after.
    pub after: Vec<Vec<End>>,
}

/// Flows that cross where what has the `first` ends stands before what has the `second`.
fn crossings(first: &[End], second: &[End]) -> i64 {
    let (mut at, mut passed, mut total) = (0, 0, 0);
    for (place, flows) in first {
        while at < second.len() && second[at].0 < *place {
            passed += second[at].1;
            at += 1;
        }
        total += passed * flows;
    }
    total
}

/// The ends of the vertices of a layer, sorted by place.
#[derive(Default)]
struct Near {
    ends: Vec<End>,
    /// For each vertex: where its ends before begin, where those after begin, and where they stop.
    at: Vec<[usize; 3]>,
}

impl Near {
    /// Flows that cross where one vertex of the layer stands before another.
    fn cost(&self, one: usize, two: usize) -> i64 {
        let (first, second) = (self.at[one], self.at[two]);
        crossings(&self.ends[first[0]..first[1]], &self.ends[second[0]..second[1]])
            + crossings(&self.ends[first[1]..first[2]], &self.ends[second[1]..second[2]])
    }

    /// How much work it is to compare two vertices.
    fn size(&self, one: usize, two: usize) -> usize {
        4 + self.at[one][2] - self.at[one][0] + self.at[two][2] - self.at[two][0]
    }
}

struct Sorter<'a> {
    graph: &'a Weighted,
    layers: Vec<Vec<usize>>,
    /// Place of every vertex in its layer.
    place: Vec<usize>,
    /// Layers in which swaps may bring something since they were last tried.
    stale: Vec<bool>,
    spent: usize,
    work: usize,
}

impl Sorter<'_> {
    fn note(&mut self, level: usize) {
        for (place, vertex) in self.layers[level].iter().enumerate() {
            self.place[*vertex] = place;
        }
    }

    fn restart(&mut self, layers: Vec<Vec<usize>>) {
        self.layers = layers;
        (0..self.layers.len()).for_each(|level| self.note(level));
    }

    /// The layers, down or up.
    fn levels(&self, downwards: bool) -> Vec<usize> {
        let levels = 0..self.layers.len();
        if downwards { levels.collect() } else { levels.rev().collect() }
    }

    /// Crossings between all layers, counted with a Fenwick tree.
    fn total(&mut self) -> i64 {
        let mut total = 0;
        let mut tree: Vec<i64> = Vec::new();
        let mut ends: Vec<End> = Vec::new();
        for pair in self.layers.windows(2) {
            tree.clear();
            tree.resize(pair[1].len() + 1, 0);
            let mut seen = 0;
            for vertex in &pair[0] {
                ends.clear();
                ends.extend(self.graph.after[*vertex].iter().map(|(other, flows)| (self.place[*other], *flows)));
                ends.sort_unstable();
                self.spent += 4 * ends.len() + 1;
                for (end, flows) in &ends {
                    let (mut slot, mut smaller) = (end + 1, 0);
                    while slot > 0 {
                        smaller += tree[slot];
                        slot &= slot - 1;
                    }
                    total += (seen - smaller) * flows;
                }
                for (end, flows) in &ends {
                    let mut slot = end + 1;
                    while slot < tree.len() {
                        tree[slot] += flows;
                        slot += slot & slot.wrapping_neg();
                    }
                    seen += flows;
                }
            }
        }
        total
    }

    fn near(&self, level: usize) -> Near {
        let mut near = Near::default();
        for vertex in &self.layers[level] {
            let start = near.ends.len();
            let place = |(other, flows): &End| (self.place[*other], *flows);
            near.ends.extend(self.graph.before[*vertex].iter().map(place));
            let middle = near.ends.len();
            near.ends[start..].sort_unstable();
            near.ends.extend(self.graph.after[*vertex].iter().map(place));
            near.ends[middle..].sort_unstable();
            near.at.push([start, middle, near.ends.len()]);
        }
        near
    }

    /// Where a vertex would like to be: the median of its neighbours on one side, between the two in the middle nearer
    /// to where they lie more densely.
    fn median(&self, vertex: usize, downwards: bool) -> Option<i64> {
        let ends = if downwards { &self.graph.before[vertex] } else { &self.graph.after[vertex] };
        let mut places: Vec<i64> = ends
            .iter()
            .flat_map(|(other, flows)| std::iter::repeat_n(self.place[*other] as i64 * STEP, *flows as usize))
            .collect();
        places.sort_unstable();
        let middle = places.len() / 2;
        match places.as_slice() {
            [] => None,
            [one, two] => Some((one + two) / 2),
            places if places.len() % 2 == 1 => Some(places[middle]),
            places => {
                let (left, right) = (places[middle - 1] - places[0], places[places.len() - 1] - places[middle]);
                Some(match left + right {
                    0 => (places[middle - 1] + places[middle]) / 2,
                    both => (places[middle - 1] * right + places[middle] * left) / both,
                })
            }
        }
    }

    /// Sorts every layer by the medians of one side, ties `reversed` or as they were. Vertices without neighbours there
    /// stay where they are.
    fn sweep(&mut self, downwards: bool, reversed: bool) {
        for level in self.levels(downwards) {
            let mut wanted: Vec<(i64, usize, usize)> = Vec::new();
            let mut slots: Vec<usize> = Vec::new();
            for (slot, vertex) in self.layers[level].iter().enumerate() {
                if let Some(median) = self.median(*vertex, downwards) {
                    wanted.push((median, if reversed { usize::MAX - slot } else { slot }, *vertex));
                    slots.push(slot);
                }
            }
            self.spent += 3 * self.layers[level].len();
            wanted.sort_unstable();
            for (slot, (_, _, vertex)) in slots.into_iter().zip(wanted) {
                self.layers[level][slot] = vertex;
            }
            self.note(level);
        }
    }

    /// Puts a layer into the order given by places in it.
    fn reorder(&mut self, level: usize, order: Vec<usize>) {
        self.layers[level] = order.into_iter().map(|place| self.layers[level][place]).collect();
        self.note(level);
        let end = (level + 2).min(self.layers.len());
        self.stale[level.saturating_sub(1)..end].fill(true);
    }

    /// Goes through the neighbours in a layer and swaps them where that brings something, or (if `restless`) changes
    /// nothing; how much it brought.
    fn swap(&mut self, level: usize, restless: bool) -> i64 {
        let near = self.near(level);
        let mut order: Vec<usize> = (0..self.layers[level].len()).collect();
        let (mut gained, mut changed) = (0, false);
        for slot in 1..order.len() {
            let (one, two) = (order[slot - 1], order[slot]);
            self.spent += near.size(one, two);
            let now = near.cost(one, two);
            if now == 0 {
                continue;
            }
            let then = near.cost(two, one);
            if then < now || restless && then == now {
                gained += now - then;
                order.swap(slot - 1, slot);
                changed = true;
            }
        }
        if changed {
            self.reorder(level, order);
        }
        gained
    }

    fn swap_all(&mut self, restless: bool) {
        self.stale.fill(true);
        loop {
            let mut gained = 0;
            for level in self.levels(true) {
                if std::mem::take(&mut self.stale[level]) {
                    gained += self.swap(level, restless);
                }
            }
            if gained == 0 || self.spent > self.work {
                return;
            }
        }
    }

    /// Moves every vertex of a layer to where it crosses least; whether anything moved.
    fn sift(&mut self, level: usize) -> bool {
        let near = self.near(level);
        let count = self.layers[level].len();
        let mut order: Vec<usize> = (0..count).collect();
        let mut moved = false;
        for own in 0..count {
            let Some(slot) = order.iter().position(|other| *other == own) else { continue };
            let (mut best, mut target) = (0, slot);
            let mut sum = 0;
            for (at, other) in order.iter().enumerate().skip(slot + 1).take(REACH) {
                sum += near.cost(*other, own) - near.cost(own, *other);
                self.spent += near.size(own, *other);
                if sum < best {
                    (best, target) = (sum, at);
                }
            }
            sum = 0;
            for (at, other) in order.iter().enumerate().take(slot).rev().take(REACH) {
                sum += near.cost(own, *other) - near.cost(*other, own);
                self.spent += near.size(own, *other);
                if sum < best {
                    (best, target) = (sum, at);
                }
            }
            if target != slot {
                order.remove(slot);
                order.insert(target, own);
                moved = true;
            }
        }
        if moved {
            self.reorder(level, order);
        }
        moved
    }

    /// Sifts all layers, down and up, while that brings something.
    fn sift_all(&mut self) {
        for round in 0..4 {
            let mut moved = false;
            for level in self.levels(round % 2 == 0) {
                moved |= self.sift(level);
            }
            if !moved || self.spent > self.work {
                return;
            }
        }
    }

    /// The best order that is found from a start, and its cost.
    fn improve(&mut self, start: usize) -> (i64, Vec<Vec<usize>>) {
        let mut best = (self.total(), self.layers.clone());
        let mut idle = 0;
        for round in 0..SWEEPS {
            if idle >= PATIENCE || best.0 == 0 || self.spent > self.work {
                break;
            }
            let reversed = round % 4 < 2;
            self.sweep((round + start).is_multiple_of(2), reversed);
            self.swap_all(!reversed);
            let now = self.total();
            idle += 1;
            if now < best.0 {
                // Small steps are no reason to go on for long.
                if now * 200 < best.0 * 199 {
                    idle = 0;
                }
                best = (now, self.layers.clone());
            }
        }
        self.restart(best.1);
        self.swap_all(false);
        self.sift_all();
        (self.total(), self.layers.clone())
    }
}

/// Numbers the pieces along the flows, in the order of the input: a start that changes little with the graph.
fn along_flows(graph: &Weighted) -> Vec<Vec<usize>> {
    let count = graph.before.len();
    let mut number = vec![usize::MAX; count];
    let mut next = 0;
    for start in graph.layers.iter().flatten() {
        let mut stack = vec![*start];
        while let Some(vertex) = stack.pop() {
            if number[vertex] == usize::MAX {
                number[vertex] = next;
                next += 1;
                stack.extend(graph.before[vertex].iter().chain(&graph.after[vertex]).rev().map(|(other, _)| *other));
            }
        }
    }
    let mut layers = graph.layers.clone();
    layers.iter_mut().for_each(|layer| layer.sort_by_key(|vertex| number[*vertex]));
    layers
}

/// Reorders the layers so that few neighbours cross: the best from several fixed starts is kept.
pub(super) fn untangle(graph: &mut Weighted) {
    let count = graph.before.len();
    let mut shuffler = Shuffler(0x9E37_79B9_7F4A_7C15);
    let first = along_flows(graph);
    let mut sorter = Sorter {
        graph,
        layers: Vec::new(),
        place: vec![0; count],
        stale: vec![true; first.len()],
        spent: 0,
        work: count.saturating_mul(WORK_EACH).min(WORK_LIMIT),
    };
    let mut best: Option<(i64, Vec<Vec<usize>>)> = None;
    for start in 0..STARTS {
        let mut layers = first.clone();
        if start > 1 {
            for layer in &mut layers {
                for slot in (1..layer.len()).rev() {
                    layer.swap(slot, shuffler.below(slot + 1));
                }
            }
        }
        sorter.restart(layers);
        let found = sorter.improve(start);
        if best.as_ref().is_none_or(|(least, _)| found.0 < *least) {
            best = Some(found);
        }
        if best.as_ref().is_some_and(|(least, _)| *least == 0) || sorter.spent > sorter.work {
            break;
        }
    }
    if let Some((_, layers)) = best {
        graph.layers = layers;
    }
}

//! Crossing reduction: the order of the items within every row, and so of all vertices within every layer.
//!
//! Sweeps sort the items of a row by the middle of their neighbours in the layer before (or after); swaps
//! of neighbours follow until none brings anything. Swaps that change nothing are made now and then, which leads out of
//! dead ends (Gansner, Koutsofios, North and Vo, 1993). What was best is sifted in the end. In large drawings most swaps
//! wait for the best of the sweeps: the next sweep would undo them.

use std::ops::RangeInclusive;

use super::ends::Ends;
use super::layers::{Item, Kind, Layered};
use super::nest::Nest;
use super::shuffle::Shuffler;
use super::starts::{along_flows, is_mirrored, means, seats};

/// Work (ends looked at): so much for each vertex, where there are few flows and where there are many, so much after which no
/// other start is tried, and so much at most.
const WORK_EACH: [usize; 2] = [10_000, 5_000];
const WORK_ENOUGH: usize = 3_000_000;
const WORK_LIMIT: usize = 20_000_000;

/// How many starts are tried at most, how many sweeps follow each, and how many of them in a row may bring nothing: where there
/// are few flows, and where there are many.
const STARTS: [usize; 2] = [12, 6];
const SWEEPS: usize = 24;
const PATIENCE: [usize; 2] = [6, 8];

/// In large drawings swaps end when all of them together bring less than this part of the crossings: after a sweep, and
/// after the last one.
const SMALL_PARTS: [i64; 2] = [100, 5000];

/// How many sweeps tell what an order will be like.
const OUTLOOK: usize = 4;

/// Vertices are sifted over no more than this many others to each side.
const REACH: usize = 40;

/// Steps between two neighbouring places, so that middles can lie between.
const STEP: i64 = 64;

/// An arrangement: the items of every row in order.
pub(super) type Order = Vec<Vec<Item>>;

/// Whether two items of a row keep their order whatever that costs.
fn is_fixed(one: Item, two: Item) -> bool {
    matches!((one, two), (Item::Row(_), Item::Row(_)))
}

pub(super) struct Sorter<'a> {
    pub(super) graph: &'a Layered,
    pub(super) nest: &'a Nest,
    /// Neighbours in the layer before, and in the layer after.
    before: Ends,
    after: Ends,
    pub(super) rows: Order,
    /// The rows of each layer, inner ones first.
    rows_of: Vec<Vec<usize>>,
    /// The row of every container in its first layer.
    pub(super) first_row: Vec<usize>,
    /// Boundaries of one container stand in this order in all layers, so that each can be a rectangle.
    pub(super) seat: Vec<usize>,
    /// The vertices of each layer, in order.
    pub(super) layers: Vec<Vec<usize>>,
    /// Place of every vertex in its layer.
    pub(super) place: Vec<usize>,
    /// Layers in which swaps may bring something since they were last tried, and the vertices for which they may.
    stale: Vec<bool>,
    fresh: Vec<bool>,
    spent: usize,
    work: usize,
}

impl<'a> Sorter<'a> {
    pub(super) fn new(graph: &'a Layered, nest: &'a Nest) -> Self {
        let mut rows_of = vec![Vec::new(); graph.depth];
        let mut first_row = vec![0; nest.parent.len()];
        for (index, row) in graph.rows.iter().enumerate().rev() {
            rows_of[row.level].push(index);
            first_row[row.container] = index;
        }
        let count = graph.kind.len();
        Self {
            graph,
            nest,
            before: Ends::new(&graph.before),
            after: Ends::new(&graph.after),
            rows: graph.rows.iter().map(|row| row.items.clone()).collect(),
            rows_of,
            first_row,
            seat: (0..nest.parent.len()).collect(),
            layers: vec![Vec::new(); graph.depth],
            place: vec![0; count],
            stale: vec![true; graph.depth],
            fresh: vec![true; count],
            spent: 0,
            work: count.saturating_mul(WORK_EACH[usize::from(graph.drafted)]).min(WORK_LIMIT),
        }
    }

    /// Appends the vertices of an item, in order.
    fn vertices(&self, item: Item, list: &mut Vec<usize>) {
        match item {
            Item::Vertex(vertex) => list.push(vertex),
            Item::Row(row) => {
                let walls = self.graph.rows[row].walls;
                list.extend(walls.map(|(left, _)| left));
                self.rows[row].iter().for_each(|item| self.vertices(*item, list));
                list.extend(walls.map(|(_, right)| right));
            }
        }
    }

    pub(super) fn note(&mut self, level: usize) {
        let mut list = std::mem::take(&mut self.layers[level]);
        list.clear();
        // The rows of the page are the first ones.
        self.vertices(Item::Row(level), &mut list);
        for (place, vertex) in list.iter().enumerate() {
            self.place[*vertex] = place;
        }
        self.layers[level] = list;
    }

    #[cfg(test)]
    pub(super) fn restarted(mut self) -> Self {
        self.note_all();
        self
    }

    fn note_all(&mut self) {
        (0..self.layers.len()).for_each(|level| self.note(level));
    }

    /// Sorts everything by numbers of vertices and containers.
    fn restart(&mut self, vertices: &[usize], containers: &[usize]) {
        self.seat = containers.to_vec();
        for (row, items) in self.rows.iter_mut().enumerate() {
            items.clone_from(&self.graph.rows[row].items);
            items.sort_by_key(|item| match item {
                Item::Vertex(vertex) => (vertices[*vertex], *vertex),
                Item::Row(row) => (containers[self.graph.rows[*row].container], 0),
            });
        }
        self.note_all();
    }

    fn resume(&mut self, (rows, seat): (Order, Vec<usize>)) {
        (self.rows, self.seat) = (rows, seat);
        self.note_all();
    }

    /// The layers, down or up.
    fn levels(&self, downwards: bool) -> Vec<usize> {
        let levels = 0..self.layers.len();
        if downwards { levels.collect() } else { levels.rev().collect() }
    }

    /// Crossings between all layers.
    fn total(&mut self) -> i64 {
        self.between(0, self.layers.len())
    }

    /// Crossings between all layers from the first to the last, counted with a Fenwick tree (Barth, Juenger and Mutzel,
    /// 2002).
    fn between(&mut self, first: usize, last: usize) -> i64 {
        let mut total = 0;
        let mut tree: Vec<i64> = Vec::new();
        let mut ends: Vec<(usize, i64)> = Vec::new();
        for pair in self.layers[first..(last + 1).min(self.layers.len())].windows(2) {
            tree.clear();
            tree.resize(pair[1].len() + 1, 0);
            let mut seen = 0;
            for vertex in &pair[0] {
                ends.clear();
                let place = |(other, flows): &(u32, i32)| (self.place[*other as usize], i64::from(*flows));
                ends.extend(self.after.of(*vertex).iter().map(place));
                if ends.len() > 1 {
                    ends.sort_unstable();
                }
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

    /// The vertices of a boundary in a layer, with its walls. They stand together there; since when the layer was noted, they may
    /// have changed places among themselves.
    fn members(&self, row: usize) -> &[usize] {
        let row = &self.graph.rows[row];
        let places = row.walls.map(|(left, right)| self.place[left]..self.place[right] + 1);
        places.map_or(&[], |places| &self.layers[row.level][places])
    }

    /// Flows that cross where one item of a row stands before another, and where it stands after it.
    fn costs(&mut self, one: Item, two: Item) -> (i64, i64) {
        let mut spent = 0;
        let costs = match (one, two) {
            (Item::Vertex(one), Item::Vertex(two)) => self.costs_of(&[one], &[two], &mut spent),
            (Item::Vertex(one), Item::Row(two)) => self.costs_of(&[one], self.members(two), &mut spent),
            (Item::Row(one), Item::Vertex(two)) => self.costs_of(self.members(one), &[two], &mut spent),
            (Item::Row(one), Item::Row(two)) => self.costs_of(self.members(one), self.members(two), &mut spent),
        };
        self.spent += spent;
        costs
    }

    fn costs_of(&self, one: &[usize], two: &[usize], spent: &mut usize) -> (i64, i64) {
        let mut costs = (0, 0);
        for one in one {
            for side in [&self.before, &self.after] {
                let first = side.of(*one);
                for two in two {
                    let second = side.of(*two);
                    *spent += 2 + first.len() * second.len();
                    for (own, flows) in first {
                        let own = self.place[*own as usize];
                        for (other, rivals) in second {
                            let other = self.place[*other as usize];
                            let both = i64::from(flows * rivals);
                            costs.0 += if own > other { both } else { 0 };
                            costs.1 += if own < other { both } else { 0 };
                        }
                    }
                }
            }
        }
        costs
    }

    /// Where a vertex would like to be in view of its neighbours on one side. Medians change little when the graph does;
    /// means cross less in large drawings, which nobody knows by heart.
    fn middle(&self, vertex: usize, downwards: bool) -> Option<i64> {
        let ends = if downwards { self.before.of(vertex) } else { self.after.of(vertex) };
        let place = |other: u32| self.place[other as usize] as i64 * STEP;
        // As of all dummies, which are most.
        if let [(only, _)] = ends {
            return Some(place(*only));
        }
        if self.graph.drafted {
            let sum: i64 = ends.iter().map(|(other, flows)| place(*other) * i64::from(*flows)).sum();
            return sum.checked_div(ends.iter().map(|(_, flows)| i64::from(*flows)).sum());
        }
        let each = |(other, flows): &(u32, i32)| std::iter::repeat_n(place(*other), *flows as usize);
        let mut places: Vec<i64> = ends.iter().flat_map(each).collect();
        places.sort_unstable();
        let middle = places.len() / 2;
        match places.as_slice() {
            [] => None,
            [one, two] => Some((one + two) / 2),
            places if places.len() % 2 == 1 => Some(places[middle]),
            // Between the two in the middle, nearer to where they lie more densely.
            places => {
                let (left, right) = (places[middle - 1] - places[0], places[places.len() - 1] - places[middle]);
                Some(match left + right {
                    0 => (places[middle - 1] + places[middle]) / 2,
                    both => (places[middle - 1] * right + places[middle] * left) / both,
                })
            }
        }
    }

    /// Where an item would like to be: the mean of what the vertices of a row want.
    fn wish(&self, item: Item, downwards: bool) -> Option<i64> {
        match item {
            Item::Vertex(vertex) => self.middle(vertex, downwards),
            Item::Row(row) => {
                let is_wall = |vertex: &usize| matches!(self.graph.kind[*vertex], Kind::Wall { .. });
                let members = self.members(row).iter().filter(|vertex| !is_wall(vertex));
                let wishes = members.filter_map(|vertex| self.middle(*vertex, downwards));
                let (sum, count) = wishes.fold((0, 0), |(sum, count), wish| (sum + wish, count + 1));
                (count > 0).then(|| sum / count)
            }
        }
    }

    /// Sorts every row by the middles of one side, ties `reversed` or as they were. Items without neighbours there stay
    /// where they are.
    fn sweep(&mut self, downwards: bool, reversed: bool) {
        let mut wanted: Vec<(i64, usize, Item)> = Vec::new();
        let mut slots: Vec<usize> = Vec::new();
        for level in self.levels(downwards) {
            for row in 0..self.rows_of[level].len() {
                let row = self.rows_of[level][row];
                wanted.clear();
                slots.clear();
                for (slot, item) in self.rows[row].iter().enumerate() {
                    if let Some(wish) = self.wish(*item, downwards) {
                        wanted.push((wish, if reversed { usize::MAX - slot } else { slot }, *item));
                        slots.push(slot);
                    }
                }
                wanted.sort_unstable_by_key(|(wish, tie, _)| (*wish, *tie));
                for (slot, (_, _, item)) in slots.iter().zip(&wanted) {
                    self.rows[row][*slot] = *item;
                }
                self.seat_boundaries(row);
            }
            self.spent += 3 * self.layers[level].len();
            self.note(level);
        }
    }

    fn seat_of(&self, item: Item) -> Option<usize> {
        match item {
            Item::Vertex(_) => None,
            Item::Row(row) => Some(self.seat[self.graph.rows[row].container]),
        }
    }

    /// Puts the boundaries of a row into their order; each takes a place that one of them had.
    pub(super) fn seat_boundaries(&mut self, row: usize) {
        let seated = |sorter: &Self| -> Vec<(usize, Item)> {
            let items = sorter.rows[row].iter().copied();
            items.filter_map(|item| Some((sorter.seat_of(item)?, item))).collect()
        };
        let mut inner = seated(self);
        if inner.len() < 2 {
            return;
        }
        inner.sort_unstable_by_key(|(seat, _)| *seat);
        let mut inner = inner.into_iter();
        for slot in 0..self.rows[row].len() {
            if self.seat_of(self.rows[row][slot]).is_some()
                && let Some((_, item)) = inner.next()
            {
                self.rows[row][slot] = item;
            }
        }
    }

    /// The layers that two boundaries both reach.
    fn shared(&self, one: usize, two: usize) -> RangeInclusive<usize> {
        let (one, two) = (self.graph.span[one], self.graph.span[two]);
        one.0.max(two.0)..=one.1.min(two.1)
    }

    /// Lets two boundaries of one container change seats; doing it again undoes it.
    fn exchange(&mut self, one: usize, two: usize) {
        self.seat.swap(one, two);
        let outer = self.nest.parent[one];
        for level in self.shared(one, two) {
            self.seat_boundaries(self.first_row[outer] + level - self.graph.span[outer].0);
            self.note(level);
        }
    }

    /// Lets neighbouring boundaries change seats while that brings something.
    fn exchange_all(&mut self) {
        for outer in self.nest.order.iter().rev().copied() {
            let mut inner = self.nest.inner[outer].clone();
            inner.sort_by_key(|own| self.seat[*own]);
            let mut changed = true;
            while changed && self.spent < self.work {
                changed = false;
                for slot in 1..inner.len() {
                    let (one, two) = (inner[slot - 1], inner[slot]);
                    let shared = self.shared(one, two);
                    if shared.is_empty() {
                        self.seat.swap(one, two);
                        inner.swap(slot - 1, slot);
                        continue;
                    }
                    let (first, last) = (shared.start().saturating_sub(1), shared.end() + 1);
                    let before = self.between(first, last);
                    self.exchange(one, two);
                    if self.between(first, last) < before {
                        inner.swap(slot - 1, slot);
                        changed = true;
                    } else {
                        self.exchange(one, two);
                    }
                }
            }
        }
    }

    /// Takes over the new order of a row, in which some items moved: what they are joined to may want to move as well.
    fn reorder(&mut self, row: usize, items: Vec<Item>, moved: &[Item]) {
        let level = self.graph.rows[row].level;
        self.rows[row] = items;
        self.note(level);
        let end = (level + 2).min(self.layers.len());
        self.stale[level.saturating_sub(1)..end].fill(true);
        let mut vertices = Vec::new();
        moved.iter().for_each(|item| self.vertices(*item, &mut vertices));
        for vertex in vertices {
            self.fresh[vertex] = true;
            for (other, _) in self.before.of(vertex).iter().chain(self.after.of(vertex)) {
                self.fresh[*other as usize] = true;
            }
        }
    }

    /// Whether an item may want to move: boundaries always may.
    fn is_fresh(&self, item: Item) -> bool {
        match item {
            Item::Vertex(vertex) => self.fresh[vertex],
            Item::Row(_) => true,
        }
    }

    /// Goes through the neighbours in a row and swaps them where that brings something, or (if `restless`) changes
    /// nothing; how much it brought.
    fn swap(&mut self, row: usize, restless: bool) -> i64 {
        // What is in this row is not looked up meanwhile: only in rows that it holds.
        let mut items = std::mem::take(&mut self.rows[row]);
        let mut moved: Vec<Item> = Vec::new();
        let (mut gained, mut swapped) = (0, false);
        for slot in 1..items.len() {
            let (one, two) = (items[slot - 1], items[slot]);
            let is_known = !swapped && !self.is_fresh(one) && !self.is_fresh(two);
            swapped = false;
            if is_known || is_fixed(one, two) {
                continue;
            }
            let (now, then) = self.costs(one, two);
            if now > 0 && (then < now || restless && then == now) {
                gained += now - then;
                items.swap(slot - 1, slot);
                moved.extend([one, two]);
                swapped = true;
            }
        }
        for item in &items {
            if let Item::Vertex(vertex) = item {
                self.fresh[*vertex] = false;
            }
        }
        if moved.is_empty() {
            self.rows[row] = items;
        } else {
            self.reorder(row, items, &moved);
        }
        gained
    }

    /// Swaps neighbours everywhere, again and again until that brings no more than `enough`.
    fn swap_all(&mut self, restless: bool, enough: i64) {
        self.stale.fill(true);
        self.fresh.fill(true);
        loop {
            let mut gained = 0;
            for level in self.levels(true) {
                if std::mem::take(&mut self.stale[level]) {
                    for slot in 0..self.rows_of[level].len() {
                        gained += self.swap(self.rows_of[level][slot], restless);
                    }
                }
            }
            if gained <= enough || self.spent > self.work {
                return;
            }
        }
    }

    /// Moves every item of a row to where it crosses least; whether anything moved.
    fn sift(&mut self, row: usize) -> bool {
        let mut items = self.rows[row].clone();
        let mut moved: Vec<Item> = Vec::new();
        for own in self.rows[row].clone() {
            let Some(slot) = items.iter().position(|other| *other == own) else { continue };
            let (mut best, mut target) = (0, slot);
            let mut sum = 0;
            for (at, other) in items.iter().enumerate().skip(slot + 1).take(REACH) {
                if is_fixed(own, *other) {
                    break;
                }
                let (now, then) = self.costs(own, *other);
                sum += then - now;
                if sum < best {
                    (best, target) = (sum, at);
                }
            }
            sum = 0;
            for (at, other) in items.iter().enumerate().take(slot).rev().take(REACH) {
                if is_fixed(own, *other) {
                    break;
                }
                let (now, then) = self.costs(*other, own);
                sum += then - now;
                if sum < best {
                    (best, target) = (sum, at);
                }
            }
            if target != slot {
                items.remove(slot);
                items.insert(target, own);
                moved.push(own);
            }
        }
        if !moved.is_empty() {
            self.reorder(row, items, &moved);
        }
        !moved.is_empty()
    }

    /// Sifts all layers, down and up, while that brings something.
    fn sift_all(&mut self) {
        for round in 0..4 {
            let mut moved = false;
            for level in self.levels(round % 2 == 0) {
                if self.spent > self.work {
                    return;
                }
                for slot in 0..self.rows_of[level].len() {
                    moved |= self.sift(self.rows_of[level][slot]);
                }
            }
            if !moved {
                return;
            }
        }
    }

    fn state(&self) -> (Order, Vec<usize>) {
        (self.rows.clone(), self.seat.clone())
    }

    /// Improves the order from a start, and says what it costs then.
    fn improve(&mut self, start: usize) -> i64 {
        let mut best = (self.total(), self.state());
        let mut idle = 0;
        for round in 0..SWEEPS {
            if idle >= PATIENCE[usize::from(self.graph.drafted)] || best.0 == 0 || self.spent > self.work {
                break;
            }
            let reversed = round % 4 < 2;
            self.sweep((round + start).is_multiple_of(2), reversed);
            self.exchange_all();
            self.swap_all(!reversed, if self.graph.drafted { best.0 / SMALL_PARTS[0] } else { 0 });
            let now = self.total();
            idle += 1;
            if now < best.0 {
                // Small steps are no reason to go on for long.
                if now * 200 < best.0 * 199 {
                    idle = 0;
                }
                best = (now, self.state());
            }
        }
        self.resume(best.1);
        if self.graph.drafted {
            self.swap_all(true, best.0 / SMALL_PARTS[1]);
            self.keep_sides();
        }
        self.exchange_all();
        self.swap_all(false, 0);
        self.sift_all();
        if self.graph.drafted {
            self.keep_sides();
        }
        self.total()
    }
}

/// How many crossings are left after a few sweeps: of two ways to lay out one graph in layers, that with fewer then most often
/// has fewer in the end.
pub(super) fn outlook(graph: &Layered, nest: &Nest) -> i64 {
    let first = along_flows(graph);
    let mut sorter = Sorter::new(graph, nest);
    sorter.restart(&first, &seats(&means(graph, nest, &first)));
    let mut least = sorter.total();
    for round in 0..OUTLOOK {
        sorter.sweep(round % 2 == 0, round % 4 < 2);
        least = least.min(sorter.total());
    }
    least
}

/// Reorders the rows so that few neighbours cross: the best from several fixed starts is kept.
pub(super) fn untangle(graph: &mut Layered, nest: &Nest) {
    let count = graph.kind.len();
    let mut shuffler = Shuffler(0x9E37_79B9_7F4A_7C15);
    let first = along_flows(graph);
    let mut sorter = Sorter::new(graph, nest);
    let mut best: Option<(i64, (Order, Vec<usize>))> = None;
    for start in 0..STARTS[usize::from(graph.drafted)] {
        let numbers = if start > 1 { (0..count).map(|_| shuffler.below(1 << 20)).collect() } else { first.clone() };
        sorter.restart(&numbers, &seats(&means(graph, nest, &numbers)));
        let found = sorter.improve(start);
        // A little better is not worth a wholly different picture.
        if best.as_ref().is_none_or(|(least, _)| found * 20 < *least * 19) {
            best = Some((found, sorter.state()));
        }
        if best.as_ref().is_some_and(|(least, _)| *least == 0) || sorter.spent > sorter.work.min(WORK_ENOUGH) {
            break;
        }
    }
    let Some((_, (mut rows, _))) = best else { return };
    if is_mirrored(graph, &rows, &first) {
        rows.iter_mut().for_each(|items| items.reverse());
    }
    for (row, items) in graph.rows.iter_mut().zip(rows) {
        row.items = items;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::layout::layers::Flow;
    use crate::diagram::{Boundary, Graph, Node};

    /// Boxes in nested boundaries and in three layers, with flows between them.
    fn layered(dice: &mut Shuffler) -> (Nest, Layered) {
        let mut graph = Graph::default();
        for parent in [None, None, Some(0), Some(0), Some(1)] {
            graph.boundaries.push(Boundary { parent, ..Boundary::default() });
        }
        graph
            .nodes
            .extend((0..30).map(|_| Node { boundary: Some(dice.below(6)).filter(|own| *own < 5), ..Node::default() }));
        let nest = Nest::new(&graph);
        let rank: Vec<usize> = (0..30).map(|_| dice.below(4)).collect();
        let flow = |dice: &mut Shuffler| Flow {
            from: dice.below(30),
            to: dice.below(30),
            offset: (0, 0),
            label: 0,
            flows: 1 + dice.below(3) as i32,
        };
        let flows: Vec<Flow> = (0..50).map(|_| flow(dice)).filter(|flow| rank[flow.from] != rank[flow.to]).collect();
        let layered = Layered::new(&nest, &nest.of_node, &rank, &flows, dice.below(2) == 1);
        (nest, layered)
    }

    /// Pair by pair.
    fn crossings_of(graph: &Layered) -> i64 {
        let mut total = 0;
        for level in 1..graph.depth {
            let (above, below) = (graph.line(level - 1), graph.line(level));
            let mut ends = Vec::new();
            for (one, vertex) in above.iter().enumerate() {
                for (other, flows) in &graph.after[*vertex] {
                    ends.push((one, below.iter().position(|vertex| vertex == other), *flows));
                }
            }
            for (one, two) in ends.iter().flat_map(|one| ends.iter().map(move |two| (one, two))) {
                total += if one.0 < two.0 && one.1 > two.1 { one.2 * two.2 } else { 0 };
            }
        }
        total
    }

    #[test]
    fn crossings_are_counted_and_become_fewer() {
        let mut dice = Shuffler(41);
        for _ in 0..8 {
            let (nest, mut graph) = layered(&mut dice);
            let before = crossings_of(&graph);
            assert_eq!(Sorter::new(&graph, &nest).restarted().total(), before);
            untangle(&mut graph, &nest);
            assert!(crossings_of(&graph) < before);
            assert_eq!(Sorter::new(&graph, &nest).restarted().total(), crossings_of(&graph));
        }
    }

    /// What a boundary holds stays between its walls, and two boundaries stand in one order in all layers.
    #[test]
    fn boundaries_stay_whole_and_in_one_order() {
        let mut dice = Shuffler(43);
        for _ in 0..8 {
            let (nest, mut graph) = layered(&mut dice);
            untangle(&mut graph, &nest);
            let mut seen: Vec<(usize, usize)> = Vec::new();
            for level in 0..graph.depth {
                let mut open = vec![0];
                let mut closed: Vec<usize> = Vec::new();
                for vertex in graph.line(level) {
                    match graph.kind[vertex] {
                        Kind::Wall { right: false } => open.push(graph.home[vertex]),
                        Kind::Wall { right: true } => {
                            assert_eq!(open.pop(), Some(graph.home[vertex]));
                            seen.extend(closed.iter().map(|before| (*before, graph.home[vertex])));
                            closed.push(graph.home[vertex]);
                        }
                        _ => assert_eq!(open.last(), Some(&graph.home[vertex])),
                    }
                }
            }
            let beside = |one: &usize, two: &usize| nest.parent[*one] == nest.parent[*two];
            assert!(seen.iter().filter(|(one, two)| beside(one, two)).all(|(one, two)| !seen.contains(&(*two, *one))));
        }
    }
}

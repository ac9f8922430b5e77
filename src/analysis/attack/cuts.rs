//! What all ways in a digraph have in common: nodes that every way passes, and the fewest nodes that close all of them.

use super::digraph::Digraph;
use std::collections::{HashMap, HashSet, VecDeque};

/// The nodes that every way from a source passes, for all nodes at once: a tree of dominators.
///
/// Cooper, Harvey and Kennedy, "A simple, fast dominance algorithm" (Rice University, 2001).
#[derive(Debug, Clone)]
pub struct Dominators {
    above: Vec<u32>,
    source: u32,
}

const NOBODY: u32 = u32::MAX;

impl Dominators {
    /// Looks at the graph from a source, over those arcs alone that are let through.
    pub fn new(graph: &Digraph, source: u32, lets: impl Fn(u32) -> bool) -> Dominators {
        let order = postorder(graph, source, &lets);
        let mut number = vec![NOBODY; graph.len()];
        for (at, node) in (0u32..).zip(&order) {
            number[*node as usize] = at;
        }
        // From here on nodes are numbers in the order, the source the last of them, so that what is near in the graph is
        // near in memory.
        let (mut starts, mut before) = (vec![0], Vec::new());
        for node in &order {
            let into = graph.arcs_into(*node as usize).iter().filter(|place| lets(**place));
            before.extend(into.map(|place| number[graph.arc(*place).from as usize]).filter(|from| *from != NOBODY));
            starts.push(before.len());
        }
        let mut over = vec![NOBODY; order.len()];
        if let Some(last) = over.last_mut() {
            *last = u32::try_from(order.len() - 1).unwrap_or(NOBODY);
        }
        let mut changed = true;
        while changed {
            changed = false;
            for node in (0..order.len().saturating_sub(1)).rev() {
                let mut found = NOBODY;
                for from in &before[starts[node]..starts[node + 1]] {
                    if over[*from as usize] != NOBODY {
                        found = if found == NOBODY { *from } else { meet(&over, found, *from) };
                    }
                }
                if found != over[node] {
                    over[node] = found;
                    changed = true;
                }
            }
        }
        let mut above = vec![NOBODY; graph.len()];
        for (node, over) in order.iter().zip(&over) {
            above[*node as usize] = order.get(*over as usize).copied().unwrap_or(NOBODY);
        }
        Dominators { above, source }
    }

    /// Whether it stays as it is with one arc more: what every way to its end passes is what had to be passed before.
    pub fn holds_with(&self, from: u32, to: u32) -> bool {
        let over = |node: u32| self.above.get(node as usize).copied().unwrap_or(NOBODY);
        if over(from) == NOBODY || to == self.source {
            return true;
        }
        let is_shared = |nearest: u32| nearest == to || nearest == over(to);
        over(to) != NOBODY && is_shared(self.nearest(from, to))
    }

    /// Whether it stays as it is with one arc less, in the graph that does not have it any more. Where no more is wanted
    /// than a few ways, as nearly everywhere, that is told without looking at the whole graph; otherwise it says no.
    ///
    /// An arc changes what is passed on the way to other nodes only where it does so for its own end. There nothing changes
    /// where two ways lead from the node above it that have nothing else in common (Menger's theorem).
    pub fn holds_without(&self, graph: &Digraph, from: u32, to: u32) -> bool {
        let over = |node: u32| self.above.get(node as usize).copied().unwrap_or(NOBODY);
        let matters = over(from) != NOBODY && to != self.source && self.nearest(from, to) != to;
        !matters || two_ways(graph, over(to), to)
    }

    /// The same once arcs that lead to some nodes are others, where no arc leads on from these: what every way to one of them
    /// passes is then what all nodes before it have in common, and nothing else changes. Otherwise there is nothing.
    pub fn after(&self, graph: &Digraph, ends: &[u32]) -> Option<Dominators> {
        if ends.iter().any(|end| *end == self.source || !graph.arcs_out(*end as usize).is_empty()) {
            return None;
        }
        let mut next = self.clone();
        next.above.resize(graph.len().max(self.above.len()), NOBODY);
        for end in ends {
            let before = graph.arcs_into(*end as usize).iter().map(|place| graph.arc(*place).from);
            let reached = before.filter(|from| next.above[*from as usize] != NOBODY);
            let found = reached.reduce(|one, other| next.nearest(one, other));
            next.above[*end as usize] = found.unwrap_or(NOBODY);
        }
        Some(next)
    }

    /// The nearest node that all ways to two nodes pass, or one of these itself.
    fn nearest(&self, one: u32, other: u32) -> u32 {
        let up = |node: u32| {
            let above = move |at: &u32| Some(self.above[*at as usize]).filter(|above| above != at);
            std::iter::successors(Some(node), above)
        };
        let way: Vec<u32> = up(one).collect();
        up(other).find(|at| way.contains(at)).unwrap_or(self.source)
    }

    /// The nodes to which ways pass other nodes in another graph from the same source: those at which the two trees differ,
    /// and all below them.
    pub fn differing(&self, other: &Dominators) -> Vec<u32> {
        let above = |of: &Dominators, at: u32| of.above.get(at as usize).copied().unwrap_or(NOBODY);
        let len = self.above.len().max(other.above.len()) as u32;
        let is_other = |at: &u32| above(self, *at) != above(other, *at);
        let others: Vec<u32> = (0..len).filter(is_other).collect();
        // Mostly there are one or two, and nothing is below them.
        let is_under = |above: &u32| others.contains(above);
        if others.len() <= 2 && ![self, other].iter().any(|of| of.above.iter().any(is_under)) {
            return others;
        }
        let mut differs: Vec<Option<bool>> = vec![None; len as usize];
        let mut way = Vec::new();
        for node in 0..len {
            let mut at = node;
            let found = loop {
                if let Some(known) = differs[at as usize] {
                    break known;
                }
                way.push(at);
                let next = above(self, at);
                if is_other(&at) {
                    break true;
                }
                if next == NOBODY || next == at {
                    break false;
                }
                at = next;
            };
            way.drain(..).for_each(|at| differs[at as usize] = Some(found));
        }
        (0..len).filter(|at| differs[*at as usize] == Some(true)).collect()
    }

    /// The nodes between the source and a node that every way passes, the nearest to the node first; nothing where no
    /// way leads there.
    pub fn of(&self, node: u32) -> Option<Vec<u32>> {
        let mut passed = Vec::new();
        let mut at = *self.above.get(node as usize)?;
        if at == NOBODY {
            return None;
        }
        while at != self.source && node != self.source {
            passed.push(at);
            at = self.above[at as usize];
        }
        Some(passed)
    }
}

/// Where two nodes meet on their ways up; what is further up has the higher number.
fn meet(over: &[u32], one: u32, other: u32) -> u32 {
    let (mut one, mut other) = (one, other);
    while one != other {
        while one < other {
            one = over[one as usize];
        }
        while other < one {
            other = over[other as usize];
        }
    }
    one
}

/// After so many nodes a search for two ways gives up.
const NEAR: usize = 2_000;

/// Whether two ways lead from one node to another that have no node between in common; no where that is not told soon.
///
/// A first way is looked for from its end. Then a second one, which may take a node of the first where that can go on from
/// elsewhere instead: the augmenting ways of Ford and Fulkerson (1956), of which two are enough.
fn two_ways(graph: &Digraph, start: u32, end: u32) -> bool {
    let mut onward: HashMap<u32, u32> = HashMap::new();
    let mut queue = VecDeque::from([end]);
    while let Some(node) = queue.pop_front().filter(|_| onward.len() < NEAR && !onward.contains_key(&start)) {
        for place in graph.arcs_into(node as usize) {
            let from = graph.arc(*place).from;
            if from != end && !onward.contains_key(&from) {
                onward.insert(from, *place);
                queue.push_back(from);
            }
        }
    }
    // The first way, by the nodes at which its arcs start.
    let mut first: HashMap<u32, u32> = HashMap::new();
    let mut at = start;
    while at != end {
        let Some(place) = onward.get(&at) else { return false };
        first.insert(at, *place);
        at = graph.arc(*place).to;
    }
    let goes_to = |node: u32| first.get(&node).map(|place| graph.arc(*place).to);
    if goes_to(start) == Some(end) {
        return true;
    }
    let (mut entered, mut open) = (HashSet::from([end]), vec![end]);
    while let Some(node) = open.pop().filter(|_| entered.len() < NEAR) {
        let into = graph.arcs_into(node as usize).iter();
        let free = into.filter(|place| first.get(&graph.arc(**place).from) != Some(place));
        for from in free.map(|place| graph.arc(*place).from) {
            if from == start {
                return true;
            }
            let next = goes_to(from).unwrap_or(from);
            if entered.insert(next) {
                open.push(next);
            }
        }
        open.extend(goes_to(node).filter(|next| entered.insert(*next)));
    }
    false
}

/// The nodes that are reached, each behind those to which it leads.
fn postorder(graph: &Digraph, source: u32, lets: &impl Fn(u32) -> bool) -> Vec<u32> {
    let mut order = Vec::new();
    if source as usize >= graph.len() {
        return order;
    }
    let mut seen = vec![false; graph.len()];
    let mut stack: Vec<(u32, usize)> = vec![(source, 0)];
    seen[source as usize] = true;
    while let Some((node, next)) = stack.last_mut() {
        let Some(place) = graph.arcs_out(*node as usize).get(*next) else {
            order.push(*node);
            stack.pop();
            continue;
        };
        *next += 1;
        let to = graph.arc(*place).to;
        if !seen[to as usize] && lets(*place) {
            seen[to as usize] = true;
            stack.push((to, 0));
        }
    }
    order
}

/// The fewest nodes without which no way leads from any source to any target; nothing where a source is a target, or an
/// arc leads straight from one to the other. Of several such sets the one nearest to the sources.
///
/// Menger's theorem: as many as there are ways without a common node, found by Dinic's algorithm (1970), in which each
/// node lets through one way.
pub fn fewest_nodes(graph: &Digraph, sources: &[u32], targets: &[u32], lets: impl Fn(u32) -> bool) -> Option<Vec<u32>> {
    let mut role = vec![Part::Between; graph.len()];
    for (nodes, part) in [(sources, Part::Source), (targets, Part::Target)] {
        for node in nodes {
            let known = role.get_mut(*node as usize)?;
            if part == Part::Target && *known == Part::Source {
                return None;
            }
            *known = part;
        }
    }
    // A node is two places, 2n where ways come in and 2n + 1 where they go out; all sources are one, and all targets.
    let (source, target) = (2 * graph.len(), 2 * graph.len() + 1);
    let mut flow = Flow::new(2 * graph.len() + 2);
    for node in (0..graph.len()).filter(|node| role[*node] == Part::Between) {
        flow.join(2 * node, 2 * node + 1, 1);
    }
    let many = u32::MAX / 2;
    for (_, arc) in (0u32..).zip(graph.arcs()).filter(|(place, _)| lets(*place)) {
        let (from, to) = (role[arc.from as usize], role[arc.to as usize]);
        match (from, to) {
            (Part::Source, Part::Target) => return None,
            // What comes back to a source, or goes on from a target, is on no way that counts.
            (_, Part::Source) | (Part::Target, _) => {}
            _ => {
                let tail = if from == Part::Source { source } else { 2 * arc.from as usize + 1 };
                let head = if to == Part::Target { target } else { 2 * arc.to as usize };
                flow.join(tail, head, many);
            }
        }
    }
    flow.fill(source, target);
    let near = flow.levels(source);
    let cut = (0..graph.len()).filter(|node| near[2 * node].is_some() && near[2 * node + 1].is_none());
    Some(cut.filter(|node| role[*node] == Part::Between).map(|node| node as u32).collect())
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Source,
    Between,
    Target,
}

/// A network whose pipes lie in pairs: what flows through one can flow back through the other.
struct Flow {
    head: Vec<u32>,
    room: Vec<u32>,
    next: Vec<u32>,
    first: Vec<u32>,
}

impl Flow {
    fn new(places: usize) -> Flow {
        Flow { head: Vec::new(), room: Vec::new(), next: Vec::new(), first: vec![NOBODY; places] }
    }

    fn join(&mut self, from: usize, to: usize, room: u32) {
        for (from, to, room) in [(from, to, room), (to, from, 0)] {
            self.next.push(self.first[from]);
            self.first[from] = self.head.len() as u32;
            self.head.push(to as u32);
            self.room.push(room);
        }
    }

    /// How many pipes with room lead to each place, at least.
    fn levels(&self, source: usize) -> Vec<Option<u32>> {
        let mut levels = vec![None; self.first.len()];
        levels[source] = Some(0);
        let mut queue = VecDeque::from([source]);
        while let Some(place) = queue.pop_front() {
            let level = levels[place].map(|level: u32| level + 1);
            let mut pipe = self.first[place];
            while pipe != NOBODY {
                let head = self.head[pipe as usize] as usize;
                if self.room[pipe as usize] > 0 && levels[head].is_none() {
                    levels[head] = level;
                    queue.push_back(head);
                }
                pipe = self.next[pipe as usize];
            }
        }
        levels
    }

    /// Lets through as much as goes, one unit a way: what limits a way is a node, which lets through one.
    fn fill(&mut self, source: usize, target: usize) {
        loop {
            let levels = self.levels(source);
            if levels[target].is_none() {
                return;
            }
            let mut open = self.first.clone();
            let mut way: Vec<u32> = Vec::new();
            loop {
                let place = way.last().map_or(source, |pipe| self.head[*pipe as usize] as usize);
                if place == target {
                    for pipe in way.drain(..) {
                        self.room[pipe as usize] -= 1;
                        self.room[pipe as usize ^ 1] += 1;
                    }
                    continue;
                }
                let pipe = open[place];
                if pipe == NOBODY {
                    match way.pop() {
                        None => break,
                        // A dead end: the pipe that leads here is not tried again.
                        Some(back) => {
                            let before = self.head[back as usize ^ 1] as usize;
                            open[before] = self.next[back as usize];
                        }
                    }
                    continue;
                }
                let onward = levels[self.head[pipe as usize] as usize] == levels[place].map(|level| level + 1);
                if self.room[pipe as usize] > 0 && onward {
                    way.push(pipe);
                } else {
                    open[place] = self.next[pipe as usize];
                }
            }
        }
    }
}

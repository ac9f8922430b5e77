//! The k shortest loopless paths between two places of a digraph.
//!
//! Yen's partition (Management Science 17, 1971) with Lawler's restriction (1972), made lazy by exact bounds. One search
//! backwards from the target gives the length of the shortest way from every node. A *deviation* stands for all paths
//! that begin as an accepted path does up to one of its nodes, and then take another arc; it can not be shorter than that
//! beginning, the arc, and the shortest way from there. Where that way does not touch the beginning it is the
//! shortest path of the deviation, and nothing has to be searched. Where it does, an A* search around the beginning,
//! guided by the same lengths, finds the shortest one that does not. Deviations wait in a heap by their bound, so that
//! those which are never needed are never looked at.

use super::digraph::{Digraph, Length, UNREACHED, Ways};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Its length.
    pub length: Length,
    /// The places of its arcs, in order.
    pub arcs: Vec<u32>,
}

/// Paths to one target, or to the nearest of several: a path ends at the first of them on its way.
#[derive(Debug)]
pub struct Routes<'g> {
    graph: &'g Digraph,
    ways: Ways,
    /// Steps that all searches around beginnings may still take together.
    steps: usize,
    /// Nodes on the beginning that is looked at carry the number of the look.
    touched: Vec<u32>,
    look: u32,
    best: Vec<(u32, Length, u32)>,
}

/// Steps that the searches to one target take at most: far more than is needed, and an end to what is made to last.
const MAX_STEPS: usize = 20_000_000;

/// All paths that begin as an accepted one, and then take an arc.
struct Deviation {
    /// The accepted path.
    of: u32,
    /// At which of its arcs it is left.
    at: u32,
    /// The arc that is taken instead.
    arc: u32,
    /// The arcs behind it, where they had to be searched; else the shortest way.
    rest: Option<Vec<u32>>,
}

impl<'g> Routes<'g> {
    /// Looks at the graph from the targets.
    pub fn new(graph: &'g Digraph, targets: &[u32]) -> Routes<'g> {
        Routes {
            graph,
            ways: graph.ways_to(targets),
            steps: MAX_STEPS,
            touched: vec![0; graph.len()],
            look: 0,
            best: vec![(0, 0, 0); graph.len()],
        }
    }

    /// The length of the shortest path from a node; nothing where there is none.
    pub fn shortest(&self, source: u32) -> Option<Length> {
        self.ways.length.get(source as usize).copied().filter(|length| *length != UNREACHED)
    }

    /// Whether all searches ran to their end.
    pub fn is_complete(&self) -> bool {
        self.steps > 0
    }

    /// The `k` shortest loopless paths from a node, the shortest first; of equally long ones those first that leave an
    /// earlier path sooner, by the places of nodes and arcs.
    pub fn from(&mut self, source: u32, k: usize) -> Vec<Route> {
        let mut accepted: Vec<Route> = Vec::with_capacity(k.min(64));
        let Some(length) = self.shortest(source).filter(|_| k > 0) else { return accepted };
        let mut arcs = Vec::new();
        // Nothing is marked yet.
        self.look += 1;
        self.follow(source, &mut arcs);
        accepted.push(Route { length, arcs });
        let mut waiting: Vec<Deviation> = Vec::new();
        let mut heap: BinaryHeap<Reverse<(Length, u32)>> = BinaryHeap::new();
        self.deviate(&accepted, 0, &mut waiting, &mut heap);
        while accepted.len() < k
            && let Some(Reverse((length, number))) = heap.pop()
        {
            let Deviation { of, at, arc, ref mut rest } = waiting[number as usize];
            let beginning = &accepted[of as usize].arcs[..at as usize];
            let head = self.graph.arc(arc).to;
            let rest = match rest.take() {
                Some(rest) => rest,
                None => {
                    self.touch(beginning, arc);
                    let mut rest = Vec::new();
                    if !self.follow(head, &mut rest) {
                        if let Some((longer, rest)) = self.around(head) {
                            let before = length - self.ways.length[head as usize];
                            waiting.push(Deviation { of, at, arc, rest: Some(rest) });
                            heap.push(Reverse((before.saturating_add(longer), (waiting.len() - 1) as u32)));
                        }
                        continue;
                    }
                    rest
                }
            };
            let arcs = beginning.iter().copied().chain([arc]).chain(rest).collect();
            accepted.push(Route { length, arcs });
            if accepted.len() < k {
                self.deviate(&accepted, at as usize + 1, &mut waiting, &mut heap);
            }
        }
        accepted
    }

    /// Puts the deviations from the last accepted path into the heap: at each of its nodes from the one on at which it
    /// deviates itself, since what leaves it sooner waits already.
    fn deviate(
        &mut self,
        accepted: &[Route],
        first: usize,
        waiting: &mut Vec<Deviation>,
        heap: &mut BinaryHeap<Reverse<(Length, u32)>>,
    ) {
        let Some(last) = accepted.last() else { return };
        self.look += 1;
        let mut before: Length = 0;
        for (at, taken) in last.arcs.iter().enumerate() {
            let taken_arc = self.graph.arc(*taken);
            self.touched[taken_arc.from as usize] = self.look;
            if at >= first {
                for other in self.graph.arcs_out(taken_arc.from as usize) {
                    let arc = self.graph.arc(*other);
                    let beyond = self.ways.length[arc.to as usize];
                    if other == taken || beyond == UNREACHED || self.touched[arc.to as usize] == self.look {
                        continue;
                    }
                    let bound = before.saturating_add(arc.length).saturating_add(beyond);
                    heap.push(Reverse((bound, waiting.len() as u32)));
                    let of = (accepted.len() - 1) as u32;
                    waiting.push(Deviation { of, at: at as u32, arc: *other, rest: None });
                }
            }
            before = before.saturating_add(taken_arc.length);
        }
    }

    /// Marks the nodes of a beginning, the one included at which it is left.
    fn touch(&mut self, beginning: &[u32], arc: u32) {
        self.look += 1;
        for place in beginning.iter().chain([&arc]) {
            self.touched[self.graph.arc(*place).from as usize] = self.look;
        }
    }

    /// Adds the arcs of the shortest way from a node. Says whether it stays clear of the nodes that are marked.
    fn follow(&self, from: u32, arcs: &mut Vec<u32>) -> bool {
        let mut node = from as usize;
        while let Some(place) = self.ways.arc(node) {
            node = self.graph.arc(place).to as usize;
            if self.touched[node] == self.look {
                return false;
            }
            arcs.push(place);
        }
        true
    }

    /// The shortest way from a node around those that are marked: A*, in which no node is farther than it looks.
    fn around(&mut self, from: u32) -> Option<(Length, Vec<u32>)> {
        let (graph, look) = (self.graph, self.look);
        let mut heap: BinaryHeap<Reverse<(Length, u32, Length)>> = BinaryHeap::new();
        self.best[from as usize] = (look, 0, Ways::END);
        heap.push(Reverse((self.ways.length[from as usize], from, 0)));
        while let Some(Reverse((_, node, length))) = heap.pop() {
            if length > self.best[node as usize].1 {
                continue;
            }
            if self.ways.length[node as usize] == 0 && self.ways.arc(node as usize).is_none() {
                let mut arcs = Vec::new();
                let mut back = node;
                while self.best[back as usize].2 != Ways::END {
                    let place = self.best[back as usize].2;
                    arcs.push(place);
                    back = graph.arc(place).from;
                }
                arcs.reverse();
                return Some((length, arcs));
            }
            self.steps = self.steps.checked_sub(1)?;
            for place in graph.arcs_out(node as usize) {
                let arc = graph.arc(*place);
                let to = arc.to as usize;
                let (beyond, longer) = (self.ways.length[to], length.saturating_add(arc.length));
                let (seen, known, _) = self.best[to];
                if self.touched[to] == look || beyond == UNREACHED || (seen == look && known <= longer) {
                    continue;
                }
                self.best[to] = (look, longer, *place);
                heap.push(Reverse((longer.saturating_add(beyond), arc.to, longer)));
            }
        }
        None
    }
}

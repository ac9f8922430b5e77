//! A plain digraph with lengths, and the shortest ways to and from places in it. It knows nothing of models.
//!
//! Lengths are whole numbers, so that sums do not depend on their order and ties are ties on every machine: a
//! probability `p` is as long as `-ln p`, in units of 10⁻¹². The likeliest way is the shortest.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A length: `-ln p` in units of 10⁻¹².
pub type Length = u64;

/// No way leads there.
pub const UNREACHED: Length = Length::MAX;

/// Units in a length of 1.
const UNITS: f64 = 1e12;

/// The least probability that has a length of its own; what is less likely is as long as this.
const LEAST: f64 = 1e-12;

/// How long an arc is that is taken with a probability.
pub fn length_of(probability: f64) -> Length {
    // What is no number is the least likely.
    let probability = if probability >= LEAST { probability.min(1.0) } else { LEAST };
    (-probability.ln() * UNITS).round() as Length
}

/// The probability of a way of a length.
pub fn probability_of(length: Length) -> f64 {
    (-cost_of(length)).exp()
}

/// A length as `-ln p`.
pub fn cost_of(length: Length) -> f64 {
    length as f64 / UNITS
}

/// An arc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arc {
    /// Where it starts.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// How long it is.
    pub length: Length,
}

/// Nodes `0..len`, and arcs by their place; several may join the same two nodes.
#[derive(Debug, Clone, Default)]
pub struct Digraph {
    arcs: Vec<Arc>,
    out: Lists,
    into: Lists,
}

/// Arcs by a node: those of node `n` are `arcs[starts[n]..starts[n + 1]]`, in the order of their places.
#[derive(Debug, Clone, Default)]
struct Lists {
    starts: Vec<u32>,
    arcs: Vec<u32>,
}

impl Lists {
    fn new(nodes: usize, arcs: &[Arc], node: fn(&Arc) -> u32) -> Lists {
        let mut starts = vec![0u32; nodes + 1];
        for arc in arcs {
            starts[node(arc) as usize + 1] += 1;
        }
        for at in 0..nodes {
            starts[at + 1] += starts[at];
        }
        let mut free = starts.clone();
        let mut listed = vec![0u32; arcs.len()];
        for (place, arc) in (0u32..).zip(arcs) {
            let slot = &mut free[node(arc) as usize];
            listed[*slot as usize] = place;
            *slot += 1;
        }
        Lists { starts, arcs: listed }
    }

    fn of(&self, node: usize) -> &[u32] {
        &self.arcs[self.starts[node] as usize..self.starts[node + 1] as usize]
    }
}

impl Digraph {
    /// A digraph of so many nodes. Arcs that name others are left out, so that the places of those behind shift.
    pub fn new(nodes: usize, arcs: Vec<Arc>) -> Digraph {
        let mut arcs = arcs;
        arcs.retain(|arc| (arc.from as usize) < nodes && (arc.to as usize) < nodes);
        let (out, into) = (Lists::new(nodes, &arcs, |arc| arc.from), Lists::new(nodes, &arcs, |arc| arc.to));
        Digraph { arcs, out, into }
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.out.starts.len().saturating_sub(1)
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every arc, by its place.
    pub fn arcs(&self) -> &[Arc] {
        &self.arcs
    }

    /// The arc at a place.
    pub fn arc(&self, place: u32) -> Arc {
        self.arcs[place as usize]
    }

    /// The places of the arcs that start at a node.
    pub fn arcs_out(&self, node: usize) -> &[u32] {
        self.out.of(node)
    }

    /// The places of the arcs that end at a node.
    pub fn arcs_into(&self, node: usize) -> &[u32] {
        self.into.of(node)
    }

    /// The shortest ways from each node to the nearest of the targets.
    pub fn ways_to(&self, targets: &[u32]) -> Ways {
        self.spread(targets, &self.into, |arc| arc.from, |_| true)
    }

    /// The shortest ways from the nearest of the sources to each node, over those arcs alone that are let through.
    pub fn ways_from(&self, sources: &[u32], lets: impl Fn(u32) -> bool) -> Ways {
        self.spread(sources, &self.out, |arc| arc.to, lets)
    }

    /// Dijkstra's algorithm.
    fn spread(&self, starts: &[u32], lists: &Lists, beyond: fn(&Arc) -> u32, lets: impl Fn(u32) -> bool) -> Ways {
        let mut ways = Ways { length: vec![UNREACHED; self.len()], arc: vec![Ways::END; self.len()] };
        let mut heap = BinaryHeap::new();
        for start in starts.iter().filter(|start| (**start as usize) < self.len()) {
            ways.length[*start as usize] = 0;
            heap.push(Reverse((0, *start)));
        }
        while let Some(Reverse((length, node))) = heap.pop() {
            if length > ways.length[node as usize] {
                continue;
            }
            for place in lists.of(node as usize) {
                let arc = &self.arcs[*place as usize];
                let (other, longer) = (beyond(arc), length.saturating_add(arc.length));
                if longer < ways.length[other as usize] && lets(*place) {
                    ways.length[other as usize] = longer;
                    ways.arc[other as usize] = *place;
                    heap.push(Reverse((longer, other)));
                }
            }
        }
        ways
    }
}

/// The shortest ways of all nodes to, or from, some of them.
#[derive(Debug, Clone)]
pub struct Ways {
    /// The length from, or to, each node; [`UNREACHED`] where there is no way.
    pub length: Vec<Length>,
    arc: Vec<u32>,
}

impl Ways {
    /// In the place of an arc: the way ends.
    pub(super) const END: u32 = u32::MAX;

    /// The arc that a node's way takes first, or last where ways lead away; nothing where it ends.
    pub fn arc(&self, node: usize) -> Option<u32> {
        Some(self.arc[node]).filter(|arc| *arc != Ways::END)
    }

    /// Whether there is a way.
    pub fn reaches(&self, node: usize) -> bool {
        self.length[node] != UNREACHED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_have_lengths() {
        for (probability, back) in [(1.0, 1.0), (0.5, 0.5), (0.013, 0.013), (0.0, LEAST), (f64::NAN, LEAST), (7.0, 1.0)]
        {
            assert!((probability_of(length_of(probability)) - back).abs() < 1e-9, "{probability}");
        }
        assert_eq!(length_of(1.0), 0);
    }

    #[test]
    fn arcs_to_nowhere_are_left_out() {
        let arc = |from, to| Arc { from, to, length: 1 };
        let graph = Digraph::new(2, vec![arc(0, 7), arc(0, 1), arc(9, 0)]);
        assert_eq!((graph.arcs(), graph.arcs_out(0), graph.arcs_into(1)), (&[arc(0, 1)][..], &[0][..], &[0][..]));
        assert!(!graph.ways_to(&[1, 44]).reaches(1) || graph.ways_to(&[1]).reaches(0));
        assert!(Digraph::default().is_empty() && Digraph::new(0, Vec::new()).is_empty());
    }
}

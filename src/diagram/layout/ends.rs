//! The neighbours of all vertices in the layer on one side, in one piece of memory: the order is looked for along these.

use super::layers::End;

/// Neighbours, vertex by vertex, each with the number of flows to it.
pub(super) struct Ends {
    first: Vec<u32>,
    ends: Vec<(u32, i32)>,
}

impl Ends {
    /// All in one piece.
    pub fn new(neighbours: &[Vec<End>]) -> Self {
        let mut ends = Self { first: Vec::with_capacity(neighbours.len() + 1), ends: Vec::new() };
        for list in neighbours {
            ends.first.push(ends.ends.len() as u32);
            ends.ends.extend(list.iter().map(|(other, flows)| (*other as u32, *flows as i32)));
        }
        ends.first.push(ends.ends.len() as u32);
        ends
    }

    /// The neighbours of a vertex.
    pub fn of(&self, vertex: usize) -> &[(u32, i32)] {
        &self.ends[self.first[vertex] as usize..self.first[vertex + 1] as usize]
    }
}

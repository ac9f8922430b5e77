//! What it costs that one item of a row stands before another, from where their ends are.

use super::layers::End;

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

/// The ends of the items of a row, sorted by place.
#[derive(Default)]
pub(super) struct Near {
    /// Places and flows, item by item: those before, then those after.
    pub ends: Vec<End>,
    /// For each item: where its ends before begin, where those after begin, and where they stop.
    pub at: Vec<[usize; 3]>,
}

impl Near {
    /// Flows that cross where one item of the row stands before another.
    pub fn cost(&self, one: usize, two: usize) -> i64 {
        let (first, second) = (self.at[one], self.at[two]);
        crossings(&self.ends[first[0]..first[1]], &self.ends[second[0]..second[1]])
            + crossings(&self.ends[first[1]..first[2]], &self.ends[second[1]..second[2]])
    }

    /// How much work it is to compare two items.
    pub fn size(&self, one: usize, two: usize) -> usize {
        4 + self.at[one][2] - self.at[one][0] + self.at[two][2] - self.at[two][0]
    }
}

//! Which layers are taken: there are several ways to line up what flows join, and that wins of which a glance at the order
//! within the layers promises the fewest crossings.

use super::layers::{Flow, Layered};
use super::nest::Nest;
use super::order::outlook;
use super::ranks::{Joined, Line, Pair, Wanted};

/// How many layers of length it is worth in the lines that are tried that a flow does not point backwards: where there are
/// boundaries and few flows, and where there are many of both.
const FEW_BACKWARDS: i64 = 10;
const MANY_BACKWARDS: [i64; 2] = [2, 50];

/// A flow that points backwards is as bad as so many crossings.
const BACKWARDS: i64 = 2;

/// Another way has to promise less than so many percent of what the best one costs so far: the promise is not exact, and the
/// picture should change little when the graph does.
const LESS: i64 = 95;

/// In how many lines boundaries may change places at most, and with more pieces than this none: there is no time for it then.
const EXCHANGES: usize = 12;
const MANY_PIECES: usize = 250;

/// What is put into layers: pieces in the containers `home`, joined by flows.
#[derive(Clone, Copy)]
struct Work<'a> {
    nest: &'a Nest,
    home: &'a [usize],
    flows: &'a [Flow],
    drafted: bool,
    joined: &'a Joined<'a>,
}

/// One way to do so.
struct Layering<'a> {
    work: Work<'a>,
    line: Line,
    rank: Vec<usize>,
    layered: Layered,
    /// Where there are few flows, how many pairs of boundaries that are joined one way alone are read the other way.
    turned: usize,
    /// Crossings that are promised, and what counts as such.
    cost: i64,
}

impl<'a> Layering<'a> {
    fn new(work: Work<'a>, line: Line, rank: Vec<usize>) -> Self {
        let layered = Layered::new(work.nest, work.home, &rank, work.flows, work.drafted);
        let turned = if work.drafted { 0 } else { work.joined.turned(&line) };
        let cost = outlook(&layered, work.nest) + BACKWARDS * work.joined.backwards(&rank);
        Self { work, line, rank, layered, turned, cost }
    }

    /// Takes another line instead, if that costs less than so many percent; says whether it did.
    fn consider(&mut self, line: Line, percent: i64) -> bool {
        let rank = self.work.joined.ranks(&line);
        if rank == self.rank {
            return false;
        }
        let other = Layering::new(self.work, line, rank);
        let is_better = other.turned <= self.turned && other.cost * 100 < self.cost * percent;
        if is_better {
            *self = other;
        }
        is_better
    }
}

/// The layer of every piece, and the layered graph: of pieces in the containers `home`, joined by flows.
pub(super) fn layering(nest: &Nest, home: &[usize], flows: &[Flow], drafted: bool) -> (Vec<usize>, Layered) {
    let pairs: Vec<Pair> = flows.iter().map(|flow| (flow.from, flow.to, flow.flows)).collect();
    let joined = Joined::new(nest, home, &pairs);
    let best = best(Work { nest, home, flows, drafted, joined: &joined });
    (best.rank, best.layered)
}

/// The best of the lines that are tried.
fn best(work: Work<'_>) -> Layering<'_> {
    let (first, others): (Option<i64>, &[i64]) = match (work.nest.parent.len() > 1, work.drafted) {
        (false, _) => (None, &[]),
        (true, false) => (None, &[FEW_BACKWARDS]),
        (true, true) => (Some(MANY_BACKWARDS[0]), &MANY_BACKWARDS[1..]),
    };
    let joined = work.joined;
    let line = joined.line(Wanted { along: false, backwards: first });
    let rank = joined.ranks(&line);
    let mut best = Layering::new(work, line, rank);
    for backwards in others {
        best.consider(joined.line(Wanted { along: false, backwards: Some(*backwards) }), 100);
    }
    for backwards in std::iter::once(first).chain(others.iter().map(|layers| Some(*layers))) {
        best.consider(joined.line(Wanted { along: true, backwards }), LESS);
    }
    let mut left = if work.home.len() > MANY_PIECES { 0 } else { EXCHANGES };
    let mut goes_on = left > 0;
    while goes_on {
        goes_on = false;
        for line in joined.exchanged(&best.line).into_iter().take(left) {
            left -= 1;
            goes_on |= best.consider(line, LESS);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::layout::shuffle::Shuffler;
    use crate::diagram::{Boundary, Graph, Node};

    /// What is taken promises no more crossings than the first choice, and where there are few flows no more pairs of boundaries
    /// are read against their flows; now and then it promises fewer.
    #[test]
    fn another_line_is_taken_where_it_promises_less() {
        let mut dice = Shuffler(23);
        let mut better = 0;
        for round in 0..40 {
            let mut graph = Graph::default();
            for parent in [None, None, Some(0), Some(0), Some(1), None] {
                graph.boundaries.push(Boundary { parent, ..Boundary::default() });
            }
            let node =
                |dice: &mut Shuffler| Node { boundary: Some(dice.below(7)).filter(|own| *own < 6), ..Node::default() };
            graph.nodes.extend((0..24).map(|_| node(&mut dice)));
            let nest = Nest::new(&graph);
            let flow = |dice: &mut Shuffler| {
                let (from, to) = (dice.below(24), dice.below(24));
                Flow { from, to, offset: (0, 0), label: 0, flows: 1 }
            };
            let flows: Vec<Flow> = (0..36).map(|_| flow(&mut dice)).filter(|flow| flow.from != flow.to).collect();
            let pairs: Vec<Pair> = flows.iter().map(|flow| (flow.from, flow.to, flow.flows)).collect();
            let (home, drafted) = (&nest.of_node, round % 2 == 1);
            let joined = Joined::new(&nest, home, &pairs);
            let work = Work { nest: &nest, home, flows: &flows, drafted, joined: &joined };
            let line = joined.line(Wanted { along: false, backwards: drafted.then_some(MANY_BACKWARDS[0]) });
            let first = Layering::new(work, line.clone(), joined.ranks(&line));
            let best = best(work);
            assert!(best.cost <= first.cost && best.turned <= first.turned, "{} {}", best.cost, first.cost);
            better += usize::from(best.cost < first.cost);
        }
        assert!(better > 10, "{better} of 40");
    }
}

//! Where ways come together: what every way of an attacker to a jewel passes, and the fewest places that close all of them.

use crate::analysis::attack::cuts::{Dominators, fewest_nodes};
use crate::analysis::attack::digraph::{Arc, Digraph};
use crate::analysis::attack::graph::{Graph, Position};
use crate::analysis::attack::paths::Goal;
use crate::model::{Model, Slug};
use std::collections::BTreeSet;

/// Where the certain ways of an attacker to some data come together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choke {
    /// The positions that every way passes, from the attacker on; nothing where no way leads there.
    pub passed: Option<Vec<u32>>,
    /// The controls that every way meets: some step that each of them guards is on each way.
    pub met: Vec<Slug>,
    /// The fewest positions without which no way is left; nothing where a step leads straight there.
    pub closing: Option<Vec<u32>>,
}

/// Where the ways of an attacker to any of the goals come together. Steps that are only possible are no ways here.
pub fn choke(model: &Model, graph: &Graph, attacker: usize, goals: &[Goal]) -> Choke {
    let start = attacker as u32;
    let ends: Vec<u32> = (0u32..)
        .zip(&graph.positions)
        .filter(|(_, position)| goals.iter().any(|goal| goal.is_met(position) == Some(true)))
        .map(|(at, _)| at)
        .collect();
    let reached = graph.certain.ways_from(&[start], |_| true);
    let ends: Vec<u32> = ends.into_iter().filter(|end| reached.reaches(*end as usize)).collect();
    if ends.is_empty() {
        return Choke::default();
    }
    let sink = graph.positions.len() as u32;
    let to_sink = ends.iter().map(|end| Arc { from: *end, to: sink, length: 0 });
    let joined = Digraph::new(sink as usize + 1, graph.certain.arcs().iter().copied().chain(to_sink).collect());
    let dominators = Dominators::new(&joined, start, |_| true);
    let mut passed = dominators.of(sink).unwrap_or_default();
    passed.reverse();
    let is_goal = |at: &u32| goals.iter().any(|goal| goal.is_met(&graph.positions[*at as usize]).is_some());
    passed.retain(|at| graph.positions[*at as usize] != Position::Anybody && !is_goal(at));
    let guarded: BTreeSet<&Slug> =
        graph.steps.iter().flat_map(|step| &step.controls).filter(|slug| graph.credit.of(slug).is_some()).collect();
    let step_of = |place: u32| graph.certain_steps.get(place as usize).map(|step| &graph.steps[*step as usize]);
    let is_met = |slug: &Slug| {
        // Around it no way is left.
        let around =
            joined.ways_from(&[start], |place| step_of(place).is_none_or(|step| !step.controls.contains(slug)));
        !around.reaches(sink as usize)
    };
    let met = guarded.into_iter().filter(|slug| model.controls.contains_key(*slug) && is_met(slug)).cloned().collect();
    // That everybody is anybody can not be closed.
    let starts: Vec<u32> = [start].into_iter().chain(graph.number(&Position::Anybody)).collect();
    let closing = fewest_nodes(&graph.certain, &starts, &ends, |_| true);
    Choke { passed: Some(passed), met, closing }
}

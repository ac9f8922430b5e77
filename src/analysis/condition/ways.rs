//! Ways from outside: what is reached along flows through or around a kind of service, and what every way leads through.
//!
//! Ways start at actors. Each answer is computed once for the whole model, and in time proportional to it: a condition
//! that asks at every endpoint costs no more than one that asks at a single one.

use super::hash::FastMap;
use crate::analysis::attack::cuts::Dominators;
use crate::analysis::attack::digraph::{Arc, Digraph};
use crate::model::Model;
use crate::model::topology::Service;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

/// What is asked of the ways to an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Whether one of them leads through a service of the kind.
    Passes,
    /// Whether one of them leads through none.
    Avoids,
}

/// After so many services of unknown kind nobody needs the rest of them: each answer brings the next ones.
const MAX_UNKNOWN: usize = 4;

/// From where all ways start.
const OUTSIDE: u32 = 0;

/// The flows of a model as ways.
pub(super) struct Ways<'m> {
    model: &'m Model,
    /// The elements by their places, and the places by name.
    names: Vec<&'m str>,
    places: FastMap<&'m str, u32>,
    /// Flows, and behind them grants.
    graph: Digraph,
    /// So many of the arcs are flows, or lead to an actor.
    flows: u32,
    /// Over flows and grants.
    dominators: OnceCell<Dominators>,
    by_kind: RefCell<FastMap<String, Reach<'m>>>,
}

/// What is reached with regard to one kind of service. A service whose kind nobody gave may be one.
struct Reach<'m> {
    passing: Vec<bool>,
    passing_perhaps: Vec<bool>,
    avoiding: Vec<bool>,
    avoiding_perhaps: Vec<bool>,
    /// The first services of unknown kind on some way.
    unknown: Vec<&'m str>,
}

impl<'m> Ways<'m> {
    pub(super) fn new(model: &'m Model) -> Ways<'m> {
        let (mut names, mut places) = (vec![""], FastMap::default());
        let mut place = |slug: &'m str| {
            *places.entry(slug).or_insert_with(|| {
                names.push(slug);
                u32::try_from(names.len() - 1).unwrap_or(OUTSIDE)
            })
        };
        let arc = |from, to| Arc { from, to, length: 0 };
        let mut arcs: Vec<Arc> = model.actors.keys().map(|slug| arc(OUTSIDE, place(slug.as_str()))).collect();
        arcs.extend(model.flows.values().map(|flow| {
            let from = place(flow.from.slug().as_str());
            arc(from, place(flow.to.slug().as_str()))
        }));
        let flows = u32::try_from(arcs.len()).unwrap_or(u32::MAX);
        arcs.extend(model.grants.values().filter_map(|grant| {
            let dataset = grant.dataset.as_ref()?.slug().as_str();
            let from = place(grant.endpoint.slug().as_str());
            Some(arc(from, place(dataset)))
        }));
        let graph = Digraph::new(names.len(), arcs);
        Ways { model, names, places, graph, flows, dominators: OnceCell::new(), by_kind: RefCell::default() }
    }

    /// The elements inside through which every way to an element leads, from the inside out.
    pub(super) fn single_points(&self, slug: &str) -> Vec<&'m str> {
        let Some(at) = self.places.get(slug) else { return Vec::new() };
        let dominators = self.dominators.get_or_init(|| Dominators::new(&self.graph, OUTSIDE, |_| true));
        let found = dominators.of(*at).into_iter().flatten();
        // What is directly behind the outside are the actors themselves.
        found.map(|at| self.names[at as usize]).filter(|slug| !self.model.actors.contains_key(*slug)).collect()
    }

    /// The answer, or the services whose kind would have to be known.
    pub(super) fn ask(&self, asked: Asked, kind: &str, slug: &str) -> Result<bool, Vec<&'m str>> {
        let Some(at) = self.places.get(slug).map(|at| *at as usize) else { return Ok(false) };
        if !self.by_kind.borrow().contains_key(kind) {
            let reach = self.reach(kind);
            self.by_kind.borrow_mut().insert(kind.to_owned(), reach);
        }
        let by_kind = self.by_kind.borrow();
        let Some(reach) = by_kind.get(kind) else { return Ok(false) };
        let (surely, perhaps) = match asked {
            Asked::Passes => (&reach.passing, &reach.passing_perhaps),
            Asked::Avoids => (&reach.avoiding, &reach.avoiding_perhaps),
        };
        match (surely[at], perhaps[at]) {
            (true, _) => Ok(true),
            (false, false) => Ok(false),
            (false, true) => Err(reach.unknown.clone()),
        }
    }

    fn reach(&self, kind: &str) -> Reach<'m> {
        let services = |wanted: &dyn Fn(&Service) -> bool| -> BTreeSet<u32> {
            let found = self.model.services.iter().filter(|(_, service)| wanted(service));
            found.filter_map(|(slug, _)| self.places.get(slug.as_str()).copied()).collect()
        };
        let known = services(&|service| service.kind.is_some_and(|is| is.name() == kind));
        let unknown = services(&|service| service.kind.is_none());
        let either: BTreeSet<u32> = known.union(&unknown).copied().collect();
        let nothing = BTreeSet::new();
        let reached = self.beyond([OUTSIDE], &nothing);
        let through = |of: &BTreeSet<u32>| {
            let first = of.iter().filter(|at| reached[**at as usize]);
            self.beyond(first.flat_map(|at| self.next(*at)), &nothing)
        };
        let on_a_way = unknown.iter().filter(|at| reached[**at as usize]);
        Reach {
            passing: through(&known),
            passing_perhaps: through(&either),
            avoiding: self.beyond([OUTSIDE], &either),
            avoiding_perhaps: self.beyond([OUTSIDE], &known),
            unknown: on_a_way.take(MAX_UNKNOWN).map(|at| self.names[*at as usize]).collect(),
        }
    }

    /// Where flows lead on from an element.
    fn next(&self, at: u32) -> impl Iterator<Item = u32> {
        let arcs = self.graph.arcs_out(at as usize).iter().take_while(|arc| **arc < self.flows);
        arcs.map(|arc| self.graph.arc(*arc).to)
    }

    /// What is reached from some elements, themselves included, without going through others.
    fn beyond(&self, from: impl IntoIterator<Item = u32>, without: &BTreeSet<u32>) -> Vec<bool> {
        let mut closed = vec![false; self.names.len()];
        without.iter().for_each(|at| closed[*at as usize] = true);
        let mut reached = vec![false; self.names.len()];
        let mut open = Vec::new();
        let mut reach = |at: u32, open: &mut Vec<u32>| {
            if !closed[at as usize] && !std::mem::replace(&mut reached[at as usize], true) {
                open.push(at);
            }
        };
        from.into_iter().for_each(|at| reach(at, &mut open));
        while let Some(at) = open.pop() {
            self.next(at).for_each(|next| reach(next, &mut open));
        }
        reached
    }
}

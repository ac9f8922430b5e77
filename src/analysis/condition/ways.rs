//! Ways from outside: what is reached along flows through or around a kind of service, and what every way leads through.
//!
//! Ways start at actors. Each answer is computed once for the whole model, and in time proportional to it: a condition
//! that asks at every endpoint costs no more than one that asks at a single one.

use crate::model::Model;
use crate::model::topology::Service;
use petgraph::algo::dominators::{Dominators, simple_fast};
use petgraph::graphmap::DiGraphMap;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

/// What is asked of the ways to an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Whether one of them leads through a service of the kind.
    Passes,
    /// Whether one of them leads through none.
    Avoids,
}

/// An element, by its place among the names.
type At = usize;

/// After so many services of unknown kind nobody needs the rest of them: each answer brings the next ones.
const MAX_UNKNOWN: usize = 4;

/// From where all ways start.
const OUTSIDE: At = 0;

/// The flows of a model as ways. Nothing here borrows from the model, so that what is computed late binds nobody.
pub(super) struct Ways {
    names: Vec<String>,
    places: HashMap<String, At>,
    flows: DiGraphMap<At, ()>,
    dominators: Dominators<At>,
    by_kind: RefCell<HashMap<String, Reach>>,
}

/// What is reached with regard to one kind of service. A service whose kind nobody gave may be one.
struct Reach {
    passing: BTreeSet<At>,
    passing_perhaps: BTreeSet<At>,
    avoiding: BTreeSet<At>,
    avoiding_perhaps: BTreeSet<At>,
    /// The first services of unknown kind on some way.
    unknown: Vec<String>,
}

impl Ways {
    pub(super) fn new(model: &Model) -> Ways {
        let (mut names, mut places) = (vec![String::new()], HashMap::new());
        let mut place = |slug: &str| {
            *places.entry(slug.to_owned()).or_insert_with(|| {
                names.push(slug.to_owned());
                names.len() - 1
            })
        };
        let mut flows: DiGraphMap<At, ()> = DiGraphMap::new();
        flows.add_node(OUTSIDE);
        for slug in model.actors.keys() {
            flows.add_edge(OUTSIDE, place(slug.as_str()), ());
        }
        for flow in model.flows.values() {
            flows.add_edge(place(flow.from.slug().as_str()), place(flow.to.slug().as_str()), ());
        }
        let mut all = flows.clone();
        for grant in model.grants.values() {
            if let Some(dataset) = &grant.dataset {
                all.add_edge(place(grant.endpoint.slug().as_str()), place(dataset.slug().as_str()), ());
            }
        }
        let dominators = simple_fast(&all, OUTSIDE);
        Ways { names, places, flows, dominators, by_kind: RefCell::default() }
    }

    /// The elements inside through which every way to an element leads, from the inside out.
    pub(super) fn single_points(&self, slug: &str) -> Vec<&str> {
        let Some(at) = self.places.get(slug) else { return Vec::new() };
        let found = self.dominators.strict_dominators(*at).into_iter().flatten();
        // What is directly behind the outside are the actors themselves.
        let inside = found.filter(|at| *at != OUTSIDE && !self.flows.contains_edge(OUTSIDE, *at));
        inside.map(|at| self.names[at].as_str()).collect()
    }

    /// The answer, or the services whose kind would have to be known.
    pub(super) fn ask(&self, model: &Model, asked: Asked, kind: &str, slug: &str) -> Result<bool, Vec<String>> {
        let Some(at) = self.places.get(slug) else { return Ok(false) };
        let mut by_kind = self.by_kind.borrow_mut();
        let reach = by_kind.entry(kind.to_owned()).or_insert_with(|| self.reach(model, kind));
        let (surely, perhaps) = match asked {
            Asked::Passes => (&reach.passing, &reach.passing_perhaps),
            Asked::Avoids => (&reach.avoiding, &reach.avoiding_perhaps),
        };
        match (surely.contains(at), perhaps.contains(at)) {
            (true, _) => Ok(true),
            (false, false) => Ok(false),
            (false, true) => Err(reach.unknown.clone()),
        }
    }

    fn reach(&self, model: &Model, kind: &str) -> Reach {
        let services = |wanted: &dyn Fn(&Service) -> bool| -> BTreeSet<At> {
            let found = model.services.iter().filter(|(_, service)| wanted(service));
            found.filter_map(|(slug, _)| self.places.get(slug.as_str()).copied()).collect()
        };
        let known = services(&|service| service.kind.is_some_and(|is| is.name() == kind));
        let unknown = services(&|service| service.kind.is_none());
        let either: BTreeSet<At> = known.union(&unknown).copied().collect();
        let nothing = BTreeSet::new();
        let reached = self.beyond([OUTSIDE], &nothing);
        let through = |of: &BTreeSet<At>| {
            let first = of.iter().copied().filter(|at| reached.contains(at));
            self.beyond(first.flat_map(|at| self.flows.neighbors(at)), &nothing)
        };
        Reach {
            passing: through(&known),
            passing_perhaps: through(&either),
            avoiding: self.beyond([OUTSIDE], &either),
            avoiding_perhaps: self.beyond([OUTSIDE], &known),
            unknown: unknown.intersection(&reached).take(MAX_UNKNOWN).map(|at| self.names[*at].clone()).collect(),
        }
    }

    /// What is reached from some elements, themselves included, without going through others.
    fn beyond(&self, from: impl IntoIterator<Item = At>, without: &BTreeSet<At>) -> BTreeSet<At> {
        let mut open: Vec<At> = from.into_iter().filter(|at| !without.contains(at)).collect();
        let mut reached: BTreeSet<At> = open.iter().copied().collect();
        while let Some(at) = open.pop() {
            for next in self.flows.neighbors(at) {
                if !without.contains(&next) && reached.insert(next) {
                    open.push(next);
                }
            }
        }
        reached
    }
}

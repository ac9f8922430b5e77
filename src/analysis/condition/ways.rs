//! Ways from outside: what is reached along flows through or around a kind of service, and what every way leads through.
//!
//! Ways start at actors. Each answer is computed once for the whole model, and in time proportional to it: a condition
//! that asks at every endpoint costs no more than one that asks at a single one. Of two states of a model it can be told at
//! which elements the answers differ.

use super::hash::FastMap;
use super::names::{Aspect, Key, Names, Number};
use crate::analysis::attack::cuts::Dominators;
use crate::analysis::attack::digraph::{Arc, Digraph};
use crate::model::topology::Service;
use crate::model::{ElementId, Model, Section, Slug};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

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

/// From where all ways start. An element stands one behind its number.
const OUTSIDE: u32 = 0;

/// What ways are made of: actors, flows and grants, by the numbers of the nodes that they join.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wires {
    actors: Rc<BTreeSet<Number>>,
    flows: Pairs,
    grants: Pairs,
}

/// Pairs of nodes, each under the number of the flow or grant that joins them, in no order.
#[derive(Debug, Clone, Default)]
struct Pairs {
    list: Vec<(Number, Number, Number)>,
    places: FastMap<Number, usize>,
}

impl Pairs {
    fn put(&mut self, of: Number, ends: Option<(Number, Number)>) {
        match (self.places.get(&of).copied(), ends) {
            (Some(at), Some((from, to))) => self.list[at] = (of, from, to),
            (None, Some((from, to))) => {
                self.places.insert(of, self.list.len());
                self.list.push((of, from, to));
            }
            (Some(at), None) => {
                self.places.remove(&of);
                self.list.swap_remove(at);
                if let Some((moved, ..)) = self.list.get(at) {
                    self.places.insert(*moved, at);
                }
            }
            (None, None) => {}
        }
    }

    fn arcs(&self) -> impl Iterator<Item = Arc> {
        self.list.iter().map(|(_, from, to)| Arc { from: from + 1, to: to + 1, length: 0 })
    }
}

impl Wires {
    fn new(model: &Model, names: &mut Names) -> Wires {
        let mut wires = Wires::default();
        for section in [Section::Actors, Section::Flows, Section::Grants] {
            model.slugs(section).for_each(|slug| wires.put(model, names, section, slug));
        }
        wires
    }

    fn put(&mut self, model: &Model, names: &mut Names, section: Section, slug: &Slug) {
        match section {
            Section::Actors => {
                let number = names.node_of(slug);
                let actors = Rc::make_mut(&mut self.actors);
                if model.actors.contains_key(slug) {
                    actors.insert(number)
                } else {
                    actors.remove(&number)
                };
            }
            Section::Flows => {
                let ends =
                    model.flows.get(slug).map(|flow| (names.node_of(flow.from.slug()), names.node_of(flow.to.slug())));
                self.flows.put(names.number_of(section, slug), ends);
            }
            Section::Grants => {
                let ends = model.grants.get(slug).and_then(|grant| {
                    let dataset = names.node_of(grant.dataset.as_ref()?.slug());
                    Some((names.node_of(grant.endpoint.slug()), dataset))
                });
                self.grants.put(names.number_of(section, slug), ends);
            }
            _ => {}
        }
    }
}

/// The ways of a model, kept from one state of it to the next.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeptWays {
    wires: Option<Wires>,
    ways: Option<Rc<Ways>>,
}

impl KeptWays {
    /// The ways of a model, worked out if they are not known.
    pub(super) fn of(&mut self, model: &Model, names: &mut Names) -> Rc<Ways> {
        if let Some(ways) = &self.ways {
            return ways.clone();
        }
        let wires = self.wires.get_or_insert_with(|| Wires::new(model, names));
        let ways = Rc::new(Ways::new(wires, names.len()));
        self.ways = Some(ways.clone());
        ways
    }

    /// Brings them up to date after edits of these elements. Gives the keys of the elements at which something that was
    /// asked has another answer now.
    pub(crate) fn follow<'e>(
        &mut self,
        model: &Model,
        names: &mut Names,
        touched: impl Iterator<Item = &'e ElementId>,
    ) -> Vec<Key> {
        let made_of = [Section::Actors, Section::Flows, Section::Grants, Section::Services];
        let touched: Vec<&ElementId> = touched.filter(|id| made_of.contains(&id.section)).collect();
        let Some(wires) = self.wires.as_mut().filter(|_| !touched.is_empty()) else { return Vec::new() };
        let old = self.ways.take();
        touched.iter().for_each(|id| wires.put(model, names, id.section, &id.slug));
        let Some(old) = old else { return Vec::new() };
        let new = Rc::new(Ways::new(wires, names.len()));
        let keys = old.differing(&new, model, names);
        self.ways = Some(new);
        keys
    }
}

/// The flows of a model as ways.
#[derive(Debug)]
pub(crate) struct Ways {
    actors: Rc<BTreeSet<Number>>,
    /// Actors and flows, and behind them grants.
    graph: Digraph,
    /// So many of the arcs are flows, or lead to an actor.
    flows: u32,
    /// Over flows and grants.
    dominators: OnceCell<Dominators>,
    by_kind: RefCell<BTreeMap<String, Reach>>,
}

/// What is reached with regard to one kind of service. A service whose kind nobody gave may be one.
#[derive(Debug)]
struct Reach {
    passing: Vec<bool>,
    passing_perhaps: Vec<bool>,
    avoiding: Vec<bool>,
    avoiding_perhaps: Vec<bool>,
    /// The first services of unknown kind on some way.
    unknown: Vec<Slug>,
}

impl Ways {
    fn new(wires: &Wires, names: usize) -> Ways {
        let outside = wires.actors.iter().map(|actor| Arc { from: OUTSIDE, to: actor + 1, length: 0 });
        let mut arcs: Vec<Arc> = outside.chain(wires.flows.arcs()).collect();
        let flows = u32::try_from(arcs.len()).unwrap_or(u32::MAX);
        arcs.extend(wires.grants.arcs());
        let graph = Digraph::new(names + 1, arcs);
        Ways { actors: wires.actors.clone(), graph, flows, dominators: OnceCell::new(), by_kind: RefCell::default() }
    }

    fn dominators(&self) -> &Dominators {
        self.dominators.get_or_init(|| Dominators::new(&self.graph, OUTSIDE, |_| true))
    }

    /// The elements inside through which every way to an element leads, from the inside out.
    pub(super) fn single_points(&self, node: Number) -> Vec<Number> {
        let found = self.dominators().of(node + 1).into_iter().flatten();
        // What is directly behind the outside are the actors themselves.
        found.map(|at| at - 1).filter(|number| !self.actors.contains(number)).collect()
    }

    /// The answer, or the services whose kind would have to be known.
    pub(super) fn ask(
        &self,
        model: &Model,
        names: &mut Names,
        asked: Asked,
        kind: &str,
        node: Number,
    ) -> Result<bool, Vec<Slug>> {
        self.look(model, names, kind);
        let by_kind = self.by_kind.borrow();
        let Some(reach) = by_kind.get(kind) else { return Ok(false) };
        let (surely, perhaps) = match asked {
            Asked::Passes => (&reach.passing, &reach.passing_perhaps),
            Asked::Avoids => (&reach.avoiding, &reach.avoiding_perhaps),
        };
        let at = |list: &Vec<bool>| list.get(node as usize + 1).copied().unwrap_or(false);
        match (at(surely), at(perhaps)) {
            (true, _) => Ok(true),
            (false, false) => Ok(false),
            (false, true) => Err(reach.unknown.clone()),
        }
    }

    fn look(&self, model: &Model, names: &mut Names, kind: &str) {
        if !self.by_kind.borrow().contains_key(kind) {
            let reach = self.reach(model, names, kind);
            self.by_kind.borrow_mut().insert(kind.to_owned(), reach);
        }
    }

    fn reach(&self, model: &Model, names: &mut Names, kind: &str) -> Reach {
        let mut services = |wanted: &dyn Fn(&Service) -> bool| -> Vec<(Slug, u32)> {
            let found = model.services.iter().filter(|(_, service)| wanted(service));
            let placed = found.map(|(slug, _)| (slug.clone(), names.node_of(slug) + 1));
            // What was named after the graph was made is joined to nothing.
            placed.filter(|(_, at)| (*at as usize) < self.graph.len()).collect()
        };
        let known = services(&|service| service.kind.is_some_and(|is| is.name() == kind));
        let unknown = services(&|service| service.kind.is_none());
        let marked = |lists: &[&Vec<(Slug, u32)>]| {
            let mut marks = vec![false; self.graph.len()];
            lists.iter().flat_map(|list| list.iter()).for_each(|(_, at)| marks[*at as usize] = true);
            marks
        };
        let (nothing, known, either) = (marked(&[]), marked(&[&known]), marked(&[&known, &unknown]));
        let reached = self.beyond([OUTSIDE], &nothing);
        let through = |of: &[bool]| {
            let first = (0_u32..).zip(of.iter().zip(&reached)).filter(|(_, (is, reached))| **is && **reached);
            self.beyond(first.flat_map(|(at, _)| self.next(at)), &nothing)
        };
        let on_a_way = unknown.into_iter().filter(|(_, at)| reached[*at as usize]);
        Reach {
            passing: through(&known),
            passing_perhaps: through(&either),
            avoiding: self.beyond([OUTSIDE], &either),
            avoiding_perhaps: self.beyond([OUTSIDE], &known),
            unknown: on_a_way.take(MAX_UNKNOWN).map(|(slug, _)| slug).collect(),
        }
    }

    /// Where flows lead on from an element.
    fn next(&self, at: u32) -> impl Iterator<Item = u32> {
        let arcs = self.graph.arcs_out(at as usize).iter().take_while(|arc| **arc < self.flows);
        arcs.map(|arc| self.graph.arc(*arc).to)
    }

    /// What is reached from some elements, themselves included, without going through others.
    fn beyond(&self, from: impl IntoIterator<Item = u32>, without: &[bool]) -> Vec<bool> {
        let mut reached = vec![false; self.graph.len()];
        let mut open = Vec::new();
        let mut reach = |at: u32, open: &mut Vec<u32>| {
            if !without[at as usize] && !std::mem::replace(&mut reached[at as usize], true) {
                open.push(at);
            }
        };
        from.into_iter().for_each(|at| reach(at, &mut open));
        while let Some(at) = open.pop() {
            self.next(at).for_each(|next| reach(next, &mut open));
        }
        reached
    }

    /// The keys of elements at which something that was asked here has another answer there.
    fn differing(&self, other: &Ways, model: &Model, names: &mut Names) -> Vec<Key> {
        let mut keys = Vec::new();
        let numbers = 0..Number::try_from(names.len()).unwrap_or(Number::MAX);
        for (kind, one) in self.by_kind.borrow().iter() {
            other.look(model, names, kind);
            let by_kind = other.by_kind.borrow();
            let Some(two) = by_kind.get(kind) else { continue };
            let same_unknown = one.unknown == two.unknown;
            let told = |reach: &Reach, number: Number| {
                let at = |list: &Vec<bool>| list.get(number as usize + 1).copied().unwrap_or(false);
                [at(&reach.passing), at(&reach.passing_perhaps), at(&reach.avoiding), at(&reach.avoiding_perhaps)]
            };
            let differs = |number: &Number| {
                let (before, now) = (told(one, *number), told(two, *number));
                let is_open = before[0] != before[1] || before[2] != before[3];
                before != now || (is_open && !same_unknown)
            };
            keys.extend(numbers.clone().filter(differs).map(|number| Key::of(number, Aspect::Ways)));
        }
        if let Some(one) = self.dominators.get() {
            let two = other.dominators();
            let differs = |number: &Number| {
                // An actor that is none any more is a point of its own.
                !one.is_same(two, number + 1) || self.actors != other.actors
            };
            keys.extend(numbers.filter(differs).map(|number| Key::of(number, Aspect::Points)));
        }
        keys
    }
}

//! Ways from outside: what is reached along flows through or around a kind of service, and what every way leads through.
//!
//! Ways start at actors. Each answer is computed once for the whole model, and in time proportional to it: a condition
//! that asks at every endpoint costs no more than one that asks at a single one. Of two states of a model it can be told at
//! which elements the answers differ.

use super::names::{Aspect, Key, Names};
use crate::analysis::attack::cuts::Dominators;
use crate::analysis::attack::digraph::{Arc, Digraph};
use crate::analysis::hash::FastMap;
use crate::model::access::Grant;
use crate::model::topology::{Flow, Service};
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc as Shared, Mutex, MutexGuard, OnceLock, PoisonError};

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

/// The places of nodes in the graph: one behind the other, so that it is as small as it can be. A place is never taken
/// away, and is the same in all states of a model.
#[derive(Debug, Clone, Default)]
struct Places {
    of: FastMap<Slug, u32>,
    /// By place, without that of the outside.
    nodes: Vec<Slug>,
}

impl Places {
    fn get(&self, node: &str) -> Option<u32> {
        self.of.get(node).copied()
    }

    /// How many there are, the outside included.
    fn len(&self) -> usize {
        self.nodes.len() + 1
    }

    /// The place of a node, a new one where it has none.
    fn put(places: &mut Shared<Places>, node: &Slug) -> u32 {
        places.get(node.as_str()).unwrap_or_else(|| {
            let places = Shared::make_mut(places);
            places.nodes.push(node.clone());
            let place = u32::try_from(places.nodes.len()).unwrap_or(u32::MAX);
            places.of.insert(node.clone(), place);
            place
        })
    }
}

/// What ways are made of: actors, services, flows and grants, by the places of the nodes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wires {
    places: Shared<Places>,
    actors: Shared<BTreeSet<u32>>,
    services: Shared<Services>,
    flows: Pairs,
    grants: Pairs,
}

/// The services in the order of the model, each with its place and the name of its kind.
type Services = BTreeMap<Slug, (u32, Option<&'static str>)>;

/// An arc from a node to another one that there is no more, or that is new.
#[derive(Debug, Clone, Copy)]
enum Turn {
    Gone((u32, u32)),
    New((u32, u32)),
}

/// Pairs of nodes by the flow or grant that joins them.
#[derive(Debug, Clone, Default)]
struct Pairs(BTreeMap<Slug, (u32, u32)>);

impl Pairs {
    /// Gives the pair that is gone, and that which is new; nothing where it is what it was.
    fn put(&mut self, of: &Slug, ends: Option<(u32, u32)>) -> Option<Vec<Turn>> {
        let before = match ends {
            Some(ends) => self.0.insert(of.clone(), ends),
            None => self.0.remove(of),
        };
        let turns = before.map(Turn::Gone).into_iter().chain(ends.map(Turn::New));
        (before != ends).then(|| turns.collect())
    }

    fn arcs(&self) -> impl Iterator<Item = Arc> {
        self.0.values().map(|(from, to)| Arc { from: *from, to: *to, length: 0 })
    }
}

impl Wires {
    fn new(model: &Model) -> Wires {
        let mut wires = Wires::default();
        // In the order of the model, so that nothing is looked for where it is to stand.
        let actors = model.actors.keys().map(|slug| wires.place(slug)).collect();
        let service = |(slug, service): (&Slug, &Service)| {
            (slug.clone(), (wires.place(slug), service.kind.map(|kind| kind.name())))
        };
        let services = model.services.iter().map(service).collect();
        let flows = model.flows.iter().map(|(slug, flow)| (slug.clone(), wires.ends_of_flow(flow))).collect();
        let grants = model.grants.iter();
        let grants = grants.filter_map(|(slug, grant)| Some((slug.clone(), wires.ends_of_grant(grant)?))).collect();
        Wires {
            actors: Shared::new(actors),
            services: Shared::new(services),
            flows: Pairs(flows),
            grants: Pairs(grants),
            ..wires
        }
    }

    fn place(&mut self, node: &Slug) -> u32 {
        Places::put(&mut self.places, node)
    }

    fn ends_of_flow(&mut self, flow: &Flow) -> (u32, u32) {
        (self.place(flow.from.slug()), self.place(flow.to.slug()))
    }

    fn ends_of_grant(&mut self, grant: &Grant) -> Option<(u32, u32)> {
        let dataset = self.place(grant.dataset.as_ref()?.slug());
        Some((self.place(grant.endpoint.slug()), dataset))
    }

    /// Takes an element as it is now. Gives the arcs that are others now; nothing where that changes nothing.
    fn put(&mut self, model: &Model, section: Section, slug: &Slug) -> Option<Vec<Turn>> {
        match section {
            Section::Actors => {
                let at = self.place(slug);
                let actors = Shared::make_mut(&mut self.actors);
                let is_there = model.actors.contains_key(slug);
                let changes = if is_there { actors.insert(at) } else { actors.remove(&at) };
                let turn = if is_there { Turn::New } else { Turn::Gone };
                changes.then(|| vec![turn((OUTSIDE, at))])
            }
            Section::Services => {
                let at = self.place(slug);
                let service = model.services.get(slug).map(|service| (at, service.kind.map(|kind| kind.name())));
                if self.services.get(slug) == service.as_ref() {
                    return None;
                }
                let services = Shared::make_mut(&mut self.services);
                match service {
                    Some(service) => services.insert(slug.clone(), service),
                    None => services.remove(slug),
                };
                Some(Vec::new())
            }
            Section::Flows => {
                let ends = model.flows.get(slug).map(|flow| self.ends_of_flow(flow));
                self.flows.put(slug, ends)
            }
            Section::Grants => {
                let ends = model.grants.get(slug).and_then(|grant| self.ends_of_grant(grant));
                self.grants.put(slug, ends)
            }
            _ => None,
        }
    }
}

/// The ways of a model, kept from one state of it to the next. They are worked out once for all threads that ask; who needs
/// them meanwhile waits.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeptWays(Shared<OnceLock<Made>>);

/// The ways, and what they are made of.
#[derive(Debug, Clone)]
struct Made {
    wires: Wires,
    ways: Shared<Ways>,
}

impl KeptWays {
    /// The ways of a model, worked out if they are not known.
    pub(super) fn of(&self, model: &Model) -> &Ways {
        let make = || {
            let wires = Wires::new(model);
            Made { ways: Shared::new(Ways::new(&wires, None)), wires }
        };
        &self.0.get_or_init(make).ways
    }

    /// Works them out, with what all of them have in common.
    pub(crate) fn prepare(&self, model: &Model) {
        self.of(model).dominators();
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
        let mut touched = touched.filter(|id| made_of.contains(&id.section)).peekable();
        if touched.peek().is_none() {
            return Vec::new();
        }
        let Some(Made { wires, ways }) = Shared::make_mut(&mut self.0).get_mut() else { return Vec::new() };
        let (mut flows, mut grants, mut turns) = (false, false, Vec::new());
        for id in touched {
            let Some(arcs) = wires.put(model, id.section, &id.slug) else { continue };
            *(if id.section == Section::Grants { &mut grants } else { &mut flows }) = true;
            turns.extend(arcs);
        }
        if !flows && !grants {
            return Vec::new();
        }
        let old = ways.clone();
        let new = Shared::new(Ways::new(wires, Some(&*old).filter(|_| !flows)));
        if !flows {
            // What is passed and avoided is passed and avoided along flows.
            *new.by_kind() = old.by_kind().clone();
        }
        if let Some(dominators) = old.dominators.get().and_then(|then| new.dominators_after(then, &turns)) {
            new.dominators.get_or_init(|| dominators);
        }
        let keys = old.differing(&new, names);
        *ways = new;
        keys
    }
}

/// The flows of a model as ways.
#[derive(Debug)]
pub(crate) struct Ways {
    places: Shared<Places>,
    actors: Shared<BTreeSet<u32>>,
    services: Shared<Services>,
    /// Actors and flows, and behind them grants.
    graph: Digraph,
    /// So many of the arcs are flows, or lead to an actor.
    flows: u32,
    /// Over flows and grants.
    dominators: OnceLock<Shared<Dominators>>,
    by_kind: Mutex<ByKind>,
}

/// What is reached, by the kind of service.
type ByKind = BTreeMap<String, Shared<Reach>>;

/// What is reached with regard to one kind of service. A service whose kind nobody gave may be one.
#[derive(Debug)]
struct Reach {
    /// What is said of each place.
    told: Vec<Told>,
    /// The first services of unknown kind on some way.
    unknown: Vec<Slug>,
}

/// What is said of a place, a bit each. Where no way leads, nothing is so.
type Told = u8;

/// A way leads there.
const REACHED: Told = 1;
/// One leads through a service of the kind.
const PASSING: Told = 2;
/// One leads through a service that may be of the kind.
const PASSING_PERHAPS: Told = 4;
/// One leads through no service that may be of the kind.
const AVOIDING: Told = 8;
/// One leads through no service that is of the kind.
const AVOIDING_PERHAPS: Told = 16;

impl Reach {
    fn told(&self, place: u32) -> Told {
        self.told.get(place as usize).copied().unwrap_or(0)
    }
}

/// Whether an answer hangs on services of unknown kind.
fn is_open(told: Told) -> bool {
    let differ = |one: Told, other: Told| (told & one == 0) != (told & other == 0);
    differ(PASSING, PASSING_PERHAPS) || differ(AVOIDING, AVOIDING_PERHAPS)
}

impl Ways {
    /// The ways that wires make, with those before if these have the same actors and flows.
    fn new(wires: &Wires, before: Option<&Ways>) -> Ways {
        let mut arcs: Vec<Arc> = match before {
            Some(ways) => ways.graph.arcs()[..ways.flows as usize].to_vec(),
            None => {
                let outside = wires.actors.iter().map(|actor| Arc { from: OUTSIDE, to: *actor, length: 0 });
                outside.chain(wires.flows.arcs()).collect()
            }
        };
        let flows = u32::try_from(arcs.len()).unwrap_or(u32::MAX);
        arcs.extend(wires.grants.arcs());
        Ways {
            places: wires.places.clone(),
            actors: wires.actors.clone(),
            services: wires.services.clone(),
            graph: Digraph::new(wires.places.len(), arcs),
            flows,
            dominators: OnceLock::new(),
            by_kind: Mutex::default(),
        }
    }

    fn dominators(&self) -> &Shared<Dominators> {
        self.dominators.get_or_init(|| Shared::new(Dominators::new(&self.graph, OUTSIDE, |_| true)))
    }

    /// The same, told from those before some arcs turned; nothing where everything is to be looked at.
    fn dominators_after(&self, then: &Shared<Dominators>, turns: &[Turn]) -> Option<Shared<Dominators>> {
        let holds = match turns {
            [] => true,
            [Turn::New((from, to))] => then.holds_with(*from, *to),
            [Turn::Gone((from, to))] => then.holds_without(&self.graph, *from, *to),
            _ => false,
        };
        if holds {
            return Some(then.clone());
        }
        let ends: Vec<u32> = turns.iter().map(|(Turn::Gone((_, to)) | Turn::New((_, to)))| *to).collect();
        then.after(&self.graph, &ends).map(Shared::new)
    }

    /// The elements inside through which every way to an element leads, from the inside out.
    pub(super) fn single_points(&self, node: &str) -> Vec<&Slug> {
        let found = self.places.get(node).and_then(|place| self.dominators().of(place));
        // What is directly behind the outside are the actors themselves.
        let inside = found.into_iter().flatten().filter(|place| !self.actors.contains(place));
        inside.map(|place| &self.places.nodes[place as usize - 1]).collect()
    }

    /// The answer, or the services whose kind would have to be known.
    pub(super) fn ask(&self, asked: Asked, kind: &str, node: &str) -> Result<bool, Vec<Slug>> {
        let reach = self.look(kind);
        let told = self.places.get(node).map_or(0, |place| reach.told(place));
        let (surely, perhaps) = match asked {
            Asked::Passes => (PASSING, PASSING_PERHAPS),
            Asked::Avoids => (AVOIDING, AVOIDING_PERHAPS),
        };
        match (told & surely != 0, told & perhaps != 0) {
            (true, _) => Ok(true),
            (false, false) => Ok(false),
            (false, true) => Err(reach.unknown.clone()),
        }
    }

    fn look(&self, kind: &str) -> Shared<Reach> {
        // Who else asks waits until it is there.
        let mut by_kind = self.by_kind();
        if let Some(reach) = by_kind.get(kind) {
            return reach.clone();
        }
        let reach = Shared::new(self.reach(kind));
        by_kind.insert(kind.to_owned(), reach.clone());
        reach
    }

    /// What is known so far. What somebody left behind who did not come to the end is whole: a kind is put in at once.
    fn by_kind(&self) -> MutexGuard<'_, ByKind> {
        self.by_kind.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From the outside along flows, what is said of a place is said of the next one, too, but for what a service there
    /// changes. Nothing is ever taken back, so that a place is looked at again only where more is said of it.
    fn reach(&self, kind: &str) -> Reach {
        // What a service adds to what is said behind it, and what can not be said of it.
        let (mut adds, mut bars) = (vec![0; self.graph.len()], vec![0; self.graph.len()]);
        for (place, is) in self.services.values() {
            (adds[*place as usize], bars[*place as usize]) = match is {
                Some(is) if *is == kind => (PASSING | PASSING_PERHAPS, AVOIDING | AVOIDING_PERHAPS),
                Some(_) => (0, 0),
                None => (PASSING_PERHAPS, AVOIDING),
            };
        }
        let mut told: Vec<Told> = vec![0; self.graph.len()];
        told[OUTSIDE as usize] = REACHED | AVOIDING | AVOIDING_PERHAPS;
        let mut open = vec![OUTSIDE];
        while let Some(at) = open.pop() {
            let onward = told[at as usize] | adds[at as usize];
            for next in self.next(at) {
                let more = onward & !bars[next as usize] & !told[next as usize];
                if more != 0 {
                    told[next as usize] |= more;
                    open.push(next);
                }
            }
        }
        let is_open =
            |(_, (place, is)): &(&Slug, &(u32, Option<&str>))| is.is_none() && told[*place as usize] & REACHED != 0;
        let unknown = self.services.iter().filter(is_open).take(MAX_UNKNOWN).map(|(slug, _)| slug.clone()).collect();
        Reach { told, unknown }
    }

    /// Where flows lead on from an element.
    fn next(&self, at: u32) -> impl Iterator<Item = u32> {
        let arcs = self.graph.arcs_out(at as usize).iter().take_while(|arc| **arc < self.flows);
        arcs.map(|arc| self.graph.arc(*arc).to)
    }

    /// The keys of elements at which something that was asked here has another answer there.
    fn differing(&self, other: &Ways, names: &mut Names) -> Vec<Key> {
        let mut keys = Vec::new();
        let places = || (1_u32..).zip(&other.places.nodes);
        let mut key = |node: &Slug, aspect: Aspect| Key::of(names.node_of(node), aspect);
        for (kind, one) in self.by_kind().iter() {
            let two = other.look(kind);
            if Shared::ptr_eq(one, &two) {
                continue;
            }
            let same_unknown = one.unknown == two.unknown;
            let differs = |place: u32| {
                let (before, now) = (one.told(place), two.told(place));
                before != now || (is_open(before) && !same_unknown)
            };
            keys.extend(places().filter(|(place, _)| differs(*place)).map(|(_, node)| key(node, Aspect::Ways)));
        }
        if let Some(one) = self.dominators.get() {
            let two = other.dominators();
            if self.actors != other.actors {
                // An actor that is none any more is a point of its own.
                keys.extend(places().map(|(_, node)| key(node, Aspect::Points)));
            } else if !Shared::ptr_eq(one, two) {
                let node = |place: u32| other.places.nodes.get((place as usize).checked_sub(1)?);
                keys.extend(one.differing(two).into_iter().filter_map(node).map(|node| key(node, Aspect::Points)));
            }
        }
        keys
    }
}

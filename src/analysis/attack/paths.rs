//! What an attacker reaches, and the likeliest paths to it.

use super::build::whole;
use super::digraph::probability_of;
use super::graph::{Graph, Position, chance_past};
use super::kpaths::{Route, Routes};
use crate::analysis::condition::Missing;
use crate::analysis::exposure::rank_of;
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::{BTreeMap, BTreeSet};

/// A path from the beginning of an attacker to data.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Its steps: places in [`Graph::steps`].
    pub steps: Vec<u32>,
    /// The chance that all of it works, by the assumed chances of its steps and what its controls are credited with. A
    /// control that guards several steps counts once.
    pub chance: f64,
    /// The facts that it hangs on; none where it is certain.
    pub unknown: Vec<Missing>,
    /// The class of the data at its end.
    pub rank: Option<u32>,
    /// The controls on it, whether they are credited with anything or not.
    pub controls: Vec<Slug>,
}

impl Path {
    /// Whether the model says every step of it.
    pub fn is_certain(&self) -> bool {
        self.unknown.is_empty()
    }

    /// The chance that all of it works where a control is lost.
    pub fn chance_without(&self, model: &Model, graph: &Graph, lost: &Slug) -> f64 {
        bare_chance(graph, &self.steps)
            * chance_past(model, &graph.credit, self.controls.iter().filter(|own| *own != lost))
    }
}

fn bare_chance(graph: &Graph, steps: &[u32]) -> f64 {
    steps.iter().map(|place| graph.steps[*place as usize].kind.chance()).product()
}

/// What a path is to lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// Having data of a dataset, of a class at least so high; 0 for any.
    Read(Slug, u32),
    /// Being able to change data of a dataset.
    Change(Slug),
}

impl Goal {
    /// The dataset.
    pub fn dataset(&self) -> &Slug {
        match self {
            Goal::Read(slug, _) | Goal::Change(slug) => slug,
        }
    }

    /// Whether a position is what is wanted: it is, it may be since the class of some data is unknown, it is not.
    pub fn is_met(&self, position: &Position) -> Option<bool> {
        match (self, position) {
            (Goal::Read(wanted, 0), Position::Data(own, ..)) if wanted == own => Some(true),
            (Goal::Read(wanted, least), Position::Data(own, rank, unknown)) if wanted == own => {
                if rank.is_some_and(|rank| rank >= *least) { Some(true) } else { unknown.then_some(false) }
            }
            (Goal::Change(wanted), Position::Changes(own)) if wanted == own => Some(true),
            _ => None,
        }
    }
}

/// The likeliest paths to a goal, from any attacker: two looks at the graph from there, one over certain steps alone.
pub struct Towards<'g> {
    model: &'g Model,
    graph: &'g Graph,
    certain: Routes<'g>,
    all: Routes<'g>,
    possible_ends: BTreeSet<u32>,
    goal: Goal,
}

impl<'g> Towards<'g> {
    /// Looks at the graph from a goal.
    pub fn new(model: &'g Model, graph: &'g Graph, goal: Goal) -> Towards<'g> {
        let met = (0u32..).zip(&graph.positions).filter_map(|(at, position)| Some((at, goal.is_met(position)?)));
        let (mut sure, mut any, mut possible_ends) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (at, known) in met {
            any.push(at);
            if known {
                sure.push(at);
            } else {
                possible_ends.insert(at);
            }
        }
        let (certain, all) = (Routes::new(&graph.certain, &sure), Routes::new(&graph.all, &any));
        Towards { model, graph, certain, all, possible_ends, goal }
    }

    /// Whether all searches ran to their end.
    pub fn is_complete(&self) -> bool {
        self.certain.is_complete() && self.all.is_complete()
    }

    /// The `k` likeliest paths of an attacker that are certain, then possible ones until there are `k`. Of several, one at
    /// least is possible where that is likelier than all that are certain. The likeliest first of each kind.
    pub fn from(&mut self, attacker: usize, k: usize) -> Vec<Path> {
        let start = attacker as u32;
        let certain = self.certain.from(start, k);
        let mut paths: Vec<Path> = certain
            .into_iter()
            .map(|route| {
                let steps = route.arcs.iter().map(|arc| self.graph.certain_steps[*arc as usize]).collect();
                self.path(steps)
            })
            .collect();
        paths.sort_by(|one, other| other.chance.total_cmp(&one.chance));
        // Among so many there are enough that are not certain.
        let all: Vec<Route> = self.all.from(start, 2 * k);
        let mut possible: Vec<Path> = all.into_iter().map(|route| self.path(route.arcs)).collect();
        possible.retain(|path| !path.is_certain());
        possible.sort_by(|one, other| other.chance.total_cmp(&one.chance));
        let best = paths.first().map_or(0.0, |path| path.chance);
        let likelier = possible.first().is_some_and(|path| path.chance > best);
        // What is certain counts more: of one path alone it is the certain one.
        let least = usize::from(likelier && k > 1);
        paths.truncate(k - least.min(k));
        let room = k - paths.len();
        paths.extend(possible.into_iter().take(room));
        paths
    }

    fn path(&self, steps: Vec<u32>) -> Path {
        let step = |place: &u32| &self.graph.steps[*place as usize];
        let mut unknown: Vec<Missing> = steps.iter().flat_map(|place| step(place).unknown.iter().cloned()).collect();
        let end = steps.last().map(|place| step(place).to);
        if end.is_some_and(|end| self.possible_ends.contains(&end)) {
            let element = ElementId::new(Section::Datasets, self.goal.dataset().clone());
            unknown.push(Missing { element, field: "class".into() });
        }
        unknown.sort();
        unknown.dedup();
        let mut controls: Vec<Slug> = steps.iter().flat_map(|place| step(place).controls.iter().cloned()).collect();
        controls.sort_unstable();
        controls.dedup();
        let rank = end.and_then(|end| match self.graph.positions[end as usize] {
            Position::Data(_, rank, _) => rank,
            _ => None,
        });
        let chance = bare_chance(self.graph, &steps) * chance_past(self.model, &self.graph.credit, controls.iter());
        Path { steps, chance, unknown, rank, controls }
    }
}

/// From this chance on a way counts as likely: an assumption, as the chances are.
pub const LIKELY: f64 = 0.1;

/// What an attacker reaches of a dataset: the highest rank of a class in each way, 0 for data of a class that nobody
/// knows, nothing where none is reached so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reached {
    /// For certain, and with a chance of [`LIKELY`] or more.
    pub likely: Option<u32>,
    /// For certain, however unlikely.
    pub certain: Option<u32>,
    /// Over steps that hang on facts which nobody knows, too.
    pub possible: Option<u32>,
}

/// What an attacker reaches.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reach {
    /// The datasets of which data is reached, or may be.
    pub data: BTreeMap<Slug, Reached>,
    /// The elements at which the attacker gets, in how many steps, and whether for certain.
    pub elements: BTreeMap<ElementId, (usize, bool)>,
}

impl Reach {
    /// How many datasets are reached at each rank, the highest first: likely, then those that are reached at a higher rank
    /// with luck alone, then those that may be at a higher one still.
    pub fn tiers(&self) -> [Vec<(u32, usize)>; 3] {
        let count = |of: &dyn Fn(&Reached) -> Option<u32>| {
            let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
            self.data.values().filter_map(of).for_each(|rank| *counts.entry(rank).or_default() += 1);
            counts.into_iter().rev().collect()
        };
        [
            count(&|reached| reached.likely),
            count(&|reached| reached.certain.filter(|_| reached.certain > reached.likely)),
            count(&|reached| reached.possible.filter(|_| reached.possible > reached.certain)),
        ]
    }

    /// How many datasets are reached at a rank at least so high: likely, for certain, and perhaps. Data of an unknown
    /// class counts among the last: it may be as high.
    pub fn at_least(&self, rank: u32) -> [usize; 3] {
        let is_high = |found: Option<u32>| found.is_some_and(|found| found >= rank);
        let count = |of: &dyn Fn(&Reached) -> bool| self.data.values().filter(|reached| of(reached)).count();
        let may = |found: Option<u32>| is_high(found) || found == Some(0);
        [
            count(&|reached| is_high(reached.likely)),
            count(&|reached| is_high(reached.certain)),
            count(&|reached| !is_high(reached.certain) && (may(reached.possible) || may(reached.certain))),
        ]
    }
}

/// What an attacker reaches: over certain steps, and over those that are possible as well.
pub fn reach(graph: &Graph, attacker: usize) -> Reach {
    let start = attacker as u32;
    let mut reach = Reach::default();
    let certain = graph.certain.ways_from(&[start], |_| true);
    let all = graph.all.ways_from(&[start], |_| true);
    for (at, position) in graph.positions.iter().enumerate().filter(|(at, _)| all.reaches(*at)) {
        let is_certain = certain.reaches(at);
        if let Position::Data(dataset, rank, _) = position {
            let rank = Some(rank.unwrap_or(0));
            let reached = reach.data.entry(dataset.clone()).or_default();
            reached.possible = reached.possible.max(rank);
            if is_certain {
                reached.certain = reached.certain.max(rank);
                if probability_of(certain.length[at]) >= LIKELY {
                    reached.likely = reached.likely.max(rank);
                }
            }
        }
        if let Some(id) = position.element() {
            let (ways, digraph) = if is_certain { (&certain, &graph.certain) } else { (&all, &graph.all) };
            let mut steps = 0;
            let mut node = at;
            while let Some(arc) = ways.arc(node) {
                node = digraph.arc(arc).from as usize;
                steps += 1;
            }
            let entry = reach.elements.entry(id).or_insert((steps, is_certain));
            if (!is_certain, steps) < (!entry.1, entry.0) {
                *entry = (steps, is_certain);
            }
        }
    }
    reach
}

/// The rank from which on data is worth guarding where nobody says otherwise: `confidential`, or the upper half of a
/// ladder that has no class of this name.
pub fn guarded_rank(model: &Model) -> u32 {
    let named = Slug::new("confidential").ok().and_then(|slug| rank_of(model, &slug));
    named.map_or_else(
        || {
            let highest = model.classes.values().filter_map(|class| class.rank).max().unwrap_or(4);
            highest / 2 + 1
        },
        |rank| rank.rank,
    )
}

/// The datasets of a class at least so high, and those that may be; the highest first.
pub fn jewels(model: &Model, least: u32) -> Vec<Slug> {
    let mut found: Vec<(Option<u32>, Slug)> = model
        .datasets
        .keys()
        .filter_map(|slug| {
            let Position::Data(_, rank, unknown) = whole(model, slug) else { return None };
            (least == 0 || unknown || rank.is_some_and(|rank| rank >= least)).then(|| (rank, slug.clone()))
        })
        .collect();
    found.sort_by(|(one, a), (other, b)| other.cmp(one).then(a.cmp(b)));
    found.into_iter().map(|(_, slug)| slug).collect()
}

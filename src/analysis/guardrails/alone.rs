//! The one guardrail too few: data to which a way leads past no group of controls that counts, and groups that stand alone
//! somewhere, so that nothing is left where they are lost.
//!
//! Ways that count are those that are certain, and that would be likely ([`LIKELY`]) if no control stood in them: against a
//! break-in with the chance of one in fifty everything seems to stand open. A group guards a step where its controls there
//! stop [`COUNTS`] of what comes, together. Of the data that an attacker reaches past no such step, no group carries anything.
//! Before the rest a group stands alone where some way meets steps of this group and of no other. That is exact: it does not
//! depend on how many paths one lists.

use super::credit::Credit;
use super::group_failure;
use super::reliance::COUNTS;
use crate::analysis::attack::digraph::{Arc, Digraph, Length, length_of};
use crate::analysis::attack::graph::{Graph, Position, Step, group_of};
use crate::analysis::attack::paths::{Goal, LIKELY};
use crate::model::{Model, Slug};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

/// A group of controls that stands alone before some data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alone {
    /// The group, named as in [`super::reliance::Group`].
    pub name: String,
    /// Its controls on those ways.
    pub controls: Vec<Slug>,
    /// Against whom, as places in the list of attackers, and before which datasets.
    pub before: BTreeMap<usize, BTreeSet<Slug>>,
}

impl Alone {
    /// Every dataset before which it stands alone against somebody.
    pub fn datasets(&self) -> BTreeSet<&Slug> {
        self.before.values().flatten().collect()
    }
}

/// How data is guarded against attackers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guarded {
    /// Of each attacker, the datasets that it reaches past no group that counts.
    pub open: Vec<BTreeSet<Slug>>,
    /// The groups that stand alone, the one that carries most first.
    pub alone: Vec<Alone>,
}

impl Guarded {
    /// How these goals, one a dataset, are guarded against the first so many attackers of a graph.
    pub fn new(model: &Model, graph: &Graph, attackers: usize, goals: &[Goal]) -> Guarded {
        let steps = Steps::new(model, graph);
        let by_dataset: BTreeMap<&Slug, &Goal> = goals.iter().map(|goal| (goal.dataset(), goal)).collect();
        let ends: Vec<Option<&Slug>> = graph
            .positions
            .iter()
            .map(|position| {
                let (Position::Data(slug, ..) | Position::Changes(slug)) = position else { return None };
                let goal = by_dataset.get(slug)?;
                (goal.is_met(position) == Some(true)).then(|| goal.dataset())
            })
            .collect();
        let met = |reached: &Reached| -> BTreeSet<Slug> {
            reached.lengths.keys().filter_map(|node| ends[*node as usize]).cloned().collect()
        };
        let mut guarded = Guarded::default();
        let mut before: Vec<BTreeMap<usize, BTreeSet<Slug>>> = vec![BTreeMap::new(); steps.groups.len()];
        for attacker in 0..attackers.min(graph.positions.len()) {
            let free = steps.free(attacker);
            let open = met(&free);
            for (group, before) in before.iter_mut().enumerate() {
                let past = &met(&steps.past(&free, group)) - &open;
                if !past.is_empty() {
                    before.insert(attacker, past);
                }
            }
            guarded.open.push(open);
        }
        guarded.alone = steps
            .groups
            .into_iter()
            .zip(before)
            .filter(|(_, before)| !before.is_empty())
            .map(|((name, controls), before)| Alone { name, controls: controls.into_iter().collect(), before })
            .collect();
        let weight = |alone: &Alone| alone.before.values().map(BTreeSet::len).sum::<usize>();
        guarded.alone.sort_by(|one, other| weight(other).cmp(&weight(one)).then(one.name.cmp(&other.name)));
        guarded
    }

    /// The groups that stand alone against an attacker before a dataset.
    pub fn before(&self, attacker: usize, dataset: &Slug) -> impl Iterator<Item = &Alone> {
        self.alone
            .iter()
            .filter(move |alone| alone.before.get(&attacker).is_some_and(|datasets| datasets.contains(dataset)))
    }
}

/// Which groups guard which steps.
struct Steps {
    groups: BTreeMap<String, BTreeSet<Slug>>,
    /// The certain steps, as long as they are where no control stands.
    bare: Digraph,
    /// Of each of them, the places of the groups that guard it.
    guards: Vec<Vec<usize>>,
    /// Of each group, the steps that it alone guards.
    guarded: Vec<Vec<u32>>,
}

impl Steps {
    fn new(model: &Model, graph: &Graph) -> Steps {
        let steps: Vec<&Step> = graph.certain_steps.iter().map(|place| &graph.steps[*place as usize]).collect();
        let named: Vec<_> = steps.iter().map(|step| guarding(model, &graph.credit, &step.controls)).collect();
        let mut groups: BTreeMap<String, BTreeSet<Slug>> = BTreeMap::new();
        for (name, controls) in named.iter().flatten() {
            groups.entry(name.clone()).or_default().extend(controls.iter().cloned());
        }
        let place: BTreeMap<&String, usize> = groups.keys().zip(0..).collect();
        let guards: Vec<Vec<usize>> = named.iter().map(|own| own.keys().map(|name| place[name]).collect()).collect();
        let mut guarded = vec![Vec::new(); groups.len()];
        for (step, own) in (0u32..).zip(&guards) {
            if let [group] = own.as_slice() {
                guarded[*group].push(step);
            }
        }
        let arcs = steps.iter().map(|step| Arc { from: step.from, to: step.to, length: length_of(step.kind.chance()) });
        let bare = Digraph::new(graph.positions.len(), arcs.collect());
        Steps { groups, bare, guards, guarded }
    }

    /// Where an attacker is likely to get past no group at all.
    fn free(&self, attacker: usize) -> Reached {
        let mut reached = Reached::default();
        reached.spread(self, BinaryHeap::from([Reverse((0, attacker as u32))]), None, &Reached::default());
        reached
    }

    /// Where an attacker is likely to get besides, or on a shorter way, past one group and no other: from where that group
    /// guards the next step. Most groups guard a few steps, so that this looks at little.
    fn past(&self, free: &Reached, group: usize) -> Reached {
        let first = self.guarded[group].iter().filter_map(|place| {
            let arc = self.bare.arc(*place);
            Some(Reverse((free.lengths.get(&arc.from)? + arc.length, arc.to)))
        });
        let mut reached = Reached::default();
        reached.spread(self, first.collect(), Some(group), free);
        reached
    }
}

/// Where somebody is likely to get, and how long the way is.
#[derive(Default)]
struct Reached {
    lengths: HashMap<u32, Length>,
}

impl Reached {
    /// Dijkstra's algorithm over the steps that no group guards but this one, wherever that is better than what is known
    /// already, as far as ways are likely.
    fn spread(
        &mut self,
        steps: &Steps,
        mut heap: BinaryHeap<Reverse<(Length, u32)>>,
        group: Option<usize>,
        known: &Reached,
    ) {
        let longest = length_of(LIKELY);
        while let Some(Reverse((length, node))) = heap.pop() {
            let best = self.lengths.get(&node).or(known.lengths.get(&node));
            if length > longest || best.is_some_and(|best| *best <= length) {
                continue;
            }
            self.lengths.insert(node, length);
            for place in steps.bare.arcs_out(node as usize) {
                if steps.guards[*place as usize].iter().all(|own| Some(*own) == group) {
                    let arc = steps.bare.arc(*place);
                    heap.push(Reverse((length.saturating_add(arc.length), arc.to)));
                }
            }
        }
    }
}

/// The groups that count where these controls stand, each with its controls.
fn guarding(model: &Model, credit: &Credit, controls: &[Slug]) -> BTreeMap<String, BTreeSet<Slug>> {
    let mut groups: BTreeMap<String, BTreeSet<Slug>> = BTreeMap::new();
    for slug in controls.iter().filter(|slug| credit.of(slug).is_some()) {
        groups.entry(group_of(model, slug)).or_default().insert(slug.clone());
    }
    groups.retain(|_, slugs| {
        let failures: Vec<f64> = slugs.iter().map(|slug| 1.0 - credit.of(slug).unwrap_or(0.0)).collect();
        1.0 - group_failure(&failures) >= COUNTS
    });
    groups
}

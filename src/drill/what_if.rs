//! What the attacker of a drill still reaches: the containment that stands is done to a copy of the model, and the attack
//! graph of the copy is asked. The model that was given is never changed.
//!
//! What is found goes into the log as an event ([`verdict`]), so that a replay and the report need no model, and say the
//! same. Whoever runs a drill asks [`verdict`] after every event, and takes the event that it gives.

use super::binding::Bound;
use super::containment::{Containment, Planned};
use super::event::Body;
use super::scenario::{Adversary, Scenario};
use super::state::State;
use crate::analysis::access::effective;
use crate::analysis::attack::graph::Graph;
use crate::analysis::attack::paths::{Goal, Path, Towards, guarded_rank, jewels, reach};
use crate::analysis::attack::{Who, graph, words};
use crate::analysis::evidence::{Circumstances, Controls};
use crate::analysis::guardrails::credit::credited;
use crate::library::attackers::{self, Profile};
use crate::model::reference::Target;
use crate::model::text::{Text, counted, one_line};
use crate::model::threats::Attacker;
use crate::model::{ElementId, Model, Section, Slug};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// So many ways to a dataset are told.
pub const WAYS: usize = 3;

/// So many datasets are looked at.
pub const GOALS: usize = 8;

/// What of the attacker is known at the beginning of a drill, and what containment comes to in its model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attack {
    /// The profile of the library.
    pub profile: Slug,
    /// What it has from the beginning, by a secret or a session.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub has: Vec<Text>,
    /// What options (`decision/option`) and expected actions do against it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub effects: BTreeMap<String, Vec<Containment>>,
}

/// A way of the attacker to data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Its steps, in sentences.
    pub steps: Vec<Text>,
    /// The class of the data at its end.
    pub class: Text,
    /// The facts that it hangs on; none where the model says that it is open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Text>,
    /// The chance that it works, in thousandths: an assumption, to compare ways (docs/ATTACK.md).
    pub permille: u32,
}

/// A dataset, and how the attacker gets at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reached {
    /// The dataset.
    pub dataset: Slug,
    /// What people call it.
    pub title: Text,
    /// The likeliest ways, those that are certain first; none where there is no way left.
    pub ways: Vec<Way>,
}

impl Reached {
    /// Whether a way is open for certain.
    pub fn is_open(&self) -> bool {
        self.ways.first().is_some_and(|way| way.unknown.is_empty())
    }

    /// How it stands: a way is known, there may be one, there is none.
    pub fn word(&self) -> &'static str {
        match self.ways.first() {
            Some(_) if self.is_open() => "open",
            Some(_) => "may be open",
            None => "closed",
        }
    }
}

/// What the attacker reaches at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// The containment that stands, each once.
    pub contained: Vec<Containment>,
    /// Of these, what changes nothing in the model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_effect: Vec<Containment>,
    /// Of so many datasets of the model some data is reached for certain.
    pub certain: u32,
    /// And of so many more perhaps.
    pub possible: u32,
    /// The datasets that the drill is about.
    pub goals: Vec<Reached>,
    /// Whether not all of the graph could be looked at.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_cut: bool,
}

/// How the attacker stands: before any containment, and now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who.
    pub attacker: String,
    /// What of it could not be bound to the model, in sentences.
    pub unbound: Vec<String>,
    /// What it reached before anything was contained.
    pub before: Picture,
    /// What it reaches now.
    pub after: Picture,
}

impl Standing {
    /// For people, a line each.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("attacker: {}", self.attacker)];
        lines.extend(self.unbound.iter().map(|why| format!("  not bound: {why}")));
        if !self.after.contained.is_empty() {
            lines.push(format!("  before anything was contained it reached {}", counts(&self.before)));
        }
        lines.extend(picture_lines(&self.after, Some(&self.before)));
        lines
    }
}

/// A picture in lines; `before` says what was closed since.
pub fn picture_lines(picture: &Picture, before: Option<&Picture>) -> Vec<String> {
    let mut lines = Vec::new();
    for contained in &picture.contained {
        let vain = picture.without_effect.contains(contained);
        lines.push(format!("  done: {contained}{}", if vain { " (changes nothing in the model)" } else { "" }));
    }
    if picture.contained.is_empty() {
        lines.push("  nothing is contained".to_owned());
    }
    lines.push(format!("  reaches {}", counts(picture)));
    for goal in &picture.goals {
        let was = before.and_then(|before| before.goals.iter().find(|other| other.dataset == goal.dataset));
        let was =
            was.filter(|was| was.word() != goal.word()).map_or(String::new(), |was| format!(" (was {})", was.word()));
        lines.push(format!("  {}: {}{was}", goal.title, goal.word()));
        for way in &goal.ways {
            lines.push(format!("    {}", way_line(way)));
        }
    }
    if picture.is_cut {
        lines.push("  the graph is too large to look at all of it".to_owned());
    }
    lines
}

/// What is reached, in counts.
pub fn counts(picture: &Picture) -> String {
    let count = |number: u32| counted(usize::try_from(number).unwrap_or(usize::MAX), "dataset");
    match (picture.certain, picture.possible) {
        (0, 0) => "no data".to_owned(),
        (certain, 0) => count(certain),
        (0, possible) => format!("nothing for certain, perhaps {}", count(possible)),
        (certain, possible) => format!("{}, perhaps {possible} more", count(certain)),
    }
}

/// A way on one line.
pub fn way_line(way: &Way) -> String {
    let steps: Vec<&str> = way.steps.iter().map(|step| step.as_str().trim_end_matches('.')).collect();
    let facts: Vec<&str> = way.unknown.iter().map(Text::as_str).collect();
    let hangs = if facts.is_empty() { String::new() } else { format!("; unknown: {}", facts.join(", ")) };
    format!("{} → {}{hangs}", steps.join(" → "), way.class)
}

/// What a drill has to know of the attacker, from what its queries found in a model; nothing where the scenario names none.
pub fn prepare(scenario: &Scenario, bound: &Bound) -> Option<Box<Attack>> {
    let adversary = scenario.attacker.as_ref()?;
    let effects = scenario.effects().map(|(name, planned)| {
        let of_one =
            |planned: &Planned| bound.get(planned.to.as_str()).map(|found| planned.resolve(found)).unwrap_or_default();
        (name, planned.iter().flat_map(of_one).collect::<Vec<_>>())
    });
    Some(Box::new(Attack {
        profile: adversary.profile.slug().clone(),
        has: has(adversary, bound),
        effects: effects.filter(|(_, containment)| !containment.is_empty()).collect(),
    }))
}

/// What can be had from the beginning, of a query the first of these.
pub const HAD: [Section; 3] = [Section::Roles, Section::Services, Section::Actors];

fn has(adversary: &Adversary, bound: &Bound) -> Vec<Text> {
    let one = |query: &str| {
        let elements = &bound.get(query)?.elements;
        let section = HAD.into_iter().find(|section| elements.iter().any(|id| id.section == *section))?;
        elements.iter().find(|id| id.section == section).map(|id| Text::from(id.any_link()))
    };
    adversary.has.iter().filter_map(|name| one(name.as_str())).collect()
}

/// The most containment that is looked at: what comes from a log is bounded.
const MOST: usize = 1_000;

/// The containment that stands, each once, in the order in which it came.
pub fn in_force(state: &State) -> Vec<Containment> {
    let mut seen: BTreeSet<&Containment> = BTreeSet::new();
    let fresh = state.contained.iter().map(|known| &known.what).filter(|what| seen.insert(what));
    fresh.take(MOST).cloned().collect()
}

/// How the attacker of the scenario stands in a model, before any containment and with all that stands. Nothing where the
/// drill has not begun with a model, or its scenario names no attacker.
pub fn standing(model: &Model, state: &State) -> Option<Standing> {
    let asked = Asked::new(model, state)?;
    let (before, unbound) = asked.picture(model, &[]);
    let contained = in_force(state);
    let after = if contained.is_empty() { before.clone() } else { asked.picture(model, &contained).0 };
    Some(Standing { attacker: asked.title(), unbound, before, after })
}

/// The event that says what the attacker reaches now, where the log does not say it yet.
pub fn verdict(model: &Model, state: &State) -> Option<Body> {
    let contained = in_force(state);
    if state.pictures.last().is_some_and(|(_, picture)| picture.contained == contained) {
        return None;
    }
    let asked = Asked::new(model, state)?;
    Some(Body::Attacker(Box::new(asked.picture(model, &contained).0)))
}

/// The question of a drill to a model.
struct Asked<'s> {
    state: &'s State,
    attack: &'s Attack,
    who: Attacker,
    goals: Vec<Slug>,
}

impl<'s> Asked<'s> {
    fn new(model: &Model, state: &'s State) -> Option<Asked<'s>> {
        let begin = state.begun.as_ref()?;
        let attack = begin.attack.as_deref()?;
        // Another model than that of the drill has no answer.
        let knows = |link: &Text| model.resolve(Target::Any, link.as_str()).is_some();
        if !begin.elements.iter().all(knows) {
            return None;
        }
        let known = |concerned: &super::duty::Concerned| Slug::new(concerned.dataset.as_str()).ok();
        let mut goals: Vec<Slug> =
            begin.data.iter().filter_map(known).filter(|slug| model.datasets.contains_key(slug)).collect();
        if goals.is_empty() {
            goals = jewels(model, guarded_rank(model));
        }
        goals.truncate(GOALS);
        Some(Asked { state, attack, who: profile(model, attack.profile.as_str()), goals })
    }

    fn title(&self) -> String {
        let name = self.who.title.as_str();
        if name.is_empty() { self.attack.profile.to_string() } else { name.to_owned() }
    }

    /// What is reached with some containment, and what of the attacker could not be bound.
    fn picture(&self, model: &Model, contained: &[Containment]) -> (Picture, Vec<String>) {
        let mut copy = model.clone();
        let mut held: Vec<ElementId> =
            self.attack.has.iter().filter_map(|link| model.resolve(Target::Any, link.as_str())).collect();
        let mut vain: Vec<Containment> = Vec::new();
        for containment in contained {
            if !containment.apply(&mut copy, &mut held) {
                vain.push(containment.clone());
            }
        }
        let mut attacker = self.who.clone();
        // A role that was suspended is gone from the copy.
        attacker.roles.retain(|role| copy.roles.contains_key(role.slug()));
        for id in held {
            match id.section {
                Section::Roles => attacker.roles.push(id.slug.into()),
                _ => attacker.controls_elements.push(id.slug.into()),
            }
        }
        let who = [Who { name: self.attack.profile.to_string(), own: None, attacker }];
        let day = self.state.begun.as_ref().and_then(|begin| begin.story_zero.local(begin.zone)).map(|(day, _)| day);
        let credit = credited(&copy, &Controls::new(&copy, Circumstances { today: day, looks: None }));
        let (graph, mut unbound) = graph(&copy, &effective(&copy), &who, credit);
        let reached = reach(&graph, 0);
        let certain = reached.data.values().filter(|reached| reached.certain.is_some()).count();
        let possible = reached.data.values().filter(|reached| reached.certain.is_none()).count();
        let mut is_cut = graph.is_cut;
        let goals = self.goals.iter().map(|slug| ways(&copy, &graph, &who, slug, &mut is_cut)).collect();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let picture = Picture {
            contained: contained.to_vec(),
            without_effect: vain,
            certain: count(certain),
            possible: count(possible),
            goals,
            is_cut,
        };
        (picture, unbound.pop().unwrap_or_default())
    }
}

/// The attacker of a name: that of the model, one that the model made of a profile of this name, or that of the library.
fn profile(model: &Model, name: &str) -> Attacker {
    let made = |own: &&Attacker| own.profile.as_ref().is_some_and(|profile| profile.as_str() == name);
    let own = model.attackers.get(name).or_else(|| model.attackers.values().find(made));
    let named = |profile: &&Profile| profile.id == name;
    let shipped = || attackers::shipped().ok()?.iter().find(named).map(|profile| profile.attacker.clone());
    own.cloned().or_else(shipped).unwrap_or_default()
}

/// The likeliest ways to a dataset, and where none of them leads to what is worth guarding, the likeliest that does.
fn ways(model: &Model, graph: &Graph, who: &[Who], slug: &Slug, is_cut: &mut bool) -> Reached {
    let mut to = |least: u32, k: usize| {
        let mut towards = Towards::new(model, graph, Goal::Read(slug.clone(), least));
        let found = towards.from(0, k);
        *is_cut |= !towards.is_complete();
        found
    };
    let guarded = guarded_rank(model);
    let mut paths: Vec<Path> = to(0, WAYS);
    if !paths.iter().any(|path| path.rank.is_none_or(|rank| rank >= guarded)) {
        paths.extend(to(guarded, 1));
    }
    paths.sort_by(|one, other| other.is_certain().cmp(&one.is_certain()).then(other.chance.total_cmp(&one.chance)));
    let told = |text: String| Text::from(one_line(&text, 200));
    let way = |path: &Path| {
        let steps = path.steps.iter().map(|place| &graph.steps[*place as usize]);
        let steps = steps.filter(|step| !words::is_idle(graph, step));
        Way {
            steps: steps.map(|step| told(words::sentence(model, who, graph, step))).collect(),
            class: told(words::class(model, path.rank)),
            unknown: path.unknown.iter().map(|fact| told(words::missing(model, fact))).collect(),
            permille: permille(path.chance),
        }
    };
    let id = ElementId::new(Section::Datasets, slug.clone());
    Reached {
        dataset: slug.clone(),
        title: told(model.title_of(&id).to_owned()),
        ways: paths.iter().map(way).collect(),
    }
}

/// A chance in thousandths: from 0 to 1000, so that nothing is cut off.
fn permille(chance: f64) -> u32 {
    (chance.clamp(0.0, 1.0) * 1_000.0).round() as u32
}

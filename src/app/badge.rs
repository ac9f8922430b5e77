//! Badges: short texts at a box that say what to look at, the most pressing first.
//!
//! They say what the model and its analyses know: problems, what anybody can do without credentials, controls that do
//! not count, unknown facts. What rules find comes from `findings`. Whatever else is found about elements becomes a badge
//! of its own rank; nothing that draws badges changes then.

use crate::analysis::access::{Access, Way};
use crate::analysis::evidence::{Controls, guarded};
use crate::model::access::RoleKind;
use crate::model::facts::{Operation, Rows};
use crate::model::text::counted;
use crate::model::validate::Problem;
use crate::model::{ElementId, Model, Section, Slug};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a badge says; the order is that of urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// `!2`: what is wrong with the element as it stands in the model.
    Problem,
    /// `T20x3`: threats that fire here: how bad the worst is, and how many they are.
    Threat,
    /// `anon RC`: what a caller without credentials can do here.
    Anonymous,
    /// `ctl!1`: controls of the element whose evidence does not hold.
    Control,
    /// `?5`: facts that nobody knows yet.
    Unknown,
    /// `step 2`: where the box is on the journey of data that is shown; it stands alone then.
    Journey,
    /// `out of scope`.
    OutOfScope,
    /// `pin`: somebody placed the box.
    Pinned,
}

impl Sign {
    /// Every sign, the most urgent first.
    pub const ALL: [Sign; 8] = [
        Sign::Problem,
        Sign::Threat,
        Sign::Anonymous,
        Sign::Control,
        Sign::Unknown,
        Sign::Journey,
        Sign::OutOfScope,
        Sign::Pinned,
    ];

    /// An example and what it means, for help and legends.
    pub fn explanation(self) -> (&'static str, &'static str) {
        match self {
            Sign::Problem => ("!2", "2 problems: the model contradicts itself here"),
            Sign::Threat => ("T20x3", "3 threats; the worst has likelihood × impact 20 of 25, both assumed"),
            Sign::Anonymous => ("anon RC", "a caller without credentials can read and create here"),
            Sign::Control => {
                ("ctl!1", "1 control of it does not count: its evidence has run out, is gone, or is against it")
            }
            Sign::Unknown => ("?5", "5 facts are unknown"),
            Sign::Journey => {
                ("step 2", "2 steps from where the data is kept whose journey is shown; or kept here, maybe")
            }
            Sign::OutOfScope => ("out of scope", "the team decided not to look at it"),
            Sign::Pinned => ("pin", "somebody placed the box; = lets the layout place it again"),
        }
    }

    /// From which the palette takes a colour; it only repeats what the text says.
    pub fn tone(self) -> u8 {
        match self {
            Sign::Problem | Sign::Threat => 0,
            Sign::Anonymous | Sign::Control => 1,
            Sign::Unknown => 2,
            Sign::Journey | Sign::OutOfScope | Sign::Pinned => 3,
        }
    }
}

/// A badge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Badge {
    /// What it is about.
    pub sign: Sign,
    /// What stands at the box.
    pub text: String,
    /// What it means, in a few words.
    pub meaning: String,
}

/// What is known of elements beyond their own facts, for the map to show.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Effective access.
    pub access: Arc<Access>,
    problems: BTreeMap<ElementId, usize>,
    anonymous: BTreeMap<ElementId, BTreeSet<Operation>>,
    fallen: BTreeMap<ElementId, BTreeSet<Slug>>,
}

impl Known {
    /// What analyses found.
    pub fn new(model: &Model, access: Arc<Access>, problems: &[Problem]) -> Known {
        let mut known = Known::default();
        for problem in problems {
            *known.problems.entry(problem.id.clone()).or_default() += 1;
        }
        let strangers = strangers(model);
        for fact in access.facts.iter().filter(|fact| strangers.contains(&fact.role)) {
            let closed = fact.way == Way::Blocked || fact.rows == Some(Rows::Nobody) || fact.backend_only == Some(true);
            if closed {
                continue;
            }
            let dataset = fact.dataset.clone().map(|slug| ElementId::new(Section::Datasets, slug));
            let endpoint = ElementId::new(Section::Endpoints, fact.endpoint.clone());
            for id in dataset.into_iter().chain([endpoint]) {
                known.anonymous.entry(id).or_default().insert(fact.op);
            }
        }
        known.access = access;
        known
    }

    /// The same, with the controls whose evidence does not hold at the elements that they guard.
    pub fn with_controls(mut self, model: &Model, controls: &Controls) -> Known {
        for (slug, control) in model.controls.iter().filter(|(slug, _)| controls.fallen(slug).is_some()) {
            let itself = ElementId::new(Section::Controls, slug.clone());
            for id in guarded(model, control).into_iter().chain([itself]) {
                self.fallen.entry(id).or_default().insert(slug.clone());
            }
        }
        self
    }

    /// The elements of which another knows something else.
    pub fn differences(&self, other: &Known) -> BTreeSet<ElementId> {
        let mut found = BTreeSet::new();
        differing(&self.problems, &other.problems, &mut found);
        differing(&self.anonymous, &other.anonymous, &mut found);
        differing(&self.fallen, &other.fallen, &mut found);
        found
    }

    /// What follows from a model alone.
    pub fn of(model: &Model) -> Known {
        let access = Arc::new(crate::analysis::access::effective(model));
        Known::new(model, access, &crate::model::validate::validate(model))
    }

    /// The badges of an element, the most urgent first.
    pub fn badges(&self, model: &Model, id: &ElementId) -> Vec<Badge> {
        self.sum(model, std::slice::from_ref(id))
    }

    /// The element with the most pressing badge among these, and that badge. Of two that are equally pressing it is the
    /// one with more to it, then the first.
    pub fn worst<'a>(&self, model: &Model, ids: &'a [ElementId]) -> Option<(&'a ElementId, Badge)> {
        let found = ids.iter().filter_map(|id| Some((self.urgency(model, id)?, id)));
        let (_, id) = found.min_by_key(|(urgency, _)| *urgency)?;
        Some((id, self.badges(model, id).into_iter().next()?))
    }

    /// What the first badge of an element says, and how much there is to it: the most urgent is the least.
    fn urgency(&self, model: &Model, id: &ElementId) -> Option<(Sign, Reverse<usize>)> {
        let weights = [
            (Sign::Problem, self.problems.get(id).copied().unwrap_or(0)),
            (Sign::Anonymous, self.anonymous.get(id).map_or(0, BTreeSet::len)),
            (Sign::Control, self.fallen.get(id).map_or(0, BTreeSet::len)),
            (Sign::Unknown, unknown_facts(model, id).len()),
        ];
        let found = weights.into_iter().find(|(_, weight)| *weight > 0);
        let outside = || is_out_of_scope(model, id).then_some((Sign::OutOfScope, 0));
        found.or_else(outside).map(|(sign, weight)| (sign, Reverse(weight)))
    }

    /// The badges of several elements as one: the most urgent first, so that the first is the worst of them.
    pub fn sum(&self, model: &Model, ids: &[ElementId]) -> Vec<Badge> {
        let mut badges = Vec::new();
        let mut add = |sign, text: String, meaning: String| badges.push(Badge { sign, text, meaning });
        let problems: usize = ids.iter().filter_map(|id| self.problems.get(id)).sum();
        if problems > 0 {
            add(Sign::Problem, format!("!{problems}"), format!("{} in the model", counted(problems, "problem")));
        }
        let ops: BTreeSet<Operation> = ids.iter().filter_map(|id| self.anonymous.get(id)).flatten().copied().collect();
        if !ops.is_empty() {
            let letters: String = ops.iter().map(|op| op.letter()).collect();
            let words: Vec<&str> = ops.iter().map(|op| op.word()).collect();
            add(Sign::Anonymous, format!("anon {letters}"), format!("{} without credentials", words.join(", ")));
        }
        let fallen: BTreeSet<&Slug> = ids.iter().filter_map(|id| self.fallen.get(id)).flatten().collect();
        if !fallen.is_empty() {
            let names: Vec<&str> = fallen.iter().take(3).map(|slug| slug.as_str()).collect();
            let more = if fallen.len() > names.len() { ", …" } else { "" };
            let verb = if fallen.len() == 1 { "does" } else { "do" };
            let count = counted(fallen.len(), "control");
            let meaning = format!("{count} {verb} not count: {}{more}", names.join(", "));
            add(Sign::Control, format!("ctl!{}", fallen.len()), meaning);
        }
        let unknown: usize = ids.iter().map(|id| unknown_facts(model, id).len()).sum();
        if unknown > 0 {
            add(Sign::Unknown, format!("?{unknown}"), format!("{} unknown", counted(unknown, "fact")));
        }
        let outside = ids.iter().filter(|id| is_out_of_scope(model, id)).count();
        if outside > 0 && outside == ids.len() {
            add(Sign::OutOfScope, "out of scope".into(), "out of scope: the team does not look at it".into());
        }
        badges
    }
}

/// Adds what two maps have otherwise.
fn differing<T: PartialEq>(
    one: &BTreeMap<ElementId, T>,
    other: &BTreeMap<ElementId, T>,
    found: &mut BTreeSet<ElementId>,
) {
    if one == other {
        return;
    }
    let is_other = |id: &&ElementId| one.get(*id) != other.get(*id);
    found.extend(one.keys().chain(other.keys()).filter(is_other).cloned());
}

/// The badge of a box that somebody placed.
pub fn pinned() -> Badge {
    Badge { sign: Sign::Pinned, text: "pin".into(), meaning: "placed by hand".into() }
}

/// The roles that a caller without credentials has.
fn strangers(model: &Model) -> BTreeSet<Slug> {
    let by_kind = model.roles.iter().filter(|(_, role)| role.kind == Some(RoleKind::Anonymous)).map(|(slug, _)| slug);
    let by_platform =
        model.platforms.values().filter_map(|platform| Some(platform.unauthenticated_role.as_ref()?.slug()));
    by_kind.chain(by_platform).cloned().collect()
}

fn is_out_of_scope(model: &Model, id: &ElementId) -> bool {
    model.reflect(id).and_then(|element| element.get("out_of_scope")).is_some()
}

/// The facts of an element that nobody knows, as the inspector shows them.
pub fn unknown_facts(model: &Model, id: &ElementId) -> Vec<&'static str> {
    let mut unknown = model.reflect(id).map(|element| element.unknown()).unwrap_or_default();
    unknown.retain(|name| !super::fields::ELSEWHERE.contains(name));
    unknown
}

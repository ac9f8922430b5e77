//! What a drill says of controls, and how that and the follow-ups come into a model.
//!
//! A tabletop shows that people know a control and may use it; it does not show that the control works. So each verdict
//! keeps how strong it is. It is confirmed where the action was seen; refuted where somebody who watched rated its task
//! with U and the action was not seen; otherwise it was not tested: what nobody saw and nobody rated says nothing.

use super::binding::fill;
use super::event::{Body, Rating};
use super::metrics::rating;
use super::player::words;
use super::scenario::{Expected, Inject, Proves};
use super::state::{Plan, State};
use crate::library::lapse::Lapse;
use crate::model::edit::{Edit, Put, free_slug, set_evidence, set_field};
use crate::model::facts::Day;
use crate::model::governance::Action;
use crate::model::reference::Target;
use crate::model::reflect::to_ron;
use crate::model::text::{Text, one_line};
use crate::model::threats::{Evidence, EvidenceKind, Strength};
use crate::model::{Element, ElementId, Model, Section, Slug};
use std::collections::{BTreeMap, BTreeSet};

/// What an action says of its control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was seen.
    Confirmed,
    /// It was not, and whoever watched says that the task failed.
    Refuted,
    /// Nobody can say.
    NotTested,
}

impl Verdict {
    /// As people and programs read it.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Confirmed => "confirmed",
            Verdict::Refuted => "refuted",
            Verdict::NotTested => "not tested",
        }
    }
}

/// What an expected action says of its control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The action.
    pub action: Slug,
    /// The kind of control, in words.
    pub control: Text,
    /// The controls of that kind, as the scenario names them.
    pub controls: Vec<Slug>,
    /// What it says.
    pub verdict: Verdict,
    /// How strong it is.
    pub strength: Strength,
    /// Why.
    pub why: String,
}

impl Proves {
    /// As evidence of a model has it.
    pub fn strength(self) -> Strength {
        match self {
            Proves::Discussed => Strength::Discussed,
            Proves::Demonstrated => Strength::Demonstrated,
            Proves::Tested => Strength::Tested,
        }
    }
}

/// What every action that names a control says of it, in the order of the scenario.
pub fn verdicts(plan: &Plan, state: &State) -> Vec<Shown> {
    let all = plan.scenario.all_expected();
    let naming = all.filter(|(_, expected)| expected.control.is_some() || !expected.controls.is_empty());
    naming.map(|(inject, expected)| shown(state, inject, expected)).collect()
}

fn shown(state: &State, inject: &Inject, expected: &Expected) -> Shown {
    let rated = rating(state, expected.task.as_str());
    let failed = rated.filter(|(rating, _)| *rating == Rating::U);
    let sent = state.sent(inject.id.as_str());
    let (verdict, why) = match (sent, state.met.get(expected.id.slug()), failed) {
        (None, ..) => (Verdict::NotTested, format!("`{}` was not sent", inject.id)),
        (_, Some(_), Some(_)) => {
            let why =
                format!("it was seen, yet the task `{}` was rated U: people have to say which holds", expected.task);
            (Verdict::NotTested, why)
        }
        (Some(sent), Some(seen), None) => {
            let late = if seen.in_time { "" } else { ", late" };
            (Verdict::Confirmed, format!("seen after {} of play{late}", Lapse(seen.at.play - sent.play)))
        }
        (_, None, Some((_, words))) => (Verdict::Refuted, format!("not seen, and rated U: {}", words.shown())),
        (_, None, None) => (Verdict::NotTested, "nobody saw it, and nobody rated its task U".to_owned()),
    };
    let named = expected.controls.first().map_or("", |name| name.as_str());
    Shown {
        action: expected.id.slug().clone(),
        control: expected.control.clone().unwrap_or_else(|| named.into()),
        controls: expected.controls.iter().map(|name| name.slug().clone()).collect(),
        verdict,
        strength: expected.proves.strength(),
        why,
    }
}

/// How what a drill says is written into a model.
#[derive(Debug, Clone)]
pub struct Terms<'a> {
    /// The log, as the model names it.
    pub log: &'a str,
    /// The hash of its last line.
    pub head: &'a str,
    /// The day on which it was played.
    pub played_on: Day,
    /// For so many days evidence counts.
    pub shelf_life: u32,
    /// Who says so.
    pub by: Option<Slug>,
    /// Which control of the model an action is about, where the scenario does not name it.
    pub controls: &'a BTreeMap<Slug, Vec<Slug>>,
    /// Which person of the model holds a role.
    pub owners: &'a BTreeMap<Slug, Slug>,
}

/// One thing that is written, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The element.
    pub id: ElementId,
    /// What is done.
    pub what: String,
}

/// What comes into a model from a drill.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The model afterwards.
    pub model: Model,
    /// What changes; nothing where all of it is there already.
    pub changes: Vec<Change>,
    /// What has no place in the model, and what to do about it.
    pub left: Vec<String>,
}

/// Evidence for and against controls, and follow-ups. Done twice it changes nothing the second time.
pub fn write_back(model: &Model, plan: &Plan, state: &State, terms: &Terms<'_>) -> Outcome {
    let mut outcome = Outcome { model: model.clone(), changes: Vec::new(), left: Vec::new() };
    for shown in verdicts(plan, state) {
        match shown.verdict {
            Verdict::NotTested => {
                outcome.left.push(format!("{}: not tested ({}): {}", shown.action, shown.control, shown.why));
            }
            Verdict::Confirmed | Verdict::Refuted => evidence(&mut outcome, &shown, terms),
        }
    }
    rehearsed(&mut outcome, state, terms);
    follow_ups(&mut outcome, plan, state, terms);
    outcome
}

fn evidence(outcome: &mut Outcome, shown: &Shown, terms: &Terms<'_>) {
    let meant = terms.controls.get(&shown.action).cloned().unwrap_or_else(|| meant(&outcome.model, shown));
    if meant.is_empty() {
        let candidates: Vec<&str> = outcome.model.controls.keys().map(Slug::as_str).take(12).collect();
        outcome.left.push(format!(
            "{}: {}, and no control of the model is meant by \"{}\": say --control {}=SLUG ({})",
            shown.action,
            shown.verdict.word(),
            shown.control,
            shown.action,
            candidates.join(", ")
        ));
    }
    for control in meant {
        let piece = Evidence {
            kind: Some(EvidenceKind::Drill),
            at: Text::new(&format!("{}#{}", terms.log, shown.action)),
            strength: Some(shown.strength),
            refutes: shown.verdict == Verdict::Refuted,
            checked_on: Some(terms.played_on),
            valid_until: terms.played_on.plus(i64::from(terms.shelf_life)),
            by: terms.by.clone().map(Into::into),
            note: Text::from(one_line(&format!("{}. Head {}.", shown.why.trim_end_matches('.'), terms.head), 400)),
            ..Evidence::default()
        };
        let Ok((edit, renewed)) = set_evidence(&outcome.model, &control, piece) else {
            outcome.left.push(format!("{}: the model has no control `{control}`", shown.action));
            continue;
        };
        if edit.is_void(&outcome.model) {
            continue;
        }
        let verb = if renewed { "renews evidence" } else { "adds evidence" };
        let side = if shown.verdict == Verdict::Refuted { "against" } else { "for" };
        let strength = shown.strength.name().to_lowercase();
        outcome.changes.push(Change {
            id: ElementId::new(Section::Controls, control.clone()),
            what: format!("{verb} {side} {control} ({}, {strength}): {}", shown.action, shown.why),
        });
        edit.apply(&mut outcome.model);
    }
}

/// The platforms of the elements that the drill was about: an incident on them was rehearsed.
fn rehearsed(outcome: &mut Outcome, state: &State, terms: &Terms<'_>) {
    let Some(begin) = &state.begun else { return };
    let model = &outcome.model;
    let platform_of = |id: ElementId| {
        let service = |slug: &Slug| model.services.get(slug)?.platform.as_ref().map(|link| link.slug().clone());
        match id.section {
            Section::Platforms => Some(id.slug),
            Section::Services => service(&id.slug),
            Section::Endpoints => {
                let endpoint = model.endpoints.get(&id.slug)?;
                let own = endpoint.platform.as_ref().map(|link| link.slug().clone());
                own.or_else(|| service(endpoint.service.as_ref()?.slug()))
            }
            _ => None,
        }
    };
    let elements = begin.elements.iter().filter_map(|link| model.resolve(Target::Any, link.as_str()));
    let platforms: BTreeSet<Slug> = elements.filter_map(platform_of).collect();
    for slug in platforms {
        let id = ElementId::new(Section::Platforms, slug);
        let known = outcome.model.platforms.get(&id.slug).and_then(|platform| platform.last_drill);
        if known.is_some_and(|day| day >= terms.played_on) {
            continue;
        }
        if let Ok(edit) = set_field(&outcome.model, &id, "last_drill", Some(&to_ron(&terms.played_on))) {
            edit.apply(&mut outcome.model);
            let what = format!("sets last_drill of {} to {}", id.slug, terms.played_on);
            outcome.changes.push(Change { id, what });
        }
    }
}

/// The controls of a model that an action is about: named by the scenario, made from the library's one of that name, or of
/// that title.
fn meant(model: &Model, shown: &Shown) -> Vec<Slug> {
    // A slug that was taken has a number behind it: `key-rotation-2`.
    let base = |slug: &Slug| match slug.as_str().rsplit_once('-') {
        Some((base, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => base.to_owned(),
        _ => slug.to_string(),
    };
    let title = shown.control.as_str().to_lowercase();
    let is_meant = |slug: &Slug, own: &str| {
        shown.controls.iter().any(|name| name == slug || name.as_str() == base(slug)) || own.to_lowercase() == title
    };
    let found = model.controls.iter().filter(|(slug, control)| is_meant(slug, control.title.as_str()));
    found.map(|(slug, _)| slug.clone()).collect()
}

fn follow_ups(outcome: &mut Outcome, plan: &Plan, state: &State, terms: &Terms<'_>) {
    let filled = state.begun.as_ref().map(words).unwrap_or_default();
    let misfits: BTreeSet<&str> = state.misfits.iter().map(|(id, _)| id.as_str()).collect();
    for happened in state.history.iter().filter(|happened| !happened.undone) {
        let Body::Act { what, owner, due } = &happened.entry.event.body else { continue };
        if misfits.contains(happened.entry.id.as_str()) {
            continue;
        }
        let title = one_line(&fill(what.shown(), &filled), 200);
        let mark: String = happened.entry.id.chars().take(16).collect();
        let known = |known: &Action| {
            known.notes.as_str().contains(&mark) || (known.title.as_str() == title && known.due == Some(*due))
        };
        if outcome.model.actions.values().any(known) {
            continue;
        }
        let person = terms.owners.get(owner).cloned();
        let person = person.or_else(|| outcome.model.people.contains_key(owner).then(|| owner.clone()));
        if person.is_none() {
            let role = plan.role(owner.as_str()).map_or(owner.as_str(), |role| role.title.as_str());
            outcome.left.push(format!(
                "\"{}\" has the owner {role}, who is nobody of the model: say --owner {owner}=PERSON",
                one_line(&title, 60)
            ));
        }
        let slug = free_slug(&outcome.model, Section::Actions, &title);
        let id = ElementId::new(Section::Actions, slug.clone());
        let action = Action {
            title: Text::new(&title),
            owner: person.clone().map(Into::into),
            due: Some(*due),
            notes: Text::from(format!("From the drill {}, event {mark}, for {owner}.", terms.log)),
            ..Action::default()
        };
        let edit =
            Edit::new("add action", vec![Put { id: id.clone(), element: Some(Element::Action(Box::new(action))) }]);
        edit.apply(&mut outcome.model);
        let who = person.map_or("nobody yet".to_owned(), |person| person.to_string());
        outcome.changes.push(Change { id, what: format!("adds action {slug} (owner {who}, due {due})") });
    }
}

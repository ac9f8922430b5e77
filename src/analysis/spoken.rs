//! Of what decisions and controls speak: after an edit of one of them, a rule is asked again only there.

use super::condition::World;
use super::court::Spot;
use super::docket::Before;
use super::evidence::is_said_to_be_in_place;
use super::threats::RuleSet;
use crate::library::rule::Subject;
use crate::model::threats::{Control, Decision};
use crate::model::{Element, ElementId, Model, Section, Slug};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The controls that edits touched, each as it was and as it is. One that guards something which is new or gone is touched
/// as well.
pub(super) fn touched_controls<'m>(
    model: &'m Model,
    before: &'m Before,
) -> impl Iterator<Item = (&'m Slug, &'m Control)> + Clone {
    let edited = before.iter().filter(|(id, _)| id.section == Section::Controls).flat_map(|(id, then)| {
        let (then, now) = (then.as_ref().and_then(Control::of), model.controls.get(&id.slug));
        // Whatever else it says is read by conditions alone.
        let told = |control: &'m Control| (control.status, &control.guards, &control.answers, &control.evidence);
        let is_same = then.zip(now).is_some_and(|(then, now)| told(then) == told(now));
        then.into_iter().chain(now).filter(move |_| !is_same).map(|control| (&id.slug, control))
    });
    let is_other =
        |(id, then): &(&ElementId, &Option<Element>)| then.is_some() != model.has(id.section, id.slug.as_str());
    let others: HashSet<&ElementId> = before.iter().filter(is_other).map(|(id, _)| id).collect();
    let guards_others =
        move |(_, control): &(&Slug, &Control)| !others.is_empty() && guarded(control).any(|id| others.contains(&id));
    edited.chain(model.controls.iter().filter(guards_others))
}

/// All that a control may guard, whether or not there is such an element.
pub(super) fn guarded(control: &Control) -> impl Iterator<Item = ElementId> {
    control.guards.iter().flat_map(|link| named(link.0.as_str()))
}

/// All that a reference may name, or the name of a place: behind a grant there may be the role.
fn named(text: &str) -> impl Iterator<Item = ElementId> {
    let text = text.split('+').next().unwrap_or_default();
    let (sections, slug) = match text.split_once(':') {
        Some((section, slug)) => (Section::from_name(section).into_iter().collect(), slug),
        None => (Section::NODES.to_vec(), text),
    };
    let slug = Slug::new(slug).ok();
    sections.into_iter().filter_map(move |section| Some(ElementId::new(section, slug.clone()?)))
}

/// What decisions and controls that were touched speak of, or spoke of: rules, each with the elements at which it is answered
/// or decided.
pub(super) fn spoken(rules: &RuleSet, model: &Model, before: &Before) -> Vec<(usize, BTreeSet<ElementId>)> {
    let mut said: BTreeMap<&str, BTreeSet<ElementId>> = BTreeMap::new();
    let touched = before.iter().filter(|(id, _)| id.section == Section::Decisions);
    let decided = touched
        .flat_map(|(id, then)| then.as_ref().and_then(Decision::of).into_iter().chain(model.decisions.get(&id.slug)));
    let controls = touched_controls(model, before);
    let slugs: HashSet<&Slug> = controls.clone().map(|(slug, _)| slug).collect();
    let counts = |decision: &&Decision| decision.controls.iter().any(|link| slugs.contains(link.slug()));
    let counting = model.decisions.values().filter(|decision| !slugs.is_empty() && counts(decision));
    for decision in decided.chain(counting) {
        said.entry(decision.rule.as_str()).or_default().extend(named(decision.element.0.as_str()));
    }
    for (_, control) in controls.filter(|(_, control)| is_said_to_be_in_place(control)) {
        for answer in &control.answers {
            match answer.as_str().split_once('@') {
                Some((rule, place)) => said.entry(rule).or_default().extend(named(place)),
                None => said.entry(answer.as_str()).or_default().extend(guarded(control)),
            }
        }
    }
    let known = |rule: &str| rules.rules().position(|known| known.id == rule);
    said.into_iter().filter_map(|(rule, elements)| Some((known(rule)?, elements))).collect()
}

/// Where a rule about these subjects is asked because of elements.
pub(super) fn spots<'m>(
    world: &World<'m>,
    model: &'m Model,
    subject: Subject,
    elements: &BTreeSet<ElementId>,
) -> Vec<Spot<'m>> {
    match subject.section() {
        Some(section) => {
            let own = elements.iter().filter(|id| id.section == section);
            let own = own.filter_map(|id| model.facts(section, id.slug.as_str()));
            own.map(|(slug, _)| Spot::Element(section, slug, world.number(section, slug))).collect()
        }
        None => world.facts_about(elements).into_iter().map(|at| Spot::Fact(at as usize)).collect(),
    }
}

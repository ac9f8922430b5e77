//! Which controls guard which exposure facts: a control that guards something on which a fact depends guards the fact.

use super::names::Aspect;
use super::occurrences::{Ends, FactPlaces};
use super::value::Value;
use super::world::{World, platform_of_endpoint};
use crate::analysis::access::Fact as Exposed;
use crate::model::graph::inside_of;
use crate::model::reference::Target;
use crate::model::topology::Endpoint;
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::BTreeSet;

impl<'m> World<'m> {
    /// The controls that guard the exposure fact at a place, sorted.
    pub(super) fn guarding(&self, at: usize) -> Vec<&'m Slug> {
        let Ends { role, endpoint, dataset } = self.ends_at(at);
        for number in [Some(role), Some(endpoint), dataset] {
            self.note_at(number, Aspect::Guards);
        }
        if self.guards.is_empty() {
            return Vec::new();
        }
        let on_the_way = self.on_the_way(&self.exposures[at]);
        let mut found: Vec<&Slug> = on_the_way.iter().filter_map(|id| self.guards.get(id)).flatten().copied().collect();
        found.sort();
        found.dedup();
        found
    }

    /// What an exposure fact depends on: where a control that guards one of these guards the fact.
    fn on_the_way(&self, fact: &Exposed) -> Vec<ElementId> {
        let endpoint = ElementId::new(Section::Endpoints, fact.endpoint.clone());
        let dataset = fact.dataset.as_ref().map(|slug| ElementId::new(Section::Datasets, slug.clone()));
        let endpoint_seat = self.seat(Section::Endpoints, fact.endpoint.as_str());
        let service = self.model.endpoints.get(&fact.endpoint).and_then(|endpoint| endpoint.service.as_ref());
        let platform = endpoint_seat.and_then(|seat| self.platform_of(seat));
        let mut ids = vec![
            ElementId::new(Section::Grants, fact.grant.clone()),
            ElementId::new(Section::Roles, fact.role.clone()),
        ];
        ids.extend(service.map(|link| ElementId::new(Section::Services, link.slug().clone())));
        ids.extend(platform.map(|seat| ElementId::new(Section::Platforms, seat.slug.clone())));
        for end in [Some(endpoint), dataset].into_iter().flatten() {
            let around = self.seat(end.section, end.slug.as_str()).map(|seat| self.chain(seat));
            let around = around.iter().flat_map(|chain| chain.iter()).filter_map(Value::seat);
            ids.extend(around.map(|seat| ElementId::new(Section::Boundaries, seat.slug.clone())));
            ids.push(end);
        }
        ids
    }

    /// The exposure facts that a control guards, by their places: those of which [`World::guarding`] gives it.
    pub(super) fn guarded_by(&self, control: &str) -> FactPlaces {
        let guards = self.model.controls.get(control).into_iter().flat_map(|control| &control.guards);
        let guards = guards.filter_map(|link| self.model.resolve(Target::Any, link.0.as_str()));
        let ends: BTreeSet<ElementId> = guards.flat_map(|id| guarded_with(self.model, id)).collect();
        self.facts_about(&ends).into_iter().collect()
    }

    /// The exposure facts that are about one of these: grants, roles, endpoints and datasets.
    pub(crate) fn facts_about(&self, elements: &BTreeSet<ElementId>) -> BTreeSet<u32> {
        let mut found: BTreeSet<u32> = BTreeSet::new();
        for id in elements {
            if matches!(id.section, Section::Roles | Section::Endpoints | Section::Datasets) {
                found.extend(self.facts_of(self.number(id.section, &id.slug)).iter());
            }
        }
        let grants = elements.iter().filter(|id| id.section == Section::Grants);
        let grants: BTreeSet<&Slug> = grants.map(|id| &id.slug).collect();
        if !grants.is_empty() {
            let facts = (0..).zip(self.exposures).filter(|(_, fact)| grants.contains(&fact.grant));
            found.extend(facts.map(|(at, _)| at));
        }
        found
    }
}

/// What a control guards that guards an element, as far as exposure facts are about it: the element itself, what a service or
/// a platform serves, and what is inside of a boundary.
pub(crate) fn guarded_with(model: &Model, id: ElementId) -> Vec<ElementId> {
    let endpoints = |is_served: &dyn Fn(&Slug, &Endpoint) -> bool| {
        let served = model.endpoints.iter().filter(|(slug, endpoint)| is_served(slug, endpoint));
        served.map(|(slug, _)| ElementId::new(Section::Endpoints, slug.clone())).collect()
    };
    match id.section {
        Section::Roles | Section::Endpoints | Section::Datasets | Section::Grants => vec![id],
        Section::Services => {
            endpoints(&|_, endpoint| endpoint.service.as_ref().is_some_and(|link| *link.slug() == id.slug))
        }
        Section::Platforms => endpoints(&|slug, _| platform_of_endpoint(model, slug.as_str()) == Some(&id.slug)),
        Section::Boundaries => {
            let mut inside = inside_of(model, &id.slug);
            inside.retain(|id| matches!(id.section, Section::Endpoints | Section::Datasets));
            inside
        }
        _ => Vec::new(),
    }
}

//! The journey of data: everywhere a dataset, or one of its fields, is declared to flow or may flow, who can read it at
//! each station, and what is said of each leg between two stations.
//!
//! A flow is declared in the direction of the request or of the data, and the answer of a request goes the other way;
//! so a leg joins its two ends whichever way its flow points. What a flow carries is known (it names the dataset), may
//! be (nothing is said, or a class alone, or the dataset but not its fields), or is ruled out. Maybe is never dropped.

use super::access::{Access, Fact, Way};
use super::exposure::{Scope, rank_of};
use crate::model::facts::{Fields, Operation};
use crate::model::graph::walls_between;
use crate::model::text::Text;
use crate::model::topology::Flow;
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What travels: a dataset, or one field of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cargo {
    /// The dataset.
    pub dataset: Slug,
    /// The field; nothing for all of the dataset.
    pub field: Option<String>,
}

impl Cargo {
    /// Reads `DATASET` or `DATASET.FIELD`. Both names may have dots in them: a dataset of the whole name comes first.
    pub fn parse(model: &Model, text: &str) -> Option<Cargo> {
        let dataset = |slug: &str| model.datasets.keys().find(|known| known.as_str() == slug).cloned();
        if let Some(dataset) = dataset(text) {
            return Some(Cargo { dataset, field: None });
        }
        text.match_indices('.').rev().find_map(|(at, _)| {
            let dataset = dataset(&text[..at])?;
            let field = &text[at + 1..];
            let there = model.datasets.get(&dataset)?.fields.contains_key(field);
            there.then(|| Cargo { dataset, field: Some(field.to_owned()) })
        })
    }

    /// The dataset as an element.
    pub fn id(&self) -> ElementId {
        ElementId::new(Section::Datasets, self.dataset.clone())
    }

    /// The title of the dataset, and the field.
    pub fn title(&self, model: &Model) -> String {
        let id = self.id();
        match &self.field {
            Some(field) => format!("{}.{field}", model.title_of(&id)),
            None => model.title_of(&id).to_owned(),
        }
    }
}

/// Whether the data is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// The model says so.
    Certain,
    /// The model does not say, and does not rule it out. Why, in a few words.
    Maybe(String),
}

impl Certainty {
    /// Whether the model says so.
    pub fn is_certain(&self) -> bool {
        *self == Certainty::Certain
    }
}

/// What a leg stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// A declared flow.
    Flow(Slug),
    /// Grants let an endpoint hand the data out.
    Grants,
    /// An endpoint is a part of its service.
    Served,
}

/// A way between two stations.
#[derive(Debug, Clone, PartialEq)]
pub struct Leg {
    /// What it stands for.
    pub by: By,
    /// Where it starts.
    pub from: ElementId,
    /// Where it ends.
    pub to: ElementId,
    /// Whether it carries the data.
    pub carries: Certainty,
    /// Whether it is encrypted; also unknown where there is no flow.
    pub encrypted: Option<bool>,
    /// What is done to the data on the way; nothing where nobody said.
    pub transformation: Option<Text>,
    /// The boundaries that it crosses, and whether it goes in.
    pub walls: Vec<(Slug, bool)>,
}

/// Somebody who can read the data at a station.
#[derive(Debug, Clone, PartialEq)]
pub struct Reader {
    /// Who: a role, or the actor that is the station.
    pub who: ElementId,
    /// How: read, aggregate ...
    pub op: Operation,
    /// Which rows.
    pub scope: Scope,
    /// Whether it is known that the grant covers the data.
    pub covered: Certainty,
    /// The actors that take the role.
    pub actors: Vec<Slug>,
}

/// A place where the data is.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// The element.
    pub id: ElementId,
    /// How many legs away it is from where the data is kept; nothing where no leg leads there: the model has a gap.
    pub hops: Option<usize>,
    /// Whether the data gets there.
    pub certainty: Certainty,
    /// Who can read it there.
    pub readers: Vec<Reader>,
}

/// Everywhere the data goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Journey {
    /// What travels.
    pub cargo: Cargo,
    /// What is shown where it is no journey of data, but a path or the reach of an attacker.
    pub title: Option<String>,
    /// The stations: what is certain before what may be, the near before the far.
    pub stations: Vec<Station>,
    /// The ways between them.
    pub legs: Vec<Leg>,
}

impl Journey {
    /// The elements and flows on it.
    pub fn elements(&self) -> BTreeSet<ElementId> {
        let flows = self.legs.iter().filter_map(|leg| match &leg.by {
            By::Flow(slug) => Some(ElementId::new(Section::Flows, slug.clone())),
            _ => None,
        });
        self.stations.iter().map(|station| station.id.clone()).chain(flows).collect()
    }

    /// The stations and flows that only may be on it.
    pub fn uncertain(&self) -> BTreeSet<ElementId> {
        let flows = self.legs.iter().filter(|leg| !leg.carries.is_certain()).filter_map(|leg| match &leg.by {
            By::Flow(slug) => Some(ElementId::new(Section::Flows, slug.clone())),
            _ => None,
        });
        let stations = self.stations.iter().filter(|station| !station.certainty.is_certain());
        stations.map(|station| station.id.clone()).chain(flows).collect()
    }
}

/// Everywhere the cargo goes, by the model and its effective access.
pub fn journey(model: &Model, access: &Access, cargo: &Cargo) -> Journey {
    let reads: Vec<(&Fact, Certainty)> = reading_facts(access, cargo);
    let start = cargo.id();
    let mut legs = declared_legs(model, access, cargo, &reads);
    let mut stations = walk(&start, &legs);
    // What a flow carries for certain is a station even where nothing says how the data gets there.
    for leg in legs.iter().filter(|leg| leg.carries.is_certain()) {
        for end in [&leg.from, &leg.to] {
            stations.entry(end.clone()).or_insert((None, Certainty::Certain));
        }
    }
    legs.retain(|leg| stations.contains_key(&leg.from) && stations.contains_key(&leg.to));
    // That an endpoint is a part of its service matters where the service takes the data on.
    let flowing: BTreeSet<ElementId> = legs
        .iter()
        .filter(|leg| matches!(leg.by, By::Flow(_)))
        .flat_map(|leg| [leg.from.clone(), leg.to.clone()])
        .collect();
    legs.retain(|leg| leg.by != By::Served || flowing.contains(&leg.to));
    let joined: BTreeSet<&ElementId> = legs.iter().flat_map(|leg| [&leg.from, &leg.to]).collect();
    stations.retain(|id, _| *id == start || joined.contains(id));
    let mut stations: Vec<Station> = stations
        .into_iter()
        .map(|(id, (hops, certainty))| {
            let readers = readers_at(model, &id, &reads);
            Station { id, hops, certainty, readers }
        })
        .collect();
    let order =
        |station: &Station| (!station.certainty.is_certain(), station.hops.unwrap_or(usize::MAX), station.id.clone());
    stations.sort_by_key(order);
    legs.sort_by(|a, b| (&a.carries, &a.by, &a.from, &a.to).cmp(&(&b.carries, &b.by, &b.from, &b.to)));
    Journey { cargo: cargo.clone(), title: None, stations, legs }
}

/// The facts by which somebody gets to see the cargo.
fn reading_facts<'a>(access: &'a Access, cargo: &Cargo) -> Vec<(&'a Fact, Certainty)> {
    let facts = access.iter().filter(|fact| fact.dataset.as_ref() == Some(&cargo.dataset));
    facts
        .filter(|fact| {
            matches!(fact.op, Operation::Read | Operation::Aggregate | Operation::Subscribe | Operation::Share)
                && fact.way != Way::Blocked
                && Scope::of(fact) != Scope::Nothing
        })
        .filter_map(|fact| Some((fact, covers(fact, cargo)?)))
        .collect()
}

/// Whether a fact is about the cargo; nothing where it is known not to be.
fn covers(fact: &Fact, cargo: &Cargo) -> Option<Certainty> {
    match (&cargo.field, &fact.fields) {
        (None, Some(Fields::Only(names))) if names.is_empty() => None,
        (None, _) | (Some(_), Some(Fields::All)) => Some(Certainty::Certain),
        (Some(field), Some(Fields::Only(names))) => {
            names.iter().any(|name| name.as_str() == field).then_some(Certainty::Certain)
        }
        (Some(_), None) => Some(Certainty::Maybe("which fields the grant covers is unknown".into())),
    }
}

/// Every leg that carries the cargo or may do so.
fn declared_legs(model: &Model, access: &Access, cargo: &Cargo, reads: &[(&Fact, Certainty)]) -> Vec<Leg> {
    let start = cargo.id();
    let mut legs = Vec::new();
    for (slug, flow) in &model.flows {
        let ends = (model.node(flow.from.slug().as_str()), model.node(flow.to.slug().as_str()));
        let (Some(from), Some(to)) = ends else { continue };
        let Some(carries) = carried(model, access, cargo, flow, &from, &to) else { continue };
        legs.push(Leg {
            by: By::Flow(slug.clone()),
            carries,
            encrypted: flow.encrypted,
            transformation: flow.transformation.clone(),
            walls: walls(model, &from, &to),
            from,
            to,
        });
    }
    let plain = |by, from: ElementId, to: ElementId, carries| Leg {
        by,
        carries,
        encrypted: None,
        transformation: None,
        walls: walls(model, &from, &to),
        from,
        to,
    };
    let mut by_grants: BTreeMap<ElementId, Certainty> = BTreeMap::new();
    for (fact, covered) in reads {
        let endpoint = ElementId::new(Section::Endpoints, fact.endpoint.clone());
        let best = by_grants.entry(endpoint).or_insert_with(|| covered.clone());
        *best = best.clone().min(covered.clone());
    }
    for (endpoint, certainty) in by_grants {
        let service = model.endpoints.get(&endpoint.slug).and_then(|endpoint| endpoint.service.as_ref());
        let service = service.map(|link| ElementId::new(Section::Services, link.slug().clone()));
        legs.push(plain(By::Grants, start.clone(), endpoint.clone(), certainty.clone()));
        if let Some(service) = service.filter(|id| model.has(id.section, id.slug.as_str())) {
            legs.push(plain(By::Served, endpoint, service, certainty));
        }
    }
    legs
}

fn walls(model: &Model, from: &ElementId, to: &ElementId) -> Vec<(Slug, bool)> {
    walls_between(model, from, to).into_iter().map(|(slug, entered)| (slug.clone(), entered)).collect()
}

/// Whether a flow carries the cargo; nothing where that is ruled out.
fn carried(
    model: &Model,
    access: &Access,
    cargo: &Cargo,
    flow: &Flow,
    from: &ElementId,
    to: &ElementId,
) -> Option<Certainty> {
    let maybe = |why: &str| Some(Certainty::Maybe(why.to_owned()));
    if !flow.data.is_empty() {
        if !flow.data.iter().any(|link| *link.slug() == cargo.dataset) {
            return None;
        }
        return match &cargo.field {
            None => Some(Certainty::Certain),
            Some(field) => field_carried(model, access, &cargo.dataset, field, from, to),
        };
    }
    if flow.classes.is_empty() {
        return maybe("what the flow carries is unknown");
    }
    // The flow names classes alone: only data of such a class can be on it.
    let classes = classes_of(model, cargo);
    let named: BTreeSet<u32> =
        flow.classes.iter().filter_map(|class| Some(rank_of(model, class.slug())?.rank)).collect();
    if classes.iter().any(|class| class.is_none_or(|rank| named.contains(&rank))) {
        return maybe("the flow names classes, and no dataset");
    }
    None
}

/// Whether a flow that carries the dataset carries the field. At an endpoint its grants say so; elsewhere nobody does.
fn field_carried(
    model: &Model,
    access: &Access,
    dataset: &Slug,
    field: &str,
    from: &ElementId,
    to: &ElementId,
) -> Option<Certainty> {
    let unsaid = Certainty::Maybe("the flow carries the dataset; of which fields, nobody said".into());
    let (endpoint, other) = match (from.section, to.section) {
        (_, Section::Endpoints) => (to, from),
        (Section::Endpoints, _) => (from, to),
        _ => return Some(unsaid),
    };
    // The roles of the actor at the other end; without any known it may be each of them.
    let roles = model.actors.get(&other.slug).filter(|_| other.section == Section::Actors);
    let roles: Vec<&Slug> = roles.map(|actor| actor.roles.iter().map(|role| role.slug()).collect()).unwrap_or_default();
    let facts = access.facts.iter().filter(|fact| {
        fact.endpoint == endpoint.slug
            && fact.dataset.as_ref() == Some(dataset)
            && (roles.is_empty() || roles.contains(&&fact.role))
    });
    let cargo = Cargo { dataset: dataset.clone(), field: Some(field.to_owned()) };
    let mut any = false;
    let mut best: Option<Certainty> = None;
    for fact in facts {
        any = true;
        // Deleting a row names no field, and carries none.
        if fact.op == Operation::Delete {
            continue;
        }
        if let Some(covered) = covers(fact, &cargo) {
            best = Some(best.map_or(covered.clone(), |best| best.min(covered)));
        }
    }
    if !any {
        return Some(unsaid);
    }
    match best {
        Some(Certainty::Certain) if roles.is_empty() => {
            Some(Certainty::Maybe("some role gets the field here; as which this flow comes is unknown".into()))
        }
        other => other,
    }
}

/// The classes that the cargo may have; nothing for one that is unknown.
fn classes_of(model: &Model, cargo: &Cargo) -> Vec<Option<u32>> {
    let Some(dataset) = model.datasets.get(&cargo.dataset) else { return vec![None] };
    let rank = |class: Option<&crate::model::reference::ClassLink>| {
        class.and_then(|class| rank_of(model, class.slug())).map(|rank| rank.rank)
    };
    let whole = rank(dataset.class.as_ref());
    let fields = dataset.fields.iter().filter(|(name, _)| cargo.field.as_ref().is_none_or(|own| own == name.as_str()));
    let mut classes: Vec<Option<u32>> = fields.map(|(_, field)| rank(field.class.as_ref()).or(whole)).collect();
    if cargo.field.is_none() {
        classes.push(whole);
    }
    classes
}

/// Breadth first from where the data is kept: over what is certain as far as that leads, then over what may be.
fn walk(start: &ElementId, legs: &[Leg]) -> BTreeMap<ElementId, (Option<usize>, Certainty)> {
    let mut next: BTreeMap<&ElementId, Vec<(&ElementId, &Certainty)>> = BTreeMap::new();
    for leg in legs {
        next.entry(&leg.from).or_default().push((&leg.to, &leg.carries));
        next.entry(&leg.to).or_default().push((&leg.from, &leg.carries));
    }
    let mut found: BTreeMap<ElementId, (Option<usize>, Certainty)> = BTreeMap::new();
    found.insert(start.clone(), (Some(0), Certainty::Certain));
    for certain in [true, false] {
        let mut queue: VecDeque<ElementId> = found.keys().cloned().collect();
        // The near before the far, so that each station has its shortest way.
        queue.make_contiguous().sort_by_key(|id| found.get(id).and_then(|(hops, _)| *hops));
        while let Some(id) = queue.pop_front() {
            let Some((Some(hops), _)) = found.get(&id).cloned() else { continue };
            for (to, carries) in next.get(&id).into_iter().flatten() {
                if (certain && !carries.is_certain()) || found.contains_key(*to) {
                    continue;
                }
                let certainty = match carries {
                    // Behind a leg that may carry the data, nothing is certain any more.
                    Certainty::Certain if certain => Certainty::Certain,
                    Certainty::Certain => Certainty::Maybe("it lies behind a flow that may carry the data".into()),
                    maybe => (*maybe).clone(),
                };
                found.insert((*to).clone(), (Some(hops + 1), certainty));
                queue.push_back((*to).clone());
            }
        }
    }
    // A certain leg makes its ends certain, whichever way one came there.
    for leg in legs.iter().filter(|leg| leg.carries.is_certain()) {
        for end in [&leg.from, &leg.to] {
            if let Some((_, certainty)) = found.get_mut(end) {
                *certainty = Certainty::Certain;
            }
        }
    }
    found
}

/// Who can read the cargo at a station: at an endpoint by its grants, at the dataset by those of all endpoints.
fn readers_at(model: &Model, id: &ElementId, reads: &[(&Fact, Certainty)]) -> Vec<Reader> {
    let mut readers: BTreeMap<(Slug, Operation), Reader> = BTreeMap::new();
    for (fact, covered) in reads {
        let here = match id.section {
            Section::Endpoints => fact.endpoint == id.slug,
            Section::Datasets => true,
            _ => false,
        };
        if !here {
            continue;
        }
        let holds = |actor: &crate::model::topology::Actor| actor.roles.iter().any(|role| *role.slug() == fact.role);
        let scope = Scope::of(fact);
        let reader = readers.entry((fact.role.clone(), fact.op)).or_insert_with(|| Reader {
            who: ElementId::new(Section::Roles, fact.role.clone()),
            op: fact.op,
            scope,
            covered: covered.clone(),
            actors: model.actors.iter().filter(|(_, actor)| holds(actor)).map(|(slug, _)| slug.clone()).collect(),
        });
        reader.scope = reader.scope.max(scope);
        reader.covered = reader.covered.clone().min(covered.clone());
    }
    readers.into_values().collect()
}

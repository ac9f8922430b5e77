//! From the facts of a model to the steps of its attack graph: grants, flows, connections, weak spots.

use super::bind::{self, Who};
use super::graph::{Builder, Graph, Position};
use super::kinds::Kind;
use crate::analysis::access::{Access, Fact, Way};
use crate::analysis::condition::Missing;
use crate::analysis::exposure::{Classes, Scope, classes_of_fact};
use crate::analysis::guardrails::credit::Credit;
use crate::analysis::hash::FastMap;
use crate::model::access::{Role, RoleKind};
use crate::model::data::Protection;
use crate::model::facts::{Fields, Operation, Rows};
use crate::model::graph::{boundary_chain, walls_between};
use crate::model::reference::PlatformLink;
use crate::model::topology::{Authentication, Flow, SchemaCheck, ServiceKind, Stage, Trust, Visibility};
use crate::model::{ElementId, Model, Section, Slug};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The most attackers that are looked at; a list in which people choose has far fewer.
pub const MAX_ATTACKERS: usize = 500;

/// The attack graph of a model for some attackers, and of each attacker what could not be bound to the model.
pub fn graph(model: &Model, access: &Access, attackers: &[Who], credit: Credit) -> (Graph, Vec<Vec<String>>) {
    let mut builder = Builder::new(model, credit);
    // Beginnings first, so that their places are known: that of attacker `n` is `n`.
    (0..attackers.len()).for_each(|at| {
        builder.position(Position::Start(at));
    });
    if attackers.len() > MAX_ATTACKERS {
        builder.cut();
    }
    let attackers = &attackers[..attackers.len().min(MAX_ATTACKERS)];
    let unbound = attackers.iter().enumerate().map(|(at, who)| bind::bind(&mut builder, at, who)).collect();
    anybody(&mut builder);
    actors_and_parties(&mut builder);
    platforms(&mut builder);
    endpoints(&mut builder);
    grants(&mut builder, access);
    flows(&mut builder);
    (builder.finish(), unbound)
}

pub(super) fn id(section: Section, slug: &Slug) -> ElementId {
    ElementId::new(section, slug.clone())
}

/// A fact that nobody gave.
pub(super) fn missing(element: &ElementId, field: impl Into<Cow<'static, str>>) -> Missing {
    Missing { element: element.clone(), field: field.into() }
}

/// Whether an endpoint is there: it is not before it is live, nor when it is gone.
fn is_up(stage: Option<Stage>) -> bool {
    !matches!(stage, Some(Stage::Proposed | Stage::Retired))
}

/// What everybody can be or do.
fn anybody(builder: &mut Builder<'_>) {
    let model = builder.model;
    for (slug, _) in model.roles.iter().filter(|(_, role)| role.kind == Some(RoleKind::Anonymous)) {
        let proof = [id(Section::Roles, slug)];
        builder.step((Position::Anybody, Position::Role(slug.clone())), Kind::HoldsRole, &proof, &[], Vec::new());
    }
    for (slug, platform) in &model.platforms {
        let own = id(Section::Platforms, slug);
        if platform.refuses_unauthenticated != Some(true) {
            match &platform.unauthenticated_role {
                Some(role) => {
                    let ends = (Position::Anybody, Position::Role(role.slug().clone()));
                    builder.step(ends, Kind::HoldsRole, std::slice::from_ref(&own), &[], Vec::new());
                }
                None => unknown_anonymous(builder, &own),
            }
        }
        let is_hasura = platform.product.as_ref().is_some_and(|name| name.as_str().to_lowercase().contains("hasura"));
        let unset = match platform.admin_secret_set {
            Some(false) => Some(Vec::new()),
            None if is_hasura => Some(vec![missing(&own, "admin_secret_set")]),
            _ => None,
        };
        let Some(unknown) = unset else { continue };
        for node in running_on(model, slug) {
            let ends = (Position::Anybody, Position::At(node.clone()));
            builder.step(ends, Kind::NoAdminSecret, &[own.clone(), node], &[], unknown.clone());
        }
    }
}

/// What runs on a platform: its services, and the endpoints that name it and no service.
fn running_on(model: &Model, platform: &Slug) -> Vec<ElementId> {
    let on = |link: &Option<PlatformLink>| link.as_ref().is_some_and(|link| link.slug() == platform);
    let services = model.services.iter().filter(|(_, service)| on(&service.platform));
    let services = services.map(|(slug, _)| id(Section::Services, slug));
    let endpoints = model.endpoints.iter().filter(|(_, endpoint)| endpoint.service.is_none() && on(&endpoint.platform));
    services.chain(endpoints.map(|(slug, _)| id(Section::Endpoints, slug))).collect()
}

/// A request without credentials may get a role, and nobody knows which: each that may be meant for it.
fn unknown_anonymous(builder: &mut Builder<'_>, platform: &ElementId) {
    let model = builder.model;
    let said = model.roles.values().any(|role| role.kind == Some(RoleKind::Anonymous));
    let open = |role: &Role| role.kind.is_none() && role.privileged != Some(true);
    for (slug, _) in model.roles.iter().filter(|(_, role)| !said && open(role)) {
        let role = id(Section::Roles, slug);
        let unknown = vec![missing(platform, "unauthenticated_role"), missing(&role, "kind")];
        let ends = (Position::Anybody, Position::Role(slug.clone()));
        builder.step(ends, Kind::HoldsRole, &[role, platform.clone()], &[], unknown);
    }
}

fn actors_and_parties(builder: &mut Builder<'_>) {
    let model = builder.model;
    for (slug, actor) in &model.actors {
        let own = id(Section::Actors, slug);
        for role in &actor.roles {
            let ends = (Position::At(own.clone()), Position::Role(role.slug().clone()));
            builder.step(ends, Kind::ActsAs, &[own.clone(), id(Section::Roles, role.slug())], &[], Vec::new());
        }
        if let Some(party) = &actor.party {
            let ends = (Position::Party(party.slug().clone()), Position::At(own.clone()));
            builder.step(ends, Kind::RunsForUs, &[id(Section::Parties, party.slug()), own], &[], Vec::new());
        }
    }
    for (slug, service) in &model.services {
        if let Some(party) = &service.party {
            let own = id(Section::Services, slug);
            let ends = (Position::Party(party.slug().clone()), Position::At(own.clone()));
            builder.step(ends, Kind::RunsForUs, &[id(Section::Parties, party.slug()), own], &[], Vec::new());
        }
    }
    for (slug, boundary) in &model.boundaries {
        if let Some(party) = &boundary.party {
            let ends = (Position::Party(party.slug().clone()), Position::Inside(slug.clone()));
            let proof = [id(Section::Parties, party.slug()), id(Section::Boundaries, slug)];
            builder.step(ends, Kind::RunsForUs, &proof, &[], Vec::new());
        }
    }
}

fn platforms(builder: &mut Builder<'_>) {
    let model = builder.model;
    for (slug, service) in &model.services {
        let own = id(Section::Services, slug);
        if builds_on(service.kind).is_some() {
            let ends = (Position::Building(slug.clone()), Position::At(own.clone()));
            builder.step(ends, Kind::Publishes, std::slice::from_ref(&own), &[], Vec::new());
        }
        if !service.literal_secrets.is_empty() {
            builder.step((Position::Files, Position::At(own.clone())), Kind::FindsSecret, &[own], &[], Vec::new());
        }
    }
}

/// Whether makers build on such a service: certainly, or perhaps where its kind is unknown.
pub(super) fn builds_on(kind: Option<ServiceKind>) -> Option<bool> {
    match kind {
        Some(ServiceKind::Platform | ServiceKind::Workflow) => Some(true),
        Some(_) => None,
        None => Some(false),
    }
}

/// Endpoints that ask nobody who they are, and what stands behind them.
fn endpoints(builder: &mut Builder<'_>) {
    let model = builder.model;
    for (slug, endpoint) in model.endpoints.iter().filter(|(_, endpoint)| is_up(endpoint.stage)) {
        let own = id(Section::Endpoints, slug);
        let unknown = match endpoint.authentication {
            Some(Authentication::NoAuth) => Vec::new(),
            Some(_) => continue,
            None => vec![missing(&own, "authentication")],
        };
        let kind =
            if endpoint.visibility == Some(Visibility::Internal) { Kind::AsksInternal } else { Kind::AsksWithoutLogin };
        builder.step((Position::Anybody, Position::Asking(None, slug.clone())), kind, &[own], &[], unknown);
        behind(builder, &None, slug);
    }
}

/// From asking at an endpoint to the service behind it.
fn behind(builder: &mut Builder<'_>, role: &Option<Slug>, slug: &Slug) {
    let model = builder.model;
    let Some(endpoint) = model.endpoints.get(slug) else { return };
    let Some(service) = endpoint.service.as_ref().filter(|link| model.services.contains_key(link.slug())) else {
        return;
    };
    let (own, service) = (id(Section::Endpoints, slug), id(Section::Services, service.slug()));
    let ends = (Position::Asking(role.clone(), slug.clone()), Position::At(service));
    if endpoint.shared_connection != Some(false) {
        let unknown = endpoint.shared_connection.map_or(vec![missing(&own, "shared_connection")], |_| Vec::new());
        builder.step(ends.clone(), Kind::UsesSharedAccount, std::slice::from_ref(&own), &[], unknown);
    }
    if endpoint.input_schema != Some(SchemaCheck::Strict) {
        let unknown = endpoint.input_schema.map_or(vec![missing(&own, "input_schema")], |_| Vec::new());
        builder.step(ends, Kind::BreaksIn, &[own], &[], unknown);
    }
}

/// Effective access: who may ask where, and what comes back or is written.
fn grants(builder: &mut Builder<'_>, access: &Access) {
    let model = builder.model;
    let mut asked: BTreeSet<(&Slug, &Slug)> = BTreeSet::new();
    let mut served: BTreeMap<(Slug, Slug), Vec<&Fact>> = BTreeMap::new();
    for fact in &access.facts {
        let endpoint = model.endpoints.get(&fact.endpoint);
        if !is_up(endpoint.and_then(|endpoint| endpoint.stage)) {
            continue;
        }
        let service = endpoint.and_then(|endpoint| endpoint.service.as_ref()).map(|link| link.slug().clone());
        if asked.insert((&fact.role, &fact.endpoint)) {
            ask(builder, fact, service.as_ref());
        }
        if let (Some(service), Some(dataset)) = (service, &fact.dataset) {
            served.entry((service, dataset.clone())).or_default().push(fact);
        }
        if fact.backend_only != Some(true) && Scope::of(fact) != Scope::Nothing {
            use_grant(builder, fact);
            find_passwords(builder, fact);
        }
    }
    for ((service, dataset), facts) in served {
        let at = Position::At(id(Section::Services, &service));
        let Some(fact) = facts.first() else { continue };
        let proof = [id(Section::Services, &service), id(Section::Grants, &fact.grant)];
        let touched = [id(Section::Datasets, &dataset)];
        let classes = classes_of_fact(model, &Fact { fields: Some(Fields::All), ..(*fact).clone() });
        builder.step((at.clone(), data(&dataset, &classes)), Kind::ServesFrom, &proof, &touched, Vec::new());
        let ends = (at, Position::Changes(dataset));
        builder.step(ends, Kind::ServesFrom, &proof, &touched, Vec::new());
    }
}

fn data(dataset: &Slug, classes: &Classes) -> Position {
    Position::Data(dataset.clone(), classes.highest.as_ref().map(|rank| rank.rank), classes.has_unknown)
}

/// The position of having all of a dataset.
pub(super) fn whole(model: &Model, dataset: &Slug) -> Position {
    let fact = Fact {
        role: dataset.clone(),
        endpoint: dataset.clone(),
        op: Operation::Read,
        dataset: Some(dataset.clone()),
        fields: Some(Fields::All),
        rows: None,
        limit: None,
        aggregates: None,
        post_check: None,
        presets: Vec::new(),
        backend_only: None,
        certainty: None,
        via: Vec::new(),
        way: Way::Direct,
        grant: dataset.clone(),
        source: None,
    };
    data(dataset, &classes_of_fact(model, &fact))
}

fn ask(builder: &mut Builder<'_>, fact: &Fact, service: Option<&Slug>) {
    let model = builder.model;
    let (role, endpoint) = (id(Section::Roles, &fact.role), id(Section::Endpoints, &fact.endpoint));
    let internal = model.endpoints.get(&fact.endpoint).is_some_and(|e| e.visibility == Some(Visibility::Internal));
    let kind = if internal { Kind::AsksInternal } else { Kind::Asks };
    let asking = Position::Asking(Some(fact.role.clone()), fact.endpoint.clone());
    let behind_it: Vec<ElementId> = service.map(|slug| id(Section::Services, slug)).into_iter().collect();
    let ends = (Position::Role(fact.role.clone()), asking);
    builder.step(ends, kind, &[role.clone(), endpoint.clone()], &behind_it, Vec::new());
    behind(builder, &Some(fact.role.clone()), &fact.endpoint);
    let admin = model.roles.get(&fact.role).is_some_and(|role| role.kind == Some(RoleKind::Admin));
    if let Some(service) = behind_it.into_iter().next().filter(|_| admin) {
        let ends = (Position::Role(fact.role.clone()), Position::At(service.clone()));
        builder.step(ends, Kind::Administers, &[role, service], &[endpoint], Vec::new());
    }
}

fn use_grant(builder: &mut Builder<'_>, fact: &Fact) {
    let Some(dataset) = &fact.dataset else { return };
    let from = Position::Asking(Some(fact.role.clone()), fact.endpoint.clone());
    let grant = id(Section::Grants, &fact.grant);
    // How the role got the grant is a part of the proof.
    let via = fact.via.iter().skip(1).map(|role| id(Section::Roles, role));
    let proof: Vec<ElementId> = [grant.clone()].into_iter().chain(via).collect();
    let touched = [id(Section::Datasets, dataset)];
    let mut unknown = Vec::new();
    if fact.rows.is_none() {
        unknown.push(missing(&grant, "rows"));
    }
    match fact.op {
        Operation::Read | Operation::Subscribe | Operation::Share => {
            if fact.fields.is_none() {
                unknown.push(missing(&grant, "fields"));
            }
            let to = data(dataset, &classes_of_fact(builder.model, fact));
            builder.step((from, to), reading(fact), &proof, &touched, unknown);
        }
        Operation::Create | Operation::Update | Operation::Delete => {
            let kind = match &fact.rows {
                None | Some(Rows::All) => Kind::ChangesAll,
                Some(rows) if rows.is_session_bound() => Kind::ChangesOwn,
                Some(_) => Kind::ChangesSome,
            };
            builder.step((from, Position::Changes(dataset.clone())), kind, &proof, &touched, unknown);
        }
        // A sum is no row, and what a call does its endpoint's service says.
        Operation::Aggregate | Operation::Execute => {}
    }
}

fn reading(fact: &Fact) -> Kind {
    match &fact.rows {
        Some(Rows::Tenant(_)) => Kind::ReadsTenant,
        Some(rows) if rows.is_session_bound() => Kind::ReadsOwn,
        Some(Rows::Constant(_) | Rows::Predicate { .. }) => Kind::ReadsSome,
        _ if matches!(fact.way, Way::Through(_)) => Kind::ReadsThrough,
        _ => Kind::ReadsAll,
    }
}

/// Passwords that a grant hands out open the accounts of those who log in with them.
fn find_passwords(builder: &mut Builder<'_>, fact: &Fact) {
    let model = builder.model;
    let wide = matches!(Scope::of(fact), Scope::All | Scope::Some);
    let Some((slug, dataset)) = fact.dataset.as_ref().and_then(|slug| model.datasets.get_key_value(slug)) else {
        return;
    };
    if fact.op != Operation::Read || !wide {
        return;
    }
    let covered = |name: &str| match &fact.fields {
        Some(Fields::All) => true,
        Some(Fields::Only(names)) => names.iter().any(|own| own.as_str() == name),
        None => false,
    };
    let is_password = |kind: &Option<crate::model::Text>| kind.as_ref().is_some_and(|kind| kind.as_str() == "Password");
    let own = id(Section::Datasets, slug);
    for (name, field) in
        dataset.fields.iter().filter(|(name, field)| covered(name.as_str()) && is_password(&field.kind))
    {
        let unknown = match field.protection {
            Some(Protection::Plain) => Vec::new(),
            None => vec![missing(&own, format!("fields.{name}.protection"))],
            Some(_) => continue,
        };
        for (other, role) in model.roles.iter().filter(|(other, _)| **other != fact.role) {
            if !matches!(role.kind, Some(RoleKind::Authenticated | RoleKind::Named)) || role.mfa == Some(true) {
                continue;
            }
            let role_id = id(Section::Roles, other);
            let mut unknown = unknown.clone();
            unknown.extend(role.mfa.is_none().then(|| missing(&role_id, "mfa")));
            let ends =
                (Position::Asking(Some(fact.role.clone()), fact.endpoint.clone()), Position::Role(other.clone()));
            builder.step(
                ends,
                Kind::FindsPasswords,
                &[id(Section::Grants, &fact.grant)],
                &[own.clone(), role_id],
                unknown,
            );
        }
    }
}

fn flows(builder: &mut Builder<'_>) {
    let model = builder.model;
    // Of flows there are more than of nodes.
    let of_section = |section: Section| model.slugs(section).map(move |slug| (slug, id(section, slug)));
    let nodes: FastMap<&Slug, ElementId> = Section::NODES.into_iter().rev().flat_map(of_section).collect();
    for (slug, flow) in &model.flows {
        let (Some(from), Some(to)) = (nodes.get(flow.from.slug()), nodes.get(flow.to.slug())) else { continue };
        let own = id(Section::Flows, slug);
        connection(builder, &own, from, to);
        carried(builder, &own, flow, from, to);
    }
}

/// Where somebody is who controls an element: an endpoint is a part of its service.
fn control_of(model: &Model, node: &ElementId) -> Option<ElementId> {
    match node.section {
        Section::Datasets => None,
        Section::Endpoints => {
            let service = model.endpoints.get(&node.slug)?.service.as_ref();
            Some(service.map_or_else(|| node.clone(), |link| id(Section::Services, link.slug())))
        }
        _ => Some(node.clone()),
    }
}

/// What somebody can do who controls the end of a flow at which it starts.
fn connection(builder: &mut Builder<'_>, own: &ElementId, from: &ElementId, to: &ElementId) {
    let model = builder.model;
    let proof = std::slice::from_ref(own);
    let up = |node: &ElementId| model.endpoints.get(&node.slug).is_none_or(|endpoint| is_up(endpoint.stage));
    if !up(from) || !up(to) {
        return;
    }
    let Some(source) = control_of(model, from) else {
        // From data to what works on it: that has an account for the data.
        let Some(target) = control_of(model, to).filter(|id| id.section == Section::Services) else { return };
        let ends = (Position::At(target), whole(model, &from.slug));
        return builder.step(ends, Kind::UsesConnection, proof, std::slice::from_ref(from), Vec::new());
    };
    match to.section {
        Section::Datasets => {
            for target in [whole(model, &to.slug), Position::Changes(to.slug.clone())] {
                let ends = (Position::At(source.clone()), target);
                builder.step(ends, Kind::UsesConnection, proof, std::slice::from_ref(to), Vec::new());
            }
        }
        Section::Services if source != *to => {
            let ends = (Position::At(source), Position::At(to.clone()));
            builder.step(ends, Kind::CallsOn, proof, std::slice::from_ref(to), Vec::new());
        }
        Section::Endpoints if control_of(model, to).as_ref() != Some(&source) => {
            let ends = (Position::At(source), Position::Asking(None, to.slug.clone()));
            builder.step(ends, Kind::Delivers, proof, std::slice::from_ref(to), Vec::new());
            behind(builder, &None, &to.slug);
        }
        _ => {}
    }
}

/// What is seen at the ends of a flow, and on the way.
fn carried(builder: &mut Builder<'_>, own: &ElementId, flow: &Flow, from: &ElementId, to: &ElementId) {
    let model = builder.model;
    for link in flow.data.iter().filter(|link| model.datasets.contains_key(link.slug())) {
        let dataset = id(Section::Datasets, link.slug());
        // What is left of the data after it was worked on, nobody says.
        let changed = flow.transformation.is_some() && flow.classes.is_empty();
        let unknown: Vec<Missing> = changed.then(|| missing(own, "classes")).into_iter().collect();
        let seen = whole(model, link.slug());
        for end in [from, to] {
            if let Some(at) = control_of(model, end) {
                let ends = (Position::At(at), seen.clone());
                builder.step(ends, Kind::SeesFlow, std::slice::from_ref(own), &[], unknown.clone());
            }
        }
        if flow.encrypted == Some(true) {
            continue;
        }
        let mut unknown = unknown;
        unknown.extend(flow.encrypted.is_none().then(|| missing(own, "encrypted")));
        // It passes every boundary that it leaves or enters, and the innermost that is around both ends.
        let around: Vec<&Slug> = boundary_chain(model, to);
        let shared = boundary_chain(model, from).into_iter().find(|slug| around.contains(slug));
        let walls = walls_between(model, from, to).into_iter().map(|(slug, _)| slug);
        let passed: BTreeSet<&Slug> = walls.chain(shared).collect();
        for boundary in passed {
            let open = model.boundaries.get(boundary).is_some_and(|inside| inside.trust == Some(Trust::Untrusted));
            let ends = (Position::Inside(boundary.clone()), seen.clone());
            builder.step(
                ends,
                if open { Kind::ListensOutside } else { Kind::Listens },
                std::slice::from_ref(own),
                std::slice::from_ref(&dataset),
                unknown.clone(),
            );
        }
    }
}

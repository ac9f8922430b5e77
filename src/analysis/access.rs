//! Effective access: what each role can do at each endpoint with each dataset, and the path that proves it.
//!
//! Declared grants are only the start. A role has what the roles above it have, unless it has a grant of its own for
//! the same dataset and operation; and a dataset without a direct way in is reached through the relations of a dataset
//! that the role may read. The semantics are those of Hasura's inherited roles: a grant of the role itself overrides;
//! reads are the union of the parents' reads, row by row and cell by cell, so each parent's grant stays a fact of its
//! own; calls are inherited from any parent; changes are inherited only where the parents that may make them agree,
//! since the platform refuses to choose (hasura/graphql-engine, `Hasura/RQL/Types/Roles/Internal.hs`).

use crate::model::access::Grant;
use crate::model::facts::{Certainty, Fields, Limit, Operation, Rows, Source};
use crate::model::{Model, Slug};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How a role gets at a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// By asking for it.
    Direct,
    /// Through relations: each step is a dataset and the name of the relation that leads on.
    Through(Vec<(Slug, String)>),
    /// There is a grant, but no way to use it: no direct way in, and no relation from what the role may read.
    Blocked,
}

/// An exposure fact: role, endpoint, operation, dataset, fields, rows, limit, and where it says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Who.
    pub role: Slug,
    /// Where.
    pub endpoint: Slug,
    /// What.
    pub op: Operation,
    /// On which data; absent for a grant to call something.
    pub dataset: Option<Slug>,
    /// Which fields; absent means that nobody knows.
    pub fields: Option<Fields>,
    /// Which rows; absent means that nobody knows.
    pub rows: Option<Rows>,
    /// How many rows at once.
    pub limit: Option<Limit>,
    /// Whether aggregates over all matching rows can be asked for.
    pub aggregates: Option<bool>,
    /// How sure.
    pub certainty: Certainty,
    /// How the role gets the grant: itself first, then the roles up to the one that holds it. One entry for its own.
    pub via: Vec<Slug>,
    /// How the role gets at the dataset.
    pub way: Way,
    /// The grant that says so.
    pub grant: Slug,
    /// The place in the imported files that says so.
    pub source: Option<Source>,
}

/// Operations that parents grant in different ways, so that the platform grants none of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The role that would inherit.
    pub role: Slug,
    /// The operation.
    pub op: Operation,
    /// The dataset, or nothing for a call.
    pub dataset: Option<Slug>,
    /// The grants that differ.
    pub grants: Vec<Slug>,
}

/// Effective access of all roles.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// The facts, by role, dataset and operation.
    pub facts: Vec<Fact>,
    /// What is not granted since parents disagree.
    pub conflicts: Vec<Conflict>,
}

/// The declared grants alone, as facts.
pub fn direct(model: &Model) -> Access {
    let mut facts: Vec<Fact> =
        model.grants.iter().filter_map(|(slug, grant)| fact(slug, grant, vec![grant.role.slug().clone()])).collect();
    sort(&mut facts);
    Access { facts, conflicts: Vec::new() }
}

/// What every role can do once inheritance and relations are followed.
pub fn effective(model: &Model) -> Access {
    let mut access = Access::default();
    let own = grants_by_role(model);
    let mut computed: BTreeMap<Slug, RoleGrants> = BTreeMap::new();
    for role in roles(model, &own) {
        resolve(model, &own, &role, &mut computed, &mut Vec::new(), &mut access.conflicts);
    }
    for (role, grants) in &computed {
        let mut facts: Vec<Fact> = grants
            .values()
            .flatten()
            .filter_map(|held| fact(&held.slug, model.grants.get(&held.slug)?, held.via.clone()))
            .map(|found| Fact { role: role.clone(), ..found })
            .collect();
        find_ways(model, &mut facts);
        access.facts.extend(facts);
    }
    sort(&mut access.facts);
    access.conflicts.sort_by(|a, b| (&a.role, &a.dataset, a.op).cmp(&(&b.role, &b.dataset, b.op)));
    access.conflicts.dedup();
    access
}

/// What a grant is about: endpoint, dataset and operation.
type Subject = (Slug, Option<Slug>, Operation);

/// A grant that a role holds, and through whom.
#[derive(Debug, Clone)]
struct Held {
    slug: Slug,
    via: Vec<Slug>,
}

type RoleGrants = BTreeMap<Subject, Vec<Held>>;

fn grants_by_role(model: &Model) -> BTreeMap<Slug, RoleGrants> {
    let mut own: BTreeMap<Slug, RoleGrants> = BTreeMap::new();
    for (slug, grant) in &model.grants {
        let Some(op) = grant.op else { continue };
        let subject = (grant.endpoint.slug().clone(), grant.dataset.as_ref().map(|link| link.slug().clone()), op);
        let role = grant.role.slug().clone();
        let held = Held { slug: slug.clone(), via: vec![role.clone()] };
        own.entry(role).or_default().entry(subject).or_default().push(held);
    }
    own
}

fn roles(model: &Model, own: &BTreeMap<Slug, RoleGrants>) -> BTreeSet<Slug> {
    model.roles.keys().chain(own.keys()).cloned().collect()
}

/// The grants of a role with what it inherits. A circle of roles ends where it closes.
fn resolve(
    model: &Model,
    own: &BTreeMap<Slug, RoleGrants>,
    role: &Slug,
    computed: &mut BTreeMap<Slug, RoleGrants>,
    above: &mut Vec<Slug>,
    conflicts: &mut Vec<Conflict>,
) -> RoleGrants {
    if let Some(done) = computed.get(role) {
        return done.clone();
    }
    let mut grants = own.get(role).cloned().unwrap_or_default();
    if above.contains(role) {
        return grants;
    }
    above.push(role.clone());
    let mut inherited: BTreeMap<Subject, Vec<Held>> = BTreeMap::new();
    for parent in model.roles.get(role).map(|role| role.inherits.as_slice()).unwrap_or_default() {
        for (subject, held) in resolve(model, own, parent.slug(), computed, above, conflicts) {
            let entry = inherited.entry(subject).or_default();
            for held in held {
                let via: Vec<Slug> = std::iter::once(role.clone()).chain(held.via).collect();
                // One grant may arrive on several ways; the shortest proves it best.
                match entry.iter_mut().find(|other| other.slug == held.slug) {
                    Some(other) if other.via.len() > via.len() => other.via = via,
                    Some(_) => {}
                    None => entry.push(Held { slug: held.slug, via }),
                }
            }
        }
    }
    above.pop();
    for (subject, held) in inherited {
        if grants.contains_key(&subject) {
            continue;
        }
        let (_, dataset, op) = &subject;
        let changes = matches!(op, Operation::Create | Operation::Update | Operation::Delete | Operation::Share);
        if changes && !agree(model, &held) {
            conflicts.push(Conflict {
                role: role.clone(),
                op: *op,
                dataset: dataset.clone(),
                grants: held.into_iter().map(|held| held.slug).collect(),
            });
            continue;
        }
        grants.insert(subject, held);
    }
    // Inside of a circle the answer depends on where it was entered; only whole answers are kept.
    if above.is_empty() || !in_circle(model, role) {
        computed.insert(role.clone(), grants.clone());
    }
    grants
}

/// Whether a role inherits from itself.
fn in_circle(model: &Model, role: &Slug) -> bool {
    let mut seen: BTreeSet<&Slug> = BTreeSet::new();
    let mut queue: Vec<&Slug> = vec![role];
    while let Some(next) = queue.pop() {
        for parent in model.roles.get(next).map(|role| role.inherits.as_slice()).unwrap_or_default() {
            if parent.slug() == role {
                return true;
            }
            if seen.insert(parent.slug()) {
                queue.push(parent.slug());
            }
        }
    }
    false
}

/// Whether several grants say the same, but for who holds them and where they stand.
fn agree(model: &Model, held: &[Held]) -> bool {
    let mut grants = held.iter().filter_map(|held| model.grants.get(&held.slug)).map(|grant| {
        let mut said = grant.clone();
        said.role = Default::default();
        said.source = None;
        said.title = Default::default();
        said.notes = Default::default();
        said
    });
    let Some(first) = grants.next() else { return true };
    grants.all(|other| other == first)
}

fn fact(slug: &Slug, grant: &Grant, via: Vec<Slug>) -> Option<Fact> {
    Some(Fact {
        role: grant.role.slug().clone(),
        endpoint: grant.endpoint.slug().clone(),
        op: grant.op?,
        dataset: grant.dataset.as_ref().map(|link| link.slug().clone()),
        fields: grant.fields.clone(),
        rows: grant.rows.clone(),
        limit: grant.limit,
        aggregates: grant.aggregates,
        certainty: grant.certainty.unwrap_or(Certainty::Declared),
        via,
        way: if grant.root == Some(false) { Way::Blocked } else { Way::Direct },
        grant: slug.clone(),
        source: grant.source.clone(),
    })
}

/// Finds how one role gets at each dataset that it may read but not ask for: breadth first over relations, starting
/// from everything that it may ask for. A relation can be followed only to a dataset that the role may read.
fn find_ways(model: &Model, facts: &mut [Fact]) {
    let readable: BTreeSet<(Slug, Slug)> = facts
        .iter()
        .filter(|fact| fact.op == Operation::Read)
        .filter_map(|fact| Some((fact.endpoint.clone(), fact.dataset.clone()?)))
        .collect();
    let closed = facts.iter().any(|fact| fact.way == Way::Blocked);
    if !closed {
        return;
    }
    let mut ways: BTreeMap<(Slug, Slug), Vec<(Slug, String)>> = BTreeMap::new();
    let mut queue: VecDeque<(Slug, Slug)> = VecDeque::new();
    for fact in facts.iter().filter(|fact| fact.op == Operation::Read && fact.way == Way::Direct) {
        if let Some(dataset) = &fact.dataset {
            let place = (fact.endpoint.clone(), dataset.clone());
            if ways.insert(place.clone(), Vec::new()).is_none() {
                queue.push_back(place);
            }
        }
    }
    while let Some((endpoint, dataset)) = queue.pop_front() {
        let path = ways.get(&(endpoint.clone(), dataset.clone())).cloned().unwrap_or_default();
        let relations = model.datasets.get(&dataset).map(|dataset| &dataset.relations);
        for (name, relation) in relations.into_iter().flatten() {
            let place = (endpoint.clone(), relation.to.slug().clone());
            if readable.contains(&place) && !ways.contains_key(&place) {
                let mut longer = path.clone();
                longer.push((dataset.clone(), name.to_string()));
                ways.insert(place.clone(), longer);
                queue.push_back(place);
            }
        }
    }
    for fact in facts.iter_mut().filter(|fact| fact.way == Way::Blocked) {
        let Some(dataset) = &fact.dataset else { continue };
        match ways.get(&(fact.endpoint.clone(), dataset.clone())) {
            // Another grant opens the way in; the ways in of all parents count together.
            Some(path) if path.is_empty() => fact.way = Way::Direct,
            Some(path) => fact.way = Way::Through(path.clone()),
            None => {}
        }
    }
}

fn sort(facts: &mut [Fact]) {
    facts.sort_by(|a, b| {
        (&a.role, &a.dataset, a.op, &a.endpoint, &a.grant).cmp(&(&b.role, &b.dataset, b.op, &b.endpoint, &b.grant))
    });
}

//! Effective access: what each role can do at each endpoint with each dataset, and the path that proves it.
//!
//! Declared grants are only the start. A role has what the roles above it have, unless it has a grant of its own for
//! the same dataset and operation; and a dataset without a direct way in is reached through the relations of a dataset
//! that the role may read. The semantics are those of Hasura's inherited roles: a grant of the role itself overrides;
//! reads are the union of the parents' reads, row by row and cell by cell, so each parent's grant stays a fact of its
//! own; calls are inherited from any parent; changes are inherited only where the parents that may make them agree,
//! as far as they are known (what only some of them know is unknown), since the platform refuses to choose (hasura/graphql-engine, `Hasura/RQL/Types/Roles/Internal.hs`).

use super::hash::FastMap;
use crate::model::access::{Grant, Role};
use crate::model::data::{Dataset, Relation};
use crate::model::facts::{Certainty, Fields, Limit, Operation, PostCheck, Rows, Source};
use crate::model::graph::{MAX_NESTING, groups, inheritance};
use crate::model::reference::RoleLink;
use crate::model::text::Text;
use crate::model::{Element, ElementId, Model, Section, Slug};
use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

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
    /// What is checked of a row after it was written.
    pub post_check: Option<PostCheck>,
    /// Fields that the platform sets by itself.
    pub presets: Vec<Text>,
    /// Whether only a backend that holds the platform's secret can use it.
    pub backend_only: Option<bool>,
    /// How sure; absent means that nobody said.
    pub certainty: Option<Certainty>,
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
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Access {
    /// The facts, by role, dataset and operation.
    pub facts: Vec<Arc<Fact>>,
    /// What is not granted since parents disagree.
    pub conflicts: Vec<Conflict>,
}

impl Access {
    /// The facts, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter().map(|fact| &**fact)
    }
}

/// The declared grants alone, as facts.
pub fn direct(model: &Model) -> Access {
    let mut facts: Vec<Fact> =
        model.grants.iter().filter_map(|(slug, grant)| fact(slug, grant, vec![grant.role.slug().clone()])).collect();
    sort(&mut facts);
    Access { facts: facts.into_iter().map(Arc::new).collect(), conflicts: Vec::new() }
}

/// What every role can do once inheritance and relations are followed.
pub fn effective(model: &Model) -> Access {
    effective_on(model, &|_| true)
}

/// What every role can do after edits, from what it could do before them: the same as [`effective`] gives. Where they
/// touch nothing on which access depends it is what it was; where they touch grants alone, what these are about is worked
/// out again, and nothing else.
pub fn effective_after(
    model: &Model,
    access: &Arc<Access>,
    before: &BTreeMap<ElementId, Option<Element>>,
) -> Arc<Access> {
    let mut touched: FastMap<Subject, ()> = FastMap::default();
    for (id, then) in before {
        match id.section {
            // Whoever inherits from a role may have other facts.
            Section::Roles => {
                let then = then.as_ref().and_then(Role::of).map(|role| role.inherits.as_slice());
                if then.unwrap_or_default() != parents(model, id.slug.as_str()) {
                    return Arc::new(effective(model));
                }
            }
            Section::Grants => {
                let then = then.as_ref().and_then(Grant::of);
                let subjects = then.into_iter().chain(model.grants.get(&id.slug)).filter_map(subject_of);
                touched.extend(subjects.map(|subject| (subject, ())));
            }
            _ => {}
        }
    }
    let is_about_data = before.keys().any(|id| id.section == Section::Datasets);
    if touched.is_empty() && !is_about_data {
        return access.clone();
    }
    // Where some grants have no way in of their own, another grant or a relation may open or close one to them.
    let was_closed = access.facts.iter().any(|fact| fact.way != Way::Direct);
    let is_closed = || model.grants.values().any(|grant| grant.root == Some(false));
    if was_closed || is_closed() {
        let is_same = touched.is_empty() && !before.iter().any(|(id, then)| joins_otherwise(model, id, then.as_ref()));
        return if is_same { access.clone() } else { Arc::new(effective(model)) };
    }
    if touched.is_empty() {
        return access.clone();
    }
    if !access.conflicts.is_empty() {
        return Arc::new(effective(model));
    }
    let again = effective_on(model, &|subject| touched.contains_key(subject));
    if !again.conflicts.is_empty() {
        return Arc::new(effective(model));
    }
    let is_touched = |fact: &Fact| touched.contains_key(&(&fact.endpoint, fact.dataset.as_ref(), fact.op));
    let kept = access.facts.iter().filter(|fact| !is_touched(fact)).cloned();
    let mut facts: Vec<Arc<Fact>> = kept.chain(again.facts).collect();
    // Two sorted lists in a row, which the sort notices.
    sort(&mut facts);
    Arc::new(Access { facts, conflicts: Vec::new() })
}

/// Whether a dataset has other relations than before.
fn joins_otherwise(model: &Model, id: &ElementId, then: Option<&Element>) -> bool {
    let then = then.and_then(Dataset::of).map(|dataset| &dataset.relations);
    let now = model.datasets.get(&id.slug).map(|dataset| &dataset.relations);
    let joins = |relations: &&BTreeMap<Text, Relation>| !relations.is_empty();
    id.section == Section::Datasets && then.filter(joins) != now.filter(joins)
}

/// Effective access as far as it is about what is wanted. Ways through relations are right where everything is.
fn effective_on(model: &Model, is_wanted: &dyn Fn(&Subject<'_>) -> bool) -> Access {
    let mut access = Access::default();
    let mut holdings = own_grants(model, is_wanted);
    inherit(model, &mut holdings, &mut access.conflicts);
    for (role, grants) in &holdings {
        let mut facts: Vec<Fact> = grants
            .values()
            .flatten()
            .filter_map(|held| fact(&held.slug, &held.grant, held.via.clone()))
            .map(|found| Fact { role: role.clone(), ..found })
            .collect();
        find_ways(model, &mut facts);
        access.facts.extend(facts.into_iter().map(Arc::new));
    }
    sort(&mut access.facts);
    access.conflicts.sort_by(|a, b| (&a.role, &a.dataset, a.op).cmp(&(&b.role, &b.dataset, b.op)));
    access.conflicts.dedup();
    access
}

/// What a grant is about: endpoint, dataset and operation.
type Subject<'a> = (&'a Slug, Option<&'a Slug>, Operation);

fn subject_of(grant: &Grant) -> Option<Subject<'_>> {
    Some((grant.endpoint.slug(), grant.dataset.as_ref().map(|link| link.slug()), grant.op?))
}

/// A grant that a role holds, and through whom.
#[derive(Debug, Clone)]
struct Held<'a> {
    slug: Slug,
    via: Vec<Slug>,
    /// What it says, as far as that is known: parents that agree may know different parts of it.
    grant: Cow<'a, Grant>,
}

type RoleGrants<'a> = BTreeMap<Subject<'a>, Vec<Held<'a>>>;

/// What each role is granted itself; every role has an entry.
fn own_grants<'m>(model: &'m Model, is_wanted: &dyn Fn(&Subject<'_>) -> bool) -> BTreeMap<Slug, RoleGrants<'m>> {
    let mut own: BTreeMap<Slug, RoleGrants> = model.roles.keys().map(|role| (role.clone(), BTreeMap::new())).collect();
    for (slug, grant) in &model.grants {
        let Some(subject) = subject_of(grant).filter(is_wanted) else { continue };
        let role = grant.role.slug().clone();
        let held = Held { slug: slug.clone(), via: vec![role.clone()], grant: Cow::Borrowed(grant) };
        own.entry(role).or_default().entry(subject).or_default().push(held);
    }
    own
}

/// Of roles that all inherit from one another, which is an error, each has what so many of them have.
const MAX_CIRCLE: usize = 256;

/// Adds to what each role holds what it inherits. Roles come behind those from which they inherit, so that each is
/// looked at once; the members of a circle have what all of them have, and what they inherit from outside of it.
fn inherit(model: &Model, holdings: &mut BTreeMap<Slug, RoleGrants<'_>>, conflicts: &mut Vec<Conflict>) {
    for group in groups(inheritance(model)) {
        let members: BTreeSet<&str> = group.iter().copied().collect();
        // Within a circle nobody's inheritance counts before everybody's is known.
        let mut inherited = Vec::new();
        for role in &group {
            let grants = if members.len() > 1 {
                from_circle(model, holdings, role, &members)
            } else {
                from_parents(model, holdings, role, &members)
            };
            inherited.push((*role, grants));
        }
        for (role, grants) in inherited {
            let Ok(role) = Slug::new(role) else { continue };
            settle(holdings.entry(role.clone()).or_default(), &role, grants, conflicts);
        }
    }
}

fn parents<'a>(model: &'a Model, role: &str) -> &'a [RoleLink] {
    model.roles.get(role).map(|role| role.inherits.as_slice()).unwrap_or_default()
}

/// What may be inherited, each grant by the shortest way on which it comes.
type Inherited<'a> = BTreeMap<Subject<'a>, BTreeMap<Slug, Held<'a>>>;

fn offer<'a>(inherited: &mut Inherited<'a>, grants: &RoleGrants<'a>, before: &[Slug]) {
    for (subject, held) in grants {
        for held in held.iter().filter(|held| held.via.len() + before.len() <= MAX_NESTING) {
            let entry = inherited.entry(*subject).or_default();
            let length = before.len() + held.via.len();
            if entry.get(&held.slug).is_none_or(|other| other.via.len() > length) {
                let via = before.iter().chain(&held.via).cloned().collect();
                entry.insert(held.slug.clone(), Held { via, ..held.clone() });
            }
        }
    }
}

fn from_parents<'a>(
    model: &Model,
    holdings: &BTreeMap<Slug, RoleGrants<'a>>,
    role: &str,
    members: &BTreeSet<&str>,
) -> Inherited<'a> {
    let mut inherited = Inherited::new();
    let Ok(own) = Slug::new(role) else { return inherited };
    for parent in parents(model, role).iter().filter(|parent| !members.contains(parent.slug().as_str())) {
        if let Some(grants) = holdings.get(parent.slug()) {
            offer(&mut inherited, grants, std::slice::from_ref(&own));
        }
    }
    inherited
}

/// What a member of a circle inherits: breadth first over the others, the nearest first.
fn from_circle<'a>(
    model: &Model,
    holdings: &BTreeMap<Slug, RoleGrants<'a>>,
    role: &str,
    members: &BTreeSet<&str>,
) -> Inherited<'a> {
    let mut inherited = Inherited::new();
    let Ok(own) = Slug::new(role) else { return inherited };
    let mut seen: BTreeSet<Slug> = BTreeSet::from([own.clone()]);
    let mut queue: VecDeque<Vec<Slug>> = VecDeque::from([vec![own]]);
    while let Some(way) = queue.pop_front() {
        let Some(here) = way.last() else { continue };
        for parent in parents(model, here.as_str()).iter().map(RoleLink::slug) {
            let inside = members.contains(parent.as_str());
            if inside && (seen.len() >= MAX_CIRCLE || way.len() >= MAX_NESTING || !seen.insert(parent.clone())) {
                continue;
            }
            if let Some(grants) = holdings.get(parent) {
                offer(&mut inherited, grants, &way);
            }
            if inside {
                queue.push_back(way.iter().chain([parent]).cloned().collect());
            }
        }
    }
    inherited
}

/// Puts what is inherited beside what a role holds itself, which overrides; changes on which parents disagree are told.
fn settle<'a>(grants: &mut RoleGrants<'a>, role: &Slug, inherited: Inherited<'a>, conflicts: &mut Vec<Conflict>) {
    for (subject, held) in inherited {
        if grants.contains_key(&subject) {
            continue;
        }
        let (_, dataset, op) = &subject;
        let changes = matches!(op, Operation::Create | Operation::Update | Operation::Delete | Operation::Share);
        let mut held: Vec<Held> = held.into_values().collect();
        if changes {
            match agree(&held) {
                Agreement::Full => {}
                Agreement::Partly(grant) => {
                    held.sort_by_key(|held| held.via.len());
                    held.truncate(1);
                    held.iter_mut().for_each(|held| held.grant = Cow::Owned((*grant).clone()));
                }
                Agreement::No => {
                    conflicts.push(Conflict {
                        role: role.clone(),
                        op: *op,
                        dataset: dataset.cloned(),
                        grants: held.into_iter().map(|held| held.slug).collect(),
                    });
                    continue;
                }
            }
        }
        grants.insert(subject, held);
    }
}

/// Whether several grants say the same.
enum Agreement {
    /// They do.
    Full,
    /// They do as far as all of them are known: this is what they agree on, the rest unknown.
    Partly(Box<Grant>),
    /// They do not.
    No,
}

/// Compares what the platform compares. Who holds a grant, where it stands and what people call it does not matter;
/// what is unknown on one side may be the same.
fn agree(held: &[Held<'_>]) -> Agreement {
    let Some((first, others)) = held.split_first() else { return Agreement::Full };
    let mut known = (*first.grant).clone();
    let mut partly = false;
    for other in others.iter().map(|held| &*held.grant) {
        let sorted = |names: &[Text]| names.iter().cloned().collect::<BTreeSet<Text>>();
        let same = common(&mut known.fields, &other.fields, &mut partly, same_fields)
            & common(&mut known.rows, &other.rows, &mut partly, Rows::eq)
            & common(&mut known.post_check, &other.post_check, &mut partly, PartialEq::eq)
            & common(&mut known.limit, &other.limit, &mut partly, PartialEq::eq)
            & common(&mut known.aggregates, &other.aggregates, &mut partly, PartialEq::eq)
            & common(&mut known.root, &other.root, &mut partly, PartialEq::eq)
            & common(&mut known.backend_only, &other.backend_only, &mut partly, PartialEq::eq);
        let lists = sorted(&known.presets) == sorted(&other.presets)
            && sorted(&known.root_fields) == sorted(&other.root_fields);
        if !same || !lists {
            return Agreement::No;
        }
    }
    if partly { Agreement::Partly(Box::new(known)) } else { Agreement::Full }
}

/// Whether two values may be the same; what only one side knows becomes unknown.
fn common<T>(known: &mut Option<T>, other: &Option<T>, partly: &mut bool, same: fn(&T, &T) -> bool) -> bool {
    match (&known, other) {
        (None, None) => true,
        (Some(one), Some(other)) => same(one, other),
        _ => {
            *partly = true;
            *known = None;
            true
        }
    }
}

/// The order of a list of fields says nothing.
fn same_fields(one: &Fields, other: &Fields) -> bool {
    match (one, other) {
        (Fields::Only(one), Fields::Only(other)) => {
            one.iter().collect::<BTreeSet<_>>() == other.iter().collect::<BTreeSet<_>>()
        }
        _ => one == other,
    }
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
        post_check: grant.post_check.clone(),
        presets: grant.presets.clone(),
        backend_only: grant.backend_only,
        certainty: grant.certainty,
        via,
        way: if grant.root == Some(false) { Way::Blocked } else { Way::Direct },
        grant: slug.clone(),
        source: grant.source.clone(),
    })
}

/// Finds how one role gets at each dataset that it may read but not ask for: breadth first over relations, starting
/// from everything that it may ask for. A relation can be followed only to a dataset that the role may read.
fn find_ways(model: &Model, facts: &mut [Fact]) {
    if !facts.iter().any(|fact| fact.way == Way::Blocked) {
        return;
    }
    let readable: BTreeSet<(Slug, Slug)> = facts
        .iter()
        .filter(|fact| fact.op == Operation::Read)
        .filter_map(|fact| Some((fact.endpoint.clone(), fact.dataset.clone()?)))
        .collect();
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

fn sort<F: Borrow<Fact>>(facts: &mut [F]) {
    facts.sort_by(|a, b| order(a.borrow(), b.borrow()));
}

/// The order of facts; no two are equal in it, since a role comes by a grant once.
pub(super) fn order(a: &Fact, b: &Fact) -> Ordering {
    (&a.role, &a.dataset, a.op, &a.endpoint, &a.grant).cmp(&(&b.role, &b.dataset, b.op, &b.endpoint, &b.grant))
}

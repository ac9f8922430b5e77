//! Containment: what a team does against an attacker, and what that changes in a copy of the model.
//!
//! A containment is a verb and an element. What it does to a model is written here and nowhere else; the model that a team
//! keeps is never touched. What a containment changes nothing at is said so: the model knows of no such secret, or the
//! endpoint is gone already.

use super::binding::Found;
use crate::library::located::Name;
use crate::model::access::{Grant, RoleKind};
use crate::model::facts::Rows;
use crate::model::reference::Target;
use crate::model::text::{Text, nearest};
use crate::model::topology::{Authentication, Stage};
use crate::model::{ElementId, Model, Section, Slug};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

macro_rules! verbs {
    ($( $verb:ident $word:literal [$($section:ident),+] $doc:literal; )*) => {
        /// What is done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Verb { $( #[doc = $doc] $verb ),* }

        impl Verb {
            /// Every verb.
            pub const ALL: &'static [Verb] = &[$( Verb::$verb ),*];

            /// As people type and read it.
            pub fn word(self) -> &'static str {
                match self { $( Verb::$verb => $word ),* }
            }

            /// To what it can be done; of an exposure the first of these that it has.
            pub fn sections(self) -> &'static [Section] {
                match self { $( Verb::$verb => &[$( Section::$section ),+] ),* }
            }

            /// What it is, in a sentence.
            pub fn doc(self) -> &'static str {
                match self { $( Verb::$verb => $doc ),* }
            }
        }
    };
}

verbs! {
    Disable "disable" [Endpoints] "The endpoint answers nobody any more.";
    Close "close" [Endpoints] "The endpoint answers nobody who has not signed in.";
    Revoke "revoke" [Grants, Parties, Datasets, Roles] "A grant is taken away, all grants on data, all that a role may do, or the access of a party.";
    Restrict "restrict" [Grants, Datasets] "A grant, or every grant on data, hands out own rows only.";
    Cut "cut" [Flows] "A flow is cut.";
    Isolate "isolate" [Services] "A service is cut off: its endpoints answer nobody, and no flow reaches or leaves it.";
    Rotate "rotate" [Services, Endpoints, Platforms, Roles, Actors] "Secrets and sessions are made anew: what the attacker held by an old one it holds no more.";
    Suspend "suspend" [Roles, Actors] "The accounts of a role are shut, or an actor has no account any more.";
    Challenge "challenge" [Roles] "A role asks for a second factor.";
}

impl Verb {
    /// The verb of a word.
    pub fn of(word: &str) -> Option<Verb> {
        Verb::ALL.iter().copied().find(|verb| verb.word() == word)
    }
}

/// A verb and an element.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Containment {
    /// What is done.
    pub does: Verb,
    /// To which element, as any link: `booking-page`, `grants:all-rows`.
    pub to: Text,
}

impl fmt::Display for Containment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.does.word(), self.to)
    }
}

/// A containment as a scenario writes it: of what a query finds in a model.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// What is done.
    pub does: Verb,
    /// The query that finds to what.
    pub to: Name,
    /// To every place that fits, rather than to the chosen one.
    #[serde(default)]
    pub all: bool,
}

/// The most elements to which one planned containment is done: what comes from a file is bounded.
const MOST: usize = 200;

impl Planned {
    /// What it comes to in a model, from what its query found.
    pub fn resolve(&self, found: &Found) -> Vec<Containment> {
        let elements = if self.all { &found.every } else { &found.elements };
        let wanted = self.does.sections().iter().find(|section| elements.iter().any(|id| id.section == **section));
        let mut to: Vec<Text> = elements
            .iter()
            .filter(|id| wanted == Some(&id.section))
            .take(MOST)
            .map(|id| Text::from(id.any_link()))
            .collect();
        to.sort();
        to.dedup();
        to.into_iter().map(|to| Containment { does: self.does, to }).collect()
    }
}

impl Containment {
    /// The element to which it is done, or why there is none in a model.
    pub fn target(&self, model: &Model) -> Result<ElementId, String> {
        let (word, to) = (self.does.word(), self.to.as_str());
        let sections = self.does.sections();
        let nouns = || sections.iter().map(|section| section.noun()).collect::<Vec<_>>().join(", ");
        // Where a verb takes elements of one kind alone, its slug is enough.
        let only = match sections {
            [only] => Slug::new(to).ok().filter(|slug| model.has(*only, slug.as_str())),
            _ => None,
        };
        if let (Some(slug), [only]) = (only, sections) {
            return Ok(ElementId::new(*only, slug));
        }
        match model.resolve(Target::Any, to) {
            Some(id) if sections.contains(&id.section) => Ok(id),
            Some(id) => Err(format!("`{to}` is a {}; {word} takes: {}", id.section.noun(), nouns())),
            None => {
                // People leave the section out: what they meant is found by the slug, too.
                let ids =
                    |section: Section| model.slugs(section).map(move |slug| ElementId::new(section, slug.clone()));
                let known: Vec<ElementId> = sections.iter().copied().flat_map(ids).collect();
                let links: Vec<String> = known.iter().map(ElementId::any_link).collect();
                let slugs = known.iter().map(|id| id.slug.as_str());
                let meant = nearest(to, slugs.chain(links.iter().map(String::as_str)));
                let meant = meant.and_then(|meant| {
                    let at = known.iter().position(|id| id.slug.as_str() == meant || id.any_link() == meant)?;
                    links.get(at)
                });
                let hint = meant
                    .map_or_else(|| format!("{word} takes: {}", nouns()), |meant| format!("did you mean `{meant}`?"));
                Err(format!("the model has no `{to}`: {hint}"))
            }
        }
    }

    /// Does it to a model; `held` are the elements that the attacker has by a secret, a token or a session. Says whether
    /// anything changed.
    pub fn apply(&self, model: &mut Model, held: &mut Vec<ElementId>) -> bool {
        let Ok(id) = self.target(model) else { return false };
        let before = held.len();
        let slug = &id.slug;
        let changed = match self.does {
            Verb::Disable => disable(model, slug),
            Verb::Close => close(model, slug),
            Verb::Revoke => revoke(model, &id),
            Verb::Restrict => restrict(model, &id),
            Verb::Cut => model.flows.remove(slug).is_some(),
            Verb::Isolate => isolate(model, slug),
            Verb::Rotate => {
                held.retain(|has| *has != id);
                rotate(model, &id)
            }
            Verb::Suspend => {
                held.retain(|has| *has != id);
                suspend(model, &id)
            }
            Verb::Challenge => model.roles.get_mut(slug).is_some_and(|role| role.mfa.replace(true) != Some(true)),
        };
        changed || held.len() < before
    }
}

/// What answers nobody carries nothing, either.
fn disable(model: &mut Model, slug: &Slug) -> bool {
    let Some(endpoint) = model.endpoints.get_mut(slug) else { return false };
    let was_up = endpoint.stage.replace(Stage::Retired) != Some(Stage::Retired);
    model.flows.retain(|_, flow| flow.from.slug() != slug && flow.to.slug() != slug);
    was_up
}

/// Nobody gets an answer who has not signed in: neither without a role, nor with one that nobody has to prove.
fn close(model: &mut Model, slug: &Slug) -> bool {
    let unproven: BTreeSet<Slug> = model
        .roles
        .iter()
        .filter(|(_, role)| role.kind == Some(RoleKind::Anonymous))
        .map(|(slug, _)| slug.clone())
        .chain(model.platforms.values().filter_map(|platform| Some(platform.unauthenticated_role.as_ref()?.0.clone())))
        .collect();
    let Some(endpoint) = model.endpoints.get_mut(slug) else { return false };
    let was_open = endpoint.authentication.is_none_or(|known| known == Authentication::NoAuth);
    if was_open {
        endpoint.authentication = Some(Authentication::Session);
    }
    let before = model.grants.len();
    model.grants.retain(|_, grant| grant.endpoint.slug() != slug || !unproven.contains(grant.role.slug()));
    was_open || model.grants.len() < before
}

fn revoke(model: &mut Model, id: &ElementId) -> bool {
    let slug = &id.slug;
    let before = model.grants.len();
    match id.section {
        Section::Grants => drop(model.grants.remove(slug)),
        Section::Datasets => {
            model.grants.retain(|_, grant| grant.dataset.as_ref().is_none_or(|data| data.slug() != slug));
        }
        Section::Roles => {
            model.grants.retain(|_, grant| grant.role.slug() != slug);
            let inherits = model.roles.get_mut(slug).map(|role| std::mem::take(&mut role.inherits));
            return inherits.is_some_and(|links| !links.is_empty()) || model.grants.len() < before;
        }
        Section::Parties => return revoke_party(model, slug),
        _ => {}
    }
    model.grants.len() < before
}

/// A party runs nothing for us any more, and its people and systems have no roles.
fn revoke_party(model: &mut Model, slug: &Slug) -> bool {
    let mut changed = false;
    for actor in model.actors.values_mut().filter(|actor| actor.party.as_ref().is_some_and(|p| p.slug() == slug)) {
        actor.roles.clear();
        actor.party = None;
        changed = true;
    }
    let services = model.services.values_mut().map(|service| &mut service.party);
    let boundaries = model.boundaries.values_mut().map(|boundary| &mut boundary.party);
    for party in services.chain(boundaries).filter(|party| party.as_ref().is_some_and(|p| p.slug() == slug)) {
        *party = None;
        changed = true;
    }
    changed
}

fn restrict(model: &mut Model, id: &ElementId) -> bool {
    let mut changed = false;
    for (slug, grant) in &mut model.grants {
        let is_meant = match id.section {
            Section::Grants => *slug == id.slug,
            _ => grant.dataset.as_ref().is_some_and(|data| *data.slug() == id.slug),
        };
        let is_narrow = grant.rows.as_ref().is_some_and(|rows| rows.is_session_bound() || *rows == Rows::Nobody);
        if is_meant && !is_narrow {
            grant.rows = Some(Rows::Predicate { text: "own rows only".into(), session_bound: true });
            changed = true;
        }
    }
    changed
}

fn isolate(model: &mut Model, slug: &Slug) -> bool {
    let mut ends = BTreeSet::from([slug.clone()]);
    let mut changed = false;
    for (own, endpoint) in &mut model.endpoints {
        if endpoint.service.as_ref().is_some_and(|service| service.slug() == slug) {
            ends.insert(own.clone());
            changed |= endpoint.stage.replace(Stage::Retired) != Some(Stage::Retired);
        }
    }
    let before = model.flows.len();
    model.flows.retain(|_, flow| !ends.contains(flow.from.slug()) && !ends.contains(flow.to.slug()));
    changed || model.flows.len() < before
}

/// Secrets that stand in files open nothing any more. What the attacker holds is not in the model.
fn rotate(model: &mut Model, id: &ElementId) -> bool {
    let slug = &id.slug;
    let emptied = |secrets: Option<&mut Vec<_>>| secrets.is_some_and(|known| !std::mem::take(known).is_empty());
    match id.section {
        Section::Services => emptied(model.services.get_mut(slug).map(|service| &mut service.literal_secrets)),
        Section::Endpoints => emptied(model.endpoints.get_mut(slug).map(|endpoint| &mut endpoint.literal_secrets)),
        Section::Platforms => {
            model.platforms.get_mut(slug).is_some_and(|platform| platform.admin_secret_set.replace(true) == Some(false))
        }
        _ => false,
    }
}

/// Nobody holds the role any more. Roles that inherit from it keep what they had by it.
fn suspend(model: &mut Model, id: &ElementId) -> bool {
    if id.section == Section::Actors {
        return model.actors.get_mut(&id.slug).is_some_and(|actor| !std::mem::take(&mut actor.roles).is_empty());
    }
    let gone = &id.slug;
    let Some(role) = model.roles.remove(gone) else { return false };
    let own = model.grants.iter().filter(|(_, grant)| grant.role.slug() == gone);
    let own: Vec<(Slug, Grant)> = own.map(|(slug, grant)| (slug.clone(), grant.clone())).collect();
    model.grants.retain(|_, grant| grant.role.slug() != gone);
    for (heir, heir_role) in model.roles.iter_mut().filter(|(_, r)| r.inherits.iter().any(|link| link.slug() == gone)) {
        heir_role.inherits.retain(|link| link.slug() != gone);
        for link in &role.inherits {
            if !heir_role.inherits.contains(link) {
                heir_role.inherits.push(link.clone());
            }
        }
        // A grant of its own overrides one that is inherited, as it did before.
        let overrides: BTreeSet<_> = model
            .grants
            .values()
            .filter(|known| known.role.slug() == heir)
            .map(|known| (known.dataset.clone(), known.op))
            .collect();
        for (slug, grant) in own.iter().filter(|(_, grant)| !overrides.contains(&(grant.dataset.clone(), grant.op))) {
            let name = Slug::from_title(&format!("{slug}-{heir}"), "grant");
            let name = name.free(|slug| model.grants.contains_key(slug));
            model.grants.insert(name, Grant { role: heir.clone().into(), ..grant.clone() });
        }
    }
    let links = model.actors.values_mut().map(|actor| &mut actor.roles);
    let attackers = model.attackers.values_mut().map(|attacker| &mut attacker.roles);
    links.chain(attackers).for_each(|roles| roles.retain(|link| link.slug() != gone));
    for platform in model.platforms.values_mut() {
        if platform.unauthenticated_role.as_ref().is_some_and(|link| link.slug() == gone) {
            platform.unauthenticated_role = None;
            platform.refuses_unauthenticated = Some(true);
        }
    }
    true
}

//! Where an attacker begins in a model: what it names itself, and what its way of coming in stands for here.
//!
//! A profile of the library knows no model. "Signs up" becomes the roles of people with an account, "comes as a partner"
//! the parties and what they run, and so on. Where a model does not say what something is (the kind of a role, the trust of a
//! boundary) it may be meant, and the beginning hangs on that fact. What there is nothing of in a model is told.

use super::build::{builds_on, id, missing, whole};
use super::graph::{Builder, Position};
use super::kinds::Kind;
use crate::analysis::condition::Missing;
use crate::library::attackers::Profile;
use crate::model::access::{Role, RoleKind};
use crate::model::people::PartyKind;
use crate::model::threats::{Attacker, Entry};
use crate::model::topology::Trust;
use crate::model::{ElementId, Model, Section, Slug};

/// An attacker whose ways are looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Who {
    /// Its slug in the model, or its name in the library.
    pub name: String,
    /// The element, where the model has it.
    pub own: Option<ElementId>,
    /// What is known of it.
    pub attacker: Attacker,
}

impl Who {
    /// The attackers of the model.
    pub fn of_model(model: &Model) -> Vec<Who> {
        let one = |(slug, attacker): (&Slug, &Attacker)| Who {
            name: slug.to_string(),
            own: Some(id(Section::Attackers, slug)),
            attacker: attacker.clone(),
        };
        model.attackers.iter().map(one).collect()
    }

    /// The profiles of the library that no attacker of the model was made from.
    pub fn of_library(model: &Model, profiles: &[Profile]) -> Vec<Who> {
        let taken = |name: &str| {
            model.attackers.values().any(|own| own.profile.as_ref().is_some_and(|profile| profile.as_str() == name))
        };
        let free = profiles.iter().filter(|profile| !taken(&profile.id));
        free.map(|profile| Who { name: profile.id.clone(), own: None, attacker: profile.attacker.clone() }).collect()
    }

    /// What people call it.
    pub fn title(&self) -> &str {
        if self.attacker.title.is_empty() { &self.name } else { self.attacker.title.as_str() }
    }
}

/// Adds the first steps of an attacker. Returns what of it could not be bound to the model, in sentences.
pub(super) fn bind(builder: &mut Builder<'_>, at: usize, who: &Who) -> Vec<String> {
    builder.step((Position::Start(at), Position::Anybody), Kind::HoldsRole, &[], &[], Vec::new());
    let mut first = First { builder, at, own: who.own.clone(), unbound: Vec::new(), any: false };
    first.named(&who.attacker);
    if let Some(entry) = who.attacker.entry {
        first.enter(entry);
    }
    let First { mut unbound, any, .. } = first;
    if !any && who.attacker.entry.is_none_or(|entry| entry != Entry::Anonymous) {
        unbound.push("it begins nowhere in this model but as anybody".to_owned());
    }
    if who.attacker.entry.is_none() && who.attacker.roles.is_empty() {
        unbound.push("how it comes in is unknown: say so in `entry` or `roles`".to_owned());
    }
    unbound
}

struct First<'b, 'm> {
    builder: &'b mut Builder<'m>,
    at: usize,
    own: Option<ElementId>,
    unbound: Vec<String>,
    any: bool,
}

impl First<'_, '_> {
    fn go(&mut self, to: Position, kind: Kind, proof: &[ElementId], unknown: Vec<Missing>) {
        let proof: Vec<ElementId> = self.own.iter().chain(proof).cloned().collect();
        self.builder.step((Position::Start(self.at), to), kind, &proof, &[], unknown);
        self.any = true;
    }

    /// What the model says itself.
    fn named(&mut self, attacker: &Attacker) {
        for role in &attacker.roles {
            self.go(
                Position::Role(role.slug().clone()),
                Kind::HoldsRole,
                &[id(Section::Roles, role.slug())],
                Vec::new(),
            );
        }
        for boundary in &attacker.inside {
            let proof = [id(Section::Boundaries, boundary.slug())];
            self.go(Position::Inside(boundary.slug().clone()), Kind::StandsInside, &proof, Vec::new());
        }
        for link in &attacker.controls_elements {
            let Some(node) = self.builder.model.node(link.slug().as_str()) else { continue };
            let proof = std::slice::from_ref(&node);
            if node.section == Section::Datasets {
                self.go(whole(self.builder.model, &node.slug), Kind::ControlsElement, proof, Vec::new());
                self.go(Position::Changes(node.slug.clone()), Kind::ControlsElement, proof, Vec::new());
            } else {
                self.go(Position::At(node.clone()), Kind::ControlsElement, proof, Vec::new());
            }
        }
    }

    fn enter(&mut self, entry: Entry) {
        match entry {
            Entry::Anonymous => self.outside(),
            Entry::SelfRegistered => {
                self.outside();
                self.roles("with an account that anybody can open", Kind::SignsUp, is_authenticated);
            }
            Entry::Employee => self.employee(),
            Entry::Maker => {
                self.employee();
                self.build();
                self.go(Position::Files, Kind::ReadsFiles, &[], Vec::new());
            }
            Entry::Admin => {
                self.roles("of administrators", Kind::HoldsRole, is_admin);
                self.go(Position::Files, Kind::ReadsFiles, &[], Vec::new());
            }
            Entry::Partner => self.parties(),
            Entry::Tool => self.roles("that programs take", Kind::HoldsRole, is_service),
            Entry::AccountTakeover => {
                self.outside();
                self.take_over("that people log in to", |role| is_authenticated(role).or_else(|| is_named(role)));
            }
            Entry::AdminTakeover => {
                self.outside();
                self.take_over("of administrators", is_admin);
            }
        }
    }

    fn outside(&mut self) {
        self.boundaries("is untrusted", Trust::Untrusted);
    }

    fn employee(&mut self) {
        self.roles("that are given to people by name", Kind::HoldsRole, is_named);
        self.boundaries("is our own", Trust::Internal);
    }

    fn boundaries(&mut self, what: &str, trust: Trust) {
        let model = self.builder.model;
        let mut found = false;
        for (slug, boundary) in &model.boundaries {
            let own = id(Section::Boundaries, slug);
            let unknown = match boundary.trust {
                Some(known) if known == trust => Vec::new(),
                Some(_) => continue,
                None => vec![missing(&own, "trust")],
            };
            found = true;
            self.go(Position::Inside(slug.clone()), Kind::StandsInside, &[own], unknown);
        }
        if !found {
            self.unbound.push(format!("no boundary {what}"));
        }
    }

    fn build(&mut self) {
        let model = self.builder.model;
        let mut found = false;
        for (slug, service) in &model.services {
            let own = id(Section::Services, slug);
            let Some(known) = builds_on(service.kind) else { continue };
            found = true;
            let unknown = if known { Vec::new() } else { vec![missing(&own, "kind")] };
            self.go(Position::Building(slug.clone()), Kind::MayBuild, &[own], unknown);
        }
        if !found {
            self.unbound.push("no service is a platform on which people build".to_owned());
        }
    }

    fn parties(&mut self) {
        let model = self.builder.model;
        let mut found = false;
        for (slug, party) in &model.parties {
            let own = id(Section::Parties, slug);
            let unknown = match party.kind {
                Some(PartyKind::Vendor | PartyKind::Partner | PartyKind::Processor) => Vec::new(),
                Some(PartyKind::Customer | PartyKind::Authority) => continue,
                None => vec![missing(&own, "kind")],
            };
            found = true;
            self.go(Position::Party(slug.clone()), Kind::IsParty, &[own], unknown);
        }
        if !found {
            self.unbound.push("the model has no vendor and no partner".to_owned());
        }
    }

    /// The roles of a kind; those whose kind is unknown may be.
    fn meant(&mut self, what: &str, is_meant: fn(&Role) -> Option<bool>) -> Vec<(Slug, Vec<Missing>)> {
        let model = self.builder.model;
        let meant: Vec<(Slug, Vec<Missing>)> = model
            .roles
            .iter()
            .filter_map(|(slug, role)| {
                let unknown =
                    if is_meant(role)? { Vec::new() } else { vec![missing(&id(Section::Roles, slug), "kind")] };
                Some((slug.clone(), unknown))
            })
            .collect();
        if meant.is_empty() {
            self.unbound.push(format!("the model has no roles {what}"));
        }
        meant
    }

    fn roles(&mut self, what: &str, kind: Kind, is_meant: fn(&Role) -> Option<bool>) {
        for (slug, unknown) in self.meant(what, is_meant) {
            self.go(Position::Role(slug.clone()), kind, &[id(Section::Roles, &slug)], unknown);
        }
    }

    /// Accounts of others: a second factor makes it harder, and where nobody knows of one it may be missing.
    fn take_over(&mut self, what: &str, is_meant: fn(&Role) -> Option<bool>) {
        for (slug, unknown) in self.meant(what, is_meant) {
            let role = id(Section::Roles, &slug);
            let mfa = self.builder.model.roles.get(&slug).and_then(|role| role.mfa);
            let to = Position::Role(slug);
            let proof = std::slice::from_ref(&role);
            match mfa {
                Some(true) => self.go(to, Kind::TakesOverDespiteFactor, proof, unknown),
                Some(false) => self.go(to, Kind::TakesOver, proof, unknown),
                None => {
                    self.go(to.clone(), Kind::TakesOverDespiteFactor, proof, unknown.clone());
                    let hangs = unknown.into_iter().chain([missing(&role, "mfa")]).collect();
                    self.go(to, Kind::TakesOver, proof, hangs);
                }
            }
        }
    }
}

/// Whether a role is of a kind: it is, it may be, it is not.
fn of_kind(role: &Role, kind: RoleKind) -> Option<bool> {
    match role.kind {
        Some(known) => (known == kind).then_some(true),
        None => Some(false),
    }
}

fn is_authenticated(role: &Role) -> Option<bool> {
    of_kind(role, RoleKind::Authenticated)
}

fn is_named(role: &Role) -> Option<bool> {
    if role.privileged == Some(true) { None } else { of_kind(role, RoleKind::Named) }
}

fn is_service(role: &Role) -> Option<bool> {
    of_kind(role, RoleKind::Service)
}

fn is_admin(role: &Role) -> Option<bool> {
    if role.privileged == Some(true) { Some(true) } else { of_kind(role, RoleKind::Admin) }
}

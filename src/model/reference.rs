//! References between elements: a slug that knows in which section it is looked up.

use super::document::ElementId;
use super::lookup::Fact;
use super::reflect::{Key, Kind, Step, Value, Visitor};
use super::slug::Slug;
use super::text::Text;
use serde::{Deserialize, Serialize};

/// Where a reference is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// The classification ladder.
    Class,
    /// People.
    Person,
    /// Vendors and partners.
    Party,
    /// Trust boundaries.
    Boundary,
    /// Datasets.
    Dataset,
    /// Roles.
    Role,
    /// Platforms.
    Platform,
    /// Services.
    Service,
    /// Endpoints.
    Endpoint,
    /// Grants.
    Grant,
    /// Attackers.
    Attacker,
    /// Controls.
    Control,
    /// What a flow may join: an actor, a service, an endpoint or a dataset.
    Node,
    /// What the map draws: a node by its slug, a role or a boundary as `roles:slug`, `boundaries:slug`.
    Drawn,
    /// Any element: a node by its slug, everything else as `section:slug`, for example `flows:submit`.
    Any,
}

impl Target {
    /// Every kind of reference.
    pub const ALL: [Target; 15] = [
        Target::Class,
        Target::Person,
        Target::Party,
        Target::Boundary,
        Target::Dataset,
        Target::Role,
        Target::Platform,
        Target::Service,
        Target::Endpoint,
        Target::Grant,
        Target::Attacker,
        Target::Control,
        Target::Node,
        Target::Drawn,
        Target::Any,
    ];

    /// What a message calls it.
    pub fn noun(self) -> &'static str {
        match self {
            Target::Class => "class",
            Target::Person => "person",
            Target::Party => "party",
            Target::Boundary => "boundary",
            Target::Dataset => "dataset",
            Target::Role => "role",
            Target::Platform => "platform",
            Target::Service => "service",
            Target::Endpoint => "endpoint",
            Target::Grant => "grant",
            Target::Attacker => "attacker",
            Target::Control => "control",
            Target::Node => "actor, service, endpoint or dataset",
            Target::Drawn => "element of the map",
            Target::Any => "element",
        }
    }
}

/// What is left of a value from which a reference was taken out; ordered from harmless to fatal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Forgotten {
    /// It did not refer to it.
    Nothing,
    /// It did, and can live without.
    Cleared,
    /// It did, and makes no sense without.
    Required,
}

macro_rules! links {
    ($($(#[doc = $doc:literal])+ $name:ident => $target:expr),* $(,)?) => { $(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Slug);

        impl $name {
            /// The slug that it names.
            pub fn slug(&self) -> &Slug { &self.0 }
        }

        impl From<Slug> for $name {
            fn from(slug: Slug) -> Self { $name(slug) }
        }

        impl Key for $name {
            const TARGET: Option<Target> = Some($target);

            fn name(&self) -> &str { self.0.as_str() }

            fn of_name(name: &str) -> Option<Self> { Slug::new(name).ok().map($name) }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }

        impl Value for $name {
            const KIND: Kind = Kind::Link($target);

            fn fact(&self) -> Fact<'_> { Fact::Link($target, self.0.as_str()) }

            fn visit(&self, path: &mut Vec<Step>, visit: &mut Visitor<'_>) {
                visit(path, $target, self.0.as_str());
            }

            fn forget(&mut self, target: Target, name: &str) -> Forgotten {
                if target == $target && self.0.as_str() == name { Forgotten::Required } else { Forgotten::Nothing }
            }
        }
    )* };
}

links! {
    /// A step of the classification ladder.
    ClassLink => Target::Class,
    /// A person.
    PersonLink => Target::Person,
    /// A vendor or partner.
    PartyLink => Target::Party,
    /// A trust boundary.
    BoundaryLink => Target::Boundary,
    /// A dataset.
    DatasetLink => Target::Dataset,
    /// A role.
    RoleLink => Target::Role,
    /// A platform.
    PlatformLink => Target::Platform,
    /// A service.
    ServiceLink => Target::Service,
    /// An endpoint.
    EndpointLink => Target::Endpoint,
    /// A grant.
    GrantLink => Target::Grant,
    /// An attacker profile.
    AttackerLink => Target::Attacker,
    /// A control.
    ControlLink => Target::Control,
    /// An actor, service, endpoint or dataset.
    NodeLink => Target::Node,
}

/// A reference to any element: a node by its slug, everything else as `section:slug`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AnyLink(pub Text);

impl Value for AnyLink {
    const KIND: Kind = Kind::Link(Target::Any);

    fn fact(&self) -> Fact<'_> {
        Fact::Link(Target::Any, self.0.as_str())
    }

    fn visit(&self, path: &mut Vec<Step>, visit: &mut Visitor<'_>) {
        visit(path, Target::Any, self.0.as_str());
    }

    fn forget(&mut self, target: Target, name: &str) -> Forgotten {
        if target == Target::Any && self.0.as_str() == name { Forgotten::Required } else { Forgotten::Nothing }
    }
}

/// A reference to what the map draws: a node by its slug, a role or a boundary as `section:slug`, since those may have
/// the slug of a node.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DrawnLink(pub Text);

impl DrawnLink {
    /// The reference to an element.
    pub fn of(id: &ElementId) -> DrawnLink {
        DrawnLink(Text::new(&id.any_link()))
    }

    /// Whether it is the reference to this element.
    pub fn names(&self, id: &ElementId) -> bool {
        match self.0.as_str().split_once(':') {
            None => id.section.is_node() && self.0.as_str() == id.slug.as_str(),
            Some((section, slug)) => section == id.section.name() && slug == id.slug.as_str(),
        }
    }
}

impl Key for DrawnLink {
    const TARGET: Option<Target> = Some(Target::Drawn);

    fn name(&self) -> &str {
        self.0.as_str()
    }

    fn of_name(name: &str) -> Option<Self> {
        Some(DrawnLink(Text::new(name)))
    }
}

impl Value for DrawnLink {
    const KIND: Kind = Kind::Link(Target::Drawn);

    fn fact(&self) -> Fact<'_> {
        Fact::Link(Target::Drawn, self.0.as_str())
    }

    fn visit(&self, path: &mut Vec<Step>, visit: &mut Visitor<'_>) {
        visit(path, Target::Drawn, self.0.as_str());
    }

    fn forget(&mut self, target: Target, name: &str) -> Forgotten {
        if target == Target::Drawn && self.0.as_str() == name { Forgotten::Required } else { Forgotten::Nothing }
    }
}

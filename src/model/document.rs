//! The model as a whole: its sections, and access to any element by section and slug.

use super::access::{Grant, Role};
use super::data::{Class, Dataset};
use super::governance::{Action, Change, Obligation, Parked, View};
use super::lookup::Facts;
use super::people::{Party, Person};
use super::platform::Platform;
use super::reference::Target;
use super::reflect::{FieldSpec, Kind, Reflect};
use super::slug::Slug;
use super::text::Text;
use super::threats::{Attacker, Consideration, Control, Decision, Scenario, Threat};
use super::topology::{Actor, Boundary, Endpoint, Flow, Service};
use super::wording::Wordings;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The version of the file form that this program writes, and the newest that it reads.
pub const FORMAT: u32 = 1;

macro_rules! sections {
    ($($(#[doc = $doc:literal])+ $field:ident : $variant:ident / $section:ident, $noun:literal;)*) => {
        /// The document: a title, and sections of elements by slug.
        ///
        /// Model files are read by the store, which reports every mistake with its place; this reads the tiny models
        /// that are written beside rules.
        #[derive(Debug, Clone, PartialEq, Default, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Model {
            /// What the model is called.
            pub title: Text,
            /// What it is about, in a few sentences.
            pub about: Text,
            $( $(#[doc = $doc])+ pub $field: BTreeMap<Slug, $variant>, )*
            /// How elements are to be written where the file has them otherwise.
            #[serde(skip)]
            pub wordings: Wordings,
        }

        /// A section of the model, in the order of the file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Section { $( $(#[doc = $doc])+ $section ),* }

        impl Section {
            /// Every section, in the order of the file.
            pub const ALL: &'static [Section] = &[$( Section::$section ),*];

            /// As written in the file.
            pub fn name(self) -> &'static str {
                match self { $( Section::$section => stringify!($field) ),* }
            }

            /// What one element of it is called.
            pub fn noun(self) -> &'static str {
                match self { $( Section::$section => $noun ),* }
            }

            /// What it is for, in a line.
            pub fn doc(self) -> &'static str {
                match self { $( Section::$section => concat!($($doc),+).trim_ascii() ),* }
            }

            /// The fields of its elements.
            pub fn specs(self) -> &'static [FieldSpec] {
                match self { $( Section::$section => $variant::field_specs() ),* }
            }

            /// What its elements are, as the kind of a value.
            pub fn kind(self) -> Kind {
                match self { $( Section::$section => Kind::Record($variant::field_specs) ),* }
            }

            /// An element of it that says nothing yet.
            pub fn blank(self) -> Element {
                match self { $( Section::$section => Element::$variant(Box::default()) ),* }
            }

            /// Reads an element from RON. The message is for a person.
            pub fn element_from_ron(self, ron: &str) -> Result<Element, ron::error::SpannedError> {
                let options = super::reflect::ron_options();
                Ok(match self { $( Section::$section => Element::$variant(options.from_str(ron)?) ),* })
            }
        }

        impl Section {
            /// An element of it, from whatever can be read as one.
            pub fn element_from<'de, D: serde::Deserializer<'de>>(self, from: D) -> Result<Element, D::Error> {
                use serde::Deserialize as _;
                Ok(match self { $( Section::$section => Element::$variant(Box::deserialize(from)?) ),* })
            }
        }

        /// An element of any section.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Element { $( $(#[doc = $doc])+ $variant(Box<$variant>) ),* }

        $(
            impl $variant {
                /// An element as one of these, where it is one.
                pub fn of(element: &Element) -> Option<&$variant> {
                    match element {
                        Element::$variant(inner) => Some(inner),
                        _ => None,
                    }
                }
            }
        )*

        impl Element {
            /// The section to which it belongs.
            pub fn section(&self) -> Section {
                match self { $( Element::$variant(_) => Section::$section ),* }
            }

            /// The element, asked by the names of its fields.
            pub fn reflect(&self) -> &dyn Reflect {
                match self { $( Element::$variant(inner) => inner.as_ref() ),* }
            }

            /// The element, changed by the names of its fields.
            pub fn reflect_mut(&mut self) -> &mut dyn Reflect {
                match self { $( Element::$variant(inner) => inner.as_mut() ),* }
            }

            /// The title, which may be empty.
            pub fn title(&self) -> &Text {
                match self { $( Element::$variant(inner) => &inner.title ),* }
            }

            /// The names of fields whose value somebody still has to confirm.
            pub fn assumed(&self) -> &[Text] {
                match self { $( Element::$variant(inner) => &inner.assumed ),* }
            }

            /// The names of fields that people set although the element was imported.
            pub fn by_hand(&self) -> &[Text] {
                match self { $( Element::$variant(inner) => &inner.by_hand ),* }
            }

            /// The place in the imported files that says it.
            pub fn source(&self) -> Option<&super::facts::Source> {
                match self { $( Element::$variant(inner) => inner.source.as_ref() ),* }
            }

            /// The element as RON on one line.
            pub fn to_ron(&self) -> String {
                match self { $( Element::$variant(inner) => super::reflect::to_ron(inner.as_ref()) ),* }
            }
        }

        impl Model {
            /// A copy of an element.
            pub fn element(&self, id: &ElementId) -> Option<Element> {
                match id.section { $( Section::$section => {
                    self.$field.get(&id.slug).map(|inner| Element::$variant(Box::new(inner.clone())))
                } ),* }
            }

            /// Whether another model has the same element, or has none either.
            pub fn agrees_on(&self, id: &ElementId, other: &Model) -> bool {
                match id.section { $( Section::$section => self.$field.get(&id.slug) == other.$field.get(&id.slug) ),* }
            }

            /// An element, asked by the names of its fields.
            pub fn reflect(&self, id: &ElementId) -> Option<&dyn Reflect> {
                match id.section { $( Section::$section => {
                    self.$field.get(&id.slug).map(|inner| inner as &dyn Reflect)
                } ),* }
            }

            /// An element, asked for its facts.
            pub fn facts(&self, section: Section, slug: &str) -> Option<(&Slug, &dyn Facts)> {
                match section { $( Section::$section => {
                    self.$field.get_key_value(slug).map(|(slug, inner)| (slug, inner as &dyn Facts))
                } ),* }
            }

            /// What people call an element: its title, or its slug where it has none.
            pub fn title_of<'a>(&'a self, id: &'a ElementId) -> &'a str {
                let title = match id.section {
                    $( Section::$section => self.$field.get(&id.slug).map(|inner| inner.title.as_str()) ),*
                };
                title.filter(|title| !title.is_empty()).unwrap_or(id.slug.as_str())
            }

            /// Why an element is out of scope; nothing where it is in scope.
            pub fn out_of_scope(&self, section: Section, slug: &Slug) -> Option<&Text> {
                let why = match section {
                    $( Section::$section => self.$field.get(slug).map(|inner| &inner.out_of_scope) ),*
                };
                why.filter(|why| !why.is_empty())
            }

            /// The place in the imported files that says an element.
            pub fn source_of(&self, id: &ElementId) -> Option<&super::facts::Source> {
                match id.section {
                    $( Section::$section => self.$field.get(&id.slug).and_then(|inner| inner.source.as_ref()) ),*
                }
            }

            /// Whether there is such an element.
            pub fn has(&self, section: Section, slug: &str) -> bool {
                match section { $( Section::$section => self.$field.contains_key(slug) ),* }
            }

            /// The slugs of a section, sorted.
            pub fn slugs(&self, section: Section) -> Box<dyn Iterator<Item = &Slug> + '_> {
                match section { $( Section::$section => Box::new(self.$field.keys()) ),* }
            }

            /// The elements of a section, sorted by slug, asked by the names of their fields.
            pub fn reflections(&self, section: Section) -> Box<dyn Iterator<Item = (&Slug, &dyn Reflect)> + '_> {
                match section { $( Section::$section => {
                    Box::new(self.$field.iter().map(|(slug, inner)| (slug, inner as &dyn Reflect)))
                } ),* }
            }

            /// The elements of a section, sorted by slug, asked for their facts.
            pub fn all_facts(&self, section: Section) -> Box<dyn Iterator<Item = (&Slug, &dyn Facts)> + '_> {
                match section { $( Section::$section => {
                    Box::new(self.$field.iter().map(|(slug, inner)| (slug, inner as &dyn Facts)))
                } ),* }
            }

            /// How many elements a section has.
            pub fn count(&self, section: Section) -> usize {
                match section { $( Section::$section => self.$field.len() ),* }
            }

            /// Puts an element in, or takes it out, and returns what stood there. An element of another section than
            /// `id` names is ignored.
            pub(super) fn replace(&mut self, id: &ElementId, element: Option<Element>) -> Option<Element> {
                match id.section { $( Section::$section => {
                    let before = match element {
                        Some(Element::$variant(inner)) => self.$field.insert(id.slug.clone(), *inner),
                        Some(_) => None,
                        None => self.$field.remove(&id.slug),
                    };
                    before.map(|inner| Element::$variant(Box::new(inner)))
                } ),* }
            }
        }
    };
}

sections! {
    /// The classification ladder, low to high.
    classes: Class / Classes, "class";
    /// Owners, deputies, reviewers.
    people: Person / People, "person";
    /// Vendors and partners.
    parties: Party / Parties, "party";
    /// Trust boundaries, nested.
    boundaries: Boundary / Boundaries, "boundary";
    /// Datasets and their fields.
    datasets: Dataset / Datasets, "dataset";
    /// Roles of callers.
    roles: Role / Roles, "role";
    /// People and systems outside.
    actors: Actor / Actors, "actor";
    /// Installed products, with the settings that hold for everything that runs on them.
    platforms: Platform / Platforms, "platform";
    /// What serves endpoints, gateways, jobs, connectors and workflows inside.
    services: Service / Services, "service";
    /// Where data can be asked for or changed.
    endpoints: Endpoint / Endpoints, "endpoint";
    /// The declared exposure facts: role, endpoint, operation, dataset, fields, rows.
    grants: Grant / Grants, "grant";
    /// What moves between elements.
    flows: Flow / Flows, "flow";
    /// Attacker profiles.
    attackers: Attacker / Attackers, "attacker";
    /// Abuse scenarios.
    scenarios: Scenario / Scenarios, "scenario";
    /// Mitigations and their evidence.
    controls: Control / Controls, "control";
    /// Threats that the team raised, beside those of the rules.
    threats: Threat / Threats, "threat";
    /// Categories of threats that the team looked at where it raised none.
    considered: Consideration / Considered, "consideration";
    /// What the team said of threats.
    decisions: Decision / Decisions, "decision";
    /// Changes of what is exposed.
    changes: Change / Changes, "change";
    /// Laws, standards and contracts that apply.
    obligations: Obligation / Obligations, "obligation";
    /// Follow-ups.
    actions: Action / Actions, "follow-up";
    /// What to come back to.
    parking: Parked / Parking, "parked item";
    /// How the map is laid out.
    views: View / Views, "view";
}

impl Section {
    /// The sections whose elements a flow may join; their slugs are unique together.
    pub const NODES: [Section; 4] = [Section::Actors, Section::Services, Section::Endpoints, Section::Datasets];

    /// The section of a name in a file.
    pub fn from_name(name: &str) -> Option<Section> {
        Section::ALL.iter().copied().find(|section| section.name() == name)
    }

    /// Whether its elements are drawn as boxes.
    pub fn is_node(self) -> bool {
        Section::NODES.contains(&self)
    }

    /// Whether one of its elements takes one line in the file.
    pub fn is_one_line(self) -> bool {
        matches!(self, Section::Classes | Section::Grants | Section::Flows)
    }

    /// The sections in which a kind of reference is looked up.
    pub fn of_target(target: Target) -> &'static [Section] {
        match target {
            Target::Class => &[Section::Classes],
            Target::Person => &[Section::People],
            Target::Party => &[Section::Parties],
            Target::Boundary => &[Section::Boundaries],
            Target::Dataset => &[Section::Datasets],
            Target::Role => &[Section::Roles],
            Target::Platform => &[Section::Platforms],
            Target::Service => &[Section::Services],
            Target::Endpoint => &[Section::Endpoints],
            Target::Grant => &[Section::Grants],
            Target::Attacker => &[Section::Attackers],
            Target::Control => &[Section::Controls],
            Target::Node => &Section::NODES,
            Target::Drawn => &[
                Section::Actors,
                Section::Services,
                Section::Endpoints,
                Section::Datasets,
                Section::Roles,
                Section::Boundaries,
            ],
            Target::Any => Section::ALL,
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The name of an element: its section and its slug.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId {
    /// The section.
    pub section: Section,
    /// The slug, unique in the section.
    pub slug: Slug,
}

impl ElementId {
    /// Names the element `slug` of `section`.
    pub fn new(section: Section, slug: Slug) -> ElementId {
        ElementId { section, slug }
    }

    /// As other elements refer to it where any element may be named: nodes by slug, the rest as `section:slug`.
    pub fn any_link(&self) -> String {
        if self.section.is_node() { self.slug.to_string() } else { format!("{}:{}", self.section.name(), self.slug) }
    }
}

impl fmt::Display for ElementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.section.name(), self.slug)
    }
}

impl Model {
    /// Every element's name, in the order of the file.
    pub fn ids(&self) -> impl Iterator<Item = ElementId> + '_ {
        Section::ALL.iter().flat_map(|section| self.slugs(*section).map(|slug| ElementId::new(*section, slug.clone())))
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        Section::ALL.iter().map(|section| self.count(*section)).sum()
    }

    /// The elements that another model has otherwise, or not at all, and those that it alone has.
    pub fn differences(&self, other: &Model) -> BTreeSet<ElementId> {
        self.ids().chain(other.ids()).filter(|id| !self.agrees_on(id, other)).collect()
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The name of the node with this slug.
    pub fn node(&self, slug: &str) -> Option<ElementId> {
        self.find(&Section::NODES, slug)
    }

    /// The element of one of these sections that has a name.
    fn find(&self, sections: &[Section], slug: &str) -> Option<ElementId> {
        let found = |section: &Section| Some(ElementId::new(*section, self.facts(*section, slug)?.0.clone()));
        sections.iter().find_map(found)
    }

    /// The element that a reference finds.
    pub fn resolve(&self, target: Target, reference: &str) -> Option<ElementId> {
        if matches!(target, Target::Any | Target::Drawn) {
            let may_name = |section: &Section| Section::of_target(target).contains(section);
            return match reference.split_once(':') {
                Some((section, slug)) => self.find(&[Section::from_name(section).filter(may_name)?], slug),
                None => self.node(reference),
            };
        }
        self.find(Section::of_target(target), reference)
    }
}

//! What a condition may read, told from its text: which fields of which sections, and whether exposure facts.
//!
//! An edit that changes none of it can not change an answer. More may be named here than is ever read; never less. Left out
//! is the ladder of classes: where that changes, everything is asked again.

use super::names::Key;
use super::schema::{Function, Type};
use crate::model::Section;
use std::collections::BTreeSet;

/// The name of no field: whether there is such an element.
pub(crate) const EXISTENCE: &str = "";

/// Fields of sections, and exposure facts: what a condition may read, or what an edit changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Footprint {
    /// The fields, by section.
    pub fields: BTreeSet<(Section, &'static str)>,
    /// Whether exposure facts are among it.
    pub exposures: bool,
    /// What of the model as a whole.
    pub whole: BTreeSet<Key>,
    /// Whether ways along flows and grants are.
    pub ways: bool,
}

/// What decides in which boundary an element is.
const PLACEMENT: [(Section, &str); 8] = [
    (Section::Actors, "boundary"),
    (Section::Services, "boundary"),
    (Section::Datasets, "boundary"),
    (Section::Endpoints, "boundary"),
    (Section::Endpoints, "service"),
    (Section::Services, EXISTENCE),
    (Section::Boundaries, "parent"),
    (Section::Boundaries, EXISTENCE),
];

/// What decides what serves an endpoint, and on what it runs.
const HOSTING: [(Section, &str); 6] = [
    (Section::Endpoints, "platform"),
    (Section::Endpoints, "service"),
    (Section::Endpoints, EXISTENCE),
    (Section::Services, "platform"),
    (Section::Services, EXISTENCE),
    (Section::Platforms, EXISTENCE),
];

/// What decides which classes are covered.
const CLASSES: [(Section, &str); 4] = [
    (Section::Datasets, "class"),
    (Section::Datasets, "fields"),
    (Section::Datasets, "fields_complete"),
    (Section::Datasets, EXISTENCE),
];

/// What ways along flows and grants are made of.
const WAYS: [(Section, &str); 9] = [
    (Section::Flows, "from"),
    (Section::Flows, "to"),
    (Section::Flows, EXISTENCE),
    (Section::Grants, "endpoint"),
    (Section::Grants, "dataset"),
    (Section::Grants, EXISTENCE),
    (Section::Actors, EXISTENCE),
    (Section::Services, "kind"),
    (Section::Services, EXISTENCE),
];

impl Footprint {
    /// Adds that a field of this type is read, which has the type `gives`.
    pub fn field(&mut self, of: &Type, name: &str, gives: &Type) {
        match of {
            Type::Element(section) => {
                let is_read = |own: &str| own == name || own.strip_suffix("_complete") == Some(name);
                let read = section.specs().iter().filter(|spec| is_read(spec.name));
                self.fields.extend(read.map(|spec| (*section, spec.name)));
            }
            Type::Node if name == "boundary" => self.fields.extend(PLACEMENT),
            Type::Exposure => {
                self.exposures = true;
                if matches!(name, "max_class" | "fields") {
                    self.fields.extend(CLASSES);
                }
            }
            _ => {}
        }
        self.leads_to(gives);
    }

    /// A reference that leads nowhere leads somewhere once there is such an element.
    fn leads_to(&mut self, kind: &Type) {
        match kind {
            Type::List(inner) | Type::Entry(inner) => self.leads_to(inner),
            Type::Element(section) => {
                self.fields.insert((*section, EXISTENCE));
            }
            Type::Node => self.fields.extend(Section::NODES.map(|section| (section, EXISTENCE))),
            Type::Any => self.fields.extend(Section::ALL.iter().map(|section| (*section, EXISTENCE))),
            _ => {}
        }
    }

    /// Adds what a function reads.
    pub fn call(&mut self, function: Function, gives: &Type) {
        use Function as F;
        self.leads_to(gives);
        if matches!(function, F::Exposures | F::Guards | F::Linked | F::Reaches | F::Platforms) {
            self.exposures = true;
        }
        if function == F::Exposures {
            self.whole.insert(Key::GUARDED);
        }
        if matches!(function, F::Guards | F::Controls) {
            self.fields.insert((Section::Controls, "guards"));
        }
        match function {
            F::MaxClass | F::Reaches => self.fields.extend(CLASSES),
            F::Exposures | F::Guards => {
                self.fields.extend(HOSTING);
                self.fields.extend(PLACEMENT);
            }
            F::Platforms | F::Endpoints | F::Services => self.fields.extend(HOSTING),
            F::Walls | F::Enters | F::Around => {
                self.fields.extend(PLACEMENT);
                self.fields.extend(Section::NODES.map(|section| (section, EXISTENCE)));
                self.fields.extend([(Section::Flows, "from"), (Section::Flows, "to")]);
            }
            F::FlowsFrom | F::FlowsTo => {
                self.fields.extend([(Section::Flows, "from"), (Section::Flows, "to"), (Section::Flows, EXISTENCE)]);
            }
            F::Passes | F::Avoids | F::SinglePoints => {
                self.ways = true;
                self.fields.extend(WAYS);
            }
            F::Linked => {
                self.fields.insert((Section::Datasets, "relations"));
            }
            F::Rank | F::Controls => {}
        }
    }

    /// Adds what makes the classes of what is covered.
    pub fn classes(&mut self) {
        self.fields.extend(CLASSES);
    }

    /// Adds everything of another.
    pub fn extend(&mut self, other: &Footprint) {
        self.fields.extend(&other.fields);
        self.exposures |= other.exposures;
        self.ways |= other.ways;
        self.whole.extend(&other.whole);
    }

    /// Whether something is in both.
    pub fn meets(&self, other: &Footprint) -> bool {
        (self.exposures && other.exposures) || other.fields.iter().any(|field| self.fields.contains(field))
    }
}

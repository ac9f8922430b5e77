//! What there is to read: the types of facts, taken from the declarations of the model, and the functions.

use crate::library::rule::Subject;
use crate::model::Section;
use crate::model::facts::{Certainty, Operation, Rows};
use crate::model::reference::Target;
use crate::model::reflect::{Choice, FieldSpec, Kind, Value as _};

/// The type of a term.
#[derive(Debug, Clone)]
pub enum Type {
    /// Yes or no.
    Flag,
    /// A whole number.
    Number,
    /// A text; with the names that it may have, if those are known.
    Text(Option<&'static [Choice]>),
    /// A calendar day.
    Day,
    /// Several of one type.
    List(Box<Type>),
    /// An element of a section.
    Element(Section),
    /// An actor, service, endpoint or dataset.
    Node,
    /// Any element.
    Any,
    /// A record inside of an element.
    Record(&'static [FieldSpec]),
    /// An entry of a map: its name, and its value.
    Entry(Box<Type>),
    /// A computed exposure fact.
    Exposure,
}

/// The type of what a rule is about.
pub(super) fn type_of_subject(subject: Subject) -> Type {
    subject.section().map_or(Type::Exposure, Type::Element)
}

/// A field of what a rule is about, for the documentation.
#[derive(Debug)]
pub struct FieldDoc {
    /// As a condition writes it, behind the name of the subject.
    pub name: &'static str,
    /// Its type, for people.
    pub type_of: String,
    /// What it says.
    pub doc: &'static str,
}

/// The fields of what a rule is about, in the order of the declaration.
pub fn fields(subject: Subject) -> Vec<FieldDoc> {
    let extra = |extra: &Extra| FieldDoc { name: extra.name, type_of: (extra.type_of)().described(), doc: extra.doc };
    match subject.section() {
        None => EXPOSURE.iter().map(extra).collect(),
        Some(section) => {
            let declared = section.specs().iter().map(|spec| FieldDoc {
                name: spec.name,
                type_of: type_of_kind(&spec.read).described(),
                doc: spec.doc.trim(),
            });
            std::iter::once(extra(&ID)).chain(declared).collect()
        }
    }
}

/// How a field is got at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// The fact at a place of a record; `complete` is the place and the name of the fact that says whether a list is whole.
    Fact { place: usize, complete: Option<(usize, &'static str)> },
    /// The slug of an element.
    Id,
    /// The name of the section of an element.
    Section,
    /// The boundary around a node.
    Boundary,
    /// The name of an entry.
    Name,
    /// The value of an entry.
    EntryValue,
    /// A part of an exposure fact.
    Exposure(ExposureField),
}

/// A part of an exposure fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExposureField {
    Role,
    Endpoint,
    Dataset,
    Op,
    AllFields,
    Fields,
    Rows,
    Limit,
    Aggregates,
    MaxClass,
    Inherited,
    ThroughRelations,
    Reachable,
    BackendOnly,
    PostCheck,
    Presets,
    Certainty,
}

/// A field of something that is computed or common to all elements.
pub(super) struct Extra {
    pub name: &'static str,
    pub doc: &'static str,
    pub access: Access,
    pub type_of: fn() -> Type,
}

/// What every element has beside its declared fields.
pub(super) const ID: Extra = Extra { name: "id", doc: "Its slug.", access: Access::Id, type_of: || Type::Text(None) };

/// The fields of a node of which nobody knows the section.
pub(super) const NODE: [Extra; 3] = [
    ID,
    Extra {
        name: "section",
        doc: "actors, services, endpoints or datasets.",
        access: Access::Section,
        type_of: || Type::Text(Some(&NODE_SECTIONS)),
    },
    Extra {
        name: "boundary",
        doc: "The boundary around it.",
        access: Access::Boundary,
        type_of: || Type::Element(Section::Boundaries),
    },
];

const NODE_SECTIONS: [Choice; 4] = [
    Choice { name: "actors", doc: "People and systems outside." },
    Choice { name: "services", doc: "What works inside." },
    Choice { name: "endpoints", doc: "Where data can be asked for." },
    Choice { name: "datasets", doc: "Data." },
];

macro_rules! exposure_fields {
    ($($name:literal $field:ident $doc:literal, $type_of:expr;)*) => {
        /// The fields of an exposure fact.
        pub(super) const EXPOSURE: &[Extra] = &[$( Extra {
            name: $name, doc: $doc, access: Access::Exposure(ExposureField::$field), type_of: || $type_of,
        } ),*];
    };
}

exposure_fields! {
    "role" Role "Who.", Type::Element(Section::Roles);
    "endpoint" Endpoint "Where.", Type::Element(Section::Endpoints);
    "dataset" Dataset "On which data; unknown for a call.", Type::Element(Section::Datasets);
    "op" Op "What.", Type::Text(Some(Operation::CHOICES));
    "all_fields" AllFields "Whether every field is covered, those added later included.", Type::Flag;
    "fields" Fields "The fields that are covered, as the dataset describes them.", Type::List(Box::new(Type::Entry(Box::new(
        Type::Record(crate::model::data::Field::field_specs())))));
    "rows" Rows "Which rows.", type_of_kind(&Rows::READ);
    "limit" Limit "How many rows at once.", Type::Number;
    "aggregates" Aggregates "Whether aggregates over all matching rows can be asked for.", Type::Flag;
    "max_class" MaxClass "The highest rank of what is covered; compare it with rank(...).", Type::Number;
    "inherited" Inherited "Whether the role has it from another role.", Type::Flag;
    "through_relations" ThroughRelations "Whether the data is reached through relations alone.", Type::Flag;
    "reachable" Reachable "Whether there is a way to use the grant.", Type::Flag;
    "backend_only" BackendOnly "Whether only our own back end can use it.", Type::Flag;
    "post_check" PostCheck "What is checked of a row after it was written.", type_of_kind(&crate::model::facts::PostCheck::READ);
    "presets" Presets "Fields that the platform sets by itself.", Type::List(Box::new(Type::Text(None)));
    "certainty" Certainty "How sure this is.", Type::Text(Some(Certainty::CHOICES));
}

/// The type of a kind of fact.
pub(super) fn type_of_kind(kind: &Kind) -> Type {
    match kind {
        Kind::Text | Kind::Variant(_) => Type::Text(None),
        Kind::Flag => Type::Flag,
        Kind::Number => Type::Number,
        Kind::Cell => Type::List(Box::new(Type::Number)),
        Kind::Day => Type::Day,
        Kind::Choice(choices) => Type::Text(Some(choices)),
        Kind::Optional(inner) => type_of_kind(inner),
        Kind::List(inner) => Type::List(Box::new(type_of_kind(inner))),
        Kind::Map(inner) => Type::List(Box::new(Type::Entry(Box::new(type_of_kind(inner))))),
        Kind::Record(specs) => Type::Record(specs()),
        Kind::Link(target) => match (target, Section::of_target(*target)) {
            (_, [one]) => Type::Element(*one),
            (Target::Node, _) => Type::Node,
            _ => Type::Any,
        },
    }
}

impl Type {
    /// As messages and the documentation write it.
    pub fn shown(&self) -> String {
        match self {
            Type::Flag => "yes or no".to_owned(),
            Type::Number => "number".to_owned(),
            Type::Text(None) => "text".to_owned(),
            Type::Text(Some(choices)) => {
                choices.iter().map(|choice| format!("'{}'", choice.name)).collect::<Vec<_>>().join(" | ")
            }
            Type::Day => "day".to_owned(),
            Type::List(inner) => format!("list of {}", inner.shown()),
            Type::Element(section) => section.noun().to_owned(),
            Type::Node => "node".to_owned(),
            Type::Any => "element".to_owned(),
            Type::Record(_) => "record".to_owned(),
            Type::Entry(inner) => format!("entry with a {}", inner.shown()),
            Type::Exposure => "exposure".to_owned(),
        }
    }

    /// The same, with the names of what is inside.
    fn described(&self) -> String {
        match self {
            Type::Record(_) => format!("record of {}", self.field_names().join(", ")),
            Type::Entry(inner) => match **inner {
                Type::Record(_) => format!("entry of {}", self.field_names().join(", ")),
                _ => "entry of name, value".to_owned(),
            },
            Type::List(inner) => format!("list: {}", inner.described()),
            other => other.shown(),
        }
    }

    /// Whether values of the two types can be compared.
    pub(super) fn fits(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::Flag, Type::Flag) | (Type::Number, Type::Number) | (Type::Day, Type::Day) => true,
            (Type::Text(_), Type::Text(_)) | (Type::Exposure, Type::Exposure) => true,
            (Type::List(one), Type::List(two)) => one.fits(two),
            (Type::Element(one), Type::Element(two)) => one == two,
            (Type::Node | Type::Any, other) | (other, Type::Node | Type::Any) => other.is_element(),
            _ => false,
        }
    }

    /// Whether what has this type is, or holds, an element other than a class.
    pub(super) fn leads_to_element(&self) -> bool {
        match self {
            Type::List(inner) | Type::Entry(inner) => inner.leads_to_element(),
            other => other.is_element() && !matches!(other, Type::Element(Section::Classes)),
        }
    }

    pub(super) fn is_element(&self) -> bool {
        matches!(self, Type::Element(_) | Type::Node | Type::Any)
    }

    /// The field of a name: how it is got at, and its type.
    pub(super) fn field(&self, name: &str) -> Option<(Access, Type)> {
        let extra = |extras: &[Extra]| {
            extras.iter().find(|extra| extra.name == name).map(|extra| (extra.access, (extra.type_of)()))
        };
        match self {
            Type::Element(section) => declared(section.specs(), name).or_else(|| extra(&[ID])),
            Type::Node => extra(&NODE),
            Type::Any => extra(&[ID]),
            Type::Record(specs) => declared(specs, name),
            Type::Entry(inner) => match name {
                "name" => Some((Access::Name, Type::Text(None))),
                "value" if !matches!(**inner, Type::Record(_)) => Some((Access::EntryValue, (**inner).clone())),
                name => inner.field(name),
            },
            Type::Exposure => extra(EXPOSURE),
            _ => None,
        }
    }

    /// The declared field whose fact is missing where the field of this name is unknown.
    pub(super) fn asked_for(&self, name: &str) -> Option<&'static FieldSpec> {
        match self {
            Type::Element(section) => find(section.specs(), name),
            Type::Record(specs) => find(specs, name),
            Type::Entry(inner) => inner.asked_for(name),
            Type::Exposure => {
                let name = if name == "all_fields" { "fields" } else { name };
                find(Section::Grants.specs(), name)
            }
            _ => None,
        }
    }

    /// The names of all fields.
    pub(super) fn field_names(&self) -> Vec<&'static str> {
        let names = |specs: &'static [FieldSpec]| specs.iter().map(|spec| spec.name).collect::<Vec<_>>();
        match self {
            Type::Element(section) => [names(section.specs()), vec!["id"]].concat(),
            Type::Node => NODE.iter().map(|extra| extra.name).collect(),
            Type::Any => vec!["id"],
            Type::Record(specs) => names(specs),
            Type::Entry(inner) => [vec!["name"], inner.field_names()].concat(),
            Type::Exposure => EXPOSURE.iter().map(|extra| extra.name).collect(),
            _ => Vec::new(),
        }
    }
}

fn find(specs: &'static [FieldSpec], name: &str) -> Option<&'static FieldSpec> {
    specs.iter().find(|spec| spec.name == name)
}

fn declared(specs: &'static [FieldSpec], name: &str) -> Option<(Access, Type)> {
    let place = specs.iter().position(|spec| spec.name == name)?;
    // `fields_complete` says whether `fields` is the whole list, and so for any list that has such a companion.
    let complete = specs.iter().position(|spec| spec.name.strip_suffix("_complete") == Some(name));
    let complete = complete.map(|place| (place, specs[place].name));
    Some((Access::Fact { place, complete }, type_of_kind(&specs[place].read)))
}

/// A function of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    /// The place of a class on the ladder.
    Rank,
    /// The highest rank of what a dataset holds.
    MaxClass,
    /// The exposure facts of a dataset, an endpoint or a role.
    Exposures,
    /// The boundaries that a flow crosses.
    Walls,
    /// The boundaries around a node, the innermost first.
    Around,
    /// The flows that start at an element.
    FlowsFrom,
    /// The flows that end at an element.
    FlowsTo,
    /// Whether a role can read something of at least a class.
    Reaches,
    /// The controls that guard an element.
    Controls,
    /// The controls in place on the way of an exposure fact.
    Guards,
    /// What else the role of an exposure fact can put together with it.
    Linked,
    /// The platforms of an element.
    Platforms,
    /// The endpoints of a service or platform.
    Endpoints,
    /// The services of a platform.
    Services,
    /// The boundaries that a flow enters.
    Enters,
    /// Whether a way from outside leads through a kind of service.
    Passes,
    /// Whether a way from outside leads around a kind of service.
    Avoids,
    /// What every way from outside leads through.
    SinglePoints,
}

/// A row of the table of functions.
pub struct FunctionSpec {
    /// Which.
    pub function: Function,
    /// As a condition writes it.
    pub name: &'static str,
    /// Its arguments and its result, for people.
    pub signature: &'static str,
    /// What it gives, in a sentence.
    pub doc: &'static str,
}

/// Every function of the graph.
pub const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec {
        function: Function::Rank,
        name: "rank",
        signature: "rank(text or class) → number",
        doc: "The place of a class on the model's ladder, 1 for the lowest; unknown where the ladder has no such class.",
    },
    FunctionSpec {
        function: Function::MaxClass,
        name: "max_class",
        signature: "max_class(dataset) → number",
        doc: "The highest rank of what a dataset holds; where some fields have none it is at least that.",
    },
    FunctionSpec {
        function: Function::Exposures,
        name: "exposures",
        signature: "exposures(dataset, endpoint, role, service, platform or control) → list of exposure",
        doc: "The effective exposure facts in which it occurs; those of a service or platform are those of its endpoints, \
              those of a control the ones that it guards.",
    },
    FunctionSpec {
        function: Function::Walls,
        name: "walls",
        signature: "walls(flow) → list of boundary",
        doc: "The trust boundaries that a flow crosses, in order. What is in no boundary is outside of all of them.",
    },
    FunctionSpec {
        function: Function::Around,
        name: "around",
        signature: "around(element) → list of boundary",
        doc: "The boundaries around an element, the innermost first.",
    },
    FunctionSpec {
        function: Function::FlowsFrom,
        name: "flows_from",
        signature: "flows_from(element) → list of flow",
        doc: "The flows that start there.",
    },
    FunctionSpec {
        function: Function::FlowsTo,
        name: "flows_to",
        signature: "flows_to(element) → list of flow",
        doc: "The flows that end there.",
    },
    FunctionSpec {
        function: Function::Reaches,
        name: "reaches",
        signature: "reaches(role, text) → yes or no",
        doc: "Whether a role can read something of at least this class, by computed access.",
    },
    FunctionSpec {
        function: Function::Controls,
        name: "controls",
        signature: "controls(element) → list of control",
        doc: "The controls that guard it.",
    },
    FunctionSpec {
        function: Function::Guards,
        name: "guards",
        signature: "guards(exposure) → list of control",
        doc: "The controls in place on its way: those that guard its grant, role, endpoint, service, platform or dataset, \
              or a boundary around one of the two ends.",
    },
    FunctionSpec {
        function: Function::Linked,
        name: "linked",
        signature: "linked(exposure) → list of exposure",
        doc: "What the same role can read besides and put together with it: a relation joins the two datasets, and both \
              answers hold the fields that join.",
    },
    FunctionSpec {
        function: Function::Platforms,
        name: "platforms",
        signature: "platforms(service, endpoint, dataset or role) → list of platform",
        doc: "The platform on which it runs, or those at whose endpoints it occurs. Where no platform is named there is none.",
    },
    FunctionSpec {
        function: Function::Endpoints,
        name: "endpoints",
        signature: "endpoints(service or platform) → list of endpoint",
        doc: "The endpoints that say that they are served by it or run on it.",
    },
    FunctionSpec {
        function: Function::Services,
        name: "services",
        signature: "services(platform) → list of service",
        doc: "The services that say that they run on it.",
    },
    FunctionSpec {
        function: Function::Enters,
        name: "enters",
        signature: "enters(flow) → list of boundary",
        doc: "The trust boundaries that a flow crosses inwards.",
    },
    FunctionSpec {
        function: Function::Passes,
        name: "passes",
        signature: "passes(endpoint, kind of service) → yes or no",
        doc: "Whether some way along flows from an actor leads through a service of this kind.",
    },
    FunctionSpec {
        function: Function::Avoids,
        name: "avoids",
        signature: "avoids(endpoint, kind of service) → yes or no",
        doc: "Whether some way along flows from an actor leads through no service of this kind.",
    },
    FunctionSpec {
        function: Function::SinglePoints,
        name: "single_points",
        signature: "single_points(dataset or endpoint) → list of node",
        doc: "What every way from an actor, along flows and grants, leads through.",
    },
];

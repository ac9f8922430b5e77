//! What a condition reads from the model: one fact at a time, by the place of its field, without a copy.
//!
//! [`reflect`](super::reflect) answers people and files in RON; this answers rules, millions of times. The macro that
//! declares a record makes both, so that a field is declared once. Absent is unknown, here as everywhere: an optional
//! field that nobody filled in reads as [`Fact::Unknown`], never as no, zero or empty.

use super::facts::{Day, Fields, Limit, PostCheck, Rows};
use super::reference::Target;
use super::reflect::{Choice, FieldSpec, Key, Kind, Value};
use std::collections::BTreeMap;

/// A fact as it stands in the model.
#[derive(Clone, Copy)]
pub enum Fact<'m> {
    /// Nobody said.
    Unknown,
    /// Yes or no.
    Flag(bool),
    /// A whole number. A ceiling that is known not to exist is [`i64::MAX`].
    Number(i64),
    /// A text, or the name of a choice.
    Text(&'m str),
    /// A calendar day.
    Day(Day),
    /// A reference, as it is written.
    Link(Target, &'m str),
    /// Named facts.
    Record(&'m dyn Facts),
    /// Several facts, in the order of the file.
    Many(&'m dyn Many),
}

/// A record, asked for the facts of its fields.
pub trait Facts {
    /// The fact of the field at this place of the record's declaration; unknown where there is no such place.
    fn fact(&self, place: usize) -> Fact<'_>;
}

/// A list or a map of facts.
pub trait Many {
    /// How many there are.
    fn len(&self) -> usize;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls `visit` with each fact, and in a map with its name, until that says `false`.
    fn each<'m>(&'m self, visit: &mut dyn FnMut(Option<&'m str>, Fact<'m>) -> bool);
}

impl Facts for Rows {
    fn fact(&self, place: usize) -> Fact<'_> {
        match place {
            0 => Fact::Text(match self {
                Rows::All => "All",
                Rows::Nobody => "Nobody",
                Rows::Owner(_) => "Owner",
                Rows::Tenant(_) => "Tenant",
                Rows::Constant(_) => "Constant",
                Rows::Predicate { .. } => "Predicate",
            }),
            1 => Fact::Flag(self.is_session_bound()),
            2 => Fact::Text(self.detail().unwrap_or_default()),
            _ => Fact::Unknown,
        }
    }
}

/// The fields of [`Rows`] as conditions read them.
pub(super) fn rows_specs() -> &'static [FieldSpec] {
    const SCOPES: Kind = Kind::Choice(&[
        Choice { name: "All", doc: "Every row." },
        Choice { name: "Nobody", doc: "No row." },
        Choice { name: "Owner", doc: "The rows whose field holds the caller's own id." },
        Choice { name: "Tenant", doc: "The rows whose field holds the caller's tenant." },
        Choice { name: "Constant", doc: "The same rows for every caller." },
        Choice { name: "Predicate", doc: "Any other condition." },
    ]);
    const SPECS: &[FieldSpec] = &[
        spec("scope", "The kind of the condition.", SCOPES),
        spec("session_bound", "Whether the rows depend on who asks.", Kind::Flag),
        spec("text", "The field or the condition behind the kind, empty where there is none.", Kind::Text),
    ];
    SPECS
}

impl Facts for Fields {
    fn fact(&self, place: usize) -> Fact<'_> {
        match (place, self) {
            (0, fields) => Fact::Flag(*fields == Fields::All),
            // Which fields are meant by "all" is the dataset's to say.
            (1, Fields::All) => Fact::Unknown,
            (1, Fields::Only(names)) => Fact::Many(names),
            _ => Fact::Unknown,
        }
    }
}

/// The fields of [`Fields`] as conditions read them.
pub(super) fn fields_specs() -> &'static [FieldSpec] {
    const SPECS: &[FieldSpec] = &[
        spec("all", "Whether every field is meant, those added later included.", Kind::Flag),
        spec("names", "The fields, where they are named.", Kind::List(&Kind::Text)),
    ];
    SPECS
}

impl Facts for PostCheck {
    fn fact(&self, place: usize) -> Fact<'_> {
        match (place, self) {
            (0, check) => Fact::Flag(*check == PostCheck::Missing),
            (1, PostCheck::Must(rows)) => Fact::Record(rows),
            _ => Fact::Unknown,
        }
    }
}

/// The fields of [`PostCheck`] as conditions read them.
pub(super) fn post_check_specs() -> &'static [FieldSpec] {
    const SPECS: &[FieldSpec] = &[
        spec("missing", "Whether nothing is checked.", Kind::Flag),
        spec("rows", "What a written row must satisfy.", Kind::Record(rows_specs)),
    ];
    SPECS
}

/// A ceiling as a number.
pub fn ceiling(limit: Limit) -> Fact<'static> {
    match limit {
        Limit::Unlimited => Fact::Number(i64::MAX),
        Limit::AtMost(count) => Fact::Number(i64::try_from(count).unwrap_or(i64::MAX)),
    }
}

const fn spec(name: &'static str, doc: &'static str, kind: Kind) -> FieldSpec {
    FieldSpec { name, doc, kind, read: kind, question: None }
}

impl<T: Value> Many for Vec<T> {
    fn len(&self) -> usize {
        self.as_slice().len()
    }

    fn each<'m>(&'m self, visit: &mut dyn FnMut(Option<&'m str>, Fact<'m>) -> bool) {
        let _ = self.iter().all(|value| visit(None, value.fact()));
    }
}

impl<K: Key, T: Value> Many for BTreeMap<K, T> {
    fn len(&self) -> usize {
        BTreeMap::len(self)
    }

    fn each<'m>(&'m self, visit: &mut dyn FnMut(Option<&'m str>, Fact<'m>) -> bool) {
        let _ = self.iter().all(|(key, value)| visit(Some(key.name()), value.fact()));
    }
}

//! What a program can ask of any element: its fields, their kinds, their documentation, and every reference in it.
//!
//! One declaration of a field (in the macros at the end) gives the struct, the file form, the inspector's row, the
//! form's input, the completion of a misspelt name, validation of references, and what "delete" would tear apart.

use super::lookup::Fact;
use super::reference::{Forgotten, Target};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// The kind of a field's value: what a form asks for and a checker accepts.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A line of text, or a few.
    Text,
    /// Yes or no.
    Flag,
    /// A whole number, `0` or more.
    Number,
    /// A signed pair of cells.
    Cell,
    /// A calendar day, `"2026-01-31"`.
    Day,
    /// The slug of something in a section.
    Link(Target),
    /// One of a fixed set of names.
    Choice(&'static [Choice]),
    /// A choice some of whose names carry a value, such as `Owner("user_id")`; edited as RON.
    Variant(&'static [Choice]),
    /// Absent means unknown.
    Optional(&'static Kind),
    /// A list of values.
    List(&'static Kind),
    /// A map from a name to a value.
    Map(&'static Kind),
    /// Named fields.
    Record(fn() -> &'static [FieldSpec]),
}

impl Kind {
    /// The kind without its "may be unknown".
    pub fn inner(&self) -> &Kind {
        match self {
            Kind::Optional(inner) => inner.inner(),
            other => other,
        }
    }

    /// Whether the value may be absent, which then means unknown.
    pub fn is_optional(&self) -> bool {
        matches!(self, Kind::Optional(_))
    }
}

/// One name of a choice.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    /// As written in the file.
    pub name: &'static str,
    /// What it means, in a line.
    pub doc: &'static str,
}

/// One field of an element.
#[derive(Debug, Clone, Copy)]
pub struct FieldSpec {
    /// As written in the file.
    pub name: &'static str,
    /// What it says, in a line or two.
    pub doc: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// What it is to a condition that reads it: a record of facts where a person writes a variant.
    pub read: Kind,
    /// What to ask a person where it is unknown; [`question`](super::question) puts names into it.
    pub question: Option<&'static str>,
}

/// A way into an element: field names, map keys and list indices.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// A field of a record, or a section of the model.
    Field(&'static str),
    /// A key of a map.
    Key(String),
    /// A place in a list.
    Index(usize),
}

/// What is asked of every reference in a value.
pub type Visitor<'a> = dyn FnMut(&[Step], Target, &str) + 'a;

/// A value that a field may hold.
pub trait Value: Serialize + DeserializeOwned {
    /// Its kind.
    const KIND: Kind;

    /// Its kind as conditions read it.
    const READ: Kind = Self::KIND;

    /// The fact that it is.
    fn fact(&self) -> Fact<'_>;

    /// Calls `visit` with every reference inside, and the way to it.
    fn visit(&self, _path: &mut Vec<Step>, _visit: &mut Visitor<'_>) {}

    /// Takes every reference to `name` in `target` out of the value.
    fn forget(&mut self, _target: Target, _name: &str) -> Forgotten {
        Forgotten::Nothing
    }

    /// The value at the end of a path, as RON on one line; nothing where it is absent.
    fn get_path(&self, path: &[Step]) -> Option<String> {
        path.is_empty().then(|| to_ron(self))
    }

    /// Sets the value at the end of a path from RON; nothing takes it out. Keys and optional records on the way that
    /// are not there yet are made.
    fn set_path(&mut self, path: &[Step], ron: Option<&str>) -> Result<(), String> {
        match (path, ron) {
            ([], Some(text)) => {
                *self = from_ron(text)?;
                Ok(())
            }
            ([], None) => Err("this can not be unknown".into()),
            _ => Err("there is nothing inside of this value".into()),
        }
    }
}

macro_rules! plain_value {
    ($($ty:ty => $kind:expr, |$value:ident| $fact:expr;)*) => {
        $(impl Value for $ty {
            const KIND: Kind = $kind;

            fn fact(&self) -> Fact<'_> {
                let $value = self;
                $fact
            }
        })*
    };
}

plain_value! {
    super::text::Text => Kind::Text, |text| Fact::Text(text.as_str());
    bool => Kind::Flag, |flag| Fact::Flag(*flag);
    u8 => Kind::Number, |number| Fact::Number(i64::from(*number));
    u32 => Kind::Number, |number| Fact::Number(i64::from(*number));
    u64 => Kind::Number, |number| Fact::Number(i64::try_from(*number).unwrap_or(i64::MAX));
    super::facts::Day => Kind::Day, |day| Fact::Day(*day);
    super::facts::Percent => Kind::Number, |share| Fact::Number(i64::from(share.value()));
    super::facts::Level => Kind::Number, |level| Fact::Number(i64::from(level.value()));
    // Where something is drawn is no fact that a rule may read.
    (i32, i32) => Kind::Cell, |_cell| Fact::Unknown;
}

impl<T: Value> Value for Option<T> {
    const KIND: Kind = Kind::Optional(&T::KIND);
    const READ: Kind = Kind::Optional(&T::READ);

    fn fact(&self) -> Fact<'_> {
        self.as_ref().map_or(Fact::Unknown, Value::fact)
    }

    fn visit(&self, path: &mut Vec<Step>, visit: &mut Visitor<'_>) {
        if let Some(value) = self {
            value.visit(path, visit);
        }
    }

    fn forget(&mut self, target: Target, name: &str) -> Forgotten {
        let forgotten = self.as_mut().map_or(Forgotten::Nothing, |value| value.forget(target, name));
        if forgotten == Forgotten::Required {
            *self = None;
            return Forgotten::Cleared;
        }
        forgotten
    }

    fn get_path(&self, path: &[Step]) -> Option<String> {
        self.as_ref()?.get_path(path)
    }

    fn set_path(&mut self, path: &[Step], ron: Option<&str>) -> Result<(), String> {
        match (path, ron) {
            ([], None) => *self = None,
            ([], Some(text)) => *self = Some(from_ron(text)?),
            (path, ron) => {
                let mut inner = match self.take() {
                    Some(inner) => inner,
                    None => from_ron("()")?,
                };
                let result = inner.set_path(path, ron);
                *self = Some(inner);
                return result;
            }
        }
        Ok(())
    }
}

impl<T: Value> Value for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);
    const READ: Kind = Kind::List(&T::READ);

    fn fact(&self) -> Fact<'_> {
        Fact::Many(self)
    }

    fn visit(&self, path: &mut Vec<Step>, visit: &mut Visitor<'_>) {
        for (index, value) in self.iter().enumerate() {
            path.push(Step::Index(index));
            value.visit(path, visit);
            path.pop();
        }
    }

    fn forget(&mut self, target: Target, name: &str) -> Forgotten {
        let mut worst = Forgotten::Nothing;
        self.retain_mut(|value| {
            let forgotten = value.forget(target, name);
            worst = worst.max(forgotten.min(Forgotten::Cleared));
            forgotten != Forgotten::Required
        });
        worst
    }

    fn get_path(&self, path: &[Step]) -> Option<String> {
        match path {
            [] => Some(to_ron(self)),
            [Step::Index(index), rest @ ..] => self.get(*index)?.get_path(rest),
            _ => None,
        }
    }

    fn set_path(&mut self, path: &[Step], ron: Option<&str>) -> Result<(), String> {
        match (path, ron) {
            ([], Some(text)) => *self = from_ron(text)?,
            ([], None) => self.clear(),
            ([Step::Index(index)], None) if *index < self.len() => {
                self.remove(*index);
            }
            ([Step::Index(index)], Some(text)) if *index == self.len() => self.push(from_ron(text)?),
            ([Step::Index(index), rest @ ..], ron) => match self.get_mut(*index) {
                Some(inner) => return inner.set_path(rest, ron),
                None => return Err(format!("there is no entry {}", index + 1)),
            },
            _ => return Err("a list has entries by number".into()),
        }
        Ok(())
    }
}

/// What may be a key of a map: a name, which may be a reference.
pub trait Key: Ord + Serialize + DeserializeOwned {
    /// Where the key is looked up, if it is a reference.
    const TARGET: Option<Target> = None;

    /// The name itself.
    fn name(&self) -> &str;

    /// The key of a name; nothing where it can be none.
    fn of_name(name: &str) -> Option<Self>;
}

impl Key for super::text::Text {
    fn name(&self) -> &str {
        self.as_str()
    }

    fn of_name(name: &str) -> Option<Self> {
        Some(super::text::Text::new(name))
    }
}

impl<K: Key, T: Value> Value for BTreeMap<K, T> {
    const KIND: Kind = Kind::Map(&T::KIND);
    const READ: Kind = Kind::Map(&T::READ);

    fn fact(&self) -> Fact<'_> {
        Fact::Many(self)
    }

    fn visit(&self, path: &mut Vec<Step>, visit: &mut Visitor<'_>) {
        for (key, value) in self {
            path.push(Step::Key(key.name().to_owned()));
            if let Some(target) = K::TARGET {
                visit(path, target, key.name());
            }
            value.visit(path, visit);
            path.pop();
        }
    }

    fn forget(&mut self, target: Target, name: &str) -> Forgotten {
        let mut worst = Forgotten::Nothing;
        self.retain(|key, value| {
            let lost = K::TARGET == Some(target) && key.name() == name;
            let forgotten = if lost { Forgotten::Required } else { value.forget(target, name) };
            worst = worst.max(forgotten.min(Forgotten::Cleared));
            forgotten != Forgotten::Required
        });
        worst
    }

    fn get_path(&self, path: &[Step]) -> Option<String> {
        match path {
            [] => Some(to_ron(self)),
            [Step::Key(name), rest @ ..] => self.get(&K::of_name(name)?)?.get_path(rest),
            _ => None,
        }
    }

    fn set_path(&mut self, path: &[Step], ron: Option<&str>) -> Result<(), String> {
        let [Step::Key(name), rest @ ..] = path else {
            return match (path, ron) {
                ([], Some(text)) => {
                    *self = from_ron(text)?;
                    Ok(())
                }
                ([], None) => {
                    self.clear();
                    Ok(())
                }
                _ => Err("a map has entries by name".into()),
            };
        };
        // A key is a text or a slug; both are written as one, and checked when they are read.
        let key: K = from_ron(&to_ron(name))?;
        match (rest, ron) {
            ([], None) => {
                self.remove(&key);
            }
            ([], Some(text)) => {
                self.insert(key, from_ron(text)?);
            }
            (rest, ron) => match self.get_mut(&key) {
                Some(inner) => return inner.set_path(rest, ron),
                None => return Err(format!("there is no entry `{name}`")),
            },
        }
        Ok(())
    }
}

/// An element or a part of one, asked by the names of its fields.
pub trait Reflect {
    /// The fields in the order of the file.
    fn specs(&self) -> &'static [FieldSpec];

    /// The field's value as RON on one line; nothing where it is absent, which means unknown or empty.
    fn get(&self, field: &str) -> Option<String>;

    /// The fields that say nothing although they may say something: what nobody knows. In the order of the file.
    fn unknown(&self) -> Vec<&'static str>;

    /// Sets a field from RON; nothing makes it absent. The message says what is wrong with the text.
    fn set(&mut self, field: &str, ron: Option<&str>) -> Result<(), String>;

    /// The value at the end of a path, as RON on one line; nothing where it is absent.
    fn get_at(&self, path: &[Step]) -> Option<String>;

    /// Sets the value at the end of a path from RON; nothing makes it absent.
    fn set_at(&mut self, path: &[Step], ron: Option<&str>) -> Result<(), String>;

    /// Calls `visit` with every reference inside, and the way to it.
    fn visit_links(&self, path: &mut Vec<Step>, visit: &mut Visitor<'_>);

    /// Takes every reference to `name` in `target` out; says whether the element can live without.
    fn forget_link(&mut self, target: Target, name: &str) -> Forgotten;
}

/// Whether a value is what an absent field means; such fields are not written.
pub fn is_absent<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The RON dialect of model files: `Some(...)` is never written.
pub fn ron_options() -> ron::Options {
    ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
}

/// A value as RON on one line.
pub fn to_ron<T: Serialize>(value: &T) -> String {
    // Serialising plain data into a String has no way to fail; an empty text would be reported when read back.
    let text = ron_options().to_string(value).unwrap_or_default();
    if !text.contains("\\'") {
        return text;
    }
    // The serialiser escapes the apostrophe, which needs none: nobody wants to review `patient\'s`.
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(ch) = chars.next() {
        match ch {
            '\\' => match chars.next() {
                Some('\'') => out.push('\''),
                Some(escaped) => out.extend(['\\', escaped]),
                None => out.push('\\'),
            },
            ch => out.push(ch),
        }
    }
    out
}

/// A value from RON; the message is for a person.
pub fn from_ron<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    ron_options().from_str(text).map_err(|error| error.code.to_string())
}

/// What `#[ask = "..."]` at a field says.
macro_rules! question {
    () => {
        None
    };
    ($text:literal) => {
        Some($text)
    };
}

/// Declares a record: a struct all of whose fields are documented, optional in the file, and known by name. With
/// `#[ask = "..."]` a field says what to ask a person where it is unknown.
macro_rules! record {
    ($(#[doc = $about:literal])+ pub struct $name:ident {
        $( $(#[doc = $doc:literal])+ $(#[ask = $ask:literal])? $field:ident : $ty:ty ),* $(,)?
    }) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $( $(#[doc = $doc])+ #[serde(skip_serializing_if = "crate::model::reflect::is_absent")] pub $field: $ty, )*
        }

        impl $name {
            /// The fields in the order of the file.
            pub fn field_specs() -> &'static [$crate::model::reflect::FieldSpec] {
                &[$( $crate::model::reflect::FieldSpec {
                    name: stringify!($field),
                    doc: concat!($($doc),+),
                    kind: <$ty as $crate::model::reflect::Value>::KIND,
                    read: <$ty as $crate::model::reflect::Value>::READ,
                    question: $crate::model::reflect::question!($($ask)?),
                } ),*]
            }
        }

        impl $crate::model::lookup::Facts for $name {
            fn fact(&self, place: usize) -> $crate::model::lookup::Fact<'_> {
                let getters: &[for<'m> fn(&'m $name) -> $crate::model::lookup::Fact<'m>] =
                    &[$( |record| $crate::model::reflect::Value::fact(&record.$field) ),*];
                getters.get(place).map_or($crate::model::lookup::Fact::Unknown, |getter| getter(self))
            }
        }

        impl $crate::model::reflect::Reflect for $name {
            fn specs(&self) -> &'static [$crate::model::reflect::FieldSpec] {
                Self::field_specs()
            }

            fn get(&self, field: &str) -> Option<String> {
                $( if field == stringify!($field) {
                    return (!$crate::model::reflect::is_absent(&self.$field))
                        .then(|| $crate::model::reflect::to_ron(&self.$field));
                } )*
                None
            }

            fn unknown(&self) -> Vec<&'static str> {
                let mut names = Vec::new();
                $( if matches!(
                    <$ty as $crate::model::reflect::Value>::KIND,
                    $crate::model::reflect::Kind::Optional(_)
                ) && $crate::model::reflect::is_absent(&self.$field)
                {
                    names.push(stringify!($field));
                } )*
                names
            }

            fn set(&mut self, field: &str, ron: Option<&str>) -> Result<(), String> {
                $( if field == stringify!($field) {
                    self.$field = match ron {
                        Some(text) => $crate::model::reflect::from_ron(text)?,
                        None => Default::default(),
                    };
                    return Ok(());
                } )*
                Err(format!("there is no field `{field}`"))
            }

            fn get_at(&self, path: &[$crate::model::reflect::Step]) -> Option<String> {
                let [$crate::model::reflect::Step::Field(field), rest @ ..] = path else { return None };
                $( if *field == stringify!($field) {
                    return (!$crate::model::reflect::is_absent(&self.$field))
                        .then(|| $crate::model::reflect::Value::get_path(&self.$field, rest))
                        .flatten();
                } )*
                None
            }

            fn set_at(&mut self, path: &[$crate::model::reflect::Step], ron: Option<&str>) -> Result<(), String> {
                let [$crate::model::reflect::Step::Field(field), rest @ ..] = path else {
                    return Err("a record has fields by name".into());
                };
                $( if *field == stringify!($field) {
                    if rest.is_empty() && ron.is_none() {
                        self.$field = Default::default();
                        return Ok(());
                    }
                    return $crate::model::reflect::Value::set_path(&mut self.$field, rest, ron);
                } )*
                Err(format!("there is no field `{field}`"))
            }

            fn visit_links(
                &self,
                path: &mut Vec<$crate::model::reflect::Step>,
                visit: &mut $crate::model::reflect::Visitor<'_>,
            ) {
                $(
                    path.push($crate::model::reflect::Step::Field(stringify!($field)));
                    $crate::model::reflect::Value::visit(&self.$field, path, visit);
                    path.pop();
                )*
            }

            fn forget_link(
                &mut self,
                target: $crate::model::reference::Target,
                name: &str,
            ) -> $crate::model::reference::Forgotten {
                let mut worst = $crate::model::reference::Forgotten::Nothing;
                $( worst = worst.max($crate::model::reflect::Value::forget(&mut self.$field, target, name)); )*
                worst
            }
        }

        impl $crate::model::reflect::Value for $name {
            const KIND: $crate::model::reflect::Kind = $crate::model::reflect::Kind::Record($name::field_specs);

            fn fact(&self) -> $crate::model::lookup::Fact<'_> {
                $crate::model::lookup::Fact::Record(self)
            }

            fn visit(
                &self,
                path: &mut Vec<$crate::model::reflect::Step>,
                visit: &mut $crate::model::reflect::Visitor<'_>,
            ) {
                $crate::model::reflect::Reflect::visit_links(self, path, visit);
            }

            fn forget(
                &mut self,
                target: $crate::model::reference::Target,
                name: &str,
            ) -> $crate::model::reference::Forgotten {
                $crate::model::reflect::Reflect::forget_link(self, target, name)
            }

            fn get_path(&self, path: &[$crate::model::reflect::Step]) -> Option<String> {
                if path.is_empty() {
                    return Some($crate::model::reflect::to_ron(self));
                }
                $crate::model::reflect::Reflect::get_at(self, path)
            }

            fn set_path(&mut self, path: &[$crate::model::reflect::Step], ron: Option<&str>) -> Result<(), String> {
                match (path, ron) {
                    ([], Some(text)) => {
                        *self = $crate::model::reflect::from_ron(text)?;
                        Ok(())
                    }
                    ([], None) => Err("this can not be unknown".into()),
                    (path, ron) => $crate::model::reflect::Reflect::set_at(self, path, ron),
                }
            }
        }
    };
}

/// Declares an element: a record with a title, and with what every element has (notes, tags, scope, source, assumptions).
macro_rules! element {
    ($(#[doc = $about:literal])+ pub struct $name:ident {
        $( $(#[doc = $doc:literal])+ $(#[ask = $ask:literal])? $field:ident : $ty:ty ),* $(,)?
    }) => {
        $crate::model::reflect::record! {
            $(#[doc = $about])+
            pub struct $name {
                /// What people call it. The slug stays when this changes.
                title: $crate::model::text::Text,
                $( $(#[doc = $doc])+ $(#[ask = $ask])? $field : $ty, )*
                /// What does not fit elsewhere, for people.
                notes: $crate::model::text::Text,
                /// Free labels to filter by.
                tags: Vec<$crate::model::text::Text>,
                /// Why it is out of scope; nothing where it is in scope.
                out_of_scope: $crate::model::text::Text,
                /// The place in the imported files that says so.
                source: Option<$crate::model::facts::Source>,
                /// Names of fields whose value is an assumption that somebody still has to confirm.
                assumed: Vec<$crate::model::text::Text>,
                /// Names of fields that people set on an imported element; an import leaves them alone.
                by_hand: Vec<$crate::model::text::Text>,
            }
        }
    };
}

/// Declares a choice: names without values.
macro_rules! choice {
    ($(#[doc = $about:literal])+ pub enum $name:ident { $( $(#[doc = $doc:literal])+ $variant:ident ),* $(,)? }) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $( $(#[doc = $doc])+ $variant ),* }

        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [$name] = &[$( $name::$variant ),*];
            /// Every value with what it means.
            pub const CHOICES: &'static [$crate::model::reflect::Choice] =
                &[$( $crate::model::reflect::Choice { name: stringify!($variant), doc: concat!($($doc),+) } ),*];

            /// As written in the file.
            pub fn name(self) -> &'static str {
                match self { $( $name::$variant => stringify!($variant) ),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl $crate::model::reflect::Value for $name {
            const KIND: $crate::model::reflect::Kind = $crate::model::reflect::Kind::Choice($name::CHOICES);

            fn fact(&self) -> $crate::model::lookup::Fact<'_> {
                $crate::model::lookup::Fact::Text(self.name())
            }
        }
    };
}

pub(crate) use {choice, element, question, record};

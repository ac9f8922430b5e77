//! Elements straight from the tree: the text was read once already, and need not be read again to be typed.
//!
//! This is a `serde` deserialiser over [`syntax`](super::syntax), of the plain forms in which almost every value is written.
//! Whatever it does not know for certain is an error without words: then the `ron` crate reads the text, and says what is
//! wrong with it where something is. So it may give up on what is right, but never accept what is wrong.

use super::load::Seen;
use super::syntax::{Body, Item, Key, Shape, Value};
use crate::model::{Element, Section};
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use std::fmt;
use std::slice::Iter;

/// The element that a value says; nothing where that is not certain.
pub(super) fn element(section: Section, text: &str, value: &Value) -> Option<Element> {
    section.element_from(Typed { text, value }).ok()
}

/// It is not certain what stands there.
#[derive(Debug)]
pub(super) struct Unsure;

impl fmt::Display for Unsure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is not certain what stands there")
    }
}

impl std::error::Error for Unsure {}

impl serde::de::Error for Unsure {
    fn custom<T: fmt::Display>(_message: T) -> Unsure {
        Unsure
    }
}

/// A value of a text.
#[derive(Clone, Copy)]
pub(super) struct Typed<'de, 'v> {
    text: &'de str,
    value: &'v Value,
}

impl<'de, 'v> Typed<'de, 'v> {
    fn slice(self) -> &'de str {
        self.text.get(self.value.span.clone()).unwrap_or_default()
    }

    /// The name before the bracket.
    fn name(self, body: &Body) -> &'de str {
        let before = self.text.get(self.value.span.start..body.open.saturating_sub(1)).unwrap_or_default();
        before.trim_end()
    }

    /// The text between quotation marks, where nothing in it is escaped.
    fn plain(self) -> Result<&'de str, Unsure> {
        plain(self.slice())
    }

    fn digits(self) -> Result<&'de str, Unsure> {
        let digits = self.slice();
        let is_number = matches!(self.value.shape, Shape::Scalar)
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && (digits.len() == 1 || !digits.starts_with('0'));
        if is_number { Ok(digits) } else { Err(Unsure) }
    }

    fn inside(self, value: &'v Value) -> Typed<'de, 'v> {
        Typed { text: self.text, value }
    }
}

fn plain(slice: &str) -> Result<&str, Unsure> {
    let inner = slice.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or(Unsure)?;
    if inner.bytes().any(|byte| byte == b'"' || byte == b'\\') { Err(Unsure) } else { Ok(inner) }
}

macro_rules! numbers {
    ($($method:ident $visit:ident;)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unsure> {
            visitor.$visit(self.digits()?.parse().map_err(|_| Unsure)?)
        }
    )* };
}

macro_rules! unsure {
    ($($method:ident)*) => { $(
        fn $method<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Unsure> {
            Err(Unsure)
        }
    )* };
}

impl<'de> Deserializer<'de> for Typed<'de, '_> {
    type Error = Unsure;

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unsure> {
        match self.slice() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(Unsure),
        }
    }

    numbers! {
        deserialize_u8 visit_u8;
        deserialize_u16 visit_u16;
        deserialize_u32 visit_u32;
        deserialize_u64 visit_u64;
        deserialize_i32 visit_i32;
        deserialize_i64 visit_i64;
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unsure> {
        visitor.visit_borrowed_str(self.plain()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unsure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unsure> {
        // `None` and `Some(...)` are rarely written; a word that begins like one of them may be either.
        let slice = self.slice();
        if slice.starts_with("None") || slice.starts_with("Some") { Err(Unsure) } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unsure> {
        let Shape::List(body) = &self.value.shape else { return Err(Unsure) };
        visitor.visit_seq(Items { of: self, items: body.items.iter() })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Unsure> {
        match &self.value.shape {
            Shape::Tuple(body) if body.items.len() == length && self.name(body).is_empty() => {
                visitor.visit_seq(Items { of: self, items: body.items.iter() })
            }
            _ => Err(Unsure),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unsure> {
        let Shape::Map(body) = &self.value.shape else { return Err(Unsure) };
        let mut seen = Seen::default();
        if !body.items.iter().all(|item| seen.insert(item.name())) {
            return Err(Unsure);
        }
        visitor.visit_map(Entries { of: self, items: body.items.iter(), value: None, are_names: false })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unsure> {
        let Shape::Record(body) = &self.value.shape else { return Err(Unsure) };
        // What the value of an unknown field says is not looked at here, and may be nothing at all.
        let is_known = |item: &Item| fields.contains(&item.name());
        if !self.name(body).is_empty() || !body.items.iter().all(is_known) {
            return Err(Unsure);
        }
        visitor.visit_map(Entries { of: self, items: body.items.iter(), value: None, are_names: true })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unsure> {
        visitor.visit_enum(self)
    }

    unsure! {
        deserialize_any deserialize_i8 deserialize_i16 deserialize_f32 deserialize_f64 deserialize_char deserialize_bytes
        deserialize_byte_buf deserialize_unit deserialize_identifier deserialize_ignored_any
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _name: &'static str, _visitor: V) -> Result<V::Value, Unsure> {
        Err(Unsure)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, _visitor: V) -> Result<V::Value, Unsure> {
        Err(Unsure)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _length: usize,
        _visitor: V,
    ) -> Result<V::Value, Unsure> {
        Err(Unsure)
    }
}

/// The values of a list.
struct Items<'de, 'v> {
    of: Typed<'de, 'v>,
    items: Iter<'v, Item>,
}

impl<'de> SeqAccess<'de> for Items<'de, '_> {
    type Error = Unsure;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unsure> {
        let Some(item) = self.items.next() else { return Ok(None) };
        seed.deserialize(self.of.inside(&item.value)).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The fields of a record, or the entries of a map.
struct Entries<'de, 'v> {
    of: Typed<'de, 'v>,
    items: Iter<'v, Item>,
    value: Option<&'v Value>,
    are_names: bool,
}

impl<'de> Entries<'de, '_> {
    fn name(&self, key: &Key) -> Result<&'de str, Unsure> {
        let slice = self.of.text.get(key.span.clone()).ok_or(Unsure)?;
        if self.are_names { Ok(slice) } else { plain(slice) }
    }
}

impl<'de> MapAccess<'de> for Entries<'de, '_> {
    type Error = Unsure;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unsure> {
        let Some(item) = self.items.next() else { return Ok(None) };
        let key = item.key.as_ref().ok_or(Unsure)?;
        self.value = Some(&item.value);
        seed.deserialize(BorrowedStrDeserializer::new(self.name(key)?)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unsure> {
        let value = self.value.take().ok_or(Unsure)?;
        seed.deserialize(self.of.inside(value))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

impl<'de, 'v> EnumAccess<'de> for Typed<'de, 'v> {
    type Error = Unsure;
    type Variant = Typed<'de, 'v>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Typed<'de, 'v>), Unsure> {
        let name = match &self.value.shape {
            Shape::Scalar => self.slice(),
            Shape::Tuple(body) | Shape::Record(body) => self.name(body),
            Shape::List(_) | Shape::Map(_) => return Err(Unsure),
        };
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if name.is_empty() || !is_name {
            return Err(Unsure);
        }
        Ok((seed.deserialize(BorrowedStrDeserializer::new(name))?, self))
    }
}

impl<'de> VariantAccess<'de> for Typed<'de, '_> {
    type Error = Unsure;

    fn unit_variant(self) -> Result<(), Unsure> {
        if matches!(self.value.shape, Shape::Scalar) { Ok(()) } else { Err(Unsure) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unsure> {
        match &self.value.shape {
            Shape::Tuple(body) if body.items.len() == 1 => seed.deserialize(self.inside(&body.items[0].value)),
            _ => Err(Unsure),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Unsure> {
        match &self.value.shape {
            Shape::Tuple(body) if body.items.len() == length => {
                visitor.visit_seq(Items { of: self, items: body.items.iter() })
            }
            _ => Err(Unsure),
        }
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Unsure> {
        let Shape::Record(body) = &self.value.shape else { return Err(Unsure) };
        if !body.items.iter().all(|item| fields.contains(&item.name())) {
            return Err(Unsure);
        }
        visitor.visit_map(Entries { of: self, items: body.items.iter(), value: None, are_names: true })
    }
}

#[cfg(test)]
mod tests {
    use super::super::syntax::parse;
    use super::*;

    /// How many elements of a text are typed here. What is typed is what the `ron` crate reads.
    fn typed(text: &str) -> (usize, usize) {
        let Ok(tree) = parse(text) else { return (0, 0) };
        let (mut all, mut sure) = (0, 0);
        for item in tree.root.items() {
            let Some(section) = Section::from_name(item.name()) else { continue };
            for own in item.value.items().iter().filter(|own| matches!(own.value.shape, Shape::Record(_))) {
                all += 1;
                if let Some(found) = element(section, text, &own.value) {
                    sure += 1;
                    let slice = &text[own.value.span.clone()];
                    let read = section.element_from_ron(slice);
                    assert_eq!(Ok(found), read, "{section}: {slice}");
                }
            }
        }
        (all, sure)
    }

    #[test]
    fn what_is_typed_is_what_ron_reads() {
        for text in [include_str!("../../../models/clinic.ron"), include_str!("../../../models/freight.ron")] {
            let (all, sure) = typed(text);
            assert!(all > 40 && sure * 100 >= all * 95, "{sure} of {all}");
        }
    }

    #[test]
    fn what_is_written_otherwise_is_left_to_ron() {
        for (section, value) in [
            ("datasets", "(class: None)"),
            ("datasets", "(class: Some(\"a\"))"),
            ("datasets", "(class: Some \"a\")"),
            ("datasets", "(title: \"a\\\"b\")"),
            ("datasets", "(title: \"a\nb\")"),
            ("datasets", "(title: r#\"x\"#)"),
            ("datasets", "(encrypted_at_rest: yes)"),
            ("datasets", "(fields: {\"a\": (), \"a\": (class: \"b\")})"),
            ("datasets", "(fields: {a: ()})"),
            ("datasets", "(fields: [(\"a\", ())])"),
            ("datasets", "(tags: {\"a\": 1})"),
            ("datasets", "(tags: (\"a\"))"),
            ("datasets", "Dataset(title: \"x\")"),
            ("datasets", "Data(title: \"x\")"),
            ("datasets", "(title: \"a\", title: \"b\")"),
            ("datasets", "(unknown: 12abc)"),
            ("datasets", "(retention_days: 007)"),
            ("datasets", "(retention_days: -1)"),
            ("datasets", "(retention_days: 1_000)"),
            ("datasets", "(retention_days: 99999999999999999999999)"),
            ("datasets", "(oldest_record: \"2026-02-30\")"),
            ("grants", "(role: \"a b\", op: Read)"),
            ("grants", "(rows: Owner(\"x\"))"),
            ("grants", "(rows: Owner(\"x\",))"),
            ("grants", "(rows: Owner (\"x\"))"),
            ("grants", "(rows: Owner /* why */ (\"x\"))"),
            ("grants", "(rows: Owner)"),
            ("grants", "(rows: Owner(\"x\", \"y\"))"),
            ("grants", "(rows: All())"),
            ("grants", "(rows: Some(All))"),
            ("grants", "(fields: Only([\"a\", \"b\"]))"),
            ("grants", "(fields: Only[\"a\"])"),
            ("grants", "(limit: AtMost(5), op: Read // why\n)"),
            ("grants", "(op: \"Read\")"),
            ("grants", "(post_check: Must(Owner(\"id\")))"),
            ("grants", "(post_check: Must((a: 1)))"),
        ] {
            typed(&format!("Model(format: 1, title: \"t\", {section}: {{\"x\": {value}}})"));
        }
    }

    /// A character taken out or doubled makes many things that are almost right.
    #[test]
    fn nothing_that_ron_refuses_is_typed() {
        let text = include_str!("../../../tests/it/fixtures/commented.ron");
        for (at, ch) in text.char_indices().step_by(5) {
            let (before, after) = text.split_at(at);
            typed(&format!("{before}{}", &after[ch.len_utf8()..]));
            typed(&format!("{before}{ch}{after}"));
        }
    }
}

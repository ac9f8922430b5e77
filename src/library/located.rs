//! Files that people write in RON, read so that every name in them still knows where it stands.
//!
//! Serde says where a file is malformed. What it cannot say is where a name stands that turns out to name nothing, long
//! after the file was read. A [`Name`] can: it keeps where its text lay in memory while the file was read, and the
//! [`SourceText`] of the same file turns that into a line and a column. The address is a number, and is never followed.

use crate::model::Slug;
use crate::model::reflect::ron_options;
use crate::model::text::one_line;
use ron::value::RawValue;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use std::fmt;

/// The largest file of this sort, in bytes.
pub const MAX_SOURCE_FILE: usize = 1 << 20;

/// A name in a file: a slug, and its place.
#[derive(Clone)]
pub struct Name {
    slug: Slug,
    address: usize,
}

impl Name {
    /// The name alone.
    pub fn as_str(&self) -> &str {
        self.slug.as_str()
    }

    /// The name as a slug.
    pub fn slug(&self) -> &Slug {
        &self.slug
    }

    /// The same place with another name.
    pub fn renamed(&self, slug: Slug) -> Name {
        Name { slug, address: self.address }
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?.get_ron().trim();
        let text: String = ron_options().from_str(raw).map_err(|error| serde::de::Error::custom(error.code))?;
        let slug = Slug::new(&text).map_err(serde::de::Error::custom)?;
        Ok(Name { slug, address: raw.as_ptr() as usize })
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.slug == other.slug
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl Eq for Name {}

/// A text in a file and its place: what is parsed later, such as a condition.
#[derive(Debug, Clone)]
pub struct Passage {
    /// The text, escapes resolved.
    pub text: String,
    address: usize,
}

impl<'de> Deserialize<'de> for Passage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Passage, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?.get_ron().trim();
        let text: String = ron_options().from_str(raw).map_err(|error| serde::de::Error::custom(error.code))?;
        // What stands before the text itself: a quotation mark, or `r#"` with any number of `#`.
        let mark = raw.find('"').map_or(0, |at| at + 1);
        Ok(Passage { text, address: raw.as_ptr() as usize + mark })
    }
}

/// The text of a file that was read.
#[derive(Debug, Clone, Default)]
pub struct SourceText {
    /// The file, as messages name it.
    pub file: String,
    /// All of it.
    pub text: String,
    origin: usize,
}

impl SourceText {
    /// The line and the column of a name, 1 for the first.
    pub fn place(&self, name: &Name) -> (usize, usize) {
        self.at(name.address)
    }

    /// The line and the column of a byte in a passage.
    pub fn place_in(&self, passage: &Passage, offset: usize) -> (usize, usize) {
        self.at(passage.address + offset)
    }

    /// A problem at a name.
    pub fn problem(&self, name: &Name, message: impl fmt::Display) -> Problem {
        self.problem_at(self.place(name), message)
    }

    /// A problem at a place.
    pub fn problem_at(&self, (line, column): (usize, usize), message: impl fmt::Display) -> Problem {
        Problem { file: self.file.clone(), line, column, message: one_line(&message.to_string(), 600) }
    }

    fn at(&self, address: usize) -> (usize, usize) {
        let mut offset = address.saturating_sub(self.origin).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &self.text[..offset];
        let line = before.rfind('\n').map_or(before, |last| &before[last + 1..]);
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }
}

/// What is wrong in a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: error: {message}")]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line, 1 for the first.
    pub line: usize,
    /// The column, 1 for the first.
    pub column: usize,
    /// What is wrong, and what to do.
    pub message: String,
}

/// Reads a file as strictly as its declaration says.
pub fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<(T, SourceText), Problem> {
    let source = SourceText { file: one_line(file, 200), text: text.to_owned(), origin: text.as_ptr() as usize };
    if text.len() > MAX_SOURCE_FILE {
        let message = format!("a file of this sort has at most {} MiB: split it", MAX_SOURCE_FILE >> 20);
        return Err(source.problem_at((1, 1), message));
    }
    match ron_options().from_str::<T>(text) {
        Ok(value) => Ok((value, source)),
        Err(error) => Err(source.problem_at((error.span.start.line, error.span.start.col), error.code)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Both {
        one: Option<Name>,
        many: Vec<Name>,
        condition: Passage,
    }

    #[test]
    fn a_name_knows_its_place() {
        let text = "(\n  // é\n  one: \"first\", many: [\"a\",\n   \"b\"], condition: r#\"x == 1\"#)";
        let (both, source): (Both, SourceText) = read("x.ron", text).unwrap();
        assert_eq!(source.place(both.one.as_ref().unwrap()), (3, 8));
        assert_eq!(source.place(&both.many[1]), (4, 4));
        assert_eq!(source.place_in(&both.condition, 2), (4, 24 + 2));
        assert_eq!(source.problem(&both.many[0], "no").to_string(), "x.ron:3:24: error: no");
        for bad in ["(one: \"a b\", many: [], condition: \"\")", "(one: \"a\")", ""] {
            assert!(read::<Both>("x.ron", bad).is_err(), "{bad}");
        }
    }
}

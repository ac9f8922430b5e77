//! Slugs: the short stable names by which elements are referred to, in files, findings and commands.

use super::spelled::spelled;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// The longest slug, in bytes. Long enough for `schema.table` of any database, short enough for a line.
pub const MAX_SLUG: usize = 96;

/// A short stable name: ASCII letters, digits, `-`, `_`, `.`, at most [`MAX_SLUG`] bytes, starting and ending with a
/// letter or a digit, without `..`. It survives a change of title, and it can never be a path trick: it holds no `/`.
///
/// The empty slug exists only as the "not given" value of a required reference; validation reports it. A copy costs no
/// memory: whatever is said of an element names it again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Slug(Arc<str>);

impl Ord for Slug {
    fn cmp(&self, other: &Slug) -> Ordering {
        // Copies of one slug are compared more often than others.
        if Arc::ptr_eq(&self.0, &other.0) { Ordering::Equal } else { self.0.cmp(&other.0) }
    }
}

impl PartialOrd for Slug {
    fn partial_cmp(&self, other: &Slug) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Default for Slug {
    fn default() -> Slug {
        Slug(Arc::from(""))
    }
}

/// Why a text is not a slug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlugError {
    /// Nothing between the quotes.
    #[error("a slug is empty")]
    Empty,
    /// Longer than [`MAX_SLUG`].
    #[error("a slug of {0} bytes is too long, at most {MAX_SLUG}")]
    TooLong(usize),
    /// A character outside the allowed set, or `..`, or a mark at either end.
    #[error(
        "`{0}` is not a slug: use letters, digits, `-`, `_` and single `.` inside, starting and ending with a letter or a digit"
    )]
    BadForm(String),
}

impl Slug {
    /// Checks `text` and makes it a slug.
    pub fn new(text: &str) -> Result<Slug, SlugError> {
        if text.is_empty() {
            return Err(SlugError::Empty);
        }
        if text.len() > MAX_SLUG {
            return Err(SlugError::TooLong(text.len()));
        }
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let ends = [text.as_bytes()[0], text.as_bytes()[text.len() - 1]];
        // A leading or trailing underscore is common in database names (`_migrations`), so it is let through.
        let good_ends = ends.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        if !good_ends || !text.bytes().all(allowed) || text.contains("..") {
            return Err(SlugError::BadForm(super::text::sanitise(text, 60).into_owned()));
        }
        Ok(Slug(text.into()))
    }

    /// A slug made from any title: lower case, everything else a `-`. Never empty: `fallback` stands in.
    pub fn from_title(title: &str, fallback: &str) -> Slug {
        let mut out = String::new();
        for ch in title.chars() {
            if ch.is_ascii_alphanumeric() {
                out.push(ch.to_ascii_lowercase());
            } else if matches!(ch, '_' | '.') && !out.is_empty() && !out.ends_with(['-', '.', '_']) {
                out.push(ch);
            } else if !out.is_empty() && !out.ends_with(['-', '.', '_']) {
                out.push('-');
            }
            if out.len() >= MAX_SLUG - 8 {
                break;
            }
        }
        let out = out.trim_end_matches(['-', '.', '_']);
        Slug(if out.is_empty() { fallback.into() } else { out.into() })
    }

    /// `name` as it stands where it is a slug already; otherwise a slug made from it, with a short digest of the
    /// original so that two different names never become one slug.
    pub fn from_name(name: &str) -> Slug {
        Slug::new(name).unwrap_or_else(|_| {
            let digest = name
                .bytes()
                .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3));
            let base = Slug::from_title(name, "x");
            Slug(format!("{base}-{:06x}", digest & 0xff_ffff).into())
        })
    }

    /// This slug, or the first of `slug-2`, `slug-3` ... that `taken` does not know.
    pub fn free(&self, taken: impl Fn(&Slug) -> bool) -> Slug {
        if !taken(self) {
            return self.clone();
        }
        let stem = &self.0[..self.0.len().min(MAX_SLUG - 8)];
        let stem = stem.trim_end_matches(['-', '.', '_']);
        (2u32..).map(|number| Slug(format!("{stem}-{number}").into())).find(|slug| !taken(slug)).unwrap_or_default()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the "not given" value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Borrow<str> for Slug {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Serialize for Slug {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        spelled(deserializer, Slug::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_checked() {
        for good in ["a", "public.users", "ai_assistant", "tls-1.3", "Users", "_migrations"] {
            assert!(Slug::new(good).is_ok(), "{good}");
        }
        for bad in ["", "../etc", "a..b", "a/b", ".a", "a.", "-a", "a b", "é", "a\u{202e}b", &"x".repeat(97)] {
            assert!(Slug::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_slug_is_made_from_any_title() {
        for (title, slug) in [
            ("Patient portal", "patient-portal"),
            ("  Ärzte & Co. ", "rzte-co"),
            ("日本", "x"),
            ("a..b", "a.b"),
            ("../../etc/passwd", "etc-passwd"),
        ] {
            assert_eq!(Slug::from_title(title, "x").as_str(), slug);
            assert!(Slug::new(slug).is_ok());
        }
        assert_ne!(Slug::from_name("a b"), Slug::from_name("a  b"));
    }

    #[test]
    fn a_free_slug_is_found() {
        let taken = ["a", "a-2"];
        assert_eq!(Slug::new("a").unwrap().free(|slug| taken.contains(&slug.as_str())).as_str(), "a-3");
    }
}

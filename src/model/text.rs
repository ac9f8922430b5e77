//! Text that is safe to show: sanitised once, where it enters the program.
//!
//! Everything that a file says is hostile until it went through here. Terminals execute control characters, and a
//! bidirectional override makes a line read as what it is not; both are replaced by a visible mark.

use super::spelled::spelled;
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::{Borrow, Cow};
use std::convert::Infallible;
use std::fmt;

/// The longest text that is kept, in characters; what is longer is cut and reported.
pub const MAX_TEXT: usize = 4_000;

/// What stands where an unsafe character stood.
pub const REPLACEMENT: char = '\u{fffd}';

/// Whether a character may not reach a screen: C0 and C1 controls (but the line break), DEL, bidirectional controls,
/// zero-width and invisible format characters, tag characters, line separators, noncharacters.
pub fn is_unsafe(ch: char) -> bool {
    match ch {
        '\n' => false,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        '\u{ad}' | '\u{61c}' | '\u{180e}' => true,
        // Joiners are needed by emoji and several scripts; they neither move the cursor nor reorder a line.
        '\u{200c}' | '\u{200d}' => false,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{ffff}' | '\u{fffe}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

/// `raw` with tabs as a space, every unsafe character as [`REPLACEMENT`], and at most `limit` characters (then an
/// ellipsis). Borrowed where nothing had to change.
pub fn sanitise(raw: &str, limit: usize) -> Cow<'_, str> {
    // Most texts are of plain characters, which need not be looked at one by one.
    if raw.len() <= limit && raw.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return Cow::Borrowed(raw);
    }
    let clean = !raw.chars().any(is_unsafe);
    if clean && (raw.len() <= limit || raw.chars().nth(limit).is_none()) {
        return Cow::Borrowed(raw);
    }
    let mut out: String = raw
        .chars()
        .take(limit)
        .map(|ch| match ch {
            '\t' => ' ',
            ch if is_unsafe(ch) => REPLACEMENT,
            ch => ch,
        })
        .collect();
    if raw.chars().nth(limit).is_some() {
        out.push('…');
    }
    Cow::Owned(out)
}

/// Sanitised text on one line: line breaks become spaces.
pub fn one_line(raw: &str, limit: usize) -> String {
    sanitise(raw, limit).replace('\n', " ")
}

/// A text from a file or a person, sanitised when it was made. Only safe characters and line breaks are in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// Sanitises `raw`; see [`sanitise`].
    pub fn new(raw: &str) -> Text {
        Text(sanitise(raw, MAX_TEXT).into_owned())
    }

    /// The safe text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Text {
        Text::new(raw)
    }
}

impl From<String> for Text {
    fn from(raw: String) -> Text {
        Text::new(&raw)
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        spelled(deserializer, |raw| Ok::<_, Infallible>(Text::new(raw)))
    }
}

/// A count and its noun: `1 role`, `2 roles`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// A name of several words, as the file writes it, with spaces between them: `Not Applicable` of `NotApplicable`.
pub fn spaced(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    for (at, ch) in name.char_indices() {
        if at > 0 && ch.is_uppercase() {
            words.push(' ');
        }
        words.push(ch);
    }
    words
}

/// The known name nearest to `word`, if one is near enough to be meant: "did you mean".
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(64).flat_map(char::to_lowercase).collect();
    known
        .into_iter()
        .map(|candidate| {
            let other: Vec<char> = candidate.chars().take(64).flat_map(char::to_lowercase).collect();
            (edit_distance(&word, &other), candidate)
        })
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 4)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance with adjacent transpositions (optimal string alignment).
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut rows = vec![0usize; width * (a.len() + 1)];
    for (j, cell) in rows.iter_mut().take(width).enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        rows[i * width] = i;
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[(i - 1) * width + j] + 1)
                .min(rows[i * width + j - 1] + 1)
                .min(rows[(i - 1) * width + j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[(i - 2) * width + j - 2] + 1);
            }
            rows[i * width + j] = best;
        }
    }
    rows[rows.len() - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_characters_become_visible() {
        for (raw, shown) in [
            ("plain é 漢字", "plain é 漢字"),
            ("a\tb\nc", "a b\nc"),
            ("a\tb\u{1b}", "a b\u{fffd}"),
            ("\u{1b}]52;c;x\u{7}", "\u{fffd}]52;c;x\u{fffd}"),
            ("\u{9b}31m", "\u{fffd}31m"),
            ("user\u{202e}nimda", "user\u{fffd}nimda"),
            ("👩\u{200d}⚕", "👩\u{200d}⚕"),
        ] {
            assert_eq!(Text::new(raw).as_str(), shown, "{raw:?}");
        }
        assert_eq!(Text::new(&"x".repeat(1_000_000)).as_str().chars().count(), MAX_TEXT + 1);
    }

    #[test]
    fn a_slip_finds_its_name() {
        for (word, known, meant) in [
            ("encryptd", vec!["encrypted", "title"], Some("encrypted")),
            ("tilte", vec!["encrypted", "title"], Some("title")),
            ("banana", vec!["encrypted", "title"], None),
        ] {
            assert_eq!(nearest(word, known), meant);
        }
    }
}

//! Fuzzy search in lists, the best match first.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// What a match of a whole word is worth.
const EXACT: u32 = 10_000;

/// The places of the texts that match, the best first; with nothing typed all of them, in their order.
pub fn search<T: AsRef<str>>(query: &str, texts: &[T]) -> Vec<usize> {
    if query.trim().is_empty() {
        return (0..texts.len()).collect();
    }
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(query, CaseMatching::Smart, Normalization::Smart);
    let mut buffer = Vec::new();
    let mut found: Vec<(u32, usize)> = texts
        .iter()
        .enumerate()
        .filter_map(|(at, text)| {
            buffer.clear();
            let score = pattern.score(Utf32Str::new(text.as_ref(), &mut buffer), &mut matcher)?;
            // Who types a whole word means that word.
            let word = query.trim().to_lowercase();
            let is_word = text.as_ref().split_whitespace().any(|own| own.to_lowercase() == word);
            Some((score + if is_word { EXACT } else { 0 }, at))
        })
        .collect();
    found.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
    found.into_iter().map(|(_, at)| at).collect()
}

/// Whether a character says how words of a search are meant: another one behind it may match more.
pub fn is_sign(ch: char) -> bool {
    matches!(ch, '!' | '^' | '$' | '\'' | '\\')
}

/// Whether every word of a filter occurs in one of the texts, whatever its case.
pub fn filter_matches(filter: &str, texts: &[&str]) -> bool {
    filter.split_whitespace().all(|word| texts.iter().any(|text| occurs(word, text)))
}

/// Whether a word occurs in a text, whatever its case. Most texts are ASCII, and nothing is copied to look through them.
fn occurs(word: &str, text: &str) -> bool {
    match (word.is_ascii(), text.is_ascii()) {
        (true, true) => text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes())),
        _ => text.to_lowercase().contains(&word.to_lowercase()),
    }
}

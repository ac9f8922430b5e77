//! One line of text being typed: a caret that moves by what people see as characters, not by bytes.

use crate::model::text::one_line;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The longest line that can be typed, in characters.
const LIMIT: usize = 2_000;

/// A line and its caret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    /// A byte offset at a grapheme boundary.
    caret: usize,
}

impl Line {
    /// A line with the caret behind it.
    pub fn new(text: &str) -> Line {
        let text = one_line(text, LIMIT);
        Line { caret: text.len(), text }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The columns before the caret.
    pub fn caret_column(&self) -> usize {
        self.text[..self.caret].width()
    }

    /// Types text at the caret; what is unsafe or breaks the line is replaced.
    pub fn insert(&mut self, text: &str) {
        let room = LIMIT.saturating_sub(self.text.chars().count());
        let text: String = one_line(text, LIMIT).chars().take(room).collect();
        self.text.insert_str(self.caret, &text);
        self.caret += text.len();
    }

    /// Deletes what stands before the caret.
    pub fn backspace(&mut self) {
        let start = self.before();
        self.text.replace_range(start..self.caret, "");
        self.caret = start;
    }

    /// Deletes what stands behind the caret.
    pub fn delete(&mut self) {
        let end = self.after();
        self.text.replace_range(self.caret..end, "");
    }

    /// Deletes the word before the caret.
    pub fn delete_word(&mut self) {
        let before = self.text[..self.caret].trim_end();
        let start = before
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        self.text.replace_range(start..self.caret, "");
        self.caret = start;
    }

    /// Empties the line.
    pub fn clear(&mut self) {
        self.text.clear();
        self.caret = 0;
    }

    /// Moves the caret one place to the left.
    pub fn left(&mut self) {
        self.caret = self.before();
    }

    /// Moves the caret one place to the right.
    pub fn right(&mut self) {
        self.caret = self.after();
    }

    /// Moves the caret to the beginning.
    pub fn home(&mut self) {
        self.caret = 0;
    }

    /// Moves the caret to the end.
    pub fn end(&mut self) {
        self.caret = self.text.len();
    }

    fn before(&self) -> usize {
        self.text[..self.caret].grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        self.text[self.caret..].graphemes(true).next().map_or(self.caret, |grapheme| self.caret + grapheme.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_moves_by_what_people_see() {
        let mut line = Line::new("a👩\u{200d}⚕e\u{301}");
        line.backspace();
        assert_eq!(line.text(), "a👩\u{200d}⚕");
        line.backspace();
        assert_eq!(line.text(), "a");
        line.insert("b\nc\u{1b}");
        assert_eq!(line.text(), "ab c\u{fffd}");
        line.home();
        line.delete();
        assert_eq!((line.text(), line.caret_column()), ("b c\u{fffd}", 0));
        line.end();
        line.delete_word();
        assert_eq!(line.text(), "b ");
    }
}

//! Text in columns: how wide it is on a screen, and how it is shortened.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The columns that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// A text in at most so many columns, with an ellipsis where something was cut.
pub fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = grapheme.width();
        if used + wide + 1 > columns {
            break;
        }
        out.push_str(grapheme);
        used += wide;
    }
    if columns > 0 {
        out.push('…');
    }
    out
}

/// The end of a text in at most so many columns, with an ellipsis where something was cut.
pub fn fit_end(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut kept = 0;
    let mut used = 1;
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += grapheme.width();
        if used > columns {
            break;
        }
        kept = text.len() - at;
    }
    if columns > 0 { format!("…{}", &text[text.len() - kept..]) } else { String::new() }
}

/// A text in exactly so many columns.
pub fn pad(text: &str, columns: usize) -> String {
    let fitted = fit(text, columns);
    let missing = columns.saturating_sub(fitted.width());
    fitted + &" ".repeat(missing)
}

/// A text broken into lines of at most so many columns, between words where that is possible.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            let gap = usize::from(!line.is_empty());
            if line.width() + gap + word.width() <= columns {
                line.push_str(if gap == 1 { " " } else { "" });
                line.push_str(word);
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            // A path breaks behind a slash before it breaks anywhere.
            let mut parts = word.split_inclusive('/').peekable();
            while let Some(part) = parts.next_if(|part| part.width() <= columns) {
                if line.width() + part.width() > columns {
                    lines.push(std::mem::take(&mut line));
                }
                line.push_str(part);
            }
            // What is too long all the same breaks at the signs of which names are made.
            let rest: String = parts.collect();
            for piece in rest.split_inclusive(['-', '_', '.']) {
                if piece.width() <= columns && line.width() + piece.width() > columns {
                    lines.push(std::mem::take(&mut line));
                }
                for grapheme in piece.graphemes(true) {
                    if line.width() + grapheme.width() > columns {
                        lines.push(std::mem::take(&mut line));
                    }
                    line.push_str(grapheme);
                }
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_shortened_and_broken_by_columns() {
        for (text, columns, fitted) in
            [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("漢字漢字", 5, "漢字…"), ("abc", 0, ""), ("a漢", 2, "a…")]
        {
            assert_eq!(fit(text, columns), fitted);
        }
        for (text, columns, fitted) in [("abc", 3, "abc"), ("abcd", 3, "…cd"), ("漢字漢字", 4, "…字"), ("abc", 0, "")]
        {
            assert_eq!(fit_end(text, columns), fitted);
        }
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("see ab/cd/ef.yaml:12", 11), ["see", "ab/cd/", "ef.yaml:12"]);
        assert_eq!(wrap("clerk-audit.audit_log-read", 15), ["clerk-audit.", "audit_log-read"]);
        assert_eq!(wrap("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("a\n\nb", 4), ["a", "", "b"]);
    }
}

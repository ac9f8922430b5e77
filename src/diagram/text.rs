//! Text in cells: graphemes, their display width, shortening.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// A printable grapheme and its display width of one or two cells. Control characters become a replacement character;
/// graphemes without width are dropped.
pub(crate) fn graphemes(text: &str) -> impl Iterator<Item = (&str, i32)> {
    text.graphemes(true).filter_map(|grapheme| {
        if grapheme.chars().any(char::is_control) {
            return Some(("\u{FFFD}", 1));
        }
        match grapheme.width() {
            0 => None,
            width => Some((grapheme, if width == 1 { 1 } else { 2 })),
        }
    })
}

/// The text cut to at most `room` cells; what was cut is replaced by the ellipsis given (one cell).
pub(crate) fn shorten<'a>(text: &'a str, room: i32, ellipsis: &'a str) -> Vec<(&'a str, i32)> {
    let all: Vec<(&str, i32)> = graphemes(text).collect();
    if all.iter().map(|(_, width)| width).sum::<i32>() <= room {
        return all;
    }
    let mut kept = Vec::new();
    let mut used = 0;
    for (grapheme, width) in all {
        if used + width > room - 1 {
            break;
        }
        used += width;
        kept.push((grapheme, width));
    }
    if room > 0 {
        kept.push((ellipsis, 1));
    }
    kept
}

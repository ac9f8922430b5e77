//! What leaves the program as a document: pictures and texts for slides, reports, other tools and screen readers.
//!
//! Pure: a laid-out diagram and what its parts look like go in, text comes out. Every text from a model is escaped for
//! the form in which it is written.

pub mod graph_text;
pub mod page;
pub mod svg;

use crate::model::text::{REPLACEMENT, is_unsafe};

/// A text as character data of XML and HTML, in elements and in attributes. Control characters, which XML forbids, never
/// get this far; they are taken out here again.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push(' '),
            ch if is_unsafe(ch) => out.push(REPLACEMENT),
            ch => out.push(ch),
        }
    }
    out
}

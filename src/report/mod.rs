//! What leaves the program as a document: pictures and texts for slides, reports, other tools and screen readers.
//!
//! Pure: a laid-out diagram and what its parts look like go in, text comes out. Every text from a model is escaped for
//! the form in which it is written.

pub mod graph_text;
pub mod page;
pub mod svg;

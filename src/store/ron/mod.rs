//! The model file: RON that people write and review, so that comments and untouched bytes outlive every edit.
//!
//! Four steps, all on text and pure: [`syntax`] reads a lossless tree, [`mod@load`] makes a model of it and reports
//! everything that is wrong with its place, [`mod@weave`] writes a changed model into the text that was read, and [`mod@print`]
//! gives the canonical form.

pub mod load;
pub mod print;
pub mod syntax;
mod typed;
pub mod weave;
pub mod wording;

pub use load::{Diagnostic, ElementLines, Loaded, load};
pub use print::{canonical, format};
pub use weave::weave;

//! The document: what a model of data behind endpoints consists of, how it is edited, and what is wrong with it.
//!
//! Pure: no file, clock, process or thread. Start at [`document`], which lists the sections; [`reflect`] says how a
//! field is declared once and known everywhere; [`edit`] is the only way in which a model changes.

pub mod access;
pub mod conduct;
pub mod data;
pub mod document;
pub mod edit;
pub mod facts;
pub mod governance;
pub mod graph;
pub mod lookup;
pub mod people;
pub mod platform;
pub mod question;
pub mod reference;
pub mod reflect;
pub mod slug;
mod spelled;
pub mod text;
pub mod threats;
pub mod topology;
pub mod validate;
pub mod wording;

pub use document::{Element, ElementId, Model, Section};
pub use reference::Target;
pub use slug::Slug;
pub use text::Text;

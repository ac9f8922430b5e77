//! What follows from a model. `fn(&Model) -> answer`: analyses never fail; they say what they do not know.

pub mod access;
pub mod attack;
pub mod condition;
mod court;
pub mod decisions;
pub mod docket;
pub mod evidence;
pub mod exposure;
pub mod guardrails;
pub(crate) mod hash;
pub mod journey;
mod notes;
mod parts;
pub mod questions;
mod spoken;
pub mod team;
pub mod threats;

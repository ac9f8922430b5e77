//! The language of conditions: what rules say of a model, as a typed subset of CEL with three truth values.
//!
//! * `syntax`: from text to a tree, within bounds.
//! * `schema`: what there is to read: the types of facts, and the functions.
//! * `check`: names and types, before anything runs; the tree becomes a [`Condition`].
//! * `eval`: a condition on a [`World`]: true, false, or unknown with the facts that are missing; `value` is
//!   what it computes with, `quantify` what is said of the items of a list, `graph` and `ways` are what it reads beyond
//!   the declared facts, `shared` is what several conditions have in common, and `alike` what several elements or exposure
//!   facts have.
//!
//! A fact that nobody gave is unknown, and so is what depends on it and on nothing else: `false && unknown` is false,
//! `true || unknown` is true, everything else stays unknown (the partial evaluation of CEL's own specification,
//! <https://github.com/google/cel-spec/blob/master/doc/langdef.md>). On facts that are all known the answers are CEL's.
//! There is no input or output, no clock but the day that is given, and a budget of steps.

mod alike;
mod check;
mod eval;
mod footprint;
mod graph;
mod guarding;
mod names;
mod occurrences;
mod quantify;
mod schema;
mod shared;
mod surroundings;
mod syntax;
mod value;
mod ways;
mod world;

pub use check::{Condition, compile};
pub use eval::{Answer, EvalError, Evaluator, Instance, MAX_STEPS};
pub(crate) use footprint::{EXISTENCE, Footprint};
pub(crate) use guarding::guarded_with;
pub(crate) use names::{Aspect, Key, KeySet, Names, Number};
pub use schema::{FUNCTIONS, FieldDoc, Function, Type, fields};
pub(crate) use shared::{Stretch, share};
pub use syntax::{MAX_DEPTH, MAX_SOURCE, MAX_TERMS};
pub use value::Missing;
pub use world::World;
pub(crate) use world::{Kept, platform_of_endpoint};

/// What is wrong with a condition, and where in its text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConditionError {
    /// Byte offset in the text of the condition.
    pub offset: usize,
    /// What is wrong, and what to do.
    pub message: String,
}

impl ConditionError {
    fn new(offset: usize, message: impl Into<String>) -> ConditionError {
        ConditionError { offset, message: message.into() }
    }
}

//! When an inject may be sent: a condition on what has happened in the drill so far.
//!
//! Not the language of rules (`analysis::condition`): that asks a model, whose facts may be unknown; a guard asks the
//! state of a drill, in which everything has happened or has not.

use crate::library::located::Name;
use serde::Deserialize;

/// A condition on the state of a drill.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub enum Guard {
    /// Nothing has to have happened.
    #[default]
    Always,
    /// All of these hold.
    All(Vec<Guard>),
    /// One of these holds.
    Any(Vec<Guard>),
    /// This does not hold.
    Not(Box<Guard>),
    /// The inject was sent.
    Sent(Name),
    /// Somebody to whom the inject was addressed said that they have it.
    Acked(Name),
    /// The decision was made.
    Decided(Name),
    /// The decision went for this option.
    Chose(Name, Name),
    /// The expected action was seen.
    Met(Name),
    /// The expected action is overdue: its time is over, and nobody saw it.
    Missing(Name),
    /// The event was emitted.
    Emitted(Name),
}

/// What a guard reads: the answers of a state, or of a check before there is one.
pub trait Facts {
    /// Whether one of the guards that are no combination holds.
    fn holds(&self, atom: &Guard) -> bool;
}

impl Guard {
    /// Whether it holds.
    pub fn holds(&self, facts: &impl Facts) -> bool {
        match self {
            Guard::Always => true,
            Guard::All(parts) => parts.iter().all(|part| part.holds(facts)),
            Guard::Any(parts) => parts.iter().any(|part| part.holds(facts)),
            Guard::Not(inner) => !inner.holds(facts),
            atom => facts.holds(atom),
        }
    }

    /// Calls `visit` with each part that is no combination, and with whether it stands under a `Not`.
    pub fn each<'g>(&'g self, visit: &mut impl FnMut(&'g Guard, bool)) {
        self.walk(false, visit);
    }

    fn walk<'g>(&'g self, negated: bool, visit: &mut impl FnMut(&'g Guard, bool)) {
        match self {
            Guard::Always => {}
            Guard::All(parts) | Guard::Any(parts) => parts.iter().for_each(|part| part.walk(negated, visit)),
            Guard::Not(inner) => inner.walk(!negated, visit),
            atom => visit(atom, negated),
        }
    }
}

//! What the team keeps track of: exposure changes, obligations, follow-ups, the parking lot, and how the map is laid out.

use super::facts::Day;
use super::reference::{AnyLink, BoundaryLink, ControlLink, DrawnLink, PersonLink};
use super::reflect::{choice, element};
use super::text::Text;
use std::collections::BTreeMap;

element! {
    /// A change of what is exposed.
    pub struct Change {
        /// What changed.
        about: Vec<AnyLink>,
        /// Why.
        rationale: Text,
        /// Who made it.
        #[ask = "Who made the change {name}?"]
        author: Option<PersonLink>,
        /// Who let it pass.
        #[ask = "Who let the change {name} pass?"]
        approver: Option<PersonLink>,
        /// When.
        on: Option<Day>,
    }
}

choice! {
    /// Where an obligation comes from.
    pub enum ObligationKind {
        /// A law.
        Law,
        /// A standard.
        Standard,
        /// A contract.
        Contract,
        /// A rule of our own.
        Policy,
    }
}

element! {
    /// A law, standard or contract that applies.
    pub struct Obligation {
        /// Where it comes from.
        kind: Option<ObligationKind>,
        /// The article, clause or control id.
        reference: Option<Text>,
        /// What it applies to.
        applies_to: Vec<AnyLink>,
        /// The controls that fulfil it.
        controls: Vec<ControlLink>,
    }
}

element! {
    /// A follow-up.
    pub struct Action {
        /// Who does it.
        owner: Option<PersonLink>,
        /// Until when.
        due: Option<Day>,
        /// Since when it is done.
        done: Option<Day>,
        /// What it is about.
        about: Vec<AnyLink>,
        /// The fact of it that is to be found out, as `class` or `fields.email.class`.
        asks: Option<Text>,
    }
}

element! {
    /// Something to come back to.
    pub struct Parked {
        /// Who raised it.
        raised_by: Option<PersonLink>,
        /// When.
        on: Option<Day>,
        /// What it is about.
        about: Vec<AnyLink>,
        /// The fact of it that is asked for, as `class` or `fields.email.class`.
        asks: Option<Text>,
    }
}

choice! {
    /// Which way flows run on the map.
    pub enum Orientation {
        /// From top to bottom.
        Down,
        /// From left to right.
        Right,
    }
}

element! {
    /// How the map is laid out; what is not said here is laid out by itself.
    pub struct View {
        /// Cells at which somebody placed an element: the top left corner.
        pins: BTreeMap<DrawnLink, (i32, i32)>,
        /// Boundaries drawn as one box.
        folded: Vec<BoundaryLink>,
        /// Which way flows run.
        orientation: Option<Orientation>,
    }
}

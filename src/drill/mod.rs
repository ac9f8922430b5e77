//! Drills: scenarios to rehearse, the engine that runs them, the log that they leave, and what is learnt from it.
//!
//! * `scenario`, `playbook`, `guard`, `hidden`: the file forms; `bundled`: what is shipped.
//! * `lint`, `reach`: whether a scenario can be played as it is written. `binding`: what of a model it is about.
//! * `event`, `state`, `step`: a drill as a state machine over events. `moment`, `duty`: its legal clocks.
//! * `canonical`, `log`: events as lines that are chained by hashes. `player`: what one role may see.
//! * `console`: what a facilitator types and is shown, in lines.
//! * `board`: what screens are made of; `facilitator`, `player`, `evaluation` fill it for those who look, `solo` plays the
//!   facilitator for somebody alone. `begin`: what a new drill takes from a model.
//! * `containment`, `what_if`: what the team does against the attacker, and what that one still reaches in the model.
//! * `outcome`: what it says of controls, and how that comes into the model. `calls`: who reaches whom.
//! * `draft`: a scenario from an attack path. `programme`: all drills together; `compare`: two of them.
//! * `metrics`, `after_action`: numbers and the report, from the log alone.
//!
//! Everything here is pure: times come in with events, salts come in as values. Whatever people read says that it is an
//! exercise ([`EXERCISE`]).

pub mod after_action;
pub mod begin;
pub mod binding;
pub mod board;
pub mod bundled;
pub mod calls;
pub mod canonical;
pub mod compare;
pub mod console;
pub mod containment;
pub mod draft;
pub mod duty;
pub mod evaluation;
pub mod event;
pub mod facilitator;
pub mod guard;
pub mod hidden;
pub mod lint;
pub mod log;
pub mod metrics;
pub mod moment;
pub mod outcome;
pub mod playbook;
pub mod player;
pub mod programme;
mod reach;
pub mod scenario;
pub mod solo;
pub mod state;
pub mod step;
pub mod what_if;

/// The label of everything that people read, so that nobody takes a drill for an alert.
pub const EXERCISE: &str = "EXERCISE – EXERCISE – EXERCISE";

//! The workbench without a screen: state, commands, keys, and `update`. No terminal in here, so all of it is tested as
//! plain values.
//!
//! [`update::update`] takes a message and changes the state; what touches the world comes back as effects.
//! [`command`] is the one table from which keys, palette, help, hints, man page and cheat sheet are made.

pub mod appearance;
pub mod attackers;
pub mod badge;
pub mod beyond;
pub mod boards;
pub mod choosing;
pub mod command;
pub mod config;
pub mod console;
pub mod controls;
pub mod detail;
pub mod drag;
pub mod drills;
pub mod exits;
pub mod fields;
pub mod findings;
pub mod forms;
pub mod frame;
pub mod fuzzy;
pub mod gestures;
mod joins;
pub mod journey;
pub mod judging;
pub mod key;
pub mod keymap;
pub mod layer;
pub mod legend;
pub mod line;
pub mod list;
pub mod map;
pub mod msg;
pub mod outline;
pub mod overview;
pub mod projection;
pub mod queue;
mod revise;
pub mod sheet;
pub mod shelf;
pub mod state;
pub mod steps;
pub mod threats;
pub mod toast;
pub mod told;
pub mod touched;
pub mod tutor;
pub mod update;
pub mod voids;
pub mod walk;
pub mod width;

pub use state::App;

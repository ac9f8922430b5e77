//! The workbench on a terminal: the only place that knows ratatui and crossterm.
//!
//! [`run`] has the event loop, [`term`] takes the terminal and always gives it back, [`input`] translates events,
//! [`draw`] paints the state, [`palette`] has the colours, [`session`] does what `update` wants done outside,
//! [`lean`] writes frames in few bytes.

pub mod background;
pub mod desk;
pub mod draw;
pub mod input;
pub mod lean;
pub mod palette;
pub mod run;
pub mod session;
pub mod term;
mod worker;

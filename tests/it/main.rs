//! The one integration-test binary.
#![allow(clippy::unwrap_used, missing_docs)]

mod access;
mod architecture;
mod beyond;
mod cli;
mod condition;
mod diagram;
#[cfg(unix)] // It runs the examples in a shell.
mod docs;
mod document;
mod follow;
mod fuzz;
mod gallery;
mod hasura;
mod headless;
mod hostile;
mod journey;
mod keymap;
mod layout;
mod minimap;
mod mouse;
#[cfg(unix)]
mod pty;
mod report;
mod rules;
mod screens;
mod store;
#[cfg(unix)]
mod terminal;
mod tutor;
mod viewing;
mod wording;

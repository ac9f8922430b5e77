//! The one integration-test binary.
#![allow(clippy::unwrap_used, missing_docs)]

mod access;
mod architecture;
mod attack;
mod beside;
mod beyond;
mod cli;
mod condition;
mod diagram;
mod digraph;
#[cfg(unix)] // It runs the examples in a shell.
mod docket;
mod docs;
mod document;
mod drill_after;
mod drill_board;
mod drill_clocks;
mod drill_containment;
mod drill_draft;
mod drill_engine;
mod drill_lint;
mod drill_log;
mod drill_watch;
mod evidence;
mod findings;
mod follow;
mod fuzz;
mod gallery;
mod guardrails;
mod hasura;
mod headless;
mod hostile;
mod journey;
mod kept;
mod keymap;
mod large;
mod layout;
mod lists;
mod minimap;
mod mouse;
#[cfg(unix)]
mod pty;
mod queue;
mod report;
mod rules;
mod screens;
mod steps;
mod store;
#[cfg(unix)]
mod terminal;
mod tutor;
mod viewing;
mod walk;
mod wording;

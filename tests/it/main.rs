//! The one integration-test binary.
#![allow(clippy::unwrap_used, missing_docs)]

mod access;
mod architecture;
mod cli;
mod diagram;
#[cfg(unix)] // It runs the examples in a shell.
mod docs;
mod document;
mod fuzz;
mod gallery;
mod hasura;
mod headless;
mod hostile;
mod journey;
mod keymap;
#[cfg(unix)]
mod pty;
mod report;
mod screens;
mod store;
#[cfg(unix)]
mod terminal;
mod viewing;

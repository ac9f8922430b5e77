//! The one integration-test binary.
#![allow(clippy::unwrap_used, missing_docs)]

mod access;
mod diagram;
#[cfg(unix)] // It runs the examples in a shell.
mod docs;
mod document;
mod hasura;
mod report;
mod store;

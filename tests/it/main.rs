//! The one integration-test binary.
#![allow(clippy::unwrap_used, missing_docs)]

mod access;
mod diagram;
mod document;
mod hasura;
mod store;

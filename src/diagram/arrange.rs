//! The whole pipeline: place roomily, route, compact; and the incremental way that follows a drag.

use super::canonical::Canonical;
use super::geometry::{Point, Rect};
use super::graph::{Graph, chain};
use super::layout::{Looseness, apply_pins, roomy};
use super::route::{self, Effort};
use super::{Diagram, Placement, Wire, compact};

/// How often placement is repeated with more room where wires failed.
const ATTEMPTS: usize = 3;

/// Places every box and boundary; pins are honoured unless they contradict each other.
pub fn place(graph: &Graph) -> Placement {
    let canonical = Canonical::new(graph);
    let (placement, _) = solve(&canonical.graph);
    canonical.original_placement(&placement)
}

/// Places every box and boundary as they are before wires are routed: roomily, without pins. What [`arrange`] spends on
/// placement alone is measured with this.
pub fn sketch(graph: &Graph) -> Placement {
    let canonical = Canonical::new(graph);
    let looseness = Looseness { steps: vec![0; graph.boundaries.len() + 1] };
    canonical.original_placement(&roomy(&canonical.graph, &looseness).placement)
}

/// Routes every flow over the given placement: one wire per flow, same index.
pub fn route(graph: &Graph, placement: &Placement) -> Vec<Wire> {
    let canonical = Canonical::new(graph);
    let wires = route::all(&canonical.graph, &canonical.sorted_placement(placement), Effort::Thorough);
    canonical.original_wires(wires)
}

/// Places and routes.
pub fn arrange(graph: Graph) -> Diagram {
    let canonical = Canonical::new(&graph);
    let (placement, wires) = solve(&canonical.graph);
    let placement = canonical.original_placement(&placement);
    let wires = canonical.original_wires(wires);
    Diagram { graph, placement, wires }
}

/// Routes again after the boxes listed were moved (their rectangles in the placement changed), keeping every wire that
/// neither touches them nor is blocked by them. Boundaries grow where their members stick out; they never shrink here.
pub fn reroute(diagram: &mut Diagram, moved: &[usize]) {
    let canonical = Canonical::new(&diagram.graph);
    let mut placement = canonical.sorted_placement(&diagram.placement);
    grow_boundaries(&canonical.graph, &mut placement);
    let wires = canonical.sorted_wires(&diagram.wires);
    let moved = canonical.sorted_nodes(moved);
    let wires = route::again(&canonical.graph, &placement, &wires, &moved);
    diagram.wires = canonical.original_wires(wires);
    diagram.placement = canonical.original_placement(&placement);
    diagram.placement.size = diagram.bounds().size();
}

fn grow_boundaries(graph: &Graph, placement: &mut Placement) {
    let parents: Vec<Option<usize>> = graph.boundaries.iter().map(|boundary| boundary.parent).collect();
    let mut order: Vec<usize> = (0..graph.boundaries.len()).collect();
    order.sort_by_key(|index| (std::cmp::Reverse(chain(&parents, Some(*index)).len()), *index));
    for index in order {
        let nodes = graph.nodes.iter().zip(&placement.nodes).filter(|(node, _)| node.boundary == Some(index));
        let inner = parents.iter().zip(&placement.boundaries).filter(|(parent, _)| **parent == Some(index));
        let members = nodes
            .map(|(_, rect)| rect)
            .chain(inner.map(|(_, rect)| rect))
            .fold(Rect::default(), |sum, rect| sum.union(rect));
        let mut rect = placement.boundaries[index];
        if !members.is_empty() && !rect.inset(1).covers(&members) {
            // A wall and a free cell for arrow heads.
            rect = rect.union(&members.grown(2, 2));
        }
        placement.boundaries[index] = rect;
    }
}

/// The best of a few attempts with more and more room where wires failed. The graph must be canonical.
fn solve(graph: &Graph) -> (Placement, Vec<Wire>) {
    let mut looseness = Looseness { steps: vec![0; graph.boundaries.len() + 1] };
    let mut best: Option<(usize, Placement, Vec<Wire>)> = None;
    for _ in 0..ATTEMPTS {
        let layout = roomy(graph, &looseness);
        let wires = route::all(graph, &layout.placement, Effort::Thorough);
        let failed: Vec<usize> = wires.iter().filter(|wire| wire.off_page).map(|wire| wire.edge).collect();
        if best.as_ref().is_none_or(|(least, _, _)| failed.len() < *least) {
            let (placement, wires) = compact::squeeze(graph, layout, wires);
            best = Some((failed.len(), placement, wires));
        }
        if failed.is_empty() {
            break;
        }
        let parents: Vec<Option<usize>> = graph.boundaries.iter().map(|boundary| boundary.parent).collect();
        let mut tight: Vec<usize> = failed
            .iter()
            .flat_map(|edge| [graph.edges[*edge].from, graph.edges[*edge].to])
            .flat_map(|node| chain(&parents, graph.nodes[node].boundary).into_iter().map(|index| index + 1).chain([0]))
            .collect();
        tight.sort_unstable();
        tight.dedup();
        for container in tight {
            looseness.steps[container] += 1;
        }
    }
    let (_, placement, wires) = best.unwrap_or_default();
    if graph.nodes.iter().all(|node| node.pin.is_none()) {
        return to_origin(placement, wires);
    }
    let pinned = apply_pins(graph, &placement);
    let wires = route::all(graph, &pinned, Effort::Thorough);
    let mut diagram = Diagram { graph: Graph::default(), placement: pinned, wires };
    diagram.placement.size = diagram.bounds().size();
    (diagram.placement, diagram.wires)
}

/// Moves the drawing so that it starts at cell (0, 0).
fn to_origin(placement: Placement, wires: Vec<Wire>) -> (Placement, Vec<Wire>) {
    let mut diagram = Diagram { graph: Graph::default(), placement, wires };
    let bounds = diagram.bounds();
    let (columns, rows) = (-bounds.x, -bounds.y);
    let move_point = |point: &mut Point| *point = Point::new(point.x + columns, point.y + rows);
    for rect in diagram.placement.nodes.iter_mut().chain(&mut diagram.placement.boundaries) {
        *rect = rect.shifted(columns, rows);
    }
    for wire in &mut diagram.wires {
        wire.path.iter_mut().for_each(move_point);
        wire.crossings.iter_mut().for_each(|(_, point)| move_point(point));
        wire.label = wire.label.map(|rect| rect.shifted(columns, rows));
    }
    diagram.placement.size = bounds.size();
    (diagram.placement, diagram.wires)
}

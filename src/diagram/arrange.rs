//! The whole pipeline: place roomily, route, compact.

use super::canonical::Canonical;
use super::geometry::Point;
use super::graph::{Graph, chain};
use super::layout::{Looseness, apply_pins, roomy};
use super::route::{self, Effort};
use super::{Diagram, Placement, Wire, compact};

/// How often placement is repeated with more room where wires failed.
const ATTEMPTS: usize = 3;

/// With more boxes or wires than this one attempt has to do: a few wires more are not worth the time.
const MANY: usize = 250;

/// Places every box and boundary; pins are honoured unless they contradict each other.
pub fn place(graph: &Graph) -> Placement {
    let canonical = Canonical::new(graph);
    let (placement, _) = solve(&canonical.graph, &mut |_| true).unwrap_or_default();
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
    let placement = canonical.sorted_placement(placement);
    let wires =
        route::all(&canonical.graph, &placement, (&[], &[]), Effort::Thorough, &mut |_| true).unwrap_or_default();
    canonical.original_wires(wires)
}

/// Places and routes.
pub fn arrange(graph: Graph) -> Diagram {
    arrange_while(graph, &mut |_| true).unwrap_or_default()
}

/// Places and routes, as long as it is told to go on: it asks again and again, and says how far it is in percent. Nothing
/// where it was stopped.
pub fn arrange_while(graph: Graph, go_on: &mut dyn FnMut(u8) -> bool) -> Option<Diagram> {
    let canonical = Canonical::new(&graph);
    let (placement, wires) = solve(&canonical.graph, go_on)?;
    let placement = canonical.original_placement(&placement);
    let wires = canonical.original_wires(wires);
    Some(Diagram { graph, placement, wires })
}

/// The best of a few attempts with more and more room where wires failed. The graph must be canonical.
fn solve(graph: &Graph, go_on: &mut dyn FnMut(u8) -> bool) -> Option<(Placement, Vec<Wire>)> {
    let mut looseness = Looseness { steps: vec![0; graph.boundaries.len() + 1] };
    let mut best: Option<(usize, Placement, Vec<Wire>)> = None;
    let attempts = if graph.nodes.len().max(graph.edges.len()) > MANY { 1 } else { ATTEMPTS };
    for _ in 0..attempts {
        let layout = roomy(graph, &looseness);
        let wires = route::all(graph, &layout.placement, (&layout.courses, &layout.drafts), Effort::Thorough, go_on)?;
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
        return Some(to_origin(placement, wires));
    }
    let pinned = apply_pins(graph, &placement);
    let wires = route::all(graph, &pinned, (&[], &[]), Effort::Thorough, go_on)?;
    let mut diagram = Diagram { graph: Graph::default(), placement: pinned, wires };
    diagram.placement.size = diagram.bounds().size();
    Some((diagram.placement, diagram.wires))
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

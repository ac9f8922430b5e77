//! The whole pipeline: place roomily, route, compact.

use super::canonical::Canonical;
use super::geometry::{Point, Size};
use super::graph::{Graph, chain};
use super::layout::{Looseness, apply_pins, roomy};
use super::route::{self, Effort};
use super::{Diagram, Placement, Wire, compact};

/// How often placement is repeated with more room where wires failed.
const ATTEMPTS: usize = 3;

/// With more boxes or wires than this one attempt has to do: a few wires more are not worth the time.
const MANY: usize = 250;

/// With no more wires than this one sees of each what it says, and labels are worth another attempt or two.
const FEW: usize = 40;

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

/// A drawing, before pins.
struct Attempt {
    placement: Placement,
    wires: Vec<Wire>,
}

impl Attempt {
    fn new(graph: &Graph, looseness: &Looseness, go_on: &mut dyn FnMut(u8) -> bool) -> Option<Attempt> {
        let layout = roomy(graph, looseness);
        let wires = route::all(graph, &layout.placement, (&layout.courses, &layout.drafts), Effort::Thorough, go_on)?;
        let (placement, wires) = compact::squeeze(graph, layout, wires);
        Some(Attempt { placement, wires })
    }

    /// The flows that found no way.
    fn failed(&self) -> Vec<usize> {
        self.wires.iter().filter(|wire| wire.off_page).map(|wire| wire.edge).collect()
    }

    /// The flows that say less than they should, and how many cells are missing. Labels that others say for them are not.
    fn shortened(&self, graph: &Graph) -> (Vec<usize>, i32) {
        let wanted = |wire: &Wire| graph.edges[wire.edge].label_width;
        let is_whole = |wire: &Wire| wire.label.is_some_and(|label| label.width == wanted(wire));
        let may_speak_for = |other: &Wire, wire: &Wire| {
            let (other, own) = (&graph.edges[other.edge], &graph.edges[wire.edge]);
            !own.label.is_empty() && own.label == other.label && (own.from == other.from || own.to == other.to)
        };
        let missing = |wire: &Wire| match wire.label {
            Some(label) => wanted(wire) - label.width,
            None if self.wires.iter().any(|other| is_whole(other) && may_speak_for(other, wire)) => 0,
            None => wanted(wire),
        };
        let shortened = self.wires.iter().filter(|wire| missing(wire) > 0);
        (shortened.clone().map(|wire| wire.edge).collect(), shortened.map(missing).sum())
    }

    fn fits(&self, room: Size) -> bool {
        self.placement.size.width <= room.width && self.placement.size.height <= room.height
    }
}

/// Adds a step of room wherever the ends of these flows are.
fn loosen(graph: &Graph, looseness: &mut Looseness, flows: &[usize]) {
    let parents: Vec<Option<usize>> = graph.boundaries.iter().map(|boundary| boundary.parent).collect();
    let mut tight: Vec<usize> = flows
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

/// The best of a few attempts with more and more room where wires failed; and, in small drawings that fit on the screen then,
/// too, where labels are shortened. The graph must be canonical.
fn solve(graph: &Graph, go_on: &mut dyn FnMut(u8) -> bool) -> Option<(Placement, Vec<Wire>)> {
    let mut looseness = Looseness { steps: vec![0; graph.boundaries.len() + 1] };
    let mut best = Attempt::new(graph, &looseness, go_on)?;
    let attempts = if graph.nodes.len().max(graph.edges.len()) > MANY { 1 } else { ATTEMPTS };
    let mut failed = best.failed();
    for _ in 1..attempts {
        if failed.is_empty() {
            break;
        }
        loosen(graph, &mut looseness, &failed);
        let attempt = Attempt::new(graph, &looseness, go_on)?;
        failed = attempt.failed();
        if failed.len() < best.failed().len() {
            best = attempt;
        }
    }
    let room = graph.room.filter(|room| graph.edges.len() <= FEW && best.fits(*room));
    for room in std::iter::repeat_n(room, ATTEMPTS).flatten() {
        let (shortened, missing) = best.shortened(graph);
        if shortened.is_empty() {
            break;
        }
        loosen(graph, &mut looseness, &shortened);
        let attempt = Attempt::new(graph, &looseness, go_on)?;
        let failed = attempt.failed().len();
        if failed <= best.failed().len() && attempt.shortened(graph).1 < missing && attempt.fits(room) {
            best = attempt;
        }
    }
    let Attempt { placement, wires } = best;
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

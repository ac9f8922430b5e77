//! The incremental way that follows a drag: only what the moved boxes touch is routed again, in a window around them.
//!
//! The time that it takes depends on the window and not on the drawing. A wire whose other end is too far away for a
//! window goes off the page as long as the drag lasts: the marks at both of its ends say where it leads, and when the box
//! is dropped everything is routed again.

use super::canonical::Canonical;
use super::geometry::{Point, Rect};
use super::graph::{Boundary, Edge, Graph, chain};
use super::route::{self, Kept, Outcome, title_span};
use super::{Diagram, Placement, Wire};

/// Columns and rows around a moved box that belong to the window.
const AROUND: (i32, i32) = (60, 24);

/// Columns and rows around the other end of a wire that belong to the window.
const AROUND_END: (i32, i32) = (16, 8);

/// The most cells in a window.
const MOST_CELLS: i64 = 60_000;

/// Rectangles further out than this are left alone, so that sums can not overflow.
const FURTHEST: i32 = 1 << 20;

fn is_sane(rect: &Rect) -> bool {
    let within = |value: i32| (-FURTHEST..=FURTHEST).contains(&value);
    within(rect.x) && within(rect.y) && (0..=FURTHEST).contains(&rect.width) && (0..=FURTHEST).contains(&rect.height)
}

/// Routes again after the boxes listed were moved (their rectangles in the placement changed), keeping every wire that
/// neither touches them nor is blocked by them. Boundaries grow where their members stick out; they never shrink here.
/// Returns the wires that changed.
pub fn reroute(diagram: &mut Diagram, moved: &[usize]) -> Vec<usize> {
    let rects = diagram.placement.nodes.iter().chain(&diagram.placement.boundaries);
    let sane = rects.into_iter().all(is_sane)
        && diagram.placement.nodes.len() == diagram.graph.nodes.len()
        && diagram.placement.boundaries.len() == diagram.graph.boundaries.len()
        && diagram.wires.len() == diagram.graph.edges.len();
    let moved: Vec<usize> = moved.iter().copied().filter(|node| *node < diagram.placement.nodes.len()).collect();
    if moved.is_empty() || !sane {
        return Vec::new();
    }
    let before = diagram.placement.boundaries.clone();
    grow_boundaries(&diagram.graph, &mut diagram.placement);
    let grown: Vec<Grown> = before
        .iter()
        .zip(&diagram.placement.boundaries)
        .zip(&diagram.graph.boundaries)
        .filter(|((before, now), _)| before != now)
        .map(|((before, now), boundary)| Grown {
            before: *before,
            now: *now,
            title: title_span(now, boundary.title_width.clamp(0, Boundary::MAXIMUM_TITLE)),
        })
        .collect();
    let boxes: Vec<Rect> = moved.iter().map(|node| diagram.placement.nodes[*node]).collect();
    let found = Surroundings::new(diagram, &moved, &boxes, &grown).route(diagram);
    let mut changed = Vec::new();
    for (at, wire) in found {
        if diagram.wires[at] != wire {
            diagram.wires[at] = wire;
            changed.push(at);
        }
    }
    changed.sort_unstable();
    changed
}

/// A boundary that became larger.
struct Grown {
    before: Rect,
    now: Rect,
    title: Rect,
}

impl Grown {
    /// Whether a cell is not what it was: inside now, a wall now, or a wall no more.
    fn disturbs(&self, point: Point) -> bool {
        if !self.now.contains(point) || self.before.inset(1).contains(point) {
            return false;
        }
        let on = |walls: &Rect| {
            let upright = point.x == walls.x || point.x == walls.right() - 1;
            let level = point.y == walls.y || point.y == walls.bottom() - 1;
            walls.contains(point) && upright != level
        };
        self.title.contains(point) || !on(&self.before) || !on(&self.now)
    }
}

fn grow_boundaries(graph: &Graph, placement: &mut Placement) {
    let parents = graph.parents();
    let mut members = vec![Rect::default(); placement.boundaries.len()];
    for (node, rect) in graph.nodes.iter().zip(&placement.nodes) {
        if let Some(members) = node.boundary.and_then(|boundary| members.get_mut(boundary)) {
            *members = members.union(rect);
        }
    }
    let mut order: Vec<usize> = (0..placement.boundaries.len().min(parents.len())).collect();
    order.sort_by_key(|index| (std::cmp::Reverse(chain(&parents, Some(*index)).len()), *index));
    for index in order {
        let rect = &mut placement.boundaries[index];
        if !members[index].is_empty() && !rect.inset(1).covers(&members[index]) {
            // A wall and a free cell for arrow heads.
            *rect = rect.union(&members[index].grown(2, 2));
        }
        if let Some(outer) = parents[index].and_then(|parent| members.get_mut(parent)) {
            *outer = outer.union(&placement.boundaries[index]);
        }
    }
}

/// The wires around what was moved.
struct Surroundings {
    window: Rect,
    /// To be routed again.
    pending: Vec<usize>,
    /// To be looked at: something new may be in their way.
    doubtful: Vec<usize>,
    /// In the window, and as good as before.
    sound: Vec<usize>,
    /// Too long for a window.
    lost: Vec<usize>,
}

impl Surroundings {
    fn new(diagram: &Diagram, moved: &[usize], boxes: &[Rect], grown: &[Grown]) -> Self {
        let nodes = &diagram.placement.nodes;
        let ends = |edge: &Edge| nodes.get(edge.from).zip(nodes.get(edge.to));
        let start = boxes.iter().fold(Rect::default(), |sum, rect| sum.union(rect));
        let mut window = start.grown(AROUND.0, AROUND.1);
        for rect in grown {
            let wider = window.union(&rect.now.grown(2, 2));
            if area(&wider) <= MOST_CELLS {
                window = wider;
            }
        }
        let runs_into_box = |wire: &Wire| boxes.iter().any(|rect| enters(&wire.path, rect));
        let is_disturbed = |wire: &Wire| {
            let disturbs = |rect: &&Grown| wire.path.iter().any(|cell| rect.disturbs(*cell));
            grown.iter().filter(|rect| enters(&wire.path, &rect.now)).any(|rect| disturbs(&rect))
        };
        let mut result =
            Self { window, pending: Vec::new(), doubtful: Vec::new(), sound: Vec::new(), lost: Vec::new() };
        let mut near: Vec<(i64, usize, Rect)> = Vec::new();
        for (at, edge) in diagram.graph.edges.iter().enumerate().take(diagram.wires.len()) {
            let Some((from, to)) = ends(edge) else { continue };
            let wire = &diagram.wires[at];
            let touched = moved.contains(&edge.from) || moved.contains(&edge.to);
            // What found no way before may find one now, if it is around here.
            let hopeful = wire.off_page && window.covers(from) && window.covers(to);
            if touched || hopeful || runs_into_box(wire) {
                let both = from.union(to);
                near.push((area(&both), at, both.grown(AROUND_END.0, AROUND_END.1)));
            }
        }
        near.sort_unstable_by_key(|(area, at, _)| (*area, *at));
        let mut is_near = vec![false; diagram.wires.len()];
        for (_, at, both) in near {
            is_near[at] = true;
            let wider = result.window.union(&both);
            if area(&wider) <= MOST_CELLS {
                result.window = wider;
                result.pending.push(at);
            } else {
                result.lost.push(at);
            }
        }
        let window = result.window;
        for (at, wire) in diagram.wires.iter().enumerate().filter(|(at, _)| !is_near[*at]) {
            // A label may reach into the window though its wire does not.
            let is_inside = enters(&wire.path, &window) || wire.label.is_some_and(|label| label.overlaps(&window));
            let list = match is_disturbed(wire) {
                false if !is_inside || ends(&diagram.graph.edges[at]).is_none() => continue,
                false => &mut result.sound,
                true if wire.path.iter().all(|point| window.contains(*point)) => &mut result.doubtful,
                true => &mut result.lost,
            };
            list.push(at);
        }
        result
    }

    /// The wires that are not as they were.
    fn route(&self, diagram: &Diagram) -> Vec<(usize, Wire)> {
        let mut found: Vec<(usize, Wire)> = self.lost.iter().map(|at| (*at, Wire::off_page(*at))).collect();
        let wires: Vec<usize> = self.pending.iter().chain(&self.doubtful).chain(&self.sound).copied().collect();
        let nodes = &diagram.placement.nodes;
        let mut wanted: Vec<bool> = nodes.iter().map(|rect| rect.overlaps(&self.window)).collect();
        for edge in wires.iter().map(|at| &diagram.graph.edges[*at]) {
            (wanted[edge.from], wanted[edge.to]) = (true, true);
        }
        let kept: Vec<usize> = (0..nodes.len()).filter(|node| wanted[*node]).collect();
        let mut place_of = vec![0; nodes.len()];
        for (place, node) in kept.iter().enumerate() {
            place_of[*node] = place;
        }
        let graph = Graph {
            nodes: kept.iter().map(|node| diagram.graph.nodes[*node].clone()).collect(),
            boundaries: diagram.graph.boundaries.clone(),
            edges: wires
                .iter()
                .map(|at| &diagram.graph.edges[*at])
                .map(|edge| Edge { from: place_of[edge.from], to: place_of[edge.to], ..edge.clone() })
                .collect(),
            direction: diagram.graph.direction,
            room: None,
        };
        let placement = Placement {
            nodes: kept.iter().map(|node| nodes[*node]).collect(),
            boundaries: diagram.placement.boundaries.clone(),
            size: diagram.placement.size,
        };
        let canonical = Canonical::new(&graph);
        let own: Vec<&Wire> = canonical.sorted_edges().iter().map(|at| &diagram.wires[wires[*at]]).collect();
        let trust = |at: usize| match at {
            at if at < self.pending.len() => Kept::Not,
            at if at < self.pending.len() + self.doubtful.len() => Kept::IfLegal,
            _ => Kept::Surely,
        };
        let kept: Vec<Kept> = canonical.sorted_edges().iter().map(|at| trust(*at)).collect();
        let routed = route::again(&canonical.graph, &canonical.sorted_placement(&placement), &own, &kept, self.window);
        for (place, outcome) in canonical.sorted_edges().iter().zip(routed) {
            let at = wires[*place];
            match outcome {
                Outcome::Same => {}
                Outcome::Label(label) => found.push((at, Wire { label, ..diagram.wires[at].clone() })),
                Outcome::Wire(wire) => found.push((at, Wire { edge: at, ..canonical.original_wire(wire) })),
            }
        }
        found
    }
}

/// Whether a path has a cell in a rectangle. It goes a cell at a time, so that many that are far away need no look.
fn enters(path: &[Point], rect: &Rect) -> bool {
    let mut at = 0;
    while let Some(point) = path.get(at) {
        if rect.contains(*point) {
            return true;
        }
        at += rect.distance(*point).max(1) as usize;
    }
    false
}

fn area(rect: &Rect) -> i64 {
    i64::from(rect.width.max(0)) * i64::from(rect.height.max(0))
}

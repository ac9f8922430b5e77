//! Placement of boxes and boundaries: every boundary is arranged by itself, then counts as one piece of its parent.
//!
//! The first passes do not know where flows to the outside end; later passes use the positions of the pass before.
//! The result is roomy on purpose: after routing, the `compact` module takes out every row and column nobody uses.

mod align;
mod block;
mod container;
mod medians;
mod order;
mod pins;
mod rank;
mod shuffle;
mod simplex;
mod tiers;

pub(crate) use pins::apply as apply_pins;

use super::Placement;
use super::geometry::{Point, Rect, Size};
use super::graph::{Boundary, Direction, Graph, chain};
use container::{Link, Piece, Spacing, arrange};

/// How many times outside positions are fed back.
const PASSES: usize = 3;

/// How much room to leave; raised where routing failed.
#[derive(Clone, Debug)]
pub(crate) struct Looseness {
    /// Extra steps of room for the page itself (index 0) and for every boundary (index + 1).
    pub steps: Vec<i32>,
}

/// A placement and what compaction has to respect in it.
pub(crate) struct Roomy {
    /// Where everything is.
    pub placement: Placement,
    /// Lists of pieces that stand side by side in a layer and should stay level.
    pub rows: Vec<Vec<Child>>,
}

/// A child of a container.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Child {
    /// A box.
    Node(usize),
    /// A boundary.
    Boundary(usize),
}

/// The least width of a boundary: corners, the title with its notches, and a cell of wall to either side.
pub(crate) const fn minimum_width(boundary: &Boundary) -> i32 {
    let title = if boundary.title_width > 0 { boundary.title_width + 2 } else { 0 };
    title + 2 * Boundary::TITLE_INSET + 2
}

/// The least height of a boundary.
pub(crate) const MINIMUM_HEIGHT: i32 = 3;

/// The page (index 0) and the boundaries (index + 1) with their children.
fn children_of(graph: &Graph) -> Vec<Vec<Child>> {
    let mut children = vec![Vec::new(); graph.boundaries.len() + 1];
    for (index, node) in graph.nodes.iter().enumerate() {
        children[node.boundary.map_or(0, |at| at + 1)].push(Child::Node(index));
    }
    for (index, boundary) in graph.boundaries.iter().enumerate() {
        children[boundary.parent.map_or(0, |at| at + 1)].push(Child::Boundary(index));
    }
    children
}

struct Builder<'a> {
    graph: &'a Graph,
    children: Vec<Vec<Child>>,
    /// Containers, innermost first.
    order: Vec<usize>,
    /// Containers around each box, innermost first, page last.
    around: Vec<Vec<usize>>,
    /// Flows that begin or end in each container.
    edges: Vec<Vec<usize>>,
    /// Place of each box and boundary among the children of its container.
    node_slot: Vec<usize>,
    boundary_slot: Vec<usize>,
    looseness: &'a Looseness,
    /// Position of each box and boundary in its container's content area.
    node_at: Vec<Point>,
    boundary_at: Vec<Point>,
    boundary_size: Vec<Size>,
    rows: Vec<Vec<Vec<Child>>>,
}

impl Builder<'_> {
    fn padding(&self, container: usize) -> (i32, i32) {
        let extra = self.looseness.steps[container];
        if container == 0 { (0, 0) } else { (4 + 2 * extra, 3 + extra) }
    }

    fn size_of(&self, child: Child) -> Size {
        match child {
            Child::Node(index) => self.graph.nodes[index].size,
            Child::Boundary(index) => self.boundary_size[index],
        }
    }

    /// The middle of a box relative to the content area of one of the containers around it.
    fn middle_in(&self, node: usize, container: usize) -> Point {
        let size = self.graph.nodes[node].size;
        let mut point =
            Point::new(self.node_at[node].x + (size.width - 1) / 2, self.node_at[node].y + (size.height - 1) / 2);
        for inner in self.around[node].iter().take_while(|inner| **inner != container) {
            let at = self.boundary_at[inner - 1];
            let padding = self.padding(*inner);
            point = Point::new(point.x + at.x + 1 + padding.0, point.y + at.y + 1 + padding.1);
        }
        point
    }

    /// The child of `container` that is or holds the box.
    fn child_in(&self, node: usize, container: usize) -> Option<Child> {
        let slot = self.around[node].iter().position(|around| *around == container)?;
        Some(if slot == 0 { Child::Node(node) } else { Child::Boundary(self.around[node][slot - 1] - 1) })
    }

    fn arrange_container(&mut self, container: usize, absolute: Option<&Placement>) -> Size {
        let right = self.graph.direction == Direction::Right;
        let turn = |size: Size| if right { (size.height, size.width) } else { (size.width, size.height) };
        let along = |point: Point| if right { point.y } else { point.x };
        let across = |point: Point| if right { point.x } else { point.y };
        let list = self.children[container].clone();
        let slot_of = |child: Child| match child {
            Child::Node(index) => self.node_slot[index],
            Child::Boundary(index) => self.boundary_slot[index],
        };
        let mut pieces: Vec<Piece> = list
            .iter()
            .map(|child| {
                let (along, across) = turn(self.size_of(*child));
                Piece { along, across, pull: None, lean: 0 }
            })
            .collect();
        let padding = self.padding(container);
        let content = absolute.and_then(|placement| {
            let rect = placement.boundaries.get(container.checked_sub(1)?)?;
            Some(Point::new(rect.x + 1 + padding.0, rect.y + 1 + padding.1))
        });
        let mut links = Vec::new();
        let mut pulls: Vec<Vec<i32>> = vec![Vec::new(); list.len()];
        for edge in self.edges[container].iter().map(|index| &self.graph.edges[*index]) {
            let ends = (self.child_in(edge.from, container), self.child_in(edge.to, container));
            match ends {
                (Some(from), Some(to)) if from != to => {
                    let offset = |node: usize, child: Child| {
                        let start = match child {
                            Child::Node(index) => self.node_at[index],
                            Child::Boundary(index) => self.boundary_at[index],
                        };
                        along(self.middle_in(node, container)) - along(start)
                    };
                    links.push(Link {
                        from: slot_of(from),
                        to: slot_of(to),
                        from_offset: offset(edge.from, from),
                        to_offset: offset(edge.to, to),
                        label: if right { edge.label_width } else { 0 },
                    });
                }
                (Some(inside), None) | (None, Some(inside)) => {
                    let (node, other) = if ends.0.is_some() { (edge.from, edge.to) } else { (edge.to, edge.from) };
                    let slot = slot_of(inside);
                    let Some((placement, content)) = absolute.zip(content) else {
                        pieces[slot].lean += if ends.0.is_some() { 1 } else { -1 };
                        continue;
                    };
                    let outside = placement.nodes[other].center();
                    let start = match inside {
                        Child::Node(index) => self.node_at[index],
                        Child::Boundary(index) => self.boundary_at[index],
                    };
                    let offset = along(self.middle_in(node, container)) - along(start);
                    pulls[slot].push(along(outside) - along(content) - offset);
                    let own = placement.boundaries[container - 1].center();
                    pieces[slot].lean += (across(outside) - across(own)).signum();
                }
                _ => {}
            }
        }
        for (piece, pulls) in pieces.iter_mut().zip(&pulls) {
            if !pulls.is_empty() {
                piece.pull = Some(pulls.iter().sum::<i32>() / pulls.len() as i32);
            }
        }
        let extra = self.looseness.steps[container];
        let alone = self.graph.boundaries.is_empty();
        let spacing = if right {
            Spacing { along: 3 + extra, across: 6 + 2 * extra, ratio: 357, alone }
        } else {
            Spacing { along: 5 + 2 * extra, across: 4 + extra, ratio: 2800, alone }
        };
        let result = arrange(&pieces, &links, &spacing);
        for (child, (place_along, place_across)) in list.iter().zip(&result.places) {
            let point =
                if right { Point::new(*place_across, *place_along) } else { Point::new(*place_along, *place_across) };
            match child {
                Child::Node(index) => self.node_at[*index] = point,
                Child::Boundary(index) => self.boundary_at[*index] = point,
            }
        }
        self.rows[container] = result.rows.iter().map(|row| row.iter().map(|slot| list[*slot]).collect()).collect();
        if right { Size::new(result.extent.1, result.extent.0) } else { Size::new(result.extent.0, result.extent.1) }
    }

    fn absolute(&self, content: Size) -> Placement {
        let mut boundaries = vec![Rect::default(); self.graph.boundaries.len()];
        let origin = |container: usize, boundaries: &[Rect]| {
            let padding = self.padding(container);
            match container.checked_sub(1) {
                Some(index) => Point::new(boundaries[index].x + 1 + padding.0, boundaries[index].y + 1 + padding.1),
                None => Point::default(),
            }
        };
        let mut nodes = vec![Rect::default(); self.graph.nodes.len()];
        for container in self.order.iter().rev() {
            let base = origin(*container, &boundaries);
            for child in &self.children[*container] {
                match child {
                    Child::Node(index) => {
                        let at = self.node_at[*index];
                        nodes[*index] =
                            Rect::at(Point::new(base.x + at.x, base.y + at.y), self.graph.nodes[*index].size);
                    }
                    Child::Boundary(index) => {
                        let at = self.boundary_at[*index];
                        boundaries[*index] =
                            Rect::at(Point::new(base.x + at.x, base.y + at.y), self.boundary_size[*index]);
                    }
                }
            }
        }
        Placement { nodes, boundaries, size: content }
    }
}

/// Total length of all flows, corner to corner in cells with rows counted double: what passes are compared by.
fn total_length(graph: &Graph, placement: &Placement) -> i64 {
    let length = |from: Point, to: Point| i64::from((from.x - to.x).abs()) + 2 * i64::from((from.y - to.y).abs());
    graph.edges.iter().map(|edge| length(placement.nodes[edge.from].center(), placement.nodes[edge.to].center())).sum()
}

/// Places everything without regard to pins. The graph must be canonical.
pub(crate) fn roomy(graph: &Graph, looseness: &Looseness) -> Roomy {
    let parents: Vec<Option<usize>> = graph.boundaries.iter().map(|boundary| boundary.parent).collect();
    let mut order: Vec<usize> = (1..=graph.boundaries.len()).collect();
    order.sort_by_key(|container| (std::cmp::Reverse(chain(&parents, Some(container - 1)).len()), *container));
    order.push(0);
    let around: Vec<Vec<usize>> = graph
        .nodes
        .iter()
        .map(|node| chain(&parents, node.boundary).into_iter().map(|index| index + 1).chain([0]).collect())
        .collect();
    let mut edges = vec![Vec::new(); graph.boundaries.len() + 1];
    for (index, edge) in graph.edges.iter().enumerate() {
        let (from, to) = (&around[edge.from], &around[edge.to]);
        for container in from.iter().chain(to.iter().filter(|container| !from.contains(container))) {
            edges[*container].push(index);
        }
    }
    let children = children_of(graph);
    let (mut node_slot, mut boundary_slot) = (vec![0; graph.nodes.len()], vec![0; graph.boundaries.len()]);
    for list in &children {
        for (slot, child) in list.iter().enumerate() {
            match child {
                Child::Node(index) => node_slot[*index] = slot,
                Child::Boundary(index) => boundary_slot[*index] = slot,
            }
        }
    }
    let mut builder = Builder {
        graph,
        children,
        order,
        around,
        edges,
        node_slot,
        boundary_slot,
        looseness,
        node_at: vec![Point::default(); graph.nodes.len()],
        boundary_at: vec![Point::default(); graph.boundaries.len()],
        boundary_size: vec![Size::new(MINIMUM_HEIGHT, MINIMUM_HEIGHT); graph.boundaries.len()],
        rows: vec![Vec::new(); graph.boundaries.len() + 1],
    };
    let passes = if graph.boundaries.is_empty() { 1 } else { PASSES };
    let mut best: Option<(i64, Roomy)> = None;
    let mut last: Option<Placement> = None;
    for _ in 0..passes {
        let mut page = Size::default();
        for container in builder.order.clone() {
            let content = builder.arrange_container(container, last.as_ref());
            let padding = builder.padding(container);
            match container.checked_sub(1) {
                Some(index) => {
                    builder.boundary_size[index] = Size::new(
                        (content.width + 2 * padding.0 + 2).max(minimum_width(&graph.boundaries[index])),
                        (content.height + 2 * padding.1 + 2).max(MINIMUM_HEIGHT),
                    );
                }
                None => page = content,
            }
        }
        let placement = builder.absolute(page);
        let length = total_length(graph, &placement);
        if best.as_ref().is_none_or(|(least, _)| length < *least) {
            let rows = builder.rows.iter().flatten().cloned().collect();
            best = Some((length, Roomy { placement: placement.clone(), rows }));
        }
        last = Some(placement);
    }
    best.map_or_else(|| Roomy { placement: Placement::default(), rows: Vec::new() }, |(_, roomy)| roomy)
}

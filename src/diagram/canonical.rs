//! A cleaned copy of a graph, sorted by key, so that results depend neither on input order nor on nonsense in it.

use super::geometry::{Point, Rect, Size};
use super::graph::{Boundary, Edge, Graph, Node};
use super::{Placement, Wire};

/// Pins further out than this many cells are pulled in, which bounds the area a router has to cover.
const FURTHEST_PIN: i32 = 4000;

/// Rectangles handed in are kept within this many cells of the origin, so that sums cannot overflow.
const FURTHEST_RECT: i32 = 1 << 20;

fn sane(rect: &Rect) -> Rect {
    let far = FURTHEST_RECT;
    Rect::new(rect.x.clamp(-far, far), rect.y.clamp(-far, far), rect.width.clamp(0, far), rect.height.clamp(0, far))
}

/// The sorted copy and the way back. In the copy every index is valid, parents are acyclic and sizes are sane.
pub(crate) struct Canonical {
    /// The copy.
    pub graph: Graph,
    /// For each box of the copy, its index in the original.
    nodes: Vec<usize>,
    /// For each boundary of the copy, its index in the original.
    boundaries: Vec<usize>,
    /// For each flow of the copy, its index in the original; flows with a missing end are not in the copy.
    edges: Vec<usize>,
    /// Number of flows in the original.
    edge_count: usize,
}

fn inverse(order: &[usize]) -> Vec<usize> {
    let mut positions = vec![0; order.len()];
    for (position, index) in order.iter().enumerate() {
        positions[*index] = position;
    }
    positions
}

impl Canonical {
    /// Sorts and cleans.
    pub fn new(graph: &Graph) -> Self {
        let parents = graph.parents();
        let mut boundaries: Vec<usize> = (0..graph.boundaries.len()).collect();
        boundaries.sort_by_key(|index| {
            let boundary = &graph.boundaries[*index];
            (&boundary.key, boundary.title_width, *index)
        });
        let boundary_at = inverse(&boundaries);
        let mut nodes: Vec<usize> = (0..graph.nodes.len()).collect();
        nodes.sort_by_key(|index| {
            let node = &graph.nodes[*index];
            (&node.key, node.size, node.pin, node.boundary.and_then(|at| boundary_at.get(at)), *index)
        });
        let node_at = inverse(&nodes);
        let mut edges: Vec<usize> = (0..graph.edges.len())
            .filter(|index| graph.edges[*index].from < node_at.len() && graph.edges[*index].to < node_at.len())
            .collect();
        edges.sort_by_key(|index| {
            let edge = &graph.edges[*index];
            (&edge.key, node_at[edge.from], node_at[edge.to], edge.label_width, &edge.label, *index)
        });
        let copy = Graph {
            nodes: nodes
                .iter()
                .map(|index| {
                    let node = &graph.nodes[*index];
                    Node {
                        key: node.key.clone(),
                        size: Size::new(
                            node.size.width.clamp(1, Node::MAXIMUM.width),
                            node.size.height.clamp(1, Node::MAXIMUM.height),
                        ),
                        boundary: node.boundary.and_then(|at| boundary_at.get(at).copied()),
                        pin: node.pin.map(|pin| {
                            Point::new(
                                pin.x.clamp(-FURTHEST_PIN, FURTHEST_PIN),
                                pin.y.clamp(-FURTHEST_PIN, FURTHEST_PIN),
                            )
                        }),
                    }
                })
                .collect(),
            boundaries: boundaries
                .iter()
                .map(|index| Boundary {
                    key: graph.boundaries[*index].key.clone(),
                    parent: parents[*index].map(|at| boundary_at[at]),
                    title_width: graph.boundaries[*index].title_width.clamp(0, Boundary::MAXIMUM_TITLE),
                })
                .collect(),
            edges: edges
                .iter()
                .map(|index| {
                    let edge = &graph.edges[*index];
                    Edge {
                        key: edge.key.clone(),
                        from: node_at[edge.from],
                        to: node_at[edge.to],
                        label_width: edge.label_width.clamp(0, Node::MAXIMUM.width),
                        label: edge.label.clone(),
                        strand: edge.strand,
                    }
                })
                .collect(),
            direction: graph.direction,
            room: graph.room,
        };
        Self { graph: copy, nodes, boundaries, edges, edge_count: graph.edges.len() }
    }

    /// The placement of the copy for a placement of the original; missing entries become empty rectangles.
    pub fn sorted_placement(&self, placement: &Placement) -> Placement {
        let pick = |order: &[usize], rects: &[Rect]| -> Vec<Rect> {
            order.iter().map(|index| rects.get(*index).map(sane).unwrap_or_default()).collect()
        };
        Placement {
            nodes: pick(&self.nodes, &placement.nodes),
            boundaries: pick(&self.boundaries, &placement.boundaries),
            size: placement.size,
        }
    }

    /// The placement of the original for a placement of the copy.
    pub fn original_placement(&self, placement: &Placement) -> Placement {
        let spread = |order: &[usize], rects: &[Rect]| -> Vec<Rect> {
            let mut result = vec![Rect::default(); order.len()];
            for (index, rect) in order.iter().zip(rects) {
                result[*index] = *rect;
            }
            result
        };
        Placement {
            nodes: spread(&self.nodes, &placement.nodes),
            boundaries: spread(&self.boundaries, &placement.boundaries),
            size: placement.size,
        }
    }

    /// The wires of the original for wires of the copy.
    pub fn original_wires(&self, wires: Vec<Wire>) -> Vec<Wire> {
        let mut result: Vec<Wire> = (0..self.edge_count).map(Wire::off_page).collect();
        for (index, wire) in self.edges.iter().zip(wires) {
            result[*index] = Wire { edge: *index, ..self.original_wire(wire) };
        }
        result
    }

    /// A wire with the boundaries of the original, for one with those of the copy.
    pub fn original_wire(&self, mut wire: Wire) -> Wire {
        for (boundary, _) in &mut wire.crossings {
            *boundary = self.boundaries[*boundary];
        }
        wire
    }

    /// For each flow of the copy, its index in the original.
    pub fn sorted_edges(&self) -> &[usize] {
        &self.edges
    }
}

//! Pure geometry of data-flow diagrams in integer terminal cells: placement, routing and painting.
//!
//! * [`geometry`]: points, sizes, rectangles, directions.
//! * [`graph`]: the input, boxes in nested boundaries and flows between them, and [`walls`]: what a flow must pierce.
//! * `canonical`: the input sorted by key and cleaned, so that results depend on nothing else.
//! * `layout`: places everything in layers, boundaries as rectangles, roomily; applies pins.
//! * `route`: finds a path for every flow that pierces exactly the right walls.
//! * `compact`: takes rows and columns out of the routed drawing that nobody needs.
//! * [`arrange`]: all of that in order. [`reroute`] follows a drag without touching the rest.
//! * [`Minimap`]: the whole drawing in a few cells.
//! * [`ghost`]: the course of a wire that is still being drawn.
//! * [`Index`]: what of a large drawing is in view.
//! * [`scene`]: paints a [`Diagram`] into cells with owners, for drawing and for hit tests.
//!
//! Everything is deterministic: no clock, no threads, no randomness without a fixed seed. World coordinates are `i32`
//! cells, `x` to the right and `y` downwards. A drawing without pins starts at cell (0, 0).

mod arrange;
mod canonical;
mod compact;
mod drag;
mod frames;
pub mod geometry;
mod ghost;
mod glyph;
pub mod graph;
mod index;
mod layout;
mod minimap;
mod paint;
mod route;
pub mod scene;
mod seams;
mod text;
mod tighten;

pub use arrange::{arrange, arrange_while, place, route, sketch};
pub use drag::reroute;
pub use geometry::{Point, Rect, Side, Size};
pub use ghost::ghost;
pub use graph::{Boundary, Direction, Edge, Graph, Node, Wall, walls};
pub use index::{InView, Index, Indexed, Traffic};
pub use minimap::{MiniCell, MiniInk, Minimap};
pub use scene::{
    Art, BadgeArt, BoundaryArt, Cell, Charset, Ink, NodeArt, Owner, Scene, Shape, Stroke, WireArt, paint, paint_in_view,
};

/// Where boxes and boundaries are, in world cells; entries match the vectors of the [`Graph`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Placement {
    /// Rectangle of every box, frame included.
    pub nodes: Vec<Rect>,
    /// Rectangle of every boundary, walls included.
    pub boundaries: Vec<Rect>,
    /// Extent of the drawing in cells, wires included where they are known.
    pub size: Size,
}

impl Placement {
    /// The smallest rectangle around all boxes and boundaries; empty for an empty drawing.
    pub fn bounds(&self) -> Rect {
        self.nodes.iter().chain(&self.boundaries).fold(Rect::default(), |sum, rect| sum.union(rect))
    }
}

/// The course of one flow.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wire {
    /// Index of the flow.
    pub edge: usize,
    /// Every cell, from the one just outside the source box to the one just outside the target box.
    pub path: Vec<Point>,
    /// Free cells for the label, one row high: on a level run of the wire itself or beside it.
    pub label: Option<Rect>,
    /// The boundaries pierced and where, in order.
    pub crossings: Vec<(usize, Point)>,
    /// Whether no way was found; the path is empty then.
    pub off_page: bool,
}

impl Wire {
    /// A wire that found no way.
    pub(crate) fn off_page(edge: usize) -> Self {
        Self { edge, off_page: true, ..Self::default() }
    }
}

/// A graph with its geometry.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Diagram {
    /// The input.
    pub graph: Graph,
    /// Where everything is.
    pub placement: Placement,
    /// One wire per flow, same index.
    pub wires: Vec<Wire>,
}

impl Diagram {
    /// The smallest rectangle around boxes, boundaries, wires and labels.
    pub fn bounds(&self) -> Rect {
        Index::new(self).bounds()
    }
}

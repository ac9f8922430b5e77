//! How much room to leave along the layers and across them.

use super::super::graph::{Direction, Graph};
use super::{Looseness, MINIMUM_HEIGHT, minimum_width};

/// The two axes of a layered drawing: along the layers and across them.
pub(super) struct Axes {
    /// Whether layers are columns: along is downwards then.
    pub right: bool,
    /// Free cells between neighbours: in a layer, and between layers before tracks are added.
    pub gap: (i32, i32),
    /// Free cells between walls and what they hold.
    pub padding: (i32, i32),
    /// What a step of looseness adds to all of these.
    pub step: (i32, i32),
    /// Wanted extent along divided by extent across, in thousandths.
    pub ratio: i64,
}

impl Axes {
    /// The axes of a drawing in which flows run in the given direction.
    pub fn new(direction: Direction) -> Self {
        match direction {
            Direction::Down => Self { right: false, gap: (5, 4), padding: (4, 3), step: (2, 1), ratio: 2800 },
            Direction::Right => Self { right: true, gap: (3, 6), padding: (3, 4), step: (1, 2), ratio: 357 },
        }
    }

    /// From columns and rows to along and across, or back.
    pub fn turn<T>(&self, one: T, two: T) -> (T, T) {
        if self.right { (two, one) } else { (one, two) }
    }
}

/// The room of every container, along one axis.
pub(super) struct Room {
    /// Free cells between neighbours.
    pub gap: Vec<i32>,
    /// Free cells between the walls and what they hold.
    pub padding: Vec<i32>,
    /// Least extent, walls included.
    pub least: Vec<i32>,
}

impl Room {
    /// The room along the layers, and that across them.
    pub fn new(graph: &Graph, axes: &Axes, looseness: &Looseness) -> (Self, Self) {
        let walls = |own: usize| axes.turn(minimum_width(&graph.boundaries[own]), MINIMUM_HEIGHT);
        let least: Vec<(i32, i32)> = [(0, 0)].into_iter().chain((0..graph.boundaries.len()).map(walls)).collect();
        let room = |gap: i32, padding: i32, step: i32, least: Vec<i32>| Self {
            gap: looseness.steps.iter().map(|steps| gap + step * steps).collect(),
            padding: looseness.steps.iter().map(|steps| padding + step * steps).collect(),
            least,
        };
        (
            room(axes.gap.0, axes.padding.0, axes.step.0, least.iter().map(|least| least.0).collect()),
            room(axes.gap.1, axes.padding.1, axes.step.1, least.iter().map(|least| least.1).collect()),
        )
    }
}

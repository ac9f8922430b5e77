//! Pinned boxes: moved to where their pins say, everything else gives way as little as possible.
//!
//! Works from the innermost boundaries outwards. In each container the pieces that hold pins are set down first, in key
//! order, then the others near their former places; a boundary then closes around its members. A piece that would
//! collide goes to the nearest free place, as a whole, so nesting and separation hold whatever the pins say.

use super::super::Placement;
use super::super::geometry::{Point, Rect};
use super::super::graph::Graph;
use super::{Child, MINIMUM_HEIGHT, children_of, minimum_width};
use crate::diagram::graph::chain;

/// How many of the nearest obstacles are tried as corners to tuck a displaced piece into.
const NEAREST: usize = 24;

/// A rectangle already set down, and whether it is a pinned box (those may touch each other).
struct Obstacle {
    rect: Rect,
    pinned: bool,
}

/// The cells that may lie between the walls and the members of a boundary: left, top, right, bottom.
#[derive(Clone, Copy)]
struct Padding(i32, i32, i32, i32);

struct Mover<'a> {
    children: &'a [Vec<Child>],
    nodes: Vec<Rect>,
    boundaries: Vec<Rect>,
}

impl Mover<'_> {
    fn rect(&self, child: Child) -> Rect {
        match child {
            Child::Node(index) => self.nodes[index],
            Child::Boundary(index) => self.boundaries[index],
        }
    }

    /// Moves a piece and all it holds.
    fn shift(&mut self, child: Child, columns: i32, rows: i32) {
        let mut stack = vec![child];
        while let Some(child) = stack.pop() {
            match child {
                Child::Node(index) => self.nodes[index] = self.nodes[index].shifted(columns, rows),
                Child::Boundary(index) => {
                    self.boundaries[index] = self.boundaries[index].shifted(columns, rows);
                    stack.extend(&self.children[index + 1]);
                }
            }
        }
    }
}

fn is_free(rect: &Rect, pinned: bool, columns: i32, rows: i32, obstacles: &[Obstacle]) -> bool {
    obstacles.iter().all(|other| {
        let touch = pinned && other.pinned;
        let around = if touch { other.rect } else { other.rect.grown(columns, rows) };
        !around.overlaps(rect)
    })
}

/// The free place nearest to where the rectangle is.
fn nearest_free(rect: &Rect, pinned: bool, obstacles: &[Obstacle]) -> Point {
    if is_free(rect, pinned, 1, 1, obstacles) {
        return rect.origin();
    }
    let (columns, rows) = (4, 2);
    let mut near: Vec<&Obstacle> = obstacles.iter().collect();
    near.sort_by_key(|other| {
        let (one, two) = (other.rect.center(), rect.center());
        let apart = (one.x - two.x).abs() - (other.rect.width + rect.width) / 2;
        apart.max(2 * ((one.y - two.y).abs() - (other.rect.height + rect.height) / 2))
    });
    let corners = near.len().min(NEAREST);
    let column_of = |other: &Obstacle| [other.rect.right() + columns, other.rect.x - columns - rect.width];
    let row_of = |other: &Obstacle| [other.rect.bottom() + rows, other.rect.y - rows - rect.height];
    let mut candidates: Vec<Point> = Vec::new();
    for other in &near {
        candidates.extend(column_of(other).map(|x| Point::new(x, rect.y)));
        candidates.extend(row_of(other).map(|y| Point::new(rect.x, y)));
    }
    for one in &near[..corners] {
        for two in &near[..corners] {
            for x in column_of(one) {
                candidates.extend(row_of(two).map(|y| Point::new(x, y)));
            }
        }
    }
    let away = |point: &Point| (point.x - rect.x).abs() + 2 * (point.y - rect.y).abs();
    candidates.sort_unstable_by_key(|point| (away(point), *point));
    candidates
        .into_iter()
        .find(|point| is_free(&Rect::at(*point, rect.size()), pinned, columns, rows, obstacles))
        .unwrap_or_else(|| {
            let right = obstacles.iter().map(|other| other.rect.right()).max().unwrap_or(rect.x);
            Point::new(right + columns, rect.y)
        })
}

fn middle(mut values: Vec<i32>) -> i32 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

/// The placement with every pin honoured, as far as the pins do not contradict each other. The graph must be canonical.
pub(crate) fn apply(graph: &Graph, base: &Placement) -> Placement {
    if graph.nodes.iter().all(|node| node.pin.is_none()) {
        return base.clone();
    }
    let parents: Vec<Option<usize>> = graph.boundaries.iter().map(|boundary| boundary.parent).collect();
    let children = children_of(graph);
    let paddings: Vec<Padding> = (0..graph.boundaries.len()).map(|index| padding(&children, base, index)).collect();
    let mut mover = Mover { children: &children, nodes: base.nodes.clone(), boundaries: base.boundaries.clone() };
    // The first pinned box, in key order, in each boundary.
    let mut first_pin: Vec<Option<usize>> = vec![None; graph.boundaries.len()];
    for (index, node) in graph.nodes.iter().enumerate() {
        if node.pin.is_some() {
            for boundary in chain(&parents, node.boundary) {
                first_pin[boundary] = first_pin[boundary].or(Some(index));
            }
        }
    }
    let mut order: Vec<usize> = (1..=graph.boundaries.len()).collect();
    order.sort_by_key(|container| (std::cmp::Reverse(chain(&parents, Some(container - 1)).len()), *container));
    order.push(0);
    for container in order {
        if container > 0 && first_pin[container - 1].is_none() {
            continue;
        }
        let pin_of = |child: Child| match child {
            Child::Node(index) => graph.nodes[index].pin.map(|_| index),
            Child::Boundary(index) => first_pin[index],
        };
        let mut anchored: Vec<(usize, Child)> =
            children[container].iter().filter_map(|child| Some((pin_of(*child)?, *child))).collect();
        anchored.sort_unstable_by_key(|(first, _)| *first);
        let mut obstacles: Vec<Obstacle> = Vec::new();
        let (mut columns, mut rows) = (Vec::new(), Vec::new());
        for (_, child) in anchored {
            let mut pinned = false;
            if let Child::Node(index) = child
                && let Some(pin) = graph.nodes[index].pin
            {
                pinned = true;
                mover.nodes[index] = Rect::at(pin, mover.nodes[index].size());
            }
            let rect = mover.rect(child);
            let place = nearest_free(&rect, pinned, &obstacles);
            mover.shift(child, place.x - rect.x, place.y - rect.y);
            let former = match child {
                Child::Node(index) => base.nodes[index],
                Child::Boundary(index) => base.boundaries[index],
            };
            columns.push(place.x - former.x);
            rows.push(place.y - former.y);
            obstacles.push(Obstacle { rect: mover.rect(child), pinned });
        }
        // The others keep their place relative to the anchored ones.
        let (columns, rows) = (middle(columns), middle(rows));
        for child in children[container].iter().filter(|child| pin_of(**child).is_none()) {
            let rect = mover.rect(*child);
            let place = nearest_free(&rect.shifted(columns, rows), false, &obstacles);
            mover.shift(*child, place.x - rect.x, place.y - rect.y);
            obstacles.push(Obstacle { rect: mover.rect(*child), pinned: false });
        }
        if container > 0 {
            let members = obstacles.iter().fold(Rect::default(), |sum, obstacle| sum.union(&obstacle.rect));
            let Padding(left, top, right, bottom) = paddings[container - 1];
            let boundary = &graph.boundaries[container - 1];
            mover.boundaries[container - 1] = Rect::new(
                members.x - left - 1,
                members.y - top - 1,
                (members.width + left + right + 2).max(minimum_width(boundary)),
                (members.height + top + bottom + 2).max(MINIMUM_HEIGHT),
            );
        }
    }
    let mut placement = Placement { nodes: mover.nodes, boundaries: mover.boundaries, size: base.size };
    placement.size = placement.bounds().size();
    placement
}

fn padding(children: &[Vec<Child>], base: &Placement, boundary: usize) -> Padding {
    let members = children[boundary + 1].iter().fold(Rect::default(), |sum, child| {
        sum.union(match child {
            Child::Node(index) => &base.nodes[*index],
            Child::Boundary(index) => &base.boundaries[*index],
        })
    });
    let walls = base.boundaries[boundary];
    if members.is_empty() {
        return Padding(2, 1, 2, 1);
    }
    Padding(
        (members.x - walls.x - 1).max(1),
        (members.y - walls.y - 1).max(1),
        (walls.right() - 1 - members.right()).max(1),
        (walls.bottom() - 1 - members.bottom()).max(1),
    )
}

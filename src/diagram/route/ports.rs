//! Where wires would like to be attached: spread over the sides of their boxes in the order of the other ends.

use super::super::Placement;
use super::super::geometry::{Rect, Side};
use super::super::graph::{Direction, Graph};
use super::search::PortWish;

const BESIDE: u32 = 8;
const BACKWARDS: u32 = 80;

/// The side of `area` that a straight line to `other` leaves through, in the preferred direction where both will do.
fn facing(area: &Rect, other: &Rect, direction: Direction) -> Side {
    let below = other.y >= area.bottom();
    let above = other.bottom() <= area.y;
    let right = other.x >= area.right();
    let left = other.right() <= area.x;
    let level = if right { Some(Side::Right) } else { left.then_some(Side::Left) };
    let upright = if below { Some(Side::Down) } else { above.then_some(Side::Up) };
    let (first, second, fallback) = match direction {
        Direction::Down => (upright, level, Side::Down),
        Direction::Right => (level, upright, Side::Right),
    };
    first.or(second).unwrap_or(fallback)
}

fn costs(best: Side) -> [u32; 4] {
    let mut sides = [BESIDE; 4];
    sides[best.index()] = 0;
    sides[best.opposite().index()] = BACKWARDS;
    sides
}

/// Wishes of every edge at its source and its target.
pub(super) fn wishes(graph: &Graph, placement: &Placement) -> Vec<(PortWish, PortWish)> {
    let middle = |rect: &Rect, sides: [u32; 4]| PortWish { sides, column: rect.center().x, row: rect.center().y };
    let mut result: Vec<(PortWish, PortWish)> = graph
        .edges
        .iter()
        .map(|edge| {
            let (source, target) = (&placement.nodes[edge.from], &placement.nodes[edge.to]);
            if edge.from == edge.to {
                let never = PortWish::NEVER;
                let (leave, arrive) = ([never, 0, never, never], [4, never, 0, never]);
                return (middle(source, leave), middle(target, arrive));
            }
            let leave = costs(facing(source, target, graph.direction));
            let arrive = costs(facing(target, source, graph.direction));
            (middle(source, leave), middle(target, arrive))
        })
        .collect();
    // Per box and side: the ends attached there, spread out. Ends of one direction may share a port, so all ends
    // leaving count as one and all ends arriving as one where there is little room.
    let mut ends: Vec<Vec<(Side, i32, usize, bool)>> = vec![Vec::new(); graph.nodes.len()];
    for (index, edge) in graph.edges.iter().enumerate().filter(|(_, edge)| edge.from != edge.to) {
        for (own, other, leaving) in [(edge.from, edge.to, true), (edge.to, edge.from, false)] {
            let (area, far) = (&placement.nodes[own], &placement.nodes[other]);
            let side = facing(area, far, graph.direction);
            let order = if side.is_horizontal() { far.center().y } else { far.center().x };
            ends[own].push((side, order, index, leaving));
        }
    }
    for (node, list) in ends.iter_mut().enumerate() {
        list.sort_unstable();
        let area = placement.nodes[node];
        for group in list.chunk_by(|one, two| one.0 == two.0) {
            let side = group[0].0;
            let (start, extent) = if side.is_horizontal() { (area.y, area.height) } else { (area.x, area.width) };
            let corner = i32::from(extent >= 3);
            let (start, extent) = (start + corner, extent - 2 * corner);
            let mixed = group.iter().any(|end| end.3) && group.iter().any(|end| !end.3);
            for (slot, (_, _, index, leaving)) in group.iter().enumerate() {
                let position = if mixed || group.len() <= 3 {
                    let count = group.len() as i32;
                    start + ((2 * slot as i32 + 1) * extent) / (2 * count)
                } else {
                    start + (extent - 1) / 2
                };
                let wish = if *leaving { &mut result[*index].0 } else { &mut result[*index].1 };
                if side.is_horizontal() { wish.row = position } else { wish.column = position }
            }
        }
    }
    result
}

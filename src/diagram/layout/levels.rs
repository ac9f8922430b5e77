//! Coordinates across the layers: between two layers there is room for walls, for the wires that run along them, and for
//! labels.

use super::layers::Layered;
use super::nest::Nest;
use super::room::Room;

/// The result.
pub(super) struct Levels {
    /// Start and extent of every layer.
    pub layers: Vec<(i32, i32)>,
    /// Start and end of every container, walls included; those of the page mean nothing.
    pub walls: Vec<(i32, i32)>,
}

/// The largest number of overlapping intervals; those with the same owner count once.
fn overlap(mut intervals: Vec<(usize, i32, i32)>) -> i32 {
    intervals.sort_unstable();
    let mut events: Vec<(i32, i32)> = Vec::new();
    for chunk in intervals.chunk_by(|one, two| one.0 == two.0) {
        let low = chunk.iter().map(|(_, low, _)| *low).min().unwrap_or(0);
        let high = chunk.iter().map(|(_, _, high)| *high).max().unwrap_or(0);
        if low != high {
            events.push((low, 1));
            events.push((high, -1));
        }
    }
    events.sort_unstable_by_key(|(position, change)| (*position, -change));
    let (mut current, mut most) = (0, 0);
    for (_, change) in events {
        current += change;
        most = most.max(current);
    }
    most
}

/// Where layers and boundaries begin and end, given where every vertex starts along its layer, how thick each layer is,
/// and how many cells labels want after it.
pub(super) fn levels(
    graph: &Layered,
    nest: &Nest,
    room: &Room,
    start: &[i32],
    thickness: &[i32],
    labels: &[i32],
) -> Levels {
    let mut runs: Vec<Vec<(usize, i32, i32)>> = vec![Vec::new(); graph.depth];
    let mut level_of = vec![0; graph.kind.len()];
    for level in 0..graph.depth {
        graph.line(level).into_iter().for_each(|vertex| level_of[vertex] = level);
    }
    for segment in &graph.segments {
        let (one, two) = (start[segment.upper.0] + segment.upper.1, start[segment.lower.0] + segment.lower.1);
        runs[level_of[segment.upper.0]].push((segment.source, one.min(two), one.max(two)));
    }
    // Cells from the first layer of a container up to its wall, wall included.
    let mut above = vec![0; nest.parent.len()];
    for own in nest.order.iter().copied().filter(|own| *own > 0) {
        let first = graph.span[own].0;
        let inner = nest.inner[own].iter().filter(|inner| graph.span[**inner].0 == first).map(|inner| above[*inner]);
        above[own] = inner.max().unwrap_or(0) + room.padding[own] + 1;
    }
    let mut below = vec![0; nest.parent.len()];
    let mut layers: Vec<(i32, i32)> = Vec::with_capacity(graph.depth);
    let mut position = 0;
    for (level, runs) in runs.into_iter().enumerate() {
        layers.push((position, thickness[level]));
        let bottom = position + thickness[level];
        for own in nest.order.iter().copied().filter(|own| *own > 0 && graph.span[*own].1 == level) {
            let inner =
                nest.inner[own].iter().filter(|inner| graph.span[**inner].1 == level).map(|inner| below[*inner]);
            let top = layers[graph.span[own].0].0 - above[own];
            below[own] = (inner.max().unwrap_or(0) + room.padding[own] + 1).max(room.least[own] - (bottom - top));
        }
        let containers = || 0..nest.parent.len();
        let ending = containers().filter(|own| graph.span[*own].1 == level).map(|own| below[own]).max();
        let beginning = containers().filter(|own| graph.span[*own].0 == level + 1).map(|own| above[own]).max();
        let gap = containers().filter(|own| graph.span[*own].0 <= level && level < graph.span[*own].1);
        let gap = gap.map(|own| room.gap[own]).max().unwrap_or(0);
        position = bottom + ending.unwrap_or(0) + beginning.unwrap_or(0) + gap + overlap(runs) + labels[level];
    }
    let walls = (0..nest.parent.len())
        .map(|own| {
            let (first, last) = graph.span[own];
            (layers[first].0 - above[own], layers[last].0 + layers[last].1 + below[own])
        })
        .collect();
    Levels { layers, walls }
}

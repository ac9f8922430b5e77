//! Coordinates across the layers: between two layers there is room for walls, for the wires that run along them, and for
//! labels.

use std::collections::BTreeMap;

use super::layers::Layered;
use super::nest::Nest;
use super::room::Room;
use super::tracks::{Channel, Tracks};

/// The result.
pub(super) struct Levels {
    /// Start and extent of every layer.
    pub layers: Vec<(i32, i32)>,
    /// Start and end of every container, walls included; those of the page mean nothing.
    pub walls: Vec<(i32, i32)>,
    /// The line of the first track of every channel that has tracks.
    pub tracks: BTreeMap<Channel, i32>,
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

/// What has to find room between the layers.
pub(super) struct Between<'a> {
    /// How thick each layer is.
    pub thickness: &'a [i32],
    /// How many cells labels want after it.
    pub labels: &'a [i32],
    /// The tracks of flows that have drafts.
    pub tracks: &'a Tracks,
    /// For all others, layer by layer: the piece that they come from, and from where to where they run.
    pub others: &'a [Vec<(usize, i32, i32)>],
}

/// Where layers, boundaries and channels begin and end.
pub(super) fn levels(graph: &Layered, nest: &Nest, room: &Room, between: Between) -> Levels {
    // Cells from the first layer of a container up to its wall, wall included.
    let mut above = vec![0; nest.parent.len()];
    for own in nest.order.iter().copied().filter(|own| *own > 0) {
        let first = graph.span[own].0;
        let inner = nest.inner[own].iter().filter(|inner| graph.span[**inner].0 == first).map(|inner| above[*inner]);
        let heads = first.checked_sub(1).and_then(|before| between.tracks.count.get(&(before, own))).copied();
        above[own] = inner.max().unwrap_or(0) + heads.map_or(0, |tracks| tracks + 1) + room.padding[own] + 1;
    }
    let mut below = vec![0; nest.parent.len()];
    let mut layers: Vec<(i32, i32)> = Vec::with_capacity(graph.depth);
    let mut position = 0;
    // Those of a container that begins lie right below its wall.
    let mut tracks = BTreeMap::new();
    for (level, others) in between.others.iter().enumerate() {
        let thickness = between.thickness[level];
        layers.push((position, thickness));
        let bottom = position + thickness;
        for own in nest.order.iter().copied().filter(|own| *own > 0 && graph.span[*own].1 == level) {
            let inner =
                nest.inner[own].iter().filter(|inner| graph.span[**inner].1 == level).map(|inner| below[*inner]);
            let top = layers[graph.span[own].0].0 - above[own];
            below[own] = (inner.max().unwrap_or(0) + room.padding[own] + 1).max(room.least[own] - (bottom - top));
        }
        let spare = overlap(others.clone()) + between.labels[level];
        // Of what stands in it, a container has the tracks below the last wall that ends and above the first that begins.
        let mut channels: Vec<(usize, i32, i32)> = Vec::new();
        position = bottom;
        for own in (0..nest.parent.len()).filter(|own| graph.span[*own].0 <= level && level < graph.span[*own].1) {
            let inner = || nest.inner[own].iter().copied();
            let ending = inner().filter(|inner| graph.span[*inner].1 == level).map(|inner| below[inner]).max();
            let beginning = inner().filter(|inner| graph.span[*inner].0 == level + 1).map(|inner| above[inner]).max();
            let (ending, beginning) = (ending.unwrap_or(1), beginning.unwrap_or(1));
            let wanted = between.tracks.count.get(&(level, own)).copied().unwrap_or(0);
            position = position.max(bottom + ending + wanted + room.gap[own] + spare + beginning);
            if wanted > 0 {
                channels.push((own, bottom + ending, beginning + wanted));
            }
        }
        for (own, first, after) in channels {
            tracks.insert((level, own), first + (position - after - first) / 2);
        }
    }
    for (level, own) in between.tracks.count.keys().copied().filter(|(level, own)| graph.span[*own].0 == level + 1) {
        tracks.insert((level, own), layers[level + 1].0 - above[own] + 2);
    }
    let walls = (0..nest.parent.len())
        .map(|own| {
            let (first, last) = graph.span[own];
            (layers[first].0 - above[own], layers[last].0 + layers[last].1 + below[own])
        })
        .collect();
    Levels { layers, walls, tracks }
}

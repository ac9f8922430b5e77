//! Coordinates along the layers: one network simplex (Gansner, Koutsofios, North and Vo, 1993) for the places of all
//! vertices, so that flows are short, long ones straight, and boundaries rectangles no wider than they have to be.

use std::collections::BTreeMap;

use super::layers::{Kind, Layered};
use super::nest::Nest;
use super::room::Room;
use super::simplex::{Stretch, near, shorten};

/// What a cell of width of a boundary costs, in cells of flows.
const WIDTH: i32 = 4;

/// How often wishes are fulfilled, down and up.
const SWEEPS: usize = 14;

/// More cells than any drawing has.
const FAR: i32 = 1 << 28;

/// Free cells between two neighbours in a layer.
fn free_between(graph: &Layered, nest: &Nest, room: &Room, one: usize, two: usize) -> i32 {
    let outside = |vertex: usize| match graph.kind[vertex] {
        Kind::Wall { .. } => nest.parent[graph.home[vertex]],
        _ => graph.home[vertex],
    };
    match (graph.kind[one], graph.kind[two]) {
        (Kind::Wall { right: false }, Kind::Dummy(_)) | (Kind::Dummy(_), Kind::Wall { right: true }) => 2,
        (Kind::Wall { right: false }, _) => room.padding[graph.home[one]],
        (_, Kind::Wall { right: true }) => room.padding[graph.home[two]],
        // Flows of one source may run together.
        (Kind::Dummy(first), Kind::Dummy(second)) if first == second => -1,
        (Kind::Dummy(_), Kind::Dummy(_)) => 2,
        (Kind::Dummy(_), _) | (_, Kind::Dummy(_)) => 3,
        _ => room.gap[outside(one)],
    }
}

/// Weighted median of `(value, weight)`; the mean of the two middle values where the weights split evenly.
fn median(values: &mut [(i32, i32)]) -> Option<i32> {
    values.sort_unstable();
    let total: i32 = values.iter().map(|(_, weight)| *weight).sum();
    let mut sum = 0;
    for (slot, (value, weight)) in values.iter().enumerate() {
        sum += weight;
        if 2 * sum == total
            && let Some((next, _)) = values.get(slot + 1)
        {
            return Some((value + next).div_euclid(2));
        }
        if 2 * sum > total {
            return Some(*value);
        }
    }
    None
}

/// Positions nearest to the wanted ones (least squares) that keep the order and the distances: `distance[i]` is the
/// least distance between the starts of vertex `i` and the one before it. Pools adjacent violators.
fn settle(wanted: &[(i32, i32)], distance: &[i32]) -> Vec<i32> {
    struct Pool {
        sum: i64,
        weight: i64,
        size: usize,
    }
    let mut offset = 0;
    let mut offsets = Vec::with_capacity(wanted.len());
    let mut pools: Vec<Pool> = Vec::new();
    for (slot, (target, weight)) in wanted.iter().enumerate() {
        if slot > 0 {
            offset += distance[slot];
        }
        offsets.push(offset);
        let weight = i64::from(*weight);
        pools.push(Pool { sum: i64::from(target - offset) * weight, weight, size: 1 });
        while let [.., one, two] = pools.as_slice()
            && one.sum * two.weight >= two.sum * one.weight
        {
            let (sum, weight, size) = (two.sum, two.weight, two.size);
            pools.pop();
            if let Some(last) = pools.last_mut() {
                last.sum += sum;
                last.weight += weight;
                last.size += size;
            }
        }
    }
    let mut result = Vec::with_capacity(wanted.len());
    for pool in pools {
        let base = (2 * pool.sum + pool.weight).div_euclid(2 * pool.weight.max(1)) as i32;
        for _ in 0..pool.size {
            result.push(base + offsets[result.len()]);
        }
    }
    // Rounding two pools may bring them a cell too close.
    for slot in 1..result.len() {
        result[slot] = result[slot].max(result[slot - 1] + distance[slot]);
    }
    result
}

/// Where every vertex would like to start: sweeps over the layers in which each goes to the median of its neighbours,
/// as far as order and distances allow. Walls keep their distances and have no wishes.
fn wishes(graph: &Layered, distance: &dyn Fn(usize, usize) -> i32, lines: &[Vec<usize>]) -> Vec<i32> {
    let count = graph.kind.len();
    // For both directions: the other end, where its start has to be from the own one, and the weight.
    let mut near: [Vec<Vec<(usize, i32, i32)>>; 2] = [vec![Vec::new(); count], vec![Vec::new(); count]];
    for segment in &graph.segments {
        let (upper, lower) = (segment.upper, segment.lower);
        let weight = graph.stiffness(segment);
        near[0][lower.0].push((upper.0, upper.1 - lower.1, weight));
        near[1][upper.0].push((lower.0, lower.1 - upper.1, weight));
    }
    let mut start = vec![0; count];
    let mut layers: Vec<(Vec<usize>, Vec<i32>)> = Vec::new();
    for line in lines {
        let (mut inside, mut distances) = (Vec::new(), Vec::new());
        let (mut position, mut last) = (0, 0);
        for (slot, vertex) in line.iter().enumerate() {
            position += if slot > 0 { distance(line[slot - 1], *vertex) } else { 0 };
            if !matches!(graph.kind[*vertex], Kind::Wall { .. }) {
                distances.push(position - last);
                inside.push(*vertex);
                last = position;
            }
        }
        let mut position = -distances.iter().sum::<i32>() / 2;
        for (vertex, distance) in inside.iter().zip(&distances) {
            position += distance;
            start[*vertex] = position;
        }
        layers.push((inside, distances));
    }
    for round in 0..SWEEPS {
        let downwards = round % 2 == 0;
        for step in 0..layers.len() {
            let (layer, distances) = &layers[if downwards { step } else { layers.len() - 1 - step }];
            let wanted: Vec<(i32, i32)> = layer
                .iter()
                .map(|vertex| {
                    let sides = if 2 * round >= SWEEPS { &near[..] } else { &near[round % 2..=round % 2] };
                    let ends = sides.iter().flat_map(|near| &near[*vertex]);
                    let mut values: Vec<(i32, i32)> =
                        ends.map(|(other, offset, weight)| (start[*other] + offset, *weight)).collect();
                    let heavy: i32 = values.iter().map(|(_, weight)| *weight).sum();
                    (median(&mut values).unwrap_or(start[*vertex]), 1 + heavy)
                })
                .collect();
            for (vertex, value) in layer.iter().zip(settle(&wanted, distances)) {
                start[*vertex] = value;
            }
        }
    }
    start
}

/// Where every vertex starts; `extent` is that of each vertex along its layer.
pub(super) fn columns(graph: &Layered, nest: &Nest, room: &Room, extent: &[i32]) -> Vec<i32> {
    // The walls of a boundary are two unknowns, whatever the number of its layers.
    let mut total = 2 * (nest.parent.len() - 1);
    let wall = |container: usize, right: bool| 2 * (container - 1) + usize::from(right);
    let unknown: Vec<usize> = (0..graph.kind.len())
        .map(|vertex| match graph.kind[vertex] {
            Kind::Wall { right } => wall(graph.home[vertex], right),
            _ => {
                total += 1;
                total - 1
            }
        })
        .collect();
    let lines: Vec<Vec<usize>> = (0..graph.depth).map(|level| graph.line(level)).collect();
    let mut apart: BTreeMap<(usize, usize), i32> = BTreeMap::new();
    let mut keep = |one: usize, two: usize, distance: i32| {
        let known = apart.entry((one, two)).or_insert(distance);
        *known = (*known).max(distance);
    };
    let distance = |one: usize, two: usize| extent[one] + free_between(graph, nest, room, one, two);
    for pair in lines.iter().flat_map(|line| line.windows(2)) {
        keep(unknown[pair[0]], unknown[pair[1]], distance(pair[0], pair[1]));
    }
    (1..nest.parent.len()).for_each(|own| keep(wall(own, false), wall(own, true), room.least[own] - 1));
    let mut edges: Vec<Stretch> =
        apart.into_iter().map(|((from, to), length)| Stretch { from, to, length, weight: 0 }).collect();
    let wished = wishes(graph, &distance, &lines);
    let mut wanted: Vec<i32> = (0..total).map(|unknown| if unknown % 2 == 0 { i32::MAX } else { i32::MIN }).collect();
    for vertex in (0..graph.kind.len()).filter(|vertex| !matches!(graph.kind[*vertex], Kind::Wall { .. })) {
        wanted[unknown[vertex]] = wished[vertex];
        for own in nest.around[graph.home[vertex]].iter().copied().filter(|own| *own > 0) {
            let (left, right) = (wall(own, false), wall(own, true));
            wanted[left] = wanted[left].min(wished[vertex]);
            wanted[right] = wanted[right].max(wished[vertex] + extent[vertex]);
        }
    }
    let mut place = near(&edges, &wanted);
    edges.extend((1..nest.parent.len()).map(|own| Stretch {
        from: wall(own, false),
        to: wall(own, true),
        length: 0,
        weight: WIDTH,
    }));
    // Holds together what no flow joins.
    edges.extend(lines.windows(2).filter_map(|pair| {
        let (from, to) = (unknown[*pair[0].first()?], unknown[*pair[1].first()?]);
        (from != to).then_some(Stretch { from, to, length: -FAR, weight: 0 })
    }));
    for segment in &graph.segments {
        let ends = [segment.upper, segment.lower];
        let weight = graph.stiffness(segment);
        // An unknown that both ends lie after costs what they are apart.
        place.push(ends.iter().map(|(vertex, offset)| place[unknown[*vertex]] + offset).min().unwrap_or(0));
        edges.extend(ends.map(|(vertex, offset)| Stretch {
            from: place.len() - 1,
            to: unknown[vertex],
            length: -offset,
            weight,
        }));
    }
    let place = shorten(&edges, place);
    unknown.into_iter().map(|unknown| place[unknown]).collect()
}

//! Wanted places along the layers: every vertex as near to its neighbours as order and distances within its layer allow.
//! What one layer knows nothing of, that walls are straight, `columns` sees to.

use super::layers::{Kind, Layered};

/// How often wishes are fulfilled, down and up.
const SWEEPS: usize = 14;

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
pub(super) fn settle(wanted: &[(i32, i32)], distance: &[i32]) -> Vec<i32> {
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
pub(super) fn wishes(graph: &Layered, distance: &dyn Fn(usize, usize) -> i32, lines: &[Vec<usize>]) -> Vec<i32> {
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

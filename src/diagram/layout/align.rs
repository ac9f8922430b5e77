//! Coordinates along the layers: every vertex as near to its neighbours as order and gaps allow.

/// A wish of one vertex: its point `own` cells from its start should meet the point `offset` cells from the start of
/// `other`.
#[derive(Clone, Copy)]
pub(super) struct Wish {
    /// The neighbour.
    pub other: usize,
    /// Offset of the meeting point in this vertex.
    pub own: i32,
    /// Offset of the meeting point in the neighbour.
    pub offset: i32,
    /// How much it counts.
    pub weight: i32,
}

/// What the vertices of all layers want.
pub(super) struct Wishes {
    /// Towards the layer before.
    pub before: Vec<Vec<Wish>>,
    /// Towards the layer after.
    pub after: Vec<Vec<Wish>>,
    /// Fixed wishes: a start position and its weight.
    pub fixed: Vec<Option<(i32, i32)>>,
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

/// The start of every vertex along its layer. `gap(a, b)` is the least number of free cells between neighbours.
pub(super) fn align(
    layers: &[Vec<usize>],
    extent: &[i32],
    wishes: &Wishes,
    gap: &dyn Fn(usize, usize) -> i32,
) -> Vec<i32> {
    let mut start = vec![0_i32; extent.len()];
    let distances: Vec<Vec<i32>> = layers
        .iter()
        .map(|layer| {
            let mut distance = vec![0; layer.len()];
            for slot in 1..layer.len() {
                distance[slot] = extent[layer[slot - 1]] + gap(layer[slot - 1], layer[slot]);
            }
            distance
        })
        .collect();
    for (layer, distance) in layers.iter().zip(&distances) {
        let total: i32 = distance.iter().sum::<i32>() + layer.last().map_or(0, |vertex| extent[*vertex]);
        let mut position = -total / 2;
        for (slot, vertex) in layer.iter().enumerate() {
            position += distance[slot];
            start[*vertex] = position;
        }
    }
    for round in 0..14 {
        let downwards = round % 2 == 0;
        let both = round >= 6;
        for step in 0..layers.len() {
            let level = if downwards { step } else { layers.len() - 1 - step };
            let wanted: Vec<(i32, i32)> = layers[level]
                .iter()
                .map(|&vertex| {
                    let mut values: Vec<(i32, i32)> = Vec::new();
                    let mut collect = |list: &[Wish]| {
                        values
                            .extend(list.iter().map(|wish| (start[wish.other] + wish.offset - wish.own, wish.weight)));
                    };
                    if both || downwards {
                        collect(&wishes.before[vertex]);
                    }
                    if both || !downwards {
                        collect(&wishes.after[vertex]);
                    }
                    let heavy: i32 = values.iter().map(|(_, weight)| *weight).sum();
                    if let Some((position, weight)) = wishes.fixed[vertex] {
                        values.push((position, weight));
                    }
                    match median(&mut values) {
                        Some(value) => (value, 1 + heavy),
                        None => (start[vertex], 1),
                    }
                })
                .collect();
            for (vertex, value) in layers[level].iter().zip(settle(&wanted, &distances[level])) {
                start[*vertex] = value;
            }
        }
    }
    start
}

//! Crossing reduction: the order of the vertices within every layer.

use super::shuffle::Shuffler;

/// A layered graph: vertices are pieces and the dummies that stand for wires passing a layer.
pub(super) struct Layered {
    /// The vertices of each layer, in order.
    pub layers: Vec<Vec<usize>>,
    /// Neighbours of each vertex in the layer before.
    pub before: Vec<Vec<usize>>,
    /// Neighbours of each vertex in the layer after.
    pub after: Vec<Vec<usize>>,
    /// Where neighbours outside the container pull each vertex to, if any: a position along the layer, in cells.
    pub pull: Vec<Option<i32>>,
    /// Extent of each vertex along the layer, in cells, gap included.
    pub extent: Vec<i32>,
}

/// Number of pairs `(a, b)` with `a` from the first sorted list and `b` from the second and `a > b`.
fn inversions(first: &[usize], second: &[usize]) -> i64 {
    let (mut slot, mut total) = (0, 0);
    for value in first {
        while slot < second.len() && second[slot] < *value {
            slot += 1;
        }
        total += slot as i64;
    }
    total
}

fn positions(layers: &[Vec<usize>], count: usize) -> Vec<usize> {
    let mut position = vec![0; count];
    for layer in layers {
        for (slot, vertex) in layer.iter().enumerate() {
            position[*vertex] = slot;
        }
    }
    position
}

/// Crossings between each layer and the next, counted with a Fenwick tree, plus contradicted outside pulls.
fn cost(graph: &Layered, layers: &[Vec<usize>]) -> i64 {
    let position = positions(layers, graph.before.len());
    let mut total = 0;
    for pair in layers.windows(2) {
        let mut tree = vec![0_i64; pair[1].len() + 1];
        let mut seen = 0;
        for vertex in &pair[0] {
            let mut ends: Vec<usize> = graph.after[*vertex].iter().map(|other| position[*other]).collect();
            ends.sort_unstable();
            for end in &ends {
                let (mut slot, mut smaller) = (end + 1, 0);
                while slot > 0 {
                    smaller += tree[slot];
                    slot &= slot - 1;
                }
                total += seen - smaller;
            }
            for end in ends {
                let mut slot = end + 1;
                while slot < tree.len() {
                    tree[slot] += 1;
                    slot += slot & slot.wrapping_neg();
                }
                seen += 1;
            }
        }
    }
    for layer in layers {
        let pulls: Vec<i32> = layer.iter().filter_map(|vertex| graph.pull[*vertex]).collect();
        // Quadratic in the layer, so only where layers are short; sweeps follow pulls anyway.
        if pulls.len() <= 64 {
            for (slot, value) in pulls.iter().enumerate() {
                total += pulls[slot + 1..].iter().filter(|other| *other < value).count() as i64;
            }
        }
    }
    total
}

fn sweep(graph: &Layered, layers: &mut [Vec<usize>], downwards: bool) {
    let count = graph.before.len();
    // Half cells, so that centres are exact.
    let mut center = vec![0_i64; count];
    let measure = |layer: &[usize], center: &mut [i64]| {
        let total: i64 = layer.iter().map(|vertex| i64::from(graph.extent[*vertex])).sum();
        let mut start = -total;
        for vertex in layer {
            let extent = i64::from(graph.extent[*vertex]);
            center[*vertex] = start + extent;
            start += 2 * extent;
        }
    };
    for layer in layers.iter() {
        measure(layer, &mut center);
    }
    // Outside pulls are in container coordinates, whose middle is taken as the middle of the pulls themselves.
    let pulls: Vec<i64> = graph.pull.iter().flatten().map(|value| i64::from(*value)).collect();
    let middle = (pulls.iter().copied().min().unwrap_or(0) + pulls.iter().copied().max().unwrap_or(0)) / 2;
    let depth = layers.len();
    for step in 0..depth {
        let level = if downwards { step } else { depth - 1 - step };
        let neighbours = if downwards { &graph.before } else { &graph.after };
        let mut wanted: Vec<(i64, usize, usize)> = layers[level]
            .iter()
            .enumerate()
            .map(|(slot, &vertex)| {
                let mut sum: i64 = neighbours[vertex].iter().map(|other| center[*other] * 4).sum();
                let mut weight = 4 * neighbours[vertex].len() as i64;
                if let Some(pull) = graph.pull[vertex] {
                    let share = if weight == 0 { 4 } else { 1 };
                    sum += 2 * (i64::from(pull) - middle) * share;
                    weight += share;
                }
                (if weight == 0 { center[vertex] } else { sum / weight }, slot, vertex)
            })
            .collect();
        wanted.sort_unstable();
        layers[level] = wanted.into_iter().map(|(_, _, vertex)| vertex).collect();
        measure(&layers[level], &mut center);
    }
}

fn transpose(graph: &Layered, layers: &mut [Vec<usize>]) {
    let mut position = positions(layers, graph.before.len());
    for _ in 0..6 {
        let mut improved = false;
        for layer in layers.iter_mut() {
            let sorted = |list: &[usize]| {
                let mut values: Vec<usize> = list.iter().map(|other| position[*other]).collect();
                values.sort_unstable();
                values
            };
            let mut near: Vec<(Vec<usize>, Vec<usize>)> =
                layer.iter().map(|vertex| (sorted(&graph.before[*vertex]), sorted(&graph.after[*vertex]))).collect();
            for slot in 1..layer.len() {
                let (one, two) = (&near[slot - 1], &near[slot]);
                let mut gain = inversions(&one.0, &two.0) + inversions(&one.1, &two.1)
                    - inversions(&two.0, &one.0)
                    - inversions(&two.1, &one.1);
                if let (Some(first), Some(second)) = (graph.pull[layer[slot - 1]], graph.pull[layer[slot]]) {
                    gain += i64::from((first - second).signum());
                }
                if gain > 0 {
                    layer.swap(slot - 1, slot);
                    near.swap(slot - 1, slot);
                    improved = true;
                }
            }
            for (slot, vertex) in layer.iter().enumerate() {
                position[*vertex] = slot;
            }
        }
        if !improved {
            break;
        }
    }
}

/// Reorders the layers so that few neighbours cross: sweeps and swaps from several fixed starts, the best one is kept.
pub(super) fn reduce_crossings(graph: &mut Layered) {
    let count = graph.before.len();
    let (restarts, sweeps) = match count {
        0..=40 => (8, 6),
        41..=120 => (4, 6),
        121..=400 => (2, 6),
        _ => (1, 4),
    };
    let mut shuffler = Shuffler(0x9E37_79B9_7F4A_7C15);
    let mut best = graph.layers.clone();
    let mut least = cost(graph, &best);
    for restart in 0..restarts {
        let mut layers = graph.layers.clone();
        if restart > 0 {
            for layer in &mut layers {
                for slot in (1..layer.len()).rev() {
                    layer.swap(slot, shuffler.below(slot + 1));
                }
            }
        }
        for round in 0..sweeps {
            sweep(graph, &mut layers, (round + restart) % 2 == 0);
            transpose(graph, &mut layers);
            let current = cost(graph, &layers);
            if current < least {
                least = current;
                best.clone_from(&layers);
            }
            if least == 0 {
                break;
            }
        }
        if least == 0 {
            break;
        }
    }
    graph.layers = best;
}

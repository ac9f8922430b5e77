//! Layer assignment: which row (or column) of a container every piece goes to.

/// The pairs turned so that no cycle is left: vertices are lined up greedily (sources first, sinks last, otherwise
/// the one with the largest surplus of outgoing pairs) and pairs pointing backwards are reversed. Loops are dropped.
fn without_cycles(count: usize, pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut outgoing = vec![Vec::new(); count];
    let mut incoming = vec![Vec::new(); count];
    for (from, to) in pairs.iter().filter(|(from, to)| from != to) {
        outgoing[*from].push(*to);
        incoming[*to].push(*from);
    }
    let mut out_degree: Vec<i32> = outgoing.iter().map(|list| list.len() as i32).collect();
    let mut in_degree: Vec<i32> = incoming.iter().map(|list| list.len() as i32).collect();
    let mut place = vec![0_i32; count];
    let mut left: Vec<usize> = (0..count).collect();
    let (mut head, mut tail) = (0, count as i32);
    while !left.is_empty() {
        let sink = left.iter().position(|vertex| out_degree[*vertex] == 0 && in_degree[*vertex] > 0);
        let source = left.iter().position(|vertex| in_degree[*vertex] == 0);
        let (slot, at_head) = match (sink, source) {
            (Some(slot), _) => (slot, false),
            (None, Some(slot)) => (slot, true),
            (None, None) => {
                let surplus = |slot: &usize| out_degree[left[*slot]] - in_degree[left[*slot]];
                ((0..left.len()).rev().max_by_key(surplus).unwrap_or(0), true)
            }
        };
        let vertex = left.remove(slot);
        if at_head {
            place[vertex] = head;
            head += 1;
        } else {
            tail -= 1;
            place[vertex] = tail;
        }
        for other in &outgoing[vertex] {
            in_degree[*other] -= 1;
        }
        for other in &incoming[vertex] {
            out_degree[*other] -= 1;
        }
    }
    pairs
        .iter()
        .filter(|(from, to)| from != to)
        .map(|&(from, to)| if place[from] < place[to] { (from, to) } else { (to, from) })
        .collect()
}

/// The layer of every vertex. `lean` pulls vertices without neighbours: negative to the first layer, positive to the last.
pub(super) fn layers(count: usize, pairs: &[(usize, usize)], lean: &[i32]) -> Vec<usize> {
    let pairs = without_cycles(count, pairs);
    let mut after = vec![Vec::new(); count];
    let mut before = vec![Vec::new(); count];
    for &(from, to) in &pairs {
        after[from].push(to);
        before[to].push(from);
    }
    let mut missing: Vec<usize> = before.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> = (0..count).filter(|vertex| missing[*vertex] == 0).collect();
    let mut rank = vec![0_usize; count];
    let mut order = Vec::with_capacity(count);
    while let Some(vertex) = ready.pop() {
        order.push(vertex);
        for &next in &after[vertex] {
            rank[next] = rank[next].max(rank[vertex] + 1);
            missing[next] -= 1;
            if missing[next] == 0 {
                ready.push(next);
            }
        }
    }
    let last = rank.iter().copied().max().unwrap_or(0);
    for round in 0..8 {
        let mut moved = false;
        for step in 0..order.len() {
            // Alternating direction lets chains slide as a whole.
            let vertex = order[if round % 2 == 0 { order.len() - 1 - step } else { step }];
            let low = before[vertex].iter().map(|other| rank[*other] + 1).max();
            let high = after[vertex].iter().map(|other| rank[*other].saturating_sub(1)).min();
            let wanted = match (low, high) {
                (None, None) => {
                    if lean[vertex] > 0 {
                        last
                    } else {
                        0
                    }
                }
                (None, Some(high)) => high,
                (Some(low), None) => low,
                (Some(low), Some(high)) if after[vertex].len() > before[vertex].len() => high.max(low),
                (Some(low), Some(high)) if after[vertex].len() < before[vertex].len() => low.min(high),
                _ => rank[vertex],
            };
            moved |= wanted != rank[vertex];
            rank[vertex] = wanted;
        }
        if !moved {
            break;
        }
    }
    let mut used: Vec<usize> = rank.clone();
    used.sort_unstable();
    used.dedup();
    rank.iter().map(|value| used.binary_search(value).unwrap_or(0)).collect()
}

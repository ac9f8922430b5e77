//! The order of boundaries beside each other across the layers: one ends before the next one begins, so their order decides
//! how long flows are.
//!
//! Lining up looks at directions alone. In large drawings the length of flows matters more: what is long passes many others.

use super::nest::Nest;
use super::ranks::Pair;

/// With more boundaries in one, their order stays as it is: every one is tried in every place.
const MOST: usize = 200;

/// How often all boundaries are tried in all places at most.
const ROUNDS: usize = 16;

/// Boundaries in one container, joined by flows.
struct Siblings {
    /// A flow that points backwards is as bad as one that is so many layers longer.
    backwards: i64,
    /// How many layers each has, twice.
    heights: Vec<i64>,
    /// The number of flows from one to the other.
    flows: Vec<Vec<i64>>,
}

impl Siblings {
    /// What it costs more if a boundary and the next one in the order change places.
    fn swapped(&self, order: &[usize], slot: usize) -> i64 {
        let (one, two) = (order[slot], order[slot + 1]);
        let both = |own: usize, other: usize| self.flows[own][other] + self.flows[other][own];
        // By how many flows more the rest of the order lies before it than after it.
        let pull = |own: usize| {
            let sum = |rest: &[usize]| rest.iter().map(|other| both(own, *other)).sum::<i64>();
            sum(&order[..slot]) - sum(&order[slot + 2..])
        };
        let turned = self.flows[one][two] - self.flows[two][one];
        self.heights[two] * pull(one) - self.heights[one] * pull(two) + 2 * self.backwards * turned
    }

    /// Moves each to where the flows are shortest, until nothing is better elsewhere.
    fn sift(&self, order: &mut [usize]) {
        for _ in 0..ROUNDS {
            let mut changed = false;
            for own in 0..self.heights.len() {
                let Some(start) = order.iter().position(|other| *other == own) else { continue };
                let (mut best, mut target, mut cost) = (0, start, 0);
                let mut trial = order.to_vec();
                for slot in start..order.len() - 1 {
                    cost += self.swapped(&trial, slot);
                    trial.swap(slot, slot + 1);
                    if cost < best {
                        (best, target) = (cost, slot + 1);
                    }
                }
                trial.copy_from_slice(order);
                cost = 0;
                for slot in (0..start).rev() {
                    cost += self.swapped(&trial, slot);
                    trial.swap(slot, slot + 1);
                    if cost < best {
                        (best, target) = (cost, slot);
                    }
                }
                if target < start {
                    order[target..=start].rotate_right(1);
                } else {
                    order[start..=target].rotate_left(1);
                }
                changed |= target != start;
            }
            if !changed {
                return;
            }
        }
    }
}

/// Lets boundaries beside each other change places in the line, so that flows between them are short and few of them point
/// backwards, which is as bad as being so many layers longer. `sides` are what flows join (numbers from `count` on are
/// containers) and how many, `span` is the first and the last layer of every container as far as it is known.
pub(super) fn resequence(
    nest: &Nest,
    (sides, count): (&[Pair], usize),
    span: &[(usize, usize)],
    backwards: i64,
    place: &mut [i32],
) {
    let mut slot_of = vec![0; nest.parent.len()];
    for inner in &nest.inner {
        inner.iter().enumerate().for_each(|(slot, own)| slot_of[*own] = slot);
    }
    let mut flows: Vec<Vec<(usize, usize, i64)>> = vec![Vec::new(); nest.parent.len()];
    for (one, two, some) in sides {
        if let (Some(one), Some(two)) = (one.checked_sub(count), two.checked_sub(count)) {
            flows[nest.parent[one]].push((slot_of[one], slot_of[two], i64::from(*some)));
        }
    }
    for (inner, joined) in nest.inner.iter().zip(flows) {
        if inner.len() > MOST || joined.is_empty() {
            continue;
        }
        let layers = |own: &usize| (span[*own].1 + 1).saturating_sub(span[*own].0);
        let mut siblings = Siblings {
            backwards,
            heights: inner.iter().map(|own| 2 * layers(own) as i64).collect(),
            flows: vec![vec![0; inner.len()]; inner.len()],
        };
        for (one, two, some) in joined {
            siblings.flows[one][two] += some;
        }
        let mut order: Vec<usize> = (0..inner.len()).collect();
        order.sort_by_key(|slot| place[count + inner[*slot]]);
        let places: Vec<i32> = order.iter().map(|slot| place[count + inner[*slot]]).collect();
        siblings.sift(&mut order);
        for (slot, own) in order.into_iter().zip(places) {
            place[count + inner[slot]] = own;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::layout::shuffle::Shuffler;

    /// What an order costs: for every flow twice the layers from the middle of one boundary to that of the other, and what
    /// it costs that it points backwards.
    fn cost(siblings: &Siblings, order: &[usize]) -> i64 {
        let mut middle = vec![0; order.len()];
        let mut start = 0;
        for own in order {
            middle[*own] = start + siblings.heights[*own] / 2;
            start += siblings.heights[*own];
        }
        let pairs = (0..order.len()).flat_map(|one| (0..order.len()).map(move |two| (one, two)));
        pairs
            .map(|(one, two)| {
                let ahead = middle[two] - middle[one];
                siblings.flows[one][two] * (ahead.abs() + if ahead < 0 { 2 * siblings.backwards } else { 0 })
            })
            .sum()
    }

    #[test]
    fn a_swap_costs_what_is_said_and_sifting_never_more_than_before() {
        let mut dice = Shuffler(5);
        for _ in 0..40 {
            let count = 2 + dice.below(7);
            let siblings = Siblings {
                backwards: dice.below(20) as i64,
                heights: (0..count).map(|_| 2 * (1 + dice.below(6) as i64)).collect(),
                flows: (0..count)
                    .map(|one| (0..count).map(|two| if one == two { 0 } else { dice.below(4) as i64 }).collect())
                    .collect(),
            };
            let order: Vec<usize> = (0..count).collect();
            for slot in 0..count - 1 {
                let mut swapped = order.clone();
                swapped.swap(slot, slot + 1);
                assert_eq!(siblings.swapped(&order, slot), cost(&siblings, &swapped) - cost(&siblings, &order));
            }
            let mut sifted = order.clone();
            siblings.sift(&mut sifted);
            assert!(cost(&siblings, &sifted) <= cost(&siblings, &order));
            for (one, two) in (0..count).flat_map(|one| (0..count).map(move |two| (one, two))) {
                let mut moved = sifted.clone();
                let own = moved.remove(one);
                moved.insert(two, own);
                assert!(cost(&siblings, &moved) >= cost(&siblings, &sifted), "nothing is better elsewhere");
            }
        }
    }
}

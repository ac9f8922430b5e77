//! Flows pass a boundary on one side of it: what sorting left on both sides of one is moved to one of them. Anything else
//! would lead through a boundary to which the flow does not belong.

use super::layers::{Item, Kind};
use super::order::Sorter;

/// How often all boundaries are gone through: what is moved past one may come to the wrong side of another.
const ROUNDS: usize = 4;

/// Where a flow is in one layer.
#[derive(Clone, Copy)]
struct Stop {
    level: usize,
    vertex: usize,
}

/// How firmly a flow is held on its side of a boundary in one layer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hold {
    /// It is in another boundary, which would have to change seats.
    Seated,
    /// It ends there at a piece, which can be moved.
    Ended,
    /// It passes.
    Passing,
}

impl Sorter<'_> {
    /// Brings every flow to one side of every boundary that it passes, where that can be done.
    pub(super) fn keep_sides(&mut self) {
        let courses = self.courses();
        let boundaries: Vec<usize> = self.nest.order.iter().rev().copied().filter(|own| *own > 0).collect();
        for _ in 0..ROUNDS {
            let mut changed = false;
            for own in &boundaries {
                for course in &courses {
                    changed |= self.keep_side(*own, course);
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// All flows, layer by layer.
    fn courses(&self) -> Vec<Vec<Stop>> {
        let mut level_of = vec![0; self.place.len()];
        for (level, line) in self.layers.iter().enumerate() {
            line.iter().for_each(|vertex| level_of[*vertex] = level);
        }
        let stop = |vertex: usize| Stop { level: level_of[vertex], vertex };
        let flows = self.graph.segments.chunk_by(|one, two| one.flow == two.flow);
        flows
            .map(|segments| {
                let lower = segments.iter().map(|segment| stop(segment.lower.0));
                segments.first().map(|segment| stop(segment.upper.0)).into_iter().chain(lower).collect()
            })
            .collect()
    }

    /// Whether a vertex stands before a boundary in its layer.
    fn is_before(&self, own: usize, stop: &Stop) -> bool {
        let row = self.first_row[own] + stop.level - self.graph.span[own].0;
        self.graph.rows[row].walls.is_some_and(|(left, _)| self.place[stop.vertex] < self.place[left])
    }

    /// Brings a flow to one side of a boundary; whether anything was moved.
    fn keep_side(&mut self, own: usize, course: &[Stop]) -> bool {
        let (graph, nest) = (self.graph, self.nest);
        let (outer, (first, last)) = (nest.parent[own], graph.span[own]);
        let from = course.partition_point(|stop| stop.level < first);
        let beside = &course[from..course.partition_point(|stop| stop.level <= last)];
        let passes = |stop: &Stop| {
            let around = &nest.around[graph.home[stop.vertex]];
            around.contains(&outer) && !around.contains(&own)
        };
        let hold = |stop: &Stop| match graph.kind[stop.vertex] {
            _ if graph.home[stop.vertex] != outer => Hold::Seated,
            Kind::Piece => Hold::Ended,
            _ => Hold::Passing,
        };
        let mut changed = false;
        for stretch in beside.chunk_by(|one, two| passes(one) == passes(two)).filter(|stretch| passes(&stretch[0])) {
            let sides: Vec<bool> = stretch.iter().map(|stop| self.is_before(own, stop)).collect();
            if sides.iter().all(|before| *before == sides[0]) {
                continue;
            }
            // The firmest decide, and of those most.
            let votes = |hold_of: Hold| {
                let held = stretch.iter().zip(&sides).filter(|(stop, _)| hold(stop) == hold_of);
                let before = held.clone().filter(|(_, before)| **before).count();
                Some(held.count()).filter(|all| *all > 0).map(|all| 2 * before >= all)
            };
            let target = [Hold::Seated, Hold::Ended, Hold::Passing].into_iter().find_map(votes) == Some(true);
            for (stop, _) in stretch.iter().zip(&sides).filter(|(_, before)| **before != target) {
                match hold(stop) {
                    Hold::Seated => {
                        let around = &nest.around[graph.home[stop.vertex]];
                        if let Some(other) = around.iter().find(|around| nest.parent[**around] == outer) {
                            changed |= self.reseat(*other, own, target);
                        }
                    }
                    Hold::Ended | Hold::Passing => {
                        self.put_beside(stop, own, target);
                        changed = true;
                    }
                }
            }
        }
        changed
    }

    /// Puts a vertex right before a boundary of its row, or right after it.
    fn put_beside(&mut self, stop: &Stop, own: usize, before: bool) {
        let row_of = |container: usize| self.first_row[container] + stop.level - self.graph.span[container].0;
        let (row, inner) = (row_of(self.nest.parent[own]), row_of(own));
        let items = &mut self.rows[row];
        items.retain(|item| *item != Item::Vertex(stop.vertex));
        let slot = items.iter().position(|item| *item == Item::Row(inner));
        let slot = slot.map_or(items.len(), |slot| slot + usize::from(!before));
        items.insert(slot, Item::Vertex(stop.vertex));
        self.note(stop.level);
    }

    /// Gives a boundary the seat right before another one, or right after it; whether it was elsewhere.
    fn reseat(&mut self, other: usize, own: usize, before: bool) -> bool {
        if (self.seat[other] < self.seat[own]) == before {
            return false;
        }
        let outer = self.nest.parent[own];
        let mut inner = self.nest.inner[outer].clone();
        inner.sort_by_key(|own| self.seat[*own]);
        let seats: Vec<usize> = inner.iter().map(|own| self.seat[*own]).collect();
        inner.retain(|boundary| *boundary != other);
        let slot = inner.iter().position(|boundary| *boundary == own).unwrap_or(0);
        inner.insert(slot + usize::from(!before), other);
        for (boundary, seat) in inner.into_iter().zip(seats) {
            self.seat[boundary] = seat;
        }
        for level in self.graph.span[other].0..=self.graph.span[other].1 {
            self.seat_boundaries(self.first_row[outer] + level - self.graph.span[outer].0);
            self.note(level);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::layout::layers::{Flow, Layered};
    use crate::diagram::layout::nest::Nest;
    use crate::diagram::layout::shuffle::Shuffler;
    use crate::diagram::{Boundary, Graph, Node};

    /// Flows from above two boundaries, one of them in the other, to below them, in any order to begin with.
    #[test]
    fn a_flow_passes_a_boundary_on_one_side() {
        let mut dice = Shuffler(7);
        let mut moved = 0;
        for _ in 0..20 {
            let mut graph = Graph::default();
            graph.boundaries.extend([None, Some(0)].map(|parent| Boundary { parent, ..Boundary::default() }));
            // Five pieces above, five below, and one in every layer of either boundary.
            let homes = [None; 10].into_iter().chain([Some(0); 4]).chain([Some(1); 3]);
            graph.nodes.extend(homes.map(|boundary| Node { boundary, ..Node::default() }));
            let nest = Nest::new(&graph);
            let rank: Vec<usize> = [[0; 5], [5; 5]].concat().into_iter().chain(1..5).chain(2..5).collect();
            let flow = |dice: &mut Shuffler| {
                let (from, to) = (dice.below(5), 5 + dice.below(5));
                Flow { from, to, offset: (0, 0), label: 0, flows: 1 }
            };
            let flows: Vec<Flow> = (0..8).map(|_| flow(&mut dice)).collect();
            let layered = Layered::new(&nest, &nest.of_node, &rank, &flows, true);
            let mut sorter = Sorter::new(&layered, &nest).restarted();
            for level in 0..layered.depth {
                let items = &mut sorter.rows[level];
                (1..items.len()).for_each(|slot| items.swap(slot, dice.below(slot + 1)));
                sorter.note(level);
            }
            let torn = |sorter: &Sorter| {
                let sides = |course: &Vec<Stop>| {
                    let beside = course.iter().filter(|stop| (1..5).contains(&stop.level));
                    beside.map(|stop| sorter.is_before(1, stop)).collect::<Vec<bool>>()
                };
                let is_torn = |sides: &Vec<bool>| sides.iter().any(|side| *side != sides[0]);
                sorter.courses().iter().map(sides).filter(is_torn).count()
            };
            moved += torn(&sorter);
            sorter.keep_sides();
            assert_eq!(torn(&sorter), 0);
        }
        assert!(moved > 0, "none had to move");
    }
}

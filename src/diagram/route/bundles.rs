//! Bundles: wires that run together somewhere. Alone a wire stays where the others of its bundle are, however crooked that
//! is; so whole bundles are taken out and routed again, and stay as they were unless that draws them better.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::super::geometry::{Point, Rect};
use super::Router;
use super::label;
use super::search::{BEND, BESIDE, CRAMPED, CROSSING, LEVEL_STEP, TURN_BACK, UPRIGHT_STEP};
use super::traffic::Passage;

/// Lists of wires that run together, directly or with the help of others. Those that do so nowhere are left out.
fn bundles(router: &Router, wires: &[usize]) -> Vec<Vec<usize>> {
    let mut bundle_of: Vec<usize> = (0..router.paths.len()).collect();
    for wire in wires {
        for cell in router.paths[*wire].iter().filter_map(|point| router.grid.index(*point)) {
            let passages: Vec<Passage> = router.traffic.passages(cell).collect();
            let own = passages.iter().find(|passage| passage.wire as usize == *wire);
            let together = |other: &&Passage| own.is_some_and(|own| own.entry == other.entry || own.exit == other.exit);
            for other in passages.iter().filter(together) {
                let (one, two) = (bundle_of[*wire], bundle_of[other.wire as usize]);
                if one != two {
                    bundle_of.iter_mut().filter(|bundle| **bundle == two).for_each(|bundle| *bundle = one);
                }
            }
        }
    }
    let members = |bundle: usize| wires.iter().copied().filter(|wire| bundle_of[*wire] == bundle).collect::<Vec<_>>();
    (0..router.paths.len()).map(members).filter(|members| members.len() > 1).collect()
}

/// What it costs to look at some wires, by the measure of the search: everyone is followed from end to end, and where
/// several cross or are cramped, that is seen once.
pub(super) fn looks(router: &Router, wires: &[usize]) -> u32 {
    let mut followed = 0;
    let mut cells: BTreeSet<usize> = BTreeSet::new();
    for wire in wires {
        let path = &router.paths[*wire];
        for (entry, exit) in router.motions(*wire, path).into_iter().flatten() {
            followed += if exit.is_horizontal() { LEVEL_STEP } else { UPRIGHT_STEP };
            followed += if entry == exit { 0 } else { BEND };
            followed += if entry != exit && exit == router.back() { TURN_BACK } else { 0 };
        }
        let upright = path.windows(2).filter(|pair| pair[0].x == pair[1].x).map(|pair| pair[1]);
        let ends_upright = upright.filter_map(|point| router.grid.index(point));
        followed += BESIDE * ends_upright.filter(|cell| router.grid.at(*cell).beside).count() as u32;
        cells.extend(path.iter().filter_map(|point| router.grid.index(*point)));
    }
    let spoilt = |cell: usize| {
        let crossed = if router.traffic.at(cell).is_crossing() { CROSSING } else { 0 };
        crossed + if router.grid.at(cell).cramped { CRAMPED } else { 0 }
    };
    followed + cells.into_iter().map(spoilt).sum::<u32>()
}

/// Routes bundles again until so many states were searched, the farthest ends first, since the others join those; and
/// keeps what looks better and leaves labels no less room.
pub(super) fn improve(router: &mut Router, wires: &[usize], kept: &[Option<Rect>], limit: usize) {
    let said = |router: &Router| label::said(router, &label::place(router, kept));
    let mut room = said(router);
    for mut bundle in bundles(router, wires) {
        if router.search.spent > limit {
            return;
        }
        bundle.sort_by_key(|wire| Reverse((router.distance(*wire), *wire)));
        let before = looks(router, &bundle);
        let former: Vec<Vec<Point>> = bundle.iter().map(|wire| router.remove(*wire)).collect();
        let is_found = bundle.iter().all(|wire| match router.find(*wire, false) {
            Some(path) => {
                router.insert(*wire, path);
                true
            }
            None => false,
        });
        let is_better = is_found && looks(router, &bundle) < before;
        let now = if is_better { said(router) } else { 0 };
        if is_better && now >= room {
            room = now;
        } else {
            bundle.iter().for_each(|wire| drop(router.remove(*wire)));
            for (wire, path) in bundle.iter().zip(former) {
                router.insert(*wire, path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::Placement;
    use crate::diagram::geometry::Size;
    use crate::diagram::graph::{Edge, Graph, Node};
    use crate::diagram::layout::Shuffler;
    use crate::diagram::route::Effort;
    use crate::diagram::route::grid::Grid;

    /// Routed again, wires are all still there and look no worse; now and then they look better.
    #[test]
    fn bundles_never_look_worse() {
        let mut dice = Shuffler(61);
        let mut better = 0;
        for _ in 0..30 {
            let mut graph = Graph { nodes: vec![Node::default(); 12], ..Graph::default() };
            let mut placement = Placement::default();
            for node in 0..12 {
                let origin = Point::new(14 * (node % 4) + dice.below(4) as i32, 10 * (node / 4));
                placement.nodes.push(Rect::at(origin, Size::new(9, 1)));
            }
            for _ in 0..14 {
                let (from, to) = (dice.below(12), dice.below(12));
                if from != to {
                    graph.edges.push(Edge { from, to, ..Edge::default() });
                }
            }
            let wires: Vec<usize> = (0..graph.edges.len()).collect();
            let mut router = Router::new(&graph, &placement, Grid::whole(&graph, &placement, &[])).expect("small");
            assert!(router.run(wires.clone(), Effort::Quick, &mut |_| true));
            let routed = |router: &Router| router.paths.iter().filter(|path| !path.is_empty()).count();
            let before = (routed(&router), looks(&router, &wires));
            improve(&mut router, &wires, &[], usize::MAX);
            let after = (routed(&router), looks(&router, &wires));
            assert!(after.0 == before.0 && after.1 <= before.1, "{before:?} {after:?} {:?}", graph.edges);
            better += usize::from(after.1 < before.1);
        }
        assert!(better > 3, "{better} of 30");
    }
}

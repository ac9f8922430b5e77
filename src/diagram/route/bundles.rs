//! Bundles: wires that run together somewhere. Alone a wire stays where the others of its bundle are, however crooked that
//! is; so whole bundles are taken out and routed again, and stay as they were unless that draws them better.

use std::collections::BTreeSet;

use super::super::geometry::{Point, Side};
use super::search::{BEND, CRAMPED, CROSSING, LEVEL_STEP, UPRIGHT_STEP};
use super::traffic::Passage;
use super::{IMPROVEMENT_LIMIT, Router};

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

/// What it costs to look at some wires, by the measure of the search; what they share is looked at once.
fn looks(router: &Router, wires: &[usize]) -> u32 {
    let mut steps: BTreeSet<(Point, Side)> = BTreeSet::new();
    let mut bends: BTreeSet<(Point, Side, Side)> = BTreeSet::new();
    let mut cells: BTreeSet<Point> = BTreeSet::new();
    for wire in wires {
        let path = &router.paths[*wire];
        for (point, (entry, exit)) in path.iter().zip(router.motions(*wire, path).into_iter().flatten()) {
            cells.insert(*point);
            steps.insert((*point, exit));
            if entry != exit {
                bends.insert((*point, entry, exit));
            }
        }
    }
    let length = |side: Side| if side.is_horizontal() { LEVEL_STEP } else { UPRIGHT_STEP };
    let spoilt = |cell: usize| {
        let crossed = if router.traffic.at(cell).is_crossing() { CROSSING } else { 0 };
        crossed + if router.grid.at(cell).cramped { CRAMPED } else { 0 }
    };
    steps.iter().map(|(_, exit)| length(*exit)).sum::<u32>()
        + BEND * bends.len() as u32
        + cells.iter().filter_map(|point| router.grid.index(*point)).map(spoilt).sum::<u32>()
}

/// Routes bundles again, the nearest ends first and the farthest ends first, and keeps what looks best.
pub(super) fn improve(router: &mut Router, wires: &[usize]) {
    for mut bundle in bundles(router, wires) {
        bundle.sort_by_key(|wire| (router.distance(*wire), *wire));
        for _ in 0..2 {
            if router.search.spent > IMPROVEMENT_LIMIT {
                return;
            }
            let before = looks(router, &bundle);
            let former: Vec<Vec<Point>> = bundle.iter().map(|wire| router.remove(*wire)).collect();
            let is_found = bundle.iter().all(|wire| match router.find(*wire, false) {
                Some(path) => {
                    router.insert(*wire, path);
                    true
                }
                None => false,
            });
            if !is_found || looks(router, &bundle) >= before {
                bundle.iter().for_each(|wire| drop(router.remove(*wire)));
                for (wire, path) in bundle.iter().zip(former) {
                    router.insert(*wire, path);
                }
            }
            bundle.reverse();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::Placement;
    use crate::diagram::geometry::{Rect, Size};
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
            improve(&mut router, &wires);
            let after = (routed(&router), looks(&router, &wires));
            assert!(after.0 == before.0 && after.1 <= before.1, "{before:?} {after:?} {:?}", graph.edges);
            better += usize::from(after.1 < before.1);
        }
        assert!(better > 3, "{better} of 30");
    }
}

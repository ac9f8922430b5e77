//! Searches in plain digraphs against brute force: shortest loopless paths, dominators, fewest nodes.

use proptest::prelude::*;
use sandtable::analysis::attack::cuts::{Dominators, fewest_nodes};
use sandtable::analysis::attack::digraph::{Arc, Digraph};
use sandtable::analysis::attack::kpaths::Routes;
use std::collections::BTreeSet;

/// Every loopless path that ends at the first target on its way, by length.
fn brute_force(graph: &Digraph, source: u32, targets: &[u32]) -> Vec<(u64, Vec<u32>)> {
    fn walk(
        graph: &Digraph,
        node: u32,
        targets: &[u32],
        seen: &mut Vec<u32>,
        arcs: &mut Vec<u32>,
        found: &mut Vec<(u64, Vec<u32>)>,
    ) {
        if targets.contains(&node) {
            found.push((arcs.iter().map(|arc| graph.arc(*arc).length).sum(), arcs.clone()));
            return;
        }
        for place in graph.arcs_out(node as usize) {
            let to = graph.arc(*place).to;
            if !seen.contains(&to) {
                seen.push(to);
                arcs.push(*place);
                walk(graph, to, targets, seen, arcs, found);
                arcs.pop();
                seen.pop();
            }
        }
    }
    let mut found = Vec::new();
    walk(graph, source, targets, &mut vec![source], &mut Vec::new(), &mut found);
    found.sort();
    found
}

/// Small graphs with short arcs, so that there are circles, ties and arcs beside each other.
fn graphs() -> impl Strategy<Value = Digraph> {
    (2u32..8).prop_flat_map(|nodes| {
        let arc = (0..nodes, 0..nodes, 0u64..4).prop_map(|(from, to, length)| Arc { from, to, length });
        proptest::collection::vec(arc, 0..20).prop_map(move |arcs| Digraph::new(nodes as usize, arcs))
    })
}

/// Whether a target is reached when these nodes are closed.
fn gets_through(graph: &Digraph, sources: &[u32], targets: &[u32], closed: &BTreeSet<u32>) -> bool {
    let open = |place: u32| !closed.contains(&graph.arc(place).to) && !closed.contains(&graph.arc(place).from);
    let ways = graph.ways_from(sources, open);
    targets.iter().any(|target| ways.reaches(*target as usize))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_shortest_paths_are_those_of_brute_force(graph in graphs(), k in 1usize..9, two in any::<bool>()) {
        let last = graph.len() as u32 - 1;
        let targets = if two { vec![last, last / 2] } else { vec![last] };
        let mut routes = Routes::new(&graph, &targets);
        for source in 0..graph.len() as u32 {
            let wanted = brute_force(&graph, source, &targets);
            let found = routes.from(source, k);
            let lengths: Vec<u64> = found.iter().map(|route| route.length).collect();
            prop_assert_eq!(&lengths, &wanted.iter().take(k).map(|path| path.0).collect::<Vec<_>>());
            let distinct: BTreeSet<&Vec<u32>> = found.iter().map(|route| &route.arcs).collect();
            prop_assert_eq!(distinct.len(), found.len());
            for route in &found {
                prop_assert!(wanted.contains(&(route.length, route.arcs.clone())), "{route:?}");
            }
            prop_assert_eq!(routes.from(source, k), found);
        }
        prop_assert!(routes.is_complete());
    }

    #[test]
    fn dominators_are_what_no_way_goes_around(graph in graphs()) {
        let dominators = Dominators::new(&graph, 0, |_| true);
        for node in 1..graph.len() as u32 {
            let passed = dominators.of(node);
            prop_assert_eq!(passed.is_some(), gets_through(&graph, &[0], &[node], &BTreeSet::new()));
            let Some(passed) = passed else { continue };
            for other in (1..graph.len() as u32).filter(|other| *other != node) {
                let needed = !gets_through(&graph, &[0], &[node], &BTreeSet::from([other]));
                prop_assert_eq!(passed.contains(&other), needed, "{} on the way to {}", other, node);
            }
        }
    }

    #[test]
    fn dominators_follow_arcs_to_where_nothing_leads_on(graph in graphs(), kept in any::<u64>(), ends in any::<[u8; 2]>()) {
        let ends = ends.map(|end| u32::from(end) % graph.len() as u32);
        // Before, only some of the arcs were there that lead to the ends.
        let is_kept = |(at, arc): &(usize, &Arc)| !ends.contains(&arc.to) || kept >> (at % 64) & 1 == 1;
        let arcs = graph.arcs().iter().enumerate().filter(is_kept).map(|(_, arc)| *arc).collect();
        let before = Dominators::new(&Digraph::new(graph.len(), arcs), 0, |_| true);
        let leads_on = ends.iter().any(|end| *end == 0 || !graph.arcs_out(*end as usize).is_empty());
        let after = before.after(&graph, &ends);
        prop_assert_eq!(after.is_none(), leads_on);
        let Some(after) = after else { return Ok(()) };
        let anew = Dominators::new(&graph, 0, |_| true);
        for node in 0..graph.len() as u32 {
            prop_assert_eq!(after.of(node), anew.of(node));
        }
    }

    #[test]
    fn dominators_hold_where_an_arc_changes_nothing(graph in graphs(), from in any::<u8>(), to in any::<u8>()) {
        let [from, to] = [from, to].map(|node| u32::from(node) % graph.len() as u32);
        let arcs = graph.arcs().iter().copied().chain([Arc { from, to, length: 0 }]).collect();
        let more = Digraph::new(graph.len(), arcs);
        let (less, with) = (Dominators::new(&graph, 0, |_| true), Dominators::new(&more, 0, |_| true));
        let is_same = (0..graph.len() as u32).all(|node| less.of(node) == with.of(node));
        prop_assert_eq!(less.holds_with(from, to), is_same);
        prop_assert_eq!(with.holds_without(&graph, from, to), is_same);
    }

    #[test]
    fn the_fewest_nodes_close_every_way(graph in graphs()) {
        let (sources, targets) = ([0], [graph.len() as u32 - 1]);
        let straight = graph.arcs().iter().any(|arc| (arc.from, arc.to) == (sources[0], targets[0]));
        let cut = fewest_nodes(&graph, &sources, &targets, |_| true);
        prop_assert_eq!(cut.is_none(), straight);
        let Some(cut) = cut else { return Ok(()) };
        prop_assert!(!gets_through(&graph, &sources, &targets, &cut.iter().copied().collect()));
        // No fewer do: try all smaller sets.
        for set in 0u32..1 << graph.len() {
            let closed: BTreeSet<u32> = (1..targets[0]).filter(|node| set >> node & 1 == 1).collect();
            prop_assert!(closed.len() >= cut.len() || gets_through(&graph, &sources, &targets, &closed));
        }
    }
}

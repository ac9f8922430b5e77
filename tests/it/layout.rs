//! What the layout promises: few crossings where none are needed, one reading direction, and little change.

use std::collections::HashMap;

use sandtable::diagram::{Diagram, Direction, Edge, Graph, Node, Point, Rect, Size, arrange, arrange_while, place};

use crate::diagram::{Dice, chain, check, data_flows, random_graph};

/// Cells in which wires cross.
fn crossings(diagram: &Diagram) -> usize {
    let mut users: HashMap<Point, [bool; 2]> = HashMap::new();
    for wire in &diagram.wires {
        for cells in wire.path.windows(3) {
            let (level, upright) = (cells[0].y == cells[2].y, cells[0].x == cells[2].x);
            let seen = users.entry(cells[1]).or_default();
            *seen = [seen[0] | level, seen[1] | upright];
        }
    }
    users.values().filter(|seen| **seen == [true, true]).count()
}

#[test]
fn trees_are_drawn_without_crossings() {
    for seed in 0..8 {
        for direction in [Direction::Down, Direction::Right] {
            let mut dice = Dice(seed);
            let mut graph = random_graph(seed, 24, direction, true);
            graph.boundaries.clear();
            graph.nodes.iter_mut().for_each(|node| node.boundary = None);
            graph.edges = (1..24)
                .map(|to| Edge { key: format!("e{to:03}").into(), from: dice.below(to), to, ..Edge::default() })
                .collect();
            let diagram = arrange(graph);
            check(&diagram);
            assert_eq!(crossings(&diagram), 0, "seed {seed}, {direction:?}");
        }
    }
}

/// Whoever waits for a layout is told how far it is, and stops it at once.
#[test]
fn a_layout_can_be_watched_and_stopped() {
    for nested in [false, true] {
        let mut graph = random_graph(5, 24, Direction::Down, true);
        if !nested {
            graph.boundaries.clear();
            graph.nodes.iter_mut().for_each(|node| node.boundary = None);
        }
        let mut told = Vec::new();
        let watched = arrange_while(graph.clone(), &mut |percent| {
            told.push(percent);
            true
        });
        assert_eq!(watched, Some(arrange(graph.clone())));
        assert!(told.len() > 10 && told.iter().all(|percent| *percent <= 100), "{told:?}");
        for most in [1, 7] {
            let mut asked = 0;
            let stopped = arrange_while(graph.clone(), &mut |_| {
                asked += 1;
                asked < most
            });
            assert_eq!((stopped, asked), (None, most));
        }
    }
}

/// What flows one way is read one way: a boundary ends before one begins that it only sends to, however both nest.
#[test]
fn boundaries_stand_in_the_order_of_their_flows() {
    for seed in 0..8 {
        let mut graph = data_flows(seed, 30, Direction::Down);
        // Of the outermost boundaries the first ones send, and nothing goes around by boxes outside of all.
        let top = |graph: &Graph, node: usize| chain(graph, graph.nodes[node].boundary).last().copied();
        let outside: Vec<bool> = graph.nodes.iter().map(|node| node.boundary.is_none()).collect();
        graph.edges.retain(|edge| !outside[edge.from] && !outside[edge.to]);
        for index in 0..graph.edges.len() {
            let Edge { from, to, .. } = graph.edges[index];
            if top(&graph, from) > top(&graph, to) {
                (graph.edges[index].from, graph.edges[index].to) = (to, from);
            }
        }
        let placement = place(&graph);
        for edge in &graph.edges {
            if let (Some(one), Some(two)) = (top(&graph, edge.from), top(&graph, edge.to))
                && one != two
            {
                let (first, second) = (placement.boundaries[one], placement.boundaries[two]);
                assert!(first.bottom() <= second.y, "seed {seed}: {one} and {two}");
            }
        }
    }
}

/// How many of a hundred pairs of boxes in one boundary keep their order, left to right and top to bottom, when one
/// box with one flow is added; over random graphs.
fn kept(graphs: u64, nodes: usize) -> f64 {
    let (mut kept, mut total) = (0_usize, 0_usize);
    for seed in 0..graphs {
        let graph = random_graph(seed, nodes, Direction::Down, true);
        let mut dice = Dice(seed + 1000);
        let mut larger = graph.clone();
        let from = dice.below(nodes);
        let key = format!("n{:03}x", dice.below(nodes));
        larger.nodes.push(Node {
            key: key.into(),
            size: Size::new(12, 1),
            boundary: graph.nodes[from].boundary,
            pin: None,
        });
        let edge = Edge { key: "e999".into(), from, to: nodes, ..Edge::default() };
        larger.edges.push(edge);
        let (one, two) = (place(&graph).nodes, place(&larger).nodes);
        let order = |rects: &[Rect], first: usize, second: usize| {
            let (first, second) = (rects[first].center(), rects[second].center());
            ((first.x - second.x).signum(), (first.y - second.y).signum())
        };
        for first in 0..nodes {
            for second in first + 1..nodes {
                if graph.nodes[first].boundary == graph.nodes[second].boundary {
                    let (before, after) = (order(&one, first, second), order(&two, first, second));
                    total += 2;
                    // What stood level or in line may come to stand to either side.
                    kept += usize::from(before.0 * after.0 >= 0) + usize::from(before.1 * after.1 >= 0);
                }
            }
        }
    }
    100.0 * kept as f64 / total as f64
}

#[test]
fn one_more_box_leaves_most_where_they_were() {
    for (nodes, least) in [(16, 90.0), (30, 87.0)] {
        let share = kept(12, nodes);
        assert!(share >= least, "{share:.1}% of the pairs of {nodes} keep their order");
    }
}

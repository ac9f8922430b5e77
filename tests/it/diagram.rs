//! Properties of placement, routing and painting over random nested graphs, through the public interface only.

use std::collections::HashMap;

use proptest::prelude::*;
use sandtable::diagram::{
    Art, Boundary, BoundaryArt, Charset, Diagram, Direction, Edge, Graph, Node, NodeArt, Owner, Point, Rect, Shape,
    Side, Size, Stroke, Wire, WireArt, arrange, paint, place, reroute, route, walls,
};

/// A small generator, so that one seed makes one graph.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }
}

/// A random graph like real ones: mostly tree-like flows, some hubs, some nesting.
pub fn random_graph(seed: u64, nodes: usize, direction: Direction, low: bool) -> Graph {
    let mut dice = Dice(seed.wrapping_mul(77) + 5);
    let boundaries = nodes / 8 + dice.below(3);
    let mut graph = Graph { direction, ..Graph::default() };
    for index in 0..boundaries {
        let parent = (index > 0 && dice.below(3) == 0).then(|| dice.below(index));
        let title_width = 4 + dice.below(8) as i32;
        graph.boundaries.push(Boundary { key: format!("b{index:03}").into(), parent, title_width });
    }
    for index in 0..nodes {
        let boundary = (boundaries > 0 && dice.below(4) != 0).then(|| dice.below(boundaries));
        let size = if low { Size::new(8 + dice.below(10) as i32, 1) } else { Size::new(12 + dice.below(8) as i32, 3) };
        graph.nodes.push(Node { key: format!("n{index:03}").into(), size, boundary, pin: None });
    }
    for index in 0..nodes * 3 / 2 {
        let from = dice.below(nodes);
        let to = if dice.below(3) == 0 { dice.below(nodes) } else { (from + 1 + dice.below(5)) % nodes };
        if from == to {
            continue;
        }
        let label_width = if dice.below(2) == 0 { 3 + dice.below(6) as i32 } else { 0 };
        graph.edges.push(Edge {
            key: format!("e{index:03}").into(),
            from,
            to,
            label_width,
            label: "x".repeat(label_width as usize).into(),
            strand: dice.below(3) as u8,
        });
    }
    graph
}

/// A random data-flow diagram of the usual shape: boundaries nested three levels deep, 1.4 flows a box, most of them
/// between neighbours, a few hubs that many others talk to, labels on half of them.
pub fn data_flows(seed: u64, nodes: usize, direction: Direction) -> Graph {
    let mut dice = Dice(seed.wrapping_mul(911) + 3);
    let mut graph = Graph { direction, ..Graph::default() };
    let boundaries = (nodes / 6).max(3);
    let mut depth: Vec<usize> = Vec::new();
    for index in 0..boundaries {
        let candidate = dice.below(index.max(1));
        let parent = (index > 1 && dice.below(5) < 3 && depth[candidate] < 2).then_some(candidate);
        depth.push(parent.map_or(0, |parent| depth[parent] + 1));
        graph.boundaries.push(Boundary {
            key: format!("b{index:03}").into(),
            parent,
            title_width: 4 + dice.below(8) as i32,
        });
    }
    for index in 0..nodes {
        let near = (index * boundaries / nodes + dice.below(3)).saturating_sub(1).min(boundaries - 1);
        let boundary = (dice.below(10) > 0).then_some(near);
        let size = Size::new(10 + dice.below(12) as i32, if dice.below(3) == 0 { 1 } else { 3 });
        graph.nodes.push(Node { key: format!("n{index:03}").into(), size, boundary, pin: None });
    }
    let hubs: Vec<usize> = (0..1 + nodes / 30).map(|_| dice.below(nodes)).collect();
    for index in 0..nodes * 7 / 5 {
        let from = dice.below(nodes);
        let to = match dice.below(10) {
            0 => dice.below(nodes),
            1 | 2 => hubs[dice.below(hubs.len())],
            _ => (from + 1 + dice.below(6)) % nodes,
        };
        if from != to {
            let label_width = if dice.below(2) == 0 { 3 + dice.below(6) as i32 } else { 0 };
            let strand = dice.below(2) as u8;
            graph.edges.push(Edge {
                key: format!("e{index:03}").into(),
                from,
                to,
                label_width,
                strand,
                ..Edge::default()
            });
        }
    }
    graph
}

pub fn chain(graph: &Graph, mut current: Option<usize>) -> Vec<usize> {
    let mut found = Vec::new();
    while let Some(index) = current {
        if found.contains(&index) {
            break;
        }
        found.push(index);
        current = graph.boundaries[index].parent;
    }
    found
}

fn check_placement(diagram: &Diagram) {
    let (graph, placement) = (&diagram.graph, &diagram.placement);
    for (index, rect) in placement.nodes.iter().enumerate() {
        for other in &placement.nodes[index + 1..] {
            assert!(!rect.overlaps(other), "boxes overlap: {rect:?} {other:?}");
        }
        let around = chain(graph, graph.nodes[index].boundary);
        for (boundary, walls) in placement.boundaries.iter().enumerate() {
            if around.contains(&boundary) {
                assert!(walls.inset(1).covers(rect), "box {index} not inside {boundary}");
            } else {
                assert!(!walls.overlaps(rect), "box {index} in or on foreign boundary {boundary}");
            }
        }
    }
    for (one, walls) in placement.boundaries.iter().enumerate() {
        for (two, others) in placement.boundaries.iter().enumerate().skip(one + 1) {
            if chain(graph, Some(one)).contains(&two) {
                assert!(others.inset(1).covers(walls), "boundary {one} not inside {two}");
            } else if chain(graph, Some(two)).contains(&one) {
                assert!(walls.inset(1).covers(others), "boundary {two} not inside {one}");
            } else {
                assert!(!walls.grown(1, 1).overlaps(others), "boundaries {one} and {two} touch");
            }
        }
    }
}

/// Directions of motion into and out of every cell.
fn motions(diagram: &Diagram, wire: &Wire) -> Vec<(Side, Side)> {
    let edge = &diagram.graph.edges[wire.edge];
    let first = Side::touching(&diagram.placement.nodes[edge.from], wire.path[0]).expect("starts beside its source");
    let last =
        Side::touching(&diagram.placement.nodes[edge.to], *wire.path.last().unwrap()).expect("ends beside target");
    let mut entry = first;
    (0..wire.path.len())
        .map(|slot| {
            let exit = match wire.path.get(slot + 1) {
                Some(next) => Side::between(wire.path[slot], *next).expect("connected"),
                None => last.opposite(),
            };
            let motion = (entry, exit);
            entry = exit;
            motion
        })
        .collect()
}

fn check_wires(diagram: &Diagram) {
    let (graph, placement) = (&diagram.graph, &diagram.placement);
    assert_eq!(diagram.wires.len(), graph.edges.len());
    let mut users: HashMap<Point, Vec<(usize, usize)>> = HashMap::new();
    let all_motions: Vec<Vec<(Side, Side)>> = diagram
        .wires
        .iter()
        .enumerate()
        .map(|(index, wire)| {
            assert_eq!(wire.edge, index);
            assert_eq!(wire.off_page, wire.path.is_empty());
            if wire.off_page { Vec::new() } else { motions(diagram, wire) }
        })
        .collect();
    for wire in diagram.wires.iter().filter(|wire| !wire.off_page) {
        let mut pierced = Vec::new();
        for (slot, point) in wire.path.iter().enumerate() {
            users.entry(*point).or_default().push((wire.edge, slot));
            assert!(!placement.nodes.iter().any(|node| node.contains(*point)), "wire {} runs over a box", wire.edge);
            let (entry, exit) = all_motions[wire.edge][slot];
            for (boundary, walls) in placement.boundaries.iter().enumerate() {
                if !walls.contains(*point) || walls.inset(1).contains(*point) {
                    continue;
                }
                assert_eq!(entry, exit, "turn on a wall");
                let upright = point.x == walls.x || point.x == walls.right() - 1;
                let level = point.y == walls.y || point.y == walls.bottom() - 1;
                assert!(upright != level, "through a corner");
                assert_eq!(entry.is_horizontal(), upright, "along a wall");
                let title = match graph.boundaries[boundary].title_width {
                    0 => 0,
                    width => width + 2,
                };
                let on_title = point.y == walls.y && (walls.x + 2..walls.x + 2 + title).contains(&point.x);
                assert!(!on_title, "through the title");
                pierced.push((boundary, *point));
            }
        }
        let boundaries: Vec<usize> = pierced.iter().map(|(boundary, _)| *boundary).collect();
        let expected: Vec<usize> = walls(graph, wire.edge).iter().map(|wall| wall.boundary).collect();
        assert_eq!(boundaries, expected, "walls of wire {}", wire.edge);
        assert_eq!(pierced, wire.crossings);
    }
    for (point, users) in &users {
        for (slot, (one, at)) in users.iter().enumerate() {
            for (two, other) in &users[slot + 1..] {
                let (first, second) = (&graph.edges[*one], &graph.edges[*two]);
                let (a, b) = (&diagram.wires[*one].path, &diagram.wires[*two].path);
                let alike = first.strand == second.strand;
                let prefix = alike && first.from == second.from && at == other && a[..=*at] == b[..=*other];
                let suffix = alike && first.to == second.to && a[*at..] == b[*other..];
                let (ma, mb) = (all_motions[*one][*at], all_motions[*two][*other]);
                let crossing = ma.0 == ma.1 && mb.0 == mb.1 && ma.0.is_horizontal() != mb.0.is_horizontal();
                assert!(prefix || suffix || crossing, "wires {one} and {two} share {point:?}");
            }
        }
    }
    let mut labels: Vec<(usize, Rect)> = Vec::new();
    for wire in &diagram.wires {
        let Some(label) = wire.label else { continue };
        // Where there is no room for all of a label, a part of it stands there.
        let wanted = graph.edges[wire.edge].label_width;
        assert!(label.width == wanted || (6..wanted).contains(&label.width), "{label:?} of {wanted}");
        assert_eq!(label.height, 1);
        let beside = [label.grown(1, 0), label.grown(0, 1)];
        let is_beside = wire.path.iter().any(|point| beside.iter().any(|rect| rect.contains(*point)));
        assert!(is_beside, "label of {} away from its wire", wire.edge);
        for x in label.x..label.right() {
            let point = Point::new(x, label.y);
            let own = &graph.edges[wire.edge];
            let speaks_for = |edge: usize| {
                let other = &graph.edges[edge];
                edge == wire.edge || !own.label.is_empty() && own.label == other.label
            };
            let foreign = users.get(&point).is_some_and(|users| !users.iter().all(|(edge, _)| speaks_for(*edge)));
            assert!(!foreign, "label of {} on another wire", wire.edge);
            assert!(!placement.nodes.iter().any(|node| node.contains(point)), "label on a box");
            let wall = |walls: &Rect| walls.contains(point) && !walls.inset(1).contains(point);
            assert!(!placement.boundaries.iter().any(wall), "label on a wall");
        }
        assert!(labels.iter().all(|(_, other)| !other.overlaps(&label)), "labels overlap");
        labels.push((wire.edge, label));
    }
}

/// The picture shows every box and every flow, and no cell has a wrong owner: what was laid out apart is not drawn over
/// each other, and a flow without a way has a mark at both of its boxes.
fn check_picture(diagram: &Diagram) {
    let bounds = diagram.bounds().grown(30, 3);
    let scene = paint(diagram, &plain_art(diagram, "name"), bounds, Charset::Unicode);
    let owner = |point: Point| scene.owner_at(point.x - bounds.x, point.y - bounds.y);
    let is_off = |owner: Owner| matches!(owner, Owner::Wire(wire) if diagram.wires[wire].off_page);
    let cells =
        |rect: Rect| (rect.y..rect.bottom()).flat_map(move |y| (rect.x..rect.right()).map(move |x| Point::new(x, y)));
    for (index, rect) in diagram.placement.nodes.iter().enumerate() {
        for point in cells(*rect) {
            assert!(owner(point) == Owner::Node(index) || is_off(owner(point)), "{point:?} of box {index}");
        }
    }
    let mut users: HashMap<Point, Vec<usize>> = HashMap::new();
    for wire in &diagram.wires {
        for point in &wire.path {
            users.entry(*point).or_default().push(wire.edge);
        }
    }
    for wire in diagram.wires.iter().filter(|wire| !wire.off_page) {
        for point in &wire.path {
            let Owner::Wire(shown) = owner(*point) else { panic!("{point:?} of wire {} is hidden", wire.edge) };
            assert!(users[point].contains(&shown), "{point:?} of wire {} shows {shown}", wire.edge);
        }
        for point in wire.label.into_iter().flat_map(cells).take("name".len()) {
            assert_eq!(owner(point), Owner::Wire(wire.edge), "label of {}", wire.edge);
        }
    }
    for wire in diagram.wires.iter().filter(|wire| wire.off_page) {
        let edge = &diagram.graph.edges[wire.edge];
        for (node, outgoing) in [(edge.from, true), (edge.to, false)] {
            let group = |other: usize| {
                let edge = &diagram.graph.edges[other];
                diagram.wires[other].off_page && node == if outgoing { edge.from } else { edge.to }
            };
            // A box of a cell or two, which no text makes, has no room for a mark of each direction.
            if diagram.placement.nodes[node].width < 3 {
                continue;
            }
            let around = diagram.placement.nodes[node].grown(26, 1);
            let marked = cells(around).any(|point| matches!(owner(point), Owner::Wire(shown) if group(shown)));
            assert!(marked, "no mark of flow {} at box {node}", wire.edge);
        }
    }
}

pub fn check(diagram: &Diagram) {
    check_placement(diagram);
    check_wires(diagram);
    check_picture(diagram);
}

pub fn any_graph(most: usize) -> impl Strategy<Value = Graph> {
    let node = (0..6_usize, 1..22_i32, 1..5_i32, prop::option::weighted(0.1, (-60..160_i32, -30..90_i32)));
    (
        prop::collection::vec(node, 0..most),
        prop::collection::vec((prop::option::of(0..6_usize), 0..12_i32), 0..6),
        prop::collection::vec((0..most, 0..most, 0..9_i32), 0..most * 2),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        proptest::option::of((20..200, 4..60)),
    )
        .prop_map(|(nodes, boundaries, edges, right, pinned, hub, room)| {
            let count = boundaries.len();
            let total = nodes.len();
            Graph {
                nodes: nodes
                    .into_iter()
                    .enumerate()
                    .map(|(index, (boundary, width, height, pin))| Node {
                        key: format!("n{index:03}").into(),
                        size: Size::new(width, height),
                        boundary: (boundary < count).then_some(boundary),
                        pin: pin.filter(|_| pinned).map(|(x, y)| Point::new(x, y)),
                    })
                    .collect(),
                boundaries: boundaries
                    .into_iter()
                    .enumerate()
                    .map(|(index, (parent, title_width))| Boundary {
                        key: format!("b{index:03}").into(),
                        parent: parent.filter(|parent| *parent < index),
                        title_width,
                    })
                    .collect(),
                edges: edges
                    .into_iter()
                    .enumerate()
                    .filter(|_| total > 0)
                    .map(|(index, (from, to, label_width))| Edge {
                        key: format!("e{index:03}").into(),
                        from: if hub && index % 2 == 0 { 0 } else { from % total },
                        to: to % total,
                        label_width,
                        label: "x".repeat(label_width as usize).into(),
                        strand: 0,
                    })
                    .collect(),
                direction: if right { Direction::Right } else { Direction::Down },
                room: room.map(|(columns, rows)| Size::new(columns, rows)),
            }
        })
}

/// The same graph with its vectors in another order; also the new positions of boxes, boundaries and edges.
fn shuffled(graph: &Graph, seed: u64) -> (Graph, Vec<usize>, Vec<usize>, Vec<usize>) {
    let mut dice = Dice(seed);
    let mut permutation = |count: usize| {
        let mut order: Vec<usize> = (0..count).collect();
        for slot in (1..count).rev() {
            order.swap(slot, dice.below(slot + 1));
        }
        order
    };
    let (nodes, boundaries, edges) =
        (permutation(graph.nodes.len()), permutation(graph.boundaries.len()), permutation(graph.edges.len()));
    let mut copy = graph.clone();
    for (index, node) in graph.nodes.iter().enumerate() {
        let boundary = node.boundary.map(|boundary| boundaries[boundary]);
        copy.nodes[nodes[index]] = Node { boundary, ..node.clone() };
    }
    for (index, boundary) in graph.boundaries.iter().enumerate() {
        let parent = boundary.parent.map(|parent| boundaries[parent]);
        copy.boundaries[boundaries[index]] = Boundary { parent, ..boundary.clone() };
    }
    for (index, edge) in graph.edges.iter().enumerate() {
        copy.edges[edges[index]] = Edge { from: nodes[edge.from], to: nodes[edge.to], ..edge.clone() };
    }
    (copy, nodes, boundaries, edges)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn arranging_keeps_the_invariants(graph in any_graph(24)) {
        let diagram = arrange(graph.clone());
        check(&diagram);
        prop_assert_eq!(&arrange(graph.clone()), &diagram);
        prop_assert_eq!(&place(&graph).nodes, &diagram.placement.nodes);
        let again = Diagram { wires: route(&graph, &diagram.placement), ..diagram };
        check(&again);
    }

    #[test]
    fn input_order_does_not_matter(graph in any_graph(14), seed in any::<u64>()) {
        let (copy, nodes, boundaries, edges) = shuffled(&graph, seed);
        let (one, two) = (arrange(graph), arrange(copy));
        for (index, other) in nodes.iter().enumerate() {
            prop_assert_eq!(one.placement.nodes[index], two.placement.nodes[*other]);
        }
        for (index, other) in boundaries.iter().enumerate() {
            prop_assert_eq!(one.placement.boundaries[index], two.placement.boundaries[*other]);
        }
        for (index, other) in edges.iter().enumerate() {
            prop_assert_eq!(&one.wires[index].path, &two.wires[*other].path);
            prop_assert_eq!(one.wires[index].label, two.wires[*other].label);
        }
    }

    #[test]
    fn dragging_keeps_wires_legal(graph in any_graph(16), which in any::<prop::sample::Index>(), x in -5..60_i32, y in -5..40_i32) {
        let mut diagram = arrange(graph);
        if !diagram.placement.nodes.is_empty() {
            let node = which.index(diagram.placement.nodes.len());
            let start = diagram.placement.nodes[node].origin();
            // There, and back again.
            for place in [Point::new(x, y), Point::new((x + start.x) / 2, (y + start.y) / 2), start] {
                let before = diagram.clone();
                diagram.placement.nodes[node].x = place.x;
                diagram.placement.nodes[node].y = place.y;
                let changed = reroute(&mut diagram, &[node]);
                // While a box is over something else the picture is not a legal one.
                if std::panic::catch_unwind(|| check_placement(&diagram)).is_ok() {
                    check_wires(&diagram);
                }
                for (index, wire) in diagram.wires.iter().enumerate() {
                    prop_assert_eq!(changed.contains(&index), *wire != before.wires[index]);
                }
            }
        }
    }

    #[test]
    fn painting_never_panics_and_owners_match(graph in any_graph(12), x in -20..40_i32, y in -20..20_i32) {
        let diagram = arrange(graph);
        for charset in [Charset::Unicode, Charset::Ascii] {
            let art = plain_art(&diagram, "text 漢字");
            let scene = paint(&diagram, &art, Rect::new(x, y, 50, 20), charset);
            for (index, rect) in diagram.placement.nodes.iter().enumerate() {
                let corner = Point::new(rect.x - x, rect.y - y);
                if corner.x >= 0 && corner.y >= 0 && corner.x < 50 && corner.y < 20 {
                    let owner = scene.owner_at(corner.x, corner.y);
                    let mark = matches!(owner, Owner::Wire(wire) if diagram.wires[wire].off_page);
                    prop_assert!(owner == Owner::Node(index) || mark);
                }
            }
        }
    }
}

proptest! {
    // A case takes seconds where nothing is optimised; `PROPTEST_CASES` asks for more.
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2),
        max_shrink_iters: 4,
        ..ProptestConfig::default()
    })]

    /// To 200 boxes, in boundaries three levels deep, in both directions.
    #[test]
    fn large_drawings_keep_the_invariants(seed in any::<u64>(), nodes in 120..=200_usize) {
        for direction in [Direction::Down, Direction::Right] {
            check(&arrange(data_flows(seed, nodes, direction)));
        }
    }
}

fn plain_art(diagram: &Diagram, text: &str) -> Art {
    Art {
        nodes: diagram.graph.nodes.iter().map(|_| NodeArt { lines: vec![text.into()], ..NodeArt::default() }).collect(),
        boundaries: diagram
            .graph
            .boundaries
            .iter()
            .map(|_| BoundaryArt { title: text.into(), ..BoundaryArt::default() })
            .collect(),
        wires: diagram.graph.edges.iter().map(|_| WireArt { label: text.into(), ..WireArt::default() }).collect(),
        covered: None,
    }
}

fn named_art(diagram: &Diagram) -> Art {
    let shapes =
        [Shape::Service, Shape::Dataset, Shape::Endpoint, Shape::Actor, Shape::Role, Shape::Stack, Shape::Zone];
    Art {
        nodes: diagram
            .graph
            .nodes
            .iter()
            .enumerate()
            .map(|(index, node)| {
                let shape = match node.key.as_bytes().first() {
                    Some(b'<') => Shape::Actor,
                    Some(b'[') => Shape::Dataset,
                    Some(b'{') => Shape::Endpoint,
                    Some(b'(') => Shape::Service,
                    _ => shapes[index % 4],
                };
                let name = node.key.trim_matches(['<', '>', '[', ']', '{', '}', '(', ')']).to_owned();
                NodeArt { shape, lines: vec![name], ..NodeArt::default() }
            })
            .collect(),
        boundaries: diagram
            .graph
            .boundaries
            .iter()
            .map(|boundary| BoundaryArt { title: boundary.key.to_string(), ..BoundaryArt::default() })
            .collect(),
        wires: diagram
            .graph
            .edges
            .iter()
            .enumerate()
            .map(|(index, edge)| WireArt {
                label: edge.key.to_string(),
                stroke: if index % 3 == 0 { Stroke::Heavy } else { Stroke::Light },
                ..WireArt::default()
            })
            .collect(),
        covered: None,
    }
}

/// A graph from names: boxes as (name, boundary), flows as (from, to, label).
fn named(
    boundaries: &[(&str, Option<usize>)],
    nodes: &[(&str, Option<usize>)],
    edges: &[(usize, usize, &str)],
    low: bool,
    direction: Direction,
) -> Graph {
    Graph {
        nodes: nodes
            .iter()
            .map(|(name, boundary)| Node {
                key: (*name).into(),
                size: if low { Size::new(name.len() as i32, 1) } else { Size::new((name.len() as i32 + 2).max(16), 3) },
                boundary: *boundary,
                pin: None,
            })
            .collect(),
        boundaries: boundaries
            .iter()
            .map(|(name, parent)| Boundary { key: (*name).into(), parent: *parent, title_width: name.len() as i32 })
            .collect(),
        edges: edges
            .iter()
            .map(|(from, to, label)| Edge {
                key: (*label).into(),
                from: *from,
                to: *to,
                label_width: label.len() as i32,
                label: (*label).into(),
                strand: 0,
            })
            .collect(),
        direction,
        room: None,
    }
}

fn clinic(low: bool, direction: Direction) -> Graph {
    named(
        &[("DMZ", None), ("Core", None), ("Records", Some(1))],
        &[
            ("<Patient>", None),
            ("<Doctor>", None),
            ("{Portal}", Some(0)),
            ("{VPN gateway}", Some(0)),
            ("(Booking)", Some(1)),
            ("(Auth)", Some(1)),
            ("(Messaging)", Some(1)),
            ("(Charts)", Some(2)),
            ("[Patient files]", Some(2)),
            ("[Accounts]", Some(1)),
            ("[Queue]", Some(1)),
            ("<Insurer>", None),
        ],
        &[
            (0, 2, "HTTPS"),
            (1, 3, "IPsec"),
            (2, 4, "REST"),
            (2, 5, "OIDC"),
            (3, 7, "gRPC"),
            (3, 5, ""),
            (4, 10, "publish"),
            (6, 10, "consume"),
            (4, 7, ""),
            (7, 8, "SQL"),
            (5, 9, "SQL"),
            (6, 11, "claims"),
            (6, 0, "mail"),
        ],
        low,
        direction,
    )
}

fn hub(low: bool, direction: Direction) -> Graph {
    let names: Vec<String> = (0..20).map(|index| format!("[Dataset {index:02}]")).collect();
    let mut nodes: Vec<(&str, Option<usize>)> = vec![("{Search}", Some(0))];
    nodes.extend(names.iter().map(|name| (name.as_str(), Some(1))));
    let edges: Vec<(usize, usize, &str)> = (1..=20).map(|index| (0, index, "")).collect();
    named(&[("Edge", None), ("Lake", None)], &nodes, &edges, low, direction)
}

fn block(low: bool) -> Graph {
    let names: Vec<String> = (0..30).map(|index| format!("[Table {index:02}]")).collect();
    let mut nodes: Vec<(&str, Option<usize>)> = vec![("(Reporting)", None)];
    nodes.extend(names.iter().map(|name| (name.as_str(), Some(0))));
    named(&[("Warehouse", None)], &nodes, &[(0, 3, "read"), (0, 17, "read")], low, Direction::Down)
}

fn picture(graph: Graph) -> String {
    let diagram = arrange(graph);
    check(&diagram);
    let scene = paint(&diagram, &named_art(&diagram), diagram.bounds(), Charset::Unicode);
    let bounds = diagram.bounds();
    let off = diagram.wires.iter().filter(|wire| wire.off_page).count();
    format!("{}x{} off page {off}\n{}", bounds.width, bounds.height, scene.to_text())
}

#[test]
fn small_portal_fits_a_projector() {
    for (low, width, height) in [(true, 76, 34), (false, 96, 48)] {
        let diagram = arrange(clinic(low, Direction::Down));
        check(&diagram);
        assert!(diagram.wires.iter().all(|wire| !wire.off_page));
        let bounds = diagram.bounds();
        assert!(bounds.width <= width && bounds.height <= height, "{}x{}", bounds.width, bounds.height);
    }
}

#[test]
fn many_alike_siblings_become_a_block() {
    let bounds = arrange(block(true)).bounds();
    assert!(bounds.width < 110 && bounds.height < 50, "{}x{}", bounds.width, bounds.height);
}

#[test]
fn pins_are_honoured_exactly() {
    let mut graph = clinic(true, Direction::Down);
    graph.nodes[0].pin = Some(Point::new(50, -20));
    graph.nodes[7].pin = Some(Point::new(10, 60));
    let diagram = arrange(graph);
    check(&diagram);
    assert_eq!(diagram.placement.nodes[0].origin(), Point::new(50, -20));
    assert_eq!(diagram.placement.nodes[7].origin(), Point::new(10, 60));
}

#[test]
fn nonsense_is_survived() {
    let mut graph = clinic(true, Direction::Right);
    graph.boundaries[0].parent = Some(1);
    graph.boundaries[1].parent = Some(0);
    graph.boundaries[2].parent = Some(99);
    graph.nodes[0].boundary = Some(77);
    graph.nodes[1].size = Size::new(-3, i32::MAX);
    graph.nodes[2].pin = Some(Point::new(i32::MIN, i32::MAX));
    graph.edges[0].from = 1000;
    graph.edges[1].label_width = i32::MAX;
    let mut diagram = arrange(graph);
    assert!(diagram.wires[0].off_page);
    let mut far = diagram.clone();
    far.placement.nodes[4] = Rect::new(i32::MAX, i32::MIN, 5, 1);
    reroute(&mut far, &[4, 999]);
    reroute(&mut diagram, &[]);
    let _ = paint(&diagram, &Art::default(), Rect::new(i32::MIN, i32::MAX, 20, 20), Charset::Ascii);
}

/// Share of routed flows over a few random graphs, in percent, and the median time in milliseconds.
fn rate(graphs: impl Iterator<Item = Graph>) -> (f64, f64) {
    let (mut routed, mut total, mut times) = (0, 0, Vec::new());
    for graph in graphs {
        let start = std::time::Instant::now();
        let diagram = arrange(graph);
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        check(&diagram);
        routed += diagram.wires.iter().filter(|wire| !wire.off_page).count();
        total += diagram.wires.len();
    }
    times.sort_by(f64::total_cmp);
    (100.0 * routed as f64 / total as f64, times[times.len() / 2])
}

#[test]
fn nearly_everything_is_routed() {
    for (nodes, direction, graphs, least) in
        [(30, Direction::Down, 4, 99.0), (60, Direction::Down, 3, 98.0), (60, Direction::Right, 3, 95.0)]
    {
        let (share, _) = rate((0..graphs).map(|seed| data_flows(seed, nodes, direction)));
        assert!(share >= least, "{nodes} {direction:?}: {share:.1}%");
    }
}

#[test]
#[ignore = "prints rates and times; run in release with --nocapture"]
fn print_rates() {
    for (nodes, graphs) in [(12, 20), (30, 20), (60, 20), (100, 5), (200, 2), (500, 1)] {
        for direction in [Direction::Down, Direction::Right] {
            let (share, time) = rate((0..graphs).map(|seed| data_flows(seed, nodes, direction)));
            println!("{nodes:4} {direction:?}: {share:.2}% {time:.1} ms");
        }
    }
}

#[test]
#[ignore = "prints pictures; run with --nocapture"]
fn print_pictures() {
    for low in [true, false] {
        for direction in [Direction::Down, Direction::Right] {
            println!("clinic {low} {direction:?} {}", picture(clinic(low, direction)));
            println!("hub {low} {direction:?} {}", picture(hub(low, direction)));
            println!("random {low} {direction:?} {}", picture(random_graph(3, 30, direction, low)));
        }
        println!("block {low} {}", picture(block(low)));
    }
}

/// Found by chance: thirty flows and loops between two boxes.
#[test]
fn many_parallel_flows_and_loops_keep_the_invariants() {
    let graph = Graph {
        direction: Direction::Down,
        room: None,
        nodes: vec![
            Node { key: "n000".into(), size: Size::new(17, 4), boundary: None, pin: None },
            Node { key: "n001".into(), size: Size::new(9, 4), boundary: Some(0), pin: None },
        ],
        boundaries: vec![
            Boundary { key: "b000".into(), parent: None, title_width: 5 },
            Boundary { key: "b001".into(), parent: None, title_width: 0 },
        ],
        edges: vec![
            Edge { key: "e000".into(), from: 0, to: 0, label_width: 7, strand: 0, ..Edge::default() },
            Edge { key: "e001".into(), from: 0, to: 0, label_width: 0, strand: 0, ..Edge::default() },
            Edge { key: "e002".into(), from: 0, to: 1, label_width: 2, strand: 0, ..Edge::default() },
            Edge { key: "e003".into(), from: 0, to: 1, label_width: 6, strand: 0, ..Edge::default() },
            Edge { key: "e004".into(), from: 0, to: 1, label_width: 7, strand: 0, ..Edge::default() },
            Edge { key: "e005".into(), from: 0, to: 1, label_width: 1, strand: 0, ..Edge::default() },
            Edge { key: "e006".into(), from: 0, to: 1, label_width: 2, strand: 0, ..Edge::default() },
            Edge { key: "e007".into(), from: 0, to: 1, label_width: 0, strand: 0, ..Edge::default() },
            Edge { key: "e008".into(), from: 0, to: 1, label_width: 6, strand: 0, ..Edge::default() },
            Edge { key: "e009".into(), from: 1, to: 0, label_width: 8, strand: 0, ..Edge::default() },
            Edge { key: "e010".into(), from: 0, to: 1, label_width: 3, strand: 0, ..Edge::default() },
            Edge { key: "e011".into(), from: 1, to: 1, label_width: 6, strand: 0, ..Edge::default() },
            Edge { key: "e012".into(), from: 0, to: 1, label_width: 2, strand: 0, ..Edge::default() },
            Edge { key: "e013".into(), from: 0, to: 0, label_width: 0, strand: 0, ..Edge::default() },
            Edge { key: "e014".into(), from: 0, to: 1, label_width: 6, strand: 0, ..Edge::default() },
            Edge { key: "e015".into(), from: 1, to: 1, label_width: 3, strand: 0, ..Edge::default() },
            Edge { key: "e016".into(), from: 0, to: 0, label_width: 0, strand: 0, ..Edge::default() },
            Edge { key: "e017".into(), from: 1, to: 1, label_width: 7, strand: 0, ..Edge::default() },
            Edge { key: "e018".into(), from: 0, to: 1, label_width: 3, strand: 0, ..Edge::default() },
            Edge { key: "e019".into(), from: 1, to: 1, label_width: 8, strand: 0, ..Edge::default() },
            Edge { key: "e020".into(), from: 0, to: 1, label_width: 3, strand: 0, ..Edge::default() },
            Edge { key: "e021".into(), from: 0, to: 1, label_width: 4, strand: 0, ..Edge::default() },
            Edge { key: "e022".into(), from: 0, to: 1, label_width: 1, strand: 0, ..Edge::default() },
            Edge { key: "e023".into(), from: 1, to: 0, label_width: 5, strand: 0, ..Edge::default() },
            Edge { key: "e024".into(), from: 0, to: 1, label_width: 5, strand: 0, ..Edge::default() },
            Edge { key: "e025".into(), from: 1, to: 1, label_width: 3, strand: 0, ..Edge::default() },
            Edge { key: "e026".into(), from: 0, to: 0, label_width: 5, strand: 0, ..Edge::default() },
            Edge { key: "e027".into(), from: 0, to: 1, label_width: 5, strand: 0, ..Edge::default() },
            Edge { key: "e028".into(), from: 0, to: 1, label_width: 6, strand: 0, ..Edge::default() },
            Edge { key: "e029".into(), from: 1, to: 1, label_width: 3, strand: 0, ..Edge::default() },
        ],
    };
    let diagram = arrange(graph.clone());
    check(&diagram);
    check(&Diagram { wires: route(&graph, &diagram.placement), ..diagram });
}

/// Side by side there is no room for a label at each of the wires to narrow boxes: where all say the same, one speaks for them.
#[test]
fn wires_that_say_the_same_may_say_it_once() {
    for (says_the_same, least) in [(true, 1), (false, 0)] {
        let node = |name: String| Node { key: name.into(), size: Size::new(3, 1), ..Node::default() };
        let edge = |to: usize| Edge {
            key: format!("e{to}").into(),
            to,
            label_width: 16,
            label: if says_the_same { "the same for all".into() } else { format!("another for {to:04}").into() },
            ..Edge::default()
        };
        let diagram = arrange(Graph {
            nodes: (0..7).map(|at| node(format!("n{at}"))).collect(),
            edges: (1..7).map(edge).collect(),
            ..Graph::default()
        });
        check(&diagram);
        let whole = |wire: &&Wire| wire.label.is_some_and(|label| label.width == 16);
        let speaks_for = |own: &Wire, other: &Wire| {
            let label = own.label.unwrap_or_default();
            let beside = |point: &&Point| label.grown(1, 0).contains(**point) || label.grown(0, 1).contains(**point);
            own.path.iter().filter(beside).all(|point| other.path.contains(point))
        };
        let silent = diagram.wires.iter().filter(|wire| wire.label.is_none());
        let said = silent.filter(|wire| diagram.wires.iter().filter(whole).any(|other| speaks_for(other, wire)));
        let said = said.count();
        assert!(if least == 0 { said == 0 } else { said >= least }, "{said}: {:?}", diagram.wires);
    }
}

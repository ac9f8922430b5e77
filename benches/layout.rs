//! Lays out one neutral model and writes the drawing in the neutral form that the crossing counter of the yardsticks
//! reads, so that it can be put beside other tools. `benches/layout.sh` does that for many of them.
//!
//! Run: `cargo bench --bench layout -- MODEL.json OUT.json [--clusters] [--right] [--runs N]`
//!
//! Prints one line of JSON: the least milliseconds of placement alone and of everything (placement, routes and
//! compaction), cells, wires that found no way, and cells in which wires cross.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use sandtable::diagram::{Boundary, Diagram, Direction, Edge, Graph, Node, Point, Rect, Side, Size, arrange, sketch};
use serde_json::{Value, json};

/// The extent of a box in cells, and that of a cell in the points that the other tools are given: their boxes are
/// 115.2 by 36 points.
const BOX: Size = Size::new(16, 3);
const CELL: (f64, f64) = (7.2, 12.0);

fn text(value: &Value, field: &str) -> Option<String> {
    value[field].as_str().map(str::to_owned)
}

/// The graph of a model, without labels, as the other tools get it.
fn graph(model: &Value, clusters: bool, direction: Direction) -> Graph {
    let list = |section: &str| model[section].as_array().cloned().unwrap_or_default();
    let index = |section: &str| -> HashMap<String, usize> {
        list(section).iter().enumerate().map(|(index, element)| (text(element, "id").unwrap(), index)).collect()
    };
    let (boundary_at, node_at) = (index("boundaries"), index("elements"));
    let around = |element: &Value, field: &str| text(element, field).map(|id| boundary_at[&id]);
    // Keys sort as the elements stand in the file: the other tools see that order too.
    let key = |index: usize| format!("{index:08}");
    let boundaries = list("boundaries").into_iter().enumerate().map(|(index, boundary)| Boundary {
        key: key(index).into(),
        parent: around(&boundary, "parent"),
        title_width: 8,
    });
    Graph {
        nodes: list("elements")
            .iter()
            .enumerate()
            .map(|(index, element)| Node {
                key: key(index).into(),
                size: BOX,
                boundary: if clusters { around(element, "boundary") } else { None },
                pin: None,
            })
            .collect(),
        boundaries: if clusters { boundaries.collect() } else { Vec::new() },
        edges: list("flows")
            .iter()
            .enumerate()
            .map(|(index, flow)| Edge {
                key: key(index).into(),
                from: node_at[&text(flow, "from").unwrap()],
                to: node_at[&text(flow, "to").unwrap()],
                ..Edge::default()
            })
            .collect(),
        direction,
        room: None,
    }
}

/// The drawing in the neutral form. The counter puts the middle of the box in the place of the first and the last
/// point, so an extra point is given there: what lies between stays as it was drawn. A wire that found no way is a
/// straight line, so that it does not count as free of crossings.
fn neutral(model: &Value, diagram: &Diagram) -> Value {
    let ids: Vec<String> = model["elements"].as_array().unwrap().iter().map(|node| text(node, "id").unwrap()).collect();
    let scaled = |x: f64, y: f64| json!([x * CELL.0, y * CELL.1]);
    let point = |point: Point| scaled(f64::from(point.x), f64::from(point.y));
    let middle = |node: usize| {
        let rect = diagram.placement.nodes[node];
        (f64::from(rect.x) + f64::from(rect.width - 1) / 2.0, f64::from(rect.y) + f64::from(rect.height - 1) / 2.0)
    };
    let nodes: serde_json::Map<String, Value> = ids
        .iter()
        .enumerate()
        .map(|(index, id)| {
            let (x, y) = middle(index);
            let rect = diagram.placement.nodes[index];
            let extent = (f64::from(rect.width) * CELL.0, f64::from(rect.height) * CELL.1);
            (id.clone(), json!([x * CELL.0, y * CELL.1, extent.0, extent.1]))
        })
        .collect();
    let edges: Vec<Value> = diagram
        .wires
        .iter()
        .map(|wire| {
            let edge = &diagram.graph.edges[wire.edge];
            let (from, to) = (middle(edge.from), middle(edge.to));
            let path = &wire.path;
            let bend = |slot: &usize| {
                let ends = *slot == 0 || slot + 1 == path.len();
                ends || Side::between(path[slot - 1], path[*slot]) != Side::between(path[*slot], path[slot + 1])
            };
            let mut points = vec![scaled(from.0, from.1)];
            points.extend((0..path.len()).filter(bend).map(|slot| point(path[slot])));
            points.push(scaled(to.0, to.1));
            json!([ids[edge.from], ids[edge.to], points])
        })
        .collect();
    let boundaries = model["boundaries"].as_array().into_iter().flatten().zip(&diagram.placement.boundaries);
    let corners = |rect: &Rect| {
        let (right, bottom) = (f64::from(rect.right() - 1), f64::from(rect.bottom() - 1));
        let (x, y) = (f64::from(rect.x), f64::from(rect.y));
        json!([x * CELL.0, y * CELL.1, right * CELL.0, bottom * CELL.1])
    };
    let boundaries: serde_json::Map<String, Value> =
        boundaries.filter_map(|(boundary, rect)| Some((text(boundary, "id")?, corners(rect)))).collect();
    json!({ "nodes": nodes, "edges": edges, "boundaries": boundaries })
}

/// Cells in which wires cross: what a reader sees, however many wires run together there.
fn crossing_cells(diagram: &Diagram) -> usize {
    let (mut level, mut upright) = (HashSet::new(), HashSet::new());
    for wire in &diagram.wires {
        for cells in wire.path.windows(3) {
            if cells[0].y == cells[2].y {
                level.insert((cells[1].x, cells[1].y));
            } else if cells[0].x == cells[2].x {
                upright.insert((cells[1].x, cells[1].y));
            }
        }
    }
    level.intersection(&upright).count()
}

/// The least milliseconds of some runs, and the last result.
fn least<T>(runs: usize, mut work: impl FnMut() -> T) -> (f64, T) {
    let mut timed = || {
        let start = Instant::now();
        let result = work();
        (start.elapsed().as_secs_f64() * 1e3, result)
    };
    let mut best = timed();
    for _ in 1..runs {
        let next = timed();
        best = (best.0.min(next.0), next.1);
    }
    best
}

fn main() {
    // Cargo adds an argument of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [model, out, options @ ..] = arguments.as_slice() else {
        println!("layout: give MODEL.json OUT.json [--clusters] [--right] [--runs N], or run benches/layout.sh");
        return;
    };
    let has = |name: &str| options.iter().any(|option| option == name);
    let runs = options.iter().skip_while(|option| *option != "--runs").nth(1).map_or(1, |runs| runs.parse().unwrap());
    let direction = if has("--right") { Direction::Right } else { Direction::Down };
    let model: Value = serde_json::from_str(&std::fs::read_to_string(model).unwrap()).unwrap();
    let graph = graph(&model, has("--clusters"), direction);
    let (place_ms, _) = least(runs, || sketch(&graph));
    let (arrange_ms, diagram) = least(runs, || arrange(graph.clone()));
    std::fs::write(out, neutral(&model, &diagram).to_string()).unwrap();
    let off_page = diagram.wires.iter().filter(|wire| wire.off_page).count();
    let bounds = diagram.bounds();
    println!(
        "{}",
        json!({
            "place_ms": place_ms, "arrange_ms": arrange_ms, "columns": bounds.width, "rows": bounds.height,
            "off_page": off_page, "crossing_cells": crossing_cells(&diagram),
        })
    );
}

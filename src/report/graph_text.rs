//! A graph as text: Mermaid and Graphviz for other tools, sentences for screen readers and for diffs.

use crate::diagram::{Art, Graph, Shape, Stroke};
use std::fmt::Write;

/// What a box stands for, as a word.
fn kind(shape: Shape) -> &'static str {
    match shape {
        Shape::Actor => "actor",
        Shape::Service => "service",
        Shape::Endpoint => "endpoint",
        Shape::Dataset => "dataset",
        Shape::Role => "role",
        Shape::Zone => "boundary",
        Shape::Stack => "group",
    }
}

/// What a wire stands for, as a word.
fn way(stroke: Stroke) -> &'static str {
    match stroke {
        Stroke::Light => "plain flow",
        Stroke::Heavy => "encrypted flow",
        Stroke::Dashed => "flow",
        Stroke::Dotted => "access",
    }
}

fn name(art: &Art, node: usize) -> &str {
    art.nodes.get(node).and_then(|node| node.lines.first()).map_or("", String::as_str)
}

fn shape(art: &Art, node: usize) -> Shape {
    art.nodes.get(node).map(|node| node.shape).unwrap_or_default()
}

fn title(art: &Art, boundary: usize) -> &str {
    art.boundaries.get(boundary).map_or("", |boundary| boundary.title.as_str())
}

/// Boundaries from the outside in, then the boxes in each: calls `open`, `node` and `close` in the order of nesting.
fn walk(graph: &Graph, inside: Option<usize>, depth: usize, visit: &mut dyn FnMut(Visit, usize)) {
    let parents = graph.parents();
    for (at, _) in graph.nodes.iter().enumerate().filter(|(_, node)| node.boundary == inside) {
        visit(Visit::Node(at), depth);
    }
    for (at, _) in parents.iter().enumerate().filter(|(_, parent)| **parent == inside) {
        visit(Visit::Open(at), depth);
        walk(graph, Some(at), depth + 1, visit);
        visit(Visit::Close, depth);
    }
}

enum Visit {
    Open(usize),
    Node(usize),
    Close,
}

/// A Mermaid flowchart.
pub fn mermaid(graph: &Graph, art: &Art) -> String {
    let direction = if graph.direction == crate::diagram::Direction::Right { "LR" } else { "TD" };
    let mut out = format!("flowchart {direction}\n");
    // Mermaid reads entities in quoted text; everything that it could take for syntax becomes one.
    let quoted = |text: &str| {
        let mut quoted = String::from("\"");
        for ch in text.chars() {
            match ch {
                'A'..='Z' | 'a'..='z' | '0'..='9' | ' ' | '.' | ',' | '-' | '_' => quoted.push(ch),
                ch if ch.is_alphabetic() => quoted.push(ch),
                ch => {
                    let _ = write!(quoted, "#{};", u32::from(ch));
                }
            }
        }
        quoted + "\""
    };
    walk(graph, None, 1, &mut |visit, depth| {
        let pad = "  ".repeat(depth);
        let _ = match visit {
            Visit::Open(at) => writeln!(out, "{pad}subgraph b{at} [{}]", quoted(title(art, at))),
            Visit::Close => writeln!(out, "{pad}end"),
            Visit::Node(at) => {
                let (open, close) = match shape(art, at) {
                    Shape::Actor => ("[", "]"),
                    Shape::Service => ("(", ")"),
                    Shape::Endpoint => ("([", "])"),
                    Shape::Dataset | Shape::Stack => ("[(", ")]"),
                    Shape::Role => ("{{", "}}"),
                    Shape::Zone => ("[[", "]]"),
                };
                writeln!(out, "{pad}n{at}{open}{}{close}", quoted(name(art, at)))
            }
        };
    });
    for (at, edge) in graph.edges.iter().enumerate() {
        let wire = art.wires.get(at);
        let arrow = match wire.map(|wire| wire.stroke).unwrap_or_default() {
            // There are three kinds of arrows; whether a flow is plain or unknown stands in its label.
            Stroke::Light | Stroke::Dashed => "-->",
            Stroke::Heavy => "==>",
            Stroke::Dotted => "-.->",
        };
        let label = wire.map(|wire| wire.label.as_str()).filter(|label| !label.is_empty());
        let label = label.map_or(String::new(), |label| format!("|{}|", quoted(label)));
        let _ = writeln!(out, "  n{} {arrow}{label} n{}", edge.from, edge.to);
    }
    out
}

/// A Graphviz digraph with clusters.
pub fn dot(graph: &Graph, art: &Art) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " "));
    let direction = if graph.direction == crate::diagram::Direction::Right { "LR" } else { "TB" };
    let mut out = format!("digraph sandtable {{\n  rankdir={direction};\n  compound=true;\n  newrank=true;\n");
    walk(graph, None, 1, &mut |visit, depth| {
        let pad = "  ".repeat(depth);
        let _ = match visit {
            Visit::Open(at) => {
                writeln!(out, "{pad}subgraph cluster_{at} {{\n{pad}  label={}; peripheries=2;", quoted(title(art, at)))
            }
            Visit::Close => writeln!(out, "{pad}}}"),
            Visit::Node(at) => {
                let shape = match shape(art, at) {
                    Shape::Actor => "box",
                    Shape::Service => "ellipse",
                    Shape::Endpoint => "cds",
                    Shape::Dataset | Shape::Stack => "cylinder",
                    Shape::Role => "hexagon",
                    Shape::Zone => "box3d",
                };
                writeln!(out, "{pad}n{at} [label={}, shape={shape}];", quoted(name(art, at)))
            }
        };
    });
    for (at, edge) in graph.edges.iter().enumerate() {
        let wire = art.wires.get(at);
        let style = match wire.map(|wire| wire.stroke).unwrap_or_default() {
            Stroke::Light => "solid",
            Stroke::Heavy => "bold",
            Stroke::Dashed => "dashed",
            Stroke::Dotted => "dotted",
        };
        let label = wire.map(|wire| quoted(&wire.label)).unwrap_or_else(|| quoted(""));
        let _ = writeln!(out, "  n{} -> n{} [label={label}, style={style}];", edge.from, edge.to);
    }
    out + "}\n"
}

/// The same graph as sentences, one a line, sorted: what is where, then what moves, and what it crosses on its way.
pub fn linear(graph: &Graph, art: &Art) -> String {
    let flat = |text: &str| text.replace('\n', " ");
    let mut places: Vec<String> = Vec::new();
    let mut around: Vec<String> = Vec::new();
    walk(graph, None, 0, &mut |visit, _| match visit {
        Visit::Open(at) => {
            let place = around.last().map_or(String::new(), |outer| format!(" is inside of the boundary {outer}"));
            let state = if place.is_empty() { " is a boundary" } else { "" };
            places.push(format!("The boundary {}{state}{place}.", flat(title(art, at))));
            around.push(flat(title(art, at)));
        }
        Visit::Close => {
            around.pop();
        }
        Visit::Node(at) => {
            let facts: Vec<String> = art
                .nodes
                .get(at)
                .map(|node| node.lines.iter().skip(1).map(|line| flat(line).replace(" ?", " unknown")).collect())
                .unwrap_or_default();
            let place =
                around.last().map_or("outside of every boundary".to_owned(), |outer| format!("inside of {outer}"));
            let facts = if facts.is_empty() { String::new() } else { format!(": {}", facts.join("; ")) };
            let badges: Vec<String> = art
                .nodes
                .get(at)
                .map(|node| node.badges.iter().map(|badge| flat(&badge.meaning)).collect())
                .unwrap_or_default();
            let badges = if badges.is_empty() { String::new() } else { format!(" [{}]", badges.join("; ")) };
            places.push(format!("The {} {} is {place}{facts}{badges}.", kind(shape(art, at)), flat(name(art, at))));
        }
    });
    let mut moves: Vec<String> = graph
        .edges
        .iter()
        .enumerate()
        .map(|(at, edge)| {
            let wire = art.wires.get(at);
            let stroke = wire.map(|wire| wire.stroke).unwrap_or_default();
            let label = wire.map(|wire| if wire.meaning.is_empty() { &wire.label } else { &wire.meaning });
            let label = label.map(|label| flat(label)).filter(|label| !label.is_empty());
            let label = label.map_or(String::new(), |label| format!(" ({label})"));
            let walls: Vec<String> = crate::diagram::walls(graph, at)
                .into_iter()
                .map(|wall| {
                    format!("{} {}", if wall.entered { "into" } else { "out of" }, flat(title(art, wall.boundary)))
                })
                .collect();
            let crossing = if walls.is_empty() { String::new() } else { format!(", {}", walls.join(", ")) };
            let ends = (flat(name(art, edge.from)), flat(name(art, edge.to)));
            format!("{} from {} to {}{label}{crossing}.", capital(way(stroke)), ends.0, ends.1)
        })
        .collect();
    moves.sort();
    let mut out = String::new();
    for line in places.into_iter().chain(moves) {
        out.push_str(&line);
        out.push('\n');
    }
    out
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

//! The map outside of the program: what is written is well formed, complete, and carries nothing through.

use sandtable::app::appearance::Marks;
use sandtable::app::map::Map;
use sandtable::diagram::{Size, arrange};
use sandtable::report::{graph_text, svg};
use sandtable::store::ron::load;
use std::sync::Arc;

/// A model as SVG, Mermaid, Graphviz and sentences.
fn render(text: &str) -> [String; 4] {
    let model = load(text).unwrap().model;
    let mut map = Map::new(&model);
    if let Some(graph) = map.refresh(&model, 0, Size { width: 100, height: 40 }) {
        map.take(arrange(Arc::unwrap_or_clone(graph)).into());
    }
    let art = map.projection.art(&model, Marks { words: true, ..Marks::default() });
    let graph = &map.projection.graph;
    [
        svg::render(&map.diagram, &art, model.title.as_str(), svg::Ground::Auto),
        graph_text::mermaid(graph, &art),
        graph_text::dot(graph, &art),
        graph_text::linear(graph, &art),
    ]
}

const SMALL: &str = r#"Model(format: 1, title: "Small",
  boundaries: {"net": (title: "Net"), "db": (title: "Db", parent: "net")},
  datasets: {"users": (title: "Users", boundary: "db", class: "restricted")},
  actors: {"visitor": (title: "Visitor")},
  services: {"job": (title: "Job", boundary: "net")},
  endpoints: {"api": (title: "Api", boundary: "net", authentication: Jwt)},
  flows: {
    "a": (from: "visitor", to: "api", protocol: "HTTPS", encrypted: true),
    "b": (from: "api", to: "users", protocol: "SQL"),
    "c": (from: "job", to: "users"),
  })"#;

#[test]
fn a_small_model_in_every_form() {
    let [svg, mermaid, dot, linear] = render(SMALL);
    insta::assert_snapshot!("small_svg", svg);
    insta::assert_snapshot!("small_texts", format!("{mermaid}\n{dot}\n{linear}"));
}

#[test]
fn hostile_titles_stay_text() {
    let hostile = r#"</text><script>alert(1)</script>\" onload=\"x]]> --> ; end } \u{1b}[31m"#;
    let text = SMALL.replace("\"Visitor\"", &format!("\"{hostile}\"")).replace("\"Net\"", &format!("\"{hostile}\""));
    let [svg, mermaid, dot, linear] = render(&text);
    for form in [&svg, &mermaid, &dot, &linear] {
        assert!(!form.chars().any(sandtable::model::text::is_unsafe), "{form}");
    }
    assert!(!svg.contains("<script"), "{svg}");
    assert!(!svg.contains("onload=\""), "{svg}");
    // Every quotation mark inside of a name is an entity, so that the name can not end early.
    for line in mermaid.lines().filter(|line| line.contains('"')) {
        assert_eq!(line.matches('"').count() % 2, 0, "{line}");
        assert!(!line.contains("<"), "{line}");
    }
    for line in dot.lines().filter(|line| line.contains("label=")) {
        let quotes = line.replace("\\\\", "").replace("\\\"", "");
        assert_eq!(quotes.matches('"').count() % 2, 0, "{line}");
    }
}

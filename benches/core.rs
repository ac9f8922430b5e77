//! What a person waits for, on the larger bundled model and on one ten times its size: reading, effective access,
//! choosing and laying out the map, drawing a screen, saving. Prints the median of several rounds in milliseconds.
//!
//! Run: `cargo bench`
#![allow(clippy::unwrap_used, missing_docs)]

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sandtable::analysis::access::effective;
use sandtable::app::App;
use sandtable::app::config::Settings;
use sandtable::app::key::{Key, parse};
use sandtable::app::msg::Msg;
use sandtable::app::projection::{ViewOptions, project};
use sandtable::app::state::Effect;
use sandtable::app::update::update;
use sandtable::diagram::arrange;
use sandtable::library::template;
use sandtable::model::Model;
use sandtable::store::ron::{canonical, load, weave};
use sandtable::tui::draw::screen;
use sandtable::tui::palette::Depth;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

/// The median of some rounds, in milliseconds.
fn median(rounds: usize, mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The model with every dataset, and every grant on it, `times` over.
fn multiplied(model: &Model, times: usize) -> Model {
    let mut large = model.clone();
    for round in 1..times {
        for (slug, dataset) in &model.datasets {
            let slug = sandtable::model::Slug::new(&format!("{slug}-{round}")).unwrap();
            large.datasets.insert(slug, dataset.clone());
        }
        for (slug, grant) in &model.grants {
            let mut grant = grant.clone();
            grant.dataset = grant
                .dataset
                .map(|link| sandtable::model::Slug::new(&format!("{}-{round}", link.slug())).unwrap().into());
            large.grants.insert(sandtable::model::Slug::new(&format!("{slug}-{round}")).unwrap(), grant);
        }
    }
    large
}

fn press(app: &mut App, key: Key) {
    let mut messages = vec![Msg::Key(key)];
    while let Some(message) = messages.pop() {
        for effect in update(app, message) {
            if let Effect::Arrange(graph) = effect {
                messages.push(Msg::Arranged(Box::new(arrange(Arc::unwrap_or_clone(graph)).into())));
            }
        }
    }
}

fn measure(name: &str, model: &Model, rounds: usize) {
    let text = canonical(model);
    println!("{name}: {} elements, {} KB", model.len(), text.len() / 1024);
    let line = |what: &str, time: f64| println!("  {what:<44}{time:>9.2} ms");
    line("read the file and check it", median(rounds, || drop(black_box(load(&text).unwrap()))));
    line("effective access of every role", median(rounds, || drop(black_box(effective(model)))));
    let view = ViewOptions { access: true, ..ViewOptions::default() };
    let known = sandtable::app::badge::Known::of(model);
    line("choose what the map draws", median(rounds, || drop(black_box(project(model, &view, &known)))));
    let graph = project(model, &view, &known).graph;
    line(
        &format!("lay out {} boxes and {} wires", graph.nodes.len(), graph.edges.len()),
        median(rounds, || drop(black_box(arrange(Arc::unwrap_or_clone(graph.clone()))))),
    );
    let mut app = App::new(model.clone(), "model.ron", Settings::default());
    let mut messages = vec![Msg::Resize(200, 60)];
    while let Some(message) = messages.pop() {
        for effect in update(&mut app, message) {
            if let Effect::Arrange(graph) = effect {
                messages.push(Msg::Arranged(Box::new(arrange(Arc::unwrap_or_clone(graph)).into())));
            }
        }
    }
    let keys = parse("jklh").unwrap();
    let mut at = 0;
    line(
        "a key: update and draw at 200x60",
        median(rounds * 4, || {
            press(&mut app, keys[at % keys.len()]);
            at += 1;
            let mut buffer = Buffer::empty(Rect::new(0, 0, 200, 60));
            black_box(screen(&app, &mut buffer, Depth::True));
        }),
    );
    let mut changed = model.clone();
    changed.title = "Changed".into();
    line("save: weave, read back", median(rounds, || drop(black_box(load(&weave(&text, model, &changed).unwrap())))));
}

fn main() {
    let freight = load(template("freight").unwrap().text).unwrap().model;
    measure("freight", &freight, 15);
    measure("freight, ten times the data", &multiplied(&freight, 10), 5);
}

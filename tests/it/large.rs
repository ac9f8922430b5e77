//! Pictures that the worker lays out: what is shown and done meanwhile, and answers that come too late.

use super::headless::{freight, open, screen};
use ratatui::buffer::Buffer;
use sandtable::app::App;
use sandtable::app::key::parse;
use sandtable::app::msg::Msg;
use sandtable::app::state::Effect;
use sandtable::app::update::update;
use sandtable::diagram::{Graph, Rect, arrange};
use sandtable::model::{ElementId, Section, Slug};
use sandtable::tui::draw::{Panes, screen_and_panes};
use sandtable::tui::palette::Depth;
use std::fmt::Write;
use std::sync::Arc;

/// So many services in a row, each with a flow to the next.
pub fn chain(count: usize) -> String {
    let (mut services, mut flows) = (String::new(), String::new());
    for at in 0..count {
        writeln!(services, "\"s{at:03}\": (title: \"Service {at}\"),").unwrap();
        if at > 0 {
            writeln!(flows, "\"f{at:03}\": (from: \"s{:03}\", to: \"s{at:03}\"),", at - 1).unwrap();
        }
    }
    format!(
        "#![enable(implicit_some)]\nModel(format: 1, title: \"Large\", services: {{{services}}}, flows: {{{flows}}})"
    )
}

/// Presses keys and returns what is left to the worker.
fn keys(app: &mut App, keys: &str) -> Vec<Arc<Graph>> {
    let effects = parse(keys).unwrap().into_iter().flat_map(|key| update(app, Msg::Key(key)));
    let graph = |effect| if let Effect::Arrange(graph) = effect { Some(graph) } else { None };
    effects.collect::<Vec<_>>().into_iter().filter_map(graph).collect()
}

fn service(at: usize) -> ElementId {
    ElementId::new(Section::Services, Slug::new(&format!("s{at:03}")).unwrap())
}

#[test]
fn the_picture_stays_until_the_next_one_is_there() {
    let mut app = open(&chain(60), 120, 40);
    app.select(Some(service(1)));
    let before = app.map.diagram.clone();
    let first = keys(&mut app, "dy");
    assert_eq!(first.len(), 1, "the worker is not asked");
    assert!(!app.model.has(Section::Services, "s001"));
    assert!(app.map.is_behind() && !app.map.waiting && app.map.diagram == before);
    assert!(screen(&app).contains("laying out"), "{}", screen(&app));
    update(&mut app, Msg::Arranging(40));
    assert!(screen(&app).contains("laying out … 40 %"), "{}", screen(&app));
    // What is gone can still be seen, and not be selected.
    app.select(Some(service(1)));
    assert_eq!(app.cursor(), None);
    app.select(Some(service(2)));
    keys(&mut app, "j");
    assert_ne!(app.cursor(), Some(&service(2)), "nobody can move meanwhile");

    // Another edit: the first answer comes too late, the second one counts.
    app.select(Some(service(5)));
    let second = keys(&mut app, "dy");
    assert_eq!(second.len(), 1);
    update(&mut app, Msg::Arranged(Box::new(arrange(Graph::clone(&first[0])).into())));
    assert!(app.map.is_behind() && app.map.diagram == before, "a late answer was taken");
    update(&mut app, Msg::Arranged(Box::new(arrange(Graph::clone(&second[0])).into())));
    assert!(!app.map.is_behind());
    assert_eq!(app.map.diagram.graph, *second[0]);
    assert_eq!(app.map.projection.graph, second[0]);
    assert!(!screen(&app).contains("laying out"));
}

/// While the selection hurries over the map the panes beside it stay as they were; when it rests they follow.
#[test]
fn panes_follow_a_selection_that_rests() {
    let mut app = open(&chain(60), 200, 60);
    app.select(Some(service(1)));
    update(&mut app, Msg::Rested);
    let mut panes = Panes::default();
    let mut paint = |app: &App| {
        let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 200, 60));
        screen_and_panes(app, &mut panes, &mut buffer, Depth::True);
        buffer
    };
    let pane = app.frame().inspector.unwrap();
    let of = |buffer: &Buffer| -> Vec<String> {
        let row = |y| (pane.x..pane.right()).map(|x| buffer[(x as u16, y as u16)].symbol()).collect();
        (pane.y..pane.bottom()).map(row).collect()
    };
    let before = paint(&app);
    keys(&mut app, "j");
    assert!(app.hurried && app.cursor() != Some(&service(1)), "{:?}", app.cursor());
    let passing = paint(&app);
    assert!(of(&passing) == of(&before) && passing != before);
    update(&mut app, Msg::Rested);
    assert!(!app.hurried);
    assert_ne!(of(&paint(&app)), of(&before));
}

#[test]
fn what_is_taken_back_before_the_answer_needs_no_layout() {
    let mut app = open(&chain(60), 120, 40);
    app.select(Some(service(1)));
    let before = app.map.diagram.clone();
    let asked = keys(&mut app, "dy");
    assert!(keys(&mut app, "u").is_empty(), "the picture there is fits");
    assert!(!app.map.is_behind());
    update(&mut app, Msg::Arranged(Box::new(arrange(Graph::clone(&asked[0])).into())));
    assert_eq!(app.map.diagram, before);
}

/// On a narrow screen the map opens on a part that fits, where there is one.
#[test]
fn a_narrow_screen_opens_on_what_fits() {
    let app = freight(80, 24);
    let bounds = app.map.bounds();
    let canvas = app.canvas();
    assert!(bounds.width <= canvas.width && bounds.height <= canvas.height, "{}", screen(&app));
}

/// On a small screen the minimap hides no box at all.
#[test]
fn a_small_screen_keeps_its_corners() {
    let mut app = open(&chain(40), 80, 24);
    keys(&mut app, "<Esc><Esc>");
    for key in "jjjjjlhkkJJLKH".chars() {
        keys(&mut app, &key.to_string());
        let Some(area) = app.map.overview else { continue };
        let world = area.shifted(app.map.pan.x, app.map.pan.y);
        let hidden = |rect: &&Rect| rect.overlaps(&world);
        assert!(app.map.diagram.placement.nodes.iter().find(hidden).is_none(), "{}", screen(&app));
    }
}

//! Steps over the map: they begin in view, move the view for nothing that is in it, lead back, and reach every box.

use super::headless::{CLINIC, FREIGHT, open, press};
use super::large::chain;
use proptest::prelude::*;
use sandtable::app::App;
use sandtable::app::projection::Zoom;
use sandtable::diagram::{Point, Rect};
use std::collections::BTreeSet;

thread_local! {
    /// They are opened once.
    static MAPS: Vec<App> = maps();
}

/// Pictures that are larger than their canvas, or that were moved out of it.
fn maps() -> Vec<App> {
    let open = |text: &str, columns, rows, keys: &str| {
        let mut app = open(text, columns, rows);
        press(&mut app, keys);
        app
    };
    vec![
        open(CLINIC, 80, 24, ""),
        open(CLINIC, 120, 40, "++"),
        open(FREIGHT, 80, 24, "<Esc>"),
        open(FREIGHT, 200, 60, "+"),
        open(&chain(60), 40, 12, "+"),
    ]
}

fn view(app: &App) -> Rect {
    Rect::at(app.map.pan, app.canvas())
}

fn selected(app: &App) -> Option<usize> {
    app.cursor().and_then(|id| app.map.box_of(id))
}

fn rect(app: &App) -> Option<Rect> {
    app.cursor().and_then(|id| app.map.rect_of(id))
}

fn is_step(key: &str) -> bool {
    "hjkl".contains(key)
}

fn opposite(key: &str) -> &'static str {
    match key {
        "h" => "l",
        "l" => "h",
        "j" => "k",
        _ => "j",
    }
}

/// What holds of a step, wherever the view is.
fn step(app: &mut App, key: &str) -> Result<(), TestCaseError> {
    let (seen, from, stood) = (view(app), selected(app), rect(app));
    press(app, key);
    let context = format!("{key} from {from:?} {stood:?} in {seen:?} to {:?} in {:?}", rect(app), view(app));
    let Some(to) = rect(app) else {
        prop_assert!(app.map.projection.nodes.is_empty(), "{context}");
        return Ok(());
    };
    let boxes = &app.map.diagram.placement.nodes;
    let is_aside = stood.is_none_or(|stood| !stood.overlaps(&seen));
    if seen.covers(&to) || (is_aside && boxes.iter().any(|rect| seen.covers(rect))) {
        prop_assert_eq!(view(app), seen, "the view moved: {}", context);
    }
    let moved = selected(app) != from;
    let fits = to.width + 2 <= seen.width && to.height + 2 <= seen.height;
    prop_assert!(!moved || view(app).overlaps(&to) && (!fits || view(app).covers(&to)), "{context}");
    if moved && !is_aside && from.is_some() {
        let mut back = app.clone();
        press(&mut back, opposite(key));
        prop_assert_eq!(selected(&back), from, "no way back: {}", context);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Whatever somebody steps and pans: a step moves no view for what is in it, begins in view where the view was moved away,
    /// brings what it leads to into view, and the opposite one leads back.
    #[test]
    fn steps_keep_the_view_and_lead_back(
        map in 0..5usize,
        keys in prop::collection::vec(prop::sample::select(vec!["h", "j", "k", "l", "H", "J", "K", "L", "<Esc>"]), 1..24)
    ) {
        let mut app = MAPS.with(|maps| maps[map].clone());
        for key in keys {
            if is_step(key) {
                step(&mut app, key)?;
            } else {
                press(&mut app, key);
            }
        }
    }
}

/// Every box is reached with the four steps alone, from wherever one begins.
#[test]
fn every_box_is_reached() {
    for (name, text, columns, rows) in [
        ("clinic", CLINIC, 80, 24),
        ("clinic", CLINIC, 200, 60),
        ("freight", FREIGHT, 80, 24),
        ("freight", FREIGHT, 200, 60),
    ] {
        for level in [Zoom::Zones, Zoom::Rows, Zoom::Boxes, Zoom::Cards] {
            let mut app = open(text, columns, rows);
            app.map.view.around = None;
            app.map.view.zoom = level;
            press(&mut app, "j");
            let mut reached = BTreeSet::new();
            let mut waiting = vec![app.clone()];
            while let Some(here) = waiting.pop() {
                for key in ["h", "j", "k", "l"] {
                    let mut next = here.clone();
                    press(&mut next, key);
                    // From a box one may go on otherwise than back, whichever step led there.
                    let way = next.map.stepped.as_ref().map(|step| step.side);
                    if reached.insert((selected(&next), way)) {
                        waiting.push(next);
                    }
                }
            }
            let boxes: BTreeSet<usize> = reached.iter().filter_map(|(at, _)| *at).collect();
            assert_eq!(boxes.len(), app.map.projection.nodes.len(), "{name} {columns}x{rows} {level:?}");
        }
    }
}

/// Who looked elsewhere goes on there, and not from where nobody looks any more.
#[test]
fn a_step_begins_where_the_view_was_moved_to() {
    let mut app = open(&chain(60), 120, 40);
    press(&mut app, "j");
    let first = selected(&app);
    press(&mut app, "JJJJJJJJ");
    let seen = view(&app);
    assert!(!rect(&app).unwrap().overlaps(&seen) && selected(&app) == first, "what is selected stays selected");
    press(&mut app, "j");
    assert_eq!(view(&app), seen);
    assert!(seen.covers(&rect(&app).unwrap()));
    // The box nearest to where it went out: the first one in view.
    let top = app.map.diagram.placement.nodes.iter().filter(|rect| seen.covers(rect)).map(|rect| rect.y).min();
    assert_eq!(rect(&app).map(|rect| rect.y), top);
    // With nothing selected it is the first one in view, too.
    press(&mut app, "<Esc>");
    app.map.pan = Point::new(app.map.pan.x, app.map.pan.y + 3);
    let seen = view(&app);
    press(&mut app, "k");
    assert_eq!(view(&app), seen);
    assert!(seen.covers(&rect(&app).unwrap()));
}

//! Along the flows with the keys, back over the list of jumps, and regions of marks.

use super::headless::{CLINIC, open, press, screen};
use super::mouse::act;
use sandtable::app::App;
use sandtable::app::layer::Layer;
use sandtable::app::msg::{Held, MouseAction};
use sandtable::diagram::{Point, Rect};
use sandtable::model::{ElementId, Section, Slug};
use std::collections::BTreeSet;

fn id(section: Section, slug: &str) -> ElementId {
    ElementId::new(section, Slug::new(slug).unwrap())
}

/// The whole clinic, with an element selected.
fn on(find: &str) -> App {
    let mut app = open(CLINIC, 160, 60);
    press(&mut app, "<Esc><Esc><Esc>");
    press(&mut app, &format!("<Space>f{find}<Enter>"));
    app
}

/// The flows that the model says an element has.
fn flows_of(app: &App, slug: &str) -> BTreeSet<String> {
    let ends =
        app.model.flows.iter().filter(|(_, flow)| [&flow.from, &flow.to].iter().any(|end| end.slug().as_str() == slug));
    ends.map(|(slug, _)| slug.to_string()).collect()
}

#[test]
fn n_goes_through_all_flows_of_an_element_and_round() {
    for (find, slug) in
        [("Portal service", "portal"), ("connector service", "records-connector"), ("Portal API", "portal-api")]
    {
        let mut app = on(find);
        let start = app.cursor().cloned().unwrap();
        assert_eq!(start.slug.as_str(), slug);
        let wanted = flows_of(&app, slug);
        let mut seen = Vec::new();
        for _ in 0..wanted.len() {
            press(&mut app, "n");
            let flow = app.cursor().cloned().unwrap();
            assert_eq!(flow.section, Section::Flows, "{}", screen(&app));
            seen.push(flow.slug.to_string());
        }
        assert_eq!(seen.iter().cloned().collect::<BTreeSet<_>>(), wanted, "{slug}: {seen:?}");
        press(&mut app, "n");
        assert_eq!(app.cursor().unwrap().slug.as_str(), seen[0], "after the last comes the first");
        press(&mut app, "N");
        assert_eq!(app.cursor().unwrap().slug.as_str(), seen[seen.len() - 1]);
        // Its facts can be changed from there, and one step leads back to the box, however many flows were looked at.
        press(&mut app, "e<Esc><lt>");
        assert_eq!(app.cursor(), Some(&start));
    }
}

#[test]
fn a_box_without_flows_says_so() {
    let mut app = on("Portal service");
    press(&mut app, "asLonely<Enter>n");
    assert_eq!(app.cursor(), Some(&id(Section::Services, "lonely")));
    assert!(screen(&app).contains("no flow starts or ends here; c draws one"), "{}", screen(&app));
}

#[test]
fn following_goes_at_once_where_there_is_one_way_and_asks_where_there_are_several() {
    // From a flow to its ends.
    let mut app = on("Portal service");
    press(&mut app, "n");
    let flow = app.model.flows[&app.cursor().unwrap().slug].clone();
    press(&mut app, "go");
    assert_eq!(app.cursor().unwrap().slug, *flow.to.slug());
    press(&mut app, "<lt>gi");
    assert_eq!(app.cursor().unwrap().slug, *flow.from.slug());

    for (find, keys, several) in
        [("connector service", "go", true), ("Visit notes", "gi", false), ("Patients dataset", "go", false)]
    {
        let mut app = on(find);
        let before = app.cursor().cloned();
        press(&mut app, keys);
        match app.layers.last() {
            Some(Layer::Picker(picker)) => {
                assert!(several && picker.items.len() > 1, "{find} {keys}: {picker:?}");
                press(&mut app, "<Down><Enter>");
                assert_ne!(app.cursor(), before.as_ref(), "{find} {keys}");
                press(&mut app, "<lt>");
                assert_eq!(app.cursor(), before.as_ref(), "{find} {keys}");
            }
            _ => assert!(!several, "{find} {keys}: {}", screen(&app)),
        }
    }
}

/// Whatever moves far is remembered: one step back leads to where it began.
#[test]
fn every_long_move_can_be_gone_back() {
    type Move = fn(&mut App);
    let moves: [(&str, Move); 14] = [
        ("find", |app| drop(press(app, "<Space>fVisit notes<Enter>"))),
        ("letters", |app| {
            press(app, "gw");
            let label = app.map.labels.last().unwrap().0.clone();
            press(app, &label);
        }),
        ("the boundary around", |app| drop(press(app, "gp"))),
        ("a flow", |app| drop(press(app, "n"))),
        ("along a flow", |app| {
            press(app, "go");
            if !app.layers.is_empty() {
                press(app, "<Enter>");
            }
        }),
        ("a new flow", |app| drop(press(app, "cVisit notes<Enter>"))),
        ("a new element", |app| drop(press(app, "adSheet<Enter>"))),
        ("a copy", |app| drop(press(app, "yp"))),
        ("a walk through the outline", |app| drop(press(app, "<BackTab>jjkjjjj<Esc>"))),
        ("from the matrix", |app| drop(press(app, "2jjjgm"))),
        ("what a fact names", |app| {
            let at = sandtable::app::update::shown_rows(app).iter().position(|row| row.label == "boundary").unwrap();
            press(app, "e");
            app.inspector.list.put(at);
            press(app, "gd<Esc>");
        }),
        ("from nothing", |app| {
            press(app, "<Esc><Esc>");
            app.select(Some(id(Section::Datasets, "patients")));
        }),
        ("a click on a box", |app| click(app, &id(Section::Datasets, "visit-notes"))),
        ("a click on a wall", |app| {
            // One of which the upper left corner is in view.
            let view = Rect::at(app.map.pan, app.canvas());
            let walls = ["vendor-tenant", "internet", "clinic-network", "clinic-database"];
            let mut walls = walls.into_iter().map(|slug| id(Section::Boundaries, slug));
            let seen = walls.find(|id| {
                view.contains(Point::new(app.map.rect_of(id).unwrap().x, app.map.rect_of(id).unwrap().y + 1))
            });
            click(app, &seen.unwrap());
        }),
    ];
    let fresh = on("Portal API");
    for (name, go) in moves {
        let mut app = fresh.clone();
        app.outline_shown = Some(true);
        press(&mut app, "<Space>fPortal service<Enter>");
        let start = app.cursor().cloned();
        go(&mut app);
        assert_ne!(app.cursor(), start.as_ref(), "{name}: {}", screen(&app));
        let there = app.cursor().cloned();
        press(&mut app, "<lt>");
        assert_eq!(app.cursor(), start.as_ref(), "{name}: {:?}", app.map.jumps);
        press(&mut app, ">");
        assert_eq!(app.cursor(), there.as_ref(), "{name}: {:?}", app.map.jumps);
    }
}

fn click(app: &mut App, of: &ElementId) {
    let rect = app.map.rect_of(of).unwrap();
    let main = app.frame().main;
    let at = (rect.x - app.map.pan.x + main.x + 1, rect.y - app.map.pan.y + main.y);
    // Beside the corner of a wall, in the row of a box.
    let at = if rect.height == 1 { at } else { (at.0 - 1, at.1 + 1) };
    act(app, MouseAction::Press, at, Held::default());
    act(app, MouseAction::Release, at, Held::default());
}

#[test]
fn a_region_is_marked_with_the_keys() {
    let marked = |app: &App| app.marked.iter().map(|id| id.slug.to_string()).collect::<Vec<_>>();
    let mut app = on("Visit notes");
    press(&mut app, "gv");
    assert_eq!(marked(&app), ["visit-notes"]);
    press(&mut app, "ll");
    assert!(screen(&app).contains("move to extend the region"), "{}", screen(&app));
    assert_eq!(marked(&app), ["lab-results", "patients", "visit-notes"]);
    press(&mut app, "h");
    assert_eq!(marked(&app).len(), 2, "going back makes it smaller");
    // Escape takes it back, enter keeps it.
    let mut kept = app.clone();
    press(&mut app, "<Esc>");
    assert_eq!((marked(&app).len(), app.map.region.is_some()), (0, false));
    press(&mut kept, "<Enter>kkk");
    assert_eq!((marked(&kept).len(), kept.map.region.is_some()), (2, false));
    // An edit works on what is marked, and ends it.
    press(&mut app, "gvhd");
    assert!(app.map.region.is_none());
    press(&mut app, "y");
    assert!(app.marked.iter().all(|id| app.model.has(id.section, id.slug.as_str())));
}

/// A filter dims what does not match. What matches may be out of sight: the number is told, and `n` goes through them.
#[test]
fn a_filter_counts_what_matches_and_n_goes_through_it() {
    let mut app = open(CLINIC, 80, 24);
    press(&mut app, "<Esc><Esc><Esc>/pat");
    assert!(screen(&app).contains("2 of 15 boxes match; enter goes to the first"), "{}", screen(&app));
    press(&mut app, "<Enter>");
    let mut seen = vec![app.cursor().cloned().unwrap()];
    press(&mut app, "n");
    seen.push(app.cursor().cloned().unwrap());
    assert_eq!(seen, [id(Section::Datasets, "patients"), id(Section::Actors, "patient-at-home")]);
    press(&mut app, "n");
    assert_eq!(app.cursor(), Some(&seen[0]));
    press(&mut app, "N");
    assert_eq!(app.cursor(), Some(&seen[1]));
    // Without the filter the same key goes through the flows again.
    press(&mut app, "<Esc>n");
    assert_eq!(app.cursor().unwrap().section, Section::Flows);
    press(&mut app, "/nothing like it<Enter>");
    assert!(screen(&app).contains("no box matches"), "{}", screen(&app));
}

/// A pane that opens, or a terminal that shrinks, does not push what is selected out of the view.
#[test]
fn what_is_selected_stays_in_view() {
    for (name, change) in [("the facts", "e"), ("the outline", "<Space>o"), ("a smaller terminal", "resize")] {
        let mut app = open(CLINIC, 80, 24);
        press(&mut app, "<Esc><Esc><Esc><Space>fPatients dataset<Enter>");
        match change {
            "resize" => drop(super::headless::send(&mut app, sandtable::app::msg::Msg::Resize(50, 16))),
            keys => drop(press(&mut app, keys)),
        }
        let view = sandtable::diagram::Rect::at(app.map.pan, app.canvas());
        let rect = app.map.rect_of(&id(Section::Datasets, "patients")).unwrap();
        assert!(view.covers(&rect), "{name}:\n{}", screen(&app));
    }
}

//! The mouse over the screen: what each gesture does, what it says meanwhile, and that escape leaves no trace.

use super::headless::{CLINIC, FREIGHT, open, press, screen, send};
use sandtable::app::App;
use sandtable::app::msg::{Held, Mouse, MouseAction, Msg};
use sandtable::app::state::{Pane, Screen};
use sandtable::app::update::goes_on;
use sandtable::diagram::{Point, Side};
use sandtable::model::{ElementId, Section, Slug};

const NONE: Held = Held { shift: false, alt: false, control: false };
const SHIFT: Held = Held { shift: true, ..NONE };
const ALT: Held = Held { alt: true, ..NONE };
const CONTROL: Held = Held { control: true, ..NONE };

pub fn act(app: &mut App, action: MouseAction, (x, y): (i32, i32), held: Held) {
    send(app, Msg::Mouse(Mouse { action, x, y, held }));
}

/// Presses, moves over two places on the way, and lets go.
fn drag(app: &mut App, from: (i32, i32), to: (i32, i32), begin: MouseAction, held: Held) {
    pull(app, from, to, begin, held);
    act(app, MouseAction::Release, to, held);
}

/// Presses and moves, and does not let go.
fn pull(app: &mut App, from: (i32, i32), to: (i32, i32), begin: MouseAction, held: Held) {
    act(app, begin, from, held);
    for part in 1..=3 {
        let at = (from.0 + (to.0 - from.0) * part / 3, from.1 + (to.1 - from.1) * part / 3);
        act(app, MouseAction::Drag, at, held);
    }
}

fn id(section: Section, slug: &str) -> ElementId {
    ElementId::new(section, Slug::new(slug).unwrap())
}

/// The cell of the terminal at which a box begins, and how large it is.
fn place(app: &App, of: &ElementId) -> (i32, i32, i32, i32) {
    let rect = app.map.rect_of(of).unwrap_or_else(|| panic!("{of} is not drawn"));
    let main = app.frame().main;
    (rect.x - app.map.pan.x + main.x, rect.y - app.map.pan.y + main.y, rect.width, rect.height)
}

/// A cell in the middle of a box.
fn middle(app: &App, of: &ElementId) -> (i32, i32) {
    let (x, y, width, height) = place(app, of);
    (x + width / 2, y + height / 2)
}

/// The last cell of the middle row of a box: its frame.
fn edge(app: &App, of: &ElementId) -> (i32, i32) {
    let (x, y, width, height) = place(app, of);
    (x + width - 1, y + height / 2)
}

/// The whole clinic on a screen that holds it.
fn clinic() -> App {
    let mut app = open(CLINIC, 320, 140);
    press(&mut app, "<Esc><Esc><Esc>");
    app
}

fn portal() -> ElementId {
    id(Section::Services, "portal")
}

fn patients() -> ElementId {
    id(Section::Datasets, "patients")
}

fn free_cell(app: &App) -> (i32, i32) {
    let main = app.frame().main;
    let cells = (main.y + 2..main.bottom() - 2).flat_map(|y| (main.x + 2..main.right() - 2).map(move |x| (x, y)));
    let canvas = app.canvas();
    cells
        .into_iter()
        .find(|(x, y)| {
            let cell = sandtable::diagram::Point::new(x - main.x, y - main.y);
            app.map.element_at(&app.model, cell, canvas).is_none()
        })
        .unwrap()
}

#[test]
fn what_each_gesture_does() {
    type Check = fn(&App, &App) -> bool;
    type Do = fn(&mut App);
    let table: [(&str, Do, Check); 17] = [
        (
            "a click on a box selects it",
            |app| {
                let at = middle(app, &portal());
                drag(app, at, at, MouseAction::Press, NONE);
            },
            |before, after| after.cursor() == Some(&portal()) && after.map.pan == before.map.pan,
        ),
        (
            "a double click on a box goes to its facts",
            |app| {
                let at = middle(app, &portal());
                act(app, MouseAction::Press, at, NONE);
                act(app, MouseAction::Release, at, NONE);
                act(app, MouseAction::DoublePress, at, NONE);
                act(app, MouseAction::Release, at, NONE);
            },
            |_, after| after.cursor() == Some(&portal()) && after.focus() == Pane::Inspector,
        ),
        (
            "a second click that comes later opens nothing",
            |app| {
                for _ in 0..2 {
                    let at = middle(app, &portal());
                    drag(app, at, at, MouseAction::Press, NONE);
                }
            },
            |_, after| after.cursor() == Some(&portal()) && after.focus() == Pane::Main,
        ),
        (
            "a double click on a wall closes the boundary",
            |app| {
                let (x, y, ..) = place(app, &id(Section::Boundaries, "clinic-database"));
                act(app, MouseAction::Press, (x, y + 2), NONE);
                act(app, MouseAction::Release, (x, y + 2), NONE);
                act(app, MouseAction::DoublePress, (x, y + 2), NONE);
            },
            |_, after| after.map.view.folded.iter().any(|slug| slug.as_str() == "clinic-database"),
        ),
        (
            "a click on empty ground selects nothing",
            |app| {
                let at = free_cell(app);
                drag(app, at, at, MouseAction::Press, NONE);
            },
            |_, after| after.cursor().is_none(),
        ),
        (
            "dragging empty ground moves the view and keeps the selection",
            |app| {
                let at = free_cell(app);
                drag(app, at, (at.0 + 9, at.1 + 4), MouseAction::Press, NONE);
            },
            |before, after| {
                (after.map.pan.x, after.map.pan.y) == (before.map.pan.x - 9, before.map.pan.y - 4)
                    && after.cursor() == before.cursor()
            },
        ),
        (
            "a click with the right button marks a box",
            |app| {
                let at = middle(app, &portal());
                drag(app, at, at, MouseAction::RightPress, NONE);
            },
            |before, after| after.marked.contains(&portal()) && after.cursor() == before.cursor(),
        ),
        (
            "a click with control takes the mark away again",
            |app| {
                let at = middle(app, &portal());
                drag(app, at, at, MouseAction::RightPress, NONE);
                drag(app, at, at, MouseAction::Press, CONTROL);
            },
            |_, after| after.marked.is_empty(),
        ),
        (
            "the right button marks all boxes in a rectangle",
            |app| {
                let (x, y, width, height) = place(app, &id(Section::Boundaries, "clinic-database"));
                drag(app, (x, y), (x + width - 1, y + height - 1), MouseAction::RightPress, NONE);
            },
            |_, after| after.marked.len() == 3 && after.marked.contains(&patients()),
        ),
        (
            "so does the left one with shift",
            |app| {
                let (x, y, width, height) = place(app, &id(Section::Boundaries, "clinic-database"));
                drag(app, (x + width - 1, y + height - 1), (x, y), MouseAction::Press, SHIFT);
            },
            |_, after| after.marked.len() == 3 && after.marked.contains(&patients()),
        ),
        (
            "from the frame of a box to another one is a flow",
            |app| {
                let (from, to) = (edge(app, &portal()), middle(app, &patients()));
                drag(app, from, to, MouseAction::Press, NONE);
            },
            |before, after| {
                after.model.flows.len() == before.model.flows.len() + 1
                    && after.cursor().and_then(|id| after.model.flows.get(&id.slug)).is_some_and(|flow| {
                        (flow.from.slug().as_str(), flow.to.slug().as_str()) == ("portal", "patients")
                    })
            },
        ),
        (
            "from the frame of a box to empty ground is nothing",
            |app| {
                let (from, to) = (edge(app, &portal()), free_cell(app));
                drag(app, from, to, MouseAction::Press, NONE);
            },
            |before, after| after.model == before.model,
        ),
        (
            "the wheel moves the view down",
            |app| act(app, MouseAction::Wheel(Side::Down), middle(app, &portal()), NONE),
            |before, after| after.map.pan.y == before.map.pan.y + 3 && after.map.pan.x == before.map.pan.x,
        ),
        (
            "with shift to the right",
            |app| act(app, MouseAction::Wheel(Side::Down), middle(app, &portal()), SHIFT),
            |before, after| after.map.pan.x == before.map.pan.x + 6 && after.map.pan.y == before.map.pan.y,
        ),
        (
            "a wheel that turns sideways to the left",
            |app| act(app, MouseAction::Wheel(Side::Left), middle(app, &portal()), NONE),
            |before, after| after.map.pan.x == before.map.pan.x - 6 && after.map.pan.y == before.map.pan.y,
        ),
        (
            "with alt it looks closer",
            |app| act(app, MouseAction::Wheel(Side::Up), middle(app, &portal()), ALT),
            |before, after| after.map.view.zoom > before.map.view.zoom,
        ),
        (
            "over the name of a screen a press goes there",
            |app| act(app, MouseAction::Press, (14, 0), NONE),
            |_, after| after.screen == Screen::Exposure,
        ),
    ];
    let mut before = clinic();
    press(&mut before, "<Space>fPhysician actor<Enter>");
    for (name, gesture, check) in table {
        let mut app = before.clone();
        gesture(&mut app);
        assert!(check(&before, &app), "{name}:\n{}", screen(&app));
        assert!(app.drag.is_none() || name.contains("double"), "{name}: the drag is not over");
    }
}

/// Alt and the wheel keep the box under the pointer where it is, if the canvas lets them.
#[test]
fn zooming_with_the_wheel_keeps_the_box_under_the_pointer() {
    let mut app = open(FREIGHT, 120, 40);
    press(&mut app, "<Esc><Esc><Esc>jj");
    let selected = app.cursor().cloned().unwrap();
    let at = middle(&app, &selected);
    for side in [Side::Up, Side::Down] {
        act(&mut app, MouseAction::Wheel(side), at, ALT);
        let now = middle(&app, &selected);
        assert!((now.0 - at.0).abs() <= 1 && (now.1 - at.1).abs() <= 1, "{at:?} {now:?}");
    }
}

#[test]
fn the_wheel_scrolls_the_pane_under_the_pointer_and_leaves_the_selection() {
    let mut app = open(FREIGHT, 160, 22);
    // A dataset has more facts than the pane has rows.
    let dataset = app.model.datasets.keys().next().unwrap().clone();
    app.select(Some(ElementId::new(Section::Datasets, dataset)));
    press(&mut app, "+");
    let before = app.clone();
    let outline = app.frame().outline.unwrap();
    let inspector = app.frame().inspector.unwrap();
    for _ in 0..3 {
        act(&mut app, MouseAction::Wheel(Side::Down), (outline.x + 2, outline.y + 5), NONE);
    }
    assert_eq!(app.outline.list.top(), before.outline.list.top() + 9);
    act(&mut app, MouseAction::Wheel(Side::Down), (inspector.x + 2, inspector.y + 5), NONE);
    assert!(app.inspector.list.top() > 0);
    assert_eq!((app.cursor(), app.map.pan, app.focus()), (before.cursor(), before.map.pan, before.focus()));
    for _ in 0..50 {
        act(&mut app, MouseAction::Wheel(Side::Down), (outline.x + 2, outline.y + 5), NONE);
    }
    let last = app.outline.shown(&app.model, app.revision).last().unwrap().title.clone();
    assert!(screen(&app).contains(&last), "the end is not reached:\n{}", screen(&app));
    // A new selection brings the outline back to it.
    let end = app.outline.list.top();
    let first = app.model.datasets.keys().nth(1).unwrap().clone();
    app.select(Some(ElementId::new(Section::Datasets, first)));
    press(&mut app, "0");
    let (scroll, row) = (app.outline.list.top(), app.outline.list.at());
    assert!(scroll < end && scroll <= row, "{scroll} {row} {end}");
}

/// What a drag will do is said while it lasts; escape ends it without a trace, and so does whatever else happens.
#[test]
fn a_drag_says_what_it_will_do_and_escape_takes_it_back() {
    type Begin = fn(&mut App);
    let table: [(&str, Begin, &str); 4] = [
        (
            "a box",
            |app| {
                let from = middle(app, &patients());
                pull(app, from, (from.0 + 6, from.1 + 3), MouseAction::Press, NONE);
            },
            "let go to place it here",
        ),
        (
            "a box over another boundary",
            |app| {
                let (from, (x, y, ..)) = (middle(app, &patients()), place(app, &id(Section::Boundaries, "internet")));
                pull(app, from, (x + 3, y + 1), MouseAction::Press, NONE);
            },
            "it stays in Clinic database",
        ),
        (
            "a flow",
            |app| {
                let (from, to) = (edge(app, &portal()), middle(app, &patients()));
                pull(app, from, to, MouseAction::Press, NONE);
            },
            "a flow from Portal to Patients",
        ),
        (
            "a rectangle",
            |app| {
                let (x, y, width, height) = place(app, &id(Section::Boundaries, "clinic-database"));
                pull(app, (x, y), (x + width - 1, y + height - 1), MouseAction::RightPress, NONE);
            },
            "let go to mark 3 elements",
        ),
    ];
    let mut before = clinic();
    press(&mut before, "<Space>fPhysician actor<Enter>");
    for (name, begin, says) in table {
        for end in ["<Esc>", "resize", "layer", "gw"] {
            let mut app = before.clone();
            begin(&mut app);
            let shown = screen(&app);
            assert!(shown.contains(says), "{name}:\n{shown}");
            assert_ne!(shown, screen(&before), "{name}");
            match end {
                "resize" => drop(send(&mut app, Msg::Resize(200, 80))),
                "layer" => drop(send(&mut app, Msg::Recoverable(vec!["an edit".into()], true))),
                keys => drop(press(&mut app, keys)),
            }
            assert!(app.drag.is_none(), "{name}, {end}");
            assert_eq!(app.model, before.model, "{name}, {end}");
            assert_eq!(app.marked, before.marked, "{name}, {end}");
            // On another canvas labels may have more room.
            let mut untouched = before.clone();
            if end == "resize" {
                send(&mut untouched, Msg::Resize(200, 80));
            }
            assert_eq!(app.map.diagram, untouched.map.diagram, "{name}, {end}");
            // What is moved or let go afterwards belongs to nothing.
            act(&mut app, MouseAction::Drag, (30, 30), NONE);
            act(&mut app, MouseAction::Release, (30, 30), NONE);
            assert_eq!(app.model, before.model, "{name}, {end}");
        }
    }
}

#[test]
fn moved_boxes_stay_where_they_were_let_go_and_undo_brings_them_back() {
    let fresh = clinic();
    for together in [false, true] {
        let mut app = fresh.clone();
        press(&mut app, "<Space>fPatients dataset<Enter>");
        if together {
            press(&mut app, "v<Space>fVisit notes<Enter>v");
        }
        let visits = id(Section::Datasets, "visit-notes");
        let before = (place(&app, &patients()), place(&app, &visits));
        let model = app.model.clone();
        let from = middle(&app, &patients());
        drag(&mut app, from, (from.0 + 2, from.1 + 5), MouseAction::Press, NONE);
        let after = (place(&app, &patients()), place(&app, &visits));
        let moved = |place: (i32, i32, i32, i32)| (place.0 + 2, place.1 + 5, place.2, place.3);
        assert_eq!(after.0, moved(before.0), "together: {together}\n{}", screen(&app));
        if together {
            assert_eq!(after.1, moved(before.1), "{}", screen(&app));
        }
        let pins: usize = app.model.views.values().map(|view| view.pins.len()).sum();
        assert_eq!(pins, if together { 2 } else { 1 });
        press(&mut app, "u");
        assert_eq!(app.model, model, "together: {together}: one step takes it back");
        let (now, then) = (app.map.rect_of(&patients()).unwrap(), fresh.map.rect_of(&patients()).unwrap());
        assert_eq!(now, then);
        press(&mut app, "U");
        assert_ne!(app.model, model);
    }
}

#[test]
fn a_box_let_go_over_another_boundary_stays_in_its_own_until_it_is_moved() {
    let mut app = clinic();
    let notes = id(Section::Datasets, "visit-notes");
    let (from, (x, y, ..)) = (middle(&app, &notes), place(&app, &id(Section::Boundaries, "internet")));
    drag(&mut app, from, (x + 3, y + 1), MouseAction::Press, NONE);
    let boundary = |app: &App| app.model.datasets[&notes.slug].boundary.clone().unwrap().slug().to_string();
    assert_eq!(boundary(&app), "clinic-database");
    assert!(screen(&app).contains("m puts it into Internet; it still belongs to Clinic database"), "{}", screen(&app));
    press(&mut app, "m<Enter>");
    assert_eq!(boundary(&app), "internet");
}

/// At the edge of the canvas the view goes along, so that one can drag to what is beyond it.
#[test]
fn dragging_to_the_edge_moves_the_view() {
    for (name, begin, held) in [
        ("a box", MouseAction::Press, NONE),
        ("a rectangle", MouseAction::RightPress, NONE),
        ("another rectangle", MouseAction::Press, CONTROL),
    ] {
        let mut app = open(FREIGHT, 100, 30);
        press(&mut app, "<Esc><Esc><Esc>j");
        let from = middle(&app, &app.cursor().cloned().unwrap());
        let (pan, main) = (app.map.pan, app.frame().main);
        act(&mut app, begin, from, held);
        for _ in 0..3 {
            act(&mut app, MouseAction::Drag, (main.right() - 1, main.bottom() + 4), held);
        }
        assert!(app.map.pan.x > pan.x && app.map.pan.y > pan.y, "{name}: {pan:?} {:?}", app.map.pan);
        // The loop tells it again while the button is held, only at the edge, and only while there is more beyond it.
        let (corner, inside) = (Point::new(main.right() - 1, main.bottom() - 1), Point::new(main.x + 9, main.y + 9));
        assert!(goes_on(&app, corner) && !goes_on(&app, inside), "{name}");
        act(&mut app, MouseAction::Release, (corner.x, corner.y), held);
        assert!(!goes_on(&app, corner), "{name}");
    }
}

/// Help and the cheat sheet tell of every gesture, and only while the mouse belongs to the program.
#[test]
fn help_tells_what_the_mouse_does() {
    use sandtable::app::gestures::GESTURES;
    use sandtable::app::layer::Layer;
    let told = |app: &App| match app.layers.last() {
        Some(Layer::Reader(reader)) => GESTURES
            .iter()
            .filter(|gesture| {
                reader
                    .lines
                    .iter()
                    .any(|line| (line.left.as_str(), line.text.as_str()) == (gesture.gesture, gesture.doc))
            })
            .count(),
        other => panic!("help is no text: {other:?}"),
    };
    for (keys, count) in [("?", GESTURES.len()), ("<Space>m?", 0), ("2?", 0)] {
        let mut app = open(CLINIC, 80, 24);
        press(&mut app, keys);
        assert_eq!(told(&app), count, "{keys}");
    }
}

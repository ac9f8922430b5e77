//! Every list of the workbench is walked in the same way: by rows, by pages, to its ends, when it shrinks, with the mouse.

use super::headless::{FREIGHT, clinic, open, press, screen, send};
use sandtable::app::App;
use sandtable::app::layer::Layer;
use sandtable::app::list::Cursor;
use sandtable::app::msg::{Held, Mouse, MouseAction, Msg};

/// How a list is come to, and its cursor.
type List = (&'static str, &'static str, fn(&App) -> Cursor);

const LISTS: [List; 6] = [
    ("outline", "<BackTab>", |app| app.outline.list),
    ("facts", "gwaa<Tab>", |app| app.inspector.list),
    ("datasets", "2", |app| app.exposure.datasets),
    ("threats", "3", |app| app.threats.list),
    ("attackers", "4", |app| app.attackers.list),
    ("controls", "5", |app| app.controls.list),
];

#[test]
fn every_list_has_the_same_motions() {
    for (name, keys, list) in LISTS {
        let mut app = open(FREIGHT, 200, 24);
        press(&mut app, keys);
        let at = |app: &mut App, keys: &str| {
            press(app, keys);
            assert!(screen(app).lines().count() > 0, "{name}");
            list(app).at()
        };
        assert_eq!(at(&mut app, "gg"), 0, "{name}");
        assert_eq!(at(&mut app, "k"), 0, "{name}: above the first row there is none");
        let last = at(&mut app, "G");
        assert!(last > 0, "{name}: {}", screen(&app));
        assert_eq!(at(&mut app, "j"), last, "{name}: below the last row there is none");
        assert_eq!(at(&mut app, "k"), last - 1, "{name}");
        assert_eq!(at(&mut app, "<PageDown>"), last, "{name}");
        let page = last - at(&mut app, "<PageUp>");
        assert!(page > 0, "{name}");
        assert_eq!(at(&mut app, "<End>"), last, "{name}");
        assert_eq!(at(&mut app, "<Home>"), 0, "{name}");
        assert_eq!(at(&mut app, "<PageDown>"), page, "{name}");
        assert_eq!(at(&mut app, "<PageUp>"), 0, "{name}");
        // What does not match is gone; the cursor stays on what there is, also where that is nothing.
        press(&mut app, "G/");
        send(&mut app, Msg::Paste("no such thing anywhere".into()));
        press(&mut app, "<Enter>");
        let nothing = at(&mut app, "jGk");
        assert!(nothing == 0 || name == "datasets", "{name}: {nothing}");
        assert_eq!(at(&mut app, "<Esc>gg"), 0, "{name}");
    }
}

#[test]
fn texts_are_read_to_their_ends() {
    let mut app = clinic(80, 24);
    press(&mut app, "?G");
    let top = |app: &App| match app.layers.last() {
        Some(Layer::Reader(reader)) => (reader.top, reader.lines.len()),
        other => panic!("{other:?}"),
    };
    let (end, count) = top(&app);
    assert_eq!(end, count - 12, "half a screen is left");
    press(&mut app, "gg");
    assert_eq!(top(&app).0, 0);
}

/// A click selects a row, a second one shows all of it; below the last line, and on a heading, there is nothing to select.
#[test]
fn a_second_click_shows_all_of_a_row() {
    for (keys, list) in [("3", LISTS[3].2), ("4", LISTS[4].2), ("5", LISTS[5].2)] {
        let mut app = clinic(120, 40);
        press(&mut app, keys);
        let main = app.frame().main;
        let click = |app: &mut App, y: i32| {
            let mouse = Mouse { action: MouseAction::Press, held: Held::default(), x: main.x + 5, y };
            send(app, Msg::Mouse(mouse));
            list(app).at()
        };
        assert_eq!(click(&mut app, main.y), 0, "the heading");
        let row = click(&mut app, main.y + 4);
        assert!(row > 0 && app.layers.is_empty(), "{keys}: {row}\n{}", screen(&app));
        assert_eq!(click(&mut app, main.bottom() - 1), row, "the legend");
        assert_eq!(click(&mut app, main.y + 4), row);
        assert!(matches!(app.layers.last(), Some(Layer::Reader(_))), "{keys}\n{}", screen(&app));
    }
}

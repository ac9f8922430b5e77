//! The minimap: it shows every box, marks what the view shows, keeps out of the way, and moves the view.

use super::diagram::any_graph;
use super::headless::{CLINIC, FREIGHT, open, paint, press, screen, send, text_of};
use super::mouse::act;
use proptest::prelude::*;
use sandtable::app::App;
use sandtable::app::appearance::Marks;
use sandtable::app::config::Settings;
use sandtable::app::msg::{Held, MouseAction, Msg};
use sandtable::diagram::{Charset, Diagram, Ink, MiniInk, Minimap, Point, Rect, Size, place};
use sandtable::tui::palette::Depth;

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_box_is_visible_and_the_view_is_marked(
        graph in any_graph(14),
        (width, height) in (1..40_i32, 1..14_i32),
        (x, y) in (-80..200_i32, -60..120_i32),
        (columns, rows) in (0..150_i32, 0..60_i32),
        ascii in any::<bool>(),
        chosen in prop::option::of(0..14_usize),
    ) {
        let placement = place(&graph);
        let diagram = Diagram { graph, placement, wires: Vec::new() };
        let view = Rect::new(x, y, columns, rows);
        let charset = if ascii { Charset::Ascii } else { Charset::Unicode };
        let Some(map) = Minimap::new(&diagram, diagram.bounds(), view, chosen, Size::new(width, height), charset) else {
            prop_assert!(diagram.bounds().is_empty());
            return Ok(());
        };
        let size = map.size();
        prop_assert!(size.width <= width && size.height <= height && size.width > 0 && size.height > 0);
        for (at, rect) in diagram.placement.nodes.iter().enumerate() {
            let cells = map.cells_of(rect).unwrap();
            let inks: Vec<MiniInk> = (cells.y..cells.bottom())
                .flat_map(|y| (cells.x..cells.right()).map(move |x| (x, y)))
                .map(|(x, y)| map.cell(x, y).unwrap().ink)
                .collect();
            prop_assert!(inks.iter().any(|ink| matches!(ink, MiniInk::Box | MiniInk::Chosen)), "box {at}: {inks:?}");
            if chosen == Some(at) {
                prop_assert!(inks.contains(&MiniInk::Chosen));
            }
        }
        // Every part of the drawing that is in the view lies in what is marked as such, and only that.
        let bounds = diagram.bounds();
        for y in 0..size.height {
            for x in 0..size.width {
                let cell = map.cell(x, y).unwrap();
                prop_assert!(ascii == cell.symbol.is_ascii() || cell.symbol == " ", "{:?}", cell.symbol);
                let stands_for = |point: Point| map.cells_of(&Rect::new(point.x, point.y, 1, 1)) == Some(Rect::new(x, y, 1, 1));
                let middle = map.world(x, y);
                prop_assert!(bounds.contains(middle) && stands_for(middle), "{middle:?} at {x}, {y} of {size:?}");
                if view.contains(middle) {
                    prop_assert!(cell.in_view, "{middle:?} is in view, {x}, {y} is not marked");
                }
                if cell.in_view {
                    prop_assert!(view.overlaps(&bounds));
                }
            }
        }
        if let Some(marked) = map.cells_of(&view) {
            let count = (0..size.height).flat_map(|y| (0..size.width).map(move |x| (x, y)));
            let count = count.filter(|(x, y)| map.cell(*x, *y).unwrap().in_view).count();
            prop_assert_eq!(count, (marked.width * marked.height) as usize);
        }
    }
}

/// The map without a selection or surroundings, larger than the screen.
fn large(columns: u16, rows: u16) -> App {
    let mut app = open(FREIGHT, columns, rows);
    press(&mut app, "<Esc><Esc><Esc>+");
    app
}

#[test]
fn it_is_shown_where_there_is_room_and_something_is_out_of_view() {
    for (name, app, shown) in [
        ("a large map", large(80, 24), true),
        ("a large map on a large screen", large(120, 40), true),
        ("a small canvas", large(59, 24), false),
        ("a low canvas", large(80, 19), false),
        ("a map that fits", open(CLINIC, 300, 100), false),
    ] {
        assert_eq!(app.map.overview.is_some(), shown, "{name}:\n{}", screen(&app));
        assert_eq!(screen(&app).contains("╭─ gm"), shown, "{name}:\n{}", screen(&app));
    }
}

#[test]
fn a_key_hides_it_for_the_session() {
    let mut app = large(120, 40);
    press(&mut app, "gm");
    assert_eq!(app.map.overview, None);
    press(&mut app, "jj-+LL2");
    press(&mut app, "1");
    assert_eq!(app.map.overview, None, "it came back by itself");
    press(&mut app, "gm");
    assert!(app.map.overview.is_some());
}

#[test]
fn a_press_and_a_drag_on_it_move_the_view() {
    let mut app = large(120, 40);
    let before = app.clone();
    let (area, main) = (app.map.overview.unwrap(), app.frame().main);
    let at = |x: i32, y: i32| (main.x + area.x + x, main.y + area.y + y);
    act(&mut app, MouseAction::Press, at(1, 1), Held::default());
    let bounds = app.map.diagram.bounds();
    assert!(app.map.pan.x <= bounds.x && app.map.pan.y <= bounds.y, "the top left is not in view: {:?}", app.map.pan);
    act(&mut app, MouseAction::Drag, at(area.width - 2, area.height - 2), Held::default());
    let canvas = app.canvas();
    let view = Rect::at(app.map.pan, canvas);
    assert!(view.right() >= bounds.right() && view.bottom() >= bounds.bottom(), "{view:?} of {bounds:?}");
    assert_eq!(app.map.overview, Some(area), "it went away under the hand");
    act(&mut app, MouseAction::Drag, (-5, 400), Held::default());
    act(&mut app, MouseAction::Release, (-5, 400), Held::default());
    assert_eq!((app.cursor(), &app.model), (before.cursor(), &before.model));
}

/// Wherever the selection is, the minimap is in another corner.
#[test]
fn it_keeps_off_the_selection() {
    let mut app = large(100, 30);
    for key in "jjjllkkkhhjjl".chars() {
        press(&mut app, &key.to_string());
        let selected = app.cursor().and_then(|id| app.map.rect_of(id)).unwrap();
        let Some(area) = app.map.overview else { continue };
        let on_canvas = selected.shifted(-app.map.pan.x, -app.map.pan.y);
        assert!(!area.overlaps(&on_canvas), "{}", screen(&app));
    }
}

/// On a small canvas it hides no wire, and its title is never a part of a word.
#[test]
fn it_hides_nothing_where_there_is_little_room() {
    let mut shown = 0;
    for keys in ["", "j", "jj", "L", "J", "LJ", "+", "+j", "-", "-J"] {
        let mut app = large(80, 24);
        press(&mut app, keys);
        assert!(!screen(&app).contains(" g…"), "{}", screen(&app));
        let Some(area) = app.map.overview else { continue };
        shown += 1;
        let world = area.shifted(app.map.pan.x, app.map.pan.y);
        let wires = app.map.diagram.wires.iter();
        let hidden = wires.flat_map(|wire| &wire.path).find(|cell| world.contains(**cell));
        assert_eq!(hidden, None, "{keys}:\n{}", screen(&app));
    }
    assert!(shown > 0);
}

/// No box, label or title is below it while there is a corner of its size without; and titles of walls move out of its way.
#[test]
fn it_hides_nothing_that_is_told_while_there_is_a_corner() {
    let (mut shown, mut moved) = (0, 0);
    for (columns, rows) in [(100, 30), (120, 40), (200, 60)] {
        for keys in ["", "j", "jj", "L", "J", "LJ", "+", "+j", "+LJ", "++", "++J"] {
            let mut app = large(columns, rows);
            press(&mut app, keys);
            let Some(area) = app.map.overview else { continue };
            shown += 1;
            let canvas = app.canvas();
            let view = Rect::at(app.map.pan, canvas);
            let selected = app.cursor().and_then(|id| app.map.rect_of(id));
            let diagram = &app.map.diagram;
            let labels = diagram.wires.iter().filter_map(|wire| wire.label.as_ref());
            let told: Vec<&Rect> = diagram.placement.nodes.iter().chain(labels).collect();
            let hides = |area: &Rect| {
                let world = area.shifted(view.x, view.y);
                told.iter().any(|rect| rect.overlaps(&world)) || selected.is_some_and(|rect| rect.overlaps(&world))
            };
            let (right, bottom) = (canvas.width - area.width, canvas.height - area.height);
            let corners = [(right, bottom), (right, 0), (0, bottom), (0, 0)];
            let is_free = |(x, y): &(i32, i32)| !hides(&Rect::new(*x, *y, area.width, area.height));
            assert!(!hides(&area) || !corners.iter().any(is_free), "{columns}x{rows} {keys}:\n{}", screen(&app));
            // Beside it there is the title of every wall that has room for it there.
            let scene = app.map.scene(&app.model, canvas, Marks::default(), Charset::Unicode);
            let world = area.shifted(view.x, view.y);
            for (walls, boundary) in diagram.placement.boundaries.iter().zip(&diagram.graph.boundaries) {
                let title = Rect::new(walls.x + 2, walls.y, boundary.title_width, 1);
                if !title.overlaps(&world) {
                    continue;
                }
                let y = walls.y - view.y;
                let ink = |x: i32| scene.cell(x, y).ink;
                let walled = if area.x == 0 { area.right()..canvas.width } else { 0..area.x };
                let is_read = walled.clone().any(|x| ink(x) == Ink::BoundaryTitle);
                // The title with its notches, and a cell of wall at either side.
                let cells: Vec<bool> = walled.clone().map(|x| ink(x) == Ink::BoundaryWall).collect();
                let longest = cells.chunk_by(|one, two| one == two).filter(|run| run[0]).map(<[bool]>::len).max();
                let is_crossed = longest.unwrap_or(0) < title.width as usize + 4;
                assert!(is_read || is_crossed, "{columns}x{rows} {keys}:\n{}", screen(&app));
                moved += usize::from(is_read);
            }
        }
    }
    assert!(shown > 9 && moved > 0, "{shown} {moved}");
}

#[test]
fn it_is_drawn_without_line_characters_where_the_terminal_has_none() {
    let mut app = super::headless::with_settings(FREIGHT, Settings { ascii: true, ..Settings::default() });
    send(&mut app, Msg::Resize(120, 40));
    press(&mut app, "+jj");
    let area = app.map.overview.unwrap();
    let main = app.frame().main;
    let text = text_of(&paint(&app, Depth::Mono));
    for line in text.lines().skip((main.y + area.y) as usize).take(area.height as usize) {
        let cells: String = line.chars().skip((main.x + area.x) as usize).take(area.width as usize).collect();
        assert!(cells.is_ascii(), "{cells:?}");
    }
    assert!(text.contains('@'), "{text}");
}

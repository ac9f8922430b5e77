//! What lies beyond the edges of the canvas: every box that is not wholly in view is counted, and can be gone to.

use super::headless::{CLINIC, FREIGHT, open, press, screen, send};
use super::mouse::act;
use sandtable::app::appearance::Marks;
use sandtable::app::beyond::beyond;
use sandtable::app::exits::exits;
use sandtable::app::msg::{Held, MouseAction, Msg};
use sandtable::diagram::{Charset, Ink, Rect, Side};

#[test]
fn every_box_that_is_not_wholly_in_view_is_counted_once() {
    for (text, keys) in [(CLINIC, ""), (CLINIC, "+"), (FREIGHT, "jjj")] {
        let mut app = open(text, 120, 40);
        press(&mut app, "<Esc><Esc><Esc>");
        press(&mut app, keys);
        for (columns, rows) in [(300, 100), (120, 40), (80, 24), (40, 18), (20, 9), (8, 4), (1, 1)] {
            send(&mut app, Msg::Resize(columns, rows));
            for pan in ["", "L", "J", "HHH", "KKKKK"] {
                press(&mut app, pan);
                let canvas = app.canvas();
                let view = Rect::at(app.map.pan, canvas);
                let missing = app.map.diagram.placement.nodes.iter().filter(|rect| !view.covers(rect)).count();
                let marks = beyond(&app);
                if canvas.width >= 16 && canvas.height >= 5 {
                    let counted: usize = marks.iter().map(|mark| mark.count).sum();
                    assert_eq!(counted, missing, "{columns}x{rows} {keys:?} {pan:?}:\n{}", screen(&app));
                }
                let mut taken: Vec<Rect> = app.map.overview.into_iter().collect();
                for mark in marks {
                    assert!(Rect::new(0, 0, canvas.width, canvas.height).covers(&mark.area), "{mark:?}");
                    assert!(taken.iter().all(|other| !other.overlaps(&mark.area)), "{mark:?} of {taken:?}");
                    assert!(screen(&app).contains(mark.text.trim()), "{mark:?}:\n{}", screen(&app));
                    assert!(!view.covers(&app.map.diagram.placement.nodes[mark.nearest]), "{mark:?}");
                    taken.push(mark.area);
                }
            }
        }
    }
}

#[test]
fn a_click_on_the_mark_goes_to_the_nearest_box_and_back_again() {
    let mut app = open(FREIGHT, 80, 24);
    press(&mut app, "<Esc><Esc><Esc>+j");
    let start = app.cursor().cloned();
    let mark = beyond(&app).into_iter().find(|mark| mark.side == Side::Down).unwrap();
    let target = app.map.projection.nodes[mark.nearest].element();
    let main = app.frame().main;
    act(&mut app, MouseAction::Press, (main.x + mark.area.x + 1, main.y + mark.area.y), Held::default());
    act(&mut app, MouseAction::Release, (main.x + mark.area.x + 1, main.y + mark.area.y), Held::default());
    assert_eq!(app.cursor(), target.as_ref());
    let view = Rect::at(app.map.pan, app.canvas());
    assert!(view.covers(&app.map.rect_of(target.as_ref().unwrap()).unwrap()), "{}", screen(&app));
    press(&mut app, "<lt>");
    assert_eq!(app.cursor(), start.as_ref());
}

#[test]
fn two_letters_beside_the_mark_go_there_as_well() {
    let mut app = open(FREIGHT, 80, 24);
    press(&mut app, "<Esc><Esc><Esc>+");
    let hidden = beyond(&app).into_iter().next().expect("all of it is in view").nearest;
    press(&mut app, "gw");
    let (label, _) = app.map.labels.iter().find(|(_, at)| *at == hidden).cloned().expect("it has no letters");
    assert!(screen(&app).contains(&label));
    press(&mut app, &label);
    assert_eq!(app.cursor(), app.map.projection.nodes[hidden].element().as_ref());
}

/// The flows of what is selected say at the edge where they lead, over nothing but ground and themselves.
#[test]
fn flows_that_leave_the_canvas_say_where_they_lead() {
    let mut found = 0;
    for (text, size) in
        [CLINIC, FREIGHT].into_iter().flat_map(|text| [(70, 24), (90, 30), (120, 20)].map(|size| (text, size)))
    {
        let mut app = open(text, 120, 40);
        press(&mut app, "<Esc><Esc><Esc>");
        send(&mut app, Msg::Resize(size.0, size.1));
        for keys in ["j", "j", "l", "J", "k", "L", "n", "K", "h", "HH", "j"] {
            press(&mut app, keys);
            let canvas = app.canvas();
            let (view, whole) = (Rect::at(app.map.pan, canvas), Rect::new(0, 0, canvas.width, canvas.height));
            let scene = app.map.scene(&app.model, canvas, Marks::default(), Charset::Unicode);
            let beyond = beyond(&app);
            let mut taken: Vec<Rect> = beyond.iter().map(|mark| mark.area).chain(app.map.overview).collect();
            for exit in exits(&app, &scene, &beyond) {
                found += 1;
                assert!(whole.covers(&exit.area), "{exit:?}");
                assert!(taken.iter().all(|other| !other.overlaps(&exit.area)), "{exit:?} of {taken:?}");
                assert!(!view.overlaps(&app.map.diagram.placement.nodes[exit.node]), "{exit:?} is in view");
                for x in exit.area.x..exit.area.right() {
                    let ink = scene.cell(x, exit.area.y).ink;
                    assert!(
                        matches!(ink, Ink::Ground | Ink::Wire | Ink::BoundaryWall),
                        "{exit:?} hides {ink:?}:\n{}",
                        screen(&app)
                    );
                }
                // Beside a text the two would be read as one.
                for x in [exit.area.x - 1, exit.area.right()] {
                    let ink = scene.cell(x, exit.area.y).ink;
                    assert!(!matches!(ink, Ink::WireLabel | Ink::NodeText), "{exit:?} at {ink:?}:\n{}", screen(&app));
                }
                assert!(screen(&app).contains(exit.text.trim()), "{exit:?}:\n{}", screen(&app));
                // A click on the name goes there.
                let mut there = app.clone();
                let main = app.frame().main;
                act(&mut there, MouseAction::Press, (main.x + exit.area.x + 1, main.y + exit.area.y), Held::default());
                assert_eq!(there.cursor(), app.map.projection.nodes[exit.node].element().as_ref());
                taken.push(exit.area);
            }
        }
    }
    assert!(found >= 2, "{found} ends were named only");
}

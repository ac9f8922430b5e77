//! What the map shows at each level: one element in full, badges, lines and labels; what of it is remembered.

use super::headless::{CLINIC, FREIGHT, clinic, freight, open, press, screen, send};
use insta::assert_snapshot;
use sandtable::app::App;
use sandtable::app::appearance::Marks;
use sandtable::app::badge::Known;
use sandtable::app::projection::{Brevity, ViewOptions, Zoom, project};
use sandtable::diagram::{Charset, Ink, Point, Size, Stroke};
use sandtable::model::governance::Orientation;
use sandtable::model::{ElementId, Section, Slug};

fn go_to(app: &mut App, name: &str) {
    press(app, "<Esc><Esc><Space>f");
    send(app, sandtable::app::msg::Msg::Paste(name.into()));
    press(app, "<Enter>");
}

fn element(section: Section, slug: &str) -> ElementId {
    ElementId::new(section, Slug::new(slug).unwrap())
}

#[test]
fn one_element_with_its_flows() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut app = clinic(columns, rows);
        go_to(&mut app, "endpoint Portal API");
        press(&mut app, "++++");
        assert_eq!(app.map.view.zoom, Zoom::Detail);
        assert_snapshot!(format!("detail_clinic_{columns}x{rows}"), screen(&app));
    }
}

#[test]
fn the_nearest_level_follows_what_is_chosen() {
    let shown = |app: &App| app.map.view.shown.as_ref().map(|id| id.slug.to_string());
    let mut app = clinic(120, 40);
    go_to(&mut app, "endpoint Portal API");
    press(&mut app, "++++");
    assert_eq!(shown(&app).as_deref(), Some("portal-api"));
    // Another box of the picture, then nearer: that one.
    press(&mut app, "gi<Enter>+");
    assert_ne!(shown(&app).as_deref(), Some("portal-api"));
    // What is searched for is shown, too.
    press(&mut app, "<Space>f");
    send(&mut app, sandtable::app::msg::Msg::Paste("dataset Visit notes".into()));
    press(&mut app, "<Enter>");
    assert_eq!(shown(&app).as_deref(), Some("visit-notes"));
    // When it is deleted the map is there again, and undo does not bring the level back into a broken state.
    press(&mut app, "dy");
    assert!(!app.map.projection.detail && !app.map.projection.nodes.is_empty());
    press(&mut app, "u<Esc>");
    assert_eq!(app.map.view.zoom, Zoom::Cards);
    // A flow stands for where it starts; what is no box can not be shown.
    let mut app = clinic(120, 40);
    go_to(&mut app, "flow Delivers results");
    press(&mut app, "<Esc>++++");
    assert_eq!(shown(&app).as_deref(), Some("lab-system"));
    let mut app = clinic(120, 40);
    go_to(&mut app, "boundary Clinic network");
    press(&mut app, "++++");
    assert_eq!((app.map.view.zoom, shown(&app)), (Zoom::Cards, None));
}

#[test]
fn everything_known_of_an_element_is_in_its_box() {
    for (name, wanted) in [
        (
            "dataset Patients",
            vec!["insurance_number: Restricted", "remarks: class ?", "? unknown:", "Front desk clerk: read all rows"],
        ),
        ("endpoint Portal API", vec!["path: /api/v2", "log redaction: no", "Patient with an account: read"]),
        ("service Records connector", vec!["All that it does, it does", "audit log: no"]),
    ] {
        let mut app = clinic(200, 60);
        go_to(&mut app, name);
        press(&mut app, "++++");
        let at = app.map.projection.node_of(app.cursor().unwrap()).unwrap();
        let lines = app.map.projection.lines[at].join("\n");
        for text in wanted {
            assert!(lines.contains(text), "{name}: {text} is not in\n{lines}");
        }
        assert!(!lines.contains('…'), "{name}: something is cut\n{lines}");
    }
}

/// Whatever a text begins with, and however wide its letters are, it is broken into lines and nothing is lost.
#[test]
fn odd_texts_are_told_in_full() {
    let odd = format!(" {} \u{1f469}\u{200d}\u{1f4bb}{}", "é".repeat(70), "漢字 ".repeat(40));
    let text = format!(
        r#"#![enable(implicit_some)]
        Model(format: 1, title: "Odd", actors: {{"a": (title: "{odd}")}},
          datasets: {{"d": (title: "{odd}", about: "{odd}", fields: {{"{odd}": (kind: "{odd}")}})}},
          flows: {{"f": (title: "{odd}", from: "a", to: "d", protocol: "{odd}", transformation: "{odd}")}})"#
    );
    for (columns, rows) in [(80, 24), (20, 6), (200, 60)] {
        let mut app = open(&text, columns, rows);
        app.select(Some(sandtable::model::ElementId::new(
            Section::Datasets,
            sandtable::model::Slug::new("d").unwrap(),
        )));
        press(&mut app, "++++");
        assert!(app.map.projection.detail);
        screen(&app);
        let words = |text: &str| text.chars().filter(|ch| *ch == '漢').count();
        let own = app.map.projection.lines[app.map.projection.node_of(app.cursor().unwrap()).unwrap()].join("");
        // Title, about, the name of the field and its kind.
        assert_eq!(words(&own), 4 * 40, "{own}");
    }
}

/// Three flows that differ in what is known of encryption are three different lines, and three different labels.
#[test]
fn what_is_known_of_encryption_is_seen_without_colour() {
    let text = r#"#![enable(implicit_some)]
    Model(format: 1, title: "Three", actors: {"a": ()}, services: {"b": (), "c": (), "d": ()},
      flows: {
        "1": (from: "a", to: "b", protocol: "HTTP", encrypted: true, classes: ["internal"]),
        "2": (from: "a", to: "c", protocol: "HTTP", encrypted: false, classes: ["public"]),
        "3": (from: "a", to: "d", protocol: "HTTP"),
      })"#;
    let app = open(text, 120, 40);
    let art = app.map.projection.art(&app.model, Marks::default());
    let wires: Vec<(Stroke, &str)> = art.wires.iter().map(|wire| (wire.stroke, wire.label.as_str())).collect();
    assert_eq!(
        wires,
        [(Stroke::Heavy, "HTTP·internal"), (Stroke::Light, "HTTP plain·public"), (Stroke::Dashed, "HTTP ?·?")]
    );
    for charset in [Charset::Unicode, Charset::Ascii] {
        let scene = sandtable::diagram::paint(&app.map.diagram, &art, app.map.diagram.bounds(), charset);
        assert_snapshot!(format!("three_flows_{charset:?}").to_lowercase(), scene.to_text());
    }
}

#[test]
fn badges_say_what_to_look_at() {
    let text = r#"#![enable(implicit_some)]
    Model(format: 1, title: "Badges",
      boundaries: {"net": (title: "Net")},
      datasets: {
        "open": (title: "Open", boundary: "net"),
        "shut": (title: "Shut", boundary: "net"),
        "wrong": (title: "Wrong", boundary: "nowhere"),
        "left": (title: "Left", out_of_scope: "belongs to others"),
      },
      roles: {"guest": (kind: Anonymous), "desk": (kind: Named)},
      endpoints: {"api": (title: "Api")},
      grants: {
        "1": (role: "guest", endpoint: "api", op: Read, dataset: "open", rows: All),
        "2": (role: "guest", endpoint: "api", op: Create, dataset: "open", rows: All),
        "3": (role: "guest", endpoint: "api", op: Read, dataset: "shut", rows: Nobody),
        "4": (role: "desk", endpoint: "api", op: Read, dataset: "shut", rows: All),
      },
      views: {"main": (pins: {"left": (4, 4)})},
    )"#;
    let mut app = open(text, 120, 40);
    app.map.view.zoom = Zoom::Boxes;
    send(&mut app, sandtable::app::msg::Msg::Resize(120, 40));
    let badges = |app: &App, slug: &str| -> String {
        let found = app
            .map
            .projection
            .nodes
            .iter()
            .position(|drawn| drawn.element().is_some_and(|id| id.slug.as_str() == slug));
        let badges = &app.map.projection.badges[found.unwrap_or_else(|| panic!("no box of {slug}"))];
        badges.iter().map(|badge| badge.text.as_str()).collect::<Vec<_>>().join("|")
    };
    for (slug, wanted) in [
        ("open", "anon RC|?16"),
        ("shut", "?16"),
        ("wrong", "!1|?16"),
        ("left", "?17|out of scope|pin"),
        ("api", "anon RC|?35"),
    ] {
        assert_eq!(badges(&app, slug), wanted, "{slug}");
    }
    // A closed boundary has those of what is inside, the worst first.
    go_to(&mut app, "boundary Net");
    press(&mut app, "<Enter>");
    assert_eq!(badges(&app, "net"), "anon RC|?32");
}

#[test]
fn what_is_closed_and_turned_is_remembered_and_undone_in_one_step() {
    let mut app = clinic(120, 40);
    press(&mut app, "<Esc><Esc>");
    let before = app.map.projection.graph.direction;
    let saved = |app: &App| app.model.views.values().next().cloned().unwrap_or_default();
    press(&mut app, "t");
    assert!(saved(&app).orientation.is_some() && app.is_dirty());
    assert_ne!(app.map.projection.graph.direction, before);
    press(&mut app, "u");
    assert_eq!((saved(&app).orientation, app.map.projection.graph.direction), (None::<Orientation>, before));
    press(&mut app, "U");
    assert_ne!(app.map.projection.graph.direction, before);

    go_to(&mut app, "boundary Clinic network");
    let boxes = app.map.projection.nodes.len();
    press(&mut app, "<Enter>");
    assert_eq!(saved(&app).folded.len(), 1);
    assert!(app.map.projection.nodes.len() < boxes);
    assert_ne!(app.map.projection.graph.direction, before, "closing turns nothing");
    press(&mut app, "u");
    assert_eq!((saved(&app).folded.len(), app.map.projection.nodes.len()), (0, boxes));
    press(&mut app, "zm");
    assert_eq!(saved(&app).folded.len(), app.model.boundaries.len());
    // A new start shows it as it was left.
    let again = sandtable::app::map::Map::new(&app.model);
    assert_eq!(
        (again.view.folded.len(), again.view.orientation),
        (app.model.boundaries.len(), saved(&app).orientation)
    );
    press(&mut app, "zr");
    assert!(saved(&app).folded.is_empty());
    assert!(app.model.ids().filter(|id| id.section == Section::Views).count() == 1);
}

#[test]
fn a_wire_whose_head_is_out_of_the_view_says_where_it_goes() {
    let mut app = clinic(120, 40);
    press(&mut app, "<Esc><Esc>");
    let whole = app.map.diagram.bounds();
    let art = app.map.projection.art(&app.model, Marks::default());
    for wire in app.map.diagram.wires.iter().filter(|wire| wire.path.len() > 12) {
        // A view that ends in the middle of the wire.
        let (first, middle) = (wire.path[0], wire.path[wire.path.len() / 2]);
        let view = sandtable::diagram::Rect::new(first.x.min(middle.x) - 1, first.y.min(middle.y) - 1, 0, 0);
        let view = sandtable::diagram::Rect::new(
            view.x,
            view.y,
            (first.x - middle.x).abs() + 3,
            (first.y - middle.y).abs() + 3,
        );
        if wire.path.last().is_some_and(|last| view.contains(*last)) {
            continue;
        }
        let scene = sandtable::diagram::paint(&app.map.diagram, &art, view, Charset::Unicode);
        assert!(scene.to_text().contains(['▲', '▼', '◀', '▶']), "{}", scene.to_text());
    }
    assert!(!whole.is_empty());
}

#[test]
fn zones_join_flows_and_count_them() {
    for (name, mut app) in [("clinic", clinic(120, 40)), ("freight", freight(120, 40))] {
        press(&mut app, "<Esc><Esc>----");
        assert_snapshot!(format!("zones_{name}_120x40"), screen(&app));
    }
}

/// Whether all of the picture is on the canvas.
fn fits(app: &App) -> bool {
    let (bounds, canvas) = (app.map.bounds(), app.canvas());
    bounds.width <= canvas.width && bounds.height <= canvas.height
}

/// Roles that all inherit from one, and boundaries: nearly everything is joined to everything.
fn dense() -> String {
    let boundaries: String = (0..3).map(|at| format!("\"zone-{at}\": (title: \"Zone {at}\"),")).collect();
    let services: String =
        (0..24).map(|at| format!("\"s{at}\": (title: \"Service {at}\", boundary: \"zone-{}\"),", at % 3)).collect();
    let flows: String = (1..24).map(|at| format!("\"f{at}\": (from: \"s0\", to: \"s{at}\"),")).collect();
    format!(
        "#![enable(implicit_some)]\nModel(format: 1, title: \"Dense\", boundaries: {{{boundaries}}}, services: {{{services}}}, flows: {{{flows}}})"
    )
}

#[test]
fn the_first_picture_fits() {
    let dense = dense();
    let all: [(&str, &str); 3] = [("clinic", CLINIC), ("freight", FREIGHT), ("dense", &dense)];
    let sizes = [(80, 24), (100, 30), (120, 40), (150, 45), (170, 50), (200, 60), (250, 80)];
    for (name, text) in all {
        for (columns, rows) in sizes {
            let app = open(text, columns, rows);
            // What is around one element may be a little higher than a low screen.
            let nearly = app.map.view.around.is_some() && app.map.bounds().width <= app.canvas().width;
            assert!(fits(&app) || nearly, "{name} {columns}x{rows} {:?}:\n{}", app.map.view.zoom, screen(&app));
        }
    }
}

#[test]
fn fit_shows_as_much_as_there_is_room_for_and_says_why_not_more() {
    // Size, keys, the level, whether the panes gave way, and what is said.
    type Case = (u16, u16, &'static str, Zoom, bool, &'static str);
    let table: [Case; 5] = [
        (200, 60, "f", Zoom::Rows, true, "zoom: rows; the panes beside the map are narrower, so that it fits"),
        (200, 60, "<Space>o<Space>o<Space>if", Zoom::Cards, false, "zoom: cards"),
        (120, 40, "<Esc>f", Zoom::Zones, false, "rows take 144 columns and 32 lines, there are 86 and 38"),
        (160, 60, "f", Zoom::Zones, false, "there is room without the panes (space o, space i)"),
        (80, 24, "<Esc>f", Zoom::Zones, false, "there are 80 and 22"),
    ];
    for (columns, rows, keys, zoom, widened, says) in table {
        let mut app = clinic(columns, rows);
        app.map.view.around = None;
        press(&mut app, keys);
        let said = app.toasts.current().map(|toast| toast.text.clone()).unwrap_or_default();
        let now = (app.map.view.zoom, app.map.widened);
        assert_eq!(now, (zoom, widened), "{columns}x{rows} {keys}: {said}");
        assert!(said.ends_with(says), "{columns}x{rows} {keys}: {said}");
        assert!(fits(&app), "{columns}x{rows} {keys}:\n{}", screen(&app));
    }
    // Nearer or farther, and with other panes, they are as they were.
    for keys in ["f+", "f-", "f<Space>i<Space>i"] {
        let mut app = clinic(200, 60);
        let narrow = app.frame();
        press(&mut app, keys);
        assert!(app.frame().inspector.unwrap().width > narrow.inspector.unwrap().width, "{keys}");
    }
}

/// Along a wire there is no hole beside a label, a head, a box or another wire, and every head is seen.
#[test]
fn dashes_leave_no_holes_and_heads_are_seen() {
    for (text, zoom) in [(CLINIC, "-"), (CLINIC, ""), (CLINIC, "+"), (FREIGHT, "+"), (FREIGHT, "++")] {
        let mut app = open(text, 200, 60);
        app.map.view.around = None;
        press(&mut app, &format!("x{zoom}"));
        let bounds = app.map.bounds();
        app.map.pan = Point::new(bounds.x, bounds.y);
        let canvas = Size { width: bounds.width, height: bounds.height };
        for charset in [Charset::Unicode, Charset::Ascii] {
            let scene = app.map.scene(&app.model, canvas, Marks::default(), charset);
            let cell = |at: Point| *scene.cell(at.x - bounds.x, at.y - bounds.y);
            let at_all = scene.to_text();
            for wire in &app.map.diagram.wires {
                let Some(head) = wire.path.last() else { continue };
                assert_eq!(cell(*head).ink, Ink::Arrow, "{head:?}\n{at_all}");
                let is_hole = |at: Point| cell(at).ink == Ink::Wire && cell(at).symbol.as_str() == " ";
                let blank = wire.path.iter().find(|at| charset == Charset::Unicode && is_hole(**at));
                assert_eq!(blank, None, "{at_all}");
                let holes = wire.path.windows(3).filter(|cells| is_hole(cells[1]));
                for cells in holes {
                    for beside in [cells[0], cells[2]] {
                        let ink = cell(beside).ink;
                        assert!(matches!(ink, Ink::Wire | Ink::Crossing), "{:?}: {ink:?}\n{at_all}", cells[1]);
                        assert_ne!(cell(beside).symbol.as_str(), " ", "{:?}\n{at_all}", cells[1]);
                    }
                    let across = if cells[0].x == cells[1].x { (1, 0) } else { (0, 1) };
                    let passed = app.map.diagram.wires.iter().flat_map(|wire| wire.path.windows(2)).any(|step| {
                        let step_across =
                            (step[1].x - step[0].x).abs() == across.0 && step[1].y.abs_diff(step[0].y) == across.1;
                        step_across && step.contains(&cells[1])
                    });
                    assert!(!passed, "{:?} is a crossing\n{at_all}", cells[1]);
                }
            }
        }
    }
}

/// An arrow on the way says where a wire goes that leaves the view. Over a junction it would hide that, and beside its own
/// label it would seem to point at it.
#[test]
fn arrows_on_the_way_hide_no_junction() {
    for text in [CLINIC, FREIGHT] {
        let mut app = open(text, 200, 60);
        app.map.view.around = None;
        press(&mut app, "x");
        let (bounds, canvas) = (app.map.bounds(), Size { width: 60, height: 14 });
        let wires = &app.map.diagram.wires.clone();
        for (x, y) in (0..bounds.width).step_by(7).flat_map(|x| (0..bounds.height).step_by(5).map(move |y| (x, y))) {
            app.map.pan = Point::new(bounds.x + x, bounds.y + y);
            let scene = app.map.scene(&app.model, canvas, Marks::default(), Charset::Unicode);
            for at in wires.iter().flat_map(|wire| &wire.path) {
                let shown = scene.cell(at.x - app.map.pan.x, at.y - app.map.pan.y);
                if shown.ink != Ink::Arrow || wires.iter().any(|wire| wire.path.last() == Some(at)) {
                    continue;
                }
                // Every wire that passes runs straight, and all of them the same way.
                let passing = wires.iter().flat_map(|wire| wire.path.windows(3)).filter(|cells| cells[1] == *at);
                let level: Vec<Option<bool>> = passing
                    .map(|cells| match (cells[0].x == cells[2].x, cells[0].y == cells[2].y) {
                        (true, false) => Some(false),
                        (false, true) => Some(true),
                        _ => None,
                    })
                    .collect();
                assert!(level.iter().all(|one| one.is_some() && *one == level[0]), "{at:?}\n{}", scene.to_text());
            }
        }
    }
}

/// Another level shows what was looked at before, and no void beyond the picture while a part of it is cut off.
#[test]
fn another_level_shows_what_was_looked_at() {
    for (text, columns, rows, keys) in [
        (CLINIC, 80, 24, ""),
        (CLINIC, 80, 24, "j"),
        (CLINIC, 120, 40, "jl"),
        (FREIGHT, 80, 24, "jj"),
        (FREIGHT, 120, 40, ""),
        (FREIGHT, 200, 60, "jjj"),
    ] {
        let mut app = open(text, columns, rows);
        press(&mut app, keys);
        press(&mut app, "-----");
        for step in ["", "+", "+", "+"] {
            press(&mut app, step);
            let (bounds, canvas) = (app.map.bounds(), app.canvas());
            let view = sandtable::diagram::Rect::at(app.map.pan, canvas);
            let picture = screen(&app);
            if bounds.width > canvas.width {
                assert!(view.x >= bounds.x - 1 && view.right() <= bounds.right() + 1, "{view:?} {bounds:?}\n{picture}");
            }
            if bounds.height > canvas.height {
                assert!(
                    view.y >= bounds.y - 1 && view.bottom() <= bounds.bottom() + 1,
                    "{view:?} {bounds:?}\n{picture}"
                );
            }
            let rect = app.cursor().and_then(|id| app.map.rect_of(id));
            assert!(rect.is_none_or(|rect| rect.overlaps(&view)), "{keys} {step}\n{picture}");
        }
    }
    // What is shown in full stands near the middle: no farther off than labels beside it need.
    let mut app = clinic(80, 24);
    press(&mut app, "+++");
    let rect = app.map.rect_of(app.cursor().unwrap()).unwrap();
    assert_eq!(app.map.view.zoom, Zoom::Detail);
    assert!((rect.center().x - app.map.pan.x - 40).abs() <= 4, "{}", screen(&app));
    // Back at the level at which it opened it is the same picture.
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut app = clinic(columns, rows);
        let before = app.map.scene(&app.model, app.canvas(), Marks::default(), Charset::Unicode).to_text();
        press(&mut app, "-----+");
        assert_eq!(app.map.view.zoom, Zoom::Rows);
        let after = app.map.scene(&app.model, app.canvas(), Marks::default(), Charset::Unicode).to_text();
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&after), words(&before), "{columns}x{rows}");
    }
}

/// A picture that became another one under the view is not cut off beside a void, whatever was looked at before.
#[test]
fn a_new_picture_is_not_cut_off_beside_a_void() {
    for (text, columns, rows) in [(CLINIC, 80, 24), (CLINIC, 120, 40), (FREIGHT, 120, 40)] {
        let mut app = open(text, columns, rows);
        for keys in ["<Esc><Esc>jjl", "zm", "zr", "j", "/re<Enter>", "<Esc>", "zz", "zz", "t"] {
            press(&mut app, keys);
            if app.cursor().and_then(|id| app.map.box_of(id)).is_none() {
                continue;
            }
            let (bounds, view) = (app.map.bounds(), sandtable::diagram::Rect::at(app.map.pan, app.canvas()));
            for (from, to, start, end) in
                [(view.x, view.right(), bounds.x, bounds.right()), (view.y, view.bottom(), bounds.y, bounds.bottom())]
            {
                let (before, behind) = (start - from, to - end);
                let is_good = (before <= 1 || behind >= 0) && (behind <= 1 || before >= 0);
                assert!(is_good, "{keys}: {bounds:?} in {view:?}\n{}", screen(&app));
            }
        }
    }
}

/// At the farthest level the zone is lit in which the selected element is, and no key is offered that does nothing.
#[test]
fn zones_show_where_the_selection_is() {
    let mut app = clinic(200, 60);
    press(&mut app, "---");
    assert!(screen(&app).contains("zoom: zones, the farthest level"));
    app.toasts.dismiss();
    let hints = screen(&app);
    assert!(hints.contains("+ zoom in") && !hints.contains("- zoom out"), "{hints}");
    go_to(&mut app, "service Records connector");
    press(&mut app, "-----");
    assert_eq!(app.map.view.zoom, Zoom::Zones);
    let art = app.map.projection.art(&app.model, Marks { cursor: app.cursor(), ..Marks::default() });
    let lit: Vec<&str> = art.nodes.iter().filter(|node| node.selected).map(|node| node.lines[0].as_str()).collect();
    assert_eq!(lit, ["Clinic network"]);
}

/// Boxes say what is not known rather than that there is none, and nothing twice.
#[test]
fn boxes_tell_no_more_than_is_known() {
    let actions: String =
        (0..12).map(|at| format!("\"act-{at}\": (title: \"Act {at}\", kind: Action, service: \"s\"),")).collect();
    let text = format!(
        "#![enable(implicit_some)]\nModel(format: 1, title: \"Few\", datasets: {{\"d\": (title: \"Data\", class: \"internal\"), \
         \"e\": (fields: {{\"f\": ()}})}}, roles: {{\"r\": (title: \"Reader\")}}, services: {{\"s\": ()}}, endpoints: {{{actions}}}, \
         grants: {{\"g\": (role: \"r\", endpoint: \"act-1\", op: Read, dataset: \"d\", rows: All)}})"
    );
    let mut app = open(&text, 200, 60);
    app.map.view.zoom = Zoom::Cards;
    press(&mut app, "x");
    let lines: Vec<Vec<String>> = app.map.projection.lines.iter().map(|lines| lines.to_vec()).collect();
    let of = |title: &str| lines.iter().find(|lines| lines[0] == title).unwrap_or_else(|| panic!("{title}: {lines:?}"));
    assert_eq!(of("Data")[1], "internal · fields ?");
    assert_eq!(of("e")[1], "class ? · 1 field");
    assert_eq!(of("action ×12")[..3], ["action ×12", "Act 0", "Act 1"]);
    let (node, rect) =
        lines.iter().zip(&app.map.diagram.placement.nodes).find(|(lines, _)| lines[0].contains('×')).unwrap();
    assert_eq!(rect.height, node.len() as i32 + 2, "there is a blank row");
    app.select(Some(element(Section::Roles, "r")));
    press(&mut app, "+");
    let role = app.map.projection.lines.concat().join("\n");
    assert!(role.contains("what it can do:\n  at Act 1: read Data") && !role.contains("who gets at it"), "{role}");
}

/// The names of facts stand there whole, with the lines that the outline has below.
#[test]
fn panes_cut_no_name_that_has_room() {
    let mut app = clinic(120, 40);
    go_to(&mut app, "service Records connector");
    let picture = screen(&app);
    for line in ["credential owner ? unknown", "literal secrets  –", "owner            Portal developer"] {
        assert!(picture.contains(line), "{line}\n{picture}");
    }
    let mut app = clinic(200, 24);
    let rows = app.outline.current(&app.model, app.revision).len();
    let picture = screen(&app);
    assert!(picture.contains(&format!("▼ {}", rows - 21)), "{rows}\n{picture}");
    // What is selected in a closed section lights that up.
    app.select(Some(element(Section::Roles, "clerk")));
    press(&mut app, "x");
    let at = app.outline.list.at();
    assert_eq!(app.outline.current(&app.model, app.revision)[at].title, "Roles");
}

/// The title of a boundary that begins to the left of the view stands where its upper wall is in view and free.
#[test]
fn boundaries_have_their_titles_in_view() {
    let mut late = 0;
    for text in [CLINIC, FREIGHT] {
        let mut app = open(text, 200, 60);
        app.map.view.around = None;
        press(&mut app, "+");
        let bounds = app.map.bounds();
        let boundaries: Vec<_> =
            app.map.projection.boundaries.iter().zip(&app.map.diagram.placement.boundaries).collect();
        for x in (0..bounds.width).step_by(11) {
            let view = sandtable::diagram::Rect::new(bounds.x + x, bounds.y, 90, bounds.height);
            let art = app.map.projection.art(&app.model, Marks::default());
            let scene = sandtable::diagram::paint(&app.map.diagram, &art, view, Charset::Unicode);
            let rows: Vec<String> = scene.to_text().lines().map(str::to_owned).collect();
            for (slug, walls) in &boundaries {
                let title = app.model.title_of(&element(Section::Boundaries, slug.as_str())).to_owned();
                let (from, to) = (walls.x.max(view.x) - view.x, walls.right().min(view.right()) - view.x);
                let row = rows[(walls.y - bounds.y) as usize].chars().skip(from as usize);
                let row: String = row.take((to - from).max(0) as usize).collect();
                // A free run of wall that is longer than the title, and none of it.
                let room = "═".repeat(title.chars().count().min(40) + 9);
                assert!(!row.contains(&room) || row.contains(&format!("╡{title}╞")), "{title}:\n{}", rows.join("\n"));
                late += usize::from(walls.x < view.x && row.contains(&format!("╡{title}╞")));
            }
        }
    }
    assert!(late > 3, "{late}");
}

/// The farthest level is an overview: on a low screen zones say less, so that all of them are in view.
#[test]
fn zones_say_less_where_all_of_them_have_room_then() {
    for (text, rows, brevity) in [
        (FREIGHT, 60, Brevity::Full),
        (FREIGHT, 24, Brevity::Brief),
        (FREIGHT, 18, Brevity::Bare),
        // Where flows run to the right they stand beside each other.
        (FREIGHT, 9, Brevity::Brief),
        (CLINIC, 24, Brevity::Full),
    ] {
        let mut app = open(text, 80, rows);
        press(&mut app, "<Esc><Esc><Esc>-----");
        let said = app.map.drawn().map(|(_, view)| (view.zoom, view.brevity));
        assert_eq!(said, Some((Zoom::Zones, brevity)), "{rows}:\n{}", screen(&app));
        // Nearer, and back on a screen with room, nothing is left out.
        press(&mut app, "+");
        assert_eq!(app.map.drawn().map(|(_, view)| view.brevity), Some(Brevity::Full));
        send(&mut app, sandtable::app::msg::Msg::Resize(80, 60));
        press(&mut app, "-");
        assert_eq!(app.map.drawn().map(|(_, view)| view.brevity), Some(Brevity::Full));
    }
}

/// An outline that nobody asked for cuts no name off that has room in a quarter of the screen; and it goes where names would
/// be cut for the sake of the picture.
#[test]
fn the_outline_tells_whole_names_or_nothing() {
    let (mut told, mut gone) = (0, 0);
    for text in [CLINIC, FREIGHT] {
        for columns in [140, 160, 180, 200, 220] {
            for keys in ["", "f", "-----", "-----+", "-----++", "-----+++", "-----++++"] {
                let mut app = open(text, columns, 60);
                press(&mut app, keys);
                let Some(area) = app.frame().outline else {
                    gone += 1;
                    assert!(app.map.widened, "{columns} {keys}");
                    continue;
                };
                told += 1;
                let all = screen(&app);
                let outline = all.lines().map(|line| line.chars().take(area.width as usize).collect::<String>());
                let is_cut = outline.collect::<String>().contains('…');
                assert!(!is_cut || area.width == i32::from(columns) / 4, "{columns} {keys}:\n{all}");
            }
        }
    }
    assert!(told > 9 && gone > 0, "{told} {gone}");
    // Who asks for it has it, whatever is cut off.
    let mut app = clinic(200, 60);
    assert!(app.frame().outline.is_none());
    press(&mut app, "<Space>o");
    assert!(app.frame().outline.is_some());
    press(&mut app, "f");
    assert!(app.frame().outline.is_some());
}

/// Which roles are drawn as inheriting which, by their letters.
fn hierarchy(roles: &str, around: Option<&str>) -> String {
    let model = sandtable::store::ron::load(&format!(
        "Model(format: 1, title: \"Roles\", endpoints: {{\"e\": ()}}, roles: {{{roles}}}, grants: {{
         \"g1\": (role: \"a\", endpoint: \"e\", operations: [Read]), \"g2\": (role: \"b\", endpoint: \"e\", operations: [Read])}})"
    ))
    .unwrap()
    .model;
    let around = around.map(|slug| (element(Section::Roles, slug), 1));
    let view = ViewOptions { access: true, around, ..ViewOptions::default() };
    let picture = project(&model, &view, &Known::of(&model));
    let name = |node: usize| picture.nodes[node].element().unwrap().slug.to_string();
    let wires = picture.graph.edges.iter().map(|edge| format!("{}{}", name(edge.from), name(edge.to)));
    let mut wires: Vec<String> = wires.filter(|wire| !wire.contains('e')).collect();
    wires.sort();
    wires.join(" ")
}

#[test]
fn a_hierarchy_of_roles_is_drawn_by_its_direct_steps() {
    for (roles, around, drawn) in [
        // All that follows from the steps is left out.
        (
            r#""a": (inherits: ["b", "c", "d"]), "b": (inherits: ["c", "d"]), "c": (inherits: ["d"]), "d": ()"#,
            None,
            "ab bc cd",
        ),
        // Two ways stay two ways.
        (
            r#""a": (inherits: ["b", "c"]), "b": (inherits: ["d"]), "c": (inherits: ["d"]), "d": ()"#,
            None,
            "ab ac bd cd",
        ),
        // In a circle everybody can still be reached from everybody.
        (
            r#""a": (inherits: ["b", "c"]), "b": (inherits: ["c", "a"]), "c": (inherits: ["a", "b"])"#,
            None,
            "ac bc ca cb",
        ),
        // Around one role, its own wires are drawn as they are written; and where the role between is not in the picture, the
        // way by it is not, either.
        (
            r#""a": (inherits: ["b", "c", "d"]), "b": (inherits: ["c", "d"]), "c": (inherits: ["d"]), "d": ()"#,
            Some("a"),
            "ab ac ad bc cd",
        ),
        (
            r#""a": (inherits: ["b", "c"]), "b": (inherits: ["d"]), "c": (inherits: ["b", "x"]), "d": (), "x": (inherits: ["d"])"#,
            Some("d"),
            "bd xd",
        ),
    ] {
        assert_eq!(hierarchy(roles, around), drawn, "{roles} around {around:?}");
    }
}

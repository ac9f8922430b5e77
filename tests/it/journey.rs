//! The journey of data: where it goes, who reads it there, what is only maybe so.

use super::headless::{CLINIC, clinic, press, screen};
use insta::assert_snapshot;
use sandtable::analysis::access::effective;
use sandtable::analysis::journey::{Cargo, Certainty, Journey, journey};
use sandtable::app::layer::Layer;
use sandtable::model::Model;
use sandtable::store::ron::load;

const BOUNDARIES: &str = r#"boundaries: {"in": (title: "In"), "out": (title: "Out")},"#;

/// A model of three datasets, two endpoints of a service, and flows in between.
fn small(flows: &str, grants: &str) -> Model {
    let text = format!(
        r#"#![enable(implicit_some)]
        Model(format: 1, title: "Small", {BOUNDARIES}
        datasets: {{
          "people": (boundary: "in", class: "internal", fields: {{"email": (class: "confidential"), "id": ()}}),
          "people.old": (boundary: "in", fields: {{"email": ()}}),
          "other": (boundary: "in"),
        }},
        roles: {{"desk": (), "guest": ()}},
        actors: {{
          "ann": (boundary: "out", roles: ["desk"]),
          "bob": (boundary: "out", roles: ["guest"]),
          "cy": (boundary: "out"),
        }},
        services: {{"engine": (boundary: "in"), "mailer": (boundary: "out")}},
        endpoints: {{"api": (service: "engine")}},
        grants: {{{grants}}},
        flows: {{{flows}}},
        )"#
    );
    let loaded = load(&text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.diagnostics, []);
    loaded.model
}

fn of(model: &Model, cargo: &str) -> Journey {
    let cargo = Cargo::parse(model, cargo).unwrap_or_else(|| panic!("{cargo}"));
    journey(model, &effective(model), &cargo)
}

/// The stations, each with its distance, a `?` where it only may be one, a `-` where nothing leads there.
fn stations(journey: &Journey) -> String {
    let one = |station: &sandtable::analysis::journey::Station| {
        let hops = station.hops.map_or("-".to_owned(), |hops| hops.to_string());
        let sure = if station.certainty.is_certain() { "" } else { "?" };
        format!("{}{sure}:{hops}", station.id.slug)
    };
    journey.stations.iter().map(one).collect::<Vec<_>>().join(" ")
}

const READ: &str =
    r#""r": (role: "desk", endpoint: "api", op: Read, dataset: "people", fields: Only(["id"]), rows: All),"#;
const READ_ALL: &str = r#""r": (role: "desk", endpoint: "api", op: Read, dataset: "people", fields: All, rows: All),"#;

#[test]
fn data_goes_where_the_model_says_and_maybe_where_it_does_not_say() {
    for (what, cargo, flows, grants, wanted) in [
        ("nothing is declared", "people", "", "", "people:0"),
        (
            "a flow that names the dataset",
            "people",
            r#""f": (from: "people", to: "engine", data: ["people"])"#,
            "",
            "people:0 engine:1",
        ),
        (
            "whichever way the flow points",
            "people",
            r#""f": (from: "engine", to: "people", data: ["people"])"#,
            "",
            "people:0 engine:1",
        ),
        (
            "a flow that names other data",
            "people",
            r#""f": (from: "people", to: "engine", data: ["other"])"#,
            "",
            "people:0",
        ),
        ("a flow of unknown data", "people", r#""f": (from: "people", to: "engine")"#, "", "people:0 engine?:1"),
        (
            "a flow that names a class of the data",
            "people",
            r#""f": (from: "people", to: "engine", classes: ["confidential"])"#,
            "",
            "people:0 engine?:1",
        ),
        (
            "a flow that names another class",
            "people",
            r#""f": (from: "people", to: "engine", classes: ["restricted"])"#,
            "",
            "people:0",
        ),
        (
            "a class may be that of data whose class is unknown",
            "people.old",
            r#""f": (from: "people.old", to: "engine", classes: ["restricted"])"#,
            "",
            "people.old:0 engine?:1",
        ),
        (
            "behind a maybe all is maybe",
            "people",
            r#""f": (from: "people", to: "engine"), "g": (from: "engine", to: "mailer")"#,
            "",
            "people:0 engine?:1 mailer?:2",
        ),
        (
            "what is carried where nothing leads from the data is a gap",
            "people",
            r#""f": (from: "mailer", to: "cy", data: ["people"])"#,
            "",
            "people:0 cy:- mailer:-",
        ),
        ("an endpoint that hands it out", "people", "", READ, "people:0 api:1"),
        (
            "an endpoint and who comes there",
            "people",
            r#""f": (from: "ann", to: "api", data: ["people"])"#,
            READ,
            "people:0 api:1 ann:2",
        ),
        (
            "a service takes on what its endpoint has",
            "people",
            r#""f": (from: "engine", to: "mailer", data: ["people"])"#,
            READ,
            "people:0 api:1 engine:2 mailer:3",
        ),
        (
            "a field that no grant covers stays",
            "people.email",
            r#""f": (from: "ann", to: "api", data: ["people"])"#,
            READ,
            "people:0",
        ),
        (
            "a field that a grant covers",
            "people.email",
            r#""f": (from: "ann", to: "api", data: ["people"])"#,
            READ_ALL,
            "people:0 api:1 ann:2",
        ),
        (
            "another role's caller may get it or not: nobody said that it gets anything",
            "people.email",
            r#""f": (from: "bob", to: "api", data: ["people"])"#,
            READ_ALL,
            "people:0 api:1 bob?:2",
        ),
        (
            "a caller in no known role",
            "people.email",
            r#""f": (from: "cy", to: "api", data: ["people"])"#,
            READ_ALL,
            "people:0 api:1 cy?:2",
        ),
        (
            "of which fields a flow elsewhere is, nobody said",
            "people.email",
            r#""f": (from: "people", to: "engine", data: ["people"])"#,
            "",
            "people:0 engine?:1",
        ),
    ] {
        assert_eq!(stations(&of(&small(flows, grants), cargo)), wanted, "{what}");
    }
}

#[test]
fn readers_are_those_whose_grants_cover_the_data() {
    let unknown = r#""r": (role: "guest", endpoint: "api", op: Read, dataset: "people", rows: Owner("id")),"#;
    for (cargo, grants, wanted) in [
        ("people", READ, "desk certain [ann]"),
        ("people.id", READ, "desk certain [ann]"),
        ("people.email", READ, ""),
        ("people.email", unknown, "guest maybe [bob]"),
        ("people", r#""r": (role: "desk", endpoint: "api", op: Delete, dataset: "people", rows: All),"#, ""),
        (
            "people",
            r#""r": (role: "desk", endpoint: "api", op: Read, dataset: "people", fields: All, rows: Nobody),"#,
            "",
        ),
    ] {
        let journey = of(&small("", grants), cargo);
        let reader = |reader: &sandtable::analysis::journey::Reader| {
            let sure = if reader.covered == Certainty::Certain { "certain" } else { "maybe" };
            let actors: Vec<&str> = reader.actors.iter().map(|slug| slug.as_str()).collect();
            format!("{} {sure} [{}]", reader.who.slug, actors.join(" "))
        };
        let readers: Vec<String> = journey.stations[0].readers.iter().map(reader).collect();
        assert_eq!(readers.join(" "), wanted, "{cargo} {grants}");
    }
}

#[test]
fn a_leg_says_which_walls_it_crosses() {
    let model = small(r#""f": (from: "people", to: "mailer", data: ["people"], encrypted: false)"#, "");
    let journey = of(&model, "people");
    let walls: Vec<(&str, bool)> = journey.legs[0].walls.iter().map(|(slug, into)| (slug.as_str(), *into)).collect();
    assert_eq!((walls, journey.legs[0].encrypted), (vec![("in", false), ("out", true)], Some(false)));
}

#[test]
fn names_with_dots_are_read() {
    let model = small("", "");
    for (text, wanted) in [
        ("people", Some(("people", None))),
        ("people.email", Some(("people", Some("email")))),
        ("people.old", Some(("people.old", None))),
        ("people.old.email", Some(("people.old", Some("email")))),
        ("people.old.id", None),
        ("nobody", None),
        ("", None),
        (".", None),
    ] {
        let found = Cargo::parse(&model, text);
        let found = found.as_ref().map(|cargo| (cargo.dataset.as_str(), cargo.field.as_deref()));
        assert_eq!(found, wanted, "{text}");
    }
}

/// The workbench with the list of a journey open.
fn travelling(columns: u16, rows: u16, keys: &str) -> sandtable::app::App {
    let mut app = clinic(columns, rows);
    press(&mut app, "<Esc><Space>f");
    super::headless::send(&mut app, sandtable::app::msg::Msg::Paste("dataset Patients".into()));
    press(&mut app, "<Enter>");
    assert_eq!(app.cursor().unwrap().to_string(), "datasets/patients");
    press(&mut app, keys);
    app
}

#[test]
fn the_journey_on_the_map_and_as_a_list() {
    let mut app = travelling(120, 40, "zj<Enter>");
    assert!(matches!(app.layers.last(), Some(Layer::Picker(_))));
    assert_snapshot!("journey_list_120x40", screen(&app));
    assert_snapshot!("journey_list_80x24", screen(&travelling(80, 24, "zj<Enter>")));
    // Enter goes to the station; the rest of the map stays dimmed until esc ends the journey.
    press(&mut app, "Portal<Space>API<Enter>");
    assert_eq!(app.cursor().unwrap().to_string(), "endpoints/portal-api");
    assert_snapshot!("journey_map_120x40", screen(&app));
    press(&mut app, "zj");
    assert!(matches!(app.layers.last(), Some(Layer::Picker(_))), "the list comes back");
    press(&mut app, "<Esc><Esc>");
    assert!(app.map.journey.is_none() && app.cursor().is_some(), "esc ends the journey, and nothing else");
}

#[test]
fn the_journey_of_a_field_is_asked_for_from_its_fact() {
    let mut app = travelling(120, 40, "e/email<Enter>zj");
    let Some(Layer::Picker(picker)) = app.layers.last() else { panic!("no list") };
    assert_eq!(picker.chosen().unwrap().label, "email");
    press(&mut app, "<Enter>");
    assert_eq!(app.map.journey.as_ref().unwrap().cargo.field.as_deref(), Some("email"));
}

#[test]
fn a_journey_ends_with_its_dataset() {
    let mut app = travelling(120, 40, "zj<Enter><Esc>dy");
    assert!(!app.model.datasets.contains_key("patients"), "{:?}", app.layers);
    assert!(app.map.journey.is_none());
    press(&mut app, "u");
    assert!(app.model.datasets.contains_key("patients"));
    assert!(load(CLINIC).is_ok());
}

//! What is kept while a model is edited is what making it anew gives: what is wrong with it, what is not saved, the lines
//! of the outline, and what the map draws.

use super::docket::{Step, edit};
use super::headless::FREIGHT;
use proptest::prelude::*;
use sandtable::app::App;
use sandtable::app::badge::Known;
use sandtable::app::config::Settings;
use sandtable::app::msg::Msg;
use sandtable::app::outline::Outline;
use sandtable::app::projection::{Zoom, project};
use sandtable::app::update::{make, update};
use sandtable::model::validate::validate;
use sandtable::store::ron::load;

/// A large model with some of everything: elements in stacks, flows beside flows, a circle, a name that nobody has.
const CROWDED: &str = r#"#![enable(implicit_some)]
Model(format: 1, title: "Crowded",
  boundaries: {"a": (title: "A"), "b": (title: "B", parent: "a"), "c": (), "void": ()},
  datasets: {"d.one": (boundary: "b"), "d.two": (boundary: "b", class: "internal"), "d.three": (boundary: "b"),
    "d.four": (boundary: "b"), "d.five": (boundary: "b"), "d.six": (boundary: "b"), "d.seven": (boundary: "b"),
    "e.one": (boundary: "b"), "e.two": (boundary: "b"), "e.three": (boundary: "b"), "f": (boundary: "nowhere")},
  actors: {"x": (boundary: "c"), "y": ()},
  services: {"s": (boundary: "a"), "t": (boundary: "c")},
  endpoints: {"p": (service: "s"), "q": (service: "t", kind: Rest), "r": (boundary: "b")},
  flows: {"fl-1": (from: "x", to: "p"), "fl-2": (from: "p", to: "d.one", data: ["d.two"]), "fl-3": (from: "x", to: "p"),
    "fl-4": (from: "y", to: "q", encrypted: true), "fl-5": (from: "q", to: "q"), "fl-6": (from: "t", to: "nobody"),
    "fl-7": (from: "s", to: "e.one")})"#;

fn zoom(at: u8) -> Zoom {
    [Zoom::Boxes, Zoom::Zones, Zoom::Rows, Zoom::Cards][usize::from(at) % 4]
}

fn compare(app: &App, context: &str) -> Result<(), TestCaseError> {
    let model = &app.model;
    let problems = validate(model);
    prop_assert_eq!(app.derived().checked.problems(), problems.as_slice(), "problems after {}", context);
    prop_assert_eq!(app.is_dirty(), **model != app.saved, "unsaved after {}", context);
    let mut anew = Outline::default();
    anew.toggled.clone_from(&app.outline.toggled);
    prop_assert_eq!(app.outline.shown(model, app.revision), anew.shown(model, 0), "outline after {}", context);
    let known = Known::of(model).with_controls(model, &app.derived().controls);
    prop_assert!(app.map.known.differences(&known).is_empty(), "what is known after {}", context);
    let (_, view) = app.map.drawn().unwrap();
    let (kept, anew) = (app.map.latest(), project(model, view, &known));
    prop_assert_eq!(&kept.nodes, &anew.nodes, "boxes after {}", context);
    prop_assert_eq!(&kept.lines, &anew.lines, "texts after {}", context);
    prop_assert_eq!(&kept.badges, &anew.badges, "badges after {}", context);
    prop_assert_eq!(&kept.wires, &anew.wires, "wires after {}", context);
    prop_assert_eq!(&kept.inside, &anew.inside, "inside after {}", context);
    prop_assert_eq!(&kept.graph, &anew.graph, "graph after {}", context);
    for id in model.ids() {
        prop_assert_eq!(kept.node_of(&id), anew.node_of(&id), "the box of {} after {}", id, context);
    }
    Ok(())
}

/// Edits a workbench at a level, takes back, makes again, and compares each time.
fn follow(text: &str, level: u8, script: &[(Step, u8)]) -> Result<(), TestCaseError> {
    let mut app = App::new(load(text).unwrap().model, "m.ron", Settings::default());
    update(&mut app, Msg::Resize(200, 60));
    app.map.view.zoom = zoom(level);
    update(&mut app, Msg::Rested);
    for (step, then) in script {
        let Some(edit) = edit(&app.model, *step) else { continue };
        // At most two of them are seen by the workbench at once.
        make(&mut app, edit.clone());
        if then % 4 > 0 {
            update(&mut app, Msg::Rested);
            compare(&app, &format!("{edit:?}"))?;
        }
        if then % 3 == 0 {
            update(&mut app, Msg::Key(sandtable::app::key::parse("u").unwrap()[0]));
            compare(&app, &format!("undoing {edit:?}"))?;
            update(&mut app, Msg::Key(sandtable::app::key::parse("U").unwrap()[0]));
            compare(&app, &format!("redoing {edit:?}"))?;
        }
        if then % 7 == 0 {
            app.note_saved();
            update(&mut app, Msg::Rested);
            compare(&app, "saving")?;
        }
    }
    Ok(())
}

fn a_script() -> impl Strategy<Value = Vec<(Step, u8)>> {
    let step = (any::<u8>(), 0_usize..64, 0_usize..64, 0_usize..64, 0_usize..64);
    prop::collection::vec((step, any::<u8>()), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_of_a_crowd_is_what_is_made_anew(level in any::<u8>(), script in a_script()) {
        follow(CROWDED, level, &script)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_of_a_large_model_is_what_is_made_anew(level in any::<u8>(), script in a_script()) {
        follow(FREIGHT, level, &script)?;
    }
}

//! Comments go with an edit that rewrites or takes out an element: undo, redo and recovery bring back every one.

use super::headless::{open, press, send};
use sandtable::app::App;
use sandtable::app::msg::Msg;
use sandtable::model::edit::{self, Edit};
use sandtable::model::wording::Rewording;
use sandtable::model::{ElementId, Section, Slug};
use sandtable::store::document::OpenDocument;
use sandtable::store::journal::recoverable;
use sandtable::store::places::Places;
use sandtable::store::ron::wording::wording;
use sandtable::store::ron::{format, load, weave};

const COMMENTED: &str = include_str!("fixtures/commented.ron");

/// The text that a save would write.
fn woven(app: &App) -> String {
    let text = weave(&app.saved_text, &app.saved, &app.model).unwrap();
    let read = load(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(read.model, *app.model, "{text}");
    text
}

/// Saves as a session does, and returns the text of the file.
fn save(app: &mut App) -> String {
    let text = woven(app);
    app.saved_text.clone_from(&text);
    send(app, Msg::Saved);
    text
}

fn workbench(text: &str) -> App {
    let mut app = open(text, 120, 40);
    text.clone_into(&mut app.saved_text);
    app
}

fn delete(app: &mut App, id: &ElementId) {
    app.select(Some(id.clone()));
    press(app, "d");
    if !app.layers.is_empty() {
        press(app, "y");
    }
    assert!(!app.model.has(id.section, id.slug.as_str()), "{id} is still there");
}

/// Whether or not a save stands between, an element that was deleted comes back with every byte, and so does what
/// referred to it.
#[test]
fn a_deletion_taken_back_leaves_no_trace() {
    let text = format(COMMENTED).unwrap();
    let ids: Vec<ElementId> = load(&text).unwrap().model.ids().collect();
    assert!(ids.len() > 15);
    for id in ids {
        let mut app = workbench(&text);
        delete(&mut app, &id);
        press(&mut app, "u");
        assert_eq!(woven(&app), text, "{id}, not saved between");
        assert!(!app.is_dirty(), "{id}");

        press(&mut app, "U");
        let without = save(&mut app);
        assert_ne!(without, text);
        press(&mut app, "u");
        assert!(app.is_dirty(), "{id}");
        assert_eq!(save(&mut app), text, "{id}, saved between");
        press(&mut app, "U");
        assert_eq!(save(&mut app), without, "{id}, deleted again");
    }
}

/// In a file of any form, comments come back to the element that had them.
#[test]
fn a_deletion_taken_back_brings_the_comments_back() {
    for id in load(COMMENTED).unwrap().model.ids().collect::<Vec<_>>() {
        let mut app = workbench(COMMENTED);
        delete(&mut app, &id);
        save(&mut app);
        press(&mut app, "u");
        let text = save(&mut app);
        let trimmed = |text: &str| wording(text, &id).unwrap().trim().trim_end_matches(',').to_owned();
        if wording(COMMENTED, &id).unwrap().contains(['/']) {
            assert_eq!(trimmed(&text), trimmed(COMMENTED), "{id}\n{text}");
        }
    }
}

fn guest() -> ElementId {
    ElementId::new(Section::Roles, Slug::new("guest").unwrap())
}

/// What comes back from the editor, as the session reads it.
fn written(app: &mut App, value: &str) {
    let id = guest();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.ron");
    std::fs::write(&path, &app.saved_text).unwrap();
    let places = Places::new(folder.path().join("state"), folder.path().join("config"));
    let document = OpenDocument::open(&places, &path).unwrap();
    let read = document.read_element_text(&app.model, &id, value).unwrap();
    assert_eq!(document.text(), app.saved_text, "reading changes nothing");
    send(app, Msg::Edited(id, Some(Box::new(read))));
}

/// A comment alone is an edit: it makes the model dirty, is one step of undo, and is redone.
#[test]
fn a_comment_is_a_step_of_undo() {
    for text in [COMMENTED.to_owned(), format(COMMENTED).unwrap()] {
        let mut app = workbench(&text);
        let value = "(\n      // Asked on Monday.\n      title: \"Guest\",\n      kind: Anonymous, mfa: false, privileged: false, holders: 3, // still three\n    )";
        written(&mut app, value);
        assert!(app.is_dirty());
        assert_eq!(app.history.undo_names().next(), Some("edit Guest"));
        let commented = woven(&app);
        assert!(commented.contains("// Asked on Monday.") && !commented.contains("Nobody knows how"), "{commented}");

        press(&mut app, "u");
        assert!(!app.is_dirty());
        assert_eq!(woven(&app), text);
        press(&mut app, "U");
        assert!(app.is_dirty());
        assert_eq!(save(&mut app), commented);
        assert!(!app.is_dirty());

        // Taken back after the save, and together with an edit of a fact.
        press(&mut app, "u");
        assert!(app.is_dirty());
        assert_eq!(save(&mut app), text);
        app.select(Some(guest()));
        press(&mut app, "rGast<Enter>");
        written(&mut app, "(title: \"Gast\" /* Dutch */, holders: 4)");
        let both = save(&mut app);
        assert!(both.contains("/* Dutch */") && both.contains("holders: 4"), "{both}");
        press(&mut app, "uu");
        assert_eq!(woven(&app), text);
    }
}

/// A wording that is not the text of that element changes nothing but what the edit says.
#[test]
fn a_wording_of_something_else_is_left_out() {
    let base = load(COMMENTED).unwrap().model;
    let renamed = edit::set_field(&base, &guest(), "title", Some("\"Gast\"")).unwrap();
    let nested = format!("\"guest\": {}", "(".repeat(1_000));
    for junk in [
        "",
        "junk",
        "\"guest\"",
        "\"clerk\": (title: \"Clerk\")",
        "\"guest\": (title: \"Gast\"), \"evil\": ()",
        "\"guest\": (title: \"Gast\")}, people: {",
        "\"guest\": (title: 7)",
        "\"guest\": [1]",
        "\"guest\": (title: \"Gast\" /* open",
        nested.as_str(),
    ] {
        let mut model = base.clone();
        let rewording = Rewording { id: guest(), before: None, after: Some(junk.into()) };
        Edit { wordings: vec![rewording], ..renamed.clone() }.apply(&mut model);
        let mut plain = base.clone();
        renamed.apply(&mut plain);
        let text = weave(COMMENTED, &base, &model).unwrap();
        assert_eq!(text, weave(COMMENTED, &base, &plain).unwrap(), "{junk}");
    }
    // One whose last comment reaches to the end of its line swallows nothing.
    let mut model = base.clone();
    let after =
        Some("\"guest\": (title: \"Guest\", kind: Anonymous, mfa: false, privileged: false, holders: 3) // end".into());
    Edit { wordings: vec![Rewording { id: guest(), before: None, after }], ..Edit::new("reword", Vec::new()) }
        .apply(&mut model);
    let text = weave(COMMENTED, &base, &model).unwrap();
    assert_eq!(load(&text).unwrap().model, base, "{text}");
    assert!(text.contains("// end"), "{text}");
}

/// The journal keeps wordings: what a killed session had written is offered with its comments.
#[test]
fn a_wording_outlives_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.ron");
    std::fs::write(&path, COMMENTED).unwrap();
    let places = Places::new(folder.path().join("state"), folder.path().join("config"));
    let mut document = OpenDocument::open(&places, &path).unwrap();
    let model = document.base().clone();
    let text = document.element_text(&model, &guest()).unwrap().replace("3)", "3 /* counted \u{e9}\n twice */)");
    let (element, rewording) = document.read_element_text(&model, &guest(), &text).unwrap();
    assert_eq!(Some(&element), model.element(&guest()).as_ref(), "a comment alone");
    document.record(&Edit { wordings: vec![rewording], ..Edit::put("edit Guest", guest(), element) }).unwrap();
    drop(document);

    let found = recoverable(&places, &path).unwrap();
    let [recovery] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(recovery.names().collect::<Vec<_>>(), ["edit Guest"]);
    let recovered = recovery.replay(&model).unwrap();
    let mut document = OpenDocument::open(&places, &path).unwrap();
    document.save(&recovered).unwrap();
    assert!(std::fs::read_to_string(&path).unwrap().contains("3 /* counted \u{e9}\n twice */)"));
}

//! Findings on the map and in the inspector: they say what fires, move nothing, and are never those of another model.

use super::headless::{CLINIC, clinic, open, press, screen, send, today};
use sandtable::analysis::access::effective;
use sandtable::analysis::threats::{Outcome, RuleSet};
use sandtable::app::msg::Msg;
use sandtable::library::rule;
use sandtable::model::graph::inside_of;
use sandtable::model::{ElementId, Section};
use sandtable::store::ron::load;
use std::fmt::Write as _;

#[test]
fn findings_are_marked_behind_the_first_picture_and_move_nothing() {
    let mut app = clinic(200, 60);
    press(&mut app, "<Esc>");
    assert!(!screen(&app).contains("T20x"), "nobody waited for the rules");
    let before = app.map.diagram.clone();
    send(&mut app, Msg::Rested);
    assert!(screen(&app).contains("T20x"), "{}", screen(&app));
    assert!(app.map.diagram == before, "an answer of the rules moves no box");
}

/// Counted once by an independent way: every verdict that fires, by the elements that it touches.
#[test]
fn a_badge_counts_what_fires_at_an_element_and_inside_of_a_boundary() {
    let mut app = clinic(120, 40);
    send(&mut app, Msg::Rested);
    let model = load(CLINIC).unwrap().model;
    let rules = RuleSet::new(rule::shipped().unwrap()).unwrap();
    let verdicts = rules.judge(&model, &effective(&model), today(), false).unwrap();
    let firing: Vec<Vec<ElementId>> = verdicts
        .iter()
        .filter(|verdict| verdict.outcome == Outcome::Fires)
        .map(|verdict| verdict.place.elements())
        .collect();
    let mut marked = 0;
    for id in model.ids().filter(|id| id.section.is_node()) {
        let count = firing.iter().filter(|places| places.contains(&id)).count();
        assert_eq!(app.map.findings_of(&model, &id).len(), count, "{id}");
        marked += usize::from(count > 0);
    }
    assert!(marked > 5, "{marked}");
    for slug in model.boundaries.keys() {
        let inside = inside_of(&model, slug);
        let count = firing.iter().filter(|places| places.iter().any(|id| inside.contains(id))).count();
        let id = ElementId::new(Section::Boundaries, slug.clone());
        assert_eq!(app.map.findings_of(&model, &id).len(), count, "{slug}: each once, however many it touches");
    }
}

#[test]
fn an_edit_changes_the_findings_before_the_next_frame() {
    let mut app = clinic(120, 40);
    send(&mut app, Msg::Rested);
    let patients = ElementId::new(Section::Datasets, app.model.datasets.keys().next().unwrap().clone());
    let before = app.map.findings_of(&app.model, &patients).len();
    assert!(before > 0);
    // Out of scope, with a reason: nothing fires there any more.
    app.select(Some(patients.clone()));
    let edit = sandtable::model::edit::set_field(&app.model, &patients, "out_of_scope", Some("\"not ours\"")).unwrap();
    app.history.make(&mut app.model, edit);
    app.revision += 1;
    press(&mut app, "0");
    assert!(app.map.findings_of(&app.model, &patients).is_empty());
    press(&mut app, "u");
    assert_eq!(app.map.findings_of(&app.model, &patients).len(), before);
}

/// Rules that take long are asked when somebody looks at threats; what they said is of that model alone.
#[test]
fn of_a_large_model_no_old_finding_stays() {
    let mut text =
        String::from("#![enable(implicit_some)]\nModel(\n  format: 1,\n  title: \"Large\",\n  services: {\n");
    for at in 0..1_600 {
        let _ = writeln!(text, "    \"s{at}\": (kind: Application),");
    }
    text.push_str("  },\n  roles: {\"chief\": (kind: Admin, mfa: false)},\n)\n");
    let mut app = open(&text, 120, 40);
    send(&mut app, Msg::Rested);
    let chief = ElementId::new(Section::Roles, app.model.roles.keys().next().unwrap().clone());
    let found = |app: &sandtable::app::App| app.map.findings_of(&app.model, &chief).len();
    assert_eq!(found(&app), 0, "no key waits for the rules");
    press(&mut app, "31");
    assert_eq!(found(&app), 1);
    press(&mut app, "aaVisitor<Enter>");
    assert_eq!(found(&app), 0, "they were of the model before");
}

//! Findings on the map and in the inspector: they say what fires, move nothing, and are never those of another model.

use super::headless::{CLINIC, clinic, open, press, screen, send, today};
use sandtable::analysis::access::effective;
use sandtable::analysis::threats::{Outcome, RuleSet};
use sandtable::app::App;
use sandtable::app::config::Settings;
use sandtable::app::msg::Msg;
use sandtable::library::rule;
use sandtable::model::graph::inside_of;
use sandtable::model::wording::Rewording;
use sandtable::model::{Element, ElementId, Model, Section};
use sandtable::store::ron::load;
use std::fmt::Write as _;
use std::sync::Arc;

#[test]
fn findings_are_marked_behind_the_first_picture_and_move_nothing() {
    let mut app = clinic(200, 60);
    press(&mut app, "<Esc>+");
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
    app.history.make(Arc::make_mut(&mut app.model), edit);
    app.revision += 1;
    press(&mut app, "0");
    assert!(app.map.findings_of(&app.model, &patients).is_empty());
    press(&mut app, "u");
    assert_eq!(app.map.findings_of(&app.model, &patients).len(), before);
}

#[test]
fn of_a_large_model_findings_follow_each_edit() {
    let mut text =
        String::from("#![enable(implicit_some)]\nModel(\n  format: 1,\n  title: \"Large\",\n  services: {\n");
    for at in 0..1_600 {
        let _ = writeln!(text, "    \"s{at}\": (kind: Application),");
    }
    text.push_str("  },\n  roles: {\"chief\": (kind: Admin, mfa: false)},\n)\n");
    let mut app = open(&text, 120, 40);
    let chief = ElementId::new(Section::Roles, app.model.roles.keys().next().unwrap().clone());
    let found = |app: &App| app.map.findings_of(&app.model, &chief).len();
    assert_eq!(found(&app), 0, "the first picture waits for no rule");
    send(&mut app, Msg::Rested);
    assert_eq!(found(&app), 1);
    press(&mut app, "aaVisitor<Enter>");
    assert_eq!(found(&app), 1);
    app.select(Some(chief.clone()));
    let mut role = app.model.roles[&chief.slug].clone();
    role.mfa = Some(true);
    let edited = (Element::Role(Box::new(role)), Rewording { id: chief.clone(), before: None, after: None });
    send(&mut app, Msg::Edited(chief.clone(), Some(Box::new(edited))));
    assert_eq!(found(&app), 0);
    press(&mut app, "u");
    assert_eq!(found(&app), 1);
    press(&mut app, "U");
    assert_eq!(found(&app), 0);
}

/// After any edits, made, taken back and made again, the findings are those of the model as it is then.
#[test]
fn findings_that_follow_edits_are_those_of_the_model() {
    let mut app = clinic(120, 40);
    send(&mut app, Msg::Rested);
    let shown = |app: &App| {
        let told = |id: &ElementId| {
            let found = app.map.findings_of(&app.model, id).into_iter();
            found.map(|finding| (finding.risk, finding.title.clone())).collect::<Vec<_>>()
        };
        app.model.ids().map(|id| (id.clone(), told(&id))).collect::<Vec<_>>()
    };
    let ids: Vec<ElementId> = app.model.ids().collect();
    for (at, id) in ids.iter().enumerate() {
        let mut element = app.model.element(id).unwrap();
        match at % 3 {
            0 => element.reflect_mut().set("out_of_scope", Some("\"not ours\"")).unwrap(),
            1 => element.reflect_mut().set("tags", Some("[\"admin\"]")).unwrap(),
            _ => element = id.section.blank(),
        }
        let rewording = Rewording { id: id.clone(), before: None, after: None };
        send(&mut app, Msg::Edited(id.clone(), Some(Box::new((element, rewording)))));
        if at % 5 > 2 {
            press(&mut app, ["u", "uU"][at % 5 - 3]);
        }
        if at % 4 == 0 {
            let mut anew = App::new(Model::clone(&app.model), "", Settings::default());
            anew.today = app.today;
            send(&mut anew, Msg::Rested);
            assert_eq!(shown(&app), shown(&anew), "after an edit of {id}");
        }
    }
}

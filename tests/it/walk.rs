//! The walk through STRIDE and LINDDUN, the threats that a team raises in it, and the lists in which they stand.

use super::headless::{clinic, press, screen, today};
use sandtable::analysis::team::{Coverage, Looked, categories, raised};
use sandtable::analysis::threats::Outcome;
use sandtable::app::App;
use sandtable::app::list::Line;
use sandtable::app::threats::{Grouping, Listed};
use sandtable::model::threats::{Category, Verdict};
use sandtable::model::{ElementId, Section};
use sandtable::store::ron::load;

fn looked(app: &App) -> Option<Looked> {
    app.walk.coverage.looked(app.walk.element.as_ref().unwrap(), app.walk.category.unwrap())
}

#[test]
fn each_step_is_kept_and_can_be_taken_back() {
    for (keys, expected, moves) in [
        ("<Enter>", Some(Looked::NothingFound), true),
        ("dLogs are signed<Enter>", Some(Looked::Dismissed), true),
        ("aSomebody reads the printout<Enter>4 3<Enter>", Some(Looked::Raised(1)), false),
        ("aOne<Enter><Enter>aTwo<Enter>5 5<Enter>", Some(Looked::Raised(2)), false),
        ("l", None, true),
    ] {
        let mut app = clinic(80, 24);
        let before = app.model.clone();
        press(&mut app, "W");
        let first = (app.walk.element.clone(), app.walk.category);
        let (done, all) = app.walk.coverage.count(|_| true);
        press(&mut app, keys);
        assert_eq!((app.walk.element.clone(), app.walk.category) != first, moves, "{keys}");
        let said = app.walk.coverage.looked(first.0.as_ref().unwrap(), first.1.unwrap());
        assert_eq!(said, expected, "{keys}");
        assert_eq!(app.walk.coverage.count(|_| true), (done + usize::from(expected.is_some()), all), "{keys}");
        press(&mut app, "uu");
        assert_eq!(app.model, before, "{keys}, taken back");
        assert!(press(&mut app, "<Esc>").is_empty() && app.layers.is_empty());
    }
}

/// What is asked of nothing would never be looked at; what is noted twice would be counted twice.
#[test]
fn the_walk_ends_with_everything_looked_at() {
    let mut app = clinic(80, 24);
    press(&mut app, "Www");
    // Begin at the first cell of the first element.
    app.walk.element = None;
    let (_, all) = app.walk.coverage.count(|_| true);
    press(&mut app, "k");
    for _ in 0..all {
        press(&mut app, "<Enter>");
    }
    assert_eq!(app.walk.coverage.count(|_| true), (all, all));
    assert_eq!(app.model.considered.len(), all, "one entry a cell");
    press(&mut app, "<Enter>");
    assert!(app.toasts.current().unwrap().text.contains("at its end"));
    assert_eq!(app.model.considered.len(), all);
    press(&mut app, "v");
    assert!(screen(&app).contains(&format!("{all} of {all}")));
    // A dismissal takes the place of what was noted before.
    press(&mut app, "<Esc>dNot here<Enter>");
    assert_eq!(app.model.considered.len(), all);
    assert_eq!(looked(&app), Some(Looked::Dismissed));
}

#[test]
fn elements_out_of_scope_are_not_walked() {
    let text = r#"#![enable(implicit_some)]
Model(
  format: 1,
  title: "Two",
  services: {"a": (), "b": (out_of_scope: "another team's")},
)
"#;
    let model = load(text).unwrap().model;
    let coverage = Coverage::new(&model);
    let names: Vec<String> = coverage.elements.iter().map(ElementId::any_link).collect();
    assert_eq!(names, ["a"]);
}

/// The tables that the doc comment names.
#[test]
fn categories_are_asked_by_the_kind_of_element() {
    for (section, stride, linddun) in [
        (Section::Actors, 2, 3),
        (Section::Services, 6, 6),
        (Section::Endpoints, 6, 6),
        (Section::Datasets, 4, 6),
        (Section::Flows, 3, 6),
        (Section::Roles, 0, 0),
    ] {
        let asked = categories(section);
        let privacy = asked.iter().filter(|category| category.is_privacy()).count();
        assert_eq!((asked.len() - privacy, privacy), (stride, linddun), "{section}");
    }
}

#[test]
fn a_threat_of_the_team_is_answered_decided_and_open_again() {
    let model = |threat: &str, rest: &str| {
        let text = format!(
            r#"#![enable(implicit_some)]
Model(
  format: 1,
  title: "One",
  services: {{"s": ()}},
  controls: {{"in": (status: Implemented), "out": (status: Planned)}},
  threats: {{"t": (about: "s", category: Spoofing, {threat})}},
  {rest}
)
"#
        );
        load(&text).unwrap_or_else(|error| panic!("{error}\n{text}")).model
    };
    let outcome = |threat: &str, rest: &str| {
        let all = raised(&model(threat, rest), today());
        assert_eq!(all.len(), 1);
        (all[0].outcome.word(), all[0].reopened.clone().map(|(_, why)| why))
    };
    assert_eq!(outcome("", ""), ("fires", None));
    assert_eq!(outcome("controls: [\"in\"]", ""), ("answered", None));
    assert_eq!(outcome("controls: [\"in\", \"out\"]", ""), ("fires", None), "all of them are needed");
    assert_eq!(outcome("out_of_scope: \"not ours\"", ""), ("out_of_scope", None));
    let decided = |until: &str, facts: &str| {
        format!(
            "decisions: {{\"d\": (rule: \"team\", element: \"threats:t\", verdict: Accept, until: \"{until}\"{facts})}},"
        )
    };
    assert_eq!(outcome("", &decided("2027-01-01", "")), ("decided", None));
    let (word, why) = outcome("", &decided("2026-01-01", ""));
    assert_eq!(word, "fires");
    assert!(why.unwrap().contains("it ended on 2026-01-01"));
    let (word, why) = outcome("", &decided("2027-01-01", ", facts: \"0000000000000000\""));
    assert_eq!(word, "fires");
    assert!(why.unwrap().contains("facts have changed"));
}

#[test]
fn a_threat_of_the_team_is_decided_like_any_other() {
    let mut app = clinic(120, 40);
    press(&mut app, "WaPrintouts lie about<Enter>5 5<Enter><Esc>3");
    let Some(Line::Heading((title, ..))) = app.judged().listing().lines.first() else { panic!("no heading") };
    assert_eq!(title, "Raised by the team");
    let undecided = app.model.clone();
    press(&mut app, "ta<Enter>It is borne<Enter><Enter>");
    let decision = app.model.decisions.values().find(|decision| decision.rule.as_str() == "team").unwrap();
    assert_eq!(decision.verdict, Some(Verdict::Accept));
    assert!(matches!(app.judged().team[0].outcome, Outcome::Decided(_)));
    // What it says changes: the decision was on something else.
    let id = ElementId::new(Section::Threats, app.judged().team[0].slug.clone());
    let edit = sandtable::model::edit::set_field(&app.model, &id, "impact", Some("1")).unwrap();
    let mut changed = sandtable::model::Model::clone(&app.model);
    edit.apply(&mut changed);
    assert!(raised(&changed, today())[0].reopened.is_some());
    press(&mut app, "u");
    assert_eq!(app.model, undecided);
}

/// Every grouping shows every entry: under each of its kinds where it has several, and nothing twice otherwise.
#[test]
fn groupings_hold_the_same_threats() {
    let mut app = clinic(120, 40);
    press(&mut app, "WaPrintouts lie about<Enter>5 5<Enter><Esc>3");
    let mut seen = Vec::new();
    for grouping in Grouping::ALL {
        assert_eq!(app.threats.grouping, grouping);
        let listing = app.judged().listing();
        let mut keys = Vec::new();
        let mut promised = 0;
        for line in &listing.lines {
            match line {
                Line::Heading((.., count)) => promised += count,
                Line::Row(at, key) => {
                    assert_eq!(*at, keys.len());
                    keys.push(*key);
                }
            }
        }
        assert_eq!((promised, keys.len()), (listing.entries, listing.entries), "{grouping:?}");
        if grouping != Grouping::Category {
            assert_eq!(keys.len(), app.judged().count(Listed::Fires), "{grouping:?}");
        }
        keys.sort_by_key(|key| format!("{key:?}"));
        keys.dedup();
        seen.push(keys);
        press(&mut app, "b");
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
}

/// Which rules do not apply where is told with the part that does not hold.
#[test]
fn what_does_not_apply_says_why() {
    let mut app = clinic(120, 40);
    press(&mut app, "3ooooo");
    assert_eq!(app.threats.listed, Listed::NotApplicable);
    let listing = app.judged().listing();
    assert_eq!(listing.entries, app.judged().count(Listed::NotApplicable), "the count beside the name holds");
    assert!(screen(&app).contains("no: "), "{}", screen(&app));
    press(&mut app, "ta");
    assert!(app.layers.is_empty(), "there is nothing to decide");
}

#[test]
fn the_filter_finds_rules_places_and_the_team() {
    let mut app = clinic(120, 40);
    press(&mut app, "WaPrintouts lie about<Enter>5 5<Enter><Esc>3");
    let all = app.judged().listing().entries;
    for (filter, most) in [("printouts", 1), ("LC-040", all - 1), ("booking", all - 1), ("clerk read", all - 1)] {
        press(&mut app, "/");
        app.layers.pop();
        app.threats.filter = filter.into();
        press(&mut app, "j");
        let found = app.judged().listing().entries;
        assert!(found > 0 && found <= most, "{filter}: {found}");
    }
    assert_eq!(Category::ALL.len(), 13);
}

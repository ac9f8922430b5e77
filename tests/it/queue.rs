//! The question queue: what an answer would change is what it changes, every fact that is asked for can be given, and
//! whatever is done with a question is one step that can be taken back.

use super::headless::{CLINIC, FREIGHT, clinic, open, press, screen, today};
use sandtable::analysis::access::effective;
use sandtable::analysis::condition::Missing;
use sandtable::analysis::questions::{SetAside, consequence, questions};
use sandtable::analysis::threats::{Outcome, RuleSet, Verdict};
use sandtable::app::App;
use sandtable::app::fields::from_typed;
use sandtable::app::layer::Layer;
use sandtable::app::queue::{Whose, places};
use sandtable::library::rule;
use sandtable::model::Model;
use sandtable::model::edit::set_at;
use sandtable::model::facts::Limit;
use sandtable::model::question::{replies, way_to};
use sandtable::model::reflect::Value;
use sandtable::store::ron::load;

fn judge(rules: &RuleSet, model: &Model) -> Vec<Verdict> {
    rules.judge(model, &effective(model), today(), true).unwrap_or_else(|error| panic!("{error}"))
}

fn shown(app: &App) -> &Missing {
    &app.queue.shown.as_ref().expect("a question is shown").question.missing
}

/// Without this a question would be a dead end.
#[test]
fn every_fact_that_is_asked_for_has_a_place() {
    let rules = RuleSet::new(rule::shipped().unwrap()).unwrap();
    for text in [CLINIC, FREIGHT] {
        let model = load(text).unwrap().model;
        let verdicts = rules.judge(&model, &effective(&model), today(), false).unwrap();
        let found = questions(&model, &rules, &verdicts);
        assert!(found.len() > 20, "{} questions", found.len());
        for question in found {
            let missing = &question.missing;
            let way = way_to(&model, &missing.element, &missing.field);
            let (path, spec, _) = way.unwrap_or_else(|| panic!("no way to {missing:?}"));
            // Of a list it may be the rest that is asked for.
            let is_known = spec.kind.is_optional() && model.reflect(&missing.element).unwrap().get_at(&path).is_some();
            assert!(!is_known, "{missing:?} is known");
        }
    }
}

/// The preview is computed on the verdicts that wait; asking everything anew must say the same of them.
#[test]
fn what_an_answer_would_change_is_what_it_changes() {
    let rules = RuleSet::new(rule::shipped().unwrap()).unwrap();
    let model = load(CLINIC).unwrap().model;
    let verdicts = rules.judge(&model, &effective(&model), today(), false).unwrap();
    let mut tried = 0;
    for question in questions(&model, &rules, &verdicts) {
        let (path, _, kind) = way_to(&model, &question.missing.element, &question.missing.field).unwrap();
        let waiting: Vec<&Verdict> = question.decides.iter().map(|at| &verdicts[*at]).collect();
        for answer in replies(&model, &kind) {
            let mut trial = model.clone();
            let told =
                consequence(&mut trial, &rules, today(), &waiting, &question.missing, &path, &answer.ron).unwrap();
            assert_eq!(trial, model, "the trial leaves no trace");
            set_at(&model, &question.missing.element, &path, Some(&answer.ron)).unwrap().apply(&mut trial);
            let after = judge(&rules, &trial);
            let same = |verdict: &&&Verdict, wanted: fn(&Outcome) -> bool| {
                let now = after.iter().find(|now| now.rule == verdict.rule && now.place == verdict.place);
                now.is_some_and(|now| wanted(&now.outcome))
            };
            let count = |wanted| waiting.iter().filter(|verdict| same(verdict, wanted)).count();
            assert_eq!(told.fires, count(|outcome| *outcome == Outcome::Fires), "{:?} {answer:?}", question.missing);
            assert_eq!(told.open, count(|outcome| matches!(outcome, Outcome::Unknown(_))), "{:?}", question.missing);
            assert_eq!(told.fires + told.open + told.settled, waiting.len());
            tried += 1;
        }
    }
    assert!(tried > 50, "{tried} answers");
}

#[test]
fn everything_done_with_a_question_is_one_step_back() {
    // What is pressed with a question shown, and how many questions the queue has then, beside those that there were.
    for (keys, left) in [("1", -1), ("2", 0), ("p", -1), ("a<Enter>", -1), ("s", 0)] {
        let mut app = clinic(80, 24);
        press(&mut app, "Q");
        let (before, first, count) = (app.model.clone(), shown(&app).clone(), places(&app).len());
        press(&mut app, keys);
        assert_ne!(*shown(&app), first, "{keys}: the next question is shown");
        let now = i64::try_from(places(&app).len()).unwrap() - i64::try_from(count).unwrap();
        assert!(now <= left && now > left - 20, "{keys}: {now}");
        if keys != "s" {
            assert_ne!(app.model, before, "{keys}");
            press(&mut app, "u");
            assert_eq!(app.model, before, "{keys}, taken back");
            assert_eq!(*shown(&app), first, "{keys}: it is asked again");
            assert_eq!(places(&app).len(), count);
        }
    }
}

#[test]
fn what_is_put_aside_is_found_again_and_settled_by_its_answer() {
    let mut app = clinic(80, 24);
    press(&mut app, "Q");
    let (parked, before) = (shown(&app).clone(), app.model.clone());
    press(&mut app, "p");
    // About something else, so that the answer to the one does not make the other superfluous.
    while shown(&app).element.section == parked.element.section {
        press(&mut app, "s");
    }
    let given = shown(&app).clone();
    press(&mut app, "a<Enter>");
    app.queue.whose = Whose::Aside;
    app.queue.shown = None;
    press(&mut app, "j");
    let aside: Vec<&Missing> = places(&app).iter().map(|at| &app.judged().questions()[*at].missing).collect();
    assert_eq!(aside.len(), 2);
    assert!(aside.contains(&&parked) && aside.contains(&&given));
    // The one that was given belongs to that person's questions; the parked one to nobody's.
    let owner = app.model.actions.values().find_map(|action| action.owner.clone()).expect("somebody has it");
    app.queue.whose = Whose::Person(owner.slug().clone());
    let theirs: Vec<&Missing> = places(&app).iter().map(|at| &app.judged().questions()[*at].missing).collect();
    assert!(theirs.contains(&&given) && !theirs.contains(&&parked));
    // An answer ends both, in one step each.
    app.queue.whose = Whose::Aside;
    app.queue.shown = None;
    press(&mut app, "j1j1");
    assert!(app.model.parking.len() == before.parking.len(), "nothing is parked any more");
    let done: Vec<_> = app.model.actions.values().filter(|action| action.asks.is_some()).map(|a| a.done).collect();
    assert_eq!(done, [today()]);
    assert!(places(&app).is_empty() && screen(&app).contains("Nothing is parked"));
    press(&mut app, "uuuu");
    assert_eq!(app.model, before);
}

#[test]
fn the_same_answer_again_and_a_typed_one() {
    let text = r#"#![enable(implicit_some)]
Model(
  format: 1,
  title: "Two",
  roles: {"clerk": (kind: Named)},
  endpoints: {"api": (page_limit: 10)},
  datasets: {"one": (), "two": ()},
  grants: {
    "a": (role: "clerk", endpoint: "api", op: Read, dataset: "one", fields: All, rows: All),
    "b": (role: "clerk", endpoint: "api", op: Read, dataset: "two", fields: All, rows: All),
  },
)
"#;
    let mut app = open(text, 80, 24);
    press(&mut app, "Q.");
    assert!(app.toasts.current().unwrap().text.contains("nothing was answered"), "{:?}", app.toasts.current());
    assert_eq!(shown(&app).field, "class");
    // Answer 3 is `confidential` on the default ladder; the other dataset gets the same with one key.
    press(&mut app, "3");
    while shown(&app).field != "class" {
        press(&mut app, "s");
    }
    press(&mut app, ".");
    let classes: Vec<_> = app.model.datasets.values().map(|data| data.class.clone().unwrap().to_string()).collect();
    assert_eq!(classes, ["confidential", "confidential"]);
    press(&mut app, "<Esc>");
    assert!(app.layers.is_empty());
    press(&mut app, "uu");
    assert!(app.model.datasets.values().all(|data| data.class.is_none()));
}

#[test]
fn the_queue_opens_at_the_question_of_the_list_and_leads_to_the_fact() {
    let mut app = clinic(120, 40);
    press(&mut app, "3ojjj<Enter>");
    let third = app.judged().questions()[3].missing.clone();
    assert_eq!(*shown(&app), third);
    press(&mut app, "v");
    assert!(matches!(app.layers.last(), Some(Layer::Reader(_))));
    press(&mut app, "<Esc>e");
    assert!(app.layers.is_empty());
    assert_eq!(app.cursor(), Some(&third.element));
}

#[test]
fn a_question_given_to_somebody_says_so() {
    let mut app = clinic(80, 24);
    press(&mut app, "Qa<Enter>");
    let judged = app.judged();
    let given = judged.questions().iter().find(|question| question.set_aside.is_some()).unwrap();
    assert!(matches!(&given.set_aside, Some(SetAside::Assigned(_, Some(_)))));
}

/// Nobody types `AtMost(100)` where a hundred is meant.
#[test]
fn a_number_alone_is_a_limit() {
    for (typed, ron) in [("100", "AtMost(100)"), ("Unlimited", "Unlimited"), ("AtMost(5)", "AtMost(5)")] {
        assert_eq!(from_typed(&Limit::KIND, typed).as_deref(), Some(ron));
    }
}

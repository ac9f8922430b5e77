//! What is worked out beside the loop for large models: what is shown and done meanwhile, edits in between, and answers that
//! come too late. The answer of the worker is what working it out at once gives.

use super::headless::{screen, today};
use super::large::chain;
use sandtable::analysis::questions::consequence;
use sandtable::analysis::threats::Verdict;
use sandtable::app::App;
use sandtable::app::attackers::LOOKING;
use sandtable::app::choosing::{CHOSEN_AT_ONCE, Choosing};
use sandtable::app::config::Settings;
use sandtable::app::judging::{ASKED_AT_ONCE, ASKING, Inquiry, TOLD_AT_ONCE};
use sandtable::app::key::parse;
use sandtable::app::msg::Msg;
use sandtable::app::projection::{Zoom, project};
use sandtable::app::state::Effect;
use sandtable::app::told::Told;
use sandtable::app::update::{make, update};
use sandtable::model::data::Class;
use sandtable::model::edit::{Edit, Put, set_field};
use sandtable::model::reference::AnyLink;
use sandtable::model::threats::{Control, ControlStatus, Decision, Verdict as Word};
use sandtable::model::{Element, ElementId, Model, Section, Slug, Text};
use sandtable::store::ron::load;
use std::sync::Arc;

/// What the worker was asked by messages.
#[derive(Default)]
struct Asked {
    choosing: Vec<Choosing>,
    inquiries: Vec<Inquiry>,
}

fn send(app: &mut App, messages: Vec<Msg>) -> Asked {
    let mut asked = Asked::default();
    for message in messages {
        for effect in update(app, message) {
            match effect {
                Effect::Choose(choosing) => asked.choosing.push(*choosing),
                Effect::Judge(inquiry) => asked.inquiries.push(*inquiry),
                _ => {}
            }
        }
    }
    asked
}

fn keys(app: &mut App, keys: &str) -> Asked {
    send(app, parse(keys).unwrap().into_iter().map(Msg::Key).collect())
}

fn open(count: usize) -> App {
    open_text(&chain(count))
}

/// A model of which nothing that takes a while is found out at once: most of it are people, of whom no rule asks anything.
fn open_large() -> App {
    let people: String = (0..TOLD_AT_ONCE - 700).map(|at| format!("\"p{at}\": (title: \"Person {at}\"),")).collect();
    let app = open_text(&chain(400).replace("services: {", &format!("people: {{{people}}}, services: {{")));
    assert!(app.model.len() > TOLD_AT_ONCE);
    app
}

fn open_text(text: &str) -> App {
    let mut app = App::new(load(text).unwrap().model, "m.ron", Settings::default());
    app.today = today();
    send(&mut app, vec![Msg::Resize(120, 40)]);
    app
}

fn answer(inquiry: &Inquiry) -> Vec<Msg> {
    vec![Msg::Judged(Box::new(inquiry.ask()))]
}

fn choice(choosing: &Choosing) -> Vec<Msg> {
    vec![Msg::Chosen(Box::new(choosing.choose()))]
}

/// What the rules say of a model, and what fires at its elements, asked anew.
fn anew(app: &App) -> (Vec<Verdict>, Vec<usize>) {
    let mut other = App::new(Model::clone(&app.model), "m.ron", Settings::default());
    other.today = app.today;
    let asked = send(&mut other, vec![Msg::Resize(120, 40), Msg::Rested]);
    send(&mut other, answer(&asked.inquiries[0]));
    said(&other)
}

fn said(app: &App) -> (Vec<Verdict>, Vec<usize>) {
    let fires = app.model.ids().map(|id| app.map.findings_of(&app.model, &id).len()).collect();
    (app.judged().said().map(|verdict| Verdict::clone(verdict)).collect(), fires)
}

/// Whether verdicts and questions are listed as the rules say them now.
fn list(app: &App) -> (bool, bool) {
    let told = Told::new(&app.rules, &app.model, &app.derived().effective, app.judged().said(), true);
    (app.judged().verdicts() == told.verdicts, told.questions.as_deref() == Some(app.judged().questions()))
}

fn service(at: usize) -> ElementId {
    ElementId::new(Section::Services, Slug::new(&format!("s{at:03}")).unwrap())
}

fn rename(app: &mut App, at: usize) {
    let edit = set_field(&app.model, &service(at), "audit_log", Some("true")).unwrap();
    make(app, edit);
}

/// Answers something that the rules say.
fn control(app: &mut App, at: usize) {
    let verdict = app.judged().said().nth(at).unwrap().clone();
    let control = Control {
        status: Some(ControlStatus::Implemented),
        guards: verdict.place.elements().iter().map(|id| AnyLink(Text::new(&id.any_link()))).collect(),
        answers: vec![Text::new(&app.rules.rule(verdict.rule).id)],
        ..Control::default()
    };
    let id = ElementId::new(Section::Controls, Slug::new(&format!("c-{at}")).unwrap());
    make(app, Edit::put("add a control", id, Element::Control(Box::new(control))));
}

/// With another ladder of classes anything may be otherwise, so that everything is asked again.
fn rank(app: &mut App, rank: u32) {
    let id = ElementId::new(Section::Classes, Slug::new("internal").unwrap());
    let class = Class { rank: Some(rank), ..Class::default() };
    make(app, Edit::put("rank", id, Element::Class(Box::new(class))));
}

fn decide(app: &mut App, at: usize) {
    let verdict = app.judged().said().nth(at).unwrap().clone();
    let decision = Decision {
        rule: Text::new(&app.rules.rule(verdict.rule).id),
        verdict: Some(Word::Accept),
        ..Decision::default()
    };
    let id = ElementId::new(Section::Decisions, Slug::new(&format!("d-{at}")).unwrap());
    make(app, Edit::put("decide", id, Element::Decision(Box::new(decision))));
}

#[test]
fn the_rules_of_a_large_model_are_asked_beside() {
    let mut app = open(400);
    assert!(app.model.len() > ASKED_AT_ONCE);
    let asked = send(&mut app, vec![Msg::Rested]);
    assert_eq!(asked.inquiries.len(), 1);
    // It is said that they are asked, wherever what they say would stand; and they are asked once.
    for (there, back) in [("3", "1"), ("Q", "<Esc>"), ("5", "1")] {
        assert!(keys(&mut app, there).inquiries.is_empty());
        assert!(app.asks_rules() && app.judged().said().next().is_none());
        if there != "5" {
            assert!(screen(&app).contains(ASKING), "{there}: {}", screen(&app));
        }
        keys(&mut app, back);
    }
    assert!(!keys(&mut app, "3").inquiries.iter().any(|_| true));
    assert!(!screen(&app).contains(" 0 threats"), "{}", screen(&app));
    send(&mut app, answer(&asked.inquiries[0]));
    assert!(!app.asks_rules() && !screen(&app).contains(ASKING));
    let heard = said(&app);
    assert!(!heard.0.is_empty());
    assert_eq!(heard, anew(&app));
    // The same answer once more changes nothing.
    send(&mut app, answer(&asked.inquiries[0]));
    assert_eq!(said(&app), heard);
}

#[test]
fn edits_while_the_rules_are_asked_are_followed() {
    let mut app = open(400);
    let asked = send(&mut app, vec![Msg::Rested]);
    rename(&mut app, 3);
    send(&mut app, vec![Msg::Rested]);
    let gone = Edit::new("take out", vec![Put { id: service(9), element: None }]);
    make(&mut app, gone);
    assert!(send(&mut app, vec![Msg::Rested]).inquiries.is_empty(), "one thing at a time");
    let again = send(&mut app, answer(&asked.inquiries[0]));
    assert!(again.inquiries.is_empty() && !app.asks_rules());
    assert_eq!(said(&app), anew(&app));
    // And after it.
    rename(&mut app, 4);
    assert!(send(&mut app, vec![Msg::Rested]).inquiries.is_empty());
    assert_eq!(said(&app), anew(&app));
}

#[test]
fn what_is_heard_of_another_model_is_dropped() {
    let mut app = open(400);
    let asked = send(&mut app, vec![Msg::Rested]);
    let other = load(&chain(350)).unwrap().model;
    assert!(send(&mut app, vec![Msg::Reloaded(Box::new(other))]).inquiries.is_empty());
    let again = send(&mut app, answer(&asked.inquiries[0]));
    assert!(app.asks_rules() && app.judged().said().next().is_none(), "an answer of another model was taken");
    assert_eq!(again.inquiries.len(), 1);
    // A late one still is none.
    send(&mut app, answer(&asked.inquiries[0]));
    assert!(app.asks_rules());
    send(&mut app, answer(&again.inquiries[0]));
    assert_eq!(said(&app), anew(&app));
}

#[test]
fn what_was_said_stays_while_everything_is_asked_again() {
    let mut app = open_large();
    let asked = send(&mut app, vec![Msg::Rested]);
    send(&mut app, answer(&asked.inquiries[0]));
    keys(&mut app, "3jjj");
    let (before, at) = (said(&app).0, app.threats.list.at());
    rank(&mut app, 2);
    let again = send(&mut app, vec![Msg::Rested]);
    assert_eq!(again.inquiries.len(), 1);
    assert_eq!((said(&app).0, app.threats.list.at()), (before, at));
    // A second one meanwhile: what is heard of the first is asked again.
    rank(&mut app, 3);
    assert!(send(&mut app, vec![Msg::Rested]).inquiries.is_empty());
    let third = send(&mut app, answer(&again.inquiries[0]));
    assert_eq!(third.inquiries.len(), 1);
    send(&mut app, answer(&third.inquiries[0]));
    assert_eq!(said(&app), anew(&app));
    assert_eq!(app.threats.list.at(), at);
}

/// But for models that are far too large, whatever an edit changes is there with the next picture.
#[test]
fn what_an_edit_changes_is_there_with_the_next_picture() {
    let mut app = open(400);
    let asked = send(&mut app, vec![Msg::Rested]);
    send(&mut app, answer(&asked.inquiries[0]));
    for (at, there) in ["3", "4", "5", "1Q", "<Esc>2"].into_iter().enumerate() {
        keys(&mut app, there);
        for round in 0..4 {
            let at = 4 * at + round;
            match round {
                0 => rename(&mut app, at),
                1 => decide(&mut app, at),
                2 => control(&mut app, at),
                _ => make(&mut app, Edit::new("take out", vec![Put { id: service(at), element: None }])),
            }
            let asked = send(&mut app, vec![Msg::Rested]);
            assert!(!app.awaits_rules() && !screen(&app).contains(LOOKING), "{there}, {round}");
            // What the answers to a question would change is all that may come later.
            assert!(asked.inquiries.is_empty() || there == "1Q", "{there}, {round}");
            let (now, then) = (said(&app), anew(&app));
            assert_eq!(now, then, "{there}, {round}");
            if there == "3" {
                assert_eq!(list(&app), (true, true));
            }
            if there == "5" {
                // No question is shown there, and so none is listed before somebody wants to see it.
                assert!(list(&app).0 && !app.judged().has_questions());
                let mut other = app.clone();
                keys(&mut other, "3");
                assert_eq!(list(&other), (true, true));
            }
            if there == "4" {
                let mut other = app.clone();
                other.forget_derived();
                other.attack_now();
                assert_eq!(app.attack().reach, other.attack().reach);
            }
            send(&mut app, asked.inquiries.first().map(answer).unwrap_or_default());
        }
    }
}

/// In a large model no key waits for an edit on which much hangs; what hangs on little, and a new name, is followed at once.
#[test]
fn what_much_hangs_on_is_asked_beside() {
    let count = TOLD_AT_ONCE / 2;
    let datasets: String = (0..count).map(|at| format!("\"d{at}\": (),")).collect();
    let grant = |at: usize| {
        format!("\"g{at}\": (role: \"clerk\", endpoint: \"api\", dataset: \"d{at}\", op: Read, fields: All),")
    };
    let grants: String = (0..count).map(grant).collect();
    let text = format!(
        "#![enable(implicit_some)]\nModel(format: 1, title: \"Large\", roles: {{\"clerk\": (kind: Named)}}, \
         endpoints: {{\"api\": (kind: Rest)}}, datasets: {{{datasets}}}, grants: {{{grants}}})"
    );
    let mut app = open_text(&text);
    assert!(app.model.len() > TOLD_AT_ONCE);
    let asked = send(&mut app, vec![Msg::Rested]);
    send(&mut app, answer(&asked.inquiries[0]));
    let id = |section: Section, slug: &str| ElementId::new(section, Slug::new(slug).unwrap());
    let guarding = |guards: &str| {
        let control = format!("(status: Implemented, guards: [\"{guards}\"], answers: [\"LC-020\"])");
        Edit::put("guard", id(Section::Controls, "mask"), Section::Controls.element_from_ron(&control).unwrap())
    };
    let model = app.model.clone();
    let set = |id: &ElementId, field: &'static str, ron: &str| set_field(&model, id, field, Some(ron)).unwrap();
    for (edit, beside) in [
        (set(&id(Section::Roles, "clerk"), "title", "\"Clerks\""), false),
        (set(&id(Section::Datasets, "d7"), "class", "\"restricted\""), false),
        (guarding("d7"), false),
        (guarding("roles:clerk"), true),
        (set(&id(Section::Roles, "clerk"), "kind", "Anonymous"), true),
    ] {
        let label = edit.name.clone();
        make(&mut app, edit);
        let asked = send(&mut app, vec![Msg::Rested]);
        assert_eq!((asked.inquiries.len(), app.asks_rules()), (usize::from(beside), beside), "{label}");
        send(&mut app, asked.inquiries.first().map(answer).unwrap_or_default());
        assert!(!app.asks_rules(), "{label}");
    }
    assert_eq!(said(&app), anew(&app));
}

/// The lists of what the rules say are made by the worker, too; until then they are what they were before an edit.
#[test]
fn the_lists_of_a_large_model_are_made_beside() {
    let mut app = open_large();
    let asked = send(&mut app, vec![Msg::Rested]);
    send(&mut app, answer(&asked.inquiries[0]));
    assert!(keys(&mut app, "3").inquiries.is_empty(), "they came with what the rules said");
    assert_eq!(list(&app), (true, true));
    assert!(!app.judged().questions().is_empty() && !app.judged().verdicts().is_empty());
    // How the map is looked at is nothing that a rule asks for.
    keys(&mut app, "1t");
    assert!(keys(&mut app, "3").inquiries.is_empty());
    // An edit that changes what a rule says.
    let gone = Edit::new("take out", vec![Put { id: service(9), element: None }]);
    make(&mut app, gone);
    let again = send(&mut app, vec![Msg::Rested]);
    assert_eq!(again.inquiries.len(), 1);
    assert!(app.asks_rules() && app.judged().verdicts().is_empty(), "what is gone is still listed");
    send(&mut app, answer(&again.inquiries[0]));
    assert_eq!(list(&app), (true, true));
    rename(&mut app, 4);
    let again = send(&mut app, vec![Msg::Rested]);
    assert!(!app.judged().verdicts().is_empty(), "the list is not shown meanwhile");
    // Another edit meanwhile: they are made of what the rules say then.
    rename(&mut app, 5);
    let last = send(&mut app, vec![Msg::Rested]);
    assert!(last.inquiries.is_empty(), "one thing at a time");
    let last = send(&mut app, answer(&again.inquiries[0]));
    assert_eq!(last.inquiries.len(), 1);
    send(&mut app, answer(&last.inquiries[0]));
    assert!(!app.asks_rules());
    assert_eq!(list(&app), (true, true));
}

/// So is what attackers can do, and what answers to a question would change.
#[test]
fn what_takes_a_while_is_found_out_beside() {
    let mut app = open_large();
    let asked = send(&mut app, vec![Msg::Rested]);
    send(&mut app, answer(&asked.inquiries[0]));
    let asked = keys(&mut app, "4");
    assert_eq!(asked.inquiries.len(), 1);
    assert!(screen(&app).contains(LOOKING) && !app.asks_rules(), "{}", screen(&app));
    send(&mut app, answer(&asked.inquiries[0]));
    assert!(!screen(&app).contains(LOOKING));
    let reach = app.attack().reach.clone();
    let mut other = app.clone();
    other.forget_derived();
    other.attack_now();
    assert!(!reach.is_empty() && other.attack().reach == reach);
    // The question is there at once, and what its answers would change follows.
    let asked = keys(&mut app, "1Q");
    let answers = |app: &App| app.queue.shown.as_ref().map(|shown| shown.answers.clone()).unwrap_or_default();
    assert_eq!(asked.inquiries.len(), 1);
    assert!(!answers(&app).is_empty() && answers(&app).iter().all(|(_, told)| told.is_none()));
    send(&mut app, answer(&asked.inquiries[0]));
    let shown = app.queue.shown.clone().unwrap();
    assert!(shown.is_tried && answers(&app).iter().any(|(_, told)| told.is_some()));
    let waiting: Vec<&Verdict> = shown.question.decides.iter().map(|at| &*app.judged().verdicts()[*at]).collect();
    // Whoever answers before that is told hears nothing of lists that are of before.
    let mut quick = app.clone();
    quick.queue.shown = None;
    let asked = send(&mut quick, vec![Msg::Rested]);
    assert_eq!(asked.inquiries.len(), 1);
    let lists = keys(&mut quick, "1");
    assert!(lists.inquiries.is_empty() && quick.awaits_rules(), "one thing at a time");
    assert!(quick.queue.shown.is_none() && !screen(&quick).contains("as before"), "{}", screen(&quick));
    let lists = send(&mut quick, answer(&asked.inquiries[0]));
    assert_eq!(lists.inquiries.len(), 1);
    send(&mut quick, answer(&lists.inquiries[0]));
    assert!(!quick.awaits_rules() && quick.queue.shown.is_some());
    for (reply, told) in answers(&app) {
        let mut trial = Model::clone(&app.model);
        let missing = &shown.question.missing;
        let once = consequence(&mut trial, &app.rules, app.circumstances(), &waiting, missing, &shown.path, &reply.ron);
        assert_eq!(told, once.ok(), "{}", reply.label);
    }
}

#[test]
fn what_a_large_map_draws_is_chosen_beside() {
    let mut app = open(1_600);
    assert!(app.model.len() > CHOSEN_AT_ONCE);
    assert!(!app.map.waiting && !app.map.is_behind(), "the first picture waits for nobody");
    let before = app.map.diagram.clone();
    let nearer = keys(&mut app, "+");
    assert_eq!(nearer.choosing.len(), 1);
    assert!(app.map.is_behind() && app.map.diagram == before && screen(&app).contains("laying out"));
    // Another level meanwhile: what was chosen for the one before is dropped.
    assert!(keys(&mut app, "+").choosing.is_empty(), "one thing at a time");
    let nearest = send(&mut app, choice(&nearer.choosing[0]));
    assert_eq!(nearest.choosing.len(), 1);
    assert!(app.map.is_behind() && app.map.latest().nodes == app.map.projection.nodes);
    // So is what was chosen for a model of before.
    make(&mut app, Edit::new("take out", vec![Put { id: service(9), element: None }]));
    send(&mut app, vec![Msg::Rested]);
    let last = send(&mut app, choice(&nearest.choosing[0]));
    assert_eq!(last.choosing.len(), 1);
    send(&mut app, choice(&last.choosing[0]));
    let (_, view) = app.map.drawn().unwrap();
    assert_eq!(view.zoom, Zoom::Boxes);
    let there = project(&app.model, view, &app.map.known);
    let latest = app.map.latest();
    assert_eq!((&latest.nodes, &latest.lines, &latest.wires), (&there.nodes, &there.lines, &there.wires));
    assert!(Arc::ptr_eq(&latest.graph, &app.map.latest().graph) && latest.graph == there.graph);
    // Back where one was: nothing is left of it.
    let back = keys(&mut app, "--");
    let back = send(&mut app, choice(&back.choosing[0]));
    let back = back.choosing.first().map(choice).unwrap_or_default();
    send(&mut app, back);
    assert!(!app.map.is_behind(), "{}", screen(&app));
    assert_eq!(app.map.view.zoom, Zoom::Zones);
}

/// What could not be chosen is said, and not asked for ever.
#[test]
fn what_can_not_be_chosen_leaves_the_picture() {
    let mut app = open(1_600);
    let before = app.map.diagram.clone();
    let nearer = keys(&mut app, "+");
    let again = send(&mut app, vec![Msg::Chosen(Box::new(nearer.choosing[0].fail()))]);
    assert!(again.choosing.is_empty() && !app.map.is_behind() && app.map.diagram == before);
    assert!(screen(&app).contains("could not be chosen"), "{}", screen(&app));
}

//! Containment: what each verb does to a copy of the model, what the attacker still reaches, and that a log says it again.

use crate::drill_engine::{begin, first_plan, slug};
use sandtable::analysis::access::effective;
use sandtable::drill::binding::bind;
use sandtable::drill::console::{self, Command};
use sandtable::drill::containment::{Containment, Verb};
use sandtable::drill::event::{Begin, Body, Entry, Event};
use sandtable::drill::scenario;
use sandtable::drill::state::{Plan, Stamp, State};
use sandtable::drill::step::{replay, step};
use sandtable::drill::what_if::{self, Picture, standing, verdict};
use sandtable::model::Model;
use sandtable::store::ron::load;

fn clinic() -> Model {
    load(include_str!("../../models/clinic.ron")).unwrap().model
}

/// A drill on a model, as `drill run` keeps it: after each event the verdict of the program.
struct Run {
    plan: Plan,
    model: Model,
    state: State,
    entries: Vec<Entry>,
}

impl Run {
    fn new(plan: Plan, model: Model) -> Run {
        let bound = bind(&plan.scenario, &model, &effective(&model), None).unwrap();
        let Body::Begin(mut first) = begin(&plan) else { unreachable!() };
        first.attack = what_if::prepare(&plan.scenario, &bound);
        first.data = bound["leak"]
            .elements
            .iter()
            .filter(|id| id.section == sandtable::model::Section::Datasets)
            .map(|id| sandtable::drill::duty::Concerned {
                dataset: id.slug.as_str().into(),
                count: None,
                residency: None,
            })
            .collect();
        let mut run = Run { plan, model, state: State::default(), entries: Vec::new() };
        run.keep(Body::Begin(first)).unwrap();
        run
    }

    fn keep(&mut self, body: Body) -> Result<(), String> {
        let number = self.entries.len() as u64;
        let entry = Entry { id: format!("e{number}"), event: Event { at: number * 60, by: slug("test"), body } };
        let (state, outcome) = step(&self.plan, std::mem::take(&mut self.state), entry.clone());
        self.state = state;
        outcome.map_err(|refusal| refusal.to_string())?;
        self.entries.push(entry);
        match verdict(&self.model, &self.state) {
            Some(body) => self.keep(body),
            None => Ok(()),
        }
    }

    #[track_caller]
    fn line(&mut self, line: &str) {
        let now = Stamp { play: self.entries.len() as i64 * 60, ..self.state.last() };
        match console::parse(line, &self.plan, &self.state, now).unwrap() {
            Command::Event(body) => self.keep(body).unwrap(),
            other => panic!("{line}: {other:?}"),
        }
    }

    fn picture(&self) -> &Picture {
        &self.state.pictures.last().unwrap().1
    }
}

#[test]
fn taking_the_page_down_leaves_the_inbox() {
    let model = clinic();
    let mut run = Run::new(first_plan(), model.clone());
    assert_eq!(run.picture().goals[0].word(), "open");
    assert_eq!(run.picture().certain, 4);
    run.line("send i1");
    run.line("send i2");
    run.line("decide d-unpublish unpublish app It leaks");
    assert_eq!(run.picture().goals[0].word(), "may be open");
    assert_eq!((run.picture().certain, run.picture().possible), (0, 4), "what is closed opens nothing");
    let ways = format!("{:?}", run.picture().goals[0].ways);
    assert!(ways.contains("Laboratory inbox") && !ways.contains("Booking page"), "{ways}");
    assert!(ways.contains("authentication of endpoint Laboratory inbox"), "{ways}");
    // The facilitator says what the team does next, and what it undoes.
    let before = run.picture().clone();
    run.line("contain close lab-inbox Nobody may post there");
    assert!(!format!("{:?}", run.picture().goals[0].ways).contains("Laboratory inbox"));
    run.line("lift close lab-inbox The laboratory called");
    assert_eq!(run.picture(), &before);
    // Decided again, another way.
    run.line("decide d-unpublish keep ic People need it");
    assert_eq!(run.picture().goals[0].word(), "open");
    assert!(run.picture().contained.is_empty());
    assert_eq!(run.model, model, "the model of the team is never changed");
    // The log alone says the same, without a model.
    let again = replay(&run.plan, run.entries.clone());
    assert_eq!(again, run.state);
}

#[test]
fn undo_takes_the_containment_back() {
    let mut run = Run::new(first_plan(), clinic());
    run.line("send i1");
    run.line("contain disable booking-page");
    let before = run.entries.len();
    assert_eq!(run.picture().contained.len(), 1);
    run.line("undo");
    assert!(run.picture().contained.is_empty(), "{:?}", &run.entries[before..]);
    assert_eq!(run.picture().goals[0].word(), "open");
    let found = run.entries.iter().position(|entry| matches!(entry.event.body, Body::Attacker(_))).unwrap();
    let said = run.keep(Body::Undo { entry: format!("e{found}") }).unwrap_err();
    assert!(said.contains("what the program found"), "{said}");
}

#[test]
fn without_a_model_containment_is_written_down() {
    let plan = first_plan();
    let entry =
        |number: u64, body| Entry { id: format!("e{number}"), event: Event { at: number, by: slug("test"), body } };
    let what = Containment { does: Verb::Disable, to: "booking-page".into() };
    let note = sandtable::drill::event::Words::new("said");
    let state = replay(
        &plan,
        vec![entry(0, begin(&plan)), entry(1, Body::Contain { what: what.clone(), lifted: false, note })],
    );
    assert_eq!(state.contained.len(), 1);
    assert_eq!(verdict(&clinic(), &state), None);
    assert_eq!(standing(&clinic(), &state), None);
    let lifted = Body::Contain { what, lifted: true, note: Default::default() };
    let (state, outcome) = step(&plan, state, entry(2, lifted.clone()));
    assert!(outcome.is_ok() && state.contained.is_empty());
    assert!(step(&plan, state, entry(3, lifted)).1.is_err(), "what does not stand can not be lifted");
}

const SMALL: &str = r#"#![enable(implicit_some)]
Model(
  format: 1,
  title: "Small",
  parties: { "vendor": (title: "Vendor", kind: Vendor) },
  datasets: { "notes": (title: "Notes", class: "restricted", fields_complete: true, fields: {"text": (class: "restricted")}) },
  roles: {
    "anonymous": (kind: Anonymous),
    "clerk": (kind: Named, mfa: false),
    "chief": (kind: Named, inherits: ["clerk"]),
  },
  actors: { "desk": (roles: ["clerk"]) },
  platforms: { "engine": (admin_secret_set: false) },
  services: {
    "core": (kind: Platform, party: "vendor", platform: "engine"),
    "job": (kind: Job, literal_secrets: [(what: "key", source: (file: "x", line: 1))]),
  },
  endpoints: {
    "api": (service: "core", stage: Live, authentication: NoAuth),
    "page": (service: "core", stage: Live, authentication: Session),
  },
  grants: {
    "open": (role: "anonymous", endpoint: "api", op: Read, dataset: "notes", fields: All, rows: All),
    "desk": (role: "clerk", endpoint: "page", op: Read, dataset: "notes", fields: All, rows: All),
  },
  flows: { "nightly": (from: "job", to: "core", data: ["notes"]) },
)
"#;

#[test]
fn every_verb_changes_what_it_says() {
    let model = load(SMALL);
    let model = model.unwrap_or_else(|error| panic!("{error}"));
    assert!(!model.has_errors(), "{:?}", model.diagnostics);
    let model = model.model;
    let facts = |model: &Model| effective(model).facts.len();
    let grant = |model: &Model, name: &str| model.grants.get(name).cloned();
    type Holds<'a> = &'a dyn Fn(&Model) -> bool;
    let cases: [(Verb, &str, Holds<'_>); 15] = [
        (Verb::Disable, "api", &|m| m.endpoints["api"].stage == Some(sandtable::model::topology::Stage::Retired)),
        (Verb::Close, "api", &|m| grant(m, "open").is_none() && grant(m, "desk").is_some()),
        (Verb::Revoke, "grants:open", &|m| grant(m, "open").is_none()),
        (Verb::Revoke, "roles:clerk", &|m| effective(m).facts.iter().all(|fact| fact.role.as_str() == "anonymous")),
        (Verb::Revoke, "parties:vendor", &|m| m.services["core"].party.is_none()),
        (Verb::Revoke, "notes", &|m| m.grants.is_empty()),
        (Verb::Restrict, "notes", &|m| m.grants.values().all(|g| g.rows.as_ref().unwrap().is_session_bound())),
        (Verb::Restrict, "grants:desk", &|m| !grant(m, "open").unwrap().rows.unwrap().is_session_bound()),
        (Verb::Cut, "nightly", &|m| m.flows.is_empty()),
        (Verb::Isolate, "core", &|m| m.flows.is_empty() && facts(m) == facts(&model)),
        (Verb::Rotate, "job", &|m| m.services["job"].literal_secrets.is_empty()),
        (Verb::Rotate, "platforms:engine", &|m| m.platforms["engine"].admin_secret_set == Some(true)),
        (Verb::Suspend, "roles:clerk", &|m| {
            let facts = effective(m).facts;
            !m.roles.contains_key("clerk") && facts.iter().any(|fact| fact.role.as_str() == "chief")
        }),
        (Verb::Suspend, "desk", &|m| m.actors["desk"].roles.is_empty()),
        (Verb::Challenge, "roles:clerk", &|m| m.roles["clerk"].mfa == Some(true)),
    ];
    for (does, to, holds) in cases {
        let what = Containment { does, to: to.into() };
        let mut copy = model.clone();
        assert!(what.apply(&mut copy, &mut Vec::new()), "{what} changes something");
        assert!(holds(&copy), "{what}");
        let once = copy.clone();
        assert!(!what.apply(&mut copy, &mut Vec::new()), "{what} twice changes nothing");
        assert_eq!(copy, once, "{what}");
    }
    assert_eq!(cases.iter().map(|(verb, ..)| verb).collect::<std::collections::BTreeSet<_>>().len(), Verb::ALL.len());
}

/// The guide and the help name every verb.
#[test]
fn every_verb_is_told() {
    let guide = include_str!("../../docs/DRILLS.md");
    for verb in Verb::ALL {
        assert!(guide.contains(&format!("| `{}` |", verb.word())), "docs/DRILLS.md does not tell `{}`", verb.word());
        assert!(console::help().contains(verb.word()), "help does not tell `{}`", verb.word());
        assert_eq!(Verb::of(verb.word()), Some(*verb));
    }
}

#[test]
fn what_is_held_by_a_secret_is_lost_when_it_is_rotated() {
    let model = load(SMALL).unwrap().model;
    let core = model.node("core").unwrap();
    let what = Containment { does: Verb::Rotate, to: "core".into() };
    let mut held = vec![core];
    assert!(what.apply(&mut model.clone(), &mut held));
    assert!(held.is_empty());
}

#[test]
fn a_target_that_is_none_is_explained() {
    let model = load(SMALL).unwrap().model;
    for (does, to, says) in [
        (Verb::Disable, "core", "`core` is a service; disable takes: endpoint"),
        (Verb::Disable, "apo", "did you mean `api`?"),
        (Verb::Cut, "nightl", "did you mean `flows:nightly`?"),
        (Verb::Revoke, "zzzzzzzz", "revoke takes: grant, party, dataset, role"),
    ] {
        let said = Containment { does, to: to.into() }.target(&model).unwrap_err();
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn effects_are_checked_by_lint() {
    let text = include_str!("../../scenarios/s1-open-list.ron");
    let plan = first_plan();
    for (from, to, says) in [
        (
            "(does: Disable, to: \"leak\")",
            "(does: Disable, to: \"leek\")",
            "there is no query `leek`: did you mean `leak`?",
        ),
        (
            "(does: Disable, to: \"leak\")",
            "(does: Isolate, to: \"leak\")",
            "`leak` finds nothing that `isolate` can be done to",
        ),
        (
            "profile: \"anonymous-key-finder\"",
            "profile: \"anonymous-key-find\"",
            "did you mean `anonymous-key-finder`?",
        ),
        ("  attacker: (profile: \"anonymous-key-finder\"),\n", "", "nobody is behind this scenario"),
        ("controls: [\"row-level-security\"]", "controls: [\"row-level-securty\"]", "or `row-level-security`?"),
    ] {
        assert!(text.contains(from), "{from}");
        let changed = text.replacen(from, to, 1);
        let read = scenario::read("s1.ron", &changed).unwrap();
        let findings = sandtable::drill::lint::lint(&read, &plan.playbook, &plan.clocks);
        let all: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert!(all.iter().any(|found| found.contains(says)), "{says}: {all:#?}");
    }
}

/// Every shipped scenario that has an attacker says something about a model, and each of its effects can be done.
#[test]
fn shipped_effects_are_of_this_world() {
    use sandtable::drill::bundled;
    for model in [clinic(), load(include_str!("../../models/freight.ron")).unwrap().model] {
        for (file, text) in bundled::SCENARIOS {
            let read = scenario::read(file, text).unwrap();
            let library = sandtable::library::control::shipped();
            for name in read.all_expected().flat_map(|(_, expected)| &expected.controls) {
                assert!(library.iter().any(|known| known.id == name.as_str()), "{file}: the library has no {name}");
            }
            let bound = bind(&read, &model, &effective(&model), None).unwrap();
            let Some(attack) = what_if::prepare(&read, &bound) else {
                assert!(read.id.as_str() == "s12-wrong-region", "{file} has no attacker");
                continue;
            };
            for containment in attack.effects.values().flatten() {
                assert!(containment.target(&model).is_ok(), "{file}: {containment}");
            }
        }
    }
}

/// Whatever is done to a model, no attacker reaches more than before. A grant that is revoked is not in this law: a role
/// that has none of its own gets that of the roles above it, which may be wider.
#[test]
fn containment_opens_nothing() {
    use sandtable::analysis::attack::paths::{Reach, reach};
    use sandtable::analysis::attack::{Who, graph};
    use sandtable::analysis::guardrails::credit::Credit;
    use sandtable::model::{ElementId, Section};
    for text in [include_str!("../../models/clinic.ron"), SMALL] {
        let model = load(text).unwrap().model;
        let profiles = sandtable::library::attackers::shipped().unwrap();
        let who: Vec<Who> = Who::of_model(&model).into_iter().chain(Who::of_library(&model, &profiles)).collect();
        let reaches = |model: &Model, who: &[Who]| -> Vec<Reach> {
            let (graph, _) = graph(model, &effective(model), who, Credit::default());
            (0..who.len()).map(|at| reach(&graph, at)).collect()
        };
        let before = reaches(&model, &who);
        let mut count = 0;
        for does in Verb::ALL {
            for id in does.sections().iter().flat_map(|section| {
                model.slugs(*section).map(|slug| ElementId::new(*section, slug.clone())).collect::<Vec<_>>()
            }) {
                if *does == Verb::Revoke && matches!(id.section, Section::Grants | Section::Roles) {
                    continue;
                }
                let what = Containment { does: *does, to: id.any_link().into() };
                let mut copy = model.clone();
                what.apply(&mut copy, &mut Vec::new());
                // Of an attacker the roles that are gone are gone, as `what_if` does it.
                let mut left = who.clone();
                left.iter_mut().for_each(|who| {
                    who.attacker.roles.retain(|role| copy.roles.contains_key(role.slug()));
                });
                for ((who, one), other) in who.iter().zip(&before).zip(reaches(&copy, &left)) {
                    for (dataset, reached) in &other.data {
                        let was = one.data.get(dataset).copied().unwrap_or_default();
                        assert!(
                            reached.certain <= was.certain && reached.possible <= was.possible,
                            "{what} opens {dataset} to {}: {was:?} {reached:?}",
                            who.name
                        );
                    }
                }
                count += 1;
            }
        }
        assert!(count > 10, "{count}");
    }
}

/// With what a drill begins is not lost on the way through a log.
#[test]
fn an_attack_reads_back() {
    let run = Run::new(first_plan(), clinic());
    let begun: &Begin = run.state.begun.as_ref().unwrap();
    let text = serde_json::to_string(&Body::Begin(Box::new(begun.clone()))).unwrap();
    assert_eq!(serde_json::from_str::<Body>(&text).unwrap(), Body::Begin(Box::new(begun.clone())));
    let picture = Body::Attacker(Box::new(run.picture().clone()));
    let text = serde_json::to_string(&picture).unwrap();
    assert_eq!(serde_json::from_str::<Body>(&text).unwrap(), picture);
}

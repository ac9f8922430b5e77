//! The attack graph on small models, guardrails, scenarios, profiles; and how they are told on both sides.

use super::cli::run;
use super::headless::{CLINIC, FREIGHT, clinic, open, press, screen, today};
use sandtable::analysis::access::effective;
use sandtable::analysis::attack::graph::Graph;
use sandtable::analysis::attack::kinds::Kind;
use sandtable::analysis::attack::paths::{Goal, LIKELY, Path, Towards, jewels};
use sandtable::analysis::attack::scenario::{self, State, Walked, walk};
use sandtable::analysis::attack::{Who, graph};
use sandtable::analysis::evidence::{Controls, MOST};
use sandtable::analysis::guardrails::COMMON_CAUSE;
use sandtable::analysis::guardrails::credit::credited;
use sandtable::analysis::guardrails::reliance::{COUNTS, Reliance, TOO_MUCH, WANTED};
use sandtable::app::App;
use sandtable::library::attackers;
use sandtable::model::threats::AbuseKind;
use sandtable::model::{Model, Slug};
use sandtable::store::ron::{canonical, load};

// The attack graph of small models.

/// A role that reads a dataset at an endpoint, and an attacker who has it: what the cases below change.
pub(super) const SMALL: &str = r#"(
    datasets: { "d": (class: "restricted", fields: { "a": (), "pw": (kind: "Password", protection: Plain) }), },
    roles: { "r": (kind: Named, mfa: false, privileged: false) },
    platforms: { "p": (refuses_unauthenticated: true) },
    services: { "s": (kind: Platform, platform: "p") },
    endpoints: { "e": (service: "s", authentication: Session, shared_connection: false, input_schema: Strict, stage: Live) },
    grants: { "g": (role: "r", endpoint: "e", op: Read, dataset: "d", fields: Only(["a"]), rows: All) },
    flows: {},
    attackers: { "x": (roles: ["r"]) },
    controls: {},
)"#;

pub(super) fn model_of(text: &str) -> Model {
    sandtable::model::reflect::ron_options().from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

pub(super) struct Seen {
    pub model: Model,
    pub who: Vec<Who>,
    pub graph: Graph,
}

pub(super) fn see(model: Model) -> Seen {
    let own = Who::of_model(&model);
    let library = Who::of_library(&model, &attackers::shipped().unwrap());
    let who: Vec<Who> = own.into_iter().chain(library).collect();
    let (graph, _) = graph(&model, &effective(&model), &who, credited(&model, &Controls::new(&model, today())));
    Seen { model, who, graph }
}

impl Seen {
    pub fn paths(&self, attacker: &str, goal: Goal, k: usize) -> Vec<Path> {
        let at = self.who.iter().position(|who| who.name == attacker).unwrap_or_else(|| panic!("no {attacker}"));
        Towards::new(&self.model, &self.graph, goal).from(at, k)
    }

    /// The paths in short: `certain: holds_role asks reads_all`, or `field of element?: ...`.
    fn short(&self, paths: &[Path]) -> Vec<String> {
        paths
            .iter()
            .map(|path| {
                let kinds: Vec<&str> =
                    path.steps.iter().map(|step| self.graph.steps[*step as usize].kind.name()).collect();
                let hangs: Vec<String> =
                    path.unknown.iter().map(|fact| format!("{} of {}", fact.field, fact.element.slug)).collect();
                let state = if path.is_certain() { "certain".to_owned() } else { hangs.join(", ") + "?" };
                format!("{state}: {}", kinds.join(" "))
            })
            .collect()
    }
}

pub(super) fn slug(name: &str) -> Slug {
    Slug::new(name).unwrap()
}

pub(super) fn read(dataset: &str) -> Goal {
    Goal::Read(slug(dataset), 3)
}

/// What is changed in the small model, whose paths are looked at (and to what), and what they are.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a [&'a str]);

#[test]
fn steps_are_there_perhaps_or_not_as_the_facts_say() {
    let (from, to) = ("", "");
    let cases: &[Case<'_>] = &[
        (&[(from, to)], "x", &["certain: holds_role asks reads_all"]),
        (&[(", rows: All", "")], "x", &["rows of g?: holds_role asks reads_all"]),
        (&[("fields: Only([\"a\"]), ", "")], "x", &["fields of g?: holds_role asks reads_all"]),
        (&[("rows: All", "rows: Owner(\"a\")")], "x", &["certain: holds_role asks reads_own"]),
        (&[("rows: All", "rows: Tenant(\"a\")")], "x", &["certain: holds_role asks reads_tenant"]),
        (&[("rows: All", "rows: Constant(\"c\")")], "x", &["certain: holds_role asks reads_some"]),
        (&[("rows: All", "rows: Nobody")], "x", &[]),
        (&[("rows: All", "rows: All, root: false")], "x", &[]),
        (&[("rows: All", "rows: All, backend_only: true")], "x", &[]),
        (&[("op: Read", "op: Aggregate")], "x", &[]),
        (&[("stage: Live", "stage: Retired")], "x", &[]),
        (
            &[("stage: Live", "stage: Live, visibility: Internal")],
            "x",
            &["certain: holds_role asks_internal reads_all"],
        ),
        // The class: too low, unknown.
        (&[("class: \"restricted\"", "class: \"internal\"")], "x", &[]),
        (&[("class: \"restricted\", ", "")], "x", &["class of d?: holds_role asks reads_all"]),
        (&[("\"a\": ()", "\"a\": (class: \"public\")")], "x", &[]),
        // Inheritance, and relations that lead where nobody may ask.
        (
            &[
                ("roles: {", "roles: { \"heir\": (kind: Named, inherits: [\"r\"]),"),
                ("roles: [\"r\"]", "roles: [\"heir\"]"),
            ],
            "x",
            &["certain: holds_role asks reads_all"],
        ),
        (
            &[
                ("datasets: {", "datasets: { \"c\": (relations: { \"way\": (to: \"d\") }),"),
                ("grants: {", "grants: { \"h\": (role: \"r\", endpoint: \"e\", op: Read, dataset: \"c\", rows: All),"),
                ("rows: All) },", "rows: All, root: false) },"),
            ],
            "x",
            &["certain: holds_role asks reads_through"],
        ),
        // What stands behind an endpoint.
        (
            &[("rows: All", "rows: Nobody"), ("input_schema: Strict", "input_schema: Loose")],
            "x",
            &["certain: holds_role asks breaks_in serves_from"],
        ),
        (
            &[("rows: All", "rows: Nobody"), ("input_schema: Strict, ", "")],
            "x",
            &["input_schema of e?: holds_role asks breaks_in serves_from"],
        ),
        (
            &[("rows: All", "rows: Nobody"), ("shared_connection: false", "shared_connection: true")],
            "x",
            &["certain: holds_role asks uses_shared_account serves_from"],
        ),
        // Passwords that can be read open other accounts.
        (
            &[
                ("roles: {", "roles: { \"boss\": (kind: Named, mfa: false),"),
                ("fields: Only([\"a\"]), rows: All", "fields: All, rows: All"),
                ("datasets: {", "datasets: { \"more\": (class: \"restricted\"),"),
                (
                    "grants: {",
                    "grants: { \"h\": (role: \"boss\", endpoint: \"e\", op: Read, dataset: \"more\", fields: All, rows: All),",
                ),
            ],
            "x>more",
            &["certain: holds_role asks finds_passwords asks reads_all"],
        ),
        // Who is inside a boundary may listen to what is not encrypted.
        (
            &[
                ("roles: [\"r\"]", "inside: [\"b\"]"),
                ("datasets: {", "boundaries: { \"b\": (trust: Internal) }, datasets: {"),
                ("{ \"s\": (", "{ \"s\": (boundary: \"b\", "),
                ("flows: {", "flows: { \"f\": (from: \"s\", to: \"d\", data: [\"d\"], encrypted: false)"),
            ],
            "x",
            &["certain: stands_inside listens"],
        ),
        (
            &[
                ("roles: [\"r\"]", "inside: [\"b\"]"),
                ("datasets: {", "boundaries: { \"b\": (trust: Untrusted) }, datasets: {"),
                ("{ \"s\": (", "{ \"s\": (boundary: \"b\", "),
                ("flows: {", "flows: { \"f\": (from: \"s\", to: \"d\", data: [\"d\"])"),
            ],
            "x",
            &["encrypted of f?: stands_inside listens_outside"],
        ),
        (
            &[
                ("roles: [\"r\"]", "inside: [\"b\"]"),
                ("datasets: {", "boundaries: { \"b\": () }, datasets: {"),
                ("{ \"s\": (", "{ \"s\": (boundary: \"b\", "),
                ("flows: {", "flows: { \"f\": (from: \"s\", to: \"d\", data: [\"d\"], encrypted: true)"),
            ],
            "x",
            &[],
        ),
        // Control of an element, and the connections that it has.
        (
            &[
                ("roles: [\"r\"]", "controls_elements: [\"job\"]"),
                ("services: {", "services: { \"job\": (kind: Job),"),
                ("flows: {", "flows: { \"f\": (from: \"job\", to: \"s\", encrypted: true)"),
            ],
            "x",
            &["certain: controls_element calls_on serves_from"],
        ),
        // Profiles of the library.
        (&[(from, to)], "curious-employee", &["certain: holds_role asks reads_all"]),
        (&[("kind: Named, ", "")], "curious-employee", &["kind of r?: holds_role asks reads_all"]),
        (&[(from, to)], "account-takeover-crew", &["certain: takes_over asks reads_all"]),
        (
            &[("mfa: false, ", "")],
            "account-takeover-crew",
            &["certain: takes_over_despite_factor asks reads_all", "mfa of r?: takes_over asks reads_all"],
        ),
        (
            &[("mfa: false", "mfa: true")],
            "account-takeover-crew",
            &["certain: takes_over_despite_factor asks reads_all"],
        ),
        (&[(from, to)], "trial-user", &[]),
        (&[("kind: Named", "kind: Authenticated")], "trial-user", &["certain: signs_up asks reads_all"]),
        (&[(from, to)], "misled-agent", &[]),
        (&[("kind: Named", "kind: Service")], "misled-agent", &["certain: holds_role asks reads_all"]),
        (
            &[("kind: Named", "kind: Admin")],
            "extortion-group",
            &["certain: takes_over asks reads_all", "certain: takes_over administers serves_from"],
        ),
        (&[("kind: Named", "kind: Service")], "citizen-maker", &["certain: may_build publishes serves_from"]),
        (
            &[
                ("kind: Platform, ", "kind: Platform, party: \"p\", "),
                ("datasets: {", "parties: { \"p\": (kind: Vendor) }, datasets: {"),
            ],
            "compromised-partner",
            &["certain: is_party runs_for_us serves_from"],
        ),
        (
            &[("refuses_unauthenticated: true", "unauthenticated_role: \"r\"")],
            "scanner",
            &["certain: holds_role holds_role asks reads_all"],
        ),
        (
            &[("refuses_unauthenticated: true", ""), ("kind: Named, ", "")],
            "scanner",
            &["kind of r, unauthenticated_role of p?: holds_role holds_role asks reads_all"],
        ),
        (
            &[(
                "refuses_unauthenticated: true",
                "refuses_unauthenticated: true, product: \"Hasura\", admin_secret_set: false",
            )],
            "scanner",
            &["certain: holds_role no_admin_secret serves_from"],
        ),
        (
            &[("authentication: Session", "authentication: NoAuth"), ("input_schema: Strict", "input_schema: Loose")],
            "scanner",
            &["certain: holds_role asks_without_login breaks_in serves_from"],
        ),
    ];
    for (changes, attacker, wanted) in cases {
        let mut text = SMALL.to_owned();
        for (from, to) in *changes {
            assert!(text.contains(from), "{from} is not in the model");
            text = text.replacen(from, to, 1);
        }
        let (attacker, dataset) = attacker.split_once('>').unwrap_or((attacker, "d"));
        let seen = see(model_of(&text));
        let found = seen.short(&seen.paths(attacker, read(dataset), 9));
        assert_eq!(found, *wanted, "{attacker} after {changes:?}");
    }
}

#[test]
fn the_place_of_a_secret_proves_that_it_is_in_the_files() {
    let place =
        "source: (file: \"s.yaml\", line: 1), literal_secrets: [(name: \"key\", source: (file: \".env\", line: 7))]";
    let seen = see(model_of(&SMALL.replace("kind: Platform, ", &format!("kind: Application, {place}, "))));
    let steps = seen.paths("citizen-maker", read("d"), 9).into_iter().flat_map(|path| path.steps);
    let found = steps.map(|step| &seen.graph.steps[step as usize]).find(|step| step.kind == Kind::FindsSecret);
    let source = found.unwrap().proof[0].source.clone().unwrap();
    assert_eq!(source.to_string(), ".env:7");
}

#[test]
fn controls_make_a_path_less_likely_and_their_loss_is_told() {
    let guard = |more: &str| {
        SMALL.replace(
            "controls: {",
            &format!("controls: {{ \"k\": (kind: Preventive, status: Implemented, guards: [\"grants:g\"], effectiveness: 80, {more}),"),
        )
    };
    let bare = 0.95 * 0.95;
    let test = "(kind: Review, at: \"x\", strength: Tested, checked_on: \"2026-11-01\", valid_until: \"2027-11-01\")";
    let (tested, refuted) = (&format!("evidence: [{test}]"), &format!("evidence: [{test}, (refutes: true)]"));
    for (text, credit, groups) in [
        (guard(""), Some(0.4), 1),
        (guard(tested), Some(0.8), 1),
        (guard(refuted), None, 0),
        (guard(tested).replace("effectiveness: 80", "effectiveness: 100"), Some(0.95), 1),
        (guard(tested).replace("effectiveness: 80, ", ""), None, 0),
        (guard(tested).replace("Implemented", "Planned"), None, 0),
        (guard(tested).replace("Preventive", "Detective"), None, 0),
        (guard(tested).replace("grants:g", "d"), Some(0.8), 1),
        (guard(tested).replace("grants:g", "roles:r"), Some(0.8), 1),
        (guard(tested).replace("grants:g", "s"), Some(0.8), 1),
        (guard(tested).replace("effectiveness: 80", "effectiveness: 20"), Some(0.2), 0),
    ] {
        let seen = see(model_of(&text));
        let path = seen.paths("x", read("d"), 1).remove(0);
        let wanted = bare * (1.0 - credit.unwrap_or(0.0));
        assert!((path.chance - wanted).abs() < 1e-9, "{text}: {} and not {wanted}", path.chance);
        assert!((path.chance_without(&seen.model, &seen.graph, &slug("k")) - bare).abs() < 1e-9);
        let reliance = Reliance::of(&seen.model, &seen.graph.credit, &path.controls);
        assert_eq!(reliance.independent(), groups, "{text}");
        assert!(reliance.complaint().is_some());
    }
}

// Scenarios.

fn clinic_walk(change: &dyn Fn(&mut Model)) -> Walked {
    let mut model = load(CLINIC).unwrap().model;
    change(&mut model);
    let seen = see(model);
    let scenario = &seen.model.scenarios[&slug("patient-list-walks-out")];
    walk(&seen.model, &effective(&seen.model), &seen.graph, &seen.who, scenario)
}

#[test]
fn a_scenario_says_which_step_a_change_made_impossible() {
    let says = |change: &dyn Fn(&mut Model)| {
        let walked = clinic_walk(change);
        match walked.state {
            State::Impossible(step, why) => format!("{step}: {why}"),
            State::Hangs(facts) => facts.iter().map(|fact| format!("{}?", fact.field)).collect(),
            state => state.word().to_owned(),
        }
    };
    let steps = |model: &mut Model, count: usize| {
        model.scenarios.get_mut("patient-list-walks-out").unwrap().steps.truncate(count);
    };
    assert_eq!(says(&|_| {}), "3: no grant lets Front desk clerk read Visit notes there");
    assert_eq!(says(&|model| steps(model, 2)), "holds");
    assert_eq!(says(&|model| steps(model, 0)), "empty");
    assert_eq!(
        says(&|model| {
            model.grants.remove("clerk-patients-read");
            model.grants.remove("clerk-patients-update");
        }),
        "2: no grant, flow or connection leads from Portal API to Patients"
    );
    assert_eq!(
        says(&|model| {
            steps(model, 2);
            model.grants.get_mut("clerk-patients-read").unwrap().rows = None;
            model.grants.remove("clerk-patients-update");
        }),
        "rows?"
    );
    assert_eq!(
        says(&|model| model.attackers.get_mut("curious-clerk").unwrap().roles.clear()),
        "1: nothing that was done before leads to Front desk"
    );
    assert_eq!(
        says(&|model| {
            model.endpoints.remove("portal-api");
        }),
        "1: there is no portal-api any more"
    );
    // A physician may follow the relation: there is a grant for it.
    assert_eq!(
        says(&|model| {
            let clerk = model.attackers.get_mut("curious-clerk").unwrap();
            clerk.roles = vec![slug("doctor").into()];
            model.scenarios.get_mut("patient-list-walks-out").unwrap().steps[0].from = None;
        }),
        "holds"
    );
    // Who does it is left open: whoever sits at the front desk is a clerk, and nobody in particular can be anybody.
    let nobody = |from_desk: bool| {
        says(&move |model| {
            let scenario = model.scenarios.get_mut("patient-list-walks-out").unwrap();
            scenario.attacker = None;
            if !from_desk {
                scenario.steps[0].from = None;
            }
        })
    };
    assert_eq!(nobody(true), "3: no grant lets Front desk clerk read Visit notes there");
    assert_eq!(nobody(false), "holds");
}

/// The law between paths and scenarios: what is made of a path can happen, and hangs on no more than the path does.
#[test]
fn every_path_makes_a_scenario_that_can_happen() {
    for text in [CLINIC, FREIGHT] {
        let seen = see(load(text).unwrap().model);
        let access = effective(&seen.model);
        let (mut made, mut hanging) = (0, 0);
        // Of many datasets a few stand for all.
        let datasets = jewels(&seen.model, 0);
        for dataset in datasets.iter().step_by(datasets.len().div_ceil(5)) {
            for goal in [Goal::Read(dataset.clone(), 0), Goal::Change(dataset.clone())] {
                let mut towards = Towards::new(&seen.model, &seen.graph, goal);
                for path in (0..seen.who.len()).flat_map(|at| towards.from(at, 2)) {
                    let edit = scenario::from_path(&seen.model, &seen.who, &seen.graph, &path, Some(slug("made")));
                    let mut model = seen.model.clone();
                    let back = edit.apply(&mut model);
                    let scenario = &model.scenarios[&slug("made")];
                    assert!(!scenario.steps.is_empty() && scenario.attacker.is_some());
                    // The scenario changes nothing that the graph is made of; a profile keeps its name as an attacker.
                    let walked = walk(&model, &access, &seen.graph, &seen.who, scenario);
                    match &walked.state {
                        State::Holds => {}
                        State::Hangs(facts) => {
                            assert!(facts.iter().all(|fact| path.unknown.contains(fact)), "{facts:?}: {path:?}");
                            hanging += 1;
                        }
                        state => panic!("{state:?}: {scenario:?} of {:?}", seen.short(std::slice::from_ref(&path))),
                    }
                    assert_eq!(walked.reaches_target, Some(true));
                    back.apply(&mut model);
                    assert_eq!(model, seen.model);
                    made += 1;
                }
            }
        }
        assert!(made > 20 && hanging > 0, "{made} {hanging}");
    }
}

#[test]
fn templates_start_from_what_grants_make_possible() {
    let model = load(CLINIC).unwrap().model;
    let access = effective(&model);
    for (kind, about, wanted) in [
        (AbuseKind::ExcessiveRetrieval, "patients", Ok(2)),
        (AbuseKind::Tampering, "appointments", Ok(2)),
        (AbuseKind::Replay, "booking-page", Ok(2)),
        (AbuseKind::Other, "records-connector", Ok(1)),
        (
            AbuseKind::Tampering,
            "lab-results",
            Err("no grant makes this possible at Laboratory results: there is nothing to start from"),
        ),
    ] {
        let about = model.node(about).unwrap();
        let found = scenario::template(&model, &access, kind, &about);
        let steps = found.map(|(edit, id)| {
            let mut model = model.clone();
            edit.apply(&mut model);
            model.scenarios[&id.slug].steps.len()
        });
        assert_eq!(steps, wanted.map_err(str::to_owned), "{kind} {about}");
    }
}

// The library.

#[test]
fn profiles_become_attackers_and_back() {
    let profiles = attackers::shipped().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(profiles.len(), 10);
    let empty = Model::default();
    for profile in &profiles {
        let mut model = empty.clone();
        let (edit, id) = attackers::adopt(&model, profile);
        let back = edit.apply(&mut model);
        let own = &model.attackers[&id.slug];
        // Each number is called an assumption.
        for (name, said) in
            [("capability", own.capability.is_some()), ("attempts_per_year", own.attempts_per_year.is_some())]
        {
            assert_eq!(own.assumed.iter().any(|field| field.as_str() == name), said, "{} {name}", profile.id);
        }
        // The file form holds all of it.
        let text = canonical(&model);
        let loaded = load(&text).unwrap();
        assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
        assert_eq!((&loaded.model.attackers, canonical(&loaded.model)), (&model.attackers, text));
        // Taken in, it is no profile of the library any more.
        assert!(Who::of_library(&model, &profiles).iter().all(|who| who.name != profile.id));
        back.apply(&mut model);
        assert_eq!(model, empty);
    }
}

#[test]
fn mistakes_in_profiles_have_their_place() {
    let good =
        "[Profile(id: \"a\", title: \"t\", intent: \"i\", entry: Tool, capability: (min: 1, likely: 2, max: 3))]";
    assert_eq!(attackers::read("mine.ron", good).unwrap().len(), 1);
    for (from, to, says) in [
        ("entry: Tool", "entry: Tol", "mine.ron:1:"),
        ("entry: Tool", "entri: Tool", "mine.ron:1:"),
        ("entry: Tool, ", "", "mine.ron:1:"),
        ("id: \"a\"", "id: \"A b\"", "mine.ron:1:14: error: `A b` is no name of a profile"),
        ("title: \"t\"", "title: \"\"", "mine.ron:1:14: error: a: a profile needs a title"),
        ("max: 3", "max: 300", "mine.ron:1:14: error: a: capability is in percent"),
        ("min: 1", "min: 2.5", "an estimate needs 0 <= min <= likely <= max"),
        ("min: 1", "min: -1", "an estimate needs"),
        ("max: 3", "max: inf", "an estimate needs"),
        ("likely: 2", "likely: NaN", "an estimate needs"),
        (")]", "), Profile(id: \"a\", title: \"t\", intent: \"i\", entry: Tool)]", "there are two profiles `a`"),
    ] {
        let error = attackers::read("mine.ron", &good.replacen(from, to, 1)).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(says), "{to}: {error}");
    }
    assert!(attackers::read("mine.ron", &" ".repeat(attackers::MAX_PROFILE_FILE + 1)).is_err());
}

/// `docs/ATTACK.md` is made from the table.
#[test]
fn the_document_of_assumptions_is_up_to_date() {
    let mut text = String::from(
        "# Attack paths: the assumptions\n\n\
         The chance of a path is the product of the chances of its steps, less what the controls on it are credited with. These\n\
         are the chances: **assumptions, made so that paths can be compared**. None was measured, and none says how often something\n\
         happens. They stand in one table, `src/analysis/attack/kinds.rs`; this file is made from it.\n\n\
         | step | chance (assumed) | what it is |\n|---|---|---|\n",
    );
    for kind in Kind::ALL {
        text.push_str(&format!("| `{}` | {} | {} |\n", kind.name(), kind.chance(), kind.doc().trim()));
        assert!(kind.chance() > 0.0 && kind.chance() <= 1.0);
    }
    text.push_str(&format!(
        "\n## Further assumptions\n\n\
         - A way is called likely from a chance of {LIKELY} on.\n\
         - A control that is in place and prevents is credited with its effectiveness, {MOST} % at most; with half of it until a test\n  \
         shows it, and with nothing where its evidence does not hold. Without an effectiveness it is not counted.\n\
         - Controls of one dependency group have {COMMON_CAUSE} of the failure of the best of them in common\n  \
         (`src/analysis/guardrails/mod.rs`).\n\
         - A group counts as a guardrail of its own from an effect of {COUNTS} on; {WANTED} are wanted on every path to confidential data\n  \
         or higher; a control without which {TOO_MUCH} times as much gets through carries too much.\n\
         - The one guardrail: a group that stands alone on a way that is certain, and that would be likely if no control stood in it.\n  \
         A way that is unlikely by itself lays nothing open (`src/analysis/guardrails/alone.rs`).\n\
         - Capability and attempts of the attacker profiles (`src/library/attackers.ron`) are assumptions, too. They are shown, and\n  \
         no chance above depends on them.\n"
    ));
    super::docs::compare("docs/ATTACK.md", &text);
}

// The command line.

/// The small model as a file.
fn file(text: &str) -> String {
    format!(
        "#![enable(implicit_some)]\nModel(format: 1, title: \"Small\", {}",
        text.trim_start().trim_start_matches('(')
    )
}

#[test]
fn the_command_line_tells_paths_and_closes_the_gate() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("open.ron", &file(SMALL));
    write("perhaps.ron", &file(&SMALL.replace(", rows: All", "")));
    write("low.ron", &file(&SMALL.replace("class: \"restricted\"", "class: \"internal\"")));
    let controls = "controls: { \"k1\": (kind: Preventive, status: Verified, guards: [\"e\"], effectiveness: 80), \"k2\": (kind: Preventive, status: Verified, guards: [\"grants:g\"], effectiveness: 70),";
    write("guarded.ron", &file(&SMALL.replace("controls: {", controls)));
    write("clinic.ron", CLINIC);
    for (code, arguments, says) in [
        (1, "paths open.ron", "certain, chance 0.902 assumed"),
        (1, "paths open.ron", "with fewer than 2 independent groups of controls: the gate is closed"),
        (1, "paths open.ron", "Reads all rows of d (a), by the grant g. [open.ron:"),
        // What is not certain, or not worth guarding, closes nothing.
        (0, "paths perhaps.ron", "Perhaps: rows of grant g unknown."),
        (0, "paths perhaps.ron", "find out first, since paths hang on it:\n    rows of grant g (1 path)"),
        (0, "paths low.ron", "no path to data of confidential or higher"),
        (0, "paths low.ron --min-class internal", "→ d (internal): certain"),
        (0, "paths guarded.ron", "guarded by k1: stops 40 %"),
        (1, "paths guarded.ron --without k1", "only 1 independent group of controls counts"),
        (0, "paths open.ron --attacker misled-agent", "not bound: the model has no roles that programs take"),
        (0, "paths open.ron --attacker x --to d --change", "no path to d"),
        (1, "paths clinic.ron --attacker extortion-group", "every certain path passes: Portal"),
        (0, "scenarios clinic.ron", "impossible at step 3: no grant lets Front desk clerk read Visit notes there"),
        (1, "scenarios clinic.ron --verify", "impossible at step 3"),
        (0, "scenarios open.ron --verify", "the model has no scenario"),
        (2, "paths open.ron --attacker y", "there is no attacker `y`"),
        (2, "paths open.ron --to dd", "did you mean `d`?"),
        (2, "paths open.ron --without kk", "there is no control `kk`"),
        (2, "paths open.ron --min-class secret", "there is no class `secret`"),
        (2, "paths open.ron -k 0", "-k"),
        (2, "paths missing.ron", "missing.ron"),
        (
            2,
            "scenarios open.ron --add replay --on nowhere",
            "there is no actor, service, endpoint or dataset `nowhere`",
        ),
        (2, "scenarios open.ron --add tampering --on d", "no grant makes this possible"),
    ] {
        let ran = run(&arguments.split(' ').collect::<Vec<_>>(), folder.path());
        let all = format!("{}{}", ran.stdout, ran.stderr);
        assert!(ran.code == code && all.contains(says), "{arguments}: {} {all}", ran.code);
    }
    let json = |arguments: &str| -> serde_json::Value {
        let ran = run(&arguments.split(' ').collect::<Vec<_>>(), folder.path());
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{arguments}: {error}: {}", ran.stderr))
    };
    let found = json("paths guarded.ron --format json");
    let path = &found["paths"][0];
    assert_eq!(
        (path["attacker"].as_str(), path["to"].as_str(), path["class"].as_str()),
        (Some("x"), Some("d"), Some("restricted"))
    );
    assert_eq!((path["independent_groups"].as_u64(), path["certain"].as_bool()), (Some(2), Some(true)));
    assert_eq!(path["steps"][2]["proof"][0]["element"], "grants:g");
    assert_eq!(path["chance"].as_f64(), Some((0.95f64 * 0.95 * 0.6 * 0.65 * 1e6).round() / 1e6));
    assert_eq!(json("scenarios clinic.ron --format json")["scenarios"][0]["state"], "impossible");

    // A path becomes a scenario in the file, and a template does; comments stay.
    let ran = run(
        &["paths", "clinic.ron", "--attacker", "scanner", "--to", "patients", "--save-scenario", "bot"],
        folder.path(),
    );
    assert!(ran.code == 1 && ran.stderr.contains("added scenario bot"), "{}", ran.stderr);
    let ran = run(&["scenarios", "clinic.ron", "--add", "replay", "--on", "booking-page"], folder.path());
    assert!(
        ran.code == 0 && ran.stdout.contains("Replay at Booking page: can happen"),
        "{} {}",
        ran.stdout,
        ran.stderr
    );
    let text = std::fs::read_to_string(folder.path().join("clinic.ron")).unwrap();
    let model = load(&text).unwrap().model;
    assert_eq!(model.scenarios[&slug("bot")].attacker.as_ref().map(|link| link.slug().as_str()), Some("scanner"));
    assert!(model.attackers.contains_key("scanner") && text.contains("// Three things to know before you start."));
    let again = run(
        &["paths", "clinic.ron", "--attacker", "scanner", "--to", "patients", "--save-scenario", "bot"],
        folder.path(),
    );
    assert!(again.code == 2 && again.stderr.contains("there is a scenario `bot` already"), "{}", again.stderr);
}

// The workbench.

#[test]
fn the_screen_shows_paths_and_makes_scenarios() {
    let mut app = clinic(120, 40);
    press(&mut app, "4");
    assert!(screen(&app).contains("Curious clerk") && screen(&app).contains("Finder of a public key"));
    // The next dataset, the next path, changing rather than reading.
    assert!(screen(&app).contains("to Appointments · 1 of 4"));
    press(&mut app, "ln");
    assert!(screen(&app).contains("to Laboratory results · 2 of 4"));
    press(&mut app, "hx");
    assert!(screen(&app).contains("to change Appointments"), "{}", screen(&app));
    press(&mut app, "x");
    // A path becomes a scenario, by one key and back by one.
    let before = app.model.clone();
    press(&mut app, "s");
    assert_eq!(app.model.scenarios.len(), before.scenarios.len() + 1);
    press(&mut app, "u");
    assert_eq!(app.model, before);
    // A profile becomes an attacker; the cursor stays on it.
    press(&mut app, "jji");
    assert!(app.model.attackers.contains_key("anonymous-key-finder"), "{:?}", app.toasts.current());
    let at = sandtable::app::attackers::current(&app).unwrap();
    assert_eq!(app.attack().who[at].name, "anonymous-key-finder");
    press(&mut app, "u");
    assert_eq!(app.model, before);
    // The path on the map, dropped with the next edit; escape ends it.
    press(&mut app, "4ggkgm");
    assert_eq!(app.screen, sandtable::app::state::Screen::Map);
    assert!(app.map.journey.as_ref().is_some_and(|journey| journey.title.is_some()));
    press(&mut app, "<Esc><Esc>");
    press(&mut app, "4gr");
    let reach = app.map.journey.clone().unwrap();
    assert!(reach.stations.len() > 5, "{reach:?}");
    press(&mut app, "aaNew<Enter>");
    assert!(app.map.journey.is_none());
    press(&mut app, "u");
    // As if a control were lost.
    press(&mut app, "4jl");
    let chance = |app: &App| app.shown().paths.iter().map(|path| path.chance).fold(0.0, f64::max);
    press(&mut app, "j");
    let guarded = chance(&app);
    press(&mut app, "wRequest<Enter>");
    assert!(chance(&app) > guarded, "{guarded} {}", screen(&app));
    assert!(screen(&app).contains("as if lost"));
    // A scenario of a kind about the dataset that is shown.
    press(&mut app, "aS");
    press(&mut app, "Tampering<Enter>");
    assert!(app.toasts.current().is_some(), "{}", screen(&app));
    // The filter, and the list of scenarios.
    press(&mut app, "/leaves<Enter>");
    assert_eq!(sandtable::app::attackers::rows(&app).len(), 1);
    press(&mut app, "<Esc>o");
    assert!(screen(&app).contains("impossible at step 3"), "{}", screen(&app));
}

#[test]
fn the_screen_says_why_not() {
    let mut app = open("#![enable(implicit_some)]\nModel(format: 1, title: \"Nothing\")\n", 80, 24);
    press(&mut app, "4");
    for (keys, says) in [
        ("s", "no path of this attacker"),
        ("l", "no dataset yet"),
        ("w", "no control"),
        ("o", "no scenario"),
        ("gm", "no path"),
    ] {
        press(&mut app, keys);
        let said = app.toasts.current().map(|toast| toast.text.clone()).unwrap_or_default();
        assert!(said.contains(says), "{keys}: {said}");
    }
    press(&mut app, "/zzz<Enter>");
    assert!(screen(&app).contains("Nothing matches"), "{}", screen(&app));
    for size in [(1, 1), (20, 6), (59, 10), (200, 60)] {
        let mut app = clinic(size.0, size.1);
        press(&mut app, "4jjG<Enter><PageDown><Esc>gg");
        let _ = screen(&app);
    }
}

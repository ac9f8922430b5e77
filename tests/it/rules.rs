//! The rules that are shipped: each fires in its first model and not in its second, by its own condition; files of rules
//! with mistakes are refused with the place; outcomes and questions on models that people have.

use super::headless::{CLINIC, FREIGHT, today};
use sandtable::analysis::access::effective;
use sandtable::analysis::condition::{Answer, Condition, Evaluator, World, compile};
use sandtable::analysis::questions::questions;
use sandtable::analysis::threats::{Outcome, Place, RuleSet, Verdict};
use sandtable::library::catalogue::Catalogue;
use sandtable::library::rule::{self, Example, Rule};
use sandtable::model::Model;
use sandtable::model::facts::{Fields, Operation, Rows};
use sandtable::model::validate::Severity;
use sandtable::store::ron::load;
use std::sync::Arc;

fn shipped() -> RuleSet {
    RuleSet::new(rule::shipped().unwrap_or_else(|error| panic!("{error}"))).unwrap_or_else(|error| panic!("{error}"))
}

fn judge(rules: &RuleSet, model: &Model) -> Vec<Verdict> {
    rules.judge(model, &effective(model), today(), false).unwrap_or_else(|error| panic!("{error}"))
}

fn fires(rule: &Rule, model: &Model) -> bool {
    let rules = RuleSet::new(vec![rule.clone()]).unwrap_or_else(|error| panic!("{error}"));
    judge(&rules, model).iter().any(|verdict| verdict.outcome == Outcome::Fires)
}

#[test]
fn every_rule_fires_where_it_should_and_not_where_it_should_not() {
    let rules = rule::shipped().unwrap_or_else(|error| panic!("{error}"));
    assert!(rules.len() >= 125, "{} rules", rules.len());
    for rule in &rules {
        assert!(fires(rule, &rule.fires.model), "{} does not fire in its first model", rule.id);
        assert!(!fires(rule, &rule.silent.model), "{} fires in its second model", rule.id);
        let answered = rule.answered.iter().map(|example| ("third", example));
        for (which, Example { model, text }) in
            [("first", &rule.fires), ("second", &rule.silent)].into_iter().chain(answered)
        {
            // The loader of model files checks more: names of fields, references.
            let loaded = load(text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", rule.id));
            let errors: Vec<_> = loaded.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
            assert!(errors.is_empty(), "{}, {which} model: {errors:?}", rule.id);
            assert_eq!(loaded.model, Model { title: loaded.model.title.clone(), ..model.clone() }, "{}", rule.id);
        }
        for id in &rule.references {
            assert!(Catalogue::of(id).is_some(), "{}: the form of `{id}` is that of no catalogue", rule.id);
        }
        assert!(!rule.because.is_empty() && !rule.answer.is_empty() && !rule.title.ends_with('.'), "{}", rule.id);
    }
}

/// What is worked out once is shared by all rules: each says with the others what it says alone.
#[test]
fn each_rule_says_with_the_others_what_it_says_alone() {
    let all = shipped();
    for (name, text) in [("clinic", CLINIC), ("freight", FREIGHT)] {
        let model = load(text).unwrap().model;
        let access = effective(&model);
        let together = all.judge(&model, &access, today(), true).unwrap();
        let alone = rule::shipped().unwrap().into_iter().enumerate().flat_map(|(at, rule)| {
            let rules = RuleSet::new(vec![rule]).unwrap();
            let said = rules.judge(&model, &access, today(), true).unwrap();
            said.into_iter().map(move |verdict| Verdict { rule: at, ..verdict })
        });
        let alone: Vec<Verdict> = alone.collect();
        assert_eq!(together.len(), alone.len(), "{name}");
        for (one, other) in together.iter().zip(&alone) {
            assert_eq!(one, other, "{name}: {}", all.rule(one.rule).id);
        }
    }
}

/// Places with the same facts are asked once, together: of each is said what is said of it alone, and it misses its own facts.
#[test]
fn of_what_is_alike_is_said_what_is_said_of_each_alone() {
    let text = alike();
    let model = load(&text).unwrap_or_else(|error| panic!("{error}\n{text}")).model;
    let access = effective(&model);
    let bare = rule::shipped().unwrap().into_iter().map(|rule| Rule { unless: None, ..rule });
    let rules = RuleSet::new(bare.collect()).unwrap();
    let world = World::new(&model, &access.facts, today());
    let (mut asked, mut unknown) = (0, 0);
    let conditions: Vec<Condition> =
        rules.rules().map(|rule| compile(&rule.applies.text, rule.about).unwrap()).collect();
    for verdict in rules.judge_in(1, &model, &access, today(), true).unwrap() {
        let (condition, mut evaluator) = (&conditions[verdict.rule], Evaluator::new(&world));
        let alone = match &*verdict.place {
            Place::Element(id) => evaluator.ask_element(condition, id.slug.as_str()),
            Place::Exposure { role, grant, .. } => {
                let at = access.iter().position(|fact| fact.role == *role && fact.grant == *grant).unwrap();
                evaluator.ask_exposure(condition, at)
            }
        };
        let alone = match alone.unwrap() {
            Answer::Yes => Outcome::Fires,
            Answer::No => Outcome::NotApplicable,
            Answer::Unknown(missing) => Outcome::Unknown(missing),
        };
        assert_eq!(verdict.outcome, alone, "{} on {:?}", rules.rule(verdict.rule).id, verdict.place);
        unknown += usize::from(matches!(alone, Outcome::Unknown(_)));
        asked += 1;
    }
    assert!(asked > 1_000 && unknown > 100, "{asked} asked, {unknown} unknown");
}

/// A model in which every element has others with the same facts.
fn alike() -> String {
    let each = |count: usize, write: &dyn Fn(usize) -> String| (0..count).map(write).collect::<Vec<_>>().join(",\n");
    let one_of = |at: usize, facts: &[&str]| facts[at % facts.len()].to_owned();
    let datasets = each(24, &|at| {
        let class = one_of(at, &["", "class: \"internal\", ", "class: \"secret\", "]);
        let rest = one_of(at / 3, &["", "encrypted_at_rest: true, ", "encrypted_at_rest: false, "]);
        let field = one_of(at / 2, &["", "class: \"secret\", protection: Plain", "class: \"internal\""]);
        let whole = one_of(at / 4, &["", "fields_complete: true, "]);
        format!(
            "\"d{at}\": ({class}{rest}{whole}subjects: [\"people\"], fields: {{\"email\": ({field}), \"note\": ()}})"
        )
    });
    let endpoints = each(24, &|at| {
        let authentication = one_of(at, &["", "authentication: NoAuth, ", "authentication: ApiKey, "]);
        let kind = one_of(at / 3, &["", "kind: File, ", "kind: Webhook, "]);
        let handling = one_of(at / 2, &["", "handling: (listing: true), ", "handling: (files_checked: false), "]);
        let tags = one_of(at / 6, &["", "tags: [\"workflow-step\"], "]);
        format!("\"e{at}\": ({authentication}{kind}{handling}{tags})")
    });
    let services = each(12, &|at| {
        let kind = one_of(at, &["", "kind: Job, ", "kind: Application, "]);
        let boundary = one_of(at / 2, &["", "boundary: \"inner\", ", "boundary: \"outer\", ", "boundary: \"vague\", "]);
        format!("\"s{at}\": ({kind}{boundary})")
    });
    let flows = each(48, &|at| {
        let encrypted = one_of(at / 12, &["", "encrypted: true, ", "encrypted: false, "]);
        let data = one_of(at / 2, &["", "data: [\"d1\"], ", "data: [\"d2\"], "]);
        format!("\"f{at}\": (from: \"s{}\", to: \"s{}\", {encrypted}{data})", at % 12, at * 5 % 12)
    });
    let grants = each(48, &|at| {
        let role = one_of(at, &["clerk", "visitor", "clerk", "vague"]);
        let dataset = if at % 12 == 11 { String::new() } else { format!("dataset: \"d{}\", ", at * 7 % 24) };
        let op = one_of(at / 2, &["Read", "Update"]);
        let fields =
            one_of(at / 4, &["fields: All, ", "fields: Only([\"email\"]), ", "fields: Only([\"other\"]), ", ""]);
        let rows = one_of(at / 3, &["rows: All, ", "rows: Owner(\"id\"), ", ""]);
        format!("\"g{at}\": (role: \"{role}\", endpoint: \"e{}\", {dataset}op: {op}, {fields}{rows})", at * 5 % 24)
    });
    format!(
        "#![enable(implicit_some)]\nModel(format: 1, title: \"Alike\", classes: {{\"internal\": (rank: 2), \"secret\": (rank: 5)}},\n\
         boundaries: {{\"outer\": (trust: Untrusted), \"inner\": (parent: \"outer\", trust: Internal), \"vague\": ()}},\n\
         datasets: {{{datasets}}},\nendpoints: {{{endpoints}}},\nservices: {{{services}}},\nflows: {{{flows}}},\n\
         roles: {{\"clerk\": (kind: Named), \"visitor\": (kind: Anonymous), \"vague\": (inherits: [\"clerk\"])}},\ngrants: {{{grants}}})"
    )
}

#[test]
fn what_is_said_does_not_depend_on_how_many_parts_ask() {
    let all = shipped();
    for (name, text) in [("clinic", CLINIC), ("freight", FREIGHT)] {
        let model = load(text).unwrap().model;
        let access = effective(&model);
        for wanted in [false, true] {
            let in_one = all.judge_in(1, &model, &access, today(), wanted).unwrap();
            assert_eq!(in_one, all.judge(&model, &access, today(), wanted).unwrap(), "{name}");
            for parts in [2, 3, 7] {
                assert!(in_one == all.judge_in(parts, &model, &access, today(), wanted).unwrap(), "{name}: {parts}");
            }
        }
    }
    // Of several rules that can not be asked it is always the same that is told, and at the same place.
    let own = |id: &str, about: &str, applies: &str| {
        format!(
            "Rule(id: \"{id}\", title: \"t\", about: {about}, references: [\"CWE-1\"], because: \"b\", applies: \"{applies}\", \
             likelihood: 1, impact: Fixed(1), answer: \"a\", fires: (roles: {{\"r\": ()}}), silent: (roles: {{\"r\": ()}})),"
        )
    };
    let most = i64::MAX;
    let text = [
        own("A", "Flow", "flow.title == ''"),
        own("B", "Endpoint", &format!("size(endpoint.id) + {most} > 0")),
        own("C", "Dataset", &format!("size(dataset.id) + {most} > 0")),
    ];
    let rules = rule::read("own.ron", &format!("#![enable(implicit_some)]\n[{}]", text.concat())).unwrap();
    let rules = RuleSet::new(rules).unwrap();
    let model = load(FREIGHT).unwrap().model;
    let access = effective(&model);
    let first = model.endpoints.keys().next().unwrap();
    let error = rules.judge_in(1, &model, &access, today(), false).unwrap_err();
    assert_eq!((error.rule.as_str(), error.place.as_str()), ("B", first.as_str()));
    for parts in [2, 3] {
        assert_eq!(rules.judge_in(parts, &model, &access, today(), false).unwrap_err(), error);
    }
}

/// A condition of which a part could be left out, or turned around, without any test noticing is not tested.
#[test]
fn every_part_of_every_condition_matters() {
    let mut survived = Vec::new();
    for rule in rule::shipped().unwrap() {
        for mutant in mutants(&rule.applies.text) {
            let mut changed = rule.clone();
            changed.applies.text.clone_from(&mutant);
            if RuleSet::new(vec![changed.clone()]).is_err() {
                continue;
            }
            if fires(&changed, &changed.fires.model) && !fires(&changed, &changed.silent.model) {
                survived.push(format!("{}: {mutant}", rule.id));
            }
        }
        if let Some(answered) = &rule.answered {
            assert!(!fires(&rule, &answered.model), "{} fires where it is answered", rule.id);
            let changed = Rule { unless: None, answered: None, ..rule.clone() };
            assert!(fires(&changed, &answered.model), "{}: nothing shows what `unless` is for", rule.id);
        }
    }
    assert!(survived.is_empty(), "{} mutants live:\n{}", survived.len(), survived.join("\n"));
}

/// The condition as a whole turned around; and each comparison, each `!` and each `in` of it.
fn mutants(text: &str) -> Vec<String> {
    let mut mutants = vec![format!("!({text})"), "true".to_owned(), "false".to_owned()];
    // Where one of two is enough, the other may hide that the first was turned.
    if text.contains("||") {
        return mutants;
    }
    for (from, to) in [(" == ", " != "), (" != ", " == "), (" >= ", " < "), (" < ", " >= "), (" > ", " <= ")] {
        for (at, _) in text.match_indices(from) {
            mutants.push(format!("{}{to}{}", &text[..at], &text[at + from.len()..]));
        }
    }
    for (at, _) in text.match_indices('!').filter(|(at, _)| !text[*at..].starts_with("!=")) {
        mutants.push(format!("{}{}", &text[..at], &text[at + 1..]));
    }
    for (at, _) in text.match_indices(" in [") {
        let start = text[..at].rfind([' ', '(']).map_or(0, |space| space + 1);
        mutants.push(
            format!("{}!({})", &text[..start], &text[start..=at + text[at..].find(']').unwrap()])
                + &text[at + text[at..].find(']').unwrap() + 1..],
        );
    }
    mutants
}

#[test]
fn mistakes_in_rules_have_their_place() {
    let good = "[Rule(id: \"X-1\", title: \"t\", about: Role, because: \"b\", applies: \"role.mfa\", likelihood: 1, impact: Fixed(1), answer: \"a\", fires: (roles: {\"r\": (mfa: true)}), silent: ())]";
    assert_eq!(rule::read("mine.ron", good).unwrap().len(), 1);
    for (from, to, says) in [
        ("about: Role", "about: Rolle", "mine.ron:1:37: error: "),
        (
            "applies: \"role.mfa\"",
            "applies:\n  \"role.mfb\"",
            "mine.ron:2:4: error: X-1: a role: there is no field `mfb`; did you mean `mfa`?",
        ),
        (
            "applies: \"role.mfa\"",
            "applies: r#\"role.mfa\n  && role.titel == ''\"#",
            "mine.ron:2:6: error: X-1: a role: there is no field `titel`; did you mean `title`?",
        ),
        ("applies: \"role.mfa\"", "applies: 7", "error: a text is needed here"),
        ("silent: ()", "silent: (rolls: {})", "mine.ron:1:"),
        ("silent: ()", "silent: 1", "mine.ron:1:"),
        (", silent: ()", "", "mine.ron:1:"),
        ("likelihood: 1", "likelihood: 6", "error: X-1: likelihood and impact go from 1 to 5"),
        ("impact: Fixed(1)", "impact: Fixed(0)", "error: X-1: likelihood and impact go from 1 to 5"),
        ("id: \"X-1\"", "id: \"X 1\"", "mine.ron:1:11: error: `X 1` is no name of a rule"),
        ("title: \"t\"", "title: \"t\", titel: \"t\"", "mine.ron:1:"),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good, "{from}");
        let said = match rule::read("mine.ron", &text) {
            Ok(rules) => RuleSet::new(rules).unwrap_err(),
            Err(error) => error,
        };
        assert!(said.to_string().contains(says), "{to}\nexpected {says}\nfound    {said}");
    }
    let twice = good.replacen("[", &format!("{},", &good[..good.len() - 1]), 1);
    assert!(rule::read("mine.ron", &twice).unwrap_err().to_string().contains("there are two rules `X-1`"));
    let rules = [rule::read("a.ron", good).unwrap(), rule::read("b.ron", good).unwrap()].concat();
    assert!(
        RuleSet::new(rules).unwrap_err().to_string().starts_with("b.ron:1:1: error: there is a rule `X-1` already")
    );
}

/// One endpoint of which nothing is known is no threat, and many questions.
#[test]
fn a_lone_endpoint_is_a_question() {
    let model = load("Model(format: 1, title: \"x\", endpoints: {\"api\": (title: \"API\")})").unwrap().model;
    let rules = shipped();
    let verdicts = judge(&rules, &model);
    assert!(verdicts.iter().all(|verdict| matches!(verdict.outcome, Outcome::Unknown(_))), "{verdicts:?}");
    assert_eq!(verdicts.iter().filter(|verdict| verdict.outcome == Outcome::Fires).count(), 0);
    let asked: Vec<String> = questions(&model, &rules, &verdicts).iter().map(|q| q.missing.field.to_string()).collect();
    assert!(asked.contains(&"authentication".to_owned()) && asked.len() >= 5, "{asked:?}");
}

/// What leaves a boundary for no boundary goes where nobody said how far it is trusted: that is asked.
#[test]
fn what_leaves_for_nowhere_is_a_question() {
    let text = r#"#![enable(implicit_some)]
    Model(format: 1, title: "Out",
      boundaries: {"in": (trust: Internal), "out": (trust: Partner), "odd": ()},
      services: {"s": (boundary: "in"), "bare": (), "near": (boundary: "in"), "far": (boundary: "out"), "odd": (boundary: "odd")},
      datasets: {"people": (class: "confidential"), "menu": (class: "public")},
      flows: {
        "far": (from: "s", to: "far", data: ["people"], transformation: "no"),
        "bare": (from: "s", to: "bare", data: ["people"], transformation: "no"),
        "odd": (from: "s", to: "odd", data: ["people"], transformation: "no"),
        "masked": (from: "s", to: "bare", data: ["people"], transformation: "masked"),
        "menu": (from: "s", to: "bare", data: ["menu"], transformation: "no"),
        "near": (from: "s", to: "near", data: ["people"], transformation: "no"),
        "into": (from: "bare", to: "s", data: ["people"], transformation: "no"),
      })"#;
    let model = load(text).unwrap().model;
    let rules = shipped();
    let verdicts = rules.judge(&model, &effective(&model), today(), true).unwrap();
    let found = |flow: &str| {
        let about = |verdict: &&Verdict| {
            rules.rule(verdict.rule).id == "LC-122"
                && verdict.place.elements().iter().any(|id| id.slug.as_str() == flow)
        };
        match &verdicts.iter().find(about).unwrap_or_else(|| panic!("no verdict on {flow}")).outcome {
            Outcome::Unknown(missing) => {
                missing.iter().map(|missing| format!("{} {}", missing.element, missing.field)).collect()
            }
            outcome => vec![format!("{outcome:?}")],
        }
    };
    for (flow, expected) in [
        ("far", "Fires"),
        ("bare", "services/bare boundary"),
        ("odd", "boundaries/odd trust"),
        ("menu", "NotApplicable"),
        ("near", "NotApplicable"),
        ("into", "NotApplicable"),
    ] {
        assert_eq!(found(flow), [expected], "{flow}");
    }
    assert_ne!(found("masked"), ["Fires"]);
}

/// Whose the titles are is said for every file of them, and of an id whose title may be shown it is known.
#[test]
fn the_titles_of_catalogues_are_somebodys() {
    use sandtable::library::catalogue::title;
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let notice = std::fs::read_to_string(root.join("NOTICE")).unwrap();
    for entry in std::fs::read_dir(root.join("src/library/catalogues")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(notice.contains(&format!("src/library/catalogues/{name}\n")), "NOTICE does not name {name}");
    }
    let rules = rule::shipped().unwrap();
    let ids: std::collections::BTreeSet<&str> =
        rules.iter().flat_map(|rule| &rule.references).map(String::as_str).collect();
    let untitled: Vec<&str> =
        ids.into_iter().filter(|id| title(id).is_none() && Catalogue::of(id) != Some(Catalogue::Asvs)).collect();
    // Nobody could vouch for what these are called.
    assert_eq!(untitled, ["D3-CM", "D3-RD", "D3-RN"]);
}

/// Whatever a rule can miss is asked in a sentence.
#[test]
fn every_fact_that_a_rule_reads_has_a_question() {
    use sandtable::analysis::condition::compile;
    use sandtable::model::question::way_to;
    let mut without = Vec::new();
    for rule in rule::shipped().unwrap() {
        for expression in [Some(&rule.applies), rule.unless.as_ref()].into_iter().flatten() {
            let condition = compile(&expression.text, rule.about).unwrap();
            let silent =
                |spec: &&&sandtable::model::reflect::FieldSpec| spec.kind.is_optional() && spec.question.is_none();
            without.extend(condition.reads().iter().filter(silent).map(|spec| format!("{}: {}", rule.id, spec.name)));
        }
    }
    assert!(without.is_empty(), "these facts need `#[ask = ...]`:\n{}", without.join("\n"));
    // What the functions of the graph miss is asked for, too.
    let rules = shipped();
    for text in [CLINIC, FREIGHT] {
        let model = load(text).unwrap().model;
        for question in questions(&model, &rules, &judge(&rules, &model)) {
            let (element, field) = (&question.missing.element, &question.missing.field);
            let way = way_to(&model, element, field);
            assert!(way.is_some_and(|(_, spec, _)| spec.question.is_some()), "{field} of {element} has no question");
        }
    }
}

/// Names of outcomes stand for elements by slug: nothing changes them but the model itself.
#[test]
fn outcomes_are_the_same_for_the_same_model() {
    let rules = shipped();
    for text in [CLINIC, FREIGHT] {
        let model = load(text).unwrap().model;
        let first = judge(&rules, &model);
        assert!(!first.is_empty());
        assert_eq!(first, judge(&rules, &model), "running twice adds nothing");
        let mut renamed = model.clone();
        renamed.datasets.values_mut().for_each(|dataset| dataset.title = "Renamed".into());
        let names = |verdicts: &[Verdict], model: &Model| -> Vec<String> {
            verdicts.iter().map(|v| format!("{} {}", rules.rule(v.rule).id, v.place.name(model))).collect()
        };
        assert_eq!(names(&first, &model), names(&judge(&rules, &renamed), &renamed));
    }
}

#[test]
fn outcomes_are_told_apart() {
    let text = |extra: &str| {
        format!(
            "#![enable(implicit_some)]\nModel(format: 1, title: \"x\", roles: {{\"chief\": (kind: Admin, {extra})}}, controls: {{\"c\": (title: \"C\", answers: [\"LC-011\"], guards: [\"roles:chief\"], STATUS)}})"
        )
    };
    for (extra, status, word) in [
        ("mfa: false", "status: Planned", "fires"),
        ("mfa: false", "status: Implemented", "answered"),
        ("mfa: false", "status: Retired", "fires"),
        ("", "status: Planned", "unknown"),
        ("", "status: Verified", "answered"),
        ("mfa: true", "status: Planned", "not_applicable"),
        ("mfa: false, out_of_scope: \"run by the vendor\"", "status: Planned", "out_of_scope"),
    ] {
        let model = load(&text(extra).replace("STATUS", status)).unwrap().model;
        let rules = shipped();
        let verdicts = rules.judge(&model, &effective(&model), today(), true).unwrap();
        let found = verdicts.iter().find(|verdict| rules.rule(verdict.rule).id == "LC-011").unwrap();
        assert_eq!(found.outcome.word(), word, "{extra}, {status}");
        let proof = rules.explain(&model, &effective(&model), today(), found).unwrap();
        assert_eq!(proof.applies.len(), 2, "{proof:?}");
        assert_eq!(proof.applies[1].0, "!role.mfa");
    }
}

/// What is known to be in a real project: counted by an independent script, and in its files for people to see.
#[test]
fn the_payroll_sample_gives_the_expected_findings() {
    let Some(samples) = std::env::var_os("SANDTABLE_SAMPLES") else { return };
    let folder = std::path::Path::new(&samples).join("hasura/payroll-bytemy/hasura");
    let tree = sandtable::store::tree::read_tree(&folder).unwrap();
    let mut model = sandtable::exchange::hasura::read(&tree).unwrap().model;
    let rules = shipped();
    let count = |model: &Model, id: &str, outcome: fn(&Outcome) -> bool| {
        let access = effective(model);
        let verdicts = rules.judge(model, &access, today(), false).unwrap();
        let own = |verdict: &&Verdict| match &*verdict.place {
            Place::Exposure { role, grant, .. } => model.grants[grant].role.slug() == role,
            Place::Element(_) => true,
        };
        verdicts.iter().filter(|v| rules.rule(v.rule).id == id && outcome(&v.outcome)).filter(own).count()
    };
    let fires = |outcome: &Outcome| *outcome == Outcome::Fires;
    assert_eq!(count(&model, "LC-125", fires), 13);
    assert_eq!(count(&model, "LC-110", fires), 1);
    // The role of the assistant may read 4 tables by grants of its own, and 41 with what it inherits.
    let reads = |via_others: bool| {
        let facts = effective(&model).facts.into_iter().filter(|fact| fact.role.as_str() == "ai_assistant");
        let reads = facts.filter(|fact| fact.op == Operation::Read && (via_others || fact.via.len() == 1));
        reads.filter_map(|fact| fact.dataset.clone()).collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!((reads(false), reads(true)), (4, 41));
    // Nothing is classified: whether it matters is a question, not a finding.
    assert_eq!(count(&model, "LC-020", fires), 0);
    for dataset in model.datasets.values_mut() {
        dataset.class = Some(sandtable::model::Slug::new("confidential").unwrap().into());
        dataset.out_of_scope = Default::default();
    }
    for role in model.roles.values_mut() {
        role.kind = Some(sandtable::model::access::RoleKind::Named);
    }
    // An independent script counted grants; those that cover no column show nothing that a class could be of.
    let access = effective(&model);
    let covers_nothing: Vec<_> = access
        .facts
        .iter()
        .filter(|fact| model.grants[&fact.grant].role.slug() == &fact.role && fact.op == Operation::Read)
        .filter(|fact| fact.fields == Some(Fields::Only(Vec::new())))
        .collect();
    let of_every_row = covers_nothing.iter().filter(|fact| fact.rows == Some(Rows::All)).count();
    assert_eq!((covers_nothing.len(), of_every_row), (4, 4));
    assert_eq!(count(&model, "LC-020", fires) + of_every_row, 203);
    assert_eq!(count(&model, "LC-040", fires), 58);
    // Its own four are as confidential as all others here, so that inheritance adds tables and no class.
    assert_eq!(count(&model, "LC-026", fires), 0);
    let own: Vec<_> = model.grants.values().filter(|grant| grant.role.slug().as_str() == "ai_assistant").collect();
    let own: Vec<_> = own.into_iter().filter_map(|grant| grant.dataset.clone()).collect();
    let mut lower = model.clone();
    for dataset in own {
        let dataset = lower.datasets.get_mut(dataset.slug()).unwrap();
        dataset.class = Some(sandtable::model::Slug::new("internal").unwrap().into());
        dataset.fields_complete = Some(true);
        let lower = dataset.class.clone();
        dataset.fields.values_mut().for_each(|field| field.class.clone_from(&lower));
    }
    let access = effective(&lower);
    let verdicts = rules.judge(&lower, &access, today(), false).unwrap();
    let widened = verdicts.iter().filter(|v| rules.rule(v.rule).id == "LC-026" && v.outcome == Outcome::Fires);
    assert!(widened.map(|v| v.place.name(&lower)).any(|place| place == "roles:ai_assistant"));
    let unlimited = |outcome: &Outcome| matches!(outcome, Outcome::Fires | Outcome::Unknown(_));
    assert_eq!(count(&model, "LC-081", unlimited) + covers_nothing.len(), 246);
}

/// The rule that the documentation shows is one.
#[test]
fn the_example_of_the_reference_is_a_rule() {
    let text = include_str!("../../docs/RULES.md");
    let block = text.split("```ron\n").nth(1).unwrap().split("```").next().unwrap();
    let rules = rule::read("docs/RULES.md", block).unwrap_or_else(|error| panic!("{error}"));
    let [rule] = rules.as_slice() else { panic!("{} rules", rules.len()) };
    assert!(fires(rule, &rule.fires.model) && !fires(rule, &rule.silent.model));
    let answered = &rule.answered.as_ref().unwrap().model;
    let set = RuleSet::new(rules.clone()).unwrap();
    assert_eq!(judge(&set, answered)[0].outcome, Outcome::Answered(Vec::new()));
}

/// The reference of conditions and rules is made from the schema and from the rules.
#[cfg(unix)]
#[test]
fn the_reference_of_rules_is_up_to_date() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("docs/RULES.md")).unwrap();
    let start = text.find("\n## Functions\n").expect("the generated part starts at `Functions`");
    super::docs::compare("docs/RULES.md", &format!("{}{}", &text[..=start], reference()));
}

#[cfg(unix)]
fn reference() -> String {
    use sandtable::analysis::condition::{FUNCTIONS, fields};
    use sandtable::library::rule::Subject;
    use std::fmt::Write;
    let cell = |text: &str| text.replace('|', "\\|");
    let mut out = String::from("## Functions\n\n| function | what it gives |\n|---|---|\n");
    for spec in FUNCTIONS {
        writeln!(out, "| `{}` | {} |", spec.signature, cell(spec.doc)).unwrap();
    }
    out.push_str("\n## What there is to read\n\nA name of a choice is written as a text: `'Anonymous'`. A ceiling that is known not to exist reads as a very large number.\n");
    for subject in Subject::ALL {
        writeln!(out, "\n### {}\n\n| field | type | what it says |\n|---|---|---|", subject.name()).unwrap();
        for field in fields(subject) {
            writeln!(out, "| `{}.{}` | {} | {} |", subject.name(), field.name, cell(&field.type_of), cell(field.doc))
                .unwrap();
        }
    }
    out.push_str("\n## The rules that are shipped\n\n`sandtable rules show ID` shows the ids of all catalogues with their titles; [NOTICE](../NOTICE) says whose they are.\n\n| rule | about | title | OWASP, CWE |\n|---|---|---|---|\n");
    let brief =
        |id: &str| matches!(Catalogue::of(id), Some(Catalogue::OwaspApi | Catalogue::OwaspLcnc | Catalogue::Cwe));
    for rule in rule::shipped().unwrap() {
        writeln!(
            out,
            "| {} | {} | {} | {} |",
            rule.id,
            rule.about.name(),
            cell(&rule.title),
            rule.references.iter().filter(|id| brief(id)).map(String::as_str).collect::<Vec<_>>().join(", ")
        )
        .unwrap();
    }
    out
}

/// What the team decides of a threat holds as long as it was said to, as its facts are what they were, and as its controls
/// are in place; and every decision is one step of undo.
#[test]
fn decisions_hold_until_something_changes() {
    use super::headless::{clinic, press, screen};
    use sandtable::app::threats::Listed;
    let mut app = clinic(120, 40);
    press(&mut app, "3");
    let before = app.judged().count(Listed::Fires);
    let first = app.judged().verdicts().iter().find(|verdict| verdict.outcome == Outcome::Fires).unwrap();
    let (rule, place) = (first.rule, first.place.clone());
    let decided = |app: &sandtable::app::App| app.judged().count(Listed::Decided);
    let reopened = |app: &sandtable::app::App| {
        let verdict =
            app.judged().verdicts().iter().find(|verdict| verdict.rule == rule && verdict.place == place).unwrap();
        (verdict.outcome == Outcome::Fires).then(|| verdict.reopened().cloned().map(|(_, why)| why).unwrap_or_default())
    };

    press(&mut app, "ta<Enter>");
    assert!(screen(&app).contains("Why? A role reads every row"), "{}", screen(&app));
    press(&mut app, "<Enter>");
    assert!(screen(&app).contains("whoever reads it next year needs the reason"));
    press(&mut app, "Short<Enter>");
    assert!(screen(&app).contains("2027-02-24"), "ninety days from today: {}", screen(&app));
    press(&mut app, "<C-u>2020-01-01<Enter>");
    assert!(screen(&app).contains("that day is over"));
    press(&mut app, "<C-u>2027-01-31<Enter>");
    assert_eq!((decided(&app), app.judged().count(Listed::Fires)), (1, before - 1), "{}", screen(&app));
    let decision = app.model.decisions.values().find(|decision| decision.why.as_str() == "Short").unwrap().clone();
    assert_eq!(decision.on, app.today);
    assert!(decision.by.is_some() && decision.facts.is_some());
    press(&mut app, "ooo<Enter>");
    assert!(screen(&app).contains("until 2027-01-31: Short"), "{}", screen(&app));
    press(&mut app, "<Esc>u");
    assert_eq!((decided(&app), app.judged().count(Listed::Fires)), (0, before));
    press(&mut app, "U");
    assert_eq!(decided(&app), 1);

    // A new title changes nothing.
    let role = match &*place {
        Place::Exposure { role, .. } => role.clone(),
        Place::Element(_) => panic!("{place:?}"),
    };
    let change = |app: &mut sandtable::app::App, field: &'static str, ron: &str| {
        let id = sandtable::model::ElementId::new(sandtable::model::Section::Roles, role.clone());
        let edit = sandtable::model::edit::set_field(&app.model, &id, field, Some(ron)).unwrap();
        app.history.make(Arc::make_mut(&mut app.model), edit);
        app.revision += 1;
        press(app, "13");
    };
    change(&mut app, "title", "\"Desk\"");
    assert_eq!(decided(&app), 1);
    // A fact that the rule reads opens it again, and put back closes it.
    change(&mut app, "kind", "Authenticated");
    assert_eq!(reopened(&app).as_deref(), Some("the facts have changed since"));
    press(&mut app, "u13");
    assert_eq!(decided(&app), 1);
    // And so does its end.
    app.today = "2027-02-01".parse().ok();
    app.revision += 1;
    press(&mut app, "13");
    assert_eq!(reopened(&app).as_deref(), Some("it ended on 2027-01-31"));

    // To be mitigated by what is not in place does not count; once it is, the threat is answered.
    let mut app = clinic(120, 40);
    let planned = app.model.controls.iter().find(|(_, control)| {
        control.status == Some(sandtable::model::threats::ControlStatus::Planned) && !control.title.is_empty()
    });
    let (slug, title) = planned.map(|(slug, control)| (slug.clone(), control.title.to_string())).unwrap();
    press(&mut app, "3tm");
    let keys: String = title.chars().map(|ch| if ch == ' ' { "<Space>".to_owned() } else { ch.to_string() }).collect();
    press(&mut app, &format!("{keys}<Enter><Enter>Soon<Enter>"));
    assert_eq!(reopened(&app), Some(format!("the control {slug} is not in place")));
    Arc::make_mut(&mut app.model).controls.get_mut(&slug).unwrap().status =
        Some(sandtable::model::threats::ControlStatus::Implemented);
    app.revision += 1;
    press(&mut app, "13");
    let verdict = app.judged().verdicts().iter().find(|verdict| verdict.place == place).unwrap();
    assert_eq!(verdict.outcome, Outcome::Answered(vec![slug]));
}

/// The command line around the rules: exit codes, and that every mistake has its place.
#[test]
fn the_commands_say_what_they_find() {
    use super::cli::run;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("m.ron"), CLINIC).unwrap();
    let bad = "[Rule(id: \"X\", title: \"t\", about: Role, because: \"b\", applies: \"role.mfb\", likelihood: 1, impact: Fixed(1), answer: \"a\", fires: (), silent: ())]";
    std::fs::write(folder.path().join("bad.ron"), bad).unwrap();
    let idle = bad.replace("role.mfb", "role.mfa");
    std::fs::write(folder.path().join("idle.ron"), idle).unwrap();
    std::fs::write(folder.path().join("torn.ron"), &bad[..bad.len() - 8]).unwrap();
    let all = "role.tags.all(a, role.tags.all(b, role.tags.all(c, a == b || c != a)))";
    std::fs::write(folder.path().join("slow.ron"), bad.replace("role.mfb", all)).unwrap();
    let tags = vec!["\"t\""; 1_000].join(", ");
    let many = format!("Model(format: 1, title: \"Many\", roles: {{\"r\": (title: \"R\", tags: [{tags}])}})");
    std::fs::write(folder.path().join("many.ron"), many).unwrap();
    for (arguments, code, says) in [
        (&["rules", "list"][..], 0, "LC-020"),
        (&["rules", "show", "LC-020"], 0, "exposure.rows.scope == 'All'"),
        (
            &["rules", "show", "LC-020"],
            0,
            "CWE                CWE-639      Authorization Bypass Through User-Controlled Key",
        ),
        (&["rules", "show", "LC-020", "--format", "json"], 0, "\"catalogue\": \"OWASP API Top 10\""),
        (&["rules", "list", "--rules", "torn.ron"], 2, "torn.ron:1:"),
        (
            &["threats", "many.ron", "--rules", "slow.ron"],
            2,
            "slow.ron:1:65: error: X on roles:r: the condition takes more than",
        ),
        (
            &["explain", "m.ron", "LC-100", "flows:records-notes", "--format", "json"],
            0,
            "\"part\": \"!flow.encrypted\"",
        ),
        (&["rules", "show", "LC-20"], 2, "there is no rule `LC-20`; did you mean `LC-"),
        (&["rules", "test"], 0, "0 mistakes"),
        (
            &["rules", "test", "--rules", "bad.ron"],
            2,
            "bad.ron:1:65: error: X: a role: there is no field `mfb`; did you mean `mfa`?",
        ),
        (&["rules", "test", "--rules", "idle.ron"], 1, "X: in the model `fires` it is silent, not fires"),
        (&["rules", "test", "--rules", "none.ron"], 2, "none.ron"),
        (&["threats", "m.ron", "--today", "2026-11-26"], 0, "LC-127"),
        (&["threats", "m.ron", "--rule", "LC-100", "--format", "json"], 0, "\"id\": \"LC-100@flows:records-notes\""),
        (&["threats", "m.ron", "--rules", "bad.ron"], 2, "bad.ron:1:65"),
        (&["threats", "m.ron", "--element", "patents"], 2, "there is no element `patents`; did you mean `patients`?"),
        (&["threats", "m.ron", "--today", "tomorrow"], 2, "is not a day: write it as YYYY-MM-DD"),
        (&["explain", "m.ron", "LC-100", "flows:records-notes"], 0, "applies  !flow.encrypted"),
        (&["explain", "m.ron", "LC-100", "patients"], 2, "LC-100 asks of every flow"),
        (&["questions", "m.ron", "--limit", "3"], 0, "more (--limit)"),
        (&["questions", "m.ron", "--format", "json"], 0, "\"question\": \"Is "),
    ] {
        let ran = run(arguments, folder.path());
        assert_eq!(ran.code, code, "{arguments:?}\n{}{}", ran.stdout, ran.stderr);
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains(says), "{arguments:?}\n{}{}", ran.stdout, ran.stderr);
    }
}

/// A workspace names rules of its own in `sandtable.ron`: every command and the workbench judge by them, or say why not.
#[test]
fn a_workspace_has_rules_of_its_own() {
    use super::cli::run;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(at("models")).unwrap();
    std::fs::create_dir_all(at("rules")).unwrap();
    std::fs::write(at("models/m.ron"), CLINIC).unwrap();
    let mine = |id: &str, condition: &str| {
        format!(
            "[Rule(id: \"{id}\", title: \"Ours\", about: Role, because: \"b\", applies: \"{condition}\", likelihood: 1, impact: Fixed(1), answer: \"a\", fires: (roles: {{\"r\": (mfa: false)}}), silent: ())]"
        )
    };
    std::fs::write(at("rules/a.ron"), mine("OURS-1", "role.id != ''")).unwrap();
    std::fs::write(at("rules/b.ron"), mine("OURS-2", "role.id == 'nobody'")).unwrap();
    let settings = |text: &str| std::fs::write(at("sandtable.ron"), text).unwrap();
    for (text, code, says) in [
        ("Workspace(rules: [\"rules/*.ron\"])", 0, "OURS-1"),
        ("Workspace(rules: [\"rules/a.ron\"])", 0, "OURS-1"),
        ("Workspace()", 0, "LC-"),
        ("Workspace(rules: [\"rules/c.ron\"])", 2, "rules/c.ron"),
        ("Workspace(rules: [\"rules/*.txt\"])", 2, "there is no file `rules/*.txt`"),
        ("Workspace(rules: [\"../x.ron\"])", 2, "`../x.ron` leaves the workspace"),
        ("Workspace(rules: [\"/etc/passwd\"])", 2, "`/etc/passwd` leaves the workspace"),
        ("Workspace(rulez: [])", 2, "sandtable.ron:1:"),
        ("Workspace(", 2, "sandtable.ron:1:"),
    ] {
        settings(text);
        let ran = run(&["threats", "models/m.ron", "--today", "2026-11-26"], folder.path());
        assert_eq!(ran.code, code, "{text}\n{}", ran.stderr);
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains(says), "{text}\n{}", ran.stderr);
    }
    settings("Workspace(rules: [\"rules/*.ron\"])");
    assert_eq!(run(&["explain", "models/m.ron", "OURS-1", "roles:doctor"], folder.path()).code, 0);
    assert!(run(&["rules", "list"], folder.path()).stdout.contains("OURS-2"));
    // From inside of the workspace, and for a model further down, it is the same one.
    assert!(run(&["rules", "explain", "OURS-2"], &at("models")).stdout.contains("nobody"));
    std::fs::create_dir_all(at("models/team")).unwrap();
    std::fs::write(at("models/team/m.ron"), CLINIC).unwrap();
    assert!(run(&["threats", "models/team/m.ron"], folder.path()).stdout.contains("OURS-1"));
    std::fs::write(at("rules/b.ron"), mine("OURS-2", "role.nobody")).unwrap();
    for command in [&["threats", "models/m.ron"][..], &["questions", "models/m.ron"], &["rules", "test"]] {
        let ran = run(command, folder.path());
        assert!(ran.code == 2 && ran.stderr.contains("b.ron:1:"), "{command:?}: {}", ran.stderr);
    }
}

/// In the workbench the rules of a workspace that can not be used leave nothing half-judged.
#[test]
fn rules_that_can_not_be_used_are_said_on_the_screen() {
    use super::headless::{clinic, press, screen};
    let mut app = clinic(120, 40);
    app.rules_error = Some("rules/b.ron:1:65: error: there is no field".to_owned());
    press(&mut app, "3");
    assert!(app.judged().verdicts().is_empty());
    assert!(screen(&app).contains("rules/b.ron:1:65"), "{}", screen(&app));
}

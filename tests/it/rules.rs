//! The rules that are shipped: each fires in its first model and not in its second, by its own condition; files of rules
//! with mistakes are refused with the place; outcomes and questions on models that people have.

use super::headless::{CLINIC, FREIGHT};
use sandtable::analysis::access::effective;
use sandtable::analysis::threats::{Outcome, Place, RuleSet, Verdict, questions};
use sandtable::library::rule::{self, Example, Rule};
use sandtable::model::Model;
use sandtable::model::facts::Day;
use sandtable::model::validate::Severity;
use sandtable::store::ron::load;

fn today() -> Option<Day> {
    "2026-11-26".parse().ok()
}

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
    assert!(rules.len() >= 35, "{} rules", rules.len());
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
        assert!(!rule.because.is_empty() && !rule.answer.is_empty() && !rule.title.ends_with('.'), "{}", rule.id);
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

/// The condition as a whole turned around; and each comparison in it.
fn mutants(text: &str) -> Vec<String> {
    let mut mutants = vec![format!("!({text})"), "true".to_owned(), "false".to_owned()];
    for (from, to) in [(" == ", " != "), (" != ", " == "), (" >= ", " < "), (" < ", " >= "), (" > ", " <= ")] {
        let whole: Vec<&str> = text.split(from).collect();
        // With one comparison of its kind the sense of the whole is known to turn.
        if whole.len() == 2 && !text.contains("||") && !text.contains("exists") {
            mutants.push(whole.join(to));
        }
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
    let asked: Vec<String> = questions(&rules, &verdicts).iter().map(|q| q.missing.field.clone()).collect();
    assert!(asked.contains(&"authentication".to_owned()) && asked.len() >= 5, "{asked:?}");
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
        let own = |verdict: &&Verdict| match &verdict.place {
            Place::Exposure { role, grant, .. } => model.grants[grant].role.slug() == role,
            Place::Element(_) => true,
        };
        verdicts.iter().filter(|v| rules.rule(v.rule).id == id && outcome(&v.outcome)).filter(own).count()
    };
    let fires = |outcome: &Outcome| *outcome == Outcome::Fires;
    assert_eq!(count(&model, "LC-125", fires), 13);
    assert_eq!(count(&model, "LC-110", fires), 1);
    // Nothing is classified: whether it matters is a question, not a finding.
    assert_eq!(count(&model, "LC-020", fires), 0);
    for dataset in model.datasets.values_mut() {
        dataset.class = Some(sandtable::model::Slug::new("confidential").unwrap().into());
        dataset.out_of_scope = Default::default();
    }
    for role in model.roles.values_mut() {
        role.kind = Some(sandtable::model::access::RoleKind::Named);
    }
    assert_eq!(count(&model, "LC-020", fires), 203);
    assert_eq!(count(&model, "LC-040", fires), 58);
    let unlimited = |outcome: &Outcome| matches!(outcome, Outcome::Fires | Outcome::Unknown(_));
    assert_eq!(count(&model, "LC-081", unlimited), 246);
}

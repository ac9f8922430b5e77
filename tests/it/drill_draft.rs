//! Drafts from attack paths: every path of the shipped models gives a scenario that can be played, and gives it again.

use sandtable::analysis::access::effective;
use sandtable::analysis::attack::kinds::Kind;
use sandtable::analysis::attack::paths::{Goal, Towards};
use sandtable::analysis::attack::{Who, graph};
use sandtable::analysis::guardrails::credit::Credit;
use sandtable::drill::binding::bind;
use sandtable::drill::draft::{PLAYBOOK, Source, draft};
use sandtable::drill::lint::lint;
use sandtable::drill::{bundled, scenario, what_if};
use sandtable::library::{attackers, clocks};
use sandtable::model::{Model, Slug};
use sandtable::store::ron::load;
use std::collections::BTreeSet;

/// Drafts of a model, one for each row of kinds of steps that there is on the likeliest paths of its attackers.
fn drafts(model: &Model, each: &mut dyn FnMut(&str, &BTreeSet<Kind>, &str)) {
    let own = Who::of_model(model);
    let library = Who::of_library(model, &attackers::shipped().unwrap());
    let access = effective(model);
    let mut known: BTreeSet<Vec<Kind>> = BTreeSet::new();
    for who in own.into_iter().chain(library) {
        let who = [who];
        let (graph, _) = graph(model, &access, &who, Credit::default());
        for dataset in model.datasets.keys() {
            let mut towards = Towards::new(model, &graph, Goal::Read(dataset.clone(), 0));
            for path in towards.from(0, 3) {
                let row = path.steps.iter().map(|place| graph.steps[*place as usize].kind).collect();
                if !known.insert(row) {
                    continue;
                }
                let source = Source { model, who: &who, graph: &graph, path: &path, dataset };
                let text = draft(&source, &Slug::new("ours").unwrap());
                assert_eq!(draft(&source, &Slug::new("ours").unwrap()), text, "the same gives the same");
                let kinds = path.steps.iter().map(|place| graph.steps[*place as usize].kind).collect();
                each(&who[0].name, &kinds, &text);
            }
        }
    }
}

#[test]
fn every_path_gives_a_scenario_that_can_be_played() {
    let playbook = bundled::playbook(PLAYBOOK).unwrap().unwrap();
    let pack = clocks::shipped().unwrap();
    let mut seen: BTreeSet<Kind> = BTreeSet::new();
    let mut count = 0;
    for text in [include_str!("../../models/clinic.ron"), include_str!("../../models/freight.ron")] {
        let model = load(text).unwrap().model;
        let access = effective(&model);
        drafts(&model, &mut |who, kinds, text| {
            let read = scenario::read("ours.ron", text).unwrap_or_else(|wrong| panic!("{who}: {wrong}\n{text}"));
            let errors: Vec<String> = lint(&read, &playbook, &pack)
                .iter()
                .filter(|found| !found.is_warning)
                .map(ToString::to_string)
                .collect();
            assert!(errors.is_empty(), "{who}: {errors:#?}\n{text}");
            // What cuts a step finds its element in the model.
            let bound = bind(&read, &model, &access, None).unwrap();
            for (query, found) in &bound {
                assert!(found.fits > 0, "{who}: `{query}` finds nothing\n{text}");
            }
            let attack = what_if::prepare(&read, &bound).unwrap();
            for containment in attack.effects.values().flatten() {
                assert!(containment.target(&model).is_ok(), "{who}: {containment}");
            }
            seen.extend(kinds);
            count += 1;
        });
    }
    assert!(count > 30 && seen.len() > 15, "{count} drafts, {seen:?}");
}

/// What stands in a model is text, and stays text in a scenario.
#[test]
fn names_of_a_model_are_no_syntax() {
    let text = include_str!("../../models/clinic.ron").replacen(
        "title: \"Patients\"",
        r#"title: "Pat{ients.x} \"),\n (id: \\ {{leak.count}}""#,
        1,
    );
    let model = load(&text).unwrap().model;
    let playbook = bundled::playbook(PLAYBOOK).unwrap().unwrap();
    drafts(&model, &mut |who, _, text| {
        let read = scenario::read("ours.ron", text).unwrap_or_else(|wrong| panic!("{who}: {wrong}\n{text}"));
        let findings = lint(&read, &playbook, &clocks::shipped().unwrap());
        assert!(findings.iter().all(|found| found.is_warning), "{who}: {findings:?}");
    });
}

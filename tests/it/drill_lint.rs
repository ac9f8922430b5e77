//! Scenarios, playbooks and clocks: those that are shipped have nothing wrong with them, and every mistake that the
//! checks know is found at its place.

use super::headless::CLINIC;
use sandtable::analysis::access::effective;
use sandtable::drill::binding::{bind, unbound, words};
use sandtable::drill::lint::{Finding, lint};
use sandtable::drill::{bundled, playbook, scenario};
use sandtable::library::clocks;
use sandtable::store::ron::load;

fn shown(findings: &[Finding]) -> String {
    findings.iter().map(|found| format!("{found}\n")).collect()
}

#[test]
fn what_is_shipped_can_be_played() {
    let pack = clocks::shipped().unwrap_or_else(|error| panic!("{error}"));
    for (file, text) in bundled::PLAYBOOKS {
        let read = playbook::read(file, text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(read.id.as_str(), bundled::stem(file));
        let findings = playbook::lint(&read);
        assert!(findings.is_empty(), "{}", shown(&findings));
    }
    let model = load(CLINIC).unwrap().model;
    for (file, text) in bundled::SCENARIOS {
        let read = scenario::read(file, text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(read.id.as_str(), bundled::stem(file));
        let plays = bundled::playbook(read.playbook.as_str()).unwrap().unwrap();
        for scenario in [Some(read.clone()), read.short()].into_iter().flatten() {
            let findings = lint(&scenario, &plays, &pack);
            assert!(findings.is_empty(), "{}", shown(&findings));
            // Every scenario reads well with and without a model.
            bind(&scenario, &model, &effective(&model), None).unwrap_or_else(|error| panic!("{error}"));
            assert!(words(&unbound(&scenario)).values().all(|words| !words.is_empty()), "{file}");
        }
        assert!((6..=9).contains(&read.injects.len()), "{file}: {} injects", read.injects.len());
        assert!(read.all_expected().count() >= 8, "{file}");
        assert!(!read.inspired_by.is_empty() && !read.duties.is_empty() || read.id.as_str().starts_with("s12"), "{file}");
    }
}

#[test]
fn the_first_scenario_is_about_the_clinic() {
    let scenario = bundled::scenario("s1-open-list").unwrap().unwrap();
    let model = load(CLINIC).unwrap().model;
    let bound = bind(&scenario, &model, &effective(&model), None).unwrap();
    let words = words(&bound);
    assert_eq!(words["leak.endpoint"].as_str(), "Booking page");
    assert_eq!(words["leak.dataset"].as_str(), "Appointments");
    assert_eq!(words["leak.count"].as_str(), "6,200");
    assert!(bound["leak"].elements.iter().any(|id| id.any_link() == "booking-page"));
}

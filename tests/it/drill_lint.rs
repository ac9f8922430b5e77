//! Scenarios, playbooks and clocks: those that are shipped have nothing wrong with them, and every mistake that the
//! checks know is found at its place.

use super::headless::CLINIC;
use proptest::prelude::*;
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
        assert!(
            !read.inspired_by.is_empty() && !read.duties.is_empty() || read.id.as_str().starts_with("s12"),
            "{file}"
        );
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
    assert_eq!(bound["leak"].places, ["booking-page".into()], "each place once");
    assert!(bound["leak"].elements.iter().any(|id| id.any_link() == "booking-page"));
}

const GOOD: &str = r#"Scenario(
  format: 1, id: "good", version: 1, title: "Good", about: "Something small.",
  playbook: "roles", minutes: 20, scale: 4, begins: (weekday: Monday, at: "9h"), opening: "It begins at {leak.endpoint}.",
  cast: ["soc", "ic"],
  bindings: [(id: "leak", about: "A leak.", of: Exposure, where: "exposure.reachable", otherwise: {"endpoint": "a page"})],
  truth: [(event: "exposure-began", at: "-3d", fact: "Somebody opened the page three days ago.")],
  injects: [
    (id: "i1", title: "First", at: "0m", channel: Email, from: "Somebody", to: ["soc"], text: "Look at this.",
      hidden: (truth: "The sender knows more than that."),
      expect: [(id: "look", role: "soc", action: "Looks.", within: Play("5m"), task: "see", emits: ["controller-aware"])],
      decision: "d1"),
    (id: "i2a", title: "Cut", at: "5m", when: Chose("d1", "cut"), channel: Phone, from: "Somebody", to: ["ic"], text: "It is off."),
    (id: "i2b", title: "Keep", at: "5m", when: Chose("d1", "keep"), channel: Phone, from: "Somebody", to: ["ic"], text: "It is on."),
    (id: "i3", title: "Late", kind: Contingency, at: "9m", when: Missing("look"), channel: Chat, from: "Somebody", text: "Well?"),
  ],
  one_of: [(id: "second", injects: ["i2a", "i2b"])],
  decisions: [(id: "d1", question: "Cut?", owner: "ic", power: "cut", options: [(id: "cut", text: "Yes."), (id: "keep", text: "No.")])],
  objectives: [(id: "o1", text: "See it.", targets: [(id: "t1", text: "Seen.", tasks: [(id: "see", text: "See.")])])],
  duties: [(rule: "gdpr-33-1", role: "ic")],
  starter: (minutes: 5, injects: ["i1"]),
)"#;

const ROLES: &str = r#"Playbook(
  format: 1, id: "roles", title: "Roles", about: "Roles to play.",
  roles: [
    (id: "soc", title: "SOC", deputy: "ic", may: ["keep"]),
    (id: "ic", title: "IC", deputy: "soc", may: ["cut"]),
  ],
  steps: [
    (id: "see", title: "See it", owner: "soc"),
    (id: "cut", title: "Cut it", owner: "ic", needs: ["see"], power: "cut", proof: "It is refused.", ends: true),
  ],
  calls: [(from: "soc", to: "ic", by: "telephone")],
)"#;

/// `file@PART@MESSAGE` with the line and the column of the part in the text: `file:line:column: MESSAGE`.
fn placed(says: &str, text: &str) -> String {
    let parts: Vec<&str> = says.split('@').collect();
    let [file, part, message] = parts.as_slice() else { return says.to_owned() };
    let at = text.find(part).unwrap_or_else(|| panic!("{part} is not in the text"));
    let before = &text[..at];
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    format!("{file}:{}:{column}: {message}", before.matches('\n').count() + 1)
}

/// One mistake at a time, and what is said of it, with the line and the column.
#[test]
fn every_mistake_is_found_at_its_place() {
    let pack = clocks::shipped().unwrap();
    let plays = playbook::read("roles.ron", ROLES).unwrap();
    let findings = lint(&scenario::read("good.ron", GOOD).unwrap(), &plays, &pack);
    assert!(findings.is_empty(), "{}", shown(&findings));
    for (from, to, says) in [
        ("id: \"i2a\"", "id: \"i1\"", "good.ron@\"i1\", title: \"Cut\"@error: there are two injects `i1`"),
        ("to: [\"soc\"]", "to: [\"sok\"]", "good.ron@\"sok\"@error: there is no role `sok`: did you mean `soc`?"),
        (
            "cast: [\"soc\", \"ic\"]",
            "cast: [\"soc\"]",
            "good.ron@\"ic\"], text: \"It is off.\"@error: `ic` is not in the cast: add it to `cast`",
        ),
        (
            "decision: \"d1\"",
            "decision: \"d2\"",
            "good.ron@\"d2\")@error: there is no decision `d2`: did you mean `d1`?",
        ),
        (
            "task: \"see\"",
            "task: \"sea\"",
            "good.ron@\"sea\", emits@error: there is no critical task `sea`: did you mean `see`?",
        ),
        (
            "Chose(\"d1\", \"cut\")",
            "Chose(\"d1\", \"cat\")",
            "good.ron@\"cat\")@error: the guard of `i2a` names no option: there is no `cat`: did you mean `cut`?",
        ),
        (
            "Missing(\"look\")",
            "Missing(\"book\")",
            "good.ron@\"book\"@error: the guard of `i3` names no expected action: there is no `book`",
        ),
        ("Missing(\"look\")", "Sent(\"i9\")", "the guard of `i3` names no inject: there is no `i9`"),
        ("Missing(\"look\")", "Emitted(\"nothing\")", "the guard of `i3` names no event"),
        ("owner: \"ic\"", "owner: \"soc\", informs: [\"nobody\"]", "there is no role `nobody`"),
        ("(id: \"keep\", text: \"No.\")", "", "good.ron@\"d1\", question@error: `d1` has no two options"),
        (
            "(id: \"keep\", text: \"No.\")",
            "(id: \"keep\", text: \"No.\"), (id: \"wait\", text: \"Later.\")",
            "good.ron@\"second\"@error: the option `wait` of `d1` sends none of the group `second`",
        ),
        (
            "power: \"cut\"",
            "power: \"burn\"",
            "good.ron@\"ic\", power@error: `ic` may not decide `d1`, since it does not hold the power `burn`; nobody does",
        ),
        (
            "[\"i2a\", \"i2b\"]",
            "[\"i2a\", \"i2c\"]",
            "good.ron@\"i2c\"]@error: there is no inject `i2c`: did you mean `i2a`?",
        ),
        ("[\"i2a\", \"i2b\"]", "[\"i2a\"]", "good.ron@\"second\"@error: the group `second` has no two injects"),
        (
            "(id: \"see\", text: \"See.\")",
            "(id: \"see\", text: \"See.\"), (id: \"do\", text: \"Do.\")",
            "good.ron@\"do\", text@error: nothing that is expected shows the task `do`",
        ),
        (
            "rule: \"gdpr-33-1\"",
            "rule: \"gdpr-33-9\"",
            "good.ron@\"gdpr-33-9\"@error: there is no rule `gdpr-33-9` in the clock pack: did you mean `gdpr-33-1`?",
        ),
        (
            "emits: [\"controller-aware\"]",
            "emits: [\"detected\"]",
            "good.ron@\"gdpr-33-1\", role@error: the clock `gdpr-33-1` never starts: nothing emits `controller-aware`",
        ),
        (
            "rule: \"gdpr-33-1\"",
            "rule: \"nis2-final\"",
            "the clock `nis2-final` starts when `nis2-notification` was submitted, which is no duty here",
        ),
        ("injects: [\"i1\"])", "injects: [\"i8\"])", "good.ron@\"i8\"]@error: the starter names an inject `i8`"),
        ("exposure.reachable", "exposure.reachabel", "good.ron@exposure.reachabel@error: leak: "),
        (
            "{leak.endpoint}",
            "{lake.endpoint}",
            "good.ron@\"good\", version@error: `{lake.endpoint}` names no binding: did you mean `leak`?",
        ),
        ("{leak.endpoint}", "{leak.role}", "`{leak.role}` has no words for where nothing fits"),
        (
            "{\"endpoint\": \"a page\"}",
            "{\"endpoint\": \"a page\", \"colour\": \"red\"}",
            "`leak` has no part `colour`",
        ),
        // Hidden words.
        (
            "\"It is off.\"",
            "\"It is off. The sender knows more than that.\"",
            "good.ron@\"i2a\", title@error: players would read what is hidden elsewhere: \"the sender knows more than that\"",
        ),
        // Reach.
        (
            "at: \"0m\", channel",
            "at: \"0m\", when: Sent(\"i2a\"), channel",
            "good.ron@\"i1\", title@error: `i1` waits for itself by way of `i2a`",
        ),
        (
            "at: \"0m\", channel",
            "at: \"0m\", when: Not(Always), channel",
            "good.ron@\"i1\", title@error: nothing leads to `i1`",
        ),
        (
            "kind: Contingency, ",
            "",
            "good.ron@\"i3\", title@error: `i3` is sent only where something was not done: mark it `kind: Contingency`",
        ),
        (
            "playbook: \"roles\"",
            "playbook: \"others\"",
            "good.ron@\"others\"@error: the playbook `others` was not given",
        ),
        ("scale: 4", "scale: 0", "good.ron@\"good\", version@error: a scale of 0 is none"),
        (
            "truth: [(event: \"exposure-began\"",
            "truth: [(event: \"exposure-begun\"",
            "good.ron@\"exposure-begun\"@warning: nobody listens to the event `exposure-begun`: did you mean `exposure-began`?",
        ),
        // Reading.
        ("format: 1", "format: 2", "good.ron:1:1: error: format 2 is not known"),
        ("version: 1", "version: 1, colour: 2", "good.ron:2:"),
        ("channel: Email", "channel: Pigeon", "good.ron:8:"),
        ("at: \"5m\"", "at: \"5 m\"", "is no length of time"),
        ("id: \"i1\"", "id: \"i 1\"", "is not a slug"),
        (", opening:", ", opening_:", "good.ron:3:"),
    ] {
        let text = GOOD.replacen(from, to, 1);
        assert_ne!(text, GOOD, "{from}");
        let says = placed(says, &text);
        let said = match scenario::read("good.ron", &text) {
            Ok(read) => shown(&lint(&read, &plays, &pack)),
            Err(problem) => problem.to_string(),
        };
        assert!(said.contains(&says), "{to}\nwanted {says}\nfound  {said}");
    }
    assert!(scenario::read("x.ron", &" ".repeat(2 << 20)).unwrap_err().to_string().contains("at most 1 MiB"));
}

#[test]
fn every_mistake_of_a_playbook_is_found_at_its_place() {
    let findings = playbook::lint(&playbook::read("roles.ron", ROLES).unwrap());
    assert!(findings.is_empty(), "{}", shown(&findings));
    for (from, to, says) in [
        ("owner: \"soc\"", "", "roles.ron@\"see\", title@error: the step `see` has no owner"),
        ("owner: \"soc\"", "owner: \"sok\"", "roles.ron@\"sok\"@error: there is no role `sok`: did you mean `soc`?"),
        ("deputy: \"ic\"", "deputy: \"soc\"", "roles.ron@\"soc\", may@error: `soc` cannot be its own deputy"),
        (", ends: true", "", "roles.ron@\"cut\", title@error: nothing follows from the step `cut`"),
        (
            "needs: [\"see\"]",
            "needs: [\"sea\"]",
            "roles.ron@\"sea\"]@error: there is no step `sea`: did you mean `see`?",
        ),
        ("needs: [\"see\"]", "needs: [\"cut\"]", "`cut` needs `cut`, which does not stand above it"),
        ("owner: \"ic\", needs", "owner: \"soc\", needs", ""),
        ("power: \"cut\"", "power: \"burn\"", "roles.ron@\"burn\", proof@error: `ic` does not hold the power `burn`"),
        (", proof: \"It is refused.\"", "", "warning: `cut` does not say how to see that it is done"),
        ("(from: \"soc\", to: \"ic\", by: \"telephone\")", "", "roles.ron@\"ic\", title@error: nobody calls `ic`"),
        (
            "deputy: \"soc\", may: [\"cut\"]",
            "may: [\"cut\"]",
            "roles.ron@\"ic\", title@warning: only `ic` may cut, and has no deputy",
        ),
        ("id: \"soc\"", "id: \"ic\"", "there are two roles `ic`"),
    ] {
        let text = ROLES.replacen(from, to, 1);
        assert_ne!(text, ROLES, "{from}");
        let says = placed(says, &text);
        let found = shown(&playbook::lint(&playbook::read("roles.ron", &text).unwrap()));
        assert!(found.contains(&says) && (says.is_empty() == found.is_empty()), "{to}\nwanted {says}\nfound  {found}");
    }
    // A role that everybody behind it is called by.
    let chain = ROLES.replacen("(id: \"ic\"", "(id: \"far\", title: \"Far\"),\n    (id: \"ic\"", 1).replacen(
        "by: \"telephone\")",
        "by: \"telephone\"), (from: \"ic\", to: \"far\", by: \"chat\")",
        1,
    );
    let found = shown(&playbook::lint(&playbook::read("roles.ron", &chain).unwrap()));
    assert!(found.contains("warning: where `ic` does not answer, nobody calls far"), "{found}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// A file that is cut, or changed in one place, is read or refused; nothing panics, and every place is in the file.
    #[test]
    fn any_text_can_be_a_file(place: prop::sample::Index, to in "[ -~\n{}()\\[\\]\"é]{0,3}", cut: bool) {
        let pack = clocks::shipped().unwrap();
        let plays = playbook::read("roles.ron", ROLES).unwrap();
        let mut at = place.index(GOOD.len());
        while !GOOD.is_char_boundary(at) {
            at -= 1;
        }
        let text = if cut { GOOD[..at].to_owned() } else { format!("{}{to}{}", &GOOD[..at], &GOOD[at..].chars().skip(1).collect::<String>()) };
        let lines = text.matches('\n').count() + 1;
        match scenario::read("good.ron", &text) {
            Err(problem) => prop_assert!(problem.line <= lines),
            Ok(read) => {
                for found in lint(&read, &plays, &pack) {
                    prop_assert!(found.problem.line <= lines && found.problem.column >= 1);
                }
                read.short().iter().for_each(|short| drop(lint(short, &plays, &pack)));
            }
        }
    }
}

//! Guardrails: what fails together, what rests on too little, where all ways come together, and what stands alone.

use super::attack::{SMALL, model_of, read, see, slug};
use super::headless::{CLINIC, FREIGHT, open, press, screen};
use sandtable::analysis::access::effective;
use sandtable::analysis::attack::paths::LIKELY;
use sandtable::analysis::attack::{graph, words};
use sandtable::analysis::guardrails::alone::Guarded;
use sandtable::analysis::guardrails::choke::choke;
use sandtable::analysis::guardrails::credit::Credit;
use sandtable::analysis::guardrails::group_failure_by;
use sandtable::analysis::guardrails::reliance::{Reliance, failing_together};
use sandtable::model::Slug;
use sandtable::store::ron::load;

#[test]
fn common_causes_are_counted_as_worked_out_by_hand() {
    let all_fail = |groups: &[(f64, &[f64])]| -> f64 {
        groups.iter().map(|(beta, failures)| group_failure_by(failures, *beta)).product()
    };
    type Groups<'a> = &'a [(f64, &'a [f64])];
    let cases: [(Groups<'_>, f64); 9] = [
        (&[(0.1, &[0.2]), (0.1, &[0.2])], 0.04),
        (&[(0.1, &[0.2, 0.2])], 0.053061),
        (&[(0.3, &[0.2, 0.2])], 0.080851),
        (&[(0.1, &[0.2]), (0.1, &[0.3]), (0.1, &[0.5])], 0.03),
        (&[(0.2, &[0.2, 0.3]), (0.2, &[0.5])], 0.041667),
        (&[(0.2, &[0.2, 0.3, 0.5])], 0.060764),
        // The same control twice counts once; none stops nothing; one alone fails as it does.
        (&[(1.0, &[0.2, 0.2])], 0.2),
        (&[(0.1, &[])], 1.0),
        (&[(0.7, &[0.35])], 0.35),
    ];
    for (groups, wanted) in cases {
        assert!((all_fail(groups) - wanted).abs() < 5e-7, "{groups:?}: {} and not {wanted}", all_fail(groups));
    }
}

#[test]
fn what_rests_on_too_little_is_said() {
    let model = model_of(
        r#"(controls: {
            "a": (dependency_group: "gateway"), "b": (dependency_group: "gateway"), "c": (), "strong": (),
        })"#,
    );
    let credit =
        Credit([("a", 0.5), ("b", 0.5), ("c", 0.4), ("strong", 0.9)].map(|(name, share)| (slug(name), share)).into());
    for (controls, independent, complaint) in [
        (&[][..], 0, Some("no independent group of controls counts")),
        (&["c"], 1, Some("only 1 independent group of controls counts")),
        (&["a", "b"], 1, Some("only 1 independent group of controls counts")),
        (&["a", "c"], 2, None),
        (&["strong", "c"], 2, Some("without strong 10 times as much gets through")),
        // Not credited with anything: as if it were not there.
        (&["a", "planned"], 1, Some("only 1 independent group of controls counts")),
    ] {
        let controls: Vec<Slug> = controls.iter().map(|name| slug(name)).collect();
        let reliance = Reliance::of(&model, &credit, &controls);
        assert_eq!((reliance.independent(), reliance.complaint().as_deref()), (independent, complaint), "{controls:?}");
    }
    // Birnbaum: of two that stand beside each other each matters as much as the other lets through.
    let reliance = Reliance::of(&model, &credit, &[slug("c"), slug("strong")]);
    let of = |name: &str| reliance.importance.iter().find(|found| found.control == slug(name)).unwrap().birnbaum;
    assert!((of("strong") - 0.6).abs() < 1e-9 && (of("c") - 0.1).abs() < 1e-9, "{reliance:?}");
    assert!((reliance.residual - 0.06).abs() < 1e-9);
}

#[test]
fn the_one_guardrail_is_found_where_a_way_meets_no_other() {
    // A role asks at two endpoints: two ways to the same data. What guards which is in the cases.
    let small = SMALL.replace(
        "grants: {",
        r#"grants: { "g2": (role: "r", endpoint: "e2", op: Read, dataset: "d", fields: Only(["a"]), rows: All),"#,
    );
    let small = small.replace(
        "endpoints: {",
        r#"endpoints: { "e2": (service: "s", authentication: Session, shared_connection: false, input_schema: Strict, stage: Live),"#,
    );
    let tested = "evidence: [(kind: Test, at: \"t\", strength: Tested)]";
    let control = |name: &str, guards: &str, more: &str| {
        format!(
            r#""{name}": (kind: Preventive, status: Implemented, effectiveness: 80, guards: [{guards}], {tested}, {more}),"#
        )
    };
    let both = r#""grants:g", "grants:g2""#;
    for (controls, is_open, alone) in [
        (String::new(), true, &[][..]),
        // One way is guarded and the other is not: the guard carries nothing.
        (control("a", "\"grants:g\"", ""), true, &[]),
        (control("a", both, ""), false, &["a"]),
        // Each stands alone on a way of its own.
        (control("a", "\"grants:g\"", "") + &control("b", "\"grants:g2\"", ""), false, &["a", "b"]),
        (control("a", both, "") + &control("b", both, ""), false, &[]),
        (control("a", both, "") + &control("b", "\"grants:g\"", ""), false, &["a"]),
        // Two of one dependency group are one guardrail.
        (
            control("a", both, "dependency_group: \"gateway\"") + &control("b", both, "dependency_group: \"gateway\""),
            false,
            &["a b"],
        ),
        // What stops little is no guardrail.
        (control("a", both, "").replace("80", "20"), true, &[]),
        (control("a", both, "").replace("Implemented", "Planned"), true, &[]),
    ] {
        let seen = see(model_of(&small.replace("controls: {", &format!("controls: {{ {controls}"))));
        let guarded = Guarded::new(&seen.model, &seen.graph, 1, &[read("d")]);
        assert_eq!(guarded.open[0].contains(&slug("d")), is_open, "{controls}");
        let found: Vec<String> = guarded
            .alone
            .iter()
            .map(|alone| alone.controls.iter().map(Slug::as_str).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(found, alone, "{controls}");
        // By its definition: without what stands alone, data lies open that did not.
        for alone in &guarded.alone {
            let credit = alone.controls.iter().fold(seen.graph.credit.clone(), |credit, lost| credit.without(lost));
            let (without, _) = graph(&seen.model, &effective(&seen.model), &seen.who, credit);
            let open = Guarded::new(&seen.model, &without, 1, &[read("d")]).open;
            assert_eq!(open[0].iter().collect::<Vec<_>>(), alone.datasets().into_iter().collect::<Vec<_>>());
        }
    }
    // A way that is unlikely by itself lays nothing open.
    let seen = see(model_of(&small.replace("rows: All", "rows: Owner(\"a\")")));
    assert!(seen.paths("x", read("d"), 1)[0].chance < LIKELY);
    assert_eq!(Guarded::new(&seen.model, &seen.graph, 1, &[read("d")]).open, [Default::default()]);
}

#[test]
fn the_list_of_guardrails_leads_to_the_control_and_to_whom_nothing_stops() {
    let mut app = open(FREIGHT, 120, 40);
    press(&mut app, "<Space>g");
    let shown = screen(&app);
    assert!(shown.contains("alone before Shipments, against Invoice fraudster"), "{shown}");
    press(&mut app, "<Enter>");
    assert_eq!(app.screen, sandtable::app::state::Screen::Controls);
    let control = sandtable::app::controls::current(&app).cloned().unwrap();
    assert!(app.attack().guarded.alone[0].controls.contains(&control), "{control}");
    assert!(screen(&app).contains("The one guardrail"), "{}", screen(&app));
    press(&mut app, "<Space>gmeets no<Enter>");
    assert_eq!(app.screen, sandtable::app::state::Screen::Attackers);
    let at = sandtable::app::attackers::current(&app).unwrap();
    assert!(!app.attack().guarded.open[at].is_empty());
    assert!(screen(&app).contains("no guardrail that counts before"), "{}", screen(&app));
    let mut app = open("#![enable(implicit_some)]\nModel(format: 1, title: \"Lone\", actors: {\"a\": ()})\n", 80, 24);
    press(&mut app, "<Space>g");
    assert!(app.layers.is_empty() && app.toasts.current().is_some());
}

#[test]
fn a_gateway_takes_its_controls_along() {
    let model = model_of(
        r#"(
            services: { "s": () },
            endpoints: { "e1": (service: "s"), "e2": (service: "s"), "e3": (), "e4": () },
            grants: { "g": (role: "r", endpoint: "e3", op: Read) },
            controls: {
                "rate": (dependency_group: "gateway", guards: ["s"]), "auth": (dependency_group: "gateway", guards: ["grants:g"]),
                "own": (guards: ["e4"]), "other": (dependency_group: "idp", guards: ["e4"]),
            },
        )"#,
    );
    let found: Vec<(String, usize, usize)> = failing_together(&model)
        .into_iter()
        .map(|group| (group.name, group.controls.len(), group.endpoints.len()))
        .collect();
    assert_eq!(found, [("gateway".to_owned(), 2, 3), ("idp".to_owned(), 1, 1)]);
}

#[test]
fn all_ways_of_an_extortionist_pass_the_portal() {
    let seen = see(load(CLINIC).unwrap().model);
    let at = seen.who.iter().position(|who| who.name == "extortion-group").unwrap();
    let choke = choke(&seen.model, &seen.graph, at, &[read("visit-notes")]);
    let passed: Vec<String> = choke
        .passed
        .unwrap()
        .iter()
        .map(|at| words::position(&seen.model, &seen.who, &seen.graph.positions[*at as usize]))
        .collect();
    assert_eq!(passed, ["Portal"]);
    assert_eq!(choke.closing.map(|closing| closing.len()), Some(1));
}

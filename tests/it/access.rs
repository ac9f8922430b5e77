//! Effective access: inheritance, overrides, conflicts, relations, and the path that proves each fact.

use sandtable::analysis::access::{Way, direct, effective};
use sandtable::analysis::exposure::{Matrix, Scope, classes_of_fact, totals};
use sandtable::model::Model;
use sandtable::model::facts::Operation;
use sandtable::model::graph::boundary_chain;
use sandtable::store::ron::load;

/// A model of these roles and grants, with datasets `a` to `c`, where `a` leads to `b` and `b` to `c`.
fn model(roles: &str, grants: &str) -> Model {
    let text = format!(
        "Model(format: 1, title: \"x\",
           datasets: {{
             \"a\": (class: \"internal\", relations: {{\"bs\": (to: \"b\")}}),
             \"b\": (class: \"internal\", fields: {{\"secret\": (class: \"restricted\"), \"open\": ()}}, relations: {{\"cs\": (to: \"c\")}}),
             \"c\": (),
           }},
           roles: {{{roles}}}, endpoints: {{\"e\": ()}}, grants: {{{grants}}})"
    );
    let loaded = load(&text).unwrap();
    assert!(!loaded.has_errors(), "{:#?}", loaded.diagnostics);
    loaded.model
}

fn grant(slug: &str, role: &str, op: &str, dataset: &str, more: &str) -> String {
    format!("\"{slug}\": (role: \"{role}\", endpoint: \"e\", op: {op}, dataset: \"{dataset}\"{more}),")
}

/// Every fact as `role op dataset: grant via way`.
fn facts(model: &Model) -> Vec<String> {
    let shown = |fact: &sandtable::analysis::access::Fact| {
        let via: Vec<&str> = fact.via.iter().map(|role| role.as_str()).collect();
        let way = match &fact.way {
            Way::Direct => String::new(),
            Way::Blocked => " blocked".into(),
            Way::Through(steps) => steps.iter().map(|(dataset, relation)| format!(" {dataset}.{relation}")).collect(),
        };
        let dataset = fact.dataset.as_ref().unwrap();
        format!("{} {} {dataset}: {} {}{way}", fact.role, fact.op.word(), fact.grant, via.join("<"))
    };
    effective(model).iter().map(shown).collect()
}

#[test]
fn access_is_computed_with_its_proof() {
    let cases: Vec<(&str, &str, String, Vec<&str>)> = vec![
        (
            "a role has what it inherits, and what that inherits",
            "\"top\": (inherits: [\"mid\"]), \"mid\": (inherits: [\"low\"]), \"low\": ()",
            grant("g", "low", "Read", "a", ""),
            vec!["low read a: g low", "mid read a: g mid<low", "top read a: g top<mid<low"],
        ),
        (
            "a grant of its own overrides, for the same dataset and operation alone",
            "\"top\": (inherits: [\"low\"]), \"low\": ()",
            grant("g", "low", "Read", "a", ", rows: All")
                + &grant("h", "low", "Delete", "a", "")
                + &grant("own", "top", "Read", "a", ", rows: Nobody"),
            vec!["low read a: g low", "low delete a: h low", "top read a: own top", "top delete a: h top<low"],
        ),
        (
            "reads are the union of the parents'; one grant on two ways counts once, by the shorter",
            "\"top\": (inherits: [\"x\", \"y\"]), \"x\": (inherits: [\"y\"]), \"y\": ()",
            grant("g", "x", "Read", "a", "") + &grant("h", "y", "Read", "b", ""),
            vec!["top read a: g top<x", "top read b: h top<y", "x read a: g x", "x read b: h x<y", "y read b: h y"],
        ),
        (
            "changes are inherited where one parent has them, or all that have them agree",
            "\"top\": (inherits: [\"x\", \"y\"]), \"x\": (), \"y\": ()",
            grant("g", "x", "Update", "a", ", rows: All")
                + &grant("h", "y", "Update", "a", ", rows: Nobody")
                + &grant("i", "x", "Create", "b", ", rows: All")
                + &grant("j", "x", "Delete", "c", ", rows: All")
                + &grant("k", "y", "Delete", "c", ", rows: All"),
            vec![
                "top create b: i top<x",
                "top delete c: j top<x",
                "top delete c: k top<y",
                "x update a: g x",
                "x create b: i x",
                "x delete c: j x",
                "y update a: h y",
                "y delete c: k y",
            ],
        ),
        (
            "a closed dataset is reached through relations of what may be read, step by step",
            "\"r\": ()",
            grant("g", "r", "Read", "a", "")
                + &grant("h", "r", "Read", "b", ", root: false")
                + &grant("i", "r", "Read", "c", ", root: false"),
            vec!["r read a: g r", "r read b: h r a.bs", "r read c: i r a.bs b.cs"],
        ),
        (
            "a relation leads nowhere past a dataset that may not be read",
            "\"r\": ()",
            grant("g", "r", "Read", "a", "") + &grant("i", "r", "Read", "c", ", root: false"),
            vec!["r read a: g r", "r read c: i r blocked"],
        ),
        (
            "roles in a circle end",
            "\"x\": (inherits: [\"y\"]), \"y\": ()",
            grant("g", "y", "Read", "a", ""),
            vec!["x read a: g x<y", "y read a: g y"],
        ),
    ];
    for (what, roles, grants, expected) in cases {
        assert_eq!(facts(&model(roles, &grants)), expected, "{what}");
    }
}

#[test]
fn disagreeing_parents_are_told() {
    let grants = grant("g", "x", "Update", "a", ", rows: All") + &grant("h", "y", "Update", "a", ", rows: Nobody");
    let model = model("\"top\": (inherits: [\"x\", \"y\"]), \"x\": (), \"y\": ()", &grants);
    let access = effective(&model);
    assert_eq!(access.conflicts.len(), 1);
    let conflict = &access.conflicts[0];
    assert_eq!((conflict.role.as_str(), conflict.op, conflict.grants.len()), ("top", Operation::Update, 2));
}

/// What parents may agree on is inherited, with what only some of them know as unknown; what differs is a conflict.
#[test]
fn parents_agree_as_far_as_they_are_known() {
    for (one, other, expected) in [
        (", rows: All", ", rows: All, title: \"t\", certainty: Observed, tags: [\"x\"]", "2 All None"),
        (", fields: Only([\"a\", \"b\"])", ", fields: Only([\"b\", \"a\"])", "2 None None"),
        (", rows: All, limit: Unlimited", ", limit: Unlimited", "1 None None"),
        (", rows: All, backend_only: true", ", rows: All", "1 All None"),
        (", rows: All, post_check: Missing", ", rows: All, post_check: Must(All)", "conflict"),
        (", rows: All, post_check: Missing", ", rows: All", "1 All None"),
        (", presets: [\"x\"]", "", "conflict"),
        (", rows: All", ", rows: Nobody", "conflict"),
    ] {
        let grants = grant("g", "x", "Update", "b", one) + &grant("h", "y", "Update", "b", other);
        let model = model(
            "\"above\": (inherits: [\"top\"]), \"top\": (inherits: [\"x\", \"y\"]), \"x\": (), \"y\": ()",
            &grants,
        );
        let access = effective(&model);
        for role in ["top", "above"] {
            let facts: Vec<_> = access.facts.iter().filter(|fact| fact.role.as_str() == role).collect();
            let found = match facts.first() {
                None => "conflict".to_owned(),
                Some(fact) => {
                    let rows = fact.rows.as_ref().map_or("None".to_owned(), |rows| format!("{rows:?}"));
                    format!("{} {rows} {:?}", facts.len(), fact.post_check)
                }
            };
            assert_eq!(found, expected, "{role}: {one} and {other}");
        }
        assert_eq!(access.conflicts.len(), usize::from(expected == "conflict"));
    }
}

/// Roles and boundaries of any shape end soon, and without a deep stack.
#[test]
fn hostile_shapes_end_soon() {
    let text = |roles: &str, boundaries: &str| {
        format!(
            "Model(format: 1, title: \"x\", boundaries: {{{boundaries}}}, roles: {{{roles}}}, datasets: {{\"a\": ()}},
             endpoints: {{\"e\": ()}}, grants: {{{}}})",
            grant("g", "r0", "Read", "a", "")
        )
    };
    let chain: String = (0..100_000).map(|at| format!("\"r{}\": (inherits: [\"r{at}\"]),", at + 1)).collect();
    let nested: String = (0..8_000).map(|at| format!("\"b{}\": (parent: \"b{at}\"),", at + 1)).collect();
    let layer = |at: usize| (0..10).map(|role| format!("\"r{}\",", at * 10 + role)).collect::<String>();
    let layers: String = (10..90).map(|at| format!("\"r{at}\": (inherits: [{}]),", layer(at / 10 - 1))).collect();
    let bottom: String = (0..10).map(|at| format!("\"r{at}\": (),")).collect();
    let all: String = (0..30).map(|at| format!("\"r{at}\",")).collect();
    let mutual: String = (0..30).map(|at| format!("\"r{at}\": (inherits: [{all}]),")).collect();
    for (what, text, facts, error) in [
        ("a chain", text(&format!("\"r0\": (), {chain}"), ""), 64, "roles inherit over more than 64 levels"),
        ("boundaries", text("\"r0\": ()", &format!("\"b0\": (), {nested}")), 1, "boundaries nest more than 64 levels"),
        ("layers", text(&format!("{bottom}{layers}"), ""), 81, ""),
        ("a circle", text(&mutual, ""), 30, "a role can not inherit from itself"),
    ] {
        let loaded = load(&text).unwrap();
        let errors: Vec<String> = loaded.diagnostics.iter().map(|found| found.to_string()).collect();
        assert_eq!(errors.len(), usize::from(!error.is_empty()), "{what}: {errors:?}");
        assert!(errors.iter().all(|found| found.contains(error)), "{what}: {errors:?}");
        let access = effective(&loaded.model);
        assert_eq!(access.facts.len(), facts, "{what}");
        assert!(access.facts.iter().all(|fact| fact.via.len() <= 64));
        assert_eq!(Matrix::new(&loaded.model, &access).roles.len(), loaded.model.roles.len());
        for slug in loaded.model.boundaries.keys() {
            let id = sandtable::model::ElementId::new(sandtable::model::Section::Boundaries, slug.clone());
            assert!(boundary_chain(&loaded.model, &id).len() <= 64);
        }
    }
}

/// A class that nobody gave is unknown, not low.
#[test]
fn classes_of_what_is_covered() {
    for (fields, class, expected) in [
        (", fields: Only([\"open\"])", "class: \"internal\", ", "internal false"),
        (", fields: Only([\"open\"])", "", "- true"),
        (", fields: Only([\"open\", \"secret\"])", "", "restricted true"),
        (", fields: Only([\"secret\"])", "", "restricted false"),
        (", fields: All", "class: \"internal\", ", "restricted false"),
        (", fields: All", "", "restricted true"),
        ("", "fields_complete: true, ", "restricted true"),
    ] {
        let text = format!(
            "Model(format: 1, title: \"x\", roles: {{\"r\": ()}}, endpoints: {{\"e\": ()}},
             datasets: {{\"d\": ({class}fields: {{\"secret\": (class: \"restricted\"), \"open\": ()}})}},
             grants: {{{}}})",
            grant("g", "r", "Read", "d", fields)
        );
        let model = load(&text).unwrap().model;
        let found = classes_of_fact(&model, &effective(&model).facts[0]);
        let highest = found.highest.map_or("-".to_owned(), |rank| rank.class.to_string());
        assert_eq!(format!("{highest} {}", found.has_unknown), expected, "{fields} {class}");
    }
}

/// What the command lists and counts, and its exit code.
#[test]
fn a_gate_on_a_class_does_not_pass_what_it_can_not_judge() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.ron");
    let grants = grant("g", "r", "Read", "b", ", fields: Only([\"secret\"]), certainty: Observed")
        + &grant("h", "r", "Update", "c", "")
        + &grant("i", "r", "Delete", "a", "")
        + "\"j\": (role: \"r\", endpoint: \"e\", op: Execute),";
    let model = model("\"r\": ()", &grants);
    std::fs::write(&path, sandtable::store::ron::canonical(&model)).unwrap();
    for (arguments, code, facts, unjudged) in [
        (vec![], 0, 3, 0),
        (vec!["--min-class", "restricted"], 2, 1, 1),
        (vec!["--min-class", "restricted", "--dataset", "b"], 0, 1, 0),
        (vec!["--min-class", "internal", "--dataset", "a"], 0, 1, 0),
        (vec!["--min-class", "restricted", "--dataset", "c"], 2, 0, 1),
    ] {
        let run = |format: &str| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sandtable"));
            command.arg("exposures").arg(&path).args(["--format", format]).args(&arguments).output().unwrap()
        };
        let output = run("json");
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert_eq!(json["facts"].as_array().unwrap().len(), facts, "{arguments:?}");
        assert_eq!(json["unjudged"], unjudged, "{arguments:?}");
        let output = run("text");
        let (text, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert_eq!(said.contains("1 fact on datasets or fields without a class was not judged"), unjudged == 1);
        if arguments.is_empty() {
            let sure: Vec<&str> =
                json["facts"].as_array().unwrap().iter().filter_map(|f| f["certainty"].as_str()).collect();
            assert_eq!(sure, ["observed"]);
            let columns = |op: &str| text.lines().find(|line| line.contains(op)).unwrap().to_owned();
            assert!(columns("update").contains("unknown  rows unknown"), "{text}");
            assert!(columns("delete").contains("-  "), "{text}");
        }
    }
}

#[test]
fn a_circle_of_roles_is_an_error_but_ends() {
    let text = "Model(format: 1, title: \"x\", datasets: {\"a\": ()}, endpoints: {\"e\": ()},
        roles: {\"x\": (inherits: [\"y\"]), \"y\": (inherits: [\"x\", \"y\"])},
        grants: {\"g\": (role: \"x\", endpoint: \"e\", op: Read, dataset: \"a\")})";
    let loaded = load(text).unwrap();
    assert!(loaded.has_errors());
    assert_eq!(facts(&loaded.model), ["x read a: g x", "y read a: g y<x"]);
}

#[test]
fn the_matrix_shows_scope_class_and_inheritance() {
    let grants = grant("g", "low", "Read", "b", ", fields: Only([\"open\"]), rows: Owner(\"id\")")
        + &grant("h", "low", "Create", "b", ", rows: All")
        + &grant("i", "other", "Read", "b", ", fields: All, rows: All");
    let model = model("\"low\": (), \"other\": (), \"top\": (inherits: [\"low\", \"other\"])", &grants);
    let access = effective(&model);
    let matrix = Matrix::new(&model, &access);
    let cell = |role: &str| {
        let (role, dataset) = (role.parse_slug(), "b".parse_slug());
        let cell = matrix.cell(&role, &dataset).unwrap();
        let class = cell.class.as_ref().map(|rank| rank.class.to_string());
        (cell.ops[&Operation::Read], class, cell.inherited)
    };
    assert_eq!(cell("low"), (Scope::Own, Some("internal".into()), false));
    assert_eq!(cell("other"), (Scope::All, Some("restricted".into()), false));
    assert_eq!(cell("top"), (Scope::All, Some("restricted".into()), true));
    assert_eq!(totals(access.iter()).readable_by_role.len(), 3);
    assert_eq!(direct(&model).facts.len(), 3);
}

trait ParseSlug {
    fn parse_slug(&self) -> sandtable::model::Slug;
}

impl ParseSlug for str {
    fn parse_slug(&self) -> sandtable::model::Slug {
        sandtable::model::Slug::new(self).unwrap()
    }
}

//! Effective access: inheritance, overrides, conflicts, relations, and the path that proves each fact.

use sandtable::analysis::access::{Way, direct, effective};
use sandtable::analysis::exposure::{Matrix, Scope, totals};
use sandtable::model::Model;
use sandtable::model::facts::Operation;
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
    effective(model).facts.iter().map(shown).collect()
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
    assert_eq!(totals(access.facts.iter()).readable_by_role.len(), 3);
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

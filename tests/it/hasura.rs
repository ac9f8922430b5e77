//! Hasura metadata becomes a model.
#![allow(clippy::unwrap_used)]

use sandtable::exchange::hasura::{read, recognises};
use sandtable::exchange::refresh::{imported_fields, refresh};
use sandtable::exchange::{FileTree, ImportError, Imported, NoteKind};
use sandtable::model::access::Grant;
use sandtable::model::edit::{set_at, set_field};
use sandtable::model::facts::{Fields, Limit, Operation, PostCheck, Rows};
use sandtable::model::reflect::Step;
use sandtable::model::validate::Severity;
use sandtable::model::{ElementId, Model, Section, Slug};
use sandtable::store::ron::load;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The files under a folder, by their path from there.
fn folder(root: &Path) -> FileTree {
    let mut tree = FileTree::default();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                tree.files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    tree
}

/// One line for a grant, in the words of the reference facts.
fn grant_line(grant: &Grant) -> String {
    let rows = |rows: &Option<Rows>| match rows {
        Some(Rows::All) => "all_rows",
        Some(rows) if rows.is_session_bound() => "session_bound",
        Some(Rows::Constant(_)) => "constant_predicate",
        _ => "other",
    };
    let op = match grant.op.unwrap() {
        Operation::Read => "select",
        Operation::Create => "insert",
        Operation::Update => "update",
        Operation::Delete => "delete",
        other => panic!("{other:?}"),
    };
    let fields = match &grant.fields {
        None => "null".to_owned(),
        Some(Fields::All) => "\"*\"".to_owned(),
        Some(Fields::Only(names)) => serde_json::to_string(names).unwrap(),
    };
    let check = match &grant.post_check {
        None => "null",
        Some(PostCheck::Missing) => "none",
        Some(PostCheck::Must(must)) => rows(&Some(must.clone())),
    };
    let limit = match grant.limit {
        Some(Limit::AtMost(count)) => count.to_string(),
        _ => "null".to_owned(),
    };
    let set = serde_json::to_string(&grant.presets).unwrap();
    let (aggregates, backend_only) = (grant.aggregates == Some(true), grant.backend_only == Some(true));
    let dataset = grant.dataset.as_ref().unwrap();
    format!(
        "{} {dataset} {op} {fields} {} {check} {limit} {aggregates} {set} {backend_only}",
        grant.role,
        rows(&grant.rows)
    )
}

#[test]
fn payroll_sample() {
    let Ok(samples) = std::env::var("SANDTABLE_SAMPLES") else {
        println!("skipped: SANDTABLE_SAMPLES is not set");
        return;
    };
    let samples = Path::new(&samples).join("hasura");
    let tree = folder(&samples.join("payroll-bytemy"));
    assert!(recognises(&tree));
    let imported = read(&tree).unwrap();
    let model = &imported.model;

    let facts = std::fs::read(samples.join("payroll.reference-facts.json")).unwrap();
    let facts: Vec<serde_json::Value> = serde_json::from_slice(&facts).unwrap();
    let word = |value: &serde_json::Value| value.as_str().unwrap_or("null").to_owned();
    let mut expected: Vec<String> = facts
        .iter()
        .map(|fact| {
            format!(
                "{} {} {} {} {} {} {} {} {} {}",
                word(&fact["role"]),
                word(&fact["table"]),
                word(&fact["op"]),
                fact["columns"],
                word(&fact["filter"]),
                word(&fact["check"]),
                fact["limit"],
                fact["agg"],
                fact["set"],
                fact["backend_only"]
            )
        })
        .collect();
    expected.sort();
    let on_data: Vec<&Grant> = model.grants.values().filter(|grant| grant.op != Some(Operation::Execute)).collect();
    let mut lines: Vec<String> = on_data.iter().map(|grant| grant_line(grant)).collect();
    lines.sort();
    assert_eq!(lines.len(), 541);
    let differing: Vec<_> = lines.iter().zip(&expected).filter(|(line, expected)| line != expected).collect();
    assert!(differing.is_empty(), "{} differ, first {:#?}", differing.len(), differing.first());

    let count = |such: &dyn Fn(&Grant) -> bool| on_data.iter().filter(|grant| such(grant)).count();
    let is_read = |grant: &Grant| grant.op == Some(Operation::Read);
    assert_eq!(count(&|grant| is_read(grant) && grant.rows == Some(Rows::All)), 203);
    assert_eq!(count(&|grant| is_read(grant) && grant.rows.as_ref().unwrap().is_session_bound()), 40);
    assert_eq!(count(&|grant| is_read(grant) && matches!(grant.rows, Some(Rows::Constant(_)))), 3);
    for (op, stars) in [(Operation::Read, 58), (Operation::Update, 52), (Operation::Create, 49)] {
        assert_eq!(count(&|grant| grant.op == Some(op) && grant.fields == Some(Fields::All)), stars, "{op}");
    }
    // There are 79 files of tables; `tables.yaml` includes 67 of them, and Hasura never sees the others: they are in
    // the model, out of scope, so that nobody takes them for exposed.
    let unlisted = imported.notes.iter().filter(|note| note.message.starts_with("no list includes this file"));
    assert_eq!((model.datasets.len(), unlisted.count()), (79, 12));
    assert_eq!(model.datasets.values().filter(|dataset| !dataset.out_of_scope.is_empty()).count(), 12);
    // `user` may call one function, and nothing else names it.
    assert_eq!(model.roles.len(), 8);
    let with_grants: BTreeSet<_> = on_data.iter().map(|grant| grant.role.slug()).collect();
    assert_eq!(with_grants.len(), 7);
    let actions: Vec<_> =
        model.endpoints.values().filter(|endpoint| endpoint.kind.unwrap().name() == "Action").collect();
    assert_eq!(actions.len(), 13);
    assert!(actions.iter().all(|action| action.forwards_client_headers == Some(true)));

    // The secret of the sample is reported by its place, and its value is nowhere.
    let config = std::str::from_utf8(&tree.files["hasura/config.yaml"]).unwrap();
    let secret = config.lines().find_map(|line| line.strip_prefix("admin_secret:")).unwrap().trim();
    let secret = secret.trim_matches(['"', '\'']);
    let platform = &model.platforms["hasura"];
    assert_eq!(platform.admin_secret_set, Some(true));
    let places: Vec<String> = platform
        .literal_secrets
        .iter()
        .map(|place| format!("{} {}", place.name, place.source.as_ref().unwrap()))
        .collect();
    assert_eq!(places, ["admin_secret hasura/config.yaml:6"]);
    assert!(!secret.is_empty() && !format!("{imported:?}").contains(secret));

    let problems = sandtable::model::validate::validate(model);
    assert!(problems.is_empty(), "{problems:#?}");
    let relations: usize = model.datasets.values().map(|dataset| dataset.relations.len()).sum();
    assert_eq!(relations, 148);
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/hasura")
}

/// A tree of files given as text.
fn tree(files: &[(&str, &str)]) -> FileTree {
    FileTree { files: files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect() }
}

/// A metadata folder with these tables, and these files beside.
fn with_tables(tables: &str, files: &[(&str, &str)]) -> FileTree {
    let databases = format!("- name: default\n  kind: postgres\n  tables:\n{tables}");
    let mut tree = tree(files);
    tree.files.insert("version.yaml".to_owned(), b"version: 3\n".to_vec());
    tree.files.insert("databases/databases.yaml".to_owned(), databases.into_bytes());
    tree
}

/// Everything that was made of the files, one element a line, then the notes.
fn shown(imported: &Imported) -> String {
    let mut out = String::new();
    for id in imported.model.ids() {
        writeln!(out, "{id}: {}", imported.model.element(&id).unwrap().to_ron()).unwrap();
    }
    for note in &imported.notes {
        writeln!(out, "{:?} {}: {}", note.kind, note.source, note.message).unwrap();
    }
    out
}

fn incomplete(imported: &Imported) -> Vec<String> {
    let notes = imported.notes.iter().filter(|note| note.kind == NoteKind::Incomplete);
    notes.map(|note| format!("{}: {}", note.source, note.message)).collect()
}

#[test]
fn a_project_becomes_a_model() {
    let files = folder(&fixtures().join("clinic"));
    assert!(recognises(&files));
    let imported = read(&files).unwrap();
    insta::assert_snapshot!(shown(&imported));
    assert!(!format!("{imported:?}").contains("literal-value"), "a secret was kept");
    assert!(!format!("{imported:?}").contains("-literal"), "a secret was kept");
    assert_eq!(sandtable::model::validate::validate(&imported.model), []);
}

#[test]
fn an_export_in_one_piece_becomes_a_model() {
    let bytes = std::fs::read(fixtures().join("export.json")).unwrap();
    let files = FileTree { files: [("export.json".to_owned(), bytes)].into() };
    assert!(recognises(&files));
    insta::assert_snapshot!(shown(&read(&files).unwrap()));
}

#[test]
fn the_metadata_is_found_wherever_it_stands() {
    let clinic = folder(&fixtures().join("clinic"));
    let slugs = |files: &FileTree| read(files).unwrap().model.ids().collect::<Vec<_>>();
    let expected = slugs(&clinic);
    let mut above = FileTree::default();
    let mut inside = FileTree::default();
    for (path, bytes) in &clinic.files {
        above.files.insert(format!("back/end/{path}"), bytes.clone());
        if let Some(path) = path.strip_prefix("metadata/") {
            inside.files.insert(path.to_owned(), bytes.clone());
        }
    }
    assert_eq!(slugs(&above), expected);
    assert_eq!(slugs(&inside), expected);
}

#[test]
fn what_is_not_version_3_is_refused() {
    for (files, message) in [
        (tree(&[("a.txt", "")]), "this does not look like Hasura metadata"),
        (tree(&[("version.yaml", "version: 3")]), "this does not look like Hasura metadata"),
        (tree(&[("version.yaml", "version: 2"), ("tables.yaml", "[]")]), "version.yaml:1: only version 3"),
        (tree(&[("m.json", "{\"version\": 2,\n\"sources\": []}")]), "m.json:1: only version 3"),
        (tree(&[("m.json", "{\"version\": 3, \"sources\": [\n")]), "m.json:1: unclosed"),
        (tree(&[("a", ""), ("m.json", "{\"version\": 2, \"sources\": []}")]), "m.json:1: only version 3"),
        (with_tables("  - [", &[]), "databases/databases.yaml:4: unclosed"),
    ] {
        let error = read(&files).map(|_| ()).unwrap_err();
        assert!(error.to_string().starts_with(message), "{error}");
        assert_eq!(
            recognises(&files),
            !matches!(error, ImportError::WrongFormat { .. }) && !files.files.contains_key("m.json")
        );
    }
}

#[test]
fn a_broken_part_is_reported_and_the_rest_is_read() {
    for (name, text, reported) in [
        ("actions.yaml", "actions: [", "actions.yaml:1: the file was left out: unclosed bracket '['"),
        (
            "inherited_roles.yaml",
            "a: 1\na: 2",
            "inherited_roles.yaml:2: the file was left out: `a` stands twice in the same map: keep one",
        ),
        (
            "network.yaml",
            "a:\n\tb: 1",
            "network.yaml:2: the file was left out: tabs disallowed within this context (block indentation)",
        ),
    ] {
        let imported = read(&with_tables("  - table: users\n", &[(name, text)])).unwrap();
        assert_eq!(incomplete(&imported), [reported]);
        assert_eq!(imported.model.datasets.len(), 1);
    }
    let mut files = with_tables("  - table: users\n", &[]);
    files.files.insert("actions.yaml".to_owned(), b"actions: []\n# \xff".to_vec());
    let reported = "actions.yaml:2: the file was left out: the file is not UTF-8 text: save it as UTF-8";
    assert_eq!(incomplete(&read(&files).unwrap()), [reported]);
    files.files.insert("actions.yaml".to_owned(), "\u{feff}actions: []\n".as_bytes().to_vec());
    assert!(incomplete(&read(&files).unwrap()).is_empty());
}

#[test]
fn includes_are_bounded() {
    let long = (0..40).map(|number| (format!("databases/{number}.yaml"), format!("\"!include {}.yaml\"", number + 1)));
    let long: Vec<(String, String)> = long.collect();
    let long: Vec<(&str, &str)> = long.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    for (tables, files, reported) in [
        (
            "  - '!include ../../etc/passwd'\n",
            &[][..],
            "databases/databases.yaml:4: `../../etc/passwd` was left out: it lies outside of the imported folder",
        ),
        (
            "  - !include /etc/passwd\n",
            &[],
            "databases/databases.yaml:4: `/etc/passwd` was left out: it lies outside of the imported folder",
        ),
        (
            "  - '!include a.yaml'\n",
            &[("databases/a.yaml", "- '!include b.yaml'"), ("databases/b.yaml", "- '!include a.yaml'")],
            "databases/b.yaml:1: `a.yaml` was left out: it includes itself",
        ),
        (
            "  - '!include nowhere.yaml'\n",
            &[],
            "databases/databases.yaml:4: `nowhere.yaml` was left out: there is no such file",
        ),
        (
            "  - '!include 0.yaml'\n",
            &long,
            "databases/14.yaml:1: `15.yaml` was left out: too many files include one another",
        ),
    ] {
        let imported = read(&with_tables(tables, files)).unwrap();
        let found = incomplete(&imported);
        assert!(found.contains(&reported.to_owned()), "{found:#?}");
    }
    // Every file includes the next one ten times: nobody waits for ten to the power of nine tables.
    let wide: Vec<(String, String)> = (0..9)
        .map(|number| (format!("databases/{number}.yaml"), format!("- '!include {}.yaml'\n", number + 1).repeat(10)))
        .collect();
    let wide: Vec<(&str, &str)> = wide.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let imported = read(&with_tables("  - '!include 0.yaml'\n", &wide)).unwrap();
    assert!(imported.notes.len() <= 20_001, "{}", imported.notes.len());
}

proptest::proptest! {
    /// Whatever somebody does to a file, it is read or refused.
    #[test]
    fn no_file_makes_it_panic(which in 0usize..40, at in 0usize..4000, length in 0usize..40, put in "[ -~\\n]{0,12}") {
        let mut files = folder(&fixtures().join("clinic"));
        let count = files.files.len();
        if let Some(bytes) = files.files.values_mut().nth(which % count) {
            let start = at % (bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, put.bytes());
        }
        if let Ok(imported) = read(&files) {
            let problems = sandtable::model::validate::validate(&imported.model);
            let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
            proptest::prop_assert_eq!(errors, 0, "{:?}", problems);
        }
    }
}

#[test]
fn hostile_documents_end_in_an_error() {
    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for level in 1..12 {
        let alias = format!("*a{}", level - 1);
        writeln!(bomb, "a{level}: &a{level} [{}]", [alias.as_str(); 9].join(",")).unwrap();
    }
    let deep = format!("  - {}", "[".repeat(100_000));
    let filter = format!("{}{}", "{_not: ".repeat(100_000), "}".repeat(100_000));
    let filter = format!("  - table: a\n    delete_permissions: [{{role: r, permission: {{filter: {filter}}}}}]\n");
    for tables in [deep, filter] {
        let error = read(&with_tables(&tables, &[])).map(|_| ()).unwrap_err().to_string();
        assert!(error.ends_with("lists and maps nest deeper than 96 levels"), "{error}");
    }
    let imported = read(&with_tables("  - table: a\n", &[("network.yaml", &bomb)])).unwrap();
    assert!(incomplete(&imported)[0].ends_with("aliases stand for too much: write the values out"));
}

#[test]
fn what_is_missing_or_odd_is_unknown() {
    let tables = "
  - table: users
    select_permissions:
      - role: a
        permission: {filter: text, limit: many}
      - permission: {columns: '*', filter: {}}
    update_permissions:
      - role: a
        permission: {columns: [x], filter: {}, check: [1]}
      - role: a
        permission: {columns: [x], filter: {}}
  - select_permissions: []
  - table: users
";
    let imported = read(&with_tables(tables, &[])).unwrap();
    assert_eq!(
        incomplete(&imported),
        [
            "databases/databases.yaml:7: the limit is not a whole number: left unknown",
            "databases/databases.yaml:7: the permission names no columns: left unknown",
            "databases/databases.yaml:8: the `filter` is missing or not a condition: the rows are left unknown",
            "databases/databases.yaml:9: the name of a role is missing: the entry was left out",
            "databases/databases.yaml:12: the `check` is missing or not a condition: the rows are left unknown",
            "databases/databases.yaml:13: the role has a permission for this already: left out here",
            "databases/databases.yaml:15: the name of a table is missing: the entry was left out",
            "databases/databases.yaml:16: the table was read already at databases/databases.yaml:5: left out here",
        ]
    );
    let read = &imported.model.grants["a-public.users-read"];
    assert_eq!((&read.fields, &read.rows, read.limit), (&None, &None, None));
    assert_eq!(imported.model.grants["a-public.users-update"].post_check, None);
}

#[test]
fn what_is_not_read_is_said() {
    let mut files = with_tables("  - table: users\n  native_queries:\n  - {root_field_name: q}\n", &[("a.sql", "")]);
    files.files.insert("other/databases/databases.yaml".to_owned(), b"[]".to_vec());
    let imported = read(&files).unwrap();
    assert_eq!(
        incomplete(&imported),
        [
            "databases/databases.yaml:6: `native_queries` are not read: who may reach what they return is not in the model",
            "other/: a second metadata folder, not read: import it by itself",
        ]
    );
    assert!(imported.notes.iter().any(|note| note.message.starts_with("SQL is not read")));
}

#[test]
fn odd_names_become_different_slugs() {
    let tables = "
  - table: a b
    delete_permissions: [{role: Größe, permission: {filter: {}}}]
  - table: a  b
  - table: a_b
  - table: graphql
";
    let imported =
        read(&with_tables(tables, &[("actions.yaml", "actions: [{name: graphql}, {name: graphql}]")])).unwrap();
    assert_eq!(imported.model.count(Section::Datasets), 4);
    assert_eq!(imported.model.roles.values().next().unwrap().title.as_str(), "Größe");
    assert_eq!(
        imported.model.endpoints.keys().map(|slug| slug.as_str()).collect::<Vec<_>>(),
        ["action-graphql", "graphql"]
    );
    assert_eq!(sandtable::model::validate::validate(&imported.model), []);
}

/// Everything that the importer sets is known to be the importer's, so that a refresh takes it back.
#[test]
fn what_the_importer_sets_is_known() {
    let export = std::fs::read(fixtures().join("export.json")).unwrap();
    let export = FileTree { files: [("export.json".to_owned(), export)].into() };
    for files in [folder(&fixtures().join("clinic")), export] {
        let model = read(&files).unwrap().model;
        for id in model.ids() {
            for spec in id.section.specs().iter().filter(|spec| !["title", "notes", "assumed"].contains(&spec.name)) {
                let set = model.reflect(&id).unwrap().get(spec.name).is_some();
                assert!(!set || imported_fields(id.section).contains(&spec.name), "{id}: {}", spec.name);
            }
        }
    }
}

fn model(body: &str) -> Model {
    let text = format!("Model(format: 1, title: \"x\", {body})");
    load(&text).unwrap_or_else(|error| panic!("{error}: {body}")).model
}

/// A refresh takes what the files say, also where they say nothing; what people said stays.
#[test]
fn a_refresh_replaces_what_the_files_say_alone() {
    let at = "source: (file: \"f\", line: 1)";
    let role = |fields: &str| format!("roles: {{\"r\": ({fields}), \"low\": ({at})}}");
    let data = |fields: &str| format!("datasets: {{\"d\": ({fields})}}");
    for (what, before, files, is_whole, after) in [
        (
            "an inheritance that is not in the files any more goes",
            role(&format!("inherits: [\"low\"], mfa: true, {at}")),
            role(at),
            true,
            role(&format!("mfa: true, {at}")),
        ),
        (
            "one that people set stays",
            role(&format!("inherits: [\"low\"], by_hand: [\"inherits\"], {at}")),
            role(at),
            true,
            role(&format!("inherits: [\"low\"], by_hand: [\"inherits\"], {at}")),
        ),
        (
            "an incomplete import takes nothing away",
            role(&format!("inherits: [\"low\"], {at}")),
            format!("roles: {{\"r\": ({at})}}"),
            false,
            role(&format!("inherits: [\"low\"], {at}")),
        ),
        (
            "what is gone is taken out, with what refers to it",
            role(&format!("inherits: [\"low\"], mfa: true, {at}")),
            format!("roles: {{\"r\": ({at})}}"),
            true,
            format!("roles: {{\"r\": (mfa: true, {at})}}"),
        ),
        (
            "fields keep their class; those that the files do not name any more go",
            data(&format!(
                "fields: {{\"a\": (class: \"internal\"), \"b\": ()}}, relations: {{\"x\": (to: \"d\")}}, {at}"
            )),
            data(&format!("fields: {{\"a\": (), \"c\": ()}}, {at}")),
            true,
            data(&format!("fields: {{\"a\": (class: \"internal\"), \"c\": ()}}, {at}")),
        ),
        (
            "fields that people added stay",
            data(&format!("fields: {{\"a\": ()}}, by_hand: [\"fields\"], {at}")),
            data(&format!("fields: {{\"c\": ()}}, {at}")),
            true,
            data(&format!("fields: {{\"a\": (), \"c\": ()}}, by_hand: [\"fields\"], {at}")),
        ),
        (
            "prose stays where the files have none; a scope that people set stays",
            data(&format!("about: \"ours\", out_of_scope: \"not ours\", {at}")),
            data(at),
            true,
            data(&format!("about: \"ours\", out_of_scope: \"not ours\", {at}")),
        ),
        (
            "a table that is tracked now is in scope",
            data(&format!("out_of_scope: \"Hasura does not track it: no list of tables includes its file.\", {at}")),
            data(at),
            true,
            data(at),
        ),
        (
            "what people added by the name of something in the files keeps what they said, from now on",
            role("inherits: [\"low\"]"),
            role(at),
            true,
            role(&format!("inherits: [\"low\"], by_hand: [\"inherits\"], {at}")),
        ),
        (
            "what people confirmed stays confirmed while the files say the same",
            format!("boundaries: {{\"b\": (trust: Internal, {at})}}"),
            format!("boundaries: {{\"b\": (trust: Internal, assumed: [\"trust\"], {at})}}"),
            true,
            format!("boundaries: {{\"b\": (trust: Internal, {at})}}"),
        ),
        (
            "another assumption is one, and what is declared now is none",
            format!("boundaries: {{\"b\": (trust: Partner, kind: Network, assumed: [\"kind\"], {at})}}"),
            format!("boundaries: {{\"b\": (trust: Internal, kind: Process, assumed: [\"trust\"], {at})}}"),
            true,
            format!("boundaries: {{\"b\": (trust: Internal, kind: Process, assumed: [\"trust\"], {at})}}"),
        ),
    ] {
        let mut refreshed = model(&before);
        refresh(&refreshed.clone(), &model(&files), is_whole).edit.apply(&mut refreshed);
        assert_eq!(refreshed, model(&after), "{what}");
    }
}

/// What people set is remembered as theirs on what was imported, and there alone.
#[test]
fn what_people_set_is_marked() {
    let mut model = model(
        "roles: {\"in\": (source: (file: \"f\")), \"own\": ()},
         datasets: {\"d\": (fields: {\"a\": ()}, source: (file: \"f\"))}",
    );
    let id = |section, slug: &str| ElementId::new(section, Slug::new(slug).unwrap());
    let field = |name: &str| [Step::Field("fields"), Step::Key(name.to_owned())];
    for (role, name, value, marked) in [
        ("in", "title", "\"x\"", ""),
        ("in", "mfa", "true", "mfa"),
        ("in", "mfa", "false", "mfa"),
        ("own", "mfa", "true", ""),
    ] {
        let id = id(Section::Roles, role);
        set_field(&model, &id, name, Some(value)).unwrap().apply(&mut model);
        let names: Vec<&str> = model.roles[role].by_hand.iter().map(|name| name.as_str()).collect();
        assert_eq!(names.join(" "), marked, "{role} {name}");
    }
    let dataset = id(Section::Datasets, "d");
    let class = [&field("a")[..], &[Step::Field("class")]].concat();
    set_at(&model, &dataset, &class, Some("\"internal\"")).unwrap().apply(&mut model);
    assert!(model.datasets["d"].by_hand.is_empty());
    set_at(&model, &dataset, &field("b"), Some("()")).unwrap().apply(&mut model);
    assert_eq!(model.datasets["d"].by_hand, ["fields".into()]);
}

/// What the command does with a model that exists: its exit code, and what it says.
#[test]
fn an_import_into_a_model_is_careful() {
    let table = |name: &str| format!("  - table: {name}\n");
    let many: String = (0..9).map(|number| table(&format!("t{number}"))).collect();
    type Case<'a> = (&'a str, String, Vec<&'a str>, Option<i32>, Vec<&'a str>);
    let cases: Vec<Case> = vec![
        ("nothing changed", many.clone(), vec![], Some(0), vec!["0 added, 0 changed, 0 removed"]),
        (
            "a table is gone",
            many.replace(&table("t3"), ""),
            vec![],
            Some(0),
            vec!["datasets/public.t3: gone from the files", "flows/mine: makes no sense without", "2 removed"],
        ),
        (
            "a table is gone, and something is broken",
            many.replace(&table("t3"), "  - '!include nowhere.yaml'\n"),
            vec![],
            Some(2),
            vec!["datasets/public.t3: not in the files, kept", "nothing was taken out", "0 removed"],
        ),
        ("another project", table("other"), vec![], Some(2), vec!["9 of the 15 elements", "--force"]),
        ("another project, by force", table("other"), vec!["--force"], Some(0), vec!["1 added", "10 removed"]),
        ("no target", many.clone(), vec!["no"], Some(2), vec!["say where: -o MODEL for a new one, --into MODEL"]),
    ];
    for (what, tables, flags, code, said) in cases {
        let bench = tempfile::tempdir().unwrap();
        let source = bench.path().join("hasura");
        let write = |tables: &str| {
            for (path, bytes) in with_tables(tables, &[]).files {
                let path = source.join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, bytes).unwrap();
            }
        };
        let run = |arguments: &[&str]| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sandtable"));
            let output = command.arg("import").arg(&source).args(arguments).current_dir(bench.path()).output().unwrap();
            let said = [output.stdout, output.stderr].concat();
            (output.status.code(), String::from_utf8(said).unwrap())
        };
        write(&many);
        run(&["-o", "m.ron"]);
        let path = bench.path().join("m.ron");
        let text = std::fs::read_to_string(&path).unwrap();
        let flow = "  flows: {\n    \"mine\": (from: \"public.t3\", to: \"graphql\"), // ours\n  },\n)\n";
        std::fs::write(&path, text.trim_end().trim_end_matches(')').to_owned() + flow).unwrap();
        write(&tables);
        let arguments: Vec<&str> = if flags == ["no"] { vec![] } else { [&["--into", "m.ron"], &flags[..]].concat() };
        let (found, all) = run(&arguments);
        assert_eq!(found, code, "{what}: {all}");
        for part in said {
            assert!(all.contains(part), "{what}: {part}\n{all}");
        }
    }
}

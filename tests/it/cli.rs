//! The command line from the outside: help, exit codes, what is written and what is never overwritten.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a command left.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a command in a folder, with folders for state and settings of its own, and without a terminal.
pub fn run(arguments: &[&str], folder: &Path) -> Ran {
    let own = tempfile::tempdir().unwrap();
    let output = command(arguments, folder, own.path()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn command(arguments: &[&str], folder: &Path, own: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sandtable"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("SANDTABLE_STATE_DIR", own.join("state"))
        .env("SANDTABLE_CONFIG_DIR", own.join("config"))
        .stdin(Stdio::null());
    command
}

/// A folder with these files in it.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures").join(name)
}

const GOOD: &str = "#![enable(implicit_some)]\nModel(\n  format: 1,\n  title: \"Good\",\n)\n";
const LOOSE: &str = "Model(title:\"Loose\",format:1)";
const WRONG: &str = r#"#![enable(implicit_some)]
Model(
  format: 1,
  title: "Wrong",
  grants: { "one": (role: "nobody", endpoint: "nowhere", op: Read) },
)
"#;
const NEWER: &str = "Model(format: 99, title: \"Newer\")";
const TORN: &str = "Model(format: 1, title: \"Torn";

/// Every command that the program names.
fn commands() -> Vec<String> {
    let help = run(&["--help"], Path::new("."));
    assert_eq!(help.code, 0);
    let names: Vec<String> = help
        .stdout
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next().map(str::to_owned))
        .filter(|name| name != "help")
        .collect();
    assert!(names.len() >= 9, "{names:?}");
    names
}

#[test]
fn help_of_every_command_has_an_example() {
    for name in commands() {
        let help = run(&[&name, "--help"], Path::new("."));
        assert_eq!(help.code, 0, "{name}");
        assert!(help.stderr.is_empty(), "{name}: {}", help.stderr);
        assert!(help.stdout.contains("Example"), "{name} has no example:\n{}", help.stdout);
        assert!(help.stdout.contains(&format!("sandtable {name}")), "{name} shows no use of itself:\n{}", help.stdout);
        let long: Vec<&str> = help.stdout.lines().filter(|line| line.chars().count() > 120).collect();
        assert!(long.is_empty(), "{name}: {long:?}");
    }
    let help = run(&["--help"], Path::new("."));
    assert!(help.stdout.contains("Example"));
    assert_eq!(run(&["--version"], Path::new(".")).stdout, concat!("sandtable ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn exit_codes_tell_good_from_closed_from_unjudged() {
    let files = [
        ("good.ron", GOOD),
        ("loose.ron", LOOSE),
        ("wrong.ron", WRONG),
        ("newer.ron", NEWER),
        ("torn.ron", TORN),
        ("models/one.ron", GOOD),
        ("bare/models/.keep", ""),
    ];
    let here = folder(&files);
    for (code, arguments, says) in [
        (0, "validate good.ron", ""),
        (0, "validate good.ron loose.ron", ""),
        (1, "validate wrong.ron", "wrong.ron:5:"),
        (1, "validate good.ron wrong.ron good.ron", "error"),
        (2, "validate torn.ron", "torn.ron:1:"),
        (2, "validate newer.ron", "newer.ron:1:"),
        (2, "validate missing.ron", "missing.ron"),
        (2, "validate wrong.ron torn.ron", "torn.ron:1:"),
        (2, "validate torn.ron wrong.ron", "wrong.ron:5:"),
        (2, "validate", "required"),
        (0, "fmt --check good.ron", ""),
        (1, "fmt --check loose.ron", "loose.ron is not in its canonical form"),
        (2, "fmt --check torn.ron", "torn.ron:1:"),
        (2, "fmt missing.ron", "missing.ron"),
        (0, "exposures good.ron", ""),
        (2, "exposures wrong.ron", "has errors"),
        (2, "exposures torn.ron", "torn.ron:1:"),
        (2, "exposures missing.ron", "missing.ron"),
        (2, "exposures good.ron --role nobody", "there is no role `nobody`"),
        (2, "exposures good.ron --dataset nothing", "there is no dataset `nothing`"),
        (2, "exposures good.ron --min-class secret", "there is no class `secret`"),
        (2, "exposures good.ron --format yaml", "invalid value"),
        (2, "exposures good.ron --direct --effective", "cannot be used with"),
        (0, "render good.ron", ""),
        (2, "render wrong.ron", "has errors"),
        (2, "render good.ron --width many", "invalid value"),
        (2, "new", "required"),
        (2, "new made.ron --from clinc", "did you mean `clinic`?"),
        (2, "import missing -o made.ron", "missing"),
        (2, "import bare -o made.ron", "that can be imported"),
        (2, "import bare", "-o MODEL for a new one, --into MODEL"),
        (2, "missing.ron", "sandtable new missing.ron"),
        (2, "bare", "holds no model"),
        (2, "nonsense --flag", "unexpected argument"),
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        let ran = run(&words, here.path());
        assert_eq!(ran.code, code, "{arguments}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(says), "{arguments}: {:?}", ran.stderr);
        assert!(code != 0 || ran.stderr.is_empty(), "{arguments}: {:?}", ran.stderr);
        assert!(!ran.stderr.contains("panicked"), "{arguments}: {:?}", ran.stderr);
    }
    for (name, text) in files {
        assert_eq!(std::fs::read_to_string(here.path().join(name)).unwrap(), text, "{name} was changed");
    }
    assert!(!here.path().join("made.ron").exists());
}

#[test]
fn an_unknown_name_is_met_with_a_near_one() {
    let here = tempfile::tempdir().unwrap();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/clinic.ron");
    let loaded = sandtable::store::ron::load(super::headless::CLINIC).unwrap();
    let role = loaded.model.roles.keys().next().unwrap().to_string();
    let mut typed = role.clone();
    typed.push('x');
    let ran = run(&["exposures", model.to_str().unwrap(), "--role", &typed], here.path());
    assert!(ran.code == 2 && ran.stderr.contains(&format!("did you mean `{role}`?")), "{}", ran.stderr);
}

#[test]
fn without_a_terminal_the_workbench_says_so_and_ends() {
    let here = folder(&[("models/one.ron", GOOD)]);
    let ran = run(&[], here.path());
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("needs one for the workbench") || ran.stderr.contains("terminal"), "{}", ran.stderr);
    assert!(!ran.stdout.contains('\u{1b}'), "{:?}", ran.stdout);
    let empty = tempfile::tempdir().unwrap();
    let ran = run(&[], empty.path());
    assert!(ran.code == 2 && ran.stderr.contains("is no workspace"), "{}", ran.stderr);
}

#[test]
fn exposures_in_json_have_their_documented_shape() {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/freight.ron");
    let model = model.to_str().unwrap();
    let here = tempfile::tempdir().unwrap();
    let json = |arguments: &[&str]| -> serde_json::Value {
        let ran = run(&[&["exposures", model, "--format", "json"], arguments].concat(), here.path());
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        serde_json::from_str(&ran.stdout).unwrap()
    };
    let all = json(&[]);
    let keys: Vec<&str> = all.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["facts", "calls", "conflicts", "totals", "unjudged"]);
    let facts = all["facts"].as_array().unwrap();
    assert!(facts.len() > 100);
    let known = ["read", "create", "update", "delete", "execute", "aggregate", "subscribe", "share"];
    let rows = ["all", "owner", "tenant", "constant", "predicate", "none"];
    for fact in facts.iter().chain(all["calls"].as_array().unwrap()) {
        let keys: Vec<&str> = fact.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            keys,
            [
                "role",
                "endpoint",
                "op",
                "dataset",
                "fields",
                "rows",
                "rows_detail",
                "session_bound",
                "post_check",
                "limit",
                "aggregates",
                "presets",
                "backend_only",
                "certainty",
                "via",
                "way",
                "grant",
                "source"
            ]
        );
        assert!(known.contains(&fact["op"].as_str().unwrap()), "{fact}");
        assert!(fact["fields"].is_null() || fact["fields"] == "all" || fact["fields"].is_array(), "{fact}");
        assert!(fact["rows"].is_null() || rows.contains(&fact["rows"].as_str().unwrap()), "{fact}");
        assert!(fact["limit"].is_null() || fact["limit"] == "unlimited" || fact["limit"].is_u64(), "{fact}");
        assert!(fact["via"].as_array().is_some_and(|via| !via.is_empty()), "{fact}");
        let line = &fact["source"]["line"];
        assert!(line.is_u64() || line.is_null(), "{fact}");
    }
    assert_eq!(all["totals"]["facts"], facts.len());

    // Filters narrow, and narrow only; the same question has the same answer.
    let role = facts[0]["role"].as_str().unwrap();
    let one = json(&["--role", role]);
    let expected: Vec<&serde_json::Value> = facts.iter().filter(|fact| fact["role"] == role).collect();
    assert_eq!(one["facts"].as_array().unwrap().iter().collect::<Vec<_>>(), expected);
    let direct = json(&["--direct"]);
    let inherited = |fact: &serde_json::Value| fact["via"].as_array().unwrap().len() > 1;
    assert!(facts.iter().any(inherited) && !direct["facts"].as_array().unwrap().iter().any(inherited));
    assert_eq!(json(&[]), all);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let own = tempfile::tempdir().unwrap();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/freight.ron");
    let arguments = ["exposures", model.to_str().unwrap(), "--format", "json"];
    let mut child =
        command(&arguments, own.path(), own.path()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    let mut reader = BufReader::with_capacity(64, child.stdout.take().unwrap());
    reader.read_line(&mut first).unwrap();
    assert_eq!(first, "{\n");
    drop(reader);
    let mut complaint = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
    let status = child.wait().unwrap();
    assert_eq!((status.code(), complaint.as_str()), (Some(0), ""));
}

#[test]
fn fmt_mends_what_check_complains_about_and_nothing_else() {
    let here = folder(&[("loose.ron", LOOSE), ("good.ron", GOOD), ("torn.ron", TORN)]);
    let text = |name: &str| std::fs::read_to_string(here.path().join(name)).unwrap();
    assert_eq!(run(&["fmt", "--check", "loose.ron", "good.ron"], here.path()).code, 1);
    assert_eq!(text("loose.ron"), LOOSE);
    let ran = run(&["fmt", "loose.ron", "good.ron"], here.path());
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "loose.ron: formatted\n"));
    assert_eq!(text("good.ron"), GOOD);
    assert_eq!(run(&["fmt", "--check", "loose.ron", "good.ron"], here.path()).code, 0);
    assert_eq!(run(&["fmt", "torn.ron"], here.path()).code, 2);
    assert_eq!(text("torn.ron"), TORN);
    // What the program itself ships is in its canonical form.
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    for entry in std::fs::read_dir(models).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(run(&["fmt", "--check", path.to_str().unwrap()], here.path()).code, 0, "{}", path.display());
    }
}

#[test]
fn new_makes_every_template_and_overwrites_nothing() {
    let here = folder(&[("mine.ron", GOOD)]);
    let ran = run(&["new", "mine.ron"], here.path());
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("mine.ron"), "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(here.path().join("mine.ron")).unwrap(), GOOD);

    let list = run(&["new", "--list"], here.path());
    let names: Vec<&str> = list.stdout.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() >= 3, "{}", list.stdout);
    for name in names {
        let ran = run(&["new", &format!("made/{name}"), "--from", name], here.path());
        assert_eq!(ran.code, 0, "{name}: {}", ran.stderr);
        let model = here.path().join(format!("made/{name}/models/{name}.ron"));
        assert!(here.path().join(format!("made/{name}/scenarios")).is_dir());
        let ran = run(&["validate", model.to_str().unwrap()], here.path());
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{name}: {}", ran.stdout);
        let before = std::fs::read(&model).unwrap();
        assert_eq!(run(&["new", &format!("made/{name}")], here.path()).code, 2, "{name} is overwritten");
        assert_eq!(std::fs::read(&model).unwrap(), before);
    }
}

/// An export with tables, each with one grant to read.
fn export(tables: &[&str]) -> String {
    let table = |name: &&str| {
        format!(
            r#"{{"table": {{"schema": "public", "name": "{name}"}}, "select_permissions": [
                {{"role": "reader", "permission": {{"columns": ["id", "body"], "filter": {{}}}}}}]}}"#
        )
    };
    let tables: Vec<String> = tables.iter().map(table).collect();
    format!(
        r#"{{"resource_version": 1, "metadata": {{"version": 3, "sources": [
            {{"name": "default", "kind": "postgres", "tables": [{}]}}]}}}}"#,
        tables.join(",")
    )
}

#[test]
fn import_refuses_a_file_that_is_there_and_fails_closed_when_incomplete() {
    let here = folder(&[("mine.ron", GOOD), ("export.json", &export(&["notes"]))]);
    let ran = run(&["import", "export.json", "-o", "mine.ron"], here.path());
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--into refreshes"), "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(here.path().join("mine.ron")).unwrap(), GOOD);
    let ran = run(&["import", "export.json", "-o", "made.ron"], here.path());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(run(&["validate", "made.ron"], here.path()).code, 0);

    let incomplete = fixture("hasura/clinic");
    let ran = run(&["import", incomplete.to_str().unwrap(), "-o", "partial.ron", "--quiet"], here.path());
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("incomplete:") && !ran.stderr.contains(" note: "), "{}", ran.stderr);
}

#[test]
fn import_into_keeps_what_people_said_and_takes_away_what_is_gone() {
    let here = folder(&[("export.json", &export(&["notes", "orders"]))]);
    let path = here.path().join("m.ron");
    assert_eq!(run(&["import", "export.json", "-o", "m.ron"], here.path()).code, 0);

    // People give a title, a class, a comment, a field's class, and an actor of their own.
    let text = std::fs::read_to_string(&path).unwrap();
    let said = text
        .replacen("title: \"public.notes\",", "// Agreed with the steward.\n      title: \"Notes of the team\",\n      class: \"restricted\",", 1)
        .replacen("\"body\": ()", "\"body\": (class: \"restricted\", notes: \"free text\")", 1)
        .replacen("datasets: {", "actors: { \"visitor\": (title: \"Visitor\") },\n  classes: { \"restricted\": (title: \"Restricted\", rank: 4) },\n  datasets: {", 1);
    assert!(said.contains("Agreed") && said.contains("free text") && said.contains("visitor"), "{text}");
    std::fs::write(&path, said).unwrap();
    assert_eq!(run(&["fmt", "m.ron"], here.path()).code, 0);
    assert_eq!(run(&["validate", "m.ron"], here.path()).code, 0);

    // The platform loses a table and gains one.
    std::fs::write(here.path().join("export.json"), export(&["notes", "plans"])).unwrap();
    let ran = run(&["import", "export.json", "--into", "m.ron"], here.path());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.starts_with("m.ron: ") && ran.stdout.contains("removed"), "{}", ran.stdout);
    assert!(ran.stderr.contains("public.orders: gone from the files"), "{}", ran.stderr);
    let text = std::fs::read_to_string(&path).unwrap();
    let model = sandtable::store::ron::load(&text).unwrap().model;
    let datasets: Vec<&str> = model.datasets.keys().map(|slug| slug.as_str()).collect();
    assert_eq!(datasets, ["public.notes", "public.plans"]);
    let notes = model.datasets.values().next().unwrap();
    assert_eq!(notes.title.as_str(), "Notes of the team");
    assert!(notes.class.as_ref().is_some_and(|class| class.to_string() == "restricted"));
    let body = &notes.fields["body"];
    assert!(body.class.is_some() && body.notes.as_str() == "free text");
    assert!(model.actors.keys().any(|slug| slug.as_str() == "visitor"));
    assert!(model.grants.values().all(|grant| grant.dataset.as_ref().unwrap().to_string() != "public.orders"));
    assert!(text.contains("// Agreed with the steward."), "{text}");

    // Once more, and nothing is to do: not a byte changes.
    let ran = run(&["import", "export.json", "--into", "m.ron"], here.path());
    assert_eq!(ran.stdout, "m.ron: 0 added, 0 changed, 0 removed\n");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

/// What a view shows, as sentences; and what is said where there is no such view.
#[test]
fn render_shows_a_view() {
    let text = r#"Model(format: 1, title: "Views",
      boundaries: {"net": (title: "Net")},
      datasets: {"users": (title: "Users", boundary: "net", fields: {"email": ()}), "other": (title: "Other")},
      actors: {"ann": (title: "Ann"), "bob": (title: "Bob")},
      services: {"job": (title: "Job", boundary: "net")},
      flows: {
        "a": (from: "ann", to: "job", data: ["users"], protocol: "HTTPS", encrypted: true),
        "b": (from: "job", to: "users", data: ["users"]),
        "c": (from: "bob", to: "ann", data: ["other"]),
      },
      views: {"closed": (title: "Closed", folded: ["net"], orientation: Right)},
    )"#;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("m.ron"), text).unwrap();
    for (view, zoom, shown, hidden) in [
        ("closed", "boxes", vec!["The boundary Net is outside"], vec!["service Job", "dataset Users"]),
        ("around:users", "boxes", vec!["The dataset Users", "The service Job"], vec!["Ann", "Bob"]),
        ("around:users:2", "boxes", vec!["The dataset Users", "The actor Ann"], vec!["Bob"]),
        ("around:job", "detail", vec!["service · job", "HTTPS, encrypted"], vec!["Bob"]),
        ("journey:users", "boxes", vec!["Users: kept here", "Ann: 2 steps on", "[2 steps on]"], vec!["Bob"]),
        ("journey:users.email", "boxes", vec!["maybe: the flow carries the dataset; of which fields"], vec!["Bob"]),
    ] {
        let found = run(&["render", "m.ron", "--format", "linear", "--view", view, "--zoom", zoom], folder.path());
        assert_eq!(found.code, 0, "{view}: {}", found.stderr);
        for text in shown {
            assert!(found.stdout.contains(text), "{view}: {text} is not in\n{}", found.stdout);
        }
        for text in hidden {
            assert!(!found.stdout.contains(text), "{view}: {text} is in\n{}", found.stdout);
        }
        for form in ["text", "svg", "mermaid", "dot"] {
            let found = run(&["render", "m.ron", "--format", form, "--view", view, "--zoom", zoom], folder.path());
            assert!(found.code == 0 && found.stdout.contains("Job") != (view == "closed"), "{form}: {}", found.stdout);
        }
    }
    for (view, zoom, says) in [
        ("clsed", "boxes", "did you mean `closed`?"),
        ("around:user", "boxes", "did you mean `users`?"),
        ("around:job:99999999999999999999", "boxes", "hops"),
        ("journey:users.mail", "boxes", "no dataset or field `users.mail`"),
        ("journey:", "boxes", "no dataset or field"),
        ("closed", "detail", "--view around:ELEMENT"),
        ("around:boundaries:net", "detail", "is none"),
    ] {
        let found = run(&["render", "m.ron", "--view", view, "--zoom", zoom], folder.path());
        assert!(found.code == 2 && found.stderr.contains(says), "{view}: {} {}", found.code, found.stderr);
    }
}

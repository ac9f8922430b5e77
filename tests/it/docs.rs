//! The documentation says what the program does: the reference of the file form is made from the declarations, the
//! examples are run, the keys of the walk are pressed. `SANDTABLE_BLESS=1 cargo test docs` brings the files up to date.

use sandtable::app::config::Settings;
use sandtable::app::key::{self, Code, Key};
use sandtable::app::msg::Msg;
use sandtable::app::state::{App, Effect};
use sandtable::app::update::update;
use sandtable::model::edit::Edit;
use sandtable::model::reflect::{Choice, FieldSpec, Kind};
use sandtable::model::{ElementId, Model, Section, Slug};
use sandtable::store::document::OpenDocument;
use sandtable::store::places::Places;
use sandtable::store::ron::{format, load};
use sandtable::tui::session::Session;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap()
}

/// Compares a file with what it has to be, or writes it where `SANDTABLE_BLESS` asks for that.
pub fn compare(file: &str, wanted: &str) {
    if std::env::var_os("SANDTABLE_BLESS").is_some() {
        std::fs::write(root().join(file), wanted).unwrap();
        return;
    }
    let found = read(file);
    let line = found.lines().zip(wanted.lines()).take_while(|(found, wanted)| found == wanted).count();
    assert!(
        found == wanted,
        "{file}:{}: out of date: SANDTABLE_BLESS=1 cargo test docs mends it\nfound:  {}\nwanted: {}",
        line + 1,
        found.lines().nth(line).unwrap_or("(the end)"),
        wanted.lines().nth(line).unwrap_or("(the end)"),
    );
}

// The reference of the file form.

#[test]
fn format_reference_is_up_to_date() {
    let file = "docs/FORMAT.md";
    let text = read(file);
    let start = text.find("\n## Every element\n").expect("the generated part starts at `Every element`");
    compare(file, &format!("{}{}", &text[..=start], reference()));
}

/// The fields that every element has.
fn common() -> Vec<&'static FieldSpec> {
    let everywhere = |spec: &&FieldSpec| {
        Section::ALL.iter().all(|section| section.specs().iter().any(|other| other.name == spec.name))
    };
    Section::Classes.specs().iter().filter(everywhere).collect()
}

fn reference() -> String {
    let common = common();
    let mut out = String::from("## Every element\n\nThese fields are in every element of every section.\n");
    fields(&mut out, &common, &BTreeSet::new());
    for section in Section::ALL {
        let own: Vec<&FieldSpec> =
            section.specs().iter().filter(|spec| common.iter().all(|common| common.name != spec.name)).collect();
        let form = if section.is_one_line() { "One element a line." } else { "One element a block." };
        write!(out, "\n## {}\n\n{} {form}\n", section.name(), section.doc()).unwrap();
        fields(&mut out, &own, &required(*section));
    }
    out
}

/// The fields without which an element of the section is an error.
fn required(section: Section) -> BTreeSet<String> {
    let mut model = Model::default();
    Edit::put("add", ElementId::new(section, Slug::new("blank").unwrap()), section.blank()).apply(&mut model);
    sandtable::model::validate::validate(&model)
        .iter()
        .filter_map(|problem| Some(problem.message.strip_prefix('`')?.split_once("` is missing")?.0.to_owned()))
        .collect()
}

fn fields(out: &mut String, specs: &[&FieldSpec], required: &BTreeSet<String>) {
    out.push_str("\n| field | what it says | value | left out |\n|---|---|---|---|\n");
    for spec in specs {
        let absent = match spec.kind {
            _ if required.contains(spec.name) => "an error",
            Kind::Link(_) => "an error",
            Kind::Optional(_) => "unknown",
            Kind::List(_) | Kind::Map(_) => "none",
            Kind::Flag => "`false`",
            Kind::Number => "`0`",
            _ => "empty",
        };
        let (doc, value) = (spec.doc.trim(), value(&spec.kind));
        writeln!(out, "| `{}` | {} | {value} | {absent} |", spec.name, doc.replace('|', "\\|")).unwrap();
    }
    for spec in specs {
        match innermost(&spec.kind) {
            Kind::Choice(choices) => names(out, spec, "is one of", choices),
            Kind::Variant(choices) => names(out, spec, "is of one of these forms", choices),
            Kind::Record(inner) => {
                let each = if matches!(spec.kind.inner(), Kind::Record(_)) { "has" } else { "has in each entry" };
                write!(out, "\n`{}` {each}:\n", spec.name).unwrap();
                let inner: Vec<&FieldSpec> = inner().iter().collect();
                fields(out, &inner, &BTreeSet::new());
            }
            _ => {}
        }
    }
}

fn names(out: &mut String, spec: &FieldSpec, what: &str, choices: &[Choice]) {
    write!(out, "\n`{}` {what}:\n\n", spec.name).unwrap();
    for choice in choices {
        writeln!(out, "- `{}`: {}", choice.name, choice.doc.trim()).unwrap();
    }
}

/// The kind of what is inside of options, lists and maps.
fn innermost(kind: &Kind) -> &Kind {
    match kind {
        Kind::Optional(inner) | Kind::List(inner) | Kind::Map(inner) => innermost(inner),
        kind => kind,
    }
}

/// A kind in words.
fn value(kind: &Kind) -> String {
    match kind {
        Kind::Text => "text".into(),
        Kind::Flag => "`true` or `false`".into(),
        Kind::Number => "a whole number".into(),
        Kind::Cell => "a pair of cells, `(4, -2)`".into(),
        Kind::Day => "a day, `\"2026-01-31\"`".into(),
        Kind::Link(target) => format!("slug: {}", target.noun()),
        Kind::Choice(_) => "a name, below".into(),
        Kind::Variant(_) => "a form, below".into(),
        Kind::Optional(inner) => value(inner),
        Kind::List(inner) => format!("list of: {}", value(inner)),
        Kind::Map(inner) => format!("map from a name to: {}", value(inner)),
        Kind::Record(_) => "a record, below".into(),
    }
}

// The examples of the README.

/// A fenced block.
struct Block {
    /// The heading above it.
    heading: String,
    /// The word after the fence.
    language: String,
    /// Where its lines are.
    span: Range<usize>,
}

fn blocks(markdown: &str) -> Vec<Block> {
    let (mut blocks, mut heading, mut open) = (Vec::new(), String::new(), None::<(String, usize)>);
    let mut at = 0;
    for line in markdown.split_inclusive('\n') {
        let next = at + line.len();
        match (line.strip_prefix("```"), open.take()) {
            (Some(_), Some((language, start))) => {
                blocks.push(Block { heading: heading.clone(), language, span: start..at })
            }
            (Some(language), None) => open = Some((language.trim().to_owned(), next)),
            (None, inside) => {
                if inside.is_none()
                    && let Some(title) =
                        line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#'))
                {
                    heading = title.trim().to_owned();
                }
                open = inside;
            }
        }
        at = next;
    }
    blocks
}

/// The section of the README in which one walks through the program, step by step.
const WALK: &str = "Ten minutes of use";

#[test]
fn readme_examples_are_true() {
    let file = "README.md";
    let readme = read(file);
    let bench = tempfile::tempdir().unwrap();
    let walk = bench.path().join("walk");
    copy(&root().join("docs/example"), &walk);
    // The other examples run in a folder that looks like the project, so that they can not change it.
    let project = bench.path().join("project");
    for shared in ["models", "src"] {
        copy(&root().join(shared), &project.join(shared));
    }
    let mut wanted = String::new();
    let mut done = 0;
    let mut pressed = false;
    for block in blocks(&readme) {
        let in_walk = block.heading == WALK;
        // The keys stand in a table between two blocks of the walk.
        let keys = typed_keys(&readme[done..block.span.start]);
        if in_walk && !keys.is_empty() {
            press(bench.path(), &walk.join("models/parcels.ron"), &keys);
            pressed = true;
        }
        wanted.push_str(&readme[done..block.span.start]);
        done = block.span.end;
        let text = &readme[block.span];
        match block.language.as_str() {
            "console" => wanted.push_str(&replay(text, if in_walk { &walk } else { &project }, bench.path())),
            _ => wanted.push_str(text),
        }
    }
    wanted.push_str(&readme[done..]);
    assert!(pressed, "the walk has a table of keys");
    compare(file, &wanted);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// Runs the commands of a block and puts what they print below each. A line `...` stands for any lines.
fn replay(block: &str, folder: &Path, bench: &Path) -> String {
    let mut out = String::new();
    let mut steps: Vec<(&str, String)> = Vec::new();
    for line in block.split_inclusive('\n') {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push((command.trim_end(), String::new())),
            (None, Some((_, output))) => output.push_str(line),
            (None, None) => panic!("a console block starts with `$ `: {line}"),
        }
    }
    for (command, said) in steps {
        let printed = shell(command, folder, bench);
        let kept = match said.split_once("...\n") {
            Some((head, tail)) if printed.starts_with(head) && printed.ends_with(tail) => said,
            _ => printed,
        };
        write!(out, "$ {command}\n{kept}").unwrap();
    }
    out
}

/// What a command prints, to both of its outputs, in order.
fn shell(command: &str, folder: &Path, bench: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_sandtable"));
    let path = std::env::var("PATH").unwrap_or_default();
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut running = Command::new("sh");
    running
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", program.parent().unwrap().display()))
        .env("SANDTABLE_STATE_DIR", bench.join("state"))
        .env("SANDTABLE_CONFIG_DIR", bench.join("config"))
        .stdin(std::process::Stdio::null())
        .stdout(writer.try_clone().unwrap())
        .stderr(writer);
    let mut child = running.spawn().unwrap();
    // The pipe ends when nobody can write to it any more, this process included.
    drop(running);
    let mut printed = String::new();
    reader.read_to_string(&mut printed).unwrap();
    child.wait().unwrap();
    printed
}

/// The keys in the first column of the tables of a text whose first heading is `type`.
fn typed_keys(markdown: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut in_table = false;
    for line in markdown.lines() {
        in_table = line.starts_with("| type |") || in_table && line.starts_with('|');
        if !in_table || line.starts_with("| type |") || line.starts_with("|--") {
            continue;
        }
        let cell = line.split('|').nth(1).unwrap();
        for span in cell.split('`').skip(1).step_by(2) {
            keys.extend(key::parse(&span.replace(' ', "<Space>")).unwrap());
        }
    }
    keys
}

/// Presses keys in the workbench with a model open, without a terminal. Ends when the keys end the program.
fn press(bench: &Path, model: &Path, keys: &[Key]) {
    let places = Places::new(bench.join("state"), bench.join("config"));
    let document = OpenDocument::open(&places, model).unwrap();
    let mut app = App::new(document.base().clone(), "parcels.ron", Settings::default());
    let mut session = Session::new(&places, document);
    let mut ended = false;
    let messages = std::iter::once(Msg::Resize(120, 40)).chain(keys.iter().map(|key| Msg::Key(*key)));
    for message in messages {
        assert!(!ended, "the program has ended before {message:?}");
        let mut waiting = vec![message];
        while let Some(message) = waiting.pop() {
            for effect in update(&mut app, message) {
                match session.perform(effect, &mut app) {
                    Ok(answer) => waiting.extend(answer),
                    Err(Effect::Arrange(graph)) => waiting
                        .push(Msg::Arranged(Box::new(sandtable::diagram::arrange(Arc::unwrap_or_clone(graph)).into()))),
                    Err(Effect::Quit) => ended = true,
                    Err(_) => {}
                }
            }
        }
        // A key that means nothing where it is pressed is a mistake of the table.
        let last = app.toasts.history().next().map(|toast| toast.text.clone()).unwrap_or_default();
        assert!(!last.contains("means nothing here"), "{last}");
    }
    assert!(ended, "the walk ends with quitting; {} layers are open, not saved: {}", app.layers.len(), app.is_dirty());
}

#[test]
fn readme_names_every_command() {
    let readme = read("README.md");
    let written: BTreeSet<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| `sandtable ")?.split(['`', ' ']).next())
        .filter(|word| word.starts_with(|ch: char| ch.is_ascii_lowercase()))
        .collect();
    let help = Command::new(env!("CARGO_BIN_EXE_sandtable")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let there: BTreeSet<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(there.len() > 5, "{help}");
    assert_eq!(written, there);
}

#[test]
fn examples_of_files_can_be_read() {
    let mut count = BTreeMap::<&str, usize>::new();
    for file in ["README.md", "docs/FORMAT.md"] {
        let text = read(file);
        for block in blocks(&text).iter().filter(|block| block.language == "ron") {
            let ron = &text[block.span.clone()];
            if ron.contains("Model(") {
                let loaded = load(ron).unwrap();
                assert_eq!(loaded.diagnostics, [], "{file}");
                assert_eq!(format(ron).unwrap(), ron, "{file}: canonical form");
                *count.entry("models").or_default() += 1;
            } else {
                let (settings, complaint) = Settings::read(ron);
                assert_eq!((complaint, settings.keymap().1), (None, Vec::new()), "{file}");
                *count.entry("settings").or_default() += 1;
            }
        }
    }
    assert!(count.contains_key("models") && count.contains_key("settings"), "{count:?}");
}

#[test]
fn links_between_the_documents_lead_somewhere() {
    for file in [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/ARCHITECTURE.md",
        "docs/DRILLS.md",
        "docs/FORMAT.md",
        "docs/GALLERY.md",
    ] {
        let text = read(file);
        let folder = root().join(file).parent().unwrap().to_owned();
        for (at, _) in text.match_indices("](") {
            let link = text[at + 2..].split([')', '#']).next().unwrap();
            let outside = link.is_empty() || link.contains("://");
            assert!(outside || folder.join(link).exists(), "{file}: {link} leads nowhere");
        }
        // Paths in code spans that look like files of the project are there, too.
        for span in text.split('`').skip(1).step_by(2).filter(|span| !span.contains(char::is_whitespace)) {
            let ours = ["src/", "tests/", "docs/", ".ci/"].iter().any(|start| span.starts_with(start));
            assert!(!ours || root().join(span).exists(), "{file}: there is no `{span}`");
        }
    }
}

#[test]
fn keys_of_the_walk_are_read_from_the_table() {
    let table = "| type | what |\n|---|---|\n| `<Space>f` `a b` | x |\n\n| other |\n| `q` |\n";
    let keys = typed_keys(table);
    assert_eq!(keys.len(), 5);
    assert_eq!(keys.last().unwrap().code, Code::Char('b'));
}

// Pictures.

#[test]
fn the_picture_is_what_the_program_draws() {
    let arguments = ["render", "models/clinic.ron", "--format", "svg"];
    let output = Command::new(env!("CARGO_BIN_EXE_sandtable")).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success());
    compare("docs/clinic.svg", &String::from_utf8(output.stdout).unwrap());
}

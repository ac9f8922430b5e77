//! Keys: every command can be reached, no key hides another, and what is written about keys is what the keys do.

use sandtable::app::command::{COMMANDS, Scope, by_name, scopes, spec};
use sandtable::app::config::Settings;
use sandtable::app::forms;
use sandtable::app::key::parse;
use sandtable::app::keymap::{Keymap, Lookup};
use sandtable::app::layer::Layer;
use std::collections::{BTreeMap, BTreeSet};

use super::headless::{self, press};

#[test]
fn every_default_key_can_be_read_and_finds_its_command() {
    let keymap = Keymap::default();
    for command in COMMANDS {
        for keys in command.keys {
            let parsed = parse(keys).unwrap_or_else(|why| panic!("{}: {why}", command.name));
            let found = keymap.look_up(&[command.scope], &parsed);
            assert_eq!(found, Lookup::Command(command.id), "`{keys}` of {}", command.name);
        }
    }
}

#[test]
fn no_default_key_hides_another() {
    assert_eq!(Keymap::default().conflicts(), Vec::<String>::new());
    // The check itself: every pair in a chain of scopes that is live at once, looked at from the outside.
    for near in Scope::ALL.into_iter().filter(|scope| *scope != Scope::Global) {
        let chain: Vec<Scope> = std::iter::once(near).chain(near.behind()).collect();
        let keys: Vec<(&str, Vec<_>)> = COMMANDS
            .iter()
            .filter(|command| chain.contains(&command.scope))
            .flat_map(|command| command.keys.iter().map(|keys| (command.name, parse(keys).unwrap())))
            .collect();
        for (at, (name, own)) in keys.iter().enumerate() {
            for (other, theirs) in &keys[at + 1..] {
                let hides = own.starts_with(theirs) || theirs.starts_with(own);
                assert!(!hides, "{}: {name} and {other} are in each other's way", near.name());
            }
        }
    }
}

#[test]
fn names_are_unique_and_every_command_is_described() {
    let mut names = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for command in COMMANDS {
        assert!(names.insert(command.name), "two commands are called {}", command.name);
        assert!(ids.insert(command.id), "{} is there twice", command.name);
        assert!(command.name.chars().all(|ch| ch.is_ascii_lowercase() || ch == '-'), "{}", command.name);
        assert_eq!(by_name(command.name).map(|found| found.id), Some(command.id));
        assert_eq!(spec(command.id).name, command.name);
        assert!(!command.title.is_empty() && command.doc.ends_with('.'), "{}: {:?}", command.name, command.doc);
    }
}

#[test]
fn every_command_has_a_key_or_stands_in_a_palette() {
    // The palette is opened from each place in which it can be opened.
    let mut offered = BTreeSet::new();
    for keys in ["", "<Space>o<Tab>", "<Space>o<BackTab>", "2", "3", "4", "5", "7"] {
        let mut app = headless::clinic(200, 60);
        press(&mut app, keys);
        assert!(scopes(&app).contains(&Scope::Global), "{keys}");
        let Layer::Picker(palette) = forms::palette(&app) else { panic!("the palette is no list") };
        offered.extend(palette.items.into_iter().map(|item| item.value));
    }
    for command in COMMANDS {
        let reachable = !command.keys.is_empty() || offered.contains(command.name);
        assert!(reachable, "{} has no key and stands in no palette", command.name);
        // Without its keys a person still finds it, unless it belongs to a layer over the screen.
        assert!(command.scope.is_layer() || offered.contains(command.name), "{} is in no palette", command.name);
    }
}

#[test]
fn help_and_which_key_show_what_the_keymap_holds() {
    let mut app = headless::clinic(120, 40);
    press(&mut app, "?");
    let Some(Layer::Reader(reader)) = app.layers.last() else { panic!("help is no text") };
    let text: Vec<String> = reader.lines.iter().map(|line| format!("{} {}", line.left, line.text)).collect();
    let text = text.join("\n");
    for command in COMMANDS.iter().filter(|command| matches!(command.scope, Scope::Map | Scope::Global)) {
        assert!(text.contains(command.doc) || text.contains(command.title), "help is silent about {}", command.name);
    }
    let Lookup::Prefix(next) = app.keymap.look_up(&[Scope::Map, Scope::Global], &parse("g").unwrap()) else {
        panic!("g leads nowhere")
    };
    let names: Vec<&str> = next.iter().filter_map(|next| next.command).map(|id| spec(id).name).collect();
    assert_eq!(names, ["go-in", "toggle-minimap", "go-out", "go-parent", "mark-region", "go-label"]);
}

fn user(pairs: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    let own = |keys: &[&str]| keys.iter().map(|keys| (*keys).to_owned()).collect();
    pairs.iter().map(|(name, keys)| ((*name).to_owned(), own(keys))).collect()
}

/// A person presses what is shown: two keys that are not the same never look the same.
#[test]
fn different_keys_are_shown_differently() {
    let mut shown: BTreeMap<String, &str> = BTreeMap::new();
    for keys in COMMANDS.iter().flat_map(|command| command.keys) {
        let looks = sandtable::app::key::show(&parse(keys).unwrap());
        if let Some(other) = shown.insert(looks.clone(), keys) {
            assert_eq!(parse(other).unwrap(), parse(keys).unwrap(), "`{other}` and `{keys}` are both shown as {looks}");
        }
    }
}

#[test]
fn user_keys_stand_over_the_defaults() {
    let (keymap, complaints) = Keymap::with_user_keys(&user(&[("save", &["<Space>w", "<F2>"]), ("quit", &[])]));
    assert_eq!(complaints, Vec::<String>::new());
    let id = |name| by_name(name).unwrap().id;
    assert_eq!(keymap.keys_of(id("save")), ["f2", "space w"]);
    assert_eq!(keymap.keys_of(id("quit")), Vec::<String>::new());
    assert_eq!(keymap.keys_of(id("undo")), ["u"], "what is not named keeps its keys");
    assert_eq!(keymap.look_up(&[Scope::Map, Scope::Global], &parse("<Space>s").unwrap()), Lookup::Unknown);
    assert_eq!(keymap.conflicts(), Vec::<String>::new());
}

#[test]
fn two_commands_can_change_their_keys_for_each_other() {
    let (keymap, complaints) = Keymap::with_user_keys(&user(&[("undo", &["U"]), ("redo", &["u"])]));
    assert_eq!(complaints, Vec::<String>::new());
    let means = |keys: &str| keymap.look_up(&[Scope::Map, Scope::Global], &parse(keys).unwrap());
    assert_eq!(means("U"), Lookup::Command(by_name("undo").unwrap().id));
    assert_eq!(means("u"), Lookup::Command(by_name("redo").unwrap().id));
}

#[test]
fn user_keys_that_can_not_be_used_are_reported_with_a_hint() {
    for (name, keys, says) in [
        ("sav", "<Space>w", "did you mean `save`?"),
        ("no-such-thing-at-all", "x", "there is no command"),
        ("save", "<Entr>", "`<Entr>` is no key"),
        ("save", "<", "a `>` is missing"),
        ("save", "", "a key is missing"),
        ("save", "u", "in the way of undo"),
        ("save", "a", "in the way of add-"),
        ("save", "gww", "in the way of go-label"),
        ("save", "h", "in the way of"),
        ("cell-proof", "aa", "in the way of add-actor"),
    ] {
        let (keymap, complaints) = Keymap::with_user_keys(&user(&[(name, &[keys])]));
        assert!(complaints.len() == 1 && complaints[0].contains(says), "{name} {keys:?}: {complaints:?}");
        assert_eq!(keymap.conflicts(), Vec::<String>::new(), "{name} {keys:?}");
    }
    // What only another screen uses is free.
    let (_, complaints) = Keymap::with_user_keys(&user(&[("cell-proof", &["gw"]), ("pick-accept", &["u"])]));
    assert_eq!(complaints, Vec::<String>::new());
}

#[test]
fn complaints_about_settings_reach_the_person() {
    let (settings, complaint) = Settings::read("(keys: {\"sav\": [\"x\"]}, theme: Light)");
    assert_eq!(complaint, None);
    let app = headless::with_settings(headless::CLINIC, settings);
    assert!(app.toasts.current().is_some_and(|toast| toast.text.contains("did you mean `save`?")));
    let (settings, complaint) = Settings::read("(thme: Light)");
    assert_eq!(settings, Settings::default());
    assert!(complaint.is_some_and(|text| text.starts_with("config.ron:1:2") && text.contains("thme")));
}

#[test]
fn the_cheat_sheet_in_the_documentation_is_what_the_program_prints() {
    let printed = super::cli::run(&["keys", "--markdown"], std::path::Path::new("."));
    assert_eq!(printed.code, 0, "{}", printed.stderr);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/KEYS.md");
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == printed.stdout, "docs/KEYS.md is out of date: sandtable keys --markdown > docs/KEYS.md");
}

//! Models that want to harm whoever looks at them: nothing that they say reaches a screen or a pipe as more than text.

use super::cli::run;
use super::headless::{CLINIC, PORTAL, open, paint, press, send, text_of};
use sandtable::app::App;
use sandtable::app::msg::Msg;
use sandtable::model::text::is_unsafe;
use sandtable::store::ron::load;
use sandtable::tui::palette::Depth;

/// What an attacker writes: as it stands in a file, raw or escaped.
fn payloads() -> Vec<(&'static str, String)> {
    vec![
        ("ESC raw", "\u{1b}[2J\u{1b}[31m".into()),
        ("ESC escaped", "\\u{1b}[2J\\u{1b}]0;owned\\u{7}".into()),
        ("OSC 52", "\\u{1b}]52;c;ZXZpbA==\\u{7}".into()),
        ("C1", "\u{9b}2J\u{9d}52;c;ZXZpbA==\u{9c}".into()),
        ("C0", "\\u{0}\\u{8}\\u{b}\\r\\t\\u{7f}".into()),
        ("bidi", "\u{202e}nimda\u{202c}\u{2066}x\u{2069}\u{200f}".into()),
        ("invisible", "\u{200b}\u{feff}\u{ad}\u{2060}\u{e0041}\u{2028}".into()),
        ("lines", "one\\ntwo\\n\\nthree".into()),
        ("emoji", "\u{1f1e9}\u{1f1ea}\u{1f3f4}\u{26a0}\u{fe0f}".into()),
    ]
}

/// Names longer than any screen, in four ways to be long.
fn long_payloads() -> Vec<(&'static str, String)> {
    vec![
        ("wide", "W".repeat(10_000)),
        ("wide by two", "\u{5065}".repeat(10_000)),
        ("combining", format!("e{}", "\u{301}".repeat(5_000))),
        ("joined", "\u{1f469}\u{200d}".repeat(2_000)),
    ]
}

const PLACES: [&str; 5] = ["titles", "texts", "lists", "fields", "slugs"];

/// A model with a payload in one kind of place.
fn hostile(text: &str, place: &str, payload: &str) -> String {
    // Names of elements stand less deep than names of fields and relations.
    let named = |deep: bool| -> String {
        let line = |line: &str| match line.trim_start().starts_with('"') && line.starts_with("        ") == deep {
            true => line.replacen('"', &format!("\"{payload}"), 1) + "\n",
            false => format!("{line}\n"),
        };
        text.lines().map(line).collect()
    };
    match place {
        "titles" => text.replace("title: \"", &format!("title: \"{payload}")),
        // Every string behind a colon: titles, texts, references, regions, protocols ...
        "texts" => text.replace(": \"", &format!(": \"{payload}")),
        "lists" => text.replace("[\"", &format!("[\"{payload}")),
        "fields" => named(true),
        "slugs" => named(false),
        _ => panic!("there is no place {place}"),
    }
}

fn assert_safe(app: &App, what: &str) {
    let buffer = paint(app, Depth::True);
    for (at, cell) in buffer.content.iter().enumerate() {
        let symbol = cell.symbol();
        if symbol.len() == 1 && symbol.as_bytes()[0] >= b' ' && symbol != "\u{7f}" {
            continue;
        }
        let (x, y) = (at % usize::from(app.size.0), at / usize::from(app.size.0));
        let bad = symbol.chars().find(|ch| is_unsafe(*ch) || ch.is_control());
        assert!(bad.is_none(), "{what}: {bad:?} at {x},{y}:\n{}", text_of(&buffer));
        let columns = unicode_width::UnicodeWidthStr::width(symbol);
        assert!(columns <= 2, "{what}: {columns} columns in one cell at {x},{y}: {symbol:?}");
    }
}

/// Every screen, and every layer that a few keys open.
const SCENES: [&str; 25] = [
    "",
    "jj",
    ":",
    "?",
    "e",
    "ejj<Enter>",
    "jejjjjjj<Enter>",
    "<BackTab>jjj",
    "<BackTab>Gkk<Enter>",
    "2",
    "2jl<Enter>",
    "a",
    "aa",
    "jab",
    "<Space>f",
    "<Space>f<Enter>",
    "jd",
    "jc",
    "jm",
    "jr",
    "gw",
    "<Space>n",
    "<Space>p",
    "ag<Enter><Enter><Enter>",
    "/W",
];

/// Goes through every scene with a model, at two sizes. Says whether the model could be read at all.
fn look_at_everything(text: &str, what: &str) -> bool {
    if load(text).is_err() {
        return false;
    }
    let start = open(text, 120, 40);
    for keys in SCENES {
        let mut app = start.clone();
        press(&mut app, keys);
        assert_safe(&app, &format!("{what} after `{keys}`"));
        app.size = (80, 24);
        assert_safe(&app, &format!("{what} after `{keys}`, smaller"));
    }
    true
}

#[test]
fn nothing_unsafe_reaches_a_screen() {
    let all: String = payloads().into_iter().map(|(_, payload)| payload).collect();
    for place in PLACES {
        let read = look_at_everything(&hostile(CLINIC, place, &all), &format!("everything in {place}"));
        assert!(read || place == "slugs", "the model with everything in {place} was not read");
    }
}

#[test]
fn nothing_too_long_breaks_a_screen() {
    for (name, payload) in long_payloads() {
        for place in ["titles", "fields"] {
            let read = look_at_everything(&hostile(PORTAL, place, &payload), &format!("{name} in {place}"));
            assert!(read, "the model with {name} in {place} was not read");
        }
    }
}

#[test]
fn nothing_unsafe_arrives_in_a_message_or_a_paste() {
    let start = open(PORTAL, 80, 24);
    let id = start.model.ids().next().unwrap();
    for (name, payload) in payloads().into_iter().chain(long_payloads()) {
        let payload = payload.replace("\\u{1b}", "\u{1b}").replace("\\u{7}", "\u{7}");
        for msg in [
            Msg::Failed(payload.clone()),
            Msg::SavedCopy(payload.clone()),
            Msg::EditedBadly(id.clone(), payload.clone()),
            Msg::Recoverable(vec![payload.clone(), payload.clone()], true),
            Msg::Paste(payload.clone()),
        ] {
            for keys in ["", "aa", ":", "/"] {
                let mut app = start.clone();
                press(&mut app, keys);
                send(&mut app, msg.clone());
                assert_safe(&app, &format!("{name}: {msg:.40?} after `{keys}`"));
            }
            let mut app = start.clone();
            send(&mut app, msg.clone());
            press(&mut app, "<Esc><Esc><Space>n");
            assert_safe(&app, &format!("{name}: {msg:.40?} among the messages"));
        }
        // What was typed and taken is as safe as what was read.
        let mut app = start.clone();
        press(&mut app, "aa");
        send(&mut app, Msg::Paste(payload.clone()));
        press(&mut app, "x<Enter>e");
        assert_safe(&app, &format!("{name} as a title"));
    }
}

fn assert_plain(text: &str, what: &str) {
    let bad = text.char_indices().find(|(_, ch)| is_unsafe(*ch));
    if let Some((at, ch)) = bad {
        let before: String = text[..at].chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
        panic!("{what} prints {ch:?} behind {before:?}");
    }
}

#[test]
fn nothing_unsafe_is_printed() {
    let here = tempfile::tempdir().unwrap();
    let mut judged = 0;
    for (name, payload) in payloads().into_iter().chain(long_payloads().into_iter().take(1)) {
        for place in PLACES {
            let model = if name == "wide" { PORTAL } else { CLINIC };
            std::fs::write(here.path().join("m.ron"), hostile(model, place, &payload)).unwrap();
            for arguments in
                ["validate m.ron", "exposures m.ron --why", "exposures m.ron --format json", "render m.ron"]
            {
                // Only titles give a model without errors, which is what most commands ask for.
                if place != "titles" && !arguments.starts_with("validate") {
                    continue;
                }
                let ran = run(&arguments.split(' ').collect::<Vec<_>>(), here.path());
                assert!((0..=2).contains(&ran.code), "{arguments}: {}", ran.code);
                assert_plain(&ran.stdout, &format!("{arguments} with {name} in {place}"));
                assert_plain(&ran.stderr, &format!("{arguments} with {name} in {place} (complaints)"));
                judged += usize::from(ran.code == 0 && !arguments.starts_with("validate"));
            }
        }
    }
    assert!(judged >= 6, "only {judged} commands got as far as printing a model");
}

/// Names of files are as hostile as what is in them.
#[test]
#[cfg(unix)]
fn nothing_unsafe_is_printed_of_the_name_of_a_file() {
    let name = "evil\u{1b}]52;c;ZXZpbA==\u{7}\u{9b}31m\u{202e}.ron";
    let here = tempfile::tempdir().unwrap();
    std::fs::write(here.path().join(name), "Model(format: 1, title: \"Loose\")").unwrap();
    let missing = format!("missing{name}");
    for arguments in [
        vec!["validate", name],
        vec!["validate", &missing],
        vec!["fmt", "--check", name],
        vec!["fmt", name],
        vec!["exposures", name],
        vec!["exposures", name, "--role", "\u{1b}[31m"],
        vec!["exposures", &missing],
        vec!["render", &missing],
        vec!["new", name],
        vec!["new", &missing],
        vec!["import", name, "-o", &missing],
        vec!["import", &missing, "-o", name],
        vec![&missing],
    ] {
        let ran = run(&arguments, here.path());
        assert_plain(&ran.stdout, &format!("{arguments:?}"));
        assert_plain(&ran.stderr, &format!("{arguments:?} (complaints)"));
    }
}

/// `sandtable *` in somebody else's folder: the complaint about the arguments quotes them.
#[test]
#[cfg(unix)]
fn nothing_unsafe_is_printed_of_an_argument_that_is_refused() {
    let here = tempfile::tempdir().unwrap();
    let evil = "--evil\u{1b}]52;c;ZXZpbA==\u{7}";
    for arguments in [
        vec!["a.ron", evil],
        vec!["validate", evil],
        vec!["a.ron", "b\u{1b}[31m.ron"],
        vec!["render", "m", "--zoom", "\u{1b}[2J"],
    ] {
        let ran = run(&arguments, here.path());
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert_plain(&ran.stderr, &format!("{arguments:?}"));
    }
}

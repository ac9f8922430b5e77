//! The layers of the design, held by a test: a folder uses only what stands above it, and only the layers at the edge
//! touch the world.

use std::path::{Path, PathBuf};

/// The layers, from the purest down. A folder may use what stands before it, and itself.
const LAYERS: [&str; 12] =
    ["model", "library", "analysis", "diagram", "drill", "review", "exchange", "report", "store", "app", "tui", "cli"];

/// The layers that may touch files, processes, the environment, the clock and threads.
const EDGE: [&str; 3] = ["store", "tui", "cli"];

/// What only the edge may name: a path whose beginning is one of these.
const WORLD: [&str; 10] = [
    "std::fs",
    "std::process",
    "std::env",
    "std::time::SystemTime",
    "std::time::Instant",
    "std::thread",
    "std::net",
    "std::os",
    "tempfile",
    "directories",
];

/// The one file within the pure layers that starts threads, all of which end before its functions do.
const PARTS: (&str, &str) = ("src/analysis/parts.rs", "std::thread");

/// What only `tui/` may name.
const TERMINAL: [&str; 2] = ["ratatui", "crossterm"];

const LONGEST_FILE: usize = 800;

#[test]
fn every_layer_uses_only_what_stands_above_it() {
    let mut breaches = Vec::new();
    for path in rust_files("src") {
        let text = std::fs::read_to_string(&path).unwrap();
        breaches.extend(breaches_in(&inside(&path), &text));
    }
    assert!(breaches.is_empty(), "breaches of the layers:\n{}", breaches.join("\n"));
}

#[test]
fn every_layer_is_in_the_list() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in std::fs::read_dir(root).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            assert!(LAYERS.contains(&name.as_str()), "src/{name} has no place among the layers");
        } else {
            assert!(["lib.rs", "main.rs"].contains(&name.as_str()), "src/{name} stands outside of the layers");
        }
    }
}

#[test]
fn no_source_file_is_longer_than_a_person_reads() {
    let long: Vec<String> = ["src", "tests"]
        .iter()
        .flat_map(|folder| rust_files(folder))
        .filter_map(|path| {
            let lines = std::fs::read_to_string(&path).unwrap().lines().count();
            (lines > LONGEST_FILE).then(|| format!("{}: {lines} lines", inside(&path)))
        })
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST_FILE} lines: {long:?}");
}

/// The scan itself: what it has to find, and what it has to pass over.
#[test]
fn a_made_up_breach_is_found() {
    for (path, text, named) in [
        ("src/model/made_up.rs", "use crate::app::App;\n", "app"),
        ("src/model/made_up.rs", "use crate::{\n    model::Slug,\n    store::disk,\n};\n", "store"),
        ("src/model/made_up.rs", "fn f() { let _ = crate::tui::run::run; }\n", "tui"),
        ("src/model/deep/made_up.rs", "use super::super::super::library::CLINIC;\n", "library"),
        ("src/model/mod.rs", "use super::cli;\n", "cli"),
        ("src/exchange/made_up.rs", "use crate::store::ron::load;\n", "store"),
        ("src/app/made_up.rs", "use ratatui::buffer::Buffer;\n", "ratatui"),
        ("src/cli/made_up.rs", "fn f() { ::crossterm::terminal::size(); }\n", "crossterm"),
        ("src/app/made_up.rs", "use std::{collections::BTreeMap, fs};\n", "std::fs"),
        ("src/app/made_up.rs", "use std::{time::{Duration, Instant}};\n", "std::time::Instant"),
        ("src/diagram/made_up.rs", "fn f() { std::thread::spawn(|| ()); }\n", "std::thread"),
        ("src/analysis/made_up.rs", "use std::time::*;\n", "std::time::*"),
        ("src/analysis/court.rs", "use std::thread::scope;\n", "std::thread"),
        ("src/analysis/parts.rs", "use std::time::Instant;\n", "std::time::Instant"),
        ("src/model/made_up.rs", "use std::env as surroundings;\n", "std::env"),
        ("src/model/made_up.rs", "#[cfg(test)]\nmod tests {}\nfn f() { std::process::abort(); }\n", "std::process"),
    ] {
        let found = breaches_in(path, text);
        assert!(found.len() == 1 && found[0].contains(named), "{text:?} in {path}: {found:?}");
    }
    for (path, text) in [
        ("src/model/fine.rs", "//! See [`crate::tui`].\n/* use crate::cli; /* nested */ crate::tui */\n"),
        ("src/model/fine.rs", "const A: &str = \"crate::tui\"; const B: &str = r#\"std::fs \"crate::cli\"#;\n"),
        ("src/model/fine.rs", "use crate::model::Slug;\nuse super::text::Text;\nuse std::time::Duration;\n"),
        ("src/model/fine.rs", "const Q: char = '\"';\nfn f<'a>(a: &'a str) {}\n// crate::tui\n"),
        ("src/model/fine.rs", "#[cfg(test)]\nmod tests {\n    use std::fs;\n    use crate::store::ron::load;\n}\n"),
        ("src/app/fine.rs", "use crate::{model::{self, Slug}, store::ron::print};\n"),
        ("src/tui/fine.rs", "use ratatui::Terminal;\nuse std::thread;\n"),
        ("src/store/fine.rs", "use std::fs::File;\n"),
        ("src/analysis/parts.rs", "use std::thread::{Builder, scope};\n"),
    ] {
        assert_eq!(breaches_in(path, text), Vec::<String>::new(), "{text:?} in {path}");
    }
}

/// What a file uses that it may not.
fn breaches_in(path: &str, text: &str) -> Vec<String> {
    let code = without_unit_tests(&without_comments_and_texts(text));
    let module: Vec<&str> = path.trim_start_matches("src/").trim_end_matches(".rs").split('/').collect();
    let Some(rank) = LAYERS.iter().position(|layer| module.len() > 1 && *layer == module[0]) else {
        return Vec::new();
    };
    // `mod.rs` is its folder's module; any other file is a module in it.
    let depth = module.len() - usize::from(module.last() == Some(&"mod"));
    let mut found = Vec::new();
    for (line, named) in paths(&code) {
        let mut words: Vec<&str> = named.split("::").skip_while(|word| word.is_empty()).collect();
        let ups = words.iter().take_while(|word| **word == "super").count();
        if words.first() == Some(&"crate") {
            words.remove(0);
        } else if ups > 0 && ups == depth {
            words.drain(..ups);
        } else if ups > 0 || words.first() == Some(&"self") {
            continue;
        } else {
            let whole = words.join("::");
            let begins = |start: &str| whole == start || whole.starts_with(&format!("{start}::"));
            let hides = |start: &str| whole.strip_suffix("*").is_some_and(|stem| start.starts_with(stem));
            let is_let_through = |start: &str| (path, start) == PARTS;
            let world = WORLD.iter().any(|start| (begins(start) || hides(start)) && !is_let_through(start));
            let terminal = TERMINAL.iter().any(|start| begins(start));
            if world && !EDGE.contains(&module[0]) || terminal && module[0] != "tui" {
                found.push(format!("{path}:{line}: {whole} does not belong in {}/", module[0]));
            }
            continue;
        }
        if let Some(used) = words.first().and_then(|word| LAYERS.iter().position(|layer| layer == word))
            && used > rank
        {
            found.push(format!("{path}:{line}: {}/ stands above {}/ and may not use it", LAYERS[rank], LAYERS[used]));
        }
    }
    found
}

/// Every path of two words or more, and every `use`, with groups in braces written out.
fn paths(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let chars: Vec<char> = code.chars().collect();
    let mut at = 0;
    let mut line = 1;
    while at < chars.len() {
        let ch = chars[at];
        if ch == '\n' {
            line += 1;
        }
        let starts = ch.is_alphabetic() || ch == '_' || (ch == ':' && chars.get(at + 1) == Some(&':'));
        if !starts {
            at += 1;
            continue;
        }
        let from = line;
        let mut here = Vec::new();
        let is_use = chars[at..].starts_with(&['u', 's', 'e', ' ']);
        if is_use {
            at += 4;
        }
        at = path_at(&chars, at, String::new(), &mut here);
        line += chars[..at].iter().filter(|ch| **ch == '\n').count() + 1 - line;
        found.extend(here.into_iter().filter(|path| is_use || path.contains("::")).map(|path| (from, path)));
    }
    found
}

/// Reads a path that begins at a place, groups written out; returns the place behind it.
fn path_at(chars: &[char], mut at: usize, mut head: String, found: &mut Vec<String>) -> usize {
    loop {
        let is_name = |ch: char| ch.is_alphanumeric() || ch == '_';
        while at < chars.len() && is_name(chars[at]) {
            head.push(chars[at]);
            at += 1;
        }
        if chars.get(at) != Some(&':') || chars.get(at + 1) != Some(&':') {
            break;
        }
        at += 2;
        match chars.get(at) {
            Some('{') => {
                at += 1;
                loop {
                    while chars.get(at).is_some_and(|ch| ch.is_whitespace() || *ch == ',') {
                        at += 1;
                    }
                    match chars.get(at) {
                        None => return at,
                        Some('}') => return at + 1,
                        Some(_) => {
                            let before = at;
                            at = path_at(chars, at, format!("{head}::"), found);
                            // An alias, or what is no path at all.
                            while chars.get(at).is_some_and(|ch| !matches!(ch, ',' | '}' | '{')) {
                                at += 1;
                            }
                            at = at.max(before + 1);
                        }
                    }
                }
            }
            Some('*') => {
                head.push_str("::*");
                at += 1;
                break;
            }
            Some(ch) if is_name(*ch) => head.push_str("::"),
            _ => break,
        }
    }
    if !head.is_empty() {
        found.push(head);
    }
    at.max(1)
}

/// The text with comments, strings and characters blanked out; line breaks stay.
fn without_comments_and_texts(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let blank = |out: &mut String, ch: char| out.push(if ch == '\n' { '\n' } else { ' ' });
    while at < chars.len() {
        let rest = &chars[at..];
        let end = if rest.starts_with(&['/', '/']) {
            rest.iter().position(|ch| *ch == '\n').unwrap_or(rest.len())
        } else if rest.starts_with(&['/', '*']) {
            block_comment(rest)
        } else if rest[0] == '"' {
            string(rest)
        } else if let Some(end) = raw_string(rest, at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_'))
        {
            end
        } else if rest[0] == '\'' {
            // A lifetime has no closing mark where a character would have it.
            match rest {
                ['\'', '\\', ..] => rest[2..].iter().skip(1).position(|ch| *ch == '\'').map_or(rest.len(), |to| to + 4),
                ['\'', _, '\'', ..] => 3,
                _ => 0,
            }
        } else {
            0
        };
        if end == 0 {
            out.push(rest[0]);
            at += 1;
        }
        for ch in &rest[..end] {
            blank(&mut out, *ch);
        }
        at += end;
    }
    out
}

fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with(&['/', '*']) {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(&['*', '/']) {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

fn string(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != '"' {
        at += 1 + usize::from(rest[at] == '\\');
    }
    (at + 1).min(rest.len())
}

fn raw_string(rest: &[char], in_a_word: bool) -> Option<usize> {
    if in_a_word || rest[0] != 'r' {
        return None;
    }
    let marks = rest[1..].iter().take_while(|ch| **ch == '#').count();
    if rest.get(1 + marks) != Some(&'"') {
        return None;
    }
    let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', marks)).collect();
    let body = &rest[2 + marks..];
    let to = body.windows(end.len()).position(|window| window == end)?;
    Some(2 + marks + to + end.len())
}

/// The code with `#[cfg(test)] mod name { ... }` blanked out.
fn without_unit_tests(code: &str) -> String {
    let mut out = code.to_owned();
    while let Some(start) = out.find("#[cfg(test)]\nmod ") {
        let Some(open) = out[start..].find('{').map(|at| start + at) else { break };
        let mut depth = 0;
        let close = out[open..].find(|ch| {
            depth += i32::from(ch == '{') - i32::from(ch == '}');
            depth == 0
        });
        let end = close.map_or(out.len(), |at| open + at + 1);
        let blank: String = out[start..end].chars().map(|ch| if ch == '\n' { '\n' } else { ' ' }).collect();
        out.replace_range(start..end, &blank);
    }
    out
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A path from the root of the repository on, with `/`.
fn inside(path: &Path) -> String {
    let inside = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
    inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
}

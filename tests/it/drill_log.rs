//! The log: every change of it is found, words can be taken out, two writers come together, and a crash loses nothing
//! that was confirmed.

use super::cli::run;
use super::drill_engine::{begin, body, first_plan, slug};
use proptest::prelude::*;
use sandtable::drill::event::{Body, Entry, Event, NoteSort, Words};
use sandtable::drill::log::{self, Line, Log, Salt};
use sandtable::drill::state::State;
use sandtable::drill::step::step;
use sandtable::store::drill_log::{DrillLog, DrillLogError};

/// Salts that are not random, so that a failure can be looked at again.
fn salts() -> impl FnMut() -> Salt {
    let mut count = 0u8;
    move || {
        count = count.wrapping_add(1);
        [count; 16]
    }
}

fn event(at: u64, body: Body) -> Event {
    Event { at, by: slug("test"), body }
}

fn note(at: u64, text: &str) -> Event {
    event(at, Body::Note { sort: NoteSort::Gap, role: None, about: Vec::new(), text: Words::new(text) })
}

fn chain(events: &[Event]) -> Vec<Line> {
    let mut salt = salts();
    let mut lines: Vec<Line> = Vec::new();
    for event in events {
        let prev: Vec<&str> = lines.last().map(|line| line.hash.as_str()).into_iter().collect();
        lines.push(log::encode(event, &prev, &mut salt).unwrap());
    }
    lines
}

fn text(lines: &[Line]) -> String {
    lines.iter().map(|line| format!("{}\n", line.text)).collect()
}

/// A log as a drill leaves it.
fn sample() -> Vec<Line> {
    static SAMPLE: std::sync::LazyLock<Vec<Line>> = std::sync::LazyLock::new(played);
    SAMPLE.clone()
}

fn played() -> Vec<Line> {
    let plan = first_plan();
    let mut events = vec![event(0, begin(&plan))];
    let mut state = State::default();
    let mut entries = Vec::new();
    for (at, op) in [
        (0u64, (0u8, 0u8, 0u8)),
        (0, (0, 0, 0)),
        (9, (4, 0, 0)),
        (20, (0, 2, 0)),
        (30, (16, 3, 0)),
        (40, (6, 1, 0)),
        (50, (11, 0, 0)),
    ] {
        let next = if entries.is_empty() { events[0].clone() } else { event(at, body(&plan, op, &entries)) };
        let entry = Entry { id: format!("e{}", entries.len()), event: next.clone() };
        let (after, outcome) = step(&plan, state, entry.clone());
        state = after;
        if outcome.is_ok() {
            if !entries.is_empty() {
                events.push(next);
            }
            entries.push(entry);
        }
    }
    assert!(events.len() >= 6);
    chain(&events)
}

/// Whether a reader sees that a text is not the log that was written.
fn is_found(changed: &str, seal: &log::Seal) -> bool {
    let read = log::read(changed);
    !read.is_sound() || read.torn.is_some() || read.against(seal).is_some()
}

#[test]
fn a_log_reads_back() {
    let lines = sample();
    let read = log::read(&text(&lines));
    assert_eq!(read.broken, []);
    assert_eq!(read.lines, lines);
    assert_eq!(read.torn, None);
    let seal = read.seal();
    assert_eq!(read.against(&seal), None);
}

#[test]
fn every_single_change_is_found() {
    let lines = sample();
    let whole = text(&lines);
    let seal = log::read(&whole).seal();
    let shown: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let joined = |lines: Vec<&str>| lines.into_iter().map(|line| format!("{line}\n")).collect::<String>();
    for at in 0..shown.len() {
        let mut without = shown.clone();
        without.remove(at);
        assert!(is_found(&joined(without.clone()), &seal), "line {at} left out");
        // Without a seal, only the last one can go unseen; that is said in the documentation.
        let unsealed = log::read(&joined(without));
        assert_eq!(unsealed.is_sound(), at + 1 == shown.len(), "line {at} left out, no seal");
        for to in 0..shown.len() {
            let mut moved = shown.clone();
            let line = moved.remove(at);
            moved.insert(to, line);
            assert!(to == at || is_found(&joined(moved), &seal), "line {at} moved to {to}");
            let mut twice = shown.clone();
            twice.insert(to, shown[at]);
            assert!(!log::read(&joined(twice)).is_sound(), "line {at} again at {to}");
        }
        // A line put in, chained to the one before it.
        let put_in = log::encode(&note(60, "put in"), &[lines[at].hash.as_str()], &mut salts()).unwrap();
        let mut more = shown.clone();
        more.insert(at + 1, &put_in.text);
        let read = log::read(&joined(more));
        assert_eq!(read.is_sound(), at + 1 == shown.len(), "a line put in after {at}");
        assert!(at + 1 == shown.len() || is_found(&joined(vec![&put_in.text]), &seal));
    }
    // The whole chain written anew, after an edit.
    let mut events: Vec<Event> = lines.iter().map(|line| line.event.clone()).collect();
    events[2] = note(9, "another");
    let anew = text(&chain(&events));
    assert!(log::read(&anew).is_sound(), "without a seal nothing tells");
    assert!(is_found(&anew, &seal));
    // What comes after a seal is no change of what was sealed.
    let mut longer = lines.clone();
    longer.push(log::encode(&note(70, "later"), &[lines.last().unwrap().hash.as_str()], &mut salts()).unwrap());
    assert!(!is_found(&text(&longer), &seal));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Any byte changed, put in or taken out.
    #[test]
    fn every_byte_counts(place: prop::sample::Index, to in 0u8..=127, how in 0u8..3) {
        let lines = sample();
        let whole = text(&lines);
        let seal = log::read(&whole).seal();
        let mut bytes = whole.clone().into_bytes();
        let at = place.index(bytes.len());
        match how {
            0 => bytes[at] = to,
            1 => bytes.insert(at, to),
            _ => drop(bytes.remove(at)),
        }
        if let Ok(changed) = String::from_utf8(bytes) {
            prop_assert!(changed == whole || is_found(&changed, &seal), "byte {}", at);
        }
    }
}

#[test]
fn words_can_be_taken_out() {
    let mut lines = sample();
    lines.push(
        log::encode(&note(60, "Sam Example said no"), &[lines.last().unwrap().hash.as_str()], &mut salts()).unwrap(),
    );
    let read = log::read(&text(&lines));
    let seal = read.seal();
    let (_, commit, _) = read.words().into_iter().find(|(_, _, words)| words.contains("Sam")).unwrap();
    let said = event(70, Body::Redact { commit: commit.clone(), reason: Words::new("a name") });
    let after = read.redact(&commit, &said, &mut salts()).unwrap();
    assert!(!after.contains("Sam Example"));
    let without = log::read(&after);
    assert_eq!(without.broken, []);
    assert_eq!(without.against(&seal), None, "a seal from before still fits");
    assert_eq!(without.redacted(), 1);
    assert!(
        without.lines.iter().any(|line| matches!(&line.event.body, Body::Note { text, .. } if text.text.is_none()))
    );
    assert!(read.redact("0000", &said, &mut salts()).is_err());
    // Words that are gone without an event that says so.
    let silently: String = after.lines().take(lines.len()).map(|line| format!("{line}\n")).collect();
    assert!(log::read(&silently).broken.iter().any(|broken| broken.what.contains("no event says so")));
}

#[test]
fn a_second_writer_comes_in() {
    let lines = sample();
    let read = log::read(&text(&lines));
    let (head, mut ours, mut theirs) = (lines.last().unwrap().hash.clone(), lines.clone(), lines.clone());
    let mut salt = salts();
    ours.push(log::encode(&note(60, "ours"), &[&head], &mut salt).unwrap());
    theirs.push(log::encode(&note(55, "theirs"), &[&head], &mut salt).unwrap());
    theirs.push(log::encode(&note(65, "theirs again"), &[&theirs.last().unwrap().hash], &mut salt).unwrap());
    let (first, second) = (log::read(&text(&ours)), log::read(&text(&theirs)));
    let merged = first.merge(&second, &event(80, Body::Merge), &mut salt).unwrap();
    assert_eq!(merged.len(), 3);
    assert_eq!(merged[2].prev.len(), 2);
    let whole = [ours.clone(), merged.clone()].concat();
    let both = log::read(&text(&whole));
    assert_eq!(both.broken, []);
    let texts: Vec<String> = both
        .entries()
        .iter()
        .filter_map(|entry| match &entry.event.body {
            Body::Note { text, .. } if text.shown().starts_with("ours") || text.shown().starts_with("theirs") => {
                Some(text.shown().to_owned())
            }
            _ => None,
        })
        .collect();
    assert_eq!(texts, ["theirs", "ours", "theirs again"], "events take their place by their time");
    // Neither part may be reordered, and the merge may not be cut off.
    for at in 0..whole.len() - 1 {
        let mut moved = whole.clone();
        moved.swap(at, at + 1);
        assert!(!log::read(&text(&moved)).is_sound(), "lines {at} and {}", at + 1);
    }
    assert!(!log::read(&text(&whole[..whole.len() - 1])).is_sound());
    // After it the chain goes on.
    let mut longer = whole.clone();
    longer.push(log::encode(&note(90, "on"), &[&whole.last().unwrap().hash], &mut salt).unwrap());
    assert!(log::read(&text(&longer)).is_sound());
    assert!(first.merge(&first, &event(80, Body::Merge), &mut salt).is_err(), "nothing new");
    assert_eq!(read.merge(&second, &event(80, Body::Merge), &mut salt).unwrap().len(), 2, "only went on: no merge");
    let stranger = chain(&[event(5, begin(&first_plan()))]);
    assert!(first.merge(&log::read(&text(&stranger)), &event(80, Body::Merge), &mut salt).is_err());
}

#[test]
fn hostile_lines_are_refused() {
    for line in [
        "",
        "null",
        "{}",
        "[]",
        "{\"event\":{}}",
        "\u{0}",
        "{\"event\":1,\"hash\":\"\",\"prev\":[],\"texts\":{}}",
        "{\"event\":{\"at\":1.5},\"hash\":\"\",\"prev\":[],\"texts\":{}}",
        &format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)),
        &"x".repeat(2 << 20),
    ] {
        assert!(!log::read(&format!("{line}\n")).is_sound());
    }
    assert!(!log::read("").is_sound());
}

#[test]
fn what_was_confirmed_survives() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.jsonl");
    let lines = sample();
    let mut log = DrillLog::create(&path).unwrap();
    for line in &lines {
        let made = log.prepare(&line.event).unwrap();
        log.append(made).unwrap();
    }
    assert!(matches!(DrillLog::resume(&path), Err(DrillLogError::Busy(_))), "one program writes at a time");
    assert!(matches!(DrillLog::create(&path), Err(DrillLogError::Exists(_))));
    drop(log);
    let whole = std::fs::read_to_string(&path).unwrap();
    // Torn at every byte of the last line: what stands before is kept, the torn line goes.
    let last = whole[..whole.len() - 1].rfind('\n').unwrap() + 1;
    for cut in (last + 1..whole.len()).step_by(17) {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let mut log = DrillLog::resume(&path).unwrap();
        assert_eq!((log.log().lines.len(), log.torn), (lines.len() - 1, cut - last));
        let made = log.prepare(&lines.last().unwrap().event).unwrap();
        log.append(made).unwrap();
        drop(log);
        let read: Log = sandtable::store::drill_log::read(&path).unwrap();
        assert!(read.is_sound() && read.lines.len() == lines.len());
    }
    std::fs::write(&path, whole.replacen("\"at\":0", "\"at\":1", 1)).unwrap();
    assert!(matches!(DrillLog::resume(&path), Err(DrillLogError::Broken { .. })));
}

const COMMANDS: &str = "seat soc Sam Example\nsend\nwait 5m\nack i1 soc\nmet verify-outside asked from outside\nmet name-commander\nsend i2\n\
decide d-unpublish unpublish app evidence is kept\nsend i3a\nwait 10m\nsend i4\nmet prove-closed\nact platform 2027-01-15 scan every night\n";

/// A drill from the command line: run, go on, report, seal, verify, redact; and what a refused command does.
#[test]
fn a_drill_is_run_from_a_pipe() {
    let here = tempfile::tempdir().unwrap();
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/models/clinic.ron");
    let start: Vec<&str> =
        format!("drill run s1-open-list --model {model} --log one.jsonl --simulated --date 2026-12-01")
            .leak()
            .split(' ')
            .collect();
    let piped = |input: &str| {
        let file = here.path().join("commands");
        std::fs::write(&file, input).unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sandtable"));
        let output =
            command.args(&start).current_dir(here.path()).stdin(std::fs::File::open(file).unwrap()).output().unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, out, err) = piped(COMMANDS);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("EXERCISE") && out.contains("gdpr-33-1 is running"), "{out}");
    let (code, out, err) = piped("send i1\nfly\njump 17h\nsend i5\nsubmit gdpr-33-1 privacy\nend\n");
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("the drill goes on after 15 lines") && out.contains("is met"), "{out}");
    assert!(err.contains("`i1` was sent already") && err.contains("no command `fly`"), "{err}");

    let in_folder = |line: &str| run(&line.split(' ').collect::<Vec<_>>(), here.path());
    let report = in_folder("drill report one.jsonl");
    assert_eq!(report.code, 0, "{}", report.stderr);
    for part in [
        "EXERCISE",
        "After-action report: Open list",
        "Booking page",
        "Sam Example",
        "scan every night",
        "2027-01-15",
        "Not legal advice",
        "with authority",
    ] {
        assert!(report.stdout.contains(part), "{part} is missing:\n{}", report.stdout);
    }
    assert!(!in_folder("drill report one.jsonl --no-persons").stdout.contains("Sam Example"));
    let json = in_folder("drill report one.jsonl --format json");
    let numbers: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(numbers["clocks"][0]["standing"], "met");
    let early = in_folder("drill replay one.jsonl --until 3 --format json");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&early.stdout).unwrap()["events"], 3);
    let watch = in_folder("drill watch one.jsonl --role privacy");
    assert!(watch.code == 0 && !watch.stdout.contains("researcher"), "{}", watch.stdout);
    assert_eq!(in_folder("drill watch one.jsonl --role pope").code, 2);

    assert_eq!(in_folder("drill seal one.jsonl").code, 0);
    let sealed = in_folder("drill verify one.jsonl");
    assert!(sealed.code == 0 && sealed.stdout.contains("as it was sealed"), "{}{}", sealed.stdout, sealed.stderr);
    let words = in_folder("drill redact one.jsonl").stdout;
    let digest = words.lines().find(|line| line.contains("Sam Example")).unwrap().split_whitespace().nth(1).unwrap();
    assert_eq!(in_folder(&format!("drill redact one.jsonl --commit {digest} --because privacy")).code, 0);
    assert!(!in_folder("drill report one.jsonl").stdout.contains("Sam Example"));
    assert_eq!(in_folder("drill verify one.jsonl").code, 0);
    let path = here.path().join("one.jsonl");
    let whole = std::fs::read_to_string(&path).unwrap();
    let cut: String = whole.lines().take(10).map(|line| format!("{line}\n")).collect();
    std::fs::write(&path, &cut).unwrap();
    let verdict = in_folder("drill verify one.jsonl");
    assert!(verdict.code == 1 && verdict.stderr.contains("lines were cut off"), "{}", verdict.stderr);
    std::fs::write(&path, whole.replacen("unpublish", "published", 1)).unwrap();
    assert_eq!(in_folder("drill verify one.jsonl").code, 1);
    assert_eq!(in_folder("drill verify missing.jsonl").code, 2);
}

/// Killed while it runs, a drill goes on where it was, and the time between is nobody's.
#[test]
fn a_killed_drill_goes_on() {
    use std::io::{BufRead, BufReader, Write};
    let here = tempfile::tempdir().unwrap();
    let start = |stdin: std::process::Stdio| {
        std::process::Command::new(env!("CARGO_BIN_EXE_sandtable"))
            .args(["drill", "run", "s8-next-number", "--starter", "--log", "short.jsonl"])
            .current_dir(here.path())
            .stdin(stdin)
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap()
    };
    let mut child = start(std::process::Stdio::piped());
    let mut typed = child.stdin.take().unwrap();
    typed.write_all(b"send i1\n").unwrap();
    typed.flush().unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("i1 goes to soc") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "it ended before it was killed");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let mut child = start(std::process::Stdio::piped());
    child.stdin.take().unwrap().write_all(b"send i1\nack i1 soc\nhistory\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "i1 was sent before: {out}");
    assert!(out.contains("the drill goes on after 4 lines") && out.contains("ack i1 soc"), "{out}");
    let read = log::read(&std::fs::read_to_string(here.path().join("short.jsonl")).unwrap());
    assert!(read.is_sound(), "{:?}", read.broken);
    assert!(read.lines.iter().any(|line| matches!(line.event.body, Body::Pause { .. })));
}

#[test]
fn help_of_every_part_has_an_example() {
    for part in
        ["list", "lint", "clocks", "new", "run", "watch", "replay", "report", "seal", "verify", "merge", "redact"]
    {
        let help = run(&["drill", part, "--help"], std::path::Path::new("."));
        assert!(help.code == 0 && help.stdout.contains("Example"), "{part}: {}", help.stdout);
        assert!(help.stdout.contains(&format!("sandtable drill {part}")), "{part}");
        assert!(help.stdout.lines().all(|line| line.chars().count() <= 120), "{part}: {}", help.stdout);
    }
}

/// A copy of a scenario is one of one's own, and what is not the drill's file is not taken for it.
#[test]
fn a_scenario_of_ones_own() {
    let here = tempfile::tempdir().unwrap();
    std::fs::create_dir(here.path().join("scenarios")).unwrap();
    let ran = |line: &str| run(&line.split(' ').collect::<Vec<_>>(), here.path());
    assert_eq!(ran("drill new scenarios/ours.ron --from s2-master-key").code, 0);
    assert_eq!(ran("drill new scenarios/ours.ron").code, 2, "nothing is overwritten");
    assert_eq!(ran("drill lint ours").code, 0);
    assert_eq!(ran("drill lint scenarios/playbooks/credential-compromise.ron").code, 0);
    assert!(ran("drill list").stdout.contains("ours"));
    assert_eq!(ran("drill run ours --log ours.jsonl --simulated").code, 0);
    assert_eq!(ran("drill report ours.jsonl").code, 0);
    let path = here.path().join("scenarios/ours.ron");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("minutes: 90", "minutes: 80", 1)).unwrap();
    let other = ran("drill report ours.jsonl");
    assert!(
        other.code == 2 && other.stderr.contains("the scenario is not the one that was played"),
        "{}",
        other.stderr
    );
    std::fs::write(&path, text.replacen("owner: \"platform\"", "owner: \"comms\"", 1)).unwrap();
    let lint = ran("drill lint ours");
    assert!(lint.code == 1 && lint.stderr.contains("`comms` may not decide"), "{}", lint.stderr);
    assert_eq!(ran("drill run ours --log more.jsonl --simulated").code, 2, "what can not be played is not begun");
    assert_eq!(ran("drill lint nothing").code, 2);
    std::fs::write(&path, "Scenario(").unwrap();
    assert_eq!(ran("drill lint ours").code, 2);
}

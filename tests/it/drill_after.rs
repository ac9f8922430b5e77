//! After a drill: a good run and a bad one differ for the right reasons, what was shown comes into the model, a fork is what
//! could have been, and all drills together say which is due.

use crate::cli::{Ran, run};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

const WELL: &str = include_str!("fixtures/drills/s1-well.txt");
const BADLY: &str = include_str!("fixtures/drills/s1-badly.txt");

/// A workspace with the clinic in it.
fn workspace() -> tempfile::TempDir {
    let here = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(here.path().join("models")).unwrap();
    std::fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/models/clinic.ron"), here.path().join("models/clinic.ron"))
        .unwrap();
    here
}

/// Plays lines; `more` are further arguments.
#[track_caller]
fn play(here: &Path, log: &str, lines: &str, more: &str) {
    let file: PathBuf = here.join("commands");
    std::fs::write(&file, lines).unwrap();
    let arguments = format!("drill run s1-open-list --model models/clinic.ron --log {log} --date 2026-12-01 {more}");
    let output = Command::new(env!("CARGO_BIN_EXE_sandtable"))
        .args(arguments.split_whitespace())
        .current_dir(here)
        .stdin(std::fs::File::open(file).unwrap())
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{out}{err}");
    assert!(err.is_empty() || err.contains("the model changed since"), "{err}");
}

fn sandtable(here: &Path, line: &str) -> Ran {
    run(&line.split_whitespace().collect::<Vec<_>>(), here)
}

#[track_caller]
fn json(here: &Path, line: &str) -> Value {
    let ran = sandtable(here, line);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{line}: {error}\n{}{}", ran.stdout, ran.stderr))
}

/// The reports of the two runs, and why they differ.
#[test]
fn well_and_badly_played_differ_for_the_right_reasons() {
    let here = workspace();
    let here = here.path();
    play(here, "drills/well.jsonl", WELL, "--simulated");
    play(here, "drills/badly.jsonl", BADLY, "--simulated");
    let report = |log: &str| sandtable(here, &format!("drill report drills/{log}.jsonl")).stdout;
    let (well, badly) = (report("well"), report("badly"));
    for (why, in_well, in_badly) in [
        ("the clock", "| met 2026", "**breached**: due 2026"),
        (
            "authority",
            "Decided by Application owner, with authority",
            "Decided by Communications, **without authority**",
        ),
        (
            "time to contain",
            "| time to contain | detected → contained, shown by a test | 10m | 40m |",
            "| time to contain | detected → contained, shown by a test | – | – |",
        ),
        ("the attacker at the end", "- Appointments: **closed**", "- Appointments: **open**"),
        ("what containment changed", "Appointments: open → **may be open**", "**Nothing was contained.**"),
        (
            "evidence",
            "| Table permissions for anonymous visitors | prove-closed | **confirmed**",
            "| Table permissions for anonymous visitors | prove-closed | **refuted**",
        ),
        ("siblings", "| 1 of 1 |", "| was not asked |"),
        ("follow-ups", "Ask every list from outside each night", "**None was agreed.**"),
        ("what waiting cost", "| d-unpublish | 12m | 12m | 1240 |", "| d-unpublish | 1h | 1h | 6200 |"),
        ("substitutes", "Kim Example | holds the role", "Toni Example | stands in"),
    ] {
        assert!(well.contains(in_well) && !badly.contains(in_well), "{why}, well: {in_well}\n{well}");
        assert!(badly.contains(in_badly) && !well.contains(in_badly), "{why}, badly: {in_badly}\n{badly}");
    }
    assert!(badly.contains("**A dead telephone:** something was sent to Application owner, Platform owner"), "{badly}");
    assert!(!well.contains("A dead telephone"), "{well}");
    let talk = sandtable(here, "drill report drills/badly.jsonl --format hot-wash").stdout;
    for part in
        ["EXERCISE", "Decided without the power to: d-unpublish", "a way to Appointments", "Nothing was agreed yet"]
    {
        assert!(talk.contains(part), "{part}: {talk}");
    }
    // The two beside each other say the same.
    let pairs = json(here, "drill compare drills/well.jsonl drills/badly.jsonl --format json");
    let pair =
        |what: &str| pairs["pairs"].as_array().unwrap().iter().find(|pair| pair["what"] == what).unwrap().clone();
    assert_eq!((&pair("gdpr-33-1")["first"], &pair("gdpr-33-1")["second"]), (&"met".into(), &"breached".into()));
    assert_eq!(pair("time to contain (story)")["first"], 40 * 60);
    assert_eq!(pair("time to contain (story)")["second"], Value::Null);
    assert_eq!(pair("d-unpublish")["second"], "keep by comms, without authority");
    assert_eq!((&pair("Appointments")["first"], &pair("Appointments")["second"]), (&"closed".into(), &"open".into()));
    assert_eq!(pair("name-commander")["second"], Value::Null);
    let text = sandtable(here, "drill compare drills/well.jsonl drills/badly.jsonl").stdout;
    assert!(text.contains("EXERCISE") && text.contains("d-unpublish"), "{text}");
    // Made-up times are no evidence, and no trend.
    let refused = sandtable(here, "drill apply drills/well.jsonl models/clinic.ron");
    assert!(refused.code == 2 && refused.stderr.contains("made up"), "{}", refused.stderr);
    assert_eq!(json(here, "drill trend --today 2026-12-02 --format json")["rehearsals"], 2);
}

/// The page says what the Markdown says, runs nothing, and takes no text for a tag.
#[test]
fn the_page_is_one_file() {
    let here = workspace();
    let here = here.path();
    let lines = format!("{}gap <script>alert(1)</script> & \"more\"\n", WELL.replace("end\n", ""));
    play(here, "drills/well.jsonl", &lines, "--simulated");
    let page = sandtable(here, "drill report drills/well.jsonl --format html").stdout;
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;"), "{page}");
    for never in ["<script", "http://", "https://", "src=", "href=", "onload"] {
        assert!(!page.contains(never), "{never}");
    }
    for part in
        ["EXERCISE – EXERCISE", "<h2>Legal clocks</h2>", "prefers-color-scheme:dark", "@media print", "Robin Example"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(
        !sandtable(here, "drill report drills/well.jsonl --format html --no-persons").stdout.contains("Robin Example")
    );
}

/// Played on the clock of the wall, as evidence has to be.
const REFUTED: &str = "send i1\nsend i2\nmet keep-evidence\ndecide d-unpublish unpublish app It leaks\nsend i3a\nsend i4\nmet prove-closed\nsend i5\n\
    rate verify-from-outside U Nobody asked from outside\nact ic 2027-01-15 Ask every list from outside\n\
    act privacy 2027-02-01 Find the agreement with the laboratory\ngap No one knew the number of the vendor\nend\n";

#[test]
fn what_was_shown_comes_into_the_model_once() {
    let here = workspace();
    let here = here.path();
    play(here, "drills/one.jsonl", REFUTED, "");
    let model = here.join("models/clinic.ron");
    let before = std::fs::read_to_string(&model).unwrap();
    let chances = || -> Vec<f64> {
        let found =
            json(here, "paths models/clinic.ron --attacker form-harvester --to appointments --change --format json");
        found["paths"].as_array().unwrap().iter().map(|path| path["chance"].as_f64().unwrap()).collect()
    };
    let chances_before = chances();
    let apply = "drill apply drills/one.jsonl models/clinic.ron --control verify-outside=booking-ceiling \
        --control prove-closed=clerk-field-list --owner ic=security-lead --by security-lead";
    let dry = sandtable(here, &format!("{apply} --dry-run"));
    assert!(dry.code == 0 && dry.stdout.contains("5 changes would be written"), "{}{}", dry.stdout, dry.stderr);
    assert_eq!(std::fs::read_to_string(&model).unwrap(), before, "nothing is written");
    let first = sandtable(here, apply);
    assert!(first.stdout.contains("5 changes written"), "{}{}", first.stdout, first.stderr);
    for said in [
        "close-siblings: not tested",
        "owner Privacy and legal counsel, who is nobody of the model: say --owner privacy=PERSON",
    ] {
        assert!(first.stderr.contains(said), "{said}: {}", first.stderr);
    }
    let after = std::fs::read_to_string(&model).unwrap();
    // Every line that was there is there, comments included; some came in.
    let mut rest = after.lines();
    for line in before.lines() {
        assert!(rest.any(|other| other == line), "lost: {line}");
    }
    let added: Vec<&str> = after.lines().filter(|line| !before.contains(line)).collect();
    let one = |part: &str| {
        let found: Vec<&&str> = added.iter().filter(|line| line.contains(part)).collect();
        assert_eq!(found.len(), 1, "{part}: {added:#?}");
        found[0].to_string()
    };
    let refuted = one("drills/one.jsonl#verify-outside");
    assert!(refuted.contains("refutes: true") && refuted.contains("strength: Demonstrated"), "{refuted}");
    assert!(refuted.contains("valid_until") && refuted.contains("by: \"security-lead\""), "{refuted}");
    assert!(!one("drills/one.jsonl#prove-closed").contains("refutes"));
    one("title: \"Ask every list from outside\"");
    one("last_drill: ");
    // A refuted control is not counted on any more.
    let listed = json(here, "evidence models/clinic.ron --control booking-ceiling --format json");
    assert_eq!(listed["evidence"][0]["state"], "fallen");
    assert_eq!(listed["evidence"][0]["credited"], 0);
    let chances_after = chances();
    assert_eq!(chances_before.len(), chances_after.len());
    assert!(
        chances_before.iter().zip(&chances_after).any(|(one, other)| other > one)
            && chances_before.iter().zip(&chances_after).all(|(one, other)| other >= one),
        "{chances_before:?} {chances_after:?}"
    );
    // Once is enough.
    let again = sandtable(here, apply);
    assert!(again.stdout.contains("nothing to write"), "{}", again.stdout);
    assert_eq!(std::fs::read_to_string(&model).unwrap(), after);
    // A later rating renews what was said, and takes no second place beside it.
    play(here, "drills/one.jsonl", "rate verify-from-outside S It was asked for in the end\n", "");
    let third = sandtable(here, apply);
    assert_eq!(third.code, 0, "{}", third.stderr);
    let text = std::fs::read_to_string(&model).unwrap();
    assert_eq!(text.matches("drills/one.jsonl#verify-outside").count(), 1, "{}", third.stdout);
}

#[test]
fn wrong_names_are_refused_before_anything_is_written() {
    let here = workspace();
    let here = here.path();
    play(here, "drills/one.jsonl", REFUTED, "");
    for (more, says) in [
        ("--control verify-outsid=booking-ceiling", "did you mean `verify-outside`?"),
        ("--control verify-outside=booking-ceilin", "did you mean `booking-ceiling`?"),
        ("--control verify-outside", "ACTION=CONTROL"),
        ("--owner icc=developer", "there is no role `icc`"),
        ("--owner ic=developr", "did you mean `developer`?"),
        ("--by nobody", "there is no person `nobody`"),
    ] {
        let ran = sandtable(here, &format!("drill apply drills/one.jsonl models/clinic.ron {more}"));
        assert!(ran.code == 2 && ran.stderr.contains(says), "{more}: {} {}", ran.code, ran.stderr);
    }
    let log = here.join("drills/one.jsonl");
    let whole = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, whole.replacen("Nobody asked", "Everybody asked", 1)).unwrap();
    let broken = sandtable(here, "drill apply drills/one.jsonl models/clinic.ron");
    assert!(broken.code == 2 && broken.stderr.contains("no evidence"), "{}", broken.stderr);
}

#[test]
fn a_fork_is_what_could_have_been() {
    let here = workspace();
    let here = here.path();
    play(here, "drills/one.jsonl", "send i1\nsend i2\ndecide d-unpublish keep app It is meant so\nsend i3b\nend\n", "");
    let events = json(here, "drill replay drills/one.jsonl --format json")["events"].as_u64().unwrap();
    assert_eq!(
        sandtable(here, &format!("drill replay drills/one.jsonl --until {events} --fork drills/x.jsonl")).code,
        2
    );
    let forked = sandtable(here, "drill replay drills/one.jsonl --until 4 --fork drills/what-if.jsonl");
    assert_eq!(forked.code, 0, "{}", forked.stderr);
    assert_eq!(sandtable(here, "drill replay drills/one.jsonl --until 4 --fork drills/what-if.jsonl").code, 2, "twice");
    let file = here.join("commands");
    std::fs::write(&file, "decide d-unpublish unpublish app What if\nsend i3a\nend\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_sandtable"))
        .args("drill run s1-open-list --model models/clinic.ron --log drills/what-if.jsonl".split(' '))
        .current_dir(here)
        .stdin(std::fs::File::open(&file).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(sandtable(here, "drill verify drills/what-if.jsonl").code, 0);
    let report = sandtable(here, "drill report drills/what-if.jsonl").stdout;
    assert!(report.contains("what if, and no evidence") && report.contains("not what was played"), "{report}");
    let pairs = sandtable(here, "drill compare drills/one.jsonl drills/what-if.jsonl").stdout;
    assert!(pairs.contains("keep by app") && pairs.contains("unpublish by app"), "{pairs}");
    assert!(pairs.contains("open") && pairs.contains("may be open"), "{pairs}");
    let merged = sandtable(here, "drill merge drills/one.jsonl drills/what-if.jsonl");
    assert!(merged.code == 2 && merged.stderr.contains("a fork is another way"), "{}", merged.stderr);
    let applied = sandtable(here, "drill apply drills/what-if.jsonl models/clinic.ron");
    assert!(applied.code == 2 && applied.stderr.contains("this is a fork"), "{}", applied.stderr);
}

#[test]
fn all_drills_together() {
    let here = workspace();
    let here = here.path();
    assert_eq!(sandtable(here, "drill trend").code, 2, "without a folder");
    play(here, "drills/a.jsonl", REFUTED, "");
    play(here, "drills/b.jsonl", &REFUTED.replace("verify-from-outside U", "verify-from-outside S"), "");
    std::fs::write(here.join("drills/torn.jsonl"), "no log\n").unwrap();
    let day = "2026-12-24";
    let ran = sandtable(here, &format!("drill trend --model models/clinic.ron --today {day}"));
    assert!(ran.code == 2 && ran.stderr.contains("torn.jsonl: not counted"), "{}", ran.stderr);
    for part in [
        "gap: no one knew the number of the vendor (a, b)",
        "verify-from-outside  U S",
        "of 1 rating that failed, 1 held the next time",
        "attack paths to data worth guarding: 0 of",
        "legal rules: 0 of",
        "due next",
        "never played",
    ] {
        assert!(ran.stdout.contains(part), "{part}:\n{}", ran.stdout);
    }
    std::fs::remove_file(here.join("drills/torn.jsonl")).unwrap();
    let found = json(here, &format!("drill trend --today {day} --next 20 --format json"));
    assert_eq!(found["drills"].as_array().unwrap().len(), 2);
    assert_eq!(found["closed_loop"], serde_json::json!({"failed": 1, "held": 1}));
    assert_eq!(found["paths"], Value::Null, "nothing is said of paths without a model");
    let due = |found: &Value| -> Vec<String> {
        found["next"].as_array().unwrap().iter().map(|due| due["scenario"].as_str().unwrap().to_owned()).collect()
    };
    assert!(due(&found).len() >= 11, "{:?}", due(&found));
    // A path of the model is covered by a drill that was drafted from it.
    let pair = "form-harvester:appointments";
    assert!(ran.stdout.contains(&format!("--from-path {pair}")) || ran.stdout.contains(pair), "{}", ran.stdout);
    let drafted =
        sandtable(here, &format!("drill new scenarios/ours.ron --model models/clinic.ron --from-path {pair}"));
    assert_eq!(drafted.code, 0, "{}", drafted.stderr);
    let due = json(here, &format!("drill trend --model models/clinic.ron --today {day} --next 20 --format json"));
    let ours = due["next"].as_array().unwrap().iter().find(|due| due["scenario"] == "ours").unwrap();
    assert!(ours["why"].to_string().contains(pair), "{ours}");
    std::fs::write(here.join("commands"), "send i1\nend\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_sandtable"))
        .args("drill run ours --model models/clinic.ron --log drills/c.jsonl --date 2026-12-01".split(' '))
        .current_dir(here)
        .stdin(std::fs::File::open(here.join("commands")).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found = json(here, &format!("drill trend --model models/clinic.ron --today {day} --format json"));
    assert!(found["paths"]["covered"].to_string().contains(pair), "{}", found["paths"]);
    // A year later it is due again, and why is said.
    let later = json(here, "drill trend --today 2028-01-01 --next 20 --format json");
    let one = later["next"].as_array().unwrap().iter().find(|due| due["scenario"] == "s1-open-list").unwrap();
    assert!(one["why"][0].as_str().unwrap().contains("last played on"), "{one}");
}

//! Controls and evidence: what evidence is worth, what opens again, what is seen on a real disk, and the library.

use super::cli::run;
use super::headless::{CLINIC, open, press, screen, send};
use sandtable::analysis::access::effective;
use sandtable::analysis::evidence::{Circumstances, Controls, Looks, Object, Seen, State};
use sandtable::analysis::threats::{Outcome, RuleSet, Verdict};
use sandtable::app::msg::Msg;
use sandtable::app::state::{Effect, Screen};
use sandtable::library::{control, rule};
use sandtable::model::facts::Day;
use sandtable::model::threats::EvidenceKind;
use sandtable::model::{Model, Slug, Text};
use sandtable::store::disk::Sum;
use sandtable::store::evidence::{Root, look_around};
use sandtable::store::ron::load;
use sandtable::store::workspace::root_of_evidence;

const TODAY: &str = "2026-11-26";

fn day(text: &str) -> Option<Day> {
    (!text.is_empty()).then(|| text.parse().unwrap())
}

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

/// A model of one control with this status and evidence.
fn with_evidence(status: &str, evidence: &str) -> Model {
    let text = format!(
        "#![enable(implicit_some)]\nModel(format: 1, title: \"x\", controls: {{\"c\": (title: \"C\", {status}effectiveness: 80, evidence: [{evidence}])}})"
    );
    let loaded = load(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert!(!loaded.has_errors(), "{:?}", loaded.diagnostics);
    loaded.model
}

fn file(at: &str) -> Object {
    Object { kind: EvidenceKind::File, at: Text::new(at), report: None }
}

fn test(at: &str) -> Object {
    Object { kind: EvidenceKind::Test, at: Text::new(at), report: None }
}

/// One table says what evidence is worth: what a control says, the day, what was seen; the standing of each piece, the
/// state of the control, and the share of it that is credited.
#[test]
fn evidence_is_weighed_as_the_table_says() {
    let sum = "a".repeat(64);
    let good = format!(
        "(kind: File, at: \"a.md\", sha256: \"{sum}\", strength: Tested, checked_on: \"2026-09-01\", valid_until: \"2027-03-01\")"
    );
    let review =
        "(kind: Review, at: \"r\", strength: Demonstrated, checked_on: \"2026-10-01\", valid_until: \"2027-06-30\")";
    let tested = "(kind: Review, at: \"r\", strength: Tested, checked_on: \"2026-10-01\", valid_until: \"2027-06-30\")";
    let old = "(kind: Review, at: \"r\", strength: Tested, checked_on: \"2025-10-01\", valid_until: \"2026-06-30\")";
    let against = "(kind: Link, at: \"l\", strength: Discussed, refutes: true, checked_on: \"2026-10-05\")";
    let against_before = "(kind: Link, at: \"l\", strength: Discussed, refutes: true, checked_on: \"2026-09-05\")";
    let against_tested = "(kind: Link, at: \"l\", strength: Tested, refutes: true, checked_on: \"2026-09-05\")";
    let endless = "(kind: Review, at: \"r\", strength: Tested, checked_on: \"2026-01-01\")";
    let unit = "(kind: Test, at: \"s::t\")";
    let two = |one: &str, other: &str| format!("{one}, {other}");
    let seen = |seen: Seen| vec![(file("a.md"), seen)];
    let ran = |seen: Seen| vec![(test("s::t"), seen)];
    let same = || seen(Seen::File(sum.clone()));
    let none = Vec::new;
    type Case = (&'static str, String, &'static str, Vec<(Object, Seen)>, &'static str, &'static str, u8);
    let table: Vec<Case> = vec![
        ("good", good.clone(), TODAY, same(), "good", "in_place", 100),
        ("the case of digits", good.to_owned(), TODAY, seen(Seen::File(sum.to_uppercase())), "good", "in_place", 100),
        ("nobody looked", good.clone(), TODAY, none(), "not_checked", "in_place", 50),
        ("gone", good.clone(), TODAY, seen(Seen::Missing("x".into())), "missing", "fallen", 0),
        ("changed", good.clone(), TODAY, seen(Seen::File("b".repeat(64))), "changed", "fallen", 0),
        ("not told", good.clone(), TODAY, seen(Seen::Untold("x".into())), "cannot_be_checked", "in_place", 50),
        ("last day", good.clone(), "2027-03-01", same(), "expires_soon", "in_place", 100),
        ("a day after", good.clone(), "2027-03-02", same(), "stale", "fallen", 0),
        ("thirty days before", good.clone(), "2027-01-30", same(), "expires_soon", "in_place", 100),
        ("thirty-one days before", good.clone(), "2027-01-29", same(), "good", "in_place", 100),
        ("no day", good.clone(), "", same(), "stale", "fallen", 0),
        ("before it was made", good.clone(), "2026-08-31", same(), "cannot_be_checked", "in_place", 50),
        ("no checksum", good.replace("sha256", "note"), TODAY, same(), "cannot_be_checked", "in_place", 50),
        ("shown only", review.into(), TODAY, none(), "good", "in_place", 50),
        ("tested by people", tested.into(), TODAY, none(), "good", "in_place", 100),
        ("without an end", endless.into(), "2026-12-01", none(), "good", "in_place", 50),
        ("without an end, in its last days", endless.into(), "2026-12-02", none(), "expires_soon", "in_place", 50),
        ("without an end, after a year", endless.into(), "2027-01-02", none(), "stale", "fallen", 0),
        (
            "passed not long ago",
            unit.into(),
            "2027-10-01",
            ran(Seen::Passed(day("2026-11-01"))),
            "good",
            "in_place",
            100,
        ),
        ("passed long ago", unit.into(), "2027-11-02", ran(Seen::Passed(day("2026-11-01"))), "stale", "fallen", 0),
        (
            "passed in time to come",
            unit.into(),
            TODAY,
            ran(Seen::Passed(day("2030-11-01"))),
            "cannot_be_checked",
            "in_place",
            50,
        ),
        (
            "without a date",
            "(kind: Review, at: \"r\", strength: Tested)".into(),
            TODAY,
            none(),
            "cannot_be_checked",
            "in_place",
            50,
        ),
        ("nothing said", "()".into(), TODAY, none(), "cannot_be_checked", "in_place", 50),
        ("passed", unit.into(), TODAY, ran(Seen::Passed(None)), "good", "in_place", 100),
        ("failed", unit.into(), TODAY, ran(Seen::Failed), "failed", "fallen", 0),
        ("skipped", unit.into(), TODAY, ran(Seen::Skipped), "skipped", "fallen", 0),
        ("no such test", unit.into(), TODAY, ran(Seen::Missing("x".into())), "missing", "fallen", 0),
        ("not run", unit.into(), TODAY, none(), "not_checked", "in_place", 50),
        ("against it", against.into(), TODAY, none(), "refutes", "fallen", 0),
        ("against it later", two(tested, against), TODAY, none(), "good refutes", "fallen", 0),
        ("against it before", two(tested, against_before), TODAY, none(), "good refutes*", "in_place", 100),
        ("against it, stronger", two(review, against_tested), TODAY, none(), "good refutes", "fallen", 0),
        ("old beside new", two(old, tested), TODAY, none(), "stale* good", "in_place", 100),
        ("old beside weaker", two(old, review), TODAY, none(), "stale* good", "in_place", 50),
        ("old beside unseen", two(old, unit), TODAY, none(), "stale* not_checked", "in_place", 50),
        (
            "changed beside later",
            two(&good, tested),
            TODAY,
            seen(Seen::File("b".into())),
            "changed* good",
            "in_place",
            100,
        ),
        ("changed beside weaker", two(&good, review), TODAY, seen(Seen::File("b".into())), "changed good", "fallen", 0),
        ("failed beside good", two(unit, tested), TODAY, ran(Seen::Failed), "failed good", "fallen", 0),
        ("none", String::new(), TODAY, none(), "", "declared_only", 50),
    ];
    for (name, evidence, today, looks, standings, state, share) in table {
        let model = with_evidence("status: Implemented, ", &evidence);
        let looks: Looks = looks.into_iter().collect();
        let circumstances = Circumstances { today: day(today), looks: Some(&looks) };
        let controls = Controls::new(&model, circumstances);
        let weighed = controls.get(&slug("c")).unwrap();
        let words: Vec<String> = weighed
            .pieces
            .iter()
            .map(|piece| format!("{}{}", piece.standing.word(), if piece.is_carried { "*" } else { "" }))
            .collect();
        assert_eq!(
            (words.join(" ").as_str(), weighed.state.word(), weighed.share),
            (standings, state, share),
            "{name}"
        );
        assert_eq!(weighed.credited, Some(share / 5 * 4), "{name}");
    }
}

#[test]
fn what_is_not_said_to_be_in_place_is_not() {
    for status in ["", "status: Proposed, ", "status: Planned, ", "status: Retired, "] {
        let model = with_evidence(
            status,
            "(kind: Review, at: \"r\", strength: Tested, checked_on: \"2026-10-01\", valid_until: \"2027-06-30\")",
        );
        let controls = Controls::new(&model, day(TODAY));
        assert_eq!(controls.get(&slug("c")).unwrap().state, State::NotInPlace, "{status}");
        assert_eq!(controls.get(&slug("c")).unwrap().credited, Some(0), "{status}");
    }
    // None stops everything.
    let mut model = with_evidence("status: Verified, ", "(kind: Test, at: \"s::t\")");
    model.controls.get_mut(&slug("c")).unwrap().effectiveness = ron::from_str("Some(100)").ok().flatten();
    let looks: Looks = [(test("s::t"), Seen::Passed(None))].into();
    let controls = Controls::new(&model, Circumstances { today: None, looks: Some(&looks) });
    assert_eq!(controls.get(&slug("c")).unwrap().credited, Some(95));
}

/// An endpoint without a rate limit (LC-080), what is said to answer it, and a second endpoint like it.
const LIMITED: &str = r#"#![enable(implicit_some)]
Model(
  format: 1,
  title: "Limited",
  people: {
    "dev": (title: "Developer"),
  },
  endpoints: {
    "api": (title: "API", visibility: Public, rate_limit: Unlimited),
    "other": (title: "Other", visibility: Public, rate_limit: Unlimited),
  },
  controls: {
    // What the gateway does.
    "ceiling": (
      title: "Ceiling",
      status: Implemented,
      owner: "dev",
      guards: ["api"],
      answers: ["LC-080"],
      effectiveness: 60,
      // Seen once.
      evidence: [
        // The first.
        (kind: Review, at: "Afternoon", strength: Tested, checked_on: "2026-09-01", valid_until: "2026-12-31", by: "dev"),
      ],
    ),
  },
)
"#;

fn of_rule<'a>(rules: &RuleSet, verdicts: &'a [Verdict], id: &str, element: &str) -> &'a Verdict {
    let found = |verdict: &&Verdict| {
        rules.rule(verdict.rule).id == id && verdict.place.elements().iter().any(|id| id.slug.as_str() == element)
    };
    verdicts.iter().find(found).unwrap_or_else(|| panic!("{id} at {element}"))
}

#[test]
fn what_a_fallen_control_answered_is_open_again() {
    let rules = RuleSet::new(rule::shipped().unwrap()).unwrap();
    let judge = |text: &str, today: &str| {
        let loaded = load(text).unwrap();
        assert!(!loaded.has_errors(), "{:?}", loaded.diagnostics);
        let model = loaded.model;
        rules.judge(&model, &effective(&model), day(today), false).unwrap()
    };
    let verdicts = judge(LIMITED, TODAY);
    let api = of_rule(&rules, &verdicts, "LC-080", "api");
    assert_eq!((&api.outcome, api.rests_on()), (&Outcome::Answered(vec![slug("ceiling")]), &[slug("ceiling")][..]));
    assert_eq!(of_rule(&rules, &verdicts, "LC-080", "other").outcome, Outcome::Fires);

    let verdicts = judge(LIMITED, "2027-01-01");
    let api = of_rule(&rules, &verdicts, "LC-080", "api");
    assert_eq!(api.outcome, Outcome::Fires);
    assert_eq!(api.fallen(), [(slug("ceiling"), "evidence stale since 2027-01-01".to_owned())]);
    assert!(of_rule(&rules, &verdicts, "LC-080", "other").fallen().is_empty());

    // A rule at one place alone: there, whatever is guarded, and nowhere else.
    let at_one = LIMITED.replace("answers: [\"LC-080\"]", "answers: [\"LC-080@other\"]");
    let verdicts = judge(&at_one, TODAY);
    assert_eq!(of_rule(&rules, &verdicts, "LC-080", "api").outcome, Outcome::Fires);
    assert_eq!(of_rule(&rules, &verdicts, "LC-080", "other").outcome, Outcome::Answered(vec![slug("ceiling")]));

    // A decision that counts on it holds as long as it does.
    let decided = LIMITED.replace("answers: [\"LC-080\"]", "answers: []").replace(
        "\n)\n",
        "\n  decisions: {\n    \"d\": (title: \"D\", rule: \"LC-080\", element: \"api\", verdict: Mitigate, controls: [\"ceiling\"]),\n  },\n)\n",
    );
    let verdicts = judge(&decided, TODAY);
    let api = of_rule(&rules, &verdicts, "LC-080", "api");
    assert_eq!((&api.outcome, api.rests_on()), (&Outcome::Answered(vec![slug("ceiling")]), &[slug("ceiling")][..]));
    let verdicts = judge(&decided, "2027-01-01");
    let api = of_rule(&rules, &verdicts, "LC-080", "api");
    assert_eq!(api.outcome, Outcome::Fires);
    assert_eq!(api.reopened(), Some(&(slug("d"), "control ceiling: evidence stale since 2027-01-01".to_owned())));

    // Two controls: it rests on neither.
    let twice = LIMITED.replace(
        "    // What the gateway does.\n",
        "    \"again\": (title: \"Again\", status: Verified, guards: [\"api\"], answers: [\"LC-080\"]),\n",
    );
    let verdicts = judge(&twice, TODAY);
    assert!(of_rule(&rules, &verdicts, "LC-080", "api").rests_on().is_empty());
    let verdicts = judge(&twice, "2027-01-01");
    assert_eq!(of_rule(&rules, &verdicts, "LC-080", "api").rests_on(), [slug("again")]);
}

#[test]
fn a_place_that_is_not_there_is_a_problem() {
    for (place, good) in [("api", true), ("grants:x", false), ("api+nobody", false), ("", false)] {
        let text = LIMITED.replace("answers: [\"LC-080\"]", &format!("answers: [\"LC-080@{place}\"]"));
        assert_eq!(!load(&text).unwrap().has_errors(), good, "{place}");
    }
}

/// A workspace on the disk with files in it.
fn workspace_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

const REPORT: &str = "<testsuite name=\"s\"><testcase name=\"ok\"/><testcase name=\"bad\"><failure/></testcase>\
    <testcase name=\"off\"><skipped/></testcase></testsuite>";

#[test]
fn the_disk_is_looked_at_within_the_workspace() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret"), "x").unwrap();
    let folder = workspace_with(&[
        ("models/m.ron", LIMITED),
        ("docs/a.md", "hello"),
        ("r.xml", REPORT),
        ("dtd.xml", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><testsuite name='&b;'/>"),
        ("folder/inside", ""),
    ]);
    let root = folder.path();
    let large = std::fs::File::create(root.join("large")).unwrap();
    large.set_len((64 << 20) + 1).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink(outside.path().join("secret"), root.join("out")).unwrap();
        symlink(outside.path(), root.join("out-folder")).unwrap();
        symlink("a.md", root.join("docs/in")).unwrap();
        symlink("nowhere", root.join("dangling")).unwrap();
        symlink("circle", root.join("circle")).unwrap();
        symlink("/dev/zero", root.join("zero")).unwrap();
        let made = std::process::Command::new("mkfifo").arg(root.join("pipe")).status().unwrap();
        assert!(made.success());
    }
    let hello = Sum::of(b"hello").to_string();
    let secret = format!("{}/secret", outside.path().display());
    let see = |kind, at: &str, report: Option<&str>| {
        let object = Object { kind, at: Text::new(at), report: report.map(Text::new) };
        let looks = Root::new(root.to_owned()).look(&[object.clone()].into(), &[]);
        match looks.get(&object) {
            None => "none".to_owned(),
            Some(Seen::File(sum)) if *sum == hello => "hello".to_owned(),
            Some(Seen::Missing(_)) => "missing".to_owned(),
            Some(Seen::Untold(why)) => format!("untold: {why}"),
            Some(other) => format!("{other:?}"),
        }
    };
    use EvidenceKind::{Commit, Drill, File, Link, Review, Test};
    let mut table: Vec<(EvidenceKind, &str, Option<&str>, &str)> = vec![
        (File, "docs/a.md", None, "hello"),
        (File, "./docs/a.md", None, "hello"),
        (File, "docs/b.md", None, "missing"),
        (File, "docs/a.md/x", None, "missing"),
        (File, "", None, "leads out of "),
        (File, "../models/m.ron", None, "leads out of "),
        (File, "docs/../../x", None, "leads out of "),
        (File, &secret, None, "leads out of "),
        (File, "folder", None, "is a folder"),
        (File, "large", None, "larger than 64 MiB"),
        (Test, "s::ok", Some("r.xml"), "Passed"),
        (Test, "bad", Some("r.xml"), "Failed"),
        (Test, "s::off", Some("r.xml"), "Skipped"),
        (Test, "s::none", Some("r.xml"), "missing"),
        (Test, "s::ok", Some("absent.xml"), "missing"),
        (Test, "s::ok", None, "no report was named"),
        (Test, "s::ok", Some("docs/a.md"), "no JUnit report"),
        (Test, "s::ok", Some("dtd.xml"), "document type"),
        (Test, "s::ok", Some("../r.xml"), "leads out of "),
        (Commit, "0123456789abcdef0123456789abcdef01234567", None, "no git repository"),
        (Link, "https://example.org/", None, "none"),
        (Review, "docs/a.md", None, "none"),
        (Drill, "docs/a.md", None, "none"),
    ];
    if cfg!(unix) {
        table.extend([
            (File, "out", None, "leads out of "),
            (File, "out-folder/secret", None, "leads out of "),
            (File, "docs/in", None, "hello"),
            (File, "dangling", None, "missing"),
            (File, "circle", None, "untold"),
            (File, "zero", None, "leads out of "),
            (File, "pipe", None, "a pipe or a device"),
            (Test, "s::ok", Some("pipe"), "a pipe or a device"),
        ]);
    }
    for (kind, at, report, says) in table {
        let seen = see(kind, at, report);
        assert!(seen.contains(says), "{kind} {at} {report:?}: {seen}");
    }
    assert_eq!(root_of_evidence(&root.join("models/m.ron")), root.canonicalize().ok());
    // A model that lies in no workspace has nothing around it.
    let alone = workspace_with(&[("m.ron", LIMITED)]);
    assert_eq!(look_around(&alone.path().join("m.ron"), &[file("a")].into()), None);
}

/// The commits of a repository are found without git: loose, packed, by their first digits, and by the name of a tag.
#[test]
fn commits_are_looked_up_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let own = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "gc.auto=0"];
        let ran = std::process::Command::new("git").args(own).args(arguments).current_dir(folder.path()).output();
        ran.ok().filter(|ran| ran.status.success()).map(|ran| String::from_utf8(ran.stdout).unwrap().trim().to_owned())
    };
    if git(&["init", "-q"]).is_none() {
        return;
    }
    let commit = |name: &str| {
        git(&["commit", "-q", "--allow-empty", "-m", name]).unwrap();
        git(&["rev-parse", "HEAD"]).unwrap()
    };
    let first = commit("one");
    git(&["tag", "v1.0"]).unwrap();
    let see = |at: &str| {
        let object = Object { kind: EvidenceKind::Commit, at: Text::new(at), report: None };
        Root::new(folder.path().to_owned()).look(&[object.clone()].into(), &[]).remove(&object).unwrap()
    };
    let absent = "0123456789abcdef0123456789abcdef01234567";
    let check = |known: &str| {
        for there in [known, &known[..7], &known[..12], "v1.0"] {
            assert_eq!(see(there), Seen::There, "{there}");
        }
        for gone in [absent, "0123456", "v2.0"] {
            assert!(matches!(see(gone), Seen::Missing(_)), "{gone}: {:?}", see(gone));
        }
        for bad in ["", "../x", "a b", "refs/../../x", ".git"] {
            assert!(matches!(see(bad), Seen::Untold(_)), "{bad}");
        }
    };
    check(&first);
    git(&["repack", "-adq"]).unwrap();
    git(&["prune-packed"]).unwrap();
    git(&["pack-refs", "--all"]).unwrap();
    check(&first);
    check(&commit("two"));
    std::fs::write(folder.path().join(".git/shallow"), "").unwrap();
    assert!(matches!(see(absent), Seen::Untold(_)), "a shallow clone has not all commits");
    // A second worktree finds what the first has.
    std::fs::remove_file(folder.path().join(".git/shallow")).unwrap();
    let second = tempfile::tempdir().unwrap();
    let path = second.path().join("w");
    git(&["worktree", "add", "-q", path.to_str().unwrap()]).unwrap();
    let object = Object { kind: EvidenceKind::Commit, at: Text::new(&first), report: None };
    let looks = Root::new(path).look(&[object.clone()].into(), &[]);
    assert_eq!(looks[&object], Seen::There);
}

/// The gate: what the command line says of a workspace whose evidence is good, has changed, is gone, fails, has run out.
#[test]
fn the_command_line_closes_the_gate() {
    let folder = workspace_with(&[("models/m.ron", LIMITED), ("docs/a.md", "hello"), ("r.xml", REPORT)]);
    let root = folder.path();
    let evidence = |more: &[&str]| run(&[&["evidence", "models/m.ron"], more].concat(), root);
    let code = |more: &[&str]| evidence(more).code;
    assert_eq!(code(&["--today", TODAY]), 0);
    assert_eq!(code(&["--today", "2027-01-01"]), 1);
    assert_eq!(code(&["--control", "nothing"]), 2);
    assert_eq!(code(&["--today", TODAY, "--verify"]), 0);

    let ran =
        evidence(&["add", "ceiling", "--file", "docs/a.md", "--strength", "tested", "--by", "dev", "--today", TODAY]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "added to ceiling: file docs/a.md\n"), "{}", ran.stderr);
    let text = std::fs::read_to_string(root.join("models/m.ron")).unwrap();
    for comment in ["// What the gateway does.\n", "// Seen once.\n      evidence: [\n        // The first.\n"] {
        assert!(text.contains(comment), "{comment}\n{text}");
    }
    assert!(text.contains(&Sum::of(b"hello").to_string()), "{text}");
    assert_eq!(code(&["--today", TODAY, "--verify"]), 0);
    // Once more renews it.
    let again = evidence(&["add", "ceiling", "--file", "docs/a.md", "--strength", "tested", "--today", "2026-11-27"]);
    assert_eq!((again.code, again.stdout.as_str()), (0, "renewed ceiling: file docs/a.md\n"));
    assert_eq!(std::fs::read_to_string(root.join("models/m.ron")).unwrap().matches("docs/a.md").count(), 1);

    std::fs::write(root.join("docs/a.md"), "hello!").unwrap();
    let ran = evidence(&["--today", "2026-11-27", "--verify"]);
    assert!(ran.code == 1 && ran.stdout.contains("file changed since it was looked at"), "{}", ran.stdout);
    assert_eq!(code(&["--today", "2026-11-27"]), 0, "nobody looked");
    let threats = run(&["threats", "models/m.ron", "--rule", "LC-080", "--today", "2026-11-27"], root);
    assert!(threats.stdout.contains("open again: control ceiling: evidence changed"), "{}", threats.stdout);
    let explained = run(&["explain", "models/m.ron", "LC-080", "api", "--today", "2026-11-27"], root);
    assert!(explained.stdout.contains("open again: control ceiling"), "{}", explained.stdout);
    std::fs::remove_file(root.join("docs/a.md")).unwrap();
    assert_eq!(code(&["--today", "2026-11-27", "--verify"]), 1);
    std::fs::write(root.join("docs/a.md"), "hello").unwrap();

    // A test: by its own report, by one that is named, by none.
    assert_eq!(evidence(&["add", "ceiling", "--test", "s::ok", "--today", TODAY]).code, 0);
    assert_eq!(code(&["--today", "2026-11-27", "--verify"]), 2, "it could not be judged");
    assert_eq!(code(&["--today", "2026-11-27", "--verify", "--junit", "r.xml"]), 0);
    assert_eq!(code(&["--today", "2026-11-27", "--verify", "--junit", "absent.xml"]), 2);
    assert_eq!(evidence(&["add", "ceiling", "--test", "s::bad", "--report", "r.xml", "--today", TODAY]).code, 0);
    assert_eq!(code(&["--today", "2026-11-27", "--verify", "--junit", "r.xml"]), 1);

    let json = evidence(&["--today", "2026-11-27", "--verify", "--junit", "r.xml", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["evidence"][0]["state"], "fallen");
    assert_eq!(json["totals"]["fallen"], 1);
    let standings: Vec<&str> = json["evidence"][0]["pieces"]
        .as_array()
        .unwrap()
        .iter()
        .map(|piece| piece["standing"].as_str().unwrap())
        .collect();
    assert_eq!(standings, ["good", "good", "good", "failed"]);

    for wrong in [
        &["add", "ceiling", "--file", "docs/none.md"][..],
        &["add", "ceiling", "--file", "/etc/passwd"],
        &["add", "ceiling", "--file", "../x"],
        &["add", "ceilling", "--review", "x"],
        &["add", "ceiling", "--review", "x", "--by", "nobody"],
        &["add", "ceiling", "--review", "x", "--valid-until", "2020-01-01"],
        &["add", "ceiling"],
        &["add", "ceiling", "--review", "x", "--link", "y"],
    ] {
        let before = std::fs::read_to_string(root.join("models/m.ron")).unwrap();
        let ran = evidence(wrong);
        assert_eq!(ran.code, 2, "{wrong:?}: {}", ran.stdout);
        assert!(!ran.stderr.is_empty(), "{wrong:?}");
        assert_eq!(std::fs::read_to_string(root.join("models/m.ron")).unwrap(), before, "{wrong:?}");
    }
    // Outside of a workspace nothing is looked at: that is no judgement.
    let alone = workspace_with(&[("m.ron", &std::fs::read_to_string(root.join("models/m.ron")).unwrap())]);
    assert_eq!(run(&["evidence", "m.ron", "--verify", "--today", "2026-11-27"], alone.path()).code, 2);
    assert_eq!(run(&["threats", "m.ron", "--today", "2026-11-27"], alone.path()).code, 0);
}

/// Every control of the library answers rules that there are, guards sections that there are, and says so much that it
/// can be added.
#[test]
fn the_library_of_controls_is_sound() {
    let patterns = control::read("controls.ron", include_str!("../../src/library/controls.ron")).unwrap();
    assert!(patterns.len() >= 40, "{}", patterns.len());
    assert_eq!(control::shipped().len(), patterns.len());
    let ids: Vec<String> = rule::shipped().unwrap().into_iter().map(|rule| rule.id).collect();
    let mut seen = std::collections::BTreeSet::new();
    for pattern in &patterns {
        let id = &pattern.id;
        assert!(seen.insert(id.clone()), "{id} is there twice");
        assert!(Slug::new(id).is_ok() && !pattern.title.ends_with('.') && pattern.does.ends_with('.'), "{id}");
        assert!(
            !pattern.answers.is_empty() && pattern.sections().count() > 0 && pattern.evidence.ends_with('.'),
            "{id}"
        );
        for rule in &pattern.answers {
            assert!(ids.contains(rule), "{id} answers {rule}, which is no rule");
        }
        assert!((10..=95).contains(&pattern.effectiveness), "{id}");
        for (catalogue, ids) in pattern.references() {
            assert!(!ids.is_empty(), "{id} has no reference of {catalogue}");
            // Identifiers alone, nothing of anybody's text.
            let is_id = |id: &String| id.len() <= 12 && !id.contains(' ');
            assert!(ids.iter().all(is_id), "{id}: {ids:?}");
        }
        assert!(pattern.element().effectiveness.is_some(), "{id}");
    }
    // Every shipped rule has a control that answers it.
    for rule in rule::shipped().unwrap() {
        let answered = patterns.iter().any(|pattern| pattern.answers.contains(&rule.id));
        let is_upkeep = ["LC-053"].contains(&rule.id.as_str()) || rule.id.as_str() >= "LC-140";
        assert!(answered || is_upkeep, "no control answers {}", rule.id);
    }
    for (text, says) in [
        ("[Control(id: 1)]", "mine.ron:1:"),
        ("[", "mine.ron:1:"),
        (
            &include_str!("../../src/library/controls.ron").replacen("[\"endpoints\"]", "[\"endpoint\"]", 1),
            "no section `endpoint`",
        ),
    ] {
        assert!(control::read("mine.ron", text).unwrap_err().contains(says), "{says}");
    }
}

#[test]
fn the_screen_lists_what_is_in_trouble_first() {
    let mut app = open(CLINIC, 120, 40);
    press(&mut app, "5");
    assert_eq!(app.screen, Screen::Controls);
    insta::assert_snapshot!("controls_120x40", screen(&app));
    let mut app = open(CLINIC, 80, 24);
    press(&mut app, "5");
    insta::assert_snapshot!("controls_80x24", screen(&app));
    press(&mut app, "<Enter>");
    insta::assert_snapshot!("control_read_80x24", screen(&app));
}

/// A threat of the team needs all of its controls: each is listed with it, and counts it among what it answers.
#[test]
fn threats_of_the_team_stand_beside_their_controls() {
    let raised = r#"threats: { "leak": (title: "Screenshots leak", about: "api", controls: ["ceiling"]), },
  controls: {"#;
    let text = LIMITED.replace("controls: {", raised);
    let mut app = open(&text, 120, 40);
    press(&mut app, "5");
    let answers = |app: &sandtable::app::App| {
        let slug = slug("ceiling");
        sandtable::app::controls::rows(app, &[&slug])[0].answers
    };
    assert_eq!(answers(&app), Some(2), "{}", screen(&app));
    let shown = screen(&app);
    assert!(shown.contains("Raised by the team: opens if it fails (1)"), "{shown}");
    press(&mut app, "x");
    assert!(screen(&app).contains("Screenshots leak"), "{}", screen(&app));
    press(&mut app, "y");
    assert!(screen(&app).contains("Raised by the team, and open (1)"), "{}", screen(&app));
}

/// What is seen on the disk comes as a message, and opens again what the control answered; the badge and the row say so.
#[test]
fn what_is_seen_changes_the_picture() {
    let text = LIMITED.replace("(kind: Review, at: \"Afternoon\"", "(kind: Test, at: \"s::t\"");
    let mut app = open(&text, 120, 40);
    let id = sandtable::model::ElementId::new(sandtable::model::Section::Endpoints, slug("api"));
    let badge = |app: &sandtable::app::App| {
        app.map
            .known
            .badges(&app.model, &id)
            .into_iter()
            .find(|badge| badge.text.starts_with("ctl"))
            .map(|badge| badge.text)
    };
    assert_eq!(badge(&app), None);
    press(&mut app, "5");
    assert!(screen(&app).contains("not checked"));
    assert_eq!(press(&mut app, "o"), vec![Effect::Look(true)]);
    send(&mut app, Msg::Looked(Some([(test("s::t"), Seen::Passed(None))].into()), true));
    assert!(screen(&app).contains("looked at 1 piece; 0 controls can not be counted on"), "{}", screen(&app));
    assert!(!app.is_dirty());
    send(&mut app, Msg::Looked(Some([(test("s::t"), Seen::Failed)].into()), true));
    assert_eq!(badge(&app).as_deref(), Some("ctl!1"));
    let shown = screen(&app);
    for says in ["test failed", "Open again, since it does not count (1)", "LC-080"] {
        assert!(shown.contains(says), "{says}\n{shown}");
    }
    assert!(!app.is_dirty(), "looking changes nothing");
    press(&mut app, "gt<Enter>");
    assert_eq!(app.screen, Screen::Threats);
    assert!(screen(&app).contains("open again"), "{}", screen(&app));
    press(&mut app, "5gm");
    assert_eq!((app.screen, app.cursor()), (Screen::Map, Some(&id)));
    send(&mut app, Msg::Looked(None, true));
    assert!(screen(&app).contains("no workspace"), "{}", screen(&app));
}

#[test]
fn evidence_is_added_step_by_step_and_undone() {
    let mut app = open(LIMITED, 120, 40);
    press(&mut app, "5n<Enter>");
    let effects = press(&mut app, "docs/a.md<Enter>");
    let [Effect::Hash(draft)] = effects.as_slice() else { panic!("{effects:?}") };
    // A file that is not there is asked for again.
    send(&mut app, Msg::Hashed(draft.clone(), Err("there is no file docs/a.md".into())));
    assert!(screen(&app).contains("there is no file docs/a.md"));
    press(&mut app, "<Enter>");
    send(&mut app, Msg::Hashed(draft.clone(), Ok("ab".repeat(32))));
    let effects = press(&mut app, "<Enter><Enter><Enter>");
    assert!(effects.contains(&Effect::Look(false)), "{effects:?}");
    let control = &app.model.controls[&slug("ceiling")];
    let added = control.evidence.last().unwrap();
    assert_eq!((control.evidence.len(), added.at.as_str()), (2, "docs/a.md"));
    assert_eq!(added.sha256.as_ref().map(Text::as_str), Some("ab".repeat(32).as_str()));
    assert_eq!((added.checked_on, added.valid_until), (day(TODAY), day("2027-05-25")));
    assert_eq!(added.by.as_ref().map(|by| by.slug().as_str()), Some("dev"));
    press(&mut app, "u");
    assert_eq!(*app.model, load(LIMITED).unwrap().model);
    // A test with its report, against the control, by nobody, without an end.
    press(
        &mut app,
        "ntest<Enter>s::t<Space>in<Space>out/r.xml<Enter>against it: shown<Enter>nobody<Enter><C-u><Enter>",
    );
    let added = app.model.controls[&slug("ceiling")].evidence.last().unwrap().clone();
    assert_eq!((added.at.as_str(), added.report.as_ref().map(Text::as_str)), ("s::t", Some("out/r.xml")));
    assert!(added.refutes && added.valid_until.is_none() && added.by.is_none());
    assert!(matches!(app.derived().controls.get(&slug("ceiling")).unwrap().state, State::Fallen(_)));
}

#[test]
fn controls_come_from_the_library_bound_to_what_is_selected() {
    let mut app = open(LIMITED, 120, 40);
    // From the map: for the selected element.
    press(&mut app, "<Space>fAPI<Enter>alrate limit<Enter>");
    let id = slug("rate-limit");
    assert_eq!(app.model.controls[&id].guards[0].0.as_str(), "api");
    assert!(app.derived().controls.get(&id).unwrap().state == State::NotInPlace, "it is proposed");
    press(&mut app, "u");
    assert!(!app.model.controls.contains_key(&id));
    // From the threats: what answers the rule comes first, and is bound to the place.
    press(&mut app, "3");
    let at =
        |app: &sandtable::app::App| sandtable::app::threats::current(app).map(|entry| format!("{entry:?}")).unwrap();
    while !at(&app).contains("other") {
        press(&mut app, "j");
    }
    press(&mut app, "al<Enter>");
    let control = &app.model.controls[&id];
    assert_eq!((control.guards[0].0.as_str(), control.answers[1].as_str()), ("other", "LC-080"));
    // Once in place it answers, declared only; and what it answers alone opens when it is retired.
    press(&mut app, "5/rate<Enter>s<Down><Down><Enter>");
    let shown = screen(&app);
    assert!(
        shown.contains("declared only") && shown.contains("Opens if it fails: nothing else answers (1)"),
        "{shown}"
    );
    press(&mut app, "x");
    assert!(screen(&app).contains("LC-080 endpoint other"), "{}", screen(&app));
    press(&mut app, "y");
    assert_eq!(app.derived().controls.get(&id).unwrap().state, State::NotInPlace);
    press(&mut app, "uu");
    // The same control once more guards one thing more.
    press(&mut app, "<Esc>1<Space>fAPI<Enter>alrate limit<Enter>");
    let guards: Vec<&str> = app.model.controls[&id].guards.iter().map(|link| link.0.as_str()).collect();
    assert_eq!(guards, ["other", "api"]);
    // One that does not name the rule answers it at this place alone.
    press(&mut app, "3");
    while !at(&app).contains("other") {
        press(&mut app, "j");
    }
    press(&mut app, "alsessions end<Enter>");
    let answers: Vec<&str> = app.model.controls[&slug("session-lifetime")].answers.iter().map(Text::as_str).collect();
    assert_eq!(answers, ["LC-007", "LC-080@other"]);
}

#[test]
fn an_empty_list_says_what_to_do() {
    let mut app = open("Model(format: 1, title: \"x\")", 80, 24);
    press(&mut app, "5");
    assert!(screen(&app).contains("al adds one of the library"));
    press(&mut app, "njkGggsx<Enter>");
    assert!(app.layers.is_empty());
    for size in [(1, 1), (20, 3), (40, 5)] {
        let mut app = open(CLINIC, size.0, size.1);
        press(&mut app, "5jG");
        let _ = screen(&app);
    }
}

/// The whole way on a terminal: what is on the disk is seen when the workbench opens, and again when somebody asks.
#[cfg(unix)]
#[test]
fn the_workbench_looks_at_the_disk_when_it_opens_and_when_asked() {
    use super::terminal::{Answers, Home};
    let sum = Sum::of(b"hello");
    let text = LIMITED
        .replace("(kind: Review, at: \"Afternoon\"", &format!("(kind: File, at: \"docs-a.md\", sha256: \"{sum}\""));
    let home = Home::new(&[("limited.ron", text.as_str()), ("docs-a.md", "hello!")]);
    std::fs::create_dir(home.path(".git")).unwrap();
    let mut pty = home.spawn((120, 40), &["limited.ron", "--today", TODAY], Answers::All);
    pty.press_until("5", |seen| seen.text().contains("file changed"));
    std::fs::write(home.path("docs-a.md"), "hello").unwrap();
    pty.keys_then("o", "looked at 1 piece; 0 controls");
    std::fs::remove_file(home.path("docs-a.md")).unwrap();
    pty.keys_then("o", "looked at 1 piece; 1 control can");
    pty.keys_then("n", "What is the evidence");
    pty.keys_then("\r", "Which file?");
    pty.keys_then("docs-b.md\r", "there is no file docs-b.md");
    std::fs::write(home.path("docs-b.md"), "b").unwrap();
    pty.keys_then("\r", "How much does it show?");
    pty.keys("\r\r\r");
    pty.wait_for("add evidence docs-b.md of Ceiling");
    pty.keys_then(" s", "saved");
    pty.wait_without("not saved");
    assert!(home.read("limited.ron").contains(&Sum::of(b"b").to_string()));
    pty.keys("q");
    assert_eq!(pty.exit(), 0);
}

#[test]
fn what_works_on_the_selected_element_works_on_the_control() {
    let mut app = open(LIMITED, 120, 40);
    press(&mut app, "<Space>fAPI<Enter>5");
    assert_eq!(app.cursor().map(ToString::to_string).as_deref(), Some("controls/ceiling"));
    press(&mut app, "e");
    assert_eq!((app.screen, app.focus()), (Screen::Map, sandtable::app::state::Pane::Inspector));
    press(&mut app, "<Esc><lt>");
    assert_eq!(app.cursor().map(ToString::to_string).as_deref(), Some("endpoints/api"), "the way back is remembered");
}

#[test]
fn the_mouse_selects_scrolls_and_opens() {
    use sandtable::app::msg::{Held, Mouse, MouseAction};
    let mut app = open(CLINIC, 80, 24);
    press(&mut app, "5");
    let mouse = |app: &mut sandtable::app::App, action, y| {
        send(app, Msg::Mouse(Mouse { action, x: 5, y, held: Held::default() }));
    };
    mouse(&mut app, MouseAction::Press, 5);
    assert_eq!(app.controls.list.at(), 2);
    mouse(&mut app, MouseAction::Press, 20);
    assert_eq!(app.controls.list.at(), 2, "there is nothing");
    mouse(&mut app, MouseAction::Wheel(sandtable::diagram::Side::Up), 5);
    assert_eq!(app.controls.list.at(), 0);
    mouse(&mut app, MouseAction::Press, 3);
    assert_eq!(app.layers.len(), 1, "a second click opens");
}

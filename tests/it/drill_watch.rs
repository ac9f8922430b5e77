//! A whole drill with the real program: a facilitator writes, players and an evaluator look at their own terminals, and
//! nothing that is hidden gets to a player.

use super::headless::CLINIC;
use super::terminal::{Answers, Home, Pty};
use sandtable::app::command::COMMANDS;
use sandtable::drill::bundled;
use sandtable::drill::hidden::{Facilitator, Hidden};
use sandtable::drill::playbook::Playbook;
use sandtable::drill::scenario::Scenario;
use sandtable::library::clocks;
use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Child, ChildStdin, Command, Stdio};

/// A facilitator who types lines into the real program.
struct Running {
    child: Child,
    stdin: ChildStdin,
}

impl Running {
    fn start(home: &Home, log: &str) -> Running {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sandtable"))
            .args(["drill", "run", "s1-open-list", "--model", "clinic.ron", "--log", log])
            .args(["--simulated", "--date", "2026-12-01"])
            .current_dir(home.path(""))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take().unwrap();
        let running = Running { child, stdin };
        while std::fs::read_to_string(home.path(log)).unwrap_or_default().lines().count() == 0 {
            std::thread::yield_now();
        }
        running
    }

    fn say(&mut self, line: &str) {
        writeln!(self.stdin, "{line}").unwrap();
        self.stdin.flush().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The whole of S1 in lines.
const PLAY: [&str; 30] = [
    "send i1",
    "ack i1 soc",
    "wait 4m",
    "met verify-outside seen from a telephone",
    "met name-commander she said so",
    "wait 2m",
    "send i2",
    "met keep-evidence copied",
    "open evidence task soc by=ic Copy what came back",
    "take evidence",
    "done evidence",
    "decide d-unpublish unpublish app nobody needs it today",
    "wait 6m",
    "send i3a",
    "met hold-outage at noon",
    "wait 15m",
    "send i4",
    "submit gdpr-33-1 privacy",
    "met prove-closed shown",
    "jump 1h lunch",
    "wait 2m",
    "send i5",
    "decide d-siblings all ic it is safer",
    "met tell-finance-risk written down",
    "jump 20h next morning",
    "send i6",
    "decide d-notify both privacy people can protect themselves",
    "wait 30m",
    "send i7",
    "met people-first called",
];

/// What a terminal shows that is not from the scenario.
const STATIC: &str = "EXERCISE running paused over play wall story messages waits waiting known believed unknown what
    legal clocks who calls whom nothing begin with assumption question ruling decided decision since deputy called by
    pane next full filter close help keys more lines decide task notification running breached without undue delay
    submitted spare from controller-aware high-risk-found begins wrote written ruled clock runs playbook says whom you
    call Copy what came back step commands messages light dark suspend search reader picker prompt confirm choose
    unpublish siblings evidence d-unpublish d-siblings d-notify";

fn words(text: &str) -> BTreeSet<String> {
    text.split(|ch: char| !ch.is_alphanumeric())
        .filter(|word| word.chars().count() >= 5)
        .map(str::to_lowercase)
        .collect()
}

/// The words of a scenario that a role must never see, and that nothing it may see has in it.
fn forbidden(scenario: &Scenario, playbook: &Playbook, role: &str) -> BTreeSet<String> {
    let view = Facilitator::view();
    let mut hidden = String::new();
    let mut open = format!("{} {} {STATIC} ", scenario.title, scenario.opening);
    let mut hide = |text: &Hidden| hidden.push_str(&format!("{} ", text.words(view)));
    scenario.truth.iter().for_each(|truth| hide(&truth.fact));
    scenario.duties.iter().for_each(|duty| hide(&duty.argue));
    scenario.decisions.iter().flat_map(|decision| &decision.options).for_each(|option| hide(&option.follows));
    for inject in &scenario.injects {
        hide(&inject.title);
        hide(&inject.hidden.truth);
        let behind = &inject.hidden;
        behind.probes.iter().chain(&behind.hints).chain(&behind.red_flags).for_each(&mut hide);
        inject.expect.iter().for_each(|expected| hide(&expected.action));
    }
    for inject in &scenario.injects {
        let to_role = inject.to.is_empty() || inject.to.iter().any(|to| to.as_str() == role);
        let into = if to_role { &mut open } else { &mut hidden };
        into.push_str(&format!("{} {} {} ", inject.from, inject.text, inject.channel.word()));
        inject.artefacts.iter().for_each(|artefact| into.push_str(&format!("{} {} ", artefact.title, artefact.text)));
    }
    for (objective, target, task) in scenario.tasks() {
        hidden.push_str(&format!("{} {} {} ", objective.text, target.text, task.text));
    }
    for decision in &scenario.decisions {
        let concerns = decision.owner.as_str() == role || decision.informs.iter().any(|to| to.as_str() == role);
        let into = if concerns { &mut open } else { &mut hidden };
        into.push_str(&format!("{} ", decision.question));
        decision.options.iter().for_each(|option| into.push_str(&format!("{} {} ", option.id, option.text)));
    }
    scenario.inspired_by.iter().for_each(|reported| hidden.push_str(&format!("{} ", reported.claim)));
    for role in &playbook.roles {
        open.push_str(&format!("{} {} ", role.id, role.title));
    }
    playbook.calls.iter().for_each(|call| open.push_str(&format!("{} ", call.by)));
    clocks::shipped().unwrap().rules.iter().for_each(|rule| open.push_str(&format!("{} ", rule.title)));
    COMMANDS.iter().for_each(|command| open.push_str(&format!("{} {} {} ", command.title, command.doc, command.name)));
    // What the model's own words stand for.
    open.push_str("Booking page Appointments endpoint dataset count booking appointments");
    &words(&hidden) - &words(&open)
}

/// The bytes of a terminal as text: what moves the cursor or gives a colour is a gap.
fn plain(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(ch) = chars.next() {
        if ch != '\u{1b}' {
            out.push(ch);
            continue;
        }
        let mut coloured = false;
        match chars.next() {
            Some('[') => {
                for ch in chars.by_ref() {
                    if ('@'..='~').contains(&ch) {
                        coloured = ch == 'm';
                        break;
                    }
                }
            }
            Some(']') => {
                while let Some(ch) = chars.next() {
                    if ch == '\u{7}' || ch == '\u{1b}' && chars.next_if_eq(&'\\').is_some() {
                        break;
                    }
                }
            }
            _ => {}
        }
        // A colour does not part a word.
        if !coloured {
            out.push(' ');
        }
    }
    out
}

/// Hidden words in what a role's terminal was sent.
fn leaked(scenario: &Scenario, playbook: &Playbook, role: &str, seen: &str) -> Vec<String> {
    forbidden(scenario, playbook, role).intersection(&words(seen)).cloned().collect()
}

#[test]
fn a_leak_would_be_found() {
    let scenario = bundled::scenario("s1-open-list").unwrap().unwrap();
    let playbook = bundled::playbook("data-exposure").unwrap().unwrap();
    let raw = b"\x1b[3;4HThe \x1b[1mresearcher\x1b[0m is honest\x1b[5;1H, and is not the first one to find it.";
    assert!(!leaked(&scenario, &playbook, "app", &plain(raw)).is_empty());
    // Of each kind of hidden text there are words that nothing else has.
    for (role, word) in [
        ("app", "honest"),
        ("app", "private"),
        ("soc", "lawyer"),
        ("comms", "mailbox"),
        ("soc", "employees"),
        ("app", "scraped"),
    ] {
        assert!(forbidden(&scenario, &playbook, role).contains(word), "{role}: {word}");
    }
    assert!(forbidden(&scenario, &playbook, "soc").len() > 100);
}

/// Leafs through every pane of a watcher, and reads each in full.
fn leaf(pty: &Pty, seen: &mut String) {
    for _ in 0..5 {
        pty.keys("f");
        pty.wait_for("╭─");
        seen.push_str(&pty.seen().text());
        pty.keys("\u{1b}");
        pty.wait_without("╭─");
        seen.push_str(&pty.seen().text());
        pty.keys("\t");
    }
}

#[test]
fn players_see_what_is_theirs_and_nothing_hidden() {
    let home = Home::new(&[("clinic.ron", CLINIC)]);
    let mut facilitator = Running::start(&home, "one.jsonl");
    let roles = [("soc", (120, 40)), ("app", (120, 40)), ("comms", (120, 40))];
    let watchers: Vec<(&str, Pty)> = roles
        .iter()
        .map(|(role, size)| (*role, home.spawn(*size, &["drill", "watch", "one.jsonl", "--role", role], Answers::All)))
        .collect();
    let mut seen: Vec<String> = watchers.iter().map(|_| String::new()).collect();
    for (_, pty) in &watchers {
        pty.wait_for("To begin with");
        // A key that comes while the terminal is asked for its colours is lost.
        pty.press_until("?", |seen| seen.text().contains("Keys: "));
        pty.keys("\u{1b}");
        pty.wait_without("Keys: ");
    }
    for (at, line) in PLAY.into_iter().enumerate() {
        facilitator.say(line);
        facilitator.say(&format!("ruling Step {at}."));
        for ((_, pty), seen) in watchers.iter().zip(&mut seen) {
            pty.wait_for(&format!("Step {at}."));
            seen.push_str(&pty.seen().text());
        }
        if at % 7 == 6 {
            watchers.iter().zip(&mut seen).for_each(|((_, pty), seen)| leaf(pty, seen));
        }
    }
    facilitator.say("end");
    let scenario = bundled::scenario("s1-open-list").unwrap().unwrap();
    let playbook = bundled::playbook("data-exposure").unwrap().unwrap();
    for ((role, mut pty), mut seen) in watchers.into_iter().zip(seen) {
        pty.wait_for("OVER");
        leaf(&pty, &mut seen);
        for (theirs, text) in [
            ("soc", "I asked for one page"),
            ("app", "That list is public on purpose"),
            ("comms", "We go to print at four"),
        ] {
            assert_eq!(
                seen.split_whitespace().collect::<Vec<_>>().join(" ").contains(text),
                theirs == role,
                "{role}: {text}"
            );
        }
        pty.keys("q");
        assert_eq!(pty.exit(), 0);
        pty.assert_given_back(&format!("the watcher of {role}"));
        seen.push_str(&plain(&pty.seen().raw));
        let leaked = leaked(&scenario, &playbook, role, &seen);
        assert!(leaked.is_empty(), "{role} saw words that are hidden: {leaked:?}");
    }
}

/// Every event is on the disk before it is shown: kill -9 loses nothing, and the drill goes on.
#[test]
fn a_kill_loses_nothing_of_a_drill() {
    let home = Home::new(&[("clinic.ron", CLINIC)]);
    let arguments = ["drill", "run", "s1-open-list", "--log", "one.jsonl", "--screen"];
    let mut pty = home.spawn((120, 40), &arguments, Answers::All);
    pty.wait_for("RUNNING");
    pty.press_until("?", |seen| seen.text().contains("Keys: "));
    pty.keys("\u{1b}");
    pty.wait_without("Keys: ");
    pty.keys_then("s", "i1 goes to soc");
    pty.keys_then("ng", "Gap: what is missing?");
    pty.keys("Nobody owns the page\r");
    pty.wait_for("note gap");
    pty.signal("KILL");
    pty.exit();
    let text = home.read("one.jsonl");
    assert!(text.contains("Nobody owns the page"), "{text}");
    let mut pty = home.spawn((120, 40), &arguments, Answers::All);
    pty.wait_for("sent at");
    pty.wait_for("RUNNING");
    // The clocks go on by themselves.
    let before = pty.seen().text();
    pty.wait_until("the clock", |seen| seen.text() != before);
    pty.press_until("q", |seen| seen.text().contains("Close the drill?"));
    pty.keys("y");
    assert_eq!(pty.exit(), 0);
    pty.assert_given_back("the console, after q");
}

/// Without a terminal there is text, as before; with one, --plain asks for it.
#[test]
fn text_is_there_where_no_screen_is() {
    let home = Home::new(&[("clinic.ron", CLINIC)]);
    let mut facilitator = Running::start(&home, "one.jsonl");
    facilitator.say("send");
    while home.read("one.jsonl").lines().count() < 2 {
        std::thread::yield_now();
    }
    let piped = super::cli::run(&["drill", "watch", "one.jsonl", "--role", "soc"], &home.path(""));
    assert!(piped.code == 0 && piped.stdout.contains("I asked for one page"), "{}{}", piped.stdout, piped.stderr);
    let mut pty = home.spawn((80, 24), &["drill", "watch", "one.jsonl", "--role", "soc", "--plain"], Answers::All);
    assert_eq!(pty.exit(), 0);
    assert!(!pty.seen().modes().contains_key(&1049), "it took the screen");
    let screen = super::cli::run(&["drill", "watch", "one.jsonl", "--projector"], &home.path(""));
    assert!(screen.code == 2 && screen.stderr.contains("needs a terminal"), "{}", screen.stderr);
}

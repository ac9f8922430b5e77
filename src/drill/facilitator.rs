//! What a facilitator sees of a drill, pane by pane. Hidden words are in here: nothing of it is for players.

use super::binding::fill;
use super::board::{Row, Subject, Tone, clock, counted_clock, minutes, story_minute};
use super::event::{NoteSort, Sort, Words};
use super::guard::Guard;
use super::hidden::Facilitator;
use super::lint::MILESTONES;
use super::player::words;
use super::scenario::{Expected, Inject, InjectKind, Within};
use super::state::{Fate, Item, Phase, Plan, Stamp, State};
use super::what_if::{counts, way_line};
use crate::library::lapse::Lapse;
use crate::model::Slug;
use crate::model::text::{Text, counted};
use std::collections::BTreeMap;

/// After so many seconds of play without a word a role is quiet, and should be asked by name.
pub const QUIET_AFTER: i64 = 15 * 60;

/// A drill at a point in time, with the right to read what is hidden.
#[derive(Debug, Clone)]
pub struct Console<'d> {
    plan: &'d Plan,
    state: &'d State,
    now: Stamp,
    words: BTreeMap<String, Text>,
    view: Facilitator,
}

/// How an inject stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Its guard holds, and its planned time is there.
    Ready,
    /// Its guard holds, and its planned time is to come.
    Upcoming,
    /// Something has to happen first.
    Waiting,
    /// It was not sent, and the drill is over.
    Left,
    /// It is held back.
    Held,
    /// It was sent, left out, or another one was sent in its place.
    Done,
}

impl Turn {
    fn title(self) -> &'static str {
        match self {
            Turn::Ready => "READY",
            Turn::Upcoming => "UPCOMING",
            Turn::Waiting => "WAITING",
            Turn::Left => "NOT SENT",
            Turn::Held => "HELD BACK",
            Turn::Done => "DONE",
        }
    }
}

impl<'d> Console<'d> {
    /// A drill as a facilitator sees it.
    pub fn new(plan: &'d Plan, state: &'d State, now: Stamp) -> Console<'d> {
        let words = state.begun.as_ref().map(words).unwrap_or_default();
        Console { plan, state, now, words, view: Facilitator::view() }
    }

    /// A text with what the queries found in the place of their names.
    pub fn filled(&self, text: &str) -> String {
        self.full(text)
    }

    fn full(&self, text: &str) -> String {
        fill(text, &self.words)
    }

    fn age(&self, since: Stamp) -> Lapse {
        minutes(self.now.play - since.play)
    }

    /// How an inject stands.
    pub fn turn(&self, inject: &Inject) -> Turn {
        let id = inject.id.slug();
        if self.state.injects.contains_key(id) {
            Turn::Done
        } else if self.state.phase == Phase::Ended {
            Turn::Left
        } else if self.state.held.contains(id) {
            Turn::Held
        } else if !self.state.ready(self.plan, self.now).any(|ready| ready.id.slug() == id) {
            Turn::Waiting
        } else if inject.at.0 > self.now.story {
            Turn::Upcoming
        } else {
            Turn::Ready
        }
    }

    /// Parts that were begun, and all.
    pub fn parts(&self) -> (u8, u8) {
        let injects = &self.plan.scenario.injects;
        let sent = injects.iter().filter(|inject| self.state.sent(inject.id.as_str()).is_some());
        let begun = sent.map(|inject| inject.part).max().unwrap_or(1);
        (begun, injects.iter().map(|inject| inject.part).max().unwrap_or(1))
    }

    /// How far the drill is behind its plan, in seconds of the story: what is due and not sent counts, or else what was
    /// sent last. Injects for what did not happen have no plan.
    pub fn drift(&self) -> Option<i64> {
        if self.state.phase == Phase::Ended {
            return None;
        }
        let planned = || self.plan.scenario.injects.iter().filter(|inject| inject.kind == InjectKind::Contextual);
        let due = planned().filter(|inject| self.turn(inject) == Turn::Ready).map(|inject| inject.at.0).min();
        let sent = planned().filter_map(|inject| Some((self.state.sent(inject.id.as_str())?, inject.at.0))).max();
        match (due, sent) {
            (Some(at), _) => Some(self.now.story - at),
            (None, Some((sent, at))) => Some(sent.story - at),
            (None, None) => None,
        }
    }

    /// The drift in words.
    pub fn drift_words(&self) -> String {
        match self.drift() {
            None => String::new(),
            Some(drift) if drift.abs() < 60 => "on plan".to_owned(),
            Some(drift) if drift > 0 => format!("{} behind plan", minutes(drift)),
            Some(drift) => format!("{} ahead of plan", minutes(-drift)),
        }
    }

    /// Ready, upcoming, waiting, held, done.
    pub fn injects(&self) -> Vec<Row> {
        let injects = &self.plan.scenario.injects;
        let mut rows = Vec::new();
        for turn in [Turn::Ready, Turn::Upcoming, Turn::Held, Turn::Waiting, Turn::Left, Turn::Done] {
            let mut of_turn: Vec<&Inject> = injects.iter().filter(|inject| self.turn(inject) == turn).collect();
            if of_turn.is_empty() {
                if turn == Turn::Ready {
                    if self.state.phase != Phase::Ended {
                        rows.push(Row::heading(turn.title()));
                    }
                    rows.push(Row::dim(self.nothing_ready()));
                }
                continue;
            }
            if turn == Turn::Upcoming {
                of_turn.sort_by_key(|inject| inject.at.0);
            }
            if turn == Turn::Done {
                of_turn.sort_by_key(|inject| std::cmp::Reverse(self.state.sent(inject.id.as_str())));
            }
            let head = if turn == Turn::Done { format!("DONE ({})", of_turn.len()) } else { turn.title().to_owned() };
            rows.push(Row::heading(head));
            rows.extend(of_turn.into_iter().map(|inject| self.inject_row(inject, turn)));
        }
        rows
    }

    fn nothing_ready(&self) -> &'static str {
        match self.state.phase {
            Phase::Before => "The drill has not begun.",
            Phase::Ended => "The drill is over. Notes, ratings and follow-ups can still come.",
            Phase::Paused => "Nothing is due. The drill is paused.",
            Phase::Running => "Nothing is due. A jump brings the story on.",
        }
    }

    fn inject_row(&self, inject: &Inject, turn: Turn) -> Row {
        let title = self.full(inject.title.words(self.view));
        let ahead = inject.at.0 - self.now.story;
        let (tone, behind) = match turn {
            Turn::Ready if ahead.abs() < 60 => (Tone::Warning, "now".to_owned()),
            Turn::Ready => (Tone::Warning, format!("due since {} of the story", minutes(-ahead))),
            Turn::Upcoming => {
                let scale = self.state.clocks.scale().max(1);
                (Tone::Plain, format!("in {} of play", counted_clock(ahead / scale)))
            }
            Turn::Waiting => (Tone::Dim, format!("after {}", guard(&inject.when))),
            Turn::Held => (Tone::Dim, "held back".to_owned()),
            Turn::Left => (Tone::Dim, "was not sent".to_owned()),
            Turn::Done => (Tone::Dim, self.fate(inject)),
        };
        let contingency = if inject.kind == InjectKind::Contingency { " (contingency)" } else { "" };
        Row::new(inject.id.as_str(), format!("{title}{contingency} – {behind}"))
            .tone(tone)
            .about(Subject::Inject(inject.id.slug().clone()))
    }

    fn fate(&self, inject: &Inject) -> String {
        match self.state.injects.get(inject.id.slug()) {
            None => "not sent".to_owned(),
            Some(Fate::Sent(at, acks)) if acks.is_empty() => format!("sent at {}", counted_clock(at.play)),
            Some(Fate::Sent(at, acks)) => {
                let roles: Vec<&str> = acks.keys().map(Slug::as_str).collect();
                format!("sent at {}, {} has it", counted_clock(at.play), roles.join(", "))
            }
            Some(Fate::Skipped(why)) => format!("left out: {}", why.shown()),
            Some(Fate::Excluded(other)) => format!("{other} was sent instead"),
        }
    }

    /// The inject to look at: the one that is due, or else the one that was sent last, or else the next one.
    pub fn current(&self) -> Option<&'d Inject> {
        let injects = &self.plan.scenario.injects;
        let of = |turn: Turn| injects.iter().filter(move |inject| self.turn(inject) == turn);
        let sent = injects.iter().filter(|inject| self.state.sent(inject.id.as_str()).is_some());
        of(Turn::Ready)
            .next()
            .or_else(|| sent.max_by_key(|inject| self.state.sent(inject.id.as_str())))
            .or_else(|| of(Turn::Upcoming).min_by_key(|inject| inject.at.0))
    }

    /// All about an inject.
    pub fn inject(&self, id: &str) -> Vec<Row> {
        let Some(inject) = self.plan.scenario.inject(id) else { return Vec::new() };
        let to: Vec<&str> = inject.to.iter().map(|role| role.as_str()).collect();
        let to = if to.is_empty() { "everybody".to_owned() } else { to.join(", ") };
        let mut rows = vec![
            Row::heading(format!("{} {}", inject.id, self.full(inject.title.words(self.view)))),
            Row::dim(format!(
                "{} from {} to {to} – {}",
                inject.channel.word(),
                self.full(inject.from.as_str()),
                self.fate(inject)
            )),
            Row::wide(self.full(self.state.text_of(inject))),
        ];
        for (at, _, words) in self.state.resent.iter().filter(|(_, again, _)| again.as_str() == id) {
            let words = words.as_ref().map_or("as it was".to_owned(), |words| self.full(words.shown()));
            rows.push(Row::new("again", format!("{words} ({})", counted_clock(at.play))));
        }
        for artefact in &inject.artefacts {
            rows.push(Row::new("with it", self.full(artefact.title.as_str())));
            rows.push(Row::new("", self.full(artefact.text.as_str())));
        }
        let hidden = &inject.hidden;
        if !hidden.truth.is_empty() {
            rows.push(Row::new("truth", self.full(hidden.truth.words(self.view))).tone(Tone::Warning));
        }
        rows.extend(inject.expect.iter().map(|expected| self.expected_row(inject, expected)));
        if let Some(decision) = inject.decision.as_ref().and_then(|id| self.plan.scenario.decision(id.as_str())) {
            let subject = Subject::Item(decision.id.slug().clone());
            let question = format!("{} ({})", self.full(decision.question.as_str()), decision.owner);
            rows.push(Row::new("decide", question).about(subject));
            for option in &decision.options {
                let follows = self.full(option.follows.words(self.view));
                let text = format!("{}: {} {follows}", option.id, self.full(option.text.as_str()));
                rows.push(Row::new("", text.trim_end()).tone(Tone::Dim));
            }
        }
        for (left, all) in [("ask", &hidden.probes), ("hint", &hidden.hints), ("red flag", &hidden.red_flags)] {
            rows.extend(all.iter().map(|text| Row::new(left, self.full(text.words(self.view)))));
        }
        rows
    }

    fn expected_row(&self, inject: &Inject, expected: &Expected) -> Row {
        let action = self.full(expected.action.words(self.view));
        let (mark, tone, when) = self.standing_of(inject, expected);
        Row::new(mark, format!("{}: {action} ({when}) {}", expected.role, expected.id))
            .tone(tone)
            .about(Subject::Expected(expected.id.slug().clone()))
    }

    /// How an expected action stands: a mark, how it stands out, and when it is due or was seen.
    fn standing_of(&self, inject: &Inject, expected: &Expected) -> (&'static str, Tone, String) {
        if let Some(seen) = self.state.met.get(expected.id.slug()) {
            let late = if seen.in_time { "in time" } else { "late" };
            return ("[x]", Tone::Dim, format!("seen at {}, {late}", counted_clock(seen.at.play)));
        }
        let Some(sent) = self.state.sent(inject.id.as_str()) else {
            let (lapse, clock) = within(expected.within);
            return ("[ ]", Tone::Plain, format!("within {lapse} of {clock}"));
        };
        let (left, clock) = match expected.within {
            Within::Play(lapse) => (sent.play + lapse.0 - self.now.play, "play"),
            Within::Story(lapse) => (sent.story + lapse.0 - self.now.story, "the story"),
        };
        if left < 0 {
            ("[ ]", Tone::Alarm, format!("OVERDUE by {} of {clock}", minutes(-left)))
        } else {
            ("[ ]", Tone::Warning, format!("due in {} of {clock}", minutes(left)))
        }
    }

    /// Every action that is expected of what was sent, the open ones first.
    pub fn expected(&self) -> Vec<Row> {
        let sent = |(inject, _): &(&Inject, &Expected)| self.state.sent(inject.id.as_str()).is_some();
        let mut all: Vec<(&Inject, &Expected)> = self.plan.scenario.all_expected().filter(sent).collect();
        all.sort_by_key(|(_, expected)| self.state.met.contains_key(expected.id.slug()));
        if all.is_empty() {
            return vec![Row::dim("Nothing was sent yet, so nothing is expected.")];
        }
        all.into_iter().map(|(inject, expected)| self.expected_row(inject, expected)).collect()
    }

    /// Open decisions and work, then what is done.
    pub fn work(&self) -> Vec<Row> {
        let open = |sort: Sort| self.state.items.iter().filter(move |item| item.done.is_none() && item.sort == sort);
        let mut rows = Vec::new();
        for (sort, title) in [(Sort::Decision, "TO DECIDE"), (Sort::Task, "TO DO"), (Sort::Notification, "TO NOTIFY")] {
            if open(sort).next().is_some() {
                rows.push(Row::heading(title));
                rows.extend(open(sort).map(|item| self.item_row(item)));
            }
        }
        if rows.is_empty() {
            rows.push(Row::dim("Nothing is open."));
        }
        if !self.state.decisions.is_empty() {
            rows.push(Row::heading("DECIDED"));
        }
        for made in self.state.decisions.iter().rev() {
            let (tone, power) = match made.authorised {
                Some(false) => (Tone::Alarm, ", who MAY NOT"),
                _ => (Tone::Plain, ""),
            };
            let text = format!(
                "{} by {}{power} at {}: {}",
                made.option,
                made.role,
                counted_clock(made.at.play),
                made.rationale.shown()
            );
            rows.push(Row::new(made.decision.as_str(), text).tone(tone));
        }
        let done: Vec<&Item> =
            self.state.items.iter().filter(|item| item.done.is_some() && item.sort != Sort::Decision).collect();
        if !done.is_empty() {
            rows.push(Row::heading(format!("DONE ({})", done.len())));
        }
        rows.extend(done.iter().rev().map(|item| {
            let at = item.done.map_or(String::new(), |at| counted_clock(at.play));
            Row::new(item.id.as_str(), format!("{} ({}, done at {at})", self.said(&item.what), owner(item)))
                .tone(Tone::Dim)
                .about(Subject::Item(item.id.clone()))
        }));
        rows
    }

    fn said(&self, words: &Words) -> String {
        self.full(words.shown())
    }

    fn item_row(&self, item: &Item) -> Row {
        let age = self.age(item.opened);
        let mut tone = Tone::Plain;
        let how = match item.sort {
            Sort::Decision => {
                let power = self.plan.scenario.decision(item.id.as_str()).map(|decision| decision.power.as_str());
                let who = item.owner.as_ref().map(Slug::as_str);
                match (power, who) {
                    (Some(power), Some(who)) if self.plan.may(who, power) => format!("may decide ({power})"),
                    (Some(power), _) => {
                        tone = Tone::Alarm;
                        format!("LACKS the power {power}")
                    }
                    (None, _) => "nobody said which power it takes".to_owned(),
                }
            }
            Sort::Task | Sort::Notification => match (self.blocked_on(item), item.acked) {
                (Some(blocked), _) => {
                    tone = Tone::Warning;
                    format!("waits for {blocked}")
                }
                (None, Some(since)) => format!("works on it since {}", self.age(since)),
                (None, None) => {
                    tone = Tone::Warning;
                    "nobody has begun".to_owned()
                }
            },
        };
        Row::new(item.id.as_str(), format!("{} – {}, {how}, open {age}", self.said(&item.what), owner(item)))
            .tone(tone)
            .about(Subject::Item(item.id.clone()))
    }

    /// What a piece of work waits for, and whose that is.
    fn blocked_on(&self, item: &Item) -> Option<String> {
        let open = |id: &&Slug| self.state.item(id.as_str()).is_none_or(|need| need.done.is_none());
        let names: Vec<String> = item
            .needs
            .iter()
            .filter(open)
            .map(|id| match self.state.item(id.as_str()) {
                Some(need) => format!("{id} ({})", owner(need)),
                None => id.to_string(),
            })
            .collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// Every legal clock with its anchor.
    pub fn clocks(&self) -> Vec<Row> {
        let standings = self.state.standings(self.plan, self.now);
        if standings.is_empty() {
            return vec![Row::dim("The scenario has no legal clock.")];
        }
        standings.iter().map(|(rule, standing)| clock(rule, standing, self.state, self.now)).collect()
    }

    /// Who plays what: seat, open items, last word, last acknowledgement.
    pub fn roles(&self) -> Vec<Row> {
        let state = self.state;
        let row = |role: &crate::library::located::Name| {
            let seat = match state.seats.get(role.slug()) {
                None => "empty".to_owned(),
                Some(seated) if seated.holder => seated.person.shown().to_owned(),
                Some(seated) => format!("{} stands in", seated.person.shown()),
            };
            let mine = |item: &&Item| item.done.is_none() && item.owner.as_ref() == Some(role.slug());
            let open = state.items.iter().filter(mine).count();
            let open = if open == 0 { String::new() } else { format!(", {open} open") };
            let (tone, spoke) = match state.spoke.get(role.slug()) {
                Some(at) if self.now.play - at.play > QUIET_AFTER => {
                    (Tone::Warning, format!(", QUIET for {}", self.age(*at)))
                }
                Some(at) => (Tone::Plain, format!(", spoke {} ago", self.age(*at))),
                None if self.now.play > QUIET_AFTER => (Tone::Warning, ", never spoke: ask by name".to_owned()),
                None => (Tone::Plain, String::new()),
            };
            let acked = state.injects.iter().filter_map(|(inject, fate)| match fate {
                Fate::Sent(_, acks) => Some((*acks.get(role.slug())?, inject)),
                _ => None,
            });
            let acked = acked.max().map_or(String::new(), |(_, inject)| format!(", has {inject}"));
            Row::new(role.as_str(), format!("{seat}{open}{spoke}{acked}"))
                .tone(tone)
                .about(Subject::Role(role.slug().clone()))
        };
        self.plan.scenario.cast.iter().map(row).collect()
    }

    /// What the attacker still reaches, as the log said it last.
    fn reach(&self) -> Vec<Row> {
        let pictures = &self.state.pictures;
        let Some((at, now)) = pictures.last() else { return Vec::new() };
        let mut rows =
            vec![Row::heading(format!("STILL REACHES {}", counts(now))), Row::dim(story_minute(self.state, *at))];
        for contained in &now.contained {
            let vain = now.without_effect.contains(contained);
            let row =
                Row::new("done", format!("{contained}{}", if vain { " (changes nothing in the model)" } else { "" }));
            rows.push(if vain { row.tone(Tone::Warning) } else { row.tone(Tone::Dim) });
        }
        let first = pictures.first().map(|(_, first)| first);
        for goal in &now.goals {
            let was = first.and_then(|first| first.goals.iter().find(|other| other.dataset == goal.dataset));
            let was = was.filter(|was| was.word() != goal.word());
            let was = was.map_or(String::new(), |was| format!(" (was {})", was.word()));
            let tone = match goal.word() {
                "open" => Tone::Alarm,
                "closed" => Tone::Plain,
                _ => Tone::Warning,
            };
            rows.push(Row::new(goal.word(), format!("{}{was}", goal.title)).tone(tone));
            rows.extend(goal.ways.iter().take(1).map(|way| Row::new("by", way_line(way))));
        }
        rows
    }

    /// What the attacker still reaches; what is really going on: the truth, and how far the team has come.
    pub fn attacker(&self) -> Vec<Row> {
        let mut rows = self.reach();
        rows.push(Row::heading("BEHIND THE SCENES"));
        for truth in &self.plan.scenario.truth {
            let fact = self.full(truth.fact.words(self.view));
            rows.push(
                Row::new("truth", format!("{} ({}): {fact}", truth.event, Lapse(truth.at.0))).tone(Tone::Warning),
            );
        }
        rows.push(Row::heading("HOW FAR THE TEAM IS"));
        // What this scenario can not bring about is no gap of the team.
        let can_be = |milestone: &str| self.plan.scenario.emits().any(|event| event.as_str() == milestone);
        for milestone in MILESTONES.into_iter().filter(|milestone| can_be(milestone)) {
            let at = self.state.emitted.get(milestone);
            let row = match at {
                Some(at) => Row::new("[x]", format!("{milestone} {}", story_minute(self.state, *at))),
                None => Row::new("[ ]", milestone).tone(Tone::Dim),
            };
            rows.push(row);
        }
        let emitted = |name: &str| self.state.emitted.get(name).map(|at| at.story);
        match (emitted("exposure-began"), emitted("contained")) {
            (Some(began), None) => {
                rows.push(Row::new("open for", minutes(self.now.story - began).to_string()).tone(Tone::Warning));
            }
            (Some(began), Some(closed)) => rows.push(Row::new("was open", minutes(closed - began).to_string())),
            (None, _) => {}
        }
        if let (Some(ordered), None) = (emitted("containment-ordered"), emitted("contained")) {
            let since = minutes(self.now.story - ordered);
            rows.push(
                Row::new("ordered", format!("{since} ago, and nobody has shown that it is closed")).tone(Tone::Warning),
            );
        }
        if let Some(begin) = self.state.begun.as_ref().filter(|begin| !begin.elements.is_empty()) {
            let names: Vec<&str> = begin.elements.iter().map(Text::as_str).collect();
            rows.push(Row::new("on the map", names.join(", ")).tone(Tone::Dim));
        }
        rows
    }

    /// Rulings and notes, the newest first.
    pub fn notes(&self) -> Vec<Row> {
        let rulings = self.state.rulings.iter().map(|(at, text)| (*at, "ruling", None, text.shown().to_owned()));
        let notes = self.state.notes.iter().map(|note| (note.at, note.sort.word(), note.role.as_ref(), note.words()));
        let mut all: Vec<_> = rulings.chain(notes).collect();
        all.sort_by_key(|(at, ..)| *at);
        if all.is_empty() {
            return vec![Row::dim("Nobody has written anything down yet.")];
        }
        let row = |(at, word, role, text): (Stamp, &str, Option<&Slug>, String)| {
            let role = role.map_or(String::new(), |role| format!("{role}: "));
            let tone = if word == NoteSort::Gap.word() { Tone::Warning } else { Tone::Plain };
            Row::new(word, format!("{role}{text} ({})", counted_clock(at.play))).tone(tone)
        };
        all.into_iter().rev().map(row).collect()
    }

    /// What was hidden, told when a drill is over: to somebody who played alone, or to the team.
    pub fn truth(&self) -> Vec<Row> {
        let mut rows = vec![Row::heading("WHAT WAS REALLY GOING ON")];
        for truth in &self.plan.scenario.truth {
            rows.push(Row::new(Lapse(truth.at.0).to_string(), self.full(truth.fact.words(self.view))));
        }
        for inject in &self.plan.scenario.injects {
            let was_sent = self.state.sent(inject.id.as_str()).is_some();
            rows.push(Row::heading(format!(
                "{}{}",
                self.full(inject.title.words(self.view)),
                if was_sent { "" } else { " (not sent)" }
            )));
            if !inject.hidden.truth.is_empty() {
                rows.push(Row::new("truth", self.full(inject.hidden.truth.words(self.view))));
            }
            for expected in &inject.expect {
                let mark = if self.state.met.contains_key(expected.id.slug()) { "[x]" } else { "[ ]" };
                let action = self.full(expected.action.words(self.view));
                rows.push(Row::new(mark, format!("{}: {action}", expected.role)));
            }
        }
        rows.push(Row::heading("WHERE IT WAS TAKEN FROM"));
        for reported in &self.plan.scenario.inspired_by {
            let text = format!("{} ({}; {})", reported.claim, reported.source, reported.standing.words());
            rows.push(Row::new("", text));
        }
        rows
    }

    /// What is open, in a few words, for a line that is always shown.
    pub fn open_words(&self) -> String {
        let open = self.state.items.iter().filter(|item| item.done.is_none()).count();
        counted(open, "open item")
    }
}

fn owner(item: &Item) -> &str {
    item.owner.as_ref().map_or("nobody", Slug::as_str)
}

fn within(within: Within) -> (Lapse, &'static str) {
    match within {
        Within::Play(lapse) => (lapse, "play"),
        Within::Story(lapse) => (lapse, "the story"),
    }
}

/// A guard in words.
pub fn guard(guard: &Guard) -> String {
    let all = |parts: &[Guard], word: &str| parts.iter().map(self::guard).collect::<Vec<_>>().join(word);
    match guard {
        Guard::Always => "nothing".to_owned(),
        Guard::All(parts) => all(parts, " and "),
        Guard::Any(parts) => all(parts, " or "),
        Guard::Not(inner) => format!("not {}", self::guard(inner)),
        Guard::Sent(name) => format!("{name} is sent"),
        Guard::Acked(name) => format!("somebody has {name}"),
        Guard::Decided(name) => format!("{name} is decided"),
        Guard::Chose(name, option) => format!("{name} goes for {option}"),
        Guard::Met(name) => format!("{name} is seen"),
        Guard::Missing(name) => format!("{name} is overdue"),
        Guard::Emitted(name) => format!("{name} has happened"),
    }
}

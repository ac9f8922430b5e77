//! What one role may see of a drill: what was sent to it, what it has to decide or to do, and how the clocks stand.
//!
//! Nothing here can read a [`Hidden`](super::hidden::Hidden): that takes a right that this file does not have.

use super::EXERCISE;
use super::binding::fill;
use super::board::{Row, Subject, Tone, clock, minutes, story_minute};
use super::duty::Standing;
use super::event::{Begin, NoteSort, Sort, Words};
use super::scenario::{Decision, Inject};
use super::state::{Item, Made, Phase, Plan, Stamp, State};
use crate::model::Slug;
use crate::model::text::Text;
use std::collections::BTreeMap;

/// The words that stand for the names in braces.
pub fn words(begin: &Begin) -> BTreeMap<String, Text> {
    begin.words.iter().map(|(name, words)| (name.clone(), Text::new(words.shown()))).collect()
}

/// Who looks at a drill without a right to what is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat<'r> {
    /// One role; one that the drill does not have sees what is meant for everybody.
    Role(&'r str),
    /// The room: what is meant for everybody.
    Room,
    /// Somebody who plays every role alone.
    All,
}

impl Seat<'_> {
    fn is(self, role: &str) -> bool {
        match self {
            Seat::Role(own) => own == role,
            Seat::Room => false,
            Seat::All => true,
        }
    }
}

/// A drill at a point in time, as somebody in a seat sees it.
#[derive(Debug, Clone)]
pub struct View<'d> {
    plan: &'d Plan,
    state: &'d State,
    seat: Seat<'d>,
    now: Stamp,
    words: BTreeMap<String, Text>,
}

impl<'d> View<'d> {
    /// A drill from a seat.
    pub fn new(plan: &'d Plan, state: &'d State, seat: Seat<'d>, now: Stamp) -> View<'d> {
        let words = state.begun.as_ref().map(words).unwrap_or_default();
        View { plan, state, seat, now, words }
    }

    fn full(&self, text: &str) -> String {
        fill(text, &self.words)
    }

    /// What everybody hears at the beginning.
    pub fn opening(&self) -> String {
        self.full(self.plan.scenario.opening.as_str())
    }

    /// What was sent to the seat, oldest first; what went out once more stands there twice.
    pub fn sent(&self) -> Vec<Sent<'d>> {
        let state = self.state;
        let is_mine = |inject: &Inject| inject.to.is_empty() || inject.to.iter().any(|to| self.seat.is(to.as_str()));
        let mut sent: Vec<Sent<'d>> = Vec::new();
        for inject in self.plan.scenario.injects.iter().filter(|inject| is_mine(inject)) {
            let Some(at) = state.sent(inject.id.as_str()) else { continue };
            let mut text = state.text_of(inject);
            sent.push(Sent { at, inject, text, again: false });
            for (at, _, words) in state.resent.iter().filter(|(_, id, _)| id == inject.id.slug()) {
                text = words.as_ref().map_or(text, Words::shown);
                sent.push(Sent { at: *at, inject, text, again: true });
            }
        }
        // In the order of the scenario where the time is the same.
        sent.sort_by_key(|sent| sent.at);
        sent
    }

    /// What the seat has to decide or to do.
    pub fn waiting(&self) -> impl Iterator<Item = &'d Item> {
        let (state, seat) = (self.state, self.seat);
        let mine = move |item: &&Item| item.owner.as_ref().is_some_and(|owner| seat.is(owner.as_str()));
        state.items.iter().filter(move |item| item.done.is_none() && mine(item))
    }

    /// The decision of the scenario that an item is.
    fn decision(&self, item: &Item) -> Option<&'d Decision> {
        self.plan.scenario.decision(item.id.as_str()).filter(|_| item.sort == Sort::Decision)
    }

    /// Decisions that the seat made, or has to know of.
    pub fn decided(&self) -> impl Iterator<Item = &'d Made> {
        let (plan, state, seat) = (self.plan, self.state, self.seat);
        state.decisions.iter().filter(move |made| {
            let decision = plan.scenario.decision(made.decision.as_str());
            seat.is(made.role.as_str())
                || decision.is_some_and(|decision| {
                    seat.is(decision.owner.as_str())
                        || decision.informs.iter().any(|informed| seat.is(informed.as_str()))
                })
        })
    }

    /// What was sent to the seat, the newest first; the opening comes last.
    pub fn messages(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for sent in self.sent().iter().rev() {
            rows.extend(self.message(sent));
            rows.push(Row::wide(""));
        }
        rows.push(Row::heading("To begin with"));
        rows.push(Row::wide(self.opening()));
        rows
    }

    /// One message.
    pub fn message(&self, sent: &Sent<'_>) -> Vec<Row> {
        let Sent { at, inject, text, again } = *sent;
        let head = format!(
            "{} · {} · {}{}",
            story_minute(self.state, at),
            inject.channel.word(),
            self.full(inject.from.as_str()),
            if again { " · once more" } else { "" }
        );
        let about = Subject::Inject(inject.id.slug().clone());
        let mut rows = vec![Row::heading(head).about(about.clone()), Row::wide(self.full(text)).about(about)];
        for artefact in &inject.artefacts {
            rows.push(Row::new("with it", self.full(artefact.title.as_str())).tone(Tone::Dim));
            rows.push(Row::new("", self.full(artefact.text.as_str())));
        }
        rows
    }

    /// How many things wait for the seat.
    pub fn count_waiting(&self) -> usize {
        self.waiting().count()
    }

    /// What waits for the seat, then what was decided.
    pub fn tasks(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for item in self.waiting() {
            let age = minutes(self.now.play - item.opened.play);
            let whose = match (self.seat, &item.owner) {
                (Seat::All, Some(owner)) => format!("{owner}, "),
                _ => String::new(),
            };
            let about = Subject::Item(item.id.clone());
            let text = format!("{} ({whose}{} since {age})", self.full(item.what.shown()), item.id);
            rows.push(Row::new(item.sort.word(), text).tone(Tone::Warning).about(about.clone()));
            for option in self.decision(item).iter().flat_map(|decision| &decision.options) {
                rows.push(
                    Row::new("", format!("{}: {}", option.id, self.full(option.text.as_str()))).about(about.clone()),
                );
            }
        }
        if rows.is_empty() {
            rows.push(Row::dim("Nothing waits for you."));
        }
        for made in self.decided() {
            let text =
                format!("{}: {} ({}, {})", made.decision, made.option, made.role, story_minute(self.state, made.at));
            rows.push(Row::new("decided", text).tone(Tone::Dim));
        }
        rows
    }

    /// What is known, believed and unknown, the newest first: rulings, assumptions and questions that were written down; and
    /// what there is to say where there are none. It is the same for every seat.
    fn noted(&self) -> [(&'static str, Vec<String>, &'static str); 3] {
        let of = |sort: NoteSort| {
            let notes = self.state.notes.iter().rev().filter(move |note| note.sort == sort);
            notes.map(|note| note.text.shown().to_owned()).collect::<Vec<_>>()
        };
        let known = self.state.rulings.iter().rev().map(|(_, text)| text.shown().to_owned()).collect();
        [
            ("Known", known, "nothing was ruled yet"),
            ("Believed", of(NoteSort::Assumption), "nobody wrote down an assumption"),
            ("Unknown", of(NoteSort::Question), "nobody wrote down a question"),
        ]
    }

    /// What is known, believed and unknown, under headings.
    pub fn picture(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for (title, texts, nothing) in self.noted() {
            rows.push(Row::heading(title));
            if texts.is_empty() {
                rows.push(Row::dim(nothing));
            }
            rows.extend(texts.into_iter().map(Row::wide));
        }
        rows
    }

    /// The same in as few rows as it takes, for the room; and whether anybody wrote anything down.
    pub fn situation(&self) -> (Vec<Row>, bool) {
        let mut rows = Vec::new();
        let mut is_written = false;
        for (title, texts, nothing) in self.noted() {
            let left = title.to_lowercase();
            if texts.is_empty() {
                rows.push(Row::new(left, nothing).tone(Tone::Dim));
                continue;
            }
            is_written = true;
            let lefts = std::iter::once(left).chain(std::iter::repeat(String::new()));
            rows.extend(texts.into_iter().zip(lefts).map(|(text, left)| Row::new(left, text)));
        }
        (rows, is_written)
    }

    /// The legal clocks that have started and concern the seat; all of them for the room. Which ones may still start
    /// would tell what is to come.
    pub fn clocks(&self) -> Vec<Row> {
        let concerns = |rule: &str| {
            let duty = self.plan.scenario.duties.iter().find(|duty| duty.rule.as_str() == rule);
            self.seat == Seat::Room || duty.is_some_and(|duty| self.seat.is(duty.role.as_str()))
        };
        let rows: Vec<Row> = self
            .state
            .standings(self.plan, self.now)
            .iter()
            .filter(|(rule, standing)| {
                concerns(rule.id.as_str()) && !matches!(standing, Standing::Excluded | Standing::Armed)
            })
            .map(|(rule, standing)| clock(rule, standing, self.state, self.now))
            .collect();
        if rows.is_empty() { vec![Row::dim("No clock runs.")] } else { rows }
    }

    /// Whom the seat calls, and who calls it; the whole tree for somebody who plays alone.
    pub fn contacts(&self) -> Vec<Row> {
        let title = |id: &str| self.plan.role(id).map_or_else(|| id.to_owned(), |role| role.title.to_string());
        let calls = &self.plan.playbook.calls;
        let mut rows = Vec::new();
        for call in calls.iter().filter(|call| self.seat.is(call.from.as_str())) {
            let from =
                if self.seat == Seat::All { format!("{} calls ", title(call.from.as_str())) } else { String::new() };
            rows.push(Row::new("call", format!("{from}{}: {}", title(call.to.as_str()), call.by)));
        }
        if self.seat != Seat::All {
            for call in calls.iter().filter(|call| self.seat.is(call.to.as_str())) {
                rows.push(Row::new("called by", format!("{}: {}", title(call.from.as_str()), call.by)).tone(Tone::Dim));
            }
        }
        if let Seat::Role(role) = self.seat
            && let Some(deputy) = self.plan.role(role).and_then(|role| role.deputy.as_ref())
        {
            rows.push(Row::new("deputy", title(deputy.as_str())).tone(Tone::Dim));
        }
        if rows.is_empty() { vec![Row::dim("The playbook says nothing of whom you call.")] } else { rows }
    }

    /// Every open decision with its age, for the room.
    pub fn open_decisions(&self) -> Vec<Row> {
        let open = self.state.items.iter().filter(|item| item.done.is_none() && item.sort == Sort::Decision);
        let row = |item: &Item| {
            let owner = item.owner.as_ref().map_or("nobody", Slug::as_str);
            let age = minutes(self.now.play - item.opened.play);
            Row::new(owner, format!("{} ({age})", self.full(item.what.shown())))
        };
        let rows: Vec<Row> = open.map(row).collect();
        if rows.is_empty() { vec![Row::dim("No decision is open.")] } else { rows }
    }
}

/// A message as it went out to somebody.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'d> {
    /// When.
    pub at: Stamp,
    /// The inject.
    pub inject: &'d Inject,
    /// What it said.
    pub text: &'d str,
    /// Whether it went out before.
    pub again: bool,
}

/// What a role may see, as lines: the opening, then everything that was sent to it, oldest first, then what waits for it.
/// A role that the drill does not have sees what is meant for everybody.
pub fn stream(plan: &Plan, state: &State, role: &str, now: Stamp) -> String {
    let Some(begin) = &state.begun else { return format!("{EXERCISE}\nThe drill has not begun.\n") };
    let view = View::new(plan, state, Seat::Role(role), now);
    let title = plan.role(role).map_or(role, |role| role.title.as_str());
    let at = |stamp: Stamp| state.moment(stamp.story).shown(begin.zone);
    let mut out = format!("{EXERCISE}\n{}\nYou are: {title}\n\n{}\n", plan.scenario.title, view.opening());
    for Sent { at: stamp, inject, text, again } in view.sent() {
        out.push_str(&format!(
            "\n[{}] {} – {}{}\n{}\n",
            at(stamp),
            inject.channel.word(),
            view.full(inject.from.as_str()),
            if again { " (once more)" } else { "" },
            view.full(text)
        ));
        for artefact in &inject.artefacts {
            out.push_str(&format!(
                "  {}\n  {}\n",
                view.full(artefact.title.as_str()),
                view.full(artefact.text.as_str())
            ));
        }
    }
    for item in view.waiting() {
        let what = view.full(item.what.shown());
        out.push_str(&format!("\nWaits for you: {} {}: {what}\n", item.sort.word(), item.id));
        for option in view.decision(item).iter().flat_map(|decision| &decision.options) {
            out.push_str(&format!("  {}: {}\n", option.id, view.full(option.text.as_str())));
        }
    }
    for made in view.decided() {
        out.push_str(&format!("\n[{}] decided by {}: {} – {}\n", at(made.at), made.role, made.decision, made.option));
    }
    let rulings =
        state.rulings.iter().map(|(stamp, text)| format!("\n[{}] taken as given: {}\n", at(*stamp), text.shown()));
    out.extend(rulings);
    let paused = match state.phase {
        Phase::Paused => ", paused",
        Phase::Ended => ", over",
        Phase::Before | Phase::Running => "",
    };
    out.push_str(&format!("\nStory {}{paused}. {EXERCISE}\n", at(now)));
    out
}

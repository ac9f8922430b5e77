//! The report: notes, follow-ups, the timeline, and what was really going on.

use super::{Report, lapse, plain};
use crate::drill::event::{Body, NoteSort};
use crate::drill::hidden::Facilitator;
use crate::drill::state::{Fate, Happened, Stamp};
use crate::model::Slug;
use std::collections::BTreeSet;

impl Report<'_> {
    pub(super) fn notes(&mut self) {
        let state = self.state;
        for (sort, title) in [
            (NoteSort::Strength, "What went well"),
            (NoteSort::Improvement, "What could go better"),
            (NoteSort::Observation, "What was seen"),
            (NoteSort::Gap, "Gaps"),
            (NoteSort::Assumption, "What was taken for granted"),
            (NoteSort::Question, "What nobody could answer"),
            (NoteSort::Action, "What was done"),
            (NoteSort::Quote, "What was said"),
            (NoteSort::Parking, "For later"),
        ] {
            let lines: Vec<String> = state
                .notes
                .iter()
                .filter(|note| note.sort == sort && !(sort == NoteSort::Quote && self.options.no_persons))
                .map(|note| {
                    let role =
                        note.role.as_ref().map_or(String::new(), |role| format!(" ({})", self.role(role.as_str())));
                    let about: Vec<String> = note.about.iter().map(|name| format!("`{name}`")).collect();
                    let about = if about.is_empty() { String::new() } else { format!(", about {}", about.join(", ")) };
                    format!("- {} {}{role}{about}", self.story(note.at), self.words(&note.text))
                })
                .collect();
            if !lines.is_empty() {
                self.section(title);
                lines.iter().for_each(|line| self.line(line));
            }
        }
        if !state.rulings.is_empty() {
            self.section("Taken as given");
            let lines: Vec<String> =
                state.rulings.iter().map(|(at, text)| format!("- {} {}", self.story(*at), self.words(text))).collect();
            lines.iter().for_each(|line| self.line(line));
        }
    }

    pub(super) fn follow_ups(&mut self) {
        let state = self.state;
        self.section("Corrective actions");
        if state.follow_ups.is_empty() {
            self.line("**None was agreed.** A drill without a follow-up that has an owner and a day has taught nobody anything.");
            return;
        }
        let rows: Vec<Vec<String>> = state
            .follow_ups
            .iter()
            .map(|action| vec![self.words(&action.what), self.role(action.owner.as_str()), action.due.to_string()])
            .collect();
        self.table(&["what", "owner", "due"], &rows);
    }

    pub(super) fn timeline(&mut self) {
        let state = self.state;
        self.section("Timeline");
        let zone = state.begun.as_ref().map(|begin| begin.zone).unwrap_or_default();
        self.line(&format!("Story time, zone {zone}; then minutes of play. What was taken back is struck through.\n"));
        for (at, happened) in state.history.iter().enumerate() {
            if let Some(text) = self.happened(happened) {
                let text = if happened.undone { format!("~~{text}~~") } else { text };
                self.line(&format!("{}. {} (+{}) {text}", at + 1, self.story(happened.at), lapse(happened.at.play)));
            }
        }
    }

    /// One event in words; nothing for what is told elsewhere.
    fn happened(&self, happened: &Happened) -> Option<String> {
        let role = |id: &Slug| self.role(id.as_str());
        let view = Facilitator::view();
        Some(match &happened.entry.event.body {
            Body::Begin(_) => "The drill begins.".to_owned(),
            Body::End => "The drill ends.".to_owned(),
            Body::Seat { .. } | Body::Note { .. } | Body::Rate { .. } | Body::Act { .. } => return None,
            Body::Pause { reason } => format!("Pause: {}", self.words(reason)),
            Body::Resume => "Play goes on.".to_owned(),
            Body::Scale { scale } => format!("A second of play is {scale} of the story from here on."),
            Body::Jump { seconds, reason } => {
                format!("The story jumps ahead by {}: {}", lapse(i64::from(*seconds)), self.words(reason))
            }
            Body::Send { inject, forced } => {
                let title = self.plan.scenario.inject(inject.as_str()).map_or("", |inject| inject.title.words(view));
                let forced = if *forced { ", although its guard did not hold" } else { "" };
                format!("Sent {inject}{forced}: {}", self.filled(title))
            }
            Body::Reword { inject, text } => format!("{inject} is to read: {}", self.words(text)),
            Body::Resend { inject, text } => {
                let words = text.as_ref().map_or("as it was".to_owned(), |text| self.words(text));
                format!("Sent {inject} once more: {words}")
            }
            Body::Skip { inject, reason } => format!("Left out {inject}: {}", self.words(reason)),
            Body::Hold { inject } => format!("Held back, or set free again: {inject}"),
            Body::Ack { inject, role: who } => format!("{} has {inject}.", role(who)),
            Body::Open { item, sort, what, owner, .. } => {
                format!("Opened the {} {item} for {}: {}", sort.word(), self.owner(owner.as_ref()), self.words(what))
            }
            Body::Assign { item, owner } => format!("{item} goes to {}.", role(owner)),
            Body::Take { item } => format!("{item} was taken."),
            Body::Done { item } => format!("{item} is done."),
            Body::Reopen { item, reason } => format!("{item} is open again: {}", self.words(reason)),
            Body::Decide { decision, option, role: who, .. } => format!("{} decides {decision}: {option}.", role(who)),
            Body::Met { expected, role: who, note } => {
                format!("Seen of {}: {expected}. {}", role(who), self.words(note))
            }
            Body::Emit { event } => format!("Milestone: {event}."),
            Body::Submit { rule, role: who } => format!("{} submits what {rule} asks for.", role(who)),
            Body::Named { binding, places } => {
                let places: Vec<String> = places.iter().map(|place| plain(place.as_str())).collect();
                format!("The team names for {binding}: {}", places.join(", "))
            }
            Body::Contain { what, lifted, note } => {
                let verb = if *lifted { "Not contained any more" } else { "Contained" };
                format!("{verb}: {}. {}", plain(&what.to_string()), self.words(note))
            }
            // It has a section of its own.
            Body::Attacker(_) => return None,
            Body::Ruling { text } => format!("Taken as given: {}", self.words(text)),
            Body::Undo { .. } => "An event was taken back.".to_owned(),
            Body::Redact { reason, .. } => format!("Words were taken out of the log: {}", self.words(reason)),
            Body::Merge => "Another writer's log came in.".to_owned(),
            Body::Fork { .. } => "**From here on it is what could have been, and not what was played.**".to_owned(),
        })
    }

    pub(super) fn truth(&mut self) {
        let (plan, state, view) = (self.plan, self.state, Facilitator::view());
        self.section("What was really going on");
        let mut lines = Vec::new();
        for truth in &plan.scenario.truth {
            let at = Stamp { story: truth.at.0, ..Stamp::default() };
            lines.push(format!("- {} {}", self.story(at), self.filled(truth.fact.words(view))));
        }
        for inject in &plan.scenario.injects {
            let truth = inject.hidden.truth.words(view);
            if matches!(state.injects.get(inject.id.slug()), Some(Fate::Sent(..))) && !truth.is_empty() {
                lines.push(format!("- {}: {}", inject.id, self.filled(truth)));
            }
        }
        lines.iter().for_each(|line| self.line(line));
        let never: BTreeSet<&str> = plan
            .scenario
            .injects
            .iter()
            .filter(|inject| !state.injects.contains_key(inject.id.slug()))
            .map(|inject| inject.id.as_str())
            .collect();
        if !never.is_empty() {
            self.line(&format!("\nNever sent: {}.", never.into_iter().collect::<Vec<_>>().join(", ")));
        }
        if !plan.scenario.inspired_by.is_empty() {
            self.line("\nIncidents like it, as they were reported:\n");
            for reported in &plan.scenario.inspired_by {
                let line = format!(
                    "- {} ({}: {})",
                    plain(reported.claim.as_str()),
                    reported.standing.words(),
                    plain(reported.source.as_str())
                );
                self.line(&line);
            }
        }
    }
}

//! Playing alone: the program sends what is due, asks for decisions, and gives hints to whoever asks for them.
//!
//! It decides nothing: what the person did is what the person says they did, and the truth comes at the end.

use super::binding::fill;
use super::board::Row;
use super::event::Body;
use super::facilitator::{Console, Turn};
use super::hidden::Facilitator;
use super::player::words;
use super::scenario::{Inject, InjectKind};
use super::state::{Phase, Plan, Stamp, State};
use crate::model::Slug;

/// The inject that is to be sent now: the first that is due.
pub fn due(plan: &Plan, state: &State, now: Stamp) -> Option<Body> {
    if state.phase != Phase::Running {
        return None;
    }
    let console = Console::new(plan, state, now);
    let due = plan.scenario.injects.iter().filter(|inject| console.turn(inject) == Turn::Ready);
    due.min_by_key(|inject| inject.at.0).map(|inject| Body::Send { inject: inject.id.slug().clone(), forced: false })
}

/// Seconds of the story to the next inject that may be sent. Where only those are left that wait for something that did
/// not happen, there is nothing ahead.
pub fn ahead(plan: &Plan, state: &State, now: Stamp) -> Option<i64> {
    let console = Console::new(plan, state, now);
    let upcoming = plan.scenario.injects.iter().filter(|inject| console.turn(inject) == Turn::Upcoming);
    // A contingency that may never come is no reason to let hours pass before what is planned.
    upcoming
        .min_by_key(|inject| (inject.kind == InjectKind::Contingency, inject.at.0))
        .map(|inject| inject.at.0 - now.story)
}

/// What the person still has to decide before the story goes on.
pub fn undecided(state: &State) -> Option<&Slug> {
    let open = |item: &&super::state::Item| item.sort == super::event::Sort::Decision && item.done.is_none();
    state.items.iter().find(open).map(|item| &item.id)
}

/// The inject that was sent last.
pub fn last_sent<'p>(plan: &'p Plan, state: &State) -> Option<&'p Inject> {
    let sent = plan.scenario.injects.iter().filter(|inject| state.sent(inject.id.as_str()).is_some());
    sent.max_by_key(|inject| state.sent(inject.id.as_str()))
}

/// How many hints and questions an inject has.
pub fn hints(inject: &Inject) -> usize {
    inject.hidden.probes.len() + inject.hidden.hints.len()
}

/// What was asked for: of each inject its first questions and hints, as many as were given. Questions come first, they
/// give the least away.
pub fn given(plan: &Plan, state: &State, count: impl Fn(&str) -> usize) -> Vec<Row> {
    let view = Facilitator::view();
    let words = state.begun.as_ref().map(words).unwrap_or_default();
    let mut rows = Vec::new();
    for inject in plan.scenario.injects.iter().rev() {
        let probes = inject.hidden.probes.iter().map(|text| ("ask yourself", text));
        let all = probes.chain(inject.hidden.hints.iter().map(|text| ("hint", text)));
        let given = all.take(count(inject.id.as_str()));
        rows.extend(given.map(|(left, text)| Row::new(left, fill(text.words(view), &words))));
    }
    rows
}

//! The engine: `step(state, event)` gives the next state and what follows from it, or says why the event can not be.
//!
//! An event is checked before it changes anything. Undo is an event like any other: the state is made anew from all
//! events that stand. The same events give the same state.

use super::duty::Standing;
use super::event::{Body, Entry, Event, Sort, Words};
use super::state::{
    At, Cause, Clocks, Contained, Fate, FollowUp, Happened, Item, Made, Noted, Phase, Plan, Rated, Seated, Seen, Stamp,
    State, overdue,
};
use crate::model::Slug;
use crate::model::text::nearest;
use std::collections::BTreeSet;

/// The most pieces of work of a drill.
pub const MAX_ITEMS: usize = 1_000;

/// What follows from an event, for whoever shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// These roles get an inject; nobody named means everybody.
    Deliver(Slug, Vec<Slug>),
    /// This inject may be sent now.
    Ready(Slug),
    /// A decision is open.
    Ask(Slug),
    /// The clock of a rule stands differently.
    Clock(Slug, Standing),
}

/// Why an event can not be: what is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// Takes the next event. Where it is refused the state is the one that it was.
pub fn step(plan: &Plan, mut state: State, entry: Entry) -> (State, Result<Vec<Effect>, Refusal>) {
    let now = match &entry.event.body {
        Body::Begin(_) => Stamp::default(),
        _ => state.stamp(entry.event.at),
    };
    if let Err(refusal) = check(plan, &state, &entry, now) {
        return (state, Err(refusal));
    }
    let before = Shown::of(plan, &state, now);
    if matches!(entry.event.body, Body::Undo { .. }) {
        let entries: Vec<Entry> =
            state.history.iter().map(|happened| happened.entry.clone()).chain([entry.clone()]).collect();
        state = replay(plan, entries);
    } else {
        apply(plan, &mut state, entry.clone(), now);
    }
    let after = Shown::of(plan, &state, state.clocks.last);
    let effects = effects(&entry.event, plan, &before, &after);
    (state, Ok(effects))
}

/// The state after these events, oldest first. An event that does not fit when its turn comes is left out and named in
/// `misfits`: in the log of one writer there is none.
pub fn replay(plan: &Plan, entries: Vec<Entry>) -> State {
    let mut undone: BTreeSet<String> = BTreeSet::new();
    // The last one decides about those before it.
    for entry in entries.iter().rev() {
        if let Body::Undo { entry: target } = &entry.event.body
            && !undone.contains(&entry.id)
        {
            undone.insert(target.clone());
        }
    }
    let mut state = State::default();
    for entry in entries {
        let is_undone = undone.contains(&entry.id);
        let now = match &entry.event.body {
            Body::Begin(_) => Stamp::default(),
            _ => state.stamp(entry.event.at),
        };
        if is_undone || matches!(entry.event.body, Body::Undo { .. }) {
            state.history.push(Happened { entry, at: now, undone: is_undone });
            continue;
        }
        match check(plan, &state, &entry, now) {
            Ok(()) => apply(plan, &mut state, entry, now),
            Err(refusal) => {
                state.misfits.push((entry.id.clone(), refusal.0));
                state.history.push(Happened { entry, at: now, undone: false });
            }
        }
    }
    state
}

/// What of a state effects are made of.
struct Shown {
    ready: Vec<Slug>,
    clocks: Vec<(Slug, Standing)>,
}

impl Shown {
    fn of(plan: &Plan, state: &State, now: Stamp) -> Shown {
        Shown {
            ready: state.ready(plan, now).map(|inject| inject.id.slug().clone()).collect(),
            clocks: state.standings(plan, now).into_iter().map(|(rule, at)| (rule.id.slug().clone(), at)).collect(),
        }
    }
}

fn effects(event: &Event, plan: &Plan, before: &Shown, after: &Shown) -> Vec<Effect> {
    let mut effects = Vec::new();
    if let Body::Send { inject, .. } | Body::Resend { inject, .. } = &event.body
        && let Some(found) = plan.scenario.inject(inject.as_str())
    {
        effects.push(Effect::Deliver(inject.clone(), found.to.iter().map(|role| role.slug().clone()).collect()));
    }
    if let Body::Send { inject, .. } = &event.body
        && let Some(found) = plan.scenario.inject(inject.as_str())
    {
        effects.extend(found.decision.iter().map(|decision| Effect::Ask(decision.slug().clone())));
    }
    effects.extend(after.ready.iter().filter(|inject| !before.ready.contains(inject)).cloned().map(Effect::Ready));
    let changed = after.clocks.iter().filter(|(rule, standing)| {
        let earlier = before.clocks.iter().find(|(other, _)| other == rule);
        let word = earlier.map_or("armed", |(_, standing)| standing.word());
        word != standing.word() && !matches!(standing, Standing::Excluded)
    });
    effects.extend(changed.map(|(rule, standing)| Effect::Clock(rule.clone(), *standing)));
    effects
}

fn refuse<T>(message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal(message.into()))
}

/// Whether an event can be.
fn check(plan: &Plan, state: &State, entry: &Entry, now: Stamp) -> Result<(), Refusal> {
    let scenario = &plan.scenario;
    let body = &entry.event.body;
    match (body, state.phase) {
        (Body::Begin(_), Phase::Before) => {}
        (Body::Begin(_), _) => return refuse("the drill has begun already"),
        (_, Phase::Before) => return refuse("the drill has not begun: begin it first"),
        (
            Body::Note { .. }
            | Body::Rate { .. }
            | Body::Act { .. }
            | Body::Attacker(_)
            | Body::Undo { .. }
            | Body::Redact { .. }
            | Body::Fork { .. }
            | Body::Merge,
            _,
        ) => {}
        (_, Phase::Ended) => return refuse("the drill is over: notes, ratings and follow-ups can still come"),
        (Body::Send { .. } | Body::Resend { .. } | Body::Jump { .. }, Phase::Paused) => {
            return refuse("the drill is paused: resume it first");
        }
        _ => {}
    }
    let inject = |id: &Slug| match scenario.inject(id.as_str()) {
        Some(inject) => Ok(inject),
        None => refuse(format!("there is no inject `{id}`")),
    };
    let role = |id: &Slug| match plan.role(id.as_str()) {
        Some(_) => Ok(()),
        None => refuse(format!("there is no role `{id}`: sandtable drill lint lists the cast")),
    };
    let item = |id: &Slug| match state.item(id.as_str()) {
        Some(item) => Ok(item),
        None => refuse(format!("there is no work `{id}`: open it first")),
    };
    let said = |words: &Words, what: &str| if words.is_blank() { refuse(format!("say {what}")) } else { Ok(()) };
    let fate = |id: &Slug| match state.injects.get(id) {
        None => Ok(()),
        Some(Fate::Sent(..)) => refuse(format!("`{id}` was sent already")),
        Some(Fate::Skipped(_)) => refuse(format!("`{id}` was left out: undo that first")),
        Some(Fate::Excluded(other)) => refuse(format!("`{other}` was sent in its place: only one of them is")),
    };
    match body {
        Body::Begin(begin) => {
            if begin.scenario != *scenario.id.slug() {
                return refuse(format!("the log is of the scenario `{}`, not `{}`", begin.scenario, scenario.id));
            }
            scale(begin.scale)
        }
        Body::End | Body::Attacker(_) | Body::Redact { .. } | Body::Fork { .. } | Body::Merge => Ok(()),
        Body::Contain { what, lifted, .. } => {
            let stands = state.contained.iter().any(|known| known.what == *what);
            if *lifted && !stands { refuse(format!("`{what}` does not stand: nothing to lift")) } else { Ok(()) }
        }
        Body::Seat { role: id, .. } => role(id),
        Body::Pause { .. } if state.phase == Phase::Paused => refuse("the drill is paused already"),
        Body::Pause { .. } => Ok(()),
        Body::Resume if state.phase == Phase::Paused => Ok(()),
        Body::Resume => refuse("the drill is not paused"),
        Body::Scale { scale: factor } => scale(*factor),
        // A year in one step is enough, and keeps sums far from their limits.
        Body::Jump { seconds: 0, .. } => refuse("a jump goes ahead by a second at least"),
        Body::Jump { seconds, .. } if *seconds > 366 * 86_400 => refuse("a jump goes ahead by a year at most"),
        Body::Jump { .. } => Ok(()),
        Body::Send { inject: id, forced } => {
            let found = inject(id)?;
            fate(id)?;
            let facts = At { plan, state, now };
            if !forced && !found.when.holds(&facts) {
                return refuse(format!("the guard of `{id}` does not hold: send it by force, or wait"));
            }
            Ok(())
        }
        Body::Reword { inject: id, text } => {
            inject(id)?;
            if state.sent(id.as_str()).is_some() {
                return refuse(format!("`{id}` was sent already: resend {id} with other words"));
            }
            fate(id)?;
            said(text, "what it is to say")
        }
        Body::Resend { inject: id, text } => {
            inject(id)?;
            if state.sent(id.as_str()).is_none() {
                return refuse(format!("`{id}` was not sent yet"));
            }
            if state.resent.len() >= MAX_ITEMS {
                return refuse(format!("a drill sends {MAX_ITEMS} injects once more at most"));
            }
            text.as_ref().map_or(Ok(()), |text| said(text, "what it is to say"))
        }
        Body::Skip { inject: id, reason } => {
            inject(id)?;
            fate(id)?;
            said(reason, "why it is left out")
        }
        Body::Hold { inject: id } => {
            inject(id)?;
            fate(id)
        }
        Body::Ack { inject: id, role: who } => {
            let found = inject(id)?;
            role(who)?;
            if state.sent(id.as_str()).is_none() {
                return refuse(format!("`{id}` was not sent yet"));
            }
            if !found.to.is_empty() && !found.to.iter().any(|to| to.slug() == who) {
                return refuse(format!("`{id}` is not addressed to `{who}`"));
            }
            Ok(())
        }
        Body::Open { item: id, what, owner, assigned_by, needs, meets, rule, .. } => {
            said(what, "what is to be done")?;
            if state.items.len() >= MAX_ITEMS {
                return refuse(format!("a drill has at most {MAX_ITEMS} pieces of work"));
            }
            if state.item(id.as_str()).is_some() || scenario.decision(id.as_str()).is_some() {
                return refuse(format!("there is work `{id}` already: take another name"));
            }
            owner.iter().chain(assigned_by).try_for_each(role)?;
            needs.iter().try_for_each(|need| item(need).map(|_| ()))?;
            if let Some(expected) = meets
                && scenario.expected(expected.as_str()).is_none()
            {
                return refuse(format!("nothing expected is called `{expected}`"));
            }
            rule.as_ref().map_or(Ok(()), |id| known_rule(plan, id))
        }
        Body::Assign { item: id, owner } => {
            role(owner)?;
            open(item(id)?)
        }
        Body::Take { item: id } => {
            let found = item(id)?;
            open(found)?;
            if found.acked.is_some() {
                return refuse(format!("`{id}` was taken already"));
            }
            if found.owner.is_none() { refuse(format!("`{id}` has no owner: assign it first")) } else { Ok(()) }
        }
        Body::Done { item: id } => {
            let found = item(id)?;
            open(found)?;
            if found.sort == Sort::Decision {
                return refuse(format!("`{id}` is a decision: decide it"));
            }
            needs_done(state, found)
        }
        Body::Reopen { item: id, reason } => {
            said(reason, "why")?;
            if item(id)?.done.is_none() { refuse(format!("`{id}` is still open")) } else { Ok(()) }
        }
        Body::Decide { decision, option, role: who, rationale } => {
            role(who)?;
            said(rationale, "why: a decision without a reason can not be learnt from")?;
            let found = item(decision)?;
            if found.sort != Sort::Decision {
                return refuse(format!("`{decision}` is no decision"));
            }
            if let Some(known) = scenario.decision(decision.as_str())
                && !known.options.iter().any(|choice| choice.id.slug() == option)
            {
                let options: Vec<&str> = known.options.iter().map(|choice| choice.id.as_str()).collect();
                return refuse(format!("`{decision}` has no option `{option}`: there are {}", options.join(", ")));
            }
            needs_done(state, found)
        }
        Body::Met { expected, role: who, .. } => {
            role(who)?;
            let Some((from, _)) = scenario.expected(expected.as_str()) else {
                return refuse(format!("nothing expected is called `{expected}`"));
            };
            if state.sent(from.id.as_str()).is_none() {
                return refuse(format!("`{expected}` is not expected before `{}` is sent", from.id));
            }
            if state.met.contains_key(expected) { refuse(format!("`{expected}` was seen already")) } else { Ok(()) }
        }
        Body::Emit { event } => {
            if plan.events().any(|known| known == event.as_str()) {
                return Ok(());
            }
            let hint = nearest(event.as_str(), plan.events())
                .map_or(String::new(), |meant| format!(": did you mean `{meant}`?"));
            refuse(format!("nobody listens to the event `{event}`{hint}"))
        }
        Body::Submit { rule, role: who } => {
            role(who)?;
            known_rule(plan, rule)
        }
        Body::Named { binding, .. } => {
            if scenario.bindings.iter().any(|found| found.id.slug() == binding) {
                return Ok(());
            }
            refuse(format!("the scenario has no query `{binding}`"))
        }
        Body::Ruling { text } => said(text, "what is ruled"),
        Body::Note { role: who, about, text, .. } => {
            who.iter().try_for_each(role)?;
            if let Some(name) = about.iter().find(|name| !scenario.names(name)) {
                return refuse(format!(
                    "the scenario has no `{name}`: a note is about injects, expected actions, decisions, tasks, targets or objectives (names lists them)"
                ));
            }
            said(text, "what")
        }
        Body::Rate { task, observation, .. } => {
            if !scenario.tasks().any(|(_, _, found)| found.id.slug() == task) {
                return refuse(format!("there is no critical task `{task}`"));
            }
            said(observation, "what was seen: a rating without an observation is none")
        }
        Body::Act { what, owner, .. } => {
            role(owner)?;
            said(what, "what is to be done")
        }
        Body::Undo { entry: target } => check_undo(plan, state, entry, target),
    }
}

fn scale(scale: u32) -> Result<(), Refusal> {
    if (1..=1_440).contains(&scale) { Ok(()) } else { refuse("a scale goes from 1 to 1440") }
}

fn open(item: &Item) -> Result<(), Refusal> {
    if item.done.is_some() { refuse(format!("`{}` is done: reopen it first", item.id)) } else { Ok(()) }
}

fn needs_done(state: &State, item: &Item) -> Result<(), Refusal> {
    let waits = item.needs.iter().find(|need| state.item(need.as_str()).is_none_or(|need| need.done.is_none()));
    match waits {
        Some(need) => refuse(format!("`{}` needs `{need}`, which is not done", item.id)),
        None => Ok(()),
    }
}

fn known_rule(plan: &Plan, id: &Slug) -> Result<(), Refusal> {
    if plan.clocks.rule(id.as_str()).is_some() {
        Ok(())
    } else {
        refuse(format!("there is no rule `{id}` in the clock pack"))
    }
}

/// An event can be taken back where everything after it still fits without it.
fn check_undo(plan: &Plan, state: &State, undo: &Entry, target: &str) -> Result<(), Refusal> {
    let Some(found) = state.history.iter().find(|happened| happened.entry.id == target) else {
        return refuse("there is no such event to take back");
    };
    if found.undone {
        return refuse("it was taken back already");
    }
    if matches!(
        found.entry.event.body,
        Body::Begin(_) | Body::Attacker(_) | Body::Redact { .. } | Body::Fork { .. } | Body::Merge
    ) {
        return refuse("the beginning, what the program found, a redaction, a fork and a merge can not be taken back");
    }
    let entries = state.history.iter().map(|happened| happened.entry.clone()).chain([undo.clone()]).collect();
    let without = replay(plan, entries);
    let late = without.misfits.iter().find(|misfit| !state.misfits.contains(misfit));
    match late {
        None => Ok(()),
        Some((id, why)) => {
            let at = without.history.iter().position(|happened| happened.entry.id == *id).unwrap_or_default();
            refuse(format!("event {at} rests on it ({why}): take that back first"))
        }
    }
}

/// Makes an event part of the state. It was checked.
fn apply(plan: &Plan, state: &mut State, entry: Entry, now: Stamp) {
    let scenario = &plan.scenario;
    if let Body::Begin(begin) = &entry.event.body {
        state.phase = Phase::Running;
        state.clocks = Clocks { origin: entry.event.at, last: now, scale: i64::from(begin.scale) };
        state.begun = Some((**begin).clone());
        for truth in &scenario.truth {
            let at = Stamp { story: truth.at.0, ..Stamp::default() };
            state.emitted.insert(truth.event.slug().clone(), at);
        }
    }
    state.clocks.last = now;
    let mut emits: Vec<Slug> = Vec::new();
    let mut speaks: Option<Slug> = None;
    match &entry.event.body {
        Body::Begin(_) | Body::Undo { .. } | Body::Redact { .. } | Body::Merge => {}
        Body::End => state.phase = Phase::Ended,
        Body::Seat { role, person, holder } => {
            state.seats.insert(role.clone(), Seated { person: person.clone(), holder: *holder });
        }
        Body::Pause { .. } => state.phase = Phase::Paused,
        Body::Resume => state.phase = Phase::Running,
        Body::Scale { scale } => state.clocks.scale = i64::from(*scale),
        Body::Jump { seconds, .. } => {
            state.clocks.last.story = now.story.saturating_add(i64::from(*seconds));
            state.jumps.push((now, i64::from(*seconds)));
        }
        Body::Reword { inject, text } => {
            state.reworded.insert(inject.clone(), text.clone());
        }
        Body::Resend { inject, text } => state.resent.push((now, inject.clone(), text.clone())),
        Body::Send { inject, .. } => {
            state.injects.insert(inject.clone(), Fate::Sent(now, Default::default()));
            state.held.retain(|held| held != inject);
            for group in &scenario.one_of {
                if group.injects.iter().any(|name| name.slug() == inject) {
                    for other in group.injects.iter().filter(|name| name.slug() != inject) {
                        state.injects.entry(other.slug().clone()).or_insert_with(|| Fate::Excluded(inject.clone()));
                    }
                }
            }
            if let Some(found) = scenario.inject(inject.as_str()) {
                emits.extend(found.emits.iter().map(|event| event.slug().clone()));
                let decision = found.decision.as_ref().and_then(|id| scenario.decision(id.as_str()));
                if let Some(decision) = decision.filter(|decision| state.item(decision.id.as_str()).is_none()) {
                    state.items.push(Item {
                        id: decision.id.slug().clone(),
                        sort: Sort::Decision,
                        what: Words { text: Some(decision.question.clone()) },
                        owner: Some(decision.owner.slug().clone()),
                        owned: Some(now),
                        opened: now,
                        ..blank(now)
                    });
                }
            }
        }
        Body::Skip { inject, reason } => {
            state.injects.insert(inject.clone(), Fate::Skipped(reason.clone()));
            state.held.retain(|held| held != inject);
        }
        Body::Hold { inject } => match state.held.iter().position(|held| held == inject) {
            Some(at) => drop(state.held.remove(at)),
            None => state.held.push(inject.clone()),
        },
        Body::Ack { inject, role } => {
            if let Some(Fate::Sent(_, acks)) = state.injects.get_mut(inject) {
                acks.entry(role.clone()).or_insert(now);
            }
            speaks = Some(role.clone());
        }
        Body::Open { item, sort, what, owner, assigned_by, needs, meets, rule } => {
            state.items.push(Item {
                id: item.clone(),
                sort: *sort,
                what: what.clone(),
                owner: owner.clone(),
                assigned_by: assigned_by.clone(),
                needs: needs.clone(),
                meets: meets.clone(),
                rule: rule.clone(),
                owned: owner.as_ref().map(|_| now),
                ..blank(now)
            });
            speaks = assigned_by.clone();
        }
        Body::Assign { item, owner } => {
            if let Some(found) = find(state, item) {
                found.bounces += usize::from(found.owner.as_ref().is_some_and(|before| before != owner));
                found.owner = Some(owner.clone());
                found.owned.get_or_insert(now);
            }
        }
        Body::Take { item } => {
            if let Some(found) = find(state, item) {
                found.acked = Some(now);
                speaks = found.owner.clone();
            }
        }
        Body::Done { item } => {
            let mut finished = None;
            if let Some(found) = find(state, item) {
                found.done = Some(now);
                found.acked.get_or_insert(now);
                speaks = found.owner.clone();
                finished = Some((found.meets.clone(), found.rule.clone(), found.what.clone()));
            }
            let (meets, rule, what) = finished.unwrap_or_default();
            if let Some(rule) = rule {
                state.submitted.insert(rule, now);
            }
            if let (Some(expected), Some(role)) = (meets, speaks.clone())
                && !state.met.contains_key(&expected)
            {
                emits.extend(meet(plan, state, &expected, &role, what, now));
            }
        }
        Body::Reopen { item, .. } => {
            if let Some(found) = find(state, item) {
                found.done = None;
                found.reworks += 1;
            }
        }
        Body::Decide { decision, option, role, rationale } => {
            if let Some(found) = find(state, decision) {
                found.done = Some(now);
                found.acked.get_or_insert(now);
            }
            let known = scenario.decision(decision.as_str());
            let choice = known.and_then(|known| known.options.iter().find(|choice| choice.id.slug() == option));
            emits.extend(choice.iter().flat_map(|choice| &choice.emits).map(|event| event.slug().clone()));
            // Decided again, another way: what the first option did is not done.
            let cause = Cause::Decision(decision.clone());
            state.contained.retain(|contained| contained.cause != cause);
            contain(state, &format!("{decision}/{option}"), &cause, now);
            state.decisions.push(Made {
                decision: decision.clone(),
                option: option.clone(),
                role: role.clone(),
                authorised: known.map(|known| plan.may(role.as_str(), known.power.as_str())),
                rationale: rationale.clone(),
                at: now,
            });
            speaks = Some(role.clone());
        }
        Body::Met { expected, role, note } => {
            emits.extend(meet(plan, state, expected, role, note.clone(), now));
            speaks = Some(role.clone());
        }
        Body::Emit { event } => emits.push(event.clone()),
        Body::Submit { rule, role } => {
            state.submitted.insert(rule.clone(), now);
            speaks = Some(role.clone());
        }
        Body::Named { binding, places } => {
            state.named.insert(binding.clone(), places.clone());
        }
        Body::Contain { what, lifted: true, .. } => state.contained.retain(|known| known.what != *what),
        Body::Contain { what, note, .. } => {
            state.contained.push(Contained { what: what.clone(), cause: Cause::Said(note.clone()), at: now });
        }
        Body::Fork { parent } => state.forked = Some(parent.clone()),
        Body::Attacker(picture) => state.pictures.push((now, (**picture).clone())),
        Body::Ruling { text } => state.rulings.push((now, text.clone())),
        Body::Note { sort, role, about, text } => {
            let about = about.clone();
            state.notes.push(Noted { sort: *sort, role: role.clone(), about, text: text.clone(), at: now });
            speaks = role.clone();
        }
        Body::Rate { task, rating, observation } => {
            let by = entry.event.by.clone();
            state.ratings.push(Rated { task: task.clone(), rating: *rating, observation: observation.clone(), by });
        }
        Body::Act { what, owner, due } => {
            state.follow_ups.push(FollowUp { what: what.clone(), owner: owner.clone(), due: *due });
        }
    }
    for event in emits {
        state.emitted.entry(event).or_insert(now);
    }
    if let Some(role) = speaks {
        state.spoke.insert(role, now);
    }
    state.history.push(Happened { entry, at: now, undone: false });
}

fn find<'s>(state: &'s mut State, id: &Slug) -> Option<&'s mut Item> {
    state.items.iter_mut().find(|item| item.id == *id)
}

/// What an option or an action does against the attacker.
fn contain(state: &mut State, name: &str, cause: &Cause, now: Stamp) {
    let attack = state.begun.as_ref().and_then(|begin| begin.attack.as_ref());
    let effects = attack.and_then(|attack| attack.effects.get(name)).cloned().unwrap_or_default();
    let done = |what| Contained { what, cause: cause.clone(), at: now };
    state.contained.extend(effects.into_iter().map(done));
}

/// An expected action was seen; gives the events that it emits.
fn meet(plan: &Plan, state: &mut State, expected: &Slug, role: &Slug, note: Words, now: Stamp) -> Vec<Slug> {
    let Some((inject, found)) = plan.scenario.expected(expected.as_str()) else { return Vec::new() };
    let in_time = state.sent(inject.id.as_str()).is_some_and(|sent| !overdue(sent, found.within, now));
    state.met.insert(expected.clone(), Seen { role: role.clone(), note, at: now, in_time });
    contain(state, expected.as_str(), &Cause::Action(expected.clone()), now);
    found.emits.iter().map(|event| event.slug().clone()).collect()
}

fn blank(now: Stamp) -> Item {
    Item {
        id: Slug::default(),
        sort: Sort::Task,
        what: Words::default(),
        owner: None,
        assigned_by: None,
        needs: Vec::new(),
        meets: None,
        rule: None,
        opened: now,
        owned: None,
        acked: None,
        done: None,
        bounces: 0,
        reworks: 0,
    }
}

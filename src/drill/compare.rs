//! Two runs of one scenario beside each other: a fork and what it was forked from, two teams, or the same team a year later.

use super::metrics;
use super::state::{Plan, State};
use super::what_if::counts;
use crate::model::Slug;

/// A line of the comparison: what, and how it was in each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Of which part of the drill it is.
    pub part: &'static str,
    /// What.
    pub what: String,
    /// In the first.
    pub first: Value,
    /// In the second.
    pub second: Value,
}

/// How something was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// It did not happen, or nobody knows.
    Unknown,
    /// So long, in seconds.
    Seconds(i64),
    /// In words.
    Words(String),
}

impl Pair {
    /// Whether both runs are the same here.
    pub fn is_same(&self) -> bool {
        self.first == self.second
    }
}

/// A run.
pub type Run<'a> = (&'a Plan, &'a State);

/// Why two runs can not be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("one is of the scenario `{0}` and the other of `{1}`: only runs of one scenario can be compared")]
pub struct Strangers(pub Slug, pub Slug);

/// Two runs of one scenario beside each other.
pub fn compare(first: Run<'_>, second: Run<'_>) -> Result<Vec<Pair>, Strangers> {
    let (one, other) = (&first.0.scenario, &second.0.scenario);
    if one.id != other.id {
        return Err(Strangers(one.id.slug().clone(), other.id.slug().clone()));
    }
    let mut pairs = Vec::new();
    let mut add = |part: &'static str, what: &str, of: &dyn Fn(Run<'_>) -> Value| {
        pairs.push(Pair { part, what: what.to_owned(), first: of(first), second: of(second) });
    };
    let seconds = |found: Option<i64>| found.map_or(Value::Unknown, Value::Seconds);
    let words = |found: Option<String>| found.map_or(Value::Unknown, Value::Words);
    for measure in metrics::measures(first.1) {
        let name = measure.name;
        let of = |run: Run<'_>| metrics::measures(run.1).into_iter().find(|found| found.name == name);
        if measure.play.is_some() || of(second).is_some_and(|found| found.play.is_some()) {
            add("times", &format!("{name} (play)"), &|run| seconds(of(run).and_then(|found| found.play)));
        }
        add("times", &format!("{name} (story)"), &|run| seconds(of(run).and_then(|found| found.story)));
    }
    for decision in &one.decisions {
        let id = decision.id.as_str();
        add("decisions", id, &|run| {
            words(run.1.decided(id).map(|made| {
                let authority = if made.authorised == Some(false) { ", without authority" } else { "" };
                format!("{} by {}{authority}", made.option, made.role)
            }))
        });
        add("decisions", &format!("{id} (play)"), &|run| seconds(run.1.decided(id).map(|made| made.at.play)));
    }
    for (_, expected) in one.all_expected() {
        let id = expected.id.as_str();
        add("actions", id, &|run| {
            words(
                run.1
                    .met
                    .get(expected.id.slug())
                    .map(|seen| if seen.in_time { "seen in time".to_owned() } else { "seen late".to_owned() }),
            )
        });
    }
    for (_, _, task) in one.tasks() {
        let id = task.id.as_str();
        add("ratings", id, &|run| words(metrics::rating(run.1, id).map(|(rating, _)| format!("{rating:?}"))));
    }
    for duty in &one.duties {
        let id = duty.rule.as_str();
        let of = |run: Run<'_>| metrics::margins(run.0, run.1).into_iter().find(|(rule, ..)| rule.as_str() == id);
        add("clocks", id, &|run| words(of(run).map(|(_, word, _)| word.to_owned())));
        add("clocks", &format!("{id} (to spare)"), &|run| seconds(of(run).and_then(|(_, _, margin)| margin)));
    }
    let last = |run: Run<'_>| run.1.pictures.last().map(|(_, picture)| picture.clone());
    add("attacker", "reaches at the end", &|run| words(last(run).map(|picture| counts(&picture))));
    let goals: Vec<(Slug, String)> = [first, second]
        .into_iter()
        .filter_map(last)
        .flat_map(|picture| picture.goals)
        .map(|goal| (goal.dataset, goal.title.to_string()))
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    for (dataset, title) in goals {
        add("attacker", &title, &|run| {
            let picture = last(run);
            let found = picture.as_ref().and_then(|picture| picture.goals.iter().find(|goal| goal.dataset == dataset));
            words(found.map(|goal| goal.word().to_owned()))
        });
    }
    add("afterwards", "follow-ups", &|run| Value::Words(run.1.follow_ups.len().to_string()));
    Ok(pairs)
}

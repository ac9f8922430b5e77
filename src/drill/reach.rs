//! Whether every inject can be sent, and whether none waits for itself.

use super::guard::{Facts, Guard};
use super::lint::Finding;
use super::scenario::{Inject, InjectKind, Scenario};
use crate::library::located::Name;
use std::collections::BTreeSet;

/// What can have happened, as far as is known yet. It only grows.
struct Possible<'s> {
    scenario: &'s Scenario,
    sent: BTreeSet<&'s str>,
}

impl Possible<'_> {
    fn can_emit(&self, event: &str) -> bool {
        let named = |emits: &[Name]| emits.iter().any(|name| name.as_str() == event);
        self.scenario.injects.iter().filter(|inject| self.sent.contains(inject.id.as_str())).any(|inject| {
            named(&inject.emits)
                || inject.expect.iter().any(|expected| named(&expected.emits))
                || inject
                    .decision
                    .as_ref()
                    .and_then(|decision| self.scenario.decision(decision.as_str()))
                    .is_some_and(|decision| decision.options.iter().any(|option| named(&option.emits)))
        })
    }
}

impl Facts for Possible<'_> {
    fn holds(&self, atom: &Guard) -> bool {
        let sent = |name: &Name| self.sent.contains(name.as_str());
        let decided = |name: &Name| self.scenario.forces(name.as_str()).any(|inject| sent(&inject.id));
        match atom {
            Guard::Sent(name) | Guard::Acked(name) => sent(name),
            Guard::Decided(name) => decided(name),
            Guard::Chose(name, option) => {
                let decision = self.scenario.decision(name.as_str());
                decided(name) && decision.is_some_and(|found| found.options.iter().any(|choice| choice.id == *option))
            }
            Guard::Met(name) | Guard::Missing(name) => {
                self.scenario.expected(name.as_str()).is_some_and(|(inject, _)| sent(&inject.id))
            }
            Guard::Emitted(name) => self.can_emit(name.as_str()),
            Guard::Always | Guard::All(_) | Guard::Any(_) | Guard::Not(_) => false,
        }
    }
}

/// Whether a guard can hold, once. What stands under `Not` can, since nothing has happened at the beginning.
fn possible(guard: &Guard, facts: &Possible<'_>) -> bool {
    match guard {
        Guard::All(parts) => parts.iter().all(|part| possible(part, facts)),
        Guard::Any(parts) => parts.iter().any(|part| possible(part, facts)),
        Guard::Not(inner) => **inner != Guard::Always,
        guard => guard.holds(facts),
    }
}

pub(super) fn check(scenario: &Scenario) -> Vec<Finding> {
    let mut facts = Possible { scenario, sent: BTreeSet::new() };
    loop {
        let more: Vec<&str> = scenario
            .injects
            .iter()
            .filter(|inject| !facts.sent.contains(inject.id.as_str()) && possible(&inject.when, &facts))
            .map(|inject| inject.id.as_str())
            .collect();
        if more.is_empty() {
            break;
        }
        facts.sent.extend(more);
    }
    let mut findings = Vec::new();
    let lost: Vec<&Inject> =
        scenario.injects.iter().filter(|inject| !facts.sent.contains(inject.id.as_str())).collect();
    for inject in &lost {
        let id = &inject.id;
        match circle(scenario, &lost, inject) {
            Some(others) => {
                let ways: Vec<String> = others.iter().map(|other| format!("`{other}`")).collect();
                let message = format!(
                    "`{id}` waits for itself by way of {}: nothing sends the first of them; loosen a guard with `Any`",
                    ways.join(", ")
                );
                findings.push(Finding::error(scenario.source.problem(id, message)));
            }
            None if inject.kind == InjectKind::Contextual => {
                let message = format!(
                    "nothing leads to `{id}`: mend its guard, or mark it `kind: Contingency` to send it by hand"
                );
                findings.push(Finding::error(scenario.source.problem(id, message)));
            }
            None => {}
        }
    }
    for inject in &scenario.injects {
        let mut waits_for_failure = false;
        inject.when.each(&mut |atom, negated| waits_for_failure |= matches!(atom, Guard::Missing(_)) && !negated);
        if waits_for_failure && inject.kind == InjectKind::Contextual && !possible_without(&inject.when, &facts) {
            let message =
                format!("`{}` is sent only where something was not done: mark it `kind: Contingency`", inject.id);
            findings.push(Finding::error(scenario.source.problem(&inject.id, message)));
        }
    }
    findings
}

/// Whether a guard can hold where everything expected was done.
fn possible_without(guard: &Guard, facts: &Possible<'_>) -> bool {
    match guard {
        Guard::Missing(_) => false,
        Guard::All(parts) => parts.iter().all(|part| possible_without(part, facts)),
        Guard::Any(parts) => parts.iter().any(|part| possible_without(part, facts)),
        guard => possible(guard, facts),
    }
}

/// The other injects of a circle of guards through one of those that nothing sends.
fn circle<'s>(scenario: &'s Scenario, lost: &[&'s Inject], start: &'s Inject) -> Option<Vec<&'s str>> {
    let waits_for = |inject: &'s Inject| {
        let mut before: Vec<&'s str> = Vec::new();
        inject.when.each(&mut |atom, negated| {
            if negated {
                return;
            }
            match atom {
                Guard::Sent(name) | Guard::Acked(name) => {
                    before.extend(scenario.inject(name.as_str()).map(|inject| inject.id.as_str()));
                }
                Guard::Decided(name) | Guard::Chose(name, _) => {
                    before.extend(scenario.forces(name.as_str()).map(|inject| inject.id.as_str()));
                }
                Guard::Met(name) | Guard::Missing(name) => {
                    before.extend(scenario.expected(name.as_str()).map(|(inject, _)| inject.id.as_str()));
                }
                _ => {}
            }
        });
        before
    };
    let find = |id: &str| lost.iter().copied().find(|inject| inject.id.as_str() == id);
    let (mut seen, mut open) = (BTreeSet::new(), vec![vec![start.id.as_str()]]);
    while let Some(path) = open.pop() {
        let Some(last) = path.last().and_then(|id| find(id)) else { continue };
        for before in waits_for(last) {
            if before == start.id.as_str() {
                let others = &path[1..];
                return Some(if others.is_empty() { vec![before] } else { others.to_vec() });
            }
            if seen.insert(before) && find(before).is_some() {
                open.push([path.as_slice(), &[before]].concat());
            }
        }
    }
    None
}

//! Findings: what fires at each element, as a badge on the map and as lines in the inspector.
//!
//! They are kept apart from what the layout knows: boxes have the same size with them as without, so that an answer of
//! the rules moves nothing, and the first picture waits for no rule. After an edit only what says something else is changed.

use super::badge::{Badge, Sign};
use super::state::App;
use super::threats::{Judged, risk};
use crate::analysis::docket::Change;
use crate::analysis::threats::{Outcome, RuleSet, Verdict};
use crate::model::text::counted;
use crate::model::{ElementId, Section};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What fires, by element.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// What fires at each element, in no order.
    by_element: HashMap<ElementId, Vec<Arc<Finding>>>,
    /// Of which answers of the rules, so that what was made of them can be told apart.
    stamp: u64,
}

/// Something that fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Likelihood × impact; nothing where that is not known.
    pub risk: Option<u32>,
    /// What it is, in a few words.
    pub title: String,
    /// What a rule says; nothing where the team raised it.
    verdict: Option<Arc<Verdict>>,
}

impl Finding {
    /// The worst first; of equals what the team raised, then by rule and in the order of the model.
    fn order(&self) -> impl Ord {
        let verdict = self.verdict.as_deref().map(|verdict| (verdict.rule, &verdict.place));
        (Reverse(self.risk), verdict, &self.title)
    }
}

impl Findings {
    /// What fires of what was judged.
    pub fn new(app: &App, judged: &Judged) -> Findings {
        Findings::of_rules(&app.rules, judged.said()).with_team(app, judged)
    }

    /// What fires of what the rules say.
    pub fn of_rules<'v>(rules: &RuleSet, said: impl Iterator<Item = &'v Arc<Verdict>>) -> Findings {
        let mut findings = Findings::default();
        said.for_each(|verdict| findings.add(rules, verdict));
        findings
    }

    /// The same with what the team raised.
    pub fn with_team(mut self, app: &App, judged: &Judged) -> Findings {
        self.stamp = app.revision + 1;
        self.raise(app, judged);
        self
    }

    /// The same after an edit that changed some of what the rules say.
    pub fn follow(&mut self, app: &App, judged: &Judged, changes: &[Change]) {
        self.stamp = app.revision + 1;
        for list in self.by_element.values_mut() {
            list.retain(|finding| finding.verdict.is_some());
        }
        self.raise(app, judged);
        for Change { before, after } in changes {
            for before in before.iter().filter(|verdict| verdict.outcome == Outcome::Fires) {
                for id in before.place.elements() {
                    if let Some(list) = self.by_element.get_mut(&id) {
                        list.retain(|finding| finding.verdict.as_ref() != Some(before));
                    }
                }
            }
            after.iter().for_each(|verdict| self.add(&app.rules, verdict));
        }
    }

    /// What the team raised. There is little of it.
    fn raise(&mut self, app: &App, judged: &Judged) {
        for raised in judged.team.iter().filter(|raised| raised.outcome == Outcome::Fires) {
            let id = ElementId::new(Section::Threats, raised.slug.clone());
            let title = app.model.title_of(&id).to_owned();
            let finding = Arc::new(Finding { risk: raised.risk, title, verdict: None });
            raised.about.iter().for_each(|id| self.by_element.entry(id.clone()).or_default().push(finding.clone()));
        }
    }

    fn add(&mut self, rules: &RuleSet, verdict: &Arc<Verdict>) {
        if verdict.outcome != Outcome::Fires {
            return;
        }
        let known = verdict.impact.map(|_| risk(rules, verdict));
        let title = rules.rule(verdict.rule).title.clone();
        let finding = Arc::new(Finding { risk: known, title, verdict: Some(verdict.clone()) });
        for id in verdict.place.elements() {
            self.by_element.entry(id).or_default().push(finding.clone());
        }
    }

    /// Of which answers these are.
    pub fn stamp(&self) -> u64 {
        self.stamp
    }

    fn each<'f, 'i>(&'f self, ids: impl IntoIterator<Item = &'i ElementId>) -> Vec<&'f Finding> {
        let mut seen = HashSet::new();
        let found = ids.into_iter().filter_map(|id| self.by_element.get(id)).flatten();
        found.filter(|finding| seen.insert(Arc::as_ptr(finding))).map(|finding| &**finding).collect()
    }

    /// What fires at these elements, each once, the worst first.
    pub fn at<'f, 'i>(&'f self, ids: impl IntoIterator<Item = &'i ElementId>) -> Vec<&'f Finding> {
        let mut found = self.each(ids);
        found.sort_by(|one, other| one.order().cmp(&other.order()));
        found
    }

    /// The badge of these elements; nothing where nothing fires.
    pub fn badge<'i>(&self, ids: impl IntoIterator<Item = &'i ElementId>) -> Option<Badge> {
        let found = self.each(ids);
        let worst = found.iter().min_by(|one, other| one.order().cmp(&other.order()))?;
        let risk = worst.risk.map_or_else(|| "?".to_owned(), |risk| risk.to_string());
        let threats = counted(found.len(), "threat");
        let meaning = match worst.risk {
            Some(risk) => format!("{threats}, the worst {risk} of 25: {}", worst.title),
            None => format!("{threats} of unknown risk: {}", worst.title),
        };
        Some(Badge { sign: Sign::Threat, text: format!("T{risk}x{}", found.len()), meaning })
    }
}

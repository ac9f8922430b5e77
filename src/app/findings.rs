//! Findings: what fires at each element, as a badge on the map and as lines in the inspector.
//!
//! They are kept apart from what the layout knows: boxes have the same size with them as without, so that an answer of
//! the rules moves nothing, and the first picture waits for no rule.

use super::badge::{Badge, Sign};
use super::state::App;
use super::threats::{Judged, risk};
use crate::analysis::threats::Outcome;
use crate::model::text::counted;
use crate::model::{ElementId, Section};
use std::collections::{BTreeMap, BTreeSet};

/// What fires, by element.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Everything that fires, the worst first.
    all: Vec<Finding>,
    /// The places in `all` of what touches an element that is drawn.
    by_element: BTreeMap<ElementId, Vec<usize>>,
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
}

impl Findings {
    /// What fires of what was judged.
    pub fn new(app: &App, judged: &Judged) -> Findings {
        let mut found: Vec<(Finding, Vec<ElementId>)> = Vec::new();
        for raised in judged.team.iter().filter(|raised| raised.outcome == Outcome::Fires) {
            let id = ElementId::new(Section::Threats, raised.slug.clone());
            let finding = Finding { risk: raised.risk, title: app.model.title_of(&id).to_owned() };
            found.push((finding, raised.about.iter().cloned().collect()));
        }
        for verdict in judged.verdicts.iter().filter(|verdict| verdict.outcome == Outcome::Fires) {
            let known = verdict.impact.map(|_| risk(&app.rules, verdict));
            let finding = Finding { risk: known, title: app.rules.rule(verdict.rule).title.clone() };
            found.push((finding, verdict.place.elements()));
        }
        found.sort_by_key(|(finding, _)| std::cmp::Reverse(finding.risk));
        let mut findings = Findings { stamp: app.revision + 1, ..Findings::default() };
        for (at, (finding, ids)) in found.into_iter().enumerate() {
            findings.all.push(finding);
            for id in ids {
                findings.by_element.entry(id).or_default().push(at);
            }
        }
        findings
    }

    /// Of which answers these are.
    pub fn stamp(&self) -> u64 {
        self.stamp
    }

    /// What fires at these elements, each once, the worst first.
    pub fn at<'f, 'i>(&'f self, ids: impl IntoIterator<Item = &'i ElementId>) -> Vec<&'f Finding> {
        let places: BTreeSet<usize> =
            ids.into_iter().filter_map(|id| self.by_element.get(id)).flatten().copied().collect();
        places.into_iter().map(|at| &self.all[at]).collect()
    }

    /// The badge of these elements; nothing where nothing fires.
    pub fn badge<'i>(&self, ids: impl IntoIterator<Item = &'i ElementId>) -> Option<Badge> {
        let found = self.at(ids);
        let worst = found.first()?;
        let risk = worst.risk.map_or_else(|| "?".to_owned(), |risk| risk.to_string());
        let threats = counted(found.len(), "threat");
        let meaning = match worst.risk {
            Some(risk) => format!("{threats}, the worst {risk} of 25: {}", worst.title),
            None => format!("{threats} of unknown risk: {}", worst.title),
        };
        Some(Badge { sign: Sign::Threat, text: format!("T{risk}x{}", found.len()), meaning })
    }
}

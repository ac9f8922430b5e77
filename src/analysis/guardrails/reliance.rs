//! On what the safety of a path rests: its independent groups of controls, how much each control matters, and what fails
//! together.

use super::credit::Credit;
use super::group_failure;
use crate::analysis::attack::graph::group_of;
use crate::model::reference::Target;
use crate::model::{Model, Section, Slug};
use std::collections::{BTreeMap, BTreeSet};

/// A group counts as a guardrail of its own where it stops at least this share of what comes.
pub const COUNTS: f64 = 0.3;
/// So many independent groups are wanted on every path to data worth guarding.
pub const WANTED: usize = 2;
/// A control without which so many times as much gets through carries too much.
pub const TOO_MUCH: f64 = 5.0;

/// Controls that fail together.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The dependency group, or `control SLUG` for one that stands alone.
    pub name: String,
    /// Its controls on the path.
    pub controls: Vec<Slug>,
    /// The share that they stop together.
    pub effect: f64,
}

/// How much one control matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Importance {
    /// The control.
    pub control: Slug,
    /// Birnbaum's importance: how much the chance that all controls fail rises from this one being perfect to it being
    /// absent.
    pub birnbaum: f64,
    /// How many times as much gets through where it is lost.
    pub ratio: f64,
}

/// On what a path rests.
#[derive(Debug, Clone, PartialEq)]
pub struct Reliance {
    /// The groups that are credited with anything, the strongest first.
    pub groups: Vec<Group>,
    /// The chance that all of them fail.
    pub residual: f64,
    /// Every credited control, the most important first.
    pub importance: Vec<Importance>,
}

impl Reliance {
    /// What stands behind these controls.
    pub fn of(model: &Model, credit: &Credit, controls: &[Slug]) -> Reliance {
        let mut by_group: BTreeMap<String, Vec<&Slug>> = BTreeMap::new();
        for slug in controls.iter().filter(|slug| credit.of(slug).is_some()) {
            by_group.entry(group_of(model, slug)).or_default().push(slug);
        }
        let failure = |slug: &Slug| 1.0 - credit.of(slug).unwrap_or(0.0);
        let fails = |slugs: &[&Slug], but: Option<&Slug>| {
            let rest: Vec<f64> = slugs.iter().filter(|slug| Some(**slug) != but).map(|slug| failure(slug)).collect();
            group_failure(&rest)
        };
        let residual: f64 = by_group.values().map(|slugs| fails(slugs, None)).product();
        let mut groups: Vec<Group> = by_group
            .iter()
            .map(|(name, slugs)| Group {
                name: name.clone(),
                controls: slugs.iter().map(|slug| (*slug).clone()).collect(),
                effect: 1.0 - fails(slugs, None),
            })
            .collect();
        groups.sort_by(|one, other| other.effect.total_cmp(&one.effect));
        let mut importance: Vec<Importance> = by_group
            .iter()
            .flat_map(|(name, slugs)| slugs.iter().map(move |slug| (name, *slug)))
            .map(|(own, lost)| {
                // Where one is perfect nothing gets through: its importance is what gets through without it.
                let without: f64 =
                    by_group.iter().map(|(name, slugs)| fails(slugs, (name == own).then_some(lost))).product();
                Importance { control: lost.clone(), birnbaum: without, ratio: without / residual }
            })
            .collect();
        importance.sort_by(|one, other| other.birnbaum.total_cmp(&one.birnbaum));
        Reliance { groups, residual, importance }
    }

    /// How many groups count as guardrails of their own.
    pub fn independent(&self) -> usize {
        self.groups.iter().filter(|group| group.effect >= COUNTS).count()
    }

    /// Why too much rests on too little; nothing where it does not.
    pub fn complaint(&self) -> Option<String> {
        let count = self.independent();
        if count < WANTED {
            let what = if count == 0 {
                "no independent group of controls counts".to_owned()
            } else {
                format!("only {count} independent group of controls counts")
            };
            return Some(what);
        }
        let heavy = self.importance.iter().find(|found| found.ratio >= TOO_MUCH)?;
        Some(format!("without {} {:.0} times as much gets through", heavy.control, heavy.ratio))
    }
}

/// What fails together when a dependency group fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    /// The group.
    pub name: String,
    /// Its controls, planned ones too.
    pub controls: Vec<Slug>,
    /// The endpoints that they guard: themselves, by their service, or by a grant at them.
    pub endpoints: BTreeSet<Slug>,
}

/// Every dependency group that the model names, the one that guards most endpoints first.
pub fn failing_together(model: &Model) -> Vec<Together> {
    let mut groups: BTreeMap<String, Together> = BTreeMap::new();
    for (slug, control) in &model.controls {
        let Some(name) = control.dependency_group.as_ref().map(ToString::to_string) else { continue };
        let group = groups.entry(name.clone()).or_insert_with(|| Together {
            name,
            controls: Vec::new(),
            endpoints: BTreeSet::new(),
        });
        group.controls.push(slug.clone());
        for guarded in &control.guards {
            let Some(id) = model.resolve(Target::Any, guarded.0.as_str()) else { continue };
            match id.section {
                Section::Endpoints => {
                    group.endpoints.insert(id.slug);
                }
                Section::Services => {
                    let of_it = model.endpoints.iter().filter(|(_, endpoint)| {
                        endpoint.service.as_ref().is_some_and(|service| *service.slug() == id.slug)
                    });
                    group.endpoints.extend(of_it.map(|(slug, _)| slug.clone()));
                }
                Section::Grants => {
                    group.endpoints.extend(model.grants.get(&id.slug).map(|grant| grant.endpoint.slug().clone()));
                }
                _ => {}
            }
        }
    }
    let mut found: Vec<Together> = groups.into_values().collect();
    found.sort_by_key(|group| std::cmp::Reverse((group.endpoints.len(), group.controls.len())));
    found
}

//! With what a new drill begins: the files that it rests on, the day of its story, and what it takes from the model. All
//! of that is written down, so that its log can be read later without the model.

use super::binding::{self, Bound};
use super::duty::Concerned;
use super::event::{Begin, Words};
use super::log::sha256;
use super::moment::{Moment, Zone};
use super::scenario::STARTER;
use super::state::Plan;
use super::what_if;
use crate::analysis::access::Access;
use crate::library::clocks::SHELF_LIFE_DAYS;
use crate::library::located::Problem;
use crate::model::facts::Day;
use crate::model::text::{Text, counted};
use crate::model::{Model, Section, Slug};
use std::collections::{BTreeMap, BTreeSet};

/// What whoever begins a drill may choose.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Choices {
    /// The day on which the story begins; without it, the next one of the scenario's weekday.
    pub date: Option<Day>,
    /// The zone of the story.
    pub zone: Zone,
    /// Days on which nobody works.
    pub holidays: Vec<Day>,
    /// Whether it is the short form that is played.
    pub starter: bool,
    /// Whether time is made up.
    pub simulated: bool,
}

/// The model of a drill.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'m> {
    /// The model.
    pub model: &'m Model,
    /// Its effective access.
    pub access: &'m Access,
    /// The checksum of its file.
    pub sum: &'m str,
}

/// Why a drill can not begin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BeginError {
    /// A query of the scenario can not be asked.
    #[error(transparent)]
    Query(#[from] Problem),
    /// The story begins on another day of the week.
    #[error("{0} is no {1}, on which the scenario begins: choose another day")]
    Weekday(Day, String),
    /// A day that no calendar has.
    #[error("the clock is beyond all calendars")]
    Calendar,
}

/// A beginning, and what is to be said about it.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The event.
    pub begin: Begin,
    /// What whoever begins should know: what is not in the model, what is old.
    pub notes: Vec<String>,
}

/// Makes the beginning of a drill. `today` is the day by the clock on the wall.
pub fn begin(plan: &Plan, ground: Option<Ground<'_>>, choices: &Choices, today: Day) -> Result<Beginning, BeginError> {
    let scenario = &plan.scenario;
    let bound = match ground {
        Some(ground) => binding::bind(scenario, ground.model, ground.access, Some(today))?,
        None => binding::unbound(scenario),
    };
    let mut notes = Vec::new();
    for binding in scenario.bindings.iter().filter(|_| ground.is_some()) {
        let may_fit = match bound.get(binding.id.as_str()) {
            Some(found) if found.fits == 0 => found.may_fit,
            _ => continue,
        };
        let may = if may_fit > 0 { format!(" ({may_fit} may, if facts turn out so)") } else { String::new() };
        notes.push(format!(
            "nothing in the model fits `{}`: {}{may}; the scenario's own words stand in",
            binding.id, binding.about
        ));
    }
    let stale = plan.clocks.stale(today).len();
    if stale > 0 {
        notes.push(format!(
            "{} of the clock pack were checked more than {SHELF_LIFE_DAYS} days ago: have them checked again",
            counted(stale, "rule")
        ));
    }
    let mut files = sums(plan);
    files.extend(ground.map(|ground| ("model".to_owned(), ground.sum.to_owned())));
    let elements: BTreeSet<String> = bound.values().flat_map(|found| &found.elements).map(|id| id.any_link()).collect();
    let begin = Begin {
        scenario: scenario.id.slug().clone(),
        starter: choices.starter,
        files,
        story_zero: Moment::new(day(plan, choices, today)?, scenario.begins.at.0, choices.zone),
        zone: choices.zone,
        scale: scenario.scale,
        holidays: choices.holidays.clone(),
        words: binding::words(&bound).into_iter().map(|(name, text)| (name, Words { text: Some(text) })).collect(),
        elements: elements.into_iter().map(Text::from).collect(),
        places: bound
            .iter()
            .filter(|(_, found)| !found.places.is_empty())
            .map(|(name, found)| (name.clone(), found.places.clone()))
            .collect(),
        data: ground.map(|ground| concerned(ground.model, &bound)).unwrap_or_default(),
        attack: ground.and_then(|_| what_if::prepare(scenario, &bound)),
        simulated: choices.simulated,
    };
    Ok(Beginning { begin, notes })
}

/// The day on which the story begins.
fn day(plan: &Plan, choices: &Choices, today: Day) -> Result<Day, BeginError> {
    let weekday = plan.scenario.begins.weekday;
    match choices.date {
        Some(day) if day.weekday() != weekday as usize => Err(BeginError::Weekday(day, format!("{weekday:?}"))),
        Some(day) => Ok(day),
        None => {
            let ahead = (weekday as usize + 7 - today.weekday()) % 7;
            i64::try_from(ahead).ok().and_then(|ahead| today.plus(ahead)).ok_or(BeginError::Calendar)
        }
    }
}

/// The name under which the scenario of a drill is found: the short form has that of the whole with an ending.
pub fn scenario_name(begin: &Begin) -> &str {
    let name = begin.scenario.as_str();
    if begin.starter { name.strip_suffix(STARTER).unwrap_or(name) } else { name }
}

/// The checksums of the files of a plan.
pub fn sums(plan: &Plan) -> BTreeMap<String, String> {
    [
        ("scenario", &plan.scenario.source.text),
        ("playbook", &plan.playbook.source.text),
        ("clocks", &plan.clocks.source.text),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), sha256(text.as_bytes())))
    .collect()
}

/// What thresholds of clocks ask of the datasets that a drill is about.
fn concerned(model: &Model, bound: &Bound) -> Vec<Concerned> {
    let datasets: BTreeSet<&Slug> = bound
        .values()
        .flat_map(|found| &found.elements)
        .filter(|id| id.section == Section::Datasets)
        .map(|id| &id.slug)
        .collect();
    datasets
        .into_iter()
        .filter_map(|slug| {
            let dataset = model.datasets.get(slug)?;
            Some(Concerned {
                dataset: Text::from(slug.as_str()),
                count: dataset.subject_count,
                residency: dataset.residency.clone(),
            })
        })
        .collect()
}

//! Attacker profiles as their files write them, and how one becomes an element of a model.
//!
//! As strict as the files of rules: a field that does not exist, an id twice, a number out of its range end the reading
//! with the place. A field that is left out is unknown.

use super::rule::{RuleError, place_of};
use crate::model::edit::{Edit, free_slug};
use crate::model::facts::Estimate;
use crate::model::reflect::ron_options;
use crate::model::text::{Text, one_line};
use crate::model::threats::{Attacker, Entry, RiskTolerance, Skill};
use crate::model::{Element, ElementId, Model, Section};
use ron::value::RawValue;
use serde::Deserialize;

/// A profile: an attacker of no model in particular.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Its name.
    pub id: String,
    /// The attacker, without anything that a model would have to name.
    pub attacker: Attacker,
}

/// The largest file of profiles, in bytes.
pub const MAX_PROFILE_FILE: usize = 1 << 18;

/// The most profiles in one file.
const MAX_PROFILES: usize = 200;

#[derive(Deserialize)]
#[serde(rename = "Profile", deny_unknown_fields)]
struct Raw<'a> {
    #[serde(borrow)]
    id: &'a RawValue,
    title: Text,
    intent: Text,
    #[serde(default)]
    motive: Option<Text>,
    #[serde(default)]
    hostile: Option<bool>,
    entry: Entry,
    #[serde(default)]
    skill: Option<Skill>,
    #[serde(default)]
    resources: Option<Text>,
    #[serde(default)]
    capability: Option<Estimate>,
    #[serde(default)]
    attempts_per_year: Option<Estimate>,
    #[serde(default)]
    risk_tolerance: Option<RiskTolerance>,
    #[serde(default)]
    prefers: Vec<Text>,
}

/// Reads a file of profiles: a list of `Profile(...)`.
pub fn read(file: &str, text: &str) -> Result<Vec<Profile>, RuleError> {
    let at = |(line, column): (usize, usize), message: String| RuleError {
        file: one_line(file, 200),
        line,
        column,
        message: one_line(&message, 400),
    };
    if text.len() > MAX_PROFILE_FILE {
        return Err(at((1, 1), format!("a file of profiles has at most {} KiB", MAX_PROFILE_FILE >> 10)));
    }
    let raws: Vec<Raw<'_>> = ron_options()
        .from_str(text)
        .map_err(|error| at((error.span.start.line, error.span.start.col), error.code.to_string()))?;
    if raws.len() > MAX_PROFILES {
        return Err(at((1, 1), format!("a file has at most {MAX_PROFILES} profiles")));
    }
    let mut profiles: Vec<Profile> = Vec::with_capacity(raws.len());
    for raw in raws {
        let place = place_of(text, raw.id.get_ron());
        let id: String = ron_options()
            .from_str(raw.id.get_ron().trim())
            .map_err(|error| at(place, format!("a text is needed here: {}", error.code)))?;
        let good = !id.is_empty() && id.len() <= 40 && id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        if !good {
            return Err(at(place, format!("`{}` is no name of a profile: small letters and -", one_line(&id, 40))));
        }
        if profiles.iter().any(|profile| profile.id == id) {
            return Err(at(place, format!("there are two profiles `{id}`")));
        }
        if raw.title.is_empty() || raw.intent.is_empty() {
            return Err(at(place, format!("{id}: a profile needs a title and an intent")));
        }
        if raw.capability.is_some_and(|estimate| estimate.max > 100.0) {
            return Err(at(place, format!("{id}: capability is in percent, 100 at most")));
        }
        let attacker = Attacker {
            title: raw.title,
            intent: raw.intent,
            motive: raw.motive,
            hostile: raw.hostile,
            entry: Some(raw.entry),
            skill: raw.skill,
            resources: raw.resources,
            capability: raw.capability,
            attempts_per_year: raw.attempts_per_year,
            risk_tolerance: raw.risk_tolerance,
            prefers: raw.prefers,
            profile: Some(Text::new(&id)),
            ..Attacker::default()
        };
        profiles.push(Profile { id, attacker });
    }
    Ok(profiles)
}

/// The profiles that are shipped.
pub fn shipped() -> Result<Vec<Profile>, RuleError> {
    read("attackers.ron", include_str!("attackers.ron"))
}

/// Makes a profile an attacker of the model; its numbers are marked as assumptions that somebody has to confirm.
pub fn adopt(model: &Model, profile: &Profile) -> (Edit, ElementId) {
    let mut attacker = profile.attacker.clone();
    let assumed = [
        ("skill", attacker.skill.is_some()),
        ("capability", attacker.capability.is_some()),
        ("attempts_per_year", attacker.attempts_per_year.is_some()),
        ("risk_tolerance", attacker.risk_tolerance.is_some()),
    ];
    attacker.assumed = assumed.iter().filter(|(_, said)| *said).map(|(name, _)| Text::new(name)).collect();
    let id = ElementId::new(Section::Attackers, free_slug(model, Section::Attackers, &profile.id));
    let name = format!("add attacker {}", one_line(attacker.title.as_str(), 40));
    (Edit::put(name, id.clone(), Element::Attacker(Box::new(attacker))), id)
}

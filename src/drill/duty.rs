//! The legal clocks of a drill: which duties apply, which of them run, and which are met or breached.

use super::moment::{Moment, Zone};
use crate::library::clocks::{Anchor, ClockRule, Threshold};
use crate::model::Slug;
use crate::model::facts::Day;
use crate::model::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is known of a dataset that a drill is about, as thresholds ask for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concerned {
    /// The dataset.
    pub dataset: Text,
    /// About how many people it is.
    pub count: Option<u64>,
    /// Where it is kept.
    pub residency: Option<Text>,
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The data says that the rule does not apply.
    Excluded,
    /// It waits for its anchor.
    Armed,
    /// It runs, since and until then; without a number, until somebody sees to it.
    Running(Moment, Option<Moment>),
    /// It was seen to then, so many seconds before the deadline.
    Met(Moment, Option<i64>),
    /// The deadline passed; it was seen to so many seconds late, or not yet.
    Breached(Moment, Option<i64>),
}

impl Standing {
    /// As lists and JSON write it.
    pub fn word(&self) -> &'static str {
        match self {
            Standing::Excluded => "excluded",
            Standing::Armed => "armed",
            Standing::Running(..) => "running",
            Standing::Met(..) => "met",
            Standing::Breached(..) => "breached",
        }
    }
}

/// When things happened that clocks depend on, in the time of the story.
#[derive(Debug, Clone, Default)]
pub struct Occurred {
    /// Events, when each was emitted first.
    pub events: BTreeMap<Slug, Moment>,
    /// Rules, when what each wants was submitted; the last time counts.
    pub submitted: BTreeMap<Slug, Moment>,
}

/// Whether a threshold is passed; nothing where that depends on what nobody said. Where data is kept elsewhere than in
/// the regions of a rule, its people may still live there: that is unknown, not no.
pub fn applies(threshold: &Threshold, data: &[Concerned]) -> Option<bool> {
    let count: Option<u64> = if data.is_empty() {
        None
    } else {
        // The same people may be in several datasets: the largest counts.
        data.iter().map(|data| data.count).collect::<Option<Vec<u64>>>().and_then(|all| all.into_iter().max())
    };
    let mut parts: Vec<Option<bool>> = Vec::new();
    if !threshold.regions.is_empty() {
        let inside = data.iter().filter_map(|data| data.residency.as_ref()).any(|residency| {
            threshold.regions.iter().any(|region| region.as_str().eq_ignore_ascii_case(residency.as_str()))
        });
        parts.push(if inside { Some(true) } else { None });
    }
    // One dataset above is enough; to be below, all have to be.
    let known_most = data.iter().filter_map(|data| data.count).max();
    if let Some(at_least) = threshold.at_least {
        parts.push(if known_most >= Some(at_least) { Some(true) } else { count.map(|count| count >= at_least) });
    }
    if let Some(fewer_than) = threshold.fewer_than {
        parts.push(if known_most >= Some(fewer_than) { Some(false) } else { count.map(|count| count < fewer_than) });
    }
    if parts.contains(&Some(false)) {
        Some(false)
    } else if parts.contains(&None) {
        None
    } else {
        Some(true)
    }
}

/// When a rule's clock started, and its deadline.
fn runs(rule: &ClockRule, occurred: &Occurred, zone: Zone, holidays: &[Day]) -> Option<(Moment, Option<Moment>)> {
    let start = |anchor: &Anchor| match anchor {
        Anchor::Event(event) => occurred.events.get(event.slug()).copied(),
        Anchor::Submitted(rule) => occurred.submitted.get(rule.slug()).copied(),
    };
    let first = rule.limits.first()?;
    let since = start(&first.from)?;
    let own = since.after(first.within, zone, holidays);
    let others = rule.limits[1..].iter().filter_map(|limit| start(&limit.from)?.after(limit.within, zone, holidays));
    let deadline = others.filter(|deadline| !(rule.late_start && *deadline < since)).chain(own).min();
    Some((since, deadline))
}

/// How a clock stands at a moment of the story.
pub fn standing(
    rule: &ClockRule,
    data: &[Concerned],
    occurred: &Occurred,
    now: Moment,
    zone: Zone,
    holidays: &[Day],
) -> Standing {
    if applies(&rule.applies, data) == Some(false) {
        return Standing::Excluded;
    }
    let Some((since, deadline)) = runs(rule, occurred, zone, holidays) else { return Standing::Armed };
    let submitted = occurred.submitted.get(rule.id.slug()).copied();
    match (submitted, deadline) {
        (Some(at), Some(deadline)) if at > deadline => Standing::Breached(deadline, Some(at.0 - deadline.0)),
        (Some(at), deadline) => Standing::Met(at, deadline.map(|deadline| deadline.0 - at.0)),
        (None, Some(deadline)) if now > deadline => Standing::Breached(deadline, None),
        (None, deadline) => Standing::Running(since, deadline),
    }
}

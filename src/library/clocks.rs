//! The rule pack of legal clocks: by when whom to tell of what, with the source of every rule and the day on which it was
//! read. It is data for rehearsals, and not legal advice.
//!
//! A clock does not begin when something happens, but when an event happens that a law names: becoming aware,
//! classifying, determining, or one's own earlier submission. The pack names these events; a drill emits them.

use super::located::{self, Name, Problem, SourceText};
use crate::model::facts::Day;
use crate::model::text::{Text, nearest};
use serde::Deserialize;

/// After so many days without being checked a rule is too old to trust, and the program says so.
pub const SHELF_LIFE_DAYS: i64 = 180;

/// A pack of rules.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename = "ClockPack", deny_unknown_fields)]
pub struct ClockPack {
    /// The version of the file form; 1.
    pub format: u32,
    /// What it is.
    pub title: Text,
    /// What to know before anything in it is believed.
    pub warning: Text,
    /// The events at which clocks begin.
    pub events: Vec<AnchorEvent>,
    /// The rules.
    pub rules: Vec<ClockRule>,
    /// The file.
    #[serde(skip)]
    pub source: SourceText,
}

/// An event at which a clock begins.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnchorEvent {
    /// Its name.
    pub id: Name,
    /// What has to have happened, in a sentence.
    pub about: Text,
}

/// One duty to notify.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename = "Rule", deny_unknown_fields)]
pub struct ClockRule {
    /// Its name.
    pub id: Name,
    /// What is due, in a few words.
    pub title: Text,
    /// The law and the article.
    pub law: Text,
    /// Whom it binds; a model does not tell, people have to.
    pub binds: Text,
    /// Who is told.
    pub to: Text,
    /// By when. The first one starts the clock; of several the earliest deadline counts.
    pub limits: Vec<Limit>,
    /// Where a later limit is past already when the clock starts, the first one alone counts.
    #[serde(default)]
    pub late_start: bool,
    /// What of the data decides whether it applies.
    #[serde(default)]
    pub applies: Threshold,
    /// What else to know.
    #[serde(default)]
    pub note: Text,
    /// How well it is known.
    pub standing: Standing,
    /// Where it was read.
    pub source: Text,
    /// When.
    pub checked_on: Day,
}

/// A limit: an anchor and a length of time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// From when.
    pub from: Anchor,
    /// How long.
    pub within: Span,
}

/// From when a limit runs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub enum Anchor {
    /// From an event.
    Event(Name),
    /// From when the notification that another rule wants was submitted.
    Submitted(Name),
}

/// How long a limit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Span {
    /// So many hours, whatever the day.
    Hours(u32),
    /// So many calendar days: the same time of the day, which is the stricter reading.
    Days(u32),
    /// So many days from Monday to Friday that are no holidays, the day of the anchor not counted.
    BusinessDays(u32),
    /// So many months: the same day of the month, or its last where it is shorter.
    Months(u32),
    /// So many calendar days after the end of the year of the anchor.
    DaysAfterYearEnd(u32),
    /// Without undue delay: there is no number, so it is never late by the clock.
    WithoutUndueDelay,
}

/// What of the data decides whether a rule applies.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Threshold {
    /// Regions whose people it protects. Where the data is kept there, it may well apply; where it is kept elsewhere
    /// nobody knows yet where its people live.
    pub regions: Vec<Text>,
    /// At least so many people.
    pub at_least: Option<u64>,
    /// Fewer than so many people.
    pub fewer_than: Option<u64>,
}

/// How well a rule is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Standing {
    /// Read in the law itself.
    Read,
    /// A page about the law says so; the law itself was not read.
    Secondary,
}

impl Standing {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Standing::Read => "read in the law",
            Standing::Secondary => "from a page about the law; check the law itself",
        }
    }
}

impl ClockPack {
    /// The rule with a name.
    pub fn rule(&self, id: &str) -> Option<&ClockRule> {
        self.rules.iter().find(|rule| rule.id.as_str() == id)
    }

    /// Whether an event starts some clock of the pack.
    pub fn has_event(&self, id: &str) -> bool {
        self.events.iter().any(|event| event.id.as_str() == id)
    }

    /// The rules that nobody checked for longer than [`SHELF_LIFE_DAYS`].
    pub fn stale(&self, today: Day) -> Vec<&ClockRule> {
        self.rules.iter().filter(|rule| today.count() - rule.checked_on.count() > SHELF_LIFE_DAYS).collect()
    }
}

/// Reads a pack, and checks that everything in it names something.
pub fn read(file: &str, text: &str) -> Result<ClockPack, Problem> {
    let (mut pack, source): (ClockPack, SourceText) = located::read(file, text)?;
    pack.source = source;
    check(&pack)?;
    Ok(pack)
}

fn check(pack: &ClockPack) -> Result<(), Problem> {
    let wrong = |name: &Name, message: String| Err(pack.source.problem(name, message));
    if pack.format != 1 {
        let message = format!("format {} is not known: this program reads format 1", pack.format);
        return Err(pack.source.problem_at((1, 1), message));
    }
    for (at, event) in pack.events.iter().enumerate() {
        if pack.events[..at].iter().any(|other| other.id == event.id) {
            return wrong(&event.id, format!("there are two events `{}`: rename one", event.id));
        }
    }
    for (at, rule) in pack.rules.iter().enumerate() {
        let id = &rule.id;
        if pack.rules[..at].iter().any(|other| other.id == *id) {
            return wrong(id, format!("there are two rules `{id}`: rename one"));
        }
        if rule.limits.is_empty() {
            return wrong(id, format!("`{id}` has no limit: say from when and within which time"));
        }
        for limit in &rule.limits {
            match &limit.from {
                Anchor::Event(event) if !pack.has_event(event.as_str()) => {
                    let meant = nearest(event.as_str(), pack.events.iter().map(|event| event.id.as_str()));
                    let hint =
                        meant.map_or("add it to `events`".to_owned(), |meant| format!("did you mean `{meant}`?"));
                    return wrong(event, format!("there is no event `{event}`: {hint}"));
                }
                // A rule may wait only for rules above it, so that no chain goes in a circle.
                Anchor::Submitted(rule) if !pack.rules[..at].iter().any(|other| other.id == *rule) => {
                    return wrong(rule, format!("there is no rule `{rule}` above this one: put it there"));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// The text of the pack that is shipped.
pub const SHIPPED: &str = include_str!("clocks.ron");

/// The pack that is shipped.
pub fn shipped() -> Result<ClockPack, Problem> {
    read("clocks.ron", SHIPPED)
}

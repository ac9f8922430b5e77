//! Values of facts: days, shares, sources, and what a grant allows (operation, fields, rows, limits).

use super::lookup::{self, Fact};
use super::reflect::{Choice, Kind, Value, choice, record};
use super::spelled::spelled;
use super::text::Text;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A calendar day of the proleptic Gregorian calendar, written `"2026-01-31"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

/// Day 0 of Hinnant's count, 0000-03-01, is so many days before 1970-01-01.
const EPOCH: i64 = 719_468;

/// How many days a month has.
fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u8::from(leap),
        _ => 31,
    }
}

impl Day {
    /// The day so many days later, or earlier where the number is negative; nothing beyond the years 0 to 9999.
    pub fn plus(self, days: i64) -> Option<Day> {
        Day::from_count(self.count().checked_add(days)?)
    }

    /// The same, and where it lies beyond the calendar its first day or its last: before or after all others.
    pub fn plus_within(self, days: i64) -> Day {
        let end = if days < 0 { Day { year: 0, month: 1, day: 1 } } else { Day { year: 9_999, month: 12, day: 31 } };
        self.plus(days).unwrap_or(end)
    }

    /// How many days it is after 1970-01-01. Days are counted as in Hinnant, "chrono-compatible low-level date
    /// algorithms" (<https://howardhinnant.github.io/date_algorithms.html>).
    pub fn count(self) -> i64 {
        let (year, month, day) = (i64::from(self.year), i64::from(self.month), i64::from(self.day));
        // Years begin in March, so that the leap day is the last.
        let year = if month <= 2 { year - 1 } else { year };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH
    }

    /// The day that is so many days after 1970-01-01; nothing beyond the years 0 to 9999.
    pub fn from_count(days: i64) -> Option<Day> {
        let count = days.checked_add(EPOCH)?;
        let (era, of_era) = (count.div_euclid(146_097), count.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = era.checked_mul(400)?.checked_add(year_of_era)? + i64::from(month <= 2);
        let year = u16::try_from(year).ok().filter(|year| *year <= 9_999)?;
        Some(Day { year, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? })
    }

    /// The same day of the month so many months later, or the last of that month where it is shorter.
    pub fn plus_months(self, months: u32) -> Option<Day> {
        let months = u32::from(self.year) * 12 + u32::from(self.month) - 1 + months.min(120_000);
        let year = u16::try_from(months / 12).ok().filter(|year| *year <= 9_999)?;
        let month = u8::try_from(months % 12 + 1).ok()?;
        Some(Day { year, month, day: self.day.min(days_in(year, month)) })
    }

    /// The last day of its year.
    pub fn year_end(self) -> Day {
        Day { year: self.year, month: 12, day: 31 }
    }

    /// The day of the week, 0 for Monday.
    pub fn weekday(self) -> usize {
        // 1970-01-01 was a Thursday.
        usize::try_from((self.count() + 3).rem_euclid(7)).unwrap_or_default()
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Day, String> {
        let wrong = || format!("`{}` is not a day: write it as YYYY-MM-DD", super::text::one_line(text, 20));
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts.as_slice() else { return Err(wrong()) };
        if (year.len(), month.len(), day.len()) != (4, 2, 2) || !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Err(wrong());
        }
        let parsed = (year.parse::<u16>(), month.parse::<u8>(), day.parse::<u8>());
        let (Ok(year), Ok(month), Ok(day)) = parsed else { return Err(wrong()) };
        if !(1..=12).contains(&month) {
            return Err(format!("`{text}` has no such month"));
        }
        if day == 0 || day > days_in(year, month) {
            return Err(format!("`{text}` has no such day"));
        }
        Ok(Day { year, month, day })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        spelled(deserializer, str::parse)
    }
}

/// A share in whole percent, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Percent(u8);

impl Percent {
    /// The share, 0 to 100.
    pub fn value(self) -> u8 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = u64::deserialize(deserializer)?;
        match u8::try_from(value) {
            Ok(share) if share <= 100 => Ok(Percent(share)),
            _ => Err(serde::de::Error::custom(format!("{value} is not a share in percent: 0 to 100"))),
        }
    }
}

/// A step on a scale of five, 1 for the least: how likely something is, how much it hurts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Level(u8);

impl Level {
    /// The step, 1 to 5; nothing for anything else.
    pub fn new(step: u8) -> Option<Level> {
        (1..=5).contains(&step).then_some(Level(step))
    }

    /// The step, 1 to 5.
    pub fn value(self) -> u8 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = u64::deserialize(deserializer)?;
        let level = u8::try_from(value).ok().and_then(Level::new);
        level.ok_or_else(|| serde::de::Error::custom(format!("{value} is no step of the scale: 1 to 5")))
    }
}

/// A number that nobody measured, as people estimate it: the least, the likeliest, the most.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Guess")]
pub struct Estimate {
    /// The least.
    pub min: f64,
    /// The likeliest.
    pub likely: f64,
    /// The most.
    pub max: f64,
}

/// An estimate before its numbers are compared.
#[derive(Deserialize)]
struct Guess {
    min: f64,
    likely: f64,
    max: f64,
}

impl TryFrom<Guess> for Estimate {
    type Error = String;

    fn try_from(Guess { min, likely, max }: Guess) -> Result<Estimate, String> {
        // What is no number is in no order.
        if 0.0 <= min && min <= likely && likely <= max && max < f64::INFINITY {
            Ok(Estimate { min, likely, max })
        } else {
            Err(format!("an estimate needs 0 <= min <= likely <= max, and {min}, {likely}, {max} are not"))
        }
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}, most likely {}", self.min, self.max, self.likely)
    }
}

impl Value for Estimate {
    const KIND: Kind = Kind::Variant(&[Choice {
        name: "(min: 0.5, likely: 2.0, max: 10.0)",
        doc: "The least, the likeliest, the most: assumed, not measured.",
    }]);
    // Conditions count in whole numbers.
    const READ: Kind = Kind::Cell;

    fn fact(&self) -> Fact<'_> {
        Fact::Unknown
    }
}

record! {
    /// The place that says so: a file of the import (relative to the imported folder) and a line, 1 for the first.
    pub struct Source {
        /// The file, relative to what was imported.
        file: Text,
        /// The line, 1 for the first.
        line: Option<u32>,
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file),
            None => write!(f, "{}", self.file),
        }
    }
}

choice! {
    /// What a grant lets a role do.
    pub enum Operation {
        /// Read rows.
        Read,
        /// Add rows.
        Create,
        /// Change rows.
        Update,
        /// Remove rows.
        Delete,
        /// Call something that acts.
        Execute,
        /// Read counts, sums and other aggregates alone.
        Aggregate,
        /// Be told of changes.
        Subscribe,
        /// Give access on to others.
        Share,
    }
}

impl Operation {
    /// As JSON output and the command line write it.
    pub fn word(self) -> &'static str {
        match self {
            Operation::Read => "read",
            Operation::Create => "create",
            Operation::Update => "update",
            Operation::Delete => "delete",
            Operation::Execute => "execute",
            Operation::Aggregate => "aggregate",
            Operation::Subscribe => "subscribe",
            Operation::Share => "share",
        }
    }

    /// One letter for narrow columns.
    pub fn letter(self) -> char {
        match self {
            Operation::Read => 'R',
            Operation::Create => 'C',
            Operation::Update => 'U',
            Operation::Delete => 'D',
            Operation::Execute => 'X',
            Operation::Aggregate => 'A',
            Operation::Subscribe => 'S',
            Operation::Share => 'H',
        }
    }
}

choice! {
    /// How sure a fact is.
    pub enum Certainty {
        /// A file or a person says so.
        Declared,
        /// The platform does so unless told otherwise, and the files do not tell.
        PlatformDefault,
        /// Concluded from other facts.
        Inferred,
        /// Seen in operation.
        Observed,
    }
}

impl Certainty {
    /// As JSON output writes it.
    pub fn word(self) -> &'static str {
        match self {
            Certainty::Declared => "declared",
            Certainty::PlatformDefault => "platform_default",
            Certainty::Inferred => "inferred",
            Certainty::Observed => "observed",
        }
    }
}

/// Which fields of a dataset a grant covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fields {
    /// Every field, those added later included.
    All,
    /// These.
    Only(Vec<Text>),
}

impl Value for Fields {
    const KIND: Kind = Kind::Variant(&[
        Choice { name: "All", doc: "Every field, those added later included." },
        Choice { name: "Only([\"id\", \"name\"])", doc: "These fields." },
    ]);
    const READ: Kind = Kind::Record(lookup::fields_specs);

    fn fact(&self) -> Fact<'_> {
        Fact::Record(self)
    }
}

/// Which rows of a dataset a grant covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rows {
    /// Every row.
    All,
    /// No row.
    Nobody,
    /// The rows whose field holds the caller's own id.
    Owner(Text),
    /// The rows whose field holds the caller's tenant or organisation.
    Tenant(Text),
    /// A condition on fixed values: the same rows for every caller.
    Constant(Text),
    /// Any other condition; bound to the session where it reads a session variable.
    Predicate {
        /// The condition, as the platform writes it, on one line.
        text: Text,
        /// Whether it reads a variable of the caller's session.
        #[serde(default, skip_serializing_if = "super::reflect::is_absent")]
        session_bound: bool,
    },
}

impl Rows {
    /// Whether the rows depend on who asks.
    pub fn is_session_bound(&self) -> bool {
        match self {
            Rows::Owner(_) | Rows::Tenant(_) => true,
            Rows::Predicate { session_bound, .. } => *session_bound,
            Rows::All | Rows::Nobody | Rows::Constant(_) => false,
        }
    }

    /// The kind alone, as JSON output writes it.
    pub fn word(&self) -> &'static str {
        match self {
            Rows::All => "all",
            Rows::Nobody => "none",
            Rows::Owner(_) => "owner",
            Rows::Tenant(_) => "tenant",
            Rows::Constant(_) => "constant",
            Rows::Predicate { .. } => "predicate",
        }
    }

    /// The field or the condition behind the kind.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Rows::All | Rows::Nobody => None,
            Rows::Owner(text) | Rows::Tenant(text) | Rows::Constant(text) => Some(text.as_str()),
            Rows::Predicate { text, .. } => Some(text.as_str()),
        }
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.detail()) {
            (Rows::All, _) => f.write_str("all rows"),
            (Rows::Nobody, _) => f.write_str("no row"),
            (Rows::Owner(_), Some(field)) => write!(f, "own rows by {field}"),
            (Rows::Tenant(_), Some(field)) => write!(f, "the tenant's rows by {field}"),
            (_, detail) => write!(f, "rows where {}", detail.unwrap_or("unknown")),
        }
    }
}

impl Value for Rows {
    const KIND: Kind = Kind::Variant(&[
        Choice { name: "All", doc: "Every row." },
        Choice { name: "Nobody", doc: "No row." },
        Choice { name: "Owner(\"user_id\")", doc: "The rows whose field holds the caller's own id." },
        Choice { name: "Tenant(\"org_id\")", doc: "The rows whose field holds the caller's tenant." },
        Choice { name: "Constant(\"is_public = true\")", doc: "The same rows for every caller." },
        Choice { name: "Predicate(text: \"...\", session_bound: true)", doc: "Any other condition." },
    ]);
    const READ: Kind = Kind::Record(lookup::rows_specs);

    fn fact(&self) -> Fact<'_> {
        Fact::Record(self)
    }
}

/// What is checked of a row after it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PostCheck {
    /// Nothing is checked, although the platform could: a row may be moved out of scope.
    Missing,
    /// The row must satisfy this.
    Must(Rows),
}

impl Value for PostCheck {
    const KIND: Kind = Kind::Variant(&[
        Choice { name: "Missing", doc: "Nothing is checked: a row may be moved out of scope." },
        Choice { name: "Must(All)", doc: "The written row must satisfy this." },
    ]);
    const READ: Kind = Kind::Record(lookup::post_check_specs);

    fn fact(&self) -> Fact<'_> {
        Fact::Record(self)
    }
}

/// A ceiling, or its absence as a known fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    /// Known to have no ceiling.
    Unlimited,
    /// At most so many.
    AtMost(u64),
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Unlimited => f.write_str("unlimited"),
            Limit::AtMost(count) => write!(f, "at most {count}"),
        }
    }
}

impl Value for Limit {
    const KIND: Kind = Kind::Variant(&[
        Choice { name: "Unlimited", doc: "Known to have no ceiling." },
        Choice { name: "AtMost(100)", doc: "At most so many." },
    ]);
    const READ: Kind = Kind::Number;

    fn fact(&self) -> Fact<'_> {
        lookup::ceiling(*self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        for (from, days, to) in [
            ("2026-11-26", 0, "2026-11-26"),
            ("2026-12-31", 1, "2027-01-01"),
            ("2024-02-28", 1, "2024-02-29"),
            ("2026-02-28", 1, "2026-03-01"),
            ("2100-02-28", 1, "2100-03-01"),
            ("2026-01-01", 365, "2027-01-01"),
            ("2000-01-01", 366, "2001-01-01"),
            ("1970-01-01", 20_783, "2026-11-26"),
        ] {
            assert_eq!(day(from).plus(days), Some(day(to)), "{from} + {days}");
            assert_eq!(day(to).plus(-days), Some(day(from)), "{to} - {days}");
        }
        assert_eq!(day("9999-12-31").plus(1), None);
        assert_eq!(day("2026-01-01").plus(i64::MAX), None);
        assert_eq!(day("2026-01-01").plus(i64::MIN), None);
        // Four hundred years, one day after the other.
        let mut at = day("1999-12-31");
        for _ in 0..146_097 {
            let next = at.plus(1).unwrap();
            assert!(next > at && next.to_string().parse() == Ok(next), "{at} {next}");
            at = next;
        }
        assert_eq!(at, day("2399-12-31"));
    }

    #[test]
    fn days_are_checked() {
        for good in ["2026-01-31", "2024-02-29", "2000-02-29"] {
            assert_eq!(good.parse::<Day>().unwrap().to_string(), good);
        }
        for bad in ["2026-02-29", "1900-02-29", "2026-13-01", "2026-1-1", "2026-00-10", "+026-01-01", "x", ""] {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }
}

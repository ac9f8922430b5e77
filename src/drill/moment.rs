//! Points in time for legal clocks: seconds, seen in a zone of a fixed distance from UTC.
//!
//! A drill has one zone for all of its story, without daylight saving: a rehearsal needs deadlines that everybody can
//! count on their fingers. Lengths follow `library::clocks::Span`, in the stricter reading where there are two.

use crate::library::clocks::Span;
use crate::model::facts::Day;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

const DAY: i64 = 86_400;

/// Minutes east of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Zone(i16);

impl Zone {
    /// UTC itself.
    pub const UTC: Zone = Zone(0);

    fn seconds(self) -> i64 {
        i64::from(self.0) * 60
    }
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> Result<Zone, String> {
        let wrong = || format!("`{}` is no zone: write +01:00", crate::model::text::one_line(text, 20));
        if matches!(text, "Z" | "UTC") {
            return Ok(Zone::UTC);
        }
        let (sign, rest) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
            (Some(rest), _) => (1, rest),
            (_, Some(rest)) => (-1, rest),
            _ => return Err(wrong()),
        };
        let (hours, minutes) = rest.split_once(':').ok_or_else(wrong)?;
        let number = |text: &str| text.parse::<i16>().ok().filter(|_| text.len() == 2);
        match (number(hours), number(minutes)) {
            (Some(hours @ 0..=14), Some(minutes @ 0..=59)) => Ok(Zone(sign * (hours * 60 + minutes))),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", self.0.unsigned_abs() / 60, self.0.unsigned_abs() % 60)
    }
}

/// A point in time: seconds since 1970-01-01 00:00 UTC, without leap seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

impl Moment {
    /// So many seconds after midnight of a day, in a zone.
    pub fn new(day: Day, seconds: i64, zone: Zone) -> Moment {
        Moment(day.count() * DAY + seconds - zone.seconds())
    }

    /// So many seconds later.
    pub fn plus(self, seconds: i64) -> Moment {
        Moment(self.0.saturating_add(seconds))
    }

    /// The day and the seconds after its midnight, in a zone; nothing beyond the years 0 to 9999.
    pub fn local(self, zone: Zone) -> Option<(Day, i64)> {
        let local = self.0.checked_add(zone.seconds())?;
        Some((Day::from_count(local.div_euclid(DAY))?, local.rem_euclid(DAY)))
    }

    /// As people read it: `2026-11-24 09:10`, with the seconds where there are any.
    pub fn shown(self, zone: Zone) -> String {
        match self.local(zone) {
            None => "beyond all calendars".to_owned(),
            Some((day, second)) => {
                let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
                let seconds = if second == 0 { String::new() } else { format!(":{second:02}") };
                format!("{day} {hour:02}:{minute:02}{seconds}")
            }
        }
    }

    /// The deadline of a limit that runs from here; nothing where the limit has no number, or leads beyond calendars.
    pub fn after(self, span: Span, zone: Zone, holidays: &[Day]) -> Option<Moment> {
        let (day, second) = self.local(zone)?;
        let at = |day: Day| Some(Moment::new(day, second, zone));
        match span {
            Span::Hours(hours) => Some(self.plus(i64::from(hours) * 3_600)),
            Span::Days(days) => at(day.plus(i64::from(days))?),
            Span::Months(months) => at(day.plus_months(months)?),
            Span::DaysAfterYearEnd(days) => at(day.year_end().plus(i64::from(days))?),
            Span::BusinessDays(count) => {
                let (mut day, mut left) = (day, count);
                while left > 0 {
                    day = day.plus(1)?;
                    left -= u32::from(is_business_day(day, holidays));
                }
                at(day)
            }
            Span::WithoutUndueDelay => None,
        }
    }
}

/// Whether a day is one from Monday to Friday and no holiday.
pub fn is_business_day(day: Day, holidays: &[Day]) -> bool {
    day.weekday() < 5 && !holidays.contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines() {
        let zone: Zone = "+01:00".parse().unwrap();
        for (from, span, to) in [
            ("2026-11-24 09:10", Span::Hours(72), "2026-11-27 09:10"),
            ("2026-12-30 23:00", Span::Hours(72), "2027-01-02 23:00"),
            ("2024-02-28 12:00", Span::Hours(24), "2024-02-29 12:00"),
            ("2026-01-31 12:00", Span::Months(1), "2026-02-28 12:00"),
            ("2024-01-31 12:00", Span::Months(1), "2024-02-29 12:00"),
            ("2026-12-15 12:00", Span::Months(1), "2027-01-15 12:00"),
            ("2026-11-27 15:00", Span::BusinessDays(4), "2026-12-03 15:00"),
            ("2026-11-28 15:00", Span::BusinessDays(4), "2026-12-03 15:00"),
            ("2026-11-29 15:00", Span::BusinessDays(1), "2026-11-30 15:00"),
            // Christmas Friday is a holiday here.
            ("2026-12-24 09:00", Span::BusinessDays(1), "2026-12-28 09:00"),
            ("2026-03-03 09:00", Span::DaysAfterYearEnd(60), "2027-03-01 09:00"),
            ("2023-03-03 09:00", Span::DaysAfterYearEnd(60), "2024-02-29 09:00"),
            ("2026-11-24 09:10", Span::Days(60), "2027-01-23 09:10"),
        ] {
            let (day, time) = from.split_once(' ').unwrap();
            let seconds = time[..2].parse::<i64>().unwrap() * 3_600 + time[3..].parse::<i64>().unwrap() * 60;
            let moment = Moment::new(day.parse().unwrap(), seconds, zone);
            let deadline = moment.after(span, zone, &["2026-12-25".parse().unwrap()]).unwrap();
            assert_eq!(deadline.shown(zone), to, "{from} {span:?}");
        }
        assert_eq!(Moment(0).after(Span::WithoutUndueDelay, zone, &[]), None);
    }

    #[test]
    fn zones() {
        for (text, shown) in [("+01:00", "+01:00"), ("-05:30", "-05:30"), ("Z", "+00:00")] {
            assert_eq!(text.parse::<Zone>().unwrap().to_string(), shown);
        }
        for bad in ["", "1", "+1:00", "+15:00", "+01:60", "01:00", "+aa:00"] {
            assert!(bad.parse::<Zone>().is_err(), "{bad}");
        }
        assert_eq!(Moment(0).shown("-05:30".parse().unwrap()), "1969-12-31 18:30");
    }
}

//! Lengths of time as people write them in files and type them: `20m`, `1h30m`, `-270d`.

use serde::{Deserialize, Deserializer};
use std::fmt;
use std::str::FromStr;

/// A length of time in whole seconds; negative for what lies before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Lapse(pub i64);

const UNITS: [(char, i64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// The longest lapse, in seconds: a hundred years. Sums of a few of them cannot overflow.
const LONGEST: i64 = 36_525 * 86_400;

impl FromStr for Lapse {
    type Err = String;

    fn from_str(text: &str) -> Result<Lapse, String> {
        let wrong = || {
            let shown = crate::model::text::one_line(text, 20);
            format!("`{shown}` is no length of time: write 20m, 1h30m or -2d (days, hours, minutes, seconds)")
        };
        let (sign, mut rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mut total, mut units) = (0i64, UNITS.as_slice());
        if rest.is_empty() {
            return Err(wrong());
        }
        while !rest.is_empty() {
            let digits = rest.find(|ch: char| !ch.is_ascii_digit()).ok_or_else(wrong)?;
            let count: i64 = rest[..digits].parse().map_err(|_| wrong())?;
            let unit = rest[digits..].chars().next().ok_or_else(wrong)?;
            // Each unit once, the larger before the smaller.
            let at = units.iter().position(|(letter, _)| *letter == unit).ok_or_else(wrong)?;
            total = count.checked_mul(units[at].1).and_then(|part| total.checked_add(part)).ok_or_else(wrong)?;
            units = &units[at + 1..];
            rest = &rest[digits + unit.len_utf8()..];
        }
        if total > LONGEST { Err(wrong()) } else { Ok(Lapse(sign * total)) }
    }
}

impl fmt::Display for Lapse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::from(if self.0 < 0 { "-" } else { "" });
        let mut rest = self.0.unsigned_abs();
        for (letter, unit) in UNITS {
            let unit = unit.unsigned_abs();
            if rest >= unit {
                out.push_str(&format!("{}{letter}", rest / unit));
                rest %= unit;
            }
        }
        f.pad(if self.0 == 0 { "0m" } else { &out })
    }
}

impl<'de> Deserialize<'de> for Lapse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Lapse, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lapses_are_read_and_written() {
        for (text, seconds) in
            [("20m", 1_200), ("1h30m", 5_400), ("-270d", -23_328_000), ("+4h", 14_400), ("1d2h3m4s", 93_784)]
        {
            let lapse: Lapse = text.parse().unwrap();
            assert_eq!(lapse.0, seconds);
            assert_eq!(lapse.to_string(), text.trim_start_matches('+'));
        }
        for bad in ["", "-", "20", "m", "30m1h", "1h1h", "1y", "99999999999d", "1 h", "1h ", "٣h"] {
            assert!(bad.parse::<Lapse>().is_err(), "{bad}");
        }
    }
}

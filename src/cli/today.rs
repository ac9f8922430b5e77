//! `--today`: the day on which a command judges.

use crate::model::facts::Day;
use std::time::SystemTime;

/// The day on which a model is judged.
#[derive(Debug, Default, clap::Args)]
pub struct Today {
    /// The day on which it is judged, YYYY-MM-DD; without it that of the system's clock, in UTC
    #[arg(long, value_name = "DAY")]
    today: Option<Day>,
}

impl Today {
    /// The day that was named, or that of the clock.
    pub fn day(&self) -> Option<Day> {
        self.today.or_else(of_clock)
    }
}

/// The day by the clock of the system, in UTC: the only place that asks for it.
fn of_clock() -> Option<Day> {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    let epoch: Day = "1970-01-01".parse().ok()?;
    epoch.plus(i64::try_from(seconds / 86_400).ok()?)
}

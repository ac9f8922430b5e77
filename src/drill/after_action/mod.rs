//! The after-action report, in Markdown, from the log alone: what happened, what was decided by whom, what was expected
//! and seen, how long it took and who waited, and what is to change.
//!
//! It rates tasks and roles, never people. What it proposes (a rating for a target) it calls a proposal. The head, what was
//! expected and the clocks are here; `work` is who waited for whom and who decided, `story` what happened, `lessons` what
//! containment came to, on what it is evidence, whom nobody reaches, and the talk afterwards.

mod lessons;
mod story;
mod work;

pub use lessons::{Line, hot_wash};

use super::EXERCISE;
use super::binding::fill;
use super::duty::Standing;
use super::event::{Rating, Words};
use super::hidden::Facilitator;
use super::log::{Log, PROVES};
use super::metrics;
use super::player::words;
use super::scenario::Target;
use super::state::{Phase, Plan, Stamp, State};
use crate::library::lapse::Lapse;
use crate::model::Slug;
use crate::model::facts::Day;
use crate::model::text::{Text, counted};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What goes into a report.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Leave out who played which role, and what was quoted.
    pub no_persons: bool,
    /// The day, to say which legal rules are old.
    pub today: Option<Day>,
}

/// A length of time as people read it.
pub fn lapse(seconds: i64) -> String {
    Lapse(seconds).to_string()
}

/// A length of time that may not be known.
fn maybe(seconds: Option<i64>) -> String {
    seconds.map_or("–".to_owned(), lapse)
}

/// Text that Markdown shows as it is, on one line.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '\n' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' => out.extend(['\\', ch]),
            ch => out.push(ch),
        }
    }
    out
}

/// The report.
pub fn markdown(plan: &Plan, state: &State, log: &Log, options: Options) -> String {
    let mut report = Report { plan, state, options, words: BTreeMap::new(), out: String::new() };
    report.words = state.begun.as_ref().map(words).unwrap_or_default();
    report.head(log);
    report.objectives();
    report.expected();
    report.clocks();
    report.measures();
    report.waiting();
    report.containment();
    report.siblings();
    report.decisions();
    report.notes();
    report.evidence();
    report.calls();
    report.follow_ups();
    report.timeline();
    report.truth();
    report.hot_wash();
    report.out.push_str(&format!("\n{EXERCISE}\n"));
    report.out
}

struct Report<'r> {
    plan: &'r Plan,
    state: &'r State,
    options: Options,
    words: BTreeMap<String, Text>,
    out: String,
}

impl Report<'_> {
    // Writing into a String has no way to fail.
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}");
    }

    fn section(&mut self, title: &str) {
        self.line(&format!("\n## {title}\n"));
    }

    fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        self.line(&format!("| {} |", header.join(" | ")));
        self.line(&format!("|{}", "---|".repeat(header.len())));
        for row in rows {
            self.line(&format!("| {} |", row.join(" | ")));
        }
    }

    fn role(&self, id: &str) -> String {
        self.plan.role(id).map_or_else(|| plain(id), |role| plain(role.title.as_str()))
    }

    fn owner(&self, id: Option<&Slug>) -> String {
        id.map_or("nobody".to_owned(), |id| self.role(id.as_str()))
    }

    fn words(&self, words: &Words) -> String {
        plain(&fill(words.shown(), &self.words))
    }

    fn filled(&self, text: &str) -> String {
        plain(&fill(text, &self.words))
    }

    fn story(&self, stamp: Stamp) -> String {
        let zone = self.state.begun.as_ref().map(|begin| begin.zone).unwrap_or_default();
        self.state.moment(stamp.story).shown(zone)
    }

    fn head(&mut self, log: &Log) {
        let (plan, state) = (self.plan, self.state);
        self.line(&format!("# {EXERCISE}\n\n# After-action report: {}\n", plain(plan.scenario.title.as_str())));
        self.line(&format!("{}\n", plain(plan.scenario.about.as_str())));
        let last = state.clocks.last;
        let mut rows = vec![
            vec!["Scenario".to_owned(), format!("{}, version {}", plan.scenario.id, plan.scenario.version)],
            vec!["Played".to_owned(), format!("{} ({} on the wall)", lapse(last.play), lapse(last.wall))],
            vec!["Story".to_owned(), format!("{} to {}", self.story(Stamp::default()), self.story(last))],
            vec!["Log".to_owned(), format!("{}, head {}", counted(log.lines.len(), "line"), log.head_phrase())],
            vec![
                "Chain".to_owned(),
                match log.broken.first() {
                    None => "sound".to_owned(),
                    Some(broken) => format!("**broken** at line {}: {}", broken.line, plain(&broken.what)),
                },
            ],
        ];
        if let Some(begin) = &state.begun {
            rows.push(vec!["Zone".to_owned(), format!("UTC{}, fixed: no daylight saving is counted", begin.zone)]);
            if begin.simulated {
                rows.push(vec!["Times".to_owned(), "made up: this was a rehearsal of the drill".to_owned()]);
            }
            for (file, sum) in &begin.files {
                let short: String = sum.chars().take(16).collect();
                rows.push(vec![format!("{} (SHA-256)", plain(file)), format!("{short}…")]);
            }
        }
        if let Some(parent) = &state.forked {
            let short: String = parent.chars().take(16).collect();
            rows.push(vec!["Fork".to_owned(), format!("of the log with the head {short}…: what if, and no evidence")]);
        }
        if state.phase != Phase::Ended {
            rows.push(vec![
                "State".to_owned(),
                "the drill is not over; numbers are counted up to its last event".to_owned(),
            ]);
        }
        self.table(&["", ""], &rows);
        self.line(&format!("\n{PROVES}"));
        if !state.misfits.is_empty() {
            self.line(&format!(
                "\n{} of a merged log did not fit, and are not counted.",
                counted(state.misfits.len(), "event")
            ));
        }
        if !self.options.no_persons && !state.seats.is_empty() {
            self.section("Who played");
            let rows: Vec<Vec<String>> = state
                .seats
                .iter()
                .map(|(role, seat)| {
                    let holds = if seat.holder { "holds the role" } else { "stands in" };
                    vec![self.role(role.as_str()), self.words(&seat.person), holds.to_owned()]
                })
                .collect();
            self.table(&["role", "who", ""], &rows);
        }
    }

    fn rating(&self, task: &str) -> Option<(Rating, String)> {
        metrics::rating(self.state, task).map(|(rating, seen)| (rating, self.words(seen)))
    }

    fn objectives(&mut self) {
        let plan = self.plan;
        self.section("Objectives");
        self.line("P, S and M achieved what was wanted; only U did not. A task that nobody rated was not observed, which is not P. The rating of a target is a proposal: its worst task, until the lead evaluator confirms it with a sentence.\n");
        for objective in &plan.scenario.objectives {
            self.line(&format!("### {}\n", plain(objective.text.as_str())));
            for target in &objective.targets {
                self.target(target);
            }
        }
    }

    fn target(&mut self, target: &Target) {
        let mut rows = Vec::new();
        let (mut worst, mut unrated) = (None, 0);
        for task in &target.tasks {
            match self.rating(task.id.as_str()) {
                Some((rating, seen)) => {
                    worst = worst.max(Some(rating));
                    rows.push(vec![plain(task.text.as_str()), format!("{rating:?}"), seen]);
                }
                None => {
                    unrated += 1;
                    rows.push(vec![plain(task.text.as_str()), "not observed".to_owned(), String::new()]);
                }
            }
        }
        let proposal = match (worst, unrated) {
            (None, _) => "not observed".to_owned(),
            (Some(rating), 0) => rating.words().to_owned(),
            (Some(rating), count) => format!("{}; {} not observed", rating.words(), counted(count, "task")),
        };
        self.line(&format!("**{}** Proposed: {proposal}.\n", plain(target.text.as_str())));
        self.table(&["task", "rating", "what was seen"], &rows);
        self.line("");
    }

    fn expected(&mut self) {
        let (plan, state, view) = (self.plan, self.state, Facilitator::view());
        self.section("What was expected, and what was seen");
        let now = state.clocks.last;
        let mut rows = Vec::new();
        let (mut seen, mut late, mut missing) = (0, 0, 0);
        for (inject, expected) in plan.scenario.all_expected() {
            let Some(sent) = state.sent(inject.id.as_str()) else { continue };
            let outcome = match state.met.get(expected.id.slug()) {
                Some(met) if met.in_time => {
                    seen += 1;
                    format!("seen after {}", lapse(met.at.play - sent.play))
                }
                Some(met) => {
                    late += 1;
                    format!(
                        "**late**: after {} of play, {} of the story",
                        lapse(met.at.play - sent.play),
                        lapse(met.at.story - sent.story)
                    )
                }
                None if state.is_missing(plan, expected.id.as_str(), now) => {
                    missing += 1;
                    "**not seen**".to_owned()
                }
                None => "still open at the end".to_owned(),
            };
            let action = self.filled(expected.action.words(view));
            rows.push(vec![inject.id.to_string(), self.role(expected.role.as_str()), action, outcome]);
        }
        self.line(&format!("{seen} in time, {late} late, {missing} not seen.\n"));
        self.table(&["after", "role", "action", "outcome"], &rows);
    }

    fn clocks(&mut self) {
        let (plan, state) = (self.plan, self.state);
        let standings = state.standings(plan, state.clocks.last);
        if standings.is_empty() {
            return;
        }
        self.section("Legal clocks");
        self.line(&format!("{}\n", plain(plan.clocks.warning.as_str())));
        let zone = state.begun.as_ref().map(|begin| begin.zone).unwrap_or_default();
        let rows: Vec<Vec<String>> = standings
            .iter()
            .map(|(rule, standing)| {
                let said = match standing {
                    Standing::Excluded => "does not apply, by the data of the model".to_owned(),
                    Standing::Armed => "never started: its anchor was not reached".to_owned(),
                    Standing::Running(since, Some(deadline)) => {
                        format!("running since {}, due {}", since.shown(zone), deadline.shown(zone))
                    }
                    Standing::Running(since, None) => {
                        format!("running since {}, without undue delay", since.shown(zone))
                    }
                    Standing::Met(at, Some(margin)) => {
                        format!("met {}, with {} to spare", at.shown(zone), lapse(*margin))
                    }
                    Standing::Met(at, None) => {
                        format!("done {}; whether without undue delay is for people to say", at.shown(zone))
                    }
                    Standing::Breached(deadline, Some(late)) => {
                        format!("**breached**: due {}, {} late", deadline.shown(zone), lapse(*late))
                    }
                    Standing::Breached(deadline, None) => {
                        format!("**breached**: due {}, not done", deadline.shown(zone))
                    }
                };
                vec![
                    plain(rule.law.as_str()),
                    plain(rule.title.as_str()),
                    said,
                    format!("{}, {}", rule.standing.words(), rule.checked_on),
                ]
            })
            .collect();
        self.table(&["law", "duty", "how it stood at the end", "the rule"], &rows);
        if let Some(today) = self.options.today {
            let stale = plan.clocks.stale(today).len();
            if stale > 0 {
                self.line(&format!(
                    "\n**{} of the clock pack were checked more than {} days ago: have them checked again.**",
                    counted(stale, "rule"),
                    crate::library::clocks::SHELF_LIFE_DAYS
                ));
            }
        }
    }
}

//! What the screens of a drill are made of: panes of rows, and the line with the clocks. Values; nothing is drawn here.

use super::duty::Standing;
use super::state::{Phase, Plan, Stamp, State};
use crate::library::clocks::{Anchor, ClockRule};
use crate::library::lapse::Lapse;
use crate::model::Slug;

/// A pane of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pane {
    /// What is ready, upcoming, held back and done. For facilitators.
    Injects,
    /// All about one inject, hidden parts included. For facilitators.
    Inject,
    /// Open decisions and work.
    Work,
    /// Every legal clock, also those that did not start.
    Clocks,
    /// Who plays what, and who is quiet.
    Roles,
    /// What is really going on. For facilitators.
    Attacker,
    /// Rulings and notes.
    Notes,
    /// What was sent to a role.
    Messages,
    /// What waits for a role.
    Waiting,
    /// What is known, believed and unknown.
    Picture,
    /// The legal clocks of a role that have started.
    Duties,
    /// Who calls whom.
    Contacts,
    /// Objectives, targets and critical tasks with their ratings. For evaluators.
    Tasks,
    /// What evaluators wrote down.
    Observations,
    /// What was expected, and what was done of it. For evaluators.
    Expected,
    /// Help and the truth, for somebody who plays alone.
    Help,
}

impl Pane {
    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Pane::Injects => "Injects",
            Pane::Inject => "Inject",
            Pane::Work => "Decisions and work",
            Pane::Clocks | Pane::Duties => "Legal clocks",
            Pane::Roles => "Roles",
            Pane::Attacker => "Attacker",
            Pane::Notes => "Notes",
            Pane::Messages => "Messages",
            Pane::Waiting => "Waits for you",
            Pane::Picture => "What we know",
            Pane::Contacts => "Who calls whom",
            Pane::Tasks => "Critical tasks",
            Pane::Observations => "Observations",
            Pane::Expected => "Expected actions",
            Pane::Help => "Help",
        }
    }

    /// The same where there is little room.
    pub fn short(self) -> &'static str {
        match self {
            Pane::Work => "Work",
            Pane::Clocks | Pane::Duties => "Clocks",
            Pane::Waiting => "Waiting",
            Pane::Picture => "Known",
            Pane::Contacts => "Contacts",
            Pane::Tasks => "Tasks",
            Pane::Expected => "Expected",
            other => other.title(),
        }
    }
}

/// How a row stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Not at all.
    Plain,
    /// A heading.
    Heading,
    /// Less than the rest.
    Dim,
    /// Something to see to.
    Warning,
    /// Something that is wrong, or too late.
    Alarm,
}

/// What a row is about, so that a key can do something with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An inject.
    Inject(Slug),
    /// An expected action.
    Expected(Slug),
    /// A piece of work or a decision.
    Item(Slug),
    /// A rule of the clock pack.
    Clock(Slug),
    /// A role.
    Role(Slug),
    /// A critical task.
    Task(Slug),
}

/// A row of a pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// How it stands out.
    pub tone: Tone,
    /// In the left column; may be empty.
    pub left: String,
    /// The rest; broken into lines where it is drawn.
    pub text: String,
    /// Whether the text begins in the left column.
    pub wide: bool,
    /// What it is about.
    pub subject: Option<Subject>,
}

impl Row {
    /// A row with something in the left column.
    pub fn new(left: impl Into<String>, text: impl Into<String>) -> Row {
        Row { tone: Tone::Plain, left: left.into(), text: text.into(), wide: false, subject: None }
    }

    /// A row without a left column.
    pub fn wide(text: impl Into<String>) -> Row {
        Row { wide: true, ..Row::new("", text) }
    }

    /// A heading.
    pub fn heading(text: impl Into<String>) -> Row {
        Row { tone: Tone::Heading, ..Row::wide(text) }
    }

    /// A remark that stands back.
    pub fn dim(text: impl Into<String>) -> Row {
        Row { tone: Tone::Dim, ..Row::wide(text) }
    }

    /// The same row, about something.
    pub fn about(self, subject: Subject) -> Row {
        Row { subject: Some(subject), ..self }
    }

    /// The same row, standing out otherwise.
    pub fn tone(self, tone: Tone) -> Row {
        Row { tone, ..self }
    }
}

/// The line with the clocks, which everybody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The title of the scenario.
    pub title: String,
    /// Where the drill is.
    pub phase: Phase,
    /// The moment of the story.
    pub story: String,
    /// Play, since the beginning.
    pub play: String,
    /// The wall, since the beginning.
    pub wall: String,
    /// Seconds of the story in a second of play.
    pub scale: i64,
}

/// The line with the clocks of a drill.
pub fn head(plan: &Plan, state: &State, now: Stamp) -> Head {
    Head {
        title: plan.scenario.title.to_string(),
        phase: state.phase,
        story: story_second(state, now),
        play: counted_clock(now.play),
        wall: counted_clock(now.wall),
        scale: state.clocks.scale(),
    }
}

/// The moment of the story at a point, as people read it.
pub fn story(state: &State, at: Stamp) -> String {
    match &state.begun {
        Some(begin) => state.moment(at.story).shown(begin.zone),
        None => "not begun".to_owned(),
    }
}

/// The same with the seconds, also where there are none: a clock that ticks keeps its width.
fn story_second(state: &State, at: Stamp) -> String {
    let shown = story(state, at);
    if shown.split(':').count() == 2 { format!("{shown}:00") } else { shown }
}

/// The same to the minute, for lists.
pub fn story_minute(state: &State, at: Stamp) -> String {
    story(state, Stamp { story: at.story - at.story.rem_euclid(60), ..at })
}

/// Seconds as a clock shows them: `4:05`, `1:04:05`.
pub fn counted_clock(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let all = seconds.unsigned_abs();
    let (hours, minutes, seconds) = (all / 3_600, all / 60 % 60, all % 60);
    if hours > 0 { format!("{sign}{hours}:{minutes:02}:{seconds:02}") } else { format!("{sign}{minutes}:{seconds:02}") }
}

/// A length of the story or of play to the minute: lists need no seconds.
pub fn minutes(seconds: i64) -> Lapse {
    Lapse(if seconds.abs() < 60 { seconds } else { seconds - seconds % 60 })
}

/// What starts a clock, in words.
pub fn anchor(rule: &ClockRule) -> String {
    let words = |anchor: &Anchor| match anchor {
        Anchor::Event(event) => event.to_string(),
        Anchor::Submitted(rule) => format!("the submission of {rule}"),
    };
    rule.limits.iter().map(|limit| words(&limit.from)).collect::<Vec<_>>().join(", ")
}

/// A clock as a row: how it stands, and from which anchor it runs.
pub fn clock(rule: &ClockRule, standing: &Standing, state: &State, now: Stamp) -> Row {
    let tone = match standing {
        Standing::Excluded | Standing::Armed => Tone::Dim,
        Standing::Running(..) => Tone::Warning,
        Standing::Met(..) => Tone::Plain,
        Standing::Breached(..) => Tone::Alarm,
    };
    // To the minute: a deadline is no race.
    let now = Stamp { story: now.story - now.story.rem_euclid(60), ..now };
    let words = super::console::told_of_clock(standing, state, now);
    let text = format!("{}: {words}; from {}", rule.title, anchor(rule));
    Row::new(standing.word(), text).tone(tone).about(Subject::Clock(rule.id.slug().clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_counted() {
        for (seconds, shown) in [(0, "0:00"), (65, "1:05"), (3_845, "1:04:05"), (-65, "-1:05"), (90_000, "25:00:00")] {
            assert_eq!(counted_clock(seconds), shown);
        }
        for (seconds, shown) in [(30, "30s"), (95, "1m"), (-95, "-1m"), (3_700, "1h1m"), (0, "0m")] {
            assert_eq!(minutes(seconds).to_string(), shown);
        }
    }
}

//! The library of drills as lines and as a text to read: scenarios with what they are bound to on this model, and logs.

use super::drills::{Entered, current, entries};
use super::layer::{Emphasis, Styled};
use super::list;
use super::state::App;
use crate::drill::EXERCISE;
use crate::drill::binding::{self, Bound, Found, fill, words};
use crate::drill::board::{Row, Tone};
use crate::drill::scenario::Scenario;
use crate::model::text::{Text, counted};
use crate::store::drill_shelf::{ShelfLog, ShelfScenario};
use std::sync::Arc;

/// A line of the library.
pub type Line = list::Line<&'static str, Cells>;

/// What a row of the library says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells {
    /// The name: of a scenario, or of a log.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// How long it takes, or how far it is.
    pub state: String,
    /// From where, or when.
    pub from: String,
    /// Whether somebody has to see to it.
    pub is_open: bool,
}

/// The library as lines.
pub fn lines(app: &App) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut heading = "";
    for (at, entry) in entries(app).iter().enumerate() {
        let (own, cells) = match entry {
            Entered::Log(log) if log.word() == "unfinished" => ("Unfinished drills", of_log(log)),
            Entered::Log(log) => ("Drills that were run", of_log(log)),
            Entered::Scenario(found) => ("Scenarios", of_scenario(found)),
        };
        if own != heading {
            heading = own;
            lines.push(Line::Heading(own));
        }
        lines.push(Line::Row(at, cells));
    }
    lines
}

fn of_scenario(found: &ShelfScenario) -> Cells {
    let scenario = &found.scenario;
    let short = scenario.starter.as_ref().map_or(String::new(), |short| format!(" or {}", short.minutes));
    Cells {
        name: scenario.id.to_string(),
        title: scenario.title.to_string(),
        state: format!("{}{short} min", scenario.minutes),
        from: found.file.clone().map_or("shipped".to_owned(), |_| "yours".to_owned()),
        is_open: false,
    }
}

fn of_log(log: &ShelfLog) -> Cells {
    let sent = log.sent.map_or(String::new(), |(sent, all)| format!(" {sent}/{all}"));
    let name = log.path.strip_prefix("drills/").unwrap_or(&log.path);
    Cells {
        name: name.strip_suffix(".jsonl").unwrap_or(name).to_owned(),
        title: if log.title.is_empty() { log.scenario.clone() } else { log.title.clone() },
        state: format!("{}{sent}", log.word()),
        from: log.day.map_or(String::new(), |day| day.to_string()),
        is_open: log.word() == "unfinished" || log.wrong.is_some(),
    }
}

/// Works out what the scenario under the cursor is bound to, where that is not known yet.
pub fn bind(app: &mut App) {
    let Some(Entered::Scenario(found)) = current(app) else { return };
    let scenario = found.scenario.clone();
    let id = scenario.id.slug().clone();
    let known = app.drills.bound.as_ref().is_some_and(|(revision, own, _)| *revision == app.revision && *own == id);
    if known {
        return;
    }
    let bound = binding::bind(&scenario, &app.model, &app.derived().effective, app.today);
    app.drills.bound = Some((app.revision, id, Arc::new(bound.unwrap_or_default())));
}

/// All about the row under the cursor.
pub fn reading(app: &App) -> Vec<Styled> {
    match current(app) {
        Some(Entered::Scenario(found)) => {
            let id = found.scenario.id.slug();
            let bound = app.drills.bound.as_ref().filter(|(_, own, _)| own == id).map(|(.., bound)| bound.as_ref());
            about_scenario(&found.scenario, bound, found.file.as_deref())
        }
        Some(Entered::Log(log)) => about_log(log),
        None => Vec::new(),
    }
}

fn about_scenario(scenario: &Scenario, bound: Option<&Bound>, file: Option<&str>) -> Vec<Styled> {
    let mut lines = vec![
        Styled::heading(scenario.title.to_string()),
        Styled::plain(scenario.about.to_string()),
        Styled::plain(""),
        Styled::row("takes", minutes(scenario)),
        Styled::row("playbook", scenario.playbook.to_string()),
        Styled::row("file", file.unwrap_or("shipped")),
        Styled::row("roles", scenario.cast.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")),
        Styled::row(
            "asks for",
            format!(
                "{}, {}, {}",
                counted(scenario.injects.len(), "inject"),
                counted(scenario.decisions.len(), "decision"),
                counted(scenario.tasks().count(), "critical task")
            ),
        ),
        Styled::plain(""),
        Styled::heading("On this model"),
    ];
    if scenario.bindings.is_empty() {
        lines.push(Styled::plain("It asks nothing of a model.").with(Emphasis::Dim));
    }
    for query in &scenario.bindings {
        lines.push(Styled::row(query.id.as_str(), query.about.to_string()));
        let found = bound.and_then(|bound| bound.get(query.id.as_str()));
        lines.push(found.map_or(Styled::row("", "not asked"), fits));
    }
    if let Some(bound) = bound.filter(|bound| !bound.is_empty()) {
        lines.push(Styled::plain(""));
        lines.push(Styled::heading("It begins like this"));
        lines.push(Styled::plain(fill(scenario.opening.as_str(), &words(bound))));
    }
    lines
}

fn fits(found: &Found) -> Styled {
    let named: Vec<&str> = found.places.iter().take(4).map(Text::as_str).collect();
    let named = if named.is_empty() { String::new() } else { format!(": {}", named.join(", ")) };
    match (found.fits, found.may_fit) {
        (0, 0) => Styled::row("", "nothing here fits; the scenario's own words stand in").with(Emphasis::Dim),
        (0, may) => {
            Styled::row("", format!("{} may fit, if facts turn out so", counted(may, "place"))).with(Emphasis::Warning)
        }
        (fits, 0) => Styled::row("", format!("{} fit{named}", counted(fits, "place"))),
        (fits, may) => Styled::row("", format!("{} fit{named}; {may} more may", counted(fits, "place"))),
    }
}

fn minutes(scenario: &Scenario) -> String {
    let short = scenario.starter.as_ref().map_or(String::new(), |short| format!("; the short form {}", short.minutes));
    format!("{} minutes{short}", scenario.minutes)
}

fn about_log(log: &ShelfLog) -> Vec<Styled> {
    let mut lines = vec![
        Styled::heading(if log.title.is_empty() { log.path.clone() } else { log.title.clone() }),
        Styled::plain(EXERCISE).with(Emphasis::Dim),
        Styled::plain(""),
        Styled::row("log", log.path.clone()),
        Styled::row("scenario", log.scenario.clone()),
        Styled::row("begun", log.day.map_or("not known".to_owned(), |day| day.to_string())),
        Styled::row("is", log.word()),
        Styled::row("holds", counted(log.events, "event")),
    ];
    if let Some((sent, all)) = log.sent {
        lines.push(Styled::row("sent", format!("{sent} of {}", counted(all, "inject"))));
    }
    if !log.writers.is_empty() {
        let names = log.writers.join(", ");
        lines.push(Styled::row("beside it", format!("logs of {names}: sandtable drill merge brings them in")));
    }
    if let Some(wrong) = &log.wrong {
        lines.push(Styled::row("wrong", wrong.clone()).with(Emphasis::Warning));
    }
    lines.push(Styled::plain(""));
    lines.push(
        Styled::plain(format!("sandtable drill report {} makes the report of it.", log.path)).with(Emphasis::Dim),
    );
    lines
}

/// A row of a board as a line to read.
pub fn styled(row: &Row) -> Styled {
    let style = match row.tone {
        Tone::Plain => Emphasis::Plain,
        Tone::Heading => Emphasis::Heading,
        Tone::Dim => Emphasis::Dim,
        Tone::Warning | Tone::Alarm => Emphasis::Warning,
    };
    Styled { style, left: row.left.clone(), text: row.text.clone() }
}

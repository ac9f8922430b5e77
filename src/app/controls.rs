//! The controls screen without a screen: every control with its evidence, what it answers, and what opens if it fails.

use super::fuzzy::filter_matches;
use super::judging::ASKING;
use super::layer::{Emphasis, Styled};
use super::list::Cursor;
use super::state::App;
use super::threats::place_words;
use crate::analysis::attack::words;
use crate::analysis::evidence::{SHELF_DAYS, Standing, State, Weighed};
use crate::analysis::team::Raised;
use crate::analysis::threats::{Outcome, Verdict};
use crate::model::text::counted;
use crate::model::threats::{Control, ControlStatus, Evidence};
use crate::model::{ElementId, Section, Slug};
use std::collections::HashMap;

/// The screen as the person left it.
#[derive(Debug, Clone, Default)]
pub struct ControlsScreen {
    /// The list.
    pub list: Cursor,
    /// Shows only what matches.
    pub filter: String,
    /// The row under the cursor when it was last on the screen, and its control: it is followed where the order changes.
    pub followed: Option<(usize, Slug)>,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The control.
    pub slug: Slug,
    /// What it is called.
    pub title: String,
    /// How far it has come.
    pub status: String,
    /// How many threats it answers now; nothing where it is not in place, and before the rules were asked.
    pub answers: Option<usize>,
    /// What its evidence is worth.
    pub evidence: String,
    /// Who answers for it.
    pub owner: String,
    /// How much the evidence needs a look.
    pub tone: Emphasis,
}

/// What verdicts have to do with a control.
#[derive(Debug, Clone, Default)]
pub struct Coverage<'a> {
    /// What it answers.
    pub answers: Vec<&'a Verdict>,
    /// What of that would be open without it.
    pub alone: Vec<&'a Verdict>,
    /// What is open since its evidence does not hold.
    pub open_again: Vec<&'a Verdict>,
    /// The threats of the team that it answers, alone or with others: each needs all of its controls.
    pub team: Vec<&'a Raised>,
    /// The threats of the team that it was to answer, and that are open.
    pub team_open: Vec<&'a Raised>,
}

/// What the rules say that has to do with a control.
pub fn coverage<'a>(app: &'a App, slug: &Slug) -> Coverage<'a> {
    let (verdicts, team) = (app.judged().verdicts(), &app.judged().team);
    let names = |raised: &Raised| {
        let threat = app.model.threats.get(&raised.slug);
        threat.is_some_and(|threat| threat.controls.iter().any(|link| link.slug() == slug))
    };
    let all = |of: &dyn Fn(&Verdict) -> bool| {
        verdicts.iter().map(|verdict| &**verdict).filter(|verdict| of(verdict)).collect()
    };
    Coverage {
        answers: all(&|verdict| is_answered_by(&verdict.outcome, slug)),
        alone: all(&|verdict| verdict.rests_on().contains(slug)),
        open_again: all(&|verdict| verdict.fallen().iter().any(|(control, _)| control == slug)),
        team: team.iter().filter(|raised| is_answered_by(&raised.outcome, slug)).collect(),
        team_open: team.iter().filter(|raised| raised.outcome == Outcome::Fires && names(raised)).collect(),
    }
}

fn is_answered_by(outcome: &Outcome, slug: &Slug) -> bool {
    matches!(outcome, Outcome::Answered(controls) if controls.contains(slug))
}

/// The controls that match the filter, those in trouble first.
pub fn slugs(app: &App) -> Vec<&Slug> {
    let controls = &app.derived().controls;
    let filter = &app.controls.filter;
    let mut found: Vec<(&Slug, &Weighed)> = controls
        .iter()
        .filter(|(slug, weighed)| {
            if filter.is_empty() {
                return true;
            }
            let Some(control) = app.model.controls.get(*slug) else { return false };
            let words = [slug.as_str(), control.title.as_str(), weighed.state.word(), &evidence_words(weighed)];
            let owner = owner_words(app, control);
            filter_matches(filter, &[&words[..], &[status_words(control), &owner]].concat())
        })
        .collect();
    let is_retired = |slug: &Slug| {
        app.model.controls.get(slug).is_some_and(|control| control.status == Some(ControlStatus::Retired))
    };
    found.sort_by(|(one, first), (two, second)| {
        let key = |slug, weighed: &Weighed| (is_retired(slug), weighed.state.clone(), weighed.worst().cloned());
        key(*one, first).cmp(&key(*two, second))
    });
    found.into_iter().map(|(slug, _)| slug).collect()
}

/// The control under the cursor.
pub fn current(app: &App) -> Option<&Slug> {
    slugs(app).get(app.controls.list.at()).copied()
}

/// Controls as rows. What the rules say is gone through once for all of them.
pub fn rows(app: &App, slugs: &[&Slug]) -> Vec<Row> {
    let mut answers: HashMap<&Slug, usize> = HashMap::new();
    let of_rules = app.judged().verdicts().iter().map(|verdict| &verdict.outcome);
    for outcome in of_rules.chain(app.judged().team.iter().map(|raised| &raised.outcome)) {
        if let Outcome::Answered(controls) = outcome {
            controls.iter().for_each(|slug| *answers.entry(slug).or_default() += 1);
        }
    }
    slugs.iter().filter_map(|slug| row(app, slug, answers.get(slug).copied().unwrap_or(0))).collect()
}

fn row(app: &App, slug: &Slug, answers: usize) -> Option<Row> {
    let (control, weighed) = (app.model.controls.get(slug)?, app.derived().controls.get(slug)?);
    Some(Row {
        slug: slug.clone(),
        title: app.model.title_of(&id_of(slug)).to_owned(),
        status: status_words(control).to_owned(),
        answers: weighed.is_in_place().then_some(answers).filter(|_| !app.judged().is_nothing()),
        evidence: evidence_words(weighed),
        owner: owner_words(app, control),
        tone: match (&weighed.state, weighed.worst()) {
            (State::Fallen(_), _) => Emphasis::Warning,
            (State::NotInPlace, _) => Emphasis::Dim,
            (_, Some(Standing::ExpiresSoon(_))) => Emphasis::Heading,
            _ => Emphasis::Plain,
        },
    })
}

/// A control as an element.
pub fn id_of(slug: &Slug) -> ElementId {
    ElementId::new(Section::Controls, slug.clone())
}

fn status_words(control: &Control) -> &'static str {
    match control.status {
        Some(ControlStatus::Proposed) => "proposed",
        Some(ControlStatus::Planned) => "planned",
        Some(ControlStatus::Implemented) => "implemented",
        Some(ControlStatus::Verified) => "verified",
        Some(ControlStatus::Retired) => "retired",
        None => "unknown",
    }
}

fn owner_words(app: &App, control: &Control) -> String {
    let owner = control.owner.as_ref().map(|link| ElementId::new(Section::People, link.slug().clone()));
    owner.map_or("nobody".to_owned(), |id| app.model.title_of(&id).to_owned())
}

/// In the few columns of a row; the day is the first on which it counts no more, or the last on which it does.
fn evidence_words(weighed: &Weighed) -> String {
    match (weighed.worst(), &weighed.state) {
        (None, State::DeclaredOnly) => "declared only".to_owned(),
        (None, _) => "none yet".to_owned(),
        (Some(Standing::Stale(since)), _) => format!("stale {since}"),
        (Some(Standing::ExpiresSoon(until)), _) => format!("expires {until}"),
        (Some(Standing::Refutes), _) => "against it".to_owned(),
        (Some(Standing::Missing(_)), _) => "missing".to_owned(),
        (Some(Standing::Changed), _) => "file changed".to_owned(),
        (Some(Standing::CannotBeChecked(_)), _) => "can not be checked".to_owned(),
        (Some(standing), _) => standing.words(),
    }
}

/// What there is to read about a control.
pub fn reading(app: &App, slug: &Slug) -> Vec<Styled> {
    let (Some(control), Some(weighed)) = (app.model.controls.get(slug), app.derived().controls.get(slug)) else {
        return Vec::new();
    };
    let mut lines = vec![Styled::heading(app.model.title_of(&id_of(slug)))];
    let kind = control.kind.map_or("kind unknown".to_owned(), |kind| kind.name().to_lowercase());
    lines
        .push(Styled::row("status", format!("{}, {kind}, owner {}", status_words(control), owner_words(app, control))));
    match &weighed.state {
        State::Fallen(why) => {
            lines.push(Styled::row("counts", format!("no: {why}")).with(Emphasis::Warning));
        }
        State::DeclaredOnly => {
            lines.push(Styled::row("counts", "as declared only: nothing shows that it works").with(Emphasis::Heading));
        }
        State::InPlace => lines.push(Styled::row("counts", "yes")),
        State::NotInPlace => lines.push(Styled::row("counts", "no: it is not in place").with(Emphasis::Dim)),
    }
    lines.push(Styled::row(
        "credited",
        match (control.effectiveness, weighed.credited) {
            (Some(whole), Some(credited)) => format!("{credited} of {} %, an assumption", whole.value()),
            _ => "unknown: nobody said how much it stops".to_owned(),
        },
    ));
    let fails = control.fail_mode.map_or("nobody said how".to_owned(), |mode| mode.name().to_lowercase());
    lines.push(Styled::row("fails", fails));
    if let Some(group) = &control.dependency_group {
        let same = |other: &&Slug| {
            *other != slug && app.model.controls[*other].dependency_group.as_ref().is_some_and(|name| name == group)
        };
        let with: Vec<&str> = app.model.controls.keys().filter(same).map(Slug::as_str).collect();
        let with = if with.is_empty() { "alone in it".to_owned() } else { format!("with {}", with.join(", ")) };
        lines.push(Styled::row("group", format!("{group}, {with}")));
    }
    let guards: Vec<&str> = control.guards.iter().map(|link| link.0.as_str()).collect();
    lines.push(match guards.is_empty() {
        true => Styled::row("guards", "nothing yet").with(Emphasis::Warning),
        false => Styled::row("guards", guards.join(", ")),
    });
    if !control.answers.is_empty() {
        let rules: Vec<&str> = control.answers.iter().map(|rule| rule.as_str()).collect();
        lines.push(Styled::row("rules", rules.join(" ")));
    }
    if !control.justification.is_empty() {
        lines.push(Styled::row("because", control.justification.to_string()));
    }
    lines.push(Styled::plain(""));
    lines.push(Styled::heading(format!("Evidence ({})", control.evidence.len())));
    for (evidence, piece) in control.evidence.iter().zip(&weighed.pieces) {
        let carried = if piece.is_carried { "; other evidence carries it" } else { "" };
        let style = match (piece.is_trouble(), piece.is_carried) {
            (true, _) => Emphasis::Warning,
            (_, true) => Emphasis::Dim,
            _ => Emphasis::Plain,
        };
        let says = format!("{}{carried}", piece.standing.words());
        lines.push(Styled::row(kind_word(evidence), evidence.at.as_str()).with(style));
        lines.push(Styled::row("", says).with(style));
        lines.push(Styled::row("", dates(app, evidence)).with(Emphasis::Dim));
        if !evidence.note.is_empty() {
            lines.push(Styled::row("", evidence.note.as_str()).with(Emphasis::Dim));
        }
    }
    if control.evidence.is_empty() {
        let key = app.key(super::command::CommandId::AddEvidence);
        lines.push(Styled::plain(format!("None: {key} adds some.")).with(Emphasis::Dim));
    }
    stands_alone(app, &mut lines, slug);
    if app.awaits_rules() {
        lines.push(Styled::plain(""));
        lines.push(Styled::plain(ASKING).with(Emphasis::Dim));
    }
    let coverage = coverage(app, slug);
    list(app, &mut lines, "Open again, since it does not count", &coverage.open_again);
    list(app, &mut lines, "Opens if it fails: nothing else answers", &coverage.alone);
    let shared: Vec<&Verdict> =
        coverage.answers.iter().filter(|verdict| !verdict.rests_on().contains(slug)).copied().collect();
    list(app, &mut lines, "Answers together with others", &shared);
    team(app, &mut lines, "Raised by the team, and open", &coverage.team_open);
    team(app, &mut lines, "Raised by the team: opens if it fails", &coverage.team);
    lines
}

/// Before what nothing else stands, and against whom.
fn stands_alone(app: &App, lines: &mut Vec<Styled>, slug: &Slug) {
    let attack = app.attack();
    let Some(alone) = attack.guarded.alone.iter().find(|alone| alone.controls.contains(slug)) else { return };
    lines.push(Styled::plain(""));
    lines.push(Styled::heading("The one guardrail: lost, nothing that counts is left"));
    if alone.controls.len() > 1 {
        lines.push(Styled::row("together", words::group(&app.model, alone)));
    }
    for (at, datasets) in &alone.before {
        let who = attack.who.get(*at).map_or("", |who| who.title());
        lines.push(Styled::row("against", who).with(Emphasis::Heading));
        lines.push(Styled::row("before", words::datasets(&app.model, datasets)));
    }
}

fn kind_word(evidence: &Evidence) -> String {
    evidence.kind.map_or("?".to_owned(), |kind| kind.name().to_lowercase())
}

/// How much it shows, from when to when, and by whom.
fn dates(app: &App, evidence: &Evidence) -> String {
    let mut words = vec![evidence.strength.map_or("strength unknown".to_owned(), |s| s.name().to_lowercase())];
    words.push(evidence.checked_on.map_or("no date".to_owned(), |day| day.to_string()));
    words.push(evidence.valid_until.map_or(format!("{SHELF_DAYS} days, assumed"), |day| format!("until {day}")));
    if let Some(by) = &evidence.by {
        let id = ElementId::new(Section::People, by.slug().clone());
        words.push(app.model.title_of(&id).to_owned());
    }
    words.extend(evidence.report.as_ref().map(|report| format!("in {report}")));
    words.join(" · ")
}

fn team(app: &App, lines: &mut Vec<Styled>, heading: &str, raised: &[&Raised]) {
    if raised.is_empty() {
        return;
    }
    lines.push(Styled::plain(""));
    lines.push(Styled::heading(format!("{heading} ({})", raised.len())));
    for raised in raised.iter().take(LISTED) {
        let id = ElementId::new(Section::Threats, raised.slug.clone());
        let about = raised.about.as_ref().map_or("it is gone".to_owned(), |id| app.name_of(id));
        lines.push(Styled::row("team", format!("{}: {about}", app.model.title_of(&id))));
    }
    if raised.len() > LISTED {
        lines.push(Styled::plain(format!("and {} more", counted(raised.len() - LISTED, "threat"))));
    }
}

/// At most so many threats are listed beside a control.
const LISTED: usize = 40;

fn list(app: &App, lines: &mut Vec<Styled>, heading: &str, verdicts: &[&Verdict]) {
    if verdicts.is_empty() {
        return;
    }
    lines.push(Styled::plain(""));
    lines.push(Styled::heading(format!("{heading} ({})", verdicts.len())));
    for verdict in verdicts.iter().take(LISTED) {
        let rule = app.rules.rule(verdict.rule);
        lines.push(Styled::row(rule.id.clone(), place_words(&app.model, &verdict.place)));
    }
    if verdicts.len() > LISTED {
        lines.push(Styled::plain(format!("and {} more", counted(verdicts.len() - LISTED, "threat"))));
    }
}

//! All drills together: whether times get better, what goes wrong again and again, what was never rehearsed, and which drill
//! is due next.
//!
//! Few drills make no statistics: a measure is told with its number, its median and its range, never with a mean. A drill
//! whose times were made up counts for nothing here.

use super::event::{NoteSort, Rating};
use super::metrics;
use super::scenario::Scenario;
use super::state::{Plan, State};
use crate::analysis::access::effective;
use crate::analysis::attack::paths::{guarded_rank, jewels, reach};
use crate::analysis::attack::{Who, graph};
use crate::analysis::guardrails::credit::Credit;
use crate::library::attackers;
use crate::model::facts::Day;
use crate::model::text::counted;
use crate::model::{Model, Slug};
use std::collections::{BTreeMap, BTreeSet};

/// After so many days a drill is due again: once a year.
pub const INTERVAL_DAYS: i64 = 365;

/// A drill that was played.
#[derive(Debug, Clone)]
pub struct Played {
    /// Its log, as people name it.
    pub name: String,
    /// Its files.
    pub plan: Plan,
    /// What came of it.
    pub state: State,
    /// The day on which it was played.
    pub day: Day,
    /// Whether the chain of its log holds.
    pub is_sound: bool,
    /// Whether its scenario is another one now, so that its numbers may be off.
    pub is_changed: bool,
}

/// One drill in numbers; times in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its log.
    pub name: String,
    /// Its scenario.
    pub scenario: Slug,
    /// The day.
    pub day: Day,
    /// Exposure began → detected, in the story.
    pub discover: Option<i64>,
    /// The median until an inject was acknowledged, in play.
    pub acknowledge: Option<i64>,
    /// Detected → command taken, in play.
    pub mobilise: Option<i64>,
    /// Detected → contained, in the story.
    pub contain: Option<i64>,
    /// Detected → recovered, in the story.
    pub recover: Option<i64>,
    /// How many legal clocks were breached.
    pub breached: usize,
    /// How often each rating was given in the end: P, S, M, U.
    pub ratings: [usize; 4],
    /// How many tasks nobody rated.
    pub unrated: usize,
    /// Whether its log is sound, and its scenario unchanged.
    pub is_reliable: bool,
}

/// A measure over all drills, in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// Its name.
    pub name: &'static str,
    /// In how many drills it is known.
    pub count: usize,
    /// Half were at most so long.
    pub median: i64,
    /// The shortest.
    pub least: i64,
    /// The longest.
    pub most: i64,
}

/// How a task was rated, drill after drill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRun {
    /// The task.
    pub task: Slug,
    /// The ratings, oldest first; nothing where nobody rated it.
    pub ratings: Vec<Option<Rating>>,
}

/// Something that went wrong in several drills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurring {
    /// What.
    pub what: String,
    /// In which drills.
    pub drills: Vec<String>,
}

/// Of what was to be covered, what was.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// What a drill was about.
    pub covered: Vec<String>,
    /// What none was about.
    pub missing: Vec<String>,
}

/// A role over all drills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleCoverage {
    /// The role.
    pub role: Slug,
    /// In how many drills it was in the cast.
    pub cast: usize,
    /// In how many it was played by whoever holds it.
    pub held: usize,
    /// In how many somebody stood in.
    pub substituted: usize,
    /// How many different people played it.
    pub people: usize,
}

/// A scenario that could be next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The scenario.
    pub scenario: Slug,
    /// What people call it.
    pub title: String,
    /// How much speaks for it: one for each reason that counts once, more for failures.
    pub score: usize,
    /// Why.
    pub why: Vec<String>,
}

/// All drills together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    /// The drills, oldest first.
    pub drills: Vec<Row>,
    /// Logs that do not count since their times were made up.
    pub rehearsals: usize,
    /// The measures.
    pub spreads: Vec<Spread>,
    /// The tasks.
    pub tasks: Vec<TaskRun>,
    /// What went wrong again.
    pub recurring: Vec<Recurring>,
    /// Tasks that failed (M or U), and of these the ones that a later drill rated P or S.
    pub closed_loop: (usize, usize),
    /// Follow-ups of drills in the model, and of these the ones that are done; nothing without a model.
    pub follow_ups: Option<(usize, usize)>,
    /// Attackers and the data worth guarding that they reach; nothing without a model.
    pub paths: Option<Coverage>,
    /// Rules of the clock pack under which something was submitted.
    pub regimes: Coverage,
    /// The roles.
    pub roles: Vec<RoleCoverage>,
    /// What is due next, the most urgent first.
    pub next: Vec<Due>,
}

/// What all drills together say. `scenarios` are those that could be played next.
pub fn programme(mut drills: Vec<Played>, scenarios: &[Scenario], model: Option<&Model>, today: Day) -> Programme {
    let before = drills.len();
    drills.retain(|drill| drill.state.begun.as_ref().is_some_and(|begin| !begin.simulated));
    let rehearsals = before - drills.len();
    drills.sort_by(|one, other| (one.day, &one.name).cmp(&(other.day, &other.name)));
    let rows: Vec<Row> = drills.iter().map(row).collect();
    let tasks = tasks(&drills);
    let paths = model.map(|model| paths(model, &drills));
    let regimes = regimes(&drills, scenarios);
    let roles = roles(&drills);
    let next = next(&drills, scenarios, &regimes, paths.as_ref(), &roles, today);
    Programme {
        spreads: spreads(&rows),
        recurring: recurring(&drills),
        closed_loop: closed_loop(&tasks),
        follow_ups: model.map(follow_ups),
        drills: rows,
        rehearsals,
        tasks,
        paths,
        regimes,
        roles,
        next,
    }
}

fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

fn row(drill: &Played) -> Row {
    let measures = metrics::measures(&drill.state);
    let found = |name: &str| measures.iter().find(|measure| measure.name == name);
    let story = |name: &str| found(name)?.story;
    let (mut ratings, mut unrated) = ([0; 4], 0);
    for (_, _, task) in drill.plan.scenario.tasks() {
        match metrics::rating(&drill.state, task.id.as_str()) {
            Some((rating, _)) => ratings[rating as usize] += 1,
            None => unrated += 1,
        }
    }
    let acknowledged = metrics::acknowledgements(&drill.plan, &drill.state);
    let margins = metrics::margins(&drill.plan, &drill.state);
    Row {
        name: drill.name.clone(),
        scenario: drill.plan.scenario.id.slug().clone(),
        day: drill.day,
        discover: story("time to discovery"),
        acknowledge: median(acknowledged.into_iter().filter_map(|(_, wait)| wait).collect()),
        mobilise: found("time to mobilise").and_then(|measure| measure.play),
        contain: story("time to contain"),
        recover: story("time to recover"),
        breached: margins.iter().filter(|(_, word, _)| *word == "breached").count(),
        ratings,
        unrated,
        is_reliable: drill.is_sound && !drill.is_changed,
    }
}

fn spreads(rows: &[Row]) -> Vec<Spread> {
    type Of = fn(&Row) -> Option<i64>;
    let all: [(&str, Of); 5] = [
        ("discover (story)", |row| row.discover),
        ("acknowledge (play)", |row| row.acknowledge),
        ("mobilise (play)", |row| row.mobilise),
        ("contain (story)", |row| row.contain),
        ("recover (story)", |row| row.recover),
    ];
    let spread = |(name, of): (&'static str, Of)| {
        let values: Vec<i64> = rows.iter().filter_map(of).collect();
        let (least, most) = (*values.iter().min()?, *values.iter().max()?);
        Some(Spread { name, count: values.len(), median: median(values)?, least, most })
    };
    all.into_iter().filter_map(spread).collect()
}

/// Every task that some drill has, with a rating for each drill that has it.
fn tasks(drills: &[Played]) -> Vec<TaskRun> {
    let mut runs: BTreeMap<Slug, Vec<Option<Rating>>> = BTreeMap::new();
    for drill in drills {
        for (_, _, task) in drill.plan.scenario.tasks() {
            let rated = metrics::rating(&drill.state, task.id.as_str()).map(|(rating, _)| rating);
            runs.entry(task.id.slug().clone()).or_default().push(rated);
        }
    }
    runs.into_iter().map(|(task, ratings)| TaskRun { task, ratings }).collect()
}

fn failed(rating: Rating) -> bool {
    matches!(rating, Rating::M | Rating::U)
}

/// Tasks that failed in a drill, and of these the ones whose next rating was good.
fn closed_loop(tasks: &[TaskRun]) -> (usize, usize) {
    let (mut open, mut closed) = (0, 0);
    for task in tasks {
        let rated: Vec<Rating> = task.ratings.iter().flatten().copied().collect();
        for (at, _) in rated.iter().enumerate().filter(|(_, rating)| failed(**rating)) {
            open += 1;
            closed += usize::from(rated.get(at + 1).is_some_and(|next| !failed(*next)));
        }
    }
    (open, closed)
}

/// Follow-ups that came from drills into a model, and of these the ones that are done.
fn follow_ups(model: &Model) -> (usize, usize) {
    let from_drills = || model.actions.values().filter(|action| action.notes.as_str().starts_with("From the drill "));
    (from_drills().count(), from_drills().filter(|action| action.done.is_some()).count())
}

/// Gaps that were written down in the same words, tasks that failed, actions that nobody saw, decisions without authority:
/// each in two drills or more.
fn recurring(drills: &[Played]) -> Vec<Recurring> {
    let mut found: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for drill in drills {
        let mut here: BTreeSet<(String, String)> = BTreeSet::new();
        let mut add = |kind: &str, what: &str| {
            here.insert((kind.to_owned(), what.to_owned()));
        };
        for note in drill.state.notes.iter().filter(|note| note.sort == NoteSort::Gap) {
            add("gap", &plain(note.text.shown()));
        }
        for (_, _, task) in drill.plan.scenario.tasks() {
            if metrics::rating(&drill.state, task.id.as_str()).is_some_and(|(rating, _)| failed(rating)) {
                add("task failed", task.id.as_str());
            }
        }
        let last = drill.state.last();
        for (_, expected) in drill.plan.scenario.all_expected() {
            if drill.state.is_missing(&drill.plan, expected.id.as_str(), last) {
                add("not seen", expected.id.as_str());
            }
        }
        for decision in metrics::frictions(&drill.plan, &drill.state).without_authority {
            add("decided without authority", decision.as_str());
        }
        for key in here {
            found.entry(key).or_default().push(drill.name.clone());
        }
    }
    let mut all: Vec<Recurring> = found
        .into_iter()
        .filter(|(_, drills)| drills.len() > 1)
        .map(|((kind, what), drills)| Recurring { what: format!("{kind}: {what}"), drills })
        .collect();
    all.sort_by(|one, other| other.drills.len().cmp(&one.drills.len()).then(one.what.cmp(&other.what)));
    all
}

/// Words that two people would write in the same way.
fn plain(text: &str) -> String {
    let words: String = text.chars().map(|ch| if ch.is_alphanumeric() { ch } else { ' ' }).collect();
    words.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// The attackers of a model (or of the library, where it has none) and the data worth guarding that they reach for certain;
/// covered is what a drill was about.
fn paths(model: &Model, drills: &[Played]) -> Coverage {
    let own = Who::of_model(model);
    let attackers =
        if own.is_empty() { Who::of_library(model, &attackers::shipped().unwrap_or_default()) } else { own };
    let (graph, _) = graph(model, &effective(model), &attackers, Credit::default());
    let least = guarded_rank(model);
    let drilled = |who: &Who, dataset: &Slug| {
        drills.iter().any(|drill| {
            let Some(begin) = &drill.state.begun else { return false };
            let profile = begin.attack.as_ref().map(|attack| attack.profile.as_str());
            let own_profile = who.attacker.profile.as_ref().map(crate::model::Text::as_str);
            let is_attacker = profile.is_some_and(|name| name == who.name || Some(name) == own_profile);
            is_attacker && begin.data.iter().any(|data| data.dataset.as_str() == dataset.as_str())
        })
    };
    let mut coverage = Coverage::default();
    let worth: BTreeSet<Slug> = jewels(model, least).into_iter().collect();
    for (at, who) in attackers.iter().enumerate().take(graph.positions.len()) {
        for (dataset, reached) in reach(&graph, at).data {
            if worth.contains(&dataset) && reached.certain.is_some_and(|rank| rank >= least) {
                let list = if drilled(who, &dataset) { &mut coverage.covered } else { &mut coverage.missing };
                list.push(format!("{}:{dataset}", who.name));
            }
        }
    }
    coverage
}

/// The rules that some scenario has as a duty; covered is what was submitted in a drill.
fn regimes(drills: &[Played], scenarios: &[Scenario]) -> Coverage {
    let played = drills.iter().flat_map(|drill| &drill.plan.scenario.duties);
    let all: BTreeSet<&str> =
        scenarios.iter().flat_map(|scenario| &scenario.duties).chain(played).map(|duty| duty.rule.as_str()).collect();
    let done: BTreeSet<&str> = drills.iter().flat_map(|drill| drill.state.submitted.keys()).map(Slug::as_str).collect();
    let (covered, missing): (Vec<&str>, Vec<&str>) = all.into_iter().partition(|rule| done.contains(rule));
    let owned = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
    Coverage { covered: owned(covered), missing: owned(missing) }
}

fn roles(drills: &[Played]) -> Vec<RoleCoverage> {
    let mut all: BTreeMap<Slug, (RoleCoverage, BTreeSet<String>)> = BTreeMap::new();
    for drill in drills {
        for role in &drill.plan.scenario.cast {
            let blank = RoleCoverage { role: role.slug().clone(), cast: 0, held: 0, substituted: 0, people: 0 };
            let (found, people) = all.entry(role.slug().clone()).or_insert((blank, BTreeSet::new()));
            found.cast += 1;
            if let Some(seat) = drill.state.seats.get(role.slug()) {
                found.held += usize::from(seat.holder);
                found.substituted += usize::from(!seat.holder);
                people.extend(seat.person.text.as_ref().map(|name| plain(name.as_str())));
            }
        }
    }
    all.into_values().map(|(found, people)| RoleCoverage { people: people.len(), ..found }).collect()
}

/// Why each scenario could be next.
fn next(
    drills: &[Played],
    scenarios: &[Scenario],
    regimes: &Coverage,
    paths: Option<&Coverage>,
    roles: &[RoleCoverage],
    today: Day,
) -> Vec<Due> {
    let mut all: Vec<Due> = scenarios
        .iter()
        .map(|scenario| {
            let (mut score, mut why) = (0, Vec::new());
            let mut add = |points: usize, reason: String| {
                score += points;
                why.push(reason);
            };
            let last = drills.iter().rfind(|drill| drill.plan.scenario.id == scenario.id);
            match last.map(|drill| (drill, today.count() - drill.day.count())) {
                None => add(2, "never played".to_owned()),
                Some((drill, days)) if days > INTERVAL_DAYS => {
                    add(
                        3,
                        format!(
                            "last played on {}, {} ago",
                            drill.day,
                            counted(usize::try_from(days).unwrap_or(0), "day")
                        ),
                    );
                }
                Some((drill, _)) => {
                    let weak: Vec<&str> = scenario
                        .tasks()
                        .map(|(_, _, task)| task.id.as_str())
                        .filter(|task| metrics::rating(&drill.state, task).is_some_and(|(rating, _)| failed(rating)))
                        .collect();
                    if !weak.is_empty() {
                        add(
                            2 * weak.len(),
                            format!("failed on {} and was not tried again: {}", drill.day, weak.join(", ")),
                        );
                    }
                }
            }
            let open: Vec<&str> = scenario
                .duties
                .iter()
                .map(|duty| duty.rule.as_str())
                .filter(|rule| regimes.missing.iter().any(|missing| missing == rule))
                .collect();
            if !open.is_empty() {
                add(open.len(), format!("nobody has submitted under {} yet", open.join(", ")));
            }
            let attacker = scenario.attacker.as_ref().map(|attacker| attacker.profile.as_str());
            let ways: Vec<&str> = paths
                .iter()
                .flat_map(|coverage| &coverage.missing)
                .map(String::as_str)
                .filter(|pair| pair.split_once(':').map(|(who, _)| who) == attacker && attacker.is_some())
                .collect();
            if !ways.is_empty() {
                add(2 * ways.len(), format!("paths that no drill was about: {}", ways.join(", ")));
            }
            let unseated: Vec<&str> = scenario
                .cast
                .iter()
                .map(|role| role.as_str())
                .filter(|role| roles.iter().any(|known| known.role.as_str() == *role && known.held == 0))
                .collect();
            if !unseated.is_empty() {
                add(1, format!("never played by whoever holds the role: {}", unseated.join(", ")));
            }
            Due { scenario: scenario.id.slug().clone(), title: scenario.title.to_string(), score, why }
        })
        .filter(|due| due.score > 0)
        .collect();
    all.sort_by(|one, other| other.score.cmp(&one.score).then(one.scenario.cmp(&other.scenario)));
    all
}

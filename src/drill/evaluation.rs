//! What an evaluator sees: objectives, targets and critical tasks with their ratings, what of them is still unrated, and
//! what was written down. An evaluator rates and writes, and changes nothing of the play.

use super::board::{Row, Subject, Tone, counted_clock, story_minute};
use super::event::{NoteSort, Rating};
use super::state::{Plan, Rated, State};

/// How many critical tasks were rated, of how many.
pub fn coverage(plan: &Plan, state: &State) -> (usize, usize) {
    let tasks = || plan.scenario.tasks().map(|(_, _, task)| task.id.slug());
    (tasks().filter(|task| state.ratings.iter().any(|rated| rated.task == **task)).count(), tasks().count())
}

/// The ratings of a task: the last one of each who rates.
pub fn ratings<'s>(state: &'s State, task: &str) -> Vec<&'s Rated> {
    let mut of_task: Vec<&Rated> = Vec::new();
    for rated in state.ratings.iter().filter(|rated| rated.task.as_str() == task) {
        of_task.retain(|before| before.by != rated.by);
        of_task.push(rated);
    }
    of_task
}

/// Objectives, targets and critical tasks. Two evaluators who do not agree stand beside each other: nothing is averaged.
pub fn tasks(plan: &Plan, state: &State) -> Vec<Row> {
    let mut rows = Vec::new();
    for objective in &plan.scenario.objectives {
        rows.push(Row::heading(objective.text.to_string()));
        for target in &objective.targets {
            rows.push(Row::new("target", target.text.to_string()).tone(Tone::Dim));
            for task in &target.tasks {
                let subject = Subject::Task(task.id.slug().clone());
                let rated = ratings(state, task.id.as_str());
                let marks: Vec<String> = rated.iter().map(|rated| format!("{:?}", rated.rating)).collect();
                let (mark, tone) = match rated.iter().map(|rated| rated.rating).max() {
                    None => ("·".to_owned(), Tone::Warning),
                    Some(Rating::U) => (marks.join(" "), Tone::Alarm),
                    Some(_) => (marks.join(" "), Tone::Plain),
                };
                rows.push(Row::new(mark, task.text.to_string()).tone(tone).about(subject.clone()));
                rows.extend(rated.iter().map(|rated| {
                    let text = format!("{} ({})", rated.observation.shown(), rated.by);
                    Row { wide: false, ..Row::dim(text) }.about(subject.clone())
                }));
            }
        }
    }
    rows
}

/// What stands at the bottom of the list: what the letters mean, and how much is unrated.
pub fn legend(plan: &Plan, state: &State) -> Vec<Row> {
    let (rated, all) = coverage(plan, state);
    let tone = if rated == all { Tone::Plain } else { Tone::Warning };
    let mut rows = vec![Row::new("rated", format!("{rated} of {all} critical tasks")).tone(tone)];
    rows.extend([Rating::P, Rating::S, Rating::M, Rating::U].map(|rating| Row::dim(rating.words())));
    rows
}

/// What was written down, the newest first, with the time of the story.
pub fn observations(state: &State) -> Vec<Row> {
    let mut all: Vec<_> = state.notes.iter().collect();
    all.sort_by_key(|note| note.at);
    if all.is_empty() {
        return vec![Row::dim("Nothing was written down yet.")];
    }
    let row = |note: &super::state::Noted| {
        let role = note.role.as_ref().map_or(String::new(), |role| format!("{role}: "));
        let tone = match note.sort {
            NoteSort::Improvement | NoteSort::Gap => Tone::Warning,
            _ => Tone::Plain,
        };
        let at = story_minute(state, note.at);
        Row::new(word(note.sort), format!("{role}{} ({at}, {} of play)", note.words(), counted_clock(note.at.play)))
            .tone(tone)
    };
    all.into_iter().rev().map(row).collect()
}

/// What evaluators call a sort of note.
fn word(sort: NoteSort) -> &'static str {
    match sort {
        NoteSort::Improvement => "to improve",
        NoteSort::Observation => "observed",
        other => other.word(),
    }
}

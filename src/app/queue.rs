//! The question queue without a screen: one question at a time over whatever is shown, its answers, and what each would
//! change.

use super::state::App;
use crate::analysis::condition::Missing;
use crate::analysis::evidence::Circumstances;
use crate::analysis::questions::{Consequence, Question, SetAside, asked_of, consequence};
use crate::analysis::threats::{RuleSet, Verdict};
use crate::model;
use crate::model::question::{Reply, replies, way_to};
use crate::model::reflect::{Kind, Step};
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which questions the queue goes through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Whose {
    /// All that nobody has put aside.
    #[default]
    Everybody,
    /// Those about one element.
    Element(ElementId),
    /// Those that one person can answer, or was given.
    Person(Slug),
    /// Those in the parking lot, and those that somebody was given.
    Aside,
}

/// The queue as the person left it.
#[derive(Debug, Clone, Default)]
pub struct Queue {
    /// Which questions.
    pub whose: Whose,
    /// What was skipped in this session, the first skipped first: it comes last.
    pub skipped: Vec<Missing>,
    /// What is to be shown next, whatever its rank.
    pub wanted: Option<Missing>,
    /// What was answered or put aside, the last one last; taking it back shows it again.
    pub past: Vec<Missing>,
    /// The answer given last: the name of the fact, without the element, and the value as RON.
    pub last: Option<(String, String)>,
    /// The answer under the cursor.
    pub at: usize,
    /// What is shown; nothing where there is no question, or where another is to be chosen.
    pub shown: Option<Shown>,
}

/// A question with its answers.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The revision of the model for which this was computed.
    pub revision: u64,
    /// The question.
    pub question: Question,
    /// How many questions there are with it.
    pub of: usize,
    /// The way to the fact in its element.
    pub path: Vec<Step>,
    /// What the fact is; nothing where the model has no place for it.
    pub kind: Option<Kind>,
    /// What the fact means.
    pub doc: &'static str,
    /// The answers that can be chosen, and what each would change; nothing where that can not be told, or not yet.
    pub answers: Vec<(Reply, Option<Consequence>)>,
    /// Whether what they would change was looked at.
    pub is_tried: bool,
    /// The verdicts that wait for it.
    waiting: Vec<Arc<Verdict>>,
    /// What waits for it: rules, by how many verdicts.
    pub waits: Vec<(usize, usize)>,
}

/// Answers to a question, of which is to be told what each would change.
#[derive(Debug, Clone)]
pub struct Trial {
    missing: Missing,
    path: Vec<Step>,
    /// The answers, as RON.
    answers: Vec<String>,
    waiting: Vec<Arc<Verdict>>,
}

/// What each answer to a question would change, of as many as were tried.
#[derive(Debug, Clone)]
pub struct Tried {
    missing: Missing,
    told: Vec<Option<Consequence>>,
}

impl Trial {
    /// Tries the answers on a copy of the model.
    pub fn tried(&self, rules: &RuleSet, model: &Model, circumstances: Circumstances<'_>) -> Tried {
        let waiting: Vec<&Verdict> = self.waiting.iter().map(|verdict| &**verdict).collect();
        let mut trial = model.clone();
        let mut told =
            |ron: &String| consequence(&mut trial, rules, circumstances, &waiting, &self.missing, &self.path, ron).ok();
        Tried { missing: self.missing.clone(), told: self.answers.iter().map(&mut told).collect() }
    }
}

/// Takes what the answers would change, if that is the question that is shown.
pub fn take(app: &mut App, tried: Tried) {
    let shown = app.queue.shown.as_mut();
    if let Some(shown) = shown.filter(|shown| shown.question.missing == tried.missing) {
        shown.is_tried = true;
        shown.answers.iter_mut().zip(tried.told).for_each(|((_, own), told)| *own = told);
    }
}

/// Has it told what the answers would change; of a large model by the worker, when it is free.
fn try_answers(app: &mut App) {
    let Some(shown) = app.queue.shown.as_ref().filter(|shown| !shown.is_tried) else { return };
    let trial = Trial {
        missing: shown.question.missing.clone(),
        path: shown.path.clone(),
        answers: shown.answers.iter().take(MOST_ANSWERS).map(|(answer, _)| answer.ron.clone()).collect(),
        waiting: shown.waiting.clone(),
    };
    if !app.tries_beside() {
        let tried = trial.tried(&app.rules, &app.model, app.circumstances());
        take(app, tried);
    } else if !app.is_asking() {
        app.try_beside(trial);
    }
}

/// So many answers are shown with what they would change; of more a person types the beginning.
const MOST_ANSWERS: usize = 40;

/// The places of the questions that the queue goes through, in order.
pub fn places(app: &App) -> Vec<usize> {
    let questions = app.judged().questions();
    let wanted = |question: &Question| match &app.queue.whose {
        Whose::Everybody => question.set_aside.is_none(),
        Whose::Aside => question.set_aside.is_some(),
        Whose::Element(id) => {
            !matches!(question.set_aside, Some(SetAside::Parked(_))) && question.missing.element == *id
        }
        Whose::Person(person) => {
            !matches!(question.set_aside, Some(SetAside::Parked(_)))
                && asked_of(&app.model, question).as_ref() == Some(person)
        }
    };
    let skipped: BTreeMap<&Missing, usize> =
        app.queue.skipped.iter().enumerate().map(|(at, missing)| (missing, at + 1)).collect();
    let mut places: Vec<usize> =
        questions.iter().enumerate().filter(|(_, question)| wanted(question)).map(|(at, _)| at).collect();
    places.sort_by_key(|at| skipped.get(&questions[*at].missing).copied().unwrap_or(0));
    places
}

/// Brings what is shown up to date with the model and with what is wanted.
pub fn refresh(app: &mut App) {
    app.judge();
    if app.awaits_rules() {
        // What there is of before waits for facts that may have been given.
        app.queue.shown = None;
        return;
    }
    let places = places(app);
    let wanted = app.queue.wanted.take();
    let questions = app.judged().questions();
    let named = wanted.and_then(|missing| questions.iter().position(|question| question.missing == missing));
    if named.is_none() && app.queue.shown.as_ref().is_some_and(|shown| shown.revision == app.revision) {
        return try_answers(app);
    }
    let Some(at) = named.or(places.first().copied()) else {
        app.queue.shown = None;
        return;
    };
    let question = questions[at].clone();
    let waiting: Vec<Arc<Verdict>> =
        question.decides.iter().filter_map(|at| app.judged().verdicts().get(*at)).cloned().collect();
    let mut by_rule: BTreeMap<usize, usize> = BTreeMap::new();
    waiting.iter().for_each(|verdict| *by_rule.entry(verdict.rule).or_default() += 1);
    let mut waits: Vec<(usize, usize)> = by_rule.into_iter().collect();
    waits.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
    let way = way_to(&app.model, &question.missing.element, &question.missing.field);
    let (path, doc, kind) = match way {
        Some((path, spec, kind)) => (path, spec.doc.trim_start(), Some(kind)),
        None => (Vec::new(), "", None),
    };
    let answers = kind.as_ref().map(|kind| replies(&app.model, kind)).unwrap_or_default();
    let answers = answers.into_iter().map(|answer| (answer, None)).collect();
    app.queue.at = 0;
    app.queue.shown = Some(Shown {
        revision: app.revision,
        of: places.len(),
        question,
        path,
        kind,
        doc,
        answers,
        is_tried: false,
        waiting,
        waits,
    });
    try_answers(app);
}

/// The question as a sentence.
pub fn sentence(app: &App, question: &Question) -> String {
    model::question::sentence(&app.model, &question.missing.element, &question.missing.field)
}

/// Whether an answer can be typed in a line; what has an inside of its own is given where the fact stands.
pub fn is_typed(kind: &Kind) -> bool {
    match kind.inner() {
        Kind::Record(_) | Kind::Map(_) | Kind::Link(_) => false,
        Kind::List(inner) => is_typed(inner),
        _ => true,
    }
}

/// What a set-aside question says of itself.
pub fn aside_words(app: &App, aside: &SetAside) -> String {
    match aside {
        SetAside::Parked(_) => "parked".to_owned(),
        SetAside::Assigned(_, None) => "an open action".to_owned(),
        SetAside::Assigned(_, Some(owner)) => {
            format!("with {}", app.model.title_of(&ElementId::new(Section::People, owner.clone())))
        }
    }
}

/// Whose questions are shown, in words.
pub fn whose_words(app: &App, whose: &Whose) -> String {
    match whose {
        Whose::Everybody => "the whole model".to_owned(),
        Whose::Element(id) => format!("about {}", app.name_of(id)),
        Whose::Person(slug) => {
            format!("for {}", app.model.title_of(&ElementId::new(Section::People, slug.clone())))
        }
        Whose::Aside => "parked and given to somebody".to_owned(),
    }
}

/// The name of a fact without its element: two datasets may be asked the same.
pub fn fact_name(missing: &Missing) -> String {
    let leaf = missing.field.rsplit('.').next().unwrap_or(&missing.field);
    format!("{}.{leaf}", missing.element.section.name())
}

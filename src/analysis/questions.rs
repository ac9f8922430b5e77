//! Questions: the facts that nobody gave and some rule waits for, what decides most first, and what an answer would change.
//! How they are asked and may be answered is `model::question`.

use super::access::effective;
use super::condition::Missing;
use super::evidence::Circumstances;
use super::hash::FastMap;
use super::threats::{Outcome, RuleSet, RunError, Verdict};
use crate::model::edit::{EditError, set_at};
use crate::model::reference::AnyLink;
use crate::model::reflect::Step;
use crate::model::{ElementId, Model, Section, Slug, Target, Text};
use std::borrow::Borrow;
use std::collections::BTreeMap;

/// A fact that nobody gave, and what it would decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What to find out.
    pub missing: Missing,
    /// The verdicts that wait for it, by their place in the list that was given.
    pub decides: Vec<usize>,
    /// How much depends on it, in tenths: the sum over these verdicts of likelihood × impact, each divided by the number
    /// of facts that it waits for. Where the impact is unknown, it is taken for the highest.
    pub weight: u32,
    /// Who is to find it out, or why nobody is for now.
    pub set_aside: Option<SetAside>,
}

/// What became of a question that was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetAside {
    /// It stands in the parking lot, under this name.
    Parked(Slug),
    /// An action that is not done asks for it, of its owner where it has one.
    Assigned(Slug, Option<Slug>),
}

/// The questions that verdicts leave open, what decides most first.
pub fn questions<V: Borrow<Verdict>>(model: &Model, rules: &RuleSet, verdicts: &[V]) -> Vec<Question> {
    let mut facts = Facts::default();
    let mut found: Vec<(&Missing, Vec<usize>, f64)> = Vec::new();
    for (at, verdict) in verdicts.iter().map(Borrow::borrow).enumerate() {
        let Outcome::Unknown(missing) = &verdict.outcome else { continue };
        let risk = f64::from(rules.rule(verdict.rule).likelihood) * f64::from(verdict.impact.unwrap_or(5));
        for fact in missing {
            let number = facts.number(fact);
            if number == found.len() {
                found.push((fact, Vec::new(), 0.0));
            }
            let (_, decides, weight) = &mut found[number];
            decides.push(at);
            *weight += risk / missing.len() as f64;
        }
    }
    let aside = set_aside(model);
    let mut questions: Vec<Question> = found
        .into_iter()
        // Whole tenths are enough for an order that never depends on rounding.
        .map(|(missing, decides, weight)| Question {
            missing: missing.clone(),
            decides,
            weight: (weight * 10.0) as u32,
            set_aside: aside.get(missing).cloned(),
        })
        .collect();
    questions.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.missing.cmp(&b.missing)));
    questions
}

/// Numbers for facts that are missing. Few are missing of one element; and an element is known again by where its name
/// stands, since what is said of it shares that, so that names are compared once for each place.
#[derive(Default)]
struct Facts<'v> {
    by_address: FastMap<(Section, usize), usize>,
    by_name: FastMap<&'v ElementId, usize>,
    /// The fields of each element, with their numbers.
    fields: Vec<Vec<(&'v str, usize)>>,
    count: usize,
}

impl<'v> Facts<'v> {
    /// The number of a fact, the next one where it is new.
    fn number(&mut self, fact: &'v Missing) -> usize {
        let id = &fact.element;
        let element = *self.by_address.entry((id.section, id.slug.as_str().as_ptr().addr())).or_insert_with(|| {
            *self.by_name.entry(id).or_insert_with(|| {
                self.fields.push(Vec::new());
                self.fields.len() - 1
            })
        });
        let fields = &mut self.fields[element];
        match fields.iter().find(|(field, _)| *field == fact.field) {
            Some((_, number)) => *number,
            None => {
                fields.push((&fact.field, self.count));
                self.count += 1;
                self.count - 1
            }
        }
    }
}

/// What was parked or given to somebody, by the fact that it asks for. An assignment counts before the parking lot.
fn set_aside(model: &Model) -> BTreeMap<Missing, SetAside> {
    let asked = |about: &[AnyLink], asks: &Option<Text>| -> Vec<Missing> {
        let Some(asks) = asks else { return Vec::new() };
        let ids = about.iter().filter_map(|link| model.resolve(Target::Any, link.0.as_str()));
        ids.map(|element| Missing { element, field: asks.to_string().into() }).collect()
    };
    let mut aside = BTreeMap::new();
    for (slug, parked) in &model.parking {
        let facts = asked(&parked.about, &parked.asks).into_iter();
        aside.extend(facts.map(|fact| (fact, SetAside::Parked(slug.clone()))));
    }
    for (slug, action) in model.actions.iter().filter(|(_, action)| action.done.is_none()) {
        let owner = action.owner.as_ref().map(|link| link.slug().clone());
        let facts = asked(&action.about, &action.asks).into_iter();
        aside.extend(facts.map(|fact| (fact, SetAside::Assigned(slug.clone(), owner.clone()))));
    }
    aside
}

/// Who has to know a fact: who was given the question, else whoever answers for the element that it is about.
pub fn asked_of(model: &Model, question: &Question) -> Option<Slug> {
    match &question.set_aside {
        Some(SetAside::Assigned(_, Some(owner))) => Some(owner.clone()),
        _ => answers_for(model, &question.missing.element),
    }
}

/// The person who answers for an element: its owner or steward. Of a grant it is the steward of the data, of a flow the
/// owner of where it starts.
fn answers_for(model: &Model, id: &ElementId) -> Option<Slug> {
    let slug = &id.slug;
    let link = match id.section {
        Section::Datasets => model.datasets.get(slug)?.steward.as_ref(),
        Section::Endpoints => model.endpoints.get(slug)?.owner.as_ref(),
        Section::Services => model.services.get(slug)?.owner.as_ref(),
        Section::Controls => model.controls.get(slug)?.owner.as_ref(),
        Section::Grants => {
            let grant = model.grants.get(slug)?;
            let dataset = grant.dataset.as_ref().and_then(|link| model.datasets.get(link.slug()));
            let steward = dataset.and_then(|dataset| dataset.steward.as_ref());
            steward.or(model.endpoints.get(grant.endpoint.slug()).and_then(|endpoint| endpoint.owner.as_ref()))
        }
        Section::Flows => return answers_for(model, &model.node(model.flows.get(slug)?.from.slug().as_str())?),
        _ => None,
    };
    link.map(|link| link.slug().clone())
}

/// What an answer would do to the verdicts that wait for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Consequence {
    /// How many would fire.
    pub fires: usize,
    /// How many would be settled: the rule does not apply, or it is answered.
    pub settled: usize,
    /// How many would wait for something else.
    pub open: usize,
}

/// Why the consequence of an answer can not be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsequenceError {
    /// The value does not fit.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// A rule could not be asked.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// What an answer, as RON, would do to the verdicts that wait for it. The model is changed and put back.
pub fn consequence<'a>(
    model: &mut Model,
    rules: &RuleSet,
    circumstances: impl Into<Circumstances<'a>>,
    waiting: &[&Verdict],
    missing: &Missing,
    path: &[Step],
    ron: &str,
) -> Result<Consequence, ConsequenceError> {
    let edit = set_at(model, &missing.element, path, Some(ron))?;
    let back = edit.apply(model);
    let outcomes = rules.ask_again(model, &effective(model), circumstances, waiting);
    back.apply(model);
    let mut told = Consequence::default();
    for outcome in outcomes? {
        match outcome {
            Outcome::Fires => told.fires += 1,
            Outcome::Unknown(_) => told.open += 1,
            Outcome::Answered(_) | Outcome::NotApplicable | Outcome::OutOfScope(_) | Outcome::Decided(_) => {
                told.settled += 1;
            }
        }
    }
    Ok(told)
}

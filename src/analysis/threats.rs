//! Threats: what every rule says of every element, with the reason.
//!
//! A rule has two conditions. Where `applies` is no, the rule has nothing to say; where `unless` holds, or a control
//! that is in place says that it answers the rule there, it is answered; where something decisive is unknown, there is
//! a question; what is left fires. Which of the four it is follows from the three truth values of both conditions
//! (`applies && !unless`); an unknown is never a finding and never a pass.

use super::access::{Access, Fact};
use super::condition::{Answer, Condition, EvalError, Evaluator, Footprint, Missing, World, compile, share};
use super::court::{Clerk, Court, Spot, ask_everywhere, parts_for};
use super::decisions::digest;
use super::evidence::{Circumstances, Controls};
use crate::library::rule::{Expression, Impact, Rule, RuleError, Subject};
use crate::model::facts::Operation;
use crate::model::{ElementId, Model, Section, Slug};
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A rule whose conditions were checked.
#[derive(Debug)]
pub struct Checked {
    /// The rule.
    pub rule: Rule,
    applies: Condition,
    unless: Option<Condition>,
    footprint: Footprint,
}

/// Rules that can be asked.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Checked>,
}

/// What an outcome is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// An element.
    Element(ElementId),
    /// What a role can do by a grant: its own, or one that it inherits.
    Exposure {
        /// The role.
        role: Slug,
        /// The data; nothing for a call.
        dataset: Option<Slug>,
        /// The operation.
        op: Operation,
        /// The endpoint.
        endpoint: Slug,
        /// The grant that says so.
        grant: Slug,
    },
}

impl Place {
    /// A name that stays when titles and the order of the file change: the slug of a node, `section:slug`, and for an
    /// exposure its grant, with the role where that inherits it.
    pub fn name(&self, model: &Model) -> String {
        match self {
            Place::Element(id) => id.any_link(),
            Place::Exposure { role, grant, .. } => {
                let own = model.grants.get(grant).is_some_and(|grant| grant.role.slug() == role);
                if own { format!("grants:{grant}") } else { format!("grants:{grant}+{role}") }
            }
        }
    }

    /// The elements that it touches.
    pub fn elements(&self) -> Vec<ElementId> {
        self.names().map(|(section, slug)| ElementId::new(section, slug.clone())).collect()
    }

    /// The names of the elements that it touches.
    pub(super) fn names(&self) -> impl Iterator<Item = (Section, &Slug)> {
        let names = match self {
            Place::Element(id) => [Some((id.section, &id.slug)), None, None, None],
            Place::Exposure { role, dataset, endpoint, grant, .. } => [
                Some((Section::Grants, grant)),
                Some((Section::Roles, role)),
                Some((Section::Endpoints, endpoint)),
                dataset.as_ref().map(|slug| (Section::Datasets, slug)),
            ],
        };
        names.into_iter().flatten()
    }
}

/// What a rule says of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is so, and nothing stands against it.
    Fires,
    /// It would be so, but for these controls, or where there is none for what `unless` says.
    Answered(Vec<Slug>),
    /// It is not so.
    NotApplicable,
    /// It depends on facts that nobody gave.
    Unknown(Vec<Missing>),
    /// The element is out of scope, for this reason.
    OutOfScope(String),
    /// The team decided, and the decision holds.
    Decided(Slug),
}

impl Outcome {
    /// As lists and JSON output write it.
    pub fn word(&self) -> &'static str {
        match self {
            Outcome::Fires => "fires",
            Outcome::Answered(_) => "answered",
            Outcome::NotApplicable => "not_applicable",
            Outcome::Unknown(_) => "unknown",
            Outcome::OutOfScope(_) => "out_of_scope",
            Outcome::Decided(_) => "decided",
        }
    }
}

/// What one rule says of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The place of the rule in the set.
    pub rule: usize,
    /// What it is about; what several rules say of a place shares it.
    pub place: Arc<Place>,
    /// What the rule says of it.
    pub outcome: Outcome,
    /// How much it hurts, 1 to 5; nothing where that depends on a class that nobody gave.
    pub impact: Option<u8>,
    /// The decisions and controls on which it hangs; nothing where there are none, as mostly.
    pub ties: Option<Box<Ties>>,
}

/// Decisions and controls on which a verdict hangs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ties {
    /// A decision on it that does not hold any more, and why.
    pub reopened: Option<(Slug, String)>,
    /// Controls that would answer it if their evidence held, and why they do not.
    pub fallen: Vec<(Slug, String)>,
    /// The controls without any one of which it would not be answered.
    pub rests_on: Vec<Slug>,
}

impl Verdict {
    /// A decision on it that does not hold any more, and why.
    pub fn reopened(&self) -> Option<&(Slug, String)> {
        self.ties.as_ref()?.reopened.as_ref()
    }

    /// Controls that would answer it if their evidence held, and why they do not.
    pub fn fallen(&self) -> &[(Slug, String)] {
        self.ties.as_ref().map_or(&[], |ties| &ties.fallen)
    }

    /// The controls without any one of which it would not be answered.
    pub fn rests_on(&self) -> &[Slug] {
        self.ties.as_ref().map_or(&[], |ties| &ties.rests_on)
    }
}

/// A rule that could not be asked to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: error: {rule} on {place}: {error}")]
pub struct RunError {
    /// The file of the rule.
    pub file: String,
    /// The line on which the condition begins.
    pub line: usize,
    /// The column at which it begins.
    pub column: usize,
    /// The rule.
    pub rule: String,
    /// On what it was asked.
    pub place: String,
    /// What went wrong.
    pub error: EvalError,
}

impl RuleSet {
    /// Checks rules; the first whose conditions can not be asked is an error.
    pub fn new(rules: Vec<Rule>) -> Result<RuleSet, RuleError> {
        let mut checked = Vec::with_capacity(rules.len());
        let mut seen = BTreeSet::new();
        for rule in rules {
            if !seen.insert(rule.id.clone()) {
                let message = format!("there is a rule `{}` already: give this one another name", rule.id);
                return Err(RuleError { file: rule.file, line: rule.line, column: 1, message });
            }
            let check = |expression: &Expression| {
                compile(&expression.text, rule.about).map_err(|error| {
                    let (line, column) = expression.place(error.offset);
                    let message = format!("{}: {}", rule.id, error.message);
                    RuleError { file: rule.file.clone(), line, column, message }
                })
            };
            let applies = check(&rule.applies)?;
            let unless = rule.unless.as_ref().map(check).transpose()?;
            let footprint = footprint(&rule, &applies, unless.as_ref());
            checked.push(Checked { rule, applies, unless, footprint });
        }
        let conditions =
            checked.iter_mut().flat_map(|checked: &mut Checked| [Some(&mut checked.applies), checked.unless.as_mut()]);
        share(conditions.flatten());
        Ok(RuleSet { rules: checked })
    }

    /// The rules.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|checked| &checked.rule)
    }

    /// The rule at a place.
    pub fn rule(&self, at: usize) -> &Rule {
        &self.rules[at].rule
    }

    /// What every rule says of everything that it is about, by rule and then in the order of the model. That a rule
    /// does not apply is said only where `all` is wanted: it is most of what there is to say.
    pub fn judge<'a>(
        &self,
        model: &Model,
        access: &Access,
        circumstances: impl Into<Circumstances<'a>>,
        all: bool,
    ) -> Result<Vec<Verdict>, RunError> {
        let parts = parts_for(self, model, access);
        self.judge_in(parts, model, access, circumstances, all)
    }

    /// The same, in so many parts at once: what is said does not depend on how many there are.
    pub fn judge_in<'a>(
        &self,
        parts: usize,
        model: &Model,
        access: &Access,
        circumstances: impl Into<Circumstances<'a>>,
        all: bool,
    ) -> Result<Vec<Verdict>, RunError> {
        let heard = ask_everywhere::<Said>(self, parts, model, access, circumstances.into(), all)?;
        let mut runs: Vec<Said> = heard.runs.into_iter().map(|run| run.said).collect();
        let mut verdicts = Vec::with_capacity(runs.iter().flat_map(|run| &run.0).map(Vec::len).sum());
        for rule in 0..self.rules.len() {
            runs.iter_mut().for_each(|run| verdicts.append(&mut run.0[rule]));
        }
        Ok(verdicts)
    }

    pub(super) fn checked(&self, at: usize) -> &Checked {
        &self.rules[at]
    }

    /// The rules about a kind of subject, by their places.
    pub(super) fn about(&self, subject: Subject) -> Vec<usize> {
        (0..self.rules.len()).filter(|at| self.rules[*at].rule.about == subject).collect()
    }

    /// What each rule may read, by their places.
    pub(super) fn footprints(&self) -> impl Iterator<Item = &Footprint> {
        self.rules.iter().map(|checked| &checked.footprint)
    }

    /// What rules say of places of which they said something before, in another state of the model: what an edit would
    /// change. A place that is gone there does not apply.
    pub fn ask_again<'a>(
        &self,
        model: &Model,
        access: &Access,
        circumstances: impl Into<Circumstances<'a>>,
        before: &[&Verdict],
    ) -> Result<Vec<Outcome>, RunError> {
        let circumstances = circumstances.into();
        let world = World::new(model, &access.facts, circumstances);
        let controls = Controls::new(model, circumstances);
        let mut court = Court::new(model, access, &world, circumstances.today, &controls);
        let facts: HashMap<Place, usize> =
            access.facts.iter().enumerate().map(|(at, fact)| (place_of(fact), at)).collect();
        let mut ask = |verdict: &Verdict| {
            let place = &*verdict.place;
            let spot = match place {
                Place::Element(id) if model.has(id.section, id.slug.as_str()) => {
                    Spot::Element(id.section, &id.slug, world.number(id.section, &id.slug))
                }
                Place::Element(_) => return Ok(Outcome::NotApplicable),
                Place::Exposure { .. } => match facts.get(place) {
                    Some(at) => Spot::Fact(*at),
                    None => return Ok(Outcome::NotApplicable),
                },
            };
            let (mut outcome, mut failed) = (Outcome::NotApplicable, None);
            court.ask(self, &[verdict.rule], spot, false, &mut failed, |_, verdict| {
                outcome = verdict.map_or(Outcome::NotApplicable, |verdict| verdict.outcome);
            });
            failed.map_or(Ok(outcome), |(_, error)| Err(error))
        };
        before.iter().map(|verdict| ask(verdict)).collect()
    }

    /// The digest of the facts on which a verdict rests, for a decision on it.
    pub fn facts<'a>(
        &self,
        model: &Model,
        access: &Access,
        circumstances: impl Into<Circumstances<'a>>,
        verdict: &Verdict,
    ) -> Option<String> {
        let world = World::new(model, &access.facts, circumstances);
        let mut evaluator = Evaluator::new(&world);
        self.rules[verdict.rule].facts(&mut evaluator, at_of(access, &verdict.place)?).ok()
    }

    /// The proof of a verdict: every part of the conditions of its rule, with its answer.
    pub fn explain<'a>(
        &self,
        model: &Model,
        access: &Access,
        circumstances: impl Into<Circumstances<'a>>,
        verdict: &Verdict,
    ) -> Result<Proof, EvalError> {
        let world = World::new(model, &access.facts, circumstances);
        let mut evaluator = Evaluator::new(&world);
        let checked = &self.rules[verdict.rule];
        let Some(at) = at_of(access, &verdict.place) else { return Ok(Proof::default()) };
        Ok(Proof {
            applies: parts(&mut evaluator, &checked.applies, at)?,
            unless: match &checked.unless {
                Some(unless) => parts(&mut evaluator, unless, at)?,
                None => Vec::new(),
            },
        })
    }
}

/// What rules say in a run of places, by rule.
struct Said(Vec<Vec<Verdict>>);

impl Clerk for Said {
    const WANTS_READS: bool = false;

    fn new(rules: &RuleSet) -> Said {
        Said(rules.rules.iter().map(|_| Vec::new()).collect())
    }

    fn verdict(&mut self, verdict: Verdict) {
        self.0[verdict.rule].push(verdict);
    }
}

/// Everything that a rule may read: what its conditions do, what puts a place out of scope, and the class that hurts.
fn footprint(rule: &Rule, applies: &Condition, unless: Option<&Condition>) -> Footprint {
    let mut footprint = applies.footprint().clone();
    unless.into_iter().for_each(|unless| footprint.extend(unless.footprint()));
    let exposed = [Section::Grants, Section::Roles, Section::Endpoints, Section::Datasets];
    let own = rule.about.section().map(|section| [section]);
    let sections = own.as_ref().map_or(exposed.as_slice(), |own| own.as_slice());
    footprint.fields.extend(sections.iter().map(|section| (*section, "out_of_scope")));
    if rule.impact == Impact::OfClass {
        footprint.classes();
    }
    footprint
}

/// Where a place is found: an exposure in the list of facts, an element by its slug.
fn at_of<'p>(access: &Access, place: &'p Place) -> Option<Result<usize, &'p str>> {
    match place {
        Place::Element(id) => Some(Err(id.slug.as_str())),
        Place::Exposure { .. } => access.facts.binary_search_by(|fact| order_of(fact, place)).ok().map(Ok),
    }
}

fn parts<'m>(
    evaluator: &mut Evaluator<'_, 'm>,
    condition: &'m Condition,
    at: Result<usize, &str>,
) -> Result<Vec<(String, Answer)>, EvalError> {
    let parts = evaluator.explain(condition, at)?;
    Ok(parts.into_iter().map(|(text, answer)| (text.to_owned(), answer)).collect())
}

/// Why a rule says what it says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proof {
    /// The parts of `applies`; all of them have to hold.
    pub applies: Vec<(String, Answer)>,
    /// The parts of `unless`; where all of them hold the rule is answered.
    pub unless: Vec<(String, Answer)>,
}

/// The answers to both conditions.
pub(super) struct Asked {
    pub applies: Answer,
    pub unless: Answer,
}

impl Checked {
    /// Asks both conditions of what the evaluator turned to; of one that can not be asked to its end it says which.
    pub(super) fn ask<'m>(&'m self, evaluator: &mut Evaluator<'_, 'm>) -> Result<Asked, (EvalError, &'m Expression)> {
        let mut ask = |condition: &'m Condition| evaluator.ask_here(condition);
        let applies = ask(&self.applies).map_err(|error| (error, &self.rule.applies))?;
        let unless = match (&applies, &self.unless, &self.rule.unless) {
            (Answer::No, ..) | (_, None, _) | (_, _, None) => Answer::No,
            (_, Some(unless), Some(written)) => ask(unless).map_err(|error| (error, written))?,
        };
        Ok(Asked { applies, unless })
    }
}

impl Checked {
    /// The digest of every fact that both conditions read.
    pub(super) fn facts<'m>(
        &'m self,
        evaluator: &mut Evaluator<'_, 'm>,
        at: Result<usize, &str>,
    ) -> Result<String, EvalError> {
        let mut facts = evaluator.facts(&self.applies, at)?;
        if let Some(unless) = &self.unless {
            facts.extend(evaluator.facts(unless, at)?);
        }
        Ok(digest(&facts))
    }
}

/// Why a place is out of scope, if it is: the element itself, or the data or the endpoint of an exposure.
pub(super) fn out_of_scope(model: &Model, place: &Place) -> Option<String> {
    let why = |(section, slug): (Section, &Slug)| model.out_of_scope(section, slug).map(|why| why.as_str().to_owned());
    place.names().find_map(why)
}

/// How a fact stands to a place of the list of facts: the same as `place_of(fact).cmp(place)`, which is the order of that list.
fn order_of(fact: &Fact, place: &Place) -> Ordering {
    let Place::Exposure { role, dataset, op, endpoint, grant } = place else { return Ordering::Greater };
    (&fact.role, &fact.dataset, &fact.op, &fact.endpoint, &fact.grant).cmp(&(role, dataset, op, endpoint, grant))
}

pub(super) fn place_of(fact: &Fact) -> Place {
    Place::Exposure {
        role: fact.role.clone(),
        op: fact.op,
        dataset: fact.dataset.clone(),
        endpoint: fact.endpoint.clone(),
        grant: fact.grant.clone(),
    }
}

//! Threats: what every rule says of every element, with the reason.
//!
//! A rule has two conditions. Where `applies` is no, the rule has nothing to say; where `unless` holds, or a control
//! that is in place says that it answers the rule there, it is answered; where something decisive is unknown, there is
//! a question; what is left fires. Which of the four it is follows from the three truth values of both conditions
//! (`applies && !unless`); an unknown is never a finding and never a pass.

use super::access::{Access, Fact};
use super::condition::{Answer, Condition, EvalError, Evaluator, Missing, World, compile};
use super::decisions::{Decisions, Standing, digest, is_in_place};
use super::exposure::classes_of_fact;
use crate::library::rule::{Expression, Impact, Rule, RuleError};
use crate::model::facts::{Day, Operation};
use crate::model::reference::Target;
use crate::model::reflect::from_ron;
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A rule whose conditions were checked.
#[derive(Debug)]
pub struct Checked {
    /// The rule.
    pub rule: Rule,
    applies: Condition,
    unless: Option<Condition>,
}

/// Rules that can be asked.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Checked>,
}

/// What an outcome is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// An element.
    Element(ElementId),
    /// What a role can do by a grant: its own, or one that it inherits.
    Exposure {
        /// The role.
        role: Slug,
        /// The operation.
        op: Operation,
        /// The data; nothing for a call.
        dataset: Option<Slug>,
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
        match self {
            Place::Element(id) => vec![id.clone()],
            Place::Exposure { role, dataset, endpoint, grant, .. } => {
                let mut ids = vec![
                    ElementId::new(Section::Grants, grant.clone()),
                    ElementId::new(Section::Roles, role.clone()),
                    ElementId::new(Section::Endpoints, endpoint.clone()),
                ];
                ids.extend(dataset.iter().map(|slug| ElementId::new(Section::Datasets, slug.clone())));
                ids
            }
        }
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
    /// What it is about.
    pub place: Place,
    /// What the rule says of it.
    pub outcome: Outcome,
    /// How much it hurts, 1 to 5; nothing where that depends on a class that nobody gave.
    pub impact: Option<u8>,
    /// A decision on it that does not hold any more, and why.
    pub reopened: Option<(Slug, String)>,
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
            checked.push(Checked { rule, applies, unless });
        }
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
    pub fn judge(
        &self,
        model: &Model,
        access: &Access,
        today: Option<Day>,
        all: bool,
    ) -> Result<Vec<Verdict>, RunError> {
        let world = World::new(model, &access.facts, today);
        let answers = Answers::new(model);
        let decisions = Decisions::new(model, today);
        let mut evaluator = Evaluator::new(&world);
        let mut tracer = Evaluator::new(&world);
        let mut verdicts = Vec::new();
        for (rule, checked) in self.rules.iter().enumerate() {
            let mut take =
                |asked: Result<Asked, (EvalError, &Expression)>, at, place: &dyn Fn() -> Place, fact: Option<&Fact>| {
                    let asked = asked.map_err(|(error, condition)| RunError {
                        file: checked.rule.file.clone(),
                        line: condition.line,
                        column: condition.column,
                        rule: checked.rule.id.clone(),
                        place: place().name(model),
                        error,
                    })?;
                    if !all && asked.applies == Answer::No {
                        return Ok(());
                    }
                    let place = place();
                    let mut outcome = answers.outcome(model, &checked.rule, &place, asked);
                    let mut reopened = None;
                    if matches!(outcome, Outcome::Fires | Outcome::Unknown(_)) {
                        // What could be asked a moment ago can be asked again.
                        let mut facts = || checked.facts(&mut tracer, at).unwrap_or_default();
                        match decisions.on(&checked.rule.id, &place, &mut facts) {
                            None => {}
                            Some((slug, Standing::Holds)) => outcome = Outcome::Decided(slug),
                            Some((_, Standing::Mitigated(controls))) => outcome = Outcome::Answered(controls),
                            Some((slug, Standing::Open(why))) => reopened = Some((slug, why)),
                        }
                    }
                    let impact = impact(model, fact, &checked.rule, &place);
                    verdicts.push(Verdict { rule, place, outcome, impact, reopened });
                    Ok(())
                };
            match checked.rule.about.section() {
                Some(section) => {
                    for slug in model.slugs(section) {
                        let at = Err(slug.as_str());
                        let asked = checked.ask(&mut evaluator, at);
                        take(asked, at, &|| Place::Element(ElementId::new(section, slug.clone())), None)?;
                    }
                }
                None => {
                    for (index, fact) in access.facts.iter().enumerate() {
                        let asked = checked.ask(&mut evaluator, Ok(index));
                        take(asked, Ok(index), &|| place_of(fact), Some(fact))?;
                    }
                }
            }
        }
        Ok(verdicts)
    }

    /// The digest of the facts on which a verdict rests, for a decision on it.
    pub fn facts(&self, model: &Model, access: &Access, today: Option<Day>, verdict: &Verdict) -> Option<String> {
        let world = World::new(model, &access.facts, today);
        let mut evaluator = Evaluator::new(&world);
        self.rules[verdict.rule].facts(&mut evaluator, at_of(access, &verdict.place)?).ok()
    }

    /// The proof of a verdict: every part of the conditions of its rule, with its answer.
    pub fn explain(
        &self,
        model: &Model,
        access: &Access,
        today: Option<Day>,
        verdict: &Verdict,
    ) -> Result<Proof, EvalError> {
        let world = World::new(model, &access.facts, today);
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

/// Where a place is found: an exposure in the list of facts, an element by its slug.
fn at_of<'p>(access: &Access, place: &'p Place) -> Option<Result<usize, &'p str>> {
    match place {
        Place::Element(id) => Some(Err(id.slug.as_str())),
        Place::Exposure { .. } => access.facts.iter().position(|fact| place_of(fact) == *place).map(Ok),
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
struct Asked {
    applies: Answer,
    unless: Answer,
}

impl Checked {
    /// Asks both conditions; of one that can not be asked to its end it says which.
    fn ask<'m>(
        &'m self,
        evaluator: &mut Evaluator<'_, 'm>,
        at: Result<usize, &str>,
    ) -> Result<Asked, (EvalError, &'m Expression)> {
        let mut ask = |condition: &'m Condition| match at {
            Ok(index) => evaluator.ask_exposure(condition, index),
            Err(slug) => evaluator.ask_element(condition, slug),
        };
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
    fn facts<'m>(&'m self, evaluator: &mut Evaluator<'_, 'm>, at: Result<usize, &str>) -> Result<String, EvalError> {
        let mut facts = evaluator.facts(&self.applies, at)?;
        if let Some(unless) = &self.unless {
            facts.extend(evaluator.facts(unless, at)?);
        }
        Ok(digest(&facts))
    }
}

/// Which controls answer which rules where.
struct Answers<'m> {
    by_rule: HashMap<&'m str, Vec<(&'m Slug, BTreeSet<ElementId>)>>,
}

impl<'m> Answers<'m> {
    fn new(model: &'m Model) -> Answers<'m> {
        let mut by_rule: HashMap<&str, Vec<(&Slug, BTreeSet<ElementId>)>> = HashMap::new();
        for (slug, control) in &model.controls {
            if !is_in_place(model, slug) {
                continue;
            }
            let guards = control.guards.iter().filter_map(|link| model.resolve(Target::Any, link.0.as_str()));
            let guards: BTreeSet<ElementId> = guards.collect();
            for rule in &control.answers {
                by_rule.entry(rule.as_str()).or_default().push((slug, guards.clone()));
            }
        }
        Answers { by_rule }
    }

    fn controls(&self, rule: &str, place: &Place) -> Vec<Slug> {
        let elements = place.elements();
        let guards = |(slug, guards): &(&Slug, BTreeSet<ElementId>)| {
            elements.iter().any(|id| guards.contains(id)).then(|| (*slug).clone())
        };
        self.by_rule.get(rule).into_iter().flatten().filter_map(guards).collect()
    }

    fn outcome(&self, model: &Model, rule: &Rule, place: &Place, asked: Asked) -> Outcome {
        if asked.applies == Answer::No {
            return Outcome::NotApplicable;
        }
        if let Some(why) = out_of_scope(model, place) {
            return Outcome::OutOfScope(why);
        }
        let controls = self.controls(&rule.id, place);
        match (asked.applies, asked.unless) {
            (_, Answer::Yes) => Outcome::Answered(controls),
            _ if !controls.is_empty() => Outcome::Answered(controls),
            (Answer::Yes, Answer::No) => Outcome::Fires,
            (applies, unless) => {
                let mut missing: Vec<Missing> = [applies, unless]
                    .into_iter()
                    .filter_map(|answer| match answer {
                        Answer::Unknown(missing) => Some(missing),
                        Answer::Yes | Answer::No => None,
                    })
                    .flatten()
                    .collect();
                missing.sort();
                missing.dedup();
                Outcome::Unknown(missing)
            }
        }
    }
}

/// Why a place is out of scope, if it is: the element itself, or the data or the endpoint of an exposure.
fn out_of_scope(model: &Model, place: &Place) -> Option<String> {
    place.elements().iter().find_map(|id| {
        let why: String = match model.reflect(id)?.get("out_of_scope") {
            Some(ron) => from_ron(&ron).ok()?,
            None => return None,
        };
        (!why.is_empty()).then_some(why)
    })
}

fn place_of(fact: &Fact) -> Place {
    Place::Exposure {
        role: fact.role.clone(),
        op: fact.op,
        dataset: fact.dataset.clone(),
        endpoint: fact.endpoint.clone(),
        grant: fact.grant.clone(),
    }
}

/// How much it hurts. That of a class is known where the class is: one more than its rank, 5 at most.
fn impact(model: &Model, fact: Option<&Fact>, rule: &Rule, place: &Place) -> Option<u8> {
    let rank = match (rule.impact, fact, place) {
        (Impact::Fixed(impact), ..) => return Some(impact),
        (Impact::OfClass, Some(fact), _) => classes_of_fact(model, fact).highest?.rank,
        (Impact::OfClass, None, Place::Element(id)) => {
            let dataset = model.datasets.get(&id.slug).filter(|_| id.section == Section::Datasets)?;
            let own = dataset.class.iter().chain(dataset.fields.values().filter_map(|field| field.class.as_ref()));
            own.filter_map(|link| super::exposure::rank_of(model, link.slug())).max()?.rank
        }
        (Impact::OfClass, None, Place::Exposure { .. }) => return None,
    };
    u8::try_from(rank.saturating_add(1).min(5)).ok()
}

/// A fact that nobody gave, and what it would decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What to find out.
    pub missing: Missing,
    /// The verdicts that wait for it, by their place in the list that was given.
    pub decides: Vec<usize>,
    /// How much depends on it: the sum over these verdicts of likelihood × impact, each divided by the number of facts
    /// that it waits for. Where the impact is unknown, it is taken for the highest.
    pub weight: u32,
}

/// The questions that verdicts leave open, what decides most first.
pub fn questions(rules: &RuleSet, verdicts: &[Verdict]) -> Vec<Question> {
    let mut found: BTreeMap<&Missing, (Vec<usize>, f64)> = BTreeMap::new();
    for (at, verdict) in verdicts.iter().enumerate() {
        let Outcome::Unknown(missing) = &verdict.outcome else { continue };
        let risk = f64::from(rules.rule(verdict.rule).likelihood) * f64::from(verdict.impact.unwrap_or(5));
        for fact in missing {
            let entry = found.entry(fact).or_default();
            entry.0.push(at);
            entry.1 += risk / missing.len() as f64;
        }
    }
    let mut questions: Vec<Question> = found
        .into_iter()
        // Whole tenths are enough for an order that never depends on rounding.
        .map(|(missing, (decides, weight))| Question {
            missing: missing.clone(),
            decides,
            weight: (weight * 10.0) as u32,
        })
        .collect();
    questions.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.missing.cmp(&b.missing)));
    questions
}

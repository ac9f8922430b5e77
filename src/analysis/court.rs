//! Rules asked at places: who answers there, what was decided, and so what is said.
//!
//! Large models are asked in several parts at once. The places are cut into runs, of which each part takes the next one that
//! nobody took, with a world and a court of its own; what is said is put together in the order of the runs.

use super::access::Access;
use super::condition::{Answer, Evaluator, Kept, Number, World};
use super::decisions::{Decisions, Standing};
use super::evidence::{Answers, Circumstances, Controls};
use super::exposure::rank_by_name;
use super::parts::{in_parts, processors};
use super::threats::{Asked, Checked, Outcome, Place, RuleSet, RunError, Ties, Verdict, place_of};
use crate::library::rule::{Impact, Rule, Subject};
use crate::model::facts::Day;
use crate::model::{ElementId, Model, Section, Slug};
use std::ops::Range;
use std::sync::Arc;

/// So many places are worth a part of their own: where there are fewer, it takes longer to begin with one.
const WORTH_A_PART: usize = 1_000;
/// So many places are asked one after the other by one part.
const RUN: usize = 128;

/// Writes down what is said in a run of places.
pub(super) trait Clerk: Send {
    /// Whether it writes down what was read, too.
    const WANTS_READS: bool;

    /// Begins with a run.
    fn new(rules: &RuleSet) -> Self;

    /// Something that a rule says of a place.
    fn verdict(&mut self, verdict: Verdict);

    /// All rules were asked at a place.
    fn asked(&mut self, _spot: Spot<'_>, _world: &World<'_>) {}
}

/// What was said in a run of places.
pub(super) struct Run<C> {
    at: usize,
    pub said: C,
    /// The part that asked there.
    pub part: usize,
}

/// What was said everywhere.
pub(super) struct Heard<C> {
    /// In the order of the places.
    pub runs: Vec<Run<C>>,
    /// What is worked out for the model.
    pub kept: Kept,
    /// So many names have the same number in all parts.
    pub common: usize,
    /// The numbers that the further names of each part have in what is kept.
    pub beyond: Vec<Vec<Number>>,
}

/// The places that rules are about, of each kind of subject in the order of the model, cut into runs. Flows come before
/// endpoints and datasets, of which it is asked on what ways they lie: meanwhile somebody works these out.
fn runs(rules: &RuleSet, model: &Model, access: &Access) -> Vec<(Subject, Range<usize>)> {
    let subjects = Subject::ALL.into_iter().rev().filter(|subject| !rules.about(*subject).is_empty());
    let runs = subjects.flat_map(|subject| {
        let places = subject.section().map_or(access.facts.len(), |section| model.count(section));
        (0..places).step_by(RUN).map(move |from| (subject, from..places.min(from + RUN)))
    });
    runs.collect()
}

/// In how many parts rules are asked of a model: in as many as there are processors, and in one where it is small.
pub(super) fn parts_for(rules: &RuleSet, model: &Model, access: &Access) -> usize {
    let places: usize = runs(rules, model, access).iter().map(|(_, places)| places.len()).sum();
    if places < 2 * WORTH_A_PART { 1 } else { processors().min(places / WORTH_A_PART) }
}

/// Asks every rule of everything that it is about, place after place: what is read at a place is at hand for all rules. Of
/// several rules that can not be asked the first is the error.
pub(super) fn ask_everywhere<C: Clerk>(
    rules: &RuleSet,
    parts: usize,
    model: &Model,
    access: &Access,
    circumstances: Circumstances<'_>,
    all: bool,
) -> Result<Heard<C>, RunError> {
    let runs = runs(rules, model, access);
    let controls = Controls::new(model, circumstances);
    let kept = Kept::new(model, &access.facts);
    let common = kept.names.len();
    let asks_for_ways = rules.footprints().any(|footprint| footprint.ways);
    let parts = in_parts(parts, runs.len(), |next| {
        let world = World::whole(model, &access.facts, circumstances, kept.to_ask(C::WANTS_READS));
        let mut court = Court::new(model, access, &world, circumstances.today, &controls);
        let (mut failed, mut failed_in) = (None, 0);
        let mut said = Vec::new();
        for at in next {
            if at == 0 && asks_for_ways {
                kept.ways.prepare(model);
            }
            let before = failed.as_ref().map(|(rule, _)| *rule);
            said.push((at, court.hear::<C>(rules, &runs[at], all, &mut failed)));
            if failed.as_ref().map(|(rule, _)| *rule) != before {
                failed_in = at;
            }
        }
        court.close();
        (said, world.into_kept(), failed.map(|(rule, error)| (rule, failed_in, error)))
    });
    let (mut heard, mut failed) = (Heard { runs: Vec::new(), kept, common, beyond: Vec::new() }, Vec::new());
    for (part, (said, kept, error)) in parts.into_iter().enumerate() {
        heard.runs.extend(said.into_iter().map(|(at, said)| Run { at, said, part }));
        heard.beyond.push(heard.kept.names.take_in(&kept.names, common));
        heard.kept.said.take_in(kept.said);
        heard.kept.served = heard.kept.served.or(kept.served);
        failed.extend(error);
    }
    heard.runs.sort_by_key(|run| run.at);
    match failed.into_iter().min_by_key(|(rule, run, _)| (*rule, *run)) {
        Some((.., error)) => Err(error),
        None => Ok(heard),
    }
}

/// Where rules are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spot<'p> {
    /// At an element; the number is that of its name.
    Element(Section, &'p Slug, Number),
    /// At the exposure fact at a place of the list.
    Fact(usize),
}

impl Spot<'_> {
    pub(super) fn place(self, access: &Access) -> Place {
        match self {
            Spot::Element(section, slug, _) => Place::Element(ElementId::new(section, slug.clone())),
            Spot::Fact(at) => place_of(&access.facts[at]),
        }
    }
}

/// A spot of which a rule says something.
struct Here {
    place: Arc<Place>,
    out_of_scope: Option<String>,
}

/// What is needed to come from the answers of a rule to what is said of a place: who answers, and what was decided.
pub(super) struct Court<'w, 'm> {
    model: &'m Model,
    access: &'m Access,
    world: &'w World<'m>,
    answers: Answers<'m>,
    decisions: Decisions<'m>,
    evaluator: Evaluator<'w, 'm>,
    tracer: Evaluator<'w, 'm>,
}

impl<'w, 'm> Court<'w, 'm> {
    pub(super) fn new(
        model: &'m Model,
        access: &'m Access,
        world: &'w World<'m>,
        today: Option<Day>,
        controls: &'m Controls,
    ) -> Court<'w, 'm> {
        Court {
            model,
            access,
            world,
            answers: Answers::new(model, controls),
            decisions: Decisions::new(model, today, controls),
            evaluator: Evaluator::resume(world),
            tracer: Evaluator::new(world),
        }
    }

    /// Gives back to the world what holds for the next state of the model.
    pub(super) fn close(self) {
        self.evaluator.close();
    }

    /// Asks all rules that are about them at a run of places.
    fn hear<C: Clerk>(
        &mut self,
        set: &'m RuleSet,
        (subject, places): &(Subject, Range<usize>),
        all: bool,
        failed: &mut Option<(usize, RunError)>,
    ) -> C {
        let mut clerk = C::new(set);
        let (world, rules) = (self.world, set.about(*subject));
        let mut ask = |spot: Spot<'m>| {
            self.ask(set, &rules, spot, all, failed, |_, verdict| {
                verdict.into_iter().for_each(|verdict| clerk.verdict(verdict));
            });
            clerk.asked(spot, world);
        };
        match subject.section() {
            Some(section) => {
                let elements = world.elements_of(section, places.clone()).into_iter();
                elements.for_each(|(slug, number)| ask(Spot::Element(section, slug, number)));
            }
            None => places.clone().for_each(|at| ask(Spot::Fact(at))),
        }
        clerk
    }

    /// Asks rules at a spot, and gives what each says; nothing where it does not apply, unless `all` is wanted. A rule that
    /// can not be asked takes the place of a later one in `failed`, and no rule behind that is asked any more.
    pub(super) fn ask(
        &mut self,
        set: &'m RuleSet,
        rules: &[usize],
        spot: Spot<'_>,
        all: bool,
        failed: &mut Option<(usize, RunError)>,
        mut told: impl FnMut(usize, Option<Verdict>),
    ) {
        self.world.start();
        let instance = match spot {
            Spot::Element(section, slug, number) => self.world.instance(section, slug.as_str(), number),
            Spot::Fact(at) => Some(self.world.fact(at)),
        };
        let Some(instance) = instance else { return };
        self.evaluator.turn_to(&instance);
        let mut here = None;
        for rule in rules {
            if failed.as_ref().is_some_and(|(first, _)| first <= rule) {
                break;
            }
            let checked = set.checked(*rule);
            match checked.ask(&mut self.evaluator) {
                Ok(asked) if asked.applies == Answer::No && !all => told(*rule, None),
                Ok(asked) => told(*rule, Some(self.verdict(*rule, checked, asked, spot, &mut here))),
                Err((error, condition)) => {
                    let error = RunError {
                        file: checked.rule.file.clone(),
                        line: condition.line,
                        column: condition.column,
                        rule: checked.rule.id.clone(),
                        place: spot.place(self.access).name(self.model),
                        error,
                    };
                    *failed = Some((*rule, error));
                }
            }
        }
    }

    /// What a rule says of a place, from the answers to its conditions.
    fn verdict(
        &mut self,
        rule: usize,
        checked: &'m Checked,
        asked: Asked,
        spot: Spot<'_>,
        here: &mut Option<Here>,
    ) -> Verdict {
        if asked.applies == Answer::No {
            let place = Arc::new(spot.place(self.access));
            let impact = self.impact(&checked.rule, spot, &place);
            return Verdict { rule, place, outcome: Outcome::NotApplicable, impact, ties: None };
        }
        let Here { place, out_of_scope } = here.get_or_insert_with(|| {
            let place = Arc::new(spot.place(self.access));
            let found = self.world.out_of_scope(spot);
            Here { out_of_scope: found.map(str::to_owned), place }
        });
        let place = place.clone();
        let answered_by_model = asked.unless == Answer::Yes;
        let (controls, mut fallen) = self.answers.at(self.model, &checked.rule.id, &place);
        // Of several each is enough: it rests on none of them.
        let mut rests_on = match controls.as_slice() {
            [one] if !answered_by_model => vec![one.clone()],
            _ => Vec::new(),
        };
        let mut outcome = outcome(out_of_scope.as_ref(), asked, controls);
        let mut reopened = None;
        if matches!(outcome, Outcome::Fires | Outcome::Unknown(_)) {
            let at = match spot {
                Spot::Element(_, slug, _) => Err(slug.as_str()),
                Spot::Fact(at) => Ok(at),
            };
            // What could be asked a moment ago can be asked again.
            let mut facts = || checked.facts(&mut self.tracer, at).unwrap_or_default();
            match self.decisions.on(&checked.rule.id, &place, &mut facts) {
                None => {}
                Some((slug, Standing::Holds)) => outcome = Outcome::Decided(slug),
                Some((_, Standing::Mitigated(controls))) => {
                    // The decision holds through all of them.
                    rests_on.clone_from(&controls);
                    outcome = Outcome::Answered(controls);
                }
                Some((slug, Standing::Open(why))) => reopened = Some((slug, why)),
            }
        }
        if !matches!(outcome, Outcome::Fires | Outcome::Unknown(_)) {
            fallen.clear();
        }
        if !matches!(outcome, Outcome::Answered(_)) {
            rests_on.clear();
        }
        let impact = self.impact(&checked.rule, spot, &place);
        let is_tied = reopened.is_some() || !fallen.is_empty() || !rests_on.is_empty();
        let ties = is_tied.then(|| Box::new(Ties { reopened, fallen, rests_on }));
        Verdict { rule, place, outcome, impact, ties }
    }

    /// How much it hurts. That of a class is known where the class is: one more than its rank, 5 at most.
    fn impact(&self, rule: &Rule, spot: Spot<'_>, place: &Place) -> Option<u8> {
        let rank = match (rule.impact, spot, place) {
            (Impact::Fixed(impact), ..) => return Some(impact),
            (Impact::OfClass, Spot::Fact(at), _) => self.world.highest_class(at)?,
            (Impact::OfClass, _, Place::Element(id)) => {
                let dataset = self.model.datasets.get(&id.slug).filter(|_| id.section == Section::Datasets)?;
                let own = dataset.class.iter().chain(dataset.fields.values().filter_map(|field| field.class.as_ref()));
                own.filter_map(|link| rank_by_name(self.model, link.slug().as_str())).max()?
            }
            (Impact::OfClass, ..) => return None,
        };
        u8::try_from(rank.saturating_add(1).min(5)).ok()
    }
}

/// The outcome that follows from both conditions and the controls that answer the rule there.
fn outcome(out_of_scope: Option<&String>, asked: Asked, controls: Vec<Slug>) -> Outcome {
    if let Some(why) = out_of_scope {
        return Outcome::OutOfScope(why.clone());
    }
    match (asked.applies, asked.unless) {
        (_, Answer::Yes) => Outcome::Answered(controls),
        _ if !controls.is_empty() => Outcome::Answered(controls),
        (Answer::Yes, Answer::No) => Outcome::Fires,
        (Answer::Unknown(one), Answer::Unknown(other)) => {
            let mut missing = [one, other].concat();
            missing.sort();
            missing.dedup();
            Outcome::Unknown(missing)
        }
        (Answer::Unknown(missing), _) | (_, Answer::Unknown(missing)) => Outcome::Unknown(missing),
        (Answer::No, _) => Outcome::NotApplicable,
    }
}

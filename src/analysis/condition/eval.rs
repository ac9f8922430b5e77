//! A condition on a model: true, false, or unknown with the facts that are missing.

use super::check::{Condition, Op, Parts, Quantifier, TextTest};
use super::graph::plain_exposure;
use super::schema::Access;
use super::shared::Memory;
use super::syntax::{Comparison, Id};
use super::value::{
    List, Missing, MissingAt, Place, PlaceStep, Value, Values, What, at_least, compare, item, number, truth,
};
use super::world::World;
use crate::analysis::hash::FastMap;
use crate::model::Section;
use crate::model::lookup::Fact;
use crate::model::reflect::Kind;
use std::rc::Rc;

/// How many steps one evaluation may take: a few hundred items may be compared with one another, a thousand may not.
pub const MAX_STEPS: u64 = 2_000_000;

/// The answer to a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// It depends on facts that nobody gave; on all of these together.
    Unknown(Vec<Missing>),
}

/// Why a condition could not be asked to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// More than [`MAX_STEPS`].
    #[error("the condition takes more than {MAX_STEPS} steps: ask fewer things of each other")]
    TooLong,
    /// A number that does not fit.
    #[error("a sum leaves the range of whole numbers")]
    Overflow,
}

/// Asks conditions, one after the other, with what one evaluation needs kept for the next.
pub struct Evaluator<'w, 'm> {
    pub(super) world: &'w World<'m>,
    pub(super) steps: u64,
    pub(super) variables: Vec<Value<'m>>,
    pub(super) missing: Vec<MissingAt<'m>>,
    pub(super) memory: Memory<'m>,
    /// Which texts matched which patterns, these by where they are: the same few names of fields are asked for again at
    /// every exposure fact.
    matched: FastMap<(usize, &'m str), bool>,
    /// Every fact that is read, while somebody wants to know.
    pub(super) trace: Option<Vec<String>>,
}

/// What a condition is asked of: an element or an exposure fact, found once however many conditions are asked of it.
#[derive(Clone)]
pub struct Instance<'m>(pub(super) Value<'m>);

type Evaluated<'m> = Result<Value<'m>, EvalError>;

impl<'w, 'm> Evaluator<'w, 'm> {
    /// An evaluator on a world.
    pub fn new(world: &'w World<'m>) -> Evaluator<'w, 'm> {
        Evaluator {
            world,
            steps: 0,
            variables: Vec::new(),
            missing: Vec::new(),
            memory: Memory::default(),
            matched: FastMap::default(),
            trace: None,
        }
    }

    /// The same, which knows what shared terms said of exposure facts before.
    pub(crate) fn resume(world: &'w World<'m>) -> Evaluator<'w, 'm> {
        Evaluator { memory: Memory::with(world.said.take()), ..Evaluator::new(world) }
    }

    /// Gives what shared terms said of exposure facts back to the world.
    pub(crate) fn close(self) {
        self.world.said.replace(self.memory.into_columns());
    }

    /// Turns to something that was found before; then conditions are asked of it.
    pub(crate) fn turn_to(&mut self, instance: &Instance<'m>) {
        self.start(instance.0.clone());
    }

    /// Asks a condition of what the evaluator turned to.
    pub(crate) fn ask_here(&mut self, condition: &'m Condition) -> Result<Answer, EvalError> {
        self.steps = 0;
        self.missing.clear();
        Ok(match self.holds(condition, condition.root())? {
            Some(true) => Answer::Yes,
            Some(false) => Answer::No,
            None => Answer::Unknown(self.named_missing()),
        })
    }

    /// Asks a condition of an element of its subject's section.
    pub fn ask_element(&mut self, condition: &'m Condition, slug: &str) -> Result<Answer, EvalError> {
        let section = condition.subject().section();
        match section.and_then(|section| self.world.element(section, slug)) {
            Some(value) => self.ask(condition, value),
            None => Ok(Answer::Unknown(Vec::new())),
        }
    }

    /// Asks a condition of the exposure fact at a place of the list with which the world was made.
    pub fn ask_exposure(&mut self, condition: &'m Condition, at: usize) -> Result<Answer, EvalError> {
        let value = self.world.exposure(at);
        self.ask(condition, value)
    }

    fn ask(&mut self, condition: &'m Condition, subject: Value<'m>) -> Result<Answer, EvalError> {
        self.start(subject);
        self.ask_here(condition)
    }

    /// The parts of a condition that are joined by an outermost `&&`, each with its answer: the proof in small.
    pub fn explain(
        &mut self,
        condition: &'m Condition,
        at: Result<usize, &str>,
    ) -> Result<Vec<(&'m str, Answer)>, EvalError> {
        let Some(subject) = self.subject(condition, at) else { return Ok(Vec::new()) };
        let mut parts = Vec::new();
        for part in condition.conjuncts() {
            self.start(subject.clone());
            let answer = match self.eval(condition, part)? {
                Value::Flag(true) => Answer::Yes,
                Value::Flag(false) => Answer::No,
                _ => Answer::Unknown(self.named_missing()),
            };
            parts.push((condition.text_of(part), answer));
        }
        Ok(parts)
    }

    /// Every fact that a condition reads on its way to the answer, with what it is.
    pub fn facts(&mut self, condition: &'m Condition, at: Result<usize, &str>) -> Result<Vec<String>, EvalError> {
        let Some(subject) = self.subject(condition, at) else { return Ok(Vec::new()) };
        self.trace = Some(Vec::new());
        self.start(subject);
        let result = self.eval(condition, condition.root());
        let facts = self.trace.take().unwrap_or_default();
        result.map(|_| facts)
    }

    fn subject(&self, condition: &Condition, at: Result<usize, &str>) -> Option<Value<'m>> {
        match (at, condition.subject().section()) {
            (Ok(at), _) => Some(self.world.exposure(at)),
            (Err(slug), Some(section)) => self.world.element(section, slug),
            (Err(_), None) => None,
        }
    }

    fn start(&mut self, subject: Value<'m>) {
        self.steps = 0;
        self.missing.clear();
        self.variables.clear();
        self.variables.push(subject);
        self.memory.turn();
    }

    fn named_missing(&self) -> Vec<Missing> {
        let mut named: Vec<Missing> = Vec::with_capacity(self.missing.len());
        named.extend(self.missing.iter().filter_map(|(place, field)| self.world.missing(place, field)));
        if named.len() > 1 {
            named.sort();
            named.dedup();
        }
        named
    }

    fn step(&mut self) -> Result<(), EvalError> {
        self.steps += 1;
        if self.steps > MAX_STEPS { Err(EvalError::TooLong) } else { Ok(()) }
    }

    /// Whether a term holds that is yes or no: most are made of others that are, and no value is made of each.
    pub(super) fn holds(&mut self, condition: &'m Condition, id: Id) -> Result<Option<bool>, EvalError> {
        // Who wants to know what is read has to read it.
        let Some(shared) = condition.step(id).shared.filter(|_| self.trace.is_none()) else {
            return self.work_out_whether(condition, id);
        };
        if let Some(said) = self.recall(condition, shared) {
            return if self.steps > MAX_STEPS { Err(EvalError::TooLong) } else { Ok(said) };
        }
        let (steps, mark) = (self.steps, self.missing.len());
        let said = self.work_out_whether(condition, id)?;
        self.remember(shared, said, steps, mark);
        Ok(said)
    }

    fn work_out_whether(&mut self, condition: &'m Condition, id: Id) -> Result<Option<bool>, EvalError> {
        let op = &condition.step(id).op;
        if !op.is_decided() {
            let flag = |value: &Value<'_>| match value {
                Value::Flag(flag) => Some(*flag),
                _ => None,
            };
            return self.with(condition, id, flag);
        }
        self.step()?;
        let mark = self.missing.len();
        let answer = self.decide(condition, op)?;
        if answer.is_some() {
            // What was looked at on the way did not matter.
            self.missing.truncate(mark);
        }
        Ok(answer)
    }

    fn decide(&mut self, condition: &'m Condition, op: &'m Op) -> Result<Option<bool>, EvalError> {
        Ok(match op {
            Op::Not(inner) => self.holds(condition, *inner)?.map(|flag| !flag),
            Op::And(parts) => self.joined(condition, parts, false)?,
            Op::Or(parts) => self.joined(condition, parts, true)?,
            Op::Compare(comparison, one, two) => match &condition.step(*two).op {
                Op::Text(text) => self.with(condition, *one, |one| compare(*comparison, one, &Value::Text(text)))?,
                Op::Number(number) => {
                    self.with(condition, *one, |one| compare(*comparison, one, &Value::Number(*number)))?
                }
                Op::RankOf(class) if self.trace.is_none() => {
                    self.step()?;
                    let rank = self.rank(class);
                    self.with(condition, *one, |one| compare(*comparison, one, &rank))?
                }
                _ => {
                    let one = self.eval(condition, *one)?;
                    compare(*comparison, &one, &self.eval(condition, *two)?)
                }
            },
            Op::OneOf(one, texts) => self.with(condition, *one, |one| match one {
                Value::Text(text) => Some(texts.iter().any(|other| other == text)),
                _ => None,
            })?,
            Op::In(one, list) => {
                let value = self.eval(condition, *one)?;
                let list = self.eval(condition, *list)?;
                self.contains(&value, &list)?
            }
            Op::Matches(of, pattern) => {
                let text = self.with(condition, *of, |of| match of {
                    Value::Text(text) => Some(*text),
                    _ => None,
                })?;
                text.map(|text| {
                    let key = (std::ptr::from_ref(pattern).addr(), text);
                    *self.matched.entry(key).or_insert_with(|| pattern.is_match(text))
                })
            }
            Op::Quantifier { kind, list, body } => match self.eval(condition, *list)? {
                Value::List(list) => self.quantify(condition, *kind, &list, *body, &mut Vec::new())?,
                _ => None,
            },
            _ => None,
        })
    }

    /// What follows from the value of a term. Most terms are a declared fact of a variable, or of what one leads to: that is
    /// read where it stands.
    fn with<T>(
        &mut self,
        condition: &'m Condition,
        id: Id,
        then: impl FnOnce(&Value<'m>) -> T,
    ) -> Result<T, EvalError> {
        if self.trace.is_none()
            && let Op::Field { of, access, name } = &condition.step(id).op
            && let Some(value) = self.near(condition, *of, *access, name)
        {
            self.step()?;
            return Ok(then(&value));
        }
        self.eval(condition, id).map(|value| then(&value))
    }

    /// A field of a variable, of a record in it, or of what an exposure fact is about: read where it stands, with no value
    /// for what is between. Nothing where it is anything else. It takes the steps, misses the facts and reads what the long
    /// way does.
    #[inline]
    fn near(&mut self, condition: &'m Condition, of: Id, access: Access, name: &'static str) -> Option<Value<'m>> {
        let world = self.world;
        let (of, through, record) = match &condition.step(of).op {
            Op::Variable(at) => {
                return match (access, &self.variables[*at]) {
                    (Access::Exposure(field), Value::Exposure(at, _)) => {
                        plain_exposure(&world.exposures[*at as usize], field)
                    }
                    (Access::Fact { place, complete: None }, Value::Element(seat)) => {
                        let seat = *seat;
                        Some(self.value(seat.facts.fact(place), || seat.place(), name))
                    }
                    (Access::Fact { place, complete: None }, Value::Item(item)) => {
                        let What::Facts(facts) = item.what else { return None };
                        let item = item.clone();
                        Some(self.value(facts.fact(place), || item.place, name))
                    }
                    (Access::Name, Value::Item(item)) => item.name.map(Value::Text),
                    _ => None,
                };
            }
            Op::Field { of, access, name } => (*of, *access, *name),
            _ => return None,
        };
        let (Op::Variable(at), Access::Fact { place, complete: None }) = (&condition.step(of).op, access) else {
            return None;
        };
        let (fact, seat, record) = match (through, &self.variables[*at]) {
            (Access::Exposure(end), Value::Exposure(at, _)) => {
                let seat = world.end_at(*at as usize, end)?;
                (seat.facts.fact(place), seat, None)
            }
            (Access::Fact { place: outer, complete: None }, Value::Element(seat)) => match seat.facts.fact(outer) {
                Fact::Record(facts) => (facts.fact(place), *seat, Some(record)),
                // What is missing of a record that nobody gave is the field, which can be asked for.
                Fact::Unknown if is_record(seat.section, outer) => (Fact::Unknown, *seat, Some(record)),
                _ => return None,
            },
            _ => return None,
        };
        self.steps += 1;
        let here = || record.map_or(seat.place(), |record| seat.place().at(PlaceStep::Name(record)));
        Some(self.value(fact, here, name))
    }

    pub(super) fn eval(&mut self, condition: &'m Condition, id: Id) -> Evaluated<'m> {
        self.step()?;
        let mark = self.missing.len();
        let value = self.term(condition, id)?;
        if let (Some(trace), Op::Field { .. } | Op::Call(..) | Op::RankOf(_)) =
            (&mut self.trace, &condition.step(id).op)
        {
            trace.push(format!("{} = {}", condition.text_of(id), value.shown()));
        }
        if value.is_known() {
            // What was looked at on the way did not matter.
            self.missing.truncate(mark);
        }
        Ok(value)
    }

    fn term(&mut self, condition: &'m Condition, id: Id) -> Evaluated<'m> {
        Ok(match &condition.step(id).op {
            Op::Flag(flag) => Value::Flag(*flag),
            Op::Number(number) => Value::Number(*number),
            Op::Text(text) => Value::Text(text),
            Op::List(items) => {
                let values = items.iter().map(|item| self.eval(condition, *item)).collect::<Result<Rc<[_]>, _>>()?;
                Value::List(List { values: Values::Own(values), whole: true })
            }
            Op::Variable(place) => self.variables[*place].clone(),
            Op::Today => self.world.today.map_or(Value::Unknown, Value::Day),
            Op::Field { of, access, name } => {
                // Who wants to know what is read gets what is between, too.
                if self.trace.is_none()
                    && let Some(value) = self.near(condition, *of, *access, name)
                {
                    return Ok(value);
                }
                let mark = self.missing.len();
                let of = match &condition.step(*of).op {
                    Op::Variable(place) => self.variables[*place].clone(),
                    _ => self.eval(condition, *of)?,
                };
                self.field_of(&of, *access, name, mark)
            }
            Op::Quantifier { kind: kind @ (Quantifier::Filter | Quantifier::Map), list, body } => {
                match self.eval(condition, *list)? {
                    Value::List(list) => {
                        let mut values = Vec::new();
                        let whole = self.quantify(condition, *kind, &list, *body, &mut values)?.is_some();
                        Value::List(List { values: Values::Own(values.into()), whole })
                    }
                    _ => Value::Unknown,
                }
            }
            op @ (Op::Not(_)
            | Op::And(_)
            | Op::Or(_)
            | Op::Compare(..)
            | Op::OneOf(..)
            | Op::In(..)
            | Op::Matches(..)
            | Op::Quantifier { .. }) => truth(self.decide(condition, op)?),
            Op::Negate(inner) => match self.eval(condition, *inner)? {
                Value::Number(number) => Value::Number(number.checked_neg().ok_or(EvalError::Overflow)?),
                _ => Value::Unknown,
            },
            Op::RankOf(class) => self.rank(class),
            Op::Add(one, two) => self.sum(condition, *one, *two, 1)?,
            Op::Subtract(one, two) => self.sum(condition, *one, *two, -1)?,
            Op::Size(of) => match self.eval(condition, *of)? {
                Value::Text(text) => number(text.chars().count()),
                Value::List(list) if list.whole => number(list.len()),
                Value::List(list) => at_least(list.len()),
                _ => Value::Unknown,
            },
            Op::Has(of) => match self.eval(condition, *of)? {
                Value::Unknown => Value::Unknown,
                Value::Text(text) => Value::Flag(!text.is_empty()),
                Value::List(list) if list.len() == 0 => truth(list.whole.then_some(false)),
                _ => Value::Flag(true),
            },
            Op::Known(of) => {
                let known = !matches!(self.eval(condition, *of)?, Value::Unknown);
                Value::Flag(known)
            }
            Op::TextTest(test, one, two) => match (self.eval(condition, *one)?, self.eval(condition, *two)?) {
                (Value::Text(one), Value::Text(two)) => Value::Flag(match test {
                    TextTest::StartsWith => one.starts_with(two),
                    TextTest::EndsWith => one.ends_with(two),
                    TextTest::Contains => one.contains(two),
                }),
                _ => Value::Unknown,
            },
            Op::Call(function, arguments) => {
                let first = self.eval(condition, arguments[0])?;
                let second = arguments.get(1).map(|id| self.eval(condition, *id)).transpose()?;
                self.call(*function, &first, second.as_ref())
            }
        })
    }

    /// `&&` and `||`: one part that decides ends it, wherever it stands, so that what costs little is asked first; otherwise
    /// one that is unknown keeps it open. Who wants to know what is read gets it in the order of the text.
    fn joined(&mut self, condition: &'m Condition, parts: &Parts, decides: bool) -> Result<Option<bool>, EvalError> {
        let parts = if self.trace.is_some() { &parts.written } else { &parts.cheapest_first };
        let mut open = false;
        for part in parts {
            match self.holds(condition, *part)? {
                Some(flag) if flag == decides => return Ok(Some(decides)),
                Some(_) => {}
                None => open = true,
            }
        }
        Ok((!open).then_some(!decides))
    }

    fn sum(&mut self, condition: &'m Condition, one: Id, two: Id, sign: i64) -> Evaluated<'m> {
        let (one, two) = (self.eval(condition, one)?, self.eval(condition, two)?);
        let Value::Number(two) = two else { return Ok(Value::Unknown) };
        let signed = two.checked_mul(sign).ok_or(EvalError::Overflow)?;
        Ok(match one {
            Value::Number(one) => Value::Number(one.checked_add(signed).ok_or(EvalError::Overflow)?),
            // However long something is kept: an end beyond the calendar is after every day, and no mistake.
            Value::Day(day) => Value::Day(day.plus_within(signed)),
            _ => Value::Unknown,
        })
    }

    pub(super) fn miss(&mut self, place: Place<'m>, field: &'static str) -> Value<'m> {
        self.missing.push((place, field));
        Value::Unknown
    }

    /// A field of a record that nobody gave: what is missing is the field, which can be asked for, and not the record. What
    /// was missing before `mark` is no matter of it.
    fn miss_inside(&mut self, mark: usize, field: &'static str) {
        let Some((place, record)) = self.missing.get_mut(mark..).and_then(|missing| missing.last_mut()) else { return };
        let spec = place.section.specs().iter().find(|spec| spec.name == *record);
        if place.steps[0].is_none() && spec.is_some_and(|spec| matches!(spec.kind.inner(), Kind::Record(_))) {
            *place = place.at(PlaceStep::Name(record));
            *record = field;
        }
    }

    /// A fact of what a term gave, which began to miss facts at `mark`.
    fn field_of(&mut self, of: &Value<'m>, access: Access, name: &'static str, mark: usize) -> Value<'m> {
        if let Value::Element(_) | Value::Exposure(..) | Value::Item(_) = of {
            return self.field(of, access, name);
        }
        self.miss_inside(mark, name);
        Value::Unknown
    }

    fn field(&mut self, of: &Value<'m>, access: Access, name: &'static str) -> Value<'m> {
        let world = self.world;
        if let (Access::Exposure(field), Value::Exposure(at, _)) = (access, of) {
            return self.exposure_field(*at as usize, field);
        }
        let Some(here) = of.place() else { return Value::Unknown };
        match (access, of) {
            (Access::Fact { place, complete }, of) => {
                let Some(facts) = of.facts() else { return Value::Unknown };
                let value = self.value(facts.fact(place), || here, name);
                match (value, complete) {
                    (Value::List(list), Some(complete)) => {
                        let (complete, companion) = complete;
                        let said = facts.fact(complete);
                        let whole = matches!(said, Fact::Flag(true));
                        if !whole {
                            // Where somebody said that more belongs into it, that is what is missing.
                            let missing = if matches!(said, Fact::Flag(false)) { name } else { companion };
                            self.missing.push((here, missing));
                        }
                        Value::List(List { whole, ..list })
                    }
                    (value, _) => value,
                }
            }
            (Access::Id, _) => Value::Text(here.slug),
            (Access::Section, _) => Value::Text(here.section.name()),
            (Access::Boundary, of) => match of.seat().and_then(|seat| world.boundary_of(seat)) {
                Some(boundary) => boundary.value(),
                None => self.miss(here, "boundary"),
            },
            (Access::Name, Value::Item(item)) => item.name.map_or(Value::Unknown, Value::Text),
            (Access::EntryValue, Value::Item(item)) => match item.what {
                What::Plain(fact) => self.value(fact, || here, name),
                What::Facts(_) => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    /// The value of a fact of a field, and where that stands in the model if it matters.
    pub(super) fn value(&mut self, fact: Fact<'m>, here: impl FnOnce() -> Place<'m>, name: &'static str) -> Value<'m> {
        match fact {
            Fact::Unknown => self.miss(here(), name),
            Fact::Flag(flag) => Value::Flag(flag),
            Fact::Number(number) => Value::Number(number),
            Fact::Text(text) => Value::Text(text),
            Fact::Day(day) => Value::Day(day),
            Fact::Link(target, slug) => match self.world.resolve(target, slug) {
                Some(element) => element,
                None => self.miss(here(), name),
            },
            Fact::Record(facts) => item(What::Facts(facts), here().at(PlaceStep::Name(name)), None),
            Fact::Many(many) => {
                let values = match many.len() {
                    0 => Values::Nothing,
                    _ => Values::Facts(many, Rc::new(here().at(PlaceStep::Name(name)))),
                };
                Value::List(List { values, whole: true })
            }
        }
    }

    fn contains(&mut self, value: &Value<'m>, list: &Value<'m>) -> Result<Option<bool>, EvalError> {
        let Value::List(list) = list else { return Ok(None) };
        let (mut found, mut open, mut count) = (false, false, 0);
        list.each(self, &mut |_, item| {
            count += 1;
            match compare(Comparison::Equal, value, &item) {
                Some(true) => found = true,
                Some(false) => {}
                None => open = true,
            }
            Ok(!found)
        })?;
        self.steps += count;
        Ok(if found { Some(true) } else { (!open && list.whole).then_some(false) })
    }
}

impl Op {
    /// Whether [`Evaluator::decide`] says whether a term holds, without a value for it.
    fn is_decided(&self) -> bool {
        match self {
            Op::Quantifier { kind, .. } => !kind.makes_a_list(),
            Op::Not(_) | Op::And(_) | Op::Or(_) | Op::Compare(..) | Op::OneOf(..) | Op::In(..) | Op::Matches(..) => {
                true
            }
            _ => false,
        }
    }
}

/// Whether the field at a place of the declaration of a section holds a record.
fn is_record(section: Section, place: usize) -> bool {
    section.specs().get(place).is_some_and(|spec| matches!(spec.kind.inner(), Kind::Record(_)))
}

//! Terms that conditions have in common: at one place each of them is asked once, whatever the number of conditions.
//!
//! Rules about one kind of subject ask mostly the same few things (`exposure.op == 'Read'`,
//! `exposures(endpoint).exists(e, e.max_class >= rank('confidential'))`). [`share`] finds the yes-or-no terms with one free
//! variable that stand in several places of a set of conditions, and gives each a number. What such a term says is kept in
//! a [`Memory`]: of the subject until the next one, and of exposure facts in [`Columns`], since endpoints, datasets and roles
//! ask of their facts what was asked of the facts themselves, and ask it again after every edit. What is recalled takes as
//! many steps and misses the same facts as what is worked out, and reads at least the same.

use super::alike::{Rows, Traits};
use super::check::{Condition, Op, Quantifier, Step};
use super::eval::Evaluator;
use super::names::Number;
use super::schema::{Access, ExposureField};
use super::syntax::Id;
use super::value::{MissingAt, Value};
use crate::analysis::hash::FastMap;
use crate::model::Section;
use std::fmt::Write as _;
use std::sync::Arc;

/// Where what a term says is kept: the number of the term among those of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shared {
    /// It is about the subject alone, which is an element.
    Subject(u16),
    /// It is about the subject alone, and says the same of all that are alike.
    Alike(u16),
    /// It is about an exposure fact: the value of a variable.
    Fact {
        /// The number of the term.
        term: u16,
        /// The number of the variable.
        variable: u16,
        /// What it reads beside the fact.
        ends: ReadEnds,
    },
}

/// Which of the elements that an exposure fact is about a term may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ReadEnds(u8);

impl ReadEnds {
    pub const ROLE: ReadEnds = ReadEnds(1);
    pub const ENDPOINT: ReadEnds = ReadEnds(2);
    pub const DATASET: ReadEnds = ReadEnds(4);

    /// Whether all of others are among these.
    #[inline]
    pub fn covers(self, other: ReadEnds) -> bool {
        self.0 & other.0 == other.0
    }

    /// These and others.
    #[inline]
    pub fn and(self, other: ReadEnds) -> ReadEnds {
        ReadEnds(self.0 | other.0)
    }
}

/// Finds what conditions have in common, and marks it in them.
pub(crate) fn share<'c>(conditions: impl Iterator<Item = &'c mut Condition>) {
    let mut conditions: Vec<&mut Condition> = conditions.collect();
    let mut found: Vec<(usize, Id, Shareable)> = Vec::new();
    let mut alike: Vec<(usize, Id, u16)> = Vec::new();
    let mut traits: FastMap<Option<Section>, Traits> = FastMap::default();
    for (at, condition) in conditions.iter().enumerate() {
        let mut visit = |id, depth| {
            let Some(term) = Shareable::of(condition, id, depth) else { return true };
            let of_subject = traits.entry(condition.subject().section()).or_default();
            let number = if depth == 1 { of_subject.add(condition, id, &term.wording) } else { None };
            match number {
                Some(number) => alike.push((at, id, number)),
                None => found.push((at, id, term)),
            }
            // What is said of all that are alike is asked so seldom that its parts need not be kept.
            number.is_none()
        };
        asked_whether(condition, condition.root(), 1, &mut visit);
    }
    let mut times: FastMap<&str, u32> = FastMap::default();
    found.iter().for_each(|(.., term)| *times.entry(&term.wording).or_default() += 1);
    // By wording and by whether they are about facts: those of facts are in columns of their own.
    let mut numbers: FastMap<(&str, bool), u16> = FastMap::default();
    let mut next = [0_u16; 2];
    for (at, id, term) in &found {
        let of_fact = term.ends.is_some();
        // What is asked of all facts of an element is asked again after every edit there.
        let is_asked_often = times[term.wording.as_str()] > 1 || term.variable > 0;
        if !is_asked_often || next[usize::from(of_fact)] == u16::MAX {
            continue;
        }
        let number = *numbers.entry((&term.wording, of_fact)).or_insert_with(|| {
            next[usize::from(of_fact)] += 1;
            next[usize::from(of_fact)] - 1
        });
        let shared = match term.ends {
            Some(ends) => Shared::Fact { term: number, variable: term.variable, ends },
            None => Shared::Subject(number),
        };
        conditions[*at].share(*id, shared);
    }
    alike.into_iter().for_each(|(at, id, number)| conditions[at].share(id, Shared::Alike(number)));
    let traits: FastMap<Option<Section>, Arc<Traits>> =
        traits.into_iter().map(|(section, traits)| (section, Arc::new(traits))).collect();
    for condition in conditions {
        if let Some(traits) = traits.get(&condition.subject().section()) {
            condition.told_apart_by(traits.clone());
        }
    }
}

/// A term that may stand elsewhere, too.
struct Shareable {
    /// What it asks, whatever its variables are called and however deep it stands.
    wording: String,
    /// Its one free variable.
    variable: u16,
    /// Where it is about an exposure fact, what it reads beside that.
    ends: Option<ReadEnds>,
}

impl Shareable {
    fn of(condition: &Condition, id: Id, depth: usize) -> Option<Shareable> {
        let mut reader = Reader {
            condition,
            base: depth,
            variable: None,
            is_fact: false,
            is_near: true,
            ends: ReadEnds::default(),
            wording: String::new(),
        };
        reader.read(id)?;
        let variable = reader.variable?;
        let ends = match variable {
            _ if reader.is_fact && reader.is_near => Some(reader.ends),
            0 => None,
            // What else a variable is has no number, and what looks further reads more than can be told from here.
            _ => return None,
        };
        Some(Shareable { wording: reader.wording, variable: u16::try_from(variable).ok()?, ends })
    }
}

/// Calls `visit` with every term of which it is asked whether it holds, and with the number of variables there, and looks
/// inside of those where that says so.
fn asked_whether(condition: &Condition, id: Id, depth: usize, visit: &mut dyn FnMut(Id, usize) -> bool) {
    if visit(id, depth) {
        asked_inside(condition, id, depth, visit);
    }
}

/// The same of the terms inside of one.
fn asked_inside(condition: &Condition, id: Id, depth: usize, visit: &mut dyn FnMut(Id, usize) -> bool) {
    inside(&condition.step(id).op, |part, is_body, is_asked| {
        let depth = depth + usize::from(is_body);
        if is_asked {
            asked_whether(condition, part, depth, visit)
        } else {
            asked_inside(condition, part, depth, visit)
        }
    });
}

/// Calls `visit` with the terms directly inside of one, whether they have one more variable, and whether they are asked
/// for yes or no.
pub(super) fn inside(op: &Op, mut visit: impl FnMut(Id, bool, bool)) {
    match op {
        Op::Flag(_) | Op::Number(_) | Op::Text(_) | Op::Variable(_) | Op::RankOf(_) | Op::Today => {}
        Op::And(parts) | Op::Or(parts) => parts.written.iter().for_each(|part| visit(*part, false, true)),
        Op::Not(inner) => visit(*inner, false, true),
        Op::Quantifier { kind, list, body } => {
            visit(*list, false, false);
            visit(*body, true, *kind != Quantifier::Map);
        }
        Op::List(ids) | Op::Call(_, ids) => ids.iter().for_each(|id| visit(*id, false, false)),
        Op::Compare(_, one, two)
        | Op::In(one, two)
        | Op::Add(one, two)
        | Op::Subtract(one, two)
        | Op::TextTest(_, one, two) => [one, two].into_iter().for_each(|id| visit(*id, false, false)),
        Op::Field { of: inner, .. }
        | Op::Negate(inner)
        | Op::OneOf(inner, _)
        | Op::Size(inner)
        | Op::Has(inner)
        | Op::Known(inner)
        | Op::Matches(inner, _) => visit(*inner, false, false),
    }
}

/// Reads a term: what it asks, and of what.
struct Reader<'c> {
    condition: &'c Condition,
    /// So many variables there are where the term begins; those behind are its own.
    base: usize,
    variable: Option<usize>,
    is_fact: bool,
    /// Whether it looks at nothing but the fact and what that is about.
    is_near: bool,
    ends: ReadEnds,
    wording: String,
}

impl Reader<'_> {
    /// Nothing where it has another free variable.
    fn read(&mut self, id: Id) -> Option<()> {
        let Step { op, leads_on, .. } = self.condition.step(id);
        let wording = &mut self.wording;
        // Writing into a text does not fail.
        let _ = match op {
            Op::Variable(at) if *at < self.base => {
                if *self.variable.get_or_insert(*at) != *at {
                    return None;
                }
                write!(wording, "$")
            }
            Op::Variable(at) => write!(wording, "%{}", at - self.base),
            Op::Flag(flag) => write!(wording, "{flag}"),
            Op::Number(number) => write!(wording, "{number}"),
            Op::Text(text) => write!(wording, "{text:?}"),
            Op::Field { access, name, .. } => write!(wording, ".{name} {access:?}"),
            Op::Compare(comparison, ..) => write!(wording, "{comparison:?}"),
            Op::OneOf(_, texts) => write!(wording, "in {texts:?}"),
            Op::TextTest(test, ..) => write!(wording, "{test:?}"),
            Op::Matches(_, pattern) => write!(wording, "matches {:?}", pattern.as_str()),
            Op::Quantifier { kind, .. } => write!(wording, "{kind:?}"),
            Op::Call(function, _) => write!(wording, "{function:?}"),
            Op::RankOf(class) => write!(wording, "rank {class:?}"),
            Op::List(_) => write!(wording, "list"),
            Op::Not(_) => write!(wording, "!"),
            Op::Negate(_) => write!(wording, "-"),
            Op::And(_) => write!(wording, "&&"),
            Op::Or(_) => write!(wording, "||"),
            Op::In(..) => write!(wording, "in"),
            Op::Add(..) => write!(wording, "add"),
            Op::Subtract(..) => write!(wording, "subtract"),
            Op::Size(_) => write!(wording, "size"),
            Op::Has(_) => write!(wording, "has"),
            Op::Known(_) => write!(wording, "known"),
            Op::Today => write!(wording, "today"),
        };
        match op {
            Op::Field { of, access: Access::Exposure(field), .. } => {
                self.is_fact |= matches!(self.condition.step(*of).op, Op::Variable(at) if at < self.base);
                self.ends = self.ends.and(match field {
                    ExposureField::Role => ReadEnds::ROLE,
                    ExposureField::Endpoint => ReadEnds::ENDPOINT,
                    ExposureField::Dataset | ExposureField::MaxClass | ExposureField::Fields => ReadEnds::DATASET,
                    _ => ReadEnds::default(),
                });
            }
            Op::Call(..) => self.is_near = false,
            _ => self.is_near &= !leads_on,
        }
        self.wording.push('(');
        let mut read = Some(());
        inside(op, |part, _, _| {
            if read.is_some() {
                read = self.read(part);
                self.wording.push(',');
            }
        });
        self.wording.push(')');
        read
    }
}

/// A term that is unknown, in full.
#[derive(Debug, Clone, Copy)]
struct Open {
    steps: u32,
    /// The number of the subject, where that is an element.
    subject: Option<Number>,
    /// Where the facts begin that are missing, and where they end.
    missing: (u32, u32),
}

/// Facts one behind the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// Where the first of them stood before; nothing where they are others.
    pub from: Option<usize>,
    /// How many they are.
    pub len: usize,
}

impl Stretch {
    /// Puts another fact behind all others.
    pub fn push(stretches: &mut Vec<Stretch>, from: Option<usize>) {
        match stretches.last_mut() {
            Some(last) if last.from.map(|first| first + last.len) == from => last.len += 1,
            _ => stretches.push(Stretch { from, len: 1 }),
        }
    }
}

/// What shared terms said of exposure facts, in words as in [`Memory`]: a column for each term, by the place of the fact. It
/// rests on the fact and on what that is about, and holds for the next state of the model where these are the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns(Vec<Vec<u32>>);

impl Columns {
    /// Brings the facts into a new order: so many facts stood one behind the other before, from a place on; those that stood
    /// nowhere are others.
    pub fn follow(&mut self, stood: &[Stretch]) {
        // The old column is the room for the next one.
        let mut said = Vec::new();
        for column in self.0.iter_mut().filter(|column| !column.is_empty()) {
            said.clear();
            for Stretch { from, len } in stood {
                match from.and_then(|from| column.get(from..from + len)) {
                    Some(same) => said.extend_from_slice(same),
                    None => said.resize(said.len() + len, 0),
                }
            }
            std::mem::swap(column, &mut said);
        }
    }

    /// Forgets what was said of a fact.
    pub fn forget(&mut self, fact: u32) {
        self.0.iter_mut().filter_map(|column| column.get_mut(fact as usize)).for_each(|word| *word = 0);
    }

    /// Takes in what was said elsewhere of the same facts.
    pub fn take_in(&mut self, other: Columns) {
        self.0.resize(self.0.len().max(other.0.len()), Vec::new());
        for (column, other) in self.0.iter_mut().zip(other.0) {
            if column.is_empty() {
                *column = other;
            } else {
                column.iter_mut().zip(other).filter(|(word, _)| **word == 0).for_each(|(word, other)| *word = other);
            }
        }
    }
}

/// What shared terms said. Each takes a word: 0 where it was not asked yet; else in the lower two bits what it said, and
/// above them how many steps that took, or where it is told in full what is unknown.
#[derive(Default)]
pub(super) struct Memory<'m> {
    /// Of the subject, by term.
    subject: Vec<u32>,
    /// Of all elements that are alike.
    pub alike: Rows<'m>,
    facts: Columns,
    /// The words of facts that say that something is unknown.
    open_words: Vec<(u16, u32)>,
    open: Vec<Open>,
    missing: Vec<MissingAt<'m>>,
}

const NO: u32 = 1;
const YES: u32 = 2;
const OPEN: u32 = 3;

impl<'m> Memory<'m> {
    /// Begins with what was said of exposure facts.
    pub fn with(facts: Columns) -> Memory<'m> {
        Memory { facts, ..Memory::default() }
    }

    /// What was said of exposure facts. What is unknown is told in full in this memory, and not said elsewhere.
    pub fn into_columns(self) -> Columns {
        let Columns(mut columns) = self.facts;
        self.open_words.into_iter().for_each(|(term, at)| columns[usize::from(term)][at as usize] = 0);
        Columns(columns)
    }

    /// Forgets what was said of the subject: there is another.
    pub fn turn(&mut self) {
        self.subject.fill(0);
        self.alike.turn();
    }

    /// Where it is kept what a term says of what its variable is now; `facts` is how many exposure facts there are.
    fn word(&mut self, shared: Shared, variables: &[Value<'m>], facts: usize) -> Option<&mut u32> {
        match shared {
            Shared::Subject(term) => {
                let term = usize::from(term);
                if term >= self.subject.len() {
                    self.subject.resize(term + 1, 0);
                }
                self.subject.get_mut(term)
            }
            Shared::Alike(term) => self.alike.word(term),
            Shared::Fact { term, variable, .. } => {
                let Some(Value::Exposure(at, _)) = variables.get(usize::from(variable)) else { return None };
                let term = usize::from(term);
                if term >= self.facts.0.len() {
                    self.facts.0.resize(term + 1, Vec::new());
                }
                let column = &mut self.facts.0[term];
                if column.is_empty() {
                    *column = vec![0; facts];
                }
                column.get_mut(*at as usize)
            }
        }
    }
}

impl Evaluator<'_, '_> {
    /// What a shared term said before; nothing where it was not asked.
    #[inline]
    pub(super) fn recall(&mut self, condition: &Condition, shared: Shared) -> Option<Option<bool>> {
        if let (Shared::Alike(_), Some(traits)) = (shared, condition.traits()) {
            self.look_what_it_is_like(traits);
        }
        let word = *self.memory.word(shared, &self.variables, self.world.exposures.len())?;
        if word == 0 {
            return None;
        }
        if let Shared::Fact { variable, ends, .. } = shared
            && let Some(Value::Exposure(at, _)) = self.variables.get(usize::from(variable))
        {
            self.world.read_ends(*at as usize, ends);
        }
        let (said, rest) = (word & OPEN, word >> 2);
        if said != OPEN {
            self.steps += u64::from(rest);
            return Some(Some(said == YES));
        }
        let open = self.memory.open[rest as usize];
        self.steps += u64::from(open.steps);
        let missing = open.missing.0 as usize..open.missing.1 as usize;
        if let Shared::Alike(_) = shared {
            for at in missing {
                let missing = self.missing_here(self.memory.missing[at], open.subject);
                self.missing.push(missing);
            }
        } else {
            self.missing.extend_from_slice(&self.memory.missing[missing]);
        }
        Some(None)
    }

    /// The same of a term on an exposure fact, where it said yes or no.
    #[inline]
    pub(super) fn recall_of_fact(&mut self, shared: Shared, at: u32) -> Option<bool> {
        let Shared::Fact { term, ends, .. } = shared else { return None };
        let word = *self.memory.facts.0.get(usize::from(term))?.get(at as usize)?;
        let said = match word & OPEN {
            YES => true,
            NO => false,
            _ => return None,
        };
        self.world.read_ends(at as usize, ends);
        self.steps += u64::from(word >> 2);
        Some(said)
    }

    /// Keeps what a shared term says, which took all steps since `steps` and misses all facts since `mark`.
    pub(super) fn remember(&mut self, shared: Shared, said: Option<bool>, steps: u64, mark: usize) {
        let Ok(steps) = u32::try_from(self.steps - steps) else { return };
        let memory = &mut self.memory;
        let rest = match said {
            Some(_) => steps,
            None => {
                let from = memory.missing.len();
                memory.missing.extend_from_slice(&self.missing[mark..]);
                let (Ok(from), Ok(to)) = (u32::try_from(from), u32::try_from(memory.missing.len())) else { return };
                let subject = self.variables.first().and_then(Value::seat).map(|seat| seat.number);
                memory.open.push(Open { steps, subject, missing: (from, to) });
                u32::try_from(memory.open.len() - 1).unwrap_or(u32::MAX)
            }
        };
        // What does not fit is asked again.
        if rest > u32::MAX >> 2 {
            return;
        }
        let Some(word) = memory.word(shared, &self.variables, self.world.exposures.len()) else { return };
        *word = rest << 2 | said.map_or(OPEN, |said| if said { YES } else { NO });
        if let (None, Shared::Fact { term, variable, .. }) = (said, shared)
            && let Some(Value::Exposure(at, _)) = self.variables.get(usize::from(variable))
        {
            memory.open_words.push((term, *at));
        }
    }
}

//! Elements that are alike: what a term says of one of them it says of all.
//!
//! A large model is made of few kinds of elements. Many terms read nothing but facts of their subject (`endpoint.kind ==
//! 'File' && endpoint.handling.listing`), or of a flow what is around its ends. [`Traits`] are all that such terms read of
//! one kind of subject. Where two elements have the same, each of these terms says the same of both, takes as many steps,
//! and misses the same facts, each its own: it is asked of the first, and what it says is kept in a row for all of them.

use super::check::{Condition, Op};
use super::eval::Evaluator;
use super::hash::FastMap;
use super::schema::{Access, Function};
use super::shared::inside;
use super::syntax::Id;
use super::value::{MissingAt, Place, Value};
use super::world::Seat;
use crate::model::Section;
use crate::model::facts::Day;
use crate::model::lookup::{Fact, Facts};

/// What terms on one kind of subject read, and these terms.
#[derive(Debug, Default)]
pub(super) struct Traits {
    fields: Fields,
    /// Whether the boundaries around the two ends of a flow are among it.
    ends: bool,
    /// Whether the class of a dataset and of its fields is.
    classes: bool,
    /// The numbers of the terms, by what they ask.
    terms: FastMap<String, u16>,
}

/// Fields of a record, or of each entry of a list: by their places, each with what is read inside of it.
#[derive(Debug, Default)]
struct Fields(Vec<(usize, Fields)>);

impl Fields {
    fn add(&mut self, way: &[usize]) {
        let Some((place, rest)) = way.split_first() else { return };
        let at = self.0.iter().position(|(known, _)| known == place).unwrap_or_else(|| {
            self.0.push((*place, Fields::default()));
            self.0.len() - 1
        });
        self.0[at].1.add(rest);
    }
}

impl Traits {
    /// Adds what a term reads that is in no quantifier, and gives its number; nothing where it reads anything else, too.
    pub fn add(&mut self, condition: &Condition, id: Id, wording: &str) -> Option<u16> {
        let mut reader = Reader { condition, bound: Vec::new(), ways: Vec::new(), ends: false, classes: false };
        reader.value(id)?;
        let next = u16::try_from(self.terms.len()).ok()?;
        reader.ways.iter().for_each(|way| self.fields.add(way));
        self.ends |= reader.ends;
        self.classes |= reader.classes;
        Some(*self.terms.entry(wording.to_owned()).or_insert(next))
    }
}

/// Where that stands which a term gives.
#[derive(Clone, PartialEq)]
enum Stands {
    /// Within the subject: the places of the fields that lead there. Where there are none, it is the subject itself.
    Inside(Vec<usize>),
    /// It is a boundary around an end of the subject.
    Around,
    /// It is a value by itself.
    Nowhere,
}

/// Reads a term: what of its subject decides what it says. It gives nothing where something else does, too.
struct Reader<'c> {
    condition: &'c Condition,
    /// What the variables behind the subject are.
    bound: Vec<Stands>,
    ways: Vec<Vec<usize>>,
    ends: bool,
    classes: bool,
}

impl Reader<'_> {
    /// A term of which the value is asked for. Which element the subject is, is no trait of it.
    fn value(&mut self, id: Id) -> Option<Stands> {
        self.read(id).filter(|stands| *stands != Stands::Inside(Vec::new()))
    }

    fn read(&mut self, id: Id) -> Option<Stands> {
        let step = self.condition.step(id);
        if step.leads_on {
            return None;
        }
        match &step.op {
            Op::Variable(0) => Some(Stands::Inside(Vec::new())),
            Op::Variable(at) => self.bound.get(at - 1).cloned(),
            Op::Field { of, access, .. } => self.field(*of, *access),
            Op::Quantifier { list, body, .. } => {
                let items = self.value(*list)?;
                self.bound.push(items.clone());
                let given = self.value(*body);
                self.bound.pop();
                // Whether it gives items or what is said of them, it is no less that is read.
                given.map(|given| if given == Stands::Nowhere { items } else { given })
            }
            Op::Call(function, arguments) => self.call(*function, arguments),
            op => {
                let mut read = Some(Stands::Nowhere);
                inside(op, |part, _, _| read = read.take().and_then(|_| self.value(part)).map(|_| Stands::Nowhere));
                read
            }
        }
    }

    fn field(&mut self, of: Id, access: Access) -> Option<Stands> {
        match (self.read(of)?, access) {
            (Stands::Inside(mut way), Access::Fact { place, complete }) => {
                if let Some((complete, _)) = complete {
                    self.ways.push(way.iter().copied().chain([complete]).collect());
                }
                way.push(place);
                self.ways.push(way.clone());
                Some(Stands::Inside(way))
            }
            (stands @ Stands::Inside(_), Access::Name | Access::EntryValue) => Some(stands),
            (Stands::Around, Access::Fact { .. }) => Some(Stands::Around),
            _ => None,
        }
    }

    fn call(&mut self, function: Function, arguments: &[Id]) -> Option<Stands> {
        let is_subject = |id: Id| matches!(self.condition.step(id).op, Op::Variable(0));
        match (function, arguments) {
            (Function::Rank, [class]) => self.value(*class).map(|_| Stands::Nowhere),
            (Function::MaxClass, [of]) if is_subject(*of) => {
                self.classes = true;
                Some(Stands::Nowhere)
            }
            (Function::Walls | Function::Enters, [of]) if is_subject(*of) => {
                self.ends = true;
                Some(Stands::Around)
            }
            (Function::Around, [end]) if self.condition.subject().section() == Some(Section::Flows) => {
                let Op::Field { of, name: "from" | "to", .. } = self.condition.step(*end).op else { return None };
                self.ends = true;
                is_subject(of).then_some(Stands::Around)
            }
            _ => None,
        }
    }
}

/// One trait of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Trait<'m> {
    Unknown,
    Flag(bool),
    Number(i64),
    Text(&'m str),
    Day(Day),
    Link(&'m str),
    Record,
    /// So many entries follow.
    Entries(usize),
    /// The name of an entry.
    Entry(Option<&'m str>),
    /// The innermost boundary around an end of a flow; nothing where it leads nowhere, or where there is none.
    End(Option<Option<u32>>),
    /// The highest rank, and whether there may be a higher one.
    Classes(Option<u32>, bool),
}

/// What terms said of elements that are alike, one row for those with the same traits.
#[derive(Default)]
pub(super) struct Rows<'m> {
    /// Where the row of these traits begins. Traits of elements of two sections are told apart by the first.
    starts: FastMap<Box<[Trait<'m>]>, usize>,
    said: Vec<u32>,
    /// Where the row of the subject begins; nothing where nobody looked.
    here: Option<usize>,
    /// Room for the traits of the subject.
    traits: Vec<Trait<'m>>,
}

impl<'m> Rows<'m> {
    /// There is another subject.
    pub fn turn(&mut self) {
        self.here = None;
    }

    /// Where it is kept what a term says of the subject, and of all that are like it.
    pub fn word(&mut self, term: u16) -> Option<&mut u32> {
        self.said.get_mut(self.here? + usize::from(term))
    }
}

impl<'m> Evaluator<'_, 'm> {
    /// Looks what the subject is like, if nobody did.
    pub(super) fn look_what_it_is_like(&mut self, traits: &Traits) {
        let (None, Some(Value::Element(seat))) = (self.memory.alike.here, self.variables.first()) else { return };
        let (seat, world) = (*seat, self.world);
        let rows = &mut self.memory.alike;
        rows.traits.clear();
        rows.traits.push(Trait::Number(seat.section as i64));
        put_fields(seat.facts, &traits.fields, &mut rows.traits);
        if traits.ends {
            let around = |end| world.chain(end).first().and_then(Value::seat).map(|boundary| boundary.number);
            rows.traits.extend(world.ends_of(seat).map(|end| Trait::End(end.map(around))));
        }
        if traits.classes {
            let (highest, open) = world.classes_of(seat.place()).unwrap_or_default();
            rows.traits.push(Trait::Classes(highest, open));
        }
        rows.here = Some(match rows.starts.get(rows.traits.as_slice()) {
            Some(start) => *start,
            None => {
                let start = rows.said.len();
                rows.said.resize(start + traits.terms.len(), 0);
                rows.starts.insert(rows.traits.as_slice().into(), start);
                start
            }
        });
    }
}

fn put_fields<'m>(of: &'m dyn Facts, fields: &Fields, traits: &mut Vec<Trait<'m>>) {
    fields.0.iter().for_each(|(place, inside)| put(of.fact(*place), inside, traits));
}

fn put<'m>(fact: Fact<'m>, inside: &Fields, traits: &mut Vec<Trait<'m>>) {
    traits.push(match fact {
        Fact::Unknown => Trait::Unknown,
        Fact::Flag(flag) => Trait::Flag(flag),
        Fact::Number(number) => Trait::Number(number),
        Fact::Text(text) => Trait::Text(text),
        Fact::Day(day) => Trait::Day(day),
        Fact::Link(_, name) => Trait::Link(name),
        Fact::Record(_) => Trait::Record,
        Fact::Many(many) => Trait::Entries(many.len()),
    });
    match fact {
        Fact::Record(facts) => put_fields(facts, inside, traits),
        Fact::Many(many) => many.each(&mut |name, fact| {
            traits.push(Trait::Entry(name));
            put(fact, inside, traits);
            true
        }),
        _ => {}
    }
}

/// A fact that one of two elements which are alike misses, as the other one misses it.
pub(super) fn missing_of<'m>((place, field): MissingAt<'m>, one: u32, other: Seat<'m>) -> MissingAt<'m> {
    if place.number == Some(one) { (Place { steps: place.steps, ..other.place() }, field) } else { (place, field) }
}

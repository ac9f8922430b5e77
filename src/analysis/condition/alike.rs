//! Subjects that are alike: what a term says of one of them it says of all.
//!
//! A large model is made of few kinds of elements. Many terms read nothing but facts of their subject (`endpoint.kind ==
//! 'File' && endpoint.handling.listing`), of a flow what is around its ends, of an exposure fact its role and what it
//! covers. [`Traits`] are all that such terms read of one kind of subject. Where two subjects have the same, each of these
//! terms says the same of both, takes as many steps, and misses the same facts, each its own: it is asked of the first, and
//! what it says is kept in a row for all of them.

use super::check::{Condition, Op};
use super::eval::Evaluator;
use super::graph::plain_exposure;
use super::names::Number;
use super::schema::{Access, ExposureField, Function};
use super::shared::inside;
use super::syntax::Id;
use super::value::{MissingAt, Place, Value};
use super::world::Seat;
use crate::analysis::hash::FastMap;
use crate::model::Section;
use crate::model::facts::Day;
use crate::model::lookup::{Fact, Facts};

/// What terms on one kind of subject read, and these terms.
#[derive(Debug, Default)]
pub(super) struct Traits {
    fields: Fields,
    /// Of exposure facts: what they say, and what is read inside of it.
    exposed: Vec<(ExposureField, Fields)>,
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
        for (exposed, way) in &reader.ways {
            match exposed {
                Some(field) => self.inside(*field).add(way),
                None => self.fields.add(way),
            }
        }
        self.ends |= reader.ends;
        self.classes |= reader.classes;
        Some(*self.terms.entry(wording.to_owned()).or_insert(next))
    }

    /// What is read inside of what an exposure fact says.
    fn inside(&mut self, field: ExposureField) -> &mut Fields {
        let at = self.exposed.iter().position(|(known, _)| *known == field).unwrap_or_else(|| {
            self.exposed.push((field, Fields::default()));
            self.exposed.len() - 1
        });
        &mut self.exposed[at].1
    }
}

/// Where that stands which a term gives.
#[derive(Clone, PartialEq)]
enum Stands {
    /// Within the subject: the part of an exposure fact, and the places of the fields that lead there. Where there is
    /// neither, it is the subject itself.
    Inside(Option<ExposureField>, Vec<usize>),
    /// It is another element, and which one is a trait: a boundary around an end of a flow, or the role of an exposure fact.
    Beside,
    /// It is a value by itself.
    Nowhere,
}

/// Reads a term: what of its subject decides what it says. It gives nothing where something else does, too.
struct Reader<'c> {
    condition: &'c Condition,
    /// What the variables behind the subject are.
    bound: Vec<Stands>,
    ways: Vec<(Option<ExposureField>, Vec<usize>)>,
    ends: bool,
    classes: bool,
}

impl Reader<'_> {
    /// A term of which the value is asked for. Which element the subject is, is no trait of it.
    fn value(&mut self, id: Id) -> Option<Stands> {
        self.read(id).filter(|stands| *stands != Stands::Inside(None, Vec::new()))
    }

    fn read(&mut self, id: Id) -> Option<Stands> {
        let step = self.condition.step(id);
        let is_role = matches!(step.op, Op::Field { access: Access::Exposure(ExposureField::Role), .. });
        if step.leads_on && !is_role {
            return None;
        }
        match &step.op {
            Op::Variable(0) => Some(Stands::Inside(None, Vec::new())),
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
            (Stands::Inside(exposed, mut way), Access::Fact { place, complete }) => {
                if let Some((complete, _)) = complete {
                    self.ways.push((exposed, way.iter().copied().chain([complete]).collect()));
                }
                way.push(place);
                self.ways.push((exposed, way.clone()));
                Some(Stands::Inside(exposed, way))
            }
            (Stands::Inside(None, _), Access::Exposure(ExposureField::Endpoint | ExposureField::Dataset)) => None,
            (Stands::Inside(None, _), Access::Exposure(field)) => {
                self.ways.push((Some(field), Vec::new()));
                let is_role = field == ExposureField::Role;
                Some(if is_role { Stands::Beside } else { Stands::Inside(Some(field), Vec::new()) })
            }
            (stands @ Stands::Inside(..), Access::Name | Access::EntryValue) => Some(stands),
            (Stands::Beside, Access::Fact { .. } | Access::Id) => Some(Stands::Beside),
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
                Some(Stands::Beside)
            }
            (Function::Around, [end]) if self.condition.subject().section() == Some(Section::Flows) => {
                let Op::Field { of, name: "from" | "to", .. } = self.condition.step(*end).op else { return None };
                self.ends = true;
                is_subject(of).then_some(Stands::Beside)
            }
            _ => None,
        }
    }
}

/// One trait of a subject.
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
    /// Another element, by its number: the role of an exposure fact, or the innermost boundary around an end of a flow;
    /// nothing where there is none, or where the flow leads nowhere.
    Beside(Option<Option<u32>>),
    /// The highest rank, and whether there may be a higher one.
    Classes(Option<u32>, bool),
}

/// What terms said of subjects that are alike, one row for those with the same traits.
#[derive(Default)]
pub(super) struct Rows<'m> {
    /// Where the row of these traits begins. Those of two kinds of subjects are told apart by the first.
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
        if self.memory.alike.here.is_some() {
            return;
        }
        let mut found = std::mem::take(&mut self.memory.alike.traits);
        found.clear();
        match self.variables.first() {
            Some(Value::Element(seat)) => self.put_element(*seat, traits, &mut found),
            Some(Value::Exposure(at, _)) => self.put_exposure(*at as usize, traits, &mut found),
            _ => return,
        }
        let rows = &mut self.memory.alike;
        rows.here = Some(match rows.starts.get(found.as_slice()) {
            Some(start) => *start,
            None => {
                let start = rows.said.len();
                rows.said.resize(start + traits.terms.len(), 0);
                rows.starts.insert(found.as_slice().into(), start);
                start
            }
        });
        rows.traits = found;
    }

    fn put_element(&self, seat: Seat<'m>, traits: &Traits, found: &mut Vec<Trait<'m>>) {
        let world = self.world;
        found.push(Trait::Number(seat.section as i64));
        put_fields(seat.facts, &traits.fields, found);
        if traits.ends {
            let around = |end| world.chain(end).first().and_then(Value::seat).map(|boundary| boundary.number);
            found.extend(world.ends_of(seat).map(|end| Trait::Beside(end.map(around))));
        }
        if traits.classes {
            let (highest, open) = world.classes_of(seat.place()).unwrap_or_default();
            found.push(Trait::Classes(highest, open));
        }
    }

    fn put_exposure(&self, at: usize, traits: &Traits, found: &mut Vec<Trait<'m>>) {
        use ExposureField as F;
        let world = self.world;
        let fact = &world.exposures[at];
        found.extend([Trait::Record, Trait::Flag(fact.dataset.is_some())]);
        for (field, inside) in &traits.exposed {
            match field {
                F::Role => found.push(Trait::Beside(Some(world.role_at(at).map(|role| role.number)))),
                F::MaxClass => {
                    let (highest, open) = world.classes_at(at);
                    found.push(Trait::Classes(highest, open));
                }
                F::Fields => self.put_covered(at, inside, found),
                F::Rows => put(fact.rows.as_ref().map_or(Fact::Unknown, |rows| Fact::Record(rows)), inside, found),
                F::PostCheck => {
                    put(fact.post_check.as_ref().map_or(Fact::Unknown, |check| Fact::Record(check)), inside, found);
                }
                F::Presets => put(Fact::Many(&fact.presets), inside, found),
                plain => found.push(match plain_exposure(fact, *plain) {
                    Some(Value::Flag(flag)) => Trait::Flag(flag),
                    Some(Value::Number(number)) => Trait::Number(number),
                    Some(Value::Text(text)) => Trait::Text(text),
                    Some(_) => Trait::Record,
                    None => Trait::Unknown,
                }),
            }
        }
    }

    /// The fields that an exposure fact covers, and what is missing for these to be all.
    fn put_covered(&self, at: usize, inside: &Fields, found: &mut Vec<Trait<'m>>) {
        match self.world.covering(at) {
            Ok(covering) => {
                found.extend(covering.missing.map(Trait::Text));
                found.push(Trait::Record);
                for (name, field) in covering.fields() {
                    found.push(Trait::Entry(Some(name)));
                    put_fields(field, inside, found);
                }
            }
            Err(missing) => found.extend([Trait::Text(missing), Trait::Unknown]),
        }
    }

    /// A fact that a subject misses which is like that of now, as that of now misses it.
    pub(super) fn missing_here(&self, (place, field): MissingAt<'m>, then: Option<Number>) -> MissingAt<'m> {
        let place = match self.variables.first() {
            Some(Value::Element(now)) if place.number == then => Place { steps: place.steps, ..now.place() },
            Some(Value::Exposure(_, grant)) if place.section == Section::Grants => {
                Place { slug: grant.as_str(), ..place }
            }
            Some(Value::Exposure(at, _)) if place.section == Section::Datasets => {
                let at = *at as usize;
                let number = place.number.and_then(|_| self.world.dataset_at(at)).map(|dataset| dataset.number);
                let slug = self.world.exposures[at].dataset.as_ref().map_or(place.slug, |slug| slug.as_str());
                Place { slug, number, ..place }
            }
            _ => place,
        };
        (place, field)
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

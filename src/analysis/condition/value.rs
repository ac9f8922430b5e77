//! The values of terms while a condition is asked, where they stand in the model, and how they compare.

use super::eval::{EvalError, Evaluator};
use super::names::Number;
use super::occurrences::FactPlaces;
use super::syntax::Comparison;
use super::world::Seat;
use crate::model::facts::Day;
use crate::model::lookup::{Fact, Facts, Many};
use crate::model::{ElementId, Section, Slug};
use std::borrow::Cow;
use std::rc::Rc;

/// A fact that a condition needed and nobody gave.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Missing {
    /// The element of which it is a fact.
    pub element: ElementId,
    /// The way to it, as `class` or `fields.email.class`.
    pub field: Cow<'static, str>,
}

/// A fact that is missing, by where it stands.
pub(super) type MissingAt<'m> = (Place<'m>, &'static str);

/// Where a value stands in the model.
#[derive(Clone, Copy)]
pub(super) struct Place<'m> {
    pub section: Section,
    pub slug: &'m str,
    /// The number of the element, where it was found as one.
    pub number: Option<Number>,
    /// The way into the element, as far as two steps.
    pub steps: [Option<PlaceStep<'m>>; 2],
}

#[derive(Clone, Copy)]
pub(super) enum PlaceStep<'m> {
    Name(&'m str),
    Index(usize),
}

impl<'m> Place<'m> {
    /// An element that nobody looked up.
    pub fn of(section: Section, slug: &'m str) -> Place<'m> {
        Place { section, slug, number: None, steps: [None; 2] }
    }

    pub fn at(self, step: PlaceStep<'m>) -> Place<'m> {
        let steps = match self.steps {
            [None, _] => [Some(step), None],
            [first, None] => [first, Some(step)],
            full => full,
        };
        Place { steps, ..self }
    }

    /// The way to a field there.
    pub fn way_to(&self, field: &'static str) -> Cow<'static, str> {
        if self.steps[0].is_none() {
            return Cow::Borrowed(field);
        }
        let room = |step: &PlaceStep<'_>| match step {
            PlaceStep::Name(name) => name.len() + 1,
            PlaceStep::Index(_) => 8,
        };
        let mut path = String::with_capacity(self.steps.iter().flatten().map(room).sum::<usize>() + field.len());
        for step in self.steps.iter().flatten() {
            match step {
                PlaceStep::Name(name) => path.push_str(name),
                PlaceStep::Index(index) => path.push_str(&(index + 1).to_string()),
            }
            path.push('.');
        }
        path.push_str(field);
        Cow::Owned(path)
    }
}

/// What an item is.
#[derive(Clone, Copy)]
pub(super) enum What<'m> {
    Facts(&'m dyn Facts),
    /// An entry of a map that is no record.
    Plain(Fact<'m>),
}

/// A record or an entry inside of an element.
#[derive(Clone, Copy)]
pub(super) struct Item<'m> {
    pub what: What<'m>,
    pub place: Place<'m>,
    /// The name of an entry.
    pub name: Option<&'m str>,
}

/// Several values. What is not `whole` may hold more.
#[derive(Clone)]
pub(super) struct List<'m> {
    pub values: Values<'m>,
    pub whole: bool,
}

#[derive(Clone)]
pub(super) enum Values<'m> {
    Nothing,
    Facts(&'m dyn Many, Rc<Place<'m>>),
    /// Exposure facts, by their places.
    Exposures(FactPlaces),
    Own(Rc<[Value<'m>]>),
}

/// What a term gives. Values are handed on by the million: what is large and rare in them is behind a pointer.
#[derive(Clone)]
#[repr(u64)]
pub(super) enum Value<'m> {
    Unknown,
    Flag(bool),
    Number(i64),
    /// A number of which only a lower bound is known.
    AtLeast(i64),
    Text(&'m str),
    Day(Day),
    Element(Seat<'m>),
    /// The exposure fact at a place of the list of the world, and its grant.
    Exposure(u32, &'m Slug),
    Item(Rc<Item<'m>>),
    List(List<'m>),
}

const _: () = assert!(size_of::<Value<'_>>() <= 48);

impl<'m> Value<'m> {
    /// The value in a form that is the same as long as what it says is.
    pub fn shown(&self) -> String {
        match self {
            Value::Unknown => "?".to_owned(),
            Value::Flag(flag) => flag.to_string(),
            Value::Number(number) => number.to_string(),
            Value::AtLeast(number) => format!("{number}+"),
            Value::Text(text) => format!("{text:?}"),
            Value::Day(day) => day.to_string(),
            Value::Element(_) | Value::Exposure(..) | Value::Item(_) => {
                self.name().map(|(section, slug)| format!("{section}/{slug}")).unwrap_or_default()
            }
            Value::List(list) => format!("{} items{}", list.len(), if list.whole { "" } else { "+" }),
        }
    }

    /// The element that it is.
    pub fn seat(&self) -> Option<Seat<'m>> {
        match self {
            Value::Element(seat) => Some(*seat),
            _ => None,
        }
    }

    /// Where something with fields stands.
    pub fn place(&self) -> Option<Place<'m>> {
        match self {
            Value::Element(seat) => Some(seat.place()),
            Value::Exposure(_, grant) => Some(Place::of(Section::Grants, grant.as_str())),
            Value::Item(item) => Some(item.place),
            _ => None,
        }
    }

    /// Where the declared facts of its fields are read.
    pub fn facts(&self) -> Option<&'m dyn Facts> {
        match self {
            Value::Element(seat) => Some(seat.facts),
            Value::Item(item) => match item.what {
                What::Facts(facts) => Some(facts),
                What::Plain(_) => None,
            },
            _ => None,
        }
    }

    /// Of which element it is: of an exposure fact it is the grant.
    fn name(&self) -> Option<(Section, &'m str)> {
        match self {
            Value::Element(seat) => Some((seat.section, seat.slug.as_str())),
            Value::Exposure(_, grant) => Some((Section::Grants, grant.as_str())),
            Value::Item(item) => Some((item.place.section, item.place.slug)),
            _ => None,
        }
    }

    pub fn is_known(&self) -> bool {
        !matches!(self, Value::Unknown | Value::AtLeast(_) | Value::List(List { whole: false, .. }))
    }
}

pub(super) fn truth(value: Option<bool>) -> Value<'static> {
    value.map_or(Value::Unknown, Value::Flag)
}

impl<'m> List<'m> {
    pub fn len(&self) -> usize {
        match &self.values {
            Values::Nothing => 0,
            Values::Facts(many, _) => many.len(),
            Values::Exposures(places) => places.len(),
            Values::Own(values) => values.len(),
        }
    }

    /// Calls `visit` with each item until that says `false` or fails.
    pub fn each<'w>(
        &self,
        evaluator: &mut Evaluator<'w, 'm>,
        visit: &mut dyn FnMut(&mut Evaluator<'w, 'm>, Value<'m>) -> Result<bool, EvalError>,
    ) -> Result<(), EvalError> {
        match &self.values {
            Values::Nothing => Ok(()),
            Values::Exposures(places) => {
                for at in places.iter() {
                    let value = evaluator.world.exposure(*at as usize);
                    if !visit(evaluator, value)? {
                        break;
                    }
                }
                Ok(())
            }
            Values::Own(values) => {
                for value in values.iter() {
                    if !visit(evaluator, value.clone())? {
                        break;
                    }
                }
                Ok(())
            }
            Values::Facts(many, place) => {
                let (mut at, mut result) = (0, Ok(()));
                let mut shelf = Shelf::default();
                many.each(&mut |name, fact| {
                    let step = name.map_or(PlaceStep::Index(at), PlaceStep::Name);
                    at += 1;
                    let here = place.at(step);
                    let value = match (name, fact) {
                        (_, Fact::Record(facts)) => shelf.item(Item { what: What::Facts(facts), place: here, name }),
                        (Some(_), fact) => shelf.item(Item { what: What::Plain(fact), place: here, name }),
                        (None, fact) => evaluator.value(fact, || here, ""),
                    };
                    match visit(evaluator, value) {
                        Ok(more) => more,
                        Err(error) => {
                            result = Err(error);
                            false
                        }
                    }
                });
                result
            }
        }
    }
}

/// Where the items of a list are put: most are looked at one after the other, and none is kept.
#[derive(Default)]
struct Shelf<'m>(Option<Rc<Item<'m>>>);

impl<'m> Shelf<'m> {
    fn item(&mut self, item: Item<'m>) -> Value<'m> {
        match self.0.as_mut().and_then(Rc::get_mut) {
            Some(free) => *free = item,
            None => self.0 = Some(Rc::new(item)),
        }
        self.0.clone().map_or(Value::Unknown, Value::Item)
    }
}

pub(super) fn item<'m>(what: What<'m>, place: Place<'m>, name: Option<&'m str>) -> Value<'m> {
    Value::Item(Rc::new(Item { what, place, name }))
}

pub(super) fn number(count: usize) -> Value<'static> {
    Value::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

pub(super) fn at_least(count: usize) -> Value<'static> {
    Value::AtLeast(i64::try_from(count).unwrap_or(i64::MAX))
}

pub(super) fn own<'m>(values: impl Iterator<Item = Value<'m>>) -> Value<'m> {
    listed(values.collect())
}

/// Values that are all that there are.
pub(super) fn listed(values: Rc<[Value<'_>]>) -> Value<'_> {
    Value::List(List { values: Values::Own(values), whole: true })
}

/// A rank, or what is known of it: there is no class below 1.
pub(super) fn ranked(highest: Option<u32>, open: bool) -> Value<'static> {
    match (highest, open) {
        (Some(rank), false) => Value::Number(i64::from(rank)),
        (Some(rank), true) => Value::AtLeast(i64::from(rank)),
        (None, true) => Value::AtLeast(1),
        // Nothing is covered.
        (None, false) => Value::Number(0),
    }
}

/// Compares two values; nothing where that depends on what is not known.
pub(super) fn compare(comparison: Comparison, one: &Value<'_>, two: &Value<'_>) -> Option<bool> {
    use Comparison as C;
    let ordered = |ordering: std::cmp::Ordering| match comparison {
        C::Equal => ordering.is_eq(),
        C::NotEqual => ordering.is_ne(),
        C::Less => ordering.is_lt(),
        C::AtMost => ordering.is_le(),
        C::More => ordering.is_gt(),
        C::AtLeast => ordering.is_ge(),
    };
    Some(match (one, two) {
        (Value::Flag(one), Value::Flag(two)) => ordered(one.cmp(two)),
        (Value::Number(one), Value::Number(two)) => ordered(one.cmp(two)),
        // Whether two texts are the same is told from their lengths for the most part.
        (Value::Text(one), Value::Text(two)) => match comparison {
            C::Equal => one == two,
            C::NotEqual => one != two,
            _ => ordered(one.cmp(two)),
        },
        (Value::Day(one), Value::Day(two)) => ordered(one.cmp(two)),
        (Value::AtLeast(least), Value::Number(number)) => return bounded(comparison, *least, *number),
        (Value::Number(number), Value::AtLeast(least)) => return bounded(mirrored(comparison), *least, *number),
        (one, two) => {
            let is_same = one.name()? == two.name()?;
            ordered(if is_same { std::cmp::Ordering::Equal } else { std::cmp::Ordering::Less })
        }
    })
}

/// Compares a number of which only the least is known with another number.
pub(super) fn bounded(comparison: Comparison, least: i64, number: i64) -> Option<bool> {
    use Comparison as C;
    match comparison {
        C::AtLeast if least >= number => Some(true),
        C::More if least > number => Some(true),
        C::Less if least >= number => Some(false),
        C::AtMost if least > number => Some(false),
        C::Equal if least > number => Some(false),
        C::NotEqual if least > number => Some(true),
        _ => None,
    }
}

pub(super) fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::More,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::More => Comparison::Less,
        Comparison::AtLeast => Comparison::AtMost,
        same => same,
    }
}

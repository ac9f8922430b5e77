//! Where exposure facts occur: the facts of each role, endpoint and dataset, by their places in the list of all facts.

use super::names::{Names, Number};
use super::shared::Stretch;
use crate::analysis::access::Fact as Exposed;
use crate::model::Section;
use std::ops::{Deref, Range};
use std::rc::Rc;
use std::sync::Arc;

/// Where exposure facts occur.
#[derive(Debug, Clone, Default)]
pub(crate) struct Occurrences {
    /// Of each fact its role, endpoint and dataset.
    ends: Vec<Ends>,
    /// The places of the facts of number `n` are `places[starts[n]..starts[n + 1]]`, in order.
    starts: Vec<u32>,
    places: Vec<u32>,
}

/// The numbers of what a fact is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    pub role: Number,
    pub endpoint: Number,
    pub dataset: Option<Number>,
}

impl Ends {
    fn of(names: &mut Names, fact: &Exposed) -> Ends {
        Ends {
            role: names.number_of(Section::Roles, &fact.role),
            endpoint: names.number_of(Section::Endpoints, &fact.endpoint),
            dataset: fact.dataset.as_ref().map(|slug| names.number_of(Section::Datasets, slug)),
        }
    }

    fn numbers(self) -> impl Iterator<Item = Number> {
        [Some(self.role), Some(self.endpoint), self.dataset].into_iter().flatten()
    }
}

impl Occurrences {
    /// Where facts occur.
    pub fn new(names: &mut Names, facts: &[Arc<Exposed>]) -> Occurrences {
        Occurrences::default().follow(names, &[Stretch { from: None, len: facts.len() }], facts)
    }

    /// The same for the facts of another state of the model, from those of the state before: what stood there, too, needs no
    /// look-up.
    pub fn follow(&self, names: &mut Names, stood: &[Stretch], now: &[Arc<Exposed>]) -> Occurrences {
        let mut ends: Vec<Ends> = Vec::with_capacity(now.len());
        for Stretch { from, len } in stood {
            match from.and_then(|from| self.ends.get(from..from + len)) {
                Some(same) => ends.extend_from_slice(same),
                None => {
                    let others = now.iter().skip(ends.len()).take(*len);
                    ends.extend(others.map(|fact| Ends::of(names, fact)));
                }
            }
        }
        // Counted first, and then put where the count says.
        let mut starts = vec![0_u32; names.len() + 1];
        ends.iter().flat_map(|ends| ends.numbers()).for_each(|number| starts[number as usize + 1] += 1);
        for number in 1..starts.len() {
            starts[number] += starts[number - 1];
        }
        let mut free = starts.clone();
        let mut places = vec![0_u32; starts.last().map_or(0, |all| *all as usize)];
        for (at, ends) in (0..).zip(&ends) {
            for number in ends.numbers() {
                places[free[number as usize] as usize] = at;
                free[number as usize] += 1;
            }
        }
        Occurrences { ends, starts, places }
    }

    /// What the fact at a place is about.
    pub(super) fn ends(&self, at: usize) -> Ends {
        self.ends[at]
    }

    /// The places of the facts of everything, one list behind the other.
    pub(super) fn places(&self) -> &[u32] {
        &self.places
    }

    /// Where the list of a role, an endpoint or a dataset is among these; of a name that is younger than the facts it is empty.
    pub(super) fn of(&self, number: Number) -> Range<usize> {
        let bound = |number: usize| self.starts.get(number).copied();
        match (bound(number as usize), bound(number as usize + 1)) {
            (Some(from), Some(to)) => from as usize..to as usize,
            _ => 0..0,
        }
    }
}

/// Places of exposure facts in the list of all: a part of a list that others share.
#[derive(Debug, Clone, Default)]
pub(super) struct FactPlaces {
    all: Rc<[u32]>,
    from: u32,
    to: u32,
}

impl FactPlaces {
    /// A part of a list.
    pub(super) fn part(all: &Rc<[u32]>, part: Range<usize>) -> FactPlaces {
        let at = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        FactPlaces { all: all.clone(), from: at(part.start), to: at(part.end) }
    }
}

impl Deref for FactPlaces {
    type Target = [u32];

    fn deref(&self) -> &[u32] {
        &self.all[self.from as usize..self.to as usize]
    }
}

impl FromIterator<u32> for FactPlaces {
    fn from_iter<I: IntoIterator<Item = u32>>(places: I) -> FactPlaces {
        let all: Rc<[u32]> = places.into_iter().collect();
        let to = u32::try_from(all.len()).unwrap_or(u32::MAX);
        FactPlaces { all, from: 0, to }
    }
}

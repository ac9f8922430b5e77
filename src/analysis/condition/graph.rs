//! What conditions read beyond the declared facts: exposure, classes, boundaries, flows, controls.

use super::eval::Evaluator;
use super::names::Aspect;
use super::schema::{ExposureField, Function};
use super::syntax::Comparison;
use super::value::{List, Place, PlaceStep, Value, Values, What, compare, item, listed, own, ranked, truth};
use super::ways::Asked;
use super::world::{Seat, World};
use crate::analysis::access::{Fact as Exposed, Way};
use crate::model::data::Field;
use crate::model::facts::{Fields, Operation};
use crate::model::lookup::Fact;
use crate::model::{ElementId, Model, Section, Slug, Text};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Whether a function gives a list that depends on nothing but the element that it is asked of, and misses no fact: what
/// is worth to be kept. What is around an element is kept by itself.
fn of_element_alone(function: Function) -> bool {
    use Function as F;
    matches!(
        function,
        F::FlowsFrom
            | F::FlowsTo
            | F::Controls
            | F::Exposures
            | F::Platforms
            | F::Endpoints
            | F::Services
            | F::SinglePoints
    )
}

impl<'m> Evaluator<'_, 'm> {
    pub(super) fn exposure_field(&mut self, at: usize, field: ExposureField) -> Value<'m> {
        use ExposureField as F;
        let world = self.world;
        let fact = &world.exposures[at];
        if let Some(plain) = plain_exposure(fact, field) {
            return plain;
        }
        let place = Place::of(Section::Grants, fact.grant.as_str());
        let known = match field {
            F::Role => world.role_at(at).map(Seat::value),
            F::Endpoint => world.endpoint_at(at).map(Seat::value),
            F::Dataset => world.dataset_at(at).map(Seat::value),
            F::Fields => return self.covered_fields(place, at),
            F::MaxClass => return self.class_of_exposure(at),
            F::Rows => {
                let rows = fact.rows.as_ref();
                rows.map(|rows| item(What::Facts(rows), place.at(PlaceStep::Name("rows")), None))
            }
            F::PostCheck => {
                let check = fact.post_check.as_ref();
                check.map(|check| item(What::Facts(check), place.at(PlaceStep::Name("post_check")), None))
            }
            F::Presets => Some(Value::List(List {
                values: Values::Facts(&fact.presets, Rc::new(place.at(PlaceStep::Name("presets")))),
                whole: true,
            })),
            _ => None,
        };
        known.unwrap_or_else(|| {
            let name = match field {
                F::Dataset => "dataset",
                F::AllFields => "fields",
                F::Rows => "rows",
                F::Limit => "limit",
                F::Aggregates => "aggregates",
                F::BackendOnly => "backend_only",
                F::PostCheck => "post_check",
                F::Certainty => "certainty",
                _ => return Value::Unknown,
            };
            self.miss(place, name)
        })
    }

    /// The fields that a fact covers, as the dataset describes them.
    fn covered_fields(&mut self, place: Place<'m>, at: usize) -> Value<'m> {
        let world = self.world;
        // It is read, whether or not it is looked into again.
        world.dataset_at(at);
        if let Some((fields, missing)) = world.covered(at) {
            self.missing.extend(missing);
            return Value::List(fields);
        }
        let covering = match world.covering(at) {
            Ok(covering) => covering,
            Err(missing) => return self.miss(place, missing),
        };
        let here = covering.dataset.place();
        let inside = here.at(PlaceStep::Name("fields"));
        let value = |(name, field): (&'m str, &'m Field)| {
            item(What::Facts(field), inside.at(PlaceStep::Name(name)), Some(name))
        };
        let values: Vec<Value<'m>> = covering.fields().map(value).collect();
        let missing = covering.missing.map(|missing| (here, missing));
        self.missing.extend(missing);
        let fields = List { values: Values::Own(values.into()), whole: missing.is_none() };
        world.keep_covered(at, fields.clone(), missing);
        Value::List(fields)
    }

    fn class_of_exposure(&mut self, at: usize) -> Value<'m> {
        let (highest, has_unknown) = self.world.classes_at(at);
        if has_unknown && let Some(slug) = &self.world.exposures[at].dataset {
            self.missing.push((Place::of(Section::Datasets, slug.as_str()), "class"));
        }
        ranked(highest, has_unknown)
    }

    pub(super) fn call(&mut self, function: Function, first: &Value<'m>, second: Option<&Value<'m>>) -> Value<'m> {
        let world = self.world;
        match first {
            // Where these occur is known beforehand.
            Value::Element(seat)
                if function == Function::Exposures
                    && matches!(seat.section, Section::Roles | Section::Endpoints | Section::Datasets) =>
            {
                of_element(world, &mut self.steps, function, first)
            }
            // What depends on the element alone is worked out once, however many rules ask.
            Value::Element(seat) if of_element_alone(function) => {
                world.known(function, seat.number, &mut self.steps, |steps| of_element(world, steps, function, first))
            }
            _ if of_element_alone(function) => of_element(world, &mut self.steps, function, first),
            _ => self.work_out(function, first, second),
        }
    }

    fn work_out(&mut self, function: Function, first: &Value<'m>, second: Option<&Value<'m>>) -> Value<'m> {
        let world = self.world;
        let place = first.place();
        match (function, first) {
            // What has no number is the name of a class, and is in nothing.
            (Function::Around, Value::Element(seat)) => listed(world.chain(*seat)),
            (Function::Around, _) => own(std::iter::empty()),
            (Function::Walls | Function::Enters, Value::Element(flow)) => match world.walls_of(*flow) {
                Some(walls) => listed(if function == Function::Enters { walls.entered } else { walls.crossed }),
                None => Value::Unknown,
            },
            (Function::Rank, Value::Text(name)) => self.rank(name),
            (Function::Rank, Value::Element(seat)) if seat.section == Section::Classes => {
                match seat.facts.fact(world.rank_place) {
                    Fact::Number(rank) => Value::Number(rank),
                    _ => self.miss(seat.place(), "rank"),
                }
            }
            (Function::Rank, Value::Item(_)) => place.map_or(Value::Unknown, |place| self.rank(place.slug)),
            (Function::Reaches, _) => {
                let (Some(place), Some(Value::Text(class))) = (place, second) else { return Value::Unknown };
                let wanted = self.rank(class);
                self.reaches(place, &wanted)
            }
            (Function::MaxClass, _) => place.map_or(Value::Unknown, |place| self.class_of_dataset(place)),
            (Function::Guards, Value::Exposure(at, _)) => {
                // As much work as a few terms, and more where many controls guard it.
                let found = world.guarding(*at as usize);
                self.steps += 8 + found.len() as u64;
                let found = found.into_iter();
                elements(world, Section::Controls, found.filter(|slug| world.controls.is_in_place(slug)))
            }
            (Function::Linked, Value::Exposure(at, _)) => self.linked(*at as usize),
            (Function::Passes | Function::Avoids, _) => {
                let (Some(place), Some(Value::Text(kind))) = (place, second) else { return Value::Unknown };
                let asked = if function == Function::Passes { Asked::Passes } else { Asked::Avoids };
                match world.ask_ways(asked, kind, place.slug) {
                    Ok(answer) => Value::Flag(answer),
                    Err(unknown) => {
                        let seats = unknown.iter().filter_map(|slug| world.seat(Section::Services, slug.as_str()));
                        self.missing.extend(seats.map(|seat| (seat.place(), "kind")));
                        Value::Unknown
                    }
                }
            }
            _ => Value::Unknown,
        }
    }

    pub(super) fn rank(&mut self, class: &str) -> Value<'m> {
        if let Some(rank) = self.world.ranks.get(class) {
            return Value::Number(i64::from(*rank));
        }
        match self.world.seat(Section::Classes, class) {
            Some(seat) => self.miss(seat.place(), "rank"),
            None => Value::Unknown,
        }
    }

    fn class_of_dataset(&mut self, place: Place<'m>) -> Value<'m> {
        let Some((highest, open)) = self.world.classes_of(place) else { return Value::Unknown };
        if open {
            self.missing.push((place, "class"));
        }
        ranked(highest, open)
    }

    /// What the role of a fact can read besides, and put together with it by a relation between the two datasets.
    fn linked(&mut self, at: usize) -> Value<'m> {
        let world = self.world;
        let fact = &world.exposures[at];
        let Some(dataset) = &fact.dataset else { return own(std::iter::empty()) };
        let (mut values, mut whole) = (Vec::new(), true);
        world.note_at(world.ends_at(at).dataset, Aspect::Related);
        let Some(related) = world.related(dataset.as_str()) else { return own(std::iter::empty()) };
        for at in world.exposed_at(Place::of(Section::Roles, fact.role.as_str())).iter().map(|at| *at as usize) {
            self.steps += 1;
            let other = &world.exposures[at];
            let Some(to) = other.dataset.as_ref().filter(|to| related.contains(to.as_str())) else { continue };
            if other.op != Operation::Read || other.way == Way::Blocked {
                continue;
            }
            let there = joined(world.model, dataset, to);
            let back = joined(world.model, to, dataset).map(|(there, here)| (here, there));
            let mut open = false;
            let is_joined = there.chain(back).any(|(here, there)| match (covers(fact, here), covers(other, there)) {
                (Some(one), Some(two)) => one && two,
                _ => {
                    open = true;
                    false
                }
            });
            if is_joined {
                values.push(world.exposure(at));
            } else if open {
                let unknown = if fact.fields.is_none() { fact } else { other };
                let slug = unknown.grant.as_str();
                self.missing.push((Place::of(Section::Grants, slug), "fields"));
                whole = false;
            }
        }
        Value::List(List { values: Values::Own(values.into()), whole })
    }

    fn reaches(&mut self, place: Place<'m>, wanted: &Value<'m>) -> Value<'m> {
        let world = self.world;
        let mut open = false;
        for at in world.exposed_at(place).iter().map(|at| *at as usize) {
            let fact = &world.exposures[at];
            if fact.op != Operation::Read || fact.way == Way::Blocked {
                continue;
            }
            let class = self.class_of_exposure(at);
            match compare(Comparison::AtLeast, &class, wanted) {
                Some(true) => return Value::Flag(true),
                Some(false) => {}
                None => open = true,
            }
        }
        truth((!open).then_some(false))
    }
}

/// What an exposure fact covers of the fields that its dataset describes.
pub(super) struct Covering<'m> {
    pub dataset: Seat<'m>,
    described: &'m BTreeMap<Text, Field>,
    which: &'m Fields,
    /// The fact of the dataset that is missing for these to be all.
    pub missing: Option<&'static str>,
}

impl<'m> Covering<'m> {
    pub fn fields(&self) -> impl Iterator<Item = (&'m str, &'m Field)> {
        let which = self.which;
        let is_covered = move |name: &Text| match which {
            Fields::All => true,
            Fields::Only(names) => names.contains(name),
        };
        self.described.iter().filter(move |(name, _)| is_covered(name)).map(|(name, field)| (name.as_str(), field))
    }
}

impl<'m> World<'m> {
    /// What an exposure fact covers, or the fact of its grant that would have to be known for that.
    pub(super) fn covering(&self, at: usize) -> Result<Covering<'m>, &'static str> {
        let seat = self.dataset_at(at).ok_or("dataset")?;
        let dataset = self.model.datasets.get(seat.slug).ok_or("dataset")?;
        let which = self.exposures[at].fields.as_ref().ok_or("fields")?;
        let is_whole = match which {
            Fields::All => dataset.fields_complete == Some(true),
            // A field that the dataset does not describe is covered all the same.
            Fields::Only(names) => names.iter().all(|name| dataset.fields.contains_key(name)),
        };
        let more = dataset.fields_complete == Some(false);
        let missing = (!is_whole).then_some(if more { "fields" } else { "fields_complete" });
        Ok(Covering { dataset: seat, described: &dataset.fields, which, missing })
    }
}

/// What an exposure fact says of itself in a word; nothing where it says nothing, or not in a word.
#[inline]
pub(super) fn plain_exposure<'m>(fact: &'m Exposed, field: ExposureField) -> Option<Value<'m>> {
    use ExposureField as F;
    match field {
        F::Op => Some(Value::Text(fact.op.name())),
        F::AllFields => fact.fields.as_ref().map(|fields| Value::Flag(*fields == Fields::All)),
        F::Limit => fact.limit.map(|limit| match crate::model::lookup::ceiling(limit) {
            Fact::Number(number) => Value::Number(number),
            _ => Value::Unknown,
        }),
        F::Aggregates => fact.aggregates.map(Value::Flag),
        F::Inherited => Some(Value::Flag(fact.via.len() > 1)),
        F::ThroughRelations => Some(Value::Flag(matches!(fact.way, Way::Through(_)))),
        F::Reachable => Some(Value::Flag(fact.way != Way::Blocked)),
        F::BackendOnly => fact.backend_only.map(Value::Flag),
        F::Certainty => fact.certainty.map(|certainty| Value::Text(certainty.name())),
        _ => None,
    }
}

/// What a function of an element alone gives.
fn of_element<'m>(world: &World<'m>, steps: &mut u64, function: Function, first: &Value<'m>) -> Value<'m> {
    let Some(place) = first.place() else {
        // Of what there is not, there is nothing.
        return match function {
            Function::Exposures | Function::Endpoints | Function::Controls | Function::SinglePoints => {
                own(std::iter::empty())
            }
            _ => Value::Unknown,
        };
    };
    match function {
        Function::Exposures => {
            let found = world.exposed_at(place);
            *steps += found.len() as u64;
            Value::List(List { values: Values::Exposures(found), whole: true })
        }
        Function::Platforms => {
            let mut found: Vec<Seat<'m>> = match first {
                Value::Element(seat) if matches!(seat.section, Section::Services | Section::Endpoints) => {
                    world.platform_of(*seat).into_iter().collect()
                }
                _ => {
                    let facts = world.exposed_at(place);
                    let endpoints = facts.iter().filter_map(|at| world.endpoint_at(*at as usize));
                    endpoints.filter_map(|endpoint| world.platform_of(endpoint)).collect()
                }
            };
            *steps += found.len() as u64;
            found.sort_by_key(|seat| seat.slug);
            found.dedup_by_key(|seat| seat.number);
            own(found.into_iter().map(Seat::value))
        }
        Function::Endpoints => {
            let found = world.endpoints_of(place);
            *steps += found.len() as u64;
            elements(world, Section::Endpoints, found.iter().map(|(slug, _)| slug))
        }
        Function::Services => {
            *steps += world.model.services.len() as u64;
            elements(world, Section::Services, world.services_of(place).into_iter())
        }
        Function::SinglePoints => {
            let points = world.single_points(place.slug);
            *steps += points.len() as u64;
            own(points.into_iter().map(Seat::value))
        }
        Function::FlowsFrom | Function::FlowsTo => {
            let found = world.flows_at(place, function == Function::FlowsFrom);
            elements(world, Section::Flows, found.iter().copied())
        }
        Function::Controls => {
            let id = Slug::new(place.slug).ok().map(|slug| ElementId::new(place.section, slug));
            world.note_at(place.number, Aspect::Guards);
            let found = id.and_then(|id| world.guards.get(&id));
            elements(world, Section::Controls, found.into_iter().flatten().copied())
        }
        _ => Value::Unknown,
    }
}

fn elements<'m, 's>(world: &World<'m>, section: Section, slugs: impl Iterator<Item = &'s Slug>) -> Value<'m> {
    own(slugs.filter_map(|slug| world.element(section, slug.as_str())))
}

/// The pairs of fields by which the relations of one dataset to another join, where they say so.
fn joined<'m>(model: &'m Model, from: &Slug, to: &'m Slug) -> impl Iterator<Item = (&'m str, &'m str)> {
    let relations = model.datasets.get(from).into_iter().flat_map(|dataset| dataset.relations.values());
    let relations = relations.filter(move |relation| relation.to.slug() == to);
    relations.flat_map(|relation| &relation.on).filter_map(|pair| {
        let (here, there) = pair.as_str().split_once('=')?;
        Some((here.trim(), there.trim()))
    })
}

/// Whether an answer holds a field; unknown where nobody said which fields it holds.
fn covers(fact: &Exposed, field: &str) -> Option<bool> {
    fact.fields.as_ref().map(|fields| match fields {
        Fields::All => true,
        Fields::Only(names) => names.iter().any(|name| name.as_str() == field),
    })
}

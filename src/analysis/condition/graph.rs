//! What conditions read beyond the declared facts: exposure, classes, boundaries, flows, controls.

use super::eval::Evaluator;
use super::schema::{ExposureField, Function};
use super::syntax::Comparison;
use super::value::{Item, List, Place, PlaceStep, Value, Values, What, compare, own, ranked, truth};
use super::ways::{Asked, Ways};
use crate::analysis::access::{Fact as Exposed, Way};
use crate::analysis::evidence::{Circumstances, Controls};
use crate::analysis::exposure::{classes_of_fact, rank_of};
use crate::library::rule::Subject;
use crate::model::facts::{Day, Fields, Operation};
use crate::model::graph::{boundary_chain, walls_between};
use crate::model::lookup::Fact;
use crate::model::reference::Target;
use crate::model::topology::Service;
use crate::model::{ElementId, Model, Section, Slug};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};

/// The highest rank of what a fact covers, and whether some of it has none.
type Covered = (Option<u32>, bool);

/// A function and the element that it is asked of.
type OfElement<'m> = (Function, Section, &'m str);

/// What conditions are asked of: a model, its effective exposure facts, the day.
pub struct World<'m> {
    pub(super) model: &'m Model,
    exposures: &'m [Exposed],
    /// What `classes_at` found.
    classes: Vec<Cell<Option<Covered>>>,
    pub(super) today: Option<Day>,
    /// Which controls may be counted on.
    controls: Controls,
    /// Places in `exposures` by dataset, endpoint and role.
    exposed: HashMap<(Section, &'m str), Vec<usize>>,
    flows_from: HashMap<&'m str, Vec<&'m Slug>>,
    flows_to: HashMap<&'m str, Vec<&'m Slug>>,
    guards: HashMap<ElementId, Vec<&'m Slug>>,
    /// What serves endpoints: a service, a platform.
    served: HashMap<(Section, &'m str), Vec<&'m Slug>>,
    /// Places in `exposures` by the control that guards them.
    guarded: OnceCell<HashMap<String, Vec<usize>>>,
    /// The datasets that a relation joins with another, from either side.
    related: OnceCell<HashMap<String, BTreeSet<String>>>,
    ways: OnceCell<Ways>,
    /// What functions of an element alone gave, and how many steps that took.
    known: RefCell<HashMap<OfElement<'m>, (Value<'m>, u64)>>,
}

/// Whether a function gives a list that depends on nothing but the element that it is asked of, and misses no fact.
fn of_element_alone(function: Function) -> bool {
    use Function as F;
    matches!(
        function,
        F::Around
            | F::Walls
            | F::Enters
            | F::FlowsFrom
            | F::FlowsTo
            | F::Controls
            | F::Exposures
            | F::Platforms
            | F::Endpoints
            | F::Services
            | F::SinglePoints
    )
}

impl<'m> World<'m> {
    /// A model with the facts that [`effective`](crate::analysis::access::effective) finds in it. Without a day,
    /// conditions on `today` are unknown.
    pub fn new<'a>(
        model: &'m Model,
        exposures: &'m [Exposed],
        circumstances: impl Into<Circumstances<'a>>,
    ) -> World<'m> {
        let circumstances = circumstances.into();
        let mut exposed: HashMap<(Section, &str), Vec<usize>> = HashMap::new();
        for (at, fact) in exposures.iter().enumerate() {
            exposed.entry((Section::Roles, fact.role.as_str())).or_default().push(at);
            exposed.entry((Section::Endpoints, fact.endpoint.as_str())).or_default().push(at);
            if let Some(dataset) = &fact.dataset {
                exposed.entry((Section::Datasets, dataset.as_str())).or_default().push(at);
            }
        }
        let mut flows_from: HashMap<&str, Vec<&Slug>> = HashMap::new();
        let mut flows_to: HashMap<&str, Vec<&Slug>> = HashMap::new();
        for (slug, flow) in &model.flows {
            flows_from.entry(flow.from.slug().as_str()).or_default().push(slug);
            flows_to.entry(flow.to.slug().as_str()).or_default().push(slug);
        }
        let mut guards: HashMap<ElementId, Vec<&Slug>> = HashMap::new();
        for (slug, control) in &model.controls {
            for id in control.guards.iter().filter_map(|link| model.resolve(Target::Any, link.0.as_str())) {
                guards.entry(id).or_default().push(slug);
            }
        }
        let mut served: HashMap<(Section, &str), Vec<&Slug>> = HashMap::new();
        for (slug, endpoint) in &model.endpoints {
            if let Some(service) = &endpoint.service {
                served.entry((Section::Services, service.slug().as_str())).or_default().push(slug);
            }
            if let Some(platform) = platform_of_endpoint(model, slug.as_str()) {
                served.entry((Section::Platforms, platform.as_str())).or_default().push(slug);
            }
        }
        World {
            model,
            exposures,
            classes: vec![Cell::new(None); exposures.len()],
            today: circumstances.today,
            controls: Controls::new(model, circumstances),
            exposed,
            flows_from,
            flows_to,
            guards,
            served,
            guarded: OnceCell::new(),
            related: OnceCell::new(),
            ways: OnceCell::new(),
            known: RefCell::default(),
        }
    }

    /// The exposure facts in which an element occurs, by their places.
    fn exposed_at(&self, section: Section, slug: &str) -> Vec<usize> {
        match section {
            Section::Services | Section::Platforms => {
                let endpoints = self.served.get(&(section, slug)).into_iter().flatten();
                endpoints.flat_map(|endpoint| self.exposed_at(Section::Endpoints, endpoint.as_str())).collect()
            }
            Section::Controls => self.guarded().get(slug).cloned().unwrap_or_default(),
            _ => self.exposed.get(&(section, slug)).cloned().unwrap_or_default(),
        }
    }

    /// The highest rank of what a fact covers, and whether some of it has none. Most rules ask for it.
    fn classes_at(&self, at: usize) -> Covered {
        if let Some(known) = self.classes[at].get() {
            return known;
        }
        let classes = classes_of_fact(self.model, &self.exposures[at]);
        let found = (classes.highest.map(|rank| rank.rank), classes.has_unknown);
        self.classes[at].set(Some(found));
        found
    }

    fn related(&self) -> &HashMap<String, BTreeSet<String>> {
        self.related.get_or_init(|| {
            let mut related: HashMap<String, BTreeSet<String>> = HashMap::new();
            for (slug, dataset) in &self.model.datasets {
                for to in dataset.relations.values().map(|relation| relation.to.slug()).filter(|to| *to != slug) {
                    related.entry(slug.to_string()).or_default().insert(to.to_string());
                    related.entry(to.to_string()).or_default().insert(slug.to_string());
                }
            }
            related
        })
    }

    /// The exposure facts that each control guards, by their places.
    fn guarded(&self) -> &HashMap<String, Vec<usize>> {
        self.guarded.get_or_init(|| {
            let mut guarded: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, fact) in self.exposures.iter().enumerate() {
                for control in self.guarding(fact) {
                    guarded.entry(control.to_string()).or_default().push(at);
                }
            }
            guarded
        })
    }

    /// The controls that guard an exposure fact, sorted.
    fn guarding(&self, fact: &Exposed) -> Vec<&'m Slug> {
        if self.guards.is_empty() {
            return Vec::new();
        }
        let on_the_way = self.on_the_way(fact);
        let mut found: Vec<&Slug> = on_the_way.iter().filter_map(|id| self.guards.get(id)).flatten().copied().collect();
        found.sort();
        found.dedup();
        found
    }

    /// What an exposure fact depends on: where a control that guards one of these guards the fact.
    fn on_the_way(&self, fact: &Exposed) -> Vec<ElementId> {
        let model = self.model;
        let endpoint = ElementId::new(Section::Endpoints, fact.endpoint.clone());
        let dataset = fact.dataset.as_ref().map(|slug| ElementId::new(Section::Datasets, slug.clone()));
        let service = model.endpoints.get(&fact.endpoint).and_then(|endpoint| endpoint.service.as_ref());
        let platform = platform_of_endpoint(model, fact.endpoint.as_str());
        let mut ids = vec![
            ElementId::new(Section::Grants, fact.grant.clone()),
            ElementId::new(Section::Roles, fact.role.clone()),
        ];
        ids.extend(service.map(|link| ElementId::new(Section::Services, link.slug().clone())));
        ids.extend(platform.map(|slug| ElementId::new(Section::Platforms, slug.clone())));
        for end in [Some(endpoint), dataset].into_iter().flatten() {
            let around = boundary_chain(model, &end).into_iter();
            ids.extend(around.map(|slug| ElementId::new(Section::Boundaries, slug.clone())));
            ids.push(end);
        }
        ids
    }

    /// The subjects of a kind, in the order of the model.
    pub fn subjects(&self, subject: Subject) -> usize {
        subject.section().map_or(self.exposures.len(), |section| self.model.count(section))
    }

    pub(super) fn element(&self, section: Section, slug: &str) -> Option<Value<'m>> {
        let (slug, facts) = self.model.facts(section, slug)?;
        let place = Place { section, slug: slug.as_str(), steps: [None; 2] };
        Some(Value::Item(Item { what: What::Facts(facts), place, name: None }))
    }

    pub(super) fn exposure(&self, at: usize) -> Value<'m> {
        let fact = &self.exposures[at];
        let place = Place { section: Section::Grants, slug: fact.grant.as_str(), steps: [None; 2] };
        Value::Item(Item { what: What::Exposure(at), place, name: None })
    }

    pub(super) fn resolve(&self, target: Target, name: &'m str) -> Option<Value<'m>> {
        if let Some(id) = self.model.resolve(target, name) {
            return self.element(id.section, id.slug.as_str());
        }
        // Where a model has no ladder of its own, the default one holds: its classes have a rank and nothing else.
        let on_ladder = target == Target::Class && rank_of(self.model, &Slug::new(name).ok()?).is_some();
        let place = Place { section: Section::Classes, slug: name, steps: [None; 2] };
        on_ladder.then_some(Value::Item(Item { what: What::Plain(Fact::Unknown), place, name: None }))
    }
}

impl<'m> Evaluator<'_, 'm> {
    pub(super) fn exposure_field(&mut self, place: Place<'m>, at: usize, field: ExposureField) -> Value<'m> {
        use ExposureField as F;
        let world = self.world;
        let fact = &world.exposures[at];
        let element = |section, slug: &str| world.element(section, slug);
        let known = match field {
            F::Role => element(Section::Roles, fact.role.as_str()),
            F::Endpoint => element(Section::Endpoints, fact.endpoint.as_str()),
            F::Dataset => fact.dataset.as_ref().and_then(|slug| element(Section::Datasets, slug.as_str())),
            F::Op => Some(Value::Text(fact.op.name())),
            F::AllFields => fact.fields.as_ref().map(|fields| Value::Flag(*fields == Fields::All)),
            F::Fields => return self.covered_fields(place, fact),
            F::Rows => fact.rows.as_ref().map(|rows| {
                Value::Item(Item { what: What::Facts(rows), place: place.at(PlaceStep::Name("rows")), name: None })
            }),
            F::Limit => fact.limit.map(|limit| match crate::model::lookup::ceiling(limit) {
                Fact::Number(number) => Value::Number(number),
                _ => Value::Unknown,
            }),
            F::Aggregates => fact.aggregates.map(Value::Flag),
            F::MaxClass => return self.class_of_exposure(at),
            F::Inherited => Some(Value::Flag(fact.via.len() > 1)),
            F::ThroughRelations => Some(Value::Flag(matches!(fact.way, Way::Through(_)))),
            F::Reachable => Some(Value::Flag(fact.way != Way::Blocked)),
            F::BackendOnly => fact.backend_only.map(Value::Flag),
            F::PostCheck => fact.post_check.as_ref().map(|check| {
                Value::Item(Item {
                    what: What::Facts(check),
                    place: place.at(PlaceStep::Name("post_check")),
                    name: None,
                })
            }),
            F::Presets => Some(Value::List(List {
                values: Values::Facts(&fact.presets, place.at(PlaceStep::Name("presets"))),
                whole: true,
            })),
            F::Certainty => fact.certainty.map(|certainty| Value::Text(certainty.name())),
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
    fn covered_fields(&mut self, place: Place<'m>, fact: &'m Exposed) -> Value<'m> {
        let dataset = fact.dataset.as_ref().and_then(|slug| self.world.model.datasets.get_key_value(slug));
        let Some((slug, dataset)) = dataset else { return self.miss(place, "dataset") };
        let Some(fields) = &fact.fields else { return self.miss(place, "fields") };
        let here = Place { section: Section::Datasets, slug: slug.as_str(), steps: [None; 2] };
        let inside = here.at(PlaceStep::Name("fields"));
        let mut values = Vec::new();
        let mut whole = true;
        for (name, field) in &dataset.fields {
            let covered = match fields {
                Fields::All => true,
                Fields::Only(names) => names.contains(name),
            };
            if covered {
                let place = inside.at(PlaceStep::Name(name.as_str()));
                values.push(Value::Item(Item { what: What::Facts(field), place, name: Some(name.as_str()) }));
            }
        }
        match fields {
            Fields::All => whole = dataset.fields_complete == Some(true),
            // A field that the dataset does not describe is covered all the same.
            Fields::Only(names) => whole &= names.iter().all(|name| dataset.fields.contains_key(name)),
        }
        if !whole {
            let more = dataset.fields_complete == Some(false);
            self.missing.push((here, if more { "fields" } else { "fields_complete" }));
        }
        Value::List(List { values: Values::Own(values.into()), whole })
    }

    fn class_of_exposure(&mut self, at: usize) -> Value<'m> {
        let (highest, has_unknown) = self.world.classes_at(at);
        if has_unknown && let Some(slug) = &self.world.exposures[at].dataset {
            self.missing.push((Place { section: Section::Datasets, slug: slug.as_str(), steps: [None; 2] }, "class"));
        }
        ranked(highest, has_unknown)
    }

    pub(super) fn call(&mut self, function: Function, first: &Value<'m>, second: Option<&Value<'m>>) -> Value<'m> {
        let world = self.world;
        let place = match first {
            Value::Item(item) => Some(item.place),
            _ => None,
        };
        // What depends on the element alone is worked out once, however many rules ask; it costs the same steps each time,
        // so that it does not matter who asks first.
        if let Some(place) = place.filter(|_| of_element_alone(function)) {
            let key = (function, place.section, place.slug);
            if let Some((value, steps)) = world.known.borrow().get(&key) {
                self.steps += steps;
                return value.clone();
            }
            let before = self.steps;
            let value = self.work_out(function, first, second);
            world.known.borrow_mut().insert(key, (value.clone(), self.steps - before));
            return value;
        }
        self.work_out(function, first, second)
    }

    fn work_out(&mut self, function: Function, first: &Value<'m>, second: Option<&Value<'m>>) -> Value<'m> {
        let world = self.world;
        let place = match first {
            Value::Item(item) => Some(item.place),
            _ => None,
        };
        let id = || place.and_then(|place| Some(ElementId::new(place.section, Slug::new(place.slug).ok()?)));
        match (function, first) {
            (Function::Rank, Value::Text(name)) => self.rank(name),
            (Function::Rank, Value::Item(item)) => self.rank(item.place.slug),
            (Function::Reaches, _) => {
                let (Some(place), Some(Value::Text(class))) = (place, second) else { return Value::Unknown };
                let wanted = self.rank(class);
                self.reaches(place, &wanted)
            }
            (Function::MaxClass, _) => place.map_or(Value::Unknown, |place| self.class_of_dataset(place)),
            (Function::Exposures, _) => {
                let found = place.map_or(Vec::new(), |place| world.exposed_at(place.section, place.slug));
                self.steps += found.len() as u64;
                own(found.into_iter().map(|at| world.exposure(at)))
            }
            (Function::Guards, Value::Item(Item { what: What::Exposure(at), .. })) => {
                let fact = &world.exposures[*at];
                // As much work as a few terms, and more where many controls guard it.
                let found = world.guarding(fact);
                self.steps += 8 + found.len() as u64;
                let found = found.into_iter();
                elements(world, Section::Controls, found.filter(|slug| world.controls.is_in_place(slug)))
            }
            (Function::Linked, Value::Item(Item { what: What::Exposure(at), .. })) => {
                self.linked(&world.exposures[*at])
            }
            (Function::Platforms, _) => {
                let Some(place) = place else { return Value::Unknown };
                let mut found: Vec<&Slug> = match place.section {
                    Section::Services => platform_of_service(world.model, place.slug).into_iter().collect(),
                    Section::Endpoints => platform_of_endpoint(world.model, place.slug).into_iter().collect(),
                    _ => {
                        let facts = world.exposed_at(place.section, place.slug).into_iter();
                        facts
                            .filter_map(|at| platform_of_endpoint(world.model, world.exposures[at].endpoint.as_str()))
                            .collect()
                    }
                };
                self.steps += found.len() as u64;
                found.sort();
                found.dedup();
                elements(world, Section::Platforms, found.into_iter())
            }
            (Function::Endpoints, _) => {
                let found = place.and_then(|place| world.served.get(&(place.section, place.slug)));
                self.steps += found.map_or(0, |found| found.len() as u64);
                elements(world, Section::Endpoints, found.into_iter().flatten().copied())
            }
            (Function::Services, _) => {
                let Some(place) = place else { return Value::Unknown };
                let runs = |service: &Service| {
                    service.platform.as_ref().is_some_and(|link| link.slug().as_str() == place.slug)
                };
                self.steps += world.model.services.len() as u64;
                let found = world.model.services.iter().filter(|(_, service)| runs(service));
                elements(world, Section::Services, found.map(|(slug, _)| slug))
            }
            (Function::Passes | Function::Avoids, _) => {
                let (Some(place), Some(Value::Text(kind))) = (place, second) else { return Value::Unknown };
                let ways = world.ways.get_or_init(|| Ways::new(world.model));
                let asked = if function == Function::Passes { Asked::Passes } else { Asked::Avoids };
                match ways.ask(world.model, asked, kind, place.slug) {
                    Ok(answer) => Value::Flag(answer),
                    Err(unknown) => {
                        let services =
                            unknown.iter().filter_map(|slug| world.model.services.get_key_value(slug.as_str()));
                        let here = |slug: &'m Slug| Place {
                            section: Section::Services,
                            slug: slug.as_str(),
                            steps: [None; 2],
                        };
                        self.missing.extend(services.map(|(slug, _)| (here(slug), "kind")));
                        Value::Unknown
                    }
                }
            }
            (Function::SinglePoints, _) => {
                let points = place.map_or(Vec::new(), |place| {
                    world.ways.get_or_init(|| Ways::new(world.model)).single_points(place.slug)
                });
                self.steps += points.len() as u64;
                own(points.into_iter().filter_map(|slug| {
                    let id = world.model.node(slug)?;
                    world.element(id.section, slug)
                }))
            }
            (Function::Around, _) => match id() {
                Some(id) => boundaries(world, boundary_chain(world.model, &id).into_iter()),
                None => Value::Unknown,
            },
            (Function::Walls, _) => place.map_or(Value::Unknown, |place| walls(world, place.slug, false)),
            (Function::Enters, _) => place.map_or(Value::Unknown, |place| walls(world, place.slug, true)),
            (Function::FlowsFrom | Function::FlowsTo, _) => {
                let Some(place) = place else { return Value::Unknown };
                let flows = if function == Function::FlowsFrom { &world.flows_from } else { &world.flows_to };
                // Only nodes have flows, and their slugs are unique together.
                let found = flows.get(place.slug).filter(|_| place.section.is_node());
                own(found.into_iter().flatten().filter_map(|slug| world.element(Section::Flows, slug.as_str())))
            }
            (Function::Controls, _) => {
                let found = id().and_then(|id| world.guards.get(&id));
                own(found.into_iter().flatten().filter_map(|slug| world.element(Section::Controls, slug.as_str())))
            }
            (Function::Rank | Function::Guards | Function::Linked, _) => Value::Unknown,
        }
    }

    fn rank(&mut self, class: &str) -> Value<'m> {
        let rank = Slug::new(class).ok().and_then(|slug| rank_of(self.world.model, &slug));
        match (rank, self.world.model.facts(Section::Classes, class)) {
            (Some(rank), _) => Value::Number(i64::from(rank.rank)),
            (None, Some((slug, _))) => {
                self.miss(Place { section: Section::Classes, slug: slug.as_str(), steps: [None; 2] }, "rank")
            }
            (None, None) => Value::Unknown,
        }
    }

    fn class_of_dataset(&mut self, place: Place<'m>) -> Value<'m> {
        let Some(dataset) = self.world.model.datasets.get(place.slug) else { return Value::Unknown };
        let rank = |link: &crate::model::reference::ClassLink| rank_of(self.world.model, link.slug());
        let own = dataset.class.as_ref().and_then(rank);
        let of_fields =
            dataset.fields.values().map(|field| field.class.as_ref().and_then(rank).or_else(|| own.clone()));
        let mut open = own.is_none() && dataset.fields_complete != Some(true);
        let mut highest = own.clone();
        for rank in of_fields {
            open |= rank.is_none();
            highest = highest.max(rank);
        }
        if open {
            self.missing.push((place, "class"));
        }
        ranked(highest.map(|rank| rank.rank), open)
    }

    /// What the role of a fact can read besides, and put together with it by a relation between the two datasets.
    fn linked(&mut self, fact: &'m Exposed) -> Value<'m> {
        let world = self.world;
        let Some(dataset) = &fact.dataset else { return own(std::iter::empty()) };
        let (mut values, mut whole) = (Vec::new(), true);
        let Some(related) = world.related().get(dataset.as_str()) else { return own(std::iter::empty()) };
        for at in world.exposed_at(Section::Roles, fact.role.as_str()) {
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
                let place = Place { section: Section::Grants, slug: unknown.grant.as_str(), steps: [None; 2] };
                self.missing.push((place, "fields"));
                whole = false;
            }
        }
        Value::List(List { values: Values::Own(values.into()), whole })
    }

    fn reaches(&mut self, place: Place<'m>, wanted: &Value<'m>) -> Value<'m> {
        let world = self.world;
        let mut open = false;
        for at in world.exposed.get(&(place.section, place.slug)).into_iter().flatten() {
            let fact = &world.exposures[*at];
            if fact.op != Operation::Read || fact.way == Way::Blocked {
                continue;
            }
            let class = self.class_of_exposure(*at);
            match compare(Comparison::AtLeast, &class, wanted) {
                Some(true) => return Value::Flag(true),
                Some(false) => {}
                None => open = true,
            }
        }
        truth((!open).then_some(false))
    }
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

/// The platform on which a service says that it runs.
fn platform_of_service<'m>(model: &'m Model, slug: &str) -> Option<&'m Slug> {
    let link = model.services.get(slug)?.platform.as_ref()?;
    model.platforms.get_key_value(link.slug()).map(|(slug, _)| slug)
}

/// The platform on which an endpoint or else its service says that it runs.
fn platform_of_endpoint<'m>(model: &'m Model, slug: &str) -> Option<&'m Slug> {
    let endpoint = model.endpoints.get(slug)?;
    match &endpoint.platform {
        Some(link) => model.platforms.get_key_value(link.slug()).map(|(slug, _)| slug),
        None => platform_of_service(model, endpoint.service.as_ref()?.slug().as_str()),
    }
}

fn elements<'m, 's>(world: &World<'m>, section: Section, slugs: impl Iterator<Item = &'s Slug>) -> Value<'m> {
    own(slugs.filter_map(|slug| world.element(section, slug.as_str())))
}

fn boundaries<'m, 's>(world: &World<'m>, slugs: impl Iterator<Item = &'s Slug>) -> Value<'m> {
    elements(world, Section::Boundaries, slugs)
}

/// The boundaries that a flow leaves, the innermost first, and then those that it enters; or these alone.
fn walls<'m>(world: &World<'m>, flow: &str, inwards: bool) -> Value<'m> {
    let Some(flow) = world.model.flows.get(flow) else { return Value::Unknown };
    let node = |slug: &Slug| world.model.node(slug.as_str());
    let (Some(from), Some(to)) = (node(flow.from.slug()), node(flow.to.slug())) else { return Value::Unknown };
    let walls = walls_between(world.model, &from, &to).into_iter();
    boundaries(world, walls.filter(|(_, enters)| *enters || !inwards).map(|(slug, _)| slug))
}

//! What conditions are asked of: a model and what follows from it, with an index of everything that conditions look up.
//!
//! Every look-up is noted (see `names`), so that whoever keeps an answer knows what it rests on. What is costly and not
//! always asked for is worked out when it first is.

use super::eval::Instance;
use super::names::{Aspect, Key, Names, Number, Reads};
use super::occurrences::{Ends, FactPlaces, Occurrences};
use super::schema::{ExposureField, Function};
use super::shared::{Columns, ReadEnds};
use super::surroundings::Surroundings;
use super::value::{List, Missing, Place, Value, What, item};
use super::ways::{Asked, KeptWays};
use crate::analysis::access::Fact as Exposed;
use crate::analysis::court::Spot;
use crate::analysis::evidence::{Circumstances, Controls};
use crate::analysis::exposure::{classes_of_fact, ranks};
use crate::analysis::hash::FastMap;
use crate::library::rule::Subject;
use crate::model::facts::Day;
use crate::model::lookup::{Fact, Facts};
use crate::model::reference::{ClassLink, Target};
use crate::model::{ElementId, Model, Section, Slug};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// The highest rank of what a fact covers, and whether some of it has none.
pub(super) type Covered = (Option<u32>, bool);

/// What a function of an element gave, how many steps that took, and what it read.
type Known<'m> = (Value<'m>, u64, Rc<[Key]>);

/// The fields that an exposure fact covers, and the fact that is missing for these to be all.
type CoveredFields<'m> = (List<'m>, Option<(Place<'m>, &'static str)>);

/// An element that was found.
#[derive(Clone, Copy)]
pub(super) struct Seat<'m> {
    pub section: Section,
    pub number: Number,
    pub slug: &'m Slug,
    pub facts: &'m dyn Facts,
}

impl<'m> Seat<'m> {
    pub fn place(self) -> Place<'m> {
        Place { section: self.section, slug: self.slug.as_str(), number: Some(self.number), steps: [None; 2] }
    }

    pub fn value(self) -> Value<'m> {
        Value::Element(self)
    }
}

/// What a look-up of a name gives.
#[derive(Clone, Copy)]
struct Looked<'m> {
    key: Key,
    found: Option<Seat<'m>>,
}

/// What was looked up, by number. Most worlds look at a part of the model.
#[derive(Default)]
struct LookedUp<'m> {
    /// Where it is among the entries, and one more; 0 where nobody looked.
    at: Vec<u32>,
    entries: Vec<Looked<'m>>,
}

impl<'m> LookedUp<'m> {
    fn get(&self, number: Number) -> Option<Looked<'m>> {
        let at = self.at.get(number as usize)?.checked_sub(1)?;
        self.entries.get(at as usize).copied()
    }

    /// Puts in what is not there.
    fn put(&mut self, number: Number, entry: Looked<'m>) {
        let number = number as usize;
        if number >= self.at.len() {
            self.at.resize(number + 1, 0);
        }
        if self.at[number] == 0 {
            self.entries.push(entry);
            self.at[number] = u32::try_from(self.entries.len()).unwrap_or(0);
        }
    }
}

/// A reference: to which section, or nothing where it is to any node; its text, and the number of the name.
type Link<'m> = (Option<Section>, &'m str, Number);

/// How many references are at hand: those of a place at which rules are asked, and not many more.
const RECENT: usize = 256;

/// What is worked out for one state of a model and still holds for the next.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    /// The numbers of names.
    pub names: Names,
    /// Where the exposure facts occur; nothing where these are others now.
    pub occurrences: Option<Arc<Occurrences>>,
    /// The ways along flows and grants.
    pub ways: KeptWays,
    /// What is served by services and platforms; nothing where that is not known.
    pub served: Option<Arc<Served>>,
    /// What shared terms said of exposure facts.
    pub said: Columns,
    /// Where it is noted what is read.
    reads: Reads,
    /// The numbers of the elements of each section, in the order of the model; nothing where they were not all looked at.
    numbers: Arc<[Vec<Number>]>,
}

impl Kept {
    /// What every world of a model begins with: the numbers of all elements.
    pub fn new(model: &Model, exposures: &[Arc<Exposed>]) -> Kept {
        let mut names = Names::default();
        let numbers = Section::ALL.iter();
        let numbers = numbers.map(|section| names.take_section(*section, model.slugs(*section), model.count(*section)));
        let numbers = numbers.collect();
        let occurrences = Some(Arc::new(Occurrences::new(&mut names, exposures)));
        Kept { names, occurrences, numbers, ..Kept::default() }
    }

    /// Forgets what was said of the exposure facts that are about an element, which is another now.
    pub fn forget_facts_of(&mut self, id: &ElementId) {
        if let (Section::Roles | Section::Endpoints | Section::Datasets, Some(places)) = (id.section, &self.occurrences)
        {
            let facts = places.of(self.names.number_of(id.section, &id.slug));
            places.places()[facts].iter().for_each(|fact| self.said.forget(*fact));
        }
    }

    /// What another world of the same state of the model begins with, whether or not it is to note what is read.
    pub fn to_ask(&self, notes_reads: bool) -> Kept {
        Kept {
            names: self.names.clone(),
            occurrences: self.occurrences.clone(),
            ways: self.ways.clone(),
            served: self.served.clone(),
            numbers: self.numbers.clone(),
            reads: if notes_reads { Reads::default() } else { Reads::off() },
            ..Kept::default()
        }
    }
}

/// The endpoints that say that a service or platform serves them, each with its number.
pub(crate) type Served = FastMap<(Section, Slug), Vec<(Slug, Number)>>;

/// What conditions are asked of: a model, its effective exposure facts, the day.
pub struct World<'m> {
    pub(super) model: &'m Model,
    pub(super) exposures: &'m [Arc<Exposed>],
    pub(super) today: Option<Day>,
    /// Which controls may be counted on.
    pub(super) controls: Controls,
    occurrences: Arc<Occurrences>,
    /// The lists of facts in it, for values: their count is of this thread alone, so that threads do not wait for each other.
    fact_places: Rc<[u32]>,
    names: RefCell<Names>,
    /// What was looked up, by number.
    looked: RefCell<LookedUp<'m>>,
    /// The numbers of the elements of each section, in the order of the model; nothing where they were not all looked at.
    numbers: Arc<[Vec<Number>]>,
    /// To which numbers references led of late, by where their texts are: what one rule follows the next one does, too.
    recent: RefCell<Vec<Option<Link<'m>>>>,
    pub(super) reads: RefCell<Reads>,
    /// In which round it was noted last that what each fact is about is read, and what of it.
    noted: Vec<Cell<(u32, ReadEnds)>>,
    /// What `classes_at` found.
    classes: Vec<Cell<Option<Covered>>>,
    /// What `classes_of` found.
    dataset_classes: RefCell<FastMap<Number, Covered>>,
    /// The fields that facts cover, and what is missing for them to be all.
    fields: RefCell<FastMap<usize, CoveredFields<'m>>>,
    /// What is around elements.
    pub(super) surroundings: Surroundings<'m>,
    /// Where a class says its rank.
    pub(super) rank_place: usize,
    /// The ranks of the classes, by their names.
    pub(super) ranks: FastMap<&'m str, u32>,
    /// Where the elements of each section say that they are out of scope.
    scopes: Vec<usize>,
    /// The controls by what they guard.
    pub(super) guards: FastMap<ElementId, Vec<&'m Slug>>,
    flows: OnceCell<Flows<'m>>,
    served: OnceCell<Arc<Served>>,
    related: OnceCell<FastMap<String, BTreeSet<String>>>,
    ways: KeptWays,
    /// What shared terms said of exposure facts, while no evaluator has it.
    pub(super) said: RefCell<Columns>,
    /// What functions of an element alone gave.
    known: RefCell<FastMap<(Function, Number), Known<'m>>>,
}

/// The flows of each node.
struct Flows<'m> {
    from: FastMap<&'m str, Vec<&'m Slug>>,
    to: FastMap<&'m str, Vec<&'m Slug>>,
}

impl<'m> World<'m> {
    /// A model with the facts that [`effective`](crate::analysis::access::effective) finds in it. Without a day,
    /// conditions on `today` are unknown.
    pub fn new<'a>(
        model: &'m Model,
        exposures: &'m [Arc<Exposed>],
        circumstances: impl Into<Circumstances<'a>>,
    ) -> World<'m> {
        World::whole(model, exposures, circumstances.into(), Kept::new(model, exposures))
    }

    /// The same, with what is known. Everything is looked up at once.
    pub(crate) fn whole(
        model: &'m Model,
        exposures: &'m [Arc<Exposed>],
        circumstances: Circumstances<'_>,
        kept: Kept,
    ) -> World<'m> {
        let mut world = World::after(model, exposures, circumstances, kept);
        world.look_at_everything();
        world
    }

    /// The same, with what is known from a state of the model before. Nothing is looked up before it is asked for.
    pub(crate) fn after(
        model: &'m Model,
        exposures: &'m [Arc<Exposed>],
        circumstances: Circumstances<'_>,
        kept: Kept,
    ) -> World<'m> {
        let Kept { mut names, occurrences, ways, served, said, reads, numbers } = kept;
        let occurrences = occurrences.unwrap_or_else(|| Arc::new(Occurrences::new(&mut names, exposures)));
        let mut guards: FastMap<ElementId, Vec<&Slug>> = FastMap::default();
        for (slug, control) in &model.controls {
            for id in control.guards.iter().filter_map(|link| model.resolve(Target::Any, link.0.as_str())) {
                guards.entry(id).or_default().push(slug);
            }
        }
        World {
            model,
            exposures,
            today: circumstances.today,
            controls: Controls::new(model, circumstances),
            fact_places: occurrences.places().into(),
            occurrences,
            looked: RefCell::new(LookedUp { at: vec![0; names.len()], entries: Vec::new() }),
            names: RefCell::new(names),
            numbers,
            recent: RefCell::new(vec![None; RECENT]),
            reads: RefCell::new(reads),
            noted: vec![Cell::default(); exposures.len()],
            classes: vec![Cell::new(None); exposures.len()],
            dataset_classes: RefCell::default(),
            fields: RefCell::default(),
            surroundings: Surroundings::default(),
            rank_place: place_of(Section::Classes, "rank"),
            ranks: ranks(model),
            scopes: Section::ALL.iter().map(|section| place_of(*section, "out_of_scope")).collect(),
            guards,
            flows: OnceCell::new(),
            served: served.map(OnceCell::from).unwrap_or_default(),
            related: OnceCell::new(),
            ways,
            said: RefCell::new(said),
            known: RefCell::default(),
        }
    }

    /// What holds for the next state of the model, too.
    pub(crate) fn into_kept(self) -> Kept {
        Kept {
            names: self.names.into_inner(),
            occurrences: Some(self.occurrences),
            ways: self.ways,
            served: self.served.into_inner(),
            said: self.said.into_inner(),
            reads: self.reads.into_inner(),
            numbers: Arc::default(),
        }
    }

    /// Finds every element at once, in the order of the model, which costs less than to look each up.
    fn look_at_everything(&mut self) {
        let (names, looked) = (self.names.get_mut(), self.looked.get_mut());
        looked.entries.reserve(names.len());
        for (section, numbers) in Section::ALL.iter().zip(&*self.numbers) {
            for ((slug, facts), number) in self.model.all_facts(*section).zip(numbers.iter().copied()) {
                let read_as = names.known_as(*section, number);
                let found = Some(Seat { section: *section, number, slug, facts });
                let entry = Looked { key: Key::of(read_as, Aspect::Element), found };
                looked.put(number, entry);
                looked.put(read_as, entry);
            }
        }
    }

    /// An element of which conditions are asked; the number is that of its name.
    pub(crate) fn instance(&self, section: Section, slug: &str, number: Number) -> Option<Instance<'m>> {
        self.seat_of(number, section, slug).map(Seat::value).map(Instance)
    }

    /// An exposure fact of which conditions are asked, by its place in the list.
    pub fn fact(&self, at: usize) -> Instance<'m> {
        Instance(self.exposure(at))
    }

    /// The number of an element that is there.
    pub(crate) fn number(&self, section: Section, slug: &Slug) -> Number {
        self.names.borrow_mut().number_of(section, slug)
    }

    /// The elements of a section at these places in the order of the model, each with its number.
    pub(crate) fn elements_of(&self, section: Section, places: Range<usize>) -> Vec<(&'m Slug, Number)> {
        let looked = self.looked.borrow();
        let numbers = self.numbers.get(section as usize).and_then(|numbers| numbers.get(places)).unwrap_or_default();
        let element = |number: &Number| Some((looked.get(*number)?.found?.slug, *number));
        numbers.iter().filter_map(element).collect()
    }

    /// Why a place is out of scope; nothing where it is in scope. All elements there are looked at, whichever is the first to
    /// be out of scope.
    pub(crate) fn out_of_scope(&self, spot: Spot<'_>) -> Option<&'m str> {
        let seats = match spot {
            Spot::Element(section, slug, number) => [self.seat_of(number, section, slug.as_str()), None, None, None],
            Spot::Fact(at) => [
                self.seat(Section::Grants, self.exposures[at].grant.as_str()),
                self.role_at(at),
                self.endpoint_at(at),
                self.dataset_at(at),
            ],
        };
        let why = |seat: Seat<'m>| match seat.facts.fact(self.scopes[seat.section as usize]) {
            Fact::Text(why) => Some(why).filter(|why| !why.is_empty()),
            _ => None,
        };
        seats.into_iter().flatten().find_map(why)
    }

    /// The highest rank of what a fact covers.
    pub(crate) fn highest_class(&self, at: usize) -> Option<u32> {
        self.classes_at(at).0
    }

    /// A fact that is missing, by its name.
    pub(super) fn missing(&self, place: &Place<'m>, field: &'static str) -> Option<Missing> {
        let found = place.number.and_then(|number| self.looked.borrow().get(number)?.found);
        let slug = match found {
            Some(seat) => seat.slug.clone(),
            None if place.section == Section::Grants => self.model.grants.get_key_value(place.slug)?.0.clone(),
            None => Slug::new(place.slug).ok()?,
        };
        Some(Missing { element: ElementId::new(place.section, slug), field: place.way_to(field) })
    }

    /// Begins to note what is read for another place.
    pub(crate) fn start(&self) {
        self.reads.borrow_mut().start();
    }

    /// What was read since.
    pub(crate) fn reads<T>(&self, take: impl FnOnce(&[Key]) -> T) -> T {
        take(self.reads.borrow().keys())
    }

    /// Notes that something is read.
    pub(super) fn note(&self, key: Key) {
        self.reads.borrow_mut().add(key);
    }

    pub(super) fn note_at(&self, number: Option<Number>, aspect: Aspect) {
        if let Some(number) = number {
            self.note(Key::of(number, aspect));
        }
    }

    /// What was looked up under a number, which is that of the name; `find` is asked where nobody did yet.
    fn look(&self, number: Number, find: impl FnOnce(&mut Names) -> Looked<'m>) -> Option<Seat<'m>> {
        let before = self.looked.borrow().get(number);
        let entry = before.unwrap_or_else(|| {
            let entry = find(&mut self.names.borrow_mut());
            self.looked.borrow_mut().put(number, entry);
            entry
        });
        self.note(entry.key);
        entry.found
    }

    /// An element that was looked up under its number.
    pub(super) fn looked_up(&self, number: Number) -> Option<Seat<'m>> {
        let entry = self.looked.borrow().get(number)?;
        self.note(entry.key);
        entry.found
    }

    fn find(&self, names: &mut Names, section: Section, number: Number, slug: &str) -> Looked<'m> {
        let read_as = names.known_as(section, number);
        let found = self.model.facts(section, slug);
        let found = found.map(|(slug, facts)| Seat { section, number, slug, facts });
        Looked { key: Key::of(read_as, Aspect::Element), found }
    }

    /// Finds an element.
    pub(super) fn seat(&self, section: Section, slug: &str) -> Option<Seat<'m>> {
        let number = self.names.borrow_mut().number(section, slug)?;
        self.seat_of(number, section, slug)
    }

    fn seat_of(&self, number: Number, section: Section, slug: &str) -> Option<Seat<'m>> {
        self.look(number, |names| self.find(names, section, number, slug))
    }

    /// Finds a node, whatever its section.
    pub(super) fn node(&self, slug: &str) -> Option<Seat<'m>> {
        let number = self.names.borrow_mut().node(slug)?;
        self.node_of(number, slug)
    }

    fn node_of(&self, number: Number, slug: &str) -> Option<Seat<'m>> {
        self.look(number, |names| {
            let section = Section::NODES.into_iter().find(|section| self.model.has(*section, slug));
            match section.and_then(|section| Some((section, names.number(section, slug)?))) {
                Some((section, own)) => self.find(names, section, own, slug),
                None => Looked { key: Key::of(number, Aspect::Element), found: None },
            }
        })
    }

    /// Finds what a reference of the model names: an element of a section, or any node. The text stays where it is as long
    /// as the model is looked at, so that it is known again by that.
    pub(super) fn follow(&self, section: Option<Section>, name: &'m str) -> Option<Seat<'m>> {
        let at = (name.as_ptr().addr() / 16) % RECENT;
        let known = self.recent.borrow()[at].filter(|(of, text, _)| *of == section && std::ptr::eq(*text, name));
        let number = match known {
            Some((.., number)) => number,
            None => {
                let mut names = self.names.borrow_mut();
                let number = match section {
                    Some(section) => names.number(section, name),
                    None => names.node(name),
                }?;
                self.recent.borrow_mut()[at] = Some((section, name, number));
                number
            }
        };
        match section {
            Some(section) => self.seat_of(number, section, name),
            None => self.node_of(number, name),
        }
    }

    pub(super) fn element(&self, section: Section, slug: &str) -> Option<Value<'m>> {
        self.seat(section, slug).map(Seat::value)
    }

    /// What a reference leads to.
    pub(super) fn resolve(&self, target: Target, name: &'m str) -> Option<Value<'m>> {
        let seat = match (target, Section::of_target(target)) {
            (Target::Any | Target::Drawn, sections) => match name.split_once(':') {
                Some((section, slug)) => Section::from_name(section)
                    .filter(|section| sections.contains(section))
                    .and_then(|section| self.seat(section, slug)),
                None => self.follow(None, name),
            },
            (_, [one]) => self.follow(Some(*one), name),
            _ => self.follow(None, name),
        };
        if let Some(seat) = seat {
            return Some(seat.value());
        }
        // Where a model has no ladder of its own, the default one holds: its classes have a rank and nothing else.
        let on_ladder = target == Target::Class && self.ranks.contains_key(name);
        on_ladder.then(|| item(What::Plain(Fact::Unknown), Place::of(Section::Classes, name), None))
    }

    pub(super) fn exposure(&self, at: usize) -> Value<'m> {
        Value::Exposure(u32::try_from(at).unwrap_or(u32::MAX), &self.exposures[at].grant)
    }

    /// The numbers of what an exposure fact is about.
    pub(super) fn ends_at(&self, at: usize) -> Ends {
        self.occurrences.ends(at)
    }

    /// The role of an exposure fact.
    pub(super) fn role_at(&self, at: usize) -> Option<Seat<'m>> {
        let slug = self.exposures[at].role.as_str();
        let number = self.occurrences.ends(at).role;
        self.look(number, |names| self.find(names, Section::Roles, number, slug))
    }

    /// The endpoint of an exposure fact.
    pub(super) fn endpoint_at(&self, at: usize) -> Option<Seat<'m>> {
        let slug = self.exposures[at].endpoint.as_str();
        let number = self.occurrences.ends(at).endpoint;
        self.look(number, |names| self.find(names, Section::Endpoints, number, slug))
    }

    /// The dataset of an exposure fact.
    pub(super) fn dataset_at(&self, at: usize) -> Option<Seat<'m>> {
        let slug = self.exposures[at].dataset.as_ref()?.as_str();
        let number = self.occurrences.ends(at).dataset?;
        self.look(number, |names| self.find(names, Section::Datasets, number, slug))
    }

    /// One of the elements that an exposure fact is about.
    pub(super) fn end_at(&self, at: usize, end: ExposureField) -> Option<Seat<'m>> {
        match end {
            ExposureField::Role => self.role_at(at),
            ExposureField::Endpoint => self.endpoint_at(at),
            ExposureField::Dataset => self.dataset_at(at),
            _ => None,
        }
    }

    /// Notes that what an exposure fact is about is read. Nobody has to look it up for that; and where many rules ask the
    /// same facts at one place, that is noted once.
    #[inline]
    pub(super) fn read_ends(&self, at: usize, ends: ReadEnds) {
        let round = self.reads.borrow().round();
        if let Some(round) = round {
            let (then, noted) = self.noted[at].get();
            let noted = if then == round { noted } else { ReadEnds::default() };
            if noted.covers(ends) {
                return;
            }
            self.noted[at].set((round, noted.and(ends)));
        }
        self.note_ends(at, ends);
    }

    fn note_ends(&self, at: usize, ends: ReadEnds) {
        let mut reads = self.reads.borrow_mut();
        if reads.is_off() {
            return;
        }
        let mut names = self.names.borrow_mut();
        let mut note = |section, number| reads.add(Key::of(names.known_as(section, number), Aspect::Element));
        let Ends { role, endpoint, dataset } = self.occurrences.ends(at);
        if ends.covers(ReadEnds::ROLE) {
            note(Section::Roles, role);
        }
        if ends.covers(ReadEnds::ENDPOINT) {
            note(Section::Endpoints, endpoint);
        }
        if let Some(dataset) = dataset.filter(|_| ends.covers(ReadEnds::DATASET)) {
            note(Section::Datasets, dataset);
        }
    }

    /// The exposure facts in which an element occurs, by their places.
    pub(super) fn exposed_at(&self, place: Place<'m>) -> FactPlaces {
        let Place { section, slug, .. } = place;
        let number = place.number.or_else(|| self.names.borrow_mut().number(section, slug));
        self.note_at(number, Aspect::Exposures);
        match section {
            Section::Services | Section::Platforms => {
                let served = self.served_by(section, slug).iter();
                let lists: Vec<FactPlaces> = served.map(|(_, number)| self.facts_of(*number)).collect();
                lists.iter().flat_map(|list| list.iter().copied()).collect()
            }
            Section::Controls => {
                self.note(Key::GUARDED);
                self.guarded_by(slug)
            }
            _ => number.map(|number| self.facts_of(number)).unwrap_or_default(),
        }
    }

    /// The exposure facts of a role, an endpoint or a dataset.
    pub(super) fn facts_of(&self, number: Number) -> FactPlaces {
        FactPlaces::part(&self.fact_places, self.occurrences.of(number))
    }

    /// The highest rank of what a fact covers, and whether some of it has none. Most rules ask for it.
    pub(super) fn classes_at(&self, at: usize) -> Covered {
        self.dataset_at(at);
        if let Some(known) = self.classes[at].get() {
            return known;
        }
        let classes = classes_of_fact(self.model, &self.exposures[at]);
        let found = (classes.highest.map(|rank| rank.rank), classes.has_unknown);
        self.classes[at].set(Some(found));
        found
    }

    /// The endpoints that say that a service or platform serves them.
    pub(super) fn endpoints_of(&self, place: Place<'m>) -> &[(Slug, Number)] {
        self.note_at(place.number, Aspect::Served);
        self.served_by(place.section, place.slug)
    }

    fn served_by(&self, section: Section, slug: &str) -> &[(Slug, Number)] {
        let served = self.served.get_or_init(|| {
            let mut names = self.names.borrow_mut();
            let mut served = Served::default();
            for (slug, endpoint) in &self.model.endpoints {
                let this = (slug.clone(), names.number_of(Section::Endpoints, slug));
                if let Some(service) = &endpoint.service {
                    served.entry((Section::Services, service.slug().clone())).or_default().push(this.clone());
                }
                if let Some(platform) = platform_of_endpoint(self.model, slug.as_str()) {
                    served.entry((Section::Platforms, platform.clone())).or_default().push(this);
                }
            }
            Arc::new(served)
        });
        let found = Slug::new(slug).ok().and_then(|slug| served.get(&(section, slug)));
        found.map_or(&[], Vec::as_slice)
    }

    /// The services that say that they run on a platform.
    pub(super) fn services_of(&self, place: Place<'m>) -> Vec<&'m Slug> {
        self.note_at(place.number, Aspect::Served);
        let services = self.model.services.iter();
        let runs = services
            .filter(|(_, service)| service.platform.as_ref().is_some_and(|link| link.slug().as_str() == place.slug));
        runs.map(|(slug, _)| slug).collect()
    }

    /// The flows that start at a node, or end there.
    pub(super) fn flows_at(&self, place: Place<'m>, start: bool) -> &[&'m Slug] {
        self.note_at(place.number, Aspect::Flows);
        let flows = self.flows.get_or_init(|| {
            let mut flows = Flows { from: FastMap::default(), to: FastMap::default() };
            for (slug, flow) in &self.model.flows {
                flows.from.entry(flow.from.slug().as_str()).or_default().push(slug);
                flows.to.entry(flow.to.slug().as_str()).or_default().push(slug);
            }
            flows
        });
        let flows = if start { &flows.from } else { &flows.to };
        // Only nodes have flows, and their slugs are unique together.
        flows.get(place.slug).filter(|_| place.section.is_node()).map_or(&[], Vec::as_slice)
    }

    /// The highest rank within a dataset, and whether some of it has none; nothing where there is no such dataset.
    pub(super) fn classes_of(&self, place: Place<'m>) -> Option<Covered> {
        let known = place.number.and_then(|number| self.dataset_classes.borrow().get(&number).copied());
        if known.is_some() {
            return known;
        }
        let dataset = self.model.datasets.get(place.slug)?;
        let rank = |link: &ClassLink| self.ranks.get(link.slug().as_str()).copied();
        let own = dataset.class.as_ref().and_then(rank);
        let of_fields = dataset.fields.values().map(|field| field.class.as_ref().and_then(rank).or(own));
        let (mut highest, mut open) = (own, own.is_none() && dataset.fields_complete != Some(true));
        for rank in of_fields {
            open |= rank.is_none();
            highest = highest.max(rank);
        }
        if let Some(number) = place.number {
            self.dataset_classes.borrow_mut().insert(number, (highest, open));
        }
        Some((highest, open))
    }

    /// The fields that an exposure fact covers, if they were looked at before.
    pub(super) fn covered(&self, at: usize) -> Option<CoveredFields<'m>> {
        self.fields.borrow().get(&at).cloned()
    }

    /// Keeps the fields that an exposure fact covers.
    pub(super) fn keep_covered(&self, at: usize, fields: List<'m>, missing: Option<(Place<'m>, &'static str)>) {
        self.fields.borrow_mut().insert(at, (fields, missing));
    }

    /// The datasets that a relation joins with another, from either side.
    pub(super) fn related(&self, dataset: &str) -> Option<&BTreeSet<String>> {
        let related = self.related.get_or_init(|| {
            let mut related: FastMap<String, BTreeSet<String>> = FastMap::default();
            for (slug, dataset) in &self.model.datasets {
                for to in dataset.relations.values().map(|relation| relation.to.slug()).filter(|to| *to != slug) {
                    related.entry(slug.to_string()).or_default().insert(to.to_string());
                    related.entry(to.to_string()).or_default().insert(slug.to_string());
                }
            }
            related
        });
        related.get(dataset)
    }

    /// Whether a way to a node passes or avoids a kind of service, or the services whose kind would have to be known.
    pub(super) fn ask_ways(&self, asked: Asked, kind: &str, slug: &str) -> Result<bool, Vec<Slug>> {
        let Some(node) = self.names.borrow_mut().node(slug) else { return Ok(false) };
        self.note(Key::of(node, Aspect::Ways));
        self.ways.of(self.model).ask(asked, kind, slug)
    }

    /// What every way to a node leads through.
    pub(super) fn single_points(&self, slug: &str) -> Vec<Seat<'m>> {
        let Some(node) = self.names.borrow_mut().node(slug) else { return Vec::new() };
        self.note(Key::of(node, Aspect::Points));
        let points = self.ways.of(self.model).single_points(slug);
        points.into_iter().filter_map(|slug| self.node(slug.as_str())).collect()
    }

    /// What a function of an element alone gives: worked out once, however many rules ask.
    pub(super) fn known(
        &self,
        function: Function,
        number: Number,
        steps: &mut u64,
        work_out: impl FnOnce(&mut u64) -> Value<'m>,
    ) -> Value<'m> {
        if let Some((value, took, keys)) = self.known.borrow().get(&(function, number)) {
            // It costs the same steps each time, so that it does not matter who asks first.
            *steps += took;
            let mut reads = self.reads.borrow_mut();
            keys.iter().for_each(|key| reads.add(*key));
            return value.clone();
        }
        let before = *steps;
        let outer = self.reads.borrow_mut().begin_kept();
        let value = work_out(steps);
        let keys: Box<[Key]> = self.reads.borrow_mut().keep(outer);
        self.known.borrow_mut().insert((function, number), (value.clone(), *steps - before, keys.into()));
        value
    }

    /// The subjects of a kind, in the order of the model.
    pub fn subjects(&self, subject: Subject) -> usize {
        subject.section().map_or(self.exposures.len(), |section| self.model.count(section))
    }
}

/// The place of a field in the declaration of a section; behind all where there is none.
pub(super) fn place_of(section: Section, name: &str) -> usize {
    section.specs().iter().take_while(|spec| spec.name != name).count()
}

/// The platform on which a service says that it runs.
fn platform_of_service<'m>(model: &'m Model, slug: &str) -> Option<&'m Slug> {
    let link = model.services.get(slug)?.platform.as_ref()?;
    model.platforms.get_key_value(link.slug()).map(|(slug, _)| slug)
}

/// The platform on which an endpoint or else its service says that it runs.
pub(crate) fn platform_of_endpoint<'m>(model: &'m Model, slug: &str) -> Option<&'m Slug> {
    let endpoint = model.endpoints.get(slug)?;
    match &endpoint.platform {
        Some(link) => model.platforms.get_key_value(link.slug()).map(|(slug, _)| slug),
        None => platform_of_service(model, endpoint.service.as_ref()?.slug().as_str()),
    }
}

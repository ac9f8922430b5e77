//! The docket: what the rules say of a model, kept up to date while the model is edited.
//!
//! Of every place it is noted what was read when its rules were asked. After an edit a rule is asked again only where both
//! are so: it may read something of the kind that was changed (told from its text, see `condition::footprint`), and at the
//! place something was read that was changed (noted when it was asked, see `condition::names`). Both say too much rather
//! than too little, and what is kept is, bit for bit, what asking everything anew would give. Of decisions and controls is
//! asked what they speak of (see `spoken`). Where the ladder of classes changes, everything is asked again.

use super::access::{Access, Fact, order};
use super::condition::{
    Aspect, EXISTENCE, Footprint, Kept, Key, KeySet, Names, Number, Stretch, World, guarded_with, platform_of_endpoint,
};
use super::court::{Clerk, Court, Heard, Spot, ask_everywhere, parts_for};
use super::evidence::{Circumstances, Controls};
use super::hash::FastMap;
use super::notes::{Note, Notes};
use super::spoken::{guarded, spoken, spots, touched_controls};
use super::threats::{Place, RuleSet, RunError, Verdict, place_of};
use crate::library::rule::Subject;
use crate::model::data::{Class, Dataset};
use crate::model::threats::Control;
use crate::model::topology::{Endpoint, Flow, Service};
use crate::model::{Element, ElementId, Model, Section, Slug};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The elements that edits touched, each as it was before the first of them; nothing where there was none.
pub type Before = BTreeMap<ElementId, Option<Element>>;

/// An element, and what was read there.
type ReadAt = (ElementId, Note);

/// What the rules say of a model.
#[derive(Debug, Clone, Default)]
pub struct Docket {
    access: Arc<Access>,
    /// By rule, and of each rule in the order of the model.
    by_rule: Vec<Vec<Arc<Verdict>>>,
    kept: Kept,
    /// What was read at each element that rules are about, by its number.
    at_elements: Vec<Option<ReadAt>>,
    /// What was read at each exposure fact.
    at_facts: Vec<Note>,
    /// The keys that were read.
    notes: Notes,
}

/// What is said in a run of places, and what was read there.
struct Noted {
    by_rule: Vec<Vec<Arc<Verdict>>>,
    at_elements: Vec<(Number, ElementId, Note)>,
    at_facts: Vec<Note>,
    notes: Notes,
}

impl Clerk for Noted {
    const WANTS_READS: bool = true;

    fn new(rules: &RuleSet) -> Noted {
        let by_rule = rules.rules().map(|_| Vec::new()).collect();
        Noted { by_rule, at_elements: Vec::new(), at_facts: Vec::new(), notes: Notes::default() }
    }

    fn verdict(&mut self, verdict: Verdict) {
        self.by_rule[verdict.rule].push(Arc::new(verdict));
    }

    fn asked(&mut self, spot: Spot<'_>, world: &World<'_>) {
        let read = world.reads(|keys| self.notes.put(keys));
        match spot {
            Spot::Element(section, slug, number) => {
                self.at_elements.push((number, ElementId::new(section, slug.clone()), read));
            }
            Spot::Fact(_) => self.at_facts.push(read),
        }
    }
}

/// It can be made by another thread than that which follows edits with it.
const _: fn() = || {
    fn is_sent<T: Send>() {}
    is_sent::<Docket>();
};

/// What an edit changed in what a rule says of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it said before; nothing where it did not apply.
    pub before: Option<Arc<Verdict>>,
    /// What it says now.
    pub after: Option<Arc<Verdict>>,
}

/// What became of a docket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Followed {
    /// These verdicts are others.
    Changed(Vec<Change>),
    /// Everything was asked anew.
    Anew,
}

impl Docket {
    /// Asks all rules of a model.
    pub fn new<'a>(
        rules: &RuleSet,
        model: &Model,
        access: Arc<Access>,
        circumstances: impl Into<Circumstances<'a>>,
    ) -> Result<Docket, RunError> {
        let parts = parts_for(rules, model, &access);
        Docket::new_in(parts, rules, model, access, circumstances)
    }

    /// The same, in so many parts at once: what is said does not depend on how many there are.
    pub fn new_in<'a>(
        parts: usize,
        rules: &RuleSet,
        model: &Model,
        access: Arc<Access>,
        circumstances: impl Into<Circumstances<'a>>,
    ) -> Result<Docket, RunError> {
        let heard = ask_everywhere::<Noted>(rules, parts, model, &access, circumstances.into(), false)?;
        let Heard { mut runs, kept, common, beyond } = heard;
        let of_rule = |rule: usize| {
            let said = runs.iter_mut().map(|run| std::mem::take(&mut run.said.by_rule[rule]));
            said.collect::<Vec<_>>().concat()
        };
        let by_rule = (0..rules.rules().count()).map(of_rule).collect();
        let mut docket = Docket { access, by_rule, kept, ..Docket::default() };
        for run in runs {
            let moved = docket.notes.append(run.said.notes, common, &beyond[run.part]);
            for (number, id, read) in run.said.at_elements {
                note(&mut docket.at_elements, number, Some((id, moved(read))));
            }
            docket.at_facts.extend(run.said.at_facts.into_iter().map(moved));
        }
        // Where no rule is about them.
        docket.at_facts.resize(docket.access.facts.len(), Note::default());
        Ok(docket)
    }

    /// Every verdict, by rule and then in the order of the model.
    pub fn verdicts(&self) -> impl Iterator<Item = &Arc<Verdict>> + Clone {
        self.by_rule.iter().flatten()
    }

    /// How many verdicts there are.
    pub fn len(&self) -> usize {
        self.by_rule.iter().map(Vec::len).sum()
    }

    /// Whether no rule says anything.
    pub fn is_empty(&self) -> bool {
        self.by_rule.iter().all(Vec::is_empty)
    }

    /// Brings it up to date after edits, in the same circumstances and with the same rules. After an error it is of no use.
    pub fn follow<'a>(
        &mut self,
        rules: &RuleSet,
        model: &Model,
        access: Arc<Access>,
        circumstances: impl Into<Circumstances<'a>>,
        before: &Before,
    ) -> Result<Followed, RunError> {
        let circumstances = circumstances.into();
        if asks_anew(model, before) {
            *self = Docket::new(rules, model, access, circumstances)?;
            return Ok(Followed::Anew);
        }
        let mut kept = std::mem::take(&mut self.kept);
        let mut edited = Edited { names: &mut kept.names, changed: Footprint::default(), dirty: KeySet::default() };
        before.iter().for_each(|(id, then)| edited.element(model, id, then.as_ref()));
        touched_controls(model, before).for_each(|(_, control)| edited.control(model, control));
        let fresh = self.follow_facts(model, &access, &mut edited);
        let Edited { changed, mut dirty, .. } = edited;
        if let Some(stood) = &fresh.stood {
            kept.said.follow(stood);
            if let Some(then) = kept.occurrences.as_ref().filter(|_| changed.exposures) {
                kept.occurrences = Some(Arc::new(then.follow(&mut kept.names, stood, &access.facts)));
            }
        }
        for key in kept.ways.follow(model, &mut kept.names, before.keys()) {
            dirty.put(key);
        }
        before.keys().for_each(|id| kept.forget_facts_of(id));
        let serves = |id: &ElementId| matches!(id.section, Section::Endpoints | Section::Services | Section::Platforms);
        kept.served = kept.served.filter(|_| !before.keys().any(serves));
        // What was said of a place that is gone.
        let mut said: Vec<(usize, Place, Option<Verdict>)> = Vec::new();
        let mut gone = |place: Place, subject| {
            said.extend(rules.about(subject).into_iter().map(|rule| (rule, place.clone(), None)));
        };
        let subject_of = |section| Subject::ALL.into_iter().find(|subject| subject.section() == Some(section));
        let mut asked: Vec<(ElementId, Number)> = Vec::new();
        for id in before.keys() {
            let Some(subject) = subject_of(id.section) else { continue };
            let number = kept.names.number_of(id.section, &id.slug);
            let was_there = self.at_elements.get(number as usize).is_some_and(Option::is_some);
            match (was_there, model.has(id.section, id.slug.as_str())) {
                (true, false) => {
                    gone(Place::Element(id.clone()), subject);
                    let gone = self.at_elements[number as usize].take();
                    gone.into_iter().for_each(|(_, note)| self.notes.drop(note));
                }
                (false, true) => asked.push((id.clone(), number)),
                _ => {}
            }
        }
        fresh.gone.into_iter().for_each(|place| gone(place, Subject::Exposure));
        let world = World::after(model, &access.facts, circumstances, kept);
        let controls = Controls::new(model, circumstances);
        let mut court = Court::new(model, &access, &world, circumstances.today, &controls);
        let mut failed = None;
        let about: Vec<Vec<usize>> = Subject::ALL.into_iter().map(|subject| rules.about(subject)).collect();
        let footprints: Vec<&Footprint> = rules.footprints().collect();
        let meeting: Vec<bool> = footprints.iter().map(|footprint| footprint.meets(&changed)).collect();
        // The rules to ask again where this was read.
        let is_dirty = |key: &Key| dirty.has(*key);
        let again = |subject: Subject, keys: &[Key]| -> Vec<usize> {
            let (whole, part): (Vec<Key>, Vec<Key>) =
                keys.iter().copied().filter(is_dirty).partition(|key| key.is_whole());
            let asks = |rule: &usize| {
                (!part.is_empty() && meeting[*rule]) || whole.iter().any(|key| footprints[*rule].whole.contains(key))
            };
            about[subject as usize].iter().copied().filter(asks).collect()
        };
        let mut ask = |spot: Spot<'_>, which: &[usize]| {
            court.ask(rules, which, spot, false, &mut failed, |rule, verdict| {
                said.push((rule, spot.place(&access), verdict));
            });
        };
        let notes = &mut self.notes;
        for subject in Subject::ALL {
            match subject.section() {
                None => {
                    for at in &fresh.asked {
                        ask(Spot::Fact(*at), &about[subject as usize]);
                        notes.drop(self.at_facts[*at]);
                        self.at_facts[*at] = world.reads(|keys| notes.put(keys));
                    }
                    for at in 0..self.at_facts.len() {
                        let keys = notes.get(self.at_facts[at]);
                        // Nearly nowhere.
                        if !keys.iter().any(is_dirty) || fresh.asked.binary_search(&at).is_ok() {
                            continue;
                        }
                        let again = again(subject, keys);
                        if !again.is_empty() {
                            ask(Spot::Fact(at), &again);
                            world.reads(|keys| notes.add(&mut self.at_facts[at], keys));
                        }
                    }
                }
                Some(section) => {
                    for (id, number) in asked.iter().filter(|(id, _)| id.section == section) {
                        ask(Spot::Element(section, &id.slug, *number), &about[subject as usize]);
                        let read = world.reads(|keys| notes.put(keys));
                        note(&mut self.at_elements, *number, Some((id.clone(), read)));
                    }
                }
            }
        }
        let places = (0..).zip(&mut self.at_elements);
        for (number, place) in places.filter_map(|(number, place)| Some((number, place.as_mut()?))) {
            let keys = notes.get(place.1);
            if !keys.iter().any(is_dirty) || asked.iter().any(|(id, _)| *id == place.0) {
                continue;
            }
            let Some(subject) = subject_of(place.0.section) else { continue };
            let again = again(subject, keys);
            if !again.is_empty() {
                ask(Spot::Element(place.0.section, &place.0.slug, number), &again);
                world.reads(|keys| notes.add(&mut place.1, keys));
            }
        }
        for (rule, elements) in spoken(rules, model, before) {
            for spot in spots(&world, model, rules.rule(rule).about, &elements) {
                ask(spot, &[rule]);
                match spot {
                    Spot::Element(.., number) => {
                        let place = self.at_elements.get_mut(number as usize).and_then(Option::as_mut);
                        place.into_iter().for_each(|(_, note)| world.reads(|keys| notes.add(note, keys)));
                    }
                    Spot::Fact(at) => world.reads(|keys| notes.add(&mut self.at_facts[at], keys)),
                }
            }
        }
        court.close();
        self.kept = world.into_kept();
        let elements = self.at_elements.iter_mut().flatten().map(|(_, note)| note);
        self.notes.tidy(elements.chain(&mut self.at_facts));
        if let Some((_, error)) = failed {
            // Which of several errors is told does not depend on what was asked before.
            Docket::new(rules, model, access, circumstances)?;
            return Err(error);
        }
        self.access = access;
        Ok(Followed::Changed(self.replace(said)))
    }

    /// Takes what is said now in the place of what was said before.
    fn replace(&mut self, mut said: Vec<(usize, Place, Option<Verdict>)>) -> Vec<Change> {
        said.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        // What is spoken of where something else changed as well was asked twice.
        said.dedup_by(|one, other| (one.0, &one.1) == (other.0, &other.1));
        let mut changes = Vec::new();
        let mut said = said.into_iter().peekable();
        while let Some(rule) = said.peek().map(|(rule, ..)| *rule) {
            let list = &mut self.by_rule[rule];
            // What comes before the place at which something stood, or what is taken from there, in order.
            let mut moves: Vec<(usize, Option<Arc<Verdict>>)> = Vec::new();
            while let Some((_, place, verdict)) = said.next_if(|(other, ..)| *other == rule) {
                let found = list.binary_search_by(|old| (*old.place).cmp(&place));
                let before = found.ok().map(|at| list[at].clone());
                if before.as_deref() == verdict.as_ref() {
                    continue;
                }
                let after = verdict.map(Arc::new);
                match (found, &after) {
                    (Ok(at), Some(after)) => list[at] = after.clone(),
                    (Ok(at), None) => moves.push((at, None)),
                    (Err(at), Some(after)) => moves.push((at, Some(after.clone()))),
                    (Err(_), None) => {}
                }
                changes.push(Change { before, after });
            }
            if moves.is_empty() {
                continue;
            }
            let (mut old, mut done) = (std::mem::take(list).into_iter(), 0);
            list.reserve(old.len() + moves.len());
            for (at, new) in moves {
                list.extend(old.by_ref().take(at - done));
                done = at;
                match new {
                    Some(new) => list.push(new),
                    None => {
                        old.next();
                        done += 1;
                    }
                }
            }
            list.extend(old);
        }
        changes
    }

    /// Finds which exposure facts are others, and brings what was read at them into their new order.
    fn follow_facts(&mut self, model: &Model, access: &Arc<Access>, edited: &mut Edited<'_>) -> Fresh {
        let mut fresh = Fresh::default();
        if Arc::ptr_eq(&self.access, access) {
            return fresh;
        }
        let (then, now) = (&self.access.facts, &access.facts);
        let reads = std::mem::take(&mut self.at_facts);
        let read_at = |old: usize| reads.get(old).copied().unwrap_or_default();
        let (mut old, mut at_facts) = (0, Vec::with_capacity(now.len()));
        let mut stood = Vec::new();
        for (at, fact) in now.iter().enumerate() {
            // Nearly all are the same as before.
            if then.get(old).is_some_and(|before| Arc::ptr_eq(before, fact)) {
                at_facts.push(read_at(old));
                Stretch::push(&mut stood, Some(old));
                old += 1;
                continue;
            }
            // What stood before it and is not there any more.
            while let Some(before) = then.get(old).filter(|before| order(before, fact) == Ordering::Less) {
                edited.fact(model, before);
                fresh.gone.push(place_of(before));
                self.notes.drop(read_at(old));
                old += 1;
            }
            match then.get(old).filter(|before| order(before, fact) == Ordering::Equal) {
                Some(before) => {
                    at_facts.push(read_at(old));
                    Stretch::push(&mut stood, Some(old).filter(|_| before == fact));
                    old += 1;
                    if before != fact {
                        edited.fact(model, fact);
                        fresh.asked.push(at);
                    }
                }
                None => {
                    edited.fact(model, fact);
                    fresh.asked.push(at);
                    at_facts.push(Note::default());
                    Stretch::push(&mut stood, None);
                }
            }
        }
        for (at, before) in then.iter().enumerate().skip(old) {
            edited.fact(model, before);
            fresh.gone.push(place_of(before));
            self.notes.drop(read_at(at));
        }
        self.at_facts = at_facts;
        fresh.stood = Some(stood);
        fresh
    }
}

/// Exposure facts that are others than before.
#[derive(Default)]
struct Fresh {
    /// Those that are new or say something else, by their places now.
    asked: Vec<usize>,
    /// Those that are gone.
    gone: Vec<Place>,
    /// Where each stood before, where it says the same; nothing where all are what they were.
    stood: Option<Vec<Stretch>>,
}

fn note(places: &mut Vec<Option<ReadAt>>, number: Number, place: Option<ReadAt>) {
    let at = number as usize;
    if at >= places.len() {
        places.resize(at + 1, None);
    }
    places[at] = place;
}

/// Whether what is said can change everywhere, so that everything is to be asked anew: nearly all is compared with a rank.
pub fn asks_anew(model: &Model, before: &Before) -> bool {
    let is_other = |(id, then): (&ElementId, &Option<Element>)| {
        let then = then.as_ref().and_then(Class::of).map(|class| class.rank);
        id.section == Section::Classes && then != model.classes.get(&id.slug).map(|class| class.rank)
    };
    before.iter().any(is_other)
}

/// How many exposure facts hang on what edits touched, or on what controls guard that they touched: where many do, much is
/// asked again. On a name nothing hangs.
pub fn facts_on(model: &Model, access: &Access, before: &Before) -> usize {
    let told = |element: &Element| {
        let names = element.section().specs().iter().map(|spec| spec.name).filter(|name| *name != "title");
        names.map(|name| element.reflect().get(name)).collect::<Vec<_>>()
    };
    let is_named_otherwise = |id: &ElementId, then: Option<&Element>| match (then, model.element(id)) {
        (Some(then), Some(now)) => told(then) == told(&now),
        _ => false,
    };
    let touched = before.iter().filter(|(id, then)| !is_named_otherwise(id, then.as_ref())).map(|(id, _)| id.clone());
    let guarded = touched_controls(model, before).flat_map(|(_, control)| guarded(control));
    let ends = touched.chain(guarded).flat_map(|id| guarded_with(model, id));
    let ends: FastMap<(Section, Slug), ()> = ends.map(|id| ((id.section, id.slug), ())).collect();
    let is_on = |fact: &&Arc<Fact>| {
        let ends = |section: Section, slug: &Slug| ends.contains_key(&(section, slug.clone()));
        ends(Section::Roles, &fact.role)
            || ends(Section::Endpoints, &fact.endpoint)
            || fact.dataset.as_ref().is_some_and(|slug| ends(Section::Datasets, slug))
            || ends(Section::Grants, &fact.grant)
    };
    if ends.is_empty() { 0 } else { access.facts.iter().filter(is_on).count() }
}

/// What edits changed: in kind, and exactly.
struct Edited<'k> {
    names: &'k mut Names,
    changed: Footprint,
    dirty: KeySet,
}

impl Edited<'_> {
    fn key(&mut self, key: Key) {
        self.dirty.put(key);
    }

    fn mark(&mut self, section: Section, slug: &Slug, aspects: &[Aspect]) {
        let number = self.names.number_of(section, slug);
        aspects.iter().for_each(|aspect| self.key(Key::of(number, *aspect)));
    }

    /// An element that was touched.
    fn element(&mut self, model: &Model, id: &ElementId, then: Option<&Element>) {
        let names = id.section.specs().iter().map(|spec| spec.name);
        let changed: Vec<&str> = match (then.map(Element::reflect), model.reflect(id)) {
            (None, None) => return,
            (Some(then), Some(now)) => names.filter(|name| then.get(name) != now.get(name)).collect(),
            _ => names.chain([EXISTENCE]).collect(),
        };
        if changed.is_empty() {
            return;
        }
        self.changed.fields.extend(changed.iter().map(|name| (id.section, *name)));
        if let Some(number) = self.names.read_as(id.section, id.slug.as_str()) {
            self.key(Key::of(number, Aspect::Element));
        }
        let is_other = |fields: &[&str]| changed.iter().any(|name| *name == EXISTENCE || fields.contains(name));
        let guarding = match id.section {
            Section::Endpoints => is_other(&["boundary", "service", "platform"]),
            Section::Services => is_other(&["boundary", "platform"]),
            Section::Datasets => is_other(&["boundary"]),
            Section::Boundaries => is_other(&["parent"]),
            Section::Platforms => is_other(&[]),
            _ => false,
        };
        if guarding {
            self.key(Key::GUARDED);
        }
        match id.section {
            Section::Flows if is_other(&["from", "to"]) => {
                for flow in then.and_then(Flow::of).into_iter().chain(model.flows.get(&id.slug)) {
                    for (section, end) in Section::NODES.into_iter().flat_map(|at| [(at, &flow.from), (at, &flow.to)]) {
                        self.mark(section, end.slug(), &[Aspect::Flows]);
                    }
                }
            }
            Section::Datasets if is_other(&["relations"]) => {
                for dataset in then.and_then(Dataset::of).into_iter().chain(model.datasets.get(&id.slug)) {
                    self.mark(Section::Datasets, &id.slug, &[Aspect::Related]);
                    for relation in dataset.relations.values() {
                        self.mark(Section::Datasets, relation.to.slug(), &[Aspect::Related]);
                    }
                }
            }
            Section::Endpoints if is_other(&["service", "platform"]) => {
                for endpoint in then.and_then(Endpoint::of).into_iter().chain(model.endpoints.get(&id.slug)) {
                    if let Some(service) = &endpoint.service {
                        self.host(Section::Services, service.slug());
                        if let Some(platform) = model.services.get(service.slug()).and_then(|of| of.platform.as_ref()) {
                            self.host(Section::Platforms, platform.slug());
                        }
                    }
                    if let Some(platform) = &endpoint.platform {
                        self.host(Section::Platforms, platform.slug());
                    }
                }
            }
            Section::Services => {
                let then = then.and_then(Service::of).and_then(|service| service.platform.as_ref());
                let now = model.services.get(&id.slug).and_then(|service| service.platform.as_ref());
                for platform in then.into_iter().chain(now).filter(|_| is_other(&["platform"])) {
                    self.host(Section::Platforms, platform.slug());
                }
            }
            _ => {}
        }
    }

    /// A control that was touched, as it was or as it is.
    fn control(&mut self, model: &Model, control: &Control) {
        self.changed.fields.insert((Section::Controls, "guards"));
        self.key(Key::GUARDED);
        for id in guarded(control) {
            self.mark(id.section, &id.slug, &[Aspect::Guards]);
            for end in guarded_with(model, id) {
                // The facts of a grant are facts of its endpoint.
                let (section, slug) = match model.grants.get(&end.slug).filter(|_| end.section == Section::Grants) {
                    Some(grant) => (Section::Endpoints, grant.endpoint.slug()),
                    None => (end.section, &end.slug),
                };
                self.mark(section, slug, &[Aspect::Guards]);
            }
        }
    }

    /// Something else may be served by this, or run on it.
    fn host(&mut self, section: Section, slug: &Slug) {
        self.mark(section, slug, &[Aspect::Served, Aspect::Exposures]);
    }

    /// An exposure fact that is new, gone, or another.
    fn fact(&mut self, model: &Model, fact: &Fact) {
        self.changed.exposures = true;
        self.key(Key::GUARDED);
        let service = model.endpoints.get(&fact.endpoint).and_then(|endpoint| endpoint.service.as_ref());
        let ends = [
            (Section::Roles, Some(&fact.role)),
            (Section::Endpoints, Some(&fact.endpoint)),
            (Section::Datasets, fact.dataset.as_ref()),
            (Section::Services, service.map(|link| link.slug())),
            (Section::Platforms, platform_of_endpoint(model, fact.endpoint.as_str())),
        ];
        for (section, slug) in ends {
            if let Some(slug) = slug {
                self.mark(section, slug, &[Aspect::Exposures]);
            }
        }
    }
}

//! The only way in which a model changes: edits, each with its inverse, and the history of them.
//!
//! An edit puts whole elements in or takes them out. That is coarse on purpose: it is trivially invertible, it can be
//! written to a journal as text, and comparing two elements tells which fields changed when that matters.

use super::access::Grant;
use super::document::{Element, ElementId, Model, Section};
use super::reference::{Forgotten, Target};
use super::reflect::Step;
use super::slug::Slug;
use super::text::Text;
use super::threats::{Evidence, EvidenceKind};
use super::wording::Rewording;
use std::collections::{BTreeMap, BTreeSet};

/// One place of an edit: what the element is to be, or nothing to take it out.
#[derive(Debug, Clone, PartialEq)]
pub struct Put {
    /// Which element.
    pub id: ElementId,
    /// What it is to be.
    pub element: Option<Element>,
}

/// An edit: one step of undo, with a name that people see.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// What it does, such as "add dataset Patients".
    pub name: String,
    /// The elements that it puts in or takes out.
    pub puts: Vec<Put>,
    /// A new title of the model, where that changes.
    pub title: Option<Text>,
    /// Texts that people wrote and that change with it: those of elements which are taken out or written anew.
    pub wordings: Vec<Rewording>,
}

/// Why an edit can not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The element is gone.
    #[error("there is no {noun} `{slug}`")]
    Missing {
        /// What it would have been.
        noun: &'static str,
        /// Its slug.
        slug: String,
    },
    /// The field's new value is not one.
    #[error("{field}: {why}")]
    BadValue {
        /// The field.
        field: String,
        /// What is wrong.
        why: String,
    },
    /// A boundary would end up inside itself.
    #[error("{0} can not be put inside itself")]
    Cycle(String),
}

impl Edit {
    /// An edit of these elements.
    pub fn new(name: impl Into<String>, puts: Vec<Put>) -> Edit {
        Edit { name: name.into(), puts, title: None, wordings: Vec::new() }
    }

    /// Puts one element in, or changes it.
    pub fn put(name: impl Into<String>, id: ElementId, element: Element) -> Edit {
        Edit::new(name, vec![Put { id, element: Some(element) }])
    }

    /// Makes the edit and returns the edit that takes it back.
    pub fn apply(&self, model: &mut Model) -> Edit {
        let mut back: Vec<Put> = self
            .puts
            .iter()
            .map(|put| Put { id: put.id.clone(), element: model.replace(&put.id, put.element.clone()) })
            .collect();
        // Undone in the opposite order, so that an element named twice ends up as it was at first.
        back.reverse();
        let title = self.title.as_ref().map(|title| std::mem::replace(&mut model.title, title.clone()));
        let wordings = self.wordings.iter().rev().map(Rewording::inverse).collect();
        for rewording in &self.wordings {
            model.wordings.set(&rewording.id, rewording.after.clone());
        }
        Edit { name: self.name.clone(), puts: back, title, wordings }
    }

    /// Makes the edit where nobody will take it back, as while a file is read: nothing is copied for that.
    pub fn apply_for_good(self, model: &mut Model) {
        for put in self.puts {
            model.replace(&put.id, put.element);
        }
        if let Some(title) = self.title {
            model.title = title;
        }
        for rewording in self.wordings {
            model.wordings.set(&rewording.id, rewording.after);
        }
    }

    /// Whether it changes nothing.
    pub fn is_void(&self, model: &Model) -> bool {
        self.title.as_ref().is_none_or(|title| *title == model.title)
            && self.puts.iter().all(|put| model.element(&put.id) == put.element)
            && self.wordings.iter().all(|rewording| rewording.before == rewording.after)
    }
}

/// A slug for a new element: from its title, free in its section (for nodes: among all nodes).
pub fn free_slug(model: &Model, section: Section, title: &str) -> Slug {
    let taken = |slug: &Slug| {
        if section.is_node() { model.node(slug.as_str()).is_some() } else { model.has(section, slug.as_str()) }
    };
    Slug::from_title(title, section.noun().split(' ').next().unwrap_or("x")).free(taken)
}

/// Adds an element with a title and nothing else known. Returns the edit and the new name.
pub fn add(model: &Model, section: Section, title: &str) -> (Edit, ElementId) {
    let id = ElementId::new(section, free_slug(model, section, title));
    let mut element = section.blank();
    // A title is text, and text always reads back.
    let _ = element.reflect_mut().set("title", Some(&super::reflect::to_ron(&Text::new(title))));
    (Edit::put(format!("add {} {}", section.noun(), super::text::one_line(title, 40)), id.clone(), element), id)
}

/// Sets one field of one element from RON; nothing makes it unknown.
pub fn set_field(model: &Model, id: &ElementId, field: &'static str, ron: Option<&str>) -> Result<Edit, EditError> {
    set_at(model, id, &[Step::Field(field)], ron)
}

/// Sets the value at the end of a path into an element from RON; nothing makes it unknown. What a person sets is no
/// assumption any more.
pub fn set_at(model: &Model, id: &ElementId, path: &[Step], ron: Option<&str>) -> Result<Edit, EditError> {
    let mut element = model.element(id).ok_or_else(|| missing(id))?;
    let field = path_name(path);
    element.reflect_mut().set_at(path, ron).map_err(|why| EditError::BadValue { field: field.clone(), why })?;
    if let Some(Step::Field(name)) = path.first() {
        let assumed: Vec<&Text> = element.assumed().iter().filter(|known| known.as_str() != *name).collect();
        if assumed.len() < element.assumed().len() {
            let ron = super::reflect::to_ron(&assumed);
            let set = element.reflect_mut().set("assumed", Some(&ron));
            set.map_err(|why| EditError::BadValue { field: "assumed".into(), why })?;
        }
        // What is inside of a field (its class) no import says, so that none takes anything away from there.
        if *name != "fields" || path.len() <= 2 {
            mark_by_hand(&mut element, name);
        }
        if id.section == Section::Boundaries && *name == "parent" {
            check_cycle(model, id, &element)?;
        }
    }
    let name = format!("set {field} of {}", super::text::one_line(model.title_of(id), 40));
    Ok(Edit::put(name, id.clone(), element))
}

/// Fields of which an import never takes what people said, so that nobody has to remember who said it.
const ALWAYS_PEOPLES: [&str; 6] = ["title", "notes", "tags", "assumed", "by_hand", "source"];

/// Remembers that people set a field of an element that came from an import, so that the next import leaves it alone.
pub fn mark_by_hand(element: &mut Element, field: &str) {
    let known = element.by_hand();
    let marked = known.iter().any(|name| name.as_str() == field);
    if element.source().is_none() || marked || ALWAYS_PEOPLES.contains(&field) {
        return;
    }
    let names: Vec<Text> = known.iter().cloned().chain([Text::new(field)]).collect();
    // A list of names always fits.
    let _ = element.reflect_mut().set("by_hand", Some(&super::reflect::to_ron(&names)));
}

/// Marks every field in which `after` differs from `before`: for an element that people wrote as a whole.
pub fn mark_changes_by_hand(before: &Element, after: &mut Element) {
    for spec in before.section().specs() {
        if before.reflect().get(spec.name) != after.reflect().get(spec.name) {
            mark_by_hand(after, spec.name);
        }
    }
}

/// A path as messages write it: `fields.email.class`.
pub fn path_name(path: &[Step]) -> String {
    let words: Vec<String> = path
        .iter()
        .map(|step| match step {
            Step::Field(name) => (*name).to_owned(),
            Step::Key(name) => super::text::one_line(name, 40),
            Step::Index(index) => (index + 1).to_string(),
        })
        .collect();
    words.join(".")
}

/// Moves nodes and boundaries into a boundary, or out of every boundary.
pub fn move_into(model: &Model, ids: &[ElementId], boundary: Option<&Slug>) -> Result<Edit, EditError> {
    let ron = boundary.map(super::reflect::to_ron);
    let mut puts = Vec::new();
    for id in ids {
        let mut element = model.element(id).ok_or_else(|| missing(id))?;
        let field = if id.section == Section::Boundaries { "parent" } else { "boundary" };
        if !element.reflect().specs().iter().any(|spec| spec.name == field) {
            continue;
        }
        element
            .reflect_mut()
            .set(field, ron.as_deref())
            .map_err(|why| EditError::BadValue { field: field.to_owned(), why })?;
        mark_by_hand(&mut element, field);
        if id.section == Section::Boundaries {
            check_cycle(model, id, &element)?;
        }
        puts.push(Put { id: id.clone(), element: Some(element) });
    }
    let what = match ids {
        [one] => model.title_of(one).to_owned(),
        many => format!("{} elements", many.len()),
    };
    let place = match boundary {
        Some(slug) => model.title_of(&ElementId::new(Section::Boundaries, slug.clone())).to_owned(),
        None => "no boundary".to_owned(),
    };
    Ok(Edit::new(format!("move {} into {}", super::text::one_line(&what, 40), super::text::one_line(&place, 40)), puts))
}

/// Copies elements beside themselves, under free slugs. Flows between copied nodes, and grants all of whose ends on
/// the map are copied (the endpoint and the dataset; without a dataset the role and the endpoint), are copied with them.
pub fn copy(model: &Model, ids: &[ElementId]) -> (Edit, Vec<ElementId>) {
    let items: Vec<(ElementId, Element)> = ids.iter().filter_map(|id| Some((id.clone(), model.element(id)?))).collect();
    let copied: BTreeSet<&ElementId> = ids.iter().collect();
    let has = |section, slug: &Slug| copied.contains(&ElementId::new(section, slug.clone()));
    let has_node = |slug: &Slug| Section::NODES.into_iter().any(|section| has(section, slug));
    let flows = model
        .flows
        .iter()
        .filter(|(_, flow)| has_node(flow.from.slug()) && has_node(flow.to.slug()))
        .map(|(slug, flow)| (ElementId::new(Section::Flows, slug.clone()), Element::Flow(Box::new(flow.clone()))));
    let between = |grant: &Grant| {
        let other = match &grant.dataset {
            Some(dataset) => has(Section::Datasets, dataset.slug()),
            None => has(Section::Roles, grant.role.slug()),
        };
        has(Section::Endpoints, grant.endpoint.slug()) && other
    };
    let grants =
        model.grants.iter().filter(|(_, grant)| between(grant)).map(|(slug, grant)| {
            (ElementId::new(Section::Grants, slug.clone()), Element::Grant(Box::new(grant.clone())))
        });
    let along: Vec<(ElementId, Element)> = flows.chain(grants).filter(|(id, _)| !copied.contains(id)).collect();
    duplicate(model, &items, along)
}

/// Pastes elements that were copied, under free slugs, whether the originals are still there or not.
pub fn paste(model: &Model, items: &[(ElementId, Element)]) -> (Edit, Vec<ElementId>) {
    duplicate(model, items, Vec::new())
}

/// Puts elements in a second time: `items` as copies by their titles, what goes `along` under the titles that it has.
/// Flows and grants among them join the copies. Returns the names of the copies of `items`.
fn duplicate(
    model: &Model,
    items: &[(ElementId, Element)],
    along: Vec<(ElementId, Element)>,
) -> (Edit, Vec<ElementId>) {
    let mut scratch = model.clone();
    let mut made = Vec::new();
    let mut renamed: BTreeMap<ElementId, Slug> = BTreeMap::new();
    let mut copies: Vec<(ElementId, Element)> = Vec::new();
    let titled = items.iter().map(|(id, element)| {
        let title = if element.title().is_empty() { id.slug.as_str() } else { element.title().as_str() };
        (id, element, Some(format!("{title} copy")))
    });
    for (id, element, title) in titled.chain(along.iter().map(|(id, element)| (id, element, None))) {
        let mut element = element.clone();
        let name = title.as_deref().unwrap_or(id.slug.as_str());
        let copied = ElementId::new(id.section, free_slug(&scratch, id.section, name));
        // A copy comes from no file, so that no import takes it out.
        for field in ["source", "by_hand"] {
            let _ = element.reflect_mut().set(field, None);
        }
        if let Some(title) = title {
            let _ = element.reflect_mut().set("title", Some(&super::reflect::to_ron(&Text::new(&title))));
            made.push(copied.clone());
        }
        scratch.replace(&copied, Some(element.clone()));
        renamed.insert(id.clone(), copied.slug.clone());
        copies.push((copied, element));
    }
    let new_slug = |section, slug: &Slug| renamed.get(&ElementId::new(section, slug.clone())).cloned();
    let new_node = |slug: &Slug| Section::NODES.into_iter().find_map(|section| new_slug(section, slug));
    for (_, element) in &mut copies {
        match element {
            Element::Flow(flow) => {
                // With one end alone among the copies it would be another flow than the one that was copied.
                if let (Some(from), Some(to)) = (new_node(flow.from.slug()), new_node(flow.to.slug())) {
                    (flow.from, flow.to) = (from.into(), to.into());
                }
            }
            Element::Grant(grant) => {
                if let Some(role) = new_slug(Section::Roles, grant.role.slug()) {
                    grant.role = role.into();
                }
                if let Some(endpoint) = new_slug(Section::Endpoints, grant.endpoint.slug()) {
                    grant.endpoint = endpoint.into();
                }
                let dataset = grant.dataset.as_ref().and_then(|link| new_slug(Section::Datasets, link.slug()));
                if let Some(dataset) = dataset {
                    grant.dataset = Some(dataset.into());
                }
            }
            _ => {}
        }
    }
    let puts: Vec<Put> = copies.into_iter().map(|(id, element)| Put { id, element: Some(element) }).collect();
    let name = match made.as_slice() {
        [one] => format!("copy {}", super::text::one_line(scratch.title_of(one), 40)),
        many => format!("copy {} elements", many.len()),
    };
    (Edit::new(name, puts), made)
}

/// What taking elements out does to the rest: shown before it is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Removal {
    /// The whole edit.
    pub edit: Edit,
    /// What goes with them, since it makes no sense without.
    pub taken_along: Vec<ElementId>,
    /// What stays, but no longer refers to them.
    pub cleared: Vec<ElementId>,
}

/// Takes elements out, with everything that makes no sense without them.
pub fn remove(model: &Model, ids: &[ElementId]) -> Removal {
    let mut gone: BTreeSet<ElementId> =
        ids.iter().filter(|id| model.has(id.section, id.slug.as_str())).cloned().collect();
    let mut changed: BTreeMap<ElementId, Element> = BTreeMap::new();
    // Elements that go drag others along, which may drag others along again.
    loop {
        let before = gone.len();
        for id in model.ids() {
            if gone.contains(&id) {
                continue;
            }
            let lost = references_into(model, &id, &gone);
            let Some(mut element) = model.element(&id).filter(|_| !lost.is_empty()) else { continue };
            let worst = lost.iter().map(|going| forget(&mut element, going)).max();
            if worst == Some(Forgotten::Required) {
                changed.remove(&id);
                gone.insert(id);
            } else {
                changed.insert(id, element);
            }
        }
        if gone.len() == before {
            break;
        }
    }
    let cleared: Vec<ElementId> = changed.keys().filter(|id| id.section != Section::Views).cloned().collect();
    let what = match ids {
        [one] => format!("delete {} {}", one.section.noun(), super::text::one_line(model.title_of(one), 40)),
        many => format!("delete {} elements", many.len()),
    };
    let mut puts: Vec<Put> = changed.into_iter().map(|(id, element)| Put { id, element: Some(element) }).collect();
    puts.extend(gone.iter().map(|id| Put { id: id.clone(), element: None }));
    let taken_along = gone.into_iter().filter(|id| !ids.contains(id)).collect();
    Removal { edit: Edit::new(what, puts), taken_along, cleared }
}

/// Which of these elements an element refers to.
fn references_into(model: &Model, id: &ElementId, among: &BTreeSet<ElementId>) -> BTreeSet<ElementId> {
    let mut found = BTreeSet::new();
    if let Some(element) = model.reflect(id) {
        element.visit_links(&mut Vec::new(), &mut |_, target, name| {
            found.extend(model.resolve(target, name).filter(|to| among.contains(to)));
        });
    }
    found
}

/// Takes every reference to `going` out of `element`, in each of the ways in which it may be named.
fn forget(element: &mut Element, going: &ElementId) -> Forgotten {
    let reflect = element.reflect_mut();
    let any_link = going.any_link();
    let by_slug = Target::ALL.into_iter().filter(|target| Section::of_target(*target).contains(&going.section));
    let worst = by_slug
        .map(|target| {
            let name = if matches!(target, Target::Any | Target::Drawn) { &any_link } else { going.slug.as_str() };
            reflect.forget_link(target, name)
        })
        .max();
    let worst = worst.unwrap_or(Forgotten::Nothing);
    // A grant to call something has no dataset, so the reference is optional; but a grant on data is nothing without it.
    let is_grant = matches!(element, Element::Grant(_));
    if is_grant && going.section == Section::Datasets && worst == Forgotten::Cleared {
        Forgotten::Required
    } else {
        worst
    }
}

fn missing(id: &ElementId) -> EditError {
    EditError::Missing { noun: id.section.noun(), slug: id.slug.to_string() }
}

fn check_cycle(model: &Model, id: &ElementId, element: &Element) -> Result<(), EditError> {
    let Element::Boundary(boundary) = element else { return Ok(()) };
    let mut above = boundary.parent.as_ref().map(|link| link.slug().clone());
    for _ in 0..=model.boundaries.len() {
        match above {
            None => return Ok(()),
            Some(slug) if slug == id.slug => return Err(EditError::Cycle(model.title_of(id).to_owned())),
            Some(slug) => {
                above = model.boundaries.get(&slug).and_then(|b| b.parent.as_ref()).map(|link| link.slug().clone());
            }
        }
    }
    Ok(())
}

/// What was done, and what was taken back: one step of undo for each edit.
#[derive(Debug, Clone, Default)]
pub struct History {
    done: Vec<Change>,
    undone: Vec<Change>,
}

/// An edit and the edit that takes it back.
#[derive(Debug, Clone)]
struct Change {
    forth: Edit,
    back: Edit,
}

impl History {
    /// Makes an edit and remembers it. What had been undone can be redone no more.
    pub fn make(&mut self, model: &mut Model, edit: Edit) {
        let back = edit.apply(model);
        self.done.push(Change { forth: edit, back });
        self.undone.clear();
    }

    /// Takes the last edit back and returns the edit that did so.
    pub fn undo(&mut self, model: &mut Model) -> Option<Edit> {
        let step = self.done.pop()?;
        step.back.apply(model);
        let back = step.back.clone();
        self.undone.push(step);
        Some(back)
    }

    /// Makes the edit again that was taken back last, and returns it.
    pub fn redo(&mut self, model: &mut Model) -> Option<Edit> {
        let step = self.undone.pop()?;
        step.forth.apply(model);
        let forth = step.forth.clone();
        self.done.push(step);
        Some(forth)
    }

    /// The edit that [`History::undo`] would make.
    pub fn last(&self) -> Option<&Edit> {
        self.done.last().map(|step| &step.back)
    }

    /// The edit that [`History::redo`] would make.
    pub fn next(&self) -> Option<&Edit> {
        self.undone.last().map(|step| &step.forth)
    }

    /// The names of what can be undone, the last first.
    pub fn undo_names(&self) -> impl Iterator<Item = &str> {
        self.done.iter().rev().map(|step| step.forth.name.as_str())
    }

    /// The names of what can be redone, the next first.
    pub fn redo_names(&self) -> impl Iterator<Item = &str> {
        self.undone.iter().rev().map(|step| step.forth.name.as_str())
    }
}

/// Adds a piece of evidence to a control; where it has one of the same kind and place, that is renewed. Says whether it
/// was.
pub fn set_evidence(model: &Model, control: &Slug, evidence: Evidence) -> Result<(Edit, bool), EditError> {
    let id = ElementId::new(Section::Controls, control.clone());
    let Some(Element::Control(mut changed)) = model.element(&id) else { return Err(missing(&id)) };
    let same = |old: &&mut Evidence| {
        // Of one action in a drill there is one verdict: a later one takes the place of the earlier.
        let same_side = old.refutes == evidence.refutes || evidence.kind == Some(EvidenceKind::Drill);
        (old.kind, &old.at, &old.report) == (evidence.kind, &evidence.at, &evidence.report) && same_side
    };
    let at = super::text::one_line(evidence.at.as_str(), 40);
    let old = changed.evidence.iter_mut().find(same);
    let renewed = old.is_some();
    match old {
        Some(old) => *old = evidence,
        None => changed.evidence.push(evidence),
    }
    let verb = if renewed { "renew the evidence" } else { "add evidence" };
    let name = format!("{verb} {at} of {}", super::text::one_line(model.title_of(&id), 40));
    let mut element = Element::Control(changed);
    mark_by_hand(&mut element, "evidence");
    Ok((Edit::put(name, id, element), renewed))
}

//! What is wrong with a model that could be read: dangling references, doubles, circles, impossible values.

use super::data::DEFAULT_CLASSES;
use super::document::{Element, ElementId, Model, Section};
use super::facts::Operation;
use super::graph::{MAX_NESTING, circles, depths, inheritance, nesting};
use super::reference::Target;
use super::reflect::{Kind, Reflect, Step};
use super::slug::Slug;
use super::text::nearest;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// After so many problems nobody reads hints.
const MAX_HINTS: usize = 200;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Kept and reported.
    Warning,
    /// The model can not be judged while it stands.
    Error,
}

impl Severity {
    /// As messages write it.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Something wrong, at a place in the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad.
    pub severity: Severity,
    /// The element.
    pub id: ElementId,
    /// The way into the element; empty for the element itself.
    pub path: Vec<Step>,
    /// What is wrong, and what to do.
    pub message: String,
}

/// Everything wrong with the model, in the order of the file.
pub fn validate(model: &Model) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_all_links(model, &mut problems);
    check_shared_slugs(model, &mut problems);
    check_the_rest(model, &mut problems);
    problems
}

fn check_all_links(model: &Model, problems: &mut Vec<Problem>) {
    let names = Names::new(model);
    for section in Section::ALL {
        for (slug, element) in model.reflections(*section) {
            check_links(&names, *section, slug, element, problems);
        }
    }
}

/// What concerns sections of few elements, or takes a glance at each.
fn check_the_rest(model: &Model, problems: &mut Vec<Problem>) {
    check_circles(model, problems);
    check_depths(model, problems);
    check_ranks(model, problems);
    check_grants(model, problems);
    check_periods(model, problems);
    check_answers(model, problems);
}

/// The article that a noun takes.
pub fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

fn error(id: &ElementId, path: &[Step], message: String) -> Problem {
    Problem { severity: Severity::Error, id: id.clone(), path: path.to_vec(), message }
}

fn field(id: ElementId, name: &'static str, message: String) -> Problem {
    Problem { severity: Severity::Error, id, path: vec![Step::Field(name)], message }
}

/// What references may name. Most of them name nodes, which stand in four sections: those are looked up together.
struct Names<'a> {
    model: &'a Model,
    /// Nothing where so few are looked up that each is looked up by itself.
    nodes: Option<HashSet<&'a str>>,
}

impl<'a> Names<'a> {
    fn new(model: &'a Model) -> Names<'a> {
        let nodes = Section::NODES.into_iter().flat_map(|section| model.slugs(section)).map(Slug::as_str).collect();
        Names { model, nodes: Some(nodes) }
    }

    fn is_node(&self, name: &str) -> bool {
        match &self.nodes {
            Some(nodes) => nodes.contains(name),
            None => Section::NODES.into_iter().any(|section| self.model.has(section, name)),
        }
    }

    /// Whether a reference finds something, as [`Model::resolve`] says what.
    fn has(&self, target: Target, reference: &str) -> bool {
        match target {
            Target::Node => self.is_node(reference),
            Target::Any | Target::Drawn if !reference.contains(':') => self.is_node(reference),
            target => self.model.resolve(target, reference).is_some(),
        }
    }
}

/// Everything wrong with a model, kept while it is edited: looked at anew is what an edit may have changed.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    problems: Vec<Problem>,
    /// How many of them are references that find nothing, which come first; then, with those, how many are slugs that
    /// are taken twice. Nothing where nobody counted.
    parts: Option<[usize; 2]>,
}

impl Checked {
    /// Looks at a whole model.
    pub fn new(model: &Model) -> Checked {
        let mut problems = Vec::new();
        check_all_links(model, &mut problems);
        let links = problems.len();
        check_shared_slugs(model, &mut problems);
        let parts = Some([links, problems.len()]);
        check_the_rest(model, &mut problems);
        Checked { problems, parts }
    }

    /// What [`validate`] found.
    pub fn of(problems: Vec<Problem>) -> Checked {
        let parts = problems.is_empty().then_some([0, 0]);
        Checked { problems, parts }
    }

    /// Everything wrong, as [`validate`] finds it.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Brings it up to date after edits, given what they touched and how that was before.
    pub fn follow(&mut self, model: &Model, before: &BTreeMap<ElementId, Option<Element>>) {
        let came: Vec<&ElementId> = before
            .iter()
            .filter(|(id, then)| then.is_none() && model.has(id.section, id.slug.as_str()))
            .map(first)
            .collect();
        let went: Vec<&ElementId> = before
            .iter()
            .filter(|(id, then)| then.is_some() && !model.has(id.section, id.slug.as_str()))
            .map(first)
            .collect();
        let has_other_names = !came.is_empty() || !went.is_empty();
        // Without a class of its own a model has the default ones.
        let ladder = came.iter().chain(&went).any(|id| id.section == Section::Classes);
        // Whether a hint is given depends on how many there were before.
        let Some([links, shared]) = self.parts.filter(|[links, _]| !ladder && *links <= MAX_HINTS) else {
            *self = Checked::new(model);
            return;
        };
        let mut stale: BTreeSet<ElementId> = before.keys().cloned().collect();
        if has_other_names {
            // What was missing may be there now, or something else may be meant.
            stale.extend(self.problems[..links].iter().map(|problem| problem.id.clone()));
        }
        stale.extend(referring(model, &went));
        let mut problems: Vec<Problem> =
            self.problems[..links].iter().filter(|problem| !stale.contains(&problem.id)).cloned().collect();
        let names = Names { model, nodes: None };
        for id in &stale {
            if let Some(element) = model.reflect(id) {
                check_links(&names, id.section, &id.slug, element, &mut problems);
            }
        }
        if problems.len() > MAX_HINTS {
            *self = Checked::new(model);
            return;
        }
        // Of one element they stay in their order.
        problems.sort_by(|one, other| one.id.cmp(&other.id));
        let links = problems.len();
        // Nodes alone share their slugs.
        match came.iter().chain(&went).any(|id| id.section.is_node()) {
            true => check_shared_slugs(model, &mut problems),
            false => problems.extend_from_slice(&self.problems[self.parts.map_or(0, |[links, _]| links)..shared]),
        }
        let parts = Some([links, problems.len()]);
        check_the_rest(model, &mut problems);
        *self = Checked { problems, parts };
    }
}

fn first<T>((id, _): (&ElementId, T)) -> &ElementId {
    id
}

/// The elements that may refer to something that went.
fn referring(model: &Model, went: &[&ElementId]) -> Vec<ElementId> {
    let mut found = Vec::new();
    let may_name = |section: &Section| went.iter().any(|id| may_name(&section.kind(), id.section));
    for section in Section::ALL.iter().filter(|section| may_name(section)) {
        for (slug, element) in model.reflections(*section) {
            let mut refers = false;
            element.visit_links(&mut Vec::new(), &mut |_, _, name| {
                refers |= went.iter().any(|id| name.ends_with(id.slug.as_str()));
            });
            found.extend(refers.then(|| ElementId::new(*section, slug.clone())));
        }
    }
    found
}

/// Whether a value of a kind may refer to an element of a section. The names in a map, and what is behind a choice, are
/// not told by their kind.
fn may_name(kind: &Kind, section: Section) -> bool {
    match kind {
        Kind::Link(target) => Section::of_target(*target).contains(&section),
        Kind::Optional(inner) | Kind::List(inner) => may_name(inner, section),
        Kind::Record(specs) => specs().iter().any(|spec| may_name(&spec.kind, section)),
        Kind::Map(_) | Kind::Variant(_) => true,
        Kind::Text | Kind::Flag | Kind::Number | Kind::Cell | Kind::Day | Kind::Choice(_) => false,
    }
}

fn check_links(names: &Names<'_>, section: Section, slug: &Slug, element: &dyn Reflect, problems: &mut Vec<Problem>) {
    let model = names.model;
    let own = || ElementId::new(section, slug.clone());
    element.visit_links(&mut Vec::new(), &mut |path, target, name| {
        // Without a ladder of its own the model has the default one.
        if target == Target::Class && model.classes.is_empty() && DEFAULT_CLASSES.contains(&name) {
            return;
        }
        if name.is_empty() {
            let field = match path.last() {
                Some(Step::Field(field)) => field,
                _ => "reference",
            };
            let noun = target.noun();
            problems.push(error(
                &own(),
                &path[..path.len() - 1],
                format!("`{field}` is missing: name {} {noun}", article(noun)),
            ));
        } else if !names.has(target, name) {
            let mut message = format!("there is no {} `{name}`", target.noun());
            // Looking for what was meant takes a look at every name: after many slips it helps nobody.
            if problems.len() > MAX_HINTS {
                return problems.push(error(&own(), path, message));
            }
            let known: Vec<String> = match target {
                Target::Any | Target::Drawn => model
                    .ids()
                    .filter(|id| Section::of_target(target).contains(&id.section))
                    .map(|id| id.any_link())
                    .collect(),
                target => Section::of_target(target)
                    .iter()
                    .flat_map(|s| model.slugs(*s))
                    .map(|slug| slug.to_string())
                    .collect(),
            };
            match nearest(name, known.iter().map(String::as_str)) {
                Some(meant) => message.push_str(&format!("; did you mean `{meant}`?")),
                None => message.push_str("; add it or take the reference out"),
            }
            problems.push(error(&own(), path, message));
        }
    });
}

fn check_shared_slugs(model: &Model, problems: &mut Vec<Problem>) {
    let mut seen: HashMap<&str, Section> = HashMap::new();
    for section in Section::NODES {
        for slug in model.slugs(section) {
            if let Some(first) = seen.get(slug.as_str()) {
                let message = format!(
                    "`{slug}` already names {} {}; actors, services, endpoints and datasets share their slugs: choose another",
                    article(first.noun()),
                    first.noun()
                );
                problems.push(error(&ElementId::new(section, slug.clone()), &[], message));
            } else {
                seen.insert(slug.as_str(), section);
            }
        }
    }
}

fn check_circles(model: &Model, problems: &mut Vec<Problem>) {
    let found = [
        (Section::Boundaries, "parent", "a boundary can not be inside itself", circles(nesting(model))),
        (Section::Roles, "inherits", "a role can not inherit from itself", circles(inheritance(model))),
    ];
    for (section, name, what, circles) in found {
        for circle in circles {
            let Some((slug, _)) = circle.first().and_then(|slug| Some((*slug, model.slugs(section).next()?))) else {
                continue;
            };
            let Ok(slug) = Slug::new(slug) else { continue };
            let message = format!("{what}: {} form a circle", circle.join(", "));
            problems.push(field(ElementId::new(section, slug), name, message));
        }
    }
}

/// What nests too deep is said where the limit is passed, not again for everything inside of that.
fn check_depths(model: &Model, problems: &mut Vec<Problem>) {
    let found = [
        (Section::Boundaries, "parent", "boundaries nest", depths(nesting(model))),
        (Section::Roles, "inherits", "roles inherit over", depths(inheritance(model))),
    ];
    for (section, name, what, depths) in found {
        let mut past: Vec<&str> =
            depths.into_iter().filter(|(_, depth)| *depth == MAX_NESTING).map(|(slug, _)| slug).collect();
        past.sort_unstable();
        for slug in past {
            let Ok(slug) = Slug::new(slug) else { continue };
            let message = format!("{what} more than {MAX_NESTING} levels: what is beyond is not followed");
            problems.push(field(ElementId::new(section, slug), name, message));
        }
    }
}

fn check_ranks(model: &Model, problems: &mut Vec<Problem>) {
    let mut seen: BTreeMap<u32, &str> = BTreeMap::new();
    for (slug, class) in &model.classes {
        let id = ElementId::new(Section::Classes, slug.clone());
        match class.rank {
            None => problems.push(error(&id, &[], "`rank` is missing: 1 for the lowest step of the ladder".into())),
            Some(rank) => {
                if let Some(other) = seen.insert(rank, slug.as_str()) {
                    problems.push(field(
                        id,
                        "rank",
                        format!("rank {rank} is taken by `{other}`; each step has its own"),
                    ));
                }
            }
        }
    }
}

fn check_grants(model: &Model, problems: &mut Vec<Problem>) {
    for (slug, grant) in &model.grants {
        let id = || ElementId::new(Section::Grants, slug.clone());
        let Some(op) = grant.op else {
            problems.push(error(&id(), &[], "`op` is missing: Read, Create, Update, Delete, Execute ...".into()));
            continue;
        };
        if grant.dataset.is_none() && op != Operation::Execute {
            let message = format!("`dataset` is missing: a grant to {} says of what", op.word());
            problems.push(error(&id(), &[], message));
        }
        let Some(super::facts::Fields::Only(names)) = &grant.fields else { continue };
        let dataset = grant.dataset.as_ref().and_then(|link| model.datasets.get(link.slug()));
        if let Some(dataset) = dataset.filter(|dataset| dataset.fields_complete == Some(true)) {
            for name in names.iter().filter(|name| !dataset.fields.contains_key(name.as_str())) {
                let mut message = format!("the dataset has no field `{name}`");
                if let Some(meant) = nearest(name.as_str(), dataset.fields.keys().map(|key| key.as_str())) {
                    message.push_str(&format!("; did you mean `{meant}`?"));
                }
                problems.push(field(id(), "fields", message));
            }
        }
    }
}

fn check_periods(model: &Model, problems: &mut Vec<Problem>) {
    for (slug, control) in &model.controls {
        for (index, evidence) in control.evidence.iter().enumerate() {
            if let (Some(checked), Some(until)) = (evidence.checked_on, evidence.valid_until)
                && until < checked
            {
                let id = ElementId::new(Section::Controls, slug.clone());
                let path = [Step::Field("evidence"), Step::Index(index), Step::Field("valid_until")];
                problems.push(error(&id, &path, format!("it ends on {until}, before it was checked on {checked}")));
            }
        }
    }
    for (slug, decision) in &model.decisions {
        if let (Some(on), Some(until)) = (decision.on, decision.until)
            && until < on
        {
            let id = ElementId::new(Section::Decisions, slug.clone());
            problems.push(field(id, "until", format!("it ends on {until}, before it was made on {on}")));
        }
    }
}

/// What a control answers at one place names that place as threats do: an element, and for an exposure also a role.
fn check_answers(model: &Model, problems: &mut Vec<Problem>) {
    for (slug, control) in &model.controls {
        for (index, answer) in control.answers.iter().enumerate() {
            let Some((_, place)) = answer.as_str().split_once('@') else { continue };
            let (element, role) = place.split_once('+').map_or((place, None), |(element, role)| (element, Some(role)));
            let gone = match role {
                _ if model.resolve(Target::Any, element).is_none() => element,
                Some(role) if !model.has(Section::Roles, role) => role,
                _ => continue,
            };
            let id = ElementId::new(Section::Controls, slug.clone());
            let path = [Step::Field("answers"), Step::Index(index)];
            let gone = super::text::one_line(gone, 60);
            problems.push(error(&id, &path, format!("`{answer}` names no place: there is no element `{gone}`")));
        }
    }
}

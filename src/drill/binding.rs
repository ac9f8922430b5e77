//! What of a model a scenario is about: its queries are asked, and texts get the names that people use.

use super::scenario::{Binding, Scenario};
use crate::analysis::access::{Access, Fact};
use crate::analysis::condition::{Answer, Condition, Evaluator, World, compile};
use crate::library::located::Problem;
use crate::library::rule::Subject;
use crate::model::facts::Day;
use crate::model::text::Text;
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::{BTreeMap, BTreeSet};

/// The parts that a text can name of what is bound, beside the title.
pub fn parts(of: Subject) -> &'static [&'static str] {
    match of {
        Subject::Exposure => &["role", "endpoint", "dataset", "count"],
        Subject::Dataset => &["title", "count", "steward"],
        Subject::Endpoint | Subject::Service => &["title", "owner"],
        Subject::Role
        | Subject::Flow
        | Subject::Party
        | Subject::Control
        | Subject::Platform
        | Subject::Change
        | Subject::Decision => &["title"],
    }
}

/// What a query found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The elements that it is about, the chosen one first; nothing where the words of the scenario stand in.
    pub elements: Vec<ElementId>,
    /// The elements of every place that fits, each once.
    pub every: Vec<ElementId>,
    /// What each part reads as.
    pub parts: BTreeMap<String, Text>,
    /// Every place of the model that fits, each once: an endpoint for an exposure, the element itself otherwise.
    pub places: Vec<Text>,
    /// How many places of the model fit.
    pub fits: usize,
    /// How many may fit, if facts that nobody gave turn out so.
    pub may_fit: usize,
}

/// What all queries of a scenario found, by their names.
pub type Bound = BTreeMap<String, Found>;

/// The words of the scenario alone, without a model.
pub fn unbound(scenario: &Scenario) -> Bound {
    scenario.bindings.iter().map(|binding| (binding.id.as_str().to_owned(), otherwise(binding))).collect()
}

fn otherwise(binding: &Binding) -> Found {
    let parts = binding.otherwise.iter().map(|(part, words)| (part.as_str().to_owned(), words.clone())).collect();
    Found { parts, ..Found::default() }
}

/// Asks every query of a scenario of a model. Of several places that fit the first is taken, in the order of the model.
pub fn bind(scenario: &Scenario, model: &Model, access: &Access, today: Option<Day>) -> Result<Bound, Problem> {
    let wrong = |binding: &Binding, offset: usize, message: String| {
        scenario.source.problem_at(scenario.source.place_in(&binding.condition, offset), message)
    };
    let compiled = |binding: &Binding| {
        compile(&binding.condition.text, binding.of)
            .map_err(|error| wrong(binding, error.offset, format!("{}: {}", binding.id, error.message)))
    };
    let conditions = scenario.bindings.iter().map(compiled).collect::<Result<Vec<Condition>, Problem>>()?;
    let world = World::new(model, &access.facts, today);
    let mut bound = Bound::new();
    for (binding, condition) in scenario.bindings.iter().zip(&conditions) {
        let mut found = otherwise(binding);
        let mut evaluator = Evaluator::new(&world);
        let mut first: Option<(Vec<ElementId>, BTreeMap<String, Text>)> = None;
        let mut every: BTreeSet<ElementId> = BTreeSet::new();
        let mut take = |answer: Answer, what: &dyn Fn() -> (Vec<ElementId>, BTreeMap<String, Text>)| match answer {
            Answer::Yes => {
                found.fits += 1;
                let fits = what();
                let place = fits.0.iter().find(|id| binding.of.section().is_some() || id.section == Section::Endpoints);
                let place = place.map(|id| Text::from(id.any_link()));
                found.places.extend(place.filter(|place| !found.places.contains(place)));
                every.extend(fits.0.iter().cloned());
                first.get_or_insert(fits);
            }
            Answer::Unknown(_) => found.may_fit += 1,
            Answer::No => {}
        };
        let failed = |error| wrong(binding, 0, format!("{}: {error}", binding.id));
        match binding.of.section() {
            Some(section) => {
                for slug in model.slugs(section) {
                    let answer = evaluator.ask_element(condition, slug.as_str()).map_err(failed)?;
                    take(answer, &|| element(model, section, slug));
                }
            }
            None => {
                for (at, fact) in access.facts.iter().enumerate() {
                    let answer = evaluator.ask_exposure(condition, at).map_err(failed)?;
                    take(answer, &|| exposure(model, fact));
                }
            }
        }
        if let Some((elements, parts)) = first {
            found.elements = elements;
            found.parts.extend(parts);
        }
        found.every = every.into_iter().collect();
        bound.insert(binding.id.as_str().to_owned(), found);
    }
    Ok(bound)
}

fn element(model: &Model, section: Section, slug: &Slug) -> (Vec<ElementId>, BTreeMap<String, Text>) {
    let id = ElementId::new(section, slug.clone());
    let mut parts = BTreeMap::from([("title".to_owned(), Text::new(model.title_of(&id)))]);
    let mut person = |part: &str, link: Option<&str>| {
        let title = link.map(|slug| model.people.get(slug).map_or(slug, |person| person.title.as_str()));
        parts.extend(title.map(|title| (part.to_owned(), Text::new(title))));
    };
    match section {
        Section::Endpoints => {
            let owner = model.endpoints.get(slug).and_then(|endpoint| endpoint.owner.as_ref());
            person("owner", owner.map(|link| link.slug().as_str()));
        }
        Section::Services => {
            let owner = model.services.get(slug).and_then(|service| service.owner.as_ref());
            person("owner", owner.map(|link| link.slug().as_str()));
        }
        Section::Datasets => {
            let dataset = model.datasets.get(slug);
            let steward = dataset.and_then(|dataset| dataset.steward.as_ref());
            person("steward", steward.map(|link| link.slug().as_str()));
            parts.extend(count(model, slug).map(|count| ("count".to_owned(), count)));
        }
        _ => {}
    }
    (vec![id], parts)
}

fn exposure(model: &Model, fact: &Fact) -> (Vec<ElementId>, BTreeMap<String, Text>) {
    let mut elements = vec![
        ElementId::new(Section::Grants, fact.grant.clone()),
        ElementId::new(Section::Roles, fact.role.clone()),
        ElementId::new(Section::Endpoints, fact.endpoint.clone()),
    ];
    elements.extend(fact.dataset.iter().map(|slug| ElementId::new(Section::Datasets, slug.clone())));
    let mut parts: BTreeMap<String, Text> =
        elements[1..].iter().map(|id| (id.section.noun().to_owned(), Text::new(model.title_of(id)))).collect();
    if let Some(count) = fact.dataset.as_ref().and_then(|dataset| count(model, dataset)) {
        parts.insert("count".to_owned(), count);
    }
    (elements, parts)
}

/// How many people a dataset is about; nothing where nobody said, so that the words of the scenario stand in.
fn count(model: &Model, dataset: &Slug) -> Option<Text> {
    let count = model.datasets.get(dataset)?.subject_count?;
    let digits = count.to_string();
    let mut out = String::new();
    for (at, ch) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(ch);
    }
    Some(out.into())
}

/// The names in braces of a text, `name` or `name.part`. Braces around anything else are braces.
pub fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let inside = |name: &&str| {
        name.starts_with(|ch: char| ch.is_ascii_lowercase())
            && name.chars().all(|ch| ch.is_ascii_alphanumeric() || matches!(ch, '.' | '-' | '_'))
    };
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).filter(inside)
}

/// A text with what is bound in the place of its names in braces.
pub fn fill(text: &str, parts: &BTreeMap<String, Text>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((name, after)) if parts.contains_key(name) => {
                out.push_str(parts[name].as_str());
                rest = after;
            }
            _ => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The parts of all that is bound under the names that texts use.
pub fn words(bound: &Bound) -> BTreeMap<String, Text> {
    bound
        .iter()
        .flat_map(|(name, found)| {
            found.parts.iter().map(move |(part, words)| (format!("{name}.{part}"), words.clone()))
        })
        .collect()
}

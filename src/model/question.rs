//! What to ask a person about a fact that nobody gave: a sentence with the names that people use, and what can be
//! answered.
//!
//! The sentence stands at the declaration of the field (`#[ask = "..."]`). In it `{name}` is what people call the element,
//! `{part}` the entry of a list or a map inside of it, and the name of a reference, such as `{role}`, what that leads to.

use super::data::DEFAULT_CLASSES;
use super::document::{ElementId, Model, Section};
use super::reference::Target;
use super::reflect::{Choice, FieldSpec, Kind, Step, from_ron, to_ron};
use super::slug::Slug;
use std::collections::BTreeMap;

/// The way to a fact that is asked for, and what it is. A part of a value that is written as a whole, as the scope of
/// `rows`, is asked for as that whole.
pub fn way_to(model: &Model, id: &ElementId, field: &str) -> Option<(Vec<Step>, &'static FieldSpec, Kind)> {
    let element = model.reflect(id)?;
    let mut path = Vec::new();
    let mut rest = field;
    let mut specs = id.section.specs();
    loop {
        let (name, after) = rest.split_once('.').unwrap_or((rest, ""));
        let spec = specs.iter().find(|spec| spec.name == name)?;
        path.push(Step::Field(spec.name));
        rest = after;
        let mut kind = spec.kind;
        // Into the entries of maps and lists, as deep as the path says.
        loop {
            match kind.inner() {
                _ if rest.is_empty() => return Some((path, spec, kind)),
                Kind::Map(inner) => {
                    // A key may hold dots itself: the longest that is there is meant.
                    let keys = keys_of(&element.get_at(&path)?);
                    let fits = |key: &&String| {
                        rest.strip_prefix(key.as_str()).is_some_and(|after| after.is_empty() || after.starts_with('.'))
                    };
                    let key = keys.iter().filter(fits).max_by_key(|key| key.len())?.clone();
                    rest = rest[key.len()..].trim_start_matches('.');
                    path.push(Step::Key(key));
                    kind = **inner;
                }
                Kind::List(inner) => {
                    let (number, after) = rest.split_once('.').unwrap_or((rest, ""));
                    path.push(Step::Index(number.parse::<usize>().ok()?.checked_sub(1)?));
                    rest = after;
                    kind = **inner;
                }
                Kind::Record(inner) => {
                    specs = inner();
                    break;
                }
                _ => return Some((path, spec, kind)),
            }
        }
    }
}

fn keys_of(ron: &str) -> Vec<String> {
    from_ron::<BTreeMap<String, ron::Value>>(ron).map(|map| map.into_keys().collect()).unwrap_or_default()
}

/// An answer that can be given by choosing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What it is called.
    pub label: String,
    /// What it means, in a line.
    pub doc: String,
    /// The value, as RON.
    pub ron: String,
}

/// The answers that can be chosen; none where the answer has to be typed.
pub fn replies(model: &Model, kind: &Kind) -> Vec<Reply> {
    let choice = |choice: &Choice| Reply {
        label: choice.name.to_owned(),
        doc: choice.doc.trim().to_owned(),
        ron: choice.name.to_owned(),
    };
    match kind.inner() {
        Kind::Flag => ["yes", "no"]
            .map(|word| Reply { label: word.into(), doc: String::new(), ron: (word == "yes").to_string() })
            .into(),
        Kind::Choice(choices) => choices.iter().map(choice).collect(),
        // A name that carries a value stands for many answers: it is typed.
        Kind::Variant(choices) => choices.iter().filter(|one| !one.name.contains('(')).map(choice).collect(),
        Kind::List(inner) => match inner.inner() {
            // A list is answered with one of its values; more of them are added where the fact stands.
            Kind::Choice(choices) => {
                let one = choices.iter().map(|one| Reply { ron: format!("[{}]", one.name), ..choice(one) });
                one.collect()
            }
            _ => Vec::new(),
        },
        Kind::Link(Target::Class) if model.classes.is_empty() => DEFAULT_CLASSES
            .iter()
            .map(|name| Reply { label: (*name).to_owned(), doc: String::new(), ron: to_ron(name) })
            .collect(),
        Kind::Link(target) if *target != Target::Any => {
            let sections = Section::of_target(*target);
            let slugs = sections.iter().flat_map(|section| model.slugs(*section).map(|slug| (*section, slug)));
            let item = |(section, slug): (Section, &Slug)| Reply {
                label: model.title_of(&ElementId::new(section, slug.clone())).to_owned(),
                doc: String::new(),
                ron: to_ron(slug),
            };
            let mut slugs: Vec<(Section, &Slug)> = slugs.collect();
            if *target == Target::Class {
                // The ladder goes upwards.
                slugs.sort_by_key(|(_, slug)| model.classes.get(*slug).and_then(|class| class.rank));
            }
            slugs.into_iter().map(item).collect()
        }
        _ => Vec::new(),
    }
}

/// The question for a fact of an element, as a sentence.
pub fn sentence(model: &Model, element: &ElementId, path: &str) -> String {
    let name = model.title_of(element);
    let way = way_to(model, element, path);
    let part = way.as_ref().and_then(|(path, ..)| path.iter().rev().find_map(part_of));
    let Some(question) = way.as_ref().and_then(|(_, spec, _)| spec.question) else {
        let field = path.replace(['_', '.'], " ");
        return format!("What is the {} of the {} {name}?", field.trim(), element.section.noun());
    };
    let mut out = String::with_capacity(question.len() + name.len());
    let mut rest = question;
    while let Some((before, after)) = rest.split_once('{') {
        let (hole, after) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        match (hole, &part) {
            ("name", _) => out.push_str(name),
            ("part", Some(part)) => out.push_str(part),
            (link, _) => out.push_str(&led_to(model, element, link)),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The entry of a map or a list, as people call it.
fn part_of(step: &Step) -> Option<String> {
    match step {
        Step::Field(_) => None,
        Step::Key(name) => Some(name.clone()),
        Step::Index(index) => Some((index + 1).to_string()),
    }
}

/// What people call the element to which a reference leads.
fn led_to(model: &Model, element: &ElementId, link: &str) -> String {
    let absent = || format!("the {}", if link == "dataset" { "data" } else { link });
    let spec = element.section.specs().iter().find(|spec| spec.name == link);
    let Some(Kind::Link(target)) = spec.map(|spec| spec.kind.inner()) else { return absent() };
    let Some(written) = model.reflect(element).and_then(|facts| facts.get(link)) else { return absent() };
    let slug = written.trim_matches('"');
    match model.resolve(*target, slug) {
        Some(id) => model.title_of(&id).to_owned(),
        None => slug.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_name_what_people_know() {
        let model: Model = super::super::reflect::from_ron(
            r#"Model(
                roles: {"clerk": (title: "the desk")},
                endpoints: {"api": (title: "the portal")},
                datasets: {"people": (title: "Patients", fields: {"e.mail": ()})},
                grants: {"g": (role: "clerk", endpoint: "api", dataset: "people"), "h": (role: "gone", endpoint: "api")},
            )"#,
        )
        .unwrap();
        let ask = |section, slug: &str, path: &str| {
            let id = ElementId::new(section, super::super::Slug::new(slug).unwrap());
            sentence(&model, &id, path)
        };
        for (section, slug, path, says) in [
            (Section::Datasets, "people", "encrypted_at_rest", "Is Patients encrypted where it is kept?"),
            (Section::Datasets, "people", "fields.e.mail.class", "How sensitive is the field e.mail of Patients?"),
            (Section::Grants, "g", "limit", "How many rows of Patients does the desk get at once?"),
            (Section::Grants, "h", "limit", "How many rows of the data does gone get at once?"),
            (Section::Datasets, "people", "no_such", "What is the no such of the dataset Patients?"),
        ] {
            assert_eq!(ask(section, slug, path), says);
        }
    }

    #[test]
    fn questions_have_answers() {
        for section in Section::ALL {
            for spec in section.specs() {
                let Some(question) = spec.question else { continue };
                assert!(question.ends_with('?'), "{question}");
                let has_more =
                    section.specs().iter().any(|other| other.name.strip_suffix("_complete") == Some(spec.name));
                assert!(spec.kind.is_optional() || has_more, "{section}.{} is never unknown", spec.name);
                for hole in question.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                    let is_link = || section.specs().iter().any(|spec| spec.name == hole);
                    assert!(["name", "part"].contains(&hole) || is_link(), "{question}");
                }
            }
        }
    }
}

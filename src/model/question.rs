//! What to ask a person about a fact that nobody gave: a sentence with the names that people use, and what can be
//! answered.
//!
//! The sentence stands at the declaration of the field (`#[ask = "..."]`). In it `{name}` is what people call the element,
//! `{part}` the entry of a list or a map inside of it, and the name of a reference, such as `{role}`, what that leads to.

use super::document::{ElementId, Model};
use super::reflect::{FieldSpec, Kind};

/// An answer that can be chosen, or how one is typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    /// The value as the file writes it; nothing where the person has to type it.
    pub ron: Option<&'static str>,
    /// What it means, in a line; of a value that is typed how it is written.
    pub words: &'static str,
}

impl FieldSpec {
    /// The answers to the question for this field, in the order of the declaration. A reference is none of these: the
    /// elements to which it may lead are the model's.
    pub fn replies(&self) -> Vec<Reply> {
        let typed = |words| vec![Reply { ron: None, words }];
        match self.kind.inner() {
            Kind::Flag => vec![Reply { ron: Some("true"), words: "Yes." }, Reply { ron: Some("false"), words: "No." }],
            Kind::Choice(choices) => {
                choices.iter().map(|choice| Reply { ron: Some(choice.name), words: choice.doc.trim_ascii() }).collect()
            }
            // A name that carries a value stands for many answers.
            Kind::Variant(choices) => choices
                .iter()
                .map(|choice| match choice.name.contains('(') {
                    true => Reply { ron: None, words: choice.name },
                    false => Reply { ron: Some(choice.name), words: choice.doc },
                })
                .collect(),
            Kind::Number => typed("a whole number"),
            Kind::Day => typed("a day: YYYY-MM-DD"),
            Kind::Text => typed("a few words"),
            Kind::Link(target) => typed(target.noun()),
            Kind::List(_) | Kind::Map(_) | Kind::Record(_) | Kind::Cell | Kind::Optional(_) => typed("RON"),
        }
    }
}

/// The declaration of the field at the end of a path such as `class`, `ceilings.depth` or `fields.email.class`, and the
/// entry of the list or map on the way.
pub fn spec_at<'p>(specs: &'static [FieldSpec], path: &'p str) -> Option<(&'static FieldSpec, Option<&'p str>)> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let spec = specs.iter().find(|spec| spec.name == name)?;
    match (rest, spec.kind.inner()) {
        (None, _) => Some((spec, None)),
        (Some(rest), Kind::Record(specs)) => spec_at(specs(), rest),
        (Some(rest), Kind::List(inner) | Kind::Map(inner)) => {
            // The name of an entry may hold any sign; that of a field holds no dot.
            let (entry, field) = rest.rsplit_once('.')?;
            let Kind::Record(specs) = inner else { return None };
            let spec = specs().iter().find(|spec| spec.name == field)?;
            Some((spec, Some(entry)))
        }
        _ => None,
    }
}

/// The question for a fact of an element, as a sentence.
pub fn sentence(model: &Model, element: &ElementId, path: &str) -> String {
    let name = model.title_of(element);
    let found = spec_at(element.section.specs(), path);
    let Some((question, part)) = found.and_then(|(spec, part)| Some((spec.question?, part))) else {
        let field = path.replace(['_', '.'], " ");
        return format!("What is the {} of the {} {name}?", field.trim(), element.section.noun());
    };
    let mut out = String::with_capacity(question.len() + name.len());
    let mut rest = question;
    while let Some((before, after)) = rest.split_once('{') {
        let (hole, after) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        match (hole, part) {
            ("name", _) => out.push_str(name),
            ("part", Some(part)) => out.push_str(part),
            (link, _) => out.push_str(&led_to(model, element, link)),
        }
        rest = after;
    }
    out.push_str(rest);
    out
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
    use crate::model::Section;

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
                assert!(spec.kind.is_optional(), "{section}.{} is never unknown", spec.name);
                assert!(!spec.replies().is_empty(), "{section}.{}", spec.name);
                for hole in question.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                    let is_link = || section.specs().iter().any(|spec| spec.name == hole);
                    assert!(["name", "part"].contains(&hole) || is_link(), "{question}");
                }
            }
        }
    }
}

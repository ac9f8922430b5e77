//! Takes a new import into a model that people worked on: what the files say is replaced, what people said stays.

use crate::model::edit::{Edit, Put, remove};
use crate::model::{Element, ElementId, Model};

/// What a refresh does.
#[derive(Debug, Clone)]
pub struct Refreshed {
    /// The whole of it, as one edit.
    pub edit: Edit,
    /// How many elements are new.
    pub added: usize,
    /// How many elements say something else than before.
    pub changed: usize,
    /// Elements of an earlier import that the files do not name any more.
    pub removed: Vec<ElementId>,
}

/// The edit that brings `imported` into `model`.
///
/// An element that both have keeps every field on which the import is silent, and its title. An element that came from
/// an import and is not in this one is taken out; an element that people added is never touched.
pub fn refresh(model: &Model, imported: &Model) -> Refreshed {
    let mut puts = Vec::new();
    let (mut added, mut changed) = (0, 0);
    for id in imported.ids() {
        let Some(new) = imported.element(&id) else { continue };
        let merged = match model.element(&id) {
            None => {
                added += 1;
                new
            }
            Some(old) => {
                let merged = merge(&old, &new);
                if merged == old {
                    continue;
                }
                changed += 1;
                merged
            }
        };
        puts.push(Put { id, element: Some(merged) });
    }
    let removed: Vec<ElementId> =
        model.ids().filter(|id| model.source_of(id).is_some() && !imported.has(id.section, id.slug.as_str())).collect();
    // What is gone may leave references behind; the edit that takes it out clears them.
    let mut after = model.clone();
    Edit::new("import", puts.clone()).apply(&mut after);
    puts.extend(remove(&after, &removed).edit.puts);
    Refreshed { edit: Edit::new("refresh from the platform's files", puts), added, changed, removed }
}

fn merge(old: &Element, new: &Element) -> Element {
    let mut merged = old.clone();
    for spec in old.section().specs() {
        // People may have said it better, and what they confirmed is no assumption any more.
        let peoples = ["title", "notes", "tags", "assumed"].contains(&spec.name);
        let said = new.reflect().get(spec.name);
        if peoples || said.is_none() {
            continue;
        }
        let value = match (spec.name, old.reflect().get(spec.name)) {
            ("fields" | "relations", Some(_)) => merge_entries(old, new, spec.name),
            _ => said,
        };
        // The value was just read from an element of the same section, so it fits.
        let _ = merged.reflect_mut().set(spec.name, value.as_deref());
    }
    merged
}

/// Fields keep the class and kind that people gave them; entries that the files do not name any more go.
fn merge_entries(old: &Element, new: &Element, name: &str) -> Option<String> {
    match (old, new) {
        (Element::Dataset(old), Element::Dataset(new)) if name == "fields" => {
            let merged: std::collections::BTreeMap<_, _> = new
                .fields
                .iter()
                .map(|(key, field)| {
                    let mut field = field.clone();
                    if let Some(known) = old.fields.get(key) {
                        field.class = known.class.clone().or(field.class);
                        field.kind = known.kind.clone().or(field.kind);
                        field.dtype = field.dtype.or(known.dtype.clone());
                        field.protection = known.protection.or(field.protection);
                        field.unit = known.unit.clone().or(field.unit);
                        field.notes = known.notes.clone();
                    }
                    (key.clone(), field)
                })
                .collect();
            Some(crate::model::reflect::to_ron(&merged))
        }
        _ => new.reflect().get(name),
    }
}

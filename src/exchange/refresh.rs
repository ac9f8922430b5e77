//! Takes a new import into a model that people worked on: what the files say is replaced, what people said stays.

use crate::model::data::{Field, Relation};
use crate::model::edit::{Edit, Put, remove};
use crate::model::reflect::to_ron;
use crate::model::text::Text;
use crate::model::{Element, ElementId, Model, Section};
use std::collections::BTreeMap;

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
    /// What goes with them, since it makes no sense without.
    pub taken_along: Vec<ElementId>,
    /// What stays, but no longer refers to them.
    pub cleared: Vec<ElementId>,
    /// Elements of an earlier import that stay only because this one is incomplete.
    pub kept: Vec<ElementId>,
}

/// What an importer says of the elements of a section. Where it is silent on one of these, that is a statement, too:
/// what an earlier import said there is no longer so.
pub fn imported_fields(section: Section) -> &'static [&'static str] {
    match section {
        Section::Boundaries => &["kind", "parent", "trust", "source"],
        Section::Platforms => &[
            "product",
            "admin_secret_set",
            "introspection_disabled_for",
            "ceilings",
            "role_ceilings",
            "rows_guarded_by",
            "literal_secrets",
            "source",
        ],
        Section::Services => &["kind", "platform", "boundary", "source"],
        Section::Endpoints => &[
            "purpose",
            "kind",
            "method",
            "path",
            "operation",
            "service",
            "forwards_client_headers",
            "handler",
            "literal_secrets",
            "source",
        ],
        Section::Datasets => {
            &["about", "boundary", "fields", "relations", "relations_complete", "out_of_scope", "source"]
        }
        Section::Roles => &["inherits", "source"],
        Section::Grants => &[
            "role",
            "endpoint",
            "op",
            "dataset",
            "fields",
            "rows",
            "post_check",
            "presets",
            "limit",
            "aggregates",
            "root",
            "root_fields",
            "backend_only",
            "certainty",
            "source",
        ],
        Section::Flows => &["from", "to", "data", "encrypted", "protocol", "source"],
        _ => &[],
    }
}

/// Sentences, not facts: where the files have none, the one that people wrote stays.
const PROSE: [&str; 2] = ["about", "purpose"];

/// The edit that brings `imported` into `model`.
///
/// An element that both have takes from the import every field that an importer sets, except those that people set by
/// hand. An element that came from an import and is not in this one is taken out; an element that people added is
/// never taken out, and keeps what they said of it. What is not `is_whole` says nothing by its silence: it adds and
/// changes, and takes nothing away.
pub fn refresh(model: &Model, imported: &Model, is_whole: bool) -> Refreshed {
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
                let merged = merge(&old, &new, is_whole);
                if merged == old {
                    continue;
                }
                changed += 1;
                merged
            }
        };
        puts.push(Put { id, element: Some(merged) });
    }
    let missing: Vec<ElementId> =
        model.ids().filter(|id| model.source_of(id).is_some() && !imported.has(id.section, id.slug.as_str())).collect();
    let (removed, kept) = if is_whole { (missing, Vec::new()) } else { (Vec::new(), missing) };
    // What is gone may leave references behind; the edit that takes it out clears them.
    let mut after = model.clone();
    Edit::new("import", puts.clone()).apply(&mut after);
    let removal = remove(&after, &removed);
    puts.extend(removal.edit.puts);
    let edit = Edit::new("refresh from the platform's files", puts);
    Refreshed { edit, added, changed, removed, taken_along: removal.taken_along, cleared: removal.cleared, kept }
}

fn merge(old: &Element, new: &Element, is_whole: bool) -> Element {
    let mut merged = old.clone();
    let mut by_hand: Vec<Text> = old.by_hand().to_vec();
    let mut assumed: Vec<Text> = old.assumed().to_vec();
    for name in imported_fields(old.section()).iter().copied() {
        let (had, says) = (old.reflect().get(name), new.reflect().get(name));
        let is_entries = matches!(name, "fields" | "relations");
        // What people wrote before there was an import is theirs.
        if old.source().is_none() && name != "source" && had.is_some() && had != says {
            by_hand.push(Text::new(name));
        }
        let hands_off = by_hand.iter().any(|known| known.as_str() == name);
        // People may have put it out of scope; only they or the end of what the importer said put it back.
        let peoples = name == "out_of_scope" && had.is_some() && !is_untracked(old);
        let silent = says.is_none() && (!is_whole || PROSE.contains(&name) || peoples);
        if peoples || silent || hands_off && !is_entries {
            continue;
        }
        let keep = hands_off || !is_whole || old.source().is_none();
        let value = match (name, old, new) {
            ("fields", Element::Dataset(old), Element::Dataset(new)) => {
                Some(to_ron(&merge_fields(&old.fields, &new.fields, keep)))
            }
            ("relations", Element::Dataset(old), Element::Dataset(new)) => {
                Some(to_ron(&merge_relations(&old.relations, &new.relations, keep, hands_off)))
            }
            _ => says.clone(),
        };
        // The value was just read from an element of the same section, so it fits.
        let _ = merged.reflect_mut().set(name, value.as_deref());
        let is = |known: &Text| known.as_str() == name;
        let (was_assumed, is_assumed) = (old.assumed().iter().any(is), new.assumed().iter().any(is));
        // What people confirmed, or came to doubt, holds for as long as the files say the same.
        let still = if had == says { was_assumed } else { is_assumed };
        if still != was_assumed {
            assumed.retain(|known| !is(known));
            assumed.extend(still.then(|| Text::new(name)));
        }
    }
    let _ = merged.reflect_mut().set("by_hand", Some(&to_ron(&by_hand)));
    let _ = merged.reflect_mut().set("assumed", Some(&to_ron(&assumed)));
    merged
}

/// Whether an importer put the dataset out of scope.
fn is_untracked(element: &Element) -> bool {
    matches!(element, Element::Dataset(dataset) if dataset.out_of_scope.as_str() == super::hasura::UNTRACKED)
}

/// Fields keep the class and kind that people gave them. Entries that the files do not name any more go, unless they
/// are to be kept.
fn merge_fields(old: &BTreeMap<Text, Field>, new: &BTreeMap<Text, Field>, keep: bool) -> BTreeMap<Text, Field> {
    let mut merged: BTreeMap<Text, Field> = if keep { old.clone() } else { BTreeMap::new() };
    for (key, field) in new {
        let mut field = field.clone();
        if let Some(known) = old.get(key) {
            field.class = known.class.clone().or(field.class);
            field.kind = known.kind.clone().or(field.kind);
            field.dtype = field.dtype.or(known.dtype.clone());
            field.protection = known.protection.or(field.protection);
            field.unit = known.unit.clone().or(field.unit);
            if !known.notes.is_empty() {
                field.notes = known.notes.clone();
            }
        }
        merged.insert(key.clone(), field);
    }
    merged
}

/// Relations are the importer's; what people changed by hand wins, and what is to be kept stays beside what is new.
fn merge_relations(
    old: &BTreeMap<Text, Relation>,
    new: &BTreeMap<Text, Relation>,
    keep: bool,
    by_hand: bool,
) -> BTreeMap<Text, Relation> {
    let mut merged: BTreeMap<Text, Relation> = if keep { old.clone() } else { BTreeMap::new() };
    for (key, relation) in new {
        if !(by_hand && merged.contains_key(key)) {
            merged.insert(key.clone(), relation.clone());
        }
    }
    merged
}

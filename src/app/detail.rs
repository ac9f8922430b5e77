//! The nearest level of the map: one element with everything that is known of it, and each of its flows in full.
//!
//! Nothing is shortened here. What does not fit on the screen is panned to.

use super::appearance::{class_of_flow, encryption};
use super::badge::{Known, unknown_facts};
use super::fields::{Shown, rows};
use super::width::wrap;
use crate::analysis::exposure::Scope;
use crate::diagram::Node;
use crate::model::graph::boundary_chain;
use crate::model::reflect::Step;
use crate::model::topology::Flow;
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::{BTreeMap, BTreeSet};

/// The widest text in the element's own box, in columns.
const OWN_WIDTH: usize = 46;
/// The widest text in the boxes around it, in columns.
const NEAR_WIDTH: usize = 34;

/// The text of the box of the element that is shown.
pub(super) fn own_lines(model: &Model, known: &Known, id: &ElementId) -> Vec<String> {
    let mut text = Text { lines: Vec::new(), columns: OWN_WIDTH };
    text.add(0, model.title_of(id));
    text.add(0, &format!("{} · {}", id.section.noun(), id.slug));
    // What is inside of a group says more than how much there is.
    let mut open: BTreeSet<Vec<Step>> = BTreeSet::new();
    for row in rows(model, id, &open) {
        if matches!(row.shown, Shown::Group(_)) {
            open.insert(row.path);
        }
    }
    for row in rows(model, id, &open) {
        let is_field = row.depth > 0 && row.path.first() == Some(&Step::Field("fields"));
        let value = match &row.shown {
            Shown::Known(value) if is_field => format!("{}{value}", class_gap(model, id, &row.label)),
            Shown::Known(value) => value.clone(),
            Shown::Assumed(value) => format!("~ {value} (assumed)"),
            Shown::Group(_) => String::new(),
            Shown::Unknown | Shown::Empty | Shown::Add => continue,
        };
        if row.path == [Step::Field("title")] {
            continue;
        }
        let gap = if value.is_empty() { "" } else { " " };
        text.add(row.depth, &format!("{}:{gap}{value}", row.label));
    }
    let unknown: Vec<String> = unknown_facts(model, id).into_iter().map(|name| name.replace('_', " ")).collect();
    if !unknown.is_empty() {
        text.add(0, &format!("? unknown: {}", unknown.join(", ")));
    }
    let access = access(model, known, id);
    if !access.is_empty() {
        text.add(0, if id.section == Section::Roles { "what it can do:" } else { "who gets at it:" });
        for line in access {
            text.add(1, &line);
        }
    }
    text.done()
}

/// What the summary of a field lacks: its class comes first, and one that is missing is said.
fn class_gap(model: &Model, id: &ElementId, field: &str) -> &'static str {
    let dataset = model.datasets.get(&id.slug);
    let known = dataset.and_then(|dataset| dataset.fields.get(field)).is_some_and(|field| field.class.is_some());
    if known { "" } else { "class ? · " }
}

/// The text of a box beside the element: what it is, and the flows between the two.
pub(super) fn near_lines(model: &Model, id: &ElementId, shown: &ElementId) -> Vec<String> {
    let mut text = Text { lines: Vec::new(), columns: NEAR_WIDTH };
    text.add(0, model.title_of(id));
    text.add(0, id.section.noun());
    for (slug, flow) in &model.flows {
        let ends = (model.node(flow.from.slug().as_str()), model.node(flow.to.slug().as_str()));
        let (Some(from), Some(to)) = ends else { continue };
        let arrow = match (&from == id && &to == shown, &from == shown && &to == id) {
            (true, _) => "→",
            (_, true) => "←",
            _ => continue,
        };
        let flow_id = ElementId::new(Section::Flows, slug.clone());
        text.add(0, &format!("{arrow} {}", model.title_of(&flow_id)));
        for line in flow_facts(model, flow) {
            text.add(1, &line);
        }
        let walls = walls(model, &from, &to);
        let crosses = if walls.is_empty() { "no boundary".to_owned() } else { walls.join(", ") };
        text.add(1, &format!("crosses {crosses}"));
    }
    text.done()
}

/// Everything that a flow says of itself, a line for each fact.
pub fn flow_facts(model: &Model, flow: &Flow) -> Vec<String> {
    let mut lines = Vec::new();
    let protocol = flow.protocol.as_ref().map_or("protocol ?", |protocol| protocol.as_str());
    lines.push(format!("{protocol}, {}", encryption(flow.encrypted)));
    let title = |slug: &Slug| model.title_of(&ElementId::new(Section::Datasets, slug.clone())).to_owned();
    let data: Vec<String> = flow.data.iter().map(|link| title(link.slug())).collect();
    let class = class_of_flow(model, flow).map_or("class ?".to_owned(), |rank| format!("up to {}", rank.class));
    lines.push(match data.is_empty() {
        true if flow.classes.is_empty() => "carries ?".to_owned(),
        true => format!("carries data {class}"),
        false => format!("carries {} ({class})", data.join(", ")),
    });
    if let Some(transformation) = &flow.transformation {
        lines.push(format!("transformed: {transformation}"));
    }
    if let Some(mechanism) = &flow.mechanism {
        lines.push(format!("allowed by: {mechanism}"));
    }
    lines
}

/// The boundaries between two elements in the order in which a flow crosses them, with the way in which it does.
pub fn walls(model: &Model, from: &ElementId, to: &ElementId) -> Vec<String> {
    walls_text(model, crate::model::graph::walls_between(model, from, to).into_iter())
}

/// Boundaries that are crossed, each with the way in which it is.
pub fn walls_text<'a>(model: &Model, walls: impl Iterator<Item = (&'a Slug, bool)>) -> Vec<String> {
    walls
        .map(|(slug, entered)| {
            let id = ElementId::new(Section::Boundaries, slug.clone());
            format!("{} {}", if entered { "into" } else { "out of" }, model.title_of(&id))
        })
        .collect()
}

/// Who can do what at an endpoint or with a dataset, and what a role can do: a line for each.
fn access(model: &Model, known: &Known, id: &ElementId) -> Vec<String> {
    let title = |section, slug: &Slug| model.title_of(&ElementId::new(section, slug.clone())).to_owned();
    let mut lines: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for fact in &known.access.facts {
        let dataset = fact.dataset.as_ref();
        let about = match id.section {
            Section::Endpoints => fact.endpoint == id.slug,
            Section::Datasets => dataset == Some(&id.slug),
            Section::Roles => fact.role == id.slug,
            _ => false,
        };
        let scope = Scope::of(fact);
        if !about || scope == Scope::Nothing {
            continue;
        }
        let who = match id.section {
            Section::Roles => format!("at {}", title(Section::Endpoints, &fact.endpoint)),
            _ => title(Section::Roles, &fact.role),
        };
        let what = match (id.section, dataset) {
            (Section::Datasets, _) => format!("{}, at", scope.meaning()),
            (_, Some(dataset)) => title(Section::Datasets, dataset),
            (_, None) => String::new(),
        };
        let entry = lines.entry(who).or_default();
        let (key, value) = match id.section {
            Section::Datasets => (format!("{} {what}", fact.op.word()), title(Section::Endpoints, &fact.endpoint)),
            _ => (fact.op.word().to_owned(), what),
        };
        entry.entry(key).or_default().insert(value);
    }
    lines
        .into_iter()
        .map(|(who, ops)| {
            let ops: Vec<String> = ops
                .into_iter()
                .map(|(op, what)| {
                    let what: Vec<String> = what.into_iter().filter(|what| !what.is_empty()).collect();
                    format!("{op} {}", what.join(", ")).trim_end().to_owned()
                })
                .collect();
            format!("{who}: {}", ops.join("; "))
        })
        .collect()
}

/// Whether an element can be shown by itself: what is drawn as a box of its own.
pub fn can_be_shown(model: &Model, id: &ElementId) -> bool {
    (id.section.is_node() || id.section == Section::Roles) && model.has(id.section, id.slug.as_str())
}

/// What to show for a selected element: itself, or where a flow starts.
pub fn shown_for(model: &Model, id: &ElementId) -> Option<ElementId> {
    let id = match id.section {
        Section::Flows => model.node(model.flows.get(&id.slug)?.from.slug().as_str())?,
        _ => id.clone(),
    };
    can_be_shown(model, &id).then_some(id)
}

/// Lines of at most so many columns.
struct Text {
    lines: Vec<String>,
    columns: usize,
}

impl Text {
    /// Adds a text; what does not fit on its line goes on below, farther in.
    fn add(&mut self, depth: usize, text: &str) {
        let pad = "  ".repeat(depth.min(4));
        let room = self.columns.saturating_sub(pad.len());
        let whole = wrap(text, room);
        // Lines that go on are indented, which costs all of them two columns.
        let parts = if whole.len() > 1 { wrap(text, room.saturating_sub(2)) } else { whole };
        let indent = |at: usize| if at == 0 { "" } else { "  " };
        self.lines.extend(parts.iter().enumerate().map(|(at, part)| format!("{pad}{}{part}", indent(at))));
    }

    fn done(mut self) -> Vec<String> {
        // A box has an end; the inspector does not.
        let most = usize::try_from(Node::MAXIMUM.height).unwrap_or(100).saturating_sub(4);
        if self.lines.len() > most {
            let more = self.lines.len() - most;
            self.lines.truncate(most);
            self.lines.push(format!("… {more} more lines: the inspector has them"));
        }
        self.lines
    }
}

/// The boundaries around an element, from the outside in, as a line to read.
pub fn place(model: &Model, id: &ElementId) -> String {
    let chain: Vec<String> = boundary_chain(model, id)
        .into_iter()
        .rev()
        .map(|slug| model.title_of(&ElementId::new(Section::Boundaries, slug.clone())).to_owned())
        .collect();
    if chain.is_empty() { "outside of every boundary".into() } else { chain.join(" › ") }
}

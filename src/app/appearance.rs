//! What boxes, boundaries and wires look like: their text at each level, their shapes, what is marked and what dimmed.

use super::fuzzy::filter_matches;
use super::projection::{Drawn, DrawnWire, Projection, Zoom};
use crate::analysis::exposure::rank_of;
use crate::diagram::InView;
use crate::diagram::geometry::Size;
use crate::diagram::graph::Edge;
use crate::diagram::scene::{Art, BoundaryArt, NodeArt, Shape, Stroke, WireArt, text_width};
use crate::model::data::Dataset;
use crate::model::text::counted;
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::{BTreeMap, BTreeSet};

/// The widest text in a box, in columns.
const TEXT_WIDTH: usize = 26;

/// The title of a boundary.
pub(super) fn boundary_title(model: &Model, slug: &Slug) -> String {
    model.title_of(&ElementId::new(Section::Boundaries, slug.clone())).to_owned()
}

fn shorten(text: &str) -> String {
    super::width::fit(text, TEXT_WIDTH)
}

/// The text of a box; of a closed boundary it also says what is `inside`.
pub(super) fn node_lines(model: &Model, drawn: &Drawn, inside: &[ElementId], zoom: Zoom) -> Vec<String> {
    match drawn {
        Drawn::Element(id) => element_lines(model, id, zoom),
        Drawn::Zone(slug) => {
            let mut lines = vec![shorten(&boundary_title(model, slug))];
            if zoom != Zoom::Rows {
                lines.extend(counts(inside).into_iter().map(|count| shorten(&count)));
                let datasets = inside.iter().filter(|id| id.section == Section::Datasets);
                if let Some(class) = highest(model, datasets) {
                    lines.push(shorten(&format!("up to {class}")));
                }
            }
            lines
        }
        Drawn::Stack { word, members, .. } => {
            let noun = members.first().map_or("element", |id| id.section.noun());
            let name = match word.as_str() {
                "" => format!("{} {noun}s", members.len()),
                "*" => format!("{} other {noun}s", members.len()),
                word => format!("{word} ×{}", members.len()),
            };
            let mut lines = vec![shorten(&name)];
            if zoom >= Zoom::Boxes {
                let names: Vec<&str> = members.iter().map(|id| model.title_of(id)).collect();
                let class = highest(model, members.iter()).map(|class| format!("up to {class}"));
                lines.push(shorten(&class.unwrap_or_else(|| names.join(", "))));
            }
            if zoom == Zoom::Cards {
                lines.extend(members.iter().take(4).map(|id| shorten(model.title_of(id))));
                if members.len() > 4 {
                    lines.push(format!("… {} more", members.len() - 4));
                }
            }
            lines
        }
    }
}

fn element_lines(model: &Model, id: &ElementId, zoom: Zoom) -> Vec<String> {
    let mut lines = vec![shorten(model.title_of(id))];
    if zoom <= Zoom::Rows {
        return lines;
    }
    // A bare question mark does not say what is unknown.
    let name = |what: &str, value: Option<String>| value.unwrap_or_else(|| format!("{what} ?"));
    let mut facts: Vec<String> = Vec::new();
    match id.section {
        Section::Datasets => {
            if let Some(dataset) = model.datasets.get(&id.slug) {
                facts.push(format!("{} · {} fields", class_text(model, dataset), dataset.fields.len()));
                facts.push(format!(
                    "about {}",
                    if dataset.subjects.is_empty() { "?".to_owned() } else { join(&dataset.subjects) }
                ));
                facts.push(format!("at rest {}", yes_no(dataset.encrypted_at_rest, "encrypted", "plain")));
            }
        }
        Section::Endpoints => {
            if let Some(endpoint) = model.endpoints.get(&id.slug) {
                let kind = name("kind", endpoint.kind.map(|kind| kind.to_string()));
                let auth = name("auth", endpoint.authentication.map(|auth| auth.to_string()));
                facts.push(format!("{kind} · {auth}"));
                let method = endpoint.method.as_ref().map(|m| m.to_string()).unwrap_or_default();
                let path = endpoint.path.as_ref().or(endpoint.operation.as_ref()).map(|p| p.to_string());
                facts.push(format!("{method} {}", name("path", path)).trim().to_owned());
                facts.push(format!(
                    "visible to {}",
                    name("", endpoint.visibility.map(|v| v.to_string().to_lowercase()))
                ));
            }
        }
        Section::Services => {
            if let Some(service) = model.services.get(&id.slug) {
                let product = service.product.as_ref().map(|p| p.to_string());
                facts.push(product.unwrap_or_else(|| name("kind", service.kind.map(|kind| kind.to_string()))));
                facts.push(format!("audit log {}", yes_no(service.audit_log, "kept", "not kept")));
            }
        }
        Section::Actors => {
            if let Some(actor) = model.actors.get(&id.slug) {
                facts.push(name("kind", actor.kind.map(|kind| kind.to_string().to_lowercase())));
                if !actor.roles.is_empty() {
                    let roles: Vec<&str> = actor.roles.iter().map(|role| role.slug().as_str()).collect();
                    facts.push(format!("as {}", roles.join(", ")));
                }
            }
        }
        Section::Roles => {
            if let Some(role) = model.roles.get(&id.slug) {
                let kind = role.kind.map(|kind| format!("{} role", kind.to_string().to_lowercase()));
                let kind = kind.unwrap_or_else(|| "role".into());
                let inherits: Vec<&str> = role.inherits.iter().map(|role| role.slug().as_str()).collect();
                let more = if inherits.is_empty() { String::new() } else { format!(" + {}", inherits.join(", ")) };
                facts.push(format!("{kind}{more}"));
            }
        }
        _ => {}
    }
    let scope = model.reflect(id).and_then(|element| element.get("out_of_scope"));
    if scope.is_some() {
        facts.insert(0, "out of scope".into());
    }
    let shown = if zoom == Zoom::Boxes { 1 } else { facts.len() };
    lines.extend(facts.into_iter().take(shown).map(|fact| shorten(&fact)));
    lines
}

fn yes_no(value: Option<bool>, yes: &str, no: &str) -> String {
    value.map_or("?", |value| if value { yes } else { no }).to_owned()
}

fn join(texts: &[crate::model::Text]) -> String {
    texts.iter().map(|text| text.as_str()).collect::<Vec<_>>().join(", ")
}

fn class_text(model: &Model, dataset: &Dataset) -> String {
    highest_of(model, dataset).unwrap_or_else(|| "class ?".into())
}

fn highest_of(model: &Model, dataset: &Dataset) -> Option<String> {
    let own = dataset.class.iter();
    let fields = dataset.fields.values().filter_map(|field| field.class.as_ref());
    let rank = own.chain(fields).filter_map(|class| rank_of(model, class.slug())).max()?;
    Some(rank.class.to_string())
}

fn highest<'a>(model: &Model, ids: impl Iterator<Item = &'a ElementId>) -> Option<String> {
    let datasets = ids.filter_map(|id| model.datasets.get(&id.slug));
    let classes = datasets.filter_map(|dataset| highest_of(model, dataset)).filter_map(|class| Slug::new(&class).ok());
    classes.filter_map(|class| rank_of(model, &class)).max().map(|rank| rank.class.to_string())
}

fn counts(ids: &[ElementId]) -> Vec<String> {
    let mut counts: BTreeMap<Section, usize> = BTreeMap::new();
    for id in ids {
        *counts.entry(id.section).or_default() += 1;
    }
    if counts.is_empty() {
        return vec!["empty".into()];
    }
    counts.into_iter().map(|(section, count)| counted(count, section.noun())).collect()
}

/// The cells that a box takes.
pub(super) fn node_size(lines: &[String], zoom: Zoom, drawn: &Drawn) -> Size {
    let text = lines.iter().map(|line| text_width(line)).max().unwrap_or(0).max(3);
    let one_row = zoom == Zoom::Rows || (zoom == Zoom::Zones && !matches!(drawn, Drawn::Zone(_)));
    if one_row {
        let brackets = if matches!(drawn, Drawn::Stack { .. }) { 4 } else { 2 };
        return Size { width: text + brackets, height: 1 };
    }
    let shadow = i32::from(matches!(drawn, Drawn::Stack { .. }));
    let rows = i32::try_from(lines.len()).unwrap_or(1);
    Size { width: text + 4 + shadow, height: rows + 2 + shadow }
}

/// The text beside a wire.
pub(super) fn wire_label(model: &Model, wire: &DrawnWire) -> String {
    match wire.flows.as_slice() {
        [] => String::new(),
        [one] => {
            let flow = model.flows.get(one);
            flow.and_then(|flow| flow.protocol.as_ref()).map(|p| shorten(p.as_str())).unwrap_or_default()
        }
        many => format!("×{}", many.len()),
    }
}

/// How the picture is coloured and marked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Marks<'a> {
    /// The selected element.
    pub cursor: Option<&'a ElementId>,
    /// The marked elements.
    pub marked: Option<&'a BTreeSet<ElementId>>,
    /// What does not match is dimmed.
    pub filter: &'a str,
}

impl Projection {
    /// What the parts of the picture look like.
    pub fn art(&self, model: &Model, marks: Marks<'_>) -> Art {
        let all = InView { nodes: vec![true; self.nodes.len()], wires: vec![true; self.wires.len()] };
        self.art_in_view(model, marks, &all)
    }

    /// What the parts of the picture that are in view look like; of the others nothing is said.
    pub fn art_in_view(&self, model: &Model, marks: Marks<'_>, view: &InView) -> Art {
        let is_marked = |id: &ElementId| marks.marked.is_some_and(|marked| marked.contains(id));
        let cursor_node = marks.cursor.and_then(|id| self.node_of(id));
        let one =
            |id: &ElementId| filter_matches(marks.filter, &[model.title_of(id), id.slug.as_str(), id.section.noun()]);
        let matches = |drawn: &Drawn| {
            marks.filter.is_empty()
                || match drawn {
                    Drawn::Element(id) => one(id),
                    Drawn::Zone(slug) => {
                        filter_matches(marks.filter, &[&boundary_title(model, slug), slug.as_str()])
                            || self.inside.get(slug).into_iter().flatten().any(one)
                    }
                    Drawn::Stack { members, .. } => members.iter().any(one),
                }
        };
        let wanted = |flags: &[bool], at: usize| flags.get(at).copied().unwrap_or(false);
        let node = |(at, (drawn, lines)): (usize, (&Drawn, &Vec<String>))| {
            if !wanted(&view.nodes, at) {
                return NodeArt::default();
            }
            NodeArt {
                shape: shape(drawn),
                lines: lines.clone(),
                selected: cursor_node == Some(at),
                dimmed: !matches(drawn),
                marked: match drawn {
                    Drawn::Element(id) => is_marked(id),
                    Drawn::Zone(slug) => is_marked(&ElementId::new(Section::Boundaries, slug.clone())),
                    Drawn::Stack { members, .. } => members.iter().any(is_marked),
                },
                tone: tone(drawn),
            }
        };
        let selected_flow = |wire: &DrawnWire| {
            marks.cursor.is_some_and(|id| id.section == Section::Flows && wire.flows.contains(&id.slug))
        };
        let wire = |(at, (wire, edge)): (usize, (&DrawnWire, &Edge))| {
            if !wanted(&view.wires, at) {
                return WireArt::default();
            }
            WireArt {
                stroke: stroke(model, wire),
                label: wire_label(model, wire),
                selected: selected_flow(wire) || cursor_node.is_some_and(|node| edge.from == node || edge.to == node),
                dimmed: !(matches(&self.nodes[edge.from]) && matches(&self.nodes[edge.to])),
                tone: u8::from(wire.access),
            }
        };
        let boundaries = self.boundaries.iter().map(|slug| {
            let id = ElementId::new(Section::Boundaries, slug.clone());
            BoundaryArt {
                title: boundary_title(model, slug),
                selected: marks.cursor == Some(&id),
                dimmed: false,
                tone: 0,
            }
        });
        Art {
            nodes: self.nodes.iter().zip(&self.lines).enumerate().map(node).collect(),
            boundaries: boundaries.collect(),
            wires: self.wires.iter().zip(&self.graph.edges).enumerate().map(wire).collect(),
        }
    }
}

fn shape(drawn: &Drawn) -> Shape {
    match drawn {
        Drawn::Zone(_) => Shape::Zone,
        Drawn::Stack { .. } => Shape::Stack,
        Drawn::Element(id) => match id.section {
            Section::Actors => Shape::Actor,
            Section::Services => Shape::Service,
            Section::Endpoints => Shape::Endpoint,
            Section::Roles => Shape::Role,
            _ => Shape::Dataset,
        },
    }
}

/// A number for the kind of a box, from which the palette takes a colour.
fn tone(drawn: &Drawn) -> u8 {
    match drawn {
        Drawn::Zone(_) => 0,
        Drawn::Element(id) => section_tone(id.section),
        Drawn::Stack { members, .. } => members.first().map_or(0, |id| section_tone(id.section)),
    }
}

/// A number for a kind of element, from which the palette takes a colour.
pub fn section_tone(section: Section) -> u8 {
    match section {
        Section::Actors => 1,
        Section::Services => 2,
        Section::Endpoints => 3,
        Section::Datasets => 4,
        Section::Roles => 5,
        _ => 0,
    }
}

/// The line of a wire: it says what the wire stands for.
pub(super) fn stroke(model: &Model, wire: &DrawnWire) -> Stroke {
    if wire.access {
        return Stroke::Dotted;
    }
    let encrypted = |slug: &Slug| model.flows.get(slug).and_then(|flow| flow.encrypted) == Some(true);
    if !wire.flows.is_empty() && wire.flows.iter().all(encrypted) { Stroke::Heavy } else { Stroke::Light }
}

//! What boxes, boundaries and wires look like: their text at each level, their shapes, what is marked and what dimmed.

use super::badge::{Badge, Known, pinned};
use super::detail;
use super::findings::Findings;
use super::fuzzy::filter_matches;
use super::journey::{self, Lit};
use super::projection::{Brevity, Drawn, DrawnWire, Projection, ViewOptions, Zoom};
use crate::analysis::exposure::{Rank, rank_of};
use crate::analysis::journey::Journey;
use crate::diagram::InView;
use crate::diagram::geometry::Size;
use crate::diagram::graph::Edge;
use crate::diagram::scene::{Art, BadgeArt, BoundaryArt, NodeArt, Shape, Stroke, WireArt, badges_width, text_width};
use crate::model::data::Dataset;
use crate::model::text::counted;
use crate::model::topology::Flow;
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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
pub(super) fn node_lines(
    model: &Model,
    known: &Known,
    drawn: &Drawn,
    inside: &[ElementId],
    view: &ViewOptions,
) -> Vec<String> {
    let zoom = view.zoom;
    match (drawn, &view.shown) {
        (Drawn::Element(id), Some(shown)) if zoom == Zoom::Detail && id == shown => {
            return detail::own_lines(model, known, id);
        }
        (Drawn::Element(id), Some(shown)) if zoom == Zoom::Detail => return detail::near_lines(model, id, shown),
        _ => {}
    }
    match drawn {
        Drawn::Element(id) => element_lines(model, id, zoom),
        Drawn::Zone(slug) => {
            let mut lines = vec![shorten(&boundary_title(model, slug))];
            if zoom != Zoom::Rows && view.brevity < Brevity::Bare {
                match counts(inside) {
                    several if several.len() > 1 && view.brevity == Brevity::Brief => {
                        lines.push(counted(inside.len(), "element"));
                    }
                    counts => lines.extend(counts.into_iter().map(|count| shorten(&count))),
                }
                let datasets = inside.iter().filter(|id| id.section == Section::Datasets);
                if let Some(class) = highest(model, datasets) {
                    lines.push(shorten(&format!("up to {class}")));
                }
                // With one element inside, its badges are those of the boundary.
                let is_told = inside.len() > 1 && view.brevity == Brevity::Full;
                if let Some((id, badge)) = known.worst(model, inside).filter(|_| is_told) {
                    lines.push(shorten(&format!("{}: {}", badge.text, model.title_of(id))));
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
            let class = highest(model, members.iter()).map(|class| format!("up to {class}"));
            if zoom == Zoom::Boxes && class.is_none() {
                let names: Vec<&str> = members.iter().map(|id| model.title_of(id)).collect();
                lines.push(shorten(&names.join(", ")));
            }
            if zoom >= Zoom::Boxes {
                lines.extend(class.map(|class| shorten(&class)));
            }
            if zoom >= Zoom::Cards {
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
                // None given is not none there.
                let fields = Some(dataset.fields.len()).filter(|count| *count > 0);
                let fields = name("fields", fields.map(|count| counted(count, "field")));
                facts.push(format!("{} · {fields}", class_text(model, dataset)));
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
                let visibility = endpoint.visibility.map_or("?".into(), |v| v.to_string().to_lowercase());
                facts.push(format!("visible to {visibility}"));
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
    highest_rank(model, dataset).map_or("class ?".into(), |rank| rank.class.to_string())
}

pub(super) fn highest_rank(model: &Model, dataset: &Dataset) -> Option<Rank> {
    let fields = dataset.fields.values().filter_map(|field| field.class.as_ref());
    dataset.class.iter().chain(fields).filter_map(|class| rank_of(model, class.slug())).max()
}

fn highest<'a>(model: &Model, ids: impl Iterator<Item = &'a ElementId>) -> Option<String> {
    let datasets = ids.filter(|id| id.section == Section::Datasets).filter_map(|id| model.datasets.get(&id.slug));
    datasets.filter_map(|dataset| highest_rank(model, dataset)).max().map(|rank| rank.class.to_string())
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

/// What stands at a box. Boxes of one row have no room for it.
pub(super) fn node_badges(
    model: &Model,
    known: &Known,
    drawn: &Drawn,
    inside: &[ElementId],
    zoom: Zoom,
    is_pinned: bool,
) -> Vec<Badge> {
    if is_one_row(drawn, zoom) {
        return Vec::new();
    }
    let mut badges = match drawn {
        Drawn::Element(id) => known.badges(model, id),
        Drawn::Zone(_) => known.sum(model, inside),
        Drawn::Stack { members, .. } => known.sum(model, members),
    };
    badges.extend(is_pinned.then(pinned));
    badges
}

fn is_one_row(drawn: &Drawn, zoom: Zoom) -> bool {
    zoom == Zoom::Rows || (zoom == Zoom::Zones && !matches!(drawn, Drawn::Zone(_)))
}

/// The cells that a box takes.
pub(super) fn node_size(lines: &[String], badges: &[Badge], zoom: Zoom, drawn: &Drawn) -> Size {
    let text = lines.iter().map(|line| text_width(line)).max().unwrap_or(0).max(3);
    if is_one_row(drawn, zoom) {
        let brackets = if matches!(drawn, Drawn::Stack { .. }) { 4 } else { 2 };
        return Size { width: text + brackets, height: 1 };
    }
    let rows = i32::try_from(lines.len()).unwrap_or(1);
    let badges = badges_width(badges.iter().map(|badge| badge.text.as_str()));
    Size { width: (text + 4).max(badges), height: rows + 2 }
}

/// The longest protocol beside a wire, in columns.
const PROTOCOL_WIDTH: usize = 12;
/// The longest name of a class beside a wire, in columns.
const CLASS_WIDTH: usize = 12;

/// The text beside a wire: protocol, what is known of encryption, the highest class of what is carried. Encrypted goes
/// without saying, plain and unknown do not: the text tells the three apart where lines can not.
pub(super) fn wire_label(model: &Model, flows: &[&Flow]) -> String {
    let class = flows.iter().filter_map(|flow| class_of_flow(model, flow)).max();
    // A class that is known of a part of what is carried alone may not be the highest.
    let class = class.map_or("?".to_owned(), |rank| super::width::fit(rank.class.as_str(), CLASS_WIDTH));
    match flows {
        [] => String::new(),
        [flow] => {
            let protocol = flow.protocol.as_ref().map(|protocol| super::width::fit(protocol.as_str(), PROTOCOL_WIDTH));
            let encrypted = match flow.encrypted {
                Some(true) if protocol.is_some() => None,
                Some(true) => Some("encrypted"),
                Some(false) => Some("plain"),
                None => Some("?"),
            };
            let words: Vec<&str> = protocol.as_deref().into_iter().chain(encrypted).collect();
            format!("{}·{class}", words.join(" "))
        }
        many => {
            let count = |value| many.iter().filter(|flow| flow.encrypted == value).count();
            let (plain, unknown) = (count(Some(false)), count(None));
            let mut label = format!("×{}", many.len());
            if plain > 0 {
                label.push_str(&format!(" {plain} plain"));
            }
            if unknown > 0 {
                label.push_str(&format!(" {unknown}?"));
            }
            format!("{label}·{class}")
        }
    }
}

/// What is said of a wire in words, for forms that are read aloud.
fn wire_meaning(model: &Model, wire: &DrawnWire) -> String {
    let flows: Vec<&Flow> = wire.flows.iter().filter_map(|slug| model.flows.get(slug)).collect();
    match flows.as_slice() {
        [] => String::new(),
        [flow] => {
            let facts = detail::flow_facts(model, flow);
            facts.join("; ").replace(" ?", " unknown")
        }
        many => {
            let count = |value| many.iter().filter(|flow| flow.encrypted == value).count();
            let counts = [(count(Some(true)), "encrypted"), (count(Some(false)), "plain"), (count(None), "unknown")];
            let counts: Vec<String> =
                counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
            let class = many.iter().filter_map(|flow| class_of_flow(model, flow)).max();
            let class = class.map_or("class unknown".to_owned(), |rank| format!("up to {}", rank.class));
            format!("{}: {}; {class}", counted(many.len(), "flow"), counts.join(", "))
        }
    }
}

/// The highest class of what a flow carries: of the datasets it names, and of the classes that it names itself.
pub fn class_of_flow(model: &Model, flow: &Flow) -> Option<Rank> {
    let datasets = flow.data.iter().filter_map(|link| model.datasets.get(link.slug()));
    let of_data = datasets.filter_map(|dataset| highest_rank(model, dataset));
    of_data.chain(flow.classes.iter().filter_map(|class| rank_of(model, class.slug()))).max()
}

/// What is known of encryption, as a word.
pub fn encryption(encrypted: Option<bool>) -> &'static str {
    match encrypted {
        Some(true) => "encrypted",
        Some(false) => "plain",
        None => "encryption ?",
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
    /// What is not on it is dimmed.
    pub journey: Option<&'a Journey>,
    /// What fires at elements; nothing while nobody asked the rules.
    pub findings: Option<&'a Findings>,
    /// Whether wires are told in words, too: for forms that are read, not for every picture.
    pub words: bool,
    /// Whether the selection hurries on: until it rests, the wires stay lit of where it rested last.
    pub hurried: bool,
    /// The element where it rested last.
    pub rested: Option<&'a ElementId>,
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
        let cursor_node = marks.cursor.and_then(|id| self.node_around(id));
        let rested_node = || marks.rested.and_then(|id| self.node_around(id));
        let lit_node = if marks.hurried { rested_node() } else { cursor_node };
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
        let lit = marks.journey.map(Lit::of);
        let is_in = |ids: &BTreeSet<ElementId>, drawn: &Drawn| match drawn {
            Drawn::Element(id) => ids.contains(id),
            Drawn::Zone(slug) => self.inside.get(slug).into_iter().flatten().any(|id| ids.contains(id)),
            Drawn::Stack { members, .. } => members.iter().any(|id| ids.contains(id)),
        };
        let on_way = |drawn: &Drawn| lit.as_ref().is_none_or(|lit| is_in(&lit.all, drawn));
        let edge_badges = |drawn: &Drawn, own: &[Badge]| -> Vec<BadgeArt> {
            let Some(journey) = marks.journey else {
                let found = marks.findings.and_then(|findings| match drawn {
                    Drawn::Element(id) => findings.badge([id]),
                    Drawn::Zone(slug) => findings.badge(self.inside.get(slug).into_iter().flatten()),
                    Drawn::Stack { members, .. } => findings.badge(members),
                });
                let mut all: Vec<&Badge> = found.iter().chain(own).collect();
                all.sort_by_key(|badge| badge.sign);
                return all.into_iter().map(badge_art).collect();
            };
            // Only one thing at a time: where the data goes.
            let inside = |id: &ElementId| is_in(&BTreeSet::from([id.clone()]), drawn);
            journey::badge(journey, &inside).iter().map(badge_art).collect()
        };
        let wanted = |flags: &[bool], at: usize| flags.get(at).copied().unwrap_or(false);
        let node = |(at, (drawn, lines)): (usize, (&Drawn, &Arc<[String]>))| {
            if !wanted(&view.nodes, at) {
                return NodeArt::default();
            }
            NodeArt {
                shape: shape(drawn),
                lines: lines.to_vec(),
                left: self.detail && matches!(drawn, Drawn::Element(_)),
                badges: edge_badges(drawn, self.badges.get(at).map_or(&[][..], |badges| badges)),
                selected: cursor_node == Some(at),
                dimmed: !matches(drawn) || !on_way(drawn),
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
        let flow = |slug: &Slug| ElementId::new(Section::Flows, slug.clone());
        let carries = |wire: &DrawnWire, edge: &crate::diagram::Edge| match &lit {
            Some(_) if wire.access => on_way(&self.nodes[edge.from]) && on_way(&self.nodes[edge.to]),
            Some(lit) => wire.flows.iter().any(|slug| lit.all.contains(&flow(slug))),
            None => true,
        };
        let may_carry = |wire: &DrawnWire| {
            let of = |lit: &Lit, slug: &Slug| (lit.all.contains(&flow(slug)), lit.maybe.contains(&flow(slug)));
            lit.as_ref().is_some_and(|lit| {
                let found: Vec<(bool, bool)> = wire.flows.iter().map(|slug| of(lit, slug)).collect();
                found.iter().any(|(_, maybe)| *maybe) && found.iter().all(|(on, maybe)| !on || *maybe)
            })
        };
        let wire = |(at, (wire, edge)): (usize, (&Arc<DrawnWire>, &Edge))| {
            if !wanted(&view.wires, at) {
                return WireArt::default();
            }
            WireArt {
                stroke: wire.stroke,
                label: format!("{}{}", if may_carry(wire) { "maybe " } else { "" }, wire.label),
                meaning: if marks.words { wire_meaning(model, wire) } else { String::new() },
                selected: selected_flow(wire) || lit_node.is_some_and(|node| edge.from == node || edge.to == node),
                dimmed: !(matches(&self.nodes[edge.from]) && matches(&self.nodes[edge.to]) && carries(wire, edge)),
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
            covered: None,
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

fn badge_art(badge: &Badge) -> BadgeArt {
    BadgeArt { text: badge.text.clone(), meaning: badge.meaning.clone(), tone: badge.sign.tone() }
}

/// The line of a wire with flows on it: of several the least safe.
pub(super) fn stroke(flows: &[&Flow]) -> Stroke {
    if flows.iter().any(|flow| flow.encrypted == Some(false)) {
        Stroke::Light
    } else if flows.iter().any(|flow| flow.encrypted.is_none()) {
        Stroke::Dashed
    } else {
        Stroke::Heavy
    }
}

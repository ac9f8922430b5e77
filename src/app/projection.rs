//! From the model to a picture: which boxes, boundaries and wires are drawn at a zoom level, and what they stand for.
//!
//! A model of eighty tables is not drawn by shrinking: boundaries close into one box, datasets and endpoints that
//! differ in name alone are drawn as a stack with a count, and parallel flows join into one wire.

use super::appearance::{boundary_title, node_badges, node_lines, node_size, stroke, wire_label};
use super::badge::{Badge, Known};
use super::detail;
use super::joins::{Join, joins, leave_out_implied_inheritance, neighbourhood};
use super::map::is_large;
use crate::diagram::geometry::{Point, Size};
use crate::diagram::graph::{Boundary, Direction, Edge, Graph, Node};
use crate::diagram::scene::{Stroke, text_width};
use crate::model::governance::{Orientation, View};
use crate::model::graph::{MAX_NESTING, boundaries_around, boundary_chain, boundary_of};
use crate::model::topology::Flow;
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// How much of each element is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Zoom {
    /// Outermost boundaries as one box each.
    Zones,
    /// Elements on one row.
    Rows,
    /// Boxes with a line of facts.
    #[default]
    Boxes,
    /// Boxes with the facts that matter.
    Cards,
    /// One element with everything that is known of it, and its flows.
    Detail,
}

impl Zoom {
    /// Every level, from far to near.
    pub const ALL: [Zoom; 5] = [Zoom::Zones, Zoom::Rows, Zoom::Boxes, Zoom::Cards, Zoom::Detail];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Zoom::Zones => "zones",
            Zoom::Rows => "rows",
            Zoom::Boxes => "boxes",
            Zoom::Cards => "cards",
            Zoom::Detail => "detail",
        }
    }

    /// The next level, nearer or farther; the same at the end.
    pub fn step(self, nearer: bool) -> Zoom {
        let at = Zoom::ALL.iter().position(|zoom| *zoom == self).unwrap_or(2);
        let next = if nearer { at + 1 } else { at.saturating_sub(1) };
        Zoom::ALL[next.min(Zoom::ALL.len() - 1)]
    }
}

/// How much is said of a closed boundary, so that all of them are seen at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Brevity {
    /// What is inside by kinds, the highest class, and what is worst.
    #[default]
    Full,
    /// How much is inside, and the highest class.
    Brief,
    /// Its name.
    Bare,
}

/// How the map is to be drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ViewOptions {
    /// Which of the model's views it is; nothing: the first.
    pub saved: Option<Slug>,
    /// How much of each element.
    pub zoom: Zoom,
    /// Which way flows run.
    pub orientation: Option<Orientation>,
    /// Boundaries drawn as one box.
    pub folded: BTreeSet<Slug>,
    /// Stacks drawn as single elements.
    pub open_stacks: BTreeSet<String>,
    /// Only this element and what it is joined to, so many hops away.
    pub around: Option<(ElementId, usize)>,
    /// The element that the nearest level shows.
    pub shown: Option<ElementId>,
    /// Only these elements, and only those flows among them.
    pub only: Option<BTreeSet<ElementId>>,
    /// Whether roles and the access that grants imply are drawn.
    pub access: bool,
    /// The room that there is, where the picture may be made to fit.
    pub room: Option<Size>,
    /// How much is said of each zone, so that all have room.
    pub brevity: Brevity,
}

impl ViewOptions {
    /// The view of the model that says what is pinned, closed and turned: the named one, or the first.
    pub fn saved_in<'a>(&self, model: &'a Model) -> Option<&'a View> {
        match &self.saved {
            Some(slug) => model.views.get(slug),
            None => model.views.values().next(),
        }
    }
}

/// What a box stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Drawn {
    /// An element.
    Element(ElementId),
    /// A closed boundary.
    Zone(Slug),
    /// Several elements of one kind in one boundary.
    Stack {
        /// Its name among the stacks: boundary, section and common word.
        key: String,
        /// What the members have in common.
        word: String,
        /// Its members.
        members: Vec<ElementId>,
    },
}

impl Drawn {
    /// The element that is selected when the box is: the boundary of a zone, the first member of a stack.
    pub fn element(&self) -> Option<ElementId> {
        match self {
            Drawn::Element(id) => Some(id.clone()),
            Drawn::Zone(slug) => Some(ElementId::new(Section::Boundaries, slug.clone())),
            Drawn::Stack { members, .. } => members.first().cloned(),
        }
    }
}

/// What a wire stands for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DrawnWire {
    /// The declared flows on it.
    pub flows: Vec<Slug>,
    /// Whether it stands for access that grants imply, and no flow.
    pub access: bool,
    /// The text beside it.
    pub label: String,
    /// Its line.
    pub stroke: Stroke,
}

/// A picture to be laid out, and what its parts stand for.
#[derive(Debug, Clone, Default)]
pub struct Projection {
    /// What is laid out.
    pub graph: Arc<Graph>,
    /// What each node stands for.
    pub nodes: Vec<Drawn>,
    /// The boundary behind each boundary that is drawn open.
    pub boundaries: Vec<Slug>,
    /// What each edge stands for: flows by the first of them, then access.
    pub wires: Vec<Arc<DrawnWire>>,
    /// The text of each node.
    pub lines: Vec<Arc<[String]>>,
    /// What stands at the edge of each node.
    pub badges: Vec<Arc<[Badge]>>,
    /// Whether one element is shown in full.
    pub detail: bool,
    /// What is inside of each closed boundary, however deep, by the boundary.
    pub inside: BTreeMap<Slug, Vec<ElementId>>,
    /// The node of each element, by element.
    seats: Arc<Vec<(ElementId, usize)>>,
    /// The nodes that stand for something else than one element.
    pub(super) crowds: Vec<usize>,
}

/// With more members of one kind in one boundary than this, they are stacked by their first word.
const STACK_LIMIT: usize = 9;
/// A word that fewer members share makes no stack of its own.
const STACK_SIZE: usize = 3;

/// The view that is really drawn: the nearest level is the surroundings of one element with nothing folded. Where that
/// element is gone, the level before is drawn.
fn settled(model: &Model, view: &ViewOptions) -> ViewOptions {
    let mut view = view.clone();
    if view.zoom == Zoom::Detail {
        match view.shown.clone().filter(|id| detail::can_be_shown(model, id)) {
            Some(id) => {
                view.access |= id.section == Section::Roles;
                view.around = Some((id, 1));
                view.folded.clear();
            }
            None => view.zoom = Zoom::Cards,
        }
    }
    view
}

/// Chooses what is drawn.
pub fn project(model: &Model, view: &ViewOptions, known: &Known) -> Projection {
    let view = &settled(model, view);
    let mut joins = joins(model, view);
    let seats = Seats::new(model, view, &joins);
    let mut projection =
        Projection { inside: seats.inside, detail: view.zoom == Zoom::Detail, ..Projection::default() };
    let direction = match view.orientation {
        Some(Orientation::Right) => Direction::Right,
        _ => Direction::Down,
    };
    let mut graph = Graph { direction, ..Graph::default() };
    // Parents before children, so that a child finds its parent's place.
    let mut boundary_index: BTreeMap<&Slug, usize> = BTreeMap::new();
    let mut ordered: Vec<(usize, &Slug)> =
        seats.boundaries.iter().map(|slug| (seats.chains.around(model, slug).len(), *slug)).collect();
    ordered.sort();
    for (_, slug) in ordered {
        let around = seats.chains.around(model, slug);
        let parent = around.iter().find_map(|around| boundary_index.get(around).copied());
        let title_width = title_width(model, slug);
        boundary_index.insert(slug, projection.boundaries.len());
        projection.boundaries.push(slug.clone());
        graph.boundaries.push(Boundary { key: slug.as_str().into(), parent, title_width });
    }

    let pins = view.saved_in(model).map(|view| &view.pins);
    // The first element of each box gives its place among the boxes.
    let mut node_at: Vec<Option<usize>> = vec![None; seats.drawn.len()];
    for (_, seat, inside) in &seats.of {
        if node_at[*seat].is_some() {
            continue;
        }
        let drawn = &seats.drawn[*seat];
        let around = match drawn {
            Drawn::Zone(zone) => seats.chains.around(model, zone),
            _ => seats.chains.from(*inside),
        };
        let boundary = around.iter().find_map(|slug| boundary_index.get(slug).copied());
        let within = match drawn {
            Drawn::Zone(zone) => projection.inside.get(zone).map_or(&[][..], Vec::as_slice),
            _ => &[],
        };
        let pin = drawn.element().filter(|_| !matches!(drawn, Drawn::Stack { .. })).and_then(|id| {
            let cell = pins?.iter().find(|(link, _)| link.names(&id))?.1;
            Some(Point { x: cell.0, y: cell.1 })
        });
        // Pins are places on the whole map; one element by itself is laid out afresh.
        let pin = pin.filter(|_| view.zoom != Zoom::Detail);
        let Told { lines, badges, size } = Told::new(model, known, drawn, within, view, pin.is_some());
        node_at[*seat] = Some(projection.nodes.len());
        projection.crowds.extend((!matches!(drawn, Drawn::Element(_))).then_some(projection.nodes.len()));
        graph.nodes.push(Node { key: node_key(drawn).into(), size, boundary, pin });
        projection.nodes.push(drawn.clone());
        projection.lines.push(lines);
        projection.badges.push(badges);
    }
    let node_of: HashMap<&ElementId, usize> =
        seats.of.iter().filter_map(|(id, seat, _)| Some((id, node_at[*seat]?))).collect();
    let focus = view.around.as_ref().map(|(id, _)| id);
    leave_out_implied_inheritance(&mut joins, |id| node_of.contains_key(id), focus);
    add_wires(&mut projection, &mut graph, model, &joins, &node_of);
    graph.room = room_to_fit(view, &graph);
    let seats = seats.of.into_iter().filter_map(|(id, seat, _)| Some((id, node_at[seat]?)));
    Projection { graph: Arc::new(graph), seats: Arc::new(seats.collect()), ..projection }
}

/// The room that a picture is to have. What is large is laid out without regard to it.
pub(super) fn room_to_fit(view: &ViewOptions, graph: &Graph) -> Option<Size> {
    view.room.filter(|_| !is_large(graph))
}

/// The stack in which an element is drawn, if it is in one. A large model is looked through as a whole only where it may be.
pub(super) fn stack_of(model: &Model, view: &ViewOptions, id: &ElementId) -> Option<String> {
    let view = &settled(model, view);
    if view.zoom != Zoom::Zones {
        let stackable = matches!(id.section, Section::Datasets | Section::Endpoints);
        let is_end = |flow: &&Flow| [&flow.from, &flow.to].into_iter().any(|end| *end.slug() == id.slug);
        let ends = |flow: &Flow| [&flow.from, &flow.to].map(|end| model.node(end.slug().as_str()));
        let joins = |ends: [Option<ElementId>; 2]| ends.iter().all(Option::is_some) && ends.contains(&Some(id.clone()));
        if !stackable || (view.only.is_none() && model.flows.values().filter(is_end).map(ends).any(joins)) {
            return None;
        }
    }
    let joins = joins(model, view);
    Seats::new(model, view, &joins).drawn.into_iter().find_map(|drawn| match drawn {
        Drawn::Stack { key, members, .. } if members.contains(id) => Some(key),
        _ => None,
    })
}

/// Columns that the title of a boundary wants.
pub(super) fn title_width(model: &Model, slug: &Slug) -> i32 {
    text_width(&boundary_title(model, slug)).min(40) + 4
}

/// What a box says, and the cells that it takes.
pub(super) struct Told {
    pub(super) lines: Arc<[String]>,
    pub(super) badges: Arc<[Badge]>,
    pub(super) size: Size,
}

impl Told {
    /// Of a closed boundary it depends on what is `within`.
    pub(super) fn new(
        model: &Model,
        known: &Known,
        drawn: &Drawn,
        within: &[ElementId],
        view: &ViewOptions,
        is_pinned: bool,
    ) -> Told {
        let lines = node_lines(model, known, drawn, within, view);
        let badges = node_badges(model, known, drawn, within, view.zoom, is_pinned);
        let size = node_size(&lines, &badges, view.zoom, drawn);
        Told { lines: lines.into(), badges: badges.into(), size }
    }
}

/// Joins the boxes by wires: one for all flows between two of them, in full detail one for each.
fn add_wires(
    projection: &mut Projection,
    graph: &mut Graph,
    model: &Model,
    joins: &[Join<'_>],
    node_of: &HashMap<&ElementId, usize>,
) {
    let mut wire_index: HashMap<(usize, usize, bool, Option<&Slug>), usize> = HashMap::new();
    let mut wires: Vec<(usize, usize, bool, Vec<&Slug>)> = Vec::new();
    for join in joins {
        let (Some(from), Some(to)) = (node_of.get(&join.from), node_of.get(&join.to)) else { continue };
        let (from, to) = (*from, *to);
        // What stays inside of one box is not drawn.
        if from == to && (join.flow.is_none() || join.from != join.to) {
            continue;
        }
        let own = join.flow.map(|(slug, _)| slug).filter(|_| projection.detail);
        let at = *wire_index.entry((from, to, join.flow.is_none(), own)).or_insert_with(|| {
            wires.push((from, to, join.flow.is_none(), Vec::new()));
            wires.len() - 1
        });
        wires[at].3.extend(join.flow.map(|(slug, _)| slug));
    }
    for (from, to, access, slugs) in wires {
        let (mut edge, wire) = join_by_wire(model, graph, (from, to), access, slugs.into_iter().cloned().collect());
        if projection.detail {
            let flows: Vec<&str> = wire.flows.iter().map(|slug| slug.as_str()).collect();
            edge.key = format!("{} {}", edge.key, flows.join(" ")).into();
        }
        graph.edges.push(edge);
        projection.wires.push(Arc::new(wire));
    }
}

/// The wire from one box to another for these flows, or for access.
pub(super) fn join_by_wire(
    model: &Model,
    graph: &Graph,
    (from, to): (usize, usize),
    access: bool,
    slugs: Vec<Slug>,
) -> (Edge, DrawnWire) {
    let flows: Vec<&Flow> = slugs.iter().filter_map(|slug| model.flows.get(slug)).collect();
    let kind = if access { "access" } else { "flow" };
    let key = format!("{kind} {} {}", graph.nodes[from].key, graph.nodes[to].key).into();
    let label = wire_label(model, &flows);
    let stroke = if access { Stroke::Dotted } else { stroke(&flows) };
    let strand = match stroke {
        Stroke::Light => 0,
        Stroke::Heavy => 1,
        Stroke::Dotted => 2,
        Stroke::Dashed => 3,
    };
    let edge = Edge { key, from, to, label_width: text_width(&label), label: label.as_str().into(), strand };
    (edge, DrawnWire { flows: slugs, access, label, stroke })
}

/// As what each element is drawn: as itself, in a stack, or inside of a closed boundary.
struct Seats<'a> {
    /// The boxes.
    drawn: Vec<Drawn>,
    /// Elements by name, the box of each, and the boundary directly around it.
    of: Vec<(ElementId, usize, Option<&'a Slug>)>,
    /// What is inside of each closed boundary.
    inside: BTreeMap<Slug, Vec<ElementId>>,
    /// The boundaries that are drawn open.
    boundaries: BTreeSet<&'a Slug>,
    chains: Chains<'a>,
}

impl<'a> Seats<'a> {
    fn new(model: &'a Model, view: &ViewOptions, joins: &[Join<'_>]) -> Seats<'a> {
        let near = view.around.as_ref().map(|(id, hops)| neighbourhood(joins, id, *hops));
        let folded = folded_boundaries(model, view);
        let mut seats = Seats {
            drawn: Vec::new(),
            of: Vec::new(),
            inside: BTreeMap::new(),
            boundaries: BTreeSet::new(),
            chains: Chains::new(model),
        };
        let mut loose: Vec<Placed<'_>> = Vec::new();
        let mut zones: BTreeMap<&Slug, usize> = BTreeMap::new();
        // Most elements of a large model are in few boundaries: what is around those is looked at once.
        let mut looked_at: HashSet<(&Slug, &Slug)> = HashSet::new();
        for (id, around) in drawn_elements(model, view) {
            let chain = seats.chains.from(around);
            let zone = chain.iter().rposition(|slug| folded.contains(*slug));
            if let Some(at) = zone {
                seats.inside.entry(chain[at].clone()).or_default().push(id.clone());
            }
            let kept = |ids: &Option<BTreeSet<ElementId>>| ids.as_ref().is_none_or(|ids| ids.contains(&id));
            if !kept(&near) || !kept(&view.only) {
                continue;
            }
            let Some(at) = zone else {
                loose.push((id, around));
                continue;
            };
            if looked_at.insert((chain[0], chain[at])) {
                seats.boundaries.extend(&chain[at + 1..]);
            }
            let seat = *zones.entry(chain[at]).or_insert_with(|| {
                seats.drawn.push(Drawn::Zone(chain[at].clone()));
                seats.drawn.len() - 1
            });
            seats.of.push((id, seat, around));
        }
        let direct: HashSet<&Slug> = loose.iter().filter_map(|(_, around)| *around).collect();
        for around in direct {
            seats.boundaries.extend(seats.chains.from(Some(around)));
        }
        let focus = view.around.as_ref().map(|(id, _)| id);
        for (drawn, ids) in stacks(model, view, loose, joins, focus) {
            seats.of.extend(ids.into_iter().map(|(id, around)| (id, seats.drawn.len(), around)));
            seats.drawn.push(drawn);
        }
        // A boundary without members is drawn, too: somebody just made it.
        if near.is_none() && view.only.is_none() {
            for slug in folded.iter().filter(|slug| outermost_fold(model, &folded, slug)) {
                let seat = zones.get(slug).copied().unwrap_or(seats.drawn.len());
                if seat == seats.drawn.len() {
                    seats.drawn.push(Drawn::Zone(slug.clone()));
                }
                let id = ElementId::new(Section::Boundaries, slug.clone());
                seats.boundaries.extend(seats.chains.around(model, slug));
                seats.of.push((id, seat, None));
            }
            for slug in model.boundaries.keys() {
                let around = seats.chains.around(model, slug);
                if !folded.contains(slug) && around.iter().all(|around| !folded.contains(*around)) {
                    seats.boundaries.insert(slug);
                }
            }
        }
        seats.of.sort();
        seats
    }
}

/// The boundaries around whatever is directly in a boundary, looked up once and not for every element of a large model.
struct Chains<'a>(HashMap<&'a Slug, Vec<&'a Slug>>);

impl<'a> Chains<'a> {
    fn new(model: &'a Model) -> Chains<'a> {
        let chain = |slug: &'a Slug| {
            let outer = boundary_chain(model, &ElementId::new(Section::Boundaries, slug.clone()));
            // In a circle of boundaries the innermost is also around itself.
            let outer = outer.into_iter().filter(|other| *other != slug).take(MAX_NESTING - 1);
            (slug, std::iter::once(slug).chain(outer).collect())
        };
        Chains(model.boundaries.keys().map(chain).collect())
    }

    /// A boundary and those around it, the innermost first.
    fn from(&self, innermost: Option<&Slug>) -> &[&'a Slug] {
        innermost.and_then(|slug| self.0.get(slug)).map_or(&[], Vec::as_slice)
    }

    /// The boundaries around a boundary, the innermost first.
    fn around(&self, model: &Model, slug: &Slug) -> &[&'a Slug] {
        self.from(boundary_of(model, &ElementId::new(Section::Boundaries, slug.clone())))
    }
}

fn node_key(drawn: &Drawn) -> String {
    match drawn {
        Drawn::Element(id) => id.to_string(),
        Drawn::Zone(slug) => format!("zone {slug}"),
        Drawn::Stack { key, .. } => format!("stack {key}"),
    }
}

/// Every element that may be drawn as a box, and the boundary directly around it.
fn drawn_elements<'a>(model: &'a Model, view: &ViewOptions) -> Vec<Placed<'a>> {
    let nodes = boundaries_around(model).filter(|(section, ..)| section.is_node());
    let roles = model.roles.keys().filter(|_| view.access).map(|slug| (Section::Roles, slug, None));
    nodes.chain(roles).map(|(section, slug, around)| (ElementId::new(section, slug.clone()), around)).collect()
}

fn folded_boundaries(model: &Model, view: &ViewOptions) -> BTreeSet<Slug> {
    if view.zoom != Zoom::Zones {
        return view.folded.clone();
    }
    let outermost = |slug: &&Slug| boundary_of(model, &ElementId::new(Section::Boundaries, (*slug).clone())).is_none();
    model.boundaries.keys().filter(outermost).cloned().collect()
}

fn outermost_fold(model: &Model, folded: &BTreeSet<Slug>, slug: &Slug) -> bool {
    let id = ElementId::new(Section::Boundaries, slug.clone());
    model.boundaries.contains_key(slug) && boundary_chain(model, &id).iter().all(|around| !folded.contains(*around))
}

/// An element, and the boundary directly around it.
type Placed<'a> = (ElementId, Option<&'a Slug>);

/// Puts many elements of one kind in one boundary into stacks by their first word. Gives the boxes, and what is in each.
fn stacks<'a>(
    model: &Model,
    view: &ViewOptions,
    placed: Vec<Placed<'a>>,
    joins: &[Join<'_>],
    focus: Option<&ElementId>,
) -> Vec<(Drawn, Vec<Placed<'a>>)> {
    // Seen from far away everything outside of the zones is a crowd, whether it has flows or not.
    let from_afar = view.zoom == Zoom::Zones;
    // What has a flow of its own is drawn by itself: the flow says something that the stack would hide.
    let flows = joins.iter().filter(|join| join.flow.is_some() && !from_afar);
    let flowing: HashSet<&ElementId> = flows.flat_map(|join| [&join.from, &join.to]).collect();
    let pinned: BTreeSet<&str> =
        view.saved_in(model).into_iter().flat_map(|view| view.pins.keys()).map(|link| link.0.as_str()).collect();
    let alone = |around| move |id: ElementId| (Drawn::Element(id.clone()), vec![(id, around)]);
    let mut groups: BTreeMap<(Section, Option<&Slug>), Vec<ElementId>> = BTreeMap::new();
    let mut result = Vec::new();
    for (id, around) in placed {
        let stackable = matches!(id.section, Section::Datasets | Section::Endpoints) && !flowing.contains(&id);
        if (stackable || from_afar) && !pinned.contains(id.slug.as_str()) && focus != Some(&id) {
            groups.entry((id.section, around)).or_default().push(id);
        } else {
            result.push(alone(around)(id));
        }
    }
    for ((section, boundary), ids) in groups {
        let alone = alone(boundary);
        if ids.len() <= STACK_LIMIT {
            result.extend(ids.into_iter().map(alone));
            continue;
        }
        let mut words: BTreeMap<String, Vec<ElementId>> = BTreeMap::new();
        for id in ids {
            words.entry(first_word(model, &id)).or_default().push(id);
        }
        let small: Vec<String> =
            words.iter().filter(|(_, ids)| ids.len() < STACK_SIZE).map(|(word, _)| word.clone()).collect();
        let rest: Vec<ElementId> = small.iter().filter_map(|word| words.remove(word)).flatten().collect();
        let others = if words.is_empty() { String::new() } else { "*".to_owned() };
        if rest.len() >= STACK_SIZE {
            words.insert(others, rest);
        } else {
            result.extend(rest.into_iter().map(alone));
        }
        for (word, members) in words {
            let key = format!("{}/{}/{word}", boundary.map_or("", |slug| slug.as_str()), section.name());
            if view.open_stacks.contains(&key) {
                result.extend(members.into_iter().map(alone));
            } else {
                let placed = members.iter().map(|id| (id.clone(), boundary)).collect();
                result.push((Drawn::Stack { key, word, members }, placed));
            }
        }
    }
    result
}

/// The first word of an element's name, behind its schema: `billing` of `public.billing_items`; the kind of an endpoint.
fn first_word(model: &Model, id: &ElementId) -> String {
    if let Some(kind) = model.endpoints.get(&id.slug).filter(|_| id.section == Section::Endpoints).and_then(|e| e.kind)
    {
        return kind.name().to_lowercase();
    }
    let name = id.slug.as_str().rsplit('.').next().unwrap_or_default();
    let word = name.split(['_', '-']).find(|word| !word.is_empty()).unwrap_or(name);
    // `email_send_logs` and `emails` belong together.
    word.strip_suffix('s').filter(|word| word.len() > 3).unwrap_or(word).to_lowercase()
}

impl Projection {
    /// The place of the box in which an element is drawn.
    pub fn node_of(&self, id: &ElementId) -> Option<usize> {
        let holds = |at: &usize| match &self.nodes[*at] {
            Drawn::Element(own) => own == id,
            Drawn::Zone(slug) => id.section == Section::Boundaries && *slug == id.slug,
            Drawn::Stack { members, .. } => members.contains(id),
        };
        self.seat_of(id).filter(holds).or_else(|| self.crowds.iter().copied().find(holds))
    }

    /// The place of the box that stands for an element, be it by itself, in a stack or inside of a closed boundary.
    pub(super) fn seat_of(&self, id: &ElementId) -> Option<usize> {
        let at = self.seats.binary_search_by(|(own, _)| own.cmp(id)).ok()?;
        Some(self.seats[at].1)
    }

    /// The same, or else the closed boundary that hides it.
    pub fn node_around(&self, id: &ElementId) -> Option<usize> {
        self.node_of(id).or_else(|| {
            let holds = |drawn: &Drawn| match drawn {
                Drawn::Zone(slug) => self.inside.get(slug).is_some_and(|inside| inside.contains(id)),
                _ => false,
            };
            self.nodes.iter().position(holds)
        })
    }
}

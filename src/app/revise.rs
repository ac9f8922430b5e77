//! The picture after edits that leave its boxes what and where they were: only what these say, and the wires, are others
//! then. A large model is looked at as a whole where more than that changed, and not for every edit.
//!
//! What comes out is, bit for bit, what [`project`](super::projection::project) chooses; a property test compares.

use super::appearance::highest_rank;
use super::badge::Known;
use super::projection::{
    Drawn, DrawnWire, Projection, Told, ViewOptions, Zoom, join_by_wire, room_to_fit, title_width,
};
use crate::analysis::docket::Before;
use crate::analysis::exposure::Rank;
use crate::model::reference::BoundaryLink;
use crate::model::{Element, ElementId, Model, Section, Slug};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// With more flows than this among what was touched, a look at the whole is not slower.
const FEW_FLOWS: usize = 16;

/// What edits change in a picture.
#[derive(Default)]
pub(super) struct Revision {
    /// The elements of which boxes say something else.
    elements: BTreeSet<ElementId>,
    /// The boundaries with another title.
    boundaries: BTreeSet<Slug>,
    /// The flows between two boxes that came, went, or say something else.
    flows: BTreeMap<(usize, usize), BTreeSet<Slug>>,
}

impl Projection {
    /// Follows edits, given what they change, and the elements of which something else is known now.
    pub(super) fn follow(
        &mut self,
        model: &Model,
        view: &ViewOptions,
        known: &Known,
        mut revision: Revision,
        noticed: &BTreeSet<ElementId>,
    ) {
        revision.elements.extend(noticed.iter().cloned());
        self.say(model, view, known, &revision);
        self.join(model, &revision);
        let room = room_to_fit(view, &self.graph);
        if self.graph.room != room {
            Arc::make_mut(&mut self.graph).room = room;
        }
    }

    /// What edits change, given what they touched and how that was before; nothing where boxes do not stay what and where
    /// they were.
    pub(super) fn revision(&self, model: &Model, view: &ViewOptions, before: &Before) -> Option<Revision> {
        let is_part = view.around.is_some() || view.only.is_some() || view.access || view.zoom == Zoom::Detail;
        let flows = before.keys().filter(|id| id.section == Section::Flows).count();
        if is_part || flows > FEW_FLOWS {
            return None;
        }
        let mut revision = Revision::default();
        for (id, then) in before {
            let now = model.element(id);
            match id.section {
                Section::Actors | Section::Services | Section::Endpoints | Section::Datasets => {
                    let (then, now) = (then.as_ref()?, now.as_ref()?);
                    if place(then) != place(now) {
                        return None;
                    }
                    if let (Element::Dataset(then), Element::Dataset(now)) = (then, now) {
                        let ranks: [Option<Rank>; 2] = [then, now].map(|dataset| highest_rank(model, dataset));
                        if ranks[0] != ranks[1] {
                            self.touch_carriers(model, &id.slug, &mut revision);
                        }
                    }
                    revision.elements.insert(id.clone());
                }
                Section::Boundaries => {
                    let (then, now) = (then.as_ref()?, now.as_ref()?);
                    if place(then) != place(now) {
                        return None;
                    }
                    revision.boundaries.insert(id.slug.clone());
                }
                Section::Flows => {
                    let flow = |element: &Option<Element>| match element {
                        Some(Element::Flow(flow)) => Some((flow.from.slug().clone(), flow.to.slug().clone())),
                        _ => None,
                    };
                    let ends = [flow(then), flow(&now)];
                    for (from, to) in ends.iter().flatten() {
                        // A first flow takes a box out of a stack, and the last one leaves it to one.
                        if ends[0] != ends[1] && ![from, to].into_iter().all(|end| self.stays(model, view, end, before))
                        {
                            return None;
                        }
                        self.touch_flow(model, (from, to), &id.slug, &mut revision);
                    }
                }
                // Pins and folds are places of boxes, and the ladder of classes is everywhere.
                Section::Views | Section::Classes => return None,
                _ => {}
            }
        }
        Some(revision)
    }

    /// Notes that a flow is another between the boxes of its ends.
    fn touch_flow(&self, model: &Model, (from, to): (&Slug, &Slug), flow: &Slug, revision: &mut Revision) {
        if let Some(ends) = self.wire_between(model, from, to) {
            revision.flows.entry(ends).or_default().insert(flow.clone());
        }
    }

    /// The boxes that a wire joins which stands for a flow between two elements.
    fn wire_between(&self, model: &Model, from: &Slug, to: &Slug) -> Option<(usize, usize)> {
        let (from, to) = (node(model, from)?, node(model, to)?);
        let ends = (self.seat_of(&from)?, self.seat_of(&to)?);
        // What stays inside of one box is not drawn.
        (ends.0 != ends.1 || from == to).then_some(ends)
    }

    /// Notes the flows that carry a dataset.
    fn touch_carriers(&self, model: &Model, dataset: &Slug, revision: &mut Revision) {
        let carriers = model.flows.iter().filter(|(_, flow)| flow.data.iter().any(|link| link.slug() == dataset));
        for (slug, flow) in carriers {
            self.touch_flow(model, (flow.from.slug(), flow.to.slug()), slug, revision);
        }
    }

    /// Whether the end of a flow is drawn as it is, with that flow and without: it is never in a stack, or it has another
    /// flow.
    fn stays(&self, model: &Model, view: &ViewOptions, end: &Slug, before: &Before) -> bool {
        let Some(id) = node(model, end) else { return true };
        if view.zoom == Zoom::Zones || matches!(id.section, Section::Actors | Section::Services) {
            return true;
        }
        let Some(at) = self.seat_of(&id) else { return true };
        let is_other = |slug: &Slug| !before.contains_key(&ElementId::new(Section::Flows, slug.clone()));
        match &self.nodes[at] {
            Drawn::Zone(_) => true,
            Drawn::Stack { .. } => false,
            Drawn::Element(_) => {
                let mut wires = self.graph.edges.iter().zip(&self.wires);
                wires.any(|(edge, wire)| (edge.from == at || edge.to == at) && wire.flows.iter().any(is_other))
            }
        }
    }

    /// Boxes and boundaries say what they have to say now.
    fn say(&mut self, model: &Model, view: &ViewOptions, known: &Known, revision: &Revision) {
        let zone = |drawn: &Drawn| matches!(drawn, Drawn::Zone(slug) if revision.boundaries.contains(slug));
        let titled = self.crowds.iter().copied().filter(|at| zone(&self.nodes[*at]));
        let boxes: BTreeSet<usize> = revision.elements.iter().filter_map(|id| self.seat_of(id)).chain(titled).collect();
        for at in boxes {
            let drawn = &self.nodes[at];
            let within = match drawn {
                Drawn::Zone(slug) => self.inside.get(slug).map_or(&[][..], Vec::as_slice),
                _ => &[],
            };
            let is_pinned = self.graph.nodes[at].pin.is_some();
            let Told { lines, badges, size } = Told::new(model, known, drawn, within, view, is_pinned);
            if self.graph.nodes[at].size != size {
                Arc::make_mut(&mut self.graph).nodes[at].size = size;
            }
            (self.lines[at], self.badges[at]) = (lines, badges);
        }
        for (at, slug) in self.boundaries.iter().enumerate().filter(|(_, slug)| revision.boundaries.contains(*slug)) {
            let title_width = title_width(model, slug);
            if self.graph.boundaries[at].title_width != title_width {
                Arc::make_mut(&mut self.graph).boundaries[at].title_width = title_width;
            }
        }
    }

    /// Wires stand for the flows that there are now.
    fn join(&mut self, model: &Model, revision: &Revision) {
        for (ends, touched) in &revision.flows {
            let is_here = |slug: &&Slug| {
                let flow = model.flows.get(*slug);
                flow.and_then(|flow| self.wire_between(model, flow.from.slug(), flow.to.slug())) == Some(*ends)
            };
            let at = self.graph.edges.iter().position(|edge| (edge.from, edge.to) == *ends);
            let old = at.map(|at| self.wires[at].clone());
            let flows = old.iter().flat_map(|wire| &wire.flows).filter(|slug| !touched.contains(*slug));
            let flows: BTreeSet<Slug> = flows.chain(touched.iter().filter(is_here)).cloned().collect();
            let new = (!flows.is_empty()).then(|| {
                let (edge, wire) = join_by_wire(model, &self.graph, *ends, false, flows.into_iter().collect());
                let (first, wires) = (&wire.flows[0], &self.wires);
                let others = |other: &Arc<DrawnWire>| &other.flows[0] < first;
                (wires.partition_point(others), edge, wire)
            });
            match (at, new) {
                (None, None) => {}
                // Nothing else moves.
                (Some(at), Some((_, edge, wire))) if self.wires[at].flows.first() == wire.flows.first() => {
                    if self.graph.edges[at] != edge {
                        Arc::make_mut(&mut self.graph).edges[at] = edge;
                    }
                    self.wires[at] = Arc::new(wire);
                }
                (at, mut new) => {
                    let graph = Arc::make_mut(&mut self.graph);
                    if let Some(at) = at {
                        if let Some((place, ..)) = &mut new {
                            *place -= usize::from(*place > at);
                        }
                        graph.edges.remove(at);
                        self.wires.remove(at);
                    }
                    if let Some((place, edge, wire)) = new {
                        graph.edges.insert(place, edge);
                        self.wires.insert(place, Arc::new(wire));
                    }
                }
            }
        }
    }
}

/// The node of a name; of two with one name, which is an error, the first.
fn node(model: &Model, slug: &Slug) -> Option<ElementId> {
    let section = Section::NODES.into_iter().find(|section| model.has(*section, slug.as_str()))?;
    Some(ElementId::new(section, slug.clone()))
}

/// On what it depends where an element is drawn, and in which stack.
fn place(element: &Element) -> (Option<&BoundaryLink>, Option<&Slug>, String) {
    match element {
        Element::Boundary(own) => (own.parent.as_ref(), None, String::new()),
        Element::Actor(own) => (own.boundary.as_ref(), None, String::new()),
        Element::Service(own) => (own.boundary.as_ref(), None, String::new()),
        Element::Dataset(own) => (own.boundary.as_ref(), None, String::new()),
        Element::Endpoint(own) => {
            let kind = own.kind.map(|kind| kind.to_string()).unwrap_or_default();
            (own.boundary.as_ref(), own.service.as_ref().map(|link| link.slug()), kind)
        }
        _ => (None, None, String::new()),
    }
}

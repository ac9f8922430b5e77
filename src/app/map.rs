//! The map as the person left it: zoom, pan, what is open; and the picture that goes with it.

use super::appearance::Marks;
use super::badge::{self, Badge, Known};
use super::choosing::{Chosen, chooses_beside};
use super::detail;
use super::findings::{Finding, Findings};
use super::projection::{Brevity, Drawn, Projection, ViewOptions, Zoom, project, stack_of};
use super::steps::Step;
use crate::analysis::docket::Before;
use crate::analysis::journey::Journey;
use crate::diagram::{
    Charset, Diagram, Graph, Index, Indexed, Owner, Point, Rect, Scene, Size, Traffic, paint, paint_in_view,
};
use crate::model::governance::Orientation;
use crate::model::graph::{boundary_chain, inside_of};
use crate::model::reference::BoundaryLink;
use crate::model::{ElementId, Model, Section, Slug};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Above this many boxes the layout is left to the worker, so that no key waits for it.
pub const LAYOUT_AT_ONCE: usize = 48;

/// Above this many wires, too: they take most of the time.
const WIRES_AT_ONCE: usize = 80;

/// With more elements than this the map opens at its zones: the whole of it is a picture that nobody can read, and takes
/// seconds to lay out.
const ZONES_FIRST: usize = 400;

/// On a canvas of no more columns a part is shown first where the whole does not fit.
const NARROW: i32 = 100;

/// The surroundings of so many other elements are tried where that of the busiest does not fit.
const CANDIDATES: usize = 6;

/// With fewer boxes a part says too little.
const FEWEST: usize = 3;

/// So many boxes are laid out twice before the first picture, to choose the level; more only for a wide canvas.
const SECOND_LOOK: usize = 20;

/// With so many flows the map says enough without the access that grants imply.
const FLOWS_ENOUGH: usize = 5;

/// State of the map.
#[derive(Debug, Clone, Default)]
pub struct Map {
    /// How it is drawn.
    pub view: ViewOptions,
    /// The world cell in the top left corner of the canvas.
    pub pan: Point,
    /// Shows what matches, dims the rest.
    pub filter: String,
    /// The letters over the boxes while one goes by label, and the places of the boxes.
    pub labels: Vec<(String, usize)>,
    /// What is drawn, and what it stands for.
    pub projection: Projection,
    /// What is to be drawn instead, while the worker lays it out: until then the picture before stays.
    next: Option<Projection>,
    /// Whether the worker chooses what is to be drawn.
    pub(super) choosing: bool,
    /// What it chose.
    pub(super) chosen: Option<Chosen>,
    /// What was to be drawn and is not any more, for the worker to take apart.
    pub(super) spent: Vec<Arc<Projection>>,
    /// Where everything is.
    pub diagram: Diagram,
    /// What fires at elements; nothing while nobody asked the rules.
    pub findings: Findings,
    /// What analyses say of the elements.
    pub known: Arc<Known>,
    /// What the badges of the selected element say.
    pub noted: Vec<Badge>,
    /// The revision of the model, and the element of which that is.
    noted_of: Option<(u64, ElementId)>,
    /// The data whose journey is shown, and the journey.
    pub journey: Option<Journey>,
    /// What of it is in view is looked up here.
    index: Index,
    /// The wires that a drag routed anew: they are not as in the picture before it.
    rerouted: Vec<usize>,
    /// Elements selected before, for jumping back, and the place in that list.
    pub jumps: Vec<ElementId>,
    /// The place in `jumps`.
    pub jump_at: usize,
    /// The last step over it.
    pub stepped: Option<Step>,
    /// The element where the selection rested last: while it hurries on, its wires stay lit.
    pub rested: Option<ElementId>,
    /// The element through whose flows somebody steps.
    pub flows_of: Option<ElementId>,
    /// Whether the worker still lays out what is to be drawn, and there is nothing to show until then.
    pub waiting: bool,
    /// How far the worker has come with it, in percent.
    pub progress: u8,
    /// Bring the selection into view.
    pub reveal: bool,
    /// Bring it into view again once the next picture is there.
    pub reveal_next: bool,
    /// Instead, bring this element to this cell of the canvas.
    pub hold: Option<(ElementId, Point)>,
    /// What was looked at when the level changed: it comes to the middle of the picture that the new level gives.
    pub looked_at: Option<ElementId>,
    /// The level changed, and nobody has seen yet whether the picture fits beside the panes.
    pub unfitted: bool,
    /// The canvas of which the view was, so that what is in view stays there when the canvas changes.
    pub canvas: Size,
    /// Whether the minimap is shown where it helps.
    pub minimap: bool,
    /// Where the minimap is in the canvas; it stays there while something is dragged.
    pub overview: Option<Rect>,
    /// The box at which a region of marks begins, and what was marked before.
    pub region: Option<(ElementId, BTreeSet<ElementId>)>,
    /// The boundary, or none, over which an element was let go last: moving it offers that first.
    pub offered: Option<(ElementId, Option<Slug>)>,
    /// What the saved view said when it was last looked at: what is closed, and which way flows run.
    saved: (Vec<BoundaryLink>, Option<Orientation>),
    /// The revision of the model and the options of which the picture is.
    drawn: Option<(u64, ViewOptions)>,
    /// What edits touched since then, and how that was before; nothing where something else than edits changed the model.
    pub edited: Option<Before>,
    /// The elements of which something else is known since then.
    pub noticed: BTreeSet<ElementId>,
    /// Whether the panes beside it give way, so that it fits.
    pub widened: bool,
    /// The columns that it leaves over to the panes then.
    pub spare: i32,
    /// The level and the surroundings still have to be chosen, once the size of the canvas is known.
    pub unchosen: bool,
}

impl Map {
    /// A map of a model as its view in the file says.
    pub fn new(model: &Model) -> Map {
        let mut map = Map::default();
        map.follow(model);
        // Where few flows are declared, the access that grants imply says most.
        map.view.access = model.flows.len() < FLOWS_ENOUGH;
        map.reveal = true;
        map.minimap = true;
        map.unchosen = true;
        map
    }

    /// Takes over what the saved view says where that changed: by a command, by undo, by reading the file again. What was
    /// opened in passing, to show something inside, stays open until then.
    pub fn follow(&mut self, model: &Model) {
        let saved = self.view.saved_in(model).map(|view| (view.folded.clone(), view.orientation)).unwrap_or_default();
        // Each by itself: turning the map closes nothing.
        if saved.0 != self.saved.0 {
            self.view.folded = saved.0.iter().map(|link| link.slug().clone()).collect();
            self.reveal = true;
        }
        if saved.1 != self.saved.1 {
            self.view.orientation = saved.1;
            self.reveal = true;
        }
        self.saved = saved;
    }

    /// Chooses how the map is first shown: boxes where there is height for them, rows otherwise, and where the whole does not
    /// fit so, rows that the panes beside it make room for, or zones. On a narrow screen the element with the most wires is
    /// shown before zones are, with what it is joined to; it is returned. Where not even that fits, it is the zones if they
    /// do, or else another element.
    pub fn choose_first_view(&mut self, model: &Model, revision: u64, room: Room) -> Option<ElementId> {
        self.unchosen = false;
        if is_huge(model) {
            self.view.zoom = Zoom::Zones;
            return None;
        }
        let canvas = room.beside;
        let nearest = if canvas.height >= 30 { Zoom::Boxes } else { Zoom::Rows };
        self.view.zoom = nearest;
        let whole = project(model, &self.view, &self.known);
        let all = whole.nodes.len();
        let has_zones = |map: &mut Map| {
            map.view.zoom = Zoom::Zones;
            map.refresh(model, revision, canvas).is_none() && map.projection.nodes.len() > 2
        };
        let zones_or_whole = |map: &mut Map| {
            if !has_zones(map) {
                map.forget();
                map.view.zoom = nearest;
            }
        };
        if is_large(&whole.graph) {
            // It is larger than any screen, and the worker would take a while to lay it out.
            zones_or_whole(self);
            return None;
        }
        // Where a part of it would be shown, a layout of the whole that can not fit is not worth waiting for.
        if may_fit(&whole.graph, canvas) && self.fits(model, revision, canvas) {
            let bounds = self.bounds();
            if self.view.zoom == Zoom::Rows && bounds.width * 2 <= canvas.width && bounds.height * 2 <= canvas.height {
                self.view.zoom = Zoom::Boxes;
            }
            return None;
        }
        if all <= SECOND_LOOK || canvas.width > NARROW {
            self.view.zoom = Zoom::Rows;
            if self.fits(model, revision, canvas) || self.widens(model, revision, room) {
                return None;
            }
            self.view.zoom = nearest;
        }
        if all <= 8 {
            return None;
        }
        if canvas.width > NARROW && has_zones(self) && self.fits(model, revision, canvas) {
            return None;
        }
        self.view.zoom = nearest;
        let mut busy = busiest(&whole).into_iter().filter_map(|at| whole.nodes.get(at));
        let Drawn::Element(first) = busy.next()? else { return None };
        self.view.around = Some((first.clone(), 1));
        let part = project(model, &self.view, &self.known).graph;
        if part.nodes.len() * 3 > all * 2 {
            // Nearly everything is joined to it: nothing would be gained.
            self.view.around = None;
            zones_or_whole(self);
            return None;
        }
        for zoom in [nearest, Zoom::Rows] {
            self.view.zoom = zoom;
            if self.fits(model, revision, canvas) {
                return Some(first.clone());
            }
        }
        let bounds = self.bounds();
        let fits_nearly = !self.is_behind() && bounds.width <= canvas.width && bounds.height * 4 <= canvas.height * 5;
        // A part that does not fit says less than the whole seen from far away, or than another part.
        self.view.around = None;
        if has_zones(self) && self.fits(model, revision, canvas) {
            return None;
        }
        self.view.zoom = Zoom::Rows;
        if !fits_nearly {
            for drawn in busy.take(CANDIDATES) {
                let Drawn::Element(id) = drawn else { continue };
                self.view.around = Some((id.clone(), 1));
                // A layout takes long, and the first picture waits for it.
                let part = project(model, &self.view, &self.known).graph;
                if part.nodes.len() >= FEWEST && may_fit(&part, canvas) && self.fits(model, revision, canvas) {
                    return Some(id.clone());
                }
            }
        }
        // Nothing that was tried is wanted any more.
        self.forget();
        self.view.around = Some((first.clone(), 1));
        Some(first.clone())
    }

    /// Chooses the nearest level at which the whole picture fits: beside the panes as they are, or else as narrow as they can
    /// be; zones where no other does. Returns how large the rows are then, where they were laid out.
    pub fn fit(&mut self, model: &Model, revision: u64, room: Room) -> Option<Size> {
        // The nearest level shows one element, not the map.
        self.view.shown = None;
        self.reveal = true;
        // Nothing of so much fits, and finding that out takes long.
        let is_hopeless = is_huge(model) && self.view.folded.is_empty() && self.view.around.is_none();
        let levels = [Zoom::Cards, Zoom::Boxes, Zoom::Rows].into_iter().filter(|_| !is_hopeless);
        let mut rows = None;
        self.widened = false;
        for zoom in levels {
            self.view.zoom = zoom;
            if self.fits(model, revision, room.beside) {
                return None;
            }
            rows = (!self.is_behind()).then(|| Size { width: self.bounds().width, height: self.bounds().height });
        }
        if !is_hopeless && self.widens(model, revision, room) {
            return None;
        }
        self.forget();
        self.view.zoom = Zoom::Zones;
        rows
    }

    /// Whether the picture fits where the panes are as narrow as they can be; then they give way.
    fn widens(&mut self, model: &Model, revision: u64, room: Room) -> bool {
        self.widened = room.narrow.width > room.beside.width && self.fits(model, revision, room.narrow);
        // A column of air on either side.
        self.spare = (room.narrow.width - self.bounds().width - 2).max(0);
        self.widened
    }

    /// After a change of the level: where the picture does not fit beside the panes, but would if they were narrower, they
    /// give way.
    pub fn settle_level(&mut self, model: &Model, revision: u64, room: Room) {
        if self.unfitted && !self.is_behind() {
            self.unfitted = false;
            let gives_way = !self.is_hopeless(room)
                && !self.fits(model, revision, room.beside)
                && self.widens(model, revision, room);
            if !gives_way && self.is_behind() {
                // A canvas of another shape was tried, for which flows would run the other way: nobody waits for that.
                self.forget();
            }
        }
    }

    /// Whether the picture is so much larger than the largest canvas that nothing makes it fit.
    fn is_hopeless(&self, room: Room) -> bool {
        let (bounds, canvas) = (self.bounds(), room.narrow);
        bounds.width > 2 * canvas.width || bounds.height > 2 * canvas.height
    }

    /// Whether the whole picture fits on a canvas. What is too large to be laid out at once certainly does not.
    fn fits(&mut self, model: &Model, revision: u64, canvas: Size) -> bool {
        if !self.is_near(model, revision, canvas) {
            return false;
        }
        let bounds = match self.refresh(model, revision, canvas) {
            None if !self.is_behind() => self.bounds(),
            _ => return false,
        };
        bounds.width <= canvas.width && bounds.height <= canvas.height
    }

    /// Opens the boundaries and the stack that hide an element, and goes nearer than zones.
    pub fn open_way_to(&mut self, model: &Model, id: &ElementId) {
        for slug in boundary_chain(model, id) {
            self.view.folded.remove(slug);
        }
        if self.view.zoom == Zoom::Zones && id.section.is_node() {
            self.view.zoom = Zoom::Rows;
        }
        if self.view.zoom == Zoom::Detail && self.projection.node_of(id).is_none() {
            self.view.shown = detail::shown_for(model, id).or(self.view.shown.take());
        }
        // As it will be drawn now: before, the stack may have been hidden itself.
        self.view.open_stacks.extend(stack_of(model, &self.view, id));
        if self.view.around.as_ref().is_some_and(|_| self.projection.node_of(id).is_none()) {
            self.view.around = None;
        }
    }

    /// Chooses anew what is drawn. What comes back has to be laid out by the worker, since it is large; small pictures
    /// are laid out at once.
    pub fn refresh(&mut self, model: &Model, revision: u64, canvas: Size) -> Option<Arc<Graph>> {
        let mut view = self.view_on(model, canvas);
        if self.is_drawn(revision, &view) {
            return None;
        }
        let mut asked = self.next.take();
        let asked_for = asked.as_ref().map(|next| next.graph.clone());
        let projection = self.revised(&mut asked, model, &view).unwrap_or_else(|| {
            view.brevity = Brevity::Full;
            project(model, &view, &self.known)
        });
        self.draw(model, projection, (revision, view), asked_for)
    }

    /// How it is drawn on a canvas.
    pub(super) fn view_on(&self, model: &Model, canvas: Size) -> ViewOptions {
        let mut view = self.view.clone();
        // Cells are twice as high as wide: a canvas more than four times as wide as high has room to the right.
        let is_wide = canvas.width > canvas.height * 5;
        view.orientation = view.orientation.or(Some(if is_wide { Orientation::Right } else { Orientation::Down }));
        view.room = (view.zoom == Zoom::Zones || !chooses_beside(model)).then_some(canvas);
        view.brevity = match &self.drawn {
            Some((_, with)) if view.zoom == Zoom::Zones => with.brevity,
            _ => Brevity::Full,
        };
        view
    }

    /// Whether that is what is drawn, or what the worker lays out.
    pub(super) fn is_drawn(&self, revision: u64, view: &ViewOptions) -> bool {
        self.drawn.as_ref().is_some_and(|(of, with)| *of == revision && with == view)
    }

    /// Takes the picture that there is for what was asked for.
    pub(super) fn note_drawn(&mut self, of: (u64, ViewOptions)) {
        self.noticed.clear();
        self.drawn = Some(of);
    }

    /// Whether there is a picture.
    pub(super) fn is_shown(&self) -> bool {
        !self.diagram.graph.nodes.is_empty()
    }

    /// Nothing is to be drawn instead of what there is. Returns what was.
    pub(super) fn forget_next(&mut self) -> Option<Projection> {
        self.next.take()
    }

    /// Draws this, or has the worker lay it out, if it is not that which it lays out already.
    pub(super) fn draw(
        &mut self,
        model: &Model,
        projection: Projection,
        of: (u64, ViewOptions),
        asked_for: Option<Arc<Graph>>,
    ) -> Option<Arc<Graph>> {
        self.note_drawn(of);
        if projection.graph == self.projection.graph && self.diagram.graph == *projection.graph {
            self.show_picture(projection, None);
            return None;
        }
        let graph = projection.graph.clone();
        if !is_large(&graph) {
            let diagram = crate::diagram::arrange(Arc::unwrap_or_clone(graph));
            // Of a large model, to say less takes a while.
            let takes_long = chooses_beside(model) && self.is_shown();
            let (projection, diagram) = match (&mut self.drawn, takes_long) {
                (Some((_, view)), false) => brief(model, &self.known, view, projection, diagram),
                _ => (projection, diagram),
            };
            self.show_picture(projection, Some(diagram.into()));
            return None;
        }
        // What is drawn stays until the answer comes: nobody looks at an empty screen for an edit.
        self.waiting = self.diagram.graph.nodes.is_empty();
        let is_asked = asked_for.is_some_and(|asked| asked == graph);
        self.next = Some(projection);
        if !is_asked {
            self.progress = 0;
        }
        (!is_asked).then_some(graph)
    }

    /// What is drawn, or is to be drawn, after edits that changed little of it; nothing where it is to be chosen anew, and then
    /// what was asked for stays where it is.
    pub(super) fn revised(
        &mut self,
        asked: &mut Option<Projection>,
        model: &Model,
        view: &ViewOptions,
    ) -> Option<Projection> {
        let before = self.edited.take()?;
        self.drawn.as_ref().filter(|(_, with)| with == view)?;
        let revision = asked.as_ref().unwrap_or(&self.projection).revision(model, view, &before)?;
        let mut projection = asked.take().unwrap_or_else(|| self.projection.clone());
        projection.follow(model, view, &self.known, revision, &self.noticed);
        Some(projection)
    }

    /// What is drawn, or is to be drawn once it is laid out.
    pub fn latest(&self) -> &Projection {
        self.next.as_ref().unwrap_or(&self.projection)
    }

    /// Of which revision of the model that is, and how it is drawn.
    pub fn drawn(&self) -> Option<&(u64, ViewOptions)> {
        self.drawn.as_ref()
    }

    /// From now on this is drawn; without a diagram the one there is fits.
    pub(super) fn show_picture(&mut self, projection: Projection, diagram: Option<Indexed>) {
        if let Some(Indexed { diagram, index }) = diagram {
            (self.diagram, self.index) = (diagram, index);
            self.rerouted.clear();
        }
        self.projection = projection;
        self.next = None;
        self.waiting = false;
        self.reveal |= std::mem::take(&mut self.reveal_next);
    }

    /// Asks for nothing that the worker may still do, and chooses anew at the next refresh.
    pub(super) fn forget(&mut self) {
        self.next = None;
        self.waiting = false;
        self.drawn = None;
    }

    /// Whether the picture is not yet what it is to be: the worker lays that out.
    pub fn is_behind(&self) -> bool {
        self.next.is_some() || self.choosing
    }

    /// The smallest rectangle around the picture.
    pub fn bounds(&self) -> Rect {
        self.index.bounds()
    }

    /// Takes what the worker laid out, if it is still what is to be drawn. Says whether it was.
    pub fn take(&mut self, arranged: Indexed) -> bool {
        let Some(next) = self.next.take_if(|next| *next.graph == arranged.diagram.graph) else { return false };
        self.show_picture(next, Some(arranged));
        true
    }

    /// The place of the box that shows an element, while there is a picture of it.
    pub fn box_of(&self, id: &ElementId) -> Option<usize> {
        if self.waiting { None } else { self.projection.node_of(id) }
    }

    /// Notes what the badges of the selected element say, once for each selection and edit: for a boundary all that is
    /// inside of it is looked at.
    pub fn note(&mut self, model: &Model, revision: u64, cursor: Option<&ElementId>) {
        let of = cursor.map(|id| (revision + self.findings.stamp(), id.clone()));
        if of != self.noted_of {
            self.noted = cursor.map(|id| self.badges_of(model, id)).unwrap_or_default();
            self.noted_of = of;
        }
    }

    /// What fires at an element, or inside of a boundary, the worst first.
    pub fn findings_of(&self, model: &Model, id: &ElementId) -> Vec<&Finding> {
        match id.section {
            Section::Boundaries => match self.projection.inside.get(&id.slug) {
                Some(inside) => self.findings.at(inside),
                None => self.findings.at(&inside_of(model, &id.slug)),
            },
            _ => self.findings.at([id]),
        }
    }

    /// What the badges of an element say: those of its box, or of what is inside of a boundary.
    fn badges_of(&self, model: &Model, id: &ElementId) -> Vec<Badge> {
        let mut badges = match id.section {
            Section::Boundaries => match self.projection.inside.get(&id.slug) {
                Some(inside) => self.known.sum(model, inside),
                None => self.known.sum(model, &inside_of(model, &id.slug)),
            },
            _ => self.known.badges(model, id),
        };
        let found = match id.section {
            Section::Boundaries => match self.projection.inside.get(&id.slug) {
                Some(inside) => self.findings.badge(inside),
                None => self.findings.badge(&inside_of(model, &id.slug)),
            },
            _ => self.findings.badge([id]),
        };
        badges.extend(found);
        badges.sort_by_key(|badge| badge.sign);
        let is_pinned = self.view.saved_in(model).is_some_and(|view| view.pins.keys().any(|link| link.names(id)));
        badges.extend(is_pinned.then(badge::pinned));
        badges
    }

    /// Moves boxes while they are dragged, from where they were in the picture before; only the wires that touch them,
    /// or that they run into, are routed again.
    pub fn move_boxes(&mut self, before: &Diagram, places: &[(usize, Point)]) {
        if !self.put_back(before) {
            return;
        }
        for (node, place) in places {
            if let Some(rect) = self.diagram.placement.nodes.get_mut(*node) {
                (rect.x, rect.y) = (place.x, place.y);
            }
        }
        let moved: Vec<usize> = places.iter().map(|(node, _)| *node).collect();
        self.rerouted = crate::diagram::reroute(&mut self.diagram, &moved);
        self.index.update(&self.diagram, &self.rerouted);
    }

    /// Puts boxes and wires back to where they were before a drag. Where something was laid out anew meanwhile, that
    /// picture is of something else, and nothing is done.
    pub fn put_back(&mut self, before: &Diagram) -> bool {
        if before.graph != self.diagram.graph {
            return false;
        }
        self.diagram.placement.clone_from(&before.placement);
        for wire in &self.rerouted {
            self.diagram.wires[*wire].clone_from(&before.wires[*wire]);
        }
        self.index.update(&self.diagram, &std::mem::take(&mut self.rerouted));
        true
    }

    /// Whether a wire runs through a cell of the world.
    pub fn passes(&self, wire: usize, cell: Point) -> bool {
        self.index.passes(&self.diagram, wire, cell)
    }

    /// How many wires run through each cell of a view.
    pub fn traffic(&self, view: Rect) -> Traffic {
        self.index.traffic(&self.diagram, view)
    }

    /// Where an element is drawn: its box, its boundary, or the middle of its wire.
    pub fn rect_of(&self, id: &ElementId) -> Option<Rect> {
        if self.waiting {
            return None;
        }
        if let Some(node) = self.projection.node_of(id) {
            return self.diagram.placement.nodes.get(node).copied();
        }
        if id.section == Section::Boundaries {
            let at = self.projection.boundaries.iter().position(|slug| *slug == id.slug)?;
            return self.diagram.placement.boundaries.get(at).copied();
        }
        if id.section == Section::Flows {
            let at = self.projection.wires.iter().position(|wire| wire.flows.contains(&id.slug))?;
            let path = &self.diagram.wires.get(at)?.path;
            // Without a way it is a mark beside the box from which it comes.
            let Some(middle) = path.get(path.len() / 2) else {
                return self.diagram.placement.nodes.get(self.projection.graph.edges.get(at)?.from).copied();
            };
            return Some(Rect::new(middle.x, middle.y, 1, 1));
        }
        None
    }

    /// The element at a cell of the canvas.
    pub fn element_at(&self, model: &Model, cell: Point, canvas: Size) -> Option<Hit> {
        let scene = self.scene(model, canvas, Marks::default(), Charset::Unicode);
        match scene.owner_at(cell.x, cell.y) {
            Owner::Nothing => None,
            Owner::Node(at) => Some(Hit::Node(at)),
            Owner::Boundary(at) => {
                let slug = self.projection.boundaries.get(at)?;
                Some(Hit::Element(ElementId::new(Section::Boundaries, slug.clone())))
            }
            Owner::Wire(at) => {
                let flow = self.projection.wires.get(at)?.flows.first()?;
                Some(Hit::Element(ElementId::new(Section::Flows, flow.clone())))
            }
        }
    }

    /// The cells of the canvas.
    pub fn scene(&self, model: &Model, canvas: Size, marks: Marks<'_>, charset: Charset) -> Scene {
        let viewport = Rect::new(self.pan.x, self.pan.y, canvas.width.max(0), canvas.height.max(0));
        if self.waiting {
            return paint(&Diagram::default(), &Default::default(), viewport, charset);
        }
        let mut art = self.projection.art_in_view(model, marks, &self.index.in_view(&self.diagram, &viewport));
        art.covered = self.overview.map(|area| area.shifted(self.pan.x, self.pan.y));
        paint_in_view(&self.diagram, &self.index, &art, viewport, charset)
    }

    /// The boxes at the other ends of the wires that leave, or reach, a box; from the top left.
    pub fn joined(&self, from: usize, outward: bool) -> Vec<usize> {
        let mut ends: Vec<usize> = self
            .projection
            .graph
            .edges
            .iter()
            .filter_map(|edge| match outward {
                true => (edge.from == from).then_some(edge.to),
                false => (edge.to == from).then_some(edge.from),
            })
            .filter(|end| *end != from)
            .collect();
        ends.sort_by_key(|end| self.diagram.placement.nodes.get(*end).map(|rect| (rect.y, rect.x)));
        ends.dedup();
        ends
    }

    /// Puts two letters on every box in the view, and on others that are named.
    pub fn make_labels(&mut self, canvas: Size, others: &[usize]) {
        const LETTERS: &[u8] = b"asdfghjklqwertyuiopzxcvbnm";
        let view = Rect::new(self.pan.x, self.pan.y, canvas.width, canvas.height);
        let boxes = self.diagram.placement.nodes.iter().enumerate();
        let mut places: Vec<(i32, i32, usize)> =
            boxes.filter(|(_, rect)| rect.overlaps(&view)).map(|(at, rect)| (rect.y, rect.x, at)).collect();
        places.sort_unstable();
        let mut places: Vec<usize> = places.into_iter().map(|(.., at)| at).collect();
        for other in others {
            if !places.contains(other) {
                places.push(*other);
            }
        }
        let pairs = LETTERS.iter().flat_map(|a| LETTERS.iter().map(move |b| [*a, *b]));
        let name = |pair: [u8; 2]| pair.iter().map(|byte| char::from(*byte)).collect::<String>();
        self.labels = places.into_iter().zip(pairs).map(|(at, pair)| (name(pair), at)).collect();
    }
}

fn is_huge(model: &Model) -> bool {
    Section::NODES.into_iter().map(|section| model.count(section)).sum::<usize>() > ZONES_FIRST
}

/// The boxes, those with the most wires first.
fn busiest(projection: &Projection) -> Vec<usize> {
    let mut wires = vec![0_usize; projection.nodes.len()];
    for edge in &projection.graph.edges {
        wires[edge.from] += 1;
        wires[edge.to] += usize::from(edge.to != edge.from);
    }
    let mut boxes: Vec<usize> = (0..wires.len()).collect();
    boxes.sort_by_key(|at| Reverse(wires[*at]));
    boxes
}

/// Says less of each zone where all of them have room then; how much is noted in the view.
pub(super) fn brief(
    model: &Model,
    known: &Known,
    view: &mut ViewOptions,
    projection: Projection,
    diagram: Diagram,
) -> (Projection, Diagram) {
    let room = view.room.filter(|room| view.zoom == Zoom::Zones && diagram.bounds().height > room.height);
    let Some(Size { height: rows, .. }) = room else { return (projection, diagram) };
    let said = view.brevity;
    for brevity in [Brevity::Brief, Brevity::Bare].into_iter().filter(|brevity| *brevity > said) {
        view.brevity = brevity;
        let shorter = project(model, view, known);
        let diagram = crate::diagram::arrange(Graph::clone(&shorter.graph));
        if diagram.bounds().height <= rows {
            return (shorter, diagram);
        }
    }
    view.brevity = said;
    (projection, diagram)
}

/// Whether a layout is left to the worker.
pub(super) fn is_large(graph: &Graph) -> bool {
    graph.nodes.len() > LAYOUT_AT_ONCE || graph.edges.len() > WIRES_AT_ONCE
}

/// Whether the boxes of a graph may have room in a canvas: none touches another.
fn may_fit(graph: &Graph, canvas: Size) -> bool {
    let cells = |size: Size| i64::from(size.width + 2) * i64::from(size.height + 1);
    graph.nodes.iter().map(|node| cells(node.size)).sum::<i64>() <= i64::from(canvas.width) * i64::from(canvas.height)
}

/// What room there is for the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Beside the panes as they are unasked.
    pub beside: Size,
    /// Beside the panes as narrow as they can be.
    pub narrow: Size,
}

/// What is at a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hit {
    /// A box, by its place.
    Node(usize),
    /// An element that is no box.
    Element(ElementId),
}

//! What the mouse drags over the map, and what will come of it when it is let go.

use super::command::CommandId;
use super::map::Hit;
use super::projection::Drawn;
use super::state::App;
use super::width::fit;
use crate::diagram::{Diagram, Point, Rect};
use crate::model::graph::{boundary_chain, boundary_of};
use crate::model::text::counted;
use crate::model::{ElementId, Section, Slug};
use std::collections::BTreeSet;

/// A drag that is not over. Places are world cells of the map, so that the view may move meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drag {
    /// The view of the map.
    View {
        /// Where the mouse was last, in cells of the terminal.
        last: Point,
        /// Whether it began on empty ground and did not move yet: a click there selects nothing.
        click: bool,
    },
    /// Boxes.
    Boxes {
        /// What they stand for, and where the mouse is in each.
        boxes: Vec<(ElementId, Point)>,
        /// The picture before, once the mouse moved: to copy a large one takes longer than a press may.
        before: Option<Box<Diagram>>,
        /// Where the mouse is, once it moved.
        at: Option<Point>,
    },
    /// A flow that begins at an element.
    Flow {
        /// The element.
        from: ElementId,
        /// Where the mouse is, once it moved.
        at: Option<Point>,
    },
    /// The view, on the minimap.
    Overview,
    /// A rectangle: the boxes in it are marked.
    Region {
        /// Where it begins.
        from: Point,
        /// Where the mouse is, once it moved.
        at: Option<Point>,
        /// What was marked before.
        before: BTreeSet<ElementId>,
    },
}

/// The rectangle in which boxes are marked, in world cells: that of the mouse, or that of the keys.
pub fn region(app: &App) -> Option<Rect> {
    match (&app.drag, &app.map.region) {
        (Some(Drag::Region { from, at: Some(at), .. }), _) => Some(spanned(*from, *at)),
        (Some(_), _) => None,
        (None, Some((anchor, _))) => {
            let here = app.cursor().and_then(|id| app.map.rect_of(id));
            Some(app.map.rect_of(anchor)?.union(&here?))
        }
        (None, None) => None,
    }
}

impl Drag {
    /// Where a new flow begins, and where the mouse is.
    pub fn flow(&self) -> Option<(&ElementId, Point)> {
        match self {
            Drag::Flow { from, at: Some(at) } => Some((from, *at)),
            _ => None,
        }
    }
}

/// The rectangle with two cells in its corners.
pub fn spanned(one: Point, other: Point) -> Rect {
    Rect::new(one.x, one.y, 1, 1).union(&Rect::new(other.x, other.y, 1, 1))
}

/// What a box stands for when it is marked: the boundary of a zone, every member of a stack.
pub fn elements_of(drawn: &Drawn) -> Vec<ElementId> {
    match drawn {
        Drawn::Stack { members, .. } => members.clone(),
        drawn => drawn.element().into_iter().collect(),
    }
}

/// Where a flow that is being drawn would end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// At no box, or at the one at which it begins.
    Nowhere,
    /// At this element.
    At(ElementId),
    /// At a box that stands for several elements.
    Several(usize),
}

/// Where a flow from an element would end that is let go at a world cell.
pub fn end_of_flow(app: &App, from: &ElementId, at: Point) -> End {
    let pan = app.map.pan;
    let cell = Point::new(at.x - pan.x, at.y - pan.y);
    let Some(Hit::Node(node)) = app.map.element_at(&app.model, cell, app.canvas()) else { return End::Nowhere };
    match app.map.projection.nodes.get(node) {
        Some(Drawn::Element(id)) if id.section.is_node() && id != from => End::At(id.clone()),
        Some(Drawn::Stack { .. } | Drawn::Zone(_)) => End::Several(node),
        _ => End::Nowhere,
    }
}

/// The innermost boundary that is drawn around a world cell in a picture.
pub fn boundary_at(app: &App, diagram: &Diagram, at: Point) -> Option<Slug> {
    let around = app.map.projection.boundaries.iter().zip(&diagram.placement.boundaries);
    let depth = |slug: &Slug| boundary_chain(&app.model, &ElementId::new(Section::Boundaries, slug.clone())).len();
    let found = around.filter(|(_, rect)| rect.contains(at)).max_by_key(|(slug, _)| depth(slug));
    found.map(|(slug, _)| slug.clone())
}

/// Another boundary than its own, or none at all, over which an element is let go: `Some(None)` is outside of all.
pub fn other_boundary(app: &App, id: &ElementId, diagram: &Diagram, at: Point) -> Option<Option<Slug>> {
    let own = boundary_of(&app.model, id);
    let there = boundary_at(app, diagram, at);
    // Its own boundary may be drawn as a part of another one that is closed, or not at all around a selection.
    let own_is_drawn = own.is_none_or(|slug| app.map.projection.boundaries.contains(slug));
    (own_is_drawn && there.as_ref() != own && there.as_ref() != Some(&id.slug)).then_some(there)
}

/// What will come of the drag when it is let go now; nothing where that is plain.
pub fn hint(app: &App) -> Option<String> {
    let title = |id: &ElementId| fit(app.model.title_of(id), 26);
    if let (None, Some((_, before)), true) = (&app.drag, &app.map.region, app.layers.is_empty()) {
        let added = counted(app.marked.difference(before).count(), "element");
        let (end, back) = (app.key(CommandId::Fold), app.key(CommandId::Back));
        return Some(format!("move to extend the region · {end} marks {added} · {back} marks nothing"));
    }
    match app.drag.as_ref()? {
        Drag::View { .. } | Drag::Overview => None,
        Drag::Boxes { at: None, .. } | Drag::Flow { at: None, .. } | Drag::Region { at: None, .. } => None,
        Drag::Boxes { boxes, before, at: Some(at) } => Some(match boxes.as_slice() {
            [] => "a stack is placed by the layout: enter opens it".to_owned(),
            [(id, _)] => {
                let before = before.as_deref().unwrap_or(&app.map.diagram);
                let stays = match (other_boundary(app, id, before, *at), boundary_of(&app.model, id)) {
                    (Some(_), Some(own)) => {
                        let own = ElementId::new(Section::Boundaries, own.clone());
                        format!("; it stays in {}", title(&own))
                    }
                    (Some(_), None) => "; it stays outside".to_owned(),
                    (None, _) => String::new(),
                };
                format!("let go to place it here{stays} · esc puts it back")
            }
            many => format!("let go to place {} boxes here · esc puts them back", many.len()),
        }),
        Drag::Flow { from, at: Some(at) } => Some(match end_of_flow(app, from, *at) {
            End::At(to) => {
                let ends = [from, &to].map(|id| fit(app.model.title_of(id), 18));
                format!("let go: a flow from {} to {} · esc draws none", ends[0], ends[1])
            }
            End::Several(_) => "a flow ends at one element: this box holds several, open it first · esc".to_owned(),
            End::Nowhere => format!("a flow from {}: let go on the box where it ends · esc", title(from)),
        }),
        Drag::Region { before, .. } => {
            let added = app.marked.difference(before).count();
            Some(format!("let go to mark {} · esc marks nothing", counted(added, "element")))
        }
    }
}

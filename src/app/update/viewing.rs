//! Commands that change what the map shows: nearer and farther, open and closed, which way flows run.
//!
//! What is closed and which way flows run belongs to the model: it is saved in its view, and undone like any edit.

use super::{editing, make};
use crate::analysis::journey::{Cargo, journey};
use crate::app::command::CommandId;
use crate::app::detail;
use crate::app::forms;
use crate::app::projection::{Drawn, Zoom};
use crate::app::state::{App, Pane};
use crate::app::toast::Tone;
use crate::diagram::Rect;
use crate::model::edit::Edit;
use crate::model::governance::{Orientation, View};
use crate::model::{Element, ElementId, Section, Slug};

/// Runs a command of this family. Says whether it was one.
pub fn run(app: &mut App, id: CommandId) -> bool {
    use CommandId as C;
    match id {
        C::ZoomIn => zoom(app, true),
        C::ZoomOut => zoom(app, false),
        C::Fold if app.map.region.is_some() => super::dragging::end_region(app, true),
        C::Fold => fold(app),
        C::FoldAll => fold_all(app),
        C::UnfoldAll => unfold_all(app),
        C::Turn => turn(app),
        C::Journey => ask_journey(app),
        _ => return false,
    }
    app.map.reveal = true;
    true
}

fn zoom(app: &mut App, nearer: bool) {
    // The panes gave way for the level before.
    app.map.widened = false;
    let now = app.map.view.zoom;
    let next = now.step(nearer);
    if next == Zoom::Detail && nearer {
        return show_one(app);
    }
    if next == now {
        return app.toasts.say(Tone::Info, format!("zoom: {}, the farthest level", now.name()));
    }
    app.map.looked_at = app.cursor().cloned().or_else(|| middle(app));
    app.map.unfitted = true;
    app.map.view.zoom = next;
    app.map.view.shown = None;
    app.toasts.say(Tone::Info, format!("zoom: {}", next.name()));
}

/// The nearest level: the selected element, or the one in the middle of the view.
fn show_one(app: &mut App) {
    let wanted = match app.cursor() {
        Some(id) => detail::shown_for(&app.model, id),
        None => middle(app).and_then(|id| detail::shown_for(&app.model, &id)),
    };
    let Some(id) = wanted else {
        return app.toasts.say(Tone::Info, "the nearest level shows one element: select it first");
    };
    if app.map.view.zoom == Zoom::Detail && app.map.view.shown.as_ref() == Some(&id) {
        return app.toasts.say(Tone::Info, "zoom: detail, the nearest level");
    }
    let title = app.model.title_of(&id).to_owned();
    app.map.looked_at = Some(id.clone());
    app.map.unfitted = true;
    app.map.view.zoom = Zoom::Detail;
    app.map.view.shown = Some(id.clone());
    app.select(Some(id));
    app.toasts.say(Tone::Info, format!("zoom: all that is known of {title}, and its flows"));
}

/// What stands nearest to the middle of the view.
fn middle(app: &App) -> Option<ElementId> {
    let view = Rect::at(app.map.pan, app.canvas());
    let at = app.map.nearest(view.center(), None)?;
    app.map.projection.nodes.get(at).and_then(Drawn::element)
}

/// Asks of which data; where no dataset is selected, the list of the journey that is shown comes back.
fn ask_journey(app: &mut App) {
    let dataset = app.cursor().filter(|id| id.section == Section::Datasets).map(|id| id.slug.clone());
    let shown = app.map.journey.as_ref().map(|journey| journey.cargo.clone());
    match (dataset, shown) {
        (None, Some(_)) => list_journey(app),
        (Some(dataset), Some(shown)) if shown.dataset == dataset && app.focus() == Pane::Main => list_journey(app),
        (Some(dataset), _) => {
            let layer = forms::journey_of(app, &dataset);
            app.layers.push(layer);
        }
        (None, None) => {}
    }
}

/// Shows a journey on the map, and as a list over it.
pub fn show_journey(app: &mut App, cargo: Cargo) {
    app.map.journey = Some(journey(&app.model, &app.derived().effective, &cargo));
    app.screen = crate::app::state::Screen::Map;
    app.wanted = Pane::Main;
    app.map.reveal = true;
    list_journey(app);
}

fn list_journey(app: &mut App) {
    let Some(journey) = app.map.journey.clone() else { return };
    let text = crate::app::journey::summary(&app.model, &journey);
    let hint = format!("{} lists it again, {} ends it", app.key(CommandId::Journey), app.key(CommandId::Back));
    app.toasts.say(Tone::Info, format!("{text}; {hint}"));
    app.layers.push(forms::journey(app, &journey));
}

/// Changes the saved view of the map.
fn change_view(app: &mut App, name: String, change: impl FnOnce(&mut View)) {
    let (id, mut view) = editing::main_view(app);
    change(&mut view);
    make(app, Edit::put(name, id, Element::View(Box::new(view))));
}

fn turn(app: &mut App) {
    let right = app.map.projection.graph.direction == crate::diagram::Direction::Right;
    let (orientation, word) = if right { (Orientation::Down, "down") } else { (Orientation::Right, "to the right") };
    change_view(app, format!("let flows run {word}"), |view| view.orientation = Some(orientation));
}

fn fold(app: &mut App) {
    let Some(id) = app.cursor().cloned() else {
        return app.toasts.say(Tone::Info, "select a boundary or a stack to open or close it");
    };
    let drawn = match app.map.box_of(&id) {
        Some(at) => app.map.projection.nodes[at].clone(),
        None => Drawn::Element(id.clone()),
    };
    match drawn {
        Drawn::Stack { key, .. } => {
            app.map.view.open_stacks.insert(key);
        }
        Drawn::Zone(slug) => fold_boundary(app, &slug),
        Drawn::Element(id) if id.section == Section::Boundaries => fold_boundary(app, &id.slug),
        Drawn::Element(_) => super::run(app, CommandId::Edit),
    }
}

fn fold_boundary(app: &mut App, slug: &Slug) {
    match app.map.view.zoom {
        Zoom::Zones => app.map.view.zoom = Zoom::Rows,
        Zoom::Detail => app.toasts.say(Tone::Info, "the nearest level shows every boundary open; - goes farther"),
        _ => {
            let closed = app.map.view.folded.contains(slug);
            let title = app.model.title_of(&ElementId::new(Section::Boundaries, slug.clone())).to_owned();
            // What the map shows counts, also where a search opened a boundary that the model has closed.
            let mut folded = app.map.view.folded.clone();
            if closed {
                folded.remove(slug);
            } else {
                folded.insert(slug.clone());
            }
            let name = format!("{} {title}", if closed { "open" } else { "close" });
            change_view(app, name, |view| view.folded = folded.iter().cloned().map(Into::into).collect());
            app.map.view.folded = folded;
        }
    }
}

fn fold_all(app: &mut App) {
    app.map.view.open_stacks.clear();
    let folded: Vec<Slug> = app.model.boundaries.keys().cloned().collect();
    change_view(app, "close every boundary".into(), |view| view.folded = folded.into_iter().map(Into::into).collect());
    app.map.view.folded = app.model.boundaries.keys().cloned().collect();
    if app.map.view.zoom == Zoom::Zones {
        app.toasts.say(Tone::Info, "zones are always closed; + looks closer");
    }
}

fn unfold_all(app: &mut App) {
    let stacks = app.map.projection.nodes.iter().filter_map(|drawn| match drawn {
        Drawn::Stack { key, .. } => Some(key.clone()),
        _ => None,
    });
    app.map.view.open_stacks.extend(stacks);
    change_view(app, "open every boundary".into(), |view| view.folded.clear());
    app.map.view.folded.clear();
    if app.map.view.zoom == Zoom::Zones {
        app.toasts.say(Tone::Info, "zones are always closed; + looks closer");
    }
}

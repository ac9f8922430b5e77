//! Along the flows: to what they join, from one flow of a box to the next, and back to where one was.

use super::moving::{jump, remember, visit};
use crate::app::command::CommandId;
use crate::app::drag::elements_of;
use crate::app::fuzzy::filter_matches;
use crate::app::layer::{Choose, Item, Layer, Picker};
use crate::app::outline::glyph;
use crate::app::projection::Drawn;
use crate::app::state::{App, Pane, Screen};
use crate::app::toast::Tone;
use crate::model::{ElementId, Section, Slug};

/// Runs a command of this family. Says whether it was one.
pub fn run(app: &mut App, id: CommandId) -> bool {
    use CommandId as C;
    match id {
        C::GoOut => follow(app, true),
        C::GoIn => follow(app, false),
        C::NextFlow | C::PreviousFlow if !app.map.filter.is_empty() => next_match(app, id == C::NextFlow),
        C::NextFlow => step(app, true),
        C::PreviousFlow => step(app, false),
        _ => return false,
    }
    true
}

/// Goes along, or against, a flow: at once where there is one way, by choice where there are several.
fn follow(app: &mut App, outward: bool) {
    let Some(cursor) = app.cursor().cloned() else { return };
    if cursor.section == Section::Flows {
        let end = app.model.flows.get(&cursor.slug).map(|flow| if outward { &flow.to } else { &flow.from });
        if let Some(id) = end.and_then(|end| app.model.node(end.slug().as_str())) {
            visit(app, id);
        }
        return;
    }
    let Some(at) = app.map.box_of(&cursor) else {
        return app.toasts.say(Tone::Info, "flows join boxes: select one first");
    };
    let ends = app.map.joined(at, outward);
    let element = |node: usize| app.map.projection.nodes.get(node).and_then(|drawn| drawn.element());
    match ends.as_slice() {
        [] => {
            let what = if outward { "no flow starts here" } else { "no flow ends here" };
            app.toasts.say(Tone::Info, what);
        }
        [end] => {
            if let Some(id) = element(*end) {
                jump(app, id);
            }
        }
        several => {
            let items = several
                .iter()
                .filter_map(|end| Some((*end, element(*end)?)))
                .map(|(end, id)| Item {
                    label: format!("{} {}", glyph(id.section), first_line(app, end, &id)),
                    detail: wires_between(app, at, end, outward),
                    value: id.to_string(),
                    why_not: None,
                })
                .collect();
            let title = app.model.title_of(&cursor);
            let title = if outward { format!("From {title} to") } else { format!("To {title} from") };
            app.layers.push(Layer::Picker(Picker::new(title, items, Choose::Follow)));
        }
    }
}

/// What a box says first: the name of its element, or that of a stack.
fn first_line(app: &App, node: usize, id: &ElementId) -> String {
    let line = app.map.projection.lines.get(node).and_then(|lines| lines.first());
    line.map_or_else(|| app.model.title_of(id).to_owned(), Clone::clone)
}

/// What the wires between two boxes stand for.
fn wires_between(app: &App, at: usize, end: usize, outward: bool) -> String {
    let (from, to) = if outward { (at, end) } else { (end, at) };
    let wires = app.map.projection.graph.edges.iter().zip(&app.map.projection.wires);
    let mut words: Vec<String> = wires
        .filter(|(edge, _)| edge.from == from && edge.to == to)
        .map(|(_, wire)| match (wire.access, wire.label.as_str()) {
            (true, _) => "access that grants imply".to_owned(),
            (false, "") => "flow".to_owned(),
            (false, label) => label.to_owned(),
        })
        .collect();
    words.dedup();
    words.join(", ")
}

/// The flows of a box in the order in which one steps through them: those that start there, then those that end there,
/// each by the place of the other end.
fn flows_of(app: &App, node: usize) -> Vec<Slug> {
    let place = |node: usize| app.map.diagram.placement.nodes.get(node).map(|rect| (rect.y, rect.x));
    let edges = app.map.projection.graph.edges.iter().zip(&app.map.projection.wires);
    let mut wires: Vec<_> = edges
        .filter(|(edge, _)| edge.from == node || edge.to == node)
        .map(|(edge, wire)| {
            let out = edge.from == node;
            (!out, place(if out { edge.to } else { edge.from }), wire)
        })
        .collect();
    wires.sort_by_key(|(into, place, _)| (*into, *place));
    wires.into_iter().flat_map(|(.., wire)| wire.flows.iter().cloned()).collect()
}

/// Selects the next flow, or the one before, of a box: from the box its first one, from a flow the next one of the box
/// from which one came.
fn step(app: &mut App, forward: bool) {
    let Some(cursor) = app.cursor().cloned() else { return };
    let current = (cursor.section == Section::Flows).then(|| cursor.slug.clone());
    let of = match &current {
        None => Some(cursor.clone()),
        Some(flow) => {
            let ends = app.model.flows.get(flow).map(|flow| [&flow.from, &flow.to]);
            let ends: Vec<ElementId> =
                ends.into_iter().flatten().filter_map(|end| app.model.node(end.slug().as_str())).collect();
            let at = |id: &ElementId| app.map.box_of(id);
            let came_from = app.map.flows_of.clone().filter(|id| ends.iter().any(|end| at(end) == at(id)));
            came_from.or_else(|| ends.first().cloned())
        }
    };
    let Some((of, node)) = of.and_then(|id| app.map.box_of(&id).map(|node| (id, node))) else {
        return app.toasts.say(Tone::Info, "flows join boxes: select one first");
    };
    let flows = flows_of(app, node);
    let count = flows.len();
    if count == 0 {
        let connect = app.key(CommandId::Connect);
        return app.toasts.say(Tone::Info, format!("no flow starts or ends here; {connect} draws one"));
    }
    let at = current.as_ref().and_then(|flow| flows.iter().position(|slug| slug == flow));
    let next = match (at, forward) {
        (Some(at), true) => (at + 1) % count,
        (Some(at), false) => (at + count - 1) % count,
        (None, true) => 0,
        (None, false) => count - 1,
    };
    let id = ElementId::new(Section::Flows, flows[next].clone());
    if current.is_none() {
        remember(app, &id);
    }
    let name = app.name_of(&id);
    app.map.flows_of = Some(of);
    app.select(Some(id));
    app.map.reveal = true;
    let (edit, end, back) = (app.key(CommandId::Edit), app.key(CommandId::GoOut), app.key(CommandId::JumpBack));
    let text = format!("{} of {count}: {name} · {edit} its facts, {end} its end, {back} back", next + 1);
    app.toasts.say(Tone::Info, text);
}

/// The boxes that match the filter, from the top left.
pub fn matches(app: &App) -> Vec<usize> {
    let one = |id: &ElementId| {
        filter_matches(&app.map.filter, &[app.model.title_of(id), id.slug.as_str(), id.section.noun()])
    };
    let hit = |drawn: &Drawn| match drawn {
        Drawn::Zone(slug) => {
            one(&ElementId::new(Section::Boundaries, slug.clone()))
                || app.map.projection.inside.get(slug).into_iter().flatten().any(one)
        }
        drawn => elements_of(drawn).iter().any(one),
    };
    let boxes = app.map.projection.nodes.iter().zip(&app.map.diagram.placement.nodes).enumerate();
    let mut found: Vec<(i32, i32, usize)> =
        boxes.filter(|(_, (drawn, _))| hit(drawn)).map(|(at, (_, rect))| (rect.y, rect.x, at)).collect();
    found.sort_unstable();
    found.into_iter().map(|(.., at)| at).collect()
}

/// Goes to the next box that matches the filter, or the one before.
fn next_match(app: &mut App, forward: bool) {
    let found = matches(app);
    let count = found.len();
    let here = app.cursor().and_then(|id| app.map.box_of(id));
    let at = here.and_then(|here| found.iter().position(|at| *at == here));
    let next = match (at, forward) {
        _ if count == 0 => return app.toasts.say(Tone::Info, format!("no box matches {}", app.map.filter)),
        (Some(at), true) => (at + 1) % count,
        (Some(at), false) => (at + count - 1) % count,
        (None, true) => 0,
        (None, false) => count - 1,
    };
    if let Some(id) = app.map.projection.nodes.get(found[next]).and_then(|drawn| drawn.element()) {
        jump(app, id);
        say_match(app, next, count);
    }
}

fn say_match(app: &mut App, at: usize, count: usize) {
    let (next, back) = (app.key(CommandId::NextFlow), app.key(CommandId::Back));
    let text = format!("{} of {count} that match {}: {next} the next, {back} ends the filter", at + 1, app.map.filter);
    app.toasts.say(Tone::Info, text);
}

/// A filter was accepted: what is selected should match it.
pub fn go_to_match(app: &mut App) {
    if app.screen != Screen::Map || app.focus() != Pane::Main || app.map.filter.is_empty() || app.map.waiting {
        return;
    }
    let found = matches(app);
    let here = app.cursor().and_then(|id| app.map.box_of(id));
    match here.and_then(|here| found.iter().position(|at| *at == here)) {
        Some(at) => say_match(app, at, found.len()),
        None => next_match(app, true),
    }
}

//! Commands that change the model, or ask for what they need to do so.

use super::make;
use crate::app::command::CommandId;
use crate::app::fields::{FieldRow, Shown, rows};
use crate::app::forms;
use crate::app::fuzzy::filter_matches;
use crate::app::layer::{Ask, Choose, GrantDraft, Layer, Picker};
use crate::app::state::{App, Effect, Pane};
use crate::app::toast::Tone;
use crate::diagram::Point;
use crate::model::edit::{self, Edit, Put};
use crate::model::graph::boundary_of;
use crate::model::reflect::{Kind, Step, to_ron};
use crate::model::text::counted;
use crate::model::{Element, ElementId, Model, Section, Slug, Text};

/// Runs a command of this family. Says whether it was one.
pub fn run(app: &mut App, id: CommandId) -> bool {
    use CommandId as C;
    match id {
        C::AddActor => ask_title(app, Section::Actors),
        C::AddService => ask_title(app, Section::Services),
        C::AddEndpoint => ask_title(app, Section::Endpoints),
        C::AddDataset => ask_title(app, Section::Datasets),
        C::AddBoundary => ask_title(app, Section::Boundaries),
        C::AddRole => ask_title(app, Section::Roles),
        C::AddGrant => {
            let draft = GrantDraft {
                role: app.cursor().filter(|id| id.section == Section::Roles).map(|id| id.slug.clone()),
                endpoint: app.cursor().filter(|id| id.section == Section::Endpoints).map(|id| id.slug.clone()),
                op: None,
            };
            let layer = forms::grant(app, draft);
            app.layers.push(layer);
        }
        C::AddFields => {
            if let Some(id) = app.cursor().cloned() {
                let title = format!("Fields of {}", app.model.title_of(&id));
                let hint = "names with commas between them: id, name, email";
                app.layers.push(forms::prompt(title, hint, "", Ask::AddFields(id)));
            }
        }
        C::AddOther => app.layers.push(forms::add_which()),
        C::Edit => edit_facts(app),
        C::EditRon => {
            if let Some(id) = app.cursor().cloned() {
                app.effects.push(Effect::OpenEditor(id));
            }
        }
        C::Rename => {
            if let Some(id) = app.cursor().cloned() {
                let current = app.model.title_of(&id).to_owned();
                app.layers.push(forms::prompt("Rename", "the slug stays", &current, Ask::Rename(id)));
            }
        }
        C::RenameModel => {
            let current = app.model.title.to_string();
            app.layers.push(forms::prompt("Rename the model", "what it is of", &current, Ask::RenameModel));
        }
        C::Connect => {
            if let Some(from) = app.cursor().cloned() {
                let title = format!("A flow from {} to", app.model.title_of(&from));
                let mut items = forms::elements(app, &Section::NODES);
                items.retain(|item| item.value != from.to_string());
                app.layers.push(Layer::Picker(Picker::new(title, items, Choose::Connect(from.slug))));
            }
        }
        C::MoveInto => {
            let ids = app.targets();
            let offered = app.map.offered.take().filter(|(id, _)| ids.as_slice() == [id.clone()]);
            let layer = forms::move_into(app, ids, offered.map(|(_, boundary)| boundary));
            app.layers.push(layer);
        }
        C::Delete => {
            let ids = app.targets();
            match forms::delete(app, &ids) {
                Ok(layer) => app.layers.push(layer),
                Err(edit) => make(app, edit),
            }
        }
        C::Copy => copy(app),
        C::Paste => paste(app),
        C::Mark => {
            if let Some(id) = app.cursor().cloned()
                && !app.marked.remove(&id)
            {
                app.marked.insert(id);
            }
            super::dragging::say_marked(app);
        }
        C::MarkAll => mark_all(app),
        C::FieldChange => change_field(app),
        C::FieldUnknown => forget_field(app),
        C::FieldConfirm => confirm_field(app),
        C::PushLeft => push(app, -2, 0),
        C::PushRight => push(app, 2, 0),
        C::PushUp => push(app, 0, -1),
        C::PushDown => push(app, 0, 1),
        C::Unpin => unpin(app),
        _ => return false,
    }
    true
}

fn ask_title(app: &mut App, section: Section) {
    let inside = place_for_new(app, section);
    let inside = inside.map(|slug| app.model.title_of(&ElementId::new(Section::Boundaries, slug)).to_owned());
    let hint = match (section, inside) {
        (Section::Boundaries, _) if !app.marked.is_empty() => "its title; what is marked moves into it".to_owned(),
        (_, Some(title)) => format!("its title; it goes into {title}"),
        _ => "its title".to_owned(),
    };
    app.layers.push(forms::prompt(format!("Add {}", section.noun()), hint, "", Ask::Add(section)));
}

/// The boundary into which a new element goes: the selected one, or the one around the selected element.
fn place_for_new(app: &App, section: Section) -> Option<Slug> {
    if !section.is_node() && section != Section::Boundaries {
        return None;
    }
    let cursor = app.cursor()?;
    match cursor.section {
        Section::Boundaries => Some(cursor.slug.clone()),
        // A boundary made while nodes are marked goes around them; where they are is where it goes.
        _ => boundary_of(&app.model, cursor).cloned(),
    }
}

/// Adds an element with a title, in its place, and selects it.
pub fn add(app: &mut App, section: Section, title: &str) {
    let (mut edit, id) = edit::add(&app.model, section, title);
    let field = if section == Section::Boundaries { "parent" } else { "boundary" };
    if let Some(around) = place_for_new(app, section)
        && let Some(Put { element: Some(element), .. }) = edit.puts.first_mut()
        && section.specs().iter().any(|spec| spec.name == field)
    {
        // The slug was just read from the model, so it is one.
        let _ = element.reflect_mut().set(field, Some(&to_ron(&around)));
    }
    if section == Section::Boundaries && !app.marked.is_empty() {
        let mut after = Model::clone(&app.model);
        edit.apply(&mut after);
        let ids: Vec<ElementId> = app.marked.iter().filter(|marked| **marked != id).cloned().collect();
        if let Ok(moves) = edit::move_into(&after, &ids, Some(&id.slug)) {
            edit.puts.extend(moves.puts);
        }
        app.marked.clear();
    }
    make(app, edit);
    super::moving::jump(app, id);
}

/// Adds fields to a dataset from a list with commas.
pub fn add_fields(app: &mut App, id: &ElementId, typed: &str) {
    let Some(Element::Dataset(mut dataset)) = app.model.element(id) else { return };
    let before = dataset.fields.len();
    for name in typed.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        dataset.fields.entry(Text::new(name)).or_default();
    }
    let added = dataset.fields.len() - before;
    let name = format!("add {} to {}", counted(added, "field"), app.model.title_of(id));
    let mut element = Element::Dataset(dataset);
    edit::mark_by_hand(&mut element, "fields");
    make(app, Edit::put(name, id.clone(), element));
    app.wanted = Pane::Inspector;
}

/// Draws a flow from one node to another and selects it.
pub fn connect(app: &mut App, from: &Slug, to: &ElementId) {
    let flow =
        crate::model::topology::Flow { from: from.clone().into(), to: to.slug.clone().into(), ..Default::default() };
    let slug = edit::free_slug(&app.model, Section::Flows, &format!("{from}-{}", to.slug));
    let id = ElementId::new(Section::Flows, slug);
    let title =
        |slug: &Slug| app.model.node(slug.as_str()).map(|id| app.model.title_of(&id).to_owned()).unwrap_or_default();
    let name = format!("draw a flow from {} to {}", title(from), title(&to.slug));
    make(app, Edit::put(name, id.clone(), Element::Flow(Box::new(flow))));
    super::moving::jump(app, id);
    super::did(app, CommandId::Connect);
}

/// Makes a grant of its parts.
pub fn add_grant(app: &mut App, draft: &GrantDraft, dataset: Option<Slug>) {
    let (Some(role), Some(endpoint), Some(op)) = (&draft.role, &draft.endpoint, draft.op) else { return };
    let what = dataset.as_ref().unwrap_or(endpoint);
    let slug = edit::free_slug(&app.model, Section::Grants, &format!("{role}-{what}-{}", op.word()));
    let grant = crate::model::access::Grant {
        role: role.clone().into(),
        endpoint: endpoint.clone().into(),
        op: Some(op),
        dataset: dataset.clone().map(Into::into),
        ..Default::default()
    };
    let id = ElementId::new(Section::Grants, slug);
    let name = format!("let {role} {} {what}", op.word());
    make(app, Edit::put(name, id.clone(), Element::Grant(Box::new(grant))));
    super::moving::jump(app, id);
    app.wanted = Pane::Inspector;
}

fn edit_facts(app: &mut App) {
    if app.frame().inspector.is_none() {
        app.inspector_shown = Some(true);
    }
    app.screen = crate::app::state::Screen::Map;
    app.wanted = Pane::Inspector;
}

fn copy(app: &mut App) {
    let ids = app.targets();
    app.copied = ids.iter().filter_map(|id| Some((id.clone(), app.model.element(id)?))).collect();
    let texts: Vec<String> = app
        .copied
        .iter()
        .map(|(id, element)| format!("{}: {},", to_ron(&id.slug), crate::store::ron::print::element(element, 0)))
        .collect();
    app.effects.push(Effect::Clipboard(texts.join("\n")));
    let what = match ids.as_slice() {
        [one] => app.model.title_of(one).to_owned(),
        many => format!("{} elements", many.len()),
    };
    app.toasts.say(Tone::Info, format!("copied {what}; {} puts a copy beside it", app.key(CommandId::Paste)));
}

fn paste(app: &mut App) {
    let (edit, made) = edit::paste(&app.model, &app.copied);
    make(app, edit);
    if let Some(id) = made.into_iter().next() {
        super::moving::jump(app, id);
    }
}

fn mark_all(app: &mut App) {
    let shown: Vec<ElementId> = app
        .map
        .projection
        .nodes
        .iter()
        .filter_map(|drawn| match drawn {
            crate::app::projection::Drawn::Element(id) => Some(vec![id.clone()]),
            crate::app::projection::Drawn::Stack { members, .. } => Some(members.clone()),
            crate::app::projection::Drawn::Zone(_) => None,
        })
        .flatten()
        .filter(|id| filter_matches(&app.map.filter, &[app.model.title_of(id), id.slug.as_str(), id.section.noun()]))
        .collect();
    if shown.iter().all(|id| app.marked.contains(id)) {
        app.marked.clear();
    } else {
        app.marked.extend(shown);
    }
    super::dragging::say_marked(app);
}

/// The rows of the inspector that match its filter.
pub fn shown_rows(app: &App) -> Vec<FieldRow> {
    let Some(id) = app.cursor() else { return Vec::new() };
    let mut rows = rows(&app.model, id, &app.inspector.open);
    if !app.inspector.filter.is_empty() {
        rows.retain(|row| {
            let value = match &row.shown {
                Shown::Known(text) | Shown::Assumed(text) => text.as_str(),
                Shown::Unknown => "unknown",
                _ => "",
            };
            filter_matches(&app.inspector.filter, &[&row.label, value])
        });
    }
    rows
}

fn current_row(app: &App) -> Option<(ElementId, FieldRow)> {
    let id = app.cursor()?.clone();
    let row = shown_rows(app).into_iter().nth(app.inspector.list.at())?;
    Some((id, row))
}

fn change_field(app: &mut App) {
    let Some((id, row)) = current_row(app) else { return };
    let opens = matches!(row.kind.inner(), Kind::Map(_) | Kind::Record(_))
        || matches!(row.kind.inner(), Kind::List(inner) if matches!(inner.inner(), Kind::Record(_)));
    if row.shown == Shown::Add
        && let Kind::List(_) = row.kind.inner()
    {
        let shown = shown_rows(app);
        let count = shown.iter().filter(|other| {
            other.path.len() == row.path.len() + 1
                && other.path.starts_with(&row.path)
                && matches!(other.path.last(), Some(Step::Index(_)))
        });
        let mut path = row.path.clone();
        path.push(Step::Index(count.count()));
        set(app, &id, &path, Some("()"));
        app.inspector.open.insert(path);
        return;
    }
    if opens && row.shown != Shown::Add {
        if !app.inspector.open.remove(&row.path) {
            app.inspector.open.insert(row.path.clone());
            if row.shown == Shown::Unknown {
                app.toasts.say(Tone::Info, "nothing is known of it yet; enter on a line inside changes that");
            }
        }
        return;
    }
    match forms::change(app, &id, &row) {
        Some(layer) => app.layers.push(layer),
        None => app.toasts.say(Tone::Warning, "E changes this in your editor"),
    }
}

/// Sets a value, or says why not.
pub fn set(app: &mut App, id: &ElementId, path: &[Step], ron: Option<&str>) -> bool {
    match edit::set_at(&app.model, id, path, ron) {
        Ok(edit) => {
            make(app, edit);
            super::did(app, CommandId::FieldChange);
            true
        }
        Err(error) => {
            app.toasts.say(Tone::Error, error.to_string());
            false
        }
    }
}

fn forget_field(app: &mut App) {
    let Some((id, row)) = current_row(app) else { return };
    if row.shown == Shown::Add {
        return;
    }
    if row.path == [Step::Field("title")] {
        return app.toasts.say(Tone::Warning, "a title can be changed (enter), not unknown");
    }
    if matches!(row.kind, Kind::Link(_)) && matches!(row.path.last(), Some(Step::Field(_))) {
        return app.toasts.say(Tone::Warning, format!("{} is needed: change it, or delete the element", row.label));
    }
    set(app, &id, &row.path, None);
}

fn confirm_field(app: &mut App) {
    let Some((id, row)) = current_row(app) else { return };
    let Some(Step::Field(name)) = row.path.first() else { return };
    let Some(mut element) = app.model.element(&id) else { return };
    let mut assumed: Vec<Text> = element.assumed().to_vec();
    let was = assumed.len();
    assumed.retain(|known| known.as_str() != *name);
    let confirmed = assumed.len() < was;
    if !confirmed {
        if !matches!(row.shown, Shown::Known(_)) {
            return app.toasts.say(Tone::Warning, "there is nothing to confirm: the fact is unknown");
        }
        assumed.push(Text::new(name));
    }
    let _ = element.reflect_mut().set("assumed", Some(&to_ron(&assumed)));
    let verb = if confirmed { "confirm" } else { "assume" };
    make(app, Edit::put(format!("{verb} {} of {}", row.label, app.model.title_of(&id)), id, element));
}

/// The view in which the map is saved, or a new one.
pub(super) fn main_view(app: &App) -> (ElementId, crate::model::governance::View) {
    match app.model.views.iter().next() {
        Some((slug, view)) => (ElementId::new(Section::Views, slug.clone()), view.clone()),
        None => {
            let slug = Slug::from_title("main", "main");
            (
                ElementId::new(Section::Views, slug),
                crate::model::governance::View { title: "Main".into(), ..Default::default() },
            )
        }
    }
}

/// Moves the selected box and pins it where it then is.
fn push(app: &mut App, dx: i32, dy: i32) {
    let Some(id) = app.cursor().cloned() else { return };
    let Some(rect) = app.map.box_of(&id).and_then(|at| app.map.diagram.placement.nodes.get(at).copied()) else {
        return;
    };
    place(app, &[(id, Point::new(rect.x + dx, rect.y + dy))]);
}

/// Pins boxes at cells, in one step.
pub fn place(app: &mut App, places: &[(ElementId, Point)]) {
    let (view_id, mut view) = main_view(app);
    for (id, at) in places {
        view.pins.insert(crate::model::reference::DrawnLink::of(id), (at.x, at.y));
    }
    let name = match places {
        [(id, _)] => format!("place {}", app.model.title_of(id)),
        many => format!("place {} boxes", many.len()),
    };
    make(app, Edit::put(name, view_id, Element::View(Box::new(view))));
    app.map.reveal = true;
}

fn unpin(app: &mut App) {
    let (view_id, mut view) = main_view(app);
    if app.marked.is_empty() {
        view.pins.clear();
    } else {
        view.pins.retain(|link, _| !app.marked.iter().any(|id| link.names(id)));
    }
    make(app, Edit::put("let the layout place boxes again", view_id, Element::View(Box::new(view))));
    app.map.reveal = true;
}

//! The one place where the state changes: a message in, effects out.

mod asking;
pub mod attackers;
pub mod console;
pub mod controls;
mod deciding;
mod dragging;
pub mod drilling;
mod editing;
mod evidencing;
pub mod exposure;
mod following;
mod layers;
pub mod lists;
mod moving;
mod pointing;
pub mod threats;
mod viewing;
mod walking;

pub use dragging::goes_on;
pub use editing::shown_rows;

use super::choosing::Errand;
use super::command::{CommandId, scopes, spec};
use super::key::Key;
use super::keymap::Lookup;
use super::layer::{Agree, Choose, Confirm, Item, Layer, Picker};
use super::msg::Msg;
use super::state::{App, Effect, Pane, Screen};
use super::toast::Tone;
use super::{forms, tutor::Tutor};
use super::{queue, walk};
use crate::diagram::{Rect, Size};
use crate::model::edit::{Edit, mark_changes_by_hand};
use crate::model::text::counted;
use crate::model::wording::Rewording;
use crate::model::{ElementId, Model};
use std::sync::Arc;

/// Changes the state as a message says, and returns what is to be done outside.
pub fn update(app: &mut App, msg: Msg) -> Vec<Effect> {
    // Whatever else happens may change the picture under the pointer: a drag ends, and leaves no trace.
    app.hurried = false;
    let is_aside = matches!(msg, Msg::Background(_) | Msg::Arranging(_) | Msg::Chosen(_) | Msg::Judged(_));
    let dropped = !is_aside && !matches!(msg, Msg::Mouse(_)) && dragging::cancel(app);
    match msg {
        Msg::Key(key) if dropped && key.code == super::key::Code::Esc => {
            app.toasts.say(Tone::Info, "as it was: nothing was moved or drawn");
        }
        Msg::Rested => app.rested = true,
        Msg::Key(key) => press(app, key),
        Msg::Paste(text) => layers::paste(app, &text),
        Msg::Mouse(mouse) => pointing::mouse(app, mouse),
        Msg::Resize(columns, rows) => app.size = (columns, rows),
        Msg::Chosen(chosen) => {
            if !app.map.take_choice(*chosen) {
                app.toasts.say(Tone::Error, "what the map draws could not be chosen; this is a bug");
            }
        }
        Msg::Arranging(percent) => app.map.progress = percent,
        Msg::Arranged(arranged) => {
            app.map.take(*arranged);
        }
        Msg::Judged(heard) => app.hear(*heard),
        Msg::Background(theme) => {
            if app.settings.theme == super::config::Theme::Auto {
                app.theme = theme;
            }
        }
        Msg::Saved => {
            app.note_saved();
            app.toasts.say(Tone::Info, format!("saved {}", app.file));
        }
        Msg::SavedCopy(path) => app.toasts.say(Tone::Info, format!("saved a copy as {path}")),
        Msg::Failed(why) => app.toasts.say(Tone::Error, why),
        Msg::ChangedOnDisk => ask_about_conflict(app),
        Msg::Reloaded(model) => {
            replace_model(app, *model, true);
            app.effects.push(Effect::Look(false));
            app.toasts.say(Tone::Info, format!("read {} again", app.file));
        }
        Msg::Edited(id, Some(read)) => {
            let name = format!("edit {}", app.model.title_of(&id));
            let (mut element, rewording) = *read;
            if let Some(before) = app.model.element(&id) {
                mark_changes_by_hand(&before, &mut element);
            }
            make(app, Edit { wordings: vec![rewording], ..Edit::put(name, id, element) });
        }
        Msg::Edited(_, None) => app.toasts.say(Tone::Info, "nothing was changed"),
        Msg::EditedBadly(id, why) => {
            app.toasts.say(Tone::Error, format!("{why}; nothing was changed. E opens {} again", id.slug));
        }
        Msg::Looked(looks, asked) => controls::looked(app, looks, asked),
        Msg::Hashed(draft, sum) => evidencing::hashed(app, *draft, sum),
        Msg::Recoverable(names, same_file) => ask_about_recovery(app, &names, same_file),
        Msg::Drill(message) => drilling::heard(app, message),
        Msg::Recovered(model, count) => {
            replace_model(app, *model, false);
            app.toasts.say(
                Tone::Info,
                format!("back from the last session: {}; {} saves", counted(count, "edit"), app.key(CommandId::Save)),
            );
        }
    }
    settle(app);
    std::mem::take(&mut app.effects)
}

/// After every message: what follows from the model, and the picture, are brought up to date.
fn settle(app: &mut App) {
    app.derive();
    if app.layers.contains(&Layer::Queue) {
        queue::refresh(app);
    } else if app.layers.contains(&Layer::Walk) {
        walk::refresh(app);
    } else if app.screen == Screen::Threats {
        app.judge();
    } else if app.screen == Screen::Controls {
        app.judge_threats();
    } else if app.marks_findings() {
        app.find();
    }
    if matches!(app.screen, Screen::Attackers | Screen::Controls) {
        app.attack_soon();
    }
    app.map.follow(&app.model);
    if app.screen == Screen::Map {
        // How wide its names are is looked at where the panes are made.
        app.outline.current(&app.model, app.revision);
        let room = app.room();
        if app.map.unchosen
            && room.beside.width > 0
            && let Some(id) = app.map.choose_first_view(&app.model, app.revision, room)
        {
            let title = app.model.title_of(&id).to_owned();
            app.toasts.say(Tone::Info, format!("showing what {title} is joined to; esc shows the whole map"));
            app.map.looked_at = Some(id.clone());
            app.select(Some(id));
        }
        app.tell_map();
        bring_up_to_date(app);
        app.map.settle_level(&app.model, app.revision, room);
        bring_up_to_date(app);
        let canvas = app.canvas();
        keep_selection_in_view(app, canvas);
        if app.map.reveal && !app.map.waiting && canvas.width > 0 {
            app.map.reveal = false;
            moving::reveal(app);
        }
        dragging::follow_region(app);
        // It does not jump from corner to corner under a hand that drags.
        if app.drag.is_none() {
            app.map.overview = super::overview::place(app);
        }
    }
    moving::keep_in_range(app);
    // Last, since what is selected may have changed until here.
    let cursor = app.cursor().cloned();
    if !app.hurried {
        app.map.rested.clone_from(&cursor);
    }
    app.map.note(&app.model, app.revision, cursor.as_ref());
}

/// Chooses anew what the map draws, where that changed; what is large is left to the worker.
fn bring_up_to_date(app: &mut App) {
    let errand = app.map.refresh_beside(&app.model, app.revision, app.canvas());
    app.effects.extend(errand.map(|errand| match errand {
        Errand::Choose(choosing) => Effect::Choose(choosing),
        Errand::LayOut(graph) => Effect::Arrange(graph),
    }));
}

/// A pane that opens, or a terminal that shrinks, does not push what is selected out of the view.
fn keep_selection_in_view(app: &mut App, canvas: Size) {
    let before = std::mem::replace(&mut app.map.canvas, canvas);
    if before == canvas || app.map.waiting {
        return;
    }
    let bounds = app.map.bounds();
    let held_all = bounds.width <= before.width && bounds.height <= before.height;
    let view = Rect::at(app.map.pan, before);
    let held_it = app.cursor().and_then(|id| app.map.rect_of(id)).is_some_and(|rect| view.covers(&rect));
    app.map.reveal |= held_all || held_it;
}

fn replace_model(app: &mut App, model: Model, is_saved: bool) {
    if is_saved {
        app.saved = model.clone();
        app.history = Default::default();
    }
    app.model = Arc::new(model);
    app.revision += 1;
    app.map.region = None;
    let gone = |id: &ElementId| !app.model.has(id.section, id.slug.as_str());
    if app.cursor().is_some_and(gone) {
        app.select(None);
    }
    let kept = app.marked.iter().filter(|id| app.model.has(id.section, id.slug.as_str())).cloned().collect();
    app.marked = kept;
}

/// Makes an edit: remembers it, notes it in the journal, says what it was.
pub fn make(app: &mut App, mut edit: Edit) {
    if edit.is_void(&app.model) {
        return;
    }
    if edit.puts.iter().any(|put| put.element.is_none()) {
        // What is taken out, and what loses a reference with it, comes back with its comments.
        let ids: Vec<ElementId> = edit.puts.iter().map(|put| put.id.clone()).collect();
        let commented = app.commented(&ids).into_iter();
        edit.wordings.extend(commented.map(|(id, text)| Rewording { id, before: Some(text), after: None }));
    }
    app.toasts.say(Tone::Info, format!("{}   ({} takes it back)", edit.name, app.key(CommandId::Undo)));
    app.note(&edit);
    app.history.make(Arc::make_mut(&mut app.model), edit.clone());
    changed(app, edit);
}

/// What every change of the model brings with it.
fn changed(app: &mut App, edit: Edit) {
    app.revision += 1;
    app.map.region = None;
    app.effects.push(Effect::Journal(edit));
    let gone = |id: &ElementId| !app.model.has(id.section, id.slug.as_str());
    if app.cursor().is_some_and(gone) {
        app.select(None);
    }
    let kept = app.marked.iter().filter(|id| app.model.has(id.section, id.slug.as_str())).cloned().collect();
    app.marked = kept;
}

fn press(app: &mut App, key: Key) {
    // While a line is typed, what can be typed is text.
    if app.pending.is_empty() && layers::type_key(app, key) {
        return;
    }
    app.pending.push(key);
    let found = app.keymap.look_up(&scopes(app), &app.pending);
    match found {
        Lookup::Command(id) => {
            app.pending.clear();
            app.toasts.age();
            run(app, id);
        }
        Lookup::Prefix(_) => {}
        Lookup::Unknown => {
            let keys = super::key::show(&app.pending);
            let was_sequence = app.pending.len() > 1;
            app.pending.clear();
            if app.layers.is_empty() && !(was_sequence && key.code == super::key::Code::Esc) {
                app.toasts.say(Tone::Warning, format!("{keys} means nothing here; ? shows the keys, : all commands"));
            }
        }
    }
}

/// Tells the tutor that something was done.
fn did(app: &mut App, id: CommandId) {
    if let Some(tutor) = &mut app.tutor {
        tutor.ran(id);
    }
}

/// Runs a command, or says why it can not be run.
pub fn run(app: &mut App, id: CommandId) {
    if let Some(why) = (spec(id).why_not)(app) {
        return app.toasts.say(Tone::Warning, format!("{}: {why}", spec(id).title));
    }
    // These are done when something came of them.
    if !matches!(id, CommandId::GoLabel | CommandId::FieldChange | CommandId::Connect) {
        did(app, id);
    }
    if !extends_region(id) {
        // Whatever is done with the marks is done with those that there are.
        app.map.region = None;
    }
    use CommandId as C;
    app.hurried = matches!(id, C::GoLeft | C::GoDown | C::GoUp | C::GoRight | C::GoOut | C::GoIn);
    match id {
        C::Palette => app.layers.push(forms::palette(app)),
        C::Help => app.layers.push(forms::help(app)),
        C::Legend => app.layers.push(forms::legend(app)),
        C::Back => back(app),
        C::ScreenMap
        | C::ScreenExposure
        | C::ScreenThreats
        | C::ScreenAttackers
        | C::ScreenControls
        | C::ScreenDrills => {
            app.screen = match id {
                C::ScreenExposure => Screen::Exposure,
                C::ScreenThreats => Screen::Threats,
                C::ScreenAttackers => Screen::Attackers,
                C::ScreenControls => Screen::Controls,
                C::ScreenDrills => Screen::Drills,
                _ => Screen::Map,
            };
            // What was said of the other screen says nothing of this one.
            app.toasts.dismiss();
        }
        C::NextPane => moving::next_pane(app, true),
        C::PreviousPane => moving::next_pane(app, false),
        C::ToggleOutline | C::ToggleInspector => {
            let frame = app.frame();
            match id {
                C::ToggleOutline => app.outline_shown = Some(frame.outline.is_none()),
                _ => app.inspector_shown = Some(frame.inspector.is_none()),
            }
            app.map.widened = false;
        }
        C::Filter => layers::ask_filter(app),
        C::Find => {
            let items = forms::elements(app, crate::model::Section::ALL);
            app.layers.push(Layer::Picker(Picker::new("Find", items, Choose::Go)));
        }
        C::Undo => {
            let name = app.history.undo_names().next().unwrap_or_default().to_owned();
            if let Some(edit) = app.history.last().cloned() {
                app.note(&edit);
            }
            if let Some(edit) = app.history.undo(Arc::make_mut(&mut app.model)) {
                changed(app, edit);
                app.toasts.say(Tone::Info, format!("undone: {name}"));
            }
        }
        C::Redo => {
            if let Some(edit) = app.history.next().cloned() {
                app.note(&edit);
            }
            if let Some(edit) = app.history.redo(Arc::make_mut(&mut app.model)) {
                app.toasts.say(Tone::Info, format!("redone: {}", edit.name));
                changed(app, edit);
            }
        }
        C::Save => app.effects.push(Effect::Save),
        C::SaveCopy => {
            let hint = "a new file; it is not overwritten if it exists";
            let file = app.file.strip_prefix(super::tutor::COPY_OF).unwrap_or(&app.file);
            let name = file.strip_suffix(".ron").map_or_else(|| file.to_owned(), |stem| format!("{stem}-copy.ron"));
            app.layers.push(forms::prompt("Save a copy as", hint, &name, super::layer::Ask::SaveCopy));
        }
        C::Reload if app.is_dirty() => app.layers.push(Layer::Confirm(Confirm {
            title: format!("Read {} again?", app.file),
            lines: vec!["Edits that are not saved are dropped.".into()],
            then: Agree::Reload,
        })),
        C::Reload => app.effects.push(Effect::Reload),
        C::Quit if app.is_dirty() => app.layers.push(Layer::Confirm(Confirm {
            title: "Quit without saving?".into(),
            lines: vec![
                format!("There are edits that are not in {}.", app.file),
                "y drops them, n goes back; space s saves.".into(),
            ],
            then: Agree::Quit,
        })),
        C::Quit if app.drills.board.as_ref().is_some_and(|board| board.runs()) => {
            app.layers.push(Layer::Confirm(Confirm {
                title: "Quit while a drill runs?".into(),
                lines: vec!["It can be gone on with; the clock of play stops while nobody runs it.".into()],
                then: Agree::Quit,
            }));
        }
        C::Quit => app.effects.push(Effect::Quit),
        C::Messages => {
            let item = |toast: &super::toast::Toast| Item {
                label: match toast.tone {
                    Tone::Info => "note".into(),
                    Tone::Warning => "warning".into(),
                    Tone::Error => "error".into(),
                },
                detail: toast.text.clone(),
                ..Item::default()
            };
            let items = app.toasts.history().map(item).collect();
            app.layers.push(Layer::Picker(Picker::new("Messages, the newest first", items, Choose::Nothing)));
        }
        C::Problems => app.layers.push(forms::problems(app)),
        C::Suspend => app.effects.push(Effect::Suspend),
        C::ToggleMouse => {
            app.mouse = !app.mouse;
            app.effects.push(Effect::Mouse(app.mouse));
            let owner = if app.mouse { "the program's" } else { "the terminal's: select text with it" };
            app.toasts.say(Tone::Info, format!("the mouse is {owner}"));
        }
        C::ToggleTheme => {
            use super::config::Theme;
            app.theme = if app.theme == Theme::Light { Theme::Dark } else { Theme::Light };
            app.settings.theme = app.theme;
        }
        C::Tutor => {
            app.tutor = if app.tutor.is_some() { None } else { Some(Tutor::default()) };
        }
        _ => {
            let done = lists::run(app, id)
                || editing::run(app, id)
                || moving::run(app, id)
                || viewing::run(app, id)
                || following::run(app, id)
                || exposure::run(app, id)
                || threats::run(app, id)
                || asking::run(app, id)
                || walking::run(app, id)
                || controls::run(app, id)
                || attackers::run(app, id)
                || drilling::run(app, id)
                || console::run(app, id)
                || layers::run(app, id);
            debug_assert!(done, "no part of update runs {id:?}");
        }
    }
}

/// Whether a region of marks goes on after a command: it only moves or looks, or ends the region itself.
fn extends_region(id: CommandId) -> bool {
    use CommandId as C;
    let itself = matches!(id, C::MarkRegion | C::Fold | C::Back | C::GoLabel | C::Find | C::Palette | C::Help);
    let moves = matches!(id, C::GoLeft | C::GoDown | C::GoUp | C::GoRight | C::GoOut | C::GoIn | C::Center | C::Fit);
    let looks = matches!(id, C::PanLeft | C::PanDown | C::PanUp | C::PanRight | C::ZoomIn | C::ZoomOut);
    itself || moves || looks || spec(id).scope.is_layer()
}

/// One level out: a filter, the surroundings, marks, the focus. Nothing is lost.
fn back(app: &mut App) {
    // A message goes in passing: nobody presses escape for it alone.
    app.toasts.dismiss();
    if app.map.region.is_some() {
        dragging::end_region(app, false);
    } else if (app.screen, app.focus()) != (Screen::Map, Pane::Main) && !layers::filter(app).is_empty() {
        layers::filter(app).clear();
    } else if app.screen != Screen::Map {
        app.screen = Screen::Map;
    } else if app.focus() != Pane::Main {
        app.wanted = Pane::Main;
        // On a narrow screen the facts are shown only while somebody works on them.
        app.inspector_shown = app.inspector_shown.filter(|_| app.size.0 >= super::frame::ROOM_FOR_INSPECTOR);
    } else if !app.map.filter.is_empty() {
        app.map.filter.clear();
    } else if !app.marked.is_empty() {
        app.marked.clear();
    } else if app.map.journey.take().is_some() {
        app.map.reveal = true;
    } else if app.map.view.zoom == super::projection::Zoom::Detail {
        run(app, CommandId::ZoomOut);
    } else if app.map.view.around.take().is_some() {
        app.map.reveal = true;
    } else if app.cursor().is_some() {
        moving::leave(app);
    } else if app.tutor.take().is_some() {
        app.toasts.say(Tone::Info, format!("the tutor is gone; {} brings it back", app.key(CommandId::Tutor)));
    }
}

fn ask_about_conflict(app: &mut App) {
    let item = |label: &str, detail: &str, value: &str| Item {
        label: label.into(),
        detail: detail.into(),
        value: value.into(),
        why_not: None,
    };
    let items = vec![
        item("Keep mine as a copy", "write my model to another file and leave this one alone", "copy"),
        item("Reload", "read the file again and drop my edits", "reload"),
        item("Cancel", "do nothing yet", ""),
    ];
    let title = format!("{} was changed by somebody else and was not written", app.file);
    app.layers.push(Layer::Picker(Picker::new(title, items, Choose::Conflict)));
}

fn ask_about_recovery(app: &mut App, names: &[String], same_file: bool) {
    let last = names.last().map(String::as_str).unwrap_or_default();
    let items = vec![
        Item {
            label: "Take them up".into(),
            detail: format!("make {} again; the last was: {last}", counted(names.len(), "edit")),
            value: "take".into(),
            why_not: None,
        },
        Item {
            label: "Drop them".into(),
            detail: "go on with the file as it is".into(),
            value: "drop".into(),
            why_not: None,
        },
        Item {
            label: "Decide later".into(),
            detail: "keep them, and ask again at the next start".into(),
            ..Item::default()
        },
    ];
    let title = if same_file {
        "The last session ended with edits that are not in the file"
    } else {
        "An earlier session left unsaved edits, and the FILE HAS CHANGED since: look at every one of them"
    };
    app.layers.push(Layer::Picker(Picker::new(title, items, Choose::Recover)));
}

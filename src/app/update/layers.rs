//! What is typed and chosen in layers, and what becomes of it.

use super::{asking, console, controls, deciding, drilling, editing, evidencing, following, moving, walking};
use crate::analysis::journey::Cargo;
use crate::app::command::CommandId;
use crate::app::fields::from_typed;
use crate::app::forms::{self, id_from_value};
use crate::app::key::{Code, Key};
use crate::app::layer::{Agree, Ask, Choose, GrantDraft, Layer, Picker, Prompt};
use crate::app::line::Line;
use crate::app::list::Motion;
use crate::app::state::{App, Effect, Pane, Screen};
use crate::app::toast::Tone;
use crate::model::facts::{Day, Operation};
use crate::model::reflect::{Kind, Step, from_ron, to_ron};
use crate::model::{Section, Text, edit};

/// Lines of a picker that make a page.
const PAGE: usize = 10;

/// Runs a command of this family. Says whether it was one.
pub fn run(app: &mut App, id: CommandId) -> bool {
    use CommandId as C;
    match (id, app.layers.last_mut()) {
        (C::PickMark, Some(Layer::Picker(picker))) => mark(picker),
        (C::PickAccept, Some(Layer::Picker(_))) => accept_choice(app),
        (C::PickCancel, Some(Layer::Picker(_))) => {
            app.layers.pop();
        }
        (C::PromptAccept, Some(Layer::Prompt(_))) => accept_text(app),
        (C::PromptCancel, Some(Layer::Prompt(prompt))) => {
            let was_filter = prompt.then == Ask::Filter;
            app.layers.pop();
            app.map.labels.clear();
            if was_filter {
                set_filter(app, "");
            }
        }
        (C::ConfirmYes, Some(Layer::Confirm(_))) => agree(app),
        (C::ConfirmNo, Some(Layer::Confirm(_))) => {
            app.layers.pop();
        }
        (C::ReaderClose, Some(Layer::Reader(_))) => {
            app.layers.pop();
        }
        _ => return false,
    }
    true
}

/// Moves in a picker, in a text, or among the answers to a question.
pub fn go(app: &mut App, motion: Motion) {
    let half = usize::from(app.size.1 / 2);
    match app.layers.last_mut() {
        Some(Layer::Picker(picker)) => step(picker, motion),
        Some(Layer::Queue) => {
            let answers = app.queue.shown.as_ref().map_or(0, |shown| shown.answers.len());
            app.queue.at = motion.from(app.queue.at, PAGE, answers);
        }
        Some(Layer::Reader(reader)) => {
            let count = reader.lines.len();
            // The end of a text is read from the last lines of it on.
            let end = count.saturating_sub(half);
            reader.top = if motion == Motion::Last { end } else { motion.from(reader.top, half, count) };
        }
        _ => {}
    }
}

fn step(picker: &mut Picker, motion: Motion) {
    let count = picker.matching().len();
    // One step over the end comes out at the other end; a page stops there.
    let motion = match motion {
        Motion::Down if picker.at + 1 >= count => Motion::First,
        Motion::Up if picker.at == 0 => Motion::Last,
        motion => motion,
    };
    picker.at = motion.from(picker.at, PAGE, count);
}

fn mark(picker: &mut Picker) {
    let chosen = picker.matching().get(picker.at).copied();
    if let (Some(marks), Some(at)) = (&mut picker.marks, chosen) {
        if !marks.remove(&at) {
            marks.insert(at);
        }
        picker.touched = true;
        step(picker, Motion::Down);
    }
}

/// A key that edits the line of a prompt or picker. Says whether it was one.
pub fn type_key(app: &mut App, key: Key) -> bool {
    let (line, is_picker) = match app.layers.last_mut() {
        Some(Layer::Prompt(prompt)) => (&mut prompt.line, false),
        Some(Layer::Picker(picker)) if picker.takes_text() => (&mut picker.query, true),
        _ => return false,
    };
    if !edit_line(line, key, is_picker) {
        return false;
    }
    typed(app);
    true
}

fn edit_line(line: &mut Line, key: Key, is_picker: bool) -> bool {
    match key.code {
        Code::Char('u') if key.control => line.clear(),
        Code::Char('w') if key.control => line.delete_word(),
        Code::Backspace if key.control || key.alt => line.delete_word(),
        Code::Backspace => line.backspace(),
        Code::Delete => line.delete(),
        Code::Left => line.left(),
        Code::Right => line.right(),
        Code::Home => line.home(),
        Code::End => line.end(),
        Code::Tab if !is_picker => {}
        _ => match key.typed() {
            Some(ch) => line.insert(ch.encode_utf8(&mut [0; 4])),
            None => return false,
        },
    }
    true
}

/// Text from the clipboard goes into the line that is being typed.
pub fn paste(app: &mut App, text: &str) {
    match app.layers.last_mut() {
        Some(Layer::Prompt(prompt)) => prompt.line.insert(text),
        Some(Layer::Picker(picker)) if picker.takes_text() => picker.query.insert(text),
        _ => return app.toasts.say(Tone::Info, "there is nothing to paste text into"),
    }
    typed(app);
}

/// What follows from the text as it is typed.
fn typed(app: &mut App) {
    match app.layers.last_mut() {
        Some(Layer::Picker(picker)) => picker.narrow(),
        Some(Layer::Prompt(prompt)) => {
            prompt.error = None;
            let text = prompt.line.text().to_owned();
            match prompt.then {
                Ask::Filter => {
                    set_filter(app, &text);
                    count_matches(app);
                }
                Ask::Label => go_to_label(app, &text),
                _ => {}
            }
        }
        _ => {}
    }
}

/// Asks for a filter of the pane that has the focus.
pub fn ask_filter(app: &mut App) {
    let current = filter(app).clone();
    app.layers.push(forms::prompt("Filter", "words that must occur; esc ends it", &current, Ask::Filter));
}

/// The filter of the pane that has the focus.
pub fn filter(app: &mut App) -> &mut String {
    match (app.screen, app.focus()) {
        (Screen::Exposure, _) => &mut app.exposure.filter,
        (Screen::Threats, _) => &mut app.threats.filter,
        (Screen::Controls, _) => &mut app.controls.filter,
        (Screen::Attackers, _) => &mut app.attackers.filter,
        (Screen::Drills, _) => match &mut app.drills.board {
            Some(board) => &mut board.filter,
            None => &mut app.drills.filter,
        },
        (Screen::Map, Pane::Outline) => &mut app.outline.filter,
        (Screen::Map, Pane::Inspector) => &mut app.inspector.filter,
        (Screen::Map, Pane::Main) => &mut app.map.filter,
    }
}

fn set_filter(app: &mut App, text: &str) {
    *filter(app) = text.to_owned();
}

/// Says while a filter of the map is typed how many boxes match: they may all be out of sight.
fn count_matches(app: &mut App) {
    if app.screen != Screen::Map || app.focus() != Pane::Main || app.map.waiting {
        return;
    }
    let (count, all) = (following::matches(app).len(), app.map.projection.nodes.len());
    if let Some(Layer::Prompt(prompt)) = app.layers.last_mut() {
        prompt.hint = format!("{count} of {all} boxes match; enter goes to the first, esc ends it");
    }
}

fn go_to_label(app: &mut App, text: &str) {
    let Some((_, at)) = app.map.labels.iter().find(|(label, _)| label == text).cloned() else {
        if text.chars().count() >= 2 {
            app.layers.pop();
            app.map.labels.clear();
            app.toasts.say(Tone::Warning, "no box has these letters");
        }
        return;
    };
    app.layers.pop();
    app.map.labels.clear();
    super::did(app, CommandId::GoLabel);
    if let Some(id) = app.map.projection.nodes.get(at).and_then(|drawn| drawn.element()) {
        moving::jump(app, id);
    }
}

fn accept_text(app: &mut App) {
    let Some(Layer::Prompt(prompt)) = app.layers.pop() else { return };
    let text = prompt.line.text().trim().to_owned();
    let again = |app: &mut App, prompt: Prompt, why: String| {
        app.layers.push(Layer::Prompt(Prompt { error: Some(why), ..prompt }));
    };
    match prompt.then.clone() {
        Ask::Filter if app.screen == Screen::Drills => {}
        Ask::Filter => following::go_to_match(app),
        Ask::Label => app.map.labels.clear(),
        Ask::Add(_) | Ask::Rename(_) | Ask::RenameModel | Ask::AddKey(..) | Ask::SaveCopy | Ask::AddFields(_)
            if text.is_empty() =>
        {
            again(app, prompt, "type something, or press esc".into());
        }
        Ask::Add(section) => editing::add(app, section, &text),
        Ask::Rename(id) => match edit::set_field(&app.model, &id, "title", Some(&to_ron(&Text::new(&text)))) {
            Ok(mut edit) => {
                edit.name = format!("rename {} to {text}", app.model.title_of(&id));
                super::make(app, edit);
            }
            Err(error) => again(app, prompt, error.to_string()),
        },
        Ask::RenameModel => {
            let title = Some(Text::new(&text));
            let renaming = edit::Edit::new(format!("rename the model to {text}"), Vec::new());
            super::make(app, edit::Edit { title, ..renaming });
        }
        Ask::AddFields(id) => editing::add_fields(app, &id, &text),
        Ask::Answer(missing, path, kind) => {
            if let Err(why) = asking::typed(app, &missing, &path, &kind, &text) {
                again(app, prompt, why);
            }
        }
        Ask::Raise(..) if text.is_empty() => again(app, prompt, "say what could happen, or press esc".into()),
        Ask::Raise(id, category) => walking::ask_levels(app, id, category, &text),
        Ask::RaiseLevels(id, category, title) => {
            if let Err(why) = walking::raise(app, &id, category, &title, &text) {
                again(app, prompt, why);
            }
        }
        Ask::Dismiss(..) if text.is_empty() => {
            again(app, prompt, "whoever reads it next year needs the reason".into());
        }
        Ask::Dismiss(id, category) => walking::dismiss(app, &id, category, &text),
        Ask::Decide(_) if text.is_empty() => {
            again(app, prompt, "whoever reads it next year needs the reason".into());
        }
        Ask::Decide(draft) => deciding::next(app, crate::app::layer::DecisionDraft { why: Some(text), ..draft }),
        Ask::DecideUntil(draft) => match text.parse::<Day>() {
            Ok(day) if app.today.is_some_and(|today| day < today) => {
                again(app, prompt, "that day is over".into());
            }
            Ok(day) => deciding::make(app, &draft, Some(day)),
            Err(why) => again(app, prompt, why),
        },
        Ask::Evidence(_) if text.is_empty() => again(app, prompt, "say where it is, or press esc".into()),
        Ask::Evidence(draft) => evidencing::typed(app, draft, &text),
        Ask::EvidenceUntil(draft) if text.is_empty() => evidencing::make(app, draft, None),
        Ask::EvidenceUntil(draft) => match text.parse::<Day>() {
            Ok(day) if app.today.is_some_and(|today| day < today) => again(app, prompt, "that day is over".into()),
            Ok(day) => evidencing::make(app, draft, Some(day)),
            Err(why) => again(app, prompt, why),
        },
        Ask::AddKey(id, mut path) => {
            path.push(Step::Key(text));
            match edit::set_at(&app.model, &id, &path, Some("()")) {
                Ok(edit) => super::make(app, edit),
                Err(error) => again(app, prompt, error.to_string()),
            }
        }
        Ask::Set(..) if prompt.line.text() == prompt.before => {}
        Ask::Set(id, path, kind) => match edit::set_at(&app.model, &id, &path, from_typed(&kind, &text).as_deref()) {
            Ok(edit) => {
                super::make(app, edit);
                super::did(app, CommandId::FieldChange);
            }
            Err(error) => {
                let why = match kind.inner() {
                    Kind::Number => "a whole number, 0 or more, that fits here".to_owned(),
                    Kind::Variant(choices) => {
                        let names: Vec<&str> = choices.iter().map(|choice| choice.name).collect();
                        format!("this is none of {}", names.join(", "))
                    }
                    _ => error.to_string(),
                };
                again(app, prompt, why);
            }
        },
        Ask::SaveCopy => app.effects.push(Effect::SaveCopy(text.into())),
        Ask::OpenDrill(_) if text.is_empty() => again(app, prompt, "type a name, or press esc".into()),
        Ask::OpenDrill(opening) => drilling::begin_as(app, *opening, text),
        Ask::Drill(draft) => {
            if let Err(why) = console::typed(app, &draft, &text) {
                again(app, prompt, why);
            }
        }
    }
}

fn accept_choice(app: &mut App) {
    let Some(Layer::Picker(picker)) = app.layers.last() else { return };
    let Some(item) = picker.chosen().cloned() else {
        return app.toasts.say(Tone::Info, "nothing matches; esc goes back");
    };
    if let Some(why) = item.why_not {
        return app.toasts.say(Tone::Warning, format!("{}: {why}", item.label));
    }
    let Some(Layer::Picker(picker)) = app.layers.pop() else { return };
    match picker.then.clone() {
        Choose::Run => {
            if let Some(command) = crate::app::command::by_name(&item.value) {
                super::run(app, command.id);
            }
        }
        Choose::Go => {
            if let Some(id) = id_from_value(&item.value) {
                moving::visit(app, id.clone());
                if app.screen == Screen::Map && !(id.section.is_node() || id.section == Section::Boundaries) {
                    super::run(app, CommandId::Edit);
                }
                app.screen = Screen::Map;
            }
        }
        Choose::Follow => {
            if let Some(id) = id_from_value(&item.value) {
                moving::jump(app, id);
            }
        }
        Choose::AddSection => {
            if let Some(section) = Section::from_name(&item.value) {
                let title = format!("Add {}", section.noun());
                app.layers.push(forms::prompt(title, "its title", "", Ask::Add(section)));
            }
        }
        Choose::Connect(from) => {
            if let Some(to) = id_from_value(&item.value) {
                editing::connect(app, &from, &to);
            }
        }
        Choose::Move(ids) => {
            let boundary = id_from_value(&item.value).map(|id| id.slug);
            match edit::move_into(&app.model, &ids, boundary.as_ref()) {
                Ok(edit) if edit.puts.is_empty() => {
                    app.toasts.say(Tone::Warning, "only boundaries and what is drawn in them can be moved into one");
                }
                Ok(edit) => {
                    super::make(app, edit);
                    app.map.reveal = true;
                }
                Err(error) => app.toasts.say(Tone::Error, error.to_string()),
            }
        }
        Choose::Set(id, path) => {
            let ron = (!item.value.is_empty()).then_some(item.value.as_str());
            editing::set(app, &id, &path, ron);
        }
        Choose::SetList(id, path) => {
            let marks = picker.marks.clone().unwrap_or_default();
            let slug_at = |at: &usize| {
                picker.items.get(*at).and_then(|item| id_from_value(&item.value)).map(|id| id.slug.to_string())
            };
            let mut marked: Vec<String> = marks.iter().filter_map(slug_at).collect();
            // Enter without having marked anything chooses the line under the cursor.
            if marked.is_empty() && !picker.touched {
                marked.extend(id_from_value(&item.value).map(|id| id.slug.to_string()));
            }
            // What was there stays in its order; so does what the list can not show, since nobody took it out.
            let offered: Vec<String> = (0..picker.items.len()).filter_map(|at| slug_at(&at)).collect();
            let before = app.model.reflect(&id).and_then(|element| element.get_at(&path));
            let before = before.and_then(|ron| from_ron::<Vec<String>>(&ron).ok()).unwrap_or_default();
            let mut slugs: Vec<String> =
                before.into_iter().filter(|slug| marked.contains(slug) || !offered.contains(slug)).collect();
            slugs.extend(marked.into_iter().filter(|slug| !slugs.contains(slug)).collect::<Vec<_>>());
            editing::set(app, &id, &path, Some(&to_ron(&slugs)));
        }
        Choose::Grant(draft) => next_of_grant(app, draft, &item.value),
        Choose::Decide(mut draft) => {
            let chosen = id_from_value(&item.value).map(|id| id.slug);
            if let Some(marks) = &picker.marks {
                let slug_at = |at: &usize| Some(id_from_value(&picker.items.get(*at)?.value)?.slug);
                let marked: Vec<_> = marks.iter().filter_map(slug_at).collect();
                // Enter without a mark chooses the line under the cursor.
                draft.controls = Some(if marked.is_empty() { chosen.into_iter().collect() } else { marked });
            } else {
                draft.by = Some(chosen);
            }
            deciding::next(app, draft);
        }
        Choose::Library(draft) => controls::add(app, &draft, &item.value),
        Choose::Evidence(draft) => evidencing::chosen(app, draft, &item.value),
        Choose::Guardrail => super::attackers::go_to_guardrail(app, &item.value),
        Choose::Threat => controls::go_to_threat(app, &item.value),
        Choose::Journey(dataset) => {
            let field = (!item.value.is_empty()).then(|| item.value.clone());
            super::viewing::show_journey(app, Cargo { dataset, field });
        }
        Choose::Assign(question) => {
            if let Some(id) = id_from_value(&item.value) {
                asking::assign(app, &question, id.slug);
            }
        }
        Choose::Whose => asking::go_through(app, &item.value),
        Choose::Lose => {
            let marks = picker.marks.iter().flatten();
            let slug_at = |at: &usize| Some(id_from_value(&picker.items.get(*at)?.value)?.slug);
            let mut lost: Vec<crate::model::Slug> = marks.filter_map(slug_at).collect();
            // Enter without a mark chooses the line under the cursor.
            if lost.is_empty() && !picker.touched {
                lost.extend(id_from_value(&item.value).map(|id| id.slug));
            }
            super::attackers::lose(app, lost);
        }
        Choose::Template(about) => super::attackers::add_scenario(app, &about, &item.value),
        Choose::Drill(draft) => match &picker.marks {
            Some(marks) => {
                let value = |at: &usize| picker.items.get(*at).map(|item| item.value.clone());
                let mut ids: Vec<String> = marks.iter().filter_map(value).collect();
                // Enter without a mark chooses the line under the cursor.
                if ids.is_empty() && !picker.touched {
                    ids.push(item.value.clone());
                }
                console::ticked(app, &ids);
            }
            None => console::chosen(app, draft, &item.value),
        },
        Choose::Nothing => {}
        Choose::Conflict => match item.value.as_str() {
            "reload" => app.effects.push(Effect::Reload),
            "copy" => super::run(app, CommandId::SaveCopy),
            _ => {}
        },
        Choose::Recover => match item.value.as_str() {
            "take" => app.effects.push(Effect::Recover(true)),
            "drop" => app.effects.push(Effect::Recover(false)),
            _ => {}
        },
    }
}

fn next_of_grant(app: &mut App, mut draft: GrantDraft, value: &str) {
    let slug = id_from_value(value).map(|id| id.slug);
    if draft.role.is_none() {
        draft.role = slug;
    } else if draft.endpoint.is_none() {
        draft.endpoint = slug;
    } else if draft.op.is_none() {
        draft.op = Operation::ALL.iter().copied().find(|op| op.name() == value);
    } else {
        return editing::add_grant(app, &draft, slug);
    }
    let layer = forms::grant(app, draft);
    app.layers.push(layer);
}

fn agree(app: &mut App) {
    let Some(Layer::Confirm(confirm)) = app.layers.pop() else { return };
    match confirm.then {
        Agree::Edit(edit) => {
            super::make(app, edit);
            app.marked.clear();
        }
        Agree::Quit => app.effects.push(Effect::Quit),
        Agree::Reload => app.effects.push(Effect::Reload),
        Agree::Drill(line) => console::ask(app, crate::app::console::Draft::whole(line)),
        Agree::CloseDrill => drilling::close(app),
    }
}

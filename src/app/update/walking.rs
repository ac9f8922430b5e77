//! Commands of the walk through STRIDE and LINDDUN.

use crate::app::command::CommandId;
use crate::app::forms;
use crate::app::layer::{Ask, Layer, Reader, Styled};
use crate::app::state::App;
use crate::app::threats::category_words;
use crate::app::toast::Tone;
use crate::app::walk::{self, Kinds};
use crate::model::edit::{self, Edit};
use crate::model::facts::Level;
use crate::model::reference::AnyLink;
use crate::model::threats::{Category, Consideration, Considered, Threat};
use crate::model::{Element, ElementId, Section, Target, Text};

/// Runs a command of this family. Says whether it was one.
pub fn run(app: &mut App, id: CommandId) -> bool {
    use CommandId as C;
    match id {
        C::Walk => open(app),
        C::WalkAdd => ask_threat(app),
        C::WalkDismiss => ask_reason(app),
        C::WalkOn => pass(app),
        C::WalkNext => go(app, true),
        C::WalkBack => go(app, false),
        C::WalkNextElement => go_element(app, true),
        C::WalkElementBefore => go_element(app, false),
        C::WalkKinds => {
            let at = Kinds::ALL.iter().position(|kinds| *kinds == app.walk.kinds).unwrap_or(0);
            app.walk.kinds = Kinds::ALL[(at + 1) % Kinds::ALL.len()];
        }
        C::WalkCoverage => show_coverage(app),
        C::WalkUndo if app.history.undo_names().next().is_none() => {
            app.toasts.say(Tone::Warning, "there is nothing to take back");
        }
        C::WalkUndo => super::run(app, C::Undo),
        C::WalkClose => {
            app.layers.pop();
        }
        _ => return false,
    }
    true
}

/// Begins at the selected element, or where the walk was left.
fn open(app: &mut App) {
    app.toasts.dismiss();
    if let Some(id) = app.cursor().filter(|id| !walk::asked(Kinds::Both, id).is_empty()).cloned() {
        app.walk.element = Some(id);
        app.walk.category = None;
    }
    app.layers.push(Layer::Walk);
}

fn cell(app: &App) -> Option<(ElementId, Category)> {
    Some((app.walk.element.clone()?, app.walk.category?))
}

fn go(app: &mut App, forward: bool) {
    match walk::step(app, forward) {
        Some((id, category)) => (app.walk.element, app.walk.category) = (Some(id), Some(category)),
        None => {
            let end = if forward { "the walk is at its end: v shows what is left" } else { "this is the beginning" };
            app.toasts.say(Tone::Info, end);
        }
    }
}

fn go_element(app: &mut App, forward: bool) {
    if let Some(id) = walk::step_element(app, forward) {
        app.walk.element = Some(id);
        app.walk.category = None;
    }
}

fn ask_threat(app: &mut App) {
    let Some((id, category)) = cell(app) else { return };
    let title = format!("{}: what could happen?", walk::cell_words(app));
    app.layers.push(forms::prompt(title, "a sentence; then how likely and how bad", "", Ask::Raise(id, category)));
}

/// Asks how likely and how bad a threat is, once it has a title.
pub fn ask_levels(app: &mut App, id: ElementId, category: Category, title: &str) {
    let hint = "likelihood and impact, each from 1 to 5, as 4 3; enter leaves both unknown";
    app.layers.push(forms::prompt(title, hint, "", Ask::RaiseLevels(id, category, title.to_owned())));
}

/// Raises a threat; an error where the levels can not be read.
pub fn raise(app: &mut App, about: &ElementId, category: Category, title: &str, levels: &str) -> Result<(), String> {
    let known = |ch: &char| !ch.is_whitespace() && !matches!(ch, ',' | '×' | 'x' | '/');
    let steps: Vec<char> = levels.chars().filter(known).collect();
    let level = |ch: &char| ch.to_digit(10).and_then(|step| u8::try_from(step).ok()).and_then(Level::new);
    let (likelihood, impact) = match steps.as_slice() {
        [] => (None, None),
        [likelihood, impact] => match (level(likelihood), level(impact)) {
            (Some(likelihood), Some(impact)) => (Some(likelihood), Some(impact)),
            _ => return Err("two steps from 1 to 5, as 4 3".into()),
        },
        _ => return Err("two steps from 1 to 5, as 4 3; or nothing".into()),
    };
    let threat = Threat {
        title: Text::new(title),
        about: AnyLink(Text::new(&about.any_link())),
        category: Some(category),
        likelihood,
        impact,
        on: app.today,
        ..Threat::default()
    };
    let id = ElementId::new(Section::Threats, edit::free_slug(&app.model, Section::Threats, title));
    let name = format!("raise: {} at {}", crate::model::text::one_line(title, 60), app.name_of(about));
    super::make(app, Edit::put(name, id, Element::Threat(Box::new(threat))));
    Ok(())
}

fn ask_reason(app: &mut App) {
    let Some((id, category)) = cell(app) else { return };
    let title = format!("{}: why can it not happen?", walk::cell_words(app));
    app.layers.push(forms::prompt(title, "the reason that people will read next year", "", Ask::Dismiss(id, category)));
}

/// Dismisses the category at an element, and goes on.
pub fn dismiss(app: &mut App, id: &ElementId, category: Category, why: &str) {
    note(app, id, category, Considered::Dismissed, why);
    go(app, true);
}

/// Nothing came to mind: that is noted where nothing else was, and the walk goes on.
fn pass(app: &mut App) {
    let Some((id, category)) = cell(app) else { return };
    if app.walk.coverage.looked(&id, category).is_none() {
        note(app, &id, category, Considered::NothingFound, "");
    }
    go(app, true);
}

/// Notes what came of looking; what was noted of the same cell before makes room.
fn note(app: &mut App, about: &ElementId, category: Category, outcome: Considered, why: &str) {
    let same = |entry: &Consideration| {
        entry.category == Some(category)
            && app.model.resolve(Target::Any, entry.about.0.as_str()).as_ref() == Some(about)
    };
    let before = app.model.considered.iter().find(|(_, entry)| same(entry)).map(|(slug, _)| slug.clone());
    let name = format!("{} {}", about.slug, category.name().to_lowercase());
    let slug = before.unwrap_or_else(|| edit::free_slug(&app.model, Section::Considered, &name));
    let entry = Consideration {
        about: AnyLink(Text::new(&about.any_link())),
        category: Some(category),
        outcome: Some(outcome),
        why: Text::new(why),
        on: app.today,
        ..Consideration::default()
    };
    let verb = match outcome {
        Considered::Dismissed => "dismiss",
        Considered::NothingFound => "nothing found for",
    };
    let text = format!("{verb} {} at {}", category_words(category).to_lowercase(), app.name_of(about));
    let id = ElementId::new(Section::Considered, slug);
    super::make(app, Edit::put(text, id, Element::Consideration(Box::new(entry))));
}

fn show_coverage(app: &mut App) {
    let ascii = app.settings.ascii;
    let kinds = app.walk.kinds;
    let (done, all) = app.walk.coverage.count(|category| kinds.holds(category));
    let mut lines = vec![
        Styled::heading(format!("{}: {done} of {all} cells were looked at", kinds.name())),
        Styled::plain(walk::legend(ascii)),
        Styled::plain(""),
    ];
    lines.extend(walk::coverage_lines(app, kinds, ascii).into_iter().map(|(left, text)| Styled::row(left, text)));
    app.layers.push(Layer::Reader(Reader::new("What was looked at", lines)));
}

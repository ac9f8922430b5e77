//! Commands of the controls screen, and controls from the library.

use super::moving;
use crate::analysis::evidence::{Looks, guarded};
use crate::analysis::threats::Place;
use crate::app::command::CommandId;
use crate::app::controls::{coverage, current, id_of, reading, slugs};
use crate::app::judging::ASKING;
use crate::app::layer::{Agree, Choose, Confirm, Item, Layer, LibraryDraft, Picker, Reader};
use crate::app::state::{App, Effect, Screen};
use crate::app::threats::{self, Entry, place_words};
use crate::app::toast::Tone;
use crate::library::control::{Pattern, shipped};
use crate::model::edit::{self, Edit};
use crate::model::reference::{AnyLink, Target};
use crate::model::reflect::Step;
use crate::model::text::counted;
use crate::model::threats::{Control, ControlStatus};
use crate::model::{Element, Section, Slug, Text};

/// Runs a command of this family. Says whether it was one.
pub fn run(app: &mut App, id: CommandId) -> bool {
    use CommandId as C;
    match id {
        C::ControlRead => {
            if let Some(slug) = current(app).cloned() {
                let lines = reading(app, &slug);
                app.layers.push(Layer::Reader(Reader::new("Control", lines)));
            }
        }
        C::ControlStatus => ask_status(app),
        C::ControlRetire => ask_to_retire(app),
        C::ControlThreats => ask_threat(app),
        C::ControlOnMap => show_on_map(app),
        C::AddEvidence => {
            if let Some(slug) = current(app).cloned() {
                super::evidencing::begin(app, slug);
            }
        }
        C::LookAtEvidence => app.effects.push(Effect::Look(true)),
        C::AddControl => ask_library(app),
        _ => return false,
    }
    true
}

/// Takes what was seen of the evidence. What follows from it is computed anew where it differs from before.
pub fn looked(app: &mut App, looks: Option<Looks>, asked: bool) {
    let Some(looks) = looks else {
        if asked {
            let why = "the model lies in no workspace (a git repository, or a folder with models/): nothing to look at";
            app.toasts.say(Tone::Warning, why);
        }
        return;
    };
    let count = looks.len();
    // Nothing seen says no more than that nobody looked.
    let differs = app.looks.as_ref().map_or(!looks.is_empty(), |before| *before != looks);
    app.looks = Some(looks);
    if differs {
        app.forget_derived();
        app.derive();
    }
    if asked {
        let trouble = app.derived().controls.iter().filter(|(slug, _)| app.derived().controls.fallen(slug).is_some());
        let trouble = trouble.count();
        let tone = if trouble == 0 { Tone::Info } else { Tone::Warning };
        let fallen = counted(trouble, "control");
        app.toasts.say(tone, format!("looked at {}; {fallen} can not be counted on", counted(count, "piece")));
    }
}

/// The list with its cursor stays in range, and what is under the cursor is what commands work on.
pub fn keep_in_range(app: &mut App, room: usize) {
    let order: Vec<Slug> = slugs(app).into_iter().cloned().collect();
    // What was decided moves a control in the list; the cursor goes with it, unless somebody moved the cursor.
    if let Some((at, slug)) = &app.controls.followed
        && *at == app.controls.list.at()
        && let Some(now) = order.iter().position(|own| own == slug)
    {
        app.controls.list.put(now);
    }
    app.controls.list.settle(order.len(), room);
    let at = app.controls.list.at();
    app.controls.followed = order.get(at).map(|slug| (at, slug.clone()));
    if let Some(id) = current(app).map(id_of)
        && app.cursor() != Some(&id)
    {
        // The way in which one came from the map is remembered once, not with every row.
        if app.cursor().is_some_and(|id| id.section != Section::Controls) {
            moving::remember(app, &id);
        }
        app.select(Some(id));
    }
}

fn ask_status(app: &mut App) {
    let Some(slug) = current(app).cloned() else { return };
    let item = |choice: &crate::model::reflect::Choice| Item {
        label: choice.name.into(),
        detail: choice.doc.trim().into(),
        value: choice.name.into(),
        why_not: None,
    };
    let items = ControlStatus::CHOICES.iter().map(item).collect();
    let title = format!("How far has it come? {}", app.model.title_of(&id_of(&slug)));
    let status = app.model.controls.get(&slug).and_then(|control| control.status);
    let mut picker = Picker::new(title, items, Choose::Set(id_of(&slug), vec![Step::Field("status")]));
    picker.at = status.and_then(|status| ControlStatus::ALL.iter().position(|s| *s == status)).unwrap_or(0);
    app.layers.push(Layer::Picker(picker));
}

/// Asks before a control is retired, with what opens then.
fn ask_to_retire(app: &mut App) {
    if app.awaits_rules() {
        return app.toasts.say(Tone::Info, ASKING);
    }
    let Some(slug) = current(app).cloned() else { return };
    let id = id_of(&slug);
    let title = app.model.title_of(&id).to_owned();
    let Ok(mut edit) = edit::set_field(&app.model, &id, "status", Some("Retired")) else { return };
    edit.name = format!("retire {title}");
    let covers = coverage(app, &slug);
    let of_rules = covers
        .alone
        .iter()
        .map(|verdict| format!("  {} {}", app.rules.rule(verdict.rule).id, place_words(&app.model, &verdict.place)));
    let of_team = covers.team.iter().map(|raised| {
        format!("  {}", app.model.title_of(&crate::model::ElementId::new(Section::Threats, raised.slug.clone())))
    });
    let opens: Vec<String> = of_team.chain(of_rules).collect();
    if opens.is_empty() {
        return super::make(app, edit);
    }
    let mut lines = vec![format!("Nothing else answers ({}):", opens.len())];
    lines.extend(opens.iter().take(8).cloned());
    if opens.len() > 8 {
        lines.push(format!("  … and {} more", opens.len() - 8));
    }
    app.layers.push(Layer::Confirm(Confirm { title: format!("Retire {title}?"), lines, then: Agree::Edit(edit) }));
}

/// Asks which of its threats to go to.
fn ask_threat(app: &mut App) {
    let Some(slug) = current(app).cloned() else { return };
    let found = coverage(app, &slug);
    let item = |(verdict, what): (&&crate::analysis::threats::Verdict, &str)| {
        let rule = app.rules.rule(verdict.rule);
        Item {
            label: format!("{} {}", rule.id, rule.title),
            detail: format!("{what}: {}", place_words(&app.model, &verdict.place)),
            value: format!("{}@{}", rule.id, verdict.place.name(&app.model)),
            why_not: None,
        }
    };
    let open = found.open_again.iter().map(|verdict| (verdict, "open again"));
    let items: Vec<Item> = open.chain(found.answers.iter().map(|verdict| (verdict, "answered"))).map(item).collect();
    if app.awaits_rules() {
        return app.toasts.say(Tone::Info, ASKING);
    }
    if items.is_empty() {
        return app.toasts.say(Tone::Info, "it answers no threat here: what it guards, and its rules, say what it may");
    }
    app.layers.push(Layer::Picker(Picker::new("Threats: enter goes there", items, Choose::Threat)));
}

/// Goes to a threat by its id on the list that has it.
pub fn go_to_threat(app: &mut App, id: &str) {
    let wanted = |app: &App, entry: &Entry<'_>| match entry {
        Entry::Verdict(verdict) => {
            id == format!("{}@{}", app.rules.rule(verdict.rule).id, verdict.place.name(&app.model))
        }
        Entry::Team(_) | Entry::Question(_) => false,
    };
    if super::threats::go_to(app, wanted) {
        return;
    }
    if app.awaits_rules() {
        return app.toasts.say(Tone::Info, ASKING);
    }
    app.toasts.say(Tone::Info, "it waits for a fact that nobody gave: it is among the questions (Q)");
}

fn show_on_map(app: &mut App) {
    let control = current(app).and_then(|slug| app.model.controls.get(slug));
    let drawn = control.and_then(|control| guarded(&app.model, control).into_iter().next_back());
    match drawn {
        Some(id) => {
            app.screen = Screen::Map;
            moving::visit(app, id);
        }
        None => app.toasts.say(Tone::Warning, "it guards nothing yet"),
    }
}

/// Asks which control of the library to add: to what is selected, or against the threat under the cursor. What fits
/// comes first.
fn ask_library(app: &mut App) {
    let draft = draft(app);
    let rule = draft.rule.clone();
    let section = draft.guards.as_ref().and_then(|link| app.model.resolve(Target::Any, link)).map(|id| id.section);
    let fits = |pattern: &Pattern| {
        let answers = rule.as_ref().is_some_and(|(rule, _)| pattern.answers.contains(rule));
        let guards = section.is_some_and(|section| pattern.sections().any(|own| own == section));
        (!answers, !guards)
    };
    let mut patterns = shipped();
    patterns.sort_by_key(fits);
    let item = |pattern: &Pattern| Item {
        label: pattern.title.clone(),
        detail: format!("{} · {}", pattern.answers.join(" "), pattern.does),
        value: pattern.id.clone(),
        why_not: None,
    };
    let title = match (&rule, &draft.guards) {
        (Some((rule, place)), _) => format!("Add a control against {rule} at {place}"),
        (None, Some(guards)) => format!("Add a control that guards {guards}"),
        (None, None) => "Add a control".to_owned(),
    };
    let items = patterns.iter().map(item).collect();
    app.layers.push(Layer::Picker(Picker { full: true, ..Picker::new(title, items, Choose::Library(draft)) }));
}

/// What a control that is added now would be bound to.
fn draft(app: &App) -> LibraryDraft {
    if app.screen == Screen::Threats {
        let Some(Entry::Verdict(verdict)) = threats::current(app) else { return LibraryDraft::default() };
        let guards = match &*verdict.place {
            Place::Element(id) => id.any_link(),
            Place::Exposure { grant, .. } => format!("grants:{grant}"),
        };
        let rule = app.rules.rule(verdict.rule).id.clone();
        return LibraryDraft { guards: Some(guards), rule: Some((rule, verdict.place.name(&app.model))) };
    }
    let selected = app.cursor().filter(|id| app.screen != Screen::Controls && id.section != Section::Controls);
    LibraryDraft { guards: selected.map(|id| id.any_link()), rule: None }
}

/// Adds a control of the library, or lets the one that was added before guard this, too.
pub fn add(app: &mut App, draft: &LibraryDraft, id: &str) {
    let Some(pattern) = shipped().into_iter().find(|pattern| pattern.id == id) else { return };
    let known = Slug::new(&pattern.id).ok().and_then(|slug| Some((app.model.controls.get(&slug)?.clone(), slug)));
    let is_new = known.is_none();
    let (mut control, slug): (Control, Slug) = match known {
        Some(known) => known,
        None => (pattern.element(), edit::free_slug(&app.model, Section::Controls, &pattern.id)),
    };
    if let Some(guards) = &draft.guards
        && !control.guards.iter().any(|link| link.0.as_str() == guards)
    {
        control.guards.push(AnyLink(Text::new(guards)));
    }
    if let Some((rule, place)) = &draft.rule
        && !control.answers.iter().any(|answer| answer.as_str() == rule)
    {
        // Somebody said that it answers this threat; elsewhere it need not.
        let threat = Text::new(&format!("{rule}@{place}"));
        if !control.answers.contains(&threat) {
            control.answers.push(threat);
        }
    }
    let name = match (&draft.guards, is_new) {
        (Some(guards), true) => format!("add control {} for {guards}", pattern.title),
        (Some(guards), false) => format!("let control {slug} guard {guards}, too"),
        (None, _) => format!("add control {}", pattern.title),
    };
    super::make(app, Edit::put(name, id_of(&slug), Element::Control(Box::new(control))));
    if is_new {
        let keys = (app.key(CommandId::ScreenControls), app.key(CommandId::ControlStatus));
        let how = match app.screen {
            Screen::Controls => format!("{} says when it is in place", keys.1),
            _ => format!("{} shows it, {} there says when it is in place", keys.0, keys.1),
        };
        app.toasts.say(Tone::Info, format!("added, as proposed: {}; {how}", pattern.title));
    }
    if app.screen == Screen::Controls {
        app.derive();
        app.controls.filter.clear();
        let at = slugs(app).iter().position(|own| **own == slug).unwrap_or(0);
        app.controls.list.put(at);
    }
}

//! Commands of the question queue: answers, and what else can be done with a question.

use crate::analysis::condition::Missing;
use crate::analysis::questions::{Question, SetAside};
use crate::app::command::CommandId;
use crate::app::fields::from_typed;
use crate::app::forms;
use crate::app::layer::{Ask, Choose, Item, Layer, Picker, Reader, Styled};
use crate::app::queue::{self, Shown, Whose};
use crate::app::state::App;
use crate::app::threats::{Listed, place_words};
use crate::app::toast::Tone;
use crate::model::edit::{self, Edit, Put};
use crate::model::governance::{Action, Parked};
use crate::model::reference::AnyLink;
use crate::model::reflect::{Kind, Step};
use crate::model::text::counted;
use crate::model::{Element, ElementId, Section, Slug, Text};

/// Runs a command of this family. Says whether it was one.
pub fn run(app: &mut App, id: CommandId) -> bool {
    use CommandId as C;
    let choices = app.queue.shown.as_ref().map_or(0, |shown| shown.answers.len());
    match id {
        C::Questions => open(app, None),
        C::QueueAnswer if choices == 0 => type_answer(app),
        C::QueueAnswer => choose(app, app.queue.at),
        C::Answer1 => choose(app, 0),
        C::Answer2 => choose(app, 1),
        C::Answer3 => choose(app, 2),
        C::Answer4 => choose(app, 3),
        C::Answer5 => choose(app, 4),
        C::Answer6 => choose(app, 5),
        C::Answer7 => choose(app, 6),
        C::Answer8 => choose(app, 7),
        C::Answer9 => choose(app, 8),
        C::QueueType => type_answer(app),
        C::QueueAgain => again(app),
        C::QueueSkip => skip(app),
        C::QueuePark => park(app),
        C::QueueAssign => ask_whom(app),
        C::QueueWhose => ask_whose(app),
        C::QueueWaits => tell_what_waits(app),
        C::QueueFact => go_to_fact(app),
        C::QueueUndo => undo(app),
        C::QueueClose => {
            app.layers.pop();
        }
        _ => return false,
    }
    true
}

/// Opens the queue, at a question if one is named.
pub fn open(app: &mut App, at: Option<Missing>) {
    app.toasts.dismiss();
    app.queue.wanted = at;
    app.queue.shown = None;
    if app.queue.wanted.is_none() && app.queue.whose == Whose::Aside {
        app.queue.whose = Whose::Everybody;
    }
    app.layers.push(Layer::Queue);
}

fn shown(app: &App) -> Option<Shown> {
    app.queue.shown.clone()
}

fn choose(app: &mut App, at: usize) {
    let Some(shown) = shown(app) else { return };
    match shown.answers.get(at) {
        Some((answer, _)) => {
            let label = answer.label.clone();
            answer_with(app, &shown.question, &shown.path, &answer.ron.clone(), &label);
        }
        None if shown.answers.is_empty() => {
            app.toasts.say(Tone::Info, format!("{} types the answer", app.key(CommandId::QueueType)));
        }
        None => app.toasts.say(Tone::Info, format!("there are {}", counted(shown.answers.len(), "answer"))),
    }
}

/// Gives the answer, in one step with what was parked or assigned for it, and says what it changed.
fn answer_with(app: &mut App, question: &Question, path: &[Step], ron: &str, label: &str) {
    let missing = &question.missing;
    let mut edit = match edit::set_at(&app.model, &missing.element, path, Some(ron)) {
        Ok(edit) => edit,
        Err(error) => return app.toasts.say(Tone::Error, error.to_string()),
    };
    edit.puts.extend(question.set_aside.as_ref().and_then(|aside| settled(app, aside)));
    let counts = |app: &App| (app.judged().count(Listed::Fires), app.judged().questions().len());
    let before = counts(app);
    super::make(app, edit);
    app.derive();
    app.judge();
    let after = counts(app);
    app.queue.past.push(missing.clone());
    app.queue.last = Some((queue::fact_name(missing), ron.to_owned()));
    let change = |before: usize, after: usize, noun: &str| match after.cmp(&before) {
        std::cmp::Ordering::Equal => format!("{noun}s as before"),
        std::cmp::Ordering::Greater => counted(after - before, &format!("more {noun}")),
        std::cmp::Ordering::Less => counted(before - after, &format!("fewer {noun}")),
    };
    app.toasts.dismiss();
    if app.awaits_rules() {
        return app.toasts.say(Tone::Info, format!("{label}   ({} takes it back)", app.key(CommandId::QueueUndo)));
    }
    let text = format!(
        "{label}: {}, {}   ({} takes it back)",
        change(before.0, after.0, "threat"),
        change(before.1, after.1, "question"),
        app.key(CommandId::QueueUndo)
    );
    app.toasts.say(Tone::Info, text);
}

/// What an answer does to the parked entry or the action that asked for it.
fn settled(app: &App, aside: &SetAside) -> Option<Put> {
    match aside {
        SetAside::Parked(slug) => Some(Put { id: ElementId::new(Section::Parking, slug.clone()), element: None }),
        SetAside::Assigned(slug, _) => {
            let action = app.model.actions.get(slug)?.clone();
            let done = Action { done: app.today, ..action };
            // Without a day nobody can say since when it is done.
            app.today?;
            let id = ElementId::new(Section::Actions, slug.clone());
            Some(Put { id, element: Some(Element::Action(Box::new(done))) })
        }
    }
}

fn type_answer(app: &mut App) {
    let Some(Shown { question, path, kind: Some(kind), doc, .. }) = shown(app) else {
        return app.toasts.say(Tone::Warning, format!("{} goes to the fact", app.key(CommandId::QueueFact)));
    };
    if !queue::is_typed(&kind) {
        return app.toasts.say(Tone::Warning, format!("{} goes to the fact", app.key(CommandId::QueueFact)));
    }
    let hint = format!("{}; {doc}", forms::hint_of(&kind));
    let title = queue::sentence(app, &question);
    app.layers.push(forms::prompt(title, hint, "", Ask::Answer(question.missing, path, kind)));
}

/// Takes an answer that was typed, or says why not.
pub fn typed(app: &mut App, missing: &Missing, path: &[Step], kind: &Kind, text: &str) -> Result<(), String> {
    let Some(ron) = from_typed(kind, text) else { return Err("type the answer, or press esc".into()) };
    edit::set_at(&app.model, &missing.element, path, Some(&ron)).map_err(|error| error.to_string())?;
    let found = app.judged().questions().iter().find(|question| question.missing == *missing).cloned();
    if let Some(question) = found {
        answer_with(app, &question, path, &ron, text);
    }
    Ok(())
}

/// The answer that was given last, where the same is asked of something else.
fn again(app: &mut App) {
    let Some(shown) = shown(app) else { return };
    match app.queue.last.clone() {
        Some((name, ron)) if name == queue::fact_name(&shown.question.missing) => {
            let chosen = shown.answers.iter().find(|(answer, _)| answer.ron == ron);
            let label = chosen.map_or(ron.clone(), |(answer, _)| answer.label.clone());
            answer_with(app, &shown.question, &shown.path, &ron, &label);
        }
        Some(_) => app.toasts.say(Tone::Warning, "the last answer was to another kind of question"),
        None => app.toasts.say(Tone::Warning, "nothing was answered yet"),
    }
}

fn skip(app: &mut App) {
    let Some(Shown { question, .. }) = app.queue.shown.take() else { return };
    app.queue.skipped.retain(|missing| *missing != question.missing);
    app.queue.skipped.push(question.missing);
}

fn park(app: &mut App) {
    let Some(Shown { question, .. }) = shown(app) else { return };
    let edit = match &question.set_aside {
        Some(SetAside::Parked(slug)) => {
            let id = ElementId::new(Section::Parking, slug.clone());
            Edit::new("ask it again", vec![Put { id, element: None }])
        }
        _ => {
            let sentence = queue::sentence(app, &question);
            let parked = Parked {
                title: Text::new(&sentence),
                on: app.today,
                about: vec![AnyLink(Text::new(&question.missing.element.any_link()))],
                asks: Some(Text::new(&question.missing.field)),
                ..Parked::default()
            };
            let id = ElementId::new(Section::Parking, edit::free_slug(&app.model, Section::Parking, &sentence));
            Edit::put(format!("park: {sentence}"), id, Element::Parked(Box::new(parked)))
        }
    };
    app.queue.past.push(question.missing);
    super::make(app, edit);
}

fn ask_whom(app: &mut App) {
    let Some(Shown { question, .. }) = shown(app) else { return };
    let items = forms::elements(app, &[Section::People]);
    if items.is_empty() {
        return app.toasts.say(Tone::Warning, "there is nobody yet: esc, then ax adds a person");
    }
    let title = format!("Who finds out? {}", queue::sentence(app, &question));
    app.layers.push(Layer::Picker(Picker::new(title, items, Choose::Assign(question))));
}

/// Gives a question to somebody: an action that is open until the question is answered.
pub fn assign(app: &mut App, question: &Question, person: Slug) {
    let sentence = queue::sentence(app, question);
    let action = Action {
        title: Text::new(&sentence),
        owner: Some(person.clone().into()),
        about: vec![AnyLink(Text::new(&question.missing.element.any_link()))],
        asks: Some(Text::new(&question.missing.field)),
        ..Action::default()
    };
    let who = app.model.title_of(&ElementId::new(Section::People, person)).to_owned();
    let mut puts = Vec::new();
    // Whom it was given to before has it no more, and it is parked no more.
    match &question.set_aside {
        Some(SetAside::Parked(slug)) => {
            puts.push(Put { id: ElementId::new(Section::Parking, slug.clone()), element: None });
        }
        Some(SetAside::Assigned(slug, _)) => {
            puts.push(Put { id: ElementId::new(Section::Actions, slug.clone()), element: None });
        }
        None => {}
    }
    let id = ElementId::new(Section::Actions, edit::free_slug(&app.model, Section::Actions, &sentence));
    puts.push(Put { id, element: Some(Element::Action(Box::new(action))) });
    app.queue.past.push(question.missing.clone());
    super::make(app, Edit::new(format!("{who} finds out: {sentence}"), puts));
}

fn ask_whose(app: &mut App) {
    let item = |label: String, detail: String, value: &str| Item { label, detail, value: value.into(), why_not: None };
    let questions = app.judged().questions();
    let aside = questions.iter().filter(|question| question.set_aside.is_some()).count();
    let mut items = vec![
        item("the whole model".into(), counted(questions.len() - aside, "question"), "all"),
        item("put aside".into(), counted(aside, "question"), "aside"),
    ];
    if let Some(id) = app.cursor() {
        let count = questions.iter().filter(|question| question.missing.element == *id).count();
        items.push(item(app.name_of(id), format!("{} about it", counted(count, "question")), "here"));
    }
    for (slug, person) in &app.model.people {
        let asked =
            |question: &&Question| crate::analysis::questions::asked_of(&app.model, question).as_ref() == Some(slug);
        let count = questions.iter().filter(asked).count();
        let detail = format!("{} of what this person answers for", counted(count, "question"));
        items.push(item(person.title.to_string(), detail, &format!("people:{slug}")));
    }
    app.layers.push(Layer::Picker(Picker::new("Whose questions?", items, Choose::Whose)));
}

/// Goes through the questions of somebody, or about something.
pub fn go_through(app: &mut App, value: &str) {
    app.queue.whose = match value {
        "aside" => Whose::Aside,
        "here" => app.cursor().cloned().map_or(Whose::Everybody, Whose::Element),
        value => match forms::id_from_value(value) {
            Some(id) if id.section == Section::People => Whose::Person(id.slug),
            _ => Whose::Everybody,
        },
    };
    app.queue.shown = None;
}

fn tell_what_waits(app: &mut App) {
    let Some(Shown { question, .. }) = shown(app) else { return };
    let judged = app.judged();
    let mut lines = vec![Styled::heading(queue::sentence(app, &question)), Styled::plain("")];
    for verdict in question.decides.iter().filter_map(|at| judged.verdicts().get(*at)) {
        let rule = app.rules.rule(verdict.rule);
        let place = place_words(&app.model, &verdict.place);
        lines.push(Styled::row(rule.id.clone(), format!("{}? {place}", rule.title)));
    }
    app.layers.push(Layer::Reader(Reader::new("What waits for the answer", lines)));
}

fn go_to_fact(app: &mut App) {
    let Some(Shown { question, .. }) = shown(app) else { return };
    app.layers.pop();
    super::threats::visit_fact(app, &question.missing);
}

/// Takes the last edit back, and shows the question again that it answered.
fn undo(app: &mut App) {
    if app.history.undo_names().next().is_none() {
        return app.toasts.say(Tone::Warning, "there is nothing to take back");
    }
    super::run(app, CommandId::Undo);
    app.queue.wanted = app.queue.past.pop();
}

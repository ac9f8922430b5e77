//! The questions that commands ask: which list, which line, and what becomes of the answer.

use super::command::{COMMANDS, CommandId, scopes};
use super::fields::{FieldRow, Shown, to_typed};
use super::gestures::GESTURES;
use super::layer::{Agree, Emphasis};
use super::layer::{Ask, Choose, Confirm, GrantDraft, Item, Layer, Picker, Prompt, Reader, Styled};
use super::line::Line;
use super::outline::{capitalised, glyph};
use super::state::{App, Pane, Screen};
use crate::model::data::DEFAULT_CLASSES;
use crate::model::facts::Operation;
use crate::model::reflect::{Choice, Kind, Step, to_ron};
use crate::model::text::counted;
use crate::model::{ElementId, Section, Slug, Target, edit};
use std::collections::BTreeSet;

/// A line to type.
pub fn prompt(title: impl Into<String>, hint: impl Into<String>, text: &str, then: Ask) -> Layer {
    let line = Line::new(text);
    let before = line.text().to_owned();
    Layer::Prompt(Prompt { title: title.into(), hint: hint.into(), line, before, error: None, then })
}

/// Every command that can be run from here, with its keys and why not.
pub fn palette(app: &App) -> Layer {
    let live = scopes(app);
    let mut items: Vec<Item> = COMMANDS
        .iter()
        .filter(|command| live.contains(&command.scope))
        .map(|command| Item {
            label: command.title.to_owned(),
            detail: format!("{} — {}", app.keymap.keys_of(command.id).join(" "), command.doc),
            value: command.name.to_owned(),
            why_not: (command.why_not)(app),
        })
        .collect();
    // What can not be done now stays in its order, behind what can.
    items.sort_by_key(|item| item.why_not.is_some());
    Layer::Picker(Picker::new("Commands", items, Choose::Run))
}

/// Elements of some sections.
pub fn elements(app: &App, sections: &[Section]) -> Vec<Item> {
    let ids = sections.iter().flat_map(|section| app.model.slugs(*section).map(|slug| (*section, slug.clone())));
    ids.map(|(section, slug)| item(app, &ElementId::new(section, slug))).collect()
}

/// An element to choose.
pub fn item(app: &App, id: &ElementId) -> Item {
    let title = app.model.title_of(id);
    let about = app.model.classes.get(&id.slug).filter(|_| id.section == Section::Classes);
    let about = about.map_or(String::new(), |class| format!(": {}", class.about));
    let slug_note = if title == id.slug.as_str() { String::new() } else { format!(" {}", id.slug) };
    Item {
        label: format!("{} {title}", glyph(id.section)),
        detail: format!("{}{slug_note}{about}", id.section.noun()),
        value: id.to_string(),
        why_not: None,
    }
}

/// What a reference may name. Without a ladder of its own a model has the default one.
fn targets(app: &App, target: Target) -> Vec<Item> {
    let items = elements(app, Section::of_target(target));
    if target != Target::Class || !items.is_empty() {
        return items;
    }
    let item = |(rank, name): (usize, &&str)| Item {
        label: (*name).into(),
        detail: format!("step {} of {} of the default ladder", rank + 1, DEFAULT_CLASSES.len()),
        value: format!("classes/{name}"),
        why_not: None,
    };
    DEFAULT_CLASSES.iter().enumerate().map(item).collect()
}

/// An element's name as a picker hands it on.
pub fn id_from_value(value: &str) -> Option<ElementId> {
    let (section, slug) = value.split_once('/')?;
    Some(ElementId::new(Section::from_name(section)?, crate::model::Slug::new(slug).ok()?))
}

/// Asks for the boundary to move into.
pub fn move_into(app: &App, ids: Vec<ElementId>, offered: Option<Option<Slug>>) -> Layer {
    let mut items = elements(app, &[Section::Boundaries]);
    items.retain(|item| !ids.iter().any(|id| item.value == id.to_string()));
    items.push(Item { label: "no boundary".into(), detail: "take it out".into(), ..Item::default() });
    let wanted =
        offered.map(|slug| slug.map_or(String::new(), |slug| ElementId::new(Section::Boundaries, slug).to_string()));
    let at = items.iter().position(|item| Some(&item.value) == wanted.as_ref()).unwrap_or(0);
    let title = match ids.as_slice() {
        [one] => format!("Move {} into", app.model.title_of(one)),
        many => format!("Move {} into", counted(many.len(), "element")),
    };
    Layer::Picker(Picker { at, ..Picker::new(title, items, Choose::Move(ids)) })
}

/// Asks for the kind of element to add.
pub fn add_which() -> Layer {
    let items = Section::ALL
        .iter()
        .filter(|section| !matches!(section, Section::Grants | Section::Flows | Section::Views))
        .map(|section| Item {
            label: capitalised(section.noun()),
            detail: section.doc().to_owned(),
            value: section.name().to_owned(),
            why_not: None,
        })
        .collect();
    Layer::Picker(Picker::new("Add", items, Choose::AddSection))
}

/// Asks for the next part of a grant.
pub fn grant(app: &App, draft: GrantDraft) -> Layer {
    let (title, items) = if draft.role.is_none() {
        ("Grant: which role?", elements(app, &[Section::Roles]))
    } else if draft.endpoint.is_none() {
        ("Grant: at which endpoint?", elements(app, &[Section::Endpoints]))
    } else if draft.op.is_none() {
        let item = |choice: &Choice| Item {
            label: choice.name.into(),
            detail: choice.doc.trim().into(),
            value: choice.name.into(),
            why_not: None,
        };
        ("Grant: to do what?", Operation::CHOICES.iter().map(item).collect())
    } else {
        let mut items = elements(app, &[Section::Datasets]);
        if draft.op == Some(Operation::Execute) {
            items.push(Item { label: "no dataset".into(), detail: "just call it".into(), ..Item::default() });
        }
        ("Grant: on which dataset?", items)
    };
    Layer::Picker(Picker::new(title, items, Choose::Grant(draft)))
}

/// Asks for the new value of a fact; the way of asking fits its kind. Nothing where there is nothing to ask.
pub fn change(app: &App, id: &ElementId, row: &FieldRow) -> Option<Layer> {
    let title = format!("{}: {}", app.model.title_of(id), row.label);
    let current = app.model.reflect(id).and_then(|element| element.get_at(&row.path));
    let set = |items: Vec<Item>| {
        let at = items.iter().position(|item| Some(&item.value) == current.as_ref()).unwrap_or(0);
        let mut picker = Picker::new(title.clone(), items, Choose::Set(id.clone(), row.path.clone()));
        picker.at = at;
        Some(Layer::Picker(picker))
    };
    let unknown = row.kind.is_optional().then(|| Item {
        label: "unknown".into(),
        detail: "nobody knows yet; it never counts as a pass".into(),
        ..Item::default()
    });
    if row.shown == Shown::Add {
        return Some(match row.kind.inner() {
            Kind::Map(_) => prompt(title, "the name of the new entry", "", Ask::AddKey(id.clone(), row.path.clone())),
            _ => return None,
        });
    }
    match row.kind.inner() {
        Kind::Flag => {
            let item = |label: &str, value: &str| Item { label: label.into(), value: value.into(), ..Item::default() };
            set([item("yes", "true"), item("no", "false")].into_iter().chain(unknown).collect())
        }
        Kind::Choice(choices) => {
            let item = |choice: &Choice| Item {
                label: choice.name.into(),
                detail: choice.doc.trim().into(),
                value: choice.name.into(),
                why_not: None,
            };
            set(choices.iter().map(item).chain(unknown).collect())
        }
        Kind::Link(Target::Any) => None,
        Kind::Link(target) => {
            let mut items = targets(app, *target);
            for item in &mut items {
                item.value = id_from_value(&item.value).map(|id| to_ron(&id.slug)).unwrap_or_default();
            }
            set(items.into_iter().chain(unknown).collect())
        }
        Kind::List(inner) if matches!(inner.inner(), Kind::Link(target) if *target != Target::Any) => {
            let Kind::Link(target) = inner.inner() else { return None };
            let items = targets(app, *target);
            let chosen: Vec<String> = current
                .as_deref()
                .and_then(|ron| crate::model::reflect::from_ron::<Vec<String>>(ron).ok())
                .unwrap_or_default();
            let marks: BTreeSet<usize> = items
                .iter()
                .enumerate()
                .filter(|(_, item)| {
                    id_from_value(&item.value).is_some_and(|id| chosen.iter().any(|slug| slug == id.slug.as_str()))
                })
                .map(|(at, _)| at)
                .collect();
            let mut picker = Picker::new(title, items, Choose::SetList(id.clone(), row.path.clone()));
            picker.marks = Some(marks);
            Some(Layer::Picker(picker))
        }
        Kind::Record(_) | Kind::Map(_) => None,
        kind => {
            let hint = match kind {
                Kind::Text | Kind::Link(_) => row.doc.to_owned(),
                kind => hint_of(kind),
            };
            let typed = to_typed(&row.kind, current.as_deref());
            // What a line can not hold as it is goes to the editor.
            let entries = crate::app::fields::entries(&row.kind, current.as_deref());
            if typed.contains('\n') || typed.chars().count() > 1_000 || entries.iter().any(|entry| entry.contains(','))
            {
                return None;
            }
            Some(prompt(title, hint, &typed, Ask::Set(id.clone(), row.path.clone(), row.kind)))
        }
    }
}

/// How a value of a kind is typed.
pub fn hint_of(kind: &Kind) -> String {
    match kind.inner() {
        Kind::Number => "a whole number".to_owned(),
        Kind::Day => "a day: 2026-01-31".to_owned(),
        Kind::Cell => "columns and rows: (10, 4)".to_owned(),
        Kind::List(_) => "several with commas between them".to_owned(),
        Kind::Variant(choices) => {
            format!("one of {}", choices.iter().map(|choice| choice.name).collect::<Vec<_>>().join(", "))
        }
        _ => "a text".to_owned(),
    }
}

/// Asks before elements are taken out, where something hangs on them; otherwise there is nothing to ask.
pub fn delete(app: &App, ids: &[ElementId]) -> Result<Layer, edit::Edit> {
    let removal = edit::remove(&app.model, ids);
    if removal.taken_along.is_empty() && removal.cleared.is_empty() && ids.len() == 1 {
        return Err(removal.edit);
    }
    let mut lines = Vec::new();
    let name = |id: &ElementId| format!("{} {} {}", glyph(id.section), id.section.noun(), app.model.title_of(id));
    let mut list = |heading: &str, ids: &[ElementId]| {
        if ids.is_empty() {
            return;
        }
        lines.push(format!("{heading} ({}):", ids.len()));
        lines.extend(ids.iter().take(8).map(|id| format!("  {}", name(id))));
        if ids.len() > 8 {
            lines.push(format!("  … and {} more", ids.len() - 8));
        }
    };
    list("Deleted", ids);
    list("Deleted with it, since it makes no sense without", &removal.taken_along);
    list("Kept, but no longer refers to it", &removal.cleared);
    let title = match ids {
        [one] => format!("Delete {}?", app.model.title_of(one)),
        many => format!("Delete {} elements?", many.len()),
    };
    Ok(Layer::Confirm(Confirm { title, lines, then: Agree::Edit(removal.edit) }))
}

/// The keys that work here, and what they do.
pub fn help(app: &App) -> Layer {
    let mut lines = Vec::new();
    for scope in scopes(app) {
        lines.push(Styled::heading(format!("Keys: {}", scope.name())));
        for command in COMMANDS.iter().filter(|command| command.scope == scope) {
            let keys = app.keymap.keys_of(command.id).join("  ");
            let why_not = (command.why_not)(app);
            let text = match why_not {
                Some(why) => format!("{} (not now: {why})", command.doc),
                None => command.doc.to_owned(),
            };
            let line = Styled::row(keys, text);
            lines.push(if why_not.is_some() { line.with(Emphasis::Dim) } else { line });
        }
        lines.push(Styled::plain(""));
    }
    if app.mouse && app.screen == Screen::Map {
        lines.push(Styled::heading("Mouse on the map"));
        lines.extend(GESTURES.iter().map(|gesture| Styled::row(gesture.gesture, gesture.doc)));
        let key = app.key(CommandId::ToggleMouse);
        lines.push(Styled::row(key, "gives the mouse back to the terminal, to select text with it"));
        lines.push(Styled::plain(""));
    }
    if app.screen != Screen::Drills {
        lines.extend(super::legend::lines(app.settings.ascii));
    }
    let palette = if app.drills.alone { CommandId::BoardPalette } else { CommandId::Palette };
    let hint = format!("{} searches every command", app.keymap.keys_of(palette).join(" "));
    lines.push(Styled::plain(""));
    lines.push(Styled::plain(hint).with(Emphasis::Dim));
    Layer::Reader(Reader::new("Help", lines))
}

/// What shapes, lines, labels and badges on the map mean.
pub fn legend(app: &App) -> Layer {
    let lines = super::legend::lines(app.settings.ascii);
    Layer::Reader(Reader::new("What is on the map", lines))
}

/// What is wrong with the model now, and what was wrong in the file when it was read.
pub fn problems(app: &App) -> Layer {
    let now = app.derived().checked.problems().iter().map(|problem| Item {
        label: format!("{} {}", glyph(problem.id.section), app.model.title_of(&problem.id)),
        detail: format!("{}: {}", problem.severity.word(), problem.message),
        value: problem.id.to_string(),
        why_not: None,
    });
    let read = app.problems.iter().map(|line| Item {
        label: format!("{}:{}", app.file, line.left),
        detail: format!("when it was read: {}", line.text),
        ..Item::default()
    });
    let items: Vec<Item> = now.chain(read).collect();
    let title = if items.is_empty() { "Nothing is wrong" } else { "Problems: enter goes to the element" };
    Layer::Picker(Picker::new(title, items, Choose::Go))
}

/// Asks whether the journey of a whole dataset is wanted, or that of a field. The field whose fact is selected comes
/// first under the cursor.
pub fn journey_of(app: &App, dataset: &crate::model::Slug) -> Layer {
    let id = ElementId::new(Section::Datasets, dataset.clone());
    let fields = app.model.datasets.get(dataset).map(|dataset| &dataset.fields);
    let whole = Item { label: "all of it".into(), detail: "the dataset as a whole".into(), ..Item::default() };
    let field = |(name, field): (&crate::model::Text, &crate::model::data::Field)| {
        let class = field.class.as_ref().map_or("class ?".to_owned(), |class| class.slug().to_string());
        let kind = field.kind.as_ref().map_or(String::new(), |kind| format!(" · {kind}"));
        Item { label: name.to_string(), detail: format!("{class}{kind}"), value: name.to_string(), why_not: None }
    };
    let items: Vec<Item> = std::iter::once(whole).chain(fields.into_iter().flatten().map(field)).collect();
    let path = super::update::shown_rows(app).into_iter().nth(app.inspector.list.at()).map(|row| row.path);
    let selected = match path.as_deref() {
        Some([Step::Field("fields"), Step::Key(name), ..]) if app.focus() == Pane::Inspector => {
            items.iter().position(|item| item.value == *name)
        }
        _ => None,
    };
    let title = format!("The journey of {}: which data?", app.model.title_of(&id));
    let mut picker = Picker::new(title, items, Choose::Journey(dataset.clone()));
    picker.at = selected.unwrap_or(0);
    Layer::Picker(picker)
}

/// A journey as a list: stations, who can read there, the ways between them.
pub fn journey(app: &App, journey: &crate::analysis::journey::Journey) -> Layer {
    let item = |line: super::journey::Line| Item {
        label: line.label,
        detail: line.text,
        value: line.id.to_string(),
        why_not: None,
    };
    let items = super::journey::lines(&app.model, journey).into_iter().map(item).collect();
    let title = format!("The journey of {}: enter goes there", journey.cargo.title(&app.model));
    Layer::Picker(Picker { full: true, ..Picker::new(title, items, Choose::Go) })
}

/// The facts of a cell of the matrix, with the path that proves each.
pub fn proof(app: &App, role: &crate::model::Slug, dataset: &crate::model::Slug) -> Layer {
    let (access, matrix) = app.exposure_data();
    let mut lines = Vec::new();
    let places = matrix.cell(role, dataset).map(|cell| cell.facts.as_slice()).unwrap_or_default();
    for fact in places.iter().filter_map(|at| access.facts.get(*at)) {
        lines.extend(fact_lines(app, fact));
        lines.push(Styled::plain(""));
    }
    if places.is_empty() {
        lines.push(Styled::plain("No grant lets this role do anything here."));
    }
    for conflict in access.conflicts.iter().filter(|c| c.role == *role && c.dataset.as_ref() == Some(dataset)) {
        let grants: Vec<&str> = conflict.grants.iter().map(|slug| slug.as_str()).collect();
        lines.push(
            Styled::row(conflict.op.word(), format!("not inherited: the roles above disagree ({})", grants.join(", ")))
                .with(Emphasis::Warning),
        );
    }
    let title =
        |section, slug: &crate::model::Slug| app.model.title_of(&ElementId::new(section, slug.clone())).to_owned();
    let title = format!("{} → {}", title(Section::Roles, role), title(Section::Datasets, dataset));
    Layer::Reader(Reader::new(title, lines))
}

/// A fact as lines: what it allows, then the path that proves it.
pub fn fact_lines(app: &App, fact: &crate::analysis::access::Fact) -> Vec<Styled> {
    use crate::analysis::access::Way;
    use crate::model::facts::Fields;
    let fields = match &fact.fields {
        Some(Fields::All) => "every field, those added later included".to_owned(),
        Some(Fields::Only(names)) if names.is_empty() => "no field".to_owned(),
        Some(Fields::Only(names)) => names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", "),
        None if fact.op == Operation::Delete => "the whole row".to_owned(),
        None if fact.op == Operation::Execute => "those of the call".to_owned(),
        None => "unknown".to_owned(),
    };
    let mut lines = vec![
        Styled::heading(format!("{} at {}", capitalised(fact.op.word()), fact.endpoint)),
        Styled::row(
            "rows",
            match (&fact.rows, &fact.way) {
                (None, _) => "unknown".to_owned(),
                (Some(rows), Way::Through(_)) => format!("{rows}, of those joined to rows that the role may read"),
                (Some(rows), _) => rows.to_string(),
            },
        ),
        Styled::row("fields", fields),
    ];
    if fact.op == Operation::Read {
        lines.push(Styled::row("limit", fact.limit.map_or("unknown".to_owned(), |limit| limit.to_string())));
        let aggregates = fact.aggregates.map_or("unknown", |yes| if yes { "yes" } else { "no" });
        lines.push(Styled::row("aggregates", aggregates));
    }
    lines.push(Styled::row("certainty", fact.certainty.map_or("unknown", |known| known.word()).replace('_', " ")));
    let via: Vec<&str> = fact.via.iter().map(|role| role.as_str()).collect();
    lines.push(Styled::row(
        "because",
        match via.len() {
            0 | 1 => "the role has the grant itself".to_owned(),
            _ => format!("{} (inherited)", via.join(" ◂ ")),
        },
    ));
    match &fact.way {
        Way::Direct => {}
        Way::Through(steps) => {
            let path: Vec<String> = steps.iter().map(|(dataset, relation)| format!("{dataset}.{relation}")).collect();
            let dataset = fact.dataset.as_ref().map(|slug| slug.to_string()).unwrap_or_default();
            lines.push(Styled::row("reached by", format!("{} → {dataset}", path.join(" → "))));
        }
        Way::Blocked if app.exposure.direct => {
            lines.push(Styled::row("reached by", "no direct way in; effective access follows relations"));
        }
        Way::Blocked => lines.push(
            Styled::row(
                "reached by",
                "nothing: there is no direct way in, and no relation from what the role may read",
            )
            .with(Emphasis::Warning),
        ),
    }
    lines.push(Styled::row("grant", fact.grant.to_string()));
    let declared = app.lines.get(&ElementId::new(Section::Grants, fact.grant.clone()));
    let place = match (&fact.source, declared) {
        (Some(source), _) => source.to_string(),
        (None, Some(line)) => format!("{}:{line}", app.file),
        (None, None) => "declared in this session".to_owned(),
    };
    lines.push(Styled::row("says", place));
    lines
}

//! The lines at the top and the bottom: where one is, what one can do, what was said; which-key and the tutor.

use super::Canvas;
use crate::app::App;
use crate::app::attackers::LOOKING;
use crate::app::command::{CommandId, hints, scopes, spec};
use crate::app::judging::ASKING;
use crate::app::key::show;
use crate::app::keymap::Lookup;
use crate::app::state::{Screen, tab_places};
use crate::app::toast::Tone;
use crate::app::tutor::LESSONS;
use crate::app::width::{fit, width, wrap};
use crate::diagram::Rect as Area;
use crate::model::graph::boundary_chain;
use crate::model::text::counted;
use crate::model::{ElementId, Section, Slug};
use ratatui::style::{Modifier, Style};

/// The line at the top: screens, the model, whether it is saved.
pub fn header(app: &App, canvas: &mut Canvas<'_>, area: Area) {
    if area.height == 0 {
        return;
    }
    let palette = canvas.palette;
    canvas.fill(area, palette.on_bar());
    if app.drills.alone {
        canvas.text(area.x + 1, area.y, crate::drill::EXERCISE, area.width - 2, palette.on_bar());
        return;
    }
    let mut x = area.x + 1;
    for (range, screen, name) in tab_places(app) {
        let active = screen == app.screen;
        let style = if active {
            Style::new().fg(palette.accent).bg(palette.bar).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
        } else {
            palette.on_bar()
        };
        canvas.text(range.start, area.y, &name, range.end - range.start, style);
        x = range.end + 1;
    }
    let state = if app.is_dirty() { "● not saved" } else { "saved" };
    let state_width = i32::try_from(width(state)).unwrap_or(0);
    let right = area.right() - 1;
    let room = right - x - state_width - 2;
    let wrong = app.derived().checked.problems().len().max(app.problems.len());
    let file = if wrong == 0 { app.file.clone() } else { format!("{} ({})", app.file, counted(wrong, "problem")) };
    let whole = format!("{} · {file}", app.model.title);
    // Where there is no room for both, the name of the file tells models apart.
    let title = if i32::try_from(width(&whole)).is_ok_and(|width| width <= room) { whole } else { file };
    // It is told from the names of the screens.
    canvas.text(x, area.y, &title, room, palette.faint().bg(palette.bar));
    let style = if app.is_dirty() { palette.warn().bg(palette.bar) } else { palette.faint().bg(palette.bar) };
    canvas.text_right(right, area.y, state, state_width.min(right - x), style);
}

/// On a line of so many columns there is room for what can be done beside the longest place.
const WIDE: i32 = 160;

/// The line at the bottom: a message, or where one is; and what one can do, where there is room.
pub fn line(app: &App, canvas: &mut Canvas<'_>, area: Area) {
    if area.height == 0 {
        return;
    }
    let palette = canvas.palette;
    canvas.fill(area, palette.on_bar());
    if let Some(hint) = crate::app::drag::hint(app) {
        canvas.text(area.x + 1, area.y, &hint, area.width - 2, palette.heading().bg(palette.bar));
        return;
    }
    let left = area.width * 2 / 5;
    let message = app.toasts.current().map(|toast| match toast.tone {
        Tone::Info => (toast.text.clone(), palette.on_bar()),
        Tone::Warning => (format!("! {}", toast.text), palette.warn().bg(palette.bar).add_modifier(Modifier::BOLD)),
        Tone::Error => (
            format!("error: {}", toast.text),
            Style::new().fg(palette.error).bg(palette.bar).add_modifier(Modifier::BOLD),
        ),
    });
    let (text, style) = match message {
        Some((text, style)) if area.width < WIDE || i32::try_from(width(&text)).is_ok_and(|width| width > left) => {
            canvas.text(area.x + 1, area.y, &text, area.width - 2, style);
            return;
        }
        Some(message) => message,
        None => {
            let room = usize::try_from(left).unwrap_or(0);
            (fit(&place(app, room), room), palette.faint().bg(palette.bar))
        }
    };
    let right = area.right() - 1;
    let mut x = canvas.text(area.x + 1, area.y, &text, left, style) + 2;
    if area.width >= WIDE {
        // They stay where they are, whatever is selected or said.
        x = area.x + left + 2;
    }
    if app.screen == Screen::Drills && app.drills.board.is_some() {
        // The keys of an open drill have lines of their own.
        return;
    }
    for id in hints(app) {
        if (spec(*id).why_not)(app).is_some() {
            continue;
        }
        let Some(keys) = app.keymap.keys_of(*id).into_iter().next() else { continue };
        let title = spec(*id).title.to_lowercase();
        let wide = i32::try_from(width(&keys) + width(&title) + 1).unwrap_or(0);
        if x + wide > right {
            continue;
        }
        x = canvas.text(x, area.y, &keys, wide, palette.heading().bg(palette.bar)) + 1;
        x = canvas.text(x, area.y, &title, wide, palette.on_bar()) + 2;
    }
}

/// Where one is: the selection behind the boundaries around it, of which the outer ones give way where there is no room;
/// or the state of the map.
fn place(app: &App, room: usize) -> String {
    let mut words: Vec<String> = Vec::new();
    if app.screen == Screen::Threats {
        if app.awaits_rules() {
            return ASKING.to_owned();
        }
        let rules = app.rules.rules().count();
        words.push(counted(rules, "rule"));
        return words.join(" ");
    }
    if app.screen == Screen::Attackers {
        if app.awaits_attack() {
            return LOOKING.to_owned();
        }
        let steps = app.attack().graph.steps.len();
        return counted(steps, "step");
    }
    if app.screen == Screen::Controls {
        let fallen = app.derived().controls.iter().filter(|(_, weighed)| weighed.state.word() == "fallen").count();
        return format!("{}, {fallen} fallen", counted(app.model.controls.len(), "control"));
    }
    if app.screen == Screen::Drills {
        return match &app.drills.board {
            Some(board) => board.log.clone(),
            None => counted(app.drills.shelf.as_ref().map_or(0, |shelf| shelf.scenarios.len()), "scenario"),
        };
    }
    if app.screen == Screen::Exposure {
        let (roles, datasets) = app.exposure_axes();
        let calls = datasets.iter().filter(|slug| !app.model.datasets.contains_key(**slug)).count();
        let mut rows = counted(datasets.len() - calls, "dataset");
        if calls > 0 {
            rows.push_str(&format!(" and {}", counted(calls, "call")));
        }
        words.push(format!("{} × {rows}", counted(roles.len(), "role")));
        if !app.exposure.filter.is_empty() {
            words.push(format!("/{}", app.exposure.filter));
        }
        return words.join(" ");
    }
    if !app.marked.is_empty() {
        words.push(format!("[{} marked]", app.marked.len()));
    }
    if !app.map.filter.is_empty() {
        words.push(format!("/{}", app.map.filter));
    }
    if let Some((id, hops)) = &app.map.view.around {
        let hops = counted(*hops, "hop");
        words.push(match app.cursor() == Some(id) {
            true => format!("[{hops} around]"),
            false => format!("[{hops} around {}]", app.model.title_of(id)),
        });
    }
    if let Some(journey) = &app.map.journey {
        words.push(match &journey.title {
            Some(title) => format!("[{title}]"),
            None => format!("[journey of {}]", journey.cargo.title(&app.model)),
        });
    }
    let rest = words.join(" ");
    let Some(id) = app.cursor() else {
        return format!("zoom: {} {rest}", app.map.view.zoom.name()).trim_end().to_owned();
    };
    let title = |slug: &Slug| app.name_of(&ElementId::new(Section::Boundaries, slug.clone()));
    let mut chain: Vec<String> = boundary_chain(&app.model, id).into_iter().rev().map(title).collect();
    chain.push(app.name_of(id));
    let mut cut = "";
    loop {
        let place = format!("{cut}{} {rest}", chain.join(" › ")).trim_end().to_owned();
        if chain.len() == 1 || width(&place) <= room {
            return place;
        }
        chain.remove(0);
        cut = "… › ";
    }
}

/// What may come next while a sequence of keys is not finished.
pub fn which_key(app: &App, canvas: &mut Canvas<'_>) {
    if app.pending.is_empty() {
        return;
    }
    let Lookup::Prefix(next) = app.keymap.look_up(&scopes(app), &app.pending) else { return };
    let lines: Vec<(String, String, bool)> = next
        .iter()
        .map(|continuation| {
            let key = show(&[continuation.key]);
            match continuation.command {
                Some(id) => (key, spec(id).title.to_owned(), (spec(id).why_not)(app).is_some()),
                None => (key, "…".to_owned(), false),
            }
        })
        .collect();
    let (columns, rows) = (i32::from(app.size.0), i32::from(app.size.1));
    let per_column = usize::try_from((rows - 4).clamp(1, 12)).unwrap_or(1);
    let groups = lines.len().div_ceil(per_column);
    let cell = 26.min((columns - 4).max(1));
    let shown_groups = i32::try_from(groups).unwrap_or(1).min(((columns - 4) / cell.max(1)).max(1));
    let height = i32::try_from(lines.len().min(per_column)).unwrap_or(1) + 2;
    let area = Area::new(columns - shown_groups * cell - 4, rows - 1 - height, shown_groups * cell + 4, height);
    let inner = canvas.popup(area, &show(&app.pending));
    let palette = canvas.palette;
    for (at, (key, title, disabled)) in lines.iter().enumerate() {
        let (column, row) = (i32::try_from(at / per_column).unwrap_or(0), i32::try_from(at % per_column).unwrap_or(0));
        if column >= shown_groups {
            break;
        }
        let x = inner.x + column * cell;
        canvas.text(x, inner.y + row, key, 6, palette.heading().bg(palette.bar));
        let style = if *disabled { palette.faint() } else { palette.text() };
        canvas.text(x + 7, inner.y + row, title, cell - 8, style.bg(palette.bar));
    }
}

/// The tutor's step.
pub fn tutor(app: &App, canvas: &mut Canvas<'_>, area: Area) {
    let (Some(tutor), true) = (&app.tutor, area.height >= 4) else { return };
    let palette = canvas.palette;
    let title = format!("Tutor {} of {}", (tutor.at + 1).min(LESSONS.len()), LESSONS.len());
    let inner = canvas.popup(area, &title);
    let columns = usize::try_from(inner.width.max(1)).unwrap_or(1);
    let (text, why) = match LESSONS.get(tutor.at) {
        Some(lesson) => {
            let keys: Vec<String> =
                lesson.done_by.iter().take(4).filter_map(|id| app.keymap.keys_of(*id).into_iter().next()).collect();
            let keys = if lesson.done_by.first() == Some(&CommandId::GoDown) {
                keys.join(" ")
            } else {
                keys.first().cloned().unwrap_or_default()
            };
            let keys = if lesson.done_by.first() == Some(&CommandId::FieldChange) {
                app.keymap.keys_of(CommandId::Edit).into_iter().next().unwrap_or(keys)
            } else {
                keys
            };
            (lesson.text.replace("{}", &keys), lesson.why)
        }
        None => (
            "That was all. esc ends the tutor; the model is yours to play with.".to_owned(),
            "Next: sandtable new in a folder of your own, or sandtable import for what your platform says.",
        ),
    };
    let mut y = inner.y;
    for (line, style) in wrap(&text, columns)
        .into_iter()
        .map(|line| (line, palette.text().add_modifier(Modifier::BOLD)))
        .chain(wrap(why, columns).into_iter().map(|line| (line, palette.faint())))
    {
        if y < inner.bottom() {
            canvas.text(inner.x, y, &line, inner.width, style.bg(palette.bar));
            y += 1;
        }
    }
}

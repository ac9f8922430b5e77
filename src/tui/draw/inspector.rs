//! The facts of the selected element on the right: each with its value, and where it comes from.

use super::Canvas;
use crate::app::App;
use crate::app::fields::{FieldRow, Shown};
use crate::app::findings::Finding;
use crate::app::outline::glyph;
use crate::app::sheet::{indent, label, label_room, values};
use crate::app::state::{INSPECTOR_EXTRA_ROWS, INSPECTOR_TOP_ROWS};
use crate::app::update::shown_rows;
use crate::app::width::{fit_end, width, wrap};
use crate::diagram::Rect as Area;
use crate::model::reflect::Step;
use crate::model::{ElementId, Section};
use ratatui::style::{Modifier, Style};

/// Paints the inspector.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, area: Area, focused: bool) {
    let palette = canvas.palette;
    canvas.fill(area, Style::new());
    canvas.vertical(area.x, area.y, area.bottom(), palette.faint());
    let inner = Area::new(area.x + 2, area.y, (area.width - 3).max(0), area.height);
    let Some(id) = app.cursor() else { return summary(app, canvas, inner) };
    let heading = format!("{}{} {}", if focused { "▸ " } else { "" }, glyph(id.section), app.model.title_of(id));
    canvas.text(inner.x, inner.y, &heading, inner.width, palette.heading());
    canvas.text(inner.x, inner.y + 1, &format!("{} · {}", id.section.noun(), id.slug), inner.width, palette.faint());
    canvas.text(inner.x, inner.y + 2, &provenance_in(app, id, inner.width), inner.width, palette.faint());
    let filter = &app.inspector.filter;
    canvas.horizontal(inner, inner.y + 3, palette.faint());
    if !filter.is_empty() {
        canvas.text(inner.x + 2, inner.y + 3, &format!(" /{filter} "), inner.width - 4, palette.warn());
    }
    let rows = shown_rows(app);
    let top = inner.y + i32::try_from(INSPECTOR_TOP_ROWS).unwrap_or(4);
    let room = usize::try_from(inner.height.max(0)).unwrap_or(0).saturating_sub(INSPECTOR_EXTRA_ROWS);
    let view = app.inspector.list.window(rows.len(), room);
    let labels = label_room(&rows, inner.width);
    // While somebody works on them, every fact is a line.
    let values = values(&rows, inner.width, if focused { 0 } else { room });
    let mut free = top;
    for (at, (row, value)) in rows.iter().zip(&values).enumerate().skip(view.start).take(room) {
        let selected = focused && at == app.inspector.list.at();
        fact(canvas, Area::new(inner.x, free, inner.width, 1), row, labels, value, selected);
        free += i32::try_from(value.len()).unwrap_or(1);
    }
    if rows.len() > view.end && room > 0 {
        let more = format!("▼ {} more", rows.len() - view.end);
        let y = top + i32::try_from(room).unwrap_or(0);
        canvas.text(inner.x, y, &more, inner.width, palette.faint());
    }
    match rows.get(app.inspector.list.at()) {
        Some(row) if focused => explanation(app, canvas, inner, id, row, inner.width - labels),
        _ => badges(app, canvas, inner, free + i32::from(rows.len() > view.end)),
    }
}

/// A fact in the lines of its value.
fn fact(canvas: &mut Canvas<'_>, area: Area, row: &FieldRow, label_room: i32, value: &[String], selected: bool) {
    let palette = canvas.palette;
    let ground = if selected { palette.selected() } else { palette.text() };
    if selected {
        canvas.fill(Area::new(area.x, area.y, area.width, 1), ground);
    }
    canvas.text(
        area.x + indent(row),
        area.y,
        &label(row),
        label_room - indent(row) - 1,
        if selected { ground } else { ground.fg(palette.dim) },
    );
    let style = match &row.shown {
        Shown::Known(_) | Shown::Add => ground,
        Shown::Assumed(_) => ground.fg(palette.warning),
        Shown::Unknown => ground.fg(palette.kinds[5]),
        Shown::Empty | Shown::Group(_) => ground.fg(palette.dim),
    };
    for (y, text) in (area.y..).zip(value) {
        canvas.text(area.x + label_room, y, text, area.width - label_room, style);
    }
}

/// Where the element comes from: the imported file, or the line of the model file.
fn provenance(app: &App, id: &ElementId) -> String {
    match (app.model.source_of(id), app.lines.get(id)) {
        (Some(source), _) => format!("imported from {source}"),
        (None, Some(line)) => format!("declared in {}:{line}", app.file),
        (None, None) => "declared in this session".to_owned(),
    }
}

/// The same in so many columns: of a path that is too long the end says more than the beginning.
fn provenance_in(app: &App, id: &ElementId, columns: i32) -> String {
    let room = usize::try_from(columns).unwrap_or(0);
    let whole = provenance(app, id);
    let Some(source) = app.model.source_of(id).filter(|_| width(&whole) > room) else { return whole };
    let (source, room) = (source.to_string(), room.saturating_sub("from ".len()));
    let parts = source.match_indices('/').map(|(at, _)| format!("…{}", &source[at..]));
    let short = std::iter::once(source.clone()).chain(parts).find(|part| width(part) <= room);
    format!("from {}", short.unwrap_or_else(|| fit_end(&source, room)))
}

fn explanation(app: &App, canvas: &mut Canvas<'_>, inner: Area, id: &ElementId, row: &FieldRow, value_room: i32) {
    let palette = canvas.palette;
    let top = inner.bottom() - 5;
    if top <= inner.y + 4 {
        return;
    }
    canvas.horizontal(inner, top, palette.faint());
    let says = match row.shown {
        Shown::Unknown => "nobody said yet; unknown is never a pass".to_owned(),
        Shown::Assumed(_) => "assumed; ! confirms it".to_owned(),
        Shown::Add => String::new(),
        _ if is_by_hand(app, id, row) => "set by hand; an import leaves it alone".to_owned(),
        _ => provenance_in(app, id, inner.width),
    };
    let columns = usize::try_from(inner.width.max(1)).unwrap_or(1);
    // A value that was cut is told in full; what the fact means is told where there is room left.
    let value = match &row.shown {
        Shown::Known(text) | Shown::Assumed(text) => wrap(text, columns),
        _ => Vec::new(),
    };
    let was_cut =
        value.iter().map(|line| width(line) + 1).sum::<usize>() > usize::try_from(value_room).unwrap_or(0) + 1;
    let value = value.into_iter().filter(|_| was_cut).map(|line| (line, palette.text().add_modifier(Modifier::BOLD)));
    let doc = wrap(row.doc, columns).into_iter().map(|line| (line, palette.text()));
    for (line, (text, style)) in (0..3).zip(value.chain(doc)) {
        canvas.text(inner.x, top + 1 + line, &text, inner.width, style);
    }
    canvas.text(inner.x, inner.bottom() - 1, &says, inner.width, palette.faint());
}

/// The lines that what fires at an element takes at most, with the one above it.
const FINDING_LINES: usize = 10;

/// So many badges are told, and have room whatever facts there are.
const BADGE_LINES: usize = 4;

/// While nobody works on the facts: what fires at the element, as far as the facts leave rows from `free` on, and what its
/// badges mean.
fn badges(app: &App, canvas: &mut Canvas<'_>, inner: Area, free: i32) {
    let badges = &app.map.noted[..app.map.noted.len().min(BADGE_LINES)];
    let palette = canvas.palette;
    let widest = badges.iter().map(|badge| width(&badge.text)).max().unwrap_or(0);
    let x = inner.x + i32::try_from(widest).unwrap_or(0).max(4) + 1;
    // What has no room in a line goes on in another one, while there are some left.
    let columns = usize::try_from((inner.right() - x).max(1)).unwrap_or(1);
    let free_lines = usize::try_from(inner.bottom() - 2 - free).unwrap_or(0).max(BADGE_LINES);
    let mut left = free_lines - badges.len();
    let mut lines: Vec<(&str, Style, String)> = Vec::new();
    for badge in badges {
        let style = super::map::badge(palette, badge.sign.tone());
        let mut meaning = wrap(&badge.meaning, columns);
        if meaning.len() > left + 1 {
            meaning = vec![badge.meaning.clone()];
        }
        left -= meaning.len().saturating_sub(1);
        let names = std::iter::once(badge.text.as_str()).chain(std::iter::repeat(""));
        lines.extend(names.zip(meaning).map(|(name, text)| (name, style, text)));
    }
    let mut top = inner.bottom() - 1 - i32::try_from(lines.len()).unwrap_or(4);
    let below = top;
    if top <= inner.y + 4 || badges.is_empty() {
        return;
    }
    canvas.horizontal(inner, top, palette.faint());
    for (line, (name, style, text)) in (1..).zip(&lines) {
        canvas.text(inner.x, top + line, name, inner.width, *style);
        canvas.text(x, top + line, text, inner.right() - x, palette.text());
    }
    // One line a rule.
    let found = app.cursor().map(|id| app.map.findings_of(&app.model, id)).unwrap_or_default();
    let mut lines: Vec<(&Finding, usize)> = Vec::new();
    for finding in found {
        match lines.iter_mut().find(|(known, _)| known.title == finding.title) {
            Some((_, count)) => *count += 1,
            None => lines.push((finding, 1)),
        }
    }
    let room = usize::try_from(top - free).unwrap_or(0);
    if lines.is_empty() || room < 3 {
        return;
    }
    let columns = usize::try_from((inner.width - 3).max(1)).unwrap_or(1);
    let told = |(finding, count): &(&Finding, usize)| {
        let times = if *count > 1 { format!(" ×{count}") } else { String::new() };
        (finding.risk.map_or_else(|| "?".to_owned(), |risk| risk.to_string()), format!("{}{times}", finding.title))
    };
    let told: Vec<(String, String)> = lines.iter().map(told).collect();
    // In full: as many as have room, with a line that counts the others.
    let mut titles: Vec<Vec<String>> = told.iter().map(|(_, title)| wrap(title, columns)).collect();
    let most = room.min(FINDING_LINES) - 1;
    let fits = |titles: &[Vec<String>]| {
        titles.iter().map(Vec::len).sum::<usize>() + usize::from(titles.len() < told.len()) <= most
    };
    while !titles.is_empty() && !fits(&titles) {
        titles.pop();
    }
    let more = told.len() - titles.len();
    let taken = titles.iter().map(Vec::len).sum::<usize>() + usize::from(more > 0) + 1;
    top -= i32::try_from(taken).unwrap_or(0);
    canvas.horizontal(inner, top, palette.faint());
    let mut y = top + 1;
    for ((risk, _), title) in told.iter().zip(titles) {
        canvas.text_right(inner.x + 2, y, risk, 2, palette.warn());
        for line in title {
            canvas.text(inner.x + 3, y, &line, inner.width - 3, palette.text());
            y += 1;
        }
    }
    if more > 0 {
        let key = app.key(crate::app::command::CommandId::ScreenThreats);
        let text = format!("… and {more} more; {key} shows all");
        canvas.text(inner.x + 3, below - 1, &text, inner.width - 3, palette.faint());
    }
}

/// Whether a person set the fact on an imported element.
fn is_by_hand(app: &App, id: &ElementId, row: &FieldRow) -> bool {
    let Some(Step::Field(field)) = row.path.first() else { return false };
    let Some(element) = app.model.element(id) else { return false };
    element.by_hand().iter().any(|name| name.as_str() == *field)
}

/// With nothing selected: the model as a whole.
fn summary(app: &App, canvas: &mut Canvas<'_>, inner: Area) {
    let palette = canvas.palette;
    let columns = usize::try_from(inner.width.max(1)).unwrap_or(1);
    let mut lines: Vec<(String, Style)> = vec![(app.model.title.to_string(), palette.heading())];
    if !app.model.about.is_empty() {
        lines.extend(wrap(app.model.about.as_str(), columns).into_iter().take(8).map(|line| (line, palette.text())));
    }
    lines.push((String::new(), palette.text()));
    for section in Section::ALL {
        let count = app.model.count(*section);
        if count > 0 && *section != Section::Views {
            lines.push((
                format!("{count:>5} {}", if count == 1 { section.noun() } else { section.name() }),
                palette.text(),
            ));
        }
    }
    let totals = crate::analysis::exposure::totals(app.derived().effective.iter());
    if totals.facts > 0 {
        lines.push((String::new(), palette.text()));
        lines.push(("Datasets each role can read".to_owned(), palette.faint().add_modifier(Modifier::BOLD)));
        let direct = crate::analysis::exposure::totals(app.direct().iter());
        for role in &app.effective_matrix().roles {
            let count = totals.readable_by_role.get(role).copied().unwrap_or(0);
            let own = direct.readable_by_role.get(role).copied().unwrap_or(0);
            let note = if own == count { String::new() } else { format!(" ({own} directly)") };
            lines.push((format!("{count:>5} {role}{note}"), palette.text()));
        }
    }
    for (row, (text, style)) in (0..inner.height).zip(lines) {
        canvas.text(inner.x, inner.y + row, &text, inner.width, style);
    }
}

//! What lies over the screen: lists, lines to type, questions, texts.

use super::Canvas;
use crate::app::App;
use crate::app::command::CommandId;
use crate::app::layer::{Ask, Confirm, Emphasis, Layer, Picker, Prompt, Reader};
use crate::app::line::Line;
use crate::app::list::first_in_view;
use crate::app::width::wrap;
use crate::diagram::Rect as Area;
use ratatui::layout::Position;
use ratatui::style::{Modifier, Style};

/// Paints the topmost layer. Returns where the caret is.
pub fn draw(app: &App, canvas: &mut Canvas<'_>) -> Option<Position> {
    match app.layers.last()? {
        Layer::Picker(picker) => self::picker(app, canvas, picker),
        Layer::Prompt(prompt) => self::prompt(app, canvas, prompt),
        Layer::Confirm(confirm) => {
            self::confirm(app, canvas, confirm);
            None
        }
        Layer::Reader(reader) => {
            self::reader(app, canvas, reader);
            None
        }
        Layer::Walk => {
            super::walk::draw(app, canvas);
            None
        }
        Layer::Queue => {
            super::queue::draw(app, canvas);
            None
        }
    }
}

fn middle(app: &App, width: i32, height: i32) -> Area {
    let (columns, rows) = (i32::from(app.size.0), i32::from(app.size.1));
    let (width, height) = (width.min(columns), height.min(rows));
    Area::new((columns - width) / 2, ((rows - height) / 3).max(0), width, height)
}

fn typed(canvas: &mut Canvas<'_>, x: i32, y: i32, room: i32, line: &Line) -> Option<Position> {
    let palette = canvas.palette;
    let style = palette.on_bar().add_modifier(Modifier::BOLD);
    // A line longer than the box is shown from where the caret is in it.
    let caret = i32::try_from(line.caret_column()).unwrap_or(0);
    let skip = (caret - room + 1).max(0);
    let mut column = 0;
    let shown: String = line
        .text()
        .chars()
        .filter(|ch| {
            let before = column;
            column += i32::try_from(crate::app::width::width(ch.encode_utf8(&mut [0; 4]))).unwrap_or(1);
            before >= skip
        })
        .collect();
    canvas.text(x, y, &shown, room, style);
    Some(Position { x: u16::try_from(x + caret - skip).ok()?, y: u16::try_from(y).ok()? })
}

/// Rows for the text under the cursor, where it is told in full.
const TOLD_ROWS: i32 = 3;

fn picker(app: &App, canvas: &mut Canvas<'_>, picker: &Picker) -> Option<Position> {
    let palette = canvas.palette;
    let matching = picker.matching();
    // A line, and the text under the cursor in full.
    let told = if picker.full && app.size.1 >= 16 { 1 + TOLD_ROWS } else { 0 };
    let most = (i32::from(app.size.1) - 8 - told).max(1);
    let rows = i32::try_from(matching.len()).unwrap_or(0).clamp(1, most).min(18);
    let wide = picker.items.iter().any(|item| item.detail.len() > 30);
    let area = middle(app, if wide { 96 } else { 64 }, rows + 4 + told);
    let inner = canvas.popup(area, &picker.title);
    canvas.text(inner.x, inner.y, "›", 1, palette.heading().bg(palette.bar));
    let caret = typed(canvas, inner.x + 2, inner.y, inner.width - 10, &picker.query);
    let count = format!("{} of {}", matching.len(), picker.items.len());
    canvas.text_right(inner.right(), inner.y, &count, 12, palette.faint().bg(palette.bar));
    canvas.horizontal(inner, inner.y + 1, palette.faint().bg(palette.bar));
    let room = usize::try_from((inner.height - 2 - told).max(0)).unwrap_or(0);
    let scroll = first_in_view(picker.at, 0, room);
    let label_columns = matching
        .iter()
        .filter_map(|at| picker.items.get(*at))
        .map(|item| crate::app::width::width(&item.label))
        .max()
        .unwrap_or(0);
    let label_columns = i32::try_from(label_columns).unwrap_or(0).min(inner.width / 2).max(8);
    for (line, (place, at)) in (0..).zip(matching.iter().enumerate().skip(scroll).take(room)) {
        let Some(item) = picker.items.get(*at) else { continue };
        let y = inner.y + 2 + line;
        let chosen = place == picker.at;
        let ground = if chosen { palette.selected() } else { palette.on_bar() };
        if chosen {
            canvas.fill(Area::new(inner.x - 1, y, inner.width + 2, 1), ground);
            canvas.text(inner.x - 1, y, "▌", 1, ground.fg(palette.accent));
        }
        let mut x = inner.x;
        if let Some(marks) = &picker.marks {
            x = canvas.text(x, y, if marks.contains(at) { "◆ " } else { "◇ " }, 2, ground);
        }
        let style = if item.why_not.is_some() { ground.fg(palette.dim) } else { ground };
        canvas.text(x, y, &item.label, label_columns, style);
        let detail = match item.why_not {
            Some(why) => format!("not now: {why}"),
            None => item.detail.clone(),
        };
        let x = x + label_columns + 2;
        canvas.text(x, y, &detail, inner.right() - x, ground.fg(palette.dim));
    }
    if matching.is_empty() {
        let text = if picker.items.is_empty() { "there is nothing here" } else { "nothing matches" };
        canvas.text(inner.x, inner.y + 2, text, inner.width, palette.faint().bg(palette.bar));
    }
    if let (true, Some(item)) = (told > 0, picker.chosen()) {
        let top = inner.bottom() - told;
        canvas.horizontal(inner, top, palette.faint().bg(palette.bar));
        let told = Area::new(inner.x, top + 1, inner.width, TOLD_ROWS);
        canvas.paragraph(told, &format!("{}: {}", item.label, item.detail), palette.on_bar());
    }
    if picker.marks.is_some() {
        let style = palette.faint().bg(palette.bar);
        canvas.text(area.x + 3, area.bottom() - 1, " tab marks, enter takes what is marked ", area.width - 6, style);
    }
    caret
}

fn prompt(app: &App, canvas: &mut Canvas<'_>, prompt: &Prompt) -> Option<Position> {
    let palette = canvas.palette;
    let columns = usize::from(app.size.0).clamp(8, 76) - 6;
    let below = prompt.error.clone().unwrap_or_else(|| prompt.hint.clone());
    let lines = wrap(&below, columns);
    let height = i32::try_from(lines.len().min(5)).unwrap_or(1) + 3;
    let mut area = middle(app, 76, height);
    // What a filter or a label does is seen on the screen: the line stays out of the way.
    if matches!(prompt.then, Ask::Filter | Ask::Label) {
        area.y = (i32::from(app.size.1) - height - 1).max(0);
        area.x = 0;
    }
    let inner = canvas.popup(area, &prompt.title);
    canvas.text(inner.x, inner.y, "›", 1, palette.heading().bg(palette.bar));
    let caret = typed(canvas, inner.x + 2, inner.y, inner.width - 2, &prompt.line);
    let style = if prompt.error.is_some() {
        Style::new().fg(palette.error).bg(palette.bar)
    } else {
        palette.faint().bg(palette.bar)
    };
    for (row, line) in (1..inner.height).zip(lines) {
        canvas.text(inner.x, inner.y + row, &line, inner.width, style);
    }
    caret
}

fn confirm(app: &App, canvas: &mut Canvas<'_>, confirm: &Confirm) {
    let palette = canvas.palette;
    let area = middle(app, 72, i32::try_from(confirm.lines.len()).unwrap_or(0) + 4);
    let inner = canvas.popup(area, &confirm.title);
    for (row, line) in (0..inner.height - 1).zip(&confirm.lines) {
        canvas.text(inner.x, inner.y + row, line, inner.width, palette.on_bar());
    }
    let mut x = inner.x;
    let y = inner.bottom() - 1;
    for (id, word) in [(CommandId::ConfirmYes, "yes"), (CommandId::ConfirmNo, "no")] {
        let keys = app.key(id);
        x = canvas.text(x, y, &keys, 8, palette.heading().bg(palette.bar)) + 1;
        x = canvas.text(x, y, word, 4, palette.on_bar()) + 3;
    }
}

fn reader(app: &App, canvas: &mut Canvas<'_>, reader: &Reader) {
    let palette = canvas.palette;
    let width = 92.min(i32::from(app.size.0));
    let has_left = reader.lines.iter().any(|line| !line.left.is_empty());
    let left = if has_left { 18.min(width / 3) } else { 0 };
    let columns = usize::try_from((width - 4 - left).max(8)).unwrap_or(8);
    let mut lines: Vec<(String, String, Style)> = Vec::new();
    for line in reader.lines.iter().skip(reader.top) {
        let style = match line.style {
            Emphasis::Plain => palette.text(),
            Emphasis::Heading => palette.heading(),
            Emphasis::Dim => palette.faint(),
            Emphasis::Warning => palette.warn(),
        };
        for (at, part) in wrap(&line.text, columns).into_iter().enumerate() {
            let head = if at == 0 { line.left.clone() } else { String::new() };
            lines.push((head, part, style));
        }
    }
    let height = i32::try_from(lines.len()).unwrap_or(0) + 2;
    let height = if reader.top > 0 { i32::from(app.size.1) - 4 } else { height };
    let area = middle(app, width, height.clamp(5, (i32::from(app.size.1) - 2).max(5)));
    let inner = canvas.popup(area, &reader.title);
    let room = usize::try_from(inner.height.max(0)).unwrap_or(0);
    for (row, (head, text, style)) in (0..inner.height).zip(&lines) {
        let heading = head.is_empty() && style.add_modifier.contains(Modifier::BOLD);
        canvas.text(inner.x, inner.y + row, head, left - 1, palette.heading().bg(palette.bar));
        let x = if heading { inner.x } else { inner.x + left };
        canvas.text(x, inner.y + row, text, inner.right() - x, style.bg(palette.bar));
    }
    if lines.len() > room {
        let more = format!(" ▼ {} more lines ", lines.len() - room);
        canvas.text_right(area.right() - 2, area.bottom() - 1, &more, area.width - 4, palette.on_bar());
    }
}

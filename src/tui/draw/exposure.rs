//! The exposure screen: roles × datasets, marked by rows and shaded by class, and the facts of the cell under the cursor.

use super::Canvas;
use crate::analysis::exposure::{Cell, Scope, rank_of};
use crate::app::App;
use crate::app::forms;
use crate::app::layer::Emphasis;
use crate::app::update::exposure::{EXTRA_ROWS, ROLE_COLUMNS, current, matrix_columns, name_columns};
use crate::app::width::wrap;
use crate::diagram::Rect as Area;
use crate::model::facts::Operation;
use crate::model::{ElementId, Section, Slug};
use ratatui::style::{Modifier, Style};

/// Paints the exposure screen.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, area: Area) {
    let palette = canvas.palette;
    let (_, matrix) = app.exposure_data();
    let (roles, datasets) = app.exposure_axes();
    let columns = matrix_columns(app).min(area.width);
    let left = Area::new(area.x, area.y, columns, area.height);
    let what = if app.exposure.direct { "declared grants alone" } else { "effective access" };
    let op = app.exposure.op.map_or("all operations", Operation::word);
    let filter = if app.exposure.filter.is_empty() { String::new() } else { format!(" · /{}", app.exposure.filter) };
    canvas.text(
        left.x + 1,
        left.y,
        &format!("Who can do what: {what} · {op}{filter}"),
        left.width - 2,
        palette.heading(),
    );
    if roles.is_empty() || datasets.is_empty() {
        let text =
            "There is no role or no dataset yet, or none matches. ag adds a grant; sandtable import brings them all.";
        for (row, line) in (2..area.height).zip(wrap(text, usize::try_from(left.width - 2).unwrap_or(1))) {
            canvas.text(left.x + 1, left.y + row, &line, left.width - 2, palette.text());
        }
        return;
    }
    let name_columns = i32::try_from(name_columns(app)).unwrap_or(28);
    // A long ladder word is worth its columns only where there are some to spare.
    let class_columns = if name_columns > 36 { 12 } else { 8 };
    let role_columns = i32::try_from(ROLE_COLUMNS).unwrap_or(10);
    let shown_roles = usize::try_from(((left.width - name_columns) / role_columns).max(1)).unwrap_or(1);
    let shown: Vec<(usize, &&Slug)> =
        roles.iter().enumerate().skip(app.exposure.scroll_roles).take(shown_roles).collect();
    let column =
        |at: usize| left.x + name_columns + i32::try_from(at - app.exposure.scroll_roles).unwrap_or(0) * role_columns;
    for (at, role) in &shown {
        let title = app.model.title_of(&ElementId::new(Section::Roles, (**role).clone())).to_owned();
        let style = if *at == app.exposure.role {
            palette.heading().add_modifier(Modifier::UNDERLINED)
        } else {
            palette.text()
        };
        canvas.text(column(*at), left.y + 1, &title, role_columns - 1, style);
    }
    let hidden = roles.len() - shown.len();
    if hidden > 0 {
        canvas.text_right(left.right() - 1, left.y, &format!("{hidden} more roles ◀ ▶"), 20, palette.warn());
    }
    canvas.horizontal(left, left.y + 2, palette.faint());
    let room = usize::try_from(left.height.max(0)).unwrap_or(0).saturating_sub(EXTRA_ROWS);
    for (line, (at, dataset)) in (0..).zip(datasets.iter().enumerate().skip(app.exposure.scroll).take(room)) {
        let y = left.y + 3 + line;
        let on_row = at == app.exposure.dataset;
        let title = app.model.title_of(&ElementId::new(Section::Datasets, (*dataset).clone())).to_owned();
        let class = app
            .model
            .datasets
            .get(*dataset)
            .and_then(|own| own.class.as_ref())
            .map_or("?".to_owned(), |class| class.to_string());
        let style = if on_row { palette.heading() } else { palette.text() };
        canvas.text(left.x + 1, y, &title, name_columns - class_columns - 3, style);
        canvas.text_right(left.x + name_columns - 1, y, &class, class_columns, palette.faint());
        for (role_at, role) in &shown {
            let cell = matrix.cell(role, dataset);
            let here = on_row && *role_at == app.exposure.role;
            draw_cell(app, canvas, Area::new(column(*role_at), y, role_columns - 1, 1), cell, here);
        }
    }
    let legend = match left.width {
        0..100 => "RCUD  * all rows  o own  t tenant  ~ some  ? unknown  - no way in  ↑ inherited",
        _ => {
            "R read C create U update D delete  * all rows  o own  t tenant  ~ some  ? unknown  - no way in  ↑ inherited"
        }
    };
    canvas.text(left.x + 1, left.bottom() - 1, legend, left.width - 2, palette.faint());
    detail(app, canvas, Area::new(left.right(), area.y, area.width - left.width, area.height));
}

fn draw_cell(app: &App, canvas: &mut Canvas<'_>, area: Area, cell: Option<&Cell>, here: bool) {
    let palette = canvas.palette;
    let mut style = palette.text();
    let mut text = String::new();
    if let Some(cell) = cell {
        let mark = |op: Operation, scope: Scope| format!("{}{}", op.letter(), scope.mark());
        match app.exposure.op {
            None => text.extend(cell.ops.iter().map(|(op, scope)| mark(*op, *scope))),
            Some(op) => text.extend(cell.ops.get(&op).map(|scope| mark(op, *scope))),
        }
        if cell.inherited && !text.is_empty() {
            text.push('↑');
        }
        let reads = cell.ops.get(&Operation::Read).is_some_and(|scope| *scope > Scope::Nothing);
        let shows_reads = matches!(app.exposure.op, None | Some(Operation::Read));
        if let (true, true, Some(rank)) = (reads, shows_reads, &cell.class) {
            style = style.bg(palette.classes[shade(app, rank.rank)]);
        }
    }
    if text.is_empty() {
        text.push('·');
        style = palette.faint();
    }
    if here {
        style = style.add_modifier(Modifier::BOLD | Modifier::REVERSED);
    }
    canvas.fill(area, style);
    canvas.text(area.x, area.y, &text, area.width, style);
}

/// The shade of a rank: the ladder is spread over the four shades.
fn shade(app: &App, rank: u32) -> usize {
    let top = app
        .model
        .classes
        .keys()
        .filter_map(|class| rank_of(&app.model, class))
        .map(|rank| rank.rank)
        .max()
        .unwrap_or(4)
        .max(2);
    usize::try_from((rank.clamp(1, top) - 1) * 3 / (top - 1)).unwrap_or(3)
}

/// The facts of the cell under the cursor.
fn detail(app: &App, canvas: &mut Canvas<'_>, area: Area) {
    if area.width < 24 {
        return;
    }
    let palette = canvas.palette;
    canvas.vertical(area.x, area.y, area.bottom(), palette.faint());
    let inner = Area::new(area.x + 2, area.y, area.width - 3, area.height);
    let Some((role, dataset)) = current(app) else { return };
    let crate::app::layer::Layer::Reader(reader) = forms::proof(app, &role, &dataset) else { return };
    canvas.text(inner.x, inner.y, &reader.title, inner.width, palette.heading());
    let left_column = 11;
    let columns = usize::try_from((inner.width - left_column).max(8)).unwrap_or(8);
    let mut y = inner.y + 2;
    for line in &reader.lines {
        let (style, x) = match line.style {
            Emphasis::Heading => (Style::new().fg(palette.ink).add_modifier(Modifier::BOLD), inner.x),
            Emphasis::Warning => (palette.warn(), inner.x + left_column),
            Emphasis::Dim => (palette.faint(), inner.x + left_column),
            Emphasis::Plain => (palette.text(), inner.x + left_column),
        };
        if y >= inner.bottom() - 1 {
            canvas.text(inner.x, inner.bottom() - 1, "… enter shows all", inner.width, palette.faint());
            return;
        }
        canvas.text(inner.x, y, &line.left, left_column - 1, palette.faint());
        for part in wrap(&line.text, columns) {
            if y < inner.bottom() - 1 {
                canvas.text(x, y, &part, inner.right() - x, style);
                y += 1;
            }
        }
    }
}

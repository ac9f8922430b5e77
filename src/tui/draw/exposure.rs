//! The exposure screen: roles × datasets, marked by rows and shaded by class, and the facts of the cell under the cursor.

use super::{Canvas, below_heading};
use crate::analysis::exposure::{Cell, Scope, rank_of};
use crate::app::App;
use crate::app::command::CommandId;
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
        left.width - 22,
        palette.heading(),
    );
    if roles.is_empty() || datasets.is_empty() {
        let text = match (app.model.roles.is_empty(), app.model.grants.is_empty()) {
            _ if !app.exposure.filter.is_empty() => "Nothing matches the filter; esc ends it.".to_owned(),
            (true, _) => format!("There is no role yet: {} adds one.", app.key(CommandId::AddRole)),
            (false, true) => format!("There is no grant yet: {} adds one.", app.key(CommandId::AddGrant)),
            (false, false) => "There is no dataset yet.".to_owned(),
        };
        let text = format!("{text} Or import what your platform says: sandtable import --help");
        return canvas.paragraph(below_heading(left), &text, palette.text());
    }
    let name_columns = i32::try_from(name_columns(app)).unwrap_or(28);
    let class_of = |slug: &Slug| match app.model.datasets.get(slug) {
        Some(dataset) => dataset.class.as_ref().map_or("?".to_owned(), |class| class.to_string()),
        None => "call".to_owned(),
    };
    let widest = datasets.iter().map(|slug| class_of(slug).len()).max().unwrap_or(1).min(12);
    let class_columns = i32::try_from(widest).unwrap_or(8).min(name_columns / 3);
    let role_columns = i32::try_from(ROLE_COLUMNS).unwrap_or(10);
    let shown_roles = usize::try_from(((left.width - name_columns) / role_columns).max(1)).unwrap_or(1);
    let shown: Vec<(usize, &&Slug)> =
        roles.iter().enumerate().skip(app.exposure.roles.top()).take(shown_roles).collect();
    let column =
        |at: usize| left.x + name_columns + i32::try_from(at - app.exposure.roles.top()).unwrap_or(0) * role_columns;
    for (at, role) in &shown {
        let title = app.model.title_of(&ElementId::new(Section::Roles, (**role).clone())).to_owned();
        let style = if *at == app.exposure.roles.at() {
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
    for (line, (at, dataset)) in (0..).zip(datasets.iter().enumerate().skip(app.exposure.datasets.top()).take(room)) {
        let y = left.y + 3 + line;
        let on_row = at == app.exposure.datasets.at();
        let id =
            app.model.node(dataset.as_str()).unwrap_or_else(|| ElementId::new(Section::Datasets, (*dataset).clone()));
        let unused = app.model.datasets.get(*dataset).is_some_and(|dataset| !dataset.out_of_scope.is_empty());
        let mark = if unused { "⊘ " } else { "" };
        let title = format!("{mark}{}", app.model.title_of(&id));
        let style = match (on_row, unused) {
            (true, _) => palette.heading(),
            (false, true) => palette.faint(),
            (false, false) => palette.text(),
        };
        canvas.text(left.x + 1, y, &title, name_columns - class_columns - 3, style);
        let class = class_of(dataset);
        canvas.text_right(left.x + name_columns - 1, y, &class, class_columns, palette.faint());
        for (role_at, role) in &shown {
            let cell = matrix.cell(role, dataset);
            let here = on_row && *role_at == app.exposure.roles.at();
            draw_cell(app, canvas, Area::new(column(*role_at), y, role_columns - 1, 1), cell, here);
        }
    }
    let below = datasets.len() - app.exposure.datasets.window(datasets.len(), room).end;
    let legend = match left.width {
        0..110 => "*all o own t tenant ~some ?unknown -no way ↑inherited r=some fields",
        _ => {
            "* all rows  o own  t tenant  ~ some  ? unknown  - no way in  ↑ inherited  r small: some fields  ⊘ out of scope"
        }
    };
    canvas.legend(left, legend, below);
    detail(app, canvas, Area::new(left.right(), area.y, area.width - left.width, area.height));
}

fn draw_cell(app: &App, canvas: &mut Canvas<'_>, area: Area, cell: Option<&Cell>, here: bool) {
    let palette = canvas.palette;
    let mut style = palette.text();
    let mut text = String::new();
    if let Some(cell) = cell {
        let mark = |op: Operation, scope: Scope| match op {
            Operation::Execute => op.letter().to_string(),
            op if cell.every_field.contains(&op) => format!("{}{}", op.letter(), scope.mark()),
            // A small letter: not every field.
            op => format!("{}{}", op.letter().to_ascii_lowercase(), scope.mark()),
        };
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
            style = style.bg(palette.classes[shade(app, rank.rank).min(3)]);
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
    usize::try_from(u64::from(rank.clamp(1, top) - 1) * 3 / u64::from(top - 1)).unwrap_or(3)
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

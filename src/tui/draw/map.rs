//! The map's canvas: the cells of the scene, what is beyond its edges, labels to go by.

use super::Canvas;
use crate::app::App;
use crate::app::appearance::Marks;
use crate::app::beyond::{Beyond, beyond_scene};
use crate::app::command::CommandId;
use crate::app::exits::exits;
use crate::diagram::{Charset, Ink, Owner, Rect as Area, Side};
use ratatui::style::{Modifier, Style};

/// Paints the map.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, area: Area) {
    let palette = canvas.palette;
    if app.map.waiting {
        canvas.text(area.x + 2, area.y + 1, &laying_out(app), area.width - 4, palette.faint());
        return;
    }
    if app.map.projection.nodes.is_empty() && app.map.projection.boundaries.is_empty() {
        return empty(app, canvas, area);
    }
    let size = app.canvas();
    let marks = Marks {
        cursor: app.cursor(),
        marked: Some(&app.marked),
        filter: &app.map.filter,
        journey: app.map.journey.as_ref(),
        findings: Some(&app.map.findings),
        words: false,
        hurried: app.hurried,
        rested: app.map.rested.as_ref(),
    };
    let charset = if canvas.ascii { Charset::Ascii } else { Charset::Unicode };
    let scene = app.map.scene(&app.model, size, marks, charset);
    let filtering = !app.map.filter.is_empty();
    let target = super::drag::target(app);
    for y in 0..area.height {
        for x in 0..area.width {
            let cell = scene.cell(x, y);
            let mut style = match cell.ink {
                Ink::Ground => palette.faint(),
                Ink::BoundaryWall => Style::new().fg(palette.kinds[0]),
                Ink::BoundaryTitle => Style::new().fg(palette.kinds[0]).add_modifier(Modifier::BOLD),
                Ink::NodeFrame => Style::new().fg(kind(palette, cell.tone)),
                Ink::NodeText => palette.text(),
                Ink::Badge => badge(palette, cell.tone),
                Ink::Wire | Ink::Arrow if cell.tone == 1 => palette.faint(),
                Ink::Wire | Ink::Arrow => palette.text(),
                Ink::WireLabel => palette.faint().add_modifier(Modifier::ITALIC),
                Ink::Crossing => palette.warn().add_modifier(Modifier::BOLD),
            };
            if filtering && !cell.dimmed && cell.ink == Ink::NodeText {
                style = style.add_modifier(Modifier::BOLD);
            }
            if cell.dimmed {
                style = palette.faint().add_modifier(Modifier::DIM);
            }
            if cell.selected {
                style = style.fg(palette.accent).add_modifier(Modifier::BOLD);
            }
            if cell.ink == Ink::NodeFrame && target.is_some_and(|node| cell.owner == Owner::Node(node)) {
                style = style.fg(palette.accent).add_modifier(Modifier::BOLD | Modifier::REVERSED);
            }
            let symbol = cell.symbol.as_str();
            let (Ok(column), Ok(row)) = (u16::try_from(area.x + x), u16::try_from(area.y + y)) else { continue };
            if let Some(target) = canvas.buffer.cell_mut((column, row)) {
                // The second half of a wide character stays as the first one left it.
                if symbol.is_empty() {
                    target.set_symbol(" ").set_style(style);
                } else {
                    target.set_symbol(symbol).set_style(style);
                }
            }
        }
    }
    let beyond = beyond_scene(app, &scene);
    for beyond in &beyond {
        let style = palette.warn().bg(palette.bar).add_modifier(Modifier::BOLD);
        let place = beyond.area.shifted(area.x, area.y);
        canvas.text(place.x, place.y, &beyond.text, place.width, style);
    }
    for exit in exits(app, &scene, &beyond) {
        let place = exit.area.shifted(area.x, area.y);
        canvas.text(place.x, place.y, &exit.text, place.width, palette.heading().bg(palette.bar));
    }
    if app.map.is_behind() {
        let text = format!(" {} ", laying_out(app));
        canvas.text(area.x + 1, area.y, &text, area.width - 2, palette.heading().bg(palette.bar));
    }
    labels(app, canvas, area, &beyond);
    super::drag::draw(app, canvas, area);
    super::minimap::draw(app, canvas, area);
}

/// That the worker is busy, and how far it is.
fn laying_out(app: &App) -> String {
    match app.map.progress {
        0 => "laying out …".to_owned(),
        percent => format!("laying out … {percent} %"),
    }
}

fn kind(palette: &super::Palette, tone: u8) -> ratatui::style::Color {
    palette.kinds.get(usize::from(tone)).copied().unwrap_or(palette.ink)
}

/// The style of a badge: what is wrong, what anybody can do, what is unknown, everything else.
pub(super) fn badge(palette: &super::Palette, tone: u8) -> Style {
    match tone {
        0 => Style::new().fg(palette.error).add_modifier(Modifier::BOLD),
        1 => palette.warn().add_modifier(Modifier::BOLD),
        2 => Style::new().fg(palette.kinds[5]),
        _ => palette.faint(),
    }
}

fn empty(app: &App, canvas: &mut Canvas<'_>, area: Area) {
    let palette = canvas.palette;
    let keys = |id: CommandId| app.keymap.keys_of(id).into_iter().next().unwrap_or_default();
    let lines = [
        ("This model is empty. Build it:".to_owned(), palette.heading()),
        (String::new(), palette.text()),
        (format!("{:<4} an actor: who uses it", keys(CommandId::AddActor)), palette.text()),
        (format!("{:<4} an endpoint: where data can be asked for", keys(CommandId::AddEndpoint)), palette.text()),
        (format!("{:<4} a dataset: what is worth protecting", keys(CommandId::AddDataset)), palette.text()),
        (format!("{:<4} a boundary: where trust changes", keys(CommandId::AddBoundary)), palette.text()),
        (format!("{:<4} a flow from what is selected", keys(CommandId::Connect)), palette.text()),
        (String::new(), palette.text()),
        (format!("{:<4} all commands   {} help", keys(CommandId::Palette), keys(CommandId::Help)), palette.faint()),
        ("Or import what your platform says: sandtable import --help".to_owned(), palette.faint()),
    ];
    let top = area.y + ((area.height - i32::try_from(lines.len()).unwrap_or(0)) / 2).max(0);
    let left = area.x + ((area.width - 60) / 2).max(1);
    for (row, (text, style)) in (0..).zip(lines) {
        if top + row < area.bottom() {
            canvas.text(left, top + row, &text, area.right() - left, style);
        }
    }
}

fn labels(app: &App, canvas: &mut Canvas<'_>, area: Area, beyond: &[Beyond]) {
    let palette = canvas.palette;
    let typed = match app.layers.last() {
        Some(crate::app::layer::Layer::Prompt(prompt)) => prompt.line.text(),
        _ => "",
    };
    for (label, at) in app.map.labels.iter().filter(|(label, _)| label.starts_with(typed)) {
        let Some(rect) = app.map.diagram.placement.nodes.get(*at) else { continue };
        let view = Area::at(app.map.pan, app.canvas());
        let (x, y) = match beyond.iter().find(|beyond| beyond.nearest == *at && !rect.overlaps(&view)) {
            // Out of sight: beside the mark that tells of it.
            Some(beyond) if beyond.side == Side::Right => (beyond.area.x - 2, beyond.area.y),
            Some(beyond) => (beyond.area.right(), beyond.area.y),
            None => {
                // Beside a row, or in the frame of a box: the name stays readable.
                let aside = if rect.height == 1 { -2 } else { 1 };
                ((rect.x - app.map.pan.x + aside).max(0), (rect.y - app.map.pan.y).max(0))
            }
        };
        if x >= 0 && y >= 0 && x + 2 <= area.width && y < area.height {
            let style = Style::new().fg(palette.warning).add_modifier(Modifier::BOLD | Modifier::REVERSED);
            canvas.text(area.x + x, area.y + y, label, 2, style);
        }
    }
}

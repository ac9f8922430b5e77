//! The minimap over a corner of the canvas.

use super::Canvas;
use crate::app::App;
use crate::app::command::CommandId;
use crate::app::overview::minimap;
use crate::app::width::width;
use crate::diagram::{MiniInk, Rect as Area};
use ratatui::style::Modifier;

/// Paints it, where it has a place.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, area: Area) {
    // While one goes by letters none of them is hidden.
    let Some(place) = app.map.overview.filter(|_| app.map.labels.is_empty()) else { return };
    let Some(map) = minimap(app) else { return };
    let palette = canvas.palette;
    let place = place.shifted(area.x, area.y);
    let key = app.key(CommandId::ToggleMinimap);
    let says = format!("{key} hides");
    let room = usize::try_from(place.width - 6).unwrap_or(0);
    // A key alone says nothing.
    canvas.popup(place, if width(&says) <= room { &says } else { "" });
    let size = map.size();
    for y in 0..size.height {
        for x in 0..size.width {
            let Some(cell) = map.cell(x, y) else { continue };
            let style = match cell.ink {
                MiniInk::Ground | MiniInk::Wall => palette.faint(),
                MiniInk::View => palette.heading(),
                MiniInk::Box if cell.in_view => palette.text().add_modifier(Modifier::BOLD),
                MiniInk::Box => palette.faint(),
                MiniInk::Chosen => palette.warn().add_modifier(Modifier::BOLD),
            };
            let ground = if cell.in_view { palette.selection } else { palette.bar };
            canvas.text(place.x + 1 + x, place.y + 1 + y, cell.symbol, 1, style.bg(ground));
        }
    }
}

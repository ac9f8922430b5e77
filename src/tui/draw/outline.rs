//! The outline on the left.

use super::Canvas;
use crate::app::App;
use crate::app::appearance::section_tone;
use crate::app::outline::{Branch, glyph};
use crate::app::width::width;
use crate::diagram::Rect as Area;
use ratatui::style::Style;

/// Paints the outline.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, area: Area, focused: bool) {
    let palette = canvas.palette;
    canvas.fill(area, Style::new());
    canvas.vertical(area.right() - 1, area.y, area.bottom(), palette.faint());
    let inner = Area::new(area.x, area.y, area.width - 1, area.height);
    let title =
        if app.outline.filter.is_empty() { "Outline".to_owned() } else { format!("Outline /{}", app.outline.filter) };
    let style = if focused { palette.heading() } else { palette.faint() };
    canvas.text(inner.x + 1, inner.y, &format!("{}{title}", if focused { "▸ " } else { "" }), inner.width - 1, style);
    let rows = app.outline.shown(&app.model, app.revision);
    let room = usize::try_from((inner.height - 1).max(0)).unwrap_or(0);
    let below = rows.len().saturating_sub(app.outline.list.top() + room);
    if below > 0 {
        let more = format!(" {} {below} ", if canvas.ascii { "v" } else { "▼" });
        let columns = i32::try_from(width(&more)).unwrap_or(0).min(inner.width);
        canvas.text_right(inner.right(), inner.y, &more, columns, palette.warn());
    }
    for (line, (at, row)) in (0..).zip(rows.iter().enumerate().skip(app.outline.list.top()).take(room)) {
        let y = inner.y + 1 + line;
        let selected = at == app.outline.list.at();
        if selected {
            let style = if focused { palette.selected() } else { palette.on_bar() };
            canvas.fill(Area::new(inner.x, y, inner.width, 1), style);
        }
        let ground = if selected && focused {
            palette.selected()
        } else if selected {
            palette.on_bar()
        } else {
            palette.text()
        };
        let mut x = inner.x + row.indent();
        let mark = match (row.has_children, row.open) {
            (true, true) => "▾ ",
            (true, false) => "▸ ",
            (false, _) => "",
        };
        x = canvas.text(x, y, mark, 2, ground);
        if let Branch::Element(id) = &row.branch {
            if !row.has_children {
                let color = palette.kinds.get(usize::from(section_tone(id.section))).copied().unwrap_or(palette.ink);
                x = canvas.text(x, y, glyph(id.section), 2, ground.fg(color)) + 1;
            }
            if app.marked.contains(id) {
                x = canvas.text(x, y, "◆", 1, ground.fg(palette.warning)) + 1;
            }
        }
        let count = row.told_count();
        let room = inner.right() - x - i32::try_from(count.len()).unwrap_or(0);
        x = canvas.text(x, y, &row.title, room, ground);
        canvas.text(x, y, &count, 6, ground.fg(palette.dim));
    }
}

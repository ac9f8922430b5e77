//! A text to read beside a list: what there is to say of the row under the cursor, as much of it as fits.

use super::Canvas;
use crate::app::App;
use crate::app::command::CommandId;
use crate::app::layer::{Emphasis, Styled};
use crate::app::width::wrap;
use crate::diagram::Rect as Area;
use ratatui::style::{Modifier, Style};

/// Paints lines with a left column of this width; a heading that has nothing in it takes the whole width. Where they do
/// not fit, the last row names the command that shows all of them.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, area: Area, left: i32, lines: &[Styled], all: CommandId) {
    let palette = canvas.palette;
    canvas.vertical(area.x, area.y, area.bottom(), palette.faint());
    let inner = Area::new(area.x + 2, area.y, area.width - 3, area.height);
    let mut y = inner.y;
    for line in lines {
        let is_wide = line.left.is_empty() && line.style == Emphasis::Heading;
        let x = if is_wide { inner.x } else { inner.x + left };
        let style = match line.style {
            Emphasis::Heading => Style::new().fg(palette.ink).add_modifier(Modifier::BOLD),
            Emphasis::Warning => palette.warn(),
            Emphasis::Dim => palette.faint(),
            Emphasis::Plain => palette.text(),
        };
        if y >= inner.bottom() - 1 {
            let text = format!("… {} shows all", app.key(all));
            canvas.text(inner.x, inner.bottom() - 1, &text, inner.width, palette.faint());
            return;
        }
        canvas.text(inner.x, y, &line.left, left - 1, palette.faint());
        let parts = wrap(&line.text, usize::try_from((inner.right() - x).max(8)).unwrap_or(8));
        y += i32::from(parts.is_empty());
        for part in parts {
            if y < inner.bottom() - 1 {
                canvas.text(x, y, &part, inner.right() - x, style);
                y += 1;
            }
        }
    }
}

//! The walk through STRIDE and LINDDUN: one category at one element, what to think of, what is known already.

use super::Canvas;
use crate::app::App;
use crate::app::judging::ASKING;
use crate::app::threats::category_words;
use crate::app::walk::{asked, found, letter, sign};
use crate::app::width::wrap;
use crate::diagram::Rect as Area;
use crate::library::prompts::prompt;
use ratatui::style::Modifier;

/// Columns and rows of the walk, where there is room.
const SIZE: (i32, i32) = (84, 22);

/// Paints the walk over the screen.
pub fn draw(app: &App, canvas: &mut Canvas<'_>) {
    let palette = canvas.palette;
    let (columns, rows) = (i32::from(app.size.0), i32::from(app.size.1));
    let (wide, high) = (SIZE.0.min(columns), SIZE.1.min(rows - 2).max(3));
    let area = Area::new((columns - wide) / 2, ((rows - high) / 3).max(0), wide, high);
    let walk = &app.walk;
    let (done, all) = walk.coverage.count(|category| walk.kinds.holds(category));
    let inner = canvas.popup(area, &format!("Walk · {} · {done} of {all} looked at", walk.kinds.name()));
    let faint = palette.faint().bg(palette.bar);
    let (Some(id), Some(category)) = (&walk.element, walk.category) else {
        let text = "There is nothing to walk through yet: add an actor, an endpoint or a dataset.";
        return canvas.paragraph(inner, text, palette.on_bar());
    };
    let x = canvas.text(inner.x, inner.y, &app.name_of(id), inner.width - 12, palette.heading().bg(palette.bar));
    canvas.text(x + 1, inner.y, id.section.noun(), inner.right() - x - 1, faint);
    // The categories of the element, with what was said of each.
    let mut x = inner.x;
    for kind in asked(walk.kinds, id) {
        let text = format!(" {} {} ", letter(kind), sign(walk.coverage.looked(id, kind), canvas.ascii));
        let style = if kind == category { palette.selected().add_modifier(Modifier::BOLD) } else { palette.on_bar() };
        x = canvas.text(x, inner.y + 1, &text, inner.right() - x, style) + 1;
    }
    let asks = prompt(category);
    let room = usize::try_from(inner.width.max(1)).unwrap_or(1);
    let mut y = inner.y + 3;
    let head = format!("{}: {}", category_words(category), asks.question);
    for line in wrap(&head, room) {
        canvas.text(inner.x, y, &line, inner.width, palette.on_bar().add_modifier(Modifier::BOLD));
        y += 1;
    }
    for line in asks.think_of {
        if y < inner.bottom() {
            canvas.text(inner.x, y, &format!("  {} {line}", if canvas.ascii { "-" } else { "•" }), inner.width, faint);
        }
        y += 1;
    }
    y += 1;
    let known = found(app);
    if known.is_empty() && y < inner.bottom() {
        let says = match app.awaits_rules() {
            true => ASKING,
            false => "No rule says anything of this here, and nobody raised anything.",
        };
        canvas.text(inner.x, y, says, inner.width, faint);
    }
    let left = usize::try_from((inner.bottom() - y).max(0)).unwrap_or(0);
    // The last row says how many more there are.
    let shown = if known.len() > left { left.saturating_sub(1) } else { known.len() };
    for (mark, text) in known.iter().take(shown) {
        let style = match mark.as_str() {
            "fires" | "raised" => palette.warn().bg(palette.bar),
            _ => faint,
        };
        canvas.text(inner.x, y, mark, 9, style);
        canvas.text(inner.x + 10, y, text, inner.width - 10, palette.on_bar());
        y += 1;
    }
    if known.len() > shown && left > 0 {
        canvas.text(inner.x, y, &format!("… and {} more", known.len() - shown), inner.width, faint);
    }
}

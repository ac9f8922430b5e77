//! The drills screen: what there is to play and what was played, and the text to read of the row under the cursor. An open
//! drill takes the whole of it.

use super::{Canvas, below_heading};
use crate::app::App;
use crate::app::command::CommandId;
use crate::app::list::Line;
use crate::app::shelf::{lines, reading};
use crate::app::update::lists::EXTRA_ROWS;
use crate::app::width::width;
use crate::diagram::Rect as Area;
use crate::drill::EXERCISE;
use crate::model::text::counted;

/// Columns that the text takes beside the list, where there is room for it.
const READING_COLUMNS: i32 = 50;

/// Paints the drills screen.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, area: Area) {
    if let Some(board) = &app.drills.board {
        return super::board::draw(app, canvas, board, area);
    }
    let palette = canvas.palette;
    let beside = area.width >= 110;
    let left = Area::new(area.x, area.y, if beside { area.width - READING_COLUMNS } else { area.width }, area.height);
    let lines = lines(app);
    let Some(shelf) = &app.drills.shelf else {
        canvas.text(left.x + 1, left.y, "Looking for scenarios and drills …", left.width - 2, palette.faint());
        return;
    };
    let count = format!("{}, {}", counted(shelf.scenarios.len(), "scenario"), counted(shelf.logs.len(), "drill"));
    canvas.text(left.x + 1, left.y, &count, left.width - 2, palette.heading());
    if !app.drills.filter.is_empty() {
        canvas.text_right(left.right() - 1, left.y, &format!("/{}", app.drills.filter), 24, palette.warn());
    }
    canvas.horizontal(left, left.y + 1, palette.faint());
    if lines.is_empty() {
        canvas.paragraph(below_heading(left), "Nothing matches the filter; esc ends it.", palette.text());
    }
    let room = usize::try_from(left.height.max(0)).unwrap_or(0).saturating_sub(EXTRA_ROWS);
    let view = app.drills.list.window(lines.len(), room);
    let widest = |of: fn(&crate::app::shelf::Cells) -> &str, most: i32| {
        let cells = lines.iter().filter_map(|line| match line {
            Line::Heading(_) => None,
            Line::Row(_, cells) => Some(width(of(cells))),
        });
        i32::try_from(cells.max().unwrap_or(0)).unwrap_or(0).min(most)
    };
    let names = widest(|cells| &cells.name, left.width * 2 / 5);
    let states = widest(|cells| &cells.state, left.width / 3);
    let from = widest(|cells| &cells.from, 10);
    for (y, line) in (left.y + 2..).zip(&lines[view.clone()]) {
        match line {
            Line::Heading(title) => {
                canvas.text(left.x + 1, y, title, left.width - 2, palette.heading());
            }
            Line::Row(at, cells) => {
                let ground = canvas.row(left, y, *at == app.drills.list.at());
                let x = left.x + 2;
                canvas.text(x, y, &cells.name, names, ground);
                let end = left.right() - 1;
                canvas.text_right(end, y, &cells.from, from, ground.fg(palette.dim));
                let style = if cells.is_open { ground.fg(palette.warning) } else { ground.fg(palette.dim) };
                let at = end - from - 2 - states;
                canvas.text(at, y, &cells.state, states, style);
                canvas.text(x + names + 2, y, &cells.title, at - x - names - 4, ground);
            }
        }
    }
    canvas.legend(left, EXERCISE, lines.len() - view.end);
    if beside {
        let area = Area::new(left.right(), area.y, READING_COLUMNS, area.height);
        super::reading::draw(app, canvas, area, 10, &reading(app), CommandId::DrillRead);
    }
}

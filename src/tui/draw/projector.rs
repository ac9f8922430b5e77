//! A drill for everybody in the room: the clock of the story in large letters, what everybody was told, what is known,
//! believed and unknown, what is to be decided, and the legal clocks that run. Nothing hidden is in it.

use super::Canvas;
use super::board::list;
use crate::app::drills::Board;
use crate::app::width::width;
use crate::diagram::Rect as Area;
use crate::drill::board::{Row, story};
use crate::drill::player::Seat;
use crate::drill::state::Phase;
use ratatui::style::{Modifier, Style};

/// Digits and the colon, five rows of three cells each.
const GLYPHS: [(char, [&str; 5]); 11] = [
    ('0', ["###", "# #", "# #", "# #", "###"]),
    ('1', [" # ", "## ", " # ", " # ", "###"]),
    ('2', ["###", "  #", "###", "#  ", "###"]),
    ('3', ["###", "  #", "###", "  #", "###"]),
    ('4', ["# #", "# #", "###", "  #", "  #"]),
    ('5', ["###", "#  ", "###", "  #", "###"]),
    ('6', ["###", "#  ", "###", "# #", "###"]),
    ('7', ["###", "  #", "  #", "  #", "  #"]),
    ('8', ["###", "# #", "###", "# #", "###"]),
    ('9', ["###", "# #", "###", "  #", "###"]),
    (':', ["   ", " # ", "   ", " # ", "   "]),
];

/// Rows of a large letter.
const ROWS: i32 = 5;

/// With fewer rows below the clock, what was told and what is known take turns.
const ROOM_FOR_SITUATION: i32 = 18;

/// Paints the drill for the room.
pub fn draw(canvas: &mut Canvas<'_>, board: &Board, area: Area) {
    let palette = canvas.palette;
    let now = story(board.state(), board.stamp());
    let (day, time) = now.split_once(' ').unwrap_or(("", &now));
    let minute: String = time.chars().take(5).collect();
    let mut y = area.y + 1;
    if area.height >= 18 && area.width >= 60 {
        large(canvas, Area::new(area.x, y, area.width, ROWS), &minute);
        y += ROWS + 1;
    } else {
        center(canvas, area, y, &minute, palette.heading());
        y += 1;
    }
    let phase = match board.state().phase {
        Phase::Paused => " – paused",
        Phase::Ended => " – the exercise is over",
        Phase::Before | Phase::Running => "",
    };
    center(canvas, area, y, &format!("{day}{phase}"), palette.text().add_modifier(Modifier::BOLD));
    y += 2;
    let view = crate::drill::player::View::new(&board.plan, board.state(), Seat::Room, board.stamp());
    let wide = area.width.min(110) - 4;
    let left = area.x + (area.width - wide) / 2;
    let sent = view.sent();
    let said = match sent.last() {
        Some(sent) => view.message(sent),
        None => vec![Row::heading("To begin with"), Row::wide(view.opening())],
    };
    let (situation, is_written) = view.situation();
    let situation = titled("Where we stand", situation);
    let rest = (area.bottom() - y).max(0);
    let decide = titled("To decide", view.open_decisions());
    let clocks = titled("Legal clocks", view.clocks());
    let parts = if rest >= ROOM_FOR_SITUATION {
        let (half, third) = (rest / 2, rest / 3);
        vec![(said, half - third / 2), (situation, third), (decide, third / 2), (clocks, rest - half - third)]
    } else {
        // The story is told once; what the room holds to be true goes on.
        let first = if sent.is_empty() && is_written { situation } else { said };
        vec![(first, rest / 2), (decide, rest / 4), (clocks, rest - rest / 2 - rest / 4)]
    };
    for (rows, height) in parts {
        list(canvas, Area::new(left, y, wide, height), &rows, None);
        y += height;
    }
}

fn titled(title: &str, rows: Vec<Row>) -> Vec<Row> {
    std::iter::once(Row::heading(title)).chain(rows).collect()
}

fn center(canvas: &mut Canvas<'_>, area: Area, y: i32, text: &str, style: Style) {
    let wide = i32::try_from(width(text)).unwrap_or(0).min(area.width);
    canvas.text(area.x + (area.width - wide) / 2, y, text, wide, style);
}

/// A time in letters of five rows, each cell two columns wide.
fn large(canvas: &mut Canvas<'_>, area: Area, text: &str) {
    let style = canvas.palette.heading();
    let full = if canvas.ascii { "##" } else { "██" };
    let count = i32::try_from(text.chars().count()).unwrap_or(0);
    let mut x = area.x + (area.width - count * 8 + 2) / 2;
    for ch in text.chars() {
        let glyph = GLYPHS.iter().find(|(own, _)| *own == ch);
        for (y, line) in (area.y..).zip(glyph.iter().flat_map(|(_, lines)| lines.iter())) {
            for (column, _) in line.chars().enumerate().filter(|(_, ch)| *ch == '#') {
                let at = x + 2 * i32::try_from(column).unwrap_or(0);
                canvas.text(at, y, full, 2, style);
            }
        }
        x += 8;
    }
}

//! The attackers screen: who there is and how much each reaches; and of the one under the cursor the paths, step by step.

use super::{Canvas, below_heading};
use crate::analysis::attack::paths::guarded_rank;
use crate::analysis::attack::words;
use crate::app::App;
use crate::app::attackers::{LOOKING, Line, current, lines, reached, reading};
use crate::app::command::CommandId;
use crate::app::update::lists::EXTRA_ROWS;
use crate::app::width::width;
use crate::diagram::Rect as Area;
use crate::model::text::counted;

/// Columns below which there is no room for more than the list.
const ROOM_FOR_READING: i32 = 60;

/// Paints the attackers screen.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, area: Area) {
    let palette = canvas.palette;
    let beside = area.width >= ROOM_FOR_READING;
    let columns = if beside { (area.width * 2 / 5).clamp(30, 46) } else { area.width };
    let left = Area::new(area.x, area.y, columns, area.height);
    let attack = app.attack();
    let own = attack.who.iter().filter(|who| who.own.is_some()).count();
    let cut = if attack.graph.is_cut { " · too large: not everything is looked at" } else { "" };
    let counts = format!("{} · {}{cut}", counted(own, "attacker"), counted(attack.who.len() - own, "profile"));
    // Nothing is counted before it is there.
    let heading = if app.awaits_attack() { "…" } else { &counts };
    canvas.text(left.x + 1, left.y, heading, left.width - 2, palette.heading());
    if !app.attackers.filter.is_empty() {
        canvas.text_right(left.right() - 1, left.y, &format!("/{}", app.attackers.filter), 14, palette.warn());
    }
    canvas.horizontal(left, left.y + 1, palette.faint());
    let all = lines(app);
    if all.is_empty() {
        let says = if app.awaits_attack() { LOOKING } else { "Nothing matches the filter; esc ends it." };
        canvas.paragraph(below_heading(left), says, palette.text());
    }
    let room = usize::try_from(left.height.max(0)).unwrap_or(0).saturating_sub(EXTRA_ROWS);
    let view = app.attackers.list.window(all.len(), room);
    for (offset, line) in (0..).zip(&all[view.clone()]) {
        let y = left.y + 2 + offset;
        match line {
            Line::Heading(text) => {
                canvas.text(left.x + 1, y, text, left.width - 2, palette.faint());
            }
            Line::Row(row, at) => {
                let ground = canvas.row(left, y, *row == app.attackers.list.at());
                let reached = reached(app, *at);
                let wide = i32::try_from(width(&reached)).unwrap_or(6);
                canvas.text(left.x + 2, y, attack.who[*at].title(), left.width - wide - 5, ground);
                canvas.text_right(left.right() - 1, y, &reached, wide, ground.fg(palette.warning));
            }
        }
    }
    let below = all.len() - view.end;
    let guarded = words::class(&app.model, Some(guarded_rank(&app.model)));
    let legends = [format!("likely/with luck: {guarded} or higher"), format!("likely/lucky: {guarded} up")];
    let room = usize::try_from(left.width - 2).unwrap_or(0);
    let legend = legends.iter().find(|legend| width(legend) <= room).unwrap_or(&legends[1]);
    canvas.legend(left, legend, below);
    if beside && current(app).is_some() {
        let area = Area::new(left.right(), area.y, area.width - left.width, area.height);
        super::reading::draw(app, canvas, area, 11, &reading(app), CommandId::AttackerPaths);
    }
}

//! The threats screen: what fires, what to ask, what is answered; and the reason for the row under the cursor.

use super::{Canvas, below_heading};
use crate::app::App;
use crate::app::command::CommandId;
use crate::app::judging::ASKING;
use crate::app::list::Line;
use crate::app::threats::{Grouping, Listed, Row, current, reading, row};
use crate::app::update::lists::EXTRA_ROWS;
use crate::app::width::width;
use crate::diagram::Rect as Area;
use crate::model::text::counted;
use ratatui::style::Modifier;

/// Columns that the reason takes beside the list, where there is room for it.
const READING_COLUMNS: i32 = 46;

/// Paints the threats screen.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, area: Area) {
    let palette = canvas.palette;
    let judged = app.judged();
    let beside = area.width >= 110;
    let left = Area::new(area.x, area.y, if beside { area.width - READING_COLUMNS } else { area.width }, area.height);
    let mut x = left.x + 1;
    // Nothing is counted before it is there.
    let waits = app.awaits_rules() && judged.is_nothing();
    let tabs = Listed::ALL.map(|listed| match waits {
        true => format!("… {}", listed.name()),
        false => format!("{} {}", judged.count(listed), listed.name()),
    });
    // Closer together where there is little room.
    let all = i32::try_from(tabs.iter().map(|tab| width(tab)).sum::<usize>()).unwrap_or(0);
    let gap = if all + 3 * 5 + 2 <= left.width { 3 } else { 1 };
    for (listed, text) in Listed::ALL.into_iter().zip(tabs) {
        let style = if listed == app.threats.listed {
            palette.heading().add_modifier(Modifier::UNDERLINED)
        } else {
            palette.faint()
        };
        x = canvas.text(x, left.y, &text, left.right() - x, style) + gap;
    }
    if !app.threats.filter.is_empty() {
        canvas.text_right(left.right() - 1, left.y, &format!("/{}", app.threats.filter), 24, palette.warn());
    } else if app.threats.grouping != Grouping::Rule && left.right() - x > 20 {
        canvas.text_right(left.right() - 1, left.y, app.threats.grouping.name(), 20, palette.faint());
    }
    canvas.horizontal(left, left.y + 1, palette.faint());
    let listing = judged.listing();
    if let Some(says) = judged.error.as_deref().or_else(|| (listing.entries == 0).then(|| nothing(app))) {
        return canvas.paragraph(below_heading(left), says, palette.text());
    }
    let room = usize::try_from(left.height.max(0)).unwrap_or(0).saturating_sub(EXTRA_ROWS);
    let lines = &listing.lines;
    let view = app.threats.list.window(lines.len(), room);
    let shown = &lines[view.clone()];
    let rows: Vec<Option<Row>> = shown
        .iter()
        .map(|line| match line {
            Line::Heading(..) => None,
            Line::Row(_, key) => judged.entry(*key).map(|entry| row(app, &entry)),
        })
        .collect();
    let widest = |of: fn(&Row) -> &str| rows.iter().flatten().map(|row| width(of(row))).max().unwrap_or(0);
    let weight = i32::try_from(widest(|row| &row.weight)).unwrap_or(6).min(7);
    let text = i32::try_from(widest(|row| &row.beside)).unwrap_or(0).min(left.width / 3);
    for (offset, (line, row)) in (0..).zip(shown.iter().zip(&rows)) {
        let y = left.y + 2 + offset;
        match (line, row) {
            (Line::Heading((title, id, count)), _) => {
                let noun = if app.threats.grouping == Grouping::Rule { "place" } else { "threat" };
                let dot = if id.is_empty() { "" } else { " · " };
                let behind = format!("  {id}{dot}{}", counted(*count, noun));
                let room = left.width - 2 - i32::try_from(width(&behind)).unwrap_or(0);
                let x = canvas.text(left.x + 1, y, title, room, palette.heading());
                canvas.text(x, y, &behind, left.right() - x - 1, palette.faint());
            }
            (Line::Row(at, _), Some(row)) => {
                let ground = canvas.row(left, y, *at == app.threats.list.at());
                canvas.text_right(left.x + 2 + weight, y, &row.weight, weight, ground.fg(palette.warning));
                let x = left.x + 4 + weight;
                let room = left.right() - 1 - x - if text > 0 { text + 2 } else { 0 };
                canvas.text(x, y, &row.what, room, ground);
                canvas.text_right(left.right() - 1, y, &row.beside, text, ground.fg(palette.dim));
            }
            (Line::Row(..), None) => {}
        }
    }
    let legend = match app.threats.listed {
        _ if app.awaits_rules() => ASKING,
        Listed::Questions => "number: how much risk the answer decides",
        Listed::NotApplicable => "beside: the part of the rule that does not hold",
        _ => "number: likelihood × impact, both assumed; ? unknown",
    };
    let below = lines.len() - view.end;
    canvas.legend(left, legend, below);
    if beside {
        let area = Area::new(left.right(), area.y, READING_COLUMNS, area.height);
        let lines = current(app).map(|entry| reading(app, &entry, false)).unwrap_or_default();
        super::reading::draw(app, canvas, area, 9, &lines, CommandId::ThreatProof);
    }
}

/// Why the list is empty.
fn nothing(app: &App) -> &'static str {
    match app.threats.listed {
        _ if app.awaits_rules() => ASKING,
        _ if !app.threats.filter.is_empty() => "Nothing matches the filter; esc ends it.",
        _ if app.rules.rules().next().is_none() => "There are no rules.",
        Listed::Fires => "No rule fires. That is no proof that nothing is wrong: look at the questions (o).",
        Listed::Questions => "No rule needs a fact that is missing.",
        Listed::Answered => "Nothing is answered by a control or by what the model says.",
        Listed::Decided => "Nothing is decided: on a threat ta accepts it, tt transfers it, tm says what mitigates it.",
        Listed::OutOfScope => "Nothing is out of scope.",
        Listed::NotApplicable => "Every rule has something to say of everything that it is about.",
    }
}

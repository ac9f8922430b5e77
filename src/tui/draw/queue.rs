//! The question queue: one question, what waits for it, its answers and what each would change.

use super::Canvas;
use crate::app::App;
use crate::app::command::CommandId;
use crate::app::judging::ASKING;
use crate::app::list::first_in_view;
use crate::app::queue::{Shown, Whose, aside_words, is_typed, sentence, whose_words};
use crate::app::width::{width, wrap};
use crate::diagram::Rect as Area;
use crate::model::reflect::Kind;
use crate::model::text::counted;
use ratatui::style::Modifier;

/// Columns and rows of the queue, where there is room.
const SIZE: (i32, i32) = (92, 24);

/// Paints the queue over the screen.
pub fn draw(app: &App, canvas: &mut Canvas<'_>) {
    let palette = canvas.palette;
    let (columns, rows) = (i32::from(app.size.0), i32::from(app.size.1));
    let (wide, high) = (SIZE.0.min(columns), SIZE.1.min(rows - 2).max(3));
    let area = Area::new((columns - wide) / 2, ((rows - high) / 3).max(0), wide, high);
    let Some(shown) = &app.queue.shown else {
        let inner = canvas.popup(Area::new(area.x, area.y, wide, 7.min(high)), "Questions");
        return canvas.paragraph(inner, &nothing(app), palette.on_bar());
    };
    let title = format!("{} · {}", counted(shown.of, "question"), whose_words(app, &app.queue.whose));
    let inner = canvas.popup(area, &title);
    let faint = palette.faint().bg(palette.bar);
    let room = usize::try_from(inner.width.max(1)).unwrap_or(1);
    let mut y = inner.y;
    for line in wrap(&sentence(app, &shown.question), room).into_iter().take(3) {
        canvas.text(inner.x, y, &line, inner.width, palette.heading().bg(palette.bar));
        y += 1;
    }
    for line in wrap(shown.doc, room).into_iter().take(2) {
        canvas.text(inner.x, y, &line, inner.width, faint);
        y += 1;
    }
    if let Some(aside) = &shown.question.set_aside {
        canvas.text(inner.x, y, &aside_words(app, aside), inner.width, palette.warn().bg(palette.bar));
        y += 1;
    }
    y += 1;
    y = waits(app, canvas, shown, Area::new(inner.x, y, inner.width, inner.bottom() - y)) + 1;
    answers(app, canvas, shown, Area::new(inner.x, y, inner.width, inner.bottom() - y));
}

/// What waits for the answer: the rules with the most verdicts. Returns the row below.
fn waits(app: &App, canvas: &mut Canvas<'_>, shown: &Shown, area: Area) -> i32 {
    let palette = canvas.palette;
    let faint = palette.faint().bg(palette.bar);
    let most = if area.height > 14 { 4 } else { 2 };
    let head = format!("{} for the answer:", waiting(shown.question.decides.len()));
    canvas.text(area.x, area.y, &head, area.width, palette.on_bar());
    let weight = format!("weight {:.1}", f64::from(shown.question.weight) / 10.0);
    canvas.text_right(area.right(), area.y, &weight, 16, faint);
    let mut y = area.y + 1;
    for (rule, count) in shown.waits.iter().take(most) {
        let rule = app.rules.rule(*rule);
        canvas.text_right(area.x + 6, y, &count.to_string(), 6, palette.on_bar());
        let x = canvas.text(area.x + 8, y, &rule.title, area.width - 20, palette.on_bar());
        canvas.text(x + 2, y, &rule.id, area.right() - x - 2, faint);
        y += 1;
    }
    if shown.waits.len() > most {
        let more = format!(
            "and {}; {} shows all",
            counted(shown.waits.len() - most, "more rule"),
            app.key(CommandId::QueueWaits)
        );
        canvas.text(area.x + 8, y, &more, area.width - 8, faint);
        y += 1;
    }
    y
}

/// The answers, each with its key and with what it would change.
fn answers(app: &App, canvas: &mut Canvas<'_>, shown: &Shown, area: Area) {
    let palette = canvas.palette;
    let faint = palette.faint().bg(palette.bar);
    if shown.answers.is_empty() {
        let text = match shown.kind {
            Some(kind) if is_typed(&kind) => format!("{} types the answer", app.key(CommandId::QueueType)),
            _ => format!("{} goes to the fact", app.key(CommandId::QueueFact)),
        };
        canvas.text(area.x, area.y, &text, area.width, palette.on_bar());
        return;
    }
    let labels = shown.answers.iter().map(|(answer, _)| width(&answer.label)).max().unwrap_or(0);
    let labels = i32::try_from(labels).unwrap_or(8).min(area.width / 3).max(3);
    let told = 31.min(area.width / 2);
    canvas.text_right(area.right(), area.y, "fires  settles  leaves open", told, faint);
    // The last two rows tell the answer under the cursor in full.
    let told_rows = if area.height > 8 { 2 } else { 0 };
    let room = usize::try_from((area.height - 1 - told_rows).max(0)).unwrap_or(0);
    let scroll = first_in_view(app.queue.at, 0, room);
    for (row, (at, (answer, told_of))) in (1..).zip(shown.answers.iter().enumerate().skip(scroll).take(room)) {
        let y = area.y + row;
        let here = at == app.queue.at;
        let ground = if here { palette.selected() } else { palette.on_bar() };
        if here {
            canvas.fill(Area::new(area.x - 1, y, area.width + 2, 1), ground);
            canvas.text(area.x - 1, y, if canvas.ascii { ">" } else { "▌" }, 1, ground.fg(palette.accent));
        }
        if at < 9 {
            canvas.text(area.x, y, &(at + 1).to_string(), 1, ground.fg(palette.accent).add_modifier(Modifier::BOLD));
        }
        canvas.text(area.x + 2, y, &answer.label, labels, ground);
        let x = area.x + labels + 4;
        canvas.text(x, y, &answer.doc, area.right() - told - x, ground.fg(palette.dim));
        let Some(change) = told_of else { continue };
        // The columns stand below the heads of them.
        for (right, count, style) in [
            (22, change.fires, ground.fg(palette.warning)),
            (13, change.settled, ground),
            (0, change.open, ground.fg(palette.dim)),
        ] {
            canvas.text_right(area.right() - right, y, &count.to_string(), 6, style);
        }
    }
    if let Some((answer, _)) = shown.answers.get(app.queue.at).filter(|_| told_rows > 0) {
        let told = Area::new(area.x, area.bottom() - told_rows, area.width, told_rows);
        canvas.paragraph(told, &answer.doc, faint);
    }
    if matches!(shown.kind.as_ref().map(|kind| kind.inner()), Some(Kind::Variant(_))) {
        let text = format!("{} types another answer", app.key(CommandId::QueueType));
        let y = area.y + 1 + i32::try_from(shown.answers.len().min(room)).unwrap_or(0);
        canvas.text(area.x + 2, y, &text, area.width - 2, faint);
    }
    let below = shown.answers.len().saturating_sub(scroll + room);
    if below > 0 {
        canvas.text_right(area.right(), area.bottom(), &format!(" ▼ {below} more "), 16, palette.on_bar());
    }
}

fn waiting(count: usize) -> String {
    match count {
        1 => "1 verdict waits".to_owned(),
        count => format!("{count} verdicts wait"),
    }
}

/// Why there is no question.
fn nothing(app: &App) -> String {
    if let Some(error) = &app.judged().error {
        return error.clone();
    }
    if app.awaits_rules() {
        return ASKING.to_owned();
    }
    let key = app.key(CommandId::QueueWhose);
    match &app.queue.whose {
        Whose::Everybody => format!("No rule waits for a fact. {key} shows those that were put aside."),
        Whose::Aside => {
            format!("Nothing is parked, and nobody was given a question. {key} goes back to the whole model.")
        }
        whose => format!("No question {}. {key} goes through others.", whose_words(app, whose)),
    }
}

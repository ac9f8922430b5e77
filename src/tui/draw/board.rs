//! An open drill: the label and the clocks, panes of rows, and the keys. Who looks decides which panes there are.

use super::Canvas;
use crate::app::App;
use crate::app::boards::places;
use crate::app::command::{CommandId, hints, spec};
use crate::app::drills::{Board, Face, panes};
use crate::app::width::{width, wrap};
use crate::diagram::Rect as Area;
use crate::drill::board::{Head, Pane, Row, Tone, head};
use crate::drill::state::Phase;
use ratatui::style::{Modifier, Style};

/// The label that is always there.
const LABEL: &str = " EXERCISE ";

/// The widest left column.
const LEFT_COLUMNS: usize = 14;

/// Paints an open drill.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, board: &Board, area: Area) {
    let places = places(board, area);
    heading(canvas, board, places.head);
    if let Some(area) = places.tabs {
        tabs(canvas, board, area);
    }
    for (pane, area) in &places.panes {
        self::pane(canvas, board, *pane, *area, places.panes.len() > 1);
    }
    if board.face == Face::Projector {
        let body = Area::new(area.x, places.head.bottom(), area.width, places.keys.y - places.head.bottom());
        super::projector::draw(canvas, board, body);
    }
    keys(app, canvas, places.keys);
}

/// Label, title and where the drill is; then the clocks.
fn heading(canvas: &mut Canvas<'_>, board: &Board, area: Area) {
    let palette = canvas.palette;
    canvas.fill(area, palette.on_bar());
    let Head { title, phase, story, play, wall, scale } = head(&board.plan, board.state(), board.stamp());
    let alarm = Style::new().fg(palette.error).bg(palette.bar).add_modifier(Modifier::BOLD | Modifier::REVERSED);
    let bold = palette.on_bar().add_modifier(Modifier::BOLD);
    let mut x = canvas.text(area.x, area.y, LABEL, area.width, alarm) + 1;
    x = canvas.text(x, area.y, &title, area.right() - x, bold) + 1;
    let who = match &board.face {
        Face::Console => {
            let console = board.console();
            let (begun, parts) = console.parts();
            format!("· part {begun} of {parts} {}", drift(&console.drift_words()))
        }
        Face::Evaluation => format!("· evaluation by {}", board.writer),
        Face::Projector => String::new(),
        Face::Player(role) => {
            format!("· you are: {}", board.plan.role(role.as_str()).map_or(role.as_str(), |role| role.title.as_str()))
        }
        Face::Solo => "· you play every role".to_owned(),
    };
    canvas.text(x, area.y, &who, area.right() - x - 14, palette.on_bar());
    let (word, style) = match phase {
        Phase::Before => ("NOT BEGUN", palette.faint().bg(palette.bar)),
        Phase::Running => ("RUNNING", palette.heading().bg(palette.bar)),
        Phase::Paused => ("PAUSED", palette.warn().bg(palette.bar).add_modifier(Modifier::BOLD)),
        Phase::Ended => ("OVER", palette.on_bar().add_modifier(Modifier::BOLD)),
    };
    canvas.text_right(area.right() - 1, area.y, word, 12, style);
    if area.height < 2 {
        return;
    }
    let y = area.y + 1;
    let mut x = area.x + 1;
    let faint = palette.faint().bg(palette.bar);
    for (name, value) in [("story", &story), ("play", &play), ("wall", &wall)] {
        x = canvas.text(x, y, name, area.right() - x, faint) + 1;
        x = canvas.text(x, y, value, area.right() - x, bold) + 2;
    }
    x = canvas.text(x, y, &format!("×{scale}"), area.right() - x, palette.on_bar()) + 2;
    if board.simulated {
        x = canvas.text(x, y, "time is made up", area.right() - x, palette.warn().bg(palette.bar)) + 2;
    }
    let right = match (&board.read_only, &board.face) {
        (_, Face::Player(_) | Face::Projector) => String::new(),
        (Some(_), _) => "only looking".to_owned(),
        (None, Face::Evaluation) => {
            let (rated, all) = crate::drill::evaluation::coverage(&board.plan, board.state());
            format!("{rated} of {all} rated")
        }
        (None, _) => format!("{} open", board.state().items.iter().filter(|item| item.done.is_none()).count()),
    };
    canvas.text_right(area.right() - 1, y, &right, (area.right() - 1 - x).max(0), palette.on_bar());
}

fn drift(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!("· {words}") }
}

/// The names of the panes, where not all are shown.
fn tabs(canvas: &mut Canvas<'_>, board: &Board, area: Area) {
    let palette = canvas.palette;
    let mut x = area.x + 1;
    for pane in panes(&board.face) {
        let rows = board.rows(*pane);
        let watch = rows.iter().any(|row| matches!(row.tone, Tone::Alarm));
        let waiting = if *pane == Pane::Waiting { board.view().count_waiting() } else { 0 };
        let count = if waiting > 0 { format!(" {waiting}") } else { String::new() };
        let text = format!("{}{count}{}", pane.short(), if watch { "!" } else { "" });
        let style = match (*pane == board.focus, watch) {
            (true, _) => palette.heading().add_modifier(Modifier::UNDERLINED),
            (false, true) => Style::new().fg(palette.error),
            (false, false) => palette.faint(),
        };
        x = canvas.text(x, area.y, &text, area.right() - x, style) + 2;
    }
    if !board.filter.is_empty() {
        canvas.text_right(area.right() - 1, area.y, &format!("/{}", board.filter), 20, palette.warn());
    }
}

/// One pane: its name on a line, then its rows, scrolled so that the cursor is in view.
fn pane(canvas: &mut Canvas<'_>, board: &Board, pane: Pane, area: Area, among_others: bool) {
    if area.width < 4 || area.height < 1 {
        return;
    }
    let palette = canvas.palette;
    let focus = board.focus == pane;
    let inner = Area::new(area.x + 1, area.y + 1, area.width - 2, area.height - 1);
    canvas.horizontal(Area::new(area.x, area.y, area.width - i32::from(among_others), 1), area.y, palette.faint());
    let title = format!(" {} ", pane.title());
    let style = if focus { palette.heading() } else { palette.faint().add_modifier(Modifier::BOLD) };
    let x = canvas.text(area.x + 1, area.y, &title, area.width - 2, style);
    if focus && !board.filter.is_empty() {
        canvas.text(x, area.y, &format!("/{} ", board.filter), area.right() - x - 1, palette.warn());
    }
    let rows = board.rows(pane);
    let at = board.cursor(pane, &rows);
    list(canvas, inner, &rows, focus.then_some(at));
}

/// Rows with their left column, the row of the cursor in view.
pub fn list(canvas: &mut Canvas<'_>, area: Area, rows: &[Row], cursor: Option<usize>) {
    let palette = canvas.palette;
    let most = usize::try_from((area.width / 3).max(0)).unwrap_or(0).min(LEFT_COLUMNS);
    let left = rows.iter().map(|row| width(&row.left)).max().unwrap_or(0).min(most);
    let left = i32::try_from(left).unwrap_or(0);
    let indent = if left > 0 { left + 1 } else { 0 };
    let columns = |row: &Row| {
        let x = if row.wide { 0 } else { indent };
        (x, usize::try_from((area.width - x).max(8)).unwrap_or(8))
    };
    let lines: Vec<(i32, Vec<String>)> = rows
        .iter()
        .map(|row| {
            let (x, room) = columns(row);
            (x, wrap(&row.text, room))
        })
        .collect();
    let height = |at: usize| lines[at].1.len().max(1);
    let room = usize::try_from(area.height.max(0)).unwrap_or(0);
    let last = cursor.unwrap_or(0).min(rows.len().saturating_sub(1));
    // The first row from which everything to the end of the cursor's fits.
    let mut first = last;
    let mut used = if rows.is_empty() { 0 } else { height(last) };
    while first > 0 && used + height(first - 1) <= room {
        first -= 1;
        used += height(first);
    }
    let mut y = area.y;
    let mut shown = first;
    for at in first..rows.len() {
        let row = &rows[at];
        let here = cursor == Some(at);
        if y >= area.bottom() {
            break;
        }
        let ground = if here { palette.selected() } else { Style::new() };
        let style = match row.tone {
            Tone::Plain => ground.fg(palette.ink),
            Tone::Heading => ground.fg(palette.accent).add_modifier(Modifier::BOLD),
            Tone::Dim => ground.fg(palette.dim),
            Tone::Warning => ground.fg(palette.warning),
            Tone::Alarm => ground.fg(palette.error).add_modifier(Modifier::BOLD),
        };
        let rows_here = i32::try_from(height(at)).unwrap_or(1).min(area.bottom() - y);
        if here {
            canvas.fill(Area::new(area.x - 1, y, area.width + 1, rows_here), ground);
            for line in 0..rows_here {
                canvas.text(area.x - 1, y + line, if canvas.ascii { ">" } else { "▌" }, 1, palette.heading());
            }
        }
        canvas.text(area.x, y, &row.left, left, style);
        let (x, parts) = &lines[at];
        for (line, part) in (0..rows_here).zip(parts) {
            canvas.text(area.x + x, y + line, part, area.width - x, style);
        }
        y += rows_here;
        shown = at + 1;
    }
    let below = rows.len().saturating_sub(shown);
    if below > 0 && area.height > 1 {
        let more = format!(" ▼ {below} more");
        let columns = i32::try_from(width(&more)).unwrap_or(0);
        canvas.text_right(area.right(), area.bottom() - 1, &more, columns, palette.warn());
    }
}

/// The keys that work here, in two lines.
fn keys(app: &App, canvas: &mut Canvas<'_>, area: Area) {
    let palette = canvas.palette;
    canvas.fill(area, palette.on_bar());
    let (mut x, mut y) = (area.x + 1, area.y);
    // What the first key of a group begins is found by pressing it.
    let groups = [(CommandId::ConsoleWork, "work …"), (CommandId::NoteGap, "note …")];
    let is_console = hints(app).contains(&CommandId::ConsoleDo);
    let mut all: Vec<(String, String)> = hints(app)
        .iter()
        .filter(|id| (spec(**id).why_not)(app).is_none())
        .filter_map(|id| Some((app.keymap.keys_of(*id).into_iter().next()?, spec(*id).title.to_lowercase())))
        .collect();
    if is_console {
        let can = groups.iter().filter(|(id, _)| (spec(*id).why_not)(app).is_none());
        let group = |(id, title): &(CommandId, &str)| {
            let keys = app.keymap.keys_of(*id).into_iter().next()?;
            Some((keys.chars().take(1).collect(), (*title).to_owned()))
        };
        let at = all.len().min(6);
        all.splice(at..at, can.filter_map(group).collect::<Vec<_>>());
    }
    for (key, title) in all {
        let wide = i32::try_from(width(&key) + width(&title) + 1).unwrap_or(0);
        if x + wide > area.right() - 1 {
            (x, y) = (area.x + 1, y + 1);
            if y >= area.bottom() {
                return;
            }
        }
        x = canvas.text(x, y, &key, wide, palette.heading().bg(palette.bar)) + 1;
        x = canvas.text(x, y, &title, wide, palette.on_bar()) + 2;
    }
}

//! The workbench without a terminal: keys in, a painted buffer out. Other tests use it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use sandtable::app::App;
use sandtable::app::config::{Settings, Theme};
use sandtable::app::key::parse;
use sandtable::app::layer::Styled;
use sandtable::app::msg::Msg;
use sandtable::app::state::Effect;
use sandtable::app::update::update;
use sandtable::diagram::arrange;
use sandtable::model::facts::Day;
use sandtable::store::ron::load;
use sandtable::tui::draw;
use sandtable::tui::palette::Depth;
use std::sync::Arc;

pub const CLINIC: &str = include_str!("../../models/clinic.ron");
pub const PORTAL: &str = include_str!("../../src/library/templates/portal.ron");
pub const FREIGHT: &str = include_str!("../../models/freight.ron");

/// The day on which tests judge.
pub fn today() -> Option<Day> {
    "2026-11-26".parse().ok()
}

/// The workbench on a text, whatever is wrong in it.
pub fn with_settings(text: &str, settings: Settings) -> App {
    let loaded = load(text).unwrap_or_else(|error| panic!("{error}"));
    let mut app = App::new(loaded.model.clone(), "models/test.ron", settings);
    app.today = today();
    // As a session tells it.
    app.lines = loaded.lines.clone();
    app.problems = loaded
        .diagnostics
        .iter()
        .map(|found| Styled::row(format!("{}:{}", found.line, found.column), found.message.clone()))
        .collect();
    app
}

/// The workbench on a text in a terminal of a size.
pub fn open(text: &str, columns: u16, rows: u16) -> App {
    let mut app = with_settings(text, Settings::default());
    send(&mut app, Msg::Resize(columns, rows));
    app
}

pub fn clinic(columns: u16, rows: u16) -> App {
    open(CLINIC, columns, rows)
}

pub fn freight(columns: u16, rows: u16) -> App {
    open(FREIGHT, columns, rows)
}

/// Sends a message, lays out what it wants laid out, and returns what else it wants done.
pub fn send(app: &mut App, msg: Msg) -> Vec<Effect> {
    let mut messages = vec![msg];
    let mut wanted = Vec::new();
    while let Some(msg) = messages.pop() {
        for effect in update(app, msg) {
            match effect {
                Effect::Arrange(graph) => {
                    messages.push(Msg::Arranged(Box::new(arrange(Arc::unwrap_or_clone(graph)).into())))
                }
                Effect::Choose(choosing) => messages.push(Msg::Chosen(Box::new(choosing.choose()))),
                Effect::Judge(inquiry) => messages.push(Msg::Judged(Box::new(inquiry.ask()))),
                other => wanted.push(other),
            }
        }
    }
    wanted
}

/// Presses keys, written as configuration writes them: `aaVisitor<Enter>`; white space has no meaning.
pub fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    let keys = if keys.trim().is_empty() { Vec::new() } else { parse(keys).unwrap() };
    keys.into_iter().flat_map(|key| send(app, Msg::Key(key))).collect()
}

/// The painted screen.
pub fn paint(app: &App, depth: Depth) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, app.size.0, app.size.1));
    draw::screen(app, &mut buffer, depth);
    buffer
}

/// The screen as text, one line a row.
pub fn screen(app: &App) -> String {
    text_of(&paint(app, Depth::True))
}

pub fn text_of(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width).max(1);
    let lines: Vec<String> = buffer
        .content
        .chunks(width)
        .map(|row| {
            let mut skip = 0;
            let mut line = String::new();
            for cell in row {
                if skip == 0 {
                    line.push_str(cell.symbol());
                    skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).max(1);
                }
                skip -= 1;
            }
            line.trim_end().to_owned()
        })
        .collect();
    lines.join("\n")
}

/// The styles of the screen: one line a row, runs of equal style as `columns × foreground on ground modifiers`.
pub fn styles(app: &App, depth: Depth, theme: Theme) -> String {
    let mut app = app.clone();
    app.theme = theme;
    let buffer = paint(&app, depth);
    let width = usize::from(buffer.area.width).max(1);
    let mut out = String::new();
    for (row, cells) in buffer.content.chunks(width).enumerate() {
        let mut runs: Vec<(usize, String)> = Vec::new();
        for cell in cells {
            // The foreground of an empty cell is not seen.
            let seen =
                !cell.symbol().trim().is_empty() || cell.modifier.intersects(Modifier::REVERSED | Modifier::UNDERLINED);
            let fg = if seen { color(cell.fg) } else { "-".into() };
            let mut style = format!("{fg}/{}", color(cell.bg));
            for (modifier, letter) in [
                (Modifier::BOLD, "b"),
                (Modifier::DIM, "d"),
                (Modifier::ITALIC, "i"),
                (Modifier::UNDERLINED, "u"),
                (Modifier::REVERSED, "r"),
            ] {
                if cell.modifier.contains(modifier) && seen {
                    style.push_str(letter);
                }
            }
            match runs.last_mut() {
                Some((count, last)) if *last == style => *count += 1,
                _ => runs.push((1, style)),
            }
        }
        let runs: Vec<String> = runs.into_iter().map(|(count, style)| format!("{count}×{style}")).collect();
        out.push_str(&format!("{row:>2} {}\n", runs.join(" ")));
    }
    out
}

fn color(color: Color) -> String {
    match color {
        Color::Reset => "-".into(),
        Color::Rgb(r, g, b) => format!("{r:02x}{g:02x}{b:02x}"),
        other => other.to_string().to_lowercase(),
    }
}

//! Paints the state. Nothing here changes it: what is where was decided by [`crate::app::frame::Frame`].

mod attackers;
mod board;
mod controls;
mod drag;
mod drills;
mod exposure;
mod inspector;
mod layers;
mod map;
mod minimap;
mod outline;
mod projector;
mod queue;
mod reading;
mod status;
mod threats;
mod walk;

use super::palette::{Depth, Palette, reduce};
use crate::app::App;
use crate::app::state::{Pane, Screen};
use crate::app::width::{fit, width, wrap};
use crate::diagram::Rect as Area;
use crate::model::text::{REPLACEMENT, is_unsafe};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier, Style};

/// Paints a whole screen. Returns where the caret is, while something is typed.
pub fn screen(app: &App, buffer: &mut Buffer, depth: Depth) -> Option<Position> {
    let palette = Palette::of(app.theme);
    let frame = app.frame();
    let mut canvas = Canvas { buffer, palette, ascii: app.settings.ascii };
    status::header(app, &mut canvas, frame.header);
    match app.screen {
        Screen::Map => {
            map::draw(app, &mut canvas, frame.main);
            if let Some(area) = frame.outline {
                outline::draw(app, &mut canvas, area, app.focus() == Pane::Outline);
            }
            if let Some(area) = frame.inspector {
                inspector::draw(app, &mut canvas, area, app.focus() == Pane::Inspector);
            }
        }
        Screen::Exposure => exposure::draw(app, &mut canvas, frame.main),
        Screen::Threats => threats::draw(app, &mut canvas, frame.main),
        Screen::Attackers => attackers::draw(app, &mut canvas, frame.main),
        Screen::Controls => controls::draw(app, &mut canvas, frame.main),
        Screen::Drills => drills::draw(app, &mut canvas, frame.main),
    }
    status::tutor(app, &mut canvas, frame.tutor());
    status::line(app, &mut canvas, frame.status);
    let caret = layers::draw(app, &mut canvas);
    status::which_key(app, &mut canvas);
    sweep(buffer);
    reduce(buffer, depth, app.theme);
    caret
}

/// The panes beside the map as they were painted last.
#[derive(Default)]
pub struct Panes(Vec<(Area, Vec<Cell>)>);

/// Paints a whole screen; while the selection hurries over the map, the panes beside it stay as they were.
pub fn screen_and_panes(app: &App, panes: &mut Panes, buffer: &mut Buffer, depth: Depth) -> Option<Position> {
    let caret = screen(app, buffer, depth);
    let frame = app.frame();
    let areas: Vec<Area> = [frame.outline, frame.inspector].into_iter().flatten().collect();
    let is_same = areas.iter().eq(panes.0.iter().map(|(area, _)| area));
    if app.hurried && is_same {
        for (area, cells) in &panes.0 {
            for (place, cell) in places(area).zip(cells) {
                if let Some(target) = buffer.cell_mut(place) {
                    target.clone_from(cell);
                }
            }
        }
    } else {
        let kept = |area: Area| (area, places(&area).filter_map(|place| buffer.cell(place).cloned()).collect());
        panes.0 = areas.into_iter().map(kept).collect();
    }
    caret
}

/// The places of an area, row by row.
fn places(area: &Area) -> impl Iterator<Item = (u16, u16)> + use<> {
    let area = *area;
    let at = |value: i32| u16::try_from(value).unwrap_or(u16::MAX);
    (area.y..area.bottom()).flat_map(move |y| (area.x..area.right()).map(move |x| (at(x), at(y))))
}

/// The last line of defence: whatever a cell holds, it moves no cursor and reorders no line. And blanks that look the same
/// are the same, so that none is written because of a colour that nobody sees.
fn sweep(buffer: &mut Buffer) {
    let seen = Modifier::UNDERLINED | Modifier::REVERSED | Modifier::CROSSED_OUT;
    for cell in &mut buffer.content {
        if cell.symbol() == " " {
            if !cell.modifier.intersects(seen) {
                cell.fg = Color::Reset;
                cell.modifier = Modifier::empty();
            }
            continue;
        }
        let symbol = cell.symbol();
        if symbol.chars().any(|ch| is_unsafe(ch) || ch == '\n') {
            let clean: String =
                symbol.chars().map(|ch| if is_unsafe(ch) || ch == '\n' { REPLACEMENT } else { ch }).collect();
            cell.set_symbol(&clean);
        }
    }
}

/// What is below the heading of a list and the line under it.
fn below_heading(area: Area) -> Area {
    Area::new(area.x + 1, area.y + 2, area.width - 2, area.height - 2)
}

/// A buffer that can be written anywhere: what lies outside is cut off.
struct Canvas<'a> {
    buffer: &'a mut Buffer,
    palette: &'static Palette,
    ascii: bool,
}

impl Canvas<'_> {
    /// Writes text from a cell on, at most `room` columns; shortened with an ellipsis. Returns the column behind it.
    fn text(&mut self, x: i32, y: i32, text: &str, room: i32, style: Style) -> i32 {
        let area = self.buffer.area;
        let (Ok(column), Ok(row)) = (u16::try_from(x), u16::try_from(y)) else { return x };
        let room = room.min(i32::from(area.width) - x);
        if row >= area.height || room <= 0 {
            return x;
        }
        let shown = fit(text, usize::try_from(room).unwrap_or(0));
        self.buffer.set_stringn(column, row, &shown, usize::try_from(room).unwrap_or(0), style);
        x + i32::try_from(width(&shown)).unwrap_or(room)
    }

    /// Writes text that ends at a column.
    fn text_right(&mut self, right: i32, y: i32, text: &str, room: i32, style: Style) {
        let shown = fit(text, usize::try_from(room.max(0)).unwrap_or(0));
        let columns = i32::try_from(width(&shown)).unwrap_or(0);
        self.text(right - columns, y, &shown, columns, style);
    }

    /// Fills an area with a style and spaces.
    fn fill(&mut self, area: Area, style: Style) {
        let whole = self.buffer.area;
        let clamp = |value: i32, limit: u16| u16::try_from(value.clamp(0, i32::from(limit))).unwrap_or(0);
        let (left, right) = (clamp(area.x, whole.width), clamp(area.right(), whole.width));
        let (top, bottom) = (clamp(area.y, whole.height), clamp(area.bottom(), whole.height));
        for y in top..bottom {
            for x in left..right {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_symbol(" ").set_style(style);
                }
            }
        }
    }

    /// A vertical line.
    fn vertical(&mut self, x: i32, top: i32, bottom: i32, style: Style) {
        let line = if self.ascii { "|" } else { "│" };
        for y in top..bottom {
            self.text(x, y, line, 1, style);
        }
    }

    /// A horizontal line.
    fn horizontal(&mut self, area: Area, y: i32, style: Style) {
        let line = if self.ascii { "-" } else { "─" };
        let count = usize::try_from(area.width.max(0)).unwrap_or(0);
        self.text(area.x, y, &line.repeat(count), area.width, style);
    }

    /// The ground of a row of a list, filled and marked where the cursor is on it. Returns the style of text on it.
    fn row(&mut self, area: Area, y: i32, here: bool) -> Style {
        if !here {
            return self.palette.text();
        }
        self.fill(Area::new(area.x, y, area.width, 1), self.palette.selected());
        self.text(area.x, y, if self.ascii { ">" } else { "▌" }, 1, self.palette.heading());
        self.palette.selected()
    }

    /// Text in as many lines as an area has.
    fn paragraph(&mut self, area: Area, text: &str, style: Style) {
        for (y, line) in (area.y..area.bottom()).zip(wrap(text, usize::try_from(area.width.max(1)).unwrap_or(1))) {
            self.text(area.x, y, &line, area.width, style);
        }
    }

    /// The last line of a list: what its columns mean, and how many lines are below.
    fn legend(&mut self, area: Area, text: &str, below: usize) {
        let room = usize::try_from(area.width - 2).unwrap_or(0);
        let more = match below {
            0 => String::new(),
            _ if width(text) + width(&format!(" ▼ {below} more")) > room => format!(" ▼ {below}"),
            _ => format!(" ▼ {below} more"),
        };
        let columns = i32::try_from(width(&more)).unwrap_or(0);
        let (y, palette) = (area.bottom() - 1, self.palette);
        self.text(area.x + 1, y, text, area.width - 2 - columns, palette.faint());
        self.text_right(area.right() - 1, y, &more, columns, palette.warn());
    }

    /// A frame with a title, its inside emptied. Returns the inside.
    fn popup(&mut self, area: Area, title: &str) -> Area {
        let style = Style::new().fg(self.palette.accent).bg(self.palette.bar);
        self.fill(area, self.palette.on_bar());
        let (h, v, corners) =
            if self.ascii { ("-", "|", ["+"; 4]) } else { ("─", "│", ["╭", "╮", "╰", "╯"]) };
        let inner = usize::try_from((area.width - 2).max(0)).unwrap_or(0);
        for (y, left, right) in [(area.y, corners[0], corners[1]), (area.bottom() - 1, corners[2], corners[3])] {
            self.text(area.x, y, &format!("{left}{}{right}", h.repeat(inner)), area.width, style);
        }
        for y in area.y + 1..area.bottom() - 1 {
            self.text(area.x, y, v, 1, style);
            self.text(area.right() - 1, y, v, 1, style);
        }
        let room = area.width - 4;
        if room > 2 && !title.is_empty() {
            let title = fit(&format!(" {title} "), usize::try_from(room).unwrap_or(0));
            self.text(area.x + 2, area.y, &title, room, style.add_modifier(ratatui::style::Modifier::BOLD));
        }
        Area::new(area.x + 2, area.y + 1, (area.width - 4).max(0), (area.height - 2).max(0))
    }
}

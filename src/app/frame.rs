//! Where the parts of the screen are. The panes beside the map share with it what columns there are: the outline is as
//! wide as its names, up to a quarter of the screen or to what the picture leaves over. Where the picture fits only if
//! names were cut off, the outline goes, unless somebody asked for it.

use super::map::Room;
use super::state::{App, Pane, Screen};
use crate::diagram::Rect;

/// Where the parts of the screen are, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// The line at the top.
    pub header: Rect,
    /// The tree on the left.
    pub outline: Option<Rect>,
    /// The middle.
    pub main: Rect,
    /// The facts on the right.
    pub inspector: Option<Rect>,
    /// The line at the bottom.
    pub status: Rect,
}

/// Columns that a screen needs before the inspector is shown unasked.
pub const ROOM_FOR_INSPECTOR: u16 = 100;
/// The same for the outline.
pub const ROOM_FOR_OUTLINE: u16 = 140;
/// The fewest columns of the outline, and the most.
const OUTLINE_COLUMNS: (i32, i32) = (18, 46);
/// The fewest columns of the inspector on a screen of a hundred or more, and the most.
const INSPECTOR_COLUMNS: (i32, i32) = (34, 56);

/// The columns of the panes beside the map; none of one that is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Panes {
    outline: i32,
    inspector: i32,
}

impl Frame {
    /// Where they are now.
    pub fn new(app: &App) -> Frame {
        let panes = if app.map.widened { shared(app) } else { grown(app) };
        Frame::with(app, panes)
    }

    /// The room that there is for the map, whatever is drawn there.
    pub fn room(app: &App) -> Room {
        let [beside, narrow] = [wide(app), narrow(app)].map(|panes| Frame::with(app, panes).main.size());
        Room { beside, narrow }
    }

    fn with(app: &App, panes: Panes) -> Frame {
        let (columns, rows) = (i32::from(app.size.0), i32::from(app.size.1));
        let header_rows = i32::from(rows > 2);
        let status_rows = i32::from(rows > 1);
        let tutor_rows = if app.tutor.is_some() && rows > 10 { super::tutor::ROWS } else { 0 };
        let height = (rows - header_rows - status_rows - tutor_rows).max(0);
        let (left, right) = (panes.outline, columns - panes.inspector);
        let pane = |x: i32, width: i32| (width > 0).then_some(Rect::new(x, header_rows, width, height));
        Frame {
            header: Rect::new(0, 0, columns, header_rows),
            outline: pane(0, panes.outline),
            main: Rect::new(left, header_rows, (right - left).max(0), height),
            inspector: pane(right, panes.inspector),
            status: Rect::new(0, header_rows + height + tutor_rows, columns, status_rows),
        }
    }

    /// The lines that the tutor takes, above the status line.
    pub fn tutor(&self) -> Rect {
        let top = self.main.bottom();
        Rect::new(0, top, self.header.width, (self.status.y - top).max(0))
    }
}

/// Whether the outline and the inspector are shown.
fn shown(app: &App) -> (bool, bool) {
    let may_be = app.screen == Screen::Map && app.size.0 > 40;
    let outline = app.outline_shown.unwrap_or(app.size.0 >= ROOM_FOR_OUTLINE);
    let inspector = app.inspector_shown.unwrap_or(app.size.0 >= ROOM_FOR_INSPECTOR);
    (may_be && outline, may_be && inspector)
}

/// As wide as they are unasked.
fn wide(app: &App) -> Panes {
    let columns = i32::from(app.size.0);
    let (outline, inspector) = shown(app);
    let third = match columns {
        ..100 => columns / 2,
        _ => (columns / 3).clamp(INSPECTOR_COLUMNS.0, INSPECTOR_COLUMNS.1),
    };
    let most = (columns / 4).clamp(OUTLINE_COLUMNS.0, OUTLINE_COLUMNS.1);
    let names = app.outline.columns().clamp(OUTLINE_COLUMNS.0, most);
    Panes { outline: if outline { names } else { 0 }, inspector: if inspector { third } else { 0 } }
}

/// As narrow as they can be.
fn narrow(app: &App) -> Panes {
    let wide = wide(app);
    let inspector = if app.size.0 < 100 { wide.inspector } else { wide.inspector.min(INSPECTOR_COLUMNS.0) };
    Panes { outline: wide.outline.min(OUTLINE_COLUMNS.0), inspector }
}

/// The outline takes what its longest name lacks, as far as the picture leaves columns over, one on either side of it.
fn grown(app: &App) -> Panes {
    let panes = wide(app);
    let main = Frame::with(app, panes).main;
    if panes.outline == 0 || app.map.waiting {
        return panes;
    }
    let lacking = app.outline.columns().min(OUTLINE_COLUMNS.1) - panes.outline;
    // On a canvas of another shape flows would run the other way.
    let least = (app.map.bounds().width + 2).max(if main.width > main.height * 5 { main.height * 5 + 1 } else { 0 });
    Panes { outline: panes.outline + lacking.min(main.width - least).max(0), ..panes }
}

/// The picture takes all columns but those that the panes need at least, and some to spare: they go to the outline, so
/// that no name is cut off there, and then to the inspector. Where they do not do for that, an outline that nobody asked
/// for goes, and its columns to the inspector, too.
fn shared(app: &App) -> Panes {
    let least = narrow(app);
    let (names, spare) = (app.outline.columns().clamp(least.outline, OUTLINE_COLUMNS.1), app.map.spare);
    let is_asked_for = app.outline_shown.is_some() || app.wanted == Pane::Outline;
    let outline = match least.outline {
        0 => 0,
        least if names <= least + spare => names,
        least if is_asked_for => least + spare,
        _ => 0,
    };
    let rest = least.outline + spare - outline;
    let most = wide(app).inspector;
    let inspector = if least.inspector == 0 { 0 } else { (least.inspector + rest).min(most) };
    Panes { outline, inspector }
}

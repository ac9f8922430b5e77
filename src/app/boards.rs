//! Where the panes of an open drill are: all at once where there is room, beside each other where there is some, one at a
//! time on a small terminal.

use super::drills::{Board, Face, panes};
use crate::diagram::Rect;
use crate::drill::board::Pane;

/// Rows of the head: the label and the clocks.
pub const HEAD_ROWS: i32 = 2;

/// Rows of the keys.
const KEY_ROWS: i32 = 2;

/// Columns from which two panes stand beside each other.
const BESIDE: i32 = 100;

/// Columns and rows from which everything is shown at once.
const EVERYTHING: (i32, i32) = (160, 40);

/// Rows from which panes stand above each other.
const ABOVE: i32 = 28;

/// The parts of an open drill on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The label and the clocks.
    pub head: Rect,
    /// The names of the panes, where one is shown at a time.
    pub tabs: Option<Rect>,
    /// The panes that are shown.
    pub panes: Vec<(Pane, Rect)>,
    /// The keys.
    pub keys: Rect,
}

/// Panes above each other, each with its share of the rows, in a column with its share of the columns.
type Column = (i32, Vec<(Pane, i32)>);

/// Where the parts are in an area.
pub fn places(board: &Board, area: Rect) -> Places {
    let head = Rect::new(area.x, area.y, area.width, HEAD_ROWS.min(area.height));
    let key_rows = if area.height > 12 { KEY_ROWS } else { 0 };
    let keys = Rect::new(area.x, area.bottom() - key_rows, area.width, key_rows);
    let left = area.height - head.height - key_rows;
    let all = panes(&board.face);
    let columns = columns(board, area.width, left);
    let shown: usize = columns.iter().map(|(_, column)| column.len()).sum();
    let tab_rows = i32::from(shown < all.len() && left > 3);
    let tabs = (tab_rows > 0).then(|| Rect::new(area.x, head.bottom(), area.width, 1));
    let body = Rect::new(area.x, head.bottom() + tab_rows, area.width, (left - tab_rows).max(0));
    let mut panes = Vec::new();
    let mut x = body.x;
    for (at, (share, column)) in columns.iter().enumerate() {
        let last = at + 1 == columns.len();
        let width = if last { body.right() - x } else { body.width * share / 100 };
        let shares: i32 = column.iter().map(|(_, share)| share).sum();
        let mut y = body.y;
        for (at, (pane, share)) in column.iter().enumerate() {
            let last = at + 1 == column.len();
            let height = if last { body.bottom() - y } else { body.height * share / shares.max(1) };
            panes.push((*pane, Rect::new(x, y, width, height)));
            y += height;
        }
        x += width;
    }
    Places { head, tabs, panes, keys }
}

fn columns(board: &Board, width: i32, rows: i32) -> Vec<Column> {
    let focus = board.focus;
    let everything = width >= EVERYTHING.0 && rows >= EVERYTHING.1;
    let is_high = rows >= ABOVE;
    // Where not all have room, those that are looked at now take the place of the last.
    let beside = |first: Pane, second: Pane| {
        let second = if focus == first { second } else { focus };
        vec![(42, vec![(first, 1)]), (58, vec![(second, 1)])]
    };
    match &board.face {
        Face::Projector => Vec::new(),
        _ if width < BESIDE => vec![(100, vec![(focus, 1)])],
        Face::Console if everything => vec![
            (32, vec![(Pane::Injects, 6), (Pane::Roles, 4)]),
            (38, vec![(Pane::Inject, 7), (Pane::Notes, 3)]),
            (30, vec![(Pane::Work, 5), (Pane::Clocks, 3), (Pane::Attacker, 4)]),
        ],
        Face::Console if is_high => {
            let last = if focus == Pane::Notes { Pane::Notes } else { Pane::Attacker };
            vec![
                (42, vec![(Pane::Injects, 5), (Pane::Work, 4), (Pane::Roles, 4)]),
                (58, vec![(Pane::Inject, 6), (Pane::Clocks, 2), (last, 3)]),
            ]
        }
        Face::Console => beside(Pane::Injects, Pane::Inject),
        Face::Evaluation if is_high => {
            vec![(52, vec![(Pane::Tasks, 1)]), (48, vec![(Pane::Expected, 1), (Pane::Observations, 1)])]
        }
        Face::Evaluation => beside(Pane::Tasks, Pane::Expected),
        Face::Player(_) if is_high => vec![
            (60, vec![(Pane::Messages, 1)]),
            (40, vec![(Pane::Waiting, 3), (Pane::Picture, 3), (Pane::Duties, 2), (Pane::Contacts, 3)]),
        ],
        Face::Solo if is_high => vec![
            (60, vec![(Pane::Messages, 1)]),
            (40, vec![(Pane::Waiting, 3), (Pane::Help, 4), (Pane::Duties, 2), (Pane::Contacts, 2)]),
        ],
        Face::Player(_) | Face::Solo => beside(Pane::Messages, Pane::Waiting),
    }
}

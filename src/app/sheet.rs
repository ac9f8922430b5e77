//! The facts of an element as lines of the inspector: the columns of names and values, and values that go on in another
//! line while nobody works on them.

use super::fields::{FieldRow, Shown};
use super::width::{width, wrap};

/// The lines that a value takes at most.
const MOST_LINES: usize = 8;

/// Columns for the names of facts, a blank behind them included: as many as the longest takes, and three of five at most.
pub fn label_room(rows: &[FieldRow], columns: i32) -> i32 {
    let longest = rows.iter().map(|row| indent(row) + i32::try_from(width(&label(row))).unwrap_or(0)).max();
    (longest.unwrap_or(0) + 1).clamp(8.min(columns), (columns * 3 / 5).max(8))
}

/// The columns before the name of a fact.
pub fn indent(row: &FieldRow) -> i32 {
    i32::try_from(row.depth).unwrap_or(0).min(6) * 2
}

/// The name of a fact, behind what says that there is something inside.
pub fn label(row: &FieldRow) -> String {
    let mark = match (&row.shown, row.open) {
        (Shown::Group(_), true) => "▾ ",
        (Shown::Group(_), false) => "▸ ",
        (Shown::Add, _) => "+ ",
        _ => "",
    };
    format!("{mark}{}", row.label)
}

/// What is said of its value.
pub fn value(row: &FieldRow) -> String {
    match &row.shown {
        Shown::Known(text) => text.clone(),
        Shown::Assumed(text) => format!("~ {text} (assumed)"),
        Shown::Unknown => "? unknown".to_owned(),
        Shown::Empty => "–".to_owned(),
        Shown::Group(1) => "1 entry".to_owned(),
        Shown::Group(count) => format!("{count} entries"),
        Shown::Add => String::new(),
    }
}

/// The lines of each value in so many columns, the names included: more than one where all of them have room then.
pub fn values(rows: &[FieldRow], columns: i32, room: usize) -> Vec<Vec<String>> {
    let wide = usize::try_from(columns - label_room(rows, columns)).unwrap_or(0);
    let broken = |row: &FieldRow| {
        let mut lines = wrap(&value(row), wide);
        if lines.len() > MOST_LINES {
            // What is left is cut off in the last of them.
            let rest = lines.split_off(MOST_LINES - 1).join(" ");
            lines.push(rest);
        }
        lines
    };
    let all: Vec<Vec<String>> = rows.iter().map(broken).collect();
    match all.iter().map(Vec::len).sum::<usize>() <= room {
        true => all,
        false => rows.iter().map(|row| vec![value(row)]).collect(),
    }
}

/// The row to which a line belongs.
pub fn row_at(values: &[Vec<String>], line: usize) -> Option<usize> {
    let ends = values.iter().scan(0, |end, lines| {
        *end += lines.len();
        Some(*end)
    });
    ends.into_iter().position(|end| line < end)
}

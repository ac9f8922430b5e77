//! The controls screen: every control with its evidence, those in trouble first; and the one under the cursor in full.

use super::Canvas;
use crate::app::App;
use crate::app::command::CommandId;
use crate::app::controls::{Row, current, reading, rows, slugs};
use crate::app::judging::ASKING;
use crate::app::layer::Emphasis;
use crate::app::update::lists::EXTRA_ROWS;
use crate::app::width::width;
use crate::diagram::Rect as Area;
use crate::model::Slug;
use crate::model::text::counted;
use ratatui::style::Modifier;

/// Columns that the control takes beside the list, where there is room for it.
const READING_COLUMNS: i32 = 46;
/// Columns that a title needs at least before an owner is shown beside it.
const TITLE_COLUMNS: i32 = 18;
/// Columns of the words beside what there is to read.
const LEFT_COLUMNS: i32 = 9;

/// Paints the controls screen.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, area: Area) {
    let palette = canvas.palette;
    let beside = area.width >= 110;
    let left = Area::new(area.x, area.y, if beside { area.width - READING_COLUMNS } else { area.width }, area.height);
    let all = slugs(app);
    if all.is_empty() {
        let says = match (app.controls.filter.is_empty(), app.model.controls.is_empty()) {
            (false, false) => "Nothing matches the filter; esc ends it.".to_owned(),
            _ => format!(
                "There is no control yet. {} adds one of the library, {} any other.",
                app.key(CommandId::AddControl),
                app.key(CommandId::AddOther)
            ),
        };
        return canvas.paragraph(Area::new(left.x + 1, left.y, left.width - 2, left.height), &says, palette.text());
    }
    let room = usize::try_from(left.height.max(0)).unwrap_or(0).saturating_sub(EXTRA_ROWS);
    let view = app.controls.list.window(all.len(), room);
    let in_view: Vec<&Slug> = all[view.clone()].to_vec();
    let shown = rows(app, &in_view);
    let columns = Columns::new(left, &shown);
    columns.heading(canvas, left.y);
    canvas.horizontal(left, left.y + 1, palette.faint());
    let filter = &app.controls.filter;
    if !filter.is_empty() {
        canvas.text_right(left.right() - 1, left.y + 1, &format!(" /{filter} "), 24, palette.warn());
    }
    for (offset, row) in (0..).zip(&shown) {
        let here = all.get(app.controls.list.at()) == Some(&&row.slug);
        columns.row(canvas, left, left.y + 2 + offset, row, here);
    }
    let looked = match &app.looks {
        Some(looks) => format!("{} looked at", counted(looks.len(), "piece")),
        None => "files, tests, commits not looked at".to_owned(),
    };
    let says = if app.awaits_rules() { ASKING } else { "! not to be counted on · answers: threats" };
    let legend = format!("{says} · {looked}");
    canvas.legend(left, &legend, all.len() - view.end);
    if beside && let Some(slug) = current(app) {
        let pane = Area::new(left.right(), area.y, READING_COLUMNS, area.height);
        super::reading::draw(app, canvas, pane, LEFT_COLUMNS, &reading(app, slug), CommandId::ControlRead);
    }
}

/// Where the columns of the list stand: the title takes what the others leave.
struct Columns {
    title: i32,
    status: i32,
    answers: i32,
    evidence: i32,
    owner: Option<i32>,
    right: i32,
}

impl Columns {
    fn new(area: Area, rows: &[Row]) -> Columns {
        let widest = |of: fn(&Row) -> &str, most: i32| {
            i32::try_from(rows.iter().map(|row| width(of(row))).max().unwrap_or(0)).unwrap_or(0).min(most)
        };
        let right = area.right() - 1;
        let owner_columns = widest(|row| &row.owner, 14).max(5);
        let evidence_columns = widest(|row| &row.evidence, 18).max(8);
        let others = 2 + evidence_columns + 2 + 7 + 2 + 11;
        // What is only nice to have gives way first.
        let room = right - area.x - 3 - others;
        let owner = (room - owner_columns - 2 >= TITLE_COLUMNS).then(|| right - owner_columns);
        let evidence = owner.map_or(right, |owner| owner - 2) - evidence_columns;
        let answers = evidence - 2 - 7;
        let status = answers - 2 - 11;
        Columns { title: area.x + 3, status, answers, evidence, owner, right }
    }

    fn heading(&self, canvas: &mut Canvas<'_>, y: i32) {
        let style = canvas.palette.faint();
        canvas.text(self.title, y, "control", self.status - self.title - 2, style);
        canvas.text(self.status, y, "status", 11, style);
        canvas.text(self.answers, y, "answers", 7, style);
        canvas.text(self.evidence, y, "evidence", self.owner.unwrap_or(self.right) - self.evidence, style);
        if let Some(owner) = self.owner {
            canvas.text(owner, y, "owner", self.right - owner, style);
        }
    }

    fn row(&self, canvas: &mut Canvas<'_>, area: Area, y: i32, row: &Row, here: bool) {
        let palette = canvas.palette;
        let ground = canvas.row(area, y, here);
        let tone = match row.tone {
            Emphasis::Warning => ground.fg(palette.warning),
            Emphasis::Dim => ground.fg(palette.dim),
            Emphasis::Heading => ground.add_modifier(Modifier::BOLD),
            Emphasis::Plain => ground,
        };
        if row.tone == Emphasis::Warning {
            canvas.text(area.x + 1, y, "!", 1, tone.add_modifier(Modifier::BOLD));
        }
        let title = if row.tone == Emphasis::Dim { ground.fg(palette.dim) } else { ground };
        canvas.text(self.title, y, &row.title, self.status - self.title - 2, title);
        canvas.text(self.status, y, &row.status, 11, ground.fg(palette.dim));
        let answers = row.answers.map_or("–".to_owned(), |count| count.to_string());
        canvas.text_right(self.answers + 7, y, &answers, 7, title);
        let room = self.owner.map_or(self.right, |owner| owner - 2) - self.evidence;
        canvas.text(self.evidence, y, &row.evidence, room, tone);
        if let Some(owner) = self.owner {
            canvas.text(owner, y, &row.owner, self.right - owner, ground.fg(palette.dim));
        }
    }
}

//! Commands of the exposure screen.

use crate::app::command::CommandId;
use crate::app::forms;
use crate::app::list::Motion;
use crate::app::state::{App, Screen};
use crate::app::toast::Tone;
use crate::model::Slug;
use crate::model::facts::Operation;

/// Rows of the exposure screen that are no datasets: heading, roles, legend.
pub const EXTRA_ROWS: usize = 4;
/// Columns that one role takes.
pub const ROLE_COLUMNS: usize = 10;
/// Columns that the facts of the cell under the cursor take, where there is room for them.
const DETAIL_COLUMNS: usize = 38;

/// Columns that the names of datasets and their classes take: what the roles leave, within bounds.
pub fn name_columns(app: &App) -> usize {
    let width = usize::try_from(app.frame().main.width).unwrap_or(0);
    let room = if width < 100 { width } else { width - DETAIL_COLUMNS };
    room.saturating_sub(app.exposure_axes().0.len() * ROLE_COLUMNS + 2).clamp(28, 46)
}

/// Runs a command of this family. Says whether it was one.
pub fn run(app: &mut App, id: CommandId) -> bool {
    use CommandId as C;
    match id {
        C::CellLeft => app.exposure.roles.go(Motion::Up),
        C::CellRight => app.exposure.roles.go(Motion::Down),
        C::CellProof => {
            if let Some((role, dataset)) = current(app) {
                let layer = forms::proof(app, &role, &dataset);
                app.layers.push(layer);
            }
        }
        C::ToggleDirect => {
            app.exposure.direct = !app.exposure.direct;
            let what = if app.exposure.direct { "declared grants alone" } else { "computed access" };
            app.toasts.say(Tone::Info, format!("showing {what}"));
        }
        C::NextOperation => {
            app.exposure.op = match app.exposure.op {
                None => Some(Operation::Read),
                Some(Operation::Read) => Some(Operation::Create),
                Some(Operation::Create) => Some(Operation::Update),
                Some(Operation::Update) => Some(Operation::Delete),
                Some(Operation::Delete) => Some(Operation::Execute),
                Some(_) => None,
            };
        }
        C::ShowOnMap => {
            if let Some(id) = current(app).and_then(|(_, row)| app.model.node(row.as_str())) {
                app.screen = Screen::Map;
                super::moving::visit(app, id);
            }
        }
        _ => return false,
    }
    true
}

/// The role and the dataset of the cell under the cursor.
pub fn current(app: &App) -> Option<(Slug, Slug)> {
    let (roles, datasets) = app.exposure_axes();
    Some(((*roles.get(app.exposure.roles.at())?).clone(), (*datasets.get(app.exposure.datasets.at())?).clone()))
}

/// The cursor stays on the matrix, and in the view.
pub fn keep_in_range(app: &mut App, rows: usize) {
    let (roles, datasets) = app.exposure_axes();
    let (roles, datasets) = (roles.len(), datasets.len());
    let room_for_roles = usize::try_from(matrix_columns(app)).unwrap_or(0).saturating_sub(name_columns(app));
    app.exposure.datasets.settle(datasets, rows.saturating_sub(EXTRA_ROWS));
    app.exposure.roles.settle(roles, room_for_roles / ROLE_COLUMNS);
}

/// The columns that the matrix takes; the rest shows the facts of the cell under the cursor.
pub fn matrix_columns(app: &App) -> i32 {
    let width = app.frame().main.width;
    if width < 100 {
        return width;
    }
    let wanted = name_columns(app) + app.exposure_axes().0.len() * ROLE_COLUMNS + 2;
    let detail = i32::try_from(DETAIL_COLUMNS).unwrap_or(0);
    i32::try_from(wanted).unwrap_or(width).min(width - detail).max(52)
}

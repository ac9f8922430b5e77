//! Commands of the threats screen.

use super::{asking, deciding, editing, moving};
use crate::analysis::condition::Missing;
use crate::app::command::CommandId;
use crate::app::layer::{Layer, Reader};
use crate::app::list::Line;
use crate::app::state::{App, Pane, Screen};
use crate::app::threats::{Entry, Grouping, Listed, current, reading};
use crate::app::toast::Tone;
use crate::model::ElementId;
use crate::model::edit::path_name;
use crate::model::threats::Verdict;

/// Runs a command of this family. Says whether it was one.
pub fn run(app: &mut App, id: CommandId) -> bool {
    use CommandId as C;
    match id {
        C::ThreatProof => open(app),
        C::NextList => {
            let at = Listed::ALL.iter().position(|listed| *listed == app.threats.listed).unwrap_or(0);
            show(app, Listed::ALL[(at + 1) % Listed::ALL.len()]);
        }
        C::GroupBy => {
            let at = Grouping::ALL.iter().position(|grouping| *grouping == app.threats.grouping).unwrap_or(0);
            app.threats.grouping = Grouping::ALL[(at + 1) % Grouping::ALL.len()];
            app.threats.list.restart();
        }
        C::DecideAccept => deciding::begin(app, Verdict::Accept),
        C::DecideMitigate => deciding::begin(app, Verdict::Mitigate),
        C::DecideTransfer => deciding::begin(app, Verdict::Transfer),
        C::DecideNot => deciding::begin(app, Verdict::NotApplicable),
        C::ThreatOnMap => {
            let id = current(app).and_then(|entry| place_on_map(app, &entry));
            match id {
                Some(id) => {
                    app.screen = Screen::Map;
                    moving::visit(app, id);
                }
                None => app.toasts.say(Tone::Warning, "what it is about is not drawn on the map"),
            }
        }
        _ => return false,
    }
    true
}

fn show(app: &mut App, listed: Listed) {
    app.threats.listed = listed;
    app.threats.list.restart();
}

/// Goes to the first entry that is wanted, on the list that has it. Says whether there is one.
pub fn go_to(app: &mut App, wanted: impl Fn(&App, &Entry<'_>) -> bool) -> bool {
    let (before, screen) = (app.threats.clone(), app.screen);
    app.screen = Screen::Threats;
    app.threats.filter.clear();
    for listed in [Listed::Fires, Listed::Answered, Listed::Decided, Listed::OutOfScope] {
        app.threats.listed = listed;
        app.judge();
        let judged = app.judged();
        let found = judged.listing().lines.iter().find_map(|line| match line {
            Line::Row(at, key) => judged.entry(*key).filter(|entry| wanted(app, entry)).map(|_| *at),
            Line::Heading(..) => None,
        });
        if let Some(at) = found {
            app.threats.list.put(at);
            return true;
        }
    }
    (app.threats, app.screen) = (before, screen);
    false
}

/// The element of an entry that the map can show: the data of an exposure, else the first that is drawn.
fn place_on_map(app: &App, entry: &Entry<'_>) -> Option<ElementId> {
    let ids = match entry {
        Entry::Verdict(verdict) => verdict.place.elements(),
        Entry::Team(raised) => raised.about.clone().into_iter().collect(),
        Entry::Question(question) => vec![question.missing.element.clone()],
    };
    let drawn = |id: &&ElementId| {
        id.section.is_node() || matches!(id.section, crate::model::Section::Flows | crate::model::Section::Boundaries)
    };
    // The data comes last among the elements of an exposure, and says most.
    ids.iter().rev().find(drawn).cloned().filter(|id| app.model.has(id.section, id.slug.as_str()))
}

/// Opens the proof of a verdict; a question is asked.
fn open(app: &mut App) {
    let Some(entry) = current(app) else { return };
    match entry {
        Entry::Verdict(_) | Entry::Team(_) => {
            let lines = reading(app, &entry, true);
            app.layers.push(Layer::Reader(Reader::new("Why", lines)));
        }
        Entry::Question(question) => {
            let missing = question.missing.clone();
            asking::open(app, Some(missing));
        }
    }
}

/// Goes to a fact that is asked for, in the inspector.
pub fn visit_fact(app: &mut App, missing: &Missing) {
    app.screen = Screen::Map;
    moving::visit(app, missing.element.clone());
    app.inspector_shown = Some(true);
    app.wanted = Pane::Inspector;
    go_to_fact(app, &missing.field);
}

/// Puts the cursor of the inspector on a fact, opening what it is in.
fn go_to_fact(app: &mut App, field: &str) {
    // As deep as a fact can lie: a map, its entry, the field.
    for _ in 0..4 {
        let rows = editing::shown_rows(app);
        if let Some(at) = rows.iter().position(|row| path_name(&row.path) == field) {
            app.inspector.list.put(at);
            return;
        }
        let around = rows.iter().find(|row| !row.open && field.starts_with(&format!("{}.", path_name(&row.path))));
        let Some(path) = around.map(|row| row.path.clone()) else { break };
        app.inspector.open.insert(path);
    }
    app.toasts.say(Tone::Info, format!("{field} is what is asked for"));
}

/// The cursor stays on the list, and in the view.
pub fn keep_in_range(app: &mut App, room: usize) {
    if app.awaits_rules() && app.judged().is_nothing() {
        // The list comes back with all of its rows.
        return;
    }
    let mut list = app.threats.list;
    list.settle_lines(&app.judged().listing().lines, room);
    app.threats.list = list;
}

//! A drill on a screen of its own, without the workbench.

use crate::app::App;
use crate::app::drills::{DrillMsg, Opening};
use crate::app::msg::Msg;
use crate::app::state::Screen;
use crate::app::toast::Tone;
use crate::app::update::update;
use crate::cli::output::Outcome;
use crate::drill::EXERCISE;
use crate::model::Model;
use crate::store::places::Places;
use crate::tui::desk::Desk;
use crate::tui::run::Ended;
use anyhow::{Result, anyhow};
use std::io::IsTerminal;
use std::path::PathBuf;

/// Shows a drill until somebody ends it. What is wrong with its files is told before the terminal is taken. A model comes
/// with the text of its file.
pub fn show(
    opening: Opening,
    model: Option<(Model, String)>,
    scenario: Option<String>,
    clocks: Option<PathBuf>,
) -> Result<Outcome> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(anyhow!("a screen needs a terminal: leave --screen, --solo, --evaluate and --projector out"));
    }
    let (settings, complaint) = crate::cli::open::settings(&Places::find()?);
    let (model, text) = model.unwrap_or_default();
    let mut app = App::new(model, EXERCISE, settings);
    app.saved_text = text;
    app.drills.alone = true;
    app.screen = Screen::Drills;
    if let Some(complaint) = complaint {
        app.toasts.say(Tone::Warning, complaint);
    }
    let mut desk = Desk::new(PathBuf::new()).with(scenario, clocks);
    let opened = desk.open(&opening, &app)?;
    let effects = update(&mut app, Msg::Drill(DrillMsg::Opened(Box::new(opened))));
    // What a drill does by itself, it does on the next tick.
    drop(effects);
    Ok(match crate::tui::run::run(app, None, desk)? {
        Ended::Quit => Outcome::Good,
        Ended::Signal(signal) => Outcome::Signal(signal),
    })
}

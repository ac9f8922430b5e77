//! `sandtable [PATH]`: the workbench.

use super::output::{Outcome, complain, print};
use super::today::Today;
use crate::analysis::threats::RuleSet;
use crate::app::App;
use crate::app::config::Settings;
use crate::app::toast::Tone;
use crate::app::tutor::{COPY_OF, Tutor};
use crate::library::rule;
use crate::store::disk::read_text;
use crate::store::document::{OpenDocument, OpenError};
use crate::store::drill_files::root_of;
use crate::store::places::Places;
use crate::store::workspace;
use crate::tui::desk::Desk;
use crate::tui::run::Ended;
use crate::tui::session::Session;
use anyhow::{Result, anyhow};
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

pub fn run(path: Option<PathBuf>, today: &Today) -> Result<Outcome> {
    let here = PathBuf::from(".");
    let path = path.unwrap_or(here);
    if !path.is_dir() {
        if !path.exists() {
            let name = path.display();
            let command = super::meant_command()
                .map_or(String::new(), |(_, meant)| format!(" (or did you mean `sandtable {meant}`?)"));
            return Err(anyhow!("{name} does not exist; `sandtable new {name}` makes it from a template{command}"));
        }
        return workbench(&path, Vec::new(), false, today);
    }
    match workspace::models(&path).as_deref() {
        Some([]) => {
            let folder = path.join("models");
            Err(anyhow!(
                "{} holds no model; `sandtable new {}/first.ron` makes one",
                folder.display(),
                folder.display()
            ))
        }
        Some([first, others @ ..]) => {
            let mut notes = Vec::new();
            if !others.is_empty() {
                let names: Vec<String> = others.iter().map(|path| path.display().to_string()).collect();
                notes.push(format!("this workspace has other models, too: sandtable {}", names.join(", ")));
            }
            workbench(first, notes, false, today)
        }
        None => offer(&path, today),
    }
}

/// Outside of a workspace: make one, or take the tour.
fn offer(path: &Path, today: &Today) -> Result<Outcome> {
    if !std::io::stdin().is_terminal() {
        return Err(anyhow!(
            "{} is no workspace (it has no `models/`); `sandtable new {}` makes one",
            path.display(),
            path.display()
        ));
    }
    print(
        "There is no workspace here (a folder with `models/`).\n\n  n  make one here, with an empty model\n  t  take the tour on a bundled example\n  q  quit\n\n> ",
    )?;
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    match answer.trim() {
        "n" => {
            let model = super::new::workspace(path)?;
            let template = crate::library::template("empty").ok_or_else(|| anyhow!("the empty template is missing"))?;
            super::new::make(template, &model)?;
            workbench(&model, Vec::new(), false, today)
        }
        "t" => super::tutor::run(super::tutor::Args {}),
        _ => Ok(Outcome::Good),
    }
}

/// Opens a model in the workbench.
pub fn workbench(path: &Path, notes: Vec<String>, tutor: bool, today: &Today) -> Result<Outcome> {
    let places = Places::find()?;
    let document = match OpenDocument::open(&places, path) {
        Err(OpenError::Held(held)) => {
            if !std::io::stdin().is_terminal() {
                return Err(held.into());
            }
            complain(&format!("sandtable: {held}"));
            print("Open it all the same? A save never overwrites what the other wrote. [y/N] ")?;
            let mut answer = String::new();
            std::io::stdin().lock().read_line(&mut answer)?;
            if answer.trim() != "y" {
                return Ok(Outcome::Good);
            }
            OpenDocument::open_anyway(&places, path)?
        }
        opened => opened?,
    };
    let (settings, complaint) = settings(&places);
    let name = match path.file_name().filter(|_| tutor) {
        Some(name) => format!("{COPY_OF}{}", name.display()),
        None => path.strip_prefix("./").unwrap_or(path).display().to_string(),
    };
    let (model, problems) = (document.base().clone(), document.loaded().problems.clone());
    let mut app = App::opened(model, problems, crate::model::text::one_line(&name, 120), settings);
    for note in notes {
        app.toasts.say(Tone::Info, note);
    }
    if let Some(complaint) = complaint {
        app.toasts.say(Tone::Warning, complaint);
    }
    app.tutor = tutor.then(Tutor::default);
    app.today = today.day();
    match own_rules(path) {
        Ok(None) => {}
        Ok(Some(rules)) => app.rules = Arc::new(LazyLock::new(Box::new(|| rules))),
        Err(error) => {
            app.toasts.say(Tone::Error, format!("no rule is asked: {error}"));
            app.rules_error = Some(error.to_string());
        }
    }
    let desk = Desk::new(root_of(path));
    let session = Session::new(&places, document);
    Ok(match crate::tui::run::run(app, Some(session), desk)? {
        Ended::Quit => Outcome::Good,
        Ended::Signal(signal) => Outcome::Signal(signal),
    })
}

/// The shipped rules with those of the model's workspace, where that names some.
fn own_rules(model: &Path) -> Result<Option<RuleSet>> {
    let Some(folder) = workspace::of(model) else { return Ok(None) };
    let own = workspace::rules(&folder)?;
    if own.is_empty() {
        return Ok(None);
    }
    let mut rules = rule::shipped()?;
    rules.extend(own);
    Ok(Some(RuleSet::new(rules)?))
}

/// The user's settings; a missing file is no complaint.
pub fn settings(places: &Places) -> (Settings, Option<String>) {
    let path = places.config().join("config.ron");
    if !path.exists() {
        return (Settings::default(), None);
    }
    match read_text(&path) {
        Ok(file) => Settings::read(&file.text),
        Err(error) => (Settings::default(), Some(error.to_string())),
    }
}

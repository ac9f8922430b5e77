//! `sandtable drill apply`: what a drill says of controls becomes evidence in the model, and its follow-ups become actions.

use super::Sources;
use super::files::opened;
use crate::cli::Format;
use crate::cli::evidence::placed;
use crate::cli::output::{Outcome, complain, print, read_file};
use crate::drill::outcome::{Terms, write_back};
use crate::model::facts::Day;
use crate::model::text::{counted, nearest};
use crate::model::{Model, Section, Slug};
use crate::store::document::save_woven;
use anyhow::{Result, anyhow};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Write what a drill showed into the model: evidence for and against controls, and follow-ups
///
/// An action that was seen is evidence for its control, as strong as the scenario says; one that was not seen, of a task
/// rated U, is evidence against it; all else was not tested, and is only listed. Follow-ups become actions with owner and
/// day. Comments in the model stay. Done twice it adds nothing; done again after more ratings it renews.
///
/// Whatever has no place in the model is listed, with the option that gives it one. A drill with made-up times, or a log
/// whose chain is broken, is no evidence.
///
/// JSON: {"changes": [{"element", "what"}], "left": [...], "written"}
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable drill apply drills/one.jsonl models/clinic.ron --dry-run\n  sandtable drill apply drills/one.jsonl models/clinic.ron --control prove-closed=own-rows-only --owner ic=security-lead"
)]
pub struct Args {
    #[command(flatten)]
    sources: Sources,
    /// The model file
    model: PathBuf,
    /// Which control of the model an expected action is about; may be given again
    #[arg(long = "control", value_name = "ACTION=CONTROL")]
    controls: Vec<String>,
    /// Which person of the model holds a role of the drill; may be given again
    #[arg(long = "owner", value_name = "ROLE=PERSON")]
    owners: Vec<String>,
    /// Who says so, as the model names people
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// For so many days the evidence counts
    #[arg(long, value_name = "DAYS", default_value = "365", value_parser = clap::value_parser!(u32).range(1..=3650))]
    shelf_life: u32,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub fn apply(args: Args) -> Result<Outcome> {
    let (log, plan, state) = opened(&args.sources)?;
    let path = args.sources.log.display();
    if let Some(broken) = log.broken.first() {
        return Err(anyhow!("{path}:{broken}; a log whose chain is broken is no evidence"));
    }
    let begin = state.begun.as_ref().ok_or_else(|| anyhow!("{path}: the drill has not begun"))?;
    if begin.simulated && !args.dry_run {
        return Err(anyhow!(
            "{path}: its times are made up (--simulated): a rehearsal of the drill is no evidence; --dry-run shows what there would be"
        ));
    }
    if state.forked.is_some() && !args.dry_run {
        return Err(anyhow!(
            "{path}: this is a fork: what could have been is no evidence; apply the log of what was played"
        ));
    }
    let (file, loaded) = read_file(&args.model)?;
    let model = &loaded.model;
    let mut controls: BTreeMap<Slug, Vec<Slug>> = BTreeMap::new();
    for pair in &args.controls {
        let (action, control) = halves(pair, "--control", "ACTION=CONTROL")?;
        let actions = || plan.scenario.all_expected().map(|(_, expected)| expected.id.as_str());
        if !actions().any(|known| known == action) {
            return Err(unknown("expected action", action, actions()));
        }
        controls.entry(Slug::new(action)?).or_default().push(known(model, Section::Controls, control)?);
    }
    let mut owners = BTreeMap::new();
    for pair in &args.owners {
        let (role, person) = halves(pair, "--owner", "ROLE=PERSON")?;
        if plan.role(role).is_none() {
            return Err(unknown("role", role, plan.roles().map(|role| role.id.as_str())));
        }
        owners.insert(Slug::new(role)?, known(model, Section::People, person)?);
    }
    let began = state.history.first().map_or(0, |happened| happened.entry.event.at / 86_400);
    let terms = Terms {
        log: &placed(&args.model, &args.sources.log)?.1,
        head: &log.head_phrase(),
        played_on: Day::from_count(i64::try_from(began)?).ok_or_else(|| anyhow!("{path}: beyond all calendars"))?,
        shelf_life: args.shelf_life,
        by: args.by.as_deref().map(|name| known(model, Section::People, name)).transpose()?,
        controls: &controls,
        owners: &owners,
    };
    let outcome = write_back(model, &plan, &state, &terms);
    let writes = !args.dry_run && !outcome.changes.is_empty();
    if writes {
        save_woven(&args.model, &file, model, &outcome.model)?;
    }
    match args.format {
        Format::Json => {
            let changes: Vec<Value> = outcome
                .changes
                .iter()
                .map(|change| json!({"element": change.id.any_link(), "what": change.what}))
                .collect();
            let json = json!({"changes": changes, "left": outcome.left, "written": writes});
            print(&format!("{}\n", serde_json::to_string_pretty(&json)?))
        }
        Format::Text => {
            outcome.left.iter().for_each(|left| complain(&format!("not written: {left}")));
            let mut text: String = outcome.changes.iter().map(|change| format!("{}\n", change.what)).collect();
            text.push_str(&match (outcome.changes.len(), args.dry_run) {
                (0, _) => format!("{}: nothing to write\n", args.model.display()),
                (count, true) => format!("{}: {} would be written\n", args.model.display(), counted(count, "change")),
                (count, false) => format!("{}: {} written\n", args.model.display(), counted(count, "change")),
            });
            print(&text)
        }
    }
}

fn halves<'p>(pair: &'p str, option: &str, form: &str) -> Result<(&'p str, &'p str)> {
    pair.split_once('=').ok_or_else(|| anyhow!("{option} takes {form}, and not `{pair}`"))
}

fn unknown<'a>(noun: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> anyhow::Error {
    let hint = nearest(name, known).map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
    anyhow!("there is no {noun} `{name}`{hint}")
}

/// The element of the model that a person named.
fn known(model: &Model, section: Section, name: &str) -> Result<Slug> {
    let found = model.slugs(section).find(|slug| slug.as_str() == name).cloned();
    found.ok_or_else(|| unknown(section.noun(), name, model.slugs(section).map(Slug::as_str)))
}

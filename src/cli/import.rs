//! `sandtable import`: a platform's own files become a model, or refresh one.

use super::output::{Outcome, complain, print, read_model};
use crate::exchange::refresh::refresh;
use crate::exchange::{Imported, NoteKind, hasura};
use crate::model::text::counted;
use crate::store::disk::{SaveError, read_text, save};
use crate::store::ron::{canonical, weave};
use crate::store::tree::read_tree;
use anyhow::{Context, Result, anyhow};
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// Make a model of a platform's own files, or refresh one
///
/// Reads Hasura metadata v3: a project folder, its metadata folder, or a JSON export. What the files can not say
/// becomes an unknown. A secret found in the files is reported by its place, never by its value.
///
/// Exit code 2 where the import is incomplete: a file is missing or can not be read.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable import ./hasura -o models/payroll.ron\n  sandtable import ./hasura --into models/payroll.ron"
)]
pub struct Args {
    /// A folder or a file
    source: PathBuf,
    /// The platform; without it the files tell
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// The new model file
    #[arg(short, long, value_name = "MODEL", required_unless_present = "into", conflicts_with = "into")]
    output: Option<PathBuf>,
    /// The model file to refresh: what people said stays
    #[arg(long, value_name = "MODEL")]
    into: Option<PathBuf>,
    /// Say warnings and incomplete parts alone
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Hasura metadata v3
    Hasura,
}

pub fn run(args: Args) -> Result<Outcome> {
    let tree = read_tree(&args.source)?;
    if args.kind.is_none() && !hasura::recognises(&tree) {
        return Err(anyhow!(
            "{} is of no kind that can be imported (hasura): point at the project or metadata folder, or say --kind",
            args.source.display()
        ));
    }
    let imported = hasura::read(&tree).with_context(|| format!("{} was not imported", args.source.display()))?;
    report(&imported, &args);
    match (&args.output, &args.into) {
        (Some(path), _) => create(&imported, path)?,
        (None, Some(path)) => into(&imported, path)?,
        (None, None) => return Err(anyhow!("say where: -o MODEL or --into MODEL")),
    }
    let incomplete = imported.notes.iter().any(|note| note.kind == NoteKind::Incomplete);
    Ok(if incomplete { Outcome::Unjudged } else { Outcome::Good })
}

fn report(imported: &Imported, args: &Args) {
    for note in &imported.notes {
        let word = match note.kind {
            NoteKind::Info if args.quiet => continue,
            NoteKind::Info => "note",
            NoteKind::Warning => "warning",
            NoteKind::Incomplete => "incomplete",
        };
        complain(&format!("{}: {word}: {}", note.source, note.message));
    }
}

fn create(imported: &Imported, path: &Path) -> Result<()> {
    save(path, &canonical(&imported.model), None).map_err(|error| match error {
        SaveError::Exists(_) => anyhow!("{} exists already: --into refreshes it", path.display()),
        other => other.into(),
    })?;
    let model = &imported.model;
    print(&format!(
        "{}: {}, {}, {}, {}\n",
        path.display(),
        counted(model.datasets.len(), "dataset"),
        counted(model.roles.len(), "role"),
        counted(model.endpoints.len(), "endpoint"),
        counted(model.grants.len(), "grant")
    ))?;
    Ok(())
}

fn into(imported: &Imported, path: &Path) -> Result<()> {
    let loaded = read_model(path)?;
    let file = read_text(path)?;
    let refreshed = refresh(&loaded.model, &imported.model);
    let mut model = loaded.model.clone();
    refreshed.edit.apply(&mut model);
    let text = weave(&file.text, &loaded.model, &model).map_err(|error| anyhow!("{}: {error}", path.display()))?;
    save(path, &text, Some(&file.stamp))?;
    for id in &refreshed.removed {
        complain(&format!("{id}: gone from the files, taken out of the model"));
    }
    print(&format!(
        "{}: {} added, {} changed, {} removed\n",
        path.display(),
        refreshed.added,
        refreshed.changed,
        refreshed.removed.len()
    ))?;
    Ok(())
}

//! `sandtable import`: a platform's own files become a model, or refresh one.

use super::output::{Outcome, complain, print, read_file};
use crate::exchange::refresh::refresh;
use crate::exchange::{Imported, NoteKind, hasura};
use crate::model::text::counted;
use crate::store::disk::SaveError;
use crate::store::document::{save_text, save_woven};
use crate::store::ron::canonical;
use crate::store::tree::read_tree;
use anyhow::{Context, Result, anyhow};
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// Make a model of a platform's own files, or refresh one
///
/// Reads Hasura metadata v3: a project folder, its metadata folder, or a JSON export. What the files can not say
/// becomes an unknown. A secret found in the files is reported by its place, never by its value.
///
/// A refresh replaces what the files say and takes out what they do not name any more; what people said stays.
///
/// Exit code 2 where the import is incomplete: a file is missing or can not be read. An incomplete import adds and
/// changes, but takes nothing out.
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
    #[arg(short, long, value_name = "MODEL", conflicts_with = "into")]
    output: Option<PathBuf>,
    /// The model file to refresh: what people said stays
    #[arg(long, value_name = "MODEL")]
    into: Option<PathBuf>,
    /// Refresh even a model with which the files have little in common
    #[arg(long, requires = "into")]
    force: bool,
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
    if args.output.is_none() && args.into.is_none() {
        return Err(anyhow!("say where: -o MODEL for a new one, --into MODEL to refresh one"));
    }
    let tree = read_tree(&args.source)?;
    if args.kind.is_none() && !hasura::recognises(&tree) {
        return Err(anyhow!(
            "{} is of no kind that can be imported (hasura): point at the project or metadata folder, or say --kind",
            args.source.display()
        ));
    }
    let imported = hasura::read(&tree).with_context(|| format!("{} was not imported", args.source.display()))?;
    report(&imported, &args);
    let is_whole = imported.notes.iter().all(|note| note.kind != NoteKind::Incomplete);
    if let Some(path) = &args.output {
        create(&imported, path)?;
    }
    if let Some(path) = &args.into {
        into(&imported, path, is_whole, args.force)?;
    }
    Ok(if is_whole { Outcome::Good } else { Outcome::Unjudged })
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
    let model = &imported.model;
    save_text(path, &canonical(model), model, None).map_err(|error| match error {
        SaveError::Exists(_) => anyhow!("{} exists already: --into refreshes it", path.display()),
        other => other.into(),
    })?;
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

/// With so few elements gone nobody is asked whether the right files were named.
const FEW: usize = 5;

fn into(imported: &Imported, path: &Path, is_whole: bool, force: bool) -> Result<()> {
    let (file, loaded) = read_file(path)?;
    let refreshed = refresh(&loaded.model, &imported.model, is_whole);
    let known = loaded.model.ids().filter(|id| loaded.model.source_of(id).is_some()).count();
    let gone = refreshed.removed.len();
    if gone > FEW && gone * 2 > known && !force {
        return Err(anyhow!(
            "{}: {gone} of the {known} elements that were imported into it are not in these files: name the files \
             from which it was made, or say --force to take all of them out",
            path.display()
        ));
    }
    let mut model = loaded.model.clone();
    refreshed.edit.apply(&mut model);
    save_woven(path, &file, &loaded.model, &model)?;
    for id in &refreshed.removed {
        complain(&format!("{id}: gone from the files, taken out of the model"));
    }
    for id in &refreshed.taken_along {
        complain(&format!("{id}: makes no sense without what is gone, taken out of the model, too"));
    }
    for id in &refreshed.cleared {
        complain(&format!("{id}: refers no longer to what is gone"));
    }
    if !refreshed.kept.is_empty() {
        for id in &refreshed.kept {
            complain(&format!("{id}: not in the files, kept since the import is incomplete"));
        }
        complain("nothing was taken out: mend what is incomplete, and import again");
    }
    print(&format!(
        "{}: {} added, {} changed, {} removed\n",
        path.display(),
        refreshed.added,
        refreshed.changed,
        gone + refreshed.taken_along.len()
    ))?;
    Ok(())
}

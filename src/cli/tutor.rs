//! `sandtable tutor`: the ten most used keys, on a copy of the bundled example.

use super::output::Outcome;
use crate::library::CLINIC;
use crate::store::disk::save;
use anyhow::{Context, Result};

/// Walk through the ten most used keys on a copy of the bundled example
///
/// The copy is gone afterwards: nothing that you do in it matters.
///
/// Example: sandtable tutor
#[derive(Debug, clap::Args)]
pub struct Args {}

pub fn run(_args: Args) -> Result<Outcome> {
    let folder = tempfile::tempdir().context("no temporary folder can be made for the tutor")?;
    let model = folder.path().join("clinic.ron");
    save(&model, CLINIC, None)?;
    super::open::workbench(&model, Vec::new(), true, &super::today::Today::default())
}

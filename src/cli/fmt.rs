//! `sandtable fmt`: the canonical form of model files.

use super::output::{Outcome, complain, print};
use crate::store::disk::read_text;
use crate::store::document::save_text;
use crate::store::ron::{format, load};
use anyhow::{Result, anyhow};
use std::path::PathBuf;

/// Bring model files into their canonical form; comments stay
///
/// Sections stand in fixed order, elements by slug, one element a block, one grant or flow a line, so that two people
/// who add two things conflict nowhere.
///
/// Example: sandtable fmt models/*.ron
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Model files
    #[arg(required = true)]
    models: Vec<PathBuf>,
    /// Write nothing; exit code 1 where a file is not in its canonical form
    #[arg(long)]
    check: bool,
}

pub fn run(args: Args) -> Result<Outcome> {
    let mut outcome = Outcome::Good;
    for path in &args.models {
        let file = read_text(path)?;
        // A text that is no model is left alone, whatever its form.
        let loaded = load(&file.text).map_err(|diagnostic| anyhow!("{}:{diagnostic}", path.display()))?;
        let formatted = format(&file.text).map_err(|error| anyhow!("{}: {error}", path.display()))?;
        if formatted == file.text {
            continue;
        }
        if args.check {
            complain(&format!("{} is not in its canonical form: sandtable fmt mends it", path.display()));
            outcome = Outcome::Closed;
        } else {
            save_text(path, &formatted, &loaded.model, Some(&file.stamp))?;
            print(&format!("{}: formatted\n", path.display()))?;
        }
    }
    Ok(outcome)
}

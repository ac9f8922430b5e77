//! `sandtable validate`: everything wrong with model files, with its place, in one run.

use super::output::{Outcome, complain, print};
use crate::model::validate::Severity;
use crate::store::disk::read_text;
use crate::store::ron::load;
use anyhow::Result;
use std::path::PathBuf;

/// Check model files and report everything that is wrong, with its place
///
/// Prints `path:line:col: error: what, and what to do` to standard error. Exit code 1 where a file has errors, 2 where
/// a file can not be read as a model at all; warnings alone are good.
///
/// Example: sandtable validate models/*.ron
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Model files
    #[arg(required = true)]
    models: Vec<PathBuf>,
}

pub fn run(args: Args) -> Result<Outcome> {
    let mut outcome = Outcome::Good;
    for path in &args.models {
        let loaded = match read_text(path) {
            Ok(file) => load(&file.text).map_err(|diagnostic| format!("{}:{diagnostic}", path.display())),
            Err(error) => Err(format!("sandtable: {error}")),
        };
        match loaded {
            Ok(loaded) => {
                for diagnostic in &loaded.diagnostics {
                    complain(&format!("{}:{diagnostic}", path.display()));
                }
                let errors = loaded.diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
                let warnings = loaded.diagnostics.len() - errors;
                if errors > 0 && outcome == Outcome::Good {
                    outcome = Outcome::Closed;
                }
                let count = loaded.model.len();
                print(&format!("{}: {count} elements, {errors} errors, {warnings} warnings\n", path.display()))?;
            }
            Err(message) => {
                complain(&message);
                outcome = Outcome::Unjudged;
            }
        }
    }
    Ok(outcome)
}

//! What every command prints with: safe text, exit codes, a pipe that may be closed.

use crate::model::Model;
use crate::model::edit::Edit;
use crate::model::text::sanitise;
use crate::store::disk::{FileText, read_text};
use crate::store::document::save_woven;
use crate::store::ron::{Loaded, load};
use anyhow::{Result, anyhow};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Good.
    Good,
    /// The gate is closed: a check failed.
    Closed,
    /// It could not judge.
    Unjudged,
    /// Ended by a signal.
    Signal(i32),
}

impl Outcome {
    /// The exit code.
    pub fn code(self) -> ExitCode {
        match self {
            Outcome::Good => ExitCode::SUCCESS,
            Outcome::Closed => ExitCode::from(1),
            Outcome::Unjudged => ExitCode::from(2),
            Outcome::Signal(signal) => ExitCode::from(u8::try_from(128 + signal).unwrap_or(255)),
        }
    }
}

/// Prints text. Control characters in it are made visible: it may hold what a file says.
pub fn print(text: &str) -> Result<Outcome> {
    let mut out = std::io::stdout().lock();
    out.write_all(sanitise(text, usize::MAX).as_bytes())?;
    out.flush()?;
    Ok(Outcome::Good)
}

/// Prints text of our own as it is, tabs included.
pub fn print_own(text: &str) -> Result<Outcome> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(Outcome::Good)
}

/// Prints a line to standard error.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", sanitise(text, 4_000));
}

/// Whether the reader of our output went away, which is no error.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Reads a model that is to be judged: problems are printed, and errors end the command.
pub fn read_model(path: &Path) -> Result<Loaded> {
    Ok(read_file(path)?.1)
}

/// Reads a model that is to be judged, and the file as it was at that moment, for a save.
pub fn read_file(path: &Path) -> Result<(FileText, Loaded)> {
    let file = read_text(path)?;
    let loaded = load(&file.text).map_err(|diagnostic| anyhow!("{}:{diagnostic}", path.display()))?;
    for diagnostic in &loaded.diagnostics {
        complain(&format!("{}:{diagnostic}", path.display()));
    }
    if loaded.has_errors() {
        return Err(anyhow!("{} has errors: mend them first (sandtable validate lists them)", path.display()));
    }
    Ok((file, loaded))
}

/// Makes an edit, and writes it into the file that was read.
pub fn save_edit(path: &Path, file: &FileText, old: &Model, edit: &Edit) -> Result<()> {
    let mut model = old.clone();
    edit.apply(&mut model);
    save_woven(path, file, old, &model)?;
    Ok(())
}

/// Rows as a table with aligned columns; the last column is not padded.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    use crate::app::width::{pad, width};
    let columns = header.len();
    let mut widths: Vec<usize> = header.iter().map(|name| width(name)).collect();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            widths[at] = widths[at].max(width(cell)).min(60);
        }
    }
    let mut out = String::new();
    let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    for row in std::iter::once(&header).chain(rows) {
        let cells: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(at, cell)| if at + 1 == columns { cell.clone() } else { pad(cell, widths[at]) })
            .collect();
        out.push_str(cells.join("  ").trim_end());
        out.push('\n');
    }
    out
}

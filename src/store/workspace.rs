//! A workspace: a folder with `models/` and `scenarios/`, and `sandtable.ron` where there is something to set; and the
//! root to which the paths of evidence are relative.

use super::disk::{DiskError, read_text, shown};
use crate::library::rule::{self, Rule, RuleError};
use crate::model::reflect::ron_options;
use crate::model::text::one_line;
use serde::Deserialize;
use std::path::{Component, Path, PathBuf};

/// The settings of a workspace.
pub const SETTINGS: &str = "sandtable.ron";

/// A workspace has at most so many files of rules.
const MAX_RULE_FILES: usize = 200;

/// The model files of a workspace, sorted; nothing where the folder is none.
pub fn models(folder: &Path) -> Option<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder.join("models")).ok()?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "ron") && path.is_file())
        .collect();
    found.sort();
    Some(found)
}

/// Why the settings of a workspace, or what they name, can not be used.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// A file can not be read.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The settings are not written as they must be.
    #[error("{}:{line}:{column}: error: {message}", shown(.file))]
    Settings {
        /// The file.
        file: PathBuf,
        /// The line, 1 for the first.
        line: usize,
        /// The column, 1 for the first.
        column: usize,
        /// What is wrong, and what to do.
        message: String,
    },
    /// What the settings name is not there, or not in the workspace.
    #[error("{}: error: {message}", shown(.file))]
    Named {
        /// The file of the settings.
        file: PathBuf,
        /// What is wrong, and what to do.
        message: String,
    },
    /// A file of rules is not written as it must be.
    #[error(transparent)]
    Rule(#[from] RuleError),
}

#[derive(Deserialize, Default)]
#[serde(rename = "Workspace", default, deny_unknown_fields)]
struct Settings {
    /// Files of rules, as `rules/mine.ron` or `rules/*.ron`, from the folder of the workspace.
    rules: Vec<String>,
}

/// The workspace of a model: the folder that holds the `models/` in which the file lies, however deep, or the folder of
/// the file where that has settings.
pub fn of(model: &Path) -> Option<PathBuf> {
    let model = std::fs::canonicalize(model).ok()?;
    let folder = model.parent()?;
    let models = folder.ancestors().find(|above| above.file_name().is_some_and(|name| name == "models"));
    let around = models.and_then(Path::parent);
    let with_settings = around.into_iter().chain([folder]).find(|folder| folder.join(SETTINGS).is_file());
    with_settings.or(around).map(from_here)
}

/// The workspace in which a folder lies: the nearest around it that has settings.
pub fn around(folder: &Path) -> Option<PathBuf> {
    let folder = std::fs::canonicalize(folder).ok()?;
    folder.ancestors().find(|folder| folder.join(SETTINGS).is_file()).map(from_here)
}

/// The root to which the paths of evidence are relative: that of the git repository around a model, else its workspace.
pub fn root_of_evidence(model: &Path) -> Option<PathBuf> {
    let real = std::fs::canonicalize(model).ok()?;
    let repository = real.parent()?.ancestors().find(|folder| folder.join(".git").exists());
    repository.map(Path::to_owned).or_else(|| std::fs::canonicalize(of(model)?).ok())
}

/// A folder as people here would write it.
fn from_here(folder: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(std::fs::canonicalize).unwrap_or_default();
    match folder.strip_prefix(&here) {
        Ok(inside) if inside.as_os_str().is_empty() => PathBuf::from("."),
        Ok(inside) => inside.to_owned(),
        Err(_) => folder.to_owned(),
    }
}

/// The rules that the settings of a workspace name; none where it has no settings.
///
/// # Errors
///
/// Whatever the settings name has to be there, inside of the workspace, and a file of rules: to judge by a part of them
/// would look like judging by all.
pub fn rules(folder: &Path) -> Result<Vec<Rule>, WorkspaceError> {
    let file = folder.join(SETTINGS);
    if !file.exists() {
        return Ok(Vec::new());
    }
    let text = read_text(&file)?.text;
    let settings: Settings = ron_options().from_str(&text).map_err(|error| WorkspaceError::Settings {
        file: file.clone(),
        line: error.span.start.line,
        column: error.span.start.col,
        message: one_line(&error.code.to_string(), 400),
    })?;
    let mut rules = Vec::new();
    let mut paths = Vec::new();
    for name in &settings.rules {
        let named = |message: String| WorkspaceError::Named { file: file.clone(), message };
        paths.extend(files(folder, name).map_err(named)?);
        if paths.len() > MAX_RULE_FILES {
            return Err(named(format!("a workspace has at most {MAX_RULE_FILES} files of rules")));
        }
    }
    for path in paths {
        rules.extend(rule::read(&shown(&path), &read_text(&path)?.text)?);
    }
    Ok(rules)
}

/// The files that a name with at most one `*`, in its last part, stands for.
fn files(folder: &Path, name: &str) -> Result<Vec<PathBuf>, String> {
    let shown_name = one_line(name, 200);
    let path = Path::new(name);
    if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(format!("`{shown_name}` leaves the workspace: name files inside of it"));
    }
    let found = match name.rsplit_once('/').map_or(("", name), |(before, last)| (before, last)) {
        (before, last) if last.contains('*') && !before.contains('*') => {
            let (start, end) = last.split_once('*').unwrap_or((last, ""));
            let fits =
                |name: &str| name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end);
            let entries = std::fs::read_dir(folder.join(before));
            let entries = entries.map_err(|error| format!("`{shown_name}` can not be looked up: {error}"))?;
            let mut found: Vec<PathBuf> = entries
                .filter_map(|entry| Some(entry.ok()?.path()))
                .filter(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(fits))
                .collect();
            found.sort();
            found
        }
        _ => vec![folder.join(path)],
    };
    if found.is_empty() {
        return Err(format!("there is no file `{shown_name}`"));
    }
    let root = std::fs::canonicalize(folder).map_err(|error| format!("{}: {error}", shown(folder)))?;
    for path in &found {
        let real = std::fs::canonicalize(path).map_err(|error| format!("`{}`: {error}", shown(path)))?;
        if !real.starts_with(&root) {
            return Err(format!("`{}` is a link out of the workspace", shown(path)));
        }
    }
    Ok(found)
}

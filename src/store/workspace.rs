//! A workspace: a folder with `models/` and `scenarios/`.

use std::path::{Path, PathBuf};

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

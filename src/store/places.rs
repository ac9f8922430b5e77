//! Where the program keeps what is neither a model nor a setting of the workspace: found once, then passed down.

use super::disk::{Sum, shown};
use std::fs::DirBuilder;
use std::path::{Path, PathBuf};

/// Names the state folder, whatever the platform would say.
pub const STATE_VARIABLE: &str = "SANDTABLE_STATE_DIR";
/// Names the folder of settings, whatever the platform would say.
pub const CONFIG_VARIABLE: &str = "SANDTABLE_CONFIG_DIR";

/// Why there is no place.
#[derive(Debug, thiserror::Error)]
pub enum PlacesError {
    /// No home, and no variable that names the folders.
    #[error("there is no home folder to keep journals in: set {STATE_VARIABLE} and {CONFIG_VARIABLE} to two folders")]
    NoHome,
    /// The folder can not be made.
    #[error("the folder {} can not be made ({source}): make it, or set {STATE_VARIABLE} to another", shown(.path))]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

/// The folders of this user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    state: PathBuf,
    config: PathBuf,
}

impl Places {
    /// The folders that the environment names, or else those of the platform. Nothing is made yet.
    pub fn find() -> Result<Places, PlacesError> {
        let named = |variable: &str| {
            let value = std::env::var_os(variable).filter(|value| !value.is_empty())?;
            std::path::absolute(value).ok()
        };
        let usual = directories::ProjectDirs::from("", "", "sandtable");
        let state = named(STATE_VARIABLE).or_else(|| {
            let usual = usual.as_ref()?;
            Some(usual.state_dir().unwrap_or_else(|| usual.data_local_dir()).to_owned())
        });
        let config = named(CONFIG_VARIABLE).or_else(|| Some(usual.as_ref()?.config_dir().to_owned()));
        match (state, config) {
            (Some(state), Some(config)) => Ok(Places { state, config }),
            _ => Err(PlacesError::NoHome),
        }
    }

    /// These two folders.
    pub fn new(state: impl Into<PathBuf>, config: impl Into<PathBuf>) -> Places {
        Places { state: state.into(), config: config.into() }
    }

    /// Journals and locks.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// The user's own settings and rules.
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// Where the journals are, made or not.
    pub fn journals(&self) -> PathBuf {
        self.state.join("journal")
    }

    /// Where the locks are, made or not.
    pub fn locks(&self) -> PathBuf {
        self.state.join("lock")
    }
}

/// Makes a folder that only this user may look into: journals hold what the models hold.
pub(super) fn make_private(path: &Path) -> Result<(), PlacesError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| PlacesError::Folder { path: path.to_owned(), source })
}

/// A short name for a resolved path, the same in every process.
pub(super) fn key_of(resolved: &Path) -> String {
    let mut key = Sum::of(resolved.as_os_str().as_encoded_bytes()).to_string();
    key.truncate(16);
    key
}

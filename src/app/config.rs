//! The user's settings, from `config.ron` in the platform's configuration folder.

use super::keymap::Keymap;
use crate::model::text::one_line;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Which palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Theme {
    /// As the terminal's background is.
    #[default]
    Auto,
    /// For a dark background.
    Dark,
    /// For a light background.
    Light,
}

/// What stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Keys by command, for example `"save": ["<Space>w"]`; a command that is named has only these.
    pub keys: BTreeMap<String, Vec<String>>,
    /// The palette.
    pub theme: Theme,
    /// Whether the mouse belongs to the program.
    pub mouse: bool,
    /// Whether lines are drawn with ASCII alone.
    pub ascii: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { keys: BTreeMap::new(), theme: Theme::Auto, mouse: true, ascii: false }
    }
}

impl Settings {
    /// Reads the file's text. What is wrong is said, and the defaults stand in.
    pub fn read(text: &str) -> (Settings, Option<String>) {
        match crate::model::reflect::ron_options().from_str::<Settings>(text) {
            Ok(settings) => (settings, None),
            Err(error) => {
                let place = error.span.start;
                let what = one_line(&error.code.to_string(), 200);
                let complaint = format!("config.ron:{}:{}: {what}; the defaults are used", place.line, place.col);
                (Settings::default(), Some(complaint))
            }
        }
    }

    /// The keys with the user's over the defaults, and what could not be used.
    pub fn keymap(&self) -> (Keymap, Vec<String>) {
        Keymap::with_user_keys(&self.keys)
    }
}

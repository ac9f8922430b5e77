//! Text that players never see.
//!
//! A [`Hidden`] cannot be printed, serialised or compared with a text: the only way to its words is to show a
//! [`Facilitator`], which the code that writes for players does not have.

use crate::model::text::Text;
use serde::{Deserialize, Deserializer};
use std::fmt;

/// The right to read what is hidden. Made where a facilitator's view, a check or a report is made, and nowhere else;
/// `player` does not take one, so that nothing that it writes can hold hidden words.
#[derive(Debug, Clone, Copy)]
pub struct Facilitator(());

impl Facilitator {
    /// Says that what follows is not for players.
    pub fn view() -> Facilitator {
        Facilitator(())
    }
}

/// A hidden text.
#[derive(Clone, Default)]
pub struct Hidden(Text);

impl Hidden {
    /// The words, for whoever runs the drill.
    pub fn words(&self, _: Facilitator) -> &str {
        self.0.as_str()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(…)")
    }
}

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Hidden, D::Error> {
        Text::deserialize(deserializer).map(Hidden)
    }
}

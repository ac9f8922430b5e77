//! How people wrote an element: its text in the file, comments and all, for as long as the file does not have it so.
//!
//! A model says facts; the comments around them live in the file alone. Where an edit changes or takes out a text that
//! people wrote, the text goes with the edit, so that undo, redo and recovery bring back every comment, even after the
//! file was saved in between.

use super::document::ElementId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The text of an element as an item of its section: the comments above it, its slug, its value, and what trails it.
pub type Wording = Arc<str>;

/// The wordings that the file does not have yet, by element.
///
/// They are no part of what a model says: two models that say the same are equal, however they are worded.
#[derive(Debug, Clone, Default)]
pub struct Wordings(BTreeMap<ElementId, Wording>);

impl PartialEq for Wordings {
    fn eq(&self, _: &Wordings) -> bool {
        true
    }
}

impl Wordings {
    /// Whether every element is worded as in the file.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The wording of an element; nothing where it is that of the file.
    pub fn get(&self, id: &ElementId) -> Option<&Wording> {
        self.0.get(id)
    }

    /// Words an element, or leaves it to the file.
    pub fn set(&mut self, id: &ElementId, wording: Option<Wording>) {
        match wording {
            Some(wording) => self.0.insert(id.clone(), wording),
            None => self.0.remove(id),
        };
    }

    /// Leaves every element to the file, which has all of them now.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// A change of wording, as part of an edit. Nothing stands for "as in the file".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewording {
    /// The element.
    pub id: ElementId,
    /// How it was worded.
    pub before: Option<Wording>,
    /// How it is to be worded.
    pub after: Option<Wording>,
}

impl Rewording {
    /// The change back.
    pub fn inverse(&self) -> Rewording {
        Rewording { id: self.id.clone(), before: self.after.clone(), after: self.before.clone() }
    }
}

//! What reaches the state from outside: a closed list.

use super::choosing::Chosen;
use super::config::Theme;
use super::drills::DrillMsg;
use super::judging::Heard;
use super::key::Key;
use super::layer::EvidenceDraft;
use crate::analysis::evidence::Looks;
use crate::diagram::{Indexed, Side};
use crate::model::wording::Rewording;
use crate::model::{Element, ElementId, Model};

/// A message.
#[derive(Debug, Clone)]
pub enum Msg {
    /// The first picture is on the screen, or nothing came for a while after a step over the map.
    Rested,
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The mouse did something.
    Mouse(Mouse),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// The worker chose what the map draws.
    Chosen(Box<Chosen>),
    /// The worker laid something out.
    Arranged(Box<Indexed>),
    /// The worker has come so far with it, in percent.
    Arranging(u8),
    /// The worker asked the rules.
    Judged(Box<Heard>),
    /// The terminal told its background.
    Background(Theme),
    /// The model stands in its file as it is in memory.
    Saved,
    /// A copy was written.
    SavedCopy(String),
    /// Something could not be done outside.
    Failed(String),
    /// The file was changed by somebody else; it was not written.
    ChangedOnDisk,
    /// The file was read again.
    Reloaded(Box<Model>),
    /// The person came back from the editor: what the text says, and how it is worded. Nothing where nothing was
    /// changed.
    Edited(ElementId, Option<Box<(Element, Rewording)>>),
    /// What came back from the editor can not be read.
    EditedBadly(ElementId, String),
    /// An earlier session left edits that were not saved: their names, and whether the file is still what they were
    /// made on.
    Recoverable(Vec<String>, bool),
    /// What was seen of the evidence, nothing where the model lies in no workspace; and whether somebody asked for it.
    Looked(Option<Looks>, bool),
    /// The checksum of a file that is to be evidence, or why there is none.
    Hashed(Box<EvidenceDraft>, Result<String, String>),
    /// Edits of an earlier session were taken up.
    Recovered(Box<Model>, usize),
    /// Something came back from files of drills.
    Drill(DrillMsg),
}

/// What the mouse did, at a column and a row of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// What it did.
    pub action: MouseAction,
    /// The column.
    pub x: i32,
    /// The row.
    pub y: i32,
    /// The keys that were held.
    pub held: Held,
}

/// Keys that are held while the mouse does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
    /// Control.
    pub control: bool,
}

impl Held {
    /// Whether any of them is.
    pub fn any(self) -> bool {
        self.shift || self.alt || self.control
    }
}

/// What the mouse did. Which button was moved or let go is not told: some terminals do not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseAction {
    /// The left button went down.
    Press,
    /// The left button went down again soon, at the same place.
    DoublePress,
    /// The right button went down.
    RightPress,
    /// The mouse moved with a button down.
    Drag,
    /// A button went up.
    Release,
    /// The wheel turned to a side.
    Wheel(Side),
}

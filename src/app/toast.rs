//! Messages to the person: the newest on the screen, all of them in the history.

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Something was done.
    Info,
    /// Something could not be done.
    Warning,
    /// Something went wrong.
    Error,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// How much it matters.
    pub tone: Tone,
    /// What it says; safe to show.
    pub text: String,
}

/// Messages of a session.
#[derive(Debug, Clone, Default)]
pub struct Toasts {
    history: Vec<Toast>,
    /// For how many commands each of the newest messages still stays on the screen, the newest last.
    left: Vec<u8>,
}

/// At most so many messages are kept.
const KEPT: usize = 500;

impl Toasts {
    /// Says something. A warning stays longer than a note, an error longest.
    pub fn say(&mut self, tone: Tone, text: impl AsRef<str>) {
        if self.history.len() == KEPT {
            self.history.remove(0);
        }
        self.history.push(Toast { tone, text: crate::model::text::one_line(text.as_ref(), 600) });
        self.left.push(match tone {
            Tone::Info => 2,
            Tone::Warning => 3,
            Tone::Error => 6,
        });
        if self.left.len() > 8 {
            self.left.remove(0);
        }
    }

    /// The message that is on the screen: of those that still stay there the one that matters most, the newest of them.
    pub fn current(&self) -> Option<&Toast> {
        let newest = self.history.iter().rev().zip(self.left.iter().rev()).enumerate();
        newest
            .filter(|(_, (_, left))| **left > 0)
            .max_by_key(|(age, (toast, _))| (toast.tone, std::cmp::Reverse(*age)))
            .map(|(_, (toast, _))| toast)
    }

    /// A command was run: the messages on the screen grow older.
    pub fn age(&mut self) {
        for left in &mut self.left {
            *left = left.saturating_sub(1);
        }
    }

    /// Takes the messages off the screen.
    pub fn dismiss(&mut self) {
        self.left.clear();
    }

    /// Every message, the newest first.
    pub fn history(&self) -> impl Iterator<Item = &Toast> {
        self.history.iter().rev()
    }
}

//! Messages to the person: the newest on the screen, all of them in the history.

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// How many commands the newest message still stays on the screen.
    left: u8,
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
        self.left = match tone {
            Tone::Info => 2,
            Tone::Warning => 3,
            Tone::Error => 6,
        };
    }

    /// The message that is on the screen.
    pub fn current(&self) -> Option<&Toast> {
        if self.left > 0 { self.history.last() } else { None }
    }

    /// A command was run: the message on the screen grows older.
    pub fn age(&mut self) {
        self.left = self.left.saturating_sub(1);
    }

    /// Takes the message off the screen.
    pub fn dismiss(&mut self) {
        self.left = 0;
    }

    /// Every message, the newest first.
    pub fn history(&self) -> impl Iterator<Item = &Toast> {
        self.history.iter().rev()
    }
}

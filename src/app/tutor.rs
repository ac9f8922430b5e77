//! The walk through the ten most used keys, on a real model. A step is done when its command was run.

use super::command::CommandId;

/// Before the name of the file of which the tutor walks through a copy: where the copy is matters to nobody.
pub const COPY_OF: &str = "tutor copy of ";

/// The rows that the tutor takes on the screen.
pub const ROWS: i32 = 5;

/// A step.
#[derive(Debug)]
pub struct Lesson {
    /// What to do; `{}` stands for the keys.
    pub text: &'static str,
    /// Why it is good to know.
    pub why: &'static str,
    /// Any of these commands ends the step; the first gives the keys.
    pub done_by: &'static [CommandId],
}

/// The steps.
pub const LESSONS: &[Lesson] = &[
    Lesson {
        text: "Go from box to box with {} (or the arrows).",
        why: "What is selected is drawn heavier, and so are its flows. e shows its facts.",
        done_by: &[CommandId::GoDown, CommandId::GoUp, CommandId::GoLeft, CommandId::GoRight],
    },
    Lesson {
        text: "Look closer with {}, farther away with -.",
        why: "Five levels, from zones to one element in full. Nothing shrinks; more or less is told.",
        done_by: &[CommandId::ZoomIn, CommandId::ZoomOut],
    },
    Lesson {
        text: "Jump: press {} and type the two letters of a box.",
        why: "The fastest way to point at something in a room.",
        done_by: &[CommandId::GoLabel],
    },
    Lesson {
        text: "Change a fact: press {}, choose a fact with j and k, press enter.",
        why: "Unknown is an answer, too: it is shown as unknown, and never counts as a pass.",
        done_by: &[CommandId::FieldChange],
    },
    Lesson {
        text: "Go one level out with {}.",
        why: "It never loses anything. Press it until you are where you want to be.",
        done_by: &[CommandId::Back, CommandId::PromptCancel, CommandId::PickCancel],
    },
    Lesson {
        text: "Take your edit back with {}; U makes it again.",
        why: "Every edit is one step, with a name. Play with the model: nothing breaks.",
        done_by: &[CommandId::Undo],
    },
    Lesson {
        text: "Draw a flow: select a box, press {}, type a part of the target's name, enter.",
        why: "a adds elements: aa actor, ae endpoint, ad dataset, ab boundary ...",
        done_by: &[CommandId::Connect],
    },
    Lesson {
        text: "See who can read what with {}; 1 brings the map back.",
        why: "A mark says which rows: * all, o own, t the tenant's. Enter shows the proof.",
        done_by: &[CommandId::ScreenExposure],
    },
    Lesson {
        text: "Find any command with {}: type what you want to do.",
        why: "It shows the keys, too, so that you need it less and less.",
        done_by: &[CommandId::Palette],
    },
    Lesson {
        text: "Ask for the keys that work here with {}.",
        why: "Save with space s. The file is RON: commit it beside the code.",
        done_by: &[CommandId::Help],
    },
];

/// Where the walk is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tutor {
    /// The step; behind the last one the walk is over.
    pub at: usize,
}

impl Tutor {
    /// Notes that a command was run.
    pub fn ran(&mut self, id: CommandId) {
        if LESSONS.get(self.at).is_some_and(|lesson| lesson.done_by.contains(&id)) {
            self.at += 1;
        }
    }
}

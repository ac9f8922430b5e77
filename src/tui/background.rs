//! Whether the terminal is light or dark: asked after the first picture, and never waited for.
//!
//! The question is `OSC 11 ; ?`. The answer comes through the same input as keys, and the reader of events takes it for
//! keys: Alt and `]`, then `11;rgb:…`, then Alt and `\` or Control and `g`. Here it is recognised again, however late it
//! comes: a program that is busy, or a line that is slow, must not make key presses of it. Nothing else is swallowed: a
//! key that does not belong to an answer passes.

use crate::app::config::Theme;
use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers};
use std::io::{Write, stdout};

/// How every answer begins.
const START: &str = "11;rgb:";

/// The longest answer, in characters.
const LONGEST: usize = 40;

/// What an event was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// None of an answer's.
    Nothing,
    /// A part of an answer.
    Part,
    /// The end of an answer: what it says.
    Answer(Theme),
}

/// A question and what was heard of the answer.
#[derive(Debug, Default)]
pub struct Background {
    /// Whether an answer may still come.
    asked: bool,
    heard: Option<String>,
}

impl Background {
    /// Asks.
    pub fn ask(&mut self) {
        let mut out = stdout();
        // A terminal that can not be asked keeps the dark palette.
        self.asked = out.write_all(b"\x1b]11;?\x1b\\").and_then(|()| out.flush()).is_ok();
    }

    /// Looks at an event before it becomes a key.
    pub fn hear(&mut self, event: &Event) -> Heard {
        let Event::Key(key) = event else { return Heard::Nothing };
        if key.kind == KeyEventKind::Release || !self.asked {
            return Heard::Nothing;
        }
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match (&mut self.heard, key.code) {
            (None, KeyCode::Char(']')) if alt => {
                self.heard = Some(String::new());
                Heard::Part
            }
            (None, _) => Heard::Nothing,
            (Some(heard), KeyCode::Char(ch)) if (alt && ch == '\\') || (control && ch == 'g') => {
                let theme = Self::end(heard);
                self.heard = None;
                // What began like an answer and says no colour is swallowed, too: nobody typed it.
                theme.map_or(Heard::Part, |theme| {
                    self.asked = false;
                    Heard::Answer(theme)
                })
            }
            (Some(heard), KeyCode::Char(ch)) if !alt && !control => {
                heard.push(ch);
                let shared = heard.len().min(START.len());
                if heard[..shared] == START[..shared] && heard.len() <= LONGEST {
                    return Heard::Part;
                }
                self.heard = None;
                Heard::Nothing
            }
            _ => {
                self.heard = None;
                Heard::Nothing
            }
        }
    }

    /// Light or dark, by the brightness that an eye sees (ITU-R BT.601).
    fn end(heard: &str) -> Option<Theme> {
        let parts: Option<Vec<f64>> = heard
            .strip_prefix(START)?
            .split('/')
            .map(|part| {
                let value = u32::from_str_radix(part, 16).ok()?;
                let most = 16f64.powi(i32::try_from(part.len()).ok()?) - 1.0;
                Some(f64::from(value) / most)
            })
            .collect();
        let [red, green, blue] = parts?[..] else { return None };
        let brightness = 0.299 * red + 0.587 * green + 0.114 * blue;
        Some(if brightness > 0.5 { Theme::Light } else { Theme::Dark })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::KeyEvent;

    fn asked() -> Background {
        Background { asked: true, heard: None }
    }

    /// The events that the reader makes of an answer.
    fn events(answer: &str, bell: bool) -> Vec<Event> {
        let key = |ch, modifiers| Event::Key(KeyEvent::new(KeyCode::Char(ch), modifiers));
        let mut events = vec![key(']', KeyModifiers::ALT)];
        events.extend(answer.chars().map(|ch| key(ch, KeyModifiers::NONE)));
        events.push(if bell { key('g', KeyModifiers::CONTROL) } else { key('\\', KeyModifiers::ALT) });
        events
    }

    #[test]
    fn answers_are_recognised_among_keys() {
        for (answer, bell, theme) in [
            ("11;rgb:ffff/ffff/ffff", false, Theme::Light),
            ("11;rgb:1d1d/1f1f/2121", false, Theme::Dark),
            ("11;rgb:ff/ff/ff", true, Theme::Light),
            ("11;rgb:00/00/00", true, Theme::Dark),
        ] {
            let mut background = asked();
            let heard: Vec<Heard> = events(answer, bell).iter().map(|event| background.hear(event)).collect();
            assert_eq!(heard.last(), Some(&Heard::Answer(theme)), "{answer}");
            assert!(heard[..heard.len() - 1].iter().all(|heard| *heard == Heard::Part), "{answer}");
        }
    }

    #[test]
    fn keys_pass() {
        let key = |ch| Event::Key(KeyEvent::new(KeyCode::Char(ch), KeyModifiers::NONE));
        let mut background = asked();
        for ch in "jj11;a".chars() {
            assert_eq!(background.hear(&key(ch)), Heard::Nothing);
        }
        // Somebody pressed Alt and `]`, and then goes on typing.
        assert_eq!(background.hear(&Event::Key(KeyEvent::new(KeyCode::Char(']'), KeyModifiers::ALT))), Heard::Part);
        for ch in "jk".chars() {
            assert_eq!(background.hear(&key(ch)), Heard::Nothing);
        }
        let mut never = Background::default();
        assert_eq!(never.hear(&events("11;rgb:ff/ff/ff", true)[0]), Heard::Nothing);
    }
}

//! From crossterm's events to messages.

use crate::app::key::{Code, Key};
use crate::app::msg::{Held, Mouse, MouseAction, Msg};
use crate::diagram::Side;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use std::time::{Duration, Instant};

/// The message of an event; nothing where it says nothing.
pub fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(Msg::Key(key_of(key)?)),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(columns, rows) => Some(Msg::Resize(columns, rows)),
        Event::Mouse(mouse) => Some(Msg::Mouse(mouse_of(mouse)?)),
        _ => None,
    }
}

fn mouse_of(mouse: MouseEvent) -> Option<Mouse> {
    use MouseEventKind as K;
    let action = match mouse.kind {
        K::Down(MouseButton::Left) => MouseAction::Press,
        K::Down(MouseButton::Right) => MouseAction::RightPress,
        K::Drag(MouseButton::Left | MouseButton::Right) => MouseAction::Drag,
        K::Up(_) => MouseAction::Release,
        K::ScrollUp => MouseAction::Wheel(Side::Up),
        K::ScrollDown => MouseAction::Wheel(Side::Down),
        K::ScrollLeft => MouseAction::Wheel(Side::Left),
        K::ScrollRight => MouseAction::Wheel(Side::Right),
        K::Down(MouseButton::Middle) | K::Drag(MouseButton::Middle) | K::Moved => return None,
    };
    let held = |modifier| mouse.modifiers.contains(modifier);
    let held =
        Held { shift: held(KeyModifiers::SHIFT), alt: held(KeyModifiers::ALT), control: held(KeyModifiers::CONTROL) };
    Some(Mouse { action, x: i32::from(mouse.column), y: i32::from(mouse.row), held })
}

/// Two presses at one place within this time are a double click.
const DOUBLE_CLICK: Duration = Duration::from_millis(400);

/// Tells double clicks: terminals report single ones alone.
#[derive(Debug, Default)]
pub struct Clicks {
    last: Option<(Instant, i32, i32)>,
}

impl Clicks {
    /// The message, with a second press soon after the first as a double one.
    pub fn heed(&mut self, message: Msg, now: Instant) -> Msg {
        let Msg::Mouse(mouse) = message else { return message };
        if mouse.action == MouseAction::RightPress {
            self.last = None;
        }
        if mouse.action != MouseAction::Press {
            return message;
        }
        let twice = self.last.is_some_and(|(before, x, y)| {
            (x, y) == (mouse.x, mouse.y) && now.saturating_duration_since(before) <= DOUBLE_CLICK
        });
        // A third press begins anew.
        self.last = (!twice).then_some((now, mouse.x, mouse.y));
        if twice { Msg::Mouse(Mouse { action: MouseAction::DoublePress, ..mouse }) } else { message }
    }
}

fn key_of(key: KeyEvent) -> Option<Key> {
    let code = match key.code {
        KeyCode::Char(ch) => Code::Char(ch),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(number) => Code::Function(number),
        _ => return None,
    };
    let held = |modifier| key.modifiers.contains(modifier);
    let (control, alt) = (held(KeyModifiers::CONTROL), held(KeyModifiers::ALT));
    // AltGr arrives as control and alt with the character that it types.
    let (control, alt) = match code {
        Code::Char(ch) if control && alt && !ch.is_ascii_alphanumeric() => (false, false),
        _ => (control, alt),
    };
    let shift = held(KeyModifiers::SHIFT) && !matches!(code, Code::Char(_) | Code::BackTab);
    Some(Key { code, control, alt, shift })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_presses_soon_at_one_place_are_a_double_click() {
        let start = Instant::now();
        let press = MouseAction::Press;
        let mut clicks = Clicks::default();
        for (after, action, x, twice) in [
            (0, press, 5, false),
            (10, MouseAction::Release, 5, false),
            (200, press, 5, true),
            // The third of three is a first one again.
            (300, press, 5, false),
            (1000, press, 5, false),
            (1100, press, 6, false),
            (1200, MouseAction::RightPress, 6, false),
            (1300, press, 6, false),
        ] {
            let mouse = Mouse { action, x, y: 1, held: Held::default() };
            let heeded = clicks.heed(Msg::Mouse(mouse), start + Duration::from_millis(after));
            let Msg::Mouse(heeded) = heeded else { panic!("{heeded:?}") };
            assert_eq!(heeded.action == MouseAction::DoublePress, twice, "{action:?} after {after} ms");
        }
    }

    #[test]
    fn what_the_mouse_does_is_told_with_the_keys_that_are_held() {
        use MouseEventKind as K;
        for (kind, action) in [
            (K::Down(MouseButton::Left), Some(MouseAction::Press)),
            (K::Down(MouseButton::Right), Some(MouseAction::RightPress)),
            (K::Drag(MouseButton::Right), Some(MouseAction::Drag)),
            (K::Up(MouseButton::Right), Some(MouseAction::Release)),
            (K::ScrollLeft, Some(MouseAction::Wheel(Side::Left))),
            (K::Moved, None),
            (K::Down(MouseButton::Middle), None),
        ] {
            let event = MouseEvent { kind, column: 3, row: 4, modifiers: KeyModifiers::ALT };
            let held = Held { alt: true, ..Held::default() };
            let told = message(Event::Mouse(event)).map(|message| match message {
                Msg::Mouse(mouse) => mouse,
                other => panic!("{other:?}"),
            });
            assert_eq!(told, action.map(|action| Mouse { action, x: 3, y: 4, held }), "{kind:?}");
        }
    }
}

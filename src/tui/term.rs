//! Takes the terminal, and gives it back: after the end, an error, a panic or a signal.
//!
//! Giving back is one function without state, so that it can be called from anywhere and more than once.

use super::lean::Lean;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use std::io::{self, BufWriter, Stdout, Write, stdout};

type Screen = Terminal<Lean<BufWriter<Stdout>>>;

/// An empty screen, of which nothing is known. ratatui's own `clear` asks the terminal where the cursor is, and waits
/// for an answer that may never come.
fn blank() -> io::Result<Screen> {
    // What follows is shown with it, in one piece.
    execute!(stdout(), BeginSynchronizedUpdate, Clear(ClearType::All))?;
    Terminal::new(Lean::new(BufWriter::with_capacity(1 << 16, stdout())))
}

/// The terminal while the workbench has it.
pub struct Term {
    terminal: Screen,
    mouse: bool,
}

impl Term {
    /// Takes the terminal.
    pub fn enter(mouse: bool) -> io::Result<Term> {
        take(mouse)?;
        match blank() {
            Ok(terminal) => Ok(Term { terminal, mouse }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }

    /// Takes the terminal again after it was given back, and draws everything anew.
    pub fn reenter(&mut self) -> io::Result<()> {
        take(self.mouse)?;
        self.forget()
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub fn set_mouse(&mut self, mouse: bool) -> io::Result<()> {
        self.mouse = mouse;
        if mouse { execute!(stdout(), EnableMouseCapture) } else { execute!(stdout(), DisableMouseCapture) }
    }

    /// Draws a frame; the terminal shows it in one piece where it can.
    pub fn draw(&mut self, render: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(render)?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        self.terminal.backend_mut().flush()
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    pub fn forget(&mut self) -> io::Result<()> {
        self.terminal = blank()?;
        Ok(())
    }

    /// Columns and rows.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }
}

impl Drop for Term {
    fn drop(&mut self) {
        give_back();
    }
}

fn take(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)?;
    if mouse { execute!(stdout(), EnableMouseCapture) } else { Ok(()) }
}

/// Leaves the terminal as it was before. What fails is passed over: there is nobody left to tell.
pub fn give_back() {
    let _ = execute!(
        stdout(),
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::SetCursorStyle::DefaultUserShape,
        cursor::Show
    );
    let _ = disable_raw_mode();
}

/// A panic gives the terminal back before it prints anything, and says what was kept.
pub fn install_panic_hook() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        // A panic of the worker is caught and becomes a message; the screen stays as it is.
        if std::thread::current().name() != Some("main") {
            return;
        }
        give_back();
        default(info);
        eprintln!("sandtable: this is a bug. Your edits are in the journal; the next start offers them.");
    }));
}

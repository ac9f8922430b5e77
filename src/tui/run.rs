//! The event loop: one thread owns the state; input, signals and the worker send to it; it draws once after it has
//! taken everything that waits. Nothing happens on a tick, but for the clock of a drill that is on the screen.

use super::background::{Background, Heard};
use super::desk::Desk;
use super::draw;
use super::input::{Clicks, message};
use super::palette::Depth;
use super::session::Session;
use super::term::{Term, give_back, install_panic_hook};
use super::worker::{Worker, ask, choose};
use crate::app::App;
use crate::app::config::Theme;
use crate::app::msg::{Mouse, MouseAction, Msg};
use crate::app::state::Effect;
use crate::app::update::{goes_on, update};
use crate::diagram::Point;
use anyhow::{Context, Result};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::{Duration, Instant};

/// What reaches the loop.
enum Incoming {
    /// What a person did. The reader waits until it is told to go on.
    Input(Vec<crossterm::event::Event>),
    /// The worker is done.
    Done(Msg),
    /// A signal.
    Signal(i32),
    /// Input came to its end.
    Closed,
}

/// So long after the last step over the map the panes beside it follow: longer than a held key takes to repeat.
const REST_AFTER: Duration = Duration::from_millis(70);

/// At most so long are edits in the journal without being surely on the disk.
const SYNC_AFTER: Duration = Duration::from_millis(900);

/// While a drill is on the screen its clocks are brought up to date so often, and what others wrote is read.
const TICK: Duration = Duration::from_secs(1);

/// While something is held at the edge of the map the view goes on so often.
const PAN_EVERY: Duration = Duration::from_millis(50);

/// So often it goes on without a word from the mouse: the release may have been lost.
const MOST_PANS: usize = 400;

/// How the workbench ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By the person.
    Quit,
    /// By a signal.
    Signal(i32),
}

/// Runs the workbench until it ends. Without a session no model is open: the screen is that of a drill alone.
pub fn run(mut app: App, session: Option<Session>, desk: Desk) -> Result<Ended> {
    let depth = Depth::from_environment(|name| std::env::var(name).ok());
    install_panic_hook();
    let (sender, receiver) = channel();
    // Before the terminal is taken: a signal in between must give it back, too.
    watch_signals(sender.clone())?;
    let term = Term::enter(app.mouse).context("the terminal can not be used: sandtable needs one for the workbench")?;
    app.size = term.size()?;
    let told = sender.clone();
    let worker = Worker::start(move |message| told.send(Incoming::Done(message)).is_ok());
    let (background, clicks) = (Background::default(), Clicks::default());
    let mut workbench = Workbench {
        app,
        session,
        desk,
        term,
        depth,
        worker,
        sender: sender.clone(),
        background,
        clicks,
        panes: draw::Panes::default(),
        sync_at: None,
        rest_at: None,
        tick_at: None,
        held: HeldMouse::default(),
        is_torn: false,
        ended: None,
    };

    // The first picture waits for nothing: no reply of the terminal, no worker.
    let messages = match &mut workbench.session {
        Some(session) => session.introduce(&mut workbench.app),
        None => Vec::new(),
    };
    let size = workbench.app.size;
    workbench.take(Msg::Resize(size.0, size.1));
    for message in messages {
        workbench.take(message);
    }
    workbench.draw()?;

    if workbench.app.settings.theme == Theme::Auto && depth != Depth::Mono {
        workbench.background.ask();
    }
    workbench.perform(Effect::Look(false));
    // The rules are asked behind the first picture.
    let _ = sender.send(Incoming::Done(Msg::Rested));
    let go_on = start_reader(sender);
    let result = workbench.run(&receiver, &go_on);
    let Workbench { app, session, term, ended, .. } = workbench;
    drop(term);
    let ended = ended.unwrap_or(Ended::Quit);
    let Some(mut session) = session else {
        // Every event of a drill is on the disk already.
        result?;
        return Ok(ended);
    };
    if let Some(Msg::Failed(why)) = session.sync() {
        eprintln!("sandtable: {why}");
    }
    result?;
    if ended == Ended::Quit {
        // Whoever quits with unsaved edits was asked and said yes.
        session.discard_edits();
    } else if app.is_dirty() {
        eprintln!("sandtable: ended by a signal; the next start offers the unsaved edits of {}", app.file);
    }
    Ok(ended)
}

struct Workbench {
    app: App,
    session: Option<Session>,
    desk: Desk,
    term: Term,
    depth: Depth,
    worker: Worker,
    sender: Sender<Incoming>,
    background: Background,
    clicks: Clicks,
    panes: draw::Panes,
    sync_at: Option<Instant>,
    /// When the panes beside the map follow the selection.
    rest_at: Option<Instant>,
    tick_at: Option<Instant>,
    held: HeldMouse,
    /// Whether the terminal may show something else than what was drawn last.
    is_torn: bool,
    ended: Option<Ended>,
}

impl Workbench {
    fn run(&mut self, receiver: &Receiver<Incoming>, go_on: &SyncSender<()>) -> Result<()> {
        while self.ended.is_none() {
            self.plan_tick();
            let first =
                match self.sync_at.into_iter().chain(self.rest_at).chain(self.held.pan_at).chain(self.tick_at).min() {
                    None => match receiver.recv() {
                        Ok(incoming) => incoming,
                        Err(_) => break,
                    },
                    Some(at) => match receiver.recv_timeout(at.saturating_duration_since(Instant::now())) {
                        Ok(incoming) => incoming,
                        Err(RecvTimeoutError::Timeout) => {
                            self.meet_deadlines()?;
                            continue;
                        }
                        Err(RecvTimeoutError::Disconnected) => break,
                    },
                };
            let mut read = false;
            // Everything that waits is taken before anything is drawn.
            for incoming in std::iter::once(first).chain(receiver.try_iter()) {
                read |= matches!(incoming, Incoming::Input(_));
                self.handle(incoming)?;
                if self.ended.is_some() {
                    return Ok(());
                }
            }
            self.held.plan(&self.app);
            self.draw()?;
            if read {
                // The reader is gone only when input has ended, and then it said so.
                let _ = go_on.send(());
            }
        }
        Ok(())
    }

    /// Does what is due.
    fn meet_deadlines(&mut self) -> Result<()> {
        let now = Instant::now();
        if self.sync_at.take_if(|at| *at <= now).is_some()
            && let Some(message) = self.session.as_mut().and_then(Session::sync)
        {
            self.take(message);
            self.draw()?;
        }
        if self.rest_at.take_if(|at| *at <= now).is_some() {
            self.take(Msg::Rested);
            self.draw()?;
        }
        if self.tick_at.is_some_and(|at| at <= now) {
            self.tick_at = Some(now + TICK);
            for message in self.desk.tick() {
                self.take(message);
            }
            self.draw()?;
        }
        if self.held.pan_at.is_some_and(|at| at <= now)
            && let Some(mouse) = self.held.again()
        {
            self.take(Msg::Mouse(mouse));
            self.held.plan(&self.app);
            self.draw()?;
        }
        Ok(())
    }

    /// A clock that comes on the screen is right at once, and then every second; one that leaves it costs nothing.
    fn plan_tick(&mut self) {
        self.tick_at = match crate::app::drills::ticks(&self.app) {
            true => Some(self.tick_at.unwrap_or_else(Instant::now)),
            false => None,
        };
    }

    fn handle(&mut self, incoming: Incoming) -> Result<()> {
        match incoming {
            Incoming::Input(events) => {
                for event in coalesce(events) {
                    match self.background.hear(&event) {
                        Heard::Nothing => {}
                        Heard::Part => continue,
                        Heard::Answer(theme) => {
                            self.take(Msg::Background(theme));
                            continue;
                        }
                    }
                    if let Some(message) = message(event) {
                        let message = self.clicks.heed(message, Instant::now());
                        self.held.heed(&message);
                        self.take(message);
                    }
                    if let Some(message) = self.session.as_mut().and_then(Session::look_at_file) {
                        self.take(message);
                    }
                    if self.ended.is_some() {
                        break;
                    }
                }
            }
            Incoming::Done(message) => self.take(message),
            Incoming::Closed => self.ended = Some(Ended::Signal(SIGHUP)),
            Incoming::Signal(signal) => self.signal(signal)?,
        }
        Ok(())
    }

    fn draw(&mut self) -> Result<()> {
        // Asked of the system, which knows: the event of a change may come late or, beside a key, not at all.
        if let Ok(size) = self.term.size()
            && size != self.app.size
        {
            self.take(Msg::Resize(size.0, size.1));
        }
        self.worker.want(self.app.map.is_behind());
        if std::mem::take(&mut self.is_torn) {
            self.term.forget()?;
        }
        let (app, panes, depth) = (&self.app, &mut self.panes, self.depth);
        self.rest_at = app.hurried.then(|| Instant::now() + REST_AFTER);
        let drawn = self.term.draw(|frame| {
            if let Some(caret) = draw::screen_and_panes(app, panes, frame.buffer_mut(), depth) {
                frame.set_cursor_position(caret);
            }
        });
        match drawn {
            Ok(()) => Ok(()),
            // Nobody looks any more: end, with the edits in the journal.
            Err(_) => {
                self.ended = Some(Ended::Signal(SIGHUP));
                Ok(())
            }
        }
    }

    /// Takes a message, and does what follows from it, until nothing follows.
    fn take(&mut self, message: Msg) {
        let mut messages = vec![message];
        while let Some(message) = messages.pop() {
            for effect in update(&mut self.app, message) {
                let left = match &mut self.session {
                    Some(session) => session.perform(effect, &mut self.app),
                    None => Err(effect),
                };
                match left {
                    Ok(answer) => messages.extend(answer),
                    Err(effect) => messages.extend(self.perform(effect)),
                }
            }
        }
        if self.session.as_ref().is_some_and(Session::is_unsynced) && self.sync_at.is_none() {
            self.sync_at = Some(Instant::now() + SYNC_AFTER);
        }
    }

    fn perform(&mut self, effect: Effect) -> Option<Msg> {
        match effect {
            Effect::Quit => self.ended = Some(Ended::Quit),
            Effect::Arrange(graph) => {
                let gone = || Msg::Failed("the layout worker is gone; restart sandtable".into());
                return (!self.worker.lay_out(graph)).then(gone);
            }
            Effect::Choose(choosing) => self.beside(move || choose(&choosing)),
            Effect::Judge(inquiry) => self.beside(move || ask(&inquiry)),
            Effect::Mouse(mouse) => {
                if let Err(error) = self.term.set_mouse(mouse) {
                    return Some(Msg::Failed(error.to_string()));
                }
            }
            Effect::Clipboard(text) => {
                let copy = crossterm::clipboard::CopyToClipboard::to_clipboard_from(text);
                let _ = crossterm::execute!(std::io::stdout(), copy);
            }
            Effect::OpenEditor(id) => {
                let session = self.session.as_mut()?;
                give_back();
                let message = session.edit_in_editor(&self.app, &id);
                if let Err(error) = self.term.reenter() {
                    return Some(Msg::Failed(error.to_string()));
                }
                return Some(message);
            }
            Effect::Drill(effect) => return self.desk.perform(effect, &self.app),
            Effect::Look(asked) => {
                // Files may be large, or far away.
                let look = self.session.as_ref()?.looker(&self.app);
                self.beside(move || Msg::Looked(look(), asked));
            }
            Effect::Suspend => self.suspend(),
            // The session takes all others.
            _ => {}
        }
        None
    }

    /// Works something out on a thread of its own. Whoever left meanwhile does not want to know any more.
    fn beside(&self, work: impl FnOnce() -> Msg + Send + 'static) {
        let sender = self.sender.clone();
        std::thread::spawn(move || sender.send(Incoming::Done(work())));
    }

    #[cfg(unix)]
    fn suspend(&mut self) {
        give_back();
        let _ = self.session.as_mut().and_then(Session::sync);
        // Stops here until the shell lets the program go on.
        let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
        let _ = self.term.reenter();
        if let Ok((columns, rows)) = self.term.size() {
            self.take(Msg::Resize(columns, rows));
        }
    }

    #[cfg(not(unix))]
    fn suspend(&mut self) {
        self.take(Msg::Failed("this system has no job control".into()));
    }

    #[cfg(unix)]
    fn signal(&mut self, signal: i32) -> Result<()> {
        match signal {
            signal_hook::consts::SIGTSTP => self.suspend(),
            signal_hook::consts::SIGCONT => {
                // Whoever stopped the program may have left anything on the screen.
                self.term.reenter()?;
            }
            // Drawing looks at the size by itself. Even where it is what it was, it may have been another in between, and the
            // terminal has lost what did not fit.
            signal_hook::consts::SIGWINCH => self.is_torn = true,
            signal => self.ended = Some(Ended::Signal(signal)),
        }
        Ok(())
    }

    #[cfg(not(unix))]
    fn signal(&mut self, signal: i32) -> Result<()> {
        self.ended = Some(Ended::Signal(signal));
        Ok(())
    }
}

/// A mouse that is held at the edge of the map tells nothing more, and the view goes on all the same.
#[derive(Default)]
struct HeldMouse {
    /// What it told last, while it drags.
    last: Option<Mouse>,
    /// How often that was repeated.
    repeated: usize,
    /// When it is told again.
    pan_at: Option<Instant>,
}

impl HeldMouse {
    fn heed(&mut self, message: &Msg) {
        let dragged = |mouse: &&Mouse| mouse.action == MouseAction::Drag;
        self.last = if let Msg::Mouse(mouse) = message { Some(mouse).filter(dragged).copied() } else { None };
        self.repeated = 0;
    }

    fn again(&mut self) -> Option<Mouse> {
        self.repeated += 1;
        self.last
    }

    /// Sets the deadline, where the view has somewhere to go.
    fn plan(&mut self, app: &App) {
        let goes_on = |mouse: Mouse| self.repeated < MOST_PANS && goes_on(app, Point::new(mouse.x, mouse.y));
        self.pan_at = self.last.is_some_and(goes_on).then(|| Instant::now() + PAN_EVERY);
    }
}

const SIGHUP: i32 = 1;

/// Of several resizes, or several moves of the mouse, in a row only the last counts.
fn coalesce(events: Vec<crossterm::event::Event>) -> Vec<crossterm::event::Event> {
    use crossterm::event::{Event, MouseEventKind};
    let mut kept: Vec<Event> = Vec::with_capacity(events.len());
    for event in events {
        let replaces = match (kept.last(), &event) {
            (Some(Event::Resize(..)), Event::Resize(..)) => true,
            (Some(Event::Mouse(before)), Event::Mouse(after)) => {
                before.kind == after.kind && matches!(after.kind, MouseEventKind::Drag(_) | MouseEventKind::Moved)
            }
            _ => false,
        };
        if replaces {
            kept.pop();
        }
        kept.push(event);
    }
    kept
}

/// Reads input on a thread of its own. After each batch it waits until the loop has drawn: while an editor runs, or
/// the program is stopped, nobody takes the keys from it.
fn start_reader(sender: Sender<Incoming>) -> SyncSender<()> {
    let (go_on, wait) = sync_channel::<()>(1);
    std::thread::spawn(move || {
        loop {
            let Ok(first) = crossterm::event::read() else {
                let _ = sender.send(Incoming::Closed);
                return;
            };
            let mut events = vec![first];
            while events.len() < 1_000 && crossterm::event::poll(Duration::ZERO).unwrap_or(false) {
                match crossterm::event::read() {
                    Ok(event) => events.push(event),
                    Err(_) => break,
                }
            }
            if sender.send(Incoming::Input(events)).is_err() || wait.recv().is_err() {
                return;
            }
        }
    });
    go_on
}

#[cfg(unix)]
fn watch_signals(sender: Sender<Incoming>) -> Result<()> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
    let mut signals =
        signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])
            .context("signals can not be watched")?;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            if sender.send(Incoming::Signal(signal)).is_err() {
                return;
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn watch_signals(_sender: Sender<Incoming>) -> Result<()> {
    Ok(())
}

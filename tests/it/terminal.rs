//! A terminal for tests: the program runs on a pseudo terminal, a parser keeps the picture, and queries are answered
//! or not. Nothing here waits for a time, only for conditions, up to a deadline.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Whatever takes longer than this will never come.
const DEADLINE: Duration = Duration::from_secs(20);

/// Terminals at a time, all tests together.
const SLOTS: usize = 2;

static FREE: (Mutex<usize>, Condvar) = (Mutex::new(SLOTS), Condvar::new());

/// What the terminal says when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// What a modern terminal with a light ground says.
    All,
    /// Nothing, ever.
    Nothing,
    /// Everything, but what is not about the cursor only when the test says so.
    Late,
}

/// Folders of one test: where it works, and where the program keeps its state and settings.
pub struct Home {
    folder: tempfile::TempDir,
    variables: Vec<(String, Option<String>)>,
}

impl Home {
    /// A home with files in its working folder.
    pub fn new(files: &[(&str, &str)]) -> Home {
        let (free, changed) = &FREE;
        let mut free = free.lock().unwrap();
        while *free == 0 {
            free = changed.wait(free).unwrap();
        }
        *free -= 1;
        let home = Home { folder: tempfile::tempdir().unwrap(), variables: Vec::new() };
        std::fs::create_dir_all(home.path("")).unwrap();
        // The program asks for colours only where it was not told; what it asks is the matter of a few tests alone.
        std::fs::create_dir_all(home.settings().parent().unwrap()).unwrap();
        std::fs::write(home.settings(), "(theme: Dark)").unwrap();
        for (name, text) in files {
            let path = home.path(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        home
    }

    /// The same home with an environment variable, or without one.
    pub fn with(mut self, name: &str, value: Option<&str>) -> Home {
        self.variables.push((name.into(), value.map(str::to_owned)));
        self
    }

    /// The same home without settings: the program asks the terminal for its colours.
    pub fn without_settings(self) -> Home {
        std::fs::remove_file(self.settings()).unwrap();
        self
    }

    fn settings(&self) -> PathBuf {
        self.folder.path().join("config/config.ron")
    }

    /// A path in the working folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("work").join(name)
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Starts sandtable.
    pub fn spawn(&self, size: (u16, u16), arguments: &[&str], answers: Answers) -> Pty {
        self.spawn_program(Path::new(env!("CARGO_BIN_EXE_sandtable")), size, arguments, answers)
    }

    /// Starts any program.
    pub fn spawn_program(&self, program: &Path, size: (u16, u16), arguments: &[&str], answers: Answers) -> Pty {
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(self.path(""));
        for name in ["NO_COLOR", "EDITOR", "VISUAL"] {
            command.env_remove(name);
        }
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.env("SANDTABLE_STATE_DIR", self.folder.path().join("state"));
        command.env("SANDTABLE_CONFIG_DIR", self.folder.path().join("config"));
        for (name, value) in &self.variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            }
        }
        Pty::start(command, size, answers)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        *FREE.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        FREE.1.notify_one();
    }
}

/// What came out of the program so far.
pub struct Seen {
    parser: vt100::Parser,
    /// Every byte.
    pub raw: Vec<u8>,
    held: Vec<u8>,
    asked: usize,
    owed: Vec<u8>,
    closed: bool,
}

impl Seen {
    /// The picture as text, one line a row.
    pub fn text(&self) -> String {
        self.parser.screen().contents()
    }

    pub fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// The row and the column at which a text stands.
    pub fn place_of(&self, text: &str) -> Option<(u16, u16)> {
        let screen = self.parser.screen();
        let (rows, columns) = screen.size();
        for row in 0..rows.get() {
            let cells: Vec<String> = (0..columns.get())
                .map(|column| screen.cell(row, column).map_or(String::new(), |cell| cell.contents().to_owned()))
                .map(|cell| if cell.is_empty() { " ".to_owned() } else { cell })
                .collect();
            let at = (0..cells.len()).find(|at| cells[*at..].concat().starts_with(text));
            if let Some(at) = at {
                return Some((row, u16::try_from(at).unwrap()));
            }
        }
        None
    }

    /// The private modes that were ever set or reset, and how they stand now.
    pub fn modes(&self) -> BTreeMap<u32, bool> {
        let text = String::from_utf8_lossy(&self.raw);
        let mut modes = BTreeMap::new();
        for part in text.split("\u{1b}[?").skip(1) {
            let Some(end) = part.find(|ch: char| !ch.is_ascii_digit() && ch != ';') else { continue };
            let on = match part.as_bytes()[end] {
                b'h' => true,
                b'l' => false,
                _ => continue,
            };
            for number in part[..end].split(';').filter_map(|number| number.parse().ok()) {
                modes.insert(number, on);
            }
        }
        modes
    }

    /// Takes bytes of the program; what it asks for is answered, or owed.
    fn take(&mut self, bytes: &[u8], answers: Answers) -> Vec<u8> {
        self.raw.extend_from_slice(bytes);
        self.held.extend_from_slice(bytes);
        // A terminal shows a synchronized update in one piece: what is not complete waits.
        let open = self.held.windows(8).rposition(|window| window == b"\x1b[?2026h");
        let shown = match open {
            Some(open) if find(&self.held[open..], b"\x1b[?2026l").is_none() => open,
            _ => self.held.len(),
        };
        let rest = self.held.split_off(shown);
        self.parser.process(&self.held);
        self.held = rest;
        let mut now = Vec::new();
        loop {
            let rest = &self.raw[self.asked..];
            let next = QUERIES
                .iter()
                .filter_map(|(query, answer)| Some((find(rest, query.as_bytes())?, *query, *answer)))
                .min_by_key(|(at, ..)| *at);
            let Some((at, query, answer)) = next else { break };
            self.asked += at + query.len();
            // Where the cursor is, even a slow terminal says in time.
            let at_once = answers == Answers::All || answers == Answers::Late && query == "\u{1b}[6n";
            if at_once { &mut now } else { &mut self.owed }.extend_from_slice(answer.as_bytes());
        }
        if answers == Answers::Nothing { Vec::new() } else { now }
    }
}

/// What a program may ask, and what a terminal with a light ground answers.
const QUERIES: [(&str, &str); 4] = [
    ("\u{1b}[c", "\u{1b}[?62;22c"),
    ("\u{1b}[6n", "\u{1b}[1;1R"),
    ("\u{1b}]10;?", "\u{1b}]10;rgb:1010/1010/1010\u{1b}\\"),
    ("\u{1b}]11;?", "\u{1b}]11;rgb:fefe/fefe/fefe\u{1b}\\"),
];

pub fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

/// A program on a terminal. Dropped, it is killed.
pub struct Pty {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    writer: Arc<Mutex<Box<dyn Write + Send>>>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    /// The modes of the line before the program ran.
    before: String,
}

impl Pty {
    fn start(command: CommandBuilder, (columns, rows): (u16, u16), answers: Answers) -> Pty {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let before = format!("{:?}", pair.master.get_termios().unwrap());
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let writer = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let parser = vt100::Parser::new(NonZeroU16::new(rows).unwrap(), NonZeroU16::new(columns).unwrap(), 0);
        let seen = Seen { parser, raw: Vec::new(), held: Vec::new(), asked: 0, owed: Vec::new(), closed: false };
        let seen = Arc::new((Mutex::new(seen), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (shared, answering) = (Arc::clone(&seen), Arc::clone(&writer));
        std::thread::spawn(move || {
            let mut bytes = [0; 8192];
            loop {
                // The end of the program ends the stream, on some systems with an error.
                let count = reader.read(&mut bytes).unwrap_or(0);
                let mut seen = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
                if count == 0 {
                    seen.closed = true;
                    shared.1.notify_all();
                    return;
                }
                let answer = seen.take(&bytes[..count], answers);
                drop(seen);
                if !answer.is_empty() {
                    let mut writer = answering.lock().unwrap();
                    let _ = writer.write_all(&answer).and_then(|()| writer.flush());
                }
                shared.1.notify_all();
            }
        });
        Pty { master: pair.master, child, writer, seen, before }
    }

    /// What came out so far.
    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.0.lock().unwrap()
    }

    /// Waits until something is so; says what was on the screen if it never is.
    pub fn wait_until(&self, what: &str, is_so: impl Fn(&Seen) -> bool) {
        let until = Instant::now() + DEADLINE;
        let mut seen = self.seen();
        while !is_so(&seen) {
            let left = until.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !seen.closed,
                "waited in vain ({}): {what}; on the screen:\n{}",
                if seen.closed { "it has ended" } else { "it runs" },
                seen.text()
            );
            seen = self.seen.1.wait_timeout(seen, left).unwrap().0;
        }
    }

    /// Waits until a text is on the screen.
    pub fn wait_for(&self, text: &str) {
        self.wait_until(text, |seen| seen.text().contains(text));
    }

    /// Waits until a text is on the screen no more.
    pub fn wait_without(&self, text: &str) {
        self.wait_until(&format!("no {text}"), |seen| !seen.text().contains(text));
    }

    /// Types.
    pub fn keys(&self, keys: &str) {
        let mut writer = self.writer.lock().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Types, and waits for what follows.
    pub fn keys_then(&self, keys: &str, text: &str) {
        self.keys(keys);
        self.wait_for(text);
    }

    /// Types the same again and again until it has an effect, for keys that do no harm twice.
    pub fn press_until(&self, keys: &str, is_so: impl Fn(&Seen) -> bool) {
        let until = Instant::now() + DEADLINE;
        let mut seen = self.seen();
        while !is_so(&seen) {
            assert!(Instant::now() < until && !seen.closed, "{keys:?} has no effect:\n{}", seen.text());
            drop(seen);
            self.keys(keys);
            seen = self.seen();
            let again = Instant::now() + Duration::from_millis(250);
            while !is_so(&seen) && Instant::now() < again && !seen.closed {
                seen = self.seen.1.wait_timeout(seen, again.saturating_duration_since(Instant::now())).unwrap().0;
            }
        }
    }

    /// Answers what was asked until now.
    pub fn answer(&self) {
        let owed = std::mem::take(&mut self.seen().owed);
        assert!(!owed.is_empty(), "the program asked nothing");
        self.keys(&String::from_utf8(owed).unwrap());
    }

    pub fn resize(&self, columns: u16, rows: u16) {
        let size = (NonZeroU16::new(rows).unwrap(), NonZeroU16::new(columns).unwrap());
        self.seen().parser.set_size(size.0, size.1);
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).unwrap();
    }

    /// Comes to a size again and again until it has an effect.
    pub fn nudge_until(&self, (columns, rows): (u16, u16), is_so: impl Fn(&Seen) -> bool) {
        let until = Instant::now() + DEADLINE;
        loop {
            self.resize(columns - 1, rows);
            self.resize(columns, rows);
            let again = Instant::now() + Duration::from_millis(500);
            let mut seen = self.seen();
            while Instant::now() < again && !seen.closed {
                if is_so(&seen) {
                    return;
                }
                seen = self.seen.1.wait_timeout(seen, again.saturating_duration_since(Instant::now())).unwrap().0;
            }
            assert!(Instant::now() < until && !seen.closed, "the size has no effect:\n{}", seen.text());
        }
    }

    /// Sends a signal, by the name that `kill` knows.
    pub fn signal(&self, name: &str) {
        let process = self.child.process_id().unwrap();
        let script = format!("kill -{name} {process}");
        assert!(std::process::Command::new("sh").args(["-c", &script]).status().unwrap().success());
    }

    /// Waits until the program is stopped.
    pub fn wait_until_stopped(&self) {
        let process = self.child.process_id().unwrap().to_string();
        let until = Instant::now() + DEADLINE;
        loop {
            let output = std::process::Command::new("ps").args(["-o", "stat=", "-p", &process]).output().unwrap();
            if String::from_utf8_lossy(&output.stdout).trim().starts_with('T') {
                return;
            }
            assert!(Instant::now() < until, "it does not stop");
            std::thread::yield_now();
        }
    }

    /// Waits until the program has ended and all of its output is there; its exit code.
    pub fn exit(&mut self) -> u32 {
        let until = Instant::now() + DEADLINE;
        let mut seen = self.seen.0.lock().unwrap();
        while !seen.closed {
            let left = until.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "it does not end; on the screen:\n{}\nat last: {:?}",
                seen.text(),
                String::from_utf8_lossy(&seen.raw[seen.raw.len().saturating_sub(300)..])
            );
            seen = self.seen.1.wait_timeout(seen, left).unwrap().0;
        }
        drop(seen);
        self.child.wait().unwrap().exit_code()
    }

    /// Whether the line is as the shell left it: echo, whole lines, signals by keys.
    pub fn is_cooked(&self) -> bool {
        format!("{:?}", self.master.get_termios().unwrap()) == self.before
    }

    /// The terminal is as it was before the program ran.
    pub fn assert_given_back(&self, when: &str) {
        let seen = self.seen();
        let screen = seen.screen();
        assert!(!screen.alternate_screen(), "{when}: the alternate screen is still there");
        assert!(!screen.hide_cursor(), "{when}: the cursor is hidden");
        assert!(!screen.bracketed_paste(), "{when}: pastes are still in brackets");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "{when}: the mouse is not given back");
        let modes = seen.modes();
        for mode in [1000, 1002, 1003, 1005, 1006, 1015, 1004, 1049, 2004, 2026] {
            assert!(!modes.get(&mode).unwrap_or(&false), "{when}: mode {mode} is still on");
        }
        assert!(modes.contains_key(&1049), "{when}: it never took the screen");
        drop(seen);
        assert!(self.is_cooked(), "{when}: the line is not cooked");
    }

    /// The program has the terminal.
    pub fn assert_taken(&self) {
        let seen = self.seen();
        assert!(seen.screen().alternate_screen() && seen.screen().bracketed_paste());
        let modes = seen.modes();
        for mode in [1000, 1002, 1006] {
            assert_eq!(modes.get(&mode), Some(&true), "mode {mode} is off");
        }
        drop(seen);
        assert!(!self.is_cooked());
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

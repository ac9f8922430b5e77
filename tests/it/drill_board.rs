//! The boards of a drill: what the facilitator's console, the evaluator, the room and somebody alone see and can do, on
//! real files and with made up time.

use super::headless::{CLINIC, press as type_keys, screen};
use sandtable::app::App;
use sandtable::app::config::Settings;
use sandtable::app::drills::{Board, DrillMsg, Face, How, Opening};
use sandtable::app::layer::Layer;
use sandtable::app::msg::Msg;
use sandtable::app::state::{Effect, Screen};
use sandtable::app::update::update;
use sandtable::drill::begin::Choices;
use sandtable::drill::board::{Pane, Subject};
use sandtable::drill::event::Body;
use sandtable::drill::state::{Phase, Stamp};
use sandtable::model::Slug;
use sandtable::store::drill_log;
use sandtable::store::ron::load;
use sandtable::tui::desk::Desk;

/// The workbench with its files of drills.
pub struct Table {
    folder: tempfile::TempDir,
    pub app: App,
    desk: Desk,
}

impl Table {
    /// The clinic in a folder of its own.
    pub fn new(columns: u16, rows: u16) -> Table {
        let folder = tempfile::tempdir().unwrap();
        let mut app = App::new(load(CLINIC).unwrap().model, "models/clinic.ron", Settings::default());
        app.saved_text = CLINIC.to_owned();
        app.today = super::headless::today();
        let mut table = Table { desk: Desk::new(folder.path().to_owned()), app, folder };
        table.send(Msg::Resize(columns, rows));
        table
    }

    /// A second program on the same files.
    fn second(&self, opening: Opening) -> (App, Desk) {
        let mut app = App::new(Default::default(), "", Settings::default());
        app.drills.alone = true;
        app.screen = Screen::Drills;
        let mut desk = Desk::new(self.folder.path().to_owned());
        let opened = desk.open(&opening, &app).unwrap();
        send(&mut app, &mut desk, Msg::Drill(DrillMsg::Opened(Box::new(opened))));
        (app, desk)
    }

    fn send(&mut self, msg: Msg) {
        send(&mut self.app, &mut self.desk, msg);
    }

    /// Begins a scenario with made up time.
    pub fn begin(mut self, scenario: &str, face: Face) -> Table {
        let choices =
            Choices { date: "2026-12-01".parse().ok(), simulated: true, starter: false, ..Choices::default() };
        let how = How::Begin(scenario.into(), choices);
        let opening = Opening { log: "drills/one.jsonl".into(), how, face, writer: slug("facilitator") };
        let opened = self.desk.open(&opening, &self.app).unwrap();
        self.send(Msg::Drill(DrillMsg::Opened(Box::new(opened))));
        self
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) -> &mut Table {
        press(&mut self.app, &mut self.desk, keys);
        self
    }

    /// Types into a prompt, and takes it.
    pub fn say(&mut self, text: &str) -> &mut Table {
        assert!(matches!(self.app.layers.last(), Some(Layer::Prompt(_))), "nothing is asked:\n{}", screen(&self.app));
        self.send(Msg::Paste(text.into()));
        self.press("<Enter>");
        self
    }

    /// A line of the console.
    pub fn line(&mut self, line: &str) -> &mut Table {
        self.press(":").say(line);
        assert!(self.app.layers.is_empty(), "{line} was refused:\n{}", screen(&self.app));
        self
    }

    pub fn board(&self) -> &Board {
        self.app.drills.board.as_ref().expect("a drill is open")
    }

    fn pane(&self, pane: Pane) -> String {
        text(self.board(), pane)
    }

    /// How many events the disk has, without what the program notes by itself.
    fn on_disk(&self) -> usize {
        let log = drill_log::read(&self.folder.path().join("drills/one.jsonl")).unwrap();
        assert_eq!(log.lines.len(), self.board().state().history.len(), "the screen shows what the disk has");
        log.lines.iter().filter(|line| !matches!(line.event.body, Body::Attacker(_))).count()
    }
}

fn text(board: &Board, pane: Pane) -> String {
    board.rows(pane).iter().map(|row| format!("{} {}\n", row.left, row.text)).collect()
}

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

fn send(app: &mut App, desk: &mut Desk, msg: Msg) {
    let mut messages = vec![msg];
    while let Some(msg) = messages.pop() {
        for effect in update(app, msg) {
            if let Effect::Drill(effect) = effect {
                messages.extend(desk.perform(effect, app));
            }
        }
    }
}

fn press(app: &mut App, desk: &mut Desk, keys: &str) {
    for key in sandtable::app::key::parse(keys).unwrap() {
        send(app, desk, Msg::Key(key));
    }
}

fn begun(columns: u16, rows: u16) -> Table {
    Table::new(columns, rows).begin("s1-open-list", Face::Console)
}

#[test]
fn the_library_shows_scenarios_and_drills() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let mut table = begun(columns, rows);
        table.press("s").press("qy");
        assert!(table.app.drills.board.is_none());
        insta::assert_snapshot!(format!("drills_library_{columns}x{rows}"), screen(&table.app));
        // The cursor is on the drill that was closed; it goes on.
        table.press("<Enter>");
        assert!(table.board().state().sent("i1").is_some());
    }
    let mut table = Table::new(120, 40);
    table.press("7/number<Enter>");
    let seen = screen(&table.app);
    assert!(seen.contains("Next number please") && !seen.contains("Master key"), "{seen}");
    // What a scenario is bound to on this model stands beside it.
    table.press("<Esc>gg");
    assert!(screen(&table.app).contains("1 place fit"), "{}", screen(&table.app));
}

/// The six states of a console that matter, at the sizes that matter.
#[test]
fn the_console_in_six_states() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let name = |state: &str| format!("console_{state}_{columns}x{rows}");
        let mut before = Table::new(columns, rows);
        before.press("7<Enter>");
        insta::assert_snapshot!(name("before"), screen(&before.app));
        let mut table = begun(columns, rows);
        insta::assert_snapshot!(name("ready"), screen(&table.app));
        table.line("seat soc Sam").line("seat ic substitute Ira").line("send").line("ack i1 soc");
        table.line("wait 4m").line("met verify-outside from a private window").line("wait 2m").line("send i2");
        table.line("open keep task soc by=ic Keep what came back").line("take keep").line("wait 1m");
        table.line("open fields task app needs=keep Go through the fields");
        table.line("assumption The page is the only way in").line("gap Nobody knows who owns the page");
        insta::assert_snapshot!(name("decision"), screen(&table.app));
        table.line("pause coffee").line("wait 10m");
        insta::assert_snapshot!(name("paused"), screen(&table.app));
        table.line("resume").line("decide d-unpublish unpublish soc it is our data").line("wait 3m").line("send i3a");
        table.line("jump 75h next week");
        insta::assert_snapshot!(name("breached"), screen(&table.app));
        table.line("end");
        insta::assert_snapshot!(name("ended"), screen(&table.app));
    }
}

/// An observation is about the task under the cursor, and the report says so; what the scenario does not have is refused.
#[test]
fn observations_are_tied_to_what_they_are_about() {
    let mut table = begun(120, 40);
    table.press("s").press("vj").press("+").say("Answered within the hour");
    let note = table.board().state().notes.last().unwrap().clone();
    assert_eq!(note.about.len(), 1, "{}", screen(&table.app));
    let name = note.about[0].to_string();
    assert!(table.pane(Pane::Observations).contains(&format!("(about {name})")), "{}", screen(&table.app));
    table.press("<Esc>").line("note observation about=i1,o1 @soc Two read the mailbox");
    assert_eq!(table.board().state().notes.last().unwrap().about.len(), 2);
    table.press(":").say("gap about=nothing-like-it It is not there");
    assert!(screen(&table.app).contains("has no `nothing-like-it`"), "{}", screen(&table.app));
}

/// What an inject says is changed where it stands, and goes out again.
#[test]
fn an_inject_is_reworded_on_the_console() {
    let mut table = begun(120, 40);
    table.press("r");
    assert!(screen(&table.app).contains("reword") || screen(&table.app).contains("What does it say?"));
    table.press("<C-u>").say("Short and plain");
    table.press("s");
    assert!(text(table.board(), Pane::Inject).contains("Short and plain"), "{}", screen(&table.app));
    table.press("R");
    assert!(text(table.board(), Pane::Inject).contains("as it was"), "{}", screen(&table.app));
}

/// Each key writes what the console would have taken as a line, and the disk has it before the screen shows it.
#[test]
fn keys_write_events() {
    let mut table = begun(120, 40);
    let mut lines = table.on_disk();
    let mut wrote = |table: &Table, what: &str| {
        assert!(table.app.layers.is_empty(), "{what}: something is asked still:\n{}", screen(&table.app));
        assert_eq!(table.on_disk(), lines + 1, "{what}: {}", screen(&table.app));
        lines += 1;
    };
    table.press("s");
    wrote(&table, "send");
    table.press("a");
    wrote(&table, "ack: only one role got it");
    table.press("t<Enter>").say("seen");
    wrote(&table, "tick");
    table.line("wait 5m").press("s");
    wrote(&table, "send the next");
    table.press("d<Enter>").say("it is ours");
    wrote(&table, "decide");
    let made = table.board().state().decided("d-unpublish").unwrap();
    assert_eq!((made.role.as_str(), made.authorised), ("app", Some(true)));
    for (keys, words, what) in [
        ("ng", "nobody owns it", "gap"),
        ("nq", "@soc who read it", "question"),
        ("na", "nobody did", "assumption"),
        ("np", "buy a scanner", "parking"),
        ("nu", "oh no", "quote"),
        ("nr", "the portal is down", "ruling"),
        ("nn", "somebody rang", "action"),
        ("J", "1h lunch", "jump"),
        ("c", "8", "scale"),
    ] {
        table.press(keys).say(words);
        wrote(&table, what);
    }
    table.press("p");
    wrote(&table, "pause");
    table.press("p");
    wrote(&table, "resume");
    table.press("o<Enter>");
    wrote(&table, "notified");
    table.press("m<Enter>");
    wrote(&table, "milestone");
    table.press("e<Enter>").say("Sam");
    wrote(&table, "seat");
    table.press("wn<Down><Enter>").say("Ring the provider");
    wrote(&table, "new work");
    assert!(table.board().state().item("ring-the-provider").is_some());
    table.press("wt");
    wrote(&table, "take");
    table.press("wd");
    wrote(&table, "done");
    table.press("wr<Down><Enter>").say("nobody was there");
    wrote(&table, "reopen");
    table.press("nf<Enter>").say("2027-01-15 Write the number down");
    wrote(&table, "follow-up");
    table.press("x<Enter>").say("no time");
    wrote(&table, "skip");
    table.press("h<Enter>");
    wrote(&table, "hold");
    table.press("u");
    wrote(&table, "undo");
    assert!(table.board().state().held.is_empty());
    table.press("Ey");
    wrote(&table, "end");
    assert_eq!(table.board().state().phase, Phase::Ended);
}

/// The clock of a drill ticks while it runs and is on the screen, and at no other time.
#[test]
fn only_a_drill_on_the_screen_ticks() {
    use sandtable::app::drills::ticks;
    let mut table = Table::new(80, 24);
    assert!(!ticks(&table.app));
    table.press("7<Enter>").press("<Enter>");
    assert!(ticks(&table.app) && !table.board().simulated, "{}", screen(&table.app));
    table.press("<Esc>");
    assert!(table.app.screen == Screen::Map && !ticks(&table.app), "the map is on the screen");
    table.press("7");
    assert!(ticks(&table.app), "the drill stayed open");
    table.press("Ey");
    assert!(!ticks(&table.app), "it is over");
    table.press("q");
    assert!(table.app.drills.board.is_none() && !ticks(&table.app));
}

#[test]
fn what_the_engine_refuses_stays_in_the_prompt() {
    let mut table = begun(80, 24);
    let lines = table.on_disk();
    table.press(":").say("decide d-unpublish keep app because");
    let Some(Layer::Prompt(prompt)) = table.app.layers.last() else { panic!("the prompt is gone") };
    assert!(prompt.error.as_ref().is_some_and(|why| why.contains("there is no work")), "{:?}", prompt.error);
    assert_eq!(table.on_disk(), lines);
    // Somebody without the power may decide, and it is seen.
    table.press("<Esc>").line("send").line("wait 6m").line("send");
    table.press("d<Enter>").say("@soc there was no time");
    let made = table.board().state().decided("d-unpublish").unwrap();
    assert_eq!((made.role.as_str(), made.authorised), ("soc", Some(false)));
    assert!(table.pane(Pane::Work).contains("MAY NOT"), "{}", table.pane(Pane::Work));
    // An inject whose guard does not hold is asked about.
    table.press("G").press("s");
    assert!(screen(&table.app).contains("guard does not hold") || table.board().subject().is_some());
}

/// Work that waits for other work says whose it is, and a decision whether its owner may decide.
#[test]
fn the_board_says_who_waits_for_whom() {
    let mut table = begun(120, 40);
    table.line("send").line("wait 6m").line("send");
    table.line("open evidence task soc Keep the evidence").line("open take-down task app needs=evidence Take it down");
    let work = table.pane(Pane::Work);
    assert!(work.contains("waits for evidence (soc)"), "{work}");
    assert!(work.contains("may decide (unpublish-app)"), "{work}");
    table.line("done evidence");
    let work = table.pane(Pane::Work);
    assert!(!work.contains("waits for evidence"), "{work}");
    table.line("wait 20m");
    assert!(table.pane(Pane::Roles).contains("never spoke"), "{}", table.pane(Pane::Roles));
    assert!(table.pane(Pane::Expected).contains("OVERDUE"), "{}", table.pane(Pane::Expected));
    let attacker = table.pane(Pane::Attacker);
    assert!(attacker.contains("exposure-began") && attacker.contains("open for"), "{attacker}");
}

#[test]
fn the_drift_is_what_is_due_and_not_sent() {
    let table = begun(80, 24);
    let drift = |at: i64| {
        let now = Stamp { wall: at / 4, play: at / 4, story: at };
        sandtable::drill::facilitator::Console::new(&table.board().plan, table.board().state(), now).drift_words()
    };
    for (at, words) in [(0, "on plan"), (90, "1m behind plan"), (3_600, "1h behind plan")] {
        assert_eq!(drift(at), words, "{at}");
    }
    let mut table = begun(80, 24);
    table.line("send").press("sy");
    let state = table.board().state();
    let console = sandtable::drill::facilitator::Console::new(&table.board().plan, state, state.last());
    assert_eq!(console.drift_words(), "20m ahead of plan");
}

/// An evaluator in a second process has a log of their own: both see each other, and a merge makes one log.
#[test]
fn an_evaluator_writes_beside_the_facilitator() {
    let mut table = begun(120, 40);
    table.line("send").line("wait 5m").line("ack i1 soc");
    let opening = |how: How, face: Face, writer: &str| Opening {
        log: "drills/one.jsonl".into(),
        how,
        face,
        writer: slug(writer),
    };
    let (mut app, mut desk) = table.second(opening(How::Beside, Face::Evaluation, "anna"));
    let look = |app: &mut App, desk: &mut Desk| {
        for message in desk.tick() {
            send(app, desk, message);
        }
    };
    // Without an observation there is no rating.
    let rate = |app: &mut App, desk: &mut Desk, keys: &str, words: &str| {
        press(app, desk, keys);
        send(app, desk, Msg::Paste(words.into()));
        press(app, desk, "<Enter>");
    };
    press(&mut app, &mut desk, "j");
    assert!(matches!(app.drills.board.as_ref().unwrap().subject(), Some(Subject::Task(_))), "{}", screen(&app));
    rate(&mut app, &mut desk, "S", "");
    assert!(matches!(app.layers.last(), Some(Layer::Prompt(prompt)) if prompt.error.is_some()), "{}", screen(&app));
    press(&mut app, &mut desk, "<Esc>");
    rate(&mut app, &mut desk, "S", "They answered, after a while.");
    rate(&mut app, &mut desk, "+", "They looked from outside.");
    rate(&mut app, &mut desk, "-", "Nobody wrote the hour down.");
    rate(&mut app, &mut desk, "=", "The phone rang twice.");
    let board = app.drills.board.as_ref().unwrap();
    assert_eq!(sandtable::drill::evaluation::coverage(&board.plan, board.state()).0, 1);
    let written = text(board, Pane::Observations);
    for part in ["to improve Nobody wrote the hour down. (about ", ") (2026-12-01 09:30"] {
        assert!(written.contains(part), "{written}");
    }
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut app = app.clone();
        update(&mut app, Msg::Resize(columns, rows));
        insta::assert_snapshot!(format!("evaluation_{columns}x{rows}"), screen(&app));
    }
    // The facilitator sees it, and goes on; the evaluator sees that.
    for message in table.desk.tick() {
        table.send(message);
    }
    assert!(table.pane(Pane::Notes).contains("Nobody wrote the hour down."), "{}", table.pane(Pane::Notes));
    table.line("send");
    look(&mut app, &mut desk);
    assert!(text(app.drills.board.as_ref().unwrap(), Pane::Expected).contains("keep-evidence"));
    // What one takes back is one's own.
    press(&mut app, &mut desk, "u");
    let board = app.drills.board.as_ref().unwrap();
    assert!(!text(board, Pane::Observations).contains("The phone rang twice."));
    assert!(board.state().sent("i2").is_some());
    table.line("undo");
    assert!(table.board().state().sent("i2").is_none());
    table.line("end");
    drop((app, desk));
    table.press("q");
    let merged = super::cli::run(&["drill", "merge", "drills/one.jsonl", "drills/one.anna.jsonl"], table.folder.path());
    assert_eq!(merged.code, 0, "{}", merged.stderr);
    let verified = super::cli::run(&["drill", "verify", "drills/one.jsonl"], table.folder.path());
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    let log = drill_log::read(&table.folder.path().join("drills/one.jsonl")).unwrap();
    assert!(log.lines.iter().any(|line| line.event.by == slug("anna") && line.prev.len() == 1));
    // A sealed drill takes no more ratings.
    let (mut app, mut desk) = table.second(opening(How::Beside, Face::Evaluation, "anna"));
    std::fs::write(table.folder.path().join("drills/one.seal.ron"), "Seal(lines: 1, head: \"\")").unwrap();
    press(&mut app, &mut desk, "j");
    rate(&mut app, &mut desk, "U", "Too late.");
    assert!(app.drills.board.as_ref().unwrap().read_only.is_some());
    let (app, _) = table.second(opening(How::Beside, Face::Evaluation, "anna"));
    assert!(app.drills.board.as_ref().unwrap().read_only.is_some());
}

/// A log that another program writes is shown as it grows, and nothing is written into it.
#[test]
fn a_second_facilitator_only_looks() {
    let mut table = begun(120, 40);
    let opening =
        Opening { log: "drills/one.jsonl".into(), how: How::Resume, face: Face::Console, writer: slug("facilitator") };
    let (mut app, mut desk) = table.second(opening);
    assert!(app.drills.board.as_ref().unwrap().read_only.as_ref().is_some_and(|why| why.contains("another program")));
    table.line("send");
    for message in desk.tick() {
        send(&mut app, &mut desk, message);
    }
    assert!(app.drills.board.as_ref().unwrap().state().sent("i1").is_some());
    let lines = table.on_disk();
    press(&mut app, &mut desk, "s");
    assert_eq!(table.on_disk(), lines);
}

/// A terminal that was opened for one face has no key that leads to another.
#[test]
fn a_player_has_no_way_to_the_console() {
    let mut table = begun(120, 40);
    table.line("send").line("wait 6m").line("send");
    let opening = Opening {
        log: "drills/one.jsonl".into(),
        how: How::Follow,
        face: Face::Player(slug("app")),
        writer: slug("facilitator"),
    };
    let (mut app, mut desk) = table.second(opening);
    insta::assert_snapshot!("player_120x40", {
        let mut app = app.clone();
        update(&mut app, Msg::Resize(120, 40));
        screen(&app)
    });
    insta::assert_snapshot!("player_80x24", screen(&app));
    let keys = (' '..='~').filter(|key| *key != 'q').map(|key| match key {
        ' ' => "<Space>".to_owned(),
        '<' => "<lt>".to_owned(),
        key => key.to_string(),
    });
    for key in keys.chain(["<Tab>", "<BackTab>", "<Enter>", "<Esc>", "<F1>", "<C-z>"].map(str::to_owned)) {
        press(&mut app, &mut desk, &key);
        let board = app.drills.board.as_ref().unwrap_or_else(|| panic!("{key} closes the drill"));
        assert_eq!((&board.face, app.screen), (&Face::Player(slug("app")), Screen::Drills), "{key}");
        app.layers.clear();
        app.pending.clear();
        send(&mut app, &mut desk, Msg::Key(sandtable::app::key::Key::plain(sandtable::app::key::Code::Esc)));
    }
    type_keys(&mut app, "");
}

#[test]
fn the_room_sees_the_projector() {
    let mut table = begun(120, 40);
    table.line("send").line("wait 6m").line("send").line("emit controller-aware");
    table.line("ruling The list answers without a session.").line("note question Since when is it open?").press("V");
    insta::assert_snapshot!("projector_120x40", screen(&table.app));
    table.send(Msg::Resize(80, 24));
    insta::assert_snapshot!("projector_80x24", screen(&table.app));
    let seen = screen(&table.app);
    assert!(!seen.contains("researcher") && seen.contains("To decide"), "{seen}");
    assert!(seen.contains("The list answers") && seen.contains("Since when is it open?"), "{seen}");
    table.press("<Esc>");
    assert_eq!(table.board().face, Face::Console);
}

/// A board is drawn at every size, and random keys leave the screen as the disk has it.
#[test]
fn random_keys_and_small_terminals_break_nothing() {
    const KEYS: [&str; 40] = [
        "s",
        "x",
        "h",
        "a",
        "t",
        "d",
        "m",
        "o",
        "e",
        "p",
        "J",
        "c",
        "u",
        "U",
        ":",
        "v",
        "V",
        "P",
        "N",
        "H",
        "n",
        "g",
        "q",
        "r",
        "w",
        "n",
        "k",
        "j",
        "<Tab>",
        "<BackTab>",
        "<Enter>",
        "<Enter>",
        "<Enter>",
        "<Esc>",
        "<Down>",
        "y",
        "G",
        "f",
        "/",
        "+",
    ];
    for seed in 1..=4_u64 {
        let mut table = Table::new(100, 30).begin("s1-open-list", if seed == 4 { Face::Solo } else { Face::Console });
        let mut random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for turn in 0..300 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let key = KEYS[usize::try_from(random >> 33).unwrap() % KEYS.len()];
            if matches!(table.app.layers.last(), Some(Layer::Prompt(_))) && turn % 3 > 0 {
                table.send(Msg::Paste("10m ic because".into()));
            }
            table.press(key);
            if table.app.drills.board.is_none() || table.app.screen != Screen::Drills {
                table.app.layers.clear();
                table.press("7");
                if table.app.drills.board.is_none() {
                    table.press("<Enter>");
                    table.app.layers.clear();
                }
            }
            if turn % 25 == 0 {
                for size in [(1, 1), (7, 3), (30, 9), (80, 24), (160, 44)] {
                    table.send(Msg::Resize(size.0, size.1));
                    let _ = screen(&table.app);
                }
            }
        }
        if table.app.drills.board.is_some() {
            assert!(table.on_disk() > 0);
        }
    }
}

/// The program is the facilitator: it sends what is due, and keeps what is hidden to itself until the end.
#[test]
fn somebody_plays_alone() {
    let mut table = Table::new(120, 40).begin("s1-open-list", Face::Solo);
    assert!(table.board().state().sent("i1").is_some(), "what is due is sent");
    insta::assert_snapshot!("solo_120x40", screen(&table.app));
    assert!(table.pane(Pane::Help).contains("The key for a hint"));
    table.press("h");
    assert!(table.pane(Pane::Help).contains("Who reads the security mailbox"), "{}", table.pane(Pane::Help));
    assert!(!table.pane(Pane::Help).contains("private window"));
    // The story jumps to what comes next, and a decision comes before that.
    table.press("n");
    assert!(table.board().state().sent("i2").is_some());
    table.press("n");
    assert!(table.board().state().sent("i3a").is_none(), "the decision was not waited for");
    table.press("d<Enter>").say("it is ours");
    table.press("t<Tab><Enter>");
    assert_eq!(table.board().state().met.len(), 1);
    for _ in 0..12 {
        table.press("n");
        if table.board().state().items.iter().any(|item| item.done.is_none()) {
            table.press("d<Enter>").say("so be it");
        }
    }
    assert!(table.board().state().sent("i7").is_some(), "{}", screen(&table.app));
    let all = |table: &Table| -> String {
        sandtable::app::drills::panes(&Face::Solo).iter().map(|pane| table.pane(*pane)).collect()
    };
    let truth = "The researcher is honest, and is not the first one to find it.";
    assert!(!all(&table).contains(truth));
    table.press("Ey");
    assert!(all(&table).contains(truth));
    insta::assert_snapshot!("solo_truth_120x40", screen(&table.app));
}

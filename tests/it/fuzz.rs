//! Anybody's fingers: random keys, mouse, pastes and sizes, and no panic, no lost element, no edit that can not be
//! taken back.

use super::headless::{CLINIC, FREIGHT, open, paint, send};
use sandtable::app::App;
use sandtable::app::beyond::beyond;
use sandtable::app::command::COMMANDS;
use sandtable::app::config::Theme;
use sandtable::app::key::{Code, Key, parse};
use sandtable::app::layer::Layer;
use sandtable::app::msg::{Held, Mouse, MouseAction, Msg};
use sandtable::app::state::{Effect, Screen};
use sandtable::diagram::{Rect, Side};
use sandtable::model::Model;
use sandtable::model::wording::Rewording;
use sandtable::tui::palette::Depth;

/// A small generator, so that one seed makes one session.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }

    fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }
}

const PASTES: [&str; 8] = [
    "Portal",
    "id, name, email, , name",
    "line\nbreak\r\nand\ttab",
    "\u{1b}[2J\u{9b}31m\u{202e}evil\u{7}",
    "",
    "🏥 👩\u{200d}⚕ e\u{301} 健康",
    "(((\"",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
];

fn any_key(dice: &mut Dice) -> Vec<Key> {
    match dice.below(10) {
        // What a key of the table does, whole sequences of them: this is what gets deep.
        0..5 => {
            let command = dice.pick(COMMANDS);
            let keys = if command.keys.is_empty() { ":" } else { command.keys[dice.below(command.keys.len())] };
            parse(keys).unwrap()
        }
        5..7 => vec![Key::plain(Code::Enter)],
        7 => vec![Key::char(char::from(b' ' + u8::try_from(dice.below(95)).unwrap()))],
        8 => parse(dice.pick::<&str>(&["hjkl", "<Down><Enter>", "<Esc>", "y", "n", "<Tab>", "x<Backspace>"])).unwrap(),
        _ => {
            let code =
                *dice.pick(&[Code::Esc, Code::Delete, Code::Home, Code::End, Code::Function(5), Code::Char('é')]);
            vec![Key { code, control: dice.below(4) == 0, alt: dice.below(4) == 0, shift: false }]
        }
    }
}

fn any_messages(dice: &mut Dice, app: &App) -> Vec<Msg> {
    match dice.below(20) {
        0..15 => any_key(dice).into_iter().map(Msg::Key).collect(),
        15..18 => {
            let at = |dice: &mut Dice, limit: u16| dice.below(usize::from(limit) + 3) as i32 - 1;
            let (x, y) = (at(dice, app.size.0), at(dice, app.size.1));
            use MouseAction as A;
            let wheel = A::Wheel(*dice.pick(&Side::ALL));
            let action = *dice.pick(&[
                A::Press,
                A::Press,
                A::DoublePress,
                A::RightPress,
                A::Drag,
                A::Drag,
                A::Drag,
                A::Release,
                A::Release,
                wheel,
            ]);
            let mut held = || dice.below(4) == 0;
            vec![Msg::Mouse(Mouse { action, x, y, held: Held { shift: held(), alt: held(), control: held() } })]
        }
        18 => vec![Msg::Paste((*dice.pick(&PASTES)).to_owned())],
        _ => {
            let (columns, rows) = any_size(dice);
            vec![Msg::Resize(columns, rows)]
        }
    }
}

/// A size of the terminal, small and odd ones often.
fn any_size(dice: &mut Dice) -> (u16, u16) {
    let sizes = [(1, 1), (80, 24), (120, 40), (200, 60), (300, 100), (2, 2), (41, 3), (1, 100), (300, 1), (62, 21)];
    match dice.below(3) {
        0 => (1 + dice.below(300) as u16, 1 + dice.below(100) as u16),
        _ => *dice.pick(&sizes),
    }
}

/// A cell that a hand aims at: a box, its frame, a wall, the minimap, a mark at the edge, the edge itself, anywhere, or
/// outside of the terminal.
fn any_target(dice: &mut Dice, app: &App) -> (i32, i32) {
    let main = app.frame().main;
    let world = |rect: Rect| rect.shifted(main.x - app.map.pan.x, main.y - app.map.pan.y);
    let placement = &app.map.diagram.placement;
    let area = match dice.below(12) {
        0..6 if !placement.nodes.is_empty() => world(*dice.pick(&placement.nodes)),
        6 if !placement.boundaries.is_empty() => world(*dice.pick(&placement.boundaries)),
        7 => app.map.overview.map_or(main, |area| area.shifted(main.x, main.y)),
        8 => beyond(app).first().map_or(main, |mark| mark.area.shifted(main.x, main.y)),
        9 => main,
        10 => Rect::new(-3, -3, i32::from(app.size.0) + 6, i32::from(app.size.1) + 6),
        _ => Rect::new(-400, -400, 1200, 1200),
    };
    let within = |dice: &mut Dice, start: i32, length: i32| match dice.below(3) {
        0 => start,
        1 => start + length - 1,
        _ => start + dice.below(length.max(1) as usize) as i32,
    };
    (within(dice, area.x, area.width), within(dice, area.y, area.height))
}

/// A gesture: a press, moves, and most often a release. Now and then something else happens in the middle of it.
fn any_gesture(dice: &mut Dice, app: &mut App, seed: u64, at: usize) {
    use MouseAction as A;
    let held = Held { shift: dice.below(9) == 0, alt: dice.below(9) == 0, control: dice.below(9) == 0 };
    let act = |dice: &mut Dice, app: &mut App, action: MouseAction| {
        let (x, y) = any_target(dice, app);
        let effects = send(app, Msg::Mouse(Mouse { action, x, y, held }));
        for answer in answers(effects, app) {
            send(app, answer);
        }
        check(app, seed, at);
    };
    let begin = *dice.pick(&[A::Press, A::Press, A::Press, A::RightPress, A::DoublePress]);
    act(dice, app, begin);
    for _ in 0..dice.below(4) {
        act(dice, app, A::Drag);
        match dice.below(12) {
            0 => {
                let (columns, rows) = any_size(dice);
                send(app, Msg::Resize(columns, rows));
            }
            1 => drop(super::headless::press(app, "<Esc>")),
            2 => {
                let wheel = A::Wheel(*dice.pick(&Side::ALL));
                act(dice, app, wheel);
            }
            _ => {}
        }
    }
    if dice.below(8) > 0 {
        act(dice, app, A::Release);
        assert!(app.drag.is_none(), "seed {seed}, event {at}: {:?} goes on", app.drag);
    }
}

/// What the world would answer.
fn answers(effects: Vec<Effect>, app: &App) -> Vec<Msg> {
    effects
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Save => Some(Msg::Saved),
            Effect::SaveCopy(path) => Some(Msg::SavedCopy(path.display().to_string())),
            Effect::OpenEditor(id) => {
                let rewording = Rewording { id: id.clone(), before: None, after: None };
                let read = app.model.element(&id).map(|element| Box::new((element, rewording)));
                Some(Msg::Edited(id, read))
            }
            Effect::Suspend => Some(Msg::Background(Theme::Light)),
            _ => None,
        })
        .collect()
}

fn check(app: &App, seed: u64, at: usize) {
    let depth = [Depth::True, Depth::Indexed, Depth::Sixteen, Depth::Mono][at % 4];
    let buffer = paint(app, depth);
    assert_eq!(buffer.content.len(), usize::from(app.size.0) * usize::from(app.size.1));
    if let Some(id) = app.cursor() {
        assert!(
            app.model.has(id.section, id.slug.as_str()),
            "seed {seed}, event {at}: {id} is selected and is not there"
        );
    }
    for id in &app.marked {
        assert!(
            app.model.has(id.section, id.slug.as_str()),
            "seed {seed}, event {at}: {id} is marked and is not there"
        );
    }
    let canvas = Rect::new(0, 0, app.canvas().width, app.canvas().height);
    if let Some(area) = app.map.overview.filter(|_| app.screen == Screen::Map) {
        assert!(canvas.covers(&area), "seed {seed}, event {at}: the minimap is at {area:?} of {canvas:?}");
    }
    let deep = app.layers.len();
    assert!(deep < 12, "seed {seed}, event {at}: {deep} layers");
    if let Some(Layer::Picker(picker)) = app.layers.last() {
        let count = picker.matching().len();
        assert!(picker.at == 0 || picker.at < count, "seed {seed}, event {at}: line {} of {count}", picker.at);
    }
}

/// A session of random events; afterwards everything is taken back, made again, and taken back.
fn session(text: &str, seed: u64, events: usize) -> usize {
    let mut dice = Dice(seed);
    let mut app = open(text, 120, 40);
    let start = app.model.clone();
    for at in 0..events {
        for msg in any_messages(&mut dice, &app) {
            let effects = send(&mut app, msg);
            for answer in answers(effects, &app) {
                send(&mut app, answer);
            }
        }
        check(&app, seed, at);
    }
    there_and_back(&app, &start, seed)
}

/// A session of gestures with the mouse on the map, at all sizes of the terminal, with a few keys that zoom, mark and
/// fold.
fn gestures(text: &str, seed: u64, count: usize) -> usize {
    let mut dice = Dice(seed);
    let (columns, rows) = any_size(&mut dice);
    let mut app = open(text, columns, rows);
    let start = app.model.clone();
    for at in 0..count {
        match dice.below(8) {
            0 => {
                // Now and then back to a size at which much can be done.
                let (columns, rows) = if dice.below(2) == 0 { (120, 50) } else { any_size(&mut dice) };
                send(&mut app, Msg::Resize(columns, rows));
            }
            1 => {
                let keys = [
                    "+",
                    "-",
                    "V",
                    "v",
                    "<Esc><Esc><Esc>",
                    "<Enter>",
                    "gm",
                    "gv",
                    "zz",
                    "u",
                    "n",
                    "1",
                    "m<Enter>",
                    "f",
                ];
                super::headless::press(&mut app, dice.pick::<&str>(&keys));
            }
            _ => any_gesture(&mut dice, &mut app, seed, at),
        }
        check(&app, seed, at);
        // What a double click opened is not what is tried here.
        app.layers.clear();
        app.screen = Screen::Map;
    }
    there_and_back(&app, &start, seed)
}

/// Taking every edit back leads to where it began, making them again to where it ended. Returns how many there were.
fn there_and_back(app: &App, start: &Model, seed: u64) -> usize {
    let end = Model::clone(&app.model);
    let mut history = app.history.clone();
    let mut model = end.clone();
    let mut count = 0;
    while history.undo(&mut model).is_some() {
        count += 1;
    }
    assert!(model == *start, "seed {seed}: taking everything back does not lead to where it began");
    for _ in 0..count {
        history.redo(&mut model);
    }
    assert!(model == end, "seed {seed}: making everything again does not lead to where it ended");
    count
}

const EMPTY: &str = "#![enable(implicit_some)]\nModel(\n  format: 1,\n  title: \"Nothing yet\",\n)\n";

#[test]
fn random_events_on_the_clinic_break_nothing() {
    let edits: usize = (1..=3).map(|seed| session(CLINIC, seed, 500)).sum();
    assert!(edits > 12, "the events left {edits} edits only");
}

#[test]
fn random_events_on_an_empty_model_break_nothing() {
    let edits: usize = (11..=20).map(|seed| session(EMPTY, seed, 500)).sum();
    assert!(edits > 20, "the events made {edits} edits only");
}

#[test]
fn random_gestures_on_the_map_break_nothing() {
    let edits: usize = (21..=24).map(|seed| gestures(if seed % 4 == 0 { EMPTY } else { CLINIC }, seed, 90)).sum();
    assert!(edits > 4, "the gestures made {edits} edits only");
}

/// What the random sessions found (seed 106): the list of jumps keeps what was deleted.
#[test]
fn a_jump_back_does_not_lead_to_what_is_gone() {
    let mut app = open(CLINIC, 120, 40);
    for keys in [
        "<Space>fPatient at home actor<Enter>",
        "<Space>fPortal service<Enter>",
        "<lt>",
        "d",
        "y",
        "j",
        ">",
        "<lt>",
        "<lt>",
    ] {
        super::headless::press(&mut app, keys);
        check(&app, 0, 0);
    }
}

/// Every size from one cell to more than anybody has: a picture of each, with a click and a drag in it.
#[test]
fn every_size_is_drawn() {
    let mut app = open(CLINIC, 120, 40);
    super::headless::press(&mut app, "<Esc><Esc><Esc>");
    let mut dice = Dice(31);
    for columns in (1..=300).step_by(13).chain([300]) {
        for rows in (1..=100).step_by(9).chain([100]) {
            send(&mut app, Msg::Resize(columns, rows));
            for action in [MouseAction::Press, MouseAction::Drag] {
                let (x, y) = any_target(&mut dice, &app);
                send(&mut app, Msg::Mouse(Mouse { action, x, y, held: Held::default() }));
            }
            paint(&app, Depth::Mono);
        }
    }
}

/// With the variable SEEDS set, as many sessions more; for a person who looks for trouble.
#[test]
#[ignore = "long: SEEDS=200 cargo test -- --ignored more_seeds"]
fn more_seeds() {
    let seeds: u64 = std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(20);
    for seed in 100..100 + seeds {
        session(if seed % 2 == 0 { CLINIC } else { EMPTY }, seed, 600);
        gestures([CLINIC, EMPTY, FREIGHT][seed as usize % 3], seed, 200);
    }
}

//! What a person waits for in models that are far too large: 1,000 and 10,000 elements, with 1.6 flows each, in nested
//! boundaries. Prints how long opening takes, and of a scripted session with keys, drags and edits the median and high
//! percentiles of the time from an event to the last byte for the terminal, of the bytes, and the mean of the bytes that
//! each part of the screen would take if it alone had changed (outline + map + inspector + the rest). Says which bars are
//! held and which are missed.
//!
//! Run: `cargo bench --bench scale`; a number behind `--` is the only size that is measured. With `--model` behind it the
//! model is printed instead, to be looked at.
#![allow(clippy::unwrap_used, missing_docs)]

use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::backend::Backend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use sandtable::app::App;
use sandtable::app::choosing::Choosing;
use sandtable::app::config::Settings;
use sandtable::app::judging::Inquiry;
use sandtable::app::key::parse;
use sandtable::app::msg::{Held, Mouse, MouseAction, Msg};
use sandtable::app::projection::Zoom;
use sandtable::app::state::Effect;
use sandtable::app::update::update;
use sandtable::diagram::{Graph, Indexed, Point, arrange};
use sandtable::model::reference::AnyLink;
use sandtable::model::threats::{Control, ControlStatus, Decision, Verdict};
use sandtable::model::topology::Flow;
use sandtable::model::wording::Rewording;
use sandtable::model::{Element, ElementId, Section, Slug, Text};
use sandtable::store::ron::load;
use sandtable::tui::draw::{Panes, screen_and_panes};
use sandtable::tui::lean::Lean;
use sandtable::tui::palette::Depth;
use std::cell::Cell;
use std::fmt::Write as _;
use std::io::Write;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

const COLUMNS: u16 = 200;
const ROWS: u16 = 60;

/// SplitMix64, so that a seed makes the same model everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit.max(1) as u128) >> 64) as usize
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Actor,
    Service,
    Endpoint,
    Dataset,
}

/// The text of a model with so many elements that are drawn as boxes: 8 % actors, 40 % services, 24 % endpoints, 28 %
/// datasets; a way to each from an actor, the other flows mostly between neighbouring boundaries.
fn generate(count: usize, seed: u64) -> String {
    const NOUNS: [&str; 18] = [
        "order", "invoice", "profile", "session", "ledger", "image", "search", "payment", "audit", "mail", "report",
        "catalog", "stock", "ticket", "policy", "token", "backup", "metric",
    ];
    const WORDS: [[&str; 6]; 4] = [
        ["customer", "partner", "operator", "auditor", "device", "supplier"],
        ["worker", "service", "scheduler", "handler", "engine", "broker"],
        ["api", "gateway", "portal", "webhook", "frontend", "proxy"],
        ["db", "cache", "bucket", "queue", "index", "vault"],
    ];
    const PROTOCOLS: [(&str, bool); 6] =
        [("HTTP", false), ("HTTPS", true), ("gRPC", true), ("AMQP", false), ("SQL", false), ("SFTP", true)];
    let mut dice = Dice(seed.wrapping_mul(1_000_003) + count as u64);
    let boundaries = ((count as f64).sqrt().round() as usize).max(2);
    let mut depth = Vec::new();
    let mut parents = Vec::new();
    for index in 0..boundaries {
        let candidate = dice.below(index.max(1));
        let parent = (index > 1 && dice.percent(60) && depth[candidate] < 3).then_some(candidate);
        depth.push(parent.map_or(0, |parent| depth[parent] + 1));
        parents.push(parent);
    }
    let actors = (count * 8 / 100).max(1);
    let (datasets, endpoints) = (count * 28 / 100, count * 24 / 100);
    let mut kinds: Vec<Kind> = Vec::new();
    kinds.resize(count - actors - datasets - endpoints, Kind::Service);
    kinds.resize(kinds.len() + endpoints, Kind::Endpoint);
    kinds.resize(kinds.len() + datasets, Kind::Dataset);
    for index in (1..kinds.len()).rev() {
        kinds.swap(index, dice.below(index + 1));
    }
    let first = kinds.iter().position(|kind| *kind == Kind::Endpoint).unwrap_or(0);
    kinds.swap(0, first);
    kinds.splice(0..0, std::iter::repeat_n(Kind::Actor, actors));
    let mut sections: [String; 4] = Default::default();
    let mut slugs = Vec::new();
    let mut zones = Vec::new();
    let mut members = vec![Vec::new(); boundaries];
    for (index, kind) in kinds.iter().enumerate() {
        let zone = match kind {
            Kind::Actor => 0,
            _ => (index * boundaries / count + dice.below(3)).saturating_sub(1).min(boundaries - 1),
        };
        let outside = *kind == Kind::Actor && dice.percent(50);
        let (noun, word) = (NOUNS[index % NOUNS.len()], WORDS[*kind as usize][dice.below(6)]);
        let slug = format!("{word}-{noun}-{index}");
        let boundary = if outside { String::new() } else { format!("boundary: \"tb-{zone}\", ") };
        let class = if *kind == Kind::Dataset { "class: \"internal\", " } else { "" };
        let section = &mut sections[*kind as usize];
        writeln!(section, "    \"{slug}\": (title: \"{noun} {word} {index}\", {boundary}{class}),").unwrap();
        slugs.push(slug);
        zones.push(zone);
        members[zone].push(index);
    }
    let mut flows = String::new();
    let mut seen = std::collections::HashSet::new();
    let mut number = 0;
    let mut add = |dice: &mut Dice, from: usize, to: usize| {
        let wrong = kinds[to] == Kind::Actor
            || (kinds[from] == Kind::Actor && kinds[to] == Kind::Dataset)
            || (kinds[from] == Kind::Dataset && kinds[to] == Kind::Dataset);
        if from == to || wrong || !seen.insert((from, to)) {
            return false;
        }
        let (protocol, encrypted) = PROTOCOLS[dice.below(PROTOCOLS.len())];
        let (from, to) = (&slugs[from], &slugs[to]);
        writeln!(
            flows,
            "    \"fl-{number:05}\": (from: \"{from}\", to: \"{to}\", protocol: \"{protocol}\", encrypted: {encrypted}),"
        )
        .unwrap();
        number += 1;
        true
    };
    let mut made = 0;
    for index in actors..count {
        for _ in 0..40 {
            let back = index.saturating_sub((count / 8).max(6)).max(actors);
            let from = if index == actors || (kinds[index] == Kind::Endpoint && dice.percent(35)) {
                dice.below(actors)
            } else {
                back + dice.below(index - back)
            };
            if kinds[from] != Kind::Dataset && add(&mut dice, from, index) {
                made += 1;
                break;
            }
        }
    }
    for _ in 0..200 * count {
        if made >= count * 8 / 5 {
            break;
        }
        let mut from = dice.below(count);
        let mut to = if dice.percent(65) {
            let zone = (zones[from] + dice.below(3)).saturating_sub(1).min(boundaries - 1);
            let near = &members[zone];
            if near.is_empty() {
                continue;
            }
            near[dice.below(near.len())]
        } else {
            actors + dice.below(count - actors)
        };
        if to < from && !dice.percent(12) {
            std::mem::swap(&mut from, &mut to);
        }
        made += usize::from(add(&mut dice, from, to));
    }
    let mut walls = String::new();
    for (index, parent) in parents.iter().enumerate() {
        let parent = parent.map_or(String::new(), |parent| format!("parent: \"tb-{parent}\", "));
        writeln!(walls, "    \"tb-{index}\": (title: \"Zone {index}\", {parent}),").unwrap();
    }
    let [actors, services, endpoints, datasets] = sections;
    format!(
        "#![enable(implicit_some)]\nModel(\n  format: 1,\n  title: \"{count} elements\",\n  boundaries: {{\n{walls}  }},\n  \
         datasets: {{\n{datasets}  }},\n  actors: {{\n{actors}  }},\n  services: {{\n{services}  }},\n  \
         endpoints: {{\n{endpoints}  }},\n  flows: {{\n{flows}  }},\n)\n"
    )
}

/// Counts what would go to the terminal.
struct Wire(Rc<Cell<usize>>);

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The workbench with a terminal that counts, and a worker that works when it is told to.
struct Bench {
    app: App,
    terminal: Terminal<Lean<Wire>>,
    bytes: Rc<Cell<usize>>,
    shown: Buffer,
    pan: Point,
    /// Whether the last message moved the view, and how many cells are others since.
    moved: bool,
    changed: usize,
    panes: Panes,
    /// How long every key and every edit took, whatever it did.
    every_key: Vec<f64>,
    job: Option<Arc<Graph>>,
    choosing: Option<Box<Choosing>>,
    inquiry: Option<Box<Inquiry>>,
}

/// What a figure must stay under.
#[derive(Clone, Copy)]
enum Bar {
    /// None: it is only told.
    Told,
    /// The 99th percentile, in milliseconds.
    Time(f64),
    /// The 99th percentile, in milliseconds and in bytes.
    TimeAndBytes(f64, usize),
}

/// A key, from its arrival to the last byte.
const KEY: Bar = Bar::Time(8.0);
/// A move of the cursor over the picture. One that turns the page sends the next one: several thousand cells are others then,
/// whatever is made of them.
const CURSOR: Bar = Bar::TimeAndBytes(8.0, 1_000);
/// A move of the mouse with a box.
const DRAG: Bar = Bar::Time(16.0);
/// An edit, with all that follows from it.
const EDIT: Bar = KEY;
/// Opening, in milliseconds.
const OPEN: [(usize, f64); 2] = [(1_000, 30.0), (10_000, 150.0)];

/// Times in milliseconds, bytes, and the bytes for what changed in the outline, on the map, in the inspector, elsewhere;
/// and how often the view moved.
#[derive(Default)]
struct Figures {
    times: Vec<f64>,
    bytes: Vec<usize>,
    parts: [usize; 4],
    view_moved: usize,
}

impl Figures {
    fn print(mut self, what: &str, bar: Bar) {
        let count = self.times.len();
        if count == 0 {
            return;
        }
        self.times.sort_by(f64::total_cmp);
        self.bytes.sort_unstable();
        let at = |share: usize| (count * share / 100).min(count - 1);
        let (time, bytes) = (|share| self.times[at(share)], |share| self.bytes[at(share)]);
        let missed = match bar {
            Bar::Told => String::new(),
            Bar::Time(most) if time(99) > most => format!("  MISSED: p99 over {most} ms"),
            Bar::TimeAndBytes(most, _) if time(99) > most => format!("  MISSED: p99 over {most} ms"),
            Bar::TimeAndBytes(_, most) if bytes(99) > most => format!("  MISSED: p99 over {most} B"),
            Bar::Time(_) | Bar::TimeAndBytes(..) => "  held".to_owned(),
        };
        let [outline, map, inspector, rest] = self.parts.map(|bytes| bytes / count);
        let parts = match outline + map + inspector + rest + self.view_moved {
            0 => String::new(),
            _ => format!("  {outline}+{map}+{inspector}+{rest}, view {}/{count}", self.view_moved),
        };
        println!(
            "  {what:<38}{:>7.2} ms p50{:>7.2} p99{:>7.2} max{:>6} B p50{:>6} p90{:>6} p99{parts}{missed}",
            time(50),
            time(99),
            time(100),
            bytes(50),
            bytes(90),
            bytes(99),
        );
    }
}

impl Bench {
    fn new(app: App) -> Bench {
        let bytes = Rc::new(Cell::new(0));
        let viewport = Viewport::Fixed(Rect::new(0, 0, COLUMNS, ROWS));
        let backend = Lean::new(Wire(bytes.clone()));
        let terminal = Terminal::with_options(backend, TerminalOptions { viewport }).unwrap();
        Bench {
            app,
            terminal,
            bytes,
            shown: Buffer::empty(Rect::new(0, 0, COLUMNS, ROWS)),
            pan: Point::default(),
            moved: false,
            changed: 0,
            panes: Panes::default(),
            every_key: Vec::new(),
            job: None,
            choosing: None,
            inquiry: None,
        }
    }

    /// One message, from its arrival to the last byte. What is left to the worker stays there.
    fn send(&mut self, message: Msg, figures: &mut Figures) {
        self.bytes.set(0);
        let is_key = matches!(message, Msg::Key(_) | Msg::Edited(..));
        let start = Instant::now();
        for effect in update(&mut self.app, message) {
            match effect {
                Effect::Arrange(graph) => self.job = Some(graph),
                Effect::Choose(choosing) => self.choosing = Some(choosing),
                Effect::Judge(inquiry) => self.inquiry = Some(inquiry),
                _ => {}
            }
        }
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate).unwrap();
        let (app, panes) = (&self.app, &mut self.panes);
        self.terminal
            .draw(|frame| {
                if let Some(caret) = screen_and_panes(app, panes, frame.buffer_mut(), Depth::True) {
                    frame.set_cursor_position(caret);
                }
            })
            .unwrap();
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate).unwrap();
        let took = start.elapsed().as_secs_f64() * 1e3;
        self.every_key.extend(is_key.then_some(took));
        figures.times.push(took);
        figures.bytes.push(self.bytes.get());
        self.count_parts(figures);
    }

    /// Which parts of the screen changed, and what each would take by itself.
    fn count_parts(&mut self, figures: &mut Figures) {
        let now = self.panes_shown();
        let frame = self.app.frame();
        let parts = [frame.outline, Some(frame.main), frame.inspector];
        let part_of = |x: u16, y: u16| {
            let cell = Point::new(i32::from(x), i32::from(y));
            parts.iter().position(|part| part.is_some_and(|part| part.contains(cell))).unwrap_or(3)
        };
        let changed = self.shown.diff(&now);
        for part in 0..4 {
            let bytes = Rc::new(Cell::new(0));
            let cells = changed.iter().filter(|(x, y, _)| part_of(*x, *y) == part);
            Lean::new(Wire(bytes.clone())).draw(cells.copied()).unwrap();
            figures.parts[part] += bytes.get();
        }
        self.changed = changed.len();
        self.moved = self.app.map.pan != self.pan;
        figures.view_moved += usize::from(self.moved);
        self.pan = self.app.map.pan;
        self.shown = now;
    }

    /// The screen as it was just drawn.
    fn panes_shown(&mut self) -> Buffer {
        let mut now = Buffer::empty(Rect::new(0, 0, COLUMNS, ROWS));
        screen_and_panes(&self.app, &mut self.panes, &mut now, Depth::True);
        now
    }

    fn keys(&mut self, keys: &str, figures: &mut Figures) {
        for key in parse(keys).unwrap() {
            self.send(Msg::Key(key), figures);
        }
    }

    fn mouse(&mut self, action: MouseAction, x: i32, y: i32, figures: &mut Figures) {
        self.send(Msg::Mouse(Mouse { action, x, y, held: Held::default() }), figures);
    }

    /// Lets the worker choose what is drawn.
    fn choose(&mut self, figures: &mut Figures) {
        while let Some(choosing) = self.choosing.take() {
            let chosen = choosing.choose();
            drop(choosing);
            self.send(Msg::Chosen(Box::new(chosen)), figures);
        }
    }

    /// Lets the worker work.
    fn work(&mut self, figures: &mut Figures) -> Option<(usize, usize, f64)> {
        self.choose(figures);
        let graph = self.job.take()?;
        let size = (graph.nodes.len(), graph.edges.len());
        let start = Instant::now();
        let arranged = Indexed::from(arrange(Arc::unwrap_or_clone(graph)));
        let took = start.elapsed().as_secs_f64() * 1e3;
        self.send(Msg::Arranged(Box::new(arranged)), figures);
        Some((size.0, size.1, took))
    }
}

/// Has the worker find out what was asked, and gives its answer back. Says how long the last of it took.
fn hear(bench: &mut Bench, figures: &mut Figures) -> Option<f64> {
    let mut asked = None;
    while let Some(inquiry) = bench.inquiry.take() {
        let start = Instant::now();
        let heard = inquiry.ask();
        let took = start.elapsed().as_secs_f64() * 1e3;
        drop(inquiry);
        bench.send(Msg::Judged(Box::new(heard)), figures);
        asked = Some(took);
    }
    asked
}

/// The same, and says how long both took.
fn answer(bench: &mut Bench) {
    let mut figures = Figures::default();
    if let Some(took) = hear(bench, &mut figures) {
        figures.print(&format!("the worker's answer ({took:.0} ms)"), KEY);
    }
}

/// Opens a model as the program does, up to the first picture of it. What is left to the worker waits there.
fn open(text: &str, count: usize) -> Bench {
    let start = Instant::now();
    let now = || start.elapsed().as_secs_f64() * 1e3;
    let loaded = load(text).unwrap();
    assert!(!loaded.has_errors());
    let read = now();
    let mut bench = Bench::new(App::opened(loaded.model, loaded.problems, "model.ron", Settings::default()));
    let derived = now();
    bench.send(Msg::Resize(COLUMNS, ROWS), &mut Figures::default());
    let (shown, level) = (now(), bench.app.map.view.zoom.name());
    let left = if bench.job.is_some() { "; the layout is left to the worker" } else { "" };
    let most = OPEN.iter().find(|(of, _)| *of == count).map(|(_, most)| *most);
    let verdict = most.map_or("", |most| if shown > most { "  MISSED" } else { "  held" });
    println!(
        "  open: read by {read:.1}, checked by {derived:.1}, {level} on the screen by {shown:.1} ms{left}{verdict}"
    );
    bench
}

/// Everything that is done with keys and changes neither the model nor the level.
fn keys(bench: &mut Bench, level: &str, rounds: usize) {
    let mut cells = Vec::new();
    let [mut moves, mut inside, mut outside, mut panes, mut pans, mut filters, mut screens]: [Figures; 7] =
        Default::default();
    for round in 0..rounds {
        let key = ["j", "l", "j", "l", "j", "h", "k", "l", "j", "j", "k", "h"][round % 12];
        bench.keys(key, &mut moves);
        let (bytes, time) = (moves.bytes[round], moves.times[round]);
        let part = if bench.moved { &mut outside } else { &mut inside };
        cells.extend(bench.moved.then_some(bench.changed));
        part.bytes.push(bytes);
        part.times.push(time);
        // A held key goes on at once; let go, the panes follow.
        if round % 4 == 3 {
            bench.send(Msg::Rested, &mut panes);
        }
        if round % 4 == 3 {
            bench.keys(["J", "L", "K", "H"][round / 12 % 4], &mut pans);
        }
        if round % 40 == 39 {
            bench.keys("/ledger", &mut filters);
            bench.keys("<Esc><Esc>", &mut filters);
            bench.keys("2j1", &mut screens);
            bench.keys(":fit<Esc>", &mut screens);
        }
    }
    moves.print(&format!("{level}: move the cursor"), KEY);
    inside.print(&format!("{level}: of these, over the picture"), CURSOR);
    outside.print(&format!("{level}: of these, to another page"), KEY);
    cells.sort_unstable();
    if let Some(median) = cells.get(cells.len() / 2) {
        println!("  {level}: of another page {median} cells are others (p50)");
    }
    panes.print(&format!("{level}: the panes follow when it rests"), KEY);
    pans.print(&format!("{level}: move the view"), KEY);
    filters.print(&format!("{level}: filter"), KEY);
    screens.print(&format!("{level}: other screens, palette"), KEY);
}

/// Edits, each taken back and made again; the layout that follows is left to the worker and not waited for.
fn edits(bench: &mut Bench, rounds: usize) {
    let (mut edit, mut connect, mut undo) = (Figures::default(), Figures::default(), Figures::default());
    let slugs: Vec<Slug> = bench.app.model.services.keys().take(rounds + 1).cloned().collect();
    for pair in slugs.windows(2) {
        let id = ElementId::new(Section::Services, pair[0].clone());
        let Some(Element::Service(mut service)) = bench.app.model.element(&id) else { continue };
        service.title = "Renamed".into();
        let rewording = Rewording { id: id.clone(), before: None, after: None };
        bench.send(Msg::Edited(id, Some(Box::new((Element::Service(service), rewording)))), &mut edit);
        bench.keys("uUu", &mut undo);
        let flow = Flow { from: pair[0].clone().into(), to: pair[1].clone().into(), ..Flow::default() };
        let id = ElementId::new(Section::Flows, Slug::new("a-new-flow").unwrap());
        let rewording = Rewording { id: id.clone(), before: None, after: None };
        bench.send(Msg::Edited(id, Some(Box::new((Element::Flow(Box::new(flow)), rewording)))), &mut connect);
        bench.keys("u", &mut undo);
    }
    edit.print("rename an element", EDIT);
    connect.print("connect two", EDIT);
    undo.print("undo, redo", EDIT);
}

/// Edits where what follows from them is listed: a fact, a decision, a control, each taken back. Of models of 1,000 elements
/// the lists are in the picture that comes with the edit.
fn edits_on(bench: &mut Bench, screen: &str, name: &str, rounds: usize) {
    bench.keys(screen, &mut Figures::default());
    hear(bench, &mut Figures::default());
    let flows: Vec<Slug> = bench.app.model.flows.keys().take(rounds).cloned().collect();
    let [mut fact, mut decision, mut control]: [Figures; 3] = Default::default();
    for flow in flows {
        let id = ElementId::new(Section::Flows, flow.clone());
        let Some(Element::Flow(mut changed)) = bench.app.model.element(&id) else { continue };
        changed.encrypted = changed.encrypted.map(|encrypted| !encrypted);
        let decided = Decision {
            rule: Text::new("LC-100"),
            element: AnyLink(Text::new(&id.any_link())),
            verdict: Some(Verdict::Accept),
            ..Decision::default()
        };
        let guarding = Control {
            status: Some(ControlStatus::Implemented),
            guards: vec![AnyLink(Text::new(&id.any_link()))],
            answers: vec![Text::new("LC-100")],
            ..Control::default()
        };
        let new = |section| ElementId::new(section, Slug::new("a-new-one").unwrap());
        for (id, element, figures) in [
            (id, Element::Flow(changed), &mut fact),
            (new(Section::Decisions), Element::Decision(Box::new(decided)), &mut decision),
            (new(Section::Controls), Element::Control(Box::new(guarding)), &mut control),
        ] {
            let rewording = Rewording { id: id.clone(), before: None, after: None };
            bench.send(Msg::Edited(id, Some(Box::new((element, rewording)))), figures);
            hear(bench, &mut Figures::default());
            bench.keys("u", figures);
            hear(bench, &mut Figures::default());
        }
    }
    fact.print(&format!("{name}: change a fact, and back"), EDIT);
    decision.print(&format!("{name}: decide, and back"), EDIT);
    control.print(&format!("{name}: add a control, and back"), EDIT);
}

/// Drags the box nearest to the middle of the view through it.
fn drags(bench: &mut Bench, rounds: usize) {
    let (mut press, mut figures, mut release) = (Figures::default(), Figures::default(), Figures::default());
    for round in 0..rounds {
        // From a box to the next, so that the middle of the view is not always the same.
        bench.keys(["j", "l", "k", "h"][round % 4], &mut Figures::default());
        bench.keys("0", &mut Figures::default());
        let frame = bench.app.frame().main;
        let (pan, view) = (bench.app.map.pan, bench.app.canvas());
        let middle = (pan.x + view.width / 2, pan.y + view.height / 2);
        let boxes = bench.app.map.diagram.placement.nodes.iter();
        let Some(rect) = boxes
            .filter(|rect| {
                rect.x > pan.x + 4
                    && rect.y > pan.y + 4
                    && rect.right() < pan.x + view.width - 4
                    && rect.bottom() < pan.y + view.height - 4
            })
            .min_by_key(|rect| (rect.x - middle.0).abs() + 2 * (rect.y - middle.1).abs())
            .copied()
        else {
            continue;
        };
        let (x, y) = (frame.x + rect.x - pan.x + rect.width / 2, frame.y + rect.y - pan.y + rect.height / 2);
        bench.mouse(MouseAction::Press, x, y, &mut press);
        for step in 1..=24 {
            let (across, down) = (step * 2 - (step / 12) * (step - 12) * 3, step / 2 - (step / 12) * (step - 12));
            bench.mouse(MouseAction::Drag, x + across, y + down, &mut figures);
        }
        // Not dropped but in the last round: the layout that follows would take longer than all the rest.
        bench.mouse(MouseAction::Drag, x, y, &mut figures);
        if round + 1 == rounds {
            bench.mouse(MouseAction::Release, x, y, &mut release);
            break;
        }
        bench.keys(["j", "l", "J"][round % 3], &mut Figures::default());
    }
    press.print("press on a box", KEY);
    figures.print("drag it, a move of the mouse", DRAG);
    release.print("drop it", EDIT);
}

/// How long keys take that change what is drawn, with the layout left to the worker.
fn levels(bench: &mut Bench) {
    bench.keys("----", &mut Figures::default());
    for (keys, what) in [
        ("+", "a level nearer"),
        ("+", "a level nearer"),
        ("+", "a level nearer"),
        ("x", "show access"),
        ("x", "hide access"),
        ("t", "turn"),
        ("t", "turn back"),
        ("zm", "close every boundary"),
        ("zr", "open every boundary"),
        ("-", "a level farther"),
        ("-", "a level farther"),
        ("-", "a level farther"),
        ("f", "fit"),
        ("2", "the other screen"),
        ("j", "down there"),
        ("3", "what the rules say"),
        ("j", "down there"),
        ("4", "attackers"),
        ("j", "down there"),
        ("5", "controls"),
        ("1", "back to the map"),
        ("Q", "the questions"),
        ("<Esc>", "close them"),
        (":", "the palette"),
        ("<Esc>", "close it"),
        ("<Space>p", "problems"),
        ("<Esc>", "close it"),
        ("<Space>f", "find"),
        ("abc", "type there"),
        ("<Esc>", "close it"),
    ] {
        let mut figures = Figures::default();
        bench.keys(keys, &mut figures);
        bench.choose(&mut figures);
        let name = bench.app.map.view.zoom.name();
        figures.print(&format!("{what} ({keys}), {name}"), Bar::Told);
        answer(bench);
    }
}

/// Lets the worker work, and says how long it took.
fn lay_out(bench: &mut Bench) {
    let mut figures = Figures::default();
    if let Some((boxes, wires, took)) = bench.work(&mut figures) {
        let off = bench.app.map.diagram.wires.iter().filter(|wire| wire.off_page).count();
        println!("  laid out {boxes} boxes and {wires} wires in {took:.0} ms, {off} off the page");
        figures.print("what was chosen and laid out is taken", KEY);
    }
}

fn measure(count: usize) {
    let text = generate(count, 42);
    println!("{count} elements, {} KB", text.len() / 1024);
    for _ in 0..4 {
        open(&text, count);
    }
    let mut bench = open(&text, count);
    let mut rest = Figures::default();
    bench.send(Msg::Rested, &mut rest);
    rest.print("the first rest", KEY);
    answer(&mut bench);
    lay_out(&mut bench);
    for zoom in Zoom::ALL {
        if zoom == Zoom::Boxes {
            // From where a team works on the model.
            edits(&mut bench, 20);
            for (screen, name) in [("3", "threats"), ("4", "attackers"), ("5", "controls")] {
                edits_on(&mut bench, screen, name, 20);
            }
            bench.keys("1", &mut Figures::default());
        }
        keys(&mut bench, zoom.name(), 200);
        if zoom == Zoom::Boxes {
            drags(&mut bench, 10);
        }
        bench.keys("j+", &mut Figures::default());
        lay_out(&mut bench);
    }
    levels(&mut bench);
    let times = std::mem::take(&mut bench.every_key);
    let every_key = Figures { bytes: vec![0; times.len()], times, ..Figures::default() };
    every_key.print("every key and edit of the session", KEY);
}

fn main() {
    let only = std::env::args().skip(1).find_map(|argument| argument.parse::<usize>().ok());
    let counts = only.map_or(vec![1_000, 10_000], |only| vec![only]);
    if std::env::args().any(|argument| argument == "--model") {
        return print!("{}", generate(counts[0], 42));
    }
    for count in counts {
        measure(count);
    }
}

//! `sandtable drill run`: a drill in lines, or on a screen of its own.

use super::files::{begun, plan, same_files};
use super::screen;
use crate::analysis::access::effective;
use crate::app::drills::{Face, How, Opening};
use crate::cli::output::{Outcome, complain, print, read_model};
use crate::drill::begin::{Choices, Ground, begin};
use crate::drill::console::{self, Command};
use crate::drill::event::{Begin, Body, Entry, Event, Words};
use crate::drill::lint::lint;
use crate::drill::log::sha256;
use crate::drill::moment::Zone;
use crate::drill::state::{Phase, Plan, State};
use crate::drill::step::{replay, step};
use crate::drill::{EXERCISE, player, what_if};
use crate::model::facts::Day;
use crate::model::text::counted;
use crate::model::{Model, Slug};
use crate::store::disk::read_text;
use crate::store::drill_log::DrillLog;
pub use crate::store::drill_log::wall;
use anyhow::{Result, anyhow};
use std::io::{BufRead, IsTerminal, Read};
use std::path::{Path, PathBuf};

/// Run a drill from the terminal, a command a line
///
/// Every event is on the disk before the next prompt. The same command goes on where the drill was, also after a crash;
/// the time between is a pause. `help` lists the commands. Input may come from a pipe: then a refused command makes the
/// exit code 1.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable drill run s1-open-list --model models/clinic.ron --log drills/one.jsonl\n  sandtable drill run s1-open-list --starter --log drills/short.jsonl\n  sandtable drill run s1-open-list --log try.jsonl --simulated < commands.txt\n  sandtable drill run s1-open-list --log mine.jsonl --solo"
)]
pub struct Args {
    /// The scenario: a file, a name in `scenarios/`, or one of those that are shipped
    scenario: String,
    /// The model that it is about
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// The log; a new file, or that of a drill to go on with
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
    /// The short form of the scenario
    #[arg(long)]
    starter: bool,
    /// The day on which the story begins; without it, the next one of the scenario's weekday
    #[arg(long, value_name = "DAY")]
    date: Option<Day>,
    /// The zone of the story, for legal clocks: +01:00
    #[arg(long, value_name = "ZONE", default_value = "+00:00", allow_hyphen_values = true)]
    zone: Zone,
    /// A day on which nobody works; may be given again
    #[arg(long = "holiday", value_name = "DAY")]
    holidays: Vec<Day>,
    /// A clock pack of your own
    #[arg(long, value_name = "FILE")]
    clocks: Option<PathBuf>,
    /// Who writes: a second evaluator takes another name
    #[arg(long, value_name = "NAME", default_value = "facilitator")]
    writer: String,
    /// Time passes only by `wait`, to try a scenario out
    #[arg(long)]
    simulated: bool,
    /// The facilitator's console on the whole terminal
    #[arg(long, conflicts_with = "solo")]
    screen: bool,
    /// Play alone, on the whole terminal: the program is the facilitator
    #[arg(long, conflicts_with = "simulated")]
    solo: bool,
}

/// A drill that is being run.
struct Session {
    plan: Plan,
    state: State,
    log: DrillLog,
    writer: Slug,
    /// The model, to say what the attacker still reaches.
    model: Option<Model>,
    /// The time that was made up, where it is.
    simulated: Option<u64>,
}

impl Session {
    fn now(&self) -> u64 {
        self.simulated.unwrap_or_else(wall)
    }

    /// Takes an event, and then what it does to the attacker.
    fn take(&mut self, at: u64, body: Body) -> Result<std::result::Result<String, String>> {
        if let (Body::Contain { what, .. }, Some(model)) = (&body, &self.model)
            && let Err(wrong) = what.target(model)
        {
            return Ok(Err(wrong));
        }
        let said = match self.keep(at, body)? {
            Ok(said) => said,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let Some(verdict) = self.model.as_ref().and_then(|model| what_if::verdict(model, &self.state)) else {
            return Ok(Ok(said));
        };
        let first = self.state.pictures.first().map(|(_, picture)| picture.clone());
        Ok(self.keep(at, verdict)?.map(|more| {
            let now = self.state.pictures.last();
            let lines = now.map(|(_, picture)| what_if::picture_lines(picture, first.as_ref())).unwrap_or_default();
            let lines: String = lines.iter().map(|line| format!("  {line}\n")).collect();
            format!("{said}{more}  the attacker, in the model:\n{lines}")
        }))
    }

    /// Takes one event: it is checked, kept, and then it counts.
    fn keep(&mut self, at: u64, body: Body) -> Result<std::result::Result<String, String>> {
        let event = Event { at, by: self.writer.clone(), body };
        let line = self.log.prepare(&event)?;
        let entry = Entry { id: line.hash.clone(), event };
        let state = std::mem::take(&mut self.state);
        // What the disk did not take did not happen.
        let before = state.clone();
        let (state, outcome) = step(&self.plan, state, entry);
        self.state = state;
        match outcome {
            Err(refusal) => Ok(Err(refusal.to_string())),
            Ok(effects) => {
                if let Err(error) = self.log.append(line) {
                    self.state = before;
                    return Ok(Err(error.to_string()));
                }
                let now = self.state.stamp(self.now());
                let lines: Vec<String> = effects
                    .iter()
                    .map(|effect| format!("  {}\n", console::effect(effect, &self.plan, &self.state, now)))
                    .collect();
                Ok(Ok(lines.concat()))
            }
        }
    }
}

pub fn run(args: Args) -> Result<Outcome> {
    if args.screen || args.solo {
        return on_screen(&args);
    }
    let plan = plan(&args.scenario, args.starter, args.clocks.as_deref())?;
    let findings = lint(&plan.scenario, &plan.playbook, &plan.clocks);
    findings.iter().for_each(|found| complain(&found.to_string()));
    if findings.iter().any(|found| !found.is_warning) {
        return Err(anyhow!("the scenario can not be played as it is written: mend it first (sandtable drill lint)"));
    }
    let writer = Slug::new(&args.writer)?;
    let mut session = if args.log.exists() { resumed(&args, plan, writer)? } else { begun_anew(&args, plan, writer)? };
    let mut refused = false;
    let typed = std::io::stdin().is_terminal();
    let now = session.state.stamp(session.now());
    print(&console::status(&session.plan, &session.state, now))?;
    let mut input = std::io::stdin().lock();
    loop {
        if typed {
            print("> ")?;
        }
        let Some(line) = read_line(&mut input)? else { break };
        let now = session.state.stamp(session.now());
        let said = match console::parse(&line, &session.plan, &session.state, now) {
            Err(wrong) => Err(wrong),
            Ok(Command::Blank) => continue,
            Ok(Command::Quit) => break,
            Ok(Command::Help) => Ok(console::help()),
            Ok(Command::Names) => Ok(console::names(&session.plan, &session.state)),
            Ok(Command::History) => Ok(console::history(&session.state)),
            Ok(Command::Attacker) => Ok(attacker(&session)),
            Ok(Command::Player(role)) => Ok(player::stream(&session.plan, &session.state, role.as_str(), now)),
            Ok(Command::Show(None)) => Ok(console::status(&session.plan, &session.state, now)),
            Ok(Command::Show(Some(id))) => match session.plan.scenario.inject(id.as_str()) {
                Some(inject) => Ok(console::inject(&session.plan, &session.state, inject)),
                None => Err(format!("there is no inject `{id}`: names lists them")),
            },
            Ok(Command::Wait(lapse)) => match &mut session.simulated {
                Some(at) => {
                    *at = at.saturating_add(u64::try_from(lapse.0).unwrap_or(0));
                    Ok(String::new())
                }
                None => Err("time passes by itself; `wait` is for drills with --simulated".to_owned()),
            },
            Ok(Command::Event(body)) => {
                let at = session.now();
                session.take(at, body)?
            }
        };
        match said {
            Ok(text) => {
                print(&text)?;
            }
            Err(wrong) => {
                refused = true;
                complain(&format!("refused: {wrong}"));
            }
        }
    }
    let head = session.log.log().head_phrase();
    print(&format!(
        "{}, head {head}. Write the head down. {EXERCISE}\n",
        counted(session.log.log().lines.len(), "line")
    ))?;
    Ok(if refused && !typed { Outcome::Closed } else { Outcome::Good })
}

/// The same drill on a screen of its own.
fn on_screen(args: &Args) -> Result<Outcome> {
    let writer = Slug::new(&args.writer)?;
    let face = if args.solo { Face::Solo } else { Face::Console };
    let log = args.log.display().to_string();
    let how = match args.log.exists() {
        true => How::Resume,
        false => How::Begin(args.scenario.clone(), choices(args)),
    };
    let scenario = Some(args.scenario.clone());
    let model = match &args.model {
        Some(path) => Some((read_model(path)?.model, read_text(path)?.text)),
        None => None,
    };
    screen::show(Opening { log, how, face, writer }, model, scenario, args.clocks.clone())
}

/// A model with the checksum of its file.
fn model_of(path: &Path) -> Result<(Model, String)> {
    Ok((read_model(path)?.model, sha256(read_text(path)?.text.as_bytes())))
}

fn choices(args: &Args) -> Choices {
    Choices {
        date: args.date,
        zone: args.zone,
        holidays: args.holidays.clone(),
        starter: args.starter,
        simulated: args.simulated,
    }
}

/// The next line; nothing at the end. What comes from a pipe may be anything: it need not be text, and what is longer than
/// a line is comes as a comment.
fn read_line(input: &mut impl BufRead) -> Result<Option<String>> {
    const LONGEST: u64 = 1 << 16;
    let mut bytes = Vec::new();
    if input.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.len() as u64 == LONGEST && bytes.last() != Some(&b'\n') {
        let mut rest = Vec::new();
        while input.by_ref().take(LONGEST).read_until(b'\n', &mut rest)? > 0 && rest.last() != Some(&b'\n') {
            rest.clear();
        }
        complain("refused: a line is at most 64 KiB long");
        return Ok(Some("# too long".to_owned()));
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// A new drill.
fn begun_anew(args: &Args, plan: Plan, writer: Slug) -> Result<Session> {
    let today =
        Day::from_count(i64::try_from(wall() / 86_400)?).ok_or_else(|| anyhow!("the clock is beyond all calendars"))?;
    let model = match &args.model {
        Some(path) => Some(model_of(path)?),
        None => None,
    };
    let access = model.as_ref().map(|(model, _)| effective(model));
    let ground = model.as_ref().zip(access.as_ref()).map(|((model, sum), access)| Ground { model, access, sum });
    let beginning = begin(&plan, ground, &choices(args), today)?;
    beginning.notes.iter().for_each(|note| complain(note));
    if let Some(folder) = args.log.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let log = DrillLog::create(&args.log)?;
    let simulated = args.simulated.then(|| u64::try_from(beginning.begin.story_zero.0).unwrap_or(0));
    let model = model.map(|(model, _)| model);
    let mut session = Session { plan, state: State::default(), log, writer, model, simulated };
    let at = session.now();
    session.take(at, Body::Begin(Box::new(beginning.begin)))?.map_err(|wrong| anyhow!(wrong))?;
    Ok(session)
}

/// A drill that goes on.
fn resumed(args: &Args, plan: Plan, writer: Slug) -> Result<Session> {
    let log = DrillLog::resume(&args.log)?;
    if log.torn > 0 {
        complain(&format!(
            "the last line was torn by a crash ({}): its event was never confirmed, and is gone",
            counted(log.torn, "byte")
        ));
    }
    if log.log().lines.is_empty() {
        // It was killed before its first event was on the disk.
        drop(log);
        std::fs::remove_file(&args.log)?;
        return begun_anew(args, plan, writer);
    }
    let begin = begun(log.log(), &args.log)?;
    if begin.simulated != args.simulated {
        return Err(anyhow!(
            "{}: this drill {} begun with --simulated",
            args.log.display(),
            if begin.simulated { "was" } else { "was not" }
        ));
    }
    same_files(&begin, &plan)?;
    let model = same_model(args.model.as_deref(), &begin)?;
    let state = replay(&plan, log.log().entries());
    let last = log.log().entries().last().map_or(0, |entry| entry.event.at);
    let simulated = begin.simulated.then_some(last);
    let mut session = Session { plan, state, log, writer, model, simulated };
    if session.state.phase == Phase::Running && simulated.is_none() {
        // Nobody played while the program was not running.
        session
            .take(last, Body::Pause { reason: Words::new("The program was not running.") })?
            .map_err(|wrong| anyhow!(wrong))?;
        session.take(wall(), Body::Resume)?.map_err(|wrong| anyhow!(wrong))?;
    }
    print(&format!(
        "{}: the drill goes on after {}.\n",
        args.log.display(),
        counted(session.log.log().lines.len(), "line")
    ))?;
    Ok(session)
}

/// Says where the model is another than at the beginning: the drill goes on with what it took from that.
fn same_model(path: Option<&Path>, begin: &Begin) -> Result<Option<Model>> {
    let Some(path) = path else { return Ok(None) };
    let sum = sha256(read_text(path)?.text.as_bytes());
    if begin.files.get("model") != Some(&sum) {
        complain(&format!(
            "{}: the model changed since the drill began; the drill goes on with what it took from it then, \
             and the attacker is looked up in the new one",
            path.display()
        ));
    }
    Ok(Some(read_model(path)?.model))
}

/// What the attacker reaches, by the model, or as the log said it last.
fn attacker(session: &Session) -> String {
    let standing = session.model.as_ref().and_then(|model| what_if::standing(model, &session.state));
    let lines = match (standing, session.state.pictures.last()) {
        (Some(standing), _) => standing.lines(),
        (None, Some((_, picture))) => {
            let mut lines = what_if::picture_lines(picture, None);
            lines.insert(0, "as the log said it last; --model looks it up".to_owned());
            lines
        }
        (None, None) => {
            vec!["nothing is known: a drill with --model, of a scenario with an attacker, says it".to_owned()]
        }
    };
    lines.iter().map(|line| format!("{line}\n")).collect()
}

//! What a facilitator types in a line, and what they are shown: a drill on a terminal without a screen.

use super::EXERCISE;
use super::binding::fill;
use super::containment::{Containment, Verb};
use super::duty::Standing;
use super::event::{Body, NoteSort, Rating, Sort, Words};
use super::hidden::Facilitator;
use super::player::words;
use super::scenario::{Inject, Within};
use super::state::{Fate, Happened, Phase, Plan, Stamp, State};
use super::step::Effect;
use crate::library::lapse::Lapse;
use crate::model::Slug;
use crate::model::facts::Day;
use crate::model::text::{Text, nearest};

/// A line that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Nothing.
    Blank,
    /// Something happened.
    Event(Body),
    /// Time passes, where times are made up.
    Wait(Lapse),
    /// Show the state, or an inject.
    Show(Option<Slug>),
    /// Show what a role sees.
    Player(Slug),
    /// Show what the attacker still reaches.
    Attacker,
    /// List the events with their numbers.
    History,
    /// List the names that commands need.
    Names,
    /// Show the commands.
    Help,
    /// Stop here; the drill goes on with the same log.
    Quit,
}

/// The commands, with what follows them and what they do.
pub const COMMANDS: [(&str, &str, &str); 38] = [
    ("send", "[INJECT] [force]", "send an inject, or the next that is ready"),
    ("reword", "INJECT TEXT", "an inject that was not sent yet reads otherwise"),
    ("resend", "INJECT [TEXT]", "send an inject once more, as it was or with other words"),
    ("skip", "INJECT WHY", "leave an inject out"),
    ("hold", "INJECT", "hold an inject back, or set it free again"),
    ("ack", "INJECT ROLE", "a role says that it has an inject"),
    ("seat", "ROLE [substitute] WHO", "who plays a role, and whether they only stand in"),
    (
        "open",
        "ITEM task|decision|notification OWNER WHAT",
        "open work; before WHAT: needs=A,B by=ROLE meets=ACTION rule=RULE",
    ),
    ("assign", "ITEM OWNER", "give work to somebody else"),
    ("take", "ITEM", "the owner begins"),
    ("done", "ITEM", "work is done"),
    ("reopen", "ITEM WHY", "work was not done after all"),
    ("decide", "DECISION OPTION ROLE WHY", "a role decides"),
    ("met", "ACTION [NOTE]", "an expected action was seen; its role did it, or name another: met ACTION @ROLE NOTE"),
    ("emit", "EVENT", "a milestone, or the anchor of a clock"),
    ("submit", "RULE ROLE", "a notification went out"),
    ("named", "QUERY PLACE...", "the team names all places with the same defect; names has the right ones"),
    (
        "contain",
        "VERB ELEMENT [NOTE]",
        "what was done against the attacker: disable close revoke restrict cut isolate rotate suspend challenge",
    ),
    ("lift", "VERB ELEMENT [WHY]", "it is not done any more: what was switched off is on again"),
    ("attacker", "", "what the attacker still reaches in the model, and by which way"),
    ("ruling", "TEXT", "what everybody takes as given"),
    (
        "note",
        "SORT [about=A,B] [@ROLE] TEXT",
        "action question assumption gap parking quote strength improvement observation",
    ),
    ("gap", "[@ROLE] TEXT", "a note of a gap; so do question, assumption, parking, quote, strength, improvement"),
    ("rate", "TASK P|S|M|U OBSERVATION", "rate a critical task"),
    ("act", "OWNER DAY WHAT", "a follow-up: one owner, one day"),
    ("pause", "[WHY]", "stop the clock of play"),
    ("resume", "", "go on"),
    ("scale", "NUMBER", "seconds of the story in a second of play"),
    ("jump", "TIME [WHY]", "the story jumps ahead: jump 20h next morning"),
    ("wait", "TIME", "time passes (with --simulated)"),
    ("undo", "[NUMBER]", "take back the last event, or that of a number"),
    ("show", "[INJECT]", "where the drill is, or all about an inject"),
    ("player", "ROLE", "what a role sees"),
    ("history", "", "the events, with their numbers"),
    ("names", "", "the names of injects, roles, actions, tasks, decisions and rules"),
    ("end", "", "the drill is over; notes, ratings and follow-ups can still come"),
    ("quit", "", "stop here; the same command goes on later"),
    ("help", "", "this list"),
];

/// The list of commands.
pub fn help() -> String {
    COMMANDS.iter().map(|(name, arguments, about)| format!("{:<52} {about}\n", format!("{name} {arguments}"))).collect()
}

/// A line of words, taken one after the other.
struct Rest<'l>(&'l str);

impl<'l> Rest<'l> {
    fn peek(&self) -> Option<&'l str> {
        self.0.split_whitespace().next()
    }

    fn word(&mut self) -> Option<&'l str> {
        let word = self.peek()?;
        self.0 = self.0.trim_start()[word.len()..].trim_start();
        Some(word)
    }

    fn need(&mut self, what: &str) -> Result<&'l str, String> {
        self.word().ok_or_else(|| format!("{what} is missing"))
    }

    fn name(&mut self, what: &str) -> Result<Slug, String> {
        let word = self.need(what)?;
        Slug::new(word).map_err(|error| format!("{what}: {error}"))
    }

    fn text(&mut self) -> Words {
        Words::new(std::mem::take(&mut self.0).trim())
    }

    /// `about=a,b`, where it stands next.
    fn about(&mut self) -> Result<Vec<Slug>, String> {
        let Some(names) = self.peek().and_then(|word| word.strip_prefix("about=")) else { return Ok(Vec::new()) };
        let names: Result<Vec<Slug>, _> = names.split(',').map(Slug::new).collect();
        self.word();
        names.map_err(|error| error.to_string())
    }

    /// `@role`, where it stands next.
    fn at_role(&mut self) -> Result<Option<Slug>, String> {
        match self.peek().and_then(|word| word.strip_prefix('@')) {
            Some(role) => {
                self.word();
                Slug::new(role).map(Some).map_err(|error| error.to_string())
            }
            None => Ok(None),
        }
    }
}

/// What a line says. Names are checked by the engine; here they only have to be names.
pub fn parse(line: &str, plan: &Plan, state: &State, now: Stamp) -> Result<Command, String> {
    let mut rest = Rest(line.trim());
    let Some(verb) = rest.word() else { return Ok(Command::Blank) };
    if verb.starts_with('#') {
        return Ok(Command::Blank);
    }
    let note = |sort: NoteSort, rest: &mut Rest<'_>| -> Result<Body, String> {
        let about = rest.about()?;
        Ok(Body::Note { sort, role: rest.at_role()?, about, text: rest.text() })
    };
    let body = match verb {
        "help" | "?" => return Ok(Command::Help),
        "quit" => return Ok(Command::Quit),
        "history" => return Ok(Command::History),
        "names" => return Ok(Command::Names),
        "show" => return Ok(Command::Show(rest.word().map(Slug::new).transpose().map_err(|error| error.to_string())?)),
        "player" => return Ok(Command::Player(rest.name("ROLE")?)),
        "wait" => return Ok(Command::Wait(forward(rest.need("TIME")?)?)),
        "send" => match rest.word() {
            Some(word) if word != "force" => {
                let inject = Slug::new(word).map_err(|error| error.to_string())?;
                Body::Send { inject, forced: rest.word() == Some("force") }
            }
            _ => {
                let next = state.ready(plan, now).next().ok_or("no inject is ready: names lists them")?;
                Body::Send { inject: next.id.slug().clone(), forced: false }
            }
        },
        "reword" => Body::Reword { inject: rest.name("INJECT")?, text: rest.text() },
        "resend" => {
            let inject = rest.name("INJECT")?;
            let text = rest.text();
            Body::Resend { inject, text: (!text.is_blank()).then_some(text) }
        }
        "skip" => Body::Skip { inject: rest.name("INJECT")?, reason: rest.text() },
        "hold" => Body::Hold { inject: rest.name("INJECT")? },
        "ack" => Body::Ack { inject: rest.name("INJECT")?, role: rest.name("ROLE")? },
        "seat" => {
            let role = rest.name("ROLE")?;
            let holder = rest.peek() != Some("substitute");
            if !holder {
                rest.word();
            }
            Body::Seat { role, person: rest.text(), holder }
        }
        "open" => open(&mut rest)?,
        "assign" => Body::Assign { item: rest.name("ITEM")?, owner: rest.name("OWNER")? },
        "take" => Body::Take { item: rest.name("ITEM")? },
        "done" => Body::Done { item: rest.name("ITEM")? },
        "reopen" => Body::Reopen { item: rest.name("ITEM")?, reason: rest.text() },
        "decide" => Body::Decide {
            decision: rest.name("DECISION")?,
            option: rest.name("OPTION")?,
            role: rest.name("ROLE")?,
            rationale: rest.text(),
        },
        "met" => {
            let expected = rest.name("ACTION")?;
            let own = plan.scenario.expected(expected.as_str()).map(|(_, found)| found.role.slug().clone());
            let role = rest.at_role()?.or(own).ok_or_else(|| {
                let known = plan.scenario.all_expected().map(|(_, expected)| expected.id.as_str());
                let hint = nearest(expected.as_str(), known)
                    .map_or("names lists them".to_owned(), |meant| format!("did you mean `{meant}`?"));
                format!("nothing expected is called `{expected}`: {hint}")
            })?;
            Body::Met { expected, role, note: rest.text() }
        }
        "emit" => Body::Emit { event: rest.name("EVENT")? },
        "submit" => Body::Submit { rule: rest.name("RULE")?, role: rest.name("ROLE")? },
        "named" => {
            let binding = rest.name("QUERY")?;
            let places = std::mem::take(&mut rest.0).split([' ', ',']).filter(|place| !place.is_empty());
            let mut places: Vec<Text> = places.map(Text::from).collect();
            places.sort();
            places.dedup();
            Body::Named { binding, places }
        }
        "attacker" => return Ok(Command::Attacker),
        "contain" | "lift" => {
            let word = rest.need("VERB")?;
            let does = Verb::of(word).ok_or_else(|| {
                let all = Verb::ALL.iter().map(|verb| verb.word());
                let hint = nearest(word, all.clone()).map(|meant| format!("did you mean `{meant}`?"));
                let hint = hint.unwrap_or_else(|| format!("there are {}", all.collect::<Vec<_>>().join(", ")));
                format!("`{word}` is no containment: {hint}")
            })?;
            let what = Containment { does, to: rest.need("ELEMENT")?.into() };
            Body::Contain { what, lifted: verb == "lift", note: rest.text() }
        }
        "ruling" => Body::Ruling { text: rest.text() },
        "note" => {
            let word = rest.need("SORT")?;
            let sort = NoteSort::ALL.into_iter().find(|sort| sort.word() == word);
            note(sort.ok_or_else(|| format!("`{word}` is no sort of note: help lists them"))?, &mut rest)?
        }
        "rate" => Body::Rate {
            task: rest.name("TASK")?,
            rating: Rating::of(rest.need("P|S|M|U")?).ok_or("a rating is P, S, M or U")?,
            observation: rest.text(),
        },
        "act" => {
            let owner = rest.name("OWNER")?;
            let due: Day = rest.need("DAY")?.parse()?;
            Body::Act { owner, due, what: rest.text() }
        }
        "pause" => Body::Pause { reason: rest.text() },
        "resume" => Body::Resume,
        "scale" => Body::Scale { scale: rest.need("NUMBER")?.parse().map_err(|_| "a scale is a whole number")? },
        "jump" => {
            let seconds =
                u32::try_from(forward(rest.need("TIME")?)?.0).map_err(|_| "a jump goes ahead by a year at most")?;
            Body::Jump { seconds, reason: rest.text() }
        }
        "undo" => undo(&mut rest, state)?,
        "end" => Body::End,
        verb => match NoteSort::ALL.into_iter().find(|sort| sort.word() == verb) {
            Some(sort) => note(sort, &mut rest)?,
            None => {
                let meant = nearest(verb, COMMANDS.iter().map(|(name, ..)| *name));
                let hint = meant.map_or("help lists all".to_owned(), |meant| format!("did you mean `{meant}`?"));
                return Err(format!("there is no command `{verb}`: {hint}"));
            }
        },
    };
    if !rest.0.trim().is_empty() {
        return Err(format!("`{}` is too much: help shows what `{verb}` takes", rest.0.trim()));
    }
    Ok(Command::Event(body))
}

fn forward(text: &str) -> Result<Lapse, String> {
    let lapse: Lapse = text.parse()?;
    if lapse.0 > 0 { Ok(lapse) } else { Err("time goes ahead".to_owned()) }
}

fn open(rest: &mut Rest<'_>) -> Result<Body, String> {
    let item = rest.name("ITEM")?;
    let sort = match rest.need("task, decision or notification")? {
        "task" => Sort::Task,
        "decision" => Sort::Decision,
        "notification" => Sort::Notification,
        other => return Err(format!("`{other}` is no sort of work: task, decision or notification")),
    };
    // A dash stands for nobody.
    let owner = rest.need("OWNER")?;
    let owner = if owner == "-" { None } else { Some(Slug::new(owner).map_err(|error| error.to_string())?) };
    let (mut needs, mut assigned_by, mut meets, mut rule) = (Vec::new(), None, None, None);
    while let Some((key, value)) = rest.peek().and_then(|word| word.split_once('=')) {
        let slug = |text: &str| Slug::new(text).map_err(|error| error.to_string());
        match key {
            "needs" => needs = value.split(',').map(slug).collect::<Result<_, _>>()?,
            "by" => assigned_by = Some(slug(value)?),
            "meets" => meets = Some(slug(value)?),
            "rule" => rule = Some(slug(value)?),
            _ => break,
        }
        rest.word();
    }
    Ok(Body::Open { item, sort, what: rest.text(), owner, assigned_by, needs, meets, rule })
}

/// The event of a number, or the last one that stands.
fn undo(rest: &mut Rest<'_>, state: &State) -> Result<Body, String> {
    let found = match rest.word() {
        Some(number) => {
            let at: usize = number.parse().map_err(|_| "a number of an event: history lists them")?;
            at.checked_sub(1)
                .and_then(|at| state.history.get(at))
                .ok_or("there is no event of this number: history lists them")?
        }
        None => state
            .history
            .iter()
            .rev()
            .find(|happened| {
                !happened.undone
                    && !matches!(happened.entry.event.body, Body::Undo { .. } | Body::Attacker(_) | Body::Fork { .. })
            })
            .ok_or("there is nothing to take back")?,
    };
    Ok(Body::Undo { entry: found.entry.id.clone() })
}

/// Where a drill is, for whoever runs it.
pub fn status(plan: &Plan, state: &State, now: Stamp) -> String {
    let Some(begin) = &state.begun else { return "The drill has not begun.\n".to_owned() };
    let view = Facilitator::view();
    let words = words(begin);
    let phase = match state.phase {
        Phase::Before => "not begun",
        Phase::Running => "running",
        Phase::Paused => "paused",
        Phase::Ended => "over",
    };
    let mut out = format!(
        "{EXERCISE}\n{} · story {} · play {} · wall {} · {phase}\n",
        plan.scenario.title,
        state.moment(now.story).shown(begin.zone),
        Lapse(now.play),
        Lapse(now.wall)
    );
    for inject in state.ready(plan, now) {
        let ahead = inject.at.0 - now.story;
        let when = if ahead > 0 { format!("planned in {} of the story", Lapse(ahead)) } else { "due".to_owned() };
        out.push_str(&format!("  ready     {} {} ({when})\n", inject.id, fill(inject.title.words(view), &words)));
    }
    for held in &state.held {
        out.push_str(&format!("  held      {held}\n"));
    }
    for item in state.items.iter().filter(|item| item.done.is_none()) {
        let age = Lapse(now.play - item.opened.play);
        let owner = item.owner.as_ref().map_or("nobody", Slug::as_str);
        let taken = if item.acked.is_some() { "" } else { ", not taken" };
        let what = fill(item.what.shown(), &words);
        out.push_str(&format!("  open      {} {} ({owner}, {age}{taken}): {what}\n", item.sort.word(), item.id));
    }
    for (inject, expected) in plan.scenario.all_expected() {
        if state.sent(inject.id.as_str()).is_some() && !state.met.contains_key(expected.id.slug()) {
            let late = state.is_missing(plan, expected.id.as_str(), now);
            let word = if late { "OVERDUE" } else { "expected" };
            let action = fill(expected.action.words(view), &words);
            out.push_str(&format!("  {word:<9} {} ({}): {action}\n", expected.id, expected.role));
        }
    }
    for (rule, standing) in state.standings(plan, now) {
        out.push_str(&format!("  clock     {}: {}\n", rule.id, clock(&standing, state, now)));
    }
    let silent = |role: &&crate::library::located::Name| {
        state.spoke.get(role.slug()).is_none_or(|at| now.play - at.play > 15 * 60)
    };
    let quiet: Vec<&str> = plan.scenario.cast.iter().filter(silent).map(|role| role.as_str()).collect();
    if !quiet.is_empty() && now.play > 15 * 60 {
        out.push_str(&format!("  quiet     {} (nothing in fifteen minutes: ask them by name)\n", quiet.join(", ")));
    }
    out
}

/// How a clock stands, in words.
pub fn clock(standing: &Standing, state: &State, now: Stamp) -> String {
    let told = told_of_clock(standing, state, now);
    match standing {
        Standing::Excluded => told,
        Standing::Armed => format!("armed, {told}"),
        Standing::Running(..) => format!("running, {told}"),
        Standing::Met(_, Some(_)) => format!("met {told}"),
        Standing::Met(_, None) => format!("done {told}"),
        Standing::Breached(..) => format!("BREACHED, {told}"),
    }
}

/// The same beside [`Standing::word`].
pub fn told_of_clock(standing: &Standing, state: &State, now: Stamp) -> String {
    let zone = state.begun.as_ref().map(|begin| begin.zone).unwrap_or_default();
    let moment = state.moment(now.story);
    match standing {
        Standing::Excluded => "does not apply, by the data of the model".to_owned(),
        Standing::Armed => "waits for its anchor".to_owned(),
        Standing::Running(_, Some(deadline)) => {
            format!("due {} (in {})", deadline.shown(zone), Lapse(deadline.0 - moment.0))
        }
        Standing::Running(_, None) => "without undue delay".to_owned(),
        Standing::Met(at, Some(margin)) => format!("{}, {} to spare", at.shown(zone), Lapse(*margin)),
        Standing::Met(at, None) => at.shown(zone).to_string(),
        Standing::Breached(deadline, Some(late)) => format!("due {}, {} late", deadline.shown(zone), Lapse(*late)),
        Standing::Breached(deadline, None) => format!("due {}", deadline.shown(zone)),
    }
}

/// All about an inject.
pub fn inject(plan: &Plan, state: &State, inject: &Inject) -> String {
    let view = Facilitator::view();
    let words = state.begun.as_ref().map(words).unwrap_or_default();
    let full = |text: &str| fill(text, &words);
    let to: Vec<&str> = inject.to.iter().map(|role| role.as_str()).collect();
    let to = if to.is_empty() { "everybody".to_owned() } else { to.join(", ") };
    let fate = match state.injects.get(inject.id.slug()) {
        None => "not sent".to_owned(),
        Some(Fate::Sent(at, acks)) if acks.is_empty() => {
            format!("sent at {}, nobody said that they have it", Lapse(at.play))
        }
        Some(Fate::Sent(at, acks)) => {
            let roles: Vec<&str> = acks.keys().map(Slug::as_str).collect();
            format!("sent at {}, acknowledged by {}", Lapse(at.play), roles.join(", "))
        }
        Some(Fate::Skipped(why)) => format!("left out: {}", why.shown()),
        Some(Fate::Excluded(other)) => format!("excluded, {other} was sent"),
    };
    let mut out = format!(
        "{} {} ({fate})\n{} from {} to {to}\n{}\n",
        inject.id,
        full(inject.title.words(view)),
        inject.channel.word(),
        full(inject.from.as_str()),
        full(state.text_of(inject))
    );
    let hidden = &inject.hidden;
    if !hidden.truth.is_empty() {
        out.push_str(&format!("  truth     {}\n", full(hidden.truth.words(view))));
    }
    for (label, all) in [("ask", &hidden.probes), ("hint", &hidden.hints), ("red flag", &hidden.red_flags)] {
        for text in all {
            out.push_str(&format!("  {label:<9} {}\n", full(text.words(view))));
        }
    }
    for expected in &inject.expect {
        let within = match expected.within {
            Within::Play(lapse) => format!("within {lapse} of play"),
            Within::Story(lapse) => format!("within {lapse} of the story"),
        };
        out.push_str(&format!(
            "  expect    {} ({}, {within}): {}\n",
            expected.id,
            expected.role,
            full(expected.action.words(view))
        ));
    }
    if let Some(decision) = inject.decision.as_ref().and_then(|id| plan.scenario.decision(id.as_str())) {
        out.push_str(&format!(
            "  decision  {} ({}): {}\n",
            decision.id,
            decision.owner,
            full(decision.question.as_str())
        ));
        for option in &decision.options {
            let follows = full(option.follows.words(view));
            out.push_str(&format!("            {}: {} {follows}\n", option.id, full(option.text.as_str())));
        }
    }
    out
}

/// The events with their numbers.
pub fn history(state: &State) -> String {
    let line = |(at, happened): (usize, &Happened)| {
        let undone = if happened.undone { " (taken back)" } else { "" };
        let what = event_words(&happened.entry.event.body);
        format!("{:>4}  {:>8}  {what}{undone}\n", at + 1, Lapse(happened.at.play))
    };
    state.history.iter().enumerate().map(line).collect()
}

/// An event in a few words: its kind, and the names in it.
pub fn event_words(body: &Body) -> String {
    match body {
        Body::Contain { what, .. } => return format!("contain {what}"),
        Body::Attacker(picture) => return format!("the attacker reaches {}", super::what_if::counts(picture)),
        _ => {}
    }
    let body = serde_json::to_value(body).unwrap_or_default();
    let word = |key: &str| body.get(key).and_then(|value| value.as_str()).map(str::to_owned);
    let keys = [
        "kind", "inject", "binding", "item", "decision", "option", "expected", "event", "rule", "task", "sort", "role",
        "owner", "rating",
    ];
    keys.iter().filter_map(|key| word(key)).collect::<Vec<_>>().join(" ")
}

/// The names that commands need.
pub fn names(plan: &Plan, state: &State) -> String {
    let scenario = &plan.scenario;
    let line = |label: &str, names: Vec<&str>| format!("{label:<10} {}\n", names.join(" "));
    let queries: Vec<String> = super::metrics::siblings(state)
        .iter()
        .map(|found| {
            let places: Vec<&str> = found.places.iter().map(Text::as_str).collect();
            line("query", vec![found.binding.as_str(), "finds", &places.join(" ")])
        })
        .collect();
    [
        line("injects", scenario.injects.iter().map(|inject| inject.id.as_str()).collect()),
        line("roles", plan.roles().map(|role| role.id.as_str()).collect()),
        line("actions", scenario.all_expected().map(|(_, expected)| expected.id.as_str()).collect()),
        line("decisions", scenario.decisions.iter().map(|decision| decision.id.as_str()).collect()),
        line("tasks", scenario.tasks().map(|(_, _, task)| task.id.as_str()).collect()),
        line("rules", scenario.duties.iter().map(|duty| duty.rule.as_str()).collect()),
        line("events", plan.events().collect::<std::collections::BTreeSet<_>>().into_iter().collect()),
        queries.concat(),
    ]
    .concat()
}

/// What an effect is, in a line.
pub fn effect(effect: &Effect, plan: &Plan, state: &State, now: Stamp) -> String {
    match effect {
        Effect::Deliver(inject, to) if to.is_empty() => format!("{inject} goes to everybody"),
        Effect::Deliver(inject, to) => {
            format!("{inject} goes to {}", to.iter().map(Slug::as_str).collect::<Vec<_>>().join(", "))
        }
        Effect::Ready(inject) => {
            let found = plan.scenario.inject(inject.as_str());
            let title = found.map_or("", |inject| inject.title.words(Facilitator::view()));
            let words = state.begun.as_ref().map(words).unwrap_or_default();
            format!("{inject} is ready: {}", fill(title, &words))
        }
        Effect::Ask(decision) => format!("{decision} waits for a decision"),
        Effect::Clock(rule, standing) => format!("the clock {rule} is {}", clock(standing, state, now)),
    }
}

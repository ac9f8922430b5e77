//! What is written into the log of an open drill: keys begin lines, lines become events, events are put on the disk, and
//! only then they count.

use super::drilling::{close, show};
use crate::app::command::CommandId;
use crate::app::console::{Draft, Stage, Want, choices, next_inject, task_line, title};
use crate::app::drills::{Board, DrillEffect, Face};
use crate::app::forms;
use crate::app::layer::{Agree, Ask, Choose, Confirm, Item, Layer, Picker, Reader, Styled};
use crate::app::state::{App, Effect};
use crate::app::toast::Tone;
use crate::drill::board::{Pane, Subject};
use crate::drill::console::{self, Command};
use crate::drill::event::{Body, Entry, Event, Rating, Sort, Words};
use crate::drill::facilitator::Turn;
use crate::drill::log::sha256;
use crate::drill::solo;
use crate::drill::state::{Phase, State};
use crate::drill::step::step;
use crate::drill::what_if;
use crate::library::lapse::Lapse;
use crate::model::{Model, Slug};

/// Runs a command of this family. Says whether it was one.
pub fn run(app: &mut App, id: CommandId) -> bool {
    use CommandId as C;
    let note = |sort: &str, title: &str| Draft::words(sort, title, "a sentence; begin with @role to say whose it is");
    let draft = match id {
        C::ConsoleDo => return act(app),
        C::ConsoleSend => return send(app),
        C::ConsoleSkip | C::ConsoleHold => {
            let chosen = board(app).and_then(|board| subject_inject(board).filter(|id| is_unsent(board, id)));
            let (verb, why) = if id == C::ConsoleSkip { ("skip", true) } else { ("hold", false) };
            let draft = match chosen {
                Some(inject) => Draft::whole(format!("{verb} {inject}")),
                None => Draft::new(verb, vec![Want::Unsent]),
            };
            if why { and_words(draft, "Why is it left out?", "the report says it") } else { draft }
        }
        C::ConsoleReword => {
            let chosen = board(app).and_then(|board| {
                // The one under the cursor, or else the one that is shown.
                let inject = match subject_inject(board) {
                    Some(id) => board.plan.scenario.inject(id.as_str())?,
                    None => board.console().current()?,
                };
                let id = inject.id.slug().clone();
                Some((is_unsent(board, &id), board.console().filled(board.state().text_of(inject)), id))
            });
            let Some((unsent, text, id)) = chosen else { return said(app, "there is no inject to change") };
            let (verb, hint) = match unsent {
                true => ("reword", "what it is to say when it is sent"),
                false => ("resend", "it goes out once more with these words"),
            };
            Draft::words(format!("{verb} {id}"), "What does it say?", hint).beginning_with(&text)
        }
        C::ConsoleResend => match board(app).and_then(subject_sent) {
            Some(inject) => Draft::whole(format!("resend {inject}")),
            None => return said(app, "nothing was sent yet"),
        },
        C::ConsoleAck => match board(app).and_then(subject_sent) {
            Some(inject) => Draft::new(format!("ack {inject}"), vec![Want::Holder(inject)]),
            None => return said(app, "nothing was sent yet"),
        },
        C::ConsoleTick => {
            let draft = match board(app).and_then(Board::subject) {
                Some(Subject::Expected(id)) => Draft::whole(format!("met {id}")),
                _ => Draft::new("met", vec![Want::Expected]),
            };
            and_words(draft, "What was seen?", "may be empty; begin with @role where another role did it").or_nothing()
        }
        C::ConsoleDecide | C::SoloDecide => {
            let draft = match board(app).and_then(Board::subject) {
                Some(Subject::Item(id)) if is_open_decision(app, &id) => {
                    Draft::new(format!("decide {id}"), vec![Want::Choice])
                }
                _ => Draft::new("decide", vec![Want::Decision, Want::Choice]),
            };
            and_words(draft, "Why?", "the reason; begin with @role where another role than the owner decided")
        }
        C::ConsoleWork => Draft::new("open", vec![Want::Role, Want::Task]),
        C::ConsoleTake => Draft::new("take", vec![Want::Work(Stage::Open)]),
        C::ConsoleDone => Draft::new("done", vec![Want::Work(Stage::Undone)]),
        C::ConsoleAssign => Draft::new("assign", vec![Want::Work(Stage::Undone), Want::Role]),
        C::ConsoleReopen => {
            and_words(Draft::new("reopen", vec![Want::Work(Stage::Done)]), "Why?", "what shows that it was not done")
        }
        C::ConsoleMilestone => Draft::new("emit", vec![Want::Event]),
        C::ConsoleSubmit | C::SoloSubmit => Draft::new("submit", vec![Want::Rule]),
        C::NoteGap => note("gap", "Gap: what is missing?"),
        C::NoteQuestion => note("question", "Question: what can nobody answer?"),
        C::NoteAssumption => note("assumption", "Assumption: what is taken for granted?"),
        C::NoteParking => note("parking", "Parking lot: what is for later?"),
        C::NoteQuote => note("quote", "Quote: who said what?"),
        C::NoteAction | C::SoloNote => note("note action", "What was done?"),
        C::ObserveNeutral => note(&observed(app, "observation"), "What was seen?"),
        C::ObserveStrength => note(&observed(app, "strength"), "Strength: what went well?"),
        C::ObserveImprovement => note(&observed(app, "improvement"), "Area for improvement: what could go better?"),
        C::NoteRuling => Draft::words("ruling", "Ruling: what does everybody take as given?", "players see it"),
        C::NoteFollowUp => {
            Draft::new("act", vec![Want::Role]).then_words("By when, and what?", "2027-01-15 Test the restore")
        }
        C::ConsoleSeat => {
            let draft = match board(app).and_then(Board::subject) {
                Some(Subject::Role(role)) => Draft::whole(format!("seat {role}")),
                _ => Draft::new("seat", vec![Want::Role]),
            };
            and_words(draft, "Who plays it?", "a name; begin with substitute where they only stand in")
        }
        C::ConsolePause | C::SoloPause => {
            let paused = board(app).is_some_and(|board| board.state().phase == Phase::Paused);
            Draft::whole(if paused { "resume" } else { "pause" })
        }
        C::ConsoleJump => Draft::words("jump", "How far does the story jump?", "20h the next morning"),
        C::ConsoleScale => {
            Draft::words("scale", "How many seconds of the story in a second of play?", "from 1 to 1440")
        }
        C::ConsoleWait => Draft::words("wait", "How long?", "10m"),
        C::ConsoleUndo | C::SoloUndo | C::EvaluationUndo => Draft::whole("undo"),
        C::ConsoleUndoChosen => Draft::new("undo", vec![Want::Number]),
        C::ConsoleType => Draft::words("", "Console", "a command as drill run takes it; help lists them").or_nothing(),
        C::ConsoleNames => Draft::whole("names"),
        C::ConsoleHistory => Draft::whole("history"),
        C::ConsoleEnd | C::SoloEnd => return ask_to_end(app),
        C::ConsoleEvaluation => return shown(app, Face::Evaluation),
        C::ConsoleProjector => return shown(app, Face::Projector),
        C::ConsolePlayer => Draft::new("player", vec![Want::Role]),
        C::RateP => return rate(app, Rating::P),
        C::RateS => return rate(app, Rating::S),
        C::RateM => return rate(app, Rating::M),
        C::RateU => return rate(app, Rating::U),
        C::SoloCheck => return check(app),
        C::SoloHint => return hint(app),
        C::SoloOn => return go_on(app),
        _ => return false,
    };
    ask(app, draft);
    true
}

fn board(app: &App) -> Option<&Board> {
    app.drills.board.as_deref()
}

fn said(app: &mut App, what: &str) -> bool {
    app.toasts.say(Tone::Info, what);
    true
}

fn shown(app: &mut App, face: Face) -> bool {
    show(app, face);
    true
}

/// A draft that needs words at its end.
fn and_words(draft: Draft, title: &str, hint: &'static str) -> Draft {
    draft.then_words(title, hint)
}

impl Draft {
    fn then_words(mut self, title: &str, hint: &'static str) -> Draft {
        self.wants.extend(Draft::words("", title, hint).wants);
        self
    }
}

/// The inject under the cursor, or the one that is looked at; only where somebody went to it.
fn subject_inject(board: &Board) -> Option<Slug> {
    match board.subject() {
        Some(Subject::Inject(id)) if board.places.contains_key(&board.focus) => Some(id),
        _ => board.chosen.clone(),
    }
}

fn is_unsent(board: &Board, id: &Slug) -> bool {
    let console = board.console();
    board.plan.scenario.inject(id.as_str()).is_some_and(|inject| console.turn(inject) != Turn::Done)
}

/// The inject under the cursor where it was sent, or else the one that was sent last.
fn subject_sent(board: &Board) -> Option<Slug> {
    let chosen = subject_inject(board).filter(|id| board.state().sent(id.as_str()).is_some());
    chosen.or_else(|| solo::last_sent(&board.plan, board.state()).map(|inject| inject.id.slug().clone()))
}

fn is_open_decision(app: &App, id: &Slug) -> bool {
    let item = board(app).and_then(|board| board.state().item(id.as_str()));
    item.is_some_and(|item| item.sort == Sort::Decision && item.done.is_none())
}

/// Does what the row under the cursor offers.
fn act(app: &mut App) -> bool {
    let Some(board) = board(app) else { return true };
    let draft = match board.subject() {
        Some(Subject::Inject(id)) if is_unsent(board, &id) => return send_this(app, &id),
        Some(Subject::Inject(id)) => Draft::new(format!("ack {id}"), vec![Want::Holder(id)]),
        Some(Subject::Expected(id)) => match board.state().met.contains_key(&id) {
            true => return said(app, "it was seen already; u takes it back"),
            false => return run(app, CommandId::ConsoleTick),
        },
        Some(Subject::Item(id)) => match board.state().item(id.as_str()) {
            Some(item) if item.sort == Sort::Decision && item.done.is_none() => {
                return run(app, CommandId::ConsoleDecide);
            }
            None => return said(app, "it is not open yet: send the inject first"),
            Some(item) if item.done.is_some() => {
                and_words(Draft::whole(format!("reopen {id}")), "Why was it not done after all?", "what shows it")
            }
            Some(item) if item.owner.is_none() => Draft::new(format!("assign {id}"), vec![Want::Role]),
            Some(item) if item.acked.is_none() => Draft::whole(format!("take {id}")),
            Some(_) => Draft::whole(format!("done {id}")),
        },
        Some(Subject::Clock(id)) => {
            let duty = board.plan.scenario.duties.iter().find(|duty| *duty.rule.slug() == id);
            match duty {
                Some(duty) => Draft::whole(format!("submit {id} {}", duty.role)),
                None => return true,
            }
        }
        Some(Subject::Role(_)) => return run(app, CommandId::ConsoleSeat),
        Some(Subject::Task(_)) | None => return said(app, "there is nothing to do with this row"),
    };
    ask(app, draft);
    true
}

/// Sends the inject under the cursor, or the next one.
fn send(app: &mut App) -> bool {
    let Some(board) = board(app) else { return true };
    let under = subject_inject(board).filter(|id| is_unsent(board, id));
    match under.or_else(|| next_inject(board)) {
        Some(id) => send_this(app, &id),
        None => said(app, "no inject is ready; under the cursor one can be sent by force"),
    }
}

/// Sends an inject. One that is not due, or whose guard does not hold, is asked about.
fn send_this(app: &mut App, id: &Slug) -> bool {
    let Some(board) = board(app) else { return true };
    let Some(inject) = board.plan.scenario.inject(id.as_str()) else { return true };
    let (title, line) = match board.console().turn(inject) {
        Turn::Waiting => ("Its guard does not hold. Send it all the same?", format!("send {id} force")),
        Turn::Upcoming => ("It is not due yet. Send it now?", format!("send {id}")),
        Turn::Held => ("It is held back. Send it all the same?", format!("send {id}")),
        Turn::Ready | Turn::Left | Turn::Done => {
            ask(app, Draft::whole(format!("send {id}")));
            return true;
        }
    };
    let lines = vec![one_row(board, id)];
    app.layers.push(Layer::Confirm(Confirm { title: title.into(), lines, then: Agree::Drill(line) }));
    true
}

fn one_row(board: &Board, inject: &Slug) -> String {
    let rows = board.console().injects();
    let row = rows.into_iter().find(|row| row.subject == Some(Subject::Inject(inject.clone())));
    row.map_or(String::new(), |row| format!("{} {}", row.left, row.text))
}

/// The beginning of an observation: it is about the task, the inject or the action under the cursor.
fn observed(app: &App, sort: &str) -> String {
    match board(app).and_then(Board::subject) {
        Some(Subject::Task(id) | Subject::Inject(id) | Subject::Expected(id)) => format!("{sort} about={id}"),
        _ => sort.to_owned(),
    }
}

fn rate(app: &mut App, rating: Rating) -> bool {
    let Some(Subject::Task(task)) = board(app).and_then(Board::subject) else { return true };
    let title = format!("{}. What was seen?", rating.words());
    let draft = Draft::words(format!("rate {task} {rating:?}"), title, "a rating without an observation is none");
    ask(app, draft);
    true
}

fn ask_to_end(app: &mut App) -> bool {
    let open = board(app).map(|board| board.console().open_words()).unwrap_or_default();
    app.layers.push(Layer::Confirm(Confirm {
        title: "End the drill?".into(),
        lines: vec![format!("There is {open}. Notes, ratings and follow-ups can still come.")],
        then: Agree::Drill("end".into()),
    }));
    true
}

/// Asks for the next words of a line, or takes it where it is whole. Where there is one choice it is taken.
pub fn ask(app: &mut App, draft: Draft) {
    let Some(want) = draft.wants.first() else {
        let line = draft.line.clone();
        if let Err(why) = submit(app, &line) {
            app.toasts.say(Tone::Warning, why);
        }
        return;
    };
    match want {
        Want::Words(asked) => {
            // What is written about is named: the row may be behind the prompt.
            let named = draft.line.split_once(' ').filter(|(verb, _)| !matches!(*verb, "note" | "rate"));
            let title = match named {
                Some((_, names)) => format!("{names}: {}", asked.title),
                None => asked.title.clone(),
            };
            let (hint, first) = (asked.hint, asked.first.clone());
            app.layers.push(forms::prompt(title, hint, &first, Ask::Drill(draft)));
        }
        Want::Task => {
            let hint = "a sentence; before it, where there is any: needs=a,b by=ic meets=action rule=gdpr-33-1";
            app.layers.push(forms::prompt(title(want), hint, "", Ask::Drill(draft)));
        }
        want => {
            let Some(board) = board(app) else { return };
            let items = choices(board, &draft, want);
            match items.as_slice() {
                [] if *want == Want::Choice => ask_option(app, draft),
                [] => app.toasts.say(Tone::Info, nothing(want)),
                [one] if *want != Want::Number => {
                    let value = one.value.clone();
                    chosen(app, draft, &value);
                }
                _ => {
                    let picker = Picker { full: true, ..Picker::new(title(want), items, Choose::Drill(draft)) };
                    app.layers.push(Layer::Picker(picker));
                }
            }
        }
    }
}

/// A decision that the scenario does not know has no list of options: both words are typed.
fn ask_option(app: &mut App, mut draft: Draft) {
    draft.wants = Draft::words("", "What was decided, by whom, and why?", "OPTION ROLE WHY: wait ic since ...").wants;
    ask(app, draft);
}

fn nothing(want: &Want) -> &'static str {
    match want {
        Want::Unsent => "every inject was sent or left out",
        Want::Holder(_) => "everybody who got it has it",
        Want::Decision => "no decision is open",
        Want::Expected => "nothing that was sent has an open expected action",
        Want::Work(Stage::Done) => "no work is done",
        Want::Work(_) => "no such work is open: wn opens some",
        Want::Rule => "the scenario has no legal clock",
        Want::Number => "there is nothing to take back",
        Want::Event => "everything has happened already",
        Want::Role | Want::Choice | Want::Words(_) | Want::Task => "there is nothing to choose",
    }
}

/// Something was chosen for the next want of a line.
pub fn chosen(app: &mut App, draft: Draft, value: &str) {
    ask(app, draft.with(value));
}

/// Words were typed for the next want of a line. An error leaves the prompt open.
pub fn typed(app: &mut App, draft: &Draft, text: &str) -> Result<(), String> {
    match draft.wants.first() {
        Some(Want::Words(asked)) if text.is_empty() && !asked.may_be_empty => {
            return Err("type something, or press esc".into());
        }
        Some(Want::Task) if text.is_empty() => return Err("say what is to be done, or press esc".into()),
        Some(Want::Task) => {
            let Some(board) = board(app) else { return Ok(()) };
            return submit(app, &task_line(board, draft.last_word(), text));
        }
        _ => {}
    }
    let is_reason = draft.line.starts_with("decide ");
    // `@role reason`: another role than the owner, whose name stands at the end of the line.
    let line = match text.strip_prefix('@').and_then(|rest| rest.split_once(' ')).filter(|_| is_reason) {
        Some((role, reason)) => {
            let without = draft.line.rsplit_once(' ').map_or(draft.line.as_str(), |(before, _)| before);
            format!("{without} {role} {reason}")
        }
        None => draft.clone().with(text).line,
    };
    submit(app, &line)
}

/// Takes a whole line: what is an event goes to the disk, what asks for something is shown.
pub fn submit(app: &mut App, line: &str) -> Result<(), String> {
    let Some(board) = board(app) else { return Err("no drill is open".into()) };
    let (plan, mine) = (board.plan.clone(), board.mine());
    let now = mine.stamp(board.now);
    let (title, text) = match console::parse(line, &plan, mine, now)? {
        Command::Blank => return Ok(()),
        Command::Event(body) => return write(app, body),
        Command::Wait(lapse) => return wait(app, lapse),
        Command::Player(role) => {
            if plan.role(role.as_str()).is_none() {
                return Err(format!("there is no role `{role}`"));
            }
            show(app, Face::Player(role));
            return Ok(());
        }
        Command::Quit => {
            close(app);
            return Ok(());
        }
        Command::Help => ("Console", console::help()),
        Command::Names => ("Names", console::names(&plan, mine)),
        Command::Attacker => ("Attacker", attacker(app, mine)),
        Command::History => ("History", console::history(mine)),
        Command::Show(None) => ("Status", console::status(&plan, mine, now)),
        Command::Show(Some(id)) => match plan.scenario.inject(id.as_str()) {
            Some(inject) => ("Inject", console::inject(&plan, mine, inject)),
            None => return Err(format!("there is no inject `{id}`: names lists them")),
        },
    };
    let lines = text.lines().map(Styled::plain).collect();
    app.layers.push(Layer::Reader(Reader::new(title, lines)));
    Ok(())
}

/// How the attacker stands in the model, in lines.
fn attacker(app: &App, state: &State) -> String {
    let standing = ground(app, state).and_then(|model| what_if::standing(model, state));
    let lines = match (standing, state.pictures.last()) {
        (Some(standing), _) => standing.lines(),
        (None, Some((_, picture))) => what_if::picture_lines(picture, None),
        (None, None) => {
            vec!["nothing is known: the scenario names no attacker, or the drill has no model".to_owned()]
        }
    };
    lines.join("\n")
}

/// The model of the drill: the one that is open, where its file is still that of the beginning and nothing was changed
/// since. With another one the attacker would reach what it never could.
fn ground<'a>(app: &'a App, state: &State) -> Option<&'a Model> {
    let then = state.begun.as_ref()?.files.get("model")?;
    (*then == sha256(app.saved_text.as_bytes()) && !app.is_dirty()).then_some(&app.model)
}

/// Lets time pass, where it is made up.
fn wait(app: &mut App, lapse: Lapse) -> Result<(), String> {
    let Some(board) = app.drills.board.as_mut().filter(|board| board.simulated) else {
        return Err("time passes by itself; `wait` is for drills with --simulated".into());
    };
    board.now = board.now.saturating_add(u64::try_from(lapse.0).unwrap_or(0));
    Ok(())
}

/// Checks an event, and has it put on the disk. It counts when it comes back from there.
fn write(app: &mut App, body: Body) -> Result<(), String> {
    let Some(board) = board(app) else { return Err("no drill is open".into()) };
    if let Some(why) = &board.read_only {
        return Err(why.clone());
    }
    if let (Body::Contain { what, .. }, Some(model)) = (&body, ground(app, board.mine())) {
        what.target(model)?;
    }
    let event = Event { at: board.now, by: board.writer.clone(), body: body.clone() };
    let (_, outcome) = step(&board.plan, board.mine().clone(), Entry { id: String::new(), event });
    outcome.map_err(|refusal| refusal.to_string())?;
    let at = board.simulated.then_some(board.now);
    app.effects.push(Effect::Drill(DrillEffect::Keep(Box::new(body), at)));
    Ok(())
}

/// An event is on the disk: now it counts, and what follows from it is said.
pub fn kept(app: &mut App, entry: Entry) {
    let Some(board) = &mut app.drills.board else { return };
    let (plan, before) = (board.plan.clone(), board.mine().clone());
    let what = console::event_words(&entry.event.body);
    // Somebody who plays alone is not told what the attacker reaches.
    let is_secret = board.face == Face::Solo && matches!(entry.event.body, Body::Attacker(_));
    if matches!(entry.event.body, Body::Send { .. } | Body::Skip { .. }) {
        // What is due next is shown, unless somebody looks for something.
        board.chosen = None;
        board.places.remove(&Pane::Injects);
    }
    if !board.simulated {
        board.now = board.now.max(entry.event.at);
    }
    let ends = matches!(entry.event.body, Body::End);
    if ends {
        // The truth comes first for somebody who played alone.
        board.places.clear();
        board.focus = if board.face == Face::Solo { Pane::Help } else { board.focus };
    }
    let (_, outcome) = step(&plan, before, entry.clone());
    board.keep(entry);
    let hides = matches!(board.face, Face::Solo);
    let mut words = vec![what];
    if !hides {
        let now = board.stamp();
        let effects = outcome.unwrap_or_default();
        words.extend(effects.iter().map(|effect| console::effect(effect, &plan, board.state(), now)));
    }
    if ends {
        words.push(format!("sandtable drill report {} makes the report", board.log));
    }
    if !is_secret {
        app.toasts.say(Tone::Info, words.join("; "));
    }
}

/// Has it noted what the attacker reaches now, where that is known and not yet said: whoever runs the drill does that.
/// Says whether there was anything to note.
pub fn adjudicate(app: &mut App) -> bool {
    let Some(board) = board(app).filter(|board| board.read_only.is_none()) else { return false };
    if !matches!(board.home, Face::Console | Face::Solo) {
        return false;
    }
    let verdict = ground(app, board.mine()).and_then(|model| what_if::verdict(model, board.mine()));
    let Some(body) = verdict else { return false };
    match write(app, body) {
        Ok(()) => true,
        Err(why) => {
            app.toasts.say(Tone::Error, why);
            false
        }
    }
}

/// Somebody plays alone: what is due is sent.
pub fn play_on(app: &mut App) {
    let Some(board) = board(app).filter(|board| board.face == Face::Solo && board.read_only.is_none()) else { return };
    if let Some(body) = solo::due(&board.plan, board.state(), board.stamp())
        && let Err(why) = write(app, body)
    {
        app.toasts.say(Tone::Error, why);
    }
}

/// Lets the story of somebody who plays alone jump to what comes next.
fn go_on(app: &mut App) -> bool {
    let Some(board) = board(app) else { return true };
    if let Some(id) = solo::undecided(board.state()) {
        let text = format!("{id} waits for a decision first ({})", app.key(CommandId::SoloDecide));
        return said(app, &text);
    }
    let line = match solo::ahead(&board.plan, board.state(), board.stamp()) {
        Some(seconds) if seconds > 0 => format!("jump {}s to what comes next", seconds.min(366 * 86_400)),
        _ if board.state().phase == Phase::Ended => return said(app, "the drill is over"),
        _ => {
            let text =
                format!("nothing more comes: {} ends the drill and shows the truth", app.key(CommandId::SoloEnd));
            return said(app, &text);
        }
    };
    ask(app, Draft::whole(line));
    true
}

/// Gives the next question or hint about what was sent last. That one was asked for is written down.
fn hint(app: &mut App) -> bool {
    let Some(board) = &mut app.drills.board else { return true };
    let (plan, state) = (board.plan.clone(), board.state());
    let more = plan.scenario.injects.iter().filter(|inject| state.sent(inject.id.as_str()).is_some());
    let given = |id: &Slug| board.hints.get(id).copied().unwrap_or(0);
    let next = more
        .filter(|inject| given(inject.id.slug()) < solo::hints(inject))
        .max_by_key(|inject| state.sent(inject.id.as_str()))
        .map(|inject| inject.id.slug().clone());
    let Some(id) = next else { return said(app, "there are no more hints") };
    *board.hints.entry(id.clone()).or_insert(0) += 1;
    board.focus = Pane::Help;
    board.places.remove(&board.focus);
    let note = Body::Note {
        sort: crate::drill::event::NoteSort::Action,
        role: None,
        about: vec![id.clone()],
        text: Words::new(&format!("Asked for a hint about {id}.")),
    };
    if let Err(why) = write(app, note) {
        app.toasts.say(Tone::Warning, why);
    }
    true
}

/// Shows what was expected, to be ticked by whoever plays alone.
fn check(app: &mut App) -> bool {
    let Some(board) = board(app) else { return true };
    let draft = Draft::new("met", vec![Want::Expected]);
    let items: Vec<Item> = choices(board, &draft, &Want::Expected);
    if items.is_empty() {
        return said(app, "nothing that was sent has an open expected action");
    }
    let mut picker = Picker::new("What of this did you do? It was expected", items, Choose::Drill(draft));
    picker.full = true;
    picker.marks = Some(Default::default());
    app.layers.push(Layer::Picker(picker));
    true
}

/// Several expected actions were ticked at once.
pub fn ticked(app: &mut App, ids: &[String]) {
    for id in ids {
        if let Err(why) = submit(app, &format!("met {id}")) {
            app.toasts.say(Tone::Warning, why);
        }
    }
}

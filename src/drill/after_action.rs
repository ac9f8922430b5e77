//! The after-action report, in Markdown, from the log alone: what happened, what was decided by whom, what was expected
//! and seen, how long it took and who waited, and what is to change.
//!
//! It rates tasks and roles, never people. What it proposes (a rating for a target) it calls a proposal.

use super::EXERCISE;
use super::binding::fill;
use super::duty::Standing;
use super::event::{Body, NoteSort, Rating, Words};
use super::hidden::Facilitator;
use super::log::{Log, PROVES};
use super::metrics::{self, Part};
use super::player::words;
use super::scenario::Target;
use super::state::{Fate, Happened, Phase, Plan, Stamp, State};
use crate::library::lapse::Lapse;
use crate::model::Slug;
use crate::model::facts::Day;
use crate::model::text::{Text, counted};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What goes into a report.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Leave out who played which role, and what was quoted.
    pub no_persons: bool,
    /// The day, to say which legal rules are old.
    pub today: Option<Day>,
}

/// A length of time as people read it.
pub fn lapse(seconds: i64) -> String {
    Lapse(seconds).to_string()
}

/// A length of time that may not be known.
fn maybe(seconds: Option<i64>) -> String {
    seconds.map_or("–".to_owned(), lapse)
}

/// Text that Markdown shows as it is, on one line.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '\n' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' => out.extend(['\\', ch]),
            ch => out.push(ch),
        }
    }
    out
}

/// The report.
pub fn markdown(plan: &Plan, state: &State, log: &Log, options: Options) -> String {
    let mut report = Report { plan, state, options, words: BTreeMap::new(), out: String::new() };
    report.words = state.begun.as_ref().map(words).unwrap_or_default();
    report.head(log);
    report.objectives();
    report.expected();
    report.clocks();
    report.measures();
    report.waiting();
    report.siblings();
    report.decisions();
    report.notes();
    report.follow_ups();
    report.timeline();
    report.truth();
    report.hot_wash();
    report.out.push_str(&format!("\n{EXERCISE}\n"));
    report.out
}

struct Report<'r> {
    plan: &'r Plan,
    state: &'r State,
    options: Options,
    words: BTreeMap<String, Text>,
    out: String,
}

impl Report<'_> {
    // Writing into a String has no way to fail.
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}");
    }

    fn section(&mut self, title: &str) {
        self.line(&format!("\n## {title}\n"));
    }

    fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        self.line(&format!("| {} |", header.join(" | ")));
        self.line(&format!("|{}", "---|".repeat(header.len())));
        for row in rows {
            self.line(&format!("| {} |", row.join(" | ")));
        }
    }

    fn role(&self, id: &str) -> String {
        self.plan.role(id).map_or_else(|| plain(id), |role| plain(role.title.as_str()))
    }

    fn owner(&self, id: Option<&Slug>) -> String {
        id.map_or("nobody".to_owned(), |id| self.role(id.as_str()))
    }

    fn words(&self, words: &Words) -> String {
        plain(&fill(words.shown(), &self.words))
    }

    fn filled(&self, text: &str) -> String {
        plain(&fill(text, &self.words))
    }

    fn story(&self, stamp: Stamp) -> String {
        let zone = self.state.begun.as_ref().map(|begin| begin.zone).unwrap_or_default();
        self.state.moment(stamp.story).shown(zone)
    }

    fn head(&mut self, log: &Log) {
        let (plan, state) = (self.plan, self.state);
        self.line(&format!("# {EXERCISE}\n\n# After-action report: {}\n", plain(plan.scenario.title.as_str())));
        self.line(&format!("{}\n", plain(plan.scenario.about.as_str())));
        let last = state.clocks.last;
        let mut rows = vec![
            vec!["Scenario".to_owned(), format!("{}, version {}", plan.scenario.id, plan.scenario.version)],
            vec!["Played".to_owned(), format!("{} ({} on the wall)", lapse(last.play), lapse(last.wall))],
            vec!["Story".to_owned(), format!("{} to {}", self.story(Stamp::default()), self.story(last))],
            vec!["Log".to_owned(), format!("{}, head {}", counted(log.lines.len(), "line"), log.head_phrase())],
            vec![
                "Chain".to_owned(),
                match log.broken.first() {
                    None => "sound".to_owned(),
                    Some(broken) => format!("**broken** at line {}: {}", broken.line, plain(&broken.what)),
                },
            ],
        ];
        if let Some(begin) = &state.begun {
            if begin.simulated {
                rows.push(vec!["Times".to_owned(), "made up: this was a rehearsal of the drill".to_owned()]);
            }
            for (file, sum) in &begin.files {
                let short: String = sum.chars().take(16).collect();
                rows.push(vec![format!("{} (SHA-256)", plain(file)), format!("{short}…")]);
            }
        }
        if state.phase != Phase::Ended {
            rows.push(vec![
                "State".to_owned(),
                "the drill is not over; numbers are counted up to its last event".to_owned(),
            ]);
        }
        self.table(&["", ""], &rows);
        self.line(&format!("\n{PROVES}"));
        if !state.misfits.is_empty() {
            self.line(&format!(
                "\n{} of a merged log did not fit, and are not counted.",
                counted(state.misfits.len(), "event")
            ));
        }
        if !self.options.no_persons && !state.seats.is_empty() {
            self.section("Who played");
            let rows: Vec<Vec<String>> = state
                .seats
                .iter()
                .map(|(role, seat)| {
                    let holds = if seat.holder { "holds the role" } else { "stands in" };
                    vec![self.role(role.as_str()), self.words(&seat.person), holds.to_owned()]
                })
                .collect();
            self.table(&["role", "who", ""], &rows);
        }
    }

    /// The last rating that each person gave, and of these the lowest.
    fn rating(&self, task: &str) -> Option<(Rating, String)> {
        let mut last: BTreeMap<&Slug, (Rating, &Words)> = BTreeMap::new();
        for rated in self.state.ratings.iter().filter(|rated| rated.task.as_str() == task) {
            last.insert(&rated.by, (rated.rating, &rated.observation));
        }
        last.into_values().max_by_key(|(rating, _)| *rating).map(|(rating, seen)| (rating, self.words(seen)))
    }

    fn objectives(&mut self) {
        let plan = self.plan;
        self.section("Objectives");
        self.line("P, S and M achieved what was wanted; only U did not. A task that nobody rated was not observed, which is not P. The rating of a target is a proposal: its worst task, until the lead evaluator confirms it with a sentence.\n");
        for objective in &plan.scenario.objectives {
            self.line(&format!("### {}\n", plain(objective.text.as_str())));
            for target in &objective.targets {
                self.target(target);
            }
        }
    }

    fn target(&mut self, target: &Target) {
        let mut rows = Vec::new();
        let (mut worst, mut unrated) = (None, 0);
        for task in &target.tasks {
            match self.rating(task.id.as_str()) {
                Some((rating, seen)) => {
                    worst = worst.max(Some(rating));
                    rows.push(vec![plain(task.text.as_str()), format!("{rating:?}"), seen]);
                }
                None => {
                    unrated += 1;
                    rows.push(vec![plain(task.text.as_str()), "not observed".to_owned(), String::new()]);
                }
            }
        }
        let proposal = match (worst, unrated) {
            (None, _) => "not observed".to_owned(),
            (Some(rating), 0) => rating.words().to_owned(),
            (Some(rating), count) => format!("{}; {} not observed", rating.words(), counted(count, "task")),
        };
        self.line(&format!("**{}** Proposed: {proposal}.\n", plain(target.text.as_str())));
        self.table(&["task", "rating", "what was seen"], &rows);
        self.line("");
    }

    fn expected(&mut self) {
        let (plan, state, view) = (self.plan, self.state, Facilitator::view());
        self.section("What was expected, and what was seen");
        let now = state.clocks.last;
        let mut rows = Vec::new();
        let (mut seen, mut late, mut missing) = (0, 0, 0);
        for (inject, expected) in plan.scenario.all_expected() {
            let Some(sent) = state.sent(inject.id.as_str()) else { continue };
            let outcome = match state.met.get(expected.id.slug()) {
                Some(met) if met.in_time => {
                    seen += 1;
                    format!("seen after {}", lapse(met.at.play - sent.play))
                }
                Some(met) => {
                    late += 1;
                    format!(
                        "**late**: after {} of play, {} of the story",
                        lapse(met.at.play - sent.play),
                        lapse(met.at.story - sent.story)
                    )
                }
                None if state.is_missing(plan, expected.id.as_str(), now) => {
                    missing += 1;
                    "**not seen**".to_owned()
                }
                None => "still open at the end".to_owned(),
            };
            let action = self.filled(expected.action.words(view));
            rows.push(vec![inject.id.to_string(), self.role(expected.role.as_str()), action, outcome]);
        }
        self.line(&format!("{seen} in time, {late} late, {missing} not seen.\n"));
        self.table(&["after", "role", "action", "outcome"], &rows);
    }

    fn clocks(&mut self) {
        let (plan, state) = (self.plan, self.state);
        let standings = state.standings(plan, state.clocks.last);
        if standings.is_empty() {
            return;
        }
        self.section("Legal clocks");
        self.line(&format!("{}\n", plain(plan.clocks.warning.as_str())));
        let zone = state.begun.as_ref().map(|begin| begin.zone).unwrap_or_default();
        let rows: Vec<Vec<String>> = standings
            .iter()
            .map(|(rule, standing)| {
                let said = match standing {
                    Standing::Excluded => "does not apply, by the data of the model".to_owned(),
                    Standing::Armed => "never started: its anchor was not reached".to_owned(),
                    Standing::Running(since, Some(deadline)) => {
                        format!("running since {}, due {}", since.shown(zone), deadline.shown(zone))
                    }
                    Standing::Running(since, None) => {
                        format!("running since {}, without undue delay", since.shown(zone))
                    }
                    Standing::Met(at, Some(margin)) => {
                        format!("met {}, with {} to spare", at.shown(zone), lapse(*margin))
                    }
                    Standing::Met(at, None) => {
                        format!("done {}; whether without undue delay is for people to say", at.shown(zone))
                    }
                    Standing::Breached(deadline, Some(late)) => {
                        format!("**breached**: due {}, {} late", deadline.shown(zone), lapse(*late))
                    }
                    Standing::Breached(deadline, None) => {
                        format!("**breached**: due {}, not done", deadline.shown(zone))
                    }
                };
                vec![
                    plain(rule.law.as_str()),
                    plain(rule.title.as_str()),
                    said,
                    format!("{}, {}", rule.standing.words(), rule.checked_on),
                ]
            })
            .collect();
        self.table(&["law", "duty", "how it stood at the end", "the rule"], &rows);
        if let Some(today) = self.options.today {
            let stale = plan.clocks.stale(today).len();
            if stale > 0 {
                self.line(&format!(
                    "\n**{} of the clock pack were checked more than {} days ago: have them checked again.**",
                    counted(stale, "rule"),
                    crate::library::clocks::SHELF_LIFE_DAYS
                ));
            }
        }
    }

    fn measures(&mut self) {
        let (plan, state) = (self.plan, self.state);
        self.section("How long it took");
        self.line("People are measured in play, the incident in the story; jumps of the story are nobody's waiting time. A dash means that one of the two events was not seen.\n");
        let rows: Vec<Vec<String>> = metrics::measures(state)
            .into_iter()
            .map(|found| {
                let jumps = if found.jumps > 0 { lapse(found.jumps) } else { String::new() };
                vec![found.name.to_owned(), found.of.to_owned(), maybe(found.play), maybe(found.story), jumps]
            })
            .collect();
        self.table(&["", "from → to", "play", "story", "of it jumped"], &rows);
        let rows: Vec<Vec<String>> = metrics::acknowledgements(plan, state)
            .into_iter()
            .map(|(inject, wait)| {
                let drift = metrics::drift(plan, state).into_iter().find(|(other, _)| *other == inject);
                let drift = drift.map_or(String::new(), |(_, seconds)| lapse(seconds));
                vec![inject.to_string(), wait.map_or("nobody said so".to_owned(), lapse), drift]
            })
            .collect();
        self.line("");
        self.table(&["inject", "first acknowledged after (play)", "sent later than planned (story)"], &rows);
    }

    fn waiting(&mut self) {
        let state = self.state;
        let work = metrics::work(state);
        if work.is_empty() {
            return;
        }
        self.section("Who waited for whom");
        self.line("Blocked: what it needs was not done. Queue: nobody had begun with it. Service: it was being done. All in play.\n");
        let rows: Vec<Vec<String>> = work
            .iter()
            .map(|work| {
                let open = if work.is_done { "" } else { " (open)" };
                let owner = self.owner(work.owner.as_ref());
                vec![format!("{}{open}", work.item), owner, lapse(work.blocked), lapse(work.queue), lapse(work.service)]
            })
            .collect();
        self.table(&["item", "owner", "blocked", "queue", "service"], &rows);
        let rows: Vec<Vec<String>> = metrics::by_role(&work)
            .into_iter()
            .map(|(role, (blocked, queue, service))| {
                vec![self.role(&role), lapse(blocked), lapse(queue), lapse(service)]
            })
            .collect();
        self.line("");
        self.table(&["role", "blocked", "queue", "service"], &rows);
        if let Some(path) = metrics::critical_path(state, "detected", "contained") {
            let whole: i64 = path.iter().map(|segment| segment.seconds).sum();
            self.line(&format!("\nWhat the {} from detected to contained were made of:\n", lapse(whole)));
            let rows: Vec<Vec<String>> = path
                .iter()
                .map(|segment| {
                    let item = segment.item.as_ref().map_or(String::new(), Slug::to_string);
                    let role = match segment.part {
                        Part::Lead | Part::Tail => String::new(),
                        _ => self.owner(segment.role.as_ref()),
                    };
                    let share = format!("{} %", (segment.seconds * 200 + whole) / (2 * whole.max(1)));
                    vec![item, role, segment.part.word().to_owned(), lapse(segment.seconds), share]
                })
                .collect();
            self.table(&["item", "role", "", "play", "share"], &rows);
            if let Some((service, whole)) = metrics::flow_efficiency(&path) {
                self.line(&format!(
                    "\nOf the work on this path {} % was work, and the rest was waiting.",
                    service * 100 / whole
                ));
            }
        }
        for span in metrics::spans(state) {
            let hundredths = span.owner_seconds * 100 / span.seconds.max(1);
            let above = if span.above_seven > 0 {
                format!(", more than seven for {}", lapse(span.above_seven))
            } else {
                String::new()
            };
            self.line(&format!(
                "\n{} had open work with up to {} at a time, {}.{:02} on average{above}.",
                self.role(span.role.as_str()),
                counted(span.most, "role"),
                hundredths / 100,
                hundredths % 100
            ));
        }
    }

    fn siblings(&mut self) {
        let all = metrics::siblings(self.state);
        if all.is_empty() {
            return;
        }
        self.section("The same elsewhere in the model");
        let list = |places: &[Text]| match places {
            [] => "–".to_owned(),
            places => places.iter().map(|place| plain(place.as_str())).collect::<Vec<_>>().join(", "),
        };
        let rows: Vec<Vec<String>> = all
            .iter()
            .map(|siblings| {
                let asked = match &siblings.found {
                    Some(found) => format!("{} of {}", found.len(), siblings.places.len()),
                    None => "was not asked".to_owned(),
                };
                vec![plain(&siblings.binding), list(&siblings.places), asked, list(&siblings.beside)]
            })
            .collect();
        self.table(&["query", "finds", "of these the team named", "and beside them"], &rows);
    }

    fn decisions(&mut self) {
        let (plan, state) = (self.plan, self.state);
        self.section("Decisions");
        if state.decisions.is_empty() {
            self.line("None was made.");
        }
        for made in &state.decisions {
            let known = plan.scenario.decision(made.decision.as_str());
            let question = match known {
                Some(known) => self.filled(known.question.as_str()),
                None => state.item(made.decision.as_str()).map_or(String::new(), |item| self.words(&item.what)),
            };
            let option = known.and_then(|known| known.options.iter().find(|choice| choice.id.slug() == &made.option));
            let option = option.map_or_else(|| plain(made.option.as_str()), |choice| self.filled(choice.text.as_str()));
            let authority = match made.authorised {
                Some(true) => "with authority",
                Some(false) => "**without authority**",
                None => "authority not stated",
            };
            let text = format!(
                "- {} **{question}** {option} Decided by {}, {authority}. Why: {}",
                self.story(made.at),
                self.role(made.role.as_str()),
                self.words(&made.rationale)
            );
            self.line(&text);
        }
        let open: Vec<String> = state
            .items
            .iter()
            .filter(|item| item.sort == super::event::Sort::Decision && item.done.is_none())
            .map(|item| {
                format!("- **Not decided:** {} (owner: {})", self.words(&item.what), self.owner(item.owner.as_ref()))
            })
            .collect();
        open.iter().for_each(|line| self.line(line));
        let found = metrics::frictions(plan, state);
        let names = |ids: &[Slug]| ids.iter().map(|id| plain(id.as_str())).collect::<Vec<_>>().join(", ");
        let roles = |ids: &[Slug]| ids.iter().map(|id| self.role(id.as_str())).collect::<Vec<_>>().join(", ");
        let mut lines = Vec::new();
        if !found.to_decide.is_empty() {
            let each: Vec<String> =
                found.to_decide.iter().map(|(id, seconds)| format!("{id} {}", lapse(*seconds))).collect();
            lines.push(format!("Time to decide, from when it could be decided (play): {}.", each.join(", ")));
        }
        if !found.reversals.is_empty() {
            lines.push(format!("Decided again, another way: {}.", names(&found.reversals)));
        }
        if !found.substitutes.is_empty() {
            lines.push(format!(
                "Played by somebody who does not hold the role, so that nothing is shown about its authority: {}.",
                roles(&found.substitutes)
            ));
        }
        if !found.empty_seats.is_empty() {
            lines.push(format!("In the cast, and nobody was seated: {}.", roles(&found.empty_seats)));
        }
        if !found.silent.is_empty() {
            lines.push(format!("Did nothing that was written down: {}.", roles(&found.silent)));
        }
        if found.bounces + found.reworks > 0 || found.orphaned > 0 {
            lines.push(format!(
                "Work changed hands {}, was opened again {}, and was without an owner for {}.",
                counted(found.bounces, "time"),
                counted(found.reworks, "time"),
                lapse(found.orphaned)
            ));
        }
        for line in lines {
            self.line(&format!("\n{line}"));
        }
    }

    fn notes(&mut self) {
        let state = self.state;
        for (sort, title) in [
            (NoteSort::Strength, "What went well"),
            (NoteSort::Improvement, "What could go better"),
            (NoteSort::Gap, "Gaps"),
            (NoteSort::Assumption, "What was taken for granted"),
            (NoteSort::Question, "What nobody could answer"),
            (NoteSort::Action, "What was done"),
            (NoteSort::Quote, "What was said"),
            (NoteSort::Parking, "For later"),
        ] {
            let lines: Vec<String> = state
                .notes
                .iter()
                .filter(|note| note.sort == sort && !(sort == NoteSort::Quote && self.options.no_persons))
                .map(|note| {
                    let role =
                        note.role.as_ref().map_or(String::new(), |role| format!(" ({})", self.role(role.as_str())));
                    format!("- {} {}{role}", self.story(note.at), self.words(&note.text))
                })
                .collect();
            if !lines.is_empty() {
                self.section(title);
                lines.iter().for_each(|line| self.line(line));
            }
        }
        if !state.rulings.is_empty() {
            self.section("Taken as given");
            let lines: Vec<String> =
                state.rulings.iter().map(|(at, text)| format!("- {} {}", self.story(*at), self.words(text))).collect();
            lines.iter().for_each(|line| self.line(line));
        }
    }

    fn follow_ups(&mut self) {
        let state = self.state;
        self.section("Corrective actions");
        if state.follow_ups.is_empty() {
            self.line("**None was agreed.** A drill without a follow-up that has an owner and a day has taught nobody anything.");
            return;
        }
        let rows: Vec<Vec<String>> = state
            .follow_ups
            .iter()
            .map(|action| vec![self.words(&action.what), self.role(action.owner.as_str()), action.due.to_string()])
            .collect();
        self.table(&["what", "owner", "due"], &rows);
    }

    fn timeline(&mut self) {
        let state = self.state;
        self.section("Timeline");
        let zone = state.begun.as_ref().map(|begin| begin.zone).unwrap_or_default();
        self.line(&format!("Story time, zone {zone}; then minutes of play. What was taken back is struck through.\n"));
        for (at, happened) in state.history.iter().enumerate() {
            if let Some(text) = self.happened(happened) {
                let text = if happened.undone { format!("~~{text}~~") } else { text };
                self.line(&format!("{}. {} (+{}) {text}", at + 1, self.story(happened.at), lapse(happened.at.play)));
            }
        }
    }

    /// One event in words; nothing for what is told elsewhere.
    fn happened(&self, happened: &Happened) -> Option<String> {
        let role = |id: &Slug| self.role(id.as_str());
        let view = Facilitator::view();
        Some(match &happened.entry.event.body {
            Body::Begin(_) => "The drill begins.".to_owned(),
            Body::End => "The drill ends.".to_owned(),
            Body::Seat { .. } | Body::Note { .. } | Body::Rate { .. } | Body::Act { .. } => return None,
            Body::Pause { reason } => format!("Pause: {}", self.words(reason)),
            Body::Resume => "Play goes on.".to_owned(),
            Body::Scale { scale } => format!("A second of play is {scale} of the story from here on."),
            Body::Jump { seconds, reason } => {
                format!("The story jumps ahead by {}: {}", lapse(i64::from(*seconds)), self.words(reason))
            }
            Body::Send { inject, forced } => {
                let title = self.plan.scenario.inject(inject.as_str()).map_or("", |inject| inject.title.words(view));
                let forced = if *forced { ", although its guard did not hold" } else { "" };
                format!("Sent {inject}{forced}: {}", self.filled(title))
            }
            Body::Skip { inject, reason } => format!("Left out {inject}: {}", self.words(reason)),
            Body::Hold { inject } => format!("Held back, or set free again: {inject}"),
            Body::Ack { inject, role: who } => format!("{} has {inject}.", role(who)),
            Body::Open { item, sort, what, owner, .. } => {
                format!("Opened the {} {item} for {}: {}", sort.word(), self.owner(owner.as_ref()), self.words(what))
            }
            Body::Assign { item, owner } => format!("{item} goes to {}.", role(owner)),
            Body::Take { item } => format!("{item} was taken."),
            Body::Done { item } => format!("{item} is done."),
            Body::Reopen { item, reason } => format!("{item} is open again: {}", self.words(reason)),
            Body::Decide { decision, option, role: who, .. } => format!("{} decides {decision}: {option}.", role(who)),
            Body::Met { expected, role: who, note } => {
                format!("Seen of {}: {expected}. {}", role(who), self.words(note))
            }
            Body::Emit { event } => format!("Milestone: {event}."),
            Body::Submit { rule, role: who } => format!("{} submits what {rule} asks for.", role(who)),
            Body::Named { binding, places } => {
                let places: Vec<String> = places.iter().map(|place| plain(place.as_str())).collect();
                format!("The team names for {binding}: {}", places.join(", "))
            }
            Body::Contain { what, lifted, note } => {
                let verb = if *lifted { "Not contained any more" } else { "Contained" };
                format!("{verb}: {}. {}", plain(&what.to_string()), self.words(note))
            }
            // It has a section of its own.
            Body::Attacker(_) => return None,
            Body::Ruling { text } => format!("Taken as given: {}", self.words(text)),
            Body::Undo { .. } => "An event was taken back.".to_owned(),
            Body::Redact { reason, .. } => format!("Words were taken out of the log: {}", self.words(reason)),
            Body::Merge => "Another writer's log came in.".to_owned(),
        })
    }

    fn truth(&mut self) {
        let (plan, state, view) = (self.plan, self.state, Facilitator::view());
        self.section("What was really going on");
        let mut lines = Vec::new();
        for truth in &plan.scenario.truth {
            let at = Stamp { story: truth.at.0, ..Stamp::default() };
            lines.push(format!("- {} {}", self.story(at), self.filled(truth.fact.words(view))));
        }
        for inject in &plan.scenario.injects {
            let truth = inject.hidden.truth.words(view);
            if matches!(state.injects.get(inject.id.slug()), Some(Fate::Sent(..))) && !truth.is_empty() {
                lines.push(format!("- {}: {}", inject.id, self.filled(truth)));
            }
        }
        lines.iter().for_each(|line| self.line(line));
        let never: BTreeSet<&str> = plan
            .scenario
            .injects
            .iter()
            .filter(|inject| !state.injects.contains_key(inject.id.slug()))
            .map(|inject| inject.id.as_str())
            .collect();
        if !never.is_empty() {
            self.line(&format!("\nNever sent: {}.", never.into_iter().collect::<Vec<_>>().join(", ")));
        }
        if !plan.scenario.inspired_by.is_empty() {
            self.line("\nIncidents like it, as they were reported:\n");
            for reported in &plan.scenario.inspired_by {
                let line = format!(
                    "- {} ({}: {})",
                    plain(reported.claim.as_str()),
                    reported.standing.words(),
                    plain(reported.source.as_str())
                );
                self.line(&line);
            }
        }
    }

    fn hot_wash(&mut self) {
        self.section("For the talk afterwards");
        for line in [
            "Each role, one sentence: what slowed me down?",
            "What did we assume, and who could have told us?",
            "What do we stop, start and go on doing?",
            "Which of the parked questions has an owner now?",
            "Which one change would have saved the most minutes on the critical path?",
        ] {
            self.line(&format!("- {line}"));
        }
    }
}

//! The report: what each containment closed and what stayed open, what the drill says of controls, whom nobody reaches, and
//! the script of the talk afterwards.

use super::{Report, lapse, plain};
use crate::drill::calls;
use crate::drill::event::NoteSort;
use crate::drill::metrics;
use crate::drill::outcome::verdicts;
use crate::drill::state::{Cause, Fate, Stamp};
use crate::drill::what_if::{Picture, Reached, counts, way_line};
use crate::model::text::counted;
use std::collections::BTreeSet;

impl Report<'_> {
    pub(super) fn containment(&mut self) {
        let state = self.state;
        let Some((_, first)) = state.pictures.first() else {
            if !state.contained.is_empty() {
                self.section("What each containment closed, and what stayed open");
                self.line("The drill was run without a model, so that nothing was looked up. Done was:\n");
                let done: Vec<String> =
                    state.contained.iter().map(|known| format!("- {}", plain(&known.what.to_string()))).collect();
                done.iter().for_each(|line| self.line(line));
            }
            return;
        };
        self.section("What each containment closed, and what stayed open");
        self.line("From the attack graph of the model, with each containment done to a copy of it. The chances behind the order of ways are assumptions; what hangs on a fact that nobody knows may be open.\n");
        self.line(&format!("Before, the attacker reached {}.\n", counts(first)));
        let rows: Vec<Vec<String>> = state
            .pictures
            .windows(2)
            .map(|pair| {
                let ((_, before), (at, after)) = (&pair[0], &pair[1]);
                vec![self.story(*at), self.step(*at, before, after), difference(before, after), counts(after)]
            })
            .collect();
        if rows.is_empty() {
            self.line("**Nothing was contained.**");
        } else {
            self.table(&["when", "what was done", "what that changed", "the attacker then reaches"], &rows);
        }
        let last = state.pictures.last().map_or(first, |(_, picture)| picture);
        self.line("\nAt the end:\n");
        let lines: Vec<String> = last.goals.iter().flat_map(ends).collect();
        lines.iter().for_each(|line| self.line(line));
        self.waited();
        if last.is_cut {
            self.line("\nThe graph was too large to look at all of it: there may be more ways.");
        }
    }

    /// What waiting cost, for each decision during which data was open.
    fn waited(&mut self) {
        let exposed = metrics::waiting(self.state).into_iter().filter(|waited| waited.exposed > 0);
        let rows: Vec<Vec<String>> = exposed
            .map(|waited| {
                let people = match (waited.people_seconds, waited.has_unknown) {
                    (0, _) => "of an unknown number of people".to_owned(),
                    (seconds, true) => format!("{}, and more: some numbers are unknown", hours(seconds)),
                    (seconds, false) => hours(seconds),
                };
                vec![waited.decision.to_string(), lapse(waited.story), lapse(waited.exposed), people]
            })
            .collect();
        if !rows.is_empty() {
            self.line("\nWhat it cost that decisions waited, in the story; a person whose data was open for an hour is an hour:\n");
            self.table(&["decision", "waited", "data was open", "hours of people"], &rows);
        }
    }

    /// What was done between two pictures, and what brought it about.
    fn step(&self, at: Stamp, before: &Picture, after: &Picture) -> String {
        let cause = |what: &crate::drill::containment::Containment| {
            let found = self.state.contained.iter().find(|known| known.what == *what && known.at <= at);
            match found.map(|known| &known.cause) {
                Some(Cause::Decision(decision)) => format!(" (decision {decision})"),
                Some(Cause::Action(action)) => format!(" (action {action})"),
                Some(Cause::Said(note)) if note.is_blank() => " (the facilitator says so)".to_owned(),
                Some(Cause::Said(note)) => format!(" ({})", note.shown()),
                None => String::new(),
            }
        };
        let done = after.contained.iter().filter(|what| !before.contained.contains(what)).map(|what| {
            let vain = if after.without_effect.contains(what) { ", which changes nothing in the model" } else { "" };
            plain(&format!("{what}{}{vain}", cause(what)))
        });
        let lifted = before.contained.iter().filter(|what| !after.contained.contains(what));
        let all: Vec<String> = done.chain(lifted.map(|what| plain(&format!("not any more: {what}")))).collect();
        all.join("; ")
    }

    pub(super) fn evidence(&mut self) {
        let all = verdicts(self.plan, self.state);
        if all.is_empty() {
            return;
        }
        self.section("What it says of controls");
        self.line("A drill shows that people know a control and may use it, not that it works. What nobody saw and nobody rated was not tested. `sandtable drill apply` writes it into the model.\n");
        let rows: Vec<Vec<String>> = all
            .iter()
            .map(|shown| {
                let verdict = format!("**{}**", shown.verdict.word());
                vec![
                    plain(shown.control.as_str()),
                    shown.action.to_string(),
                    verdict,
                    shown.strength.name().to_lowercase(),
                    self.filled(&shown.why),
                ]
            })
            .collect();
        self.table(&["control", "action", "", "strength", "why"], &rows);
    }

    /// The notification tree: as the playbook has it, and with those who did not answer.
    pub(super) fn calls(&mut self) {
        let (plan, state) = (self.plan, self.state);
        let names = |ids: &[&str]| ids.iter().map(|id| self.role(id)).collect::<Vec<_>>().join(", ");
        let mut lines = Vec::new();
        for role in calls::unreached(&plan.playbook) {
            lines.push(format!("- **Nobody calls {}.**", self.role(role.id.as_str())));
        }
        for (role, lost) in calls::single_points(&plan.playbook) {
            let why = role
                .alone_because
                .as_ref()
                .map_or(String::new(), |why| format!(" Decided so: {}", plain(why.as_str())));
            lines.push(format!(
                "- A single point: where {} does not answer, nobody calls {}.{why}",
                self.role(role.id.as_str()),
                names(&lost)
            ));
        }
        let silent: BTreeSet<&str> =
            plan.scenario.cast.iter().map(|role| role.as_str()).filter(|id| self.is_dead(id)).collect();
        if !silent.is_empty() {
            let all: Vec<&str> = silent.iter().copied().collect();
            lines
                .push(format!("- **A dead telephone:** something was sent to {}, and nothing came back.", names(&all)));
            let lost = calls::lost(&plan.playbook, &silent);
            if !lost.is_empty() {
                lines.push(format!("- With that, nobody called {}, by the tree of the playbook.", names(&lost)));
            }
        }
        if lines.is_empty() || state.begun.is_none() {
            return;
        }
        self.section("Who reaches whom");
        lines.iter().for_each(|line| self.line(line));
    }

    /// Whether something was sent to a role, and the role never did anything.
    fn is_dead(&self, role: &str) -> bool {
        let addressed = self.plan.scenario.injects.iter().any(|inject| {
            inject.to.iter().any(|to| to.as_str() == role)
                && matches!(self.state.injects.get(inject.id.slug()), Some(Fate::Sent(..)))
        });
        addressed && !self.state.spoke.keys().any(|spoke| spoke.as_str() == role)
    }

    pub(super) fn hot_wash(&mut self) {
        self.section("For the talk afterwards");
        hot_wash(self.plan, self.state).iter().for_each(|line| {
            let text = format!("- {} min: {}", line.minutes, plain(&line.say));
            self.line(&text);
        });
    }
}

/// Seconds of people as hours.
fn hours(seconds: i64) -> String {
    let hours = seconds / 3_600;
    if hours == 0 { "less than one".to_owned() } else { hours.to_string() }
}

/// How a dataset stands at the end, with the ways that are left.
fn ends(goal: &Reached) -> Vec<String> {
    let ways = goal.ways.iter().map(|way| format!("  - {}", plain(&way_line(way))));
    std::iter::once(format!("- {}: **{}**", plain(goal.title.as_str()), goal.word())).chain(ways).collect()
}

/// What changed between two pictures.
fn difference(before: &Picture, after: &Picture) -> String {
    let mut said = Vec::new();
    for goal in &after.goals {
        let Some(was) = before.goals.iter().find(|was| was.dataset == goal.dataset) else { continue };
        let gone = was.ways.iter().filter(|way| !goal.ways.iter().any(|left| left.steps == way.steps)).count();
        let title = plain(goal.title.as_str());
        if was.word() != goal.word() {
            said.push(format!("{title}: {} → **{}**", was.word(), goal.word()));
        } else if gone > 0 {
            said.push(format!("{title}: {} of those listed closed, still {}", counted(gone, "way"), goal.word()));
        }
    }
    if said.is_empty() { "nothing that the attacker needs".to_owned() } else { said.join("; ") }
}

/// A line of the script of the talk afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How long it may take, in minutes.
    pub minutes: u32,
    /// What the facilitator says.
    pub say: String,
}

/// The script of the talk right after a drill, half an hour: what happened in this one is asked about by name.
pub fn hot_wash(plan: &crate::drill::state::Plan, state: &crate::drill::state::State) -> Vec<Line> {
    let line = |minutes: u32, say: String| Line { minutes, say };
    let titles = |ids: &mut dyn Iterator<Item = &str>| {
        ids.map(|id| plan.role(id).map_or(id, |role| role.title.as_str()).to_owned()).collect::<Vec<_>>().join(", ")
    };
    let mut lines = vec![line(
        1,
        "This is about the work and not about people. Nothing said here goes into anybody's file.".to_owned(),
    )];
    let cast = titles(&mut plan.scenario.cast.iter().map(|role| role.as_str()));
    lines.push(line(6, format!("Each in one sentence, in this order: what slowed me down? {cast}.")));
    if let Some(path) = metrics::critical_path(state, "detected", "contained")
        && let Some(longest) =
            path.iter().filter(|segment| segment.item.is_some()).max_by_key(|segment| segment.seconds)
    {
        let item = longest.item.as_ref().map_or(String::new(), ToString::to_string);
        lines.push(line(
            4,
            format!(
                "The longest part of the way to containment was {} of {} at {item}. What would have made it shorter?",
                lapse(longest.seconds),
                longest.part.word()
            ),
        ));
    }
    let found = metrics::frictions(plan, state);
    if !found.without_authority.is_empty() {
        let names: Vec<String> = found.without_authority.iter().map(ToString::to_string).collect();
        lines.push(line(
            3,
            format!(
                "Decided without the power to: {}. Who should have, and how are they reached at night?",
                names.join(", ")
            ),
        ));
    }
    if let Some((_, last)) = state.pictures.last() {
        let open: Vec<&str> =
            last.goals.iter().filter(|goal| !goal.ways.is_empty()).map(|goal| goal.title.as_str()).collect();
        if !open.is_empty() {
            lines.push(line(
                4,
                format!(
                    "By the model the attacker still has, or may have, a way to {}. Did anybody ask?",
                    open.join(", ")
                ),
            ));
        }
    }
    let quoted = |sort: NoteSort| {
        let texts: Vec<&str> =
            state.notes.iter().filter(|note| note.sort == sort).map(|note| note.text.shown()).collect();
        if texts.is_empty() { None } else { Some(texts.join("; ")) }
    };
    let assumed = quoted(NoteSort::Assumption).map_or(String::new(), |texts| format!(" Written down were: {texts}."));
    lines.push(line(4, format!("What did we assume, and who could have told us?{assumed}")));
    if let Some(parked) = quoted(NoteSort::Parking) {
        lines.push(line(3, format!("Parked, each gets an owner or is let go: {parked}.")));
    }
    lines.push(line(4, "What do we stop, start and go on doing? One of each.".to_owned()));
    let owned = match state.follow_ups.len() {
        0 => "Nothing was agreed yet: which one change would have saved most, who does it, by which day?".to_owned(),
        count => format!("{} agreed. Read each aloud, with its owner and its day.", were(count)),
    };
    lines.push(line(3, owned));
    lines.push(line(1, "Write down the head of the log, and seal it.".to_owned()));
    lines
}

fn were(count: usize) -> String {
    format!("{} {}", counted(count, "follow-up"), if count == 1 { "was" } else { "were" })
}

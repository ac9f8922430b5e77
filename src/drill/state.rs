//! The state of a drill: what the events so far amount to, on three clocks.
//!
//! Wall time is what the events say. Play is wall without pauses, and measures people. The story is play times its scale
//! plus jumps, and measures the incident. They are never mixed: see [`Stamp`].

use super::containment::Containment;
use super::duty::{Occurred, Standing, standing};
use super::event::{Begin, Entry, NoteSort, Rating, Sort, Words};
use super::guard::{Facts, Guard};
use super::lint::MILESTONES;
use super::moment::Moment;
use super::playbook::{Playbook, Role, has_power};
use super::scenario::{Inject, Scenario, Within};
use super::what_if::Picture;
use crate::library::clocks::{ClockPack, ClockRule};
use crate::model::Slug;
use crate::model::facts::Day;
use crate::model::text::Text;
use std::collections::BTreeMap;

/// The files of a drill.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The scenario.
    pub scenario: Scenario,
    /// Its playbook.
    pub playbook: Playbook,
    /// The legal clocks.
    pub clocks: ClockPack,
}

impl Plan {
    /// Every role that there is, those of the playbook first.
    pub fn roles(&self) -> impl Iterator<Item = &Role> + Clone {
        self.playbook.roles.iter().chain(&self.scenario.roles)
    }

    /// The role with a name.
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles().find(|role| role.id.as_str() == id)
    }

    /// Every event that means something: milestones, anchors of clocks, and what the scenario emits.
    pub fn events(&self) -> impl Iterator<Item = &str> {
        let anchors = self.clocks.events.iter().map(|event| event.id.as_str());
        MILESTONES.into_iter().chain(anchors).chain(self.scenario.emits().map(|event| event.as_str()))
    }

    /// Whether a role may decide what takes a power, itself or as a deputy.
    pub fn may(&self, role: &str, power: &str) -> bool {
        has_power(self.roles(), role, power)
    }
}

/// A point in a drill on all three clocks, in seconds since it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Stamp {
    /// On the wall.
    pub wall: i64,
    /// Without pauses.
    pub play: i64,
    /// In the story.
    pub story: i64,
}

/// Where a drill is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// Not begun.
    #[default]
    Before,
    /// Under way.
    Running,
    /// Under way, with the clock of play stopped.
    Paused,
    /// Over.
    Ended,
}

/// The clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clocks {
    /// The wall time of the beginning.
    pub(super) origin: u64,
    /// The last event.
    pub(super) last: Stamp,
    /// Seconds of the story in a second of play.
    pub(super) scale: i64,
}

impl Clocks {
    /// Seconds of the story in a second of play.
    pub fn scale(&self) -> i64 {
        self.scale
    }
}

/// What became of an inject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It was sent then; those who said that they have it, and when.
    Sent(Stamp, BTreeMap<Slug, Stamp>),
    /// It was left out.
    Skipped(Words),
    /// Another of its group was sent.
    Excluded(Slug),
}

/// A piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its name.
    pub id: Slug,
    /// Of what sort it is.
    pub sort: Sort,
    /// What is to be done.
    pub what: Words,
    /// Who is to do it.
    pub owner: Option<Slug>,
    /// Who asked for it.
    pub assigned_by: Option<Slug>,
    /// What has to be done before.
    pub needs: Vec<Slug>,
    /// The expected action that it is.
    pub meets: Option<Slug>,
    /// The rule of the clock pack that it fulfils.
    pub rule: Option<Slug>,
    /// When it was opened.
    pub opened: Stamp,
    /// When it got its first owner.
    pub owned: Option<Stamp>,
    /// When its owner began.
    pub acked: Option<Stamp>,
    /// When it was done.
    pub done: Option<Stamp>,
    /// How often it changed hands.
    pub bounces: usize,
    /// How often it was opened again.
    pub reworks: usize,
}

/// A decision that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Which.
    pub decision: Slug,
    /// What was decided.
    pub option: Slug,
    /// By which role.
    pub role: Slug,
    /// Whether it had the power; nothing for a decision that the scenario does not know.
    pub authorised: Option<bool>,
    /// Why.
    pub rationale: Words,
    /// When.
    pub at: Stamp,
}

/// An expected action that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// By which role.
    pub role: Slug,
    /// What was seen.
    pub note: Words,
    /// When.
    pub at: Stamp,
    /// Whether in time.
    pub in_time: bool,
}

/// What brought a containment about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A decision went for an option.
    Decision(Slug),
    /// An expected action was seen.
    Action(Slug),
    /// The facilitator said so.
    Said(Words),
}

/// A containment that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contained {
    /// What.
    pub what: Containment,
    /// What brought it about.
    pub cause: Cause,
    /// When.
    pub at: Stamp,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Of what sort.
    pub sort: NoteSort,
    /// Which role it is from or about.
    pub role: Option<Slug>,
    /// What of the scenario it is about.
    pub about: Vec<Slug>,
    /// What.
    pub text: Words,
    /// When.
    pub at: Stamp,
}

impl Noted {
    /// What it says, with what it is about.
    pub fn words(&self) -> String {
        let about: Vec<&str> = self.about.iter().map(Slug::as_str).collect();
        let about = if about.is_empty() { String::new() } else { format!(" (about {})", about.join(", ")) };
        format!("{}{about}", self.text.shown())
    }
}

/// A rating of a critical task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rated {
    /// The task.
    pub task: Slug,
    /// How it went.
    pub rating: Rating,
    /// What was seen.
    pub observation: Words,
    /// Who rated.
    pub by: Slug,
}

/// A follow-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// What.
    pub what: Words,
    /// Who.
    pub owner: Slug,
    /// By when.
    pub due: Day,
}

/// Who plays a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seated {
    /// Who.
    pub person: Words,
    /// Whether they hold it in real life.
    pub holder: bool,
}

/// An event with its place on the clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// The event.
    pub entry: Entry,
    /// When, as the clocks stood then.
    pub at: Stamp,
    /// Whether it was taken back.
    pub undone: bool,
}

/// The state of a drill.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// Where it is.
    pub phase: Phase,
    /// With what it began.
    pub begun: Option<Begin>,
    /// The clocks at the last event.
    pub clocks: Clocks,
    /// Who plays which role.
    pub seats: BTreeMap<Slug, Seated>,
    /// What became of injects.
    pub injects: BTreeMap<Slug, Fate>,
    /// Injects that are held back.
    pub held: Vec<Slug>,
    /// What injects are to say instead of what the scenario has.
    pub reworded: BTreeMap<Slug, Words>,
    /// Injects that went out once more, and what they said then.
    pub resent: Vec<(Stamp, Slug, Option<Words>)>,
    /// Work, in the order in which it was opened.
    pub items: Vec<Item>,
    /// Decisions, in the order in which they were made.
    pub decisions: Vec<Made>,
    /// Expected actions that were seen.
    pub met: BTreeMap<Slug, Seen>,
    /// Events of the story, when each was emitted first.
    pub emitted: BTreeMap<Slug, Stamp>,
    /// What was submitted by which rule, the last time.
    pub submitted: BTreeMap<Slug, Stamp>,
    /// What the team named as places with the same defect, by the query that finds them.
    pub named: BTreeMap<Slug, Vec<Text>>,
    /// The containment that stands, in the order in which it was done.
    pub contained: Vec<Contained>,
    /// What the attacker reached, whenever the log says it.
    pub pictures: Vec<(Stamp, Picture)>,
    /// The head of the log of which this one is a fork.
    pub forked: Option<String>,
    /// Jumps of the story, and how long they were in seconds.
    pub jumps: Vec<(Stamp, i64)>,
    /// What the facilitator ruled.
    pub rulings: Vec<(Stamp, Words)>,
    /// Notes.
    pub notes: Vec<Noted>,
    /// Ratings, in the order in which they were given.
    pub ratings: Vec<Rated>,
    /// Follow-ups.
    pub follow_ups: Vec<FollowUp>,
    /// When each role last did something.
    pub spoke: BTreeMap<Slug, Stamp>,
    /// Every event, those that were taken back included.
    pub history: Vec<Happened>,
    /// Events of a log that did not fit when their turn came, and why; only a merge leaves any.
    pub misfits: Vec<(String, String)>,
}

impl State {
    /// The point at which the last event happened.
    pub fn last(&self) -> Stamp {
        self.clocks.last
    }

    /// The clocks at a wall time; they do not run backwards.
    pub fn stamp(&self, at: u64) -> Stamp {
        let Clocks { origin, last, scale } = self.clocks;
        if self.phase == Phase::Before {
            return Stamp::default();
        }
        let wall = i64::try_from(at.saturating_sub(origin)).unwrap_or(i64::MAX).max(last.wall);
        let running = self.phase == Phase::Running;
        let passed = if running { wall - last.wall } else { 0 };
        Stamp { wall, play: last.play + passed, story: last.story.saturating_add(passed.saturating_mul(scale)) }
    }

    /// The moment of the story.
    pub fn moment(&self, story: i64) -> Moment {
        self.begun.as_ref().map_or(Moment(story), |begin| begin.story_zero.plus(story))
    }

    /// The piece of work with a name.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id.as_str() == id)
    }

    /// The last word on a decision.
    pub fn decided(&self, decision: &str) -> Option<&Made> {
        self.decisions.iter().rev().find(|made| made.decision.as_str() == decision)
    }

    /// When an inject was sent.
    pub fn sent(&self, inject: &str) -> Option<Stamp> {
        match self.injects.get(inject) {
            Some(Fate::Sent(at, _)) => Some(*at),
            _ => None,
        }
    }

    /// What an inject says: what it was reworded to, or else what the scenario has.
    pub fn text_of<'a>(&'a self, inject: &'a Inject) -> &'a str {
        self.reworded.get(inject.id.slug()).map_or(inject.text.as_str(), Words::shown)
    }

    /// Whether the time of an expected action is over at a point, and nobody saw it.
    pub fn is_missing(&self, plan: &Plan, expected: &str, now: Stamp) -> bool {
        if self.met.contains_key(expected) {
            return false;
        }
        let Some((inject, found)) = plan.scenario.expected(expected) else { return false };
        self.sent(inject.id.as_str()).is_some_and(|sent| overdue(sent, found.within, now))
    }

    /// The injects that may be sent at a point: not sent, left out or held back, and their guards hold.
    pub fn ready<'p>(&'p self, plan: &'p Plan, now: Stamp) -> impl Iterator<Item = &'p Inject> {
        let waiting = |id: &Slug| !self.injects.contains_key(id) && !self.held.contains(id);
        plan.scenario
            .injects
            .iter()
            .filter(move |inject| waiting(inject.id.slug()) && inject.when.holds(&At { plan, state: self, now }))
    }

    /// How the clocks of the scenario's duties stand at a point.
    pub fn standings<'p>(&self, plan: &'p Plan, now: Stamp) -> Vec<(&'p ClockRule, Standing)> {
        let Some(begin) = &self.begun else { return Vec::new() };
        let moments = |map: &BTreeMap<Slug, Stamp>| {
            map.iter().map(|(name, at)| (name.clone(), self.moment(at.story))).collect::<BTreeMap<_, _>>()
        };
        let occurred = Occurred { events: moments(&self.emitted), submitted: moments(&self.submitted) };
        let now = self.moment(now.story);
        plan.scenario
            .duties
            .iter()
            .filter_map(|duty| plan.clocks.rule(duty.rule.as_str()))
            .map(|rule| (rule, standing(rule, &begin.data, &occurred, now, begin.zone, &begin.holidays)))
            .collect()
    }
}

/// Whether the time for something that began at a point is over at another.
pub fn overdue(since: Stamp, within: Within, now: Stamp) -> bool {
    match within {
        Within::Play(lapse) => now.play - since.play > lapse.0,
        Within::Story(lapse) => now.story - since.story > lapse.0,
    }
}

/// A state at a point in time, for guards.
pub(super) struct At<'p> {
    pub(super) plan: &'p Plan,
    pub(super) state: &'p State,
    pub(super) now: Stamp,
}

impl Facts for At<'_> {
    fn holds(&self, atom: &Guard) -> bool {
        let state = self.state;
        match atom {
            Guard::Sent(name) => state.sent(name.as_str()).is_some(),
            Guard::Acked(name) => {
                matches!(state.injects.get(name.slug()), Some(Fate::Sent(_, acks)) if !acks.is_empty())
            }
            Guard::Decided(name) => state.decided(name.as_str()).is_some(),
            Guard::Chose(name, option) => {
                state.decided(name.as_str()).is_some_and(|made| made.option == *option.slug())
            }
            Guard::Met(name) => state.met.contains_key(name.slug()),
            Guard::Missing(name) => state.is_missing(self.plan, name.as_str(), self.now),
            Guard::Emitted(name) => state.emitted.contains_key(name.slug()),
            Guard::Always | Guard::All(_) | Guard::Any(_) | Guard::Not(_) => false,
        }
    }
}

//! Numbers from the log of a drill: how long things took, who waited for whom, and what the time to a milestone is made of.
//!
//! Each number names the clock that it is of: people are measured in play, the incident in the story. A number of which
//! an end is missing is not there; it is never zero. Nobody is measured by name, only roles are.

use super::duty::Standing;
use super::event::{Rating, Sort, Words};
use super::state::{Fate, Item, Plan, Stamp, State};
use crate::model::Slug;
use crate::model::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// A length of time between two events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// Its name.
    pub name: &'static str,
    /// From which event to which.
    pub of: &'static str,
    /// In play, in seconds; nothing where it makes no sense or is not known.
    pub play: Option<i64>,
    /// In the story, in seconds.
    pub story: Option<i64>,
    /// How much of the story time were jumps.
    pub jumps: i64,
}

/// The measures of an incident. `exposure-began` and `last-good-copy` lie in the story alone, so that what begins there
/// has no play time.
pub fn measures(state: &State) -> Vec<Measure> {
    let between = |name, of, from: &str, to: &str, is_played: bool| {
        let (from, to) = (state.emitted.get(from), state.emitted.get(to));
        let both = from.zip(to);
        Measure {
            name,
            of,
            play: both.filter(|_| is_played).map(|(from, to)| to.play - from.play),
            story: both.map(|(from, to)| to.story - from.story),
            jumps: both.map_or(0, |(from, to)| jumped(state, *from, *to)),
        }
    };
    vec![
        between("time to discovery", "exposure began → detected", "exposure-began", "detected", false),
        between("exposure window", "exposure began → contained", "exposure-began", "contained", false),
        between("time to mobilise", "detected → command taken", "detected", "mobilised", true),
        between("time to order containment", "detected → containment ordered", "detected", "containment-ordered", true),
        between("time to contain", "detected → contained, shown by a test", "detected", "contained", true),
        between("ordered but not shown", "containment ordered → contained", "containment-ordered", "contained", true),
        between("time to recover", "detected → recovered", "detected", "recovered", true),
        between("outage (RTO)", "outage began → service restored", "outage-began", "service-restored", false),
        between("data lost (RPO)", "last good copy → outage began", "last-good-copy", "outage-began", false),
    ]
}

/// How much of the story between two points were jumps.
fn jumped(state: &State, from: Stamp, to: Stamp) -> i64 {
    state.jumps.iter().filter(|(at, _)| at.story >= from.story && at.story < to.story).map(|(_, seconds)| seconds).sum()
}

/// How long it took until somebody who should have an inject said so, in seconds of play; nothing while nobody did.
pub fn acknowledgements(plan: &Plan, state: &State) -> Vec<(Slug, Option<i64>)> {
    let of = |id: &Slug| match state.injects.get(id) {
        Some(Fate::Sent(at, acks)) => Some(acks.values().map(|ack| ack.play - at.play).min()),
        _ => None,
    };
    let injects = plan.scenario.injects.iter().map(|inject| inject.id.slug());
    injects.filter_map(|id| of(id).map(|wait| (id.clone(), wait))).collect()
}

/// How far from the plan injects were sent, in seconds of the story: a slow team is not a slow facilitator.
pub fn drift(plan: &Plan, state: &State) -> Vec<(Slug, i64)> {
    let injects = plan.scenario.injects.iter();
    injects
        .filter_map(|inject| Some((inject.id.slug().clone(), state.sent(inject.id.as_str())?.story - inject.at.0)))
        .collect()
}

/// Where the time of a piece of work went, in seconds of play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The item.
    pub item: Slug,
    /// Its owner.
    pub owner: Option<Slug>,
    /// Waited for what it needs.
    pub blocked: i64,
    /// Waited for its owner to begin: nobody has picked it up.
    pub queue: i64,
    /// Being done.
    pub service: i64,
    /// Without an owner; part of the other three.
    pub orphaned: i64,
    /// Whether it is done; otherwise it was counted up to the end.
    pub is_done: bool,
}

/// When everything that an item needs was done, on the clock of play.
fn ready(state: &State, item: &Item, end: Stamp) -> i64 {
    let needs = item.needs.iter().filter_map(|need| state.item(need.as_str()));
    needs.map(|need| need.done.unwrap_or(end).play).chain([item.opened.play]).max().unwrap_or(item.opened.play)
}

/// Where the time of each piece of work went.
pub fn work(state: &State) -> Vec<Work> {
    let end = state.clocks.last;
    let of = |item: &Item| {
        let ready = ready(state, item, end);
        let done = item.done.unwrap_or(end).play;
        let acked = item.acked.map_or(done, |acked| acked.play);
        // What is taken before it can be done is blocked up to then, and in work from there on.
        let unblocked = ready.min(acked);
        Work {
            item: item.id.clone(),
            owner: item.owner.clone(),
            blocked: unblocked - item.opened.play,
            queue: acked - unblocked,
            service: done - acked,
            orphaned: item.owned.unwrap_or(end).play - item.opened.play,
            is_done: item.done.is_some(),
        }
    };
    state.items.iter().map(of).collect()
}

/// Blocked, queue and service of each role, in seconds of play.
pub fn by_role(work: &[Work]) -> BTreeMap<String, (i64, i64, i64)> {
    let mut sums: BTreeMap<String, (i64, i64, i64)> = BTreeMap::new();
    for work in work {
        let owner = work.owner.as_ref().map_or("nobody", Slug::as_str).to_owned();
        let sum = sums.entry(owner).or_default();
        *sum = (sum.0 + work.blocked, sum.1 + work.queue, sum.2 + work.service);
    }
    sums
}

/// What a part of the critical path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Before the first piece of work of the path was opened.
    Lead,
    /// Between the end of one piece of work and the opening of the next.
    Handover,
    /// Nobody had begun with it.
    Queue,
    /// It was being done.
    Service,
    /// After the last piece of work, before the milestone was said.
    Tail,
}

impl Part {
    /// As people read it.
    pub fn word(self) -> &'static str {
        match self {
            Part::Lead => "before the first task",
            Part::Handover => "hand-over",
            Part::Queue => "queue",
            Part::Service => "service",
            Part::Tail => "until it was said",
        }
    }
}

/// A part of the critical path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The item.
    pub item: Option<Slug>,
    /// Whose time it is; nobody's before the first and after the last piece of work.
    pub role: Option<Slug>,
    /// What it is.
    pub part: Part,
    /// In seconds of play.
    pub seconds: i64,
}

/// What the time from one milestone to another is made of: from the last piece of work back to what it needed that was
/// done last, and so on. The seconds add up to the whole, exactly. Nothing where a milestone was not reached, or no work
/// led to it.
pub fn critical_path(state: &State, from: &str, to: &str) -> Option<Vec<Segment>> {
    let (from, to) = (state.emitted.get(from)?.play, state.emitted.get(to)?.play);
    let done =
        |item: &&Item| item.done.filter(|done| done.play <= to && done.play > from).map(|done| (done, item.opened));
    let mut item = state.items.iter().filter(|item| done(item).is_some()).max_by_key(done)?;
    let mut segments = Vec::new();
    let mut at = to;
    // From behind: each part reaches from where it begins to where the last one began, and none before `from`.
    let mut cut = |item: Option<&Item>, role: Option<&Slug>, part: Part, begins: i64, at: &mut i64| {
        let begins = begins.clamp(from, *at);
        if begins < *at {
            segments.push(Segment {
                item: item.map(|item| item.id.clone()),
                role: role.cloned(),
                part,
                seconds: *at - begins,
            });
        }
        *at = begins;
    };
    let finished = item.done?.play;
    cut(None, None, Part::Tail, finished, &mut at);
    let mut seen = BTreeSet::new();
    loop {
        seen.insert(item.id.clone());
        let end = item.done?;
        let ready = ready(state, item, end);
        let acked = item.acked.map_or(end.play, |acked| acked.play).max(ready);
        let owner = item.owner.as_ref();
        cut(Some(item), owner, Part::Service, acked, &mut at);
        cut(Some(item), owner, Part::Queue, ready, &mut at);
        let before = item
            .needs
            .iter()
            .filter_map(|need| state.item(need.as_str()))
            .filter(|need| need.done.is_some() && !seen.contains(&need.id))
            .max_by_key(|need| need.done);
        match before {
            Some(need) => {
                let done = need.done.map_or(at, |done| done.play);
                cut(Some(item), item.assigned_by.as_ref(), Part::Handover, done, &mut at);
                item = need;
            }
            None => break,
        }
    }
    cut(None, None, Part::Lead, from, &mut at);
    segments.reverse();
    Some(segments)
}

/// How much of the critical path's work is work: service by queue and service.
pub fn flow_efficiency(path: &[Segment]) -> Option<(i64, i64)> {
    let sum =
        |parts: &[Part]| path.iter().filter(|segment| parts.contains(&segment.part)).map(|s| s.seconds).sum::<i64>();
    let whole = sum(&[Part::Queue, Part::Service, Part::Handover]);
    (whole > 0).then(|| (sum(&[Part::Service]), whole))
}

/// How many owners one role had open work with at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The role that asked for the work.
    pub role: Slug,
    /// The most at one time.
    pub most: usize,
    /// Owners times seconds of play; by `seconds` it is the mean.
    pub owner_seconds: i64,
    /// How long the drill was, in seconds of play.
    pub seconds: i64,
    /// How long there were more than seven, in seconds of play.
    pub above_seven: i64,
}

/// The span of control of every role that asked for work.
pub fn spans(state: &State) -> Vec<Span> {
    let mut points: Vec<Stamp> = state.history.iter().map(|happened| happened.at).collect();
    points.push(state.clocks.last);
    points.sort();
    points.dedup();
    let roles: BTreeSet<&Slug> = state.items.iter().filter_map(|item| item.assigned_by.as_ref()).collect();
    let of = |role: &Slug| {
        let mut span = Span { role: role.clone(), most: 0, owner_seconds: 0, seconds: 0, above_seven: 0 };
        for pair in points.windows(2) {
            let is_open = |item: &&Item| {
                item.assigned_by.as_ref() == Some(role)
                    && item.opened.wall <= pair[0].wall
                    && item.done.is_none_or(|done| pair[0].wall < done.wall)
            };
            let owners: BTreeSet<&Slug> =
                state.items.iter().filter(is_open).filter_map(|item| item.owner.as_ref()).collect();
            let seconds = pair[1].play - pair[0].play;
            span.most = span.most.max(owners.len());
            span.owner_seconds += i64::try_from(owners.len()).unwrap_or(i64::MAX).saturating_mul(seconds);
            span.seconds += seconds;
            span.above_seven += if owners.len() > 7 { seconds } else { 0 };
        }
        span
    };
    roles.into_iter().map(of).collect()
}

/// What went wrong with work and decisions, in counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frictions {
    /// Seconds of play that work had no owner.
    pub orphaned: i64,
    /// How often work changed hands.
    pub bounces: usize,
    /// How often work was opened again.
    pub reworks: usize,
    /// Decisions that were made again, another way.
    pub reversals: Vec<Slug>,
    /// Decisions by a role without the power.
    pub without_authority: Vec<Slug>,
    /// Decisions, and how long they took from when they could be made, in seconds of play.
    pub to_decide: Vec<(Slug, i64)>,
    /// Roles of the cast in which nobody sat.
    pub empty_seats: Vec<Slug>,
    /// Roles played by somebody who does not hold them.
    pub substitutes: Vec<Slug>,
    /// Roles of the cast that did nothing that was written down.
    pub silent: Vec<Slug>,
}

/// What went wrong with work and decisions.
pub fn frictions(plan: &Plan, state: &State) -> Frictions {
    let work = work(state);
    let mut found = Frictions {
        orphaned: work.iter().map(|work| work.orphaned).sum(),
        bounces: state.items.iter().map(|item| item.bounces).sum(),
        reworks: state.items.iter().map(|item| item.reworks).sum(),
        ..Frictions::default()
    };
    for (at, made) in state.decisions.iter().enumerate() {
        let earlier = state.decisions[..at].iter().rfind(|other| other.decision == made.decision);
        if earlier.is_some_and(|other| other.option != made.option) {
            found.reversals.push(made.decision.clone());
        }
        if made.authorised == Some(false) {
            found.without_authority.push(made.decision.clone());
        }
        if let (None, Some(item)) = (earlier, state.item(made.decision.as_str())) {
            found.to_decide.push((made.decision.clone(), made.at.play - ready(state, item, made.at)));
        }
    }
    for role in &plan.scenario.cast {
        match state.seats.get(role.slug()) {
            None => found.empty_seats.push(role.slug().clone()),
            Some(seat) if !seat.holder => found.substitutes.push(role.slug().clone()),
            Some(_) => {}
        }
        if !state.spoke.contains_key(role.slug()) {
            found.silent.push(role.slug().clone());
        }
    }
    found
}

/// Where a defect is in the model, and what of that the team named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Siblings {
    /// The query of the scenario.
    pub binding: String,
    /// Every place that fits.
    pub places: Vec<Text>,
    /// Of these the ones that the team named; nothing where it was not asked.
    pub found: Option<Vec<Text>>,
    /// What the team named beside them.
    pub beside: Vec<Text>,
}

/// Where the scenario's defects are in the model, against what the team named.
pub fn siblings(state: &State) -> Vec<Siblings> {
    let begun = state.begun.iter().flat_map(|begin| &begin.places);
    begun
        .map(|(binding, places)| {
            let named = state.named.get(binding.as_str());
            let pick = |is_right: bool| -> Vec<Text> {
                let named = named.into_iter().flatten();
                named.filter(|place| places.contains(place) == is_right).cloned().collect()
            };
            let found = named.map(|_| pick(true));
            Siblings { binding: binding.clone(), places: places.clone(), found, beside: pick(false) }
        })
        .collect()
}

/// What it cost that a decision waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waited {
    /// The decision.
    pub decision: Slug,
    /// How long it was open, in seconds of the story.
    pub story: i64,
    /// Of these, how long data was open to the attacker for certain.
    pub exposed: i64,
    /// People whose data was open, times seconds of the story; what is about an unknown number of people is not in it.
    pub people_seconds: i64,
    /// Whether data of an unknown number of people was open.
    pub has_unknown: bool,
}

/// What it cost that decisions waited: the data that was open to the attacker for certain meanwhile, by what the log says of
/// the model. A decision that was never made waited until the end. Nothing where the log says nothing of the attacker.
pub fn waiting(state: &State) -> Vec<Waited> {
    if state.pictures.is_empty() {
        return Vec::new();
    }
    let data = state.begun.iter().flat_map(|begin| &begin.data);
    let counts: BTreeMap<&str, Option<i64>> =
        data.map(|known| (known.dataset.as_str(), known.count.and_then(|count| i64::try_from(count).ok()))).collect();
    let end = state.clocks.last.story;
    let decisions = state.items.iter().filter(|item| item.sort == Sort::Decision);
    decisions
        .map(|item| {
            let (from, to) = (item.opened.story, item.done.map_or(end, |done| done.story));
            let mut waited = Waited {
                decision: item.id.clone(),
                story: to - from,
                exposed: 0,
                people_seconds: 0,
                has_unknown: false,
            };
            for (at, (stamp, picture)) in state.pictures.iter().enumerate() {
                // A picture holds until the next one.
                let next = state.pictures.get(at + 1).map_or(end, |(stamp, _)| stamp.story);
                let seconds = (next.min(to) - stamp.story.max(from)).max(0);
                let open: Vec<&str> =
                    picture.goals.iter().filter(|goal| goal.is_open()).map(|goal| goal.dataset.as_str()).collect();
                if seconds == 0 || open.is_empty() {
                    continue;
                }
                waited.exposed += seconds;
                for dataset in open {
                    match counts.get(dataset).copied().flatten() {
                        Some(count) => {
                            waited.people_seconds = waited.people_seconds.saturating_add(count.saturating_mul(seconds));
                        }
                        None => waited.has_unknown = true,
                    }
                }
            }
            waited
        })
        .collect()
}

/// How a critical task was rated: the last rating that each writer gave, and of these the lowest, with what was seen.
pub fn rating<'s>(state: &'s State, task: &str) -> Option<(Rating, &'s Words)> {
    let mut last: BTreeMap<&Slug, (Rating, &Words)> = BTreeMap::new();
    for rated in state.ratings.iter().filter(|rated| rated.task.as_str() == task) {
        last.insert(&rated.by, (rated.rating, &rated.observation));
    }
    last.into_values().max_by_key(|(rating, _)| *rating)
}

/// How the legal clocks stand at the end, by rule: the word, and the margin in seconds of the story, negative where late.
pub fn margins(plan: &Plan, state: &State) -> Vec<(Slug, &'static str, Option<i64>)> {
    let margin = |standing: &Standing| match standing {
        Standing::Met(_, margin) => *margin,
        Standing::Breached(_, late) => late.map(|late| -late),
        Standing::Running(..) | Standing::Armed | Standing::Excluded => None,
    };
    let standings = state.standings(plan, state.clocks.last);
    standings.into_iter().map(|(rule, standing)| (rule.id.slug().clone(), standing.word(), margin(&standing))).collect()
}

//! Evidence: what speaks for and against each control today, and whether the control may be counted on.
//!
//! Nothing here looks at the world. Whoever does (`store::evidence`) gives what was seen as [`Looks`]; what nobody looked
//! at is *not checked*, which is neither good nor bad.
//!
//! **How evidence is weighed.** A piece that is missing, changed, failed, skipped, run out or against the control takes the
//! control out of what can be counted on, unless other evidence carries it: what has run out or was skipped is carried by
//! any piece that holds; what is missing, changed or against it only by one that is at least as strong and was looked at
//! later. A test that fails is carried by nothing.
//!
//! What names no end runs out [`SHELF_DAYS`] after somebody looked, a test that many after its report says that it ran.
//!
//! **How much is credited.** A control counts for its effectiveness, 95 % at most, times q: 1 where a test of it holds in
//! its window, ½ where it is only declared, discussed or shown, or nobody looked, and 0 where evidence is against it. The
//! three values are assumptions, and stand in [`TESTED`], [`DECLARED`] and [`MOST`] alone.

use super::threats::Place;
use crate::model::facts::Day;
use crate::model::reference::Target;
use crate::model::threats::{Control, ControlStatus, Evidence, EvidenceKind, Strength};
use crate::model::{ElementId, Model, Section, Slug, Text};
use std::collections::{BTreeMap, BTreeSet};

/// What a control counts for that a test shows to work, in percent of its effectiveness.
pub const TESTED: u8 = 100;
/// What a control counts for of which somebody said that it works, in percent of its effectiveness.
pub const DECLARED: u8 = 50;
/// The most that one control counts for, in percent: none stops everything.
pub const MOST: u8 = 95;
/// What names no end counts for so many days after somebody looked, an assumption: nothing is taken on trust for ever.
pub const SHELF_DAYS: i64 = 365;
/// So many days before its end evidence is said to expire soon.
pub const SOON_DAYS: i64 = 30;

/// Something that can be looked at without asking people: a file, a test in a report, a commit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    /// What it is.
    pub kind: EvidenceKind,
    /// Its path, its name, or its digits.
    pub at: Text,
    /// The report of a test, where the evidence names one.
    pub report: Option<Text>,
}

impl Object {
    /// What a piece of evidence is about; nothing for what only people can judge.
    pub fn of(evidence: &Evidence) -> Option<Object> {
        let kind = evidence.kind?;
        let report = evidence.report.clone().filter(|_| kind == EvidenceKind::Test);
        matches!(kind, EvidenceKind::File | EvidenceKind::Test | EvidenceKind::Commit).then(|| Object {
            kind,
            at: evidence.at.clone(),
            report,
        })
    }

    /// Everything in a model that can be looked at.
    pub fn all(model: &Model) -> BTreeSet<Object> {
        model.controls.values().flat_map(|control| &control.evidence).filter_map(Object::of).collect()
    }
}

/// What was seen of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// A file with this SHA-256, in hexadecimal.
    File(String),
    /// The test passed, on the day that its report names; nothing where it names none.
    Passed(Option<Day>),
    /// The test failed, or ended with an error.
    Failed,
    /// The test was not run.
    Skipped,
    /// The commit is there.
    There,
    /// It is not there: what exactly.
    Missing(String),
    /// It could not be told, for this reason.
    Untold(String),
}

/// What was seen of the objects of a model; what is not in it was not looked at.
pub type Looks = BTreeMap<Object, Seen>;

/// On what a judgement depends beside the model: the day, and what was seen of the evidence.
#[derive(Debug, Clone, Copy, Default)]
pub struct Circumstances<'a> {
    /// The day; without it, what has an end does not count.
    pub today: Option<Day>,
    /// What was seen; nothing where nobody looked.
    pub looks: Option<&'a Looks>,
}

/// A day alone: nobody looked.
impl From<Option<Day>> for Circumstances<'_> {
    fn from(today: Option<Day>) -> Self {
        Circumstances { today, looks: None }
    }
}

/// What a piece of evidence is worth today; the order is that of trouble.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The test fails.
    Failed,
    /// It is against the control.
    Refutes,
    /// It is not there: what exactly.
    Missing(String),
    /// The file is not the one that was looked at.
    Changed,
    /// It has run out: the first day on which it counts no more.
    Stale(Day),
    /// It ends on a day, and nobody knows which day it is.
    Ends(Day),
    /// The test was not run.
    Skipped,
    /// It can not be told from here, for this reason.
    CannotBeChecked(String),
    /// Nobody looked.
    NotChecked,
    /// It holds, and ends on this day, which is near.
    ExpiresSoon(Day),
    /// It holds.
    Good,
}

impl Standing {
    /// As lists and JSON output write it.
    pub fn word(&self) -> &'static str {
        match self {
            Standing::Failed => "failed",
            Standing::Refutes => "refutes",
            Standing::Missing(_) => "missing",
            Standing::Changed => "changed",
            Standing::Stale(_) | Standing::Ends(_) => "stale",
            Standing::Skipped => "skipped",
            Standing::CannotBeChecked(_) => "cannot_be_checked",
            Standing::NotChecked => "not_checked",
            Standing::ExpiresSoon(_) => "expires_soon",
            Standing::Good => "good",
        }
    }

    /// In words, with the day or the reason.
    pub fn words(&self) -> String {
        match self {
            Standing::Failed => "test failed".to_owned(),
            Standing::Refutes => "speaks against it".to_owned(),
            Standing::Missing(what) => format!("missing: {what}"),
            Standing::Changed => "file changed since it was looked at".to_owned(),
            Standing::Stale(since) => format!("stale since {since}"),
            Standing::Ends(until) => format!("ends on {until}, and the day is not known"),
            Standing::Skipped => "test skipped".to_owned(),
            Standing::CannotBeChecked(why) => format!("can not be checked: {why}"),
            Standing::NotChecked => "not checked".to_owned(),
            Standing::ExpiresSoon(until) => format!("expires on {until}"),
            Standing::Good => "good".to_owned(),
        }
    }

    /// Whether it holds.
    pub fn holds(&self) -> bool {
        matches!(self, Standing::Good | Standing::ExpiresSoon(_))
    }

    /// Whether nobody can say.
    pub fn is_open(&self) -> bool {
        matches!(self, Standing::NotChecked | Standing::CannotBeChecked(_))
    }
}

/// A piece of evidence as it stands today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it is worth.
    pub standing: Standing,
    /// Whether other evidence of the control carries what is wrong with it.
    pub is_carried: bool,
    /// Whether it is a test that holds in its window.
    pub is_tested: bool,
}

impl Piece {
    /// Whether it takes the control out of what can be counted on.
    pub fn is_trouble(&self) -> bool {
        !self.is_carried && !self.standing.holds() && !self.standing.is_open()
    }
}

/// Whether a control may be counted on; the order is that of trouble.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It is said to be in place, and its evidence says otherwise, for this reason.
    Fallen(String),
    /// It is said to be in place, and nothing shows it.
    DeclaredOnly,
    /// It is in place, and evidence speaks for it.
    InPlace,
    /// It is proposed, planned or retired, or nobody said how far it has come.
    NotInPlace,
}

impl State {
    /// As lists and JSON output write it.
    pub fn word(&self) -> &'static str {
        match self {
            State::Fallen(_) => "fallen",
            State::DeclaredOnly => "declared_only",
            State::InPlace => "in_place",
            State::NotInPlace => "not_in_place",
        }
    }
}

/// A control as it stands today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// Whether it may be counted on.
    pub state: State,
    /// Its evidence, in the order of the model.
    pub pieces: Vec<Piece>,
    /// What is credited of its effectiveness: [`TESTED`], [`DECLARED`] or nothing, in percent.
    pub share: u8,
    /// The effectiveness that counts, in percent; nothing where nobody gave one.
    pub credited: Option<u8>,
}

impl Weighed {
    /// Whether it may be counted on.
    pub fn is_in_place(&self) -> bool {
        matches!(self.state, State::InPlace | State::DeclaredOnly)
    }

    /// The worst of what there is to say of its evidence.
    pub fn worst(&self) -> Option<&Standing> {
        let counted = self.pieces.iter().filter(|piece| !piece.is_carried);
        counted.map(|piece| &piece.standing).min()
    }
}

/// Every control of a model as it stands today.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Controls {
    by_slug: BTreeMap<Slug, Weighed>,
}

impl Controls {
    /// Weighs the evidence of every control.
    pub fn new<'a>(model: &Model, circumstances: impl Into<Circumstances<'a>>) -> Controls {
        let circumstances = circumstances.into();
        let weighed = |(slug, control): (&Slug, &Control)| (slug.clone(), weigh(control, &circumstances));
        Controls { by_slug: model.controls.iter().map(weighed).collect() }
    }

    /// A control.
    pub fn get(&self, slug: &Slug) -> Option<&Weighed> {
        self.by_slug.get(slug)
    }

    /// Every control, by slug.
    pub fn iter(&self) -> impl Iterator<Item = (&Slug, &Weighed)> {
        self.by_slug.iter()
    }

    /// Whether a control may be counted on; what is planned stands against nothing yet.
    pub fn is_in_place(&self, slug: &Slug) -> bool {
        self.get(slug).is_some_and(Weighed::is_in_place)
    }

    /// Why a control that is said to be in place can not be counted on.
    pub fn fallen(&self, slug: &Slug) -> Option<&str> {
        match &self.get(slug)?.state {
            State::Fallen(why) => Some(why),
            _ => None,
        }
    }
}

/// Whether a control is said to be in place.
pub(super) fn is_said_to_be_in_place(control: &Control) -> bool {
    matches!(control.status, Some(ControlStatus::Implemented | ControlStatus::Verified))
}

fn weigh(control: &Control, circumstances: &Circumstances<'_>) -> Weighed {
    let mut pieces: Vec<Piece> = control
        .evidence
        .iter()
        .map(|evidence| {
            let seen = Object::of(evidence).and_then(|object| circumstances.looks?.get(&object));
            let standing = standing(evidence, seen, circumstances.today);
            let dated = evidence.checked_on.is_some() && evidence.valid_until.is_some();
            let is_tested = standing.holds()
                && strength(evidence) == Some(Strength::Tested)
                && (dated || matches!(seen, Some(Seen::Passed(_))));
            Piece { standing, is_carried: false, is_tested }
        })
        .collect();
    for at in 0..pieces.len() {
        pieces[at].is_carried = is_carried(&control.evidence, &pieces, at);
    }
    let trouble = (0..pieces.len()).filter(|at| pieces[*at].is_trouble()).min_by_key(|at| &pieces[*at].standing);
    let state = match trouble {
        _ if !is_said_to_be_in_place(control) => State::NotInPlace,
        Some(at) => State::Fallen(why(&control.evidence[at], &pieces[at].standing)),
        None if pieces.is_empty() => State::DeclaredOnly,
        None => State::InPlace,
    };
    let share = match state {
        State::Fallen(_) | State::NotInPlace => 0,
        _ if pieces.iter().any(|piece| piece.is_tested) => TESTED,
        _ => DECLARED,
    };
    let credited = control.effectiveness.map(|percent| percent.value().min(MOST)).map(|most| {
        // Both are at most 100, so that the share of one in the other is.
        u8::try_from(u16::from(most) * u16::from(share) / 100).unwrap_or(0)
    });
    Weighed { state, pieces, share, credited }
}

/// A test is one, even where nobody wrote down how much it shows.
fn strength(evidence: &Evidence) -> Option<Strength> {
    evidence.strength.or((evidence.kind == Some(EvidenceKind::Test)).then_some(Strength::Tested))
}

/// Whether other evidence of the control carries what is wrong with a piece.
fn is_carried(evidence: &[Evidence], pieces: &[Piece], at: usize) -> bool {
    let piece = &pieces[at];
    let others = || (0..pieces.len()).filter(|other| *other != at && !evidence[*other].refutes);
    match piece.standing {
        Standing::Stale(_) | Standing::Ends(_) | Standing::Skipped => {
            others().any(|other| pieces[other].standing.holds() || pieces[other].standing.is_open())
        }
        Standing::Refutes | Standing::Missing(_) | Standing::Changed => others().any(|other| {
            pieces[other].standing.holds()
                && strength(&evidence[other]) >= strength(&evidence[at])
                && evidence[at].checked_on.is_some_and(|then| evidence[other].checked_on > Some(then))
        }),
        _ => false,
    }
}

/// The day on which a piece of evidence was looked at: what was seen is newer than what is written down.
fn looked_on(evidence: &Evidence, seen: Option<&Seen>) -> Option<Day> {
    match seen {
        Some(Seen::Passed(on)) => *on,
        _ => evidence.checked_on,
    }
}

/// The last day on which a piece of evidence counts: the one that it names, or that of the shelf life.
fn last_day(evidence: &Evidence, seen: Option<&Seen>) -> Option<Day> {
    evidence.valid_until.or_else(|| looked_on(evidence, seen)?.plus(SHELF_DAYS))
}

/// What one piece of evidence is worth, whatever the others say.
fn standing(evidence: &Evidence, seen: Option<&Seen>, today: Option<Day>) -> Standing {
    if evidence.refutes {
        return Standing::Refutes;
    }
    // What was seen is newer than any date.
    match seen {
        Some(Seen::Missing(what)) => return Standing::Missing(what.clone()),
        Some(Seen::Failed) => return Standing::Failed,
        Some(Seen::Skipped) => return Standing::Skipped,
        Some(Seen::File(sum))
            if evidence.sha256.as_ref().is_some_and(|known| !known.as_str().eq_ignore_ascii_case(sum)) =>
        {
            return Standing::Changed;
        }
        _ => {}
    }
    let cannot = |why: &str| Standing::CannotBeChecked(why.to_owned());
    let until = last_day(evidence, seen);
    match (until, today) {
        (Some(until), Some(today)) if until < today => return Standing::Stale(until.plus(1).unwrap_or(until)),
        (Some(until), None) => return Standing::Ends(until),
        _ => {}
    }
    if let (Some(checked), Some(today)) = (looked_on(evidence, seen), today)
        && checked > today
    {
        return Standing::CannotBeChecked(format!("it is dated {checked}, which is still to come"));
    }
    match (evidence.kind, seen) {
        (None, _) => return cannot("it does not say what it is"),
        (Some(EvidenceKind::Link | EvidenceKind::Review | EvidenceKind::Drill), _) if evidence.checked_on.is_none() => {
            return cannot("it does not say when somebody looked");
        }
        (Some(EvidenceKind::Link | EvidenceKind::Review | EvidenceKind::Drill), _) => {}
        (Some(_), None) => return Standing::NotChecked,
        (Some(_), Some(Seen::Untold(why))) => return cannot(why),
        (Some(EvidenceKind::File), Some(_)) if evidence.sha256.is_none() => {
            return cannot("the file is there, but no SHA-256 of it is written down");
        }
        (Some(_), Some(_)) => {}
    }
    let soon = today.and_then(|today| today.plus(SOON_DAYS));
    match until {
        Some(until) if soon.is_some_and(|soon| until <= soon) => Standing::ExpiresSoon(until),
        _ => Standing::Good,
    }
}

/// Why a control can not be counted on, in a few words.
fn why(evidence: &Evidence, standing: &Standing) -> String {
    let at = crate::model::text::one_line(evidence.at.as_str(), 60);
    match standing {
        Standing::Failed => format!("the test {at} failed"),
        Standing::Skipped => format!("the test {at} was skipped"),
        Standing::Refutes => match evidence.checked_on {
            Some(day) => format!("evidence of {day} speaks against it: {at}"),
            None => format!("evidence speaks against it: {at}"),
        },
        Standing::Changed => format!("evidence changed since it was looked at: {at}"),
        other => format!("evidence {}", other.words()),
    }
}

/// Where a control answers a rule.
#[derive(Debug)]
enum Reach<'m> {
    /// At all that it guards.
    Guards(BTreeSet<ElementId>),
    /// At one place, by its name.
    At(&'m str),
}

impl Reach<'_> {
    fn covers(&self, name: &str, elements: &[ElementId]) -> bool {
        match self {
            Reach::Guards(guards) => elements.iter().any(|id| guards.contains(id)),
            Reach::At(place) => *place == name,
        }
    }
}

/// Which controls answer which rules where.
pub(super) struct Answers<'m> {
    by_rule: BTreeMap<&'m str, Vec<(&'m Slug, Reach<'m>)>>,
    controls: &'m Controls,
}

impl<'m> Answers<'m> {
    /// The answers of a model whose controls were weighed.
    pub(super) fn new(model: &'m Model, controls: &'m Controls) -> Answers<'m> {
        let mut by_rule: BTreeMap<&str, Vec<(&Slug, Reach<'m>)>> = BTreeMap::new();
        for (slug, control) in model.controls.iter().filter(|(_, control)| is_said_to_be_in_place(control)) {
            let guards = control.guards.iter().filter_map(|link| model.resolve(Target::Any, link.0.as_str()));
            let guards: BTreeSet<ElementId> = guards.collect();
            for answer in &control.answers {
                let (rule, reach) = match answer.as_str().split_once('@') {
                    Some((rule, place)) => (rule, Reach::At(place)),
                    None => (answer.as_str(), Reach::Guards(guards.clone())),
                };
                by_rule.entry(rule).or_default().push((slug, reach));
            }
        }
        Answers { by_rule, controls }
    }

    /// The controls that answer a rule at a place, and those that would if their evidence held, with the reason.
    pub(super) fn at(&self, model: &Model, rule: &str, place: &Place) -> (Vec<Slug>, Vec<(Slug, String)>) {
        let Some(all) = self.by_rule.get(rule) else { return (Vec::new(), Vec::new()) };
        let (name, elements) = (place.name(model), place.elements());
        let mut found: Vec<&Slug> =
            all.iter().filter(|(_, reach)| reach.covers(&name, &elements)).map(|(slug, _)| *slug).collect();
        // One that names both the rule and the place is no second answer.
        found.dedup();
        let in_place = found.iter().filter(|slug| self.controls.is_in_place(slug));
        let fallen = found.iter().filter_map(|slug| Some(((*slug).clone(), self.controls.fallen(slug)?.to_owned())));
        (in_place.map(|slug| (*slug).clone()).collect(), fallen.collect())
    }
}

/// The elements of the map that a control guards: of a grant its data and its endpoint.
pub fn guarded(model: &Model, control: &Control) -> BTreeSet<ElementId> {
    let guards = control.guards.iter().filter_map(|link| model.resolve(Target::Any, link.0.as_str()));
    let drawn = |id: ElementId| match (id.section, model.grants.get(&id.slug)) {
        (Section::Grants, Some(grant)) => {
            let data = grant.dataset.as_ref().map(|link| ElementId::new(Section::Datasets, link.slug().clone()));
            vec![ElementId::new(Section::Endpoints, grant.endpoint.slug().clone())].into_iter().chain(data).collect()
        }
        _ => vec![id],
    };
    guards.flat_map(drawn).collect()
}

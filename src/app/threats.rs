//! The threats screen without a screen: what the rules and the team say of the model, as rows and as a proof to read.

use super::fuzzy::filter_matches;
use super::layer::{Emphasis, Styled};
use super::list::{self, Cursor};
use super::outline::capitalised;
use super::state::App;
use super::told::Told;
use crate::analysis::condition::{Answer, Missing};
use crate::analysis::docket::{Before, Docket, Followed};
use crate::analysis::questions::Question;
use crate::analysis::team::{Raised, raised};
use crate::analysis::threats::{Outcome, Place, Proof, RuleSet, Verdict};
use crate::model::text::spaced;
use crate::model::threats::Category;
use crate::model::threats::Verdict as Word;
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which outcomes are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Listed {
    /// What fires, the worst first.
    #[default]
    Fires,
    /// What to find out next, what decides most first.
    Questions,
    /// What is answered.
    Answered,
    /// What the team decided, while that holds.
    Decided,
    /// What is out of scope.
    OutOfScope,
    /// What does not apply, and why.
    NotApplicable,
}

impl Listed {
    /// Every list, in the order of the key that goes through them.
    pub const ALL: [Listed; 6] = [
        Listed::Fires,
        Listed::Questions,
        Listed::Answered,
        Listed::Decided,
        Listed::OutOfScope,
        Listed::NotApplicable,
    ];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Listed::Fires => "threats",
            Listed::Questions => "questions",
            Listed::Answered => "answered",
            Listed::Decided => "decided",
            Listed::OutOfScope => "out of scope",
            Listed::NotApplicable => "n/a",
        }
    }
}

/// Under what threats stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grouping {
    /// Under their rule.
    #[default]
    Rule,
    /// Under what they are about: the data of an exposure.
    Element,
    /// Under their kinds by STRIDE and LINDDUN; one of several kinds stands under each.
    Category,
}

impl Grouping {
    /// Every grouping, in the order of the key that goes through them.
    pub const ALL: [Grouping; 3] = [Grouping::Rule, Grouping::Element, Grouping::Category];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Grouping::Rule => "by rule",
            Grouping::Element => "by element",
            Grouping::Category => "by kind of threat",
        }
    }
}

/// The screen as the person left it.
#[derive(Debug, Clone, Default)]
pub struct Threats {
    /// Which outcomes.
    pub listed: Listed,
    /// Under what they stand.
    pub grouping: Grouping,
    /// The list.
    pub list: Cursor,
    /// Shows only what matches.
    pub filter: String,
}

/// What the rules say of a revision of the model.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    docket: Option<Docket>,
    /// The lists of what they say, once they are made.
    told: Option<Told>,
    /// Whether these are of what they say now, and not of before edits.
    is_told: bool,
    /// How many entries each list has, but for what does not apply.
    counts: BTreeMap<Listed, usize>,
    /// What does not apply; only once somebody wanted to see it.
    silent: Option<Vec<Verdict>>,
    /// The threats that the team raised.
    pub team: Vec<Raised>,
    /// Why the rules could not be asked to their end.
    pub error: Option<String>,
    listing: Listing,
}

/// A list as it stands on the screen.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// For what this was made.
    of: Option<(Listed, Grouping, String)>,
    /// Its lines.
    pub lines: Vec<Line>,
    /// How many of them are entries.
    pub entries: usize,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// How bad, or how much depends on it.
    pub weight: String,
    /// What it is: where, or which rule, or what is not known of what.
    pub what: String,
    /// What there is to say beside it: what answers it, how much waits for it.
    pub beside: String,
}

/// A line of the list: what entries have in common, what that is called in files, and how many they are; or an entry.
pub type Line = list::Line<(String, String, usize), Key>;

/// The place of an entry in what was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A verdict.
    Verdict(usize),
    /// A verdict that something does not apply.
    Silent(usize),
    /// A threat that the team raised.
    Team(usize),
    /// A question.
    Question(usize),
}

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry<'a> {
    /// A verdict.
    Verdict(&'a Verdict),
    /// A threat that the team raised.
    Team(&'a Raised),
    /// A question.
    Question(&'a Question),
}

impl Judged {
    /// Nothing yet.
    pub const NOTHING: Judged = Judged {
        docket: None,
        told: None,
        is_told: false,
        counts: BTreeMap::new(),
        silent: None,
        team: Vec::new(),
        error: None,
        listing: Listing { of: None, lines: Vec::new(), entries: 0 },
    };

    /// Asks all rules. What can not be asked is said, and no verdict is given: a part of them would look like all.
    pub fn new(app: &App) -> Judged {
        if let Some(error) = &app.rules_error {
            return Judged { error: Some(error.clone()), ..Judged::NOTHING };
        }
        let access = app.derived().effective.clone();
        let said = Docket::new(&app.rules, &app.model, access, app.circumstances());
        Judged::heard(app, said.map_err(|error| error.to_string()))
    }

    /// What the rules said, or why they could not be asked to their end.
    pub fn heard(app: &App, said: Result<Docket, String>) -> Judged {
        let team = raised(&app.model, app.circumstances());
        match said {
            Ok(docket) => Judged { docket: Some(docket), team, ..Judged::NOTHING },
            Err(error) => Judged { error: Some(error), team, ..Judged::NOTHING },
        }
    }

    /// Whether there is nothing to list yet.
    pub fn is_nothing(&self) -> bool {
        self.told.is_none() && self.error.is_none()
    }

    /// Whether the lists of what the rules say are made.
    pub fn is_told(&self) -> bool {
        self.is_told || self.error.is_some()
    }

    /// Whether it can follow edits; otherwise everything is asked again.
    pub fn can_follow(&self) -> bool {
        self.docket.is_some()
    }

    /// Asks again what edits may have changed. The lists stay what they were until they are made anew, if everything is
    /// still there that they name.
    pub fn follow(self, app: &App, before: &Before, keeps_all: bool) -> (Judged, Followed) {
        let Some(mut docket) = self.docket.filter(|_| app.rules_error.is_none()) else {
            return (Judged::new(app), Followed::Anew);
        };
        let access = app.derived().effective.clone();
        let team = raised(&app.model, app.circumstances());
        match docket.follow(&app.rules, &app.model, access, app.circumstances(), before) {
            Ok(followed) => {
                let told = self.told.filter(|_| keeps_all && team.len() == self.team.len());
                // How the map is looked at is nothing that a rule asks for.
                let is_told = self.is_told && told.is_some() && before.keys().all(|id| id.section == Section::Views);
                let (listing, counts) = match told {
                    Some(_) => (self.listing, self.counts),
                    None => Default::default(),
                };
                (Judged { docket: Some(docket), told, is_told, counts, team, listing, ..Judged::NOTHING }, followed)
            }
            Err(error) => (Judged { error: Some(error.to_string()), team, ..Judged::NOTHING }, Followed::Anew),
        }
    }

    /// What the rules say, in their order.
    pub fn said(&self) -> impl Iterator<Item = &Arc<Verdict>> {
        self.docket.iter().flat_map(Docket::verdicts)
    }

    /// Whether the questions are listed.
    pub fn has_questions(&self) -> bool {
        self.error.is_some() || self.told.as_ref().is_some_and(|told| told.questions.is_some())
    }

    /// Makes the lists; that of the questions only where it is wanted.
    pub fn tell(&mut self, app: &App, with_questions: bool) {
        self.take(Told::new(&app.rules, &app.model, &app.derived().effective, self.said(), with_questions), true);
    }

    /// Takes lists of what the rules say, or said before edits.
    pub fn take(&mut self, told: Told, is_of_now: bool) {
        (self.told, self.is_told) = (Some(told), is_of_now);
        self.listing = Listing::default();
        let mut counts = BTreeMap::new();
        for (_, outcome) in self.outcomes() {
            if let Some(listed) = listed_in(outcome) {
                *counts.entry(listed).or_insert(0) += 1;
            }
        }
        self.counts = counts;
    }

    /// The verdicts, the worst first; none before they are told.
    pub fn verdicts(&self) -> &[Arc<Verdict>] {
        self.told.as_ref().map_or(&[], |told| &told.verdicts)
    }

    /// The questions that they leave open, what decides most first; none before they are told.
    pub fn questions(&self) -> &[Question] {
        self.told.as_ref().and_then(|told| told.questions.as_deref()).unwrap_or_default()
    }

    /// How many rows a list has.
    pub fn count(&self, listed: Listed) -> usize {
        match listed {
            Listed::Questions => self.questions().len(),
            Listed::NotApplicable => self.told.as_ref().map_or(0, |told| told.silent),
            listed => self.counts.get(&listed).copied().unwrap_or(0),
        }
    }

    /// Everything that has an outcome, the team's own threats first.
    fn outcomes(&self) -> impl Iterator<Item = (Key, &Outcome)> {
        let team = self.team.iter().enumerate().map(|(at, raised)| (Key::Team(at), &raised.outcome));
        team.chain(self.verdicts().iter().enumerate().map(|(at, verdict)| (Key::Verdict(at), &verdict.outcome)))
    }

    /// What an entry stands for.
    pub fn entry(&self, key: Key) -> Option<Entry<'_>> {
        match key {
            Key::Verdict(at) => self.verdicts().get(at).map(|verdict| Entry::Verdict(verdict)),
            Key::Silent(at) => self.silent.as_ref()?.get(at).map(Entry::Verdict),
            Key::Team(at) => self.team.get(at).map(Entry::Team),
            Key::Question(at) => self.questions().get(at).map(Entry::Question),
        }
    }

    /// The list that the screen shows.
    pub fn listing(&self) -> &Listing {
        &self.listing
    }

    /// Makes the list that the screen shows, if it shows another now.
    pub fn list(&mut self, app: &App) {
        let Threats { listed, grouping, filter, .. } = &app.threats;
        let of = Some((*listed, *grouping, filter.clone()));
        if self.listing.of == of {
            return;
        }
        if *listed == Listed::NotApplicable && self.silent.is_none() && self.error.is_none() {
            let all =
                app.rules.judge(&app.model, &app.derived().effective, app.circumstances(), true).unwrap_or_default();
            self.silent = Some(all.into_iter().filter(|verdict| verdict.outcome == Outcome::NotApplicable).collect());
        }
        let keys: Vec<Key> = match listed {
            Listed::Questions => (0..self.questions().len()).map(Key::Question).collect(),
            Listed::NotApplicable => (0..self.silent.as_ref().map_or(0, Vec::len)).map(Key::Silent).collect(),
            listed => {
                self.outcomes().filter(|(_, outcome)| listed_in(outcome) == Some(*listed)).map(|(key, _)| key).collect()
            }
        };
        let matching = keys.into_iter().filter_map(|key| {
            let entry = self.entry(key)?;
            let shown = filter.is_empty() || {
                let Row { what, beside, .. } = row(app, &entry);
                let titles: Vec<String> = groups(app, &entry, Grouping::Rule)
                    .iter()
                    .map(|group| heading(app, group))
                    .map(|(title, id)| format!("{id} {title}"))
                    .collect();
                let place = place_of(app, &entry);
                filter_matches(filter, &[&what, &beside, &place, &titles.join(" ")])
            };
            shown.then_some((key, entry))
        });
        // Groups stand in the order of their worst entry, entries in that of the list.
        let mut found: BTreeMap<Group, (usize, Vec<Key>)> = BTreeMap::new();
        for (rank, (key, entry)) in matching.enumerate() {
            for group in groups(app, &entry, *grouping) {
                found.entry(group).or_insert_with(|| (rank, Vec::new())).1.push(key);
            }
        }
        let mut found: Vec<(Group, (usize, Vec<Key>))> = found.into_iter().collect();
        if *grouping != Grouping::Category {
            found.sort_by_key(|(_, (rank, _))| *rank);
        }
        let mut lines = Vec::new();
        let mut entries = 0;
        for (group, (_, keys)) in found {
            let (title, id) = heading(app, &group);
            if !title.is_empty() {
                lines.push(Line::Heading((title, id, keys.len())));
            }
            for key in keys {
                lines.push(Line::Row(entries, key));
                entries += 1;
            }
        }
        self.listing = Listing { of, lines, entries };
    }
}

/// Entries that stand together; the order is theirs where it is not that of the worst.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// What needs no heading.
    All,
    /// Of a rule, or raised by the team.
    Rule(Option<usize>),
    /// About an element; one that is gone has no name.
    Element(Option<ElementId>),
    /// Of a kind of threats.
    Category(Option<Category>),
}

/// The groups in which an entry stands.
fn groups(app: &App, entry: &Entry<'_>, grouping: Grouping) -> Vec<Group> {
    match (entry, grouping) {
        (Entry::Question(_), _) => vec![Group::All],
        (Entry::Verdict(verdict), Grouping::Rule) => vec![Group::Rule(Some(verdict.rule))],
        (Entry::Team(_), Grouping::Rule) => vec![Group::Rule(None)],
        (_, Grouping::Element) => vec![Group::Element(element_of(app, entry))],
        (_, Grouping::Category) => {
            let kinds: Vec<Category> = match entry {
                Entry::Verdict(verdict) => app.rules.rule(verdict.rule).categories().collect(),
                Entry::Team(raised) => {
                    app.model.threats.get(&raised.slug).and_then(|own| own.category).into_iter().collect()
                }
                Entry::Question(_) => Vec::new(),
            };
            match kinds.is_empty() {
                true => vec![Group::Category(None)],
                false => kinds.into_iter().map(|kind| Group::Category(Some(kind))).collect(),
            }
        }
    }
}

/// The title of a group, and what it is called in files.
fn heading(app: &App, group: &Group) -> (String, String) {
    match group {
        Group::All => (String::new(), String::new()),
        Group::Rule(Some(rule)) => {
            let rule = app.rules.rule(*rule);
            (rule.title.clone(), rule.id.clone())
        }
        Group::Rule(None) => ("Raised by the team".to_owned(), String::new()),
        Group::Element(Some(id)) => (app.name_of(id), format!("{} {}", id.section.noun(), id.slug)),
        Group::Element(None) => ("What is gone".to_owned(), String::new()),
        Group::Category(kind) => {
            let title = kind.map_or_else(|| "Of no kind".to_owned(), category_words);
            let of = kind.map_or("", |kind| if kind.is_privacy() { "LINDDUN" } else { "STRIDE" });
            (title, of.to_owned())
        }
    }
}

/// A kind of threats in words.
pub fn category_words(category: Category) -> String {
    capitalised(&spaced(category.name()).to_lowercase())
}

/// What an entry is about: the data of an exposure, or the endpoint of a call.
fn element_of(app: &App, entry: &Entry<'_>) -> Option<ElementId> {
    match entry {
        Entry::Question(question) => Some(question.missing.element.clone()),
        Entry::Team(raised) => raised.about.clone(),
        Entry::Verdict(verdict) => match &*verdict.place {
            Place::Element(id) => Some(id.clone()),
            Place::Exposure { dataset: Some(dataset), .. } => Some(ElementId::new(Section::Datasets, dataset.clone())),
            Place::Exposure { endpoint, .. } => Some(ElementId::new(Section::Endpoints, endpoint.clone())),
        },
    }
    .filter(|id| app.model.has(id.section, id.slug.as_str()))
}

/// Where an entry is, in words.
fn place_of(app: &App, entry: &Entry<'_>) -> String {
    match entry {
        Entry::Verdict(verdict) => place_words(&app.model, &verdict.place),
        Entry::Team(_) | Entry::Question(_) => element_of(app, entry).map_or_else(String::new, |id| app.name_of(&id)),
    }
}

/// The list in which an outcome stands; none where it is a question or nothing at all.
fn listed_in(outcome: &Outcome) -> Option<Listed> {
    match outcome {
        Outcome::Fires => Some(Listed::Fires),
        Outcome::Answered(_) => Some(Listed::Answered),
        Outcome::Decided(_) => Some(Listed::Decided),
        Outcome::OutOfScope(_) => Some(Listed::OutOfScope),
        Outcome::Unknown(_) | Outcome::NotApplicable => None,
    }
}

/// Likelihood × impact; an impact that nobody knows counts nothing here, and most among the questions.
pub fn risk(rules: &RuleSet, verdict: &Verdict) -> u32 {
    u32::from(rules.rule(verdict.rule).likelihood) * u32::from(verdict.impact.unwrap_or(0))
}

/// The entry under the cursor.
pub fn current(app: &App) -> Option<Entry<'_>> {
    let judged = app.judged();
    let here = judged.listing.lines.iter().find_map(|line| match line {
        Line::Row(at, key) if *at == app.threats.list.at() => Some(*key),
        _ => None,
    });
    judged.entry(here?)
}

/// An entry as a row. What its heading says already is not said again.
pub fn row(app: &App, entry: &Entry<'_>) -> Row {
    match entry {
        Entry::Verdict(verdict) => {
            let rule = app.rules.rule(verdict.rule);
            let weight = match verdict.impact {
                _ if verdict.outcome == Outcome::NotApplicable => String::new(),
                Some(_) => risk(&app.rules, verdict).to_string(),
                None => "?".to_owned(),
            };
            let what = match (app.threats.grouping, &*verdict.place) {
                (Grouping::Rule, place) => place_words(&app.model, place),
                (Grouping::Element, Place::Element(_)) => format!("{} {}", rule.id, rule.title),
                (Grouping::Element, Place::Exposure { role, op, .. }) => {
                    format!("{} {} ({role}, {})", rule.id, rule.title, op.word())
                }
                (Grouping::Category, place) => {
                    format!("{} {}: {}", rule.id, rule.title, place_words(&app.model, place))
                }
            };
            let beside = match &verdict.outcome {
                Outcome::NotApplicable => why_not(app, verdict),
                _ => detail(&app.model, verdict).trim_start().to_owned(),
            };
            Row { weight, what, beside }
        }
        Entry::Team(raised) => {
            let id = ElementId::new(Section::Threats, raised.slug.clone());
            let title = app.model.title_of(&id);
            let place = place_of(app, entry);
            Row {
                weight: raised.risk.map_or_else(|| "?".to_owned(), |risk| risk.to_string()),
                what: if app.threats.grouping == Grouping::Element {
                    title.to_owned()
                } else {
                    format!("{title}: {place}")
                },
                beside: team_detail(&app.model, raised),
            }
        }
        Entry::Question(question) => Row {
            weight: format!("{:.1}", f64::from(question.weight) / 10.0),
            what: super::queue::sentence(app, question),
            beside: match (&question.set_aside, question.decides.len()) {
                (Some(aside), _) => super::queue::aside_words(app, aside),
                (None, 1) => "1 verdict waits".to_owned(),
                (None, count) => format!("{count} verdicts wait"),
            },
        },
    }
}

/// The part of a rule's condition that does not hold.
fn why_not(app: &App, verdict: &Verdict) -> String {
    let proof =
        app.rules.explain(&app.model, &app.derived().effective, app.circumstances(), verdict).unwrap_or_default();
    let no = proof.applies.into_iter().find(|(_, answer)| *answer == Answer::No);
    no.map_or_else(String::new, |(part, _)| format!("no: {part}"))
}

/// What there is to say of what became of a threat that the team raised.
pub fn team_detail(model: &Model, raised: &Raised) -> String {
    match (&raised.outcome, &raised.reopened) {
        (_, Some((decision, why))) => format!("(open again: {decision}, {why})"),
        (Outcome::Answered(controls), None) => {
            let names: Vec<&str> = controls.iter().map(|slug| slug.as_str()).collect();
            format!("(answered by {})", names.join(", "))
        }
        (Outcome::Decided(slug), None) => format!("({})", decision_words(model, slug)),
        (Outcome::OutOfScope(why), None) => format!("(out of scope: {why})"),
        _ => String::new(),
    }
}

/// Where a verdict is, in words.
pub fn place_words(model: &Model, place: &Place) -> String {
    match place {
        Place::Element(id) => format!("{} {}", id.section.noun(), id.slug),
        Place::Exposure { role, op, dataset, endpoint, .. } => {
            let inherited = if place.name(model).contains('+') { " (inherited)" } else { "" };
            match dataset {
                Some(dataset) => format!("{role} {} {dataset} at {endpoint}{inherited}", op.word()),
                None => format!("{role} {} {endpoint}{inherited}", op.word()),
            }
        }
    }
}

/// What there is to say of an outcome behind the title of its rule.
pub fn detail(model: &Model, verdict: &Verdict) -> String {
    if let Some((decision, why)) = verdict.reopened() {
        return format!(" (open again: {decision}, {why})");
    }
    if let [(control, why), others @ ..] = verdict.fallen() {
        let more = if others.is_empty() { String::new() } else { format!(", and {} more", others.len()) };
        return format!(" (open again: control {control}: {why}{more})");
    }
    match &verdict.outcome {
        Outcome::Answered(controls) if controls.is_empty() => " (the model says what answers it)".to_owned(),
        Outcome::Answered(controls) => {
            let names: Vec<&str> = controls.iter().map(|slug| slug.as_str()).collect();
            format!(" (answered by {})", names.join(", "))
        }
        Outcome::Unknown(missing) => {
            let shown: Vec<String> = missing.iter().take(3).map(|fact| missing_words(model, fact)).collect();
            let more = if missing.len() > 3 { format!(" and {} more", missing.len() - 3) } else { String::new() };
            format!("? ({}{more})", shown.join("; "))
        }
        Outcome::OutOfScope(why) => format!(" (out of scope: {why})"),
        Outcome::Decided(slug) => format!(" ({})", decision_words(model, slug)),
        Outcome::Fires | Outcome::NotApplicable => String::new(),
    }
}

/// A decision in words: what, by whom, until when.
pub fn decision_words(model: &Model, slug: &Slug) -> String {
    let Some(decision) = model.decisions.get(slug) else { return slug.to_string() };
    let word = match decision.verdict {
        Some(Word::Mitigate) => "to be mitigated",
        Some(Word::Accept) => "accepted",
        Some(Word::Transfer) => "transferred",
        Some(Word::NotApplicable) => "not applicable",
        None => "decided",
    };
    let by = decision.by.as_ref().map_or(String::new(), |link| {
        let id = ElementId::new(Section::People, link.slug().clone());
        format!(" by {}", model.title_of(&id))
    });
    let until = decision.until.map_or(String::new(), |until| format!(" until {until}"));
    let why = if decision.why.is_empty() { String::new() } else { format!(": {}", decision.why) };
    format!("{word}{by}{until}{why}")
}

/// A fact that is missing, in words.
pub fn missing_words(model: &Model, missing: &Missing) -> String {
    format!("{} of {} {}", missing.field, missing.element.section.noun(), model.title_of(&missing.element))
}

/// So many references to catalogues are named beside the list.
const REFERENCES: usize = 4;

/// What there is to read about an entry: the rule, and the parts of its conditions with their answers; or what a question
/// decides. In full it names every reference to a catalogue.
pub fn reading(app: &App, entry: &Entry<'_>, in_full: bool) -> Vec<Styled> {
    match entry {
        Entry::Verdict(verdict) => {
            let rule = app.rules.rule(verdict.rule);
            let mut lines = vec![
                Styled::heading(format!("{} {}", rule.id, rule.title)),
                Styled::row("where", place_words(&app.model, &verdict.place)),
            ];
            if let Place::Exposure { grant, .. } = &*verdict.place {
                let id = ElementId::new(Section::Grants, grant.clone());
                let says = match (app.model.source_of(&id), app.lines.get(&id)) {
                    (Some(source), _) => format!("{grant}, {source}"),
                    (None, Some(line)) => format!("{grant}, {}:{line}", app.file),
                    (None, None) => grant.to_string(),
                };
                lines.push(Styled::row("grant", says));
            }
            let impact = verdict.impact.map_or("unknown".to_owned(), |impact| format!("{impact} of 5"));
            if let Outcome::Decided(slug) = &verdict.outcome {
                lines.push(Styled::row("decided", decision_words(&app.model, slug)));
            }
            if let Some((slug, why)) = verdict.reopened() {
                let text = format!("{}; open again: {why}", decision_words(&app.model, slug));
                lines.push(Styled::row("decided", text).with(Emphasis::Warning));
            }
            for (control, why) in verdict.fallen() {
                lines.push(Styled::row("control", format!("{control}; open again: {why}")).with(Emphasis::Warning));
            }
            lines.push(Styled::row("why", rule.because.clone()));
            lines.push(Styled::row("do", rule.answer.clone()));
            lines.push(Styled::row("assumed", format!("likelihood {} of 5, impact {impact}", rule.likelihood)));
            if !rule.references.is_empty() {
                let shown = if in_full { usize::MAX } else { REFERENCES };
                let more = rule.references.len().saturating_sub(shown);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                let first: Vec<&str> = rule.references.iter().take(shown).map(String::as_str).collect();
                lines.push(Styled::row("see", format!("{}{more}", first.join(", "))));
            }
            lines.push(Styled::plain(""));
            let proof = app.rules.explain(&app.model, &app.derived().effective, app.circumstances(), verdict);
            match proof {
                Ok(proof) => lines.extend(proof_lines(&app.model, &proof)),
                Err(error) => lines.push(Styled::plain(error.to_string()).with(Emphasis::Warning)),
            }
            lines
        }
        Entry::Team(raised) => team_reading(app, raised),
        Entry::Question(question) => {
            let mut lines = vec![
                Styled::heading(super::queue::sentence(app, question)),
                Styled::plain("Nobody said. The answer decides:"),
                Styled::plain(""),
            ];
            let judged = app.judged();
            for verdict in question.decides.iter().filter_map(|at| judged.verdicts().get(*at)) {
                let rule = app.rules.rule(verdict.rule);
                lines.push(Styled::row(
                    rule.id.clone(),
                    format!("{}? {}", rule.title, place_words(&app.model, &verdict.place)),
                ));
            }
            lines
        }
    }
}

/// What there is to read about a threat that the team raised.
fn team_reading(app: &App, raised: &Raised) -> Vec<Styled> {
    let id = ElementId::new(Section::Threats, raised.slug.clone());
    let Some(threat) = app.model.threats.get(&raised.slug) else { return Vec::new() };
    let step = |level: Option<crate::model::facts::Level>| {
        level.map_or_else(|| "unknown".to_owned(), |level| format!("{} of 5", level.value()))
    };
    let mut lines = vec![Styled::heading(app.model.title_of(&id))];
    lines.push(Styled::row("where", raised.about.as_ref().map_or_else(|| "it is gone".into(), |id| app.name_of(id))));
    lines.extend(threat.category.map(|kind| Styled::row("kind", category_words(kind))));
    lines.push(Styled::row(
        "assumed",
        format!("likelihood {}, impact {}", step(threat.likelihood), step(threat.impact)),
    ));
    if let Some(by) = &threat.raised_by {
        let person = ElementId::new(Section::People, by.slug().clone());
        lines.push(Styled::row("raised by", app.model.title_of(&person)));
    }
    lines.extend(threat.on.map(|day| Styled::row("on", day.to_string())));
    let became = team_detail(&app.model, raised);
    if !became.is_empty() {
        let warned = if raised.reopened.is_some() { Emphasis::Warning } else { Emphasis::Plain };
        lines.push(Styled::row("became", became.trim_matches(['(', ')']).to_owned()).with(warned));
    }
    if !threat.notes.is_empty() {
        lines.push(Styled::plain(""));
        lines.push(Styled::plain(threat.notes.to_string()));
    }
    lines
}

/// The parts of both conditions, each with its answer.
pub fn proof_lines(model: &Model, proof: &Proof) -> Vec<Styled> {
    let mut lines = Vec::new();
    for (heading, parts) in [("applies where all of this holds", &proof.applies), ("unless", &proof.unless)] {
        if parts.is_empty() {
            continue;
        }
        lines.push(Styled::heading(heading));
        for (part, answer) in parts {
            let (word, style) = match answer {
                Answer::Yes => ("yes", Emphasis::Plain),
                Answer::No => ("no", Emphasis::Dim),
                Answer::Unknown(_) => ("unknown", Emphasis::Warning),
            };
            lines.push(Styled::row(word, part.clone()).with(style));
            if let Answer::Unknown(missing) = answer {
                lines
                    .extend(missing.iter().map(|fact| Styled::row("", missing_words(model, fact)).with(Emphasis::Dim)));
            }
        }
    }
    lines
}

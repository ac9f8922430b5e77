//! The threats screen without a screen: what the rules and the team say of the model, as rows and as a proof to read.

use super::fuzzy::filter_matches;
use super::layer::{Emphasis, Styled};
use super::list::{self, Cursor};
use super::outline::capitalised;
use super::state::App;
use crate::analysis::condition::{Answer, Missing};
use crate::analysis::docket::{Before, Docket, Followed};
use crate::analysis::questions::{Question, questions};
use crate::analysis::team::{Raised, raised};
use crate::analysis::threats::{Outcome, Place, Proof, RuleSet, Verdict};
use crate::model::text::spaced;
use crate::model::threats::Category;
use crate::model::threats::Verdict as Word;
use crate::model::{ElementId, Model, Section, Slug};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which outcomes are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
    /// Whether the lists that follow are made.
    is_told: bool,
    /// The verdicts, the worst first.
    pub verdicts: Vec<Arc<Verdict>>,
    /// What does not apply; only once somebody wanted to see it.
    silent: Option<Vec<Verdict>>,
    /// How many pairs of a rule and a place do not apply.
    silent_count: usize,
    /// The threats that the team raised.
    pub team: Vec<Raised>,
    /// The questions that they leave open, what decides most first.
    pub questions: Vec<Question>,
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
        is_told: false,
        verdicts: Vec::new(),
        silent: None,
        silent_count: 0,
        team: Vec::new(),
        questions: Vec::new(),
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

    /// Whether there is nothing yet.
    pub fn is_nothing(&self) -> bool {
        self.docket.is_none() && self.error.is_none()
    }

    /// Whether it can follow edits; otherwise everything is asked again.
    pub fn can_follow(&self) -> bool {
        self.docket.is_some()
    }

    /// Asks again what edits may have changed.
    pub fn follow(self, app: &App, before: &Before) -> (Judged, Followed) {
        let Some(mut docket) = self.docket.filter(|_| app.rules_error.is_none()) else {
            return (Judged::new(app), Followed::Anew);
        };
        let access = app.derived().effective.clone();
        let team = raised(&app.model, app.circumstances());
        match docket.follow(&app.rules, &app.model, access, app.circumstances(), before) {
            Ok(followed) => (Judged { docket: Some(docket), team, ..Judged::NOTHING }, followed),
            Err(error) => (Judged { error: Some(error.to_string()), team, ..Judged::NOTHING }, Followed::Anew),
        }
    }

    /// What the rules say, in their order.
    pub fn said(&self) -> impl Iterator<Item = &Arc<Verdict>> {
        self.docket.iter().flat_map(Docket::verdicts)
    }

    /// Makes the lists, if they are not made: verdicts with the worst first, questions with what decides most first.
    pub fn tell(&mut self, app: &App) {
        if std::mem::replace(&mut self.is_told, true) || self.error.is_some() {
            return;
        }
        self.verdicts = self.said().cloned().collect();
        self.verdicts.sort_by_key(|verdict| (Reverse(risk(&app.rules, verdict)), verdict.rule));
        self.questions = questions(&app.model, &app.rules, &self.verdicts);
        let places = |rule: &crate::library::rule::Rule| match rule.about.section() {
            Some(section) => app.model.count(section),
            None => app.derived().effective.facts.len(),
        };
        self.silent_count = app.rules.rules().map(places).sum::<usize>().saturating_sub(self.verdicts.len());
    }

    /// How many rows a list has.
    pub fn count(&self, listed: Listed) -> usize {
        match listed {
            Listed::Questions => self.questions.len(),
            Listed::NotApplicable => self.silent_count,
            listed => self.outcomes().filter(|(_, outcome)| is_listed(listed, outcome)).count(),
        }
    }

    /// Everything that has an outcome, the team's own threats first.
    fn outcomes(&self) -> impl Iterator<Item = (Key, &Outcome)> {
        let team = self.team.iter().enumerate().map(|(at, raised)| (Key::Team(at), &raised.outcome));
        team.chain(self.verdicts.iter().enumerate().map(|(at, verdict)| (Key::Verdict(at), &verdict.outcome)))
    }

    /// What an entry stands for.
    pub fn entry(&self, key: Key) -> Option<Entry<'_>> {
        match key {
            Key::Verdict(at) => self.verdicts.get(at).map(|verdict| Entry::Verdict(verdict)),
            Key::Silent(at) => self.silent.as_ref()?.get(at).map(Entry::Verdict),
            Key::Team(at) => self.team.get(at).map(Entry::Team),
            Key::Question(at) => self.questions.get(at).map(Entry::Question),
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
            Listed::Questions => (0..self.questions.len()).map(Key::Question).collect(),
            Listed::NotApplicable => (0..self.silent.as_ref().map_or(0, Vec::len)).map(Key::Silent).collect(),
            listed => self.outcomes().filter(|(_, outcome)| is_listed(*listed, outcome)).map(|(key, _)| key).collect(),
        };
        let matching = keys.into_iter().filter_map(|key| {
            let entry = self.entry(key)?;
            let shown = filter.is_empty() || {
                let Row { what, beside, .. } = row(app, &entry);
                let titles: Vec<String> = headings(app, &entry, Grouping::Rule)
                    .into_iter()
                    .map(|(_, title, id)| format!("{id} {title}"))
                    .collect();
                let place = place_of(app, &entry);
                filter_matches(filter, &[&what, &beside, &place, &titles.join(" ")])
            };
            shown.then_some((key, entry))
        });
        // Groups stand in the order of their worst entry, entries in that of the list.
        let mut groups: BTreeMap<GroupKey, (usize, String, String, Vec<Key>)> = BTreeMap::new();
        for (rank, (key, entry)) in matching.enumerate() {
            for (group, title, id) in headings(app, &entry, *grouping) {
                groups.entry(group).or_insert_with(|| (rank, title, id, Vec::new())).3.push(key);
            }
        }
        let mut groups: Vec<(usize, String, String, Vec<Key>)> = groups.into_values().collect();
        if *grouping != Grouping::Category {
            groups.sort_by_key(|(rank, ..)| *rank);
        }
        let mut lines = Vec::new();
        let mut entries = 0;
        for (_, title, id, keys) in groups {
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

/// What keeps groups apart, and their order where it is not that of the worst.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum GroupKey {
    All,
    Rule(Option<usize>),
    Element(Option<ElementId>),
    Category(Option<Category>),
}

/// The groups in which an entry stands: the title of each, and what it is called in files.
fn headings(app: &App, entry: &Entry<'_>, grouping: Grouping) -> Vec<(GroupKey, String, String)> {
    let team = || "Raised by the team".to_owned();
    match (entry, grouping) {
        (Entry::Question(_), _) => vec![(GroupKey::All, String::new(), String::new())],
        (Entry::Verdict(verdict), Grouping::Rule) => {
            let rule = app.rules.rule(verdict.rule);
            vec![(GroupKey::Rule(Some(verdict.rule)), rule.title.clone(), rule.id.clone())]
        }
        (Entry::Team(_), Grouping::Rule) => vec![(GroupKey::Rule(None), team(), String::new())],
        (_, Grouping::Element) => {
            let id = element_of(app, entry);
            let title = id.as_ref().map_or_else(|| "What is gone".to_owned(), |id| app.name_of(id));
            let name = id.as_ref().map_or_else(String::new, |id| format!("{} {}", id.section.noun(), id.slug));
            vec![(GroupKey::Element(id), title, name)]
        }
        (_, Grouping::Category) => {
            let kinds: Vec<Category> = match entry {
                Entry::Verdict(verdict) => app.rules.rule(verdict.rule).categories().collect(),
                Entry::Team(raised) => {
                    app.model.threats.get(&raised.slug).and_then(|own| own.category).into_iter().collect()
                }
                Entry::Question(_) => Vec::new(),
            };
            let group = |kind: Option<Category>| {
                let title = kind.map_or_else(|| "Of no kind".to_owned(), category_words);
                let of = kind.map_or("", |kind| if kind.is_privacy() { "LINDDUN" } else { "STRIDE" });
                (GroupKey::Category(kind), title, of.to_owned())
            };
            match kinds.is_empty() {
                true => vec![group(None)],
                false => kinds.into_iter().map(|kind| group(Some(kind))).collect(),
            }
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

fn is_listed(listed: Listed, outcome: &Outcome) -> bool {
    match listed {
        Listed::Fires => *outcome == Outcome::Fires,
        Listed::Questions | Listed::NotApplicable => false,
        Listed::Answered => matches!(outcome, Outcome::Answered(_)),
        Listed::Decided => matches!(outcome, Outcome::Decided(_)),
        Listed::OutOfScope => matches!(outcome, Outcome::OutOfScope(_)),
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
            for verdict in question.decides.iter().filter_map(|at| judged.verdicts.get(*at)) {
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

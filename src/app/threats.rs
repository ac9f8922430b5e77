//! The threats screen without a screen: what the rules say of the model, as rows and as a proof to read.

use super::fuzzy::filter_matches;
use super::layer::{Emphasis, Styled};
use super::state::App;
use crate::analysis::condition::{Answer, Missing};
use crate::analysis::threats::{Outcome, Place, Proof, Question, RuleSet, Verdict, questions};
use crate::model::threats::Verdict as Word;
use crate::model::{ElementId, Model, Section, Slug};
use std::cmp::Reverse;
use std::collections::BTreeMap;

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
}

impl Listed {
    /// Every list, in the order of the key that goes through them.
    pub const ALL: [Listed; 5] =
        [Listed::Fires, Listed::Questions, Listed::Answered, Listed::Decided, Listed::OutOfScope];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Listed::Fires => "threats",
            Listed::Questions => "questions",
            Listed::Answered => "answered",
            Listed::Decided => "decided",
            Listed::OutOfScope => "out of scope",
        }
    }
}

/// The screen as the person left it.
#[derive(Debug, Clone, Default)]
pub struct Threats {
    /// Which outcomes.
    pub listed: Listed,
    /// The row.
    pub at: usize,
    /// The first row on the screen.
    pub scroll: usize,
    /// Shows only what matches.
    pub filter: String,
}

/// What the rules say of a revision of the model.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    /// The verdicts, the worst first.
    pub verdicts: Vec<Verdict>,
    /// The questions that they leave open, what decides most first.
    pub questions: Vec<Question>,
    /// Why the rules could not be asked to their end.
    pub error: Option<String>,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// How bad, or how much depends on it.
    pub weight: String,
    /// Where, or what is not known of what.
    pub place: String,
    /// What there is to say beside it: what answers it, how much waits for it.
    pub text: String,
    /// What the filter looks at as well.
    pub rule: String,
}

/// A line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    /// A rule, above what it says: its place, and how many entries follow.
    Rule(usize, usize),
    /// An entry, and its place among the entries.
    Entry(usize, Entry<'a>),
}

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry<'a> {
    /// A verdict.
    Verdict(&'a Verdict),
    /// A question.
    Question(&'a Question),
}

impl Judged {
    /// Asks all rules. What can not be asked is said, and no verdict is given: a part of them would look like all.
    pub fn new(app: &App) -> Judged {
        if let Some(error) = &app.rules_error {
            return Judged { error: Some(error.clone()), ..Judged::default() };
        }
        let access = &app.derived().effective;
        match app.rules.judge(&app.model, access, app.today, false) {
            Ok(mut verdicts) => {
                let questions = questions(&app.rules, &verdicts);
                // Rules stay together, those with the worst finding first. Questions name verdicts by their place, so
                // that these are numbered anew.
                let mut worst: BTreeMap<usize, u32> = BTreeMap::new();
                for verdict in verdicts.iter().filter(|verdict| verdict.outcome == Outcome::Fires) {
                    let entry = worst.entry(verdict.rule).or_default();
                    *entry = (*entry).max(risk(&app.rules, verdict));
                }
                let key = |verdict: &Verdict| {
                    let worst = worst.get(&verdict.rule).copied().unwrap_or(0);
                    (Reverse(worst), verdict.rule, Reverse(risk(&app.rules, verdict)))
                };
                let mut order: Vec<usize> = (0..verdicts.len()).collect();
                order.sort_by_key(|at| key(&verdicts[*at]));
                let mut place = vec![0; order.len()];
                order.iter().enumerate().for_each(|(new, old)| place[*old] = new);
                let renumber = |question: Question| Question {
                    decides: question.decides.iter().map(|at| place[*at]).collect(),
                    ..question
                };
                let questions = questions.into_iter().map(renumber).collect();
                verdicts.sort_by_key(key);
                Judged { verdicts, questions, error: None }
            }
            Err(error) => Judged { error: Some(error.to_string()), ..Judged::default() },
        }
    }

    /// How many rows a list has.
    pub fn count(&self, listed: Listed) -> usize {
        match listed {
            Listed::Questions => self.questions.len(),
            listed => self.verdicts.iter().filter(|verdict| is_listed(listed, &verdict.outcome)).count(),
        }
    }
}

fn is_listed(listed: Listed, outcome: &Outcome) -> bool {
    match listed {
        Listed::Fires => *outcome == Outcome::Fires,
        Listed::Questions => false,
        Listed::Answered => matches!(outcome, Outcome::Answered(_)),
        Listed::Decided => matches!(outcome, Outcome::Decided(_)),
        Listed::OutOfScope => matches!(outcome, Outcome::OutOfScope(_)),
    }
}

/// Likelihood × impact; an impact that nobody knows counts nothing here, and most among the questions.
fn risk(rules: &RuleSet, verdict: &Verdict) -> u32 {
    u32::from(rules.rule(verdict.rule).likelihood) * u32::from(verdict.impact.unwrap_or(0))
}

/// The entries of the list that is shown, as far as they match the filter.
pub fn entries(app: &App) -> Vec<Entry<'_>> {
    let judged = app.judged();
    let filter = &app.threats.filter;
    let matches = |entry: &Entry<'_>| {
        if filter.is_empty() {
            return true;
        }
        let Row { rule, place, text, .. } = row(app, entry);
        filter_matches(filter, &[&rule, &place, &text])
    };
    match app.threats.listed {
        Listed::Questions => judged.questions.iter().map(Entry::Question).filter(matches).collect(),
        listed => {
            let wanted = judged.verdicts.iter().filter(|verdict| is_listed(listed, &verdict.outcome));
            wanted.map(Entry::Verdict).filter(matches).collect()
        }
    }
}

/// The list as lines: verdicts stand below their rule.
pub fn lines<'a>(entries: &[Entry<'a>]) -> Vec<Line<'a>> {
    let mut lines = Vec::with_capacity(entries.len() * 2);
    let rule = |entry: &Entry<'_>| match entry {
        Entry::Verdict(verdict) => Some(verdict.rule),
        Entry::Question(_) => None,
    };
    let mut at = 0;
    for group in entries.chunk_by(|one, two| rule(one) == rule(two)) {
        lines.extend(group.first().and_then(rule).map(|rule| Line::Rule(rule, group.len())));
        for entry in group {
            lines.push(Line::Entry(at, *entry));
            at += 1;
        }
    }
    lines
}

/// The entry under the cursor.
pub fn current(app: &App) -> Option<Entry<'_>> {
    entries(app).into_iter().nth(app.threats.at)
}

/// An entry as a row.
pub fn row(app: &App, entry: &Entry<'_>) -> Row {
    match entry {
        Entry::Verdict(verdict) => {
            let rule = app.rules.rule(verdict.rule);
            Row {
                weight: match verdict.impact {
                    Some(_) => risk(&app.rules, verdict).to_string(),
                    None => "?".to_owned(),
                },
                rule: format!("{} {}", rule.id, rule.title),
                place: place_words(&app.model, &verdict.place),
                text: detail(&app.model, verdict).trim_start().to_owned(),
            }
        }
        Entry::Question(question) => Row {
            weight: format!("{:.1}", f64::from(question.weight) / 10.0),
            rule: String::new(),
            place: format!(
                "{} of {} {}?",
                question.missing.field.replace('_', " "),
                question.missing.element.section.noun(),
                app.model.title_of(&question.missing.element)
            ),
            text: match question.decides.len() {
                1 => "1 verdict waits".to_owned(),
                count => format!("{count} verdicts wait"),
            },
        },
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
    if let Some((decision, why)) = &verdict.reopened {
        return format!(" (open again: {decision}, {why})");
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

/// What there is to read about an entry: the rule, and the parts of its conditions with their answers; or what a question
/// decides.
pub fn reading(app: &App, entry: &Entry<'_>) -> Vec<Styled> {
    match entry {
        Entry::Verdict(verdict) => {
            let rule = app.rules.rule(verdict.rule);
            let mut lines = vec![
                Styled::heading(format!("{} {}", rule.id, rule.title)),
                Styled::row("where", place_words(&app.model, &verdict.place)),
            ];
            if let Place::Exposure { grant, .. } = &verdict.place {
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
            if let Some((slug, why)) = &verdict.reopened {
                let text = format!("{}; open again: {why}", decision_words(&app.model, slug));
                lines.push(Styled::row("decided", text).with(Emphasis::Warning));
            }
            lines.push(Styled::row("why", rule.because.clone()));
            lines.push(Styled::row("do", rule.answer.clone()));
            lines.push(Styled::row("assumed", format!("likelihood {} of 5, impact {impact}", rule.likelihood)));
            if !rule.references.is_empty() {
                lines.push(Styled::row("see", rule.references.join(", ")));
            }
            lines.push(Styled::plain(""));
            let proof = app.rules.explain(&app.model, &app.derived().effective, app.today, verdict);
            match proof {
                Ok(proof) => lines.extend(proof_lines(&app.model, &proof)),
                Err(error) => lines.push(Styled::plain(error.to_string()).with(Emphasis::Warning)),
            }
            lines
        }
        Entry::Question(question) => {
            let mut lines = vec![
                Styled::heading(missing_words(&app.model, &question.missing)),
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

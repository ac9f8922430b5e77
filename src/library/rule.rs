//! Rules as their files write them: what they are about, when they apply, what answers them, and two tiny models.
//!
//! One loader for those that are shipped and for people's own. A rule without a model in which it fires and one in which
//! it does not is none, and where it has an `unless`, one in which that answers it. What its conditions say is checked where they are compiled, in `analysis`.

use crate::model::reflect::ron_options;
use crate::model::text::one_line;
use crate::model::threats::Category;
use crate::model::{Model, Section};
use ron::value::RawValue;
use serde::{Deserialize, Serialize};

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name, which findings and decisions carry.
    pub id: String,
    /// What is wrong where it fires, in a few words.
    pub title: String,
    /// On what it is asked.
    pub about: Subject,
    /// The threats of STRIDE that it is an instance of.
    pub stride: Vec<Category>,
    /// The threats of LINDDUN that it is an instance of.
    pub linddun: Vec<Category>,
    /// Identifiers in public catalogues, such as `API1`, `CWE-639`.
    pub references: Vec<String>,
    /// Why it matters, in a sentence.
    pub because: String,
    /// When it applies.
    pub applies: Expression,
    /// What answers it where it applies.
    pub unless: Option<Expression>,
    /// How likely it is used where it fires, 1 to 5: an assumption, not a measurement.
    pub likelihood: u8,
    /// How much it hurts then.
    pub impact: Impact,
    /// What to do.
    pub answer: String,
    /// A model in which it fires.
    pub fires: Example,
    /// A model in which it does not apply.
    pub silent: Example,
    /// A model in which `unless` answers it.
    pub answered: Option<Example>,
    /// The file that holds it.
    pub file: String,
    /// The line in it, 1 for the first.
    pub line: usize,
}

/// A condition as it stands in a file.
#[derive(Debug, Clone)]
pub struct Expression {
    /// The text of the condition.
    pub text: String,
    /// The line on which it begins.
    pub line: usize,
    /// The column at which it begins.
    pub column: usize,
}

impl Expression {
    /// The line and the column in the file of a byte in the text.
    pub fn place(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &self.text[..offset];
        match before.rfind('\n') {
            None => (self.line, self.column + before.chars().count()),
            Some(last) => (self.line + before.matches('\n').count(), before[last + 1..].chars().count() + 1),
        }
    }
}

/// A tiny model beside a rule.
#[derive(Debug, Clone)]
pub struct Example {
    /// The model.
    pub model: Model,
    /// The whole text of a model file that says the same, for a loader that checks more.
    pub text: String,
}

impl Rule {
    /// The kinds of threats that it is an instance of.
    pub fn categories(&self) -> impl Iterator<Item = Category> {
        self.stride.iter().chain(&self.linddun).copied()
    }
}

/// How much a threat hurts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Impact {
    /// 1 to 5, whatever is concerned.
    Fixed(u8),
    /// As sensitive as the data that is concerned: one more than the rank of its class, 5 at most.
    OfClass,
}

/// Why a file of rules can not be used, with its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: error: {message}")]
pub struct RuleError {
    /// The file.
    pub file: String,
    /// The line, 1 for the first.
    pub line: usize,
    /// The column, 1 for the first.
    pub column: usize,
    /// What is wrong, and what to do.
    pub message: String,
}

/// The largest file of rules, in bytes.
pub const MAX_RULE_FILE: usize = 1 << 20;

#[derive(Deserialize)]
#[serde(rename = "Rule", deny_unknown_fields)]
struct Raw<'a> {
    #[serde(borrow)]
    id: &'a RawValue,
    title: String,
    about: Subject,
    #[serde(default)]
    stride: Vec<Category>,
    #[serde(default)]
    linddun: Vec<Category>,
    #[serde(default)]
    references: Vec<String>,
    because: String,
    #[serde(borrow)]
    applies: &'a RawValue,
    #[serde(borrow, default)]
    unless: Option<&'a RawValue>,
    likelihood: u8,
    impact: Impact,
    answer: String,
    #[serde(borrow)]
    fires: &'a RawValue,
    #[serde(borrow)]
    silent: &'a RawValue,
    #[serde(borrow, default)]
    answered: Option<&'a RawValue>,
}

/// Reads a file of rules: a list of `Rule(...)`.
pub fn read(file: &str, text: &str) -> Result<Vec<Rule>, RuleError> {
    let at = |(line, column): (usize, usize), message: String| RuleError {
        file: one_line(file, 200),
        line,
        column,
        message: one_line(&message, 400),
    };
    if text.len() > MAX_RULE_FILE {
        return Err(at((1, 1), format!("a file of rules has at most {} MiB", MAX_RULE_FILE >> 20)));
    }
    let raws: Vec<Raw<'_>> = ron_options()
        .from_str(text)
        .map_err(|error| at((error.span.start.line, error.span.start.col), error.code.to_string()))?;
    let mut rules: Vec<Rule> = Vec::with_capacity(raws.len());
    for raw in raws {
        let place = |part: &RawValue| place_of(text, part.get_ron());
        let string = |part: &RawValue| {
            ron_options()
                .from_str::<String>(part.get_ron().trim())
                .map_err(|error| at(place(part), format!("a text is needed here: {}", error.code)))
        };
        let expression = |part: &RawValue| -> Result<Expression, RuleError> {
            let literal = part.get_ron();
            let (line, column) = place(part);
            // What stands before the text itself: a quotation mark, or `r#"` with any number of `#`.
            let mark = literal.trim_start().find('"').map_or(0, |at| at + 1);
            Ok(Expression { text: string(part)?, line, column: column + mark })
        };
        let example = |part: &RawValue| -> Result<Example, RuleError> {
            let written = part.get_ron().trim();
            let model: Model = ron_options().from_str(written).map_err(|error| {
                let (line, column) = place(part);
                let span = error.span.start;
                let column = if span.line == 1 { column + span.col - 1 } else { span.col };
                at((line + span.line - 1, column), error.code.to_string())
            })?;
            let inside = written.trim_start_matches(|ch: char| ch.is_alphanumeric()).trim_start();
            let inside = inside.strip_prefix('(').and_then(|inside| inside.strip_suffix(')')).unwrap_or_default();
            let text = format!("#![enable(implicit_some)]\nModel(format: 1, title: \"Example\", {inside})");
            Ok(Example { model, text })
        };
        let id = string(raw.id)?;
        let (line, column) = place(raw.id);
        let good = !id.is_empty() && id.len() <= 40 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !good {
            return Err(at(
                (line, column),
                format!("`{}` is no name of a rule: letters, digits and -", one_line(&id, 40)),
            ));
        }
        if rules.iter().any(|rule| rule.id == id) {
            return Err(at((line, column), format!("there are two rules `{id}`")));
        }
        let in_range = |value: u8| (1..=5).contains(&value);
        if !in_range(raw.likelihood) || matches!(raw.impact, Impact::Fixed(value) if !in_range(value)) {
            return Err(at((line, column), format!("{id}: likelihood and impact go from 1 to 5")));
        }
        if raw.stride.iter().any(|kind| kind.is_privacy()) || raw.linddun.iter().any(|kind| !kind.is_privacy()) {
            let message = format!("{id}: `stride` holds kinds of threats to security, `linddun` those to privacy");
            return Err(at((line, column), message));
        }
        if raw.unless.is_some() != raw.answered.is_some() {
            let message = format!("{id}: `unless` and `answered`, the model in which it holds, come together");
            return Err(at((line, column), message));
        }
        rules.push(Rule {
            title: raw.title,
            about: raw.about,
            stride: raw.stride,
            linddun: raw.linddun,
            references: raw.references,
            because: raw.because,
            applies: expression(raw.applies)?,
            unless: raw.unless.map(expression).transpose()?,
            likelihood: raw.likelihood,
            impact: raw.impact,
            answer: raw.answer,
            fires: example(raw.fires)?,
            silent: example(raw.silent)?,
            answered: raw.answered.map(example).transpose()?,
            file: file.to_owned(),
            line,
            id,
        });
    }
    Ok(rules)
}

/// The line and the column of a part of a text.
pub(super) fn place_of(text: &str, part: &str) -> (usize, usize) {
    // A raw value is a slice of the text: its address tells where it stands.
    let offset = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let blank = part.len() - part.trim_start().len();
    let before = text.get(..offset + blank).unwrap_or_default();
    let line = before.rfind('\n').map_or(before, |last| &before[last + 1..]);
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// The files of rules that are shipped.
const SHIPPED: &[(&str, &str)] = &[
    ("access.ron", include_str!("rules/access.ron")),
    ("callers.ron", include_str!("rules/callers.ron")),
    ("connectors.ron", include_str!("rules/connectors.ron")),
    ("controls.ron", include_str!("rules/controls.ron")),
    ("data.ron", include_str!("rules/data.ron")),
    ("fields.ron", include_str!("rules/fields.ron")),
    ("flows.ron", include_str!("rules/flows.ron")),
    ("governance.ron", include_str!("rules/governance.ron")),
    ("operations.ron", include_str!("rules/operations.ron")),
    ("platforms.ron", include_str!("rules/platforms.ron")),
    ("requests.ron", include_str!("rules/requests.ron")),
];

/// The rules that are shipped.
pub fn shipped() -> Result<Vec<Rule>, RuleError> {
    let mut rules = Vec::new();
    for (file, text) in SHIPPED {
        rules.extend(read(file, text)?);
    }
    Ok(rules)
}

/// What a rule is about: the elements on which its conditions are asked, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// Who can do what with which data: the effective exposure facts.
    Exposure,
    /// Datasets.
    Dataset,
    /// Endpoints.
    Endpoint,
    /// Platforms.
    Platform,
    /// Services.
    Service,
    /// Roles.
    Role,
    /// Flows.
    Flow,
    /// Vendors and partners.
    Party,
    /// Controls.
    Control,
    /// Changes of what is exposed.
    Change,
    /// What the team decided.
    Decision,
}

impl Subject {
    /// Every subject.
    pub const ALL: [Subject; 11] = [
        Subject::Exposure,
        Subject::Dataset,
        Subject::Endpoint,
        Subject::Platform,
        Subject::Service,
        Subject::Role,
        Subject::Flow,
        Subject::Party,
        Subject::Control,
        Subject::Change,
        Subject::Decision,
    ];

    /// The name under which a condition reads it.
    pub fn name(self) -> &'static str {
        match self {
            Subject::Exposure => "exposure",
            Subject::Dataset => "dataset",
            Subject::Endpoint => "endpoint",
            Subject::Platform => "platform",
            Subject::Service => "service",
            Subject::Role => "role",
            Subject::Flow => "flow",
            Subject::Party => "party",
            Subject::Control => "control",
            Subject::Change => "change",
            Subject::Decision => "decision",
        }
    }

    /// The section of its elements; exposure facts are computed.
    pub fn section(self) -> Option<Section> {
        Some(match self {
            Subject::Exposure => return None,
            Subject::Dataset => Section::Datasets,
            Subject::Endpoint => Section::Endpoints,
            Subject::Platform => Section::Platforms,
            Subject::Service => Section::Services,
            Subject::Role => Section::Roles,
            Subject::Flow => Section::Flows,
            Subject::Party => Section::Parties,
            Subject::Control => Section::Controls,
            Subject::Change => Section::Changes,
            Subject::Decision => Section::Decisions,
        })
    }
}

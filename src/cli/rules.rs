//! `sandtable rules`: the rules that there are, and whether each does what its models say.

use super::Format;
use super::output::{Outcome, complain, print, table};
use super::today::Today;
use crate::analysis::access::effective;
use crate::analysis::threats::{self, RuleSet};
use crate::library::catalogue::{Catalogue, title};
use crate::library::rule::{self, Example, Impact, Rule};
use crate::model::facts::Day;
use crate::model::text::{counted, nearest};
use crate::store::disk::read_text;
use crate::store::ron::load;
use crate::store::workspace;
use anyhow::{Result, anyhow};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// List the rules, show one, or test them
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable rules list\n  sandtable rules show LC-020\n  sandtable rules test --rules rules/mine.ron"
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the rules
    ///
    /// JSON: {"rules": [{"id", "title", "about", "stride", "linddun", "references", "because", "applies", "unless",
    /// "likelihood", "impact", "answer", "file", "line"}]}
    ///
    /// Example: sandtable rules list --format json
    List {
        #[command(flatten)]
        own: Files,
        /// How to print
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Show one rule whole
    ///
    /// JSON: {"rule": {as in the list, and "catalogues": [{"id", "catalogue", "title"}]}}
    ///
    /// Example: sandtable rules show LC-020
    #[command(visible_alias = "explain")]
    Show {
        /// The rule
        rule: String,
        #[command(flatten)]
        own: Files,
        /// How to print
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Check that every rule fires in its first model, and in no other
    ///
    /// Exit code 1 where one does not.
    ///
    /// Example: sandtable rules test --rules rules/mine.ron
    Test {
        #[command(flatten)]
        own: Files,
    },
}

/// Rules beside those that are shipped, and those that the workspace names in `sandtable.ron`.
#[derive(Debug, clap::Args)]
pub struct Files {
    /// A file with rules of your own; may be given again
    #[arg(long = "rules", value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// What models are judged by: rules of one's own, and the day.
#[derive(Debug, clap::Args)]
pub struct Own {
    #[command(flatten)]
    pub files: Files,
    #[command(flatten)]
    pub today: Today,
}

impl Files {
    /// The shipped rules, those of the workspace of a model (without one of that around the folder one is in), and these; checked.
    pub fn rules(&self, model: Option<&Path>) -> Result<RuleSet> {
        let mut rules = rule::shipped()?;
        let workspace = model.map_or_else(|| workspace::around(Path::new(".")), workspace::of);
        if let Some(folder) = workspace {
            rules.extend(workspace::rules(&folder)?);
        }
        for path in &self.files {
            rules.extend(rule::read(&path.display().to_string(), &read_text(path)?.text)?);
        }
        Ok(RuleSet::new(rules)?)
    }
}

pub fn run(args: Args) -> Result<Outcome> {
    match args.command {
        Command::List { own, format } => {
            let rules = own.rules(None)?;
            match format {
                Format::Json => {
                    let list: Vec<Value> = rules.rules().map(to_json).collect();
                    print(&format!("{}\n", serde_json::to_string_pretty(&json!({"rules": list}))?))
                }
                Format::Text => {
                    let rows: Vec<Vec<String>> = rules
                        .rules()
                        .map(|rule| vec![rule.id.clone(), rule.about.name().to_owned(), rule.title.clone()])
                        .collect();
                    print(&table(&["rule", "about", "title"], &rows))
                }
            }
        }
        Command::Show { rule, own, format } => {
            let rules = own.rules(None)?;
            let rule = known(&rules, &rule)?;
            match format {
                Format::Text => print(&shown(rule)),
                Format::Json => {
                    let mut value = to_json(rule);
                    value["catalogues"] = rule.references.iter().map(|id| reference_to_json(id)).collect();
                    print(&format!("{}\n", serde_json::to_string_pretty(&json!({"rule": value}))?))
                }
            }
        }
        Command::Test { own } => test(&own.rules(None)?),
    }
}

/// The rule that a person named.
pub fn known<'a>(rules: &'a RuleSet, id: &str) -> Result<&'a Rule> {
    rules.rules().find(|rule| rule.id == id).ok_or_else(|| {
        let meant = nearest(id, rules.rules().map(|rule| rule.id.as_str()));
        let hint = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
        anyhow!("there is no rule `{id}`{hint} (sandtable rules list shows all)")
    })
}

/// A likelihood and an impact as people read them.
pub fn impact_word(impact: Impact) -> String {
    match impact {
        Impact::Fixed(value) => value.to_string(),
        Impact::OfClass => "as sensitive as the data".to_owned(),
    }
}

fn shown(rule: &Rule) -> String {
    let names = |names: Vec<String>| if names.is_empty() { "–".to_owned() } else { names.join(", ") };
    let stride = names(rule.stride.iter().map(|kind| format!("{kind:?}")).collect());
    let linddun = names(rule.linddun.iter().map(|kind| format!("{kind:?}")).collect());
    let unless = rule.unless.as_ref().map_or(String::new(), |unless| format!("unless      {}\n", unless.text));
    format!(
        "{} {}\n\n{}\n{}\n\nabout       every {}\napplies     {}\n{unless}STRIDE      {stride}\nLINDDUN     {linddun}\nlikelihood  {} of 5 (an assumption)\nimpact      {} of 5 (an assumption)\nfrom        {}:{}\n\n{}",
        rule.id,
        rule.title,
        rule.because,
        rule.answer,
        rule.about.name(),
        rule.applies.text,
        rule.likelihood,
        impact_word(rule.impact),
        rule.file,
        rule.line,
        references(rule),
    )
}

/// The catalogues to which a rule refers, one a line, with the titles that may be shown.
fn references(rule: &Rule) -> String {
    let rows: Vec<Vec<String>> = rule
        .references
        .iter()
        .map(|id| {
            let catalogue = Catalogue::of(id).map_or("", Catalogue::name);
            vec![catalogue.to_owned(), id.clone(), title(id).unwrap_or_default().to_owned()]
        })
        .collect();
    if rows.is_empty() { String::new() } else { table(&["catalogue", "id", "what it is called"], &rows) }
}

fn reference_to_json(id: &str) -> Value {
    json!({"id": id, "catalogue": Catalogue::of(id).map(Catalogue::name), "title": title(id)})
}

fn to_json(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "title": rule.title,
        "about": rule.about.name(),
        "stride": rule.stride,
        "linddun": rule.linddun,
        "references": rule.references,
        "because": rule.because,
        "applies": rule.applies.text,
        "unless": rule.unless.as_ref().map(|unless| &unless.text),
        "likelihood": rule.likelihood,
        "impact": match rule.impact {
            Impact::Fixed(value) => json!(value),
            Impact::OfClass => json!("class"),
        },
        "answer": rule.answer,
        "file": rule.file,
        "line": rule.line,
    })
}

fn test(rules: &RuleSet) -> Result<Outcome> {
    let mut wrong = 0;
    let mut complain_of = |rule: &Rule, what: String| {
        wrong += 1;
        complain(&format!("{}:{}:1: error: {}: {what}", rule.file, rule.line, rule.id));
    };
    // Rules may ask for a day; any one will do, as long as it is the same for everybody.
    let today: Option<Day> = "2026-01-01".parse().ok();
    for rule in rules.rules() {
        let alone = RuleSet::new(vec![rule.clone()])?;
        let mut examples: Vec<(&str, &Example, &str)> =
            vec![("fires", &rule.fires, "fires"), ("silent", &rule.silent, "silent")];
        examples.extend(rule.answered.iter().map(|example| ("answered", example, "answered")));
        for (name, example, wanted) in examples {
            match load(&example.text) {
                Err(diagnostic) => complain_of(rule, format!("the model `{name}`: {}", diagnostic.message)),
                Ok(loaded) => loaded
                    .diagnostics
                    .iter()
                    .filter(|found| found.severity == crate::model::validate::Severity::Error)
                    .for_each(|found| complain_of(rule, format!("the model `{name}`: {}", found.message))),
            }
            let access = effective(&example.model);
            let verdicts = alone.judge(&example.model, &access, today, false)?;
            let has = |word: &str| verdicts.iter().any(|verdict| verdict.outcome.word() == word);
            let found = if has("fires") {
                "fires"
            } else if has("answered") {
                "answered"
            } else if has("unknown") {
                "unknown"
            } else {
                "silent"
            };
            if found != wanted {
                let missing = verdicts.iter().find_map(|verdict| match &verdict.outcome {
                    threats::Outcome::Unknown(missing) => missing.first(),
                    _ => None,
                });
                let why =
                    missing.map_or(String::new(), |fact| format!(" ({} of {} is missing)", fact.field, fact.element));
                complain_of(rule, format!("in the model `{name}` it is {found}, not {wanted}{why}"));
            }
        }
    }
    let count = rules.rules().count();
    print(&format!("{}, {}\n", counted(count, "rule"), counted(wrong, "mistake")))?;
    Ok(if wrong == 0 { Outcome::Good } else { Outcome::Closed })
}

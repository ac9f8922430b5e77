//! `sandtable controls`: the usual controls that are shipped.

use super::Format;
use super::output::{Outcome, print, table};
use crate::library::control::{Pattern, shipped};
use crate::model::text::nearest;
use anyhow::{Result, anyhow};
use serde_json::json;

/// List the usual controls, or show one
///
/// In the workbench they are added to a model with one command; there a control is proposed until somebody says that it
/// is in place, and shows it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable controls list\n  sandtable controls list --rule LC-020\n  sandtable controls show row-level-security"
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the controls
    ///
    /// JSON: {"controls": [{"id", "title", "kind", "guards": [section, ...], "answers": [rule, ...], "does", "evidence",
    /// "effectiveness", "fail_mode", "csf", "nist", "iso", "asvs", "d3fend"}]}. The effectiveness is an assumption.
    ///
    /// Example: sandtable controls list --rule LC-020
    List {
        /// Only what answers this rule
        #[arg(long)]
        rule: Option<String>,
        /// How to print
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Show one control whole
    ///
    /// Example: sandtable controls show row-level-security
    Show {
        /// The control
        control: String,
    },
}

pub fn run(args: Args) -> Result<Outcome> {
    let mut patterns = shipped();
    match args.command {
        Command::List { rule, format } => {
            if let Some(rule) = &rule {
                let rules = patterns.iter().flat_map(|pattern| &pattern.answers);
                let meant = nearest(rule, rules.map(String::as_str)).map(str::to_owned);
                patterns.retain(|pattern| pattern.answers.contains(rule));
                if patterns.is_empty() {
                    let hint = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
                    return Err(anyhow!("no control of the library answers a rule `{rule}`{hint}"));
                }
            }
            match format {
                Format::Json => print(&format!("{}\n", serde_json::to_string_pretty(&json!({"controls": patterns}))?)),
                Format::Text => {
                    let row = |pattern: &Pattern| {
                        vec![
                            pattern.id.clone(),
                            pattern.kind.name().to_lowercase(),
                            pattern.title.clone(),
                            pattern.answers.join(" "),
                        ]
                    };
                    let rows: Vec<Vec<String>> = patterns.iter().map(row).collect();
                    print(&table(&["control", "kind", "title", "answers"], &rows))
                }
            }
        }
        Command::Show { control } => {
            let found = patterns.iter().find(|pattern| pattern.id == control).ok_or_else(|| {
                let meant = nearest(&control, patterns.iter().map(|pattern| pattern.id.as_str()));
                let hint = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
                anyhow!("there is no control `{control}` in the library{hint} (sandtable controls list shows all)")
            })?;
            print(&shown(found))
        }
    }
}

fn shown(pattern: &Pattern) -> String {
    let mut text = format!(
        "{} {}\n\n{}\n\nkind           {}\nguards         {}\nanswers        {}\nevidence       {}\neffectiveness  {} % (an assumption)\nfails          {}\n",
        pattern.id,
        pattern.title,
        pattern.does,
        pattern.kind.name().to_lowercase(),
        pattern.guards.join(", "),
        pattern.answers.join(" "),
        pattern.evidence,
        pattern.effectiveness,
        pattern.fail_mode.name().to_lowercase(),
    );
    for (name, ids) in pattern.references() {
        text.push_str(&format!("{name:<13}  {}\n", ids.join(", ")));
    }
    text
}

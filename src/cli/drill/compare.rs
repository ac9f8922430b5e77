//! `sandtable drill compare`: two runs of one scenario beside each other.

use super::Sources;
use super::files::opened;
use crate::cli::Format;
use crate::cli::output::{Outcome, print, table};
use crate::drill::EXERCISE;
use crate::drill::after_action::lapse;
use crate::drill::compare::{Pair, Value, compare};
use anyhow::Result;
use serde_json::json;
use std::path::PathBuf;

/// Put two runs of one scenario beside each other
///
/// Times, decisions, what was seen, ratings, legal clocks, and what the attacker could still reach. Only what differs is
/// printed; --all prints the rest as well.
///
/// JSON: {"pairs": [{"part", "what", "first", "second", "same"}]}, times in seconds, null where nobody knows
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  sandtable drill compare drills/one.jsonl drills/what-if.jsonl")]
pub struct Args {
    /// The first log
    first: PathBuf,
    /// The second log
    second: PathBuf,
    /// The scenario, where it is neither shipped nor in `scenarios/`
    #[arg(long, value_name = "FILE")]
    scenario: Option<String>,
    /// A clock pack of your own
    #[arg(long, value_name = "FILE")]
    clocks: Option<PathBuf>,
    /// Print what is the same in both, too
    #[arg(long)]
    all: bool,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub fn run(args: Args) -> Result<Outcome> {
    let sources = |log: PathBuf| Sources { log, scenario: args.scenario.clone(), clocks: args.clocks.clone() };
    let (_, first_plan, first) = opened(&sources(args.first.clone()))?;
    let (_, second_plan, second) = opened(&sources(args.second.clone()))?;
    let pairs = compare((&first_plan, &first), (&second_plan, &second))?;
    match args.format {
        Format::Json => {
            let value = |value: &Value| match value {
                Value::Unknown => serde_json::Value::Null,
                Value::Seconds(seconds) => json!(seconds),
                Value::Words(words) => json!(words),
            };
            let list: Vec<serde_json::Value> = pairs
                .iter()
                .map(|pair| {
                    json!({"part": pair.part, "what": pair.what, "first": value(&pair.first), "second": value(&pair.second), "same": pair.is_same()})
                })
                .collect();
            print(&format!("{}\n", serde_json::to_string_pretty(&json!({"pairs": list}))?))
        }
        Format::Text => {
            let shown: Vec<&Pair> = pairs.iter().filter(|pair| args.all || !pair.is_same()).collect();
            let rows: Vec<Vec<String>> = shown
                .iter()
                .map(|pair| vec![pair.part.to_owned(), pair.what.clone(), words(&pair.first), words(&pair.second)])
                .collect();
            let names = [&args.first, &args.second].map(|path| path.display().to_string());
            let mut text = format!("{EXERCISE}\n");
            text.push_str(&table(&["", "", &names[0], &names[1]], &rows));
            text.push_str(&format!(
                "{} of {} differ\n",
                pairs.iter().filter(|pair| !pair.is_same()).count(),
                pairs.len()
            ));
            print(&text)
        }
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::Unknown => "–".to_owned(),
        Value::Seconds(seconds) => lapse(*seconds),
        Value::Words(words) => words.clone(),
    }
}

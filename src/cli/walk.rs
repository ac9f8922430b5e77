//! `sandtable walk`: which kinds of threats the team looked at on which elements, and what came of it.

use super::Format;
use super::output::{Outcome, print, read_model, table};
use crate::analysis::team::{Coverage, Looked, categories};
use crate::app::walk::{Kinds, letter, sign};
use crate::model::threats::Category;
use anyhow::Result;
use clap::ValueEnum;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Show which kinds of threats the team looked at on which elements
///
/// The coverage of the walk through STRIDE and LINDDUN, which the workbench leads through (W): what was raised, dismissed
/// with a reason, passed because nothing came to mind, and not looked at yet.
///
/// JSON: {"coverage": [{"element", "category", "looked": "raised" | "dismissed" | "nothing_found" | null}], "done": N,
/// "of": N}
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  sandtable walk models/clinic.ron --kinds linddun")]
pub struct Args {
    /// The model file
    model: PathBuf,
    /// Threats to security, to privacy, or both
    #[arg(long, value_enum, default_value = "both")]
    kinds: Wanted,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Wanted {
    Stride,
    Linddun,
    Both,
}

pub fn run(args: Args) -> Result<Outcome> {
    let model = read_model(&args.model)?.model;
    let kinds = match args.kinds {
        Wanted::Stride => Kinds::Stride,
        Wanted::Linddun => Kinds::Linddun,
        Wanted::Both => Kinds::Both,
    };
    let coverage = Coverage::new(&model);
    let (done, all) = coverage.count(|category| kinds.holds(category));
    let wanted: Vec<Category> = Category::ALL.iter().copied().filter(|category| kinds.holds(*category)).collect();
    match args.format {
        Format::Json => {
            let cells = coverage.elements.iter().flat_map(|id| {
                let asked = categories(id.section).into_iter().filter(|category| kinds.holds(*category));
                asked.map(|category| (id.any_link(), category, coverage.looked(id, category)))
            });
            let list: Vec<Value> = cells
                .map(|(element, category, looked)| {
                    let looked = looked.map(|looked| match looked {
                        Looked::Raised(_) => "raised",
                        Looked::Dismissed => "dismissed",
                        Looked::NothingFound => "nothing_found",
                    });
                    json!({"element": element, "category": category.name(), "looked": looked})
                })
                .collect();
            let whole = json!({"coverage": list, "done": done, "of": all});
            print(&format!("{}\n", serde_json::to_string_pretty(&whole)?))
        }
        Format::Text => {
            let mut head = vec!["element"];
            head.extend(wanted.iter().map(|category| letter(*category)));
            let row = |id: &crate::model::ElementId| {
                let asked = categories(id.section);
                let mut row = vec![id.any_link()];
                row.extend(wanted.iter().map(|category| match asked.contains(category) {
                    true => sign(coverage.looked(id, *category), false).to_owned(),
                    false => String::new(),
                }));
                row
            };
            let rows: Vec<Vec<String>> = coverage.elements.iter().map(row).collect();
            let text = table(&head, &rows);
            print(&format!("{text}\n{}\n{done} of {all} looked at\n", crate::app::walk::legend(false)))
        }
    }
}

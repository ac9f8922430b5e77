//! `sandtable drill new --from-path`: the attack path that is meant, and a scenario drafted from it.

use crate::analysis::access::effective;
use crate::analysis::attack::graph;
use crate::analysis::attack::paths::{Goal, Towards};
use crate::analysis::evidence::{Circumstances, Controls};
use crate::analysis::guardrails::credit::credited;
use crate::cli::output::read_model;
use crate::cli::paths::attackers_of;
use crate::drill::draft::{Source, draft};
use crate::model::text::nearest;
use crate::model::{Section, Slug};
use anyhow::{Result, anyhow};
use std::path::Path;

/// So many of the likeliest paths can be chosen from.
const MOST: usize = 100;

/// The text of a scenario, from `ATTACKER:DATASET` or `ATTACKER:DATASET:N`.
pub fn drafted(model: &Path, path: &str, id: &Slug) -> Result<String> {
    let model = read_model(model)?.model;
    let parts: Vec<&str> = path.split(':').collect();
    let (attacker, dataset, number) = match parts.as_slice() {
        [attacker, dataset] => (*attacker, *dataset, 1),
        [attacker, dataset, number] => {
            let number = number.parse().ok().filter(|number| (1..=MOST).contains(number));
            (*attacker, *dataset, number.ok_or_else(|| anyhow!("`{path}`: the number of a path is 1 to {MOST}"))?)
        }
        _ => return Err(anyhow!("`{path}` is no path: write ATTACKER:DATASET, as sandtable paths lists them")),
    };
    let dataset = model.slugs(Section::Datasets).find(|slug| slug.as_str() == dataset).cloned().ok_or_else(|| {
        let meant = nearest(dataset, model.slugs(Section::Datasets).map(Slug::as_str));
        let hint = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
        anyhow!("there is no dataset `{dataset}`{hint}")
    })?;
    let who = attackers_of(&model, Some(attacker))?;
    // Without a day, so that the same model gives the same text tomorrow.
    let credit = credited(&model, &Controls::new(&model, Circumstances::default()));
    let (graph, _) = graph(&model, &effective(&model), &who, credit);
    let mut towards = Towards::new(&model, &graph, Goal::Read(dataset.clone(), 0));
    let paths = towards.from(0, number);
    let path = paths.get(number - 1).ok_or_else(|| match paths.len() {
        0 => anyhow!("`{attacker}` has no path to `{dataset}`: sandtable paths says who has one"),
        known => anyhow!("`{attacker}` has {known} of the paths to `{dataset}` that were looked for, and not {number}"),
    })?;
    Ok(draft(&Source { model: &model, who: &who, graph: &graph, path, dataset: &dataset }, id))
}

//! `sandtable scenarios`: abuse scenarios, and whether the model still lets them happen.

use super::Format;
use super::output::{Outcome, complain, print, read_file, save_edit};
use super::today::Today;
use crate::analysis::access::effective;
use crate::analysis::attack::scenario::{State, StepState, Walked, template, walk};
use crate::analysis::attack::{Who, graph, words};
use crate::analysis::evidence::{Circumstances, Controls, Object};
use crate::analysis::guardrails::credit::credited;
use crate::model::reference::Target;
use crate::model::threats::AbuseKind;
use crate::model::{ElementId, Model, Section, Slug};
use crate::store::evidence::look_around;
use anyhow::{Result, anyhow};
use clap::ValueEnum;
use serde_json::{Value, json};
use std::path::PathBuf;

/// List abuse scenarios, and whether each can still happen
///
/// Every step has to be one that the attack graph of the model has: from what the attacker has, over grants, flows and
/// connections. A scenario holds, hangs on facts that nobody knows, or has become impossible: at which step, and why.
///
/// With --add a scenario of a kind about an element is written into the model, to be worked out.
///
/// Exit code 1, with --verify: a scenario has become impossible, so that it or the model needs a look.
///
/// JSON: {"scenarios": [{"slug", "title", "kind", "attacker", "state": "holds" | "possible" | "impossible" | "empty",
/// "step", "why", "unknown": [{"element", "field"}], "reaches_target", "steps": [{"from", "to", "action", "state", "why"}]}]}
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable scenarios models/clinic.ron\n  sandtable scenarios models/clinic.ron --verify\n  sandtable scenarios models/clinic.ron --add tampering --on appointments"
)]
pub struct Args {
    /// The model file
    model: PathBuf,
    /// Fail where a scenario has become impossible
    #[arg(long)]
    verify: bool,
    /// Add a scenario of this kind to the model
    #[arg(long, value_enum, value_name = "KIND", requires = "on")]
    add: Option<Kind>,
    /// What the added scenario is about: an endpoint, a dataset, a service or an actor
    #[arg(long, value_name = "ELEMENT", requires = "add")]
    on: Option<String>,
    #[command(flatten)]
    today: Today,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// What kind of abuse.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// More is read than the task needs
    ExcessiveRetrieval,
    /// Data is changed
    Tampering,
    /// A request is sent again
    Replay,
    /// Something else
    Other,
}

impl From<Kind> for AbuseKind {
    fn from(kind: Kind) -> AbuseKind {
        match kind {
            Kind::ExcessiveRetrieval => AbuseKind::ExcessiveRetrieval,
            Kind::Tampering => AbuseKind::Tampering,
            Kind::Replay => AbuseKind::Replay,
            Kind::Other => AbuseKind::Other,
        }
    }
}

pub fn run(args: Args) -> Result<Outcome> {
    let (file, loaded) = read_file(&args.model)?;
    let mut model = loaded.model;
    if let (Some(kind), Some(name)) = (args.add, &args.on) {
        let about = model.resolve(Target::Node, name).ok_or_else(|| {
            anyhow!("there is no actor, service, endpoint or dataset `{name}` (sandtable validate lists what is wrong)")
        })?;
        let (edit, id) =
            template(&model, &effective(&model), kind.into(), &about).map_err(|why| anyhow!("{name}: {why}"))?;
        save_edit(&args.model, &file, &model, &edit)?;
        edit.apply(&mut model);
        complain(&format!("{}: added scenario {}", args.model.display(), id.slug));
    }
    let access = effective(&model);
    let attackers = Who::of_model(&model);
    let looks = look_around(&args.model, &Object::all(&model));
    let circumstances = Circumstances { today: args.today.day(), looks: looks.as_ref() };
    let credit = credited(&model, &Controls::new(&model, circumstances));
    let (graph, _) = graph(&model, &access, &attackers, credit);
    let walked: Vec<(&Slug, Walked)> = model
        .scenarios
        .iter()
        .map(|(slug, scenario)| (slug, walk(&model, &access, &graph, &attackers, scenario)))
        .collect();
    match args.format {
        Format::Json => {
            let list: Vec<Value> = walked.iter().map(|(slug, walked)| to_json(&model, slug, walked)).collect();
            print(&format!("{}\n", serde_json::to_string_pretty(&json!({"scenarios": list}))?))?;
        }
        Format::Text => {
            let mut text = String::new();
            for (slug, walked) in &walked {
                text.push_str(&tell(&model, slug, walked));
            }
            if walked.is_empty() {
                text.push_str(
                    "the model has no scenario: --add makes one, sandtable paths --save-scenario makes one of a path\n",
                );
            }
            print(&text)?;
        }
    }
    let broken = walked.iter().any(|(_, walked)| matches!(walked.state, State::Impossible(..)));
    Ok(if args.verify && broken { Outcome::Closed } else { Outcome::Good })
}

fn tell(model: &Model, slug: &Slug, walked: &Walked) -> String {
    let id = ElementId::new(Section::Scenarios, slug.clone());
    let mut text = format!("{}: {}\n", model.title_of(&id), words::scenario_state(model, walked));
    let Some(scenario) = model.scenarios.get(slug) else { return text };
    for (number, (step, state)) in (1..).zip(scenario.steps.iter().zip(&walked.steps)) {
        text.push_str(&format!("  {number}. {}\n", words::scenario_step(model, step)));
        let says = words::step_state(model, state);
        if !says.is_empty() {
            text.push_str(&format!("     {says}\n"));
        }
    }
    text
}

fn to_json(model: &Model, slug: &Slug, walked: &Walked) -> Value {
    let Some(scenario) = model.scenarios.get(slug) else { return Value::Null };
    let (step, why) = match &walked.state {
        State::Impossible(step, why) => (Some(*step), Some(why.as_str())),
        _ => (None, None),
    };
    let unknown = match &walked.state {
        State::Hangs(facts) => facts.as_slice(),
        _ => &[],
    };
    let steps: Vec<Value> = scenario
        .steps
        .iter()
        .zip(&walked.steps)
        .map(|(step, state)| {
            let word = match state {
                StepState::Certain => "certain",
                StepState::Possible(_) => "possible",
                StepState::Impossible(_) => "impossible",
                StepState::NotReached => "not_reached",
            };
            json!({
                "from": step.from.as_ref().map(|link| link.slug().as_str()),
                "to": step.to.slug().as_str(),
                "action": step.action.as_str(),
                "state": word,
                "why": words::step_state(model, state),
            })
        })
        .collect();
    json!({
        "slug": slug.as_str(),
        "title": scenario.title.as_str(),
        "kind": scenario.kind.map(AbuseKind::name),
        "attacker": scenario.attacker.as_ref().map(|link| link.slug().as_str()),
        "state": walked.state.word(),
        "step": step,
        "why": why,
        "unknown": unknown.iter().map(|fact| json!({"element": fact.element.any_link(), "field": fact.field})).collect::<Vec<_>>(),
        "reaches_target": walked.reaches_target,
        "steps": steps,
    })
}

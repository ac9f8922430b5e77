//! `sandtable paths`: what attackers reach, on which paths, and what stands in their way.

use super::Format;
use super::output::{Outcome, complain, print, read_file, save_edit};
use super::today::Today;
use crate::analysis::access::effective;
use crate::analysis::attack::graph::{Graph, Step};
use crate::analysis::attack::paths::{Goal, Path, Reach, Towards, guarded_rank, jewels, reach};
use crate::analysis::attack::{Who, graph, scenario, words};
use crate::analysis::condition::Missing;
use crate::analysis::evidence::{Circumstances, Controls, Object};
use crate::analysis::exposure::rank_of;
use crate::analysis::guardrails::alone::Guarded;
use crate::analysis::guardrails::choke::{Choke, choke};
use crate::analysis::guardrails::credit::credited;
use crate::analysis::guardrails::reliance::{Reliance, WANTED, failing_together};
use crate::library::attackers;
use crate::model::text::{counted, nearest};
use crate::model::{ElementId, Model, Section, Slug};
use crate::store::evidence::look_around;
use crate::store::ron::Loaded;
use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// List the paths of attackers to data, and what guards them
///
/// A path is a row of steps, each proved by facts of the model. Where a fact is unknown a step is possible, and the path
/// says on which facts it hangs. The chances of steps are assumptions (docs/ATTACK.md), made to compare paths. A control
/// counts by half of its effectiveness until a test shows it.
///
/// The one guardrail: a group of controls that stands alone somewhere, so that a likely path meets nothing else that
/// counts, is named with what it stands before; and so is whoever meets none at all.
///
/// Without --attacker: the attackers of the model, or the profiles of the library where it has none. Without --to: every
/// dataset at or over the class (confidential), the likeliest path to each.
///
/// Exit code 1: a path that is certain leads to data of confidential or higher, and fewer than two independent groups of
/// controls on it count. What is only possible closes no gate.
///
/// JSON: {"paths": [{"attacker", "to", "class", "certain", "chance", "steps": [{"kind", "from", "to", "text", "proof":
/// [{"element", "place"}], "unknown": [{"element", "field"}], "controls": [...]}], "unknown", "controls": [{"control",
/// "credit", "chance_without"}], "independent_groups", "residual", "complaint"}], "attackers": [{"name", "title", "own",
/// "assumed", "unbound", "reach", "passed_by_all", "met_by_all", "closing", "unguarded"}], "dependency_groups",
/// "guardrails": [{"group", "controls", "before": [{"attacker", "to"}]}], "assumptions"}
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable paths models/clinic.ron\n  sandtable paths models/clinic.ron --attacker curious-clerk --to patients -k 5\n  sandtable paths models/clinic.ron --attacker misled-agent --min-class restricted\n  sandtable paths models/clinic.ron --to patients --without own-rows-only\n  sandtable paths models/clinic.ron --attacker form-harvester --to appointments --save-scenario harvest"
)]
pub struct Args {
    /// The model file
    model: PathBuf,
    /// Only this attacker: of the model, or a profile of the library
    #[arg(long)]
    attacker: Option<String>,
    /// Only paths to this dataset
    #[arg(long, value_name = "DATASET")]
    to: Option<String>,
    /// Only paths to data of this class or higher
    #[arg(long, value_name = "CLASS")]
    min_class: Option<String>,
    /// Paths that end with changing data, rather than having it
    #[arg(long)]
    change: bool,
    /// At most so many paths of an attacker to a dataset
    #[arg(short, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    k: Option<u32>,
    /// As if this control were lost; may be given several times
    #[arg(long, value_name = "CONTROL")]
    without: Vec<String>,
    /// Print at most so many paths of an attacker; JSON has all
    #[arg(long, default_value = "12", value_name = "N")]
    limit: usize,
    /// Add the likeliest path to the model as an abuse scenario with this slug
    #[arg(long, value_name = "SLUG", requires = "attacker", requires = "to")]
    save_scenario: Option<String>,
    #[command(flatten)]
    today: Today,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Steps that are looked at in all searches together: some seconds of work.
const MOST_WORK: usize = 400_000_000;

/// So many unknown facts are named for an attacker.
const QUESTIONS: usize = 3;

/// What one attacker can do.
struct Found<'a> {
    who: &'a Who,
    unbound: &'a [String],
    reach: Reach,
    choke: Choke,
    paths: Vec<(Slug, Path, Reliance)>,
}

impl Found<'_> {
    /// The paths that are certain, lead to data worth guarding, and rest on too few groups.
    fn closes(&self, guarded: u32) -> usize {
        let weak = |(_, path, reliance): &&(Slug, Path, Reliance)| {
            path.is_certain() && path.rank.is_some_and(|rank| rank >= guarded) && reliance.independent() < WANTED
        };
        self.paths.iter().filter(weak).count()
    }
}

pub fn run(args: Args) -> Result<Outcome> {
    let (file, loaded) = read_file(&args.model)?;
    let model = &loaded.model;
    let attackers = attackers_of(model, args.attacker.as_deref())?;
    let looks = look_around(&args.model, &Object::all(model));
    let circumstances = Circumstances { today: args.today.day(), looks: looks.as_ref() };
    let mut credit = credited(model, &Controls::new(model, circumstances));
    for name in &args.without {
        let slug = known(model, Section::Controls, name)?;
        credit = credit.without(&slug);
    }
    let guarded = guarded_rank(model);
    let least = match &args.min_class {
        Some(name) => {
            let class = Slug::new(name).ok().and_then(|slug| rank_of(model, &slug));
            class.ok_or_else(|| anyhow!("there is no class `{name}` on the ladder of this model"))?.rank
        }
        None if args.to.is_some() => 0,
        None => guarded,
    };
    let (graph, unbound) = graph(model, &effective(model), &attackers, credit);
    let mut complete = !graph.is_cut;
    // One search a goal, and one an attacker: together no more than so many steps are looked at.
    let most = (MOST_WORK / graph.steps.len().max(1)).max(1);
    let mut goals: Vec<Goal> = match &args.to {
        Some(name) => vec![known(model, Section::Datasets, name)?],
        None => jewels(model, least),
    }
    .into_iter()
    .map(|slug| if args.change { Goal::Change(slug) } else { Goal::Read(slug, least) })
    .collect();
    complete &= goals.len() <= most && unbound.len() <= most;
    goals.truncate(most);
    let k = args.k.unwrap_or(if args.to.is_some() { 3 } else { 1 }) as usize;
    let mut found: Vec<Found<'_>> = attackers
        .iter()
        .zip(&unbound)
        .take(most)
        .enumerate()
        .map(|(at, (who, unbound))| Found {
            who,
            unbound,
            reach: reach(&graph, at),
            choke: choke(model, &graph, at, &goals),
            paths: Vec::new(),
        })
        .collect();
    for goal in &goals {
        let mut towards = Towards::new(model, &graph, goal.clone());
        for (at, one) in found.iter_mut().enumerate() {
            for path in towards.from(at, k) {
                let reliance = Reliance::of(model, &graph.credit, &path.controls);
                one.paths.push((goal.dataset().clone(), path, reliance));
            }
        }
        complete &= towards.is_complete();
    }
    let guardrails = Guarded::new(model, &graph, found.len(), &goals);
    for one in &mut found {
        one.paths
            .sort_by(|(_, a, _), (_, b, _)| b.is_certain().cmp(&a.is_certain()).then(b.chance.total_cmp(&a.chance)));
    }
    let teller = Teller {
        loaded: &loaded,
        graph: &graph,
        attackers: &attackers,
        guardrails,
        file: args.model.display().to_string(),
    };
    match args.format {
        Format::Json => print(&format!("{}\n", serde_json::to_string_pretty(&teller.json(&found))?))?,
        Format::Text => print(&teller.text(&found, &args, least, guarded))?,
    };
    if let Some(slug) = &args.save_scenario {
        let (_, path, _) = found
            .first()
            .and_then(|one| one.paths.first())
            .ok_or_else(|| anyhow!("there is no path, and so no scenario was saved"))?;
        let slug = Slug::new(slug).map_err(|error| anyhow!("{error}"))?;
        if model.scenarios.contains_key(&slug) {
            return Err(anyhow!("there is a scenario `{slug}` already: choose another slug"));
        }
        let edit = scenario::from_path(model, &attackers, &graph, path, Some(slug.clone()));
        save_edit(&args.model, &file, model, &edit).context("the scenario was not saved")?;
        complain(&format!("{}: added scenario {slug}", args.model.display()));
    }
    if !complete {
        complain("sandtable: the graph is too large to look at all of it: what is listed is not everything");
        return Ok(Outcome::Unjudged);
    }
    let closed = found.iter().map(|one| one.closes(guarded)).sum::<usize>();
    Ok(if closed > 0 { Outcome::Closed } else { Outcome::Good })
}

/// The attackers that are meant.
pub fn attackers_of(model: &Model, name: Option<&str>) -> Result<Vec<Who>> {
    let own = Who::of_model(model);
    let library = Who::of_library(model, &attackers::shipped()?);
    let Some(name) = name else { return Ok(if own.is_empty() { library } else { own }) };
    let mut all: Vec<Who> = own.into_iter().chain(library).collect();
    let names: Vec<String> = all.iter().map(|who| who.name.clone()).collect();
    match names.iter().position(|own| own == name) {
        Some(at) => Ok(vec![all.swap_remove(at)]),
        None => {
            let meant = nearest(name, names.iter().map(String::as_str));
            let hint = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
            Err(anyhow!("there is no attacker `{name}`{hint} (known: {})", names.join(", ")))
        }
    }
}

/// The slug of an element that a person named.
fn known(model: &Model, section: Section, name: &str) -> Result<Slug> {
    let found = model.slugs(section).find(|slug| slug.as_str() == name).cloned();
    found.ok_or_else(|| {
        let meant = nearest(name, model.slugs(section).map(Slug::as_str));
        let hint = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
        anyhow!("there is no {} `{name}`{hint}", section.noun())
    })
}

/// What paths are told with.
struct Teller<'a> {
    loaded: &'a Loaded,
    graph: &'a Graph,
    attackers: &'a [Who],
    guardrails: Guarded,
    file: String,
}

impl Teller<'_> {
    fn model(&self) -> &Model {
        &self.loaded.model
    }

    /// The file and line that say so: of the import, or of the model.
    fn place(&self, step: &Step, at: usize) -> Option<String> {
        let proof = step.proof.get(at)?;
        match (&proof.source, self.loaded.line_of(&proof.id)) {
            (Some(source), _) => Some(source.to_string()),
            (None, Some(line)) => Some(format!("{}:{line}", self.file)),
            (None, None) => None,
        }
    }

    fn class(&self, rank: Option<u32>) -> String {
        words::class(self.model(), rank)
    }

    /// The class that is reached, `unknown` for data of which nobody knows it.
    fn reached_class(&self, rank: Option<u32>) -> Option<String> {
        rank.map(|rank| if rank == 0 { "unknown".to_owned() } else { self.class(Some(rank)) })
    }

    fn title(&self, section: Section, slug: &Slug) -> String {
        self.model().title_of(&ElementId::new(section, slug.clone())).to_owned()
    }

    fn position(&self, at: u32) -> String {
        words::position(self.model(), self.attackers, &self.graph.positions[at as usize])
    }

    fn text(&self, found: &[Found<'_>], args: &Args, least: u32, guarded: u32) -> String {
        let model = self.model();
        let mut out = String::new();
        for one in found {
            let own = if one.who.own.is_some() { "" } else { " (a profile of the library)" };
            out.push_str(&format!("{}{own}\n", one.who.title()));
            out.push_str(&format!("  reaches {}\n", words::reach(model, &one.reach)));
            if let Some(assumed) = words::assumed(&one.who.attacker) {
                out.push_str(&format!("  assumed: {assumed}\n"));
            }
            for sentence in one.unbound {
                out.push_str(&format!("  not bound: {sentence}\n"));
            }
            for (slug, path, reliance) in one.paths.iter().take(args.limit) {
                out.push_str(&self.path(slug, path, reliance, args.change));
            }
            if one.paths.len() > args.limit {
                out.push_str(&format!("\n  {} more (--limit, --to)\n", counted(one.paths.len() - args.limit, "path")));
            }
            if one.paths.is_empty() {
                let to = args.to.as_ref().map_or_else(
                    || format!("to data of {} or higher", self.class(Some(least))),
                    |name| format!("to {name}"),
                );
                out.push_str(&format!("  no path {to}\n"));
            }
            out.push_str(&self.guardrails(&one.choke));
            out.push_str(&self.questions(one));
            out.push('\n');
        }
        for group in failing_together(model).iter().filter(|group| group.controls.len() > 1) {
            let controls: Vec<&str> = group.controls.iter().map(Slug::as_str).collect();
            out.push_str(&format!(
                "{} down: {} on {} fail together ({})\n",
                group.name,
                counted(controls.len(), "control"),
                counted(group.endpoints.len(), "endpoint"),
                controls.join(", ")
            ));
        }
        out.push_str(&self.alone());
        let weak: usize = found.iter().map(|one| one.closes(guarded)).sum();
        let class = self.class(Some(guarded));
        out.push_str(&match weak {
            0 => format!("no certain path above leads to {class} data past fewer than {WANTED} independent groups of controls\n"),
            _ => format!("{} above, certain and to {class} data or higher, with fewer than {WANTED} independent groups of controls: the gate is closed\n", counted(weak, "path")),
        });
        out.push_str("chances are assumptions, made to compare paths (docs/ATTACK.md)\n");
        out
    }

    fn path(&self, slug: &Slug, path: &Path, reliance: &Reliance, change: bool) -> String {
        let model = self.model();
        let certain = if path.is_certain() { "certain" } else { "possible" };
        let class = if change { "changes".to_owned() } else { self.class(path.rank) };
        let mut out = format!(
            "\n  → {} ({class}): {certain}, chance {:.3} assumed\n",
            self.title(Section::Datasets, slug),
            path.chance
        );
        for (number, step) in (1..).zip(self.steps(path)) {
            let unknown: Vec<String> = step.unknown.iter().map(|fact| words::missing(model, fact)).collect();
            let perhaps =
                if unknown.is_empty() { String::new() } else { format!(" Perhaps: {} unknown.", unknown.join(", ")) };
            let places: Vec<String> = (0..step.proof.len()).filter_map(|at| self.place(step, at)).collect();
            let places = if places.is_empty() { String::new() } else { format!(" [{}]", places.join(", ")) };
            let sentence = words::sentence(model, self.attackers, self.graph, step);
            out.push_str(&format!("    {number}. {sentence}{perhaps}{places}\n"));
        }
        for control in &path.controls {
            let title = self.title(Section::Controls, control);
            out.push_str(&match self.graph.credit.of(control) {
                Some(credit) => {
                    let without = path.chance_without(model, self.graph, control);
                    format!(
                        "    guarded by {title}: stops {:.0} %, without it the chance is {without:.3}\n",
                        credit * 100.0
                    )
                }
                None => format!("    {title} is not counted: not in place, or nobody said how much it stops\n"),
            });
        }
        if let Some(complaint) = reliance.complaint().filter(|_| path.is_certain()) {
            out.push_str(&format!("    {complaint}\n"));
        }
        out
    }

    /// The steps that say something: that everybody is anybody does not.
    fn steps(&self, path: &Path) -> impl Iterator<Item = &Step> {
        path.steps
            .iter()
            .map(|place| &self.graph.steps[*place as usize])
            .filter(|step| !words::is_idle(self.graph, step))
    }

    fn guardrails(&self, choke: &Choke) -> String {
        let Some(passed) = &choke.passed else { return String::new() };
        let mut out = String::new();
        let names = |positions: &[u32]| positions.iter().map(|at| self.position(*at)).collect::<Vec<_>>().join(", ");
        if !passed.is_empty() {
            out.push_str(&format!("\n  every certain path passes: {}\n", names(passed)));
        }
        if !choke.met.is_empty() {
            let met: Vec<String> = choke.met.iter().map(|slug| self.title(Section::Controls, slug)).collect();
            out.push_str(&format!("  every certain path meets: {}\n", met.join(", ")));
        }
        match &choke.closing {
            Some(closing) if !closing.is_empty() => {
                out.push_str(&format!(
                    "  closing {} closes all of them: {}\n",
                    counted(closing.len(), "place"),
                    names(closing)
                ));
            }
            _ => {}
        }
        out
    }

    /// What stands alone somewhere, and whom nothing stops.
    fn alone(&self) -> String {
        let model = self.model();
        let mut out = String::new();
        for alone in &self.guardrails.alone {
            let before = words::stands_before(model, self.attackers, alone);
            out.push_str(&format!("the one guardrail: {} stands alone before {before}\n", words::group(model, alone)));
        }
        for (who, open) in self.attackers.iter().zip(&self.guardrails.open).filter(|(_, open)| !open.is_empty()) {
            let datasets = words::datasets(model, open);
            out.push_str(&format!("no guardrail: {} meets none that counts on the way to {datasets}\n", who.title()));
        }
        out
    }

    /// The unknown facts on which most of the possible paths hang.
    fn questions(&self, one: &Found<'_>) -> String {
        let mut counts: BTreeMap<&Missing, usize> = BTreeMap::new();
        for fact in one.paths.iter().flat_map(|(_, path, _)| &path.unknown) {
            *counts.entry(fact).or_default() += 1;
        }
        let mut counts: Vec<(&Missing, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(fact, count)| (std::cmp::Reverse(*count), *fact));
        let line = |(fact, count): &(&Missing, usize)| {
            format!("    {} ({})\n", words::missing(self.model(), fact), counted(*count, "path"))
        };
        let lines: String = counts.iter().take(QUESTIONS).map(line).collect();
        if lines.is_empty() { lines } else { format!("\n  find out first, since paths hang on it:\n{lines}") }
    }

    fn json(&self, found: &[Found<'_>]) -> Value {
        let model = self.model();
        let paths: Vec<Value> = found
            .iter()
            .flat_map(|one| one.paths.iter().map(move |(slug, path, reliance)| (one, slug, path, reliance)))
            .map(|(one, slug, path, reliance)| {
                json!({
                    "attacker": one.who.name,
                    "to": slug.as_str(),
                    "class": path.rank.map(|rank| self.class(Some(rank))),
                    "certain": path.is_certain(),
                    "chance": rounded(path.chance),
                    "steps": self.steps(path).map(|step| self.step_json(step)).collect::<Vec<_>>(),
                    "unknown": path.unknown.iter().map(|fact| json!({"element": fact.element.any_link(), "field": fact.field})).collect::<Vec<_>>(),
                    "controls": path.controls.iter().map(|control| json!({
                        "control": control.as_str(),
                        "credit": self.graph.credit.of(control).map(rounded),
                        "chance_without": rounded(path.chance_without(model, self.graph, control)),
                        "birnbaum": reliance.importance.iter().find(|found| found.control == *control).map(|found| rounded(found.birnbaum)),
                    })).collect::<Vec<_>>(),
                    "independent_groups": reliance.independent(),
                    "residual": rounded(reliance.residual),
                    "complaint": reliance.complaint(),
                })
            })
            .collect();
        let names = |positions: &[u32]| positions.iter().map(|at| self.position(*at)).collect::<Vec<_>>();
        let attackers: Vec<Value> = found
            .iter()
            .zip(&self.guardrails.open)
            .map(|(one, open)| {
                json!({
                    "name": one.who.name,
                    "title": one.who.title(),
                    "own": one.who.own.is_some(),
                    "assumed": words::assumed(&one.who.attacker),
                    "unbound": one.unbound,
                    "reach": one.reach.data.iter().map(|(slug, reached)| json!({
                        "dataset": slug.as_str(),
                        "likely_class": self.reached_class(reached.likely),
                        "certain_class": self.reached_class(reached.certain),
                        "possible_class": self.reached_class(reached.possible),
                    })).collect::<Vec<_>>(),
                    "passed_by_all": one.choke.passed.as_deref().map(names),
                    "met_by_all": one.choke.met.iter().map(Slug::as_str).collect::<Vec<_>>(),
                    "closing": one.choke.closing.as_deref().map(names),
                    "unguarded": open.iter().map(Slug::as_str).collect::<Vec<_>>(),
                })
            })
            .collect();
        let groups: Vec<Value> = failing_together(model)
            .iter()
            .map(|group| {
                json!({
                    "group": group.name,
                    "controls": group.controls.iter().map(Slug::as_str).collect::<Vec<_>>(),
                    "endpoints": group.endpoints.iter().map(Slug::as_str).collect::<Vec<_>>(),
                })
            })
            .collect();
        json!({
            "paths": paths,
            "attackers": attackers,
            "dependency_groups": groups,
            "guardrails": self.guardrails.alone.iter().map(|alone| json!({
                "group": alone.name,
                "controls": alone.controls.iter().map(Slug::as_str).collect::<Vec<_>>(),
                "before": alone.before.iter().flat_map(|(at, datasets)| {
                    let attacker = self.attackers.get(*at).map(|who| who.name.as_str());
                    datasets.iter().map(move |slug| json!({"attacker": attacker, "to": slug.as_str()}))
                }).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "assumptions": "chances are assumed, not measured: docs/ATTACK.md",
        })
    }

    fn step_json(&self, step: &Step) -> Value {
        let proof: Vec<Value> = step
            .proof
            .iter()
            .enumerate()
            .map(|(at, proof)| json!({"element": proof.id.any_link(), "place": self.place(step, at)}))
            .collect();
        json!({
            "kind": step.kind.name(),
            "from": self.position(step.from),
            "to": self.position(step.to),
            "text": words::sentence(self.model(), self.attackers, self.graph, step),
            "chance": step.kind.chance(),
            "proof": proof,
            "unknown": step.unknown.iter().map(|fact| json!({"element": fact.element.any_link(), "field": fact.field})).collect::<Vec<_>>(),
            "controls": step.controls.iter().map(Slug::as_str).collect::<Vec<_>>(),
        })
    }
}

/// Six digits: more would be noise.
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

//! The attackers screen without a screen: who there is, what each reaches, on which paths, and what stands in the way.

use super::fuzzy::filter_matches;
use super::layer::{Emphasis, Styled};
use super::list::{self, Cursor};
use super::state::App;
use crate::analysis::access::Access;
use crate::analysis::attack::graph::{Graph, Step, chance_past};
use crate::analysis::attack::paths::{Goal, Path, Reach, Towards, guarded_rank, jewels, reach};
use crate::analysis::attack::scenario::{Walked, walk};
use crate::analysis::attack::{Who, graph, words};
use crate::analysis::evidence::Controls;
use crate::analysis::guardrails::alone::Guarded;
use crate::analysis::guardrails::choke::{Choke, choke};
use crate::analysis::guardrails::credit::credited;
use crate::analysis::guardrails::reliance::{Reliance, failing_together};
use crate::library::attackers;
use crate::model::text::counted;
use crate::model::{ElementId, Model, Section, Slug};

/// What stands where attackers are to stand, while somebody looks at them.
pub const LOOKING: &str = "What attackers reach is still being looked at.";

/// So many paths of an attacker to a dataset are shown.
const PATHS: usize = 3;

/// The screen as the person left it.
#[derive(Debug, Clone, Default)]
pub struct Attackers {
    /// The list.
    pub list: Cursor,
    /// The dataset to which paths are shown: its place among the goals.
    pub goal: usize,
    /// The path that is chosen among those shown.
    pub path: usize,
    /// Whether paths end with changing data, rather than having it.
    pub change: bool,
    /// Controls that are looked at as if they were lost.
    pub lost: Vec<Slug>,
    /// Shows only what matches.
    pub filter: String,
}

impl Attackers {
    /// Whether the same paths are shown where the screen was left so, wherever it is scrolled to and whichever is chosen.
    pub fn shows_as(&self, other: &Attackers) -> bool {
        let what = |own: &Attackers| (own.list.at(), own.goal, own.change);
        what(self) == what(other) && self.lost == other.lost && self.filter == other.filter
    }
}

/// What attackers can do with a revision of the model.
#[derive(Debug, Clone, Default)]
pub struct Attack {
    /// The attackers of the model, and then the profiles of the library.
    pub who: Vec<Who>,
    /// Of each, what could not be bound to the model.
    pub unbound: Vec<Vec<String>>,
    /// Of each, what it reaches.
    pub reach: Vec<Reach>,
    /// The graph.
    pub graph: Graph,
    /// The datasets to which paths are looked for, the highest class first.
    pub goals: Vec<Slug>,
    /// What stands alone before these, and whom nothing stops.
    pub guarded: Guarded,
    /// The scenarios of the model.
    pub scenarios: Vec<(Slug, Walked)>,
}

impl Attack {
    /// Looks at a model as it is, without the controls that are lost.
    pub fn new(model: &Model, access: &Access, controls: &Controls, lost: &[Slug]) -> Attack {
        let own = Who::of_model(model);
        // That the profiles can be read is tested.
        let library = Who::of_library(model, &attackers::shipped().unwrap_or_default());
        let who: Vec<Who> = own.into_iter().chain(library).collect();
        let credit = lost.iter().fold(credited(model, controls), |credit, lost| credit.without(lost));
        let (graph, unbound) = graph(model, access, &who, credit);
        let reach = (0..who.len()).map(|at| reach(&graph, at)).collect();
        let scenarios = model
            .scenarios
            .iter()
            .map(|(slug, scenario)| (slug.clone(), walk(model, access, &graph, &who, scenario)))
            .collect();
        let least = least_rank(model);
        let goals = jewels(model, least);
        let wanted: Vec<Goal> = goals.iter().map(|slug| Goal::Read(slug.clone(), least)).collect();
        let guarded = Guarded::new(model, &graph, who.len(), &wanted);
        Attack { who, unbound, reach, graph, goals, guarded, scenarios }
    }
}

/// What is shown of the attacker under the cursor: worked out once, and painted often.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// What paths are to lead to.
    pub goal: Option<Goal>,
    /// The paths.
    pub paths: Vec<Path>,
    /// Where all certain ways come together.
    pub choke: Choke,
}

impl Shown {
    /// Works it out.
    pub fn new(app: &App) -> Shown {
        let goal = goal(app);
        let (Some(at), Some(to)) = (current(app), goal.clone()) else {
            return Shown { goal, ..Shown::default() };
        };
        let (model, graph) = (&app.model, &app.attack().graph);
        let choke = choke(model, graph, at, std::slice::from_ref(&to));
        Shown { goal, paths: Towards::new(model, graph, to).from(at, PATHS), choke }
    }
}

/// A line of the list: a heading, or an attacker by its place in [`Attack::who`].
pub type Line = list::Line<&'static str, usize>;

/// The places of the attackers that match the filter.
pub fn rows(app: &App) -> Vec<usize> {
    let matches = |who: &Who| {
        let attacker = &who.attacker;
        let entry = attacker.entry.map_or("", |entry| entry.name());
        filter_matches(&app.attackers.filter, &[who.title(), &who.name, attacker.intent.as_str(), entry])
    };
    (0..).zip(&app.attack().who).filter(|(_, who)| matches(who)).map(|(at, _)| at).collect()
}

/// The list as lines.
pub fn lines(app: &App) -> Vec<Line> {
    let who = &app.attack().who;
    let mut lines = Vec::new();
    let mut own = None;
    for (row, at) in rows(app).into_iter().enumerate() {
        let is_own = who.get(at).is_some_and(|who| who.own.is_some());
        if own != Some(is_own) {
            own = Some(is_own);
            lines.push(Line::Heading(if is_own { "of this model" } else { "profiles of the library" }));
        }
        lines.push(Line::Row(row, at));
    }
    lines
}

/// The place of the attacker under the cursor.
pub fn current(app: &App) -> Option<usize> {
    rows(app).get(app.attackers.list.at()).copied()
}

/// How much an attacker reaches of what is worth guarding: so many datasets likely, so many for certain, so many more perhaps.
pub fn reached(app: &App, at: usize) -> String {
    let Some(reach) = app.attack().reach.get(at) else { return String::new() };
    let [likely, certain, perhaps] = reach.at_least(guarded_rank(&app.model));
    let more = if perhaps > 0 { format!(" ?{perhaps}") } else { String::new() };
    format!("{likely}/{certain}{more}")
}

/// The least rank of data to which paths are looked for: where nothing is worth guarding, paths to anything are.
fn least_rank(model: &Model) -> u32 {
    if jewels(model, guarded_rank(model)).is_empty() { 0 } else { guarded_rank(model) }
}

/// The dataset to which paths are shown.
fn goal(app: &App) -> Option<Goal> {
    let goals = &app.attack().goals;
    let slug = goals.get(app.attackers.goal.min(goals.len().checked_sub(1)?))?.clone();
    let least = least_rank(&app.model);
    Some(if app.attackers.change { Goal::Change(slug) } else { Goal::Read(slug, least) })
}

/// The path that is chosen among those shown.
pub fn chosen(app: &App) -> Option<&Path> {
    let paths = &app.shown().paths;
    paths.get(app.attackers.path.min(paths.len().checked_sub(1)?))
}

fn title(model: &Model, section: Section, slug: &Slug) -> String {
    model.title_of(&ElementId::new(section, slug.clone())).to_owned()
}

/// Everything that there is to read about the attacker under the cursor.
pub fn reading(app: &App) -> Vec<Styled> {
    let Some(at) = current(app) else { return Vec::new() };
    let attack = app.attack();
    let mut lines = profile(&attack.who[at]);
    for sentence in attack.unbound.get(at).into_iter().flatten() {
        lines.push(Styled::row("not bound", sentence.clone()).with(Emphasis::Dim));
    }
    if let Some(reach) = attack.reach.get(at) {
        lines.push(Styled::row("reaches", words::reach(&app.model, reach)));
    }
    if let Some(open) = attack.guarded.open.get(at).filter(|open| !open.is_empty()) {
        let text = format!("no guardrail that counts before {}", words::datasets(&app.model, open));
        lines.push(Styled::row("meets", text).with(Emphasis::Warning));
    }
    for alone in &attack.guarded.alone {
        let Some(datasets) = alone.before.get(&at) else { continue };
        let datasets = words::datasets(&app.model, datasets);
        let text = format!("{} stands alone before {datasets}", words::group(&app.model, alone));
        lines.push(Styled::row("meets", text).with(Emphasis::Heading));
    }
    if !app.attackers.lost.is_empty() {
        let lost: Vec<String> =
            app.attackers.lost.iter().map(|slug| title(&app.model, Section::Controls, slug)).collect();
        lines.push(Styled::row("as if lost", lost.join(", ")).with(Emphasis::Warning));
    }
    to_goal(app, &mut lines);
    together(app, &mut lines);
    let own = attack.who[at].own.as_ref();
    let about = |slug: &Slug| {
        let attacker = app.model.scenarios.get(slug).and_then(|scenario| scenario.attacker.as_ref());
        attacker.is_some_and(|link| own.is_some_and(|own| own.slug == *link.slug()))
    };
    for (slug, walked) in attack.scenarios.iter().filter(|(slug, _)| about(slug)) {
        let text =
            format!("{}: {}", title(&app.model, Section::Scenarios, slug), words::scenario_state(&app.model, walked));
        lines.push(Styled::row("scenario", text));
    }
    lines
}

/// What is known of an attacker; its numbers are called what they are.
fn profile(who: &Who) -> Vec<Styled> {
    let attacker = &who.attacker;
    let mut lines = vec![Styled::heading(who.title().to_owned())];
    if !attacker.intent.is_empty() {
        lines.push(Styled::plain(attacker.intent.to_string()));
    }
    let hostile = match attacker.hostile {
        Some(true) => Some("means harm".to_owned()),
        Some(false) => Some("means no harm".to_owned()),
        None => None,
    };
    let about: Vec<String> = [
        attacker.entry.map(|entry| format!("comes in: {}", entry_words(entry))),
        hostile,
        attacker.motive.as_ref().map(|motive| format!("motive: {motive}")),
        attacker.resources.as_ref().map(|resources| format!("resources: {resources}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !about.is_empty() {
        lines.push(Styled::row("who", about.join(" · ")));
    }
    if let Some(assumed) = words::assumed(attacker) {
        lines.push(Styled::row("assumed", assumed));
    }
    if !attacker.prefers.is_empty() {
        let rules: Vec<&str> = attacker.prefers.iter().map(|rule| rule.as_str()).collect();
        lines.push(Styled::row("uses", rules.join(" ")).with(Emphasis::Dim));
    }
    lines
}

fn entry_words(entry: crate::model::threats::Entry) -> &'static str {
    use crate::model::threats::Entry;
    match entry {
        Entry::Anonymous => "without credentials",
        Entry::SelfRegistered => "with an account that anybody can open",
        Entry::Employee => "as one of our own people",
        Entry::Maker => "as a maker on the platform",
        Entry::Admin => "as an administrator",
        Entry::Partner => "as a partner or vendor",
        Entry::Tool => "as a program that acts for somebody",
        Entry::AccountTakeover => "with somebody else's account",
        Entry::AdminTakeover => "with an administrator's account",
    }
}

/// The paths to the chosen dataset, step by step.
fn to_goal(app: &App, lines: &mut Vec<Styled>) {
    let (model, attack) = (&app.model, app.attack());
    let Some(goal) = &app.shown().goal else {
        lines.push(Styled::plain("The model has no dataset, so there is nothing to reach.").with(Emphasis::Dim));
        return;
    };
    let what = if app.attackers.change { "to change" } else { "to" };
    let place = format!("{} of {}", app.attackers.goal.min(attack.goals.len() - 1) + 1, attack.goals.len());
    lines.push(Styled::plain(""));
    lines.push(Styled::heading(format!("{what} {} · {place}", title(model, Section::Datasets, goal.dataset()))));
    let paths = &app.shown().paths;
    if paths.is_empty() {
        lines.push(Styled::plain("No path leads there, as far as the model says.").with(Emphasis::Dim));
    }
    let chosen = app.attackers.path.min(paths.len().saturating_sub(1));
    for (at, path) in paths.iter().enumerate() {
        let certain = if path.is_certain() { "certain" } else { "possible" };
        let class = if app.attackers.change { String::new() } else { format!(", {}", words::class(model, path.rank)) };
        let mark = if at == chosen && paths.len() > 1 { "▸ path" } else { "path" };
        let text = format!("{} {certain}{class}, chance {:.3} assumed", at + 1, path.chance);
        lines.push(Styled::row(mark, text).with(Emphasis::Heading));
        let steps = path.steps.iter().map(|place| &attack.graph.steps[*place as usize]);
        for (number, step) in (1..).zip(steps.filter(|step| !words::is_idle(&attack.graph, step))) {
            lines.push(step_line(app, number, step));
        }
        lines.extend(guards(app, path));
    }
}

fn step_line(app: &App, number: usize, step: &Step) -> Styled {
    let attack = app.attack();
    let sentence = words::sentence(&app.model, &attack.who, &attack.graph, step);
    let place = step.proof.iter().find_map(|proof| match (&proof.source, app.lines.get(&proof.id)) {
        (Some(source), _) => Some(format!(" [{source}]")),
        // Where the file is, the header says.
        (None, Some(line)) => Some(format!(" [{}:{line}]", app.file.rsplit('/').next().unwrap_or_default())),
        (None, None) => None,
    });
    let perhaps = match step.is_certain() {
        true => String::new(),
        false => format!(" Unknown: {}.", words::all_missing(&app.model, &step.unknown)),
    };
    let line = Styled::row(format!("{number}."), format!("{sentence}{perhaps}{}", place.unwrap_or_default()));
    if step.is_certain() { line } else { line.with(Emphasis::Warning) }
}

/// What stands against a path, what each control stops, and what opens where it is lost.
fn guards(app: &App, path: &Path) -> Vec<Styled> {
    let (model, graph) = (&app.model, &app.attack().graph);
    let mut lines = Vec::new();
    for control in &path.controls {
        let name = title(model, Section::Controls, control);
        lines.push(match graph.credit.of(control) {
            Some(credit) => {
                let without = path.chance_without(model, graph, control);
                Styled::row("guard", format!("{name} stops {:.0} %; lost, the chance is {without:.3}", credit * 100.0))
            }
            None if app.attackers.lost.contains(control) => Styled::row("lost", name).with(Emphasis::Warning),
            None => {
                Styled::row("guard", format!("{name}: not counted, not in place or effect unknown")).with(Emphasis::Dim)
            }
        });
    }
    let reliance = Reliance::of(model, &graph.credit, &path.controls);
    if let Some(complaint) = reliance.complaint() {
        lines.push(Styled::row("rests on", complaint).with(Emphasis::Warning));
    }
    lines
}

/// Where all ways come together, and what fails together.
fn together(app: &App, lines: &mut Vec<Styled>) {
    let (model, attack) = (&app.model, app.attack());
    let choke = &app.shown().choke;
    let names = |positions: &[u32]| {
        let named =
            positions.iter().map(|at| words::position(model, &attack.who, &attack.graph.positions[*at as usize]));
        named.collect::<Vec<_>>().join(", ")
    };
    if let Some(passed) = &choke.passed {
        lines.push(Styled::plain(""));
        lines.push(Styled::heading("where all certain ways come together"));
        let text = if passed.is_empty() { "nowhere".to_owned() } else { names(passed) };
        lines.push(Styled::row("passes", text));
        if !choke.met.is_empty() {
            let met: Vec<String> = choke.met.iter().map(|slug| title(model, Section::Controls, slug)).collect();
            let without = 1.0 / chance_past(model, &attack.graph.credit, choke.met.iter()).max(1e-9);
            let text = format!("{}; without, {without:.1} times as much gets through", met.join(", "));
            lines.push(Styled::row("meets", text));
        }
        if let Some(closing) = choke.closing.as_ref().filter(|closing| !closing.is_empty()) {
            lines.push(Styled::row("close", format!("{}: {}", counted(closing.len(), "place"), names(closing))));
        }
    }
    for group in failing_together(model).iter().filter(|group| group.controls.len() > 1) {
        let text = format!(
            "{} down: {} on {} fail together",
            group.name,
            counted(group.controls.len(), "control"),
            counted(group.endpoints.len(), "endpoint")
        );
        lines.push(Styled::row("together", text));
    }
}

/// Every scenario, step by step, with what the model says of each.
pub fn scenarios(app: &App) -> Vec<Styled> {
    let model = &app.model;
    let mut lines = Vec::new();
    for (slug, walked) in &app.attack().scenarios {
        let Some(scenario) = model.scenarios.get(slug) else { continue };
        lines.push(Styled::heading(title(model, Section::Scenarios, slug)));
        lines.push(Styled::row("state", words::scenario_state(model, walked)));
        for (number, (step, state)) in (1..).zip(scenario.steps.iter().zip(&walked.steps)) {
            lines.push(Styled::row(format!("{number}."), words::scenario_step(model, step)));
            let says = words::step_state(model, state);
            if !says.is_empty() {
                lines.push(Styled::row("", says).with(Emphasis::Warning));
            }
        }
        lines.push(Styled::plain(""));
    }
    lines
}

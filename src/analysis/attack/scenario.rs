//! Abuse scenarios against the graph: whether each step can still be taken, and how a path becomes a scenario.

use super::Who;
use super::build::{id, missing};
use super::graph::{Graph, Position};
use super::kinds::Kind;
use super::paths::Path;
use super::words;
use crate::analysis::access::Access;
use crate::analysis::condition::Missing;
use crate::model::edit::{Edit, Put, free_slug};
use crate::model::facts::Operation;
use crate::model::reference::NodeLink;
use crate::model::text::{Text, one_line};
use crate::model::threats::{AbuseKind, AbuseStep, Scenario};
use crate::model::{Element, ElementId, Model, Section, Slug};
use std::collections::BTreeMap;

/// Whether a step can be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepState {
    /// The model says so.
    Certain,
    /// It can where these facts are so.
    Possible(Vec<Missing>),
    /// It can not; why.
    Impossible(String),
    /// A step before it can not be taken.
    NotReached,
}

/// What became of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Every step can be taken.
    Holds,
    /// Every step can be taken where these facts are so.
    Hangs(Vec<Missing>),
    /// A step can not be taken: its place, 1 for the first, and why.
    Impossible(usize, String),
    /// It has no steps.
    Empty,
}

impl State {
    /// As JSON output writes it.
    pub fn word(&self) -> &'static str {
        match self {
            State::Holds => "holds",
            State::Hangs(_) => "possible",
            State::Impossible(..) => "impossible",
            State::Empty => "empty",
        }
    }
}

/// A scenario that was walked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walked {
    /// Each of its steps.
    pub steps: Vec<StepState>,
    /// All of it.
    pub state: State,
    /// Whether its target is reached; nothing where it names none, or can not be walked to its end.
    pub reaches_target: Option<bool>,
}

/// What the attacker has: positions, each with the facts that this hangs on.
type Held = BTreeMap<u32, Vec<Missing>>;

/// Walks a scenario. The graph has to be one for the attackers of the model, in their order; where a scenario names none,
/// it is walked by somebody who may be anything at first.
pub fn walk(model: &Model, access: &Access, graph: &Graph, attackers: &[Who], scenario: &Scenario) -> Walked {
    let walker = Walker { model, access, graph };
    let who = scenario.attacker.as_ref().map(|link| link.slug());
    let start = who.and_then(|slug| attackers.iter().position(|who| who.name == slug.as_str()));
    let mut held = walker.begin(start, who.is_none());
    let mut steps = Vec::with_capacity(scenario.steps.len());
    for (at, step) in scenario.steps.iter().enumerate() {
        if steps.iter().any(|state| matches!(state, StepState::Impossible(_) | StepState::NotReached)) {
            steps.push(StepState::NotReached);
            continue;
        }
        steps.push(match walker.take(&mut held, step, at == 0) {
            Ok(hangs) if hangs.is_empty() => StepState::Certain,
            Ok(hangs) => StepState::Possible(hangs),
            Err(why) => StepState::Impossible(why),
        });
    }
    let mut hangs = Vec::new();
    let mut state = if steps.is_empty() { State::Empty } else { State::Holds };
    for (number, step) in (1..).zip(&steps) {
        match step {
            StepState::Possible(facts) => hangs.extend(facts.iter().cloned()),
            StepState::Impossible(why) => state = State::Impossible(number, why.clone()),
            StepState::Certain | StepState::NotReached => {}
        }
    }
    hangs.sort();
    hangs.dedup();
    if state == State::Holds && !hangs.is_empty() {
        state = State::Hangs(hangs);
    }
    let target = scenario.target.as_ref().filter(|_| matches!(state, State::Holds | State::Hangs(_)));
    let reaches_target = target.map(|link| {
        let target = id(Section::Datasets, link.slug());
        held.keys().any(|at| graph.positions[*at as usize].element().as_ref() == Some(&target))
    });
    Walked { steps, state, reaches_target }
}

struct Walker<'a> {
    model: &'a Model,
    access: &'a Access,
    graph: &'a Graph,
}

impl Walker<'_> {
    fn position(&self, at: u32) -> &Position {
        &self.graph.positions[at as usize]
    }

    /// The element of a position, where scenarios can name it.
    fn node(&self, at: u32) -> Option<ElementId> {
        match self.position(at) {
            Position::Building(_) => None,
            position => position.element().filter(|id| id.section.is_node()),
        }
    }

    /// What is had before the first step: what leads nowhere on the map yet.
    fn begin(&self, start: Option<usize>, anybody: bool) -> Held {
        let mut held = Held::new();
        if anybody {
            let is_free = |at: &u32| self.node(*at).is_none() && !matches!(self.position(*at), Position::Start(_));
            held.extend((0..self.graph.positions.len() as u32).filter(is_free).map(|at| (at, Vec::new())));
        }
        if let Some(start) = start {
            held.insert(start as u32, Vec::new());
            let reached = self.spread(&held, |_| false);
            held.extend(reached);
        }
        held
    }

    /// Where steps lead from what is had, over positions that the map does not show, and to what is wanted: each with
    /// the facts that it hangs on; certain ways first.
    fn spread(&self, held: &Held, wanted: impl Fn(&ElementId) -> bool) -> Held {
        let mut found = Held::new();
        let lets = |to: u32| self.node(to).is_none_or(|id| wanted(&id));
        let sources = |certain: bool| -> Vec<u32> {
            held.iter().filter(|(_, hangs)| !certain || hangs.is_empty()).map(|(at, _)| *at).collect()
        };
        let graph = &self.graph.certain;
        let ways =
            graph.ways_from(&sources(true), |arc| lets(graph.arc(arc).to) && self.goes_on(held, graph.arc(arc).from));
        for at in (0..graph.len()).filter(|at| ways.reaches(*at)) {
            found.insert(at as u32, Vec::new());
        }
        let graph = &self.graph.all;
        let ways =
            graph.ways_from(&sources(false), |arc| lets(graph.arc(arc).to) && self.goes_on(held, graph.arc(arc).from));
        for at in (0..graph.len()).filter(|at| ways.reaches(*at)) {
            if found.contains_key(&(at as u32)) {
                continue;
            }
            let mut hangs = Vec::new();
            let mut node = at;
            while let Some(arc) = ways.arc(node) {
                hangs.extend(self.graph.steps[arc as usize].unknown.iter().cloned());
                node = graph.arc(arc).from as usize;
            }
            hangs.extend(held.get(&(node as u32)).into_iter().flatten().cloned());
            hangs.sort();
            hangs.dedup();
            found.insert(at as u32, hangs);
        }
        found
    }

    /// Whether a way goes on behind a position: not behind one of the map, unless it is where the step begins.
    fn goes_on(&self, held: &Held, at: u32) -> bool {
        self.node(at).is_none() || held.contains_key(&at)
    }

    /// Takes a step: the facts that it hangs on, or why it can not be taken.
    fn take(&self, held: &mut Held, step: &AbuseStep, is_first: bool) -> Result<Vec<Missing>, String> {
        let node = |link: &NodeLink| {
            self.model.node(link.slug().as_str()).ok_or_else(|| format!("there is no {} any more", link.slug()))
        };
        let to = node(&step.to)?;
        let from = step.from.as_ref().map(node).transpose()?;
        let sources = self.sources(held, from.as_ref(), is_first)?;
        let mut reached = self.spread(&sources, |id| *id == to);
        reached.retain(|at, _| self.node(*at).as_ref() == Some(&to));
        if reached.is_empty()
            && let Some(from) =
                from.as_ref().filter(|from| (from.section, to.section) == (Section::Datasets, Section::Datasets))
        {
            let hangs = self.relation(held, from, &to)?;
            reached = self.data_of(&to).map(|at| (at, hangs.clone())).collect();
        }
        let Some(hangs) = reached.values().min_by_key(|hangs| hangs.len()).cloned() else {
            return Err(self.no_way(from.as_ref(), &to));
        };
        for (at, hangs) in reached {
            let known = held.entry(at).or_insert_with(|| hangs.clone());
            if hangs.len() < known.len() {
                *known = hangs;
            }
        }
        Ok(hangs)
    }

    /// What is had where the step begins.
    fn sources(&self, held: &Held, from: Option<&ElementId>, is_first: bool) -> Result<Held, String> {
        let Some(from) = from else { return Ok(held.clone()) };
        let here: Held = held
            .iter()
            .filter(|(at, _)| self.node(**at).as_ref() == Some(from))
            .map(|(at, h)| (*at, h.clone()))
            .collect();
        let title = self.model.title_of(from);
        if here.is_empty() {
            // Somebody with a role is one of those who take it.
            let takes = |role: &Slug| {
                let actor = self.model.actors.get(&from.slug).filter(|_| from.section == Section::Actors);
                actor.is_some_and(|actor| actor.roles.iter().any(|own| own.slug() == role))
            };
            let as_one: Held = held
                .iter()
                .filter(|(at, _)| matches!(self.position(**at), Position::Role(role) if takes(role)))
                .map(|(at, hangs)| (*at, hangs.clone()))
                .collect();
            return match (is_first, as_one.is_empty()) {
                (true, false) => Ok(as_one),
                _ => Err(format!("nothing that was done before leads to {title}")),
            };
        }
        if from.section != Section::Datasets {
            return Ok(here);
        }
        // Who has data is still where it was had from.
        let asks = |at: u32| matches!(self.position(at), Position::Asking(..) | Position::At(_));
        Ok(held.iter().filter(|(at, _)| asks(**at)).map(|(at, hangs)| (*at, hangs.clone())).collect())
    }

    fn data_of(&self, dataset: &ElementId) -> impl Iterator<Item = u32> {
        let is_data = |position: &Position| matches!(position, Position::Data(slug, ..) if *slug == dataset.slug);
        (0u32..).zip(&self.graph.positions).filter(move |(_, position)| is_data(position)).map(|(at, _)| at)
    }

    /// Whether a relation can be followed from one dataset to another, by a role with which the first was read.
    fn relation(&self, held: &Held, from: &ElementId, to: &ElementId) -> Result<Vec<Missing>, String> {
        let (from_title, to_title) = (self.model.title_of(from), self.model.title_of(to));
        let dataset = self.model.datasets.get(&from.slug);
        let related = dataset.is_some_and(|own| own.relations.values().any(|relation| *relation.to.slug() == to.slug));
        let complete = dataset.and_then(|own| own.relations_complete);
        if !related && complete == Some(true) {
            return Err(format!("no relation leads from {from_title} to {to_title}"));
        }
        let reads = |role: &Slug, endpoint: &Slug| {
            self.access.facts.iter().any(|fact| {
                fact.op == Operation::Read
                    && fact.role == *role
                    && fact.endpoint == *endpoint
                    && fact.dataset.as_ref() == Some(&to.slug)
            })
        };
        let asking: Vec<(&Slug, &Slug)> = held
            .keys()
            .filter_map(|at| match self.position(*at) {
                Position::Asking(Some(role), endpoint) => Some((role, endpoint)),
                _ => None,
            })
            .collect();
        if !asking.iter().any(|(role, endpoint)| reads(role, endpoint)) {
            let mut roles: Vec<&str> = asking
                .iter()
                .map(|(role, _)| self.model.roles.get(*role).map_or(role.as_str(), |own| own.title.as_str()))
                .collect();
            roles.dedup();
            let roles = if roles.is_empty() { "anybody".to_owned() } else { roles.join(" or ") };
            return Err(format!("no grant lets {roles} read {to_title} there"));
        }
        Ok(if related { Vec::new() } else { vec![missing(from, "relations_complete")] })
    }

    fn no_way(&self, from: Option<&ElementId>, to: &ElementId) -> String {
        let to_title = self.model.title_of(to);
        match from {
            Some(from) => {
                format!("no grant, flow or connection leads from {} to {to_title}", self.model.title_of(from))
            }
            None => format!("no grant, flow or connection leads to {to_title}"),
        }
    }
}

/// Makes a path a scenario. A profile of the library becomes an attacker of the model with it.
pub fn from_path(model: &Model, attackers: &[Who], graph: &Graph, path: &Path, slug: Option<Slug>) -> Edit {
    let steps = path.steps.iter().map(|place| &graph.steps[*place as usize]);
    let who = steps.clone().next().and_then(|step| match graph.positions[step.from as usize] {
        Position::Start(at) => attackers.get(at),
        _ => None,
    });
    let mut puts = Vec::new();
    let attacker = who.map(|who| match &who.own {
        Some(own) => own.slug.clone(),
        None => {
            let profile = crate::library::attackers::Profile { id: who.name.clone(), attacker: who.attacker.clone() };
            let (edit, id) = crate::library::attackers::adopt(model, &profile);
            puts.extend(edit.puts);
            id.slug
        }
    });
    let mut told: Vec<String> = Vec::new();
    let mut here: Option<ElementId> = None;
    let mut abuse: Vec<AbuseStep> = Vec::new();
    let mut kind = AbuseKind::Other;
    for step in steps {
        if !words::is_idle(graph, step) {
            told.push(words::sentence(model, attackers, graph, step));
        }
        kind = match step.kind {
            Kind::ReadsAll | Kind::ReadsSome | Kind::ReadsThrough => AbuseKind::ExcessiveRetrieval,
            Kind::ChangesAll | Kind::ChangesSome | Kind::ChangesOwn => AbuseKind::Tampering,
            _ => kind,
        };
        let position = &graph.positions[step.to as usize];
        let there = position.element().filter(|id| id.section.is_node() && !matches!(position, Position::Building(_)));
        let Some(there) = there.filter(|there| here.as_ref() != Some(there)) else { continue };
        let from = here.replace(there.clone()).map(|id| NodeLink(id.slug));
        let action = Text::new(&std::mem::take(&mut told).join(" "));
        abuse.push(AbuseStep { from, to: NodeLink(there.slug), action });
    }
    let target = here.filter(|id| id.section == Section::Datasets).map(|id| id.slug.into());
    let goal = path.steps.last().map_or(String::new(), |place| {
        words::position(model, attackers, &graph.positions[graph.steps[*place as usize].to as usize])
    });
    let title = format!("{}: {goal}", who.map_or("Somebody", Who::title));
    let scenario = Scenario {
        title: Text::new(&title),
        kind: Some(kind),
        attacker: attacker.map(Into::into),
        steps: abuse,
        target,
        ..Scenario::default()
    };
    let slug = slug.unwrap_or_else(|| free_slug(model, Section::Scenarios, &title));
    puts.push(Put { id: id(Section::Scenarios, &slug), element: Some(Element::Scenario(Box::new(scenario))) });
    Edit::new(format!("add scenario {}", one_line(&title, 50)), puts)
}

/// A scenario of a kind about an element, with what has to be said of every such one; who does it is left open.
pub fn template(
    model: &Model,
    access: &Access,
    kind: AbuseKind,
    about: &ElementId,
) -> Result<(Edit, ElementId), String> {
    let title = model.title_of(about).to_owned();
    let link = |id: &ElementId| NodeLink(id.slug.clone());
    let ops: &[Operation] = match kind {
        AbuseKind::ExcessiveRetrieval => &[Operation::Read, Operation::Subscribe],
        AbuseKind::Tampering => &[Operation::Update, Operation::Create, Operation::Delete],
        AbuseKind::Replay => &[Operation::Create, Operation::Update, Operation::Delete, Operation::Execute],
        AbuseKind::Other => &[],
    };
    if !about.section.is_node() {
        return Err("a scenario is about an actor, a service, an endpoint or a dataset".to_owned());
    }
    let is_about = |fact: &&crate::analysis::access::Fact| {
        ops.contains(&fact.op)
            && match about.section {
                Section::Datasets => fact.dataset.as_ref() == Some(&about.slug),
                _ => fact.endpoint == about.slug,
            }
    };
    // The widest first.
    let fact = access.iter().filter(is_about).max_by_key(|fact| crate::analysis::exposure::Scope::of(fact));
    let endpoint = fact.map(|fact| id(Section::Endpoints, &fact.endpoint));
    let dataset = fact.and_then(|fact| fact.dataset.as_ref()).map(|slug| id(Section::Datasets, slug));
    let (first, second, what) = match kind {
        AbuseKind::ExcessiveRetrieval => (
            "Signs in, and asks as on every day.",
            "Asks without a condition, page after page, until all of it is there.",
            "Too much of",
        ),
        AbuseKind::Tampering => (
            "Signs in, and asks as on every day.",
            "Writes values that pass every check and are wrong, and watches whether anybody notices.",
            "Tampering with",
        ),
        AbuseKind::Replay => (
            "Records a request that worked.",
            "Sends the same request again, and again, with small changes.",
            "Replay at",
        ),
        AbuseKind::Other => ("Does what nobody thought of.", "", "Abuse of"),
    };
    let mut steps = Vec::new();
    match (&endpoint, &dataset) {
        (Some(endpoint), dataset) => {
            steps.push(AbuseStep { from: None, to: link(endpoint), action: Text::new(first) });
            if let Some(dataset) = dataset {
                steps.push(AbuseStep { from: Some(link(endpoint)), to: link(dataset), action: Text::new(second) });
            }
        }
        (None, _) if kind == AbuseKind::Other => {
            steps.push(AbuseStep { from: None, to: link(about), action: Text::new(first) });
        }
        (None, _) => return Err(format!("no grant makes this possible at {title}: there is nothing to start from")),
    }
    let title = format!("{what} {title}");
    let target = dataset.filter(|_| kind != AbuseKind::Replay || about.section == Section::Datasets);
    let scenario = Scenario {
        title: Text::new(&title),
        kind: Some(kind),
        steps,
        target: target.map(|id| id.slug.into()),
        ..Scenario::default()
    };
    let id = id(Section::Scenarios, &free_slug(model, Section::Scenarios, &title));
    let name = format!("add scenario {}", one_line(&title, 50));
    Ok((Edit::put(name, id.clone(), Element::Scenario(Box::new(scenario))), id))
}

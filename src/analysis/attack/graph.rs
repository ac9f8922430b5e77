//! The attack graph of a model: positions that somebody may have, and the steps between them.
//!
//! A step stands for facts of the model, which prove it. Where a fact that decides about it is unknown the step is
//! *possible*, and says which facts it hangs on; what is known not to be so is no step. How likely a step works
//! is that of its kind (`kinds`), less what controls in its way are credited with.

use super::digraph::{Arc, Digraph, Length, length_of};
use super::kinds::Kind;
use crate::analysis::condition::Missing;
use crate::analysis::guardrails::credit::Credit;
use crate::analysis::guardrails::group_failure;
use crate::analysis::hash::FastMap;
use crate::model::facts::Source;
use crate::model::reference::Target;
use crate::model::threats::{ControlKind, ControlStatus};
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::BTreeMap;

/// Where somebody may be, or what they may have.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Position {
    /// The beginning of an attacker: its place in the list of attackers.
    Start(usize),
    /// What everybody is.
    Anybody,
    /// Having a role.
    Role(Slug),
    /// Asking at an endpoint, as a role or as nobody in particular.
    Asking(Option<Slug>, Slug),
    /// Controlling an actor, a service or an endpoint.
    At(ElementId),
    /// Being inside of a boundary.
    Inside(Slug),
    /// Being a party.
    Party(Slug),
    /// Building on a platform.
    Building(Slug),
    /// Reading the files of the project.
    Files,
    /// Having data of a dataset: of a class as high as this, and perhaps of one that nobody knows.
    Data(Slug, Option<u32>, bool),
    /// Being able to change data of a dataset.
    Changes(Slug),
}

impl Position {
    /// The element that it is at or about, where there is one.
    pub fn element(&self) -> Option<ElementId> {
        Some(match self {
            Position::Start(_) | Position::Anybody | Position::Files => return None,
            Position::Role(slug) => ElementId::new(Section::Roles, slug.clone()),
            Position::Asking(_, slug) => ElementId::new(Section::Endpoints, slug.clone()),
            Position::At(id) => id.clone(),
            Position::Inside(slug) => ElementId::new(Section::Boundaries, slug.clone()),
            Position::Party(slug) => ElementId::new(Section::Parties, slug.clone()),
            Position::Building(slug) => ElementId::new(Section::Services, slug.clone()),
            Position::Data(slug, ..) | Position::Changes(slug) => ElementId::new(Section::Datasets, slug.clone()),
        })
    }
}

/// What proves a step: an element that says so, and the place in imported files.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// The element.
    pub id: ElementId,
    /// The place in imported files that says it.
    pub source: Option<Source>,
}

/// A step from one position to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Where it starts: a place among the positions.
    pub from: u32,
    /// Where it leads.
    pub to: u32,
    /// What kind of step.
    pub kind: Kind,
    /// What proves it.
    pub proof: Vec<Proof>,
    /// The facts that it hangs on; none where it is certain.
    pub unknown: Vec<Missing>,
    /// The controls that guard it, whether they are credited with anything or not.
    pub controls: Vec<Slug>,
}

impl Step {
    /// Whether the model says so.
    pub fn is_certain(&self) -> bool {
        self.unknown.is_empty()
    }
}

/// The graph.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// The positions.
    pub positions: Vec<Position>,
    /// The steps between them.
    pub steps: Vec<Step>,
    /// What controls are credited with.
    pub credit: Credit,
    /// Whether there were too many steps to look at all of them.
    pub is_cut: bool,
    /// Every step, at its place.
    pub all: Digraph,
    /// The steps that are certain; `certain_steps` says which.
    pub certain: Digraph,
    /// The places of the steps that are certain.
    pub certain_steps: Vec<u32>,
    number: FastMap<Position, u32>,
}

impl Graph {
    /// The place of a position, where the graph has it.
    pub fn number(&self, position: &Position) -> Option<u32> {
        self.number.get(position).copied()
    }

    /// How long a step is: the chance of its kind, less what its controls stop.
    fn length(&self, model: &Model, step: &Step) -> Length {
        length_of(step.kind.chance() * chance_past(model, &self.credit, step.controls.iter()))
    }
}

/// The chance that all of these controls fail: those of one dependency group together, groups independently (§ common
/// cause in `guardrails`). What is not credited with anything stops nothing.
pub fn chance_past<'a>(model: &Model, credit: &Credit, controls: impl Iterator<Item = &'a Slug>) -> f64 {
    let mut groups: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for slug in controls {
        if let Some(effect) = credit.of(slug) {
            groups.entry(group_of(model, slug)).or_default().push(1.0 - effect);
        }
    }
    groups.values().map(|failures| group_failure(failures)).product()
}

/// The dependency group of a control: what it says, or itself alone.
pub fn group_of(model: &Model, slug: &Slug) -> String {
    let group = model.controls.get(slug).and_then(|control| control.dependency_group.as_ref());
    // A name of a group is no slug of a control, even where it reads like one.
    group.map_or_else(|| format!("control {slug}"), |group| group.to_string())
}

/// The most steps of a graph: what comes from a file is bounded.
const MAX_STEPS: usize = 500_000;

/// A graph while it is made.
pub(super) struct Builder<'m> {
    pub model: &'m Model,
    graph: Graph,
    guards: FastMap<ElementId, Vec<Slug>>,
    /// The step that stands for others of the same ends, certainty and controls.
    known: FastMap<(u32, u32, bool, Vec<Slug>), usize>,
}

impl<'m> Builder<'m> {
    pub fn new(model: &'m Model, credit: Credit) -> Builder<'m> {
        let mut guards: FastMap<ElementId, Vec<Slug>> = FastMap::default();
        for (slug, control) in &model.controls {
            let after =
                matches!(control.kind, Some(ControlKind::Detective | ControlKind::Corrective | ControlKind::Deterrent));
            if after || control.status == Some(ControlStatus::Retired) {
                continue;
            }
            for guarded in &control.guards {
                if let Some(id) = model.resolve(Target::Any, guarded.0.as_str()) {
                    guards.entry(id).or_default().push(slug.clone());
                }
            }
        }
        Builder { model, graph: Graph { credit, ..Graph::default() }, guards, known: FastMap::default() }
    }

    /// Notes that not everything is looked at.
    pub fn cut(&mut self) {
        self.graph.is_cut = true;
    }

    /// The place of a position, which is made where it is new.
    pub fn position(&mut self, position: Position) -> u32 {
        if let Some(number) = self.graph.number.get(&position) {
            return *number;
        }
        let number = self.graph.positions.len() as u32;
        self.graph.positions.push(position.clone());
        self.graph.number.insert(position, number);
        number
    }

    /// Adds a step. `proof` are the elements that say so; controls of those, and of what is `touched`, guard it.
    pub fn step(
        &mut self,
        (from, to): (Position, Position),
        kind: Kind,
        proof: &[ElementId],
        touched: &[ElementId],
        unknown: Vec<Missing>,
    ) {
        if self.graph.steps.len() >= MAX_STEPS {
            return self.cut();
        }
        let (from, to) = (self.position(from), self.position(to));
        let mut controls: Vec<Slug> =
            proof.iter().chain(touched).filter_map(|id| self.guards.get(id)).flatten().cloned().collect();
        controls.sort_unstable();
        controls.dedup();
        // What proves that a secret is in the files is where it stands, not where the service does.
        let secret = |id: &ElementId| {
            let service = self.model.services.get(&id.slug).filter(|_| kind == Kind::FindsSecret)?;
            service.literal_secrets.first()?.source.clone()
        };
        let source = |id: &ElementId| secret(id).or_else(|| self.model.source_of(id).cloned());
        let proof: Vec<Proof> = proof.iter().map(|id| Proof { id: id.clone(), source: source(id) }).collect();
        let step = Step { from, to, kind, proof, unknown, controls };
        let key = (from, to, step.is_certain(), step.controls.clone());
        match self.known.get(&key) {
            // Of several that differ in nothing but what proves them, the one that works best stands for all.
            Some(place) => {
                let other = &mut self.graph.steps[*place];
                let better = (step.unknown.len(), -step.kind.chance()) < (other.unknown.len(), -other.kind.chance());
                if better {
                    *other = step;
                }
            }
            None => {
                self.known.insert(key, self.graph.steps.len());
                self.graph.steps.push(step);
            }
        }
    }

    /// The finished graph.
    pub fn finish(self) -> Graph {
        let (model, mut graph) = (self.model, self.graph);
        let arc = |step: &Step| Arc { from: step.from, to: step.to, length: graph.length(model, step) };
        let arcs: Vec<Arc> = graph.steps.iter().map(arc).collect();
        let certain: Vec<u32> =
            (0..).zip(&graph.steps).filter(|(_, step)| step.is_certain()).map(|(at, _)| at).collect();
        let certain_arcs = certain.iter().map(|place| arcs[*place as usize]).collect();
        graph.certain = Digraph::new(graph.positions.len(), certain_arcs);
        graph.all = Digraph::new(graph.positions.len(), arcs);
        graph.certain_steps = certain;
        graph
    }
}

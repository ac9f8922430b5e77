//! What the team found by itself: the threats that it raised and what became of them, and which categories of threats it
//! looked at on which element.

use super::decisions::{Decisions, Standing};
use super::evidence::{Circumstances, Controls};
use super::threats::{Outcome, Place};
use crate::model::reference::AnyLink;
use crate::model::threats::{Category, Considered};
use crate::model::{ElementId, Model, Section, Slug, Target};
use std::collections::{BTreeMap, BTreeSet};

/// The name under which decisions speak of threats that the team raised, where they name a rule otherwise.
pub const RULE: &str = "team";

/// A threat that the team raised, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// Its slug.
    pub slug: Slug,
    /// What it is about; nothing where that is gone.
    pub about: Option<ElementId>,
    /// Whether it is open (`Fires`), answered by controls, decided, or out of scope.
    pub outcome: Outcome,
    /// Likelihood × impact; nothing where one of them is unknown.
    pub risk: Option<u32>,
    /// A decision on it that does not hold any more, and why.
    pub reopened: Option<(Slug, String)>,
}

/// The threats that the team raised, the worst first; those of unknown risk before all others.
pub fn raised<'a>(model: &Model, circumstances: impl Into<Circumstances<'a>>) -> Vec<Raised> {
    let circumstances = circumstances.into();
    let controls = Controls::new(model, circumstances);
    let decisions = Decisions::new(model, circumstances.today, &controls);
    let mut all: Vec<Raised> = model
        .threats
        .iter()
        .map(|(slug, threat)| {
            let id = ElementId::new(Section::Threats, slug.clone());
            let about = model.resolve(Target::Any, threat.about.0.as_str());
            let (outcome, reopened) = outcome(model, &decisions, &controls, &id, about.as_ref());
            let risk = threat.likelihood.zip(threat.impact);
            let risk = risk.map(|(likelihood, impact)| u32::from(likelihood.value()) * u32::from(impact.value()));
            Raised { slug: slug.clone(), about, outcome, risk, reopened }
        })
        .collect();
    all.sort_by_key(|raised| std::cmp::Reverse(raised.risk.unwrap_or(u32::MAX)));
    all
}

fn outcome(
    model: &Model,
    decisions: &Decisions<'_>,
    in_place: &Controls,
    id: &ElementId,
    about: Option<&ElementId>,
) -> (Outcome, Option<(Slug, String)>) {
    let scope = |id: &ElementId| super::threats::out_of_scope(model, &Place::Element(id.clone()));
    if let Some(why) = scope(id).or_else(|| scope(about?)) {
        return (Outcome::OutOfScope(why), None);
    }
    let threat = &model.threats[&id.slug];
    // All of them are needed: the team said that these controls together stand against it.
    let controls: Vec<Slug> = threat.controls.iter().map(|link| link.slug().clone()).collect();
    if !controls.is_empty() && controls.iter().all(|slug| in_place.is_in_place(slug)) {
        return (Outcome::Answered(controls), None);
    }
    // What a decision rests on is what the threat says.
    let mut facts = || facts_of(model, &id.slug);
    match decisions.on(RULE, &Place::Element(id.clone()), &mut facts) {
        None => (Outcome::Fires, None),
        Some((slug, Standing::Holds)) => (Outcome::Decided(slug), None),
        Some((_, Standing::Mitigated(controls))) => (Outcome::Answered(controls), None),
        Some((slug, Standing::Open(why))) => (Outcome::Fires, Some((slug, why))),
    }
}

/// The digest of what a decision on a threat of the team rests on.
pub fn facts_of(model: &Model, slug: &Slug) -> String {
    let step = |level: Option<crate::model::facts::Level>| level.map_or(0, |level| level.value());
    let facts = model.threats.get(slug).map(|threat| {
        format!("{} {:?} {} {}", threat.about.0, threat.category, step(threat.likelihood), step(threat.impact))
    });
    super::decisions::digest(&[facts.unwrap_or_default()])
}

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// The team raised so many threats.
    Raised(usize),
    /// It can not happen there.
    Dismissed,
    /// Nothing came to mind.
    NothingFound,
}

/// The categories that are asked of a kind of element. STRIDE per element is Microsoft's table (Hernan and others, "Uncover
/// security design flaws using the STRIDE approach", MSDN Magazine, 2006): of an outside party spoofing and repudiation,
/// of a process all six, of data and flows tampering, disclosure and denial of service, of data repudiation as well, since
/// it may be a log. LINDDUN per element follows the table of Deng and others (2011): of an outside party linking,
/// identifying and unawareness, of everything else all but unawareness.
pub fn categories(section: Section) -> Vec<Category> {
    use Category as C;
    let stride: &[C] = match section {
        Section::Actors => &[C::Spoofing, C::Repudiation],
        Section::Services | Section::Endpoints => &[
            C::Spoofing,
            C::Tampering,
            C::Repudiation,
            C::InformationDisclosure,
            C::DenialOfService,
            C::ElevationOfPrivilege,
        ],
        Section::Datasets => &[C::Tampering, C::Repudiation, C::InformationDisclosure, C::DenialOfService],
        Section::Flows => &[C::Tampering, C::InformationDisclosure, C::DenialOfService],
        _ => &[],
    };
    let linddun: &[C] = match section {
        Section::Actors => &[C::Linking, C::Identifying, C::Unawareness],
        Section::Services | Section::Endpoints | Section::Datasets | Section::Flows => {
            &[C::Linking, C::Identifying, C::NonRepudiation, C::Detecting, C::DataDisclosure, C::NonCompliance]
        }
        _ => &[],
    };
    stride.iter().chain(linddun).copied().collect()
}

/// Which categories the team looked at on which element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The elements of the walk, in its order.
    pub elements: Vec<ElementId>,
    looked: BTreeMap<(ElementId, Category), Looked>,
}

impl Coverage {
    /// The coverage of a model. What is out of scope is not walked.
    pub fn new(model: &Model) -> Coverage {
        let mut looked: BTreeMap<(ElementId, Category), Looked> = BTreeMap::new();
        let at = |about: &AnyLink, category: Option<Category>| {
            Some((model.resolve(Target::Any, about.0.as_str())?, category?))
        };
        for entry in model.considered.values() {
            let Some(cell) = at(&entry.about, entry.category) else { continue };
            let said = match entry.outcome {
                Some(Considered::Dismissed) => Looked::Dismissed,
                Some(Considered::NothingFound) | None => Looked::NothingFound,
            };
            looked.insert(cell, said);
        }
        // A threat that was raised says more than that one was looked for.
        for threat in model.threats.values() {
            let Some(cell) = at(&threat.about, threat.category) else { continue };
            let count = match looked.get(&cell) {
                Some(Looked::Raised(count)) => count + 1,
                _ => 1,
            };
            looked.insert(cell, Looked::Raised(count));
        }
        Coverage { elements: walked(model), looked }
    }

    /// What was said of a category at an element.
    pub fn looked(&self, id: &ElementId, category: Category) -> Option<Looked> {
        self.looked.get(&(id.clone(), category)).copied()
    }

    /// How many cells were looked at, and how many there are, of those categories that are wanted.
    pub fn count(&self, wanted: impl Fn(Category) -> bool) -> (usize, usize) {
        let cells = self.elements.iter().flat_map(|id| categories(id.section).into_iter().map(move |kind| (id, kind)));
        let cells: Vec<_> = cells.filter(|(_, category)| wanted(*category)).collect();
        let done = cells.iter().filter(|(id, category)| self.looked(id, *category).is_some()).count();
        (done, cells.len())
    }
}

/// The elements of the walk: endpoints first, where strangers come in, then what stands behind them. Each flow follows the
/// element at which it starts.
fn walked(model: &Model) -> Vec<ElementId> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    let in_scope = |id: &ElementId| super::threats::out_of_scope(model, &Place::Element(id.clone())).is_none();
    for section in [Section::Endpoints, Section::Actors, Section::Services, Section::Datasets] {
        for slug in model.slugs(section) {
            let id = ElementId::new(section, slug.clone());
            if in_scope(&id) && seen.insert(id.clone()) {
                order.push(id);
            }
            for (flow, _) in model.flows.iter().filter(|(_, flow)| flow.from.slug() == slug) {
                let id = ElementId::new(Section::Flows, flow.clone());
                if in_scope(&id) && seen.insert(id.clone()) {
                    order.push(id);
                }
            }
        }
    }
    order
}

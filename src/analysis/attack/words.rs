//! Steps, facts and positions in words.

use super::Who;
use super::graph::{Graph, Position, Step};
use super::kinds::Kind;
use super::paths::Reach;
use super::scenario::{State, StepState, Walked};
use crate::analysis::condition::Missing;
use crate::analysis::guardrails::alone::Alone;
use crate::model::data::DEFAULT_CLASSES;
use crate::model::threats::{AbuseStep, Attacker};
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::BTreeSet;

/// A fact that is missing, in words.
pub fn missing(model: &Model, fact: &Missing) -> String {
    format!("{} of {} {}", fact.field.replace('_', " "), fact.element.section.noun(), model.title_of(&fact.element))
}

/// A position in words: what one then is or has.
pub fn position(model: &Model, attackers: &[Who], position: &Position) -> String {
    let title = |section: Section, slug: &Slug| model.title_of(&ElementId::new(section, slug.clone())).to_owned();
    match position {
        Position::Start(at) => attackers.get(*at).map_or("the attacker", Who::title).to_owned(),
        Position::Anybody => "anybody".to_owned(),
        Position::Role(slug) => format!("role {}", title(Section::Roles, slug)),
        Position::Asking(Some(role), slug) => {
            format!("{} as {}", title(Section::Endpoints, slug), title(Section::Roles, role))
        }
        Position::Asking(None, slug) => title(Section::Endpoints, slug),
        Position::At(id) => model.title_of(id).to_owned(),
        Position::Inside(slug) => format!("inside {}", title(Section::Boundaries, slug)),
        Position::Party(slug) => title(Section::Parties, slug),
        Position::Building(slug) => format!("building on {}", title(Section::Services, slug)),
        Position::Files => "the project's files".to_owned(),
        Position::Data(slug, ..) => title(Section::Datasets, slug),
        Position::Changes(slug) => format!("changes of {}", title(Section::Datasets, slug)),
    }
}

/// A step as a sentence, what proves it left out.
pub fn sentence(model: &Model, attackers: &[Who], graph: &Graph, step: &Step) -> String {
    let at = |number: u32| &graph.positions[number as usize];
    let (from, to) = (position(model, attackers, at(step.from)), position(model, attackers, at(step.to)));
    let proof = step.proof.iter().map(|proof| &proof.id);
    let first = |section: Section| proof.clone().find(|id| id.section == section);
    let grant = || first(Section::Grants).map_or_else(String::new, |id| format!(", by the grant {}", id.slug));
    let flow = || first(Section::Flows).map_or_else(String::new, |id| format!(" over {}", model.title_of(id)));
    let inherited = || {
        let via: Vec<&str> =
            proof.clone().filter(|id| id.section == Section::Roles).map(|id| model.title_of(id)).collect();
        if via.is_empty() { String::new() } else { format!(", inherited from {}", via.join(" from ")) }
    };
    let fields = || first(Section::Grants).and_then(|id| model.grants.get(&id.slug)).map_or(String::new(), fields_of);
    match step.kind {
        Kind::HoldsRole if *at(step.to) == Position::Anybody => "Is anybody.".to_owned(),
        Kind::HoldsRole => format!("Has the {to}."),
        Kind::SignsUp => format!("Opens an account, and has the {to}."),
        Kind::TakesOver => format!("Takes over an account of the {to}, which has no second factor."),
        Kind::TakesOverDespiteFactor => {
            format!("Takes over an account of the {to}, and gets past a second factor if there is one.")
        }
        Kind::StandsInside => format!("Is {to}."),
        Kind::ControlsElement => format!("Controls {to} from the beginning."),
        Kind::IsParty => format!("Comes as {to}."),
        Kind::RunsForUs => format!("Gets at {to}, which {from} runs."),
        Kind::MayBuild => format!("Builds apps and flows: {to}."),
        Kind::Publishes => format!("Publishes something that runs with the rights of {to}."),
        Kind::ReadsFiles => "Reads the files of the project.".to_owned(),
        Kind::FindsSecret => format!("Finds a secret in them that opens {to}."),
        Kind::ActsAs => format!("Acts as {from} does, with the {to}."),
        Kind::Asks => format!("Asks at {to}."),
        Kind::AsksInternal => format!("Asks at {to}, which is meant for our own people."),
        Kind::AsksWithoutLogin => format!("Asks at {to}, which asks nobody who they are."),
        Kind::Delivers => format!("Calls {to}{}.", flow()),
        Kind::ReadsAll => format!("Reads all rows of {to}{}{}{}.", fields(), grant(), inherited()),
        Kind::ReadsSome => {
            format!("Reads the rows of {to} that the condition lets out{}{}{}.", fields(), grant(), inherited())
        }
        Kind::ReadsTenant => {
            format!(
                "Reads the own organisation's rows of {to}, and looks for a way to those of others{}{}{}.",
                fields(),
                grant(),
                inherited()
            )
        }
        Kind::ReadsOwn => format!(
            "Reads own rows of {to}, and looks for a way to those of others{}{}{}.",
            fields(),
            grant(),
            inherited()
        ),
        Kind::ReadsThrough => format!("Follows a relation to rows of {to}{}{}{}.", fields(), grant(), inherited()),
        Kind::ChangesAll => format!("Makes {to}, in any row{}{}.", grant(), inherited()),
        Kind::ChangesSome => format!("Makes {to}, in the rows of a condition{}{}.", grant(), inherited()),
        Kind::ChangesOwn => {
            format!("Makes {to} in own rows, and looks for a way to those of others{}{}.", grant(), inherited())
        }
        Kind::FindsPasswords => format!("Reads passwords{}, and logs in with the {to}.", grant()),
        Kind::UsesSharedAccount => format!("Finds a mistake in {from}, and works with the account of {to} behind it."),
        Kind::BreaksIn => format!("Sends {from} what it does not check, and controls {to}."),
        Kind::NoAdminSecret => format!("Is administrator of {to}, which has no secret."),
        Kind::Administers => format!("Administers {to}."),
        Kind::ServesFrom => format!("Takes what {from} serves: {to}."),
        Kind::CallsOn => format!("Goes on from {from} to {to}{}.", flow()),
        Kind::UsesConnection => format!("Uses the account of {from}: {to}{}.", flow()),
        Kind::SeesFlow => format!("Sees {to} pass{}.", flow()),
        Kind::Listens | Kind::ListensOutside => {
            format!("Listens, {from}, to a flow that is not encrypted, and has {to}{}.", flow())
        }
    }
}

fn fields_of(grant: &crate::model::access::Grant) -> String {
    use crate::model::facts::Fields;
    match &grant.fields {
        Some(Fields::All) => ", every field".to_owned(),
        Some(Fields::Only(names)) if names.len() <= 4 => {
            let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
            format!(" ({})", names.join(", "))
        }
        Some(Fields::Only(names)) => format!(" ({} fields)", names.len()),
        None => ", which fields nobody knows".to_owned(),
    }
}

/// Whether a step says nothing to a person: that everybody is anybody.
pub fn is_idle(graph: &Graph, step: &Step) -> bool {
    graph.positions[step.to as usize] == Position::Anybody
}

/// What people call the class of a rank.
pub fn class(model: &Model, rank: Option<u32>) -> String {
    let Some(rank) = rank else { return "class unknown".to_owned() };
    let own = model.classes.iter().find(|(_, class)| class.rank == Some(rank));
    let shipped = || rank.checked_sub(1).and_then(|at| DEFAULT_CLASSES.get(at as usize)).map(|name| (*name).to_owned());
    match own {
        Some((slug, _)) => slug.to_string(),
        None if model.classes.is_empty() => shipped().unwrap_or_else(|| format!("rank {rank}")),
        None => format!("rank {rank}"),
    }
}

/// What is reached: `likely 1 restricted, 2 public; with luck 3 restricted; perhaps 54 of unknown class`.
pub fn reach(model: &Model, reach: &Reach) -> String {
    let class = |rank: u32| if rank == 0 { "of unknown class".to_owned() } else { class(model, Some(rank)) };
    let parts: Vec<String> = ["likely", "with luck", "perhaps"]
        .into_iter()
        .zip(reach.tiers())
        .filter(|(_, tier)| !tier.is_empty())
        .map(|(word, tier)| {
            let counts: Vec<String> =
                tier.into_iter().map(|(rank, count)| format!("{count} {}", class(rank))).collect();
            format!("{word} {}", counts.join(", "))
        })
        .collect();
    if parts.is_empty() { "no data".to_owned() } else { format!("datasets: {}", parts.join("; ")) }
}

/// What became of a scenario, in a few words.
pub fn scenario_state(model: &Model, walked: &Walked) -> String {
    let target = match walked.reaches_target {
        Some(false) => ", but its steps end before its target",
        _ => "",
    };
    match &walked.state {
        State::Holds => format!("can happen{target}"),
        State::Hangs(facts) => format!("may happen; unknown: {}{target}", all_missing(model, facts)),
        State::Impossible(step, why) => format!("impossible at step {step}: {why}"),
        State::Empty => "has no steps".to_owned(),
    }
}

/// A step of a scenario, as people wrote it.
pub fn scenario_step(model: &Model, step: &AbuseStep) -> String {
    let title = |slug: &Slug| match model.node(slug.as_str()) {
        Some(id) => model.title_of(&id).to_owned(),
        None => slug.to_string(),
    };
    let ends = match &step.from {
        Some(from) => format!("{} → {}", title(from.slug()), title(step.to.slug())),
        None => format!("→ {}", title(step.to.slug())),
    };
    format!("{ends}: {}", step.action)
}

/// What there is to say of a step that is not certain.
pub fn step_state(model: &Model, state: &StepState) -> String {
    match state {
        StepState::Certain => String::new(),
        StepState::Possible(facts) => format!("possible, unknown: {}", all_missing(model, facts)),
        StepState::Impossible(why) => format!("impossible: {why}"),
        StepState::NotReached => "not reached".to_owned(),
    }
}

/// Facts that are missing, in words.
pub fn all_missing(model: &Model, facts: &[Missing]) -> String {
    let facts: Vec<String> = facts.iter().map(|fact| missing(model, fact)).collect();
    facts.join(", ")
}

/// The estimates of an attacker in words; nothing where there are none. Nobody measured them, and whoever shows them
/// says so.
pub fn assumed(attacker: &Attacker) -> Option<String> {
    let said: Vec<String> = [
        attacker.skill.map(|skill| format!("skill {} ({} of 9)", skill.name().to_lowercase(), skill.owasp())),
        attacker.capability.map(|estimate| format!("more able than {estimate} of 100 attackers")),
        attacker.attempts_per_year.map(|estimate| format!("tries {estimate} a year")),
        attacker.risk_tolerance.map(|risk| format!("risk tolerance {}", risk.name().to_lowercase())),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!said.is_empty()).then(|| said.join(" · "))
}

/// So many names are said; the rest is counted.
const NAMED: usize = 4;

fn some(names: &[&str]) -> String {
    let said = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if names.len() > NAMED { format!("{said} and {} more", names.len() - NAMED) } else { said }
}

/// Datasets by their titles, the first of them.
pub fn datasets<'a>(model: &Model, slugs: impl IntoIterator<Item = &'a Slug>) -> String {
    let ids: Vec<ElementId> = slugs.into_iter().map(|slug| ElementId::new(Section::Datasets, slug.clone())).collect();
    some(&ids.iter().map(|id| model.title_of(id)).collect::<Vec<_>>())
}

/// A group of controls by their titles: what stands alone.
pub fn group(model: &Model, alone: &Alone) -> String {
    let ids: Vec<ElementId> =
        alone.controls.iter().map(|slug| ElementId::new(Section::Controls, slug.clone())).collect();
    some(&ids.iter().map(|id| model.title_of(id)).collect::<Vec<_>>())
}

/// Before what a group stands alone, and against whom.
pub fn stands_before(model: &Model, attackers: &[Who], alone: &Alone) -> String {
    let found: BTreeSet<&Slug> = alone.datasets();
    let against: Vec<&str> = alone.before.keys().filter_map(|at| attackers.get(*at)).map(Who::title).collect();
    format!("{}, against {}", datasets(model, found), some(&against))
}

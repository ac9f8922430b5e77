//! The journey of data on the map and as a list: what is lit, and what is said of each station and leg.

use super::appearance::encryption;
use super::badge::{Badge, Sign};
use super::detail::{place, walls_text};
use crate::analysis::journey::{By, Certainty, Journey, Leg, Reader, Station};
use crate::model::text::counted;
use crate::model::{ElementId, Model, Section, Slug};
use crate::report::svg::KEPT_HERE;
use std::collections::BTreeSet;

/// What of the map is on a journey.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lit {
    /// Elements and flows; everything else is dimmed.
    pub all: BTreeSet<ElementId>,
    /// Those of them that only may be on it.
    pub maybe: BTreeSet<ElementId>,
}

impl Lit {
    /// What a journey lights: its stations and flows, and the roles that can read on the way.
    pub fn of(journey: &Journey) -> Lit {
        let mut all = journey.elements();
        all.extend(journey.stations.iter().flat_map(|station| &station.readers).map(|reader| reader.who.clone()));
        Lit { all, maybe: journey.uncertain() }
    }
}

/// What stands at the box of a station: how far it is from where the data is kept, or that it only may get there.
pub fn badge(journey: &Journey, inside: &dyn Fn(&ElementId) -> bool) -> Option<Badge> {
    let station = journey.stations.iter().find(|station| inside(&station.id))?;
    let text = match (&station.certainty, station.hops) {
        (Certainty::Maybe(_), _) => "maybe".to_owned(),
        (_, Some(0)) => KEPT_HERE.to_owned(),
        (_, Some(hops)) => format!("step {hops}"),
        (_, None) => "not joined".to_owned(),
    };
    Some(Badge { sign: Sign::Journey, meaning: distance(station), text })
}

fn distance(station: &Station) -> String {
    match (&station.certainty, station.hops) {
        (Certainty::Maybe(why), _) => format!("maybe: {why}"),
        (_, Some(0)) => "kept here".to_owned(),
        (_, Some(hops)) => format!("{} on", counted(hops, "step")),
        (_, None) => "nothing in the model says how it gets here".to_owned(),
    }
}

/// Something that is said of a journey.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The element to go to.
    pub id: ElementId,
    /// What it is about.
    pub label: String,
    /// What is said.
    pub text: String,
}

/// Everything that is said of a journey: each station, who can read there, and the ways that lead on from there.
pub fn lines(model: &Model, journey: &Journey) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut told: BTreeSet<usize> = BTreeSet::new();
    for station in &journey.stations {
        let label = model.title_of(&station.id).to_owned();
        let noun = station.id.section.noun();
        let text = format!("{}; {noun}, {}", distance(station), place(model, &station.id));
        lines.push(Line { id: station.id.clone(), label: label.clone(), text });
        for reader in &station.readers {
            lines.push(Line { id: station.id.clone(), label: label.clone(), text: reader_text(model, reader) });
        }
        if let Some(text) = own_reading(model, station) {
            lines.push(Line { id: station.id.clone(), label: label.clone(), text });
        }
        for (at, leg) in journey.legs.iter().enumerate() {
            if (leg.from == station.id || leg.to == station.id) && told.insert(at) {
                lines.push(leg_line(model, leg));
            }
        }
    }
    lines
}

fn reader_text(model: &Model, reader: &Reader) -> String {
    let verb = match &reader.covered {
        Certainty::Certain => reader.op.word().to_owned(),
        Certainty::Maybe(_) => format!("may {}", reader.op.word()),
    };
    let why = match &reader.covered {
        Certainty::Certain => String::new(),
        Certainty::Maybe(why) => format!("; {why}"),
    };
    let actor = |slug: &Slug| model.title_of(&ElementId::new(Section::Actors, slug.clone())).to_owned();
    let actors: Vec<String> = reader.actors.iter().map(actor).collect();
    let actors = if actors.is_empty() { "nobody on the map takes it".to_owned() } else { actors.join(", ") };
    format!("role {} can {verb}, {} ({actors}){why}", model.title_of(&reader.who), reader.scope.meaning())
}

/// What is known of who reads where the data ends up with somebody: an actor, or who runs a service.
fn own_reading(model: &Model, station: &Station) -> Option<String> {
    let party = |link: &crate::model::reference::PartyLink| {
        let id = ElementId::new(Section::Parties, link.slug().clone());
        model.title_of(&id).to_owned()
    };
    match station.id.section {
        Section::Actors => {
            let actor = model.actors.get(&station.id.slug)?;
            let title = |role: &crate::model::reference::RoleLink| {
                model.title_of(&ElementId::new(Section::Roles, role.slug().clone())).to_owned()
            };
            let roles: Vec<String> = actor.roles.iter().map(title).collect();
            let roles =
                if roles.is_empty() { "in which role, nobody said".into() } else { format!("as {}", roles.join(", ")) };
            Some(format!("reads what arrives; {roles}"))
        }
        Section::Services => {
            let service = model.services.get(&station.id.slug)?;
            let run_by = service
                .party
                .as_ref()
                .map_or("run by us, or nobody said".into(), |link| format!("run by {}", party(link)));
            let log = match service.audit_log {
                Some(true) => "its accesses are logged",
                Some(false) => "its accesses are not logged",
                None => "whether accesses are logged is unknown",
            };
            Some(format!("whoever runs it can read: {run_by}; {log}"))
        }
        _ => None,
    }
}

fn leg_line(model: &Model, leg: &Leg) -> Line {
    let label = format!("{} → {}", model.title_of(&leg.from), model.title_of(&leg.to));
    let mut words: Vec<String> = Vec::new();
    if let Certainty::Maybe(why) = &leg.carries {
        words.push(format!("maybe: {why}"));
    }
    let id = match &leg.by {
        By::Grants => {
            words.push("grants let the endpoint hand it out".into());
            leg.to.clone()
        }
        By::Served => {
            words.push("the endpoint is a part of this service".into());
            leg.to.clone()
        }
        By::Flow(slug) => {
            let flow = model.flows.get(slug);
            let protocol = flow.and_then(|flow| flow.protocol.as_ref()).map_or("protocol ?", |text| text.as_str());
            words.push(format!("{protocol}, {}", encryption(leg.encrypted)));
            words.push(match &leg.transformation {
                Some(text) => format!("transformed: {text}"),
                None => "transformation ?".into(),
            });
            ElementId::new(Section::Flows, slug.clone())
        }
    };
    let walls = walls_text(model, leg.walls.iter().map(|(slug, entered)| (slug, *entered)));
    words.push(if walls.is_empty() { "crosses no boundary".into() } else { format!("crosses {}", walls.join(", ")) });
    Line { id, label, text: words.join("; ") }
}

/// The journey in a sentence.
pub fn summary(model: &Model, journey: &Journey) -> String {
    let maybe = journey.stations.iter().filter(|station| !station.certainty.is_certain()).count();
    let crossed: BTreeSet<_> = journey.legs.iter().flat_map(|leg| &leg.walls).map(|(slug, _)| slug).collect();
    let mut text = format!("{}: {}", journey.cargo.title(model), counted(journey.stations.len(), "station"));
    if maybe > 0 {
        text.push_str(&format!(", {maybe} of them maybe"));
    }
    match crossed.len() {
        0 => text.push_str("; no boundary crossed"),
        1 => text.push_str("; 1 boundary crossed"),
        many => text.push_str(&format!("; {many} boundaries crossed")),
    }
    text
}

//! The model as a graph: which boundaries are around an element, and what leads to what over how many steps.

use super::document::{ElementId, Model, Section};
use super::slug::Slug;
use super::topology::Endpoint;
use petgraph::graphmap::DiGraphMap;
use std::collections::{BTreeSet, HashMap};

/// The boundary directly around an element: what the element says, or where its service runs.
pub fn boundary_of<'a>(model: &'a Model, id: &ElementId) -> Option<&'a Slug> {
    // A dangling reference is reported by validation; for the graph it is as if nothing was said.
    boundary_link(model, id.section, id.slug.as_str()).filter(|slug| model.boundaries.contains_key(*slug))
}

/// The name of the boundary directly around an element, whether or not there is one of that name.
pub fn boundary_link<'a>(model: &'a Model, section: Section, slug: &str) -> Option<&'a Slug> {
    let link = match section {
        Section::Boundaries => model.boundaries.get(slug)?.parent.as_ref(),
        Section::Actors => model.actors.get(slug)?.boundary.as_ref(),
        Section::Services => model.services.get(slug)?.boundary.as_ref(),
        Section::Datasets => model.datasets.get(slug)?.boundary.as_ref(),
        Section::Endpoints => {
            let endpoint = model.endpoints.get(slug)?;
            endpoint
                .boundary
                .as_ref()
                .or_else(|| model.services.get(endpoint.service.as_ref()?.slug())?.boundary.as_ref())
        }
        _ => None,
    };
    link.map(|link| link.slug())
}

/// Every boundary and every node, with the boundary directly around it: those of a section together, by slug.
pub fn boundaries_around(model: &Model) -> impl Iterator<Item = (Section, &Slug, Option<&Slug>)> {
    let served = |endpoint: &Endpoint| model.services.get(endpoint.service.as_ref()?.slug())?.boundary.as_ref();
    let boundaries = model.boundaries.iter().map(|(slug, own)| (Section::Boundaries, slug, own.parent.as_ref()));
    let actors = model.actors.iter().map(|(slug, own)| (Section::Actors, slug, own.boundary.as_ref()));
    let services = model.services.iter().map(|(slug, own)| (Section::Services, slug, own.boundary.as_ref()));
    let endpoints = model
        .endpoints
        .iter()
        .map(move |(slug, own)| (Section::Endpoints, slug, own.boundary.as_ref().or_else(|| served(own))));
    let datasets = model.datasets.iter().map(|(slug, own)| (Section::Datasets, slug, own.boundary.as_ref()));
    let all = boundaries.chain(actors).chain(services).chain(endpoints).chain(datasets);
    all.map(|(section, slug, link)| {
        (section, slug, link.map(|link| link.slug()).filter(|around| model.boundaries.contains_key(*around)))
    })
}

/// How deep boundaries may nest, and over how many roles access may be inherited. Nobody needs a tenth of it; what is
/// deeper is an error, and is not followed.
pub const MAX_NESTING: usize = 64;

/// The boundaries around an element, the innermost first, at most [`MAX_NESTING`]. A circle ends where it closes.
pub fn boundary_chain<'a>(model: &'a Model, id: &ElementId) -> Vec<&'a Slug> {
    let mut chain: Vec<&Slug> = Vec::new();
    let mut next = boundary_of(model, id);
    while let Some(slug) = next.filter(|slug| chain.len() < MAX_NESTING && !chain.contains(slug)) {
        chain.push(slug);
        next = boundary_of(model, &ElementId::new(Section::Boundaries, slug.clone()));
    }
    chain
}

/// The nodes inside of a boundary, however deep.
pub fn inside_of(model: &Model, slug: &Slug) -> Vec<ElementId> {
    // There are far fewer boundaries than elements.
    let leads_there = |inner: &&Slug| {
        let around = boundary_chain(model, &ElementId::new(Section::Boundaries, (*inner).clone()));
        *inner == slug || around.into_iter().take(MAX_NESTING - 1).any(|outer| outer == slug)
    };
    let boundaries: BTreeSet<&Slug> = model.boundaries.keys().filter(leads_there).collect();
    Section::NODES
        .into_iter()
        .flat_map(|section| model.slugs(section).map(move |slug| ElementId::new(section, slug.clone())))
        .filter(|id| boundary_of(model, id).is_some_and(|inner| boundaries.contains(inner)))
        .collect()
}

/// Which boundary is inside of which.
pub fn nesting(model: &Model) -> impl Iterator<Item = (&str, &str)> + Clone {
    model
        .boundaries
        .iter()
        .filter_map(|(slug, boundary)| Some((slug.as_str(), boundary.parent.as_ref()?.slug().as_str())))
}

/// Which role inherits from which.
pub fn inheritance(model: &Model) -> impl Iterator<Item = (&str, &str)> + Clone {
    model
        .roles
        .iter()
        .flat_map(|(slug, role)| role.inherits.iter().map(move |other| (slug.as_str(), other.slug().as_str())))
}

/// The groups of a "is inside of" or "inherits from" relation whose members reach one another: most have one member,
/// and each comes behind those to which it leads.
pub fn groups<'a>(edges: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Vec<&'a str>> {
    let graph: DiGraphMap<&str, ()> = DiGraphMap::from_edges(edges);
    // Not Tarjan's way, which calls itself: a chain of 300,000 would overflow the stack.
    petgraph::algo::kosaraju_scc(&graph)
}

/// The circles in a "is inside of" or "inherits from" relation, each as the slugs on it.
pub fn circles<'a>(edges: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Vec<Vec<&'a str>> {
    let selves: BTreeSet<&str> = edges.clone().filter(|(from, to)| from == to).map(|(from, _)| from).collect();
    let is_circle = |group: &Vec<&str>| group.len() > 1 || group.iter().any(|slug| selves.contains(slug));
    let mut circles: Vec<Vec<&str>> = groups(edges).into_iter().filter(is_circle).collect();
    circles.iter_mut().for_each(|circle| circle.sort_unstable());
    circles
}

/// How many steps lead from each element on, by the longest way; a circle counts as one element.
pub fn depths<'a>(edges: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> HashMap<&'a str, usize> {
    let mut next: HashMap<&str, Vec<&str>> = HashMap::new();
    for (from, to) in edges.clone() {
        next.entry(from).or_default().push(to);
    }
    let mut depths: HashMap<&str, usize> = HashMap::new();
    for group in groups(edges) {
        // Those of the own group have no depth yet.
        let beyond = group.iter().filter_map(|slug| next.get(slug)).flatten();
        let depth = beyond.filter_map(|to| depths.get(to)).map(|depth| depth + 1).max().unwrap_or(0);
        depths.extend(group.into_iter().map(|slug| (slug, depth)));
    }
    depths
}

/// The boundaries that something crosses on its way from one element to another, in order, and whether it goes in: those
/// it leaves, from the inside out, then those it enters, from the outside in.
pub fn walls_between<'a>(model: &'a Model, from: &ElementId, to: &ElementId) -> Vec<(&'a Slug, bool)> {
    walls(&boundary_chain(model, from), &boundary_chain(model, to), PartialEq::eq)
}

/// The same, from what is around the one and around the other, the innermost first.
pub fn walls<T: Copy>(left: &[T], entered: &[T], is_same: impl Fn(&T, &T) -> bool) -> Vec<(T, bool)> {
    let pairs = left.iter().rev().zip(entered.iter().rev());
    let common = pairs.take_while(|(one, other)| is_same(one, other)).count();
    let out = left[..left.len() - common].iter().map(|wall| (*wall, false));
    let into = entered[..entered.len() - common].iter().rev().map(|wall| (*wall, true));
    out.chain(into).collect()
}

//! The model as a graph: which boundaries are around an element, what hangs on it, and which walls a flow crosses.

use super::document::{ElementId, Model, Section};
use super::reference::Target;
use super::slug::Slug;
use petgraph::graphmap::DiGraphMap;

/// The boundary directly around an element: what the element says, or where its service runs.
pub fn boundary_of<'a>(model: &'a Model, id: &ElementId) -> Option<&'a Slug> {
    let link = match id.section {
        Section::Boundaries => model.boundaries.get(&id.slug)?.parent.as_ref(),
        Section::Actors => model.actors.get(&id.slug)?.boundary.as_ref(),
        Section::Services => model.services.get(&id.slug)?.boundary.as_ref(),
        Section::Datasets => model.datasets.get(&id.slug)?.boundary.as_ref(),
        Section::Endpoints => {
            let endpoint = model.endpoints.get(&id.slug)?;
            endpoint
                .boundary
                .as_ref()
                .or_else(|| model.services.get(endpoint.service.as_ref()?.slug())?.boundary.as_ref())
        }
        _ => None,
    };
    // A dangling reference is reported by validation; for the graph it is as if nothing was said.
    link.map(|link| link.slug()).filter(|slug| model.boundaries.contains_key(*slug))
}

/// The boundaries around an element, the innermost first. A circle of boundaries ends where it closes.
pub fn boundary_chain<'a>(model: &'a Model, id: &ElementId) -> Vec<&'a Slug> {
    let mut chain: Vec<&Slug> = Vec::new();
    let mut next = boundary_of(model, id);
    while let Some(slug) = next {
        if chain.contains(&slug) {
            break;
        }
        chain.push(slug);
        next = boundary_of(model, &ElementId::new(Section::Boundaries, slug.clone()));
    }
    chain
}

/// The boundaries that something crosses on its way: those left, from the inside out, then those entered, from the
/// outside in.
pub fn crossed<'a>(model: &'a Model, from: &ElementId, to: &ElementId) -> Vec<&'a Slug> {
    let left = boundary_chain(model, from);
    let entered = boundary_chain(model, to);
    let mut crossed: Vec<&Slug> = left.iter().filter(|slug| !entered.contains(slug)).copied().collect();
    crossed.extend(entered.iter().filter(|slug| !left.contains(slug)).rev());
    crossed
}

/// Every element that refers to `id`, in the order of the file.
pub fn referrers(model: &Model, id: &ElementId) -> Vec<ElementId> {
    let any_link = id.any_link();
    model
        .ids()
        .filter(|other| {
            let mut found = false;
            if let Some(element) = model.reflect(other) {
                element.visit_links(&mut Vec::new(), &mut |_, target, name| {
                    found |= match target {
                        Target::Any => name == any_link,
                        target => name == id.slug.as_str() && Section::of_target(target).contains(&id.section),
                    };
                });
            }
            found
        })
        .collect()
}

/// The circles in a "is inside of" or "inherits from" relation, each as the slugs on it.
pub fn circles<'a>(edges: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Vec<&'a str>> {
    let graph: DiGraphMap<&str, ()> = DiGraphMap::from_edges(edges);
    petgraph::algo::tarjan_scc(&graph)
        .into_iter()
        .filter(|group| group.len() > 1 || group.iter().any(|slug| graph.contains_edge(slug, slug)))
        .map(|mut group| {
            group.sort_unstable();
            group
        })
        .collect()
}

//! What joins the elements of a picture: the flows of the model, and the access that roles, grants and inheritance imply.

use super::projection::ViewOptions;
use crate::model::topology::Flow;
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Steps from role to role that may be taken to find out what follows from what. Where they do not suffice, the rest of a
/// hierarchy is drawn as it is written.
const HIERARCHY_STEPS: usize = 200_000;

/// Two elements joined by a flow, or by access that grants imply.
pub(super) struct Join<'a> {
    pub(super) from: ElementId,
    pub(super) to: ElementId,
    pub(super) flow: Option<(&'a Slug, &'a Flow)>,
}

/// What joins elements in a view.
pub(super) fn joins<'m>(model: &'m Model, view: &ViewOptions) -> Vec<Join<'m>> {
    let mut joins = all_joins(model, view.access);
    if let Some(only) = &view.only {
        let flow = |slug: &Slug| ElementId::new(Section::Flows, slug.clone());
        joins.retain(|join| join.flow.is_none_or(|(slug, _)| only.contains(&flow(slug))));
    }
    joins
}

fn all_joins(model: &Model, access: bool) -> Vec<Join<'_>> {
    // Of two nodes with one slug, which is an error, the first is meant.
    let mut nodes: HashMap<&Slug, Section> = HashMap::new();
    for section in Section::NODES {
        for slug in model.slugs(section) {
            nodes.entry(slug).or_insert(section);
        }
    }
    let node = |slug: &Slug| Some(ElementId::new(*nodes.get(slug)?, slug.clone()));
    let mut joins: Vec<Join> = model
        .flows
        .iter()
        .filter_map(|own| Some(Join { from: node(own.1.from.slug())?, to: node(own.1.to.slug())?, flow: Some(own) }))
        .collect();
    if !access {
        return joins;
    }
    let mut pairs: BTreeSet<(ElementId, ElementId)> = BTreeSet::new();
    for grant in model.grants.values() {
        let role = ElementId::new(Section::Roles, grant.role.slug().clone());
        let endpoint = ElementId::new(Section::Endpoints, grant.endpoint.slug().clone());
        pairs.insert((role, endpoint.clone()));
        if let Some(dataset) = &grant.dataset {
            pairs.insert((endpoint, ElementId::new(Section::Datasets, dataset.slug().clone())));
        }
    }
    for (slug, actor) in &model.actors {
        for role in &actor.roles {
            let actor = ElementId::new(Section::Actors, slug.clone());
            pairs.insert((actor, ElementId::new(Section::Roles, role.slug().clone())));
        }
    }
    for (slug, role) in &model.roles {
        for parent in &role.inherits {
            let role = ElementId::new(Section::Roles, slug.clone());
            pairs.insert((role, ElementId::new(Section::Roles, parent.slug().clone())));
        }
    }
    // Where a flow is declared between two elements, the access beside it says nothing new.
    let declared: BTreeSet<(ElementId, ElementId)> =
        joins.iter().map(|join| (join.from.clone(), join.to.clone())).collect();
    joins.extend(pairs.into_iter().filter(|pair| !declared.contains(pair)).map(|(from, to)| Join {
        from,
        to,
        flow: None,
    }));
    joins
}

/// What is joined to an element in so many steps, and itself.
pub(super) fn neighbourhood(joins: &[Join<'_>], id: &ElementId, hops: usize) -> BTreeSet<ElementId> {
    let mut near: BTreeSet<ElementId> = BTreeSet::from([id.clone()]);
    for _ in 0..hops {
        let reached: Vec<ElementId> = joins
            .iter()
            .flat_map(|join| match (near.contains(&join.from), near.contains(&join.to)) {
                (true, false) => Some(join.to.clone()),
                (false, true) => Some(join.from.clone()),
                _ => None,
            })
            .collect();
        near.extend(reached);
    }
    near
}

/// Leaves out that a role inherits another where it does so by way of others in the picture: a hierarchy of roles is drawn
/// by its direct steps, and says the same with fewer wires. What the role in focus inherits stays as it is written.
pub(super) fn leave_out_implied_inheritance(
    joins: &mut Vec<Join<'_>>,
    is_drawn: impl Fn(&ElementId) -> bool,
    focus: Option<&ElementId>,
) {
    let is_role = |id: &ElementId| id.section == Section::Roles;
    let inherits = |join: &Join<'_>| join.flow.is_none() && is_role(&join.from) && is_role(&join.to);
    let mut parents: BTreeMap<ElementId, BTreeSet<ElementId>> = BTreeMap::new();
    for join in joins.iter().filter(|join| inherits(join) && is_drawn(&join.from) && is_drawn(&join.to)) {
        parents.entry(join.from.clone()).or_default().insert(join.to.clone());
    }
    let mut steps = HIERARCHY_STEPS;
    joins.retain(|join| {
        let in_focus = focus.is_some_and(|focus| join.from == *focus || join.to == *focus);
        if in_focus || !inherits(join) || !parents.get(&join.from).is_some_and(|own| own.contains(&join.to)) {
            return true;
        }
        let stays = !leads_through_others(&parents, &join.from, &join.to, &mut steps);
        if !stays && let Some(own) = parents.get_mut(&join.from) {
            // One after the other, so that in a circle of roles not every wire is implied by the rest.
            own.remove(&join.to);
        }
        stays
    });
}

/// Whether a role comes to another by way of a third one, as far as `steps` suffice.
fn leads_through_others(
    parents: &BTreeMap<ElementId, BTreeSet<ElementId>>,
    from: &ElementId,
    to: &ElementId,
    steps: &mut usize,
) -> bool {
    let above = |id: &ElementId| parents.get(id).into_iter().flatten();
    let mut seen: BTreeSet<&ElementId> = BTreeSet::from([from]);
    let mut open: Vec<&ElementId> = above(from).filter(|parent| *parent != to).collect();
    while let Some(role) = open.pop() {
        if role == to {
            return true;
        }
        if *steps == 0 {
            return false;
        }
        *steps -= 1;
        if seen.insert(role) {
            open.extend(above(role));
        }
    }
    false
}

//! What is around elements: their boundaries, the walls between two of them, the platform on which they run.
//!
//! There are few boundaries and many elements. What is around a boundary is found once; of an element only the boundary
//! directly around it is looked up.

use super::names::{Key, Number};
use super::value::Value;
use super::world::{Seat, World, place_of};
use crate::analysis::hash::FastMap;
use crate::model::Section;
use crate::model::graph::{MAX_NESTING, walls};
use crate::model::lookup::Fact;
use std::cell::RefCell;
use std::rc::Rc;

/// Boundaries, one around the other.
pub(super) type Chain<'m> = Rc<[Value<'m>]>;

/// A chain, and what was read to find it.
type Found<'m> = (Chain<'m>, Rc<[Key]>);

/// The boundaries between what two chains are around.
#[derive(Clone)]
pub(super) struct Walls<'m> {
    /// Those that are left, the innermost first, and then those that are entered.
    pub crossed: Chain<'m>,
    /// Those that are entered alone.
    pub entered: Chain<'m>,
}

/// What was found of what is around elements.
pub(super) struct Surroundings<'m> {
    /// A boundary and those around it, and what was read to find them.
    chains: RefCell<FastMap<Number, Found<'m>>>,
    /// What is around that which is in no boundary.
    nothing: Chain<'m>,
    /// What is crossed between two boundaries, or what is in none: most flows cross what others cross, too.
    walls: RefCell<FastMap<[Option<Number>; 2], Walls<'m>>>,
    /// The number of the boundary that an element names as its own, and one more, by the number of the element; 0 where
    /// nobody asked, or where it names none.
    own: RefCell<Vec<Number>>,
    /// Where elements say what is around them, by section: their boundary, service and platform; and flows their ends.
    boundary: Vec<usize>,
    service: usize,
    platform: [usize; 2],
    flow_ends: [usize; 2],
}

impl Default for Surroundings<'_> {
    fn default() -> Self {
        // Of other sections nothing is around.
        let name = |section: Section| match section {
            Section::Boundaries => "parent",
            node if node.is_node() => "boundary",
            _ => "",
        };
        Surroundings {
            chains: RefCell::default(),
            nothing: Rc::new([]),
            walls: RefCell::default(),
            own: RefCell::default(),
            boundary: Section::ALL.iter().map(|section| place_of(*section, name(*section))).collect(),
            service: place_of(Section::Endpoints, "service"),
            platform: [Section::Endpoints, Section::Services].map(|section| place_of(section, "platform")),
            flow_ends: ["from", "to"].map(|name| place_of(Section::Flows, name)),
        }
    }
}

impl<'m> World<'m> {
    /// Follows a reference that an element makes in a field. Whether it names an element of the section is said apart
    /// from whether there is one.
    fn follow_from(&self, seat: Seat<'m>, place: usize, section: Section) -> Option<Option<Seat<'m>>> {
        match seat.facts.fact(place) {
            Fact::Link(_, name) => Some(self.follow(Some(section), name)),
            _ => None,
        }
    }

    /// The service that an endpoint says that it belongs to.
    fn service_of(&self, seat: Seat<'m>) -> Option<Seat<'m>> {
        let is_endpoint = seat.section == Section::Endpoints;
        is_endpoint.then(|| self.follow_from(seat, self.surroundings.service, Section::Services))??
    }

    /// The platform on which an endpoint or a service says that it runs; an endpoint that does not say runs where its
    /// service does.
    pub(super) fn platform_of(&self, seat: Seat<'m>) -> Option<Seat<'m>> {
        let [of_endpoint, of_service] = self.surroundings.platform;
        let place = if seat.section == Section::Endpoints { of_endpoint } else { of_service };
        match self.follow_from(seat, place, Section::Platforms) {
            Some(own) => own,
            None => self.platform_of(self.service_of(seat)?),
        }
    }

    /// The boundary directly around an element: its own, or that of its service.
    pub(super) fn boundary_of(&self, seat: Seat<'m>) -> Option<Seat<'m>> {
        let at = seat.number as usize;
        let known = self.surroundings.own.borrow().get(at).and_then(|number| number.checked_sub(1));
        if let Some(boundary) = known.and_then(|number| self.looked_up(number)) {
            return Some(boundary);
        }
        let place = self.surroundings.boundary[seat.section as usize];
        let Some(own) = self.follow_from(seat, place, Section::Boundaries) else {
            return self.boundary_of(self.service_of(seat)?);
        };
        if let Some(boundary) = own {
            let mut known = self.surroundings.own.borrow_mut();
            if at >= known.len() {
                known.resize((at + 1).max(self.model.len()), 0);
            }
            known[at] = boundary.number + 1;
        }
        own
    }

    /// The boundaries around an element, the innermost first, as
    /// [`boundary_chain`](crate::model::graph::boundary_chain) finds them.
    pub(super) fn chain(&self, seat: Seat<'m>) -> Chain<'m> {
        match self.boundary_of(seat) {
            Some(boundary) => self.chain_from(boundary),
            None => self.surroundings.nothing.clone(),
        }
    }

    /// A boundary and those around it.
    fn chain_from(&self, boundary: Seat<'m>) -> Chain<'m> {
        let chains = &self.surroundings.chains;
        if let Some((chain, keys)) = chains.borrow().get(&boundary.number) {
            let mut reads = self.reads.borrow_mut();
            keys.iter().for_each(|key| reads.add(*key));
            return chain.clone();
        }
        let outer = self.reads.borrow_mut().begin_kept();
        let mut chain: Vec<Seat<'m>> = vec![boundary];
        while chain.len() < MAX_NESTING
            && let Some(next) = chain.last().and_then(|seat| self.boundary_of(*seat))
            && !chain.iter().any(|inner| inner.number == next.number)
        {
            chain.push(next);
        }
        let chain: Chain<'m> = chain.into_iter().map(Seat::value).collect();
        let keys = self.reads.borrow_mut().keep(outer);
        chains.borrow_mut().insert(boundary.number, (chain.clone(), keys.into()));
        chain
    }

    /// From where a flow leads, and where to; nothing where that is nowhere, or where it is none.
    pub(super) fn ends_of(&self, flow: Seat<'m>) -> [Option<Seat<'m>>; 2] {
        self.surroundings.flow_ends.map(|place| match flow.facts.fact(place) {
            Fact::Link(_, slug) if flow.section == Section::Flows => self.follow(None, slug),
            _ => None,
        })
    }

    /// The walls between the two ends of a flow; nothing where it is none, or leads from or to nowhere.
    pub(super) fn walls_of(&self, flow: Seat<'m>) -> Option<Walls<'m>> {
        let [Some(from), Some(to)] = self.ends_of(flow) else { return None };
        Some(self.walls(&self.chain(from), &self.chain(to)))
    }

    /// What is between what two chains are around: what is innermost decides what is around that.
    fn walls(&self, left: &[Value<'m>], entered: &[Value<'m>]) -> Walls<'m> {
        let number = |value: &Value<'m>| value.seat().map(|seat| seat.number);
        let between = [left, entered].map(|chain| chain.first().and_then(number));
        if let Some(walls) = self.surroundings.walls.borrow().get(&between) {
            return walls.clone();
        }
        let (left, entered): (Vec<&Value<'m>>, Vec<&Value<'m>>) = (left.iter().collect(), entered.iter().collect());
        let found = walls(&left, &entered, |one, other| number(one) == number(other));
        let walls = Walls {
            crossed: found.iter().map(|(wall, _)| (*wall).clone()).collect(),
            entered: found.iter().filter(|(_, enters)| *enters).map(|(wall, _)| (*wall).clone()).collect(),
        };
        self.surroundings.walls.borrow_mut().insert(between, walls.clone());
        walls
    }
}

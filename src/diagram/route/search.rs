//! Cheapest path of one wire over the grid (A* over cell and direction of motion).
//!
//! Boundaries nest, so the regions a wire runs through are known beforehand and each occurs once: a wall may be entered
//! only from the region before it, which makes wrong or repeated piercings impossible by construction. Wires of one
//! source may run together from the source on and wires of one target up to the target; other wires may only be crossed
//! at right angles.

use super::super::geometry::{Point, Rect, Side};
use super::corridor::Corridor;
use super::grid::{Grid, Kind, NONE};
use super::guide::Guide;
use super::traffic::{Group, Occupancy, Traffic};

pub(super) const LEVEL_STEP: u32 = 2;
pub(super) const UPRIGHT_STEP: u32 = 4;
pub(super) const BEND: u32 = 14;
/// Crossing one wire, and each other one that runs together with it, as far as readers tell them apart.
pub(super) const CROSSING: u32 = 100;
const MOST_COUNTED: u32 = 6;
/// Crossing others on a large page: whoever looks for ways around everything there looks for long.
const CROSSING_FAR: u32 = 40;
pub(super) const CRAMPED: u32 = 8;
/// Running up or down right before or behind a line of text.
pub(super) const BESIDE: u32 = 24;
/// Joining another wire right at its arrow head is legible but not pretty.
const JOIN_AT_HEAD: u32 = 30;
/// Entering the target from the side of the arrow head's cell.
const TURN_AT_HEAD: u32 = 40;
/// Turning back where the target lies the other way: whoever follows a wire looks for it there.
pub(super) const TURN_BACK: u32 = 100;
/// Running over a wire that would then have to be moved.
const DISPLACE: u32 = 60;

/// Where on a box a wire would like to be attached.
#[derive(Clone, Copy, Debug)]
pub(super) struct PortWish {
    /// Cost of each side, by [`Side::index`]; [`PortWish::NEVER`] forbids it.
    pub sides: [u32; 4],
    /// Ideal column on the upper and lower sides.
    pub column: i32,
    /// Ideal row on the left and right sides.
    pub row: i32,
}

impl PortWish {
    /// The cost of a side that may not be used.
    pub const NEVER: u32 = u32::MAX;

    fn cost(&self, side: Side, point: Point) -> Option<u32> {
        let base = self.sides[side.index()];
        let away = if side.is_horizontal() { 2 * (point.y - self.row).abs() } else { (point.x - self.column).abs() };
        (base != Self::NEVER).then(|| base + (away as u32).min(40) / 2)
    }
}

/// What to find.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    /// Source box and its rectangle.
    pub source: (u32, Rect),
    /// Target box and its rectangle.
    pub target: (u32, Rect),
    /// The direction against which flows run.
    pub back: Side,
    /// The trees of wires that it may run together with, at its source and at its target.
    pub trees: (u32, u32),
    /// Innermost boundary around the source.
    pub region: u32,
    /// The boundaries whose walls to pierce, in order, each with the region behind that wall.
    pub walls: &'a [(u32, u32)],
    /// Attachment to the source.
    pub leave: PortWish,
    /// Attachment to the target.
    pub arrive: PortWish,
    /// Wires between the same two boxes in the same direction: no sharing with those, or they could not be told apart.
    pub siblings: &'a [u32],
    /// Whether other wires may be run over (they then have to be moved).
    pub displacing: bool,
    /// Weight of the estimate in quarters: 4 finds the cheapest path, more finds a good one sooner.
    pub haste: u32,
    /// No cell outside of this is used.
    pub window: Rect,
    /// No cell outside of this, either.
    pub corridor: Option<&'a Corridor>,
    /// Distances to the target, where the page is so large that it pays to measure them beforehand.
    pub guide: Option<&'a Guide>,
    /// After so many states the search gives up.
    pub patience: usize,
}

/// Whether a wire may be attached to the given side of a box at the cell just outside it: not at a box's corners.
pub(super) fn is_port(area: &Rect, side: Side, outside: Point) -> bool {
    let (position, start, extent) =
        if side.is_horizontal() { (outside.y, area.y, area.height) } else { (outside.x, area.x, area.width) };
    let corner = i32::from(extent >= 3);
    position >= start + corner && position < start + extent - corner
}

/// What is known about a cell entered in a certain direction: [`COST`] and [`STAMP`]. Of a vector of arrays of zeros the system
/// hands out no more than is used; that is little of a large page.
type State = [u32; 2];

const COST: usize = 0;
/// The search this belongs to, times sixteen, plus the direction of motion before (or [`START`]), plus [`CLOSED`].
const STAMP: usize = 1;

/// States to be looked at, by estimated total cost. Estimates are small numbers, so a list per number beats a heap;
/// the last one in goes first, which heads straight for the target.
struct Queue {
    lists: Vec<Vec<u32>>,
    /// No list before this one holds anything.
    lowest: usize,
    /// No list from this one on holds anything.
    end: usize,
}

impl Queue {
    /// All estimates from here on share one list.
    const MOST: usize = 1 << 18;

    fn push(&mut self, estimate: u32, state: usize) {
        let slot = (estimate as usize).min(Self::MOST);
        if slot >= self.lists.len() {
            self.lists.resize_with(slot + 1, Vec::new);
        }
        self.lists[slot].push(state as u32);
        self.lowest = self.lowest.min(slot);
        self.end = self.end.max(slot + 1);
    }

    fn pop(&mut self) -> Option<(u32, usize)> {
        while self.lowest < self.end {
            if let Some(state) = self.lists[self.lowest].pop() {
                return Some((self.lowest as u32, state as usize));
            }
            self.lowest += 1;
        }
        None
    }

    fn clear(&mut self) {
        self.lists[self.lowest.min(self.end)..self.end].iter_mut().for_each(Vec::clear);
        self.lowest = usize::MAX;
        self.end = 0;
    }
}

/// Reusable memory of the search.
pub(super) struct Search {
    states: Vec<State>,
    now: u32,
    /// States looked at so far, a measure of time spent that does not depend on the machine.
    pub spent: usize,
    /// Cost of displacing wires in a cell, raised each time it happens.
    pub history: Vec<u32>,
    queue: Queue,
    /// Per region (the page last): the boundary to pierce next and the region behind it.
    next: Vec<(u32, u32)>,
    /// Per boundary: the region behind its wall.
    behind: Vec<u32>,
}

const START: u8 = 4;
const CLOSED: u32 = 8;

/// How a wire may run on from a cell.
#[derive(Clone, Copy)]
enum Exit {
    /// Off any other wire.
    Alone,
    /// With wires of the same source.
    Trunk,
    /// With wires of the same target.
    Joined,
}

impl Search {
    /// Memory for a grid of the given number of cells.
    pub fn new(cells: usize, boundaries: usize) -> Self {
        Self {
            states: Vec::new(),
            now: 0,
            spent: 0,
            history: vec![0; cells],
            queue: Queue { lists: Vec::new(), lowest: usize::MAX, end: 0 },
            next: vec![(NONE, NONE); boundaries + 1],
            behind: vec![NONE; boundaries],
        }
    }

    fn prepare(&mut self, task: &Task) {
        // Where all drafts are legal nothing is ever searched.
        if self.states.is_empty() {
            self.states = vec![[0; 2]; 4 * self.history.len()];
        }
        self.now += 1;
        self.queue.clear();
        self.next.fill((NONE, NONE));
        self.behind.fill(NONE);
        let page = self.next.len() - 1;
        let mut region = task.region;
        for (boundary, behind) in task.walls {
            self.next[if region == NONE { page } else { region as usize }] = (*boundary, *behind);
            self.behind[*boundary as usize] = *behind;
            region = *behind;
        }
    }

    fn next_wall(&self, region: u32) -> u32 {
        let slot = if region == NONE { self.next.len() - 1 } else { region as usize };
        self.next[slot].0
    }

    fn offer(&mut self, cell: usize, direction: Side, cost: u32, estimate: u32, origin: u8, open: bool) {
        let index = cell * 4 + direction.index();
        let now = self.now;
        let is_known = |state: &State| state[STAMP] >> 4 == now;
        // States already looked at are not looked at again: with a hasty estimate that would take very long.
        let own = &self.states[index];
        if is_known(own) && (own[STAMP] & CLOSED != 0 || own[COST] <= cost) {
            return;
        }
        // On open ground, whoever is here already could as well turn.
        let turns = |state: &State| is_known(state) && state[COST] + BEND <= cost;
        if open && self.states[cell * 4..cell * 4 + 4].iter().any(turns) {
            return;
        }
        self.states[index] = [cost, self.now << 4 | u32::from(origin)];
        self.queue.push(cost + estimate, index);
    }

    /// The cheapest path, as cells from beside the source to beside the target.
    pub fn find(&mut self, grid: &Grid, traffic: &Traffic, task: &Task) -> Option<Vec<Point>> {
        self.prepare(task);
        self.start(grid, traffic, task);
        let limit = self.spent.saturating_add(task.patience);
        let mut best: Option<(u32, usize)> = None;
        while let Some((estimate, state)) = self.queue.pop() {
            if self.states[state][STAMP] & CLOSED != 0 {
                continue;
            }
            self.states[state][STAMP] |= CLOSED;
            self.spent += 1;
            if best.is_some_and(|(least, _)| estimate >= least) || self.spent > limit {
                break;
            }
            let (cell, direction) = (state / 4, Side::ALL[state % 4]);
            let cost = self.states[state][COST];
            let point = grid.point(cell);
            let mut leaving = |search: &mut Self, exit: Side, mode: Exit, extra: u32| {
                let next = point.step(exit);
                let Some(next_cell) = grid.index(next) else { return };
                let ground = grid.at(next_cell);
                if ground.kind == Kind::Node {
                    if ground.owner == task.target.0
                        && let Some(arrival) = arrival(grid, traffic, task, cell, point, exit, mode)
                    {
                        let turned = if exit == direction || matches!(mode, Exit::Joined) { 0 } else { TURN_AT_HEAD };
                        let total = cost + extra + arrival + turned;
                        if best.is_none_or(|(least, _)| total < least) {
                            best = Some((total, state));
                        }
                    }
                    return;
                }
                let is_outside = |corridor: &Corridor| !corridor.contains(next);
                if !task.window.contains(next)
                    || task.corridor.is_some_and(is_outside)
                    || !search.may_step(grid, cell, next_cell, exit)
                {
                    return;
                }
                if let Some(step) = search.step_cost(grid, traffic, task, next_cell, exit, mode) {
                    let extra =
                        if exit != direction && turns_back(exit, point, task) { extra + TURN_BACK } else { extra };
                    let estimate = remaining(next, task);
                    let open = ground.kind == Kind::Free && !ground.busy;
                    search.offer(next_cell, exit, cost + extra + step, estimate, direction as u8, open);
                }
            };
            self.expand(grid, traffic, task, cell, direction, &mut leaving);
        }
        let (_, mut state) = best?;
        let mut path = Vec::new();
        loop {
            let point = grid.point(state / 4);
            path.push(point);
            let origin = (self.states[state][STAMP] & 7) as u8;
            if origin == START {
                break;
            }
            let back = Side::ALL[state % 4].opposite();
            state = grid.index(point.step(back))? * 4 + origin as usize;
        }
        path.reverse();
        Some(path)
    }

    fn start(&mut self, grid: &Grid, traffic: &Traffic, task: &Task) {
        let area = task.source.1;
        for side in Side::ALL {
            let (from, extent) = if side.is_horizontal() { (area.y, area.height) } else { (area.x, area.width) };
            for position in from..from + extent {
                let point = match side {
                    Side::Up => Point::new(position, area.y - 1),
                    Side::Down => Point::new(position, area.bottom()),
                    Side::Left => Point::new(area.x - 1, position),
                    Side::Right => Point::new(area.right(), position),
                };
                let (Some(port), Some(cell)) = (task.leave.cost(side, point), grid.index(point)) else { continue };
                let ground = grid.at(cell);
                if !is_port(&area, side, point) || ground.kind != Kind::Free || ground.region != task.region {
                    continue;
                }
                let occupancy = traffic.at(cell);
                // A first cell may be shared, never crossed.
                let shared = occupancy.first.is_trunk(task.trees.0, side) || occupancy.first.target == task.trees.1;
                if !occupancy.is_empty() && (occupancy.is_crossing() || !shared) && !task.displacing {
                    continue;
                }
                if let Some(step) = self.step_cost(grid, traffic, task, cell, side, Exit::Trunk) {
                    // Whoever already starts here took the best port; running with it costs nothing extra.
                    let port = if occupancy.first.starts { port.min(task.leave.sides[side.index()]) } else { port };
                    let open = ground.kind == Kind::Free && !ground.busy;
                    self.offer(cell, side, port + step, remaining(point, task), START, open);
                }
            }
        }
    }

    /// Whether boxes, walls and regions allow the step.
    fn may_step(&self, grid: &Grid, cell: usize, next: usize, exit: Side) -> bool {
        let (ground, ahead) = (grid.at(cell), grid.at(next));
        let region = if ground.kind == Kind::Free { ground.region } else { self.behind[ground.owner as usize] };
        match ahead.kind {
            Kind::Free => ahead.region == region,
            Kind::LevelWall => !exit.is_horizontal() && self.next_wall(region) == ahead.owner,
            Kind::UprightWall => exit.is_horizontal() && self.next_wall(region) == ahead.owner,
            Kind::Node | Kind::Blocked => false,
        }
    }

    /// What entering a cell costs, or `None` where other wires forbid it.
    fn step_cost(
        &self,
        grid: &Grid,
        traffic: &Traffic,
        task: &Task,
        next: usize,
        exit: Side,
        mode: Exit,
    ) -> Option<u32> {
        let length = if exit.is_horizontal() { LEVEL_STEP } else { UPRIGHT_STEP };
        let ground = grid.at(next);
        let beside = if ground.beside && !exit.is_horizontal() { BESIDE } else { 0 };
        let alone = length + beside + if ground.cramped { CRAMPED } else { 0 };
        if !grid.at(next).busy {
            return Some(alone);
        }
        let occupancy = traffic.at(next);
        let sibling = is_sibling(traffic, task, next);
        if !sibling {
            for group in [&occupancy.first, &occupancy.second] {
                if group.is_empty() {
                    continue;
                }
                let from_here = group.arms & exit.opposite().bit() != 0;
                match mode {
                    Exit::Trunk if group.is_trunk(task.trees.0, exit) && from_here => {
                        return Some(length / 2);
                    }
                    Exit::Joined if group.target == task.trees.1 && from_here => return Some(length / 2),
                    _ => {}
                }
            }
            if can_join(grid, task, next, exit, traffic) {
                let head = if occupancy.first.stops { JOIN_AT_HEAD } else { 0 };
                return Some(length + head);
            }
        }
        if can_cross(grid, traffic, next, exit) {
            return Some(alone);
        }
        task.displacing.then(|| alone + DISPLACE + self.history[next])
    }

    /// Calls `leaving` with every way to run on from a cell entered in the given direction.
    fn expand(
        &mut self,
        grid: &Grid,
        traffic: &Traffic,
        task: &Task,
        cell: usize,
        direction: Side,
        leaving: &mut impl FnMut(&mut Self, Side, Exit, u32),
    ) {
        let wall = grid.at(cell).kind != Kind::Free;
        let occupancy = if grid.at(cell).busy { traffic.at(cell) } else { Occupancy::EMPTY };
        if !occupancy.is_empty() && !is_sibling(traffic, task, cell) {
            let trunk = |group: &Group| !group.is_empty() && group.is_trunk(task.trees.0, direction);
            if let Some(group) = [&occupancy.first, &occupancy.second].into_iter().find(|group| trunk(group)) {
                let splits = !wall && !occupancy.is_crossing() && !group.stops && group.arms.count_ones() == 2;
                for exit in Side::ALL.into_iter().filter(|exit| *exit != direction.opposite()) {
                    if group.arms & exit.bit() != 0 {
                        leaving(self, exit, Exit::Trunk, 0);
                    } else if splits {
                        leaving(self, exit, Exit::Alone, if exit == direction { 0 } else { BEND / 2 });
                    }
                }
                return;
            }
            for group in [&occupancy.first, &occupancy.second] {
                if group.is_empty() || group.target != task.trees.1 {
                    continue;
                }
                if group.arms & direction.opposite().bit() != 0 && group.exit != direction.opposite() {
                    leaving(self, group.exit, Exit::Joined, 0);
                    return;
                }
                if can_join(grid, task, cell, direction, traffic) {
                    leaving(self, group.exit, Exit::Joined, if group.exit == direction { 0 } else { BEND / 2 });
                }
            }
        }
        if wall {
            leaving(self, direction, Exit::Alone, 0);
        } else if occupancy.is_empty() || (task.displacing && !can_cross(grid, traffic, cell, direction)) {
            for exit in Side::ALL.into_iter().filter(|exit| *exit != direction.opposite()) {
                leaving(self, exit, Exit::Alone, if exit == direction { 0 } else { BEND });
            }
        } else if can_cross(grid, traffic, cell, direction) {
            let wires = u32::from(occupancy.first.count).min(MOST_COUNTED);
            leaving(self, direction, Exit::Alone, if task.guide.is_some() { CROSSING_FAR } else { wires * CROSSING });
        }
    }
}

fn is_sibling(traffic: &Traffic, task: &Task, cell: usize) -> bool {
    !task.siblings.is_empty() && traffic.passages(cell).any(|passage| task.siblings.contains(&passage.wire))
}

/// Whether a wire may join wires to the same target here, coming in from a side none of them uses.
fn can_join(grid: &Grid, task: &Task, cell: usize, direction: Side, traffic: &Traffic) -> bool {
    let occupancy = traffic.at(cell);
    let group = &occupancy.first;
    grid.at(cell).kind == Kind::Free
        && !occupancy.is_crossing()
        && group.target == task.trees.1
        && group.arms.count_ones() == 2
        && group.arms & direction.opposite().bit() == 0
}

/// Whether the only wires here run straight and at right angles to the direction.
fn can_cross(grid: &Grid, traffic: &Traffic, cell: usize, direction: Side) -> bool {
    let occupancy = traffic.at(cell);
    let along = direction.bit() | direction.opposite().bit();
    grid.at(cell).kind == Kind::Free
        && !occupancy.is_crossing()
        && occupancy.first.is_straight()
        && occupancy.first.arms & along == 0
}

/// Whether a step leads back, although the target lies the other way as seen from here, or from the source: then it was
/// passed by.
fn turns_back(exit: Side, point: Point, task: &Task) -> bool {
    let (source, target) = (&task.source.1, &task.target.1);
    let is_ahead = match exit.is_horizontal() {
        true => target.x > point.x.min(source.right() - 1),
        false => target.y > point.y.min(source.bottom() - 1),
    };
    exit == task.back && is_ahead
}

/// What stepping into the target costs, or `None` where that is not allowed.
fn arrival(
    grid: &Grid,
    traffic: &Traffic,
    task: &Task,
    cell: usize,
    point: Point,
    exit: Side,
    mode: Exit,
) -> Option<u32> {
    let side = exit.opposite();
    if grid.at(cell).kind != Kind::Free || !is_port(&task.target.1, side, point) {
        return None;
    }
    let port = task.arrive.cost(side, point)?;
    let occupancy = traffic.at(cell);
    match mode {
        Exit::Joined => (occupancy.first.stops && occupancy.first.exit == exit).then_some(0),
        Exit::Alone if occupancy.is_empty() || task.displacing => Some(port),
        Exit::Alone | Exit::Trunk => None,
    }
}

/// A lower bound, but for sharing, of what is left to pay.
fn remaining(point: Point, task: &Task) -> u32 {
    let target = &task.target.1;
    let columns = (target.x - point.x).max(point.x - target.right() + 1).max(0) as u32;
    let rows = (target.y - point.y).max(point.y - target.bottom() + 1).max(0) as u32;
    let bend = if columns > 0 && rows > 0 { BEND } else { 0 };
    let straight = (columns * LEVEL_STEP + rows * UPRIGHT_STEP + bend).saturating_sub(UPRIGHT_STEP);
    straight.max(task.guide.map_or(0, |guide| guide.remaining(point))) * task.haste / 4
}

//! Routing: one path of cells for every flow, around boxes and through exactly the walls it must pierce.
//!
//! Drafts of the layout that are legal are taken over. All other wires are routed one after the other, short ones first. A
//! wire that finds no way may run over others, which are then taken out and routed again; what still fails, and what would
//! be too much, is reported as off the page. Last, where there are no drafts, every wire is tried once more, and every bundle.

mod bundles;
mod check;
mod corridor;
mod grid;
mod guide;
mod label;
mod ports;
mod search;
mod traffic;

use std::collections::{BTreeMap, VecDeque};

pub(crate) use grid::{MAXIMUM_AREA, cells_to_route, title_span};

use super::geometry::{Point, Rect, Side};
use super::graph::{Direction, Edge, Graph, walls_between};
use super::{Placement, Wire};
use corridor::Corridor;
use grid::{Grid, Kind, NONE};
use guide::Guide;
use search::{PortWish, Search, Task};
use traffic::Traffic;

/// How often one wire may be taken out for the sake of others.
const MOST_DISPLACEMENTS: u32 = 5;

/// Once this many states were searched, no wire is routed again just to improve it; and when spare rows and columns are gone, in
/// drawings that are not small and in those that are.
const IMPROVEMENT_LIMIT: usize = 1_200_000;
const SETTLING_LIMIT: [usize; 2] = [20_000, 200_000];

/// With so many edges all of them may be routed once more, and carefully.
const SMALL: usize = 40;

/// Where everything is joined to everything a picture of all of it would be black: so many wires are routed, the shortest
/// ones, and the others go off the page.
pub(crate) fn most_wires(graph: &Graph) -> usize {
    (4 * graph.nodes.len()).max(200)
}

/// Columns and rows around both ends that are searched first.
const WINDOW: (i32, i32) = (120, 48);

/// On grids with more cells than this, searches follow a rough map of the page: failing in a window and then searching
/// everywhere would take too long there.
const LARGE_AREA: usize = 400_000;

/// How long to search by a rough map, in states looked at: that does not depend on the machine.
struct Limits {
    /// One careful search.
    careful: usize,
    /// One hasty search, for what a careful one did not find; after that it counts as failed.
    hasty: usize,
    /// All searches together; after that, what is not found soon goes off the page.
    effort: usize,
}

/// Wires that come last are the longest, and nobody can follow those over a large page.
const WHOLE_PAGE: Limits = Limits { careful: 20_000, hasty: 40_000, effort: 12_000_000 };

/// What has no draft is looked for between all the others, where care brings little.
const DRAFTED: Limits = Limits { careful: 0, ..WHOLE_PAGE };

/// Somebody waits for every move of the mouse.
const DRAGGING: Limits = Limits { careful: 0, hasty: 8_000, effort: 20_000 };

/// How far a layout is when all wires were looked for once: what follows takes little of the time.
const PERCENT: usize = 95;

/// See [`Task::haste`]: how hastily the first way is looked for, a better one, and the last one.
const HASTE: u32 = 10;
const IMPROVING: u32 = 6;
const CAREFUL: u32 = 4;

/// See [`Task::haste`]: distances that were measured need less of it.
const GUIDED_HASTE: u32 = 9;

/// Cells of distance for which a hasty search is one step hastier: the longer a wire, the more others it crosses, of which
/// the rough map knows nothing.
const HASTIER: u32 = 125;

/// Routes every edge of a canonical graph, near the courses that the layout had in mind where it can be done.
/// Nothing where it was stopped: `go_on` is told how far it is, in percent.
pub(crate) fn all(
    graph: &Graph,
    placement: &Placement,
    (courses, drafts): (&[Vec<Rect>], &[Vec<Point>]),
    effort: Effort,
    go_on: &mut dyn FnMut(u8) -> bool,
) -> Option<Vec<Wire>> {
    let mut router = match Router::new(graph, placement, Grid::whole(graph, placement, drafts)) {
        Some(router) => router,
        None => return Some((0..graph.edges.len()).map(Wire::off_page).collect()),
    };
    router.follow(courses);
    router.adopt(drafts, go_on)?;
    let pending = (0..graph.edges.len()).filter(|wire| router.paths[*wire].is_empty()).collect();
    if router.paths.iter().any(|path| !path.is_empty()) {
        router.limits = DRAFTED;
    }
    if !router.run(pending, effort, go_on) {
        return None;
    }
    let labels = label::place(&router, &[]);
    Some((0..graph.edges.len()).map(|edge| router.wire(edge, labels[edge])).collect())
}

/// Routes those edges again that step aside, in small drawings all, now that spare rows and columns are gone: what they stepped
/// aside for may be gone with them. Nothing where nothing looks better, or where labels would have less room.
pub(crate) fn settle(graph: &Graph, placement: &Placement, wires: &[Wire]) -> Option<Vec<Wire>> {
    let is_small = wires.len() <= SMALL;
    let (mut again, others): (Vec<usize>, Vec<usize>) =
        (0..wires.len()).partition(|wire| steps_aside(&wires[*wire].path));
    // From the last one on: those that step aside come first.
    again.splice(0..0, others.into_iter().filter(|_| is_small));
    if again.is_empty() {
        return None;
    }
    let mut router = Router::new(graph, placement, Grid::whole(graph, placement, &[]))?;
    wires.iter().enumerate().for_each(|(wire, Wire { path, .. })| router.insert(wire, path.clone()));
    // What is shortened may have more room now.
    let is_whole = |wire: &&Wire| wire.label.is_some_and(|label| label.width == graph.edges[wire.edge].label_width);
    let kept: Vec<Option<Rect>> = wires.iter().map(|wire| Some(wire).filter(is_whole)?.label).collect();
    let said = |router: &Router| label::said(router, &label::place(router, &kept));
    let before = label::said(&router, &wires.iter().map(|wire| wire.label).collect::<Vec<_>>());
    let mut best = (bundles::looks(&router, &again), said(&router).max(before));
    let (limit, haste) = [(SETTLING_LIMIT[0], IMPROVING), (SETTLING_LIMIT[1], CAREFUL)][usize::from(is_small)];
    router.haste = haste;
    for wire in again.iter().rev() {
        if router.search.spent > limit {
            break;
        }
        let former = router.remove(*wire);
        let found = router.find(*wire, false).unwrap_or_else(|| former.clone());
        let is_other = found != former;
        router.insert(*wire, found);
        let looks = bundles::looks(&router, &again);
        let now = if is_other && looks < best.0 { said(&router) } else { 0 };
        if now >= best.1 && looks < best.0 {
            best = (looks, now);
        } else if is_other {
            router.remove(*wire);
            router.insert(*wire, former);
        }
    }
    bundles::improve(&mut router, &again, &kept, limit);
    let labels = label::place(&router, &kept);
    let is_other = wires.iter().zip(&router.paths).any(|(wire, path)| wire.path != *path);
    let is_better = is_other || label::said(&router, &labels) > before;
    is_better.then(|| (0..graph.edges.len()).map(|edge| router.wire(edge, labels[edge])).collect())
}

/// Whether a path makes a step of one or two cells and goes on as it came.
fn steps_aside(path: &[Point]) -> bool {
    let sides: Vec<Option<Side>> = path.windows(2).map(|pair| Side::between(pair[0], pair[1])).collect();
    let runs: Vec<&[Option<Side>]> = sides.chunk_by(|one, two| one == two).collect();
    runs.windows(3).any(|runs| runs[1].len() < 3 && runs[0][0] == runs[2][0])
}

/// What becomes of a wire when others are routed again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kept {
    /// It is routed again.
    Not,
    /// It stays if that is still legal. It must lie in the window.
    IfLegal,
    /// It stays. It may lead out of the window.
    Surely,
}

/// What became of a wire when others were routed again.
pub(crate) enum Outcome {
    /// It is as it was.
    Same,
    /// Its label has another place, or none.
    Label(Option<Rect>),
    /// It was routed again.
    Wire(Wire),
}

/// Routes again within a window; the wires that are kept stay as they are, but for labels that others now run over.
/// Of `wires`, as they were before, only paths and labels are read.
pub(crate) fn again(
    graph: &Graph,
    placement: &Placement,
    wires: &[&Wire],
    kept: &[Kept],
    window: Rect,
) -> Vec<Outcome> {
    let mut router = match Router::new(graph, placement, window) {
        Some(router) => router,
        None => {
            let stays = |(index, kept): (usize, &Kept)| match kept {
                Kept::Surely => Outcome::Same,
                Kept::Not | Kept::IfLegal => Outcome::Wire(Wire::off_page(index)),
            };
            return kept.iter().enumerate().map(stays).collect();
        }
    };
    router.is_guided = true;
    router.limits = DRAGGING;
    let mut pending = Vec::new();
    for (index, wire) in wires.iter().enumerate().filter(|(index, _)| kept[*index] == Kept::Surely) {
        router.insert(index, wire.path.clone());
    }
    for (index, wire) in wires.iter().enumerate() {
        match kept[index] {
            Kept::IfLegal if router.is_legal(index, &wire.path) => router.insert(index, wire.path.clone()),
            Kept::Surely => {}
            Kept::Not | Kept::IfLegal => pending.push(index),
        }
    }
    let again = pending.clone();
    router.run(pending, Effort::Quick, &mut |_| true);
    let labels: Vec<Option<Rect>> =
        wires.iter().enumerate().map(|(index, wire)| wire.label.filter(|_| !again.contains(&index))).collect();
    let placed = label::place(&router, &labels);
    (0..wires.len())
        .map(|index| {
            // A label at the edge of the window, or outside, is left where it is unless something runs over it.
            let at_edge = labels[index].filter(|label| !window.inset(1).covers(label));
            let is_open = |label: &Rect| {
                let cells = (label.x..label.right()).filter_map(|x| router.grid.index(Point::new(x, label.y)));
                cells.flat_map(|cell| router.traffic.passages(cell)).all(|passage| passage.wire as usize == index)
            };
            let label = at_edge.map_or(placed[index], |label| Some(label).filter(is_open));
            match kept[index] {
                Kept::Surely if label == wires[index].label => Outcome::Same,
                Kept::Surely => Outcome::Label(label),
                Kept::Not | Kept::IfLegal => Outcome::Wire(router.wire(index, label)),
            }
        })
        .collect()
}

/// How much time to spend.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Effort {
    /// Find a way where there is one, and move no other wire for it.
    Quick,
    /// Move others where there is none, and then try to improve every wire.
    Thorough,
}

/// What stays the same about a wire.
struct Job {
    walls: Vec<(u32, u32)>,
    siblings: Vec<u32>,
    leave: PortWish,
    arrive: PortWish,
}

struct Router<'a> {
    graph: &'a Graph,
    placement: &'a Placement,
    grid: Grid,
    traffic: Traffic,
    search: Search,
    /// Whether searches follow a rough map of the page, which is made for the first of them.
    is_guided: bool,
    guide: Option<Guide>,
    limits: Limits,
    jobs: Vec<Job>,
    /// For every wire, where the layout said anything of it.
    corridors: Vec<Corridor>,
    paths: Vec<Vec<Point>>,
    /// See [`Task::haste`].
    haste: u32,
}

impl<'a> Router<'a> {
    fn new(graph: &'a Graph, placement: &'a Placement, area: Rect) -> Option<Self> {
        let grid = Grid::new(graph, placement, area)?;
        let parents: Vec<Option<usize>> = graph.boundaries.iter().map(|boundary| boundary.parent).collect();
        let mut between: BTreeMap<(usize, usize), Vec<u32>> = BTreeMap::new();
        for (index, edge) in graph.edges.iter().enumerate() {
            between.entry((edge.from, edge.to)).or_default().push(index as u32);
        }
        let jobs = graph
            .edges
            .iter()
            .enumerate()
            .zip(ports::wishes(graph, placement))
            .map(|((index, edge), (leave, arrive))| {
                let walls = walls_between(&parents, graph.nodes[edge.from].boundary, graph.nodes[edge.to].boundary)
                    .into_iter()
                    .map(|wall| {
                        let behind = if wall.entered { Some(wall.boundary) } else { parents[wall.boundary] };
                        (wall.boundary as u32, behind.map_or(NONE, |region| region as u32))
                    })
                    .collect();
                let mut siblings = between.get(&(edge.from, edge.to)).cloned().unwrap_or_default();
                siblings.retain(|other| *other != index as u32);
                Job { walls, siblings, leave, arrive }
            })
            .collect();
        let cells = grid.len();
        let trees = graph.edges.iter().map(|edge| (edge.source_tree(), edge.target_tree())).collect();
        Some(Self {
            graph,
            placement,
            traffic: Traffic::new(cells, trees),
            search: Search::new(cells, graph.boundaries.len()),
            limits: WHOLE_PAGE,
            is_guided: cells > LARGE_AREA,
            guide: None,
            grid,
            jobs,
            corridors: Vec::new(),
            paths: vec![Vec::new(); graph.edges.len()],
            haste: HASTE,
        })
    }

    /// Looks for every wire along its course first.
    fn follow(&mut self, courses: &[Vec<Rect>]) {
        if !self.graph.boundaries.is_empty() {
            return;
        }
        let boxes = &self.placement.nodes;
        let corridor = |(edge, course): (&Edge, &Vec<Rect>)| {
            Corridor::new(self.graph.direction, &boxes[edge.from], course, &boxes[edge.to])
        };
        self.corridors = self.graph.edges.iter().zip(courses).map(corridor).collect();
    }

    /// Takes over the drafts that are legal as they are; nothing where it was stopped.
    fn adopt(&mut self, drafts: &[Vec<Point>], go_on: &mut dyn FnMut(u8) -> bool) -> Option<()> {
        for (wire, draft) in drafts.iter().enumerate().filter(|(_, draft)| !draft.is_empty()) {
            if !go_on(0) {
                return None;
            }
            if self.is_legal(wire, draft) {
                self.insert(wire, draft.clone());
            }
        }
        Some(())
    }

    fn find(&mut self, wire: usize, displacing: bool) -> Option<Vec<Point>> {
        let edge = &self.graph.edges[wire];
        let job = &self.jobs[wire];
        let region = self.graph.nodes[edge.from].boundary.map_or(NONE, |boundary| boundary as u32);
        let distance = self.distance(wire).unsigned_abs();
        let task = Task {
            source: (edge.from as u32, self.placement.nodes[edge.from]),
            target: (edge.to as u32, self.placement.nodes[edge.to]),
            back: self.back(),
            region,
            walls: &job.walls,
            leave: job.leave,
            arrive: job.arrive,
            trees: (edge.source_tree(), edge.target_tree()),
            siblings: &job.siblings,
            displacing,
            haste: self.haste + (distance / 40).min(12),
            window: self.placement.nodes[edge.from].union(&self.placement.nodes[edge.to]).grown(WINDOW.0, WINDOW.1),
            corridor: None,
            guide: None,
            patience: usize::MAX,
        };
        let everywhere = Task { window: self.grid.area, ..task };
        if !displacing && let Some(corridor) = self.corridors.get(wire) {
            let task = Task { corridor: Some(corridor), haste: self.haste, ..everywhere };
            if let Some(path) = self.search.find(&self.grid, &self.traffic, &task) {
                return Some(path);
            }
        }
        if self.is_guided {
            let guide = self.guide.get_or_insert_with(|| Guide::new(&self.grid));
            let through: Vec<u32> = job.walls.iter().map(|(_, behind)| *behind).chain([region]).collect();
            guide.measure(&task.source.1, &task.target.1, &through);
            // Moving others takes longest of all here, and brings little.
            if displacing {
                return None;
            }
            let Limits { careful, hasty, effort } = self.limits;
            let (careful, hasty) = if self.search.spent > effort { (0, hasty / 10) } else { (careful, hasty) };
            let task = Task { guide: Some(guide), patience: careful, haste: GUIDED_HASTE, ..everywhere };
            let second = Task { patience: hasty, haste: GUIDED_HASTE + distance / HASTIER, ..task };
            return [task, second]
                .iter()
                .filter(|task| task.patience > 0)
                .find_map(|task| self.search.find(&self.grid, &self.traffic, task));
        }
        if self.search.spent > self.limits.effort {
            return None;
        }
        // Most ways lead through the neighbourhood; only where there is none is it worth looking everywhere.
        self.search
            .find(&self.grid, &self.traffic, &task)
            .or_else(|| self.search.find(&self.grid, &self.traffic, &everywhere))
    }

    /// The direction against which flows run.
    fn back(&self) -> Side {
        match self.graph.direction {
            Direction::Down => Side::Up,
            Direction::Right => Side::Left,
        }
    }

    /// The directions of motion into and out of every cell of a path.
    fn motions(&self, wire: usize, path: &[Point]) -> Option<Vec<(Side, Side)>> {
        let edge = &self.graph.edges[wire];
        let outwards = Side::touching(&self.placement.nodes[edge.from], *path.first()?)?;
        let inwards = Side::touching(&self.placement.nodes[edge.to], *path.last()?)?.opposite();
        let steps: Option<Vec<Side>> = path.windows(2).map(|pair| Side::between(pair[0], pair[1])).collect();
        let mut entry = outwards;
        let mut motions = Vec::with_capacity(path.len());
        for exit in steps?.into_iter().chain([inwards]) {
            motions.push((entry, exit));
            entry = exit;
        }
        Some(motions)
    }

    fn insert(&mut self, wire: usize, path: Vec<Point>) {
        self.note(wire, &path);
        self.paths[wire] = path;
    }

    /// Notes where a wire runs within the grid.
    fn note(&mut self, wire: usize, path: &[Point]) {
        let edge = &self.graph.edges[wire];
        let boxes = &self.placement.nodes;
        let mut at = 0;
        while let Some(point) = path.get(at) {
            let slot = at;
            // It goes a cell at a time, so that what is far away needs no look.
            at += self.grid.area.distance(*point).max(1) as usize;
            let Some(cell) = self.grid.index(*point) else { continue };
            let entry = match slot.checked_sub(1) {
                Some(before) => Side::between(path[before], *point),
                None => Side::touching(&boxes[edge.from], *point),
            };
            let exit = match path.get(slot + 1) {
                Some(next) => Side::between(*point, *next),
                None => Side::touching(&boxes[edge.to], *point).map(Side::opposite),
            };
            let (Some(entry), Some(exit)) = (entry, exit) else { continue };
            self.traffic.add(cell, wire as u32, (entry, exit), (slot == 0, slot + 1 == path.len()));
            self.grid.occupy(cell, true);
        }
    }

    fn remove(&mut self, wire: usize) -> Vec<Point> {
        let path = std::mem::take(&mut self.paths[wire]);
        for point in &path {
            if let Some(cell) = self.grid.index(*point) {
                self.traffic.remove(cell, wire as u32);
                self.grid.occupy(cell, !self.traffic.at(cell).is_empty());
            }
        }
        path
    }

    fn distance(&self, wire: usize) -> i32 {
        let edge = &self.graph.edges[wire];
        let (one, two) = (self.placement.nodes[edge.from].center(), self.placement.nodes[edge.to].center());
        (one.x - two.x).abs() + 2 * (one.y - two.y).abs()
    }

    /// Routes wires; whether it came to an end.
    fn run(&mut self, mut pending: Vec<usize>, effort: Effort, go_on: &mut dyn FnMut(u8) -> bool) -> bool {
        pending.sort_by_key(|wire| (self.distance(*wire), *wire));
        let routed = self.paths.iter().filter(|path| !path.is_empty()).count();
        pending.truncate(most_wires(self.graph).saturating_sub(routed));
        let all = pending.clone();
        let mut queue: VecDeque<usize> = pending.into();
        let mut displaced = vec![0_u32; self.graph.edges.len()];
        let mut budget = 40 + 3 * queue.len();
        while let Some(wire) = queue.pop_front() {
            let left = PERCENT * (queue.len() + 1) / (all.len() + 1);
            if !go_on((PERCENT - left.min(PERCENT)) as u8) {
                return false;
            }
            if let Some(path) = self.find(wire, false) {
                self.insert(wire, path);
                continue;
            }
            if budget == 0 || effort == Effort::Quick {
                continue;
            }
            budget -= 1;
            let Some(path) = self.find(wire, true) else { continue };
            let others = self.in_the_way(wire, &path);
            if others.iter().any(|other| displaced[*other] >= MOST_DISPLACEMENTS) {
                continue;
            }
            for point in &path {
                if let Some(cell) = self.grid.index(*point) {
                    self.search.history[cell] += 6;
                }
            }
            for other in others {
                displaced[other] += 1;
                self.remove(other);
                queue.push_back(other);
            }
            self.insert(wire, path);
        }
        // Where there are drafts few wires are searched, and those had to find their way through all the others.
        if effort == Effort::Thorough && routed == 0 {
            self.improve(&all, IMPROVEMENT_LIMIT);
        }
        true
    }

    /// Takes every wire out and routes it again, now that all the others are known; then whole bundles.
    fn improve(&mut self, wires: &[usize], limit: usize) {
        self.haste = IMPROVING;
        for wire in wires.iter().rev() {
            if self.search.spent > limit {
                return;
            }
            if self.is_simple(*wire) {
                continue;
            }
            let former = self.remove(*wire);
            match self.find(*wire, false) {
                Some(path) => self.insert(*wire, path),
                None if former.is_empty() => {}
                None => self.insert(*wire, former),
            }
        }
        bundles::improve(self, wires, &[], limit);
    }

    /// Whether a wire could hardly be better: at most one bend, and nothing crossed.
    fn is_simple(&self, wire: usize) -> bool {
        let path = &self.paths[wire];
        let bends = path.windows(3).filter(|cells| cells[0].x != cells[2].x && cells[0].y != cells[2].y).count();
        let crosses = |point: &Point| self.grid.index(*point).is_some_and(|cell| self.traffic.at(cell).is_crossing());
        !path.is_empty() && bends <= 1 && !path.iter().any(crosses)
    }

    /// The walls a path runs through, in order.
    fn crossings(&self, path: &[Point]) -> Vec<(usize, Point)> {
        path.iter()
            .filter_map(|point| {
                let ground = self.grid.at(self.grid.index(*point)?);
                matches!(ground.kind, Kind::LevelWall | Kind::UprightWall).then_some((ground.owner as usize, *point))
            })
            .collect()
    }

    /// A finished wire.
    fn wire(&self, edge: usize, label: Option<Rect>) -> Wire {
        let path = self.paths[edge].clone();
        Wire { edge, label, crossings: self.crossings(&path), off_page: path.is_empty(), path }
    }
}

//! Routing: one path of cells for every flow, around boxes and through exactly the walls it must pierce.
//!
//! Wires are routed one after the other, short ones first. A wire that finds no way may run over others, which are then
//! taken out and routed again; what still fails is reported as off the page. Last, every wire is tried once more.

mod check;
mod grid;
mod label;
mod ports;
mod search;
mod traffic;

use std::collections::{BTreeMap, VecDeque};

pub(crate) use grid::title_span;

use super::geometry::{Point, Rect, Side};
use super::graph::{Graph, walls_between};
use super::{Placement, Wire};
use grid::{Grid, Kind, NONE};
use search::{PortWish, Search, Task};
use traffic::{Passage, Traffic};

/// How often one wire may be taken out for the sake of others.
const MOST_DISPLACEMENTS: u32 = 5;

/// Once this many states were searched, no wire is routed again just to improve it.
const IMPROVEMENT_LIMIT: usize = 1_200_000;

/// Columns and rows around both ends that are searched first.
const WINDOW: (i32, i32) = (120, 48);

/// Grids with more cells than this count as large: failing in a window and then searching everywhere would take too
/// long there.
const LARGE_AREA: usize = 400_000;

/// Routes every edge of a canonical graph.
pub(crate) fn all(graph: &Graph, placement: &Placement, effort: Effort) -> Vec<Wire> {
    let mut router = match Router::new(graph, placement) {
        Some(router) => router,
        None => return (0..graph.edges.len()).map(Wire::off_page).collect(),
    };
    router.run((0..graph.edges.len()).collect(), effort);
    router.wires(&[])
}

/// Routes again what touches the moved boxes or has become illegal; the other wires stay as they are.
pub(crate) fn again(graph: &Graph, placement: &Placement, wires: &[Wire], moved: &[usize]) -> Vec<Wire> {
    let mut router = match Router::new(graph, placement) {
        Some(router) => router,
        None => return (0..graph.edges.len()).map(Wire::off_page).collect(),
    };
    let mut pending = Vec::new();
    for (index, wire) in wires.iter().enumerate() {
        let edge = &graph.edges[index];
        let touched = wire.path.is_empty() || moved.contains(&edge.from) || moved.contains(&edge.to);
        if !touched && router.is_legal(index, &wire.path) {
            router.insert(index, wire.path.clone());
        } else {
            pending.push(index);
        }
    }
    let kept: Vec<Option<Rect>> =
        wires.iter().enumerate().map(|(index, wire)| wire.label.filter(|_| !pending.contains(&index))).collect();
    router.run(pending, Effort::Quick);
    router.wires(&kept)
}

/// How much time to spend.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Effort {
    /// Find some way for everything.
    Quick,
    /// Then try to improve every wire.
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
    jobs: Vec<Job>,
    paths: Vec<Vec<Point>>,
    /// See [`Task::haste`].
    haste: u32,
}

impl<'a> Router<'a> {
    fn new(graph: &'a Graph, placement: &'a Placement) -> Option<Self> {
        let grid = Grid::new(graph, placement)?;
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
        let cells = grid.cells.len();
        Some(Self {
            graph,
            placement,
            traffic: Traffic::new(cells),
            search: Search::new(cells, graph.boundaries.len()),
            grid,
            jobs,
            paths: vec![Vec::new(); graph.edges.len()],
            haste: 10,
        })
    }

    fn find(&mut self, wire: usize, displacing: bool) -> Option<Vec<Point>> {
        let edge = &self.graph.edges[wire];
        let job = &self.jobs[wire];
        let region = self.graph.nodes[edge.from].boundary.map_or(NONE, |boundary| boundary as u32);
        let task = Task {
            source: (edge.from as u32, self.placement.nodes[edge.from]),
            target: (edge.to as u32, self.placement.nodes[edge.to]),
            region,
            walls: &job.walls,
            leave: job.leave,
            arrive: job.arrive,
            trees: (edge.source_tree(), edge.target_tree()),
            siblings: &job.siblings,
            displacing,
            haste: self.haste + (self.distance(wire) / 40).min(12) as u32,
            window: self.placement.nodes[edge.from].union(&self.placement.nodes[edge.to]).grown(WINDOW.0, WINDOW.1),
        };
        if self.grid.cells.len() > LARGE_AREA {
            return self.search.find(&self.grid, &self.traffic, &Task { window: self.grid.area, ..task });
        }
        // Most ways lead through the neighbourhood; only where there is none is it worth looking everywhere.
        self.search
            .find(&self.grid, &self.traffic, &task)
            .or_else(|| self.search.find(&self.grid, &self.traffic, &Task { window: self.grid.area, ..task }))
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
        let edge = &self.graph.edges[wire];
        let Some(motions) = self.motions(wire, &path) else { return };
        for (slot, (point, (entry, exit))) in path.iter().zip(motions).enumerate() {
            let Some(cell) = self.grid.index(*point) else { continue };
            let passage = Passage {
                wire: wire as u32,
                source: edge.source_tree(),
                target: edge.target_tree(),
                entry,
                exit,
                starts: slot == 0,
                stops: slot + 1 == path.len(),
            };
            self.traffic.add(cell, passage);
            self.grid.cells[cell].busy = true;
        }
        self.paths[wire] = path;
    }

    fn remove(&mut self, wire: usize) -> Vec<Point> {
        let path = std::mem::take(&mut self.paths[wire]);
        for point in &path {
            if let Some(cell) = self.grid.index(*point) {
                self.traffic.remove(cell, wire as u32);
                self.grid.cells[cell].busy = !self.traffic.at(cell).is_empty();
            }
        }
        path
    }

    fn distance(&self, wire: usize) -> i32 {
        let edge = &self.graph.edges[wire];
        let (one, two) = (self.placement.nodes[edge.from].center(), self.placement.nodes[edge.to].center());
        (one.x - two.x).abs() + 2 * (one.y - two.y).abs()
    }

    fn run(&mut self, mut pending: Vec<usize>, effort: Effort) {
        pending.sort_by_key(|wire| (self.distance(*wire), *wire));
        let all = pending.clone();
        let mut queue: VecDeque<usize> = pending.into();
        let mut displaced = vec![0_u32; self.graph.edges.len()];
        let mut budget = 40 + 3 * queue.len();
        while let Some(wire) = queue.pop_front() {
            if let Some(path) = self.find(wire, false) {
                self.insert(wire, path);
                continue;
            }
            if budget == 0 {
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
        if effort == Effort::Thorough {
            self.improve(&all);
        }
    }

    /// Takes every wire out and routes it again, now that all the others are known.
    fn improve(&mut self, wires: &[usize]) {
        self.haste = 6;
        for wire in wires.iter().rev() {
            if self.search.spent > IMPROVEMENT_LIMIT {
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
    }

    /// Whether a wire could hardly be better: at most one bend, and nothing crossed.
    fn is_simple(&self, wire: usize) -> bool {
        let path = &self.paths[wire];
        let bends = path.windows(3).filter(|cells| cells[0].x != cells[2].x && cells[0].y != cells[2].y).count();
        let crosses = |point: &Point| self.grid.index(*point).is_some_and(|cell| self.traffic.at(cell).is_crossing());
        !path.is_empty() && bends <= 1 && !path.iter().any(crosses)
    }

    /// The wires that could not stay if the wire took the path.
    fn in_the_way(&self, wire: usize, path: &[Point]) -> Vec<usize> {
        let mut others: Vec<usize> = path
            .iter()
            .filter_map(|point| self.grid.index(*point))
            .flat_map(|cell| self.traffic.passages(cell).iter().map(|passage| passage.wire as usize))
            .collect();
        others.sort_unstable();
        others.dedup();
        others.retain(|other| !self.may_coexist(wire, path, *other, &self.paths[*other]));
        others
    }

    /// The walls a path runs through, in order.
    fn crossings(&self, path: &[Point]) -> Vec<(usize, Point)> {
        path.iter()
            .filter_map(|point| {
                let ground = self.grid.cells[self.grid.index(*point)?];
                matches!(ground.kind, Kind::LevelWall | Kind::UprightWall).then_some((ground.owner as usize, *point))
            })
            .collect()
    }

    /// The finished wires; labels given are kept.
    fn wires(self, kept: &[Option<Rect>]) -> Vec<Wire> {
        let labels = label::place(&self, kept);
        (0..self.paths.len())
            .map(|edge| Wire {
                edge,
                label: labels[edge],
                crossings: self.crossings(&self.paths[edge]),
                off_page: self.paths[edge].is_empty(),
                path: self.paths[edge].clone(),
            })
            .collect()
    }
}

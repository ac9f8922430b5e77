//! Labels: each gets a free run of cells on or beside the part of its wire that it shares with nobody, or with those alone
//! that say the same.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::super::geometry::{Point, Rect, Side};
use super::Router;
use super::grid::Kind;
use super::traffic::Passage;

/// The place of the label of every wire; places in `kept` are taken over unseen. Wires that run together and say the same may
/// leave it to one of them to say it.
pub(super) fn place(router: &Router, kept: &[Option<Rect>]) -> Vec<Option<Rect>> {
    let mut labels = Labels::new(router, vec![None; router.paths.len()]);
    for (wire, label) in kept.iter().enumerate() {
        let Some(rect) = label else { continue };
        let group = labels.group_at(wire, rect);
        let is_kept = labels.is_beside(wire, rect) && labels.is_open(&group, rect, 0);
        // One at the edge may stay where it is, too: who asked for a part of a drawing says so, not the part.
        if is_kept || !router.grid.area.inset(1).covers(rect) {
            labels.taken.extend(cells(rect));
        }
        labels.places[wire] = is_kept.then_some(*rect);
    }
    // Whole, and where a wire runs alone; else whole, and where it runs with others that say the same; else shortened.
    let wires = || 0..router.paths.len();
    let width = |wire: usize| router.graph.edges[wire].label_width;
    for wire in wires() {
        labels.find(wire, width(wire), &[wire as u32]);
    }
    for wire in wires() {
        for group in labels.groups[wire].clone() {
            labels.find(wire, width(wire), &group);
        }
    }
    for wire in wires() {
        for less in SHORTENED.into_iter().filter(|less| *less < width(wire)) {
            labels.find(wire, less, &[wire as u32]);
        }
    }
    labels.places
}

fn cells(rect: &Rect) -> impl Iterator<Item = Point> {
    let row = rect.y;
    (rect.x..rect.right()).map(move |x| Point::new(x, row))
}

/// How many cells labels at these places take; what is said for several wires counts for each of them.
pub(super) fn said(router: &Router, places: &[Option<Rect>]) -> i32 {
    let labels = Labels::new(router, places.to_vec());
    let width = |wire: usize| match places[wire] {
        Some(label) => label.width,
        None if labels.is_said(wire) => router.graph.edges[wire].label_width,
        None => 0,
    };
    (0..places.len()).map(width).sum()
}

/// The widths at which a label is tried that has nowhere room as a whole.
const SHORTENED: [i32; 3] = [14, 9, 6];

/// With more wires than this each speaks for itself: labels are too far from each other there.
const MANY: usize = 250;

/// Blank cells between two labels of one row, wherever there is room: with fewer they read as one.
const BETWEEN: i32 = 3;

/// What it costs to stand beside the head of a wire, or where it begins: the heads of several wires stand in one row there.
const AT_AN_END: i32 = 30;

/// Labels while they are placed.
struct Labels<'a> {
    router: &'a Router<'a>,
    /// The cells of those that have a place.
    taken: BTreeSet<Point>,
    places: Vec<Option<Rect>>,
    /// Of every wire, the groups in which it runs somewhere and of which all say the same, the largest first.
    groups: Vec<Vec<Vec<u32>>>,
}

impl<'a> Labels<'a> {
    fn new(router: &'a Router<'a>, places: Vec<Option<Rect>>) -> Self {
        let mut labels = Labels { router, taken: BTreeSet::new(), places, groups: Vec::new() };
        let is_shared = |wire: usize| router.paths.len() <= MANY && !router.graph.edges[wire].label.is_empty();
        labels.groups = (0..router.paths.len())
            .map(|wire| if is_shared(wire) { labels.groups(wire) } else { Vec::new() })
            .collect();
        labels
    }

    /// Looks for a place for the label of a wire that has none, shortened to a width, where a group of wires runs together.
    fn find(&mut self, wire: usize, width: i32, group: &[u32]) {
        let is_done = self.places[wire].is_some() || width <= 0 || self.router.paths[wire].is_empty();
        if is_done || self.is_said(wire) {
            return;
        }
        // Better away from walls, right beside one if need be.
        let candidates = self.candidates(wire, width, group);
        let open = |near: i32| candidates.iter().find(|(_, rect)| self.is_open(group, rect, near)).copied();
        if let Some((_, rect)) = open(BETWEEN).or_else(|| open(0)) {
            self.taken.extend(cells(&rect));
            self.places[wire] = Some(rect);
        }
    }

    /// The wires in a cell.
    fn wires_at(&self, point: Point) -> Vec<u32> {
        let cell = self.router.grid.index(point);
        let mut wires: Vec<u32> =
            cell.into_iter().flat_map(|cell| self.router.traffic.passages(cell)).map(|passage| passage.wire).collect();
        wires.sort_unstable();
        wires
    }

    /// Whether all of these wires say what this one says.
    fn say_the_same(&self, wire: usize, others: &[u32]) -> bool {
        let edges = &self.router.graph.edges;
        let says = &edges[wire].label;
        !says.is_empty() && others.iter().all(|other| edges[*other as usize].label == *says)
    }

    /// The wires that it somewhere runs together with, where all of them say the same; the most first.
    fn groups(&self, wire: usize) -> Vec<Vec<u32>> {
        let groups = self.router.paths[wire].iter().map(|point| self.wires_at(*point));
        let groups: BTreeSet<Vec<u32>> =
            groups.filter(|group| group.len() > 1 && self.say_the_same(wire, group)).collect();
        let mut groups: Vec<Vec<u32>> = groups.into_iter().collect();
        groups.sort_by_key(|group| Reverse(group.len()));
        groups
    }

    /// The cells of a wire that are right beside a label, or that it stands on.
    fn beside(&self, wire: usize, label: &Rect) -> impl Iterator<Item = Point> {
        let beside = [label.grown(1, 0), label.grown(0, 1)];
        let path = self.router.paths[wire].iter().copied();
        path.filter(move |point| beside.iter().any(|rect| rect.contains(*point)))
    }

    /// Whether a label stands where its wire runs, which may have been routed anew.
    fn is_beside(&self, wire: usize, label: &Rect) -> bool {
        self.beside(wire, label).next().is_some()
    }

    /// The wires for which a label speaks: those that run where it stands, if they say the same; else its own alone.
    fn group_at(&self, wire: usize, label: &Rect) -> Vec<u32> {
        let mut along = self.beside(wire, label).map(|point| self.wires_at(point));
        let first = along.next().unwrap_or_default();
        let group = along.fold(first, |group, other| group.into_iter().filter(|wire| other.contains(wire)).collect());
        if self.groups[wire].contains(&group) { group } else { vec![wire as u32] }
    }

    /// Whether the label of another wire says it for this one.
    fn is_said(&self, wire: usize) -> bool {
        let mut others = self.groups[wire].iter().flatten().map(|other| *other as usize).filter(|other| *other != wire);
        others.any(|other| {
            let says_it = |label: Rect| self.group_at(other, &label).contains(&(wire as u32));
            self.places[other].is_some_and(says_it)
        })
    }

    /// Whether the cells, and one to either side, are free of everything but the wires of the group. With `near` the label keeps
    /// so far away from other labels, and is beside no wall.
    fn is_open(&self, group: &[u32], rect: &Rect, near: i32) -> bool {
        let Router { grid, traffic, .. } = self.router;
        let is_apart = near > 0;
        let near = near.max(1);
        if (rect.x - near..rect.right() + near).any(|x| self.taken.contains(&Point::new(x, rect.y))) {
            return false;
        }
        (rect.x - 1..=rect.right()).all(|x| {
            let point = Point::new(x, rect.y);
            let Some(cell) = grid.index(point) else { return false };
            let kind = grid.at(cell).kind;
            let is_own = traffic.passages(cell).all(|passage| group.contains(&passage.wire));
            if rect.contains(point) {
                let is_level = |passage: Passage| {
                    let is_end = passage.starts || passage.stops;
                    passage.entry.is_horizontal() && passage.exit == passage.entry && !is_end
                };
                // On a line it stands where the whole group runs from side to side.
                let count = traffic.passages(cell).count();
                let is_on_line = count == group.len() && traffic.passages(cell).all(is_level);
                kind == Kind::Free && is_own && (count == 0 || is_on_line)
            } else {
                // A margin: no text of boxes and no foreign wire right beside the label.
                let is_wall = matches!(kind, Kind::LevelWall | Kind::UprightWall | Kind::Blocked);
                is_own && (kind == Kind::Free || is_wall && !is_apart)
            }
        })
    }

    /// Possible places where a group runs together, with their demerits, best first.
    fn candidates(&self, wire: usize, width: i32, group: &[u32]) -> Vec<(i32, Rect)> {
        let path = &self.router.paths[wire];
        let Some(motions) = self.router.motions(wire, path) else { return Vec::new() };
        let alone: Vec<bool> = path.iter().map(|point| self.wires_at(*point) == group).collect();
        let middle = path.len() as i32 / 2;
        let mut found = Vec::new();
        let mut slot = 0;
        while slot < path.len() {
            let side = motions[slot].0;
            let mut end = slot;
            while end < path.len() && alone[end] && motions[end].0 == side && motions[end].1 == side {
                end += 1;
            }
            let length = (end - slot) as i32;
            let away = |position: usize| (position as i32 - middle).abs();
            if side.is_horizontal() {
                let left = path[slot].x.min(path[end.max(slot + 1) - 1].x);
                let row = path[slot].y;
                for start in 0..=(length - width) {
                    let rect = Rect::new(left + start, row, width, 1);
                    let off_center = (2 * start - (length - width)).abs();
                    found.push((off_center + if length > width { 0 } else { 12 }, rect));
                }
                if length > 0 {
                    let center = left + (length - width) / 2;
                    found.push((40, Rect::new(center, row - 1, width, 1)));
                    found.push((44, Rect::new(center, row + 1, width, 1)));
                }
            } else {
                for position in slot..end {
                    let point = path[position];
                    let is_end = position == 0 || position + 1 == path.len();
                    let head = if motions[position].1 == Side::Up { 2 } else { 0 } + if is_end { AT_AN_END } else { 0 };
                    found.push((10 + head + away(position), Rect::new(point.x + 1, point.y, width, 1)));
                    found.push((14 + head + away(position), Rect::new(point.x - width, point.y, width, 1)));
                }
            }
            slot = end.max(slot + 1);
        }
        found.sort_unstable_by_key(|(demerits, rect)| (*demerits, *rect));
        found
    }
}

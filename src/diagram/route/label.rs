//! Labels: each gets a free run of cells on or beside the part of its wire that it shares with nobody.

use std::collections::BTreeSet;

use super::super::geometry::{Point, Rect, Side};
use super::Router;
use super::grid::Kind;

/// The place of the label of every wire; places in `kept` are taken over unseen.
pub(super) fn place(router: &Router, kept: &[Option<Rect>]) -> Vec<Option<Rect>> {
    let mut taken: BTreeSet<Point> = BTreeSet::new();
    let mut result: Vec<Option<Rect>> = vec![None; router.paths.len()];
    let cells = |rect: &Rect| (rect.x..rect.right()).map(|x| Point::new(x, rect.y)).collect::<Vec<_>>();
    for (wire, label) in kept.iter().enumerate() {
        let Some(rect) = label else { continue };
        let is_kept = is_open(router, wire, rect, &BTreeSet::new(), false);
        // One at the edge may stay where it is, too: who asked for a part of a drawing says so, not the part.
        if is_kept || !router.grid.area.inset(1).covers(rect) {
            taken.extend(cells(rect));
        }
        result[wire] = is_kept.then_some(*rect);
    }
    for (wire, place) in result.iter_mut().enumerate() {
        let width = router.graph.edges[wire].label_width;
        if width <= 0 || place.is_some() || router.paths[wire].is_empty() {
            continue;
        }
        // Better away from walls, right beside one if need be, and shortened rather than not at all.
        let found = widths(width).find_map(|width| {
            let candidates = candidates(router, wire, width);
            let open = |apart| candidates.iter().copied().find(|(_, rect)| is_open(router, wire, rect, &taken, apart));
            open(true).or_else(|| open(false))
        });
        if let Some((_, rect)) = found {
            taken.extend(cells(&rect));
            *place = Some(rect);
        }
    }
    result
}

/// How many cells the labels of all wires would take.
pub(super) fn room(router: &Router) -> i32 {
    place(router, &[]).into_iter().flatten().map(|label| label.width).sum()
}

/// The widths at which a label is tried: its own, then less and less of it.
fn widths(width: i32) -> impl Iterator<Item = i32> {
    [width].into_iter().chain([14, 9, 6].into_iter().filter(move |less| *less < width))
}

/// Blank cells between two labels of one row, wherever there is room: with fewer they read as one.
const BETWEEN: i32 = 3;

/// What it costs to stand beside the head of a wire, or where it begins: the heads of several wires stand in one row there.
const AT_AN_END: i32 = 30;

/// Whether the cells, and one to either side, are free of everything but the wire itself; walls may be at the sides, and other
/// labels near, unless the label is to stay `apart` from them.
fn is_open(router: &Router, wire: usize, rect: &Rect, taken: &BTreeSet<Point>, apart: bool) -> bool {
    let own = |cell: usize| {
        router.traffic.passages(cell).all(|passage| passage.wire as usize == wire && !passage.starts && !passage.stops)
    };
    let near = if apart { BETWEEN } else { 1 };
    if (rect.x - near..rect.right() + near).any(|x| taken.contains(&Point::new(x, rect.y))) {
        return false;
    }
    (rect.x - 1..=rect.right()).all(|x| {
        let point = Point::new(x, rect.y);
        let Some(cell) = router.grid.index(point) else { return false };
        let inside = rect.contains(point);
        let mut passages = router.traffic.passages(cell);
        if inside {
            router.grid.at(cell).kind == Kind::Free && own(cell)
        } else {
            // A margin: no text of boxes and no foreign wire right beside the label.
            matches!(
                (router.grid.at(cell).kind, apart),
                (Kind::Free, _) | (Kind::LevelWall | Kind::UprightWall | Kind::Blocked, false)
            ) && passages.all(|passage| passage.wire as usize == wire)
        }
    })
}

/// Possible places with their demerits, best first.
fn candidates(router: &Router, wire: usize, width: i32) -> Vec<(i32, Rect)> {
    let path = &router.paths[wire];
    let Some(motions) = router.motions(wire, path) else { return Vec::new() };
    let alone: Vec<bool> = path
        .iter()
        .map(|point| router.grid.index(*point).is_some_and(|cell| router.traffic.passages(cell).count() == 1))
        .collect();
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

//! Where the view goes when what is selected lies outside of it: to where the next step leaves it alone in as many directions
//! as can be. Every move of the view draws the whole canvas, and over a slow line one waits for that.

use super::map::Map;
use crate::diagram::{Point, Rect, Size};

/// The ways in which a step leads.
const WAYS: [(i32, i32); 4] = [(-1, 0), (1, 0), (0, -1), (0, 1)];

/// A box out of view counts as so many times as far away.
const OUT_OF_VIEW: i64 = 4;

/// So many of the nearest boxes on each way are tried to be brought into view.
const TRIED: usize = 3;

/// How far a box is for a step on a way, from the middle of another; nothing where it is not on that way. What is aside
/// counts twice, and a cell is twice as high as wide.
fn distance(from: Point, to: &Rect, (dx, dy): (i32, i32)) -> Option<i64> {
    let to = to.center();
    let (x, y) = (i64::from(to.x - from.x), i64::from(to.y - from.y) * 2);
    let (along, across) = if dx != 0 { (x * i64::from(dx), y.abs()) } else { (y * i64::from(dy), x.abs()) };
    (along > 0).then_some(along + across * 2)
}

/// How far it is where it counts whether it is in view: the eye is there already.
fn seen_from(view: Rect, rect: &Rect, distance: i64) -> i64 {
    distance * if view.covers(rect) { 1 } else { OUT_OF_VIEW }
}

/// The nearest box on a way, from a box. What is in view is nearer than what is not.
pub fn neighbour(boxes: &[Rect], view: Rect, from: usize, way: (i32, i32)) -> Option<usize> {
    let start = boxes.get(from)?.center();
    let others = boxes.iter().enumerate().filter(|(at, _)| *at != from);
    let far = others.filter_map(|(at, rect)| Some((seen_from(view, rect, distance(start, rect, way)?), at)));
    far.min().map(|(_, at)| at)
}

/// The place for a view in which a box is seen, given the place that has it in the middle and how far the view may go.
pub fn place(map: &Map, seen: Rect, middle: Point, canvas: Size, within: impl Fn(Point) -> Point) -> Point {
    let (boxes, start) = (&map.diagram.placement.nodes, seen.center());
    // Of each way the boxes to which a step may lead.
    let near: Vec<Vec<(i64, &Rect)>> = WAYS
        .into_iter()
        .map(|way| {
            let mut near: Vec<(i64, &Rect)> =
                boxes.iter().filter_map(|rect| Some((distance(start, rect, way)?, rect))).collect();
            let least = near.iter().map(|(far, _)| *far).min().unwrap_or(0);
            near.retain(|(far, _)| *far < least * OUT_OF_VIEW);
            near.sort_by_key(|(far, rect)| (*far, rect.y, rect.x));
            near
        })
        .collect();
    let shows = |view: Rect, rect: &Rect| {
        rect.x > view.x && rect.y > view.y && rect.right() < view.right() && rect.bottom() < view.bottom()
    };
    let calm = |pan: Point| {
        let view = Rect::at(pan, canvas);
        let next = |near: &&Vec<(i64, &Rect)>| {
            let first = near.iter().min_by_key(|(far, rect)| seen_from(view, rect, *far));
            first.is_some_and(|(_, rect)| shows(view, rect))
        };
        near.iter().filter(next).count()
    };
    // No farther from the middle than it must.
    let shift = |pan: i32, room: i32, start: i32, end: i32| pan.min(start - 1).max(end + 1 - room);
    let around = |rect: &Rect| {
        let x = shift(middle.x, canvas.width, rect.x, rect.right());
        let y = shift(middle.y, canvas.height, rect.y, rect.bottom());
        [Point { x, y: middle.y }, Point { x: middle.x, y }, Point { x, y }]
    };
    let tried = near.iter().flat_map(|near| near.iter().take(TRIED)).flat_map(|(_, rect)| around(rect));
    let tried = tried.map(within).filter(|pan| shows(Rect::at(*pan, canvas), &seen));
    let far = |pan: Point| (pan.x - middle.x).abs() + 2 * (pan.y - middle.y).abs();
    let best = tried.map(|pan| (std::cmp::Reverse(calm(pan)), far(pan), (pan.x, pan.y))).min();
    match best {
        Some((std::cmp::Reverse(ways), _, (x, y))) if ways > calm(middle) => Point { x, y },
        _ => middle,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The view shows what it is to show, and moves off the middle only where a step to another box leaves it alone then.
    #[test]
    fn the_next_steps_leave_the_view_alone() {
        let (canvas, seen) = (Size::new(80, 20), Rect::new(100, 10, 10, 3));
        let middle = Point::new(65, 1);
        let table: [(&[Rect], Point); 5] = [
            (&[], middle),
            // In view as it is.
            (&[Rect::new(120, 10, 10, 3)], middle),
            // To the right, and below to the left: no farther than it must.
            (&[Rect::new(160, 10, 10, 3)], Point::new(91, 1)),
            (&[Rect::new(60, 24, 10, 1)], Point::new(59, 6)),
            // Too far away.
            (&[Rect::new(260, 10, 10, 3)], middle),
        ];
        for (others, wanted) in table {
            let mut map = Map::default();
            map.diagram.placement.nodes = std::iter::once(seen).chain(others.iter().copied()).collect();
            assert_eq!(place(&map, seen, middle, canvas, |pan| pan), wanted, "{others:?}");
        }
    }
}

//! Where a view goes so that less of it is void: off the rows and columns at its edges in which nothing begins or ends.

use super::map::Map;
use crate::diagram::{Point, Rect, Size};

/// Moves the view as far as there is more of the picture on the other side, and a rectangle stays in view; where more boxes
/// are seen whole then.
pub fn leave(map: &mut Map, keep: Rect, canvas: Size) {
    let (whole, view) = (map.bounds(), Rect::at(map.pan, canvas));
    let seen = |rects: &[Rect]| rects.iter().filter(|rect| rect.overlaps(&view)).copied().collect::<Vec<_>>();
    let (boxes, walls) = (seen(&map.diagram.placement.nodes), seen(&map.diagram.placement.boundaries));
    // Along an axis a boundary has two walls; the other two only pass.
    let spans = |along: fn(&Rect) -> Span| -> Vec<Span> {
        let two = |(start, end): Span| [(start, start + 1), (end - 1, end)];
        boxes.iter().map(along).chain(walls.iter().map(along).flat_map(two)).collect()
    };
    let steps = |along: fn(&Rect) -> Span| steps(along(&view), along(&whole), along(&keep), &spans(along));
    let (x, y) = (steps(|rect| (rect.x, rect.right())), steps(|rect| (rect.y, rect.bottom())));
    let at = |(x, y): (i32, i32)| Point { x: map.pan.x + x, y: map.pan.y + y };
    let shown =
        |pan: Point| map.diagram.placement.nodes.iter().filter(|rect| Rect::at(pan, canvas).covers(rect)).count();
    // It has to be worth it: more boxes are seen whole.
    let better = [(x, y), (x, 0), (0, y)].map(at).into_iter().filter(|pan| shown(*pan) > shown(map.pan));
    if let Some(pan) = better.max_by_key(|pan| shown(*pan)) {
        map.pan = pan;
    }
}

/// From a cell to before another.
type Span = (i32, i32);

/// How far a view of a whole goes, given what there is and what has to stay in view. A cell of air is left.
fn steps((from, to): Span, whole: Span, keep: Span, spans: &[Span]) -> i32 {
    let seen = spans.iter().copied().filter(|(start, end)| *start < to && *end > from);
    let Some((first, last)) = seen.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1))) else { return 0 };
    let on = (first - from - 1).min(whole.1 - to).min(keep.0 - from - 1).max(0);
    let back = (to - last - 1).min(from - whole.0).min(to - keep.1 - 1).max(0);
    if on >= back { on } else { -back }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_goes_where_there_is_something() {
        // The whole, what has to stay, what there is, and how far a view of 0 to 20 goes.
        let table: [(Span, Span, &[Span], i32); 6] = [
            ((0, 40), (12, 14), &[(10, 11), (12, 14), (25, 30)], 9),
            // No farther than the whole goes, or than what has to stay lets it.
            ((0, 24), (12, 14), &[(10, 11), (12, 14)], 4),
            ((0, 40), (6, 8), &[(10, 11), (6, 8)], 5),
            ((-30, 20), (4, 6), &[(4, 6), (-9, -2)], -13),
            // Something is at both edges, or nothing is there at all.
            ((-30, 40), (4, 6), &[(-3, 1), (19, 25)], 0),
            ((-30, 40), (4, 6), &[], 0),
        ];
        for (whole, keep, spans, wanted) in table {
            assert_eq!(steps((0, 20), whole, keep, spans), wanted, "{whole:?} {keep:?} {spans:?}");
        }
    }
}

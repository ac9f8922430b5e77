//! Where a view goes so that it shows more: what is looked at stays in it, and of what is around it more is seen whole.

use super::map::Map;
use crate::diagram::{Point, Rect, Size};

/// What a box that is seen whole is worth, and one that hangs together with what is looked at.
const WHOLE: i64 = 16;
const JOINED: i64 = 40;
/// What is lost where a box is cut off at the edge of the view.
const CUT: i64 = 8;
/// What a boundary is worth that is seen whole.
const WALLS: i64 = 12;
/// What a label of a wire is worth that is seen whole, and lost where it is cut off.
const LABEL: i64 = 2;
/// The columns that it is worth going for one more of that.
const FAR: i64 = 4;
/// Where more had to be looked at than this, the view stays as it is: nobody waits for that. It takes some milliseconds.
const MOST_LOOKS: usize = 1_500_000;

/// Moves the view by a part of its size at most, so that more boxes and labels are seen whole and fewer in part. A
/// rectangle stays in view, and nobody looks beyond the picture.
pub fn leave(map: &mut Map, keep: Rect, canvas: Size) {
    let view = Rect::at(map.pan, canvas);
    let around = view.grown(canvas.width / 2, canvas.height / 2);
    let placed = map.diagram.placement.nodes.iter().enumerate();
    let near: Vec<(usize, Rect)> =
        placed.filter(|(_, rect)| rect.overlaps(&around)).map(|(at, rect)| (at, *rect)).collect();
    let looked_at = near.iter().find(|(_, rect)| *rect == keep).map(|(at, _)| *at);
    let joined: Vec<usize> =
        looked_at.iter().flat_map(|at| [true, false].map(|out| map.joined(*at, out)).concat()).collect();
    let worth = |at: usize| if joined.contains(&at) { JOINED } else { WHOLE };
    let labels = map.diagram.wires.iter().filter_map(|wire| wire.label).filter(|label| label.overlaps(&around));
    let walls = map.diagram.placement.boundaries.iter().filter(|rect| rect.overlaps(&around));
    let things: Vec<Thing> = near
        .iter()
        .map(|(at, rect)| Thing { rect: *rect, whole: worth(*at), cut: -CUT })
        .chain(walls.map(|rect| Thing { rect: *rect, whole: WALLS, cut: 0 }))
        .chain(labels.map(|rect| Thing { rect, whole: LABEL, cut: -LABEL }))
        .collect();
    let whole = map.bounds();
    let ends = |along: fn(&Rect) -> Span| {
        let spans: Vec<Span> = things.iter().map(|thing| along(&thing.rect)).collect();
        starts(along(&view), along(&whole), along(&keep), &spans)
    };
    let (columns, rows) = (ends(|rect| (rect.x, rect.right())), ends(|rect| (rect.y, rect.bottom())));
    if columns.len() * rows.len() * things.len() > MOST_LOOKS {
        return;
    }
    let places = rows.iter().flat_map(|y| columns.iter().map(|x| Point { x: *x, y: *y }));
    // The farther it is, the more it has to show; a row is as high as two columns are wide.
    let far = |pan: &Point| i64::from((pan.x - view.x).abs() + 2 * (pan.y - view.y).abs());
    let best = places.max_by_key(|pan| (shown(&things, Rect::at(*pan, canvas)) * FAR - far(pan), pan.y, pan.x));
    map.pan = best.unwrap_or(map.pan);
}

/// A rectangle of the picture, and what it is worth where it is seen whole, or in part.
struct Thing {
    rect: Rect,
    whole: i64,
    cut: i64,
}

/// What a view is worth.
fn shown(things: &[Thing], view: Rect) -> i64 {
    let one = |thing: &Thing| match (view.covers(&thing.rect), view.overlaps(&thing.rect)) {
        (true, _) => thing.whole,
        (false, true) => thing.cut,
        (false, false) => 0,
    };
    things.iter().map(one).sum()
}

/// From a cell to before another.
type Span = (i32, i32);

/// Where a view may begin along an axis: where it is, or where something begins or ends at one of its edges, with a cell of
/// air or without.
fn starts((from, to): Span, whole: Span, keep: Span, spans: &[Span]) -> Vec<i32> {
    let room = to - from;
    if whole.1 - whole.0 <= room {
        return vec![from];
    }
    let reach = room * 3 / 5;
    let (first, last) = ((whole.0 - 1).min(from).max(from - reach), (whole.1 + 1 - room).max(from).min(from + reach));
    // What is looked at stays in view as far as it is; one that is larger than the view leaves it alone.
    let (first, last) = (first.max((keep.1 + 1 - room).min(from)), last.min((keep.0 - 1).max(from)));
    let edges = spans.iter().flat_map(|(start, end)| [start - 1, *start, end - room, end + 1 - room]);
    let ends = [whole.0 - 1, whole.0, whole.1 - room, whole.1 + 1 - room];
    let mut found: Vec<i32> = edges.chain(ends).filter(|start| (first..=last).contains(start)).collect();
    found.push(from);
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_begins_where_something_begins_or_ends() {
        // The whole, what has to stay, what there is, and where a view of 0 to 20 may begin.
        type Case<'a> = (Span, Span, &'a [Span], &'a [i32]);
        let table: [Case<'_>; 6] = [
            ((0, 40), (12, 14), &[(12, 14), (23, 25)], &[-1, 0, 5, 6, 11]),
            // What has to stay holds it back, and so does the end of the whole.
            ((0, 40), (2, 4), &[(2, 4), (23, 25)], &[-1, 0, 1]),
            ((0, 22), (12, 14), &[(12, 14), (19, 22)], &[-1, 0, 2, 3]),
            ((-30, 20), (16, 18), &[(16, 18), (-4, -2)], &[-1, 0, 1]),
            // All of it is in view; nothing is gained by moving.
            ((0, 20), (4, 6), &[(4, 6)], &[0]),
            ((-30, 40), (-5, 45), &[], &[0]),
        ];
        for (whole, keep, spans, wanted) in table {
            assert_eq!(starts((0, 20), whole, keep, spans), wanted, "{whole:?} {keep:?} {spans:?}");
        }
    }
}

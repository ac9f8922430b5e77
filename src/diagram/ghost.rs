//! The course of a wire that is still being drawn: straight from a box to the pointer, with one bend at most, over
//! whatever lies between. It is routed properly once it is there.

use super::geometry::{Point, Rect};

/// The longest course, in cells: what is farther away is far outside of any view.
const LONGEST: i32 = 20_000;

/// The cells from the one just outside of the box to the pointer; none while the pointer is inside of the box.
pub fn ghost(from: &Rect, to: Point) -> Vec<Point> {
    if from.is_empty() || from.contains(to) {
        return Vec::new();
    }
    let inside = Point::new(to.x.clamp(from.x, from.right() - 1), to.y.clamp(from.y, from.bottom() - 1));
    let (dx, dy) = (to.x - inside.x, to.y - inside.y);
    if dx.abs().saturating_add(dy.abs()) > LONGEST {
        return Vec::new();
    }
    // Where it is beside the box it leaves at its height; elsewhere from the middle of the side that is nearer. A cell
    // is twice as high as wide.
    let level = dy == 0 || (dx != 0 && dx.abs() >= dy.abs() * 2);
    let middle = from.center();
    let start = match level {
        true => Point::new(if dx > 0 { from.right() } else { from.x - 1 }, if dy == 0 { to.y } else { middle.y }),
        false => Point::new(if dx == 0 { to.x } else { middle.x }, if dy > 0 { from.bottom() } else { from.y - 1 }),
    };
    let bend = if level { Point::new(to.x, start.y) } else { Point::new(start.x, to.y) };
    let mut cells = vec![start];
    let mut at = start;
    for goal in [bend, to] {
        while at != goal {
            at = Point::new(at.x + (goal.x - at.x).signum(), at.y + (goal.y - at.y).signum());
            cells.push(at);
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::Side;

    #[test]
    fn it_goes_from_the_frame_to_the_pointer_without_a_gap() {
        let from = Rect::new(10, 10, 8, 3);
        for x in -20..50 {
            for y in -20..40 {
                let to = Point::new(x, y);
                let cells = ghost(&from, to);
                let place = format!("to {to:?}: {cells:?}");
                if from.contains(to) {
                    assert!(cells.is_empty(), "{place}");
                    continue;
                }
                assert_eq!(cells.last(), Some(&to), "{place}");
                assert!(cells.first().is_some_and(|first| Side::touching(&from, *first).is_some()), "{place}");
                assert!(cells.iter().all(|cell| !from.contains(*cell)), "{place}");
                assert!(cells.windows(2).all(|two| Side::between(two[0], two[1]).is_some()), "{place}");
            }
        }
    }
}

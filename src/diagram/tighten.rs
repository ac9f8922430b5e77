//! Walls closer around what is inside: where a drawing is a few rows too high, blank rows that merely keep walls at a
//! distance are taken out, and no more of them than that takes.

use super::compact::Work;
use super::geometry::{Point, Rect};

/// What a cell holds, as far as it matters what comes to stand beside what.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Thing {
    Empty,
    /// A wire or wall that runs up and down.
    Passing,
    /// The upper wall of a boundary.
    Top,
    /// The lower wall of a boundary.
    Bottom,
    Box,
    /// The bend or end of a wire, a wire from side to side, a label.
    Line,
}

/// The drawing cell by cell.
struct Raster {
    area: Rect,
    things: Vec<Thing>,
}

impl Raster {
    fn new(work: &Work) -> Raster {
        let area = work.bounds();
        let count = (area.width.max(0) as usize) * (area.height.max(0) as usize);
        let mut raster = Raster { area, things: vec![Thing::Empty; count] };
        for path in &work.paths {
            for (slot, point) in path.iter().enumerate() {
                let is_upright = |other: Option<&Point>| other.is_some_and(|other| other.x == point.x);
                let passes = slot > 0 && is_upright(path.get(slot - 1)) && is_upright(path.get(slot + 1));
                let thing = if passes { Thing::Passing } else { Thing::Line };
                // Of two wires in one cell, one may bend there.
                if raster.at(point.x, point.y) != Thing::Line {
                    raster.fill(&Rect::new(point.x, point.y, 1, 1), thing);
                }
            }
        }
        for walls in &work.boundaries {
            let (right, bottom) = (walls.right() - 1, walls.bottom() - 1);
            for x in [walls.x, right] {
                raster.fill(&Rect::new(x, walls.y, 1, walls.height), Thing::Passing);
            }
            raster.fill(&Rect::new(walls.x, walls.y, walls.width, 1), Thing::Top);
            raster.fill(&Rect::new(walls.x, bottom, walls.width, 1), Thing::Bottom);
        }
        work.nodes.iter().for_each(|rect| raster.fill(rect, Thing::Box));
        work.labels.iter().flatten().for_each(|rect| raster.fill(rect, Thing::Line));
        raster
    }

    fn place(&self, x: i32, y: i32) -> Option<usize> {
        let row = || (y - self.area.y) as usize * self.area.width as usize;
        self.area.contains(Point::new(x, y)).then(|| row() + (x - self.area.x) as usize)
    }

    fn at(&self, x: i32, y: i32) -> Thing {
        self.place(x, y).map_or(Thing::Empty, |place| self.things[place])
    }

    fn fill(&mut self, rect: &Rect, thing: Thing) {
        for y in rect.y..rect.bottom() {
            for x in rect.x..rect.right() {
                if let Some(place) = self.place(x, y) {
                    self.things[place] = thing;
                }
            }
        }
    }

    /// Whether the row may go: nothing is in it but what runs up and down, and what would then stand one above the other
    /// does so as a wall and what is inside of it.
    fn is_padding(&self, y: i32) -> bool {
        (self.area.x..self.area.right()).all(|x| match (self.at(x, y), self.at(x, y - 1), self.at(x, y + 1)) {
            (Thing::Passing, ..) => true,
            (Thing::Empty, Thing::Empty, _) | (Thing::Empty, _, Thing::Empty) => true,
            (Thing::Empty, Thing::Top, below) => matches!(below, Thing::Top | Thing::Box),
            (Thing::Empty, above, Thing::Bottom) => matches!(above, Thing::Bottom | Thing::Box),
            _ => false,
        })
    }

    /// The row that is missed least: the lowest one above a lower wall, since a title wants air more; else the lowest one.
    fn padding(&self) -> Option<i32> {
        let rows = (self.area.y..self.area.bottom()).rev().filter(|y| self.is_padding(*y));
        let is_under_top = |y: i32| (self.area.x..self.area.right()).any(|x| self.at(x, y - 1) == Thing::Top);
        rows.min_by_key(|y| is_under_top(*y))
    }
}

/// Takes out blank rows until the drawing has room in so many rows; where that is not enough it stays as it is.
pub(super) fn tighten(work: &mut Work, rows: i32) {
    let mut tight = work.clone();
    while tight.bounds().height > rows {
        let Some(padding) = Raster::new(&tight).padding() else { return };
        tight.apply(|point| (point.y != padding).then_some(i32::from(point.y > padding)));
    }
    *work = tight;
}

#[cfg(test)]
mod tests {
    use crate::diagram::{Boundary, Diagram, Edge, Graph, Node, Size, arrange};

    /// A box in two boundaries, which sends something to one in a third.
    fn nested(rows: Option<i32>) -> Diagram {
        let boundary = |key: &str, parent| Boundary { key: key.into(), parent, title_width: 5 };
        let node = |key: &str, boundary| Node {
            key: key.into(),
            size: Size::new(9, 1),
            boundary: Some(boundary),
            ..Node::default()
        };
        arrange(Graph {
            boundaries: vec![boundary("a", None), boundary("b", Some(0)), boundary("c", None)],
            nodes: vec![node("one", 1), node("two", 2)],
            edges: vec![Edge { from: 0, to: 1, ..Edge::default() }],
            room: rows.map(|rows| Size::new(200, rows)),
            ..Graph::default()
        })
    }

    #[test]
    fn walls_come_closer_only_as_far_as_it_takes() {
        let airy = nested(None);
        let height = airy.bounds().height;
        let mut lowest = height;
        for rows in (1..=height).rev() {
            let tight = nested(Some(rows));
            let reached = tight.bounds().height;
            assert!(reached == rows || tight.placement == airy.placement, "{rows}: {reached}");
            lowest = lowest.min(reached);
            let placement = &tight.placement;
            for (node, boundary) in [(0, 1), (0, 0), (1, 2)] {
                assert!(
                    placement.boundaries[boundary].inset(1).covers(&placement.nodes[node]),
                    "{rows}: {placement:?}"
                );
            }
            assert!(placement.boundaries[0].inset(1).covers(&placement.boundaries[1]), "{rows}: {placement:?}");
            assert!(placement.boundaries[2].y > placement.boundaries[0].bottom(), "{rows}: {placement:?}");
            assert_eq!(tight.wires[0].crossings.iter().map(|crossing| crossing.0).collect::<Vec<_>>(), [1, 0, 2]);
        }
        // Under two upper walls, and above two lower ones; the wire needs a cell of its own at either end.
        assert_eq!(lowest, height - 4);
    }
}

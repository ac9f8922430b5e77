//! Whether a path is still legal, and whether two paths may both stay.

use super::super::geometry::Point;
use super::grid::{Kind, NONE};
use super::search::is_port;
use super::{Router, Side};

impl Router<'_> {
    /// Whether boxes and walls allow the path, as they are now, and no wire already present objects.
    pub(super) fn is_legal(&self, wire: usize, path: &[Point]) -> bool {
        let edge = &self.graph.edges[wire];
        let (source, target) = (&self.placement.nodes[edge.from], &self.placement.nodes[edge.to]);
        let Some(motions) = self.motions(wire, path) else { return false };
        let ports = motions.first().zip(motions.last()).is_some_and(|((out, _), (_, into))| {
            is_port(source, *out, path[0]) && is_port(target, into.opposite(), path[path.len() - 1])
        });
        if !ports {
            return false;
        }
        let mut region = self.graph.nodes[edge.from].boundary.map_or(NONE, |boundary| boundary as u32);
        let mut walls = self.jobs[wire].walls.iter();
        for (point, (entry, exit)) in path.iter().zip(&motions) {
            let Some(cell) = self.grid.index(*point) else { return false };
            let ground = &self.grid.cells[cell];
            match ground.kind {
                Kind::Free if ground.region == region => {}
                Kind::LevelWall | Kind::UprightWall => {
                    let across = entry == exit && entry.is_horizontal() == (ground.kind == Kind::UprightWall);
                    match walls.next() {
                        Some((boundary, behind)) if across && *boundary == ground.owner => region = *behind,
                        _ => return false,
                    }
                }
                Kind::Free | Kind::Node | Kind::Blocked => return false,
            }
        }
        walls.next().is_none() && self.in_the_way(wire, path).is_empty()
    }

    /// Whether two paths keep to the rules of sharing: over a common start for one source, over a common end for one
    /// target, otherwise only crossing straight and at right angles.
    pub(super) fn may_coexist(&self, one: usize, path: &[Point], two: usize, other: &[Point]) -> bool {
        let (edge, rival) = (&self.graph.edges[one], &self.graph.edges[two]);
        let sibling = edge.from == rival.from && edge.to == rival.to;
        let common = |same: bool, equal: &mut dyn Iterator<Item = bool>| {
            if same && !sibling { equal.take_while(|equal| *equal).count() } else { 0 }
        };
        let start = common(edge.source_tree() == rival.source_tree(), &mut path.iter().zip(other).map(|(a, b)| a == b));
        let end = common(
            edge.target_tree() == rival.target_tree(),
            &mut path.iter().rev().zip(other.iter().rev()).map(|(a, b)| a == b),
        );
        if start == path.len() || end == path.len() || start == other.len() || end == other.len() {
            return false;
        }
        let (Some(motions), Some(rivals)) = (self.motions(one, path), self.motions(two, other)) else { return false };
        let straight = |motions: &[(Side, Side)], slot: usize| {
            slot > 0 && slot + 1 < motions.len() && motions[slot].0 == motions[slot].1
        };
        let mut places: Vec<(Point, usize)> = other.iter().enumerate().map(|(slot, point)| (*point, slot)).collect();
        places.sort_unstable();
        path.iter().enumerate().skip(start).take(path.len().saturating_sub(start + end)).all(|(slot, point)| {
            let Ok(found) = places.binary_search_by_key(point, |place| place.0) else { return true };
            let rival = places[found].1;
            straight(&motions, slot)
                && straight(&rivals, rival)
                && motions[slot].0.is_horizontal() != rivals[rival].0.is_horizontal()
        })
    }
}

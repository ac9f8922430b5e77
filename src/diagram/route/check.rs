//! Whether a path is still legal, and which other wires could not stay beside it.

use super::super::geometry::{Point, Side};
use super::Router;
use super::grid::{Kind, NONE};
use super::search::is_port;

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
            let ground = self.grid.at(cell);
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
        walls.next().is_none() && self.in_the_way_of(wire, path, &motions).is_empty()
    }

    /// The wires that could not stay if the wire took the path. Two wires may run together over a common start where they
    /// have one source, over a common end where they have one target; otherwise they may only cross, straight and at right
    /// angles.
    pub(super) fn in_the_way(&self, wire: usize, path: &[Point]) -> Vec<usize> {
        self.motions(wire, path).map_or(Vec::new(), |motions| self.in_the_way_of(wire, path, &motions))
    }

    fn in_the_way_of(&self, wire: usize, path: &[Point], motions: &[(Side, Side)]) -> Vec<usize> {
        // Where they do more than cross: the first and the last cell of that between common start and end.
        let mut meetings: Vec<(usize, usize)> = Vec::new();
        for (slot, (point, (entry, exit))) in path.iter().zip(motions).enumerate() {
            let is_straight = entry == exit && slot > 0 && slot + 1 < path.len();
            let passages = self.grid.index(*point).into_iter().flat_map(|cell| self.traffic.passages(cell));
            meetings.extend(passages.filter_map(|other| {
                let crosses =
                    is_straight && other.is_straight() && entry.is_horizontal() != other.entry.is_horizontal();
                (!crosses).then_some((other.wire as usize, slot))
            }));
        }
        meetings.sort_unstable();
        let others = meetings.chunk_by(|one, two| one.0 == two.0);
        others.filter(|slots| !self.may_share(wire, path, slots)).map(|slots| slots[0].0).collect()
    }

    /// Whether a wire may share cells of a path, by their slots, with another wire.
    fn may_share(&self, wire: usize, path: &[Point], slots: &[(usize, usize)]) -> bool {
        let Some((rival, _)) = slots.first().copied() else { return true };
        let (edge, other) = (&self.graph.edges[wire], &self.paths[rival]);
        let rival = &self.graph.edges[rival];
        let sibling = edge.from == rival.from && edge.to == rival.to;
        let common = |same: bool, equal: &mut dyn Iterator<Item = bool>| {
            if same && !sibling { equal.take_while(|equal| *equal).count() } else { 0 }
        };
        let start = common(edge.source_tree() == rival.source_tree(), &mut path.iter().zip(other).map(|(a, b)| a == b));
        let end = common(
            edge.target_tree() == rival.target_tree(),
            &mut path.iter().rev().zip(other.iter().rev()).map(|(a, b)| a == b),
        );
        let whole = path.len().min(other.len());
        start < whole && end < whole && slots.iter().all(|(_, slot)| *slot < start || *slot + end >= path.len())
    }
}

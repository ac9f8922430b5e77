//! The layered arrangement of one container: its pieces (boxes and already arranged boundaries) in abstract
//! coordinates, `along` the layers and `across` them.

use std::collections::BTreeMap;

use super::align::{Wish, Wishes, align};
use super::block::wrap;
use super::medians::{End, Weighted, untangle};
use super::order::{Layered, reduce_crossings};
use super::{rank, tiers};

/// Fewer alike pieces than this are left in their layer instead of being wrapped into a block.
const BLOCK_MINIMUM: usize = 6;

/// Something to place.
pub(super) struct Piece {
    /// Extent along the layer.
    pub along: i32,
    /// Extent across the layers.
    pub across: i32,
    /// Start position along the layer that flows to the outside would like, in container coordinates.
    pub pull: Option<i32>,
    /// Whether flows to the outside end before (negative) or after (positive) this container.
    pub lean: i32,
}

/// A flow between two different pieces; offsets say where along the piece it is attached.
#[derive(Clone, Copy)]
pub(super) struct Link {
    /// Source piece.
    pub from: usize,
    /// Target piece.
    pub to: usize,
    /// Attachment in the source.
    pub from_offset: i32,
    /// Attachment in the target.
    pub to_offset: i32,
    /// Columns its label wants across the layers (zero when labels do not lie across).
    pub label: i32,
}

/// Free cells to leave.
#[derive(Clone, Copy)]
pub(super) struct Spacing {
    /// Between neighbours in a layer.
    pub along: i32,
    /// Between layers, before tracks are added.
    pub across: i32,
    /// Wanted extent along divided by extent across, in thousandths.
    pub ratio: i64,
    /// Whether this is the only container of the drawing.
    pub alone: bool,
}

/// The result.
pub(super) struct Arrangement {
    /// Start of every piece: along, across.
    pub places: Vec<(i32, i32)>,
    /// Extent of everything.
    pub extent: (i32, i32),
    /// Pieces that stand side by side and should stay level, in order.
    pub rows: Vec<Vec<usize>>,
}

/// A piece or a block of pieces.
struct Group {
    members: Vec<usize>,
    places: Vec<(i32, i32)>,
    along: i32,
    across: i32,
}

/// Neighbouring pieces, and whether they are targets.
type Neighbours = Vec<(usize, bool)>;

fn group(pieces: &[Piece], links: &[Link], spacing: &Spacing) -> Vec<Group> {
    let mut neighbours: Vec<Neighbours> = vec![Vec::new(); pieces.len()];
    for link in links {
        neighbours[link.from].push((link.to, true));
        neighbours[link.to].push((link.from, false));
    }
    let mut alike: BTreeMap<(Neighbours, i32), Vec<usize>> = BTreeMap::new();
    for (index, list) in neighbours.iter_mut().enumerate() {
        list.sort_unstable();
        list.dedup();
        if list.len() <= 1 {
            let lean = if list.is_empty() { pieces[index].lean.signum() } else { 0 };
            alike.entry((list.clone(), lean)).or_default().push(index);
        }
    }
    let mut groups = Vec::new();
    let mut taken = vec![false; pieces.len()];
    for members in alike.into_values().filter(|members| members.len() >= BLOCK_MINIMUM) {
        let mut sorted = members;
        sorted.sort_by_key(|index| (pieces[*index].pull, *index));
        let sizes: Vec<(usize, i32, i32)> =
            sorted.iter().map(|index| (*index, pieces[*index].along, pieces[*index].across)).collect();
        let block = wrap(&sizes, spacing.along, spacing.across, spacing.ratio);
        for member in &block.members {
            taken[*member] = true;
        }
        groups.push(Group {
            members: block.members,
            places: block.places,
            along: block.extent.0,
            across: block.extent.1,
        });
    }
    groups.extend((0..pieces.len()).filter(|index| !taken[*index]).map(|index| Group {
        members: vec![index],
        places: vec![(0, 0)],
        along: pieces[index].along,
        across: pieces[index].across,
    }));
    groups.sort_by_key(|group| group.members.iter().min().copied());
    groups
}

/// The largest number of overlapping intervals; those with the same owner count once.
fn overlap(mut intervals: Vec<(usize, i32, i32)>) -> i32 {
    intervals.sort_unstable();
    let mut events: Vec<(i32, i32)> = Vec::new();
    for chunk in intervals.chunk_by(|one, two| one.0 == two.0) {
        let low = chunk.iter().map(|(_, low, _)| *low).min().unwrap_or(0);
        let high = chunk.iter().map(|(_, _, high)| *high).max().unwrap_or(0);
        if low != high {
            events.push((low, 1));
            events.push((high, -1));
        }
    }
    events.sort_unstable_by_key(|(position, change)| (*position, -change));
    let (mut current, mut most) = (0, 0);
    for (_, change) in events {
        current += change;
        most = most.max(current);
    }
    most
}

/// Arranges the pieces.
pub(super) fn arrange(pieces: &[Piece], links: &[Link], spacing: &Spacing) -> Arrangement {
    if pieces.is_empty() {
        return Arrangement { places: Vec::new(), extent: (0, 0), rows: Vec::new() };
    }
    let groups = group(pieces, links, spacing);
    let mut seat = vec![(0_usize, 0_usize); pieces.len()];
    for (index, group) in groups.iter().enumerate() {
        for (slot, member) in group.members.iter().enumerate() {
            seat[*member] = (index, slot);
        }
    }
    let lifted: Vec<Link> = links
        .iter()
        .map(|link| {
            let (from, from_slot) = seat[link.from];
            let (to, to_slot) = seat[link.to];
            Link {
                from,
                to,
                from_offset: link.from_offset + groups[from].places[from_slot].0,
                to_offset: link.to_offset + groups[to].places[to_slot].0,
                label: link.label,
            }
        })
        .filter(|link| link.from != link.to)
        .collect();
    let mut flows: BTreeMap<(usize, usize), i32> = BTreeMap::new();
    for link in &lifted {
        *flows.entry((link.from, link.to)).or_insert(0) += 1;
    }
    let pairs: Vec<(usize, usize, i32)> = flows.into_iter().map(|((from, to), flows)| (from, to, flows)).collect();
    let lean: Vec<i32> =
        groups.iter().map(|group| group.members.iter().map(|member| pieces[*member].lean).sum()).collect();
    // Without boundaries everything is known here, and a better order is worth more time.
    let rank = if spacing.alone {
        tiers::layers(groups.len(), &pairs, &lean)
    } else {
        let pairs: Vec<(usize, usize)> = pairs.iter().map(|(from, to, _)| (*from, *to)).collect();
        rank::layers(groups.len(), &pairs, &lean)
    };
    let depth = rank.iter().max().map_or(0, |last| last + 1);

    let mut extent: Vec<i32> = groups.iter().map(|group| group.along).collect();
    let mut layers: Vec<Vec<usize>> = vec![Vec::new(); depth];
    for (vertex, level) in rank.iter().enumerate() {
        layers[*level].push(vertex);
    }
    let mut wishes =
        Wishes { before: vec![Vec::new(); extent.len()], after: vec![Vec::new(); extent.len()], fixed: Vec::new() };
    // The piece that the wire of each dummy comes from; pieces stand for themselves.
    let mut source: Vec<usize> = (0..groups.len()).collect();
    let mut label_room = vec![0; depth];
    let mut passing: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for link in &lifted {
        let downwards = rank[link.from] < rank[link.to];
        let (upper, upper_offset, lower, lower_offset) = if downwards {
            (link.from, link.from_offset, link.to, link.to_offset)
        } else {
            (link.to, link.to_offset, link.from, link.from_offset)
        };
        if link.label > 0 {
            let level = if downwards { rank[link.from] } else { rank[link.from].saturating_sub(1) };
            label_room[level] = label_room[level].max(link.label + 2);
        }
        let mut current = (upper, upper_offset, 2);
        for (level, layer) in layers.iter_mut().enumerate().take(rank[lower]).skip(rank[upper] + 1) {
            // Wires of one source run together, so they share the dummy of a layer; where each flow counts they keep
            // their own.
            let shared = passing.get(&(link.from, level)).copied().filter(|_| !spacing.alone);
            let dummy = shared.unwrap_or(extent.len());
            if shared.is_none() {
                extent.push(1);
                source.push(link.from);
                wishes.before.push(Vec::new());
                wishes.after.push(Vec::new());
                layer.push(dummy);
                passing.insert((link.from, level), dummy);
            }
            connect(&mut wishes, current, (dummy, 0, 8));
            current = (dummy, 0, 8);
        }
        connect(&mut wishes, current, (lower, lower_offset, 2));
    }
    let dummies_from = groups.len();
    let pull_of = |group: &Group| {
        let pulls: Vec<i32> = group
            .members
            .iter()
            .zip(&group.places)
            .filter_map(|(member, place)| pieces[*member].pull.map(|pull| pull - place.0))
            .collect();
        if pulls.is_empty() { None } else { Some(pulls.iter().sum::<i32>() / pulls.len() as i32) }
    };
    let starts: Vec<Option<i32>> = groups.iter().map(pull_of).collect();
    wishes.fixed = starts.iter().map(|pull| pull.map(|pull| (pull, 1))).collect();
    wishes.fixed.resize(extent.len(), None);

    let gap = |one: usize, two: usize| match (one >= dummies_from, two >= dummies_from) {
        (false, false) => spacing.along,
        // Wires of one source may run together.
        (true, true) if source[one] == source[two] => -1,
        (true, true) => 2,
        _ => 3,
    };
    let layers = if spacing.alone {
        let ends = |lists: &[Vec<Wish>]| -> Vec<Vec<End>> {
            let same = |others: Vec<usize>| {
                others.chunk_by(|one, two| one == two).map(|same| (same[0], same.len() as i64)).collect()
            };
            neighbours(lists).into_iter().map(same).collect()
        };
        let mut graph = Weighted { layers, before: ends(&wishes.before), after: ends(&wishes.after) };
        untangle(&mut graph);
        graph.layers
    } else {
        let distinct = |lists: &[Vec<Wish>]| -> Vec<Vec<usize>> {
            let mut lists = neighbours(lists);
            lists.iter_mut().for_each(Vec::dedup);
            lists
        };
        let mut pull: Vec<Option<i32>> =
            starts.iter().zip(&groups).map(|(pull, group)| pull.map(|pull| pull + group.along / 2)).collect();
        pull.resize(extent.len(), None);
        let mut graph = Layered {
            layers,
            before: distinct(&wishes.before),
            after: distinct(&wishes.after),
            pull,
            extent: extent.iter().map(|extent| extent + spacing.along).collect(),
        };
        reduce_crossings(&mut graph);
        graph.layers
    };
    let start = align(&layers, &extent, &wishes, &gap);

    let across_of = |vertex: usize| groups.get(vertex).map_or(0, |group| group.across);
    let mut level_start = Vec::with_capacity(depth);
    let mut level_extent = Vec::with_capacity(depth);
    let mut position = 0;
    for (level, layer) in layers.iter().enumerate() {
        let thickness = layer.iter().map(|vertex| across_of(*vertex)).max().unwrap_or(0);
        level_start.push(position);
        level_extent.push(thickness);
        let intervals = layer
            .iter()
            .flat_map(|vertex| wishes.after[*vertex].iter().map(move |wish| (*vertex, wish)))
            .map(|(vertex, wish)| {
                let (one, two) = (start[vertex] + wish.own, start[wish.other] + wish.offset);
                (source[vertex], one.min(two), one.max(two))
            })
            .collect();
        position += thickness + spacing.across + overlap(intervals) + label_room[level];
    }
    let low = (0..groups.len()).map(|vertex| start[vertex]).min().unwrap_or(0);
    let high = (0..groups.len()).map(|vertex| start[vertex] + extent[vertex]).max().unwrap_or(0);
    let mut places = vec![(0, 0); pieces.len()];
    for (vertex, group) in groups.iter().enumerate() {
        let level = rank[vertex];
        let across = level_start[level] + (level_extent[level] - group.across) / 2;
        for (member, place) in group.members.iter().zip(&group.places) {
            places[*member] = (start[vertex] - low + place.0, across + place.1);
        }
    }
    let mut rows = Vec::new();
    for layer in &layers {
        let mut single = Vec::new();
        for vertex in layer.iter().filter(|vertex| **vertex < dummies_from) {
            let group = &groups[*vertex];
            if let [only] = group.members.as_slice() {
                single.push(*only);
            } else {
                let lines: Vec<usize> = (0..group.members.len()).collect();
                rows.extend(
                    lines
                        .chunk_by(|one, two| group.places[*one].1 == group.places[*two].1)
                        .map(|line| line.iter().map(|slot| group.members[*slot]).collect::<Vec<_>>()),
                );
            }
        }
        rows.push(single);
    }
    let bottom = level_start.last().copied().unwrap_or(0) + level_extent.last().copied().unwrap_or(0);
    Arrangement { places, extent: (high - low, bottom), rows }
}

/// The vertices at the other ends of the wishes of each vertex, sorted.
fn neighbours(lists: &[Vec<Wish>]) -> Vec<Vec<usize>> {
    let sorted = |list: &Vec<Wish>| {
        let mut others: Vec<usize> = list.iter().map(|wish| wish.other).collect();
        others.sort_unstable();
        others
    };
    lists.iter().map(sorted).collect()
}

/// Records the wish of both ends; each end is a vertex, an offset in it and its stiffness.
fn connect(wishes: &mut Wishes, upper: (usize, i32, i32), lower: (usize, i32, i32)) {
    let weight = upper.2.max(2) * lower.2.max(2) / 4;
    wishes.after[upper.0].push(Wish { other: lower.0, own: upper.1, offset: lower.1, weight });
    wishes.before[lower.0].push(Wish { other: upper.0, own: lower.1, offset: upper.1, weight });
}

//! Channels: between two layers, in each container, the rows (tracks) on which flows run along the layers.
//!
//! A flow comes down from the layer above in one column and goes on down in another; between them it runs along a track.
//! Which of two flows runs above the other decides whether they cross once, twice or not at all, as in the channels of
//! orthogonal layered drawings (Sander, 2004) and of circuits (Hashimoto and Stevens, 1971).

use std::collections::{BTreeMap, BTreeSet};

use super::packing::{COLLISION, Pair, is_must, line, pack};

/// The layer before, and the container.
pub(super) type Channel = (usize, usize);

/// Where one flow changes columns between two layers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Step {
    /// The layer before.
    pub level: usize,
    /// The container in which it runs along the layers.
    pub container: usize,
    /// The column in which it comes.
    pub upper: i32,
    /// The column in which it goes on.
    pub lower: i32,
}

/// Tracks of all channels.
pub(super) struct Tracks {
    /// Number of tracks of every channel. Those without tracks are left out.
    pub count: BTreeMap<Channel, i32>,
    /// How every step is made: nothing where it goes straight on.
    pub of: Vec<Option<Run>>,
}

/// How a step is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Run {
    /// Where.
    pub channel: Channel,
    /// The number of the track.
    pub track: i32,
    /// The column in which it changes tracks, and the second track, where one is not enough.
    pub jog: Option<(i32, i32)>,
}

/// Steps that share columns, and so a track.
#[derive(Default, Debug)]
struct Net {
    /// Columns that come from above, and how many flows each.
    upper: Vec<(i32, i32)>,
    /// Columns that go on below.
    lower: Vec<(i32, i32)>,
    /// First and last column.
    span: (i32, i32),
    /// Where it was split: the number of the net that it was, and whether it is the first half.
    half: Option<(usize, bool)>,
}

/// Nets on their tracks.
struct Assigned {
    /// Of every net, nothing where it only goes straight on.
    track: Vec<Option<i32>>,
    /// Number of tracks.
    count: i32,
    /// Pairs of which each would have to be above the other.
    colliding: Vec<(usize, usize)>,
}

impl Net {
    /// Flows that cross where this one runs above the other, and whether columns collide.
    fn cost_above(&self, other: &Self) -> i32 {
        // Of two halves the first one is above.
        if let (Some((one, is_first)), Some((two, _))) = (self.half, other.half)
            && one == two
        {
            return if is_first { 0 } else { COLLISION };
        }
        let within = |columns: &[(i32, i32)], (low, high): (i32, i32)| -> i32 {
            columns.iter().filter(|(column, _)| (low + 1..high).contains(column)).map(|(_, flows)| flows).sum()
        };
        // Below this track the other one may not come from above in a column in which this one goes on.
        let collide = self.lower.iter().any(|(own, _)| other.upper.iter().any(|(column, _)| column == own));
        let crossed = within(&other.upper, self.span) + within(&self.lower, other.span);
        crossed + if collide { COLLISION } else { 0 }
    }
}

/// Steps of one channel that share a column on either side belong together.
fn nets(steps: &[(usize, Step)]) -> (Vec<Net>, Vec<usize>) {
    let mut root: Vec<usize> = (0..steps.len()).collect();
    fn find(root: &mut [usize], mut own: usize) -> usize {
        while root[own] != own {
            root[own] = root[root[own]];
            own = root[own];
        }
        own
    }
    for key in [|step: &Step| step.upper, |step: &Step| step.lower] {
        let mut first: BTreeMap<i32, usize> = BTreeMap::new();
        for (slot, (_, step)) in steps.iter().enumerate() {
            let other = *first.entry(key(step)).or_insert(slot);
            let (one, two) = (find(&mut root, slot), find(&mut root, other));
            root[one.max(two)] = one.min(two);
        }
    }
    let mut number: BTreeMap<usize, usize> = BTreeMap::new();
    let mut nets: Vec<Net> = Vec::new();
    let mut own = Vec::with_capacity(steps.len());
    for (slot, (_, step)) in steps.iter().enumerate() {
        let net = *number.entry(find(&mut root, slot)).or_insert(nets.len());
        if net == nets.len() {
            nets.push(Net { span: (i32::MAX, i32::MIN), ..Net::default() });
        }
        own.push(net);
        let net = &mut nets[net];
        net.span = (net.span.0.min(step.upper).min(step.lower), net.span.1.max(step.upper).max(step.lower));
        for (columns, column) in [(&mut net.upper, step.upper), (&mut net.lower, step.lower)] {
            match columns.iter_mut().find(|known| known.0 == column) {
                Some(known) => known.1 += 1,
                None => columns.push((column, 1)),
            }
        }
    }
    (nets, own)
}

/// The track of every net, and how many there are: one above the other where that saves crossings, and never two on one
/// track that meet.
fn assign(nets: &[Net], crowding: Option<usize>) -> Assigned {
    let mut order: Vec<usize> = (0..nets.len()).filter(|net| nets[*net].span.0 < nets[*net].span.1).collect();
    order.sort_by_key(|net| (nets[*net].span, *net));
    let mut pairs: Vec<Pair> = Vec::new();
    let mut colliding: Vec<(usize, usize)> = Vec::new();
    for (slot, one) in order.iter().enumerate() {
        for (rival, two) in order.iter().enumerate().skip(slot + 1) {
            if nets[*two].span.0 > nets[*one].span.1 {
                break;
            }
            let (first, second) = (nets[*one].cost_above(&nets[*two]), nets[*two].cost_above(&nets[*one]));
            if first >= COLLISION && second >= COLLISION {
                colliding.push((*one, *two));
            }
            match first - second {
                1.. => pairs.push((rival, slot, first - second)),
                0 => {}
                _ => pairs.push((slot, rival, second - first)),
            }
        }
    }
    let place = line(order.len(), &pairs);
    let collide = |pair: &&Pair| is_must(pair) && place[pair.0] > place[pair.1];
    colliding.extend(pairs.iter().filter(collide).map(|(upper, lower, _)| (order[*upper], order[*lower])));
    let spans: Vec<(i32, i32)> = order.iter().map(|net| nets[*net].span).collect();
    let (track, count) = pack(&spans, &place, &pairs, crowding);
    let mut result = vec![None; nets.len()];
    for (slot, net) in order.into_iter().enumerate() {
        result[net] = i32::try_from(track[slot]).ok();
    }
    Assigned { track: result, count: count as i32, colliding }
}

/// How often nets are split until no columns collide.
const ROUNDS: usize = 4;

/// The tracks of all steps, in the order of the steps. With `crowding` a channel has about so many percent of the tracks that it
/// needs at least; otherwise as many as save crossings.
pub(super) fn tracks(steps: &[Step], crowding: Option<usize>) -> Tracks {
    let mut channels: BTreeMap<Channel, Vec<(usize, Step)>> = BTreeMap::new();
    for (index, step) in steps.iter().enumerate() {
        channels.entry((step.level, step.container)).or_default().push((index, *step));
    }
    let mut tracks = Tracks { count: BTreeMap::new(), of: vec![None; steps.len()] };
    for (channel, steps) in channels {
        let (mut nets, own) = nets(&steps);
        let mut taken: BTreeSet<i32> = steps.iter().flat_map(|(_, step)| [step.upper, step.lower]).collect();
        let mut assigned = assign(&nets, crowding);
        for _ in 0..ROUNDS {
            if !split(&mut nets, &assigned, &mut taken) {
                break;
            }
            assigned = assign(&nets, crowding);
        }
        let jog = |net: usize| {
            nets[net].half?;
            let second = nets.iter().position(|other| other.half == Some((net, false)))?;
            Some((nets[second].upper.first()?.0, assigned.track[second]?))
        };
        for ((index, step), net) in steps.iter().zip(own) {
            let run = |track| Run { channel, track, jog: jog(net) };
            tracks.of[*index] = assigned.track[net].filter(|_| step.upper != step.lower).map(run);
        }
        if assigned.count > 0 {
            tracks.count.insert(channel, assigned.count);
        }
    }
    tracks
}

/// Splits nets whose columns collide with those of others: they change tracks in a column that nobody uses. Whether any was.
fn split(nets: &mut Vec<Net>, assigned: &Assigned, taken: &mut BTreeSet<i32>) -> bool {
    let mut changed = false;
    for (one, two) in &assigned.colliding {
        // Not those of a tree, nor those that are half of one already, nor one that no longer is what collided.
        let simple = |net: &usize| {
            let Net { upper, lower, half, .. } = &nets[*net];
            upper.len() == 1 && lower.len() == 1 && half.is_none()
        };
        let free = |net: &usize| ((nets[*net].span.0 + 1)..nets[*net].span.1).find(|column| !taken.contains(column));
        let found = [one, two].into_iter().filter(|net| simple(net)).find_map(|net| Some((*net, free(net)?)));
        let Some((net, column)) = found else { continue };
        taken.insert(column);
        changed = true;
        let (upper, lower) = (nets[net].upper.clone(), nets[net].lower.clone());
        let flows = upper[0].1;
        let span = |one: i32, two: i32| (one.min(two), one.max(two));
        let second =
            Net { span: span(column, lower[0].0), upper: vec![(column, flows)], lower, half: Some((net, false)) };
        nets[net] =
            Net { span: span(upper[0].0, column), upper, lower: vec![(column, flows)], half: Some((net, true)) };
        nets.push(second);
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::layout::shuffle::Shuffler;

    /// Numbers in a random order.
    fn shuffled(count: i32, dice: &mut Shuffler) -> Vec<i32> {
        let mut numbers: Vec<i32> = (0..count).collect();
        (1..numbers.len()).for_each(|slot| numbers.swap(slot, dice.below(slot + 1)));
        numbers
    }

    /// The cells of a step from above its channel to below it, each with whether the step runs level through it, upright
    /// through it, or neither.
    fn cells(step: &Step, run: Option<Run>, rows: i32) -> Vec<((i32, i32), Option<bool>)> {
        let mut corners = vec![(step.upper, -1)];
        if let Some(Run { track, jog, .. }) = run {
            corners.push((step.upper, track));
            corners.extend(jog.into_iter().flat_map(|(column, second)| [(column, track), (column, second)]));
            corners.push((step.lower, jog.map_or(track, |(_, second)| second)));
        }
        corners.push((step.lower, rows));
        let mut cells = Vec::new();
        for pair in corners.windows(2) {
            let (mut at, end) = (pair[0], pair[1]);
            let level = at.1 == end.1;
            while at != end {
                at = (at.0 + (end.0 - at.0).signum(), at.1 + (end.1 - at.1).signum());
                cells.push((at, (at != end || end.1 == rows).then_some(level)));
            }
        }
        cells
    }

    /// Steps of one channel, one from each upper column to another lower one, and how often they cross; nothing where two
    /// do more than cross.
    fn crossings(steps: &[Step], crowding: Option<usize>) -> Option<usize> {
        let tracks = tracks(steps, crowding);
        let rows = tracks.count.values().sum();
        let mut known: BTreeMap<(i32, i32), Option<bool>> = BTreeMap::new();
        let mut crossings = 0;
        for (step, run) in steps.iter().zip(&tracks.of) {
            for (cell, level) in cells(step, *run, rows) {
                match (known.insert(cell, level), level) {
                    (None, _) => {}
                    (Some(Some(one)), Some(two)) if one != two => crossings += 1,
                    _ => return None,
                }
            }
        }
        Some(crossings)
    }

    /// Where no column has two owners, flows cross as often as their order demands, and not once more.
    #[test]
    fn flows_cross_no_more_than_they_must() {
        let mut dice = Shuffler(11);
        for _ in 0..60 {
            let count = 2 + dice.below(14) as i32;
            let step =
                |(upper, lower): (i32, i32)| Step { level: 0, container: 0, upper: 4 * upper, lower: 4 * lower + 2 };
            let steps: Vec<Step> = (0..count).zip(shuffled(count, &mut dice)).map(step).collect();
            let pairs =
                steps.iter().enumerate().flat_map(|(slot, one)| steps[..slot].iter().map(move |two| (one, two)));
            let inversions = pairs.filter(|(one, two)| one.lower < two.lower).count();
            assert_eq!(crossings(&steps, None), Some(inversions), "{steps:?}");
            assert!(crossings(&steps, Some(1)).is_some_and(|crossings| crossings >= inversions), "{steps:?}");
        }
    }

    /// Where a column has two owners, one makes way: two flows never run together.
    #[test]
    fn flows_that_want_one_column_make_way() {
        let mut dice = Shuffler(12);
        for _ in 0..200 {
            let count = 2 + dice.below(10) as i32;
            let step = |(upper, lower): (i32, i32)| Step { level: 0, container: 0, upper: 3 * upper, lower: 3 * lower };
            let steps: Vec<Step> = (0..count).zip(shuffled(count, &mut dice)).map(step).collect();
            assert!(crossings(&steps, None).is_some(), "{steps:?}");
        }
    }
}

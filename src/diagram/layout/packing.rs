//! Packing: the nets of one channel on tracks. Which of two nets runs above the other decides how often they cross; a line of
//! all nets says that for every pair, and the tracks are filled from the top as the line allows. Where there are to be
//! fewer tracks than that takes, it is given up where it saves least.

use std::cmp::Reverse;
use std::ops::Range;

use super::ranks::line_up;

/// A pair of nets that meet: the one that should run above the other, by their numbers, and the crossings that this saves.
pub(super) type Pair = (usize, usize, i32);

/// What it weighs that one column may not have two owners.
pub(super) const COLLISION: i32 = 10_000;

/// Whether a pair must keep its order whatever that costs.
pub(super) const fn is_must(pair: &Pair) -> bool {
    pair.2 > COLLISION / 2
}

/// How often the nets of a line are moved.
const ROUNDS: usize = 8;

/// What it weighs, in crossings, that a track is too few: more than all that can be saved.
const TOO_MANY: i64 = 1 << 40;

/// Crossings weigh more than the columns that a track is used on.
const CROSSING: i64 = 1 << 16;

/// Where to stop on the way past others, each with what passing it costs, and what it costs to get there.
fn cheapest(passed: impl Iterator<Item = (i32, i64)>) -> (i64, i32) {
    let sums = passed.scan(0, |sum, (at, cost)| {
        *sum += cost;
        Some((*sum, at))
    });
    sums.min().unwrap_or_default()
}

/// The place of every net in a line from the top in which the pairs cost little.
pub(super) fn line(count: usize, pairs: &[Pair]) -> Vec<i32> {
    let mut place = line_up(count, pairs);
    let mut rivals: Vec<Vec<(usize, i32)>> = vec![Vec::new(); count];
    for (upper, lower, saved) in pairs {
        rivals[*upper].push((*lower, *saved));
        rivals[*lower].push((*upper, -*saved));
    }
    let mut line: Vec<usize> = (0..count).collect();
    line.sort_by_key(|net| place[*net]);
    let mut near: Vec<(i32, i64)> = Vec::new();
    for _ in 0..ROUNDS {
        let mut moved = false;
        for net in 0..count {
            near.clear();
            near.extend(rivals[net].iter().map(|(other, saved)| (place[*other], i64::from(*saved))));
            near.sort_unstable();
            let own = place[net];
            let above = near.partition_point(|(at, _)| *at < own);
            // Below another one it loses what it saved above it, and the other way round.
            let down = cheapest(near[above..].iter().copied());
            let up = cheapest(near[..above].iter().rev().map(|(at, saved)| (*at, -saved)));
            let (cost, target) = down.min(up);
            if cost < 0 {
                let (from, to) = (own.min(target) as usize, own.max(target) as usize);
                if own < target {
                    line[from..=to].rotate_left(1);
                } else {
                    line[from..=to].rotate_right(1);
                }
                (from..).zip(&line[from..=to]).for_each(|(at, net)| place[*net] = at as i32);
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    place
}

/// The track of every net from the top, and how many there are: in the order of the line, on about `crowding` percent of the
/// tracks that are needed at least, or on as many as that order takes.
///
/// Each track in turn takes those nets that cost least together. Above others that should be above it a net costs
/// what that would have saved. Where as many nets are left as tracks, one of them has to be taken.
pub(super) fn pack(
    spans: &[(i32, i32)],
    place: &[i32],
    pairs: &[Pair],
    crowding: Option<usize>,
) -> (Vec<usize>, usize) {
    // Of every net those that should be below it, and what is lost where it runs above all that are left.
    let mut below: Vec<Vec<&Pair>> = vec![Vec::new(); spans.len()];
    let mut lost = vec![0_i64; spans.len()];
    let mut barred = vec![0_usize; spans.len()];
    for pair in pairs.iter().filter(|pair| place[pair.0] < place[pair.1]) {
        below[pair.0].push(pair);
        lost[pair.1] += i64::from(pair.2);
        barred[pair.1] += usize::from(is_must(pair));
    }
    // Columns in stretches, between which nets begin or end: those of every net, and how many nets are left on each.
    let mut starts: Vec<i32> = spans.iter().flat_map(|span| [span.0, span.1 + 1]).collect();
    starts.sort_unstable();
    starts.dedup();
    let stretch = |column: i32| starts.partition_point(|start| *start < column);
    let stretches: Vec<Range<usize>> = spans.iter().map(|span| stretch(span.0)..stretch(span.1 + 1)).collect();
    let mut left = vec![0_usize; starts.len()];
    stretches.iter().for_each(|stretches| left[stretches.clone()].iter_mut().for_each(|left| *left += 1));

    let least = left.iter().copied().max().unwrap_or(0);
    let most = crowding.map_or(usize::MAX, |percent| (least * percent).div_ceil(100));
    let mut waiting: Vec<usize> = (0..spans.len()).collect();
    waiting.sort_by_key(|net| Reverse(stretches[*net].start));
    let mut track = vec![None; spans.len()];
    let mut count = 0;
    // From every stretch on what is best costs, and the net that begins there.
    let mut best: Vec<(i64, Option<usize>)> = vec![(0, None); starts.len() + 1];
    while !waiting.is_empty() {
        let rest = most.saturating_sub(count).max(1);
        let mut candidates = waiting.iter().copied().peekable();
        for at in (0..starts.len()).rev() {
            best[at] = (best[at + 1].0 + if left[at] >= rest { TOO_MANY } else { 0 }, None);
            while let Some(net) = candidates.next_if(|net| stretches[*net].start == at) {
                let length = i64::from(spans[net].1 - spans[net].0) + 1;
                let cost = lost[net] * CROSSING - length + best[stretches[net].end].0;
                if barred[net] == 0 && cost < best[at].0 {
                    best[at] = (cost, Some(net));
                }
            }
        }
        let mut at = 0;
        while at < starts.len() {
            let Some(net) = best[at].1 else {
                at += 1;
                continue;
            };
            track[net] = Some(count);
            for pair in &below[net] {
                lost[pair.1] -= i64::from(pair.2);
                barred[pair.1] -= usize::from(is_must(pair));
            }
            left[stretches[net].clone()].iter_mut().for_each(|left| *left -= 1);
            at = stretches[net].end;
        }
        waiting.retain(|net| track[*net].is_none());
        count += 1;
    }
    (track.into_iter().flatten().collect(), count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::layout::shuffle::Shuffler;

    /// Spans of some nets, from left to right, and pairs of those that meet; musts among them if asked for.
    fn nets(dice: &mut Shuffler, musts: bool) -> (Vec<(i32, i32)>, Vec<Pair>) {
        let start = |dice: &mut Shuffler| dice.below(60) as i32;
        let mut spans: Vec<(i32, i32)> = (0..3 + dice.below(30)).map(|_| (start(dice), 1 + start(dice))).collect();
        spans.iter_mut().for_each(|span| span.1 += span.0);
        spans.sort_unstable();
        let mut pairs = Vec::new();
        for (two, lower) in spans.iter().enumerate() {
            for (one, _) in spans[..two].iter().enumerate().filter(|(_, upper)| upper.1 >= lower.0) {
                let saved = if musts && dice.below(8) == 0 { COLLISION } else { 1 + dice.below(3) as i32 };
                match dice.below(3) {
                    0 => {}
                    1 => pairs.push((one, two, saved)),
                    _ => pairs.push((two, one, saved)),
                }
            }
        }
        (spans, pairs)
    }

    fn lost<T: PartialOrd>(place: &[T], pairs: &[Pair]) -> i64 {
        pairs.iter().filter(|pair| place[pair.0] > place[pair.1]).map(|pair| i64::from(pair.2)).sum()
    }

    /// What the line saves, all tracks together save; musts hold on few tracks too; nets on one track never meet.
    #[test]
    fn tracks_keep_to_the_line() {
        let mut dice = Shuffler(51);
        for _ in 0..200 {
            let (spans, pairs) = nets(&mut dice, true);
            let place = line(spans.len(), &pairs);
            let kept: Vec<Pair> = pairs.iter().copied().filter(|pair| place[pair.0] < place[pair.1]).collect();
            for crowding in [None, Some(200), Some(100)] {
                let (tracks, count) = pack(&spans, &place, &pairs, crowding);
                assert_eq!(tracks.len(), spans.len());
                assert!(tracks.iter().all(|track| *track < count));
                let musts: Vec<Pair> =
                    kept.iter().copied().filter(|pair| crowding.is_none() || is_must(pair)).collect();
                assert_eq!(lost(&tracks, &musts), 0, "{crowding:?} {spans:?} {pairs:?}");
                for (two, right) in spans.iter().enumerate() {
                    let beside = |one: &usize| tracks[*one] == tracks[two];
                    assert!((0..two).filter(beside).all(|one| spans[one].1 < right.0), "{spans:?} {tracks:?}");
                }
            }
        }
    }

    /// Where nothing must be above anything, as few tracks do as there are nets beside each other.
    #[test]
    fn as_few_tracks_as_there_can_be() {
        let mut dice = Shuffler(52);
        for _ in 0..200 {
            let (spans, pairs) = nets(&mut dice, false);
            let place = line(spans.len(), &pairs);
            let at = |column: i32| spans.iter().filter(|span| span.0 <= column && column <= span.1).count();
            let least = spans.iter().map(|span| at(span.0)).max();
            assert_eq!(Some(pack(&spans, &place, &pairs, Some(100)).1), least, "{spans:?} {pairs:?}");
        }
    }

    /// A line costs no more than what it began as, and often less.
    #[test]
    fn a_line_is_no_worse_than_what_it_began_as() {
        let mut dice = Shuffler(53);
        let mut better = 0;
        for _ in 0..200 {
            let (spans, pairs) = nets(&mut dice, true);
            let (before, after) =
                (lost(&line_up(spans.len(), &pairs), &pairs), lost(&line(spans.len(), &pairs), &pairs));
            assert!(after <= before, "{pairs:?}");
            better += usize::from(after < before);
        }
        assert!(better > 20, "{better} of 200");
    }
}

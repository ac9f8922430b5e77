//! Work in several parts at once: the one place within the pure layers that starts threads.
//!
//! A function that does so stays pure. Its threads end before it does, they share nothing but what they are given, and what
//! they find is put together in the order of the work and not in that in which it was done.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Builder, available_parallelism, scope};

/// More parts would wait for each other.
const MOST: usize = 4;

/// How many parts can be worked on at once.
pub(super) fn processors() -> usize {
    available_parallelism().map_or(1, usize::from).min(MOST)
}

/// Does `count` pieces of work in so many parts at once, of which the first is the caller's own thread. Each part takes the
/// next piece that nobody took, until there is none; what each gives is in no order. Where no thread is to be had, there
/// are fewer parts.
pub(super) fn in_parts<T: Send>(
    parts: usize,
    count: usize,
    work: impl Fn(&mut dyn Iterator<Item = usize>) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let part =
        || work(&mut std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|piece| *piece < count)));
    scope(|scope| {
        let others: Vec<_> = (1..parts).filter_map(|_| Builder::new().spawn_scoped(scope, part).ok()).collect();
        let mut done = vec![part()];
        done.extend(others.into_iter().map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic))));
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_done_once() {
        for parts in [1, 2, 3, 9] {
            for count in [0, 1, 2, 1_000] {
                let done = in_parts(parts, count, |pieces| pieces.collect::<Vec<usize>>());
                let mut all: Vec<usize> = done.into_iter().flatten().collect();
                all.sort_unstable();
                assert_eq!(all, (0..count).collect::<Vec<usize>>());
            }
        }
    }
}

//! What was read at each place where rules were asked: lists of keys, one behind the other in one block.
//!
//! After every edit all of them are looked through, which takes a fraction of a millisecond in one block, and many times
//! that where each list is somewhere else.

use super::condition::{Key, Number};

/// Lists of keys.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes {
    keys: Vec<Key>,
    /// So many of the keys are in no list any more.
    dead: usize,
}

/// A list: where it begins and how long it is. That which nobody wrote down is empty.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Note {
    start: usize,
    len: usize,
}

impl Notes {
    /// Writes a list down.
    pub fn put(&mut self, keys: &[Key]) -> Note {
        let start = self.keys.len();
        self.keys.extend_from_slice(keys);
        Note { start, len: keys.len() }
    }

    /// A list.
    #[inline]
    pub fn get(&self, note: Note) -> &[Key] {
        self.keys.get(note.start..note.start + note.len).unwrap_or_default()
    }

    /// Forgets a list.
    pub fn drop(&mut self, note: Note) {
        self.dead += note.len;
    }

    /// Takes in lists that were written by somebody whose names have other numbers, these behind the first `common`. Gives
    /// where each of the lists is now.
    pub fn append(&mut self, other: Notes, common: usize, beyond: &[Number]) -> impl Fn(Note) -> Note + Copy + use<> {
        let start = self.keys.len();
        if beyond.is_empty() {
            self.keys.extend_from_slice(&other.keys);
        } else {
            self.keys.extend(other.keys.iter().map(|key| key.renumbered(common, beyond)));
        }
        self.dead += other.dead;
        move |note| Note { start: start + note.start, ..note }
    }

    /// Adds to a list what is not in it, of keys that are named once each.
    pub fn add(&mut self, note: &mut Note, keys: &[Key]) {
        // Most lists are short.
        let mut known = self.get(*note).to_vec();
        known.sort_unstable();
        let more: Vec<Key> = keys.iter().copied().filter(|key| known.binary_search(key).is_err()).collect();
        if !more.is_empty() {
            self.drop(*note);
            let start = self.keys.len();
            self.keys.extend_from_within(note.start..note.start + note.len);
            self.keys.extend(more);
            *note = Note { start, len: self.keys.len() - start };
        }
    }

    /// Moves all lists that there are together where half of the block is dead.
    pub fn tidy<'n>(&mut self, all: impl Iterator<Item = &'n mut Note>) {
        if self.dead * 2 <= self.keys.len() {
            return;
        }
        let mut kept = Notes { keys: Vec::with_capacity(self.keys.len() - self.dead), dead: 0 };
        all.for_each(|note| *note = kept.put(self.get(*note)));
        *self = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::super::condition::{Aspect, Key};
    use super::*;

    #[test]
    fn lists_stay_what_they_are() {
        let keys = |numbers: &[u32]| numbers.iter().map(|at| Key::of(*at, Aspect::Element)).collect::<Vec<Key>>();
        let mut notes = Notes::default();
        let (mut one, mut two) = (notes.put(&keys(&[3, 1])), notes.put(&keys(&[7])));
        assert!(notes.get(Note::default()).is_empty());
        for round in 0..100 {
            notes.add(&mut one, &keys(&[1, 10 + round, 3]));
            notes.add(&mut two, &keys(&[7]));
            notes.tidy([&mut one, &mut two].into_iter());
            assert_eq!(notes.get(one).len(), 3 + round as usize);
            assert_eq!(notes.get(one)[..2], keys(&[3, 1]));
            assert_eq!(notes.get(two), keys(&[7]));
            assert!(notes.keys.len() <= 2 * (notes.get(one).len() + 1));
        }
    }
}

//! A fast hash for the names of a model, which are short and looked up by the million.
//!
//! Names come from files that may be hostile, so that the hash has a seed that nobody knows beforehand: two multiplications
//! of 64 bits with the upper half folded into the lower, as in wyhash (<https://github.com/wangyi-fudan/wyhash>).

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

/// A map with the fast hash.
pub(crate) type FastMap<K, V> = HashMap<K, V, Folded>;

/// Makes hashers with one seed.
#[derive(Debug, Clone)]
pub(crate) struct Folded(u64);

impl Default for Folded {
    fn default() -> Folded {
        // The order of no answer depends on it: nobody walks through these maps.
        Folded(RandomState::new().hash_one(0) | 1)
    }
}

impl BuildHasher for Folded {
    type Hasher = Folding;

    fn build_hasher(&self) -> Folding {
        Folding { seed: self.0, state: self.0 }
    }
}

/// A hasher.
pub(crate) struct Folding {
    seed: u64,
    state: u64,
}

const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

fn fold(one: u64, two: u64) -> u64 {
    let product = u128::from(one) * u128::from(two);
    (product as u64) ^ ((product >> 64) as u64)
}

impl Hasher for Folding {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
        // Byte by byte, since a copy of an unknown length is a call.
        let rest = chunks.remainder();
        if !rest.is_empty() {
            let word = rest.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte));
            self.write_u64(word ^ ((rest.len() as u64) << 56));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(u64::from(byte));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.state = fold(self.state ^ number, MULTIPLIER ^ self.seed);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        fold(self.state, self.seed ^ MULTIPLIER.rotate_left(32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_a_little_are_spread() {
        let hasher = Folded::default();
        let names = (0..20_000).map(|number| format!("endpoint-{number}"));
        let buckets: std::collections::BTreeSet<u64> = names.map(|name| hasher.hash_one(name) & 0xf_ffff).collect();
        // Of 20,000 in 1,048,576 places about 190 fall together by chance.
        assert!(buckets.len() > 19_600, "{}", buckets.len());
        assert_ne!(hasher.hash_one("a"), hasher.hash_one("a\0"));
        assert_ne!(hasher.hash_one("a"), Folded::default().hash_one("a"), "each has a seed of its own");
    }
}

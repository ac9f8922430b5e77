//! Chance with a fixed seed: the same input gives the same drawing.

/// A small generator (xorshift), good enough to shuffle the starts of a search.
pub(crate) struct Shuffler(pub u64);

impl Shuffler {
    /// A number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

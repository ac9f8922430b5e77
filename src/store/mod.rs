//! Files: the only layer that touches the disk, the environment and the clock.

pub mod disk;
pub mod lock;
pub mod places;
pub mod ron;

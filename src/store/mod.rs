//! Files: the only layer that touches the disk, the environment and the clock.

pub mod disk;
pub mod document;
pub mod drill_files;
pub mod drill_log;
pub mod drill_shelf;
pub mod evidence;
pub mod git;
pub mod journal;
pub mod junit;
pub mod lock;
pub mod places;
pub mod recovery;
pub mod ron;
pub mod tree;
pub mod workspace;

//! sandtable: a workbench to see, discuss and rehearse who can reach which data behind low-code APIs.
//!
//! The layers, and what each may use, are in `docs/ARCHITECTURE.md`; a test holds the code to it.

// What the rules say of a large model are hundreds of thousands of small lists: the allocator of the system takes a fifth of
// the time that it takes to ask for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod analysis;
pub mod app;
pub mod cli;
pub mod diagram;
pub mod drill;
pub mod exchange;
pub mod library;
pub mod model;
pub mod report;
pub mod store;
pub mod tui;

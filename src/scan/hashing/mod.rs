//! Hashing of files: one pass over the bytes of each, computing just the digests that are asked for, many files at once.

mod cache;
mod digester;
mod folders;
mod pass;

pub use cache::Cache;
pub use digester::{Algorithm, Algorithms};
pub(super) use folders::of_folders;
pub(super) use pass::open;
pub use pass::{Job, Outcome, Progress, Silent, run};

//! Rules of the house that no compiler checks: who may import whom, which licences are linked, which words are said, and what
//! may lie in the repository.

#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what a test cannot read fails it")]

mod layers;
mod licences;
mod repository;
mod sources;
mod words;

//! What bad bytes do: nothing.
//!
//! [`decoders`] holds one function for every decoder that outside bytes reach; [`replay`] runs them over their corpora and over
//! seeded mutations of those, and libFuzzer runs the same functions for as long as one likes (`tests/fuzz/README.md`). [`door`]
//! mutates good submissions and hands them to a whole server.
//!
//! How many mutations are tried is in the environment variable `PALINODE_MUTATIONS`: how many each test of a door and each
//! decoder gets. `PALINODE_SEED` begins at another place of the endless row of mutations; a failure names the place to begin at
//! to see it again at once.

#![expect(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a decoder under test says by panicking what does not hold; set-up may fail loudly"
)]

mod decoders;
mod door;
mod mutation;
mod replay;
mod seeds;
#[path = "../support/mod.rs"]
mod support;

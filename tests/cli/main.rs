//! The command line from outside: the built program, its output and its exit codes.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "what a test cannot do fails it")]

mod asking;
#[path = "../support/client.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::panic,
    clippy::format_push_string,
    reason = "shared with other targets, and this one uses a part of it"
)]
mod client;
#[expect(clippy::panic, clippy::print_stderr, reason = "a chapter without its clients fails the test; what is skipped is told")]
mod clients;
mod configuration;
mod deciding;
#[expect(clippy::panic, clippy::print_stderr, reason = "a test that fails or skips itself says why")]
mod deploying;
mod digests;
mod exchanging;
mod indexing;
#[expect(clippy::panic, clippy::print_stderr, reason = "a test that fails or skips itself says why")]
mod interop;
mod keys;
mod locking;
mod manual;
mod notices;
mod palinode;
mod private;
mod proofs;
mod publishers;
mod readme;
#[expect(clippy::panic, reason = "a test that fails says why")]
mod researching;
mod sensitive;
mod serving;
mod usage;

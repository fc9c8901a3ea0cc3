//! The command line from outside: the built program, its output and its exit codes.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "what a test cannot do fails it")]

mod asking;
mod configuration;
mod keys;
mod notices;
mod palinode;
mod proofs;
mod publishers;
mod readme;
mod serving;
mod usage;

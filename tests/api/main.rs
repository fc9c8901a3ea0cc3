//! The HTTP interface, through real sockets: a server of this process on the shipped store.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "set-up of tests may fail loudly, and figures are told"
)]

#[path = "../support/mod.rs"]
mod support;
#[expect(dead_code, reason = "every target uses a part of it")]
#[path = "../support/waiting.rs"]
mod waiting;

mod bundles;
mod caching;
mod checking;
mod docs;
mod documents;
mod events;
mod examples;
mod feeds;
mod headers;
mod index;
mod limits;
mod lists;
mod local_index;
mod locks;
mod log;
mod memory;
mod museum;
mod openapi;
mod pages;
mod parsing;
mod program;
mod ranges;
mod rates;
mod reading;
mod security;
mod slow;
mod submitting;

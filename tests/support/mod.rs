//! What the integration targets share: a real server on a real socket, a client that writes requests byte for byte, and
//! people who sign.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::format_push_string,
    clippy::needless_pass_by_value,
    reason = "set-up of tests: it may fail loudly, and every target uses a part of it"
)]

pub mod client;
pub mod server;
pub mod speakers;

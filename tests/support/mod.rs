//! What the integration targets share: a real server on a real socket, a client that writes requests byte for byte, and
//! people who sign.

#![allow(dead_code, unreachable_pub, clippy::allow_attributes, reason = "every target uses a part of it, under a path of its own")]

pub mod client;
pub mod server;
pub mod speakers;

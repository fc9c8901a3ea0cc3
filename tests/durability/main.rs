//! Durability from outside: the built program is killed, cut off from power and asked to stop, while it takes notices as fast
//! as it can.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what a test cannot do fails it")]

#[expect(dead_code, reason = "every target uses a part of it")]
#[path = "../support/server_process.rs"]
mod server_process;
#[expect(dead_code, reason = "every target uses a part of it")]
#[path = "../support/speaker.rs"]
mod speaker;
#[path = "../support/waiting.rs"]
mod waiting;

mod book;
mod change;
mod connection;
mod disk;
mod image;
mod journal;
mod killing;
mod load;
mod power;
mod recording;
mod settings;

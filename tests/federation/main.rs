//! The federation from outside: servers as processes of the built program, with real sockets and databases, each with keys and
//! a data folder of its own. What is promised about them is asked over HTTP, as anybody can.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what a test cannot do fails it")]

#[expect(dead_code, reason = "every target uses a part of it")]
#[path = "../support/server_process.rs"]
mod server_process;
#[path = "../support/speaker.rs"]
mod speaker;
#[path = "../support/waiting.rs"]
mod waiting;

mod backups;
mod broadcast;
mod configured;
mod crashes;
mod demo;
mod inward;
mod large;
mod liars;
mod lists;
mod made_backup;
mod pins;
mod rebuilds;
mod removals;
mod restores;
mod rotation;
mod split_view;
mod starting;
mod successions;
mod uploads;
mod witness;

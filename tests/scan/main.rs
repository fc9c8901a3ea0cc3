//! `palinode scan` as its user sees it: the built program over real folders, a real server, and a network of its own.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "what a test cannot do fails it, and it says what it leaves out"
)]

#[expect(dead_code, reason = "every target uses a part of it")]
#[path = "../support/server_process.rs"]
mod server_process;
#[expect(dead_code, reason = "every target uses a part of it")]
#[path = "../support/speaker.rs"]
mod speaker;
#[path = "../support/waiting.rs"]
mod waiting;

mod code;
mod desk;
mod drafting;
mod evidence;
mod folders;
mod privacy;
mod samples;
mod verdicts;
mod wanted;

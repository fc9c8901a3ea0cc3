//! Durability from outside: the built program is killed, cut off from power and asked to stop, while it takes notices as fast
//! as it can; it meets a second writer, a full or read-only disk, damaged data, a clock that jumps, and no file descriptors.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what a test cannot do fails it")]
#![expect(clippy::print_stdout, reason = "tests tell what they measured")]

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
mod clock;
mod connection;
mod copies;
mod corruption;
mod descriptors;
mod disk;
mod doctor;
mod flips;
mod full_disk;
mod image;
mod journal;
mod killing;
mod load;
mod mounts;
mod posting;
mod power;
mod read_only;
mod recording;
mod settings;
mod stopping;
mod two_writers;

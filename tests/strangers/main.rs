//! Strangers check us: programs that are not ours, and our own program from outside, look at a running server of the built
//! program.
//!
//! | file | who looks |
//! |---|---|
//! | `library.rs` | the library behind Go's checksum database, in the program of `verifier/`, at seven sizes of a log |
//! | `paths.rs` | somebody who spells paths wrongly, or asks for what is not published yet |
//! | `racing.rs` | readers who ask while the log grows |
//! | `describing.rs` | Schemathesis, which makes up requests from the OpenAPI document |
//! | `auditing.rs` | `palinode log verify`, at honest servers and at liars |
//!
//! Go comes from Debian's packages `golang-go` and `golang-golang-x-mod-dev`; without them `library.rs` says that it was skipped,
//! and fails where `PALINODE_REQUIRE_TOOLS` is set.
//!
//! `PALINODE_STRANGERS_SIZE=1000000 cargo test --release --test strangers a_large_log -- --nocapture` makes a log of that many
//! entries instead of 70,000, has both programs look at all of it, and tells how long that took.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "what a test cannot do fails it"
)]

#[expect(dead_code, unreachable_pub, clippy::format_push_string, reason = "every target uses a part of it")]
#[path = "../support/client.rs"]
mod client;
#[expect(dead_code, reason = "every target uses a part of it")]
#[path = "../support/server_process.rs"]
mod server_process;
#[expect(dead_code, reason = "every target uses a part of it")]
#[path = "../support/speaker.rs"]
mod speaker;
#[path = "../support/waiting.rs"]
mod waiting;

mod auditing;
mod describing;
mod filling;
mod library;
mod lying;
mod paths;
mod racing;

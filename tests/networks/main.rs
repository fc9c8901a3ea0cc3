//! Five servers, each in a network of its own, while links are cut and healed, processes paused and killed, and requests delayed and
//! sent twice; then the books are compared, as Jepsen does.
//!
//! Every server is the built program in a Linux network namespace with its own address, behind a TLS relay of these tests
//! ([`relay`]), which delays and duplicates what peers ask, since not every kernel can. Notices are posted through all five at once.
//! A post that was acknowledged must be on every server after healing; one that timed out may be or not; all verdicts must be equal;
//! and every checkpoint that anybody ever saw must be of the log that is there in the end.
//!
//! | variable | means | without it |
//! |---|---|---|
//! | `PALINODE_STORMS` | how many storms there are | 3 |
//! | `PALINODE_SEED` | the seed of the first one, as it was printed; the next one has the next | drawn anew |
//!
//! Needs Linux, the right to make namespaces (root), `ip` of iproute2 and `openssl`. Without them it says SKIPPED, and fails with
//! `PALINODE_REQUIRE_TOOLS` set. A seed gives the same cuts and kills at the same times, but not the same races.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "what a test cannot do fails it, and it says what it does"
)]

mod certificates;
#[path = "../simulation/chance.rs"]
#[expect(dead_code, reason = "shared with the simulation, and this target uses a part of it")]
mod chance;
mod domain;
mod door;
mod history;
mod host;
mod judgement;
mod relay;
mod settings;
#[path = "../support/speaker.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "shared with other targets, and this one uses a part of it")]
mod speaker;
mod storm;
mod wires;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    // The same program is the relay beside each server.
    if let Some(orders) = settings::relay_orders() {
        relay::run(&orders);
        return ExitCode::SUCCESS;
    }
    let arguments = Arguments::from_args();
    let first = settings::first_seed();
    let storms = (0..settings::storms()).map(|n| {
        let seed = first.wrapping_add(n);
        Trial::test(format!("after_storm_{n}_everybody_has_what_anybody_was_promised"), move || {
            if wires::can_be_laid() {
                eprintln!("storm {n}: PALINODE_SEED={seed} PALINODE_STORMS=1");
                storm::weather(seed);
            }
            Ok(())
        })
    });
    let drill = Trial::test("a_domain_that_names_the_keys_lets_its_publisher_in_here_and_at_who_believes_this_server", || {
        if wires::can_be_laid() {
            domain::drill();
        }
        Ok(())
    });
    // Two storms at once would be judged by each other's load.
    let arguments = Arguments { test_threads: Some(1), ..arguments };
    libtest_mimic::run(&arguments, storms.chain([drill]).collect()).exit_code()
}

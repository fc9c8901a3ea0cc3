//! What the environment says about these tests.

use std::env;

/// The variable by which a test tells its relays that they are relays, and what to do.
pub(crate) const RELAY: &str = "PALINODE_TEST_RELAY";

#[expect(clippy::disallowed_methods, reason = "how long tests run is nothing that the program is configured with")]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

fn number(name: &str) -> Option<u64> {
    variable(name).map(|text| text.parse().unwrap_or_else(|error| panic!("{name}={text:?} is no number: {error}")))
}

/// What this process is to do as a relay, when it is one.
pub(crate) fn relay_orders() -> Option<String> {
    variable(RELAY)
}

pub(crate) fn storms() -> u64 {
    number("PALINODE_STORMS").unwrap_or(3)
}

pub(crate) fn first_seed() -> u64 {
    number("PALINODE_SEED").unwrap_or_else(|| u64::from(getrandom::u32().expect("chance")))
}

/// Whether what is missing is a failure.
pub(crate) fn tools_are_required() -> bool {
    variable("PALINODE_REQUIRE_TOOLS").is_some()
}

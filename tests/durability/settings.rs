//! How long these tests run, and which chance they run with.
//!
//! | variable | means | without it |
//! |---|---|---|
//! | `PALINODE_ROUNDS` | how often a server is killed under load | 20 |
//! | `PALINODE_CUTS` | how many states after a power cut are looked at | 30 |
//! | `PALINODE_SEED` | the seed of everything that is drawn, as it was printed | drawn anew |

use proptest::test_runner::{RngAlgorithm, TestRng};

/// The number in this variable, or `default`.
#[expect(clippy::disallowed_methods, reason = "how long a test runs is nothing that the program is configured with")]
pub(crate) fn number(variable: &str, default: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|e| panic!("{variable}={text:?} is no number: {e}")),
        Err(_) => default,
    }
}

/// Whether a missing tool is a failure.
#[expect(clippy::disallowed_methods, reason = "the same")]
pub(crate) fn tools_are_required() -> bool {
    std::env::var_os("PALINODE_REQUIRE_TOOLS").is_some()
}

/// The seed of this run. It is printed, so that a failure can be had again.
#[expect(clippy::print_stderr, reason = "a test says which chance it had")]
pub(crate) fn seed(test: &str) -> u64 {
    let seed = number("PALINODE_SEED", u64::from(getrandom::u32().unwrap()));
    eprintln!("{test}: PALINODE_SEED={seed}");
    seed
}

/// Chance number `stream` of a seed; the streams do not depend on each other.
pub(crate) fn chance(seed: u64, stream: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&stream.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

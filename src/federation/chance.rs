//! Chance as a parameter, and the waiting times that are drawn with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long the first failure is waited for; doubled with each further one.
const FIRST: Duration = Duration::from_secs(1);
/// The longest wait after failures, before jitter.
pub const LONGEST_BACK_OFF: Duration = Duration::from_hours(1);

/// A source of chance. Nothing secret is drawn from it.
#[derive(Clone)]
pub struct Dice(Arc<dyn Fn() -> u64 + Send + Sync>);

impl Dice {
    /// Draws from `source`, which must give evenly spread numbers.
    pub fn new(source: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(source))
    }

    /// Draws from the operating system.
    pub fn of_system() -> Self {
        // Jitter is a courtesy: without it everything still works, so a system without chance is no reason to stop.
        Self::new(|| getrandom::u64().unwrap_or(u64::MAX / 2))
    }

    /// The same numbers each time, for tests and simulations (the SplitMix64 sequence).
    pub fn seeded(seed: u64) -> Self {
        let state = AtomicU64::new(seed);
        Self::new(move || {
            let mut z = state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed).wrapping_add(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        })
    }

    /// Evenly between half and one and a half of `middle`.
    pub fn around(&self, middle: Duration) -> Duration {
        let millis = u64::try_from(middle.as_millis()).unwrap_or(u64::MAX / 2).max(1);
        Duration::from_millis((millis / 2).saturating_add((self.0)() % (millis + 1)))
    }

    /// Evenly between the two.
    pub fn between(&self, least: Duration, most: Duration) -> Duration {
        let span = u64::try_from(most.saturating_sub(least).as_millis()).unwrap_or(u64::MAX / 2);
        least.saturating_add(Duration::from_millis((self.0)() % (span + 1)))
    }

    /// How long to wait after `failures` failures in a row of a peer that is there: exponential with jitter, so that many who failed together do not
    /// come back together.
    pub fn back_off(&self, failures: u32) -> Duration {
        let doubled = FIRST.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)));
        self.around(doubled.min(LONGEST_BACK_OFF))
    }
}

impl std::fmt::Debug for Dice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dice")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_up_to_an_hour_and_is_spread() {
        let dice = Dice::seeded(7);
        for (failures, middle) in [(1, 1), (2, 2), (5, 16), (12, 2048), (13, 3600), (40, 3600), (u32::MAX, 3600)] {
            let middle = Duration::from_secs(middle);
            let waits: Vec<_> = (0..200).map(|_| dice.back_off(failures)).collect();
            assert!(waits.iter().all(|wait| (middle / 2..=middle * 3 / 2).contains(wait)), "{failures}");
            assert!(waits.iter().max() > waits.iter().min(), "{failures}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_waits() {
        let waits = |seed| (0..10).map(|n| Dice::seeded(seed).back_off(n)).collect::<Vec<_>>();
        assert_eq!(waits(1), waits(1));
        assert_ne!(waits(1), waits(2));
    }
}

//! Clocks that are wrong, each in its own way, over the one clock of the simulation.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use palinode::clock::Clock;
use tokio::time::Instant;

/// When every simulation begins, for those whose clock is right.
pub(crate) fn noon() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().expect("a time")
}

/// The clock of one server: simulated time, too fast or too slow by some parts in a million, and set wrong.
pub(crate) struct WrongClock {
    begun: Instant,
    /// Milliseconds ahead of the right time.
    ahead: AtomicI64,
    parts_per_million: i64,
}

impl WrongClock {
    pub(crate) fn new(begun: Instant, ahead: TimeDelta, parts_per_million: i64) -> Self {
        Self { begun, ahead: AtomicI64::new(ahead.num_milliseconds()), parts_per_million }
    }

    pub(crate) fn ahead(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.ahead.load(Ordering::Relaxed))
    }

    /// Somebody sets the clock.
    pub(crate) fn set_ahead(&self, ahead: TimeDelta) {
        self.ahead.store(ahead.num_milliseconds(), Ordering::Relaxed);
    }
}

impl Clock for WrongClock {
    fn now(&self) -> DateTime<Utc> {
        let passed = i64::try_from(self.begun.elapsed().as_millis()).expect("a short simulation");
        noon() + TimeDelta::milliseconds(passed + passed * self.parts_per_million / 1_000_000) + self.ahead()
    }
}

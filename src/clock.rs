//! Time as a parameter.
//!
//! Everything that needs to know the time is handed a [`Clock`]; nothing else in the crate may ask the operating system
//! (`.clippy.toml` refuses `Utc::now` and `SystemTime::now` elsewhere). Tests drive a [`ManualClock`], so that scheduled
//! verdicts, freshness limits and back-off are decided without waiting.

use std::sync::Mutex;

use chrono::{DateTime, Utc};

/// Source of the current time, in UTC.
pub trait Clock: Send + Sync {
    /// The current time. May step backwards: callers that sign time guard against that themselves (protocol, section 7).
    fn now(&self) -> DateTime<Utc>;
}

/// The operating system's clock: the only caller of `Utc::now` in the crate.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the system clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still until it is moved: the double for tests and simulations.
#[derive(Debug)]
pub struct ManualClock(Mutex<DateTime<Utc>>);

impl ManualClock {
    /// A clock that stands at `now`.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves the clock to `now`, forwards or backwards.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = now;
    }

    /// Moves the clock by `step`, which may be negative.
    pub fn advance(&self, step: chrono::TimeDelta) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += step;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

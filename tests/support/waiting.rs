//! Waiting for a condition, with a deadline: nothing here sleeps for a time that somebody hopes is long enough.

use std::future::Future;
use std::time::{Duration, Instant};

/// How long a condition is waited for before the test fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
const LOOKS_EVERY: Duration = Duration::from_millis(20);

/// Looks again and again until there is something, and gives it. `what` is told when it never comes.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "it did not happen within {PATIENCE:?}: {what}");
        tokio::time::sleep(LOOKS_EVERY).await;
    }
}

/// The same for those who wait on a thread of their own.
pub(crate) fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < PATIENCE, "it did not happen within {PATIENCE:?}: {what}");
        std::thread::sleep(LOOKS_EVERY);
    }
}

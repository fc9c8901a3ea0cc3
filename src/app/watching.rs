//! Tells the operator when something begins to keep the server from its work, and when it is over: once each, in the program's
//! log. Sees to it, too, that the data folder is still locked.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::ledger::{Hindrance, Ledger};
use crate::storage::DataFolder;

/// What whoever asks is told when the lock is gone.
const UNLOCKED: &str = "the lock file of the data folder was removed or replaced, so that another server may be running on it. \
                        Stop both, and start one again";

/// How often it is looked at.
const LOOKS_EVERY: Duration = Duration::from_secs(1);

/// Looks until `stop` is cancelled.
pub(super) async fn watch(ledger: Arc<Ledger>, folder: Arc<DataFolder>, stop: CancellationToken) {
    let mut told: Vec<Hindrance> = Vec::new();
    while !stop.is_cancelled() {
        let (asked, folder) = (ledger.clone(), folder.clone());
        // Looking may touch the disk; only a runtime that shuts down ends it early.
        let look = move || {
            if !folder.is_locked() {
                asked.halt(UNLOCKED);
            }
            asked.hindrances()
        };
        let Ok(found) = tokio::task::spawn_blocking(look).await else { return };
        tell(&told, &found);
        told = found;
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LOOKS_EVERY) => {}
        }
    }
}

/// Numbers in a hindrance change all the time; what it is counts.
fn tell(before: &[Hindrance], now: &[Hindrance]) {
    let is_in = |list: &[Hindrance], hindrance: &Hindrance| list.iter().any(|other| other.rule() == hindrance.rule());
    for begun in now.iter().filter(|hindrance| !is_in(before, hindrance)) {
        tracing::error!(rule = begun.rule(), "not ready: {begun}");
    }
    for over in before.iter().filter(|hindrance| !is_in(now, hindrance)) {
        tracing::warn!(rule = over.rule(), "this is over, and the server goes on");
    }
}

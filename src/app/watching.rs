//! Tells the operator when something begins to keep the server from its work, and when it is over: once each, in the program's
//! log, and as the gauge `palinode_ready` for whoever watches many servers.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::ledger::{Hindrance, Ledger};

/// How often it is looked at.
const LOOKS_EVERY: Duration = Duration::from_secs(1);

/// Looks until `stop` is cancelled.
pub(super) async fn watch(ledger: Arc<Ledger>, stop: CancellationToken) {
    let mut told: Vec<Hindrance> = Vec::new();
    while !stop.is_cancelled() {
        let asked = ledger.clone();
        // Looking may touch the disk; only a runtime that shuts down ends it early.
        let Ok(found) = tokio::task::spawn_blocking(move || asked.hindrances()).await else { return };
        tell(&told, &found);
        let ready = if found.is_empty() { 1.0 } else { 0.0 };
        ::metrics::gauge!("palinode_ready").set(ready);
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

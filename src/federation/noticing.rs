//! What changes beside a running server, noticed within a second: peers, blocks, and what became of entries that are not in the log,
//! by commands of the operator; and the clock.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use chrono::{DateTime, TimeDelta, Utc};

use super::Federation;
use super::fault::Fault;

/// Rules that lifting a block mends.
const MENDED_BY_UNBLOCKING: [&str; 1] = ["issuer-blocked"];

/// A clock that goes back by less is being adjusted, and nothing waits noticeably longer for it.
const SET_BACK: TimeDelta = TimeDelta::seconds(5);

/// What was noticed last; nothing before the first look.
#[derive(Debug, Default)]
pub(super) struct Noticed {
    peers: Option<u64>,
    quarantine: Option<u64>,
    time: Option<DateTime<Utc>>,
}

impl Federation {
    /// Looks at what may have changed, and acts on it.
    pub(super) async fn notice_changes(self: &Arc<Self>, noticed: &mut Noticed) {
        if let Err(error) = self.notice_peers(&mut noticed.peers).await {
            tracing::error!(%error, "the table of peers cannot be read");
        }
        if let Err(error) = self.notice_blocks().await {
            tracing::error!(%error, "the blocks cannot be read");
        }
        if let Err(error) = self.notice_quarantine(&mut noticed.quarantine).await {
            tracing::error!(%error, "what the operator decided about entries of peers cannot be read");
        }
        if let Err(error) = self.notice_clock(&mut noticed.time).await {
            tracing::error!(%error, "entries of peers stay put off, although the clock was set back");
        }
    }

    /// Looks whether the clock was set back since the last look. What was put off until a time that it showed before would wait longer
    /// by as much.
    pub(super) async fn notice_clock(&self, known: &mut Option<DateTime<Utc>>) -> Result<(), Fault> {
        let now = self.now();
        let back = known.map_or(TimeDelta::zero(), |before| before - now);
        if back >= SET_BACK {
            tracing::warn!(seconds = back.num_seconds(), "the clock was set back");
            let store = self.stores.inventory.clone();
            self.blocking(move || store.clock_was_set_back(back, now)).await??;
            self.bring_work_forward(back).await?;
        }
        // Only then: what failed is done at the next look.
        *known = Some(now);
        Ok(())
    }

    /// Reads the table of peers again if it changed.
    async fn notice_peers(self: &Arc<Self>, known: &mut Option<u64>) -> Result<(), Fault> {
        let (federation, before) = (self.clone(), *known);
        let look = move || {
            let now = federation.stores.peers.peers_revision()?;
            if before != Some(now) {
                federation.reload_peers()?;
            }
            Ok::<_, crate::ledger::StoreError>(now)
        };
        *known = Some(self.blocking(look).await??);
        Ok(())
    }

    /// Reads who is blocked, if that changed; what waited for somebody who was let in again is looked at.
    pub(super) async fn notice_blocks(&self) -> Result<(), Fault> {
        let ledger = self.ledger.clone();
        if !self.blocking(move || ledger.heed_blocks()).await?? {
            return Ok(());
        }
        self.unsettled.store(true, Ordering::SeqCst);
        self.ledger.want_domains_looked_at();
        if self.rearm(&MENDED_BY_UNBLOCKING).await? > 0 {
            self.retry_pending_once().await?;
        }
        Ok(())
    }

    /// Looks again at what the operator wants looked at. Fetching is left to the tasks of the peers.
    async fn notice_quarantine(&self, known: &mut Option<u64>) -> Result<(), Fault> {
        let store = self.stores.quarantine.clone();
        let now = self.blocking(move || store.quarantine_revision()).await??;
        let before = known.replace(now);
        if before.is_some_and(|before| before != now) {
            self.links().values().for_each(|link| link.pull.notify_one());
            self.retry_pending_once().await?;
        }
        Ok(())
    }
}

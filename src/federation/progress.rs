//! How work with a peer goes: when it may be tried, and what is remembered of how it went.

use chrono::{DateTime, TimeDelta, Utc};

use super::Federation;
use super::fault::Fault;
use crate::ledger::StoreError;
use crate::ledger::peers::{PeerFault, PeerState, Progress, Work};

/// A back-off is cleared by a contact at most this often, or a peer that talks much would be asked as much.
const CLEARED_AT_MOST_EVERY: TimeDelta = TimeDelta::minutes(1);

impl Federation {
    /// Reads where things stand with a peer.
    pub(super) async fn state_of(&self, origin: &str) -> Result<PeerState, Fault> {
        let (store, origin) = (self.stores.peers.clone(), origin.to_owned());
        Ok(self.blocking(move || store.peer_state(&origin)).await??)
    }

    /// Until when this work is put off; `None` when it may be tried.
    pub(super) fn put_off(&self, progress: &Progress) -> Option<DateTime<Utc>> {
        progress.not_before.filter(|until| *until > self.now())
    }

    /// Remembers how an attempt went. Faults of our own say nothing about the peer.
    pub(super) async fn remember<T>(
        &self,
        origin: &str,
        work: Work,
        before: &Progress,
        outcome: &Result<T, Fault>,
    ) -> Result<(), Fault> {
        let now = self.now();
        let after = match outcome {
            Ok(_) => Progress { failures: 0, not_before: None, last_ok: Some(now), last_error: before.last_error.clone() },
            Err(fault) if fault.is_of_peer() => {
                let failures = before.failures.saturating_add(1);
                let wait = fault.retry_after().unwrap_or_else(|| self.options.dice.back_off(failures));
                let not_before = TimeDelta::from_std(wait).ok().and_then(|wait| now.checked_add_signed(wait));
                tracing::warn!(
                    peer = origin, work = work.as_str(), failures, wait_ms = wait.as_millis(), error = %fault,
                    "work with a peer failed"
                );
                let error = PeerFault { code: fault.code().to_owned(), text: fault.to_string(), at: now };
                Progress { failures, not_before, last_ok: before.last_ok, last_error: Some(error) }
            }
            Err(fault) => {
                tracing::error!(peer = origin, work = work.as_str(), error = %fault, "work with a peer failed here");
                return Ok(());
            }
        };
        let (store, origin) = (self.stores.peers.clone(), origin.to_owned());
        Ok(self.blocking(move || store.note_progress(&origin, work, &after)).await??)
    }

    /// The peer is there: it made a contact that only it could make. What was put off may be tried again.
    pub(super) fn peer_is_there(&self, origin: &str) -> Result<(), StoreError> {
        let state = self.stores.peers.peer_state(origin)?;
        let now = self.now();
        for work in [Work::Announce, Work::Pull, Work::Documents] {
            let progress = state.progress(work);
            let failed_just_now = progress.last_error.as_ref().is_some_and(|e| now - e.at < CLEARED_AT_MOST_EVERY);
            let cleared_already = progress.failures > 1 && failed_just_now;
            if progress.not_before.is_some_and(|until| until > now) && !cleared_already {
                self.stores.peers.note_progress(origin, work, &Progress { not_before: None, ..progress.clone() })?;
            }
        }
        Ok(())
    }
}

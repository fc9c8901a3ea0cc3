//! How work with a peer goes: when it may be tried, and what is remembered of how it went.

use std::sync::PoisonError;

use chrono::{DateTime, TimeDelta, Utc};

use super::Federation;
use super::fault::Fault;
use super::transport::TransportError;
use crate::ledger::StoreError;
use crate::ledger::peers::{PeerFault, PeerState, Progress, Work};

/// The longest that work is ever put off. A time farther ahead was written before the clock was set back, and says nothing.
const FARTHEST: TimeDelta = TimeDelta::hours(2);
/// A back-off is cleared by a contact at most this often, or a peer that talks much would be asked as much.
const CLEARED_AT_MOST_EVERY: TimeDelta = TimeDelta::minutes(1);

/// How often a success may have all peers tried that could not be reached.
const OPENED_AT_MOST_EVERY: TimeDelta = TimeDelta::seconds(10);
/// How many failures in a row a peer has at which it is not tried before its time any more: a day, if it is the only one.
const KNOCKS: u32 = 2_880;

/// Whether it failed last because the peer was not reached, and not because of what it answered.
fn is_of_the_way(progress: &Progress) -> bool {
    progress.last_error.as_ref().is_some_and(|error| TransportError::ON_THE_WAY.contains(&error.code.as_str()))
}

impl Federation {
    /// Reads where things stand with a peer.
    pub(super) async fn state_of(&self, origin: &str) -> Result<PeerState, Fault> {
        let (store, origin) = (self.stores.peers.clone(), origin.to_owned());
        Ok(self.blocking(move || store.peer_state(&origin)).await??)
    }

    /// Until when this work is put off; `None` when it may be tried.
    pub(super) fn put_off(&self, progress: &Progress) -> Option<DateTime<Utc>> {
        let now = self.now();
        progress.not_before.filter(|until| *until > now && *until <= now + FARTHEST)
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
        let (store, name) = (self.stores.peers.clone(), origin.to_owned());
        self.blocking(move || store.note_progress(&name, work, &after)).await??;
        match outcome {
            Ok(_) if before.failures > 0 => self.way_is_open(origin).await?,
            Ok(_) => self.it_answered(origin).await?,
            Err(_) => {}
        }
        Ok(())
    }

    /// A peer answered: what else failed with it on the way may be tried again, unless it failed just now.
    async fn it_answered(&self, origin: &str) -> Result<(), Fault> {
        let (state, now) = (self.state_of(origin).await?, self.now());
        for work in [Work::Announce, Work::Pull, Work::Documents] {
            let progress = state.progress(work);
            let lately = progress.last_error.as_ref().is_some_and(|error| (now - error.at).abs() < OPENED_AT_MOST_EVERY);
            if lately || self.put_off(progress).is_none() || !is_of_the_way(progress) {
                continue;
            }
            let (store, name) = (self.stores.peers.clone(), origin.to_owned());
            let cleared = Progress { not_before: None, ..progress.clone() };
            self.blocking(move || store.note_progress(&name, work, &cleared)).await??;
            if let Ok(link) = self.link(origin) {
                link.announce.notify_one();
                link.pull.notify_one();
            }
        }
        Ok(())
    }

    /// A peer answered that had failed: its other work may be tried again; and since it may have been our own way out that was
    /// closed, so may the work with every peer that could not be reached. At most every few seconds, or a peer that comes and
    /// goes would have all the dead ones asked each time.
    async fn way_is_open(&self, origin: &str) -> Result<(), Fault> {
        let now = self.now();
        let others = {
            let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
            let lately = opened.is_some_and(|before| (now - before).abs() < OPENED_AT_MOST_EVERY);
            if !lately {
                *opened = Some(now);
            }
            !lately
        };
        for (name, link) in self.links() {
            if name != origin && !others {
                continue;
            }
            let state = self.state_of(&name).await?;
            for work in [Work::Announce, Work::Pull, Work::Documents] {
                let progress = state.progress(work);
                if progress.not_before.is_some() && (name == origin || is_of_the_way(progress)) {
                    let (store, name) = (self.stores.peers.clone(), name.clone());
                    let cleared = Progress { not_before: None, ..progress.clone() };
                    self.blocking(move || store.note_progress(&name, work, &cleared)).await??;
                    link.announce.notify_one();
                    link.pull.notify_one();
                }
            }
        }
        Ok(())
    }

    /// Tries one of the peers that could not be reached before its time has come, each in its turn: a server that was cut off is
    /// back within a minute however long it was away, and however many peers are dead, it costs one request at a time. A peer that
    /// was tried thousands of times in a row is left to its own back-off. Gives the peer that is tried.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn knock_once(&self) -> Result<Option<String>, Fault> {
        let links = self.links();
        let last = self.knocked.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default();
        let turns = links.iter().filter(|(name, _)| **name > last).chain(links.iter().filter(|(name, _)| **name <= last));
        for (name, link) in turns {
            let pull = self.state_of(name).await?.pull;
            if self.put_off(&pull).is_none() || !is_of_the_way(&pull) || pull.failures >= KNOCKS {
                continue;
            }
            *self.knocked.lock().unwrap_or_else(PoisonError::into_inner) = Some(name.clone());
            let (store, origin) = (self.stores.peers.clone(), name.clone());
            let cleared = Progress { not_before: None, ..pull };
            self.blocking(move || store.note_progress(&origin, Work::Pull, &cleared)).await??;
            link.pull.notify_one();
            return Ok(Some(name.clone()));
        }
        Ok(None)
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

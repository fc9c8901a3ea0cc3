//! How work with a peer goes: when it may be tried, and what is remembered of how it went.
//!
//! Each kind of work has a back-off of its own, so that what fails at a peer that is there does not stop the rest; a peer that is
//! not reached at all has one for everything (`reach`).

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use chrono::{DateTime, TimeDelta, Utc};

use super::fault::Fault;
use super::reach::{Begun, FARTHEST};
use super::transport::TransportError;
use super::{Federation, Link};
use crate::ledger::StoreError;
use crate::ledger::peers::{PeerFault, PeerState, Progress, Work};

/// A back-off is cleared by a contact at most this often, or a peer that talks much would be asked as much.
const CLEARED_AT_MOST_EVERY: TimeDelta = TimeDelta::minutes(1);
/// How often a success may have all peers tried that could not be reached.
const OPENED_AT_MOST_EVERY: TimeDelta = TimeDelta::seconds(10);

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
    pub(super) fn put_off(&self, link: &Link, work: Work, state: &PeerState) -> Option<DateTime<Utc>> {
        let now = self.now();
        let own = state.progress(work).not_before.filter(|until| *until > now && *until <= now + FARTHEST);
        own.max(link.reach.put_off(work, now))
    }

    /// The peer gave an answer that proves itself: whatever waited for that goes on.
    pub(super) fn heard_from(link: &Link) {
        if link.reach.answered() {
            link.announce.notify_one();
        }
    }

    /// Remembers how an attempt went that began so. Faults of our own say nothing about the peer.
    pub(super) async fn remember<T>(
        &self,
        link: &Link,
        work: Work,
        before: &Progress,
        begun: Begun,
        outcome: &Result<T, Fault>,
    ) -> Result<(), Fault> {
        let (now, origin) = (self.now(), link.peer.origin().as_str());
        let after = match outcome {
            Ok(_) => Progress { failures: 0, not_before: None, last_ok: Some(now), last_error: before.last_error.clone() },
            Err(fault) if fault.is_of_peer() => {
                // It was away when this began, and answered meanwhile: the failures before are of a time that is over.
                let is_back = begun.was_out_of_reach() && link.reach.was_reached_since(begun);
                let failures = if is_back { 1 } else { before.failures.saturating_add(1) };
                let wait = self.wait_after(fault, link, begun, failures);
                if !link.reach.was_reached_since(begun) {
                    link.greeting.store(true, Ordering::Relaxed);
                    link.pull.notify_one();
                }
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
        self.note(origin, work, after).await?;
        match outcome {
            Ok(_) if before.failures > 0 || begun.was_out_of_reach() => self.way_is_open(origin).await,
            Ok(_) => self.it_answered(link).await,
            Err(_) => Ok(()),
        }
    }

    /// How long this work rests: as long as the peer says, as long as it is out of reach, or longer and longer.
    fn wait_after(&self, fault: &Fault, link: &Link, begun: Begun, failures: u32) -> std::time::Duration {
        let dice = &self.options.dice;
        match fault.retry_after() {
            Some(wait) => wait,
            // It answered something else meanwhile: what was lost on the way is tried as often as it is looked at anyway.
            None if link.reach.was_reached_since(begun) && matches!(fault, Fault::Transport(_)) => {
                dice.back_off(failures).min(self.options.poll)
            }
            None if link.reach.was_reached_since(begun) || fault.is_answer_of_witness() => dice.back_off(failures),
            None => link.reach.failed(begun, self.now(), dice),
        }
    }

    async fn note(&self, origin: &str, work: Work, progress: Progress) -> Result<(), Fault> {
        let (store, origin) = (self.stores.peers.clone(), origin.to_owned());
        Ok(self.blocking(move || store.note_progress(&origin, work, &progress)).await??)
    }

    /// A peer answered: what else failed with it on the way may be tried again, unless it failed just now.
    async fn it_answered(&self, link: &Link) -> Result<(), Fault> {
        let origin = link.peer.origin().as_str();
        let (state, now) = (self.state_of(origin).await?, self.now());
        for work in Work::ALL {
            let progress = state.progress(work);
            let lately = progress.last_error.as_ref().is_some_and(|error| (now - error.at).abs() < OPENED_AT_MOST_EVERY);
            if lately || self.put_off(link, work, &state).is_none() || !is_of_the_way(progress) {
                continue;
            }
            self.note(origin, work, Progress { not_before: None, ..progress.clone() }).await?;
            link.announce.notify_one();
            link.pull.notify_one();
        }
        Ok(())
    }

    /// A peer answered that had failed: its other work may be tried again; and since it may have been our own way out that was
    /// closed, so may the work with every peer that could not be reached, as often as `reach` lets. At most every few seconds, or
    /// a peer that comes and goes would have all the dead ones asked each time.
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
            let itself = name == origin;
            if !itself && !others {
                continue;
            }
            let state = self.state_of(&name).await?;
            let waits = |work: &Work| {
                let progress = state.progress(*work);
                progress.not_before.is_some() && (itself || is_of_the_way(progress))
            };
            let waiting: Vec<Work> = Work::ALL.into_iter().filter(waits).collect();
            if waiting.is_empty() || !(itself || link.reach.may_be_back(now)) {
                continue;
            }
            for work in waiting {
                self.note(&name, work, Progress { not_before: None, ..state.progress(work).clone() }).await?;
            }
            link.announce.notify_one();
            link.pull.notify_one();
        }
        Ok(())
    }

    /// The peer made a contact. When only it could have made it, whatever was put off may be tried again; when anybody could have,
    /// since all of it was public before, what failed on the way may be, as often as `reach` lets.
    pub(super) fn peer_is_there(&self, link: &Link, only_it_could: bool) -> Result<(), StoreError> {
        let (now, origin) = (self.now(), link.peer.origin().as_str());
        let mut waited = link.reach.is_away();
        let from = if only_it_could {
            link.reach.shows_life(now)
        } else if link.reach.may_be_back(now) {
            now
        } else {
            return Ok(());
        };
        let state = self.stores.peers.peer_state(origin)?;
        for work in Work::ALL {
            let progress = state.progress(work);
            // Where the peer was not reached, `from` says it all.
            let away = link.reach.is_away() && is_of_the_way(progress);
            let again = progress.last_error.as_ref().filter(|_| progress.failures > 1 && !away);
            let again = again.map(|error| (error.at + CLEARED_AT_MOST_EVERY).min(now + CLEARED_AT_MOST_EVERY));
            let from = again.map_or(from, |again| from.max(again));
            if progress.not_before.is_some_and(|until| until > from) && (only_it_could || is_of_the_way(progress)) {
                let not_before = Some(from).filter(|from| *from > now);
                self.stores.peers.note_progress(origin, work, &Progress { not_before, ..progress.clone() })?;
                waited = true;
            }
        }
        // Nobody is woken for nothing: who sleeps knows what it sleeps for.
        if waited {
            link.announce.notify_one();
            link.pull.notify_one();
        }
        Ok(())
    }

    /// The clock was set back by so much: no work with a peer shall rest longer for that.
    pub(super) async fn bring_work_forward(&self, back: TimeDelta) -> Result<(), Fault> {
        for (name, link) in self.links() {
            link.reach.clock_was_set_back(back);
            let (state, now) = (self.state_of(&name).await?, self.now());
            for work in Work::ALL {
                let progress = state.progress(work);
                if let Some(until) = progress.not_before.filter(|until| *until > now) {
                    let not_before = Some((until - back).max(now));
                    self.note(&name, work, Progress { not_before, ..progress.clone() }).await?;
                }
            }
            link.announce.notify_one();
            link.pull.notify_one();
        }
        Ok(())
    }

    /// A server that starts was away itself: whoever could not be reached is tried at once, and everybody is told that it is back.
    pub(super) async fn begin_anew(&self) -> Result<(), Fault> {
        for (name, link) in self.links() {
            link.greeting.store(true, Ordering::Relaxed);
            let state = self.state_of(&name).await?;
            for work in Work::ALL {
                let progress = state.progress(work);
                if progress.not_before.is_some() && is_of_the_way(progress) {
                    self.note(&name, work, Progress { not_before: None, ..progress.clone() }).await?;
                }
            }
        }
        Ok(())
    }
}

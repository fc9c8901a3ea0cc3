//! What could not be taken in at once: entries that wait for something that this server does not know yet, and entries that
//! could not be had.

use std::sync::atomic::Ordering;

use chrono::{DateTime, TimeDelta, Utc};

use super::entries::{Fetched, FetchedEntry, Verdict, settled};
use super::fault::Fault;
use super::pull::Tally;
use super::{Federation, Link};
use crate::envelope::PayloadType;
use crate::ledger::peers::{DueLeaf, LeafOutcome};
use crate::ledger::{Refusal, RefusalClass};
use crate::tlog::Hash;

/// How long after the first try an entry is tried again; doubled with each further try.
const FIRST_RETRY: TimeDelta = TimeDelta::minutes(1);
/// The longest time between two tries, and how long an entry sleeps that could not be had several times.
const LONGEST_RETRY: TimeDelta = TimeDelta::days(1);
/// An entry is asked for again at the next look when the exchange about it broke off; after so many such times, less and less often.
const SOON_TRIES: u32 = 10;
/// How long it is left alone the first time after that.
const LESS_OFTEN: TimeDelta = TimeDelta::seconds(5);
/// An entry that could not be had and is due so soon has its log looked at every few seconds.
const AHEAD: TimeDelta = TimeDelta::minutes(1);
/// How many entries one round looks at.
const ROUND: usize = 1_000;
/// Records may wait for records: each round may let the next one in. At most this many rounds a step.
const ROUNDS: usize = 16;

/// Rules that a new publisher record may mend.
pub(super) const MENDED_BY_RECORDS: [&str; 4] = ["unknown-issuer", "issuer-pending", "unknown-predecessor", "bad-signature"];
/// Rules that another configuration or another version of this server may mend. A notice that waits as invalid waits for a scheme of
/// identifiers that this version did not know; every other invalid one is refused for good.
const MENDED_BY_RESTART: [&str; 4] = ["not-admitted", "unknown-payload-type", "invalid-notice", "over-quota"];

/// Leaves of one peer that were judged together, and how far its log was read with them.
struct Judged {
    pulled: u64,
    outcomes: Vec<(Hash, LeafOutcome)>,
    new: u64,
}

impl Federation {
    /// Looks again at entries that wait and are due, whichever peer brought them; those that wait for a record are due at
    /// once when one was accepted.
    ///
    /// # Errors
    /// [`Fault`], never one of a peer: entries that wait are here.
    pub async fn retry_pending_once(&self) -> Result<Tally, Fault> {
        let mut tally = Tally::default();
        for _ in 0..ROUNDS {
            let (store, now) = (self.stores.inventory.clone(), self.now());
            let due = self.blocking(move || store.pending_due(now, ROUND)).await??;
            let kept: Vec<DueLeaf> = due.into_iter().filter(|due| due.entry.is_some()).collect();
            if kept.is_empty() {
                break;
            }
            let round = self.retry_kept(kept).await?;
            tally.add(&round);
            if round.records > 0 {
                self.rearm(&MENDED_BY_RECORDS).await?;
            } else if round.logged == 0 {
                break;
            }
        }
        Ok(tally)
    }

    /// Makes entries due that a restart may have mended: the operator may trust others now.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn rearm_after_restart(&self) -> Result<u64, Fault> {
        let rules: Vec<&str> = MENDED_BY_RECORDS.into_iter().chain(MENDED_BY_RESTART).collect();
        self.rearm(&rules).await
    }

    /// Looks whether publisher records came, by whichever way, that what waits was not judged by; if so, entries that waited
    /// for records are looked at again. Gives what became of them.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn heed_records(&self) -> Result<Tally, Fault> {
        let size = self.ledger.published().head.size;
        let from = self.heeded.swap(size, Ordering::SeqCst);
        let outcome = self.heed_records_between(from, size).await;
        if outcome.is_err() {
            self.heeded.fetch_min(from, Ordering::SeqCst);
        }
        outcome
    }

    async fn heed_records_between(&self, mut from: u64, size: u64) -> Result<Tally, Fault> {
        // Most batches have none, and then nothing need be read to know it.
        if self.ledger.has_no_record_since(from) {
            return Ok(Tally::default());
        }
        let mut records = false;
        while from < size && !records {
            let ledger = self.ledger.clone();
            let entries = self.blocking(move || ledger.changes(from, ROUND as u64)).await??;
            let Some(last) = entries.last() else { break };
            from = last.index + 1;
            records = entries.iter().any(|entry| entry.kind == PayloadType::Publisher);
        }
        if records && self.rearm(&MENDED_BY_RECORDS).await? > 0 {
            return self.retry_pending_once().await;
        }
        Ok(Tally::default())
    }

    /// Keeps what became of leaves that were judged when our log had `judged_at` entries. Where some wait for a record, one that
    /// was logged meanwhile was heeded before they were there to be looked at again: it is heeded once more.
    async fn keep_judged(&self, judged_at: u64, origin: &str, page: Judged) -> Result<(), Fault> {
        let waits = |outcome: &LeafOutcome| matches!(outcome, LeafOutcome::Refused { class: RefusalClass::Pending, rule, .. } if MENDED_BY_RECORDS.contains(rule));
        let some_wait = page.outcomes.iter().any(|(_, outcome)| waits(outcome));
        let (store, origin, day) = (self.stores.inventory.clone(), origin.to_owned(), day_of(self.now()));
        let Judged { pulled, outcomes, new } = page;
        self.blocking(move || store.settle(&origin, pulled, &outcomes, new, day)).await??;
        if some_wait && self.heeded.fetch_min(judged_at, Ordering::SeqCst) > judged_at {
            self.grown.notify_one();
        }
        Ok(())
    }

    pub(super) async fn rearm(&self, rules: &[&'static str]) -> Result<u64, Fault> {
        let (store, now, rules) = (self.stores.inventory.clone(), self.now(), rules.to_vec());
        Ok(self.blocking(move || store.rearm_pending(&rules, now)).await??)
    }

    /// Asks one peer again for entries that could not be had, and for those that wait without their bytes.
    pub(super) async fn retry_wanted(&self, link: &Link) -> Result<Tally, Fault> {
        let origin = link.peer.origin().to_string();
        let (store, now, name) = (self.stores.inventory.clone(), self.now(), origin.clone());
        let due = self.blocking(move || -> Result<_, Fault> {
            let mut due = store.wanted_due(&name, now, ROUND)?;
            let waiting = store.pending_due(now, ROUND)?;
            due.extend(waiting.into_iter().filter(|leaf| leaf.origin == name && leaf.entry.is_none()));
            Ok(due)
        });
        let due = due.await??;
        if due.is_empty() {
            return Ok(Tally::default());
        }
        let leaves: Vec<Hash> = due.iter().map(|due| due.leaf).collect();
        let (ledger, asked) = (self.ledger.clone(), leaves.clone());
        let known = self.blocking(move || ledger.known_leaves(&asked)).await??;
        // What came by another way meanwhile need not travel again.
        let (here, lacking): (Vec<_>, Vec<_>) = leaves.into_iter().zip(known).partition(|(_, known)| *known);
        let came: Vec<_> = here.into_iter().map(|(leaf, _)| (leaf, LeafOutcome::Logged)).collect();
        let (store, name, day) = (self.stores.inventory.clone(), origin.clone(), day_of(self.now()));
        self.blocking(move || store.settle(&name, 0, &came, 0, day)).await??;
        let lacking: Vec<Hash> = lacking.into_iter().map(|(leaf, _)| leaf).collect();
        let (claim, lacking) = self.claim(lacking).await?;
        let found = self.fetch_each(link, &lacking).await?;
        let tries = |leaf: &Hash| due.iter().find(|due| due.leaf == *leaf).map_or(0, |due| due.tries);
        let tally = self.take_in(&origin, found, &tries, 0, 0).await;
        drop(claim);
        tally
    }

    /// Whether an entry that could not be had is due at this peer within a minute. Storage that fails here fails louder elsewhere.
    pub(super) async fn wants_something_soon(&self, origin: &str) -> bool {
        let (store, soon, origin) = (self.stores.inventory.clone(), self.now() + AHEAD, origin.to_owned());
        let due = self.blocking(move || store.wanted_due(&origin, soon, 1)).await;
        due.is_ok_and(|due| due.is_ok_and(|due| !due.is_empty()))
    }

    /// Hands in what was fetched from a peer, and keeps what became of each leaf together with the cursor.
    pub(super) async fn take_in(
        &self,
        origin: &str,
        found: Vec<FetchedEntry>,
        tries: &(dyn Fn(&Hash) -> u32 + Sync),
        pulled: u64,
        new: u64,
    ) -> Result<Tally, Fault> {
        let mut tally = Tally::default();
        let mut outcomes = Vec::with_capacity(found.len());
        let mut entries = Vec::new();
        for (leaf, entry) in found {
            match entry {
                Fetched::Entry(entry) => entries.push((leaf, entry)),
                Fetched::NotGiven => {
                    tally.wanted += 1;
                    outcomes.push((leaf, self.still_wanted(tries(&leaf) + 1)));
                }
                Fetched::NotYet => {
                    tally.wanted += 1;
                    outcomes.push((leaf, self.wanted_soon(tries(&leaf))));
                }
            }
        }
        let mut room = self.options.limits.pending_bytes.saturating_sub(self.state_of(origin).await?.pending_bytes);
        let judged_at = self.ledger.published().head.size;
        for (leaf, verdict) in self.hand_in(origin, entries).await? {
            tally.count(&verdict);
            let outcome = self.outcome(verdict, tries(&leaf), &mut room);
            outcomes.push((leaf, outcome));
        }
        self.keep_judged(judged_at, origin, Judged { pulled, outcomes, new }).await?;
        Ok(tally)
    }

    async fn retry_kept(&self, due: Vec<DueLeaf>) -> Result<Tally, Fault> {
        let mut tally = Tally::default();
        let mut by_origin: std::collections::BTreeMap<String, Vec<DueLeaf>> = std::collections::BTreeMap::new();
        for leaf in due {
            by_origin.entry(leaf.origin.clone()).or_default().push(leaf);
        }
        for (origin, due) in by_origin {
            if self.link(&origin).is_err() {
                // It was removed a moment ago, and what it brought goes with it.
                continue;
            }
            let tries = |leaf: &Hash| due.iter().find(|due| due.leaf == *leaf).map_or(0, |due| due.tries);
            let entries = due.iter().filter_map(|due| Some((due.leaf, due.entry.clone()?))).collect();
            let mut outcomes = Vec::new();
            // What was kept has its room already.
            let mut room = u64::MAX;
            let judged_at = self.ledger.published().head.size;
            for (leaf, verdict) in self.hand_in(&origin, entries).await? {
                tally.count(&verdict);
                outcomes.push((leaf, self.outcome(verdict, tries(&leaf), &mut room)));
            }
            self.keep_judged(judged_at, &origin, Judged { pulled: 0, outcomes, new: 0 }).await?;
        }
        Ok(tally)
    }

    fn outcome(&self, verdict: Verdict, tries: u32, room: &mut u64) -> LeafOutcome {
        let (refusal, bytes) = match settled(verdict) {
            Ok(outcome) => return outcome,
            Err(refused) => refused,
        };
        let (class, rule, size) = (refusal.class(), refusal.rule(), bytes.len() as u64);
        let keep = class == RefusalClass::Pending && size <= *room;
        if keep {
            *room -= size;
        }
        let wait = match &refusal {
            Refusal::OverQuota { retry_after, .. } => TimeDelta::from_std(*retry_after).unwrap_or(LONGEST_RETRY),
            _ => retry_after(tries),
        };
        let not_before = match &refusal {
            // Exactly when it may come in by our clock; if the clock was slow and is set right, that is at once.
            Refusal::IssuedAhead { until } => (*until).min(self.now() + LONGEST_RETRY),
            _ => self.later(wait),
        };
        LeafOutcome::Refused { class, rule, tries: tries + 1, not_before, entry: keep.then_some(bytes) }
    }

    fn still_wanted(&self, tries: u32) -> LeafOutcome {
        let asleep = tries >= self.options.limits.tries;
        let wait = if asleep { LONGEST_RETRY } else { retry_after(tries - 1) };
        LeafOutcome::Wanted { tries, not_before: self.later(wait) }
    }

    /// What broke off on the way says nothing about whether the entry is there: it is asked for again in seconds, and only after
    /// many times as seldom as one that is not there. How many seconds is decided by who looks, and not by a time that is written
    /// down here: a clock that is set back by an hour would put it off by an hour.
    fn wanted_soon(&self, tries: u32) -> LeafOutcome {
        let not_before = match tries.checked_sub(SOON_TRIES) {
            None => DateTime::UNIX_EPOCH,
            Some(more) => {
                let wait = LESS_OFTEN.checked_mul(1 << more.min(16));
                self.later(wait.map_or(LONGEST_RETRY, |wait| wait.min(LONGEST_RETRY)))
            }
        };
        LeafOutcome::Wanted { tries: tries.saturating_add(1), not_before }
    }

    fn later(&self, wait: TimeDelta) -> DateTime<Utc> {
        let jittered = wait.to_std().map(|wait| self.options.dice.around(wait)).ok();
        self.now() + jittered.and_then(|wait| TimeDelta::from_std(wait).ok()).unwrap_or(wait)
    }
}

fn retry_after(tries: u32) -> TimeDelta {
    FIRST_RETRY.checked_mul(1 << tries.min(11)).map_or(LONGEST_RETRY, |wait| wait.min(LONGEST_RETRY))
}

/// Days since 1970.
pub(super) fn day_of(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(24 * 3600)
}

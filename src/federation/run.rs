//! When the steps are called: the loops of a running server.
//!
//! Two tasks for each peer, one that tells it of our log and one that reads its log and documents, so that a slow or dead peer
//! delays nobody else; one task that keeps our own cosignature fresh; one that looks again at entries that wait; one that asks
//! domains; one that compares views. Nothing is
//! held in these tasks that storage does not know: one that ends is begun again. Where several things may wake a task they are
//! looked at in the order in which they are written, so that a simulation of these loops can be replayed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::announce::Announced;
use super::documents::Fetched;
use super::noticing::Noticed;
use super::pull::Pulled;
use super::{Federation, Link};
use crate::ledger::peers::Peer;

/// How often the table of peers is looked at: commands change it beside a running server.
const NOTICED_WITHIN: Duration = Duration::from_secs(1);
/// How often our newest checkpoint is cosigned anew; at least every 60 seconds are promised.
const COSIGNED_EVERY: Duration = Duration::from_secs(45);
/// How often entries that wait are looked at.
const PENDING_EVERY: Duration = Duration::from_mins(1);
/// How soon a log is looked at again from which an entry could not be had.
const WANTED_EVERY: Duration = Duration::from_secs(6);
/// How often a peer that knows all there is is looked at all the same.
const IDLE: Duration = Duration::from_mins(1);

/// The tasks of one peer.
struct Worked {
    peer: Peer,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Federation {
    /// Works with all peers until `stop` is cancelled; comes back when every task has ended.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        if let Err(error) = self.rearm_after_restart().await {
            tracing::error!(%error, "entries that wait could not be looked at again");
        }
        if let Err(error) = self.begin_anew().await {
            tracing::error!(%error, "how peers stand cannot be read");
        }
        let mut own = JoinSet::new();
        own.spawn(self.clone().keep_cosigned(stop.child_token()));
        own.spawn(self.clone().keep_retrying(stop.child_token()));
        own.spawn(self.clone().keep_waking(stop.child_token()));
        own.spawn(self.clone().keep_comparing(stop.child_token()));
        own.spawn(self.clone().keep_asking_domains(stop.child_token()));
        let mut worked: BTreeMap<String, Worked> = BTreeMap::new();
        let mut noticed = Noticed::default();
        while !stop.is_cancelled() {
            self.notice_changes(&mut noticed).await;
            self.clone().reconcile(&mut worked, &stop).await;
            tokio::select! {
                biased;
                () = rest(NOTICED_WITHIN, &stop) => {}
                () = self.changed.notified() => {}
            }
        }
        for gone in worked.into_values() {
            end(gone).await;
        }
        while own.join_next().await.is_some() {}
    }

    /// Begins work with new peers, ends it with those that are gone or changed, begins anew what ended by itself.
    async fn reconcile(self: Arc<Self>, worked: &mut BTreeMap<String, Worked>, stop: &CancellationToken) {
        let links = self.links();
        let over = |origin: &String, worked: &mut Worked| {
            let same = links.get(origin).is_some_and(|link| link.peer == worked.peer);
            // A task ends by itself only by a panic; the other one is ended with it, and both begin anew.
            !same || worked.tasks.try_join_next().is_some()
        };
        let gone: Vec<String> = worked.iter_mut().filter_map(|(o, w)| over(o, w).then(|| o.clone())).collect();
        for origin in gone {
            if let Some(gone) = worked.remove(&origin) {
                end(gone).await;
            }
        }
        for (origin, link) in links {
            if worked.contains_key(&origin) || stop.is_cancelled() {
                continue;
            }
            let stop = stop.child_token();
            let mut tasks = JoinSet::new();
            tasks.spawn(self.clone().keep_announcing(link.clone(), stop.clone()));
            tasks.spawn(self.clone().keep_pulling(link.clone(), stop.clone()));
            worked.insert(origin, Worked { peer: link.peer.clone(), stop, tasks });
        }
    }

    async fn keep_announcing(self: Arc<Self>, link: Arc<Link>, stop: CancellationToken) {
        let origin = link.peer.origin().to_string();
        loop {
            let wait = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                outcome = self.announce_once(&origin) => match outcome {
                    Ok(Announced::NothingNew | Announced::Isolated) => IDLE,
                    Ok(Announced::Cosigned(_)) => Duration::ZERO,
                    Ok(Announced::PutOff(until)) => self.until(until),
                    Err(fault) if fault.is_of_peer() => Duration::ZERO,
                    Err(_) => NOTICED_WITHIN,
                },
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = link.announce.notified() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    async fn keep_pulling(self: Arc<Self>, link: Arc<Link>, stop: CancellationToken) {
        let origin = link.peer.origin().to_string();
        loop {
            let mut wait = self.options.dice.around(self.options.poll);
            let work = async {
                match self.pull_once(&origin).await {
                    Ok(Pulled::PutOff(until)) => wait = wait.min(self.until(until)),
                    // This task ends with the peer.
                    Ok(Pulled::Succeeded(_)) => {}
                    Ok(Pulled::Read { .. }) => {
                        if self.wants_something_soon(&origin).await {
                            wait = wait.min(self.options.dice.around(WANTED_EVERY));
                        }
                        if let Some(again) = self.fetch_all_documents(&origin).await {
                            wait = wait.min(self.until(again));
                        }
                    }
                    Err(_) => wait = wait.min(NOTICED_WITHIN),
                }
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = work => {}
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = link.pull.notified() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Gives when the first document that the peer did not have is worth asking for again, however often something else wakes the
    /// task before. Faults are remembered and logged where they happen; the next round comes anyway.
    async fn fetch_all_documents(&self, origin: &str) -> Option<DateTime<Utc>> {
        loop {
            match self.fetch_documents_once(origin).await {
                Ok(Fetched::Asked { kept: 0, again, .. }) => return again,
                Ok(Fetched::Asked { .. }) => {}
                Ok(Fetched::PutOff(until)) => return Some(until),
                Err(_) => return None,
            }
        }
    }

    async fn keep_cosigned(self: Arc<Self>, stop: CancellationToken) {
        let mut failed = false;
        while !stop.is_cancelled() {
            let ledger = self.ledger.clone();
            let outcome = match self.blocking(move || ledger.refresh_cosignature()).await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(error.to_string()),
                Err(error) => Err(error.to_string()),
            };
            match &outcome {
                Err(error) if !failed => {
                    tracing::error!(%error, "the newest checkpoint was not cosigned anew; it is tried again every second");
                }
                _ => {}
            }
            failed = outcome.is_err();
            self.rest_until_cosigning(failed, &stop).await;
        }
    }

    /// Where the last write failed, the next cosignature is the next trial of storage, and where the clock stands behind, it is
    /// how a clock that was mended or accepted is noticed: it comes soon, so that a server which nobody posts to goes on as well.
    async fn rest_until_cosigning(&self, failed: bool, stop: &CancellationToken) {
        let mut rested = Duration::ZERO;
        while rested < COSIGNED_EVERY && !stop.is_cancelled() {
            rest(NOTICED_WITHIN, stop).await;
            rested += NOTICED_WITHIN;
            let behind = self.ledger.witness().behind(self.now()).is_some();
            if failed || behind || self.ledger.standing().is_failing() {
                return;
            }
        }
    }

    async fn keep_retrying(self: Arc<Self>, stop: CancellationToken) {
        if let Err(error) = self.retry_pending_once().await {
            tracing::error!(%error, "entries that wait could not be looked at again");
        }
        while !stop.is_cancelled() {
            if let Err(error) = self.heed_records().await {
                tracing::error!(%error, "entries that wait could not be looked at again");
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = self.grown.notified() => {}
                () = tokio::time::sleep(PENDING_EVERY) => {
                    if let Err(error) = self.retry_pending_once().await {
                        tracing::error!(%error, "entries that wait could not be looked at again");
                    }
                }
            }
        }
    }

    /// Compares what peers cosigned of each other's logs. Servers that began together do not ask together.
    async fn keep_comparing(self: Arc<Self>, stop: CancellationToken) {
        let longest = self.options.compare;
        while !stop.is_cancelled() {
            rest(self.options.dice.between(longest * 3 / 4, longest), &stop).await;
            if stop.is_cancelled() {
                return;
            }
            match stop.run_until_cancelled(self.compare_once()).await {
                Some(Ok(compared)) => tracing::debug!(?compared, "compared what peers cosigned"),
                Some(Err(error)) => tracing::error!(%error, "what peers cosigned could not be compared"),
                None => return,
            }
        }
    }

    /// Wakes every task that has something to do when our log grew: one watcher for all of them, which wakes them in order.
    async fn keep_waking(self: Arc<Self>, stop: CancellationToken) {
        let mut growth = self.ledger.watch_growth();
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                grown = growth.changed() => if grown.is_err() { return },
            }
            self.grown.notify_one();
            self.links().values().for_each(|link| link.announce.notify_one());
        }
    }

    fn until(&self, time: DateTime<Utc>) -> Duration {
        (time - self.now()).to_std().unwrap_or(Duration::ZERO)
    }
}

async fn rest(time: Duration, stop: &CancellationToken) {
    tokio::select! {
        biased;
        () = stop.cancelled() => {}
        () = tokio::time::sleep(time) => {}
    }
}

async fn end(mut gone: Worked) {
    gone.stop.cancel();
    while let Some(ended) = gone.tasks.join_next().await {
        if let Err(error) = ended {
            tracing::error!(peer = %gone.peer.origin(), %error, "work with a peer ended by itself and begins anew");
        }
    }
}

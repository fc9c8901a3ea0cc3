//! Asking domains who speaks for them (protocol, sections 2 and 5): the DID document of a `did:web` is fetched on first contact with a
//! record 0, and again on a schedule.
//!
//! | file | is |
//! |---|---|
//! | `document` | one request for one document |
//! | `verifying` | what follows from it: lineages whose keys it names are stated in the log, their records come in, others wait on |
//! | `schedule` | when a domain is asked again |
//!
//! A domain is asked once an hour at most, whoever wants it asked and whatever came of it; a few are asked at once, and how it goes is read
//! from storage, so that a restart changes nothing. Requests go out by the guarded transport: https only, no redirects, no addresses inside
//! unless the operator named them.
//!
//! Verification binds a lineage once, by a statement in the log. A domain that is lost later is shown, and takes nothing back: the chain of
//! records alone carries the change of keys.

mod document;
mod schedule;
mod verifying;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use tokio_util::sync::CancellationToken;

use super::Federation;
use super::fault::Fault;
use crate::ledger::domains::DomainState;

/// How many domains are asked at once.
const IN_FLIGHT: usize = 4;
/// How many domains one round asks.
const ROUND: usize = 64;
/// How often it is looked whether a domain is due.
const LOOKS_EVERY: Duration = Duration::from_secs(20);
/// How often domains of the log are sought that nobody wanted asked yet.
const SOUGHT_EVERY: chrono::TimeDelta = chrono::TimeDelta::days(1);
/// How long a record waits for its domain before it is forgotten, and how long an unwanted domain is remembered.
const PATIENCE: chrono::TimeDelta = chrono::TimeDelta::days(7);

/// Rules that a domain's word may mend.
pub(super) const MENDED_BY_DOMAINS: [&str; 3] = ["issuer-pending", "not-admitted", "unknown-issuer"];

/// What asking domains came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// Domains that were asked.
    pub asked: u64,
    /// Lineages whose domain was stated to answer for them.
    pub verified: u64,
    /// Records that had waited and stand in the log now.
    pub logged: u64,
}

impl Federation {
    /// Asks the domains that are due, and lets in what their documents speak for. Where only pins count, nobody is asked.
    ///
    /// # Errors
    /// [`Fault`], never one of a domain: how it goes with each is kept.
    pub async fn ask_domains_once(&self) -> Result<Asked, Fault> {
        let mut asked = Asked::default();
        if !self.ledger.admission().policy.verifies_domains() {
            return Ok(asked);
        }
        self.may_take_in().await?;
        let unsettled = self.unsettled.swap(false, Ordering::SeqCst);
        if unsettled {
            asked.logged += self.settle_all_waiting().await?;
        }
        let (stores, now) = (self.ledger.clone(), self.now());
        let due = self.blocking(move || stores.domains_due(now, ROUND)).await??;
        let questions: Vec<_> = due.into_iter().map(|state| self.ask_domain(state)).collect();
        let mut answers = stream::iter(questions).buffer_unordered(IN_FLIGHT);
        let mut failed = None;
        while let Some(answer) = answers.next().await {
            match answer {
                Ok(answer) => asked.add(&answer),
                Err(fault) => failed = Some(fault),
            }
        }
        drop(answers);
        // What is believed may be more than when they were judged.
        if unsettled || asked.verified > 0 || asked.logged > 0 {
            self.rearm(&MENDED_BY_DOMAINS).await?;
            self.retry_pending_once().await?;
        }
        failed.map_or(Ok(asked), Err)
    }

    /// One domain: its document, and what follows from it.
    async fn ask_domain(&self, state: DomainState) -> Result<Asked, Fault> {
        let document = self.fetch_did_document(&state.did).await;
        match &document {
            Ok(_) => tracing::info!(domain = %state.did, "a domain gave its DID document"),
            Err(fault) => tracing::info!(domain = %state.did, error = %fault.text, "a domain gave no DID document"),
        }
        self.heed_document(state, document).await
    }

    /// Asks domains for as long as the server runs.
    pub(super) async fn keep_asking_domains(self: Arc<Self>, stop: CancellationToken) {
        if !self.ledger.admission().policy.verifies_domains() {
            return;
        }
        let mut sought = None;
        while !stop.is_cancelled() {
            let now = self.now();
            if sought.is_none_or(|then| now - then >= SOUGHT_EVERY || now < then) {
                match self.seek_domains().await {
                    Ok(()) => sought = Some(now),
                    Err(error) => tracing::error!(%error, "the domains of the log cannot be sought"),
                }
            }
            match self.ask_domains_once().await {
                Ok(_) | Err(Fault::NotNow(_)) => {}
                Err(error) => tracing::error!(%error, "what domains say could not be heeded"),
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = self.ledger.domain_wanted() => {}
                () = tokio::time::sleep(LOOKS_EVERY) => {}
            }
        }
    }
}

impl Asked {
    fn add(&mut self, other: &Self) {
        self.asked += other.asked;
        self.verified += other.verified;
        self.logged += other.logged;
    }
}

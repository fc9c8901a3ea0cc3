//! Whom a DID document may verify.

use chrono::{DateTime, Utc};

use super::{DomainState, WaitingRecord};
use crate::envelope::{LineageId, PublicKey};
use crate::ledger::Ledger;
use crate::ledger::ports::StoreError;
use crate::notice::{Did, DidMethod};
use crate::tlog::Hash;

/// How many issuers are read together.
const PAGE: usize = 1_000;

/// A lineage of a domain: in the log, or begun by a record that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Which lineage.
    pub lineage: LineageId,
    /// The keys that must all be named.
    pub active_keys: Vec<PublicKey>,
    /// Whether its domain answers for it already.
    pub is_verified: bool,
    /// The record that waits; `None` for a lineage in the log.
    pub waiting: Option<WaitingRecord>,
}

impl Ledger {
    /// The lineages that the document of this domain may verify, those in the log first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn candidates(&self, did: &Did) -> Result<Vec<Candidate>, StoreError> {
        let trusted = self.trust();
        let lineages = self.lineages_of(did, self.published().head.size)?;
        let mut candidates = Vec::new();
        for lineage in lineages.of(did) {
            candidates.push(Candidate {
                lineage: lineage.id().clone(),
                active_keys: lineage.active_keys().into_iter().copied().collect(),
                is_verified: trusted.is_verified(lineage.id()),
                waiting: None,
            });
        }
        for waiting in self.stores.domains.waiting_of(did)? {
            let lineage = waiting.lineage();
            let active_keys = waiting.record()?.value().active_keys().copied().collect();
            let is_verified = trusted.is_verified(&lineage);
            candidates.push(Candidate { lineage, active_keys, is_verified, waiting: Some(waiting) });
        }
        Ok(candidates)
    }

    /// Domains with a lineage in the log that no pin speaks for: those whose word counts, or would.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn domains_to_ask(&self) -> Result<Vec<Did>, StoreError> {
        let size = self.published().head.size;
        let mut found = Vec::new();
        // Issuers come in the order of their spelling: behind the last possible key begin the domains.
        let mut after = Did::of_ed25519_key(&[0xff; 32]);
        loop {
            let page = self.stores.index.issuers(Some(&after), PAGE, size)?;
            let Some(last) = page.last() else { return Ok(found) };
            after = last.clone();
            for did in page.into_iter().filter(|did| matches!(did.method(), DidMethod::Web(_))) {
                let lineages = self.lineages_of(&did, size)?;
                if lineages.of(&did).iter().any(|lineage| !self.admission.pins.contains(lineage.id())) {
                    found.push(did);
                }
            }
        }
    }

    /// Whether a lineage of this domain stands in the log that nobody verified.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn has_unverified(&self, did: &Did) -> Result<bool, StoreError> {
        let trusted = self.trust();
        let lineages = self.lineages_of(did, self.published().head.size)?;
        Ok(lineages.of(did).iter().any(|lineage| !trusted.is_verified(lineage.id())))
    }

    /// Domains that are due.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn domains_due(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<DomainState>, StoreError> {
        self.stores.domains.domains_due(now, limit)
    }

    /// Sees to it that a domain is asked; one that was asked before goes on as it does.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn want_domain(&self, did: &Did, at: DateTime<Utc>) -> Result<(), StoreError> {
        let goes_on = self.stores.domains.domain(did)?.is_some_and(|state| state.due.is_some());
        if !goes_on {
            self.stores.domains.want_domain(did, at)?;
        }
        Ok(())
    }

    /// Keeps how it goes with a domain that was asked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note_asked(&self, state: &DomainState, passed_over: &[Hash]) -> Result<(), StoreError> {
        self.stores.domains.note_asked(state, passed_over)
    }

    /// Every record that waits.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn all_waiting(&self) -> Result<Vec<WaitingRecord>, StoreError> {
        self.stores.domains.all_waiting()
    }

    /// Forgets a record that waited.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_waiting(&self, leaf: &Hash) -> Result<(), StoreError> {
        self.stores.domains.forget_waiting(leaf)
    }

    /// Forgets records whose domain never answered for them, and domains that nobody waits for, since `before`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_stale_domains(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        self.stores.domains.forget_stale(before)
    }
}

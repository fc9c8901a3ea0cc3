//! Records that wait until their domain is verified.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::{BETWEEN_TRIES, DomainState, Kept, MOST_OF_ONE};
use crate::envelope::{Claim, Envelope, LineageId, PublisherRecord, Verified};
use crate::ledger::Ledger;
use crate::ledger::ports::StoreError;
use crate::ledger::refusal::Refusal;
use crate::ledger::stored::Provenance;
use crate::ledger::submission::Admitted;
use crate::notice::{Did, DidMethod, PayloadId};
use crate::tlog::Hash;

/// A record 0 whose domain is not verified yet. It passed every other rule when it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingRecord {
    /// Leaf hash of its entry.
    pub leaf: Hash,
    /// Whose record it is.
    pub did: Did,
    /// Its payload id: with the DID the lineage that it begins.
    pub record0: PayloadId,
    /// Where it came from.
    pub provenance: Provenance,
    /// When.
    pub received: DateTime<Utc>,
    /// How many documents of its domain did not name its keys.
    pub passed: u32,
    /// Its entry.
    pub entry: Vec<u8>,
}

/// What whoever posted a record that waits is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// SHA-256 of the payload.
    pub id: PayloadId,
    /// The leaf hash that the entry will have.
    pub entry: Hash,
    /// Whose record it is.
    pub did: Did,
    /// When the domain is asked next.
    pub due: DateTime<Utc>,
}

impl WaitingRecord {
    /// The lineage that the record begins.
    pub fn lineage(&self) -> LineageId {
        LineageId { did: self.did.clone(), record0: Some(self.record0) }
    }

    /// The record, its signature verified again.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when what is stored is no signed record any more.
    pub fn record(&self) -> Result<Verified<PublisherRecord>, StoreError> {
        let corrupt = |why: String| StoreError::Corrupt { what: format!("the waiting record {}: {why}", self.leaf) };
        let envelope = Envelope::parse_canonical(&self.entry).map_err(|e| corrupt(e.to_string()))?;
        let claim = Claim::<PublisherRecord>::read(envelope).map_err(|e| corrupt(e.to_string()))?;
        let keys: Vec<_> = claim.value().active_keys().copied().collect();
        claim.verify(&keys).map_err(|e| corrupt(e.to_string()))
    }
}

impl Ledger {
    /// Keeps a record that was examined until its domain is verified.
    pub(in crate::ledger) fn keep_waiting(&self, admitted: &Admitted) -> Result<Waiting, Refusal> {
        self.standing().may_grow()?;
        let (signed, did) = (admitted.signed(), admitted.issuer().clone());
        let record = WaitingRecord {
            leaf: admitted.leaf(),
            did: did.clone(),
            record0: signed.payload_id(),
            provenance: admitted.provenance().clone(),
            received: self.clock.now(),
            passed: 0,
            entry: signed.entry().to_vec(),
        };
        // Peers hear of a record at one time, and would ask the domain together: each has a moment of its own.
        let from_peer = matches!(record.provenance, Provenance::Peer(_));
        let ask_at = if from_peer { record.received + self.own_moment(&did) } else { record.received };
        match self.stores.domains.keep_waiting(&record, ask_at)? {
            Kept::Waits => {}
            // It waits among the peer's leaves, and is handed in again.
            Kept::DomainFull | Kept::Full if from_peer => {
                let retry_after = self.until_asked(&did)?;
                return Err(Refusal::IssuerPending { issuer: did, retry_after });
            }
            Kept::DomainFull => {
                let retry_after = self.until_asked(&did)?;
                let period = "while its domain is being verified";
                return Err(Refusal::OverQuota { issuer: did, most: MOST_OF_ONE as u64, period, retry_after });
            }
            Kept::Full => return Err(Refusal::Busy),
        }
        self.domain_wanted.notify_one();
        let due = self.domain_state(&did)?.and_then(|state| state.due).unwrap_or(record.received);
        Ok(Waiting { id: record.record0, entry: record.leaf, did, due })
    }

    /// How long after others this server asks a domain that all of them hear of at once: up to a minute, always the same for a domain.
    fn own_moment(&self, did: &Did) -> TimeDelta {
        let drawn = Sha256::digest(format!("{} asks {did}", self.identity.origin));
        TimeDelta::milliseconds(i64::from(drawn[0]) * 60_000 / 256)
    }

    /// How it goes with asking the domain of this issuer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn domain_state(&self, did: &Did) -> Result<Option<DomainState>, StoreError> {
        match did.method() {
            DidMethod::Web(_) => self.stores.domains.domain(did),
            DidMethod::Key(_) => Ok(None),
        }
    }

    /// Whether a record of this issuer waits for its domain.
    pub(in crate::ledger) fn is_waiting(&self, did: &Did) -> Result<bool, StoreError> {
        let is_domain = matches!(did.method(), DidMethod::Web(_));
        Ok(is_domain && !self.stores.domains.waiting_of(did)?.is_empty())
    }

    /// How long until the domain of this issuer is asked, and a minute for the answer; a whole hour when nobody wants it asked.
    pub(in crate::ledger) fn until_asked(&self, did: &Did) -> Result<std::time::Duration, StoreError> {
        let due = self.domain_state(did)?.and_then(|state| state.due);
        let wait = due.map_or(BETWEEN_TRIES, |due| due - self.clock.now());
        Ok(wait.to_std().unwrap_or_default() + std::time::Duration::from_mins(1))
    }
}

//! Lineages: which keys speak for an issuer, as a function of the *set* of its publisher records (protocol, section 5).
//!
//! A lineage is a DID with one record 0. Its chain goes on as long as there is exactly one next record that is rightly signed;
//! where there are two, the chain stops and both branches stand beside it. From the chain and the branches follows what each key
//! may do. Nothing depends on the order in which records came, on claimed dates, or on a log.
//!
//! | key | may sign notices (POST) | its notices may lift others |
//! |---|---|---|
//! | active at the end of the chain | yes | yes |
//! | retired, or left out by a later record | no | yes |
//! | active at the end of a branch only | yes: both branches may raise | no |
//! | marked compromised by any record of chain or branches, whatever a later one says | no | no |
//!
//! A `did:key` is its own lineage without any record; its records give it a name, and may mark its key compromised for ever.

use std::collections::BTreeMap;

use super::{KeyStatus, LineageId, PublicKey, PublisherRecord, Verified};
use crate::notice::{Did, DidMethod, PayloadId};

/// The lineages of all issuers whose records are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lineages {
    pub(super) by_did: BTreeMap<Did, BTreeMap<LineageId, Lineage>>,
}

/// One lineage: its chain, its branches if it forked, and what follows for its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    pub(super) id: LineageId,
    pub(super) chain: Vec<ChainRecord>,
    pub(super) branches: Vec<ChainRecord>,
    pub(super) keys: BTreeMap<PublicKey, Standing>,
}

/// A record that is rightly signed, with the payload id under which later records name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainRecord {
    /// Its payload id.
    pub id: PayloadId,
    /// What it says.
    pub record: PublisherRecord,
}

/// What a key is in a lineage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) status: KeyStatus,
    /// Whether the chain itself lists it, and not branches only.
    pub(super) in_chain: bool,
}

impl Standing {
    fn may_lift(self) -> bool {
        self.in_chain && self.status != KeyStatus::Compromised
    }
}

/// That a lineage lists a key, and what the key may do for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Which lineage.
    pub lineage: LineageId,
    /// What the lineage says of the key now.
    pub status: KeyStatus,
    /// Whether `replaces`, `revokes` and `reinstates` edges of notices that this key signed are followed.
    pub may_lift: bool,
}

impl Lineages {
    /// Folds a set of records. Order and duplicates make no difference; records that are not rightly signed, or whose
    /// predecessor is not there, are no part of any lineage.
    pub fn fold<'r>(records: impl IntoIterator<Item = &'r Verified<PublisherRecord>>) -> Self {
        super::lineage_fold::fold(records)
    }

    /// The lineages of an issuer that have records, ordered by record 0. More than one means that the keys of a domain began
    /// anew, which is shown as `key-changed`.
    pub fn of(&self, did: &Did) -> Vec<&Lineage> {
        self.by_did.get(did).into_iter().flat_map(BTreeMap::values).collect()
    }

    /// One lineage, when it has records.
    pub fn get(&self, id: &LineageId) -> Option<&Lineage> {
        self.by_did.get(&id.did)?.get(id)
    }

    /// Every lineage that has records.
    pub fn iter(&self) -> impl Iterator<Item = &Lineage> {
        self.by_did.values().flat_map(BTreeMap::values)
    }

    /// The lineages of `did` that ever list `key`, with what the key may do: to them belongs a notice of this issuer that this
    /// key signed. A `did:key` lists its own key even without a record.
    pub fn listings(&self, did: &Did, key: &PublicKey) -> Vec<Listing> {
        if let DidMethod::Key(_) = did.method() {
            return self.listing_of_did_key(did, key).into_iter().collect();
        }
        let listing = |lineage: &Lineage| {
            let standing = lineage.keys.get(key)?;
            Some(Listing { lineage: lineage.id.clone(), status: standing.status, may_lift: standing.may_lift() })
        };
        self.of(did).into_iter().filter_map(listing).collect()
    }

    fn listing_of_did_key(&self, did: &Did, key: &PublicKey) -> Option<Listing> {
        if key.to_did() != *did {
            return None;
        }
        let lineage = LineageId::bare(did.clone());
        let status = self.get(&lineage).and_then(|l| l.status_of(key)).unwrap_or(KeyStatus::Active);
        Some(Listing { lineage, status, may_lift: status != KeyStatus::Compromised })
    }

    /// The lineages of `did` that ever list `key`.
    pub fn lineages_listing(&self, did: &Did, key: &PublicKey) -> Vec<LineageId> {
        self.listings(did, key).into_iter().map(|listing| listing.lineage).collect()
    }

    /// The keys under which a notice of `did` may verify: those active now for a POST, all that were ever listed otherwise
    /// (protocol, section 3, step 6). Sorted, without duplicates.
    pub fn notice_signers(&self, did: &Did, active_only: bool) -> Vec<PublicKey> {
        let mut keys: Vec<PublicKey> = match PublicKey::from_did_key(did) {
            Ok(key) => vec![key],
            Err(_) => self.of(did).iter().flat_map(|lineage| lineage.listed_keys()).copied().collect(),
        };
        keys.sort_unstable();
        keys.dedup();
        if active_only {
            keys.retain(|key| self.listings(did, key).iter().any(|listing| listing.status == KeyStatus::Active));
        }
        keys
    }

    /// The keys under which `record` may verify: its own active ones for record 0, those that its predecessor calls active for
    /// a later one, its own key for a `did:key`. `None` when the predecessor is not known (yet).
    pub fn record_signers(&self, record: &PublisherRecord) -> Option<Vec<PublicKey>> {
        if let Ok(key) = PublicKey::from_did_key(&record.id) {
            return Some(vec![key]);
        }
        let Some(previous) = record.previous else { return Some(record.active_keys().copied().collect()) };
        let known = self.of(&record.id).into_iter().flat_map(|lineage| lineage.chain.iter().chain(&lineage.branches));
        let before = known.into_iter().find(|before| before.id == previous)?;
        let follows = before.record.sequence.checked_add(1) == Some(record.sequence);
        follows.then(|| before.record.active_keys().copied().collect())
    }
}

impl Lineage {
    /// Its name.
    pub fn id(&self) -> &LineageId {
        &self.id
    }

    /// The records from 0 to the last one that nothing contradicts; of a `did:key` the one that is shown. Never empty.
    pub fn chain(&self) -> &[ChainRecord] {
        &self.chain
    }

    /// The records after a fork, of all branches, ordered by sequence and payload id. Empty unless the lineage forked.
    pub fn branches(&self) -> &[ChainRecord] {
        &self.branches
    }

    /// Whether two records contradict each other.
    pub fn is_forked(&self) -> bool {
        !self.branches.is_empty()
    }

    /// The name that the chain's last record gives the issuer.
    pub fn name(&self) -> &str {
        self.chain.last().map_or("", |last| &last.record.name)
    }

    /// Every key that chain or branches ever list.
    pub fn listed_keys(&self) -> Vec<&PublicKey> {
        self.keys.keys().collect()
    }

    /// The keys that may sign something new.
    pub fn active_keys(&self) -> Vec<&PublicKey> {
        self.keys_that_are(KeyStatus::Active)
    }

    /// The keys that any record marks compromised.
    pub fn compromised_keys(&self) -> Vec<&PublicKey> {
        self.keys_that_are(KeyStatus::Compromised)
    }

    /// What a key is now; `None` when no record lists it.
    pub fn status_of(&self, key: &PublicKey) -> Option<KeyStatus> {
        self.keys.get(key).map(|standing| standing.status)
    }

    /// Whether edges of notices that this key signed are followed.
    pub fn may_lift(&self, key: &PublicKey) -> bool {
        self.keys.get(key).is_some_and(|standing| standing.may_lift())
    }

    fn keys_that_are(&self, status: KeyStatus) -> Vec<&PublicKey> {
        self.keys.iter().filter(|(_, standing)| standing.status == status).map(|(key, _)| key).collect()
    }
}

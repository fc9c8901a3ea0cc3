//! What was read once and cannot change: kept in memory, because it is asked for again and again.
//!
//! Everything here is a function of immutable bytes under a name that determines them: the notice of an entry, the issuer
//! that a list of records folds into, the full tiles of the log, the nodes of one tree; or it was true of a tree of a size that
//! stands beside it. So nothing is ever invalidated, only dropped when room is needed; and what is not here is read as before.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::opening::StoredTiles;
use super::ports::{LogRead, StoreError};
use super::stored::IssuerCount;
use crate::envelope::{KeyError, Lineages, PublicKey};
use crate::notice::{Did, Notice};
use crate::tlog::{Hash, ProofError, Prover};
use crate::verdict::Keyed;

/// How many parsed notices are kept: with their keys, about 3 KiB each.
const NOTICES: usize = 8_192;
/// How many issuers' lineages are kept.
const ISSUERS: usize = 4_096;
/// How many public keys are kept: reading one checks that its point has no torsion, which costs more than a look-up.
const KEYS: usize = 4_096;
/// How many bytes of full hash tiles are kept: those of 1.5 million entries.
const TILES: u64 = 48 << 20;
/// A prover that has made this many proofs of one tree is begun anew, so that it does not grow into the whole tree.
const PROOFS: u32 = 1_024;

/// Who an issuer is, and which keys speak for it now: what every one of its notices is examined with.
pub(super) struct Issuer {
    /// Its lineages.
    pub(super) lineages: Arc<Lineages>,
    /// Keys that may sign what is posted.
    active: Arc<[PublicKey]>,
    /// Keys that it ever listed.
    listed: Arc<[PublicKey]>,
}

impl Issuer {
    /// Finding the keys costs far more than looking them up: that of a `did:key` is checked as a point of the curve.
    fn of(did: &Did, lineages: Lineages) -> Self {
        let active = lineages.notice_signers(did, true).into();
        let listed = lineages.notice_signers(did, false).into();
        Self { lineages: Arc::new(lineages), active, listed }
    }

    /// The keys under which its notices may verify; see [`Lineages::notice_signers`].
    pub(super) fn notice_signers(&self, active_only: bool) -> &Arc<[PublicKey]> {
        if active_only { &self.active } else { &self.listed }
    }
}

/// An issuer with the places of the records that it was folded from.
#[derive(Clone)]
struct Folded {
    records: Vec<u64>,
    /// The tree size that these were all the records of.
    size: u64,
    issuer: Arc<Issuer>,
}

/// How much an issuer had, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    /// What was found.
    pub(super) count: IssuerCount,
    /// How many entries the log had before it was counted.
    pub(super) size: u64,
    /// The time that it was counted for.
    pub(super) now: DateTime<Utc>,
}

/// The memory of one ledger.
pub(super) struct Remembered {
    notices: Cache<u64, Arc<Keyed>>,
    issuers: Cache<Did, Folded>,
    counts: Cache<Did, Counted>,
    keys: Cache<[u8; 32], PublicKey>,
    tiles: Cache<Box<str>, Bytes, ByLength>,
    prover: Mutex<Option<SharedProver>>,
}

/// A prover of the newest tree that was asked about.
struct SharedProver {
    prover: Prover<StoredTiles<Arc<dyn LogRead>>>,
    made: u32,
}

#[derive(Clone)]
struct ByLength;

impl Weighter<Box<str>, Bytes> for ByLength {
    fn weight(&self, path: &Box<str>, bytes: &Bytes) -> u64 {
        (path.len() + bytes.len()) as u64
    }
}

impl Default for Remembered {
    fn default() -> Self {
        Self {
            notices: Cache::new(NOTICES),
            issuers: Cache::new(ISSUERS),
            counts: Cache::new(ISSUERS),
            keys: Cache::new(KEYS),
            tiles: Cache::with_weighter(1_024, TILES, ByLength),
            prover: Mutex::new(None),
        }
    }
}

impl Remembered {
    /// The notice of the entry at `index`, read by `read` when it is not here.
    pub(super) fn notice<E>(&self, index: u64, read: impl FnOnce() -> Result<Notice, E>) -> Result<Arc<Keyed>, E> {
        self.notices.get_or_insert_with(&index, || Ok(Arc::new(Keyed::from(read()?))))
    }

    /// The same, when it was read before.
    pub(super) fn notice_at_hand(&self, index: u64) -> Option<Arc<Keyed>> {
        self.notices.get(&index)
    }

    /// The issuer `did` that these records fold into, which are all of it below `size`.
    pub(super) fn issuer(
        &self,
        did: &Did,
        (records, size): (Vec<u64>, u64),
        fold: impl FnOnce() -> Result<Lineages, StoreError>,
    ) -> Result<Arc<Issuer>, StoreError> {
        let known = self.issuers.get(did).filter(|known| known.records == records);
        let issuer = match &known {
            Some(known) if known.size >= size => return Ok(known.issuer.clone()),
            Some(known) => known.issuer.clone(),
            None => Arc::new(Issuer::of(did, fold()?)),
        };
        self.issuers.insert(did.clone(), Folded { records, size, issuer: issuer.clone() });
        Ok(issuer)
    }

    /// The issuer `did` as it was when its records were looked for last, and the tree size of then.
    pub(super) fn issuer_at_hand(&self, did: &Did) -> Option<(Arc<Issuer>, u64)> {
        self.issuers.get(did).map(|known| (known.issuer, known.size))
    }

    /// The lineages of `did`, when it was exactly these records that it was folded from last.
    pub(super) fn lineages_at_hand(&self, did: &Did, records: &[u64]) -> Option<Arc<Lineages>> {
        self.issuers.get(did).filter(|known| known.records == records).map(|known| known.issuer.lineages.clone())
    }

    /// How much an issuer had when it was counted last.
    pub(super) fn counted(&self, did: &Did) -> Option<Counted> {
        self.counts.get(did)
    }

    pub(super) fn keep_counted(&self, did: &Did, counted: Counted) {
        self.counts.insert(did.clone(), counted);
    }

    /// The key of these bytes, which were accepted before.
    pub(super) fn key(&self, bytes: &[u8; 32]) -> Result<PublicKey, StoreError> {
        let corrupt = |error: KeyError| StoreError::Corrupt { what: error.to_string() };
        self.keys.get_or_insert_with(bytes, || PublicKey::from_bytes(bytes).map_err(corrupt))
    }

    /// The same, when it was asked for before.
    pub(super) fn key_at_hand(&self, bytes: &[u8; 32]) -> Option<PublicKey> {
        self.keys.get(bytes)
    }

    /// The bytes that are served under the path of a full hash tile, if they were served before.
    pub(super) fn tile(&self, path: &str) -> Option<Bytes> {
        self.tiles.get(path)
    }

    pub(super) fn keep_tile(&self, path: &str, bytes: Bytes) {
        self.tiles.insert(path.into(), bytes);
    }

    /// The inclusion proof of entry `index` in the tree of `size`: the submitters of one batch share what is read and hashed
    /// for it.
    pub(super) fn inclusion_proof(
        &self,
        index: u64,
        size: u64,
        log: &Arc<dyn LogRead>,
    ) -> Result<Vec<Hash>, ProofError<StoreError>> {
        let mut shared = self.shared_prover();
        let fresh = shared.as_ref().is_some_and(|shared| shared.prover.size() == size && shared.made < PROOFS);
        if !fresh {
            *shared = Some(SharedProver { prover: Prover::new(size, StoredTiles(log.clone()))?, made: 0 });
        }
        let Some(shared) = shared.as_mut() else { return Err(ProofError::NoSuchEntry { index, size }) };
        shared.made += 1;
        shared.prover.inclusion(index)
    }

    fn shared_prover(&self) -> MutexGuard<'_, Option<SharedProver>> {
        self.prover.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

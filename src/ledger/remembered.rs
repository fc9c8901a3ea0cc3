//! What was read once and cannot change: kept in memory, because it is asked for again and again.
//!
//! Everything here is a function of immutable bytes under a name that determines them: the notice of an entry, the lineages
//! that a list of records folds into, the full tiles of the log, the nodes of one tree. So nothing is ever invalidated, only
//! dropped when room is needed; and what is not here is read as before.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::opening::StoredTiles;
use super::ports::{LogRead, StoreError};
use crate::envelope::{KeyError, Lineages, PublicKey};
use crate::notice::{Did, Notice};
use crate::tlog::{Hash, ProofError, Prover};

/// How many parsed notices are kept: about 2 KiB each.
const NOTICES: usize = 8_192;
/// How many issuers' lineages are kept.
const ISSUERS: usize = 4_096;
/// How many public keys are kept: reading one checks that its point has no torsion, which costs more than a look-up.
const KEYS: usize = 4_096;
/// How many bytes of full tiles and bundles are kept.
const TILES: u64 = 48 << 20;
/// A prover that has made this many proofs of one tree is begun anew, so that it does not grow into the whole tree.
const PROOFS: u32 = 1_024;

/// Lineages with the places of the records that they were folded from.
type Folded = (Vec<u64>, Arc<Lineages>);

/// The memory of one ledger.
pub(super) struct Remembered {
    notices: Cache<u64, Arc<Notice>>,
    lineages: Cache<Did, Folded>,
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
            lineages: Cache::new(ISSUERS),
            keys: Cache::new(KEYS),
            tiles: Cache::with_weighter(1_024, TILES, ByLength),
            prover: Mutex::new(None),
        }
    }
}

impl Remembered {
    /// The notice of the entry at `index`, read by `read` when it is not here.
    pub(super) fn notice<E>(&self, index: u64, read: impl FnOnce() -> Result<Notice, E>) -> Result<Arc<Notice>, E> {
        self.notices.get_or_insert_with(&index, || read().map(Arc::new))
    }

    /// The lineages of `did` that these records fold into.
    pub(super) fn lineages(
        &self,
        did: &Did,
        records: Vec<u64>,
        fold: impl FnOnce() -> Result<Lineages, StoreError>,
    ) -> Result<Arc<Lineages>, StoreError> {
        if let Some((known, lineages)) = self.lineages.get(did)
            && known == records
        {
            return Ok(lineages);
        }
        let lineages = Arc::new(fold()?);
        self.lineages.insert(did.clone(), (records, lineages.clone()));
        Ok(lineages)
    }

    /// The key of these bytes, which were accepted before.
    pub(super) fn key(&self, bytes: &[u8; 32]) -> Result<PublicKey, StoreError> {
        let corrupt = |error: KeyError| StoreError::Corrupt { what: error.to_string() };
        self.keys.get_or_insert_with(bytes, || PublicKey::from_bytes(bytes).map_err(corrupt))
    }

    /// The bytes that are served under the path of a full tile or bundle, if they were served before.
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

//! Issuers from whom the operator takes nothing: the operator's own data, written by a command beside a running server.
//!
//! A block keeps out what is new, from clients and from peers. What stands in the log stays: it was taken in, and others have it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};

use crate::ledger::Ledger;
use crate::ledger::ports::StoreError;
use crate::notice::Did;

/// A block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Whom it is about.
    pub did: Did,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The operator's own note.
    pub why: Option<String>,
}

/// What storage keeps of blocks.
pub trait BlockStore: Send + Sync {
    /// All blocks, in the order of the DIDs.
    fn blocks(&self) -> Result<Vec<Block>, StoreError>;

    /// Keeps a block; one that is there stays as it is, and then this is false.
    fn put_block(&self, block: &Block) -> Result<bool, StoreError>;

    /// Lifts a block; false when there is none.
    fn remove_block(&self, did: &Did) -> Result<bool, StoreError>;

    /// A number that changes whenever a block is put or lifted, by whichever process. Cheap: asked every second.
    fn blocks_revision(&self) -> Result<u64, StoreError>;
}

/// Who is blocked, as it was read last.
#[derive(Default)]
pub struct Blocked {
    revision: AtomicU64,
    dids: ArcSwap<BTreeSet<Did>>,
}

impl Blocked {
    /// Whether nothing is taken from this issuer.
    pub fn contains(&self, did: &Did) -> bool {
        self.dids.load().contains(did)
    }

    /// How many issuers are blocked.
    pub fn count(&self) -> usize {
        self.dids.load().len()
    }

    /// Reads the blocks, when they changed since they were read last; gives whether somebody was let in again.
    pub(in crate::ledger) fn read(&self, store: &dyn BlockStore) -> Result<bool, StoreError> {
        let revision = store.blocks_revision()?;
        if revision == self.revision.load(Ordering::Acquire) {
            return Ok(false);
        }
        let dids: BTreeSet<Did> = store.blocks()?.into_iter().map(|block| block.did).collect();
        let before = self.dids.swap(dids.into());
        self.revision.store(revision, Ordering::Release);
        Ok(before.iter().any(|did| !self.contains(did)))
    }
}

impl Ledger {
    /// Reads who is blocked, when that changed; gives whether somebody was let in again, so that what waited for it is looked at.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn heed_blocks(&self) -> Result<bool, StoreError> {
        self.blocked.read(self.stores.blocks.as_ref())
    }

    /// From how many issuers the operator takes nothing.
    pub fn count_blocked(&self) -> usize {
        self.blocked.count()
    }

    /// Whether the operator takes nothing from this issuer.
    pub fn is_blocked(&self, did: &Did) -> bool {
        self.blocked.contains(did)
    }
}

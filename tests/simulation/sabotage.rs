//! A broken server, for the proof that the judgement sees one: it believes of every third entry of its peers that the entry was
//! dealt with before, so that it goes past without a trace.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use palinode::ledger::StoreError;
use palinode::ledger::peers::{DueDocuments, DueLeaf, HeadNoted, InventoryStore, LeafOutcome, PeerHead};
use palinode::notice::DocumentHash;
use palinode::tlog::{Hash, TileId};

/// What the logs of peers hold, as remembered by somebody who drops every third leaf.
pub(crate) struct Forgetful<S>(pub(crate) Arc<S>);

impl<S: InventoryStore> InventoryStore for Forgetful<S> {
    fn settled_leaves(&self, origin: &str, leaves: &[Hash]) -> Result<Vec<bool>, StoreError> {
        let settled = self.0.settled_leaves(origin, leaves)?;
        Ok(leaves.iter().zip(settled).map(|(leaf, settled)| settled || leaf.as_bytes()[0] % 3 == 0).collect())
    }

    fn note_head(&self, origin: &str, head: &PeerHead) -> Result<HeadNoted, StoreError> {
        self.0.note_head(origin, head)
    }

    fn inventory_tile(&self, origin: &str, id: TileId, width: u16) -> Result<Vec<Hash>, StoreError> {
        self.0.inventory_tile(origin, id, width)
    }

    fn extend_inventory(
        &self,
        origin: &str,
        verified: u64,
        under: &PeerHead,
        tiles: &[(TileId, Vec<Hash>)],
    ) -> Result<(), StoreError> {
        self.0.extend_inventory(origin, verified, under, tiles)
    }

    fn settle(
        &self,
        origin: &str,
        pulled: u64,
        outcomes: &[(Hash, LeafOutcome)],
        new: u64,
        day: i64,
    ) -> Result<(), StoreError> {
        self.0.settle(origin, pulled, outcomes, new, day)
    }

    fn wanted_due(&self, origin: &str, now: DateTime<Utc>, limit: usize) -> Result<Vec<DueLeaf>, StoreError> {
        self.0.wanted_due(origin, now, limit)
    }

    fn pending_due(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<DueLeaf>, StoreError> {
        self.0.pending_due(now, limit)
    }

    fn clock_was_set_back(&self, by: TimeDelta, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.0.clock_was_set_back(by, now)
    }
    fn rearm_pending(&self, rules: &[&str], now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.0.rearm_pending(rules, now)
    }

    fn documents_due(
        &self,
        origin: &str,
        now: DateTime<Utc>,
        documents: &[DocumentHash],
        longest: fn(u32) -> TimeDelta,
    ) -> Result<DueDocuments, StoreError> {
        self.0.documents_due(origin, now, documents, longest)
    }

    fn note_document_try(
        &self,
        origin: &str,
        document: &DocumentHash,
        tries: u32,
        not_before: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.0.note_document_try(origin, document, tries, not_before)
    }
}

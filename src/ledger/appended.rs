//! What this process appended, kept in memory beside the writing port: what follows from it need not be read again.
//!
//! Whoever posts asks the same of storage each time: whether the issuer's records changed, how much it has in the log, and for
//! the receipt the tiles at the right edge of the tree. All of it changes by appending only, and one process appends (protocol,
//! section 7, rule 1). So [`Noting`] stands in front of the port that writes and tells [`Appended`] of each batch that was
//! written. After an append that failed nobody knows what is there; then nothing is known here either, until the next one succeeds
//! and says by its expected head where the log stood.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::ports::{AppendError, LedgerWrite, LogRead, StoreError};
use super::published::Cosigned;
use super::stored::{Batch, PublishedHead};
use crate::envelope::PayloadType;
use crate::tlog::{Hash, MemoryTiles, Prover, right_edge};

/// So many tiles are kept before all but the last of each level are forgotten: 512 KiB.
const TILES: usize = 64;
/// A prover that keeps more hashes than this is begun anew: 4 MiB.
const HASHES: usize = 1 << 16;
/// The last tiles of each level: the one that grows, and the one before it, in which a batch may have begun.
const LAST: u64 = 2;

/// What is known of the log's end.
#[derive(Default)]
pub(super) struct Appended {
    end: Mutex<Option<End>>,
    edge: Mutex<Option<Prover<MemoryTiles>>>,
}

/// The end of the log, as far as it was appended, published or not.
#[derive(Debug, Clone, Copy)]
struct End {
    /// From which size on every append is known.
    since: u64,
    /// How many entries there are.
    size: u64,
    /// How many entries there were right after the newest publisher record that is known.
    after_record: u64,
}

impl Appended {
    /// Begins with a log of `size` entries, whose right edge is read from storage: a tile a level.
    pub(super) fn begin(&self, size: u64, log: &dyn LogRead) -> Result<(), StoreError> {
        let mut tiles = MemoryTiles::default();
        for (id, width) in right_edge(size) {
            tiles.store([(id, log.tile(id, width)?)]);
        }
        *lock(&self.end) = Some(End { since: size, size, after_record: 0 });
        *lock(&self.edge) = Prover::new(size, tiles).ok();
        Ok(())
    }

    fn note(&self, batch: &Batch) {
        let records = batch.entries.iter().filter(|entry| entry.stored.kind == PayloadType::Publisher);
        let newest = records.map(|entry| entry.stored.index + 1).max();
        {
            let mut end = lock(&self.end);
            let before = end.unwrap_or(End { since: batch.expected.size, size: 0, after_record: 0 });
            let after_record = newest.unwrap_or(before.after_record);
            *end = Some(End { size: batch.head.size, after_record, ..before });
        }
        if let Some(prover) = lock(&self.edge).as_mut() {
            prover.source_mut().store(batch.tiles.iter().cloned());
            keep_small(prover);
        }
    }

    fn doubt(&self) {
        *lock(&self.end) = None;
    }

    /// How many entries the log has, published or not; `None` when that is not known.
    pub(super) fn size(&self) -> Option<u64> {
        lock(&self.end).map(|end| end.size)
    }

    /// Whether the log has no publisher record now that was not below `size`.
    pub(super) fn no_record_since(&self, size: u64) -> bool {
        lock(&self.end).is_some_and(|end| end.since <= size && end.after_record <= size)
    }

    /// How many entries were appended at most since there were `size`; `None` when that is not known.
    pub(super) fn grown_since(&self, size: u64) -> Option<u64> {
        let end = (*lock(&self.end))?;
        (end.since <= size).then(|| end.size.saturating_sub(size))
    }

    /// The inclusion proof of entry `index` in the tree of `size`, when both are recent: the submitters of one batch share what is
    /// hashed for it, and what is complete is hashed once for all batches.
    pub(super) fn inclusion_proof(&self, index: u64, size: u64) -> Option<Vec<Hash>> {
        let mut edge = lock(&self.edge);
        let prover = edge.as_mut()?;
        if prover.size() != size {
            prover.grow(size).ok()?;
        }
        prover.inclusion(index).ok()
    }
}

/// Forgets what lies far behind the edge.
fn keep_small(prover: &mut Prover<MemoryTiles>) {
    if prover.source_mut().len() <= TILES && prover.kept() <= HASHES {
        return;
    }
    let size = prover.size();
    let mut tiles = std::mem::take(prover.source_mut());
    tiles.keep_last(LAST);
    if let Ok(anew) = Prover::new(size, tiles) {
        *prover = anew;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The writing port, with somebody who takes notes.
pub(super) struct Noting {
    write: Box<dyn LedgerWrite>,
    appended: Arc<Appended>,
}

impl Noting {
    pub(super) fn new(write: Box<dyn LedgerWrite>, appended: Arc<Appended>) -> Self {
        Self { write, appended }
    }
}

impl LedgerWrite for Noting {
    fn append(&mut self, batch: &Batch) -> Result<(), AppendError> {
        match self.write.append(batch) {
            Ok(()) => {
                self.appended.note(batch);
                Ok(())
            }
            Err(error) => {
                self.appended.doubt();
                Err(error)
            }
        }
    }

    fn publish(&mut self, head: &PublishedHead, own: Option<&Cosigned>) -> Result<(), StoreError> {
        self.write.publish(head, own)
    }
}

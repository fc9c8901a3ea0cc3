//! The public log as it is served: checkpoint, hash tiles, entry bundles and single entries (tlog-tiles).
//!
//! Nothing beyond the newest published checkpoint is ever shown (protocol, section 7, rule 9), and a partial tile is served
//! under the path of its width only, so that every path but `checkpoint` names immutable bytes.

use bytes::Bytes;

use super::Ledger;
use super::opening::StoredTiles;
use super::ports::{BundleAtHand, StoreError};
use super::stored::StoredEntry;
use crate::tlog::{self, Hash, PathError, TILE_WIDTH, TileId, TilePath, TileSource};

/// What a path under the log's prefix names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// The newest signed checkpoint with its cosignatures: changes.
    Checkpoint(Vec<u8>),
    /// A tile or a bundle of entries: immutable.
    Tile(Bytes),
    /// One entry: immutable.
    Entry(Vec<u8>),
}

/// Why there is nothing at a path.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ResourceError {
    /// Not the spelling of any path of a log.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The published tree has no such tile, bundle or entry.
    #[error("the published log has no such tile or entry")]
    NotPublished,
    /// The log is halted, so that its newest checkpoint is in doubt.
    #[error("the log is halted; its operator has been told")]
    Halted,
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Ledger {
    /// What stands at `path` under the log's prefix: `checkpoint`, `tile/...` or `entry/<leaf hash>`, without leading slash.
    ///
    /// # Errors
    /// [`ResourceError`].
    pub fn resource(&self, path: &str) -> Result<Resource, ResourceError> {
        if path == "checkpoint" && self.is_halted() {
            return Err(ResourceError::Halted);
        }
        if path == "checkpoint" {
            return Ok(Resource::Checkpoint(self.published().served()));
        }
        let size = self.published().head.size;
        if let Some(leaf) = path.strip_prefix("entry/") {
            let leaf = Hash::parse(leaf).ok_or(ResourceError::NotPublished)?;
            let entry = self.stores.log.entry_by_leaf(&leaf, size)?.ok_or(ResourceError::NotPublished)?;
            return Ok(Resource::Entry(entry.bytes));
        }
        let tile = TilePath::parse(path)?;
        let id = match tile {
            TilePath::Entries { index, .. } => TileId { level: 0, index },
            TilePath::Hashes { tile, .. } => tile,
        };
        if let Some(bytes) = self.remembered.tile(path) {
            return Ok(Resource::Tile(bytes));
        }
        // A tile that is full by now may still be asked for under the width that an earlier checkpoint implied.
        let there = id.width_at(size).ok_or(ResourceError::NotPublished)?;
        let wanted = tile.width();
        if wanted > there {
            return Err(ResourceError::NotPublished);
        }
        let hashes = match tile {
            TilePath::Hashes { tile, .. } => self.stores.log.tile(tile, wanted)?,
            // Storage keeps full bundles ready, and of partial ones there is another soon.
            TilePath::Entries { index, .. } => return Ok(Resource::Tile(self.stores.log.bundle(index, wanted)?.into())),
        };
        let bytes = Bytes::from(Hash::join_tile(&hashes));
        if is_full(tile) {
            self.remembered.keep_tile(path, bytes.clone());
        }
        Ok(Resource::Tile(bytes))
    }

    /// The full bundle that stands at `path`, when it can be read without waiting. [`Ledger::resource`] gives the same bytes in any
    /// case.
    pub fn bundle_at_hand(&self, path: &str) -> Option<Box<dyn BundleAtHand>> {
        let tile = TilePath::parse(path).ok().filter(|tile| is_full(*tile))?;
        let TilePath::Entries { index, .. } = tile else { return None };
        let there = TileId { level: 0, index }.width_at(self.published().head.size)?;
        if tile.width() > there { None } else { self.stores.log.bundle_at_hand(index) }
    }

    /// The same, when nothing must be read for it.
    pub fn resource_at_hand(&self, path: &str) -> Option<Resource> {
        match path {
            "checkpoint" if self.is_halted() => None,
            "checkpoint" => Some(Resource::Checkpoint(self.published().served())),
            path => self.remembered.tile(path).map(Resource::Tile),
        }
    }

    /// The inclusion proof of entry `index` in the tree of `size`.
    ///
    /// # Errors
    /// [`StoreError`]; an index at or beyond `size` is [`StoreError::Corrupt`], since callers take both from the same head.
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Result<Vec<Hash>, StoreError> {
        if let Some(proof) = self.appended.inclusion_proof(index, size) {
            return Ok(proof);
        }
        self.remembered.inclusion_proof(index, size, &self.stores.log).map_err(proof_fault)
    }

    /// The consistency proof between two published sizes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Vec<Hash>, StoreError> {
        tlog::consistency_proof(old, new, &self.tiles()).map_err(proof_fault)
    }

    /// Entries `from..to` of the published log, cut at its end; at most 1,000 at a time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn changes(&self, from: u64, limit: u64) -> Result<Vec<StoredEntry>, StoreError> {
        let size = self.published().head.size;
        let to = size.min(from.saturating_add(limit.min(1_000)));
        if from >= to { Ok(Vec::new()) } else { self.stores.log.entries(from, to) }
    }

    /// Which of these leaves the log holds, appended or published.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn known_leaves(&self, leaves: &[Hash]) -> Result<Vec<bool>, StoreError> {
        self.stores.log.known_leaves(leaves)
    }

    fn tiles(&self) -> impl TileSource<Error = StoreError> + '_ {
        StoredTiles(self.stores.log.as_ref())
    }
}

fn is_full(tile: TilePath) -> bool {
    usize::from(tile.width()) == TILE_WIDTH
}

pub(super) fn proof_fault(error: tlog::ProofError<StoreError>) -> StoreError {
    match error {
        tlog::ProofError::Source(error) => error,
        other => StoreError::Corrupt { what: other.to_string() },
    }
}

//! Making again what is derived from the entries in the log's own file: its hash tiles.
//!
//! Entries, heads and signed checkpoints are never touched here. Tiles are written over only when the entries hash to a root
//! that was signed: otherwise the tiles may be all that is left of the truth.

use std::collections::HashSet;

use super::folder::DataFolder;
use super::tiles::{replace_tile, tile_bytes};
use super::write::{begin, newest_head};
use super::{SqliteStore, corrupt, unavailable};
use crate::ledger::StoreError;
use crate::ledger::ports::LogRead;
use crate::ledger::stored::Head;
use crate::tlog::{Frontier, Hash, TileId};

/// How many entries are hashed before tiles are compared.
const STEP: u64 = 4_096;

/// A tile with its present hashes.
type Tile = (TileId, Vec<Hash>);

impl DataFolder {
    /// Derives every hash tile from the entries, and writes those over that are missing or other than that; says how many. No
    /// server may run on the folder: take the lock first. `progress` is told how many of how many entries are done.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the entries do not hash to the newest head, so that nothing was written.
    pub fn rebuild_tiles(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<u64, StoreError> {
        let store = self.open_store()?;
        let Some(head) = store.read(newest_head)? else { return Ok(0) };
        // Twice through the log: nothing is written before all of it is proved, and memory does not grow with it.
        let root = store.walk_leaves(head, &mut |_| Ok(()), &mut |done| progress(done, head.size * 2))?;
        if root != head.root {
            let what = format!("the entries do not hash to the root of size {}, so its tiles were not touched", head.size);
            return Err(corrupt(what));
        }
        let mut written = HashSet::new();
        let mut mend = |tiles: &[Tile]| store.put_tiles(tiles, &mut written);
        store.walk_leaves(head, &mut mend, &mut |done| progress(head.size + done, head.size * 2))?;
        Ok(written.len() as u64)
    }
}

impl SqliteStore {
    /// Hashes every entry below `head`, hands over the tiles that become known, and gives the root.
    fn walk_leaves(
        &self,
        head: Head,
        tiles: &mut dyn FnMut(&[Tile]) -> Result<(), StoreError>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Hash, StoreError> {
        let mut frontier = Frontier::empty();
        while frontier.size() < head.size {
            let from = frontier.size();
            for entry in self.entries(from, head.size.min(from + STEP))? {
                frontier.append(Hash::leaf(&entry.bytes));
            }
            tiles(&frontier.take_changed())?;
            progress(frontier.size());
        }
        Ok(frontier.root())
    }

    /// Writes the tiles that are not there like this, and enters them in `written`.
    fn put_tiles(&self, tiles: &[Tile], written: &mut HashSet<(u8, u64)>) -> Result<(), StoreError> {
        let failed = unavailable("writing tiles");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        for (id, hashes) in tiles {
            // While the walk goes on, the last tile of a level is still short: what is longer and begins alike is right.
            if tile_bytes(&transaction, *id, hashes.len()).map_err(&failed)? == Hash::join_tile(hashes) {
                continue;
            }
            replace_tile(&transaction, *id, hashes).map_err(&failed)?;
            written.insert((id.level, id.index));
        }
        transaction.commit().map_err(&failed)
    }
}

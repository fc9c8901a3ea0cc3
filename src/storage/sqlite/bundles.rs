//! Full bundles: built of the entries once, and kept as they are served in a file beside the database.
//!
//! The file follows the log like the index does, behind the commit. Whatever stands in it is compared with the hash tile of the
//! same leaves before it is given to anybody, and so is what is built of the entries.

use std::sync::Arc;

use rusqlite::params;

use super::folder::DataFolder;
use super::write::newest_head;
use super::{SqliteStore, corrupt, to_sql, unavailable};
use crate::ledger::StoreError;
use crate::ledger::ports::LogRead;
use crate::tlog::bundle::{self, BundleError, Writer};
use crate::tlog::{Hash, TILE_WIDTH, TileId};

/// How many bytes most entries fit into.
const ENTRY: usize = 2_048;
/// Entries of a full bundle.
const FULL: u16 = 256;

impl DataFolder {
    /// Throws the file of bundles away, whatever its state, and derives it from the entries. No server may run on the folder: take the
    /// lock first. `progress` is told how many of how many entries are done.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Corrupt`] when entries do not hash to their tile.
    pub fn rebuild_bundles(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError> {
        let store = self.open_store()?;
        store.bundles().forget();
        let all = store.full_bundles()? * TILE_WIDTH as u64;
        loop {
            let is_more = store.keep_bundles(1)?;
            progress(store.bundles().count() * TILE_WIDTH as u64, all);
            if !is_more {
                return Ok(());
            }
        }
    }
}

impl SqliteStore {
    /// How many full bundles the log has.
    pub(super) fn full_bundles(&self) -> Result<u64, StoreError> {
        Ok(self.read(newest_head)?.map_or(0, |head| head.size) / TILE_WIDTH as u64)
    }

    /// Writes the next full bundles into their file, `most` of them at most; whether there are more.
    pub(super) fn keep_bundles(&self, most: u64) -> Result<bool, StoreError> {
        let (from, all) = (self.bundles().count(), self.full_bundles()?);
        let to = all.min(from.saturating_add(most));
        for index in from..to {
            let bundle = self.proven_bundle_of_entries(index, &self.tile(tile_of(index), FULL)?)?;
            let failed = |e| StoreError::Unavailable { doing: "keeping a bundle", source: Arc::new(e) };
            self.bundles().append(index, &bundle).map_err(failed)?;
        }
        Ok(to < all)
    }

    /// The full bundle `index`, from its file when that has it, and otherwise from its entries.
    pub(super) fn full_bundle(&self, index: u64) -> Result<Vec<u8>, StoreError> {
        let leaves = self.tile(tile_of(index), FULL)?;
        let Some(kept) = self.bundles().read(index).unwrap_or_else(|error| {
            tracing::warn!(bundle = index, %error, "a kept bundle cannot be read; its entries are");
            None
        }) else {
            return self.proven_bundle_of_entries(index, &leaves);
        };
        let right = bundle::is_of(&kept, &leaves);
        self.bundles().judge(index, right);
        if right {
            return Ok(kept);
        }
        let built = self.proven_bundle_of_entries(index, &leaves)?;
        let file = self.bundles().path().display();
        match self.bundles().mend(index, &built) {
            Ok(()) => tracing::warn!(bundle = index, %file, "a kept bundle was not what the log has; it is written again"),
            Err(error) => tracing::warn!(bundle = index, %file, %error, "a kept bundle is not what the log has"),
        }
        Ok(built)
    }

    /// What is kept of a bundle, for whoever compares.
    pub(super) fn kept_bundle(&self, index: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let file = self.bundles();
        if file.is_useless() {
            let help = "a server makes it anew when it is started, and so does `palinode fsck --rebuild`";
            return Err(corrupt(format!("{} is no file of bundles; {help}", file.path().display())));
        }
        file.read(index).map_err(|e| StoreError::Unavailable { doing: "reading a kept bundle", source: Arc::new(e) })
    }

    fn proven_bundle_of_entries(&self, index: u64, leaves: &[Hash]) -> Result<Vec<u8>, StoreError> {
        let built = self.bundle_of_entries(index, FULL)?;
        if bundle::is_of(&built, leaves) {
            return Ok(built);
        }
        Err(corrupt(format!("the entries of bundle {index} do not hash to their tile")))
    }

    /// The first `width` entries of bundle `index`, as a bundle.
    pub(super) fn bundle_of_entries(&self, index: u64, width: u16) -> Result<Vec<u8>, StoreError> {
        let failed = unavailable("reading entries");
        let wrong = |error: BundleError| corrupt(error.to_string());
        let from = index * TILE_WIDTH as u64;
        let to = from + u64::from(width);
        let mut bundle = Writer::with_capacity(usize::from(width) * ENTRY);
        self.read(|c| {
            let sql = "SELECT idx, bytes FROM entries WHERE idx >= ?1 AND idx < ?2 ORDER BY idx";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let mut rows = select.query(params![to_sql(from), to_sql(to)]).map_err(&failed)?;
            for next in from..to {
                let row = rows.next().map_err(&failed)?;
                let Some(row) = row.filter(|row| row.get(0) == Ok(to_sql(next))) else {
                    return Err(corrupt(format!("entries {from} to {to} have a hole at {next}")));
                };
                let entry = row.get_ref(1).and_then(|bytes| Ok(bytes.as_blob()?)).map_err(&failed)?;
                bundle.push(entry).map_err(wrong)?;
            }
            Ok(())
        })?;
        bundle.finish().map_err(wrong)
    }
}

/// The tile with the leaf hashes of a bundle.
fn tile_of(bundle: u64) -> TileId {
    TileId { level: 0, index: bundle }
}

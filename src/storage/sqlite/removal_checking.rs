//! Whether what was removed, its tombstones and what is left of its bytes agree: asked by `fsck` only.

use std::sync::Arc;

use super::{SqliteStore, array, unavailable};
use crate::ledger::StoreError;
use crate::ledger::removal::RemovalStore;
use crate::notice::DocumentHash;

impl SqliteStore {
    /// Where documents that were removed, their tombstones and what is left of their bytes contradict each other, a sentence each.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn removal_faults(&self) -> Result<Vec<String>, StoreError> {
        const QUESTIONS: [(&str, &str); 3] = [
            (
                "was removed, and bytes of it are still here",
                "SELECT hash FROM documents WHERE state = 'removed' AND bytes <> zeroblob(length(bytes))",
            ),
            (
                "was removed, and there is no tombstone",
                "SELECT hash FROM documents WHERE state = 'removed' AND hash NOT IN (SELECT document FROM tombstones)",
            ),
            (
                "has a tombstone, and was not removed",
                "SELECT document FROM tombstones WHERE document NOT IN (SELECT hash FROM documents WHERE state = 'removed')",
            ),
        ];
        let failed = unavailable("checking what was removed");
        let mut left = Vec::new();
        for tombstone in self.tombstones()? {
            let files = self.lists().files_of(&tombstone.document);
            let unreadable =
                |e| StoreError::Unavailable { doing: "looking for files of what was removed", source: Arc::new(e) };
            for file in files.map_err(unreadable)? {
                left.push(format!("document {} was removed, and {} is still here", tombstone.document, file.display()));
            }
        }
        let mut faults: Vec<String> = self.log().read_at_leisure(|c| {
            let mut faults = Vec::new();
            for (what, sql) in QUESTIONS {
                let mut select = c.prepare(sql).map_err(&failed)?;
                let rows = select.query_map([], |row| row.get::<_, Vec<u8>>(0)).map_err(&failed)?;
                for hash in rows.collect::<Result<Vec<_>, _>>().map_err(&failed)? {
                    faults.push(format!("document {} {what}", DocumentHash::from_bytes(array(&hash, "a document hash")?)));
                }
            }
            Ok(faults)
        })?;
        faults.extend(left);
        Ok(faults)
    }
}

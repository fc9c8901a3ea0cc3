//! Issuers from whom the operator takes nothing.

use rusqlite::{Connection, params};

use super::domains::did;
use super::peers::{bump, revision};
use super::write::begin;
use super::{SqliteStore, millis, time_from_millis, unavailable};
use crate::ledger::StoreError;
use crate::ledger::domains::{Block, BlockStore};
use crate::notice::Did;

/// The setting that counts changes of the blocks.
const REVISION: &str = "blocks-revision";

impl BlockStore for SqliteStore {
    fn blocks(&self) -> Result<Vec<Block>, StoreError> {
        self.read(all_blocks)
    }

    fn put_block(&self, block: &Block) -> Result<bool, StoreError> {
        let sql = "INSERT OR IGNORE INTO blocked_issuers (did, since, why) VALUES (?1, ?2, ?3)";
        self.change(sql, params![block.did.as_str(), millis(block.since), block.why])
    }

    fn remove_block(&self, did: &Did) -> Result<bool, StoreError> {
        self.change("DELETE FROM blocked_issuers WHERE did = ?1", [did.as_str()])
    }

    fn blocks_revision(&self) -> Result<u64, StoreError> {
        self.read(|c| revision(c, REVISION))
    }
}

impl SqliteStore {
    fn change(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<bool, StoreError> {
        let failed = unavailable("changing who is blocked");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        let changed = transaction.execute(sql, parameters).map_err(&failed)? > 0;
        if changed {
            bump(&transaction, REVISION).map_err(&failed)?;
        }
        transaction.commit().map_err(&failed)?;
        Ok(changed)
    }
}

/// Every block of a database, which may be a backup.
pub(super) fn all_blocks(connection: &Connection) -> Result<Vec<Block>, StoreError> {
    let failed = unavailable("reading who is blocked");
    let mut select = connection.prepare_cached("SELECT did, since, why FROM blocked_issuers ORDER BY did").map_err(&failed)?;
    let mut rows = select.query([]).map_err(&failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(&failed)? {
        found.push(Block {
            did: did(&row.get::<_, String>(0).map_err(&failed)?)?,
            since: time_from_millis(row.get(1).map_err(&failed)?)?,
            why: row.get(2).map_err(&failed)?,
        });
    }
    Ok(found)
}

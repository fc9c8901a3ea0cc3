//! Whom the operator takes nothing from: short transactions on a data folder, beside a server that may be running on it.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::operator::{Desk, OperatorError};
use crate::ledger::StoreError;
use crate::ledger::domains::{Block, BlockStore, DomainStore};
use crate::notice::Did;
use crate::storage::SqliteStore;
use crate::storage::sqlite::BackupFile;

/// A block, as it is shown.
#[derive(Debug, Clone, Serialize)]
pub struct BlockView {
    /// Whom it is about.
    pub issuer: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The operator's own note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// Takes nothing new from this issuer; false when that was so before.
///
/// # Errors
/// [`OperatorError`].
pub fn block(data: &Path, issuer: &Did, why: Option<&str>, since: DateTime<Utc>) -> Result<bool, OperatorError> {
    let block = Block { did: issuer.clone(), since, why: why.map(str::to_owned) };
    Ok(Desk::open(data)?.store.put_block(&block)?)
}

/// Lets this issuer in again; false when it was not blocked.
///
/// # Errors
/// [`OperatorError`].
pub fn unblock(data: &Path, issuer: &Did) -> Result<bool, OperatorError> {
    Ok(Desk::open(data)?.store.remove_block(issuer)?)
}

/// Keeps whom the operator of the old server blocked, and which records waited there for their domain.
pub(super) fn carry_over(backup: &BackupFile, store: &SqliteStore, now: DateTime<Utc>) -> Result<(), StoreError> {
    for block in backup.blocks()? {
        store.put_block(&block)?;
    }
    for record in backup.waiting_records()? {
        // They were within the bounds there, and are within them here.
        store.keep_waiting(&record, now)?;
    }
    Ok(())
}

/// Who is blocked, in the order of the DIDs.
///
/// # Errors
/// [`OperatorError`].
pub fn list(data: &Path) -> Result<Vec<BlockView>, OperatorError> {
    let view = |Block { did, since, why }: Block| BlockView { issuer: did.to_string(), since, why };
    Ok(Desk::open(data)?.store.blocks()?.into_iter().map(view).collect())
}

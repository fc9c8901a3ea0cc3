//! Whom the operator takes nothing from: short transactions on a data folder, beside a server that may be running on it.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::operator::{Desk, OperatorError};
use crate::ledger::domains::{Block, BlockStore};
use crate::notice::Did;

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

/// Who is blocked, in the order of the DIDs.
///
/// # Errors
/// [`OperatorError`].
pub fn list(data: &Path) -> Result<Vec<BlockView>, OperatorError> {
    let view = |Block { did, since, why }: Block| BlockView { issuer: did.to_string(), since, why };
    Ok(Desk::open(data)?.store.blocks()?.into_iter().map(view).collect())
}

//! Restoring a backup: always into a new log, which imports the old entries and says so (protocol, section 7, rule 6).
//!
//! A log that was restored under its old key could sign a second history, and nobody could tell a lost disk from a lie. So the
//! new log has a new log key, a new witness key and a new origin; only the operator is the same, and states in the new log
//! which log it succeeds.
//!
//! What was removed from the old server does not come back with it. A backup that is older than a removal does not know of that, so
//! the record of removals is part of the order.

mod site;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use self::site::{Ended, Site};
use super::backup::{self, BackupFailure, Progress};
use super::keys::KeyFileError;
use super::operator::Report;
use crate::clock::Clock;
use crate::envelope::{EnvelopeError, FormError, PublicKey, SecretKey};
use crate::ledger::import::ImportError;
use crate::ledger::removal::Tombstone;
use crate::ledger::{OpenError, Refusal, ServerKeysError, StoreError};
use crate::notice::Timestamp;
use crate::storage::{BackupError, BackupFile, DataFolder, DataFolderError, TombstoneFile};

/// What is to be restored, and as what.
pub struct RestoreOrder<'o> {
    /// The backup.
    pub from: &'o Path,
    /// The data folder to make.
    pub data: &'o Path,
    /// The name of the new log; without it, `localhost/<16 hex digits>` of the new log key.
    pub origin: Option<&'o str>,
    /// The operator's private key.
    pub operator: SecretKey,
    /// Whether another operator key than the old server's is meant.
    pub other_operator: bool,
    /// Whether a damaged log is restored as far as it is whole.
    pub salvage: bool,
    /// Documents that were removed, as the record of the old server has them: the backup may be older than some of these removals.
    pub removed: Vec<Tombstone>,
}

/// Why nothing, or not everything, was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The backup.
    #[error(transparent)]
    Backup(#[from] BackupFailure),
    /// The folder.
    #[error(transparent)]
    Folder(#[from] DataFolderError),
    /// The new keys.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// The keys do not make a server.
    #[error(transparent)]
    ServerKeys(#[from] ServerKeysError),
    /// Another operator's key.
    #[error("the operator key {given} is not the one of the server that was backed up, {expected}")]
    OtherOperator {
        /// What was given.
        given: String,
        /// What peers know.
        expected: String,
    },
    /// The old name again.
    #[error("a restore always begins a new log, so it needs another origin than {0:?}")]
    SameOrigin(String),
    /// A public server needs a name.
    #[error("the log {0:?} was public, so the new one needs a name that others can reach: --origin")]
    OriginNeeded(String),
    /// The new log could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The import ended before its end.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A statement was refused.
    #[error("the statement that the new log succeeds the old one was refused: {0}")]
    Statement(Refusal),
    /// A statement cannot be made.
    #[error("the statement that the new log succeeds the old one cannot be made: {0}")]
    Form(#[from] FormError),
    /// A statement cannot be signed.
    #[error("the statement that the new log succeeds the old one cannot be signed: {0}")]
    Signing(#[from] EnvelopeError),
    /// The clock is outside the years that statements can name.
    #[error("the clock of this machine stands outside the years 1970 to 9999")]
    Clock,
    /// Storage.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackupError> for RestoreError {
    fn from(error: BackupError) -> Self {
        Self::Backup(error.into())
    }
}

/// What was restored.
#[derive(Debug, Clone, Serialize)]
pub struct Restored {
    /// The new data folder.
    pub data: PathBuf,
    /// The log that ended, with its last known size.
    pub succeeds: String,
    /// Its size in the backup.
    pub succeeded_size: u64,
    /// The new log.
    pub origin: String,
    /// Its key.
    pub log_key: String,
    /// The key of its witness.
    pub witness_key: String,
    /// The operator, as before unless it was said otherwise.
    pub operator_key: String,
    /// Its size.
    pub tree_size: u64,
    /// Entries of the old log that stand in it.
    pub entries: u64,
    /// Documents that came along.
    pub documents: u64,
    /// Documents that were removed, and stay so.
    pub removed_documents: u64,
    /// Peers.
    pub peers: u64,
    /// Where the pin files lie now, when there were any.
    pub pins: Option<PathBuf>,
    /// What is not in the new log, a sentence each.
    pub missing: Vec<String>,
    /// What `fsck` found in the new log.
    pub report: Report,
}

/// Reads the record of what was removed, `removed` in the data folder of the old server, or a list of hashes, a line each.
///
/// # Errors
/// The number of the first line that is neither, counted from 1.
pub fn removed_in(record: &str, now: DateTime<Utc>) -> Result<Vec<Tombstone>, usize> {
    TombstoneFile::parse(record, now)
}

/// Restores a backup. Interrupted, it is begun again with the same order and goes on where it stopped.
///
/// # Errors
/// [`RestoreError`].
pub fn restore(order: &RestoreOrder<'_>, clock: Arc<dyn Clock>, progress: Progress<'_>) -> Result<Restored, RestoreError> {
    let backup = BackupFile::open(order.from)?;
    let old_origin = backup.about().log_key.name().to_string();
    refuse_order(order, &old_origin, backup.about().operator_key)?;
    let (old, structure) = backup::verified(&backup, progress)?;
    let faults: Vec<String> = structure.into_iter().chain(backup::faults(&old)).collect();
    if !faults.is_empty() && !order.salvage {
        return Err(BackupFailure::Damaged { remarks: faults }.into());
    }
    let begun = Timestamp::from_time(clock.now()).ok_or(RestoreError::Clock)?;
    let what = format!(
        "{old_origin} of size {} and root {} into {}",
        old.head.size,
        old.head.root,
        order.origin.unwrap_or("a log named after its key")
    );
    let (folder, begun) = DataFolder::begin_restore(order.data, &what, &begun.to_string())?;
    let begun = Timestamp::parse(&begun).ok_or(RestoreError::Clock)?;
    let mut site = Site::open(folder, order, clock)?;
    let removed = site.bar_removed(&backup, &order.removed)?;
    let imported = site.import(&backup, &old, &removed, progress)?;
    site.state(&imported, &removed, &Ended { origin: &old_origin, head: old.head, begun })?;
    let (peers, pins) = site.keep_the_rest(&backup)?;
    let report = site.check(progress)?;
    site.folder.finish_restore()?;
    let identity = site.ledger.identity();
    let mut missing = faults;
    missing.extend(imported.refused.iter().map(|refused| {
        format!(
            "entry {} with leaf hash {} was not taken: {} ({})",
            refused.index,
            refused.leaf,
            refused.why,
            refused.why.rule()
        )
    }));
    Ok(Restored {
        data: order.data.to_owned(),
        succeeds: old_origin,
        succeeded_size: old.head.size,
        origin: identity.origin.to_string(),
        log_key: identity.log.to_string(),
        witness_key: identity.witness.to_string(),
        operator_key: identity.operator.to_multibase(),
        tree_size: site.ledger.published().head.size,
        entries: imported.entries + imported.known,
        documents: report.documents,
        removed_documents: removed.len() as u64,
        peers,
        pins,
        missing,
        report,
    })
}

fn refuse_order(order: &RestoreOrder<'_>, old_origin: &str, operator: PublicKey) -> Result<(), RestoreError> {
    if order.operator.public() != operator && !order.other_operator {
        let (given, expected) = (order.operator.public().to_multibase(), operator.to_multibase());
        return Err(RestoreError::OtherOperator { given, expected });
    }
    match order.origin {
        Some(origin) if origin == old_origin => Err(RestoreError::SameOrigin(origin.to_owned())),
        None if !old_origin.starts_with("localhost/") => Err(RestoreError::OriginNeeded(old_origin.to_owned())),
        _ => Ok(()),
    }
}

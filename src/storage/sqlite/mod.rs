//! The ledger in two SQLite files: the log with everything that cannot be made again, and the index over it.
//!
//! *Locking.* The data folder is locked by a file lock for as long as a server runs on it; the head of the log is compared
//! in every append besides, so that a second writer that got around the lock loses instead of forking. Commands of the
//! operator write short transactions beside a running server.
//!
//! *Durability.* WAL with `synchronous=FULL` for the log: a commit costs one sync, and is kept. The one exception is the second
//! commit of a batch, the publication: it says again what the head record holds durably, and is synced with the commit after it.
//! The index follows behind the commit and may lose its last rows; they are derived again.
//!
//! *Compatibility.* The schema is a list of migrations that only grows; each is checked by its checksum when the database is
//! opened, and the schema is compared with what they make. A database of a newer version is refused.

mod backup;
mod backup_lists;
mod blocks;
mod bundles;
mod cosignatures;
mod database;
mod documents;
mod domains;
mod folder;
mod follower;
mod index;
mod inventory;
mod list_checking;
mod lists;
mod log;
mod migrating;
mod peers;
mod quarantine;
mod rebuild;
mod removal;
mod removal_checking;
mod restoring;
mod scrubbing;
mod seal;
mod statements;
mod store;
mod successions;
mod tiles;
mod wal;
mod witness;
mod write;

pub use backup::{BackupAbout, BackupError, BackupFile, KeptPin};
pub use folder::{DataFolder, DataFolderError};
pub use store::SqliteStore;
pub use write::SqliteWriter;

#[cfg(test)]
pub(super) use database::tests::DEADLINE;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::ledger::StoreError;

/// Gives a failing SQLite call the name of what was being done.
fn unavailable(doing: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    move |source| match source {
        rusqlite::Error::SqliteFailure(e, _)
            if matches!(e.code, rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) =>
        {
            StoreError::Corrupt { what: format!("SQLite found the database damaged while {doing}: {source}") }
        }
        // Our statements fit the tables that were made.
        rusqlite::Error::SqlInputError { .. } => {
            StoreError::Corrupt { what: format!("the tables are not as they were made, while {doing}: {source}") }
        }
        // What was written had the right type and range.
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::Utf8Error(..) => {
            StoreError::Corrupt { what: format!("a stored value is not what was written, while {doing}: {source}") }
        }
        source => StoreError::Unavailable { doing, source: Arc::new(source) },
    }
}

/// The same for an error that may have SQLite's somewhere among its causes.
fn unavailable_by(doing: &'static str, error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(inner) = cause {
        if let Some(rusqlite::Error::SqliteFailure(e, _)) = inner.downcast_ref()
            && matches!(e.code, rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
        {
            return StoreError::Corrupt { what: format!("SQLite found the database damaged while {doing}: {inner}") };
        }
        cause = inner.source();
    }
    StoreError::Unavailable { doing, source: Arc::new(error) }
}

fn corrupt(what: impl Into<String>) -> StoreError {
    StoreError::Corrupt { what: what.into() }
}

/// SQLite counts with signed integers; sizes and indexes stay far below their end.
fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn from_sql(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).ok().ok_or_else(|| corrupt(format!("negative number {number} where a size is stored")))
}

fn millis(time: DateTime<Utc>) -> i64 {
    time.timestamp_millis()
}

fn time_from_millis(millis: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_millis(millis).ok_or_else(|| corrupt(format!("time {millis} is out of range")))
}

fn array<const N: usize>(bytes: &[u8], what: &str) -> Result<[u8; N], StoreError> {
    bytes.try_into().ok().ok_or_else(|| corrupt(format!("{what} has {} bytes instead of {N}", bytes.len())))
}

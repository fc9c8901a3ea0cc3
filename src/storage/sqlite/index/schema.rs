//! The tables of the index file, and the promise that they may be thrown away.
//!
//! Everything here is derived from the entries and the documents of the log's file. So there are no migrations: a file of
//! another version is emptied and derived again.

use std::sync::OnceLock;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::super::migrating::{Schema, check_has, schema};
use super::super::{to_sql, unavailable};
use crate::ledger::StoreError;
use crate::notice::LookupKey;
use crate::tlog::Hash;

/// Changes whenever the text of the tables or what stands in them changes: a file of this version with other tables is damaged.
pub(super) const VERSION: i64 = 2;

/// Every table with its content.
const TABLES: &str = "
-- How far the index goes: entries below `entries`, of which the last has `leaf`; documents up to `documents`.
CREATE TABLE progress (
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    entries   INTEGER NOT NULL,
    leaf      BLOB    NOT NULL,
    documents INTEGER NOT NULL
) STRICT;
INSERT INTO progress (one, entries, leaf, documents) VALUES (1, 0, x'', 0);

-- The first 8 bytes of each leaf hash; the entry itself has the rest.
CREATE TABLE leaves (
    leaf INTEGER NOT NULL,
    idx  INTEGER NOT NULL,
    PRIMARY KEY (leaf, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE payloads (
    payload_id BLOB    NOT NULL,
    idx        INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    public_key BLOB    NOT NULL,
    PRIMARY KEY (payload_id, idx)
) STRICT, WITHOUT ROWID;

-- Publisher records.
CREATE TABLE records (
    issuer TEXT    NOT NULL,
    idx    INTEGER NOT NULL,
    PRIMARY KEY (issuer, idx)
) STRICT, WITHOUT ROWID;

-- Entries of each issuer: the first, how many in all, and how many in each hour since 1970.
CREATE TABLE issuers (
    issuer  TEXT PRIMARY KEY,
    first   INTEGER NOT NULL,
    entries INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE issuer_hours (
    issuer  TEXT    NOT NULL,
    hour    INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    PRIMARY KEY (issuer, hour)
) STRICT, WITHOUT ROWID;

-- One row a notice, at the index of its first entry.
CREATE TABLE notices (
    idx        INTEGER PRIMARY KEY,
    notice_id  BLOB    NOT NULL,
    kind       TEXT    NOT NULL,
    issuer     TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    issued     INTEGER NOT NULL,               -- seconds since 1970, as claimed
    first_seen INTEGER NOT NULL                -- milliseconds since 1970
) STRICT;

CREATE INDEX notices_of_issuer ON notices (issuer, idx);
CREATE INDEX notices_of_kind   ON notices (kind, idx);
CREATE INDEX notices_of_role   ON notices (role, idx);

-- Keys by their hash: what is found is only proposed, the notice itself decides.
CREATE TABLE facts (
    key  INTEGER NOT NULL,
    role TEXT    NOT NULL,
    idx  INTEGER NOT NULL,
    PRIMARY KEY (key, role, idx)
) STRICT, WITHOUT ROWID;

-- Plain digests of files that notices name, in order: what is asked for by a range of digests.
CREATE TABLE digests (
    algorithm TEXT    NOT NULL,
    digest    BLOB    NOT NULL,
    idx       INTEGER NOT NULL,
    PRIMARY KEY (algorithm, digest, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE priors (
    target BLOB    NOT NULL,                   -- the notice that is spoken of
    idx    INTEGER NOT NULL,                   -- the notice that speaks
    PRIMARY KEY (target, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE reasons (
    reason TEXT    NOT NULL,
    idx    INTEGER NOT NULL,
    PRIMARY KEY (reason, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE digest_lists (
    algorithm TEXT    NOT NULL,
    list      BLOB    NOT NULL,
    role      TEXT    NOT NULL,
    idx       INTEGER NOT NULL,
    PRIMARY KEY (algorithm, list, role, idx)
) STRICT, WITHOUT ROWID;

-- Which detached documents the entries name.
CREATE TABLE document_names (
    hash  BLOB    NOT NULL,
    idx   INTEGER NOT NULL,
    kind  TEXT    NOT NULL,
    count INTEGER NOT NULL,                    -- digests of a list, 0 for texts
    PRIMARY KEY (hash, idx)
) STRICT, WITHOUT ROWID;

-- Those of them that are not here.
CREATE TABLE awaited (
    hash BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Full-text search over names and texts; rowid is the index of the notice's first entry.
CREATE VIRTUAL TABLE words USING fts5 (names, texts, tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
";

/// How far the index goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Progress {
    /// Entries below this index are in it.
    pub(super) entries: u64,
    /// Leaf hash of the last of them, empty when there is none.
    pub(super) leaf: Vec<u8>,
    /// Documents up to this number are in it.
    pub(super) documents: i64,
}

/// The version of the tables in a file; 0 for an empty one.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Whether the tables of a file of this version are as they were made: SQLite believes whatever it reads of them.
///
/// # Errors
/// [`StoreError::Corrupt`] when they are not.
pub(super) fn check(connection: &Connection) -> Result<(), StoreError> {
    static MADE: OnceLock<Schema> = OnceLock::new();
    let made = if let Some(made) = MADE.get() {
        made
    } else {
        let failed = unavailable("making the tables of the index in memory");
        let empty = Connection::open_in_memory().map_err(&failed)?;
        empty.execute_batch(TABLES).map_err(&failed)?;
        let made = schema(&empty)?;
        MADE.get_or_init(|| made)
    };
    check_has(&schema(connection)?, made)
}

/// Empties the file and makes the tables anew. Everything in one transaction, so that a running server that reads the file
/// sees the old index or the new one.
pub(super) fn begin_anew(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = super::super::write::begin(connection)?;
    let tables: Vec<String> = transaction
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'words_%' AND name NOT LIKE 'sqlite_%'",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for table in tables {
        transaction.execute_batch(&format!("DROP TABLE \"{}\"", table.replace('"', "\"\"")))?;
    }
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

pub(super) fn progress(connection: &Connection) -> rusqlite::Result<Progress> {
    let row = connection
        .prepare_cached("SELECT entries, leaf, documents FROM progress WHERE one = 1")?
        .query_row([], |row| {
            let entries: i64 = row.get(0)?;
            Ok(Progress { entries: u64::try_from(entries).unwrap_or(0), leaf: row.get(1)?, documents: row.get(2)? })
        })
        .optional()?;
    Ok(row.unwrap_or(Progress { entries: 0, leaf: Vec::new(), documents: 0 }))
}

pub(super) fn note_progress(connection: &Connection, progress: &Progress) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO progress (one, entries, leaf, documents) VALUES (1, ?1, ?2, ?3)")?
        .execute(params![to_sql(progress.entries), progress.leaf, progress.documents])?;
    Ok(())
}

/// How a look-up key stands in the tables: the first 8 bytes of its SHA-256, so that a row is small whatever the key. Equal
/// hashes of unequal keys cost a look at a notice that does not match.
pub(super) fn key_hash(key: &LookupKey) -> i64 {
    text_hash(key.as_str())
}

pub(super) fn text_hash(text: &str) -> i64 {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    first_eight(&digest)
}

/// How a leaf hash stands in the tables.
pub(super) fn leaf_hash(leaf: &Hash) -> i64 {
    first_eight(leaf.as_bytes())
}

pub(super) fn first_eight(bytes: &[u8; 32]) -> i64 {
    let mut eight = [0; 8];
    for (to, from) in eight.iter_mut().zip(bytes) {
        *to = *from;
    }
    i64::from_be_bytes(eight)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tables after a change behind SQLite's back, as by a flipped bit.
    fn after(change: &str) -> Result<(), StoreError> {
        let mut connection = Connection::open_in_memory().unwrap();
        begin_anew(&mut connection).unwrap();
        connection.execute_batch("PRAGMA writable_schema = ON").unwrap();
        connection.execute_batch(change).unwrap();
        check(&connection)
    }

    #[test]
    fn tables_as_they_were_made_are_well_and_what_an_operator_adds_harms_nobody() {
        after("").unwrap();
        after("CREATE INDEX of_mine ON notices (issued); ANALYZE").unwrap();
    }

    #[test]
    fn a_name_in_the_schema_in_which_a_bit_flipped_is_damage() {
        for change in [
            "UPDATE sqlite_schema SET sql = replace(sql, 'issued', 'isstoed') WHERE name = 'notices'",
            "UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', 'NOT_NULL') WHERE name = 'facts'",
            "UPDATE sqlite_schema SET name = 'recordt' WHERE name = 'records'",
            "DELETE FROM sqlite_schema WHERE name = 'notices_of_kind'",
        ] {
            let error = after(change).expect_err(change);
            assert!(matches!(error, StoreError::Corrupt { .. }), "{change}: {error:?}");
        }
    }
}

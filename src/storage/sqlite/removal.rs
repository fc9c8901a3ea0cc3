//! Removing documents: overwriting their bytes, and keeping that they were removed.
//!
//! *In the log's file* a document is written over in place, with as many zeros. Its row does not get shorter: where rows change their
//! length, SQLite moves others to make their pages even, and may leave copies of these in the gaps, `secure_delete` or not, where nobody
//! would look for them when they are removed in turn.
//!
//! *In the index* words come and go, so that such copies are there already. It is derived and may be written anew: `VACUUM` makes every
//! page of it from what is found in its tables now.
//!
//! *Digest lists* in files of their own are written over with zeros and taken away, with all that is derived from them and all that came
//! of them so far.
//!
//! *In the journals* of both files everything is carried over, and what is left of earlier commits is written over
//! ([`super::scrubbing`]).

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::write::begin;
use super::{SqliteStore, array, corrupt, millis, time_from_millis, unavailable};
use crate::ledger::StoreError;
use crate::ledger::removal::{Order, Removal, RemovalStore, Tombstone};
use crate::notice::DocumentHash;

/// How long readers of one file may keep what is left in its journal from being written over: a backup reads for long.
const PATIENCE: Duration = Duration::from_secs(10);

impl RemovalStore for SqliteStore {
    fn order_removal(&self, removal: &Removal, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.writer()
            .prepare_cached("INSERT OR IGNORE INTO removals (document, step, asked, statement) VALUES (?1, 'asked', ?2, ?3)")
            .and_then(|mut insert| insert.execute(params![removal.document().as_bytes(), millis(now), removal.payload()]))
            .map_err(unavailable("ordering a removal"))?;
        Ok(())
    }

    fn removal_orders(&self) -> Result<Vec<Order>, StoreError> {
        self.read(all_orders)
    }

    fn bury(&self, tombstones: &[Tombstone]) -> Result<(), StoreError> {
        if tombstones.is_empty() {
            return Ok(());
        }
        self.overwrite(tombstones)?;
        let documents: Vec<DocumentHash> = tombstones.iter().map(|tombstone| tombstone.document).collect();
        for document in &documents {
            self.lists()
                .erase(document)
                .map_err(|e| StoreError::Unavailable { doing: "erasing a digest list", source: Arc::new(e) })?;
        }
        self.forget_words(&documents)?;
        self.log().forget_past(PATIENCE)?;
        // Once before it is written anew, so that pages which it gives back were overwritten too, and once after it.
        let index = self.index().database();
        index.forget_past(PATIENCE)?;
        index.write_anew()?;
        index.forget_past(PATIENCE)?;
        self.note_buried(&documents)
    }

    fn note_removal_trouble(&self, document: &DocumentHash, trouble: &str) -> Result<(), StoreError> {
        self.writer()
            .prepare_cached("UPDATE removals SET trouble = ?2 WHERE document = ?1")
            .and_then(|mut update| update.execute(params![document.as_bytes(), trouble]))
            .map_err(unavailable("keeping what stands in the way of a removal"))?;
        Ok(())
    }

    fn strike_off_removal(&self, document: &DocumentHash) -> Result<(), StoreError> {
        self.writer()
            .prepare_cached("DELETE FROM removals WHERE document = ?1")
            .and_then(|mut delete| delete.execute([document.as_bytes()]))
            .map_err(unavailable("striking off a removal"))?;
        Ok(())
    }

    fn tombstone(&self, document: &DocumentHash) -> Result<Option<Tombstone>, StoreError> {
        let failed = unavailable("looking up what was removed");
        let row = self.read(|c| {
            let mut select =
                c.prepare_cached("SELECT document, removed, statement FROM tombstones WHERE document = ?1").map_err(&failed)?;
            select.query_row([document.as_bytes()], columns).optional().map_err(&failed)
        })?;
        row.map(tombstone).transpose()
    }

    fn tombstones(&self) -> Result<Vec<Tombstone>, StoreError> {
        self.read(all_tombstones)
    }
}

impl SqliteStore {
    /// Writes over the bytes of the documents, and keeps the tombstones, in one commit.
    fn overwrite(&self, tombstones: &[Tombstone]) -> Result<(), StoreError> {
        let failed = unavailable("removing documents");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        for tombstone in tombstones {
            put_tombstone(&transaction, tombstone).map_err(&failed)?;
        }
        transaction.commit().map_err(&failed)
    }

    fn note_buried(&self, documents: &[DocumentHash]) -> Result<(), StoreError> {
        let failed = unavailable("keeping that documents are gone");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        for document in documents {
            transaction
                .prepare_cached("UPDATE removals SET step = 'buried' WHERE document = ?1")
                .and_then(|mut update| update.execute([document.as_bytes()]))
                .map_err(&failed)?;
        }
        transaction.commit().map_err(&failed)
    }
}

fn put_tombstone(connection: &Connection, tombstone: &Tombstone) -> rusqlite::Result<()> {
    let (document, removed) = (tombstone.document.as_bytes(), millis(tombstone.removed));
    // Two bytes more, since the other state is two bytes shorter: the row keeps its length, and its place.
    connection
        .prepare_cached(
            "INSERT INTO documents (hash, state, bytes, received) VALUES (?1, 'removed', NULL, ?2)
             ON CONFLICT (hash) DO UPDATE SET state = 'removed', bytes = zeroblob(length(bytes) + 2) WHERE state <> 'removed'",
        )?
        .execute(params![document, removed])?;
    connection
        .prepare_cached(
            "INSERT INTO tombstones (document, removed, statement) VALUES (?1, ?2, ?3)
             ON CONFLICT (document) DO UPDATE SET removed = excluded.removed, statement = excluded.statement
             WHERE statement IS NULL AND excluded.statement IS NOT NULL",
        )?
        .execute(params![document, removed, tombstone.removal.as_ref().map(Removal::payload)])?;
    for sql in [
        "DELETE FROM upload_grants WHERE document = ?1",
        "DELETE FROM document_tries WHERE hash = ?1",
        "DELETE FROM lists WHERE hash = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([document])?;
    }
    Ok(())
}

type Columns = (Vec<u8>, i64, Option<Vec<u8>>);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn tombstone((document, removed, statement): Columns) -> Result<Tombstone, StoreError> {
    let document = DocumentHash::from_bytes(array(&document, "a document hash")?);
    let removal = statement.map(|payload| removal(&payload, document)).transpose()?;
    Ok(Tombstone { document, removed: time_from_millis(removed)?, removal })
}

fn removal(payload: &[u8], document: DocumentHash) -> Result<Removal, StoreError> {
    let removal = Removal::parse(payload).filter(|removal| removal.document() == document);
    removal.ok_or_else(|| corrupt(format!("what is said of the removal of {document} says something else")))
}

/// Every tombstone of a database, which may be a backup.
pub(super) fn all_tombstones(connection: &Connection) -> Result<Vec<Tombstone>, StoreError> {
    let failed = unavailable("listing what was removed");
    let sql = "SELECT document, removed, statement FROM tombstones ORDER BY document";
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let rows = select.query_map([], columns).map_err(&failed)?.collect::<Result<Vec<_>, _>>().map_err(&failed)?;
    rows.into_iter().map(tombstone).collect()
}

/// Every order of a database, which may be a backup.
pub(super) fn all_orders(connection: &Connection) -> Result<Vec<Order>, StoreError> {
    type Columns = (Vec<u8>, String, i64, Vec<u8>, Option<String>);
    let failed = unavailable("listing what is to be removed");
    let sql = "SELECT document, step, asked, statement, trouble FROM removals ORDER BY asked, document";
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let columns =
        |row: &Row<'_>| -> rusqlite::Result<Columns> { Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)) };
    let rows = select.query_map([], columns).map_err(&failed)?.collect::<Result<Vec<_>, _>>().map_err(&failed)?;
    let order = |(document, step, asked, statement, trouble): Columns| -> Result<Order, StoreError> {
        let document = DocumentHash::from_bytes(array(&document, "a document hash")?);
        let is_buried = match step.as_str() {
            "asked" => false,
            "buried" => true,
            other => return Err(corrupt(format!("the removal of {document} is at step {other:?}"))),
        };
        Ok(Order { removal: removal(&statement, document)?, asked: time_from_millis(asked)?, is_buried, trouble })
    };
    rows.into_iter().map(order).collect()
}

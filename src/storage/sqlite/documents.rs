//! Detached documents.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::write::begin;
use super::{SqliteStore, array, corrupt, from_sql, millis, to_sql, unavailable};
use crate::ledger::StoreError;
use crate::ledger::ports::DocumentStore;
use crate::ledger::stored::{DocumentKind, DocumentState, NewDocument, UploadGrant};
use crate::notice::{DigestAlgorithm, DocumentHash};

impl DocumentStore for SqliteStore {
    fn state(&self, hash: &DocumentHash) -> Result<DocumentState, StoreError> {
        let failed = unavailable("looking up a document");
        let row: Option<(String, Option<i64>)> = self.read(|c| {
            let sql = "SELECT d.state, coalesce(l.width * l.count, length(d.bytes)) FROM documents d
                       LEFT JOIN lists l ON l.hash = d.hash AND l.state = 'here' WHERE d.hash = ?1";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            select.query_row([hash.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(&failed)
        })?;
        match row {
            None => Ok(DocumentState::Awaited),
            Some((state, Some(size))) if state == "available" => Ok(DocumentState::Available { size: from_sql(size)? }),
            // Zeros may be left of it.
            Some((state, _)) if state == "removed" => Ok(DocumentState::Removed),
            Some((state, _)) => Err(corrupt(format!("document {hash} is in state {state:?} with other bytes than that"))),
        }
    }

    fn read(&self, hash: &DocumentHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.read_document(hash)
    }

    fn keep(&self, document: &NewDocument) -> Result<(), StoreError> {
        let failed = unavailable("keeping a document");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        let new = put_document(&transaction, document).map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        if new {
            self.index().remember_words(document.hash, document.words.clone());
            self.lists().fileless().changed(&document.hash);
        }
        Ok(())
    }

    fn named_as(&self, hash: &DocumentHash, size: u64) -> Result<Option<DocumentKind>, StoreError> {
        self.kind_of_document(hash, size)
    }

    fn missing(&self, size: u64, limit: usize) -> Result<Vec<(DocumentHash, DocumentKind)>, StoreError> {
        self.awaited(size, limit)
    }

    fn kept(&self, after: Option<&DocumentHash>, limit: usize) -> Result<Vec<DocumentHash>, StoreError> {
        let failed = unavailable("listing documents");
        let after: &[u8] = after.map_or(&[], |hash| hash.as_bytes());
        let rows: Vec<Vec<u8>> = self.read(|c| {
            let sql = "SELECT hash FROM documents d WHERE state = 'available' AND hash > ?1
                       AND NOT EXISTS (SELECT 1 FROM lists l WHERE l.hash = d.hash AND l.state = 'here') ORDER BY hash LIMIT ?2";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let rows = select.query_map(params![after, to_sql(limit as u64)], |row| row.get(0)).map_err(&failed)?;
            rows.collect::<Result<Vec<_>, _>>().map_err(&failed)
        })?;
        rows.iter().map(|hash| Ok(DocumentHash::from_bytes(array(hash, "a document hash")?))).collect()
    }

    fn grant_upload(&self, grant: &UploadGrant) -> Result<(), StoreError> {
        let failed = unavailable("granting an upload");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        {
            let mut forget = transaction.prepare_cached("DELETE FROM upload_grants WHERE expires <= ?1").map_err(&failed)?;
            forget.execute([millis(grant.granted)]).map_err(&failed)?;
            let sql = "INSERT OR REPLACE INTO upload_grants (token_hash, document, expires) VALUES (?1, ?2, ?3)";
            let mut insert = transaction.prepare_cached(sql).map_err(&failed)?;
            for document in &grant.documents {
                insert.execute(params![grant.token_hash, document.as_bytes(), millis(grant.expires)]).map_err(&failed)?;
            }
        }
        transaction.commit().map_err(&failed)
    }

    fn upload_granted(&self, token_hash: &[u8; 32], hash: &DocumentHash, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let failed = unavailable("looking up an upload grant");
        self.read(|c| {
            let sql = "SELECT 1 FROM upload_grants WHERE token_hash = ?1 AND document = ?2 AND expires > ?3";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            select.exists(params![token_hash, hash.as_bytes(), millis(now)]).map_err(&failed)
        })
    }
}

impl SqliteStore {
    /// The bytes of a document, when they are here and not in a file of their own.
    pub(super) fn read_document(&self, hash: &DocumentHash) -> Result<Option<Vec<u8>>, StoreError> {
        let failed = unavailable("reading a document");
        let bytes: Option<Option<Vec<u8>>> = self.read(|c| {
            let sql = "SELECT bytes FROM documents WHERE hash = ?1 AND state = 'available'
                       AND NOT EXISTS (SELECT 1 FROM lists WHERE hash = ?1 AND state = 'here')";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            select.query_row([hash.as_bytes()], |row| row.get(0)).optional().map_err(&failed)
        })?;
        Ok(bytes.flatten())
    }
}

/// Keeps the bytes, unless they are here or were removed; whether they are new.
pub(super) fn put_document(connection: &Connection, document: &NewDocument) -> rusqlite::Result<bool> {
    let sql =
        "INSERT INTO documents (hash, state, bytes, received) VALUES (?1, 'available', ?2, ?3) ON CONFLICT (hash) DO NOTHING";
    let hash = document.hash.as_bytes();
    let kept = connection.prepare_cached(sql)?.execute(params![hash, document.bytes, millis(document.received)])?;
    Ok(kept > 0)
}

pub(super) fn kind_from_columns(kind: &str, count: i64) -> Result<DocumentKind, StoreError> {
    if kind == "texts" {
        return Ok(DocumentKind::Texts);
    }
    let algorithm = DigestAlgorithm::parse(kind).ok_or_else(|| corrupt(format!("unknown kind of document {kind:?}")))?;
    Ok(DocumentKind::DigestList { algorithm, count: from_sql(count)? })
}

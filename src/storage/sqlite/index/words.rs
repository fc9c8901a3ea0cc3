//! The words of documents, which come with the notices that name them or after these.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::super::write::begin;
use super::super::{SqliteStore, array, to_sql, unavailable};
use super::rows;
use super::schema::Progress;
use super::writing::Text;
use crate::ledger::StoreError;
use crate::ledger::derived;
use crate::ledger::stored::DocumentKind;
use crate::notice::DocumentHash;

impl SqliteStore {
    /// What is known of a document up to number `newest`.
    pub(super) fn text_of(
        &self,
        transaction: &Transaction<'_>,
        log: &Connection,
        document: &DocumentHash,
        newest: i64,
        known: &mut HashMap<DocumentHash, String>,
    ) -> Result<Text, StoreError> {
        if let Some(words) = known.get(document) {
            return Ok(Text::Here(words.clone()));
        }
        // Words are remembered of what is here. Who removes a document waits until this transaction ends, and then takes them out again.
        if let Some(words) = self.index().take_words(document) {
            known.insert(*document, words.clone());
            return Ok(Text::Here(words));
        }
        let failed = unavailable("reading a document");
        let row: Option<(i64, bool)> = log
            .prepare_cached("SELECT seq, state = 'available' FROM documents WHERE hash = ?1")
            .and_then(|mut select| select.query_row([document.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .map_err(&failed)?;
        match row {
            None => return Ok(Text::Awaited),
            Some((seq, here)) if seq > newest || !here => return Ok(Text::Later),
            Some(_) => {}
        }
        let words = match words_before(transaction, document)? {
            Some(words) => Some(words),
            None => words_of_bytes(log, document)?,
        };
        let Some(words) = words else { return Ok(Text::Later) };
        known.insert(*document, words.clone());
        Ok(Text::Here(words))
    }

    /// Makes the words of documents that came after the notices that name them findable.
    pub(super) fn carry_documents(
        &self,
        transaction: &Transaction<'_>,
        log: &Connection,
        done: &Progress,
        newest: i64,
    ) -> Result<(), StoreError> {
        let failed = unavailable("carrying over documents");
        let mut select =
            log.prepare_cached("SELECT hash FROM documents WHERE seq > ?1 AND seq <= ?2 ORDER BY seq").map_err(&failed)?;
        let mut documents = select.query(params![done.documents, newest]).map_err(&failed)?;
        while let Some(row) = documents.next().map_err(&failed)? {
            let hash = row.get_ref(0).and_then(|hash| Ok(hash.as_blob()?)).map_err(&failed)?;
            let document = DocumentHash::from_bytes(array(hash, "a document hash")?);
            transaction
                .prepare_cached("DELETE FROM awaited WHERE hash = ?1")
                .and_then(|mut delete| delete.execute([document.as_bytes()]))
                .map_err(&failed)?;
            // Of most nobody is named here, since they came with the notice that names them, and their words with it.
            let named = names_before(transaction, &document, done.entries)?;
            if named.is_empty() {
                continue;
            }
            let words = match self.index().take_words(&document) {
                Some(words) => Some(words),
                None => words_of_bytes(log, &document)?,
            };
            let Some(words) = words else { continue };
            for idx in named {
                transaction
                    .prepare_cached("UPDATE words SET texts = ?2 WHERE rowid = ?1")
                    .and_then(|mut update| update.execute(params![idx, words]))
                    .map_err(&failed)?;
            }
        }
        Ok(())
    }
}

impl SqliteStore {
    /// Takes the words of these documents, which were removed, from every notice that names them.
    pub(in super::super) fn forget_words(&self, documents: &[DocumentHash]) -> Result<(), StoreError> {
        let failed = unavailable("forgetting the words of a document");
        let mut connection = self.index().file.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        for document in documents {
            drop(self.index().take_words(document));
            transaction
                .prepare_cached("DELETE FROM awaited WHERE hash = ?1")
                .and_then(|mut delete| delete.execute([document.as_bytes()]))
                .map_err(&failed)?;
            for idx in names_before(&transaction, document, u64::MAX)? {
                transaction
                    .prepare_cached("UPDATE words SET texts = '' WHERE rowid = ?1")
                    .and_then(|mut update| update.execute([idx]))
                    .map_err(&failed)?;
            }
        }
        transaction.commit().map_err(&failed)
    }
}

/// The number of the newest document.
pub(super) fn newest_document(log: &Connection) -> Result<i64, StoreError> {
    let failed = unavailable("reading documents");
    let mut select = log.prepare_cached("SELECT coalesce(max(seq), 0) FROM documents").map_err(&failed)?;
    select.query_row([], |row| row.get(0)).map_err(&failed)
}

/// The words of a document as its bytes have them; `None` when it was removed a moment ago.
fn words_of_bytes(log: &Connection, document: &DocumentHash) -> Result<Option<String>, StoreError> {
    let failed = unavailable("reading a document");
    let sql = "SELECT bytes FROM documents WHERE hash = ?1 AND state = 'available'";
    let mut select = log.prepare_cached(sql).map_err(&failed)?;
    let bytes: Option<Vec<u8>> = select.query_row([document.as_bytes()], |row| row.get(0)).optional().map_err(&failed)?;
    Ok(bytes.as_deref().map(derived::words_of_texts))
}

/// The words of this document as an earlier notice has them.
fn words_before(transaction: &Transaction<'_>, document: &DocumentHash) -> Result<Option<String>, StoreError> {
    let sql =
        "SELECT w.texts FROM document_names n JOIN words w ON w.rowid = n.idx WHERE n.hash = ?1 AND w.texts <> '' LIMIT 1";
    let failed = unavailable("looking up the words of a document");
    let mut select = transaction.prepare_cached(sql).map_err(&failed)?;
    select.query_row([document.as_bytes()], |row| row.get(0)).optional().map_err(failed)
}

/// Indexes below `below` of the notices whose texts this document is.
fn names_before(transaction: &Transaction<'_>, document: &DocumentHash, below: u64) -> Result<Vec<i64>, StoreError> {
    let failed = unavailable("looking up who names a document");
    let sql = "SELECT idx FROM document_names WHERE hash = ?1 AND kind = ?2 AND idx < ?3";
    let (texts, _) = rows::kind_columns(DocumentKind::Texts);
    let mut select = transaction.prepare_cached(sql).map_err(&failed)?;
    let named = select.query_map(params![document.as_bytes(), texts, to_sql(below)], |row| row.get(0)).map_err(&failed)?;
    named.collect::<Result<_, _>>().map_err(&failed)
}

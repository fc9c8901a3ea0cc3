//! The two atomic verbs of the writer, each one transaction.

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::cosignatures::{note_signed_time, put_cosignature};
use super::documents::put_document;
use super::{SqliteStore, corrupt, from_sql, millis, to_sql, unavailable};
use crate::ledger::ports::LedgerWrite;
use crate::ledger::stored::{Batch, DocumentKind, Head, IndexRows, NewEntry, NoticeRows, PublishedHead};
use crate::ledger::{AppendError, Cosigned, StoreError};

/// The [`LedgerWrite`] of a SQLite database.
pub struct SqliteWriter {
    store: SqliteStore,
}

impl SqliteWriter {
    /// A writer on this database. That there is only one is the data folder's lock to see to; that a second one loses
    /// is what [`LedgerWrite::append`] sees to.
    pub fn new(store: SqliteStore) -> Self {
        Self { store }
    }
}

impl LedgerWrite for SqliteWriter {
    fn append(&mut self, batch: &Batch) -> Result<(), AppendError> {
        let failed = unavailable("appending to the log");
        let mut connection = self.store.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        let newest = newest_head(&transaction)?.unwrap_or(Head::EMPTY);
        if newest != batch.expected {
            return Err(AppendError::HeadMoved { found: newest.size });
        }
        write_batch(&transaction, batch).map_err(|e| match e {
            Write::Sql(e) => failed(e),
            Write::Store(e) => e,
        })?;
        transaction.commit().map_err(&failed)?;
        Ok(())
    }

    fn publish(&mut self, head: &PublishedHead, own: Option<&Cosigned>) -> Result<(), StoreError> {
        let failed = unavailable("publishing a checkpoint");
        let mut connection = self.store.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        let changed = transaction
            .prepare_cached("UPDATE heads SET checkpoint = ?2, signed_at = ?3 WHERE size = ?1 AND root = ?4")
            .and_then(|mut update| {
                let root = head.head.root.as_bytes();
                update.execute(params![to_sql(head.head.size), head.checkpoint, millis(head.signed_at), root])
            })
            .map_err(&failed)?;
        if changed != 1 {
            return Err(corrupt(format!("there is no head of size {} with the root that was signed", head.head.size)));
        }
        if let Some(own) = own {
            put_cosignature(&transaction, head.head.size, own).map_err(&failed)?;
            note_signed_time(&transaction, own.time).map_err(&failed)?;
        }
        transaction.commit().map_err(&failed)
    }
}

/// Takes the write lock at once, so that nothing read in the transaction can change before it ends.
pub(super) fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

/// The newest head in the database, signed or not.
pub(super) fn newest_head(connection: &Connection) -> Result<Option<Head>, StoreError> {
    let failed = unavailable("reading the head of the log");
    let row = connection
        .prepare_cached("SELECT size, root FROM heads ORDER BY size DESC LIMIT 1")
        .and_then(|mut select| {
            let mut rows = select.query([])?;
            rows.next()?.map(|row| Ok::<_, rusqlite::Error>((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))).transpose()
        })
        .map_err(failed)?;
    row.map(|(size, root)| {
        Ok(Head { size: from_sql(size)?, root: crate::tlog::Hash::from_bytes(super::array(&root, "a root")?) })
    })
    .transpose()
}

/// What may go wrong inside the transaction of an append.
enum Write {
    Sql(rusqlite::Error),
    Store(StoreError),
}

impl From<rusqlite::Error> for Write {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

fn write_batch(transaction: &Transaction<'_>, batch: &Batch) -> Result<(), Write> {
    for (offset, entry) in (0_u64..).zip(&batch.entries) {
        if entry.stored.index != batch.expected.size + offset {
            return Err(Write::Store(corrupt(format!("index {} would leave a hole", entry.stored.index))));
        }
        write_entry(transaction, entry)?;
    }
    let mut tile = transaction.prepare_cached("INSERT OR REPLACE INTO tiles (level, idx, hashes) VALUES (?1, ?2, ?3)")?;
    for (id, hashes) in &batch.tiles {
        let bytes: Vec<u8> = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
        tile.execute(params![id.level, to_sql(id.index), bytes])?;
    }
    transaction
        .prepare_cached("INSERT INTO heads (size, root) VALUES (?1, ?2)")?
        .execute(params![to_sql(batch.head.size), batch.head.root.as_bytes()])?;
    for document in &batch.documents {
        put_document(transaction, document)?;
    }
    Ok(())
}

fn write_entry(transaction: &Transaction<'_>, entry: &NewEntry) -> rusqlite::Result<()> {
    let stored = &entry.stored;
    transaction
        .prepare_cached(
            "INSERT INTO entries (idx, leaf, payload_type, payload_id, public_key, issuer, first_seen, provenance, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            to_sql(stored.index),
            stored.leaf.as_bytes(),
            stored.kind.as_str(),
            stored.payload_id.as_bytes(),
            stored.key,
            entry.stored.issuer.as_str(),
            millis(stored.first_seen),
            stored.provenance.as_text(),
            stored.bytes,
        ])?;
    match &entry.rows {
        IndexRows::Notice(rows) => write_notice(transaction, entry, rows),
        IndexRows::Publisher | IndexRows::Operator => Ok(()),
    }
}

/// The index rows of a notice, at its first entry only: a further signature of the same payload adds no fact.
fn write_notice(transaction: &Transaction<'_>, entry: &NewEntry, rows: &NoticeRows) -> rusqlite::Result<()> {
    let idx = to_sql(entry.stored.index);
    let inserted = transaction
        .prepare_cached(
            "INSERT INTO notices (idx, notice_id, kind, issuer, role, issued, first_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (notice_id) DO NOTHING",
        )?
        .execute(params![
            idx,
            entry.stored.payload_id.as_bytes(),
            rows.kind.as_str(),
            entry.stored.issuer.as_str(),
            rows.role.as_str(),
            rows.issued.time().timestamp(),
            millis(entry.stored.first_seen),
        ])?;
    if inserted == 0 {
        return Ok(());
    }
    let mut fact = transaction.prepare_cached("INSERT OR IGNORE INTO facts (key, role, idx) VALUES (?1, ?2, ?3)")?;
    for known in &rows.facts {
        fact.execute(params![known.key.as_str(), known.role.as_str(), idx])?;
    }
    let mut prior = transaction.prepare_cached("INSERT OR IGNORE INTO priors (target, idx) VALUES (?1, ?2)")?;
    for target in &rows.priors {
        prior.execute(params![target.as_bytes(), idx])?;
    }
    let mut reason = transaction.prepare_cached("INSERT OR IGNORE INTO reasons (reason, idx) VALUES (?1, ?2)")?;
    for code in &rows.reasons {
        reason.execute(params![code.as_str(), idx])?;
    }
    let mut list = transaction
        .prepare_cached("INSERT OR IGNORE INTO digest_lists (algorithm, list, role, idx) VALUES (?1, ?2, ?3, ?4)")?;
    for (hash, algorithm, role) in &rows.lists {
        list.execute(params![algorithm.as_str(), hash.as_bytes(), role.as_str(), idx])?;
    }
    let mut name =
        transaction.prepare_cached("INSERT OR IGNORE INTO document_names (hash, idx, kind, count) VALUES (?1, ?2, ?3, ?4)")?;
    for (hash, kind) in &rows.documents {
        let (word, count) = kind_columns(*kind);
        name.execute(params![hash.as_bytes(), idx, word, count])?;
    }
    // Texts that came before this notice (another one named them first) are found under this one too.
    let texts = rows.documents.iter().find(|(_, kind)| *kind == DocumentKind::Texts).map(|(hash, _)| hash.as_bytes());
    let sql = "INSERT INTO words (rowid, names, texts) VALUES (?1, ?2, coalesce(
                   (SELECT w.texts FROM document_names n JOIN words w ON w.rowid = n.idx
                    WHERE n.hash = ?3 AND w.texts <> '' LIMIT 1), ''))";
    transaction.prepare_cached(sql)?.execute(params![idx, rows.names, texts])?;
    Ok(())
}

/// How a kind of document stands in its two columns.
pub(super) fn kind_columns(kind: DocumentKind) -> (&'static str, i64) {
    match kind {
        DocumentKind::Texts => ("texts", 0),
        DocumentKind::DigestList { algorithm, count } => (algorithm.as_str(), to_sql(count)),
    }
}

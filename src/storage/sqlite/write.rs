//! The two atomic verbs of the writer, each one transaction.
//!
//! They have a connection of their own, on which each transaction first says how hard it is held to its word: an append is
//! synced when it returns, a publication with the next commit ([`LedgerWrite::publish`] says why that is enough). Everybody else
//! writes on the connection of the store, where every commit is synced.

use std::collections::HashSet;
use std::sync::Arc;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::cosignatures::{note_signed_time, put_cosignature};
use super::documents::put_document;
use super::index::{Indexer, LONGEST_TAIL, Learned};
use super::tiles::put_tile;
use super::wal::WriteAheadLog;
use super::{SqliteStore, corrupt, from_sql, millis, seal, to_sql, unavailable};
use crate::ledger::ports::LedgerWrite;
use crate::ledger::stored::{Batch, Head, NewDocument, NewEntry, PublishedHead};
use crate::ledger::{AppendError, Cosigned, Room, StoreError};
use crate::tlog::Hash;

/// The [`LedgerWrite`] of a SQLite database, with the indexer that follows it.
pub struct SqliteWriter {
    store: SqliteStore,
    /// Opened when it is needed, and again after an error, which may have broken it.
    connection: Option<Connection>,
    indexer: Indexer,
    wal: WriteAheadLog,
}

/// When a commit must have reached the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Synced {
    /// When it returns.
    AtOnce,
    /// With the next commit that is synced. Until then a power cut may take it, and nothing else.
    Later,
}

impl SqliteWriter {
    /// A writer on this database. That there is only one is the data folder's lock to see to; that a second one loses
    /// is what [`LedgerWrite::append`] sees to.
    pub fn new(store: SqliteStore) -> Self {
        Self::within(store, Room::endless())
    }

    /// The same, taking what could be done without, such as bundles as they are served, only as long as there is ample `room`.
    pub fn within(store: SqliteStore, room: Room) -> Self {
        let indexer = Indexer::start(store.clone(), room.clone());
        let wal = WriteAheadLog::of(store.clone(), room);
        Self { store, connection: None, indexer, wal }
    }

    /// Runs one transaction, with everybody else who writes kept out. It is not begun when it cannot be synced as it is asked to.
    fn transact<T, E: From<StoreError>>(
        &mut self,
        doing: &'static str,
        synced: Synced,
        write: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let failed = unavailable(doing);
        let _alone = self.store.writer();
        let mut connection = self.connection.take().map_or_else(|| self.connect(), Ok)?;
        let level = match synced {
            Synced::AtOnce => "PRAGMA synchronous = FULL",
            Synced::Later => "PRAGMA synchronous = NORMAL",
        };
        connection.execute_batch(level).map_err(&failed)?;
        let transaction = begin(&mut connection).map_err(&failed)?;
        let written = write(&transaction)?;
        transaction.commit().map_err(&failed)?;
        if synced == Synced::Later {
            // Now nobody waits for the disk.
            self.wal.tend(&mut connection);
        }
        self.connection = Some(connection);
        Ok(written)
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        let mut connection = self.store.log().second_writer()?;
        self.wal.watch(&mut connection)?;
        Ok(connection)
    }

    /// Hands what was committed to the index: to its tail at once, to its file when the indexer comes to it.
    fn hand_over(&self, batch: &Batch, documents: Vec<&NewDocument>) {
        for document in documents {
            self.store.index().remember_words(document.hash, document.words.clone());
            self.store.lists().fileless().changed(&document.hash);
        }
        self.store.learn(batch.entries.iter().map(|entry| Arc::new(Learned::of(entry))).collect());
        let tail = self.store.tail();
        self.indexer.ring(tail);
        if tail > LONGEST_TAIL
            && let Err(error) = self.store.carry_over(&mut |_, _| {})
        {
            tracing::warn!(%error, "the index stays behind the log");
        }
    }

    /// Unique in a log is (payload type, payload, key). The ledger has seen to it; what it overlooked would be published for good.
    fn refuse_repeated(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut seen = HashSet::new();
        for NewEntry { stored, .. } in &batch.entries {
            let there = self.store.places(stored.kind, &stored.payload_id, batch.expected.size)?;
            let again = !seen.insert((stored.kind, stored.payload_id, stored.key));
            if again || there.iter().any(|place| place.key == stored.key) {
                return Err(corrupt(format!("entry {} stands in the log already", stored.index)));
            }
        }
        Ok(())
    }
}

impl LedgerWrite for SqliteWriter {
    fn append(&mut self, batch: &Batch) -> Result<(), AppendError> {
        // The tail must follow the log without a hole, also after an append of which nobody knew whether it happened.
        if self.store.tail_end() != batch.expected.size {
            self.store.catch_up(u64::MAX)?;
        }
        self.refuse_repeated(batch)?;
        let documents = self.transact("appending to the log", Synced::AtOnce, |transaction| {
            let newest = newest_head(transaction)?.unwrap_or(Head::EMPTY);
            if newest != batch.expected {
                return Err(AppendError::HeadMoved { found: newest.size });
            }
            write_batch(transaction, batch).map_err(|e| match e {
                Write::Sql(e) => unavailable("appending to the log")(e).into(),
                Write::Store(e) => e.into(),
            })
        })?;
        self.hand_over(batch, documents);
        Ok(())
    }

    fn publish(&mut self, head: &PublishedHead, own: Option<&Cosigned>) -> Result<(), StoreError> {
        self.transact("publishing a checkpoint", Synced::Later, |transaction| {
            let failed = unavailable("publishing a checkpoint");
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
                put_cosignature(transaction, head.head.size, own).map_err(&failed)?;
                note_signed_time(transaction, own.time).map_err(&failed)?;
            }
            Ok(())
        })
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
    row.map(|(size, root)| Ok(Head { size: from_sql(size)?, root: Hash::from_bytes(super::array(&root, "a root")?) }))
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

/// Writes everything; the documents that are new.
fn write_batch<'b>(transaction: &Transaction<'_>, batch: &'b Batch) -> Result<Vec<&'b NewDocument>, Write> {
    let mut entry = transaction.prepare_cached(
        "INSERT INTO entries (idx, leaf, payload_type, payload_id, public_key, issuer, first_seen, provenance, bytes, seal)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for (offset, NewEntry { stored, .. }) in (0_u64..).zip(&batch.entries) {
        if stored.index != batch.expected.size + offset {
            return Err(Write::Store(corrupt(format!("index {} would leave a hole", stored.index))));
        }
        entry.execute(params![
            to_sql(stored.index),
            stored.leaf.as_bytes(),
            stored.kind.as_str(),
            stored.payload_id.as_bytes(),
            stored.key,
            stored.issuer.as_str(),
            millis(stored.first_seen),
            stored.provenance.as_text(),
            stored.bytes,
            seal::of(stored),
        ])?;
    }
    for (id, hashes) in &batch.tiles {
        let before = id.width_at(batch.expected.size).map_or(0, usize::from);
        put_tile(transaction, *id, hashes, before)?;
    }
    transaction
        .prepare_cached("INSERT INTO heads (size, root) VALUES (?1, ?2)")?
        .execute(params![to_sql(batch.head.size), batch.head.root.as_bytes()])?;
    let mut new = Vec::new();
    for document in &batch.documents {
        if put_document(transaction, document)? {
            new.push(document);
        }
    }
    Ok(new)
}

//! Bringing the index up to the log: the tail in memory, and the file behind it.

use std::collections::HashMap;
use std::sync::{Arc, RwLockReadGuard};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::super::log::{entries_between, leaf_of};
use super::super::write::{begin, newest_head};
use super::super::{SqliteStore, array, from_sql, to_sql, unavailable};
use super::filter::Kind;
use super::recent::{Learned, Recent};
use super::rows;
use super::schema::{self, Progress};
use super::writing::{self, Text};
use crate::ledger::StoreError;
use crate::ledger::derived;
use crate::ledger::stored::{DocumentKind, StoredEntry};
use crate::notice::DocumentHash;

/// How many entries one transaction of the file takes.
pub(super) const CHUNK: u64 = 8_192;
/// How many entries leave the tail at once, while everybody who asks waits.
const LEAVING: usize = 256;
/// So many entries may wait in memory for the file: with more, an append waits for the indexer, and what opening finds missing is
/// carried over at once.
pub(in super::super) const LONGEST_TAIL: u64 = 16_384;

impl SqliteStore {
    /// Looks at what stands in the file when it is opened: tables of another version or rows of another log are thrown away.
    pub(in super::super) fn begin_index(&self) -> Result<(), StoreError> {
        let failed = unavailable("opening the index");
        let mut connection = self.index().file.writer();
        let known = schema::version(&connection).map_err(&failed)? == schema::VERSION;
        let ours = known && {
            let progress = schema::progress(&connection).map_err(&failed)?;
            match progress.entries.checked_sub(1) {
                None => true,
                Some(last) => self.read(|c| leaf_of(c, last))?.is_some_and(|leaf| leaf.as_bytes()[..] == progress.leaf[..]),
            }
        };
        if !ours {
            if known {
                tracing::warn!(file = %self.index().file.path().display(), "the index is not of this log; it is derived anew");
            }
            schema::begin_anew(&mut connection).map_err(&failed)?;
        }
        let start = schema::progress(&connection).map_err(&failed)?.entries;
        *self.index().recent_mut() = Recent::beginning_at(start);
        Ok(())
    }

    /// The tail, with every entry below `size` in it or in the file. Take what it has before asking the file.
    pub(super) fn covering(&self, size: u64) -> Result<RwLockReadGuard<'_, Recent>, StoreError> {
        let recent = self.index().recent();
        if recent.end() >= size {
            return Ok(recent);
        }
        drop(recent);
        self.catch_up(size)?;
        Ok(self.index().recent())
    }

    /// Takes entries into the tail that were committed without going through it: by another process, or by an append whose end
    /// is unknown.
    pub(in super::super) fn catch_up(&self, size: u64) -> Result<(), StoreError> {
        let head = self.read(newest_head)?.map_or(0, |head| head.size).min(size);
        loop {
            if self.index().recent().end() >= head {
                return Ok(());
            }
            let failed = unavailable("reading the index");
            let indexed = self.index().file.read(|c| schema::progress(c).map_err(&failed))?.entries;
            if head.saturating_sub(indexed.max(self.index().recent().end())) > LONGEST_TAIL {
                self.carry_over(&mut |_, _| {})?;
            }
            let mut recent = self.index().recent_mut();
            if indexed > recent.end() {
                // Another process carried over what this one never saw.
                self.index().filter.forget();
                *recent = Recent::beginning_at(indexed);
            }
            let from = recent.end();
            let to = head.min(from + CHUNK);
            for entry in self.read(|c| entries_between(c, from, to))? {
                let learned = Arc::new(Learned::new(&entry, derived::rows_of_entry(&entry)?));
                self.index().filter.learn(&learned);
                recent.push(learned);
            }
        }
    }

    /// Takes what was just committed into the tail.
    pub(in super::super) fn learn(&self, learned: Vec<Learned>) {
        let mut recent = self.index().recent_mut();
        for learned in learned {
            // Learned by the filter and visible in the tail under one lock: nobody can see it and be told that it is nowhere.
            self.index().filter.learn(&learned);
            recent.push(Arc::new(learned));
        }
    }

    /// Carries everything that is committed into the file: entries, then documents. `progress` is told how many of how many
    /// entries are done.
    pub(in super::super) fn carry_over(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError> {
        let failed = unavailable("writing the index");
        loop {
            let (head, newest) = self.read(|c| Ok((newest_head(c)?.map_or(0, |head| head.size), newest_document(c)?)))?;
            let mut connection = self.index().file.writer();
            let transaction = begin(&mut connection).map_err(&failed)?;
            let done = schema::progress(&transaction).map_err(&failed)?;
            progress(done.entries, head);
            if done.entries >= head && done.documents >= newest {
                return Ok(());
            }
            let chunk = self.next_chunk(&done, head)?;
            let reached = self.write_chunk(&transaction, &chunk, &done, newest)?;
            schema::note_progress(&transaction, &reached).map_err(&failed)?;
            transaction.commit().map_err(&failed)?;
            drop(connection);
            self.leave_tail(done.entries, reached.entries);
        }
    }

    /// Drops from the tail what stands in the file now: everything before `reached`, in parts since `from`.
    fn leave_tail(&self, from: u64, reached: u64) {
        for part in (from..reached).step_by(LEAVING).skip(1).chain([reached]) {
            let mut recent = self.index().recent_mut();
            if part > recent.end() {
                // They came from the log and not from the tail, so the filter never learned of them.
                self.index().filter.forget();
            }
            recent.drop_before(part);
        }
    }

    /// Carries over what a question about `size` entries needs in the file. Where nothing can be written now, the file may have all
    /// of that already; only what it lacks makes the question one that cannot be answered.
    pub(super) fn carry_over_for(&self, size: u64) -> Result<(), StoreError> {
        let Err(error) = self.carry_over(&mut |_, _| {}) else { return Ok(()) };
        let failed = unavailable("reading the index");
        let has_all = || Ok::<_, StoreError>(self.index().file.read(|c| schema::progress(c).map_err(&failed))?.entries >= size);
        match error {
            StoreError::Unavailable { .. } if has_all()? => Ok(()),
            error => Err(error),
        }
    }

    /// The next entries for the file, from the tail when they are there and otherwise from the log.
    fn next_chunk(&self, done: &Progress, head: u64) -> Result<Vec<Arc<Learned>>, StoreError> {
        let from = done.entries;
        {
            let recent = self.index().recent();
            if recent.start() <= from && from < recent.end() {
                return Ok(recent.from(from, usize::try_from(CHUNK).unwrap_or(usize::MAX)));
            }
        }
        let entries = self.read(|c| entries_between(c, from, head.min(from + CHUNK)))?;
        derive_all(&entries)
    }

    fn write_chunk(
        &self,
        transaction: &Transaction<'_>,
        chunk: &[Arc<Learned>],
        done: &Progress,
        newest: i64,
    ) -> Result<Progress, StoreError> {
        let mut reached = Progress { documents: newest, ..done.clone() };
        if let Some(last) = chunk.last() {
            reached.entries = last.index + 1;
            reached.leaf = last.leaf.as_bytes().to_vec();
        }
        // Nobody waits for an answer here, and a whole chunk may take longer than an answer may.
        self.log().read_at_leisure(|log| {
            let mut known = HashMap::new();
            writing::write(transaction, chunk, &mut |document| self.text_of(transaction, log, document, newest, &mut known))?;
            self.carry_documents(transaction, log, done, newest)
        })?;
        Ok(reached)
    }

    /// What is known of a document up to number `newest`.
    fn text_of(
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
        let failed = unavailable("reading a document");
        let row: Option<(i64, bool)> = log
            .prepare_cached("SELECT seq, bytes IS NOT NULL FROM documents WHERE hash = ?1")
            .and_then(|mut select| select.query_row([document.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .map_err(&failed)?;
        match row {
            None => return Ok(Text::Awaited),
            Some((seq, here)) if seq > newest || !here => return Ok(Text::Later),
            Some(_) => {}
        }
        let remembered = match self.index().take_words(document) {
            Some(words) => Some(words),
            None => words_before(transaction, document)?,
        };
        let words = match remembered {
            Some(words) => Some(words),
            None => words_of_bytes(log, document)?,
        };
        let Some(words) = words else { return Ok(Text::Later) };
        known.insert(*document, words.clone());
        Ok(Text::Here(words))
    }

    /// Makes the words of documents that came after the notices that name them findable.
    fn carry_documents(
        &self,
        transaction: &Transaction<'_>,
        log: &Connection,
        done: &Progress,
        newest: i64,
    ) -> Result<(), StoreError> {
        let failed = unavailable("carrying over documents");
        let mut select = log
            .prepare_cached("SELECT hash, bytes FROM documents WHERE seq > ?1 AND seq <= ?2 ORDER BY seq")
            .map_err(&failed)?;
        let mut documents = select.query(params![done.documents, newest]).map_err(&failed)?;
        while let Some(row) = documents.next().map_err(&failed)? {
            let hash: Vec<u8> = row.get(0).map_err(&failed)?;
            let document = DocumentHash::from_bytes(array(&hash, "a document hash")?);
            transaction
                .prepare_cached("DELETE FROM awaited WHERE hash = ?1")
                .and_then(|mut delete| delete.execute([document.as_bytes()]))
                .map_err(&failed)?;
            let named = names_before(transaction, &document, done.entries)?;
            let words = self.index().take_words(&document);
            if named.is_empty() {
                continue;
            }
            let Some(bytes) = row.get::<_, Option<Vec<u8>>>(1).map_err(&failed)? else { continue };
            let words = words.unwrap_or_else(|| derived::words_of_texts(&bytes));
            for idx in named {
                transaction
                    .prepare_cached("UPDATE words SET texts = ?2 WHERE rowid = ?1")
                    .and_then(|mut update| update.execute(params![idx, words]))
                    .map_err(&failed)?;
            }
        }
        Ok(())
    }

    /// Makes a filter of everything that is held, from the tail and then from the file.
    pub(super) fn fill_filter(&self) -> Result<(), StoreError> {
        let failed = unavailable("reading the index");
        let held = self.index().file.read_at_leisure(|c| {
            let sql = "SELECT (SELECT count(*) FROM facts) + 2 * (SELECT count(*) FROM leaves)";
            c.query_row(sql, [], |row| row.get(0)).map_err(&failed).and_then(from_sql)
        })?;
        let sieve = self.index().filter.begin(held);
        // In this order: what is dropped from the tail now is in the file already.
        for learned in self.index().recent().from(0, usize::MAX) {
            self.index().filter.learn(&learned);
        }
        self.index().file.read_at_leisure(|c| {
            for (kind, sql) in [
                (Kind::Key, "SELECT key FROM facts"),
                (Kind::Leaf, "SELECT leaf FROM leaves"),
                (Kind::Payload, "SELECT payload_id FROM payloads"),
                (Kind::Target, "SELECT target FROM priors"),
                (Kind::Records, "SELECT DISTINCT issuer FROM records"),
                (Kind::Lists, "SELECT DISTINCT algorithm FROM digest_lists"),
            ] {
                let mut select = c.prepare(sql).map_err(&failed)?;
                let mut rows = select.query([]).map_err(&failed)?;
                while let Some(row) = rows.next().map_err(&failed)? {
                    let hash = match row.get_ref(0).map_err(&failed)? {
                        ValueRef::Integer(hash) => hash,
                        ValueRef::Text(text) => schema::text_hash(&String::from_utf8_lossy(text)),
                        other => {
                            let bytes = other.as_blob().map_err(|e| super::super::corrupt(e.to_string()))?;
                            schema::first_eight(&array(bytes, "a payload id")?)
                        }
                    };
                    sieve.insert(kind.mix(hash));
                }
            }
            Ok(())
        })?;
        let _recent = self.index().recent();
        self.index().filter.finish(&sieve);
        Ok(())
    }

    /// Whether the filter ought to be made anew.
    pub(super) fn wants_filter(&self) -> bool {
        self.index().filter.wants_more()
    }

    /// The index of the first entry that stands neither in the tail nor before it.
    pub(in super::super) fn tail_end(&self) -> u64 {
        self.index().recent().end()
    }

    /// How many entries stand in memory only.
    pub(in super::super) fn tail(&self) -> u64 {
        self.index().recent().len() as u64
    }
}

/// What the index learns from these entries, on two threads when there are many: deriving is parsing, and rebuilding a large log
/// waits for it.
fn derive_all(entries: &[StoredEntry]) -> Result<Vec<Arc<Learned>>, StoreError> {
    let derive = |entries: &[StoredEntry]| -> Result<Vec<Arc<Learned>>, StoreError> {
        entries.iter().map(|entry| Ok(Arc::new(Learned::new(entry, derived::rows_of_entry(entry)?)))).collect()
    };
    let (left, right) = entries.split_at(entries.len() / 2);
    let (left, right) = std::thread::scope(|scope| {
        let beside = scope.spawn(|| derive(right));
        (derive(left), beside.join())
    });
    let mut learned = left?;
    // A thread that panicked has said so; what it was to derive is missing.
    learned.extend(right.unwrap_or_else(|_panic| derive(entries.split_at(entries.len() / 2).1))?);
    Ok(learned)
}

/// The number of the newest document.
fn newest_document(log: &Connection) -> Result<i64, StoreError> {
    let failed = unavailable("reading documents");
    let mut select = log.prepare_cached("SELECT coalesce(max(seq), 0) FROM documents").map_err(&failed)?;
    select.query_row([], |row| row.get(0)).map_err(&failed)
}

/// The words of a document as its bytes have them; `None` when it was removed a moment ago.
fn words_of_bytes(log: &Connection, document: &DocumentHash) -> Result<Option<String>, StoreError> {
    let failed = unavailable("reading a document");
    let mut select = log.prepare_cached("SELECT bytes FROM documents WHERE hash = ?1").map_err(&failed)?;
    let bytes: Option<Vec<u8>> = select.query_row([document.as_bytes()], |row| row.get(0)).map_err(&failed)?;
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

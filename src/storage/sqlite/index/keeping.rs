//! Bringing the index up to the log: the tail in memory, and the file behind it.

use std::collections::HashMap;
use std::sync::{Arc, RwLockReadGuard};

use rusqlite::Transaction;

use super::super::log::{entries_between, leaf_of};
use super::super::write::{begin, newest_head};
use super::super::{SqliteStore, unavailable};
use super::recent::{Learned, Recent};
use super::schema::{self, Progress};
use super::words::newest_document;
use super::writing;
use crate::ledger::StoreError;
use crate::ledger::derived;
use crate::ledger::stored::StoredEntry;

/// How many entries one transaction of the file takes: the more, the more rows share a page that is written.
pub(super) const CHUNK: u64 = 16_384;
/// How many entries leave the tail at once, while everybody who asks waits.
const LEAVING: usize = 256;
/// So many entries may wait in memory for the file: with more, an append waits for the indexer, and what opening finds missing is
/// carried over at once.
pub(in super::super) const LONGEST_TAIL: u64 = CHUNK + CHUNK / 2;

impl SqliteStore {
    /// Looks at what stands in the file when it is opened: tables of another version or rows of another log are thrown away.
    pub(in super::super) fn begin_index(&self) -> Result<(), StoreError> {
        let failed = unavailable("opening the index");
        let mut connection = self.index().file.writer();
        let known = schema::version(&connection).map_err(&failed)? == schema::VERSION;
        let ours = known && {
            schema::check(&connection)?;
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
            let from = {
                let mut recent = self.index().recent_mut();
                if indexed > recent.end() {
                    // Another process carried over what this one never saw.
                    self.index().filter.forget();
                    *recent = Recent::beginning_at(indexed);
                }
                recent.end()
            };
            // Read before the tail is locked: whoever asks memory alone must not wait for a disk.
            let entries = self.read(|c| entries_between(c, from, head.min(from + CHUNK)))?;
            self.learn(derive_all(&entries)?);
        }
    }

    /// Takes what was just committed into the tail.
    pub(in super::super) fn learn(&self, learned: Vec<Arc<Learned>>) {
        let mut recent = self.index().recent_mut();
        for learned in learned {
            // Learned by the filter and visible in the tail under one lock: nobody can see it and be told that it is nowhere.
            self.index().filter.learn(&learned);
            recent.push(learned);
        }
    }

    /// Carries everything that is committed by now into the file: entries, then documents. `progress` is told how many of how many
    /// entries are done.
    ///
    /// What is committed meanwhile is left for the next time. Else it would be carried over at once, however little it is, and what
    /// is committed during that after it: as long as entries come, most pages of the file would be written for a few entries.
    pub(in super::super) fn carry_over(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError> {
        let failed = unavailable("writing the index");
        let (head, newest) = self.read(|c| Ok((newest_head(c)?.map_or(0, |head| head.size), newest_document(c)?)))?;
        loop {
            let mut connection = self.index().file.writer();
            let transaction = begin(&mut connection).map_err(&failed)?;
            let done = schema::progress(&transaction).map_err(&failed)?;
            progress(done.entries, head);
            if done.entries >= head && done.documents >= newest {
                return Ok(());
            }
            let chunk = self.next_chunk(&done, head)?;
            // Asked now, so that those which came with these entries are among them.
            let newest = self.read(newest_document)?;
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

#[cfg(test)]
mod tests {
    use crate::storage::sample::{Person, Place, many};

    #[test]
    fn carrying_over_ends_while_entries_are_committed_as_fast_as_they_are_carried_over() {
        let place = Place::new();
        let mut server = place.open();
        server.put_all(many(&Person::new(1), 0..20));
        let store = server.store.clone();
        let mut looks = 0;
        store
            .carry_over(&mut |_, _| {
                looks += 1;
                assert!(looks < 50, "it goes on as long as entries come");
                server.put_all(many(&Person::new(1), 20 * looks..20 * looks + 20));
            })
            .unwrap();
        // One to find that there is something, one to find that there is nothing; the indexer may have been here before.
        assert!((1..=2).contains(&looks), "{looks}");
        let all = 20 * (looks + 1);
        assert_eq!((server.size(), store.tail_end()), (all, all));
    }
}

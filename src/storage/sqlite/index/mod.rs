//! The index over the log: a second file, written behind the commit, which can be thrown away.
//!
//! A notice has some twenty index rows, each in another place of its table. Written in the commit that its publisher waits
//! for, they would cost more than everything else together. So the commit writes the entries in their order and nothing else,
//! and the index follows: what was committed and is not in the index file yet stands in memory ([`recent`]), and an indexer
//! carries it over, many entries at a time ([`indexer`]). A question asks the tail first and the file second.
//!
//! Nothing here is lost with the file: a crash leaves it behind the log, and opening derives the rest from the entries; a
//! missing or foreign file is derived anew. [`filter`] says in memory of most keys that nothing holds them.
//!
//! | file | is |
//! |---|---|
//! | `schema` | the tables |
//! | `recent` | the tail in memory |
//! | `keeping` | bringing the file and the tail up to the log |
//! | `writing` | what entries write, many at a time |
//! | `words` | the words of documents |
//! | `rows` | whether what an entry writes stands there |
//! | `indexer` | the thread that carries over |
//! | `filter`, `filling` | which keys are held nowhere |
//! | `answered` | what was asked before |
//! | `memory` | answering questions from these three alone |
//! | `lookup`, `search`, `tally` | answering questions |
//! | `checking` | whether its tables agree with each other |

mod answered;
mod checking;
mod filling;
mod filter;
mod indexer;
mod keeping;
mod lookup;
mod memory;
mod recent;
mod rows;
mod schema;
mod search;
mod tally;
#[cfg(test)]
mod tests_plans;
mod words;
mod writing;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::database::{Database, Keeping};
use crate::ledger::StoreError;
use crate::notice::DocumentHash;
use filter::Filter;
pub(super) use indexer::Indexer;
pub(super) use keeping::LONGEST_TAIL;
pub(super) use recent::Learned;
use recent::Recent;

/// Of so many documents the words are remembered at most: twice as many as have entries that wait for the file.
const MOST_WORDS: u64 = 2 * LONGEST_TAIL;

/// How many notices stand below a size of the log.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    size: u64,
    notices: u64,
}

/// The index of one store.
pub(super) struct Index {
    file: Database,
    recent: RwLock<Recent>,
    filter: Filter,
    /// Words of documents that were kept and are not in the file yet, so that they are not read from the bytes again.
    words: Mutex<HashMap<DocumentHash, String>>,
    /// As far as notices were counted last.
    counted: Mutex<Counted>,
}

impl Index {
    /// The name of its file, beside the log's.
    pub(super) const FILE: &str = "index.db";

    /// Opens the file. What stands in it is looked at by `SqliteStore::begin_index`, which has the log too.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let file = Database::open(path, Keeping::Derived)?;
        Ok(Self {
            file,
            recent: RwLock::default(),
            filter: Filter::default(),
            words: Mutex::default(),
            counted: Mutex::default(),
        })
    }

    fn recent(&self) -> RwLockReadGuard<'_, Recent> {
        self.recent.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn recent_mut(&self) -> RwLockWriteGuard<'_, Recent> {
        self.recent.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn counted(&self) -> Counted {
        *self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_counted(&self, counted: Counted) {
        *self.counted.lock().unwrap_or_else(PoisonError::into_inner) = counted;
    }

    /// Its file.
    pub(super) fn database(&self) -> &Database {
        &self.file
    }

    /// Remembers the words of a document that was just kept. They can be read from its bytes as well, so nothing is lost when the
    /// indexer came to the document before its words stood here, nor when there are too many.
    pub(super) fn remember_words(&self, document: DocumentHash, words: String) {
        let mut remembered = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() as u64 >= MOST_WORDS {
            // Left over from documents that were carried over already: nobody will take them.
            remembered.clear();
        }
        remembered.insert(document, words);
    }

    fn take_words(&self, document: &DocumentHash) -> Option<String> {
        self.words.lock().unwrap_or_else(PoisonError::into_inner).remove(document)
    }
}

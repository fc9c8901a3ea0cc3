//! What memory knows of lists that have no file: the bytes of those that came along with their notices, and the names of those that are
//! not here.
//!
//! Whoever found one of both in the database tells it here, with the number of changes that were seen before looking; whoever changes the
//! database tells that afterwards. So what was found before a change, and told after it, is not remembered.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::digests::{digests_between, list_contains};
use crate::notice::{DigestPrefix, DocumentHash};

/// How many bytes of lists are kept: those of sixteen notices that bring the most they may.
const ROOM: u64 = 16 << 20;
/// How many names are kept of lists that are not here.
const MOST_ABSENT: usize = 4_096;

/// What memory knows of lists without files.
#[derive(Debug)]
pub(in super::super) struct Fileless {
    whole: Cache<DocumentHash, Arc<[u8]>, ByLength>,
    absent: Mutex<Absent>,
}

/// Lists that are not here.
#[derive(Debug, Default)]
struct Absent {
    /// Whether each was removed.
    names: BTreeMap<DocumentHash, bool>,
    changes: u64,
}

/// A list without a file.
#[derive(Debug, Clone)]
pub(in super::super) enum NoFile {
    /// It came along with its notice.
    Whole(Arc<[u8]>),
    /// It is not here: it has not come, or was removed.
    Absent {
        /// The latter.
        removed: bool,
    },
}

impl NoFile {
    /// Whether the list holds a digest; `None` when it is not here.
    pub(in super::super) fn holds(&self, digest: &[u8]) -> Option<bool> {
        match self {
            Self::Whole(bytes) => Some(list_contains(bytes, digest)),
            Self::Absent { .. } => None,
        }
    }

    /// The digests of the list that lie in a range, at most `limit`; `None` when it is not here.
    pub(in super::super) fn digests_in(&self, range: &DigestPrefix, limit: usize) -> Option<Vec<Vec<u8>>> {
        match self {
            Self::Whole(bytes) => Some(digests_between(bytes, &range.first(), &range.last(), limit)),
            Self::Absent { .. } => None,
        }
    }
}

#[derive(Debug, Clone)]
struct ByLength;

impl Weighter<DocumentHash, Arc<[u8]>> for ByLength {
    fn weight(&self, hash: &DocumentHash, bytes: &Arc<[u8]>) -> u64 {
        (hash.as_bytes().len() + bytes.len()) as u64
    }
}

impl Default for Fileless {
    fn default() -> Self {
        Self { whole: Cache::with_weighter(1_024, ROOM, ByLength), absent: Mutex::default() }
    }
}

impl Fileless {
    fn absent(&self) -> MutexGuard<'_, Absent> {
        self.absent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a list.
    pub(in super::super) fn known(&self, list: &DocumentHash) -> Option<NoFile> {
        let whole = self.whole.get(list).map(NoFile::Whole);
        whole.or_else(|| self.absent().names.get(list).map(|removed| NoFile::Absent { removed: *removed }))
    }

    /// How many changes there were: ask before looking for what will be remembered.
    pub(in super::super) fn changes(&self) -> u64 {
        self.absent().changes
    }

    /// Remembers what was found, unless something changed since.
    pub(in super::super) fn remember(&self, list: DocumentHash, found: &NoFile, changes: u64) {
        let mut absent = self.absent();
        match found {
            _ if absent.changes != changes => {}
            NoFile::Whole(bytes) => self.whole.insert(list, bytes.clone()),
            NoFile::Absent { removed } if absent.names.len() < MOST_ABSENT => drop(absent.names.insert(list, *removed)),
            NoFile::Absent { .. } => {}
        }
    }

    /// Forgets what is known of a document that came or went.
    pub(in super::super) fn changed(&self, document: &DocumentHash) {
        let mut absent = self.absent();
        absent.changes += 1;
        absent.names.remove(document);
        self.whole.remove(document);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(n: u8) -> DocumentHash {
        DocumentHash::from_bytes([n; 32])
    }

    #[test]
    fn what_was_found_before_a_change_is_not_remembered_after_it() {
        let fileless = Fileless::default();
        let before = fileless.changes();
        fileless.changed(&name(1));
        let absent = NoFile::Absent { removed: true };
        fileless.remember(name(1), &absent, before);
        assert!(fileless.known(&name(1)).is_none());
        fileless.remember(name(1), &absent, fileless.changes());
        assert!(matches!(fileless.known(&name(1)), Some(NoFile::Absent { removed: true })));
        fileless.changed(&name(1));
        assert!(fileless.known(&name(1)).is_none());
    }

    #[test]
    fn a_list_that_is_removed_leaves_no_byte_in_memory() {
        let fileless = Fileless::default();
        let bytes: Arc<[u8]> = vec![7; 64].into();
        fileless.remember(name(2), &NoFile::Whole(bytes.clone()), fileless.changes());
        assert!(matches!(fileless.known(&name(2)), Some(NoFile::Whole(known)) if known == bytes));
        fileless.changed(&name(2));
        assert!(fileless.known(&name(2)).is_none());
        assert_eq!(Arc::strong_count(&bytes), 1);
    }
}

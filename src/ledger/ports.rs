//! What the rules ask of storage: few verbs, each with its contract in words.
//!
//! Three doubles of these traits can exist: the shipped SQLite store, a store that fails on demand, and whatever database
//! comes later. All calls block; callers on an asynchronous runtime hand them to a blocking thread. Every read that answers a
//! question takes the tree size it answers for and never shows an entry at or beyond it, so that "as of N" needs no
//! transaction (architecture, "Reads take a tree size").

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::lists::{Added, ListSide, PartName};
use super::published::Cosigned;
use super::statistics::Tally;
use super::stored::{
    Batch, DocumentKind, DocumentState, FactQuery, Head, IndexRows, IssuerCount, NewDocument, Place, PublishedHead, RowCounts,
    SearchQuery, StoredEntry, StoredList, UploadGrant,
};
use crate::digests::{Checked, ListForm};
use crate::envelope::PayloadType;
use crate::notice::{Did, DigestAlgorithm, DigestPrefix, DocumentHash, LookupKey, NoticeId, PayloadId};
use crate::tlog::{Hash, TileId};

/// Why storage could not do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// Nothing is known to be wrong with the data, but it cannot be reached now: locked, full, read-only, input/output error.
    #[error("storage is unavailable while {doing}")]
    Unavailable {
        /// What was being done.
        doing: &'static str,
        /// The engine's own error.
        #[source]
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
    /// What is stored contradicts itself: run `palinode fsck`.
    #[error("stored data is corrupt: {what}")]
    Corrupt {
        /// What contradicts what.
        what: String,
    },
}

/// Why an append did not happen.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// The head is not the expected one any more: another writer is at work. Nothing was written.
    #[error("the head of the log moved to size {found}: another writer is at work")]
    HeadMoved {
        /// Size of the head that was found.
        found: u64,
    },
    /// Storage failed; whether the batch was written is unknown until the head is read again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The two atomic verbs of the one writer (protocol, section 7, rule 2).
pub trait LedgerWrite: Send {
    /// Writes entries, tiles, index rows, documents and an unsigned head together and durably, if and only if the newest head
    /// equals `batch.expected`.
    fn append(&mut self, batch: &Batch) -> Result<(), AppendError>;

    /// Makes the signed `head`, whose unsigned twin was appended, the newest published one, in one commit with our own
    /// cosignature of it and the time signed there. Every reader sees it at once. A power cut may take it until the next commit
    /// that is durable, and the append before it never: the head record holds all of it durably by then, and opening publishes
    /// again what is recorded. Publishing the same head again is harmless.
    fn publish(&mut self, head: &PublishedHead, own: Option<&Cosigned>) -> Result<(), StoreError>;
}

/// The newest signed head, kept outside the database so that a restored old database is noticed (section 7, rule 3).
pub trait HeadRecord: Send + Sync {
    /// The signed checkpoint that was recorded last, as the bytes of a note: signed by the log, and below that by our own witness
    /// unless the clock forbade it.
    fn read(&self) -> Result<Option<Vec<u8>>, StoreError>;

    /// Replaces the record, durably and atomically: after a crash either the old or the new one is read.
    fn write(&self, note: &[u8]) -> Result<(), StoreError>;
}

/// What the log holds. After [`LedgerWrite::append`] returned, reads see what it wrote, on every connection.
pub trait LogRead: Send + Sync {
    /// The newest head, signed or not; `None` for a log that has none yet.
    fn newest_head(&self) -> Result<Option<Head>, StoreError>;

    /// The newest published head.
    fn newest_published(&self) -> Result<Option<PublishedHead>, StoreError>;

    /// Published heads of `from` leaves or more, smallest first, at most `limit`.
    fn published_from(&self, from: u64, limit: usize) -> Result<Vec<PublishedHead>, StoreError>;

    /// The first `width` hashes of a tile. Fewer are [`StoreError::Corrupt`].
    fn tile(&self, id: TileId, width: u16) -> Result<Vec<Hash>, StoreError>;

    /// Entries `from..to` in order; a hole is [`StoreError::Corrupt`].
    fn entries(&self, from: u64, to: u64) -> Result<Vec<StoredEntry>, StoreError>;

    /// The bytes of the first `width` entries of bundle `index`, 1 to 256 of them, as they are served; a hole is
    /// [`StoreError::Corrupt`]. A full bundle was compared with the leaf hashes of its tile: bytes that do not hash to them are never
    /// given, and are [`StoreError::Corrupt`] too.
    fn bundle(&self, index: u64, width: u16) -> Result<Vec<u8>, StoreError>;

    /// The full bundle `index`, when its bytes are kept as they are served, and were compared since they were opened.
    fn bundle_at_hand(&self, index: u64) -> Option<Box<dyn BundleAtHand>>;

    /// The bytes that are kept for the full bundle `index` beside its entries, right or not; `None` when none are.
    /// [`StoreError::Corrupt`] when what is kept is nothing of that kind: for `fsck`.
    fn kept_bundle(&self, index: u64) -> Result<Option<Vec<u8>>, StoreError>;

    /// The entry with this leaf hash below tree size `size`.
    fn entry_by_leaf(&self, leaf: &Hash, size: u64) -> Result<Option<StoredEntry>, StoreError>;

    /// Which of these leaf hashes the log holds at any size, appended or published.
    fn known_leaves(&self, leaves: &[Hash]) -> Result<Vec<bool>, StoreError>;

    /// The entries of one payload below `size`, oldest first: the same payload signed by several keys has several.
    fn entries_of_payload(&self, kind: PayloadType, id: &PayloadId, size: u64) -> Result<Vec<StoredEntry>, StoreError>;

    /// Where the entries of one payload stand below `size`, oldest first: what [`LogRead::entries_of_payload`] would give, without
    /// reading them.
    fn places_of_payload(&self, kind: PayloadType, id: &PayloadId, size: u64) -> Result<Vec<Place>, StoreError>;

    /// Indexes of the publisher records of one DID below `size`, in order.
    fn places_of_records(&self, did: &Did, size: u64) -> Result<Vec<u64>, StoreError>;

    /// What the operator of this server stated below `size`, in order.
    fn statements(&self, size: u64) -> Result<Vec<StoredEntry>, StoreError>;

    /// The publisher records of one DID below `size`.
    fn records_of(&self, did: &Did, size: u64) -> Result<Vec<StoredEntry>, StoreError>;
}

/// A full bundle of entries that can be read in pieces, on a thread that must not wait.
pub trait BundleAtHand: Send + Sync {
    /// How many bytes it has.
    fn length(&self) -> u64;

    /// Reads what stands at `from` into `piece`, as far as memory has it; how many bytes that were, at least one. `None` when it
    /// would have to be waited for, or cannot be read: [`LogRead::bundle`] tells more.
    fn read(&self, from: u64, piece: &mut [u8]) -> Option<usize>;
}

/// The index over the log: all of it can be derived again from the entries.
pub trait IndexRead: Send + Sync {
    /// Ids of the notices below `size` that carry one of these facts.
    fn notices_with(&self, query: FactQuery, keys: &[LookupKey], size: u64) -> Result<Vec<NoticeId>, StoreError>;

    /// Ids of the notices below `size` with a `prior` edge to one of these.
    fn notices_pointing_at(&self, targets: &[NoticeId], size: u64) -> Result<Vec<NoticeId>, StoreError>;

    /// Ids of the notices below `size` that name this document, the oldest first, at most `limit`.
    fn notices_naming(&self, document: &DocumentHash, size: u64, limit: usize) -> Result<Vec<NoticeId>, StoreError>;

    /// Digest lists of this algorithm that notices below `size` name.
    fn digest_lists(&self, algorithm: DigestAlgorithm, size: u64) -> Result<Vec<StoredList>, StoreError>;

    /// The plain digests in `range` that notices below `size` name, ascending and each once, at most `limit`.
    fn digests_in(&self, range: &DigestPrefix, size: u64, limit: usize) -> Result<Vec<Vec<u8>>, StoreError>;

    /// Indexes of the first entries of the notices that match, newest first, at most `query.limit`.
    fn search(&self, query: &SearchQuery, size: u64) -> Result<Vec<u64>, StoreError>;

    /// Whether exactly these rows stand in the index for this entry, when it is the first of its payload: what `fsck` asks. Rows
    /// that nothing accounts for are found by [`IndexRead::row_counts`].
    fn holds(&self, entry: &StoredEntry, rows: &IndexRows) -> Result<bool, StoreError>;

    /// How many rows there are of the entries below `size`.
    fn row_counts(&self, size: u64) -> Result<RowCounts, StoreError>;

    /// The words of texts that are found under the notice whose first entry stands at `index`; `None` when it has no row.
    fn text_words(&self, index: u64) -> Result<Option<String>, StoreError>;

    /// Where tables of the index contradict each other, or the documents that are here, a sentence each.
    fn contradictions(&self) -> Result<Vec<String>, StoreError>;

    /// How many notices stand below `size`.
    fn count_notices(&self, size: u64) -> Result<u64, StoreError>;

    /// What sorts of notices have their first entry from `from` on and below `to`.
    fn tally(&self, from: u64, to: u64) -> Result<Tally, StoreError>;

    /// How much this issuer has in the log, since the hour of `since` began and in all, unpublished entries included.
    fn count_of_issuer(&self, issuer: &Did, since: DateTime<Utc>) -> Result<IssuerCount, StoreError>;

    /// The DIDs that have a publisher record or a notice below `size`, in order, after `after`, at most `limit`.
    fn issuers(&self, after: Option<&Did>, limit: usize, size: u64) -> Result<Vec<Did>, StoreError>;
}

/// What is known without reading anything: these calls, and only these, never wait for a disk. What they answer is what the log
/// and the index would, as of the same size; `None` and `false` are no answer.
pub trait MemoryRead: Send + Sync {
    /// Whether no entry below `size` has this payload.
    fn has_no_payload(&self, id: &PayloadId, size: u64) -> bool;

    /// What [`LogRead::places_of_payload`] gives.
    fn places_at_hand(&self, kind: PayloadType, id: &PayloadId, size: u64) -> Option<Vec<Place>>;

    /// What [`LogRead::places_of_records`] gives.
    fn records_at_hand(&self, did: &Did, size: u64) -> Option<Vec<u64>>;

    /// Of each question, whether no notice below `size` carries any of its facts, in either sense.
    fn are_nowhere(&self, questions: &[Vec<LookupKey>], size: u64) -> Vec<bool>;

    /// What [`IndexRead::notices_with`] gives.
    fn notices_with_at_hand(&self, query: FactQuery, keys: &[LookupKey], size: u64) -> Option<Vec<NoticeId>>;

    /// What [`IndexRead::notices_pointing_at`] gives.
    fn notices_pointing_at_hand(&self, targets: &[NoticeId], size: u64) -> Option<Vec<NoticeId>>;

    /// What [`IndexRead::digest_lists`] gives.
    fn lists_at_hand(&self, algorithm: DigestAlgorithm, size: u64) -> Option<Vec<StoredList>>;
}

/// Detached documents: bytes named by their SHA-256 (protocol, sections 3 and 4).
pub trait DocumentStore: Send + Sync {
    /// What is known of a document, without its bytes.
    fn state(&self, hash: &DocumentHash) -> Result<DocumentState, StoreError>;

    /// The bytes, when they are here.
    fn read(&self, hash: &DocumentHash) -> Result<Option<Vec<u8>>, StoreError>;

    /// Keeps a document that an entry names, durably, with its text for full-text search. Keeping it again is harmless; a
    /// removed one never comes back.
    fn keep(&self, document: &NewDocument) -> Result<(), StoreError>;

    /// Which kind of document the entries below `size` name by this hash; `None` when none does.
    fn named_as(&self, hash: &DocumentHash, size: u64) -> Result<Option<DocumentKind>, StoreError>;

    /// Documents that entries below `size` name and that are neither here nor removed, at most `limit`.
    fn missing(&self, size: u64, limit: usize) -> Result<Vec<(DocumentHash, DocumentKind)>, StoreError>;

    /// Names of the documents that are here, in order, after `after`, at most `limit`.
    fn kept(&self, after: Option<&DocumentHash>, limit: usize) -> Result<Vec<DocumentHash>, StoreError>;

    /// Remembers that the holder of a token may upload a document until the grant ends, and forgets grants that ended.
    fn grant_upload(&self, grant: &UploadGrant) -> Result<(), StoreError>;

    /// Whether `token_hash` may upload `hash` at `now`.
    fn upload_granted(&self, token_hash: &[u8; 32], hash: &DocumentHash, now: DateTime<Utc>) -> Result<bool, StoreError>;
}

/// Digest lists. Those that are not kept with other documents, since they may be large, have a file of their own, which never changes.
pub trait ListStore: Send + Sync {
    /// The form of a list that is here whole, in a file of its own.
    fn held_list(&self, list: &DocumentHash) -> Result<Option<ListForm>, StoreError>;

    /// Whether a list holds a digest, in a file or kept with other documents; `None` when the list is not here.
    fn list_holds(&self, list: &DocumentHash, digest: &[u8]) -> Result<Option<bool>, StoreError>;

    /// The same, as far as it is known without waiting for a disk; `None` is no answer, and `Some(None)` that the list is not here.
    fn list_holds_at_hand(&self, list: &DocumentHash, digest: &[u8]) -> Option<Option<bool>>;

    /// Whether a list that is not here was removed, as far as memory knows it.
    fn list_removed_at_hand(&self, list: &DocumentHash) -> Option<bool>;

    /// Whether a list may hold a digest, by what is in memory alone: false is certain, and true of a list that is not here.
    fn list_may_hold(&self, list: &DocumentHash, digest: &[u8]) -> bool;

    /// The digests of a list in `range`, ascending, at most `limit`; `None` when the list is not here.
    fn list_digests_in(
        &self,
        list: &DocumentHash,
        range: &DigestPrefix,
        limit: usize,
    ) -> Result<Option<Vec<Vec<u8>>>, StoreError>;

    /// Bytes of a list, at most `most` of them from `from` on; `None` when it is not here.
    fn list_range(&self, list: &DocumentHash, from: u64, most: usize) -> Result<Option<Vec<u8>>, StoreError>;

    /// What is derived from a list; `None` when it is not here.
    fn list_side(&self, list: &DocumentHash, side: ListSide) -> Result<Option<Vec<u8>>, StoreError>;

    /// Names of the lists that are here, in order.
    fn held_lists(&self) -> Result<Vec<DocumentHash>, StoreError>;

    /// How many bytes of lists are charged to an issuer: of all that are here or coming.
    fn list_bytes_of(&self, issuer: &Did) -> Result<u64, StoreError>;

    /// Whether a list is coming, so that its size is charged already.
    fn is_list_coming(&self, list: &DocumentHash) -> Result<bool, StoreError>;

    /// How many lists are coming.
    fn lists_coming(&self) -> Result<u64, StoreError>;

    /// Charges the size of a list to an issuer before its first byte comes. A list that is charged already stays with whom it is.
    fn expect_list(&self, part: &PartName, issuer: &Did, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// How many bytes came of a part, in order and without a fault.
    fn part_length(&self, part: &PartName) -> Result<u64, StoreError>;

    /// Checks bytes and adds them to a part that begins where `at` says. After a fault nothing of the part is left.
    fn add_to_part(&self, part: &PartName, at: u64, bytes: &[u8], now: DateTime<Utc>) -> Result<Added, StoreError>;

    /// Makes a list of a whole part, durably, with everything that is derived from it. False when it was removed meanwhile: then
    /// nothing of it is left.
    fn keep_list(&self, part: &PartName, checked: &Checked, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Throws a part away, and gives back what was charged for it when nobody else brings the same list.
    fn forget_part(&self, part: &PartName) -> Result<(), StoreError>;

    /// Throws away what came of lists of which nothing came since `before`.
    fn forget_stale_parts(&self, before: DateTime<Utc>) -> Result<(), StoreError>;

    /// What is wrong with a list that is here, a sentence each: it is read whole.
    fn list_faults(&self, list: &DocumentHash) -> Result<Vec<String>, StoreError>;
}

//! A double of the ports that fails on demand: every call is counted, and the n-th can fail before it happens or after.
//!
//! "Failed but happened" is what a lost answer of a database looks like: the caller must not believe that nothing was
//! written. The switchboard is shared by all the wrapped ports, so that a plan speaks of the calls of a whole server in the order
//! in which it makes them.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::envelope::PayloadType;
use crate::ledger::ports::{BundleAtHand, DocumentStore, HeadRecord, IndexRead, LedgerWrite, LogRead};
use crate::ledger::statistics::Tally;
use crate::ledger::stored::{
    Batch, DocumentKind, DocumentState, FactQuery, Head, IndexRows, IssuerCount, NewDocument, Place, PublishedHead, RowCounts,
    SearchQuery, StoredEntry, StoredList, UploadGrant,
};
use crate::ledger::{AppendError, CosignatureStore, Cosigned, Opening, StoreError};
use crate::notice::{Did, DigestAlgorithm, DigestPrefix, DocumentHash, LookupKey, NoticeId, PayloadId};
use crate::tlog::{Hash, TileId};

/// A call of one port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Call {
    Append,
    Publish,
    ReadRecord,
    WriteRecord,
    NewestHead,
    NewestPublished,
    PublishedFrom,
    Tile,
    Entries,
    EntryByLeaf,
    KnownLeaves,
    EntriesOfPayload,
    RecordsOf,
    KeepCosignature,
    Cosignatures,
    LastSignedTime,
    AcceptTime,
    Index,
    Documents,
}

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It fails and did nothing.
    Before,
    /// It did everything and says that it failed.
    After,
}

/// What was called, and what shall fail. Cloning gives another handle to the same one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Switchboard(Arc<Mutex<Plan>>);

#[derive(Debug, Default)]
struct Plan {
    calls: Vec<Call>,
    failures: Vec<(usize, Failure)>,
    kinds: Vec<(Call, Failure)>,
}

impl Switchboard {
    fn plan(&self) -> std::sync::MutexGuard<'_, Plan> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on: the `n`-th call, counted from 0, fails; earlier plans stand.
    pub(crate) fn fail_nth(&self, n: usize, failure: Failure) {
        let mut plan = self.plan();
        let at = plan.calls.len() + n;
        plan.failures.push((at, failure));
    }

    /// From now on every such call fails.
    pub(crate) fn fail_all(&self, call: Call, failure: Failure) {
        self.plan().kinds.push((call, failure));
    }

    /// Nothing fails any more.
    pub(crate) fn heal(&self) {
        let mut plan = self.plan();
        plan.failures.clear();
        plan.kinds.clear();
    }

    /// Every call since the last look, in order.
    pub(crate) fn take_calls(&self) -> Vec<Call> {
        let mut plan = self.plan();
        plan.failures.clear();
        std::mem::take(&mut plan.calls)
    }

    /// Runs `act`, or fails instead, or both.
    fn run<T, E: From<StoreError>>(&self, call: Call, act: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let failure = {
            let mut plan = self.plan();
            let number = plan.calls.len();
            plan.calls.push(call);
            let by_number = plan.failures.iter().find(|(n, _)| *n == number).map(|(_, failure)| *failure);
            by_number.or_else(|| plan.kinds.iter().find(|(kind, _)| *kind == call).map(|(_, failure)| *failure))
        };
        match failure {
            None => act(),
            Some(Failure::Before) => Err(injected().into()),
            Some(Failure::After) => act().and(Err(injected().into())),
        }
    }
}

fn injected() -> StoreError {
    let source = std::io::Error::other("a fault was asked for");
    StoreError::Unavailable { doing: "failing on demand", source: Arc::new(source) }
}

/// Wraps all ports of a server that is about to be opened.
pub(crate) fn wrap(opening: Opening, board: &Switchboard) -> Opening {
    let Opening { stores, write, record, keys, identity, admission, clock, room } = opening;
    let stores = crate::ledger::Stores {
        log: Arc::new(Faulty(stores.log, board.clone())),
        index: Arc::new(Faulty(stores.index, board.clone())),
        // What reads nothing cannot fail.
        memory: stores.memory,
        documents: Arc::new(Faulty(stores.documents, board.clone())),
        lists: stores.lists,
        cosignatures: Arc::new(Faulty(stores.cosignatures, board.clone())),
        removals: stores.removals,
        domains: stores.domains,
        blocks: stores.blocks,
    };
    let record = Arc::new(Faulty(record, board.clone()));
    Opening { stores, write: Box::new(FaultyWrite(write, board.clone())), record, keys, identity, admission, clock, room }
}

struct FaultyWrite(Box<dyn LedgerWrite>, Switchboard);

impl LedgerWrite for FaultyWrite {
    fn append(&mut self, batch: &Batch) -> Result<(), AppendError> {
        self.1.run(Call::Append, || self.0.append(batch))
    }

    fn publish(&mut self, head: &PublishedHead, own: Option<&Cosigned>) -> Result<(), StoreError> {
        self.1.run(Call::Publish, || self.0.publish(head, own))
    }
}

/// A port that others share, with the switchboard in front.
struct Faulty<P: ?Sized>(Arc<P>, Switchboard);

impl HeadRecord for Faulty<dyn HeadRecord> {
    fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.1.run(Call::ReadRecord, || self.0.read())
    }

    fn write(&self, checkpoint: &[u8]) -> Result<(), StoreError> {
        self.1.run(Call::WriteRecord, || self.0.write(checkpoint))
    }
}

impl LogRead for Faulty<dyn LogRead> {
    fn newest_head(&self) -> Result<Option<Head>, StoreError> {
        self.1.run(Call::NewestHead, || self.0.newest_head())
    }

    fn newest_published(&self) -> Result<Option<PublishedHead>, StoreError> {
        self.1.run(Call::NewestPublished, || self.0.newest_published())
    }

    fn published_from(&self, from: u64, limit: usize) -> Result<Vec<PublishedHead>, StoreError> {
        self.1.run(Call::PublishedFrom, || self.0.published_from(from, limit))
    }

    fn tile(&self, id: TileId, width: u16) -> Result<Vec<Hash>, StoreError> {
        self.1.run(Call::Tile, || self.0.tile(id, width))
    }

    fn entries(&self, from: u64, to: u64) -> Result<Vec<StoredEntry>, StoreError> {
        self.1.run(Call::Entries, || self.0.entries(from, to))
    }

    fn bundle(&self, index: u64, width: u16) -> Result<Vec<u8>, StoreError> {
        self.1.run(Call::Entries, || self.0.bundle(index, width))
    }

    fn bundle_at_hand(&self, index: u64) -> Option<Box<dyn BundleAtHand>> {
        self.0.bundle_at_hand(index)
    }

    fn kept_bundle(&self, index: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.1.run(Call::Entries, || self.0.kept_bundle(index))
    }

    fn entry_by_leaf(&self, leaf: &Hash, size: u64) -> Result<Option<StoredEntry>, StoreError> {
        self.1.run(Call::EntryByLeaf, || self.0.entry_by_leaf(leaf, size))
    }

    fn known_leaves(&self, leaves: &[Hash]) -> Result<Vec<bool>, StoreError> {
        self.1.run(Call::KnownLeaves, || self.0.known_leaves(leaves))
    }

    fn entries_of_payload(&self, kind: PayloadType, id: &PayloadId, size: u64) -> Result<Vec<StoredEntry>, StoreError> {
        self.1.run(Call::EntriesOfPayload, || self.0.entries_of_payload(kind, id, size))
    }

    fn places_of_payload(&self, kind: PayloadType, id: &PayloadId, size: u64) -> Result<Vec<Place>, StoreError> {
        self.1.run(Call::EntriesOfPayload, || self.0.places_of_payload(kind, id, size))
    }

    fn places_of_records(&self, did: &Did, size: u64) -> Result<Vec<u64>, StoreError> {
        self.1.run(Call::RecordsOf, || self.0.places_of_records(did, size))
    }

    fn records_of(&self, did: &Did, size: u64) -> Result<Vec<StoredEntry>, StoreError> {
        self.1.run(Call::RecordsOf, || self.0.records_of(did, size))
    }

    fn statements(&self, size: u64) -> Result<Vec<StoredEntry>, StoreError> {
        self.1.run(Call::RecordsOf, || self.0.statements(size))
    }
}

impl CosignatureStore for Faulty<dyn CosignatureStore> {
    fn keep_cosignature(&self, size: u64, cosigned: &Cosigned, own: bool) -> Result<(), StoreError> {
        self.1.run(Call::KeepCosignature, || self.0.keep_cosignature(size, cosigned, own))
    }

    fn cosignatures(&self, size: u64) -> Result<Vec<Cosigned>, StoreError> {
        self.1.run(Call::Cosignatures, || self.0.cosignatures(size))
    }

    fn last_signed_time(&self) -> Result<u64, StoreError> {
        self.1.run(Call::LastSignedTime, || self.0.last_signed_time())
    }

    fn accept_time(&self, own: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.1.run(Call::AcceptTime, || self.0.accept_time(own, now))
    }
}

impl IndexRead for Faulty<dyn IndexRead> {
    fn notices_with(&self, query: FactQuery, keys: &[LookupKey], size: u64) -> Result<Vec<NoticeId>, StoreError> {
        self.1.run(Call::Index, || self.0.notices_with(query, keys, size))
    }

    fn notices_pointing_at(&self, targets: &[NoticeId], size: u64) -> Result<Vec<NoticeId>, StoreError> {
        self.1.run(Call::Index, || self.0.notices_pointing_at(targets, size))
    }

    fn notices_naming(&self, document: &DocumentHash, size: u64, limit: usize) -> Result<Vec<NoticeId>, StoreError> {
        self.1.run(Call::Index, || self.0.notices_naming(document, size, limit))
    }

    fn digest_lists(&self, algorithm: DigestAlgorithm, size: u64) -> Result<Vec<StoredList>, StoreError> {
        self.1.run(Call::Index, || self.0.digest_lists(algorithm, size))
    }

    fn digests_in(&self, range: &DigestPrefix, size: u64, limit: usize) -> Result<Vec<Vec<u8>>, StoreError> {
        self.1.run(Call::Index, || self.0.digests_in(range, size, limit))
    }

    fn search(&self, query: &SearchQuery, size: u64) -> Result<Vec<u64>, StoreError> {
        self.1.run(Call::Index, || self.0.search(query, size))
    }

    fn holds(&self, entry: &StoredEntry, rows: &IndexRows) -> Result<bool, StoreError> {
        self.1.run(Call::Index, || self.0.holds(entry, rows))
    }

    fn row_counts(&self, size: u64) -> Result<RowCounts, StoreError> {
        self.1.run(Call::Index, || self.0.row_counts(size))
    }

    fn text_words(&self, index: u64) -> Result<Option<String>, StoreError> {
        self.1.run(Call::Index, || self.0.text_words(index))
    }

    fn contradictions(&self) -> Result<Vec<String>, StoreError> {
        self.1.run(Call::Index, || self.0.contradictions())
    }

    fn count_notices(&self, size: u64) -> Result<u64, StoreError> {
        self.1.run(Call::Index, || self.0.count_notices(size))
    }

    fn tally(&self, from: u64, to: u64) -> Result<Tally, StoreError> {
        self.1.run(Call::Index, || self.0.tally(from, to))
    }

    fn count_of_issuer(&self, issuer: &Did, since: DateTime<Utc>) -> Result<IssuerCount, StoreError> {
        self.1.run(Call::Index, || self.0.count_of_issuer(issuer, since))
    }

    fn issuers(&self, after: Option<&Did>, limit: usize, size: u64) -> Result<Vec<Did>, StoreError> {
        self.1.run(Call::Index, || self.0.issuers(after, limit, size))
    }
}

impl DocumentStore for Faulty<dyn DocumentStore> {
    fn state(&self, hash: &DocumentHash) -> Result<DocumentState, StoreError> {
        self.1.run(Call::Documents, || self.0.state(hash))
    }

    fn read(&self, hash: &DocumentHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.1.run(Call::Documents, || self.0.read(hash))
    }

    fn keep(&self, document: &NewDocument) -> Result<(), StoreError> {
        self.1.run(Call::Documents, || self.0.keep(document))
    }

    fn named_as(&self, hash: &DocumentHash, size: u64) -> Result<Option<DocumentKind>, StoreError> {
        self.1.run(Call::Documents, || self.0.named_as(hash, size))
    }

    fn missing(&self, size: u64, limit: usize) -> Result<Vec<(DocumentHash, DocumentKind)>, StoreError> {
        self.1.run(Call::Documents, || self.0.missing(size, limit))
    }

    fn kept(&self, after: Option<&DocumentHash>, limit: usize) -> Result<Vec<DocumentHash>, StoreError> {
        self.1.run(Call::Documents, || self.0.kept(after, limit))
    }

    fn grant_upload(&self, grant: &UploadGrant) -> Result<(), StoreError> {
        self.1.run(Call::Documents, || self.0.grant_upload(grant))
    }

    fn upload_granted(&self, token_hash: &[u8; 32], hash: &DocumentHash, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.1.run(Call::Documents, || self.0.upload_granted(token_hash, hash, now))
    }
}

//! What statements are made of, found by whoever may wait for storage, or in memory alone.
//!
//! Most questions about a dataset that has a notice are about one that was asked for a moment ago: then everything that the answer
//! follows from is in memory, and the thread that took the question need not hand it over to one that may block. [`InMemory`] gives up
//! as soon as memory does not have something, or there is much to do; it never finds anything else than [`InStorage`].

use std::cell::Cell;
use std::sync::Arc;

use super::Ledger;
use super::ports::StoreError;
use super::stored::{DocumentState, FactQuery, Place};
use crate::envelope::{Lineages, PayloadType, PublicKey};
use crate::notice::{Did, DigestAlgorithm, DocumentHash, KnownNames, LookupKey, NoticeId};
use crate::verdict::Keyed;

/// How many keys, edges and notices are looked at on a thread that must not be kept from other requests.
const MOST_LOOKS: usize = 256;

/// A digest list that a notice names, and whether it holds the asked digest; `None` when it is not here.
pub(super) type ListedBy = (NoticeId, DocumentHash, Option<bool>);

/// Whoever finds what statements are made of, all as of a tree size.
pub(super) trait Finding {
    /// Why something could not be found out.
    type Stop;

    fn notices_with(&self, query: FactQuery, keys: &[LookupKey], size: u64) -> Result<Vec<NoticeId>, Self::Stop>;

    fn notices_pointing_at(&self, targets: &[NoticeId], size: u64) -> Result<Vec<NoticeId>, Self::Stop>;

    /// Every list of this algorithm.
    fn lists(&self, algorithm: DigestAlgorithm, digest: &[u8], size: u64) -> Result<Vec<ListedBy>, Self::Stop>;

    /// Whether a list that is not here was removed, and never comes back.
    fn is_removed(&self, list: &DocumentHash) -> Result<bool, Self::Stop>;

    /// Where the entries of a notice stand.
    fn places(&self, id: &NoticeId, size: u64) -> Result<Vec<Place>, Self::Stop>;

    /// The notice that stands at `index`, which is an entry of a notice.
    fn notice(&self, index: u64) -> Result<Arc<Keyed>, Self::Stop>;

    fn lineages(&self, did: &Did, size: u64) -> Result<Arc<Lineages>, Self::Stop>;

    /// The key of these bytes, which were accepted before.
    fn key(&self, bytes: &[u8; 32]) -> Result<PublicKey, Self::Stop>;

    /// Whose names others may be taken for.
    fn known_names(&self) -> Result<Arc<KnownNames>, Self::Stop>;
}

/// Asks storage for what is not in memory, and blocks for as long as that takes.
pub(super) struct InStorage<'l>(pub(super) &'l Ledger);

impl Finding for InStorage<'_> {
    type Stop = StoreError;

    fn notices_with(&self, query: FactQuery, keys: &[LookupKey], size: u64) -> Result<Vec<NoticeId>, StoreError> {
        self.0.stores.index.notices_with(query, keys, size)
    }

    fn notices_pointing_at(&self, targets: &[NoticeId], size: u64) -> Result<Vec<NoticeId>, StoreError> {
        self.0.stores.index.notices_pointing_at(targets, size)
    }

    fn lists(&self, algorithm: DigestAlgorithm, digest: &[u8], size: u64) -> Result<Vec<ListedBy>, StoreError> {
        let mut found = Vec::new();
        for stored in self.0.stores.index.digest_lists(algorithm, size)? {
            found.push((stored.notice, stored.list, self.0.stores.lists.list_holds(&stored.list, digest)?));
        }
        Ok(found)
    }

    fn is_removed(&self, list: &DocumentHash) -> Result<bool, StoreError> {
        Ok(self.0.stores.documents.state(list)? == DocumentState::Removed)
    }

    fn places(&self, id: &NoticeId, size: u64) -> Result<Vec<Place>, StoreError> {
        self.0.stores.log.places_of_payload(PayloadType::Notice, id, size)
    }

    fn notice(&self, index: u64) -> Result<Arc<Keyed>, StoreError> {
        self.0.notice_at(index)
    }

    fn lineages(&self, did: &Did, size: u64) -> Result<Arc<Lineages>, StoreError> {
        self.0.lineages_of(did, size)
    }

    fn key(&self, bytes: &[u8; 32]) -> Result<PublicKey, StoreError> {
        self.0.remembered.key(bytes)
    }

    fn known_names(&self) -> Result<Arc<KnownNames>, StoreError> {
        self.0.names_for_answers()
    }
}

/// Reads nothing.
pub(super) struct InMemory<'l> {
    ledger: &'l Ledger,
    looks: Cell<usize>,
}

/// Memory does not have something, or there is much to do.
#[derive(Debug)]
pub(super) struct NotAtHand;

impl<'l> InMemory<'l> {
    pub(super) fn of(ledger: &'l Ledger) -> Self {
        Self { ledger, looks: Cell::new(MOST_LOOKS) }
    }

    fn look(&self, times: usize) -> Result<(), NotAtHand> {
        self.looks.set(self.looks.get().checked_sub(times).ok_or(NotAtHand)?);
        Ok(())
    }
}

impl Finding for InMemory<'_> {
    type Stop = NotAtHand;

    fn notices_with(&self, query: FactQuery, keys: &[LookupKey], size: u64) -> Result<Vec<NoticeId>, NotAtHand> {
        self.look(keys.len())?;
        self.ledger.stores.memory.notices_with_at_hand(query, keys, size).ok_or(NotAtHand)
    }

    fn notices_pointing_at(&self, targets: &[NoticeId], size: u64) -> Result<Vec<NoticeId>, NotAtHand> {
        self.look(targets.len())?;
        self.ledger.stores.memory.notices_pointing_at_hand(targets, size).ok_or(NotAtHand)
    }

    fn lists(&self, algorithm: DigestAlgorithm, digest: &[u8], size: u64) -> Result<Vec<ListedBy>, NotAtHand> {
        let stores = &self.ledger.stores;
        let lists = stores.memory.lists_at_hand(algorithm, size).ok_or(NotAtHand)?;
        self.look(lists.len())?;
        let holds = |list| stores.lists.list_holds_at_hand(list, digest).ok_or(NotAtHand);
        lists.iter().map(|stored| Ok((stored.notice, stored.list, holds(&stored.list)?))).collect()
    }

    fn is_removed(&self, list: &DocumentHash) -> Result<bool, NotAtHand> {
        self.ledger.stores.lists.list_removed_at_hand(list).ok_or(NotAtHand)
    }

    fn places(&self, id: &NoticeId, size: u64) -> Result<Vec<Place>, NotAtHand> {
        self.look(1)?;
        self.ledger.stores.memory.places_at_hand(PayloadType::Notice, id, size).ok_or(NotAtHand)
    }

    fn notice(&self, index: u64) -> Result<Arc<Keyed>, NotAtHand> {
        self.ledger.remembered.notice_at_hand(index).ok_or(NotAtHand)
    }

    fn lineages(&self, did: &Did, size: u64) -> Result<Arc<Lineages>, NotAtHand> {
        let records = self.ledger.stores.memory.records_at_hand(did, size).ok_or(NotAtHand)?;
        self.ledger.remembered.lineages_at_hand(did, &records).ok_or(NotAtHand)
    }

    fn key(&self, bytes: &[u8; 32]) -> Result<PublicKey, NotAtHand> {
        self.ledger.remembered.key_at_hand(bytes).ok_or(NotAtHand)
    }

    fn known_names(&self) -> Result<Arc<KnownNames>, NotAtHand> {
        self.ledger.known_names_at_hand().ok_or(NotAtHand)
    }
}

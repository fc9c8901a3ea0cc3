//! Answering questions from memory alone: from the tail, the filter, and what the file answered before.
//!
//! Each answer is found under one lock of the tail, which nobody holds while waiting for a disk. What the file would have to be asked
//! for has no answer here.

use super::super::SqliteStore;
use super::lookup::{distinct, in_order};
use super::recent::Recent;
use crate::envelope::PayloadType;
use crate::ledger::ports::MemoryRead;
use crate::ledger::stored::{FactQuery, Place, StoredList};
use crate::notice::{Did, DigestAlgorithm, LookupKey, NoticeId, PayloadId};

impl SqliteStore {
    /// Asks the tail, when it and the file have every entry below `size`.
    fn asked_of_memory<T>(&self, size: u64, ask: impl FnOnce(&Recent) -> Option<T>) -> Option<T> {
        let recent = self.index().recent();
        if recent.end() >= size { ask(&recent) } else { None }
    }
}

/// What the file has, when that is known: the rows that it answered, or none where the filter knows of none.
#[expect(clippy::option_option, reason = "not to know is not to know of none")]
fn known<T>(answered: Option<T>, may_hold: impl FnOnce() -> bool) -> Option<Option<T>> {
    if answered.is_none() && may_hold() { None } else { Some(answered) }
}

impl MemoryRead for SqliteStore {
    fn has_no_payload(&self, id: &PayloadId, size: u64) -> bool {
        let filter = &self.index().filter;
        self.asked_of_memory(size, |recent| (!recent.has_payload(id) && !filter.may_hold_payload(id)).then_some(())).is_some()
    }

    fn places_at_hand(&self, kind: PayloadType, id: &PayloadId, size: u64) -> Option<Vec<Place>> {
        let filter = &self.index().filter;
        self.asked_of_memory(size, |recent| {
            let mut found = recent.places(kind, id, size);
            if let Some(rows) = known(filter.answered.payloads.get(id), || filter.may_hold_payload(id))? {
                found.extend(rows.iter().filter(|(of, place)| *of == kind && place.index < size).map(|(_, place)| *place));
            }
            Some(in_order(found, |place| place.index))
        })
    }

    fn records_at_hand(&self, did: &Did, size: u64) -> Option<Vec<u64>> {
        let filter = &self.index().filter;
        self.asked_of_memory(size, |recent| {
            let mut found = recent.records(did, size);
            if let Some(rows) = known(filter.answered.records.get(did), || filter.may_hold_records(did))? {
                found.extend(rows.iter().filter(|index| **index < size));
            }
            Some(in_order(found, |index| *index))
        })
    }

    fn are_nowhere(&self, questions: &[Vec<LookupKey>], size: u64) -> Vec<bool> {
        let recent = self.index().recent();
        let covers = recent.end() >= size;
        let is_nowhere = |key| !recent.has_key(key) && !self.index().filter.may_hold_key(key);
        questions.iter().map(|keys| covers && keys.iter().all(is_nowhere)).collect()
    }

    fn notices_with_at_hand(&self, query: FactQuery, keys: &[LookupKey], size: u64) -> Option<Vec<NoticeId>> {
        let filter = &self.index().filter;
        self.asked_of_memory(size, |recent| {
            let mut found = recent.notices_with(query, keys, size);
            for key in keys {
                if let Some(rows) = known(filter.answered.keys.get(key), || filter.may_hold_key(key))? {
                    found.extend(rows.iter().filter_map(|row| row.answers(query, size)));
                }
            }
            Some(distinct(found))
        })
    }

    fn notices_pointing_at_hand(&self, targets: &[NoticeId], size: u64) -> Option<Vec<NoticeId>> {
        let filter = &self.index().filter;
        self.asked_of_memory(size, |recent| {
            let mut found = recent.notices_pointing_at(targets, size);
            for target in targets {
                if let Some(rows) = known(filter.answered.targets.get(target), || filter.may_hold_target(target))? {
                    found.extend(rows.iter().filter(|(index, _)| *index < size).map(|(_, notice)| *notice));
                }
            }
            Some(distinct(found))
        })
    }

    fn lists_at_hand(&self, algorithm: DigestAlgorithm, size: u64) -> Option<Vec<StoredList>> {
        let filter = &self.index().filter;
        self.asked_of_memory(size, |recent| {
            let mut found: Vec<StoredList> = recent.lists(algorithm, size).collect();
            if let Some(rows) = known(filter.answered.lists.get(&algorithm), || filter.may_hold_lists(algorithm))? {
                found.extend(rows.iter().filter(|(index, _)| *index < size).map(|(_, stored)| *stored));
            }
            Some(in_order(found, |stored| (stored.notice, stored.list)))
        })
    }
}

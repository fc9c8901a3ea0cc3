//! The tail of the log that the index file does not hold yet, in memory.
//!
//! Entries are added in the order of the log when they are committed or found to be there, and dropped from the front once the
//! index file holds them. So the file and the tail overlap for a moment, and a reader that asks the tail first and the file
//! second may see an entry twice, and never misses one.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash as Hashable;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::envelope::PayloadType;
use crate::ledger::stored::{IndexRows, NewEntry, NoticeRows, StoredEntry};
use crate::notice::index::FactRole;
use crate::notice::{Did, DocumentHash, LookupKey, NoticeId, PayloadId};
use crate::tlog::Hash;

/// What the index learns from one entry, without its bytes.
#[derive(Debug)]
pub(in super::super) struct Learned {
    pub(super) index: u64,
    pub(super) leaf: Hash,
    pub(super) kind: PayloadType,
    pub(super) payload_id: PayloadId,
    pub(super) key: [u8; 32],
    pub(super) issuer: Did,
    pub(super) first_seen: DateTime<Utc>,
    pub(super) rows: IndexRows,
}

impl Learned {
    pub(in super::super) fn of(entry: &NewEntry) -> Self {
        Self::new(&entry.stored, entry.rows.clone())
    }

    pub(super) fn new(stored: &StoredEntry, rows: IndexRows) -> Self {
        Self {
            index: stored.index,
            leaf: stored.leaf,
            kind: stored.kind,
            payload_id: stored.payload_id,
            key: stored.key,
            issuer: stored.issuer.clone(),
            first_seen: stored.first_seen,
            rows,
        }
    }

    pub(super) fn notice(&self) -> Option<&NoticeRows> {
        match &self.rows {
            IndexRows::Notice(rows) => Some(rows),
            IndexRows::Publisher | IndexRows::Operator => None,
        }
    }
}

/// Entries `start..end` of the log with the ways to find them.
#[derive(Debug, Default)]
pub(super) struct Recent {
    start: u64,
    entries: VecDeque<Arc<Learned>>,
    by_payload: HashMap<PayloadId, Vec<u64>>,
    by_leaf: HashMap<Hash, Vec<u64>>,
    by_key: HashMap<LookupKey, Vec<u64>>,
    by_target: HashMap<NoticeId, Vec<u64>>,
    by_issuer: HashMap<Did, Vec<u64>>,
    by_document: HashMap<DocumentHash, Vec<u64>>,
    with_lists: Vec<u64>,
}

impl Recent {
    /// An empty tail that begins behind `start` entries.
    pub(super) fn beginning_at(start: u64) -> Self {
        Self { start, ..Self::default() }
    }

    pub(super) fn start(&self) -> u64 {
        self.start
    }

    pub(super) fn end(&self) -> u64 {
        self.start + self.entries.len() as u64
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Adds the next entry. One that does not follow is left out: its place was covered by another way.
    pub(super) fn push(&mut self, learned: Arc<Learned>) {
        if learned.index != self.end() {
            return;
        }
        let index = learned.index;
        self.each_place(&learned, &mut Placing::Add(index));
        self.entries.push_back(learned);
    }

    /// Drops what the index file holds: everything before `indexed`.
    pub(super) fn drop_before(&mut self, indexed: u64) {
        while self.start < indexed {
            let Some(learned) = self.entries.pop_front() else { break };
            self.start += 1;
            self.each_place(&learned, &mut Placing::Drop(learned.index));
        }
        // The maps keep the room of the largest tail there ever was; an empty one gives it back.
        if self.entries.is_empty() {
            *self = Self::beginning_at(self.start.max(indexed));
        }
    }

    /// Entries from `from` on, oldest first, at most `limit`.
    pub(super) fn from(&self, from: u64, limit: usize) -> Vec<Arc<Learned>> {
        let skip = usize::try_from(from.saturating_sub(self.start)).unwrap_or(usize::MAX);
        self.entries.iter().skip(skip).take(limit).cloned().collect()
    }

    pub(super) fn of_payload(&self, id: &PayloadId, size: u64) -> impl Iterator<Item = &Learned> {
        self.at(self.by_payload.get(id), size)
    }

    pub(super) fn of_leaf(&self, leaf: &Hash, size: u64) -> impl Iterator<Item = &Learned> {
        self.at(self.by_leaf.get(leaf), size)
    }

    /// Entries with a fact under `key` whose role `wanted` takes.
    pub(super) fn of_key<'r>(
        &'r self,
        key: &'r LookupKey,
        wanted: impl Fn(FactRole) -> bool + 'r,
        size: u64,
    ) -> impl Iterator<Item = &'r Learned> {
        let has = move |rows: &NoticeRows| rows.facts.iter().any(|fact| fact.key == *key && wanted(fact.role));
        self.at(self.by_key.get(key), size).filter(move |learned| learned.notice().is_some_and(&has))
    }

    pub(super) fn has_key(&self, key: &LookupKey) -> bool {
        self.by_key.contains_key(key)
    }

    pub(super) fn pointing_at(&self, target: &NoticeId, size: u64) -> impl Iterator<Item = &Learned> {
        self.at(self.by_target.get(target), size)
    }

    pub(super) fn of_issuer(&self, issuer: &Did, size: u64) -> impl Iterator<Item = &Learned> {
        self.at(self.by_issuer.get(issuer), size)
    }

    pub(super) fn naming_document(&self, hash: &DocumentHash, size: u64) -> impl Iterator<Item = &Learned> {
        self.at(self.by_document.get(hash), size)
    }

    pub(super) fn with_lists(&self, size: u64) -> impl Iterator<Item = &Learned> {
        self.at(Some(&self.with_lists), size)
    }

    fn at<'r>(&'r self, places: Option<&'r Vec<u64>>, size: u64) -> impl Iterator<Item = &'r Learned> {
        let places = places.map(Vec::as_slice).unwrap_or_default();
        places.iter().filter(move |index| **index < size).filter_map(|index| {
            let offset = usize::try_from(index.checked_sub(self.start)?).ok()?;
            self.entries.get(offset).map(AsRef::as_ref)
        })
    }

    fn each_place(&mut self, learned: &Learned, placing: &mut Placing) {
        placing.put(&mut self.by_payload, &learned.payload_id);
        placing.put(&mut self.by_leaf, &learned.leaf);
        placing.put(&mut self.by_issuer, &learned.issuer);
        let Some(rows) = learned.notice() else { return };
        for fact in &rows.facts {
            placing.put(&mut self.by_key, &fact.key);
        }
        for target in &rows.priors {
            placing.put(&mut self.by_target, target);
        }
        for (document, _) in &rows.documents {
            placing.put(&mut self.by_document, document);
        }
        if !rows.lists.is_empty() {
            placing.put_in(&mut self.with_lists);
        }
    }
}

/// Whether the places of an entry are entered or dropped; both walk the same way, so that neither forgets one.
enum Placing {
    Add(u64),
    Drop(u64),
}

impl Placing {
    fn put<K: Clone + Eq + Hashable>(&mut self, map: &mut HashMap<K, Vec<u64>>, key: &K) {
        match self {
            Self::Add(_) => self.put_in(map.entry(key.clone()).or_default()),
            Self::Drop(_) => {
                let Some(places) = map.get_mut(key) else { return };
                self.put_in(places);
                if places.is_empty() {
                    map.remove(key);
                }
            }
        }
    }

    fn put_in(&mut self, places: &mut Vec<u64>) {
        match self {
            // An entry can come to one place twice, by two facts of one key.
            Self::Add(index) if places.last() != Some(index) => places.push(*index),
            Self::Add(_) => {}
            Self::Drop(index) => places.retain(|place| place != index),
        }
    }
}

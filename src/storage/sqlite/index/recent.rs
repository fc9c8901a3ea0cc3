//! The tail of the log that the index file does not hold yet, in memory.
//!
//! Entries are added in the order of the log when they are committed or found to be there, and dropped from the front once the
//! index file holds them. So the file and the tail overlap for a moment, and a reader that asks the tail first and the file
//! second may see an entry twice, and never misses one.

use std::collections::hash_map::{Entry, RandomState};
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::schema::key_hash;
use crate::envelope::PayloadType;
use crate::ledger::stored::{FactQuery, IndexRows, NewEntry, NoticeRows, Place, StoredEntry, StoredList};
use crate::notice::index::FactRole;
use crate::notice::{Did, DigestAlgorithm, DocumentHash, LookupKey, NoticeId, PayloadId};
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
    /// How the look-up key of each fact stands in the tables, in the order of the facts: filter and file both need it.
    pub(super) keys: Vec<i64>,
}

impl Learned {
    pub(in super::super) fn of(entry: &NewEntry) -> Self {
        Self::new(&entry.stored, entry.rows.clone())
    }

    pub(super) fn new(stored: &StoredEntry, rows: IndexRows) -> Self {
        let keys = match &rows {
            IndexRows::Notice(rows) => rows.facts.iter().map(|fact| key_hash(&fact.key)).collect(),
            IndexRows::Publisher | IndexRows::Operator => Vec::new(),
        };
        Self {
            index: stored.index,
            leaf: stored.leaf,
            kind: stored.kind,
            payload_id: stored.payload_id,
            key: stored.key,
            issuer: stored.issuer.clone(),
            first_seen: stored.first_seen,
            rows,
            keys,
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
    /// By the hash of a [`Way`] under `hashing`. Two ways may have one hash, so whoever goes by it looks at what is there.
    places: HashMap<u64, Places, BuildHasherDefault<Hashed>>,
    hashing: RandomState,
    with_lists: VecDeque<u64>,
}

/// By what an entry is looked for.
#[derive(Clone, Copy, Hash)]
enum Way<'w> {
    Payload(&'w PayloadId),
    Leaf(&'w Hash),
    Key(&'w LookupKey),
    Target(&'w NoticeId),
    Issuer(&'w Did),
    Document(&'w DocumentHash),
}

/// Indexes of entries, in order. Most ways lead to one entry, which needs no room of its own.
#[derive(Debug)]
enum Places {
    One(u64),
    Many(VecDeque<u64>),
}

impl Places {
    fn all(&self) -> impl Iterator<Item = &u64> {
        let (one, many) = match self {
            Self::One(index) => (Some(index), None),
            Self::Many(indexes) => (None, Some(indexes)),
        };
        one.into_iter().chain(many.into_iter().flatten())
    }

    /// An entry can come to one place twice, by two facts of one key.
    fn add(&mut self, index: u64) {
        match self {
            Self::One(there) if *there == index => {}
            Self::One(there) => *self = Self::Many(VecDeque::from([*there, index])),
            Self::Many(indexes) if indexes.back() == Some(&index) => {}
            Self::Many(indexes) => indexes.push_back(index),
        }
    }

    /// Drops an entry, of which the oldest are dropped first; whether nothing is left.
    fn drop(&mut self, index: u64) -> bool {
        match self {
            Self::One(there) => *there == index,
            Self::Many(indexes) => {
                while indexes.front().is_some_and(|oldest| *oldest <= index) {
                    indexes.pop_front();
                }
                indexes.is_empty()
            }
        }
    }
}

/// Takes a number that is a hash already for its hash.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // Only `u64` is hashed, which calls `write_u64`.
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
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
        self.add(&learned);
        self.entries.push_back(learned);
    }

    /// Drops what the index file holds: everything before `indexed`.
    pub(super) fn drop_before(&mut self, indexed: u64) {
        while self.start < indexed {
            let Some(learned) = self.entries.pop_front() else { break };
            self.start += 1;
            self.drop(&learned);
        }
        // The map keeps the room of the largest tail there ever was; an empty one gives it back.
        if self.entries.is_empty() {
            *self = Self::beginning_at(self.start.max(indexed));
        }
    }

    /// Entries from `from` on, oldest first, at most `limit`.
    pub(super) fn from(&self, from: u64, limit: usize) -> Vec<Arc<Learned>> {
        let skip = usize::try_from(from.saturating_sub(self.start)).unwrap_or(usize::MAX);
        self.entries.iter().skip(skip).take(limit).cloned().collect()
    }

    pub(super) fn of_payload<'r>(&'r self, id: &'r PayloadId, size: u64) -> impl Iterator<Item = &'r Learned> {
        self.by(Way::Payload(id), size).filter(move |learned| learned.payload_id == *id)
    }

    pub(super) fn of_leaf<'r>(&'r self, leaf: &'r Hash, size: u64) -> impl Iterator<Item = &'r Learned> {
        self.by(Way::Leaf(leaf), size).filter(move |learned| learned.leaf == *leaf)
    }

    /// Entries with a fact under `key` whose role `wanted` takes.
    fn of_key<'r>(
        &'r self,
        key: &'r LookupKey,
        wanted: impl Fn(FactRole) -> bool + 'r,
        size: u64,
    ) -> impl Iterator<Item = &'r Learned> {
        let has = move |rows: &NoticeRows| rows.facts.iter().any(|fact| fact.key == *key && wanted(fact.role));
        self.by(Way::Key(key), size).filter(move |learned| learned.notice().is_some_and(&has))
    }

    /// Where the entries of a payload stand below `size`.
    pub(super) fn places(&self, kind: PayloadType, id: &PayloadId, size: u64) -> Vec<Place> {
        let entries = self.of_payload(id, size).filter(|learned| learned.kind == kind);
        entries.map(|learned| Place { index: learned.index, key: learned.key }).collect()
    }

    /// Where the publisher records of an issuer stand below `size`.
    pub(super) fn records(&self, issuer: &Did, size: u64) -> Vec<u64> {
        let records = self.of_issuer(issuer, size).filter(|learned| learned.kind == PayloadType::Publisher);
        records.map(|learned| learned.index).collect()
    }

    /// The notices below `size` that carry one of these facts.
    pub(super) fn notices_with(&self, query: FactQuery, keys: &[LookupKey], size: u64) -> Vec<NoticeId> {
        // The roles of a derivative and everything else are told apart by the one word of the derivative role.
        let wanted = |role| (role == FactRole::Derivative) == (query == FactQuery::Deriving);
        keys.iter().flat_map(|key| self.of_key(key, wanted, size)).map(|learned| learned.payload_id).collect()
    }

    /// The notices below `size` with an edge to one of these.
    pub(super) fn notices_pointing_at(&self, targets: &[NoticeId], size: u64) -> Vec<NoticeId> {
        targets.iter().flat_map(|target| self.pointing_at(target, size)).map(|learned| learned.payload_id).collect()
    }

    /// Whether an entry may have a fact under `key`: never wrong when it says no.
    pub(super) fn has_key(&self, key: &LookupKey) -> bool {
        self.places.contains_key(&self.hashing.hash_one(Way::Key(key)))
    }

    /// Whether an entry may have an edge to this notice: never wrong when it says no.
    pub(super) fn has_target(&self, target: &NoticeId) -> bool {
        self.places.contains_key(&self.hashing.hash_one(Way::Target(target)))
    }

    /// Whether an entry may have this payload: never wrong when it says no.
    pub(super) fn has_payload(&self, id: &PayloadId) -> bool {
        self.places.contains_key(&self.hashing.hash_one(Way::Payload(id)))
    }

    fn pointing_at<'r>(&'r self, target: &'r NoticeId, size: u64) -> impl Iterator<Item = &'r Learned> {
        let points = move |rows: &NoticeRows| rows.priors.contains(target);
        self.by(Way::Target(target), size).filter(move |learned| learned.notice().is_some_and(points))
    }

    pub(super) fn of_issuer<'r>(&'r self, issuer: &'r Did, size: u64) -> impl Iterator<Item = &'r Learned> {
        self.by(Way::Issuer(issuer), size).filter(move |learned| learned.issuer == *issuer)
    }

    pub(super) fn naming_document<'r>(&'r self, hash: &'r DocumentHash, size: u64) -> impl Iterator<Item = &'r Learned> {
        let names = move |rows: &NoticeRows| rows.documents.iter().any(|(named, _)| named == hash);
        self.by(Way::Document(hash), size).filter(move |learned| learned.notice().is_some_and(names))
    }

    /// The lists of an algorithm that notices below `size` name.
    pub(super) fn lists(&self, algorithm: DigestAlgorithm, size: u64) -> impl Iterator<Item = StoredList> {
        self.at(self.with_lists.iter(), size).flat_map(move |learned| {
            let lists = learned.notice().map(|rows| rows.lists.as_slice()).unwrap_or_default();
            let of_algorithm = lists.iter().filter(move |(_, with, _)| *with == algorithm);
            of_algorithm.map(|(list, ..)| StoredList { notice: learned.payload_id, list: *list })
        })
    }

    fn by<'r>(&'r self, way: Way<'_>, size: u64) -> impl Iterator<Item = &'r Learned> + use<'r> {
        self.at(self.places.get(&self.hashing.hash_one(way)).into_iter().flat_map(Places::all), size)
    }

    fn at<'r, P: Iterator<Item = &'r u64>>(&'r self, places: P, size: u64) -> impl Iterator<Item = &'r Learned> + use<'r, P> {
        places.filter(move |index| **index < size).filter_map(|index| {
            let offset = usize::try_from(index.checked_sub(self.start)?).ok()?;
            self.entries.get(offset).map(AsRef::as_ref)
        })
    }

    fn add(&mut self, learned: &Learned) {
        let Self { places, hashing, with_lists, .. } = self;
        each_way(learned, |way| match places.entry(hashing.hash_one(way)) {
            Entry::Occupied(mut there) => there.get_mut().add(learned.index),
            Entry::Vacant(free) => {
                free.insert(Places::One(learned.index));
            }
        });
        if learned.notice().is_some_and(|rows| !rows.lists.is_empty()) {
            with_lists.push_back(learned.index);
        }
    }

    fn drop(&mut self, learned: &Learned) {
        let Self { places, hashing, with_lists, .. } = self;
        each_way(learned, |way| {
            if let Entry::Occupied(mut there) = places.entry(hashing.hash_one(way))
                && there.get_mut().drop(learned.index)
            {
                there.remove();
            }
        });
        if learned.notice().is_some_and(|rows| !rows.lists.is_empty()) {
            with_lists.pop_front();
        }
    }
}

/// Every way that leads to an entry: what is added and what is dropped must be the same.
fn each_way(learned: &Learned, mut way: impl FnMut(Way<'_>)) {
    way(Way::Payload(&learned.payload_id));
    way(Way::Leaf(&learned.leaf));
    way(Way::Issuer(&learned.issuer));
    let Some(rows) = learned.notice() else { return };
    for fact in &rows.facts {
        way(Way::Key(&fact.key));
    }
    for target in &rows.priors {
        way(Way::Target(target));
    }
    for (document, _) in &rows.documents {
        way(Way::Document(document));
    }
}

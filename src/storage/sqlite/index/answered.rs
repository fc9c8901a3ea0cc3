//! What the file answered, kept for the next who asks the same: which notices a key leads to, where a payload stands, which
//! notices point at another, which records an issuer has, which digest lists of an algorithm there are.
//!
//! A question about a dataset that many use comes again and again, and four look-ups in the file cost several times as much as the
//! verdict itself. What is kept here is kept without a size: all rows of one key, of which each question takes those below its
//! own. It stays true because whoever learns an entry forgets, under the same lock, what was kept of its keys; and nothing is kept
//! of a key that the tail holds, nor of anything that was read while the tail was carried over. What room there is, is counted in
//! bytes, and an answer that is long is not kept at all.

use std::hash::Hash;
use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rusqlite::{Connection, params};

use super::super::{SqliteStore, array, corrupt, from_sql, unavailable};
use super::recent::{Learned, Recent};
use super::schema::key_hash;
use crate::envelope::PayloadType;
use crate::ledger::StoreError;
use crate::ledger::stored::{FactQuery, Place, StoredList};
use crate::notice::index::FactRole;
use crate::notice::{Did, DigestAlgorithm, DocumentHash, LookupKey, NoticeId, PayloadId};

/// How many bytes each of the five may take.
const ROOM: u64 = 8 << 20;
/// What one answer takes besides its key and its rows: about so much.
const EACH: usize = 128;
/// Answers of more rows are not kept.
const MOST_ROWS: usize = 64;
/// The same of digest lists, of which every question about a digest needs all.
const MOST_LISTS: usize = 4_096;

/// That a notice carries a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Carries {
    /// Index of its first entry.
    pub(super) index: u64,
    /// The notice.
    pub(super) notice: NoticeId,
    /// Whether it is the key of a derivative.
    pub(super) derives: bool,
}

impl Carries {
    /// The notice, when it is what `query` asks for as of `size`.
    pub(super) fn answers(&self, query: FactQuery, size: u64) -> Option<NoticeId> {
        let derives = query == FactQuery::Deriving;
        (self.derives == derives && self.index < size).then_some(self.notice)
    }
}

/// Where an entry of a payload stands, and as what.
pub(super) type Stands = (PayloadType, Place);

/// The index of a notice's first entry, and the notice, which points at another.
pub(super) type Points = (u64, NoticeId);

/// The index of a notice's first entry, and a list that the notice names.
pub(super) type Names = (u64, StoredList);

/// All answers that are kept.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) keys: Kept<LookupKey, Carries>,
    pub(super) payloads: Kept<PayloadId, Stands>,
    pub(super) targets: Kept<NoticeId, Points>,
    pub(super) records: Kept<Did, u64>,
    pub(super) lists: Kept<DigestAlgorithm, Names>,
}

impl Default for Answered {
    fn default() -> Self {
        Self {
            keys: Kept::new(MOST_ROWS),
            payloads: Kept::new(MOST_ROWS),
            targets: Kept::new(MOST_ROWS),
            records: Kept::new(MOST_ROWS),
            lists: Kept::new(MOST_LISTS),
        }
    }
}

impl Answered {
    /// Forgets what an entry adds to; called with the tail locked for writing.
    pub(super) fn learn(&self, learned: &Learned) {
        self.payloads.forget(&learned.payload_id);
        if learned.kind == PayloadType::Publisher {
            self.records.forget(&learned.issuer);
        }
        for fact in learned.notice().iter().flat_map(|rows| &rows.facts) {
            self.keys.forget(&fact.key);
        }
        for target in learned.notice().iter().flat_map(|rows| &rows.priors) {
            self.targets.forget(target);
        }
        for (_, algorithm, _) in learned.notice().iter().flat_map(|rows| &rows.lists) {
            self.lists.forget(algorithm);
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        self.keys.0.clear();
        self.payloads.0.clear();
        self.targets.0.clear();
        self.records.0.clear();
        self.lists.0.clear();
    }
}

/// The rows of each key that was asked for, when there are not more than so many.
#[derive(Debug)]
pub(super) struct Kept<K, V>(Cache<K, Arc<[V]>, ByBytes>, usize)
where
    K: Eq + Hash,
    ByBytes: Weighter<K, Arc<[V]>>;

impl<K: Clone + Eq + Hash, V> Kept<K, V>
where
    ByBytes: Weighter<K, Arc<[V]>>,
{
    fn new(most: usize) -> Self {
        Self(Cache::with_weighter(1 << 15, ROOM, ByBytes), most)
    }

    /// The rows of a key, when they are kept.
    pub(super) fn get(&self, key: &K) -> Option<Arc<[V]>> {
        self.0.get(key)
    }

    /// Keeps the rows of a key; see the module for when that may be done.
    fn keep(&self, key: &K, rows: &Arc<[V]>) {
        if rows.len() <= self.1 {
            self.0.insert(key.clone(), rows.clone());
        }
    }

    fn forget(&self, key: &K) {
        self.0.remove(key);
    }
}

impl SqliteStore {
    /// Who carries these keys, by the file. Take what the tail has first.
    pub(super) fn carrying(&self, keys: &[&LookupKey]) -> Result<Vec<Arc<[Carries]>>, StoreError> {
        let in_tail = |recent: &Recent, key: &LookupKey| recent.has_key(key);
        self.answers(&self.index().filter.answered.keys, keys, in_tail, carrying)
    }

    /// Where the entries of a payload stand, by the file. Take what the tail has first.
    pub(super) fn standing(&self, payload: &PayloadId) -> Result<Vec<Arc<[Stands]>>, StoreError> {
        let in_tail = |recent: &Recent, id: &PayloadId| recent.of_payload(id, u64::MAX).next().is_some();
        self.answers(&self.index().filter.answered.payloads, &[payload], in_tail, standing)
    }

    /// Who points at these notices, by the file. Take what the tail has first.
    pub(super) fn pointing(&self, targets: &[&NoticeId]) -> Result<Vec<Arc<[Points]>>, StoreError> {
        let in_tail = |recent: &Recent, target: &NoticeId| recent.has_target(target);
        self.answers(&self.index().filter.answered.targets, targets, in_tail, pointing)
    }

    /// Where the records of an issuer stand, by the file. Take what the tail has first.
    pub(super) fn recorded(&self, issuer: &Did) -> Result<Vec<Arc<[u64]>>, StoreError> {
        let in_tail = |recent: &Recent, issuer: &Did| {
            recent.of_issuer(issuer, u64::MAX).any(|learned| learned.kind == PayloadType::Publisher)
        };
        self.answers(&self.index().filter.answered.records, &[issuer], in_tail, recorded)
    }

    /// Which lists of an algorithm notices name, by the file. Take what the tail has first.
    pub(super) fn listed(&self, algorithm: DigestAlgorithm) -> Result<Vec<Arc<[Names]>>, StoreError> {
        let in_tail = |recent: &Recent, of: &DigestAlgorithm| recent.lists(*of, u64::MAX).next().is_some();
        let read = |connection: &Connection, of: &DigestAlgorithm| listed(connection, *of);
        self.answers(&self.index().filter.answered.lists, &[&algorithm], in_tail, read)
    }

    /// The rows of each key, from memory or from the file.
    fn answers<K: Clone + Eq + Hash, V>(
        &self,
        kept: &Kept<K, V>,
        keys: &[&K],
        in_tail: impl Fn(&Recent, &K) -> bool,
        read: impl Fn(&Connection, &K) -> Result<Vec<V>, StoreError>,
    ) -> Result<Vec<Arc<[V]>>, StoreError>
    where
        ByBytes: Weighter<K, Arc<[V]>>,
    {
        let mut found = Vec::with_capacity(keys.len());
        let mut open = Vec::new();
        for key in keys {
            match kept.get(key) {
                Some(rows) => found.push(rows),
                None => open.push(*key),
            }
        }
        if open.is_empty() {
            return Ok(found);
        }
        let start = self.index().recent().start();
        let fresh: Vec<Arc<[V]>> =
            self.index().file.read(|c| open.iter().map(|key| Ok(read(c, key)?.into())).collect::<Result<_, StoreError>>())?;
        let recent = self.index().recent();
        if recent.start() == start {
            for (key, rows) in open.into_iter().zip(&fresh).filter(|(key, _)| !in_tail(&recent, key)) {
                kept.keep(key, rows);
            }
        }
        found.extend(fresh);
        Ok(found)
    }
}

fn carrying(connection: &Connection, key: &LookupKey) -> Result<Vec<Carries>, StoreError> {
    let failed = unavailable("looking up identifiers");
    let sql = "SELECT f.idx, f.role, n.notice_id FROM facts f JOIN notices n ON n.idx = f.idx WHERE f.key = ?1";
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let mut rows = select.query([key_hash(key)]).map_err(&failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(&failed)? {
        let role = row.get_ref(1).map_err(&failed)?;
        let notice: [u8; 32] = array(row.get_ref(2).and_then(|id| Ok(id.as_blob()?)).map_err(&failed)?, "a notice id")?;
        found.push(Carries {
            index: from_sql(row.get(0).map_err(&failed)?)?,
            notice: NoticeId::from_bytes(notice),
            derives: role.as_bytes().ok() == Some(FactRole::Derivative.as_str().as_bytes()),
        });
    }
    Ok(found)
}

fn standing(connection: &Connection, payload: &PayloadId) -> Result<Vec<Stands>, StoreError> {
    let failed = unavailable("looking up a payload");
    let sql = "SELECT idx, kind, public_key FROM payloads WHERE payload_id = ?1";
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let mut rows = select.query(params![payload.as_bytes()]).map_err(&failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(&failed)? {
        let index = from_sql(row.get(0).map_err(&failed)?)?;
        let kind: String = row.get(1).map_err(&failed)?;
        let key = array(row.get_ref(2).and_then(|key| Ok(key.as_blob()?)).map_err(&failed)?, "a public key")?;
        let unknown = || corrupt(format!("entry {index} is indexed under the unknown payload type {kind:?}"));
        found.push((PayloadType::parse(&kind).ok_or_else(unknown)?, Place { index, key }));
    }
    Ok(found)
}

fn pointing(connection: &Connection, target: &NoticeId) -> Result<Vec<Points>, StoreError> {
    let failed = unavailable("looking up edges between notices");
    let sql = "SELECT p.idx, n.notice_id FROM priors p JOIN notices n ON n.idx = p.idx WHERE p.target = ?1";
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let mut rows = select.query([target.as_bytes()]).map_err(&failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(&failed)? {
        let index = from_sql(row.get(0).map_err(&failed)?)?;
        let notice = array(row.get_ref(1).and_then(|id| Ok(id.as_blob()?)).map_err(&failed)?, "a notice id")?;
        found.push((index, NoticeId::from_bytes(notice)));
    }
    Ok(found)
}

fn recorded(connection: &Connection, issuer: &Did) -> Result<Vec<u64>, StoreError> {
    let failed = unavailable("looking up publisher records");
    let mut select = connection.prepare_cached("SELECT idx FROM records WHERE issuer = ?1").map_err(&failed)?;
    let mut rows = select.query([issuer.as_str()]).map_err(&failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(&failed)? {
        found.push(from_sql(row.get(0).map_err(&failed)?)?);
    }
    Ok(found)
}

fn listed(connection: &Connection, algorithm: DigestAlgorithm) -> Result<Vec<Names>, StoreError> {
    let failed = unavailable("looking up digest lists");
    let sql = "SELECT d.idx, n.notice_id, d.list FROM digest_lists d JOIN notices n ON n.idx = d.idx WHERE d.algorithm = ?1";
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let mut rows = select.query([algorithm.as_str()]).map_err(&failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(&failed)? {
        let index = from_sql(row.get(0).map_err(&failed)?)?;
        let notice = array(row.get_ref(1).and_then(|id| Ok(id.as_blob()?)).map_err(&failed)?, "a notice id")?;
        let list = array(row.get_ref(2).and_then(|hash| Ok(hash.as_blob()?)).map_err(&failed)?, "a list hash")?;
        found.push((index, StoredList { notice: NoticeId::from_bytes(notice), list: DocumentHash::from_bytes(list) }));
    }
    Ok(found)
}

/// Weighs answers by the bytes that they take.
#[derive(Debug, Clone)]
pub(super) struct ByBytes;

fn weight<V>(key: usize, rows: &Arc<[V]>) -> u64 {
    (EACH + key + size_of_val::<[V]>(rows)) as u64
}

impl Weighter<LookupKey, Arc<[Carries]>> for ByBytes {
    fn weight(&self, key: &LookupKey, rows: &Arc<[Carries]>) -> u64 {
        weight(key.as_str().len(), rows)
    }
}

impl Weighter<PayloadId, Arc<[Stands]>> for ByBytes {
    fn weight(&self, key: &PayloadId, rows: &Arc<[Stands]>) -> u64 {
        weight(key.as_bytes().len(), rows)
    }
}

impl Weighter<NoticeId, Arc<[Points]>> for ByBytes {
    fn weight(&self, key: &NoticeId, rows: &Arc<[Points]>) -> u64 {
        weight(key.as_bytes().len(), rows)
    }
}

impl Weighter<Did, Arc<[u64]>> for ByBytes {
    fn weight(&self, key: &Did, rows: &Arc<[u64]>) -> u64 {
        weight(key.as_str().len(), rows)
    }
}

impl Weighter<DigestAlgorithm, Arc<[Names]>> for ByBytes {
    fn weight(&self, _: &DigestAlgorithm, rows: &Arc<[Names]>) -> u64 {
        weight(size_of::<DigestAlgorithm>(), rows)
    }
}

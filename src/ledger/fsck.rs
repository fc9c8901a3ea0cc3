//! The whole ledger derived again from its entries, and compared with what is stored.
//!
//! Every entry is hashed and its signature verified, every tile and every published root is computed anew, every signed
//! checkpoint is verified, every index row and every document is compared. Reads only; a fault is reported and the walk goes
//! on, so that one run names everything that is wrong.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Stores;
use super::ports::{HeadRecord, StoreError};
use super::stored::{Head, IndexRows, NoticeRows, PublishedHead, RowCounts, StoredEntry};
use super::{derived, rows};
use crate::envelope::{self, Envelope, PayloadType, PublicKey, PublisherRecord};
use crate::notice::{Did, DocumentHash, Notice, PayloadId};
use crate::tlog::{Frontier, Hash, SignedCheckpoint, TILE_WIDTH, TileId, VerifierKey};

/// How many entries are read at a time.
const STEP: u64 = 4_096;

/// What was looked at, and what is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Entries that were hashed and verified.
    pub entries: u64,
    /// Published checkpoints whose signature and root were checked.
    pub checkpoints: u64,
    /// Hash tiles that were compared.
    pub tiles: u64,
    /// Notices whose index rows were compared.
    pub notices: u64,
    /// Documents that were hashed.
    pub documents: u64,
    /// Entries that were appended and not published yet; a start of the server publishes them.
    pub pending: u64,
    /// Everything that is wrong.
    pub faults: Vec<String>,
}

/// Checks a ledger. `progress` is told how many of how many entries are done.
///
/// # Errors
/// [`StoreError`] when storage cannot be read at all; what contradicts itself is a fault in the report.
pub fn check(
    stores: &Stores,
    record: &dyn HeadRecord,
    log: &VerifierKey,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, StoreError> {
    let mut walk = Walk {
        stores,
        log,
        report: Report::default(),
        frontier: Frontier::empty(),
        payloads: BTreeSet::new(),
        expected: RowCounts::default(),
    };
    let published = stores.log.newest_published()?.map(|published| published.head);
    let size = published.map_or(0, |head| head.size);
    walk.report.pending = stores.log.newest_head()?.map_or(0, |head| head.size.saturating_sub(size));
    walk.check_record(record, published)?;
    if published.is_none() {
        return Ok(walk.report);
    }
    let mut heads = Heads { after: None, waiting: Vec::new() };
    walk.check_head(&mut heads)?;
    let mut at = 0;
    while at < size {
        let to = size.min(at + STEP);
        for entry in walk.read_entries(at, to)? {
            match entry {
                Ok(entry) => walk.check_entry(&entry)?,
                Err(index) => walk.pass_by(index)?,
            }
            walk.check_head(&mut heads)?;
        }
        walk.check_tiles()?;
        at = to;
        progress(at, size);
    }
    walk.check_counts(size)?;
    walk.check_documents()?;
    Ok(walk.report)
}

/// Published heads, read a few at a time as the walk passes their sizes.
struct Heads {
    after: Option<u64>,
    waiting: Vec<PublishedHead>,
}

struct Walk<'s> {
    stores: &'s Stores,
    log: &'s VerifierKey,
    report: Report,
    frontier: Frontier,
    payloads: BTreeSet<PayloadId>,
    /// How many index rows the entries account for.
    expected: RowCounts,
}

impl Walk<'_> {
    fn fault(&mut self, what: String) {
        self.report.faults.push(what);
    }

    /// The record may be ahead of `published` by what is being published now, and never by more than the database has.
    fn check_record(&mut self, record: &dyn HeadRecord, published: Option<Head>) -> Result<(), StoreError> {
        let Some(bytes) = record.read()? else {
            if published.is_some() {
                self.fault("the head record beside the database is missing".to_owned());
            }
            return Ok(());
        };
        let signed = match SignedCheckpoint::parse_and_verify(&bytes, self.log) {
            Ok(signed) => signed,
            Err(fault) => {
                self.fault(format!("the head record beside the database: {fault}"));
                return Ok(());
            }
        };
        let recorded = Head { size: signed.checkpoint().size(), root: *signed.checkpoint().root() };
        let newest = self.stores.log.newest_head()?.unwrap_or(Head::EMPTY);
        let other_root = |head: Head| head.size == recorded.size && head.root != recorded.root;
        if recorded.size > newest.size {
            let (recorded, stored) = (recorded.size, newest.size);
            self.fault(format!("size {recorded} was signed, but the database ends at {stored}: an old copy was put back"));
        } else if published.is_some_and(|published| recorded.size < published.size) {
            self.fault("the head record beside the database is older than the newest published checkpoint".to_owned());
        } else if published.into_iter().chain([newest]).any(other_root) {
            self.fault(format!("the head record beside the database has another root at size {}", recorded.size));
        }
        Ok(())
    }

    /// Entries `from..to`; where some cannot be read, each by itself, with the index of each that cannot.
    fn read_entries(&mut self, from: u64, to: u64) -> Result<Vec<Result<StoredEntry, u64>>, StoreError> {
        match self.stores.log.entries(from, to) {
            Ok(entries) => return Ok(entries.into_iter().map(Ok).collect()),
            Err(StoreError::Corrupt { .. }) => {}
            Err(error) => return Err(error),
        }
        let mut found = Vec::new();
        for index in from..to {
            match self.stores.log.entries(index, index + 1) {
                Ok(entries) => found.extend(entries.into_iter().map(Ok)),
                Err(StoreError::Corrupt { what }) => {
                    self.fault(format!("entry {index}: {what}"));
                    found.push(Err(index));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// Goes on behind an entry that cannot be read with the leaf that its tile has, so that the rest is still checked.
    fn pass_by(&mut self, index: u64) -> Result<(), StoreError> {
        let leaf = self.leaf_in_tile(index)?.unwrap_or(Hash::EMPTY);
        self.frontier.append(leaf);
        Ok(())
    }

    fn leaf_in_tile(&self, index: u64) -> Result<Option<Hash>, StoreError> {
        let width = u16::try_from(index % TILE_WIDTH as u64 + 1).unwrap_or(u16::MAX);
        let tile = TileId { level: 0, index: index / TILE_WIDTH as u64 };
        match self.stores.log.tile(tile, width) {
            Ok(hashes) => Ok(hashes.last().copied()),
            Err(StoreError::Corrupt { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn check_entry(&mut self, entry: &StoredEntry) -> Result<(), StoreError> {
        let index = entry.index;
        let hashed = Hash::leaf(&entry.bytes);
        let mut leaf = hashed;
        if hashed != entry.leaf {
            self.fault(format!("entry {index} hashes to {hashed}, its row says {}", entry.leaf));
            // One damaged entry is one fault, and not one for every tree that it stands in.
            leaf = self.leaf_in_tile(index)?.unwrap_or(hashed);
        }
        self.frontier.append(leaf);
        self.report.entries += 1;
        match signed_payload(entry) {
            Err(what) => self.fault(format!("entry {index}: {what}")),
            Ok(Said { payload, issuer }) => {
                if issuer.as_ref() != Some(&entry.issuer) {
                    self.fault(format!("entry {index} is not of {}, as its row says", entry.issuer));
                }
                self.expected.entries += 1;
                if entry.kind == PayloadType::Notice && self.payloads.insert(entry.payload_id) {
                    self.check_rows(entry, &payload)?;
                }
            }
        }
        Ok(())
    }

    fn check_rows(&mut self, entry: &StoredEntry, payload: &[u8]) -> Result<(), StoreError> {
        let index = entry.index;
        self.report.notices += 1;
        let notice = match Notice::parse(payload) {
            Ok(notice) => notice,
            Err(fault) => {
                self.fault(format!("entry {index} is no valid notice: {fault}"));
                return Ok(());
            }
        };
        let rows = rows::of_notice(&notice);
        add(&mut self.expected, &rows);
        match self.stores.index.holds(entry, &IndexRows::Notice(Box::new(rows))) {
            Ok(true) => {}
            Ok(false) => self.fault(format!("the index rows of notice {index} are not what its entry says")),
            Err(StoreError::Corrupt { what }) => self.fault(format!("the index rows of notice {index}: {what}")),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Rows that no entry accounts for are found by counting. What is appended and not published yet has rows too.
    fn check_counts(&mut self, size: u64) -> Result<(), StoreError> {
        let newest = self.stores.log.newest_head()?.map_or(size, |head| head.size);
        for entry in self.stores.log.entries(size, newest.max(size))? {
            self.expected.entries += 1;
            if let (PayloadType::Notice, Ok(IndexRows::Notice(rows))) = (entry.kind, derived::rows_of_entry(&entry))
                && self.payloads.insert(entry.payload_id)
            {
                add(&mut self.expected, &rows);
            }
        }
        let (found, expected) = (self.stores.index.row_counts()?, self.expected);
        for (what, found, expected) in [
            ("entries", found.entries, expected.entries),
            ("notices", found.notices, expected.notices),
            ("names", found.names, expected.names),
            ("look-up keys", found.facts, expected.facts),
            ("edges", found.priors, expected.priors),
            ("reasons", found.reasons, expected.reasons),
            ("digest lists", found.lists, expected.lists),
            ("documents", found.documents, expected.documents),
        ] {
            if found != expected {
                self.fault(format!("the index has {found} {what}, the entries account for {expected}"));
            }
        }
        Ok(())
    }

    /// Compares the published head of the size that the walk has reached, if there is one.
    fn check_head(&mut self, heads: &mut Heads) -> Result<(), StoreError> {
        let size = self.frontier.size();
        if heads.waiting.is_empty() {
            heads.waiting = match heads.after {
                None => self.stores.log.published_from(0, 64)?,
                Some(after) => self.stores.log.published_from(after + 1, 64)?,
            };
            heads.waiting.reverse();
        }
        while let Some(head) = heads.waiting.pop_if(|head| head.head.size <= size) {
            heads.after = Some(head.head.size);
            self.report.checkpoints += 1;
            if head.head.size < size {
                self.fault(format!("checkpoint {} was read out of order", head.head.size));
            } else if head.head.root != self.frontier.root() {
                self.fault(format!("the entries of size {size} do not hash to the published root"));
            }
            match SignedCheckpoint::parse_and_verify(&head.checkpoint, self.log) {
                Err(fault) => self.fault(format!("the checkpoint of size {size}: {fault}")),
                Ok(signed) => {
                    let said = signed.checkpoint();
                    if said.size() != head.head.size || *said.root() != head.head.root {
                        self.fault(format!("the checkpoint of size {size} signs another head than its row has"));
                    }
                }
            }
        }
        Ok(())
    }

    /// Compares every tile that changed since the last look.
    fn check_tiles(&mut self) -> Result<(), StoreError> {
        for (id, hashes) in self.frontier.take_changed() {
            let width = u16::try_from(hashes.len()).unwrap_or(u16::MAX);
            self.report.tiles += 1;
            match self.stores.log.tile(id, width) {
                Ok(stored) if stored == hashes => {}
                Ok(_) | Err(StoreError::Corrupt { .. }) => {
                    self.fault(format!("tile {}/{} is not what the entries hash to", id.level, id.index));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn check_documents(&mut self) -> Result<(), StoreError> {
        let mut after: Option<DocumentHash> = None;
        loop {
            let names = self.stores.documents.kept(after.as_ref(), 256)?;
            let Some(last) = names.last() else { return Ok(()) };
            after = Some(*last);
            for name in names {
                self.report.documents += 1;
                let found = self.stores.documents.read(&name)?.map(|bytes| DocumentHash::of(&bytes));
                if found != Some(name) {
                    self.fault(format!("document {name} does not hash to its name"));
                }
            }
        }
    }
}

/// What an entry says, and whose it is.
struct Said {
    payload: Vec<u8>,
    issuer: Option<Did>,
}

/// What an entry says, when everything that its row says of payload and key holds.
fn signed_payload(entry: &StoredEntry) -> Result<Said, String> {
    let envelope = Envelope::parse_canonical(&entry.bytes).map_err(|e| e.to_string())?;
    let key = PublicKey::from_bytes(&entry.key).map_err(|e| e.to_string())?;
    let signed = envelope::verify(&envelope, &[key]).map_err(|e| e.to_string())?;
    if signed.payload_type() != entry.kind || signed.payload_id() != entry.payload_id {
        return Err("its row names another payload".to_owned());
    }
    let payload = signed.payload().to_vec();
    let issuer = match entry.kind {
        PayloadType::Notice => Notice::parse(&payload).ok().map(|notice| notice.issuer.id),
        PayloadType::Publisher => PublisherRecord::parse(&payload).ok().map(|record| record.id),
        // The server's own statements are kept under the name that it gave itself when it wrote them.
        PayloadType::Operator | PayloadType::Index => Some(entry.issuer.clone()),
    };
    Ok(Said { payload, issuer })
}

/// Counts the rows of a notice: a table has each once.
fn add(counts: &mut RowCounts, rows: &NoticeRows) {
    fn distinct<T: Ord>(all: impl Iterator<Item = T>) -> u64 {
        all.collect::<BTreeSet<_>>().len() as u64
    }
    counts.notices += 1;
    counts.names += 1;
    counts.facts += distinct(rows.facts.iter());
    counts.priors += distinct(rows.priors.iter());
    counts.reasons += distinct(rows.reasons.iter());
    counts.lists += distinct(rows.lists.iter());
    counts.documents += distinct(rows.documents.iter().map(|(document, _)| document));
}

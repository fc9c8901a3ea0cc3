//! The whole ledger derived again from its entries, and compared with what is stored.
//!
//! Every entry is hashed and its signature verified, every tile and every published root is computed anew, every signed
//! checkpoint and every cosignature whose key is known is verified, every index row, every bundle that is kept and every document is
//! compared; so is what was appended and not published yet. Reads only; a fault is reported and the walk goes on, so that one run names everything
//! that is wrong.
//!
//! Signatures and index rows are looked at on all cores, a few thousand entries at a time, so that memory does not grow with
//! the log.

mod entries;
mod heads;

use serde::Serialize;

use self::entries::{Looked, look_at};
use self::heads::Heads;
use super::Stores;
use super::parallel::in_parallel;
use super::ports::{HeadRecord, StoreError};
use super::stored::{Head, RowCounts, StoredEntry};
use crate::envelope::PublicKey;
use crate::notice::DocumentHash;
use crate::tlog::{Frontier, Hash, SignedCheckpoint, TILE_WIDTH, TileId, VerifierKey, bundle};

/// How many entries are read at a time.
const STEP: u64 = 4_096;
/// How many faults are told in words; more are counted.
const MOST_FAULTS: usize = 10_000;

/// What was looked at, and what is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Published entries that were hashed and verified.
    pub entries: u64,
    /// Published checkpoints whose signature and root were checked.
    pub checkpoints: u64,
    /// Cosignatures that were verified.
    pub cosignatures: u64,
    /// Hash tiles that were compared.
    pub tiles: u64,
    /// Full bundles, kept as they are served, whose bytes were compared.
    pub bundles: u64,
    /// Notices whose index rows were compared.
    pub notices: u64,
    /// Documents that were hashed.
    pub documents: u64,
    /// Entries that were appended and not published yet, looked at like the others; a start of the server publishes them.
    pub pending: u64,
    /// Everything that is wrong, up to 10,000 sentences.
    pub faults: Vec<String>,
    /// How many more faults there are than sentences.
    pub more_faults: u64,
}

/// The keys that a ledger is checked with.
#[derive(Debug, Clone)]
pub struct Known {
    /// Signed the checkpoints; its name is the origin.
    pub log: VerifierKey,
    /// Signed the operator's statements.
    pub operator: PublicKey,
    /// Witnesses whose cosignatures can be verified: the server's own, and those of its peers.
    pub witnesses: Vec<VerifierKey>,
}

/// Checks a ledger. `progress` is told how many of how many entries are done.
///
/// # Errors
/// [`StoreError`] when storage cannot be read at all; what contradicts itself is a fault in the report.
pub fn check(
    stores: &Stores,
    record: &dyn HeadRecord,
    known: &Known,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, StoreError> {
    let (report, expected) = (Report::default(), RowCounts::default());
    let mut walk = Walk { stores, known, report, frontier: Frontier::empty(), expected };
    let published = stores.log.newest_published()?.map(|published| published.head);
    let size = published.map_or(0, |head| head.size);
    let newest = stores.log.newest_head()?.unwrap_or(Head::EMPTY);
    walk.report.pending = newest.size.saturating_sub(size);
    walk.check_record(record, published)?;
    if published.is_none() {
        return Ok(walk.report);
    }
    let mut heads = Heads::new();
    walk.check_head(&mut heads)?;
    let all = size.max(newest.size);
    let mut at = 0;
    while at < all {
        // What is published and what waits are told apart: the counts are of what is published.
        let to = if at < size { size.min(at + STEP) } else { all.min(at + STEP) };
        walk.pass(at, to, at < size, &mut heads)?;
        walk.check_tiles()?;
        at = to;
        progress(at, all);
    }
    if newest.size > size && walk.frontier.root() != newest.root {
        walk.fault(format!("the entries of size {all} do not hash to the root of the head that waits to be published"));
    }
    walk.check_counts(all)?;
    walk.check_documents()?;
    walk.check_lists()?;
    Ok(walk.report)
}

struct Walk<'s> {
    stores: &'s Stores,
    known: &'s Known,
    report: Report,
    frontier: Frontier,
    /// How many index rows the entries account for.
    expected: RowCounts,
}

impl Walk<'_> {
    fn fault(&mut self, what: String) {
        if self.report.faults.len() < MOST_FAULTS {
            self.report.faults.push(what);
        } else {
            self.report.more_faults += 1;
        }
    }

    /// The record may be ahead of `published` by what is being published now, and never by more than the database has.
    fn check_record(&mut self, record: &dyn HeadRecord, published: Option<Head>) -> Result<(), StoreError> {
        let bytes = match record.read() {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                if published.is_some() {
                    self.fault("the head record beside the database is missing".to_owned());
                }
                return Ok(());
            }
            Err(StoreError::Corrupt { what }) => {
                self.fault(format!("the head record beside the database: {what}"));
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let signed = match SignedCheckpoint::parse_and_verify(&bytes, &self.known.log) {
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

    /// Looks at the entries `from..to`.
    fn pass(&mut self, from: u64, to: u64, published: bool, heads: &mut Heads) -> Result<(), StoreError> {
        let (stores, known) = (self.stores, self.known);
        let entries = self.read_entries(from, to)?;
        let looked = in_parallel(&entries, |entry| match entry {
            Ok(entry) => look_at(entry, stores, known).map(Some),
            Err(_) => Ok(None),
        });
        for (entry, looked) in entries.iter().zip(looked) {
            match (entry, looked?) {
                (Ok(entry), Some(looked)) => self.take(entry, looked, published)?,
                (Ok(StoredEntry { index, .. }) | Err(index), _) => self.pass_by(*index)?,
            }
            self.check_head(heads)?;
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

    /// Takes what was found of an entry.
    fn take(&mut self, entry: &StoredEntry, looked: Looked, published: bool) -> Result<(), StoreError> {
        let Looked { hash, rows, faults } = looked;
        // One damaged entry is one fault, and not one for every tree that it stands in.
        let leaf = if hash == entry.leaf { hash } else { self.leaf_in_tile(entry.index)?.unwrap_or(hash) };
        self.frontier.append(leaf);
        if published {
            self.report.entries += 1;
            self.report.notices += rows.notices;
        }
        add(&mut self.expected, &rows);
        for fault in faults {
            self.fault(fault);
        }
        Ok(())
    }

    /// Compares the published head of the size that the walk has reached, if there is one.
    fn check_head(&mut self, heads: &mut Heads) -> Result<(), StoreError> {
        let size = self.frontier.size();
        while let Some(checked) = heads.next_up_to(size, self.stores, self.known)? {
            self.report.checkpoints += 1;
            self.report.cosignatures += checked.cosignatures;
            if checked.head.size < size {
                self.fault(format!("checkpoint {} was read out of order", checked.head.size));
            } else if checked.head.root != self.frontier.root() {
                self.fault(format!("the entries of size {size} do not hash to the published root"));
            }
            for fault in checked.faults {
                self.fault(fault);
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
            if id.level == 0 && hashes.len() == TILE_WIDTH {
                self.check_bundle(id.index, &hashes)?;
            }
        }
        Ok(())
    }

    /// Compares what is kept of a full bundle, if anything is, with what its entries hash to.
    fn check_bundle(&mut self, index: u64, leaves: &[Hash]) -> Result<(), StoreError> {
        match self.stores.log.kept_bundle(index) {
            Ok(Some(bytes)) => {
                self.report.bundles += 1;
                if !bundle::is_of(&bytes, leaves) {
                    self.fault(format!("bundle {index}, as it is kept, is not what its entries are"));
                }
            }
            // Said of the file, and not of each bundle.
            Err(StoreError::Corrupt { what }) if index == 0 => self.fault(what),
            Ok(None) | Err(StoreError::Corrupt { .. }) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Rows that no entry accounts for are found by counting. What was appended meanwhile is not asked for.
    fn check_counts(&mut self, size: u64) -> Result<(), StoreError> {
        let (found, expected) = (self.stores.index.row_counts(size)?, self.expected);
        for (what, found, expected) in [
            ("entries", found.entries, expected.entries),
            ("leaf hashes", found.leaves, expected.leaves),
            ("publisher records", found.records, expected.records),
            ("notices", found.notices, expected.notices),
            ("names", found.names, expected.names),
            ("look-up keys", found.facts, expected.facts),
            ("digests", found.digests, expected.digests),
            ("edges", found.priors, expected.priors),
            ("reasons", found.reasons, expected.reasons),
            ("digest lists", found.lists, expected.lists),
            ("documents", found.documents, expected.documents),
        ] {
            if found != expected {
                self.fault(format!("the index has {found} {what}, the entries account for {expected}"));
            }
        }
        for fault in self.stores.index.contradictions()? {
            self.fault(fault);
        }
        Ok(())
    }

    /// Digest lists in files are read whole, one after the other: the disk is what they wait for.
    fn check_lists(&mut self) -> Result<(), StoreError> {
        for list in self.stores.lists.held_lists()? {
            self.report.documents += 1;
            for fault in self.stores.lists.list_faults(&list)? {
                self.fault(fault);
            }
        }
        Ok(())
    }

    fn check_documents(&mut self) -> Result<(), StoreError> {
        let documents = self.stores.documents.as_ref();
        let mut after: Option<DocumentHash> = None;
        loop {
            let names = documents.kept(after.as_ref(), 256)?;
            let Some(last) = names.last() else { return Ok(()) };
            after = Some(*last);
            let found = in_parallel(&names, |name| {
                // One that was removed since its name was read is no fault.
                Ok(documents.read(name)?.is_none_or(|bytes| DocumentHash::of(&bytes) == *name))
            });
            for (name, whole) in names.iter().zip(found) {
                self.report.documents += 1;
                if !whole? {
                    self.fault(format!("document {name} does not hash to its name"));
                }
            }
        }
    }
}

fn add(all: &mut RowCounts, one: &RowCounts) {
    all.entries += one.entries;
    all.leaves += one.leaves;
    all.records += one.records;
    all.notices += one.notices;
    all.names += one.names;
    all.facts += one.facts;
    all.digests += one.digests;
    all.priors += one.priors;
    all.reasons += one.reasons;
    all.lists += one.lists;
    all.documents += one.documents;
}

//! The entries of a log, as far as they are here. Each is compared with its leaf hash whenever it is read.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use super::{IndexError, ServerFolder};
use crate::tlog::bundle::{self, Slot};
use crate::tlog::{Hash, TILE_WIDTH, TileId};

/// How many bundles are kept in memory: some hundred kilobytes each.
const KEPT: usize = 32;

/// Gives a bundle of so many entries that is not here; it may ask a server for it.
pub type Fetch = Box<dyn Fn(u64, u16) -> Result<Vec<Slot>, String> + Send + Sync>;

/// An entry that is needed and not here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// Its bundle was never fetched.
    #[error("entry {0}, which may speak of it, is not in the local index: run `palinode index update --entries`")]
    Absent(u64),
    /// Its bundle was asked for in vain.
    #[error("entry {index}, which may speak of it, could not be fetched: {why}")]
    Refused {
        /// Which entry.
        index: u64,
        /// Why.
        why: String,
    },
    /// The log does not give it.
    #[error("entry {0}, which may speak of it, is withheld by the server")]
    Withheld(u64),
}

/// Why there is no entry.
#[derive(Debug)]
pub(super) enum NoEntry {
    /// It is not here.
    Missing(Missing),
    /// The index cannot be read, or is not what was written.
    Error(IndexError),
}

impl From<IndexError> for NoEntry {
    fn from(error: IndexError) -> Self {
        Self::Error(error)
    }
}

/// The entries below one size.
pub(super) struct Entries {
    folder: ServerFolder,
    size: u64,
    leaves: Mutex<File>,
    fetch: Option<Fetch>,
    kept: Mutex<BTreeMap<u64, Arc<Vec<Slot>>>>,
}

impl Entries {
    /// The first `size` entries in this folder.
    pub(super) fn open(folder: ServerFolder, size: u64) -> Result<Self, IndexError> {
        let path = folder.file(ServerFolder::LEAVES);
        let leaves = File::open(&path).map_err(|source| IndexError::Io { path, source })?;
        Ok(Self { folder, size, leaves: Mutex::new(leaves), fetch: None, kept: Mutex::default() })
    }

    /// Asks this for bundles that are not here.
    pub(super) fn fetching(&mut self, fetch: Fetch) {
        self.fetch = Some(fetch);
    }

    /// The entry of this index.
    pub(super) fn entry(&self, index: u64) -> Result<Vec<u8>, NoEntry> {
        let slots = self.bundle(index)?;
        let place = usize::try_from(index % TILE_WIDTH as u64).unwrap_or(usize::MAX);
        match slots.get(place) {
            Some(Slot::Entry(bytes)) if Hash::leaf(bytes) == self.leaf(index)? => Ok(bytes.clone()),
            Some(Slot::Withheld) => Err(NoEntry::Missing(Missing::Withheld(index))),
            Some(Slot::Entry(_)) => Err(self.damaged(index, format!("entry {index} is not what was fetched"))),
            None => Err(self.damaged(index, format!("entry {index} is not in it"))),
        }
    }

    fn damaged(&self, index: u64, what: String) -> NoEntry {
        let path = self.folder.bundle(index / TILE_WIDTH as u64, 256);
        NoEntry::Error(IndexError::Damaged { path, what })
    }

    fn bundle(&self, index: u64) -> Result<Arc<Vec<Slot>>, NoEntry> {
        let number = index / TILE_WIDTH as u64;
        let width = TileId { level: 0, index: number }.width_at(self.size);
        let Some(width) = width else { return Err(self.damaged(index, format!("entry {index} is beyond its end"))) };
        if let Some(slots) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&number) {
            return Ok(slots.clone());
        }
        let slots = match read_bundle(&self.folder, number, width)? {
            Some(slots) => slots,
            None => self.fetched(index, number, width)?,
        };
        let slots = Arc::new(slots);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.pop_first();
        }
        kept.insert(number, slots.clone());
        Ok(slots)
    }

    fn fetched(&self, index: u64, number: u64, width: u16) -> Result<Vec<Slot>, NoEntry> {
        let fetch = self.fetch.as_ref().ok_or(NoEntry::Missing(Missing::Absent(index)))?;
        let slots = fetch(number, width).map_err(|why| NoEntry::Missing(Missing::Refused { index, why }))?;
        write_bundle(&self.folder, number, &slots)?;
        Ok(slots)
    }

    /// The leaf hash of an entry.
    pub(super) fn leaf(&self, index: u64) -> Result<Hash, IndexError> {
        let mut leaf = [0; Hash::LENGTH];
        let mut leaves = self.leaves.lock().unwrap_or_else(PoisonError::into_inner);
        let read = leaves.seek(SeekFrom::Start(index * Hash::LENGTH as u64)).and_then(|_| leaves.read_exact(&mut leaf));
        read.map_err(|source| IndexError::Io { path: self.folder.file(ServerFolder::LEAVES), source })?;
        Ok(Hash::from_bytes(leaf))
    }
}

/// A bundle that is here.
pub(super) fn read_bundle(folder: &ServerFolder, number: u64, width: u16) -> Result<Option<Vec<Slot>>, IndexError> {
    let path = folder.bundle(number, width);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(IndexError::Io { path, source }),
    };
    let slots = bundle::parse(&bytes, width).map_err(|fault| IndexError::Damaged { path, what: fault.to_string() })?;
    Ok(Some(slots))
}

/// Keeps a bundle.
pub(super) fn write_bundle(folder: &ServerFolder, number: u64, slots: &[Slot]) -> Result<(), IndexError> {
    let width = u16::try_from(slots.len()).unwrap_or(u16::MAX);
    let path = folder.bundle(number, width);
    let bytes = bundle::encode(slots).map_err(|fault| IndexError::Damaged { path: path.clone(), what: fault.to_string() })?;
    ServerFolder::write(&path, &bytes)
}

/// The leaf hashes of the first `size` entries.
pub(super) fn read_leaves(folder: &ServerFolder, name: &str, count: u64) -> Result<Vec<Hash>, IndexError> {
    let damaged = |what: &str| IndexError::Damaged { path: folder.file(name), what: what.to_owned() };
    let mut bytes = folder.read(name)?.unwrap_or_default();
    let length = usize::try_from(count).ok().and_then(|count| count.checked_mul(Hash::LENGTH));
    let length =
        length.filter(|length| bytes.len() >= *length).ok_or_else(|| damaged("it is shorter than what was written"))?;
    bytes.truncate(length);
    Ok(bytes.as_chunks().0.iter().map(|hash| Hash::from_bytes(*hash)).collect())
}

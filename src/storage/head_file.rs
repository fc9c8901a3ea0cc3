//! The newest signed head in a file of its own: how a restored old database is noticed.
//!
//! The file has two slots of one page each and never changes its length. A new head goes over the older slot in place and is
//! synced; the other slot is not touched meanwhile, so a crash or a torn page leaves the head before it. That costs one sync
//! of one page, where replacing a file costs a sync of the file and another of its folder, for every batch.
//!
//! | bytes of a slot | hold |
//! |---|---|
//! | 0..8 | a number that grows with every write, big endian |
//! | 8..12 | how many bytes the note has |
//! | 12..44 | SHA-256 of everything else up to the end of the note |
//! | 44.. | the signed checkpoint with our own cosignature, as it is served, then zeroes |
//!
//! Records of earlier versions have no cosignature. They are read as before, and an earlier version reads these: signature lines
//! of keys that one does not ask about are passed over.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::ledger::StoreError;
use crate::ledger::ports::HeadRecord;

/// One slot: what a disk writes at once, or not at all, or torn.
const SLOT: usize = 4_096;
/// What stands before the checkpoint.
const HEADER: usize = 44;

/// A [`HeadRecord`] in one small file.
#[derive(Debug)]
pub struct HeadFile {
    path: PathBuf,
}

/// A slot that is whole.
#[derive(Debug, PartialEq, Eq)]
struct Slot {
    number: u64,
    checkpoint: Vec<u8>,
}

impl Slot {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let (number, rest) = bytes.split_first_chunk::<8>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (digest, rest) = rest.split_first_chunk::<32>()?;
        let checkpoint = rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        let slot = Self { number: u64::from_be_bytes(*number), checkpoint: checkpoint.to_vec() };
        (slot.digest() == *digest).then_some(slot)
    }

    fn digest(&self) -> [u8; 32] {
        let hasher = Sha256::new().chain_update(self.number.to_be_bytes()).chain_update(self.length());
        hasher.chain_update(&self.checkpoint).finalize().into()
    }

    fn length(&self) -> [u8; 4] {
        u32::try_from(self.checkpoint.len()).unwrap_or(u32::MAX).to_be_bytes()
    }

    /// The bytes of the slot; `None` for a checkpoint that has no room in it.
    fn to_bytes(&self) -> Option<Vec<u8>> {
        let mut bytes = [&self.number.to_be_bytes()[..], &self.length(), &self.digest(), &self.checkpoint].concat();
        if bytes.len() > SLOT {
            return None;
        }
        bytes.resize(SLOT, 0);
        Some(bytes)
    }
}

impl HeadFile {
    /// The record at `path`, whose folder must exist.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The whole slots of the file, each with its place. A file of an earlier version is the checkpoint itself.
    fn slots(bytes: &[u8]) -> Vec<(usize, Slot)> {
        if bytes.len() != 2 * SLOT {
            return vec![(1, Slot { number: 0, checkpoint: bytes.to_vec() })];
        }
        bytes.chunks_exact(SLOT).enumerate().filter_map(|(place, bytes)| Some((place, Slot::parse(bytes)?))).collect()
    }

    fn newest(bytes: &[u8]) -> Option<(usize, Slot)> {
        Self::slots(bytes).into_iter().max_by_key(|(_, slot)| slot.number)
    }

    fn replace(&self, checkpoint: &[u8]) -> std::io::Result<()> {
        let mut file = match OpenOptions::new().read(true).write(true).open(&self.path) {
            Ok(file) => file,
            Err(e) if e.kind() == ErrorKind::NotFound => return self.begin(0, checkpoint),
            Err(e) => return Err(e),
        };
        let mut bytes = Vec::with_capacity(2 * SLOT);
        file.read_to_end(&mut bytes)?;
        let (place, number) = Self::newest(&bytes).map_or((1, 0), |(place, slot)| (place, slot.number));
        if bytes.len() != 2 * SLOT {
            return self.begin(number + 1, checkpoint);
        }
        let slot = slot_bytes(number + 1, checkpoint)?;
        file.seek(SeekFrom::Start(((1 - place) * SLOT) as u64))?;
        file.write_all(&slot)?;
        // A failed sync is never tried again: its pages may be gone.
        file.sync_data()
    }

    /// Makes the file with both slots, whole before it has its name.
    fn begin(&self, number: u64, checkpoint: &[u8]) -> std::io::Result<()> {
        let folder = self.path.parent().unwrap_or_else(|| Path::new("."));
        let mut beside = tempfile::NamedTempFile::new_in(folder)?;
        beside.write_all(&slot_bytes(number, checkpoint)?)?;
        beside.write_all(&[0; SLOT])?;
        beside.as_file().sync_all()?;
        // By the C library like every other write, so that a layer below it can see the move; `persist` calls the kernel itself.
        let beside = beside.into_temp_path();
        std::fs::rename(&beside, &self.path)?;
        // The rename itself must survive a power cut too.
        File::open(folder)?.sync_all()
    }
}

fn slot_bytes(number: u64, checkpoint: &[u8]) -> std::io::Result<Vec<u8>> {
    let slot = Slot { number, checkpoint: checkpoint.to_vec() };
    slot.to_bytes().ok_or_else(|| std::io::Error::other(format!("a checkpoint has more than {} bytes", SLOT - HEADER)))
}

impl HeadRecord for HeadFile {
    fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let bytes = match std::fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(StoreError::Unavailable { doing: "reading the head record", source: Arc::new(e) }),
        };
        match Self::newest(&bytes) {
            Some((_, slot)) => Ok(Some(slot.checkpoint)),
            None => Err(StoreError::Corrupt { what: format!("neither slot of {} is whole", self.path.display()) }),
        }
    }

    fn write(&self, checkpoint: &[u8]) -> Result<(), StoreError> {
        self.replace(checkpoint).map_err(|e| StoreError::Unavailable { doing: "writing the head record", source: Arc::new(e) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> (tempfile::TempDir, HeadFile) {
        let folder = tempfile::tempdir().expect("a folder");
        let record = HeadFile::at(folder.path().join("head"));
        (folder, record)
    }

    fn read(record: &HeadFile) -> Option<Vec<u8>> {
        record.read().expect("readable")
    }

    #[test]
    fn what_was_written_last_is_read_and_nothing_else_is_left_behind() {
        let (folder, record) = record();
        assert!(read(&record).is_none());
        for n in 0..5 {
            record.write(format!("checkpoint {n}").as_bytes()).expect("written");
            assert_eq!(read(&record), Some(format!("checkpoint {n}").into_bytes()));
        }
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn whatever_a_torn_write_leaves_of_one_slot_the_other_is_read() {
        let (_folder, record) = record();
        record.write(b"one").expect("written");
        let before = std::fs::read(&record.path).expect("there");
        record.write(b"two").expect("written");
        let after = std::fs::read(&record.path).expect("there");
        for torn in 0..=2 * SLOT {
            let bytes = [&after[..torn], &before[torn..]].concat();
            std::fs::write(&record.path, &bytes).expect("written");
            let found = read(&record).expect("one of the two");
            assert!(found == b"one" || found == b"two", "{torn}");
        }
        std::fs::write(&record.path, [&before[..SLOT], &after[SLOT..]].concat()).expect("written");
        assert_eq!(read(&record).as_deref(), Some(b"two".as_slice()));
        record.write(b"three").expect("written over the older one");
        assert_eq!(read(&record).as_deref(), Some(b"three".as_slice()));
    }

    #[test]
    fn a_record_with_no_whole_slot_is_damaged_and_not_missing() {
        let (_folder, record) = record();
        std::fs::write(&record.path, vec![7; 2 * SLOT]).expect("written");
        assert!(matches!(record.read(), Err(StoreError::Corrupt { .. })));
    }

    #[test]
    fn a_record_of_an_earlier_version_is_the_checkpoint_itself() {
        let (_folder, record) = record();
        std::fs::write(&record.path, b"origin\n1\nroot\n").expect("written");
        assert_eq!(read(&record).as_deref(), Some(b"origin\n1\nroot\n".as_slice()));
        record.write(b"two").expect("written");
        assert_eq!(read(&record).as_deref(), Some(b"two".as_slice()));
    }

    #[test]
    fn a_record_that_cannot_be_written_says_so() {
        let (folder, record) = record();
        assert!(HeadFile::at(folder.path().join("missing").join("head")).write(b"x").is_err());
        assert!(record.write(&[b'x'; SLOT]).is_err(), "larger than a slot");
    }
}

//! The newest signed head in a file of its own: how a restored old database is noticed.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::ledger::StoreError;
use crate::ledger::ports::HeadRecord;

/// A [`HeadRecord`] in one small file, replaced by writing beside it, syncing, renaming, and syncing the folder.
#[derive(Debug)]
pub struct HeadFile {
    path: PathBuf,
}

impl HeadFile {
    /// The record at `path`, whose folder must exist.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn replace(&self, bytes: &[u8]) -> std::io::Result<()> {
        let folder = self.path.parent().unwrap_or_else(|| Path::new("."));
        let mut beside = tempfile::NamedTempFile::new_in(folder)?;
        beside.write_all(bytes)?;
        beside.as_file().sync_all()?;
        // By the C library like every other write, so that a layer below it can see the move; `persist` calls the kernel itself.
        let beside = beside.into_temp_path();
        std::fs::rename(&beside, &self.path)?;
        // The rename itself must survive a power cut too. A failed sync is never tried again: its pages may be gone.
        std::fs::File::open(folder)?.sync_all()
    }
}

impl HeadRecord for HeadFile {
    fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
        match std::fs::read(&self.path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(StoreError::Unavailable { doing: "reading the head record", source: Arc::new(e) }),
        }
    }

    fn write(&self, checkpoint: &[u8]) -> Result<(), StoreError> {
        self.replace(checkpoint).map_err(|e| StoreError::Unavailable { doing: "writing the head record", source: Arc::new(e) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_last_is_read_and_nothing_else_is_left_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let record = HeadFile::at(folder.path().join("head"));
        assert!(record.read().expect("readable").is_none());
        record.write(b"one").expect("written");
        record.write(b"two").expect("written");
        assert_eq!(record.read().expect("readable").as_deref(), Some(b"two".as_slice()));
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_record_that_cannot_be_written_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let record = HeadFile::at(folder.path().join("missing").join("head"));
        assert!(record.write(b"x").is_err());
    }
}

//! Tombstones in a file of their own, beside the database: how an older copy of the database is told what was removed since.
//!
//! It is text, a line for each document, so that an operator can read and copy it; lines that begin with `#` are notes. A new record
//! takes the place of the old one as a whole.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::ledger::StoreError;
use crate::ledger::removal::{Tombstone, TombstoneRecord};

/// What stands first in every record.
const ABOUT: &str = "\
# Documents that were removed from this server: their SHA-256, when they were removed, and the statement about it.
# Keep a copy of this file with every backup, and give it to `palinode restore --removed`: an older backup does not know of them.
";

/// A [`TombstoneRecord`] in one text file.
#[derive(Debug)]
pub struct TombstoneFile {
    path: PathBuf,
}

impl TombstoneFile {
    /// The record at `path`, whose folder must exist.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the lines of a record; the number of the first line that is none, counted from 1, when there is one. A hash alone is a
    /// document that was removed by `now` at the latest.
    ///
    /// # Errors
    /// The number of that line.
    pub fn parse(text: &str, now: DateTime<Utc>) -> Result<Vec<Tombstone>, usize> {
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        lines.map(|(number, line)| Tombstone::parse_line(line, now).ok_or(number)).collect()
    }

    fn replace(&self, tombstones: &[Tombstone]) -> std::io::Result<()> {
        let folder = self.path.parent().unwrap_or_else(|| Path::new("."));
        let mut beside = tempfile::Builder::new().prefix("removed-").tempfile_in(folder)?;
        beside.write_all(ABOUT.as_bytes())?;
        for tombstone in tombstones {
            writeln!(beside, "{}", tombstone.to_line())?;
        }
        beside.as_file().sync_all()?;
        // As for the head record: a layer below must be able to see the move.
        let beside = beside.into_temp_path();
        std::fs::rename(&beside, &self.path)?;
        File::open(folder)?.sync_all()
    }
}

impl TombstoneRecord for TombstoneFile {
    fn read(&self) -> Result<Option<Vec<Tombstone>>, StoreError> {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(StoreError::Unavailable { doing: "reading what was removed", source: Arc::new(e) }),
        };
        let help = "mend it, or move the file away: a start writes it again from the database";
        let what =
            |line| StoreError::Corrupt { what: format!("line {line} of {} is no tombstone; {help}", self.path.display()) };
        Self::parse(&text, DateTime::UNIX_EPOCH).map(Some).map_err(what)
    }

    fn add(&self, tombstones: &[Tombstone]) -> Result<(), StoreError> {
        let there = self.read()?;
        let mut all = there.clone().unwrap_or_default();
        for tombstone in tombstones {
            all.retain(|other| other.document != tombstone.document || other.removal.is_some());
            if !all.iter().any(|other| other.document == tombstone.document) {
                all.push(tombstone.clone());
            }
        }
        if there.is_some_and(|there| there == all) {
            return Ok(());
        }
        all.sort_by_key(|tombstone| tombstone.document);
        self.replace(&all).map_err(|e| StoreError::Unavailable { doing: "recording what was removed", source: Arc::new(e) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::RemovalBasis;
    use crate::ledger::removal::{Ground, Removal};
    use crate::notice::{DocumentHash, Timestamp};

    fn record() -> (tempfile::TempDir, TombstoneFile) {
        let folder = tempfile::tempdir().expect("a folder");
        let record = TombstoneFile::at(folder.path().join("removed"));
        (folder, record)
    }

    fn removal(text: &[u8]) -> Removal {
        let ground = Ground { basis: RemovalBasis::Rights, jurisdiction: Some("DE".to_owned()), reference: None };
        let issued = Timestamp::parse("2026-11-23T10:00:00Z").expect("a time");
        Removal::new("ledger.example.org/log", issued, DocumentHash::of(text), ground).expect("valid form")
    }

    #[test]
    fn a_record_keeps_each_document_once_with_what_is_said_of_it() {
        let (folder, record) = record();
        assert_eq!(record.read().expect("readable"), None);
        record.add(&[]).expect("written");
        assert_eq!(record.read().expect("readable"), Some(Vec::new()), "begun, so that nobody takes it for lost");
        let bare = Tombstone::bare(DocumentHash::of(b"one"), "2026-11-23T10:00:00Z".parse().expect("a time"));
        record.add(std::slice::from_ref(&bare)).expect("written");
        record.add(&[removal(b"one").tombstone(), removal(b"two").tombstone()]).expect("written");
        record.add(&[bare, removal(b"two").tombstone()]).expect("written");
        let mut expected = vec![removal(b"one").tombstone(), removal(b"two").tombstone()];
        expected.sort_by_key(|tombstone| tombstone.document);
        assert_eq!(record.read().expect("readable"), Some(expected));
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "and nothing beside it");
    }

    #[test]
    fn a_damaged_record_is_not_taken_for_an_empty_one() {
        let (_folder, record) = record();
        record.add(&[removal(b"one").tombstone()]).expect("written");
        let text = std::fs::read_to_string(record.path()).expect("there");
        std::fs::write(record.path(), text.replacen("legal", "lawful", 1).replacen("rights", "wrongs", 1)).expect("written");
        assert!(matches!(record.read(), Err(StoreError::Corrupt { what }) if what.contains("line 3")));
    }
}

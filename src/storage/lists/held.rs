//! A list that is here: its files, open.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::found;
use crate::digests::{Filter, ListForm, ReadAt, SortedList};
use crate::notice::{DigestPrefix, DocumentHash};
use crate::storage::bundle_pages::read_from_memory;

/// An open list.
#[derive(Debug)]
pub(crate) struct Held {
    list: SortedList<File, File>,
    table: File,
    /// As far as there is room in memory.
    filter: Option<Filter>,
}

/// Reads what the operating system has in memory, and nothing else.
struct AtHand<'f>(&'f File);

impl ReadAt for AtHand<'_> {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        match read_from_memory(self.0, buffer, offset)? {
            read if read == buffer.len() => Ok(()),
            _ => Err(io::ErrorKind::WouldBlock.into()),
        }
    }
}

impl Held {
    /// Opens a list; `None` when it is not there. Derived files that are missing or damaged are an error that says so: they must not
    /// decide what a list holds.
    pub(super) fn open(
        sha256: DocumentHash,
        form: ListForm,
        list: &Path,
        [table, filter, _]: &[PathBuf; 3],
        room: usize,
    ) -> io::Result<Option<Self>> {
        let Some(file) = found(File::open(list))? else { return Ok(None) };
        if file.metadata()?.len() != form.size() {
            return Err(damaged("the file of a digest list is not as long as it was"));
        }
        let bytes = std::fs::read(table)?;
        let list = SortedList::open(file, sha256, form, File::open(table)?, &bytes).map_err(damaged)?;
        let filter = if found(std::fs::metadata(filter))?.is_some_and(|filter| filter.len() <= room as u64) {
            Some(Filter::parse_of(std::fs::read(filter)?, sha256, form).map_err(damaged)?)
        } else {
            None
        };
        Ok(Some(Self { list, table: File::open(table)?, filter }))
    }

    /// Bytes of the filter that are in memory.
    pub(super) fn filter_in_memory(&self) -> usize {
        self.filter.as_ref().map_or(0, |filter| filter.bytes().len())
    }

    /// Whether the list holds a digest.
    pub(crate) fn contains(&self, digest: &[u8]) -> io::Result<bool> {
        Ok(self.may_contain(digest) && self.list.contains(digest)?)
    }

    /// The same, as far as it is known without waiting for the disk.
    pub(crate) fn contains_at_hand(&self, digest: &[u8]) -> Option<bool> {
        if !self.may_contain(digest) {
            return Some(false);
        }
        self.list.through(AtHand(self.list.list()), AtHand(&self.table)).contains(digest).ok()
    }

    /// Whether the list may hold a digest, by the filter in memory: false is certain.
    pub(crate) fn may_contain(&self, digest: &[u8]) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.may_contain(digest))
    }

    /// The digests of the list that lie in a range, at most `limit`.
    pub(crate) fn digests_in(&self, range: &DigestPrefix, limit: usize) -> io::Result<Vec<Vec<u8>>> {
        self.list.between(&range.first(), &range.last(), limit)
    }

    /// Bytes of the list, at most `most` of them from `from` on.
    pub(crate) fn range(&self, from: u64, most: usize) -> io::Result<Vec<u8>> {
        let length = self.list.form().size().saturating_sub(from).min(most as u64);
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(most)];
        FileExt::read_exact_at(self.list.list(), &mut bytes, from)?;
        Ok(bytes)
    }
}

fn damaged(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

//! The journal of `powerloss.c`: what was done to the files of a server, and between it what the server had promised by then.

use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

const MAGIC: u32 = 0x5057_4c31;
const HEAD: usize = 32;

/// What a server had promised, as counts into its book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Acknowledged,
    Shown,
}

/// One thing that was done. Files are named by their inode, folders by their path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Operation {
    Create {
        path: PathBuf,
        inode: u64,
        mode: u32,
    },
    MakeFolder {
        path: PathBuf,
    },
    Link {
        path: PathBuf,
        inode: u64,
    },
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    Remove {
        path: PathBuf,
    },
    /// Bytes of the journal, at an offset of the file.
    Write {
        inode: u64,
        at: u64,
        bytes: Range<usize>,
    },
    SetLength {
        inode: u64,
        length: u64,
    },
    Map {
        inode: u64,
    },
    SyncFile {
        inode: u64,
    },
    SyncFolder {
        path: PathBuf,
    },
    /// So many were acknowledged, or shown, by now.
    Promise {
        what: Mark,
        count: usize,
    },
}

impl Operation {
    /// The file that it is done to, unless it is about names.
    pub(crate) fn inode(&self) -> Option<u64> {
        match self {
            Self::Create { inode, .. }
            | Self::Write { inode, .. }
            | Self::SetLength { inode, .. }
            | Self::Map { inode }
            | Self::SyncFile { inode } => Some(*inode),
            _ => None,
        }
    }

    /// A letter for each kind, as in the journal.
    pub(crate) fn kind(&self) -> char {
        match self {
            Self::Create { .. } => 'C',
            Self::MakeFolder { .. } => 'D',
            Self::Link { .. } => 'L',
            Self::Rename { .. } => 'R',
            Self::Remove { .. } => 'U',
            Self::Write { .. } => 'W',
            Self::SetLength { .. } => 'T',
            Self::Map { .. } => 'M',
            Self::SyncFile { .. } => 'F',
            Self::SyncFolder { .. } => 'Y',
            Self::Promise { what: Mark::Acknowledged, .. } => 'A',
            Self::Promise { what: Mark::Shown, .. } => 'S',
        }
    }
}

/// A whole journal in memory.
pub(crate) struct Journal {
    pub(crate) bytes: Vec<u8>,
    pub(crate) operations: Vec<Operation>,
}

impl Journal {
    pub(crate) fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let mut operations = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let head = &bytes[at..at + HEAD];
            let long = |at: usize| u64::from_le_bytes(head[at..at + 8].try_into().unwrap());
            let short = |at: usize| usize::from(u16::from_le_bytes([head[at], head[at + 1]]));
            let word = |at: usize| u32::from_le_bytes(head[at..at + 4].try_into().unwrap());
            assert_eq!(word(0), MAGIC, "no record at {at}");
            let (inode, offset, mode) = (long(8), long(16), u32::try_from(short(28)).unwrap());
            let path = at + HEAD..at + HEAD + short(24);
            let other = path.end..path.end + short(26);
            let data = other.end..other.end + usize::try_from(word(4)).unwrap();
            let named = |range: &Range<usize>| PathBuf::from(std::str::from_utf8(&bytes[range.clone()]).unwrap());
            operations.push(match head[30] {
                b'C' => Operation::Create { path: named(&path), inode, mode },
                b'D' => Operation::MakeFolder { path: named(&path) },
                b'L' => Operation::Link { path: named(&other), inode },
                b'R' => Operation::Rename { from: named(&path), to: named(&other) },
                b'U' => Operation::Remove { path: named(&path) },
                b'W' => Operation::Write { inode, at: offset, bytes: data.clone() },
                b'T' => Operation::SetLength { inode, length: offset },
                b'M' => Operation::Map { inode },
                b'F' => Operation::SyncFile { inode },
                b'Y' => Operation::SyncFolder { path: named(&path) },
                b'A' => Operation::Promise { what: Mark::Acknowledged, count: usize::try_from(offset).unwrap() },
                b'S' => Operation::Promise { what: Mark::Shown, count: usize::try_from(offset).unwrap() },
                other => panic!("record of unknown kind {other}"),
            });
            at = data.end;
        }
        Self { bytes, operations }
    }
}

/// Appends a mark to a journal that a server writes at the same time.
pub(crate) fn mark(journal: &mut File, what: Mark, count: usize) -> io::Result<()> {
    let mut record = [0; HEAD];
    record[..4].copy_from_slice(&MAGIC.to_le_bytes());
    record[16..24].copy_from_slice(&(count as u64).to_le_bytes());
    record[30] = match what {
        Mark::Acknowledged => b'A',
        Mark::Shown => b'S',
    };
    // One write to a file that is open for appending: it goes between two records, never into one.
    journal.write_all(&record)
}

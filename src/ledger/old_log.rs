//! A log that ended, as a backup holds it: what it must prove before anything is taken from it.
//!
//! A backup is believed as little as a peer. Its newest signed checkpoint is verified under the log key that the operator knows,
//! every entry is hashed, and the root must be the signed one. Where it is not, the hash tiles beside the entries tell which
//! entries are damaged; whatever else hashes to the signed root is proved all the same.

use chrono::{DateTime, Utc};

use super::parallel::in_parallel;
use super::ports::StoreError;
use super::stored::Head;
use crate::digests::{ListCheck, ListForm};
use crate::notice::DocumentHash;
use crate::tlog::{Frontier, Hash, SignedCheckpoint, SignedCheckpointError, TILE_WIDTH, VerifierKey};

/// How many entries are read at a time.
const STEP: u64 = 4_096;

/// How many bytes of a digest list are read at once.
pub const LIST_PIECE: usize = 1 << 20;

/// An entry of an old log. Nothing about it is proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldEntry {
    /// Its place in the old log.
    pub index: u64,
    /// The bytes of the entry.
    pub bytes: Vec<u8>,
    /// When the old log first saw it.
    pub first_seen: DateTime<Utc>,
}

/// What a backup holds of a log.
pub trait OldLog: Sync {
    /// Entries from `from` on and below `to`, in order; those that are not there are left out. Fewer than there are when they
    /// are many bytes, but never none while there is one.
    fn entries(&self, from: u64, to: u64) -> Result<Vec<OldEntry>, StoreError>;

    /// The leaf hashes that the log kept beside its entries, of the 256 entries from `256 * tile` on; as many as there are.
    fn leaves(&self, tile: u64) -> Result<Vec<Hash>, StoreError>;

    /// The bytes of a document, unless it was removed or never came.
    fn document(&self, name: &DocumentHash) -> Result<Option<Vec<u8>>, StoreError>;

    /// Names of the documents that are here, in order, after `after`, at most `limit`.
    fn documents(&self, after: Option<&DocumentHash>, limit: usize) -> Result<Vec<DocumentHash>, StoreError>;

    /// Digest lists that have files of their own, with their forms. They are not among the documents.
    fn lists(&self) -> Result<Vec<(DocumentHash, ListForm)>, StoreError>;

    /// The [`LIST_PIECE`] bytes of a list from `piece` times so many on, fewer at its end; `None` behind it.
    fn list_piece(&self, list: &DocumentHash, piece: u64) -> Result<Option<Vec<u8>>, StoreError>;
}

/// What an old log proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldLogReport {
    /// The newest head that was signed.
    pub head: Head,
    /// Whether the entries hash to the signed root, those counted that only their leaf hash is left of.
    pub proved: bool,
    /// Entries that are whole.
    pub entries: u64,
    /// Documents that are whole.
    pub documents: u64,
    /// Entries that are missing or other bytes than were signed, in order.
    pub damaged: Vec<u64>,
    /// Documents that do not hash to their name.
    pub damaged_documents: Vec<DocumentHash>,
}

impl OldLogReport {
    /// Whether nothing is missing and everything is what was signed.
    pub fn is_whole(&self) -> bool {
        self.proved && self.damaged.is_empty() && self.damaged_documents.is_empty()
    }
}

/// Why an old log proves nothing at all.
#[derive(Debug, Clone, thiserror::Error)]
pub enum OldLogError {
    /// Its newest checkpoint is not signed by its log key.
    #[error("its newest checkpoint does not verify under its log key: {0}")]
    Checkpoint(#[from] SignedCheckpointError),
    /// It cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Hashes everything that `old` holds, and compares it with its newest signed checkpoint. `progress` is told how many of how
/// many entries are done.
///
/// # Errors
/// [`OldLogError`]; entries that are missing or damaged are named in the report.
pub fn verify(
    old: &dyn OldLog,
    checkpoint: &[u8],
    log: &VerifierKey,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<OldLogReport, OldLogError> {
    let signed = SignedCheckpoint::parse_and_verify(checkpoint, log)?;
    let head = Head { size: signed.checkpoint().size(), root: *signed.checkpoint().root() };
    let mut walk = Walk { old, frontier: Frontier::empty(), kept: (u64::MAX, Vec::new()), damaged: Vec::new() };
    while walk.frontier.size() < head.size {
        let from = walk.frontier.size();
        let to = head.size.min(from + STEP);
        let entries = old.entries(from, to)?;
        // Fewer entries than were asked for are a hole only when nothing at all is left.
        let reached = entries.last().map_or(to, |entry| entry.index + 1);
        walk.pass(&entries, reached)?;
        progress(reached, head.size);
    }
    let Walk { frontier, damaged, .. } = walk;
    let (mut documents, mut damaged_documents) = check_documents(old)?;
    for (list, form) in old.lists()? {
        if is_whole_list(old, &list, form)? {
            documents += 1;
        } else {
            damaged_documents.push(list);
        }
    }
    let entries = head.size - damaged.len() as u64;
    Ok(OldLogReport { head, proved: frontier.root() == head.root, entries, documents, damaged, damaged_documents })
}

struct Walk<'o> {
    old: &'o dyn OldLog,
    frontier: Frontier,
    /// The tile of leaf hashes that was read last.
    kept: (u64, Vec<Hash>),
    damaged: Vec<u64>,
}

impl Walk<'_> {
    /// Takes these entries in, up to the index `to`; whatever is not among them is missing.
    fn pass(&mut self, entries: &[OldEntry], to: u64) -> Result<(), StoreError> {
        let hashes = in_parallel(entries, |entry| (entry.index, Hash::leaf(&entry.bytes)));
        let mut hashes = hashes.into_iter().peekable();
        while self.frontier.size() < to {
            let index = self.frontier.size();
            let found = hashes.next_if(|(at, _)| *at == index).map(|(_, hash)| hash);
            let kept = self.leaf_beside(index)?;
            let leaf = match (found, kept) {
                (Some(found), Some(kept)) if found == kept => found,
                // Without a tile to compare with, the root alone decides.
                (Some(found), None) => found,
                (_, kept) => {
                    self.damaged.push(index);
                    kept.unwrap_or(Hash::EMPTY)
                }
            };
            self.frontier.append(leaf);
            // Tiles are not needed here, and a tree of a million entries has many.
            if index.is_multiple_of(STEP) {
                self.frontier.take_changed();
            }
        }
        Ok(())
    }

    fn leaf_beside(&mut self, index: u64) -> Result<Option<Hash>, StoreError> {
        let width = TILE_WIDTH as u64;
        if self.kept.0 != index / width {
            self.kept = (index / width, self.old.leaves(index / width)?);
        }
        let place = usize::try_from(index % width).unwrap_or(usize::MAX);
        Ok(self.kept.1.get(place).copied())
    }
}

fn check_documents(old: &dyn OldLog) -> Result<(u64, Vec<DocumentHash>), StoreError> {
    let (mut whole, mut damaged) = (0, Vec::new());
    let mut after: Option<DocumentHash> = None;
    loop {
        let names = old.documents(after.as_ref(), 256)?;
        let Some(last) = names.last() else { return Ok((whole, damaged)) };
        after = Some(*last);
        let found = in_parallel(&names, |name| Ok((*name, old.document(name)?.map(|bytes| DocumentHash::of(&bytes)))));
        for checked in found {
            let (name, found): (DocumentHash, _) = checked?;
            if found == Some(name) {
                whole += 1;
            } else {
                damaged.push(name);
            }
        }
    }
}

/// Whether a list hashes to its name, and is one.
fn is_whole_list(old: &dyn OldLog, list: &DocumentHash, form: ListForm) -> Result<bool, StoreError> {
    let mut check = ListCheck::new(form);
    let mut piece = 0;
    while let Some(bytes) = old.list_piece(list, piece)? {
        if check.take(&bytes).is_err() {
            return Ok(false);
        }
        piece += 1;
    }
    Ok(check.finish().is_ok_and(|checked| checked.sha256 == *list))
}

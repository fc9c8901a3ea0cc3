//! Opening a log: what is stored, what was signed and what is recorded outside must agree before anything is signed again.
//!
//! The cases, with `D` the newest head in the database and `R` the head record (protocol, section 7, rule 3):
//!
//! | found | means | done |
//! |---|---|---|
//! | no head, no record | a new log | the empty tree is signed and published |
//! | `D` unsigned, `R` smaller | a crash after the append | re-hash, sign, record, publish |
//! | `D` unsigned, `R` equal | a crash between recording and publishing, or a power cut that took the publication | re-hash, take over the recorded cosignature, publish |
//! | `D` published, `R` equal | an orderly end | re-hash the right edge, go on |
//! | `D` published, `R` smaller | an old record was put back | re-hash, record `D` again, so that it guards the newest head |
//! | `R` larger than `D`, or of another root | an old copy of the database was put back | halt: nothing may be signed |
//! | `R` missing beside a published `D` | somebody removed it | halt |

use super::cosigning::{Witness, cosigned};
use super::log::proof_fault;
use super::ports::{AppendError, LogRead, StoreError};
use super::published::{Cosigned, Published, in_serving_order};
use super::sequencer::{Bench, sign_and_publish};
use super::stored::{Batch, Head, PublishedHead};
use crate::tlog::{self, Frontier, FrontierError, Hash, SignedCheckpoint, TileId, TileSource};

/// Why a log was not opened.
#[derive(Debug, Clone, thiserror::Error)]
pub enum OpenError {
    /// Storage could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The head record is ahead of the database: an old copy of the database was put back.
    #[error(
        "this log was signed at size {recorded}, but the database ends at {stored}: an old copy was put back. \
         Nothing will be signed. Put the newest database back, or begin a new log with `palinode restore`"
    )]
    Behind {
        /// Size that was signed.
        recorded: u64,
        /// Size that the database has.
        stored: u64,
    },
    /// Two roots for one size.
    #[error(
        "the database has another root at size {size} than the one that was signed. Nothing will be signed; run `palinode fsck`"
    )]
    OtherRoot {
        /// The size.
        size: u64,
    },
    /// The record is gone although the log was published.
    #[error(
        "the head record beside the database is missing although the log has {size} entries; put it back, or begin a new log"
    )]
    RecordMissing {
        /// Size of the newest published head.
        size: u64,
    },
    /// The record is not signed by this log's key.
    #[error("the head record beside the database is not signed by this log's key: {0}")]
    RecordForeign(String),
    /// Another writer opened the log at the same moment.
    #[error("another writer is at work on this log (its head moved to {found})")]
    OtherWriter {
        /// Size that was found.
        found: u64,
    },
}

impl From<AppendError> for OpenError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::HeadMoved { found } => Self::OtherWriter { found },
            AppendError::Store(error) => Self::Store(error),
        }
    }
}

/// Reads tiles for the tree functions.
pub(super) struct StoredTiles<L>(pub(super) L);

impl TileSource for StoredTiles<std::sync::Arc<dyn LogRead>> {
    type Error = StoreError;

    fn tile(&self, id: TileId, width: u16) -> Result<Vec<Hash>, StoreError> {
        self.0.tile(id, width)
    }
}

impl TileSource for StoredTiles<&dyn LogRead> {
    type Error = StoreError;

    fn tile(&self, id: TileId, width: u16) -> Result<Vec<Hash>, StoreError> {
        self.0.tile(id, width)
    }
}

/// Opens a log: as [`recover`], and nothing is known of what was signed before but what stands there.
pub(super) fn open(bench: &mut Bench, witness: &Witness) -> Result<(Edge, Published), OpenError> {
    recover_from(bench, witness, Memory::Lost)
}

/// Brings database and head record together as the table above says, and loads the right edge of the tree.
pub(super) fn recover(bench: &mut Bench, witness: &Witness) -> Result<(Edge, Published), OpenError> {
    recover_from(bench, witness, Memory::Kept)
}

/// Whether the witness remembers what it signed last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Memory {
    /// It was loaded from the database, which a power cut may have robbed of its last publication.
    Lost,
    Kept,
}

fn recover_from(bench: &mut Bench, witness: &Witness, memory: Memory) -> Result<(Edge, Published), OpenError> {
    let recorded = recorded_head(bench)?;
    let Some(newest) = bench.read.newest_head()? else {
        if let Some(recorded) = recorded {
            return Err(OpenError::Behind { recorded: recorded.head.size, stored: 0 });
        }
        bench.write.append(&Batch {
            expected: Head::EMPTY,
            entries: Vec::new(),
            tiles: Vec::new(),
            head: Head::EMPTY,
            documents: Vec::new(),
        })?;
        let published = sign_and_publish(bench, witness, Head::EMPTY)?;
        return Ok((Edge::default(), published));
    };
    let published = bench.read.newest_published()?;
    match &recorded {
        Some(Recorded { head, .. }) if head.size > newest.size => {
            return Err(OpenError::Behind { recorded: head.size, stored: newest.size });
        }
        Some(Recorded { head, .. }) => {
            let root = tlog::root(head.size, &StoredTiles(bench.read.as_ref())).map_err(proof_fault)?;
            if root != head.root {
                return Err(OpenError::OtherRoot { size: head.size });
            }
        }
        None => {
            if let Some(published) = &published {
                return Err(OpenError::RecordMissing { size: published.head.size });
            }
        }
    }
    let from = published.as_ref().map_or(0, |p| p.head.size);
    let reread = verify_written(bench.read.as_ref(), from, newest)?;
    let edge = Edge { tree: load_frontier(bench.read.as_ref(), newest.size)?, reread };
    let own_name = witness.name().as_str();
    let shown = match published {
        Some(PublishedHead { head, checkpoint, .. }) if head == newest => {
            let cosignatures = in_serving_order(bench.cosignatures.cosignatures(head.size)?, own_name);
            if recorded.is_some_and(|recorded| recorded.head.size < head.size) {
                let own = cosignatures.iter().filter(|cosigned| cosigned.name == own_name).cloned().collect();
                bench.record.write(&Published { head, checkpoint: checkpoint.clone(), cosignatures: own }.served())?;
            }
            Published { head, checkpoint, cosignatures }
        }
        published => {
            let unpublished = |recorded: &Recorded| published.is_none_or(|published| published.head.size < recorded.head.size);
            if let (Memory::Lost, Some(recorded)) = (memory, recorded.filter(unpublished)) {
                take_over(bench, witness, &recorded)?;
            }
            let signed = sign_and_publish(bench, witness, newest)?;
            Published { cosignatures: in_serving_order(bench.cosignatures.cosignatures(newest.size)?, own_name), ..signed }
        }
    };
    Ok((edge, shown))
}

/// Keeps the cosignature of a recorded head, which may have been shown, in the database: signed time goes on from it. A head that
/// the database calls published needs none of this, since the two were one commit; nor may it have any, since the operator may
/// have accepted another clock after that.
fn take_over(bench: &Bench, witness: &Witness, recorded: &Recorded) -> Result<(), StoreError> {
    let Some(own) = &recorded.own else { return Ok(()) };
    bench.cosignatures.keep_cosignature(recorded.head.size, own, true)?;
    witness.has_signed(own.time);
    Ok(())
}

fn load_frontier(read: &dyn LogRead, size: u64) -> Result<Frontier, StoreError> {
    let loaded = Frontier::from_tiles(size, |id| match id.width_at(size) {
        Some(width) => read.tile(id, width),
        None => Ok(Vec::new()),
    });
    loaded.map_err(|error| match error {
        FrontierError::Source(error) => error,
        other => StoreError::Corrupt { what: other.to_string() },
    })
}

/// What the head record says.
struct Recorded {
    head: Head,
    /// The newest cosignature of our own witness; records of earlier versions have none.
    own: Option<Cosigned>,
}

fn recorded_head(bench: &Bench) -> Result<Option<Recorded>, OpenError> {
    let Some(bytes) = bench.record.read()? else { return Ok(None) };
    let signed =
        SignedCheckpoint::parse_and_verify(&bytes, &bench.identity.log).map_err(|e| OpenError::RecordForeign(e.to_string()))?;
    let checkpoint = signed.checkpoint();
    let head = Head { size: checkpoint.size(), root: *checkpoint.root() };
    let own = signed.cosignatures(std::slice::from_ref(&bench.identity.witness)).pop();
    Ok(Some(Recorded { head, own: own.as_ref().and_then(cosigned) }))
}

/// Re-reads the entries from `from` on, hashes them again, and compares with the tiles and the root of `head`.
fn verify_written(read: &dyn LogRead, from: u64, head: Head) -> Result<Reread, StoreError> {
    let mut reread = Reread { frontier: load_frontier(read, from)? };
    while reread.frontier.size() < head.size {
        let part = head.size.min(reread.frontier.size() + REREAD);
        reread.follow(read, part)?;
    }
    reread.compare(head)?;
    Ok(reread)
}

/// So many entries are read again at a time.
const REREAD: u64 = 4_096;

/// The right edge of the log, twice.
#[derive(Default)]
pub(super) struct Edge {
    /// What the next batch is appended to.
    pub(super) tree: Frontier,
    /// What it is held against when it was written.
    pub(super) reread: Reread,
}

/// The tree as it follows from what was read back: the second opinion that each batch is held against before its head is signed.
///
/// It shares no memory with the tree that the head was computed from, so a bit that flips in either, on the way to the disk or on
/// the way back, makes the two differ.
#[derive(Default)]
pub(super) struct Reread {
    frontier: Frontier,
}

impl Reread {
    /// Reads the entries up to `size` again, each of which must hash to its leaf, and the tiles that they change.
    pub(super) fn follow(&mut self, read: &dyn LogRead, size: u64) -> Result<(), StoreError> {
        for entry in read.entries(self.frontier.size(), size)? {
            let leaf = Hash::leaf(&entry.bytes);
            if leaf != entry.leaf || entry.index != self.frontier.append(leaf) {
                return Err(StoreError::Corrupt { what: format!("entry {} does not hash to its leaf", entry.index) });
            }
        }
        for (id, hashes) in self.frontier.take_changed() {
            if read.tile(id, u16::try_from(hashes.len()).unwrap_or(u16::MAX))? != hashes {
                let what = format!("tile {} of level {} does not follow from the entries", id.index, id.level);
                return Err(StoreError::Corrupt { what });
            }
        }
        Ok(())
    }

    /// Compares the root of what was read with that of `head`.
    pub(super) fn compare(&self, head: Head) -> Result<(), StoreError> {
        if self.frontier.size() != head.size || self.frontier.root() != head.root {
            return Err(StoreError::Corrupt {
                what: format!("what is stored at size {} does not hash to its root", head.size),
            });
        }
        Ok(())
    }
}

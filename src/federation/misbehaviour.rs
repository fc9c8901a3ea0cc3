//! What a peer did wrong: one variant for each rule that can be broken.
//!
//! Only two kinds convict a peer before others, because whoever holds its log key can check them: two roots for one size, and
//! leaves that contradict what was signed of them before. These become [`Evidence`]. Everything else is an observation of this
//! server: it is shown, work with the peer is put off, and nobody else need believe it.

use crate::notice::DocumentHash;
use crate::tlog::{CosignatureError, Evidence, Hash, SignedCheckpointError};

/// A rule that a peer broke.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misbehaviour {
    /// It served a checkpoint that its log key did not sign, or of another log.
    #[error("its checkpoint is not one of its log: {0}")]
    CheckpointNotItsOwn(#[source] SignedCheckpointError),
    /// It answered an announcement with something other than its cosignature.
    #[error("its cosignature is missing or wrong: {0}")]
    CosignatureWrong(#[source] CosignatureError),
    /// It refused an announcement with a conflict that names no size.
    #[error("its conflict names no tree size")]
    ConflictWithoutSize,
    /// Its tile or bundle is not there, although its checkpoint implies it.
    #[error("{path} is missing, although its checkpoint implies it")]
    TileMissing {
        /// The path under its log's prefix.
        path: String,
    },
    /// Its tile has another length than its checkpoint implies.
    #[error("{path} has {found} bytes")]
    TileLength {
        /// The path under its log's prefix.
        path: String,
        /// Length in bytes.
        found: usize,
    },
    /// Leaf hashes that were served and verified before are others now.
    #[error("its leaf {index} is another one than before")]
    LeafRewritten {
        /// Which leaf.
        index: u64,
    },
    /// Its leaf hashes do not hash to the root that it signed.
    #[error("its leaf hashes do not hash to the root it signed at size {size}")]
    TilesContradictRoot {
        /// The size.
        size: u64,
    },
    /// It served an entry that does not hash to the leaf it was asked for by.
    #[error("the entry it serves as {leaf} hashes to {found}")]
    OtherEntry {
        /// The leaf that was asked for.
        leaf: Hash,
        /// What the entry hashes to.
        found: Hash,
    },
    /// It served a document that does not hash to its name.
    #[error("the document it serves as {document} hashes to something else")]
    OtherDocument {
        /// The document that was asked for.
        document: DocumentHash,
    },
    /// It served a block of a digest list that does not hash to what the notice names.
    #[error("the block {block} it serves of list {document} is another one")]
    OtherBlock {
        /// The list.
        document: DocumentHash,
        /// Which block.
        block: u64,
    },
    /// It signed two roots for one size: evidence.
    #[error("it signed two roots for size {size}")]
    TwoRoots {
        /// The size.
        size: u64,
        /// Both signed checkpoints.
        evidence: Box<Evidence>,
    },
    /// It signed a root that does not continue what it had signed: evidence.
    #[error("it signed a root at size {size} that its earlier leaves contradict")]
    LeafContradiction {
        /// The size.
        size: u64,
        /// Both signed checkpoints, and the proof.
        evidence: Box<Evidence>,
    },
}

impl Misbehaviour {
    /// A stable word for it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CheckpointNotItsOwn(_) => "checkpoint-not-its-own",
            Self::CosignatureWrong(_) => "cosignature-wrong",
            Self::ConflictWithoutSize => "conflict-without-size",
            Self::TileMissing { .. } => "tile-missing",
            Self::TileLength { .. } => "tile-length",
            Self::LeafRewritten { .. } => "leaf-rewritten",
            Self::TilesContradictRoot { .. } => "tiles-contradict-root",
            Self::OtherEntry { .. } => "other-entry",
            Self::OtherDocument { .. } => "other-document",
            Self::OtherBlock { .. } => "other-block",
            Self::TwoRoots { .. } => "two-roots",
            Self::LeafContradiction { .. } => "leaf-contradiction",
        }
    }

    /// Whether the peer's own tiles may prove it before others.
    pub(super) fn may_be_proved(&self) -> bool {
        matches!(self, Self::LeafRewritten { .. } | Self::TilesContradictRoot { .. })
    }

    /// What of it convicts the peer before others.
    pub fn evidence(&self) -> Option<&Evidence> {
        match self {
            Self::TwoRoots { evidence, .. } | Self::LeafContradiction { evidence, .. } => Some(evidence),
            _ => None,
        }
    }
}

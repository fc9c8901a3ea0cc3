use std::io;
use std::path::PathBuf;

use crate::client::ClientError;
use crate::client::audit::{Fault, Unreachable};
use crate::tlog::QuorumNotMet;

/// Why a local index was not updated, or gives no answer.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// A file on this machine.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file of the index is not what was written.
    #[error("{} is damaged: {what}", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// Another update is under way.
    #[error("another update of {0} is under way")]
    Busy(String),
    /// There is no answer.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    /// The server does not answer as servers do.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Something that must be there is not.
    #[error("{0} is not there: it is no server with a compact list, or no copy of one")]
    NotThere(String),
    /// What was fetched is not what was signed.
    #[error("{origin}: {fault}")]
    Broken {
        /// Whose list.
        origin: String,
        /// What is wrong.
        #[source]
        fault: Box<IndexFault>,
    },
    /// Fewer witnesses than were asked for have cosigned the checkpoint.
    #[error("{origin}: {unmet}")]
    Unwitnessed {
        /// Whose list.
        origin: String,
        /// Who has not.
        unmet: QuorumNotMet,
    },
    /// What was fetched is older than what is here, which stays.
    #[error(
        "{origin}: what is here is of {here}, tree size {size_here}, and what is there is older: of {there}, tree size {size_there}"
    )]
    Older {
        /// Whose list.
        origin: String,
        /// When the head here was signed.
        here: String,
        /// How many entries it is of.
        size_here: u64,
        /// When the head there was signed.
        there: String,
        /// How many entries that is of.
        size_there: u64,
    },
}

/// What of a compact list is not what was signed.
#[derive(Debug, thiserror::Error)]
pub enum IndexFault {
    /// Other keys than those that were pinned.
    #[error("its {what} key is {found}, and {pinned} was pinned when it was first seen")]
    OtherKey {
        /// Of which purpose.
        what: &'static str,
        /// What was pinned.
        pinned: String,
        /// What it is now.
        found: String,
    },
    /// The head.
    #[error("the head of its compact list: {0}")]
    Head(String),
    /// A tile, a bundle or an entry of the log.
    #[error(transparent)]
    Log(#[from] Fault),
    /// The leaf hashes do not hash to the signed root.
    #[error("the leaf hashes of its log do not hash to the root that it signed for tree size {0}")]
    Leaves(u64),
    /// Index tiles do not hash to what the operator signed.
    #[error("the index tiles do not hash to the root that its operator signed for tree size {0}")]
    Tiles(u64),
    /// Index tiles, made of the entries, do not hash to what the operator signed.
    #[error("its operator signed index tiles for tree size {0} that do not follow from the entries of its log")]
    SignedTiles(u64),
    /// A tile that cannot be read.
    #[error("index tile {tile}: {why}")]
    Tile {
        /// Which tile.
        tile: u64,
        /// Why.
        why: String,
    },
    /// The trust settings are not those of the head.
    #[error("its trust settings: {0}")]
    Settings(String),
    /// The log signed two histories.
    #[error("its log signed two histories, which {} shows to anybody: palinode proof evidence {}", kept.display(), kept.display())]
    TwoHistories {
        /// Where the evidence is kept.
        kept: PathBuf,
    },
    /// An entry that is not signed as it must be.
    #[error("entry {index} is {what}")]
    Entry {
        /// Which entry.
        index: u64,
        /// What is wrong with it.
        what: String,
    },
}

impl IndexError {
    /// What `fault` is about the list of `origin`.
    pub(super) fn broken(origin: &str, fault: impl Into<IndexFault>) -> Self {
        Self::Broken { origin: origin.to_owned(), fault: Box::new(fault.into()) }
    }
}

//! Where things stand with a peer, its log, and what was cosigned of it.

use chrono::{DateTime, Utc};

use super::statement::PeerStatement;
use crate::ledger::published::Cosigned;
use crate::ledger::refusal::RefusalClass;
use crate::ledger::stored::Head;
use crate::notice::DocumentHash;
use crate::tlog::Hash;

/// What is done with a peer; each kind of work has its own back-off, so that one that fails does not stop the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Work {
    /// Telling it of our log.
    Announce,
    /// Reading its log.
    Pull,
    /// Asking it for documents.
    Documents,
}

impl Work {
    /// Everything that is done with a peer.
    pub const ALL: [Self; 3] = [Self::Announce, Self::Pull, Self::Documents];

    /// How it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Announce => "announce",
            Self::Pull => "pull",
            Self::Documents => "documents",
        }
    }
}

impl PeerState {
    /// Whether the peer is convicted: it is neither read, nor cosigned, nor announced to, and what was accepted of it stays.
    pub fn is_isolated(&self) -> bool {
        self.evidence > 0
    }

    /// Size of its log as far as it is known here.
    pub fn size(&self) -> u64 {
        self.head.as_ref().map_or(self.verified, |head| head.head.size.max(self.verified))
    }

    /// How much of its log was not looked at yet.
    pub fn behind(&self) -> u64 {
        self.size().saturating_sub(self.pulled)
    }

    /// When anything went well with it last.
    pub fn last_contact(&self) -> Option<DateTime<Utc>> {
        Work::ALL.iter().filter_map(|work| self.progress(*work).last_ok).max()
    }

    /// What went wrong last among the work that fails now.
    pub fn present_error(&self) -> Option<&PeerFault> {
        let failing = Work::ALL.iter().map(|work| self.progress(*work)).filter(|progress| progress.failures > 0);
        failing.filter_map(|progress| progress.last_error.as_ref()).max_by_key(|fault| fault.at)
    }

    /// How this kind of work goes.
    pub fn progress(&self, work: Work) -> &Progress {
        match work {
            Work::Announce => &self.announce,
            Work::Pull => &self.pull,
            Work::Documents => &self.documents,
        }
    }
}

/// How one kind of work with a peer goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Failures since the last success.
    pub failures: u32,
    /// No attempt before this time.
    pub not_before: Option<DateTime<Utc>>,
    /// The last success.
    pub last_ok: Option<DateTime<Utc>>,
    /// The last failure, which a later success does not wipe out.
    pub last_error: Option<PeerFault>,
}

/// What went wrong last, for operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerFault {
    /// A stable word.
    pub code: String,
    /// One sentence.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A peer's checkpoint whose signature was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerHead {
    /// Size and root.
    pub head: Head,
    /// The signed note, with the log's own signature.
    pub note: Vec<u8>,
}

/// Why a peer's log is not read any further for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Too many of its entries could not be had.
    Wanted,
    /// It brought all that it may bring in a day.
    Day,
    /// It was convicted: two signed statements of it cannot both be true.
    Evidence,
}

impl Pause {
    /// How it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wanted => "too-many-wanted",
            Self::Day => "daily-limit",
            Self::Evidence => "evidence",
        }
    }

    /// Reads what [`Pause::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Wanted, Self::Day, Self::Evidence].into_iter().find(|pause| pause.as_str() == text)
    }
}

/// Where things stand with a peer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeerState {
    /// Its newest verified checkpoint.
    pub head: Option<PeerHead>,
    /// Up to here its leaf hashes are here, and are the first of a tree whose root it signed.
    pub verified: u64,
    /// The signed checkpoint of that tree, of at least this size.
    pub read: Option<PeerHead>,
    /// Up to here its leaves were looked at: each is in our log, or has a row among the leaves that are not.
    pub pulled: u64,
    /// The size of our log that it cosigned last.
    pub acknowledged: u64,
    /// Why it is not read any further.
    pub pause: Option<Pause>,
    /// New leaves that it brought on `day`.
    pub leaves_of_day: u64,
    /// Days since 1970 that `leaves_of_day` counts for.
    pub day: i64,
    /// Telling it.
    pub announce: Progress,
    /// Reading it.
    pub pull: Progress,
    /// Asking it for documents.
    pub documents: Progress,
    /// Leaves of it that could not be had yet.
    pub wanted: u64,
    /// Leaves of it that wait for something that this server does not know yet.
    pub pending: u64,
    /// Bytes of entries that are kept while they wait.
    pub pending_bytes: u64,
    /// Leaves of it that were refused for good.
    pub refused: u64,
    /// How many pieces of evidence convict it.
    pub evidence: u64,
    /// When the first of them was found.
    pub convicted: Option<DateTime<Utc>>,
}

/// What became of noting a peer's checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeadNoted {
    /// It is the newest one now.
    Newest,
    /// It was known, or is smaller than the newest: stale, which proves nothing.
    Stale,
    /// The newest one has the same size and another root.
    OtherRoot(PeerHead),
}

/// What became of a peer's leaf that is not in our log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeafOutcome {
    /// Its entry is in our log now.
    Logged,
    /// Its entry is a second signature of the same key over a payload that our log has: seen, and never fetched again.
    Twin,
    /// Its entry is a statement of the peer's operator: kept beside our log, and never in it.
    Stated(Box<PeerStatement>),
    /// Its entry was refused.
    Refused {
        /// For good, or until something changes.
        class: RefusalClass,
        /// The broken rule.
        rule: &'static str,
        /// How often it was tried.
        tries: u32,
        /// When a pending one is looked at again.
        not_before: DateTime<Utc>,
        /// Its entry, kept while it waits unless there is no room.
        entry: Option<Vec<u8>>,
    },
    /// Its entry could not be had.
    Wanted {
        /// How often it was tried.
        tries: u32,
        /// When it is tried again.
        not_before: DateTime<Utc>,
    },
}

/// A leaf that is to be tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueLeaf {
    /// The peer that has it.
    pub origin: String,
    /// Its hash.
    pub leaf: Hash,
    /// How often it was tried.
    pub tries: u32,
    /// Its entry, where it was kept.
    pub entry: Option<Vec<u8>>,
}

/// Documents that a peer may be asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DueDocuments {
    /// Those that are due, with how often the peer did not give them.
    pub now: Vec<(DocumentHash, u32)>,
    /// When the first of the others is.
    pub next: Option<DateTime<Utc>>,
}

/// The newest checkpoint of a peer that our witness key cosigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// The checkpoint.
    pub head: PeerHead,
    /// Our cosignature of it.
    pub cosigned: Cosigned,
}

/// What became of advancing what was cosigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advanced {
    /// It is durable, and may be shown.
    Done,
    /// Something else was cosigned in between; nothing was written.
    Moved {
        /// What was cosigned last.
        found: Head,
    },
}

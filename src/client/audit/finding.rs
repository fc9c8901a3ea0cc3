//! What an audit finds: faults, which an honest server does not have, and gaps, which nobody could check from here.

use crate::envelope::{EnvelopeError, PayloadType};
use crate::notice::Did;
use crate::tlog::bundle::BundleError;
use crate::tlog::{Hash, QuorumNotMet, SignedCheckpointError};

/// The log, or the server that serves it, is not what it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The checkpoint is none, or not one of this log.
    #[error("the checkpoint: {0}")]
    Checkpoint(#[source] SignedCheckpointError),
    /// The log is smaller than it was.
    #[error("the log has {now} entries, and had {before} when it was verified last")]
    Shrunk {
        /// Entries when it was verified last.
        before: u64,
        /// Entries now.
        now: u64,
    },
    /// The log signed two roots for one size, or rewrote what it had signed.
    #[error("at size {size} the log had the root {before} when it was verified last, and now it is {now}")]
    Forked {
        /// The size that was verified last.
        size: u64,
        /// The root then.
        before: Hash,
        /// The root of the same entries now.
        now: Hash,
    },
    /// The entries do not hash to the root that was signed.
    #[error("the {size} entries hash to the root {found}, the checkpoint signs {signed}")]
    Root {
        /// Entries.
        size: u64,
        /// What they hash to.
        found: Hash,
        /// What was signed.
        signed: Hash,
    },
    /// Something that the checkpoint implies is not there.
    #[error("{path} is missing, although the checkpoint implies it")]
    Missing {
        /// Path under the server's address.
        path: String,
    },
    /// A tile or an answer is longer or shorter than it must be.
    #[error("{path} has not the length that its name says")]
    Length {
        /// Path under the server's address.
        path: String,
    },
    /// A bundle that cannot be read.
    #[error("{path}: {source}")]
    Bundle {
        /// Path under the server's address.
        path: String,
        /// Why.
        #[source]
        source: BundleError,
    },
    /// An upper tile is not what the tiles below it hash to.
    #[error("{path} is not what the entries below it hash to")]
    Tile {
        /// Path under the server's address.
        path: String,
    },
    /// An entry is not the one whose hash stands in the tile.
    #[error("entry {index} hashes to {found}, the tile has {leaf}")]
    Entry {
        /// Which entry.
        index: u64,
        /// What it hashes to.
        found: Hash,
        /// What the tile has.
        leaf: Hash,
    },
    /// An entry that is no canonical envelope.
    #[error("entry {index}: {source}")]
    Envelope {
        /// Which entry.
        index: u64,
        /// Why.
        #[source]
        source: EnvelopeError,
    },
    /// An entry that breaks the rules of its kind.
    #[error("entry {index} is not valid: {what}")]
    Invalid {
        /// Which entry.
        index: u64,
        /// What is wrong.
        what: String,
    },
    /// A signature that no key of the issuer made.
    #[error("entry {index} is not signed by a key of {issuer}")]
    Signature {
        /// Which entry.
        index: u64,
        /// Whose key it should be.
        issuer: Did,
    },
    /// A record that follows from no other and begins nothing.
    #[error("record {index} is in no lineage of {issuer}")]
    Record {
        /// Which entry.
        index: u64,
        /// Whose record it says it is.
        issuer: Did,
    },
    /// A statement of an operator who is not that of this log.
    #[error("entry {index} is a statement that the operator of this log did not sign")]
    Statement {
        /// Which entry.
        index: u64,
    },
    /// A kind of payload that is never logged.
    #[error("entry {index} is of the type {kind}, which no log takes")]
    Foreign {
        /// Which entry.
        index: u64,
        /// The type.
        kind: PayloadType,
    },
}

/// What to do about the log itself.
const KEEP: &str = "keep both signed checkpoints (--format json prints them): together they show to anyone that the log cannot be \
                    trusted. Tell its operator and its peers";
/// What to do about one thing that is served wrongly.
const AGAIN: &str = "run this again without any cache in between; if it stays, tell the operator, whose `palinode fsck` finds the \
                     same on a damaged disk";
/// What to do about an entry that should never have been taken.
const OUTSIDE: &str = "the log holds it, but nobody should believe it; tell the operator which entry it is";

impl Fault {
    /// A stable word for it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Checkpoint(_) => "checkpoint",
            Self::Shrunk { .. } => "shrunk",
            Self::Forked { .. } => "forked",
            Self::Root { .. } => "root",
            Self::Missing { .. } => "missing",
            Self::Length { .. } => "length",
            Self::Bundle { .. } => "bundle",
            Self::Tile { .. } => "tile",
            Self::Entry { .. } => "entry",
            Self::Envelope { .. } => "envelope",
            Self::Invalid { .. } => "invalid",
            Self::Signature { .. } => "signature",
            Self::Record { .. } => "record",
            Self::Statement { .. } => "statement",
            Self::Foreign { .. } => "foreign",
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Checkpoint(_) => {
                "compare the key with what the operator tells over another channel; a log never changes its key"
            }
            Self::Shrunk { .. } => {
                "run this again without any cache in between; if it stays, the log lost entries, or an old copy of it was put back"
            }
            Self::Forked { .. } => KEEP,
            Self::Root { .. }
            | Self::Missing { .. }
            | Self::Length { .. }
            | Self::Bundle { .. }
            | Self::Tile { .. }
            | Self::Entry { .. } => AGAIN,
            Self::Envelope { .. }
            | Self::Invalid { .. }
            | Self::Signature { .. }
            | Self::Record { .. }
            | Self::Statement { .. }
            | Self::Foreign { .. } => OUTSIDE,
        }
    }
}

/// Something that could not be checked from here. It is no fault, and nothing was verified either.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Gap {
    /// Fewer witnesses cosigned than were asked for.
    #[error("{0}")]
    NotCosigned(#[from] QuorumNotMet),
    /// No record in the log says which keys speak for an issuer.
    #[error("{entries} entries, from {first} on, are of {issuer}, whose records are not in the log")]
    UnknownIssuer {
        /// Who.
        issuer: Did,
        /// The first of the entries.
        first: u64,
        /// How many.
        entries: u64,
    },
    /// Payloads of a type that this version does not know.
    #[error("{entries} entries, from {first} on, are of types that this version does not know, such as {example}")]
    UnknownType {
        /// The type of the first.
        example: String,
        /// The first of the entries.
        first: u64,
        /// How many.
        entries: u64,
    },
    /// Entries that the server does not give.
    #[error("{entries} entries, from {first} on, are withheld")]
    Withheld {
        /// The first of the entries.
        first: u64,
        /// How many.
        entries: u64,
    },
    /// Statements of the operator, whose key is not known.
    #[error("{entries} entries, from {first} on, are statements of the operator, whose key is not known here")]
    Statements {
        /// The first of the entries.
        first: u64,
        /// How many.
        entries: u64,
    },
}

impl Gap {
    /// A stable word for it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotCosigned(_) => "not-cosigned",
            Self::UnknownIssuer { .. } => "unknown-issuer",
            Self::UnknownType { .. } => "unknown-type",
            Self::Withheld { .. } => "withheld",
            Self::Statements { .. } => "statements",
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotCosigned(_) => {
                "run this again in a minute; if it stays, ask the witnesses why they do not cosign this log"
            }
            Self::UnknownIssuer { .. } => "ask the operator why notices were taken whose issuer has no record in the log",
            Self::UnknownType { .. } => "a newer version of palinode may know them",
            Self::Withheld { .. } => "ask the operator on what ground, and other servers for the entries",
            Self::Statements { .. } => "give the operator's key with --operator-key",
        }
    }
}

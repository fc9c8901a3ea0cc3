//! Why a step with a peer did not succeed.

use std::time::Duration;

use super::misbehaviour::Misbehaviour;
use super::transport::TransportError;
use crate::ledger::{Refusal, StoreError};

/// Why a step with a peer did not succeed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Fault {
    /// No whole answer came.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The answer has a status that does not help.
    #[error("{what} was answered with status {status}")]
    Status {
        /// What was asked.
        what: &'static str,
        /// The status.
        status: u16,
        /// When the peer says to ask again.
        retry_after: Option<Duration>,
    },
    /// The peer broke a rule.
    #[error("{0}")]
    Misbehaved(#[from] Misbehaviour),
    /// The peer cosigned a larger tree of our log than we know of: an old copy of our database may have been put back.
    #[error("the peer cosigned our log at size {cosigned}, but it has only {published} entries here")]
    OwnLogBehind {
        /// What the peer cosigned.
        cosigned: u64,
        /// What we published.
        published: u64,
    },
    /// There is no such peer.
    #[error("{0} is not a peer of this server")]
    UnknownPeer(String),
    /// Storage here failed: nothing that the peer could help.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger here takes nothing in now: nothing that the peer could help.
    #[error("this server takes nothing in now: {0}")]
    NotNow(Box<Refusal>),
}

impl Fault {
    /// A stable word for it, for the state of the peer and for metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Transport(error) => error.code(),
            Self::Status { .. } => "status",
            Self::Misbehaved(misbehaviour) => misbehaviour.code(),
            Self::OwnLogBehind { .. } => "own-log-behind",
            Self::UnknownPeer(_) => "unknown-peer",
            Self::Store(_) => "storage-unavailable",
            Self::NotNow(refusal) => refusal.rule(),
        }
    }

    /// Whether it says something about the peer, so that the peer is left alone for a while.
    pub fn is_of_peer(&self) -> bool {
        match self {
            Self::Transport(_) | Self::Status { .. } | Self::Misbehaved(_) | Self::OwnLogBehind { .. } => true,
            Self::UnknownPeer(_) | Self::Store(_) | Self::NotNow(_) => false,
        }
    }

    /// Whether only a witness that knows our log answers so: the peer is there, although this proves nothing.
    pub(super) fn is_answer_of_witness(&self) -> bool {
        matches!(self, Self::OwnLogBehind { .. } | Self::Status { status: 409 | 422, .. })
    }

    /// When the peer says to ask again, at most an hour.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => retry_after.map(|wait| wait.min(super::chance::LONGEST_BACK_OFF)),
            _ => None,
        }
    }
}

//! Entries of peers that are not in our log, as the operator looks at them and decides about them by command.

use chrono::{DateTime, Utc};

use crate::ledger::StoreError;
use crate::tlog::Hash;

/// How it stands with an entry that is not in our log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuarantineState {
    /// It could not be had yet.
    Wanted,
    /// It waits until more is known.
    Pending,
    /// It was refused for good, or dropped by the operator.
    Refused,
}

impl QuarantineState {
    /// How it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Pending => "pending",
            Self::Refused => "refused",
        }
    }

    /// Reads what [`QuarantineState::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Wanted, Self::Pending, Self::Refused].into_iter().find(|state| state.as_str() == text)
    }
}

/// An entry of a peer that is not in our log; one that several peers have stands there once for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its leaf hash.
    pub leaf: Hash,
    /// The peer that has it.
    pub origin: String,
    /// How it stands.
    pub state: QuarantineState,
    /// The rule that it broke, where it was had.
    pub rule: Option<String>,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried again; `None` when it was refused for good.
    pub not_before: Option<DateTime<Utc>>,
    /// Its entry, where it is kept.
    pub entry: Option<Vec<u8>>,
}

/// Which of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuarantineFilter {
    /// Only those of this peer.
    pub origin: Option<String>,
    /// Only those that stand so.
    pub state: Option<QuarantineState>,
    /// Only those that broke this rule.
    pub rule: Option<String>,
    /// Only this one.
    pub leaf: Option<Hash>,
}

/// The rule under which an entry stands that the operator dropped.
pub const DROPPED: &str = "dropped";

/// What the operator does about entries of peers, in short transactions beside a running server.
pub trait QuarantineStore: Send + Sync {
    /// Entries that match, in the order of their leaf hashes and peers, at most `limit`; and how many match in all.
    fn quarantined(&self, filter: &QuarantineFilter, limit: usize) -> Result<(Vec<Quarantined>, u64), StoreError>;

    /// Makes those that match due at once: what waits is looked at again, what was refused for good or could not be had is fetched again
    /// where its peer is still one. Gives how many.
    fn retry_quarantined(&self, filter: &QuarantineFilter, now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Refuses those that match for good, and forgets their bytes. Gives how many.
    fn drop_quarantined(&self, filter: &QuarantineFilter) -> Result<u64, StoreError>;

    /// A number that changes whenever the operator retried or dropped something, by whichever process. Cheap: asked every second.
    fn quarantine_revision(&self) -> Result<u64, StoreError>;
}

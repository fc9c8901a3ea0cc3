//! Domains under verification: which records wait, when a domain was asked, and whom the operator takes nothing from (protocol,
//! section 5, "Who may speak on this server").
//!
//! A `did:web` record 0 of a lineage that nobody verified is kept apart from the log and answers no question. The domain is asked for its
//! DID document by the federation; when the document names the record's active keys, the operator's statement `domain-verified` and then
//! the record go into the log. `waiting` keeps records, `candidates` finds who may be verified, `view` shows it, and [`DomainStore`] is what storage does for it.
//!
//! | number | bound |
//! |---|---|
//! | records that wait for one domain | [`MOST_OF_ONE`]; one that a document passed over gives way to a new one |
//! | records that wait in all | [`MOST_WAITING`] |
//! | domains that are asked | [`MOST_DOMAINS`] |
//! | tries of one domain | one an hour ([`BETWEEN_TRIES`]) |

mod blocks;
mod candidates;
mod view;
mod waiting;

use chrono::{DateTime, TimeDelta, Utc};

pub use blocks::{Block, BlockStore, Blocked};
pub use candidates::Candidate;
pub use view::{Attestation, DomainView, WaitingView};
pub use waiting::{Waiting, WaitingRecord};

use super::ports::StoreError;
use crate::envelope::PublicKey;
use crate::notice::Did;
use crate::tlog::Hash;

/// How many records may wait for the word of one domain.
pub const MOST_OF_ONE: usize = 8;
/// How many records may wait in all.
pub const MOST_WAITING: usize = 1_000;
/// How many domains are asked for their documents.
pub const MOST_DOMAINS: usize = 10_000;
/// How long a domain is left alone after it was asked, whatever came of it.
pub const BETWEEN_TRIES: TimeDelta = TimeDelta::hours(1);

/// How it goes with asking one domain for its DID document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainState {
    /// Which domain.
    pub did: Did,
    /// When it is asked again; `None` when nobody waits for its answer.
    pub due: Option<DateTime<Utc>>,
    /// When it was asked last.
    pub asked: Option<DateTime<Utc>>,
    /// How often it gave no document since it last gave one.
    pub failures: u32,
    /// When it gave a document last.
    pub answered: Option<DateTime<Utc>>,
    /// The keys that this document named.
    pub keys: Vec<PublicKey>,
    /// What went wrong since.
    pub fault: Option<DomainFault>,
}

/// Why a domain gave no document, or none that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainFault {
    /// A stable word.
    pub code: String,
    /// One sentence.
    pub text: String,
}

impl DomainState {
    /// A domain that was never asked, and is to be asked at `due`.
    pub fn new(did: Did, due: DateTime<Utc>) -> Self {
        Self { did, due: Some(due), asked: None, failures: 0, answered: None, keys: Vec::new(), fault: None }
    }
}

/// What became of keeping a record that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It waits.
    Waits,
    /// Its domain has too many that wait, none of which was passed over.
    DomainFull,
    /// Too many wait in all, or too many domains are asked.
    Full,
}

/// What storage keeps of domains under verification. All calls block.
pub trait DomainStore: Send + Sync {
    /// How it goes with one domain; `None` when it was never to be asked.
    fn domain(&self, did: &Did) -> Result<Option<DomainState>, StoreError>;

    /// Domains that are due, those that have been so longest first, at most `limit`.
    fn domains_due(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<DomainState>, StoreError>;

    /// Sees to it that a domain is asked at `at`, or [`BETWEEN_TRIES`] after it was asked last, whichever is later; one that is due sooner
    /// stays so. False when there are [`MOST_DOMAINS`] already.
    fn want_domain(&self, did: &Did, at: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Keeps how it goes with a domain. Of its records that still wait, those whose keys the document did not name were passed over once
    /// more.
    fn note_asked(&self, state: &DomainState, passed_over: &[Hash]) -> Result<(), StoreError>;

    /// Keeps a record, and wants its domain asked at `ask_at`, in one durable transaction; keeping it again is harmless. When its domain has as many as it
    /// may, the one that was passed over most gives way.
    fn keep_waiting(&self, record: &WaitingRecord, ask_at: DateTime<Utc>) -> Result<Kept, StoreError>;

    /// The records that wait for one domain, oldest first.
    fn waiting_of(&self, did: &Did) -> Result<Vec<WaitingRecord>, StoreError>;

    /// Every record that waits, oldest first: at most [`MOST_WAITING`].
    fn all_waiting(&self) -> Result<Vec<WaitingRecord>, StoreError>;

    /// Forgets a record that waited.
    fn forget_waiting(&self, leaf: &Hash) -> Result<(), StoreError>;

    /// Forgets records that came before `before` and whose domain was asked since, and domains that nobody waits for and that were asked
    /// before it.
    fn forget_stale(&self, before: DateTime<Utc>) -> Result<(), StoreError>;
}

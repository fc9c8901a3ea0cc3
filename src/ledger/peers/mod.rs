//! What the federation asks of storage: who the peers are, how far their logs were read, what was cosigned, and what convicts.
//!
//! All follow-up work comes from here, so that nothing is forgotten when a server stops: how far a peer was told of our log,
//! how far its log was read, which of its entries are still wanted, and when trying again makes sense. A bare number is never a
//! cursor: every one belongs to an origin, and a peer's log key belongs to its origin for good.
//!
//! All calls block. The origins that name rows here are those of configured peers.

mod peer;
mod quarantine;
mod state;
mod statement;
mod succession;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

pub use peer::{Contradiction, OriginHash, Peer, PeerError, PeerSource};
pub use quarantine::{DROPPED, QuarantineFilter, QuarantineState, QuarantineStore, Quarantined};
pub use state::{
    Advanced, DueDocuments, DueLeaf, HeadNoted, LeafOutcome, Pause, PeerFault, PeerHead, PeerState, Progress, Witnessed, Work,
};
pub use statement::{PeerStatement, StatementFault};
pub use succession::{Succession, SuccessionClaim, SuccessionFault};

use super::ports::StoreError;
use super::stored::Head;
use crate::envelope::StatementKind;
use crate::notice::DocumentHash;
use crate::tlog::{Evidence, Hash, TileId};

/// The peer that goes on for one whose log ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    /// The log that goes on.
    pub origin: String,
    /// Since when this server follows it.
    pub since: DateTime<Utc>,
}

/// A claim to succeed a peer that was not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedClaim {
    /// Who would succeed it, as far as that is known.
    pub claimant: String,
    /// The broken rule.
    pub rule: String,
    /// Why, in a sentence.
    pub why: String,
    /// When it was refused first.
    pub at: DateTime<Utc>,
}

/// Who goes on for whom among the peers. All calls block.
pub trait SuccessionStore: Send + Sync {
    /// Follows a succession in one commit: the new peer stands in the table, what was wanted of the old one is wanted of it, and the old
    /// one is ended. Following it again is harmless.
    fn follow(&self, succession: &Succession, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// The peers whose logs ended, with who goes on for each.
    fn successors(&self) -> Result<BTreeMap<String, Successor>, StoreError>;

    /// Keeps that a claim to succeed this peer was not believed, in place of the one before.
    fn note_claim(&self, origin: &str, claim: &RefusedClaim) -> Result<(), StoreError>;

    /// The last claims that were not believed, by the peers that they are about.
    fn claims(&self) -> Result<BTreeMap<String, RefusedClaim>, StoreError>;

    /// Keeps that this log succeeds that of `origin`, and which of its entries says so.
    fn note_succeeded(&self, origin: &str, leaf: &Hash) -> Result<(), StoreError>;

    /// The logs that this one succeeds, with the entry that says so, in the order of their origins.
    fn succeeded(&self) -> Result<Vec<(String, Hash)>, StoreError>;
}

/// Who the peers are, and how each one stands.
pub trait PeerStore: Send + Sync {
    /// All peers, in the order of their origins, those whose logs ended among them.
    fn peers(&self) -> Result<Vec<Peer>, StoreError>;

    /// Adds a peer, or replaces the description of the one with its origin; its state stays.
    fn put_peer(&self, peer: &Peer) -> Result<(), StoreError>;

    /// Removes a peer with its cursors and inventory, and those that it goes on for, so that a peer added again is read from 0. What it was cosigned, what
    /// convicts it and what was refused for good stays. False when there was none.
    fn remove_peer(&self, origin: &str) -> Result<bool, StoreError>;

    /// A number that changes whenever a peer is added, changed or removed, by whichever process. Cheap: asked every second.
    fn peers_revision(&self) -> Result<u64, StoreError>;

    /// How a peer stands; of one that is not known, as if nothing had happened yet.
    fn peer_state(&self, origin: &str) -> Result<PeerState, StoreError>;

    /// Keeps how a kind of work goes.
    fn note_progress(&self, origin: &str, work: Work, progress: &Progress) -> Result<(), StoreError>;

    /// Keeps which size of our log the peer cosigned last. It may be smaller than before: the peer knows best.
    fn acknowledge(&self, origin: &str, size: u64) -> Result<(), StoreError>;

    /// Stops reading a peer's log, or goes on.
    fn set_pause(&self, origin: &str, pause: Option<Pause>) -> Result<(), StoreError>;
}

/// What the logs of peers hold, as far as it was read.
pub trait InventoryStore: Send + Sync {
    /// Keeps a verified checkpoint as the peer's newest if it is larger than the one kept, in one transaction.
    fn note_head(&self, origin: &str, head: &PeerHead) -> Result<HeadNoted, StoreError>;

    /// The first `width` hashes of a tile of the peer's log. Fewer are [`StoreError::Corrupt`].
    fn inventory_tile(&self, origin: &str, id: TileId, width: u16) -> Result<Vec<Hash>, StoreError>;

    /// Keeps tiles up to size `verified` that were verified under this signed checkpoint, and the checkpoint, in one commit.
    fn extend_inventory(
        &self,
        origin: &str,
        verified: u64,
        under: &PeerHead,
        tiles: &[(TileId, Vec<Hash>)],
    ) -> Result<(), StoreError>;

    /// Which of these leaves of this peer need not be fetched: refused for good, waiting with their entry or a twin, whoever brought
    /// them; or a statement of this peer's operator, or an entry that is none, which says nothing about the logs of others.
    fn settled_leaves(&self, origin: &str, leaves: &[Hash]) -> Result<Vec<bool>, StoreError>;

    /// Keeps what became of leaves, and how far the peer's leaves were looked at, in one commit. `new` leaves are counted for
    /// `day`.
    fn settle(&self, origin: &str, pulled: u64, outcomes: &[(Hash, LeafOutcome)], new: u64, day: i64)
    -> Result<(), StoreError>;

    /// Leaves of one peer that could not be had and are due, at most `limit`.
    fn wanted_due(&self, origin: &str, now: DateTime<Utc>, limit: usize) -> Result<Vec<DueLeaf>, StoreError>;

    /// Leaves of any peer whose entries wait and are due, those that waited longest first, at most `limit`.
    fn pending_due(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<DueLeaf>, StoreError>;

    /// Makes every leaf that waits under one of these rules due at once, and every one whose time lies farther ahead than anything
    /// is put off, because the clock was set back; says how many.
    fn rearm_pending(&self, rules: &[&str], now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Brings every leaf that is put off forward by as much as the clock was set back, so that it waits as long as it was meant to;
    /// says how many.
    fn clock_was_set_back(&self, by: TimeDelta, now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Which of these documents may be asked for at this peer now, and when the next one may be. One whose time lies farther ahead
    /// than the `longest` wait after so many tries was put off before the clock was set back, and may be asked for now.
    fn documents_due(
        &self,
        origin: &str,
        now: DateTime<Utc>,
        documents: &[DocumentHash],
        longest: fn(u32) -> TimeDelta,
    ) -> Result<DueDocuments, StoreError>;

    /// Keeps that this peer did not give a document, `tries` times so far, and when to ask it again.
    fn note_document_try(
        &self,
        origin: &str,
        document: &DocumentHash,
        tries: u32,
        not_before: DateTime<Utc>,
    ) -> Result<(), StoreError>;
}

/// What the operators of peers state in their logs. Statements are kept with the cursor, by [`InventoryStore::settle`], and forgotten
/// with the peer.
pub trait StatementStore: Send + Sync {
    /// All statements of this kind, in the order of their origins and leaves.
    fn peer_statements(&self, kind: StatementKind) -> Result<Vec<PeerStatement>, StoreError>;

    /// Those of this kind that are about `subject`, as [`Statement::subject`](crate::envelope::Statement::subject) writes it.
    fn peer_statements_about(&self, kind: StatementKind, subject: &str) -> Result<Vec<PeerStatement>, StoreError>;
}

/// What our witness key cosigned of peers' logs.
pub trait WitnessStore: Send + Sync {
    /// What was cosigned last of this origin.
    fn witnessed(&self, origin: &str) -> Result<Option<Witnessed>, StoreError>;

    /// Replaces what was cosigned last, if and only if that is `expected` ([`Head::EMPTY`] before the first), together with the
    /// time that was signed, in one durable transaction.
    fn advance_witnessed(&self, origin: &str, expected: Head, witnessed: &Witnessed) -> Result<Advanced, StoreError>;
}

/// Evidence, kept whole and for good. Whose origin stands in it is isolated, although it may be removed and added again.
pub trait EvidenceStore: Send + Sync {
    /// Keeps evidence that was verified, durably; keeping the same again is harmless.
    fn keep_evidence(&self, evidence: &Evidence, found: DateTime<Utc>) -> Result<(), StoreError>;

    /// All evidence with when it was found, oldest first.
    fn evidence(&self) -> Result<Vec<(DateTime<Utc>, Evidence)>, StoreError>;
}

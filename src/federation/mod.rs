//! How servers hear of each other's entries: there is no federation protocol beside the public log (protocol, section 8).
//!
//! | file | is |
//! |---|---|
//! | `transport`, `outbound`, `memory` | requests as a seam: over HTTP, or inside one process |
//! | `directory` | who the peers are; configuration and commands write one table |
//! | `announce` | telling a peer that our log grew: tlog-witness `add-checkpoint`, which makes broadcast, witnessing and split-view detection one request |
//! | `witness` | being told, the other side of it |
//! | `pull`, `inventory`, `entries`, `claims`, `pending` | reading a peer's log: level-0 tiles as inventory, then entries that are not here, through the one door |
//! | `documents` | fetching the texts that notices name |
//! | `lists` | fetching digest lists in ranges, block by block |
//! | `vouching` | believing peers about domains, where the operator says so |
//! | `domains` | asking domains which keys are theirs |
//! | `misbehaviour`, `fault` | what a peer did wrong, and what else went wrong |
//! | `conviction`, `proving`, `compare` | evidence: holding what a log signed against what is known of it, proofs from its own tiles, and comparing views |
//! | `reach`, `progress` | when a peer that could not be reached, or work that failed, is tried again |
//! | `succession` | following a peer that was restored into a new log |
//! | `startup` | asking the peers what they cosigned of our own log |
//! | `noticing` | what commands change beside a running server |
//! | `run` | the loops that call all this when it is time |
//!
//! Each piece of work is a *step* that can be called by itself ([`Federation::announce_once`], [`Federation::pull_once`],
//! [`Federation::fetch_documents_once`]) and needs neither timers nor threads; [`Federation::run`] only decides when. What is
//! to be done is always read from storage, so a server that was stopped goes on where it was. A peer is trusted with nothing:
//! what comes from it is checked like anything else.
//!
//! Out of scope: serving the log and the witness over HTTP.

mod announce;
mod chance;
mod claims;
mod compare;
mod conviction;
mod directory;
mod documents;
mod domains;
mod entries;
mod fault;
mod inventory;
mod lists;
mod memory;
mod misbehaviour;
mod noticing;
mod outbound;
mod pending;
mod progress;
mod proving;
mod pull;
mod reach;
mod run;
mod startup;
mod succession;
mod transport;
mod vouching;
mod witness;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;

pub use announce::Announced;
pub use chance::{Dice, LONGEST_BACK_OFF};
pub use compare::Compared;
pub use conviction::HeldEvidence;
pub use directory::{EnrolError, PeerReport, enrol, enrol_configured};
pub use documents::Fetched;
pub use domains::Asked;
pub use fault::Fault;
pub use memory::{Handler, MemoryNetwork, Weather};
pub use misbehaviour::Misbehaviour;
pub use outbound::{AddressPolicy, HttpTransport, HttpTransportError, address_is_allowed};
pub use pull::{Pulled, Tally};
pub use startup::OwnLogContradicted;
pub use transport::{Method, RefusedUrl, Request, Response, Transport, TransportError};
pub use witness::WitnessRefusal;

use crate::ledger::peers::{
    EvidenceStore, InventoryStore, Peer, PeerStore, QuarantineStore, StatementStore, SuccessionStore, WitnessStore,
};
use crate::ledger::{Ledger, StoreError};

/// The ports that the federation works on.
#[derive(Clone)]
pub struct PeerStores {
    /// Who the peers are.
    pub peers: Arc<dyn PeerStore>,
    /// What their logs hold.
    pub inventory: Arc<dyn InventoryStore>,
    /// What was cosigned of them.
    pub witness: Arc<dyn WitnessStore>,
    /// What convicts them.
    pub evidence: Arc<dyn EvidenceStore>,
    /// What their operators state.
    pub statements: Arc<dyn StatementStore>,
    /// Who goes on for whom.
    pub successions: Arc<dyn SuccessionStore>,
    /// What the operator decided about their entries.
    pub quarantine: Arc<dyn QuarantineStore>,
}

impl PeerStores {
    /// All ports of one store.
    pub fn of<S>(store: Arc<S>) -> Self
    where
        S: PeerStore
            + InventoryStore
            + WitnessStore
            + EvidenceStore
            + StatementStore
            + SuccessionStore
            + QuarantineStore
            + 'static,
    {
        Self {
            peers: store.clone(),
            inventory: store.clone(),
            witness: store.clone(),
            evidence: store.clone(),
            statements: store.clone(),
            successions: store.clone(),
            quarantine: store,
        }
    }
}

/// How much is taken from one peer (protocol, section 8, "Limits per peer").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerLimits {
    /// New leaves a day.
    pub leaves_a_day: u64,
    /// Entries that could not be had; with more, the peer is paused.
    pub wanted: u64,
    /// Tries after which an entry that cannot be had is only asked for once a day.
    pub tries: u32,
    /// Bytes of entries that are kept while they wait; beyond, only their hashes are.
    pub pending_bytes: u64,
    /// Leaf hashes that are read before anything is kept and looked at: what a log of any size costs at a time. A multiple of 256.
    pub part: u64,
}

impl Default for PeerLimits {
    fn default() -> Self {
        Self { leaves_a_day: 100_000, wanted: 10_000, tries: 5, pending_bytes: 64 << 20, part: 65_536 }
    }
}

/// Where calls that block are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocking {
    /// On threads for blocking work: for servers.
    Threads,
    /// Right where they are needed, so that nothing runs beside anything else: for tests and simulations.
    Inline,
}

/// How a federation behaves.
#[derive(Debug, Clone)]
pub struct FederationOptions {
    /// How often a peer is read although it announced nothing, before jitter.
    pub poll: Duration,
    /// How often what peers cosigned of each other's logs is compared, at most.
    pub compare: Duration,
    /// How much is taken from one peer.
    pub limits: PeerLimits,
    /// Where calls that block are made.
    pub blocking: Blocking,
    /// Jitter.
    pub dice: Dice,
}

impl Default for FederationOptions {
    fn default() -> Self {
        Self {
            poll: Duration::from_mins(1),
            compare: Duration::from_mins(10),
            limits: PeerLimits::default(),
            blocking: Blocking::Threads,
            dice: Dice::of_system(),
        }
    }
}

/// This server's side of the federation: announces, witnesses, pulls.
pub struct Federation {
    ledger: Arc<Ledger>,
    stores: PeerStores,
    transport: Arc<dyn Transport>,
    options: FederationOptions,
    links: Mutex<BTreeMap<String, Arc<Link>>>,
    /// Wakes the loop that begins and ends the work with peers.
    changed: Notify,
    /// Wakes the task that looks after entries which wait, when our log grew.
    grown: Notify,
    /// Whatever waits was judged by every publisher record of our log below this index.
    heeded: AtomicU64,
    /// When a peer that had failed answered last.
    opened: Mutex<Option<chrono::DateTime<chrono::Utc>>>,
    /// Which entries are being fetched.
    claims: claims::Claims,
    /// Digest lists that a peer is being asked for.
    lists_under_way: Mutex<BTreeSet<crate::notice::DocumentHash>>,
    /// Records of verified lineages may still wait: they are looked for in the next round.
    unsettled: AtomicBool,
}

/// A peer that is worked with, and what wakes that work.
struct Link {
    peer: Peer,
    pull: Notify,
    announce: Notify,
    /// How it goes with reaching it.
    reach: reach::Reach,
    /// It is to be told that we are there, although there may be nothing new.
    greeting: AtomicBool,
}

impl Link {
    fn new(peer: Peer) -> Self {
        let (pull, announce) = (Notify::new(), Notify::new());
        Self { peer, pull, announce, reach: reach::Reach::default(), greeting: AtomicBool::new(false) }
    }
}

impl Federation {
    /// A federation with the peers that stand in the table.
    ///
    /// # Errors
    /// [`StoreError`] when the table cannot be read.
    pub fn new(
        ledger: Arc<Ledger>,
        stores: PeerStores,
        transport: Arc<dyn Transport>,
        options: FederationOptions,
    ) -> Result<Self, StoreError> {
        let heeded = AtomicU64::new(ledger.published().head.size);
        let federation = Self {
            ledger,
            stores,
            transport,
            options,
            links: Mutex::default(),
            changed: Notify::new(),
            grown: Notify::new(),
            heeded,
            opened: Mutex::default(),
            claims: claims::Claims::default(),
            lists_under_way: Mutex::default(),
            unsettled: AtomicBool::new(true),
        };
        federation.reload_peers()?;
        Ok(federation)
    }

    /// The ledger that this federation feeds.
    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }

    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.ledger.clock().now()
    }

    /// Runs what blocks where the options say.
    async fn blocking<T: Send + 'static>(&self, call: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        match self.options.blocking {
            Blocking::Inline => Ok(call()),
            Blocking::Threads => tokio::task::spawn_blocking(call).await.map_err(|gone| {
                // Only a runtime that shuts down, or a bug, ends such a call early.
                StoreError::Unavailable { doing: "waiting for a blocking call", source: Arc::new(gone) }.into()
            }),
        }
    }
}

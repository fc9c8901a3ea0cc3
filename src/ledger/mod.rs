//! The rules of the ledger: who may add what, in which order it becomes durable, and what is answered.
//!
//! [`Ledger`] is the handle that everyone shares: it examines submissions ([`submission`]), queues what may be appended, and
//! answers questions as of a tree size ([`check`], [`notices`], [`log`]). [`Sequencer`] is the single writer on its own
//! thread. Both know storage only through the [`ports`], so that a store that fails on demand can stand in.
//!
//! All methods block for as long as storage takes; callers on an asynchronous runtime hand them to a blocking thread. Only
//! waiting for a [`Ticket`] is asynchronous.
//!
//! Out of scope: HTTP, peers and configuration, which call in from above.

mod admission;
mod appended;
pub mod by_verdict;
pub mod check;
pub mod compact_list;
mod cosigning;
pub mod derived;
pub mod digest_range;
pub mod documents;
pub mod domains;
mod finding;
pub mod fsck;
pub mod growth;
pub mod import;
mod keys;
pub mod known_names;
pub mod lists;
pub mod log;
pub mod looking;
mod lookups;
mod moment;
pub mod notices;
pub mod old_log;
mod opening;
mod own;
mod parallel;
pub mod peers;
pub mod ports;
mod published;
pub mod publishers;
mod receipt;
mod refusal;
mod remembered;
pub mod removal;
mod rows;
mod sequencer;
mod standing;
mod statements;
pub mod statistics;
mod steps;
pub mod stored;
mod submission;
mod trusted;

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use admission::{Admission, Pins, Policy, Quota};
pub use cosigning::{ClockBehind, CosignError, CosignatureStore, MAX_STEP_BACK, Witness};
pub use keys::{Identity, ServerKeys, ServerKeysError};
pub use moment::Moment;
pub use opening::OpenError;
pub use own::StateError;
pub use ports::{AppendError, StoreError};
pub use published::{Cosigned, MAX_COSIGNATURES, Published};
pub use receipt::Receipt;
pub use refusal::{MalformedBody, Refusal, RefusalClass};
pub use sequencer::{Fresh, Sequenced, Sequencer, Step, Ticket};
pub use standing::{Hindrance, MOST_RESERVED, Reserve, Room, Space, Standing, Volume};
pub use stored::{Head, Provenance, StoredEntry};
pub use submission::{Admitted, Examined, MAX_ENVELOPE, MAX_SUBMISSION, Submission};
pub use trusted::{Trusted, Vouched};

use crate::clock::Clock;
use appended::{Appended, Noting};
use by_verdict::CountingVerdicts;
use compact_list::CompactList;
use domains::{BlockStore, Blocked, DomainStore, Waiting};
use known_names::NamesAtHand;
use parallel::in_parallel;
use ports::{DocumentStore, HeadRecord, IndexRead, LedgerWrite, ListStore, LogRead, MemoryRead};
use published::PublishedCell;
use remembered::Remembered;
use removal::RemovalStore;
use sequencer::{Bench, Inbox, Opened};
use statistics::Counting;
use steps::Stopwatch;

/// The ports that a ledger works on.
#[derive(Clone)]
pub struct Stores {
    /// The log.
    pub log: Arc<dyn LogRead>,
    /// The index over it.
    pub index: Arc<dyn IndexRead>,
    /// What of both is known without reading.
    pub memory: Arc<dyn MemoryRead>,
    /// Detached documents.
    pub documents: Arc<dyn DocumentStore>,
    /// Digest lists in files.
    pub lists: Arc<dyn ListStore>,
    /// Cosignatures and signed times.
    pub cosignatures: Arc<dyn CosignatureStore>,
    /// What was removed, and what is to be.
    pub removals: Arc<dyn RemovalStore>,
    /// Domains under verification.
    pub domains: Arc<dyn DomainStore>,
    /// Whom the operator takes nothing from.
    pub blocks: Arc<dyn BlockStore>,
}

impl Stores {
    /// All ports of one store.
    pub fn of<S>(store: Arc<S>) -> Self
    where
        S: LogRead
            + IndexRead
            + MemoryRead
            + DocumentStore
            + ListStore
            + CosignatureStore
            + RemovalStore
            + DomainStore
            + BlockStore
            + 'static,
    {
        Self {
            log: store.clone(),
            index: store.clone(),
            memory: store.clone(),
            documents: store.clone(),
            lists: store.clone(),
            cosignatures: store.clone(),
            removals: store.clone(),
            domains: store.clone(),
            blocks: store,
        }
    }
}

/// What a ledger is opened with.
pub struct Opening {
    /// Reading ports.
    pub stores: Stores,
    /// The writing port.
    pub write: Box<dyn LedgerWrite>,
    /// The head outside the database.
    pub record: Arc<dyn HeadRecord>,
    /// The server's keys.
    pub keys: Arc<ServerKeys>,
    /// The server's public identity.
    pub identity: Identity,
    /// Who may speak.
    pub admission: Admission,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where it may grow.
    pub room: Room,
}

/// The shared handle of one server's ledger.
pub struct Ledger {
    identity: Identity,
    stores: Stores,
    admission: Admission,
    keys: Arc<ServerKeys>,
    trusted: ArcSwap<Trusted>,
    /// What peers vouch for.
    vouched: ArcSwap<Vouched>,
    blocked: Blocked,
    /// Wakes whoever asks domains, when a record waits for one.
    domain_wanted: Notify,
    clock: Arc<dyn Clock>,
    inbox: Inbox,
    witness: Arc<Witness>,
    published: Arc<PublishedCell>,
    remembered: Remembered,
    appended: Arc<Appended>,
    names: NamesAtHand,
    compact_list: CompactList,
    counting: Counting,
    counting_verdicts: CountingVerdicts,
}

/// What became of a submission.
#[derive(Debug)]
pub enum Submitted {
    /// It stands in the log already.
    Known(Box<StoredEntry>),
    /// It waits for the sequencer.
    Queued(Ticket),
    /// A record that waits, apart from the log, until its domain is verified.
    Waiting(Box<Waiting>),
}

impl Ledger {
    /// Opens the log, and gives the handle and the single writer that must be driven.
    ///
    /// # Errors
    /// [`OpenError`]: the log cannot be read, or contradicts what was signed.
    pub fn open(opening: Opening) -> Result<(Arc<Self>, Sequencer), OpenError> {
        let Opening { stores, write, record, keys, identity, admission, clock, room } = opening;
        let appended = Arc::new(Appended::default());
        let bench = Bench {
            write: Box::new(Noting::new(write, appended.clone())),
            read: stores.log.clone(),
            record,
            cosignatures: stores.cosignatures.clone(),
            documents: stores.documents.clone(),
            keys: keys.clone(),
            identity: identity.clone(),
            clock: clock.clone(),
            standing: Arc::new(Standing::new(room)),
        };
        let Opened { sequencer, inbox, witness, published } = Sequencer::open(bench)?;
        appended.begin(published.load().head.size, stores.log.as_ref())?;
        let size = published.load().head.size;
        let vouched = Vouched::default();
        let trusted = trusted::believed(&admission.pins, identity.origin.as_str(), stores.log.as_ref(), size, &vouched)?;
        let blocked = Blocked::default();
        blocked.read(stores.blocks.as_ref())?;
        let remembered = Remembered::default();
        Ok((
            Arc::new(Self {
                identity,
                stores,
                admission,
                keys,
                trusted: ArcSwap::from_pointee(trusted),
                vouched: ArcSwap::default(),
                blocked,
                domain_wanted: Notify::new(),
                clock,
                inbox,
                witness,
                published,
                remembered,
                appended,
                names: NamesAtHand::default(),
                compact_list: CompactList::default(),
                counting: Counting::default(),
                counting_verdicts: CountingVerdicts::default(),
            }),
            sequencer,
        ))
    }

    /// Examines a submission and queues it: the one door for clients, peers, pins and imports (protocol, section 3).
    ///
    /// # Errors
    /// The [`Refusal`] of the first step that does not hold.
    pub fn submit(&self, submission: Submission, provenance: Provenance) -> Result<Submitted, Refusal> {
        let documents = submission.documents().to_vec();
        let mut watch = Stopwatch::start();
        let examined = self.examine(submission, provenance);
        watch.lap(steps::Step::Examine);
        self.queue(examined?, documents)
    }

    /// The same for many that came together: examined on all cores, and queued in their order, so that a log that is read from
    /// somebody keeps the order of that log. What became of each, in their order.
    pub fn submit_all(&self, submissions: &[Submission], provenance: &Provenance) -> Vec<Result<Submitted, Refusal>> {
        let examined = in_parallel(submissions, |submission| self.examine(submission.clone(), provenance.clone()));
        let queue = |(examined, submission): (Result<Examined, Refusal>, &Submission)| {
            self.queue(examined?, submission.documents().to_vec())
        };
        examined.into_iter().zip(submissions).map(queue).collect()
    }

    fn queue(&self, examined: Examined, documents: Vec<Vec<u8>>) -> Result<Submitted, Refusal> {
        match examined {
            Examined::Known(stored) => {
                self.keep_along(documents)?;
                Ok(Submitted::Known(stored))
            }
            Examined::New(admitted) => Ok(Submitted::Queued(self.inbox.enqueue(*admitted)?)),
            Examined::Unverified(record) => Ok(Submitted::Waiting(Box::new(self.keep_waiting(&record)?))),
        }
    }

    /// The same without reading anything, when memory alone knows that it is new, who its issuer is, and that the issuer is far
    /// from its quota: what most submissions turn out to be. `None` when something would have to be read.
    ///
    /// # Errors
    /// The same.
    pub fn submit_at_hand(&self, submission: Submission, provenance: Provenance) -> Option<Result<Submitted, Refusal>> {
        let mut watch = Stopwatch::start();
        let examined = self.examine_at_hand(submission, provenance)?;
        watch.lap(steps::Step::Examine);
        match examined {
            Ok(Examined::New(admitted)) => Some(self.inbox.enqueue(*admitted).map(Submitted::Queued)),
            // It stands in storage, and so may what came along with it; or it is kept there.
            Ok(Examined::Known(_) | Examined::Unverified(_)) => None,
            Err(refusal) => Some(Err(refusal)),
        }
    }

    /// Who this server is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Who may speak here.
    pub fn admission(&self) -> &Admission {
        &self.admission
    }

    /// The newest published checkpoint.
    pub fn published(&self) -> Arc<Published> {
        self.published.load()
    }

    /// A watcher that is woken whenever the published tree has grown; it holds the size.
    pub fn watch_growth(&self) -> tokio::sync::watch::Receiver<u64> {
        self.published.watch()
    }

    /// Whether the log was halted, so that it neither grows nor signs.
    pub fn is_halted(&self) -> bool {
        self.standing().is_halted()
    }

    /// Halts the log until the server is started again: something contradicts what was signed, so that nothing may be signed
    /// any more. Reads go on, but for the checkpoint (protocol, section 7, rule 3). `why` is told to whoever asks.
    pub fn halt(&self, why: impl Into<String>) {
        self.standing().halt(why.into());
    }

    /// The server is about to stop: it still answers, and says that nobody should come any more.
    pub fn announce_stop(&self) {
        self.standing().stop();
    }

    /// A sign that is given when the server is about to stop: answers that have no end of their own end with it.
    pub fn stopping(&self) -> CancellationToken {
        // A child, so that nobody else can give it for all.
        self.standing().stopping().child_token()
    }

    /// What keeps this server from doing all of its work now, the gravest first; nothing when all is well.
    pub fn hindrances(&self) -> Vec<Hindrance> {
        self.standing().hindrances(self.witness.behind(self.clock.now()))
    }

    /// Waits until a record waits for a domain to be asked.
    pub async fn domain_wanted(&self) {
        self.domain_wanted.notified().await;
    }

    /// Wakes whoever asks domains: something that waited for one may come in.
    pub fn want_domains_looked_at(&self) {
        self.domain_wanted.notify_one();
    }

    /// What is known of how things stand.
    pub fn standing(&self) -> &Standing {
        self.inbox.standing()
    }

    /// The clock of this server.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }
}

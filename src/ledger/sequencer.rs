//! The single writer: it puts admitted entries in order, and is the only one who signs the log.
//!
//! A batch becomes part of the log in eight durable steps, each written so that a crash after it leaves something that
//! [`Sequencer::open`] finishes or refuses to touch (protocol, section 7, rules 1 to 5):
//!
//! | step | a crash after it leaves | who repairs it |
//! |---|---|---|
//! | 1 take what is queued, drop what is there already | nothing | nobody has been promised anything |
//! | 2 compute tiles and root in memory | nothing | the same |
//! | 3 `append`: entries, tiles, index, unsigned head in one commit | an unsigned head | opening re-hashes, signs and publishes it |
//! | 4 re-read on another connection and re-hash | the same | the same |
//! | 5 sign the checkpoint | the same | the same; Ed25519 is deterministic, so the bytes are equal |
//! | 6 write checkpoint and own cosignature into the head record outside the database | a signed head that the database calls unsigned | opening compares, then publishes |
//! | 7 `publish`: the same in the second commit | a published head; after a power cut perhaps what step 6 leaves | the same |
//! | 8 show it to readers and answer who waits | answers that were never sent | a client posts again and gets the same entry |
//!
//! Steps 3 and 6 wait for the disk, and step 7 does not: what it says is durable since step 6, and the sync of the next append
//! covers it. Signed time is part of that, so the cosignature stands in the record too: a start that finds a recorded head
//! unpublished takes over its time before it signs another (promise D4).
//!
//! Any storage error throws the memory away: the next step begins by reading the log anew (rule 5). A head that contradicts
//! what was signed, or entries that do not hash to it, halt the log for good, until an operator looks (rule 3).

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use tokio::sync::oneshot;

use super::cosigning::{CosignatureStore, Witness};
use super::keys::{Identity, ServerKeys};
use super::opening::{self, Edge, OpenError};
use super::ports::{AppendError, DocumentStore, HeadRecord, LedgerWrite, LogRead, StoreError};
use super::published::{Published, PublishedCell};
use super::refusal::Refusal;
use super::standing::Standing;
use super::steps;
use super::steps::{Step as Timed, Stopwatch};
use super::stored::{Batch, Head, IndexRows, NewEntry, PublishedHead, StoredEntry};
use super::submission::Admitted;
use crate::clock::Clock;
use crate::notice::PayloadId;
use crate::tlog::{Checkpoint, Hash, SignedCheckpoint};

/// How many admitted entries may wait; one more is refused as busy.
const QUEUE: usize = 4_096;
/// How many entries one batch takes at most.
const BATCH: usize = 256;

/// Where an entry ended up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequenced {
    /// Its index in the log.
    pub index: u64,
    /// A published tree size that covers it.
    pub size: u64,
    /// What its receipt needs besides, when it is new.
    pub fresh: Option<Fresh>,
}

impl Sequenced {
    /// Whether it was there before.
    pub fn is_known(&self) -> bool {
        self.fresh.is_none()
    }
}

/// What is known of an entry that was just placed, so that it need not be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fresh {
    /// SHA-256 of its payload.
    pub id: PayloadId,
    /// Its leaf hash.
    pub entry: Hash,
    /// Whether it names documents that did not come along.
    pub names_documents: bool,
}

/// The answer that a submitter waits for.
pub type Ticket = oneshot::Receiver<Result<Sequenced, Refusal>>;

/// An entry that waits for its turn.
struct Queued {
    admitted: Admitted,
    since: Stopwatch,
    answer: oneshot::Sender<Result<Sequenced, Refusal>>,
}

/// The submitters' end of the queue.
#[derive(Clone)]
pub struct Inbox {
    sender: SyncSender<Queued>,
    standing: Arc<Standing>,
}

impl Inbox {
    /// Puts an admitted entry into the queue, without waiting.
    ///
    /// # Errors
    /// [`Refusal::Busy`] when the queue is full, [`Refusal::Halted`]. Whether there is room is looked at once for each batch.
    pub fn enqueue(&self, admitted: Admitted) -> Result<Ticket, Refusal> {
        if self.standing.is_halted() {
            return Err(Refusal::Halted);
        }
        let (answer, ticket) = oneshot::channel();
        self.sender.try_send(Queued { admitted, since: Stopwatch::start(), answer }).map_err(|full| match full {
            TrySendError::Full(_) => Refusal::Busy,
            TrySendError::Disconnected(_) => Refusal::Halted,
        })?;
        Ok(ticket)
    }

    /// How things stand with the log behind this queue.
    pub(super) fn standing(&self) -> &Standing {
        &self.standing
    }
}

/// What the sequencer works with.
pub struct Bench {
    /// The two atomic verbs.
    pub write: Box<dyn LedgerWrite>,
    /// Reads, on other connections than `write`.
    pub read: Arc<dyn LogRead>,
    /// The head outside the database.
    pub record: Arc<dyn HeadRecord>,
    /// Cosignatures and signed times.
    pub cosignatures: Arc<dyn CosignatureStore>,
    /// Where documents are kept that come with nothing new.
    pub documents: Arc<dyn DocumentStore>,
    /// The server's keys.
    pub keys: Arc<ServerKeys>,
    /// The server's public identity.
    pub identity: Identity,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How things stand.
    pub standing: Arc<Standing>,
}

/// The single writer of one log.
pub struct Sequencer {
    bench: Bench,
    inbox: Receiver<Queued>,
    witness: Arc<Witness>,
    published: Arc<PublishedCell>,
    /// `None` after a storage error: the log must be read anew before anything else.
    edge: Option<Edge>,
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing was queued.
    Idle,
    /// This many entries were answered.
    Worked(usize),
    /// The log is halted: no further step will do anything.
    Halted,
}

/// A sequencer that is ready, with the ends that the ledger keeps.
pub struct Opened {
    /// The writer itself.
    pub sequencer: Sequencer,
    /// Where admitted entries are put.
    pub inbox: Inbox,
    /// The witness.
    pub witness: Arc<Witness>,
    /// The newest published checkpoint.
    pub published: Arc<PublishedCell>,
}

impl Sequencer {
    /// Opens the log: compares database and head record, finishes what a crash left, and refuses a log that contradicts
    /// what was signed.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(mut bench: Bench) -> Result<Opened, OpenError> {
        let last = bench.cosignatures.last_signed_time()?;
        let witness = Arc::new(Witness::new(bench.keys.clone(), bench.identity.witness.name().clone(), last));
        let (edge, published) = opening::open(&mut bench, &witness)?;
        let published = Arc::new(PublishedCell::new(published));
        let (sender, inbox) = sync_channel(QUEUE);
        let ends = (Inbox { sender, standing: bench.standing.clone() }, witness.clone(), published.clone());
        let sequencer = Self { bench, inbox, witness, published, edge: Some(edge) };
        Ok(Opened { sequencer, inbox: ends.0, witness: ends.1, published: ends.2 })
    }

    /// Waits up to `patience` for work, then does one step. The loop of the writer's thread.
    pub fn wait_and_step(&mut self, patience: Duration) -> Step {
        let first = self.inbox.recv_timeout(patience).ok();
        self.work(first)
    }

    /// Does one step with what is queued now, without waiting: what tests and simulations call.
    pub fn step(&mut self) -> Step {
        self.work(None)
    }

    /// Commits these entries together, without the queue: what an import of a whole log does before the server runs. They may
    /// be more than a batch of the queue, so that their signing and syncing is shared by many.
    ///
    /// # Errors
    /// [`Refusal::Halted`], [`Refusal::Busy`] or [`Refusal::Storage`]; none of them was promised then.
    pub fn commit_now(&mut self, admitted: &[Admitted]) -> Result<Vec<Sequenced>, Refusal> {
        if admitted.is_empty() {
            return Ok(Vec::new());
        }
        self.bench.standing.may_grow()?;
        self.commit(&admitted.iter().collect::<Vec<_>>())
    }

    fn work(&mut self, first: Option<Queued>) -> Step {
        // (1) Take what is queued. Nobody has been promised anything yet.
        let mut queued: Vec<Queued> = first.into_iter().collect();
        while queued.len() < BATCH {
            match self.inbox.try_recv() {
                Ok(next) => queued.push(next),
                Err(_) => break,
            }
        }
        let answered = queued.len();
        // What was queued while there was room may be more than there is room for.
        if let Err(refusal) = self.bench.standing.may_grow() {
            refuse_all(queued, &refusal);
            match refusal {
                Refusal::Halted => return Step::Halted,
                _ if answered > 0 => return Step::Worked(answered),
                _ => {}
            }
        } else if answered > 0 {
            return self.append(queued);
        }
        self.mend()
    }

    fn append(&mut self, mut queued: Vec<Queued>) -> Step {
        let answered = queued.len();
        steps::batch(answered);
        for waited in &mut queued {
            waited.since.lap(Timed::Queue);
        }
        let entries: Vec<&Admitted> = queued.iter().map(|q| &q.admitted).collect();
        match self.commit(&entries) {
            Ok(places) => {
                for (queued, place) in queued.into_iter().zip(places) {
                    // A submitter that went away is no loss: the entry is in the log, and posting it again finds it.
                    let _ = queued.answer.send(Ok(place));
                }
                Step::Worked(answered)
            }
            Err(refusal) => {
                refuse_all(queued, &refusal);
                if matches!(refusal, Refusal::Halted) { Step::Halted } else { Step::Worked(answered) }
            }
        }
    }

    /// After a failure the batch may stand in the database unpublished: it is published as soon as storage works again, and
    /// not only when somebody posts something else.
    fn mend(&mut self) -> Step {
        if self.edge.is_some() {
            return Step::Idle;
        }
        match self.reload() {
            Ok(None) => Step::Halted,
            Ok(edge) => {
                self.edge = edge;
                Step::Idle
            }
            Err(error) => {
                tracing::debug!(%error, "storage still fails; the log is read anew at the next step");
                Step::Idle
            }
        }
    }

    /// Steps 1 to 8 for these entries. On any error the memory of the tree is thrown away.
    fn commit(&mut self, admitted: &[&Admitted]) -> Result<Vec<Sequenced>, Refusal> {
        let Some(edge) = self.edge.take().map_or_else(|| self.reload(), |edge| Ok(Some(edge)))? else {
            return Err(Refusal::Halted);
        };
        let done = self.commit_onto(edge, admitted);
        match &done {
            Ok(_) => self.bench.standing.works(),
            Err(AppendError::Store(error)) => self.bench.standing.failed(error),
            Err(AppendError::HeadMoved { .. }) => {}
        }
        done.map_err(|error| match error {
            AppendError::HeadMoved { found } => {
                tracing::error!(found, "another writer moved the head of the log; reading it anew");
                Refusal::Busy
            }
            AppendError::Store(error) => {
                tracing::error!(%error, source = ?std::error::Error::source(&error), "storage failed while appending; nothing was promised");
                Refusal::Storage(error)
            }
        })
    }

    fn commit_onto(&mut self, mut edge: Edge, admitted: &[&Admitted]) -> Result<Vec<Sequenced>, AppendError> {
        let mut watch = Stopwatch::start();
        let expected = Head { size: edge.tree.size(), root: edge.tree.root() };
        // (1) Drop what is there already, in the log or twice in this batch.
        let leaves: Vec<Hash> = admitted.iter().map(|a| a.leaf).collect();
        let mut batch = Batch { expected, entries: Vec::new(), tiles: Vec::new(), head: expected, documents: Vec::new() };
        let mut places = Vec::with_capacity(admitted.len());
        let mut taken: HashMap<(PayloadId, [u8; 32]), u64> = HashMap::new();
        for (admitted, leaf) in admitted.iter().zip(&leaves) {
            let key = *admitted.signed.key().as_bytes();
            let payload_id = admitted.signed.payload_id();
            let there = self.bench.read.places_of_payload(admitted.kind, &payload_id, expected.size)?;
            let index = there.iter().find(|e| e.key == key).map(|e| e.index).or_else(|| taken.get(&(payload_id, key)).copied());
            // A twin of this batch may bring the documents that the first one came without.
            batch.documents.extend(admitted.documents.iter().cloned());
            if let Some(index) = index {
                places.push((index, None));
                continue;
            }
            // (2) Compute tiles and root in memory.
            let index = edge.tree.append(*leaf);
            taken.insert((payload_id, key), index);
            places.push((index, Some(fresh(admitted))));
            batch.entries.push(new_entry(index, admitted));
        }
        if batch.entries.is_empty() {
            // Everything was there already, but what came along with it may not be, and is acknowledged with it.
            for document in &batch.documents {
                self.bench.documents.keep(document)?;
            }
        } else {
            batch.head = Head { size: edge.tree.size(), root: edge.tree.root() };
            batch.tiles = edge.tree.take_changed();
            watch.lap(Timed::Order);
            // (3) One commit: entries, tiles, index, unsigned head. From here on the entries may exist after a crash.
            self.bench.write.append(&batch)?;
            watch.lap(Timed::Append);
            // (4) Read them back on another connection and hash them again: a flipped bit must never be signed.
            edge.reread.follow(self.bench.read.as_ref(), batch.head.size)?;
            edge.reread.compare(batch.head)?;
            watch.lap(Timed::Reread);
            // (5) to (7) Sign, record outside, publish; (8) show it.
            self.published.grow(sign_and_publish(&mut self.bench, &self.witness, batch.head)?);
        }
        self.edge = Some(edge);
        let size = self.published.load().head.size;
        Ok(places.into_iter().map(|(index, fresh)| Sequenced { index, size, fresh }).collect())
    }

    /// Reads the log anew after an error; `None` when what is found must not be signed.
    fn reload(&mut self) -> Result<Option<Edge>, Refusal> {
        match opening::recover(&mut self.bench, &self.witness) {
            Ok((edge, published)) => {
                if published.head.size > self.published.load().head.size {
                    self.published.grow(published);
                }
                Ok(Some(edge))
            }
            Err(OpenError::Store(error @ StoreError::Unavailable { .. })) => Err(Refusal::Storage(error)),
            // What contradicts itself now, after it was read anew, does not mend itself: an operator must look.
            Err(halt) => {
                tracing::error!(error = %halt, "the log is halted");
                self.bench.standing.halt(why_halted(&halt));
                Ok(None)
            }
        }
    }
}

/// Why the log was halted, for whoever asks: what storage says of itself goes to the program's log only.
fn why_halted(error: &OpenError) -> String {
    match error {
        OpenError::Store(_) => {
            "what is stored contradicts itself. Stop the server, keep a copy of the data folder, run `palinode fsck`, and begin \
             a new log from a backup with `palinode restore`"
                .to_owned()
        }
        other => other.to_string(),
    }
}

fn refuse_all(queued: Vec<Queued>, refusal: &Refusal) {
    for queued in queued {
        // A submitter that went away needs no answer.
        let _ = queued.answer.send(Err(refusal.clone()));
    }
}

fn fresh(admitted: &Admitted) -> Fresh {
    let names_documents = match &admitted.rows {
        IndexRows::Notice(rows) => {
            let came_along = |hash| admitted.documents.iter().any(|document| document.hash == hash);
            rows.documents.iter().any(|(hash, _)| !came_along(*hash))
        }
        IndexRows::Publisher | IndexRows::Operator => false,
    };
    Fresh { id: admitted.signed.payload_id(), entry: admitted.leaf, names_documents }
}

fn new_entry(index: u64, admitted: &Admitted) -> NewEntry {
    NewEntry {
        stored: StoredEntry {
            index,
            leaf: admitted.leaf,
            kind: admitted.kind,
            payload_id: admitted.signed.payload_id(),
            key: *admitted.signed.key().as_bytes(),
            issuer: admitted.issuer.clone(),
            bytes: admitted.signed.entry().to_vec(),
            first_seen: admitted.first_seen,
            provenance: admitted.provenance.clone(),
        },
        rows: admitted.rows.clone(),
    }
}

/// Steps 5 to 7: signs and cosigns `head`, records it outside the database, publishes it, and gives what readers will see.
/// The head was appended and verified before.
pub(super) fn sign_and_publish(bench: &mut Bench, witness: &Witness, head: Head) -> Result<Published, StoreError> {
    let mut watch = Stopwatch::start();
    let checkpoint = Checkpoint::new(&bench.identity.origin, head.size, head.root);
    let signed = SignedCheckpoint::sign(bench.keys.log(), &checkpoint)
        .map_err(|e| StoreError::Corrupt { what: format!("a head that cannot be signed: {e}") })?;
    let now = bench.clock.now();
    let head = PublishedHead { head, checkpoint: signed.bytes().to_vec(), signed_at: now };
    let own = witness.cosign(&checkpoint.to_text(), now);
    watch.lap(Timed::Sign);
    if let Err(error) = &own {
        // The entry is logged and signed all the same; only its freshness cannot be sworn to.
        tracing::error!(%error, "the newest checkpoint has no cosignature of this server");
    }
    let published = Published { head: head.head, checkpoint: head.checkpoint.clone(), cosignatures: own.into_iter().collect() };
    bench.record.write(&published.served())?;
    watch.lap(Timed::Record);
    bench.write.publish(&head, published.cosignatures.first())?;
    watch.lap(Timed::Publish);
    Ok(published)
}

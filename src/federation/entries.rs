//! Entries of peers: fetching them by their leaf hashes, and handing them in at the one door.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use futures_util::stream;

use super::announce::address;
use super::fault::Fault;
use super::inventory::either;
use super::transport::{Request, TransportError};
use super::{Federation, Link};
use crate::envelope::PayloadType;
use crate::ledger::peers::{LeafOutcome, Peer, PeerStatement, StatementFault};
use crate::ledger::{Ledger, Provenance, Refusal, RefusalClass, Submission, Submitted, Ticket};
use crate::tlog::bundle::{self, MAX_BUNDLE, MAX_ENTRY, Slot};
use crate::tlog::{Hash, TILE_WIDTH, TilePath};

/// How long one entry may take.
const ENTRY_DEADLINE: Duration = Duration::from_secs(10);
/// How long a bundle may take.
const BUNDLE_DEADLINE: Duration = Duration::from_mins(1);
/// How many entries are asked for at once.
const IN_FLIGHT: usize = 4;
/// An exchange about one entry that breaks off is a matter of that entry, until it happens this often in a row of them.
const BROKEN_EXCHANGES: usize = 3;

/// What came of asking for an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fetched {
    /// Here it is.
    Entry(Vec<u8>),
    /// The peer answered, and did not give it.
    NotGiven,
    /// The exchange broke off, or another peer is being asked for it at this very moment: worth asking for again soon.
    NotYet,
}

/// An entry that was asked for.
pub(super) type FetchedEntry = (Hash, Fetched);

/// What came of handing an entry in. The refused ones lack what only the caller knows: how often, and until when.
pub(super) enum Verdict {
    /// It is in our log now.
    Logged {
        /// It is a publisher record, which others may have waited for.
        record: bool,
    },
    /// It was in our log before.
    Known,
    /// A second signature of the same key over a payload that our log has.
    Twin,
    /// A statement of the peer's operator.
    Stated(Box<PeerStatement>),
    /// An operator statement that is none of this peer's operator for this log: refused for good.
    NotStated(StatementFault),
    /// Refused, with the entry if it may be accepted later.
    Refused(Refusal, Vec<u8>),
}

impl Federation {
    /// The entries of these leaves, all of the bundle that covers `bundle` (its index and width): the whole bundle when nearly all
    /// of it is missing, else one by one, so that bodies which are here travel again for at most one in ten that are not (promise
    /// F10). A log that lacks the one way is asked the other. What does not hash to its leaf was not had.
    pub(super) async fn fetch_entries(
        &self,
        link: &Link,
        bundle: (u64, u16),
        leaves: &[(usize, Hash)],
    ) -> Result<Vec<FetchedEntry>, Fault> {
        let (index, width) = bundle;
        let wanted: Vec<Hash> = leaves.iter().map(|(_, leaf)| *leaf).collect();
        let mut found: Vec<FetchedEntry> = leaves.iter().map(|(_, leaf)| (*leaf, Fetched::NotGiven)).collect();
        if leaves.len() * 11 >= usize::from(width) * 10 {
            if !self.fill_from_bundle(link, index, width, leaves, &mut found).await? {
                found = self.fetch_each_unless_none(link, &wanted).await?;
            }
        } else {
            found = self.fetch_each(link, &wanted).await?;
            // A log without our entry path: its bundles have them.
            if found.iter().any(|(_, entry)| *entry == Fetched::NotGiven) {
                self.fill_from_bundle(link, index, width, leaves, &mut found).await?;
            }
        }
        Ok(found)
    }

    /// The entries of these leaves, one by one, unless the first is not given: a log that has neither bundles nor entries costs one
    /// question a bundle, and not one for each leaf that it made up. What is left is wanted like anything that was not given.
    async fn fetch_each_unless_none(&self, link: &Link, leaves: &[Hash]) -> Result<Vec<FetchedEntry>, Fault> {
        let (first, others) = leaves.split_at(leaves.len().min(1));
        let mut found = self.fetch_each(link, first).await?;
        if found.iter().any(|(_, entry)| matches!(entry, Fetched::Entry(_))) {
            found.extend(self.fetch_each(link, others).await?);
        } else {
            found.extend(others.iter().map(|leaf| (*leaf, Fetched::NotGiven)));
        }
        Ok(found)
    }

    /// Fills what is missing in `found` from one bundle; whether the peer has that bundle. One that cannot be read is no fault: its
    /// entries stay wanted.
    async fn fill_from_bundle(
        &self,
        link: &Link,
        index: u64,
        width: u16,
        leaves: &[(usize, Hash)],
        found: &mut [FetchedEntry],
    ) -> Result<bool, Fault> {
        let partial = TilePath::Entries { index, width };
        for path in either(partial) {
            let bytes = match self.fetch_path(link, path, MAX_BUNDLE, BUNDLE_DEADLINE).await {
                Ok(Some(bytes)) => bytes,
                Ok(None) => continue,
                Err(fault) if is_of_item(&fault) => {
                    let lacking = found.iter_mut().filter(|(_, entry)| *entry == Fetched::NotGiven);
                    lacking.for_each(|(_, entry)| *entry = Fetched::NotYet);
                    return Ok(true);
                }
                Err(fault) => return Err(fault),
            };
            let Ok(slots) = bundle::parse(&bytes, path.width()) else {
                tracing::warn!(peer = %link.peer.origin(), %path, "a peer served a bundle that is none");
                return Ok(true);
            };
            for ((place, leaf), (_, entry)) in leaves.iter().zip(found.iter_mut()) {
                if let (Fetched::NotGiven, Some(Slot::Entry(bytes))) = (&entry, slots.get(*place)) {
                    *entry = checked(link, leaf, bytes.clone());
                }
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// The entries of these leaves, one by one, a few at a time.
    pub(super) async fn fetch_each(&self, link: &Link, leaves: &[Hash]) -> Result<Vec<FetchedEntry>, Fault> {
        let questions: Vec<_> = leaves.iter().map(|leaf| self.fetch_entry(link, *leaf)).collect();
        let mut answers = stream::iter(questions).buffered(IN_FLIGHT);
        let mut found = Vec::with_capacity(leaves.len());
        let mut broken = 0;
        while let Some((leaf, answer)) = answers.next().await {
            match answer {
                Ok(entry) => {
                    broken = 0;
                    found.push((leaf, entry));
                }
                Err(fault) if is_of_item(&fault) && broken < BROKEN_EXCHANGES => {
                    broken += 1;
                    tracing::warn!(peer = %link.peer.origin(), %leaf, error = %fault, "an entry could not be had");
                    found.push((leaf, Fetched::NotYet));
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(found)
    }

    async fn fetch_entry(&self, link: &Link, leaf: Hash) -> (Hash, Result<Fetched, Fault>) {
        let fetch = async {
            let request = Request::get(address(link, &format!("log/entry/{leaf}"))?, ENTRY_DEADLINE, MAX_ENTRY);
            let answer = self.transport.send(request).await?;
            match answer.status {
                200 => Ok(checked(link, &leaf, answer.body)),
                429 | 500..=599 => Err(Fault::Status { what: "entry", status: answer.status, retry_after: answer.retry_after }),
                // Not there, gone, withheld by law: a matter of this entry.
                _ => Ok(Fetched::NotGiven),
            }
        };
        (leaf, fetch.await)
    }

    /// Hands entries of a peer in, publisher records before what they may be needed for, and waits until each is logged or
    /// refused. A bad one is an outcome like any other. At most 256 at a time, so that they share commits.
    ///
    /// # Errors
    /// Only what keeps this server itself from taking anything in; nothing is known then of those that had no turn.
    pub(super) async fn hand_in(&self, origin: &str, entries: Vec<(Hash, Vec<u8>)>) -> Result<Vec<(Hash, Verdict)>, Fault> {
        let link = self.link(origin)?;
        let (records, others): (Vec<_>, Vec<_>) = entries.into_iter().map(Read::of).partition(Read::is_record);
        let mut verdicts = Vec::with_capacity(records.len() + others.len());
        for (record, mut group) in [(true, records), (false, others)] {
            while !group.is_empty() {
                let rest = group.split_off(group.len().min(TILE_WIDTH));
                verdicts.extend(self.hand_in_together(&link.peer, group, record).await?);
                group = rest;
            }
        }
        Ok(verdicts)
    }

    /// Hands entries in together, and then waits for the writer.
    async fn hand_in_together(&self, peer: &Peer, entries: Vec<Read>, record: bool) -> Result<Vec<(Hash, Verdict)>, Fault> {
        let (ledger, peer, now) = (self.ledger.clone(), peer.clone(), self.now());
        let examined = self.blocking(move || examine(&ledger, &peer, entries, now)).await??;
        let mut verdicts = Vec::new();
        for (leaf, examined) in examined {
            let verdict = match examined {
                Examined::Done(verdict) => verdict,
                Examined::Waits(ticket, bytes) => match ticket.await {
                    Ok(Ok(place)) if !place.is_known() => Verdict::Logged { record },
                    // Somebody else was quicker with this very entry, or with another signature over its payload.
                    Ok(Ok(_)) => {
                        let ledger = self.ledger.clone();
                        let there = self.blocking(move || ledger.known_leaves(&[leaf])).await??;
                        if there == [true] { Verdict::Known } else { Verdict::Twin }
                    }
                    Ok(Err(refusal)) => refused(refusal, bytes)?,
                    Err(_) => return Err(Fault::NotNow(Box::new(Refusal::Halted))),
                },
            };
            verdicts.push((leaf, verdict));
        }
        Ok(verdicts)
    }
}

/// What an entry was found to be.
enum Examined {
    Done(Verdict),
    /// It is queued, and this tells what becomes of it.
    Waits(Ticket, Vec<u8>),
}

/// An entry that came, read once.
struct Read {
    leaf: Hash,
    bytes: Vec<u8>,
    submission: Result<Submission, Refusal>,
}

impl Read {
    fn of((leaf, bytes): (Hash, Vec<u8>)) -> Self {
        Self { leaf, submission: Submission::entry(&bytes), bytes }
    }

    fn kind(&self) -> Option<PayloadType> {
        self.submission.as_ref().ok()?.envelope().payload_type()
    }

    fn is_record(&self) -> bool {
        self.kind() == Some(PayloadType::Publisher)
    }
}

/// What these entries are for this server. Those that are queued come in their order. Blocks.
fn examine(ledger: &Ledger, peer: &Peer, entries: Vec<Read>, now: DateTime<Utc>) -> Result<Vec<(Hash, Examined)>, Fault> {
    let mut examined = Vec::with_capacity(entries.len());
    let (mut waiting, mut submissions) = (Vec::new(), Vec::new());
    for entry in entries {
        let kind = entry.kind();
        match entry.submission {
            Ok(_) if kind == Some(PayloadType::Operator) => {
                examined.push((entry.leaf, Examined::Done(stated(peer, &entry.bytes, now))));
            }
            Ok(submission) => {
                waiting.push((entry.leaf, entry.bytes));
                submissions.push(submission);
            }
            Err(refusal) => examined.push((entry.leaf, Examined::Done(refused(refusal, entry.bytes)?))),
        }
    }
    let submitted = ledger.submit_all(&submissions, &Provenance::Peer(peer.origin().to_string()));
    for ((leaf, bytes), submitted) in waiting.into_iter().zip(submitted) {
        let became = match submitted {
            Ok(Submitted::Known(stored)) if stored.leaf == leaf => Examined::Done(Verdict::Known),
            Ok(Submitted::Known(_)) => Examined::Done(Verdict::Twin),
            Ok(Submitted::Queued(ticket)) => Examined::Waits(ticket, bytes),
            // Only what a client posts waits apart; what a peer has waits among its leaves.
            Ok(Submitted::Waiting(waiting)) => {
                let refusal = Refusal::IssuerPending { issuer: waiting.did, retry_after: Duration::ZERO };
                Examined::Done(Verdict::Refused(refusal, bytes))
            }
            Err(refusal) => Examined::Done(refused(refusal, bytes)?),
        };
        examined.push((leaf, became));
    }
    Ok(examined)
}

/// What a statement of an operator is here. It is read under the key that is configured for the peer, and not handed in: no log takes
/// the statements of others.
fn stated(peer: &Peer, entry: &[u8], now: DateTime<Utc>) -> Verdict {
    match PeerStatement::read(peer, entry, now) {
        Ok(statement) => Verdict::Stated(Box::new(statement)),
        Err(fault) => {
            tracing::warn!(peer = %peer.origin(), error = %fault, "an operator statement in the log of a peer is not believed");
            Verdict::NotStated(fault)
        }
    }
}

/// A refusal that says something about the entry; one that says that this server cannot take anything in is a fault.
fn refused(refusal: Refusal, bytes: Vec<u8>) -> Result<Verdict, Fault> {
    match refusal {
        Refusal::Busy | Refusal::Halted | Refusal::NotNow(_) => Err(Fault::NotNow(Box::new(refusal))),
        Refusal::Storage(error) => Err(Fault::Store(error)),
        refusal => Ok(Verdict::Refused(refusal, bytes)),
    }
}

/// The entry, if it hashes to the leaf it was asked for by.
fn checked(link: &Link, leaf: &Hash, bytes: Vec<u8>) -> Fetched {
    let found = Hash::leaf(&bytes);
    if found == *leaf {
        return Fetched::Entry(bytes);
    }
    let error = super::Misbehaviour::OtherEntry { leaf: *leaf, found };
    tracing::warn!(peer = %link.peer.origin(), %error, "a peer served another entry than the one asked for");
    Fetched::NotGiven
}

/// Whether a fault may lie in the one thing that was asked for: a peer that is there but fails at a single entry must not keep
/// the others from coming.
fn is_of_item(fault: &Fault) -> bool {
    matches!(fault, Fault::Transport(TransportError::Timeout | TransportError::TooLarge { .. } | TransportError::Protocol(_)))
}

/// How a verdict is kept, for those that need no further thought; the others are given back with what is to be thought of.
pub(super) fn settled(verdict: Verdict) -> Result<LeafOutcome, (Refusal, Vec<u8>)> {
    match verdict {
        Verdict::Logged { .. } | Verdict::Known => Ok(LeafOutcome::Logged),
        Verdict::Twin => Ok(LeafOutcome::Twin),
        Verdict::Stated(statement) => Ok(LeafOutcome::Stated(statement)),
        Verdict::NotStated(fault) => Ok(LeafOutcome::Refused {
            class: RefusalClass::Permanent,
            rule: fault.rule(),
            tries: 1,
            not_before: DateTime::UNIX_EPOCH,
            entry: None,
        }),
        Verdict::Refused(refusal, entry) => Err((refusal, entry)),
    }
}

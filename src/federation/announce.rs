//! Telling a peer that our log grew: `add-checkpoint` of C2SP tlog-witness, the sending side.

use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::DateTime;

use super::fault::Fault;
use super::misbehaviour::Misbehaviour;
use super::transport::{Request, Response};
use super::{Federation, Link};
use crate::ledger::peers::Work;
use crate::ledger::{Cosigned, Published, StoreError};
use crate::tlog::{AddCheckpoint, Cosignature, Note};

/// How long a peer may take to cosign.
const DEADLINE: Duration = Duration::from_secs(10);
/// The longest answer: a few signature lines, or a size.
const MAX_ANSWER: usize = 16 << 10;
/// How often a peer may answer that it knows another size before the attempt counts as failed.
const CONFLICTS: u32 = 2;

/// What an announcement came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announced {
    /// The peer knows all there is, or the log is halted.
    NothingNew,
    /// The peer is convicted of two histories: nothing is told to it.
    Isolated,
    /// Put off until then, after failures.
    PutOff(DateTime<chrono::Utc>),
    /// The peer cosigned our log at this size.
    Cosigned(u64),
}

/// What a peer answers to one request.
enum Answer {
    Cosigned(Cosignature),
    /// It cosigned this size last.
    Conflict(u64),
}

impl Federation {
    /// Sends our newest checkpoint to one peer, unless the peer cosigned it already or is left alone after failures; keeps the
    /// cosignature that comes back. After one of the two was away the checkpoint is sent although it was cosigned, so that the peer
    /// notices that we are there.
    ///
    /// # Errors
    /// [`Fault`]; one of the peer is remembered, and puts the next attempt off.
    pub async fn announce_once(&self, origin: &str) -> Result<Announced, Fault> {
        let link = self.link(origin)?;
        if self.ledger.is_halted() {
            // What this server would tell is in doubt.
            return Ok(Announced::NothingNew);
        }
        let state = self.state_of(origin).await?;
        if state.is_isolated() {
            return Ok(Announced::Isolated);
        }
        let size = self.ledger.published().head.size;
        let greets = size > 0 && state.acknowledged == size && link.greeting.load(Ordering::Relaxed);
        if state.acknowledged >= size && !greets {
            return Ok(Announced::NothingNew);
        }
        if let Some(until) = self.put_off(&link, Work::Announce, &state) {
            return Ok(Announced::PutOff(until));
        }
        let begun = link.reach.begin();
        let outcome = self.announce(&link, state.acknowledged).await;
        match &outcome {
            Ok(_) => link.greeting.store(false, Ordering::Relaxed),
            Err(fault) if fault.is_answer_of_witness() => self.halt_if_contradicted_by(&link).await,
            Err(_) => {}
        }
        self.remember(&link, Work::Announce, &state.announce, begun, &outcome).await?;
        outcome
    }

    /// Halts the log if this peer has a checkpoint under our own key that the log here does not continue: an old copy of the
    /// data folder was put back, or two copies of it are running (protocol, section 7, rule 3). Only the checkpoint counts; what
    /// the peer says does not.
    async fn halt_if_contradicted_by(&self, link: &Link) {
        let published = self.ledger.published();
        if let Some(contradiction) = self.ask_about_own_log(link, &published).await {
            tracing::error!(error = %contradiction, "the log is halted: nothing will be signed until its operator has looked");
            self.ledger.halt(contradiction.to_string());
        }
    }

    async fn announce(&self, link: &Link, acknowledged: u64) -> Result<Announced, Fault> {
        let origin = link.peer.origin().as_str();
        let mut old = acknowledged;
        for _ in 0..=CONFLICTS {
            // The newest each time: the log may have grown while the peer thought about the last one.
            let newest = self.ledger.published();
            let size = newest.head.size;
            if old > size {
                tracing::error!(
                    peer = origin,
                    cosigned = old,
                    published = size,
                    "a peer knows more of this log than this server"
                );
                return Err(Fault::OwnLogBehind { cosigned: old, published: size });
            }
            match self.ask_cosignature(link, old, &newest).await? {
                Answer::Conflict(cosigned) => {
                    // The peer knows best what it cosigned: its last answer may have been lost on the way.
                    let (store, origin) = (self.stores.peers.clone(), origin.to_owned());
                    self.blocking(move || store.acknowledge(&origin, cosigned)).await??;
                    if cosigned == size {
                        // It has nothing new to learn, but its cosignature is not here: it is asked until it gave one.
                        link.greeting.store(true, Ordering::Relaxed);
                    }
                    old = cosigned;
                }
                Answer::Cosigned(cosignature) => {
                    self.keep(link, size, &cosignature).await?;
                    return Ok(Announced::Cosigned(size));
                }
            }
        }
        Err(Fault::Status { what: "add-checkpoint", status: 409, retry_after: None })
    }

    async fn ask_cosignature(&self, link: &Link, old: u64, newest: &Published) -> Result<Answer, Fault> {
        let size = newest.head.size;
        let proof = if old == 0 || old == size {
            Vec::new()
        } else {
            let ledger = self.ledger.clone();
            self.blocking(move || ledger.consistency_proof(old, size)).await??
        };
        let body = AddCheckpoint { old, proof, checkpoint: newest.checkpoint.clone() }.to_bytes();
        let url = address(link, "witness/add-checkpoint")?;
        let request = Request::post(url, "text/plain; charset=utf-8", body, DEADLINE, MAX_ANSWER);
        let Response { status, retry_after, body, .. } = self.transport.send(request).await?;
        match status {
            200 => {
                let own = |e| StoreError::Corrupt { what: format!("the published checkpoint is no note: {e}") };
                let note = Note::parse(&newest.checkpoint).map_err(own)?;
                let cosignature = Cosignature::from_answer(&body, link.peer.witness_key(), note.text());
                let cosignature = cosignature.map_err(Misbehaviour::CosignatureWrong)?;
                Self::heard_from(link);
                Ok(Answer::Cosigned(cosignature))
            }
            409 => {
                let size = std::str::from_utf8(&body).ok().and_then(|text| text.trim_end().parse().ok());
                Ok(Answer::Conflict(size.ok_or(Misbehaviour::ConflictWithoutSize)?))
            }
            status => Err(Fault::Status { what: "add-checkpoint", status, retry_after }),
        }
    }

    /// Keeps a verified cosignature, then that there is one: in this order, since a cosignature that was lost is asked for again.
    async fn keep(&self, link: &Link, size: u64, cosignature: &Cosignature) -> Result<(), Fault> {
        let time = i64::try_from(cosignature.time()).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let cosigned = time.map(|time| Cosigned { name: cosignature.name().to_string(), time, line: cosignature.to_line() });
        let (ledger, store) = (self.ledger.clone(), self.stores.peers.clone());
        let origin = link.peer.origin().to_string();
        self.blocking(move || {
            // A time beyond what calendars hold cannot be shown, but the peer has seen our log all the same.
            if let Some(cosigned) = &cosigned {
                ledger.keep_cosignature(size, cosigned)?;
            }
            store.acknowledge(&origin, size)
        })
        .await??;
        Ok(())
    }
}

/// A path under the peer's URL.
pub(super) fn address(link: &Link, path: &str) -> Result<url::Url, Fault> {
    link.peer.url().join(path).map_err(|e| StoreError::Corrupt { what: format!("the URL of a peer: {e}") }.into())
}

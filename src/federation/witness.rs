//! Being told that a peer's log grew: `add-checkpoint` of C2SP tlog-witness, the receiving side of an announcement.

use chrono::TimeDelta;

use super::{Federation, Link};
use crate::ledger::peers::{Advanced, HeadNoted, OriginHash, Peer, PeerHead, Witnessed};
use crate::ledger::stored::Head;
use crate::ledger::{ClockBehind, Cosigned, StoreError};
use crate::tlog::{
    AddCheckpoint, AddCheckpointError, Hash, ProofFault, SignedCheckpoint, SignedCheckpointError, UnverifiedCheckpoint,
    verify_consistency,
};

/// For how long the same cosignature is given to whoever brings the same checkpoint: as old as our own newest one may be.
const FRESH: TimeDelta = TimeDelta::seconds(60);

/// Why a checkpoint was not cosigned, with the status that tlog-witness gives it.
#[derive(Debug, thiserror::Error)]
pub enum WitnessRefusal {
    /// 400: the body is no request.
    #[error(transparent)]
    Body(#[from] AddCheckpointError),
    /// 400: the checkpoint in it is none.
    #[error("not a checkpoint: {0}")]
    Form(#[source] SignedCheckpointError),
    /// 400: extension lines, which no log of this federation has.
    #[error("checkpoints with extension lines are not cosigned here")]
    Extension,
    /// 404: not the log of a peer.
    #[error("the log {0:?} is not known here")]
    UnknownOrigin(String),
    /// 403: no signature of the log's key, or a wrong one.
    #[error("the log did not sign this: {0}")]
    NotSigned(#[source] SignedCheckpointError),
    /// 400: the old size is larger than that of the checkpoint.
    #[error("the old size {old} is larger than the size {size} of the checkpoint")]
    OldBeyondSize {
        /// The old size of the request.
        old: u64,
        /// Size of the checkpoint.
        size: u64,
    },
    /// 409: another size was cosigned last. The body of the answer is that size.
    #[error("size {cosigned} was cosigned last")]
    OtherOld {
        /// What was cosigned last.
        cosigned: u64,
    },
    /// 422: an empty log with the root of another.
    #[error("an empty log has the root of the empty tree")]
    EmptyRoot,
    /// 422: a proof where nothing is to be proved.
    #[error("there is nothing to prove from size {0}")]
    NeedlessProof(u64),
    /// 422: the same size as cosigned last, with another root.
    #[error("another root was signed for size {0}")]
    OtherRoot(u64),
    /// 422: the proof does not prove it.
    #[error("the new tree does not continue the old one: {0}")]
    Inconsistent(#[source] ProofFault),
    /// 422: the log signed two histories, and nothing of it is cosigned any more.
    #[error("this log signed two histories; the evidence is kept, and nothing of it is cosigned here any more")]
    Isolated,
    /// 503: nothing is signed here now.
    #[error("nothing is signed here now")]
    Halted,
    /// 503: the clock went back too far to sign a time.
    #[error(transparent)]
    Clock(#[from] ClockBehind),
    /// 503: it could not be made durable, so it was not signed.
    #[error("storage is unavailable")]
    Store(#[from] StoreError),
}

impl WitnessRefusal {
    /// The HTTP status (tlog-witness; 422 for another root, as its main branch has it).
    pub fn status(&self) -> u16 {
        match self {
            Self::Body(_) | Self::Form(_) | Self::Extension | Self::OldBeyondSize { .. } => 400,
            Self::NotSigned(_) => 403,
            Self::UnknownOrigin(_) => 404,
            Self::OtherOld { .. } => 409,
            Self::EmptyRoot | Self::NeedlessProof(_) | Self::OtherRoot(_) | Self::Inconsistent(_) | Self::Isolated => 422,
            Self::Halted | Self::Clock(_) | Self::Store(_) => 503,
        }
    }

    /// The body and content type of the answer: a size for 409, one line of text for everything else.
    pub fn answer(&self) -> (String, &'static str) {
        match self {
            Self::OtherOld { cosigned } => (format!("{cosigned}\n"), "text/x.tlog.size"),
            other => (format!("{other}\n"), "text/plain; charset=utf-8"),
        }
    }
}

impl Federation {
    /// Cosigns a peer's checkpoint, and queues a pull of its log. Gives the signature lines to answer with. Blocks.
    ///
    /// Nothing outside is asked: however often this is called, at most one pull of this peer waits.
    ///
    /// # Errors
    /// [`WitnessRefusal`].
    pub fn add_checkpoint(&self, body: &[u8]) -> Result<Vec<u8>, WitnessRefusal> {
        if self.ledger.is_halted() {
            return Err(WitnessRefusal::Halted);
        }
        // (1) 400: the form of body and checkpoint.
        let request = AddCheckpoint::parse(body)?;
        let unverified = UnverifiedCheckpoint::parse(&request.checkpoint).map_err(WitnessRefusal::Form)?;
        if !unverified.checkpoint().extension().is_empty() {
            return Err(WitnessRefusal::Extension);
        }
        // (2) 404: only peers' logs are known.
        let origin = unverified.checkpoint().origin().to_owned();
        let Ok(link) = self.link(&origin) else {
            // It may be a peer that was restored into a new log, and whose address is worth a look.
            for away in self.links().values().filter(|link| link.reach.is_away()) {
                self.peer_is_there(away, false)?;
            }
            return Err(WitnessRefusal::UnknownOrigin(origin));
        };
        // (3) 403: signed by the log's key.
        let signed = unverified.verify(link.peer.log_key()).map_err(WitnessRefusal::NotSigned)?;
        let new = Head { size: signed.checkpoint().size(), root: *signed.checkpoint().root() };
        // (4) 400: the old size is not beyond the new one.
        if request.old > new.size {
            return Err(WitnessRefusal::OldBeyondSize { old: request.old, size: new.size });
        }
        // 422 before anything else is said: two histories of one log are never cosigned, and what it signed is held against all that
        // is known of it, whatever the rest of the request is worth.
        let court = self.court();
        let isolated = self.stores.peers.peer_state(&origin)?.is_isolated();
        if isolated || court.convict_if_contradicted(&link.peer, &signed)?.is_some() {
            return Err(WitnessRefusal::Isolated);
        }
        // (5) 409: the old size is what was cosigned last.
        let last = self.stores.witness.witnessed(&origin)?;
        let last_head = last.as_ref().map_or(Head::EMPTY, |last| last.head.head);
        if request.old != last_head.size {
            return Err(WitnessRefusal::OtherOld { cosigned: last_head.size });
        }
        // (6) 422: the root of the empty tree is fixed.
        if new.size == 0 && new.root != Hash::EMPTY {
            return Err(WitnessRefusal::EmptyRoot);
        }
        // (7) and (8) 422: the new tree continues the old one.
        continues(last_head, new, &request.proof)?;
        let line = match last.filter(|last| last.head.head == new && self.is_fresh(&last.cosigned)) {
            // Signed moments ago: whoever brings the same again gets the same, and nothing is written for it.
            Some(last) => last.cosigned.line,
            None => self.cosign_durably(&link, last_head, new, &signed)?,
        };
        // (11) The peer is there, and has something to read. A checkpoint that was cosigned before is public, and anybody may bring it.
        self.peer_is_there(&link, new.size > last_head.size)?;
        self.wake(&link, new.size)?;
        Ok(line.into_bytes())
    }

    /// The checkpoint of a peer that was cosigned last, with the log's signature and our cosignature (tlog-witness,
    /// "monitoring prefix"); `None` for logs that are no peer's, or were never cosigned. Blocks.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn witnessed_checkpoint(&self, name: &OriginHash) -> Result<Option<Vec<u8>>, StoreError> {
        // What was cosigned of a log that ended is still shown: a copy of it that is started again must learn of it.
        let named = |peer: &Peer| peer.name() == *name;
        let Some(peer) = self.stores.peers.peers()?.into_iter().find(named) else { return Ok(None) };
        let witnessed = self.stores.witness.witnessed(peer.origin().as_str())?;
        Ok(witnessed.map(|last| [last.head.note.as_slice(), last.cosigned.line.as_bytes()].concat()))
    }

    /// Queues a pull, if there is more than was pulled, and goes on telling the peer what it has not heard.
    fn wake(&self, link: &Link, size: u64) -> Result<(), StoreError> {
        let state = self.stores.peers.peer_state(link.peer.origin().as_str())?;
        if size > state.pulled {
            link.pull.notify_one();
        }
        if state.acknowledged < self.ledger.published().head.size {
            link.announce.notify_one();
        }
        Ok(())
    }

    /// Steps 9 and 10: cosigns a tree that continues the last one, and makes that durable before anybody sees it.
    fn cosign_durably(&self, link: &Link, last: Head, new: Head, signed: &SignedCheckpoint) -> Result<String, WitnessRefusal> {
        let origin = link.peer.origin().as_str();
        let head = PeerHead { head: new, note: bare_note(signed).map_err(WitnessRefusal::Form)? };
        // (9) Known from now on. Another root of this size that came in at this very moment contradicts it.
        if let HeadNoted::OtherRoot(_) = self.stores.inventory.note_head(origin, &head)? {
            self.court().convict_if_contradicted(&link.peer, signed)?;
            return Err(WitnessRefusal::OtherRoot(new.size));
        }
        // (10) In one transaction with the check of step 5.
        let cosigned = self.ledger.witness().cosign(signed.text(), self.now())?;
        let line = cosigned.line.clone();
        match self.stores.witness.advance_witnessed(origin, last, &Witnessed { head, cosigned })? {
            Advanced::Done => Ok(line),
            Advanced::Moved { found } => Err(WitnessRefusal::OtherOld { cosigned: found.size }),
        }
    }

    /// Whether a cosignature says a time that is still good enough to be given again.
    fn is_fresh(&self, cosigned: &Cosigned) -> bool {
        let age = self.now() - cosigned.time;
        (TimeDelta::zero()..FRESH).contains(&age)
    }
}

/// The note with the log's own signature only.
pub(super) fn bare_note(signed: &SignedCheckpoint) -> Result<Vec<u8>, SignedCheckpointError> {
    Ok(signed.with_cosignatures(&[], 0)?.bytes().to_vec())
}

fn continues(last: Head, new: Head, proof: &[Hash]) -> Result<(), WitnessRefusal> {
    if last.size == 0 {
        return if proof.is_empty() { Ok(()) } else { Err(WitnessRefusal::NeedlessProof(0)) };
    }
    if last.size == new.size {
        if last.root != new.root {
            return Err(WitnessRefusal::OtherRoot(new.size));
        }
        return if proof.is_empty() { Ok(()) } else { Err(WitnessRefusal::NeedlessProof(last.size)) };
    }
    verify_consistency(last.size, &last.root, new.size, &new.root, proof).map_err(WitnessRefusal::Inconsistent)
}

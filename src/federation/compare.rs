//! Comparing views: what others cosigned of a log, held against what was read of it here.
//!
//! A log that shows one history to one half of the world and another one to the rest looks right to each server by itself. So every
//! ten minutes each server asks its peers what they cosigned of the logs that both read (`GET /witness/{origin hash}/checkpoint`,
//! C2SP tlog-witness), and what convicts these logs in their eyes. Both are believed only as far as the signatures of the log itself
//! bear them out, so that nobody can have a peer isolated that did not sign two histories.
//!
//! Of two servers with two histories of one log, at least one sees it: the one that read more has the other's checkpoint among the
//! sizes that it can compute. It tells the other, which comes for the evidence in its own next round.

use std::time::Duration;

use super::announce::address;
use super::conviction::{Court, verified};
use super::fault::Fault;
use super::transport::Request;
use super::{Federation, Link};
use crate::ledger::StoreError;
use crate::ledger::peers::{Peer, Witnessed};
use crate::ledger::stored::Head;
use crate::tlog::{EvidenceDocument, MAX_EVIDENCE_DOCUMENT, MAX_NOTE, ProofError, SignedCheckpoint, root};

/// How long a peer may take for one answer; one that does not answer is asked again in the next round.
const DEADLINE: Duration = Duration::from_secs(10);

/// What a round of comparing came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compared {
    /// Checkpoints of common logs that others cosigned, and that were held against what is known here.
    pub views: u64,
    /// Logs that were convicted by it.
    pub convicted: u64,
}

impl Federation {
    /// Compares what every peer cosigned of every other peer's log with what was read of it here. Peers that are away are left
    /// alone, and so are logs that were convicted before.
    ///
    /// # Errors
    /// [`Fault`], never one of a peer: whoever does not answer merely tells nothing.
    pub async fn compare_once(&self) -> Result<Compared, Fault> {
        let mut compared = Compared::default();
        let links = self.links();
        for log in links.values() {
            self.cosign_what_was_read(log).await?;
            for witness in links.values().filter(|witness| witness.peer.origin() != log.peer.origin()) {
                if witness.reach.is_away() {
                    continue;
                }
                if self.state_of(log.peer.origin().as_str()).await?.is_isolated() {
                    break;
                }
                let (seen, convicted) = self.compare_with(log, witness).await?;
                compared.views += u64::from(seen);
                compared.convicted += u64::from(convicted);
            }
        }
        Ok(compared)
    }

    /// Whether this witness cosigned the log, and whether the log stands convicted by what it shows.
    async fn compare_with(&self, log: &Link, witness: &Link) -> Result<(bool, bool), Fault> {
        let cosigned = self.cosigned_by(log, witness).await;
        let seen = cosigned.is_some();
        if let Some(signed) = cosigned {
            let (court, peer) = (self.court(), log.peer.clone());
            if self.blocking(move || court.convict_if_contradicted(&peer, &signed)).await??.is_some() {
                return Ok((seen, true));
            }
        }
        let Some(document) = self.evidence_of(log, witness).await else { return Ok((seen, false)) };
        let of_this_log = document.evidence.into_iter().filter(|piece| piece.origin() == log.peer.origin());
        for piece in of_this_log {
            if piece.verify(log.peer.log_key()).is_err() {
                tracing::warn!(peer = %witness.peer.origin(), log = %log.peer.origin(), "a peer shows evidence that is none");
                continue;
            }
            let (court, peer) = (self.court(), log.peer.clone());
            if self.blocking(move || court.convict(&peer, piece)).await??.is_some() {
                return Ok((seen, true));
            }
        }
        Ok((seen, false))
    }

    /// The checkpoint of `log` that `witness` cosigned last, if the log signed it.
    async fn cosigned_by(&self, log: &Link, witness: &Link) -> Option<SignedCheckpoint> {
        let url = address(witness, &format!("witness/{}/checkpoint", log.peer.name())).ok()?;
        let answer = self.transport.send(Request::get(url, DEADLINE, MAX_NOTE)).await.ok()?;
        if answer.status != 200 {
            return None;
        }
        SignedCheckpoint::parse_and_verify(&answer.body, log.peer.log_key()).ok()
    }

    /// What convicts `log` in the eyes of `witness`.
    async fn evidence_of(&self, log: &Link, witness: &Link) -> Option<EvidenceDocument> {
        let url = address(witness, &format!("v1/peers/{}/evidence", log.peer.name())).ok()?;
        let answer = self.transport.send(Request::get(url, DEADLINE, MAX_EVIDENCE_DOCUMENT)).await.ok()?;
        if answer.status != 200 {
            return None;
        }
        EvidenceDocument::parse(&answer.body).ok()
    }

    /// Cosigns what was read of a log when that is more than what it had cosigned here, so that a log which announces to nobody is
    /// compared like any other.
    async fn cosign_what_was_read(&self, log: &Link) -> Result<(), Fault> {
        let (court, peer) = (self.court(), log.peer.clone());
        Ok(self.blocking(move || court.cosign_what_was_read(&peer)).await??)
    }
}

impl Court {
    fn cosign_what_was_read(&self, peer: &Peer) -> Result<(), StoreError> {
        let origin = peer.origin().as_str();
        let state = self.stores.peers.peer_state(origin)?;
        let last = self.stores.witness.witnessed(origin)?.map_or(Head::EMPTY, |last| last.head.head);
        let isolated = state.is_isolated();
        let ahead = state.read.filter(|read| read.head.size == state.verified && read.head.size > last.size);
        let Some(read) = ahead.filter(|_| !isolated && !self.ledger.is_halted()) else { return Ok(()) };
        let Some(signed) = verified(peer, &read) else { return Ok(()) };
        if !self.begins_with(peer, last)? {
            return Ok(());
        }
        // A clock that stands behind is told of elsewhere, and keeps this server from cosigning anything.
        let Ok(cosigned) = self.ledger.witness().cosign(signed.text(), self.ledger.clock().now()) else { return Ok(()) };
        // Where the log announces something at this very moment, that stands.
        self.stores.witness.advance_witnessed(origin, last, &Witnessed { head: read, cosigned })?;
        Ok(())
    }

    /// Whether what was read of a log begins with this tree.
    fn begins_with(&self, peer: &Peer, head: Head) -> Result<bool, StoreError> {
        match root(head.size, &self.tiles_of(peer)) {
            Ok(found) => Ok(found == head.root),
            Err(ProofError::Source(error)) => Err(error),
            Err(other) => Err(StoreError::Corrupt { what: format!("the inventory of a peer: {other}") }),
        }
    }
}

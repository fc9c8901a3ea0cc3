//! Evidence against peers: holding whatever a log signed against everything else that is known of it, and keeping what convicts.
//!
//! Every checkpoint that a log signed and that comes to this server goes through [`Court::contradiction`], whether the log
//! serves it, announces it, or another server cosigned it. A convicted peer is isolated: neither read, nor cosigned, nor announced
//! to. What was accepted of it stays, since entries stand by their own signatures.

use std::sync::Arc;

use super::misbehaviour::Misbehaviour;
use super::{Federation, PeerStores};
use crate::ledger::peers::{InventoryStore, OriginHash, Peer, PeerHead};
use crate::ledger::{Ledger, StoreError};
use crate::tlog::{Evidence, Hash, ProofError, SignedCheckpoint, TileId, TileSource, VerifierKey};

/// What is held against one log.
#[derive(Debug, Clone)]
pub struct HeldEvidence {
    /// The log.
    pub origin: String,
    /// Its key, as long as it is a peer.
    pub log_key: Option<VerifierKey>,
    /// What convicts it and when that was found, oldest first.
    pub pieces: Vec<(chrono::DateTime<chrono::Utc>, Evidence)>,
}

/// The hash tiles of a peer's log, as far as they were read.
pub(super) struct InventoryTiles {
    store: Arc<dyn InventoryStore>,
    origin: String,
}

impl TileSource for InventoryTiles {
    type Error = StoreError;

    fn tile(&self, id: TileId, width: u16) -> Result<Vec<Hash>, StoreError> {
        self.store.inventory_tile(&self.origin, id, width)
    }
}

/// What is known of peers' logs, and what follows from it. Everything here blocks.
#[derive(Clone)]
pub(super) struct Court {
    pub(super) ledger: Arc<Ledger>,
    pub(super) stores: PeerStores,
}

impl Court {
    pub(super) fn tiles_of(&self, peer: &Peer) -> InventoryTiles {
        InventoryTiles { store: self.stores.inventory.clone(), origin: peer.origin().to_string() }
    }

    /// What convicts the log of this peer together with a checkpoint that it signed: one of the same size with another root, or the
    /// entries that were read of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) fn contradiction(&self, peer: &Peer, signed: &SignedCheckpoint) -> Result<Option<Evidence>, StoreError> {
        let origin = peer.origin().as_str();
        let state = self.stores.peers.peer_state(origin)?;
        let cosigned = self.stores.witness.witnessed(origin)?.map(|last| last.head);
        let (size, root) = (signed.checkpoint().size(), *signed.checkpoint().root());
        let Ok(bare) = signed.with_cosignatures(&[], 0) else { return Ok(None) };
        for known in [&state.head, &state.read, &cosigned].into_iter().flatten() {
            if known.head.size == size && known.head.root != root {
                return Ok(verified(peer, known).and_then(|known| Evidence::of_one_size(&known, &bare)));
            }
        }
        // Entries of a tree that was read only in part are not all here to prove something about it.
        let Some(read) = state.read.filter(|read| read.head.size == state.verified && size < state.verified) else {
            return Ok(None);
        };
        let Some(later) = verified(peer, &read) else { return Ok(None) };
        match Evidence::of_two_sizes(&bare, &later, &self.tiles_of(peer)) {
            Ok(evidence) => Ok(evidence),
            Err(ProofError::Source(error)) => Err(error),
            Err(other) => Err(StoreError::Corrupt { what: format!("the inventory of a peer: {other}") }),
        }
    }

    /// Isolates a peer by what convicts it, durably, and says which rule it broke. What does not verify under its key, because the
    /// inventory here is damaged, convicts nobody.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) fn convict(&self, peer: &Peer, evidence: Evidence) -> Result<Option<Misbehaviour>, StoreError> {
        let origin = peer.origin().as_str();
        match evidence.verify(peer.log_key()) {
            Ok(shown) => {
                self.stores.evidence.keep_evidence(&evidence, self.ledger.clock().now())?;
                tracing::error!(
                    peer = origin,
                    kind = evidence.kind(),
                    size = shown.size,
                    "a peer signed two histories: it is isolated, and the evidence is kept"
                );
                let (size, evidence) = (shown.size, Box::new(evidence));
                Ok(Some(match *evidence {
                    Evidence::TwoRoots { .. } => Misbehaviour::TwoRoots { size, evidence },
                    Evidence::LeafContradiction { .. } => Misbehaviour::LeafContradiction { size, evidence },
                }))
            }
            Err(error) => {
                tracing::error!(peer = origin, %error, "what is known of a peer's log contradicts itself, and proves nothing");
                Ok(None)
            }
        }
    }

    /// Holds a checkpoint against what is known, and isolates the peer if the two convict it.
    pub(super) fn convict_if_contradicted(
        &self,
        peer: &Peer,
        signed: &SignedCheckpoint,
    ) -> Result<Option<Misbehaviour>, StoreError> {
        match self.contradiction(peer, signed)? {
            Some(evidence) => self.convict(peer, evidence),
            None => Ok(None),
        }
    }
}

impl Federation {
    /// What is known of peers' logs, for those who go on other threads with it.
    pub(super) fn court(&self) -> Court {
        Court { ledger: self.ledger.clone(), stores: self.stores.clone() }
    }

    /// What is held against the log of this name; `None` when it is no peer's, and nothing is. Blocks.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn evidence_against(&self, name: &OriginHash) -> Result<Option<HeldEvidence>, StoreError> {
        let all = self.stores.evidence.evidence()?;
        let pieces: Vec<_> = all.into_iter().filter(|(_, piece)| OriginHash::of(piece.origin().as_str()) == *name).collect();
        let named = |peer: &Peer| peer.name() == *name;
        let log_key = self.stores.peers.peers()?.into_iter().find(named).map(|peer| peer.log_key().clone());
        let origin = log_key.as_ref().map(VerifierKey::name).or_else(|| pieces.first().map(|(_, piece)| piece.origin()));
        let Some(origin) = origin.map(ToString::to_string) else { return Ok(None) };
        Ok(Some(HeldEvidence { origin, log_key, pieces }))
    }
}

/// A checkpoint as it is kept, verified once more: what convicts is handed on with its signature.
pub(super) fn verified(peer: &Peer, known: &PeerHead) -> Option<SignedCheckpoint> {
    SignedCheckpoint::parse_and_verify(&known.note, peer.log_key()).ok()
}

//! The table of peers: configuration and `peer add` write the same one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fault::Fault;
use super::{Federation, Link};
use crate::ledger::peers::{Contradiction, Peer, PeerSource, PeerState, PeerStore, RefusedClaim, SuccessionStore, Successor};
use crate::ledger::{Identity, StoreError};

/// Why a peer does not enter the table. A server does not start with such a configuration.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// The origin is that of this server.
    #[error("{origin} is this server itself")]
    Itself {
        /// The origin.
        origin: String,
    },
    /// The same origin stands in the table with something else.
    #[error(
        "peer {origin} is in the table (from {source_there}) with another {what}. If that is right, remove the old one first: \
         palinode peer remove {origin}"
    )]
    Contradiction {
        /// The origin.
        origin: String,
        /// What differs.
        what: Contradiction,
        /// Who wrote what is in the table.
        source_there: &'static str,
    },
    /// Storage.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A peer, and where things stand with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerReport {
    /// Who it is.
    pub peer: Peer,
    /// How work with it goes, or went.
    pub state: PeerState,
    /// Who goes on for it, once its log ended. Nothing is done with it any more.
    pub successor: Option<Successor>,
    /// The last claim to go on for it that was not believed.
    pub refused_claim: Option<RefusedClaim>,
}

/// Makes the peers of the configuration file those of the table: adds them, and removes those that an earlier configuration
/// named and this one does not. Peers added by command stay.
///
/// # Errors
/// [`EnrolError`]: with a contradiction the server must not start. The configuration may give a peer that it named itself
/// another URL; its keys never change under the same origin.
pub fn enrol_configured<S>(store: &S, own: &Identity, configured: &[Peer]) -> Result<(), EnrolError>
where
    S: PeerStore + SuccessionStore + ?Sized,
{
    let there = store.peers()?;
    let successors = store.successors()?;
    for peer in configured {
        check(&there, own, peer)?;
    }
    for old in there.iter().filter(|old| old.source() == PeerSource::Configuration) {
        if configured.iter().any(|peer| peer.origin() == old.origin()) {
            continue;
        }
        // What went on for it was known by it alone, unless it stands in the configuration by now.
        let mut last = old.origin().as_str();
        while let Some(next) = successors.get(last) {
            last = &next.origin;
        }
        let stays = configured.iter().any(|peer| peer.origin().as_str() == last);
        store.remove_peer(if stays { old.origin().as_str() } else { last })?;
    }
    for peer in configured.iter().filter(|peer| !there.contains(peer)) {
        // What was added by command stays the operator's to remove by command.
        let by_command = there.iter().any(|old| old.origin() == peer.origin() && old.source() == PeerSource::Command);
        if !by_command {
            store.put_peer(peer)?;
        }
    }
    // Whose word is taken stands in the configuration alone, whoever named the peer.
    for old in there.into_iter().filter(|old| old.source() == PeerSource::Command) {
        let vouch = configured.iter().any(|peer| peer.origin() == old.origin() && peer.vouch());
        if old.vouch() != vouch {
            store.put_peer(&old.with_vouch(vouch))?;
        }
    }
    Ok(())
}

/// Adds one peer by command.
///
/// # Errors
/// [`EnrolError`].
pub fn enrol(store: &dyn PeerStore, own: &Identity, peer: &Peer) -> Result<(), EnrolError> {
    let there = store.peers()?;
    check(&there, own, peer)?;
    match there.iter().find(|old| old.origin() == peer.origin()) {
        Some(_) => Ok(()),
        None => Ok(store.put_peer(peer)?),
    }
}

fn check(there: &[Peer], own: &Identity, peer: &Peer) -> Result<(), EnrolError> {
    let origin = || peer.origin().to_string();
    if *peer.origin() == own.origin {
        return Err(EnrolError::Itself { origin: origin() });
    }
    let Some(old) = there.iter().find(|old| old.origin() == peer.origin()) else { return Ok(()) };
    let moved = old.source() == PeerSource::Configuration && peer.source() == PeerSource::Configuration;
    match old.contradicts(peer) {
        None => Ok(()),
        Some(Contradiction::Url) if moved => Ok(()),
        Some(what) => Err(EnrolError::Contradiction { origin: origin(), what, source_there: old.source().as_str() }),
    }
}

impl Federation {
    /// The peers that are worked with now, in the order of their origins.
    pub fn peers(&self) -> Vec<Peer> {
        self.links().values().map(|link| link.peer.clone()).collect()
    }

    /// Every peer that is worked with and where things stand, for those who ask, and those whose logs ended: whoever knows one of them
    /// by name should learn who goes on for it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn report(&self) -> Result<Vec<PeerReport>, StoreError> {
        let (mut successors, mut claims) = (self.stores.successions.successors()?, self.stores.successions.claims()?);
        let report = |peer: Peer| {
            let origin = peer.origin().as_str();
            let state = self.stores.peers.peer_state(origin)?;
            let (successor, refused_claim) = (successors.remove(origin), claims.remove(origin));
            Ok(PeerReport { peer, state, successor, refused_claim })
        };
        self.known_peers()?.into_iter().map(report).collect()
    }

    /// The peers that are worked with, and those of the table whose logs ended, in the order of their origins.
    fn known_peers(&self) -> Result<Vec<Peer>, StoreError> {
        let (mut peers, ended) = (self.peers(), self.stores.successions.successors()?);
        peers.extend(self.stores.peers.peers()?.into_iter().filter(|peer| ended.contains_key(peer.origin().as_str())));
        peers.sort_by(|a, b| a.origin().as_str().cmp(b.origin().as_str()));
        peers.dedup_by(|a, b| a.origin() == b.origin());
        Ok(peers)
    }

    /// Reads the table of peers again, and begins work with new ones at once. Links to peers that did not change are kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reload_peers(&self) -> Result<(), StoreError> {
        let peers = self.living_peers()?;
        let mut links = self.links_locked();
        let old = std::mem::take(&mut *links);
        *links = peers
            .into_iter()
            .map(|peer| {
                let origin = peer.origin().to_string();
                let kept = old.get(&origin).filter(|link| link.peer == peer).cloned();
                (origin, kept.unwrap_or_else(|| Arc::new(Link::new(peer))))
            })
            .collect();
        drop(links);
        self.changed.notify_one();
        self.heed_vouches_now()
    }

    pub(super) fn links(&self) -> BTreeMap<String, Arc<Link>> {
        self.links_locked().clone()
    }

    pub(super) fn link(&self, origin: &str) -> Result<Arc<Link>, Fault> {
        self.links_locked().get(origin).cloned().ok_or_else(|| Fault::UnknownPeer(origin.to_owned()))
    }

    fn links_locked(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Link>>> {
        self.links.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

//! Proofs from a peer's own tiles: what its signed trees have to do with each other, without reading them whole.
//!
//! A proof needs a few tiles of each level. They are fetched as they are asked for, and nothing of them is believed: what is made
//! of them either leads to a root that the peer signed, or is thrown away.

use super::conviction::verified;
use super::fault::Fault;
use super::misbehaviour::Misbehaviour;
use super::{Federation, Link};
use crate::ledger::peers::PeerHead;
use crate::ledger::stored::Head;
use crate::tlog::{Evidence, Hash, MemoryTiles, MissingTile, ProofError, consistency_proof, verify_consistency};

/// More tiles than any proof needs: a few of each of eight levels.
const MOST_TILES: usize = 48;

impl Federation {
    /// Makes something of the tiles of a peer's tree of `size` entries; `None` when they are not enough for it.
    async fn made_of_tiles<T>(
        &self,
        link: &Link,
        size: u64,
        make: impl Fn(&MemoryTiles) -> Result<T, ProofError<MissingTile>> + Send + Sync,
    ) -> Result<Option<T>, Fault> {
        let mut tiles = MemoryTiles::default();
        for _ in 0..MOST_TILES {
            let MissingTile { id, .. } = match make(&tiles) {
                Ok(made) => return Ok(Some(made)),
                Err(ProofError::Source(missing)) => missing,
                Err(_) => return Ok(None),
            };
            let Some(width) = id.width_at(size) else { return Ok(None) };
            let hashes = self.fetch_tile(link, id, width).await?;
            tiles.store([(id, hashes)]);
        }
        Ok(None)
    }

    /// Whether a peer's tree begins with the tree of `old` entries and this root, as the peer's tiles prove it.
    pub(super) async fn is_begun_by(&self, link: &Link, old: u64, root: &Hash, head: Head) -> Result<bool, Fault> {
        let proof = self.made_of_tiles(link, head.size, |tiles| consistency_proof(old, head.size, tiles)).await?;
        Ok(proof.is_some_and(|proof| verify_consistency(old, root, head.size, &head.root, &proof).is_ok()))
    }

    /// The rule that a peer broke whose later tree is not what its earlier one was, with the evidence, if its own tiles prove it
    /// under the later signed root. They may be such that nothing is proved; then this remains an observation of this server.
    pub(super) async fn rewritten(
        &self,
        link: &Link,
        earlier: &PeerHead,
        later: &PeerHead,
    ) -> Result<Option<Misbehaviour>, Fault> {
        let signed = |known| verified(&link.peer, known);
        let (Some(earlier), Some(later)) = (signed(earlier), signed(later)) else { return Ok(None) };
        let made = self.made_of_tiles(link, later.checkpoint().size(), |tiles| Evidence::of_two_sizes(&earlier, &later, tiles));
        let Some(Some(evidence)) = made.await? else { return Ok(None) };
        if evidence.verify(link.peer.log_key()).is_err() {
            return Ok(None);
        }
        let (court, peer) = (self.court(), link.peer.clone());
        Ok(self.blocking(move || court.convict(&peer, evidence)).await??)
    }
}

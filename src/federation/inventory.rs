//! A peer's inventory: its level-0 tiles are the hashes of all its entries, and must hash to the root that it signed.
//!
//! A large log is read in parts, each of which the peer's upper tiles prove to be the beginning of what it signed, so that neither
//! memory nor disk holds more than one part of what was not looked at yet.

use std::time::Duration;

use super::announce::address;
use super::fault::Fault;
use super::misbehaviour::Misbehaviour;
use super::transport::{Request, Response};
use super::witness::bare_note;
use super::{Federation, Link};
use crate::ledger::StoreError;
use crate::ledger::peers::{HeadNoted, PeerHead, PeerState};
use crate::ledger::stored::Head;
use crate::tlog::{Frontier, FrontierError, Hash, MAX_NOTE, SignedCheckpoint, TILE_WIDTH, TileId, TilePath};

/// Hashes in a full tile.
pub(super) const FULL: u16 = 256;
/// How long a checkpoint or a tile may take.
pub(super) const DEADLINE: Duration = Duration::from_secs(10);

impl Federation {
    /// The peer's newest verified checkpoint: the larger of the one it serves and the one that is known.
    pub(super) async fn newest_head(&self, link: &Link, state: &PeerState) -> Result<Option<PeerHead>, Fault> {
        let origin = link.peer.origin().as_str();
        let request = Request::get(address(link, "log/checkpoint")?, DEADLINE, MAX_NOTE);
        let Response { status, retry_after, body, .. } = self.transport.send(request).await?;
        if status != 200 {
            return Err(Fault::Status { what: "checkpoint", status, retry_after });
        }
        let signed =
            SignedCheckpoint::parse_and_verify(&body, link.peer.log_key()).map_err(Misbehaviour::CheckpointNotItsOwn)?;
        Self::heard_from(link);
        let (court, peer, held) = (self.court(), link.peer.clone(), signed.clone());
        if let Some(broken) = self.blocking(move || court.convict_if_contradicted(&peer, &held)).await?? {
            return Err(broken.into());
        }
        let head = Head { size: signed.checkpoint().size(), root: *signed.checkpoint().root() };
        let note = bare_note(&signed).map_err(Misbehaviour::CheckpointNotItsOwn)?;
        let served = PeerHead { head, note };
        let (store, name, new) = (self.stores.inventory.clone(), origin.to_owned(), served.clone());
        match self.blocking(move || store.note_head(&name, &new)).await?? {
            HeadNoted::Newest => Ok(Some(served)),
            // What was announced may be newer than what a cache on the way still serves; smaller proves nothing. Another root was
            // announced between the two looks, and convicts when the next one is taken.
            HeadNoted::Stale | HeadNoted::OtherRoot(_) => {
                Ok(state.head.clone().filter(|known| known.head.size > served.head.size).or(Some(served)))
            }
        }
    }

    /// Reads leaf hashes from `verified` on, at most one part of them, and keeps them only if the tree whose root the peer signed
    /// begins with them. Since the earlier leaves go into that root too, this is also the proof that the log was only appended to.
    /// Gives how far they are verified now.
    pub(super) async fn extend_inventory(&self, link: &Link, state: &PeerState, newest: &PeerHead) -> Result<u64, Fault> {
        // A tree that was begun is read to its end, so that what is known of a log always belongs to one signed checkpoint.
        let begun = state.read.as_ref().filter(|read| read.head.size > state.verified);
        let under = begun.unwrap_or(newest);
        if state.verified >= under.head.size {
            return Ok(state.verified);
        }
        match self.read_tiles(link, state.verified, under).await {
            Err(Fault::Misbehaved(broken)) if broken.may_be_proved() => {
                let Some(earlier) = &state.read else { return Err(broken.into()) };
                // What cannot be had to prove it leaves it an observation.
                let proved = self.rewritten(link, earlier, under).await.ok().flatten();
                Err(proved.unwrap_or(broken).into())
            }
            outcome => outcome,
        }
    }

    async fn read_tiles(&self, link: &Link, verified: u64, under: &PeerHead) -> Result<u64, Fault> {
        let origin = link.peer.origin().to_string();
        let (size, root) = (under.head.size, under.head.root);
        let part = self.options.limits.part.max(1);
        let end = size.min((verified / part + 1).saturating_mul(part));
        let mut frontier = self.frontier(&origin, verified).await?;
        let mut at = verified;
        while at < end {
            let id = TileId { level: 0, index: at / TILE_WIDTH as u64 };
            let first = id.index * TILE_WIDTH as u64;
            let width = id.width_at(size).unwrap_or(FULL);
            let hashes = self.fetch_tile(link, id, width).await?;
            if at > first {
                // A tile that was partial before: what was known of it must still stand at its beginning.
                let known_width = u16::try_from(at - first).unwrap_or(0);
                let (store, name) = (self.stores.inventory.clone(), origin.clone());
                let known = self.blocking(move || store.inventory_tile(&name, id, known_width)).await??;
                let changed = known.iter().zip(&hashes).position(|(before, now)| before != now);
                if let Some(place) = changed {
                    return Err(Misbehaviour::LeafRewritten { index: first + place as u64 }.into());
                }
            }
            for leaf in hashes.into_iter().skip(usize::try_from(at - first).unwrap_or(0)) {
                frontier.append(leaf);
            }
            at = first + u64::from(width);
        }
        let read = frontier.root();
        let begins = if end == size { read == root } else { self.is_begun_by(link, end, &read, under.head).await? };
        if !begins {
            return Err(Misbehaviour::TilesContradictRoot { size }.into());
        }
        let (store, tiles, under) = (self.stores.inventory.clone(), frontier.take_changed(), under.clone());
        self.blocking(move || store.extend_inventory(&origin, end, &under, &tiles)).await??;
        Ok(end)
    }

    pub(super) async fn frontier(&self, origin: &str, size: u64) -> Result<Frontier, Fault> {
        let (store, origin) = (self.stores.inventory.clone(), origin.to_owned());
        let read = move || {
            let tile = |id: TileId| store.inventory_tile(&origin, id, id.width_at(size).unwrap_or(0));
            Frontier::from_tiles(size, tile)
        };
        self.blocking(read).await?.map_err(|e| match e {
            FrontierError::Source(error) => error.into(),
            other => StoreError::Corrupt { what: format!("the inventory of a peer: {other}") }.into(),
        })
    }

    /// A hash tile, cut to `width`: the partial tile, or the full one when the partial is gone.
    pub(super) async fn fetch_tile(&self, link: &Link, id: TileId, width: u16) -> Result<Vec<Hash>, Fault> {
        let partial = TilePath::Hashes { tile: id, width };
        for path in either(partial) {
            let Some(bytes) = self.fetch_path(link, path, TILE_WIDTH * Hash::LENGTH, DEADLINE).await? else { continue };
            let whole = Hash::split_tile(&bytes).filter(|hashes| hashes.len() == usize::from(path.width()));
            let Some(mut hashes) = whole else {
                return Err(Misbehaviour::TileLength { path: path.to_string(), found: bytes.len() }.into());
            };
            hashes.truncate(width.into());
            return Ok(hashes);
        }
        Err(Misbehaviour::TileMissing { path: partial.to_string() }.into())
    }

    /// What stands at a path of the peer's log; `None` when nothing does.
    pub(super) async fn fetch_path(
        &self,
        link: &Link,
        path: TilePath,
        max_bytes: usize,
        deadline: Duration,
    ) -> Result<Option<Vec<u8>>, Fault> {
        let request = Request::get(address(link, &format!("log/{path}"))?, deadline, max_bytes);
        let Response { status, retry_after, body, .. } = self.transport.send(request).await?;
        match status {
            200 => Ok(Some(body)),
            404 | 410 => Ok(None),
            status => Err(Fault::Status { what: "tile", status, retry_after }),
        }
    }
}

/// A partial tile, and the full one that it may have become: the same one, where it is full already.
pub(super) fn either(partial: TilePath) -> impl Iterator<Item = TilePath> {
    std::iter::once(partial).chain(Some(partial.full()).filter(|full| *full != partial))
}

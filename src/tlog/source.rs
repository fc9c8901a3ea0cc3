//! Where proofs read their tiles from.

use std::collections::BTreeMap;

use super::hash::Hash;
use super::tile::TileId;

/// A reader of hash tiles: a table, a peer, a map in memory.
pub trait TileSource {
    /// Why a tile could not be read.
    type Error;

    /// The first `width` hashes (1 to 256) of the tile `id`, exactly that many.
    ///
    /// Callers ask only for tiles and widths that the size at hand implies. A tile that has grown wider since must be cut to
    /// `width`, since a tile only ever grows at its end.
    fn tile(&self, id: TileId, width: u16) -> Result<Vec<Hash>, Self::Error>;
}

impl<S: TileSource + ?Sized> TileSource for &S {
    type Error = S::Error;

    fn tile(&self, id: TileId, width: u16) -> Result<Vec<Hash>, Self::Error> {
        (**self).tile(id, width)
    }
}

/// The tiles of one log in memory: for audits, for clients, and for tests.
#[derive(Clone, Debug, Default)]
pub struct MemoryTiles(BTreeMap<TileId, Vec<Hash>>);

/// A tile, or the end of it, is not in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("tile {} of level {} with {width} hashes is not in memory", id.index, id.level)]
pub struct MissingTile {
    /// Which tile was asked for.
    pub id: TileId,
    /// How many of its hashes.
    pub width: u16,
}

impl MemoryTiles {
    /// Takes in tiles, such as [`Frontier::take_changed`](super::Frontier::take_changed) gives; each replaces its older state.
    pub fn store(&mut self, tiles: impl IntoIterator<Item = (TileId, Vec<Hash>)>) {
        self.0.extend(tiles);
    }

    /// Forgets all tiles but the last `count` of each level.
    pub fn keep_last(&mut self, count: u64) {
        let mut last = BTreeMap::new();
        for id in self.0.keys() {
            last.insert(id.level, id.index);
        }
        self.0.retain(|id, _| last.get(&id.level).is_some_and(|last| last - id.index < count));
    }

    /// How many tiles there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every tile, by level and then from left to right.
    pub fn iter(&self) -> impl Iterator<Item = (TileId, &[Hash])> {
        self.0.iter().map(|(id, hashes)| (*id, hashes.as_slice()))
    }
}

impl TileSource for MemoryTiles {
    type Error = MissingTile;

    fn tile(&self, id: TileId, width: u16) -> Result<Vec<Hash>, MissingTile> {
        let hashes = self.0.get(&id).and_then(|hashes| hashes.get(..width.into()));
        hashes.map(<[Hash]>::to_vec).ok_or(MissingTile { id, width })
    }
}

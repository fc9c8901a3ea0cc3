//! The root over all tiles of a compact list.

use super::{Row, Tile};
use crate::tlog::{Frontier, Hash, TILE_WIDTH};

/// The RFC 6962 tree whose leaves are the tiles, as far as it has grown. What is full is hashed once; the last tile is kept open.
#[derive(Debug, Clone, Default)]
pub struct TileTree {
    full: Frontier,
    open: Vec<Row>,
}

impl TileTree {
    /// How many entries there are rows of.
    pub fn size(&self) -> u64 {
        self.full.size() * TILE_WIDTH as u64 + self.open.len() as u64
    }

    /// Takes in the row of the next entry, and gives the tile that it makes full.
    pub fn push(&mut self, row: Row) -> Option<Tile> {
        self.open.push(row);
        if self.open.len() < TILE_WIDTH {
            return None;
        }
        let tile = Tile::of_rows(std::mem::take(&mut self.open)).ok()?;
        self.full.append(tile.leaf_hash());
        // Nobody stores the tree, so what became full is not kept for it.
        self.full.take_changed();
        Some(tile)
    }

    /// Takes in the hash of the next full tile instead of its rows; false, and nothing is taken in, while a tile is open.
    pub fn push_full(&mut self, leaf: Hash) -> bool {
        if self.open.is_empty() {
            self.full.append(leaf);
            self.full.take_changed();
        }
        self.open.is_empty()
    }

    /// The last tile, while it is not full.
    pub fn open_tile(&self) -> Option<Tile> {
        Tile::of_rows(self.open.clone()).ok()
    }

    /// The root over all tiles, the last one as it is now.
    pub fn root(&self) -> Hash {
        let mut tree = self.full.clone();
        if let Some(tile) = self.open_tile() {
            tree.append(tile.leaf_hash());
        }
        tree.root()
    }
}

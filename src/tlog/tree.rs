//! The right edge of the tree: all that is needed to append and to know the root.

use super::hash::Hash;
use super::tile::{MAX_TREE_SIZE, TILE_WIDTH, TileId, hashes_at};

/// The state of an appender: the partial tile of each level, at most 8 x 255 hashes.
///
/// Beside each partial tile the roots of its complete subtrees are kept, so that appending costs less than two hashes on
/// average and the root O(log n). Cloning costs as much as the edge and what was not taken yet: an appender clones, appends a
/// batch, stores what changed, and lets the clone replace the original only when that is durable.
#[derive(Clone, Debug, Default)]
pub struct Frontier {
    size: u64,
    levels: Vec<Level>,
    /// Tiles that became full since the last take.
    completed: Vec<(TileId, Vec<Hash>)>,
}

/// The partial tile of one level; empty right after a tile became full.
#[derive(Clone, Debug, Default)]
struct Level {
    tile: Vec<Hash>,
    /// Roots of the complete subtrees that the tile's hashes make up, the widest first: one for each 1 bit of their number.
    peaks: Vec<Hash>,
    changed: bool,
}

/// The right edge could not be read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError<E> {
    /// The size is above [`MAX_TREE_SIZE`].
    #[error("a tree of {0} entries is larger than this log can hold")]
    SizeTooLarge(u64),
    /// A tile could not be read.
    #[error("a tile of the right edge could not be read")]
    Source(#[source] E),
    /// A tile is not as wide as the size implies.
    #[error("tile {} of level {} has {actual} hashes, the size implies {expected}", id.index, id.level)]
    Width {
        /// Which tile.
        id: TileId,
        /// Hashes that the size implies.
        expected: u16,
        /// Hashes that were read.
        actual: usize,
    },
}

impl Frontier {
    /// The edge of the empty tree.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Reads the edge of a tree of `size` entries back from stored tiles: at most one partial tile a level, lowest first.
    ///
    /// `read` must give the tile exactly as wide as `size` implies. Nothing is proved by this: compare [`root`](Self::root)
    /// with the head that was signed.
    pub fn from_tiles<E>(size: u64, mut read: impl FnMut(TileId) -> Result<Vec<Hash>, E>) -> Result<Self, FrontierError<E>> {
        if size > MAX_TREE_SIZE {
            return Err(FrontierError::SizeTooLarge(size));
        }
        let mut levels = Vec::new();
        for level in (0..).take_while(|&level| hashes_at(level, size) > 0) {
            let id = TileId { level, index: hashes_at(level, size) / TILE_WIDTH as u64 };
            let mut edge = Level::default();
            if let Some(expected) = id.width_at(size) {
                let tile = read(id).map_err(FrontierError::Source)?;
                if tile.len() != usize::from(expected) {
                    return Err(FrontierError::Width { id, expected, actual: tile.len() });
                }
                for hash in tile {
                    edge.push(hash);
                }
                edge.changed = false;
            }
            levels.push(edge);
        }
        Ok(Self { size, levels, completed: Vec::new() })
    }

    /// Entries in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        Hash::of_peaks(self.levels.iter().flat_map(|level| level.peaks.iter().rev().copied()))
    }

    /// Appends the leaf hash of an entry, and says which index the entry has.
    pub fn append(&mut self, leaf: Hash) -> u64 {
        let index = self.size;
        self.size += 1;
        let mut carried = leaf;
        for level in 0.. {
            let place = usize::from(level);
            if self.levels.len() == place {
                self.levels.push(Level::default());
            }
            let Some((tile, root)) = self.levels.get_mut(place).and_then(|edge| edge.push(carried)) else { break };
            // A tile became full just now, so it is the last of its level and its root goes up.
            let id = TileId { level, index: hashes_at(level, index) / TILE_WIDTH as u64 };
            self.completed.push((id, tile));
            carried = root;
        }
        index
    }

    /// Every tile, of any level, that changed since the last call (or since the edge was made or read back), each once and
    /// with all its present hashes: full tiles to be written once, partial ones to be written over.
    pub fn take_changed(&mut self) -> Vec<(TileId, Vec<Hash>)> {
        let mut changed = std::mem::take(&mut self.completed);
        for (level, edge) in (0..).zip(&mut self.levels) {
            let grown = std::mem::take(&mut edge.changed);
            if grown && !edge.tile.is_empty() {
                let id = TileId { level, index: hashes_at(level, self.size) / TILE_WIDTH as u64 };
                changed.push((id, edge.tile.clone()));
            }
        }
        changed
    }
}

impl Level {
    /// Adds one hash; when that fills the tile, empties it and gives its hashes and its root.
    fn push(&mut self, hash: Hash) -> Option<(Vec<Hash>, Hash)> {
        // Like adding one to a binary number: each trailing 1 is a peak that the new subtree merges with.
        let merging = self.tile.len().trailing_ones() as usize;
        let kept = self.peaks.len().saturating_sub(merging);
        let peak = self.peaks.drain(kept..).rev().fold(hash, |right, left| Hash::node(&left, &right));
        self.tile.push(hash);
        self.changed = true;
        if self.tile.len() == TILE_WIDTH {
            return Some((std::mem::take(&mut self.tile), peak));
        }
        self.peaks.push(peak);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference::{entry, leaves, mth};
    use super::super::source::{MemoryTiles, TileSource};
    use super::super::tile::tiles;
    use super::*;

    fn grown(leaves: &[Hash]) -> Frontier {
        let mut frontier = Frontier::empty();
        for leaf in leaves {
            frontier.append(*leaf);
        }
        frontier
    }

    #[test]
    fn the_root_is_that_of_the_rfc_at_every_size() {
        let leaves = leaves(600);
        let mut frontier = Frontier::empty();
        assert_eq!(frontier.root(), Hash::EMPTY);
        for (index, leaf) in leaves.iter().enumerate() {
            assert_eq!(frontier.append(*leaf), index as u64);
            assert_eq!(frontier.root(), mth(&leaves[..=index]), "size {}", index + 1);
        }
    }

    /// Roots over the entries of [`entry`], confirmed by golang.org/x/mod and by a second implementation.
    #[test]
    fn known_roots_are_met() {
        let known = [
            (1, "7ZG83g9mdugWGsh/hvPJ82QNVninVkTN/Hk1keQXtiw="),
            (2, "DXJ9Fn6P21HfI2CfZthNSfVwePIFI+bFjsUu/Dcs7wM="),
            (3, "2jCextrfRaRefx21Y/ZKfzXNpbI8sPRdv2v2/7n8H1Y="),
            (7, "T6eMV1UdlDZOGkXczqdYhRjPmGTkQlb5Pb6mU6wrZNw="),
            (255, "/O4XWg6Wp+EXoFlS2Wn68bom7lo1+pOtWb6gL1VvUHI="),
            (256, "RyS4SpyG64wCI55m5znv4/r/uX25aBO+K3OJD0p2kpA="),
            (257, "2y3fg8SkkNmscp0ZbUeumP59Il9CgCH5ltk2m9WI1p8="),
            (300, "tEe1bc/CjhvsrE8xX7oSOjiA5uGJOa4OIeCuIpyHxac="),
            (70_000, "RN1hGJ582b39VaGs5Uf0SKzHfosRBbZ0M8zereU3le0="),
        ];
        let mut frontier = Frontier::empty();
        for (size, root) in known {
            while frontier.size() < size {
                frontier.append(Hash::leaf(&entry(frontier.size())));
            }
            assert_eq!(frontier.root().to_base64(), root, "size {size}");
        }
    }

    #[test]
    fn tiles_hold_what_the_specification_says() {
        let leaves = leaves(70_000);
        for size in [0, 1, 255, 256, 257, 65_536, 70_000] {
            let mut stored = MemoryTiles::default();
            stored.store(grown(&leaves[..size]).take_changed());
            let named: Vec<_> = stored.iter().map(|(id, hashes)| (id, u16::try_from(hashes.len()).unwrap())).collect();
            assert_eq!(named, tiles(size as u64).collect::<Vec<_>>(), "size {size}");
            for (id, hashes) in stored.iter() {
                let span = 256_usize.pow(u32::from(id.level));
                let first = usize::try_from(id.index).unwrap() * 256;
                for (place, hash) in hashes.iter().enumerate() {
                    let start = (first + place) * span;
                    assert_eq!(*hash, mth(&leaves[start..start + span]), "{id:?} {place}");
                }
            }
        }
    }

    #[test]
    fn each_take_gives_what_changed_since_the_one_before() {
        let leaves = leaves(1500);
        let mut frontier = Frontier::empty();
        let mut stored = MemoryTiles::default();
        assert!(frontier.take_changed().is_empty());
        for (step, batch) in leaves.chunks(97).enumerate() {
            for leaf in batch {
                frontier.append(*leaf);
            }
            stored.store(frontier.take_changed());
            assert!(frontier.take_changed().is_empty());
            let mut whole = MemoryTiles::default();
            let size = (step * 97 + batch.len()).min(leaves.len());
            whole.store(grown(&leaves[..size]).take_changed());
            assert!(stored.iter().eq(whole.iter()), "size {size}");
        }
    }

    #[test]
    fn a_tile_that_became_full_is_taken_once_and_no_empty_one_is() {
        let mut frontier = grown(&leaves(255));
        assert_eq!(frontier.take_changed().len(), 1);
        frontier.append(Hash::leaf(&entry(255)));
        let changed = frontier.take_changed();
        let widths: Vec<_> = changed.iter().map(|(id, hashes)| (id.level, id.index, hashes.len())).collect();
        assert_eq!(widths, [(0, 0, 256), (1, 0, 1)]);
    }

    #[test]
    fn an_edge_read_back_goes_on_as_before() {
        let leaves = leaves(66_000);
        for size in [0, 1, 255, 256, 257, 511, 512, 1000, 65_535, 65_536, 65_537] {
            let mut original = grown(&leaves[..size]);
            let mut stored = MemoryTiles::default();
            stored.store(original.take_changed());
            let size = size as u64;
            let mut again = Frontier::from_tiles(size, |id| stored.tile(id, id.width_at(size).unwrap())).unwrap();
            assert_eq!(again.root(), original.root());
            assert!(again.take_changed().is_empty());
            for leaf in &leaves[..300] {
                assert_eq!(original.append(*leaf), again.append(*leaf));
                assert_eq!(original.root(), again.root());
            }
            assert_eq!(original.take_changed(), again.take_changed());
        }
    }

    #[test]
    fn an_edge_of_another_width_is_refused() {
        let id = TileId { level: 0, index: 0 };
        for actual in [0, 2, 4] {
            let result = Frontier::from_tiles(3, |_| Ok::<_, MissingNothing>(leaves(5)[..actual].to_vec()));
            assert_eq!(result.unwrap_err(), FrontierError::Width { id, expected: 3, actual });
        }
        let result = Frontier::from_tiles(MAX_TREE_SIZE + 1, |_| Ok::<_, MissingNothing>(Vec::new()));
        assert_eq!(result.unwrap_err(), FrontierError::SizeTooLarge(MAX_TREE_SIZE + 1));
    }

    #[derive(Debug, PartialEq, Eq, thiserror::Error)]
    #[error("never happens")]
    struct MissingNothing;
}

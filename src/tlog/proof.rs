//! Roots and proofs read from tiles (RFC 6962, sections 2.1.1 and 2.1.2).
//!
//! Only tiles of the tree of the size at hand are read, at the width that this size implies, and each of them once: what a
//! log MUST serve for every checkpoint it published (tlog-tiles, "Partial Tiles").

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::hash::Hash;
use super::source::TileSource;
use super::tile::{MAX_TREE_SIZE, TILE_HEIGHT, TileId};

/// A root or proof could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError<E> {
    /// The tree has no such entry.
    #[error("a tree of {size} entries has no entry {index}")]
    NoSuchEntry {
        /// The entry asked for.
        index: u64,
        /// Entries in the tree.
        size: u64,
    },
    /// A tree of this size has no such tile: a fault of this module, never of the source.
    #[error("a tree of {size} entries has no tile {} of level {}", id.index, id.level)]
    NoSuchTile {
        /// The tile asked for.
        id: TileId,
        /// Entries in the tree.
        size: u64,
    },
    /// The size is above [`MAX_TREE_SIZE`].
    #[error("a tree of {0} entries is larger than any log")]
    SizeTooLarge(u64),
    /// The old tree is larger than the new one.
    #[error("a tree of {new} entries cannot have grown from one of {old}")]
    Shrunk {
        /// Entries in the old tree.
        old: u64,
        /// Entries in the new tree.
        new: u64,
    },
    /// A tile could not be read.
    #[error("a tile could not be read")]
    Source(#[source] E),
    /// The source gave more or fewer hashes than it was asked for.
    #[error("tile {} of level {} came with {actual} hashes instead of {expected}", id.index, id.level)]
    Width {
        /// Which tile.
        id: TileId,
        /// Hashes asked for.
        expected: u16,
        /// Hashes given.
        actual: usize,
    },
}

/// The root of the tree of the first `size` entries.
pub fn root<S: TileSource + ?Sized>(size: u64, source: &S) -> Result<Hash, ProofError<S::Error>> {
    Prover::new(size, source)?.root()
}

/// The proof that entry `index` is in the tree of the first `size` entries: the leaf's sibling first. Verified by
/// [`verify_inclusion`](super::verify_inclusion).
pub fn inclusion_proof<S: TileSource + ?Sized>(index: u64, size: u64, source: &S) -> Result<Vec<Hash>, ProofError<S::Error>> {
    Prover::new(size, source)?.inclusion(index)
}

/// The proof that the tree of the first `new` entries begins with the tree of the first `old` entries. Verified by
/// [`verify_consistency`](super::verify_consistency). Empty when the sizes are equal or `old` is 0, as tlog-witness wants.
pub fn consistency_proof<S: TileSource + ?Sized>(old: u64, new: u64, source: &S) -> Result<Vec<Hash>, ProofError<S::Error>> {
    Prover::new(new, source)?.consistency(old)
}

/// Makes any number of proofs of one tree, and reads and hashes nothing twice for them.
///
/// Keeps every tile it read, at most a few for one proof: whoever has it for long looks at [`kept`](Self::kept).
pub struct Prover<S: TileSource> {
    size: u64,
    source: S,
    tiles: BTreeMap<TileId, Vec<Hash>>,
    /// Roots of complete subtrees that no tile holds, by height and start.
    inner: BTreeMap<(u32, u64), Hash>,
}

impl<S: TileSource> Prover<S> {
    /// A prover of the tree of the first `size` entries.
    pub fn new(size: u64, source: S) -> Result<Self, ProofError<S::Error>> {
        if size > MAX_TREE_SIZE {
            return Err(ProofError::SizeTooLarge(size));
        }
        Ok(Self { size, source, tiles: BTreeMap::new(), inner: BTreeMap::new() })
    }

    /// Entries in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Goes on with the tree after it has grown to `size` entries: what was complete stays, and only tiles that are wider now are
    /// read again.
    pub fn grow(&mut self, size: u64) -> Result<(), ProofError<S::Error>> {
        if size < self.size {
            return Err(ProofError::Shrunk { old: self.size, new: size });
        }
        if size > MAX_TREE_SIZE {
            return Err(ProofError::SizeTooLarge(size));
        }
        self.tiles.retain(|id, hashes| id.width_at(size).map(usize::from) == Some(hashes.len()));
        self.size = size;
        Ok(())
    }

    /// Where it reads its tiles. What it has read it does not read again.
    pub fn source_mut(&mut self) -> &mut S {
        &mut self.source
    }

    /// How many hashes it keeps: grows with every proof of another part of the tree.
    pub fn kept(&self) -> usize {
        self.inner.len() + self.tiles.values().map(Vec::len).sum::<usize>()
    }

    /// The root of the tree.
    pub fn root(&mut self) -> Result<Hash, ProofError<S::Error>> {
        self.subtree(0, self.size)
    }

    /// See [`inclusion_proof`].
    pub fn inclusion(&mut self, index: u64) -> Result<Vec<Hash>, ProofError<S::Error>> {
        if index >= self.size {
            return Err(ProofError::NoSuchEntry { index, size: self.size });
        }
        // PATH(m, D[n]), walked from the root down, which gives the hashes in reverse.
        let (mut start, mut length) = (0, self.size);
        let mut proof = Vec::new();
        while length > 1 {
            let k = split(length);
            if index - start < k {
                proof.push(self.subtree(start + k, length - k)?);
                length = k;
            } else {
                proof.push(self.subtree(start, k)?);
                start += k;
                length -= k;
            }
        }
        proof.reverse();
        Ok(proof)
    }

    /// See [`consistency_proof`].
    pub fn consistency(&mut self, old: u64) -> Result<Vec<Hash>, ProofError<S::Error>> {
        if old > self.size {
            return Err(ProofError::Shrunk { old, new: self.size });
        }
        if old == 0 {
            return Ok(Vec::new());
        }
        // SUBPROOF(m, D[n], b), walked from the root down, which gives the hashes in reverse.
        let (mut start, mut length, mut remaining) = (0, self.size, old);
        let mut proof = Vec::new();
        while remaining < length {
            let k = split(length);
            if remaining <= k {
                proof.push(self.subtree(start + k, length - k)?);
                length = k;
            } else {
                proof.push(self.subtree(start, k)?);
                start += k;
                length -= k;
                remaining -= k;
            }
        }
        // b is true as long as no step went right: then the verifier knows this hash, it is the old root.
        if start > 0 {
            proof.push(self.subtree(start, length)?);
        }
        proof.reverse();
        Ok(proof)
    }

    /// MTH(D[start : start + length]), where `start` is a multiple of the largest power of two up to `length`.
    fn subtree(&mut self, start: u64, length: u64) -> Result<Hash, ProofError<S::Error>> {
        let mut peaks = Vec::new();
        let mut next = start;
        for height in (0..u64::BITS).rev().filter(|&height| (length >> height) & 1 == 1) {
            peaks.push(self.complete(next, height)?);
            next += 1 << height;
        }
        Ok(Hash::of_peaks(peaks.into_iter().rev()))
    }

    /// The root of the complete subtree of 2^`height` entries that begins at entry `start`: held by a tile, or hashed together
    /// from what the tile below holds.
    fn complete(&mut self, start: u64, height: u32) -> Result<Hash, ProofError<S::Error>> {
        if height.is_multiple_of(TILE_HEIGHT) {
            return self.held(start, height);
        }
        if let Some(hash) = self.inner.get(&(height, start)) {
            return Ok(*hash);
        }
        let left = self.complete(start, height - 1)?;
        let right = self.complete(start + (1 << (height - 1)), height - 1)?;
        let hash = Hash::node(&left, &right);
        self.inner.insert((height, start), hash);
        Ok(hash)
    }

    /// The same, at a height whose hashes stand in tiles.
    fn held(&mut self, start: u64, height: u32) -> Result<Hash, ProofError<S::Error>> {
        let level = u8::try_from(height / TILE_HEIGHT).unwrap_or(u8::MAX); // below 8, since height is below 64
        let (id, place) = TileId::holding(level, start >> height);
        let missing = ProofError::NoSuchTile { id, size: self.size };
        let tile = match self.tiles.entry(id) {
            Entry::Occupied(tile) => tile.into_mut(),
            Entry::Vacant(vacant) => {
                let Some(expected) = id.width_at(self.size) else { return Err(missing) };
                let hashes = self.source.tile(id, expected).map_err(ProofError::Source)?;
                if hashes.len() != usize::from(expected) {
                    return Err(ProofError::Width { id, expected, actual: hashes.len() });
                }
                vacant.insert(hashes)
            }
        };
        tile.get(place).copied().ok_or(missing)
    }
}

/// The largest power of two smaller than `length`, which is at least 2.
fn split(length: u64) -> u64 {
    1 << (length - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use proptest::prelude::*;

    use super::super::reference::{Naive, leaves};
    use super::super::source::{MemoryTiles, MissingTile};
    use super::super::tree::Frontier;
    use super::*;

    fn tiles_of(leaves: &[Hash]) -> MemoryTiles {
        let mut frontier = Frontier::empty();
        for leaf in leaves {
            frontier.append(*leaf);
        }
        let mut tiles = MemoryTiles::default();
        tiles.store(frontier.take_changed());
        tiles
    }

    #[test]
    fn roots_and_proofs_are_those_of_the_rfc_up_to_300() {
        let leaves = leaves(300);
        let tiles = tiles_of(&leaves);
        let mut naive = Naive::new(&leaves);
        for size in 0..=300 {
            let mut prover = Prover::new(size as u64, &tiles).unwrap();
            assert_eq!(prover.root(), Ok(naive.mth(0..size)), "size {size}");
            for index in 0..size {
                let proof = prover.inclusion(index as u64).unwrap();
                assert_eq!(proof, naive.path(index, 0..size), "{index} of {size}");
            }
            assert_eq!(prover.consistency(0), Ok(Vec::new()));
            for old in 1..=size {
                let proof = prover.consistency(old as u64).unwrap();
                assert_eq!(proof, naive.subproof(old, 0..size, true), "{old} of {size}");
            }
        }
    }

    #[test]
    fn a_prover_that_goes_on_with_a_larger_tree_makes_the_proofs_of_a_fresh_one() {
        let leaves = leaves(70_000);
        let tiles = tiles_of(&leaves);
        let mut naive = Naive::new(&leaves);
        let mut prover = Prover::new(0, &tiles).unwrap();
        for size in [1_usize, 2, 255, 256, 257, 300, 511, 512, 513, 4_000, 65_535, 65_536, 65_537, 70_000] {
            prover.grow(size as u64).unwrap();
            for index in [0, size / 2, size - 1] {
                let proof = prover.inclusion(index as u64).unwrap();
                assert_eq!(proof, naive.path(index, 0..size), "{index} of {size}");
            }
        }
        assert!(prover.kept() > 0);
        assert_eq!(prover.grow(69_999), Err(ProofError::Shrunk { old: 70_000, new: 69_999 }));
        assert_eq!(prover.grow(u64::MAX), Err(ProofError::SizeTooLarge(u64::MAX)));
    }

    #[test]
    fn what_the_tree_does_not_have_is_refused() {
        let tiles = tiles_of(&leaves(5));
        assert_eq!(inclusion_proof(5, 5, &tiles), Err(ProofError::NoSuchEntry { index: 5, size: 5 }));
        assert_eq!(inclusion_proof(0, 0, &tiles), Err(ProofError::NoSuchEntry { index: 0, size: 0 }));
        assert_eq!(consistency_proof(5, 4, &tiles), Err(ProofError::Shrunk { old: 5, new: 4 }));
        assert_eq!(root(u64::MAX, &tiles), Err(ProofError::SizeTooLarge(u64::MAX)));
        let missing = MissingTile { id: TileId { level: 0, index: 0 }, width: 6 };
        assert_eq!(root(6, &tiles), Err(ProofError::Source(missing)));
    }

    /// Remembers what was asked for, and may give too little.
    struct Watched {
        tiles: MemoryTiles,
        short: bool,
        asked: RefCell<Vec<(TileId, u16)>>,
    }

    impl TileSource for Watched {
        type Error = MissingTile;

        fn tile(&self, id: TileId, width: u16) -> Result<Vec<Hash>, MissingTile> {
            self.asked.borrow_mut().push((id, width));
            self.tiles.tile(id, width - u16::from(self.short))
        }
    }

    #[test]
    fn a_source_that_gives_too_little_is_found_out() {
        let tiles = Watched { tiles: tiles_of(&leaves(5)), short: true, asked: RefCell::default() };
        let id = TileId { level: 0, index: 0 };
        assert_eq!(root(5, &tiles), Err(ProofError::Width { id, expected: 5, actual: 4 }));
    }

    #[test]
    fn random_proofs_up_to_70000_are_those_of_the_rfc() {
        let leaves = leaves(70_000);
        let tiles = Watched { tiles: tiles_of(&leaves), short: false, asked: RefCell::default() };
        let config = ProptestConfig { cases: 6, ..ProptestConfig::default() };
        proptest!(config, |(size in 1_usize..=70_000, index: prop::sample::Index, old: prop::sample::Index)| {
            let mut naive = Naive::new(&leaves);
            let new = size as u64;
            tiles.asked.borrow_mut().clear();
            prop_assert_eq!(root(new, &tiles), Ok(naive.mth(0..size)));
            let index = index.index(size);
            prop_assert_eq!(inclusion_proof(index as u64, new, &tiles).unwrap(), naive.path(index, 0..size));
            let old = old.index(size) + 1;
            let proof = consistency_proof(old as u64, new, &tiles).unwrap();
            prop_assert_eq!(proof, naive.subproof(old, 0..size, true));
            for (id, width) in tiles.asked.borrow().iter() {
                prop_assert_eq!(id.width_at(new), Some(*width));
            }
        });
    }
}

//! Tiles: where a tree of a given size keeps which hash (tlog-tiles, "Merkle Tree").

/// Hashes of a full tile, and entries of a full bundle.
pub const TILE_WIDTH: usize = 1 << TILE_HEIGHT;

/// The largest tree this crate reads or writes, 2^63 - 1 entries.
pub const MAX_TREE_SIZE: u64 = i64::MAX as u64;

/// Levels of the tree that one tile spans.
pub(super) const TILE_HEIGHT: u32 = 8;

/// The name of a tile. Orders by level, then from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// 0 for leaf hashes; each hash of level n + 1 is the root of a full tile of level n.
    pub level: u8,
    /// Position in the level, from the left, from 0.
    pub index: u64,
}

impl TileId {
    /// How many hashes this tile holds in a tree of `size` entries: 1 to 256, or `None` if the tree has no such tile.
    pub fn width_at(self, size: u64) -> Option<u16> {
        let first = self.index.checked_mul(TILE_WIDTH as u64)?;
        let held = hashes_at(self.level, size).checked_sub(first)?.min(TILE_WIDTH as u64);
        u16::try_from(held).ok().filter(|&width| width > 0)
    }

    /// The tile that holds hash number `position` of `level`, and the place in that tile.
    pub(super) fn holding(level: u8, position: u64) -> (Self, usize) {
        let place = usize::try_from(position % TILE_WIDTH as u64).unwrap_or(0); // always below 256
        (Self { level, index: position / TILE_WIDTH as u64 }, place)
    }
}

/// Hashes that a tree of `size` entries has at `level`, full or partial tiles together.
pub(super) fn hashes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(TILE_HEIGHT * u32::from(level)).unwrap_or(0)
}

/// Every tile of a tree of `size` entries with its width, by level and then from left to right.
pub fn tiles(size: u64) -> impl Iterator<Item = (TileId, u16)> {
    (0..).take_while(move |&level| hashes_at(level, size) > 0).flat_map(move |level| {
        let count = hashes_at(level, size).div_ceil(TILE_WIDTH as u64);
        (0..count).map(move |index| TileId { level, index }).filter_map(move |id| Some((id, id.width_at(size)?)))
    })
}

/// The partial tiles of a tree of `size` entries with their widths (1 to 255), at most one a level, lowest first.
pub fn right_edge(size: u64) -> impl Iterator<Item = (TileId, u16)> {
    (0..).take_while(move |&level| hashes_at(level, size) > 0).filter_map(move |level| {
        let id = TileId { level, index: hashes_at(level, size) / TILE_WIDTH as u64 };
        Some((id, id.width_at(size)?))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// (level, full tiles, width of the partial tile) of each level.
    fn shape(size: u64) -> Vec<(u8, usize, Option<u16>)> {
        let mut shape: Vec<(u8, usize, Option<u16>)> = Vec::new();
        for (id, width) in tiles(size) {
            if shape.last().is_none_or(|&(level, ..)| level != id.level) {
                shape.push((id.level, 0, None));
            }
            let last = shape.last_mut().unwrap();
            if width == 256 { last.1 += 1 } else { last.2 = Some(width) }
        }
        shape
    }

    /// The examples of tlog-tiles, "Partial Tiles" (70,000 and 256), and their neighbours.
    #[test]
    fn the_tiles_of_a_size_are_those_of_the_specification() {
        assert_eq!(shape(0), []);
        assert_eq!(shape(1), [(0, 0, Some(1))]);
        assert_eq!(shape(255), [(0, 0, Some(255))]);
        assert_eq!(shape(256), [(0, 1, None), (1, 0, Some(1))]);
        assert_eq!(shape(257), [(0, 1, Some(1)), (1, 0, Some(1))]);
        assert_eq!(shape(65_536), [(0, 256, None), (1, 1, None), (2, 0, Some(1))]);
        assert_eq!(shape(70_000), [(0, 273, Some(112)), (1, 1, Some(17)), (2, 0, Some(1))]);
    }

    #[test]
    fn the_right_edge_is_the_partial_tiles() {
        let edge: Vec<_> = right_edge(70_000).collect();
        let expected = [(0, 273, 112), (1, 1, 17), (2, 0, 1)].map(|(level, index, width)| (TileId { level, index }, width));
        assert_eq!(edge, expected);
        assert_eq!(right_edge(65_536).collect::<Vec<_>>(), [(TileId { level: 2, index: 0 }, 1)]);
    }

    #[test]
    fn the_largest_tree_has_eight_levels() {
        assert_eq!(right_edge(MAX_TREE_SIZE).map(|(id, width)| (id.level, width)).last(), Some((7, 127)));
    }

    proptest! {
        #[test]
        fn a_width_is_the_formula_of_the_specification(size in 0..MAX_TREE_SIZE, level in 0_u8..8) {
            let hashes = size / 256_u64.pow(u32::from(level));
            let partial = TileId { level, index: hashes / 256 };
            prop_assert_eq!(partial.width_at(size).map_or(0, u64::from), hashes % 256);
        }

        #[test]
        fn no_tile_name_makes_the_width_panic(level: u8, index: u64, size: u64) {
            let width = TileId { level, index }.width_at(size);
            prop_assert!(width.is_none_or(|width| (1..=256).contains(&width)));
        }
    }
}

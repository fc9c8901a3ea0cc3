//! Hashes of the blocks of a digest list, after the size of the list: what is read has one spelling, and no block beyond its end is right.

use palinode::digests::{BLOCK, BlockHashes};
use palinode::notice::DocumentHash;
use palinode::tlog::{Frontier, Hash};

pub fn check(data: &[u8]) {
    let Some((size, hashes)) = data.split_first_chunk() else { return };
    let size = u64::from_be_bytes(*size);
    let mut tree = Frontier::empty();
    for hash in Hash::split_tile(hashes).into_iter().flatten() {
        tree.append(hash);
    }
    let root = DocumentHash::from_bytes(*tree.root().as_bytes());
    let Ok(blocks) = BlockHashes::parse(hashes, size, &root) else { return };
    assert_eq!((blocks.to_bytes().as_slice(), blocks.root(), blocks.len()), (hashes, root, size.div_ceil(BLOCK as u64)));
    for block in [0, blocks.len().saturating_sub(1), blocks.len(), u64::MAX] {
        let inside = block < blocks.len();
        assert_eq!(blocks.range(block, block).is_some(), inside);
        assert!(inside || blocks.check(block, hashes).is_err() || hashes.is_empty());
    }
    assert!(BlockHashes::parse(hashes, size, &DocumentHash::of(b"of another list")).is_err());
}

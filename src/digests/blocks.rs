//! The hashes of the blocks of a list: with them any of its ranges can be checked without the rest.
//!
//! A notice names the RFC 6962 root over the blocks. Whoever has all block hashes under that root can check each block by one hash,
//! whoever serves it; that is how a peer fetches a list from several servers, and how somebody who asks offline confirms a hit of a
//! filter with one range. As a file they are the hashes in order, 32 bytes each, 156 KB for ten million digests of 32 bytes.

use super::BLOCK;
use super::check::ListForm;
use crate::notice::DocumentHash;
use crate::tlog::{Frontier, Hash};

/// The hashes of all blocks of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockHashes {
    size: u64,
    hashes: Vec<Hash>,
}

/// Why bytes are not the block hashes of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BlocksFault {
    /// Not 32 bytes for each block.
    #[error("the hashes of {blocks} blocks have {} bytes, and these are {found}", blocks * 32)]
    Length {
        /// How many blocks the list has.
        blocks: u64,
        /// How many bytes there are.
        found: usize,
    },
    /// They have another root than the one that the notice names.
    #[error("the block hashes have the root {found}, and the notice says {named}")]
    Root {
        /// Their root.
        found: DocumentHash,
        /// What the notice says.
        named: DocumentHash,
    },
}

impl BlockHashes {
    /// The hashes of the blocks of a list of `size` bytes, as many as it has.
    pub(super) fn of(size: u64, hashes: Vec<Hash>) -> Self {
        Self { size, hashes }
    }

    /// Reads the hashes of a list of `size` bytes whose notice names `root`.
    ///
    /// # Errors
    /// [`BlocksFault`].
    pub fn parse(bytes: &[u8], size: u64, root: &DocumentHash) -> Result<Self, BlocksFault> {
        let blocks = size.div_ceil(BLOCK as u64);
        let length = || BlocksFault::Length { blocks, found: bytes.len() };
        let hashes = Hash::split_tile(bytes).filter(|hashes| hashes.len() as u64 == blocks).ok_or_else(length)?;
        let read = Self { size, hashes };
        let found = read.root();
        if found == *root { Ok(read) } else { Err(BlocksFault::Root { found, named: *root }) }
    }

    /// How many bytes the file of these hashes has.
    pub fn file_size(size: u64) -> u64 {
        size.div_ceil(BLOCK as u64) * Hash::LENGTH as u64
    }

    /// The file: the hashes in order.
    pub fn to_bytes(&self) -> Vec<u8> {
        Hash::join_tile(&self.hashes)
    }

    /// The RFC 6962 root over the blocks, as notices name it.
    pub fn root(&self) -> DocumentHash {
        let mut tree = Frontier::empty();
        for hash in &self.hashes {
            tree.append(*hash);
        }
        DocumentHash::from_bytes(*tree.root().as_bytes())
    }

    /// How many blocks there are.
    pub fn len(&self) -> u64 {
        self.hashes.len() as u64
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Size of the list in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The bytes of the list that the blocks `first..=last` are, first and last, both included: what a `Range` header asks for. `None`
    /// when the list has no such blocks.
    pub fn range(&self, first: u64, last: u64) -> Option<(u64, u64)> {
        if first > last || last >= self.len() {
            return None;
        }
        Some((first * BLOCK as u64, ((last + 1) * BLOCK as u64).min(self.size) - 1))
    }

    /// Whether `bytes` are the blocks from `first` on, whole blocks all of them; the first that is not one of the list is given.
    ///
    /// # Errors
    /// The number of the first wrong block.
    pub fn check(&self, first: u64, bytes: &[u8]) -> Result<(), u64> {
        for (offset, block) in (0..).zip(bytes.chunks(BLOCK)) {
            let number = first.saturating_add(offset);
            let hash = usize::try_from(number).ok().and_then(|number| self.hashes.get(number));
            let length = self.range(number, number).map(|(from, to)| to - from + 1);
            if length != Some(block.len() as u64) || hash != Some(&Hash::leaf(block)) {
                return Err(number);
            }
        }
        Ok(())
    }
}

/// What whole blocks of a list say of a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sought {
    /// It stands there.
    Found,
    /// It would stand there, and does not: the list does not hold it.
    Absent,
    /// It is less than all digests there: the blocks before may hold it.
    Before,
    /// It is greater than all digests there: the blocks behind may hold it.
    After,
}

/// Looks for `digest` in the blocks of a list from `first` on, `bytes`, which were checked.
pub fn seek(form: ListForm, first: u64, bytes: &[u8], digest: &[u8]) -> Sought {
    let width = form.width();
    let begin = first * BLOCK as u64;
    // A digest that begins before the first block is not whole here, and one that ends behind the last neither.
    let skipped = usize::try_from(begin.next_multiple_of(width as u64) - begin).unwrap_or(0);
    let mut digests = bytes.get(skipped..).unwrap_or_default().chunks_exact(width);
    let (least, greatest) = (digests.clone().next(), digests.clone().next_back());
    let is_end = begin + bytes.len() as u64 >= form.size();
    if digests.any(|other| other == digest) {
        Sought::Found
    } else if least.is_some_and(|least| digest < least) && first > 0 {
        Sought::Before
    } else if greatest.is_some_and(|greatest| digest > greatest) && !is_end {
        Sought::After
    } else {
        Sought::Absent
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of_list(bytes: &[u8]) -> BlockHashes {
        BlockHashes::of(bytes.len() as u64, bytes.chunks(BLOCK).map(Hash::leaf).collect())
    }

    #[test]
    fn hashes_read_back_under_their_root_and_under_no_other() {
        let list = vec![3; 2 * BLOCK + 5];
        let hashes = of_list(&list);
        let bytes = hashes.to_bytes();
        assert_eq!(bytes.len() as u64, BlockHashes::file_size(list.len() as u64));
        assert_eq!(BlockHashes::parse(&bytes, list.len() as u64, &hashes.root()), Ok(hashes.clone()));
        let other = DocumentHash::of(b"other");
        assert!(matches!(BlockHashes::parse(&bytes, list.len() as u64, &other), Err(BlocksFault::Root { .. })));
        for (cut, size) in [(bytes.len() - 1, list.len()), (bytes.len() - 32, list.len()), (bytes.len(), BLOCK)] {
            let read = BlockHashes::parse(&bytes[..cut], size as u64, &hashes.root());
            assert!(matches!(read, Err(BlocksFault::Length { .. })), "{cut} {size}");
        }
    }

    #[test]
    fn a_range_of_blocks_is_checked_by_itself_and_a_wrong_one_is_named() {
        let list: Vec<u8> = (0..3 * BLOCK + 100).map(|n| u8::try_from(n % 251).expect("small")).collect();
        let hashes = of_list(&list);
        assert_eq!(hashes.range(1, 2), Some((BLOCK as u64, 3 * BLOCK as u64 - 1)));
        assert_eq!(hashes.range(3, 3), Some((3 * BLOCK as u64, list.len() as u64 - 1)));
        assert_eq!((hashes.range(3, 4), hashes.range(2, 1)), (None, None));
        assert_eq!(hashes.check(1, &list[BLOCK..3 * BLOCK]), Ok(()));
        assert_eq!(hashes.check(2, &list[2 * BLOCK..]), Ok(()));
        let mut lie = list[BLOCK..].to_vec();
        lie[BLOCK + 7] ^= 1;
        assert_eq!(hashes.check(1, &lie), Err(2));
        assert_eq!(hashes.check(1, &list[BLOCK..2 * BLOCK - 1]), Err(1), "half a block");
        assert_eq!(hashes.check(4, &list[..10]), Err(4), "behind the end");
    }

    #[test]
    fn a_block_tells_whether_the_list_holds_a_digest_or_where_to_look() {
        use crate::notice::DigestAlgorithm;
        // 20 bytes each: digest 3,276 lies across the end of the first block.
        let form = ListForm::new(DigestAlgorithm::Sha1, 10_000);
        let digest = |n: u32| [&[0; 16][..], &(2 * n).to_be_bytes()].concat();
        let list: Vec<u8> = (0..10_000).flat_map(digest).collect();
        let odd = |n: u32| [&[0; 16][..], &(2 * n + 1).to_be_bytes()].concat();
        let at = |first: usize, last: usize, digest: &[u8]| {
            seek(form, first as u64, &list[first * BLOCK..((last + 1) * BLOCK).min(list.len())], digest)
        };
        assert_eq!(
            (at(0, 0, &digest(5)), at(0, 0, &odd(5)), at(0, 0, &digest(3_276))),
            (Sought::Found, Sought::Absent, Sought::After)
        );
        assert_eq!((at(1, 1, &digest(3_276)), at(0, 1, &digest(3_276))), (Sought::Before, Sought::Found));
        assert_eq!((at(3, 3, &odd(9_999)), at(0, 0, &[0; 20])), (Sought::Absent, Sought::Found));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), size in 0_u64..500_000) {
            let _ = BlockHashes::parse(&bytes, size, &DocumentHash::of(b"root"));
        }
    }
}

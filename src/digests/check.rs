//! Reading a list once, piece by piece, in constant memory.

use sha2::{Digest, Sha256};

use super::blocks::BlockHashes;
use super::{BLOCK, MAX_COUNT};
use crate::notice::{DigestAlgorithm, DigestList, DocumentHash};
use crate::tlog::Hash;

/// The widest digest there is, SHA-512, in bytes.
const WIDEST: usize = 64;

/// What is wrong with a digest list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    /// It has another size than count times width.
    #[error("it has {found} bytes instead of {expected}")]
    Size {
        /// Size in bytes; of a list that is too long, at least this.
        found: u64,
        /// Size that the notice gives it.
        expected: u64,
    },
    /// Two digests are out of order, or equal.
    #[error("digest {0} is not greater than the one before it")]
    Order(u64),
    /// It is another list than the one that was named.
    #[error("its bytes hash to {found}, and not to its name")]
    Hash {
        /// SHA-256 of the bytes.
        found: DocumentHash,
    },
    /// The notice that names it says another block root: no part of it can be checked by itself.
    #[error("its blocks have the root {found}, and the notice says another")]
    Blocks {
        /// RFC 6962 root over its blocks.
        found: DocumentHash,
    },
}

/// How many digests of which width a list has: known before its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListForm {
    width: u64,
    count: u64,
}

impl ListForm {
    /// `count` digests of `algorithm`.
    pub fn new(algorithm: DigestAlgorithm, count: u64) -> Self {
        Self { width: algorithm.width(), count }
    }

    /// `count` digests of `width` bytes, as they were stored; `None` when no digest has that width, or no list so many.
    pub fn from_stored(width: u64, count: u64) -> Option<Self> {
        (matches!(width, 16 | 20 | 32 | 64) && count <= MAX_COUNT).then_some(Self { width, count })
    }

    /// The form of a list that a notice names.
    pub fn of(list: &DigestList) -> Self {
        Self::new(list.algorithm, list.count)
    }

    /// Width of one digest in bytes.
    pub fn width(self) -> usize {
        usize::try_from(self.width).unwrap_or(WIDEST)
    }

    /// How many digests there are.
    pub fn count(self) -> u64 {
        self.count
    }

    /// Size of the list in bytes.
    pub fn size(self) -> u64 {
        self.width.saturating_mul(self.count)
    }

    /// How many blocks it has.
    pub fn blocks(self) -> u64 {
        self.size().div_ceil(BLOCK as u64)
    }
}

/// What a list turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Its name.
    pub sha256: DocumentHash,
    /// The hashes of its blocks.
    pub blocks: BlockHashes,
}

/// A check that is under way: takes pieces of any length, and stops at the first fault.
///
/// It holds the hashes of the blocks so far, at most 312 KB for the longest list, and less than one digest besides.
#[derive(Clone)]
pub struct ListCheck {
    form: ListForm,
    taken: u64,
    whole: Sha256,
    block: Sha256,
    hashes: Vec<Hash>,
    /// The digest before, and the beginning of one that the last piece broke off in.
    last: [u8; WIDEST],
    begun: [u8; WIDEST],
    begun_length: usize,
}

impl ListCheck {
    /// Begins with the first byte of a list of this form.
    pub fn new(form: ListForm) -> Self {
        Self {
            form,
            taken: 0,
            whole: Sha256::new(),
            block: block_hasher(),
            hashes: Vec::new(),
            last: [0; WIDEST],
            begun: [0; WIDEST],
            begun_length: 0,
        }
    }

    /// How many bytes were taken.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`ListFault::Size`] when the list goes on behind its end, [`ListFault::Order`] with the place of the first digest that is not
    /// greater than the one before. What comes after a fault is not looked at: the check is of no use any more.
    pub fn take(&mut self, piece: &[u8]) -> Result<(), ListFault> {
        let expected = self.form.size();
        let found = self.taken.saturating_add(piece.len() as u64);
        if found > expected {
            return Err(ListFault::Size { found, expected });
        }
        self.order(piece)?;
        self.whole.update(piece);
        self.hash_blocks(piece);
        self.taken = found;
        Ok(())
    }

    /// Compares each digest with the one before it.
    fn order(&mut self, piece: &[u8]) -> Result<(), ListFault> {
        let width = self.form.width();
        let mut number = self.taken / width as u64;
        let mut rest = piece;
        if self.begun_length > 0 {
            let (more, after) = rest.split_at(rest.len().min(width - self.begun_length));
            put(&mut self.begun, self.begun_length, more);
            self.begun_length += more.len();
            rest = after;
            if self.begun_length < width {
                return Ok(());
            }
            let whole = self.begun;
            self.follow(number, whole.get(..width).unwrap_or_default())?;
            self.begun_length = 0;
            number += 1;
        }
        let mut digests = rest.chunks_exact(width);
        if let Some(first) = digests.next() {
            self.follow(number, first)?;
            let mut before = first;
            for digest in &mut digests {
                number += 1;
                if before >= digest {
                    return Err(ListFault::Order(number));
                }
                before = digest;
            }
            put(&mut self.last, 0, before);
        }
        let begun = digests.remainder();
        put(&mut self.begun, 0, begun);
        self.begun_length = begun.len();
        Ok(())
    }

    /// The digest at `number` must be greater than the last one of the piece before.
    fn follow(&mut self, number: u64, digest: &[u8]) -> Result<(), ListFault> {
        if number > 0 && self.last.get(..digest.len()).is_some_and(|last| last >= digest) {
            return Err(ListFault::Order(number));
        }
        put(&mut self.last, 0, digest);
        Ok(())
    }

    fn hash_blocks(&mut self, piece: &[u8]) {
        let mut rest = piece;
        let mut filled = usize::try_from(self.taken % BLOCK as u64).unwrap_or(0);
        while !rest.is_empty() {
            let (part, after) = rest.split_at(rest.len().min(BLOCK - filled));
            self.block.update(part);
            filled += part.len();
            if filled == BLOCK {
                self.end_block();
                filled = 0;
            }
            rest = after;
        }
    }

    fn end_block(&mut self) {
        let done = std::mem::replace(&mut self.block, block_hasher());
        self.hashes.push(Hash::from_bytes(done.finalize().into()));
    }

    /// Ends it.
    ///
    /// # Errors
    /// [`ListFault::Size`] when bytes are missing.
    pub fn finish(mut self) -> Result<Checked, ListFault> {
        let expected = self.form.size();
        if self.taken != expected {
            return Err(ListFault::Size { found: self.taken, expected });
        }
        if !self.taken.is_multiple_of(BLOCK as u64) {
            self.end_block();
        }
        let sha256 = DocumentHash::from_bytes(self.whole.finalize().into());
        Ok(Checked { sha256, blocks: BlockHashes::of(expected, self.hashes) })
    }

    /// Ends it, and compares with what a notice says of the list.
    ///
    /// # Errors
    /// As [`ListCheck::finish`]; [`ListFault::Hash`] for another list, [`ListFault::Blocks`] for another block root.
    pub fn finish_as(self, sha256: DocumentHash, blocks: DocumentHash) -> Result<Checked, ListFault> {
        let checked = self.finish()?;
        if checked.sha256 != sha256 {
            return Err(ListFault::Hash { found: checked.sha256 });
        }
        let found = checked.blocks.root();
        if found != blocks {
            return Err(ListFault::Blocks { found });
        }
        Ok(checked)
    }
}

/// The beginning of an RFC 6962 leaf hash (section 2.1), so that a block need not be in memory at once.
fn block_hasher() -> Sha256 {
    Sha256::new().chain_update([0x00])
}

fn put(target: &mut [u8; WIDEST], at: usize, bytes: &[u8]) {
    if let Some(target) = target.get_mut(at..at + bytes.len()) {
        target.copy_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn form(algorithm: DigestAlgorithm, count: u64) -> ListForm {
        ListForm::new(algorithm, count)
    }

    fn check(form: ListForm, bytes: &[u8]) -> Result<Checked, ListFault> {
        let mut check = ListCheck::new(form);
        check.take(bytes)?;
        check.finish()
    }

    /// `count` ascending digests of 16 bytes.
    fn md5s(numbers: &[u64]) -> Vec<u8> {
        numbers.iter().flat_map(|n| [n.to_be_bytes(), [7; 8]].concat()).collect()
    }

    #[test]
    fn a_list_is_named_by_its_hash_and_its_blocks_by_the_tree_of_the_rfc() {
        // 4,097 digests of 16 bytes: one block and one digest.
        let bytes = md5s(&(0..4_097).collect::<Vec<_>>());
        let checked = check(form(DigestAlgorithm::Md5, 4_097), &bytes).expect("a list");
        assert_eq!(checked.sha256, DocumentHash::of(&bytes));
        let root = Hash::node(&Hash::leaf(&bytes[..BLOCK]), &Hash::leaf(&bytes[BLOCK..]));
        assert_eq!(checked.blocks.root().as_bytes(), root.as_bytes());
    }

    #[test]
    fn the_first_fault_is_named() {
        let three = form(DigestAlgorithm::Md5, 3);
        assert_eq!(check(three, &md5s(&[1, 3, 2])), Err(ListFault::Order(2)));
        assert_eq!(check(three, &md5s(&[1, 1, 0])), Err(ListFault::Order(1)));
        assert_eq!(check(three, &md5s(&[1, 2])), Err(ListFault::Size { found: 32, expected: 48 }));
        assert_eq!(check(three, &md5s(&[1, 2, 3, 4])), Err(ListFault::Size { found: 64, expected: 48 }));
        assert_eq!(check(three, &md5s(&[1, 2, 3])[..47]), Err(ListFault::Size { found: 47, expected: 48 }));
        assert!(check(form(DigestAlgorithm::Md5, 1), &[0; 16]).is_ok(), "zeros are a digest");
    }

    #[test]
    fn another_name_or_block_root_than_the_notice_says_is_a_fault() {
        let bytes = md5s(&[1, 2]);
        let checked = check(form(DigestAlgorithm::Md5, 2), &bytes).expect("a list");
        let (name, root, other) = (checked.sha256, checked.blocks.root(), DocumentHash::of(b"other"));
        let mut begun = ListCheck::new(form(DigestAlgorithm::Md5, 2));
        begun.take(&bytes).expect("ordered");
        assert_eq!(begun.clone().finish_as(name, root), Ok(checked));
        assert_eq!(begun.clone().finish_as(other, root), Err(ListFault::Hash { found: name }));
        assert_eq!(begun.finish_as(name, other), Err(ListFault::Blocks { found: root }));
    }

    proptest! {
        #[test]
        fn how_a_list_is_cut_into_pieces_does_not_matter(
            algorithm in prop::sample::select(vec![DigestAlgorithm::Md5, DigestAlgorithm::Sha1, DigestAlgorithm::Sha512]),
            numbers in prop::collection::vec(0_u64..60, 0..40),
            cuts in prop::collection::vec(1_usize..70, 1..60),
        ) {
            let width = usize::try_from(algorithm.width()).expect("small");
            let bytes: Vec<u8> = numbers.iter().flat_map(|n| { let mut d = vec![0; width]; d[width - 1] = u8::try_from(*n).expect("small"); d }).collect();
            let form = form(algorithm, numbers.len() as u64);
            let mut pieces = ListCheck::new(form);
            let mut rest = bytes.as_slice();
            let mut outcome = Ok(());
            for cut in cuts.iter().cycle() {
                if rest.is_empty() || outcome.is_err() { break; }
                let (piece, after) = rest.split_at(rest.len().min(*cut));
                outcome = pieces.take(piece);
                rest = after;
            }
            prop_assert_eq!(outcome.and_then(|()| pieces.finish()), check(form, &bytes));
            // And it is what comparing all neighbours says.
            let first_wrong = (1..numbers.len()).find(|i| numbers[i - 1] >= numbers[*i]).map(|i| ListFault::Order(i as u64));
            prop_assert_eq!(check(form, &bytes).err(), first_wrong);
        }
    }
}

//! A table beside the file of a list, by which a digest is found with two short reads.
//!
//! Slot `i` of the table says how many digests begin with less than `i` in their leading bits, so that two slots that stand side by side
//! are the ends of what may hold a digest: about a hundred digests, since digests are spread evenly. Where somebody listed digests that
//! are not, the range is halved until it is short, so that no list makes a look-up expensive.
//!
//! | bytes | hold |
//! |---|---|
//! | 0..8 | `PLNDFAN1` |
//! | 8..40 | SHA-256 of the list |
//! | 40..48 | how many digests it has, big endian, like all numbers |
//! | 48..52 | how many leading bits make a slot, 0 to 16 |
//! | 52..52 + 4 (2^bits + 1) | the slots |
//! | the last 32 | SHA-256 of all before |
//!
//! The table follows from the list and can be made again at any time.

use std::cmp::Ordering;
use std::io;

use sha2::{Digest, Sha256};

use super::check::ListForm;
use super::{ReadAt, prefix};
use crate::notice::DocumentHash;

const MAGIC: &[u8; 8] = b"PLNDFAN1";
const HEADER: usize = 52;
/// How many leading bits make a slot at most: 65,537 slots, 262 KB.
const MOST_BITS: u32 = 16;
/// How many digests a slot should hold where there are fewer than the most slots can tell apart.
const PER_SLOT: u64 = 64;
/// What is read at once, in bytes: above that a range is halved first.
const AT_ONCE: u64 = 8_192;

/// A table that is being made.
pub struct FanOut {
    sha256: DocumentHash,
    form: ListForm,
    bits: u32,
    /// Slot i + 1 counts the digests of slot i until the end.
    slots: Vec<u32>,
}

/// Why bytes are not the table of a list.
#[derive(Debug, thiserror::Error)]
pub enum FanOutFault {
    /// They are something else, cut short, or changed.
    #[error("the table beside the list is damaged")]
    Damaged,
    /// They are the table of another list.
    #[error("the table beside the list is that of another")]
    OtherList,
}

impl FanOut {
    /// Begins the table of a list of this form.
    pub fn new(sha256: DocumentHash, form: ListForm) -> Self {
        let bits = (form.count() / PER_SLOT).checked_ilog2().unwrap_or(0).min(MOST_BITS);
        Self { sha256, form, bits, slots: vec![0; (1 << bits) + 1] }
    }

    /// Takes the next digest of the list.
    pub fn take(&mut self, digest: &[u8]) {
        if let Some(count) = self.slots.get_mut(slot(self.bits, digest) + 1) {
            *count = count.saturating_add(1);
        }
    }

    /// The file of the table.
    pub fn into_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(file_size(self.bits));
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(self.sha256.as_bytes());
        bytes.extend_from_slice(&self.form.count().to_be_bytes());
        bytes.extend_from_slice(&self.bits.to_be_bytes());
        let mut before: u32 = 0;
        for count in self.slots {
            before = before.saturating_add(count);
            bytes.extend_from_slice(&before.to_be_bytes());
        }
        let digest = Sha256::digest(&bytes);
        bytes.extend_from_slice(&digest);
        bytes
    }
}

fn file_size(bits: u32) -> usize {
    HEADER + 4 * ((1 << bits) + 1) + 32
}

fn slot(bits: u32, digest: &[u8]) -> usize {
    usize::try_from(prefix(digest).checked_shr(64 - bits).unwrap_or(0)).unwrap_or(0)
}

/// A list that digests are looked up in: its file, and the table beside it.
#[derive(Debug)]
pub struct SortedList<L, T> {
    form: ListForm,
    list: L,
    table: T,
    bits: u32,
}

impl<L: ReadAt, T: ReadAt> SortedList<L, T> {
    /// Takes a list with its table, all of whose bytes are `table_bytes`: compared once here, so that later reads can be believed.
    ///
    /// # Errors
    /// [`FanOutFault`].
    pub fn open(list: L, sha256: DocumentHash, form: ListForm, table: T, table_bytes: &[u8]) -> Result<Self, FanOutFault> {
        let (body, digest) = table_bytes.split_last_chunk::<32>().ok_or(FanOutFault::Damaged)?;
        let rest = body.strip_prefix(MAGIC).filter(|_| <[u8; 32]>::from(Sha256::digest(body)) == *digest);
        let (name, rest) = rest.and_then(|rest| rest.split_first_chunk::<32>()).ok_or(FanOutFault::Damaged)?;
        let (count, rest) = rest.split_first_chunk::<8>().ok_or(FanOutFault::Damaged)?;
        let (bits, _) = rest.split_first_chunk::<4>().ok_or(FanOutFault::Damaged)?;
        let bits = u32::from_be_bytes(*bits);
        if bits > MOST_BITS || table_bytes.len() != file_size(bits) {
            return Err(FanOutFault::Damaged);
        }
        if name != sha256.as_bytes() || u64::from_be_bytes(*count) != form.count() {
            return Err(FanOutFault::OtherList);
        }
        Ok(Self { form, list, table, bits })
    }

    /// What it is a list of.
    pub fn form(&self) -> ListForm {
        self.form
    }

    /// The file of the list.
    pub fn list(&self) -> &L {
        &self.list
    }

    /// The same list, read by other means.
    pub fn through<M: ReadAt, U: ReadAt>(&self, list: M, table: U) -> SortedList<M, U> {
        SortedList { form: self.form, list, table, bits: self.bits }
    }

    /// Whether the list holds `digest`; one of another width is in no list.
    ///
    /// # Errors
    /// What reading fails with; [`io::ErrorKind::InvalidData`] when the table leads outside the list.
    pub fn contains(&self, digest: &[u8]) -> io::Result<bool> {
        let width = self.form.width();
        if digest.len() != width {
            return Ok(false);
        }
        let (mut low, mut high) = self.ends(digest)?;
        let mut record = [0; 64];
        let record = record.get_mut(..width).ok_or(io::ErrorKind::InvalidData)?;
        while (high - low) * width as u64 > AT_ONCE {
            let middle = u64::midpoint(low, high);
            self.list.read_exact_at(record, middle * width as u64)?;
            match (*record).cmp(digest) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Ok(true),
                Ordering::Greater => high = middle,
            }
        }
        let mut piece = [0; 8_192];
        let length = usize::try_from((high - low) * width as u64).unwrap_or(usize::MAX);
        let piece = piece.get_mut(..length).ok_or(io::ErrorKind::InvalidData)?;
        self.list.read_exact_at(piece, low * width as u64)?;
        Ok(piece.chunks_exact(width).any(|record| record == digest))
    }

    /// The digests of the list from `first` to `last`, ascending, at most `limit`; none where the bounds have another width.
    ///
    /// # Errors
    /// As [`SortedList::contains`].
    pub fn between(&self, first: &[u8], last: &[u8], limit: usize) -> io::Result<Vec<Vec<u8>>> {
        let width = self.form.width();
        if first.len() != width || last.len() != width {
            return Ok(Vec::new());
        }
        let mut at = self.place_of(first)?;
        let mut found = Vec::new();
        let mut piece = [0; 8_192];
        while found.len() < limit && at < self.form.count() {
            let here = (self.form.count() - at).min(AT_ONCE / width as u64);
            let length = usize::try_from(here * width as u64).unwrap_or(usize::MAX);
            let piece = piece.get_mut(..length).ok_or(io::ErrorKind::InvalidData)?;
            self.list.read_exact_at(piece, at * width as u64)?;
            for record in piece.chunks_exact(width) {
                if record > last || found.len() >= limit {
                    return Ok(found);
                }
                found.push(record.to_vec());
            }
            at += here;
        }
        Ok(found)
    }

    /// How many digests are less than this one, which has the width of the list.
    fn place_of(&self, digest: &[u8]) -> io::Result<u64> {
        let width = self.form.width();
        let mut record = [0; 64];
        let record = record.get_mut(..width).ok_or(io::ErrorKind::InvalidData)?;
        let (mut low, mut high) = self.ends(digest)?;
        while low < high {
            let middle = u64::midpoint(low, high);
            self.list.read_exact_at(record, middle * width as u64)?;
            if *record < *digest { low = middle + 1 } else { high = middle }
        }
        Ok(low)
    }

    /// Which digests of the list begin as this one does.
    fn ends(&self, digest: &[u8]) -> io::Result<(u64, u64)> {
        let mut slots = [0; 8];
        self.table.read_exact_at(&mut slots, (HEADER + 4 * slot(self.bits, digest)) as u64)?;
        let [low, high] = slots.as_chunks::<4>().0 else { return Err(io::ErrorKind::InvalidData.into()) };
        let (low, high) = (u64::from(u32::from_be_bytes(*low)), u64::from(u32::from_be_bytes(*high)));
        if low <= high && high <= self.form.count() { Ok((low, high)) } else { Err(io::ErrorKind::InvalidData.into()) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::notice::DigestAlgorithm;

    type InMemory = SortedList<Vec<u8>, Vec<u8>>;

    fn opened(digests: &BTreeSet<Vec<u8>>, algorithm: DigestAlgorithm) -> InMemory {
        let form = ListForm::new(algorithm, digests.len() as u64);
        let list: Vec<u8> = digests.iter().flatten().copied().collect();
        let name = DocumentHash::of(&list);
        let mut table = FanOut::new(name, form);
        for digest in digests {
            table.take(digest);
        }
        let table = table.into_bytes();
        SortedList::open(list, name, form, table.clone(), &table).expect("its own table")
    }

    /// Digests as hash functions make them.
    fn hashed(count: u32) -> BTreeSet<Vec<u8>> {
        (0..count).map(|n| Sha256::digest(n.to_be_bytes()).to_vec()).collect()
    }

    #[test]
    fn every_digest_of_a_long_list_is_found_and_no_other() {
        let digests = hashed(40_000);
        let list = opened(&digests, DigestAlgorithm::Sha256);
        assert!(digests.iter().all(|digest| list.contains(digest).expect("readable")));
        assert!((40_000..45_000_u32).all(|n| !list.contains(&Sha256::digest(n.to_be_bytes())).expect("readable")));
        assert!(!list.contains(&[0; 20]).expect("readable"), "another width");
    }

    #[test]
    fn digests_that_all_begin_alike_are_found_too() {
        let digests: BTreeSet<Vec<u8>> = (0..30_000_u32).map(|n| [&[5; 12][..], &n.to_be_bytes()].concat()).collect();
        let list = opened(&digests, DigestAlgorithm::Md5);
        assert!(digests.iter().all(|digest| list.contains(digest).expect("readable")));
        assert!(!list.contains(&[5; 16]).expect("readable") && !list.contains(&[0; 16]).expect("readable"));
    }

    #[test]
    fn a_table_that_was_changed_or_is_that_of_another_list_is_refused() {
        let form = ListForm::new(DigestAlgorithm::Sha256, 300);
        let name = DocumentHash::of(b"list");
        let mut table = FanOut::new(name, form);
        for digest in hashed(300) {
            table.take(&digest);
        }
        let bytes = table.into_bytes();
        let open = |bytes: &[u8], name, form| SortedList::open(Vec::new(), name, form, Vec::new(), bytes).map(|_| ());
        assert!(open(&bytes, name, form).is_ok());
        assert!(matches!(open(&bytes, DocumentHash::of(b"other"), form), Err(FanOutFault::OtherList)));
        assert!(matches!(open(&bytes, name, ListForm::new(DigestAlgorithm::Sha256, 299)), Err(FanOutFault::OtherList)));
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 4;
            assert!(matches!(open(&changed, name, form), Err(FanOutFault::Damaged)), "{place}");
            assert!(matches!(open(&bytes[..place], name, form), Err(FanOutFault::Damaged)), "{place}");
        }
    }

    #[test]
    fn a_list_that_ends_early_is_an_error_and_no_answer() {
        let digests = hashed(1_000);
        let mut list = opened(&digests, DigestAlgorithm::Sha256);
        list.list.truncate(32_000 - 32);
        let last = digests.last().expect("there");
        assert_eq!(list.contains(last).map_err(|e| e.kind()), Err(io::ErrorKind::UnexpectedEof));
    }

    proptest! {
        #[test]
        fn a_look_up_is_what_a_set_would_say(
            digests in prop::collection::btree_set(prop::collection::vec(0_u8..4, 16), 1..300),
            asked in prop::collection::vec(prop::collection::vec(0_u8..4, 16), 0..50),
        ) {
            let list = opened(&digests, DigestAlgorithm::Md5);
            for digest in asked.iter().chain(&digests) {
                prop_assert_eq!(list.contains(digest).expect("readable"), digests.contains(digest));
            }
        }

        #[test]
        fn a_range_is_what_a_set_would_give(
            digests in prop::collection::btree_set(prop::collection::vec(0_u8..4, 16), 1..1_500),
            (first, last) in (prop::collection::vec(0_u8..4, 16), prop::collection::vec(0_u8..4, 16)),
            limit in 0_usize..900,
        ) {
            let list = opened(&digests, DigestAlgorithm::Md5);
            let whole: Vec<u8> = digests.iter().flatten().copied().collect();
            let expected: Vec<Vec<u8>> = digests.iter().filter(|d| first <= **d && **d <= last).take(limit).cloned().collect();
            prop_assert_eq!(&list.between(&first, &last, limit).expect("readable"), &expected);
            prop_assert_eq!(&crate::digests::digests_between(&whole, &first, &last, limit), &expected);
            prop_assert!(list.between(&first[..8], &last[..8], limit).expect("readable").is_empty());
        }
    }
}

//! A small set that holds every digest of a list, and takes one in 256 others for one of them: a binary fuse filter (Graf and Lemire,
//! *Binary Fuse Filters*, 2022) with fingerprints of 8 bits, as the crate `xorf` makes it.
//!
//! Whoever has the filter asks the list itself only about what the filter does not rule out: a server its file, a researcher a server,
//! by one range of one block. So the filter also says which block a digest would stand in: it keeps the beginnings of the first digest
//! of each block, its *fences*.
//!
//! | bytes | hold |
//! |---|---|
//! | 0..8 | `PLNDFLT1` |
//! | 8..40 | SHA-256 of the list |
//! | 40..48 | how many digests it has, big endian, like all numbers |
//! | 48..52 | how many bytes a digest has |
//! | 52..56 | how many parts the filter has |
//! | 56..60 | how many blocks the list has |
//! | then 28 for each part | the prefix that it begins with (8), the seed (8), the length of a segment (4), the length of all segments but two (4), its fingerprints (4) |
//! | then 8 for each block | the prefix of the first digest that begins in it |
//! | then | the fingerprints of each part |
//! | the last 32 | SHA-256 of all before |
//!
//! The *prefix* of a digest is its first eight bytes. A part takes the next 1,048,576 prefixes in the order of the list, so that
//! making a filter needs memory for one part only. What is hashed is the prefix, XORed with the first eight bytes of the list's name:
//! nobody can look for digests that a filter cannot be made of, since the name changes with each of them. A part of which
//! a filter cannot be made all the same has no segments and no fingerprints, and rules nothing out.
//!
//! The bytes follow from the list alone. A filter of 262,144 digests and more has at most 1.2 bytes a digest; below that a few hundred
//! bytes to some kilobytes more. The hash at the end tells damage, not lies: who needs certainty takes the list, whose name is signed,
//! and makes its filter again.

use std::ops::RangeInclusive;

use sha2::{Digest, Sha256};
use xorf::{BinaryFuse8, BinaryFuse8Ref, DmaSerializable, Filter as _, FilterRef};

use super::check::ListForm;
use super::{BLOCK, MAX_COUNT, prefix};
use crate::notice::DocumentHash;

const MAGIC: &[u8; 8] = b"PLNDFLT1";
const HEADER: usize = 60;
/// What is said of each part.
const PART: usize = 28;
/// How many prefixes a part takes.
const PER_PART: usize = 1 << 20;
/// The longest segment that the crate makes.
const LONGEST_SEGMENT: u32 = 1 << 18;

/// The most bytes that a filter has: of ten million digests of the widest kind, with room for parts that do not divide evenly.
pub const MAX_FILTER: usize = 16 << 20;

/// A filter that is being made.
pub struct FilterBuilder {
    sha256: DocumentHash,
    form: ListForm,
    salt: u64,
    taken: u64,
    /// The prefixes of the part under way, each once, ascending, as they stand in the list.
    prefixes: Vec<u64>,
    parts: Vec<[u8; PART]>,
    fences: Vec<u8>,
    fingerprints: Vec<u8>,
}

impl FilterBuilder {
    /// Begins the filter of a list.
    pub fn new(sha256: DocumentHash, form: ListForm) -> Self {
        let salt = prefix(sha256.as_bytes());
        let (prefixes, parts, fences, fingerprints) = Default::default();
        Self { sha256, form, salt, taken: 0, prefixes, parts, fences, fingerprints }
    }

    /// Takes the next digest of the list.
    pub fn take(&mut self, digest: &[u8]) {
        let prefix = prefix(digest);
        if self.prefixes.last() != Some(&prefix) {
            if self.prefixes.len() == PER_PART {
                self.end_part();
            }
            self.prefixes.push(prefix);
        }
        let begins = self.taken * self.form.width() as u64;
        if begins / BLOCK as u64 == (self.fences.len() / 8) as u64 {
            self.fences.extend_from_slice(&prefix.to_be_bytes());
        }
        self.taken += 1;
    }

    fn end_part(&mut self) {
        let first = self.prefixes.first().copied().unwrap_or(0);
        for prefix in &mut self.prefixes {
            *prefix ^= self.salt;
        }
        let mut part = [0; PART];
        let made = BinaryFuse8::try_from(&self.prefixes).ok();
        // Without one the rest stays zero: no segments, no fingerprints.
        let described = made.map(|filter| {
            let descriptor = filter.descriptor.clone();
            self.fingerprints.extend_from_slice(filter.dma_fingerprints());
            (descriptor, u32::try_from(filter.fingerprints.len()).unwrap_or(u32::MAX))
        });
        let (seed, segment, segments, length) =
            described.map_or((0, 0, 0, 0), |(d, length)| (d.seed, d.segment_length, d.segment_count_length, length));
        let fields = [
            &first.to_be_bytes()[..],
            &seed.to_be_bytes(),
            &segment.to_be_bytes(),
            &segments.to_be_bytes(),
            &length.to_be_bytes(),
        ];
        part.copy_from_slice(&fields.concat());
        self.parts.push(part);
        self.prefixes.clear();
    }

    /// The file of the filter.
    pub fn into_bytes(mut self) -> Vec<u8> {
        if !self.prefixes.is_empty() {
            self.end_part();
        }
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_be_bytes();
        let length = HEADER + self.parts.len() * PART + self.fences.len() + self.fingerprints.len() + 32;
        let mut bytes = Vec::with_capacity(length);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(self.sha256.as_bytes());
        bytes.extend_from_slice(&self.form.count().to_be_bytes());
        bytes.extend_from_slice(&count(self.form.width()));
        bytes.extend_from_slice(&count(self.parts.len()));
        bytes.extend_from_slice(&count(self.fences.len() / 8));
        bytes.extend(self.parts.iter().flatten());
        bytes.append(&mut self.fences);
        bytes.append(&mut self.fingerprints);
        let digest = Sha256::digest(&bytes);
        bytes.extend_from_slice(&digest);
        bytes
    }
}

/// Why bytes are not the filter of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FilterFault {
    /// Its first bytes are others.
    #[error("it is no filter of this version")]
    Version,
    /// Cut short, changed on the way, or with numbers that do not agree.
    #[error("the filter is damaged")]
    Damaged,
    /// It is the filter of another list than the one that was asked for.
    #[error("it is the filter of another list")]
    OtherList,
}

/// The filter of a list, whole in memory.
#[derive(Clone)]
pub struct Filter {
    sha256: DocumentHash,
    count: u64,
    width: usize,
    salt: u64,
    parts: Vec<Part>,
    fences: Vec<u64>,
    bytes: Vec<u8>,
}

#[derive(Clone)]
struct Part {
    first: u64,
    /// As the crate reads it.
    descriptor: [u8; BinaryFuse8::DESCRIPTOR_LEN],
    /// Where its fingerprints stand; empty when it rules nothing out.
    from: usize,
    to: usize,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// [`FilterFault`].
    pub fn parse(bytes: Vec<u8>) -> Result<Self, FilterFault> {
        if bytes.get(..8) != Some(MAGIC) {
            return Err(FilterFault::Version);
        }
        let body = whole(&bytes).ok_or(FilterFault::Damaged)?;
        let (read, end) = Self::read(body).ok_or(FilterFault::Damaged)?;
        if end == body.len() { Ok(Self { bytes, ..read }) } else { Err(FilterFault::Damaged) }
    }

    /// Reads the filter of this list.
    ///
    /// # Errors
    /// [`FilterFault`].
    pub fn parse_of(bytes: Vec<u8>, sha256: DocumentHash, form: ListForm) -> Result<Self, FilterFault> {
        let filter = Self::parse(bytes)?;
        let same = filter.sha256 == sha256 && filter.count == form.count() && filter.width == form.width();
        if same { Ok(filter) } else { Err(FilterFault::OtherList) }
    }

    /// Reads everything but the fingerprints, and says where these end.
    fn read(body: &[u8]) -> Option<(Self, usize)> {
        let rest = body.strip_prefix(MAGIC)?;
        let (sha256, rest) = rest.split_first_chunk::<32>()?;
        let (count, rest) = rest.split_first_chunk::<8>()?;
        let count = u64::from_be_bytes(*count);
        let (width, rest) = number(rest)?;
        let (parts, rest) = number(rest)?;
        let (fences, rest) = number(rest)?;
        let blocks = count.checked_mul(width as u64)?.div_ceil(BLOCK as u64);
        if count > MAX_COUNT || !matches!(width, 16 | 20 | 32 | 64) || fences as u64 != blocks {
            return None;
        }
        let (table, rest) = rest.split_at_checked(parts.checked_mul(PART)?)?;
        let (fence_bytes, _) = rest.split_at_checked(fences.checked_mul(8)?)?;
        let fences: Vec<u64> = fence_bytes.as_chunks::<8>().0.iter().map(|bytes| u64::from_be_bytes(*bytes)).collect();
        let mut at = HEADER + table.len() + fence_bytes.len();
        let mut parts = Vec::with_capacity(parts);
        for said in table.as_chunks::<PART>().0 {
            let part = Part::read(said, at, body.len())?;
            at = part.to;
            parts.push(part);
        }
        let sorted = parts.is_sorted_by(|a, b| a.first < b.first) && fences.is_sorted();
        let sha256 = DocumentHash::from_bytes(*sha256);
        let salt = prefix(sha256.as_bytes());
        sorted.then_some((Self { sha256, count, width, salt, parts, fences, bytes: Vec::new() }, at))
    }

    /// Which list it is the filter of.
    pub fn sha256(&self) -> &DocumentHash {
        &self.sha256
    }

    /// How many digests the list has.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether the list may hold `digest`: false is certain, as far as the filter is that of the list.
    pub fn may_contain(&self, digest: &[u8]) -> bool {
        if digest.len() != self.width {
            return false;
        }
        let prefix = prefix(digest);
        let Some(part) = self.parts.partition_point(|part| part.first <= prefix).checked_sub(1) else { return false };
        let Some(part) = self.parts.get(part) else { return false };
        match self.bytes.get(part.from..part.to) {
            Some([]) => true,
            Some(fingerprints) => BinaryFuse8Ref::from_dma(&part.descriptor, fingerprints).contains(&(prefix ^ self.salt)),
            None => false,
        }
    }

    /// The blocks in which `digest` stands if the list holds it: nearly always one, two where it begins as the first of a block does, or
    /// where digests may lie across the end of a block. `None` for a digest below the first of the list, or of another width.
    pub fn blocks_for(&self, digest: &[u8]) -> Option<RangeInclusive<u64>> {
        if digest.len() != self.width {
            return None;
        }
        let prefix = prefix(digest);
        let last = self.fences.partition_point(|fence| *fence <= prefix).checked_sub(1)?;
        let first = self.fences.partition_point(|fence| *fence < prefix).saturating_sub(1);
        let across = !BLOCK.is_multiple_of(self.width) && last + 1 < self.fences.len();
        Some(first as u64..=(last + usize::from(across)) as u64)
    }
}

/// Without its fingerprints.
impl std::fmt::Debug for Filter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Filter").field("sha256", &self.sha256).field("count", &self.count).finish_non_exhaustive()
    }
}

impl Part {
    /// Reads what is said of a part whose fingerprints stand at `at`; `None` when they would not fit, or a look-up would leave them.
    fn read(said: &[u8; PART], at: usize, end: usize) -> Option<Self> {
        let (first, rest) = said.split_first_chunk::<8>()?;
        let (seed, rest) = rest.split_first_chunk::<8>()?;
        let (segment, rest) = rest.split_first_chunk::<4>()?;
        let (segments, rest) = rest.split_first_chunk::<4>()?;
        let (length, _) = number(rest)?;
        let (seed, segment, segments) =
            (u64::from_be_bytes(*seed), u32::from_be_bytes(*segment), u32::from_be_bytes(*segments));
        let to = at.checked_add(length).filter(|to| *to <= end)?;
        let rules_nothing_out = (seed, segment, segments, length) == (0, 0, 0, 0);
        let fits = segment.is_power_of_two()
            && segment <= LONGEST_SEGMENT
            && segments >= segment
            && segments.is_multiple_of(segment)
            && u64::from(segments) + 2 * u64::from(segment) == length as u64;
        if !rules_nothing_out && !fits {
            return None;
        }
        let mask = segment.saturating_sub(1);
        let fields = [&seed.to_le_bytes()[..], &segment.to_le_bytes(), &mask.to_le_bytes(), &segments.to_le_bytes()];
        let descriptor = fields.concat().try_into().ok()?;
        Some(Self { first: u64::from_be_bytes(*first), descriptor, from: at, to })
    }
}

/// Everything before the hash at the end, when it is that of the rest.
fn whole(bytes: &[u8]) -> Option<&[u8]> {
    let (body, digest) = bytes.split_last_chunk::<32>()?;
    (<[u8; 32]>::from(Sha256::digest(body)) == *digest).then_some(body)
}

fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    Some((usize::try_from(u32::from_be_bytes(*number)).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::notice::DigestAlgorithm;

    fn made(digests: &[Vec<u8>], algorithm: DigestAlgorithm) -> Vec<u8> {
        let name = DocumentHash::of(&digests.concat());
        let mut filter = FilterBuilder::new(name, ListForm::new(algorithm, digests.len() as u64));
        for digest in digests {
            filter.take(digest);
        }
        filter.into_bytes()
    }

    /// Digests as hash functions make them, ascending.
    fn hashed(numbers: std::ops::Range<u32>) -> Vec<Vec<u8>> {
        let mut digests: Vec<_> = numbers.map(|n| Sha256::digest(n.to_be_bytes()).to_vec()).collect();
        digests.sort();
        digests
    }

    #[test]
    fn no_digest_of_the_list_is_ruled_out_and_fewer_than_one_in_250_others_are_not() {
        let digests = hashed(0..300_000);
        let bytes = made(&digests, DigestAlgorithm::Sha256);
        assert!(bytes.len() * 10 <= digests.len() * 12, "{} bytes for {} digests", bytes.len(), digests.len());
        let filter = Filter::parse(bytes).expect("a filter");
        assert!(digests.iter().all(|digest| filter.may_contain(digest)));
        let taken = (1_000_000..2_000_000_u32).filter(|n| filter.may_contain(&Sha256::digest(n.to_be_bytes()))).count();
        assert!(taken < 4_000, "{taken} of 1,000,000");
        assert!(!filter.may_contain(&digests[0][..20]), "another width");
    }

    #[test]
    fn a_filter_of_several_parts_holds_the_digests_on_both_sides_of_each_seam() {
        // Sixteen bytes, half of them a number: made without hashing a million times.
        let digests: Vec<Vec<u8>> = (0..PER_PART as u64 + 5_000).map(|n| [(n << 20).to_be_bytes(), [9; 8]].concat()).collect();
        let filter = Filter::parse(made(&digests, DigestAlgorithm::Md5)).expect("a filter");
        assert_eq!(filter.parts.len(), 2);
        assert!(digests.iter().all(|digest| filter.may_contain(digest)));
    }

    #[test]
    fn digests_with_equal_beginnings_make_a_filter_too() {
        let digests: Vec<Vec<u8>> = (0..5_000_u64).map(|n| [(n / 1_000).to_be_bytes(), n.to_be_bytes()].concat()).collect();
        let filter = Filter::parse(made(&digests, DigestAlgorithm::Md5)).expect("a filter");
        assert!(digests.iter().all(|digest| filter.may_contain(digest)));
        assert!(
            digests.iter().zip(0_u64..).all(|(digest, n)| filter.blocks_for(digest).expect("there").contains(&(n / 4_096)))
        );
    }

    #[test]
    fn the_fences_name_the_block_of_every_digest() {
        for (algorithm, width) in [(DigestAlgorithm::Sha256, 32), (DigestAlgorithm::Sha1, 20)] {
            let digests: Vec<Vec<u8>> = hashed(0..20_000).into_iter().map(|digest| digest[..width].to_vec()).collect();
            let filter = Filter::parse(made(&digests, algorithm)).expect("a filter");
            let mut wide = 0;
            for (number, digest) in digests.iter().enumerate() {
                let blocks = filter.blocks_for(digest).expect("there");
                let (first, last) = ((number * width / BLOCK) as u64, ((number * width + width - 1) / BLOCK) as u64);
                assert!(blocks.contains(&first) && blocks.contains(&last), "{number}: {blocks:?}");
                wide += usize::from(blocks.end() - blocks.start() > 0);
            }
            assert!(width == 20 || wide <= filter.fences.len(), "one range of one block is enough");
            assert_eq!(filter.blocks_for(&vec![0; width]), None);
        }
    }

    #[test]
    fn equal_lists_have_equal_filters_and_a_changed_byte_is_seen() {
        let digests = hashed(0..500);
        let bytes = made(&digests, DigestAlgorithm::Sha256);
        assert_eq!(bytes, made(&digests, DigestAlgorithm::Sha256));
        // So that nobody changes the format without meaning to.
        let name = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
        assert_eq!((bytes.len(), &name[..16]), (896, "24a06c223bb9f4f6"));
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert!(Filter::parse(changed).is_err(), "{place}");
        }
        let form = ListForm::new(DigestAlgorithm::Sha256, 500);
        let name = DocumentHash::of(&digests.concat());
        assert!(Filter::parse_of(bytes.clone(), name, form).is_ok());
        let other = Filter::parse_of(bytes, DocumentHash::of(b"other"), form).map(|_| ());
        assert_eq!(other, Err(FilterFault::OtherList));
    }

    /// Gives bytes the hash that they should end in, so that what is read behind it is reached.
    fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
        let digest = Sha256::digest(&bytes);
        bytes.extend_from_slice(&digest);
        bytes
    }

    proptest! {
        #[test]
        fn no_bytes_make_reading_or_asking_panic(
            place in 8_usize..400, value: u8, cut in 0_usize..600, digest in prop::collection::vec(any::<u8>(), 32)
        ) {
            let mut bytes = made(&hashed(0..100), DigestAlgorithm::Sha256);
            bytes.truncate(bytes.len() - 32);
            if let Some(byte) = bytes.get_mut(place) { *byte = value; }
            bytes.truncate(bytes.len().max(cut));
            if let Ok(filter) = Filter::parse(sealed(bytes)) {
                let _ = filter.may_contain(&digest);
                let _ = filter.blocks_for(&digest);
            }
        }

        #[test]
        fn a_small_list_holds_what_it_holds(digests in prop::collection::btree_set(prop::collection::vec(any::<u8>(), 16), 1..60)) {
            let digests: Vec<_> = digests.into_iter().collect();
            let filter = Filter::parse(made(&digests, DigestAlgorithm::Md5)).expect("a filter");
            prop_assert!(digests.iter().all(|digest| filter.may_contain(digest)));
        }
    }
}

//! Reading a filter, strictly, and asking it.

use std::ops::RangeInclusive;

use sha2::{Digest, Sha256};
use xorf::{BinaryFuse8, BinaryFuse8Ref, DmaSerializable, Filter as _, FilterRef};

use super::{HEADER, LONGEST_SEGMENT, MAGIC, PART};
use crate::digests::check::ListForm;
use crate::digests::{BLOCK, MAX_COUNT, prefix};
use crate::notice::DocumentHash;

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
    pub(super) parts: Vec<Part>,
    pub(super) fences: Vec<u64>,
    bytes: Vec<u8>,
}

#[derive(Clone)]
pub(super) struct Part {
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

//! Making a filter, one part at a time.

use sha2::{Digest, Sha256};
use xorf::{BinaryFuse8, DmaSerializable};

use super::{HEADER, MAGIC, PART, PER_PART};
use crate::digests::check::ListForm;
use crate::digests::{BLOCK, prefix};
use crate::notice::DocumentHash;

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

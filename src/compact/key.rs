//! The keys of a look-up table: what may be looked for, each as the beginning of a hash.
//!
//! A short hash may stand for two things. A table then proposes an entry too many, and never one too few; what an entry says is read
//! from the entry.

use sha2::{Digest, Sha256};

use super::{NoticeRow, Row};
use crate::notice::index::FactRole;
use crate::notice::{Did, DigestAlgorithm, LookupKey, PayloadId};

/// What is looked for: 80 bits of a SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; Key::LENGTH]);

impl Key {
    /// Bytes of a key.
    pub const LENGTH: usize = 10;

    fn of(kind: u8, what: &[u8]) -> Self {
        let digest = Sha256::new().chain_update([kind]).chain_update(what).finalize();
        Self(digest.first_chunk().copied().unwrap_or_default())
    }

    pub(super) const fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    pub(super) const fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }

    /// Notices that may name what this key stands for.
    pub fn naming(key: &LookupKey) -> Self {
        Self::of(0, key.as_str().as_bytes())
    }

    /// Notices that may say that what this key stands for was derived from their dataset.
    pub fn deriving(key: &LookupKey) -> Self {
        Self::of(1, key.as_str().as_bytes())
    }

    /// Notices with an edge to this one.
    pub fn pointing_at(id: &PayloadId) -> Self {
        Self::of(2, id.as_bytes())
    }

    /// The entries of this payload.
    pub fn payload(id: &PayloadId) -> Self {
        Self::of(3, id.as_bytes())
    }

    /// The records of this issuer.
    pub fn records_of(did: &Did) -> Self {
        Self::of(4, did.as_str().as_bytes())
    }

    /// Notices that name lists of digests of this algorithm.
    pub fn listing(algorithm: DigestAlgorithm) -> Self {
        Self::of(5, algorithm.as_str().as_bytes())
    }
}

/// Everything that the entry of a row is found by, in ascending order, each once.
pub fn keys_of(row: &Row) -> Vec<Key> {
    let mut keys = match row {
        Row::Nothing => Vec::new(),
        Row::Operator { payload } => vec![Key::payload(payload)],
        Row::Publisher { payload, did } => vec![Key::payload(payload), Key::records_of(did)],
        Row::Notice(notice) => keys_of_notice(notice),
    };
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn keys_of_notice(notice: &NoticeRow) -> Vec<Key> {
    let mut keys = vec![Key::payload(&notice.id)];
    keys.extend(notice.facts.iter().map(|fact| match fact.role {
        FactRole::Derivative => Key::deriving(&fact.key),
        FactRole::Subject | FactRole::Affected | FactRole::Unaffected | FactRole::Name => Key::naming(&fact.key),
    }));
    keys.extend(notice.edges.iter().map(|edge| Key::pointing_at(&edge.notice)));
    keys.extend(notice.lists.iter().map(|list| Key::listing(list.algorithm)));
    keys
}

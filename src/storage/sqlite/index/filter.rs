//! Which keys are held nowhere: a Bloom filter over everything that is looked up one by one.
//!
//! Nine of ten questions are about datasets that no notice names, and nine of ten of their look-ups end here, without a
//! statement. The filter is built once in the background from file and tail; until then, and wherever it is in doubt, it says
//! "maybe". It never says "no" of a key that is held: entries are learned under the same lock under which they become visible.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use arc_swap::ArcSwapOption;
use fastbloom::AtomicBloomFilter;

use super::answered::Answered;
use super::recent::Learned;
use super::schema::{first_eight, key_hash, leaf_hash, text_hash};
use crate::envelope::PayloadType;
use crate::notice::{Did, DigestAlgorithm, LookupKey, PayloadId};
use crate::tlog::Hash;

/// Bits a key: about one false "maybe" in a hundred.
const BITS: u64 = 10;
/// The least number of keys that a filter is made for.
const LEAST: u64 = 1 << 18;

/// What kind of thing a hash stands for, so that the kinds do not answer for each other.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Key,
    Payload,
    Target,
    Leaf,
    /// Algorithms of digest lists.
    Lists,
    /// Issuers with publisher records.
    Records,
}

impl Kind {
    /// The hash with the kind mixed in. The numbers are arbitrary, and odd.
    pub(super) fn mix(self, hash: i64) -> u64 {
        let hash = u64::from_ne_bytes(hash.to_ne_bytes());
        let factor: u64 = match self {
            Self::Key => 0x9e37_79b9_7f4a_7c15,
            Self::Payload => 0xbf58_476d_1ce4_e5b9,
            Self::Target => 0x94d0_49bb_1331_11eb,
            Self::Leaf => 0xd6e8_feb8_6659_fd93,
            Self::Lists => 0xff51_afd7_ed55_8ccd,
            Self::Records => 0xc4ce_b9fe_1a85_ec53,
        };
        hash.wrapping_mul(factor)
    }
}

/// The filter of one index.
#[derive(Debug, Default)]
pub(super) struct Filter {
    /// Answers questions.
    asked: ArcSwapOption<Sieve>,
    /// Learns too, while it is being filled.
    growing: ArcSwapOption<Sieve>,
    /// What was found of keys that are held.
    pub(super) answered: Answered,
}

/// One filter of a fixed capacity.
#[derive(Debug)]
pub(super) struct Sieve {
    bits: AtomicBloomFilter,
    capacity: u64,
    held: AtomicU64,
}

impl Sieve {
    fn with_capacity(capacity: u64) -> Self {
        let bits = usize::try_from(capacity.saturating_mul(BITS)).unwrap_or(usize::MAX);
        let expected = usize::try_from(capacity).unwrap_or(usize::MAX);
        let bits = AtomicBloomFilter::with_num_bits(bits).seed(&0).expected_items(expected);
        Self { bits, capacity, held: AtomicU64::new(0) }
    }

    pub(super) fn insert(&self, hash: u64) {
        self.bits.insert_hash(hash);
        self.held.fetch_add(1, Ordering::Relaxed);
    }

    fn learn(&self, learned: &Learned) {
        self.insert(Kind::Payload.mix(first_eight(learned.payload_id.as_bytes())));
        self.insert(Kind::Leaf.mix(leaf_hash(&learned.leaf)));
        if learned.kind == PayloadType::Publisher {
            self.insert(Kind::Records.mix(text_hash(learned.issuer.as_str())));
        }
        let Some(rows) = learned.notice() else { return };
        for (_, algorithm, _) in &rows.lists {
            self.insert(Kind::Lists.mix(algorithm_hash(*algorithm)));
        }
        for key in &learned.keys {
            self.insert(Kind::Key.mix(*key));
        }
        for target in &rows.priors {
            self.insert(Kind::Target.mix(first_eight(target.as_bytes())));
        }
    }
}

impl Filter {
    /// Learns an entry; called with the tail locked for writing.
    pub(super) fn learn(&self, learned: &Learned) {
        self.answered.learn(learned);
        for sieve in [self.asked.load(), self.growing.load()].iter().filter_map(|sieve| sieve.as_ref()) {
            sieve.learn(learned);
        }
    }

    /// Begins a new one for `keys` keys that are there and as many to come. The caller fills it from the tail and then from the
    /// file, and calls [`Filter::finish`].
    pub(super) fn begin(&self, keys: u64) -> Arc<Sieve> {
        let sieve = Arc::new(Sieve::with_capacity(keys.saturating_mul(2).max(LEAST)));
        self.growing.store(Some(sieve.clone()));
        sieve
    }

    /// The new one answers from now on, unless the tail lost its thread meanwhile.
    pub(super) fn finish(&self, filled: &Arc<Sieve>) {
        let growing = self.growing.swap(None);
        if growing.is_some_and(|growing| Arc::ptr_eq(&growing, filled)) {
            self.asked.store(Some(filled.clone()));
        }
    }

    /// Entries came into the file by another way: nothing that was learned is the whole any more.
    pub(super) fn forget(&self) {
        self.asked.store(None);
        self.growing.store(None);
        self.answered.clear();
    }

    /// Whether it must be made anew: there is none, or it holds more than it was made for.
    pub(super) fn wants_more(&self) -> bool {
        self.asked.load().as_ref().is_none_or(|sieve| sieve.held.load(Ordering::Relaxed) > sieve.capacity)
    }

    pub(super) fn may_hold_key(&self, key: &LookupKey) -> bool {
        self.may_hold(|| Kind::Key.mix(key_hash(key)))
    }

    pub(super) fn may_hold_payload(&self, id: &PayloadId) -> bool {
        self.may_hold(|| Kind::Payload.mix(first_eight(id.as_bytes())))
    }

    pub(super) fn may_hold_target(&self, id: &PayloadId) -> bool {
        self.may_hold(|| Kind::Target.mix(first_eight(id.as_bytes())))
    }

    pub(super) fn may_hold_records(&self, did: &Did) -> bool {
        self.may_hold(|| Kind::Records.mix(text_hash(did.as_str())))
    }

    pub(super) fn may_hold_lists(&self, algorithm: DigestAlgorithm) -> bool {
        self.may_hold(|| Kind::Lists.mix(algorithm_hash(algorithm)))
    }

    pub(super) fn may_hold_leaf(&self, leaf: &Hash) -> bool {
        self.may_hold(|| Kind::Leaf.mix(leaf_hash(leaf)))
    }

    fn may_hold(&self, hash: impl FnOnce() -> u64) -> bool {
        self.asked.load().as_ref().is_none_or(|sieve| sieve.bits.contains_hash(hash()))
    }
}

/// The hash of an algorithm's name: there are few, and every question about a digest asks for two.
fn algorithm_hash(algorithm: DigestAlgorithm) -> i64 {
    static HASHES: LazyLock<Vec<(DigestAlgorithm, i64)>> =
        LazyLock::new(|| DigestAlgorithm::ALL.iter().map(|algorithm| (*algorithm, text_hash(algorithm.as_str()))).collect());
    HASHES.iter().find(|(of, _)| *of == algorithm).map_or(0, |(_, hash)| *hash)
}

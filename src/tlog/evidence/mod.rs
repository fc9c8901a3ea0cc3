//! What convicts a log before anybody who has its key: two things that it signed and that cannot both be true
//! (protocol, section 8, "Evidence").
//!
//! A log promises to append only. It broke that promise when its signatures bind it to two roots of its first n entries. Either
//! it signed both outright, or it signed one of them and, later, a larger tree that begins with other entries. The second kind
//! needs no list of entries: the consistency proof that a witness asks for leads from another root at the earlier size to the
//! later signed root, and so shows with at most 63 hashes what the later tree begins with.
//!
//! | file | is |
//! |---|---|
//! | `mod` | the two kinds, and checking them |
//! | `document` | the JSON document that servers show evidence in, as it is read |
//!
//! Out of scope: how evidence is found and kept.

mod document;

pub use document::{EvidenceDocument, EvidenceDocumentError, MAX_EVIDENCE_DOCUMENT};

use super::hash::Hash;
use super::key::{KeyName, VerifierKey};
use super::proof::{ProofError, Prover};
use super::signed_checkpoint::{SignedCheckpoint, SignedCheckpointError};
use super::source::TileSource;
use super::verify::{ProofFault, verify_consistency};

/// Something that a log signed twice. It convicts nobody before [`Evidence::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Two signed checkpoints of one size with unequal roots.
    TwoRoots {
        /// The log.
        origin: KeyName,
        /// One signed note.
        first: Vec<u8>,
        /// The other.
        second: Vec<u8>,
    },
    /// Two signed checkpoints, and the proof that the later tree does not begin with the earlier one.
    LeafContradiction {
        /// The log.
        origin: KeyName,
        /// The earlier signed note.
        earlier: Vec<u8>,
        /// The later one.
        later: Vec<u8>,
        /// What the later tree has as its root at the earlier size.
        root: Hash,
        /// The consistency proof that leads from `root` to the later signed root, at most 63 hashes.
        proof: Vec<Hash>,
    },
}

/// What evidence shows: the signatures of a log bind it to two roots of its first `size` entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwoHistories {
    /// How many entries.
    pub size: u64,
    /// The two roots.
    pub roots: [Hash; 2],
}

/// Why something convicts nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// One of its notes is no checkpoint that this log signed.
    #[error("a checkpoint in it is not one that this log signed: {0}")]
    Checkpoint(#[from] SignedCheckpointError),
    /// It is about another log.
    #[error("it is about {found}, and the key is that of {expected}")]
    OtherLog {
        /// Whose key it was checked with.
        expected: KeyName,
        /// Whom it is about.
        found: KeyName,
    },
    /// The checkpoints are of two sizes, and nothing says how they belong together.
    #[error("the checkpoints are of two sizes, {0} and {1}")]
    TwoSizes(u64, u64),
    /// The roots are the same.
    #[error("both say the same root at size {0}")]
    SameRoot(u64),
    /// The proof does not lead to the later signed root.
    #[error("the later checkpoint is not shown to contradict the earlier one: {0}")]
    Proof(#[from] ProofFault),
}

impl Evidence {
    /// Whom it is about.
    pub fn origin(&self) -> &KeyName {
        match self {
            Self::TwoRoots { origin, .. } | Self::LeafContradiction { origin, .. } => origin,
        }
    }

    /// A stable word for what kind it is.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::TwoRoots { .. } => "two-roots",
            Self::LeafContradiction { .. } => "leaf-contradiction",
        }
    }

    /// Two checkpoints that this log signed, held against each other; `None` when they do not contradict each other at first
    /// sight, because they are of two sizes.
    pub fn of_one_size(first: &SignedCheckpoint, second: &SignedCheckpoint) -> Option<Self> {
        let (one, other) = (first.checkpoint(), second.checkpoint());
        let same_log = first.log_key() == second.log_key();
        let contradict = same_log && one.size() == other.size() && one.root() != other.root();
        let notes = || (first.bytes().to_vec(), second.bytes().to_vec());
        contradict.then(notes).map(|(first_note, second_note)| Self::TwoRoots {
            origin: first.origin().clone(),
            first: first_note,
            second: second_note,
        })
    }

    /// The same for checkpoints of two sizes, where `tiles` are those of the later tree: `None` when it begins with the earlier one.
    ///
    /// # Errors
    /// [`ProofError`] when a tile is missing, or `later` is the smaller one.
    pub fn of_two_sizes<S: TileSource>(
        earlier: &SignedCheckpoint,
        later: &SignedCheckpoint,
        tiles: &S,
    ) -> Result<Option<Self>, ProofError<S::Error>> {
        let (old, new) = (earlier.checkpoint().size(), later.checkpoint().size());
        let root = Prover::new(old, tiles)?.root()?;
        if root == *earlier.checkpoint().root() {
            return Ok(None);
        }
        let proof = Prover::new(new, tiles)?.consistency(old)?;
        let origin = later.origin().clone();
        let (earlier, later) = (earlier.bytes().to_vec(), later.bytes().to_vec());
        Ok(Some(Self::LeafContradiction { origin, earlier, later, root, proof }))
    }

    /// Checks it with nothing but the log's key.
    ///
    /// # Errors
    /// [`EvidenceError`] says why it convicts nobody.
    pub fn verify(&self, log: &VerifierKey) -> Result<TwoHistories, EvidenceError> {
        if self.origin() != log.name() {
            return Err(EvidenceError::OtherLog { expected: log.name().clone(), found: self.origin().clone() });
        }
        let signed = |note: &[u8]| SignedCheckpoint::parse_and_verify(note, log);
        match self {
            Self::TwoRoots { first, second, .. } => {
                let (first, second) = (signed(first)?, signed(second)?);
                let (one, other) = (first.checkpoint(), second.checkpoint());
                if one.size() != other.size() {
                    return Err(EvidenceError::TwoSizes(one.size(), other.size()));
                }
                Self::unequal(one.size(), *one.root(), *other.root())
            }
            Self::LeafContradiction { earlier, later, root, proof, .. } => {
                let (earlier, later) = (signed(earlier)?, signed(later)?);
                let (earlier, later) = (earlier.checkpoint(), later.checkpoint());
                verify_consistency(earlier.size(), root, later.size(), later.root(), proof)?;
                Self::unequal(earlier.size(), *earlier.root(), *root)
            }
        }
    }

    fn unequal(size: u64, one: Hash, other: Hash) -> Result<TwoHistories, EvidenceError> {
        if one == other { Err(EvidenceError::SameRoot(size)) } else { Ok(TwoHistories { size, roots: [one, other] }) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::checkpoint::Checkpoint;
    use super::super::source::MemoryTiles;
    use super::super::tree::Frontier;
    use super::*;
    use crate::envelope::SecretKey;

    fn origin() -> KeyName {
        KeyName::parse("ledger.example/log").unwrap()
    }

    fn log() -> (SecretKey, VerifierKey) {
        let key = SecretKey::from_seed([1; 32]);
        let verifier = VerifierKey::log_key(origin(), key.public());
        (key, verifier)
    }

    /// A tree of so many entries, those from `fork` on of another history: its tiles, and its checkpoint under the log's key.
    fn tree(size: u64, fork: u64) -> (MemoryTiles, SignedCheckpoint) {
        let mut frontier = Frontier::empty();
        for n in 0..size {
            let face = if n < fork { "one" } else { "other" };
            frontier.append(Hash::leaf(format!("{face} {n}").as_bytes()));
        }
        let root = frontier.root();
        let mut tiles = MemoryTiles::default();
        tiles.store(frontier.take_changed());
        (tiles, SignedCheckpoint::sign(&log().0, &Checkpoint::new(&origin(), size, root)).unwrap())
    }

    const HONEST: u64 = u64::MAX;

    #[test]
    fn two_signed_roots_of_one_size_convict_a_log() {
        let [one, other] = [tree(5, HONEST).1, tree(5, 3).1];
        let evidence = Evidence::of_one_size(&one, &other).unwrap();
        let shown = evidence.verify(&log().1).unwrap();
        assert_eq!(shown, TwoHistories { size: 5, roots: [*one.checkpoint().root(), *other.checkpoint().root()] });
        assert_eq!(Evidence::of_one_size(&one, &one), None);
        assert_eq!(Evidence::of_one_size(&one, &tree(6, 3).1), None);
    }

    #[test]
    fn a_later_tree_that_begins_with_other_entries_convicts_a_log() {
        for (old, new, fork) in [(1, 2, 0), (3, 7, 2), (4, 9, 3), (256, 300, 255), (300, 70_000, 0), (513, 1_024, 511)] {
            let (earlier, (tiles, later)) = (tree(old, HONEST).1, tree(new, fork));
            let evidence = Evidence::of_two_sizes(&earlier, &later, &tiles).unwrap().unwrap();
            let shown = evidence.verify(&log().1).unwrap();
            assert_eq!((shown.size, shown.roots[0]), (old, *earlier.checkpoint().root()), "{old} of {new}");
        }
    }

    #[test]
    fn a_log_that_only_grew_is_never_convicted() {
        for (old, new) in [(0, 3), (1, 2), (3, 3), (7, 300), (256, 257)] {
            let (earlier, (tiles, later)) = (tree(old, HONEST).1, tree(new, HONEST));
            assert_eq!(Evidence::of_two_sizes(&earlier, &later, &tiles).unwrap(), None);
            // The same claim made by hand.
            let root = *earlier.checkpoint().root();
            let proof = Prover::new(new, &tiles).unwrap().consistency(old).unwrap();
            let (earlier, later) = (earlier.bytes().to_vec(), later.bytes().to_vec());
            let claim = Evidence::LeafContradiction { origin: origin(), earlier, later, root, proof };
            assert_eq!(claim.verify(&log().1), Err(EvidenceError::SameRoot(old)));
        }
    }

    #[test]
    fn nobody_else_can_convict_a_log() {
        let [one, other] = [tree(5, HONEST).1, tree(5, 3).1];
        let evidence = Evidence::of_one_size(&one, &other).unwrap();
        let stranger = SecretKey::from_seed([9; 32]);
        let key = VerifierKey::log_key(origin(), stranger.public());
        assert!(matches!(evidence.verify(&key), Err(EvidenceError::Checkpoint(_))));
        let elsewhere = VerifierKey::log_key(KeyName::parse("other.example/log").unwrap(), log().0.public());
        assert!(matches!(evidence.verify(&elsewhere), Err(EvidenceError::OtherLog { .. })));
        let forged = SignedCheckpoint::sign(&stranger, other.checkpoint()).unwrap().bytes().to_vec();
        let made_up = Evidence::TwoRoots { origin: origin(), first: one.bytes().to_vec(), second: forged };
        assert!(matches!(made_up.verify(&log().1), Err(EvidenceError::Checkpoint(_))));
        let sizes =
            Evidence::TwoRoots { origin: origin(), first: one.bytes().to_vec(), second: tree(6, HONEST).1.bytes().to_vec() };
        assert_eq!(sizes.verify(&log().1), Err(EvidenceError::TwoSizes(5, 6)));
    }

    proptest! {
        #[test]
        fn whatever_a_log_rewrites_is_shown_and_one_flipped_bit_shows_nothing(
            old in 1_u64..600,
            more in 1_u64..600,
            fork: prop::sample::Index,
            bit: prop::sample::Index,
        ) {
            let fork = fork.index(usize::try_from(old).unwrap()) as u64;
            let (earlier, (tiles, later)) = (tree(old, HONEST).1, tree(old + more, fork));
            let evidence = Evidence::of_two_sizes(&earlier, &later, &tiles).unwrap().unwrap();
            prop_assert_eq!(evidence.verify(&log().1).map(|shown| shown.size), Ok(old));
            let Evidence::LeafContradiction { origin, earlier, later, root, proof } = evidence else { panic!("another kind") };
            let mut bytes = Hash::join_tile(&[vec![root], proof].concat());
            let bit = bit.index(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            let mut hashes = Hash::split_tile(&bytes).unwrap();
            let proof = hashes.split_off(1);
            let spoilt = Evidence::LeafContradiction { origin, earlier, later, root: hashes[0], proof };
            prop_assert!(spoilt.verify(&log().1).is_err());
        }
    }
}

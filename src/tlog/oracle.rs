//! A second implementation of RFC 6962, written by others (the crate `ct-merkle`), and what both must agree about.
//!
//! [`reference`](super::reference) was written from the same text by the same people, so it may share their misreadings. Here
//! somebody else's tree takes the same entries: the roots must be equal, the proofs equal byte for byte, theirs must verify under
//! our verifier and ours under theirs, and whatever is done to a proof must have the same effect on both.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use proptest::prelude::*;
use proptest::sample::Index;
use sha2::Sha256;

use super::reference::{entry, leaves};
use super::source::MemoryTiles;
use super::tree::Frontier;
use super::{Hash, Prover, consistency_proof, inclusion_proof, root, verify_consistency, verify_inclusion};

type Theirs = MemoryBackedTree<Sha256, Vec<u8>>;

fn theirs(size: u64) -> Theirs {
    let mut tree = Theirs::new();
    for index in 0..size {
        tree.push(entry(index));
    }
    tree
}

fn ours(size: u64) -> MemoryTiles {
    let mut frontier = Frontier::empty();
    for leaf in leaves(size) {
        frontier.append(leaf);
    }
    let mut tiles = MemoryTiles::default();
    tiles.store(frontier.take_changed());
    tiles
}

/// A root of ours as one of theirs.
fn as_theirs(root: &Hash, size: u64) -> RootHash<Sha256> {
    RootHash::new((*root.as_bytes()).into(), size)
}

/// Their verdict on an inclusion proof.
fn they_include(entry: &Vec<u8>, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    let proof = InclusionProof::try_from_bytes(Hash::join_tile(proof)).expect("whole hashes");
    as_theirs(root, size).verify_inclusion(entry, index, &proof).is_ok()
}

/// Their verdict on a consistency proof.
fn they_extend(old: u64, old_root: &Hash, new: u64, new_root: &Hash, proof: &[Hash]) -> bool {
    let proof = ConsistencyProof::try_from_bytes(Hash::join_tile(proof)).expect("whole hashes");
    as_theirs(new_root, new).verify_consistency(&as_theirs(old_root, old), &proof).is_ok()
}

/// Sizes where trees change their shape: beside powers of two and multiples of a tile, and anywhere between.
fn sizes() -> impl Strategy<Value = u64> {
    let beside = |middle: u64, offset: u64| (middle + offset).saturating_sub(2).max(1);
    prop_oneof![
        (0_u32..=11, 0_u64..=4).prop_map(move |(power, offset)| beside(1 << power, offset)),
        (1_u64..=8, 0_u64..=4).prop_map(move |(tiles, offset)| beside(256 * tiles, offset)),
        1_u64..=2_100,
    ]
}

/// What is done to a proof.
#[derive(Debug, Clone)]
enum Damage {
    FlipABit(Index),
    LoseAHash(Index),
    RepeatAHash(Index),
    SwapTwo(Index, Index),
    AddAHash,
}

fn damage() -> impl Strategy<Value = Damage> {
    let index = any::<Index>;
    prop_oneof![
        index().prop_map(Damage::FlipABit),
        index().prop_map(Damage::LoseAHash),
        index().prop_map(Damage::RepeatAHash),
        (index(), index()).prop_map(|(one, other)| Damage::SwapTwo(one, other)),
        Just(Damage::AddAHash),
    ]
}

impl Damage {
    /// The damaged proof; `None` where the damage changes nothing.
    fn done_to(&self, proof: &[Hash]) -> Option<Vec<Hash>> {
        let mut damaged = proof.to_vec();
        match self {
            Self::AddAHash => damaged.push(Hash::EMPTY),
            _ if proof.is_empty() => return None,
            Self::FlipABit(bit) => {
                let mut bytes = Hash::join_tile(&damaged);
                let bit = bit.index(bytes.len() * 8);
                bytes[bit / 8] ^= 1 << (bit % 8);
                damaged = Hash::split_tile(&bytes)?;
            }
            Self::LoseAHash(which) => drop(damaged.remove(which.index(proof.len()))),
            Self::RepeatAHash(which) => {
                let which = which.index(proof.len());
                damaged.insert(which, proof[which]);
            }
            Self::SwapTwo(one, other) => damaged.swap(one.index(proof.len()), other.index(proof.len())),
        }
        (damaged != proof).then_some(damaged)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn two_implementations_make_the_same_roots_and_proofs_and_take_each_others(
        size in sizes(),
        index: Index,
        old: Index,
        damage in damage(),
        elsewhere in sizes(),
    ) {
        let (tree, tiles) = (theirs(size), ours(size));
        let own_root = root(size, &tiles).unwrap();
        let their_root = tree.root();
        prop_assert_eq!(own_root.as_bytes().as_slice(), their_root.as_bytes().as_slice());

        let index = index.index(usize::try_from(size).unwrap());
        let (at, said) = (index as u64, entry(index as u64));
        let leaf = Hash::leaf(&said);
        let proof = inclusion_proof(at, size, &tiles).unwrap();
        prop_assert_eq!(Hash::split_tile(tree.prove_inclusion(index).as_bytes()).unwrap(), proof.clone());
        prop_assert!(they_include(&said, at, size, &proof, &own_root));
        prop_assert_eq!(verify_inclusion(&leaf, at, size, &proof, &own_root), Ok(()));
        if let Some(damaged) = damage.done_to(&proof) {
            prop_assert!(verify_inclusion(&leaf, at, size, &damaged, &own_root).is_err());
            prop_assert!(!they_include(&said, at, size, &damaged, &own_root));
        }
        // At another place or in a tree of another size a proof may hold by chance of shape, but then for both.
        let elsewhere = elsewhere - 1;
        prop_assert_eq!(
            verify_inclusion(&leaf, elsewhere, size, &proof, &own_root).is_ok(),
            they_include(&said, elsewhere, size, &proof, &own_root)
        );
        prop_assert_eq!(
            verify_inclusion(&leaf, at, elsewhere, &proof, &own_root).is_ok(),
            they_include(&said, at, elsewhere, &proof, &own_root)
        );

        if size > 1 {
            let old = 1 + old.index(usize::try_from(size - 1).unwrap()) as u64;
            let old_root = root(old, &tiles).unwrap();
            let proof = consistency_proof(old, size, &tiles).unwrap();
            let additions = usize::try_from(size - old).unwrap();
            prop_assert_eq!(Hash::split_tile(tree.prove_consistency(additions).as_bytes()).unwrap(), proof.clone());
            prop_assert!(they_extend(old, &old_root, size, &own_root, &proof));
            prop_assert_eq!(verify_consistency(old, &old_root, size, &own_root, &proof), Ok(()));
            if let Some(damaged) = damage.done_to(&proof) {
                prop_assert!(verify_consistency(old, &old_root, size, &own_root, &damaged).is_err());
                prop_assert!(!they_extend(old, &old_root, size, &own_root, &damaged));
            }
            if elsewhere > 0 && elsewhere != size {
                prop_assert_eq!(
                    verify_consistency(elsewhere, &old_root, size, &own_root, &proof).is_ok(),
                    they_extend(elsewhere, &old_root, size, &own_root, &proof)
                );
            }
        }
    }
}

#[test]
fn two_implementations_agree_at_70000_entries() {
    let (size, tree, tiles) = (70_000, theirs(70_000), ours(70_000));
    let mut prover = Prover::new(size, &tiles).unwrap();
    assert_eq!(prover.root().unwrap().as_bytes().as_slice(), tree.root().as_bytes().as_slice());
    for place in (0..70_000).step_by(997).chain([255, 256, 65_535, 65_536, 69_887, 69_888, 69_999]) {
        let proof = prover.inclusion(place as u64).unwrap();
        assert_eq!(Hash::join_tile(&proof), tree.prove_inclusion(place).as_bytes(), "entry {place}");
    }
    for old in (1..70_000).step_by(997).chain([255, 256, 257, 65_535, 65_536, 65_537, 69_888, 69_999]) {
        let proof = prover.consistency(old as u64).unwrap();
        assert_eq!(Hash::join_tile(&proof), tree.prove_consistency(70_000 - old).as_bytes(), "from {old}");
    }
}

//! Checking proofs (RFC 9162, sections 2.1.3.2 and 2.1.4.2; the proofs are those of RFC 6962).

use super::hash::Hash;

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// The tree has no such entry.
    #[error("a tree of {size} entries has no entry {index}")]
    NoSuchEntry {
        /// The entry.
        index: u64,
        /// Entries in the tree.
        size: u64,
    },
    /// The proof does not lead to the old root.
    #[error("the proof does not lead to the root of the old tree")]
    OldRoot,
    /// The proof does not lead to the root of the (new) tree.
    #[error("the proof does not lead to the root of the tree")]
    Root,
    /// The old tree is larger than the new one.
    #[error("a tree of {new} entries cannot have grown from one of {old}")]
    Shrunk {
        /// Entries in the old tree.
        old: u64,
        /// Entries in the new tree.
        new: u64,
    },
    /// The proof has more hashes than these sizes ask for.
    #[error("the proof is too long")]
    TooLong,
    /// The proof has fewer hashes than these sizes ask for.
    #[error("the proof is too short")]
    TooShort,
}

/// Checks that the entry with leaf hash `leaf` is number `index` of the tree of `size` entries with this `root`.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofFault> {
    if index >= size {
        return Err(ProofFault::NoSuchEntry { index, size });
    }
    let mut walk = Walk { node: index, last: size - 1 };
    let mut hash = *leaf;
    for sibling in proof {
        hash = match walk.step()? {
            Side::Left => Hash::node(sibling, &hash),
            Side::Right => Hash::node(&hash, sibling),
        };
    }
    walk.finish()?;
    if hash == *root { Ok(()) } else { Err(ProofFault::Root) }
}

/// Checks that the tree of `new` entries with `new_root` begins with the tree of `old` entries with `old_root`.
///
/// Equal sizes need an empty proof and equal roots. `old` 0 needs an empty proof and [`Hash::EMPTY`] as `old_root`: the
/// empty tree is the beginning of every tree, so that this says nothing about `new_root` unless `new` is 0 too.
pub fn verify_consistency(old: u64, old_root: &Hash, new: u64, new_root: &Hash, proof: &[Hash]) -> Result<(), ProofFault> {
    if old > new {
        return Err(ProofFault::Shrunk { old, new });
    }
    if old == 0 && *old_root != Hash::EMPTY {
        return Err(ProofFault::OldRoot);
    }
    if old == 0 || old == new {
        return match proof {
            [_, ..] => Err(ProofFault::TooLong),
            [] if old == new && old_root != new_root => Err(ProofFault::Root),
            [] => Ok(()),
        };
    }
    // A complete old tree is a node of the new one, and its root is known: the proof leaves it out.
    let (first, rest) = match proof.split_first() {
        _ if old.is_power_of_two() => (old_root, proof),
        Some(split) => split,
        None => return Err(ProofFault::TooShort),
    };
    let mut walk = Walk { node: old - 1, last: new - 1 };
    walk.climb_while_right();
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in rest {
        match walk.step()? {
            Side::Left => {
                old_hash = Hash::node(sibling, &old_hash);
                new_hash = Hash::node(sibling, &new_hash);
            }
            Side::Right => new_hash = Hash::node(&new_hash, sibling),
        }
    }
    walk.finish()?;
    if old_hash != *old_root {
        return Err(ProofFault::OldRoot);
    }
    if new_hash == *new_root { Ok(()) } else { Err(ProofFault::Root) }
}

/// The way from a node up to the root; `fn` and `sn` in RFC 9162.
struct Walk {
    /// Position of the node in its level.
    node: u64,
    /// Position of the last node of that level.
    last: u64,
}

/// Where the next sibling of a proof stands.
enum Side {
    Left,
    Right,
}

impl Walk {
    /// Goes one proof hash up, and says on which side that hash stands.
    fn step(&mut self) -> Result<Side, ProofFault> {
        if self.last == 0 {
            return Err(ProofFault::TooLong);
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            // The last node of a level that has no sibling there is carried up unchanged until it has one.
            while self.node & 1 == 0 && self.node != 0 {
                self.climb();
            }
            Side::Left
        } else {
            Side::Right
        };
        self.climb();
        Ok(side)
    }

    fn climb_while_right(&mut self) {
        while self.node & 1 == 1 {
            self.climb();
        }
    }

    fn climb(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }

    /// The proof must end exactly at the root.
    fn finish(&self) -> Result<(), ProofFault> {
        if self.last == 0 { Ok(()) } else { Err(ProofFault::TooShort) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::reference::{Naive, consistency, leaves, mth, path};
    use super::*;

    #[test]
    fn proofs_of_the_rfc_verify_up_to_300_and_only_for_their_place() {
        let leaves = leaves(300);
        let mut naive = Naive::new(&leaves);
        for size in 1..=300 {
            let (root, new) = (naive.mth(0..size), size as u64);
            for (index, leaf) in leaves[..size].iter().enumerate() {
                let proof = naive.path(index, 0..size);
                let index = index as u64;
                assert_eq!(verify_inclusion(leaf, index, new, &proof, &root), Ok(()), "{index} of {size}");
                if size < 70 {
                    assert!(verify_inclusion(leaf, index + 1, new, &proof, &root).is_err(), "{index} of {size}");
                }
            }
            for old in 1..=size {
                let (proof, old_root) = (naive.subproof(old, 0..size, true), naive.mth(0..old));
                let old = old as u64;
                assert_eq!(verify_consistency(old, &old_root, new, &root, &proof), Ok(()), "{old} of {size}");
                if old < new && new < 70 {
                    assert_eq!(verify_consistency(old, &old_root, new, &old_root, &proof), Err(ProofFault::Root));
                    assert!(verify_consistency(old, &root, new, &root, &proof).is_err(), "{old} of {size}");
                }
            }
        }
    }

    #[test]
    fn a_proof_longer_or_shorter_than_it_should_be_is_refused() {
        let leaves = leaves(21);
        let root = mth(&leaves);
        for (index, leaf) in leaves.iter().enumerate() {
            let mut proof = path(index, &leaves);
            let last = proof.pop().unwrap();
            let index = index as u64;
            assert_eq!(verify_inclusion(leaf, index, 21, &proof, &root), Err(ProofFault::TooShort));
            proof.extend([last, Hash::EMPTY]);
            assert_eq!(verify_inclusion(leaf, index, 21, &proof, &root), Err(ProofFault::TooLong));
        }
        for old in 1..21 {
            let mut proof = consistency(old, &leaves);
            let old_root = mth(&leaves[..old]);
            let last = proof.pop().unwrap();
            let old = old as u64;
            assert_eq!(verify_consistency(old, &old_root, 21, &root, &proof), Err(ProofFault::TooShort));
            proof.extend([last, Hash::EMPTY]);
            assert_eq!(verify_consistency(old, &old_root, 21, &root, &proof), Err(ProofFault::TooLong));
        }
    }

    #[test]
    fn equal_and_empty_trees_need_no_proof_and_take_none() {
        let (one, two) = (Hash::leaf(b"1"), Hash::leaf(b"2"));
        assert_eq!(verify_consistency(0, &Hash::EMPTY, 5, &one, &[]), Ok(()));
        assert_eq!(verify_consistency(0, &Hash::EMPTY, 0, &Hash::EMPTY, &[]), Ok(()));
        assert_eq!(verify_consistency(0, &Hash::EMPTY, 0, &one, &[]), Err(ProofFault::Root));
        assert_eq!(verify_consistency(0, &one, 5, &one, &[]), Err(ProofFault::OldRoot));
        assert_eq!(verify_consistency(0, &Hash::EMPTY, 5, &one, &[two]), Err(ProofFault::TooLong));
        assert_eq!(verify_consistency(5, &one, 5, &one, &[]), Ok(()));
        assert_eq!(verify_consistency(5, &one, 5, &two, &[]), Err(ProofFault::Root));
        assert_eq!(verify_consistency(5, &one, 5, &one, &[two]), Err(ProofFault::TooLong));
        assert_eq!(verify_consistency(5, &one, 4, &one, &[]), Err(ProofFault::Shrunk { old: 5, new: 4 }));
        assert_eq!(verify_inclusion(&one, 0, 0, &[], &one), Err(ProofFault::NoSuchEntry { index: 0, size: 0 }));
    }

    /// `hashes` with bit `bit` of all its bits turned over.
    fn flipped(hashes: &[Hash], bit: prop::sample::Index) -> Vec<Hash> {
        let mut bytes = Hash::join_tile(hashes);
        let bit = bit.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        Hash::split_tile(&bytes).unwrap()
    }

    proptest! {
        #[test]
        fn a_proof_with_one_flipped_bit_never_verifies(
            size in 2_usize..=600,
            index: prop::sample::Index,
            old: prop::sample::Index,
            bit: prop::sample::Index,
        ) {
            let leaves = leaves(size as u64);
            let (root, new) = (mth(&leaves), size as u64);
            let index = index.index(size);
            let proof = flipped(&path(index, &leaves), bit);
            prop_assert!(verify_inclusion(&leaves[index], index as u64, new, &proof, &root).is_err());
            let old = old.index(size - 1) + 1;
            let proof = flipped(&consistency(old, &leaves), bit);
            prop_assert!(verify_consistency(old as u64, &mth(&leaves[..old]), new, &root, &proof).is_err());
        }

        #[test]
        fn no_numbers_make_the_verifiers_panic(
            a: u64,
            b: u64,
            hashes in vec(any::<[u8; 32]>().prop_map(Hash::from_bytes), 0..70),
        ) {
            prop_assert!(verify_inclusion(&Hash::EMPTY, a, b, &hashes, &Hash::EMPTY).is_err());
            let _ = verify_consistency(a, &Hash::EMPTY, b, &Hash::EMPTY, &hashes);
        }
    }
}

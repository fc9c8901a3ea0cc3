//! Hashes of the tree (RFC 6962, section 2.1).

use std::fmt;

use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest, Sha256};

use crate::strict_json::decode_base64;

/// A hash of the Merkle tree: of a leaf, of an inner node, or of a whole tree. 32 bytes, SHA-256.
///
/// Shown as lowercase hex, the form of entry hashes in URLs; the C2SP texts write base64 ([`Hash::to_base64`]).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Root of the empty tree: SHA-256 of nothing.
    pub const EMPTY: Self = Self([
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4,
        0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
    ]);

    /// Length in bytes.
    pub const LENGTH: usize = 32;

    /// The leaf hash of an entry: SHA-256(0x00 || entry).
    pub fn leaf(entry: &[u8]) -> Self {
        Self(Sha256::new().chain_update([0x00]).chain_update(entry).finalize().into())
    }

    /// The hash of an inner node: SHA-256(0x01 || left || right).
    pub fn node(left: &Self, right: &Self) -> Self {
        Self(Sha256::new().chain_update([0x01]).chain_update(left.0).chain_update(right.0).finalize().into())
    }

    /// The hash made of these 32 bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads exactly 64 lowercase hex digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self(HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()?))
    }

    /// Standard padded base64, 44 characters.
    pub fn to_base64(&self) -> String {
        BASE64.encode(&self.0)
    }

    /// Reads exactly 44 characters of canonical standard base64; `None` for anything else.
    pub fn from_base64(text: &str) -> Option<Self> {
        if text.len() != 44 {
            return None;
        }
        Some(Self(decode_base64(text)?.try_into().ok()?))
    }

    /// Cuts concatenated hashes, the bytes of a tile, into hashes; `None` if the length is not a multiple of 32.
    pub fn split_tile(bytes: &[u8]) -> Option<Vec<Self>> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        rest.is_empty().then(|| hashes.iter().copied().map(Self).collect())
    }

    /// Concatenates hashes into the bytes of a tile.
    pub fn join_tile(hashes: &[Self]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(hashes.len() * 32);
        for hash in hashes {
            bytes.extend_from_slice(&hash.0);
        }
        bytes
    }

    /// The root over complete subtrees that shrink from left to right, given from right to left.
    pub(super) fn of_peaks(right_to_left: impl IntoIterator<Item = Self>) -> Self {
        right_to_left.into_iter().reduce(|right, left| Self::node(&left, &right)).unwrap_or(Self::EMPTY)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_root_of_the_empty_tree_is_the_hash_of_nothing() {
        assert_eq!(Hash::EMPTY.0, <[u8; 32]>::from(Sha256::digest([])));
        assert_eq!(Hash::EMPTY.to_base64(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn a_leaf_and_a_node_of_the_same_bytes_differ() {
        let (left, right) = (Hash::leaf(b"l"), Hash::leaf(b"r"));
        let joined = Hash::join_tile(&[left, right]);
        assert_ne!(Hash::leaf(&joined), Hash::node(&left, &right));
    }

    #[test]
    fn only_canonical_base64_of_32_bytes_is_read() {
        let text = Hash::EMPTY.to_base64();
        assert_eq!(Hash::from_base64(&text), Some(Hash::EMPTY));
        for wrong in [
            "",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
            "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
            "AAAA47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "AAA=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hS",
        ] {
            assert_eq!(Hash::from_base64(wrong), None, "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn hex_base64_and_tile_bytes_round_trip(bytes: [u8; 32], more: [u8; 32]) {
            let hash = Hash::from_bytes(bytes);
            prop_assert_eq!(Hash::parse(&hash.to_string()), Some(hash));
            prop_assert_eq!(Hash::from_base64(&hash.to_base64()), Some(hash));
            let tile = vec![hash, Hash::from_bytes(more)];
            prop_assert_eq!(Hash::split_tile(&Hash::join_tile(&tile)), Some(tile));
        }

        #[test]
        fn no_text_makes_the_readers_panic(text: String) {
            let _ = Hash::parse(&text);
            let _ = Hash::from_base64(&text);
        }
    }
}

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

mod building;
mod reading;
#[cfg(test)]
mod tests;

pub use building::FilterBuilder;
pub use reading::{Filter, FilterFault};

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

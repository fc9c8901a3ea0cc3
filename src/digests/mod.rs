//! Digest lists: the files in which a notice names more digests than fit among its subjects.
//!
//! A *list* is the raw digests of one algorithm, ascending, unique, and nothing else (protocol, section 4, "Digest lists"). Its notice
//! names it by its SHA-256, says how many digests there are, and gives the RFC 6962 root over the list cut into blocks of [`BLOCK`]
//! bytes, so that each block can be checked by itself. Everything in this room follows from the bytes of a list:
//!
//! | module | what |
//! |---|---|
//! | [`check`] | reads a list once, in constant memory: order, size, hash, block root |
//! | [`blocks`] | the hashes of its blocks, which prove any of its ranges |
//! | [`fanout`] | a table that finds a digest in the file of a list with two short reads |
//! | [`filter`] | a small set that a digest is looked up in first: for the server in memory, for a researcher offline |
//! | [`merge`] | many digests against a list at once |
//! | [`sorting`] | sorts more digests than memory holds |
//! | [`manifest`] | digests from checksum files |
//!
//! In scope: formats and what is computed from bytes. Where bytes come from and go to is a parameter: `Read`, `Write`, and [`ReadAt`]
//! for what is read here and there. Out of scope: which notice names which list, files and their names, the network.
//!
//! Files are read at positions and not mapped. A mapped file turns an error of the disk, or a file that somebody cut short, into a
//! signal that ends the process, and needs `unsafe`. A look-up costs two short reads, mostly of what the page cache holds;
//! `cargo bench --bench ratios -- lists` holds questions about digests against questions about other identifiers.

pub mod blocks;
pub mod check;
pub mod fanout;
pub mod filter;
pub mod manifest;
pub mod merge;
mod read_at;
pub mod sorting;
mod whole;

pub use blocks::{BlockHashes, BlocksFault, Sought, seek};
pub use check::{Checked, ListCheck, ListFault, ListForm};
pub use fanout::{FanOut, FanOutFault, SortedList};
pub use filter::{Filter, FilterBuilder, FilterFault, MAX_FILTER};
pub use read_at::ReadAt;
pub use whole::{digests_between, list_contains};

/// The length in bytes of a block of a list; the last one may be shorter (protocol, section 4).
pub const BLOCK: usize = 65_536;

/// The most digests that a list has (domain, section 2, `digest_lists[]`).
pub const MAX_COUNT: u64 = 10_000_000;

/// The first eight bytes of a digest as a number: enough to tell nearly all digests of a list apart, and in the order of the list.
pub(crate) fn prefix(digest: &[u8]) -> u64 {
    digest.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

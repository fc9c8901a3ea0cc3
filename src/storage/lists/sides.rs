//! What is derived from the file of a list: its table, and its filter.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use crate::digests::{FanOut, FilterBuilder, ListForm};
use crate::notice::DocumentHash;

/// How many digests are read at once.
const DIGESTS: usize = 16_384;

/// The bytes of the derived files but for the block hashes, which come with the check.
pub(super) struct Sides {
    pub(super) fanout: Vec<u8>,
    pub(super) filter: Vec<u8>,
}

/// Reads a list that was checked, and derives both.
pub(super) fn make(list: &File, sha256: DocumentHash, form: ListForm) -> io::Result<Sides> {
    let (mut fanout, mut filter) = (FanOut::new(sha256, form), FilterBuilder::new(sha256, form));
    let width = form.width();
    let mut piece = vec![0; DIGESTS * width];
    let mut at = 0;
    while at < form.size() {
        let length = usize::try_from(form.size() - at).unwrap_or(piece.len()).min(piece.len());
        let digests = piece.get_mut(..length).ok_or(io::ErrorKind::InvalidData)?;
        list.read_exact_at(digests, at)?;
        for digest in digests.chunks_exact(width) {
            fanout.take(digest);
            filter.take(digest);
        }
        at += length as u64;
    }
    Ok(Sides { fanout: fanout.into_bytes(), filter: filter.into_bytes() })
}

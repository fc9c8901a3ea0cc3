//! Seals over what the log says of an entry and no signature covers: when it was first seen, and where it came from.
//!
//! The bytes of an entry are checked by its leaf hash, and what is derived from them by deriving it again. Place, first sight and
//! provenance are this server's own word, so each row carries a checksum over them. It finds bits that flipped (promise D5); whoever
//! can write the database can write seals too.

use sha2::{Digest, Sha256};

use super::millis;
use crate::ledger::stored::StoredEntry;

const DOMAIN: &[u8] = b"palinode entry row\0";

/// The seal of a row: the first eight bytes of a SHA-256 over place, first sight and provenance.
pub(super) fn of(entry: &StoredEntry) -> i64 {
    let hash = Sha256::new()
        .chain_update(DOMAIN)
        .chain_update(entry.index.to_be_bytes())
        .chain_update(millis(entry.first_seen).to_be_bytes())
        .chain_update(entry.provenance.as_text())
        .finalize();
    let mut first = [0; 8];
    first.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    i64::from_be_bytes(first)
}

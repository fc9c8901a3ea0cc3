//! Names of 32 bytes, in hexadecimal digits and in base64, and the bytes of tiles.

use palinode::envelope::KeyId;
use palinode::ledger::peers::OriginHash;
use palinode::notice::{DocumentHash, PayloadId};
use palinode::tlog::Hash;

pub fn check(data: &[u8]) {
    if let Some(hashes) = Hash::split_tile(data) {
        assert_eq!(Hash::join_tile(&hashes), data);
    } else {
        assert_ne!(data.len() % Hash::LENGTH, 0);
    }
    let Some(text) = super::text(data) else { return };
    if let Some(hash) = Hash::from_base64(text) {
        assert_eq!(hash.to_base64(), text);
    }
    let hash = Hash::parse(text).map(|hash| hash.to_string());
    for other in [
        DocumentHash::parse(text).map(|name| name.to_string()),
        PayloadId::parse(text).map(|name| name.to_string()),
        KeyId::parse(text).map(|name| name.to_string()),
        OriginHash::parse(text).map(|name| name.to_string()),
    ] {
        assert_eq!(other, hash, "all names of 32 bytes are read alike");
    }
    assert!(hash.is_none_or(|hash| hash == text));
}

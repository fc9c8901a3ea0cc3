//! Receipts: byte for byte.

use palinode::tlog::{Hash, TlogProof};

pub fn check(data: &[u8]) {
    let Ok(proof) = TlogProof::parse(data) else { return };
    assert_eq!(proof.to_bytes(), data);
    let log = super::log_key();
    if let Ok(signed) = proof.verify(&Hash::leaf(b"leaf"), &log) {
        assert!(proof.index < signed.checkpoint().size());
        assert!(proof.verify(&Hash::leaf(b"another leaf"), &log).is_err());
    }
}

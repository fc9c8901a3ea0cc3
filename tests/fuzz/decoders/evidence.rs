//! Evidence: whatever is read convicts under one key at most, and of one thing.

use palinode::envelope::SecretKey;
use palinode::tlog::{EvidenceDocument, KeyName, VerifierKey};

pub fn check(data: &[u8]) {
    let Ok(document) = EvidenceDocument::parse(data) else { return };
    let log = super::log_key();
    let origin = KeyName::parse(super::ORIGIN).expect("a name");
    let other = VerifierKey::log_key(origin, SecretKey::from_seed([9; 32]).public());
    for piece in &document.evidence {
        assert_eq!(*piece.origin(), document.origin);
        if let Ok(shown) = piece.verify(&log) {
            assert_ne!(shown.roots[0], shown.roots[1]);
            assert!(piece.verify(&other).is_err());
        }
    }
}

//! Cosignature lines, and the answer of a witness that holds some.

use palinode::tlog::{Cosignature, MAX_TIME};

/// The checkpoint that the cosignatures of the corpus are over.
pub const TEXT: &str = "ledger.example.org/log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";

pub fn check(data: &[u8]) {
    if let Ok(cosignature) = Cosignature::parse_line(data) {
        assert!(cosignature.time() <= MAX_TIME);
        assert_eq!(Cosignature::parse_line(cosignature.to_line().as_bytes()), Ok(cosignature));
    }
    let witness = super::witness_key();
    if let Ok(cosignature) = Cosignature::from_answer(data, &witness, TEXT) {
        assert!(cosignature.verify(&witness, TEXT));
        let line = cosignature.to_line();
        assert_eq!(Cosignature::from_answer(line.as_bytes(), &witness, TEXT), Ok(cosignature));
    }
}

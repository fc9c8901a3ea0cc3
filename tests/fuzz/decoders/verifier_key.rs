//! Verifier keys and the names in them: one spelling each.

use palinode::tlog::{KeyName, VerifierKey};

pub fn check(data: &[u8]) {
    let Some(text) = super::text(data) else { return };
    if let Ok(name) = KeyName::parse(text) {
        assert_eq!(name.as_str(), text);
    }
    if let Ok(key) = VerifierKey::parse(text) {
        assert_eq!(key.to_string(), text);
        assert_eq!(KeyName::parse(key.name().as_str()).as_ref(), Ok(key.name()));
    }
}

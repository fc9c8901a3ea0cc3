use sha2::{Digest, Sha256};

use super::PublicKey;
use crate::notice::hex32;

hex32! {
    /// How an entry names the key that signed it: SHA-256 of the key as securesystemslib writes it, so that users of that library
    /// can verify our envelopes unaided (protocol, section 3, "Canonical envelope").
    KeyId
}

impl KeyId {
    /// The name of `key`.
    pub fn of(key: &PublicKey) -> Self {
        let public = data_encoding::HEXLOWER.encode(key.as_bytes());
        let form = format!(r#"{{"keytype":"ed25519","keyval":{{"public":"{public}"}},"scheme":"ed25519"}}"#);
        Self::from_bytes(Sha256::digest(form).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_id_is_what_securesystemslib_computes() {
        // The keyid of `securesystemslib.signer.SSlibKey.from_crypto(key)`, securesystemslib 1.6.0 on Python 3.11, for the
        // public keys of the first two test vectors of RFC 8032, section 7.1.
        for (public, id) in [
            (
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "74c181c7ad8a0855d4b55e44d2ba87aabdddb196832571f15f92fece332e4916",
            ),
            (
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "eaf1e23f6c823132f437a2eaa299a7950f7386631deff273db195bbd26209e2b",
            ),
        ] {
            assert_eq!(PublicKey::parse(public).expect("a sound key").key_id().to_string(), id);
        }
    }
}

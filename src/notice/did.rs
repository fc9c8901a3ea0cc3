//! Who an issuer is: a decentralised identifier, in the two methods that Palinode knows.

use std::fmt;

/// `did:key:z6Mk...` or `did:web:example.org` (protocol, section 2), in the one spelling that is allowed.
///
/// The form only: whether the key of a `did:key` is a sound Ed25519 point is for `envelope` to say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Did(String);

/// The method of a [`Did`] with its specific part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DidMethod<'d> {
    /// The key is the identity: the multibase `z6Mk...` form.
    Key(&'d str),
    /// A domain: lower-case A-labels, no path, port, `%` or trailing dot.
    Web(&'d str),
}

/// Why a text is no DID that Palinode takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DidError {
    /// Another method, or no DID at all.
    #[error("must begin with did:key: or did:web:")]
    UnknownMethod,
    /// Not the multibase base58btc form of a 32-byte Ed25519 key.
    #[error("did:key must be followed by z6Mk... (base58btc of 0xed 0x01 and the 32 bytes of an Ed25519 key)")]
    NotAnEd25519Key,
    /// Not a plain lower-case host name.
    #[error("did:web must be followed by a domain of lower-case A-labels, without path, port, percent sign or trailing dot")]
    NotADomain,
}

impl Did {
    /// Reads a DID in its one spelling.
    ///
    /// # Errors
    /// [`DidError`] says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, DidError> {
        if let Some(key) = text.strip_prefix("did:key:") {
            if !is_multibase_ed25519(key) {
                return Err(DidError::NotAnEd25519Key);
            }
        } else if let Some(host) = text.strip_prefix("did:web:") {
            if !is_domain(host) {
                return Err(DidError::NotADomain);
            }
        } else {
            return Err(DidError::UnknownMethod);
        }
        Ok(Self(text.to_owned()))
    }

    /// The `did:key` of an Ed25519 key. Whether the 32 bytes are a sound key is for `envelope` to say.
    pub fn of_ed25519_key(key: &[u8; 32]) -> Self {
        let mut bytes = vec![0xed, 0x01];
        bytes.extend_from_slice(key);
        Self(format!("did:key:z{}", bs58::encode(bytes).into_string()))
    }

    /// The DID as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its method and specific part.
    pub fn method(&self) -> DidMethod<'_> {
        match self.0.strip_prefix("did:web:") {
            Some(host) => DidMethod::Web(host),
            None => DidMethod::Key(self.0.strip_prefix("did:key:").unwrap_or(&self.0)),
        }
    }
}

fn is_multibase_ed25519(key: &str) -> bool {
    let Some(digits) = key.strip_prefix('z').filter(|d| d.len() <= 64) else { return false };
    match bs58::decode(digits).into_vec() {
        Ok(bytes) => bytes.len() == 34 && bytes.starts_with(&[0xed, 0x01]),
        Err(_) => false,
    }
}

/// A public domain needs a dot; labels are letters, digits and inner hyphens, and the last is not a number (no IP address).
fn is_domain(host: &str) -> bool {
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && l.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    let last_is_a_name = host.rsplit('.').next().is_some_and(|l| !l.bytes().all(|b| b.is_ascii_digit()));
    host.len() <= 253 && host.contains('.') && host.split('.').all(label) && last_is_a_name
}

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl serde::Serialize for Did {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example key of the did:key specification.
    const KEY: &str = "z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd";

    #[test]
    fn keys_and_domains_are_taken_and_shown_as_written() {
        let text = format!("did:key:{KEY}");
        let did = Did::parse(&text).expect("a DID");
        assert_eq!((did.as_str(), did.method()), (text.as_str(), DidMethod::Key(KEY)));
        for host in ["example.org", "a.b-c.example", "xn--bcher-kva.example", "1.example", "a.1b"] {
            let did = Did::parse(&format!("did:web:{host}")).unwrap_or_else(|e| panic!("{host}: {e}"));
            assert_eq!(did.method(), DidMethod::Web(host));
            assert_eq!(serde_json::to_value(&did).expect("JSON"), did.to_string());
        }
    }

    #[test]
    fn other_methods_and_spellings_are_refused() {
        for text in
            ["", "example.org", "DID:web:example.org", "did:WEB:example.org", "did:plc:abc", "did:", " did:web:example.org"]
        {
            assert_eq!(Did::parse(text), Err(DidError::UnknownMethod), "{text}");
        }
    }

    #[test]
    fn what_is_no_plain_lower_case_domain_is_refused() {
        let long = format!("{}.example", "a".repeat(64));
        let longer = format!("{}example", "a23456789.".repeat(25));
        for host in [
            "",
            "localhost",
            "Example.org",
            "example.org.",
            ".example.org",
            "example..org",
            "-a.example",
            "a-.example",
            "example.org:8080",
            "example.org%3A8080",
            "example.org:path",
            "example.org/path",
            "bücher.example",
            "a_b.example",
            "127.0.0.1",
            "a.example.7",
            "user@example.org",
            "exa mple.org",
            "example.org#key",
            long.as_str(),
            longer.as_str(),
        ] {
            assert_eq!(Did::parse(&format!("did:web:{host}")), Err(DidError::NotADomain), "{host}");
        }
    }

    #[test]
    fn what_is_no_ed25519_key_is_refused() {
        let x25519 = "z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc";
        let secp256k1 = "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme";
        let cut = &KEY[..KEY.len() - 1];
        let upper = KEY.to_uppercase();
        let fragment = format!("{KEY}#{KEY}");
        let endless = format!("z{}", "1".repeat(100_000));
        for key in ["", "z", "z6Mk", x25519, secp256k1, cut, &upper, &fragment, &endless, &KEY[1..], "z0OIl"] {
            assert_eq!(Did::parse(&format!("did:key:{key}")), Err(DidError::NotAnEd25519Key), "{key:.60}");
        }
    }

    proptest! {
        #[test]
        fn every_key_of_32_bytes_has_a_did(bytes in any::<[u8; 32]>()) {
            let key = format!("z{}", bs58::encode([&[0xed, 0x01], bytes.as_slice()].concat()).into_string());
            prop_assert!(key.starts_with("z6Mk"));
            let did = Did::parse(&format!("did:key:{key}")).expect("a DID");
            prop_assert_eq!(did.method(), DidMethod::Key(&key));
        }

        #[test]
        fn a_domain_that_is_taken_is_lower_case_and_has_a_dot(host in "[a-z0-9.%:A-Zé-]{0,20}") {
            if Did::parse(&format!("did:web:{host}")).is_ok() {
                prop_assert!(host.contains('.') && !host.ends_with('.'));
                prop_assert!(host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-'));
            }
        }
    }
}

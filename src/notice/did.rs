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

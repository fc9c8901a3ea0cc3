//! Names and public keys of those who sign notes (signed-note, "Signatures" and "Verifier keys").

use std::fmt;

use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest, Sha256};

use crate::envelope::PublicKey;
use crate::strict_json::decode_base64;

/// The name of a key in signature lines; for a log it is the origin. Not empty, without white space, `+` or control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

/// The text is not the name or the verifier key it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key id is not the one that follows from name, type and key.
    #[error("the key id does not belong to this name and key")]
    Id,
    /// The type is neither 0x01 nor 0x04.
    #[error("keys of type {0:#04x} are not supported")]
    Kind(u8),
    /// The public key is no acceptable Ed25519 key.
    #[error("the public key is not an acceptable Ed25519 key")]
    Material,
    /// The name is empty, or has white space, `+` or control characters.
    #[error("a key name is not empty and has no white space, no `+` and no control characters")]
    Name,
    /// Not `<name>+<8 lowercase hex digits>+<base64>`.
    #[error("a verifier key is written as <name>+<8 lowercase hex digits>+<base64>")]
    Syntax,
}

impl KeyName {
    /// Reads a name.
    pub fn parse(name: &str) -> Result<Self, KeyError> {
        let forbidden = |c: char| c.is_whitespace() || c < ' ' || c == '+';
        if name.is_empty() || name.contains(forbidden) { Err(KeyError::Name) } else { Ok(Self(name.to_owned())) }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The first four bytes of SHA-256(name || 0x0A || type || public key): a hint which key signed, never a proof of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 4]);

impl KeyId {
    /// The id made of these bytes.
    pub const fn from_bytes(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    /// The four bytes, in the order of the signature blob.
    pub const fn as_bytes(&self) -> &[u8; 4] {
        &self.0
    }

    fn of(name: &KeyName, kind: KeyKind, key: &PublicKey) -> Self {
        let hash = Sha256::new()
            .chain_update(name.as_str())
            .chain_update([b'\n', kind.type_byte()])
            .chain_update(key.as_bytes())
            .finalize();
        let [a, b, c, d, ..] = <[u8; 32]>::from(hash);
        Self([a, b, c, d])
    }
}

/// Eight lowercase hex digits.
impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&HEXLOWER.encode(&self.0))
    }
}

/// What a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// Type 0x01: plain Ed25519 over the text of the note. A log signs its checkpoints with it.
    Log,
    /// Type 0x04: a timestamped Ed25519 cosignature over a checkpoint.
    Witness,
}

impl KeyKind {
    /// The signature type identifier byte of signed-note.
    pub const fn type_byte(self) -> u8 {
        match self {
            Self::Log => 0x01,
            Self::Witness => 0x04,
        }
    }
}

/// A public key with its name and what it signs; written `<name>+<key id>+<base64(type || key)>`, the *vkey* of signed-note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    id: KeyId,
    kind: KeyKind,
    key: PublicKey,
}

impl VerifierKey {
    /// The key of a log; `name` is its origin.
    pub fn log_key(name: KeyName, key: PublicKey) -> Self {
        Self::new(name, KeyKind::Log, key)
    }

    /// The key of a witness, which must never be that of a log too.
    pub fn witness_key(name: KeyName, key: PublicKey) -> Self {
        Self::new(name, KeyKind::Witness, key)
    }

    fn new(name: KeyName, kind: KeyKind, key: PublicKey) -> Self {
        Self { id: KeyId::of(&name, kind, &key), name, kind, key }
    }

    /// Reads a vkey of type 0x01 or 0x04.
    pub fn parse(vkey: &str) -> Result<Self, KeyError> {
        let (name, rest) = vkey.split_once('+').ok_or(KeyError::Syntax)?;
        let (id, material) = rest.split_once('+').ok_or(KeyError::Syntax)?; // base64 may have `+` of its own
        let name = KeyName::parse(name)?;
        let id = HEXLOWER.decode(id.as_bytes()).ok().and_then(|id| <[u8; 4]>::try_from(id).ok()).ok_or(KeyError::Syntax)?;
        let material = decode_base64(material).ok_or(KeyError::Syntax)?;
        let (kind, key) = match material.split_first().ok_or(KeyError::Syntax)? {
            (0x01, key) => (KeyKind::Log, key),
            (0x04, key) => (KeyKind::Witness, key),
            (other, _) => return Err(KeyError::Kind(*other)),
        };
        let key = key.try_into().ok().and_then(|key| PublicKey::from_bytes(key).ok()).ok_or(KeyError::Material)?;
        let vkey = Self::new(name, kind, key);
        if vkey.id.0 == id { Ok(vkey) } else { Err(KeyError::Id) }
    }

    /// The name in signature lines.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The id in signature lines.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// What it signs.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The bare public key.
    pub fn public_key(&self) -> &PublicKey {
        &self.key
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut material = vec![self.kind.type_byte()];
        material.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, self.id, BASE64.encode(&material))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::envelope::SecretKey;

    fn name(text: &str) -> KeyName {
        KeyName::parse(text).unwrap()
    }

    /// Known answers made for this project, confirmed by a second implementation.
    #[test]
    fn vkeys_are_those_of_the_known_answers() {
        let log = VerifierKey::log_key(name("ledger.example/log"), SecretKey::from_seed([1; 32]).public());
        assert_eq!(log.to_string(), "ledger.example/log+7cc83a9d+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c");
        let witness = VerifierKey::witness_key(name("witness.example/w1"), SecretKey::from_seed([2; 32]).public());
        assert_eq!(witness.to_string(), "witness.example/w1+df1c0a35+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU");
        for key in [log, witness] {
            assert_eq!(VerifierKey::parse(&key.to_string()), Ok(key));
        }
    }

    #[test]
    fn wrong_vkeys_are_refused() {
        let right = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        assert_eq!(VerifierKey::parse(right).unwrap().to_string(), right);
        let ecdsa = BASE64.encode(&[&[0x02], [9; 32].as_slice()].concat());
        for (vkey, error) in [
            (String::new(), KeyError::Syntax),
            (right.replace("+530d903a", ""), KeyError::Syntax),
            (right.replace("530d903a", "530D903A"), KeyError::Syntax),
            (right.replace("530d903a", "530d903"), KeyError::Syntax),
            (right.replace("530d903a", "530d903b"), KeyError::Id),
            (right.replace("/foo", "/bar"), KeyError::Id),
            (right.replace("/foo", " foo"), KeyError::Name),
            (right.replace("example.com/foo", ""), KeyError::Name),
            (format!("{right}="), KeyError::Syntax),
            (right[..right.len() - 4].to_owned(), KeyError::Material),
            (format!("example.com/foo+530d903a+{ecdsa}"), KeyError::Kind(0x02)),
            ("example.com/foo+530d903a+".to_owned(), KeyError::Syntax),
        ] {
            assert_eq!(VerifierKey::parse(&vkey), Err(error), "{vkey:?}");
        }
    }

    #[test]
    fn a_name_has_no_space_plus_or_control_character() {
        for wrong in ["", "a b", "a+b", "a\u{a0}b", "a\u{2003}b", "a\nb", "a\u{1}b", "\u{3000}"] {
            assert_eq!(KeyName::parse(wrong), Err(KeyError::Name), "{wrong:?}");
        }
        assert_eq!(name("quasimodo.example/è").as_str(), "quasimodo.example/è");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text: String, rest in "[0-9a-f]{8}\\+[A-Za-z0-9+/=]{0,48}") {
            let _ = VerifierKey::parse(&text);
            let _ = VerifierKey::parse(&format!("{text}+{rest}"));
        }
    }
}

//! Public keys: three spellings in, one checked value.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::{EdwardsPoint, Scalar};
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};

use super::{KeyId, pem};
use crate::notice::{Did, DidMethod};

/// An Ed25519 public key that is sound: its encoding is canonical and its point is torsion-free and not of small order.
///
/// Together with the strict verification of `PublicKey::verifies` this refuses all 12 cases of ed25519-speccheck; either check alone
/// does not (protocol, section 2).
#[derive(Clone, Copy)]
pub struct PublicKey(VerifyingKey);

/// Why something is no public key that Palinode takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// None of the three spellings.
    #[error("must be z6Mk..., a PEM block PUBLIC KEY, or 64 hex digits")]
    UnknownSpelling,
    /// A multibase text that does not hold `0xed 0x01` and 32 bytes.
    #[error("must be the base58btc form of 0xed 0x01 and the 32 bytes of an Ed25519 key")]
    Multibase,
    /// A PEM block that is not the SPKI form of an Ed25519 key (RFC 8410).
    #[error("the PEM block does not hold an Ed25519 public key")]
    Pem,
    /// Another DID method than `did:key`.
    #[error("only a did:key names its key")]
    NotADidKey,
    /// The 32 bytes are no point of the curve.
    #[error("the bytes are no point of the curve")]
    NotOnCurve,
    /// The point has a shorter encoding than the one given (RFC 8032, section 5.1.3).
    #[error("the encoding of the point is not canonical")]
    NotCanonical,
    /// One of the eight points under which anybody can sign.
    #[error("the point is of small order")]
    SmallOrder,
    /// The point has a small-order part, which other verifiers may or may not multiply away.
    #[error("the point is not torsion-free")]
    MixedOrder,
}

impl PublicKey {
    /// Reads `z6Mk...`, an SPKI PEM block, or 64 hex digits of either case. White space around the text is ignored.
    ///
    /// # Errors
    /// [`KeyError`] says what is wrong with the spelling or with the point.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if text.contains("-----BEGIN") {
            return Self::from_pem(text);
        }
        if text.starts_with('z') {
            return Self::from_multibase(text);
        }
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok().ok_or(KeyError::UnknownSpelling)?;
        Self::from_bytes(&bytes.try_into().ok().ok_or(KeyError::UnknownSpelling)?)
    }

    /// Reads the multibase form only: `z6Mk...`, as records and DIDs write keys.
    ///
    /// # Errors
    /// [`KeyError::Multibase`], or what is wrong with the point.
    pub fn from_multibase(text: &str) -> Result<Self, KeyError> {
        // The longest base58 form of 34 bytes has 47 digits; decoding is quadratic, so longer texts are not tried.
        let digits = text.strip_prefix('z').filter(|d| d.len() <= 47).ok_or(KeyError::Multibase)?;
        let bytes = bs58::decode(digits).into_vec().ok().ok_or(KeyError::Multibase)?;
        let key = bytes.strip_prefix(&[0xed, 0x01]).ok_or(KeyError::Multibase)?;
        Self::from_bytes(&key.try_into().ok().ok_or(KeyError::Multibase)?)
    }

    /// Reads the SPKI PEM form, as `openssl pkey -pubout` writes it.
    ///
    /// # Errors
    /// [`KeyError::Pem`], or what is wrong with the point.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        Self::from_bytes(&pem::read_public(text).ok_or(KeyError::Pem)?)
    }

    /// Checks the 32 bytes of RFC 8032, section 5.1.2.
    ///
    /// # Errors
    /// What is wrong with the point.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let point = CompressedEdwardsY(*bytes).decompress().ok_or(KeyError::NotOnCurve)?;
        // The key is made of the point, since reading the bytes again would cost as much as the first time.
        let key = VerifyingKey::from(point);
        if key.as_bytes() != bytes {
            return Err(KeyError::NotCanonical);
        }
        if point.is_small_order() {
            return Err(KeyError::SmallOrder);
        }
        // Torsion-free means that l times the point is the identity, so that l - 1 times it is its negative. Keys are public, so
        // the time this takes may depend on them, and it takes half of what a secret factor would.
        let times_order_less_one = EdwardsPoint::vartime_double_scalar_mul_basepoint(&-Scalar::ONE, &point, &Scalar::ZERO);
        if times_order_less_one != -point {
            return Err(KeyError::MixedOrder);
        }
        Ok(Self(key))
    }

    /// The key that a `did:key` is.
    ///
    /// # Errors
    /// [`KeyError::NotADidKey`] for other methods, or what is wrong with the point.
    pub fn from_did_key(did: &Did) -> Result<Self, KeyError> {
        match did.method() {
            DidMethod::Key(multibase) => Self::from_multibase(multibase),
            DidMethod::Web(_) => Err(KeyError::NotADidKey),
        }
    }

    /// The key's own identity.
    pub fn to_did(&self) -> Did {
        Did::of_ed25519_key(self.as_bytes())
    }

    /// `z6Mk...`, the form in which keys are shown and recorded.
    pub fn to_multibase(&self) -> String {
        self.to_did().as_str().trim_start_matches("did:key:").to_owned()
    }

    /// The SPKI PEM form, with a final line break.
    pub fn to_pem(&self) -> String {
        pem::write_public(self.as_bytes())
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The name of the key inside an entry.
    pub fn key_id(&self) -> KeyId {
        KeyId::of(self)
    }

    /// The public half of a secret key: a point that was just computed from a clamped scalar is always sound.
    pub(super) fn of_secret(key: &SigningKey) -> Self {
        Self(key.verifying_key())
    }

    /// Whether `signature` over `message` holds under this key, strictly: canonical S and R, cofactorless, no small-order R.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for PublicKey {}

impl PartialOrd for PublicKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PublicKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for PublicKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_multibase())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl serde::Serialize for PublicKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_multibase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::SecretKey;
    use proptest::prelude::*;

    /// The example key of the did:key method, W3C CCG, "The did:key Method v0.7", with its published hexadecimal form.
    const EXAMPLE: (&str, &str) = (
        "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
        "2e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6",
    );

    #[test]
    fn the_three_spellings_name_one_key() {
        let key = PublicKey::parse(EXAMPLE.0).expect("multibase");
        assert_eq!(key, PublicKey::parse(EXAMPLE.1).expect("hex"));
        assert_eq!(key, PublicKey::parse(&EXAMPLE.1.to_uppercase()).expect("upper-case hex"));
        assert_eq!(key, PublicKey::parse(&key.to_pem()).expect("PEM"));
        assert_eq!(key.to_multibase(), EXAMPLE.0);
        assert_eq!(key.to_did().as_str(), format!("did:key:{}", EXAMPLE.0));
        assert_eq!(PublicKey::from_did_key(&key.to_did()), Ok(key));
    }

    #[test]
    fn other_spellings_are_refused() {
        for (text, error) in [
            ("", KeyError::UnknownSpelling),
            ("2e6f", KeyError::UnknownSpelling),
            ("u7QEub8zjZwHceRSI4NCxdFzB4zpMHJ_MQcY700PbvglwZg", KeyError::UnknownSpelling),
            ("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do", KeyError::Multibase),
            ("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK1", KeyError::Multibase),
            ("z0OIl", KeyError::Multibase),
            ("-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----", KeyError::Pem),
            ("-----BEGIN CERTIFICATE-----\nMCow\n-----END CERTIFICATE-----", KeyError::Pem),
        ] {
            assert_eq!(PublicKey::parse(text), Err(error), "{text}");
        }
        assert_eq!(PublicKey::from_did_key(&Did::parse("did:web:example.org").expect("a DID")), Err(KeyError::NotADidKey));
    }

    #[test]
    fn unsound_points_are_refused_by_name() {
        let bytes = |hex: &str| -> [u8; 32] {
            data_encoding::HEXLOWER.decode(hex.as_bytes()).expect("hex").try_into().expect("32 bytes")
        };
        let zeros = "0".repeat(62);
        let refused = |hex: &str| PublicKey::from_bytes(&bytes(hex)).expect_err(hex);
        assert_eq!(refused(&format!("02{zeros}")), KeyError::NotOnCurve);
        // The neutral element, and the point of order 2.
        assert_eq!(refused(&format!("01{zeros}")), KeyError::SmallOrder);
        assert_eq!(refused(&format!("ec{}7f", "f".repeat(60))), KeyError::SmallOrder);
        // y = 1 written as p + 1, and the neutral element with the sign bit set.
        assert_eq!(refused(&format!("ee{}7f", "f".repeat(60))), KeyError::NotCanonical);
        assert_eq!(refused(&format!("01{}80", "0".repeat(60))), KeyError::NotCanonical);
        // A sound key plus a point of order 8.
        let torsion = curve25519_dalek::constants::EIGHT_TORSION[1];
        let sound = CompressedEdwardsY(bytes(EXAMPLE.1)).decompress().expect("on the curve");
        assert_eq!(PublicKey::from_bytes((sound + torsion).compress().as_bytes()), Err(KeyError::MixedOrder));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_spelling_of_a_key_reads_back(seed: [u8; 32]) {
            let key = SecretKey::from_seed(seed).public();
            let hex = data_encoding::HEXLOWER.encode(key.as_bytes());
            for text in [key.to_multibase(), key.to_pem(), hex] {
                prop_assert_eq!(PublicKey::parse(&text), Ok(key));
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text: String, bytes: [u8; 32]) {
            let _ = PublicKey::parse(&text);
            let _ = PublicKey::parse(&format!("z6Mk{text}"));
            if let Ok(key) = PublicKey::from_bytes(&bytes) {
                prop_assert_eq!(key.as_bytes(), &bytes);
            }
        }
    }
}

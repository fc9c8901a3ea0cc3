//! Where claims become proofs: the only file that makes a [`Signed`] or a [`Verified`].

use super::{Envelope, KeyId, PayloadType, PublicKey};
use crate::notice::{Notice, NoticeError, PayloadId};

/// The proof that a signature verified: the envelope, and the key under which it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    envelope: Envelope,
    payload_type: PayloadType,
    /// Asked for several times, and a hash of the whole payload.
    payload_id: PayloadId,
    key: PublicKey,
    entry: Vec<u8>,
}

/// Why no candidate key makes an envelope a [`Signed`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The signature holds under none of the keys.
    #[error("the signature holds under none of the {candidates} keys that may have made it")]
    BadSignature {
        /// How many keys were tried.
        candidates: usize,
    },
    /// From a peer: the key id inside the entry is not that of the key that signed.
    #[error("the entry names key {named}, but was signed by {signer}")]
    KeyIdMismatch {
        /// What the bytes say.
        named: KeyId,
        /// What they must say.
        signer: KeyId,
    },
    /// A payload type that this version does not know.
    #[error("the payload type {0:?} is not known")]
    UnknownPayloadType(String),
}

impl SignatureError {
    /// The stable name of the broken rule, for problem documents and metrics.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::BadSignature { .. } => "bad-signature",
            Self::KeyIdMismatch { .. } => "key-id-mismatch",
            Self::UnknownPayloadType(_) => "unknown-payload-type",
        }
    }
}

/// Decides under which of `candidates` the signature holds, if any.
///
/// Every candidate is tried, whatever the `keyid` of the envelope says: it is a hint and decides nothing. Only for an envelope
/// that was read by [`Envelope::parse_canonical`], where the key id is part of the entry, must it be that of the key found.
///
/// # Errors
/// [`SignatureError`]; an envelope whose payload type is unknown is never verified.
pub fn verify(envelope: &Envelope, candidates: &[PublicKey]) -> Result<Signed, SignatureError> {
    verify_own(envelope.clone(), candidates)
}

/// The same of an envelope that is given away.
fn verify_own(envelope: Envelope, candidates: &[PublicKey]) -> Result<Signed, SignatureError> {
    let payload_type =
        envelope.payload_type().ok_or_else(|| SignatureError::UnknownPayloadType(envelope.payload_type_str().to_owned()))?;
    let message = envelope.signed_message();
    let key = *candidates
        .iter()
        .find(|key| key.verifies(&message, envelope.signature()))
        .ok_or(SignatureError::BadSignature { candidates: candidates.len() })?;
    let signer = key.key_id();
    if let Some(named) = envelope.entry_key().filter(|named| **named != signer) {
        return Err(SignatureError::KeyIdMismatch { named: *named, signer });
    }
    let entry = envelope.entry_under(&signer);
    Ok(Signed { payload_id: envelope.payload_id(), envelope, payload_type, key, entry })
}

impl Signed {
    /// The key that signed.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The type of the payload, which was signed with it.
    pub fn payload_type(&self) -> PayloadType {
        self.payload_type
    }

    /// The bytes that were signed.
    pub fn payload(&self) -> &[u8] {
        self.envelope.payload()
    }

    /// The name of the payload.
    pub fn payload_id(&self) -> PayloadId {
        self.payload_id
    }

    /// The signature.
    pub fn signature(&self) -> &[u8; 64] {
        self.envelope.signature()
    }

    /// The canonical entry: the bytes that logs store, serve and hash.
    pub fn entry(&self) -> &[u8] {
        &self.entry
    }
}

/// A value that stands in a signed payload of one type.
pub trait Payload: Sized {
    /// The only payload type whose bytes may be read as this value.
    const TYPE: PayloadType;
    /// Why bytes are not this value.
    type Fault: std::error::Error + Send + Sync + 'static;

    /// Reads the payload: a pure function of its bytes.
    ///
    /// # Errors
    /// Every fault of form.
    fn parse(payload: &[u8]) -> Result<Self, Self::Fault>;
}

impl Payload for Notice {
    const TYPE: PayloadType = PayloadType::Notice;
    type Fault = NoticeError;

    fn parse(payload: &[u8]) -> Result<Self, NoticeError> {
        Self::parse(payload)
    }
}

/// Why an envelope does not hold the value that was looked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError<F: std::error::Error> {
    /// The payload is not valid form.
    #[error(transparent)]
    Form(F),
    /// The payload is of another type.
    #[error("the payload is of type {found:?}, not {expected}")]
    WrongPayloadType {
        /// The type of the envelope.
        found: String,
        /// The type of the value.
        expected: PayloadType,
    },
}

/// An envelope whose payload is valid form, and whose signature nobody has checked: what is needed to find the candidate keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim<T> {
    envelope: Envelope,
    value: T,
}

impl<T: Payload> Claim<T> {
    /// Reads the payload of `envelope` (protocol, section 3, step 5).
    ///
    /// # Errors
    /// [`ClaimError`] when the payload type is another one or the payload is not valid form.
    pub fn read(envelope: Envelope) -> Result<Self, ClaimError<T::Fault>> {
        if envelope.payload_type() != Some(T::TYPE) {
            return Err(ClaimError::WrongPayloadType { found: envelope.payload_type_str().to_owned(), expected: T::TYPE });
        }
        let value = T::parse(envelope.payload()).map_err(ClaimError::Form)?;
        Ok(Self { envelope, value })
    }

    /// Checks the signature (protocol, section 3, step 6).
    ///
    /// # Errors
    /// [`SignatureError`] when it holds under none of `candidates`.
    pub fn verify(self, candidates: &[PublicKey]) -> Result<Verified<T>, SignatureError> {
        let signed = verify_own(self.envelope, candidates)?;
        Ok(Verified { signed, value: self.value })
    }
}

impl<T> Claim<T> {
    /// What the payload says. Claimed, not proved.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The envelope.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }
}

/// A value with the proof that it was signed: it was read from the very bytes under the signature, by the parser of their type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T> {
    signed: Signed,
    value: T,
}

impl<T: Payload> Verified<T> {
    /// Reads the value out of a payload whose signature was verified before, such as a stored entry.
    ///
    /// # Errors
    /// [`ClaimError`] when the payload type is another one or the payload is not valid form.
    pub fn new(signed: Signed) -> Result<Self, ClaimError<T::Fault>> {
        let Claim { value, .. } = Claim::read(signed.envelope.clone())?;
        Ok(Self { signed, value })
    }
}

impl<T> Verified<T> {
    /// What was signed.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The proof.
    pub fn signed(&self) -> &Signed {
        &self.signed
    }

    /// The proof and what was signed, given away.
    pub fn into_parts(self) -> (Signed, T) {
        (self.signed, self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::SecretKey;
    use proptest::prelude::*;

    /// The order of the group, little-endian: adding it to S gives a second signature to lax verifiers (RFC 8032, section 5.1.7).
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0x10,
    ];

    fn with_signature(envelope: &Envelope, signature: [u8; 64]) -> Envelope {
        let sig = |bytes: &[u8; 64]| data_encoding::BASE64.encode(bytes);
        let text = envelope.to_json().replace(&sig(envelope.signature()), &sig(&signature));
        Envelope::parse(text.as_bytes()).expect("well-formed")
    }

    #[test]
    fn the_key_hint_decides_nothing() {
        let (key, other) = (SecretKey::from_seed([1; 32]), SecretKey::from_seed([2; 32]));
        let envelope = key.sign_envelope(PayloadType::Notice, b"{}").expect("small");
        let misled = envelope.to_json().replace(&key.public().key_id().to_string(), &other.public().key_id().to_string());
        let misled = Envelope::parse(misled.as_bytes()).expect("well-formed");
        let signed = verify(&misled, &[other.public(), key.public()]).expect("under the second key");
        assert_eq!(signed.key(), &key.public());
        assert_eq!(signed.entry(), envelope.to_json().as_bytes());
        assert_eq!(verify(&misled, &[other.public()]), Err(SignatureError::BadSignature { candidates: 1 }));
        assert_eq!(verify(&misled, &[]), Err(SignatureError::BadSignature { candidates: 0 }));
    }

    #[test]
    fn the_key_id_of_a_peers_entry_must_be_the_signers() {
        let (key, other) = (SecretKey::from_seed([1; 32]), SecretKey::from_seed([2; 32]));
        let (signer, named) = (key.public().key_id(), other.public().key_id());
        let envelope = key.sign_envelope(PayloadType::Notice, b"{}").expect("small");
        let misled = envelope.to_json().replace(&signer.to_string(), &named.to_string());
        let misled = Envelope::parse_canonical(misled.as_bytes()).expect("canonical as far as bytes tell");
        let refused = verify(&misled, &[key.public(), other.public()]);
        assert_eq!(refused, Err(SignatureError::KeyIdMismatch { named, signer }));
    }

    #[test]
    fn a_payload_of_one_type_cannot_pass_for_another() {
        let key = SecretKey::from_seed([1; 32]);
        let envelope = key.sign_envelope(PayloadType::Operator, b"{}").expect("small");
        let retyped = envelope.to_json().replace("operator", "publisher");
        let retyped = Envelope::parse(retyped.as_bytes()).expect("well-formed");
        assert!(verify(&retyped, &[key.public()]).is_err());
        let unknown = envelope.to_json().replace("operator.v1", "operator.v9");
        let unknown = Envelope::parse(unknown.as_bytes()).expect("well-formed");
        assert_eq!(verify(&unknown, &[key.public()]).expect_err("unknown").rule(), "unknown-payload-type");
        let signed = verify(&envelope, &[key.public()]).expect("verifies");
        let as_record = Verified::<crate::envelope::PublisherRecord>::new(signed).expect_err("another type");
        assert!(matches!(as_record, ClaimError::WrongPayloadType { .. }));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_malleated_signature_is_refused(seed: [u8; 32], payload: Vec<u8>) {
            let key = SecretKey::from_seed(seed);
            let envelope = key.sign_envelope(PayloadType::Notice, &payload).expect("small");
            let mut signature = *envelope.signature();
            let mut carry = 0u16;
            for (byte, order) in signature[32..].iter_mut().zip(ORDER) {
                carry += u16::from(*byte) + u16::from(order);
                *byte = carry.to_le_bytes()[0];
                carry >>= 8;
            }
            prop_assert!(verify(&with_signature(&envelope, signature), &[key.public()]).is_err());
        }

        #[test]
        fn a_flipped_bit_of_the_signature_is_refused(payload: Vec<u8>, bit in 0usize..512) {
            let key = SecretKey::from_seed([5; 32]);
            let envelope = key.sign_envelope(PayloadType::Notice, &payload).expect("small");
            let mut signature = *envelope.signature();
            signature[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(verify(&with_signature(&envelope, signature), &[key.public()]).is_err());
        }
    }
}

//! The DSSE v1 wire form, read in every spelling that the standard allows.
//!
//! Accepted (protocol, section 3, step 2): one strict JSON object, base64 in the standard or the URL-safe alphabet, padded or not,
//! exactly one signature of 64 bytes, any string or none as `keyid`. Members that DSSE does not know are ignored, as DSSE asks of
//! readers, in the envelope and in its signature; they are no part of what was signed, and the canonical entry drops them.
//! They must still be strict JSON: a duplicate key or a float is refused wherever it stands.
//!
//! Off-spec: DSSE allows several signatures; an entry has one, and a second signer sends a second envelope of the same payload.

use std::borrow::Cow;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};

use super::entry::{entry_length, write_entry, write_envelope};
use super::{KeyId, MAX_ENTRY, PayloadType};
use crate::notice::PayloadId;
use crate::strict_json::{self, SyntaxFault, Value};

/// The most bytes of an envelope in any spelling: 128 KiB (protocol, section 3, step 1).
pub const MAX_SPELLING: usize = 131_072;

/// A well-formed envelope: bytes that claim to be signed. Nothing is proved until [`verify`](super::verify()) has made a
/// [`Signed`](super::Signed) of it. Its entry is known to be at most [`MAX_ENTRY`] bytes long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    payload_type: String,
    payload: Vec<u8>,
    signature: [u8; 64],
    key_hint: Option<String>,
    entry_key: Option<KeyId>,
}

/// Why bytes are no envelope that Palinode takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Base64 of another alphabet, with white space, wrong padding or trailing bits.
    #[error("{member} is not strict base64 (standard or URL-safe, padded or not, without white space)")]
    Base64 {
        /// Which member: `payload` or `sig`.
        member: &'static str,
    },
    /// The canonical entry would be longer than [`MAX_ENTRY`].
    #[error("the canonical entry has {size} bytes, at most {MAX_ENTRY} are allowed")]
    EntryTooLarge {
        /// Bytes of the entry.
        size: usize,
    },
    /// A member that must be there is not.
    #[error("the member {member} is missing")]
    MissingMember {
        /// Which member.
        member: &'static str,
    },
    /// From a peer: another spelling than the canonical one.
    #[error("the bytes are not the canonical spelling of this envelope")]
    NotCanonical,
    /// Empty, longer than 255 bytes, or with characters other than printable ASCII without space, quote and backslash.
    #[error("payloadType must be 1 to 255 characters of printable ASCII without space, quote and backslash")]
    PayloadType,
    /// None, or more than one.
    #[error("there must be exactly one signature, not {count}")]
    SignatureCount {
        /// How many there are.
        count: usize,
    },
    /// An Ed25519 signature has 64 bytes.
    #[error("the signature has {length} bytes, Ed25519 signatures have 64")]
    SignatureLength {
        /// Bytes of the signature.
        length: usize,
    },
    /// Not strict JSON.
    #[error(transparent)]
    Syntax(#[from] SyntaxFault),
    /// Longer than [`MAX_SPELLING`].
    #[error("the envelope has {size} bytes, at most {MAX_SPELLING} are allowed")]
    TooLarge {
        /// Bytes received.
        size: usize,
    },
    /// A member is of another JSON type.
    #[error("{member} must be {expected}")]
    WrongType {
        /// Which member; `envelope` for the whole.
        member: &'static str,
        /// What it must be.
        expected: &'static str,
    },
}

impl EnvelopeError {
    /// The stable name of the broken rule, for problem documents and metrics.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Base64 { .. } => "base64",
            Self::EntryTooLarge { .. } => "entry-too-large",
            Self::MissingMember { .. } => "missing-member",
            Self::NotCanonical => "not-canonical",
            Self::PayloadType => "payload-type",
            Self::SignatureCount { .. } => "signature-count",
            Self::SignatureLength { .. } => "signature-length",
            Self::Syntax(_) => "syntax",
            Self::TooLarge { .. } => "too-large",
            Self::WrongType { .. } => "wrong-type",
        }
    }
}

impl Envelope {
    /// Reads an envelope in any accepted spelling.
    ///
    /// # Errors
    /// The first [`EnvelopeError`] found.
    pub fn parse(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        if bytes.len() > MAX_SPELLING {
            return Err(EnvelopeError::TooLarge { size: bytes.len() });
        }
        Self::from_value(&strict_json::parse(bytes)?)
    }

    /// Reads an envelope as peers send it: byte for byte the canonical spelling.
    ///
    /// Whether the key id inside belongs to the key that signed can be seen only when that key is known, so
    /// [`verify`](super::verify()) checks it for envelopes read here: a [`Signed`](super::Signed) made of one has exactly these bytes as entry.
    ///
    /// # Errors
    /// The first [`EnvelopeError`] found; [`EnvelopeError::NotCanonical`] for every spelling but one.
    pub fn parse_canonical(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        let envelope = Self::parse(bytes)?;
        let key = envelope.key_hint.as_deref().and_then(KeyId::parse).ok_or(EnvelopeError::NotCanonical)?;
        if envelope.entry_under(&key) != bytes {
            return Err(EnvelopeError::NotCanonical);
        }
        Ok(Self { entry_key: Some(key), ..envelope })
    }

    /// Reads an envelope that stands inside another document, such as a pin file or a request with documents.
    ///
    /// # Errors
    /// The first [`EnvelopeError`] found.
    pub fn from_value(value: &Value<'_>) -> Result<Self, EnvelopeError> {
        let envelope = Members::of(value, "envelope")?;
        let payload_type = envelope.text("payloadType")?;
        if !is_payload_type(payload_type) {
            return Err(EnvelopeError::PayloadType);
        }
        let payload = base64(envelope.text("payload")?, "payload")?;
        let Value::Array(signatures) = envelope.required("signatures")? else {
            return Err(EnvelopeError::WrongType { member: "signatures", expected: "an array" });
        };
        let [signature] = signatures.as_slice() else {
            return Err(EnvelopeError::SignatureCount { count: signatures.len() });
        };
        let signature = Members::of(signature, "signatures")?;
        let key_hint = match signature.optional("keyid") {
            None => None,
            Some(Value::Text(hint)) => Some(hint.clone().into_owned()),
            Some(_) => return Err(EnvelopeError::WrongType { member: "keyid", expected: "a string" }),
        };
        let bytes = base64(signature.text("sig")?, "sig")?;
        let signature = <[u8; 64]>::try_from(bytes).map_err(|bytes| EnvelopeError::SignatureLength { length: bytes.len() })?;
        Self { payload_type: payload_type.to_owned(), payload, signature, key_hint, entry_key: None }.within_limit()
    }

    /// The envelope of a fresh signature, whose key is known.
    pub(super) fn signed(
        payload_type: PayloadType,
        payload: Vec<u8>,
        signature: [u8; 64],
        key: KeyId,
    ) -> Result<Self, EnvelopeError> {
        let payload_type = payload_type.as_str().to_owned();
        Self { payload_type, payload, signature, key_hint: Some(key.to_string()), entry_key: Some(key) }.within_limit()
    }

    fn within_limit(self) -> Result<Self, EnvelopeError> {
        match entry_length(self.payload.len(), self.payload_type.len()) {
            size if size > MAX_ENTRY => Err(EnvelopeError::EntryTooLarge { size }),
            _ => Ok(self),
        }
    }

    /// The payload type as it was signed, known or not.
    pub fn payload_type_str(&self) -> &str {
        &self.payload_type
    }

    /// The payload type when it is one of ours.
    pub fn payload_type(&self) -> Option<PayloadType> {
        PayloadType::parse(&self.payload_type)
    }

    /// The payload bytes that are signed.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The name of the payload.
    pub fn payload_id(&self) -> PayloadId {
        PayloadId::of(&self.payload)
    }

    /// The signature, not verified.
    pub fn signature(&self) -> &[u8; 64] {
        &self.signature
    }

    /// What the sender says about the key. It decides nothing.
    pub fn key_hint(&self) -> Option<&str> {
        self.key_hint.as_deref()
    }

    /// The key id that is part of the bytes, when the envelope was read or made in the canonical spelling.
    pub(super) fn entry_key(&self) -> Option<&KeyId> {
        self.entry_key.as_ref()
    }

    /// What the signature is over.
    pub(super) fn signed_message(&self) -> Vec<u8> {
        pre_authentication_encoding(&self.payload_type, &self.payload)
    }

    /// The canonical entry, were it signed by the key of this name.
    pub(super) fn entry_under(&self, key: &KeyId) -> Vec<u8> {
        write_entry(&self.payload, &self.payload_type, key, &self.signature)
    }

    /// The envelope for the wire when nobody has verified it yet: the layout of an entry, with the sender's hint, if any, as `keyid`.
    pub fn to_json(&self) -> String {
        let hint = serde_json::Value::from(self.key_hint.as_deref().unwrap_or_default()).to_string();
        write_envelope(&self.payload, &self.payload_type, &hint, &self.signature)
    }
}

/// DSSE's `PAE(type, body)`: what is signed, so that a payload of one type can never pass for another.
///
/// `"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body`, lengths in decimal bytes (DSSE, protocol.md, "Signature Definition").
pub fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut encoding = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    encoding.extend_from_slice(payload);
    encoding
}

/// A media type as it can stand in an entry without a JSON escape.
fn is_payload_type(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
}

/// Strict base64. Padding is taken off here, because decoders of the padded alphabets also take concatenations (`AA==AA==`).
fn base64(text: &str, member: &'static str) -> Result<Vec<u8>, EnvelopeError> {
    let fault = EnvelopeError::Base64 { member };
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    if padding > 2 || (padding > 0 && !text.len().is_multiple_of(4)) {
        return Err(fault);
    }
    // Digits of both alphabets together are digits of neither.
    let standard = BASE64_NOPAD.decode(digits.as_bytes());
    standard.or_else(|_| BASE64URL_NOPAD.decode(digits.as_bytes())).ok().ok_or(fault)
}

/// The members of an object of which others than ours are ignored.
struct Members<'v>(&'v [(Cow<'v, str>, Value<'v>)]);

impl<'v> Members<'v> {
    fn of(value: &'v Value<'v>, member: &'static str) -> Result<Self, EnvelopeError> {
        match value {
            Value::Object(members) => Ok(Self(members)),
            _ => Err(EnvelopeError::WrongType { member, expected: "an object" }),
        }
    }

    fn optional(&self, member: &str) -> Option<&'v Value<'v>> {
        self.0.iter().find(|(name, _)| name == member).map(|(_, value)| value)
    }

    fn required(&self, member: &'static str) -> Result<&'v Value<'v>, EnvelopeError> {
        self.optional(member).ok_or(EnvelopeError::MissingMember { member })
    }

    fn text(&self, member: &'static str) -> Result<&'v str, EnvelopeError> {
        match self.required(member)? {
            Value::Text(text) => Ok(text),
            _ => Err(EnvelopeError::WrongType { member, expected: "a string" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::{SecretKey, verify};
    use data_encoding::{BASE64, BASE64URL};
    use proptest::prelude::*;

    #[test]
    fn the_pre_authentication_encoding_is_that_of_the_standard() {
        // The example of DSSE's protocol.md.
        let encoding = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world");
        assert_eq!(encoding, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
        assert_eq!(pre_authentication_encoding("", b""), b"DSSEv1 0  0 ");
        assert_eq!(pre_authentication_encoding("t", "\u{e9}".as_bytes()), "DSSEv1 1 t 2 \u{e9}".as_bytes());
    }

    #[test]
    fn base64_has_four_spellings_and_no_more() {
        for text in ["+/8=", "+/8", "-_8=", "-_8"] {
            assert_eq!(base64(text, "payload"), Ok(vec![0xfb, 0xff]), "{text}");
        }
        for text in ["+_8=", "+/9=", "+/8==", "+/8 =", "+/8\n", "AA==AA==", "AAAA====", "=", "A", "A===", "AAAA=", "AA="] {
            assert_eq!(base64(text, "payload"), Err(EnvelopeError::Base64 { member: "payload" }), "{text:?}");
        }
    }

    #[test]
    fn the_largest_entry_is_accepted_and_one_byte_more_is_not() {
        let key = SecretKey::from_seed([1; 32]);
        let envelope = key.sign_envelope(PayloadType::Notice, &vec![b'x'; 48_957]).expect("fits");
        let signed = verify(&envelope, &[key.public()]).expect("verifies");
        assert_eq!(signed.entry().len(), MAX_ENTRY);
        let refused = key.sign_envelope(PayloadType::Notice, &vec![b'x'; 48_958]);
        assert_eq!(refused, Err(EnvelopeError::EntryTooLarge { size: 65_539 }));
    }

    /// Spells an envelope in one of many ways that mean the same.
    fn spell(envelope: &Envelope, dialect: u8, hint: Option<&str>) -> String {
        let encode = |bytes: &[u8]| match dialect % 4 {
            0 => BASE64.encode(bytes),
            1 => BASE64_NOPAD.encode(bytes),
            2 => BASE64URL.encode(bytes),
            _ => BASE64URL_NOPAD.encode(bytes),
        };
        let (payload, sig) = (encode(envelope.payload()), encode(envelope.signature()));
        let space = if dialect & 4 == 0 { "" } else { "\r\n\t " };
        let extra = if dialect & 8 == 0 { "" } else { r#""cert":[{"x":null}],"# };
        let keyid = hint.map_or(String::new(), |h| format!("\"keyid\":{},", serde_json::Value::from(h)));
        let signatures = format!(r#""signatures":{space}[{{{extra}{keyid}"sig":{space}"{sig}"}}]"#);
        let payload = format!(r#""payload":"{payload}""#);
        let kind = format!(r#""payloadType":{space}"{}""#, envelope.payload_type_str().replace('/', "\\u002f"));
        if dialect & 16 == 0 {
            format!("{{{extra}{payload},{space}{kind},{signatures}}}{space}")
        } else {
            format!("{{{signatures},{extra}{kind}{space},{payload}}}")
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn every_spelling_has_the_same_entry(seed: [u8; 32], payload: Vec<u8>, dialect: u8, hint: Option<String>) {
            let key = SecretKey::from_seed(seed);
            let envelope = key.sign_envelope(PayloadType::Notice, &payload).expect("small");
            let entry = verify(&envelope, &[key.public()]).expect("verifies").entry().to_vec();
            prop_assert_eq!(envelope.to_json().into_bytes(), entry.clone());
            let again = Envelope::parse(spell(&envelope, dialect, hint.as_deref()).as_bytes()).expect("a spelling");
            prop_assert_eq!(again.payload(), payload.as_slice());
            prop_assert_eq!(again.key_hint(), hint.as_deref());
            let signed = verify(&again, &[key.public()]).expect("verifies");
            prop_assert_eq!(signed.entry(), entry.as_slice());
            let canonical = Envelope::parse_canonical(&entry).expect("canonical");
            prop_assert_eq!(&canonical, &envelope);
            let from_json = Envelope::parse(again.to_json().as_bytes()).expect("our own");
            prop_assert_eq!(from_json.payload(), payload.as_slice());
        }

        #[test]
        fn peers_must_send_the_canonical_spelling(payload: Vec<u8>, dialect: u8) {
            let key = SecretKey::from_seed([3; 32]);
            let envelope = key.sign_envelope(PayloadType::Notice, &payload).expect("small");
            let id = key.public().key_id().to_string();
            let spelled = spell(&envelope, dialect, Some(&id));
            let read = Envelope::parse_canonical(spelled.as_bytes());
            prop_assert_eq!(read.is_ok(), spelled == envelope.to_json());
        }

        #[test]
        fn mutated_bytes_are_read_or_refused_but_never_panic(at: prop::sample::Index, byte: u8, cut: prop::sample::Index) {
            let key = SecretKey::from_seed([3; 32]);
            let mut bytes = key.sign_envelope(PayloadType::Notice, b"{\"a\":1}").expect("small").to_json().into_bytes();
            let entry = bytes.clone();
            let place = at.index(bytes.len());
            bytes[place] = byte;
            let signed = Envelope::parse(&bytes).ok().and_then(|envelope| verify(&envelope, &[key.public()]).ok());
            if let Some(signed) = signed {
                prop_assert_eq!(signed.entry(), entry.as_slice());
            }
            bytes.truncate(cut.index(bytes.len()));
            prop_assert!(Envelope::parse(&bytes).is_err());
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let _ = Envelope::parse(&bytes);
            let _ = Envelope::parse_canonical(&bytes);
        }
    }
}

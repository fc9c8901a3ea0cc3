//! Secret keys: in and out of PKCS#8 files, and signing of typed things only.

use std::fmt;

use ed25519_dalek::{Signer, SigningKey};
use zeroize::Zeroizing;

use super::{Envelope, EnvelopeError, PayloadType, PublicKey, pem, pre_authentication_encoding};

/// An Ed25519 secret key. It is wiped when dropped and never shown by `Debug`.
///
/// There is no function that signs bytes of a caller's choice: what one key signs always begins with the DSSE prefix and a
/// payload type, so that no server can be made an oracle (promise A6).
pub struct SecretKey(SigningKey);

/// Why a file is no secret key that Palinode takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretKeyError {
    /// Encrypted with a password.
    #[error("the key is encrypted; Palinode reads plain PKCS#8 files, protected by their file mode")]
    Encrypted,
    /// Not PKCS#8 PEM, of another algorithm, or its two halves do not belong together.
    #[error("must be one PEM block PRIVATE KEY that holds an Ed25519 key, as `openssl genpkey -algorithm ed25519` writes it")]
    NotAnEd25519Key,
}

impl SecretKey {
    /// The key made of these 32 bytes: the "private key" of RFC 8032. The caller brings the randomness.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&Zeroizing::new(seed)))
    }

    /// Reads a PKCS#8 PEM file, version 1 or 2.
    ///
    /// # Errors
    /// [`SecretKeyError`]; the text is never repeated in the message.
    pub fn from_pem(text: &str) -> Result<Self, SecretKeyError> {
        if text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") {
            return Err(SecretKeyError::Encrypted);
        }
        pem::read_secret(text).map(Self).ok_or(SecretKeyError::NotAnEd25519Key)
    }

    /// Writes a PKCS#8 version 1 PEM file with a final line break, as OpenSSL writes and reads it.
    pub fn to_pem(&self) -> Zeroizing<String> {
        pem::write_secret(self.0.as_bytes())
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey::of_secret(&self.0)
    }

    /// Signs a payload: Ed25519 over the DSSE pre-authentication encoding of its type and bytes. The envelope carries the key id.
    ///
    /// # Errors
    /// [`EnvelopeError::EntryTooLarge`] when the entry would exceed [`MAX_ENTRY`](super::MAX_ENTRY) bytes.
    pub fn sign_envelope(&self, payload_type: PayloadType, payload: &[u8]) -> Result<Envelope, EnvelopeError> {
        let signature = self.sign_raw(&pre_authentication_encoding(payload_type.as_str(), payload));
        Envelope::signed(payload_type, payload.to_vec(), signature, self.public().key_id())
    }

    /// Signs a message of `tlog` (a note or a cosignature), whose texts can never begin as a DSSE encoding does.
    pub(crate) fn sign_raw(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(of {})", self.public())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The private key of RFC 8410, section 10.3, with its version 2 twin there, which carries the public half (and an attribute).
    const VERSION_1: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
    const PUBLIC: &str =
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";

    fn version_2(public_half: &PublicKey) -> String {
        let mut der = data_encoding::HEXLOWER.decode(b"3051020101300506032b657004220420").expect("hex");
        der.extend_from_slice(
            &data_encoding::HEXLOWER.decode(b"d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842").expect("hex"),
        );
        der.extend_from_slice(&[0x81, 0x21, 0x00]);
        der.extend_from_slice(public_half.as_bytes());
        let body = data_encoding::BASE64.encode(&der);
        let (first, second) = body.split_at(64);
        format!("-----BEGIN PRIVATE KEY-----\n{first}\n{second}\n-----END PRIVATE KEY-----\n")
    }

    #[test]
    fn the_key_of_rfc_8410_is_read_and_written_byte_for_byte() {
        let key = SecretKey::from_pem(VERSION_1).expect("PKCS#8 v1");
        assert_eq!(key.public(), PublicKey::parse(PUBLIC).expect("SPKI"));
        assert_eq!(key.to_pem().as_str(), VERSION_1);
        assert_eq!(key.public().to_pem(), PUBLIC);
    }

    #[test]
    fn version_2_is_read_when_its_halves_belong_together_and_written_as_version_1() {
        let key = SecretKey::from_pem(VERSION_1).expect("PKCS#8 v1");
        let same = SecretKey::from_pem(&version_2(&key.public())).expect("PKCS#8 v2");
        assert_eq!(same.to_pem().as_str(), VERSION_1);
        let stranger = SecretKey::from_seed([9; 32]).public();
        assert_eq!(SecretKey::from_pem(&version_2(&stranger)).err(), Some(SecretKeyError::NotAnEd25519Key));
    }

    #[test]
    fn a_warning_before_the_block_and_foreign_line_ends_are_allowed() {
        let warned = format!("INSECURE: everybody knows this key.\n\n{VERSION_1}");
        assert!(SecretKey::from_pem(&warned).is_ok());
        assert!(SecretKey::from_pem(&VERSION_1.replace('\n', "\r\n")).is_ok());
    }

    #[test]
    fn other_files_are_refused() {
        let encrypted = VERSION_1.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
        assert_eq!(SecretKey::from_pem(&encrypted).err(), Some(SecretKeyError::Encrypted));
        let twice = format!("{VERSION_1}{VERSION_1}");
        for text in
            ["", PUBLIC, twice.as_str(), &VERSION_1.replace("K2Vw", "K2Vx"), &VERSION_1.replace("PRIVATE", "EC PRIVATE")]
        {
            assert_eq!(SecretKey::from_pem(text).err(), Some(SecretKeyError::NotAnEd25519Key), "{text}");
        }
    }

    #[test]
    fn debug_shows_the_public_half_only() {
        let key = SecretKey::from_seed([7; 32]);
        assert_eq!(format!("{key:?}"), format!("SecretKey(of {})", key.public()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_key_file_reads_back(seed: [u8; 32]) {
            let key = SecretKey::from_seed(seed);
            let again = SecretKey::from_pem(&key.to_pem()).expect("our own form");
            prop_assert_eq!(again.public(), key.public());
        }
    }
}

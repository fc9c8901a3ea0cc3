//! Key files: PKCS#8 and SPKI in PEM, as OpenSSL writes and reads them (RFC 7468, RFC 5958, RFC 8410).
//!
//! Private keys are written in version 1, without the public half, because OpenSSL 3.0 reads nothing else; version 2 is read
//! when its public half belongs to the private one. Text before the block is allowed, which is how test keys carry a warning;
//! a file that holds two blocks, or anything but white space after the block, is refused.

use data_encoding::BASE64;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey, PublicKeyBytes};
use zeroize::Zeroizing;

/// What stands before the 32 bytes of a public key in SPKI DER (RFC 8410, section 4): lengths and the algorithm 1.3.101.112.
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// What stands before the 32 bytes of a private key in PKCS#8 version 1 DER (RFC 8410, section 7).
const PKCS8_PREFIX: [u8; 16] = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

pub(super) fn read_public(text: &str) -> Option<[u8; 32]> {
    PublicKeyBytes::from_public_key_pem(text.trim_end()).ok().map(|key| key.to_bytes())
}

pub(super) fn write_public(key: &[u8; 32]) -> String {
    let mut der = Vec::with_capacity(44);
    der.extend_from_slice(&SPKI_PREFIX);
    der.extend_from_slice(key);
    // 44 bytes are 60 digits: one line of the 64 that RFC 7468 allows.
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64.encode(&der))
}

pub(super) fn read_secret(text: &str) -> Option<SigningKey> {
    SigningKey::from_pkcs8_pem(text.trim_end()).ok()
}

pub(super) fn write_secret(seed: &[u8; 32]) -> Zeroizing<String> {
    // Sized beforehand, so that nothing is copied and left behind when it grows. 48 bytes are 64 digits: again one line.
    let mut der = Zeroizing::new(Vec::with_capacity(48));
    der.extend_from_slice(&PKCS8_PREFIX);
    der.extend_from_slice(seed);
    let mut text = Zeroizing::new(String::with_capacity(160));
    text.push_str("-----BEGIN PRIVATE KEY-----\n");
    BASE64.encode_append(&der, &mut text);
    text.push_str("\n-----END PRIVATE KEY-----\n");
    text
}

//! A second signature of the same key over the same payload, which RFC 8032 signers never make.

use curve25519_dalek::constants::ED25519_BASEPOINT_TABLE;
use curve25519_dalek::scalar::{Scalar, clamp_integer};
use data_encoding::BASE64;
use sha2::{Digest, Sha256, Sha512};

use crate::envelope::{Envelope, pre_authentication_encoding};
use crate::federation::testing::secret;

/// The same entry under another, equally valid signature of the key of this name.
pub(super) fn twin_of(entry: &[u8], name: &str) -> Vec<u8> {
    let envelope = Envelope::parse_canonical(entry).expect("an entry");
    let message = pre_authentication_encoding(envelope.payload_type_str(), envelope.payload());
    let seed: [u8; 32] = Sha256::digest(format!("a key of the federation's tests: {name}")).into();
    let expanded: [u8; 64] = Sha512::digest(seed).into();
    let secret_scalar = Scalar::from_bytes_mod_order(clamp_integer(expanded[..32].try_into().expect("32 bytes")));
    let nonce = Scalar::from_bytes_mod_order_wide(&Sha512::digest(b"a nonce of our own choice").into());
    let point = (&nonce * ED25519_BASEPOINT_TABLE).compress();
    let public = secret(name).public();
    let challenge = Sha512::new().chain_update(point.as_bytes()).chain_update(public.as_bytes()).chain_update(&message);
    let challenge = Scalar::from_bytes_mod_order_wide(&challenge.finalize().into());
    let signature = [*point.as_bytes(), (nonce + challenge * secret_scalar).to_bytes()].concat();
    let text = std::str::from_utf8(entry).expect("text");
    let twin = text.replace(&BASE64.encode(envelope.signature()), &BASE64.encode(&signature));
    assert_ne!(twin, text);
    twin.into_bytes()
}

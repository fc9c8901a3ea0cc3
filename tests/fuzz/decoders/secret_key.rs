//! Secret key files: what is read is written again as OpenSSL writes it.

use palinode::envelope::SecretKey;

pub fn check(data: &[u8]) {
    let Some(text) = super::text(data) else { return };
    let Ok(key) = SecretKey::from_pem(text) else { return };
    let again = SecretKey::from_pem(&key.to_pem()).expect("what is written is read");
    assert_eq!((again.public(), again.to_pem()), (key.public(), key.to_pem()));
}

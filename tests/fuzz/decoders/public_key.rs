//! Public keys in their three spellings.

use palinode::envelope::PublicKey;

pub fn check(data: &[u8]) {
    if let Ok(bytes) = data.try_into()
        && let Ok(key) = PublicKey::from_bytes(bytes)
    {
        assert_eq!(key.as_bytes(), bytes);
        sound(&key);
    }
    let Some(text) = super::text(data) else { return };
    if let Ok(key) = PublicKey::from_multibase(text) {
        assert_eq!(key.to_multibase(), text, "the multibase form of a key is one");
        assert_eq!(PublicKey::parse(text), Ok(key));
    }
    if let Ok(key) = PublicKey::from_pem(text) {
        assert_eq!(PublicKey::parse(text), Ok(key));
    }
    if let Ok(key) = PublicKey::parse(text) {
        sound(&key);
    }
}

fn sound(key: &PublicKey) {
    let hex = data_encoding::HEXLOWER.encode(key.as_bytes());
    for spelling in [key.to_multibase(), key.to_pem(), hex.to_uppercase(), hex] {
        assert_eq!(PublicKey::parse(&spelling), Ok(*key));
    }
    assert_eq!(PublicKey::from_did_key(&key.to_did()), Ok(*key));
}

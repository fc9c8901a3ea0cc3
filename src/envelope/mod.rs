//! Who said it.

mod keys;

pub use keys::{PublicKey, PublicKeyError, SecretKey};

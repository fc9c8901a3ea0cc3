//! The three keys of a server, which are never shared with each other nor used for anything else (protocol, section 2).

use crate::envelope::{PublicKey, SecretKey, is_known_insecure};
use crate::tlog::{KeyName, VerifierKey};

/// The secret keys of a server, with its origin.
#[derive(Debug)]
pub struct ServerKeys {
    origin: KeyName,
    log: SecretKey,
    witness: SecretKey,
    operator: SecretKey,
}

/// Why three keys cannot be a server's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServerKeysError {
    /// Two purposes, one key.
    #[error("the {0} key and the {1} key are the same: every purpose needs its own, make one with `palinode key new`")]
    Shared(&'static str, &'static str),
    /// A key that everyone has.
    #[error(
        "the {0} key is published in documentation or test vectors, so anyone could sign with it: make one with `palinode key new`"
    )]
    Insecure(&'static str),
    /// The origin makes no key name.
    #[error("the origin {0:?} cannot be a key name")]
    BadName(String),
}

impl ServerKeys {
    /// Takes the keys of a server.
    ///
    /// # Errors
    /// [`ServerKeysError`] when two are the same, or when one is publicly known.
    pub fn new(origin: KeyName, log: SecretKey, witness: SecretKey, operator: SecretKey) -> Result<Self, ServerKeysError> {
        let named = [("log", log.public()), ("witness", witness.public()), ("operator", operator.public())];
        for (at, (name, key)) in named.iter().enumerate() {
            if is_known_insecure(key) {
                return Err(ServerKeysError::Insecure(name));
            }
            if let Some((other, _)) = named.iter().take(at).find(|(_, k)| k == key) {
                return Err(ServerKeysError::Shared(other, name));
            }
        }
        Ok(Self { origin, log, witness, operator })
    }

    /// The public halves.
    ///
    /// # Errors
    /// [`ServerKeysError::BadName`] when the witness name is no key name.
    pub fn identity(&self) -> Result<Identity, ServerKeysError> {
        let witness_name = format!("{}/witness", self.origin);
        let witness = KeyName::parse(&witness_name).ok().ok_or(ServerKeysError::BadName(witness_name))?;
        Ok(Identity {
            origin: self.origin.clone(),
            log: VerifierKey::log_key(self.origin.clone(), self.log.public()),
            witness: VerifierKey::witness_key(witness, self.witness.public()),
            operator: self.operator.public(),
        })
    }

    /// Signs checkpoints, and nothing else.
    pub(super) fn log(&self) -> &SecretKey {
        &self.log
    }

    /// Makes cosignatures, and nothing else.
    pub(super) fn witness(&self) -> &SecretKey {
        &self.witness
    }

    /// Signs operator statements and index heads.
    pub fn operator(&self) -> &SecretKey {
        &self.operator
    }
}

/// Who a server is: its origin and public keys.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Host and path without scheme; fixed when the data folder is made.
    pub origin: KeyName,
    /// Verifies its checkpoints.
    pub log: VerifierKey,
    /// Verifies its cosignatures; named `<origin>/witness`.
    pub witness: VerifierKey,
    /// Verifies its operator statements and index heads.
    pub operator: PublicKey,
}

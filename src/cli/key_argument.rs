use std::path::Path;

use super::exit_code::ExitCode;
use super::failure::Complaint;
use super::secret::{self, SecretError};
use crate::envelope::{KeyError, PublicKey, SecretKey};

/// A key that was named on the command line.
pub(super) struct KeyArgument {
    pub(super) public: PublicKey,
    /// Its private half, when a private key file was named.
    pub(super) secret: Option<SecretKey>,
}

/// Why an argument names no key.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeyArgumentError {
    /// Neither a key nor a file that holds one.
    #[error("{what} {text}: {source}")]
    NotAKey { what: &'static str, text: String, source: KeyError },
    /// The file cannot be used.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

impl Complaint for KeyArgumentError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::NotAKey { .. } => ExitCode::Usage,
            Self::Secret(error) => error.exit_code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::NotAKey { .. } => {
                Some("a key is z6Mk..., 64 hex digits, or a file with one of them or a PEM block".to_owned())
            }
            Self::Secret(error) => error.help(),
        }
    }
}

/// Reads a key as it is written, or from the file of this name. `what` names the argument in messages.
pub(super) fn read(what: &'static str, text: &str) -> Result<KeyArgument, KeyArgumentError> {
    match PublicKey::parse(text) {
        Ok(public) => Ok(KeyArgument { public, secret: None }),
        Err(_) if Path::new(text).is_file() => read_file(what, Path::new(text)),
        Err(source) => Err(KeyArgumentError::NotAKey { what, text: text.to_owned(), source }),
    }
}

/// Reads a public key, or a private one that only its owner can read, from a file.
pub(super) fn read_file(what: &'static str, path: &Path) -> Result<KeyArgument, KeyArgumentError> {
    let text = secret::read_any(path)?;
    if text.contains("PRIVATE KEY-----") {
        let secret = secret::read(path)?;
        return Ok(KeyArgument { public: secret.public(), secret: Some(secret) });
    }
    match PublicKey::parse(&text) {
        Ok(public) => Ok(KeyArgument { public, secret: None }),
        Err(source) => Err(KeyArgumentError::NotAKey { what, text: path.display().to_string(), source }),
    }
}

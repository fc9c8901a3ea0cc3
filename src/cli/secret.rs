use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::exit_code::ExitCode;
use super::failure::Complaint;
use super::file::{self, FileError};
use crate::envelope::{SecretKey, SecretKeyError};

/// More than any PEM file of one key.
const MAX_KEY_FILE: u64 = 16_384;

/// Why a private key cannot be used or made.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes: {0}")]
    NoRandomness(getrandom::Error),
    /// It holds no private key that we take.
    #[error("{}: {source}", path.display())]
    NotAKey {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it; the text is never repeated.
        source: SecretKeyError,
    },
    /// Others than its owner can read it.
    #[error("{} can be read by others than its owner (mode {mode:03o})", path.display())]
    Exposed {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
}

impl Complaint for SecretError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::File(error) => error.exit_code(),
            Self::NotAKey { .. } => ExitCode::Usage,
            Self::NoRandomness(_) | Self::Exposed { .. } => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::File(error) => error.help(),
            Self::NotAKey { .. } => Some("`palinode key new FILE` makes a key".to_owned()),
            Self::NoRandomness(_) => None,
            Self::Exposed { path, .. } => Some(format!("chmod 600 {}", path.display())),
        }
    }
}

/// Random bytes of the operating system.
pub(super) fn random_bytes() -> Result<[u8; 32], SecretError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(SecretError::NoRandomness)?;
    Ok(bytes)
}

/// Reads the private key in a PEM file that only its owner can read.
pub(super) fn read(path: &Path) -> Result<SecretKey, SecretError> {
    refuse_exposed(path)?;
    let text = Zeroizing::new(file::read(path, MAX_KEY_FILE)?);
    let not_a_key = |source| SecretError::NotAKey { path: path.to_owned(), source };
    let Ok(text) = std::str::from_utf8(&text) else { return Err(not_a_key(SecretKeyError::NotAnEd25519Key)) };
    SecretKey::from_pem(text).map_err(not_a_key)
}

/// Reads a file that may hold a public key or a private one.
pub(super) fn read_any(path: &Path) -> Result<Zeroizing<String>, SecretError> {
    let bytes = Zeroizing::new(file::read(path, MAX_KEY_FILE)?);
    Ok(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(unix)]
fn refuse_exposed(path: &Path) -> Result<(), SecretError> {
    use std::os::unix::fs::PermissionsExt;
    match std::fs::metadata(path) {
        Ok(data) if data.is_file() && data.permissions().mode() & 0o077 != 0 => {
            Err(SecretError::Exposed { path: path.to_owned(), mode: data.permissions().mode() & 0o777 })
        }
        // A file that is not there is for the reader to tell.
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path) -> Result<(), SecretError> {
    Ok(())
}

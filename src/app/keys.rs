//! The key files of a server: made on the first start, read on every later one.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::envelope::{SecretKey, SecretKeyError};
use crate::ledger::{ServerKeys, ServerKeysError};
use crate::storage::DataFolder;
use crate::tlog::{KeyError, KeyName};

/// Why a server has no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// A file cannot be read or written.
    #[error("the key file {} cannot be used", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Others on this machine can read it.
    #[error("the key file {} can be read by others; run `chmod 600` on it, and think about whether it is still secret", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// It holds no key.
    #[error("the key file {} holds no Ed25519 key: {source}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: SecretKeyError,
    },
    /// A key is missing in a folder that has others, or a log.
    #[error("the key file {} is missing although this data folder has a log: put it back, it cannot be made again", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The operating system gave no randomness.
    #[error("no random bytes could be had for a new key: {0}")]
    Randomness(getrandom::Error),
    /// The three keys do not make a server.
    #[error(transparent)]
    Keys(#[from] ServerKeysError),
    /// The origin makes no key name.
    #[error("the origin {origin:?} cannot name a log: {source}")]
    Origin {
        /// The origin.
        origin: String,
        /// Why.
        #[source]
        source: KeyError,
    },
}

/// Reads the keys of the folder, or makes them when it has no log yet, and gives them with the origin: the stored one, the
/// configured one, or `localhost/<16 hex digits of SHA-256 of the log key>` (protocol, section 2, "Names").
pub(super) fn server_keys(
    folder: &DataFolder,
    stored_origin: Option<&str>,
    configured_origin: Option<&str>,
) -> Result<ServerKeys, KeyFileError> {
    let may_make = stored_origin.is_none();
    let log = read_or_make(&folder.key("log"), may_make)?;
    let witness = read_or_make(&folder.key("witness"), may_make)?;
    let operator = read_or_make(&folder.key("operator"), may_make)?;
    let origin = match configured_origin.or(stored_origin) {
        Some(origin) => origin.to_owned(),
        None => default_origin(&log),
    };
    let name = KeyName::parse(&origin).map_err(|source| KeyFileError::Origin { origin, source })?;
    Ok(ServerKeys::new(name, log, witness, operator)?)
}

fn default_origin(log: &SecretKey) -> String {
    let digest = Sha256::digest(log.public().as_bytes());
    let hex = data_encoding::HEXLOWER.encode(&digest);
    format!("localhost/{}", hex.get(..16).unwrap_or(&hex))
}

fn read_or_make(path: &Path, may_make: bool) -> Result<SecretKey, KeyFileError> {
    let failed = |source| KeyFileError::Io { path: path.to_owned(), source };
    match std::fs::read_to_string(path).map(Zeroizing::new) {
        Ok(text) => {
            let mode = std::fs::metadata(path).map_err(failed)?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(KeyFileError::Exposed { path: path.to_owned() });
            }
            SecretKey::from_pem(&text).map_err(|source| KeyFileError::Form { path: path.to_owned(), source })
        }
        Err(e) if e.kind() == ErrorKind::NotFound && may_make => make(path),
        Err(e) if e.kind() == ErrorKind::NotFound => Err(KeyFileError::Missing { path: path.to_owned() }),
        Err(e) => Err(failed(e)),
    }
}

/// Makes a key and keeps it durably before it signs anything: a log whose key is lost is lost with it. It gets its name when it
/// is written, so that a start that is cut short leaves a whole key or none.
fn make(path: &Path) -> Result<SecretKey, KeyFileError> {
    let failed = |source| KeyFileError::Io { path: path.to_owned(), source };
    let mut seed = Zeroizing::new([0_u8; 32]);
    getrandom::fill(seed.as_mut()).map_err(KeyFileError::Randomness)?;
    let key = SecretKey::from_seed(*seed);
    let beside = path.with_extension("pem.new");
    // What an earlier start left there named nothing yet.
    std::fs::remove_file(&beside).or_else(|e| if e.kind() == ErrorKind::NotFound { Ok(()) } else { Err(e) }).map_err(failed)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).map_err(failed)?;
    file.write_all(key.to_pem().as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&beside, path).map_err(failed)?;
    if let Some(folder) = path.parent() {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_read_afterwards() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = DataFolder::lock(folder.path()).expect("free");
        let made = server_keys(&folder, None, None).expect("made").identity().expect("named");
        let read = server_keys(&folder, Some(made.origin.as_str()), None).expect("read").identity().expect("named");
        assert_eq!(made.log.to_string(), read.log.to_string());
        assert!(made.origin.as_str().starts_with("localhost/"), "{}", made.origin);
        assert_eq!(made.witness.name().as_str(), format!("{}/witness", made.origin));
    }

    #[test]
    fn what_a_start_left_that_was_cut_short_is_no_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = DataFolder::lock(folder.path()).expect("free");
        std::fs::write(folder.path().join("keys").join("log.pem.new"), "half of a k").expect("written");
        server_keys(&folder, None, None).expect("made");
        let names = std::fs::read_dir(folder.path().join("keys")).expect("there").count();
        assert_eq!(names, 3, "one file for each key");
    }

    #[test]
    fn a_key_that_is_lost_beside_a_log_is_not_made_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = DataFolder::lock(folder.path()).expect("free");
        let lost = server_keys(&folder, Some("ledger.example.org/log"), None);
        assert!(matches!(lost, Err(KeyFileError::Missing { .. })), "{lost:?}");
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = DataFolder::lock(folder.path()).expect("free");
        server_keys(&folder, None, None).expect("made");
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(folder.key("log"), open).expect("set");
        assert!(matches!(server_keys(&folder, None, None), Err(KeyFileError::Exposed { .. })));
    }
}

//! Blinded digests for sensitive notices, out of files or of digests that are known already.

use std::fs::File;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use crate::cli::{Complaint, ExitCode};
use crate::notice::Identifier;

/// How much of a file is read at once, in bytes.
const PIECE: usize = 128 * 1024;

/// Why nothing could be blinded. What was given is not repeated: it may be on its way into a log.
#[derive(Debug, thiserror::Error)]
pub(super) enum BlindingError {
    #[error("what --blind names is neither a digest nor a file that can be read: {0}")]
    File(#[from] io::Error),
    #[error("--blind takes digests only: what somebody could guess, such as a DOI or an address, cannot be hidden")]
    Guessable,
    #[error("--blind names an empty file or another that everybody holds: it would match every folder")]
    Trivial,
}

impl Complaint for BlindingError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Usage
    }

    fn help(&self) -> Option<String> {
        Some(
            "give the path of a file, or algorithm:digest such as sha256:<64 hex digits>; of a folder, `palinode digests build FOLDER \
             --blind` makes a list"
                .to_owned(),
        )
    }
}

/// The blinded form of a digest, or of the SHA-256 of a file.
pub(super) fn hidden(text: &str) -> Result<Identifier, BlindingError> {
    let plain = match Identifier::normalise(text) {
        Ok(plain) => plain,
        Err(_not_an_identifier) => of_file(text)?,
    };
    if plain.is_trivial() {
        return Err(BlindingError::Trivial);
    }
    match plain.blinded() {
        Some(hidden) => Ok(hidden),
        None if plain.scheme() == crate::notice::Scheme::Blind => Ok(plain),
        None => Err(BlindingError::Guessable),
    }
}

fn of_file(path: &str) -> Result<Identifier, BlindingError> {
    let mut file = File::open(path)?;
    let (mut hasher, mut piece) = (Sha256::new(), vec![0; PIECE]);
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        hasher.update(piece.get(..read).unwrap_or_default());
    }
    let digest = data_encoding::HEXLOWER.encode(&hasher.finalize());
    Identifier::normalise(&format!("sha256:{digest}")).map_err(|_never| BlindingError::Guessable)
}

//! What an auditor remembers of a log from one audit to the next: its key, and the last checkpoint that was verified.
//!
//! ```text
//! palinode log state v1
//! <verifier key of the log>
//!
//! <the checkpoint, a signed note as it was served>
//! ```
//!
//! The note is kept whole, since two signed notes that contradict each other convict a log before anyone.

use crate::tlog::{KeyError, SignedCheckpoint, SignedCheckpointError, VerifierKey};

/// The first line.
const HEADER: &str = "palinode log state v1\n";
/// The most bytes of a state file.
pub const MAX_STATE: u64 = 64 * 1024 + 1024;

/// A text that is no remembered checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RememberedError {
    /// Not the form of this version.
    #[error("it is no state of an audit")]
    Form,
    /// The key.
    #[error("its key: {0}")]
    Key(#[from] KeyError),
    /// The checkpoint, or its signature.
    #[error("its checkpoint: {0}")]
    Checkpoint(#[from] SignedCheckpointError),
}

/// Reads a state.
///
/// # Errors
/// [`RememberedError`]: a state that cannot be read protects against nothing, and is not passed over.
pub fn parse(bytes: &[u8]) -> Result<SignedCheckpoint, RememberedError> {
    let text = std::str::from_utf8(bytes).ok().and_then(|text| text.strip_prefix(HEADER)).ok_or(RememberedError::Form)?;
    let (key, note) = text.split_once("\n\n").ok_or(RememberedError::Form)?;
    Ok(SignedCheckpoint::parse_and_verify(note.as_bytes(), &VerifierKey::parse(key)?)?)
}

/// Writes a state.
pub fn write(checkpoint: &SignedCheckpoint) -> Vec<u8> {
    [format!("{HEADER}{}\n\n", checkpoint.log_key()).as_bytes(), checkpoint.bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::SecretKey;
    use crate::tlog::{Checkpoint, Hash, KeyName};

    #[test]
    fn a_state_is_read_back_and_a_damaged_one_is_not() {
        let origin = KeyName::parse("ledger.example.org/log").unwrap();
        let signed = SignedCheckpoint::sign(&SecretKey::from_seed([1; 32]), &Checkpoint::new(&origin, 0, Hash::EMPTY)).unwrap();
        let state = write(&signed);
        assert_eq!(parse(&state), Ok(signed));
        assert_eq!(parse(b"something else"), Err(RememberedError::Form));
        let text = String::from_utf8(state).unwrap();
        assert!(matches!(parse(text.replace("\n0\n", "\n1\n").as_bytes()), Err(RememberedError::Checkpoint(_))));
        assert!(matches!(parse(text.replace("log+", "lag+").as_bytes()), Err(RememberedError::Key(_))));
    }
}

//! Pin files: who the operator knows, read from a folder at the start, with their records put into the log.

use std::io;
use std::path::{Path, PathBuf};

use crate::envelope::{PinError, PinFile};
use crate::ledger::{Ledger, Provenance, Refusal, Sequencer, Step, Submission, Submitted};

/// Why the pins cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PinsError {
    /// A file or the folder cannot be read.
    #[error("the pins at {} cannot be read", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file is no pin file.
    #[error("{} is no pin file: {source}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: PinError,
    },
    /// A pinned record was refused.
    #[error("the record pinned for {lineage} was refused: {source}")]
    Refused {
        /// Whose record.
        lineage: String,
        /// Why.
        #[source]
        source: Refusal,
    },
}

/// Reads every `*.json` file of the folder, in the order of their names.
///
/// # Errors
/// [`PinsError::Io`] and [`PinsError::Form`].
pub fn read(folder: &Path) -> Result<Vec<PinFile>, PinsError> {
    let failed = |source| PinsError::Io { path: folder.to_owned(), source };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut pins = Vec::with_capacity(paths.len());
    for path in paths {
        let bytes = std::fs::read(&path).map_err(|source| PinsError::Io { path: path.clone(), source })?;
        pins.push(PinFile::parse(&bytes).map_err(|source| PinsError::Form { path, source })?);
    }
    Ok(pins)
}

/// Appends the pinned records that the log does not have yet: loading a pin file is how a domain becomes known here
/// (protocol, section 5). The server does not run yet, so the sequencer is stepped by hand.
pub(super) fn append(pins: &[PinFile], ledger: &Ledger, sequencer: &mut Sequencer) -> Result<(), PinsError> {
    for pin in pins {
        let refused = |source| PinsError::Refused { lineage: pin.lineage().to_string(), source };
        let submission = Submission::entry(pin.record().signed().entry()).map_err(refused)?;
        match ledger.submit(submission, Provenance::Pin).map_err(refused)? {
            // What the operator pins waits for nobody.
            Submitted::Known(_) | Submitted::Waiting(_) => {}
            Submitted::Queued(mut ticket) => {
                let step = sequencer.step();
                match ticket.try_recv() {
                    Ok(Ok(_)) => {}
                    Ok(Err(refusal)) => return Err(refused(refusal)),
                    Err(_) if step == Step::Halted => return Err(refused(Refusal::Halted)),
                    Err(_) => return Err(refused(Refusal::Busy)),
                }
            }
        }
    }
    Ok(())
}

use std::path::{Path, PathBuf};

use crate::cli::file::{self, FileError};
use crate::cli::{Complaint, ExitCode};
use crate::client::{SubmissionBody, SubmissionBodyError};

/// Why a file is no signed notice.
#[derive(Debug, thiserror::Error)]
pub enum SignedFileError {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is no body of a POST.
    #[error("{}: {source}", path.display())]
    Body {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        source: SubmissionBodyError,
    },
}

impl Complaint for SignedFileError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::File(error) => error.exit_code(),
            Self::Body { .. } => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::File(error) => error.help(),
            Self::Body { .. } => Some("`palinode notice sign` writes such a file from a draft".to_owned()),
        }
    }
}

/// Reads what `palinode notice sign` wrote and `palinode notice post` sends, or a bare envelope; standard input when the file is
/// called `-`.
pub(in crate::cli) fn read(path: &Path) -> Result<SubmissionBody, SignedFileError> {
    let bytes = file::read(path, SubmissionBody::MAX)?;
    SubmissionBody::parse(&bytes).map_err(|source| SignedFileError::Body { path: path.to_owned(), source })
}

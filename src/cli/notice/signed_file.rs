use std::path::{Path, PathBuf};

use data_encoding::BASE64;

use crate::cli::file::{self, FileError};
use crate::cli::{Complaint, ExitCode};
use crate::envelope::{Envelope, EnvelopeError};
use crate::strict_json::{self, SyntaxFault, Value};

/// Largest submission with its documents, in bytes (protocol, section 3, step 1).
const MAX_FILE: u64 = 1_048_576;

/// What `palinode notice sign` writes and `palinode notice post` sends: an envelope and the documents it names, as
/// `{"envelope": ..., "documents": ["<base64>", ...]}` (protocol, section 9). A bare envelope is read too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SignedFile {
    pub(super) envelope: Envelope,
    pub(super) documents: Vec<Vec<u8>>,
}

/// Why a file is no signed notice.
#[derive(Debug, thiserror::Error)]
pub enum SignedFileError {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// Not strict JSON.
    #[error("{}: {source}", path.display())]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// The first fault.
        source: SyntaxFault,
    },
    /// No envelope, neither bare nor beside its documents.
    #[error("{}: {source}", path.display())]
    Envelope {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        source: EnvelopeError,
    },
    /// Something that is neither `envelope` nor base64 `documents`.
    #[error("{}: must be an envelope, or {{\"envelope\": ..., \"documents\": [\"<base64>\", ...]}}", path.display())]
    Form {
        /// Which file.
        path: PathBuf,
    },
}

impl Complaint for SignedFileError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::File(error) => error.exit_code(),
            Self::Syntax { .. } | Self::Envelope { .. } | Self::Form { .. } => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::File(error) => error.help(),
            Self::Syntax { .. } | Self::Envelope { .. } | Self::Form { .. } => {
                Some("`palinode notice sign` writes such a file from a draft".to_owned())
            }
        }
    }
}

impl SignedFile {
    /// Reads a file, or standard input when it is called `-`.
    pub(super) fn read(path: &Path) -> Result<Self, SignedFileError> {
        let bytes = file::read(path, MAX_FILE)?;
        let value = strict_json::parse(&bytes).map_err(|source| SignedFileError::Syntax { path: path.to_owned(), source })?;
        let form = || SignedFileError::Form { path: path.to_owned() };
        let envelope = |value: &Value| {
            Envelope::from_value(value).map_err(|source| SignedFileError::Envelope { path: path.to_owned(), source })
        };
        let Value::Object(fields) = &value else { return Err(form()) };
        let Some((_, inner)) = fields.iter().find(|(name, _)| name == "envelope") else {
            return Ok(Self { envelope: envelope(&value)?, documents: Vec::new() });
        };
        let mut documents = Vec::new();
        for (name, value) in fields {
            match (name.as_str(), value) {
                ("envelope", _) => {}
                ("documents", Value::Array(items)) => {
                    for item in items {
                        let Value::Text(text) = item else { return Err(form()) };
                        documents.push(BASE64.decode(text.as_bytes()).ok().ok_or_else(form)?);
                    }
                }
                _ => return Err(form()),
            }
        }
        Ok(Self { envelope: envelope(inner)?, documents })
    }

    /// The file's contents, which are the body of a POST.
    pub(super) fn to_json(&self) -> String {
        let documents: Vec<_> = self.documents.iter().map(|document| BASE64.encode(document)).collect();
        format!("{{\"envelope\":{},\"documents\":{}}}\n", self.envelope.to_json(), serde_json::Value::from(documents))
    }
}

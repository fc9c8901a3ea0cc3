use data_encoding::BASE64;

use crate::envelope::{Envelope, EnvelopeError};
use crate::strict_json::{self, SyntaxFault, Value};

/// What is handed in by POST: an envelope and the documents it names, as `{"envelope": ..., "documents": ["<base64>", ...]}`
/// (protocol, section 9). A bare envelope is read too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionBody {
    /// The signed notice or record.
    pub envelope: Envelope,
    /// The documents that come along.
    pub documents: Vec<Vec<u8>>,
}

/// Why bytes are no submission.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmissionBodyError {
    /// Not strict JSON.
    #[error(transparent)]
    Syntax(#[from] SyntaxFault),
    /// No envelope, neither bare nor beside its documents.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// Something that is neither `envelope` nor base64 `documents`.
    #[error("must be an envelope, or {{\"envelope\": ..., \"documents\": [\"<base64>\", ...]}}")]
    Form,
}

impl SubmissionBody {
    /// The largest submission with its documents, in bytes (protocol, section 3, step 1).
    pub const MAX: u64 = 1_048_576;

    /// Reads a body.
    ///
    /// # Errors
    /// [`SubmissionBodyError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, SubmissionBodyError> {
        let value = strict_json::parse(bytes)?;
        let Value::Object(fields) = &value else { return Err(SubmissionBodyError::Form) };
        let Some((_, inner)) = fields.iter().find(|(name, _)| name == "envelope") else {
            return Ok(Self { envelope: Envelope::from_value(&value)?, documents: Vec::new() });
        };
        let mut documents = Vec::new();
        for (name, value) in fields {
            match (name.as_ref(), value) {
                ("envelope", _) => {}
                ("documents", Value::Array(items)) => {
                    for item in items {
                        let Value::Text(text) = item else { return Err(SubmissionBodyError::Form) };
                        documents.push(strict_json::decode_base64(text).ok_or(SubmissionBodyError::Form)?);
                    }
                }
                _ => return Err(SubmissionBodyError::Form),
            }
        }
        Ok(Self { envelope: Envelope::from_value(inner)?, documents })
    }

    /// The body as it is sent.
    pub fn to_json(&self) -> String {
        let documents: Vec<_> = self.documents.iter().map(|document| BASE64.encode(document)).collect();
        format!("{{\"envelope\":{},\"documents\":{}}}\n", self.envelope.to_json(), serde_json::Value::from(documents))
    }
}

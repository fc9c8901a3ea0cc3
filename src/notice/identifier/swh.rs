//! `swh:`, Software Heritage identifiers of version 1 (SWHID specification, ISO/IEC 18670), which are also git object ids.

use super::{Identifier, IdentifierError, Scheme, lower_hex};

/// Why a text is no Software Heritage id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SwhFault {
    /// Not the form of the specification.
    #[error("a Software Heritage id is written swh:1:, one of cnt dir rev rel snp, a colon and 40 hex digits")]
    Form,
    /// A git object id is 40 hex digits.
    #[error("a git blob is named by 40 hex digits, the SHA-1 that git gives it")]
    GitBlob,
    /// The specification knows lower case only.
    #[error("a Software Heritage id is written in lower case")]
    UpperCase,
}

impl SwhFault {
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Form => "swh-form",
            Self::GitBlob => "swh-git-blob",
            Self::UpperCase => "swh-upper-case",
        }
    }
}

/// The object types: content, directory, revision, release, snapshot.
pub(super) const OBJECTS: [&str; 5] = ["cnt", "dir", "rev", "rel", "snp"];

/// Reads a whole id, `swh:` included, because its case matters; qualifiers are dropped.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let core = text.split(';').next().unwrap_or(text).trim_end();
    if core.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(SwhFault::UpperCase.into());
    }
    let value = core.strip_prefix("swh:").ok_or(SwhFault::Form)?;
    let (object, digits) = value.strip_prefix("1:").and_then(|rest| rest.split_once(':')).ok_or(SwhFault::Form)?;
    if !OBJECTS.contains(&object) || lower_hex(digits, 40).is_none() {
        return Err(SwhFault::Form.into());
    }
    Identifier::assemble(Scheme::Swh, value)
}

/// Reads what stands behind `gitblob:`: the id that git gives the bytes of a file is its Software Heritage content id.
pub(super) fn git_blob(text: &str) -> Result<Identifier, IdentifierError> {
    let digits = lower_hex(text.trim(), 40).ok_or(SwhFault::GitBlob)?;
    Identifier::assemble(Scheme::Swh, &format!("1:cnt:{digits}"))
}

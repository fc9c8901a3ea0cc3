//! Digests of folders: `dirhash1:` (the `h1:` of Go modules, also in in-toto: SHA-256 over the sorted lines `<sha256>  <path>`) and
//! `dvcdir:` (DVC: MD5 over the JSON list of its files).

use data_encoding::HEXLOWER;

use super::{Identifier, IdentifierError, Scheme, lower_hex, strip_prefix_any_case};
use crate::strict_json::decode_base64;

/// Why a text is no digest of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FolderFault {
    /// Neither 64 hex digits nor `h1:` and the base64 of 32 bytes.
    #[error("a dirhash1 is 64 hex digits, or h1: and the base64 of 32 bytes")]
    Dirhash,
    /// Not 32 hex digits.
    #[error("a dvcdir is the 32 hex digits that DVC writes before .dir")]
    Dvc,
}

impl FolderFault {
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Dirhash => "dirhash1-form",
            Self::Dvc => "dvcdir-form",
        }
    }
}

/// Reads what stands behind `dirhash1:` or `h1:`.
pub(super) fn dirhash(text: &str) -> Result<Identifier, IdentifierError> {
    let mut bare = text.trim();
    while let Some(shorter) = strip_prefix_any_case(bare, "h1:") {
        bare = shorter.trim();
    }
    let of_base64 = || decode_base64(bare).filter(|bytes| bytes.len() == 32).map(|bytes| HEXLOWER.encode(&bytes));
    let digits = lower_hex(bare, 64).or_else(of_base64).ok_or(FolderFault::Dirhash)?;
    Identifier::assemble(Scheme::Dirhash1, &digits)
}

/// Reads what stands behind `dvcdir:`, with or without the suffix `.dir` that DVC writes.
pub(super) fn dvc(text: &str) -> Result<Identifier, IdentifierError> {
    let digits = dvc_digits(text.trim()).ok_or(FolderFault::Dvc)?;
    Identifier::assemble(Scheme::Dvcdir, &digits)
}

/// The digits of a DVC folder, in lower case.
pub(super) fn dvc_digits(text: &str) -> Option<String> {
    lower_hex(text.strip_suffix(".dir").unwrap_or(text), 32)
}

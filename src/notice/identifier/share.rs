//! `gdrive:`, files and folders shared on Google Drive. Share ids are case-sensitive and kept as they are.

use super::known_hosts::Page;
use super::{Identifier, IdentifierError, Scheme};

/// Why a text is no share id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GdriveFault {
    /// Other characters, or an impossible length.
    #[error("a Google Drive share id is 10 to 100 letters, digits, hyphens and underscores")]
    Form,
}

impl GdriveFault {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "called like the rules of all faults")]
    pub(super) fn rule(&self) -> &'static str {
        match self {
            Self::Form => "gdrive-form",
        }
    }
}

/// Reads what stands behind `gdrive:`.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let id = text.trim();
    if !(10..=100).contains(&id.len()) || !id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
        return Err(GdriveFault::Form.into());
    }
    Identifier::assemble(Scheme::Gdrive, id)
}

/// `uc?id=`, `open?id=`, `file/d/ID`, `drive/folders/ID`, each also below `u/N`; other pages are pages.
pub(super) fn drive_page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    let id = match page.segments.as_slice() {
        ["uc" | "open"] | ["u", _, "uc" | "open"] => page.query("id")?,
        ["file", "d", id, ..]
        | ["file", "u", _, "d", id, ..]
        | ["u", _, "file", "d", id, ..]
        | ["drive", "folders", id, ..]
        | ["drive", "u", _, "folders", id, ..] => (*id).to_owned(),
        _ => return None,
    };
    Some(identifier(&id))
}

/// `drive.usercontent.google.com/download?id=`, where Drive sends those who download.
pub(super) fn download_page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    match page.segments.as_slice() {
        ["download" | "uc"] => Some(identifier(&page.query("id")?)),
        _ => None,
    }
}

/// `docs.google.com/uc?id=`, the older spelling in many loaders; documents and sheets stay pages.
pub(super) fn docs_page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    match page.segments.as_slice() {
        ["uc"] => Some(identifier(&page.query("id")?)),
        _ => None,
    }
}

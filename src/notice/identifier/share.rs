//! Ids that a service gives to whatever is put there, case-sensitive and kept as they are: `gdrive:` (files and folders shared on
//! Google Drive), `archive:` (items of the Internet Archive) and `baidu:` (shares on Baidu Netdisk).

use super::known_hosts::Page;
use super::{Identifier, IdentifierError, Scheme};

/// Why a text is no Google Drive share id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GdriveFault {
    /// Other characters, or an impossible length.
    #[error("a Google Drive share id is 10 to 100 letters, digits, hyphens and underscores")]
    Form,
}

/// Why a text is no item of the Internet Archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveFault {
    /// Other characters, or an impossible length.
    #[error(
        "an item of the Internet Archive is 1 to 100 letters, digits, hyphens, underscores and dots, and begins with a letter or digit"
    )]
    Form,
}

/// Why a text is no share of Baidu Netdisk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BaiduFault {
    /// Other characters, or an impossible length.
    #[error(
        "a Baidu share id is the 4 to 64 letters, digits, hyphens and underscores behind pan.baidu.com/s/, without the password"
    )]
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

impl ArchiveFault {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "called like the rules of all faults")]
    pub(super) fn rule(&self) -> &'static str {
        match self {
            Self::Form => "archive-form",
        }
    }
}

impl BaiduFault {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "called like the rules of all faults")]
    pub(super) fn rule(&self) -> &'static str {
        match self {
            Self::Form => "baidu-form",
        }
    }
}

/// Reads what stands behind `gdrive:`.
pub(super) fn drive(text: &str) -> Result<Identifier, IdentifierError> {
    let id = text.trim();
    if !(10..=100).contains(&id.len()) || !id.bytes().all(is_share_character) {
        return Err(GdriveFault::Form.into());
    }
    Identifier::assemble(Scheme::Gdrive, id)
}

/// Reads what stands behind `archive:`.
pub(super) fn archive(text: &str) -> Result<Identifier, IdentifierError> {
    let item = text.trim();
    let begins_well = item.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !begins_well || item.len() > 100 || !item.bytes().all(|b| is_share_character(b) || b == b'.') {
        return Err(ArchiveFault::Form.into());
    }
    Identifier::assemble(Scheme::Archive, item)
}

/// Reads what stands behind `baidu:`.
pub(super) fn baidu(text: &str) -> Result<Identifier, IdentifierError> {
    let id = text.trim();
    if !(4..=64).contains(&id.len()) || !id.bytes().all(is_share_character) {
        return Err(BaiduFault::Form.into());
    }
    Identifier::assemble(Scheme::Baidu, id)
}

fn is_share_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
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
    Some(drive(&id))
}

/// `drive.usercontent.google.com/download?id=`, where Drive sends those who download.
pub(super) fn download_page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    match page.segments.as_slice() {
        ["download" | "uc"] => Some(drive(&page.query("id")?)),
        _ => None,
    }
}

/// `docs.google.com/uc?id=`, the older spelling in many loaders; documents and sheets stay pages.
pub(super) fn docs_page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    match page.segments.as_slice() {
        ["uc"] => Some(drive(&page.query("id")?)),
        _ => None,
    }
}

/// `archive.org/details/ITEM` and `/download/ITEM`, whatever file of the item follows; people (`@name`) and other pages are pages.
pub(super) fn archive_page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    match page.segments.as_slice() {
        ["details" | "download", item, ..] if !item.starts_with('@') => Some(archive(item)),
        _ => None,
    }
}

/// `pan.baidu.com/s/ID`, and `share/init?surl=`, where those are sent who have to give a password: the same id without the `1` that
/// every share begins with. Passwords are dropped, and pages of other kinds stay pages.
pub(super) fn baidu_page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    match page.segments.as_slice() {
        ["s", id, ..] => Some(baidu(id)),
        ["share", "init"] => page.query("surl").map(|rest| baidu(&format!("1{rest}"))),
        _ => None,
    }
}

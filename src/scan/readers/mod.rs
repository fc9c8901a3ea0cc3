//! Readers of metadata files, one format a file (domain, section 5, "Which file in a folder gives what").
//!
//! Each reader is a function of bytes, or of names, that tells [`Notes`] what it finds. None opens a file, none can fail: what is not
//! valid becomes a remark, and the scan goes on. [`Format::of_name`] and [`Format::of_content`] tell which reader a file is for.

mod annex;
mod bagit;
mod bids;
mod caches;
mod checksums;
mod citation;
mod codemeta;
mod croissant;
mod datacite;
mod dataset_info;
mod dvc;
mod format;
mod frictionless;
mod git;
pub(super) mod json;
mod lfs;
mod ro_crate;
mod tfds;
mod torrent;
mod zenodo;

#[cfg(test)]
mod properties;

pub(super) use bagit::algorithm as bag_algorithm;
pub use caches::{folder as cache_folder, stored as stored_file};
pub(super) use datacite::markup;
pub use format::{Format, MOST_OF_JSON, MOST_OF_LINES, SNIFFED, read};
pub use git::{Checkout, folder as git_folder, modules as git_modules};

use super::Notes;

/// Most bytes of a pointer that stands in place of a file: Git LFS promises less than 1,024, git-annex writes one line.
pub const MOST_OF_A_POINTER: u64 = 1_024;

/// Reads a small file that may stand in place of a large one: a Git LFS pointer or a git-annex pointer.
pub fn pointer(bytes: &[u8], notes: impl FnOnce(super::Source) -> Notes) -> Option<Notes> {
    if lfs::is_pointer(bytes) {
        let mut notes = notes(super::Source::LfsPointer);
        lfs::read(bytes, &mut notes);
        Some(notes)
    } else if annex::is_pointer(bytes) {
        let mut notes = notes(super::Source::AnnexKey);
        annex::pointer(bytes, &mut notes);
        Some(notes)
    } else {
        None
    }
}

/// Reads where a link leads: git-annex keeps the key of a file there, and the Hub's cache the name of a blob.
pub fn link(target: &str, notes: impl FnOnce(super::Source) -> Notes) -> Option<Notes> {
    if let Some(key) = annex::key_of_link(target) {
        let mut notes = notes(super::Source::AnnexKey);
        annex::key(key, &mut notes);
        Some(notes)
    } else if let Some(blob) = caches::blob_of_link(target) {
        let mut notes = notes(super::Source::HubCache);
        caches::blob(blob, &mut notes);
        Some(notes)
    } else {
        None
    }
}

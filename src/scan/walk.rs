//! Walking a folder: every file, folder and link once, in the order of names, and nothing outside of it.
//!
//! Links are never followed, so there are no loops, and what a link within the root leads to is met by itself. Of `.git`, only the stores
//! of Git LFS and git-annex are entered; git's own objects are no data.

use std::fs::{self, FileType};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::place::text;
use super::{Place, Why};

/// Deepest folder below a root. Deeper ones are remarked by the operating system's own limits long before.
const DEEPEST: usize = 512;

/// A file, folder or link.
#[derive(Debug)]
pub(super) struct Entry {
    /// Where it can be opened.
    pub(super) full: PathBuf,
    /// Where it is told to be.
    pub(super) place: Place,
    /// Its own name.
    pub(super) name: String,
}

/// What a walk meets.
#[derive(Debug)]
pub(super) enum Found {
    Folder(Entry),
    /// With its length.
    File(Entry, u64),
    /// With where it leads, and what is to be said when that is not within the root.
    Link(Entry, String, Option<Why>),
    Remark(Place, Why),
}

/// Walks what lies at `full`, which has no links in it.
pub(super) fn walk(root: usize, full: &Path, meet: &mut impl FnMut(Found)) {
    let entries = WalkDir::new(full).follow_links(false).max_depth(DEEPEST).sort_by_file_name();
    for entry in entries.into_iter().filter_entry(|entry| is_entered(entry, full)) {
        match entry {
            Ok(entry) => met(root, full, &entry, meet),
            Err(error) => {
                let path = error.path().and_then(|path| path.strip_prefix(full).ok()).unwrap_or(Path::new(""));
                let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                meet(Found::Remark(Place::of(root, path), Why::Unreadable { reason }));
            }
        }
    }
}

/// Whether a walk looks at an entry. Below `.git`, it goes to the stores of large files only.
fn is_entered(entry: &DirEntry, full: &Path) -> bool {
    let below = entry.path().strip_prefix(full).unwrap_or(entry.path());
    let mut parts = below.iter().skip_while(|part| *part != ".git").skip(1);
    match (parts.next(), parts.next()) {
        (None, _) => true,
        (Some(store), None) => store == "lfs" || store == "annex",
        (Some(_), Some(folder)) => folder == "objects",
    }
}

fn met(root: usize, full: &Path, entry: &DirEntry, meet: &mut impl FnMut(Found)) {
    let relative = entry.path().strip_prefix(full).unwrap_or(entry.path());
    let place = Place::of(root, relative);
    let kind = entry.file_type();
    let own = Entry { full: entry.path().to_owned(), place, name: text(entry.file_name()) };
    if kind.is_dir() {
        meet(Found::Folder(own));
    } else if kind.is_symlink() {
        meet(link(own, full));
    } else if kind.is_file() {
        meet(match entry.metadata() {
            Ok(metadata) => Found::File(own, metadata.len()),
            Err(error) => Found::Remark(own.place, Why::Unreadable { reason: error.to_string() }),
        });
    } else {
        meet(Found::Remark(own.place, Why::Special { kind: special(kind) }));
    }
}

/// Where a link leads. Only names are looked at; nothing behind it is opened.
fn link(own: Entry, root: &Path) -> Found {
    let target = match fs::read_link(&own.full) {
        Ok(target) => target,
        Err(error) => return Found::Remark(own.place, Why::Unreadable { reason: error.to_string() }),
    };
    let shown = text(target.as_os_str());
    let why = match fs::canonicalize(&own.full) {
        Ok(end) if end.starts_with(root) => None,
        Ok(_) => Some(Why::LinkLeavesRoot { target: shown.clone() }),
        // Nobody there, a loop, or a folder that may not be entered.
        Err(_) => Some(Why::DanglingLink { target: shown.clone() }),
    };
    Found::Link(own, shown, why)
}

fn special(kind: FileType) -> &'static str {
    if kind.is_fifo() {
        "fifo"
    } else if kind.is_socket() {
        "socket"
    } else if kind.is_block_device() {
        "block device"
    } else {
        "character device"
    }
}

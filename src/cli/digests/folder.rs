//! Hashing the files of a folder, several at a time.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

use indicatif::ProgressBar;
use serde::Serialize;
use sha2::{Digest, Sha256, Sha512};

use super::input::InputError;
use crate::notice::DigestAlgorithm;

/// How much of a file is read at once, in bytes.
const PIECE: usize = 1 << 20;
/// What version control keeps beside the files of a folder.
const OF_VERSION_CONTROL: [&str; 5] = [".git", ".hg", ".svn", ".bzr", ".jj"];
/// How many digests wait to be sorted.
const AHEAD: usize = 1_024;

/// Why a folder was not hashed.
#[derive(Debug, thiserror::Error)]
pub(super) enum FolderError {
    #[error("{} cannot be read: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("files are hashed with sha256 or sha512 here, not with {}", .0.as_str())]
    Algorithm(DigestAlgorithm),
}

/// What lies in a folder and was not hashed.
#[derive(Debug, Default, Serialize)]
pub(super) struct LeftOut {
    /// How many links.
    pub(super) links: u64,
    /// Where version control keeps its own.
    pub(super) repositories: Vec<String>,
}

impl LeftOut {
    /// Adds what was met elsewhere.
    pub(super) fn and(&mut self, other: Self) {
        self.links += other.links;
        self.repositories.extend(other.repositories);
    }
}

/// Hashes every file below `folder`, and says what was left out. Links are not followed: what they lead to is no part of the folder.
pub(super) fn hash_folder(
    folder: &Path,
    algorithm: DigestAlgorithm,
    bar: &ProgressBar,
    take: &mut dyn FnMut(&[u8]) -> Result<(), InputError>,
) -> Result<LeftOut, InputError> {
    let hash: fn(&Path, &ProgressBar) -> io::Result<Vec<u8>> = match algorithm {
        DigestAlgorithm::Sha256 => hash_file::<Sha256>,
        DigestAlgorithm::Sha512 => hash_file::<Sha512>,
        other => return Err(FolderError::Algorithm(other).into()),
    };
    let (files, left_out) = files_below(folder)?;
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (done, digests) = sync_channel(AHEAD);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (done, files, next) = (done.clone(), &files, &next);
            scope.spawn(move || {
                while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = hash(path, bar).map_err(|source| FolderError::Read { path: path.clone(), source });
                    let failed = outcome.is_err();
                    // Nobody listens any more when another file failed.
                    if done.send(outcome).is_err() || failed {
                        return;
                    }
                }
            });
        }
        drop(done);
        for digest in digests {
            take(&digest?)?;
        }
        Ok(left_out)
    })
}

/// Files below a folder, without links and without what version control keeps for itself: the objects of git are in it, packed or not,
/// and old ones too, and the `.git` of a submodule is a file.
fn files_below(folder: &Path) -> Result<(Vec<PathBuf>, LeftOut), FolderError> {
    let (mut files, mut open, mut left_out) = (Vec::new(), vec![folder.to_owned()], LeftOut::default());
    while let Some(folder) = open.pop() {
        let failed = |source| FolderError::Read { path: folder.clone(), source };
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            if OF_VERSION_CONTROL.iter().any(|name| entry.file_name() == *name) {
                left_out.repositories.push(entry.path().display().to_string());
            } else if kind.is_symlink() {
                left_out.links += 1;
            } else if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    left_out.repositories.sort();
    Ok((files, left_out))
}

/// How many bytes the files below a folder have, for the progress bar and the room that is needed; files that cannot be asked count as none.
pub(super) fn size_below(folder: &Path) -> (u64, u64) {
    let (files, _) = files_below(folder).unwrap_or_default();
    let bytes = files.iter().filter_map(|path| std::fs::metadata(path).ok()).map(|file| file.len()).sum();
    (bytes, files.len() as u64)
}

fn hash_file<D: Digest>(path: &Path, bar: &ProgressBar) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let (mut hasher, mut piece) = (D::new(), vec![0; PIECE]);
    loop {
        let length = file.read(&mut piece)?;
        if length == 0 {
            return Ok(hasher.finalize().to_vec());
        }
        hasher.update(piece.get(..length).unwrap_or_default());
        bar.inc(length as u64);
    }
}

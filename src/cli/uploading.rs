//! Bringing digest lists along with a notice: piece by piece, with progress, and again from where it broke off.
//!
//! A server keeps what came of a list apart for each upload token, and every receipt has a new one. So the token of an upload under
//! way is kept in a small file beside the list, until the list is there; whoever can read the file can spoil this upload, and do
//! nothing else.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha256};

use super::FileError;
use super::connection::Connection;
use super::file::{self, Readers};
use crate::client::{ClientError, MAX_PIECE, SubmissionBody, Uploaded};
use crate::envelope::PayloadType;
use crate::notice::{DocumentHash, Notice};

/// How files of lists end that are found beside a notice.
const ENDING: &str = "digests";
/// How often a piece is tried again before the upload is given up for now.
const TRIES: u32 = 5;
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// Larger than any token.
const MAX_TOKEN: u64 = 1_024;

/// A list that a notice names, on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListFile {
    /// Where it is.
    pub(super) path: PathBuf,
    /// Its name.
    pub(super) name: DocumentHash,
    size: u64,
}

/// The lists that a notice names, among the files that were given and those beside the notice. A given file that the notice does not name is
/// passed over: another notice may.
pub(super) fn lists_of(path: &Path, body: &SubmissionBody, given: &[PathBuf]) -> Result<Vec<ListFile>, FileError> {
    if body.envelope.payload_type() != Some(PayloadType::Notice) {
        return Ok(Vec::new());
    }
    let Ok(notice) = Notice::parse(body.envelope.payload()) else { return Ok(Vec::new()) };
    let mut wanted: Vec<(DocumentHash, u64)> = notice.digest_lists.iter().map(|list| (list.sha256, list.size())).collect();
    let mut found = Vec::new();
    for candidate in given.iter().cloned().chain(beside(path)) {
        let failed = |source| FileError::Read { path: candidate.clone(), source };
        let size = std::fs::metadata(&candidate).map_err(failed)?.len();
        // What has another size is not read at all.
        if !wanted.iter().any(|(_, of)| *of == size) {
            continue;
        }
        let name = hash(&candidate).map_err(failed)?;
        if let Some(place) = wanted.iter().position(|(wanted, _)| *wanted == name) {
            wanted.swap_remove(place);
            found.push(ListFile { path: candidate, name, size });
        }
    }
    Ok(found)
}

fn beside(notice: &Path) -> Vec<PathBuf> {
    let folder = notice.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut lists: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == ENDING)).collect();
    lists.sort();
    lists
}

fn hash(path: &Path) -> io::Result<DocumentHash> {
    let (mut file, mut hasher) = (File::open(path)?, Sha256::new());
    let mut piece = vec![0; 1 << 20];
    loop {
        let length = io::Read::read(&mut file, &mut piece)?;
        if length == 0 {
            return Ok(DocumentHash::from_bytes(hasher.finalize().into()));
        }
        hasher.update(piece.get(..length).unwrap_or_default());
    }
}

/// Brings a list to a server, from where an earlier upload broke off.
pub(super) fn bring(connection: &Connection, list: &ListFile, token: &str) -> Result<(), ClientError> {
    let state = state_path(connection, list);
    let upload = Upload { connection, list };
    // The token of an upload that broke off, as long as the server still takes it.
    let before = file::read(&state, MAX_TOKEN).ok().and_then(|token| String::from_utf8(token).ok());
    let resumed = before.and_then(|before| {
        let token = before.trim().to_owned();
        let at = connection.try_ask(connection.client.uploaded(&list.name, &token, list.size)).ok()?;
        Some((token, at))
    });
    let (token, at) = resumed.unwrap_or_else(|| {
        // Where it cannot be kept, an interrupted upload begins anew, and works all the same.
        let _ = std::fs::remove_file(&state);
        let _ = file::write_new(&state, token.as_bytes(), Readers::Owner);
        (token.to_owned(), Uploaded { offset: 0, is_complete: false })
    });
    upload.run(&token, at)?;
    let _ = std::fs::remove_file(&state);
    Ok(())
}

/// Beside the list: one for each server that it goes to.
fn state_path(connection: &Connection, list: &ListFile) -> PathBuf {
    let server: String =
        connection.url().to_string().chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let mut name = list.path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.upload", server.trim_matches('-')));
    list.path.with_file_name(name)
}

struct Upload<'a> {
    connection: &'a Connection,
    list: &'a ListFile,
}

impl Upload<'_> {
    fn run(&self, token: &str, mut at: Uploaded) -> Result<(), ClientError> {
        let bar = bar(self.list);
        let mut failures = 0;
        while !at.is_complete {
            bar.set_position(at.offset);
            match self.piece(token, at.offset) {
                Ok(reached) => {
                    failures = 0;
                    at = reached;
                }
                Err(error) => {
                    failures += 1;
                    let Some(wait) = patience(&error, failures) else {
                        bar.abandon();
                        return Err(error);
                    };
                    std::thread::sleep(wait);
                    let client = &self.connection.client;
                    // Whether the piece arrived is not known.
                    if let Ok(there) = self.connection.try_ask(client.uploaded(&self.list.name, token, self.list.size)) {
                        at = there;
                    }
                }
            }
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn piece(&self, token: &str, at: u64) -> Result<Uploaded, ClientError> {
        let length = self.list.size.saturating_sub(at).min(MAX_PIECE as u64);
        let mut piece = vec![0; usize::try_from(length).unwrap_or(MAX_PIECE)];
        let read = File::open(&self.list.path).and_then(|file| file.read_exact_at(&mut piece, at));
        read.map_err(|source| ClientError::File { path: self.list.path.clone(), source })?;
        let client = &self.connection.client;
        self.connection.try_ask(client.upload_piece(&self.list.name, token, self.list.size, at, piece))
    }
}

/// How long to wait before the next try; `None` when trying again would not help, or was done often enough.
fn patience(error: &ClientError, failures: u32) -> Option<Duration> {
    if failures > TRIES {
        return None;
    }
    let doubled = Duration::from_secs(1 << failures.saturating_sub(1).min(5));
    match error {
        ClientError::Transport(_) => Some(doubled),
        ClientError::Refused(problem) if problem.is_failure() || problem.status == 429 => {
            let asked = problem.retry_after.map_or(doubled, Duration::from_secs);
            (asked <= LONGEST_WAIT).then_some(asked.max(doubled))
        }
        _ => None,
    }
}

fn bar(list: &ListFile) -> ProgressBar {
    let bar = ProgressBar::new(list.size);
    let template = "uploading {bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

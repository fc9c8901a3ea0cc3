//! The folder, its key files, and the room that is left.

use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;

use super::Finding;
use crate::app::serve::room;
use crate::config::Settings;
use crate::ledger::{Hindrance, Volume};
use crate::storage::{DataFolder, DiskVolume};

const KEYS: [&str; 3] = ["log", "witness", "operator"];

pub(super) fn look(folder: &DataFolder, settings: &Settings) -> Vec<Finding> {
    let mut found = vec![writable(folder)];
    found.extend(space(folder, settings));
    found.extend(KEYS.map(|purpose| key(folder, purpose)));
    found
}

fn writable(folder: &DataFolder) -> Finding {
    let path = folder.path().display();
    match DiskVolume::of(folder.path()).try_writing() {
        Ok(()) => Finding::well("folder", format!("{path} can be written to")),
        Err(error) => Finding::attention("folder", format!("{path} cannot be written to: {error}"), remedy(error.kind())),
    }
}

/// What to do about a folder that takes no writes.
pub(in crate::app) fn remedy(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ReadOnlyFilesystem => {
            "the file system is read-only: the system's log tells why. Mount it writable; a server that runs goes on by itself, \
             and one that is stopped can be started then. Nothing was changed"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "the file system is full: free some space or enlarge it. A server that runs goes on by itself, and one that is \
             stopped can be started then"
        }
        ErrorKind::PermissionDenied => {
            "the data folder and everything in it must belong to the user that runs the server; look at its owner and mode"
        }
        _ => "look at the disk and at the system's log",
    }
}

fn space(folder: &DataFolder, settings: &Settings) -> Option<Finding> {
    let room = room(folder, settings);
    Some(match (room.hindrance(), room.measure()) {
        (Some(low @ Hindrance::LowSpace { .. }), _) => Finding::attention(
            "space",
            low.to_string(),
            "free some space or enlarge the file system; storage.reserve_bytes says how much is kept in reserve",
        ),
        // Told by the look at the folder.
        (Some(_), _) => return None,
        (None, Ok((free, reserve))) => {
            let mebibytes = |bytes: u64| bytes >> 20;
            Finding::well("space", format!("{} MiB are free, {} MiB are kept in reserve", mebibytes(free), mebibytes(reserve)))
        }
        (None, Err(error)) => Finding::out_of_reach("space", format!("the system does not say: {error}"), "look at the disk"),
    })
}

fn key(folder: &DataFolder, purpose: &'static str) -> Finding {
    let path = folder.key(purpose);
    let shown = path.display();
    match std::fs::metadata(&path) {
        Ok(there) if there.permissions().mode() & 0o077 != 0 => Finding::attention(
            "keys",
            format!("{shown} can be read by others"),
            format!(
                "run `chmod 600 {shown}`, and think about whether the key is still secret: who has it can sign in this server's name"
            ),
        ),
        Ok(_) => Finding::well("keys", format!("{shown} is readable by its owner only")),
        Err(error) if error.kind() == ErrorKind::NotFound => Finding::attention(
            "keys",
            format!("{shown} is missing"),
            "put it back from where you keep it; it cannot be made again, and without it nothing is signed in this log any more",
        ),
        Err(error) => unreadable(&shown, &error),
    }
}

fn unreadable(shown: &dyn std::fmt::Display, error: &io::Error) -> Finding {
    Finding::attention("keys", format!("{shown} cannot be read: {error}"), remedy(error.kind()))
}

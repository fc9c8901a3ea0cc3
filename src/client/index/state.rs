//! What was fetched last: one small file, replaced as a whole when an update is done.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{IndexError, Pinned, ServerFolder, VerifiedHead};

/// What was seen at one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// The path under which the head is there.
    pub(super) path: String,
    /// Its name there.
    pub(super) etag: Option<String>,
}

/// What an index holds.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) head: VerifiedHead,
    /// Whether all entries are fetched, and not only those that are asked for.
    pub(super) entries: bool,
    /// By address.
    pub(super) seen: BTreeMap<String, Seen>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    head: String,
    entries: bool,
    seen: BTreeMap<String, Seen>,
}

impl State {
    /// What this folder holds of the server with these keys; `None` when no update was ever done.
    pub(super) fn read(folder: &ServerFolder, keys: &Pinned) -> Result<Option<Self>, IndexError> {
        let Some(bytes) = folder.read(ServerFolder::STATE)? else { return Ok(None) };
        let damaged = |what: String| IndexError::Damaged { path: folder.file(ServerFolder::STATE), what };
        let Written { head, entries, seen } = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        let head = VerifiedHead::verify(head.as_bytes(), keys).map_err(|error| damaged(error.to_string()))?;
        Ok(Some(Self { head, entries, seen }))
    }

    /// Ends an update.
    pub(super) fn write(&self, folder: &ServerFolder) -> Result<(), IndexError> {
        let path = folder.file(ServerFolder::STATE);
        let written = Written { head: self.head.envelope().to_owned(), entries: self.entries, seen: self.seen.clone() };
        let bytes = serde_json::to_vec_pretty(&written);
        let bytes = bytes.map_err(|error| IndexError::Damaged { path: path.clone(), what: error.to_string() })?;
        ServerFolder::write(&path, &bytes)
    }

    /// How many entries the index is of.
    pub(super) fn size(&self) -> u64 {
        self.head.head().size
    }
}

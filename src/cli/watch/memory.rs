use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::WatchError;
use crate::cli::{Failure, file};
use crate::client::index::{IndexError, IndexFolder};
use crate::client::lock::Sighted;

/// The most bytes that are remembered of one folder.
const MAX_MEMORY: u64 = 1 << 30;

/// What is remembered of a folder: what lies there, and what was known of it. It lies in the local index.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    file: PathBuf,
    pub(super) path: String,
    pub(super) inventory: Vec<Sighted>,
    /// By origin and identifier: what is more than that no notice is known.
    pub(super) answers: BTreeMap<String, BTreeMap<String, Known>>,
}

/// What is known of an identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    pub(super) verdict: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<String>,
    #[serde(default)]
    pub(super) incomplete: bool,
    #[serde(default)]
    pub(super) notices: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    path: String,
    inventory: Vec<Sighted>,
    answers: BTreeMap<String, BTreeMap<String, Known>>,
}

impl Memory {
    /// What is remembered of the folder at `path`: nothing at first.
    pub(super) fn of(index: &IndexFolder, path: &Path) -> Result<Self, Failure> {
        let name = data_encoding::HEXLOWER.encode(&Sha256::digest(path.as_os_str().as_encoded_bytes()));
        let file = index.path().join("watched").join(format!("{}.json", name.get(..16).unwrap_or(&name)));
        let mut memory = Self { file, path: path.display().to_string(), inventory: Vec::new(), answers: BTreeMap::new() };
        if memory.file.is_file() {
            let written = serde_json::from_slice(&file::read(&memory.file, MAX_MEMORY)?);
            let damaged = |error: serde_json::Error| IndexError::Damaged { path: memory.file.clone(), what: error.to_string() };
            let Written { inventory, answers, .. } = written.map_err(damaged)?;
            (memory.inventory, memory.answers) = (inventory, answers);
        }
        Ok(memory)
    }

    /// Remembers it.
    pub(super) fn write(&self) -> Result<(), Failure> {
        let written = Written { path: self.path.clone(), inventory: self.inventory.clone(), answers: self.answers.clone() };
        let bytes = serde_json::to_vec(&written).map_err(WatchError::Form)?;
        if let Some(folder) = self.file.parent() {
            let made = std::fs::create_dir_all(folder);
            made.map_err(|source| IndexError::Io { path: folder.to_owned(), source })?;
        }
        file::replace(&self.file, &bytes)?;
        Ok(())
    }
}

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::WatchError;
use crate::cli::{Failure, file};
use crate::client::index::{IndexError, IndexFolder};
use crate::client::lock::Sighted;
use crate::scan::hashing::{Algorithm, Algorithms};

/// The most bytes that are remembered of one folder.
pub(super) const MAX_MEMORY: u64 = 1 << 30;

/// What is remembered of a folder: what lies there, and what was known of it. It lies in the local index.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    file: PathBuf,
    pub(super) path: String,
    pub(super) inventory: Vec<Sighted>,
    /// Which digests of files and folders were computed.
    pub(super) digests: Algorithms,
    /// Which of those that notices name were not computed, as the hook was told.
    pub(super) lacking: Algorithms,
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
    #[serde(default)]
    digests: Vec<String>,
    #[serde(default)]
    lacking: Vec<String>,
    answers: BTreeMap<String, BTreeMap<String, Known>>,
}

fn words(algorithms: Algorithms) -> Vec<String> {
    algorithms.iter().map(|algorithm| algorithm.as_str().to_owned()).collect()
}

/// What a later version computed and this one does not know counts as not computed.
fn algorithms(words: &[String]) -> Algorithms {
    words.iter().filter_map(|word| Algorithm::parse(word)).collect()
}

impl Memory {
    /// What is remembered of the folder at `path`: nothing at first.
    pub(super) fn of(index: &IndexFolder, path: &Path) -> Result<Self, Failure> {
        let name = data_encoding::HEXLOWER.encode(&Sha256::digest(path.as_os_str().as_encoded_bytes()));
        let file = index.path().join("watched").join(format!("{}.json", name.get(..16).unwrap_or(&name)));
        let mut memory = Self {
            file,
            path: path.display().to_string(),
            inventory: Vec::new(),
            digests: Algorithms::NONE,
            lacking: Algorithms::NONE,
            answers: BTreeMap::new(),
        };
        if memory.file.is_file() {
            let written = serde_json::from_slice(&file::read(&memory.file, MAX_MEMORY)?);
            let damaged = |error: serde_json::Error| IndexError::Damaged { path: memory.file.clone(), what: error.to_string() };
            let written: Written = written.map_err(damaged)?;
            (memory.inventory, memory.answers) = (written.inventory, written.answers);
            (memory.digests, memory.lacking) = (algorithms(&written.digests), algorithms(&written.lacking));
        }
        Ok(memory)
    }

    /// Remembers it.
    pub(super) fn write(&self) -> Result<(), Failure> {
        let written = Written {
            path: self.path.clone(),
            inventory: self.inventory.clone(),
            digests: words(self.digests),
            lacking: words(self.lacking),
            answers: self.answers.clone(),
        };
        let bytes = serde_json::to_vec(&written).map_err(WatchError::Form)?;
        if bytes.len() as u64 > MAX_MEMORY {
            return Err(WatchError::TooMuch(bytes.len()).into());
        }
        if let Some(folder) = self.file.parent() {
            let made = std::fs::create_dir_all(folder);
            made.map_err(|source| IndexError::Io { path: folder.to_owned(), source })?;
        }
        file::replace(&self.file, &bytes)?;
        Ok(())
    }
}

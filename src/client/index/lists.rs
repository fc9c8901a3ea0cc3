//! The digest lists that notices name, as the rows of tiles tell of them, and looking into those that are here.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};

use super::{IndexError, ServerFolder};
use crate::compact::NoticeRow;
use crate::notice::{DigestAlgorithm, DigestList, DigestListRole, DocumentHash};

/// A list, and the entry of the notice that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) entry: u64,
    pub(super) list: DigestList,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    entry: u64,
    algorithm: String,
    sha256: String,
    blocks: String,
    count: u64,
    role: String,
}

impl Named {
    /// The lists that the notice of a row names.
    pub(super) fn of_row(entry: u64, row: &NoticeRow) -> impl Iterator<Item = Self> + '_ {
        row.lists.iter().map(move |list| Self { entry, list: list.clone() })
    }

    fn written(&self) -> Written {
        let DigestList { algorithm, sha256, count, blocks, role } = &self.list;
        Written {
            entry: self.entry,
            algorithm: algorithm.to_string(),
            sha256: sha256.to_string(),
            blocks: blocks.to_string(),
            count: *count,
            role: role.to_string(),
        }
    }

    fn read(written: &Written) -> Option<Self> {
        Some(Self {
            entry: written.entry,
            list: DigestList {
                algorithm: DigestAlgorithm::parse(&written.algorithm)?,
                sha256: DocumentHash::parse(&written.sha256)?,
                count: written.count,
                blocks: DocumentHash::parse(&written.blocks)?,
                role: DigestListRole::parse(&written.role)?,
            },
        })
    }
}

fn name(size: u64) -> String {
    format!("lists-{size}")
}

/// The lists that entries below `size` name.
pub(super) fn read(folder: &ServerFolder, size: u64) -> Result<Vec<Named>, IndexError> {
    let name = name(size);
    let damaged = |what: String| IndexError::Damaged { path: folder.file(&name), what };
    let bytes = folder.read(&name)?.ok_or_else(|| damaged("it is gone".to_owned()))?;
    let written: Vec<Written> = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
    written.iter().map(|written| Named::read(written).ok_or_else(|| damaged("a list in it is none".to_owned()))).collect()
}

/// Writes them down.
pub(super) fn write(folder: &ServerFolder, size: u64, lists: &[Named]) -> Result<(), IndexError> {
    let path = folder.file(&name(size));
    let written: Vec<_> = lists.iter().map(Named::written).collect();
    let bytes = serde_json::to_vec(&written);
    let bytes = bytes.map_err(|error| IndexError::Damaged { path: path.clone(), what: error.to_string() })?;
    ServerFolder::write(&path, &bytes)
}

/// Where a list lies.
pub(super) fn document(list: &DocumentHash) -> String {
    format!("documents/{list}")
}

/// Whether a list that is here holds a digest; `None` when it is not here. It was compared with its hash when it was fetched.
pub(super) fn holds(folder: &ServerFolder, list: &DigestList, digest: &[u8]) -> Result<Option<bool>, IndexError> {
    let path = folder.file(&document(&list.sha256));
    let failed = |source| IndexError::Io { path: path.clone(), source };
    let mut file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(failed(source)),
    };
    if file.metadata().map_err(failed)?.len() != list.size() {
        return Err(IndexError::Damaged { path, what: "it has another length than its notice says".to_owned() });
    }
    let (mut from, mut to) = (0, list.count);
    let mut found = vec![0; digest.len()];
    while from < to {
        let middle = from + (to - from) / 2;
        file.seek(SeekFrom::Start(middle * list.algorithm.width())).map_err(failed)?;
        file.read_exact(&mut found).map_err(failed)?;
        match found.as_slice().cmp(digest) {
            std::cmp::Ordering::Equal => return Ok(Some(true)),
            std::cmp::Ordering::Less => from = middle + 1,
            std::cmp::Ordering::Greater => to = middle,
        }
    }
    Ok(Some(false))
}

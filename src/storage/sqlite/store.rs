use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard};

use rusqlite::Connection;

use super::database::{Database, Keeping};
use super::index::Index;
use super::migrating::bring_up_to_date;
use super::write::newest_head;
use crate::ledger::StoreError;
use crate::storage::bundle_file::BundleFile;
use crate::storage::lists::ListFiles;
use crate::tlog::TILE_WIDTH;

/// The name of the file of full bundles, beside the log's.
const BUNDLES: &str = "bundles";
/// The name of the folder of digest lists.
const LISTS: &str = "lists";

/// The ledger in two SQLite files: the log, which cannot be made again, and the index, which can; and full bundles as they are
/// served in a third.
///
/// Cloning gives another handle to the same connections.
#[derive(Clone)]
pub struct SqliteStore {
    inner: Arc<Inner>,
}

struct Inner {
    log: Database,
    index: Index,
    bundles: BundleFile,
    lists: ListFiles,
}

impl SqliteStore {
    /// Opens the log at `path` and the index and bundles beside it, makes what is missing, and brings the schema up to date. An index of
    /// another version, or of another log, is emptied; what it lacks is derived when it is needed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when a file cannot be opened or migrated, [`StoreError::Corrupt`] when it is damaged.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let log = Database::open(path, Keeping::Durable)?;
        bring_up_to_date(&mut log.writer())?;
        let file = path.with_file_name(Index::FILE);
        let index = Index::open(&file).map_err(|error| damaged_index(&file, error))?;
        let full = log.read(newest_head)?.map_or(0, |head| head.size) / TILE_WIDTH as u64;
        let bundles = BundleFile::open(path.with_file_name(BUNDLES), full);
        let lists = ListFiles::at(path.with_file_name(LISTS));
        let store = Self { inner: Arc::new(Inner { log, index, bundles, lists }) };
        store.begin_index().map_err(|error| damaged_index(&file, error))?;
        Ok(store)
    }

    /// Removes the file of the index beside the log at `path`.
    pub(super) fn forget_index(path: &Path) -> Result<(), StoreError> {
        let index = path.with_file_name(Index::FILE);
        for file in [index.clone(), beside(&index, "-wal"), beside(&index, "-shm")] {
            match std::fs::remove_file(&file) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    return Err(StoreError::Unavailable { doing: "removing the index", source: Arc::new(e) });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Brings the index up to the log.
    pub(super) fn derive_index(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError> {
        self.carry_over(progress)
    }

    /// The file of the log.
    pub(super) fn log(&self) -> &Database {
        &self.inner.log
    }

    /// The index over it.
    pub(super) fn index(&self) -> &Index {
        &self.inner.index
    }

    /// The full bundles as they are served.
    pub(in super::super) fn bundles(&self) -> &BundleFile {
        &self.inner.bundles
    }

    /// The files of digest lists.
    pub(super) fn lists(&self) -> &ListFiles {
        &self.inner.lists
    }

    /// The writing connection of the log, for one short transaction.
    pub(super) fn writer(&self) -> MutexGuard<'_, Connection> {
        self.inner.log.writer()
    }

    /// Reads the log's file.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.inner.log.read(read)
    }
}

/// Nothing is lost with the index, but it is not thrown away unasked: what damaged it may have damaged more.
fn damaged_index(file: &Path, error: StoreError) -> StoreError {
    let StoreError::Corrupt { what } = error else { return error };
    let help = "stop the server and derive it anew with `palinode fsck --rebuild`";
    StoreError::Corrupt { what: format!("the index {}: {what}; {help}", file.display()) }
}

/// The path of a file that SQLite keeps beside a database.
pub(super) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

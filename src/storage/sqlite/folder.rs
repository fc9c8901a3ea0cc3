//! The data folder of a server: what lies where, and who may open it.
//!
//! ```text
//! palinode-data/
//!   lock             held for as long as a server runs here; says where it listens
//!   palinode.db      the log, documents and peers, with -wal and -shm beside it
//!   index.db         the index over the log, derived: it may be deleted while no server runs
//!   bundles          full bundles as they are served, derived: it may be deleted while no server runs
//!   removed          which documents were removed and why (keep a copy with every backup: an older one does not know)
//!   head             the newest signed checkpoint with our cosignature (never restore the database without it)
//!   restoring        only while a restore into this folder has not ended
//!   keys/log.pem, keys/witness.pem, keys/operator.pem
//! ```

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rusqlite::{OptionalExtension, params};

use super::{SqliteStore, unavailable};
use crate::ledger::StoreError;
use crate::storage::{HeadFile, TombstoneFile};

/// The setting that holds the origin, which never changes.
const ORIGIN: &str = "origin";
/// The file that a server holds for as long as it runs.
const LOCK: &str = "lock";

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataFolderError {
    /// It cannot be made or read.
    #[error("the data folder {} cannot be used", path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Another server runs on it.
    #[error("another palinode server is running on {}: stop it first, or give this one another folder with --data", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// It was made for another origin.
    #[error(
        "this data folder belongs to origin {stored:?}, not {asked:?}: the origin is in every signature and cannot be changed. Begin a new folder for a new origin"
    )]
    OtherOrigin {
        /// The origin that the folder was made for.
        stored: String,
        /// The origin that was asked for.
        asked: String,
    },
    /// A restore into it has not ended.
    #[error(
        "a restore into {} has not ended: run the same `palinode restore` again, which goes on where it stopped, or delete the folder",
        path.display()
    )]
    Unfinished {
        /// The folder.
        path: PathBuf,
    },
    /// A restore into it was asked for, and something is there already.
    #[error("{} is not empty: a restore always begins a new folder", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// A restore of something else was begun in it.
    #[error("another restore was begun in {} ({found}): delete the folder, or name another", path.display())]
    OtherRestore {
        /// The folder.
        path: PathBuf,
        /// What was being restored.
        found: String,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An opened data folder. While it lives, no other server can open the same one.
pub struct DataFolder {
    path: PathBuf,
    /// Held for its lock only; the operating system lets go of it when the process ends, however it ends.
    lock: Option<File>,
}

impl DataFolder {
    /// Opens the folder for a server: makes what is missing, and takes the lock.
    ///
    /// # Errors
    /// [`DataFolderError::InUse`] when another server runs on it, [`DataFolderError::Unfinished`] when a restore has not ended.
    pub fn lock(path: &Path) -> Result<Self, DataFolderError> {
        let folder = Self::lock_half_made(path)?;
        folder.refuse_unfinished()?;
        Ok(folder)
    }

    /// As [`DataFolder::lock`], whether or not a restore into the folder has ended.
    pub(super) fn lock_half_made(path: &Path) -> Result<Self, DataFolderError> {
        let failed = |source| DataFolderError::Io { path: path.to_owned(), source };
        std::fs::create_dir_all(path.join("keys")).and_then(|()| keep_names(path)).map_err(failed)?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path.join(LOCK)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), lock: Some(lock) }),
            Err(TryLockError::WouldBlock) => Err(DataFolderError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// Opens an existing folder beside a server that may be running on it: for the operator's commands.
    ///
    /// # Errors
    /// [`DataFolderError::Io`] when there is no database in it.
    pub fn beside(path: &Path) -> Result<Self, DataFolderError> {
        let folder = Self { path: path.to_owned(), lock: None };
        match std::fs::metadata(folder.database()) {
            Ok(_) => {
                folder.refuse_unfinished()?;
                Ok(folder)
            }
            Err(source) => Err(DataFolderError::Io { path: path.to_owned(), source }),
        }
    }

    /// Whether the lock that this holds is still the one that others would meet: a lock file that was removed or replaced keeps
    /// nobody out.
    pub fn is_locked(&self) -> bool {
        let Some(lock) = &self.lock else { return false };
        let of = |there: std::fs::Metadata| (there.dev(), there.ino());
        match (lock.metadata().map(of), std::fs::metadata(self.path.join(LOCK)).map(of)) {
            (Ok(held), Ok(there)) => held == there,
            (_, Err(gone)) if gone.kind() == io::ErrorKind::NotFound => false,
            // A disk that does not answer takes no lock away.
            _ => true,
        }
    }

    /// Notes in the lock file where the server that holds it listens, for whoever looks beside it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn note_address(&self, address: std::net::SocketAddr) -> io::Result<()> {
        std::fs::write(self.path.join(LOCK), format!("{address}\n"))
    }

    /// Where the server that runs here listens, or where the last one did: the note stays when it ends.
    pub fn address(&self) -> Option<String> {
        std::fs::read_to_string(self.path.join(LOCK)).ok().map(|text| text.trim().to_owned())
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the database lies.
    pub fn database(&self) -> PathBuf {
        self.path.join("palinode.db")
    }

    /// Where the key of this purpose lies: `log`, `witness` or `operator`.
    pub fn key(&self, purpose: &str) -> PathBuf {
        self.path.join("keys").join(format!("{purpose}.pem"))
    }

    /// The head record beside the database.
    pub fn head_file(&self) -> HeadFile {
        HeadFile::at(self.path.join("head"))
    }

    /// The record of what was removed, beside the database.
    pub fn tombstone_file(&self) -> TombstoneFile {
        TombstoneFile::at(self.path.join("removed"))
    }

    /// Opens the database.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_store(&self) -> Result<SqliteStore, StoreError> {
        SqliteStore::open(&self.database())
    }

    /// Throws the index away, whatever its state: one that is damaged would keep everything else from being opened. No server may run on
    /// the folder.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_index(&self) -> Result<(), StoreError> {
        SqliteStore::forget_index(&self.database())
    }

    /// Throws the index away, whatever its state, and derives it from the entries and documents of the log. No server may run on
    /// the folder: take the lock first. `progress` is told how many of how many entries are done. Broken off, it goes on at the
    /// next start.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn rebuild_index(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError> {
        self.forget_index()?;
        self.open_store()?.derive_index(progress)
    }
}

/// Makes the names of the folder and of its `keys` durable: a power cut must not take the whole folder with it. At every start,
/// since a start before this one may have died between making and syncing them.
fn keep_names(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()?;
    // A relative path of one part lies in the current folder.
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match File::open(parent) {
        Ok(parent) => parent.sync_all(),
        // Whoever made a folder in one that this server may not read had to see to it.
        Err(e) if e.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        Err(e) => Err(e),
    }
}

impl SqliteStore {
    /// The origin that the database was made for, if it was given one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn origin(&self) -> Result<Option<String>, StoreError> {
        let failed = unavailable("reading the origin");
        self.read(|c| {
            let sql = "SELECT value FROM settings WHERE name = ?1";
            c.query_row(sql, [ORIGIN], |row| row.get(0)).optional().map_err(&failed)
        })
    }

    /// The version of the schema.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn schema_version(&self) -> Result<i64, StoreError> {
        let failed = unavailable("reading the schema version");
        self.read(|c| c.query_row("SELECT max(version) FROM refinery_schema_history", [], |row| row.get(0)).map_err(&failed))
    }

    /// What the engine finds wrong when it compares every page, row and index of its files with each other, a few faults at most. A look-up by
    /// a damaged index finds nothing although the row is there, so that reading rows alone does not tell.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn engine_faults(&self) -> Result<Vec<String>, StoreError> {
        let failed = unavailable("comparing the pages of a database");
        let mut faults = Vec::new();
        for database in [self.log(), self.index().database()] {
            // A million entries take longer than strangers may ask.
            let said: Vec<String> = database.read_at_leisure(|c| {
                let mut check = c.prepare("PRAGMA integrity_check(20)").map_err(&failed)?;
                let rows = check.query_map([], |row| row.get(0)).map_err(&failed)?;
                rows.collect::<Result<_, _>>().map_err(&failed)
            })?;
            let name = database.path().file_name().unwrap_or_default().display().to_string();
            faults.extend(said.into_iter().filter(|line| line != "ok").map(|line| format!("{name}: {line}")));
        }
        Ok(faults)
    }

    /// Fixes the origin for good, or checks that it is the one that was fixed before.
    ///
    /// # Errors
    /// [`DataFolderError::OtherOrigin`].
    pub fn fix_origin(&self, origin: &str) -> Result<(), DataFolderError> {
        let failed = unavailable("fixing the origin");
        self.writer()
            .execute(
                "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
                params![ORIGIN, origin],
            )
            .map_err(failed)?;
        match self.origin()? {
            Some(stored) if stored == origin => Ok(()),
            stored => Err(DataFolderError::OtherOrigin { stored: stored.unwrap_or_default(), asked: origin.to_owned() }),
        }
    }
}

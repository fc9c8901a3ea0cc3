use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::unavailable;
use crate::ledger::StoreError;

refinery::embed_migrations!("src/storage/migrations");

/// How long a statement waits for a lock that another process holds.
const BUSY: Duration = Duration::from_secs(5);
/// How many idle read connections are kept.
const IDLE_READERS: usize = 8;

/// One SQLite database: a connection that writes, under one lock, and a pool of connections that read.
///
/// Cloning gives another handle to the same connections.
#[derive(Clone)]
pub struct SqliteStore {
    inner: Arc<Inner>,
}

struct Inner {
    path: std::path::PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl SqliteStore {
    /// Opens the database at `path`, makes it when it is missing, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it cannot be opened or migrated, [`StoreError::Corrupt`] when it is damaged.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        let failed = unavailable("setting the journal mode");
        let mode: String = writer.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(&failed)?;
        if mode != "wal" {
            return Err(StoreError::Corrupt { what: format!("journal mode is {mode}, not wal") });
        }
        migrations::runner()
            .set_grouped(true)
            .run(&mut writer)
            .map_err(|e| StoreError::Unavailable { doing: "bringing the schema up to date", source: Arc::new(e) })?;
        let inner = Inner { path: path.to_owned(), writer: Mutex::new(writer), readers: Mutex::new(Vec::new()) };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The writing connection, for one short transaction.
    pub(super) fn writer(&self) -> MutexGuard<'_, Connection> {
        self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `read` on a connection of the pool that sees every commit made before.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let idle = self.readers().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.inner.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
        };
        let answer = read(&connection);
        // A connection that failed may be broken: it is closed, and the next reader opens another.
        let mut readers = self.readers();
        if answer.is_ok() && readers.len() < IDLE_READERS {
            readers.push(connection);
        }
        answer
    }

    fn readers(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.inner.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one home of opening connections")]
pub(super) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let failed = unavailable("opening the database");
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(&failed)?;
    connection.busy_timeout(BUSY).map_err(&failed)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection
        .execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;
             PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;",
        )
        .map_err(&failed)?;
    Ok(connection)
}

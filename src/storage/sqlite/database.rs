//! One SQLite file: a connection that writes, under one lock, and a pool of connections that read.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::unavailable;
use crate::ledger::StoreError;

/// How long a statement waits for a lock that another process holds.
const BUSY: Duration = Duration::from_secs(5);
/// How many idle read connections are kept.
const IDLE_READERS: usize = 16;
/// How long one read may take. Anyone may ask, and what takes longer would keep others from being answered; asking again later,
/// or for less, may help.
const READ_DEADLINE: Duration = Duration::from_secs(5);
/// After how many steps of SQLite's machine the clock is looked at: some tenths of a millisecond.
const STEPS: std::ffi::c_int = 10_000;
/// How many statements each connection keeps prepared.
const STATEMENTS: usize = 64;

/// How hard a file is held to its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeping {
    /// What was committed survives a power cut: for what cannot be made again.
    Durable,
    /// A power cut may take the last commits, and leaves the file whole: for what is derived.
    Derived,
}

impl Keeping {
    /// Settings of a connection. The cache is in KiB; the write-ahead log of durable files is carried over by its
    /// writer ([`super::wal`]), and that of derived ones when it has 8,000 pages: the fewer times, the more changes of one page are
    /// written once.
    fn pragmas(self) -> &'static str {
        match self {
            Self::Durable => "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8000;",
            Self::Derived => "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -16000;",
        }
    }
}

/// One open file.
pub(super) struct Database {
    path: PathBuf,
    /// Device and number of the file that was opened.
    file: (u64, u64),
    keeping: Keeping,
    // Closed before the writer: only a connection that may write can carry the write-ahead log over when it is the last to go, and
    // whoever opens the file next would look through what is left of it for every page.
    readers: Mutex<Vec<Connection>>,
    writer: Mutex<Connection>,
}

impl Database {
    /// Opens the file at `path`, and makes it when it is missing.
    pub(super) fn open(path: &Path, keeping: Keeping) -> Result<Self, StoreError> {
        let writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE, keeping)?;
        let failed = unavailable("setting the journal mode");
        let mode: String = writer.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(&failed)?;
        if mode != "wal" {
            return Err(StoreError::Corrupt { what: format!("journal mode is {mode}, not wal") });
        }
        let file = number_of(path)?;
        Ok(Self { path: path.to_owned(), file, keeping, readers: Mutex::new(Vec::new()), writer: Mutex::new(writer) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The writing connection, for one short transaction.
    pub(super) fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another connection that may write, for work that must not wait for [`Database::writer`].
    pub(super) fn second_writer(&self) -> Result<Connection, StoreError> {
        self.connect_again(OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Another connection to the file that was opened. Where another one lies in its place by now, half of the connections would read
    /// what the other half never writes to: what was acknowledged would be hidden, and nobody would be told.
    fn connect_again(&self, flags: OpenFlags) -> Result<Connection, StoreError> {
        let connection = connect(&self.path, flags, self.keeping)?;
        if number_of(&self.path)? == self.file {
            return Ok(connection);
        }
        let why = format!("{} is not the file any more that was opened: restart the server", self.path.display());
        Err(StoreError::Unavailable { doing: "opening the database", source: Arc::new(std::io::Error::other(why)) })
    }

    /// Runs `read` on a connection of the pool that sees every commit made before. It is interrupted after some seconds.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.read_within(Some(read_deadline()), read)
    }

    /// The same for as long as it takes: for the operator, who asks about everything.
    pub(super) fn read_at_leisure<T>(&self, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.read_within(None, read)
    }

    fn read_within<T>(
        &self,
        deadline: Option<Duration>,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = self.readers().pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => self.reader()?,
        };
        let begun = Instant::now();
        let over = deadline.map(|deadline| move || begun.elapsed() > deadline);
        connection.progress_handler(STEPS, over).map_err(unavailable("setting the deadline of a read"))?;
        let answer = read(&connection);
        // A connection that failed may be broken: it is closed, and the next reader opens another.
        let mut readers = self.readers();
        if answer.is_ok() && readers.len() < IDLE_READERS {
            readers.push(connection);
        }
        answer
    }

    /// A connection of the pool. The operating system keeps the pages; so many caches of their own would only take room.
    fn reader(&self) -> Result<Connection, StoreError> {
        let reader = self.connect_again(OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        reader.execute_batch("PRAGMA cache_size = -1000").map_err(unavailable("opening the database"))?;
        Ok(reader)
    }

    fn readers(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long a read of a stranger may take; a test says how long on its own thread.
fn read_deadline() -> Duration {
    #[cfg(test)]
    if let Some(deadline) = tests::DEADLINE.get() {
        return deadline;
    }
    READ_DEADLINE
}

/// What tells one file from another, whatever its name.
fn number_of(path: &Path) -> Result<(u64, u64), StoreError> {
    let there = std::fs::metadata(path);
    let there = there.map_err(|e| StoreError::Unavailable { doing: "opening the database", source: Arc::new(e) })?;
    Ok((there.dev(), there.ino()))
}

#[expect(clippy::disallowed_methods, reason = "this is the one home of opening connections")]
pub(super) fn connect(path: &Path, flags: OpenFlags, keeping: Keeping) -> Result<Connection, StoreError> {
    let failed = unavailable("opening the database");
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(&failed)?;
    connection.busy_timeout(BUSY).map_err(&failed)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Else a statement whose plan could depend on a bound value is planned anew each time it is asked, which costs more than the
    // answer; and the plans here are the same for all values (`index::tests_plans`).
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(&failed)?;
    connection
        .execute_batch(
            "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
             PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 33554432;",
        )
        .map_err(&failed)?;
    connection.execute_batch(keeping.pragmas()).map_err(&failed)?;
    Ok(connection)
}

#[cfg(test)]
pub(in crate::storage) mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// What stands in for [`READ_DEADLINE`] on this thread.
        pub(in crate::storage) static DEADLINE: Cell<Option<Duration>> = const { Cell::new(None) };
    }

    const ENDLESS: &str = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n";
    const LONG: &str = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 300000) SELECT max(x) FROM n";

    fn ask(sql: &str) -> impl FnOnce(&Connection) -> Result<i64, StoreError> + '_ {
        move |c| c.query_row(sql, [], |row| row.get(0)).map_err(unavailable("asking"))
    }

    #[test]
    fn a_read_that_would_never_end_is_interrupted() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("some.db"), Keeping::Derived).unwrap();
        let begun = Instant::now();
        let error = database.read_within(Some(Duration::from_millis(50)), ask(ENDLESS)).unwrap_err();
        assert!(matches!(error, StoreError::Unavailable { doing: "asking", .. }), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        assert_eq!(database.read_within(Some(Duration::ZERO), ask("SELECT 7")).unwrap(), 7, "what is short is answered");
        // The next one on a connection of the pool has a deadline of its own, or none.
        assert_eq!(database.read_at_leisure(ask(LONG)).unwrap(), 300_000);
    }

    #[test]
    fn a_database_that_is_closed_leaves_no_write_ahead_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.db");
        let database = Database::open(&path, Keeping::Durable).unwrap();
        database.writer().execute_batch("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1)").unwrap();
        assert_eq!(database.read(ask("SELECT count(*) FROM t")).unwrap(), 1);
        assert!(folder.path().join("some.db-wal").exists());
        drop(database);
        assert!(!folder.path().join("some.db-wal").exists());
    }

    #[test]
    fn a_file_that_was_put_in_the_place_of_an_open_one_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.db");
        let table = "CREATE TABLE t (n INTEGER)";
        let database = Database::open(&path, Keeping::Derived).unwrap();
        database.writer().execute_batch(&format!("{table}; INSERT INTO t VALUES (1)")).unwrap();
        for ending in ["", "-wal", "-shm"] {
            std::fs::remove_file(folder.path().join(format!("some.db{ending}"))).unwrap();
        }
        database.read(ask("SELECT count(*) FROM t")).expect_err("there is no file");
        let other = Database::open(&path, Keeping::Derived).unwrap();
        other.writer().execute_batch(table).unwrap();
        assert_eq!(other.read(ask("SELECT count(*) FROM t")).unwrap(), 0);
        let error = database.read(ask("SELECT count(*) FROM t")).expect_err("it is another file");
        let why = std::error::Error::source(&error).unwrap().to_string();
        assert!(why.contains("restart the server"), "{why}");
    }
}

//! Making a file forget what it held before: what was deleted must not be found in its journal, nor between the rows of its pages.
//!
//! What was committed to a write-ahead log stays in the file of it until later commits come to lie over it, which may be never. Here
//! everything is carried over into the database, the log begins at its front again with one small commit, and behind that commit its
//! file is written over with zeros. To SQLite these are what any other remainder is: frames of an earlier round do not count, so that
//! a crash in the middle of it leaves nothing half done. The file keeps its length, which the writer counts on ([`super::wal`]).
//!
//! A reader that is in the middle of an old round keeps the log from beginning anew. It is waited for, in many short attempts: during one
//! nobody else can write.

use std::fs::OpenOptions;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, Transaction};

use super::database::Database;
use super::store::beside;
use super::unavailable;
use super::wal::{HEADER, PAGE};
use super::write::begin;
use crate::ledger::StoreError;

/// How long one attempt waits for readers and writers, and how long others may write before the next one.
const ATTEMPT: Duration = Duration::from_millis(50);
const REST: Duration = Duration::from_millis(150);
static ZEROS: [u8; 64 << 10] = [0; 64 << 10];
const DOING: &str = "overwriting what a journal still holds";

impl Database {
    /// Carries everything that was committed over into the file, and writes over what the journal keeps of it. Whatever commits before
    /// this call deleted is in neither of the two files when it comes back. Waits for readers no longer than `patience`.
    pub(super) fn forget_past(&self, patience: Duration) -> Result<(), StoreError> {
        let begun = Instant::now();
        let mut connection = self.second_writer()?;
        connection.busy_timeout(ATTEMPT).map_err(unavailable(DOING))?;
        let pages = follow(&mut connection)?;
        while !attempt(&mut connection, &pages, &beside(self.path(), "-wal"))? {
            if begun.elapsed() > patience {
                let why = "somebody reads the database for long, such as a backup: it is tried again when that has ended";
                return Err(StoreError::Unavailable { doing: DOING, source: Arc::new(io::Error::other(why)) });
            }
            std::thread::sleep(REST);
        }
        Ok(())
    }

    /// Makes every page of the file anew from what its tables hold.
    pub(super) fn write_anew(&self) -> Result<(), StoreError> {
        let failed = unavailable("writing the index anew");
        let connection = self.second_writer()?;
        // The copy that is made on the way is as large as the file.
        connection.execute_batch("PRAGMA temp_store = FILE; VACUUM").map_err(failed)
    }
}

/// How many pages the log has after each commit of this connection.
fn follow(connection: &mut Connection) -> Result<Arc<AtomicU64>, StoreError> {
    let pages: Arc<AtomicU64> = Arc::default();
    let noted = pages.clone();
    let note = move |_: &mut _, long: std::ffi::c_int| {
        noted.store(u64::try_from(long).unwrap_or(0), Ordering::Relaxed);
        Ok(())
    };
    connection.wal_hook(Some(note)).map_err(unavailable(DOING))?;
    Ok(pages)
}

/// One attempt; false when somebody reads or writes meanwhile.
fn attempt(connection: &mut Connection, pages: &AtomicU64, log: &Path) -> Result<bool, StoreError> {
    let failed = unavailable(DOING);
    let (busy, before): (bool, i64) =
        connection.query_row("PRAGMA wal_checkpoint(RESTART)", [], |row| Ok((row.get(0)?, row.get(1)?))).map_err(&failed)?;
    if busy {
        return Ok(false);
    }
    // Any commit will do. This one writes over the number that stands there already.
    let Some(transaction) = begin_now(connection)? else { return Ok(false) };
    let number: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(&failed)?;
    transaction.pragma_update(None, "user_version", number).map_err(&failed)?;
    let ours = version(&transaction)?;
    transaction.commit().map_err(&failed)?;
    let reached = pages.load(Ordering::Relaxed);
    if before > 0 && reached > before.unsigned_abs() {
        // It went on behind what was there: a reader came in between.
        return Ok(false);
    }
    // Nobody else writes as long as this lasts.
    let Some(alone) = begin_now(connection)? else { return Ok(false) };
    if version(&alone)? != ours {
        return Ok(false);
    }
    write_zeros(log, HEADER + reached * PAGE).map_err(|e| StoreError::Unavailable { doing: DOING, source: Arc::new(e) })?;
    Ok(true)
}

/// Takes the write lock; `None` when somebody else has it.
fn begin_now(connection: &mut Connection) -> Result<Option<Transaction<'_>>, StoreError> {
    match begin(connection) {
        Ok(transaction) => Ok(Some(transaction)),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(None),
        Err(error) => Err(unavailable(DOING)(error)),
    }
}

/// Changes whenever somebody else commits.
fn version(connection: &Connection) -> Result<i64, StoreError> {
    connection.query_row("PRAGMA data_version", [], |row| row.get(0)).map_err(unavailable(DOING))
}

fn write_zeros(path: &Path, from: u64) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    let mut left = file.metadata()?.len().saturating_sub(from);
    file.seek(SeekFrom::Start(from))?;
    while left > 0 {
        let part = ZEROS.get(..usize::try_from(left).unwrap_or(ZEROS.len()).min(ZEROS.len())).unwrap_or(&ZEROS);
        file.write_all(part)?;
        left -= part.len() as u64;
    }
    file.sync_data()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::database::Keeping;
    use super::*;

    const CANARY: &[u8] = b"a canary that nobody else sings";

    /// How often the canary is found in the files of the folder. They are read by another process's means: this one would let go of
    /// SQLite's locks with the file.
    fn found(folder: &Path) -> usize {
        let mut found = 0;
        for name in ["some.db", "some.db-wal"] {
            let copy = folder.join("copy");
            let status = std::process::Command::new("cp").arg(folder.join(name)).arg(&copy).status().unwrap();
            assert!(status.success());
            found += std::fs::read(&copy).unwrap().windows(CANARY.len()).filter(|part| *part == CANARY).count();
            std::fs::remove_file(copy).unwrap();
        }
        found
    }

    fn begun(folder: &Path) -> Database {
        let database = Database::open(&folder.join("some.db"), Keeping::Durable).unwrap();
        database.writer().execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY, bytes BLOB)").unwrap();
        let sing = |n: i64| {
            let song = CANARY.repeat(usize::try_from(n * n).unwrap());
            database.writer().execute("INSERT INTO t VALUES (?1, ?2)", rusqlite::params![n, song]).unwrap();
        };
        (1..40).for_each(sing);
        database
    }

    fn count(database: &Database) -> i64 {
        database.read(|c| c.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).map_err(unavailable("counting"))).unwrap()
    }

    #[test]
    fn what_was_deleted_is_neither_in_the_file_nor_in_its_journal() {
        let folder = tempfile::tempdir().unwrap();
        let database = begun(folder.path());
        assert!(found(folder.path()) > 1_000);
        database.writer().execute_batch("UPDATE t SET bytes = zeroblob(length(bytes))").unwrap();
        assert!(found(folder.path()) > 1_000, "deleting alone leaves it in the journal");
        let length = std::fs::metadata(folder.path().join("some.db-wal")).unwrap().len();
        database.forget_past(Duration::from_secs(5)).unwrap();
        assert_eq!(found(folder.path()), 0);
        assert_eq!(
            std::fs::metadata(folder.path().join("some.db-wal")).unwrap().len(),
            length,
            "the writer counts on its room"
        );
        database.writer().execute_batch("INSERT INTO t VALUES (100, x'00')").unwrap();
        drop(database);
        let again = Database::open(&folder.path().join("some.db"), Keeping::Durable).unwrap();
        assert_eq!(count(&again), 40, "everything else is there");
    }

    /// Rows that grow and are emptied, as those of the index do; what was in those that were emptied.
    fn shuffled(database: &Database, seed: u32) -> Vec<String> {
        let mut state = seed.wrapping_mul(2_654_435_761).max(1);
        let mut draw = |below: usize| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state as usize % below
        };
        let writer = database.writer();
        writer.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY, bytes TEXT); BEGIN").unwrap();
        let put = |n: i64, text: &str| {
            let sql = "INSERT INTO t VALUES (?1, ?2) ON CONFLICT (n) DO UPDATE SET bytes = excluded.bytes";
            writer.execute(sql, rusqlite::params![n, text]).unwrap();
        };
        let (mut here, mut later, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for n in 1..1_000 {
            let mut text = format!("canary{n:06} ").repeat(400);
            text.truncate([60, 200, 500, 900, 1_500, 2_500, 3_900][draw(7)]);
            if draw(2) == 0 {
                put(n, "");
                later.push((n, text));
            } else {
                put(n, &text);
                here.push(n);
            }
            if n % 5 < 2 && !later.is_empty() {
                let (n, text) = later.swap_remove(draw(later.len()));
                put(n, &text);
                here.push(n);
            }
            if n % 5 < 3 && !here.is_empty() {
                let n = here.swap_remove(draw(here.len()));
                put(n, "");
                gone.push(format!("canary{n:06} "));
            }
        }
        writer.execute_batch("COMMIT").unwrap();
        gone
    }

    #[test]
    fn rows_that_were_moved_leave_copies_behind_and_writing_the_file_anew_takes_them_too() {
        let left = |folder: &Path, gone: &[String]| {
            let copy = folder.join("copy");
            assert!(std::process::Command::new("cp").arg(folder.join("some.db")).arg(&copy).status().unwrap().success());
            let text = String::from_utf8_lossy(&std::fs::read(copy).unwrap()).into_owned();
            let there: HashSet<&str> = text.match_indices("canary").filter_map(|(at, _)| text.get(at..at + 13)).collect();
            gone.iter().filter(|canary| there.contains(canary.as_str())).count()
        };
        let mut left_without = 0;
        for seed in 1..60 {
            let folder = tempfile::tempdir().unwrap();
            let database = Database::open(&folder.path().join("some.db"), Keeping::Derived).unwrap();
            let gone = shuffled(&database, seed);
            database.forget_past(Duration::from_secs(5)).unwrap();
            left_without += left(folder.path(), &gone);
            database.write_anew().unwrap();
            database.forget_past(Duration::from_secs(5)).unwrap();
            assert_eq!(left(folder.path(), &gone), 0, "seed {seed}");
            if left_without > 0 && seed > 5 {
                return;
            }
        }
        panic!("nothing is ever left behind: then nothing need be written anew");
    }

    #[test]
    fn a_crash_after_it_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let database = begun(folder.path());
        database.forget_past(Duration::from_secs(5)).unwrap();
        database.writer().execute_batch("INSERT INTO t VALUES (100, x'00')").unwrap();
        let copy = tempfile::tempdir().unwrap();
        for name in ["some.db", "some.db-wal"] {
            std::fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
        }
        let recovered = Database::open(&copy.path().join("some.db"), Keeping::Durable).unwrap();
        assert_eq!(count(&recovered), 40);
    }

    #[test]
    fn a_reader_is_waited_for_and_nothing_is_taken_from_under_it() {
        let folder = tempfile::tempdir().unwrap();
        let database = begun(folder.path());
        let reader = database.second_writer().unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM t").unwrap();
        database.writer().execute_batch("UPDATE t SET bytes = zeroblob(length(bytes))").unwrap();
        let error = database.forget_past(Duration::ZERO).expect_err("somebody reads");
        assert!(std::error::Error::source(&error).unwrap().to_string().contains("tried again"), "{error}");
        let there: i64 = reader
            .query_row("SELECT sum(length(replace(CAST(bytes AS TEXT), 'canary', '')) < length(bytes)) FROM t", [], |r| {
                r.get(0)
            })
            .unwrap();
        assert_eq!(there, 39, "it reads what was there when it began");
        reader.execute_batch("COMMIT").unwrap();
        database.forget_past(Duration::from_secs(5)).unwrap();
        assert_eq!(found(folder.path()), 0);
    }
}

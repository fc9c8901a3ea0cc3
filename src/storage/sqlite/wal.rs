//! The write-ahead log of the log's file, into which each commit goes first: room is made for it before it is needed, and it is
//! carried over before it is long.
//!
//! *Room.* A sync of a file that has grown waits for the disk twice, for what was written and for the new length, and that of a file
//! that was written over waits once. So the file is filled with zeros ahead of the commits, which from then on write over them; to
//! SQLite zeros are what any other remainder after the last commit is, since a page there counts by its checksum. It may not grow
//! under the hands of another process, so room is made under SQLite's own lock for writing.
//!
//! *Carrying over.* SQLite begins at the front again when everything was carried over and nobody reads what is there. A thread of its
//! own carries the most of it over beside the writer; the writer carries over the last part itself, so that there is a moment in
//! which nothing is left. Nobody waits for a reader: one that takes long, such as a backup, lets the file grow until it ends.

use std::fs::OpenOptions;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::Connection;

use super::follower::{Bell, Follower};
use super::store::beside;
use super::write::begin;
use super::{SqliteStore, unavailable};
use crate::ledger::{Room, StoreError};

/// Bytes that a page takes up, and that stand before the first one (SQLite file format, sections 4.1 and 4.2).
pub(super) const PAGE: u64 = 4_096 + 24;
pub(super) const HEADER: u64 = 32;
/// With so many pages the writer carries over what is left and begins anew: 16 MiB.
const LONGEST: u64 = 4_096;
/// So many new pages are carried over beside the writer: 4 MiB.
const PART: u64 = 1_024;
/// The first room that is made; it doubles until there is [`MOST_ROOM`].
const FIRST_ROOM: u64 = 256 << 10;
/// Enough for the longest log, and for what is committed while the last part of it is carried over.
const MOST_ROOM: u64 = HEADER + (LONGEST + PART) * PAGE;
/// How long commits wait to be carried over when they are few.
const GATHER: Duration = Duration::from_secs(1);

/// The write-ahead log as its writer sees it.
pub(super) struct WriteAheadLog {
    file: PathBuf,
    disk: Room,
    /// So many bytes can be written over.
    room: u64,
    /// How many pages there were after the last commit.
    pages: Arc<AtomicU64>,
    /// How many there were when the thread was last asked to carry them over, and when the writer last did.
    asked: u64,
    tried: u64,
    carrier: Follower,
}

impl WriteAheadLog {
    /// The write-ahead log of this store, and the thread that carries it over.
    pub(super) fn of(store: SqliteStore, disk: Room) -> Self {
        let file = beside(store.log().path(), "-wal");
        let carrier = Follower::start("palinode-wal", move |bell| run(&store, bell));
        Self { file, disk, room: 0, pages: Arc::default(), asked: 0, tried: 0, carrier }
    }

    /// Has the writer's connection say after each commit how long the log is.
    pub(super) fn watch(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let pages = self.pages.clone();
        let note = move |_: &mut _, long: std::ffi::c_int| {
            pages.store(u64::try_from(long).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        };
        connection.wal_hook(Some(note)).map_err(unavailable("following the write-ahead log"))
    }

    /// What is to be done after a commit, while nobody else in this process writes. Nothing of it can fail the commit.
    pub(super) fn tend(&mut self, connection: &mut Connection) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < self.asked {
            // SQLite began at the front again.
            (self.asked, self.tried) = (0, 0);
        }
        if HEADER + pages * PAGE > self.room
            && self.disk.is_ample_for(MOST_ROOM)
            && let Err(error) = self.make_room(connection)
        {
            // Each commit makes its own, as it would without.
            tracing::debug!(%error, "no room was made for the write-ahead log");
        }
        let much = pages >= self.asked + PART;
        if much {
            self.asked = pages;
        }
        self.carrier.ring(much);
        if pages >= LONGEST.max(self.tried + PART) {
            match carry_over(connection) {
                Ok(Carried::AsFarAsMayBe) => self.tried = pages,
                // The thread is at it, and will be done soon.
                Ok(Carried::ByAnother) => {}
                Err(error) => {
                    self.tried = pages;
                    tracing::warn!(%error, "the write-ahead log stays long; it is tried again");
                }
            }
        }
    }

    fn make_room(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let failed = unavailable("making room for the write-ahead log");
        let alone = begin(connection).map_err(failed)?;
        let made = extend(&self.file);
        drop(alone);
        self.room =
            made.map_err(|e| StoreError::Unavailable { doing: "making room for the write-ahead log", source: Arc::new(e) })?;
        Ok(())
    }
}

/// Writes zeros behind what is there; how many bytes there are then.
fn extend(path: &Path) -> io::Result<u64> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    let there = file.metadata()?.len();
    let room = there.saturating_mul(2).clamp(FIRST_ROOM, MOST_ROOM);
    if room <= there {
        // Only a reader that took long lets the log come here.
        return Ok(there);
    }
    file.seek(SeekFrom::Start(there))?;
    file.write_all(&vec![0; usize::try_from(room - there).unwrap_or(0)])?;
    Ok(room)
}

/// Who carried over.
enum Carried {
    /// This connection, everything that no reader stood in the way of.
    AsFarAsMayBe,
    /// Another one is carrying over right now.
    ByAnother,
}

/// Carries over without waiting for anybody.
fn carry_over(connection: &Connection) -> Result<Carried, StoreError> {
    let failed = unavailable("carrying the write-ahead log over");
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(0)).map_err(failed)?;
    Ok(if busy { Carried::ByAnother } else { Carried::AsFarAsMayBe })
}

fn run(store: &SqliteStore, bell: &Bell) {
    let mut connection = None;
    loop {
        let stop = bell.gather(None, GATHER, |heard| heard.much);
        // A connection that failed may be broken: the next time opens another.
        let done = connection.take().map_or_else(|| store.log().second_writer(), Ok).and_then(|used| {
            carry_over(&used)?;
            connection = Some(used);
            Ok(())
        });
        if let Err(error) = done {
            tracing::warn!(%error, "the write-ahead log stays long; it is tried again");
        }
        if stop {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A store, a connection that writes, and the log that is looked after.
    fn begun(folder: &Path) -> (SqliteStore, Connection, WriteAheadLog) {
        let store = SqliteStore::open(&folder.join("palinode.db")).unwrap();
        let wal = WriteAheadLog::of(store.clone(), Room::endless());
        let mut connection = store.log().second_writer().unwrap();
        wal.watch(&mut connection).unwrap();
        connection.execute_batch("CREATE TABLE bytes (bytes BLOB)").unwrap();
        (store, connection, wal)
    }

    fn write(connection: &Connection, pages: u64) {
        let bytes = i64::try_from(pages * 4_096).unwrap();
        connection.execute("INSERT INTO bytes VALUES (zeroblob(?1))", [bytes]).unwrap();
    }

    fn length(folder: &Path) -> u64 {
        std::fs::metadata(folder.join("palinode.db-wal")).unwrap().len()
    }

    #[test]
    fn room_is_made_before_it_is_needed_and_a_commit_that_fits_leaves_the_file_as_long_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let (_store, mut connection, mut wal) = begun(folder.path());
        wal.tend(&mut connection);
        let mut room = length(folder.path());
        assert!(room >= FIRST_ROOM, "{room}");
        let mut grown = 0;
        for _ in 0..40 {
            write(&connection, 20);
            let commit = length(folder.path());
            wal.tend(&mut connection);
            let after = length(folder.path());
            assert!(commit == room || after >= 2 * room, "a file that grew by itself is given room: {room} {commit} {after}");
            grown += u32::from(after > room);
            room = after;
        }
        assert!((1..6).contains(&grown), "{grown}");
    }

    #[test]
    fn what_was_committed_before_room_was_made_is_there_after_it_for_everybody_who_opens_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let (store, mut connection, mut wal) = begun(folder.path());
        for n in 1..30 {
            write(&connection, 9);
            wal.tend(&mut connection);
            let copy = tempfile::tempdir().unwrap();
            for ending in ["", "-wal"] {
                let name = format!("palinode.db{ending}");
                std::fs::copy(folder.path().join(&name), copy.path().join(&name)).unwrap();
            }
            let count = "SELECT count(*) FROM bytes";
            let here: i64 = store.read(|c| c.query_row(count, [], |row| row.get(0)).map_err(unavailable("counting"))).unwrap();
            let recovered = SqliteStore::open(&copy.path().join("palinode.db")).unwrap();
            let there = recovered.read(|c| c.query_row(count, [], |row| row.get(0)).map_err(unavailable("counting"))).unwrap();
            assert_eq!((here, there), (n, n));
        }
    }

    #[test]
    fn the_log_begins_anew_once_it_is_long_unless_somebody_reads_it_all_the_while() {
        let folder = tempfile::tempdir().unwrap();
        let (store, mut connection, mut wal) = begun(folder.path());
        let mut longest_of = |commits: u32, wal: &mut WriteAheadLog| {
            let mut longest = 0;
            for _ in 0..commits {
                write(&connection, 100);
                wal.tend(&mut connection);
                let pages = wal.pages.load(Ordering::Relaxed);
                if pages < longest {
                    return None;
                }
                longest = pages;
            }
            Some(longest)
        };
        assert_eq!(longest_of(1_000, &mut wal), None, "it begins anew");
        let reader = store.log().second_writer().unwrap();
        reader.execute_batch("BEGIN; SELECT * FROM bytes LIMIT 1").unwrap();
        assert!(longest_of(80, &mut wal) > Some(LONGEST + 2 * PART), "nobody waits for the reader");
        reader.execute_batch("COMMIT").unwrap();
        assert_eq!(longest_of(1_000, &mut wal), None, "it begins anew when the reader has ended");
    }
}
